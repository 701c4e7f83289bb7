// Small multiples: rows × columns of histograms on shared scales.

extension Plot {
  /// Rows × columns of histograms on shared scales.
  public static func histograms(_ grid: HistogramGrid) -> Plot { Plot(grid) }
}

/// Rows and columns of histograms that share their scales.
public struct HistogramGrid: PlotKind {
  /// One panel: counts in equal bins over the row's range.
  public struct Panel: Sendable {
    /// The fraction of the sample in each bin; a spike that is left out is described in `note`.
    public var heights: [Double]
    /// A statistic above the panel: `σ = 0.49`.
    public var title: String
    /// A remark such as `½ zeros`.
    public var note: String
    /// Creates a panel.
    public init(heights: [Double], title: String = "", note: String = "") {
      self.heights = heights
      self.title = title
      self.note = note
    }
  }
  /// One row: a name in its colour, a common range, and its panels.
  public struct Row: Sendable {
    /// The name to the left of the row.
    public var name: String
    /// The range that the bins divide.
    public var range: ClosedRange<Double>
    /// The histograms, one for each column.
    public var panels: [Panel]
    /// The index in the palette, or nil for the next free one.
    public var color: Int?
    /// Creates a row.
    public init(_ name: String, range: ClosedRange<Double>, _ panels: [Panel], color: Int? = nil) {
      self.name = name
      self.range = range
      self.panels = panels
      self.color = color
    }
  }
  /// The titles above the columns.
  public var columns: [String]
  /// The rows, from the top.
  public var rows: [Row]
  /// The label of the x axis of all panels.
  public var xLabel: String
  /// Whether the panels of a row share the vertical scale; otherwise each panel is scaled to its own peak.
  public var sharesHeights: Bool
  /// Creates a grid.
  public init(columns: [String], rows: [Row], xLabel: String = "", sharesHeights: Bool = false) {
    self.columns = columns
    self.rows = rows
    self.xLabel = xLabel
    self.sharesHeights = sharesHeights
  }
}
