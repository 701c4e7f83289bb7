// What the sources say about activations, held against the findings.

import Workbook

extension Activations {
  static func claims(_ findings: Findings) -> [Claim] {
    let deaths = findings.census.experiment
    return [
      saturation(findings.slopeLeft), vanishing(findings), oneSign(findings.signShares), sixTimes(findings.race),
      cost(findings.costs), death(deaths), bias(deaths), leaks(deaths), elu(deaths), centring(findings.census.offsets),
      doubling(findings.maxout),
    ]
  }

  private static func saturation(_ left: Summary) -> Claim {
    Claim(
      "A sigmoid kills the gradient at ±10", source: "S2", published: "≈ 0",
      measured: .init(value: 100 * left.mean, unit: "% of its best slope", seeds: left.count),
      verdict: .of(left.mean < 0.001, partly: left.mean < 0.05))
  }

  private static func vanishing(_ findings: Findings) -> Claim {
    let deep = findings.depth
    let (sigmoid, relu) = (deep.perLayer(1, 0), deep.perLayer(1, DepthExperiment.relu))
    return Claim(
      "Depth multiplies the damage: sigmoid gradients vanish, ReLU's do not", source: "S4", published: "→ 0",
      measured: .init(
        value: deep.typical(1, 0)[depth - 1], unit: "after \(depth) layers", seeds: sigmoid.count,
        against: .init(", ReLU ", value: deep.typical(1, DepthExperiment.relu)[depth - 1], seeds: relu.count)),
      verdict: .of(
        sigmoid.mean < 0.3 && relu.mean > 0.9,
        partly: relu.mean > sigmoid.mean && isClear(relu - sigmoid, beyond: 0)),
      reason:
        "at the usual weights of each; eight times as large they leave the sigmoids \(short(deep.typical(4, 0)[depth - 1]))"
    )
  }

  private static func oneSign(_ shares: [[Summary]]) -> Claim {
    let (single, batch, centered) = (shares[0][0], shares[0][6], shares[3][0])
    return Claim(
      "Outputs that are not zero-centred give all weights of a unit gradients of one sign", source: "S2",
      published: "all",
      measured: .init(
        single.inPercent, unit: "%", decimals: 0,
        against: .init(", batch of 64: ", batch.inPercent, unit: "%", decimals: 0)),
      verdict: .of(
        single.mean > 0.99 && centered.mean < 0.01 && batch.mean > 0.9, partly: single.mean > 0.5),
      reason: "for one sample; a batch mixes the signs of some units, and not of all, however large it is")
  }

  private static func sixTimes(_ race: RaceFindings) -> Claim {
    let ratio = race.ratio
    return Claim(
      "ReLU converges about 6 times faster than tanh", source: "S2, Krizhevsky et al. 2012", published: "6",
      measured: .init(ratio, unit: race.converged ? "" : "(bound)", decimals: 2),
      verdict: race.converged && ratio.mean > 1.5 ? .ofEffect(ratio, over: 1, from: 3) : .notHere,
      reason:
        "a shallow net on digits\(race.isSmallTold ? "; with the paper's weights, σ = 0.01, it is \(race.smallRatio.formatted(decimals: 2))" : ""). The paper's net was deeper, its pictures CIFAR-10"
    )
  }

  /// One evaluation, as S4 means it, and one with its way back.
  private static func cost(_ costs: CostFindings) -> Claim {
    let forward = costs.elements[Bend.sigmoid.rawValue].forward / costs.elements[Bend.relu.rawValue].forward
    return Claim(
      "ReLU is 6 times cheaper to compute than a sigmoid", source: "S4", published: "6",
      measured: .init(
        value: forward, decimals: 0,
        against: .init(
          ", with the way back ", value: costs.ratios[Bend.sigmoid.rawValue], unit: "(times)", decimals: 0)),
      verdict: .of((3...12).contains(forward), partly: forward > 1.2),
      reason: "how many times depends on the machine and on how exp is computed; a whole training step differs far less"
    )
  }

  private static func death(_ deaths: CensusExperiment) -> Claim {
    Claim(
      "Too high a learning rate kills ReLUs", source: "S2", published: "some",
      measured: .init(
        deaths.dead(0, deaths.hot).inPercent, unit: "% at 0.4", decimals: 0,
        against: .init(", ", deaths.dead(0, 0).inPercent, unit: "% at \(deaths.rates[0])", decimals: 0)),
      verdict: .ofEffect(deaths.killed(0, rate: deaths.hot), from: 0.1))
  }

  private static func bias(_ deaths: CensusExperiment) -> Claim {
    let rescued = deaths.rescued(by: 1, of: 0, rate: deaths.hot)
    let verdict = Claim.Verdict.ofEffect(rescued, from: 0.05)
    return Claim(
      "A first bias of 0.01 keeps ReLUs alive", source: "S2, \"not verified\"", published: "fewer dead",
      measured: .init(
        deaths.dead(1, deaths.hot).inPercent, unit: "% dead", decimals: 0,
        against: .init(deaths.dead(0, deaths.hot).inPercent, unit: "%", decimals: 0)),
      verdict: verdict,
      reason: rescued.mean > 0.05
        ? verdict == .reproduced ? "" : "a difference \(chance(rescued, beyond: 0))"
        : "runs differ more than the bias does; one step at such a rate moves a bias further than 0.01")
  }

  private static func leaks(_ deaths: CensusExperiment) -> Claim {
    let worst = deaths.worst(2, 3)
    return Claim(
      "Leaky ReLU and PReLU have no dead units", source: "S2", published: "0", measured: share(worst, of: deaths),
      verdict: .of(worst == 0, partly: worst < 0.05),
      reason:
        "of the runs that did not diverge, up to a rate of \(deaths.highestRate(2)) and \(deaths.highestRate(3)); a leak of 0.01 is more than the thousandth that counts as dead, by construction"
    )
  }

  private static func elu(_ deaths: CensusExperiment) -> Claim {
    let worst = deaths.worst(4)
    return Claim(
      "ELU has no dead units", source: "S2", published: "0", measured: share(worst, of: deaths),
      verdict: .of(worst == 0, partly: worst < 0.05),
      reason: worst == 0
        ? ""
        : "of the runs that did not diverge, up to a rate of \(deaths.highestRate(4)). The slope $e^x$ is below a thousandth left of −7: a unit that one step too large has thrown there is as good as dead"
    )
  }

  /// `0 %`, `up to 3 % in a run`.
  private static func share(_ worst: Double, of deaths: CensusExperiment) -> Claim.Measurement {
    .init(
      worst == 0 ? "" : "up to ", value: 100 * worst, unit: worst == 0 ? "%" : "% in a run",
      seeds: deaths.results[0][0].count, decimals: 0)
  }

  private static func centring(_ offsets: [Summary]) -> Claim {
    let (elu, relu) = (offsets[Bend.elu.rawValue], offsets[Bend.relu.rawValue])
    let ratio = Summary(zip(relu.values, elu.values).map { $0 / $1 })
    return Claim(
      "ELU's outputs are nearer to zero mean than ReLU's", source: "S2", published: "nearer",
      measured: .init(elu, decimals: 2, against: .init(relu, unit: "std", decimals: 2)),
      verdict: .ofEffect(ratio, over: 1, from: 4.0 / 3))
  }

  private static func doubling(_ counts: MaxoutFindings) -> Claim {
    Claim(
      "Maxout doubles the parameters", source: "S2", published: "2",
      measured: .init(value: Double(counts.maxout) / Double(counts.dense), decimals: 2),
      verdict: .of(counts.maxout == 2 * counts.dense, partly: counts.maxout > counts.dense))
  }
}

extension Summary {
  /// Shares in per cent.
  fileprivate var inPercent: Summary { Summary(values.map { 100 * $0 }) }
}
