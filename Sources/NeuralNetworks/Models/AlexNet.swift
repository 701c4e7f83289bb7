// AlexNet, in torchvision's form and in that of 2012.

import Tensors

/// AlexNet as torchvision has it: five convolutions, three dense layers, overlapping max pooling, dropout.
///
/// The channels are those of the single-tower version (64, 192, 384, 256, 256), without local response normalisation;
/// 61,100,840 parameters for 1000 classes.
/// - Source: Krizhevsky 2014, arXiv:1404.5997; Krizhevsky, Sutskever and Hinton 2012.
public struct AlexNet: Hashable, Sendable {
  /// The channels of the five convolutions.
  public var channels: [Int]
  /// The units of the two hidden dense layers.
  public var hidden: Int
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

  /// The shape of one input; others of at least 63×63 work as well.
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

extension AlexNet {
  /// The shape of one input of ``original(towers:classes:)``: with 224 the arithmetic of the paper does not come out.
  public static let originalInputShape: Shape = [3, 227, 227]

  /// The network of 2012 for images of 227×227, with local response normalisation.
  ///
  /// The paper's network ran on two graphics cards: its second, fourth and fifth convolution see only the half of the
  /// channels that was on their own card, which are two groups. With one tower there are 62,378,344 parameters and
  /// 1,135,256,096 multiply-adds, with two 60,965,224 parameters.
  /// - Source: Krizhevsky, Sutskever and Hinton 2012, section 3; the notes of CS231n for 227.
  public static func original(towers: Int = 1, classes: Int = 1000) -> Sequential {
    demand(towers == 1 || towers == 2, "AlexNet: one or two towers, got \(towers)")
    let start = Initializer.normal(standardDeviation: 0.01)
    func norm() -> LocalResponseNorm {
      LocalResponseNorm(size: 5, alpha: 5e-4, beta: 0.75, k: 2)  // The paper's α = 10⁻⁴ is not divided by n.
    }
    return Sequential([
      "conv1": Conv2D(3, 96, kernel: 11, stride: 4, initializer: start), "relu1": ReLU(),  // [96, 55, 55]
      "pool1": MaxPool(3, stride: 2), "norm1": norm(),  // [96, 27, 27]
      "conv2": Conv2D(96, 256, kernel: 5, padding: 2, groups: towers, initializer: start), "relu2": ReLU(),
      "pool2": MaxPool(3, stride: 2), "norm2": norm(),  // [256, 13, 13]
      "conv3": Conv2D(256, 384, kernel: 3, padding: 1, initializer: start), "relu3": ReLU(),
      "conv4": Conv2D(384, 384, kernel: 3, padding: 1, groups: towers, initializer: start), "relu4": ReLU(),
      "conv5": Conv2D(384, 256, kernel: 3, padding: 1, groups: towers, initializer: start), "relu5": ReLU(),
      "pool3": MaxPool(3, stride: 2), "flatten": Flatten(),  // [9216]
      "fc6": Dense(9216, 4096, initializer: start), "relu6": ReLU(), "drop6": Dropout(dropping: 0.5),
      "fc7": Dense(4096, 4096, initializer: start), "relu7": ReLU(), "drop7": Dropout(dropping: 0.5),
      "fc8": Dense(4096, classes, initializer: start),
    ])
  }
}
