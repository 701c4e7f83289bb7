// Whitening: equal variance in all directions.

import Foundation
import Tensors

/// Whitening: rotates inputs to their principal components and divides each by its standard deviation.
///
/// zₖ = (U·(x − μ))ₖ / √(λₖ + ε). The features are uncorrelated and, if λₖ ≫ ε, have variance λₖ/(λₖ + ε) ≈ 1.
/// ε prevents the amplification of noise in directions in which the training set hardly varies; for pixels from 0 to 1,
/// about 0.01 to 0.1 is suitable.
///
/// With `rotatesBack` the result is rotated back, x′ = Uᵀ·z. It is still white and, of all whitening transforms, the
/// closest to the inputs, so a whitened image is still recognizable, with emphasized edges. This is called ZCA.
///
/// - Source: Bell and Sejnowski 1997, doi:10.1016/S0042-6989(97)00121-1; Krizhevsky 2009, "Learning multiple layers of
///   features from tiny images", appendix A; Kessy, Lewin and Strimmer 2018, doi:10.1080/00031305.2016.1277159.
public struct Whitening: Preprocessing, Hashable {
  /// The components and their variances.
  public let principal: PrincipalComponents
  /// ε, not negative.
  public let epsilon: Float
  /// Whether the result is rotated back into the space of the inputs.
  public let rotatesBack: Bool

  public var name: String { rotatesBack ? "ZCA whitening" : "whitening" }

  /// Fits with ε = 1e-5, without rotating back.
  public static func fit(_ train: Tensor) -> Whitening { fit(train, epsilon: 1e-5) }

  /// Fits a whitening.
  ///
  /// - Parameters:
  ///   - train: [N, …], at least one sample.
  ///   - epsilon: ε, which is added to each variance; not negative. With 0, directions without variance become 0.
  ///   - count: the number of components to keep; nil for all.
  ///   - rotatesBack: whether to rotate the result back (ZCA).
  public static func fit(
    _ train: Tensor, epsilon: Float, components count: Int? = nil, rotatesBack: Bool = false
  ) -> Whitening {
    Whitening(PrincipalComponents.fit(train, components: count), epsilon: epsilon, rotatesBack: rotatesBack)
  }

  /// Creates a whitening from known components, for example to try several ε with one fit.
  public init(_ principal: PrincipalComponents, epsilon: Float, rotatesBack: Bool = false) {
    demand(epsilon >= 0, "Whitening: epsilon must not be negative, got \(epsilon)")
    self.principal = principal
    self.epsilon = epsilon
    self.rotatesBack = rotatesBack
  }

  public func outputShape(for sample: Shape) -> Shape {
    rotatesBack ? sample : principal.outputShape(for: sample)
  }

  public func apply(to inputs: inout Tensor) {
    var scores = principal.project(inputs)  // [N, K]
    let scale = scales
    scores.withUnsafeMutableElements { z in
      for row in stride(from: 0, to: z.count, by: scale.count) {
        for k in scale.indices { z[row + k] *= scale[k] }
      }
    }
    if rotatesBack {
      inputs = Kernels.matrixMultiply(scores, principal.components).reshaped(to: inputs.shape)
    } else {
      inputs = scores
    }
  }

  /// 1/√(λₖ + ε), or 0 for directions that contain only rounding errors.
  private var scales: [Float] {
    let floor = (principal.variances.first ?? 0) * 1e-7
    return principal.variances.map { variance in
      variance + epsilon > floor ? 1 / (variance + epsilon).squareRoot() : 0
    }
  }
}
