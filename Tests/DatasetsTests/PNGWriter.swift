// PNG files for the tests, whole ones and others, without a library.

import Datasets
import Foundation

/// Puts PNG files together chunk by chunk; the data is stored, not compressed.
enum PNGWriter {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// A file of the given header and rows; each row begins with its filter byte.
  static func file(
    width: Int, height: Int, depth: UInt8 = 8, type: UInt8, rows: [[UInt8]], before: [[UInt8]] = []
  ) -> [UInt8] {
    signature + header(width, height, depth, type) + before.flatMap(\.self)
      + chunk("IDAT", zlib(rows.flatMap { [0] + $0 })) + chunk("IEND", [])
  }

  static func header(_ width: Int, _ height: Int, _ depth: UInt8, _ type: UInt8) -> [UInt8] {
    chunk("IHDR", word(width) + word(height) + [depth, type, 0, 0, 0])
  }

  /// Length, name, data, checksum.
  static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return word(data.count) + body + word(Int(crc(body)))
  }

  static func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

  /// A zlib stream of stored blocks.
  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    let starts = Array(stride(from: 0, to: max(1, bytes.count), by: 65_535))
    for start in starts {
      let piece = Array(bytes[start..<min(bytes.count, start + 65_535)])
      let (low, high) = (UInt8(piece.count & 255), UInt8(piece.count >> 8))
      result += [start == starts.last ? 1 : 0, low, high, ~low, ~high] + piece
    }
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return result + word(b << 16 | a)
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  /// The file of a picture.
  static func file(of image: RasterImage) -> [UInt8] {
    file(
      width: image.width, height: image.height, type: 2,
      rows: (0..<image.height).map { Array(image.pixels[$0 * 3 * image.width..<($0 + 1) * 3 * image.width]) })
  }
}
