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
  ]

  /// - Parameters:
  ///   - pool: the photographs that each seed draws its own from; the first are kept for choosing.
  ///   - known: what has been measured.
  ///   - keep: is called with all that is there, after each restraint.
  init(
    pool: Dataset, test: Dataset, count: Int, steps: Int, rates: [Float], seeds: [UInt64], choosing: Int,
    report: () -> Void = {}, keeping keep: (PhotographBoard) throws -> Void = { _ in }
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
      let settings = strengths.flatMap { restraint in rates.map { (restraint, $0) } }
      let tried = try settings.map { try runs($0.0, $0.1, seeds.prefix(choosing)) }
      let errors = tried.map { Summary($0.map(\.validationError)).mean }
      let found = errors.indices.min { errors[$0] < errors[$1] } ?? 0
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
        report: { ticker.tick() }
      ) {
        kept.photographs = $0
        try keep(kept)
      }
    }
  }
}
