// Temperature scaling: one number that makes a trained net as sure as it is right, as nearly as one number can.

import Foundation
import Workbook

// snippet: temperature
/// The temperature T with the smallest cross-entropy of the logits z/T.
///
/// In β = 1/T the loss is convex: its slope is the mean of Σ pᵢ zᵢ − z_t, its second
/// derivative the mean variance of z under p, and Newton's method finds the zero.
func fittedTemperature(_ logits: [[Float]], labels: [Int]) -> Double {
  var beta = 1.0
  for _ in 0..<12 {
    var (slope, curvature) = (0.0, 0.0)
    for (z, label) in zip(logits, labels) {
      let p = stableSoftmax(z.map { Float(beta) * $0 })
      let mean = zip(p, z).reduce(0) { $0 + $1.0 * $1.1 }
      let square = zip(p, z).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
      slope += Double(mean - z[label])
      curvature += Double(square - mean * mean)
    }
    // At most halved or doubled, so that no step leads below 0.
    if curvature > 0 { beta = min(2 * beta, max(beta / 2, beta - slope / curvature)) }
  }
  return 1 / beta
}
// snippet.end

/// A trained net, its logits divided by the temperature that suits the validation digits.
struct Tempered: Codable, Sendable {
  var temperature: Double
  /// How sure it is of the test digits then, and how right.
  var reliability: Reliability

  /// Takes what has been measured.
  init(temperature: Double, reliability: Reliability) {
    (self.temperature, self.reliability) = (temperature, reliability)
  }

  init(_ model: Model, on digits: DigitSets) {
    var model = model
    func logits(_ data: Dataset) -> (rows: [[Float]], labels: [Int]) {
      let batch = data.batch(first: data.count)
      let (outputs, classes) = (model.forward(batch.inputs).elements, data.classCount)
      return (
        batch.labels.indices.map { Array(outputs[$0 * classes..<($0 + 1) * classes]) }, batch.labels.map { Int($0) }
      )
    }
    let (validation, test) = (logits(digits.validation), logits(digits.test))
    let temperature = fittedTemperature(validation.rows, labels: validation.labels)
    self.temperature = temperature
    reliability = Reliability(
      zip(test.rows, test.labels).map { row, label in
        let p = stableSoftmax(row.map { $0 / Float(temperature) })
        let choice = p.indices.max { p[$0] < p[$1] } ?? 0
        return (p[choice], choice == label)
      })
  }
}
