// The layer of this chapter in a few lines, as the page shows it.

import Workbook

// snippet: inverted
/// Inverted dropout: y = m·x/(1 − p) in training, y = x at test time.
struct InvertedDropout {
  let p: Float
  /// m/(1 − p): 0 or 1/(1 − p) for each value of the last pass.
  var factors: [Float] = []

  mutating func train(
    _ x: [Float], using random: inout SeededGenerator
  ) -> [Float] {
    factors = x.map { _ in random.nextUniform() < p ? 0 : 1 / (1 - p) }
    return zip(x, factors).map { $0 * $1 }
  }
  func test(_ x: [Float]) -> [Float] { x }
  func backward(_ gradient: [Float]) -> [Float] {
    zip(gradient, factors).map { $0 * $1 }
  }
}
// snippet.end
