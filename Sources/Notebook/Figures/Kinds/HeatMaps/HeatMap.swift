// A matrix in colour, with its numbers if they fit.

extension Plot {
  /// A matrix in colour, with its numbers if they fit.
  public static func heatMap(_ map: HeatMap) -> Plot { Plot(map) }
}

/// A matrix in colour.
public struct HeatMap: PlotKind {
  /// The colour scale: from light to dark, or two hues around a middle value.
  public enum Scale: Sendable, Equatable {
    /// From light to dark.
    case sequential
    /// Two hues around a middle value.
    case diverging(around: Double)
  }
  /// The values, row by row, starting with the top row.
  public var values: [[Double]]
  /// The names of the rows; empty for none.
  public var rows: [String]
  /// The names of the columns; empty for none.
  public var columns: [String]
  /// The label of the columns.
  public var xLabel: String
  /// The label of the rows.
  public var yLabel: String
  /// The colour scale.
  public var scale: Scale
  /// Whether each cell shows its number.
  public var showsNumbers: Bool
  /// The values at the ends of the colour scale, or nil to fit the data; all frames of a figure use the same range.
  public var valueRange: ClosedRange<Double>?
  /// Creates a heat map.
  public init(
    _ values: [[Double]], rows: [String] = [], columns: [String] = [], xLabel: String = "", yLabel: String = "",
    scale: Scale = .sequential, showsNumbers: Bool = false, valueRange: ClosedRange<Double>? = nil
  ) {
    self.values = values
    self.rows = rows
    self.columns = columns
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.scale = scale
    self.showsNumbers = showsNumbers
    self.valueRange = valueRange
  }
}
