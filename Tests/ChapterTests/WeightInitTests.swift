// Chapter 4: the direction of each effect, and half its size.

import Testing
import Workbook

@testable import ch04_weight_init

@Suite("Chapter 4") struct WeightInitTests {
  /// Three seeds, narrower than the lecture's; the effects do not depend on the width if the weights scale with it.
  static let experiment = SpreadExperiment(width: 512, depth: 6, seeds: [1, 2, 3])

  @Test("small weights make the activations of a tanh net collapse")
  func collapse() {
    let deviations = Self.experiment.means(\.deviation)[0]
    // At width 512, a layer keeps at most 0.01·√512 = 0.23 of its input.
    #expect(zip(deviations, deviations.dropFirst()).allSatisfy { $1 < 0.35 * $0 })
  }

  @Test("Xavier with ReLU loses 1/√2 per layer, He loses nothing")
  func rectified() {
    let deviations = Self.experiment.means(\.deviation)
    for (earlier, later) in zip(deviations[3], deviations[3].dropFirst()) {
      #expect(abs(later / earlier - 0.7071) < 0.07)
    }
    #expect(deviations[4].allSatisfy { abs($0 / deviations[4][0] - 1) < 0.1 })
  }

  @Test("Xavier holds a tanh net well above the small weights")
  func xavier() {
    let deviations = Self.experiment.means(\.deviation)
    #expect(deviations[2][5] > 0.2 && deviations[2][5] > 5 * deviations[0][5])
  }

  @Test("half of a ReLU's outputs are zero, and He's gradient keeps its size on the way back")
  func backwards() {
    let zeros = Self.experiment.means(\.zeros)[4]
    #expect(zeros.allSatisfy { abs($0 - 0.5) < 0.05 })
    let gradients = Self.experiment.means(\.gradientDeviation)
    #expect(gradients[4].allSatisfy { abs($0 - 1) < 0.15 })
    #expect(gradients[0][0] < 0.01)
  }

  @Test("large weights saturate tanh, and the gradient grows all the same")
  func saturation() {
    // The lecture's gain of 3.2 at a width of 256.
    let large = Start(name: "", activation: .tanh, initializer: .normal(standardDeviation: 0.2))
    let experiment = SpreadExperiment(starts: [large], width: 256, depth: 6, seeds: [1, 2, 3])
    #expect(experiment.means(\.saturated)[0][5] > 0.33)
    #expect(experiment.means(\.gradientDeviation)[0][0] > 3)
  }

  @Test("the variance of a sum is Din·E[x²]·Var(w); with Var(x) it is off by 1.47 after a ReLU")
  func theory() {
    for start in Start.lecture.indices {
      let theory = ch04_weight_init.theory(start: start, layer: 3, in: Self.experiment, width: 512)
      #expect(abs(theory.squareRatio.mean - 1) < 0.06)
      #expect(abs(theory.varianceRatio.mean - (start < 3 ? 1 : 1.467)) < 0.12)
    }
  }

  @Test("the starts share one draw: its scale is all that differs, and histograms count what is inside them")
  func draw() {
    let narrow = Self.experiment.spreads[0][0][5], wide = Self.experiment.spreads[1][0][0]
    #expect(abs(narrow.histogram.reduce(0, +) - 1) < 1e-6)
    // One layer of σN at 0.05 has sums five times those at 0.01, up to rounding.
    let sums = [0, 1].map { Self.experiment.spreads[$0][0][0].sumVariance.squareRoot() }
    #expect(abs(sums[1] / sums[0] - 5) < 1e-4)
  }

  @Test("the same seed gives the same numbers on one thread and on two")
  func deterministic() {
    func spreads() -> [Spread] {
      var draw = Draw(width: 128, depth: 3, seed: 9)
      return activationSpreads([Start.lecture[4]], through: &draw)[0]
    }
    let several = spreads()
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 1
    let one = spreads()
    #expect(one.map(\.deviation) == several.map(\.deviation))
    #expect(one.map(\.gradientDeviation) == several.map(\.gradientDeviation))
  }

  @Test(
    "units that begin equal stay equal and cannot learn what different ones learn", arguments: [1, 2, 3] as [UInt64])
  func symmetry(seed: UInt64) throws {
    let equal = try symmetryRun(.halves, epochs: 15, seed: seed)
    let random = try symmetryRun(.random, epochs: 15, seed: seed)
    #expect(equal.distinctUnits == 1 && random.distinctUnits == 16)
    #expect(equal.weights[0].contains { abs($0 - 0.5) > 0.02 }, "they have learned, all alike")
    #expect((equal.errors.last ?? 0) > 0.2 && (random.errors.last ?? 1) < 0.12)
    let zeros = try symmetryRun(.zeros, epochs: 2, seed: seed)
    #expect(zeros.weights.allSatisfy { $0.allSatisfy { $0 == 0 } }, "a weight of 0 above sends no gradient down")
  }

  @Test("after thirty ReLU layers Xavier has left (1/√2)³⁰ of a signal, He all of it")
  func thirtyLayers() {
    let experiment = SpreadExperiment(starts: Start.rectified, width: 512, depth: 30, samples: 4, seeds: [1, 2, 3])
    let sizes = experiment.means(\.rootMeanSquare).map { $0[29] }
    let theory = 1 / 2.0.squareRoot().power(30)
    #expect((0.5...2).contains(sizes[0] / theory) && (0.5...2).contains(sizes[1]))
  }

  @Test("a net of thirty layers learns with He and not with Xavier")
  func training() throws {
    let digits = SyntheticDigits.dataset(count: 800, seed: 1, transform: PixelTransform())
    let experiment = try DeepExperiment(rates: [0.005, 0.01], width: 48, epochs: 6, on: digits, seeds: [1, 2, 3])
    #expect(experiment.finalLoss(0).mean > 2.25)
    #expect(experiment.finalLoss(1).mean < 2.1)
    #expect(experiment.runs.allSatisfy { $0.allSatisfy { $0.count == 3 } })
    // Without biases, Xavier's network with its output multiplied by the lost factor is He's at half the rate.
    let (control, he) = (experiment.runs[2][0], experiment.runs[1][1])
    for (one, other) in zip(control, he) {
      #expect(zip(one.losses, other.losses).prefix(10).allSatisfy { abs($0 - $1) < 0.01 })
    }
  }

  @Test("at six layers both starts learn, and the net with the factor behind it does what He's does at twice its rate")
  func depths() throws {
    let nets = try DepthStudy.Nets(
      depth: 6, width: 48, rates: [0.003, 0.01, 0.03], epochs: 8,
      on: DigitSets.synthetic(train: 800, validation: 100, test: 300), seeds: [1, 2, 3], choosing: 2)
    #expect(nets.errors.count == 4 && nets.errors.allSatisfy { $0.count == 3 })
    #expect(nets.rates[3] == nets.rates[1] / 2)
    #expect(nets.errors[0].mean < DepthStudy.learned && nets.errors[1].mean < DepthStudy.learned)
    #expect(abs(nets.errors[3].mean - nets.errors[1].mean) < 10)
  }

  @Test("four inputs of ±1 and weights of ±w make a sum whose mean square is 4w²")
  func coins() {
    // All sixteen combinations of signs of the products.
    let sums = (0..<16).map { pattern in (0..<4).reduce(0) { $0 + (pattern >> $1 & 1 == 1 ? 1.0 : -1) } }
    #expect(sums.reduce(0) { $0 + $1 * $1 } / 16 == 4)
    #expect([4.0, 2, 0, -2, -4].map { sum in sums.count { $0 == sum } } == [1, 4, 6, 4, 1])
  }

  @Test("thirty ReLU layers make two images alike, and tanh with a large gain leaves them nothing in common")
  func cosines() {
    let images = oneOfEach(SyntheticDigits.dataset(count: 100, seed: 1, transform: PixelTransform()))
    #expect(images.shape == [10, 784])
    let xavier = Start(name: "", activation: .relu, initializer: .lecunNormal)
    for seed in [1, 2, 3] as [UInt64] {
      let found = ch04_weight_init.cosines(
        Start.compared + [xavier], images: images, width: 256, depth: 30, seed: seed)
      #expect(found.allSatisfy { $0.count == 31 && $0[0] == found[0][0] })
      #expect(found[0][30] > 0.85 && found[0][30] > found[0][0] + 0.1)
      #expect(abs(found[2][30]) < 0.3 && found[2][30] < 0.7 * found[2][0])
      #expect(zip(found[0], found[3]).allSatisfy { abs($0 - $1) < 1e-3 }, "Xavier's signals are He's, made smaller")
    }
    #expect(abs(meanCosine(Tensor([2, 2], [1, 0, 3, 3])) - 0.5.squareRoot()) < 1e-6)
  }

  @Test(
    "the variance of a convolution's sums counts k²·C",
    arguments: [Kernel(side: 1, channels: 16), Kernel(side: 3, channels: 6), Kernel(side: 5, channels: 6)])
  func fanIn(kernel: Kernel) {
    let counted = Summary([1, 2, 3].map { measuredFanIn(kernel, seed: $0) })
    #expect(abs(counted.mean / Double(kernel.fanIn) - 1) < 0.1)
    let right = convolutionalSpread(.right, depth: 5, seed: 1),
      wrong = convolutionalSpread(.withoutKernel, depth: 5, seed: 1)
    // Nine times the variance in each layer, because both use the same random numbers.
    #expect(abs(wrong[4] / right[4] / 243 - 1) < 0.01)
  }

  @Test("the gradient of a weight adds up 16 products of an input of size 1 and a slope of √½")
  func weightGradients() throws {
    for layers in Self.experiment.spreads[4] {
      let size = try #require(layers[2].weightGradient)
      #expect(abs(size / (4 * 0.5.squareRoot()) - 1) < 0.15)
    }
  }

  @Test("one gain keeps ReLU level, a smaller one tanh")
  func sweep() throws {
    let frames = scaleSweep(gains: [0.7, 1, 1.4142, 2], width: 256, depth: 12, seed: 1)
    #expect(try #require(mostLevel(frames, \.reluSignal)).gain == 1.4142)
    #expect(frames[3].tanhGradient[0] > 2.5 * frames[3].tanhGradient[11])
    #expect(frames[0].tanhSignal[11] < 0.1 * frames[0].tanhSignal[0])
  }

  @Test("with a gain of 5/3 tanh's signal lasts, with 1 it fades, and the gradient of 5/3 grows")
  func gainOfTanh() {
    let frames = scaleSweep(gains: [1, 5.0 / 3], width: 256, depth: 20, seed: 1)
    #expect(frames[1].tanhSignal[19] > 0.8 * frames[1].tanhSignal[0])
    #expect(frames[0].tanhSignal[19] < 0.5 * frames[0].tanhSignal[0])
    #expect(frames[1].tanhGradient[0] > 2 * frames[0].tanhGradient[0])
  }

  @Test(
    "gains by the sum over a grid are those of the formulas: ReLU, leaky ReLU, GELU")
  func gains() throws {
    func of(_ name: String) throws -> GainedActivation {
      try #require(GainedActivation.all.first { $0.name.hasPrefix(name) })
    }
    #expect(abs(try of("ReLU").gain - 2.0.squareRoot()) < 1e-5)
    #expect(abs(try of("leaky").gain - (2 / (1 + 0.01 * 0.01)).squareRoot()) < 1e-5)
    // E[z²Φ(z)²] = 1/3 + 1/(2π√3), by parts.
    #expect(abs(try of("GELU").gain - 1 / (1 / 3.0 + 1 / (2 * Double.pi * 3.0.squareRoot())).squareRoot()) < 1e-5)
    // A leaky ReLU sends back what it lets through.
    for name in ["ReLU", "leaky"] { #expect(abs(try of(name).gradient - 1) < 1e-3) }
  }
}
