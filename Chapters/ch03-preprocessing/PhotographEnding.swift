// Colour photographs at a rate that falls to 0: three preparations, and what each part of the mean costs.

import Foundation
import Workbook

/// Nets on photographs, each at the best of rates that are a factor of 2 apart.
struct PhotographEnding: Codable, Sendable {
  var count: Int
  var validationCount: Int
  var testCount: Int
  var epochs: Int
  /// The seeds that chose the rates, and the others that were measured.
  var choosing: [UInt64]
  var seeds: [UInt64]
  var rows: [PhotographFindings.Row]
  /// How many times as large the first sums of raw pixels are, with the same first weights; not in older records.
  var factor: Double? = nil
  /// Other starts of the first layer, and other trainings; added to the record.
  var starts: [StartRow]? = nil
  var settings: [PhotographSetting]? = nil

  static let epochs = 6

  func start(_ start: FirstStart) -> PhotographFindings.Row? { starts?.first { $0.start == start }?.row }
  func setting(_ kind: PhotographSetting.Kind) -> PhotographSetting? { settings?.first { $0.kind == kind } }
  func row(_ method: Method) -> PhotographFindings.Row? { rows.first { $0.method == method } }

  /// By how many points of test error one preparation differs from another.
  func points(_ method: Method, than other: Method) -> Summary? {
    guard let one = row(method), let two = row(other) else { return nil }
    return one.error - two.error
  }

  /// The row of a reader's own net, from PyTorch's first weights; from He's where that was not measured.
  func own(_ method: Method) -> PhotographFindings.Row? { setting(.pyTorch)?.row(method) ?? row(method) }

  /// By how many points of test error one preparation differs from another in that net.
  func ownPoints(_ method: Method, than other: Method) -> Summary? {
    setting(.pyTorch)?.points(method, than: other) ?? points(method, than: other)
  }

  /// The net of one of the eight starts: with raw or centred pixels, with as many stuck filters and as large first sums
  /// as raw pixels make, or not.
  func net(raw isRaw: Bool, stuck isStuck: Bool, large isLarge: Bool) -> PhotographFindings.Row? {
    switch (isRaw, isStuck, isLarge) {
    case (false, false, false): row(.channelMean)
    case (false, false, true): start(.centredLarge)
    case (false, true, false): start(.centredStuck)
    case (false, true, true): start(.centredAsRaw)
    case (true, false, false): start(.rawAsCentred)
    case (true, false, true): start(.rawAsCentredLarge)
    case (true, true, false): start(.rawSmall)
    case (true, true, true): row(.raw)
    }
  }

  /// What each of the three costs, averaged over the other two; nil where not all eight starts were measured.
  var causes: (steps: Summary, stuck: Summary, sums: Summary)? {
    let sides = [false, true]
    let nets = sides.flatMap { raw in
      sides.flatMap { stuck in
        sides.compactMap { large in net(raw: raw, stuck: stuck, large: large).map { ([raw, stuck, large], $0.error) } }
      }
    }
    guard nets.count == 8 else { return nil }
    func cost(_ place: Int) -> Summary {
      Summary(seeds.indices.map { seed in nets.reduce(0) { $0 + ($1.0[place] ? 0.25 : -0.25) * $1.1.values[seed] } })
    }
    return (cost(0), cost(1), cost(2))
  }
}

extension PhotographEnding {
  init(_ plan: PhotographPlan) throws {
    let (choosing, seeds): ([UInt64], [UInt64]) = ([101, 102, 103], [1, 2, 3, 4, 5])
    func row(_ method: Method, from rate: Float) throws -> PhotographFindings.Row {
      try plan.row(
        PhotographWay(method: method), grid: (-5...6).map { rate * pow(2, Float($0)) }, from: 5..<7,
        choosing: choosing, seeds: seeds)
    }
    self.init(
      count: plan.train.count, validationCount: plan.validation.count, testCount: plan.test.count,
      epochs: plan.epochs, choosing: choosing, seeds: seeds,
      rows: [
        try row(.raw, from: 0.005), try row(.channelMean, from: 0.01), try row(.channelStandard, from: 0.0025),
      ])
  }
}
