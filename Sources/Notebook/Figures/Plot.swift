// The kinds of plot a page can hold.

/// What is drawn: one case for each kind of plot.
public enum Plot: Sendable {
  /// Curves with markers, direct labels and error bands; also scatter and function plots.
  case lines(LineChart)
  /// Bars, grouped, with error bars.
  case bars(BarChart)
  /// Small multiples: rows × columns of histograms on shared scales.
  case histograms(HistogramGrid)
  /// A matrix in colour, with its numbers where they fit.
  case heatMap(HeatMap)
  /// A surface as contour lines, with paths across it.
  case contour(ContourPlot)
  /// Small grey or colour pictures in a grid, with a caption each.
  case images(ImageGrid)
  /// Boxes and arrows: networks, computation graphs, shape walks.
  case diagram(Diagram)
  /// The four normalization cubes (N, C, H·W).
  case cubes([NormalizationCube])
}

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
  /// How the points are joined.
  public var style: Style
  /// Whether the text is about this one: drawn bold.
  public var isEmphasized: Bool
  /// The place in the palette, or nil for the next free one. Equal numbers give equal colours across figures.
  public var color: Int?

  /// Creates a series; `x` counts from 1 where it is left out.
  public init(
    _ name: String, x: [Double]? = nil, y: [Double], deviation: [Double] = [],
    style: Style = .lineAndMarkers, isEmphasized: Bool = false, color: Int? = nil
  ) {
    self.name = name
    self.x = x ?? y.indices.map { Double($0 + 1) }
    self.y = y
    self.deviation = deviation
    self.style = style
    self.isEmphasized = isEmphasized
    self.color = color
  }
}

/// Curves over a common pair of axes.
public struct LineChart: Sendable {
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// The curves.
  public var series: [Series]
  /// Straight reference lines with a label: a theory, a published value, a threshold.
  public var references: [Reference]

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
  public init(x: Axis, y: Axis, _ series: [Series], references: [Reference] = []) {
    self.x = x
    self.y = y
    self.series = series
    self.references = references
  }
}

/// Bars: one group for each category, one bar in it for each series.
public struct BarChart: Sendable {
  /// The names of the groups.
  public var categories: [String]
  /// The vertical axis.
  public var y: Axis
  /// The bars of each series, one for each category.
  public var series: [Bars]
  /// The values of one series.
  public struct Bars: Sendable {
    /// The name of the series.
    public var name: String
    /// The height of the bar in each category.
    public var values: [Double]
    /// Half the length of the error bars; empty for none.
    public var deviation: [Double]
    /// The place in the palette, or nil for the next free one.
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
  public init(categories: [String], y: Axis, _ series: [Bars]) {
    self.categories = categories
    self.y = y
    self.series = series
  }
}

/// Rows and columns of histograms that share their scales.
public struct HistogramGrid: Sendable {
  /// One panel: counts in equal bins over the row's range.
  public struct Panel: Sendable {
    /// The share of the sample in each bin; a spike left out of it is told by `note`.
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

/// A matrix in colour.
public struct HeatMap: Sendable {
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

/// A surface over a plane as contour lines, with paths across it.
public struct ContourPlot: Sendable {
  /// The horizontal axis, with its range.
  public var x: Axis
  /// The vertical axis, with its range.
  public var y: Axis
  /// Heights on a regular grid over the axes' ranges (which must be given): row after row, lowest y first.
  public var heights: [[Double]]
  /// The heights at which lines are drawn; empty to choose them.
  public var levels: [Double]
  /// Paths across the plane.
  public var paths: [Series]
  /// Creates a contour plot.
  public init(x: Axis, y: Axis, heights: [[Double]], levels: [Double] = [], paths: [Series] = []) {
    self.x = x
    self.y = y
    self.heights = heights
    self.levels = levels
    self.paths = paths
  }
}

/// Small pictures in a grid.
public struct ImageGrid: Sendable {
  /// One picture: rows of brightness 0 … 1, or of signed weights shown with two hues.
  public struct Picture: Sendable {
    /// Columns of pixels.
    public var width: Int
    /// Rows of pixels.
    public var height: Int
    /// Row-major; one number a pixel (grey) or three (red, green, blue planes one after the other).
    public var pixels: [Float]
    /// 1 for grey, 3 for colour.
    public var channels: Int
    /// What is written below; empty for nothing.
    public var caption: String
    /// Creates a picture.
    public init(width: Int, height: Int, pixels: [Float], channels: Int = 1, caption: String = "") {
      self.width = width
      self.height = height
      self.pixels = pixels
      self.channels = channels
      self.caption = caption
    }
  }
  /// Pictures in a row.
  public var columns: Int
  /// The pictures, row by row.
  public var pictures: [Picture]
  /// Whether pixels are signed (weights), drawn blue to red around 0 on a common scale.
  public var isSigned: Bool
  /// A label in front of each row, or none.
  public var rowLabels: [String]
  /// The largest magnitude of signed pixels, or nil to fit the data; frames of one figure share theirs.
  public var signedLimit: Float?
  /// Creates a grid.
  public init(columns: Int, _ pictures: [Picture], isSigned: Bool = false, rowLabels: [String] = []) {
    self.columns = columns
    self.pictures = pictures
    self.isSigned = isSigned
    self.rowLabels = rowLabels
  }
}

/// Boxes, circles and arrows on a plane of unit cells: networks, computation graphs, shape walks.
public struct Diagram: Sendable {
  /// A node: text around a centre; y counts upwards.
  public struct Node: Sendable {
    /// The outline of a node.
    public enum Form: Sendable {
      /// A rectangle.
      case box
      /// A circle.
      case circle
      /// Text alone.
      case plain
      /// A block in perspective: a tensor of maps.
      case volume
    }
    /// The centre's column, in cells.
    public var x: Double
    /// The centre's row, in cells, counted upwards.
    public var y: Double
    /// The text in the middle.
    public var text: String
    /// A second, smaller line below: a shape or a value.
    public var detail: String
    /// The outline.
    public var form: Form
    /// Width and height in cells; for a volume its apparent size.
    public var size: (width: Double, height: Double)
    /// The place in the palette, or nil for the text's own colour.
    public var color: Int?
    /// Creates a node.
    public init(
      _ text: String, x: Double, y: Double, detail: String = "", form: Form = .box,
      size: (width: Double, height: Double) = (0.8, 0.6), color: Int? = nil
    ) {
      self.text = text
      self.x = x
      self.y = y
      self.detail = detail
      self.form = form
      self.size = size
      self.color = color
    }
  }
  /// An arrow between two nodes, by index.
  public struct Edge: Sendable {
    /// The index of the node where the arrow begins.
    public var from: Int
    /// The index of the node where it ends.
    public var to: Int
    /// What is written beside it; empty for nothing.
    public var label: String
    /// Whether the line is dashed.
    public var isDashed: Bool
    /// How far the arrow bows out, in cells: 0 is straight; for skip connections.
    public var bend: Double
    /// Creates an arrow.
    public init(_ from: Int, _ to: Int, label: String = "", isDashed: Bool = false, bend: Double = 0) {
      self.from = from
      self.to = to
      self.label = label
      self.isDashed = isDashed
      self.bend = bend
    }
  }
  /// The nodes.
  public var nodes: [Node]
  /// The arrows.
  public var edges: [Edge]
  /// Creates a diagram.
  public init(_ nodes: [Node], edges: [Edge] = []) {
    self.nodes = nodes
    self.edges = edges
  }
}

/// One of the cubes that show which elements share their statistics.
public struct NormalizationCube: Sendable {
  /// `batch norm`.
  public var name: String
  /// The elements (n, c, position) that share one mean and variance with the first.
  public var isShared: @Sendable (_ n: Int, _ c: Int, _ position: Int) -> Bool
  /// The extents drawn: samples, channels, positions.
  public var extents: (n: Int, c: Int, positions: Int)
  /// Creates a cube.
  public init(
    _ name: String, extents: (n: Int, c: Int, positions: Int) = (4, 6, 4),
    isShared: @escaping @Sendable (_ n: Int, _ c: Int, _ position: Int) -> Bool
  ) {
    self.name = name
    self.extents = extents
    self.isShared = isShared
  }
}
