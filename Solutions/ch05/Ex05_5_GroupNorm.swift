// Solution of exercise 5.5: group normalization, with layer and instance normalization as its ends.

import ExerciseKit

/// Exercise 5.5 · Group norm, with layer and instance norm as its ends.
public enum Ex05_5_GroupNorm: Ex05_5 {
  /// Returns the group-normalized values of a batch.
  ///
  /// The channels of each sample are divided into `groups` equal groups of adjacent channels; each group, with all its
  /// positions, has its own mean and variance (divide by the number of values). γ and β belong to channels.
  ///
  ///     forward(Tensor([1, 4], [1, 3, 10, 30]), groups: 2, gamma: ones, beta: zeros, epsilon: 0)
  ///     // [1, 4] [-1, 1, -1, 1]
  ///
  /// - Parameters:
  ///   - input: [N, C] or [N, C, H, W].
  ///   - groups: G, which divides C.
  ///   - gamma: γ, [C].
  ///   - beta: β, [C].
  ///   - epsilon: ε, added to the variance.
  /// - Returns: the outputs, with the shape of the input.
  /// - Source: Wu and He 2018, eq. 1 to 7.
  public static func forward(_ input: Tensor, groups: Int, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor
  {
    let (samples, channels) = (input.shape[0], input.shape[1])
    let positions = input.count / (samples * channels)
    // In row-major order the channels of a group are adjacent: a group is contiguous in memory.
    let length = channels / groups * positions
    var output = input.elements
    for run in 0..<samples * groups {
      let places = run * length..<(run + 1) * length
      let values = input.elements[places].map(Double.init)
      let mean = values.reduce(0, +) / Double(length)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(length)
      let deviation = (variance + Double(epsilon)).squareRoot()
      for place in places {
        let c = place / positions % channels
        let normalized = Float((Double(input.elements[place]) - mean) / deviation)
        output[place] = gamma.elements[c] * normalized + beta.elements[c]
      }
    }
    return Tensor(input.shape, output)
  }

  /// Returns the number of groups for which group norm uses the statistics of layer norm.
  ///
  /// - Parameter channels: C.
  public static func groupsOfLayerNorm(channels: Int) throws -> Int {
    1
  }

  /// Returns the number of groups for which group norm is instance norm.
  ///
  /// - Parameter channels: C.
  public static func groupsOfInstanceNorm(channels: Int) throws -> Int {
    channels
  }
}
