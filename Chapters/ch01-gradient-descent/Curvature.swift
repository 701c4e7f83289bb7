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

/// The largest curvature of the spiral net during its training by plain descent, at some of the rates of the sweep.
struct CurvatureCourse: Codable, Sendable {
  static let places = [0, 5, 10, 20, 50, 100, 200, 400, 700, 1000, 1500, 2000]
  static let rates = [0.125892541179417, 0.501187233627272, 1.99526231496888, 7.94328234724281]

  var steps: [Int]
  var rates: [Double]
  /// [rate][step][seed]; NaN is left out.
  var curvatures: [[[Double]]]
}

extension CurvatureCourse {
  init(hidden: Int, seeds: [UInt64]) throws {
    (steps, rates) = (Self.places, Self.rates)
    curvatures = try rates.map { rate in
      let courses = try inParallel(seeds.count) { index in
        let points = spirals(seed: seeds[index])
        let run = try train(
          SpiralNet.twoLayers(hidden: hidden), on: points, optimizer: SGD(), rate: Float(rate),
          steps: Self.places[Self.places.count - 1], keeping: Self.places, seed: seeds[index])
        return run.snapshots.map { model in
          var surface = LossSurface(model, on: points)
          let curvature = surface.largestCurvature(rounds: 60, seed: seeds[index])
          return curvature.isFinite ? Double(String(format: "%.3g", curvature)) ?? curvature : -1
        }
      }
      return Self.places.indices.map { place in courses.filter { $0.count > place }.map { $0[place] } }
    }
  }
}

/// The largest curvature of the spiral net before training, for each seed.
func firstCurvatures(hidden: Int, seeds: [UInt64]) throws -> Summary {
  Summary(
    try inParallel(seeds.count) { index in
      let model = try Model(SpiralNet.twoLayers(hidden: hidden), input: [2], seed: seeds[index])
      var surface = LossSurface(model, on: spirals(seed: seeds[index]))
      return surface.largestCurvature(seed: seeds[index])
    })
}

extension CurvatureCourse {
  /// The median over the nets at a rate, after so many steps.
  func typical(_ rate: Int, after step: Int) -> Double {
    steps.firstIndex(of: step).map { Summary(curvatures[rate][$0]).median } ?? .nan
  }
}
