// What is read off a few numbers: the probabilities behind logits, and how long a gradient is.

import Foundation
import Tensors

/// The probabilities of the classes, pⱼ = exp(zⱼ)/Σₖ exp(zₖ), of one sample's logits; in double precision.
///
/// The largest logit is subtracted first, so that nothing overflows.
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
