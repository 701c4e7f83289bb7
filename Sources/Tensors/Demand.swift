// The one way in which the core reports a programmer's mistake.

/// Stops the program with `message` unless `condition` holds.
///
/// For mistakes of the programmer that no caller can handle: a negative stride, a tensor of the wrong size.
/// The core is compiled with `-O`, under which `precondition` traps without its message and `assert` vanishes;
/// this function always prints its message. Problems with the outside world (files, options) are thrown instead.
///
/// - Parameters:
///   - condition: what must hold.
///   - message: both numbers: what was expected and what was received. Evaluated only on failure.
///   - file: the file named in the message; the caller's by default.
///   - line: the line named in the message; the caller's by default.
@inlinable
public func demand(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !condition() { fatalError(message(), file: file, line: line) }
}
