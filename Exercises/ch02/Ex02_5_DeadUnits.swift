// Exercise 2.5: the share of dead ReLUs. Chapter 2, "Dead units".

import ExerciseKit

/// Exercise 2.5 · Dead-unit share.
public enum Ex02_5_DeadUnits: Ex02_5 {
  /// Returns the share of ReLU units that are 0 for every sample.
  ///
  /// Through such a unit no gradient flows from any of these samples, so none of them can bring it back.
  ///
  /// - Parameter outputs: what the units gave, [N, units], a sample in each row.
  /// - Returns: a number from 0 to 1. For the two samples [0, 0, 3] and [0, 5, 0] it is 1/3: only the first unit is dead.
  public static func deadShare(outputs: Tensor) throws -> Float {
    throw Unsolved("2.5 Dead-unit share")
  }
}
