// Axes and the series drawn over them.

/// An axis: the quantity it measures, and its division.
public struct Axis: Sendable, Equatable {
  /// The quantity with its unit: `test error (%)`.
  public var label: String
  /// Whether the axis is logarithmic (base 10).
  public var isLogarithmic: Bool
  /// The ends, or nil to fit the data.
  public var range: ClosedRange<Double>?
  /// Named ticks at given positions, instead of numbers.
  public var ticks: [(place: Double, label: String)]

  /// Creates an axis.
  public init(
    _ label: String, log isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil,
    ticks: [(place: Double, label: String)] = []
  ) {
    self.label = label
    self.isLogarithmic = isLogarithmic
    self.range = range
    self.ticks = ticks
  }

  public static func == (a: Axis, b: Axis) -> Bool {
    a.label == b.label && a.isLogarithmic == b.isLogarithmic && a.range == b.range
      && a.ticks.elementsEqual(b.ticks) { $0.place == $1.place && $0.label == $1.label }
  }
}

/// One curve or point cloud.
public struct Series: Sendable {
  /// How the points are joined.
  public enum Style: Sendable {
    /// A line alone.
    case line
    /// A line with a mark at each point.
    case lineAndMarkers
    /// Marks alone.
    case points
    /// Horizontal from each point to the next.
    case steps
    /// An arrow from each point to the next.
    case arrows
  }

  /// The name, written at the end of the line.
  public var name: String
  /// The x coordinates in drawing order; a NaN interrupts the line.
  public var x: [Double]
  /// The y coordinates.
  public var y: [Double]
  /// Half the height of the band or bar around each point (a standard deviation); empty for none.
  public var deviation: [Double]
  /// Whether the deviation is drawn. If not, it is shown for the point under the pointer and in the table of numbers.
  public var drawsDeviation: Bool
  /// How the points are joined.
  public var style: Style
  /// Whether the series is drawn bold, because the text is about it.
  public var isEmphasized: Bool
  /// The index in the palette, or nil for the next free one. Equal indices give equal colours in all figures.
  public var color: Int?

  /// Creates a series; by default, `x` counts from 1.
  public init(
    _ name: String, x: [Double]? = nil, y: [Double], deviation: [Double] = [], drawsDeviation: Bool = true,
    style: Style = .lineAndMarkers, isEmphasized: Bool = false, color: Int? = nil
  ) {
    self.name = name
    self.x = x ?? y.indices.map { Double($0 + 1) }
    self.y = y
    self.deviation = deviation
    self.drawsDeviation = drawsDeviation
    self.style = style
    self.isEmphasized = isEmphasized
    self.color = color
  }
}
