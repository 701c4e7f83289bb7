// Exercise 9.1: Output size. Chapter 9, "Output size".

import ExerciseKit
import Foundation

/// Exercise 9.1 · Output size.
public enum Ex09_1_OutputSize: Ex09_1 {
  /// Returns the number of positions of a window along one axis of an image.
  ///
  /// The window has one position at the start, and one more for every full stride that still fits:
  /// ⌊(size + 2·padding − kernel) / stride⌋ + 1, or 0 if it does not fit at all.
  ///
  /// - Parameters:
  ///   - size: the number of pixels of the image along the axis.
  ///   - kernel: the number of pixels that the window covers.
  ///   - stride: how far the window moves each time; at least 1.
  ///   - padding: the border added on each side.
  /// - Returns: the number of positions; for size 227, kernel 11, stride 4 and no padding it is 55.
  /// - Source: Dumoulin and Visin 2016, arXiv:1603.07285, relationship 6.
  public static func outputSize(_ size: Int, kernel: Int, stride: Int, padding: Int) throws -> Int {
    throw Unsolved("9.1 Output size")
  }
}
