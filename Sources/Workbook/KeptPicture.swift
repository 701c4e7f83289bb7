// Pictures in findings.

import Foundation
import Notebook

/// A picture of signed numbers as findings keep it: in steps of 1/127 of the largest, finer than the eye sees.
public struct KeptPicture: Codable, Sendable {
  /// Columns of pixels.
  public var width: Int
  /// Rows of pixels.
  public var height: Int
  /// One byte a pixel.
  public var levels: Data

  /// Keeps a picture; `largest` is the magnitude of 127 steps.
  public init(_ picture: ImageGrid.Picture, largest: Float) {
    (width, height) = (picture.width, picture.height)
    levels = Data(
      picture.pixels.map { pixel in
        let level = (127 * pixel / max(largest, 1e-6)).rounded()
        return UInt8(bitPattern: Int8(level.isFinite ? min(max(level, -127), 127) : 0))
      })
  }

  /// The picture, its numbers from −1 to 1.
  public func picture(caption: String = "") -> ImageGrid.Picture {
    ImageGrid.Picture(
      width: width, height: height, pixels: levels.map { Float(Int8(bitPattern: $0)) / 127 }, caption: caption)
  }
}
