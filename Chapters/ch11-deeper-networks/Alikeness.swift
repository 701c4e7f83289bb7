// A deep net before training: how alike two images are to it, and how many changes of an image come through.

import Foundation
import Workbook

/// The mean cosine between two images: of the signals behind the last block, and of the gradients of their losses with respect to
/// all weights (after Balduzzi et al. 2017, *The shattered gradients problem*). 1: alike, 0: nothing in common.
struct Alikeness: Codable, Sendable {
  /// Every two of so many images are compared.
  var images: Int
  var nets: [Net]

  struct Net: Codable, Sendable {
    var net: DeepNet
    /// Over the seeds.
    var signals: Summary
    var gradients: Summary
    /// In how many directions a small change of what enters the blocks still shows behind them; nil in older records.
    var directions: Summary?
  }

  func net(_ net: DeepNet?) -> Net? { nets.first { $0.net == net } }
}

extension Alikeness {
  /// Looks at both depths, plain and residual, and at the deep nets that are changed.
  init(shallow: Int, deep: Int, _ course: Course, images: Int, report: (String) -> Void) throws {
    self.images = images
    let batch = course.data.batch(first: images)
    func net(_ residual: Bool, _ channels: Int = 8, _ start: DeepNet.Start? = nil) -> DeepNet {
      DeepNet(blocks: deep, isResidual: residual, channels: channels, start: start)
    }
    let few = [false, true].map { DeepNet(blocks: shallow, isResidual: $0) }
    let starts: [DeepNet.Start?] = [nil, .open, .identity, .rotation, .near]
    let wide = [nil, .open, .near].map { net(false, Controls.width, $0) } + [net(true, Controls.width)]
    nets = try (few + starts.map { net(false, 8, $0) } + [net(true)] + wide).map { net in
      report("\(net.name), \(net.channels) channels")
      let found = try inParallel(course.seeds.count) { index in
        Self.cosines(of: try DeepRun.trainer(of: net, course, seed: course.seeds[index]).model, batch)
      }
      return Net(
        net: net, signals: Summary(found.map(\.signals)).rounded(decimals: 4),
        gradients: Summary(found.map(\.gradients)).rounded(decimals: 4),
        directions: Summary(found.map(\.directions)).rounded(decimals: 2))
    }
  }

  /// Both means, with norms that keep the statistics of the whole batch, and the directions of the first two images.
  private static func cosines(
    of model: Model, _ batch: Batch
  ) -> (signals: Double, gradients: Double, directions: Double) {
    var model = model
    // The running statistics come to those of the batch within a thousandth.
    for _ in 0..<60 { _ = model.forward(batch.inputs, mode: .training) }
    let size = batch.inputs.count / batch.labels.count
    var (signals, gradients, directions) = ([[Float]](), [[Float]](), [Double]())
    for (image, label) in batch.labels.enumerated() {
      var x = Tensor(model.inputShape.batched(1), Array(batch.inputs.elements[image * size..<(image + 1) * size]))
      var passed: [(layer: any Layer, input: Tensor, output: Tensor)] = []
      for entry in model.layers.entries {
        if entry.name == "avgpool" { signals.append(Array(x.elements)) }
        var layer = entry.layer
        let output = layer.forward(x)
        passed.append((layer, x, output))
        x = output
      }
      if image < 2 { directions.append(Self.directions(passed)) }
      var gradient = Tensor.empty
      _ = SoftmaxCrossEntropy().evaluate(x, .classes([label]), gradient: &gradient)
      var slopes: [Float] = []
      for place in passed.indices.reversed() {
        var (layer, input, output) = passed[place]
        gradient = layer.backward(gradient, input: input, output: output)
        layer.visitParameters { _, parameter in slopes += parameter.gradient.elements }
      }
      gradients.append(slopes)
    }
    return (meanCosine(signals), meanCosine(gradients), Summary(directions).mean)
  }

  /// (Σσ²)²/Σσ⁴ of the singular values σ of the Jacobian of all blocks at one image: as many as there are numbers where all
  /// are equal, 1 where one is left.
  private static func directions(_ passed: [(layer: any Layer, input: Tensor, output: Tensor)]) -> Double {
    // The first four layers, the mean and the dense layer are no blocks.
    let blocks = passed[4..<passed.count - 3]
    guard let first = blocks.first?.input else { return .nan }
    let count = first.count
    func repeated(_ x: Tensor) -> Tensor {
      Tensor(first.shape.withoutBatch.batched(count), (0..<count).flatMap { _ in x.elements })
    }
    var jacobian = Tensor(
      first.shape.withoutBatch.batched(count), (0..<count * count).map { $0 / count == $0 % count ? 1 : 0 })
    for (layer, input, _) in blocks.reversed() {
      var layer = layer
      let x = repeated(input)
      jacobian = layer.backward(jacobian, input: x, output: layer.forward(x))
    }
    let rows = jacobian.reshaped(to: [count, count])
    let gram = Kernels.matrixMultiply(rows, rows.transposed).elements
    let trace = (0..<count).reduce(0) { $0 + Double(gram[$1 * count + $1]) }
    return trace * trace / gram.reduce(0) { $0 + Double($1) * Double($1) }
  }
}

/// The mean cosine of all pairs: the square of the sum of all directions counts each pair twice, and each with itself.
func meanCosine(_ vectors: [[Float]]) -> Double {
  var sum = [Double](repeating: 0, count: vectors.first?.count ?? 0)
  for vector in vectors {
    let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard length > 0 else { continue }
    for i in vector.indices { sum[i] += Double(vector[i]) / length }
  }
  let count = Double(vectors.count)
  return (sum.reduce(0) { $0 + $1 * $1 } - count) / (count * (count - 1))
}
