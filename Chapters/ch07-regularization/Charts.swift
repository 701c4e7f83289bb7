// The figures of chapter 7 about weights, boundaries and epochs.

import Foundation
import Workbook

enum Charts {
  /// Where the minimum goes when a weight costs something.
  static func shrinkage() -> Figure {
    let lambdas = (0...60).map { Float($0) / 20 }
    let zero = lambdas.first { minimizer(of: 1, penalty: .l1($0)) == 0 }
    let left = minimizer(of: 1, penalty: .l2(lambdas[lambdas.count - 1]))
    return Figure(
      zero != nil && left > 0
        ? "L1 takes a fixed amount off a weight until it is 0; L2 takes a share and never gets there"
        : "Where a penalty moves the best weight",
      .lines(
        LineChart(
          x: Axis("strength of the penalty λ"), y: Axis("best weight", range: 0...1.05),
          [(1.0, "w₀ = 1"), (0.4, "w₀ = 0.4")].flatMap { best, name in
            [Penalty.l2(0), .l1(0)].map { kind in
              Series(
                "\(kind.name), \(name)", x: lambdas.map(Double.init),
                y: lambdas.map { minimizer(of: best, penalty: kind == .l2(0) ? .l2($0) : .l1($0)) }, style: .line,
                isEmphasized: best == 1, color: kind.color)
            }
          })),
      caption: "The minimum of ½(w − w₀)² plus the penalty.", name: "shrinkage")
  }

  /// The boundary between the moons, to be explored by the strength of L2.
  static func boundary(_ sweep: PenaltySweep, points: TensorSamples) -> Figure {
    let lengths = sweep.summaries(0, \.boundaryLength)
    let best = sweep.best(0) > 0 ? sweep.best(0) : lengths.count - 1
    let shorter = 1 - lengths[best].mean / lengths[0].mean
    let cloud = (0..<2).map { label in
      let places = points.labels.indices.filter { points.labels[$0] == label }
      return Series(
        "class \(label)", x: places.map { Double(points.inputs.elements[2 * $0]) },
        y: places.map { Double(points.inputs.elements[2 * $0 + 1]) }, style: .points, color: label)
    }
    return Figure(
      "With L2 of \(sweep.lambdas[best]) the line between the classes is \(percent(abs(shorter))) \(shorter < 0 ? "longer" : "shorter") than without a penalty",
      exploring: FigureParameter(
        "λ of L2", values: sweep.lambdas.map(Double.init), initial: 0),
      caption: """
        \(grouped(points.count)) points and the net of the first seed. The lines are where the net gives 10, 50 and 90 % to \
        class 1; the length is that of the middle one, the mean of \(counted(sweep.runs[0][0].count, "seed")).
        """,
      name: "boundary"
    ) { lambda in
      let index = sweep.lambdas.firstIndex { Double($0) == lambda } ?? 0
      return .contour(
        ContourPlot(
          x: Axis("x", range: Moon.x), y: Axis("y", range: Moon.y),
          heights: sweep.runs[0][index][0].drawing?.probabilities ?? [],
          levels: [0.1, 0.5, 0.9], paths: cloud))
    }
  }

  /// Training and test error by strength, for both penalties.
  static func sweep(_ sweep: PenaltySweep) -> Figure {
    let errors = (0..<2).map { sweep.summaries($0, \.testError) }
    let training = (0..<2).map { sweep.summaries($0, \.trainingError) }
    let best = (0..<2).map { sweep.best($0) }
    let gains = (0..<2).map { kind in
      Summary(zip(sweep.runs[kind][0], sweep.runs[kind][best[kind]]).map { 100 * ($0.testError - $1.testError) })
    }
    func lowest(_ kind: Int) -> String {
      let name = ["L2", "L1"][kind]
      if best[kind] == 0 { return "with \(name) at no strength" }
      return
        "with \(name) of \(sweep.lambdas[best[kind]]), by \(difference(100 * errors[kind][0].mean, 100 * errors[kind][best[kind]].mean)) points"
        + (gains[kind].count < 3 || isClear(gains[kind]) ? "" : " (within chance)")
    }
    let last = sweep.lambdas.count - 1
    let highest = (errors + training).joined().map(\.mean).max() ?? 0.4
    let top = 10 * ((10 * highest).rounded(.down) + 1)
    // λ = 0 has no place on a logarithmic axis; it stands a step to the left of the smallest.
    let places = sweep.lambdas.map { $0 == 0 ? Double(sweep.lambdas[1]) / 3 : Double($0) }
    let ticks = zip(places, sweep.lambdas).map { ($0, $1 == 0 ? "0" : "\($1)") }
    return Figure(
      "The test error falls most \(lowest(0)), and \(lowest(1))",
      .lines(
        LineChart(
          x: Axis("λ", log: true, ticks: ticks), y: Axis("error (%)", range: 0...top),
          (0..<2).flatMap { kind in
            [
              Series(
                "test, \(kind == 0 ? "L2" : "L1")", x: places, y: errors[kind].map { 100 * $0.mean },
                deviation: errors[kind].map { 100 * $0.deviation }, isEmphasized: true, color: kind),
              Series(
                "training, \(kind == 0 ? "L2" : "L1")", x: places,
                y: training[kind].map { 100 * $0.mean }, style: .line, color: kind),
            ]
          })),
      caption: """
        The training error is \(fixed(100 * training[0][0].mean, 1)) % without a penalty; with λ = \(sweep.lambdas[last]) it is \
        \(fixed(100 * training[0][last].mean, 1)) % with L2 and \(fixed(100 * training[1][last].mean, 1)) % with L1\
        \(training[1][last].mean > 0.45 ? ", which of two classes is no more than guessing" : ""). Mean over \
        \(counted(sweep.runs[0][0].count, "seed")), bands of one standard deviation for the test error. The best strength is \
        chosen on the same test points, which flatters it.
        """,
      name: "penalty-sweep")
  }

  /// Histograms of the weights of each layer, without a penalty, with L2 and with L1.
  static func weights(_ sweep: PenaltySweep) -> Figure {
    let (two, one) = (max(1, sweep.best(0)), max(1, sweep.best(1)))
    let rows: [(String, MoonRun, Int)] = [
      ("no penalty", sweep.runs[0][0][0], Penalty.none.color),
      ("L2, \(sweep.lambdas[two])", sweep.runs[0][two][0], 0), ("L1, \(sweep.lambdas[one])", sweep.runs[1][one][0], 1),
    ]
    let shares = rows.map { $0.1.nearZero }
    let reach = LayerWeights.reach
    let layers = ["first layer", "second layer", "last layer"]
    // The panel of which the drawn range leaves out most.
    let cut = rows.flatMap { name, run, _ in
      zip(layers, run.drawing?.layers ?? []).map { layer, weights in
        (name: name, layer: layer, share: weights.beyond)
      }
    }.max { $0.share < $1.share }
    return Figure(
      """
      Within 0.01 of 0 lie \(percent(shares[2], 1)) of the weights with L1 of \(sweep.lambdas[one]), \
      \(percent(shares[1], 1)) with L2 of \(sweep.lambdas[two]), \(percent(shares[0], 1)) without a penalty
      """,
      .histograms(
        HistogramGrid(
          columns: layers,
          rows: rows.map { name, run, color in
            HistogramGrid.Row(
              name, range: -reach...reach,
              (run.drawing?.layers ?? []).map { weights in
                var bins = weights.bins
                // The spike at 0 is told: drawn, it would flatten all the rest.
                let isSpike = weights.nearZero > 0.3
                if isSpike { bins[20] = 0 }
                return .init(
                  heights: bins, title: isSpike ? "" : "σ = \(short(weights.deviation))",
                  note: isSpike ? "\(percent(weights.nearZero)) ≈ 0" : "")
              }, color: color)
          }, xLabel: "weight")),
      caption: """
        The net of the first seed. σ is the standard deviation of all weights of a layer; drawn are those between −\(short(reach)) and \
        \(short(reach))\(cut.map { $0.share > 0.005 ? " (beyond lie at most \(percent($0.share)), \($0.layer), \($0.name))" : "" } ?? ""). \
        Where more than 30 % lie within 0.01 of 0, that share is told, not drawn.
        """,
      name: "weight-histograms")
  }

  /// How large the weights of each input are, real ones first.
  static func inputs(_ selection: InputSelection) -> Figure {
    let penalties = Regularization.penalties
    func times(_ index: Int) -> [String] {
      (0..<2).map { fixed(selection.contrast(index, input: $0).mean, 1) }
    }
    let (l2, l1) = (times(1), times(2))
    return Figure(
      "With L1 input 1 has \(l1[0]) times the weights of an input of noise, input 2 \(l1[1]) times; with L2 \(l2[0]) and \(l2[1]) times",
      .lines(
        LineChart(
          x: Axis("input (1 and 2 are real)"), y: Axis("weights of the input, root mean square", log: true),
          penalties.indices.map { index in
            Series(
              penalties[index].name, y: selection.norms(index).map { max($0, 1e-4) }, isEmphasized: index == 2,
              color: penalties[index].color)
          })),
      caption: """
        λ = \(penalties[1].lambda) for L2, \(penalties[2].lambda) for L1. Mean over \(counted(selection.runs[0].count, "seed")).
        """, name: "irrelevant-inputs")
  }

  /// Training, validation and test error by epoch, with the place where patience ends.
  static func stopping(_ experiment: StoppingExperiment, digits: String) -> Figure {
    let curve = experiment.noisy[0]
    let epochs = (1...curve.epochs).map(Double.init)
    let last = StoppingExperiment.lastError(experiment.noisy)
    let early = StoppingExperiment.stoppedError(experiment.noisy)
    let gain = last - early
    return Figure(
      "With wrong labels stopping with patience 5 ends at \(fixed(early.mean, 1)) % test error, going on to epoch \(curve.epochs) at \(fixed(last.mean, 1)) %"
        + (gain.count < 3 || isClear(gain) ? "" : ": within chance"),
      exploring: FigureParameter("patience in epochs", values: [1, 2, 3, 5, 10], initial: 3),
      caption: """
        The first seed; the title is the mean of \(counted(experiment.noisy.count, "seed")). The training \
        error counts the wrong labels as they are, validation and test labels are right. \(capitalized(digits)).
        """,
      name: "early-stopping"
    ) { patience in
      let (stopped, best) = curve.stop(patience: Int(patience))
      return .lines(
        LineChart(
          x: Axis("epoch"), y: Axis("error (%)", range: 0...100),
          [
            Series("training", x: epochs, y: curve.training.map { 100 * $0 }, style: .line, color: 2),
            Series(
              "validation", x: epochs, y: curve.validation.map { 100 * $0 }, style: .line, isEmphasized: true,
              color: 0),
            Series("test", x: epochs, y: curve.test.map { 100 * $0 }, style: .line, color: 1),
          ],
          references: [
            .init(.vertical, at: Double(best), "best: \(best)"),
            .init(.vertical, at: Double(stopped), "stops: \(stopped)"),
          ]))
    }
  }
}
