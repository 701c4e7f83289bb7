// Calls of an answer that lives in another process.

/// Who carries calls to an answer's process and brings back what came of them.
package protocol AnswerLine: AnyObject, Sendable {
  /// Calls a function of the answer.
  ///
  /// - Parameters:
  ///   - function: its place in the exercise's protocol.
  ///   - callback: answers calls of functions that the answer was given; throws where it cannot.
  /// - Returns: the result.
  /// - Throws: ``RemoteHalt`` where the call did not get to its end, ``RemoteError`` where the answer threw,
  ///   ``Unsolved`` where it is still the stub.
  func call(
    _ function: UInt8, _ arguments: [Wire], callback: (_ index: UInt8, _ arguments: [Wire]) throws -> Wire
  ) throws -> Wire
}

/// A call did not get to its end.
package struct RemoteHalt: Error {
  package var halt: Halt
  package init(_ halt: Halt) { self.halt = halt }
}

/// What an answer threw, in its words; or what is wrong with what it returned.
package struct RemoteError: Error, CustomStringConvertible {
  package var description: String
  package init(_ description: String) { self.description = description }
}

/// Calls of the answer at the other end of the line.
enum Remote {
  /// The line of the examination that is going on here.
  @TaskLocal static var line: (any AnswerLine)?
  /// How the arguments of calls are changed on their way.
  @TaskLocal static var variation: Variation?

  /// Calls a function whose result is not yet understood.
  static func raw(
    _ function: UInt8, _ arguments: [Wire],
    callback: (_ index: UInt8, _ arguments: [Wire]) throws -> Wire = { _, _ in throw RemoteHalt(.babble) }
  ) throws -> Wire {
    guard let line else { throw RemoteError("no answer is being examined") }
    return try line.call(function, variation?.vary(arguments) ?? arguments, callback: callback)
  }

  private static func value<Value: Wired>(_ wire: Wire) throws -> Value {
    guard let value = Value(wire: wire) else { throw RemoteHalt(.babble) }
    return value
  }

  static func call<Value: Wired>(_ function: UInt8, _ arguments: any Wired...) throws -> Value {
    try value(raw(function, arguments.map(\.wire)))
  }

  static func call<A: Wired, B: Wired>(_ function: UInt8, _ arguments: any Wired...) throws -> (A, B) {
    guard case .list(let parts) = try raw(function, arguments.map(\.wire)), parts.count == 2 else {
      throw RemoteHalt(.babble)
    }
    return (try value(parts[0]), try value(parts[1]))
  }

  static func call<A: Wired, B: Wired, C: Wired>(_ function: UInt8, _ arguments: any Wired...) throws -> (A, B, C) {
    guard case .list(let parts) = try raw(function, arguments.map(\.wire)), parts.count == 3 else {
      throw RemoteHalt(.babble)
    }
    return (try value(parts[0]), try value(parts[1]), try value(parts[2]))
  }

  static func network(_ function: UInt8, _ arguments: any Wired...) throws -> Sequential {
    try Sequential(described: raw(function, arguments.map(\.wire)))
  }
}

/// For every exercise a type that answers it through ``Remote/line``.
enum RemoteAnswers {
  static let all = chapters1to5.merging(chapters6to11) { first, _ in first }
}
