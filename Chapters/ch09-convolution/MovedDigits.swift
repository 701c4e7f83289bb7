// Equivariance is not invariance: a convolution on digits that do not stand where it has learned them.

import Workbook

/// The convolution of ``SeparationExperiment/nets``, trained on digits in the middle, on digits that were moved; added to the
/// record.
struct MovedDigits: Codable, Sendable {
  var seeds: [UInt64]
  /// Shifts to the right, in pixels of the 28×28 digit.
  var shifts: [Int]
  /// The test error in per cent for each shift.
  var centred: [Summary]

  static let seedCount: UInt64 = 5

  /// - Parameters:
  ///   - bench: the digits at 28×28, and the rate that the net chose for digits in the middle.
  ///   - validation: so many of the training digits, the last ones, have chosen it and are not trained on.
  init(
    _ bench: Bench, validation: Int, shifts: [Int] = [0, 1, 2, 3, 4], afterEach: @escaping () -> Void = {}
  ) throws {
    (self.shifts, seeds) = (shifts, bench.seeds)
    var middle = bench
    middle.train = bench.train.prefix(bench.train.count - validation).halved()
    let models = try finishedModels(SeparationExperiment.nets[2], in: middle, afterEach: afterEach)
    centred = shifts.map { testErrors(models, on: bench.test.shifted(right: $0).halved()) }
  }

  /// Takes what has been measured.
  init(seeds: [UInt64], shifts: [Int], centred: [Summary]) {
    (self.seeds, self.shifts, self.centred) = (seeds, shifts, centred)
  }
}

extension SlidingWindow {
  /// What a shift does to the convolution, to the mean of each map, and to that with padding.
  static func addMoved(to page: inout Page, _ told: Findings) {
    guard let moved = told.movedDigits, let last = moved.shifts.last, let still = moved.centred.first,
      let far = moved.centred.last, (far - still).direction() == .above
    else { return }
    let (pooled, padded) = (told.pooledNet?.centred, told.paddedNet?.centred)
    let nets: [(String, String, [Summary]?)] = [
      ("a dense layer", "3×3", moved.centred), ("the mean of each map", "3×3", pooled),
      ("the mean of each map, padding", "7×7", padded),
    ]
    let isBorder = pooled?.last.flatMap { old in padded?.last.map { (old - $0).direction() == .above } } ?? false
    page.prose(
      "A small convolution (that of the next section) learned from digits in the middle. Now the test digits move:")
    page.table(
      Table(
        "Test error in %, \(told.data) at 14×14 pixels, \(counted(still.count, "seed"))",
        columns: ["behind the last maps", "last maps", "in the middle", "moved by \(last) of 28 pixels"],
        rows: nets.compactMap { end, maps, errors in
          errors.map {
            [end, maps, $0[0].formatted(decimals: 1), $0[$0.count - 1].formatted(decimals: 1)].map { TableCell($0) }
          }
        }))
    page.prose(
      """
      A dense layer has a weight for each place. A mean has none\(isBorder ? ", but a moved digit soon leaves a map of 3×3; with padding, which makes the maps larger, most of that loss is gone" : ""). \
      **So show a net, in training, digits in all places where it will meet them\(isBorder ? ", or pad and take means" : "").**
      """)
  }
}

extension Dataset {
  /// The same images, each moved by a number of pixels of its own to a side and up or down, black where it was.
  func scattered(by reach: Int, seed: UInt64) -> Dataset {
    var generator = SeededGenerator(seed: seed, stream: 0x9E13)
    let (height, width) = (imageShape[1], imageShape[2])
    let moves = (0..<count).map { _ in
      (x: generator.nextInt(below: 2 * reach + 1) - reach, y: generator.nextInt(below: 2 * reach + 1) - reach)
    }
    var result = self
    result.pixels = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, filled in
      pixels.withUnsafeBufferPointer { source in
        for (image, move) in moves.enumerated() {
          let start = image * height * width
          for y in 0..<height {
            for x in 0..<width {
              let (row, column) = (y - move.y, x - move.x)
              let isInside = row >= 0 && row < height && column >= 0 && column < width
              target[start + y * width + x] = isInside ? source[start + row * width + column] : 0
            }
          }
        }
      }
      filled = pixels.count
    }
    return result
  }
}
