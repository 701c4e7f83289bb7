// AlexNet, in torchvision's version.

import Tensors

/// AlexNet as in torchvision: five convolutions, three dense layers, overlapping max pooling, dropout.
///
/// The channels are those of the single-tower version (64, 192, 384, 256, 256), without local response normalization;
/// 61,100,840 parameters for 1000 classes.
/// - Source: Krizhevsky 2014, arXiv:1404.5997; Krizhevsky, Sutskever and Hinton 2012.
public struct AlexNet: Hashable, Sendable {
  /// The channels of the five convolutions.
  public var channels: [Int]
  /// The units of the two hidden dense layers.
  public var hidden: Int
  /// The number of outputs.
  public var classes: Int

  /// Creates a description.
  public init(channels: [Int] = [64, 192, 384, 256, 256], hidden: Int = 4096, classes: Int = 1000) {
    demand(
      channels.count == 5 && hidden > 0 && classes > 0 && channels.allSatisfy { $0 > 0 },
      "AlexNet: five convolutions and positive sizes expected, got \(channels), \(hidden), \(classes)")
    self.channels = channels
    self.hidden = hidden
    self.classes = classes
  }

  /// The shape of one input; any other size of at least 63×63 works as well.
  public static let inputShape: Shape = [3, 224, 224]

  /// The network.
  public var layers: Sequential {
    let c = channels
    let start = Initializer.torchUniform
    return Sequential([
      "features": Sequential([
        Conv2D(3, c[0], kernel: 11, stride: 4, padding: 2, initializer: start), ReLU(), MaxPool(3, stride: 2),
        Conv2D(c[0], c[1], kernel: 5, padding: 2, initializer: start), ReLU(), MaxPool(3, stride: 2),
        Conv2D(c[1], c[2], kernel: 3, padding: 1, initializer: start), ReLU(),
        Conv2D(c[2], c[3], kernel: 3, padding: 1, initializer: start), ReLU(),
        Conv2D(c[3], c[4], kernel: 3, padding: 1, initializer: start), ReLU(), MaxPool(3, stride: 2),
      ]),
      "avgpool": AdaptiveAveragePool(6),
      "flatten": Flatten(),
      "classifier": Sequential([
        Dropout(dropping: 0.5), Dense(c[4] * 36, hidden, initializer: start), ReLU(),
        Dropout(dropping: 0.5), Dense(hidden, hidden, initializer: start), ReLU(),
        Dense(hidden, classes, initializer: start),
      ]),
    ])
  }
}
