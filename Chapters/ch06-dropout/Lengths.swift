// The main comparison of chapter 6: dropping, and noise in its place, at the best shares, after few steps and after many.

import Foundation
import Workbook

/// Noise of the same mean and variance as dropout's factors that is never 0 or below: in training each value is multiplied
/// by a number of its own, exp(σz − σ²/2) with z from N(0, 1) and σ² = ln(1 + p/(1 − p)), the log-normal distribution.
///
/// Shapes: any, unchanged.
struct LogNormalNoise: Layer {
  /// p of the dropout that it stands in for, in [0, 1).
  let rate: Float
  /// The factors of the last pass in training.
  private var factors = Tensor.empty
  private var wasTraining = false

  init(matching rate: Float) { self.rate = rate }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output.resize(to: input.shape)
    wasTraining = pass.mode == .training
    if wasTraining {
      // 1 + p/(1 − p) = 1/(1 − p).
      let variance = -log(1 - rate)
      factors.resize(to: input.shape)
      factors.fillNormal(standardDeviation: variance.squareRoot(), using: &pass.generator)
      factors.withUnsafeMutableElements { f in
        for i in f.indices { f[i] = exp(f[i] - variance / 2) }
      }
    }
    apply(to: input, into: &output)
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    if inputGradient.isEmpty { return }
    apply(to: outputGradient, into: &inputGradient)
  }

  /// The layer is linear: values and gradients are treated alike.
  private func apply(to source: Tensor, into target: inout Tensor) {
    let isTraining = wasTraining
    source.withUnsafeElements { x in
      factors.withUnsafeElements { factors in
        target.withUnsafeMutableElements { y in
          for i in y.indices { y[i] = isTraining ? x[i] * factors[i] : x[i] }
        }
      }
    }
  }
}

/// The wide net with few images after the usual number of steps and after many, each net at its own best rate.
struct Lengths: Codable, Sendable {
  struct Net: Codable, Sendable {
    /// The shares of the pixels and of the hidden units; whether noise stands in for dropping them.
    var pixels: Float
    var units: Float
    var isNoise: Bool
    var steps: Int
    var net: Tuned
  }
  var nets: [Net] = []

  func net(pixels: Float, units: Float, isNoise: Bool = false, steps: Int) -> Tuned? {
    nets.first { $0.pixels == pixels && $0.units == units && $0.isNoise == isNoise && $0.steps == steps }?.net
  }
}

extension Dropouts.Plan {
  /// Trains what is missing: after the usual number of steps noise, after many both, at the best shares.
  ///
  /// - Parameter keep: is called with all that is there, after each net.
  func lengths(
    _ findings: Dropouts.Findings, _ known: Lengths?, keeping keep: (Lengths) throws -> Void
  ) throws -> Lengths {
    var found = known ?? Lengths()
    guard let best = findings.controls?.apart?.sharesAlone?.best, let longer = findings.fewLonger else { return found }
    // Two seeds choose the rate.
    var plan = self
    plan.tuningSeeds = 2
    let kinds = [(best.pixels.share, 0), (0, best.units.share), (best.pixels.share, best.units.share)]
    for (steps, noises) in [(self.steps, [true]), (longer.steps, [false, true])] {
      for isNoise in noises {
        for (pixels, units) in kinds {
          let recipe = Recipe(dropout: units, inputDropout: pixels, isNoise: isNoise).wide(findings.wide)
          let place = found.nets.firstIndex {
            $0.pixels == pixels && $0.units == units && $0.isNoise == isNoise && $0.steps == steps
          }
          if let place {
            // The seeds that it lacks.
            let net = found.nets[place].net
            let rest = Array(seeds.dropFirst(net.runs.count))
            found.nets[place].net.runs += try inParallel(rest.count) {
              try trained(
                recipe, on: train.drawn(few, seed: rest[$0]), validation: validation, testing: test, steps: steps,
                rate: net.rate, seed: rest[$0]
              ).errors
            }
          } else {
            let net = try plan.searched(recipe, [0.05, 0.1], on: few, steps: steps)
            found.nets.append(.init(pixels: pixels, units: units, isNoise: isNoise, steps: steps, net: net))
          }
          try keep(found)
        }
      }
    }
    return found
  }
}
