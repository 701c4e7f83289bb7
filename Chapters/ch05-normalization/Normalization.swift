// The four normalizations, side by side: what each averages over, and how to ask for one.

import Foundation
import Workbook

/// The four normalizations, and none.
enum Normalization: String, CaseIterable, Codable, Sendable {
  case none, batch, layer, instance, group

  /// The four without `none`.
  static let four: [Normalization] = [.batch, .layer, .instance, .group]

  var name: String { self == .none ? "none" : rawValue + " norm" }
  /// Its colour in all figures.
  var color: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// The layer for samples of `shape`, [C, H, W] or [features]; nil for `none`.
  func makeLayer(_ shape: Shape, groups: Int = 4) -> (any Layer)? {
    switch self {
    case .none: nil
    case .batch: BatchNorm(shape[0])
    case .layer: LayerNorm(shape)
    case .instance: InstanceNorm(shape[0])
    case .group: GroupNorm(shape[0], groups: groups)
    }
  }

  /// The cube of samples × channels × positions with the values that share their statistics with the first.
  var cube: NormalizationCube {
    switch self {
    case .none: NormalizationCube(name) { n, c, p in n == 0 && c == 0 && p == 0 }
    case .batch: NormalizationCube(name) { _, c, _ in c == 0 }
    case .layer: NormalizationCube(name) { n, _, _ in n == 0 }
    case .instance: NormalizationCube(name) { n, c, _ in n == 0 && c == 0 }
    case .group: NormalizationCube(name) { n, c, _ in n == 0 && c < 3 }
    }
  }
}

/// One way of cutting a batch into pieces that are averaged.
enum Slice: String, CaseIterable, Sendable {
  case channel = "channel"
  case sample = "sample"
  case sampleAndChannel = "sample × channel"
  case sampleAndGroup = "sample × group"

  /// Which piece the value (n, c) belongs to.
  func index(n: Int, c: Int, channels: Int, groups: Int) -> Int {
    switch self {
    case .channel: c
    case .sample: n
    case .sampleAndChannel: n * channels + c
    case .sampleAndGroup: n * groups + c * groups / channels
    }
  }
}

/// What a normalization leaves of the means along every cut.
struct AxisCensus: Codable, Sendable {
  var normalization: Normalization
  /// The largest |mean| over the pieces of each cut of `Slice.allCases`.
  var largestMeans: [Double]
  /// How many means the layer takes, and over how many values each.
  var statistics: Int
  var valuesEach: Int
}

/// Normalizes a batch whose samples and channels all have means of their own, and looks along every cut for what is left.
///
/// - Parameter shape: [N, C, H, W]; `groups` divides C.
func axisCensus(shape: Shape = [4, 6, 5, 5], groups: Int = 2, seed: UInt64) -> [AxisCensus] {
  var generator = SeededGenerator(seed: seed, stream: 51)
  let (samples, channels, positions) = (shape[0], shape[1], shape[2] * shape[3])
  var x = Tensor(zeros: shape)
  x.fillNormal(standardDeviation: 1, using: &generator)
  let ofSample = (0..<samples).map { _ in 2 * generator.nextNormal() }
  let ofChannel = (0..<channels).map { _ in 2 * generator.nextNormal() }
  x.withUnsafeMutableElements { x in
    for i in x.indices { x[i] += ofSample[i / (channels * positions)] + ofChannel[i / positions % channels] }
  }
  return Normalization.four.map { normalization in
    guard var layer = normalization.makeLayer(shape.withoutBatch, groups: groups) else {
      return AxisCensus(normalization: normalization, largestMeans: [], statistics: 0, valuesEach: 0)
    }
    let y = layer.forward(x, mode: .training)
    let largest = Slice.allCases.map { slice in
      var sums: [Int: (sum: Double, count: Int)] = [:]
      for (i, value) in y.elements.enumerated() {
        let piece = slice.index(
          n: i / (channels * positions), c: i / positions % channels, channels: channels, groups: groups)
        sums[piece, default: (0, 0)].sum += Double(value)
        sums[piece, default: (0, 0)].count += 1
      }
      return sums.values.map { abs($0.sum / Double($0.count)) }.max() ?? 0
    }
    let count: Int =
      switch normalization {
      case .none: 0
      case .batch: channels
      case .layer: samples
      case .instance: samples * channels
      case .group: samples * groups
      }
    return AxisCensus(
      normalization: normalization, largestMeans: largest, statistics: count, valuesEach: x.count / max(1, count))
  }
}
