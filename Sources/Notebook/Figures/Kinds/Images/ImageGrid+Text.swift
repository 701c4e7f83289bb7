// Pictures in words and numbers.

import Basics

extension ImageGrid {
  package var altText: String {
    var text =
      counted(pictures.count, "picture") + (isSigned ? " of weights, blue below zero and red above" : "")
    if let first = pictures.first { text += ", \(first.width) by \(first.height) pixels" }
    let labels = rowLabels.map(\.onOneLine).filter { !$0.isEmpty }
    if !labels.isEmpty { text += "; rows: " + labels.joined(separator: ", ") }
    text += "."
    for (index, picture) in pictures.prefix(20).enumerated() {
      let name = picture.caption.onOneLine
      let seen = picture.seen(isSigned: isSigned, inShort: pictures.count > 6).map { ": \($0)" } ?? ""
      if !name.isEmpty || !seen.isEmpty { text += " \(name.isEmpty ? "Picture \(index + 1)" : name)\(seen)." }
    }
    if pictures.count > 20 { text += " And \(pictures.count - 20) more." }
    return text
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
        // Use the decimal digits of the Float rather than those of its conversion to Double.
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

extension ImageGrid.Picture {
  /// A short description of a picture: the bright fraction and its position, or the range of its weights; nil if the
  /// picture is empty.
  fileprivate func seen(isSigned: Bool, inShort: Bool) -> String? {
    let plane = width * height
    guard plane > 0, pixels.count >= plane else { return nil }
    let values = (0..<plane).map { place in
      let all = stride(from: place, to: min(pixels.count, plane * max(channels, 1)), by: plane).map {
        Double(pixels[$0])
      }
      return all.reduce(0, +) / Double(all.count)
    }
    func n(_ value: Double) -> String { Numbers.text(value, digits: 2) }
    let mean = values.reduce(0, +) / Double(plane)
    let least = values.min() ?? 0, most = values.max() ?? 0
    guard least < most else { return "\(n(mean)) everywhere" }
    if isSigned {
      return "from \(n(least)) to \(n(most))" + (inShort ? "" : ", strongest \(place(of: values.map(abs)))")
    }
    let bright = Double(values.count { $0 > (least + most) / 2 }) / Double(plane)
    return "\(percent(bright)) bright"
      + (inShort ? "" : ", mean \(n(mean)), most of it \(place(of: values.map { $0 - least }))")
  }

  /// The centre of mass of a picture in words: `in the middle`, or its distance from the left and the top.
  private func place(of weights: [Double]) -> String {
    let total = weights.reduce(0, +)
    guard total > 0 else { return "in the middle" }
    let x = weights.indices.reduce(0) { $0 + weights[$1] * (Double($1 % width) + 0.5) } / total / Double(width)
    let y = weights.indices.reduce(0) { $0 + weights[$1] * (Double($1 / width) + 0.5) } / total / Double(height)
    return "\(percent(x)) from the left and \(percent(y)) from the top"
  }
}
