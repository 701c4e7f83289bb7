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

  /// What a shift does to the convolution, to stand behind the definition of invariance.
  ///
  /// - Parameter pooled: the net with the mean of each map in place of the dense layer.
  func words(_ pooled: PooledNet?) -> String {
    guard let still = centred.first, let far = centred.last, let last = shifts.last,
      (far - still).direction() == .above
    else { return "" }
    let means = pooled.flatMap { $0.seeds == seeds ? $0.centred.last : nil }
    let control =
      means.map {
        "; but with the mean of each map in its place \(fixed($0.mean, 0)) % are still wrong, so that is not all"
      } ?? ""
    return
      " A small convolution (that of the table below) learned from digits in the middle. It gets \(fixed(still.mean, 0)) % of such digits wrong, and "
      + "\(fixed(far.mean, 0)) % after a shift by \(last) of 28 pixels (\(counted(still.count, "seed"))). The dense layer behind the maps has a weight for each place\(control). "
      + "**So show a net, in training, digits in all places where it will meet them.**"
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
