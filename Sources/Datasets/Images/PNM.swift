// The portable graymap and pixmap, two very simple image formats.

/// Reads PGM and PPM files, with numbers as text (P2, P3) or as bytes (P5, P6).
///
/// A file consists of `P5`, the width, the height and the largest value as decimal numbers separated by blanks (`#`
/// starts a comment), one blank, and the values, row by row; if the largest value is above 255, each value takes two
/// bytes.
///
/// - Source: the manual pages pgm(5) and ppm(5) of Netpbm.
enum PNM {
  /// Decodes a file with one image.
  ///
  /// - Throws: ``DataError``.
  static func decode(_ bytes: [UInt8], _ path: String) throws -> RasterImage {
    var place = 2
    let width = try number(bytes, &place, "a width", path)
    let height = try number(bytes, &place, "a height", path)
    let largest = try number(bytes, &place, "a largest value", path)
    try RasterImage.checkSize(width, height, path)
    guard (1...65_535).contains(largest) else {
      throw DataError(path, expected: "a largest value from 1 to 65535", found: "\(largest)")
    }
    let isText = bytes[1] == 0x32 || bytes[1] == 0x33
    let samples = bytes[1] == 0x32 || bytes[1] == 0x35 ? 1 : 3
    let count = width * height * samples
    // Each value needs a digit and a blank, or its bytes. No memory is allocated for pixels that the file cannot
    // contain.
    let valueSize = isText ? 2 : largest > 255 ? 2 : 1
    let left = bytes.count - place - 1
    let required = count * valueSize - (isText ? 1 : 0)
    guard left >= required else {
      throw DataError(
        path, expected: "\(isText ? "at least " : "")\(required) bytes for \(width)×\(height)×\(samples) values",
        found: "\(max(0, left))")
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    if !isText { place += 1 }
    for _ in 0..<count {
      var value = 0
      if isText {
        value = try number(bytes, &place, "\(count) values", path)
      } else {
        for _ in 0..<valueSize {
          value = value << 8 | Int(bytes[place])
          place += 1
        }
      }
      guard value <= largest else { throw DataError(path, expected: "values up to \(largest)", found: "\(value)") }
      let level = UInt8((value * 255 + largest / 2) / largest)
      for _ in 0..<(samples == 1 ? 3 : 1) { pixels.append(level) }
    }
    guard bytes[place...].allSatisfy(isBlank) else {
      throw DataError(path, expected: "one image", found: "\(bytes.count - place) bytes after its end")
    }
    return RasterImage(width: width, height: height, pixels: pixels)
  }

  /// Reads the next decimal number, and skips blanks and comments before it.
  private static func number(_ bytes: [UInt8], _ place: inout Int, _ what: String, _ path: String) throws -> Int {
    while place < bytes.count {
      if isBlank(bytes[place]) {
        place += 1
      } else if bytes[place] == UInt8(ascii: "#") {
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
      } else {
        break
      }
    }
    let start = place
    var value = 0
    while place < bytes.count, (48...57).contains(bytes[place]), place - start < 10 {
      value = value * 10 + Int(bytes[place] - 48)
      place += 1
    }
    guard place > start, place == bytes.count || isBlank(bytes[place]) || bytes[place] == UInt8(ascii: "#") else {
      let found = place == bytes.count ? "the end of the file" : "something else at byte \(place)"
      throw DataError(path, expected: what, found: found)
    }
    return value
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
