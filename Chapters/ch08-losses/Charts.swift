// The figures of chapter 8: each from numbers alone, each with a title that follows from them.

import Foundation
import Workbook

enum Charts {
  /// The wrongest answer that the first figure shows, target 0.
  static let wrongest = 0.98
  private static let outputs = (0...100).map { Double($0) / 100 }

  /// S0's figure 2, to be explored: the error, the slope and their product for target 0, at an output ŷ.
  static func errorTimesSlope(peak: Peak) -> Figure {
    let top = (100 * peak.output).rounded() / 100
    let places = ((1...19).map { Double($0) / 20 } + [top, wrongest]).sorted()
    func push(_ place: Double) -> Double { Rule.squaredError.errorSignal(place, target: 0) }
    let title =
      "The push of squared error is largest at ŷ = \(fixed(peak.output, 2)) and falls to 0 from there: the wrongest answers are hardly corrected"
    return Figure(
      title, exploring: FigureParameter("the answer ŷ", values: places, initial: places.firstIndex(of: top) ?? 0),
      caption: """
        Target 0. Move ŷ: at each place the push is the product of the two other values.
        """,
      name: "error-slope-product",
      titles: { place in
        if place == top { return title }
        let share =
          "At ŷ = \(fixed(place, 2)) the push of squared error is \(percent(push(place) / peak.signal)) of its largest"
        return place < top
          ? share + ": the error is still small" : share + ": the error has grown, the slope has shrunk more"
      },
      captions: { place in
        """
        Target 0. Move ŷ: at each place the push is the product of the two other values, here \(fixed(push(place), 3)).
        """
      }
    ) { place in
      .lines(
        LineChart(
          x: Axis("answer ŷ (target 0)", range: 0...1), y: Axis("size", range: 0...1),
          [
            Series("error ŷ − y", x: outputs, y: outputs, style: .line, color: Rule.crossEntropy.color),
            Series("slope ŷ(1 − ŷ)", x: outputs, y: outputs.map { $0 * (1 - $0) }, style: .line, color: 4),
            Series(
              "push, their product", x: outputs, y: outputs.map(push), style: .line, isEmphasized: true,
              color: Rule.squaredError.color),
            Series("", x: [place], y: [place], style: .points, color: Rule.crossEntropy.color),
            Series("", x: [place], y: [place * (1 - place)], style: .points, color: 4),
            Series("", x: [place], y: [push(place)], style: .points, color: Rule.squaredError.color),
          ],
          references: [
            .init(
              .vertical, at: place, "\(fixed(place, 2)) × \(fixed(place * (1 - place), 3)) = \(fixed(push(place), 3))")
          ]))
    }
  }

  /// What a neuron says step by step, from several starts: squared error against cross-entropy.
  static func badStart(_ neuron: NeuronFindings, steps: Int = 350) -> Figure {
    let (starts, rate) = (NeuronFindings.starts, neuron.rate)
    let times = (0...steps).map(Double.init)
    func ratio(_ start: Double) -> Double {
      Double(neuron.steps(.squaredError, from: start) ?? NeuronFindings.limit)
        / Double(max(1, neuron.steps(.crossEntropy, from: start) ?? NeuronFindings.limit))
    }
    let ratios = starts.map(ratio)
    let (mild, bad) = (ratios[0], ratios[4])
    return Figure(
      zip(ratios, ratios.dropFirst()).allSatisfy { $0 < $1 }
        ? "The worse the start, the longer squared error hesitates: \(short(mild)) times as many steps as cross-entropy from w = b = \(short(starts[0])), \(short(bad)) times from 2"
        : "Squared error does not hesitate longer with every worse start: \(short(mild)) times as many steps as cross-entropy from w = b = \(short(starts[0])), \(short(bad)) times from 2",
      exploring: FigureParameter("where w and b begin", values: starts, initial: 4),
      caption: """
        One neuron, x = 1, target 0, learning rate \(rate). The steps are counted until ŷ is within 0.2 of the target.
        """,
      name: "bad-start",
      titles: { start in
        """
        From w = b = \(short(start)): \(count(neuron.steps(.squaredError, from: start))) steps with squared error, \
        \(count(neuron.steps(.crossEntropy, from: start))) with cross-entropy
        """
      }
    ) { start in
      .lines(
        LineChart(
          x: Axis("step"), y: Axis("answer ŷ (target 0)", range: 0...1),
          [Rule.squaredError, .crossEntropy].map { rule in
            Series(
              rule.name, x: times, y: learn(rule, from: start, target: 0, rate: rate, steps: steps), style: .line,
              isEmphasized: rule == .squaredError, color: rule.color)
          }))
    }
  }

  /// The two losses themselves, target 0.
  static func losses() -> Figure {
    let outputs = (0...99).map { Double($0) / 100 }
    func values(_ rule: Rule) -> [Double] { outputs.map { rule.loss($0, target: 0) } }
    return Figure(
      "A confident mistake costs at most ½ with squared error, and without limit with cross-entropy",
      .lines(
        LineChart(
          x: Axis("answer ŷ (target 0)", range: 0...1), y: Axis("loss", range: 0...4),
          [Rule.squaredError, .crossEntropy].map { rule in
            Series(
              rule.name, x: outputs, y: values(rule), style: .line, isEmphasized: rule == .crossEntropy,
              color: rule.color)
          })),
      caption: """
        ½ŷ² and −ln(1 − ŷ). At ŷ = \(fixed(wrongest, 2)) they are \(fixed(Rule.squaredError.loss(wrongest, target: 0), 2)) and \(fixed(Rule.crossEntropy.loss(wrongest, target: 0), 2)).
        """,
      name: "losses")
  }
}
