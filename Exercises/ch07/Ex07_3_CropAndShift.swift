// Exercise 7.3: shifting a picture, and cropping a padded one. Chapter 7, "Data augmentation".

import ExerciseKit

/// Exercise 7.3 · Crop and shift.
public enum Ex07_3_CropAndShift: Ex07_3 {
  /// Returns the picture moved by whole pixels: y[c, i, j] = x[c, i − down, j − right].
  ///
  /// Pixels that come into view are 0, and pixels that leave the picture are lost.
  ///
  /// - Parameters:
  ///   - image: x, [C, H, W].
  ///   - down: how many rows it moves down; negative values move it up.
  ///   - right: how many columns it moves to the right; negative values move it to the left.
  /// - Returns: [C, H, W]; the row 1, 2, 3 moved right by 1 is 0, 1, 2.
  public static func shifted(_ image: Tensor, down: Int, right: Int) throws -> Tensor {
    throw Unsolved("7.3 Crop and shift")
  }

  /// Returns a crop of the same size as the picture, cut out of the picture with a border of zeros.
  ///
  /// The border is `padding` wide on each side, so the padded picture is [C, H + 2·padding, W + 2·padding]; the upper
  /// left corner of the crop is at its position (top, left).
  ///
  /// - Parameters:
  ///   - image: [C, H, W].
  ///   - padding: at least 0.
  ///   - top: 0 … 2·padding.
  ///   - left: 0 … 2·padding.
  /// - Returns: [C, H, W]; with top = left = padding it is the picture itself.
  /// - Source: He et al. 2016, section 4.2.
  public static func cropped(_ image: Tensor, padding: Int, top: Int, left: Int) throws -> Tensor {
    throw Unsolved("7.3 Crop and shift")
  }
}
