// The figures of the networks in chapter 8.

import Foundation
import Workbook

extension Charts {
  /// Validation error against the learning rate, for each ending.
  static func rates(_ sweep: RateSweep, data: String) -> Figure {
    let (squared, entropy) = (sweep.best(0), sweep.best(2))
    return Figure(
      squared > entropy
        ? "Squared error wants a learning rate \(short(Double(squared / entropy))) times as large; each loss has its own valley"
        : "Squared error and cross-entropy want similar learning rates here",
      .lines(
        LineChart(
          x: Axis("learning rate", log: true), y: Axis("validation error (%)", range: 0...60),
          Ending.allCases.indices.map { index in
            Series(
              Ending.allCases[index].name, x: sweep.rates.map(Double.init), y: sweep.errors[index].map(\.mean),
              deviation: sweep.errors[index].map(\.deviation),
              isEmphasized: index == 0 || index == 2, color: Ending.allCases[index].color)
          })),
      caption: "\(data); mean and standard deviation over \(sweep.errors[0][0].count) seeds.", name: "learning-rates",
      isWide: true)
  }

  /// Test error step by step for each ending.
  static func curves(_ runs: [NetRuns], title: String, caption: String, name: String) -> Figure {
    Figure(
      title,
      .lines(
        LineChart(
          x: Axis("step"), y: Axis("test error (%)", log: true),
          runs.map { run in
            Series(
              run.ending.name, x: run.curve.steps, y: run.curve.errors.map(\.mean),
              deviation: run.curve.errors.map(\.deviation), style: .line,
              isEmphasized: run.ending == .sigmoidSquared || run.ending == .sigmoidEntropy, color: run.ending.color)
          })),
      caption: caption, name: name, isWide: true)
  }

  /// The error soon after the start against the bias of the outputs, for the three rules.
  static func biases(_ errors: [[Summary]], biases: [Float], epochs: Int, data: String) -> Figure {
    func isStuck(_ rule: Int, _ place: Int) -> Bool { errors[rule][place].mean > 1.5 * errors[2][place].mean }
    let end = biases.count - 1
    let finding =
      switch (isStuck(0, 0), isStuck(1, 0), isStuck(1, end)) {
      case (true, false, true):
        "Begin with all outputs near 0, and squared error is stuck; near 1, squared error with the wrong slope"
      case (true, false, false): "Begin with all outputs near 0, and squared error is stuck, with the right slope only"
      case (true, true, _): "Begin with all outputs near 0, and squared error is stuck"
      default: "Here a bad start costs all endings alike"
      }
    return Figure(
      finding,
      .lines(
        LineChart(
          x: Axis(
            "what every output says at first, σ(bias)",
            ticks: biases.map { (Double($0), share(sigmoid(Double($0)))) }),
          y: Axis("test error (%)", range: 0...100),
          errors.indices.map { index in
            Series(
              Ending.allCases[index].name, x: biases.map(Double.init), y: errors[index].map(\.mean),
              deviation: errors[index].map(\.deviation), isEmphasized: index == 0, color: Ending.allCases[index].color)
          })),
      caption: """
        Test error after \(epochs) \(epochs == 1 ? "epoch" : "epochs") at each ending's own learning rate; only the \
        biases of the ten outputs differ. \(data), \(errors[0][0].count) \(errors[0][0].count == 1 ? "seed" : "seeds").
        """,
      name: "output-bias")
  }

  /// Top-k errors over k.
  static func topErrors(_ runs: [NetRuns], data: String) -> Figure {
    let ks = Array(1...9)
    let best = runs[runs.count - 1]
    let (one, five) = (
      Summary(best.runs.map { 100 * $0.evaluation.error }), Summary(best.runs.map { 100 * $0.evaluation.topError(5) })
    )
    return Figure(
      "\(fixed(one.mean, 1)) % of the first guesses are wrong, but only \(fixed(five.mean, 1)) % of the first five",
      .lines(
        LineChart(
          x: Axis("k"), y: Axis("top-k error (%)", range: 0...100),
          runs.map { run in
            Series(
              run.ending.name, x: ks.map(Double.init),
              y: ks.map { k in Summary(run.runs.map { 100 * $0.evaluation.topError(k) }).mean },
              color: run.ending.color)
          } + [
            Series(
              "guessing among ten", x: ks.map(Double.init), y: ks.map { 100 - 10 * Double($0) }, style: .line, color: 6)
          ])),
      caption: "After one epoch. \(data), \(best.runs.count) \(best.runs.count == 1 ? "seed" : "seeds").", name: "top-k"
    )
  }

  /// The probabilities that a network gives to one digit.
  static func oneDigit(_ example: TopK.Example, data: String) -> Figure {
    let order = ["first", "second", "third", "fourth", "fifth"]
    let isNear = example.rank < 5
    return Figure(
      "A \(example.truth) that the network ranks \(isNear ? order[example.rank] : "lower than fifth"): a top-1 error, \(isNear ? "but no" : "and a") top-5 error",
      .bars(
        BarChart(
          categories: (0...9).map(String.init), y: Axis("probability"),
          [.init("softmax", example.probabilities, color: Ending.softmaxEntropy.color)])),
      caption: "The first digit of the test set whose class comes third. \(data).", name: "one-digit")
  }
}
