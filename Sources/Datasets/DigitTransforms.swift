// MNIST, with 60,000 training and 10,000 test digits: the transforms of its pixels.

/// The MNIST database of handwritten digits: 28×28 grey images of the ten digits.
///
/// - Source: LeCun, Cortes and Burges 1998; LeCun et al. 1998, doi:10.1109/5.726791.
public enum MNIST {
  /// The mean of all training pixels, on the scale 0 … 1.
  public static let mean: Float = 0.1307
  /// The standard deviation of all training pixels, on the scale 0 … 1.
  public static let standardDeviation: Float = 0.3081
}

extension PixelTransform {
  /// As in the system that produced the LeNet table in the sources: standardized, then padded with zeros to 32×32.
  public static let lenet = PixelTransform(
    mean: [MNIST.mean], standardDeviation: [MNIST.standardDeviation], padding: 2, padsAfterShift: true)
  /// Standardized with MNIST's mean and standard deviation, without a border: [N, 1, 28, 28].
  public static let standardized = PixelTransform(mean: [MNIST.mean], standardDeviation: [MNIST.standardDeviation])
  /// Scaled to the range from 0 to 1, and padded to 32×32.
  public static let unitPadded = PixelTransform(padding: 2)
}
