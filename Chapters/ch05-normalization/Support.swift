// Small tools of the chapter: tensors compared, numbers written.

import Foundation
import Workbook

extension Tensor {
  /// The tensor times a number.
  func multiplied(by factor: Float) -> Tensor { Tensor(shape, elements.map { $0 * factor }) }
}

/// y = x · scale + shift, with a scale and a shift for each unit; without shifts, the way back of the same.
///
/// - Parameters:
///   - input: [N, units].
///   - scales: one for each unit.
///   - shifts: one for each unit; 0 where there are none.
///   - output: y, resized and overwritten.
func scaleAndShift(_ input: Tensor, by scales: [Float], _ shifts: [Float] = [], into output: inout Tensor) {
  output.resize(to: input.shape)
  input.withUnsafeElements { x in
    output.withUnsafeMutableElements { y in
      for i in 0..<y.count {
        let unit = i % scales.count
        y[i] = shifts.isEmpty ? x[i] * scales[unit] : x[i] * scales[unit] + shifts[unit]
      }
    }
  }
}

/// `8 to 16`, or one number where all are the same.
func factorRange(_ factors: Summary) -> String {
  let ends = [factors.minimum, factors.maximum].map { short($0) }
  return ends[0] == ends[1] ? ends[0] : ends.joined(separator: " to ")
}

/// `0.0125, 0.025 and 0.05`.
func listed(_ numbers: [Double]) -> String {
  listed(numbers.map { short($0, digits: 3) })
}

/// `−0.1`, with a true minus.
func signed(_ value: Double, _ decimals: Int = 1) -> String {
  fixed(value, decimals).replacingOccurrences(of: "-", with: "−")
}

/// `−0.4 to 0.1`: the 95 % interval of a mean.
func signedInterval(_ summary: Summary, _ decimals: Int = 1) -> String {
  summary.interval(decimals).replacingOccurrences(of: "-", with: "−")
}

/// The largest difference between two elements at the same place.
func largestDifference(_ a: Tensor, _ b: Tensor) -> Double {
  var largest = 0.0
  for (x, y) in zip(a.elements, b.elements) { largest = max(largest, abs(Double(x) - Double(y))) }
  return largest
}

extension Summary {
  /// With four significant digits, as the record keeps them.
  func rounded() -> Summary {
    Summary(values.map { Workbook.rounded($0, digits: 4) })
  }
}

/// Half of the 95 % interval of each mean, for the shading of a figure; never so wide that it would leave a logarithmic axis.
func halfIntervals(_ measured: [Summary]) -> [Double] {
  measured.map { $0.count < 3 ? 0 : min($0.uncertainty, 0.9 * $0.mean) }
}

/// `; shading: 95 % intervals`, where there are seeds enough to draw them.
func shadingNote(_ seeds: Int) -> String { seeds < 3 ? "" : "; shading: 95 % intervals" }
