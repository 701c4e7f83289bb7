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
    let (validation, test) = (Logits(model, digits.validation), Logits(model, digits.test))
    temperature = fittedTemperature(validation.rows, labels: validation.labels)
    reliability = Reliability(test.answers(at: temperature), logLoss: test.logLoss(at: temperature))
  }

  /// What a net says of labelled digits.
  private struct Logits {
    var rows: [[Float]]
    var labels: [Int]

    init(_ model: Model, _ data: Dataset) {
      var model = model
      let batch = data.batch(first: data.count)
      let (outputs, classes) = (model.forward(batch.inputs).elements, data.classCount)
      rows = batch.labels.indices.map { Array(outputs[$0 * classes..<($0 + 1) * classes]) }
      labels = batch.labels.map { Int($0) }
    }

    /// The mean of −ln of the right class's probability.
    func logLoss(at temperature: Double) -> Double {
      zip(rows, labels).reduce(0) { sum, row in
        let z = row.0.map { $0 / Float(temperature) }
        return sum + Double(logSumExp(z) - z[row.1])
      } / Double(max(1, rows.count))
    }

    func answers(at temperature: Double) -> [(sure: Float, isRight: Bool)] {
      zip(rows, labels).map { row, label in
        let p = stableSoftmax(row.map { $0 / Float(temperature) })
        let choice = p.indices.max { p[$0] < p[$1] } ?? 0
        return (p[choice], choice == label)
      }
    }
  }
}
