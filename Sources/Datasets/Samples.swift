// What can be trained on: anything that fills batches.

import Tensors

/// Samples with their classes, or with values to be learned, that come in batches: a ``Dataset`` of images, or ``TensorSamples`` in memory.
public protocol Samples: Sendable {
  /// The name that captions print: `MNIST`.
  var name: String { get }
  /// The number of samples.
  var count: Int { get }
  /// The number of classes; 0 where values are to be learned.
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

/// Samples held as floats, with classes or values: points in the plane, small experiments.
public struct TensorSamples: Samples {
  public var name: String
  /// All inputs, [N, …].
  public var inputs: Tensor
  /// The class of each input; empty where values are to be learned.
  public var labels: [Int]
  /// The wanted output for each input, [N, …]; empty where classes are to be learned.
  public var values = Tensor.empty
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

  /// Creates samples from inputs and the outputs wanted for them: regression.
  ///
  /// - Precondition: as many inputs as values.
  public init(name: String, inputs: Tensor, values: Tensor) {
    demand(
      inputs.shape.rank > 0 && values.shape.rank > 0 && inputs.shape[0] == values.shape[0],
      "TensorSamples: values \(values.shape) need as many inputs, got \(inputs.shape)")
    self.name = name
    self.inputs = inputs
    self.values = values
    labels = []
    classCount = 0
  }

  public var count: Int { inputs.shape[0] }

  public var sampleShape: Shape { inputs.shape.withoutBatch }

  public func load(_ indices: ArraySlice<Int>, into batch: inout Batch) {
    copyRows(indices, of: inputs, into: &batch.inputs)
    if !values.isEmpty { copyRows(indices, of: values, into: &batch.values) }
    batch.labels.removeAll(keepingCapacity: true)
    if !labels.isEmpty { for index in indices { batch.labels.append(labels[index]) } }
  }

  private func copyRows(_ indices: ArraySlice<Int>, of source: Tensor, into target: inout Tensor) {
    let sample = source.shape.withoutBatch
    let width = sample.count
    target.resize(to: sample.batched(indices.count))
    source.withUnsafeElements { source in
      target.withUnsafeMutableElements { output in
        var row = 0
        for index in indices {
          for i in 0..<width { output[row + i] = source[index * width + i] }
          row += width
        }
      }
    }
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
