// Principal component analysis: projection onto the directions of greatest variance.

import Tensors

/// Principal component analysis: z = U·(x − μ), with the eigenvectors of the covariance as the rows of U.
///
/// The covariance is Σ = (1/N) Σₙ (xₙ − μ)(xₙ − μ)ᵀ over the flattened training samples, and Σ·uₖ = λₖ·uₖ with
/// λ₁ ≥ λ₂ ≥ …. After the projection the features are uncorrelated, and feature k has variance λₖ. With K < D
/// components it is the linear map to K numbers from which the samples can be reconstructed with the smallest mean
/// squared error, Σ_{k>K} λₖ.
///
/// Eigenvectors are determined only up to sign; here the entry of largest magnitude is positive.
/// The cost of fitting is proportional to D³: a second for the 784 pixels of MNIST, but far too long for the 150,528
/// values of an ImageNet image. This is one reason why image networks usually only centre their inputs.
///
/// - Source: Pearson 1901, doi:10.1080/14786440109462720; Hotelling 1933, doi:10.1037/h0071325.
public struct PrincipalComponents: Preprocessing, Hashable {
  /// The mean sample μ, with the shape of one sample.
  public let mean: Tensor
  /// U: the K components as rows of length 1, [K, D].
  public let components: Tensor
  /// The variance λₖ of the training samples along each component, in decreasing order, never negative.
  public let variances: [Float]
  /// The sum of all D variances, including those along omitted components.
  public let totalVariance: Float

  public var name: String { "PCA" }

  public static func fit(_ train: Tensor) -> PrincipalComponents { fit(train, components: nil) }

  /// Fits the leading components.
  ///
  /// - Parameters:
  ///   - train: [N, …], at least one sample.
  ///   - count: the number of components to keep, 1 … D; nil for all.
  public static func fit(_ train: Tensor, components count: Int?) -> PrincipalComponents {
    demandSamples(train, "PrincipalComponents")
    let mean = MeanImage.fit(train)
    let width = mean.mean.count
    let kept = count ?? width
    demand(
      (1...width).contains(kept),
      "PrincipalComponents: samples of \(width) numbers have 1…\(width) components, got \(kept)"
    )
    let eigen = SymmetricEigen(covariance(train, centeredBy: mean), size: width)
    // Rounding may turn variances of 0 into tiny negative numbers.
    let variances = eigen.values.map { Float(max(0, $0)) }
    return PrincipalComponents(
      mean: mean.mean, components: Tensor([kept, width], eigen.vectors.prefix(kept * width).map { Float($0) }),
      variances: Array(variances.prefix(kept)), totalVariance: Float(eigen.values.reduce(0) { $0 + max(0, $1) }))
  }

  public func outputShape(for sample: Shape) -> Shape { [variances.count] }

  public func apply(to inputs: inout Tensor) { inputs = project(inputs) }

  /// The coordinates of inputs [N, …] along the components, [N, K].
  func project(_ inputs: Tensor) -> Tensor {
    let centered = MeanImage(mean: mean).apply(inputs).reshaped(to: [inputs.shape[0], mean.count])
    return Kernels.matrixMultiply(centered, components.transposed)  // [N, D] · [D, K]
  }

  /// The samples with the given coordinates: x = μ + Uᵀ·z.
  ///
  /// - Parameter scores: [N, K].
  /// - Returns: [N, …], with the shape of the training samples.
  public func reconstruct(_ scores: Tensor) -> Tensor {
    demand(
      scores.shape.rank == 2 && scores.shape[1] == variances.count,
      "PrincipalComponents: reconstruct expects [N, \(variances.count)], got \(scores.shape)")
    let flat = Kernels.matrixMultiply(scores, components)  // [N, K] · [K, D]
    let result = flat.reshaped(to: mean.shape.batched(scores.shape[0]))
    return MeanImage(mean: mean.map { -$0 }).apply(result)
  }
}

/// (1/N)·XᵀX of the centred samples, [D, D], accumulated in Double over pieces of 2,048 samples.
private func covariance(_ train: Tensor, centeredBy mean: MeanImage) -> [Double] {
  let (count, width) = (train.shape[0], mean.mean.count)
  var sums = [Double](repeating: 0, count: width * width)
  for start in stride(from: 0, to: count, by: 2_048) {
    let rows = min(2_048, count - start)
    let piece = Tensor(
      mean.mean.shape.batched(rows), Array(train.elements[start * width..<(start + rows) * width]))
    let centered = mean.apply(piece).reshaped(to: [rows, width])
    let product = Kernels.matrixMultiply(centered.transposed, centered)
    for (i, value) in product.elements.enumerated() { sums[i] += Double(value) }
  }
  return sums.map { $0 / Double(count) }
}
