// The figures of chapter 7 about restraints and explosions.

import Foundation
import Workbook

extension Charts {
  /// The test error under every restraint.
  static func scoreboard(_ board: Scoreboard, data: String, count: Int) -> Figure {
    let order = board.restraints.indices.sorted { board.testError($0).mean < board.testError($1).mean }
    let (best, worst) = (order[0], order[order.count - 1])
    let nothing = board.testError(0)
    return Figure(
      best != 0 && worst != 0
        ? "\(board.restraints[best].name): \(fixed(board.testError(best).mean, 1)) % instead of \(fixed(nothing.mean, 1)); \(board.restraints[worst].name): \(fixed(board.testError(worst).mean, 1))"
        : "Test error under every restraint",
      .bars(
        BarChart(
          categories: order.map { board.restraints[$0].name }, y: Axis("test error (%)"),
          [
            .init(
              "test error", order.map { board.testError($0).mean },
              deviation: order.map { board.testError($0).deviation }, color: 0)
          ])),
      caption: """
        One small convolutional net on \(grouped(count)) digits (\(data)), the same number of steps each; mean and standard \
        deviation of \(counted(board.runs[0].count, "seed")).
        """,
      name: "restraints", isWide: true)
  }

  /// Which digits suffer from flipping.
  static func flipped(_ board: Scoreboard, data: String) -> Figure {
    let more = missedMore(board.runs[board.index("flip")], than: board.runs[0])
    let order = (0..<10).sorted { more[$0].mean > more[$1].mean }
    let calm = order.suffix(3).sorted()
    return Figure(
      more[order[0]].mean > 3
        ? "Flipping costs most where the mirror image is another digit or a new shape: \(order[0]), \(order[1]), \(order[2]); least for \(calm.map(String.init).joined(separator: ", "))"
        : "Flipping costs no digit much here",
      .bars(
        BarChart(
          categories: (0...9).map(String.init), y: Axis("more of 100 missed, with flips"),
          [.init("with flips", more.map(\.mean), deviation: more.map(\.deviation), color: 1)])),
      caption: "For each digit, the share missed with flips less the share missed without. \(data).", name: "flips")
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
    return Figure(
      throwLength > 1 && unit.evaluate(held.last!.w, held.last!.b).loss < unit.evaluate(free.last!.w, free.last!.b).loss
        ? "At the cliff one step without a limit throws the unit \(short(throwLength)) away; with the norm limited it goes on down"
        : "The walk with a limit and the walk without one",
      exploring: FigureParameter("largest norm (100 is no limit here)", values: [1, 2, 5, 10, 100], initial: 4),
      caption: """
        The loss of hₜ = w·σ(hₜ₋₁) + b after 50 steps, in lines from 0.1 to 20, and forty steps of gradient descent from \
        w = 6.5, b = −2.2 with a learning rate of 0.02. Where the lines crowd, the gradient is in the hundreds.
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
  static func growth(_ gains: [Float], _ factors: [(name: String, values: [Summary], color: Int)]) -> Figure {
    let sigmoid = factors[0].values
    let first = gains.indices.first { sigmoid[$0].mean > 1 }
    let tanh = gains.indices.first { factors[1].values[$0].mean > 1 }
    return Figure(
      first.map { first in
        "Behind sigmoids gradients explode too, but only with weights \(short(Double(gains[first] / gains[tanh ?? 0]))) times as large as behind tanh"
      } ?? "Behind sigmoids no gradient explodes, however large the weights here",
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
  static func rescue(_ outcomes: [[DeepNet.Outcome]], good: [DeepNet.Outcome], data: String) -> Figure {
    let diverged = outcomes[0].count(where: \.hasDiverged)
    let norm = Summary(outcomes[2].map { 100 * $0.testError })
    let right = Summary(good.map { 100 * $0.testError })
    return Figure(
      diverged > 0 && !outcomes[2].contains(where: \.hasDiverged)
        ? "Without clipping \(diverged) of \(outcomes[0].count) nets are lost within \(outcomes[0].map(\.norms.count).max() ?? 0) steps; with it all learn, though a right start is far better: \(fixed(right.mean, 0)) % errors, not \(fixed(norm.mean, 0))"
        : "The gradient's norm with and without clipping",
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
      caption: "Eight ReLU layers, weights 1.5 times as large as He's. First seed; \(data).", name: "rescue")
  }
}
