// Colour photographs at a rate that falls to 0: the mean, and the two parts of dividing.

import Foundation
import Workbook

/// Five nets on photographs, each at the best of rates that are a factor of 2 apart.
///
/// Dividing the inputs by σ acts like first weights that start 1/σ times as large and learn 1/σ² times as fast. So two
/// of the nets have one of these parts alone.
struct PhotographEnding: Codable, Sendable {
  var count: Int
  var validationCount: Int
  var testCount: Int
  var epochs: Int
  /// The seeds that chose the rates, and the others that were measured.
  var choosing: [UInt64]
  var seeds: [UInt64]
  var rows: [PhotographFindings.Row]
  /// The channel mean, with first weights that start 1/σ times as large; not in older records.
  var start: PhotographFindings.Row? = nil
  /// The channel mean and deviation, with first weights that start σ times as large: what is left is that they learn
  /// 1/σ² times as fast; not in older records.
  var pace: PhotographFindings.Row? = nil
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

  /// By how many points centred pixels in this training differ from raw ones in the longest; nil where not measured.
  var speed: Summary? {
    guard let mean = row(.channelMean)?.error, let raw = setting(.long)?.row(.raw)?.error else { return nil }
    return mean - raw
  }

  /// Whether the longest training gains centred pixels nothing.
  var gainsNothingMore: Bool {
    guard let short = row(.channelMean)?.error, let long = setting(.long)?.row(.channelMean)?.error
    else { return false }
    return (long - short).direction() != .below
  }

  /// By how many points each part of dividing differs from the channel mean alone.
  var parts: (start: Summary, pace: Summary)? {
    guard let mean = row(.channelMean)?.error, let start, let pace else { return nil }
    return (start.error - mean, pace.error - mean)
  }
}

extension PhotographEnding {
  init(_ plan: PhotographPlan) throws {
    let (choosing, seeds): ([UInt64], [UInt64]) = ([101, 102, 103], [1, 2, 3, 4, 5])
    func row(_ method: Method, from rate: Float, scales: [Float]? = nil) throws -> PhotographFindings.Row {
      try plan.row(
        PhotographWay(method: method, scales: scales), grid: (-5...6).map { rate * pow(2, Float($0)) }, from: 5..<7,
        choosing: choosing, seeds: seeds)
    }
    let deviations = ChannelStandardization.fit(plan.train.inputs).standardDeviation
    self.init(
      count: plan.train.count, validationCount: plan.validation.count, testCount: plan.test.count,
      epochs: plan.epochs, choosing: choosing, seeds: seeds,
      rows: [
        try row(.raw, from: 0.005), try row(.channelMean, from: 0.01), try row(.channelStandard, from: 0.0025),
      ],
      start: try row(.channelMean, from: 0.005, scales: deviations.map { 1 / $0 }),
      pace: try row(.channelStandard, from: 0.0025, scales: deviations))
  }
}
