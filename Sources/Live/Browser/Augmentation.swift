// Instead of `Sources/Datasets/Augmentation`, which keeps operations of different types in one list: pages augment nothing.

import Tensors

public struct Augmentation: Sendable {
  func apply(toBatch inputs: inout Tensor, using generator: inout SeededGenerator) {}
}
