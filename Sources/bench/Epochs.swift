// Epochs of the three LeNets, beside PyTorch in turn.

import Basics
import Datasets
import NeuralNetworks
import Tensors

/// The epochs of one network.
struct EpochFigure: Codable {
  var network: String
  var images: Int
  var times: Comparison
  /// How many times faster than PyTorch.
  var ratio: Double?
  /// Operations of one epoch, a multiply-add counted as two: products of the passes forward and back.
  var flops: Double
  /// The share of the machine's limit.
  var share: Double
  /// The largest memory of this program so far, in megabytes.
  var megabytes: Int
}

/// Times whole epochs of training in batches of 32, loading included, evaluation not.
func benchmarkEpochs(on data: Dataset, in around: Surroundings, _ add: (EpochFigure) -> Void) throws -> String? {
  let peer = around.pytorch("lenet_epoch.py")
  defer { peer?.end() }
  let table = Table(
    "Epochs of \(grouped(data.count)) images (\(data.name)), batch 32, medians of \(around.runs), "
      + "\(threadsInUse())",
    [
      ("network", -10), ("here", 9), ("fastest", 9), ("slowest", 9), ("PyTorch", 9), ("ratio", 6), ("GFLOP/s", 8),
      ("of limit", 8), ("MB", 5),
    ], to: around.output)
  let few = data.prefix(320)
  for (name, title, net) in leNets {
    around.output.progress("epochs: \(title)")
    var training = try LeNetTraining(net)
    // A few images first: memory is allocated, threads are awake.
    training.epoch(on: few)
    _ = try peer?.ask("\(name) \(few.count)")
    let times = try Comparison(
      runs: around.runs, here: { seconds { training.epoch(on: data) } },
      pytorch: peer.map { peer in { try peer.ask("\(name) \(data.count)")[0] } })
    let flops = 2 * Double(data.count * training.multiplyAdds), speed = flops / times.here.median
    let figure = EpochFigure(
      network: title, images: data.count, times: times, ratio: times.ratio, flops: flops,
      share: speed / around.limit.flops, megabytes: peakMemory())
    add(figure)
    table.row([
      title, duration(times.here.median), duration(times.here.fastest), duration(times.here.slowest),
      times.pytorch.map { duration($0.median) } ?? "–", fixedOrDash(figure.ratio, 2), billions(speed),
      percent(figure.share), "\(figure.megabytes)",
    ])
  }
  return peer?.version
}

/// A network in training.
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

  /// Multiply-adds for one image: forward, and two gradients for each layer but the first, which has one.
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
