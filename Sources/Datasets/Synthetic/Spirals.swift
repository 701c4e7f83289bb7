// Points on interleaved spirals.

import Foundation
import Tensors

/// Interleaved spirals in the plane: no straight line separates them, but a small network with one hidden layer can.
///
/// A point of arm k at t ∈ (0, 1] is t·(cos φ, sin φ) with φ = 2π·(turns·t + k/arms), plus noise; the class is the arm.
///
/// - Source: Lang and Witbrock 1988, "Learning to tell two spirals apart" (two arms of three turns).
public enum Spirals {
  /// Draws points.
  ///
  /// - Parameters:
  ///   - count: the number of points; the classes alternate, so their sizes differ by at most one.
  ///   - arms: the number of spirals, which is the number of classes; at least 2.
  ///   - turns: the number of turns of each spiral around the origin.
  ///   - noise: the standard deviation of the noise added to each coordinate; the spirals fill a disc of radius 1.
  ///   - seed: the seed; equal seeds give equal points.
  /// - Returns: inputs [count, 2].
  public static func samples(
    count: Int, arms: Int = 2, turns: Float = 1.5, noise: Float = 0.02, seed: UInt64
  ) -> TensorSamples {
    demand(count > 0, "Spirals: draws at least 1 point, got \(count)")
    demand(arms >= 2, "Spirals: at least 2 arms, got \(arms)")
    demand(noise >= 0, "Spirals: noise must not be negative, got \(noise)")
    var generator = SeededGenerator(seed: seed, stream: 0x5B1)
    let labels = (0..<count).map { $0 % arms }
    var points: [Float] = []
    points.reserveCapacity(2 * count)
    for arm in labels {
      // The square root distributes the points evenly over the disc; with uniform t they would cluster at its centre.
      let t = (1 - generator.nextUniform()).squareRoot()
      let angle = 2 * Float.pi * (turns * t + Float(arm) / Float(arms))
      points.append(t * cos(angle) + noise * generator.nextNormal())
      points.append(t * sin(angle) + noise * generator.nextNormal())
    }
    let name = arms == 2 ? "two spirals" : "\(arms) spirals"
    return TensorSamples(name: name, inputs: Tensor([count, 2], points), labels: labels, classCount: arms)
  }
}
