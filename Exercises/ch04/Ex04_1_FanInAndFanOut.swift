// Exercise 4.1: the connections of a unit on each side. Chapter 4, "Convolutions: fan-in and fan-out".

import ExerciseKit

/// Exercise 4.1 · Fan-in and fan-out.
public enum Ex04_1_FanInAndFanOut: Ex04_1 {
  /// Returns how many connections a unit of a layer has on each side.
  ///
  /// The fan-in is the number of inputs that one unit adds up. The fan-out is the number of units that one input reaches.
  /// In a convolution, a unit sees a whole window in every input channel, and an input lies in as many windows of a
  /// filter as the window has positions.
  ///
  /// - Parameter weightShape: `[out, in]` of a dense layer, or `[out, in, kernel height, kernel width]` of a
  ///   convolution.
  /// - Returns: the fan-in and the fan-out, in this order; for `[10, 50]` they are `[50, 10]`.
  /// - Source: Glorot and Bengio 2010, section 4.2; He et al. 2015, section 2.2.
  public static func fans(weightShape: [Int]) throws -> [Int] {
    throw Unsolved("4.1 Fan-in and fan-out")
  }
}
