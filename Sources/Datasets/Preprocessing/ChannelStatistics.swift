// Preprocessing by channel: mean subtraction, as in VGG, and standardization, as in ResNet.

import Tensors

/// Subtracts the mean of each channel: x′[n, c, …] = x[n, c, …] − μ[c], with μ over all training samples and positions.
///
/// A mean image has H·W numbers for each channel; this has only one. It therefore applies to images of any size, and
/// contains no information about the usual positions of objects in the images.
///
/// Inputs are [N, C, …]; for points and other vectors [N, D], the channels are the D features.
///
/// - Source: Simonyan and Zisserman 2015, section 2.1.
public struct ChannelMean: Preprocessing, Hashable {
  /// The mean of each channel, [C].
  public let mean: [Float]

  public var name: String { "channel mean" }

  public static func fit(_ train: Tensor) -> ChannelMean {
    ChannelMean(mean: channelMoments(train, "ChannelMean").map { Float($0.mean) })
  }

  public func apply(to inputs: inout Tensor) {
    transformChannels(of: &inputs, subtracting: mean, scale: mean.map { _ in 1 }, name: "ChannelMean")
  }
}

/// Standardizes each channel to mean 0 and standard deviation 1: x′[n, c, …] = (x[n, c, …] − μ[c]) / σ[c].
///
/// μ and σ are computed over all training samples and positions; σ² = (1/(N·H·W)) Σ (x − μ)². A constant channel has
/// σ = 1 here, which avoids a division by zero; it becomes 0.
///
/// Inputs are [N, C, …]; for vectors [N, D], the channels are the D features.
///
/// - Source: LeCun, Bottou, Orr and Müller 1998, "Efficient BackProp", section 4.3; the form in which ImageNet's weights
///   for ResNet are published (He et al. 2016).
public struct ChannelStandardization: Preprocessing, Hashable {
  /// The mean of each channel, [C].
  public let mean: [Float]
  /// The standard deviation of each channel, [C], positive.
  public let standardDeviation: [Float]

  public var name: String { "channel mean and std" }

  public static func fit(_ train: Tensor) -> ChannelStandardization {
    let moments = channelMoments(train, "ChannelStandardization")
    return ChannelStandardization(
      mean: moments.map { Float($0.mean) },
      standardDeviation: moments.map { $0.variance > 0 ? Float($0.variance.squareRoot()) : 1 })
  }

  public func apply(to inputs: inout Tensor) {
    transformChannels(
      of: &inputs, subtracting: mean, scale: standardDeviation.map { 1 / $0 }, name: "ChannelStandardization")
  }
}

extension PixelTransform {
  /// The transform that standardizes each channel with the statistics of `train`.
  ///
  /// The sums are exact, because they are integer sums over bytes.
  ///
  /// - Parameters:
  ///   - train: the training set; at least one sample.
  ///   - padding: the width of the border, which is 0 after the shift.
  public static func standardizing(_ train: Dataset, padding: Int = 0) -> PixelTransform {
    demand(train.count > 0, "PixelTransform: standardizing needs at least 1 sample, got 0")
    let (channels, plane) = (train.imageShape[0], train.imageShape[1] * train.imageShape[2])
    var histograms = [[Int]](repeating: [Int](repeating: 0, count: 256), count: channels)
    train.pixels.withUnsafeBufferPointer { pixels in
      for channel in histograms.indices {
        histograms[channel].withUnsafeMutableBufferPointer { histogram in
          for start in stride(from: channel * plane, to: pixels.count, by: channels * plane) {
            for i in start..<start + plane { histogram[Int(pixels[i])] += 1 }
          }
        }
      }
    }
    let count = Double(train.count * plane)
    var (means, deviations): ([Float], [Float]) = ([], [])
    for histogram in histograms {
      let sum = histogram.indices.reduce(0) { $0 + $1 * histogram[$1] }
      let squares = histogram.indices.reduce(0) { $0 + $1 * $1 * histogram[$1] }
      let mean = Double(sum) / count
      let variance = max(0, Double(squares) / count - mean * mean)
      means.append(Float(mean / 255))
      deviations.append(variance > 0 ? Float(variance.squareRoot() / 255) : 1)
    }
    return PixelTransform(mean: means, standardDeviation: deviations, padding: padding, padsAfterShift: true)
  }
}

/// Mean and variance of each channel of [N, C, …], in two passes: this avoids cancellation in the variance.
private func channelMoments(_ train: Tensor, _ name: String) -> [(mean: Double, variance: Double)] {
  demandSamples(train, name)
  let channels = train.shape[1]
  let plane = train.shape.withoutBatch.count / channels
  let count = Double(train.shape[0] * plane)
  return train.withUnsafeElements { x in
    (0..<channels).map { channel in
      func sum(_ term: (Double) -> Double) -> Double {
        var total = 0.0
        for start in stride(from: channel * plane, to: x.count, by: channels * plane) {
          for i in start..<start + plane { total += term(Double(x[i])) }
        }
        return total
      }
      let mean = sum { $0 } / count
      return (mean, sum { ($0 - mean) * ($0 - mean) } / count)
    }
  }
}

/// x′ = (x − mean[c]) · scale[c] for every channel c of [N, C, …].
private func transformChannels(
  of inputs: inout Tensor, subtracting mean: [Float], scale: [Float], name: String
) {
  demand(
    inputs.shape.rank >= 2 && inputs.shape[1] == mean.count,
    "\(name): was fitted on \(mean.count) channels, receives \(inputs.shape)")
  let plane = max(1, inputs.shape.withoutBatch.count / mean.count)
  inputs.withUnsafeMutableElements { x in
    for start in stride(from: 0, to: x.count, by: plane) {
      let channel = start / plane % mean.count
      let (shift, factor) = (mean[channel], scale[channel])
      for i in start..<start + plane { x[i] = (x[i] - shift) * factor }
    }
  }
}
