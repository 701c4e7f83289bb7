// Residual networks, from a table of block counts.

import Tensors

/// The residual networks of torchvision: a 7×7 convolution, four stages of blocks, global average pooling, one dense
/// layer.
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
  /// The kinds of block.
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

  /// The shape of one input; any other size of at least 32×32 works as well.
  public static let inputShape: Shape = [3, 224, 224]

  /// The network.
  public var layers: Sequential {
    let he = Initializer.scaled(.fanOut, .normal, gain: Float(2).squareRoot())
    return Sequential {
      Conv2D(
        3, width, kernel: 7, stride: 2, padding: 3, bias: false, initializer: he
      ).named("conv1")
      BatchNorm(width).named("bn1")
      ReLU().named("relu")
      MaxPool(3, stride: 2, padding: 1).named("maxpool")
      for stage in blocks.indices {
        Sequential {
          for index in 0..<blocks[stage] { makeBlock(index, of: stage) }
        }.named("layer\(stage + 1)")
      }
      GlobalAveragePool().named("avgpool")
      Flatten().named("flatten")
      Dense(
        channels(after: blocks.count - 1), classes, initializer: .torchUniform
      ).named("fc")
    }
  }

  /// The number of output channels of a stage; for stage −1, that of the first layers.
  private func channels(after stage: Int) -> Int {
    if stage < 0 { return width }
    return block == .basic ? width << stage : 4 * width << stage
  }

  /// One block: the first of a stage changes the number of channels, and in all stages but the first it halves the
  /// image.
  private func makeBlock(_ index: Int, of stage: Int) -> ResidualBlock {
    let inputs = channels(after: index == 0 ? stage - 1 : stage)
    let stride = stage > 0 && index == 0 ? 2 : 1
    return switch block {
    case .basic: .basic(inputs, width << stage, stride: stride)
    case .bottleneck: .bottleneck(inputs, width: width << stage, stride: stride)
    }
  }
}
