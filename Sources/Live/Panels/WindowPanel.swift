// Chapter 9: a kernel slides over an image that the reader edits.

import NeuralNetworks
import Tensors

/// The window of a convolution: all outputs, and the products that make up one of them.
///
/// - `slide`: rows, columns, kernel side, stride, padding, dilation, row and column of one output, the pixels, the
///   weights. Answers with: the output's rows and columns (0, 0 if the window does not fit); the output; the row and
///   column of the chosen output; and for each tap of its window the row and column in the image, the pixel (0 in the
///   border), the weight, and their product.
public final class WindowPanel: Panel {
  var learnerAnswers = LearnerAnswers.installed

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    guard question == "slide" else { return [] }
    var reader = Reader(input)
    let (rows, columns) = (reader.int(1...16), reader.int(1...16))
    let side = reader.int(1...7)
    let window = Window(
      kernel: Extent(side), stride: Extent(reader.int(1...5)), padding: Padding(reader.int(0...5)),
      dilation: Extent(reader.int(1...4)))
    let (requestedRow, requestedColumn) = (reader.int(0...99), reader.int(0...99))
    let pixels = reader.floats(rows * columns)
    let weights = reader.floats(side * side)
    guard let output = window.outputSize(over: Extent(rows, columns)) else { return [[0, 0], [], [0, 0], []] }

    // The chapter's layer, with one input and one output channel.
    var layer = Conv2D(
      1, 1, kernel: window.kernel, stride: window.stride, padding: window.padding, dilation: window.dilation,
      bias: false)
    layer.weight.value = Tensor([1, 1, side, side], weights)
    let image = Tensor([1, 1, rows, columns], pixels)
    let result = learnerAnswers.convolution.map { dilated(window, weights, image, $0) } ?? layer.forward(image).elements

    let (row, column) = (min(requestedRow, output.height - 1), min(requestedColumn, output.width - 1))
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

  /// The output of the learner's function, which does not support dilation: the gaps of the kernel are filled with
  /// zeros.
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
    // Varied numbers: neighbouring pixels differ.
    let image = (0..<64).map { Float(($0 * 37) % 11) - 5 }
    let kernel = (0..<9).map { Float(($0 * 5) % 7) - 3 }
    // Sums of integers are integers.
    return Proof(whole: answer("slide", [8, 8, 3, 2, 1, 2, 1, 1] + image + kernel).flatMap { $0 })
  }
}
