// One figure of every kind, with the numbers of the chapter they resemble.

import Basics

@testable import Notebook

enum Samples {
  static let layers = (1...6).map(Double.init)

  static let spread = LineChart(
    x: Axis("layer"), y: Axis("standard deviation of the activations", log: true),
    [
      Series("ReLU, He", y: [0.825, 0.829, 0.835, 0.834, 0.826, 0.808], isEmphasized: true, color: 2),
      Series("tanh, 0.05 (saturated)", y: [0.872, 0.853, 0.849, 0.849, 0.85, 0.85], color: 3),
      Series("tanh, Xavier", y: [0.627, 0.486, 0.408, 0.359, 0.324, 0.296], isEmphasized: true, color: 0),
      Series("ReLU, Xavier", y: [0.581, 0.408, 0.285, 0.202, 0.14, 0.101], color: 4),
      Series("tanh, 0.01", y: [0.492, 0.288, 0.178, 0.113, 0.072, 0.046], color: 1),
    ])

  static func noise(_ i: Int) -> Double { Double((i &* 7919 &+ 104_729) % 1009) / 1009 - 0.5 }

  static let training: LineChart = {
    let steps = (1...200).map(Double.init)
    func loss(_ rate: Double, _ floor: Double) -> [Double] {
      steps.map { floor + 2 * power(2.718, -rate * $0 / 40) + 0.1 * noise(Int($0 * 31 * rate + 1)) }
    }
    return LineChart(
      x: Axis("step"), y: Axis("training loss (nats)"),
      [
        Series("SGD", x: steps, y: loss(0.7, 0.5), deviation: steps.map { _ in 0.12 }, style: .line),
        Series("momentum", x: steps, y: loss(1.6, 0.35), style: .line),
        Series("Adam", x: steps, y: loss(3, 0.25), style: .line, isEmphasized: true),
        Series("lr 1.0", x: steps, y: steps.map { $0 < 60 ? 2.5 + $0 / 100 : .nan }, style: .line),
      ], references: [.init(.horizontal, at: 2.3026, "chance: ln 10"), .init(.vertical, at: 100, "rate ÷ 10")])
  }()

  static let scatter = LineChart(
    x: Axis("first principal component"), y: Axis("second"), ["zeros", "ones", "sevens"].indices.map(cloud))

  static func cloud(_ k: Int) -> Series {
    let x = (0..<80).map { i -> Double in Double(k) * 1.2 + 2 * noise(i * 3 + k) }
    let y = (0..<80).map { i -> Double in Double(k % 2) * 1.5 + 2 * noise(i * 11 + k * 5) }
    return Series(["zeros", "ones", "sevens"][k], x: x, y: y, style: .points)
  }

  static let bars = BarChart(
    categories: ["LeNet-5", "LeNet-5+", "LeNet-5++"], y: Axis("test error (%)"),
    [
      .init("published", [0.95, 0.8, 0.7]),
      .init("here, 5 seeds", [0.91, 0.62, 0.48], deviation: [0.05, 0.04, 0.06]),
    ])

  static let longBars = BarChart(
    categories: [
      "no augmentation at all", "shifts of two pixels", "shifts, rotations and scales", "all, and elastic distortion",
      "elastic only",
    ],
    y: Axis("change of the test error (percentage points)"), [.init("", [0.0, -0.21, -0.33, -0.42, 0.12])])

  static func panel(_ color: Int, _ layer: Int) -> HistogramGrid.Panel {
    let width: Double = color == 1 ? 0.5 / Double(layer) : color == 0 ? 0.5 : 1
    let heights = (0..<50).map { b -> Double in
      let x: Double = color == 2 ? Double(b) / 50 * 3 : Double(b) / 25 - 1
      let rough: Double = abs(x) < 2 * width ? 0.03 * noise(b * 17 + layer) : 0
      return power(2.718, -x * x / 2 / width / width) + rough
    }
    return .init(heights: heights, title: "σ = \(Numbers.script(width, digits: 2))", note: color == 2 ? "½ zeros" : "")
  }

  static func row(_ name: String, _ color: Int) -> HistogramGrid.Row {
    HistogramGrid.Row(name, range: color == 2 ? 0...3 : -1...1, (1...6).map { panel(color, $0) }, color: color)
  }

  static let histograms = HistogramGrid(
    columns: (1...6).map { "layer \($0)" }, rows: [row("tanh, 0.01", 1), row("tanh, Xavier", 0), row("ReLU, He", 2)],
    xLabel: "activation")

  static func count(_ i: Int, _ j: Int) -> Double {
    if i == j { return Double(970 + i * 3 % 7) }
    return Double((i * 7 + j * 3) % 11 == 0 ? 9 : (i + j) % 4)
  }

  static let digits = (0..<10).map { "\($0)" }

  static let confusion = HeatMap(
    (0..<10).map { i in (0..<10).map { j in count(i, j) } }, rows: digits, columns: digits, xLabel: "predicted",
    yLabel: "true digit", showsNumbers: true)

  static func accuracy(_ i: Int, _ j: Int) -> Double {
    let distance = Double((i - 6) * (i - 6) + (j - 9) * (j - 9))
    return i + j > 26 ? .nan : power(2.718, -distance / 30)
  }

  static let sweep: HeatMap = {
    let rates = (0..<12).map { "10" + superscript(-$0) }
    let sizes = (0..<20).map { "\(1 << min($0, 12))" }
    return HeatMap(
      (0..<12).map { i in (0..<20).map { j in accuracy(i, j) } }, rows: rates, columns: sizes, xLabel: "batch size",
      yLabel: "learning rate")
  }()

  static let kernel = HeatMap(
    [[-1, -0.5, 0], [-0.5, 0, 0.5], [0, 0.5, 1]], scale: .diverging(around: 0), showsNumbers: true)

  static let contour: ContourPlot = {
    let axis = (0..<41).map { Double($0) / 20 - 1 }
    let x = axis.map { $0 * 3 }, y = axis.map { $0 * 2 }
    func descend(_ rate: Double, _ momentum: Double) -> ([Double], [Double]) {
      var (px, py, vx, vy) = (-2.6, 1.7, 0.0, 0.0)
      var (xs, ys) = ([px], [py])
      for _ in 0..<25 {
        vx = momentum * vx - rate * px * 0.5
        vy = momentum * vy - rate * py * 5
        px += vx
        py += vy
        xs.append(px)
        ys.append(py)
      }
      return (xs, ys)
    }
    let (a, b) = descend(0.35, 0), (c, d) = descend(0.08, 0.8)
    return ContourPlot(
      x: Axis("w₁", range: -3...3), y: Axis("w₂", range: -2...2),
      heights: y.map { v in x.map { 0.25 * $0 * $0 + 2.5 * v * v } },
      paths: [Series("gradient descent", x: a, y: b), Series("momentum", x: c, y: d, isEmphasized: true)])
  }()

  static func ring(_ k: Int) -> ImageGrid.Picture {
    let pixels = (0..<784).map { p -> Float in
      let x = Float(p % 28) - 14, y = Float(p / 28) - 14
      let r = (x * x * Float(1 + k % 3) / 2 + y * y).squareRoot()
      return max(0, 1 - abs(r - 8) / 3)
    }
    let caption = k % 5 == 0 ? "is \(k % 10), read as \((k + 3) % 10)" : "\(k % 10)"
    return .init(width: 28, height: 28, pixels: pixels, caption: caption)
  }

  static let images = ImageGrid(columns: 8, (0..<16).map(ring))

  static func filter(_ k: Int) -> ImageGrid.Picture {
    .init(width: 5, height: 5, pixels: (0..<25).map { Float(noise($0 * 13 + k * 101)) })
  }

  static let filters = ImageGrid(
    columns: 6, (0..<12).map(filter), isSigned: true, rowLabels: ["at the start", "trained"])

  static func photo(_ k: Int) -> ImageGrid.Picture {
    let pixels = (0..<3072).map { p -> Float in
      let c = p / 1024, x = p % 32, y = p % 1024 / 32
      return Float((x * (c + 1) + y * (k + 1)) % 32) / 31
    }
    return .init(width: 32, height: 32, pixels: pixels, channels: 3, caption: ["cat", "frog", "ship", "truck"][k])
  }

  static let colorImages = ImageGrid(columns: 4, (0..<4).map(photo))

  static let network = Diagram(
    [
      .init("input", x: 0, y: 0, detail: "1×28×28", form: .volume, size: (0.15, 1.2)),
      .init("conv 5×5", x: 1.5, y: 0, detail: "6×28×28", form: .volume, size: (0.3, 1.2), color: 0),
      .init("pool 2×2", x: 3, y: 0, detail: "6×14×14", form: .volume, size: (0.3, 0.7), color: 4),
      .init("conv 5×5", x: 4.5, y: 0, detail: "16×10×10", form: .volume, size: (0.6, 0.55), color: 0),
      .init("dense", x: 6, y: 0, detail: "120", size: (0.8, 0.5), color: 2),
      .init("softmax", x: 7.4, y: 0, detail: "10", size: (0.9, 0.5), color: 1),
    ],
    edges: [.init(0, 1), .init(1, 2), .init(2, 3), .init(3, 4), .init(4, 5)])

  static let graph = Diagram(
    [
      .init("x", x: 0, y: 1, form: .circle, size: (0.6, 0.6)), .init("w", x: 0, y: 0, form: .circle, size: (0.6, 0.6)),
      .init("×", x: 1.6, y: 0.5, form: .circle, size: (0.6, 0.6), color: 0),
      .init("+", x: 3, y: 0.5, form: .circle, size: (0.6, 0.6), color: 0),
      .init("ReLU", x: 4.4, y: 0.5, detail: "max(0, z)", size: (1, 0.6), color: 2),
      .init("loss", x: 6, y: 0.5, form: .plain),
    ],
    edges: [
      .init(0, 2, label: "3"), .init(1, 2, label: "−2"), .init(2, 3, label: "−6"), .init(3, 4),
      .init(4, 5, label: "∂L/∂y = 1", isDashed: true),
      .init(0, 3, label: "skip", bend: 0.5),
    ])

  /// A vertical edge finder half way over a bar.
  static let window = WindowPicture(
    image: (0..<6).map { _ in [0, 0, 0.5, 1, 0.2, 0] }, kernel: [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    position: (row: 1, column: 2))

  static let hostile = #"a'b"c $HOME `touch pwned` @x _1^2 {z} %d \n & <script>alert(1)</script>"# + "\nsecond\u{7}line"

  static let all: [(name: String, plot: Plot)] = [
    ("spread", .lines(spread)), ("training", .lines(training)), ("scatter", .lines(scatter)), ("bars", .bars(bars)),
    ("long-bars", .bars(longBars)), ("histograms", .histograms(histograms)), ("confusion", .heatMap(confusion)),
    ("sweep", .heatMap(sweep)), ("kernel", .heatMap(kernel)), ("contour", .contour(contour)),
    ("images", .images(images)),
    ("filters", .images(filters)), ("color-images", .images(colorImages)), ("network", .diagram(network)),
    ("graph", .diagram(graph)), ("window", .window(window)),
  ]
}
