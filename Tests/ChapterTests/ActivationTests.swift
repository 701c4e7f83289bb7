// Chapter 2: the direction of each effect, and half its size.

import Foundation
import Testing
import Workbook

@testable import ch02_activations

@Suite("Chapter 2") struct ActivationTests {
  static let seeds: [UInt64] = [1, 2, 3]
  /// Little enough for a test: 1,500 synthetic digits.
  static let data = SyntheticDigits.dataset(count: 1_500, seed: 1)

  @Test("the layers' slopes are the derivatives of their values", arguments: Bend.allCases)
  func slopes(bend: Bend) {
    let curve = Curve(bend.layer, from: -4.01, to: 4.02, count: 804)
    for i in stride(from: 1, to: 803, by: 7) where abs(curve.x[i]) > 0.02 {
      let measured = (curve.y[i + 1] - curve.y[i - 1]) / (curve.x[i + 1] - curve.x[i - 1])
      #expect(abs(measured - curve.slope[i]) < 2e-3, "\(bend.name) at \(curve.x[i])")
    }
  }

  @Test("a sigmoid has less than a thousandth of its slope left at ±10")
  func saturation() {
    for seed in Self.seeds { #expect((1e-5...1e-3).contains(slopeLeft(at: 10, seed: seed))) }
  }

  @Test("a sigmoid layer keeps about a quarter of the gradient, a ReLU layer all of it")
  func depth() {
    let experiment = DepthExperiment(factors: [1], depth: 10, width: 96, seeds: Self.seeds)
    #expect(experiment.perLayer(0, 0).mean < 0.3)
    #expect(abs(experiment.perLayer(0, 2).mean - 1) < 0.1)
    #expect((0.7...1).contains(experiment.perLayer(0, 1).mean))
    #expect(experiment.typical(0, 0)[9] < 1e-4)
  }

  @Test("with positive inputs both weights always move the same way and end further from the goal")
  func zigzag() {
    func walks(_ mean: Double) -> [TwoWeights.Path] {
      Self.seeds.map { TwoWeights(mean: mean).descend(rate: TwoWeights(mean: mean).rate, steps: 60, seed: $0) }
    }
    let (centered, positive) = (walks(0), walks(0.5))
    #expect(positive.allSatisfy { $0.sameSign > 0.999 })
    #expect(centered.allSatisfy { (0.3...0.7).contains($0.sameSign) })
    for (a, b) in zip(centered, positive) { #expect(a.distance < b.distance / 2) }
  }

  @Test("one sample behind a sigmoid gives all weights one sign, one behind tanh does not, a batch mixes ReLU's")
  func signs() {
    for seed in Self.seeds {
      #expect(oneSignShare(.sigmoid, batch: 1, seed: seed) == 1)
      #expect(oneSignShare(.tanh, batch: 1, seed: seed) < 0.05)
      #expect(oneSignShare(.relu, batch: 64, seed: seed) < 0.15)
      #expect(oneSignShare(.sigmoid, batch: 64, seed: seed) > 0.2)
    }
  }

  @Test("a unit is dead where its slope is nothing for every sample, and not where one sample reaches it")
  func deadByHand() {
    let sums = Tensor([3, 4], [-1, -1, 0, 2, -2, 3, -1, 2, -3, -1, 0, 2])
    // Units 0 and 2 are never above 0.
    #expect(deadShare(ReLU(), sums: sums) == 0.5)
    #expect(deadShare(LeakyReLU(), sums: sums) == 0)
    #expect(deadShare(ELU(), sums: Tensor([2, 2], [-9, -9, -12, 1])) == 0.5)
  }

  @Test("too high a rate kills ReLUs; units that leak do not die")
  func census() throws {
    let probe = Self.data.batch(first: 200)
    func dead(_ bend: Bend, _ rate: Float) throws -> Summary {
      Summary(
        try Self.seeds.map {
          try ch02_activations.census(
            CensusCase(bend: bend, rate: rate, bias: 0), on: Self.data, probe: probe, steps: 60, seed: $0
          ).dead
        }.filter(\.isFinite))
    }
    let (hot, cool) = (try dead(.relu, 0.4), try dead(.relu, 0.05))
    #expect(hot.count > 0 && hot.mean > cool.mean + 0.1, "\(hot) against \(cool)")
    #expect(try dead(.leaky, 0.1).mean == 0)
    #expect(try dead(.elu, 0.1).mean == 0)
  }

  @Test("tuned, tanh and ReLU need a like number of steps in a shallow net: nowhere near 6 times")
  func raceOfTwo() throws {
    func steps(_ bend: Bend) throws -> [Double] {
      try Racer(bend, rates: [0.04, 0.16], target: 1, limit: 60, on: Self.data, seeds: Self.seeds).steps
    }
    let ratio = Summary(zip(try steps(.tanh), try steps(.relu)).map { $0 / $1 }).mean
    #expect((0.33...3).contains(ratio), "\(ratio)")
  }

  @Test("max(αx, x) is PReLU up to α = 1 and not above; maxout doubles the parameters and follows x² with k²")
  func formulas() throws {
    func agree(_ alpha: Float) -> Bool {
      let curve = Curve(PReLU(initialSlope: alpha), from: -3, to: 3, count: 61)
      return zip(curve.x, curve.y).allSatisfy { abs(max(Double(alpha) * $0, $0) - $1) < 1e-6 }
    }
    #expect(agree(0.25) && agree(1) && !agree(1.5))
    #expect(abs(MaxoutFit(pieces: 2).error / MaxoutFit(pieces: 8).error - 16) < 4)
    let dense = try Model(Sequential([Dense(30, 20)]), input: [30], seed: 1).parameterCount
    #expect(try Model(Sequential([Maxout(30, 20)]), input: [30], seed: 1).parameterCount == 2 * dense)
  }
}
