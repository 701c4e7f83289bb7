// The largest curvature of a linear unit, which limits its learning rate.

import Foundation
import Workbook

/// The largest curvatures of linear units on digits whose means differ.
struct SpectrumFindings: Codable, Sendable {
  var rows: [Spectrum]

  /// The row of a method on black paper, or of raw pixels on white paper.
  func row(_ method: Method, onWhite isWhite: Bool = false) -> Spectrum? {
    rows.first { $0.method == method && $0.isWhite == isWhite }
  }
}

/// The largest eigenvalue of H = E[x̃ x̃ᵀ] for one preparation, where x̃ has a 1 at its end for the bias.
struct Spectrum: Codable, Sendable {
  var method: Method
  /// Whether the digits are black on white.
  var isWhite: Bool
  var largest: Double
}

extension SpectrumFindings {
  /// The digits with four means: of each pixel 0, of all pixels 0, raw, and raw on white paper.
  init(_ train: TensorSamples, _ fits: Fits) throws {
    let ways = [(Method.meanImage, false), (.channelMean, false), (.raw, false), (.raw, true)]
    self.init(
      rows: try inParallel(ways.count) { index in
        let (method, isWhite) = ways[index]
        let inputs = (isWhite ? inverted(train) : train.prepared(by: fits[method])).inputs
        return Spectrum(method: method, isWhite: isWhite, largest: rounded(curvatures(inputs)[0], digits: 3))
      })
  }
}

/// All eigenvalues of H = E[x̃ x̃ᵀ], the largest first, where x̃ is a sample of [N, …] with a 1 at its end.
func curvatures(_ samples: Tensor) -> [Double] {
  let (count, width) = (samples.shape[0], samples.count / samples.shape[0])
  // Each row and its negative: their mean is 0, and so their covariance is H.
  let x = samples.elements
  var both: [Float] = []
  for sign: Float in [1, -1] {
    for n in 0..<count { both += x[n * width..<(n + 1) * width].map { sign * $0 } + [sign] }
  }
  return PrincipalComponents.fit(Tensor([2 * count, width + 1], both)).variances.map { Double($0) }
}
