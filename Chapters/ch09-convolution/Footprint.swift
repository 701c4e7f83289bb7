// The receptive field, in theory and as the gradient sees it.

import Foundation
import Workbook

/// What one output pixel of a stack of 3×3 convolutions feels of the image: the mean squared gradient, pixel by pixel.
struct Footprint: Codable, Sendable {
  /// The number of layers.
  var depth: Int
  /// E[(∂y/∂x)²] over channels and networks, scaled to a sum of 1, to six digits: side × side, the output pixel above
  /// the middle.
  var mass: [[Double]]

  /// The channels of each layer.
  static let channels = 8

  /// Takes what has been measured.
  init(depth: Int, mass: [[Double]]) { (self.depth, self.mass) = (depth, mass) }

  /// Sends a 1 back from the middle of a random network's last layer, for each seed.
  init(depth: Int, channels: Int = Self.channels, side: Int, seeds: [UInt64]) throws {
    self.depth = depth
    mass = Array(repeating: Array(repeating: 0, count: side), count: side)
    for seed in seeds {
      var layers: [any Layer] = []
      for index in 0..<depth {
        let inputs = index == 0 ? 1 : channels
        layers.append(
          Conv2D(inputs, channels, kernel: 3, padding: 1, initializer: .heNormal))
        if index < depth - 1 { layers.append(ReLU()) }
      }
      var model = try Model(Sequential(layers), input: [1, side, side], seed: seed)
      var generator = SeededGenerator(seed: seed, stream: 99)
      var image = Tensor(zeros: [1, 1, side, side])
      image.fillNormal(standardDeviation: 1, using: &generator)
      let output = model.forward(image)
      var one = Tensor(zeros: output.shape)
      one[0, 0, side / 2, side / 2] = 1
      let gradient = model.backward(one, input: image, output: output)
      let total = gradient.elements.reduce(0.0) { $0 + Double($1) * Double($1) }
      for y in 0..<side {
        for x in 0..<side {
          let value = Double(gradient.elements[y * side + x])
          mass[y][x] += value * value / max(total, 1e-300) / Double(seeds.count)
        }
      }
    }
    mass = mass.map { $0.map { rounded($0, digits: 6) } }
  }

  /// The side of the square outside of which the gradient is exactly 0.
  var support: Int {
    let touched = mass.indices.filter { y in mass[y].contains { $0 > 0 } || mass.contains { $0[y] > 0 } }
    guard let first = touched.first, let last = touched.last else { return 0 }
    return last - first + 1
  }

  /// The standard deviation of the footprint along one axis, in pixels.
  var deviation: Double {
    let middle = Double(mass.count / 2)
    var variance = 0.0
    for (y, row) in mass.enumerated() {
      for (x, m) in row.enumerated() {
        let (dy, dx) = (Double(y) - middle, Double(x) - middle)
        variance += m * (dy * dy + dx * dx) / 2
      }
    }
    return variance.squareRoot()
  }

  /// The share of the theoretical field's area that is needed to hold 95 % of the mass.
  var usedShare: Double {
    var (sum, count) = (0.0, 0)
    for value in mass.joined().sorted(by: >) where sum < 0.95 {
      sum += value
      count += 1
    }
    return Double(count) / Double(support * support)
  }
}

/// The exponent p of width ∝ depthᵖ, from the slope between logarithms (least squares).
func growthExponent(_ depths: [Int], _ widths: [Double]) -> Double {
  let (x, y) = (depths.map { log(Double($0)) }, widths.map { log($0) })
  let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
  let top = zip(x, y).reduce(0.0) { $0 + ($1.0 - mx) * ($1.1 - my) }
  return top / x.reduce(0.0) { $0 + ($1 - mx) * ($1 - mx) }
}
