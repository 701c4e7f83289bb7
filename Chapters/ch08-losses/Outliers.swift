// A straight line through points of which some are wrong by far: squared, absolute and Huber's loss.

import Foundation
import Workbook

/// A loss for a number, by its push on the output.
enum NumberLoss: String, CaseIterable, Codable, Sendable {
  case squared, absolute, huber

  var name: String {
    switch self {
    case .squared: "squared error"
    case .absolute: "absolute error"
    case .huber: "Huber's loss"
    }
  }

  /// δ = ∂L/∂z for an output that is `e` too large.
  func push(_ e: Double) -> Double {
    switch self {
    case .squared: e
    case .absolute: e > 0 ? 1 : e < 0 ? -1 : 0
    case .huber: max(-1, min(1, e))
    }
  }
}

/// y = slope · x + intercept.
struct Line: Codable, Sendable {
  var slope = 0.0
  var intercept = 0.0

  func callAsFunction(_ x: Double) -> Double { slope * x + intercept }

  /// Gradient descent on the mean loss of all points, from 0; the rate falls to 0.
  init(through points: [LinePoint], _ loss: NumberLoss, steps: Int = 2000) {
    for step in 0..<steps {
      var (slopes, intercepts) = (0.0, 0.0)
      for point in points {
        let push = loss.push(slope * point.x + intercept - point.y)
        slopes += push * point.x
        intercepts += push
      }
      let rate = 0.5 * (1 - Double(step) / Double(steps)) / Double(points.count)
      slope -= rate * slopes
      intercept -= rate * intercepts
    }
  }

  init(slope: Double, intercept: Double) { (self.slope, self.intercept) = (slope, intercept) }

  /// The mean distance of two lines over x from 0 to 2.
  func distance(to other: Line) -> Double {
    let places = (0...100).map { Double($0) / 50 }
    return places.reduce(0) { $0 + abs(self($1) - other($1)) } / Double(places.count)
  }
}

/// A point to fit a line to.
struct LinePoint: Codable, Sendable {
  var x: Double
  var y: Double
}

/// Lines fitted with three losses to points of a known line, without outliers and with them.
struct OutlierFindings: Codable, Sendable {
  static let truth = Line(slope: 2, intercept: 1)
  static let noise = 0.3

  /// How many points, and of how many the decimal point slipped: they are ten times too large.
  var count: Int
  var outliers: Int
  var seeds: Int
  /// [loss]: how far its line is from the true one, over the seeds, without outliers and with them.
  var clean: [Summary]
  var spoilt: [Summary]
  /// The points of the first seed, outliers first, and the line of each loss.
  var points: [LinePoint]
  var lines: [Line]

  init(count: Int = 100, outliers: Int = 5, seeds: Int = 20, from first: UInt64) {
    (self.count, self.outliers, self.seeds) = (count, outliers, seeds)
    let sets = (0..<UInt64(seeds)).map { seed in
      var generator = SeededGenerator(seed: first &+ seed, stream: 80)
      return (0..<count).map { _ in
        let x = Double(generator.nextUniform(in: 0...2))
        return LinePoint(x: x, y: Self.truth(x) + Self.noise * Double(generator.nextNormal()))
      }
    }
    func spoiled(_ points: [LinePoint]) -> [LinePoint] {
      points.enumerated().map { LinePoint(x: $1.x, y: $0 < outliers ? 10 * $1.y : $1.y) }
    }
    // To four decimals: a record is not a place for rounding errors.
    func brief(_ value: Double) -> Double { rounded(value, decimals: 4) }
    func distances(_ sets: [[LinePoint]], _ loss: NumberLoss) -> Summary {
      Summary(sets.map { brief(Line(through: $0, loss).distance(to: Self.truth)) })
    }
    clean = NumberLoss.allCases.map { distances(sets, $0) }
    spoilt = NumberLoss.allCases.map { distances(sets.map(spoiled), $0) }
    let example = spoiled(sets[0])
    points = example.map { LinePoint(x: brief($0.x), y: brief($0.y)) }
    lines = NumberLoss.allCases.map { loss in
      let line = Line(through: example, loss)
      return Line(slope: brief(line.slope), intercept: brief(line.intercept))
    }
  }
}
