// A convolution at one position of its window, in words and numbers.

extension WindowPicture {
  package var altText: String {
    guard let columns = output.first?.count, columns > 0 else { return "A window that does not fit its image." }
    let terms = zip(patch.joined(), kernel.joined()).filter { $0 * $1 != 0 }.map { "\(text($0)) × \(text($1))" }
    return """
      A window of \(kernel.count) by \(kernel[0].count) pixels at row \(position.row + 1), column \(position.column + 1) of an \
      image of \(image.count) by \(image[0].count). Pixel times weight, added up: \
      \(terms.isEmpty ? "nothing but zeros" : terms.joined(separator: " + ")) = \(text(sum)), the output there. The output is \
      \(output.count) by \(columns).
      """
  }

  package func table(maximumRows: Int) -> Table {
    let rows = kernel.indices.flatMap { u in
      kernel[u].indices.map { v in
        [
          TableCell.text("\(u + 1), \(v + 1)"), .number(patch[u][v]), .number(kernel[u][v]), .number(products[u][v]),
        ]
      }
    }
    return Table(
      numbers:
        "under the window at row \(position.row + 1), column \(position.column + 1); the products add up to \(text(sum))",
      ["row, column", "pixel", "weight", "product"],
      Table.picked(rows.count, maximumRows).map { rows[$0] }, of: rows.count)
  }

  package var csv: CSVTable {
    var csv = CSVTable(header: ["row", "column", "pixel", "weight", "product"])
    for u in kernel.indices {
      for v in kernel[u].indices {
        let numbers = [patch[u][v], kernel[u][v], products[u][v]].map { CSVTable.number($0) }
        csv.rows.append("\(u + 1),\(v + 1)," + numbers.joined(separator: ","))
      }
    }
    return csv
  }

  package var json: JSONValue {
    [
      "plot": "window", "image": .array(image.map { .init($0) }), "kernel": .array(kernel.map { .init($0) }),
      "row": .whole(position.row), "column": .whole(position.column), "sum": .number(sum),
    ]
  }
}
