// Whether the order of the activations survives Adam and batch norm: a part that is added to the record.

import Foundation
import Workbook

/// Eight layers of some activations, trained in ways that the other nets of the chapter are not.
struct SettingNets: Codable, Sendable {
  enum Setting: String, CaseIterable, Codable, Sendable {
    case adam, norm

    var name: String { self == .adam ? "Adam" : "SGD, batch norm" }
    var optimizer: any Optimizer { self == .adam ? Adam() : SGD() }
    var rates: [Float] { self == .adam ? FirstWeights.Method.adam.rates : DeepNet.rates }
  }

  struct Net: Codable, Sendable {
    var setting: Setting
    var name: String
    var search: RateSearch
    /// The test error (%) for each seed; a net that diverges guesses.
    var errors: Summary
  }

  /// The reference weights for all.
  static let kinds =
    [DeepNet.sigmoid, DeepNet.tanh, DeepNet.relu].map { DeepNet.kinds[$0] } + [
      DeepNet.kinds[5], DeepNet.rarer[RarerActivation.gelu.rawValue],
    ]

  var steps: Int
  var keptCount: Int
  var trials: Int
  var nets: [Net]
  /// Sigmoids with the gain that suits them; measured after the others.
  static let suited = DeepNet.Kind(
    name: "sigmoid, gain \(short(Double(SizedSigmoid.matchedFactor)))", function: .sigmoid,
    inner: SizedSigmoid.matchedFactor)

  subscript(setting: Setting, name: String) -> Net? { nets.first { $0.setting == setting && $0.name == name } }
}

/// The net of a kind, with batch norm behind each dense layer where it is asked for.
func settingNet(_ kind: DeepNet.Kind, _ setting: SettingNets.Setting) -> Sequential {
  if setting == .adam { return deepNet(kind) }
  let activation = kind.rarer?.activation ?? kind.layer
  let hidden = (0..<kind.layers).flatMap { layer -> [any Layer] in
    let inputs = layer == 0 ? 1024 : DeepNet.width
    return [
      Dense(
        inputs, DeepNet.width,
        initializer: kind.function.initializer(times: kind.factor * (layer == 0 ? 1 : kind.inner))),
      BatchNorm(DeepNet.width), activation,
    ]
  }
  return Sequential([Flatten()] + hidden + [Dense(DeepNet.width, 10, initializer: lastLayer)])
}

extension SettingNets {
  /// Measures net by net; `keep` hears of each when it is done.
  static func measured(
    on data: Dataset, kept: Dataset, test: Dataset, steps: Int, trials: [UInt64], seeds: [UInt64],
    kinds: [DeepNet.Kind] = Self.kinds, keep: (SettingNets) throws -> Void = { _ in }
  ) throws -> SettingNets {
    var found = SettingNets(steps: steps, keptCount: kept.count, trials: trials.count, nets: [])
    for setting in Setting.allCases {
      for kind in kinds {
        func error(_ rate: Float, _ seed: UInt64, on images: Dataset) throws -> Double {
          var model = try Model(settingNet(kind, setting), input: data.sampleShape, seed: seed)
          let losses = learn(&model, on: data, rate: rate, steps: steps, by: setting.optimizer, seed: seed)
          if hasDiverged(losses) { return FirstWeights.guessing }
          return 100 * evaluate(model, on: images, loss: SoftmaxCrossEntropy()).error
        }
        let search = try RateSearch(setting.rates) { rate in
          Summary(try inParallel(trials.count) { try error(rate, trials[$0], on: kept) }).mean
        }
        let errors = try inParallel(seeds.count) { try error(search.rate, seeds[$0], on: test) }
        found.nets.append(
          Net(
            setting: setting, name: kind.name, search: search,
            errors: Summary(errors).rounded(decimals: 2)))
        try keep(found)
      }
    }
    return found
  }
}
