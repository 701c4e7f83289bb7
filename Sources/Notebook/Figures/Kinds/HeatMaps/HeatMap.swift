// A matrix in colour, with its numbers where they fit.

extension Plot {
  /// A matrix in colour, with its numbers where they fit.
  public static func heatMap(_ map: HeatMap) -> Plot { Plot(map) }
}

/// A matrix in colour.
public struct HeatMap: PlotKind {
  /// The colours: from light to dark, or two hues around a middle.
  public enum Scale: Sendable, Equatable {
    /// From light to dark.
    case sequential
    /// Two hues around a middle value.
    case diverging(around: Double)
  }
  /// Row after row, top row first.
  public var values: [[Double]]
  /// The names of the rows; empty for none.
  public var rows: [String]
  /// The names of the columns; empty for none.
  public var columns: [String]
  /// What the columns are.
  public var xLabel: String
  /// What the rows are.
  public var yLabel: String
  /// The colours.
  public var scale: Scale
  /// Whether each cell shows its number.
  public var showsNumbers: Bool
  /// The values at the ends of the colour scale, or nil to fit the data; frames of one figure share theirs.
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
