// Every restraint on the same job: what each takes off the test error, seed by seed.

import Foundation
import Workbook

/// Every restraint with every seed.
struct Scoreboard: Codable, Sendable {
  /// A restraint and the networks trained under it.
  struct Entry: Codable, Sendable {
    var name: String
    var kind: Restraint.Kind
    /// The strength as it is written: `λ = 0.03`.
    var setting: String
    /// One for each seed.
    var runs: [RestraintRun]
    /// Its own learning rate; nil where all have the same.
    var rate: Float?

    /// Whether it changes pictures in several ways at once.
    var isPair: Bool { kind == .augmentation && name.contains(", ") }
    /// Whether it is one restraint of one net.
    var isSingle: Bool { kind.isSingle && !isPair }
  }

  /// The learning rate of all of them: of `rates` the best for the net without a restraint, on validation digits.
  var rate: Float
  /// How rate and strengths were chosen; nil where they were given.
  var tuning: Tuning?
  /// The first is the net without a restraint.
  var entries: [Entry]
  /// How many test digits there are of each kind.
  var testCounts: [Int]
  /// Steps of one training, and how many digits are learned from, where each restraint has its own rate.
  var steps: Int?
  var digits: Int?

  /// A choice of rate and strengths, on validation digits.
  struct Tuning: Codable, Sendable {
    /// One of `rates`, and the setting of each of `Restraint.candidates`.
    var rate: Float
    var settings: [String]
    /// How many digits it learned from.
    var digits: Int
  }

  /// Takes runs that are done.
  init(rate: Float = 0.02, tuning: Tuning? = nil, entries: [Entry], testCounts: [Int]) {
    (self.rate, self.tuning, self.entries, self.testCounts) = (rate, tuning, entries, testCounts)
  }

  static let rates: [Float] = [0.01, 0.02, 0.04, 0.08, 0.16]

  /// Trains them all, at the rate and the strengths of `tuning`; without one they are chosen with up to three seeds.
  ///
  /// - Parameter digits: twice as many to learn from as all but one are given.
  init(
    jitter: ColorJitter, on digits: DigitSets, steps: Int, tuning: Tuning? = nil, seeds: [UInt64],
    report: () -> Void = {}
  ) throws {
    let tuning = try tuning ?? Self.tune(on: digits, steps: steps, seeds: seeds, report: report)
    let chosen = zip(Restraint.candidates, tuning.settings).map { candidate, setting in
      candidate.strengths.first { $0.setting == setting } ?? candidate.strengths[candidate.strengths.count / 2]
    }
    try self.init(
      [Restraint("nothing", .none)] + chosen + Restraint.others(jitter: jitter), on: digits, steps: steps,
      rate: tuning.rate, seeds: seeds, report: report)
    self.tuning = tuning
  }

  /// Chooses the rate for the net without a restraint, then each strength at that rate.
  private static func tune(on digits: DigitSets, steps: Int, seeds: [UInt64], report: () -> Void) throws -> Tuning {
    let few = Array(seeds.prefix(3))
    let half = digits.halved
    /// The place of the smallest mean validation error.
    func best(_ candidates: [(restraint: Restraint, rate: Float)]) throws -> Int {
      let errors = try inParallel(candidates.count * few.count) { index in
        report()
        let (restraint, rate) = candidates[index / few.count]
        return try train(under: restraint, on: half, steps: steps, rate: rate, seed: few[index % few.count])
          .validationError
      }
      let means = candidates.indices.map { errors[$0 * few.count..<($0 + 1) * few.count].reduce(0, +) }
      return means.indices.min { means[$0] < means[$1] } ?? 0
    }
    let rate = rates[try best(rates.map { (Restraint("nothing", .none), $0) })]
    return Tuning(
      rate: rate,
      settings: try Restraint.candidates.map { _, strengths in
        strengths[try best(strengths.map { ($0, rate) })].setting
      }, digits: half.train.count)
  }

  /// How many networks ``init(jitter:on:steps:tuning:seeds:report:)`` trains.
  static func count(seeds: Int, isTuned: Bool) -> Int {
    let tried = isTuned ? 0 : rates.count + Restraint.candidates.reduce(0) { $0 + $1.strengths.count }
    return tried * min(3, seeds) + (1 + Restraint.candidates.count + 14) * seeds
  }

  /// Trains them all.
  init(
    _ restraints: [Restraint], on digits: DigitSets, steps: Int, rate: Float = 0.02, seeds: [UInt64],
    report: () -> Void = {}
  ) throws {
    let half = digits.halved
    let all = try inParallel(restraints.count * seeds.count) { index in
      report()
      let restraint = restraints[index / seeds.count]
      return try train(
        under: restraint, on: restraint.hasMoreData ? digits : half, steps: steps, rate: rate,
        seed: seeds[index % seeds.count])
    }
    self.rate = rate
    entries = restraints.enumerated().map { index, restraint in
      Entry(
        name: restraint.name, kind: restraint.kind, setting: restraint.setting,
        runs: all[index * seeds.count..<(index + 1) * seeds.count].map { run in
          var run = run
          // The answers of two are compared.
          if !["nothing", "flip"].contains(restraint.name) { run.answers = nil }
          return run
        })
    }
    testCounts = (0..<10).map { digit in digits.test.labels.count { $0 == digit } }
  }

  /// Test errors in per cent, over the seeds.
  func testError(_ index: Int) -> Summary { Summary(entries[index].runs.map { 100 * $0.testError }) }

  /// By how many points a restraint lowers the test error of the net without one, seed by seed.
  func gain(_ index: Int) -> Summary {
    Summary(zip(entries[0].runs, entries[index].runs).map { 100 * ($0.testError - $1.testError) })
  }

  /// What the seeds say of a restraint: a gain or a loss counts where it is more than chance.
  func verdict(_ index: Int) -> Verdict {
    let gain = gain(index)
    return !isClear(gain, among: comparisons) ? .undecided : gain.mean > 0 ? .helps : .hurts
  }

  /// How many comparisons with the bare net are made at once: each is held against a wider interval for it.
  var comparisons: Int { max(1, entries.count - 1) }

  /// `99.7`: the interval that decides in per cent, 95 for all comparisons together.
  var level: String { fixed(100 - 5 / Double(comparisons), 1) }

  /// The restraints whose gain is beyond chance alone, and not among so many.
  var doubtful: [String] {
    entries.indices.dropFirst().filter { isClear(gain($0)) && verdict($0) == .undecided }.map { entries[$0].name }
  }

  /// That a gain beyond chance by itself may be chance among so many; empty where there is none.
  var chanceWords: String {
    let doubtful = doubtful.filter { !isAtTheEdge(index($0)) && entries[index($0)].kind.isSingle }
    return doubtful.isEmpty
      ? ""
      : "By the wider interval what \(listed(doubtful.map(spoken))) \(doubtful.count == 1 ? "does" : "do") may still be chance. "
  }

  /// Whether the interval that decides ends next to 0, within a tenth of its half width: a few more seeds could turn it.
  func isAtTheEdge(_ index: Int) -> Bool {
    let gain = gain(index)
    guard gain.count >= 3 else { return false }
    let chance = gain.uncertainty(among: comparisons)
    return abs(abs(gain.mean) - chance) < 0.1 * chance
  }

  /// `stochastic pooling, 0.02 to 3.20, and max-norm, … are at the edge of chance …`; empty where none is.
  var edge: String {
    let close = entries.indices.dropFirst().filter { isAtTheEdge($0) && entries[$0].kind.isSingle }.sorted {
      gain($0).mean > gain($1).mean
    }
    guard !close.isEmpty else { return "" }
    let named = close.map { index in
      let (gain, chance) = (gain(index), gain(index).uncertainty(among: comparisons))
      return "\(spoken(entries[index].name)) (\(fixed(gain.mean - chance, 2)) to \(fixed(gain.mean + chance, 2)))"
    }
    let each = close.count == 1 ? "it" : "each"
    return "At the edge of chance: \(named.joined(separator: ", ")). Read \(each) as *perhaps*. "
  }

  enum Verdict: String, Sendable { case helps, hurts, undecided }

  /// The place of a restraint by its name.
  func index(_ name: String) -> Int { entries.firstIndex { $0.name == name } ?? 0 }

  /// How many seeds each has.
  var seeds: Int { entries[0].runs.count }

  /// The test errors under a restraint, 0 … 1, one for each seed.
  func testErrors(_ name: String) -> [Double] { entries[index(name)].runs.map(\.testError) }

  /// The same of a restraint by its name.
  func gain(_ name: String) -> Summary { gain(index(name)) }

  /// The restraint of a kind that lowers the test error most.
  ///
  /// - Parameter alone: whether several changes of pictures at once are left out.
  func strongest(_ kind: Restraint.Kind, alone: Bool = false) -> (name: String, gain: Summary) {
    let places = entries.indices.filter { entries[$0].kind == kind && !(alone && entries[$0].isPair) }
    let place = places.max { gain($0).mean < gain($1).mean } ?? 0
    return (entries[place].name, gain(place))
  }

  /// Whether the rate is an end of those tried, so that the bare net may be better still at one beyond it.
  var isRateAtAnEnd: Bool { [Self.rates.first, Self.rates.last].contains(rate) }

  /// The restraints whose strength is an end of those tried, so that there may be a better one beyond it.
  var atAnEnd: [String] {
    Restraint.candidates.compactMap { name, strengths in
      let setting = entries[index(name)].setting
      return [strengths.first?.setting, strengths.last?.setting].contains(setting) ? name : nil
    }
  }

  /// The restraints that help by more than chance, the strongest first.
  var helping: [Int] {
    entries.indices.dropFirst().filter { verdict($0) == .helps }.sorted { gain($0).mean > gain($1).mean }
  }

  /// The digits that are missed more often with flips, by more than 3 of 100 and more than chance, the worst first.
  var suffersFromFlips: [Int] {
    let more = missedMore("flip")
    return (0..<10).filter { more[$0].direction(beyond: 3, among: 10) == .above }.sorted {
      more[$0].mean > more[$1].mean
    }
  }

  /// For each digit, how many more of its kind in a hundred are missed under a restraint than without one.
  func missedMore(_ name: String) -> [Summary] {
    func missed(_ run: RestraintRun, _ digit: Int) -> Double {
      testCounts[digit] == 0 ? 0 : 100 * Double(run.missed[digit]) / Double(testCounts[digit])
    }
    return (0..<10).map { digit in
      Summary(zip(entries[index(name)].runs, entries[0].runs).map { missed($0, digit) - missed($1, digit) })
    }
  }
}

extension Scoreboard {
  /// What a kind of digit is most often taken for with flips, in per cent of those missed: with flips, and without; nil
  /// where the answers are not kept.
  func commonMistake(on digit: Int) -> (answer: Int, flipped: Double, plain: Double)? {
    func mistakes(_ name: String) -> [Int]? {
      let rows = entries[index(name)].runs.compactMap { $0.answers?[digit] }
      guard !rows.isEmpty else { return nil }
      return (0..<10).map { answer in answer == digit ? 0 : rows.reduce(0) { $0 + $1[answer] } }
    }
    guard let flipped = mistakes("flip"), let plain = mistakes("nothing"),
      let answer = flipped.indices.max(by: { flipped[$0] < flipped[$1] })
    else { return nil }
    func share(_ mistakes: [Int]) -> Double { 100 * Double(mistakes[answer]) / Double(max(1, mistakes.reduce(0, +))) }
    return (answer, share(flipped), share(plain))
  }
}

extension DigitSets {
  /// The same with half as many to learn from.
  var halved: DigitSets {
    var half = self
    half.train = train.prefix(train.count / 2)
    return half
  }
}
