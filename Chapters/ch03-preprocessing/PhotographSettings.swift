// Colour photographs at a rate that falls to 0: other starts of the first layer, Adam, more epochs, and batch norm.

import Foundation
import Workbook

/// What the first layer of the net on photographs starts with, where it is not what its pixels make of it.
enum FirstStart: String, Codable, Sendable, CaseIterable {
  /// Raw pixels; the first weights are so small that the first sums are as large as with centred pixels.
  case rawSmall
  /// Centred pixels; the first weights are so large that the first sums are as large as with raw pixels.
  case centredLarge
  /// Centred pixels, with biases that leave as many filters on, or off, nearly everywhere as raw pixels do; the sums of
  /// the usual size.
  case centredStuck
  /// Centred pixels, with the start of raw ones: both of this.
  case centredAsRaw
  /// Raw pixels, with the start of centred ones.
  case rawAsCentred
  /// The same with first weights so large that the sums are as large as with the start of raw pixels.
  case rawAsCentredLarge
}

/// One start, at the best of its rates.
struct StartRow: Codable, Sendable {
  var start: FirstStart
  var row: PhotographFindings.Row
}

/// The three preparations in another training: with Adam, for longer, or behind batch norm.
struct PhotographSetting: Codable, Sendable {
  enum Kind: String, Codable, Sendable, CaseIterable {
    case pyTorch, smallOutput, adam, long, norm

    /// The way to train with one preparation, and a rate that is near the good ones.
    func way(_ method: Method, near rate: Double?) -> (way: PhotographWay, rate: Double) {
      switch self {
      case .pyTorch: (PhotographWay(method: method, weights: .pyTorch), 0.02)
      case .smallOutput: (PhotographWay(method: method, weights: .smallOutput), rate ?? 0.01)
      case .adam: (PhotographWay(method: method, descent: .adam), 0.002)
      case .long: (PhotographWay(method: method), rate ?? 0.01)
      case .norm: (PhotographWay(method: method, isNormalized: true), 0.02)
      }
    }
    var choosing: [UInt64] { self == .pyTorch || self == .smallOutput ? [101, 102] : [101] }
    var seeds: [UInt64] {
      switch self {
      case .pyTorch, .smallOutput: Array(1...8)
      case .adam: Array(1...5)
      case .long, .norm: Array(1...3)
      }
    }
  }

  var kind: Kind
  var epochs: Int
  /// The seeds that chose the rates, and the others that were measured.
  var choosing: [UInt64]
  var seeds: [UInt64]
  var rows: [PhotographFindings.Row]

  static let longEpochs = 18

  func row(_ method: Method) -> PhotographFindings.Row? { rows.first { $0.method == method } }

  /// By how many points of test error one preparation differs from another.
  func points(_ method: Method, than other: Method) -> Summary? {
    guard let one = row(method), let two = row(other) else { return nil }
    return one.error - two.error
  }
}

extension FirstStart {
  /// The way that starts so.
  ///
  /// - Parameters:
  ///   - mean: of each channel.
  ///   - factor: how many times as large the first sums of raw pixels are.
  func way(mean: [Float], factor: Float) -> PhotographWay {
    func scales(_ value: Float) -> [Float] { mean.map { _ in value } }
    return switch self {
    case .rawSmall: PhotographWay(method: .raw, scales: scales(1 / factor))
    case .centredLarge: PhotographWay(method: .channelMean, scales: scales(factor))
    case .centredStuck: PhotographWay(method: .channelMean, shift: mean.map { -$0 }, scales: scales(1 / factor))
    case .centredAsRaw: PhotographWay(method: .channelMean, shift: mean.map { -$0 })
    case .rawAsCentred: PhotographWay(method: .raw, shift: mean)
    case .rawAsCentredLarge: PhotographWay(method: .raw, shift: mean, scales: scales(factor))
    }
  }
}

extension Preprocessings {
  /// Measures what the record lacks of other starts and other trainings, and writes it after each row.
  ///
  /// - Throws: `DataError` where no folder of photographs is given, or where there is no record of them.
  static func measureSettings(_ run: ChapterRun, from folder: String?) throws {
    var plan = try PhotographPlan(
      from: try photographs(in: folder, "photograph-settings"), run, epochs: PhotographEnding.epochs)
    plan.decays = true
    try addToRecord(on: "digits", in: run, where: { $0.photographs?.ending != nil }) { findings, keep in
      guard var ending = findings.photographs?.ending else { return }
      func store() throws {
        findings.photographs?.ending = ending
        try keep(findings)
      }
      let mean = ChannelMean.fit(plan.train.inputs)
      let factor = sizeRatio(plan.train.inputs, mean.apply(plan.train.inputs))
      ending.factor = rounded(factor, digits: 4)
      for start in FirstStart.allCases where ending.starts?.contains(where: { $0.start == start }) != true {
        let way = start.way(mean: mean.mean, factor: Float(factor))
        let row = try plan.row(way, near: 0.01, choosing: [101, 102], seeds: ending.seeds)
        ending.starts = (ending.starts ?? []) + [StartRow(start: start, row: row)]
        try store()
      }
      for kind in PhotographSetting.Kind.allCases {
        var other = plan
        if kind == .long { other.epochs = PhotographSetting.longEpochs }
        var setting =
          ending.setting(kind)
          ?? PhotographSetting(kind: kind, epochs: other.epochs, choosing: kind.choosing, seeds: kind.seeds, rows: [])
        for method in PhotographFindings.methods where setting.row(method) == nil {
          let (way, near) = kind.way(method, near: ending.row(method)?.rate)
          setting.rows.append(
            try other.row(way, near: Float(near), choosing: setting.choosing, seeds: setting.seeds))
          ending.settings = (ending.settings ?? []).filter { $0.kind != kind } + [setting]
          try store()
        }
      }
      if ending.row(.meanImage) == nil {
        let way = PhotographWay(method: .meanImage)
        ending.rows.append(try plan.row(way, near: 0.02, choosing: [101, 102, 103], seeds: ending.seeds))
        try store()
      }
    }
  }
}

extension PhotographPlan {
  /// One way at the best of rates that are a factor of 2 apart; the search begins with this one and its half.
  func row(
    _ way: PhotographWay, near rate: Float, choosing: [UInt64], seeds: [UInt64]
  ) throws -> PhotographFindings.Row {
    try row(way, grid: (-6...6).map { rate * pow(2, Float($0)) }, from: 5..<7, choosing: choosing, seeds: seeds)
  }
}
