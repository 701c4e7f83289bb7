// Exercise 10.3: a learning rate that falls in steps. Chapter 10.

import ExerciseKit

/// Exercise 10.3 · Step schedule.
public enum Ex10_3_StepSchedule: Ex10_3 {
  /// Returns the learning rate of an epoch, from a table of stages.
  ///
  /// LeNet-5 was trained with 5·10⁻⁴ for two epochs, 2·10⁻⁴ for the next three, 5·10⁻⁵ for four more and 10⁻⁵ after
  /// that.
  ///
  /// - Parameters:
  ///   - epoch: counted from 1.
  ///   - lengths: how many epochs each stage lasts: `[2, 3, 4, 1]`.
  ///   - rates: the learning rate of each stage, one for each length: `[5e-4, 2e-4, 5e-5, 1e-5]`.
  /// - Returns: the rate of the stage that the epoch belongs to; after the last stage its rate stays. For epoch 3 of
  ///   the table above it is 2·10⁻⁴.
  /// - Source: LeCun et al. 1998, section III.B; S1, *Advanced convolutional networks*.
  public static func rate(epoch: Int, lengths: [Int], rates: [Float]) throws -> Float {
    throw Unsolved("10.3 Step schedule")
  }
}
