// A fair race: each net at a rate of its own, with the pixels in order and shuffled.

import Workbook

/// Nets trained on digits in order and on the same digits shuffled, each at the rate that suits it there.
struct RateContest {
  /// What is trained on, what chooses the rates, and what is tested on: in order, and shuffled.
  private let sets: [(train: Dataset, held: Dataset, test: Dataset)]
  private let bench: Bench
  private let rates: [Float]
  private let choosing: Int
  private let afterEach: () -> Void

  /// The seeds with which the rates are chosen where nothing else is said.
  static let choosing = 2

  /// - Parameters:
  ///   - validation: so many of the training digits, the last ones, choose the rates and are not trained on.
  ///   - shuffle: the seed of the order of the shuffled pixels.
  ///   - choosing: so many seeds choose the rates.
  init(
    _ bench: Bench, validation: Int, rates: [Float], shuffle: UInt64, choosing: Int = Self.choosing,
    afterEach: @escaping () -> Void = {}
  ) {
    let images = bench.train
    let (train, held) = (images.prefix(images.count - validation), images.suffix(validation))
    sets = [
      (train, held, bench.test),
      (train.permuted(seed: shuffle), held.permuted(seed: shuffle), bench.test.permuted(seed: shuffle)),
    ]
    (self.bench, self.rates, self.choosing, self.afterEach) = (bench, rates, choosing, afterEach)
  }

  var trainingCount: Int { sets[0].train.count }

  /// What a net has wrong in order and shuffled, each at the rate with the fewest errors on the digits held back.
  func outcome(_ net: Trial) throws -> SeparatedNet {
    let (ordered, shuffled) = (try finished(net, 0), try finished(net, 1))
    return SeparatedNet(
      parameters: SeparationExperiment.freeParameters(of: net.layers), ordered: ordered.errors,
      orderedRate: ordered.rate, shuffled: shuffled.errors, shuffledRate: shuffled.rate,
      orderedTraining: ordered.training, shuffledTraining: shuffled.training)
  }

  /// The same with one rate for both orders: the one with the fewest errors over both on the digits held back. For a dense
  /// net, which cannot tell the orders apart.
  func outcomeAtOneRate(_ net: Trial) throws -> SeparatedNet {
    let few = Array(bench.seeds.prefix(choosing))
    func models(_ place: Int, _ rate: Float, _ seeds: [UInt64]) throws -> [Model] {
      try finishedModels(
        net, in: Bench(train: sets[place].train, test: bench.test, epochs: bench.epochs, seeds: seeds, rate: rate),
        afterEach: afterEach)
    }
    var best: (rate: Float, error: Double) = (rates[0], .infinity)
    for rate in rates {
      do {
        let errors = try [0, 1].map { testErrors(try models($0, rate, few), on: sets[$0].held).mean }
        if errors[0] + errors[1] < best.error { best = (rate, errors[0] + errors[1]) }
      } catch is Divergence { continue }
    }
    let all = try [0, 1].map { try models($0, best.rate, bench.seeds) }
    func errors(_ place: Int, on set: Dataset) -> Summary {
      testErrors(all[place], on: set).rounded(decimals: 3)
    }
    return SeparatedNet(
      parameters: SeparationExperiment.freeParameters(of: net.layers), ordered: errors(0, on: sets[0].test),
      orderedRate: best.rate, shuffled: errors(1, on: sets[1].test), shuffledRate: best.rate,
      orderedTraining: errors(0, on: sets[0].train), shuffledTraining: errors(1, on: sets[1].train))
  }

  /// What a net has wrong in order where every seed chooses a rate for itself: the spread holds that of the choice.
  func chosenBySeed(_ net: Trial) throws -> Summary {
    let set = sets[0]
    var best = [(held: Double, test: Double)](repeating: (.infinity, 90), count: bench.seeds.count)
    for rate in rates {
      let tried: [Model]
      do {
        tried = try finishedModels(
          net, in: Bench(train: set.train, test: set.test, epochs: bench.epochs, seeds: bench.seeds, rate: rate),
          afterEach: afterEach)
      } catch is Divergence { continue }
      let (held, test) = (testErrors(tried, on: set.held).values, testErrors(tried, on: set.test).values)
      for place in best.indices where held[place] < best[place].held { best[place] = (held[place], test[place]) }
    }
    return Summary(best.map(\.test))
  }

  /// The same in one of the two orders: 0 for the pixels in order, 1 for the shuffled ones.
  func finished(
    _ net: Trial, _ place: Int
  ) throws -> (errors: Summary, training: Summary, rate: Float, held: Double) {
    let set = sets[place]
    func models(_ rate: Float, _ seeds: [UInt64]) throws -> [Model] {
      try finishedModels(
        net, in: Bench(train: set.train, test: set.test, epochs: bench.epochs, seeds: seeds, rate: rate),
        afterEach: afterEach)
    }
    let few = Array(bench.seeds.prefix(choosing))
    var best: (rate: Float, error: Double, models: [Model]) = (rates[0], .infinity, [])
    for rate in rates {
      // A rate at which a net diverges is not its best.
      let tried: [Model]
      do { tried = try models(rate, few) } catch is Divergence { continue }
      let error = testErrors(tried, on: set.held).mean
      if error < best.error || best.models.isEmpty { best = (rate, error, tried) }
    }
    let all = best.models + (try models(best.rate, Array(bench.seeds.dropFirst(choosing))))
    return (testErrors(all, on: set.test), testErrors(all, on: set.train), best.rate, best.error)
  }

  /// How many trainings one net takes with so many seeds.
  static func trainings(seeds: Int, rates: [Float]) -> Int {
    let few = min(Self.choosing, seeds)
    return 2 * (rates.count * few + seeds - few)
  }
}

/// The first experiment once more: a convolutional net and a dense one with as many parameters, each at a rate of its own.
struct OwnRateRace: Codable, Sendable {
  var trainingCount: Int
  var validationCount: Int
  var testCount: Int
  var epochs: Int
  var rates: [Float]
  var convolutional: SeparatedNet
  var dense: SeparatedNet

  static let allRates: [Float] = [0.001, 0.003, 0.01, 0.03, 0.06, 0.1, 0.2]

  /// The hidden units of a dense net of two layers with as many multiply-adds as LeNet-5.
  static func unitsOfEqualWork(inputs: Int) -> Int {
    lenetCounts().reduce(0) { $0 + $1.multiplyAdds } / (inputs + 10)
  }

  /// Takes what has been measured.
  init(
    trainingCount: Int, validationCount: Int, testCount: Int, epochs: Int, rates: [Float], convolutional: SeparatedNet,
    dense: SeparatedNet
  ) {
    (self.trainingCount, self.validationCount, self.testCount) = (trainingCount, validationCount, testCount)
    (self.epochs, self.rates, self.convolutional, self.dense) = (epochs, rates, convolutional, dense)
  }

  init(_ bench: Bench, validation: Int, rates: [Float] = allRates, afterEach: @escaping () -> Void = {}) throws {
    let contest = RateContest(bench, validation: validation, rates: rates, shuffle: 1, afterEach: afterEach)
    self.init(
      trainingCount: contest.trainingCount, validationCount: validation, testCount: bench.test.count,
      epochs: bench.epochs, rates: rates,
      convolutional: try contest.outcome(Trial(name: "convolutional", layers: Parts().layers)),
      dense: try contest.outcome(Trial(name: "dense", layers: denseRival())))
  }

  /// What the convolutional net takes off the error of the dense one, in order and shuffled.
  var advantage: Comparison { Comparison(from: dense.ordered, to: convolutional.ordered) }
  var shuffledAdvantage: Comparison { Comparison(from: dense.shuffled, to: convolutional.shuffled) }
}
