// Exercise 5.5: group normalization, with layer and instance normalization as its ends. Chapter 5, "Four ways to choose
// what is averaged".

import ExerciseKit
import Foundation

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
    throw Unsolved("5.5 Group norm, with layer and instance norm as its ends")
  }

  /// Returns the number of groups for which group norm uses the statistics of layer norm.
  ///
  /// - Parameter channels: C.
  public static func groupsOfLayerNorm(channels: Int) throws -> Int {
    throw Unsolved("5.5 Group norm, with layer and instance norm as its ends")
  }

  /// Returns the number of groups for which group norm is instance norm.
  ///
  /// - Parameter channels: C.
  public static func groupsOfInstanceNorm(channels: Int) throws -> Int {
    throw Unsolved("5.5 Group norm, with layer and instance norm as its ends")
  }
}
