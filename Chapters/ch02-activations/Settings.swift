// The activations in a conv net, and eight layers deep with momentum, Adam and batch norm: a part that is added to the record.

import Foundation
import Workbook

/// Some activations in the net of the race, and in the nets of `FirstWeights` of eight layers.
struct SettingNets: Codable, Sendable {
  enum Setting: String, CaseIterable, Codable, Sendable {
    case conv, momentum, adam, norm

    var name: String { ["conv net", "momentum", "Adam", "batch norm"][Self.allCases.firstIndex(of: self) ?? 0] }
    var method: FirstWeights.Method { self == .adam ? .adam : .sgd }
    var optimizer: any Optimizer { self == .conv ? SGD() : method.optimizer }
    var rates: [Float] { self == .conv ? (0..<9).map { 0.04 * pow(2, Float($0)) } : method.rates }
    /// All but the ReLUs of `FirstWeights`.
    var kinds: [DeepNet.Kind] {
      let leaky = DeepNet.kinds[4]
      return SettingNets.kinds + SettingNets.tanhs
        + (self == .conv ? [DeepNet.kinds[DeepNet.relu]] : self == .adam ? [leaky, leaky.fromTorch] : [])
    }
  }

  struct Net: Codable, Sendable {
    var setting: Setting
    var name: String
    var search: RateSearch
    /// The test error (%) for each seed; a net that diverges guesses.
    var errors: Summary
  }

  static let kinds = [
    DeepNet.kinds[DeepNet.sigmoid], suited, DeepNet.kinds[5], DeepNet.rarer[RarerActivation.gelu.rawValue],
  ]
  /// tanh with several gains in all layers but the first, and from PyTorch's default weights.
  static let tanhs =
    [DeepNet.kinds[DeepNet.tanh], DeepNet.wideTanh]
    + [3, 5].map { DeepNet.Kind(name: "tanh, gain \($0)", function: .tanh, inner: Float($0)) }
    + [DeepNet.kinds[DeepNet.tanh].fromTorch]

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

/// The net of a kind. Dense ones have PyTorch's biases; without batch norm their layer of outputs is drawn like the others,
/// with it sigmoid and tanh have Xavier's weights there, and the others PyTorch's default weights in all layers.
func settingNet(_ kind: DeepNet.Kind, in setting: SettingNets.Setting, input: Shape, seed: UInt64) throws -> Model {
  let (isNormed, activation) = (setting == .norm, kind.rarer?.activation ?? kind.layer)
  let isRectified = kind.function != .sigmoid && kind.function != .tanh
  func start(_ factor: Float) -> Initializer {
    kind.isTorch || isNormed && isRectified
      ? .torchUniform : kind.function.initializer(times: kind.factor * factor)
  }
  if setting == .conv {
    let last = kind.isTorch ? start(1) : .normal(standardDeviation: 0.01 * kind.inner)
    return try Model(
      convNet(activation, first: start(1), later: start(kind.inner), last: last), input: input, seed: seed)
  }
  let last = isNormed && !isRectified && !kind.isTorch ? .xavierNormal : start(kind.inner)
  let hidden = (0..<kind.layers).flatMap { layer -> [any Layer] in
    [Dense(layer == 0 ? input.count : DeepNet.width, DeepNet.width, initializer: start(layer == 0 ? 1 : kind.inner))]
      + (isNormed ? [BatchNorm(DeepNet.width)] : []) + [activation]
  }
  var model = try Model(
    Sequential([Flatten()] + hidden + [Dense(DeepNet.width, 10, initializer: last)]), input: input, seed: seed)
  drawBiases(&model, seed: seed)
  return model
}

extension SettingNets {
  /// Measures net by net what `found` does not have yet; `keep` hears of each when it is done.
  ///
  /// - Parameter kinds: instead of those of each setting.
  static func measured(
    _ found: SettingNets? = nil, on data: Dataset, kept: Dataset, test: Dataset, steps: Int, trials: [UInt64],
    seeds: [UInt64], kinds: [DeepNet.Kind]? = nil, keep: (SettingNets) throws -> Void = { _ in }
  ) throws -> SettingNets {
    var found = found ?? SettingNets(steps: steps, keptCount: kept.count, trials: trials.count, nets: [])
    for setting in Setting.allCases.reversed() {
      for kind in kinds ?? setting.kinds where found[setting, kind.name] == nil {
        func error(_ rate: Float, _ seed: UInt64, on images: Dataset) throws -> Double {
          var model = try settingNet(kind, in: setting, input: data.sampleShape, seed: seed)
          let losses = learn(
            &model, on: data, rate: rate, steps: steps, warmUp: setting == .conv ? Racer.warmUp : 1,
            by: setting.optimizer, seed: seed)
          if hasDiverged(losses) { return FirstWeights.guessing }
          return 100 * evaluate(model, on: images, loss: SoftmaxCrossEntropy()).error
        }
        var search = try RateSearch(setting.rates) { rate in
          Summary(try inParallel(trials.count) { try error(rate, trials[$0], on: kept) }).mean
        }
        search.rate = search.steady
        let errors = try inParallel(seeds.count) { try error(search.rate, seeds[$0], on: test) }
        found.nets.append(
          Net(setting: setting, name: kind.name, search: search, errors: Summary(errors).rounded(decimals: 2)))
        try keep(found)
      }
    }
    return found
  }
}
