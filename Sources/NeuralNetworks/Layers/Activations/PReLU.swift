// The parametric ReLU, which learns its slope on the negative side.

import Tensors

/// The parametric rectified linear unit: y = x where x > 0, α·x elsewhere, with α learned; ∂L/∂α = Σ ∂L/∂y·x over x ≤ 0.
///
/// Shapes: any, unchanged; α is [1], or [C] with one value for each channel of [N, C, …].
/// One of the workbook's sources writes max(αx, x), which is the same only for α ≤ 1.
/// - Source: He et al. 2015, arXiv:1502.01852, eq. 1 and 3; α starts at 0.25 and has no weight decay.
public struct PReLU: Layer {
  /// α, [1] or [C].
  public var weight: Parameter
  /// The initial value of α.
  public let initialSlope: Float

  /// Creates a layer with one slope for all channels, or one for each of `channels`.
  public init(channels: Int = 1, initialSlope: Float = 0.25) {
    self.initialSlope = initialSlope
    weight = Parameter(Tensor([max(0, channels)], repeating: initialSlope), decays: false)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    let slopes = weight.value.count
    try refuse(kind, unless: slopes > 0, "a slope", "the negative side has none", input)
    guard slopes == 1 || (input.rank > 0 && input[0] == slopes) else {
      throw ShapeError(kind, expected: "\(slopes) channels, one for each slope", received: input)
    }
    return input
  }

  public mutating func initialize(using generator: inout SeededGenerator) { weight.value.fill(initialSlope) }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output.resize(to: input.shape)
    let slopes = weight.value.elements
    forEachRun(input.shape, slopes.count) { start, count, channel in
      let slope = slopes[channel]
      input.withUnsafeElements { x in
        output.withUnsafeMutableElements { y in
          for i in start..<start + count { y[i] = x[i] > 0 ? x[i] : slope * x[i] }
        }
      }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    let slopes = weight.value.elements
    var slopeGradients = [Double](repeating: 0, count: slopes.count)
    let needsInputGradient = !inputGradient.isEmpty
    forEachRun(input.shape, slopes.count) { start, count, channel in
      let slope = slopes[channel]
      input.withUnsafeElements { x in
        outputGradient.withUnsafeElements { dy in
          slopeGradients[channel] += slopeGradient(x, dy, start, count)
          if needsInputGradient {
            inputGradient.withUnsafeMutableElements { dx in
              for i in start..<start + count { dx[i] = x[i] > 0 ? dy[i] : slope * dy[i] }
            }
          }
        }
      }
    }
    weight.gradient = Tensor(weight.value.shape, slopeGradients.map(Float.init))
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit("weight", &weight)
  }

  /// Σ dy·x over x ≤ 0, in eight partial sums that are added at the end.
  private func slopeGradient(
    _ x: UnsafeBufferPointer<Float>, _ dy: UnsafeBufferPointer<Float>, _ start: Int, _ count: Int
  ) -> Double {
    guard let xs = x.baseAddress, let dys = dy.baseAddress else { return 0 }
    var (sums, i) = (SIMD8<Double>(), start)
    while i + 8 <= start + count {
      let x = UnsafeRawPointer(xs + i).loadUnaligned(as: SIMD8<Float>.self)
      let dy = UnsafeRawPointer(dys + i).loadUnaligned(as: SIMD8<Float>.self)
      sums += SIMD8<Double>((dy * x).replacing(with: 0, where: x .> 0))
      i += 8
    }
    let rest = (i..<start + count).reduce(0.0) { $0 + (x[$1] > 0 ? 0 : Double(dy[$1] * x[$1])) }
    return sums.sum() + rest
  }

  /// Visits the runs of memory that share a slope: the whole tensor, or one channel of one sample at a time.
  private func forEachRun(_ shape: Shape, _ slopes: Int, _ visit: (_ start: Int, _ count: Int, _ channel: Int) -> Void)
  {
    if slopes == 1 { return visit(0, shape.count, 0) }
    let positions = shape.positions
    for run in 0..<shape[0] * slopes { visit(run * positions, positions, run % slopes) }
  }
}
