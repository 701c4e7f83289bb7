// Tests of the measurements of chapter 10's observers.

import Foundation
import Testing
import Workbook

@testable import ch10_lenet

@Suite struct LeNetInsideTests {
  /// A run whose first layer's share increases by `slope` per epoch, from 10 to 40 %.
  func run(_ variant: Variant, slope: Double) throws -> TrainedRun {
    let times = stride(from: 0.0, to: 4, by: 0.05).map { $0 }
    let model = try Model(LeNet5.plain.layers, input: LeNet5.inputShape, seed: 1)
    let data = SyntheticDigits.dataset(count: 10, seed: 1)
    return TrainedRun(
      variant: variant, seed: 1, history: [], model: model,
      evaluation: evaluate(model, on: data, loss: MeanSquaredError()), gradientTimes: times,
      gradientShares: times.map { [0.1 + min(slope * $0, 0.3), 0.9 - min(slope * $0, 0.3)] },
      gradientLayers: ["conv1", "fc1"])
  }

  @Test("two poolings leave conv1 a quarter: 6.7 % of five layers, 9.1 % of four")
  func pooling() {
    let five = GradientStory.poolingShares(["conv1", "conv2", "fc1", "fc2", "fc3"])
    #expect(five.map { (1000 * $0).rounded() / 10 } == [6.7, 13.3, 26.7, 26.7, 26.7])
    #expect(abs(GradientStory.poolingShares(["conv1", "conv2", "fc1", "fc2"])[0] - 1 / 11) < 1e-12)
  }

  @Test("a mean over 2×2 pixels halves the length of the gradient")
  func halved() {
    var pool = AveragePool(2)
    var generator = SeededGenerator(seed: 1)
    var gradient = Tensor(zeros: [4, 3, 5, 5])
    gradient.fillNormal(standardDeviation: 1, using: &generator)
    let input = Tensor(zeros: [4, 3, 10, 10])
    let output = pool.forward(input, mode: .training)
    let below = pool.backward(gradient, input: input, output: output)
    func length(_ tensor: Tensor) -> Float { tensor.elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    #expect(abs(length(below) / length(gradient) - 0.5) < 1e-5)
  }

  @Test("the shares at the start are means over the first tenth of an epoch")
  func beginning() throws {
    let story = try #require(GradientStory(run(.plain, slope: 0.1)))
    #expect(story.layers == ["conv1", "fc1"] && abs(story.beginning[0] - 0.105) < 1e-9)
    #expect(abs(story.start - 0.105 / 0.2) < 1e-9)
  }

  @Test("the small change follows the measured gradient of log p, and stops at the border")
  func smallest() throws {
    let dense = Dense(1024, 10, initializer: .normal(standardDeviation: 0.02))
    let image = [Float](repeating: 0.5, count: 784)
    // Any start that is not read as a 1.
    let readers = try (1...5).map { seed in
      DigitReader(try Model(Sequential([Flatten(), dense]), input: LeNet5.inputShape, seed: seed).layers)
    }
    var reader = try #require(
      readers.first { reader in
        var reader = reader
        return reader.answer(image).digit != 1
      })
    // Central differences along one pixel.
    let gradient = reader.gradient(image, of: 1)
    func logProbability(_ pixel: Float) -> Double {
      var moved = image
      moved[400] = pixel
      return log(reader.probability(moved, of: 1))
    }
    #expect(abs(Float((logProbability(0.6) - logProbability(0.4)) / 0.2) - gradient[400]) < 1e-3)
    let change = try #require(smallChange(of: image, by: &reader))
    let changed = zip(image, change).map { $0 + $1 }
    #expect(reader.answer(changed).digit == 1)
    #expect(reader.answer(zip(image, change).map { $0 + 0.8 * $1 }).digit != 1, "it is hardly longer than it has to be")
  }

  @Test(
    "rounded to 8 bits for the page, the recorded weights change fewer than one answer in a thousand",
    .enabled(if: (try? MNIST.find()) != nil))
  func rounded() throws {
    let model = try #require(LeNet.recordedModel())
    var rounded = model
    func round(_ tensor: inout Tensor) {
      let values = LeNet.rounded(tensor).values
      tensor.withUnsafeMutableElements { elements in
        for i in elements.indices { elements[i] = values[i] }
      }
    }
    rounded.visitParameters { round(&$1.value) }
    rounded.visitBuffers { round(&$1) }
    let digits = try Digits.load(count: 1).test
    let (before, after) = (
      evaluate(model, on: digits, loss: SoftmaxCrossEntropy()),
      evaluate(rounded, on: digits, loss: SoftmaxCrossEntropy())
    )
    #expect(before.count == 10_000 && before.error < 0.01 && before.confidences != after.confidences)
    let changed = zip(before.predictions, after.predictions).count { $0 != $1 }
    #expect(changed < 10)
  }
}
