// The fully connected layer.

import Tensors

/// A fully connected layer: y = x·Wᵀ + b.
///
/// Shapes: [N, in] → [N, out]; weights [out, in], biases [out].
/// Weights start from `initializer` (by default LeCun uniform, ±√(3/in)), biases from 0.
public struct Dense: Layer {
  /// The number of input features.
  public let inputs: Int
  /// The number of units.
  public let outputs: Int
  /// W, [out, in]: row j holds the weights of unit j.
  public var weight: Parameter
  /// b, [out], or nil where the layer has none.
  public var bias: Parameter?
  /// Where the weights start.
  public var initializer: Initializer

  /// Creates a layer with weights of 0; the model around it draws them.
  public init(_ inputs: Int, _ outputs: Int, bias: Bool = true, initializer: Initializer = .lecunUniform) {
    demand(inputs > 0 && outputs > 0, "Dense: sizes must be positive, got \(inputs) and \(outputs)")
    self.inputs = inputs
    self.outputs = outputs
    self.initializer = initializer
    weight = Parameter([outputs, inputs])
    self.bias = bias ? Parameter([outputs], decays: false) : nil
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    if input == [inputs] { return [outputs] }
    let arithmetic =
      switch input.rank {
      case 1: "Dense(\(input[0]), \(outputs)) would take them"
      case 0: "a vector has one axis"
      default:
        input.count == inputs
          ? "put Flatten() in front: \(product(input)) = \(inputs)"
          : "Flatten() in front would make \(product(input)) = \(input.count) features of it"
      }
    throw ShapeError(kind, expected: "\(inputs) features", received: input, arithmetic: arithmetic)
  }

  public func multiplyAdds(for input: Shape) -> Int { inputs * outputs }

  public mutating func initialize(using generator: inout SeededGenerator) {
    initializer.fill(&weight.value, using: &generator)
    bias?.value.fill(0)
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let (samples, inputs, outputs) = (input.shape[0], inputs, outputs)
    demand(input.shape == [samples, inputs], "Dense: [N, \(inputs)] expected, got \(input.shape)")
    output.resize(to: [samples, outputs])
    // y[n, j] = b[j] + x[n]·w[j]: inner products of rows.
    Self.withMemory(input, weight.value, bias?.value, rows: outputs, of: inputs, &output) { x, w, b, row, y in
      Self.forEachBlock(of: 20, in: outputs) { first, count in
        dotProducts(
          rows: samples, columns: count, length: inputs, a: x, aRow: inputs, b: w, offsets: row + first, c: y + first,
          cRow: outputs, bias: b.map { $0 + first })
      }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    let (samples, inputs, outputs) = (input.shape[0], inputs, outputs)
    // ∂L/∂W[j, i] = Σₙ ∂L/∂y[n, j] · x[n, i].
    Self.withMemory(outputGradient, input, nil, rows: samples, of: inputs, &weight.gradient) { dy, x, _, row, dw in
      Self.forEachBlock(of: 12, in: outputs) { first, count in
        broadcastProduct(
          rows: count, taps: samples, columns: inputs, a: dy + first, aRow: 1, aTap: outputs, b: x, offsets: row,
          c: dw + first * inputs, cRow: inputs)
      }
    }
    // ∂L/∂b[j] = Σₙ ∂L/∂y[n, j].
    bias?.gradient.withUnsafeMutableElements { db in
      outputGradient.withUnsafeElements { dy in
        db.update(repeating: 0)
        for n in 0..<samples {
          for j in 0..<outputs { db[j] += dy[n * outputs + j] }
        }
      }
    }
    if inputGradient.isEmpty { return }
    // ∂L/∂x[n, i] = Σⱼ ∂L/∂y[n, j] · w[j, i].
    Self.withMemory(outputGradient, weight.value, nil, rows: outputs, of: inputs, &inputGradient) { dy, w, _, row, dx in
      Self.forEachBlock(of: 12, in: samples) { first, count in
        broadcastProduct(
          rows: count, taps: outputs, columns: inputs, a: dy + first * outputs, aRow: outputs, b: w, offsets: row,
          c: dx + first * inputs, cRow: inputs)
      }
    }
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit("weight", &weight)
    try bias?.visit(as: "bias", visit)
  }

  /// Cuts `total` rows into blocks, one chunk each.
  private static func forEachBlock(of size: Int, in total: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    Parallel.forEach(chunks: (total + size - 1) / size) { body($0 * size, min(size, total - $0 * size)) }
  }

  /// Calls `body` with everything in memory, and with the places where `rows` rows of `width` numbers begin.
  private static func withMemory(
    _ a: Tensor, _ b: Tensor, _ bias: Tensor?, rows: Int, of width: Int, _ c: inout Tensor,
    _ body: (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>?, UnsafePointer<Int>, UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: rows) { starts in
      for row in 0..<rows { starts[row] = row * width }
      a.withUnsafeElements { a in
        b.withUnsafeElements { b in
          (bias ?? .empty).withUnsafeElements { bias in
            c.withUnsafeMutableElements { c in
              guard let a = a.baseAddress, let b = b.baseAddress, let starts = starts.baseAddress,
                let c = c.baseAddress
              else { return }
              body(a, b, bias.isEmpty ? nil : bias.baseAddress, starts, c)
            }
          }
        }
      }
    }
  }
}
