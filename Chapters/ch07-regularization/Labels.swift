// What does not restrain the weights of one net: softer labels, other batches, and the mean of several nets.

import Foundation
import Workbook

/// Mixup: each batch becomes the mean of itself and of a permutation of itself, in shares λ and 1 − λ; so do its labels.
///
/// - Source: Zhang et al. 2018, arXiv:1710.09412.
func mixup(_ alpha: Float, classes: Int = 10) -> TrainingHooks {
  TrainingHooks(batchLoaded: { batch, _, generator in
    let share = generator.nextBeta(alpha)
    let other = generator.permutation(of: batch.count)
    let size = batch.inputs.count / max(1, batch.count)
    let (pictures, labels) = (batch.inputs, batch.labels)
    var targets = Tensor([batch.count, classes], Array(repeating: 0, count: batch.count * classes))
    pictures.withUnsafeElements { x in
      batch.inputs.withUnsafeMutableElements { mixed in
        targets.withUnsafeMutableElements { y in
          for n in other.indices {
            let (own, second) = (n * size, other[n] * size)
            for i in 0..<size { mixed[own + i] = share * x[own + i] + (1 - share) * x[second + i] }
            y[n * classes + labels[n]] += share
            y[n * classes + labels[other[n]]] += 1 - share
          }
        }
      }
    }
    batch.values = targets
  })
}

extension SeededGenerator {
  /// A draw from Beta(α, α), for α up to 1.
  ///
  /// - Source: Jöhnk 1964: U^(1/α) as a share of U^(1/α) + V^(1/α), where that sum is at most 1.
  mutating func nextBeta(_ alpha: Float) -> Float {
    while true {
      let (x, y) = (pow(nextUniform(), 1 / alpha), pow(nextUniform(), 1 / alpha))
      if x + y > 0, x + y <= 1 { return x / (x + y) }
    }
  }
}

extension OwnDigits {
  /// Label smoothing and mixup at three strengths each, and smaller and larger batches, the latter for as many epochs and
  /// for as many steps, behind the bare net.
  static let later: [[Restraint]] =
    [
      [Restraint("nothing", .none)],
      [Float(0.05), 0.1, 0.2].map { share in
        Restraint("label smoothing", .labels) {
          $0.smoothing = share
          $0.note = "ε = \(share)"
        }
      },
      [Float(0.2), 0.5, 1].map { alpha in
        Restraint("mixup", .labels) {
          $0.mixing = alpha
          $0.note = "α = \(alpha)"
        }
      },
    ]
    + [(10, 1), (250, 1), (250, 5)].map { (count: Int, rounds: Int) in
      [
        Restraint("batches of \(count)" + (rounds == 1 ? "" : " for as many steps"), .batch) {
          ($0.batch, $0.rounds) = (count, rounds)
          $0.note = rounds == 1 ? "instead of 50" : "\(rounds) times the epochs"
        }
      ]
    }

  /// How many nets an ensemble has.
  static let ensemble = 5

  /// What joined the comparison later, in the way of the others: a rate and a strength that two seeds chose on one set of
  /// digits, then each seed with its own; and the mean of several bare nets that have learned the same digits.
  static func later(
    _ own: Scoreboard, pool: Dataset, digits: DigitSets, seeds: [UInt64], choosing: Int,
    report: () -> Void = {}
  ) throws -> [Entry] {
    let bare = Scoreboard(rate: own.rate, entries: [own.entries[0]], testCounts: own.testCounts)
    let (count, steps) = (own.digits ?? digits.train.count / 2, own.steps ?? 1200)
    let chosen = try Scoreboard.atOwnRates(
      Self.later, on: digits, steps: steps, seeds: Array(seeds.prefix(choosing)),
      choosing: choosing, known: bare, report: report)
    let settings: [Setting] = chosen.entries.dropFirst().compactMap { entry in
      Self.later.joined().first { $0.name == entry.name && $0.setting == entry.setting }
        .map { ($0, entry.rate ?? own.rate) }
    }
    let draws = Draws(pool: pool, digits: digits, count: count, steps: steps)
    let all = try draws.runs(settings, seeds[...], report: report)
    let ensemble = try draws.ensemble(of: Self.ensemble, rate: own.rate, seeds: seeds, report: report)
    return zip(settings, all).map { Entry($0.restraint, $0.rate, $1) } + [ensemble]
  }
}

extension OwnDigits.Draws {
  /// The mean probabilities of several bare nets, which have the same digits and other initial weights.
  fileprivate func ensemble(
    of nets: Int, rate: Float, seeds: [UInt64], report: () -> Void
  ) throws -> OwnDigits.Entry {
    let bare = Restraint("mean of \(nets) nets", .ensemble)
    let answers = try inParallel(seeds.count * nets) { index -> (own: [Double], new: [Double]) in
      report()
      let seed = seeds[index / nets]
      let sets = sets(bare, seed)
      let model = try fit(
        under: bare, on: sets, steps: steps, rate: rate, seed: seed &+ 1000 * UInt64(index % nets))
      guard let model else { return ([], []) }
      return (probabilities(model, sets.train), probabilities(model, sets.test))
    }
    let runs = seeds.indices.map { place -> RestraintRun in
      let (seed, members) = (seeds[place], answers[place * nets..<(place + 1) * nets])
      let own = mean(members.map(\.own)), new = mean(members.map(\.new))
      let train = sets(bare, seed).train
      return RestraintRun(
        trainingError: error(own, train.labels), validationError: .nan, testError: error(new, digits.test.labels),
        missed: [],
        trainingLoss: train.labels.indices.reduce(0) {
          $0 - log(max(1e-30, own[10 * $1 + Int(train.labels[$1])])) / Double(train.count)
        })
    }
    return OwnDigits.Entry(bare, rate, runs)
  }

  /// The mean of lists of equal length; a net that diverged has none.
  func mean(_ lists: [[Double]]) -> [Double] {
    let lists = lists.filter { !$0.isEmpty }
    return (lists.first ?? []).indices.map { i in lists.reduce(0) { $0 + $1[i] } / Double(lists.count) }
  }

  func error(_ probabilities: [Double], _ labels: [UInt8]) -> Double {
    let wrong = labels.indices.count { n in
      let row = probabilities[10 * n..<10 * n + 10]
      return row.indices.max { row[$0] < row[$1] } != 10 * n + Int(labels[n])
    }
    return Double(wrong) / Double(max(1, labels.count))
  }

  /// [digit][class], one after another.
  func probabilities(_ model: Model, _ data: Dataset) -> [Double] {
    var (model, batch, all) = (model, Batch(), [Double]())
    let order = Array(0..<data.count)
    for start in stride(from: 0, to: data.count, by: 250) {
      data.load(order[start..<min(start + 250, data.count)], into: &batch)
      let logits = model.forward(batch.inputs).elements
      for row in stride(from: 0, to: logits.count, by: 10) {
        let z = logits[row..<row + 10]
        let powers = z.map { exp(Double($0 - (z.max() ?? 0))) }
        let sum = powers.reduce(0, +)
        all += powers.map { $0 / sum }
      }
    }
    return all
  }
}
