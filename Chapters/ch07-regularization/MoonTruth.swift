// What is known of the two moons because we know how they are drawn: the best rule.

import Foundation
import Workbook

extension Moon {
  /// The line of the best rule: where both moons are equally dense.
  static let bestRule: [[Double]] = {
    let size = 49
    func places(_ range: ClosedRange<Double>) -> [Double] {
      (0..<size).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(size - 1) }
    }
    return line(densities(places(x), places(y)).map { row in row.map { $0.1 / max(1e-300, $0.0 + $0.1) } })
  }()

  /// The densities of both moons at the places of a grid, [y][x]: each the mean of a normal density over its arc.
  private static func densities(_ xs: [Double], _ ys: [Double]) -> [[(Double, Double)]] {
    let (arc, s) = (60, Double(noise))
    let centers = (0..<2).map { label in
      (0..<arc).map { k -> (x: Double, y: Double) in
        let t = Double.pi * (Double(k) + 0.5) / Double(arc)
        return label == 0 ? (cos(t), sin(t)) : (1 - cos(t), 0.5 - sin(t))
      }
    }
    // exp of a sum of squares is a product: one exponential for each coordinate.
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
    let scale = 1 / (Double(arc) * 2 * Double.pi * s * s)
    func density(_ label: Int, _ i: Int, _ j: Int) -> Double {
      scale * zip(fx[label][i], fy[label][j]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return ys.indices.map { j in xs.indices.map { i in (density(0, i, j), density(1, i, j)) } }
  }
}
