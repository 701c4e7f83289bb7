// Exercise 11.4: AlexNet shape walk. Chapter 11, "The families".

import ExerciseKit

/// Exercise 11.4 · AlexNet shape walk.
public enum Ex11_4_AlexNetShapes: Ex11_4 {
  /// Returns the side of the square maps after each of the eight windows of the lecture's AlexNet (S3), in order.
  ///
  /// conv1 11×11 stride 4 · pool1 3×3 stride 2 · conv2 5×5 padding 2 · pool2 3×3 stride 2 · conv3, conv4 and conv5 3×3
  /// padding 1 · pool3 3×3 stride 2. Unless stated otherwise, the stride is 1 and the padding 0.
  ///
  /// - Parameter image: the height and width of the image; at least 67.
  /// - Returns: eight numbers; for 227 the first is 55.
  /// - Source: Krizhevsky, Sutskever and Hinton 2012; the table of the course cs231n.
  public static func sides(image: Int) throws -> [Int] {
    throw Unsolved("11.4 AlexNet shape walk")
  }

  /// Returns the number of parameters, including biases, of each of its five convolutions and three dense layers.
  ///
  /// The channels are 3 → 96 → 256 → 384 → 384 → 256 (one tower: every filter sees all channels); the dense layers have
  /// 4096, 4096 and 1000 units.
  ///
  /// - Parameter image: the height and width of the image.
  /// - Returns: eight numbers; the first is 34,944 for every image size.
  public static func parameters(image: Int) throws -> [Int] {
    throw Unsolved("11.4 AlexNet shape walk")
  }
}
