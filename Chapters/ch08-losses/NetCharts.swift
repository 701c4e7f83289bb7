// The figures of the networks in chapter 8.

import Foundation
import Workbook

extension Charts {
  /// The steps to a round error against the learning rate, a line for each ending.
  static func paces(_ race: TunedRace, data: String) -> Figure {
    let lanes = Ending.allCases.compactMap { race.lane($0) }
    let (same, fastest) = (race.leadsAtCommon?[0], race.leads()[0])
    let own =
      "each at its fastest rate "
      + fastest.worded(
        from: 1, above: "\(fixed(fastest.mean, 1)) times", below: "\(fixed(fastest.mean, 1)) times",
        withinChance: "no more steps that we could see")
    let rates = Set(lanes.flatMap(\.rates)).sorted()
    return Figure(
      same.map {
        "After sigmoids squared error takes \(fixed($0.mean, 1)) times the steps of cross-entropy at a rate of \(TunedRace.common), \(own)"
      } ?? "Steps with squared error against those with cross-entropy, \(own)",
      .lines(
        LineChart(
          x: Axis(
            "learning rate", log: true,
            ticks: rates.filter { [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6].contains($0) }.map { (Double($0), "\($0)") }),
          y: Axis("steps to \(percent(TunedRace.level)) error", log: true),
          lanes.map { lane in
            // A rate at which a run did not get there has no number.
            let places = lane.rates.indices.filter { !lane.steps[$0].contains(nil) }
            let means = lane.means(limit: race.limit)
            return Series(
              lane.ending.name, x: places.map { Double(lane.rates[$0]) }, y: places.map { means[$0] },
              isEmphasized: [.sigmoidSquared, .sigmoidEntropy].contains(lane.ending), color: lane.ending.color)
          }, references: [.init(.vertical, at: Double(TunedRace.common), "")])),
      caption: """
        Plain gradient descent; \(grouped(TunedRace.lookedAt)) test digits (\(data)), mean of the \(counted(TunedRace.seeds, "seed")) that choose the rates. A curve ends where some run did not get there in \
        \(counted(TunedRace.epochs, "epoch")). Dotted: the rate \(TunedRace.common).
        """,
      name: "paces")
  }

  /// How right the softmax is against how sure.
  static func calibration(_ calibration: Calibration, data: String) -> Figure {
    let (plain, scaled) = (calibration.excess(0), calibration.scaled)
    func said(_ index: Int) -> String {
      "\(fixed(calibration.confidence(index).mean, 0)) % sure, \(fixed(calibration.accuracy(index).mean, 0)) % right"
    }
    let most = calibration.last
    return Figure(
      "Plain labels\(isClear(plain) && plain.mean > 0 ? " make the net too sure" : ""): \(said(0)); with a temperature of \(fixed(scaled.temperature.mean, 2)): \(fixed(scaled.confidence.mean, 0)) % sure; with smoothed labels: \(said(most))",
      .lines(
        LineChart(
          x: Axis("how sure the net is (%)", range: 20...100),
          y: Axis("confidence − accuracy (points)"),
          [0, most].map { index in
            points(
              index == 0 ? "plain labels" : "label smoothing \(Calibration.most)", calibration.runs[index],
              beside: index == 0 ? 0 : 0.7, color: index == 0 ? Ending.softmaxSquared.color : 0,
              isEmphasized: index == 0)
          } + [points("plain labels, rescaled", calibration.tempered.map(\.reliability), beside: -0.7, color: 2)],
          references: [.init(.horizontal, at: 0, "as sure as right")])),
      caption: """
        Above the line the net is too sure (overconfident), below it too modest. Test digits (\(data)) in intervals of the largest probability. Softmax and \
        cross-entropy, \(counted(calibration.epochs, "epoch")), mean of \(counted(plain.count, "seed")), bars: its 95 % interval. Rescaled: logits divided by a temperature.
        """,
      name: "calibration")
  }

  /// How much surer than right nets are, in intervals of how sure; moved aside a little, so that bars do not cover others.
  private static func points(
    _ name: String, _ runs: [Reliability], beside: Double, color: Int, isEmphasized: Bool = false
  ) -> Series {
    let points = Calibration.points(runs)
    return Series(
      name, x: points.map { $0.sure + beside }, y: points.map { $0.sure - $0.right }, deviation: points.map(\.chance),
      style: .points, isEmphasized: isEmphasized, color: color)
  }
}
