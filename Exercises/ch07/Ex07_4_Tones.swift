// Exercise 7.4: three changes of tone. Chapter 7, "Data augmentation".

import ExerciseKit

/// Exercise 7.4 · Equalize, solarize, posterize.
public enum Ex07_4_Tones: Ex07_4 {
  /// Returns the levels, with those at or above `threshold` inverted to 255 − level.
  ///
  /// - Parameters:
  ///   - levels: 0 … 255.
  ///   - threshold: 0 … 256; a level equal to it is inverted.
  /// - Returns: one level for each; 100, 128, 200 with the threshold 128 become 100, 127, 55.
  public static func solarized(_ levels: [Int], threshold: Int) throws -> [Int] {
    throw Unsolved("7.4 Equalize, solarize, posterize")
  }

  /// Returns the levels with only their highest bits kept.
  ///
  /// - Parameters:
  ///   - levels: 0 … 255.
  ///   - bits: the number of the 8 bits to keep, 1 … 8; the others become 0.
  /// - Returns: one level for each; 100, 128, 200 with 1 bit become 0, 128, 128.
  public static func posterized(_ levels: [Int], bits: Int) throws -> [Int] {
    throw Unsolved("7.4 Equalize, solarize, posterize")
  }

  /// Returns the levels spread out so that all tones are used about equally often.
  ///
  /// If m pixels are on the brightest level in use, a step of the scale is s = ⌊(count − m)/255⌋ pixels. Level v
  /// becomes ⌊(⌊s/2⌋ + darker(v))/s⌋, at most 255, where darker(v) is the number of pixels below v. If s is 0, nothing
  /// changes.
  ///
  /// - Parameter levels: 0 … 255, all pixels of one channel.
  /// - Returns: one level for each; 255 pixels of 10, 255 of 20 and one of 30 become 0, 128 and 255.
  /// - Source: AutoAugment's operation (Cubuk et al. 2019), as in Pillow's `ImageOps.equalize`.
  public static func equalized(_ levels: [Int]) throws -> [Int] {
    throw Unsolved("7.4 Equalize, solarize, posterize")
  }
}
