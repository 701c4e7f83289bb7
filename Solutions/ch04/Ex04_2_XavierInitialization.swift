// Solution of exercise 4.2: weights after Glorot and Bengio.

import ExerciseKit

/// Exercise 4.2 · Xavier initialization.
public enum Ex04_2_XavierInitialization: Ex04_2 {
  /// Returns initial weights by the rule of Glorot and Bengio, computed from uniform random numbers.
  ///
  /// Var(w) = 2/(fan-in + fan-out), a compromise between the forward and the backward pass. The weights are distributed
  /// uniformly between −a and a, and such numbers have the variance a²/3.
  ///
  /// - Parameters:
  ///   - fanIn: the number of inputs that a unit adds up.
  ///   - fanOut: the number of units that an input reaches.
  ///   - random: numbers distributed uniformly over [0, 1).
  /// - Returns: one weight for each number; 0 becomes −a, ½ becomes 0. With three inputs and three units, a is 1.
  /// - Source: Glorot and Bengio 2010, eq. 16.
  public static func weights(fanIn: Int, fanOut: Int, random: [Float]) throws -> [Float] {
    // A uniform distribution from −a to a has the variance a²/3 = 2/(fan-in + fan-out).
    let limit = (6 / Float(fanIn + fanOut)).squareRoot()
    return random.map { (2 * $0 - 1) * limit }
  }
}
