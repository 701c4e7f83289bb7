// Exercise 10.3: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex10_3 = Exercise<any Ex10_3.Type>(
    .ex10_3, section: "Everything together", difficulty: .easy,
    hints: [
      "Which stage is epoch 3 in, if the first lasts two epochs and the second three?",
      "Add up the lengths until the sum reaches the epoch: that is its stage. After the last stage its rate stays.",
      "`var end = 0; for (length, rate) in zip(lengths, rates) { end += length; if epoch <= end { return rate } }`",
    ],
    cases: [
      step(1, "the first epoch"), step(2, "the last of the first stage"), step(3, "the first of the second stage"),
      step(5, "the last of the second stage"), step(6, "the third stage"), step(9, "its last epoch"),
      step(10, "the last stage"), step(31, "long after", look: "The last rate holds until training ends."),
      step(4, "one stage only", lengths: [3], rates: [0.02]),
      step(2, "stages of one epoch", lengths: [1, 1, 1], rates: [0.3, 0.2, 0.1]),
    ],
    mutants: [
      Mutant(
        "counts epochs from 0",
        effect: "Every drop comes one epoch late.", FromZero.self),
      Mutant(
        "treats the lengths as the epochs at which the stages end",
        effect: "The drops come far too early: training slows down before it has made progress.", LengthsAsEnds.self),
      Mutant(
        "returns 0 after the last stage",
        effect: "Training continues but learns nothing.", ZeroAfter.self),
      Mutant(
        "leaves a stage one epoch early",
        effect: "Every stage is one epoch too short.", Early.self),
      Mutant(
        "restarts the schedule after the last stage",
        effect: "The large first rate returns and moves the network out of the minimum it had found.", Wraps.self),
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

/// The first stage for whose end `isReached` holds at `epoch`; `nil` after the last stage.
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
