// The time of each layer in a training step of LeNet-5, forward and backward, compared with the roofline.

import Basics
import NeuralNetworks
import Tensors

/// The three networks that the workbook trains.
let leNets = [
  (name: "lenet5", title: "LeNet-5", net: LeNet5.plain), ("lenet5plus", "LeNet-5+", .plus),
  ("lenet5plusplus", "LeNet-5++", .plusPlus),
]

/// The times of one layer in one direction, for a batch of 32.
struct LayerFigure: Codable {
  var network: String
  var layer: String
  /// Whether this is the backward pass.
  var isBackward: Bool
  var time: Timing
  /// The number of operations, with a multiply-add counted as two.
  var flops: Double
  /// The minimum number of bytes to read or write: every tensor once.
  var bytes: Double
  /// Whether arithmetic is the limit, rather than bandwidth.
  var isArithmetic: Bool
  /// The speed relative to the limit: the shortest possible time divided by the measured time.
  var share: Double
  /// The seconds above the shortest possible time.
  var lost: Double { time.median * (1 - share) }
}

/// Times every layer of the three variants, forward and backward.
func benchmarkLayers(in context: BenchmarkContext, _ add: (LayerFigure) -> Void) throws {
  for (_, title, net) in leNets {
    var figures: [LayerFigure] = []
    // The results so far are printed even after Ctrl-C.
    defer { printLayers(of: title, figures.sorted { $0.lost > $1.lost }, to: context.output) }
    try timeLayers(of: net, title, in: context) { figure in
      figures.append(figure)
      add(figure)
    }
  }
}

private func timeLayers(
  of net: LeNet5, _ title: String, in context: BenchmarkContext, _ add: (LayerFigure) -> Void
) throws {
  var layers = try Model(net.layers, input: LeNet5.inputShape, seed: 1).layers.entries
  var input = random(LeNet5.inputShape.batched(32), 1)
  var pass = Pass(.training)
  for index in layers.indices {
    let name = layers[index].name
    context.output.progress("layers: \(title), \(name)")
    var (output, gradient) = (Tensor.empty, index == 0 ? Tensor.empty : Tensor(input.shape))
    layers[index].layer.forward(input, into: &output, in: &pass)
    let upstream = random(output.shape, 2)
    let times = try measure(
      runs: context.runs,
      [
        { layers[index].layer.forward(input, into: &output, in: &pass) },
        { layers[index].layer.backward(upstream, input: input, output: output, into: &gradient) },
      ])
    var parameters = 0
    layers[index].layer.visitParameters { parameters += $1.value.count }
    let flops = 2 * Double(layers[index].layer.multiplyAdds(for: input.shape.withoutBatch) * input.shape[0])
    // Forward: input and weights are read, the output is written. Backward: the upstream gradient is read as well, and
    // one gradient is written for each. Element-wise functions need either their input or their output in the backward
    // pass, not both: one tensor of that size.
    let forward = 4 * Double(input.count + parameters + output.count)
    let backward = 4 * Double(upstream.count + input.count + gradient.count + 2 * parameters)
    for (isBackward, time, flops, bytes) in [
      (false, times[0], flops, forward), (true, times[1], flops * (index == 0 ? 1 : 2), backward),
    ] {
      add(
        LayerFigure(
          network: title, layer: name, isBackward: isBackward, time: time, flops: flops, bytes: bytes,
          isArithmetic: context.limit.isArithmetic(flops: flops, bytes: bytes),
          share: context.limit.leastTime(flops: flops, bytes: bytes) / time.median))
    }
    input = output
  }
}

/// Prints the roofline table, starting with the layer that loses the most time.
private func printLayers(of title: String, _ figures: [LayerFigure], to output: Output) {
  guard let runs = figures.first?.time.seconds.count else { return }
  let table = Table(
    "\(title): one step of 32 images, medians of \(runs) on \(threadsInUse()), most time lost first",
    [
      ("layer", -10), ("", -8), ("time", 10), ("of step", 8), ("GFLOP/s", 8), ("GB/s", 6), ("limited by", -12),
      ("of limit", 8), ("lost", 10),
    ], to: output)
  let step = figures.reduce(0) { $0 + $1.time.median }
  for figure in figures {
    table.row([
      figure.layer, figure.isBackward ? "backward" : "forward", duration(figure.time.median),
      percent(figure.time.median / step), figure.flops > 0 ? billions(figure.flops / figure.time.median) : "–",
      billions(figure.bytes / figure.time.median), figure.isArithmetic ? "arithmetic" : "bandwidth",
      percent(figure.share),
      duration(max(0, figure.lost)),
    ])
  }
  let flops = figures.reduce(0) { $0 + $1.flops }, lost = figures.reduce(0) { $0 + max(0, $1.lost) }
  table.row([
    "all", "", duration(step), percent(1), billions(flops / step), "", "", percent(1 - lost / step), duration(lost),
  ])
}
