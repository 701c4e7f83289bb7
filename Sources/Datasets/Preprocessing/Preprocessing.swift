// The protocol of all preprocessing methods: fitted on the training set, applied to every set.

import Tensors

/// A preprocessing method that is fitted on the training set and then applied to all sets.
///
///     let standardize = ChannelStandardization.fit(train)
///     let seen = standardize.apply(train), unseen = standardize.apply(test)
///
/// A fitted value contains all its statistics, so nothing can be fitted on a test set by accident: the statistics
/// belong to the model, like its weights. Inputs are [N, …], where the axes after N are those of one sample.
public protocol Preprocessing: Sendable {
  /// The name for captions: `channel mean`.
  var name: String { get }

  /// Computes the statistics of the training inputs, [N, …].
  ///
  /// - Precondition: at least one sample.
  static func fit(_ train: Tensor) -> Self

  /// The shape of a preprocessed sample whose original shape is `sample`.
  func outputShape(for sample: Shape) -> Shape

  /// Preprocesses inputs [N, …] in place.
  ///
  /// - Precondition: the samples have the same shape as the training samples.
  func apply(to inputs: inout Tensor)
}

extension Preprocessing {
  public func outputShape(for sample: Shape) -> Shape { sample }

  /// The preprocessed inputs.
  public func apply(_ inputs: Tensor) -> Tensor {
    var result = inputs
    apply(to: &result)
    return result
  }
}

extension Samples {
  /// All inputs as one tensor [N, …], for fitting a preprocessing method.
  public var inputs: Tensor {
    var batch = Batch()
    load(Array(0..<count)[...], into: &batch)
    return batch.inputs
  }
}

/// Checks the precondition of every `fit`: a batch with at least one sample.
func demandSamples(_ train: Tensor, _ name: String) {
  demand(
    train.shape.rank >= 2 && train.count > 0, "\(name): fit needs [N, …] with N at least 1, got \(train.shape)")
}

/// Checks that the samples of `inputs` have the shape of the training samples.
func demandSamples(_ inputs: Tensor, of shape: Shape, _ name: String) {
  demand(
    inputs.shape.rank >= 2 && inputs.shape.withoutBatch == shape,
    "\(name): was fitted on samples \(shape), receives \(inputs.shape.withoutBatch)")
}
