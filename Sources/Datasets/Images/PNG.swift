// The PNG format: verified here, decoded by libpng.

import CPNG
import CZlib

/// Reads PNG files.
///
/// A file consists of an eight-byte signature and a sequence of chunks: length, four letters, data, CRC-32. Before the
/// data are passed to libpng, all lengths and checksums are verified here, the size in the header is compared with the
/// largest size to which the compressed data can expand, and chunks that do not affect the pixels are removed:
/// compressed texts and colour profiles in small files can expand to gigabytes.
///
/// - Source: W3C recommendation "Portable Network Graphics (PNG) Specification (Third Edition)".
enum PNG {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The chunks that the image needs; any other chunk whose first letter is lower-case may be omitted.
  private static let needed = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]

  /// Decodes a whole file.
  ///
  /// Transparent parts are drawn on white; 16 bits are reduced to 8; palettes and grey are converted to red, green and
  /// blue.
  ///
  /// - Throws: ``DataError``.
  static func decode(_ bytes: [UInt8], _ path: String) throws -> RasterImage {
    let (essential, width, height) = try check(bytes, path)
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    var pixels: [UInt8] = []
    let isRead = essential.withUnsafeBytes { memory -> Bool in
      guard png_image_begin_read_from_memory(&image, memory.baseAddress, memory.count) != 0 else { return false }
      defer { png_image_free(&image) }
      guard Int(image.width) == width, Int(image.height) == height else { return false }
      // 0x02 is colour without alpha, with eight bits each. 16-bit files are treated as sRGB, like all others.
      image.format = 0x02
      image.flags |= 0x04
      pixels = [UInt8](repeating: 0, count: 3 * width * height)
      var white = png_color(red: 255, green: 255, blue: 255)
      return png_image_finish_read(&image, &white, &pixels, png_int_32(3 * width), nil) != 0
    }
    guard isRead else {
      let message = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      throw DataError(path, expected: "an intact PNG image", found: message.isEmpty ? "damaged data" : message)
    }
    return RasterImage(width: width, height: height, pixels: pixels)
  }

  /// Verifies the chunks.
  ///
  /// - Returns: the signature and the chunks that the image needs, and the image's size.
  private static func check(_ bytes: [UInt8], _ path: String) throws -> ([UInt8], width: Int, height: Int) {
    func damaged(_ found: String) -> DataError { DataError(path, expected: "an intact PNG image", found: found) }
    guard bytes.starts(with: signature) else { throw damaged("a damaged signature") }
    var essential = signature
    var place = signature.count
    var size: (width: Int, height: Int, raw: Int)?
    var compressed = 0
    var isComplete = false
    while !isComplete {
      guard bytes.count - place >= 12 else {
        throw damaged("the end of the file after \(bytes.count) bytes, inside a chunk")
      }
      let length = word(bytes, place)
      let data = place + 8
      let name = String(decoding: bytes[place + 4..<data], as: UTF8.self)
      guard name.utf8.allSatisfy({ (65...90).contains($0) || (97...122).contains($0) }), name.utf8.count == 4 else {
        throw damaged("a chunk whose name does not consist of letters, at byte \(place)")
      }
      guard length <= bytes.count - data - 4 else {
        throw damaged("a chunk \(name) of \(length) bytes, with only \(max(0, bytes.count - data - 4)) bytes left")
      }
      let checksum = bytes.withUnsafeBufferPointer { buffer in
        crc32(0, buffer.baseAddress.map { $0 + place + 4 }, uInt(length + 4))
      }
      guard Int(checksum) == word(bytes, data + length) else { throw damaged("a wrong checksum in chunk \(name)") }
      if size == nil {
        guard name == "IHDR", length == 13 else { throw damaged("\(name) instead of the header") }
        size = try header(bytes, data, path)
      }
      if name == "IDAT" { compressed += length }
      if needed.contains(name) {
        essential += bytes[place..<data + length + 4]
      } else if name.utf8.first.map({ $0 < 97 }) == true {
        throw damaged("a chunk \(name), which this reader does not support and must not skip")
      }
      isComplete = name == "IEND"
      place = data + length + 4
    }
    guard let size else { throw damaged("no header") }
    // Deflate can expand a quarter of a byte to at most 258 bytes: a factor of 1032.
    guard size.raw <= 1_032 * compressed else {
      throw damaged("\(size.width)×\(size.height) pixels claimed, but \(compressed) bytes cannot hold them")
    }
    // The pixels of a black-and-white image expand by another factor of 24. No real image is compressed that much.
    guard size.width * size.height <= max(RasterImage.harmlessPixels, 1_000 * compressed) else {
      throw DataError(
        path, expected: "a large image with at least a byte for a thousand pixels",
        found: "\(size.width)×\(size.height) pixels in \(compressed) bytes", advice: "make it smaller")
    }
    return (essential, size.width, size.height)
  }

  /// Reads the header: the size, and the number of bytes of the uncompressed rows.
  private static func header(
    _ bytes: [UInt8], _ data: Int, _ path: String
  ) throws -> (width: Int, height: Int, raw: Int) {
    let (width, height) = (word(bytes, data), word(bytes, data + 4))
    try RasterImage.checkSize(width, height, path)
    let (depth, type) = (Int(bytes[data + 8]), bytes[data + 9])
    let samples = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][type]
    guard let samples, [1, 2, 4, 8, 16].contains(depth) else {
      throw DataError(path, expected: "a valid PNG color type and depth", found: "type \(type) with \(depth) bits")
    }
    return (width, height, height * (1 + (width * samples * depth + 7) / 8))
  }

  /// The big-endian number in four bytes.
  private static func word(_ bytes: [UInt8], _ place: Int) -> Int {
    bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
