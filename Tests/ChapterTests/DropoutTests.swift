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

  @Test("one pass with scaled weights is the geometric mean of all 2^M nets, and better than one of them")
  func ensemble() throws {
    for seed in Self.seeds {
      let ensemble = try ExactEnsemble(units: 8, on: Self.digits, passes: 8_000, seed: seed)
      #expect(ensemble.nets == 256)
      #expect(ensemble.differenceFromGeometric < 1e-5)
      #expect(ensemble.differenceFromAverage > 0.01)
      #expect(ensemble.averageError < 0.9 * ensemble.singleError)
      #expect(ensemble.sampledErrors.count == ExactEnsemble.sampleCounts.count)
    }
  }

  @Test("a thinned net has the weights of its mask, doubled")
  func thinned() {
    var dense = Dense(3, 1)
    dense.weight.value = Tensor([1, 3], [1, 2, 3])
    #expect(ExactEnsemble.thinned(dense, 0b101).weight.value.elements == [2, 0, 6])
  }

  @Test("a difference is clear where its 95 % interval leaves out 0, beyond half a point, and only with three seeds")
  func clear() {
    #expect(isClear(Summary([2, 3, 4])))
    #expect(isClear(Summary([-2, -3, -4])))
    #expect(!isClear(Summary([-2, 3, 4])))
    #expect(!isClear(Summary([0.4, 0.4, 0.4])))
    #expect(!isClear(Summary([30])))
    #expect(effect(Summary([-1.5])) == "costs 1.5" && effect(Summary([1.5])) == "saves 1.5")
  }

  @Test("the nearest choice is judged by ratio", arguments: [(0.62, 2), (0.71, 1), (0.9, 0), (0.15, 4), (0.4, 3)])
  func nearestChoice(ratio: Double, choice: Int) {
    #expect(nearest(to: ratio, in: [1, 0.8, 0.6, 0.3, 0.1]) == choice)
  }

  @Test("neighbouring weights of a smooth picture are alike, random ones are not")
  func neighbours() throws {
    var model = try Model(Recipe.plain.layers, input: [1, 28, 28], seed: 1)
    #expect(abs(neighbourCorrelation(model)) < 0.03)
    guard var layer = model.layers["fc1"] as? Dense else { return }
    layer.weight.value.withUnsafeMutableElements { w in
      for i in w.indices { w[i] = Float(i % 28) }
    }
    model.layers["fc1"] = layer
    #expect(abs(neighbourCorrelation(model) - 1) < 1e-6)
  }

  @Test("a fifth of wrong labels are all wrong, and the rest untouched")
  func wrongLabels() {
    let noisy = withWrongLabels(Self.digits.train, share: 0.2, seed: 1)
    let changed = zip(noisy.labels, Self.digits.train.labels).count { $0 != $1 }
    #expect(abs(Double(changed) / 400 - 0.2) < 0.06)
    #expect(noisy.labels.allSatisfy { $0 < 10 })
  }

  @Test("with wrong labels a net without dropout learns more of them by heart")
  func memorizing() throws {
    var shares: [[Double]] = [[], []]
    for seed in Self.seeds {
      let noisy = withWrongLabels(Self.digits.train, share: 0.2, seed: seed)
      for (index, rate) in [Float(0), 0.5].enumerated() {
        let result = try trained(
          Recipe(dropout: rate), on: noisy, testing: Self.digits.test, passes: 6_000, seed: seed)
        shares[index].append(result.outcome.trainingError)
      }
    }
    #expect(Summary(shares[1]).mean > Summary(shares[0]).mean + 2)
  }

  @Test("a net trained with dropout suffers less when half of its units are taken away")
  func damage() throws {
    var extra: [[Double]] = [[], []]
    for seed in Self.seeds {
      for (index, rate) in [Float(0), 0.5].enumerated() {
        let result = try trained(
          Recipe(dropout: rate), on: Self.digits.train, testing: Self.digits.test, passes: 4_000, seed: seed)
        let broken = damaged(result.model, removing: 0.5, on: Self.digits.test, seed: seed)
        extra[index].append(broken - result.outcome.testError)
        #expect(damaged(result.model, removing: 0, on: Self.digits.test, seed: seed) == result.outcome.testError)
      }
    }
    #expect(Summary(extra[0]).mean > Summary(extra[1]).mean)
  }

  @Test(
    "every contestant of the comparison learns",
    arguments: [
      Recipe(dropout: 0.5), Recipe(dropConnect: 0.5), Recipe(hasBatchNorm: true),
      Recipe(dropout: 0.5, hasBatchNorm: true),
    ])
  func contestants(_ recipe: Recipe) throws {
    let result = try trained(recipe, on: Self.digits.train, testing: Self.digits.test, passes: 3_200, seed: 1)
    #expect(result.outcome.testError < 45)
    #expect(HiddenStatistics(result.model, on: Self.digits.test, count: 50).sparsity > 0.1)
  }
}
