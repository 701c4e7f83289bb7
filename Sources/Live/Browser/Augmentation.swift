// Replaces `Sources/Datasets/Augmentation`, which stores operations of different types in one list; pages do not
// augment.

import Tensors

public struct Augmentation: Sendable {
  func apply(toBatch inputs: inout Tensor, using generator: inout SeededGenerator) {}
}
