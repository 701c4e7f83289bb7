// What a program knows of the terminal it runs in, and text styled for it.

import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The terminal of a program, or what stands in its place: a pipe, a file.
package struct Terminal: Sendable {
  /// Whether standard output is a terminal.
  package var isTerminal: Bool
  /// Whether a person can answer: standard input and standard output are a terminal.
  package var isInteractive: Bool
  /// Whether standard error is a terminal.
  package var isErrorTerminal: Bool
  /// The width in columns, or nil where nothing says.
  package var columns: Int?
  package var environment: [String: String]

  /// Describes a terminal.
  package init(
    isTerminal: Bool, isInteractive: Bool = false, isErrorTerminal: Bool = false, columns: Int? = nil,
    environment: [String: String]
  ) {
    self.isTerminal = isTerminal
    self.isInteractive = isInteractive
    self.isErrorTerminal = isErrorTerminal
    self.columns = columns
    self.environment = environment
  }

  /// This program's: the terminal itself is asked for its width, then `$COLUMNS`.
  package static var standard: Terminal {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let environment = ProcessInfo.processInfo.environment
    var size = winsize()
    let asked = isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
    let columns = [asked, environment["COLUMNS"].flatMap { Int($0) } ?? 0].first { $0 > 0 }
    return Terminal(
      isTerminal: isTerminal, isInteractive: isTerminal && isatty(STDIN_FILENO) == 1,
      isErrorTerminal: isatty(STDERR_FILENO) == 1, columns: columns, environment: environment)
  }

  /// Whether it knows codes that move the cursor and erase.
  package var knowsCodes: Bool { environment["TERM"] != "dumb" }

  /// Whether colour may be written: to a terminal that knows codes, unless `NO_COLOR` is set.
  ///
  /// - Parameter wanted: what the reader asked for, if anything; yes also means where output is no terminal.
  package func allowsColor(_ wanted: Bool? = nil) -> Bool {
    if let noColor = environment["NO_COLOR"], !noColor.isEmpty { return false }
    return wanted ?? (isTerminal && knowsCodes)
  }
}

/// How commands style what they say: so wide, in colour or not.
package struct TerminalStyle: Sendable {
  /// Columns to fill; at most 100, which is as long as a line should be.
  package var width: Int
  /// Whether escape codes may be written.
  package var usesColor: Bool

  /// Plain text of 80 columns.
  package static let plain = TerminalStyle(width: 80, usesColor: false)

  package init(width: Int, usesColor: Bool) {
    self.width = width
    self.usesColor = usesColor
  }

  /// What suits a terminal.
  package init(_ terminal: Terminal = .standard, noColor: Bool = false) {
    let columns = terminal.columns ?? 80
    self.init(width: min(100, columns >= 20 ? columns : 80), usesColor: terminal.allowsColor(noColor ? false : nil))
  }

  package func bold(_ text: String) -> String { code("1", text) }
  package func dim(_ text: String) -> String { code("2", text) }
  package func green(_ text: String) -> String { code("32", text) }
  package func red(_ text: String) -> String { code("31", text) }

  private func code(_ code: String, _ text: String) -> String {
    usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// Breaks `text` at spaces into lines of at most ``width`` columns, each indented by `indent` spaces.
  package func wrapped(_ text: String, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty && indent + line.count + 1 + word.count > width {
        lines.append(margin + line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    if !line.isEmpty { lines.append(margin + line) }
    return lines
  }
}
