// A function that folds: easy for deep networks, dear for shallow ones.

import Foundation
import Tensors

/// The sawtooth of n folds: the tent map m(x) = 2·min(x, 1 − x) on [0, 1], applied n times.
///
/// It goes up and down 2ⁿ⁻¹ times. Each fold is two ReLU units, m(x) = 2·relu(x) − 4·relu(x − ½), so a net of n such layers
/// has O(n) units; a net with one hidden layer of ReLU units is a line with one bend for each unit, and needs 2ⁿ − 1.
///
/// - Source: Telgarsky 2016, "Benefits of depth in neural networks"; Montúfar et al. 2014.
public enum Sawtooth {
  /// The height of the sawtooth of `folds` folds at x: 0 … 1 for x from 0 to 1.
  public static func value(_ x: Float, folds: Int) -> Float {
    var y = x
    for _ in 0..<folds { y = 2 * min(y, 1 - y) }
    return y
  }

  /// Draws points of the unit square; the class is 1 below the sawtooth and 0 above.
  ///
  /// - Parameters:
  ///   - count: how many points.
  ///   - folds: n, from 1 to 16.
  ///   - margin: how far from the curve, up or down, a point must be; less than 0.5.
  ///   - seed: equal seeds draw equal points.
  /// - Returns: inputs [count, 2].
  public static func samples(count: Int, folds: Int, margin: Float = 0, seed: UInt64) -> TensorSamples {
    demand(count > 0, "Sawtooth: draws at least 1 point, got \(count)")
    demand((1...16).contains(folds), "Sawtooth: 1 to 16 folds, got \(folds)")
    demand((0..<0.5).contains(margin), "Sawtooth: the margin lies in [0, 0.5), got \(margin)")
    var generator = SeededGenerator(seed: seed, stream: 0x5A3)
    var (points, labels): ([Float], [Int]) = ([], [])
    while labels.count < count {
      let (x, y) = (generator.nextUniform(), generator.nextUniform())
      let height = value(x, folds: folds)
      if abs(y - height) < margin { continue }
      points += [x, y]
      labels.append(y < height ? 1 : 0)
    }
    return TensorSamples(
      name: "sawtooth of \(folds) folds", inputs: Tensor([count, 2], points), labels: labels, classCount: 2)
  }
}
