// The figures of chapter 7 about restraints and explosions.

import Foundation
import Workbook

extension Charts {
  /// The test error under every restraint.
  static func scoreboard(_ board: Scoreboard, data: String, count: Int) -> Figure {
    let order = board.entries.indices.sorted { board.testError($0).mean < board.testError($1).mean }
    let (best, worst) = (order[0], order[order.count - 1])
    let nothing = board.testError(0)
    return Figure(
      best != 0 && worst != 0
        ? "Lowest test error with \(spoken(board.entries[best].name)), \(fixed(board.testError(best).mean, 1)) %; with nothing \(fixed(nothing.mean, 1)) %; highest with \(spoken(board.entries[worst].name)), \(fixed(board.testError(worst).mean, 1)) %"
        : "Test error under every restraint; with nothing \(fixed(nothing.mean, 1)) %",
      .bars(
        BarChart(
          categories: order.map { board.entries[$0].name }, y: Axis("test error (%)"),
          [
            .init(
              "test error", order.map { board.testError($0).mean },
              deviation: order.map { board.testError($0).deviation }, color: 0)
          ])),
      caption: """
        One small convolutional net on \(grouped(count)) digits (\(data)), the same number of steps each; mean and standard \
        deviation of \(counted(board.entries[0].runs.count, "seed")).
        """,
      name: "restraints", isWide: true)
  }

  /// Which digits suffer from flipping.
  static func flipped(_ board: Scoreboard, data: String) -> Figure {
    let more = board.missedMore("flip")
    let order = (0..<10).sorted { more[$0].mean > more[$1].mean }
    let isOne = more[0].count < 3
    let suffering = isOne ? Array(order.prefix(3)) : order.filter { more[$0].mean > 0 && isClear(more[$0], beyond: 3) }
    let others = (0..<10).filter { !suffering.contains($0) }
    return Figure(
      suffering.isEmpty
        ? "With flips no digit is missed more often by more than chance and 3 of 100"
        : "Missed more often with flips, of 100 of a digit: \(suffering.map { "\($0) (\(fixed(more[$0].mean, 0)) more)" }.joined(separator: ", "))"
          + (isOne ? "" : "; no more than 3 or chance: \(others.map(String.init).joined(separator: ", "))"),
      .bars(
        BarChart(
          categories: (0...9).map(String.init), y: Axis("more of 100 missed, with flips"),
          [.init("with flips", more.map(\.mean), deviation: more.map(\.deviation), color: 1)])),
      caption: "For each digit, the share missed with flips less the share missed without. \(capitalized(data)).",
      name: "flips")
  }

  /// The cliff of a recurrent unit, and a walk along it under several limits.
  static func cliff(_ unit: RecurrentUnit) -> Figure {
    let (w, b) = (3.5...7.2, -3.6...0.4)
    let size = 61
    let heights = (0..<size).map { j in
      (0..<size).map { i in
        min(
          30,
          unit.evaluate(
            w.lowerBound + (w.upperBound - w.lowerBound) * Double(i) / Double(size - 1),
            b.lowerBound + (b.upperBound - b.lowerBound) * Double(j) / Double(size - 1)
          ).loss)
      }
    }
    let free = walk(unit, limit: nil), held = walk(unit, limit: 2)
    let throwLength = longestStep(free)
    let ends = [free, held].map { path in path.last.map { unit.evaluate($0.w, $0.b).loss } ?? .nan }
    let leaves = free.contains { !w.contains($0.w) || !b.contains($0.b) }
    return Figure(
      "Without a limit one step at the cliff is \(short(throwLength)) long, and the walk ends at a loss of \(short(ends[0])); with the norm at most 2 it ends at \(short(ends[1]))",
      exploring: FigureParameter("largest norm (100 is no limit here)", values: [1, 2, 5, 10, 100], initial: 4),
      caption: """
        The loss (h − \(short(unit.target)))² of the last of \(unit.steps) states hₜ = w·σ(hₜ₋₁) + b from h₀ = \
        \(short(unit.start)), in lines from 0.1 to 20, and forty steps of gradient descent from w = 6.5, b = −2.2 with a \
        learning rate of 0.02. Where the lines crowd, the gradient's norm reaches \(short(throwLength / 0.02)) on this walk.\
        \(leaves ? " Part of the walk without a limit lies outside the picture." : "")
        """,
      name: "cliff"
    ) { limit in
      let path = walk(unit, limit: limit >= 100 ? nil : limit)
      return .contour(
        ContourPlot(
          x: Axis("w", range: w), y: Axis("b", range: b), heights: heights, levels: [0.1, 0.5, 1, 2, 4, 6, 8, 12, 20],
          paths: [
            Series(
              limit >= 100 ? "no limit" : "norm at most \(short(limit))", x: path.map(\.w), y: path.map(\.b),
              isEmphasized: true, color: limit >= 100 ? 1 : 0)
          ]))
    }
  }

  static func walk(_ unit: RecurrentUnit, limit: Double?) -> [(w: Double, b: Double)] {
    unit.descend(from: (6.5, -2.2), rate: 0.02, steps: 40, clip: limit)
  }

  static func longestStep(_ path: [(w: Double, b: Double)]) -> Double {
    zip(path, path.dropFirst()).map { from, to in
      ((to.w - from.w) * (to.w - from.w) + (to.b - from.b) * (to.b - from.b)).squareRoot()
    }.max() ?? 0
  }

  /// By what one layer multiplies a gradient, for three activations.
  static func growth(_ explosion: ExplosionFindings) -> Figure {
    let gains = ExplosionFindings.gains
    let factors = zip([("sigmoid", 0), ("tanh", 2), ("ReLU", 1)], explosion.growth).map {
      (name: $0.0, values: $1, color: $0.1)
    }
    let sigmoid = factors[0].values
    let first = gains.indices.first { sigmoid[$0].mean > 1 }
    let tanh = gains.indices.first { factors[1].values[$0].mean > 1 }
    func place(_ index: Int?) -> String {
      index.map { "from \(short(Double(gains[$0])))/√width on" } ?? "at none of these sizes"
    }
    return Figure(
      "Gradients explode behind sigmoids with weights \(place(first)), behind tanh \(place(tanh))",
      .lines(
        LineChart(
          x: Axis("standard deviation of the weights × √width", log: true),
          y: Axis("factor on the gradient per layer", log: true),
          factors.map { factor in
            Series(
              factor.name, x: gains.map(Double.init), y: factor.values.map(\.mean),
              deviation: factor.values.map(\.deviation), isEmphasized: factor.name == "sigmoid", color: factor.color)
          }, references: [.init(.horizontal, at: 1, "explodes above")])),
      caption: "Twelve dense layers of 96 units at their start, \(counted(sigmoid[0].count, "seed")).", name: "growth")
  }

  /// The gradient's norm step by step under the three kinds of clipping.
  static func rescue(_ explosion: ExplosionFindings, data: String) -> Figure {
    let (outcomes, good, lost) = (explosion.outcomes, explosion.good, explosion.lost)
    let steps = outcomes[0].filter(\.hasDiverged).map(\.steps).max()
    let ends = explosion.ends.map { fixed($0.mean, 0) }
    let (errors, right) = (Array(ends.prefix(3)), ends[3])
    let isCut = outcomes.contains { ($0[0].norms.max() ?? 0) > 1e6 }
    return Figure(
      """
      Lost without clipping \(lost[0]) of \(counted(outcomes[0].count, "net"))\(steps.map { " within \(counted($0, "step"))" } ?? ""), \
      clipped by element \(lost[1]), by norm \(lost[2]); the clipped end at \(errors[1]) and \(errors[2]) % errors, after a \
      right start at \(right) %
      """,
      .lines(
        LineChart(
          x: Axis("step"), y: Axis("norm of the gradient before clipping", log: true, range: 1e-1...1e6),
          Clipping.allCases.indices.map { index in
            let norms = outcomes[index][0].norms
            return Series(
              Clipping.allCases[index].name, x: norms.indices.map { Double($0 + 1) }, y: norms.map { min($0, 1e6) },
              style: .line, isEmphasized: index == 0, color: [1, 2, 0][index])
          } + [
            Series(
              "He's start, no clipping", x: good[0].norms.indices.map { Double($0 + 1) }, y: good[0].norms,
              style: .line,
              color: 4)
          ])),
      caption: """
        Eight ReLU layers, weights 1.5 times as large as He's; the right start is He's. The curves are those of the first \
        seed, the title counts all.\(isCut ? " Norms above 10⁶ are drawn at 10⁶." : "") \(capitalized(data)).
        """, name: "rescue")
  }
}
