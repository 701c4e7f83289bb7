// A surface as contour lines, with paths across it.

extension Plot {
  /// A surface as contour lines, with paths across it.
  public static func contour(_ surface: ContourPlot) -> Plot { Plot(surface) }
}

/// A surface over a plane as contour lines, with paths across it.
public struct ContourPlot: PlotKind {
  /// The horizontal axis, with its range.
  public var x: Axis
  /// The vertical axis, with its range.
  public var y: Axis
  /// Heights on a regular grid over the ranges of the axes (which must be given), row by row, starting with the lowest
  /// y.
  public var heights: [[Double]]
  /// The heights at which lines are drawn; empty to choose them.
  public var levels: [Double]
  /// The level whose line is thick and in the colour of text: a boundary.
  public var emphasis: Double?
  /// Paths across the plane.
  public var paths: [Series]
  /// Whether both axes have the same scale, so that a descent crosses the lines at right angles.
  public var hasEqualScales: Bool
  /// Creates a contour plot.
  public init(
    x: Axis, y: Axis, heights: [[Double]], levels: [Double] = [], emphasis: Double? = nil, paths: [Series] = [],
    hasEqualScales: Bool = false
  ) {
    self.emphasis = emphasis
    self.hasEqualScales = hasEqualScales
    self.x = x
    self.y = y
    self.heights = heights
    self.levels = levels
    self.paths = paths
  }
}
