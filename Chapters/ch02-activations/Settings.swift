// The activations eight layers deep, with momentum, with Adam and with batch norm: a part that is added to the record.

import Foundation
import Workbook

/// Eight layers of some activations: the nets of `FirstWeights`, with other functions.
struct SettingNets: Codable, Sendable {
  enum Setting: String, CaseIterable, Codable, Sendable {
    case momentum, adam, norm

    var name: String { ["momentum", "Adam", "batch norm"][Self.allCases.firstIndex(of: self) ?? 0] }
    var method: FirstWeights.Method { self == .adam ? .adam : .sgd }
  }

  struct Net: Codable, Sendable {
    var setting: Setting
    var name: String
    var search: RateSearch
    /// The test error (%) for each seed; a net that diverges guesses.
    var errors: Summary
  }

  /// All but ReLU with the reference weights, which is one of `FirstWeights`.
  static let kinds =
    [DeepNet.kinds[DeepNet.sigmoid], suited, DeepNet.kinds[DeepNet.tanh], DeepNet.wideTanh]
    + [DeepNet.kinds[5], DeepNet.rarer[RarerActivation.gelu.rawValue]]

  var steps: Int
  var keptCount: Int
  var trials: Int
  var nets: [Net]
  /// Sigmoids with the gain that suits them.
  static let suited = DeepNet.Kind(
    name: "sigmoid, gain \(short(Double(SizedSigmoid.matchedFactor)))", function: .sigmoid,
    inner: SizedSigmoid.matchedFactor)

  subscript(setting: Setting, name: String) -> Net? { nets.first { $0.setting == setting && $0.name == name } }
}

/// The net of a kind with PyTorch's biases. Without batch norm the weights of the layer of outputs are drawn like the others;
/// with it sigmoid and tanh have Xavier's there, and the others PyTorch's default weights in all layers.
func settingNet(_ kind: DeepNet.Kind, isNormed: Bool, input: Shape, seed: UInt64) throws -> Model {
  let isRectified = kind.function != .sigmoid && kind.function != .tanh
  func start(_ factor: Float) -> Initializer {
    isNormed && isRectified ? .torchUniform : kind.function.initializer(times: kind.factor * factor)
  }
  let last = isNormed && !isRectified ? .xavierNormal : start(kind.inner)
  let hidden = (0..<kind.layers).flatMap { layer -> [any Layer] in
    [Dense(layer == 0 ? input.count : DeepNet.width, DeepNet.width, initializer: start(layer == 0 ? 1 : kind.inner))]
      + (isNormed ? [BatchNorm(DeepNet.width)] : []) + [kind.rarer?.activation ?? kind.layer]
  }
  var model = try Model(
    Sequential([Flatten()] + hidden + [Dense(DeepNet.width, 10, initializer: last)]), input: input, seed: seed)
  drawBiases(&model, seed: seed)
  return model
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
          var model = try settingNet(kind, isNormed: setting == .norm, input: data.sampleShape, seed: seed)
          let losses = learn(&model, on: data, rate: rate, steps: steps, by: setting.method.optimizer, seed: seed)
          if hasDiverged(losses) { return FirstWeights.guessing }
          return 100 * evaluate(model, on: images, loss: SoftmaxCrossEntropy()).error
        }
        let search = try RateSearch(setting.method.rates) { rate in
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
