// The properties of the terminal, and text styled for it.

import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The terminal of a program, or what replaces it: a pipe or a file.
package struct Terminal: Sendable {
  /// Whether standard output is a terminal.
  package var isTerminal: Bool
  /// Whether a person can answer questions: standard input and standard output are both a terminal.
  package var isInteractive: Bool
  /// Whether standard error is a terminal.
  package var isErrorTerminal: Bool
  /// The width in columns, or nil if it is unknown.
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

  /// This program's terminal; its width is that of the terminal itself, otherwise `$COLUMNS`.
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

  /// Whether it supports escape codes that move the cursor and erase text.
  package var knowsCodes: Bool { environment["TERM"] != "dumb" }

  /// Whether colour may be used: on a terminal that supports escape codes, unless `NO_COLOR` is set.
  ///
  /// - Parameter wanted: the user's choice, if any; true also applies if the output is not a terminal.
  package func allowsColor(_ wanted: Bool? = nil) -> Bool {
    if let noColor = environment["NO_COLOR"], !noColor.isEmpty { return false }
    return wanted ?? (isTerminal && knowsCodes)
  }
}

/// The style of a command's text: its width, and whether it uses colour.
package struct TerminalStyle: Sendable {
  /// The width of lines in columns; at most 100, because longer lines are hard to read.
  package var width: Int
  /// Whether escape codes may be written.
  package var usesColor: Bool

  /// Plain text with 80 columns.
  package static let plain = TerminalStyle(width: 80, usesColor: false)

  package init(width: Int, usesColor: Bool) {
    self.width = width
    self.usesColor = usesColor
  }

  /// The style for a terminal.
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
