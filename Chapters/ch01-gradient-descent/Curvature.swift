// The largest curvature of a net, from differences of gradients: where the bowl's edge would be.

import Foundation
import Workbook

/// The loss of one net over the same points, at any weights.
struct LossSurface {
  private var model: Model
  private let points: TensorSamples
  private var pass = Pass(.training)
  /// The weights and biases that the net came with, in one row.
  let weights: [Double]

  init(_ model: Model, on points: TensorSamples) {
    (self.model, self.points) = (model, points)
    weights = model.parameters.flatMap { $0.parameter.value.elements.map(Double.init) }
  }

  /// The gradient at `weights`.
  mutating func gradient(_ weights: [Double]) -> [Double] {
    var (place, slopes) = (0, [Double]())
    model.visitParameters { _, parameter in
      parameter.value.withUnsafeMutableElements { elements in
        for i in 0..<elements.count { elements[i] = Float(weights[place + i]) }
        place += elements.count
      }
    }
    model.step(points.inputs, .classes(points.labels), SoftmaxCrossEntropy(), in: &pass)
    slopes.reserveCapacity(weights.count)
    model.visitParameters { _, parameter in
      for slope in parameter.gradient.elements { slopes.append(Double(slope)) }
    }
    return slopes
  }

  // snippet: largestCurvature
  /// The largest curvature at the net's weights, by power iteration: a direction is replaced, over
  /// and over, by the change of the gradient along it. Its steepest part grows most in each round,
  /// until it alone is left. Adding `shift` to every curvature keeps a negative one from winning.
  mutating func largestCurvature(rounds: Int = 20, shift: Double = 0, seed: UInt64) -> Double {
    var generator = SeededGenerator(seed: seed, stream: 6)
    var (direction, curvature) = (weights.map { _ in Double(generator.nextNormal()) }, 0.0)
    let h = 0.01
    for _ in 0..<rounds {
      let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let unit = direction.map { $0 / length }
      let above = gradient(zip(weights, unit).map { $0 + h * $1 })
      let below = gradient(zip(weights, unit).map { $0 - h * $1 })
      let change = zip(above, below).map { ($0 - $1) / (2 * h) }
      curvature = zip(change, unit).reduce(0) { $0 + $1.0 * $1.1 }
      direction = zip(change, unit).map { $0 + shift * $1 }
    }
    return curvature < 0 && shift == 0
      ? largestCurvature(rounds: 2 * rounds, shift: -curvature, seed: seed) : curvature
  }
  // snippet.end
}

/// The largest curvature of the spiral net along trainings at several rates.
struct CurvatureFindings: Codable, Sendable {
  /// Rates of the sweep: one below its best, and two more, about three times larger each.
  static let rates = [0.5, 1.4, 4.0]

  /// The steps after which it is measured; the first is 0.
  var steps: [Int]
  /// [rate][step][seed].
  var curvatures: [[[Double]]]

  /// The largest curvature before training, for each seed.
  var first: Summary { Summary(curvatures[0][0]) }

  /// λ over 2/η, the edge of a bowl, for each seed at one place.
  func overEdge(_ rate: Int, _ step: Int) -> [Double] { curvatures[rate][step].map { $0 * Self.rates[rate] / 2 } }

  /// For each seed λ over 2/η in the second half of the training, averaged as logarithms.
  func late(_ rate: Int) -> Summary {
    let places = steps.indices.filter { 2 * steps[$0] >= steps[steps.count - 1] }
    return Summary(
      curvatures[rate][0].indices.map { seed in
        exp(places.reduce(0) { $0 + log(overEdge(rate, $1)[seed]) } / Double(places.count))
      })
  }
}

extension CurvatureFindings {
  init(steps: [Int], hidden: Int, seeds: [UInt64]) throws {
    let curvatures = try Self.rates.map { rate in
      let bySeed = try inParallel(seeds.count) { index in
        let seed = seeds[index]
        let points = spirals(seed: seed)
        let run = try train(
          SpiralNet.twoLayers(hidden: hidden), on: points, optimizer: SGD(), rate: Float(rate),
          steps: steps[steps.count - 1], keeping: steps, seed: seed)
        return run.snapshots.map { model in
          var surface = LossSurface(model, on: points)
          return surface.largestCurvature(seed: seed)
        }
      }
      return steps.indices.map { step in bySeed.map { $0[step] } }
    }
    self.init(steps: steps, curvatures: curvatures)
  }
}

/// One net, watched closely as it trains.
struct WatchedNet: Sendable {
  /// The steps after which the curvature is measured.
  static let steps = Array(stride(from: 0, through: 400, by: 2))

  /// Its largest curvature over 2/η after each of `steps`, and its loss at these.
  var overEdge: [Double]
  var losses: [Double]

  /// The net of seed 2, which learns at each rate, at each of `CurvatureFindings.rates`; computed when it is drawn, once.
  static let all: [WatchedNet] =
    (try? inParallel(CurvatureFindings.rates.count) { index in
      let (rate, points) = (CurvatureFindings.rates[index], spirals(seed: 2))
      let run = try train(
        SpiralNet.twoLayers(hidden: 32), on: points, optimizer: SGD(), rate: Float(rate), steps: 400, keeping: steps,
        seed: 2)
      let curvatures = run.snapshots.map { model in
        var surface = LossSurface(model, on: points)
        return surface.largestCurvature(seed: 2)
      }
      return WatchedNet(
        overEdge: curvatures.map { max($0, 1e-3) * rate / 2 }, losses: steps.map { run.losses[$0] })
    }) ?? []
}
