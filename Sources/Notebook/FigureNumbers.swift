// The numbers behind a figure: as a table for readers who cannot see it, as JSON for those who compute on.

/// Reads the numbers out of plots.
enum FigureNumbers {
  /// The numbers of a plot as a table of at most `maximumRows` rows, evenly chosen.
  static func table(of plot: Plot, maximumRows: Int = 60) -> Table {
    switch plot {
    case .lines(let chart):
      let common = chart.series.first?.x ?? []
      if !chart.series.isEmpty, chart.series.allSatisfy({ $0.x.elementsEqual(common) && $0.y.count == common.count }) {
        let rows = picked(common.count, maximumRows).map { index in
          [TableCell.number(common[index])]
            + chart.series.map { series in
              series.deviation.indices.contains(index) && series.deviation.contains { $0 != 0 }
                ? .measured(series.y[index], series.deviation[index]) : .number(series.y[index])
            }
        }
        return table(chart.y.label, [chart.x.label] + chart.series.map(\.name), rows, of: common.count)
      }
      let all = chart.series.flatMap { series in
        zip(series.x, series.y).map { [TableCell.text(escaped(series.name)), .number($0), .number($1)] }
      }
      return table(
        chart.y.label, ["series", chart.x.label, chart.y.label], picked(all.count, maximumRows).map { all[$0] },
        of: all.count)
    case .bars(let chart):
      let rows = picked(chart.categories.count, maximumRows).map { index in
        [TableCell.text(escaped(chart.categories[index]))]
          + chart.series.map { bars in
            guard bars.values.indices.contains(index) else { return .text("–") }
            return bars.deviation.indices.contains(index) && bars.deviation.contains { $0 != 0 }
              ? .measured(bars.values[index], bars.deviation[index]) : .number(bars.values[index])
          }
      }
      return table(chart.y.label, [""] + chart.series.map(\.name), rows, of: chart.categories.count)
    case .histograms(let grid):
      let rows = grid.rows.prefix(maximumRows).map { row in
        [TableCell.text(escaped(row.name))]
          + row.panels.map { panel in
            .text(escaped([panel.title, panel.note].filter { !$0.isEmpty }.joined(separator: ", ")))
          }
      }
      return table(grid.xLabel, [""] + grid.columns, Array(rows), of: grid.rows.count)
    case .heatMap(let map):
      let rows = picked(map.values.count, maximumRows).map { index in
        [TableCell.text(index < map.rows.count ? escaped(map.rows[index]) : "\(index + 1)")]
          + map.values[index].prefix(24).map { .number($0) }
      }
      let width = min(map.values.map(\.count).max() ?? 0, 24)
      return table(
        "\(map.yLabel) by \(map.xLabel)",
        [map.yLabel] + (0..<width).map { $0 < map.columns.count ? map.columns[$0] : "\($0 + 1)" }, rows,
        of: map.values.count)
    case .contour(let plot):
      let all = plot.paths.flatMap { path in
        zip(path.x, path.y).map { [TableCell.text(escaped(path.name)), .number($0), .number($1)] }
      }
      return table(
        "paths", ["path", plot.x.label, plot.y.label], picked(all.count, maximumRows).map { all[$0] }, of: all.count)
    case .images(let grid):
      let rows = grid.pictures.prefix(maximumRows).enumerated().map { index, picture in
        [TableCell.whole(index + 1), .text(escaped(picture.caption)), .text("\(picture.width) × \(picture.height)")]
      }
      return table("pictures", ["picture", "caption", "pixels"], Array(rows), of: grid.pictures.count)
    case .diagram(let diagram):
      let all = diagram.nodes.enumerated().map { index, node in
        let targets = diagram.edges.filter { $0.from == index && diagram.nodes.indices.contains($0.to) }
          .map { diagram.nodes[$0.to].text + ($0.label.isEmpty ? "" : " (\($0.label))") }
        return [
          TableCell.text(escaped(node.text)), .text(escaped(node.detail)),
          .text(escaped(targets.joined(separator: ", "))),
        ]
      }
      return table(
        "nodes and where their arrows lead", ["node", "detail", "leads to"],
        picked(all.count, maximumRows).map { all[$0] }, of: all.count)
    case .cubes(let cubes):
      let rows = cubes.map { cube -> [TableCell] in
        func spans(_ test: (Int) -> Bool, _ count: Int) -> TableCell {
          .text((1..<max(count, 2)).contains(where: test) ? "shared" : "separate")
        }
        return [
          .text(escaped(cube.name)), spans({ cube.isShared($0, 0, 0) }, cube.extents.n),
          spans({ cube.isShared(0, $0, 0) }, cube.extents.c),
          spans({ cube.isShared(0, 0, $0) }, cube.extents.positions),
        ]
      }
      return table(
        "whose statistics are shared", ["", "across samples", "across channels", "across positions"], rows,
        of: rows.count)
    }
  }

  private static func table(_ caption: String, _ columns: [String], _ rows: [[TableCell]], of total: Int) -> Table {
    let note = rows.count < total ? " (\(rows.count) of \(total) rows)" : ""
    return Table(escaped(caption) + note, columns: columns.map { Table.Column(escaped($0)) }, rows: rows)
  }

  /// Labels of figures are plain text; in a table they must not turn into Markdown.
  private static func escaped(_ text: String) -> String {
    text.map { "\\`*_$[]<>".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  /// At most `most` of `count` indices, the first and the last among them.
  static func picked(_ count: Int, _ most: Int) -> [Int] {
    guard count > most, most > 1 else { return Array(0..<max(count, 0)) }
    return (0..<most).map { $0 * (count - 1) / (most - 1) }
  }

  /// A plot as JSON.
  static func json(_ plot: Plot) -> JSONValue {
    func axis(_ axis: Axis) -> JSONValue { ["label": .string(axis.label), "log": .bool(axis.isLogarithmic)] }
    // A million points would make a file of tens of megabytes; the CSV beside the page has them all.
    func series(_ series: Series) -> JSONValue {
      let kept = picked(min(series.x.count, series.y.count), 20_000)
      func thinned(_ values: [Double]) -> JSONValue {
        values.count <= 20_000 ? .init(values) : .init(kept.filter { $0 < values.count }.map { values[$0] })
      }
      return [
        "name": .string(series.name), "points": .whole(series.y.count), "x": thinned(series.x), "y": thinned(series.y),
        "deviation": thinned(series.deviation),
      ]
    }
    switch plot {
    case .lines(let chart):
      return [
        "plot": "lines", "x": axis(chart.x), "y": axis(chart.y), "series": .array(chart.series.map(series)),
        "references": .array(chart.references.map { ["label": .string($0.label), "at": .number($0.at)] }),
      ]
    case .bars(let chart):
      return [
        "plot": "bars", "categories": .init(chart.categories), "y": axis(chart.y),
        "series": .array(
          chart.series.map { ["name": .string($0.name), "values": .init($0.values), "deviation": .init($0.deviation)] }),
      ]
    case .histograms(let grid):
      return [
        "plot": "histograms", "x": .string(grid.xLabel), "columns": .init(grid.columns),
        "rows": .array(
          grid.rows.map { row in
            [
              "name": .string(row.name), "range": .init([row.range.lowerBound, row.range.upperBound]),
              "panels": .array(
                row.panels.map { ["title": .string($0.title), "note": .string($0.note), "heights": .init($0.heights)] }),
            ]
          }),
      ]
    case .heatMap(let map):
      return [
        "plot": "heat map", "x": .string(map.xLabel), "y": .string(map.yLabel), "rows": .init(map.rows),
        "columns": .init(map.columns), "values": .array(map.values.map { .init($0) }),
      ]
    case .contour(let plot):
      return [
        "plot": "contour", "x": axis(plot.x), "y": axis(plot.y), "levels": .init(plot.levels),
        "heights": .array(plot.heights.map { .init($0) }), "paths": .array(plot.paths.map(series)),
      ]
    case .images(let grid):
      return [
        "plot": "images", "columns": .whole(grid.columns),
        "pictures": .array(
          grid.pictures.map {
            [
              "caption": .string($0.caption), "width": .whole($0.width), "height": .whole($0.height),
              "channels": .whole($0.channels),
            ]
          }),
      ]
    case .diagram(let diagram):
      return [
        "plot": "diagram",
        "nodes": .array(diagram.nodes.map { ["text": .string($0.text), "detail": .string($0.detail)] }),
        "edges": .array(
          diagram.edges.map { ["from": .whole($0.from), "to": .whole($0.to), "label": .string($0.label)] }),
      ]
    case .cubes(let cubes): return ["plot": "cubes", "names": .init(cubes.map(\.name))]
    }
  }
}
