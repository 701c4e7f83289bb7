// A picture as it comes out of a file.

import Foundation
import Tensors

/// A picture of red, green and blue bytes, row by row: what is read from a file before it becomes a network's input.
public struct RasterImage: Hashable, Sendable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// Red, green, blue of the first pixel of the first row, then of the next; 3·width·height bytes.
  public let pixels: [UInt8]

  /// Creates a picture.
  ///
  /// - Precondition: `pixels` has 3·width·height bytes.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    demand(
      width > 0 && height > 0 && pixels.count == 3 * width * height,
      "RasterImage: \(width)×\(height) pixels are \(3 * width * height) bytes, got \(pixels.count)")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The most pixels that a file may hold: enough for a camera of 32 megapixels, and 100 MB.
  public static let pixelLimit = 32 << 20

  /// So many pixels cost so little that it does not matter how few bytes they come from.
  static let harmlessPixels = 1 << 20

  /// The largest file that is read, in bytes.
  static let fileLimit = 128 << 20

  /// Reads a PNG, PGM or PPM file.
  ///
  /// What is allocated is bounded: by the size of the file, which must be able to hold as many pixels as it claims to
  /// before anything is decoded, and by ``pixelLimit``.
  ///
  /// - Throws: ``DataError`` in one line where the file is missing, damaged, too large, or of another kind.
  public init(contentsOf path: String) throws {
    let bytes = try Self.bytes(of: path)
    switch Array(bytes.prefix(2)) {
    case [0x89, 0x50]: self = try PNG.decode(bytes, path)
    case [0x50, 0x32], [0x50, 0x33], [0x50, 0x35], [0x50, 0x36]: self = try PNM.decode(bytes, path)
    default:
      throw DataError(
        path, expected: "a PNG, PGM or PPM image", found: Self.kind(of: bytes), advice: "convert it to PNG")
    }
  }

  /// The whole file, at most ``fileLimit`` bytes of it.
  private static func bytes(of path: String) throws -> [UInt8] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
      throw DataError(path, expected: "an image file", found: isFolder.boolValue ? "a folder" : "nothing")
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw DataError(path, expected: "a readable file", found: "one that may not be read")
    }
    defer { try? file.close() }
    // Piece by piece and never beyond the limit: the size of a device or a pipe is not known beforehand.
    var bytes: [UInt8] = []
    while bytes.count <= fileLimit {
      guard let piece = try? file.read(upToCount: 1 << 20), !piece.isEmpty else { break }
      bytes += piece
    }
    guard bytes.count <= fileLimit else {
      throw DataError(path, expected: "an image file of at most \(fileLimit >> 20) MB", found: "a larger one")
    }
    return bytes
  }

  /// What a file that is not understood seems to be.
  private static func kind(of bytes: [UInt8]) -> String {
    let known: [([UInt8], String)] = [
      ([0xFF, 0xD8], "a JPEG image"), (Array("GIF8".utf8), "a GIF image"), (Array("RIFF".utf8), "a RIFF file (WebP?)"),
      (Array("BM".utf8), "a BMP image"), (Array("II*".utf8), "a TIFF image"), (Array("MM".utf8), "a TIFF image"),
      (Array("P1".utf8), "a PBM bitmap"), (Array("P4".utf8), "a PBM bitmap"), ([0x1F, 0x8B], "a gzip file"),
    ]
    if bytes.isEmpty { return "an empty file" }
    return known.first { bytes.starts(with: $0.0) }?.1 ?? "something else"
  }

  /// Refuses sizes of nothing and sizes beyond the limit, before anything is allocated for them.
  static func checkSize(_ width: Int, _ height: Int, _ path: String) throws {
    guard width > 0, height > 0 else {
      throw DataError(path, expected: "at least one pixel", found: "a size of \(width)×\(height)")
    }
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, count <= pixelLimit else {
      throw DataError(
        path, expected: "at most \(pixelLimit >> 20) megapixels", found: "a size of \(width)×\(height)",
        advice: "make it smaller")
    }
  }

  /// The brightness of each pixel, 0 … 255: 0.299·red + 0.587·green + 0.114·blue.
  ///
  /// - Source: ITU-R recommendation BT.601.
  public var grey: [Float] {
    var result = [Float](repeating: 0, count: width * height)
    for i in result.indices {
      let (red, green, blue) = (Float(pixels[3 * i]), Float(pixels[3 * i + 1]), Float(pixels[3 * i + 2]))
      result[i] = 0.299 * red + 0.587 * green + 0.114 * blue
    }
    return result
  }

  /// The piece of the given size whose upper left corner is at (`left`, `top`).
  ///
  /// - Precondition: it lies inside the picture.
  public func cropped(left: Int, top: Int, width newWidth: Int, height newHeight: Int) -> RasterImage {
    demand(
      left >= 0 && top >= 0 && left + newWidth <= width && top + newHeight <= height,
      "RasterImage: a piece of \(newWidth)×\(newHeight) at (\(left), \(top)) does not lie in \(width)×\(height)")
    var rows: [UInt8] = []
    rows.reserveCapacity(3 * newWidth * newHeight)
    for row in top..<top + newHeight {
      let start = 3 * (row * width + left)
      rows += pixels[start..<start + 3 * newWidth]
    }
    return RasterImage(width: newWidth, height: newHeight, pixels: rows)
  }
}
