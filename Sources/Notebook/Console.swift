// Where a page is printed and questions are answered: the terminal, or a test.

import Foundation

/// A terminal, a pipe, or a test's stand-in for either.
struct Console: Sendable {
  /// Whether a person reads standard output on a terminal.
  var isTerminal: Bool
  /// Whether a person can answer: standard input and standard output are a terminal.
  var isInteractive: Bool
  /// Whether standard error is a terminal.
  var isErrorTerminal: Bool
  /// The width in columns, or nil where nothing says.
  var columns: Int?
  var environment: [String: String]
  var write: @Sendable (String) -> Void
  var writeError: @Sendable (String) -> Void
  var readLine: @Sendable () -> String?
  /// What pictures the terminal can show; asks it, so it is called once.
  var graphics: @Sendable () -> TerminalGraphics

  /// The program's own streams.
  static var standard: Console {
    let isTerminal = isatty(1) == 1
    var columns: Int?
    var size = winsize()
    if isTerminal, ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { columns = Int(size.ws_col) }
    let environment = ProcessInfo.processInfo.environment
    if columns == nil, let text = environment["COLUMNS"], let value = Int(text), value > 0 { columns = value }
    return Console(
      isTerminal: isTerminal, isInteractive: isTerminal && isatty(0) == 1, isErrorTerminal: isatty(2) == 1,
      columns: columns, environment: environment, write: { put($0, to: 1) }, writeError: { put($0, to: 2) },
      readLine: { Swift.readLine() }, graphics: { TerminalGraphics.detect() })
  }

  /// Whether escape codes may be written: to a terminal that is not dumb, unless the reader said no.
  func allowsColor(_ wanted: Bool?) -> Bool {
    if let noColor = environment["NO_COLOR"], !noColor.isEmpty { return false }
    return wanted ?? (isTerminal && environment["TERM"] != "dumb")
  }

  private static func put(_ text: String, to file: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var offset = 0
      while offset < bytes.count {
        let count = systemWrite(file, UnsafeRawPointer(bytes.baseAddress)?.advanced(by: offset), bytes.count - offset)
        if count < 0, errno != EINTR { return }
        offset += max(count, 0)
      }
    }
  }
}
