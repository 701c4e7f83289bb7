// The claims of the sources about restraints, judged by the data of a run.

import Foundation
import Workbook

enum Claims {
  /// All of the chapter.
  ///
  /// - Parameters:
  ///   - exact: the share of weights that are exactly 0, for each penalty of the selection.
  ///   - stopping: test errors in per cent: early (patience 5) and last with wrong labels, the same with right ones.
  ///   - good: how the deep nets end after He's start.
  ///   - growth: [sigmoid, tanh, ReLU][gain]: the factor on the gradient per layer.
  static func all(
    sweep: PenaltySweep, selection: InputSelection, exact: [Summary], stopping: (Summary, Summary, Summary, Summary),
    board: Scoreboard, outcomes: [[DeepNet.Outcome]], good: [DeepNet.Outcome],
    angles: [Summary], gains: [Float], growth: [[Summary]]
  ) -> [Claim] {
    let seeds = board.runs[0].count
    let last = sweep.lambdas.count - 1
    let small = (0..<2).map { kind in
      Summary(sweep.runs[kind][max(1, sweep.best(kind))].map { $0.share(below: 0.01) })
    }
    let lengths = sweep.summaries(0, \.boundaryLength)
    let strong = sweep.lambdas.indices.last { sweep.lambdas[$0] <= 0.03 } ?? last
    let found = (selection.separated(1), selection.separated(2))
    let (l1, l2) = (board.runs[board.index("L1")], board.runs[board.index("L2")])
    // Points of error by which L2 is ahead of L1: on digits, on moons, and with inputs of noise.
    let ahead = [
      Summary(zip(l1, l2).map { 100 * ($0.testError - $1.testError) }),
      Summary(
        zip(sweep.runs[1][sweep.best(1)], sweep.runs[0][sweep.best(0)]).map { 100 * ($0.testError - $1.testError) }),
      Summary(zip(selection.runs[2], selection.runs[1]).map { 100 * ($0.testError - $1.testError) }),
    ]
    let agreeing = ahead.indices.filter { isClear(ahead[$0]) && (ahead[$0].mean > 0) == ($0 < 2) }
    let isShorter = zip(sweep.runs[0][strong], sweep.runs[0][0]).allSatisfy {
      $0.boundaryLength < 0.9 * $1.boundaryLength
    }
    let (early, late) = (stopping.1 - stopping.0, stopping.3 - stopping.2)
    let ends = (outcomes + [good]).map { Summary($0.map { 100 * $0.testError }).mean }
    func judged(_ name: String) -> Claim.Verdict {
      switch board.verdict(board.index(name)) {
      case .helps: .reproduced
      case .hurts: .notHere
      case .undecided: board.gain(board.index(name)).mean > 0.5 ? .partly : .notHere
      }
    }
    func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
    let named = ["rotate", "flip", "crop", "equalize", "solarize", "posterize"]
    let helping = named.filter { board.verdict(board.index($0)) == .helps }
    let hurting = named.filter { board.verdict(board.index($0)) == .hurts }
    let flip = board.gain(board.index("flip"))
    let lot = board.gain(board.index("stochastic pooling"))
    let lost = outcomes.map { $0.count(where: \.hasDiverged) }
    let first = (0..<2).map { kind in gains.indices.first { growth[kind][$0].mean > 1 } }
    func place(_ index: Int?) -> String {
      index.map { "from weights of \(short(Double(gains[$0])))/√width on" } ?? "with none of these weights"
    }
    let claims = [
      Claim(
        "L1 makes most weights nearly 0", source: "S4", published: "most",
        measured: "\(fixed(100 * small[1].mean, 1)) % below 0.01, with L2 \(fixed(100 * small[0].mean, 1)) %",
        seeds: seeds,
        verdict: small[1].mean > 0.5 && small[1].mean > 1.5 * small[0].mean
          ? .reproduced : small[1].mean > small[0].mean ? .partly : .notHere,
        reason: """
          each at the strength that serves it best on two moons; exactly 0 are, with inputs of noise, \
          \(percent(exact[2].mean, 1)), by the soft threshold \(percent(exact[3].mean, 1))
          """),
      Claim(
        "L1 finds the inputs that matter", source: "S4", published: "chooses inputs",
        measured: "both ahead of all noise in \(found.1) of \(seeds) runs with L1, in \(found.0) with L2", seeds: seeds,
        verdict: found.1 == seeds && found.0 < seeds ? .reproduced : found.1 > found.0 ? .partly : .notHere,
        reason: """
          times the weights of an input of noise: input 1 \(selection.contrast(2, input: 0).formatted(decimals: 1)), input 2 \
          \(selection.contrast(2, input: 1).formatted(decimals: 1)); \(percent(selection.silenced(2).mean)) of the noise is off \
          (root mean square below 0.01)
          """),
      Claim(
        "L1 is for choosing inputs, L2 for better results", source: "S4", published: "L2 better",
        measured: """
          points by which L2 is ahead: \(ahead[0].formatted(decimals: 1)) on digits, \(ahead[1].formatted(decimals: 1)) on \
          moons, \(ahead[2].formatted(decimals: 1)) with inputs of noise
          """,
        seeds: seeds, verdict: agreeing.count == 3 ? .reproduced : agreeing.isEmpty ? .notHere : .partly,
        reason: """
          more than chance and as published: \(list(agreeing.map { ["digits", "moons", "inputs of noise"][$0] }))
          """),
      Claim(
        "A larger λ makes a simpler model", source: "S4", published: "simpler",
        measured:
          "boundary \(fixed(lengths[0].mean, 1)) long without L2, \(fixed(lengths[strong].mean, 1)) with λ = \(sweep.lambdas[strong])",
        seeds: seeds, verdict: isShorter ? .reproduced : lengths[strong].mean < lengths[0].mean ? .partly : .notHere,
        reason: "measured by the line between the classes; a tenth shorter is asked of every seed"),
      Claim(
        "Stopping before the error goes to 0 gives the better net", source: "S4", published: "better",
        measured:
          "\(stopping.0.formatted(decimals: 1)) against \(stopping.1.formatted(decimals: 1)) % with wrong labels, \(stopping.2.formatted(decimals: 1)) against \(stopping.3.formatted(decimals: 1)) % with right ones",
        seeds: seeds,
        verdict: isClear(early) && early.mean > 0
          ? (late.mean >= -0.25 ? .reproduced : .partly) : early.mean > 0.5 ? .partly : .notHere,
        reason: late.mean < -0.25
          ? "patience 5; where labels are right, going on was better by \(fixed(-late.mean, 1)) points"
          : "patience 5, best weights put back"),
      Claim(
        "Rotating, flipping, cropping, equalizing, solarizing and posterizing fight overfitting", source: "S4",
        published: "all six",
        measured:
          "help: \(list(helping)); hurt: \(list(hurting)); undecided: \(list(named.filter { !(helping + hurting).contains($0) }))",
        seeds: seeds, verdict: helping.count == named.count ? .reproduced : helping.isEmpty ? .notHere : .partly,
        reason: "on digits; on photographs it may differ"),
      Claim(
        "Horizontal reflections make a net better (AlexNet)", source: "S1", published: "better",
        measured: "\(flip.formatted(decimals: 1)) points gained", seeds: seeds,
        verdict: judged("flip"),
        reason: "on digits; those of AlexNet were photographs"),
      Claim(
        "Stochastic pooling regularizes", source: "S4", published: "listed",
        measured: "\(lot.formatted(decimals: 1)) points gained", seeds: seeds,
        verdict: judged("stochastic pooling"),
        reason: "against max pooling in the same net, \(chance(lot))"),
      Claim(
        "An exploding gradient is mended by a threshold", source: "S4", published: "simple",
        measured:
          "lost: \(lost[0]) of \(seeds) without, \(lost[1]) with ±0.01 for elements, \(lost[2]) with a norm of 1",
        seeds: seeds,
        verdict: lost[0] > 0 && lost[1] + lost[2] == 0 && ends[2] < ends[3] + 5
          ? .reproduced : lost[2] < lost[0] ? .partly : .notHere,
        reason: """
          saved nets end at \(fixed(ends[1], 0)) % (elements) and \(fixed(ends[2], 0)) % errors (norm), after a right start at \
          \(fixed(ends[3], 0)) %; cosine with the gradient \(fixed(angles[1].mean, 2)) by elements, \
          \(fixed(angles[2].mean, 2)) by norm
          """),
      Claim(
        "Behind sigmoids gradients hardly explode", source: "S4", published: "values lie in 0 … 1",
        measured: "\(place(first[0])); behind tanh \(place(first[1]))",
        seeds: seeds,
        verdict: (first[0] ?? gains.count) > (first[1] ?? gains.count) + 1
          ? .reproduced : (first[0] ?? gains.count) > (first[1] ?? gains.count) ? .partly : .notHere,
        reason: "what counts is the slope of the sigmoid, at most ¼, not that its values lie in 0 … 1"),
    ]
    if seeds >= 3 { return claims }
    return claims.map { claim in
      var claim = claim
      if claim.verdict == .reproduced { claim.verdict = .partly }
      claim.reason = "a verdict needs three seeds"
      return claim
    }
  }
}
