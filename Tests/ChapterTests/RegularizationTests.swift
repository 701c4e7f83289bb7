// Chapter 7: the direction of each effect, and half its size.

import Foundation
import Testing
import Workbook

@testable import ch07_regularization

@Suite("Chapter 7") struct RegularizationTests {
  @Test("L1 takes a fixed amount off a weight and reaches 0, L2 takes a share and does not")
  func minima() {
    #expect(minimizer(of: 1, penalty: .l1(0.25)) == 0.75)
    #expect(minimizer(of: -0.4, penalty: .l1(1)) == 0)
    #expect(minimizer(of: 1, penalty: .l2(1)) == 0.5)
    #expect(minimizer(of: 0.4, penalty: .l2(1000)) > 0)
  }

  @Test("soft thresholding stops at 0 and leaves biases alone")
  func threshold() throws {
    var model = try Model(Sequential(["fc": Dense(2, 2)]), input: [2], seed: 1)
    model.visitParameters { _, parameter in
      parameter.value = parameter.decays ? Tensor([2, 2], [0.5, -0.5, 0.1, -0.1]) : Tensor([2], [0.1, -0.5])
    }
    shrink(&model, by: 0.2)
    #expect(model.parameters.map { $0.parameter.value.elements } == [[0.3, -0.3, 0, 0], [0.1, -0.5]])
  }

  static let seeds: [UInt64] = [1, 2, 3]

  @Test("L2 shortens the boundary between the moons, and the test error falls while the training error rises")
  func moons() throws {
    let sweep = try PenaltySweep(lambdas: [0, 0.01], epochs: 200, seeds: Self.seeds)
    let lengths = sweep.summaries(0, \.boundaryLength)
    #expect(lengths[1].mean < 0.8 * lengths[0].mean)
    let (training, test) = (sweep.summaries(0, \.trainingError), sweep.summaries(0, \.testError))
    #expect(training[1].mean > training[0].mean + 0.03)
    #expect(test[1].mean < test[0].mean - 0.02)
    // L1 empties the network, L2 does not.
    let small = (0..<2).map { kind in sweep.summaries(kind, \.nearZero)[1].mean }
    #expect(small[1] > 0.9 && small[0] < 0.7)
  }

  @Test("L1 and L2 at their own strengths tell real inputs from noise; only soft thresholding makes exact zeros")
  func inputs() throws {
    let selection = try InputSelection(epochs: 60, seeds: Self.seeds, choosing: Self.seeds)
    for penalty in [1, 2] { #expect(selection.contrast(penalty).mean > 2 * selection.contrast(0).mean) }
    #expect(selection.runs[2].allSatisfy { $0.zeros < 0.1 })
    #expect(selection.runs[3].allSatisfy { $0.zeros > 0.5 })
    #expect(selection.penalties[2].lambda == selection.penalties[3].lambda)
  }

  @Test("an input that matters is found where its weights are larger than those of every input of noise")
  func separation() {
    func run(_ norms: [Double]) -> MoonRun {
      MoonRun(trainingError: 0, validationError: 0, testError: 0, inputNorms: norms)
    }
    let selection = InputSelection([.none], runs: [[run([0.3, 0.9, 0.1, 0.2]), run([0.1, 0.9, 0.2, 0.0])]])
    #expect(selection.separated(0) == 1)
    #expect(abs(selection.contrast(0, input: 1).mean - 7.5) < 1e-9)
    #expect(abs(selection.contrast(0).mean - 1.5) < 1e-9)
  }

  @Test("a gain is judged with three seeds or more, and names its direction")
  func words() {
    #expect(isClear(Summary([-2, -3, -4])) && !isClear(Summary([-2, 3, 4])) && !isClear(Summary([30])))
    #expect(change(Summary([-5]), "the error") == "raises the error by 5.0 points")
    #expect(capitalized("shift, rotate") == "Shift, rotate" && spoken("shift, rotate") == "shift and rotate")
    #expect(interval(Summary([4, 5, 6])) == "5.0 ± 2.5" && interval(Summary([5, 7])) == "6.0")
    #expect(change(Summary([4, 5, 6])) == "lowers it by 5.0 ± 2.5 points")
  }

  @Test("a finished history judged epoch by epoch gives what a run with early stopping does")
  func patience() throws {
    let digits = DigitSets.synthetic(train: 100, validation: 100, test: 100)
    let full = try learnByHeart(digits, wrongLabels: 0.4, epochs: 12, hidden: 32, seed: 1)
    let stopped = try learnByHeart(
      digits, wrongLabels: 0.4, epochs: 12, hidden: 32, stopping: EarlyStopping(patience: 2), seed: 1)
    let place = LearningCurve(full.history).stop(patience: 2)
    #expect(stopped.history.count == place.stopped)
    // The best weights are restored: the test error is that of the best epoch.
    #expect(stopped.testError == full.history[place.best - 1].testError)
  }

  @Test("with wrong labels the net learns them by heart, and the epoch that early stopping picks is better")
  func wrongLabels() throws {
    let digits = DigitSets.synthetic(train: 300, validation: 300, test: 400)
    let experiment = try StoppingExperiment(digits, wrongLabels: 0.4, epochs: 25, hidden: 96, seeds: Self.seeds)
    #expect(experiment.noisy.allSatisfy { ($0.training.last ?? 1) < 0.1 })
    let early = StoppingExperiment.stoppedError(experiment.noisy, patience: 5).mean
    #expect(early < StoppingExperiment.lastError(experiment.noisy).mean - 3)
    // Right labels are learned first, wrong ones last; without wrong labels nothing is recorded.
    let missed = experiment.noisy.map { (right: $0.missedRight ?? [], wrong: $0.missedWrong ?? []) }
    #expect(missed.allSatisfy { $0.right.count == 25 && $0.wrong[2] > $0.right[2] && $0.wrong[24] < 0.5 })
    #expect(experiment.clean.allSatisfy { $0.missedWrong == nil })
  }

  @Test("a line is traced through a plane, around an island, and across a saddle")
  func line() {
    // Half of the plane: one piece from bottom to top, in the middle.
    let half = Moon.line((0..<3).map { _ in [0, 0, 1, 1] })
    #expect(half.count == 1)
    #expect(half[0].enumerated().allSatisfy { $0.offset % 2 == 1 || abs($0.element - 0.5) < 0.01 })
    // An island: a closed ring.
    let ring = Moon.line([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    #expect(ring.count == 1 && Array(ring[0].prefix(2)) == Array(ring[0].suffix(2)))
    #expect(Moon.line([[0, 1], [1, 0]]).count == 2 && Moon.line([[0, 0], [0, 0]]).isEmpty)
  }

  @Test("each restraint ends at a rate that was tried, with all its seeds, and is known the next time")
  func ownRates() throws {
    let digits = DigitSets.synthetic(train: 120, validation: 60, test: 100)
    var kept: [Int] = []
    let nothing = ch07_regularization.Scoreboard(
      entries: ch07_regularization.Scoreboard.contestants(jitter: ColorJitter.fit(digits.train)).dropLast().map {
        .init(name: $0[0].name, kind: $0[0].kind, setting: "", runs: [], rate: 0.02)
      }, testCounts: [])
    let board = try ch07_regularization.Scoreboard.atOwnRates(
      ch07_regularization.Scoreboard.contestants(jitter: ColorJitter.fit(digits.train)), on: digits, steps: 10,
      seeds: [1, 2, 3], choosing: 2, known: nothing,
      keeping: { kept.append($0.entries.count) })
    #expect(kept == [18] && board.entries.last?.name == "flip" && board.entries.last?.runs.count == 3)
    #expect(board.entries.last.flatMap(\.rate).map { ch07_regularization.Scoreboard.allRates.contains($0) } == true)
    #expect(board.steps == 10 && board.digits == 60)
  }

  @Test("shifting and more data help, mirroring hurts")
  func augmentation() throws {
    let digits = DigitSets.synthetic(train: 300, validation: 50, test: 400)
    let board = try ch07_regularization.Scoreboard(
      [
        Restraint("nothing", .none), .augmenting("shift", [RandomShift(by: 2)]),
        .augmenting("flip", [HorizontalFlip()]), Restraint("more", .data) { $0.hasMoreData = true },
      ], on: digits, steps: 150, seeds: Self.seeds)
    #expect(board.gain(1).mean > 1)
    #expect(board.gain(2).mean < -1)
    #expect(board.gain(3).mean > 1)
  }

  @Test("least squares is worst with as many features as digits, and L2 takes the peak away")
  func doubleDescent() throws {
    let digits = DigitSets.synthetic(train: 120, validation: 200, test: 300)
    let descent = try DoubleDescent(digits, samples: 80, features: [20, 80, 800], seeds: Self.seeds)
    let (bare, ridge) = (descent.testErrors(descent.bare), descent.testErrors(descent.ridge))
    #expect(descent.features[descent.peak] == 80)
    #expect(bare[1].mean > bare[0].mean + 5 && bare[1].mean > bare[2].mean + 10)
    #expect(ridge[1].mean < bare[1].mean - 10)
    #expect(descent.bare[2].allSatisfy { $0.trainingError == 0 })
    // Beyond the peak, more features mean smaller weights.
    #expect(zip(descent.bare[1], descent.bare[2]).allSatisfy { $0.norm > 2 * $1.norm })
  }

  @Test("both forms of ridge regression solve their equations")
  func ridge() {
    // One feature, two digits: w = Σφy/(Σφ² + λ), with λ = strength · Σφ²/2.
    let narrow = RidgeSolver(Tensor([2, 1], [1, 2]), labels: [0, 1]).weights(strength: 0.4).elements
    #expect(abs(narrow[0] - 1 / 6) < 1e-6 && abs(narrow[1] - 2 / 6) < 1e-6)
    // Two features, one digit: w = φᵀy/(φφᵀ + λ).
    let wide = RidgeSolver(Tensor([1, 2], [1, 2]), labels: [3]).weights(strength: 1).elements
    #expect(abs(wide[3] - 0.1) < 1e-6 && abs(wide[13] - 0.2) < 1e-6)
  }

  @Test("the page's two digits need weights of 100 with two features, and of about 1 with a third")
  func twoDigits() {
    func weights(_ features: [Float], _ count: Int) -> [Float] {
      let all = RidgeSolver(Tensor([2, count], features), labels: [0, 1]).weights(strength: 1e-9).elements
      return (0..<count).map { all[10 * $0 + 1] }  // the output whose targets are 0 and 1
    }
    #expect(zip(weights([1, 1, 1, 1.01], 2), [-100, 100]).allSatisfy { abs($0 - $1) < 5 })
    #expect(zip(weights([1, 1, 0, 1, 1.01, 1], 3), [0, 0, 1]).allSatisfy { abs($0 - $1) < 0.02 })
  }

  @Test("large weights make a gradient explode after ReLU and vanish after sigmoids")
  func growth() {
    let growth = GradientGrowth(seeds: Self.seeds)
    #expect(growth.largest(.relu).minimum > 4 && growth.largest(.sigmoid).maximum < -2)
    // He's initialization holds it.
    #expect(abs(growth.logarithms[0][2].mean) < 1)
  }

  @Test("a limit on the gradient lets a badly begun net learn where it would diverge")
  func clipping() throws {
    let digits = DigitSets.synthetic(train: 300, validation: 100, test: 300)
    let clipping = try ClippingExperiment(digits, rates: [0.1], epochs: 15, seeds: Self.seeds)
    #expect(clipping.saved.mean > 5)
  }

  @Test("stochastic pooling is expected to give Σx²/Σx")
  func pooling() {
    #expect(expectedPool([1, 0, 2, 1]) == 1.5)
    #expect(expectedPool([0, 0]) == 0)
    // Also if trained with the expectation, with its derivative (2x − y)/Σx.
    var pool = ExpectedPool()
    let window = Tensor([1, 1, 2, 2], [1, 0, 2, 1])
    let output = pool.forward(window, mode: .training, seed: 1)
    #expect(output.elements == [1.5])
    let gradient = pool.backward(Tensor([1, 1, 1, 1], [1]), input: window, output: output)
    #expect(gradient.elements == [0.125, 0, 0.625, 0.125])
  }

  @Test("mixup mixes pictures and labels in the same shares, and Beta(α, α) is symmetric and wide for a small α")
  func mixing() {
    let pictures = Tensor([2, 1, 1, 2], [1, 0, 0, 1])
    var batch = Batch(inputs: pictures, labels: [3, 7])
    var generator = SeededGenerator(seed: 3, stream: 1)
    for _ in 0..<20 {
      (batch.inputs, batch.values) = (pictures, .empty)
      mixup(1).batchLoaded(&batch, epoch: 1, using: &generator)
      // The share of a class is that of the picture that has it.
      #expect(abs(batch.values.elements[3] - batch.inputs.elements[0]) < 1e-6)
      #expect(abs(batch.values.elements[17] - batch.inputs.elements[3]) < 1e-6)
      #expect(abs(batch.values.elements.reduce(0, +) - 2) < 1e-5)
    }
    for (alpha, deviation) in [(Float(1), 0.289), (0.2, 0.423)] {
      let draws = Summary((0..<4000).map { _ in Double(generator.nextBeta(alpha)) })
      #expect(abs(draws.mean - 0.5) < 0.03 && abs(draws.deviation - deviation) < 0.02)
    }
  }

  @Test("what joins the comparison later has a rate that was tried, and a mean of nets errs less than one of them")
  func later() throws {
    let digits = DigitSets.synthetic(train: 240, validation: 60, test: 300)
    var own = ch07_regularization.Scoreboard(
      entries: [.init(name: "nothing", kind: .none, setting: "", runs: [], rate: 0.02)], testCounts: [])
    (own.steps, own.digits) = (60, 60)
    let entries = try OwnDigits.later(own, pool: digits.train, digits: digits, seeds: Self.seeds, choosing: 1)
    #expect(
      entries.map(\.name) == [
        "label smoothing", "mixup", "batches of 10", "batches of 250", "batches of 250 for as many steps",
        "mean of 5 nets",
      ])
    #expect(entries.allSatisfy { $0.testErrors.count == 3 })
    let draws = OwnDigits.Draws(pool: digits.train, digits: digits, count: 60, steps: 60)
    let bare = try draws.runs([(Restraint("nothing", .none), 0.02)], Self.seeds[...]) {}[0]
    #expect(Summary(entries[5].testErrors).mean < Summary(bare.map(\.testError)).mean)
  }
}
