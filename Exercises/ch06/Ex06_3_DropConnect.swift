// Exercise 6.3: DropConnect. Chapter 6, "Relatives and rivals".

import ExerciseKit

/// Exercise 6.3 · DropConnect.
public enum Ex06_3_DropConnect: Ex06_3 {
  /// Returns the output of a dense layer whose single weights are left out at random, in training.
  ///
  /// A weight is left out where its random number lies below `rate`; the others are divided by 1 − `rate`. Biases stay.
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
  ///   - random: a number drawn evenly from 0 to 1 for each weight, [out, in]; one draw for the whole batch.
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
  ///   - input: what the forward pass was given, [N, in].
  ///   - rate: p.
  ///   - random: the numbers of the forward pass, [out, in].
  /// - Returns: [out, in].
  public static func weightGradient(
    _ outputGradient: Tensor, input: Tensor, dropping rate: Float, random: Tensor
  ) throws -> Tensor {
    throw Unsolved("6.3 DropConnect")
  }
}
