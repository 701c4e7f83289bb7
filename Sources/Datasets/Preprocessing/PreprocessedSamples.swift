// Samples that are prepared on their way into a batch.

import Tensors

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
}
