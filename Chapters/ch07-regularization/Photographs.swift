// A few regularizers on photographs, of which a mirror keeps the label.

import Foundation
import Workbook

/// The digits' net with colours, under some restraints, each seed with its own photographs.
struct PhotographBoard: Codable, Sendable {
  struct Entry: Codable, Sendable {
    var name: String
    var setting: String
    var rate: Float
    /// The mean error in per cent on a net's own photographs; seed by seed that on new ones.
    var trainingError: Double
    var testErrors: [Double]
  }
  var data: String
  var count: Int
  var steps: Int
  var testCount: Int
  /// How many seeds chose rates and strengths, and the rates.
  var choosing: Int
  var rates: [Float]
  /// The first is the net without a restraint.
  var entries: [Entry]

  func gain(_ index: Int) -> Summary {
    Summary(zip(entries[0].testErrors, entries[index].testErrors).map { $0 - $1 })
  }
  func gain(_ name: String) -> Summary? { entries.firstIndex { $0.name == name }.map(gain) }
  var comparisons: Int { max(1, entries.count - 1) }
}

extension PhotographBoard {
  /// Each restraint in its strengths, the bare net first.
  static let contestants: [[Restraint]] = [
    [Restraint("nothing", .none)],
    [.augmenting("flip", [HorizontalFlip()], "half")],
    [.augmenting("shift", [RandomShift(by: 3)], "±3 pixels")],
    [0.01, 0.03].map { lambda in Restraint("L2", .weights) { $0.penalty = .l2(lambda) } },
    [
      Restraint("dropout", .units) {
        $0.dropping = 0.5
        $0.note = "p = 0.5"
      }
    ],
    [
      Restraint("mixup", .labels) {
        $0.mixing = 1
        $0.note = "α = 1"
      }
    ],
    [.augmenting("flip, shift", [HorizontalFlip(), RandomShift(by: 3)], "half, ±3 pixels")],
    [Float(0.003), 0.01, 0.03].map { lambda in
      Restraint("flip, shift, L2", .combined) {
        $0.augmentation = Augmentation([HorizontalFlip(), RandomShift(by: 3)])
        $0.penalty = .l2(lambda)
      }
    },
    [
      Restraint("flip, shift, \(longer)", .schedule) {
        $0.augmentation = Augmentation([HorizontalFlip(), RandomShift(by: 3)])
        $0.rounds = 3
      }
    ],
    [
      Restraint("flip, shift, L2, \(longer)", .combined) {
        $0.augmentation = Augmentation([HorizontalFlip(), RandomShift(by: 3)])
        ($0.penalty, $0.rounds) = (.l2(0.01), 3)
      }
    ],
  ]

  /// What trains three times as long is called.
  static let longer = "3 times as long"

  /// Whether a strength of L2 is the largest that was tried.
  static func isStrongestL2(_ setting: String?) -> Bool {
    setting == contestants.first { $0[0].name == "L2" }?.last?.setting
  }

  /// The smallest and the largest of some rates.
  static func ends(_ rates: [Float]) -> [Float] { [rates.min() ?? 0, rates.max() ?? 0] }

  /// - Parameters:
  ///   - pool: the photographs that each seed draws its own from; the first are kept for choosing.
  ///   - known: what has been measured.
  ///   - keep: is called with all that is there, after each restraint.
  init(
    pool: Dataset, test: Dataset, count: Int, steps: Int, rates: [Float], seeds: [UInt64], choosing: Int,
    known: [Entry] = [], report: () -> Void = {}, keeping keep: (PhotographBoard) throws -> Void = { _ in }
  ) throws {
    let held = 2000
    func runs(_ restraint: Restraint, _ rate: Float, _ seeds: ArraySlice<UInt64>) throws -> [RestraintRun] {
      let seeds = Array(seeds)
      return try inParallel(seeds.count) { place in
        report()
        var generator = SeededGenerator(seed: seeds[place], stream: 79)
        let drawn = generator.permutation(of: pool.count - held).prefix(count).map { $0 + held }
        return try train(
          under: restraint, on: pool.samples(at: drawn), validation: pool.prefix(held), test: test, steps: steps,
          rate: rate, seed: seeds[place])
      }
    }
    self.init(
      data: pool.name, count: count, steps: steps, testCount: test.count, choosing: choosing, rates: rates, entries: [])
    for strengths in Self.contestants {
      // What is known is not measured again.
      if let old = known.first(where: { $0.name == strengths[0].name }) {
        entries.append(old)
        continue
      }
      // A price on weights wants larger rates.
      let first = strengths[0].kind == .combined ? rates.map { 2 * $0 } : rates
      var settings = strengths.flatMap { restraint in first.map { (restraint: restraint, rate: $0) } }
      var tried: [[RestraintRun]] = []
      var found = 0
      while true {
        tried += try settings.dropFirst(tried.count).map { try runs($0.restraint, $0.rate, seeds.prefix(choosing)) }
        let errors = tried.map { Summary($0.map(\.validationError)).mean }
        found = errors.indices.min { errors[$0] < errors[$1] } ?? 0
        let (restraint, rate) = settings[found]
        let all = settings.filter { $0.restraint.setting == restraint.setting }.map(\.rate)
        guard Self.ends(all).contains(rate), (0.002...0.2).contains(rate) else { break }
        settings.append((restraint, rate == all.min() ? rate / 2 : 2 * rate))
      }
      let (restraint, rate) = settings[found]
      let all = tried[found] + (try runs(restraint, rate, seeds.dropFirst(choosing)))
      entries.append(
        Entry(
          name: restraint.name, setting: restraint.setting, rate: rate,
          trainingError: rounded(100 * Summary(all.map(\.trainingError)).mean, digits: 3),
          testErrors: all.map { rounded(100 * $0.testError, digits: 4) }))
      try keep(self)
    }
  }
}

extension Regularization {
  /// Trains on the photographs of a folder, and writes the recorded findings with the result.
  ///
  /// - Throws: `DataError` where there is no record, or where the photographs are missing.
  static func measurePhotographs(in folder: String?, _ run: ChapterRun) throws {
    guard let folder else {
      throw DataError(
        "--part photographs", expected: "--data with the folder of CIFAR-10", found: "none",
        advice: "fetch it with ./workbook data cifar-10")
    }
    let (pool, test) = try CIFAR10.load(from: folder)
    let seeds = run.seeds(quick: 1, normal: 5, full: 6)
    try addToRecord(on: "MNIST", in: run, where: { $0.data == "MNIST" }) { findings, keep in
      let ticker = Ticker("photographs", total: 8 * 9 + 7 * 3, run)
      defer { ticker.finish() }
      var kept = findings
      findings.photographs = try PhotographBoard(
        pool: pool, test: test, count: 1000, steps: 800, rates: [0.01, 0.02, 0.04], seeds: seeds, choosing: 3,
        known: findings.photographs?.entries ?? [], report: { ticker.tick() }
      ) {
        kept.photographs = $0
        try keep(kept)
      }
    }
  }
}
