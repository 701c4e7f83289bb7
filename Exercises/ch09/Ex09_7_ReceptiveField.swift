// Exercise 9.7: Receptive field. Chapter 9, "How far a unit sees".

import ExerciseKit

/// Exercise 9.7 · Receptive field.
public enum Ex09_7_ReceptiveField: Ex09_7 {
  /// Returns the side of the square of pixels that one unit depends on, after a sequence of windows.
  ///
  /// A pixel sees itself: the field is 1, and a step from one unit to its neighbour is 1 pixel. A layer with a window
  /// of k and a stride of s widens the field by k − 1 steps of its input; after the layer, a step is s times as long.
  ///
  /// - Parameters:
  ///   - kernels: the window of each layer, starting at the image.
  ///   - strides: the stride of each layer, of the same length.
  /// - Returns: the side in pixels; for `[3, 3]` with strides `[1, 1]` it is 5.
  /// - Source: Araujo, Norris and Sim 2019, doi:10.23915/distill.00021.
  public static func receptiveField(kernels: [Int], strides: [Int]) throws -> Int {
    throw Unsolved("9.7 Receptive field")
  }
}
