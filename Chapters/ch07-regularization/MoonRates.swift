// Every restraint on the moons once more, each at its own learning rate.

import Foundation
import Workbook

/// The board of the moons where the rate was chosen as well, and what each squared error is made of.
struct MoonRates: Codable, Sendable {
  /// A restraint at the rate and the strength that err least on points set aside.
  struct Entry: Codable, Sendable {
    var name: String
    var setting: String
    var rate: Float
    /// The mean error on a net's own points in per cent, of the net without a restraint.
    var own: Double?
    /// How many of 2000 new points are on the wrong side, seed by seed.
    var wrong: [Int]
    /// Squared bias and variance, times 100, of the net without a restraint.
    var parts: [Double]?
    /// Whether the strength is an end of those tried; nil: it is not.
    var isAtAnEnd: Bool?
  }
  /// The smallest and the largest rate that was tried.
  var rates: [Float]
  /// How many seeds chose.
  var choosing: Int
  /// The first is the net without a restraint.
  var entries: [Entry]
}

extension MoonRates.Entry {
  /// Test errors in per cent.
  var errors: Summary { Summary(wrong.map { 100 * Double($0) / Double(MoonRates.newPoints) }) }
}

extension MoonRates {
  /// The same as a board, to compare by; what it does not know is empty.
  func board(like other: MoonBoard) -> MoonBoard {
    MoonBoard(
      epochs: other.epochs, rate: Double("\(entries[0].rate)") ?? .nan, momentum: other.momentum,
      entries: entries.map {
        .init(
          name: $0.name, setting: $0.setting, trials: [], trainingErrors: Summary([]), trainingLosses: Summary([]),
          testErrors: $0.errors)
      })
  }

  /// How rates and strengths were chosen where each training has its own.
  var choiceWords: String {
    let ends = entries.filter { $0.isAtAnEnd == true }.map(\.name)
    let chosen = entries.map { "\(short(Double($0.rate))) (\($0.name)\($0.setting.isEmpty ? "" : ", \($0.setting)"))" }
    return """
       With their own rates \(choosing) seeds chose rate and strength together on validation points, among rates of \(short(Double(rates[0]))) to \(short(Double(rates.last ?? 0))), going on wherever an end was the best. \
      Chosen were \(chosen.joined(separator: ", "))\(ends.isEmpty ? "" : " (the strength is an end of those tried for \(Regularization.listed(ends)))").
      """
  }

  static let newPoints = 2000
  /// Those that all are tried at, and where the search goes on while an end of the rates is the best.
  static let firstRates: [Float] = [0.01, 0.02, 0.05]
  static let allRates: [Float] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]

  init(epochs: Int, seeds: [UInt64], choosing: Int, report: @Sendable () -> Void = {}) throws {
    typealias Setting = (restraint: MoonRestraint, rate: Float)
    let momentum = Moon.momentum
    func outcomes(_ settings: [Setting], _ seeds: [UInt64]) throws -> [Double] {
      let errors = try inParallel(settings.count * seeds.count) { index -> Double in
        defer { report() }
        let (restraint, rate) = settings[index / seeds.count]
        do {
          return try Moon.train(
            under: restraint, epochs: epochs, rate: rate, momentum: momentum, seed: seeds[index % seeds.count]
          ).validationError
        } catch is Divergence { return 0.5 }
      }
      return settings.indices.map { Summary(errors[$0 * seeds.count..<($0 + 1) * seeds.count].map { $0 }).mean }
    }
    var tried = Set<Float>()
    let few = Array(seeds.prefix(choosing))
    let chosen = try MoonRestraint.candidates.map { strengths -> Setting in
      var settings: [Setting] = Self.firstRates.flatMap { rate in strengths.map { ($0, rate) } }
      var errors = try outcomes(settings, few)
      while true {
        let best = errors.indices.min { errors[$0] < errors[$1] } ?? 0
        let (rate, all) = (settings[best].rate, settings.map(\.rate))
        let next =
          rate == all.max()
          ? Self.allRates.first { $0 > rate } : rate == all.min() ? Self.allRates.last { $0 < rate } : nil
        tried.formUnion(all)
        guard let next else { return settings[best] }
        let more: [Setting] = strengths.map { ($0, next) }
        settings += more
        errors += try outcomes(more, few)
      }
    }
    let nets = try inParallel(chosen.count * seeds.count) { index -> (own: Double, wrong: Int, map: [[Double]]) in
      defer { report() }
      let ((restraint, rate), seed) = (chosen[index / seeds.count], seeds[index % seeds.count])
      let (model, samples) = try Moon.model(
        under: restraint, epochs: epochs, rate: rate, momentum: momentum, seed: seed)
      let unseen = Moons.samples(count: Self.newPoints, noise: Moon.noise, seed: seed &+ 1_000_000)
      func error(_ points: TensorSamples) -> Double { evaluate(model, on: points, loss: SoftmaxCrossEntropy()).error }
      return (
        error(samples), Int((Double(Self.newPoints) * error(unseen)).rounded()), Moon.probabilities(model, grid: 49)
      )
    }
    let groups = chosen.indices.map { Array(nets[$0 * seeds.count..<($0 + 1) * seeds.count]) }
    let parts = MoonParts(chosen.map(\.restraint), groups.map { $0.map(\.map) })
    self.init(
      rates: [tried.min() ?? 0, tried.max() ?? 0], choosing: few.count,
      entries: chosen.indices.map { place in
        let (restraint, rate) = chosen[place]
        let (group, part) = (groups[place], parts.entries[place])
        let strengths = MoonRestraint.candidates[place]
        let isEnd =
          strengths.count > 1 && [strengths.first?.setting, strengths.last?.setting].contains(restraint.setting)
        return Entry(
          name: restraint.name, setting: restraint.setting, rate: rate,
          own: place == 0 ? rounded(100 * Summary(group.map(\.own)).mean, digits: 3) : nil,
          wrong: group.map(\.wrong),
          parts: place == 0 ? [part.bias, part.variance].map { rounded($0, decimals: 2) } : nil,
          isAtAnEnd: isEnd ? true : nil)
      })
  }
}
