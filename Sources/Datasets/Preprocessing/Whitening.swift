// Making all directions equal.

import Foundation
import Tensors

/// Whitening: rotates inputs to their principal components and divides each by its standard deviation.
///
/// zₖ = (U·(x − μ))ₖ / √(λₖ + ε). The features are uncorrelated and, where λₖ ≫ ε, have variance λₖ/(λₖ + ε) ≈ 1.
/// ε keeps directions in which the training set hardly varies from being blown up to nothing but noise: for pixels from 0
/// to 1 about 0.01 to 0.1.
///
/// With `rotatesBack` the result is turned back, x′ = Uᵀ·z: still white, and of all whitenings the one closest to the
/// inputs, so a whitened image still looks like one (edges). That is called ZCA.
///
/// - Source: Bell and Sejnowski 1997, doi:10.1016/S0042-6989(97)00121-1; Krizhevsky 2009, "Learning multiple layers of
///   features from tiny images", appendix A; Kessy, Lewin and Strimmer 2018, doi:10.1080/00031305.2016.1277159.
public struct Whitening: Preprocessing, Hashable {
  /// The components and their variances.
  public let principal: PrincipalComponents
  /// ε, not negative.
  public let epsilon: Float
  /// Whether the result is turned back into the space of the inputs.
  public let rotatesBack: Bool

  public var name: String { rotatesBack ? "ZCA whitening" : "whitening" }

  /// Fits with ε = 1e-5, not turned back.
  public static func fit(_ train: Tensor) -> Whitening { fit(train, epsilon: 1e-5) }

  /// Fits a whitening.
  ///
  /// - Parameters:
  ///   - train: [N, …], at least one sample.
  ///   - epsilon: is added to each variance; not negative. With 0, directions without any variance become 0.
  ///   - count: how many components to keep; all of them where it is nil.
  ///   - rotatesBack: whether to turn the result back (ZCA).
  public static func fit(
    _ train: Tensor, epsilon: Float, components count: Int? = nil, rotatesBack: Bool = false
  ) -> Whitening {
    Whitening(PrincipalComponents.fit(train, components: count), epsilon: epsilon, rotatesBack: rotatesBack)
  }

  /// Whitens along components that are already known: to try several ε on one fit.
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

  /// 1/√(λₖ + ε), and 0 for directions that hold nothing but rounding: √(1e-10·λ₁) there would be pure noise.
  private var scales: [Float] {
    let floor = (principal.variances.first ?? 0) * 1e-7
    return principal.variances.map { variance in
      variance + epsilon > floor ? 1 / (variance + epsilon).squareRoot() : 0
    }
  }
}
