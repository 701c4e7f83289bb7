// Pictures from files: read, refused, resized.

import Datasets
import Foundation
import Tensors
import Testing

@Suite("Image files") struct RasterImageTests {
  private func read(_ bytes: [UInt8]) throws -> RasterImage {
    let scratch = try Scratch()
    return try RasterImage(contentsOf: scratch.write(bytes, "picture"))
  }

  /// What is said of a file that is refused, or nil where it is read.
  private func refusal(_ bytes: [UInt8]) throws -> String? {
    let scratch = try Scratch()
    let file = try scratch.write(bytes, "picture")
    do {
      _ = try RasterImage(contentsOf: file)
      return nil
    } catch let error as DataError {
      #expect(error.path == file)
      return error.description
    }
  }

  private let small = PNGWriter.file(
    width: 2, height: 2, type: 2, rows: [[1, 2, 3, 4, 5, 6], [7, 8, 9, 250, 251, 252]])

  // MARK: PNG

  @Test("red, green and blue arrive as they are")
  func color() throws {
    let image = try read(small)
    #expect(image == RasterImage(width: 2, height: 2, pixels: [1, 2, 3, 4, 5, 6, 7, 8, 9, 250, 251, 252]))
  }

  @Test("grey of one, eight and sixteen bits becomes three equal channels")
  func grey() throws {
    let bits = PNGWriter.file(width: 3, height: 1, depth: 1, type: 0, rows: [[0b1010_0000]])
    #expect(try read(bits).pixels == [255, 255, 255, 0, 0, 0, 255, 255, 255])
    let bytes = PNGWriter.file(width: 2, height: 1, type: 0, rows: [[7, 200]])
    #expect(try read(bytes).pixels == [7, 7, 7, 200, 200, 200])
    // No gamma is applied: 0x8000 of 0xFFFF is half of 255.
    let wide = PNGWriter.file(width: 2, height: 1, depth: 16, type: 0, rows: [[0x80, 0x00, 0xFF, 0xFF]])
    #expect(try read(wide).pixels == [128, 128, 128, 255, 255, 255])
  }

  @Test("a palette is looked up, and what is transparent is white")
  func palette() throws {
    let palette = PNGWriter.chunk("PLTE", [10, 20, 30, 40, 50, 60])
    let indexed = PNGWriter.file(
      width: 2, height: 1, type: 3, rows: [[0, 1]], before: [palette, PNGWriter.chunk("tRNS", [255, 0])])
    #expect(try read(indexed).pixels == [10, 20, 30, 255, 255, 255])
    let alpha = PNGWriter.file(width: 2, height: 1, type: 6, rows: [[9, 8, 7, 255, 9, 8, 7, 0]])
    #expect(try read(alpha).pixels == [9, 8, 7, 255, 255, 255])
  }

  @Test("notes, profiles and compressed texts are passed over, whatever is in them")
  func ancillary() throws {
    let before = ["zTXt", "iCCP", "gAMA", "eXIf"].map { PNGWriter.chunk($0, [1, 2, 3, 0, 0, 99]) }
    let image = PNGWriter.file(width: 1, height: 1, type: 0, rows: [[77]], before: before)
    #expect(try read(image).pixels == [77, 77, 77])
  }

  @Test("cut off anywhere, it is refused in one line")
  func truncated() throws {
    for length in 0..<small.count {
      let message = try refusal(Array(small.prefix(length)))
      #expect(message != nil && message?.contains("\n") == false, "\(length) bytes: \(message ?? "read")")
    }
  }

  @Test("one wrong byte anywhere is noticed")
  func flipped() throws {
    for place in small.indices {
      var bytes = small
      bytes[place] ^= 0x10
      let message = try refusal(bytes)
      #expect(message != nil && message?.contains("\n") == false, "byte \(place): \(message ?? "read")")
    }
  }

  @Test(
    "sizes that the data cannot hold get no memory, and the message has the numbers",
    arguments: [
      (PNGWriter.header(100_000, 100_000, 8, 2), "at most 32 megapixels, found a size of 100000×100000"),
      (PNGWriter.header(0x7FFF_FFFF, 0x7FFF_FFFF, 8, 2), "a size of 2147483647×2147483647"),
      (PNGWriter.header(0xFFFF_FFFF, 1, 8, 2), "a size of 4294967295×1"),
      (PNGWriter.header(0, 5, 8, 2), "at least one pixel, found a size of 0×5"),
      (PNGWriter.header(5_000, 5_000, 8, 2), "5000×5000 pixels claimed, but 18 bytes cannot hold them"),
      (PNGWriter.header(1, 1, 3, 2), "type 2 with 3 bits"),
      (PNGWriter.header(1, 1, 8, 5), "type 5 with 8 bits"),
    ])
  func absurd(header: [UInt8], words: String) throws {
    let idat = PNGWriter.chunk("IDAT", PNGWriter.zlib([0, 1, 2, 3, 4, 5, 6]))
    let message = try refusal(PNGWriter.signature + header + idat + PNGWriter.chunk("IEND", []))
    #expect(message?.contains(words) == true, "\(message ?? "read")")
  }

  @Test("a large picture out of next to nothing is refused, though deflate could make it")
  func empty() throws {
    let idat = PNGWriter.chunk("IDAT", PNGWriter.zlib([UInt8](repeating: 0, count: 600)))
    let message = try refusal(
      PNGWriter.signature + PNGWriter.header(2_000, 2_000, 1, 0) + idat + PNGWriter.chunk("IEND", []))
    #expect(
      message?.contains("a byte for a thousand pixels, found 2000×2000 pixels in") == true, "\(message ?? "read")")
  }

  @Test("chunks out of order, of wrong length, with wrong checksums, unknown and needed, or too little data")
  func damagedChunks() throws {
    let header = PNGWriter.header(1, 1, 8, 0)
    let (data, end) = (PNGWriter.chunk("IDAT", PNGWriter.zlib([0, 5])), PNGWriter.chunk("IEND", []))
    func refused(_ chunks: [UInt8]...) throws -> String {
      try refusal(PNGWriter.signature + chunks.flatMap(\.self)) ?? "read"
    }
    #expect(try refused(data, header, end).contains("IDAT instead of the header"))
    #expect(try refused(header, end).contains("0 bytes cannot hold them"))
    #expect(try refused(header, data).contains("inside a chunk"))
    #expect(try refused(header, [0x7F, 0xFF, 0xFF, 0xFF] + Array(data.dropFirst(4)), end).contains("2147483647 bytes"))
    #expect(try refused(header, data.dropLast() + [1], end).contains("a wrong checksum in chunk IDAT"))
    #expect(try refused(header, PNGWriter.chunk("ABCD", [1]), data, end).contains("a chunk ABCD"))
    // A second header, a picture of one row too few, data that is not compressed at all.
    #expect(try refused(header, header, data, end).contains("an intact PNG image"))
    #expect(try refused(PNGWriter.header(1, 3, 8, 0), data, end).contains("an intact PNG image"))
    #expect(try refused(header, PNGWriter.chunk("IDAT", [1, 2, 3, 4]), end).contains("an intact PNG image"))
  }

  // MARK: PGM and PPM

  @Test("grey and color maps as text and as bytes, comments passed over")
  func maps() throws {
    #expect(try read(Array("P2 # a comment\n2 1\n# another\n100\n0 50".utf8)).pixels == [0, 0, 0, 128, 128, 128])
    #expect(try read(Array("P3 1 1 255 9 8 7\n".utf8)).pixels == [9, 8, 7])
    #expect(try read(Array("P5 2 1 255\n".utf8) + [3, 10]).pixels == [3, 3, 3, 10, 10, 10])
    #expect(try read(Array("P6 1 1 255\n".utf8) + [10, 32, 13]).pixels == [10, 32, 13])
    #expect(try read(Array("P5 1 1 65535\n".utf8) + [0x80, 0x00]).pixels == [128, 128, 128])
  }

  @Test(
    "damaged maps are refused with what was expected",
    arguments: [
      ("P5", "a width, found the end of the file"), ("P5 2 x 255\n", "a height, found something else"),
      ("P5 2 2 255\nabc", "4 bytes for 2×2×1 values, found 3"), ("P6 1 1 255\nabcd", "one image, found 1 bytes"),
      ("P5 9999999 9999999 255\n", "at most 32 megapixels"), ("P5 0 1 255\n", "at least one pixel"),
      ("P5 5000 5000 255\nabc", "25000000 bytes"), ("P2 5000 5000 255\n1 2", "at least 49999999 bytes"),
      ("P2 2 1 255\n1 300", "values up to 255, found 300"), ("P2 2 1 255\n1     ", "2 values"),
      ("P5 1 1 0\na", "a largest value from 1 to 65535"), ("P5 99999999999999999999 1 255\na", "a width"),
      ("P5 -1 1 255\na", "a width"),
    ])
  func damagedMaps(text: String, words: String) throws {
    let message = try refusal(Array(text.utf8))
    #expect(message?.contains(words) == true && message?.contains("\n") == false, "\(message ?? "read")")
  }

  @Test("other kinds are called by their names")
  func otherKinds() throws {
    #expect(try refusal([0xFF, 0xD8, 0xFF, 0xE0])?.contains("found a JPEG image; convert it to PNG") == true)
    #expect(try refusal([])?.contains("an empty file") == true)
    #expect(try refusal(Array("hello".utf8))?.contains("something else") == true)
    let scratch = try Scratch()
    #expect(throws: DataError.self) { try RasterImage(contentsOf: scratch.path) }
    #expect(throws: DataError.self) { try RasterImage(contentsOf: scratch.path + "/none.png") }
    #expect(throws: DataError.self) { try RasterImage(contentsOf: "/dev/zero") }
  }

  // MARK: Other sizes

  /// A picture of 37×23 pixels in which every size leaves other numbers.
  private let pattern = Self.picture(37, 23) { x, y in
    [UInt8((x * x / 3 + 5 * y) % 256), UInt8((7 * x + y * y) % 256), UInt8(x * y % 256)]
  }

  /// A picture from the color of each pixel.
  private static func picture(_ width: Int, _ height: Int, _ color: (Int, Int) -> [UInt8]) -> RasterImage {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width { pixels += color(x, y) }
    }
    return RasterImage(width: width, height: height, pixels: pixels)
  }

  @Test(
    "smaller and larger, the pixels are those of Pillow's BILINEAR",
    arguments: [(11, 9, 234_238), (80, 50, 9_473_471), (37, 9, 787_745), (90, 23, 4_895_129)])
  func resized(width: Int, height: Int, digest: Int) {
    let pixels = pattern.resized(width: width, height: height).pixels
    #expect(pixels.count == 3 * width * height)
    var sum = 0
    for (i, value) in pixels.enumerated() { sum += (i % 13 + 1) * Int(value) }
    #expect(sum == digest)
  }

  @Test("one tone stays one tone at any size; the same size is the same picture")
  func constant() {
    let even = RasterImage(width: 5, height: 3, pixels: [UInt8](repeating: 93, count: 45))
    #expect(even.resized(width: 17, height: 2).pixels.allSatisfy { $0 == 93 })
    #expect(pattern.resized(width: 37, height: 23) == pattern)
  }

  @Test("for ImageNet the shorter side becomes 256 and the middle 224×224 is taken, standardized")
  func imageNet() {
    // A wide picture, red on the left third, green in the middle, blue on the right.
    let wide = Self.picture(300, 100) { x, _ in
      [x < 100 ? 255 : 0, (100..<200).contains(x) ? 255 : 0, x < 200 ? 0 : 255]
    }
    let input = wide.imageNetInput()
    #expect(input.shape == [1, 3, 224, 224])
    // 100 old columns are 256 new ones, and the middle 224 of them are all green.
    #expect(
      abs(input[0, 1, 0, 0] - (1 - 0.456) / 0.224) < 1e-5 && abs(input[0, 1, 223, 223] - (1 - 0.456) / 0.224) < 1e-5)
    #expect(abs(input[0, 0, 100, 100] + 0.485 / 0.229) < 1e-5)
    // A line of pixels does not grow into gigabytes.
    let line = RasterImage(width: 50_000, height: 1, pixels: [UInt8](repeating: 255, count: 150_000))
    #expect(line.imageNetInput().shape == [1, 3, 224, 224])
  }
}
