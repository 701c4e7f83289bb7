// Solution of exercise 7.4: three changes of tone.

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
    levels.map { $0 >= threshold ? 255 - $0 : $0 }
  }

  /// Returns the levels with only their highest bits kept.
  ///
  /// - Parameters:
  ///   - levels: 0 … 255.
  ///   - bits: the number of the 8 bits to keep, 1 … 8; the others become 0.
  /// - Returns: one level for each; 100, 128, 200 with 1 bit become 0, 128, 128.
  public static func posterized(_ levels: [Int], bits: Int) throws -> [Int] {
    // The upper bits are kept: the mask for three bits is 11100000.
    let mask = 0xFF << (8 - bits) & 0xFF
    return levels.map { $0 & mask }
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
    var histogram = [Int](repeating: 0, count: 256)
    for level in levels { histogram[level] += 1 }
    let brightest = histogram.last { $0 > 0 } ?? 0
    let step = (levels.count - brightest) / 255
    if step == 0 { return levels }
    var table: [Int] = []
    var darker = 0
    for count in histogram {
      table.append(min(255, (step / 2 + darker) / step))
      darker += count
    }
    return levels.map { table[$0] }
  }
}
