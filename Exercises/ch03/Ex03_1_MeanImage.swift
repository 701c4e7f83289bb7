// Exercise 3.1: the mean image. Chapter 3, "From the training set only".

import ExerciseKit

/// Exercise 3.1 · Mean image.
public enum Ex03_1_MeanImage: Ex03_1 {
  /// Returns the mean of the training images, pixel by pixel: μ[c, i] = (1/N) Σₙ x[n, c, i].
  ///
  /// - Parameter train: the training images, [N, C, H, W], at least one.
  /// - Returns: the mean image, [C, H, W]; for two images with the pixels 1, 2 and 3, 6 it is 2, 4.
  /// - Source: Krizhevsky, Sutskever and Hinton 2012, section 2.
  public static func meanImage(_ train: Tensor) throws -> Tensor {
    throw Unsolved("3.1 Mean image")
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
    throw Unsolved("3.1 Mean image")
  }
}
