// The rates that networks bear, in three epochs at many rates; and how long the weights become under batch normalization.

import Foundation
import Workbook

extension Worth {
  /// The net of the first listing, as the sweep has it.
  static let usualNet = "LeNet-5++ without batch norm at the outputs"

  /// The networks of the sweep, and the rates at which each is tried.
  static let usualRates: [(name: String, recipe: Recipe, color: Int, rates: [Float])] = [
    (usualNet, .normed, 3, [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5]),
    ("LeNet-5+", Recipe(net: .plus), 2, [0.02, 0.05, 0.1, 0.2, 0.5, 0.7, 1]),
    ("LeNet-5", Recipe(net: .plain), 0, [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5]),
  ]

  /// Trains each of them at each rate, with three seeds.
  ///
  /// - Parameter keep: is called after each rate.
  static func measureUsualRates(
    into found: inout VariantFindings, in session: Session, until deadline: Date, keep: (VariantFindings) throws -> Void
  ) throws {
    for (name, recipe, color, rates) in usualRates {
      for rate in rates where Date() < deadline {
        var sweep = found.usualRates ?? RateSweep(epochs: 3, curves: [])
        if sweep[name] == nil { sweep.curves.append(.init(name: name, color: color, rates: [], errors: [])) }
        let written = Double("\(rate)") ?? Double(rate)
        guard let place = sweep.curves.firstIndex(where: { $0.name == name }),
          !sweep.curves[place].rates.contains(written)
        else { continue }
        let errors = try inParallel(3) {
          try recipe.error(rate: rate, seed: session.seeds[$0], epochs: sweep.epochs, in: session)
        }
        sweep.curves[place].rates.append(written)
        sweep.curves[place].errors.append(Summary(errors))
        found.usualRates = sweep
        try keep(found)
        printError("\(name), rate \(rate): \(errors)")
      }
    }
  }
}

/// Each network at several rates.
struct RateSweep: Codable, Sendable {
  var epochs: Int
  var curves: [Curve]

  struct Curve: Codable, Sendable {
    var name: String
    var color: Int
    var rates: [Double]
    /// Test errors in percent, one for each rate.
    var errors: [Summary]

    /// The rate with the lowest error, and that error.
    var best: (rate: Double, error: Summary) {
      let place = errors.indices.min { errors[$0].mean < errors[$1].mean } ?? 0
      return (rates[place], errors[place])
    }

    /// The rates around the best one at which the error stays below one and a half times the lowest.
    var valley: ClosedRange<Double> {
      let low = best
      let bad = zip(rates, errors).filter { $0.1.mean >= 1.5 * low.error.mean }.map(\.0)
      let inside = rates.filter { rate in !bad.contains { min(rate, low.rate)...max(rate, low.rate) ~= $0 } }
      return (inside.min() ?? low.rate)...(inside.max() ?? low.rate)
    }
  }

  /// The curve of a network.
  subscript(name: String) -> Curve? { curves.first { $0.name == name } }
}

extension Recipe {
  /// The test error in per cent at the end; that of a net that says nothing, nine of ten, where the loss is no number.
  fileprivate func error(rate: Float, seed: UInt64, epochs: Int, in session: Session) throws -> Double {
    do {
      let run = try trained(
        as: Variant("rate", net, color: 0), rate: rate, seed: seed, epochs: epochs, in: session, testsEachEpoch: false)
      return rounded(100 * run.evaluation.error, decimals: 2)
    } catch is Divergence { return 90 }
  }
}

/// How long the weights of the net of the first listing become in an epoch, and how far a step turns them, at a few rates.
struct WeightLengths: Codable, Sendable {
  static let rates: [Float] = [0.02, 0.2, 2]
  /// The layers with weights, the one next to the image first; the last one has no batch normalization behind it.
  var layers: [String]
  var rows: [Row]

  struct Row: Codable, Sendable {
    var rate: Double
    /// ‖w‖ at the end over ‖w‖ at the start, for each layer over the seeds.
    var growth: [Summary]
    /// ‖step‖/‖w‖ of the first step, and its mean over the last tenth of the epoch.
    var first: [Summary]
    var last: [Summary]
  }
}

extension WeightLengths {
  /// Trains for an epoch at each rate, with three seeds.
  init(of recipe: Recipe = .normed, at rates: [Float] = rates, measuredIn session: Session) throws {
    var (layers, rows) = ([String](), [Row]())
    for rate in rates {
      let found = try inParallel(3) { place -> (names: [String], numbers: [[Double]]) in
        let seed = session.seeds[place]
        let model = try Model(recipe.layers, input: LeNet5.inputShape, seed: seed)
        let before = model.weightLengths
        var trainer = Trainer(
          model, loss: recipe.net.loss, optimizer: SGD(), schedule: ConstantRate(rate),
          batchSize: session.options.batch, seed: seed)
        let steps = UpdateRatios(every: 3)
        try trainer.train(on: session.digits.train, epochs: 1, observers: [steps])
        let after = trainer.model.weightLengths
        let late = zip(steps.times, steps.ratios).filter { $0.0 > 0.9 }.map(\.1)
        let numbers = before.indices.compactMap { layer -> [Double]? in
          guard let column = steps.names.firstIndex(of: before[layer].name) else { return nil }
          return [
            after[layer].length / before[layer].length, steps.ratios[0][column],
            Summary(late.map { $0[column] }).mean,
          ].map { Double(short($0, digits: 4)) ?? $0 }
        }
        return (before.map { String($0.name.dropLast(".weight".count)) }, numbers)
      }
      layers = found[0].names
      func over(_ number: Int) -> [Summary] {
        layers.indices.map { layer in Summary(found.map { $0.numbers[layer][number] }) }
      }
      rows.append(Row(rate: Double("\(rate)") ?? Double(rate), growth: over(0), first: over(1), last: over(2)))
    }
    (self.layers, self.rows) = (layers, rows)
  }
}

extension Model {
  /// ‖w‖ of every convolution and dense layer.
  fileprivate var weightLengths: [(name: String, length: Double)] {
    parameters.filter { $0.name.hasPrefix("conv") || $0.name.hasPrefix("fc") }.filter { $0.name.hasSuffix(".weight") }
      .map { name, parameter in
        (name, parameter.value.elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
      }
  }
}
