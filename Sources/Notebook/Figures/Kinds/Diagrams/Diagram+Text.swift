// A diagram in words and numbers.

extension Diagram {
  package var altText: String {
    let names = nodes.map {
      [$0.text.onOneLine, $0.detail.onOneLine].filter { !$0.isEmpty }.joined(separator: " ")
    }
    let arrows = edges.compactMap { e -> String? in
      guard nodes.indices.contains(e.from), nodes.indices.contains(e.to) else { return nil }
      let label = e.label.isEmpty ? "" : " (\(e.label.onOneLine))"
      return "\(nodes[e.from].text.onOneLine) to \(nodes[e.to].text.onOneLine)\(label)"
    }
    return "Diagram: " + names.joined(separator: ", ") + "."
      + (arrows.isEmpty ? "" : " Arrows: " + arrows.prefix(40).joined(separator: "; ") + ".")
  }

  /// The arrows that leave a node and arrive somewhere.
  private func arrows(from index: Int) -> [Edge] {
    edges.filter { $0.from == index && nodes.indices.contains($0.to) }
  }

  package func table(maximumRows: Int) -> Table {
    let all = nodes.enumerated().map { index, node in
      let targets = arrows(from: index).map { nodes[$0.to].text + ($0.label.isEmpty ? "" : " (\($0.label))") }
      return [TableCell.label(node.text), .label(node.detail), .label(targets.joined(separator: ", "))]
    }
    return Table(
      numbers: "nodes and where their arrows lead", ["node", "detail", "leads to"],
      Table.picked(all.count, maximumRows).map { all[$0] }, of: all.count)
  }

  package var csv: CSVTable {
    var csv = CSVTable(header: ["node", "detail", "x", "y", "to"])
    for (i, node) in nodes.enumerated() {
      let to = arrows(from: i).map { nodes[$0.to].text.onOneLine }.joined(separator: "; ")
      csv.rows.append(
        "\(CSVTable.field(node.text)),\(CSVTable.field(node.detail)),\(CSVTable.number(node.x)),\(CSVTable.number(node.y)),\(CSVTable.field(to))"
      )
    }
    return csv
  }

  package var json: JSONValue {
    [
      "plot": "diagram",
      "nodes": .array(nodes.map { ["text": .string($0.text), "detail": .string($0.detail)] }),
      "edges": .array(edges.map { ["from": .whole($0.from), "to": .whole($0.to), "label": .string($0.label)] }),
    ]
  }
}
