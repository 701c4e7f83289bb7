// A convolution whose filters see only some of the channels: LeNet-5's third layer as published in 1998.

import Tensors

/// Which input channels each filter of a ``TableConv2D`` sees.
///
///     ConnectionTable.lenet5.inputsOfFilter[0]     // [0, 1, 2]
///     ConnectionTable.lenet5.connectionCount       // 60 of 96
public struct ConnectionTable: Hashable, Sendable {
  /// The number of input channels C.
  public let inputs: Int
  /// The channels that each filter sees, in ascending order.
  public let inputsOfFilter: [[Int]]

  /// Creates a table.
  ///
  /// - Precondition: every filter sees at least one channel; channels ascend and lie in 0..<inputs.
  public init(inputs: Int, inputsOfFilter: [[Int]]) {
    demand(inputs > 0 && !inputsOfFilter.isEmpty, "ConnectionTable: channels and filters expected, got none")
    for (filter, channels) in inputsOfFilter.enumerated() {
      demand(
        !channels.isEmpty && channels.allSatisfy { 0..<inputs ~= $0 } && Set(channels).sorted() == channels,
        "ConnectionTable: filter \(filter) needs ascending channels within 0..<\(inputs), got \(channels)")
    }
    self.inputs = inputs
    self.inputsOfFilter = inputsOfFilter
  }

  /// The number of filters M.
  public var outputs: Int { inputsOfFilter.count }

  /// The number of connections: pairs of a channel and a filter that sees it.
  public var connectionCount: Int { inputsOfFilter.reduce(0) { $0 + $1.count } }

  /// The table of LeNet-5's layer C3: six filters see three neighbouring maps, six see four neighbouring maps, three
  /// see four maps in two pairs, and one sees all six. With 60 of 96 connections, the filters cannot all learn the
  /// same, and the layer is smaller: 60·25 + 16 = 1,516 parameters instead of 2,416.
  ///
  /// ```
  /// map   0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
  ///  0    X           X  X  X        X  X  X  X     X  X
  ///  1    X  X           X  X  X        X  X  X  X     X
  ///  2    X  X  X           X  X  X        X     X  X  X
  ///  3       X  X  X        X  X  X  X        X     X  X
  ///  4          X  X  X        X  X  X  X     X  X     X
  ///  5             X  X  X        X  X  X  X     X  X  X
  /// ```
  /// - Source: LeCun et al. 1998, doi:10.1109/5.726791, table I.
  public static let lenet5 = ConnectionTable(
    inputs: 6,
    inputsOfFilter: [
      [0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [0, 4, 5], [0, 1, 5],
      [0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [0, 3, 4, 5], [0, 1, 4, 5], [0, 1, 2, 5],
      [0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5],
      [0, 1, 2, 3, 4, 5],
    ])
}

/// A convolution with a connection table: y[m] = b[m] + Σ w[m, c] ⋆ x[c] over the channels c that filter m sees.
///
/// Shapes: [N, C, H, W] → [N, M, H′, W′], as in ``Conv2D``. Only connections have weights: [connections, kernel height,
/// kernel width], ordered by filter, then by channel; biases [M].
/// The dense kernel computes the sum, with zeros where the table has no connection. The zeros are not parameters, do
/// not learn, and do not count as multiply-adds.
/// - Source: LeCun et al. 1998, doi:10.1109/5.726791, section II.B.
public struct TableConv2D: Layer {
  /// Which channels each filter sees.
  public let table: ConnectionTable
  /// Kernel, stride, padding, dilation.
  public var window: Window { dense.window }
  /// The kernels, one for each connection: [connections, kernel height, kernel width].
  public var weight: Parameter
  /// b, [M].
  public var bias: Parameter
  /// The distribution of the initial weights; each filter's fan-in counts only the channels it sees.
  public var initializer: Initializer

  /// The same convolution with all connections, and zeros for the missing ones.
  private var dense: Conv2D

  /// Creates a layer whose weights are 0; the enclosing model initializes them.
  public init(
    _ table: ConnectionTable, kernel: Extent, stride: Extent = 1, padding: Padding = 0,
    initializer: Initializer = .lecunUniform
  ) {
    self.table = table
    self.initializer = initializer
    dense = Conv2D(table.inputs, table.outputs, kernel: kernel, stride: stride, padding: padding)
    weight = Parameter([table.connectionCount, kernel.height, kernel.width])
    bias = Parameter([table.outputs], decays: false)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    do throws(ShapeError) {
      return try dense.outputShape(for: input)
    } catch {
      throw ShapeError(kind, expected: error.expected, received: error.received, arithmetic: error.arithmetic)
    }
  }

  public func multiplyAdds(for input: Shape) -> Int {
    dense.multiplyAdds(for: input) / (table.inputs * table.outputs) * table.connectionCount
  }

  public mutating func initialize(using generator: inout SeededGenerator) {
    var first = 0
    for channels in table.inputsOfFilter {
      var kernels = Tensor(zeros: [channels.count, window.kernel.height, window.kernel.width])
      // The average number of filters that an input channel reaches.
      let reached = table.connectionCount / table.inputs
      initializer.fill(
        &kernels, fans: Fans(fanIn: channels.count * area, fanOut: reached * area), using: &generator)
      weight.value.withUnsafeMutableElements { w in
        for (offset, value) in kernels.elements.enumerated() { w[first + offset] = value }
      }
      first += kernels.count
    }
    bias.value.fill(0)
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    // The missing connections stay 0: only the weights of connections are ever written.
    let (connections, area) = (connections, area)
    weight.value.withUnsafeElements { w in
      dense.weight.value.withUnsafeMutableElements { full in
        for (kernel, place) in connections {
          for i in 0..<area { full[place + i] = w[kernel + i] }
        }
      }
    }
    dense.bias?.value = bias.value
    dense.forward(input, into: &output, in: &pass)
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    dense.backward(outputGradient, input: input, output: output, into: &inputGradient)
    let (connections, area) = (connections, area)
    weight.gradient.withUnsafeMutableElements { dw in
      dense.weight.gradient.withUnsafeElements { full in
        for (kernel, place) in connections {
          for i in 0..<area { dw[kernel + i] = full[place + i] }
        }
      }
    }
    if let gradient = dense.bias?.gradient { bias.gradient = gradient }
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit("weight", &weight)
    try visit("bias", &bias)
  }

  /// The number of taps of one kernel.
  private var area: Int { window.kernel.area }

  /// The offset of each connection's kernel in `weight`, and in the dense weights [M, C, kernel height, kernel width].
  private var connections: [(kernel: Int, place: Int)] {
    let places = table.inputsOfFilter.enumerated().flatMap { filter, channels in
      channels.map { (filter * table.inputs + $0) * area }
    }
    return places.enumerated().map { ($0.offset * area, $0.element) }
  }
}
