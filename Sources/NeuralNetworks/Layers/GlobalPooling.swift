// Pooling to a fixed size: one value for each channel, or a small grid.

import Tensors

/// Global average pooling: the mean of each channel.
///
/// Shapes: [N, C, H, W] → [N, C, 1, 1]. Each pixel receives 1/(H·W) of the gradient.
/// - Source: Lin, Chen and Yan 2014, arXiv:1312.4400, section 3.2.
public struct GlobalAveragePool: Layer {
  private var pool = AdaptiveAveragePool(1)

  /// Creates the layer.
  public init() {}

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try imageShape(kind, input)
    return [input[0], 1, 1]
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    pool.forward(input, into: &output, in: &pass)
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    pool.backward(outputGradient, input: input, output: output, into: &inputGradient)
  }
}

/// Global max pooling: the largest pixel of each channel; if several are equal, the first receives the gradient.
///
/// Shapes: [N, C, H, W] → [N, C, 1, 1].
public struct GlobalMaxPool: Layer {
  /// Creates the layer.
  public init() {}

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try imageShape(kind, input)
    return [input[0], 1, 1]
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    demand(input.shape.rank == 4, "GlobalMaxPool: [N, C, H, W] expected, got \(input.shape)")
    output.resize(to: Shape(input.shape[0], input.shape[1], 1, 1))
    let area = input.shape[2] * input.shape[3]
    input.withUnsafeElements { x in
      output.withUnsafeMutableElements { y in
        for plane in 0..<y.count { y[plane] = x[plane * area + largest(x, plane * area, area)] }
      }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    let area = input.shape[2] * input.shape[3]
    input.withUnsafeElements { x in
      outputGradient.withUnsafeElements { dy in
        inputGradient.withUnsafeMutableElements { dx in
          dx.update(repeating: 0)
          for plane in 0..<dy.count { dx[plane * area + largest(x, plane * area, area)] = dy[plane] }
        }
      }
    }
  }

  /// The index of the first largest of `count` numbers; a NaN counts as the largest.
  private func largest(_ x: UnsafeBufferPointer<Float>, _ start: Int, _ count: Int) -> Int {
    var best = 0
    for i in 1..<max(1, count) where !(x[start + i] <= x[start + best]) && !x[start + best].isNaN { best = i }
    return best
  }
}

/// Average pooling to a given size, for images of any size.
///
/// Shapes: [N, C, H, W] → [N, C, H′, W′]. Output row i is the mean of the rows from ⌊i·H/H′⌋ up to but not including
/// ⌈(i + 1)·H/H′⌉, and likewise for columns. All windows have the same size if H′ divides H; otherwise their sizes
/// differ by one row, and neighbouring windows may share a row. If H′ > H, rows are repeated.
public struct AdaptiveAveragePool: Layer {
  /// H′×W′.
  public let size: Extent

  /// Creates a layer.
  public init(_ size: Extent) {
    self.size = size
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try refuse(kind, unless: size.height > 0 && size.width > 0, "a size of at least 1×1", "\(size) has no pixel", input)
    try imageShape(kind, input)
    return [input[0], size.height, size.width]
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    demand(input.shape.rank == 4, "AdaptiveAveragePool: [N, C, H, W] expected, got \(input.shape)")
    output.resize(to: Shape(input.shape[0], input.shape[1], size.height, size.width))
    let width = input.shape[3]
    input.withUnsafeElements { x in
      output.withUnsafeMutableElements { y in
        forEachWindow(input.shape) { place, rows, columns, corner in
          var sum = 0.0
          for row in rows { for column in columns { sum += Double(x[corner + row * width + column]) } }
          y[place] = Float(sum / Double(rows.count * columns.count))
        }
      }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    let width = input.shape[3]
    outputGradient.withUnsafeElements { dy in
      inputGradient.withUnsafeMutableElements { dx in
        dx.update(repeating: 0)
        forEachWindow(input.shape) { place, rows, columns, corner in
          let share = dy[place] / Float(rows.count * columns.count)
          for row in rows { for column in columns { dx[corner + row * width + column] += share } }
        }
      }
    }
  }

  /// Visits each output element: its index, the rows and columns it covers, and the offset of its channel in the input.
  private func forEachWindow(
    _ shape: Shape, _ visit: (_ place: Int, _ rows: Range<Int>, _ columns: Range<Int>, _ corner: Int) -> Void
  ) {
    func bin(_ i: Int, _ size: Int, _ bins: Int) -> Range<Int> { i * size / bins..<((i + 1) * size + bins - 1) / bins }
    let columns = (0..<size.width).map { bin($0, shape[3], size.width) }
    var place = 0
    for plane in 0..<shape[0] * shape[1] {
      for i in 0..<size.height {
        let rows = bin(i, shape[2], size.height)
        for j in 0..<size.width {
          visit(place, rows, columns[j], plane * shape[2] * shape[3])
          place += 1
        }
      }
    }
  }
}

/// Throws unless `input` is an image with at least one pixel.
private func imageShape(_ kind: String, _ input: Shape) throws(ShapeError) {
  guard input.rank == 3, input.count > 0 else {
    throw ShapeError(
      kind, expected: "[channels, height, width]", received: input, arithmetic: imageArithmetic(input, channels: nil))
  }
}
