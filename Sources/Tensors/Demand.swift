// The one way in which the core reports a programmer's mistake.

/// Stops the program with `message` unless `condition` holds.
///
/// For mistakes of the programmer that no caller can handle: a negative stride, a tensor of the wrong size.
/// The core is compiled with `-O`, under which `precondition` traps without its message and `assert` vanishes;
/// this one always speaks. What the world gets wrong (files, options) is thrown instead.
///
/// - Parameters:
///   - condition: what must hold.
///   - message: both numbers: what was expected, and what came. Evaluated only on failure.
///   - file: where it is demanded; the caller's place by default.
///   - line: the line there.
@inlinable
public func demand(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !condition() { fatalError(message(), file: file, line: line) }
}
