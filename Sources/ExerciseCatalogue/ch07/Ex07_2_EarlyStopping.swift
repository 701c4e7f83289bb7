// Exercise 7.2: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex07_2 = Exercise<any Ex07_2.Type>(
    .ex07_2, section: "Stop in time", difficulty: .medium,
    hints: [
      "Walk through the epochs once, as training does, and remember one thing: which epoch is the best so far.",
      "After each epoch, is its error smaller than the best one? Then it is the best. Has the number of epochs "
        + "since the "
        + "best reached the patience? Then stop. The later epochs are still unknown.",
      "`for epoch in 1...errors.count { if errors[epoch - 1] < errors[best - 1] { best = epoch }; if epoch - best >= "
        + "patience { return (epoch, best) } }`, and at the end `(errors.count, best)`.",
    ],
    cases: [
      run(
        [5, 3, 4, 4, 1], 2, "the 1 comes too late", look: "The rule must not look at later epochs."),
      run([5, 4, 3, 2], 2, "every epoch improves"),
      run([5, 3, 4, 2, 3, 3], 2, "an improvement in between", look: "Each improvement restarts the patience."),
      run([3, 2, 2, 2, 2], 2, "equal errors", look: "An equal error is no improvement."),
      run([2, 3], 1, "a patience of 1"),
      run([4, 3, 5, 4.5, 4, 3.5, 2], 3, "the errors fall again, but not below the best"),
      run([7], 3, "a single epoch"),
      run([0.31, 0.24, 0.25, 0.22, 0.23, 0.23, 0.21, 0.24, 0.22, 0.25, 0.2], 4, "a real history"),
    ],
    mutants: [
      Mutant(
        "goes back to the last epoch instead of the best",
        effect: "The weights kept are those that got worse throughout the patience.", NotBack.self),
      Mutant(
        "counts an equal error as an improvement",
        effect: "On a plateau training never ends.", Equal.self),
      Mutant(
        "compares with the previous epoch instead of the best",
        effect: "A fluctuating error counts as progress: it falls every other epoch, and training goes on.",
        Previous.self),
      Mutant(
        "waits one epoch longer than the patience",
        effect: "This costs only time, one epoch per run.", OneLonger.self),
      Mutant(
        "counts all epochs without improvement, not only consecutive ones",
        effect: "Long runs are cut short although they still improve now and then.", InAll.self),
      Mutant(
        "looks for the best over the whole history, the future included",
        effect: "It is impossible during training; reported results look better than can be achieved.", Future.self),
    ])
}

private func run(_ errors: [Float], _ patience: Int, _ about: String, look: String = "") -> Case<any Ex07_2.Type> {
  let text = errors.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }.joined(separator: ", ")
  return Case(
    "stop(errors: [\(text)], patience: \(patience))", about, look: look, gives: expected(errors, patience)
  ) {
    let (stopped, best) = try $0.stop(errors: errors, patience: patience)
    return Outcome(("stopped", stopped), ("best", best))
  }
}

/// The reference: for every epoch, asks whether it is the first at which the rule stops.
private func expected(_ errors: [Float], _ patience: Int) -> Outcome {
  func best(_ end: Int) -> Int { (errors.prefix(end).firstIndex(of: errors.prefix(end).min() ?? 0) ?? 0) + 1 }
  let stopped = (1...errors.count).first { $0 - best($0) >= patience } ?? errors.count
  return Outcome(("stopped", stopped), ("best", best(stopped)))
}

/// Shared by the mutants: the loop over the epochs, with parameters for their mistakes.
private func walk(
  _ errors: [Float], _ patience: Int,
  improves: (_ errors: [Float], _ epoch: Int, _ best: Int) -> Bool = {
    $0[$1 - 1] < $0[$2 - 1]
  }
) -> (stopped: Int, best: Int) {
  var best = 1
  for epoch in 1...errors.count {
    if epoch > 1, improves(errors, epoch, best) { best = epoch }
    if epoch - best >= patience { return (epoch, best) }
  }
  return (errors.count, best)
}

private enum NotBack: Ex07_2 {
  static func stop(errors: [Float], patience: Int) -> (stopped: Int, best: Int) {
    let stopped = walk(errors, patience).stopped
    return (stopped, stopped)
  }
}

private enum Equal: Ex07_2 {
  static func stop(errors: [Float], patience: Int) -> (stopped: Int, best: Int) {
    walk(errors, patience) { errors, epoch, best in errors[epoch - 1] <= errors[best - 1] }
  }
}

private enum Previous: Ex07_2 {
  static func stop(errors: [Float], patience: Int) -> (stopped: Int, best: Int) {
    walk(errors, patience) { errors, epoch, _ in errors[epoch - 1] < errors[epoch - 2] }
  }
}

private enum OneLonger: Ex07_2 {
  static func stop(errors: [Float], patience: Int) -> (stopped: Int, best: Int) { walk(errors, patience + 1) }
}

private enum InAll: Ex07_2 {
  static func stop(errors: [Float], patience: Int) -> (stopped: Int, best: Int) {
    var (best, idle) = (1, 0)
    for epoch in 2...max(2, errors.count) where epoch <= errors.count {
      if errors[epoch - 1] < errors[best - 1] { best = epoch } else { idle += 1 }
      if idle >= patience { return (epoch, best) }
    }
    return (errors.count, best)
  }
}

private enum Future: Ex07_2 {
  static func stop(errors: [Float], patience: Int) -> (stopped: Int, best: Int) {
    let best = (errors.firstIndex(of: errors.min() ?? 0) ?? 0) + 1
    return (min(errors.count, best + patience), best)
  }
}
