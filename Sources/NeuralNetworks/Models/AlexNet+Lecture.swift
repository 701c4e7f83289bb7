// AlexNet as in the lecture's table.

import Tensors

extension AlexNet {
  /// The network of the lecture's table (S3): 227×227 images, 96 filters of 11×11 with stride 4, local response
  /// normalization.
  ///
  /// With 224×224, the size printed in the paper, (224 − 11)/4 + 1 is not an integer; 227 gives 55.
  /// The paper does not divide its α = 10⁻⁴ by n = 5, so α is 5·10⁻⁴ here.
  /// The paper's network ran on two graphics cards: its second, fourth and fifth convolutions see only the half of the
  /// channels on their own card. With two towers, these convolutions have two groups, and the network has 60,965,224
  /// parameters instead of 62,378,344.
  ///
  /// - Parameters:
  ///   - towers: 1, or 2 as on the two cards.
  ///   - classes: the number of outputs.
  /// - Source: Krizhevsky, Sutskever and Hinton 2012; the table of the course cs231n.
  public static func lecture(towers: Int = 1, classes: Int = 1000) -> Sequential {
    demand(towers == 1 || towers == 2, "AlexNet: one or two towers, got \(towers)")
    return Sequential([
      "conv1": Conv2D(3, 96, kernel: 11, stride: 4, initializer: .heNormal), "relu1": ReLU(),
      "pool1": MaxPool(3, stride: 2), "norm1": LocalResponseNorm(alpha: 5e-4, k: 2),
      "conv2": Conv2D(96, 256, kernel: 5, padding: 2, groups: towers, initializer: .heNormal), "relu2": ReLU(),
      "pool2": MaxPool(3, stride: 2), "norm2": LocalResponseNorm(alpha: 5e-4, k: 2),
      "conv3": Conv2D(256, 384, kernel: 3, padding: 1, initializer: .heNormal), "relu3": ReLU(),
      "conv4": Conv2D(384, 384, kernel: 3, padding: 1, groups: towers, initializer: .heNormal), "relu4": ReLU(),
      "conv5": Conv2D(384, 256, kernel: 3, padding: 1, groups: towers, initializer: .heNormal), "relu5": ReLU(),
      "pool3": MaxPool(3, stride: 2), "flatten": Flatten(),
      "fc6": Dense(9216, 4096, initializer: .heNormal), "relu6": ReLU(), "drop6": Dropout(dropping: 0.5),
      "fc7": Dense(4096, 4096, initializer: .heNormal), "relu7": ReLU(), "drop7": Dropout(dropping: 0.5),
      "fc8": Dense(4096, classes, initializer: .heNormal),
    ])
  }
}
