// The learning rate as a function of time.

/// A learning rate for each epoch; callable, so that it can be plotted before anything is trained.
public protocol Schedule: Sendable {
  /// The schedule as tables print it: `constant 0.02`.
  var name: String { get }

  /// The learning rate during an epoch.
  ///
  /// - Parameter epoch: counted from 1.
  func callAsFunction(epoch: Int) -> Float
}
