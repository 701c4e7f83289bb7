// Solution of exercise 3.2: mean and standard deviation of each channel.

import ExerciseKit

/// Exercise 3.2 · Channel statistics.
public enum Ex03_2_ChannelStatistics: Ex03_2 {
  /// Returns the mean and the standard deviation of each channel, over all training images and all their pixels.
  ///
  /// μ[c] = (1/(N·H·W)) Σ x[n, c, i] and σ[c]² = (1/(N·H·W)) Σ (x[n, c, i] − μ[c])².
  ///
  /// - Parameter train: the training images, [N, C, H, W], at least one.
  /// - Returns: C means and C standard deviations; a constant channel has a standard deviation of 0.
  /// - Source: LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, section 4.3.
  public static func channelStatistics(_ train: Tensor) throws -> (mean: [Float], standardDeviation: [Float]) {
    let channels = train.shape[1]
    let plane = train.shape[2] * train.shape[3]
    let count = Double(train.shape[0] * plane)
    // The elements are stored image by image, channel by channel, so the channel of element i is:
    func channel(_ i: Int) -> Int { i / plane % channels }

    var means = [Double](repeating: 0, count: channels)
    for (i, x) in train.elements.enumerated() { means[channel(i)] += Double(x) / count }
    // In a second pass: the mean of the squares minus the square of the mean would lose digits.
    var variances = [Double](repeating: 0, count: channels)
    for (i, x) in train.elements.enumerated() {
      let distance = Double(x) - means[channel(i)]
      variances[channel(i)] += distance * distance / count
    }
    return (means.map { Float($0) }, variances.map { Float($0.squareRoot()) })
  }
}
