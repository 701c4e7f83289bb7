// The kernels of LeNet-5 and of a VGG layer, naive against fast in one run.

import Tensors

/// A tensor of random numbers.
private func random(_ shape: Shape, _ stream: UInt64) -> Tensor {
  var generator = SeededGenerator(seed: 1, stream: stream)
  return Tensor(shape, (0..<shape.count).map { _ in generator.nextNormal() })
}

/// Times matrix products, convolutions and max pooling.
func benchmarkKernels(runs: Int) {
  var rows: [[String]] = []
  func row(_ name: String, work: Double?, _ naive: @escaping () -> Void, _ fast: @escaping () -> Void, repeats: Int) {
    let times = measure(runs: runs, [naive, { for _ in 0..<repeats { fast() } }])
    let (slow, quick) = (times[0].median, times[1].median / Double(repeats))
    rows.append([
      name, duration(slow), duration(quick), String(Int((slow / quick).rounded())) + " ×",
      work.map { String(Int(2 * $0 / quick / 1e9)) + " GFLOP/s" } ?? "",
    ])
  }

  let (a, b) = (random([256, 256], 1), random([256, 256], 2))
  row(
    "matrix product 256³", work: 256 * 256 * 256, { _ = Kernels.naiveMatrixMultiply(a, b) },
    { _ = Kernels.matrixMultiply(a, b) }, repeats: 20)

  for (name, samples, channels, filters, size, window) in [
    ("LeNet C1, batch 32", 32, 1, 6, 32, Window(kernel: 5)), ("LeNet C3, batch 32", 32, 6, 16, 14, Window(kernel: 5)),
    ("VGG conv3, one image", 1, 128, 128, 28, Window(kernel: 3, padding: 1)),
  ] {
    guard
      let g = ConvolutionGeometry(channels: channels, filters: filters, image: Extent(size), window: window)
    else { continue }
    let (x, w) = (random([samples, channels, size, size], 3), random(g.weightShape, 4))
    let dy = random([samples, filters, g.output.height, g.output.width], 5)
    let work = Double(samples * g.multiplyAdds)
    var convolution = Convolution(g)
    var (y, dx, dw, db) = (Tensor.empty, Tensor(zeros: x.shape), Tensor(zeros: w.shape), Tensor(zeros: [filters]))
    row(
      name + ", forward", work: work, { _ = Kernels.naiveConvolution(x, weight: w, bias: nil, geometry: g) },
      { convolution.forward(x, weight: w, bias: nil, into: &y) }, repeats: 20)
    row(
      name + ", both gradients", work: 2 * work,
      { _ = Kernels.naiveConvolutionGradients(dy, input: x, weight: w, geometry: g) },
      {
        convolution.weightGradient(dy, input: x, into: &dw, bias: &db)
        convolution.inputGradient(dy, weight: w, into: &dx)
      }, repeats: 20)
  }
  guard let tiles = PoolingGeometry(image: 28, window: Window(kernel: 2, stride: 2)) else { return }
  let x = random([32, 6, 28, 28], 6), dy = random([32, 6, 14, 14], 7)
  var (y, dx) = (Tensor.empty, Tensor(zeros: x.shape))
  row(
    "LeNet S2 as max pooling, batch 32", work: nil, { Kernels.naiveMaxPool(x, geometry: tiles, into: &y) },
    { Kernels.maxPool(x, geometry: tiles, into: &y) }, repeats: 20)
  row(
    "LeNet S2 as max pooling, gradient", work: nil,
    { Kernels.naiveMaxPoolGradient(dy, input: x, geometry: tiles, into: &dx) },
    { Kernels.maxPoolGradient(dy, input: x, geometry: tiles, into: &dx) }, repeats: 20)
  printTable(
    "Kernels, medians of \(runs) runs on \(Parallel.threadCount) threads",
    ["kernel", "naive", "fast", "ratio", "fast"],
    rows)
}
