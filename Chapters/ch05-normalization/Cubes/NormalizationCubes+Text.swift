// The normalization cubes in words and numbers.

import Workbook

extension NormalizationCubes {
  var altText: String {
    let parts = cubes.map { cube -> String in
      let (ns, cs, ps) = (max(cube.extents.n, 1), max(cube.extents.c, 1), max(cube.extents.positions, 1))
      let overN = (0..<ns).count { cube.isShared($0, 0, 0) }
      let overC = (0..<cs).count { cube.isShared(0, $0, 0) }
      let overP = (0..<ps).count { cube.isShared(0, 0, $0) }
      return
        "\(cube.name.onOneLine) shares statistics over \(overN) of \(ns) samples, \(overC) of \(cs) channels and \(overP) of \(ps) positions"
    }
    return "Cubes of samples, channels and positions; coloured elements share one mean and variance. "
      + parts.joined(separator: "; ") + "."
  }

  func table(maximumRows: Int) -> Table {
    let rows = cubes.map { cube -> [TableCell] in
      func spans(_ test: (Int) -> Bool, _ count: Int) -> TableCell {
        .text((1..<max(count, 2)).contains(where: test) ? "shared" : "separate")
      }
      return [
        .label(cube.name), spans({ cube.isShared($0, 0, 0) }, cube.extents.n),
        spans({ cube.isShared(0, $0, 0) }, cube.extents.c), spans({ cube.isShared(0, 0, $0) }, cube.extents.positions),
      ]
    }
    return Table(
      numbers: "whose statistics are shared", ["", "across samples", "across channels", "across positions"], rows,
      of: rows.count)
  }

  var csv: CSVTable {
    var csv = CSVTable(header: ["cube", "sample", "channel", "position", "shared"])
    for cube in cubes {
      for n in 0..<max(cube.extents.n, 0) {
        for c in 0..<max(cube.extents.c, 0) {
          for p in 0..<max(cube.extents.positions, 0) {
            csv.rows.append("\(CSVTable.field(cube.name)),\(n),\(c),\(p),\(cube.isShared(n, c, p) ? 1 : 0)")
          }
        }
      }
    }
    return csv
  }

  var json: JSONValue { ["plot": "cubes", "names": .init(cubes.map(\.name))] }
}
