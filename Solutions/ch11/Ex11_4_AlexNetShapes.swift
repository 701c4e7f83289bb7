// Solution of exercise 11.4: AlexNet shape walk.

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
    let windows = [(11, 4, 0), (3, 2, 0), (5, 1, 2), (3, 2, 0), (3, 1, 1), (3, 1, 1), (3, 1, 1), (3, 2, 0)]
    var (size, sides) = (image, [Int]())
    for (kernel, stride, padding) in windows {
      size = (size + 2 * padding - kernel) / stride + 1
      sides.append(size)
    }
    return sides
  }

  /// Returns the number of parameters, including biases, of each of its five convolutions and three dense layers.
  ///
  /// The channels are 3 → 96 → 256 → 384 → 384 → 256 (one tower: every filter sees all channels); the dense layers have
  /// 4096, 4096 and 1000 units.
  ///
  /// - Parameter image: the height and width of the image.
  /// - Returns: eight numbers; the first is 34,944 for every image size.
  public static func parameters(image: Int) throws -> [Int] {
    let side = try sides(image: image).last ?? 0
    let channels = [3, 96, 256, 384, 384, 256]
    let kernels = [11, 5, 3, 3, 3]
    let units = [256 * side * side, 4096, 4096, 1000]
    return kernels.indices.map { channels[$0 + 1] * (channels[$0] * kernels[$0] * kernels[$0] + 1) }
      + (1..<units.count).map { units[$0] * (units[$0 - 1] + 1) }
  }
}
