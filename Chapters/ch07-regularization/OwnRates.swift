// Every restraint at its own best: the learning rate, and the strength where it has one, chosen on validation digits.

import Foundation
import Workbook

extension Scoreboard {
  /// The learning rates that a restraint may end at; those around the bare net's are tried first.
  static let allRates: [Float] = [0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64]

  /// The restraints with their strengths, the bare net first.
  static func contestants(jitter: ColorJitter) -> [[Restraint]] {
    [[Restraint("nothing", .none)]] + Restraint.candidates.map(\.strengths)
      + Restraint.others(jitter: jitter).map { restraint in
        guard restraint.name == "dropout" else { return [restraint] }
        return [Float(0.1), 0.25, 0.5].map { share in
          Restraint("dropout", .units) {
            $0.dropping = share
            $0.note = "p = \(share)"
          }
        }
      }
  }

  /// Trains each restraint at each of some rates and strengths with the first seeds, goes on while an end of the rates is
  /// the best, and trains with all seeds at the best.
  ///
  /// - Parameters:
  ///   - contestants: the restraints with their strengths, the bare net first.
  ///   - digits: twice as many to learn from as all but one are given.
  ///   - choosing: how many seeds choose.
  ///   - known: what has been measured of it.
  ///   - keep: is called with all that is there, after each restraint.
  static func atOwnRates(
    _ contestants: [[Restraint]], on digits: DigitSets, steps: Int, seeds: [UInt64], choosing: Int,
    known: Scoreboard? = nil, report: () -> Void = {}, keeping keep: (Scoreboard) throws -> Void = { _ in }
  ) throws -> Scoreboard {
    let half = digits.halved
    var board =
      known
      ?? Scoreboard(entries: [], testCounts: (0..<10).map { digit in digits.test.labels.count { $0 == digit } })
    (board.steps, board.digits) = (steps, half.train.count)
    for (place, strengths) in contestants.enumerated()
    where !board.entries.contains(where: { $0.name == strengths[0].name }) {
      typealias Setting = (restraint: Restraint, rate: Float)
      func runs(_ settings: [Setting], _ seeds: ArraySlice<UInt64>) throws -> [[RestraintRun]] {
        let seeds = Array(seeds)
        let all = try inParallel(settings.count * seeds.count) { index in
          report()
          let (restraint, rate) = settings[index / seeds.count]
          return try train(
            under: restraint, on: restraint.hasMoreData ? digits : half, steps: steps, rate: rate,
            seed: seeds[index % seeds.count])
        }
        return settings.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
      }
      // Around the rate of the bare net, which itself is looked for among all that were tried before.
      let first =
        board.entries.first.flatMap(\.rate).map { bare in allRates.filter { $0 > 0.4 * bare && $0 < 2.5 * bare } }
        ?? rates
      var settings: [Setting] = strengths.flatMap { restraint in first.map { (restraint, $0) } }
      var tried = try runs(settings, seeds.prefix(choosing))
      func best() -> Int {
        let errors = tried.map { Summary($0.map(\.validationError)).mean }
        return settings.indices.min { errors[$0] < errors[$1] } ?? 0
      }
      while true {
        let (restraint, rate) = settings[best()]
        let here = settings.filter { $0.restraint.setting == restraint.setting }.map(\.rate)
        let next =
          rate == here.max()
          ? allRates.first { $0 > rate } : rate == here.min() ? allRates.last { $0 < rate } : nil
        guard let next else { break }
        settings.append((restraint, next))
        tried += try runs([(restraint, next)], seeds.prefix(choosing))
      }
      let chosen = best()
      let (restraint, rate) = settings[chosen]
      let all = tried[chosen] + (try runs([settings[chosen]], seeds.dropFirst(choosing))[0])
      board.entries.insert(
        Entry(
          name: restraint.name, kind: restraint.kind, setting: restraint.setting,
          runs: all.map { run in
            var run = run
            if !["nothing", "flip"].contains(restraint.name) { run.answers = nil }
            return run
          }, rate: rate), at: min(place, board.entries.count))
      if place == 0 { board.rate = rate }
      try keep(board)
    }
    return board
  }

  /// Errors on the digits that were learned from, in per cent.
  func ownError(_ index: Int) -> Summary { Summary(entries[index].runs.map { 100 * $0.trainingError }) }

  /// Whether a rate that was chosen is an end of all that were tried.
  var ratesTried: String {
    let atAnEnd = entries.filter { [Self.allRates.first, Self.allRates.last].contains($0.rate) }.map(\.name)
    return atAnEnd.isEmpty
      ? "no rate that was chosen is an end of those tried" : "at an end of all are \(listed(atAnEnd))"
  }
}

/// Mirrored pictures where a mirror keeps the label: 0, 1 and 8 alone, without flips and with.
struct MirrorFindings: Codable, Sendable {
  static let classes: [UInt8] = [0, 1, 8]
  /// How many digits are learned from, drawn anew for each seed.
  var count: Int
  var steps: Int
  /// Without flips and with them: the best learning rate, and the test errors in per cent.
  var rates: [Float]
  var errors: [Summary]

  /// By how many points flips lower the error, seed by seed.
  var gain: Summary { errors[0] - errors[1] }
}

extension MirrorFindings {
  /// - Parameter choosing: how many seeds choose the rate.
  init(_ digits: DigitSets, count: Int, steps: Int, seeds: [UInt64], choosing: Int, report: () -> Void = {}) throws {
    func kept(_ data: Dataset) -> Dataset {
      data.samples(at: data.labels.indices.filter { Self.classes.contains(data.labels[$0]) })
    }
    var sets = digits
    (sets.train, sets.validation, sets.test) = (kept(digits.train), kept(digits.validation), kept(digits.test))
    let pool = sets.train
    func runs(_ restraint: Restraint, _ rate: Float, _ seeds: ArraySlice<UInt64>) throws -> [RestraintRun] {
      let seeds = Array(seeds)
      return try inParallel(seeds.count) { place in
        report()
        var generator = SeededGenerator(seed: seeds[place], stream: 77)
        var few = sets
        few.train = pool.samples(at: Array(generator.permutation(of: pool.count).prefix(count)))
        return try train(under: restraint, on: few, steps: steps, rate: rate, seed: seeds[place])
      }
    }
    let restraints = [Restraint("nothing", .none), .augmenting("flip", [HorizontalFlip()])]
    let best = try restraints.map { restraint -> (rate: Float, runs: [RestraintRun]) in
      let tried = try [Float(0.01), 0.02, 0.04, 0.08].map {
        (rate: $0, runs: try runs(restraint, $0, seeds.prefix(choosing)))
      }
      let found = tried.min {
        Summary($0.runs.map(\.validationError)).mean < Summary($1.runs.map(\.validationError)).mean
      }
      let (rate, first) = found ?? tried[0]
      return (rate, first + (try runs(restraint, rate, seeds.dropFirst(choosing))))
    }
    self.init(
      count: count, steps: steps, rates: best.map(\.rate),
      errors: best.map { Summary($0.runs.map { 100 * $0.testError }) })
  }
}
