// Two half circles that reach into each other.

import Foundation
import Tensors

/// Two interleaving half moons: the least that a straight line cannot separate.
///
/// Class 0 lies on (cos t, sin t), class 1 on (1 − cos t, ½ − sin t), t uniform on [0, π], plus noise. With noise around
/// 0.2 and more the classes overlap, and a net that fits every point has learned the noise.
///
/// - Source: the set known from scikit-learn's `make_moons`.
public enum Moons {
  /// Draws points.
  ///
  /// - Parameters:
  ///   - count: how many points; classes take turns.
  ///   - noise: the standard deviation added to each coordinate.
  ///   - irrelevant: how many further inputs of pure noise N(0, 1) each point has, for L1 to find.
  ///   - seed: equal seeds draw equal points.
  /// - Returns: inputs [count, 2 + irrelevant].
  public static func samples(
    count: Int, noise: Float = 0.1, irrelevant: Int = 0, seed: UInt64
  ) -> TensorSamples {
    demand(count > 0, "Moons: draws at least 1 point, got \(count)")
    demand(noise >= 0, "Moons: noise must not be negative, got \(noise)")
    demand(irrelevant >= 0, "Moons: the number of irrelevant inputs must not be negative, got \(irrelevant)")
    var generator = SeededGenerator(seed: seed, stream: 0x300)
    let labels = (0..<count).map { $0 % 2 }
    var points: [Float] = []
    points.reserveCapacity((2 + irrelevant) * count)
    for label in labels {
      let t = Float.pi * generator.nextUniform()
      let (x, y) = label == 0 ? (cos(t), sin(t)) : (1 - cos(t), 0.5 - sin(t))
      points.append(x + noise * generator.nextNormal())
      points.append(y + noise * generator.nextNormal())
      for _ in 0..<irrelevant { points.append(generator.nextNormal()) }
    }
    return TensorSamples(
      name: "two moons", inputs: Tensor([count, 2 + irrelevant], points), labels: labels, classCount: 2)
  }
}
