// The figures of chapter 7 about weights, the boundary and epochs.

import Foundation
import Workbook

enum Charts {
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
