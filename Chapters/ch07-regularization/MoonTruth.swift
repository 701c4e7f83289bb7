// What is known of the two moons because we know how they are drawn: the best rule, and how often it errs.

import Foundation
import Workbook

extension Moon {
  /// The share of points that the best of all rules gets wrong: it knows how the points are drawn, and takes the likelier
  /// class.
  ///
  /// Half of the integral of min(p₀, p₁), where p is the density of a moon: the mean of a normal density over its arc.
  static let leastError: Double = {
    let step = 0.05
    let xs = Array(stride(from: -2.6, through: 3.6, by: step)), ys = Array(stride(from: -2.1, through: 2.6, by: step))
    let least = densities(xs, ys).joined().reduce(0) { $0 + min($1.0, $1.1) }
    return least * step * step / 2
  }()

  /// The line of the best rule: where both moons are equally dense.
  static let bestRule: [[Double]] = {
    let size = 49
    func places(_ range: ClosedRange<Double>) -> [Double] {
      (0..<size).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(size - 1) }
    }
    return line(densities(places(x), places(y)).map { row in row.map { $0.1 / max(1e-300, $0.0 + $0.1) } })
  }()

  /// How often points fall at the places of a grid over the plane, [y][x], and the probability of class 1 there.
  static func truth(_ rows: Int, _ columns: Int) -> [[(density: Double, probability: Double)]] {
    func places(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
      (0..<count).map {
        range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(max(1, count - 1))
      }
    }
    return densities(places(x, columns), places(y, rows)).map { row in
      row.map { (($0.0 + $0.1) / 2, $0.1 / max(1e-300, $0.0 + $0.1)) }
    }
  }

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
