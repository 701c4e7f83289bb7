// What equal weights are for: the three nets of one kind of unit, on digits that do not stand in the middle.

import Workbook

/// The three nets of ``SeparationExperiment``, each at the rate that it chose there, on digits that were moved; added to the
/// record.
struct MovedDigits: Codable, Sendable {
  var seeds: [UInt64]
  /// Shifts to the right, in pixels of the 28×28 digit.
  var shifts: [Int]
  /// How far a digit of the second experiment may be moved to each side.
  var reach: Int
  /// Trained on digits in the middle: the test error in per cent for each shift, [net][shift].
  var centred: [[Summary]]
  /// Trained and tested on digits that stand anywhere, [net].
  var anywhere: [Summary]

  static let seedCount: UInt64 = 5

  /// - Parameters:
  ///   - bench: the digits at 28×28, the last `validation` of the training digits left out as they were when the rates were
  ///     chosen.
  ///   - rates: that of each net.
  init(
    _ bench: Bench, validation: Int, rates: [Float], shifts: [Int] = [0, 1, 2, 3, 4], reach: Int = 4,
    afterEach: @escaping () -> Void = {}
  ) throws {
    (self.shifts, self.reach, seeds) = (shifts, reach, bench.seeds)
    let train = bench.train.prefix(bench.train.count - validation)
    func trained(on digits: Dataset) throws -> [[Model]] {
      try zip(SeparationExperiment.nets, rates).map { net, rate in
        try finishedModels(
          net, in: Bench(train: digits, test: digits, epochs: bench.epochs, seeds: bench.seeds, rate: rate),
          afterEach: afterEach)
      }
    }
    let moved = shifts.map { bench.test.shifted(right: $0).halved() }
    centred = try trained(on: train.halved()).map { models in moved.map { testErrors(models, on: $0) } }
    let test = bench.test.scattered(by: reach, seed: 2).halved()
    anywhere = try trained(on: train.scattered(by: reach, seed: 1).halved()).map { testErrors($0, on: test) }
  }

  /// Takes what has been measured.
  init(seeds: [UInt64], shifts: [Int], reach: Int, centred: [[Summary]], anywhere: [Summary]) {
    (self.seeds, self.shifts, self.reach) = (seeds, shifts, reach)
    (self.centred, self.anywhere) = (centred, anywhere)
  }

  /// What equal weights take off the error of the net with windows, where digits stand anywhere.
  var equality: Summary { anywhere[1] - anywhere[2] }
  /// What windows take off the error of the dense net there.
  var windows: Summary { anywhere[0] - anywhere[1] }
  /// What equal weights take off the error of the net with windows at a shift.
  func equality(at shift: Int) -> Summary { centred[1][shift] - centred[2][shift] }

  static let trainings = 2 * SeparationExperiment.nets.count * Int(seedCount)
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
