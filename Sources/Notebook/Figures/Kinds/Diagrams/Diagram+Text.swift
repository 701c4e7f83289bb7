// A diagram in words and numbers.

extension Diagram {
  /// The edges between nodes that exist.
  var drawnEdges: [Edge] { edges.filter { nodes.indices.contains($0.from) && nodes.indices.contains($0.to) } }

  /// The name of each node in descriptions, in order. A shape without text is named by the captions above and below it,
  /// which are then not listed as nodes.
  var spokenNodes: [(node: Int, name: String)] {
    func words(_ node: Node) -> String {
      [node.text.onOneLine, node.detail.isEmpty ? "" : "(\(node.detail.onOneLine))"].filter { !$0.isEmpty }
        .joined(separator: " ")
    }
    let joined = Set(drawnEdges.flatMap { [$0.from, $0.to] })
    func captions(of shape: Int) -> [Int] {
      guard joined.contains(shape), words(nodes[shape]).isEmpty else { return [] }
      return nodes.indices.filter {
        !joined.contains($0) && nodes[$0].form == .plain && abs(nodes[$0].x - nodes[shape].x) < 0.01
      }.sorted { nodes[$0].y > nodes[$1].y }
    }
    let taken = Set(nodes.indices.flatMap(captions(of:)))
    return nodes.indices.filter { !taken.contains($0) }.map { node in
      let names = captions(of: node).map { words(nodes[$0]) }
      return (node, names.isEmpty ? words(nodes[node]) : names.joined(separator: ", "))
    }
  }

  package var altText: String {
    let shown = spokenNodes
    let names = Dictionary(uniqueKeysWithValues: shown)
    let arrows = drawnEdges.map { edge in
      let label = edge.label.isEmpty ? "" : " (\(edge.label.onOneLine))"
      return "\(names[edge.from] ?? "") to \(names[edge.to] ?? "")\(label)"
    }
    return "Diagram: " + shown.map(\.name).joined(separator: ", ") + "."
      + (arrows.isEmpty ? "" : " Arrows: " + arrows.prefix(40).joined(separator: "; ") + ".")
  }

  /// The arrows from a node to an existing node.
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
