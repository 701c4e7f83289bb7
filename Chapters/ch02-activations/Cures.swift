// Cures for dead ReLUs at the rates that kill them, and activations that only the record trains, part by part.

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

/// An activation that is tried where ReLUs die.
enum Cure: Int, CaseIterable, Sendable {
  case prelu, elu, gelu, silu

  var name: String { ["PReLU", "ELU", "GELU", "SiLU"][rawValue] }
  /// The place in the palette.
  var color: Int { [4, 5, 1, 2][rawValue] }

  /// A net of the census; the weights of a rectifier.
  func example(rate: Float) -> CensusCase {
    switch self {
    case .prelu: CensusCase(function: .prelu, rate: rate, bias: 0)
    case .elu: CensusCase(function: .elu, rate: rate, bias: 0)
    case .gelu: CensusCase(function: .relu, rate: rate, bias: 0, rarer: .gelu)
    case .silu: CensusCase(function: .relu, rate: rate, bias: 0, rarer: .silu)
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
    func losses(_ rate: Int) -> Summary { Summary(nets[rate].map(\.loss).filter(\.isFinite)) }
    /// The largest mean share of dead units at any rate.
    var worst: Double { nets.indices.map { dead($0).mean }.filter(\.isFinite).max() ?? 0 }
    func diverged(_ rate: Int) -> Int { nets[rate].count { !$0.loss.isFinite } }
    /// By how much its loss is higher than that of another at a rate, seed by seed, where neither has diverged.
    func above(_ other: Row, _ rate: Int) -> Summary {
      Summary(zip(nets[rate], other.nets[rate]).map { $0.loss - $1.loss }.filter(\.isFinite))
    }
  }

  /// ReLU, the same with a bias, leaky ReLU, and the cures, where they were tried at the same rates.
  var rows: [Row] {
    let whole = whole
    let old = zip(CensusExperiment.kinds, whole.results).map { Row(name: $0.name, nets: $1) }
    guard let cures, cures.rates == whole.rates, cures.results.count == Cure.allCases.count else { return old }
    return old + zip(Cure.allCases, cures.results).map { Row(name: $0.name, nets: $1) }
  }
  /// Whether the cures are among them.
  var hasCures: Bool { rows.count > CensusExperiment.kinds.count }

  /// Whether at the rate that kills ReLUs every function diverges on most seeds or ends higher than at the usual rate.
  var everyoneSuffers: Bool {
    let (hot, usual) = (whole.hot, whole.usual)
    return hasCures && hot != usual
      && rows.allSatisfy { row in
        let change = zip(row.nets[hot], row.nets[usual]).map { $0.loss - $1.loss }.filter(\.isFinite)
        return 2 * row.diverged(hot) > row.nets[hot].count || Summary(change).direction() == .above
      }
  }
  /// The functions that diverge in most nets at the highest rate, and the highest one at which none of them does.
  var edge: (names: [String], rate: Float)? {
    let (rows, rates) = (rows, whole.rates)
    func isLost(_ row: Row, _ rate: Int) -> Bool { 2 * row.diverged(rate) > row.nets[rate].count }
    let lost = rows.filter { isLost($0, rates.count - 1) }
    guard !lost.isEmpty, let calm = rates.indices.last(where: { rate in !lost.contains { isLost($0, rate) } }) else {
      return nil
    }
    return (lost.map(\.name), rates[calm])
  }
  /// Whether no net of ReLUs diverges at any rate.
  var reluAlwaysLearns: Bool { whole.rates.indices.allSatisfy { rows[0].diverged($0) == 0 } }

  /// Whether ReLUs die at the high rate, and hardly any at the lowest one.
  var killsOnlyWhereHot: Bool {
    let whole = whole
    return whole.dead(0, whole.hot).mean > whole.dead(0, 0).mean + 0.05 && whole.dead(0, 0).mean < 0.005
  }
  /// Whether the leak helps besides; nothing where every function suffers from the rate.
  var cureAdvice: String {
    if everyoneSuffers { return "" }
    let (rows, hot) = (rows, whole.hot)
    return rows[0].above(rows[2], hot).direction() == .above && rows[2].diverged(hot) <= rows[0].diverged(hot)
      ? ", then let the negative side leak" : ""
  }
}

/// `ELU`, `ELU or GELU`, `PReLU, ELU or GELU`.
func listed(_ names: [String], _ last: String = "and") -> String {
  names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " \(last) " + names[names.count - 1]
}
