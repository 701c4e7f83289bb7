// Solution of exercise 6.3: DropConnect.

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
    let (samples, inputs, outputs) = (input.shape[0], input.shape[1], bias.count)
    let thinned = zip(weight.elements, factors(rate, random)).map { $0 * $1 }
    var output = [Float](repeating: 0, count: samples * outputs)
    for n in 0..<samples {
      for j in 0..<outputs {
        var sum = bias[j]
        for i in 0..<inputs { sum += thinned[j * inputs + i] * input.elements[n * inputs + i] }
        output[n * outputs + j] = sum
      }
    }
    return Tensor([samples, outputs], output)
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
    let (samples, inputs) = (input.shape[0], input.shape[1])
    let outputs = outputGradient.shape[1]
    var gradient = factors(rate, random)
    for j in 0..<outputs {
      for i in 0..<inputs {
        var sum: Float = 0
        for n in 0..<samples { sum += outputGradient.elements[n * outputs + j] * input.elements[n * inputs + i] }
        // A dropped weight gets no gradient; a scaled weight gets a gradient scaled by the same factor.
        gradient[j * inputs + i] *= sum
      }
    }
    return Tensor([outputs, inputs], gradient)
  }

  /// The factor of each weight: 0, or 1/(1 − p).
  private static func factors(_ rate: Float, _ random: Tensor) -> [Float] {
    random.elements.map { $0 < rate ? 0 : 1 / (1 - rate) }
  }
}
