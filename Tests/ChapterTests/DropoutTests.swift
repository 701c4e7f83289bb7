// Chapter 6: the direction of each effect, and half its size.

import Testing
import Workbook

@testable import ch06_dropout

@Suite("Chapter 6") struct DropoutExperimentTests {
  static let digits: Digits = {
    Digits(
      train: SyntheticDigits.dataset(count: 400, seed: 1, transform: .standardized),
      test: SyntheticDigits.dataset(count: 300, seed: 2, transform: .standardized), isReal: false)
  }()
  static let seeds: [UInt64] = [1, 2, 3]

  @Test(
    "both forms keep the expectation, and without a scale the test sums are 1/(1 − p) too large", arguments: [1, 2, 3])
  func expectation(seed: UInt64) {
    for inverted in [false, true] {
      for rate in [0.2, 0.5] as [Float] {
        let sums = DroppedSums(dropping: rate, inverted: inverted, masks: 400, seed: seed)
        #expect(abs(sums.mean / sums.test - 1) < 0.05)
        if !inverted { #expect(abs(sums.unscaled / sums.mean * Double(1 - rate) - 1) < 0.05) }
      }
    }
  }

  @Test("the more is dropped, the wider a sum scatters")
  func scatter() {
    let deviations = [0.1, 0.5, 0.8].map { DroppedSums(dropping: $0, inverted: true, masks: 300, seed: 1).deviation }
    #expect(deviations[1] > 1.5 * deviations[0] && deviations[2] > 1.3 * deviations[1])
  }

  @Test("with weights of both signs a mask changes a sum by as much as its usual size at ½, and by less below")
  func signed() {
    for seed in Self.seeds {
      let sums = [0.1, 0.5].map { SignedSums(dropping: $0, masks: 300, seed: seed) }
      #expect(abs(sums[1].deviation - 1) < 0.25)
      #expect(abs(sums[0].deviation - 1.0 / 3) < 0.1)
      #expect(sums.allSatisfy { abs($0.histogram.reduce(0, +) - 1) < 0.03 })
    }
    // With weights of one sign and the same number of inputs, most of the variation averages out.
    let one = DroppedSums(dropping: 0.5, inverted: true, masks: 300, seed: 1)
    #expect(one.deviation / one.test < 0.3)
  }

  @Test(
    "an error is followed from epoch to epoch only where it is asked for, and rates are validated where they are chosen"
  )
  func measured() throws {
    let (train, test) = (Self.digits.train, Self.digits.test)
    let known = try trained(Recipe(), on: train, validation: nil, testing: test, steps: 16, rate: 0.06, seed: 1).errors
    let chosen = try trained(
      Recipe(), on: train, validation: test, testing: test, following: test, steps: 16, rate: 0.06, seed: 1
    ).errors
    #expect(known.validationError == nil && known.curve.isEmpty)
    #expect(chosen.validationError == chosen.testError && chosen.curve.count == 2)
    #expect(known.testError == chosen.testError)
  }

  @Test("one pass with scaled weights is the geometric mean of all 2^M nets, and better than one of them")
  func ensemble() throws {
    for seed in Self.seeds {
      let ensemble = try ExactEnsemble(
        units: 8, train: Self.digits.train, test: Self.digits.test, steps: 640, seed: seed)
      #expect(ensemble.nets == 256)
      #expect(ensemble.differenceFromGeometric < 1e-5)
      #expect(ensemble.averageError < 0.9 * ensemble.singleError)
      // The baseline: eight units, none dropped.
      #expect(ensemble.plainError < ensemble.averageError)
    }
  }

  @Test("one pass of a wide net saves nearly what an average of 64 thinned nets does")
  func sampled() throws {
    let nets = try [Float(0), 0.5].map { rate in try run(Recipe(dropout: rate), steps: 160, seed: 1).model }
    let sampled = SampledEnsemble(nets[1], plain: nets[0], on: Self.digits.test, seed: 1)
    #expect(sampled.errors.count == SampledEnsemble.counts.count)
    #expect(sampled.averageError < sampled.singleError)
    #expect(sampled.shareOfOnePass > 0.7)
  }

  /// Trains on the digits of this suite.
  private func run(
    _ recipe: Recipe, wrongLabels: Float = 0, steps: Int, seed: UInt64
  ) throws -> (errors: RunErrors, model: Model) {
    try trained(
      recipe, on: Self.digits.train, wrongLabels: wrongLabels, validation: Self.digits.test, testing: Self.digits.test,
      following: wrongLabels > 0 ? Self.digits.test : nil, steps: steps, rate: 0.06, seed: seed)
  }

  @Test("a thinned net has the weights of its mask, doubled")
  func thinned() {
    var dense = Dense(3, 1)
    dense.weight.value = Tensor([1, 3], [1, 2, 3])
    #expect(ExactEnsemble.thinned(dense, 0b101).weight.value.elements == [2, 0, 6])
  }

  @Test("what saves and what costs is beyond chance, and only with three seeds")
  func clear() {
    #expect(saves(Summary([0.2, 0.3, 0.4])) && !costs(Summary([0.2, 0.3, 0.4])))
    #expect(costs(Summary([-2, -3, -4])) && !saves(Summary([-2, -3, -4])))
    #expect(!saves(Summary([-2, 3, 4])) && !costs(Summary([2, -3, -4])))
    #expect(!saves(Summary([30])))
    #expect(effect(Summary([-1.5])) == "costs 1.5 points" && effect(Summary([1.5])) == "saves 1.5 points")
    #expect(effect(Summary([-2, -3, -4])) == "costs 3.0 points (95 %: 0.5 to 5.5)")
  }

  @Test("the nearest choice is judged by ratio", arguments: [(0.62, 2), (0.71, 1), (0.9, 0), (0.15, 4), (0.4, 3)])
  func nearestChoice(ratio: Double, choice: Int) {
    #expect(nearest(to: ratio, in: [1, 0.8, 0.6, 0.3, 0.1]) == choice)
  }

  @Test("a fifth of wrong labels are all wrong, and the rest untouched")
  func wrongLabels() {
    let noisy = Self.digits.train.withWrongLabels(0.2, seed: 1, stream: 62)
    let changed = zip(noisy.labels, Self.digits.train.labels).count { $0 != $1 }
    #expect(abs(Double(changed) / 400 - 0.2) < 0.06)
    #expect(noisy.labels.allSatisfy { $0 < 10 })
  }

  @Test("each seed draws its own images, none of them twice")
  func drawn() {
    let draws = [1, 2].map { Self.digits.train.drawn(100, seed: $0) }
    #expect(draws.allSatisfy { $0.count == 100 } && draws[0].pixels != draws[1].pixels)
    #expect(draws[0].pixels == Self.digits.train.drawn(100, seed: 1).pixels)
    #expect(Self.digits.train.drawn(400, seed: 1).labels.sorted() == Self.digits.train.labels.sorted())
  }

  @Test("a penalty makes the weights smaller")
  func decay() throws {
    let norms = try [Float(0), 0.05].map { decay in
      let net = try run(Recipe(decay: decay), steps: 80, seed: 1).model.layers["fc1"] as? Dense
      return (net?.weight.value.elements ?? []).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    #expect(norms[0] > 0 && norms[1] < 0.95 * norms[0])
  }

  @Test("with wrong labels a net without dropout learns more of them by heart")
  func memorizing() throws {
    var shares: [[Double]] = [[], []]
    for seed in Self.seeds {
      for (index, rate) in [Float(0), 0.5].enumerated() {
        let errors = try run(Recipe(dropout: rate), wrongLabels: 0.2, steps: 240, seed: seed).errors
        shares[index].append(try #require(errors.learnedByHeart))
        #expect(errors.curve.count == 30)
      }
    }
    #expect(Summary(shares[0]).mean > Summary(shares[1]).mean + 0.1)
  }

  @Test(
    "noise has dropout's mean and variance and is above 0, multiplies the gradient likewise, and is gone in the test",
    arguments: [0.2, 0.5])
  func noise(rate: Double) {
    var layer = LogNormalNoise(matching: Float(rate))
    let ones = Tensor([100, 200], [Float](repeating: 1, count: 20_000))
    let output = layer.forward(ones, mode: .training, seed: 1)
    let factors = Summary(output.elements.map(Double.init))
    #expect(abs(factors.mean - 1) < 0.03 && factors.minimum > 0)
    #expect(abs(factors.deviation * factors.deviation / (rate / (1 - rate)) - 1) < 0.1)
    var gradient = Tensor(zeros: [100, 200])
    layer.backward(ones, input: ones, output: output, into: &gradient)
    #expect(gradient.elements == output.elements)
    #expect(layer.forward(ones, mode: .inference, seed: 1).elements == ones.elements)
  }

  @Test("without a unit that nobody hears a net errs as before")
  func inside() throws {
    let result = try run(Recipe(dropout: 0.5), wrongLabels: 0.2, steps: 80, seed: 1)
    var model = result.model
    var next = try #require(model.layers["fc2"] as? Dense)
    next.weight.value.withUnsafeMutableElements { w in for i in w.indices where i % 100 == 3 { w[i] = 0 } }
    model.layers["fc2"] = next
    let broken = damaged(model, without: [3], on: Self.digits.test)
    #expect(abs(broken - damaged(model, without: [], on: Self.digits.test)) < 3)
  }

  @Test("a net that is stopped in time has the weights of its best epoch, and errs no more there than at the end")
  func stopped() throws {
    let (train, test) = (Self.digits.train, Self.digits.test)
    for seed in Self.seeds {
      let stopped = try trainedUntilBest(
        Recipe(), on: train, wrongLabels: 0.2, stoppedBy: test, testing: test, steps: 160, rate: 0.06, seed: seed)
      let ended = try run(Recipe(), wrongLabels: 0.2, steps: 160, seed: seed).errors
      #expect(stopped.testError == ended.curve.min() && stopped.validationError == stopped.testError)
    }
  }

  @Test("standardized pixels train as well, and shifted digits are learned anew each time")
  func inputs() throws {
    var recipe = Recipe(inputDropout: 0.2)
    let plain = try run(recipe, steps: 80, seed: 1).errors
    recipe.isStandardized = true
    #expect(try run(recipe, steps: 80, seed: 1).errors.testError < 60)
    recipe = Recipe(inputDropout: 0.2)
    recipe.isShifted = true
    #expect(try run(recipe, steps: 80, seed: 1).errors.testError != plain.testError)
    var layer = Standardized()
    let output = layer.forward(Tensor([1, 2], [MNIST.mean, MNIST.mean + MNIST.standardDeviation]))
    #expect(abs(output.elements[0]) < 1e-6 && abs(output.elements[1] - 1) < 1e-5)
  }

  @Test("a net trained with dropout suffers less when half of its units are taken away")
  func damage() throws {
    var extra: [[Double]] = [[], []]
    for seed in Self.seeds {
      for (index, rate) in [Float(0), 0.5].enumerated() {
        let result = try run(Recipe(dropout: rate), steps: 120, seed: seed)
        var generator = SeededGenerator(seed: seed)
        let broken = damaged(result.model, removing: 0.5, on: Self.digits.test, by: &generator)
        extra[index].append(broken - result.errors.testError)
        #expect(damaged(result.model, removing: 0, on: Self.digits.test, by: &generator) == result.errors.testError)
      }
    }
    #expect(Summary(extra[0]).mean > Summary(extra[1]).mean)
  }

  @Test("dropout ½ costs a narrow net more than a wide one")
  func widths() throws {
    let costs = try [8, 100].map { width in
      Summary(
        try Self.seeds.map { seed in
          let errors = try [Float(0), 0.5].map {
            try run(Recipe(dropout: $0).wide(width), steps: 160, seed: seed).errors.testError
          }
          return errors[1] - errors[0]
        })
    }
    #expect(costs[0].mean > costs[1].mean + 5)
  }

  @Test("every contestant of the comparison learns", arguments: Dropouts.contestants.map(\.recipe))
  func contestants(_ recipe: Recipe) throws {
    let result = try run(recipe, steps: 100, seed: 1)
    #expect(result.errors.testError < 45)
    let hidden = HiddenStatistics(result.model, seed: 1)
    #expect(hidden.unevenness > 0)
    // With the first weights of another seed, all units seem to have moved far, and by similar amounts.
    #expect(HiddenStatistics(result.model, seed: 2).unevenness < hidden.unevenness)
  }
}
