// Which taps reach which pixels: what the gradient of a convolution's input adds up.

/// Sixteen neighbouring pixels of the input gradient, and the taps that reach at least one of them.
struct GatherStep: Sendable {
  /// The first pixel, counted along the rows.
  var column: Int
  /// Where its taps begin in the plan's tables.
  var firstTap: Int
  /// How many there are.
  var tapCount: Int
}

/// The transpose of reading at +offset is reading at −offset, on a grid with zeros where nothing was computed.
///
/// For an image without border many of those zeros need not be read: pixels of the first row are reached by the first row
/// of the kernel alone. LeNet's C3 saves 29 % of its multiplications by it. With a border there is little to save.
struct GatherPlan {
  /// Places of the output gradient on its grid, relative to a pixel: of all filters and taps, then of parts of them.
  private(set) var gradientTaps: [Int] = []
  /// The places of the weights they are multiplied by.
  private(set) var weightTaps: [Int] = []
  /// Empty where all taps are taken for all pixels.
  private(set) var steps: [GatherStep] = []

  /// Makes the plan of a convolution with stride 1.
  init(_ g: ConvolutionGeometry, _ grid: Extent, _ taps: [Int]) {
    let (kernel, dilation) = (g.window.kernel, g.window.dilation.height)
    let (lead, channel) = Convolution.wideLayout(g, grid, taps)

    func append(rows: [Int]) {
      for m in 0..<g.groupFilters {
        for tap in rows.flatMap({ $0 * kernel.width..<($0 + 1) * kernel.width }) {
          gradientTaps.append(m * channel + lead - taps[tap])
          weightTaps.append(m * kernel.area + tap)
        }
      }
    }
    append(rows: Array(0..<kernel.height))

    let pixels = g.image.area
    if !g.window.padding.isZero || pixels < 16 { return }
    var known: [[Int]: GatherStep] = [:]
    for first in stride(from: 0, to: pixels, by: 16) {
      let column = min(first, pixels - 16)
      let lines = column / g.image.width...(column + 15) / g.image.width
      let rows = (0..<kernel.height).filter { u in lines.contains { 0..<g.output.height ~= $0 - u * dilation } }
      var step = known[rows] ?? GatherStep(column: 0, firstTap: gradientTaps.count, tapCount: 0)
      if step.tapCount == 0 {
        append(rows: rows)
        step.tapCount = gradientTaps.count - step.firstTap
        known[rows] = step
      }
      step.column = column
      steps.append(step)
    }
  }
}
