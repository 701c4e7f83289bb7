// The VGG networks, from a table of channels.

import Tensors

/// The VGG networks of torchvision: 3×3 convolutions, max pooling after each stage, three dense layers.
///
/// | name | convolutions of each stage | parameters |
/// |---|---|---|
/// | VGG-11 (A) | 1, 1, 2, 2, 2 | 132,863,336 |
/// | VGG-13 (B) | 2, 2, 2, 2, 2 | 133,047,848 |
/// | VGG-16 (D) | 2, 2, 3, 3, 3 | 138,357,544 |
/// | VGG-19 (E) | 2, 2, 4, 4, 4 | 143,667,240 |
///
/// - Source: Simonyan and Zisserman 2015, arXiv:1409.1556, table 1.
public struct VGG: Hashable, Sendable {
  /// One step: a convolution followed by a ReLU, or pooling.
  public enum Step: Hashable, Sendable {
    /// A 3×3 convolution with the given number of output channels, followed by a ReLU.
    case convolution(Int)
    /// Max pooling of 2×2.
    case pooling
  }

  /// The convolutions and poolings in order.
  public var steps: [Step]
  /// Whether batch normalization follows every convolution.
  public var hasBatchNorm: Bool
  /// The units of the two hidden dense layers.
  public var hidden: Int
  /// The number of outputs.
  public var classes: Int

  /// Creates a description.
  public init(_ steps: [Step], batchNorm hasBatchNorm: Bool = false, hidden: Int = 4096, classes: Int = 1000) {
    self.steps = steps
    self.hasBatchNorm = hasBatchNorm
    self.hidden = hidden
    self.classes = classes
  }

  /// Creates a description from the number of convolutions in each of five stages.
  public init(stages: [Int], batchNorm hasBatchNorm: Bool = false, classes: Int = 1000) {
    let channels = [64, 128, 256, 512, 512]
    self.init(
      zip(stages, channels).flatMap { Array(repeating: Step.convolution($1), count: $0) + [.pooling] },
      batchNorm: hasBatchNorm, classes: classes)
  }

  /// VGG-11, configuration A of the paper.
  public static let vgg11 = VGG(stages: [1, 1, 2, 2, 2])
  /// VGG-13, configuration B of the paper.
  public static let vgg13 = VGG(stages: [2, 2, 2, 2, 2])
  /// VGG-16, configuration D of the paper.
  public static let vgg16 = VGG(stages: [2, 2, 3, 3, 3])
  /// VGG-19, configuration E of the paper.
  public static let vgg19 = VGG(stages: [2, 2, 4, 4, 4])

  /// The same network with batch normalization.
  public var withBatchNorm: VGG { VGG(steps, batchNorm: true, hidden: hidden, classes: classes) }

  /// The shape of one input; any other size of at least 32×32 works as well.
  public static let inputShape: Shape = [3, 224, 224]

  /// The network.
  public var layers: Sequential {
    var features: [any Layer] = []
    var channels = 3
    let he = Initializer.scaled(.fanOut, .normal, gain: Float(2).squareRoot())
    for step in steps {
      switch step {
      case .convolution(let outputs):
        features.append(Conv2D(channels, outputs, kernel: 3, padding: 1, initializer: he))
        if hasBatchNorm { features.append(BatchNorm(outputs)) }
        features.append(ReLU())
        channels = outputs
      case .pooling: features.append(MaxPool(2))
      }
    }
    let small = Initializer.normal(standardDeviation: 0.01)
    return Sequential([
      "features": Sequential(features),
      "avgpool": AdaptiveAveragePool(7),
      "flatten": Flatten(),
      "classifier": Sequential([
        Dense(channels * 49, hidden, initializer: small), ReLU(), Dropout(dropping: 0.5),
        Dense(hidden, hidden, initializer: small), ReLU(), Dropout(dropping: 0.5),
        Dense(hidden, classes, initializer: small),
      ]),
    ])
  }
}
