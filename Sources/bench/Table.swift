// Tables of text whose rows appear as they are measured, and where else the program speaks.

import Basics
import Foundation
import Tensors

/// A table of fixed columns, at most 100 wide.
struct Table {
  /// The header of a column and its width; a negative width puts the text to the left.
  typealias Column = (title: String, width: Int)

  private let columns: [Column]
  private let output: Output

  /// Prints the title and the header.
  init(_ title: String, _ columns: [Column], to output: Output) {
    self.columns = columns
    self.output = output
    let width = columns.reduce(2 * (columns.count - 1)) { $0 + abs($1.width) }
    output.say("\n\(title)\n" + String(repeating: "─", count: width))
    row(columns.map(\.title))
  }

  /// Prints a row.
  func row(_ cells: [String]) {
    let padded = zip(cells, columns).map { text, column in
      let space = String(repeating: " ", count: max(0, abs(column.width) - text.count))
      return column.width < 0 ? text + space : space + text
    }
    output.say(String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed()))
  }
}

/// Where tables and progress go.
struct Output {
  /// Whether standard output belongs to the JSON, and tables go to standard error.
  var isTaken = false
  private let showsProgressInPlace = isatty(STDERR_FILENO) == 1

  init(isTaken: Bool) { self.isTaken = isTaken }

  /// Writes whole lines, at once.
  func say(_ text: String) {
    erase()
    if isTaken { printError(text) } else { printAtOnce(text + "\n") }
  }

  /// Says on standard error what is being measured: on a terminal in one line that the next replaces.
  func progress(_ text: String) {
    erase()
    printErrorText("… " + text + (showsProgressInPlace ? "" : "\n"))
  }

  private func erase() {
    if showsProgressInPlace { printErrorText("\r\u{1B}[K") }
  }
}

/// Billions: `29.4`.
func billions(_ rate: Double) -> String { fixedOrDash(rate / 1e9, rate < 99.95e9 ? 1 : 0) }

/// A number, or a dash where there is none.
func fixedOrDash(_ value: Double?, _ decimals: Int) -> String {
  value.map { String(format: "%.\(decimals)f", $0) } ?? "–"
}

/// `1 thread`, `2 threads`.
func threadsInUse() -> String { Parallel.threadCount == 1 ? "1 thread" : "\(Parallel.threadCount) threads" }
