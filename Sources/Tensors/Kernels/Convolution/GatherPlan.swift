// Where a pixel's gradient comes from: what the gradient of a convolution's input adds up.

/// The transpose of reading at +offset is reading at −offset, on a grid with zeros where nothing was computed.
struct GatherPlan {
  /// Places of the output gradient on its grid, relative to a pixel: all filters and taps.
  private(set) var gradientTaps: [Int] = []
  /// The places of the weights they are multiplied by.
  private(set) var weightTaps: [Int] = []

  /// Makes the plan of a convolution with stride 1.
  init(_ g: ConvolutionGeometry, _ grid: Extent, _ taps: [Int]) {
    let (lead, channel) = Convolution.wideLayout(g, grid, taps)
    for m in 0..<g.groupFilters {
      for tap in 0..<g.window.kernel.area {
        gradientTaps.append(m * channel + lead - taps[tap])
        weightTaps.append(m * g.window.kernel.area + tap)
      }
    }
  }
}
