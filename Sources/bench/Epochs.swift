// Epochs of the three LeNets, measured alternately with PyTorch.

import Basics
import Datasets
import NeuralNetworks
import Tensors

/// The epoch times of one network.
struct EpochFigure: Codable {
  var network: String
  var images: Int
  var times: Comparison
  /// The speed relative to PyTorch.
  var ratio: Double?
  /// The number of operations in one epoch, with a multiply-add counted as two: the products of the forward and
  /// backward passes.
  var flops: Double
  /// The speed relative to the machine's limit.
  var share: Double
  /// The peak memory of this program so far, in megabytes.
  var megabytes: Int
}

/// Times whole epochs of training in batches of 32, including loading but not evaluation.
func benchmarkEpochs(on data: Dataset, in context: BenchmarkContext, _ add: (EpochFigure) -> Void) throws -> String? {
  let peer = context.pytorch("lenet_epoch.py")
  defer { peer?.end() }
  let table = Table(
    "Epochs of \(grouped(data.count)) images (\(data.name)), batch 32, medians of \(context.runs), "
      + "\(threadsInUse())",
    [
      ("network", -10), ("here", 9), ("fastest", 9), ("slowest", 9), ("PyTorch", 9), ("ratio", 6), ("GFLOP/s", 8),
      ("of limit", 8), ("MB", 5),
    ], to: context.output)
  let few = data.prefix(320)
  for (name, title, net) in leNets {
    context.output.progress("epochs: \(title)")
    var training = try LeNetTraining(net)
    // A few images for warm-up: this allocates memory and wakes the threads.
    training.epoch(on: few)
    _ = try peer?.ask("\(name) \(few.count)")
    let times = try Comparison(
      runs: context.runs, here: { seconds { training.epoch(on: data) } },
      pytorch: peer.map { peer in { try peer.ask("\(name) \(data.count)")[0] } })
    let flops = 2 * Double(data.count * training.multiplyAdds), speed = flops / times.here.median
    let figure = EpochFigure(
      network: title, images: data.count, times: times, ratio: times.ratio, flops: flops,
      share: speed / context.limit.flops, megabytes: peakMemory())
    add(figure)
    table.row([
      title, duration(times.here.median), duration(times.here.fastest), duration(times.here.slowest),
      times.pytorch.map { duration($0.median) } ?? "–", fixedOrDash(figure.ratio, 2), billions(speed),
      percent(figure.share), "\(figure.megabytes)",
    ])
  }
  return peer?.version
}

/// A network and its training loop.
private struct LeNetTraining {
  private var model: Model
  private let loss: any Loss
  private var optimizer = SGD()
  private var (batch, output, gradient, none) = (Batch(), Tensor.empty, Tensor.empty, Tensor.empty)
  private var pass = Pass(.training)
  private var order = SeededGenerator(seed: 1)

  init(_ net: LeNet5) throws {
    model = try Model(net.layers, input: LeNet5.inputShape, seed: 1)
    loss = net.loss
  }

  /// The multiply-adds for one image: forward, and two gradients for each layer except the first, which has one.
  var multiplyAdds: Int {
    let first = model.layers.entries[0].layer.multiplyAdds(for: LeNet5.inputShape)
    return 3 * model.multiplyAdds(for: LeNet5.inputShape) - first
  }

  mutating func epoch(on data: Dataset) {
    let indices = order.permutation(of: data.count)
    for first in stride(from: 0, to: indices.count, by: 32) {
      data.load(indices[first..<min(first + 32, indices.count)], into: &batch)
      model.forward(batch.inputs, into: &output, in: &pass)
      _ = loss.evaluate(output, .classes(batch.labels), gradient: &gradient)
      model.backward(gradient, input: batch.inputs, output: output, into: &none)
      optimizer.step(&model, learningRate: 0.02)
    }
  }
}
