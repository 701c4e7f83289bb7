// Samples that are preprocessed when they are loaded into a batch.

import Tensors

/// Samples that are preprocessed when they are loaded into a batch.
///
///     let standardize = ChannelStandardization.fit(train.inputs)
///     try trainer.train(on: train.preprocessed(by: standardize), testing: test.preprocessed(by: standardize), …)
public struct PreprocessedSamples<Base: Samples>: Samples {
  /// The original samples.
  public var base: Base
  /// The preprocessing of each batch.
  public var preprocessing: any Preprocessing

  public var name: String { base.name }
  public var count: Int { base.count }
  public var classCount: Int { base.classCount }
  public var sampleShape: Shape { preprocessing.outputShape(for: base.sampleShape) }

  public func load(_ indices: ArraySlice<Int>, into batch: inout Batch) {
    base.load(indices, into: &batch)
    preprocessing.apply(to: &batch.inputs)
  }

  /// Augments before preprocessing: image operations apply to images, not to their principal components.
  public func load(
    _ indices: ArraySlice<Int>, into batch: inout Batch, augmentedBy augmentation: Augmentation,
    using generator: inout SeededGenerator
  ) {
    base.load(indices, into: &batch, augmentedBy: augmentation, using: &generator)
    preprocessing.apply(to: &batch.inputs)
  }
}

extension Samples {
  /// These samples with `preprocessing` applied, which was fitted on the training set.
  public func preprocessed(by preprocessing: any Preprocessing) -> PreprocessedSamples<Self> {
    PreprocessedSamples(base: self, preprocessing: preprocessing)
  }
}
