// Tables whose numbers are aligned at the decimal point and have the same number of digits in a column.

import Basics
import Foundation

/// A table with a caption.
public struct Table: Sendable {
  /// A column: its heading and the format of its numbers.
  public struct Column: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// The heading, in Markdown.
    public var title: String
    /// The number of digits after the decimal point, or nil to choose it from the column's numbers.
    public var digits: Int?

    /// Creates a column.
    public init(_ title: String, digits: Int? = nil) {
      self.title = title
      self.digits = digits
    }

    public init(stringLiteral title: String) { self.init(title) }
  }

  /// What the table shows, in Markdown.
  public var caption: String
  /// The columns, left to right.
  public var columns: [Column]
  /// The cells, row by row.
  public var rows: [[TableCell]]

  /// Creates a table; a row may hold text, numbers and `TableCell`s: `["tanh", 0.01, .measured(0.046, 0.002)]`.
  public init(_ caption: String, columns: [Column], rows: [[TableCell]]) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
  }

  /// The texts of all cells, with formatted numbers; shorter rows are padded.
  func formatted() -> (cells: [[String]], isNumeric: [Bool]) {
    let count = max(columns.count, rows.map(\.count).max() ?? 0)
    var cells = rows.map { row in (0..<count).map { $0 < row.count ? row[$0] : .text("") } }
    var isNumeric = [Bool](repeating: false, count: count)
    var texts = cells.map { $0.map { _ in "" } }
    for column in 0..<count {
      let values = cells.indices.map { cells[$0][column] }
      let style = NumberStyle(values, digits: column < columns.count ? columns[column].digits : nil)
      for row in cells.indices {
        texts[row][column] = style.text(cells[row][column])
        // Text that looks like a number is aligned like one.
        if case .text(let text) = cells[row][column], NumberStyle.looksNumeric(text) { cells[row][column] = .whole(0) }
      }
      isNumeric[column] =
        cells.indices.contains { cells[$0][column].isNumber }
        && cells.indices.allSatisfy {
          cells[$0][column].isNumber || ["", "–", "—", "-", "n/a"].contains(texts[$0][column])
        }
    }
    return (texts, isNumeric)
  }
}

/// The content of a cell.
public enum TableCell: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
  ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral
{
  /// Markdown.
  case text(String)
  /// A real number, written with the digits of its column.
  case number(Double)
  /// A whole number, with a thin space between thousands.
  case whole(Int)
  /// A mean and its standard deviation.
  case measured(Double, Double)

  public init(stringLiteral text: String) { self = .text(text) }
  public init(floatLiteral number: Double) { self = .number(number) }
  public init(integerLiteral number: Int) { self = .whole(number) }
  /// A cell of text.
  public init(_ text: String) { self = .text(text) }
  /// A cell of a number.
  public init<Number: BinaryFloatingPoint>(_ number: Number) { self = .number(Double(number)) }
  /// A cell of a whole number.
  public init<Number: BinaryInteger>(_ number: Number) { self = .whole(Int(number)) }

  var isNumber: Bool { if case .text = self { false } else { true } }
}

/// The format of the numbers in one column.
struct NumberStyle {
  private var digits: Int
  private var isScientific = false
  /// Whether thousands are separated: in the whole column, if any of its numbers has five digits.
  private var groups = false

  /// Chooses digits so that the smallest number keeps two significant ones, within reason.
  init(_ cells: [TableCell], digits: Int?) {
    groups = cells.contains { cell in
      switch cell {
      case .whole(let value): value.magnitude >= 10_000
      case .number(let value), .measured(let value, _): value.isFinite && abs(value) >= 9_999.5
      case .text: false
      }
    }
    let magnitudes = cells.flatMap { cell -> [Double] in
      switch cell {
      case .number(let value): [abs(value)]
      case .measured(let mean, _): [abs(mean)]
      case .whole, .text: []
      }
    }.filter { $0.isFinite && $0 > 0 }
    self.digits = digits ?? 0
    guard let smallest = magnitudes.min(), let largest = magnitudes.max(), digits == nil else { return }
    if largest >= 1e7 || largest < 1e-4 || (smallest < 1e-4 && largest / smallest >= 1e3) {
      isScientific = true
      self.digits = 1
      return
    }
    if magnitudes.count == cells.count, magnitudes.allSatisfy({ $0 == $0.rounded() && $0 < 1e7 }) { return }
    let significant = 1 - Int(log10(smallest).rounded(.down))
    let fromLargest = max(2 - Int(log10(largest).rounded(.down)), 0)
    self.digits = max(0, min(6, max(min(significant, fromLargest + 2), fromLargest)))
  }

  func text(_ cell: TableCell) -> String {
    switch cell {
    case .text(let text): text
    case .whole(let value): grouped(value, always: groups)
    case .number(let value): write(value)
    case .measured(let mean, let deviation): "\(write(mean)) ± \(write(deviation))"
    }
  }

  private func write(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "−∞" }
    if isScientific, value != 0 { return scientific(value, digits: digits) }
    let text = fixed(value, digits)
    guard groups, abs(value) < 1e15, let whole = Int(text.drop { $0 == "−" }.prefix { $0 != "." }) else { return text }
    return text.prefix { $0 == "−" } + grouped(whole, always: true) + text.drop { $0 != "." }
  }

  /// Whether a text is a number with at most a unit of one or two characters: `0.05`, `−3`, `12 %`, `1.2 ± 0.3`, `6 ×`;
  /// `NaN` counts as a number.
  static func looksNumeric(_ text: String) -> Bool {
    let text = text.trimmed.replacing("NaN", with: "0")
    guard let first = text.first, first.isNumber || text == "∞" || ("+-−<>≈∞.".contains(first) && text.count > 1) else {
      return false
    }
    guard text.contains(where: \.isNumber) || text.contains("∞") else { return false }
    // 16×10×10 is a shape, 3×10⁻⁵ a number and 6 × a factor.
    let factors = text.split(separator: "×", omittingEmptySubsequences: false).dropFirst().map(\.trimmed)
    let isPowerOfTen = { (factor: String) in
      factor.hasPrefix("10") && factor.count > 2 && !factor.dropFirst(2).contains { $0.isASCII }
    }
    guard factors.allSatisfy({ $0.isEmpty || isPowerOfTen($0) }) else { return false }
    return text.allSatisfy { $0.isNumber || "+-−.,±×%·∞ e⁻<>≈".contains($0) }
  }

  /// Whether numbers are aligned at their points: not if powers of ten are mixed with plain numbers, because the
  /// lengths of their fractions differ too much.
  static func linesUp(_ texts: [String]) -> Bool {
    let powers = texts.count { $0.contains("×10") || $0.hasPrefix("10⁻") }
    return powers == 0 || powers == texts.count { $0.contains(where: \.isNumber) }
  }

  /// The position of a number's decimal point: the number of columns before it.
  static func integerColumns(_ text: String) -> Int {
    var count = 0
    for character in text {
      if character.isNumber || "+-−,<>≈∞".contains(character) { count += character.columns } else { break }
    }
    return count
  }
}
