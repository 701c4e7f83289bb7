// The five-layer net on pixels centred one by one: at every rate, with Adam, and in a long training.

import Foundation
import Workbook

/// What batch norm saves where both nets have centred pixels, in other trainings than the short one.
struct CentredFindings: Codable, Sendable {
  /// How both nets are trained.
  enum Way: String, Codable, CaseIterable, Sendable {
    case adam = "Adam, 2 epochs"
    case long = "20 epochs, falling rate"

    /// What stands in a table.
    var name: String { self == .long ? "plain descent, " + rawValue : rawValue }
    var epochs: Int { self == .long ? 20 : 2 }
    var rates: [Double] { self == .long ? [0.025, 0.05, 0.1, 0.2, 0.4] : [0.0003, 0.001, 0.003, 0.01, 0.03] }
    /// The seeds that choose a rate, and those that are reported.
    var choosing: [UInt64] { self == .long ? [101] : [101, 102] }
    var seeds: [UInt64] { Array(self == .long ? 1...5 : 1...8) }
    var optimizer: any Optimizer { self == .long ? SGD() : Adam() }
  }

  /// Both nets of the pair at their best rates.
  struct Training: Codable, Sendable {
    var way: Way
    var rates: [Double] = []
    /// [net of the pair]: the errors on new images and, in the last epoch, on those learned from, in per cent.
    var errors: [Summary] = []
    var trainingErrors: [Summary] = []

    /// The points of error that batch norm saves.
    var saved: Summary { errors[0] - errors[1] }
    var isComplete: Bool { errors.count == Norms.pair.count }
    /// Whether both nets chose the same rate.
    var isAtOneRate: Bool { rates.count == 2 && rates[0] == rates[1] }
  }

  var trainings: [Training] = []
  /// The net without a norm at each rate. (Batch norm learns the same with centred pixels: it subtracts each unit's mean.)
  var plain: Sweep?

  func training(_ way: Way) -> Training? { trainings.first { $0.way == way && $0.isComplete } }
}

extension Norms.Findings {
  /// Whether batch norm saves errors in both other trainings, where both nets chose the same rate.
  var isGainWithoutRate: Bool {
    CentredFindings.Way.allCases.allSatisfy { way in
      centred?.training(way).map { $0.isAtOneRate && $0.saved.direction() == .above } == true
    }
  }
}

extension CentredFindings {
  /// Measures the first that is missing; returns whether there was one.
  mutating func addNext(_ rates: [Double], on digits: Digits, validation: Dataset, _ run: ChapterRun) throws -> Bool {
    let image = meanImage(of: digits.train)
    func sweep(_ net: Int, _ way: Way?, _ rates: [Double], _ seeds: [UInt64], _ ticker: Ticker) throws -> Sweep {
      try Sweep(rates, seeds: seeds) { rate, seed in
        run.stopIfInterrupted()
        ticker.tick()
        return try trained(
          perceptron(Norms.pair[net], centering: image), on: digits, choosingBy: validation, rate: Float(rate),
          batchSize: 32, epochs: way?.epochs ?? 2, optimizer: way?.optimizer ?? SGD(), falls: way == .long, seed: seed)
      }
    }
    guard let way = Way.allCases.first(where: { training($0) == nil }), way == .adam || plain != nil else {
      guard plain == nil else { return false }
      let seeds = Array(1...8) as [UInt64]
      let ticker = Ticker("no norm, centred pixels", total: rates.count * seeds.count, run)
      defer { ticker.finish() }
      var found = try sweep(0, nil, rates, seeds, ticker)
      for rate in found.results.indices {
        for seed in found.results[rate].indices {
          found.results[rate][seed].trainingError = rounded(found.results[rate][seed].trainingError, digits: 4)
        }
      }
      plain = found
      return true
    }
    let ticker = Ticker(way.rawValue, total: way.rates.count * way.choosing.count + way.seeds.count, run)
    defer { ticker.finish() }
    let place = trainings.firstIndex { $0.way == way } ?? trainings.count
    if place == trainings.count { trainings.append(Training(way: way)) }
    let net = trainings[place].errors.count
    let rate = way.rates[try sweep(net, way, way.rates, way.choosing, ticker).best]
    let judged = try sweep(net, way, [rate], way.seeds, ticker)
    trainings[place].rates.append(rate)
    trainings[place].errors.append(judged.errors[0].rounded())
    trainings[place].trainingErrors.append(Summary(judged.results[0].map(\.trainingError)).rounded())
    return true
  }
}
