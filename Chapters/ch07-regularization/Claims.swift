// The claims of the sources about restraints, judged by the data of a run.

import Foundation
import Workbook

enum Claims {
  /// All of the chapter.
  ///
  /// - Parameters:
  ///   - exact: the share of weights that are exactly 0, for each penalty of the selection.
  ///   - stopping: test errors in per cent: early and last with wrong labels, early and last with right ones.
  ///   - growth: [sigmoid, tanh, ReLU][gain]: the factor on the gradient per layer.
  static func all(
    sweep: PenaltySweep, selection: InputSelection, exact: [Summary], stopping: (Summary, Summary, Summary, Summary),
    board: Scoreboard, outcomes: [[DeepNet.Outcome]], angles: [Summary], gains: [Float], growth: [[Summary]]
  ) -> [Claim] {
    let seeds = board.runs[0].count
    let last = sweep.lambdas.count - 1
    let small = (0..<2).map { kind in
      Summary(sweep.runs[kind][max(1, sweep.best(kind))].map { $0.share(below: 0.01) })
    }
    let lengths = sweep.summaries(0, \.boundaryLength)
    let strong = sweep.lambdas.indices.last { sweep.lambdas[$0] <= 0.03 } ?? last
    let contrast = (selection.contrast(1), selection.contrast(2))
    let (l1, l2) = (board.gain(board.index("L1")), board.gain(board.index("L2")))
    let moons = (0..<2).map { sweep.summaries($0, \.testError)[sweep.best($0)].mean }
    let named = ["rotate", "flip", "crop", "equalise", "solarise", "posterise"]
    let helping = named.filter { board.verdict(board.index($0)) == .helps }
    let hurting = named.filter { board.verdict(board.index($0)) == .hurts }
    let flip = board.gain(board.index("flip"))
    let lot = board.gain(board.index("stochastic pooling"))
    let lost = outcomes.map { $0.count(where: \.hasDiverged) }
    let first = (0..<2).map { kind in gains.indices.first { growth[kind][$0].mean > 1 } ?? gains.count - 1 }
    return [
      Claim(
        "L1 makes most weights nearly 0", source: "S4", published: "most",
        measured: "\(fixed(100 * small[1].mean, 1)) % below 0.01, with L2 \(fixed(100 * small[0].mean, 1)) %",
        seeds: seeds,
        verdict: small[1].mean > 0.5 && small[1].mean > 1.5 * small[0].mean
          ? .reproduced : small[1].mean > small[0].mean ? .partly : .notHere,
        reason: "each at the strength that serves it best on two moons"),
      Claim(
        "L1 finds the inputs that matter", source: "S4", published: "chooses inputs",
        measured: "real over noise: \(contrast.1) with L1, \(contrast.0) with L2", seeds: seeds,
        verdict: contrast.1.mean > 2 * contrast.0.mean
          ? .reproduced : contrast.1.mean > contrast.0.mean ? .partly : .notHere,
        reason: "\(percent(selection.silenced(2).mean)) of the noise inputs are off, in the others weights remain"),
      Claim(
        "L1 is for choosing inputs, L2 for better results", source: "S4", published: "L2 better",
        measured:
          "digits: L2 gains \(l2.formatted(decimals: 1)), L1 \(l1.formatted(decimals: 1)) points; moons: \(fixed(100 * moons[0], 1)) and \(fixed(100 * moons[1], 1)) % errors",
        seeds: seeds,
        verdict: l2.mean > l1.mean && moons[0] < moons[1]
          ? (board.verdict(board.index("L2")) == .helps ? .reproduced : .partly) : .notHere,
        reason: l2.mean > 2 * l2.standardError
          ? "small beside what moving the pictures gains: \(board.gain(board.index("shift")).formatted(decimals: 1))"
          : "the differences are of the size of the spread between seeds"),
      Claim(
        "A larger λ makes a simpler model", source: "S4", published: "simpler",
        measured:
          "boundary \(fixed(lengths[0].mean, 1)) long without L2, \(fixed(lengths[strong].mean, 1)) with λ = \(sweep.lambdas[strong])",
        seeds: seeds, verdict: lengths[strong].mean < 0.9 * lengths[0].mean ? .reproduced : .notHere,
        reason: "measured by the length of the line between the classes"),
      Claim(
        "Stopping before the error goes to 0 gives the better net", source: "S4", published: "better",
        measured:
          "\(stopping.0.formatted(decimals: 1)) against \(stopping.1.formatted(decimals: 1)) % with wrong labels, \(stopping.2.formatted(decimals: 1)) against \(stopping.3.formatted(decimals: 1)) % with right ones",
        seeds: seeds,
        verdict: stopping.0.mean < stopping.1.mean - 1
          ? (stopping.2.mean <= stopping.3.mean + 0.2 ? .reproduced : .partly) : .notHere,
        reason: stopping.2.mean > stopping.3.mean + 0.2
          ? "where labels are right, going on was better" : "patience 5, best weights put back"),
      Claim(
        "Rotating, flipping, cropping, equalising, solarising and posterising fight overfitting", source: "S4",
        published: "all six",
        measured:
          "help: \(helping.isEmpty ? "none" : helping.joined(separator: ", ")); hurt: \(hurting.isEmpty ? "none" : hurting.joined(separator: ", "))",
        seeds: seeds, verdict: helping.count == named.count ? .reproduced : helping.isEmpty ? .notHere : .partly,
        reason: "on digits; on photographs a mirror image keeps its label"),
      Claim(
        "Horizontal reflections make a net better (AlexNet)", source: "S1", published: "better",
        measured: "\(flip.formatted(decimals: 1)) points gained", seeds: seeds,
        verdict: board.verdict(board.index("flip")) == .helps
          ? .reproduced : board.verdict(board.index("flip")) == .undecided ? .partly : .notHere,
        reason: "digits are not photographs: the label does not survive the mirror"),
      Claim(
        "Stochastic pooling regularises", source: "S4", published: "listed",
        measured: "\(lot.formatted(decimals: 1)) points gained", seeds: seeds,
        verdict: board.verdict(board.index("stochastic pooling")) == .helps
          ? .reproduced : lot.mean > 0 ? .partly : .notHere,
        reason: "against max pooling in the same net"),
      Claim(
        "An exploding gradient is mended by a threshold", source: "S4", published: "simple",
        measured:
          "lost: \(lost[0]) of \(seeds) without, \(lost[1]) with ±0.01 for elements, \(lost[2]) with a norm of 1",
        seeds: seeds,
        verdict: lost[0] > 0 && lost[1] + lost[2] == 0 ? .reproduced : lost[2] < lost[0] ? .partly : .notHere,
        reason: "by elements the direction bends (cosine \(fixed(angles[1].mean, 2))); by norm it stays"),
      Claim(
        "Behind sigmoids gradients hardly explode", source: "S4", published: "values lie in 0 … 1",
        measured:
          "from weights of \(short(Double(gains[first[0]])))/√width on; behind tanh from \(short(Double(gains[first[1]])))/√width on",
        seeds: seeds, verdict: first[0] > first[1] + 1 ? .reproduced : first[0] > first[1] ? .partly : .notHere,
        reason: "the reason is the slope, at most ¼, not the values"),
    ]
  }
}
