// Text tables whose rows are printed as they are measured, and the program's other output.

import Basics
import Foundation
import Tensors

/// A table of fixed columns, at most 100 wide.
struct Table {
  /// The header of a column and its width; a negative width aligns the text to the left.
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

/// The destination of tables and progress messages.
struct Output {
  /// Whether standard output is reserved for JSON, and tables are written to standard error.
  var usesStandardError = false
  private let showsProgressInPlace = isatty(STDERR_FILENO) == 1

  init(usesStandardError: Bool) { self.usesStandardError = usesStandardError }

  /// Writes whole lines without buffering.
  func say(_ text: String) {
    erase()
    if usesStandardError { printError(text) } else { printAtOnce(text + "\n") }
  }

  /// Writes to standard error what is being measured; on a terminal, in one line that the next message replaces.
  func progress(_ text: String) {
    erase()
    printErrorText("… " + text + (showsProgressInPlace ? "" : "\n"))
  }

  private func erase() {
    if showsProgressInPlace { printErrorText("\r\u{1B}[K") }
  }
}

/// A rate in billions: `29.4`.
func billions(_ rate: Double) -> String { fixedOrDash(rate / 1e9, rate < 99.95e9 ? 1 : 0) }

/// A number with a given number of decimals, or a dash for nil.
func fixedOrDash(_ value: Double?, _ decimals: Int) -> String {
  value.map { String(format: "%.\(decimals)f", $0) } ?? "–"
}

/// `1 thread`, `2 threads`.
func threadsInUse() -> String { Parallel.threadCount == 1 ? "1 thread" : "\(Parallel.threadCount) threads" }
