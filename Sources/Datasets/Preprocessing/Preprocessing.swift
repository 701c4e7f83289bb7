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

extension Samples {
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
