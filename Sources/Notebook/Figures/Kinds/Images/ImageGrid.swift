// Small grey or colour pictures in a grid, with a caption each.

extension Plot {
  /// Small grey or colour pictures in a grid, with a caption each.
  public static func images(_ grid: ImageGrid) -> Plot { Plot(grid) }
}

/// Small pictures in a grid.
public struct ImageGrid: PlotKind {
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
