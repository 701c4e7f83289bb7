// Chapter 3: the direction of each effect, and half its size.

import Foundation
import Testing
import Workbook

@testable import ch03_preprocessing

@Suite("Chapter 3") struct PreprocessingChapterTests {
  static let seeds: [UInt64] = [1, 2, 3]

  /// A small data set for tests: synthetic digits of half the size.
  static let train = halved(
    TensorSamples(SyntheticDigits.dataset(count: 640, seed: 1, transform: PixelTransform()), first: 640))
  static let test = halved(
    TensorSamples(SyntheticDigits.dataset(count: 300, seed: 2, transform: PixelTransform()), first: 300))

  @Test("a mean of the inputs makes the valley long and the descent slow")
  func valley() throws {
    for seed in Self.seeds {
      let (round, long) = (Valley(offset: 0, seed: seed), Valley(offset: 3, seed: seed))
      #expect(round.condition < 1.4 && round.steps <= 4)
      let end = try #require(long.path.last)
      #expect(long.path.count == long.steps + 1 && long.loss(end.w, end.b) <= 0.001 * long.loss(0, 0))
    }
    // In theory the eigenvalues of [[1 + m², m], [m, 1]]: for m = 3, (11 ± √117)/2.
    let theory = (11 + 117.0.squareRoot()) / (11 - 117.0.squareRoot())
    #expect(abs(Valley(offset: 3, samples: 20_000, seed: 1).condition / theory - 1) < 0.05)
  }

  @Test("on two pixels the mean is worth a factor, PCA nothing, and whitening the rest")
  func cloud() {
    for seed in Self.seeds {
      let reports = Method.allCases.map { cloudReport($0, seed: seed) }
      #expect(reports[0].steps > 10 * reports[1].steps)
      #expect(reports[2].condition > 2 * reports[1].condition, "one mean for two different pixels")
      #expect(abs(reports[4].condition / reports[1].condition - 1) < 0.01 && reports[4].steps == reports[1].steps)
      #expect(abs(reports[5].condition - 1) < 0.01 && reports[5].steps <= 2)
      #expect(abs(reports[1].means[0]) < 1e-5 && abs(reports[1].means[1]) < 1e-5)
      #expect(abs(reports[4].correlation) < 1e-4 && reports[0].correlation > 0.6)
    }
  }

  @Test("the descent ends where the loss is a thousandth, and one step suffices where the valley is round")
  func descent() {
    let circle = [[1.0, 1.0], [1, -1], [-1, 1], [-1, -1]]
    let round = descend(inputs: circle, targets: circle.map { 2 * $0[0] - $0[1] })
    #expect(abs(round.condition - 1) < 1e-5 && round.steps == 1)
    let stretched = descend(inputs: circle.map { [3 * $0[0], $0[1]] }, targets: circle.map { $0[0] + $0[1] })
    #expect(abs(stretched.condition - 9) < 1e-4 && stretched.steps > 5)
  }

  @Test("raw pixels push all weights of a unit the same way, one image at a time")
  func signs() throws {
    for seed in Self.seeds {
      #expect(try oneSignShare(Self.train, batch: 1, batches: 10, seed: seed) > 0.95)
      let centered = Self.train.prepared(by: MeanImage.fit(Self.train.inputs))
      #expect(try oneSignShare(centered, batch: 1, batches: 10, seed: seed) < 0.05)
    }
  }

  @Test("black on white, raw pixels learn worse than centred ones; centred, the paper does not matter")
  func ink() throws {
    let dark = inverted(Self.train), darkTest = inverted(Self.test)
    let experiment = try LearningExperiment(
      [.raw: AsTheyAre(), .meanImage: MeanImage.fit(dark.inputs)], rates: [0.03, 0.1, 0.3], epochs: 3, train: dark,
      test: darkTest, seeds: Self.seeds)
    let (raw, centered) = (experiment.best(.raw).loss.mean, experiment.best(.meanImage).loss.mean)
    #expect(raw > 1.1 * centered)
  }

  @Test("whitening reaches a lower training loss than the mean alone")
  func whitening() throws {
    let experiment = try LearningExperiment(
      Fits(Self.train.inputs).only([.meanImage, .whitened]), rates: [0.1, 0.3, 1], epochs: 4, train: Self.train,
      test: Self.test, seeds: Self.seeds)
    #expect(experiment.best(.whitened).loss.mean < 0.9 * experiment.best(.meanImage).loss.mean)
  }

  @Test("coins: features chosen with the test set report far too few errors, the same ones half on new samples")
  func choice() {
    let runs = Self.seeds.map { chooseFeatures(count: 100, features: 1_000, chosen: 20, seed: $0) }
    #expect(runs.allSatisfy { $0.leaked < 35 && $0.honest > 35 && $0.unseen > 35 })
  }

  @Test("PCA takes away what a convolution needs, and nothing from a dense net")
  func turning() throws {
    let fits = Fits(Self.train.inputs).only([.meanImage, .principal])
    func worse(_ net: Net) throws -> Double {
      let experiment = try LearningExperiment(
        fits, on: net, rates: [0.1, 0.3], epochs: 3, train: Self.train, test: Self.test, seeds: Self.seeds)
      return experiment.best(.principal).loss.mean / experiment.best(.meanImage).loss.mean
    }
    let (dense, convolutional) = (try worse(.dense), try worse(.convolutional))
    #expect(abs(dense - 1) < 0.25 && convolutional > 1.2, "\(dense) and \(convolutional)")
  }

  @Test("curvatures are the squares of the scales, and equal ones need one step")
  func scales() {
    #expect(TwoScales(scale: 1).steps == 1 && TwoScales(scale: 4).steps > 10)
    #expect(TwoScales(scale: 10).steps > 5 * TwoScales(scale: 4).steps)
  }

  @Test("a method is fitted on what it is handed, and whitening equals its own fit")
  func methods() {
    let fits = Fits(Self.train.inputs, epsilon: 0.01)
    #expect(fits[.raw].apply(Self.test.inputs) == Self.test.inputs)
    for method in Method.allCases {
      let direct = method.fit(Self.train.inputs, epsilon: 0.01).apply(Self.test.inputs)
      #expect(fits[method].apply(Self.test.inputs) == direct, "\(method)")
    }
    // A pixel that is always the same is centred and not scaled.
    let pixels = Tensor([3, 1, 1, 2], [0, 5, 1, 5, 2, 5])
    let standardized = PixelStandardization.fit(pixels).apply(pixels).elements
    #expect(abs(standardized[4] - Float(1.5).squareRoot()) < 1e-5 && standardized[5] == 0)
    let shares = explained(PrincipalComponents.fit(Self.train.inputs))
    #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 <= $1 + 1e-9 } && abs((shares.last ?? 0) - 1) < 1e-4)
  }

  @Test("shuffled pixels are the same numbers in one other order")
  func controls() throws {
    let order = ShuffledPixels.fit(Self.train.inputs)
    let (before, after) = (Self.test.inputs.elements, order.apply(Self.test.inputs).elements)
    let width = order.order.count
    #expect(order.order.sorted() == Array(0..<width) && order.order != Array(0..<width))
    #expect((0..<width).allSatisfy { after[3 * width + $0] == before[3 * width + order.order[$0]] })
    #expect(abs(sizeRatio(Tensor([2], [3, 4]), Tensor([2], [0, 1])) - 5) < 1e-6)
  }

  @Test("a mean raises the largest curvature")
  func spectrum() throws {
    let rows = try SpectrumFindings(Self.train, Fits(Self.train.inputs)).rows
    #expect(rows.count == 4 && zip(rows, rows.dropFirst()).allSatisfy { $0.largest < $1.largest })
    // One direction alone: inputs of ±2 and the bias, curvatures 4 and 1.
    let exact = curvatures(Tensor([2, 1, 1, 1], [2, -2]))
    #expect(abs(exact[0] - 4) < 1e-4 && abs(exact[1] - 1) < 1e-4)
  }

  @Test("the order of the pixels matters to a convolutional net, and first weights are scaled alone")
  func firstWeights() throws {
    func learned(_ factor: Float, rate: Float = 1e-6) throws -> Double {
      try learn(
        .dense, rate: rate, epochs: 1, train: Self.train, test: Self.test, firstWeights: factor, seed: 1
      ).losses[0]
    }
    // With first weights of zero, the hidden units are constant, and the ten outputs are equal.
    let (none, usual) = (try learned(0), try learned(1))
    #expect(abs(none - log(10)) < 1e-5 && abs(usual - log(10)) > 1e-3)
    // Divided inputs, or first weights multiplied by the inverse: the same sums.
    let (mean, divided) = (ChannelMean.fit(Self.train.inputs), ChannelStandardization.fit(Self.train.inputs))
    func start(_ preparation: any Preprocessing, _ factor: Float) throws -> Double {
      try learn(
        .dense, rate: 1e-6, epochs: 1, train: Self.train.prepared(by: preparation), test: Self.test,
        firstWeights: factor, seed: 1
      ).losses[0]
    }
    #expect(abs(try start(divided, 1) - start(mean, 1 / divided.standardDeviation[0])) < 1e-4)
    func loss(_ preparation: any Preprocessing) throws -> Double {
      try LearningExperiment(
        [.raw: preparation], on: .convolutional, rates: [0.1, 0.3], epochs: 3, train: Self.train, test: Self.test,
        seeds: Self.seeds
      ).best(.raw).loss.mean
    }
    let (shuffled, ordered) = (try loss(ShuffledPixels.fit(Self.train.inputs)), try loss(AsTheyAre()))
    #expect(shuffled > 1.1 * ordered)
  }
}
