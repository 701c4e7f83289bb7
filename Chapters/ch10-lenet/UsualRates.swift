// The rates that networks bear: three epochs at many rates, LeNet-5++ with batch normalization in its hidden layers
// alone; and how long its weights become.

import Foundation
import Workbook

extension Worth {
  /// LeNet-5++ as one builds it, with no batch normalization of the ten outputs.
  static let usualNet = "LeNet-5++ without batch norm at the outputs"

  /// The networks of the sweep, and the rates at which each is tried.
  static let usualRates: [(name: String, recipe: Recipe, color: Int, rates: [Float])] = [
    (usualNet, usualRecipe, 3, [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5]),
    ("LeNet-5+", Recipe(net: .plus), 2, [0.02, 0.05, 0.1, 0.2, 0.5, 0.7, 1]),
    ("LeNet-5", Recipe(net: .plain), 0, [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5]),
  ]
  static let usualRecipe = Recipe(net: .plusPlus, hasLastNorm: false)

  /// Trains each of them at each rate, first with three seeds and then with all of the session.
  ///
  /// - Parameter keep: is called after each rate.
  static func measureUsualRates(
    into found: inout VariantFindings, in session: Session, until deadline: Date, keep: (VariantFindings) throws -> Void
  ) throws {
    for count in [3, session.seeds.count] {
      for (name, recipe, color, rates) in usualRates {
        for rate in rates where Date() < deadline {
          var sweep = found.usualRates ?? RateSweep(epochs: 3, curves: [])
          if sweep[name] == nil { sweep.curves.append(.init(name: name, color: color, rates: [], errors: [])) }
          guard let place = sweep.curves.firstIndex(where: { $0.name == name }) else { continue }
          let written = Double("\(rate)") ?? Double(rate)
          let before = sweep.curves[place].rates.firstIndex(of: written)
          var errors = before.map { sweep.curves[place].errors[$0].values } ?? found.knownErrors(name, rate)
          let open = Array(session.seeds.prefix(count).dropFirst(errors.count))
          guard before == nil || !open.isEmpty else { continue }
          errors += try inParallel(open.count) { try recipe.error(rate: rate, seed: open[$0], epochs: 3, in: session) }
          if let before {
            sweep.curves[place].errors[before] = Summary(errors)
          } else {
            let at = sweep.curves[place].rates.firstIndex { $0 > written } ?? sweep.curves[place].rates.count
            sweep.curves[place].rates.insert(written, at: at)
            sweep.curves[place].errors.insert(Summary(errors), at: at)
          }
          found.usualRates = sweep
          try keep(found)
          printError("\(name), rate \(rate): \(errors)")
        }
      }
    }
  }
}

extension VariantFindings {
  /// The errors of the first three seeds where the first sweep has them.
  fileprivate func knownErrors(_ name: String, _ rate: Float) -> [Double] {
    guard let curve = rates?[name], let place = curve.rates.firstIndex(where: { Float($0) == rate }) else {
      return worth?[Worth.rateTrial(name, rate)]?.runs.map(\.finalError) ?? []
    }
    return curve.errors[place].values
  }
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

/// How long the weights of LeNet-5++ become in an epoch, and how far a step turns them, at a few rates.
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
  init(measuredIn session: Session) throws {
    var (layers, rows) = ([String](), [Row]())
    for rate in Self.rates {
      let found = try inParallel(3) { place -> (names: [String], numbers: [[Double]]) in
        let seed = session.seeds[place]
        let model = try Model(Worth.usualRecipe.layers, input: LeNet5.inputShape, seed: seed)
        let before = model.weightLengths
        var trainer = Trainer(
          model, loss: LeNet5.plusPlus.loss, optimizer: SGD(), schedule: ConstantRate(rate),
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
