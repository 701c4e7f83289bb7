// Which elements of the output gradient contribute to a pixel's gradient in a convolution.

/// The transpose of reading at +offset is reading at −offset, on a grid that is zero where nothing was computed.
struct GatherPlan {
  /// Offsets into the output gradient on its grid, relative to a pixel, for all filters and taps.
  private(set) var gradientTaps: [Int] = []
  /// Offsets of the corresponding weights.
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
