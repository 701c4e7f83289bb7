// Small diagnostic functions: the probabilities for logits, and the norm of a tensor.

import Foundation
import Tensors

/// The class probabilities for one sample's logits, pⱼ = exp(zⱼ)/Σₖ exp(zₖ), in double precision.
///
/// The largest logit is subtracted first to avoid overflow.
public func softmax(_ logits: [Float]) -> [Double] {
  let top = logits.max() ?? 0
  let powers = logits.map { exp(Double($0 - top)) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

/// The Euclidean norm √Σxᵢ² of all elements, in double precision.
public func norm(_ tensor: Tensor) -> Double {
  tensor.elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
}
