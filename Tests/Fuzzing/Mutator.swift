// Bytes changed at random, the same way in every run.

import Tensors

/// Changes bytes, the same way for the same seed; `dictionary` holds what a format is sensitive to.
public struct Mutator {
  private var generator: SeededGenerator
  private let dictionary: [[UInt8]]

  public init(seed: UInt64, dictionary: [[UInt8]]) {
    generator = SeededGenerator(seed: seed, stream: 0xF0)
    self.dictionary = dictionary
  }

  /// One of several, at random.
  public mutating func choose<Element>(_ elements: [Element]) -> Element {
    elements[generator.nextInt(below: elements.count)]
  }

  /// The bytes with one to five changes: other bytes, turned bits, pieces lost, repeated or moved, words put in.
  public mutating func mutate(_ seed: [UInt8]) -> [UInt8] {
    var bytes = seed
    for _ in 0...generator.nextInt(below: 1 + generator.nextInt(below: 5)) {
      let place = generator.nextInt(below: bytes.count + 1)
      switch generator.nextInt(below: 8) {
      case 0 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
      case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8(generator.nextInt(below: 8))
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + generator.nextInt(below: 8)))
      case 3: bytes.removeLast(min(bytes.count, generator.nextInt(below: 9)))
      case 4 where bytes.count < 1 << 14:
        let piece = bytes[place..<min(bytes.count, place + 1 + generator.nextInt(below: 64))]
        bytes.insert(contentsOf: Array(piece), at: generator.nextInt(below: bytes.count + 1))
      default:
        let word = choose(dictionary)
        let end = generator.nextInt(below: 2) == 0 ? place : min(bytes.count, place + word.count)
        bytes.replaceSubrange(place..<end, with: word)
      }
    }
    return bytes
  }
}
