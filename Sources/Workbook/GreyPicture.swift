// Pictures in findings.

import Foundation
import Notebook

/// A grey picture in findings: one byte per pixel, 0 black and 255 white.
public struct GreyPicture: Codable, Sendable {
  /// Columns of pixels.
  public var width: Int
  /// Rows of pixels.
  public var height: Int
  /// One byte per pixel, row by row.
  public var pixels: Data

  /// Creates a picture from bytes.
  public init(width: Int, height: Int, pixels: Data) {
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }

  /// Creates a picture from numbers, stretched so that `low` (by default the smallest) is black and the largest white;
  /// all black if they are equal.
  public init(stretching values: [Float], width: Int, height: Int, from low: Float? = nil) {
    let (low, high) = (low ?? values.min() ?? 0, values.max() ?? 1)
    self.init(
      width: width, height: height,
      pixels: Data(
        values.map { high > low ? UInt8(min(255, max(0, (255 * ($0 - low) / (high - low)).rounded()))) : 0 }))
  }

  /// The picture, with numbers from 0 to 1.
  public func picture(_ caption: String = "") -> ImageGrid.Picture {
    ImageGrid.Picture(width: width, height: height, pixels: pixels.map { Float($0) / 255 }, caption: caption)
  }
}
