// Exercise 10.1: build LeNet-5 from its table. Chapter 10.

import ExerciseKit

/// Exercise 10.1 · Build LeNet-5.
public enum Ex10_1_BuildLeNet5: Ex10_1 {
  /// Returns the layers of LeNet-5, in order, from the image to the classes.
  ///
  /// | layer | what | output |
  /// |---|---|---|
  /// | C1 | convolution, 6 maps, kernel 5×5, tanh | [6, 28, 28] |
  /// | S2 | average pooling 2×2 | [6, 14, 14] |
  /// | C3 | convolution, 16 maps, kernel 5×5, every map from all 6, tanh | [16, 10, 10] |
  /// | S4 | average pooling 2×2 | [16, 5, 5] |
  /// | C5 | dense, 120 units, tanh | [120] |
  /// | F6 | dense, 84 units, tanh | [84] |
  /// | output | dense, `classes` units, sigmoid | [classes] |
  ///
  /// The layers are `Conv2D(inputs, outputs, kernel: 5)`, `Tanh()`, `AveragePool(2)`, `Flatten()`,
  /// `Dense(inputs, outputs)` and `Sigmoid()`; put them in order into `Sequential([…])`.
  ///
  /// - Parameter classes: the number of outputs.
  /// - Returns: a network for images of shape [1, 32, 32]; with 10 classes it has 61,706 parameters.
  /// - Source: LeCun et al. 1998, figure 2; fully connected C3 and sigmoid outputs, as in S0.
  public static func network(classes: Int) throws -> Sequential {
    throw Unsolved("10.1 Build LeNet-5")
  }
}
