// Chapter 8: the direction of each effect, and half its size.

import Testing
import Workbook

@testable import ch08_losses

@Suite("Chapter 8") struct LossesTests {
  @Test("the push of squared error peaks at ⅔ with 4/27, that of the wrong derivative at 1/√3")
  func peaks() {
    let squared = peak(of: .squaredError)
    #expect(abs(squared.output - 2.0 / 3) < 1e-6)
    #expect(abs(squared.signal - 4.0 / 27) < 1e-9)
    #expect(abs(peak(of: .published).output - 1 / 3.0.squareRoot()) < 1e-6)
    // The push of cross-entropy has no maximum between 0 and 1.
    #expect(peak(of: .crossEntropy).output > 0.999)
  }

  @Test("each rule is the gradient of its own loss; the wrong derivative is not that of squared error")
  func hiddenLosses() {
    for rule in Rule.allCases { #expect(gradientCheck(rule) < 1e-5, "\(rule)") }
    #expect(gradientCheck(.published, against: .squaredError) > 0.5)
  }

  @Test("a badly wrong neuron needs at least five times as many steps with squared error")
  func badlyWrong() throws {
    let outputs = learn(.squaredError, from: 2, target: 0)
    #expect(outputs[0] > 0.98 && outputs[100] > 0.9)
    let squared = try #require(stepsToLearn(.squaredError, from: 2, target: 0))
    let entropy = try #require(stepsToLearn(.crossEntropy, from: 2, target: 0))
    #expect(squared > 5 * entropy)
  }

  @Test("the wrong derivative frees a neuron stuck at 0 and hardly one stuck at 1")
  func twoSides() throws {
    let low = try #require(stepsToLearn(.published, from: -2, target: 1))
    let high = try #require(stepsToLearn(.published, from: 2, target: 0))
    let right = try #require(stepsToLearn(.squaredError, from: -2, target: 1))
    #expect(3 * low < right)
    #expect(2 * low < high)
  }

  @Test("the naive softmax breaks at both ends of Float, the stable one nowhere")
  func overflow() {
    #expect(ShiftedScores(shift: 0).naiveIsRight)
    #expect(ShiftedScores(shift: 100).naive.allSatisfy { $0.isNaN })
    #expect(ShiftedScores(shift: -110).naive.allSatisfy { $0.isNaN })
    for shift: Float in [-1000, -110, 86, 100, 1000] {
      let scores = ShiftedScores(shift: shift)
      #expect(abs(scores.stable[2] - 0.665_241) < 1e-4)
      #expect(abs(scores.stableLoss - 2.407_6) < 1e-3)
    }
    let range = exponentRange()
    #expect(abs(range.overflows - 88.722_8) < 0.001 && abs(range.underflows + 103.97) < 0.01)
  }

  @Test("softmax with cross-entropy has the gradient p − y", arguments: [1, 2, 3] as [UInt64])
  func softmaxGradient(seed: UInt64) { #expect(softmaxGradientError(seed: seed) < 1e-3) }

  @Test("a few outliers pull the line of squared error, and hardly those of the other two")
  func outliers() {
    let found = OutlierFindings(seeds: 5, from: 1)
    #expect(found.spoilt[0].mean > 3 * found.spoilt[1].mean && found.spoilt[0].mean > 3 * found.spoilt[2].mean)
    #expect(found.clean.allSatisfy { $0.mean < 0.1 } && found.points.count == found.count)
  }

  @Test("answers are sorted by how sure the net was, and the calibration error is the gap weighted by answers")
  func reliability() throws {
    var made = Reliability()
    (made.counts, made.right) = ([0, 0, 0, 0, 0, 4, 0, 0, 0, 6], [0, 0, 0, 0, 0, 2, 0, 0, 0, 3])
    made.sums = [0, 0, 0, 0, 0, 2, 0, 0, 0, 5.7]
    #expect(abs(made.error - 0.27) < 1e-12 && abs(made.accuracy - 0.5) < 1e-12 && abs(made.confidence - 0.77) < 1e-12)
    let digits = DigitSets.synthetic(train: 200, validation: 50, test: 200)
    let calibration = try Calibration(digits, rate: 0.2, epochs: 15, seeds: [1, 2, 3])
    // Smoothed labels make the network less sure, but hardly less right.
    #expect(calibration.confidence(calibration.last).mean < calibration.confidence(0).mean - 2)
    #expect(abs(calibration.accuracy(calibration.last).mean - calibration.accuracy(0).mean) < 8)
    // A temperature keeps every answer.
    for (net, plain) in zip(calibration.tempered, calibration.runs[0]) {
      #expect(net.reliability.right.reduce(0, +) == plain.right.reduce(0, +))
    }
    #expect(calibration.tempered.allSatisfy { $0.temperature > 0 })
  }

  @Test("the temperature brings logits back to the scale on which their labels were drawn")
  func temperature() {
    var generator = SeededGenerator(seed: 1, stream: 9)
    let honest = (0..<4000).map { _ in (0..<4).map { _ in 1.5 * generator.nextNormal() } }
    let labels = honest.map { z in
      var left = Float(generator.nextInt(below: 1_000_000)) / 1_000_000
      return stableSoftmax(z).firstIndex { p in
        left -= p
        return left < 0
      } ?? 3
    }
    func fitted(_ scale: Float) -> Double { fittedTemperature(honest.map { $0.map { scale * $0 } }, labels: labels) }
    #expect(abs(fitted(1) - 1) < 0.15)
    #expect(abs(fitted(3) / fitted(1) - 3) < 0.01 && abs(fitted(0.25) / fitted(1) - 0.25) < 0.01)
  }

  @Test("the test error is looked at often at first, and the first look at a level counts")
  func looks() throws {
    let digits = DigitSets.synthetic(train: 700, validation: 20, test: 50)
    let run = try trainNet(
      .softmaxEntropy, on: digits, rate: 0.1, epochs: 1, batch: 2, hidden: 4, every: 30, early: 20, seed: 1)
    #expect(run.looks == Array(stride(from: 20, through: 300, by: 20)) + [330])
    var runs = NetRuns(.softmaxEntropy, rate: 0.1, interval: 30, runs: [run])
    runs.wrong = [(0..<16).map { $0 < 15 ? 40 : 1 }]
    #expect(runs.steps(to: 0.15).mean == 330)
    // Older findings had one interval.
    runs.looks = nil
    #expect(runs.steps(to: 0.15).mean == 480)
  }

  /// Three seeds at the sources' rate, on a few synthetic digits.
  static let races: [NetRuns] = {
    let digits = DigitSets.synthetic(train: 1000, validation: 200, test: 300)
    return Ending.allCases.prefix(2).compactMap { ending in
      let runs = try? ([1, 2, 3] as [UInt64]).map {
        try trainNet(ending, on: digits, rate: 0.02, epochs: 10, hidden: 16, every: 10, seed: $0)
      }
      return runs.map { NetRuns(ending, rate: 0.02, interval: 10, runs: $0) }
    }
  }()

  @Test("at one learning rate cross-entropy halves the steps of squared error")
  func races() throws {
    try #require(Self.races.count == 2)
    #expect(2 * Self.races[1].steps(to: 0.5).mean < Self.races[0].steps(to: 0.5).mean)
  }

  @Test("each seed has the rate that is the fastest of the others, and below three seeds that of all")
  func ownRates() {
    // The first seed alone is faster at the second rate.
    #expect(stepsAtOwnRate([[50, 20, 20], [10, 60, 60]], limit: 100) == [50, 20, 20])
    #expect(stepsAtOwnRate([[50, nil], [10, 60]], limit: 100) == [10, 60])
  }

  @Test("a weighted loss is PyTorch's mean, with a gradient to match")
  func weights() {
    let loss = WeightedCrossEntropy(weights: [1, 4, 1])
    let output = Tensor([2, 3], [1, 2, 3, 0.5, -1, 0.25])
    #expect(checkGradients(of: loss, output: output, target: .classes([0, 1])).worst < 1e-3)
    var gradient = Tensor([2, 3])
    let single = SoftmaxCrossEntropy()
    let first = single.evaluate(Tensor([1, 3], [1, 2, 3]), .classes([0]), gradient: &gradient)
    let second = single.evaluate(Tensor([1, 3], [0.5, -1, 0.25]), .classes([1]), gradient: &gradient)
    let both = loss.evaluate(output, .classes([0, 1]), gradient: &gradient)
    #expect(abs(both - (first + 4 * second) / 5) < 1e-5)
  }

  @Test("where a class is rare every remedy is judged, and the shift finds no fewer of the class")
  func rareClass() throws {
    let digits = DigitSets.synthetic(train: 600, validation: 100, test: 300)
    let found = try RareClass(digits, seeds: [1, 2])
    #expect(found.results.map(\.remedy) == [.none, .shifted, .weighted, .repeated] && found.kept >= 1)
    #expect(found.results[1].found.mean >= found.results[0].found.mean)
  }
}
