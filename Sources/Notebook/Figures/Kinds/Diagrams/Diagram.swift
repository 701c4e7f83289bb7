// Boxes and arrows: networks, computation graphs, shape walks.

extension Plot {
  /// Boxes and arrows: networks, computation graphs, shape walks.
  public static func diagram(_ diagram: Diagram) -> Plot { Plot(diagram) }
}

/// Boxes, circles and arrows on a plane of unit cells: networks, computation graphs, shape walks.
public struct Diagram: PlotKind {
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
