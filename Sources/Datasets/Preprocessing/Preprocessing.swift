// What all ways to prepare inputs have in common: numbers learned from the training set, used on every set.

import Tensors

/// A way to prepare inputs that is fitted on the training set and then applied to all sets alike.
///
///     let standardize = ChannelStandardization.fit(train)
///     let seen = standardize.apply(train), unseen = standardize.apply(test)
///
/// A fitted value holds all that it needs, so nothing can be fitted on a test set by accident: the statistics belong to
/// the model, as its weights do. Inputs are [N, …]; whatever follows N is one sample.
public protocol Preprocessing: Sendable {
  /// The name that captions print: `channel mean`.
  var name: String { get }

  /// Learns what is to be known from the training inputs, [N, …].
  ///
  /// - Precondition: at least one sample.
  static func fit(_ train: Tensor) -> Self

  /// The shape of a prepared sample for one of `sample`.
  func outputShape(for sample: Shape) -> Shape

  /// Prepares inputs [N, …] in place.
  ///
  /// - Precondition: samples have the shape of those that were fitted.
  func apply(to inputs: inout Tensor)
}

extension Preprocessing {
  public func outputShape(for sample: Shape) -> Shape { sample }

  /// The prepared inputs.
  public func apply(_ inputs: Tensor) -> Tensor {
    var result = inputs
    apply(to: &result)
    return result
  }
}

/// Samples that pass through a preprocessing on their way into a batch: what a trainer is handed.
///
///     let standardize = ChannelStandardization.fit(train.inputs)
///     try trainer.train(on: train.preprocessed(by: standardize), testing: test.preprocessed(by: standardize), …)
public struct PreprocessedSamples<Base: Samples>: Samples {
  /// The samples as they are.
  public var base: Base
  /// What happens to each batch of them.
  public var preprocessing: any Preprocessing

  public var name: String { base.name }
  public var count: Int { base.count }
  public var classCount: Int { base.classCount }
  public var sampleShape: Shape { preprocessing.outputShape(for: base.sampleShape) }

  public func load(_ indices: ArraySlice<Int>, into batch: inout Batch) {
    base.load(indices, into: &batch)
    preprocessing.apply(to: &batch.inputs)
  }

  /// Augments first: an operation on images expects images, not their principal components.
  public func load(
    _ indices: ArraySlice<Int>, into batch: inout Batch, augmentedBy augmentation: Augmentation,
    using generator: inout SeededGenerator
  ) {
    base.load(indices, into: &batch, augmentedBy: augmentation, using: &generator)
    preprocessing.apply(to: &batch.inputs)
  }
}

extension Samples {
  /// These samples, prepared by `preprocessing`, which was fitted on the training set.
  public func preprocessed(by preprocessing: any Preprocessing) -> PreprocessedSamples<Self> {
    PreprocessedSamples(base: self, preprocessing: preprocessing)
  }

  /// All inputs as one tensor [N, …], to fit a preprocessing on.
  public var inputs: Tensor {
    var batch = Batch()
    load(Array(0..<count)[...], into: &batch)
    return batch.inputs
  }
}

/// Checks what every `fit` needs: a batch with at least one sample in it.
func demandSamples(_ train: Tensor, _ name: String) {
  demand(
    train.shape.rank >= 2 && train.count > 0, "\(name): is fitted on [N, …] with N at least 1, got \(train.shape)")
}

/// Checks that the samples of `inputs` have the shape that was fitted.
func demandSamples(_ inputs: Tensor, of shape: Shape, _ name: String) {
  demand(
    inputs.shape.rank >= 2 && inputs.shape.withoutBatch == shape,
    "\(name): was fitted on samples \(shape), receives \(inputs.shape.withoutBatch)")
}
