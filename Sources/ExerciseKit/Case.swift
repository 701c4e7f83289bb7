// One call of a learner's function, and the expected result.

/// A call with its arguments, and the expected result.
package struct Case<Answer: Sendable>: Sendable, CustomStringConvertible {
  /// The call as a student would type it: `standardDeviation(weightShape: [10, 50])`.
  package let call: String
  /// What is special about it, after "here": `a convolution: 25 positions in each of 6 maps`.
  package let about: String
  /// What to look at if it fails: `The padding is added on both sides.` Empty if the numbers are enough.
  package let look: String
  /// The allowed error: |got − expected| ≤ tolerance · max(1, |expected|).
  package let tolerance: Double
  /// Computes the correct result, from the library or from a reference in double precision.
  package let expected: @Sendable () -> Outcome
  /// Calls the answer.
  package let answer: @Sendable (Answer) throws -> Outcome

  /// Describes a call.
  ///
  /// - Parameters:
  ///   - call: the call as a student would type it, with small inputs printed and long ones described in words.
  ///   - about: what is special about the case, in a few words.
  ///   - look: what to look at if this case fails.
  ///   - tolerance: the allowed error, relative for numbers above 1 and absolute below.
  ///   - expected: the correct result: a number, `[Float]`, `[Int]`, `Bool`, a `Tensor`, or an `Outcome` of several.
  ///   - answer: makes the call.
  package init<Expected: ExerciseValue, Value: ExerciseValue>(
    _ call: String, _ about: String = "", look: String = "", tolerance: Double = 1e-4,
    gives expected: @autoclosure @escaping @Sendable () -> Expected,
    answer: @escaping @Sendable (Answer) throws -> Value
  ) {
    self.call = call
    self.about = about
    self.look = look
    self.tolerance = tolerance
    self.expected = { expected().outcome }
    self.answer = { try answer($0).outcome }
  }

  package var description: String { about.isEmpty ? call : "\(call): \(about)" }
}

/// A known mistake: an answer that is wrong in a way that has a name.
package struct Mutant<Answer: Sendable>: Sendable, CustomStringConvertible {
  /// The misconception, completing "your answer …": `divides by the fan-out`.
  package let name: String
  /// Its effect on training, in a sentence or two.
  package let effect: String
  /// The wrong implementation.
  package let answer: Answer

  /// Names a mistake.
  package init(_ name: String, effect: String, _ answer: Answer) {
    self.name = name
    self.effect = effect
    self.answer = answer
  }

  package var description: String { name }
}
