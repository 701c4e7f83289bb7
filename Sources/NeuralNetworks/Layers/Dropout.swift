// Dropout: units dropped at random.

import Tensors

/// Dropout: in training, each value is set to 0 with probability p, independently of the others.
///
/// Inverted dropout (the usual form) divides the kept values by 1 − p, and inference changes nothing. The original form
/// leaves them unchanged, and inference multiplies by 1 − p. Shapes: any, unchanged.
/// - Source: Srivastava et al. 2014, JMLR 15, section 4 (original) and section 10 (inverted).
public struct Dropout: Layer {
  /// p, in [0, 1).
  public let rate: Float
  /// Whether the values are scaled in training rather than in inference.
  public let isInverted: Bool
  /// 1 for each kept value, 0 for each dropped one; drawn in every training pass, or given.
  public private(set) var mask = Tensor.empty
  private let isGiven: Bool
  private var wasTraining = false

  /// Creates a layer that drops each value with probability `rate`.
  public init(dropping rate: Float, inverted isInverted: Bool = true) {
    self.init(rate, isInverted, nil)
  }

  /// Creates a layer that uses the given `mask` in every training pass: for tests and explanations.
  public init(dropping rate: Float, mask: Tensor) { self.init(rate, true, mask) }

  private init(_ rate: Float, _ isInverted: Bool, _ mask: Tensor?) {
    demand(rate >= 0 && rate < 1, "Dropout: the rate must lie in [0, 1), got \(rate)")
    self.rate = rate
    self.isInverted = isInverted
    isGiven = mask != nil
    self.mask = mask ?? .empty
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output.resize(to: input.shape)
    wasTraining = pass.mode == .training
    if wasTraining && !isGiven {
      mask.resize(to: input.shape)
      mask.withUnsafeMutableElements { pass.generator.fillMask($0, dropping: rate, keeping: 1) }
    }
    demand(!wasTraining || mask.count == input.count, "Dropout: a mask of \(input.shape) expected, got \(mask.shape)")
    apply(to: input, into: &output)
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    apply(to: outputGradient, into: &inputGradient)
  }

  /// Masks and scales values or gradients: the layer is linear, so both are treated alike.
  private func apply(to source: Tensor, into target: inout Tensor) {
    let isTraining = wasTraining
    let scale: Float =
      isTraining ? (isInverted ? 1 / (1 - rate) : 1) : (isInverted ? 1 : 1 - rate)
    source.withUnsafeElements { x in
      target.withUnsafeMutableElements { y in
        mask.withUnsafeElements { mask in
          for i in 0..<y.count {
            y[i] = isTraining && mask[i] == 0 ? 0 : x[i] * scale
          }
        }
      }
    }
  }
}
