// Residual networks, from a table of block counts.

import Tensors

/// The residual networks of torchvision: a 7×7 convolution, four stages of blocks, a global mean, one dense layer.
///
/// | name | block | blocks | parameters |
/// |---|---|---|---|
/// | ResNet-18 | basic | 2, 2, 2, 2 | 11,689,512 |
/// | ResNet-34 | basic | 3, 4, 6, 3 | 21,797,672 |
/// | ResNet-50 | bottleneck | 3, 4, 6, 3 | 25,557,032 |
/// | ResNet-101 | bottleneck | 3, 4, 23, 3 | 44,549,160 |
/// | ResNet-152 | bottleneck | 3, 8, 36, 3 | 60,192,808 |
///
/// Every stage after the first halves the image and doubles the channels.
/// - Source: He et al. 2016, arXiv:1512.03385, table 1.
public struct ResNet: Hashable, Sendable {
  /// The kind of block.
  public enum Block: String, CaseIterable, Sendable {
    /// Two 3×3 convolutions.
    case basic
    /// 1×1, 3×3, 1×1, with a quarter of the channels in the middle.
    case bottleneck
  }

  /// The kind of block in every stage.
  public var block: Block
  /// The number of blocks in each stage.
  public var blocks: [Int]
  /// The channels of the first stage, before a bottleneck's expansion.
  public var width: Int
  /// The number of outputs.
  public var classes: Int

  /// Creates a description.
  public init(_ block: Block, blocks: [Int], width: Int = 64, classes: Int = 1000) {
    demand(
      width > 0 && classes > 0 && !blocks.isEmpty && blocks.allSatisfy { $0 > 0 },
      "ResNet: sizes must be positive, got blocks \(blocks), width \(width), \(classes) classes")
    self.block = block
    self.blocks = blocks
    self.width = width
    self.classes = classes
  }

  /// ResNet-18.
  public static let resnet18 = ResNet(.basic, blocks: [2, 2, 2, 2])
  /// ResNet-34.
  public static let resnet34 = ResNet(.basic, blocks: [3, 4, 6, 3])
  /// ResNet-50.
  public static let resnet50 = ResNet(.bottleneck, blocks: [3, 4, 6, 3])
  /// ResNet-101.
  public static let resnet101 = ResNet(.bottleneck, blocks: [3, 4, 23, 3])
  /// ResNet-152.
  public static let resnet152 = ResNet(.bottleneck, blocks: [3, 8, 36, 3])

  /// The shape of one input; others of at least 32×32 work as well.
  public static let inputShape: Shape = [3, 224, 224]

  /// The network.
  public var layers: Sequential {
    var entries: [Sequential.Entry] = []
    func add(_ name: String, _ layer: any Layer) {
      entries.append(.init(name: name, layer: layer))
    }
    let he = Initializer.scaled(.fanOut, .normal, gain: Float(2).squareRoot())
    add(
      "conv1",
      Conv2D(3, width, kernel: 7, stride: 2, padding: 3, bias: false, initializer: he))
    add("bn1", BatchNorm(width))
    add("relu", ReLU())
    add("maxpool", MaxPool(3, stride: 2, padding: 1))
    var channels = width
    for (stage, count) in blocks.enumerated() {
      let stageWidth = width << stage
      var stageBlocks: [any Layer] = []
      for index in 0..<count {
        let stride = stage > 0 && index == 0 ? 2 : 1
        switch block {
        case .basic:
          stageBlocks.append(ResidualBlock.basic(channels, stageWidth, stride: stride))
          channels = stageWidth
        case .bottleneck:
          stageBlocks.append(
            ResidualBlock.bottleneck(channels, width: stageWidth, stride: stride))
          channels = 4 * stageWidth
        }
      }
      add("layer\(stage + 1)", Sequential(stageBlocks))
    }
    add("avgpool", GlobalAveragePool())
    add("flatten", Flatten())
    add("fc", Dense(channels, classes, initializer: .torchUniform))
    return Sequential(entries)
  }
}
