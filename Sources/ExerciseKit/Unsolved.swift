// What every exercise's file needs: the error of an unsolved exercise, and the protocol that all answers share.

/// An exercise that has not been worked on yet.
public struct Unsolved: Error, Hashable, Sendable, CustomStringConvertible {
  /// The exercise: `4.3 He initialization`.
  public var exercise: String

  /// Creates the error.
  public init(_ exercise: String) { self.exercise = exercise }

  public var description: String { "exercise \(exercise) is not solved yet" }
}

/// The base protocol of every exercise's protocol.
///
/// An exercise is answered by a type with static functions, `Ex04_3_HeInitialization`. Its own protocol, `Ex04_3`,
/// lists these functions, so that the compiler finds a changed signature before any check runs, and so that the
/// learner's answer, the solution and every mutant can be checked in the same way.
public protocol ExerciseAnswer: SendableMetatype {}
