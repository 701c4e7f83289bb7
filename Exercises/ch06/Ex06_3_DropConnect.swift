// Exercise 6.3: DropConnect. Chapter 6, "Relatives and rivals".

import ExerciseKit

/// Exercise 6.3 · DropConnect.
public enum Ex06_3_DropConnect: Ex06_3 {
  /// Returns the training output of a dense layer whose single weights are dropped at random.
  ///
  /// A weight is dropped if its random number is below `rate`; the others are divided by 1 − `rate`. Biases are kept.
  ///
  ///     forward(Tensor([1, 2], [1, 1]), weight: Tensor([1, 2], [3, 4]), bias: [0], dropping: 0.5,
  ///             random: Tensor([1, 2], [0.1, 0.9]))
  ///     // [1, 1] [8]
  ///
  /// - Parameters:
  ///   - input: [N, in].
  ///   - weight: W, [out, in].
  ///   - bias: b, [out].
  ///   - rate: p, in [0, 1).
  ///   - random: a uniform random number from 0 to 1 for each weight, [out, in], shared by the whole batch.
  /// - Returns: [N, out].
  /// - Source: Wan et al. 2013.
  public static func forward(
    _ input: Tensor, weight: Tensor, bias: [Float], dropping rate: Float, random: Tensor
  ) throws -> Tensor {
    throw Unsolved("6.3 DropConnect")
  }

  /// Returns ∂L/∂W for the same random numbers, summed over the batch.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂output, [N, out].
  ///   - input: the input of the forward pass, [N, in].
  ///   - rate: p.
  ///   - random: the numbers of the forward pass, [out, in].
  /// - Returns: [out, in].
  public static func weightGradient(
    _ outputGradient: Tensor, input: Tensor, dropping rate: Float, random: Tensor
  ) throws -> Tensor {
    throw Unsolved("6.3 DropConnect")
  }
}
