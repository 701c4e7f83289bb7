// Tests of what chapter 10 reads off its observers.

import Testing
import Workbook

@testable import ch10_lenet

@Suite struct LeNetInsideTests {
  /// A run whose first layer's share of two rises by `slope` each epoch, from 10 to 40 %.
  func run(_ variant: Variant, slope: Double, spread: [Double] = [1, 1]) throws -> TrainedRun {
    let times = stride(from: 0.0, to: 4, by: 0.05).map { $0 }
    let model = try Model(LeNet5.plain.layers, input: LeNet5.inputShape, seed: 1)
    let data = SyntheticDigits.dataset(count: 10, seed: 1)
    return TrainedRun(
      variant: variant, seed: 1, history: [], secondsBefore: 0, model: model,
      evaluation: evaluate(model, on: data, loss: MeanSquaredError()), gradientTimes: times,
      gradientShares: times.map { [0.1 + min(slope * $0, 0.3), 0.9 - min(slope * $0, 0.3)] },
      gradientLayers: ["conv1", "fc1"],
      inputs: spread.map { factor in [TensorStatistics(Tensor(vector: [-1, 1].map { $0 * Float(factor) }))] },
      inputLayers: ["act1"])
  }

  func results(tanh: Double, relu: Double, spread: [Double], count: Int = 3) throws -> [VariantResults] {
    try [
      (Variant("LeNet-5", .plain, color: 0), tanh, [1.0, 1]), (Variant("LeNet-5+", .plus, color: 1), relu, spread),
      (Variant("LeNet-5++", .plusPlus, color: 2), relu, [1, 1]),
    ].map { variant, slope, spread in
      VariantResults(variant, try (0..<count).map { _ in try run(variant, slope: slope, spread: spread) })
    }
  }

  @Test("Half of an equal share is reached when the curve says so, or never")
  func recovery() throws {
    let rising = try #require(GradientStory(run(Variant("a", .plain, color: 0), slope: 0.1)))
    let time = try #require(rising.recovery)
    #expect(abs(time - 1.5) < 0.4, "0.1 + 0.1·t = 0.25 at t = 1.5, seen in steps of 0.4")
    #expect(rising.fadesTowardsTheImage)
    #expect(rising.beginning[0] < rising.end[0])
    let halfway = try #require(rising.halfway)
    #expect(abs(halfway - 1.5) < 0.4, "from 0.1 to 0.4")
    #expect(try GradientStory(run(Variant("a", .plain, color: 0), slope: 0))?.recovery == nil)
  }

  @Test("The verdicts switch with the data")
  func verdicts() throws {
    let asPublished = try LeNet.claimsAboutTheInside(results(tanh: 0.05, relu: 0.2, spread: [1, 2]))
    #expect(asPublished.map(\.verdict) == [.reproduced, .reproduced, .reproduced])
    let otherwise = try LeNet.claimsAboutTheInside(results(tanh: 0.2, relu: 0.05, spread: [1, 1]))
    #expect(otherwise.map(\.verdict) == [.reproduced, .notHere, .notHere])
    let single = try LeNet.claimsAboutTheInside(results(tanh: 0.05, relu: 0.2, spread: [1, 2], count: 1))
    #expect(single.map(\.verdict) == [.undecided, .undecided, .undecided])
  }
}
