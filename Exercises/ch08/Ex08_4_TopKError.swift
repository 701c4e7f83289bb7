// Exercise 8.4: the fraction of samples whose class is not among the first k. Chapter 8, "Counting mistakes".

import ExerciseKit

/// Exercise 8.4 · Top-k error.
public enum Ex08_4_TopKError: Ex08_4 {
  /// Returns the top-k error: the fraction of samples whose right class is not among the k largest scores.
  ///
  /// Among equal scores, the class with the smaller number ranks first, as in `argmax`: a network that gives every
  /// class the same score has guessed class 0.
  ///
  /// - Parameters:
  ///   - scores: [N, C], N at least 1.
  ///   - labels: the right class of each sample, 0 ..< C.
  ///   - k: the number of guesses per sample, 1 … C.
  /// - Returns: 0 … 1; for the scores [[0.2, 0.5, 0.3]] and the label 2 it is 1 with k = 1 and 0 with k = 2.
  /// - Source: S1, *Advanced convolutional networks*, "top-1 and top-5 error".
  public static func topError(scores: Tensor, labels: [Int], k: Int) throws -> Double {
    throw Unsolved("8.4 Top-k error")
  }
}
