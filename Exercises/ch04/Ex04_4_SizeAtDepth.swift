// Exercise 4.4: the size of a signal at depth L. Chapter 4, "He: the variance that a ReLU takes".

import ExerciseKit
import Foundation

/// Exercise 4.4 · Predict the size at depth L.
public enum Ex04_4_SizeAtDepth: Ex04_4 {
  /// Returns the size √E[x²] of a signal after each of many layers, predicted before any weights are drawn.
  ///
  /// The input has size 1. Each layer has weights of mean 0 and standard deviation σ, and each unit adds up fan-in
  /// products, so E[y²] = fan-in · σ² · E[x²]. A ReLU after the sums leaves half of E[y²], since the sums are negative
  /// as often as positive.
  ///
  /// - Parameters:
  ///   - standardDeviation: σ of the weights.
  ///   - fanIn: the number of inputs of each unit, the same in all layers.
  ///   - depth: the number of layers, at least 1.
  ///   - isRectified: whether a ReLU follows each layer; otherwise there is no activation.
  /// - Returns: `depth` sizes, starting with that after the first layer. With σ = 1 and four inputs: 2, 4, 8, ….
  /// - Source: He et al. 2015, section 2.2.
  public static func sizes(
    standardDeviation: Double, fanIn: Int, depth: Int, isRectified: Bool
  ) throws -> [Double] {
    throw Unsolved("4.4 Predict the size at depth L")
  }
}
