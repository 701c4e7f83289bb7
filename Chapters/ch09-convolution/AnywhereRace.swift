// Digits that stand anywhere: equal weights against weights of every place's own, with few training images and with many.

import Workbook

/// Two nets of one kind of unit on digits that stand anywhere; added to the record net by net.
struct AnywhereRace: Codable, Sendable {
  /// The training images of each seed.
  var trainingCount: Int
  var validationCount: Int
  var epochs: Int
  var reach: Int
  var rates: [Float]
  var seeds: [UInt64]
  /// Whether every seed has training images of its own.
  var hasOwnImages: Bool
  var windows: Net?
  var equal: Net?
  /// Convolutions with more filters than ``equal``.
  var wider: [WiderNet]?

  /// What a net has wrong, every seed at the rate that it chose by images held back.
  struct Net: Codable, Sendable {
    /// In per cent, of the test images and of the training images.
    var errors: Summary
    var training: Summary
    var chosen: [Float]
  }

  /// The images from which training images are taken; the `heldBack` after them choose the rates.
  static let pool = 20_000
  static let heldBack = 2_000
  static let allRates: [Float] = [0.01, 0.03, 0.1, 0.3]
  /// The places of the nets in ``SeparationExperiment/nets``, in the order in which they are measured.
  private static var places: [(net: Int, path: WritableKeyPath<AnywhereRace, Net?>)] {
    [(1, \.windows), (2, \.equal)]
  }

  init(trainingCount: Int, epochs: Int, seeds: Int, reach: Int = 4) {
    (self.trainingCount, self.epochs, self.reach) = (trainingCount, epochs, reach)
    (validationCount, rates) = (Self.heldBack, Self.allRates)
    self.seeds = (1...UInt64(seeds)).map { $0 }
    hasOwnImages = trainingCount * seeds <= Self.pool
  }

  /// What is measured: few images with many seeds, and many images.
  static var planned: [AnywhereRace] {
    [
      AnywhereRace(trainingCount: 1_000, epochs: 60, seeds: 20),
      AnywhereRace(trainingCount: 20_000, epochs: 6, seeds: 10),
    ]
  }

  /// What equal weights take off the error of the net with windows, seed by seed; nil before both are measured.
  var saving: Summary? {
    guard let windows, let equal else { return nil }
    return windows.errors - equal.errors
  }

  /// How many nets are measured.
  var count: Int { Self.places.count { self[keyPath: $0.path] != nil } }

  /// Measures the next net.
  ///
  /// - Parameter digits: at 28×28, at least ``pool`` and ``heldBack`` of them to learn from.
  mutating func measureNext(_ digits: Digits, afterEach: @escaping () -> Void = {}) throws {
    guard let (net, path) = Self.places.first(where: { self[keyPath: $0.path] == nil }) else { return }
    self[keyPath: path] = try outcome(
      of: SeparationExperiment.nets[net], seeds: seeds, rates: rates, on: digits, afterEach: afterEach)
  }

  /// What a net has wrong, every seed at the best of some rates.
  func outcome(
    of trial: Trial, seeds: [UInt64], rates: [Float], on digits: Digits, afterEach: @escaping () -> Void
  ) throws -> Net {
    let all = digits.train.prefix(Self.pool + validationCount).scattered(by: reach, seed: 1).halved()
    let test = digits.test.scattered(by: reach, seed: 2).halved()
    let held = all.suffix(validationCount)
    let (epochs, count) = (epochs, trainingCount)
    let blocks = max(1, Self.pool / count)
    let outcomes = try inParallel(seeds.count) { place -> (test: Double, training: Double, rate: Float) in
      let train = all.prefix((place % blocks + 1) * count).suffix(count)
      var best: (held: Double, rate: Float, model: Model)?
      for rate in rates {
        let bench = Bench(train: train, test: test, epochs: epochs, seeds: [], rate: rate)
        let model: Model
        do { model = try finishedModel(trial, in: bench, seed: seeds[place]) } catch is Divergence {
          afterEach()
          continue
        }
        afterEach()
        let error = testErrors([model], on: held).mean
        if error < best?.held ?? .infinity { best = (error, rate, model) }
      }
      guard let best else { return (90, 90, rates[0]) }
      return (testErrors([best.model], on: test).mean, testErrors([best.model], on: train).mean, best.rate)
    }
    return Net(
      errors: Summary(outcomes.map(\.test)).rounded(decimals: 3),
      training: Summary(outcomes.map(\.training)).rounded(decimals: 3), chosen: outcomes.map(\.rate))
  }

  /// How many trainings one net takes.
  var trainings: Int { seeds.count * rates.count }
}

extension SlidingWindow.Findings {
  /// Measures the next net on digits anywhere: windows and equal weights at every size.
  mutating func addAnywhere(_ digits: Digits, _ run: ChapterRun) throws {
    var races = anywhere ?? []
    let open = races.firstIndex { $0.count < 2 } ?? races.count
    guard open < AnywhereRace.planned.count else { return }
    if open == races.count { races.append(AnywhereRace.planned[open]) }
    let ticker = Ticker("anywhere", total: races[open].trainings, run)
    defer { ticker.finish() }
    try races[open].measureNext(digits, afterEach: { ticker.tick() })
    anywhere = races
  }

  /// The race of equal parameters, in which a dense net reads no empty border and has one rate for both orders, where
  /// that was measured.
  var race: OwnRateRace? {
    guard var race = ownRates else { return nil }
    if let dense = unpadded?.first { race.dense = dense }
    return race
  }
  /// The dense net in it that is as deep.
  var deepRace: SeparatedNet? { unpadded?.dropFirst().first }
  /// The one with as many multiply-adds.
  var workRace: SeparatedNet? { unpadded?.dropFirst(2).first }
}
