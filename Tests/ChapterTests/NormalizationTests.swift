// Chapter 5: the direction of each effect, and half its size.

import Testing
import Workbook

@testable import ch05_normalization

@Suite("Chapter 5") struct NormalizationTests {
  static let digits: Digits = {
    Digits(
      train: SyntheticDigits.dataset(count: 600, seed: 1, transform: .standardized),
      test: SyntheticDigits.dataset(count: 400, seed: 2, transform: .standardized), isReal: false)
  }()
  static let seeds: [UInt64] = [1, 2, 3]

  @Test("one image has no variance: in training mode every image gets the same answer; few batches store too little")
  func wrongModes() throws {
    let modes = try ModeFindings(on: Self.digits, rate: 0.1, seeds: Self.seeds, epochs: 4)
    #expect(modes.ofOneImage.minimum > 80 && modes.stored.maximum < 60)
    #expect(modes.young.mean >= modes.stored.mean && modes.ofOneDigit.mean > modes.ofBatch.mean)
  }

  @Test("the formula by hand gives what the core's layer gives")
  func byHand() {
    #expect(normalizedByHand([1, 3], gamma: 2, beta: 5, epsilon: 0) == [3, 7])
    for seed in Self.seeds { #expect(differenceFromCore(seed: seed) < 1e-5) }
  }

  @Test("the running variance is the unbiased one: right at batches of 2, where the biased mean is half")
  func runningVariance() {
    let moments = BatchMoments(batchSize: 2, batches: 400, seed: 1)
    #expect(abs(moments.runningVariance - 4) < 0.4)
    #expect(abs(moments.biasedVariance - 2) < 0.2)
  }

  @Test("doubling the weights leaves the loss of a normalized net alone, and changes that of a plain one")
  func doubling() throws {
    for seed in Self.seeds {
      let plain = try WeightScaling(.none, factors: [1, 2], on: Self.digits, seed: seed)
      let normalized = try WeightScaling(.batch, factors: [1, 2], on: Self.digits, seed: seed)
      #expect(abs(normalized.losses[1] / normalized.losses[0] - 1) < 0.02)
      #expect(abs(normalized.gradients[1] - 0.5) < 0.02)
      #expect(abs(plain.losses[1] / plain.losses[0] - 1) > 0.2)
    }
  }

  @Test("batch norm survives learning rates at least five times larger")
  func learningRates() throws {
    let largest = try [Normalization.none, .batch].map { kind in
      try Sweep([0.1, 0.5, 2], seeds: Self.seeds) { rate, seed in
        try trained(perceptron(kind), on: Self.digits, rate: Float(rate), batchSize: 20, epochs: 2, seed: seed)
      }
    }
    let (plain, normalized) = (largest[0].errors, largest[1].errors)
    #expect(normalized[1].mean < 40)
    #expect(plain[1].mean > normalized[1].mean + 20)
  }

  @Test("weights of an eighth of He's stop the plain net and not the normalized one")
  func initialWeights() throws {
    let errors = try [Normalization.none, .batch].map { kind in
      Summary(
        try Self.seeds.map {
          try trained(
            perceptron(kind, scale: 0.125), on: Self.digits, rate: 0.05, batchSize: 20, epochs: 2, seed: $0
          ).error
        })
    }
    #expect(errors[0].mean > errors[1].mean + 25)
  }

  @Test("in batches of 2 batch norm has at least twice the errors of group norm, in batches of 8 it has not")
  func batchSizes() throws {
    let sweeps = try batchSizeSweep([.batch, .group], sizes: [2, 8], on: Self.digits, epochs: 2, seeds: Self.seeds)
    let (batch, group) = (sweeps[.batch]?.errors ?? [], sweeps[.group]?.errors ?? [])
    #expect(batch[0].mean > 2 * group[0].mean)
    #expect(batch[1].mean < 1.5 * group[1].mean)
  }

  @Test("statistics taken anew in one pass are those of sixty passes, to the last bit")
  func reestimated() throws {
    let model = try Model(convolutionalNet(.batch), input: Self.digits.train.sampleShape, seed: 1)
    let data = Self.digits.train.prefix(60)
    var (fast, naive) = (model, model)
    fast.reestimateStatistics(on: data)
    let batch = data.batch(first: data.count)
    for _ in 0..<60 { _ = naive.layers.forward(batch.inputs, mode: .training) }
    for name in ["norm1", "norm2", "norm3"] {
      let (a, b, start) = (fast.layers[name], naive.layers[name], model.layers[name])
      let norms = try [a, b, start].map { try #require($0 as? BatchNorm) }
      #expect(norms[0].runningMean.elements == norms[1].runningMean.elements)
      #expect(norms[0].runningVariance.elements == norms[1].runningVariance.elements)
      #expect(norms[0].runningMean.elements != norms[2].runningMean.elements)
    }
  }

  @Test("images kept back are tested where they are given, and change nothing of the rest")
  func keptBack() throws {
    func train(_ kept: Dataset?) throws -> ch05_normalization.Result {
      try trained(
        perceptron(.none), on: Self.digits, choosingBy: kept, rate: 0.1, batchSize: 20, epochs: 1, seed: 1)
    }
    let (with, without) = try (train(Self.digits.test), train(nil))
    #expect(with.validationError == with.error && without.validationError == nil && with.error == without.error)
    #expect(bestPlace([Summary([2]), Summary([]), Summary([1])]) == 2 && bestPlace([Summary([])]) == nil)
  }

  @Test("at 2 the norm after the dense layer is what breaks, and statistics taken anew do not mend it")
  func placement() throws {
    func error(afterDense: Bool, reestimating: Bool) throws -> Double {
      Summary(
        try Self.seeds.map {
          try trained(
            convolutionalNet(.batch, afterDense: afterDense), on: Self.digits, rate: 0.1 / 16, batchSize: 2,
            epochs: 2, reestimating: reestimating, seed: $0
          ).error
        }
      ).mean
    }
    let everywhere = try error(afterDense: true, reestimating: false)
    #expect(try error(afterDense: false, reestimating: false) < 0.6 * everywhere)
    #expect(try error(afterDense: true, reestimating: true) > 0.7 * everywhere)
  }
}

@Suite("Chapter 5, trained nets") struct TrainedNormalizationTests {
  static let digits = Digits(
    train: SyntheticDigits.dataset(count: 1_000, seed: 1), test: SyntheticDigits.dataset(count: 200, seed: 2),
    isReal: false)

  @Test("inputs of activations spread without a norm and hold still after one; folding it changes nothing by 1e-5")
  func driftAndFolding() throws {
    var growths: [[Double]] = [[], []]
    for seed in [1, 2, 3] as [UInt64] {
      for (index, normalized) in [false, true].enumerated() {
        let run = try DriftRun(
          normalized: normalized, from: .torchUniform, on: Self.digits, epochs: 4, rate: 0.1, seed: seed)
        let spread = DriftRun.spread(run.inputs)
        growths[index].append(spread[4] / spread[0])
        #expect(run.layers == ["act1", "act2", "act3", "act4"])
        if normalized {
          let folding = Folding(run.model, on: Self.digits.test)
          #expect(folding.largestDifference < 1e-5)
          #expect(folding.changedAnswers == 0)
          #expect(folding.layersBefore - folding.layersAfter == 5)
        }
      }
    }
    #expect(Summary(growths[0]).mean > 1.5)
    #expect(growths[1].allSatisfy { abs($0 - 1) < 0.1 })
  }

  @Test("batch norm's price: two numbers learned and two kept per channel")
  func cost() throws {
    let costs = try [LeNet5.plus, .plusPlus].map {
      NetCost(try Model($0.layers, input: LeNet5.inputShape, seed: 1))
    }
    let channels = 6 + 16 + 120 + 84 + 10
    #expect(costs[1].parameters - costs[0].parameters == 2 * channels)
    #expect(costs[1].buffers - costs[0].buffers == 2 * channels)
  }

  @Test("noise after the norm moves the distributions more than no norm does, and the net still learns faster")
  func noise() throws {
    func runs(_ net: ShakenNet) throws -> [StabilityRun] {
      try ([1, 2, 3, 4, 5] as [UInt64]).map {
        try StabilityRun(
          net.layers, on: NormalizationTests.digits, steps: 120, interval: 20, batchSize: 60, rate: 0.2, seed: $0)
      }
    }
    func mean(_ runs: [StabilityRun], _ value: (StabilityRun) -> [Double]) -> Double {
      Summary(runs.map { Summary(value($0)).mean }).mean
    }
    let (plain, noisy) = (try runs(.plain), try runs(.noisyNorm))
    #expect(mean(noisy, \.drifts) > 1.2 * mean(plain, \.drifts))
    #expect(mean(noisy, \.errors) < mean(plain, \.errors))
  }

  @Test("one set of statistics does not fit all moments of a recurrent net")
  func moments() throws {
    for seed in [1, 2, 3] as [UInt64] {
      let statistics = try MomentStatistics(
        on: NormalizationTests.digits, units: 16, epochs: 1, sample: 100, seed: seed)
      #expect((statistics.sharedDeviations.max() ?? 0) > 2 * (statistics.sharedDeviations.min() ?? 1))
    }
  }
}
