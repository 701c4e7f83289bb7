// A slow drift after the norm: is it range, and not only steadiness, that batch norm works by?

import Foundation
import Workbook

/// Moves every unit slowly away: by the last step its numbers are e times as widely spread as at the first, or 1/e times,
/// and they are shifted up or down by 1.
///
/// y = x·exp(s·t) + b·t with t from 0 to 1 over the training; s and b are +1 or −1, drawn once for each unit. Inference
/// uses the t of the last training step.
struct SlowDrift: Layer {
  /// The training passes until t is 1.
  let steps: Int
  private var passes = 0
  private var directions: [(scale: Float, shift: Float)] = []
  private var scales: [Float] = []

  init(steps: Int) { self.steps = steps }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let width = input.shape.withoutBatch.count
    if pass.mode == .training {
      if directions.isEmpty {
        directions = (0..<width).map { _ in
          (pass.generator.nextNormal() < 0 ? -1 : 1, pass.generator.nextNormal() < 0 ? -1 : 1)
        }
      }
      passes += 1
    }
    let time = min(1, Float(passes) / Float(max(1, steps)))
    scales = (0..<width).map { directions.isEmpty ? 1 : exp(directions[$0].scale * time) }
    let shifts = (0..<width).map { directions.isEmpty ? 0 : directions[$0].shift * time }
    scaleAndShift(input, by: scales, shifts, into: &output)
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    if !inputGradient.isEmpty { scaleAndShift(outputGradient, by: scales, into: &inputGradient) }
  }
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
