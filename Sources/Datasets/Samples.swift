// What can be trained on: anything that fills batches.

import Tensors

/// Labelled samples that come in batches: a ``Dataset`` of images, or ``TensorSamples`` in memory.
public protocol Samples: Sendable {
  /// The name that captions print: `MNIST`.
  var name: String { get }
  /// The number of samples.
  var count: Int { get }
  /// The number of classes.
  var classCount: Int { get }
  /// The shape of one sample of a batch.
  var sampleShape: Shape { get }
  /// Fills `batch` with the samples at `indices`; allocates only when the batch grows.
  func load(_ indices: ArraySlice<Int>, into batch: inout Batch)
  /// Fills `batch` with the samples at `indices`, each changed at random by `augmentation`.
  ///
  /// Sample n of the batch draws from the n-th stream of a seed from `generator`, whatever the number of threads.
  func load(
    _ indices: ArraySlice<Int>, into batch: inout Batch, augmentedBy augmentation: Augmentation,
    using generator: inout SeededGenerator)
}

extension Samples {
  /// Augments the inputs as they come, which must be images [C, H, W] with values from 0 to 1.
  public func load(
    _ indices: ArraySlice<Int>, into batch: inout Batch, augmentedBy augmentation: Augmentation,
    using generator: inout SeededGenerator
  ) {
    load(indices, into: &batch)
    augmentation.apply(toBatch: &batch.inputs, using: &generator)
  }
}

extension Dataset: Samples {}

/// Labelled samples held as floats: points in the plane, small experiments.
public struct TensorSamples: Samples {
  public var name: String
  /// All inputs, [N, …].
  public var inputs: Tensor
  /// The class of each input.
  public var labels: [Int]
  public var classCount: Int

  /// Creates samples from inputs and their classes.
  ///
  /// - Precondition: as many inputs as labels, each label from 0 to `classCount` − 1.
  public init(name: String, inputs: Tensor, labels: [Int], classCount: Int) {
    demand(
      inputs.shape.rank > 0 && inputs.shape[0] == labels.count,
      "TensorSamples: \(labels.count) labels need as many inputs, got \(inputs.shape)")
    demand(
      labels.allSatisfy { (0..<classCount).contains($0) }, "TensorSamples: labels must be below \(classCount)")
    self.name = name
    self.inputs = inputs
    self.labels = labels
    self.classCount = classCount
  }

  public var count: Int { labels.count }

  public var sampleShape: Shape { inputs.shape.withoutBatch }

  public func load(_ indices: ArraySlice<Int>, into batch: inout Batch) {
    batch.inputs.resize(to: sampleShape.batched(indices.count))
    batch.labels.removeAll(keepingCapacity: true)
    let width = sampleShape.count
    inputs.withUnsafeElements { source in
      batch.inputs.withUnsafeMutableElements { output in
        for (row, index) in indices.enumerated() {
          for i in 0..<width { output[row * width + i] = source[index * width + i] }
        }
      }
    }
    for index in indices { batch.labels.append(labels[index]) }
  }
}

extension Dataset {
  /// The samples at `indices`, in that order.
  public func samples(at indices: some Collection<Int>) -> Dataset {
    var part = self
    let size = imageShape.count
    part.pixels.removeAll()
    part.pixels.reserveCapacity(indices.count * size)
    for index in indices { part.pixels.append(contentsOf: pixels[index * size..<(index + 1) * size]) }
    part.labels = indices.map { labels[$0] }
    return part
  }

  /// Sets a random part of the samples aside, to decide with: when to stop, which learning rate.
  ///
  /// The test set must not be used for that, or its error no longer says anything about unseen images.
  ///
  /// - Parameters:
  ///   - count: the size of the part set aside; less than the number of samples.
  ///   - seed: decides which samples; the same for the same seed.
  public func splitting(validation count: Int, seed: UInt64) -> (training: Dataset, validation: Dataset) {
    demand(
      0 < count && count < self.count, "Dataset: a validation set out of \(self.count) samples cannot have \(count)")
    var generator = SeededGenerator(seed: seed, stream: 0x5A11D)
    let order = generator.permutation(of: self.count)
    return (samples(at: order[count...].sorted()), samples(at: order[..<count].sorted()))
  }
}
