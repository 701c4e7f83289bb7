// Three ways to compute the same convolution, and how long they take on this machine.

import Foundation
import Workbook

/// One convolution to time.
struct TimedCase: Sendable {
  var name: String
  var samples: Int
  var channels: Int
  var filters: Int
  var side: Int
  var window: Window

  static let all = [
    TimedCase(name: "LeNet conv1, 8 images", samples: 8, channels: 1, filters: 6, side: 32, window: Window(kernel: 5)),
    TimedCase(name: "LeNet conv2, 8 images", samples: 8, channels: 6, filters: 16, side: 14, window: Window(kernel: 5)),
    TimedCase(
      name: "64 → 64, 3×3, 28×28", samples: 1, channels: 64, filters: 64, side: 28,
      window: Window(kernel: 3, padding: 1)),
  ]

  var geometry: ConvolutionGeometry? {
    ConvolutionGeometry(channels: channels, filters: filters, image: Extent(side), window: window)
  }
}

/// What came out: milliseconds (they differ from run to run) and how far the results are apart (they do not).
struct TimedResult: Codable, Sendable {
  var name: String
  var multiplyAdds: Int
  var naive: Double
  var im2col: Double
  var fast: Double
  /// The numbers of the matrix of columns for each pixel of the image.
  var copies: Double
  /// The largest difference between any two of the three results, over the largest value.
  var disagreement: Double
}

/// Runs one convolution three ways; the fastest of `repeats` runs each.
func timed(_ item: TimedCase, repeats: Int, seed: UInt64) -> TimedResult? {
  guard let g = item.geometry else { return nil }
  var generator = SeededGenerator(seed: seed, stream: 3)
  var x = Tensor(zeros: [item.samples, item.channels, item.side, item.side])
  x.fillNormal(standardDeviation: 1, using: &generator)
  var w = Tensor(zeros: g.weightShape)
  w.fillNormal(standardDeviation: 0.1, using: &generator)
  var convolution = Convolution(g)
  var fastOutput = Tensor.empty
  var (naiveOutput, columnOutput) = (Tensor.empty, Tensor.empty)
  let naive = milliseconds(repeats) { naiveOutput = Kernels.naiveConvolution(x, weight: w, bias: nil, geometry: g) }
  let columns = milliseconds(5 * repeats) {
    columnOutput = Kernels.im2colConvolution(x, weight: w, bias: nil, geometry: g)
  }
  let fast = milliseconds(10 * repeats) { convolution.forward(x, weight: w, bias: nil, into: &fastOutput) }
  var (worst, largest) = (Float(0), Float(0))
  for (a, (b, c)) in zip(naiveOutput.elements, zip(columnOutput.elements, fastOutput.elements)) {
    worst = max(worst, abs(a - b), abs(a - c))
    largest = max(largest, abs(a))
  }
  return TimedResult(
    name: item.name, multiplyAdds: item.samples * g.multiplyAdds, naive: naive, im2col: columns, fast: fast,
    copies: Double(g.taps * g.output.area) / Double(item.channels * item.side * item.side),
    disagreement: Double(worst / max(largest, 1e-30)))
}

/// The time of the fastest of several runs.
private func milliseconds(_ runs: Int, _ work: () -> Void) -> Double {
  var best = Double.infinity
  for _ in 0..<runs {
    let start = DispatchTime.now().uptimeNanoseconds
    work()
    best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-6)
  }
  return best
}
