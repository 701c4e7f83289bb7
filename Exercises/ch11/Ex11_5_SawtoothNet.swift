// Exercise 11.5: The sawtooth net. Chapter 11, "Why depth: folding".

import ExerciseKit
import Foundation

/// Exercise 11.5 · The sawtooth net.
public enum Ex11_5_SawtoothNet: Ex11_5 {
  /// Returns a network that folds the interval from 0 to 1 in the middle, `folds` times.
  ///
  /// One fold is the tent function g(x) = 2·max(0, x) − 4·max(0, x − ½), which rises from 0 to 1 at ½ and falls back to
  /// 0. The network computes g(g(…g(x)…)) with one hidden layer of two ReLU units for each fold.
  ///
  /// Set the numbers of a dense layer like this: `var layer = Dense(2, 1)` (two inputs, one unit), then
  /// `layer.weight.value = Tensor([1, 2], [2, -4])` ([outputs, inputs], row by row) and
  /// `layer.bias?.value = Tensor(vector: [0])`. `Sequential([…])` takes a list `[any Layer]`.
  ///
  /// - Parameter folds: at least 1.
  /// - Returns: a network with one input, one output and `folds` hidden layers of two units.
  /// - Source: Telgarsky 2016, arXiv:1602.04485, section 2.
  public static func network(folds: Int) throws -> Sequential {
    throw Unsolved("11.5 The sawtooth net")
  }

  /// Returns the number of ReLU units that a network with a single hidden layer needs for the same function on 0 … 1.
  ///
  /// One unit gives the first slope, and each change of slope needs one more.
  ///
  /// - Parameter folds: at least 1.
  /// - Returns: the number of units; for 1 fold it is 2.
  public static func shallowUnits(folds: Int) throws -> Int {
    throw Unsolved("11.5 The sawtooth net")
  }
}
