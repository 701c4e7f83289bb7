// The figures of chapter 7 about weights, the boundary and epochs.

import Foundation
import Workbook

enum Charts {
  /// Two weights that may cost so much and no more: why the corners of the diamond matter.
  static func diamond() -> Figure {
    func nearest(_ budget: Double) -> (l1: Budget.Point, l2: Budget.Point) {
      (Budget.nearest(.l1(0), budget), Budget.nearest(.l2(0), budget))
    }
    let (x, y) = (-1.3...2.9, -1.25...1.85)
    // From the left of the circle, which lies in the frame, all around and back to it.
    let angles = (0...120).map { Double.pi * (1 + Double($0) / 60) }
    /// The circle of equal loss through a place, as far as it is in the frame.
    func circle(through w: Budget.Point) -> (x: [Double], y: [Double]) {
      let (dx, dy) = (w.0 - Budget.best.0, w.1 - Budget.best.1)
      let radius = (dx * dx + dy * dy).squareRoot()
      let points = angles.map { (Budget.best.0 + radius * cos($0), Budget.best.1 + radius * sin($0)) }
      let shown = points.map { x.contains($0.0) && y.contains($0.1) ? $0 : (Double.nan, Double.nan) }
      // Up to the last place in the frame, so that the terminal's legend can name where the line ends.
      let drawn = shown.prefix((shown.lastIndex { !$0.0.isNaN } ?? shown.count - 1) + 1)
      return (drawn.map(\.0), drawn.map(\.1))
    }
    return Figure(
      "The L1 diamond has its corners on the axes, and there the smaller weight is exactly 0",
      exploring: FigureParameter("size B of the weights", values: [1.2, 1.05, 0.8, 0.6, 0.3], initial: 2),
      caption: """
        Around the best weights $w_0$ lie circles of equal loss ½‖w − w₀‖². Drawn are those that just touch the diamond (L1) \
        and the disc (L2), with the places where they touch.
        """,
      name: "l1-diamond",
      titles: { budget in
        let (l1, l2) = nearest(budget)
        return l1.1 == 0
          ? "L1 meets the corner: w₂ becomes 0; with L2 it is \(fixed(l2.1, 2))"
          : "L1 meets an edge: w₂ is \(fixed(l1.1, 2)); with L2 it is \(fixed(l2.1, 2))"
      }
    ) { budget in
      let (l1, l2) = nearest(budget)
      let rings = [(l1, Penalty.l1(0)), (l2, Penalty.l2(0))].map { place, penalty in
        let ring = circle(through: place)
        return Series(
          "", x: ring.x, y: ring.y, style: .line,
          color: penalty.color)
      }
      return .lines(
        LineChart(
          x: Axis("w₁", range: x), y: Axis("w₂", range: y),
          [
            Series(
              "L1 diamond", x: [budget, 0, -budget, 0, budget], y: [0, budget, 0, -budget, 0],
              style: .line, isEmphasized: true, color: Penalty.l1(0).color),
            Series(
              "L2 disc", x: angles.map { budget * cos($0) }, y: angles.map { budget * sin($0) }, style: .line,
              isEmphasized: true, color: Penalty.l2(0).color),
          ] + rings + [
            Series("", x: [l1.0], y: [l1.1], style: .points, isEmphasized: true, color: Penalty.l1(0).color),
            Series("", x: [l2.0], y: [l2.1], style: .points, isEmphasized: true, color: Penalty.l2(0).color),
            Series("w₀", x: [Budget.best.0], y: [Budget.best.1], style: .points, color: 6),
          ], hasEqualScales: true))
    }
  }

  /// By which share the line between the classes is shorter at a strength of L2, seed by seed.
  private static func shortening(_ sweep: PenaltySweep, _ index: Int) -> Summary {
    let lengths = sweep.summaries(0, \.boundaryLength)
    return Summary(zip(lengths[0].values, lengths[index].values).map { 100 * (1 - $1 / $0) })
  }

  /// What L2 of the strength that errs least does to the line between the classes, as a slide says it.
  static func boundaryTitle(_ sweep: PenaltySweep) -> String {
    shortening(sweep, sweep.best(0)).worded(
      above: "A penalty on weights straightens the boundary", below: "A penalty on weights makes the boundary longer",
      withinChance: "A penalty on weights: no shorter line beyond chance")
  }

  /// The boundary between the moons, to be explored by the strength of L2.
  static func boundary(_ sweep: PenaltySweep, points: TensorSamples) -> Figure {
    func change(_ index: Int) -> String {
      let change = shortening(sweep, index)
      return !isClear(change)
        ? "is as long as without, within chance" : "is \(change.mean < 0 ? "longer" : "shorter") than without"
    }
    let shown = panels(sweep)
    // The planes side by side, each moved to the right of the one before.
    let width = Moon.x.upperBound - Moon.x.lowerBound + 0.4
    let lines = shown.enumerated().flatMap { place, index in
      Moon.line(sweep.runs[0][index][0].drawing?.probabilities ?? []).map { piece in (place, piece) }
    }
    let cloud = (0..<2).map { label in
      let places = points.labels.indices.filter { points.labels[$0] == label }
      return Series(
        "",
        x: shown.indices.flatMap { panel in
          places.map { Double(points.inputs.elements[2 * $0]) + Double(panel) * width }
        },
        y: shown.flatMap { _ in places.map { Double(points.inputs.elements[2 * $0 + 1]) } }, style: .points,
        color: label)
    }
    return Figure(
      "With L2 of λ = \(sweep.lambdas[sweep.best(0)]) the line between the classes \(change(sweep.best(0)))",
      .lines(
        LineChart(
          x: Axis(
            "x, in one panel for each net",
            range: Moon.x.lowerBound...Moon.x.upperBound + width * Double(shown.count - 1),
            ticks: panelTicks(shown.count, width)),
          y: Axis("y", range: panelHeights),
          cloud
            + lines.enumerated().map { number, line in
              Series(
                number == 0 ? "the net's line" : "",
                x: stride(from: 0, to: line.1.count, by: 2).map { line.1[$0] + Double(line.0) * width },
                y: stride(from: 1, to: line.1.count, by: 2).map { line.1[$0] }, style: .line, isEmphasized: true,
                color: 6)
            }
            + shown.indices.flatMap { place in
              Moon.bestRule.enumerated().map { number, piece in
                Series(
                  place == shown.count - 1 && number == 0 ? "the best rule" : "",
                  x: stride(from: 0, to: piece.count, by: 2).map { piece[$0] + Double(place) * width },
                  y: stride(from: 1, to: piece.count, by: 2).map { piece[$0] }, style: .line, color: 2)
              }
            }, references: panelNames(shown.map { name(sweep, $0) }, width))),
      caption: """
        The line is where the net of the first seed gives 50 % to each class. All nets have the same learning rate, so that only λ differs.
        """,
      name: "boundary", isWide: true)
  }

  /// The heights of planes side by side, with room for a name above each.
  private static let panelHeights = Moon.y.lowerBound...Moon.y.upperBound + 0.4

  /// The ticks of planes side by side: −1 to 2 in each of them.
  private static func panelTicks(_ count: Int, _ width: Double) -> [(place: Double, label: String)] {
    (0..<count).flatMap { place in
      [(-1, "−1"), (0, "0"), (1, "1"), (2, "2")].map { ($0.0 + Double(place) * width, $0.1) }
    }
  }

  /// The left edges of planes side by side, with the name of each.
  private static func panelNames(_ names: [String], _ width: Double) -> [LineChart.Reference] {
    names.enumerated().map { place, name in
      LineChart.Reference(.vertical, at: Moon.x.lowerBound - (place == 0 ? 0 : 0.2) + Double(place) * width, name)
    }
  }

  /// No penalty, the strength that errs least, and the strongest.
  private static func panels(_ sweep: PenaltySweep) -> [Int] {
    let best = sweep.best(0)
    return [0, best] + (best < sweep.lambdas.count - 1 ? [sweep.lambdas.count - 1] : [])
  }

  private static func name(_ sweep: PenaltySweep, _ index: Int) -> String {
    index == 0 ? "no penalty" : "λ = \(sweep.lambdas[index])"
  }

  /// What the lines show.
  static func boundaryWords(_ sweep: PenaltySweep) -> String {
    let shown = panels(sweep)
    return
      "With λ = \(sweep.lambdas[shown[1]]) the line gives up single points and keeps the two moons.\(shown.count > 2 ? " With λ = \(sweep.lambdas[shown[2]]) it gives up the moons as well." : "")"
  }

  /// Training, validation and test error by epoch, with the place where patience ends.
  static func stopping(_ experiment: StoppingExperiment, digits: String) -> Figure {
    let runs = experiment.noisy
    let curve = runs[0]
    let epochs = (1...curve.epochs).map(Double.init)
    /// The mean over the seeds in per cent; of the first where one has none.
    func mean(_ values: (LearningCurve) -> [Double]?) -> [Double] {
      let all = runs.compactMap(values)
      guard all.count == runs.count else { return all.first.map { $0.map { 100 * $0 } } ?? [] }
      return all[0].indices.map { epoch in 100 * all.reduce(0) { $0 + $1[epoch] } / Double(all.count) }
    }
    let gain = StoppingExperiment.lastError(experiment.noisy) - StoppingExperiment.stoppedError(experiment.noisy)
    /// What the net has not yet learned, in per cent: right and wrong labels apart, where they were.
    let learning = [
      ("right labels missed", mean { $0.missedRight ?? $0.training }, 2),
      ("wrong labels missed", mean(\.missedWrong), 3),
    ].filter { !$0.1.isEmpty }.map { name, missed, color in
      Series(
        curve.missedRight == nil ? "training" : name, x: epochs, y: missed, style: .line, color: color)
    }
    let places = runs.map { $0.stop(patience: StoppingExperiment.patience) }
    /// The median, or the lower of two.
    func middle(_ epochs: [Int]) -> Int { epochs.sorted()[(epochs.count - 1) / 2] }
    let (stopped, best) = (middle(places.map(\.stopped)), middle(places.map(\.best)))
    let highest = (mean(\.validation) + mean(\.test) + mean(\.missedWrong)).max() ?? 90
    let top = min(100, 10 * (0.11 * highest).rounded(.up))
    return Figure(
      gain.worded(
        beyond: 0.5,
        above: "With wrong labels the error on new digits falls, then rises as the net learns them by heart",
        below: "With wrong labels the error on new digits falls to the end",
        withinChance: "With wrong labels the best epoch errs no less than the last, beyond chance"),
      .lines(
        LineChart(
          x: Axis("epoch"), y: Axis("error (%)", range: 0...top),
          [
            Series(
              "validation", x: epochs, y: mean(\.validation), style: .line, isEmphasized: true, color: 0),
            Series("test", x: epochs, y: mean(\.test), style: .line, color: 1),
          ] + learning,
          references: [
            .init(.vertical, at: Double(best), "best: \(best)"),
            .init(.vertical, at: Double(stopped), "stops: \(stopped)"),
          ])),
      caption: """
        Means of \(counted(runs.count, "seed")); best epoch and stop: medians. \
        Validation and test labels are all right. \(capitalized(digits)).
        """,
      name: "early-stopping")
  }
}

/// Two weights, the loss ½‖w − w₀‖², and a budget for their size.
enum Budget {
  typealias Point = (Double, Double)
  static let best: Point = (1.6, 0.7)

  /// The place of smallest loss with the norm of `penalty` equal to `budget`, which is less than that of w₀.
  static func nearest(_ penalty: Penalty, _ budget: Double) -> Point {
    guard case .l1 = penalty else {
      let norm = (best.0 * best.0 + best.1 * best.1).squareRoot()
      return (best.0 * budget / norm, best.1 * budget / norm)
    }
    // Both weights lose the same amount until the smaller one has nothing left.
    let loss = (best.0 + best.1 - budget) / 2
    return loss < best.1 ? (best.0 - loss, best.1 - loss) : (budget, 0)
  }
}
