// The description of a curve in words, and its numbers for tables and JSON.

import Basics

extension Series {
  /// A sentence about the curve: its trend, its extremes, and where it ends early.
  func altText(log: Bool) -> String {
    let name = name.isEmpty ? "The series" : name.onOneLine
    func n(_ v: Double) -> String { Numbers.text(v) }
    let count = min(x.count, y.count)
    let usable = (0..<count).filter { x[$0].isFinite && y[$0].isFinite }
    guard let first = usable.first, let last = usable.last else {
      return "\(name): \(count == 0 ? "no points" : "no finite values")."
    }
    if style == .points {
      let xs = usable.map { x[$0] }, ys = usable.map { y[$0] }
      guard usable.count > 1 else { return "\(name): 1 point, x \(n(xs[0])), y \(n(ys[0]))." }
      return
        "\(name): \(usable.count) points, x from \(n(xs.min() ?? 0)) to \(n(xs.max() ?? 0)), y from \(n(ys.min() ?? 0)) to \(n(ys.max() ?? 0))."
    }
    var low = first, high = first
    for i in usable {
      if y[i] < y[low] { low = i }
      if y[i] > y[high] { high = i }
    }
    var text = ""
    if usable.count == 1 {
      text = "\(name): a single point, \(n(y[first])) at \(n(x[first]))"
    } else {
      let (a, b) = (y[first], y[last])
      let span = y[high] - y[low]
      let size = max(abs(y[high]), abs(y[low]))
      if span <= 0.03 * size || (log && y[low] > 0 && y[high] / y[low] < 1.12) {
        text = "\(name) stays near \(n((y[high] + y[low]) / 2))"
      } else {
        let change = abs(b - a)
        var rises = 0, falls = 0
        for (i, j) in zip(usable, usable.dropFirst()) {
          if y[j] > y[i] { rises += 1 } else if y[j] < y[i] { falls += 1 }
        }
        let steady = rises == 0 || falls == 0 ? " steadily" : ""
        if change < 0.1 * span {
          text = "\(name) goes from \(n(a)) to \(n(b))"
        } else {
          text = "\(name) \(b > a ? "rises" : "falls")\(steady) from \(n(a)) to \(n(b))"
        }
        if low != first, low != last, min(a, b) - y[low] > min(0.05 * span, 0.1 * abs(min(a, b))) {
          text += ", lowest \(n(y[low])) at \(n(x[low]))"
        }
        if high != first, high != last, y[high] - max(a, b) > min(0.05 * span, 0.1 * abs(max(a, b))) {
          text += ", highest \(n(y[high])) at \(n(x[high]))"
        }
      }
    }
    let turns = turningPoints(usable)
    if turns > 0 { text += ", turning back \(turns == 1 ? "once" : "\(turns) times") along the axis" }
    if usable.count < count, let broken = (0..<count).first(where: { !(x[$0].isFinite && y[$0].isFinite) }) {
      let after = (broken..<count).allSatisfy { !y[$0].isFinite }
      let kind = y[broken].isNaN ? "not a number" : y[broken].isInfinite ? "infinite" : "undefined"
      text +=
        after
        ? ", then \(kind) from \(n(x[broken])) on" : ", with \(counted(count - usable.count, "value")) missing"
    }
    return text + "."
  }

  /// The number of times a path reverses its direction along the horizontal axis; 0 for the graph of a function.
  private func turningPoints(_ usable: [Int]) -> Int {
    let steps = zip(usable, usable.dropFirst()).map { x[$1] - x[$0] }.filter { $0 != 0 }
    return zip(steps, steps.dropFirst()).count { ($0 < 0) != ($1 < 0) }
  }

  /// The points as the rows of a table: name, x, y.
  var cells: [[TableCell]] { zip(x, y).map { [.label(name), .number($0), .number($1)] } }

  /// The curve as JSON with at most 20,000 points, to keep the file small; the CSV file beside the page has all points.
  var json: JSONValue {
    let kept = Table.picked(min(x.count, y.count), 20_000)
    func thinned(_ values: [Double]) -> JSONValue {
      values.count <= 20_000 ? .init(values) : .init(kept.filter { $0 < values.count }.map { values[$0] })
    }
    return [
      "name": .string(name), "points": .whole(y.count), "x": thinned(x), "y": thinned(y),
      "deviation": thinned(deviation),
    ]
  }
}

extension Axis {
  /// The axis as JSON.
  var json: JSONValue { ["label": .string(label), "log": .bool(isLogarithmic)] }

  /// The name of its column of numbers.
  func columnName(_ other: String) -> String { label.isEmpty ? other : label }
}
