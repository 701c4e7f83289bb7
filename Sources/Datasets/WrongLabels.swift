// Labels that are wrong on purpose: what can only be learned by heart.

import Tensors

extension Dataset {
  /// The same images with a share of their labels replaced by another class, at random.
  ///
  /// - Parameters:
  ///   - share: how many, 0 … 1.
  ///   - seed: which ones, and which class instead.
  ///   - stream: a number of the experiment's own.
  public func withWrongLabels(_ share: Float, seed: UInt64, stream: UInt64) -> Dataset {
    var (copy, generator) = (self, SeededGenerator(seed: seed, stream: stream))
    for index in copy.labels.indices where generator.nextUniform() < share {
      let shift = 1 + generator.nextInt(below: classCount - 1)
      copy.labels[index] = UInt8((Int(copy.labels[index]) + shift) % classCount)
    }
    return copy
  }
}
