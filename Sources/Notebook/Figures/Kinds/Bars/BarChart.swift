// Grouped bars with error bars.

extension Plot {
  /// Grouped bars with error bars.
  public static func bars(_ chart: BarChart) -> Plot { Plot(chart) }
}

/// A bar chart: one group for each category, with one bar for each series.
public struct BarChart: PlotKind {
  /// The names of the groups.
  public var categories: [String]
  /// The vertical axis.
  public var y: Axis
  /// The bars of each series, one for each category.
  public var series: [Bars]
  /// The indices of the categories that a slide shows, in order, because a slide has no space for many; empty for all.
  public var onSlide: [Int]
  /// The values of one series.
  public struct Bars: Sendable {
    /// The name of the series.
    public var name: String
    /// The value of each category.
    public var values: [Double]
    /// Half the length of the error bars; empty for none.
    public var deviation: [Double]
    /// The index in the palette, or nil for the next free one.
    public var color: Int?
    /// Creates the bars of one series.
    public init(_ name: String, _ values: [Double], deviation: [Double] = [], color: Int? = nil) {
      self.name = name
      self.values = values
      self.deviation = deviation
      self.color = color
    }
  }
  /// Creates a bar chart.
  public init(categories: [String], y: Axis, _ series: [Bars], onSlide: [Int] = []) {
    self.onSlide = onSlide
    self.categories = categories
    self.y = y
    self.series = series
  }
}
