// How deep a net can be and still learn, from each start: where the size of the first weights decides.

import Workbook

extension Start {
  /// The starts of nets of so many layers that are trained; the last one is Xavier's with its output multiplied by what He's
  /// has more, √2 for each layer.
  static func raced(depth: Int) -> [Start] {
    let rescaled = Start(
      name: "Xavier, output × √2ᴸ", activation: .relu, initializer: .lecunNormal,
      outputScale: Float(2.0.squareRoot().power(depth)))
    return [
      Start(name: "ReLU, 1/Dᵢₙ (Xavier)", activation: .relu, initializer: .lecunNormal),
      Start(name: "ReLU, He", activation: .relu, initializer: .heNormal),
      Start(name: "tanh, g = 1", activation: .tanh, initializer: .scaled(.fanIn, .normal)), rescaled,
    ]
  }
}

/// Nets of several depths, trained from each start, each at the best of many rates.
struct DepthStudy: Codable, Sendable {
  static let depths = [2, 6, 10, 14, 18, 22, 26, 30]
  static let rates: [Float] = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]

  /// The nets of one depth.
  struct Nets: Codable, Sendable {
    var depth: Int
    /// For each of `Start.raced` the rate with the fewest errors on validation digits; of the rescaled net half of He's.
    var rates: [Float]
    /// The test error of each in per cent, over the seeds; one that diverged has guessed.
    var errors: [Summary]
  }

  var width: Int
  var trainingCount: Int
  var validationCount: Int
  var testCount: Int
  var epochs: Int
  var rates: [Float]
  /// How many of the seeds chose the rates.
  var choosingSeeds: Int
  /// The shallowest first.
  var nets: [Nets]

  /// The steps of one training, in batches of 32.
  var steps: Int { epochs * ((trainingCount + 31) / 32) }
  var seeds: Int { nets.first?.errors[0].count ?? 0 }

  /// A net that guesses is wrong nine times in ten.
  static let guessing = 90.0
  /// The errors after training, in percent: on the digits that choose the rate, and on new ones. A net that diverges guesses.
  static func errors(
    after epochs: Int, of trainer: Trainer, on digits: DigitSets
  ) throws -> (validation: Double, test: Double) {
    var trainer = trainer
    do { try trainer.trainResumably(on: digits.train, epochs: epochs) } catch is Divergence {
      return (guessing, guessing)
    }
    let errors = [digits.validation, digits.test].map {
      100 * evaluate(trainer.model, on: $0, loss: SoftmaxCrossEntropy()).error
    }
    return (errors[0], errors[1])
  }

  /// Below this a net counts as one that has learned: half of guessing.
  static let learned = 45.0

  /// The depths at which a start learns: every seed gets below `learned`.
  func learnedDepths(_ start: Int) -> [Int] {
    nets.filter { $0.errors[start].maximum < Self.learned }.map(\.depth)
  }

  /// The least depth from which on no seed of a start learns; nil where the deepest nets do.
  func deadFrom(_ start: Int) -> Int? {
    let dead = nets.reversed().prefix { $0.errors[start].minimum > Self.guessing - 10 }
    return dead.last?.depth
  }

  func errors(_ start: Int, at depth: Int) -> Summary? { nets.first { $0.depth == depth }?.errors[start] }
}

extension DepthStudy.Nets {
  /// Trains the nets of one depth: the first seeds choose a rate for each start, and all are judged at it.
  init(
    depth: Int, width: Int, rates: [Float], epochs: Int, on digits: DigitSets, seeds: [UInt64], choosing: Int,
    report: () -> Void = {}
  ) throws {
    let starts = Start.raced(depth: depth)
    func train(_ start: Start, _ rate: Float, _ seed: UInt64) throws -> (validation: Double, test: Double) {
      report()
      let trainer = try deepTrainer(
        start, depth: depth, width: width, rate: rate, on: digits.train, seed: seed)
      return try DepthStudy.errors(after: epochs, of: trainer, on: digits)
    }
    let tuned = starts.count - 1
    let all = try inParallel(tuned * rates.count * choosing) { place in
      try train(
        starts[place / choosing / rates.count], rates[place / choosing % rates.count], seeds[place % choosing])
    }
    func trials(_ start: Int, _ rate: Int) -> ArraySlice<(validation: Double, test: Double)> {
      let first = (start * rates.count + rate) * choosing
      return all[first..<first + choosing]
    }
    let best = (0..<tuned).map { start in
      let errors = rates.indices.map { rate in Summary(trials(start, rate).map(\.validation)).mean }
      return rates.indices.min { errors[$0] < errors[$1] } ?? 0
    }
    // What He's net does at a rate the rescaled one does at half of it.
    let chosen = best.map { rates[$0] } + [rates[best[1]] / 2]
    let further = Array(seeds.dropFirst(choosing))
    let more = try inParallel(tuned * further.count + seeds.count) { place in
      let start = min(place / max(1, further.count), tuned)
      let seed = start < tuned ? further[place % further.count] : seeds[place - tuned * further.count]
      return try train(starts[start], chosen[start], seed).test
    }
    self.depth = depth
    self.rates = chosen
    errors = starts.indices.map { start in
      start < tuned
        ? Summary(trials(start, best[start]).map(\.test) + more[start * further.count..<(start + 1) * further.count])
        : Summary(Array(more[(tuned * further.count)...]))
    }
  }
}
