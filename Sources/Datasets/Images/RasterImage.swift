// An image that was read from a file.

import Foundation
import Tensors

/// An image of red, green and blue bytes, row by row, before it is converted to a network's input.
public struct RasterImage: Hashable, Sendable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// The red, green and blue values of each pixel, row by row; 3·width·height bytes.
  public let pixels: [UInt8]

  /// Creates an image.
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

  /// The largest number of pixels accepted: enough for a camera of 32 megapixels; the bytes take 100 MB.
  public static let pixelLimit = 32 << 20

  /// The number of pixels below which the compression factor of a file is not limited.
  static let harmlessPixels = 1 << 20

  /// The size of the largest file that is read, in bytes.
  static let fileLimit = 128 << 20

  /// Reads a PNG, PGM or PPM file.
  ///
  /// The allocated memory is limited by ``pixelLimit`` and by the size of the file: before decoding, it is verified
  /// that the file can contain the number of pixels it claims.
  ///
  /// - Throws: ``DataError``, described in one line, if the file is missing, damaged, too large, or of another format.
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
      throw DataError(path, expected: "a readable file", found: "a file without read permission")
    }
    defer { try? file.close() }
    // Read piece by piece and never beyond the limit: the size of a device or a pipe is not known in advance.
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

  /// The apparent format of a file that cannot be read.
  private static func kind(of bytes: [UInt8]) -> String {
    let known: [([UInt8], String)] = [
      ([0xFF, 0xD8], "a JPEG image"), (Array("GIF8".utf8), "a GIF image"), (Array("RIFF".utf8), "a RIFF file (WebP?)"),
      (Array("BM".utf8), "a BMP image"), (Array("II*".utf8), "a TIFF image"), (Array("MM".utf8), "a TIFF image"),
      (Array("P1".utf8), "a PBM bitmap"), (Array("P4".utf8), "a PBM bitmap"), ([0x1F, 0x8B], "a gzip file"),
    ]
    if bytes.isEmpty { return "an empty file" }
    return known.first { bytes.starts(with: $0.0) }?.1 ?? "something else"
  }

  /// Rejects empty images and images beyond the limit, before any memory is allocated for them.
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

  /// The part of the given size whose upper left corner is at (`left`, `top`).
  ///
  /// - Precondition: it lies inside the image.
  public func cropped(left: Int, top: Int, width newWidth: Int, height newHeight: Int) -> RasterImage {
    demand(
      left >= 0 && top >= 0 && left + newWidth <= width && top + newHeight <= height,
      "RasterImage: a crop of \(newWidth)×\(newHeight) at (\(left), \(top)) does not fit into \(width)×\(height)")
    var rows: [UInt8] = []
    rows.reserveCapacity(3 * newWidth * newHeight)
    for row in top..<top + newHeight {
      let start = 3 * (row * width + left)
      rows += pixels[start..<start + 3 * newWidth]
    }
    return RasterImage(width: newWidth, height: newHeight, pixels: rows)
  }
}
