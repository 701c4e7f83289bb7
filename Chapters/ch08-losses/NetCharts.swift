// The figures of the networks in chapter 8.

import Foundation
import Workbook

extension Charts {
  /// Validation error against the learning rate, for each ending.
  static func rates(_ sweep: RateSweep, data: String) -> Figure {
    let (squared, entropy) = (sweep.best(0), sweep.best(2))
    let highest = min(100, sweep.errors.joined().map { $0.mean + $0.deviation }.max() ?? 100)
    let atAnEnd = Ending.allCases.indices.filter { [sweep.rates.first, sweep.rates.last].contains(sweep.best($0)) }
    return Figure(
      squared == entropy
        ? "Behind sigmoids, squared error and cross-entropy are both best at a rate of \(squared)"
        : "Behind sigmoids, squared error is best at a rate of \(squared), cross-entropy at \(entropy)",
      .lines(
        LineChart(
          x: Axis("learning rate", log: true, ticks: sweep.rates.map { (Double($0), "\($0)") }),
          y: Axis("validation error (%)", range: 0...(10 * (highest / 10).rounded(.up))),
          Ending.allCases.indices.map { index in
            Series(
              Ending.allCases[index].name, x: sweep.rates.map(Double.init), y: sweep.errors[index].map(\.mean),
              deviation: sweep.errors[index].map(\.deviation),
              isEmphasized: index == 0 || index == 2, color: Ending.allCases[index].color)
          })),
      caption: """
        After \(counted(sweep.epochs, "epoch")); \(data), \(spread(sweep.errors[0][0].count)). Best: the least mean \
        error; neighbouring rates may be as good.\(atAnEnd.isEmpty ? "" : " At an end of the range, so perhaps better still beyond it: \(atAnEnd.map { Ending.allCases[$0].name }.joined(separator: "; ")).")
        """,
      name: "learning-rates", isWide: true)
  }

  /// Test error step by step for each ending.
  static func curves(_ runs: [NetRuns], title: String, caption: String, name: String) -> Figure {
    Figure(
      title,
      .lines(
        LineChart(
          x: Axis("step"),
          y: Axis(
            "test error (%)", log: true,
            ticks: [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 90].map { (Double($0), "\($0)") }),
          runs.map { run in
            Series(
              run.ending.name, x: run.curve.steps, y: run.curve.errors.map(\.mean),
              deviation: run.curve.errors.map(\.deviation), style: .line,
              isEmphasized: run.ending == .sigmoidSquared || run.ending == .sigmoidEntropy, color: run.ending.color)
          })),
      caption: caption, name: name, isWide: true)
  }

  /// The error soon after the start against the bias of the outputs, for the three rules.
  static func biases(_ stuck: BadStarts, data: String) -> Figure {
    let (errors, biases) = (stuck.errors, stuck.biases)
    let highest = errors.joined().map { $0.mean + $0.deviation }.max() ?? 100
    let (low, high) = (stuck.behind(at: 0), stuck.behind(at: biases.count - 1))
    func list(_ rules: [Rule]) -> String {
      rules.map { $0 == .published ? "the wrong derivative" : $0.name }.joined(separator: " and ")
    }
    let finding =
      switch (low.isEmpty, high.isEmpty) {
      case (true, true): "Whether all outputs begin near 0 or near 1, no rule falls far behind cross-entropy"
      case (false, true):
        "Begin with all outputs at \(share(sigmoid(Double(biases[0])))), and \(list(low)) \(low.count == 1 ? "falls" : "fall") behind; at \(share(sigmoid(Double(biases[biases.count - 1])))), neither squared error nor the wrong derivative does"
      case (true, false):
        "Begin with all outputs at \(share(sigmoid(Double(biases[biases.count - 1])))), and \(list(high)) \(high.count == 1 ? "falls" : "fall") behind; at \(share(sigmoid(Double(biases[0])))), neither squared error nor the wrong derivative does"
      case (false, false):
        "Begin with all outputs at \(share(sigmoid(Double(biases[0])))), and \(list(low)) \(low.count == 1 ? "falls" : "fall") behind; at \(share(sigmoid(Double(biases[biases.count - 1])))), \(list(high))"
      }
    return Figure(
      finding,
      .lines(
        LineChart(
          x: Axis(
            "what every output says at first, σ(bias)",
            ticks: biases.map { (Double($0), share(sigmoid(Double($0)))) }),
          y: Axis("test error (%)", range: 0...(10 * (min(100, highest) / 10).rounded(.up))),
          errors.indices.map { index in
            Series(
              Ending.allCases[index].name, x: biases.map(Double.init), y: errors[index].map(\.mean),
              deviation: errors[index].map(\.deviation), isEmphasized: index == 0, color: Ending.allCases[index].color)
          })),
      caption: """
        Test error after \(counted(stuck.epochs, "epoch")), sigmoid outputs. The learning rates differ: \
        \(stuck.rates.indices.map { "\(Rule.allCases[$0].name) \(stuck.rates[$0])" }.joined(separator: "; ")). Behind: \
        over \(short(BadStarts.factor)) times the error of cross-entropy; \(data), \(spread(errors[0][0].count)).
        """,
      name: "output-bias")
  }

  /// Top-k errors over k.
  static func topErrors(_ runs: [NetRuns], data: String) -> Figure {
    let ks = Array(1...9)
    let best = runs[runs.count - 1]
    let (one, five) = (
      best.finalError, Summary(best.topErrors(5).map { 100 * $0 })
    )
    return Figure(
      "With \(best.ending.phrase), \(fixed(one.mean, 1)) % of the digits are not the first guess, but only \(fixed(five.mean, 1)) % are not among the first five",
      .lines(
        LineChart(
          x: Axis("k"), y: Axis("top-k error (%)", range: 0...100),
          runs.map { run in
            Series(
              run.ending.name, x: ks.map(Double.init),
              y: ks.map { k in Summary(run.topErrors(k).map { 100 * $0 }).mean },
              color: run.ending.color)
          } + [
            Series(
              "guessing among ten", x: ks.map(Double.init), y: ks.map { 100 - 10 * Double($0) }, style: .line, color: 6)
          ])),
      caption: "After one epoch at rate \(best.rate); \(data), mean of \(counted(best.seeds, "seed")).",
      name: "top-k")
  }

  /// A digit that a network gets wrong and nearly right.
  static func digit(_ example: NearMiss, data: String) -> Figure {
    Figure(
      "A \(example.truth) that the network takes for a \(example.leaders.first ?? 0)",
      .images(
        ImageGrid(
          columns: 5,
          [
            .init(
              width: 28, height: 28, pixels: example.pixels.map { Float($0) / 255 }, caption: "a \(example.truth)")
          ])),
      caption: """
        The first digit of the test set whose class comes third, with \(Ending.softmaxEntropy.phrase), after one epoch; \
        \(data).
        """,
      name: "third-digit")
  }

  /// The probabilities that a network gives to one digit.
  static func oneDigit(_ example: NearMiss, data: String) -> Figure {
    Figure(
      "The \(example.truth) comes third, behind \(example.leaders.map { "\($0)" }.joined(separator: " and ")): a top-1 error, but no top-5 error",
      .bars(
        BarChart(
          categories: (0...9).map(String.init), y: Axis("probability"),
          [.init("softmax", example.probabilities, color: Ending.softmaxEntropy.color)])),
      caption: "What the network says of the digit above; \(data).", name: "one-digit")
  }
}
