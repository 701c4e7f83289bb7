// Exercise 10.3: how an answer is examined, and the mistakes known by name.

import ExerciseKit

extension Catalogue {
  package static let ex10_3 = Exercise<any Ex10_3.Type>(
    .ex10_3, section: "A falling rate, and the report behind the names", difficulty: .easy,
    hints: [
      "In which stage is epoch 3, if the first lasts two epochs and the second three?",
      "Add up the lengths until the sum reaches the epoch: that is its stage. The rate of the last stage stays.",
      "`var end = 0; for (length, rate) in zip(lengths, rates) { end += length; if epoch <= end { return rate } }`",
    ],
    cases: [
      step(1, "the first epoch"), step(2, "the last of the first stage"), step(3, "the first of the second stage"),
      step(5, "the last of the second stage"), step(6, "the third stage"), step(9, "its last epoch"),
      step(10, "the last stage"), step(31, "long after", look: "The last rate holds for as long as training goes on."),
      step(4, "one stage only", lengths: [3], rates: [0.02]),
      step(2, "stages of one epoch", lengths: [1, 1, 1], rates: [0.3, 0.2, 0.1]),
    ],
    mutants: [
      Mutant(
        "counts epochs from 0",
        effect: "Every drop comes an epoch late.", FromZero.self),
      Mutant(
        "takes the lengths for the epochs at which stages end",
        effect: "The drops come far too early: training slows down before it has got anywhere.", LengthsAsEnds.self),
      Mutant(
        "returns 0 after the last stage",
        effect: "Training goes on and learns nothing.", ZeroAfter.self),
      Mutant(
        "leaves a stage one epoch early",
        effect: "Every stage is an epoch short.", Early.self),
      Mutant(
        "starts the table again when it is through",
        effect: "The large first rate comes back and throws the net out of the minimum it had found.", Wraps.self),
    ])
}

private func step(
  _ epoch: Int, _ about: String, look: String = "", lengths: [Int] = [2, 3, 4, 1],
  rates: [Float] = [5e-4, 2e-4, 5e-5, 1e-5]
) -> Case<any Ex10_3.Type> {
  var (end, ends) = (0, [(through: Int, Float)]())
  for (length, rate) in zip(lengths, rates).dropLast() {
    end += length
    ends.append((end, rate))
  }
  let table = StepTable(ends, then: rates[rates.count - 1])
  return Case(
    "rate(epoch: \(epoch), lengths: \(lengths), rates: \(rates))", about, look: look, tolerance: 1e-9,
    gives: table(epoch: epoch)
  ) {
    try $0.rate(epoch: epoch, lengths: lengths, rates: rates)
  }
}

/// The stage whose end `isReached` at `epoch`, by the ends of the stages; `nil` after the last.
private func stage(_ lengths: [Int], _ holds: (Int) -> Bool) -> Int? {
  var end = 0
  for (index, length) in lengths.enumerated() {
    end += length
    if holds(end) { return index }
  }
  return nil
}

private enum FromZero: Ex10_3 {
  static func rate(epoch: Int, lengths: [Int], rates: [Float]) -> Float {
    rates[stage(lengths) { epoch - 1 <= $0 } ?? rates.count - 1]
  }
}

private enum LengthsAsEnds: Ex10_3 {
  static func rate(epoch: Int, lengths: [Int], rates: [Float]) -> Float {
    rates[lengths.firstIndex { epoch <= $0 } ?? rates.count - 1]
  }
}

private enum ZeroAfter: Ex10_3 {
  static func rate(epoch: Int, lengths: [Int], rates: [Float]) -> Float {
    stage(lengths) { epoch <= $0 }.map { rates[$0] } ?? 0
  }
}

private enum Early: Ex10_3 {
  static func rate(epoch: Int, lengths: [Int], rates: [Float]) -> Float {
    rates[stage(lengths) { epoch < $0 } ?? rates.count - 1]
  }
}

private enum Wraps: Ex10_3 {
  static func rate(epoch: Int, lengths: [Int], rates: [Float]) -> Float {
    let place = (epoch - 1) % lengths.reduce(0, +) + 1
    return rates[stage(lengths) { place <= $0 } ?? rates.count - 1]
  }
}
