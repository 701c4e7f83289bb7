// SiLU, and the rows of the census.

import Foundation
import Workbook

/// SiLU, also called Swish: y = x·σ(x).
///
/// Shapes: any, unchanged. y′ = s + y(1 − s) with s = σ(x).
struct SiLU: Layer {
  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    var sigmoid = Sigmoid()
    sigmoid.forward(input, into: &output, in: &pass)
    output.withUnsafeMutableElements { y in
      input.withUnsafeElements { x in for i in y.indices { y[i] *= x[i] } }
    }
  }

  func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    if inputGradient.isEmpty { return }
    inputGradient.withUnsafeMutableElements { dx in
      outputGradient.withUnsafeElements { dy in
        input.withUnsafeElements { x in
          for i in dx.indices {
            let s = 1 / (1 + exp(-x[i]))
            dx[i] = dy[i] * s * (1 + x[i] * (1 - s))
          }
        }
      }
    }
  }
}

extension Census {
  /// Without what is counted for ReLU alone, to five decimals.
  var brief: Census {
    func brief(_ value: Double) -> Double { rounded(value, decimals: 5) }
    return Census(dead: brief(dead), loss: brief(loss), offset: brief(offset), active: brief(active))
  }
}

extension CensusFindings {
  /// One activation at the rates of the census.
  struct Row {
    var name: String
    /// [rate][seed].
    var nets: [[Census]]

    func dead(_ rate: Int) -> Summary { Summary(nets[rate].map(\.dead).filter(\.isFinite)) }
    /// The largest mean share of dead units at any rate.
    var worst: Double { nets.indices.map { dead($0).mean }.filter(\.isFinite).max() ?? 0 }
    func diverged(_ rate: Int) -> Int { nets[rate].count { !$0.loss.isFinite } }
  }

  /// ReLU, the same with a bias, leaky ReLU.
  var rows: [Row] { zip(CensusExperiment.kinds, whole.results).map { Row(name: $0.name, nets: $1) } }

  /// Whether ReLUs die at the high rate, and hardly any at the lowest one.
  var killsOnlyWhereHot: Bool {
    let whole = whole
    return whole.dead(0, whole.hot).mean > whole.dead(0, 0).mean + 0.05 && whole.dead(0, 0).mean < 0.005
  }
}
