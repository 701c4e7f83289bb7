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
    // L1 empties the net, L2 does not.
    let small = (0..<2).map { kind in sweep.summaries(kind, \.nearZero)[1].mean }
    #expect(small[1] > 0.9 && small[0] < 0.7)
  }

  @Test("L1 tells the real inputs from the noise twice as well as L2, and only soft thresholding makes exact zeros")
  func inputs() throws {
    let selection = try InputSelection([.l2(0.01), .l1(0.01), .softThreshold(0.01)], epochs: 100, seeds: Self.seeds)
    #expect(selection.contrast(1).mean > 2 * selection.contrast(0).mean)
    #expect(selection.runs[1].allSatisfy { $0.zeros < 0.1 })
    #expect(selection.runs[2].allSatisfy { $0.zeros > 0.5 })
  }

  @Test("an input that matters is found where its weights are larger than those of every input of noise")
  func separation() {
    func run(_ norms: [Double]) -> MoonRun {
      MoonRun(trainingError: 0, testError: 0, inputNorms: norms)
    }
    let selection = InputSelection(runs: [[run([0.3, 0.9, 0.1, 0.2]), run([0.1, 0.9, 0.2, 0.0])]])
    #expect(selection.separated(0) == 1)
    #expect(abs(selection.contrast(0, input: 1).mean - 7.5) < 1e-9)
  }

  @Test("a gain is judged with three seeds or more, and names its direction")
  func words() {
    #expect(isClear(Summary([-2, -3, -4])) && !isClear(Summary([-2, 3, 4])) && !isClear(Summary([30])))
    #expect(change(Summary([-5]), "the error") == "raises the error by 5.0 points")
    #expect(capitalized("shift, rotate") == "Shift, rotate" && spoken("shift, rotate") == "shift and rotate")
    #expect(difference(20.03, 16.27) == "3.7")
  }

  @Test("a finished history judged epoch by epoch gives what a run with early stopping does")
  func patience() throws {
    let digits = DigitSets.synthetic(train: 100, validation: 100, test: 100)
    let full = try learnByHeart(digits, wrongLabels: 0.4, epochs: 12, hidden: 32, seed: 1)
    let stopped = try learnByHeart(
      digits, wrongLabels: 0.4, epochs: 12, hidden: 32, stopping: EarlyStopping(patience: 2), seed: 1)
    let place = LearningCurve(full.history).stop(patience: 2)
    #expect(stopped.history.count == place.stopped)
    // The best weights are back: the test error is that of the best epoch.
    #expect(stopped.testError == full.history[place.best - 1].testError)
  }

  @Test("with wrong labels the net learns them by heart, and the epoch that early stopping picks is better")
  func wrongLabels() throws {
    let digits = DigitSets.synthetic(train: 300, validation: 300, test: 400)
    let experiment = try StoppingExperiment(digits, wrongLabels: 0.4, epochs: 25, hidden: 96, seeds: Self.seeds)
    #expect(experiment.noisy.allSatisfy { ($0.training.last ?? 1) < 0.1 })
    let early = StoppingExperiment.stoppedError(experiment.noisy, patience: 5).mean
    #expect(early < StoppingExperiment.lastError(experiment.noisy).mean - 3)
  }

  @Test("shifting helps, mirroring hurts")
  func augmentation() throws {
    let digits = DigitSets.synthetic(train: 150, validation: 50, test: 400)
    let board = try ch07_regularization.Scoreboard(
      [
        Restraint("nothing", .none), .augmenting("shift", [RandomShift(by: 2)]),
        .augmenting("flip", [HorizontalFlip()]),
      ], on: digits, steps: 150, seeds: Self.seeds)
    #expect(board.gain(1).mean > 1)
    #expect(board.gain(2).mean < -1)
  }

  @Test("the unit's gradient is that of its loss, and one step at the cliff is long only without a limit")
  func cliff() {
    let unit = RecurrentUnit(steps: 12)
    let (w, b, h) = (4.2, -1.7, 1e-6)
    let (_, dw, db) = unit.evaluate(w, b)
    let numeric = (
      (unit.evaluate(w + h, b).loss - unit.evaluate(w - h, b).loss) / (2 * h),
      (unit.evaluate(w, b + h).loss - unit.evaluate(w, b - h).loss) / (2 * h)
    )
    #expect(abs(dw - numeric.0) < 1e-4 * max(1, abs(dw)) && abs(db - numeric.1) < 1e-4 * max(1, abs(db)))
    let (free, held) = (Charts.walk(RecurrentUnit(), limit: nil), Charts.walk(RecurrentUnit(), limit: 2))
    #expect(Charts.longestStep(free) > 2)
    #expect(Charts.longestStep(held) < 0.041)
  }

  @Test("a deep net with large weights is lost without clipping and saved with it; only by norm the direction stays")
  func clipping() throws {
    let digits = DigitSets.synthetic(train: 100, validation: 50, test: 50)
    for seed in Self.seeds {
      let outcomes = try Clipping.allCases.map {
        try DeepNet.train($0, depth: 8, gain: 1.5, on: digits, epochs: 3, seed: seed)
      }
      #expect(outcomes.map(\.hasDiverged) == [true, false, false])
      #expect(try DeepNet.direction(.norm, depth: 8, gain: 1.5, on: digits, seed: seed) > 0.999)
      #expect(try DeepNet.direction(.value, depth: 8, gain: 1.5, on: digits, seed: seed) < 0.8)
    }
  }

  @Test("behind sigmoids a gradient explodes only with far larger weights than behind tanh", arguments: seeds)
  func sigmoids(seed: UInt64) {
    #expect(DeepNet.growth(Tanh(), gain: 2, seed: seed) > 1)
    #expect(DeepNet.growth(Sigmoid(), gain: 8, seed: seed) < 1)
    #expect(DeepNet.growth(Sigmoid(), gain: 32, seed: seed) > 1)
  }

  @Test("stochastic pooling is expected to give Σx²/Σx")
  func pooling() {
    #expect(expectedPool([1, 0, 2, 1]) == 1.5)
    #expect(expectedPool([0, 0]) == 0)
  }
}
