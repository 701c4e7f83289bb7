// A convolution at one position of its window: image, kernel, products, output.

extension Plot {
  /// A convolution at one position of its window.
  public static func window(_ picture: WindowPicture) -> Plot { Plot(picture) }
}

/// A convolution at one position of its window: the image with the window, the pixels under the window, the kernel,
/// their products, and the output computed so far. The stride is 1, without padding.
public struct WindowPicture: PlotKind {
  /// The image, row by row, with values from 0 to 1.
  public var image: [[Double]]
  /// The kernel, row by row, no larger than the image.
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
  /// The products of pixels and weights.
  var products: [[Double]] { zip(patch, kernel).map { zip($0, $1).map { $0 * $1 } } }
  /// The sum of the products, which is the output pixel.
  var sum: Double { products.joined().reduce(0, +) }

  /// The whole output, row by row.
  var output: [[Double]] {
    let (rows, columns) = (image.count - kernel.count + 1, (image.first?.count ?? 0) - (kernel.first?.count ?? 0) + 1)
    guard rows > 0, columns > 0, !kernel.isEmpty else { return [] }
    return (0..<rows).map { i in
      (0..<columns).map { j in WindowPicture(image: image, kernel: kernel, position: (i, j)).sum }
    }
  }
  /// The largest magnitude of the output, or 1 if all values are 0: the end of its colour scale.
  var reach: Double {
    let most = output.joined().filter { $0.isFinite }.map { abs($0) }.max() ?? 0
    return most > 0 ? most : 1
  }
  /// Whether the window has reached an output pixel, in reading order.
  func isDone(_ i: Int, _ j: Int) -> Bool { (i, j) <= (position.row, position.column) }

  /// The text of a number in a cell: `−1.2`, `0`; `–` if there is none.
  func text(_ value: Double) -> String { value.isFinite ? Numbers.text(value, digits: 2) : "–" }

  /// The colours of pixels: 0 is black, 1 is white.
  static let greys: [UInt32] = [0x000000, 0xffffff]

  /// The colour of a number: grey for a pixel, one of two hues for a signed value.
  func color(_ value: Double, signedReach: Double? = nil) -> UInt32 {
    guard value.isFinite else { return 0xb9bcc2 }
    guard let reach = signedReach else { return Palette.step(Self.greys, value) }
    return Palette.step(Palette.diverging, (value / reach + 1) / 2)
  }
}
