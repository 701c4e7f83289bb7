// The page of chapter 2: what an evaluation costs, and who makes fewer errors.

import Foundation
import Workbook

extension Activations {
  /// What a function costs by itself, and in a step.
  static func addCosts(to page: inout Page, _ costs: CostFindings) {
    let more = costs.steps[1] / costs.steps[0] - 1
    page.prose(
      """
      ### Is ReLU cheaper to compute?

      By itself yes. An exponential costs: tanh, forward and back, takes \(fixed(costs.ratios[Nonlinearity.tanh.rawValue], 0)) times as \
      long. But a whole training step of a small convolutional net \
      \(more > 0.02 ? "takes only \(percent(more)) longer with tanh" : "takes about as long with tanh").
      """)
  }

  /// Who makes fewer test errors where, and where neither does beyond chance.
  static func winners(_ duels: [Findings.Duel]) -> String {
    func said(_ direction: Summary.Direction) -> String? {
      let found = duels.filter { ($0.tanh - $0.relu).direction() == direction }
      if found.isEmpty { return nil }
      return listed(
        found.map { duel in
          let points = (duel.tanh - duel.relu).magnitude
          return
            "the \(duel.task.replacing(",", with: " on")) (after \(duel.end), by \(fixed(points.mean, 1)) points)"
        })
    }
    let (relu, tanh) = (said(.above), said(.below))
    if relu == nil && tanh == nil {
      return "In none of them does one make fewer test errors than the other beyond chance."
    }
    let won = [relu.map { "ReLU makes fewer test errors in \($0)." }, tanh.map { "tanh makes fewer in \($0)." }]
    let level = duels.filter { ($0.tanh - $0.relu).direction() == .withinChance && $0.tanh.count > 2 }.map { duel in
      "In the \(duel.task.replacing(",", with: " on")) we cannot say."
    }
    return (won.compactMap { $0 } + level).joined(separator: " ")
  }
}
