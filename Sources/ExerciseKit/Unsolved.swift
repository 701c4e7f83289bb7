// What an exercise throws until somebody solves it.

/// An exercise that nobody has worked on yet.
public struct Unsolved: Error, Hashable, Sendable, CustomStringConvertible {
  /// The exercise: `4.3 He initialization`.
  public var exercise: String

  /// Creates the error.
  public init(_ exercise: String) { self.exercise = exercise }

  public var description: String { "exercise \(exercise) is not solved yet" }
}
