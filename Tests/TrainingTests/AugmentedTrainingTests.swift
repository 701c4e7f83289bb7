// Training with augmentation: which images are changed, how often, and that the bits stay the same.

import Datasets
import Foundation
import NeuralNetworks
import Synchronization
import Tensors
import Testing
import Training

/// Counts calls from any thread.
private final class Counter: Sendable {
  private let calls = Mutex(0)
  var count: Int { calls.withLock { $0 } }
  func increment() { calls.withLock { $0 += 1 } }
}

@Suite("Training with augmentation") struct AugmentedTrainingTests {
  /// An operation that counts how often it is asked, and shifts.
  private struct Counting: ImageOperation {
    let seen: Counter
    var name: String { "counting" }
    func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
      seen.increment()
      RandomShift(by: 2).apply(to: &image, using: &generator)
    }
  }

  private func run(_ augmentation: Augmentation?, threads: Int, epochs: [Int] = [2]) throws -> StateDict {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = threads
    let train = SyntheticDigits.dataset(count: 40, seed: 1, transform: PixelTransform())
    let model = try Model(
      Sequential(["flatten": Flatten(), "fc": Dense(784, 10)]), input: train.sampleShape, seed: 1)
    var trainer = Trainer(
      model, loss: SoftmaxCrossEntropy(), optimizer: SGD(), schedule: ConstantRate(0.1), batchSize: 8, seed: 3)
    trainer.augmentation = augmentation
    for epoch in epochs { try trainer.train(on: train, testing: train, epochs: epoch) }
    return trainer.model.stateDict
  }

  @Test("each training image is changed once an epoch, no test image ever")
  func counted() throws {
    let seen = Counter()
    _ = try run(Augmentation([Counting(seen: seen)]), threads: 2)
    #expect(seen.count == 80)
  }

  @Test("the same bits for any number of threads, and for a run that was stopped and resumed")
  func reproducible() throws {
    let shift = Augmentation([RandomShift(by: 2), RandomRotation(degrees: 10)])
    let one = try run(shift, threads: 1)
    #expect(try run(shift, threads: 2) == one)
    #expect(try run(shift, threads: 2, epochs: [1, 2]) == one)
    #expect(try run(nil, threads: 2) != one)
  }
}
