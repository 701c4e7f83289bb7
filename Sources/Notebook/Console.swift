// Where a page is printed and questions are answered: the terminal, or a test.

import Basics
import Foundation

/// A terminal, a pipe, or a test's stand-in for either.
struct Console: Sendable {
  var terminal: Terminal
  var write: @Sendable (String) -> Void
  var writeError: @Sendable (String) -> Void
  var readLine: @Sendable () -> String?
  /// What pictures the terminal can show; asks it, so it is called once.
  var graphics: @Sendable () -> TerminalGraphics

  /// The program's own streams.
  static var standard: Console {
    Console(
      terminal: .standard, write: { put($0, to: STDOUT_FILENO) }, writeError: { put($0, to: STDERR_FILENO) },
      readLine: { Swift.readLine() }, graphics: { TerminalGraphics.detect() })
  }

  private static func put(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { _ = writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
  }
}
