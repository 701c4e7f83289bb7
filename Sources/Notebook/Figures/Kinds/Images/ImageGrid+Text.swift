// Pictures in words and numbers.

import Basics

extension ImageGrid {
  package var altText: String {
    var text =
      counted(pictures.count, "picture") + (isSigned ? " of weights, blue below zero and red above" : "")
    if let first = pictures.first { text += ", \(first.width) by \(first.height) pixels" }
    let captions = pictures.map(\.caption.onOneLine).filter { !$0.isEmpty }
    if !captions.isEmpty {
      text += ": " + captions.prefix(20).joined(separator: ", ") + (captions.count > 20 ? ", …" : "")
    }
    let labels = rowLabels.map(\.onOneLine).filter { !$0.isEmpty }
    if !labels.isEmpty { text += "; rows: " + labels.joined(separator: ", ") }
    return text + "."
  }

  package func table(maximumRows: Int) -> Table {
    let rows = pictures.prefix(maximumRows).enumerated().map { index, picture in
      let pixels = picture.pixels.map(Double.init), mean = pixels.reduce(0, +) / Double(max(pixels.count, 1))
      return [
        TableCell.whole(index + 1), .label(picture.caption), .text("\(picture.width) × \(picture.height)"),
        .number(pixels.min() ?? .nan), .number(mean), .number(pixels.max() ?? .nan),
      ]
    }
    return Table(
      numbers: "pictures", ["picture", "caption", "pixels", "least", "mean", "greatest"], Array(rows),
      of: pictures.count)
  }

  package var csv: CSVTable {
    var csv = CSVTable(header: ["picture", "caption", "channel", "row", "column", "value"])
    for (k, p) in pictures.enumerated() {
      let plane = p.width * p.height
      guard plane > 0 else { continue }
      let caption = CSVTable.field(p.caption)
      for (i, v) in p.pixels.prefix(plane * max(p.channels, 1)).enumerated() {
        // As the float is written, not as the double that it becomes.
        let value = CSVTable.number(Double("\(v)") ?? Double(v))
        csv.rows.append(
          "\(k + 1),\(caption),\(i / plane + 1),\(i % plane / p.width + 1),\(i % p.width + 1),\(value)")
      }
    }
    return csv
  }

  package var json: JSONValue {
    [
      "plot": "images", "columns": .whole(columns),
      "pictures": .array(
        pictures.map {
          [
            "caption": .string($0.caption), "width": .whole($0.width), "height": .whole($0.height),
            "channels": .whole($0.channels),
          ]
        }),
    ]
  }
}
