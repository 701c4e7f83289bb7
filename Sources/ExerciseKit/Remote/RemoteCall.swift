// Calls of an answer in another process.

/// A connection that carries calls to an answer's process and returns the results.
package protocol AnswerLine: AnyObject, Sendable {
  /// Calls a function of the answer.
  ///
  /// - Parameters:
  ///   - function: the index of the function in the exercise's protocol.
  ///   - arguments: the arguments of the call.
  ///   - callback: answers calls of function arguments; throws if it cannot.
  /// - Returns: the result.
  /// - Throws: ``RemoteHalt`` if the call did not complete, ``RemoteError`` if the answer threw, ``Unsolved`` if it is
  ///   still the stub.
  func call(
    _ function: UInt8, _ arguments: [Wire], callback: (_ index: UInt8, _ arguments: [Wire]) throws -> Wire
  ) throws -> Wire
}

/// A call did not complete.
package struct RemoteHalt: Error {
  package var halt: Halt
  package init(_ halt: Halt) { self.halt = halt }
}

/// The description of the error that an answer threw, or of what is wrong with its result.
package struct RemoteError: Error, CustomStringConvertible {
  package var description: String
  package init(_ description: String) { self.description = description }
}

/// Calls of the answer at the other end of the connection.
enum Remote {
  /// The connection of the current check.
  @TaskLocal static var line: (any AnswerLine)?
  /// How the arguments of calls are varied.
  @TaskLocal static var variation: Variation?

  /// Calls a function and returns its result undecoded.
  static func raw(
    _ function: UInt8, _ arguments: [Wire],
    callback: (_ index: UInt8, _ arguments: [Wire]) throws -> Wire = { _, _ in throw RemoteHalt(.forged) }
  ) throws -> Wire {
    guard let line else { throw RemoteError("no answer is being checked") }
    return try line.call(function, variation?.vary(arguments) ?? arguments, callback: callback)
  }

  private static func value<Value: Wired>(_ wire: Wire) throws -> Value {
    guard let value = Value(wire: wire) else { throw RemoteHalt(.forged) }
    return value
  }

  static func call<Value: Wired>(_ function: UInt8, _ arguments: any Wired...) throws -> Value {
    try value(raw(function, arguments.map(\.wire)))
  }

  static func call<A: Wired, B: Wired>(_ function: UInt8, _ arguments: any Wired...) throws -> (A, B) {
    guard case .list(let parts) = try raw(function, arguments.map(\.wire)), parts.count == 2 else {
      throw RemoteHalt(.forged)
    }
    return (try value(parts[0]), try value(parts[1]))
  }

  static func call<A: Wired, B: Wired, C: Wired>(_ function: UInt8, _ arguments: any Wired...) throws -> (A, B, C) {
    guard case .list(let parts) = try raw(function, arguments.map(\.wire)), parts.count == 3 else {
      throw RemoteHalt(.forged)
    }
    return (try value(parts[0]), try value(parts[1]), try value(parts[2]))
  }

  static func network(_ function: UInt8, _ arguments: any Wired...) throws -> Sequential {
    try Sequential(described: raw(function, arguments.map(\.wire)))
  }
}

/// A type for every exercise that answers it through ``Remote/line``.
enum RemoteAnswers {
  static let all = chapters1to5.merging(chapters6to11) { first, _ in first }
}
