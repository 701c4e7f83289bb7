// Axes, and the curves that are drawn over them.

/// An axis: what it measures, and how it is divided.
public struct Axis: Sendable, Equatable {
  /// What is measured, with its unit: `test error (%)`.
  public var label: String
  /// Whether the axis is logarithmic (base 10).
  public var isLogarithmic: Bool
  /// The ends, or nil to fit the data.
  public var range: ClosedRange<Double>?
  /// Named ticks at given places instead of numbers.
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

/// One curve or cloud of points.
public struct Series: Sendable {
  /// How the points are joined.
  public enum Style: Sendable {
    /// A line alone.
    case line
    /// A line with a mark at each point.
    case lineAndMarkers
    /// Marks alone.
    case points
    /// Level from each point to the next.
    case steps
    /// An arrow from each point to the next.
    case arrows
  }

  /// The name, written at the line's end.
  public var name: String
  /// The points in drawing order; a NaN breaks the line.
  public var x: [Double]
  /// The height of each point.
  public var y: [Double]
  /// Half the height of the band or bar around each point (a standard deviation); empty for none.
  public var deviation: [Double]
  /// Whether the deviation is drawn; where it is not, it is told of the point that a reader points at, and in the numbers.
  public var drawsDeviation: Bool
  /// How the points are joined.
  public var style: Style
  /// Whether the text is about this one: drawn bold.
  public var isEmphasized: Bool
  /// The place in the palette, or nil for the next free one. Equal numbers give equal colours across figures.
  public var color: Int?

  /// Creates a series; `x` counts from 1 where it is left out.
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
