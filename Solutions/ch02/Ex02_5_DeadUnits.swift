// Solution of exercise 2.5: the share of dead ReLUs.

import ExerciseKit
/// Exercise 2.5 · Dead-unit share.
public enum Ex02_5_DeadUnits: Ex02_5 {
  /// Returns the share of ReLU units that are 0 for every sample.
  ///
  /// No gradient from any of these samples flows through such a unit, so none of them can revive it.
  ///
  /// - Parameter outputs: the outputs of the units, [N, units], one sample per row.
  /// - Returns: a number from 0 to 1. For the two samples [0, 0, 3] and [0, 5, 0] it is 1/3: only the first unit is dead.
  public static func deadShare(outputs: Tensor) throws -> Float {
    let (samples, units) = (outputs.shape[0], outputs.shape[1])
    var dead = 0
    for unit in 0..<units {
      var isDead = true
      for n in 0..<samples where outputs[n, unit] != 0 { isDead = false }
      if isDead { dead += 1 }
    }
    return Float(dead) / Float(units)
  }
}
