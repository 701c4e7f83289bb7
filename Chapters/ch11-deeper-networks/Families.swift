// AlexNet, VGG and ResNet: built from their tables, counted, and run on one image.

import Foundation
import Workbook

/// One network of the gallery: how to build it, and what is published of it.
struct Family: Sendable {
  var name: String
  /// The short table it is built from.
  var table: String
  /// Layers with weights on the way through.
  var depth: Int
  var input: Shape
  /// The parameters that torchvision gives; for S3's table, which gives none, those that follow from it.
  var publishedParameters: Int
  /// Whether a forward pass takes too much memory and time for a default run.
  var isHeavy: Bool
  var layers: @Sendable () -> Sequential

  static let all: [Family] = [
    Family(
      name: "AlexNet (S3)", table: "96-256-384-384-256", depth: 8, input: [3, 227, 227],
      publishedParameters: 62_378_344, isHeavy: true, layers: { AlexNet.lecture() }),
    Family(
      name: "AlexNet", table: "64-192-384-256-256", depth: 8, input: AlexNet.inputShape,
      publishedParameters: 61_100_840, isHeavy: true, layers: { AlexNet().layers }),
    vgg("VGG-11", [1, 1, 2, 2, 2], .vgg11, 132_863_336),
    vgg("VGG-13", [2, 2, 2, 2, 2], .vgg13, 133_047_848),
    vgg("VGG-16", [2, 2, 3, 3, 3], .vgg16, 138_357_544),
    vgg("VGG-19", [2, 2, 4, 4, 4], .vgg19, 143_667_240),
    resnet("ResNet-18", .resnet18, 11_689_512),
    resnet("ResNet-34", .resnet34, 21_797_672),
    resnet("ResNet-50", .resnet50, 25_557_032),
    resnet("ResNet-101", .resnet101, 44_549_160),
    resnet("ResNet-152", .resnet152, 60_192_808),
  ]

  private static func vgg(_ name: String, _ stages: [Int], _ net: VGG, _ published: Int) -> Family {
    Family(
      name: name, table: stages.map(String.init).joined(separator: "-"), depth: stages.reduce(3, +),
      input: VGG.inputShape, publishedParameters: published, isHeavy: true, layers: { net.layers })
  }

  private static func resnet(_ name: String, _ net: ResNet, _ published: Int) -> Family {
    Family(
      name: name, table: net.blocks.map(String.init).joined(separator: "-"),
      depth: net.blocks.reduce(0, +) * (net.block == .basic ? 2 : 3) + 2, input: ResNet.inputShape,
      publishedParameters: published, isHeavy: net.blocks.reduce(0, +) > 16, layers: { net.layers })
  }
}

/// A family as built and counted, and perhaps run.
struct FamilyCount: Codable, Sendable {
  var name: String
  /// The short table it is built from.
  var table: String
  var depth: Int
  var publishedParameters: Int?
  var parameters: Int
  var multiplyAdds: Int
  /// The side of the receptive field behind the last convolution or pooling before the dense layers.
  var stages: [StageRow]
  /// Seconds of one forward pass on one image: a time, not a result.
  var seconds: Double?
}

extension FamilyCount {
  /// Builds a network, counts it, and runs it on one image of random numbers where `runs` says so.
  init(_ family: Family, runs: Bool, seed: UInt64) throws {
    (name, table, depth) = (family.name, family.table, family.depth)
    publishedParameters = family.publishedParameters
    let layers = family.layers()
    parameters = layers.parameterCount
    multiplyAdds = layers.multiplyAdds(for: family.input)
    stages = try stageRows(layers, input: family.input)
    guard runs else { return }
    var model = try Model(family.layers(), input: family.input, seed: seed)
    var generator = SeededGenerator(seed: seed, stream: 13)
    var image = Tensor(zeros: family.input.batched(1))
    image.fillNormal(standardDeviation: 1, using: &generator)
    var output = Tensor.empty
    var pass = Pass(.inference)
    // The first pass allocates; the second is timed.
    model.forward(image, into: &output, in: &pass)
    let start = DispatchTime.now().uptimeNanoseconds
    model.forward(image, into: &output, in: &pass)
    seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
  }
}

/// A stretch of layers between two changes of the image's size.
struct StageRow: Codable, Equatable, Sendable {
  var name: String
  var layers: String
  /// The shape of what comes out, for one image.
  var output: [Int]
  var parameters: Int
  var multiplyAdds: Int
}

/// The layers of a network with nested sequences opened, but residual blocks whole.
func flattened(_ layers: Sequential, prefix: String = "") -> [(name: String, layer: any Layer)] {
  layers.entries.flatMap { entry -> [(name: String, layer: any Layer)] in
    let name = prefix.isEmpty ? entry.name : prefix + "." + entry.name
    if let inner = entry.layer as? Sequential { return flattened(inner, prefix: name) }
    return [(name, entry.layer)]
  }
}

/// One row for each run of weighted layers with outputs of the same size.
///
/// - Throws: `ShapeError` where a layer cannot take what it is given.
func stageRows(_ layers: Sequential, input: Shape) throws(ShapeError) -> [StageRow] {
  var (shape, rows) = (input, [StageRow]())
  var kinds: [[String]] = []
  for (name, layer) in flattened(layers) {
    let output = try layer.outputShape(for: shape)
    let parameters = layer.parameterCount
    let work = layer.multiplyAdds(for: shape)
    let isWindow = layer is MaxPool || layer is GlobalAveragePool || layer is AdaptiveAveragePool
    if work > 0 || (isWindow && output != shape) {
      let kind = shortKind(layer, input: shape)
      if work > 0, let last = rows.last, last.multiplyAdds > 0, last.output == output.dimensions {
        rows[rows.count - 1].parameters += parameters
        rows[rows.count - 1].multiplyAdds += work
        kinds[kinds.count - 1].append(kind)
      } else {
        rows.append(
          StageRow(name: name, layers: "", output: output.dimensions, parameters: parameters, multiplyAdds: work))
        kinds.append([kind])
      }
    } else if parameters > 0, !rows.isEmpty {
      rows[rows.count - 1].parameters += parameters  // Batch normalization belongs to the layer before it.
    }
    shape = output
  }
  for index in rows.indices { rows[index].layers = runs(of: kinds[index]) }
  return rows
}

/// `3×3, 64 → 128`, `bottleneck 256 → 64 → 256`.
private func shortKind(_ layer: any Layer, input: Shape) -> String {
  switch layer {
  case let layer as Conv2D: return "conv \(layer.window.kernel), \(layer.outputs)"
  case let layer as Dense: return "dense \(layer.outputs)"
  case let layer as MaxPool: return "max \(layer.window.kernel)"
  case is GlobalAveragePool: return "mean of all pixels"
  case let layer as AdaptiveAveragePool: return "mean to \(layer.size)"
  case let layer as ResidualBlock:
    let convolutions = layer.residual.entries.compactMap { $0.layer as? Conv2D }
    let widths = convolutions.map { "\($0.window.kernel), \($0.outputs)" }
    return "[" + widths.joined(separator: "; ") + "]"
  default: return layer.kind
  }
}

/// `2 × conv 3×3, 64`: neighbours that are alike counted.
private func runs(of kinds: [String]) -> String {
  var result: [(kind: String, count: Int)] = []
  for kind in kinds {
    if result.last?.kind == kind {
      result[result.count - 1].count += 1
    } else {
      result.append((kind, 1))
    }
  }
  return result.map { $0.count > 1 ? "\($0.count) × \($0.kind)" : $0.kind }.joined(separator: ", ")
}

/// The weights of two 3×3 convolutions on `channels` channels, and of a bottleneck on
/// four times as many: 1×1 down, 3×3, 1×1 up.
func blockCosts(channels: Int) -> (standard: Int, bottleneck: [Int]) {
  let wide = 4 * channels
  return (
    channels * channels * 3 * 3 * 2,
    [wide * channels, channels * channels * 3 * 3, channels * wide]
  )
}

/// The weights of the convolutions of a block as built.
func builtWeights(_ block: ResidualBlock) -> [Int] {
  block.residual.entries.compactMap { ($0.layer as? Conv2D)?.weight.value.count }
}
