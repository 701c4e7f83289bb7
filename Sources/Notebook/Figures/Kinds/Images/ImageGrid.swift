// Small grey or colour pictures in a grid, with a caption each.

extension Plot {
  /// Small grey or colour pictures in a grid, with a caption each.
  public static func images(_ grid: ImageGrid) -> Plot { Plot(grid) }
}

/// Small pictures in a grid.
public struct ImageGrid: PlotKind {
  /// One picture: rows of brightness 0 … 1, or of signed weights shown with two hues.
  public struct Picture: Sendable {
    /// The number of columns of pixels.
    public var width: Int
    /// The number of rows of pixels.
    public var height: Int
    /// The pixels in row-major order: one number per pixel (grey), or three planes (red, green, blue) in sequence.
    public var pixels: [Float]
    /// 1 for grey, 3 for colour.
    public var channels: Int
    /// The text below the picture; empty for none.
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
  /// The number of pictures in a row.
  public var columns: Int
  /// The pictures, row by row.
  public var pictures: [Picture]
  /// Whether pixels are signed (weights), drawn from blue to red around 0 on a common scale.
  public var isSigned: Bool
  /// The label to the left of each row; empty for none.
  public var rowLabels: [String]
  /// The largest magnitude of signed pixels, or nil to fit the data; all frames of a figure use the same limit.
  public var signedLimit: Float?
  /// Creates a grid.
  public init(columns: Int, _ pictures: [Picture], isSigned: Bool = false, rowLabels: [String] = []) {
    self.columns = columns
    self.pictures = pictures
    self.isSigned = isSigned
    self.rowLabels = rowLabels
  }
}
