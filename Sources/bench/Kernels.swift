// The kernels of LeNet-5 and of a VGG layer: naive and fast versions, measured alternately.

import Basics
import Tensors

/// The times of one kernel.
struct KernelFigure: Codable {
  var name: String
  var naive: Timing
  var fast: Timing
  /// The number of operations in one call, with a multiply-add counted as two; nil for a kernel without multiply-adds.
  var flops: Double?
  /// The speed relative to the machine's limit.
  var share: Double?
}

/// The two versions of a kernel, ready to be timed.
private struct KernelWork {
  var name: String
  var flops: Double?
  var naive: () -> Void
  var fast: () -> Void
}

/// Times matrix products, convolutions and max pooling.
func benchmarkKernels(in context: BenchmarkContext, _ add: (KernelFigure) -> Void) throws {
  let table = Table(
    "Kernels, medians of \(context.runs) on \(threadsInUse())",
    [("kernel", -38), ("naive", 10), ("fast", 10), ("ratio", 8), ("GFLOP/s", 8), ("of limit", 9)], to: context.output)
  for work in [matrixProduct()] + convolutions() + pooling() {
    context.output.progress("kernels: " + work.name)
    let times = try measure(runs: context.runs, [work.naive, work.fast])
    let figure = KernelFigure(
      name: work.name, naive: times[0], fast: times[1], flops: work.flops,
      share: work.flops.map { $0 / times[1].median / context.limit.flops })
    add(figure)
    table.row([
      figure.name, duration(figure.naive.median), duration(figure.fast.median),
      fixedOrDash(figure.naive.median / figure.fast.median, 0) + " ×",
      figure.flops.map { billions($0 / figure.fast.median) } ?? "–", figure.share.map { percent($0) } ?? "–",
    ])
  }
}

private func matrixProduct() -> KernelWork {
  let (a, b) = (random([256, 256], 1), random([256, 256], 2))
  return KernelWork(
    name: "matrix product 256³", flops: 2 * 256 * 256 * 256, naive: { _ = Kernels.naiveMatrixMultiply(a, b) },
    fast: { _ = Kernels.matrixMultiply(a, b) })
}

private func convolutions() -> [KernelWork] {
  [
    ("LeNet C1, batch 32", 32, 1, 6, 32, Window(kernel: 5)), ("LeNet C3, batch 32", 32, 6, 16, 14, Window(kernel: 5)),
    ("VGG conv3, one image", 1, 128, 128, 28, Window(kernel: 3, padding: 1)),
  ].flatMap { name, samples, channels, filters, size, window -> [KernelWork] in
    guard let g = ConvolutionGeometry(channels: channels, filters: filters, image: Extent(size), window: window)
    else { return [] }
    let (x, w) = (random([samples, channels, size, size], 3), random(g.weightShape, 4))
    let dy = random([samples, filters, g.output.height, g.output.width], 5)
    let flops = 2 * Double(samples * g.multiplyAdds)
    var convolution = Convolution(g)
    var (y, dx, dw, db) = (Tensor.empty, Tensor(x.shape), Tensor(w.shape), Tensor([filters]))
    return [
      KernelWork(
        name: name + ", forward", flops: flops,
        naive: { _ = Kernels.naiveConvolution(x, weight: w, bias: nil, geometry: g) },
        fast: { convolution.forward(x, weight: w, bias: nil, into: &y) }),
      KernelWork(
        name: name + ", both gradients", flops: 2 * flops,
        naive: { _ = Kernels.naiveConvolutionGradients(dy, input: x, weight: w, geometry: g) },
        fast: {
          convolution.weightGradient(dy, input: x, into: &dw, bias: &db)
          convolution.inputGradient(dy, weight: w, into: &dx)
        }),
    ]
  }
}

private func pooling() -> [KernelWork] {
  guard let tiles = PoolingGeometry(image: 28, window: Window(kernel: 2, stride: 2)),
    let overlapping = PoolingGeometry(image: 112, window: Window(kernel: 3, stride: 2, padding: 1))
  else { return [] }
  let x = random([32, 6, 28, 28], 6), dy = random([32, 6, 14, 14], 7), large = random([1, 64, 112, 112], 8)
  var (y, dx) = (Tensor.empty, Tensor(x.shape))
  return [
    KernelWork(
      name: "LeNet S2 as max pooling, batch 32", naive: { Kernels.naiveMaxPool(x, geometry: tiles, into: &y) },
      fast: { Kernels.maxPool(x, geometry: tiles, into: &y) }),
    KernelWork(
      name: "LeNet S2 as max pooling, gradient",
      naive: { Kernels.naiveMaxPoolGradient(dy, input: x, geometry: tiles, into: &dx) },
      fast: { Kernels.maxPoolGradient(dy, input: x, geometry: tiles, into: &dx) }),
    KernelWork(
      name: "ResNet max pooling 3×3, stride 2",
      naive: { Kernels.naiveMaxPool(large, geometry: overlapping, into: &y) },
      fast: { Kernels.maxPool(large, geometry: overlapping, into: &y) }),
  ]
}

/// A tensor of random numbers.
func random(_ shape: Shape, _ stream: UInt64) -> Tensor {
  var generator = SeededGenerator(seed: 1, stream: stream)
  return Tensor(shape, (0..<shape.count).map { _ in generator.nextNormal() })
}

/// `1.65 s`, `203.1 µs`.
func duration(_ seconds: Double) -> String { readableDuration(seconds: seconds, .measured) }
