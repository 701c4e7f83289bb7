// What the sources say about restraints, held against the findings.

import Workbook

extension Regularization {
  static func claims(_ findings: Findings) -> [Claim] {
    let (sweep, selection, board) = (findings.sweep, findings.selection, findings.board)
    return [
      emptyWeights(findings), chosenInputs(selection), choosingOrBetter(findings), simplerModel(sweep),
      stoppingEarly(findings), sixChanges(board), reflections(board), poolingByLot(board),
      threshold(findings.explosion), sigmoids(findings.explosion),
    ]
  }

  private static func emptyWeights(_ findings: Findings) -> Claim {
    let sweep = findings.sweep
    let small = (0..<2).map { kind in
      Summary(sweep.runs[kind][max(1, sweep.best(kind))].map { 100 * $0.nearZero })
    }
    let ahead = Claim.Verdict.ofEffect(small[1] - small[0], from: 0)
    let isMost = small[1].mean > 50 && small[1].mean > 1.5 * small[0].mean
    return Claim(
      "L1 makes most weights nearly 0", source: "S4", published: "most",
      measured: .init(
        small[1], unit: "% below 0.01", decimals: 1, against: .init(", with L2 ", small[0], unit: "%", decimals: 1)),
      verdict: ahead == .reproduced && !isMost ? .partly : ahead,
      reason: reason(
        """
        each at the strength that serves it best on two moons; exactly 0 are, with inputs of noise, \
        \(percent(findings.zeros[2].mean, 1)), by the soft threshold \(percent(findings.zeros[3].mean, 1))
        """, seeds: small[1].count))
  }

  private static func chosenInputs(_ selection: InputSelection) -> Claim {
    let seeds = selection.runs[0].count
    let found = (selection.separated(1), selection.separated(2))
    /// Seed by seed: 1 where L1 alone finds both inputs, −1 where L2 alone does.
    let advantage = Summary(
      zip(selection.separations(2), selection.separations(1)).map { ($0 ? 1 : 0) - ($1 ? 1 : 0) })
    return Claim(
      "L1 finds the inputs that matter", source: "S4", published: "chooses inputs",
      measured: .init(
        "both ahead of all noise in ", value: Double(found.1), unit: "of \(seeds) runs with L1", seeds: seeds,
        decimals: 0, against: .init(", in ", value: Double(found.0), unit: "with L2", seeds: seeds, decimals: 0)),
      verdict: .of(found.1 == seeds && found.0 < seeds, partly: isClear(advantage, beyond: 0) && advantage.mean > 0),
      reason: reason(
        """
        times the weights of an input of noise: input 1 \(selection.contrast(2, input: 0).formatted(decimals: 1)), input 2 \
        \(selection.contrast(2, input: 1).formatted(decimals: 1)); \(percent(selection.silenced(2).mean)) of the noise is off \
        (root mean square below 0.01)
        """, seeds: seeds))
  }

  private static func choosingOrBetter(_ findings: Findings) -> Claim {
    func lead(_ l1: [Double], _ l2: [Double]) -> Summary { Summary(zip(l1, l2).map { 100 * ($0 - $1) }) }
    let (sweep, selection, board) = (findings.sweep, findings.selection, findings.board)
    // Points of error by which L2 is ahead of L1: on digits, on moons, and with inputs of noise.
    let ahead = [
      lead(board.testErrors("L1"), board.testErrors("L2")),
      lead(sweep.runs[1][sweep.best(1)].map(\.testError), sweep.runs[0][sweep.best(0)].map(\.testError)),
      lead(selection.runs[2].map(\.testError), selection.runs[1].map(\.testError)),
    ]
    let agreeing = ahead.indices.filter { isClear(ahead[$0]) && (ahead[$0].mean > 0) == ($0 < 2) }
    return Claim(
      "L1 is for choosing inputs, L2 for better results", source: "S4", published: "L2 better",
      measured: .init(
        "points by which L2 is ahead: ", ahead[0], unit: "on digits", decimals: 1,
        against: .init(", ", ahead[1], unit: "on moons", decimals: 1),
        .init(", ", ahead[2], unit: "with inputs of noise", decimals: 1)),
      verdict: .of(agreeing.count == 3, partly: !agreeing.isEmpty),
      reason: reason(
        "more than chance and as published: \(list(agreeing.map { ["digits", "moons", "inputs of noise"][$0] }))",
        seeds: ahead[0].count))
  }

  private static func simplerModel(_ sweep: PenaltySweep) -> Claim {
    let lengths = sweep.summaries(0, \.boundaryLength)
    let strong = sweep.lambdas.indices.last { sweep.lambdas[$0] <= 0.03 } ?? sweep.lambdas.count - 1
    /// By which share the line is shorter, seed by seed.
    let shortening = Summary(zip(lengths[0].values, lengths[strong].values).map { 1 - $1 / $0 })
    return Claim(
      "A larger λ makes a simpler model", source: "S4", published: "simpler",
      measured: .init(
        "boundary ", lengths[0], unit: "long without L2", decimals: 1,
        against: .init(", ", lengths[strong], unit: "with λ = \(sweep.lambdas[strong])", decimals: 1)),
      verdict: .ofEffect(shortening, from: 0.1),
      reason: reason(
        "measured by the line between the classes; a tenth shorter is asked of every seed", seeds: shortening.count))
  }

  private static func stoppingEarly(_ findings: Findings) -> Claim {
    let stops = findings.stops
    let (early, late) = (stops.noisyLast - stops.noisyEarly, stops.cleanLast - stops.cleanEarly)
    let helps = isClear(early) && early.mean > 0
    return Claim(
      "Stopping before the error goes to 0 gives the better net", source: "S4", published: "better",
      measured: .init(
        stops.noisyEarly, decimals: 1, against: .init(stops.noisyLast, unit: "% with wrong labels", decimals: 1),
        .init(", ", stops.cleanEarly, decimals: 1), .init(stops.cleanLast, unit: "% with right ones", decimals: 1)),
      verdict: .of(helps && late.mean >= -0.25, partly: helps),
      reason: reason(
        late.mean < -0.25
          ? "patience 5; where labels are right, going on was better by \(fixed(-late.mean, 1)) points"
          : "patience 5, best weights put back", seeds: early.count))
  }

  private static func sixChanges(_ board: Scoreboard) -> Claim {
    let named = ["rotate", "flip", "crop", "equalize", "solarize", "posterize"]
    func those(_ verdict: Scoreboard.Verdict) -> [String] { named.filter { board.verdict(board.index($0)) == verdict } }
    let helping = those(.helps)
    return Claim(
      "Rotating, flipping, cropping, equalizing, solarizing and posterizing fight overfitting", source: "S4",
      published: "all six",
      measured: .init(
        value: Double(helping.count),
        unit: "help: \(list(helping)); hurt: \(list(those(.hurts))); undecided: \(list(those(.undecided)))",
        seeds: board.seeds, decimals: 0),
      verdict: .of(helping.count == named.count, partly: !helping.isEmpty),
      reason: reason("on digits; on photographs it may differ", seeds: board.seeds))
  }

  private static func reflections(_ board: Scoreboard) -> Claim {
    gain(
      "Horizontal reflections make a net better (AlexNet)", source: "S1", published: "better", "flip", board,
      reason: "on digits; those of AlexNet were photographs")
  }

  private static func poolingByLot(_ board: Scoreboard) -> Claim {
    gain(
      "Stochastic pooling regularizes", source: "S4", published: "listed", "stochastic pooling", board,
      reason: "against max pooling in the same net, \(chance(board.gain("stochastic pooling")))")
  }

  /// A claim that one restraint helps: it does where its gain is more than chance.
  private static func gain(
    _ text: String, source: String, published: String, _ name: String, _ board: Scoreboard, reason words: String
  ) -> Claim {
    Claim(
      text, source: source, published: published,
      measured: .init(board.gain(name), unit: "points gained", decimals: 1),
      verdict: .of(board.verdict(board.index(name)) == .helps), reason: reason(words, seeds: board.seeds))
  }

  private static func threshold(_ explosion: ExplosionFindings) -> Claim {
    let (lost, ends, seeds) = (explosion.lost, explosion.ends.map(\.mean), explosion.good.count)
    /// Seed by seed: 1 where the net is lost without clipping and saved by the norm.
    let saved = Summary(
      zip(explosion.outcomes[0], explosion.outcomes[2]).map { ($0.hasDiverged ? 1 : 0) - ($1.hasDiverged ? 1 : 0) })
    func count(_ lead: String, _ kind: Clipping, _ unit: String) -> Claim.Measurement {
      .init(lead, value: Double(lost[kind.rawValue]), unit: unit, seeds: seeds, decimals: 0)
    }
    var measured = count("lost: ", .none, "of \(seeds) without")
    measured.against = [
      count(", ", .value, "with ±0.01 for elements"), count(", ", .norm, "with a norm of 1"),
    ]
    return Claim(
      "An exploding gradient is mended by a threshold", source: "S4", published: "simple", measured: measured,
      verdict: .of(
        lost[0] > 0 && lost[1] + lost[2] == 0 && ends[2] < ends[3] + 5,
        partly: isClear(saved, beyond: 0) && saved.mean > 0),
      reason: reason(
        """
        saved nets end at \(fixed(ends[1], 0)) % (elements) and \(fixed(ends[2], 0)) % errors (norm), after a right start at \
        \(fixed(ends[3], 0)) %; cosine with the gradient \(fixed(explosion.angles[1].mean, 2)) by elements, \
        \(fixed(explosion.angles[2].mean, 2)) by norm
        """, seeds: seeds))
  }

  private static func sigmoids(_ explosion: ExplosionFindings) -> Claim {
    let gains = ExplosionFindings.gains
    func place(_ lead: String, _ activation: Int) -> Claim.Measurement {
      let first = gains.indices.first { explosion.growth[activation][$0].mean > 1 }
      return .init(
        lead + (first == nil ? "not up to weights of " : "from weights of "),
        value: Double(gains[first ?? gains.count - 1]), unit: "/ √width" + (first == nil ? "" : " on"),
        seeds: explosion.good.count)
    }
    var measured = place("", 0)
    measured.against = [place(", behind tanh ", 1)]
    return Claim(
      "Behind sigmoids gradients hardly explode", source: "S4", published: "values lie in 0 … 1", measured: measured,
      // In doublings of the weights: four times those that do it behind tanh.
      verdict: .ofEffect(explosion.firstGrowing(0) - explosion.firstGrowing(1), from: 2),
      reason: reason(
        "what counts is the slope of the sigmoid, at most ¼, not that its values lie in 0 … 1",
        seeds: explosion.good.count))
  }

  private static func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
}
