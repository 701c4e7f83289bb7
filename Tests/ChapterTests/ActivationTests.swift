// Chapter 2: the direction of each effect, and half its size.

import Foundation
import Testing
import Workbook

@testable import ch02_activations

@Suite("Chapter 2") struct ActivationTests {
  static let seeds: [UInt64] = [1, 2, 3]
  /// A small data set for tests: 1,500 synthetic digits.
  static let data = SyntheticDigits.dataset(count: 1_500, seed: 1)

  @Test("the layers' slopes are the derivatives of their values", arguments: Nonlinearity.allCases)
  func slopes(function: Nonlinearity) {
    let curve = Curve(function.layer, from: -4.01, to: 4.02, count: 804)
    for i in stride(from: 1, to: 803, by: 7) where abs(curve.x[i]) > 0.02 {
      let measured = (curve.y[i + 1] - curve.y[i - 1]) / (curve.x[i + 1] - curve.x[i - 1])
      #expect(abs(measured - curve.slope[i]) < 2e-3, "\(function.name) at \(curve.x[i])")
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
    // Rotated by 45°, the same walk has other signs.
    for (seed, walk) in zip(Self.seeds, positive) {
      let unit = TwoWeights(mean: 0.5, isTurned: true)
      let turned = unit.descend(rate: unit.rate, steps: 60, seed: seed)
      #expect(abs(turned.distance - walk.distance) < 1e-9 && (0.3...0.7).contains(turned.sameSign))
      #expect(abs(unit.loss(0, 0) - TwoWeights(mean: 0.5).loss(0, 0)) < 1e-12)
    }
  }

  @Test("one sample after a sigmoid gives all weights one sign, one after tanh does not, a batch mixes ReLU's")
  func signs() {
    for seed in Self.seeds {
      #expect(oneSignShare(.sigmoid, batch: 1, seed: seed) == 1)
      #expect(oneSignShare(.tanh, batch: 1, seed: seed) < 0.05)
      #expect(oneSignShare(.relu, batch: 64, seed: seed) < 0.15)
      #expect(oneSignShare(.sigmoid, batch: 64, seed: seed) > 0.2)
    }
  }

  @Test("in a net one sample gives the weights after sigmoids one sign, those after tanh many")
  func signsInNets() throws {
    let one = Self.data.batch(first: 1)
    for (function, share) in [(Nonlinearity.sigmoid, 1.0), (.tanh, 0)] {
      let model = try Model(hiddenNet(function), input: Self.data.sampleShape, seed: 1)
      #expect(oneSignShare(of: "fc2", in: model, on: one) == share)
    }
  }

  @Test("a unit is dead where its slope is nothing for every sample, and not where one sample reaches it")
  func deadByHand() {
    let sums = Tensor([3, 4], [-1, -1, 0, 2, -2, 3, -1, 2, -3, -1, 0, 2])
    // Units 0 and 2 are never above 0.
    #expect(deadUnits(ReLU(), sums: sums) == [true, false, true, false])
    #expect(deadUnits(LeakyReLU(), sums: sums) == [false, false, false, false])
    #expect(deadUnits(ELU(), sums: Tensor([2, 2], [-9, -9, -12, 1])) == [true, false])
  }

  @Test("too high a rate kills ReLUs; units that leak do not die")
  func census() throws {
    let probe = Self.data.batch(first: 200)
    func dead(_ function: Nonlinearity, _ rate: Float) throws -> Summary {
      Summary(
        try Self.seeds.map {
          try ch02_activations.census(
            CensusCase(function: function, rate: rate, bias: 0), on: Self.data, probe: probe, steps: 60, seed: $0
          ).dead
        }.filter(\.isFinite))
    }
    let (hot, cool) = (try dead(.relu, 0.4), try dead(.relu, 0.05))
    #expect(hot.count > 0 && hot.mean > cool.mean + 0.1, "\(hot) against \(cool)")
    #expect(try dead(.leaky, 0.1).mean == 0)
    #expect(try dead(.elu, 0.1).mean == 0)
  }

  @Test("the race begins at ln 10; tuned, tanh and ReLU need a like number of steps: nowhere near 6 times")
  func raceOfTwo() throws {
    for function in [Nonlinearity.tanh, .relu] {
      for seed in UInt64(1)...5 {
        let run = try race(function, rate: 0.01, target: 0, limit: 1, on: Self.data, seed: seed)
        #expect(abs(run.losses[0] - log(10)) < 0.1, "\(function), seed \(seed): \(run.losses[0])")
      }
    }
    func steps(_ function: Nonlinearity) throws -> Summary {
      try Racer(
        function, rates: [0.04, 0.16], trials: [11], target: 1, limit: 60, on: Self.data, test: Self.data.prefix(50),
        seeds: Self.seeds
      ).steps
    }
    let ratio = (try steps(.tanh) / steps(.relu)).mean
    #expect((0.33...3).contains(ratio), "\(ratio)")
  }

  @Test("a training that blows up ends, is marked, and has no loss")
  func divergenceIsGuarded() throws {
    let run = try race(.relu, rate: 50, target: 0.5, limit: 60, on: Self.data, test: Self.data.prefix(50), seed: 1)
    #expect(run.isDiverged && run.losses.count < 60 && run.steps == nil && run.error.isNaN)
    #expect(run.cost(limit: 60) == .infinity)
    #expect(
      finalLoss([2.3, 30]).isNaN && finalLoss([2.3, .nan]).isNaN && abs(finalLoss([3, 1], over: 1) - 1) < 1e-12)
  }

  @Test("a rate next to one that diverges is not chosen, unless all are")
  func rates() {
    #expect(choice([5, 4, 3, .infinity]) == 1 && choice([5, 4, 3]) == 2 && choice([3, 4, 5, .infinity]) == 0)
    #expect(choice([5, .infinity]) == 0 && choice([.infinity, .infinity]) == 0)
    #expect(Set(DeepNet.rates).isSuperset(of: [0.1]) && abs((DeepNet.rates.last ?? 0) - 3.2) < 1e-5)
  }

  @Test("eight sigmoids learn nothing at any rate where eight ReLUs learn")
  func deepNets() throws {
    func loss(_ kind: Int) throws -> Summary {
      try DeepNet(
        DeepNet.kinds[kind], rates: [0.03, 0.3], trials: [11], steps: 150, on: Self.data, test: Self.data.prefix(50),
        seeds: Self.seeds
      ).losses
    }
    #expect(try loss(DeepNet.sigmoid).minimum > 2)
    #expect(try loss(DeepNet.relu).maximum < 1.7)
  }

  @Test("a mended sigmoid has the slope and the mean that its name says, and the derivative of its values")
  func mended() {
    for (kind, slope, middle) in [(MendedSigmoid.steep, 1.0, 0.5), (.centred, 0.25, 0), (.both, 1, 0)] {
      let at0 = Curve.values(of: kind.layer, at: [0])
      #expect(abs(at0.slope[0] - slope) < 1e-6 && abs(at0.y[0] - middle) < 1e-6, "\(kind.name)")
      let curve = Curve(kind.layer, from: -3, to: 3, count: 601)
      for i in stride(from: 1, to: 600, by: 13) {
        let measured = (curve.y[i + 1] - curve.y[i - 1]) / (curve.x[i + 1] - curve.x[i - 1])
        #expect(abs(measured - curve.slope[i]) < 2e-3, "\(kind.name) at \(curve.x[i])")
      }
    }
    let double = Curve.values(of: MendedSigmoid.both.layer, at: [0.8]).y[0]
    #expect(abs(double - 2 * tanh(0.4)) < 1e-5)
  }

  @Test("a centred sigmoid with four times the weights is a steep one at the start, and first biases take a mean away")
  func sizedSigmoids() throws {
    func outputs(_ sigmoid: SizedSigmoid) throws -> [Float] {
      let kind = sigmoid.kind(1)
      var model = try Model(deepNet(kind), input: Self.data.sampleShape, seed: 3)
      if kind.startsCentred { centreFirstSums(&model) }
      return model.forward(Self.data.batch(first: 8).inputs).elements
    }
    let both = try outputs(.both)
    for sigmoid in [SizedSigmoid.centred, .started] {
      #expect(zip(try outputs(sigmoid), both).allSatisfy { abs($0 - $1) < 1e-4 }, "\(sigmoid.name)")
    }
    #expect(zip(try outputs(.plain), both).contains { abs($0 - $1) > 1e-2 })
  }

  @Test("eight mended sigmoids learn where eight plain ones do not")
  func mendedNets() throws {
    let net = try DeepNet(
      DeepNet.mended[MendedSigmoid.both.rawValue], rates: [0.03, 0.3], trials: [11], steps: 150, on: Self.data,
      test: Self.data.prefix(50), seeds: Self.seeds)
    #expect(net.losses.maximum < 1.7)
    #expect(try #require(net.kept) > 0.1)
  }

  @Test("a net of maxout units has about as many parameters as the others, and learns")
  func rarerNets() throws {
    func count(_ kind: DeepNet.Kind) throws -> Double {
      Double(try Model(deepNet(kind), input: Self.data.sampleShape, seed: 1).parameterCount)
    }
    let (usual, maxout) = (
      try count(DeepNet.kinds[DeepNet.relu]), try count(DeepNet.rarer[RarerActivation.maxout.rawValue])
    )
    #expect(abs(maxout / usual - 1) < 0.02)
    let net = try DeepNet(
      DeepNet.rarer[RarerActivation.maxout.rawValue], rates: [0.01, 0.05], trials: [11], steps: 150, on: Self.data,
      test: Self.data.prefix(50), seeds: Self.seeds)
    #expect(net.losses.maximum < 1.9 && net.kept == nil)
  }

  @Test("a bias far below 0 lets units be born dead, and the census tells them from those that training kills")
  func bornDead() throws {
    let probe = Self.data.batch(first: 100)
    func count(_ bias: Float) throws -> Census {
      try ch02_activations.census(
        CensusCase(function: .relu, rate: 0.01, bias: bias), on: Self.data, probe: probe, steps: 2, seed: 1)
    }
    let (low, usual) = (try count(-100), try count(0))
    #expect(low.born == 1 && low.bornAndDead == 1 && usual.born ?? 1 < 0.1)
  }

  @Test("max(αx, x) is PReLU up to α = 1 and not above; maxout doubles the parameters; hinges err as 1/n²")
  func formulas() throws {
    func agree(_ alpha: Float) -> Bool {
      let curve = Curve(PReLU(initialSlope: alpha), from: -3, to: 3, count: 61)
      return zip(curve.x, curve.y).allSatisfy { abs(max(Double(alpha) * $0, $0) - $1) < 1e-6 }
    }
    #expect(agree(0.25) && agree(1) && !agree(1.5))
    #expect((3...5).contains(Hinges(units: 8).error / Hinges(units: 16).error))
    let hinges = Hinges(units: 5)
    #expect(hinges.kinks.count == 5 && hinges.single().x.count == 14 && hinges.single().x.allSatisfy { $0 <= 1 })
    #expect(hinges.single().y.allSatisfy { $0.isNaN || abs($0) < 1.2001 } && hinges.single().y[2].isNaN)
    #expect(CloudUnit(bias: -5).on.x.isEmpty && CloudUnit(bias: -2).on.x.count > 75)
    let dense = try Model(Sequential([Dense(30, 20)]), input: [30], seed: 1).parameterCount
    #expect(try Model(Sequential([Maxout(30, 20)]), input: [30], seed: 1).parameterCount == 2 * dense)
  }
}
