// Chapter 10: LeNet-5's table, its learning on a small set, and every way in which a run can end.

import Foundation
import Testing

@testable import Workbook
@testable import ch10_lenet

@Suite("Chapter 10") struct LeNetTests {
  /// A small data set for tests: 1,500 synthetic digits.
  static let digits = Digits(
    train: SyntheticDigits.dataset(count: 1_500, seed: 1), test: SyntheticDigits.dataset(count: 500, seed: 2),
    isReal: false)

  static func session(_ arguments: [String], epochs: Int = 2) throws -> Session {
    Session(digits: digits, epochs: epochs, seeds: [1], options: try LeNetOptions.parse(arguments))
  }

  @Test("the parameters of every layer are those of the table: 156, 2,416, 48,120, 10,164, 850, together 61,706")
  func parameters() throws {
    let model = try Model(LeNet5.plain.layers, input: LeNet5.inputShape, seed: 1)
    #expect(model.rows.map(\.parameters).filter { $0 > 0 } == [156, 2_416, 48_120, 10_164, 850])
    #expect(model.parameterCount == 61_706)
    #expect(model.multiplyAdds(for: LeNet5.inputShape) == 416_520)
  }

  @Test("over three seeds batch normalization learns faster, and so does the published derivative")
  func effects() throws {
    func errors(_ net: LeNet5) throws -> [Double] {
      try ([1, 2, 3] as [UInt64]).map { seed in
        let model = try Model(net.layers, input: LeNet5.inputShape, seed: seed)
        var trainer = Trainer(
          model, loss: net.loss, optimizer: SGD(), schedule: ConstantRate(0.02), batchSize: 32, seed: seed)
        try trainer.train(on: Self.digits.train, epochs: 2)
        return evaluate(trainer.model, on: Self.digits.test, loss: net.loss).error
      }
    }
    let (plain, published) = (Summary(try errors(.plain)), Summary(try errors(.published)))
    let (plus, plusPlus) = (Summary(try errors(.plus)), Summary(try errors(.plusPlus)))
    #expect(published.mean < plain.mean - 0.05, "\(published) against \(plain)")
    #expect(plusPlus.mean < plus.mean / 2, "\(plusPlus) against \(plus)")
    #expect(plusPlus.mean < 0.2, "\(plusPlus)")
  }

  @Test("a resumed run ends with the same bits and shares as one that was never stopped, and another's is refused")
  func resume() throws {
    let variant = Variant.plusPlus
    let folder = NSTemporaryDirectory() + "workbook-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    /// Trains in a separate session, which ends at step `limit`.
    func trained(_ arguments: [String] = [], stoppingAt limit: Int = .max) throws -> TrainedRun {
      let journal = try TrainingJournal(in: folder, of: [:], resumes: true)
      return try TrainingScope.$current.withValue(TrainingScope(journal)) {
        let session = try Self.session(["--optimizer", "momentum"] + arguments, epochs: 3)
        var steps = 0
        let end = TrainingHooks(asksToStop: {
          steps += 1
          return steps > limit
        })
        return try train(variant, seed: 1, in: session, observers: [end]) { _ in }
      }
    }
    let whole = try train(variant, seed: 1, in: Self.session(["--optimizer", "momentum"], epochs: 3)) { _ in }
    #expect(throws: RunInterrupted(isKept: true)) { try trained(stoppingAt: 70) }
    let resumed = try trained()
    #expect(resumed.model.stateDict == whole.model.stateDict)
    #expect(resumed.history.map(\.trainingLoss) == whole.history.map(\.trainingLoss))
    #expect(resumed.gradientShares == whole.gradientShares)
    #expect(throws: CheckpointError.self) { try trained(["--lr", "0.005"]) }
  }

  @Test("the loop on the page does what the trainer does, to the last bit, and counts the same mistakes")
  func loop() throws {
    let (net, data) = (LeNet5.plusPlus, Self.digits.train.prefix(320))
    let model = try Model(net.layers, input: LeNet5.inputShape, seed: 1)
    var trainer = Trainer(
      model, loss: net.loss, optimizer: SGD(), schedule: ConstantRate(0.02), batchSize: 32, seed: 1)
    try trainer.train(on: data, epochs: 1)
    var generator = SeededGenerator(seed: 1, stream: 1)
    var own = model
    let mistakes = trainOneEpoch(
      &own, on: data, order: generator.permutation(of: data.count), loss: net.loss, rate: 0.02, batchSize: 32)
    #expect(own.stateDict == trainer.model.stateDict)
    #expect(trainer.history[0].trainingError == Double(mistakes) / 320)
    #expect(own.stateDict != model.stateDict)
  }

  @Test(
    "the gradient of squared error is the shorter one, most where all outputs stand at 0.1; the wrong one is longer")
  func firstSteps() throws {
    let steps = try FirstSteps(measuredIn: Self.session([], epochs: 1))
    #expect(steps.images == [0, 150, 1_500])
    // At outputs near ½, the lengths are √10/8 and √0.9, and the wrong slope is 3 times the right one.
    #expect(abs(steps.advantage(0).mean - 8 * (0.9 / 10).squareRoot()) < 0.6)
    #expect(abs(steps.excess(0).mean - 3) < 0.5 && abs(steps.falseOutput[0].mean - 0.5) < 0.1)
    #expect(steps.advantage(2).mean > steps.advantage(0).mean && steps.excess(2).mean > steps.excess(0).mean)
    #expect(abs(LeNet.plateau.crossEntropy / LeNet.plateau.squaredError - 1 / 0.09) < 1e-9)
  }

  @Test("the eight networks of the ablation are all different, from LeNet-5 to LeNet-5+")
  func ablation() {
    #expect(Set(Variant.ablation.map(\.net)).count == 8)
    #expect(Variant.ablation.first?.net == .plain && Variant.ablation.last?.net == .plus)
  }

  @Test("batches that repeat are those of the first epoch, in its order")
  func firstOrder() {
    let order = FirstOrder(Self.digits.train, seed: 1)
    var generator = SeededGenerator(seed: 1, stream: 2)
    func labels(epoch: Int) -> [Int] {
      (0..<3).flatMap { _ in
        var batch = Self.digits.train.batch(first: 4)
        order.batchLoaded(&batch, epoch: epoch, using: &generator)
        return batch.labels
      }
    }
    var first = SeededGenerator(seed: 1, stream: 1)
    let expected = first.permutation(of: Self.digits.train.count).prefix(12).map { Int(Self.digits.train.labels[$0]) }
    #expect(labels(epoch: 1) == expected && labels(epoch: 2) == expected)
  }

  @Test("a rate far too large is told as divergence, and the epoch before it is kept")
  func divergence() throws {
    var trainer = Trainer(
      try Model(LeNet5.plus.layers, input: LeNet5.inputShape, seed: 1), loss: LeNet5.plus.loss, optimizer: SGD(),
      schedule: ConstantRate(1e6), batchSize: 32, seed: 1)
    let before = trainer.model.stateDict
    #expect(throws: (any Error).self) { try trainer.train(on: Self.digits.train, epochs: 1) }
    #expect(trainer.model.stateDict == before)
  }

  @Test(
    "absurd options are refused",
    arguments: [
      ["--batch", "0"], ["--epochs", "-1"], ["--lr", "nan"], ["--lr", "-1"], ["--model", "lenet6"], ["--evaluate"],
      ["--published-sigmoid", "--model", "lenet5plus"], ["--load", "x"],
    ])
  func absurd(arguments: [String]) {
    #expect(throws: (any Error).self) { try LeNetOptions.parse(arguments) }
  }
}
