// Boxes and arrows: networks, computation graphs, shape walks.

extension Plot {
  /// Boxes and arrows: networks, computation graphs, shape walks.
  public static func diagram(_ diagram: Diagram) -> Plot { Plot(diagram) }
}

/// Boxes, circles and arrows on a plane of unit cells: networks, computation graphs, shape walks.
public struct Diagram: PlotKind {
  /// A node: text around a centre; y points upwards.
  public struct Node: Sendable {
    /// The outline of a node.
    public enum Form: Sendable {
      /// A rectangle.
      case box
      /// A circle.
      case circle
      /// Text without an outline.
      case plain
      /// A block in perspective: a tensor of feature maps.
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
    /// The width and the height in cells; for a volume, those of its front.
    public var size: (width: Double, height: Double)
    /// The index in the palette, or nil for the colour of text.
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
  /// An arrow between two nodes, given by their indices.
  public struct Edge: Sendable {
    /// The index of the node where the arrow starts.
    public var from: Int
    /// The index of the node where it ends.
    public var to: Int
    /// The text beside it; empty for none.
    public var label: String
    /// Whether the line is dashed.
    public var isDashed: Bool
    /// The size of the arrow's bend, in cells; 0 is straight. Used for skip connections.
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
