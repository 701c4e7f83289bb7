// Chapter 1: the direction of each effect, and half its size.

import Foundation
import Testing
import Workbook

@testable import ch01_gradient_descent

@Suite("Chapter 1") struct GradientDescentTests {
  static let seeds: [UInt64] = [1, 2, 3]

  @Test("the chain rule agrees with a measured slope, for every weight of the slider", arguments: -4...4)
  func chainRule(w: Int) {
    let neuron = Neuron.example(w: Double(w))
    #expect(abs(neuron.dw - neuron.measuredSlope()) < 1e-9)
    // By hand at w = 0: z = −1, y = 1/(1 + e).
    if w == 0 {
      let y = 1 / (1 + exp(1.0))
      #expect(abs(neuron.dw - y * y * (1 - y) * 1.5) < 1e-12)
    }
    // The penalty is the second path.
    #expect(abs(neuron.dw - neuron.dq * neuron.x - 0.05 * Double(w)) < 1e-12)
  }

  @Test("central differences err as h², one-sided ones as h, and Float has its best step far above Double's")
  func differences() {
    let experiment = DifferenceExperiment(seeds: Self.seeds)
    #expect(abs(Summary(experiment.double.orders(from: 1e-3, to: 1e-1)).mean - 2) < 0.2)
    #expect(abs(Summary(experiment.oneSided.orders(from: 1e-5, to: 1e-2)).mean - 1) < 0.1)
    for (single, double) in zip(experiment.single.bestSteps, experiment.double.bestSteps) {
      #expect((1e-3...5e-2).contains(single) && (1e-7...1e-4).contains(double))
    }
    #expect(experiment.single.bestErrors.allSatisfy { $0 > 1e-6 && $0 < 1e-3 })
    #expect(experiment.single.typical(at: 1e-10) > 0.5)
  }

  @Test("a gradient check sees every mistake")
  func mistakes() {
    let errors = GradientMistake.allCases.map { mistake in Summary((1...9).map { mistake.error(seed: $0) }) }
    #expect(errors[0].maximum < 1e-7 && errors.dropFirst().allSatisfy { $0.minimum > GradientMistake.limit })
    #expect(abs(errors[1].median - 2) < 0.01 && abs(errors[2].median - 0.5) < 0.01)
    #expect(errors[3].median > 0.03 && abs(errors[4].median - 1) < 1e-9 && errors[5].median < 2e-3)
  }

  @Test("the largest curvature is that of a softmax without a net")
  func curvature() throws {
    // One layer with weights of zero: the Hessian is ½(1, −1)(1, −1)ᵀ/2 times the second moments of (x, 1).
    let points = spirals(seed: 1)
    var model = try Model(SpiralNet.oneLayer, input: [2], seed: 1)
    model.visitParameters { _, parameter in parameter.value.fill(0) }
    var surface = LossSurface(model, on: points)
    let x = points.inputs.elements.map(Double.init)
    var moments = [[Double]](repeating: [0, 0, 0], count: 3)
    for point in 0..<points.count {
      let row = [x[2 * point], x[2 * point + 1], 1]
      for i in 0..<3 { for j in 0..<3 { moments[i][j] += row[i] * row[j] / Double(points.count) } }
    }
    var (vector, largest) = ([1.0, 0.7, 0.3], 0.0)
    for _ in 0..<200 {
      let next = moments.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
      largest = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vector = next.map { $0 / largest }
    }
    #expect(abs(surface.largestCurvature(rounds: 40, seed: 3) - largest / 2) < 0.01)
  }

  @Test("gradient descent diverges above 2/λ of the steepest direction", arguments: [5.0, 20, 80])
  func largestRateOfBowl(condition: Double) {
    for seed in Self.seeds {
      let rate = largestRate(Bowl(condition: condition), from: start(seed: seed))
      #expect(abs(rate * condition / 2 - 1) < 0.02)
    }
  }

  @Test("steps grow as κ without momentum and about as √κ with it; Adam minds only a valley across the axes")
  func condition() {
    let experiment = ConditionExperiment(conditions: [10, 100, 1000], seeds: Self.seeds)
    #expect(abs(experiment.powers(experiment.plain).mean - 1) < 0.1)
    #expect(abs(experiment.powers(experiment.momentum).mean - 0.5) < 0.12)
    #expect(abs(experiment.powers(experiment.adam).mean) < 0.05)
    #expect(experiment.powers(experiment.adamTurned).mean > 0.15)
  }

  @Test("momentum, Nesterov and Adam need less than half the steps of plain descent where κ is 100")
  func raceOfFive() {
    let steps = race(Bowl(condition: 100), seeds: Self.seeds).map { Summary($0.steps).mean }
    for index in [1, 2, 4] { #expect(steps[index] < steps[0] / 2) }
  }

  @Test("batches of digits, each size at its own rate")
  func batches() throws {
    let digits = SyntheticDigits.dataset(count: 512, seed: 1, transform: .lenet)
    let found = try DigitBatches(on: digits, kept: digits, test: digits, seeds: [1], trials: [2])
    #expect(found.own.first ?? 1 <= found.own.last ?? 0)
    #expect(found.errors[0].mean < found.errors[3].mean)
  }

  @Test("one hidden layer separates two spirals, no line does, and the best rate lies inside the range")
  func spiralNets() throws {
    for seed in Self.seeds {
      let points = spirals(seed: seed)
      let net = try train(
        SpiralNet.twoLayers(hidden: 32), on: points, optimizer: SGD(momentum: 0.9), rate: 0.3, steps: 400, seed: seed)
      #expect(net.error < 0.02 && net.losses[400] < net.losses[0] / 2)
      let line = try train(
        SpiralNet.oneLayer, on: points, optimizer: SGD(momentum: 0.9), rate: 0.3, steps: 100, seed: seed)
      #expect(line.error > 0.2)
    }
    let sweep = try RateSweep(rates: [0.001, 1, 30], steps: 100, hidden: 16, seeds: Self.seeds)
    #expect(sweep.best == 1)
  }

  @Test("the first loss is ln 10 with small last weights and far above it with large ones")
  func firstLosses() throws {
    let batch = SyntheticDigits.dataset(count: 100, seed: 1).batch(first: 100)
    for seed in Self.seeds {
      #expect(abs(try firstLoss(gain: 0.01, on: batch, seed: seed) - log(10)) < 0.02)
      #expect(try firstLoss(gain: 10, on: batch, seed: seed) > 2 * log(10))
    }
  }

  @Test("twenty digits are learned by heart, and not where the images are black or the rate is tiny")
  func byHeart() throws {
    let twenty = SyntheticDigits.dataset(count: 20, seed: 1).batch(first: 20)
    for seed in Self.seeds {
      func last(_ defect: Defect) throws -> Double {
        try learnByHeart(twenty, defect: defect, steps: 150, seed: seed).losses[149]
      }
      #expect(try last(.none) < 0.1)
      #expect(try last(.blackImages) > labelEntropy(twenty.labels) - 1e-6)
      #expect(try last(.tinyRate) > 2)
      let updates = try [Defect.none, .tinyRate].map {
        try learnByHeart(twenty, defect: $0, steps: 20, seed: seed).update
      }
      #expect((1e-4...3e-2).contains(updates[0]) && updates[1] < updates[0] / 100)
    }
  }

  @Test("digits are learned at a rate that falls to 0")
  func fallingRate() throws {
    let digits = SyntheticDigits.dataset(count: 64, seed: 1, transform: .lenet)
    let model = try learned(on: digits, SGD(), rate: 0.1, falls: true, seed: 1)
    #expect(boundedLoss(model, on: digits) < log(10))
  }
}
