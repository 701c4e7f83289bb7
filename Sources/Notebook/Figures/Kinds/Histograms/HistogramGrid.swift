// Small multiples: rows × columns of histograms on shared scales.

extension Plot {
  /// Rows × columns of histograms on shared scales.
  public static func histograms(_ grid: HistogramGrid) -> Plot { Plot(grid) }
}

/// Rows and columns of histograms that share their scales.
public struct HistogramGrid: PlotKind {
  /// One panel: counts in equal bins over the row's range.
  public struct Panel: Sendable {
    /// The share of the sample in each bin; a spike left out of it is named by `note`.
    public var heights: [Double]
    /// The statistic above the panel: `σ = 0.49`.
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
    /// The name in front of the row.
    public var name: String
    /// The range that the bins divide.
    public var range: ClosedRange<Double>
    /// The histograms, one for each column.
    public var panels: [Panel]
    /// The place in the palette, or nil for the next free one.
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
  /// What all panels count.
  public var xLabel: String
  /// Whether the panels of a row share their height too; otherwise each is drawn to its own peak.
  public var sharesHeights: Bool
  /// Creates a grid.
  public init(columns: [String], rows: [Row], xLabel: String = "", sharesHeights: Bool = false) {
    self.columns = columns
    self.rows = rows
    self.xLabel = xLabel
    self.sharesHeights = sharesHeights
  }
}
