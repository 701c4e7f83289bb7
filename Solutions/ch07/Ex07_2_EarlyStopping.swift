// Solution of exercise 7.2: when to stop, and which epoch to go back to.

import ExerciseKit

/// Exercise 7.2 · Early stopping.
public enum Ex07_2_EarlyStopping: Ex07_2 {
  /// Returns the epoch after which training stops, and the epoch whose weights are restored.
  ///
  /// Epochs count from 1. After each one, look at the errors so far: the best epoch is the one with the smallest
  /// error, the first among equals. Training stops after epoch e if e − best has reached the patience. The rule knows
  /// only the past.
  ///
  /// - Parameters:
  ///   - errors: the validation error after each epoch, at least one.
  ///   - patience: the number of epochs without improvement after which training stops, at least 1.
  /// - Returns: the last epoch that is trained (the very last if the patience never runs out), and the best so far; for
  ///   the errors 5, 3, 4, 4, 1 with a patience of 2 they are stopped: 4, best: 2.
  /// - Source: Prechelt 1998, *Early stopping: but when?*
  public static func stop(errors: [Float], patience: Int) throws -> (stopped: Int, best: Int) {
    var best = 1
    for epoch in 1...errors.count {
      // Only a smaller error is an improvement.
      if errors[epoch - 1] < errors[best - 1] { best = epoch }
      if epoch - best >= patience { return (epoch, best) }
    }
    return (errors.count, best)
  }
}
