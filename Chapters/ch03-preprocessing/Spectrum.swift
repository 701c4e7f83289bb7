// All curvatures of a linear unit that learns digits, and how much of the answer it has learned after some steps.

import Foundation
import Workbook

/// The curvatures of digits, prepared in several ways.
struct SpectrumFindings: Codable, Sendable {
  /// The steps of the nets of the chapter.
  var steps: Int
  /// The pixels that are the same in all images.
  var still: Int
  var rows: [Spectrum]

  /// The places in the sorted eigenvalues that are kept, of `count`, the first and the last among them.
  static func ranks(of count: Int) -> [Int] {
    let places = (0...36).map { Int(pow(Double(count), Double($0) / 36).rounded()) }
    return places.indices.filter { $0 == 0 || places[$0] > places[$0 - 1] }.map { places[$0] }
  }

  /// The row of a method on black paper, or of raw pixels on white paper.
  func row(_ method: Method, onWhite isWhite: Bool = false) -> Spectrum? {
    rows.first { $0.method == method && $0.isWhite == isWhite }
  }
}

/// The eigenvalues of H = E[x̃ x̃ᵀ] for one preparation, where x̃ has a 1 at its end for the bias.
struct Spectrum: Codable, Sendable {
  var method: Method
  /// Whether the digits are black on white.
  var isWhite: Bool
  /// The eigenvalues at the kept ranks, to three digits; the largest alone where they are not drawn.
  var values: [Double]
  /// How many eigenvalues are larger than λmax/steps.
  var learned: Int
  /// After these steps at the rate 1/λmax: the share of what linear units can explain that is not yet learned.
  var left: Double
}

extension Spectrum {
  /// Computes the eigenvalues, and follows the descent of ten linear units, one for each digit, along each direction.
  ///
  /// From w = 0 the unit of a digit has to go g/λ along a direction of curvature λ, where g = E[t x̃] along it, and this
  /// lowers its loss by g²/2λ. After n steps at the rate 1/λmax the share (1 − λ/λmax)²ⁿ of that is left.
  init(_ method: Method, isWhite: Bool, of samples: TensorSamples, steps: Int, isDrawn: Bool) {
    let (count, width) = (samples.count, samples.inputs.count / samples.count + 1)
    var rows = [Float](repeating: 1, count: 2 * count * width)
    var pull = [Float](repeating: 0, count: 10 * width)  // E[t x̃], [10, D + 1]
    samples.inputs.withUnsafeElements { x in
      for n in 0..<count {
        for i in 0..<width - 1 { rows[n * width + i] = x[n * (width - 1) + i] }
        for i in 0..<width {
          // Each row and its negative: their mean is 0, and so their covariance is H.
          rows[(count + n) * width + i] = -rows[n * width + i]
          pull[samples.labels[n] * width + i] += rows[n * width + i] / Float(count)
        }
      }
    }
    let axes = PrincipalComponents.fit(Tensor([2 * count, width], rows))
    let curvatures = axes.variances.map { Double($0) }
    let (components, largest) = (axes.components.elements, curvatures[0])
    var (all, left) = (0.0, 0.0)
    for (k, curvature) in curvatures.enumerated() where curvature > 1e-4 {
      let gain = (0..<10).reduce(0.0) { sum, digit in
        let g = (0..<width).reduce(0.0) {
          $0 + Double(components[k * width + $1]) * Double(pull[digit * width + $1])
        }
        return sum + g * g / curvature
      }
      all += gain
      left += gain * pow(1 - curvature / largest, 2 * Double(steps))
    }
    func kept(_ value: Double) -> Double { value > 1e-4 ? rounded(value, digits: 3) : 0 }
    self.init(
      method: method, isWhite: isWhite,
      values: isDrawn
        ? SpectrumFindings.ranks(of: width).map { kept(curvatures[$0 - 1]) } : [kept(largest)],
      learned: curvatures.count { $0 > largest / Double(steps) }, left: kept(left / all))
  }
}

extension SpectrumFindings {
  /// All ways on black paper, and raw pixels on white paper.
  init(_ train: TensorSamples, _ fits: Fits, steps: Int) throws {
    let ways = Method.allCases.map { ($0, false) } + [(Method.raw, true)]
    let drawn: [Method] = [.raw, .meanImage]
    self.init(
      steps: steps, still: pixelDeviations(train.inputs).count { $0 == 0 },
      rows: try inParallel(ways.count) { index in
        let (method, isWhite) = ways[index]
        return Spectrum(
          method, isWhite: isWhite, of: isWhite ? inverted(train) : train.prepared(by: fits[method]), steps: steps,
          isDrawn: drawn.contains(method))
      })
  }
}

extension LearningExperiment {
  /// The same with curves to five digits: they are only drawn, and a record is to stay small.
  var withShortCurves: LearningExperiment {
    var short = self
    short.curves = curves.map { $0.map { rounded($0, digits: 5) } }
    return short
  }
}

extension Preprocessings.Findings {
  /// The same with short curves.
  var withShortCurves: Self {
    var short = self
    (short.learning, short.convolution, short.ink) =
      (learning.withShortCurves, convolution.withShortCurves, ink.withShortCurves)
    if var controls {
      controls.sums.raw = controls.sums.raw.withShortCurves
      controls.sums.centred = controls.sums.centred.withShortCurves
      controls.shuffled = controls.shuffled.withShortCurves
      controls.scattered = controls.scattered.withShortCurves
      controls.leading = controls.leading.withShortCurves
      short.controls = controls
    }
    return short
  }
}
