// Every restraint on the moons once more, each at its own learning rate.

import Foundation
import Workbook

/// Every restraint on the moons at the rate and the strength that err least on points set aside.
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
    /// Whether the strength is an end of those tried; nil: it is not.
    var isAtAnEnd: Bool?
  }
  /// The smallest and the largest rate that was tried.
  var rates: [Float]
  /// How many seeds chose.
  var choosing: Int
  /// How often each net sees its points without a restraint; nil in older records.
  var epochs: Int?
  /// The first is the net without a restraint.
  var entries: [Entry]
}

extension MoonRates.Entry {
  /// Test errors in per cent.
  var errors: Summary { Summary(wrong.map { 100 * Double($0) / Double(MoonRates.newPoints) }) }
}

extension MoonRates {
  static let morePoints = "twice the points"
  var bare: Entry { entries[0] }
  func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
  /// By how many points a restraint lowers the test error of the net without one, seed by seed.
  func gain(_ entry: Entry) -> Summary { bare.errors - entry.errors }
  /// All but the net without a restraint, and more points, which is no restraint.
  var restraints: [Entry] { entries.dropFirst().filter { $0.name != Self.morePoints } }
  /// Those that help by more than chance, of so many that are compared, the best first.
  var helping: [Entry] {
    restraints.filter { gain($0).direction(beyond: 0.5, among: entries.count - 1) == .above }.sorted {
      gain($0).mean > gain($1).mean
    }
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
          let seed = seeds[index % seeds.count]
          let model = try Moon.model(under: restraint, epochs: epochs, rate: rate, momentum: momentum, seed: seed).model
          let points = Moons.samples(count: 1000, noise: Moon.noise, seed: seed &+ 2_000_000)
          return evaluate(model, on: points, loss: SoftmaxCrossEntropy()).error
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
    let nets = try inParallel(chosen.count * seeds.count) { index -> (own: Double, wrong: Int) in
      defer { report() }
      let ((restraint, rate), seed) = (chosen[index / seeds.count], seeds[index % seeds.count])
      let (model, samples) = try Moon.model(
        under: restraint, epochs: epochs, rate: rate, momentum: momentum, seed: seed)
      let unseen = Moons.samples(count: Self.newPoints, noise: Moon.noise, seed: seed &+ 1_000_000)
      func error(_ points: TensorSamples) -> Double { evaluate(model, on: points, loss: SoftmaxCrossEntropy()).error }
      return (error(samples), Int((Double(Self.newPoints) * error(unseen)).rounded()))
    }
    let groups = chosen.indices.map { Array(nets[$0 * seeds.count..<($0 + 1) * seeds.count]) }
    self.init(
      rates: [tried.min() ?? 0, tried.max() ?? 0], choosing: few.count, epochs: epochs,
      entries: chosen.indices.map { place in
        let (restraint, rate) = chosen[place]
        let group = groups[place]
        let strengths = MoonRestraint.candidates[place]
        let isEnd =
          strengths.count > 1 && [strengths.first?.setting, strengths.last?.setting].contains(restraint.setting)
        return Entry(
          name: restraint.name, setting: restraint.setting, rate: rate,
          own: place == 0 ? rounded(100 * Summary(group.map(\.own)).mean, digits: 3) : nil,
          wrong: group.map(\.wrong),
          isAtAnEnd: isEnd ? true : nil)
      })
  }
}
