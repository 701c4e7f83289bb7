// What equal weights are for: the three nets of one kind of unit, on digits that do not stand in the middle.

import Workbook

/// The three nets of ``SeparationExperiment`` on digits that were moved; added to the record.
struct MovedDigits: Codable, Sendable {
  var seeds: [UInt64]
  /// Shifts to the right, in pixels of the 28×28 digit.
  var shifts: [Int]
  /// How far a digit of the second experiment may be moved to each side.
  var reach: Int
  /// Trained on digits in the middle, each net at the rate that it chose for them: the test error in per cent for each
  /// shift, [net][shift].
  var centred: [[Summary]]
  /// Trained and tested on digits that stand anywhere, [net]; each seed at the best of `rates` by digits held back.
  var anywhere: [Summary]
  var rates: [Float]

  static let seedCount: UInt64 = 5
  static let fewRates: [Float] = [0.003, 0.01, 0.03, 0.1]

  /// - Parameters:
  ///   - bench: the digits at 28×28; the last `validation` training digits choose the rates and are not trained on.
  ///   - chosen: the rate of each net on digits in the middle.
  init(
    _ bench: Bench, validation: Int, chosen: [Float], shifts: [Int] = [0, 1, 2, 3, 4], reach: Int = 4,
    afterEach: @escaping () -> Void = {}
  ) throws {
    (self.shifts, self.reach, seeds, rates) = (shifts, reach, bench.seeds, Self.fewRates)
    let middle = bench.train.prefix(bench.train.count - validation).halved()
    let moved = shifts.map { bench.test.shifted(right: $0).halved() }
    centred = try zip(SeparationExperiment.nets, chosen).map { net, rate in
      let models = try finishedModels(
        net, in: Bench(train: middle, test: middle, epochs: bench.epochs, seeds: bench.seeds, rate: rate),
        afterEach: afterEach)
      return moved.map { testErrors(models, on: $0) }
    }
    var anywhere = bench
    anywhere.train = bench.train.scattered(by: reach, seed: 1)
    anywhere.test = bench.test.scattered(by: reach, seed: 2)
    self.anywhere = try SeparationExperiment.nets.indices.map {
      try SeparationExperiment.chosenBySeed(
        $0, anywhere, validation: validation, rates: Self.fewRates, afterEach: afterEach)
    }
  }

  /// Takes what has been measured.
  init(seeds: [UInt64], shifts: [Int], reach: Int, centred: [[Summary]], anywhere: [Summary], rates: [Float]) {
    (self.seeds, self.shifts, self.reach) = (seeds, shifts, reach)
    (self.centred, self.anywhere, self.rates) = (centred, anywhere, rates)
  }

  /// What windows take off the error of the dense net, and equal weights off that of the net with windows, moved by two
  /// pixels.
  private var saved: (windows: Summary, equality: Summary) {
    (centred[0][2] - centred[1][2], centred[1][2] - centred[2][2])
  }

  static let trainings = SeparationExperiment.nets.count * (1 + fewRates.count) * Int(seedCount)
}

extension MovedDigits {
  /// What follows from the figure.
  var words: String {
    let (windows, equality) = saved
    let both = [windows, equality].allSatisfy { $0.direction() == .above }
    return """
      \(both ? "At 2 pixels windows save \(fixed(windows.mean, 1)) points (95 %: \(windows.interval(1))), equal weights \(fixed(equality.mean, 1)) more (\(equality.interval(1))). " : "")\(equality.worded(
        above: """
          With equal weights a moved stroke meets the same kernel as before; with windows alone it meets weights that have learned \
          from other pixels. Windows alone help as well; pooling, which forgives small shifts, may be the reason (not tested).
          """, below: "", withinChance: ""))
      """
  }

  /// How the error grows up to the largest shift in a net that reads only the mean of each map.
  func words(of pooled: PooledNet) -> String? {
    guard let last = shifts.last, let far = centred[2].last, let own = pooled.centred.last else { return nil }
    let (growth, slower) = (far - centred[2][0], own - pooled.centred[0])
    let (saving, cost) = (growth - slower, pooled.centred[0] - centred[2][0])
    let middle = cost.worded(
      above: ", though it is \(fixed(cost.mean, 1)) points higher in the middle", below: "", withinChance: "")
    return saving.worded(
      above: """
        With the mean of each map in place of the dense layer (global average pooling), the error \
        grows by \(fixed(slower.mean, 0)) points from 0 to \(last) pixels instead of \(fixed(growth.mean, 0))\(middle). \
        So a part of the loss seems to be the dense layer's, which has learned where to look; \(counted(saving.count, "seed")) know the difference only to \(saving.interval(0)) points.
        """,
      below: "With the mean of each map in place of the dense layer, the error grows faster.",
      withinChance: "With the mean of each map in place of the dense layer, the error grows as much, within chance.")
  }

  static let advice = """
    **No net is safe: in training, show it digits in all places where it will meet them.**
    """
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
