// Why depth: a function that a deep net folds together from a few units, and a shallow net must write out piece by piece.

import Foundation
import Workbook

/// The two networks that compute the same sawtooth with 2ⁿ straight pieces on 0 … 1, built weight by weight.
struct Sawtooth {
  /// n: how often the interval is folded.
  var folds: Int

  /// n hidden layers of two ReLU units. Each layer folds the interval in the middle:
  /// with u = max(0, x) and v = max(0, x − ½) the tent 2u − 4v goes up to 1 and down.
  var deep: Sequential {
    var layers: [any Layer] = []
    for fold in 0..<folds {
      // The tent of the layer before is made on the way: both rows have its weights,
      // 2 and −4.
      layers.append(
        fold == 0
          ? dense([[1], [1]], bias: [0, -0.5])
          : dense([[2, -4], [2, -4]], bias: [0, -0.5]))
      layers.append(ReLU())
    }
    layers.append(dense([[2, -4]], bias: [0]))
    return Sequential(layers)
  }

  /// One hidden layer: a ReLU unit for each of the 2ⁿ places where the slope changes.
  var shallow: Sequential {
    let pieces = 1 << folds
    let slope = Float(pieces)
    let changes = (0..<pieces).map {
      $0 == 0 ? slope : $0 % 2 == 1 ? -2 * slope : 2 * slope
    }
    return Sequential([
      dense(changes.map { _ in [1] }, bias: (0..<pieces).map { -Float($0) / slope }),
      ReLU(),
      dense([changes], bias: [0]),
    ])
  }

  /// Places on 0 … 1, eight for each piece: multiples of a power of two, on which both nets are exact in Float.
  var grid: [Float] {
    let count = 8 << folds
    return (0...count).map { Float($0) / Float(count) }
  }

  /// The values of a network at the places of the grid.
  func values(of network: Sequential) -> [Float] {
    var network = network
    return network.forward(Tensor([grid.count, 1], grid)).elements
  }

  /// The number of straight pieces of a function on the grid.
  func pieces(_ values: [Float]) -> Int {
    let steps = zip(values.dropFirst(), values).map { $0 - $1 }
    return 1 + zip(steps.dropFirst(), steps).count { $0 != $1 }
  }

  private func dense(_ weights: [[Float]], bias: [Float]) -> Dense {
    var layer = Dense(weights[0].count, weights.count)
    layer.weight.value = Tensor([weights.count, weights[0].count], weights.flatMap { $0 })
    layer.bias?.value = Tensor(vector: bias)
    return layer
  }
}

/// What both networks cost, counted as built.
struct SawtoothCount: Codable, Equatable, Sendable {
  var folds: Int
  var pieces: Int
  var deepUnits: Int
  var shallowUnits: Int
  var deepParameters: Int
  var shallowParameters: Int
  /// The largest difference of the two functions on the grid.
  var difference: Float
}

extension SawtoothCount {
  /// Builds both and counts.
  init(folds: Int) {
    self.folds = folds
    let sawtooth = Sawtooth(folds: folds)
    let (deep, shallow) = (sawtooth.deep, sawtooth.shallow)
    let values = (sawtooth.values(of: deep), sawtooth.values(of: shallow))
    pieces = sawtooth.pieces(values.0)
    (deepUnits, shallowUnits) = (hiddenUnits(deep), hiddenUnits(shallow))
    (deepParameters, shallowParameters) = (deep.parameterCount, shallow.parameterCount)
    difference = zip(values.0, values.1).map { abs($0 - $1) }.max() ?? 0
  }
}

/// The units of all dense layers but the last.
func hiddenUnits(_ network: Sequential) -> Int {
  network.entries.compactMap { $0.layer as? Dense }.dropLast().reduce(0) { $0 + $1.outputs }
}
