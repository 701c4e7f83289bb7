// What a convolution's unit sees: k²·C numbers, counted by their variance.

import Foundation
import Workbook

/// A convolution by its kernel's side and its input channels.
struct Kernel: Sendable, Hashable {
  var side: Int
  var channels: Int
  /// k²·C.
  var fanIn: Int { side * side * channels }
}

// snippet: measuredFanIn
/// Returns Var(z)/(E[x²]·Var(w)) of a convolution without border:
/// the number of products that a unit adds up.
func measuredFanIn(_ kernel: Kernel, seed: UInt64) -> Double {
  let stream = UInt64(kernel.side * 1000 + kernel.channels)
  var generator = SeededGenerator(seed: seed, stream: stream)
  var images = Tensor(zeros: [4, kernel.channels, 20, 20])
  images.fillNormal(standardDeviation: 1, using: &generator)
  var conv = Conv2D(
    kernel.channels, 64, kernel: Extent(kernel.side), bias: false,
    initializer: .normal(standardDeviation: 0.1))
  conv.initialize(using: &generator)
  let sums = conv.forward(images)  // [4, 64, 21 − k, 21 − k]
  let (mean, deviation) = moments(images.elements)
  let square = deviation * deviation + mean * mean  // E[x²]
  return pow(moments(sums.elements).deviation, 2) / (square * 0.01)
}
// snippet.end

/// Which fan-in is put into He's rule.
enum ConvStart: String, Sendable, CaseIterable {
  case right = "2/(k²·Cin)"
  case withoutKernel = "2/Cin"
  case withoutChannels = "2/k²"

  func initializer(side: Int, channels: Int) -> Initializer {
    let fan: Int =
      switch self {
      case .right: side * side * channels
      case .withoutKernel: channels
      case .withoutChannels: side * side
      }
    return .normal(standardDeviation: (2 / Float(fan)).squareRoot())
  }
}

/// Returns √E[x²] of the activations after each of `depth` convolutions of 3×3 with ReLUs, images [16, 24, 24].
func convolutionalSpread(_ start: ConvStart, depth: Int, channels: Int = 16, seed: UInt64)
  -> [Double]
{
  var generator = SeededGenerator(seed: seed, stream: 0xFA)
  var x = Tensor(zeros: [4, channels, 24, 24])
  x.fillNormal(standardDeviation: 1, using: &generator)
  return (0..<depth).map { _ in
    var conv = Conv2D(
      channels, channels, kernel: 3, padding: 1, bias: false,
      initializer: start.initializer(side: 3, channels: channels))
    conv.initialize(using: &generator)
    var relu = ReLU()
    x = relu.forward(conv.forward(x))
    let (mean, deviation) = moments(x.elements)
    return (mean * mean + deviation * deviation).squareRoot()
  }
}
