// Chapter 9: a kernel slides over an image that the reader edits.

import NeuralNetworks
import Tensors

/// The window of a convolution: every output, and the products behind one of them.
///
/// - `slide`: rows, columns, kernel side, stride, padding, dilation, row and column of one output, the pixels, the
///   weights. Answers with: the output's rows and columns (0, 0 where the window fits nowhere); the output; the row and
///   column chosen; and for each tap of its window the row and column in the image, the pixel (0 in the border), the
///   weight, and their product.
public final class WindowPanel: Panel {
  var mine = Mine.installed

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    guard question == "slide" else { return [] }
    var reader = Reader(input)
    let (rows, columns) = (reader.int(1...16), reader.int(1...16))
    let side = reader.int(1...7)
    let window = Window(
      kernel: Extent(side), stride: Extent(reader.int(1...5)), padding: Padding(reader.int(0...5)),
      dilation: Extent(reader.int(1...4)))
    let (wantedRow, wantedColumn) = (reader.int(0...99), reader.int(0...99))
    let pixels = reader.floats(rows * columns)
    let weights = reader.floats(side * side)
    guard let output = window.outputSize(over: Extent(rows, columns)) else { return [[0, 0], [], [0, 0], []] }

    // The chapter's layer, with one channel in and one out.
    var layer = Conv2D(
      1, 1, kernel: window.kernel, stride: window.stride, padding: window.padding, dilation: window.dilation,
      bias: false)
    layer.weight.value = Tensor([1, 1, side, side], weights)
    let image = Tensor([1, 1, rows, columns], pixels)
    let result = mine.convolution.map { dilated(window, weights, image, $0) } ?? layer.forward(image).elements

    let (row, column) = (min(wantedRow, output.height - 1), min(wantedColumn, output.width - 1))
    var taps: [Float] = []
    for i in 0..<side {
      for j in 0..<side {
        let y = row * window.stride.height - window.padding.top + i * window.dilation.height
        let x = column * window.stride.width - window.padding.left + j * window.dilation.width
        let isInside = 0..<rows ~= y && 0..<columns ~= x
        let pixel = isInside ? pixels[y * columns + x] : 0
        taps += [Float(y), Float(x), pixel, weights[i * side + j], pixel * weights[i * side + j]]
      }
    }
    return [[Float(output.height), Float(output.width)], result, [Float(row), Float(column)], taps]
  }

  /// The same by the reader's function, which knows of no dilation: the kernel is written out with zeros in its gaps.
  private func dilated(
    _ window: Window, _ weights: [Float], _ image: Tensor, _ convolution: (Tensor, Tensor, Tensor, Int, Int) -> Tensor
  ) -> [Float] {
    let (side, step) = (window.kernel.height, window.dilation.height)
    let wide = (side - 1) * step + 1
    var kernel = Tensor(zeros: [1, 1, wide, wide])
    for i in 0..<side {
      for j in 0..<side { kernel[0, 0, i * step, j * step] = weights[i * side + j] }
    }
    return convolution(image, kernel, Tensor(zeros: [1]), window.stride.height, window.padding.top).elements
  }

  public func proof(_ input: [Float]) -> Proof {
    // Waves, so that no pixel is like its neighbour.
    let image = (0..<64).map { Float(($0 * 37) % 11) - 5 }
    let kernel = (0..<9).map { Float(($0 * 5) % 7) - 3 }
    // Sums of whole numbers are whole.
    return Proof(whole: answer("slide", [8, 8, 3, 2, 1, 2, 1, 1] + image + kernel).flatMap { $0 })
  }
}
