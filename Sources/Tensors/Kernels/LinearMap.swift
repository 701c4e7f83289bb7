// The three products of a fully connected layer: forward, and the gradients of the weights and the input.

/// y = x·Wᵀ + b for a batch, and its gradients.
///
/// | | A: broadcast | B: in lanes | sum over |
/// |---|---|---|---|
/// | y[n, j] = b[j] + Σᵢ x[n, i]·W[j, i] | a sample | weights of 16 units | inputs |
/// | ∂L/∂W[j, i] = Σₙ ∂L/∂y[n, j]·x[n, i] | gradients of a unit | 16 inputs | samples |
/// | ∂L/∂x[n, i] = Σⱼ ∂L/∂y[n, j]·W[j, i] | gradients of a sample | weights of 16 inputs | units |
///
/// With fewer than sixteen samples, packing the weights side by side costs more than it saves: `forward` then computes
/// inner products with the rows of W.
public struct LinearMap: Sendable {
  /// The number of input features.
  public let inputs: Int
  /// The number of units.
  public let outputs: Int

  // Tables of offsets, grown for the largest batch.
  private var counting: [Int] = []
  private var inputRows: [Int] = []
  private var outputRows: [Int] = []
  private let panelOffsets: [Int]

  /// The size of a panel of packed weights: 16 units, 256 inputs at a time.
  private static var width: Int { 16 }
  private static var depth: Int { 256 }

  /// Prepares a map.
  public init(inputs: Int, outputs: Int) {
    self.inputs = inputs
    self.outputs = outputs
    panelOffsets = (0..<max(Self.depth, inputs / Self.width)).map { $0 * Self.width }
  }

  private mutating func prepare(samples: Int) {
    let count = max(samples, inputs, outputs)
    if counting.count >= count { return }
    counting = Array(0..<count)
    inputRows = counting.map { $0 * inputs }
    outputRows = counting.map { $0 * outputs }
  }

  /// Computes y = x·Wᵀ + b.
  ///
  /// - Parameters:
  ///   - input: x, [N, in].
  ///   - weight: W, [out, in].
  ///   - bias: b, [out], or nil.
  ///   - output: y, [N, out], resized and overwritten.
  public mutating func forward(_ input: Tensor, weight: Tensor, bias: Tensor?, into output: inout Tensor) {
    let (samples, inputs, outputs, width) = (input.shape[0], inputs, outputs, Self.width)
    demand(
      input.shape == Shape(samples, inputs) && weight.shape == Shape(outputs, inputs),
      "LinearMap: input [N, \(inputs)] and weights [\(outputs), \(inputs)] expected, got \(input.shape) and \(weight.shape)"
    )
    output.resize(to: Shape(samples, outputs))
    prepare(samples: samples)
    let panelOffsets = panelOffsets
    (bias ?? .empty).withUnsafeElements { bias in
      let bias = bias.isEmpty ? nil : bias.baseAddress
      withOffsets(inputRows, counting) { inputRows, counting in
        withBases(input, weight, &output) { x, w, y in
          if samples < 16 {
            // Six units at a time: their weights stay in the caches throughout the loop over samples. The inputs beyond
            // the last whole piece of sixteen are added one by one.
            let pieces = inputs / width
            withOffsets(panelOffsets, panelOffsets) { pieceTaps, _ in
              Parallel.forEach(chunks: chunks(of: outputs, by: 6), on: (x, y, inputRows, pieceTaps, w, bias)) {
                chunk, memory in
                let (x, y, inputRows, pieceTaps, w, bias) = memory
                let first = chunk * 6
                let units = min(6, outputs - first)
                innerProducts(
                  rows: units, columns: samples, taps: pieces, width: width, a: w, aRows: inputRows + first,
                  aTaps: pieceTaps, b: x, bRows: inputRows, bTaps: pieceTaps, c: y + first, cRow: 1, cColumn: outputs,
                  start: bias.map { .rows($0 + first) } ?? .zero)
                for n in 0..<samples {
                  let (x, y) = (x + n * inputs, y + (n * outputs + first))
                  for i in pieces * width..<inputs {
                    for j in 0..<units { y[j] += x[i] * w[(first &+ j) &* inputs &+ i] }
                  }
                }
              }
            }
            return
          }
          Parallel.forEach(chunks: chunks(of: outputs, by: width), on: (bias, w, counting, inputRows, x, y)) {
            chunk, memory in
            let (bias, w, counting, inputRows, x, y) = memory
            let first = chunk * width
            let units = min(width, outputs - first)
            Scratch.withFloats(width * (Self.depth + samples)) { panel in
              let sums = panel + width * Self.depth
              for n in 0..<samples {
                for j in 0..<width { sums[n &* width &+ j] = j < units ? bias?[first &+ j] ?? 0 : 0 }
              }
              panelOffsets.withUnsafeBufferPointer { panelRows in
                guard let panelRows = panelRows.baseAddress else { return }
                for k in stride(from: 0, to: inputs, by: Self.depth) {
                  let taps = min(Self.depth, inputs - k)
                  Kernels.interleave(
                    rows: units, count: taps, from: w + first * inputs + k, rowStride: inputs, into: panel, width: width
                  )
                  broadcastProduct(
                    rows: samples, taps: taps, columns: width, a: x + k, aRows: inputRows, aTaps: counting, b: panel,
                    bTaps: panelRows, c: sums, cRow: width, start: .present)
                }
              }
              for n in 0..<samples { (y + n * outputs + first).update(from: sums + n * width, count: units) }
            }
          }
        }
      }
    }
  }

  /// Computes ∂L/∂W, [out, in].
  public mutating func weightGradient(_ outputGradient: Tensor, input: Tensor, into weightGradient: inout Tensor) {
    let (samples, inputs, outputs) = (input.shape[0], inputs, outputs)
    prepare(samples: samples)
    withOffsets(counting, outputRows) { counting, outputRows in
      withOffsets(inputRows, inputRows) { inputRows, _ in
        withBases(outputGradient, input, &weightGradient) { dy, x, dw in
          Parallel.forEach(chunks: chunks(of: outputs, by: 12), on: (counting, dy, dw, inputRows, outputRows, x)) {
            chunk, memory in
            let (counting, dy, dw, inputRows, outputRows, x) = memory
            let first = chunk * 12
            broadcastProduct(
              rows: min(12, outputs - first), taps: samples, columns: inputs, a: dy + first, aRows: counting,
              aTaps: outputRows, b: x, bTaps: inputRows, c: dw + first * inputs, cRow: inputs)
          }
        }
      }
    }
  }

  /// Computes ∂L/∂b[j] = Σₙ ∂L/∂y[n, j]; an empty gradient is left unchanged.
  public func biasGradient(_ outputGradient: Tensor, into biasGradient: inout Tensor) {
    if biasGradient.isEmpty { return }
    let outputs = outputs
    biasGradient.fill(0)
    withBases(outputGradient, &biasGradient) { dy, db in
      for n in 0..<outputGradient.shape[0] {
        for j in 0..<outputs { db[j] += dy[n &* outputs &+ j] }
      }
    }
  }

  /// Computes ∂L/∂x, [N, in].
  public mutating func inputGradient(_ outputGradient: Tensor, weight: Tensor, into inputGradient: inout Tensor) {
    let (samples, inputs, outputs) = (outputGradient.shape[0], inputs, outputs)
    prepare(samples: samples)
    withOffsets(counting, outputRows) { counting, outputRows in
      withOffsets(inputRows, inputRows) { inputRows, _ in
        withBases(outputGradient, weight, &inputGradient) { dy, w, dx in
          Parallel.forEach(chunks: chunks(of: samples, by: 6), on: (dy, outputRows, counting, dx, inputRows, w)) {
            chunk, memory in
            let (dy, outputRows, counting, dx, inputRows, w) = memory
            let first = chunk * 6
            broadcastProduct(
              rows: min(6, samples - first), taps: outputs, columns: inputs, a: dy + first * outputs,
              aRows: outputRows,
              aTaps: counting, b: w, bTaps: inputRows, c: dx + first * inputs, cRow: inputs)
          }
        }
      }
    }
  }
}
