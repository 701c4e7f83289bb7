// The gradient on its way down the trained nets themselves, block by block.

import Foundation
import Workbook

/// ‖∂L/∂x‖ at the input of every block of the deep nets, plain and residual, before training and after the first epoch.
struct GradientFlow: Codable, Sendable {
  /// Images whose mean loss is sent back.
  var images: Int
  var nets: [Net]

  struct Net: Codable, Sendable {
    var net: DeepNet
    var before: Stage
    /// nil in runs that do not train for it.
    var after: Stage?
  }

  /// One moment of a net.
  struct Stage: Codable, Sendable {
    /// [block]: log₁₀ of the norm at its input, over the seeds; the block next to the image first.
    var norms: [Summary]
    /// [block]: log₁₀ of the norm of ∂L/∂w of its two convolutions together.
    var weights: [Summary]

    /// By what one layer multiplies the norm on its way down: the norm at the first block over that at the last, to the power
    /// of 1/(layers between), seed by seed.
    var factor: Summary {
      guard let first = norms.first, let last = norms.last, norms.count > 1 else { return Summary([]) }
      return Summary((first - last).values.map { pow(10, $0 / Double(2 * (norms.count - 1))) })
    }

    /// The norm at the first block over that at the last: the geometric mean over the seeds.
    var span: Double {
      guard let first = norms.first, let last = norms.last else { return .nan }
      return pow(10, (first - last).mean)
    }
    /// The same with an interval: `94 (66 to 132)`.
    var text: String {
      guard let first = norms.first, let last = norms.last, first.count > 2 else { return short(span) }
      let (middle, half) = ((first - last).mean, (first - last).uncertainty)
      return "\(short(span)) (\(short(pow(10, middle - half))) to \(short(pow(10, middle + half))))"
    }
  }

  func net(residual: Bool) -> Net? { nets.first { $0.net.isResidual == residual } }
  func net(_ net: DeepNet?) -> Net? { nets.first { $0.net == net } }
}

extension GradientFlow {
  /// Measures nets of a course, before training and, where asked for, after its first epoch.
  init(_ nets: [DeepNet], _ course: Course, images: Int, trains: Bool) throws {
    self.images = images
    let batch = course.data.batch(first: images)
    self.nets = try nets.map { net in
      let found = try inParallel(course.seeds.count) { index in
        var trainer = try DeepRun.trainer(of: net, course, seed: course.seeds[index])
        let before = Self.norms(in: trainer.model, on: batch)
        guard trains else { return [before] }
        try trainer.trainResumably(on: course.data, epochs: 1)
        return [before, Self.norms(in: trainer.model, on: batch)]
      }
      func stage(_ place: Int) -> Stage {
        func summaries(_ list: (([Double], [Double])) -> [Double]) -> [Summary] {
          (0..<net.blocks).map { block in
            // Four decimals of a logarithm are more than a figure shows.
            Summary(found.map { list($0[place])[block] }).rounded(decimals: 4)
          }
        }
        return Stage(norms: summaries(\.0), weights: summaries(\.1))
      }
      return Net(net: net, before: stage(0), after: trains ? stage(1) : nil)
    }
  }

  /// log₁₀ of ‖∂L/∂x‖ at the input of every block, and of ‖∂L/∂w‖ of its convolutions.
  /// L is the mean cross-entropy of a batch, with the statistics of that batch.
  static func norms(in model: Model, on batch: Batch) -> ([Double], [Double]) {
    var x = batch.inputs
    var passed: [(layer: any Layer, input: Tensor, output: Tensor)] = []
    for entry in model.layers.entries {
      var layer = entry.layer
      let output = layer.forward(x, mode: .training)
      passed.append((layer, x, output))
      x = output
    }
    var gradient = Tensor.empty
    _ = SoftmaxCrossEntropy().evaluate(x, .classes(batch.labels), gradient: &gradient)
    var (inputs, weights) = ([Double](), [Double]())
    for place in passed.indices.reversed() {
      var (layer, input, output) = passed[place]
      gradient = layer.backward(gradient, input: input, output: output)
      guard model.layers.entries[place].name.hasPrefix("block") else { continue }
      var squares = 0.0
      layer.visitParameters { name, parameter in
        if name.contains("conv") { squares += pow(norm(parameter.gradient), 2) }
      }
      inputs.append(log10(norm(gradient)))
      weights.append(log10(squares) / 2)
    }
    return (inputs.reversed(), weights.reversed())
  }
}
