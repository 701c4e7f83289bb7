// Readers of files against files that were changed at random: an error or a value, never a trap.

import CZlib
import Datasets
import Foundation
import Fuzzing
import Tensors
import Testing
import Training

@Suite struct MutationTests {
  /// A format: files that are right, words that matter to it, and its reader.
  struct Format: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var files: @Sendable (Scratch) throws -> [[UInt8]]
    var bytes: [[UInt8]] = []
    var words: [String] = []
    var mend: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    var read: @Sendable (String) throws -> Void
  }

  static let numbers: [[UInt8]] = [
    [0], [255], [0, 0, 0, 0], [255, 255, 255, 255], [127, 255, 255, 255], [128, 0, 0, 0], [0, 0, 0, 1],
    [0x1F, 0x8B, 8],
  ]

  static let formats = [
    Format(
      testDescription: "IDX, images", files: { _ in [idx([2, 2, 3])] }, bytes: numbers + [[0, 0, 8, 3]],
      read: { _ = try IDX(contentsOf: $0, axes: 3) }),
    Format(
      testDescription: "IDX, labels", files: { _ in [idx([4])] }, bytes: numbers + [[0, 0, 8, 1]],
      read: { _ = try IDX(contentsOf: $0, axes: 1) }),
    Format(
      testDescription: "IDX, compressed", files: { _ in [try gzipped(idx([20, 2, 3]))] },
      bytes: numbers + [[0, 0, 8, 3]], read: { _ = try IDX(contentsOf: $0, axes: 3) }),
    Format(
      testDescription: "CIFAR-10", files: { _ in [[UInt8](repeating: 3, count: 3073)] }, bytes: numbers,
      read: { _ = try CIFAR10.read($0) }),
    Format(
      testDescription: "pictures",
      files: { _ in
        let picture = RasterImage(width: 3, height: 2, pixels: (0..<18).map { UInt8($0 * 14) })
        let palette = PNGWriter.file(
          width: 4, height: 2, depth: 2, type: 3, rows: [[0x1B], [0xE4]],
          before: [PNGWriter.chunk("PLTE", (0..<12).map { UInt8($0 * 20) })])
        return [
          PNGWriter.file(of: picture), palette, Array("P6 2 1 255\nabcdef".utf8), Array("P5 2 1 65535\nabcd".utf8),
          Array("P2 2 1 255\n7 9\n".utf8), Array("P3 1 1 9 # one\n7 8 9\n".utf8),
        ]
      },
      bytes: numbers,
      words: ["IHDR", "IDAT", "IEND", "PLTE", "tRNS", "iCCP", "zTXt", "P5", "#", "99999999999", "-1", "\n"],
      mend: withRightChecksums, read: { _ = try RasterImage(contentsOf: $0) }),
    Format(
      testDescription: "safetensors",
      files: { scratch in
        let path = scratch.path + "/seed"
        try Safetensors.write(["a": Tensor([2], [1, 2]), "b.c": Tensor([1, 1], [3])], to: path)
        return [[UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))]
      },
      bytes: numbers,
      words: Fuzz.json + ["shape", "dtype", "F32", "F16", "BF16", "I64", "U8", "BOOL", "data_offsets", "__metadata__"],
      mend: withRightLength,
      read: { path in
        let file = try Safetensors(path: path)
        for entry in file.entries { _ = try file.tensor(entry.name) }
      }),
  ]

  /// `WORKBOOK_FUZZ` says how many runs, for nights.
  @Test("A changed file is refused or read, and stops nobody", arguments: MutationTests.formats)
  func changed(_ format: Format) throws {
    let scratch = try Scratch(), file = try FuzzFile("changed")
    let files = try format.files(scratch)
    for right in files { try format.read(scratch.write(right, "right")) }
    let fuzz = Fuzz(
      format.testDescription, seeds: files, words: format.words, bytes: format.bytes, mend: format.mend)
    let count = fuzz.run(usually: 20_000) { bytes in
      try file.write(bytes)
      try format.read(file.path)
    }
    #expect(count.refused > count.runs / 4, "hardly a change was noticed: \(count.refused) of \(count.runs)")
  }

  /// The file as gzip writes it.
  private static func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
    let file = try FuzzFile("seed.gz")
    let stream = gzopen(file.path, "wb")
    gzwrite(stream, bytes, UInt32(bytes.count))
    gzclose(stream)
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: file.path)))
  }

  /// A PNG whose chunks have the checksums of what stands in them now; anything else as it is.
  private static func withRightChecksums(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.starts(with: PNGWriter.signature) else { return bytes }
    var (result, place) = (bytes, 8)
    while place + 12 <= result.count {
      let length = result[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= result.count - place - 12 else { break }
      let end = place + 8 + length
      let sum = result.withUnsafeBufferPointer { crc32(0, $0.baseAddress! + place + 4, uInt(length + 4)) }
      for i in 0..<4 { result[end + i] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * UInt(i))) }
      place = end + 4
    }
    return result
  }

  /// A safetensors file whose first number is the length of what looks like its header.
  private static func withRightLength(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > 8, let end = bytes.lastIndex(of: UInt8(ascii: "}")), end > 8 else { return bytes }
    let length = end - 7
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + bytes[8...]
  }
}
