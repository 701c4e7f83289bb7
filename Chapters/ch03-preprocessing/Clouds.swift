// Images of two pixels: small enough to draw, and to solve exactly.

import Foundation
import Workbook

/// Returns `count` images [N, 1, 1, 2]: both pixels bright, the second darker, and the two going together.
func cloud(count: Int, seed: UInt64) -> Tensor {
  var generator = SeededGenerator(seed: seed, stream: 0x2D)
  var noise = Tensor(zeros: [count, 2])
  noise.fillNormal(standardDeviation: 1, using: &generator)
  let (cosine, sine) = (Float(cos(Double.pi / 5)), Float(sin(Double.pi / 5)))
  let pixels = (0..<count).flatMap { n -> [Float] in
    let (u, v) = (1.2 * noise.elements[2 * n], 0.35 * noise.elements[2 * n + 1])
    return [4 + cosine * u - sine * v, 2 + sine * u + cosine * v]
  }
  return Tensor([count, 1, 1, 2], pixels)
}

/// What a preparation makes of the cloud, and how well a linear unit can then be trained by gradient descent.
struct CloudReport: Codable, Sendable {
  var method: Method
  /// The prepared points, to three decimals; empty where they are not drawn.
  var x: [Double]
  var y: [Double]
  /// Mean and standard deviation of each of the two numbers, and their correlation.
  var means: [Double]
  var deviations: [Double]
  var correlation: Double
  /// λmax/λmin of the loss's curvature.
  var condition: Double
  /// Steps of gradient descent until the loss has fallen to a thousandth.
  var steps: Int
}

/// Prepares the cloud in one way, and measures.
func cloudReport(_ method: Method, count: Int = 200, seed: UInt64) -> CloudReport {
  let raw = cloud(count: count, seed: seed)
  // What is to be learned is a linear function of the raw pixels; every method but raw only moves and turns them.
  let targets = (0..<count).map { Double(raw.elements[2 * $0]) - 2 * Double(raw.elements[2 * $0 + 1]) + 1 }
  let prepared = method.fit(raw, epsilon: 0).apply(raw)
  let x = (0..<count).map { Double(prepared.elements[2 * $0]) }
  let y = (0..<count).map { Double(prepared.elements[2 * $0 + 1]) }
  let ((mx, sx), (my, sy)) = (moments(x), moments(y))
  let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / Double(count)
  let descent = descend(inputs: zip(x, y).map { [$0, $1] }, targets: targets)
  func drawn(_ values: [Double]) -> [Double] { values.map { rounded($0, decimals: 3) } }
  return CloudReport(
    method: method, x: drawn(x), y: drawn(y), means: [mx, my], deviations: [sx, sy],
    correlation: sx * sy > 0 ? covariance / (sx * sy) : 0, condition: descent.condition, steps: descent.steps)
}

/// Trains a linear unit w·x + b with squared error by descent on all samples,
/// from w = 0, b = 0, at the rate that is best in theory: 2/(λmax + λmin).
///
/// - Returns: λmax/λmin of H = E[x xᵀ], where x has a 1 at its end for the bias;
///   and the steps until the loss is a thousandth of what it was.
func descend(
  inputs: [[Double]], targets: [Double], limit: Int = 100_000
) -> (condition: Double, steps: Int) {
  let rows = inputs.map { $0 + [1] }
  let (count, size) = (Double(rows.count), rows[0].count)
  var hessian = [Double](repeating: 0, count: size * size)
  var pull = [Double](repeating: 0, count: size)  // E[t x]
  for (row, target) in zip(rows, targets) {
    for i in 0..<size {
      pull[i] += row[i] * target / count
      for j in 0..<size { hessian[i * size + j] += row[i] * row[j] / count }
    }
  }
  // H is symmetric and not negative: its singular values are its eigenvalues.
  let values = singularValues(of: Tensor([size, size], hessian.map { Float($0) }))
  let (largest, smallest) = (values[0], values[size - 1])
  let rate = 2 / (largest + smallest)
  let square = targets.reduce(0) { $0 + $1 * $1 } / count
  var weights = [Double](repeating: 0, count: size)
  var steps = 0
  while steps < limit {
    // ∂L/∂w = H w − E[t x], and L = ½ (wᵀ H w − 2 wᵀ E[t x] + E[t²]).
    let curved = (0..<size).map { i in
      (0..<size).reduce(0) { $0 + hessian[i * size + $1] * weights[$1] }
    }
    let loss = (0..<size).reduce(square) {
      $0 + weights[$1] * (curved[$1] - 2 * pull[$1])
    }
    if loss < 0.001 * square { break }
    for i in 0..<size { weights[i] -= rate * (curved[i] - pull[i]) }
    steps += 1
  }
  return (largest / smallest, steps)
}
