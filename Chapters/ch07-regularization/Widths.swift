// Is a narrower net a restraint? The net of the two moons with layers of other widths; and what no net can be better than.

import Foundation
import Workbook

/// The net of the two moons without a penalty, narrower.
struct WidthSweep: Codable, Sendable {
  static let widths = [2, 4, 8, 16, 32]

  /// Units in each of the two hidden layers.
  var widths: [Int]
  /// [width][seed], in per cent.
  var trainingErrors: [Summary]
  /// On points set aside, by which a width is chosen.
  var validationErrors: [Summary]
  var testErrors: [Summary]
}

extension WidthSweep {
  init(epochs: Int, seeds: [UInt64], report: () -> Void = {}) throws {
    let runs = try inParallel(Self.widths.count * seeds.count) { place in
      report()
      return try Moon.train(
        .none, points: Moon.points, noise: Moon.noise, hidden: Self.widths[place / seeds.count], epochs: epochs,
        grid: 2,
        seed: seeds[place % seeds.count])
    }
    func errors(_ value: (MoonRun) -> Double) -> [Summary] {
      Self.widths.indices.map { width in
        Summary(runs[width * seeds.count..<(width + 1) * seeds.count].map { 100 * value($0) })
      }
    }
    self.init(
      widths: Self.widths, trainingErrors: errors(\.trainingError), validationErrors: errors(\.validationError),
      testErrors: errors(\.testError))
  }
}

extension Moon {
  /// The share of points that the best of all rules gets wrong: it knows how the points are drawn, and takes the likelier
  /// class.
  ///
  /// Half of the integral of min(p₀, p₁), where p is the density of a moon: the mean of a normal density over its arc.
  static let leastError: Double = {
    let (step, arc, s) = (0.05, 60, Double(noise))
    let centers = (0..<2).map { label in
      (0..<arc).map { k -> (x: Double, y: Double) in
        let t = Double.pi * (Double(k) + 0.5) / Double(arc)
        return label == 0 ? (cos(t), sin(t)) : (1 - cos(t), 0.5 - sin(t))
      }
    }
    // exp of a sum of squares is a product: one exponential for each coordinate.
    let xs = Array(stride(from: -2.6, through: 3.6, by: step)), ys = Array(stride(from: -2.1, through: 2.6, by: step))
    func factors(_ places: [Double], _ coordinate: ((x: Double, y: Double)) -> Double) -> [[[Double]]] {
      centers.map { centers in
        places.map { place in
          centers.map { center in
            let d = (place - coordinate(center)) / s
            return exp(-d * d / 2)
          }
        }
      }
    }
    let (fx, fy) = (factors(xs) { $0.x }, factors(ys) { $0.y })
    var sum = 0.0
    for i in xs.indices {
      for j in ys.indices {
        let densities = (0..<2).map { label in zip(fx[label][i], fy[label][j]).reduce(0) { $0 + $1.0 * $1.1 } }
        sum += min(densities[0], densities[1])
      }
    }
    return sum * step * step / Double(arc) / (2 * Double.pi * s * s) / 2
  }()
}
