// A line fitted in batches.

import Foundation
import Workbook

/// A straight line fitted to noisy points: two weights, a loss with a valley, and samples to draw batches from.
struct LineFit: Sendable {
  /// The samples: two features and what should come out.
  var samples: [(x0: Double, x1: Double, target: Double)]
  /// The weights with the smallest loss over all samples.
  private(set) var best: (Double, Double) = (0, 0)

  /// Draws samples from a seed: y = 1·x₀ + 0.5·x₁ + noise.
  init(count: Int = 256, noise: Double = 0.8, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 3)
    samples = (0..<count).map { _ in
      let (x0, x1) = (Double(generator.nextNormal()), 0.45 * Double(generator.nextNormal()))
      return (x0, x1, x0 + 0.5 * x1 + noise * Double(generator.nextNormal()))
    }
    best = solve()
  }

  /// The normal equations of two weights.
  private func solve() -> (Double, Double) {
    var (a, b, c, p, q) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for s in samples {
      a += s.x0 * s.x0
      b += s.x0 * s.x1
      c += s.x1 * s.x1
      p += s.x0 * s.target
      q += s.x1 * s.target
    }
    let determinant = a * c - b * b
    return ((c * p - b * q) / determinant, (a * q - b * p) / determinant)
  }

  /// The mean of ½(w·x − y)² over all samples.
  func loss(_ w0: Double, _ w1: Double) -> Double {
    samples.reduce(0) { sum, s in
      let error = w0 * s.x0 + w1 * s.x1 - s.target
      return sum + error * error / 2
    } / Double(samples.count)
  }

  /// The gradient over some of the samples.
  func gradient(_ w: (Double, Double), over batch: ArraySlice<Int>) -> (Double, Double) {
    var (g0, g1) = (0.0, 0.0)
    for index in batch {
      let s = samples[index]
      let error = w.0 * s.x0 + w.1 * s.x1 - s.target
      g0 += error * s.x0
      g1 += error * s.x1
    }
    return (g0 / Double(batch.count), g1 / Double(batch.count))
  }

  /// The loss as a landscape: it is a quadratic, so three second moments say it all.
  var valley: Valley {
    let n = Double(samples.count)
    let (a, b, c) = samples.reduce((0.0, 0.0, 0.0)) {
      ($0.0 + $1.x0 * $1.x0 / n, $0.1 + $1.x0 * $1.x1 / n, $0.2 + $1.x1 * $1.x1 / n)
    }
    return Valley(a: a, b: b, c: c, bottom: [best.0, best.1], floor: loss(best.0, best.1))
  }

  // snippet: descendInBatches
  /// Goes through all samples `epochs` times, `batch` of them for each step;
  /// `share` of the rate is left at each step.
  func descend(
    from start: (Double, Double), batch: Int, rate: Double, epochs: Int, seed: UInt64,
    share: (_ step: Int, _ steps: Int) -> Double = { _, _ in 1 }
  ) -> Walk {
    var generator = SeededGenerator(seed: seed, stream: 4)
    var w = start
    var walk = Walk(a: [w.0], b: [w.1])
    let steps = epochs * ((samples.count + batch - 1) / batch)
    for _ in 0..<epochs {
      let order = generator.permutation(of: samples.count)
      for first in stride(from: 0, to: order.count, by: batch) {
        let g = gradient(w, over: order[first..<min(first + batch, order.count)])
        let eta = rate * share(walk.a.count - 1, steps)
        w = (w.0 - eta * g.0, w.1 - eta * g.1)
        walk.a.append(w.0)
        walk.b.append(w.1)
      }
    }
    return walk
  }
  // snippet.end
}

/// floor + ½(a·d₀² + 2b·d₀·d₁ + c·d₁²), with (d₀, d₁) the distance from the bottom.
struct Valley: Codable, Sendable {
  var a: Double
  var b: Double
  var c: Double
  var bottom: [Double]
  var floor: Double

  /// The loss at a place.
  func height(_ w0: Double, _ w1: Double) -> Double {
    let (d0, d1) = (w0 - bottom[0], w1 - bottom[1])
    return floor + (a * d0 * d0 + 2 * b * d0 * d1 + c * d1 * d1) / 2
  }
}
