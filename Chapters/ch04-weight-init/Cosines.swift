// How alike the signals of two different images become on their way.

import Foundation
import Workbook

extension Start {
  /// The ways to begin whose signals are compared. Xavier's before a ReLU would add nothing: its signals are He's, divided
  /// by √2 in each layer.
  static let compared = [
    Start(name: "ReLU, He or Xavier", activation: .relu, initializer: .heNormal),
    Start(name: "tanh, g = 1", activation: .tanh, initializer: .scaled(.fanIn, .normal)),
    Start(name: "tanh, g = 5/3", activation: .tanh, initializer: .scaled(.fanIn, .normal, gain: 5 / 3)),
  ]
}

// snippet: cosines
/// Returns the mean cosine of the signals of two images, of all pairs of
/// `images` [N, D], for each start: before the first layer, and after each.
func cosines(
  _ starts: [Start], images: Tensor, width: Int, depth: Int, seed: UInt64
) -> [[Double]] {
  var generator = SeededGenerator(seed: seed, stream: 0xC05)
  var signals = starts.map { _ in images }
  var result = starts.map { _ in [meanCosine(images)] }
  for _ in 0..<depth {
    let fans = Fans(fanIn: signals[0].shape[1], fanOut: width)
    var layer = Dense(
      fans.fanIn, width, bias: false, initializer: .normal(standardDeviation: 1))
    layer.initialize(using: &generator)  // N(0, 1), the same for every start
    for (s, start) in starts.enumerated() {
      let size = start.initializer.standardDeviation(fans)
      let sum = layer.forward(signals[s]).scaled(by: size)
      var activation = start.layer
      signals[s] = activation.forward(sum)
      result[s].append(meanCosine(signals[s]))
    }
  }
  return result
}
// snippet.end

/// What a wide ReLU layer of random weights makes of the cosine of two signals: (sin θ + (π − θ) cos θ)/π.
///
/// - Source: Cho and Saul 2009, *Kernel methods for deep learning*, section 2.
func cosineAfterReLU(_ cosine: Double) -> Double {
  let angle = acos(min(1, max(-1, cosine)))
  return (sin(angle) + (.pi - angle) * cosine) / .pi
}

/// The mean of x·y/(|x||y|) over all pairs of rows.
func meanCosine(_ rows: Tensor) -> Double {
  let (count, size) = (rows.shape[0], rows.shape[1])
  let numbers = rows.elements.map { Double($0) }
  func product(_ a: Int, _ b: Int) -> Double {
    (0..<size).reduce(0) { $0 + numbers[a * size + $1] * numbers[b * size + $1] }
  }
  let lengths = (0..<count).map { product($0, $0).squareRoot() }
  let pairs = (0..<count).flatMap { a in (0..<a).map { b in product(a, b) / (lengths[a] * lengths[b]) } }
  return Summary(pairs).mean
}

/// The first image of each class, [N, D].
func oneOfEach(_ digits: Dataset) -> Tensor {
  let places = (0..<digits.classCount).compactMap { digit in digits.labels.firstIndex { Int($0) == digit } }
  let images = digits.batch(places[...]).inputs
  return images.reshaped(to: [places.count, digits.sampleShape.count])
}

/// How alike signals become in thirty layers.
struct CosineFindings: Codable, Sendable {
  var width: Int
  var imageCount: Int
  /// [start of `Start.compared`][layer, from 0: the images themselves], over the seeds.
  var cosines: [[Summary]]
}
