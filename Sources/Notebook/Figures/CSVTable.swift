// The numbers of a figure as comma-separated values.

/// Numbers as comma-separated values, one observation per line.
package struct CSVTable {
  /// The names of the columns.
  var header: [String]
  /// The lines, with formatted fields.
  package var rows: [String] = []

  /// Creates a table with a header.
  package init(header: [String], rows: [String] = []) {
    self.header = header
    self.rows = rows
  }

  /// All numbers of a figure with a header line; in an explorable figure, the first column is the parameter.
  static func text(_ figure: Figure) -> String {
    let frames = figure.frames.map(\.kind.csv)
    guard var header = frames.first?.header else { return "" }
    let parameter = figure.frames.count > 1 ? figure.parameter : nil
    if let parameter { header.insert(parameter.name, at: 0) }
    var out = header.map(field).joined(separator: ",") + "\n"
    for (i, frame) in frames.enumerated() {
      let value = parameter.flatMap { parameter -> String? in
        guard parameter.values.indices.contains(i) else { return nil }
        return (parameter.names.isEmpty ? number(parameter.values[i]) : field(parameter.names[i])) + ","
      }
      for row in frame.rows { out += (value ?? "") + row + "\n" }
    }
    return out
  }

  /// A text formatted as a field.
  package static func field(_ text: String) -> String { text.onOneLine.escapedForCSV }

  /// A number formatted as a field.
  static func number(_ v: Double) -> String {
    v.isNaN ? "NaN" : v.isInfinite ? (v > 0 ? "inf" : "-inf") : abs(v) < 1e100 ? Numbers.script(v, digits: 9) : "\(v)"
  }
}
