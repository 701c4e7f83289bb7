// The learning rate as a function of the epoch.

/// A learning rate for each epoch. A schedule is callable, so it can be plotted before training.
public protocol Schedule: Sendable {
  /// The schedule's name, as printed in tables: `constant 0.02`.
  var name: String { get }

  /// The learning rate during an epoch.
  ///
  /// - Parameter epoch: counted from 1.
  func callAsFunction(epoch: Int) -> Float
}
