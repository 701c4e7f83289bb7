// Curves with markers, direct labels and error bands; also scatter and function plots.

extension Plot {
  /// Curves over a common pair of axes.
  public static func lines(_ chart: LineChart) -> Plot { Plot(chart) }
}

/// Curves over a common pair of axes.
public struct LineChart: PlotKind {
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// The curves.
  public var series: [Series]
  /// Straight reference lines with a label: a theory, a published value, a threshold.
  public var references: [Reference]
  /// Whether both axes have the same scale, so that circles are round and right angles are right. Linear axes only.
  public var hasEqualScales = false

  /// A straight line across the chart.
  public struct Reference: Sendable {
    /// The direction of a reference line.
    public enum Direction: Sendable {
      /// At a constant y.
      case horizontal
      /// At a constant x.
      case vertical
    }
    /// The direction of the line.
    public var direction: Direction
    /// Its y or x coordinate.
    public var at: Double
    /// The text beside it.
    public var label: String
    /// Creates a reference line.
    public init(_ direction: Direction, at: Double, _ label: String) {
      self.direction = direction
      self.at = at
      self.label = label
    }
  }

  /// Creates a chart.
  public init(x: Axis, y: Axis, _ series: [Series], references: [Reference] = [], hasEqualScales: Bool = false) {
    self.hasEqualScales = hasEqualScales
    self.x = x
    self.y = y
    self.series = series
    self.references = references
  }
}
