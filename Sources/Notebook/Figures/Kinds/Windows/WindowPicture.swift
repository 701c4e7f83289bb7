// A convolution at one position of its window: image, kernel, products, output.

extension Plot {
  /// A convolution at one position of its window.
  public static func window(_ picture: WindowPicture) -> Plot { Plot(picture) }
}

/// A convolution at one position of its window: the image with the window on it, the pixels under it, the kernel, their
/// products, and the output as far as the window has come. Stride 1, no padding.
public struct WindowPicture: PlotKind {
  /// The image, row after row, 0 … 1.
  public var image: [[Double]]
  /// The kernel, row after row, no larger than the image.
  public var kernel: [[Double]]
  /// The row and the column of the output pixel.
  public var position: (row: Int, column: Int)

  /// Creates a picture.
  public init(image: [[Double]], kernel: [[Double]], position: (row: Int, column: Int)) {
    self.image = image
    self.kernel = kernel
    self.position = position
  }

  /// The pixels under the window.
  var patch: [[Double]] {
    kernel.indices.map { u in
      kernel[u].indices.map { v in
        let (y, x) = (position.row + u, position.column + v)
        return image.indices.contains(y) && image[y].indices.contains(x) ? image[y][x] : .nan
      }
    }
  }
  /// Pixel times weight.
  var products: [[Double]] { zip(patch, kernel).map { zip($0, $1).map { $0 * $1 } } }
  /// Their sum, the output pixel.
  var sum: Double { products.joined().reduce(0, +) }

  /// The whole output, row after row.
  var output: [[Double]] {
    let (rows, columns) = (image.count - kernel.count + 1, (image.first?.count ?? 0) - (kernel.first?.count ?? 0) + 1)
    guard rows > 0, columns > 0, !kernel.isEmpty else { return [] }
    return (0..<rows).map { i in
      (0..<columns).map { j in WindowPicture(image: image, kernel: kernel, position: (i, j)).sum }
    }
  }
  /// The largest output without its sign, 1 where all are 0: the end of its colours.
  var reach: Double {
    let most = output.joined().filter { $0.isFinite }.map { abs($0) }.max() ?? 0
    return most > 0 ? most : 1
  }
  /// Whether the window has been at an output pixel, in reading order.
  func isDone(_ i: Int, _ j: Int) -> Bool { (i, j) <= (position.row, position.column) }

  /// A number of a cell: `−1.2`, `0`; `–` where there is none.
  func text(_ value: Double) -> String { value.isFinite ? Numbers.text(value, digits: 2) : "–" }

  /// The greys of pixels: black is 0, white 1.
  static let greys: [UInt32] = [0x000000, 0xffffff]

  /// The colour of a number: grey for a pixel, two hues around 0 for what has a sign.
  func color(_ value: Double, signedReach: Double? = nil) -> UInt32 {
    guard value.isFinite else { return 0xb9bcc2 }
    guard let reach = signedReach else { return Palette.step(Self.greys, value) }
    return Palette.step(Palette.diverging, (value / reach + 1) / 2)
  }
}
