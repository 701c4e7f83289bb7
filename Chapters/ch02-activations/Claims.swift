// What the sources say about activations, held against the findings.

import Workbook

extension Activations {
  static func claims(_ findings: Findings) -> [Claim] {
    let deaths = findings.census.experiment
    return [
      vanishing(findings).shown(in: "survival"),
      oneSign(findings.signShares, findings.census.counted).shown(in: "zigzag"),
      sixTimes(findings.race, hard: findings.hardRatio, findings.photographs),
      cost(findings.costs), half(findings.census.active), death(deaths).shown(in: "dead-units"),
      bias(deaths).shown(in: "dead-units"), centring(findings.census.offsets),
      never(findings).shown(in: "deep-nets"),
      first(findings).shown(in: "deep-nets"), little(findings).shown(in: "deep-nets"),
    ] + (symmetric(findings.deepNets).map { [$0.shown(in: "faults")] } ?? [])
  }

  private static func vanishing(_ findings: Findings) -> Claim {
    let deep = findings.depth
    let (sigmoid, relu) = (deep.perLayer(1, 0), deep.perLayer(1, DepthExperiment.relu))
    let best = deep.best(0)
    return Claim(
      "Depth multiplies the damage: sigmoid gradients vanish, ReLU's do not", source: "S4",
      published: "sigmoid gradients tend to 0",
      measured: .init(
        value: deep.typical(1, 0)[depth - 1], unit: "after \(depth) layers", seeds: sigmoid.count,
        against: .init(", ReLU ", value: deep.typical(1, DepthExperiment.relu)[depth - 1], seeds: relu.count)),
      verdict: .of(
        sigmoid.mean < 0.3 && relu.mean > 0.9,
        partly: relu.mean > sigmoid.mean && isClear(relu - sigmoid, beyond: 0)),
      reason:
        "with the reference weights; with \(short(Double(deep.factors[best]))) times these, sigmoids leave \(short(deep.typical(best, 0)[depth - 1]))"
    )
  }

  private static func oneSign(_ shares: [[Summary]], _ tied: [Summary]?) -> Claim {
    let (single, batch) = (shares[0][0], shares[0][batchOf64])
    let measured =
      tied.map {
        Claim.Measurement(
          single.inPercent, unit: "% for one sample", decimals: 0,
          against: .init(", in trained nets, batches of 64: ", $0[0].inPercent, unit: "%", decimals: 0))
      } ?? Claim.Measurement(single.inPercent, unit: "% for one sample", decimals: 0)
    return Claim(
      "Outputs that are not zero-centred give all weights of a unit gradients of one sign", source: "S2",
      published: "all weights of every unit",
      measured: measured,
      verdict: .of(
        single.mean > 0.99 && shares[4][0].mean < 0.01 && batch.mean > 0.9, partly: single.mean > 0.5),
      reason: "units that follow sigmoids; a batch mixes the signs"
    )
  }

  /// Judged on photographs, where they were trained on. That a small net does not show it on digits says little of the claim.
  ///
  /// - Parameter hard: the ratio to the lowest loss, where the race was run so far: that is what the claim is judged by.
  private static func sixTimes(_ race: RaceFindings, hard: Summary?, _ photographs: PhotographFindings?) -> Claim {
    let name = ("ReLU converges about 6 times faster than tanh", "S2, Krizhevsky et al. 2012")
    if let photographs, let (mark, ratio) = photographs.hardest {
      var measured = Claim.Measurement(
        ratio, unit: "times on photographs in our smaller net, until \(short(mark)) in 100 training images are wrong",
        decimals: 2)
      if let hard {
        measured.against.append(
          .init(
            ", ", hard, unit: "times on digits, to a loss of \(short(lowTarget))",
            decimals: 2))
      }
      return Claim(
        name.0, source: name.1, published: "6 times", measured: measured,
        verdict: .ofFactor(ratio, from: 3),
        reason:
          "steps of tanh over steps of ReLU, each at its best rate, on \(grouped(photographs.count)) photographs of "
          + "\(photographs.data)\(hard.map { ", on digits with \(counted($0.count, "seed"))" } ?? ""). The paper's net is wider and learns "
          + "all 50,000"
      )
    }
    let found = hard ?? (race.converged ? race.ratio : nil)
    let factor = found.map { Claim.Verdict.ofFactor($0, from: 3) } ?? .undecided
    // A small factor on digits decides nothing about the paper's net.
    let verdict = hard != nil && factor == .partly ? .undecided : factor
    let easy = Claim.Measurement(
      hard == nil ? "" : ", ", race.ratio,
      unit: race.converged ? "times to a loss of \(target)" : "times (at most: not all runs got there)", decimals: 2)
    return Claim(
      name.0, source: name.1, published: "6 times",
      measured: hard.map { .init($0, unit: "times to a loss of \(short(lowTarget))", decimals: 2, against: easy) }
        ?? easy,
      verdict: verdict == .notHere ? .undecided : verdict,
      reason:
        "steps of tanh over steps of ReLU: a small net on digits, each activation at its best rate. The paper's net is deeper and "
        + "learns CIFAR-10. It was not run, and digits alone cannot judge the claim"
    )
  }

  /// One evaluation, as S4 means it, and one with its way back.
  private static func cost(_ costs: CostFindings) -> Claim {
    let (sigmoid, relu) = (Nonlinearity.sigmoid.rawValue, Nonlinearity.relu.rawValue)
    let forward = costs.elements[sigmoid].forward / costs.elements[relu].forward
    return Claim(
      "ReLU is 6 times cheaper to compute than a sigmoid", source: "S4", published: "6 times",
      measured: .init(
        value: forward, unit: "times", decimals: 0,
        against: .init(", with the way back ", value: costs.ratios[sigmoid], unit: "times", decimals: 0)),
      verdict: .of(
        [forward, costs.ratios[sigmoid]].allSatisfy { (4...9).contains($0) }, partly: forward > 1.2),
      reason:
        "the shortest of many rounds on one machine; a whole training step differs far less")
  }

  private static func half(_ active: Summary) -> Claim {
    Claim(
      "About half of the ReLUs are active", source: "S4", published: "about 50 %",
      measured: .init(active.inPercent, unit: "%", decimals: 0),
      verdict: .ofAgreement(active, with: 0.5, within: 0.1, loosely: 0.2), reason: "second hidden layer, trained")
  }

  private static func death(_ deaths: CensusExperiment) -> Claim {
    Claim(
      "Too high a learning rate kills ReLUs", source: "S2", published: "some units die",
      measured: .init(
        deaths.dead(0, deaths.hot).inPercent, unit: "% at \(deaths.rates[deaths.hot])", decimals: 0,
        against: .init(", ", deaths.dead(0, 0).inPercent, unit: "% at \(deaths.rates[0])", decimals: 1)),
      verdict: .ofEffect(deaths.killed(0, rate: deaths.hot), from: 0))
  }

  private static func bias(_ deaths: CensusExperiment) -> Claim {
    let (rescued, half) = (deaths.rescued(by: 1, of: 0, rate: deaths.hot), deaths.dead(0, deaths.hot).mean / 2)
    let effect = Claim.Verdict.ofEffect(rescued, from: 0.05)
    // Within chance says little: it is not here only where the interval leaves out a gain that would matter.
    let isExcluded = half > 0.005 && rescued.mean + rescued.uncertainty < half
    let verdict = effect == .notHere && !isExcluded ? .undecided : effect
    return Claim(
      "An initial bias of 0.01 keeps ReLUs alive", source: "S2, \"not verified\"", published: "fewer dead units",
      measured: .init(
        deaths.dead(1, deaths.hot).inPercent, unit: "% dead", decimals: 0,
        against: .init(deaths.dead(0, deaths.hot).inPercent, unit: "% without", decimals: 0)),
      verdict: verdict,
      reason:
        "at a rate of \(deaths.rates[deaths.hot]), the highest one; with the bias there are "
        + "\(rescued.magnitude.inPercent.withInterval(1)) points \(rescued.mean < 0 ? "*more*" : "fewer") dead units"
        + (effect != .notHere ? "" : "; the interval \(isExcluded ? "rules" : "does not rule") out that it saves half"))
  }

  private static func centring(_ offsets: [Summary]) -> Claim {
    let (elu, relu) = (offsets[Nonlinearity.elu.rawValue], offsets[Nonlinearity.relu.rawValue])
    return Claim(
      "ELU's outputs are nearer to zero mean than ReLU's", source: "S2", published: "a mean nearer to 0",
      measured: .init(
        elu, unit: "of their spread", decimals: 2, against: .init(relu, unit: "with ReLU", decimals: 2)),
      verdict: .ofFactor(relu / elu, from: 4.0 / 3))
  }

  private static func never(_ findings: Findings) -> Claim {
    let deep = findings.deepNets
    let suited = findings.matchedSigmoid
    let factor = short(Double(suited == nil ? DeepNet.kinds[DeepNet.large].factor : SizedSigmoid.matchedFactor))
    return Claim(
      "Never use the sigmoid in a deep stack", source: "S2", published: "it learns worse than others",
      measured: .init(
        "loss ", deep.nets[DeepNet.relu].losses, unit: "with ReLU", decimals: 2,
        against: .init(
          ", sigmoid ", deep.nets[DeepNet.sigmoid].losses, unit: "with the reference weights", decimals: 2),
        .init(", ", (suited ?? deep.nets[DeepNet.large]).losses, unit: "with \(factor) times these", decimals: 2)),
      verdict: .ofFactor(findings.sigmoidOverReLU, from: 1.5),
      reason:
        "\(DeepNet.depth) hidden layers, \(deep.steps) steps, each at its best rate; judged by the sigmoid that ends lowest. Its test "
        + "error is \(higher(findings.bestSigmoid.errors - deep.nets[DeepNet.relu].errors, 1)) points"
        + (suited == nil ? "" : ". The first layer keeps its reference weights")
    )
  }

  /// The mean alone: both have slope 1 at 0.
  private static func symmetric(_ deep: DeepFindings) -> Claim? {
    guard let mended = deep.mended, mended.count == MendedSigmoid.allCases.count else { return nil }
    let (steep, both) = (mended[MendedSigmoid.steep.rawValue].losses, mended[MendedSigmoid.both.rawValue].losses)
    return Claim(
      "Symmetric sigmoids converge faster than the logistic function", source: "LeCun 1998",
      published: "often faster",
      measured: .init(
        "loss ", both, unit: "with 4σ(x) − 2", decimals: 2,
        against: .init(steep, unit: "with σ(4x), as steep", decimals: 2)),
      verdict: .ofFactor(steep / both, from: 1.5),
      reason:
        "\(DeepNet.depth) hidden layers, \(deep.steps) steps, each at its best rate. Both have slope 1 at 0; σ(4x) has a mean of ½. The logistic function σ(x) itself ends at \(fixed(deep.nets[DeepNet.sigmoid].losses.mean, 2))"
    )
  }

  /// Reproduced where ReLU's loss ends below every other; partly where none ends below it, or where none costs less.
  private static func first(_ findings: Findings) -> Claim {
    let nets = findings.deepNets.nets
    let relu = nets[DeepNet.relu]
    let lowest = DeepNet.rivals.min { nets[$0].losses.mean < nets[$1].losses.mean } ?? DeepNet.relu
    let ahead = DeepNet.rivals.map { (nets[$0].losses - relu.losses).direction() }
    let isCheapest = findings.costs.isReLUCheapest
    return Claim(
      "Use ReLU first", source: "S2", published: "it learns best",
      measured: .init(
        "loss ", relu.losses, unit: "with ReLU", decimals: 2,
        against: .init(
          ", lowest of the others ", nets[lowest].losses, unit: "with \(DeepNet.kinds[lowest].name)", decimals: 2)),
      verdict: .of(ahead.allSatisfy { $0 == .above }, partly: !ahead.contains(.below) || isCheapest),
      reason:
        "\(DeepNet.depth) hidden layers, \(findings.deepNets.steps) steps: \(DeepNet.kinds[lowest].name)'s loss is "
        + "\(higher(nets[lowest].losses - relu.losses, 3)), its test error \(higher(nets[lowest].errors - relu.errors, 1)) points"
        + (isCheapest ? ", and none costs less than ReLU" : ""))
  }

  /// `lower by 0.024 (95 %: 0.000 to 0.047)`, or higher.
  private static func higher(_ difference: Summary, _ decimals: Int) -> String {
    "\(difference.mean < 0 ? "lower" : "higher") by \(difference.magnitude.withInterval(decimals))"
  }

  /// By its loss in the deep net, and by its test error in the convolutional one: worse in one of the two is partly. How much
  /// of a gradient it keeps depends on the size of the weights.
  private static func little(_ findings: Findings) -> Claim {
    let nets = findings.deepNets.nets
    let (tanh, relu) = (nets[DeepNet.tanh].losses, nets[DeepNet.relu].losses)
    let deep = Claim.Verdict.ofFactor(tanh / relu, from: 1.1)
    let conv = findings.convErrors.map { steps, tanh, relu in
      "\(higher(tanh - relu, relu.mean < 3 ? 2 : 1)) points after \(grouped(steps)) steps"
    }
    var measured = Claim.Measurement(
      "loss ", tanh, unit: "with tanh", decimals: 2, against: .init(relu, unit: "with ReLU", decimals: 2))
    if let last = findings.convErrors.last {
      let decimals = last.relu.mean < 3 ? 2 : 1
      measured.against += [
        .init(
          ", in the conv net after \(grouped(last.steps)) steps ", last.tanh, unit: "% test errors", decimals: decimals),
        .init(last.relu, unit: "%", decimals: decimals),
      ]
    }
    return Claim(
      "Expect little of tanh", source: "S2", published: "worse than ReLU",
      measured: measured,
      verdict: deep != .reproduced && findings.isTanhBehindInConv ? .partly : deep,
      reason:
        "\(DeepNet.depth) hidden layers, \(findings.deepNets.steps) steps: its loss is \(higher(tanh - relu, 3))"
        + (conv.isEmpty ? "" : ". In the conv net its test error is \(conv.joined(separator: ", "))")
        + (findings.choices.isEmpty || findings.tanhDifferences.contains(.above)
          ? "" : ", with gain 1. From its best first weights it is behind in none of four nets beyond chance"))
  }
}
