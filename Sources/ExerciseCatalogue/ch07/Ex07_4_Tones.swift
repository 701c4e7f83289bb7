// Exercise 7.4: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex07_4 = Exercise<any Ex07_4.Type>(
    .ex07_4, section: "Data augmentation", difficulty: .medium,
    hints: [
      "Two of the three operations need only one level at a time. Which one needs to know all the others?",
      "Posterizing is an AND with a mask whose upper bits are 1. Equalizing needs a histogram and a table with a "
        + "new level "
        + "for each of the 256, filled from dark to bright while you count the pixels so far.",
      "`let mask = 0xFF << (8 - bits) & 0xFF`. For the table: `table.append(min(255, (step / 2 + darker) / step)); "
        + "darker "
        + "+= count`, in this order: a level's own pixels are not darker than itself.",
    ],
    cases: [
      solarize([100, 128, 200], 128, "the threshold itself is inverted"),
      solarize([0, 255, 60, 200], 0, "everything is inverted"),
      posterize([100, 128, 200], 1, "one bit is kept"),
      posterize([255, 31, 32, 77], 3, "three bits are kept", look: "The highest bits are kept, the others are 0."),
      posterize([1, 254, 170], 8, "all bits are kept"),
      equalize([5, 9, 9, 200], "equalized([5, 9, 9, 200])", "too few pixels: nothing changes"),
      equalize(
        [Int](repeating: 10, count: 255) + [Int](repeating: 20, count: 255) + [30],
        "equalized(255 × 10, 255 × 20, 1 × 30)", "three tones", look: "Count the pixels that are darker than the level."
      ),
      equalize(
        (0..<900).map { $0 % 3 == 0 ? 0 : 90 + ($0 * 7) % 40 }, "equalized(900 levels: a third 0, the rest 90 … 129)",
        "grey on black"),
      equalize(
        (0..<800).map { $0 < 500 ? 240 : ($0 * 11) % 100 }, "equalized(800 levels: 500 of 240, the rest dark)",
        "most pixels on the brightest level", look: "The pixels of the brightest level do not count towards the step."),
    ],
    mutants: [
      Mutant(
        "solarizes the levels below the threshold",
        effect: "Dark backgrounds become white: most of the picture changes instead of its highlights.", Below.self),
      Mutant(
        "leaves the threshold level unchanged",
        effect: "With a threshold of 255, white stays white, and nothing changes.", Above.self),
      Mutant(
        "keeps the lowest bits when it posterizes",
        effect: "Only noise is left: the shapes are in the high bits.", LowBits.self),
      Mutant(
        "counts a level's own pixels as darker when it equalizes",
        effect: "The most frequent tone jumps up: a black background turns grey.", OwnPixels.self),
      Mutant(
        "counts the brightest level's pixels towards the step",
        effect: "The brightest tone no longer reaches 255: pictures with large white areas come out dull.",
        WholeStep.self),
      Mutant(
        "stretches the levels between the darkest and the brightest instead of equalizing",
        effect: "That is autocontrast, a different operation: a picture that uses 0 and 255 stays the same.",
        Stretch.self),
    ])
}

/// Converts the levels to a picture of one row for the library, and back.
private func picture(_ levels: [Int]) -> Tensor { Tensor([1, 1, levels.count], levels.map { Float($0) / 255 }) }
private func levels(_ picture: Tensor) -> [Int] { picture.elements.map { Int(($0 * 255).rounded()) } }

private func solarize(_ input: [Int], _ threshold: Int, _ about: String) -> Case<any Ex07_4.Type> {
  // Half a level below the threshold, so that the result does not depend on rounding.
  let limit = max(0, (Float(threshold) - 0.5) / 255)
  return Case(
    "solarized(\(input), threshold: \(threshold))", about,
    gives: levels(Pictures.solarized(picture(input), threshold: limit))
  ) { try $0.solarized(input, threshold: threshold) }
}

private func posterize(_ input: [Int], _ bits: Int, _ about: String, look: String = "") -> Case<any Ex07_4.Type> {
  Case(
    "posterized(\(input), bits: \(bits))", about, look: look,
    gives: levels(Pictures.posterized(picture(input), bits: bits))
  ) { try $0.posterized(input, bits: bits) }
}

private func equalize(_ input: [Int], _ call: String, _ about: String, look: String = "") -> Case<any Ex07_4.Type> {
  Case(call, about, look: look, gives: levels(Pictures.equalized(picture(input)))) { try $0.equalized(input) }
}

/// The correct operations, for mutants that get the others wrong.
private func turned(_ levels: [Int], _ threshold: Int) -> [Int] { levels.map { $0 >= threshold ? 255 - $0 : $0 } }
private func kept(_ levels: [Int], _ bits: Int) -> [Int] { levels.map { $0 & (0xFF << (8 - bits) & 0xFF) } }
private func spread(_ levels: [Int], countsOwn: Bool = false, countsBrightest: Bool = false) -> [Int] {
  var histogram = [Int](repeating: 0, count: 256)
  for level in levels { histogram[level] += 1 }
  let step = (levels.count - (countsBrightest ? 0 : histogram.last { $0 > 0 } ?? 0)) / 255
  if step == 0 { return levels }
  var (table, darker) = ([Int](), 0)
  for count in histogram {
    table.append(min(255, (step / 2 + darker + (countsOwn ? count : 0)) / step))
    darker += count
  }
  return levels.map { table[$0] }
}

private enum Below: Ex07_4 {
  static func solarized(_ levels: [Int], threshold: Int) -> [Int] { levels.map { $0 < threshold ? 255 - $0 : $0 } }
  static func posterized(_ levels: [Int], bits: Int) -> [Int] { kept(levels, bits) }
  static func equalized(_ levels: [Int]) -> [Int] { spread(levels) }
}

private enum Above: Ex07_4 {
  static func solarized(_ levels: [Int], threshold: Int) -> [Int] { levels.map { $0 > threshold ? 255 - $0 : $0 } }
  static func posterized(_ levels: [Int], bits: Int) -> [Int] { kept(levels, bits) }
  static func equalized(_ levels: [Int]) -> [Int] { spread(levels) }
}

private enum LowBits: Ex07_4 {
  static func solarized(_ levels: [Int], threshold: Int) -> [Int] { turned(levels, threshold) }
  static func posterized(_ levels: [Int], bits: Int) -> [Int] { levels.map { $0 & (0xFF >> (8 - bits)) } }
  static func equalized(_ levels: [Int]) -> [Int] { spread(levels) }
}

private enum OwnPixels: Ex07_4 {
  static func solarized(_ levels: [Int], threshold: Int) -> [Int] { turned(levels, threshold) }
  static func posterized(_ levels: [Int], bits: Int) -> [Int] { kept(levels, bits) }
  static func equalized(_ levels: [Int]) -> [Int] { spread(levels, countsOwn: true) }
}

private enum WholeStep: Ex07_4 {
  static func solarized(_ levels: [Int], threshold: Int) -> [Int] { turned(levels, threshold) }
  static func posterized(_ levels: [Int], bits: Int) -> [Int] { kept(levels, bits) }
  static func equalized(_ levels: [Int]) -> [Int] { spread(levels, countsBrightest: true) }
}

private enum Stretch: Ex07_4 {
  static func solarized(_ levels: [Int], threshold: Int) -> [Int] { turned(levels, threshold) }
  static func posterized(_ levels: [Int], bits: Int) -> [Int] { kept(levels, bits) }
  static func equalized(_ levels: [Int]) -> [Int] {
    let (low, high) = (levels.min() ?? 0, levels.max() ?? 0)
    return high == low ? levels : levels.map { ($0 - low) * 255 / (high - low) }
  }
}
