// gnuplot's fourteen markers as outlines, so that all markers of a series form one path.

/// The shape of a marker, in gnuplot's unit, relative to its centre.
struct MarkerShape {
  /// Its polylines.
  var lines: [[(x: Double, y: Double)]]
  /// Whether the marker is a circle of radius 1, in which case it has no lines.
  var isRound = false
  /// Whether the lines are the outlines of filled areas; otherwise they are drawn as lines.
  var isFilled = false

  /// The shapes by their number in gnuplot's SVG files.
  static let byNumber: [String: MarkerShape] = {
    typealias Points = [(x: Double, y: Double)]
    let up: Points = [(0, -1.33), (-1.33, 0.67), (1.33, 0.67)]
    let down: Points = [(0, 1.33), (-1.33, -0.67), (1.33, -0.67)]
    let square: Points = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    let diamond: Points = [(0, -1.41), (1.41, 0), (0, 1.41), (-1.41, 0)]
    let pentagon: Points = [(0, 1.33), (1.265, 0.411), (0.782, -1.067), (-0.782, -1.067), (-1.265, 0.411)]
    let plus: [Points] = [[(-1, 0), (1, 0)], [(0, -1), (0, 1)]],
      cross: [Points] = [[(-1, -1), (1, 1)], [(-1, 1), (1, -1)]]
    func empty(_ outline: Points) -> MarkerShape { MarkerShape(lines: [outline + [outline[0]]]) }
    func full(_ outline: Points) -> MarkerShape { MarkerShape(lines: [outline], isFilled: true) }
    return [
      "0": MarkerShape(lines: plus), "1": MarkerShape(lines: cross), "2": MarkerShape(lines: plus + cross),
      "3": empty(square), "4": full(square), "5": MarkerShape(lines: [], isRound: true),
      "6": MarkerShape(lines: [], isRound: true, isFilled: true), "7": empty(up), "8": full(up), "9": empty(down),
      "10": full(down), "11": empty(diamond), "12": full(diamond), "13": empty(pentagon), "14": full(pentagon),
    ]
  }()

  /// The attributes of a path of such markers.
  func look(color: String, size: Double) -> String {
    func width(_ share: Double) -> String { SVGSanitizer.short((size * share * 100).rounded() / 100) }
    // A filled circle is drawn as the round cap of a line of zero length.
    if isRound, isFilled { return " stroke=\"\(color)\" stroke-width=\"\(width(2))\" stroke-linecap=\"round\"" }
    return isFilled ? " fill=\"\(color)\"" : " stroke=\"\(color)\" stroke-width=\"\(width(0.35))\""
  }

  /// The path of one marker.
  func path(_ x: Double, _ y: Double, _ size: Double) -> String {
    func n(_ v: Double) -> String { SVGSanitizer.short((v * 100).rounded() / 100) }
    if isRound {
      return isFilled
        ? "M\(n(x)),\(n(y))h0" : "M\(n(x - size)),\(n(y))a\(n(size)),\(n(size)) 0 1 1 0,.01z"
    }
    return lines.map { line in
      "M" + line.map { "\(n(x + $0.x * size)),\(n(y + $0.y * size))" }.joined(separator: " ") + (isFilled ? "z" : "")
    }.joined()
  }
}
