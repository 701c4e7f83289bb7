// The protocol of data sets, and samples in memory.

import Tensors

/// Samples with classes, or with target values for regression, that are loaded in batches: a ``Dataset`` of images, or
/// ``TensorSamples`` in memory.
public protocol Samples: Sendable {
  /// The name for captions: `MNIST`.
  var name: String { get }
  /// The number of samples.
  var count: Int { get }
  /// The number of classes; 0 in regression.
  var classCount: Int { get }
  /// The shape of one sample of a batch.
  var sampleShape: Shape { get }
  /// Fills `batch` with the samples at `indices`; allocates memory only when the batch grows.
  func load(_ indices: ArraySlice<Int>, into batch: inout Batch)
  /// Fills `batch` with the samples at `indices`, each changed at random by `augmentation`.
  ///
  /// Sample n of the batch uses stream n of a seed from `generator`, so the number of threads does not matter.
  func load(
    _ indices: ArraySlice<Int>, into batch: inout Batch, augmentedBy augmentation: Augmentation,
    using generator: inout SeededGenerator)
}

extension Samples {
  /// Augments the loaded inputs, which must be images [C, H, W] with values from 0 to 1.
  public func load(
    _ indices: ArraySlice<Int>, into batch: inout Batch, augmentedBy augmentation: Augmentation,
    using generator: inout SeededGenerator
  ) {
    load(indices, into: &batch)
    augmentation.apply(toBatch: &batch.inputs, using: &generator)
  }
}

extension Dataset: Samples {}

/// Samples stored as floats, with classes or target values: for points in the plane and small experiments.
public struct TensorSamples: Samples {
  public var name: String
  /// All inputs, [N, …].
  public var inputs: Tensor
  /// The class of each input; empty in regression.
  public var labels: [Int]
  /// The desired output for each input, [N, …]; empty in classification.
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

  /// Creates samples for regression from inputs and their desired outputs.
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

  /// Sets aside a random part of the samples as a validation set, for choosing the learning rate, when to stop, and so
  /// on.
  ///
  /// The test set must not be used for such choices; otherwise its error is no longer an estimate for unseen images.
  ///
  /// - Parameters:
  ///   - count: the size of the validation set; less than the number of samples.
  ///   - seed: the seed of the random choice; equal seeds give equal sets.
  public func splitting(validation count: Int, seed: UInt64) -> (training: Dataset, validation: Dataset) {
    demand(
      0 < count && count < self.count, "Dataset: a validation set from \(self.count) samples cannot have \(count)")
    var generator = SeededGenerator(seed: seed, stream: 0x5A11D)
    let order = generator.permutation(of: self.count)
    return (samples(at: order[count...].sorted()), samples(at: order[..<count].sorted()))
  }
}
