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
  /// Whether a unit is as long on one axis as on the other: circles are round and right angles are right. Linear axes only.
  public var hasEqualScales = false

  /// A straight line across the chart.
  public struct Reference: Sendable {
    /// Which way a reference line runs.
    public enum Direction: Sendable {
      /// At one height.
      case horizontal
      /// At one place of the x axis.
      case vertical
    }
    /// Which way the line runs.
    public var direction: Direction
    /// Its height or its place.
    public var at: Double
    /// What is written beside it.
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
