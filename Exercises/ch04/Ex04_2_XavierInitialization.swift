// Exercise 4.2: weights after Glorot and Bengio. Chapter 4, "LeCun and Xavier: one over the fan".

import ExerciseKit
import Foundation

/// Exercise 4.2 · Xavier initialization.
public enum Ex04_2_XavierInitialization: Ex04_2 {
  /// Returns initial weights after Glorot and Bengio, made of uniform random numbers.
  ///
  /// Var(w) = 2/(fan-in + fan-out), a compromise between the way forward and the way back. The weights are spread evenly
  /// between −a and a, and such numbers have the variance a²/3.
  ///
  /// - Parameters:
  ///   - fanIn: how many inputs a unit adds up.
  ///   - fanOut: how many units an input reaches.
  ///   - random: numbers spread evenly over [0, 1).
  /// - Returns: as many weights; 0 becomes −a, ½ becomes 0. With three inputs and three units a is 1.
  /// - Source: Glorot and Bengio 2010, eq. 16.
  public static func weights(fanIn: Int, fanOut: Int, random: [Float]) throws -> [Float] {
    throw Unsolved("4.2 Xavier initialization")
  }
}
