// Synthetic digits, for machines without MNIST.

import Foundation
import Tensors

/// Digits drawn from strokes, then bent, rotated, slanted, thickened and blurred. All are different, and each depends
/// only on the seed and its index.
///
/// They have MNIST's shape and ten classes, so every chapter runs on a new machine without an internet connection. They
/// are easier than the real digits, and pages state which were used.
public enum SyntheticDigits {
  /// The name of the data set, for pages.
  public static let name = "synthetic digits"

  /// Draws a data set.
  ///
  /// - Parameters:
  ///   - count: the number of images; each label is drawn uniformly from 0, 1, …, 9.
  ///   - seed: the seed of the whole set.
  ///   - transform: the transform that is applied when pixels are loaded into a batch.
  public static func dataset(count: Int, seed: UInt64, transform: PixelTransform = .lenet) -> Dataset {
    var order = SeededGenerator(seed: seed, stream: 1)
    let labels = (0..<count).map { _ in UInt8(order.nextInt(below: 10)) }
    var pixels = [UInt8](repeating: 0, count: count * side * side)
    pixels.withUnsafeMutableBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      let grain = 256
      Parallel.forEach(chunks: (count + grain - 1) / grain, on: base) { chunk, base in
        for index in chunk * grain..<min(count, (chunk + 1) * grain) {
          var generator = SeededGenerator(seed: seed, stream: UInt64(index) + 2)
          draw(Int(labels[index]), into: base + index * side * side, using: &generator)
        }
      }
    }
    return Dataset(
      name: name, pixels: pixels, labels: labels, imageShape: [1, side, side], classCount: 10,
      transform: transform)
  }

  private static let side = 28

  /// The strokes of each digit: open polylines in the unit square, with y pointing downwards.
  private static let strokes: [[[(Float, Float)]]] = [
    [arc(0.5, 0.5, 0.3, 0.42, 0, 1)],
    [[(0.35, 0.25), (0.55, 0.1), (0.55, 0.9)]],
    [arc(0.5, 0.32, 0.26, 0.22, 0.55, 1.08) + [(0.25, 0.88), (0.78, 0.88)]],
    [arc(0.45, 0.3, 0.25, 0.2, 0.6, 1.25), arc(0.45, 0.7, 0.28, 0.21, 0.75, 1.45)],
    [[(0.6, 0.08), (0.22, 0.6), (0.8, 0.6)], [(0.63, 0.38), (0.6, 0.92)]],
    [[(0.72, 0.1), (0.33, 0.1), (0.3, 0.45)] + arc(0.48, 0.65, 0.26, 0.25, 0.68, 1.42)],
    [[(0.65, 0.08), (0.4, 0.3), (0.27, 0.62)] + arc(0.5, 0.68, 0.23, 0.22, 0.5, 1.5)],
    [[(0.22, 0.12), (0.78, 0.12), (0.42, 0.9)]],
    [arc(0.5, 0.3, 0.2, 0.2, 0.25, 1.25), arc(0.5, 0.7, 0.25, 0.22, 0.75, 1.75)],
    [arc(0.5, 0.32, 0.23, 0.22, 0, 1) + [(0.73, 0.32), (0.68, 0.62), (0.55, 0.92)]],
  ]

  /// Points on an arc of an ellipse, clockwise; `from` and `to` are fractions of a full turn, and 0 is on the right.
  private static func arc(
    _ x: Float, _ y: Float, _ width: Float, _ height: Float, _ from: Float, _ to: Float
  ) -> [(Float, Float)] {
    (0...16).map { step in
      let angle = 2 * Float.pi * (from + (to - from) * Float(step) / 16)
      return (x + width * cos(angle), y + height * sin(angle))
    }
  }

  /// Draws one digit as bytes.
  private static func draw(
    _ digit: Int, into image: UnsafeMutablePointer<UInt8>, using generator: inout SeededGenerator
  ) {
    // A random affine map and slow waves imitate the variation of handwriting.
    let angle = 0.16 * generator.nextNormal()
    let slant = 0.2 * generator.nextNormal()
    let (width, height) = (
      18 * exp(0.13 * generator.nextNormal()), 20 * exp(0.09 * generator.nextNormal())
    )
    let (left, top) = (1.1 * generator.nextNormal(), 1.1 * generator.nextNormal())
    let thickness = 1.15 * exp(0.28 * generator.nextNormal())
    let waves = (0..<4).map { _ in (0.05 * generator.nextNormal(), 2 * Float.pi * generator.nextUniform()) }
    let ink = 200 + 55 * generator.nextUniform()

    func place(_ point: (Float, Float)) -> (Float, Float) {
      let x = point.0 + waves[0].0 * sin(5 * point.1 + waves[0].1) + waves[1].0 * sin(9 * point.0 + waves[1].1) - 0.5
      let y = point.1 + waves[2].0 * sin(5 * point.0 + waves[2].1) + waves[3].0 * sin(9 * point.1 + waves[3].1) - 0.5
      let (u, v) = (width * (x - slant * y), height * y)
      return (14 + left + u * cos(angle) - v * sin(angle), 14 + top + u * sin(angle) + v * cos(angle))
    }
    let segments = strokes[digit].flatMap { stroke in
      let points = stroke.map(place)
      return zip(points, points.dropFirst()).map { ($0, $1) }
    }
    for row in 0..<side {
      for column in 0..<side {
        let (x, y) = (Float(column) + 0.5, Float(row) + 0.5)
        var nearest = Float.infinity
        for (a, b) in segments {
          let (dx, dy) = (b.0 - a.0, b.1 - a.1)
          let t = max(0, min(1, ((x - a.0) * dx + (y - a.1) * dy) / max(1e-6, dx * dx + dy * dy)))
          let (ex, ey) = (x - a.0 - t * dx, y - a.1 - t * dy)
          nearest = min(nearest, ex * ex + ey * ey)
        }
        // Full ink inside the stroke, fading over the next one and a half pixels.
        let darkness = max(0, min(1, (thickness + 0.75 - nearest.squareRoot()) / 1.5))
        image[row * side + column] = UInt8(ink * darkness)
      }
    }
  }
}
