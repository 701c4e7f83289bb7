// What the commands know of the terminal: its width, and whether it wants colour.

import Foundation

/// The style of text on standard output.
struct Terminal {
  /// Columns to fill; at most 100, which is as long as a line should be.
  var width: Int
  /// Whether escape codes may be written.
  var hasColour: Bool

  /// Plain text of 80 columns.
  static let plain = Terminal(width: 80, hasColour: false)

  init(width: Int, hasColour: Bool) {
    self.width = width
    self.hasColour = hasColour
  }

  /// Asks the terminal behind standard output.
  init(noColor: Bool = false, environment: [String: String] = ProcessInfo.processInfo.environment) {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    hasColour = Self.wantsColour(isTerminal: isTerminal, noColor: noColor, environment: environment)
    var size = winsize()
    let asked = isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
    width = min(100, asked >= 20 ? asked : 80)
  }

  /// Whether colour is wanted: not in a file or pipe, not where `NO_COLOR` is set or the terminal knows none.
  static func wantsColour(isTerminal: Bool, noColor: Bool, environment: [String: String]) -> Bool {
    isTerminal && !noColor && environment["NO_COLOR"]?.isEmpty != false && environment["TERM"] != "dumb"
  }

  func bold(_ text: String) -> String { code("1", text) }
  func dim(_ text: String) -> String { code("2", text) }
  func green(_ text: String) -> String { code("32", text) }
  func red(_ text: String) -> String { code("31", text) }

  private func code(_ code: String, _ text: String) -> String {
    hasColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// Breaks `text` at spaces into lines of at most `width` columns, each begun with `indent` spaces.
func wrapped(_ text: String, indent: Int, width: Int) -> [String] {
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
