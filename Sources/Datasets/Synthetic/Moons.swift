// Points on two interleaving half circles.

import Foundation
import Tensors

/// Two interleaving half moons: a simple example of classes that no straight line separates.
///
/// Class 0 lies on (cos t, sin t), class 1 on (1 − cos t, ½ − sin t), with t uniform on [0, π], plus noise. If the
/// noise is about 0.2 or more, the classes overlap, and a network that fits every point has learned the noise.
///
/// - Source: scikit-learn's `make_moons`.
public enum Moons {
  /// Draws points.
  ///
  /// - Parameters:
  ///   - count: the number of points; the classes alternate.
  ///   - noise: the standard deviation of the noise added to each coordinate.
  ///   - irrelevant: the number of additional inputs of pure noise N(0, 1), which an L1 penalty should suppress.
  ///   - seed: the seed; equal seeds give equal points.
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
