// A bowl of two weights: the smallest landscape in which learning rates, momentum and Adam can be told apart.

import Foundation
import Workbook

/// L = ½·(u² + κ·v²), with (u, v) the weights turned by an angle: curvature 1 one way, κ the other.
struct Bowl: Sendable {
  /// κ, the condition number: the largest curvature over the smallest, which is 1.
  var condition: Double
  /// How far the steep direction is turned away from the second weight's axis, in degrees.
  var angle: Double = 0

  private var turn: (cosine: Double, sine: Double) {
    (cos(angle * .pi / 180), sin(angle * .pi / 180))
  }

  func loss(_ a: Double, _ b: Double) -> Double {
    let (u, v) = (turn.cosine * a + turn.sine * b, -turn.sine * a + turn.cosine * b)
    return (u * u + condition * v * v) / 2
  }

  func gradient(_ a: Double, _ b: Double) -> (Double, Double) {
    let (c, s) = turn
    let (u, v) = (c * a + s * b, condition * (-s * a + c * b))
    return (c * u - s * v, s * u + c * v)
  }

  /// Heights on a grid over a rectangle, lowest row first.
  func heights(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>, count: Int = 61) -> [[Double]] {
    func place(_ range: ClosedRange<Double>, _ index: Int) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(count - 1)
    }
    return (0..<count).map { row in (0..<count).map { loss(place(x, $0), place(y, row)) } }
  }
}

/// A walk through a landscape.
struct Walk: Codable, Sendable {
  var a: [Double]
  var b: [Double]

  /// The distance from the bottom (0, 0) after each step.
  var distances: [Double] { zip(a, b).map { ($0 * $0 + $1 * $1).squareRoot() } }

  /// The steps until the distance is below `share` of the first one and stays there, or nil.
  func steps(to share: Double) -> Int? {
    let distances = distances
    let limit = share * distances[0]
    guard let last = distances.lastIndex(where: { !($0 <= limit) }) else { return 0 }
    return last + 1 < distances.count ? last + 1 : nil
  }
}

// snippet: descend
/// Walks down `bowl` with one of the core's optimizers.
func descend(
  _ bowl: Bowl, from start: (Double, Double), _ optimizer: any Optimizer,
  rate: Double, steps: Int
) -> Walk {
  var optimizer = optimizer
  var weights = Parameter(Tensor(vector: [Float(start.0), Float(start.1)]))
  var walk = Walk(a: [start.0], b: [start.1])
  for _ in 0..<steps {
    let (a, b) = (walk.a[walk.a.count - 1], walk.b[walk.b.count - 1])
    let slope = bowl.gradient(a, b)
    weights.gradient = Tensor(vector: [Float(slope.0), Float(slope.1)])
    optimizer.beginStep()
    optimizer.update(&weights, at: 0, learningRate: Float(rate))
    walk.a.append(Double(weights.value.elements[0]))
    walk.b.append(Double(weights.value.elements[1]))
    // snippet.end
    // Far outside there is nothing more to see, and Float would overflow.
    if !(abs(a) + abs(b) < 1e6) { break }
  }
  return walk
}

/// A start on the unit circle, drawn by a seed and turned with the bowl, away from the bowl's own two directions:
/// on one of them only one curvature is met.
func start(seed: UInt64, turned angle: Double = 0) -> (Double, Double) {
  var generator = SeededGenerator(seed: seed, stream: 2)
  let turn = (Double(generator.nextUniform()) * 40 + 25 + angle) * .pi / 180
  let quarter = Double(generator.nextInt(below: 4)) * .pi / 2
  return (cos(turn + quarter), sin(turn + quarter))
}

/// The largest learning rate with which gradient descent does not leave `bowl`, found by halving an interval.
func largestRate(_ bowl: Bowl, from start: (Double, Double), steps: Int = 400) -> Double {
  var (low, high) = (0.0, 4.0)
  for _ in 0..<20 {
    let rate = (low + high) / 2
    let walk = descend(bowl, from: start, SGD(), rate: rate, steps: steps)
    let grows =
      walk.a.count < steps + 1
      || bowl.loss(walk.a[steps], walk.b[steps]) > bowl.loss(start.0, start.1)
    if grows { high = rate } else { low = rate }
  }
  return low
}

/// A way to walk, and its colour in all figures.
struct Walker: Sendable {
  var name: String
  var optimizer: any Optimizer

  /// The five of the race.
  static let all = [
    Walker(name: "gradient descent", optimizer: SGD()),
    Walker(name: "momentum 0.9", optimizer: SGD(momentum: 0.9)),
    Walker(name: "Nesterov 0.9", optimizer: SGD(momentum: 0.9, nesterov: true)),
    Walker(name: "RMSProp", optimizer: RMSProp(smoothing: 0.9)),
    Walker(name: "Adam", optimizer: Adam()),
  ]
}

/// One walker on one bowl, with the best of a range of learning rates.
struct RaceResult: Sendable {
  var rate: Double
  /// Steps to 1 % of the starting distance, one for each seed; the limit where it was not reached.
  var steps: [Double]
  /// The walk of the first seed.
  var walk: Walk

  /// Lets a walker down a bowl with every rate, and keeps the best one.
  init(_ optimizer: any Optimizer, _ bowl: Bowl, seeds: [UInt64], limit: Int, rates: [Double]) {
    (rate, steps, walk) = (0, [.infinity], Walk(a: [], b: []))
    for rate in rates {
      let walks = seeds.map {
        descend(
          bowl, from: start(seed: $0, turned: bowl.angle), optimizer, rate: rate, steps: limit)
      }
      let steps = walks.map { Double($0.steps(to: 0.01) ?? limit) }
      if steps.reduce(0, +) < self.steps.reduce(0, +) {
        (self.rate, self.steps, walk) = (rate, steps, walks[0])
      }
    }
  }

  /// From 0.001 to 1.6, each a quarter more than the one before.
  static let rates = (0..<33).map { 0.001 * pow(10, Double($0) / 10) }
}

/// All five on one bowl: plain descent at its best rate, 2/(1 + κ), the others at the best of `RaceResult.rates`.
func race(_ bowl: Bowl, seeds: [UInt64], limit: Int = 400) -> [RaceResult] {
  Walker.all.enumerated().map { index, walker in
    RaceResult(
      walker.optimizer, bowl, seeds: seeds, limit: limit,
      rates: index == 0 ? [2 / (1 + bowl.condition)] : RaceResult.rates)
  }
}

/// Steps that gradient descent and momentum need on bowls of growing condition, each with the best settings known.
struct ConditionExperiment: Codable, Sendable {
  var conditions: [Double]
  /// [condition][seed].
  var plain: [[Double]] = []
  var momentum: [[Double]] = []
  /// Adam, on bowls that lie along the axes of the weights, and on bowls turned by 45°.
  var adam: [[Double]] = []
  var adamTurned: [[Double]] = []
}

extension ConditionExperiment {
  init(conditions: [Double], seeds: [UInt64]) {
    self.conditions = conditions
    for condition in conditions {
      let bowl = Bowl(condition: condition)
      let root = condition.squareRoot()
      // Polyak's choice: both factors are optimal for curvatures from 1 to κ.
      let rate = 4 / ((root + 1) * (root + 1))
      let friction = Float(pow((root - 1) / (root + 1), 2))
      let limit = Int(8 * condition) + 60
      func steps(_ optimizer: any Optimizer, _ rate: Double) -> [Double] {
        seeds.map { seed in
          let walk = descend(bowl, from: start(seed: seed), optimizer, rate: rate, steps: limit)
          return Double(walk.steps(to: 0.01) ?? limit)
        }
      }
      plain.append(steps(SGD(), 2 / (condition + 1)))
      momentum.append(steps(SGD(momentum: friction), rate))
      let rates = (0..<17).map { 0.001 * pow(10, Double($0) / 5) }
      func tuned(_ bowl: Bowl) -> [Double] {
        RaceResult(Adam(), bowl, seeds: seeds, limit: min(limit, 1200), rates: rates).steps
      }
      adam.append(tuned(bowl))
      adamTurned.append(tuned(Bowl(condition: condition, angle: 45)))
    }
  }

  /// The last valley across the axes up to which Adam needs hardly more steps than in the first one, by its place.
  var adamLevel: Int {
    let steps = adamTurned.map { Summary($0).mean }
    return (steps.firstIndex { $0 > 1.25 * steps[0] } ?? steps.count) - 1
  }

  /// For each seed the power of κ with which the number of steps grows.
  func powers(_ steps: [[Double]]) -> Summary {
    Summary(
      steps[0].indices.map { seed in
        slope(conditions.indices.map { (x: log(conditions[$0]), y: log(steps[$0][seed])) })
      })
  }
}
