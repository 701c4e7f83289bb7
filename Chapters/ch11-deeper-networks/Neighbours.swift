// How much the gradients of two neighbouring images have in common, plain and residual.

import Foundation
import Workbook

/// Whether a small change of the image changes the gradient little.
///
/// Training takes one step for a whole region of images. That helps where images that lie close together ask for nearly the
/// same step: where their gradients point nearly the same way. Balduzzi et al. 2017, *The shattered gradients problem*.
struct GradientNeighbours: Codable, Sendable {
  /// How far a neighbour is, relative to the length of the image.
  static let distance = 0.1

  var nets: [Net]

  struct Net: Codable, Sendable {
    var net: DeepNet
    /// The cosine between the gradients of an image and of its neighbour, over the seeds.
    var neighbours: Summary
    /// The same for two different images: what there is in common anyhow.
    var strangers: Summary
  }

  /// The deepest net of a kind.
  func deepest(residual: Bool) -> Net? {
    nets.filter { $0.net.isResidual == residual }.max { $0.net.depth < $1.net.depth }
  }

  /// By how much the addition raises the cosine of neighbours in the deepest net, over the seeds.
  var gain: Summary {
    guard let plain = deepest(residual: false), let residual = deepest(residual: true) else { return Summary([]) }
    return residual.neighbours - plain.neighbours
  }
}

extension GradientNeighbours {
  /// Measures untrained nets of these numbers of blocks.
  init(blocks: [Int], data: Dataset, images: Int, seeds: [UInt64]) {
    nets = [false, true].flatMap { isResidual in
      blocks.map { count in
        let net = DeepNet(blocks: count, isResidual: isResidual)
        let found = seeds.map { Self.likeness(in: net, data, images: images, seed: $0) }
        return Net(
          net: net, neighbours: Summary(found.map(\.neighbours)), strangers: Summary(found.map(\.strangers)))
      }
    }
  }

  /// The mean cosine between ∂s/∂x at an image and at its neighbour, and at another
  /// image. s is the sum of the ten outputs, each times a random number.
  static func likeness(
    in net: DeepNet, _ data: Dataset, images: Int, seed: UInt64
  ) -> (neighbours: Double, strangers: Double) {
    var generator = SeededGenerator(seed: seed, stream: 41)
    var layers = net.layers
    layers.initialize(using: &generator)
    layers.visitParameters { name, parameter in net.begin(name, &parameter, seed: seed) }
    // The images, then their neighbours, in one batch: both see the same statistics.
    let first = data.batch(first: images).inputs
    var noise = Tensor(zeros: first.shape)
    noise.fillNormal(standardDeviation: 1, using: &generator)
    let size = first.shape.count / images
    let far = (0..<images).flatMap { image in
      let row = image * size..<(image + 1) * size
      let scale = distance * length(first.elements[row]) / length(noise.elements[row])
      return row.map { first.elements[$0] + Float(scale) * noise.elements[$0] }
    }
    let batch = Tensor(
      Shape([2 * images] + first.shape.dimensions.dropFirst()), first.elements + far)
    let outputs = layers.forward(batch, mode: .training)
    var weights = Tensor(zeros: [10])
    weights.fillNormal(standardDeviation: 1, using: &generator)
    let gradient = Tensor(
      outputs.shape, outputs.elements.indices.map { weights.elements[$0 % 10] })
    let back = layers.backward(gradient, input: batch, output: outputs)
    let rows = (0..<2 * images).map { back.elements[$0 * size..<($0 + 1) * size] }
    func mean(_ shift: Int) -> Double {
      let others = (0..<images).map { rows[images + ($0 + shift) % images] }
      return Summary(zip(rows, others).map { cosine($0, $1) }).mean
    }
    return (mean(0), mean(1))
  }

  private static func length(_ values: ArraySlice<Float>) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  /// a·b/(‖a‖ ‖b‖); 0 where one of them is 0.
  private static func cosine(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
    let product = zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    let lengths = length(a) * length(b)
    return lengths > 0 ? product / lengths : 0
  }
}
