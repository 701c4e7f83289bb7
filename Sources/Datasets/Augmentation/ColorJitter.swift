// AlexNet's colour jitter.

import Tensors

/// Adds one random colour to all pixels of an image, along the directions in which the colours of the training set vary.
///
/// The operation adds P·(α₁λ₁, α₂λ₂, α₃λ₃)ᵀ to each pixel. The columns of P and the λ are the eigenvectors and
/// eigenvalues of the 3×3 covariance of the training set's colours, and each α ~ N(0, 0.1²) is drawn once for each
/// image. The identity of an object does not depend on the colour and intensity of the light.
///
/// The paper does not state the scale of the pixels. It matters, because λ is proportional to its square: here the
/// values lie between 0 and 1, as everywhere in this module. Grey images have one direction, and the operation changes
/// their brightness.
///
/// - Source: Krizhevsky et al. 2012, section 4.1, which reports a top-1 error lower by over 1 %.
public struct ColorJitter: ImageOperation, Hashable {
  /// The directions as rows of length 1, [C, C], in order of decreasing eigenvalue.
  public let directions: Tensor
  /// The eigenvalues in decreasing order, for values from 0 to 1.
  public let eigenvalues: [Float]
  /// The standard deviation of α.
  public let standardDeviation: Float

  /// Fits the directions to the colours of a training set.
  ///
  /// - Parameters:
  ///   - train: the training set; at least one image.
  ///   - standardDeviation: the standard deviation of α, not negative; 0.1 in the paper.
  public static func fit(_ train: Dataset, standardDeviation: Float = 0.1) -> ColorJitter {
    demand(train.count > 0, "ColorJitter: fit needs at least 1 image, got 0")
    demand(standardDeviation >= 0, "ColorJitter: the deviation must not be negative, got \(standardDeviation)")
    let (channels, plane) = (train.imageShape[0], train.imageShape[1] * train.imageShape[2])
    // Integer sums over bytes are exact: 255²·2⁴⁷ still fits into an Int.
    var sums = [Int](repeating: 0, count: channels)
    var products = [Int](repeating: 0, count: channels * channels)
    train.pixels.withUnsafeBufferPointer { pixels in
      for a in 0..<channels {
        for b in 0...a {
          var (sum, product) = (0, 0)
          for start in stride(from: 0, to: pixels.count, by: channels * plane) {
            for i in start..<start + plane {
              sum += Int(pixels[i + a * plane])
              product += Int(pixels[i + a * plane]) * Int(pixels[i + b * plane])
            }
          }
          sums[a] = sum
          products[a * channels + b] = product
          products[b * channels + a] = product
        }
      }
    }
    let count = Double(train.count * plane)
    let covariance = products.indices.map { i in
      let (a, b) = (i / channels, i % channels)
      return (Double(products[i]) / count - Double(sums[a]) / count * Double(sums[b]) / count) / (255 * 255)
    }
    let eigen = SymmetricEigen(covariance, size: channels)
    return ColorJitter(
      directions: Tensor([channels, channels], eigen.vectors.map { Float($0) }),
      eigenvalues: eigen.values.map { Float(max(0, $0)) }, standardDeviation: standardDeviation)
  }

  public var name: String { "colour jitter" }

  public func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
    let channels = eigenvalues.count
    demand(
      image.shape.rank == 3 && image.shape[0] == channels,
      "ColorJitter: was fitted on \(channels) channels, receives an image \(image.shape)")
    var color = [Float](repeating: 0, count: channels)
    for k in 0..<channels {
      let strength = standardDeviation * generator.nextNormal() * eigenvalues[k]
      for c in 0..<channels { color[c] += strength * directions.elements[k * channels + c] }
    }
    let plane = image.shape[1] * image.shape[2]
    image.withUnsafeMutableElements { x in
      for i in x.indices { x[i] += color[i / plane] }
    }
  }
}
