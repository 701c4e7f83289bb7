// Solution of exercise 3.1: the mean image.

import ExerciseKit

/// Exercise 3.1 · Mean image.
public enum Ex03_1_MeanImage: Ex03_1 {
  /// Returns the mean of the training images, pixel by pixel: μ[c, i] = (1/N) Σₙ x[n, c, i].
  ///
  /// - Parameter train: the training images, [N, C, H, W], at least one.
  /// - Returns: the mean image, [C, H, W]; for two images with the pixels 1, 2 and 3, 6 it is 2, 4.
  /// - Source: Krizhevsky, Sutskever and Hinton 2012, section 2.
  public static func meanImage(_ train: Tensor) throws -> Tensor {
    let count = train.shape[0]
    let size = train.shape.withoutBatch.count
    // In Double: a Float sum of 60,000 numbers would lose three digits.
    var sums = [Double](repeating: 0, count: size)
    for n in 0..<count {
      for i in 0..<size { sums[i] += Double(train.elements[n * size + i]) }
    }
    return Tensor(train.shape.withoutBatch, sums.map { Float($0 / Double(count)) })
  }

  /// Returns images with a mean image subtracted from each.
  ///
  /// The mean is that of the training set; the images may come from any set, including the test set.
  ///
  /// - Parameters:
  ///   - images: the images, [N, C, H, W].
  ///   - mean: the result of `meanImage` for the training set, [C, H, W].
  /// - Returns: the centred images, [N, C, H, W].
  public static func center(_ images: Tensor, by mean: Tensor) throws -> Tensor {
    var centered = images.elements
    for i in centered.indices { centered[i] -= mean.elements[i % mean.count] }
    return Tensor(images.shape, centered)
  }
}
