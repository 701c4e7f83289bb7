// Readers of files against files that were changed at random: an error or a value, never a trap.

import Datasets
import Foundation
import Tensors
import Testing
import Training

/// Changes bytes, the same way for the same seed; `dictionary` holds what a format is sensitive to.
struct Mutator {
  private var generator: SeededGenerator
  private let dictionary: [[UInt8]]

  init(seed: UInt64, dictionary: [[UInt8]]) {
    generator = SeededGenerator(seed: seed, stream: 0xF0)
    self.dictionary = dictionary
  }

  mutating func mutate(_ seed: [UInt8]) -> [UInt8] {
    var bytes = seed
    for _ in 0...generator.nextInt(below: 4) {
      let place = generator.nextInt(below: bytes.count + 1)
      switch generator.nextInt(below: 6) {
      case 0 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
      case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8(generator.nextInt(below: 8))
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + generator.nextInt(below: 8)))
      case 3: bytes.removeLast(min(bytes.count, generator.nextInt(below: 9)))
      default:
        let word = dictionary[generator.nextInt(below: dictionary.count)]
        let end = generator.nextInt(below: 2) == 0 ? place : min(bytes.count, place + word.count)
        bytes.replaceSubrange(place..<end, with: word)
      }
    }
    return bytes
  }
}

@Suite struct MutationTests {
  /// A format: files that are right, words that matter to it, and its reader, which says whether it took the file.
  struct Format: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var files: @Sendable (Scratch) throws -> [[UInt8]]
    var dictionary: [[UInt8]]
    var read: @Sendable (String) throws -> Void
  }

  static let numbers: [[UInt8]] = [
    [0], [255], [0, 0, 0, 0], [255, 255, 255, 255], [127, 255, 255, 255], [128, 0, 0, 0], [0, 0, 0, 1],
    [0x1F, 0x8B, 8],
  ]

  static let formats = [
    Format(
      testDescription: "IDX, images", files: { _ in [idx([2, 2, 3])] }, dictionary: numbers + [[0, 0, 8, 3]],
      read: { _ = try IDX(contentsOf: $0, axes: 3) }),
    Format(
      testDescription: "IDX, labels", files: { _ in [idx([4])] }, dictionary: numbers + [[0, 0, 8, 1]],
      read: { _ = try IDX(contentsOf: $0, axes: 1) }),
    Format(
      testDescription: "CIFAR-10", files: { _ in [[UInt8](repeating: 3, count: 3073)] }, dictionary: numbers,
      read: { _ = try CIFAR10.read($0) }),
    Format(
      testDescription: "pictures",
      files: { _ in
        let picture = RasterImage(width: 3, height: 2, pixels: (0..<18).map { UInt8($0 * 14) })
        return [PNGWriter.file(of: picture), Array("P6 2 1 255\nabcdef".utf8), Array("P2 2 1 255\n7 9\n".utf8)]
      },
      dictionary: numbers + ["IHDR", "IDAT", "IEND", "PLTE", "P5", "#", "99999999999", "-1"].map { Array($0.utf8) },
      read: { _ = try RasterImage(contentsOf: $0) }),
    Format(
      testDescription: "safetensors",
      files: { scratch in
        let path = scratch.path + "/seed"
        try Safetensors.write(["a": Tensor([2], [1, 2]), "b.c": Tensor([1, 1], [3])], to: path)
        return [[UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))]
      },
      dictionary: numbers
        + [
          "{", "}", "[", "]", ",", ":", "\"", "shape", "dtype", "F32", "data_offsets", "99999999999999999999", "1e400",
          "-1",
        ]
        .map { Array($0.utf8) },
      read: { path in
        let file = try Safetensors(path: path)
        for entry in file.entries { _ = try file.tensor(entry.name) }
      }),
  ]

  /// `WORKBOOK_FUZZ` says how many runs, for nights.
  @Test("A changed file is refused or read, and stops nobody", arguments: MutationTests.formats)
  func changed(_ format: Format) throws {
    let runs = ProcessInfo.processInfo.environment["WORKBOOK_FUZZ"].flatMap { Int($0) } ?? 1500
    let scratch = try Scratch()
    let files = try format.files(scratch)
    var mutator = Mutator(seed: 1, dictionary: format.dictionary)
    for file in files { try format.read(scratch.write(file, "right")) }
    var refused = 0
    for run in 0..<runs {
      let path = try scratch.write(mutator.mutate(files[run % files.count]), "changed")
      do { try format.read(path) } catch { refused += 1 }
    }
    #expect(refused > runs / 4, "hardly a change was noticed: \(refused) of \(runs)")
  }
}
