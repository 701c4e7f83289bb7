// Labels that are wrong on purpose, which a network can only memorize.

import Tensors

extension Dataset {
  /// The same images with a random share of their labels replaced by other classes.
  ///
  /// - Parameters:
  ///   - share: the share of labels to replace, 0 … 1.
  ///   - seed: the seed that determines the samples and their new classes.
  ///   - stream: the random stream, different for each experiment.
  public func withWrongLabels(_ share: Float, seed: UInt64, stream: UInt64) -> Dataset {
    var (copy, generator) = (self, SeededGenerator(seed: seed, stream: stream))
    for index in copy.labels.indices where generator.nextUniform() < share {
      let shift = 1 + generator.nextInt(below: classCount - 1)
      copy.labels[index] = UInt8((Int(copy.labels[index]) + shift) % classCount)
    }
    return copy
  }
}
