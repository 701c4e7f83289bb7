// The page of chapter 2: what an evaluation costs.

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
}
