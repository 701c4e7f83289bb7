// What dropout does to one sum, mask by mask: both forms, in training and at test time.

import Foundation
import Workbook

/// One unit's sum over many masks.
struct DroppedSums: Sendable {
  var rate: Float
  /// The sum for each mask drawn in training.
  var training: [Double]
  /// The sum at test time.
  var test: Double
  /// The sum of all inputs with no scale at all: what one gets where the scale is forgotten in both places.
  var unscaled: Double

  var mean: Double { Summary(training).mean }
  var deviation: Double { Summary(training).deviation }

  /// Sends one vector of `inputs` numbers through dropout `masks` times, and
  /// adds up what one unit with fixed weights makes of it.
  init(dropping rate: Float, inverted: Bool, inputs: Int = 64, masks: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 61)
    let x = Tensor([1, inputs], (0..<inputs).map { _ in generator.nextUniform() })
    var unit = Dense(inputs, 1, bias: false)
    unit.weight.value = Tensor([1, inputs], (0..<inputs).map { _ in generator.nextUniform() })
    var dropout = Dropout(dropping: rate, inverted: inverted)
    func sum(_ mode: Mode, _ pass: UInt64) -> Double {
      Double(unit.forward(dropout.forward(x, mode: mode, seed: pass)).elements[0])
    }
    self.rate = rate
    training = (0..<masks).map { sum(.training, seed &+ UInt64($0) &* 7919) }
    test = sum(.inference, 0)
    unscaled = Double(unit.forward(x).elements[0])
  }

  /// The share of `training` in each of `bins` equal bins of `range`.
  func histogram(in range: ClosedRange<Double>, bins: Int = 40) -> [Double] {
    var heights = [Double](repeating: 0, count: bins)
    for value in training where range.contains(value) {
      let place = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      heights[min(bins - 1, Int(place * Double(bins)))] += 1 / Double(training.count)
    }
    return heights
  }
}

/// The sums in training in units of the sum at test time.
struct RelativeSums: Codable, Sendable {
  var rate: Float
  var mean: Double
  var deviation: Double
  /// The share in each of 40 equal bins from 0 to 2, and the share beyond.
  var histogram: [Double]
  var beyond: Double
}

extension RelativeSums {
  init(_ sums: DroppedSums) {
    var sums = sums
    sums.training = sums.training.map { $0 / sums.test }
    self.init(
      rate: sums.rate, mean: sums.mean, deviation: sums.deviation, histogram: sums.histogram(in: 0...2),
      beyond: Double(sums.training.count { $0 > 2 }) / Double(max(1, sums.training.count)))
  }
}

/// The sums of many units with He's weights, which have both signs, in units of their usual size.
struct SignedSums: Codable, Sendable {
  var rate: Float
  /// The root of the mean square of the sums at test time is 1; so far a sum scatters from mask to mask.
  var deviation: Double
  /// Of training sums minus test sums: the share in each of 40 equal bins from −3 to 3.
  var histogram: [Double]
}

extension SignedSums {
  /// Sends one vector of `inputs` numbers through inverted dropout `masks` times, and looks at the sums of `units` units.
  init(dropping rate: Float, inputs: Int = 64, units: Int = 100, masks: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 65)
    let x = Tensor([1, inputs], (0..<inputs).map { _ in generator.nextUniform() })
    var layer = Dense(inputs, units, bias: false, initializer: .heNormal)
    layer.initialize(using: &generator)
    var dropout = Dropout(dropping: rate, inverted: true)
    let test = layer.forward(x).elements.map(Double.init)
    let usual = (test.reduce(0) { $0 + $1 * $1 } / Double(units)).squareRoot()
    var (squares, bins) = (0.0, [Double](repeating: 0, count: 40))
    let all = Double(masks * units)
    for mask in 0..<masks {
      let dropped = dropout.forward(x, mode: .training, seed: seed &+ UInt64(mask) &* 7919)
      for (sum, whole) in zip(layer.forward(dropped).elements, test) {
        let off = (Double(sum) - whole) / usual
        squares += off * off
        let bin = Int(((off + 3) / 6 * 40).rounded(.down))
        if bins.indices.contains(bin) { bins[bin] += 1 / all }
      }
    }
    self.init(rate: rate, deviation: (squares / all).squareRoot(), histogram: bins)
  }
}
