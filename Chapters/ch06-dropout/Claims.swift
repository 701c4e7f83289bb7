// What the sources say about dropout, held against the findings.

import Workbook

extension Dropouts {
  static func claims(_ findings: Findings) -> [Claim] {
    [
      scale(findings.sums).shown(in: "dropped-sums"), crowd(findings).shown(in: "sampled-ensemble"),
      onePass(findings).shown(in: "sampled-ensemble"), overfitting(findings),
      wide(findings.byWidth).shown(in: "width-sweep"),
      muchData(findings.bySize).shown(in: "size-sweep"), wrongLabels(findings.noisy).shown(in: "wrong-labels"),
      coAdaptation(findings.reliance).shown(in: "damage"),
      evenly(findings.reliance), batchNorm(findings),
    ]
  }

  private static func scale(_ sums: ExpectationFindings) -> Claim {
    let ratio = sums.unscaledRatio
    return Claim(
      "Without scaling, outputs at test time are twice those in training (p = ½)", source: "S4", published: "2",
      measured: .init(ratio), verdict: .ofAgreement(ratio, with: 2, within: 0.1, loosely: 0.3),
      reason: reason(seeds: ratio.count))
  }

  private static func crowd(_ findings: Findings) -> Claim {
    let (average, single) = (findings.over(\.averageError), findings.over(\.singleError))
    return Claim(
      "Dropout is an ensemble of $2^M$ nets; their average is better than one", source: "S4", published: "better",
      measured: .init(average, unit: "%", decimals: 1, against: .init(single, unit: "%", decimals: 1)),
      verdict: .ofEffect(single - average, from: 0),
      reason: reason(
        """
        “one” is a thinned net of \(findings.ensembles[0].units) units; all \(findings.ensembles[0].nets) were run. The same \
        net trained without dropout: \(percentage(findings.over(\.plainError)))
        """, seeds: single.count))
  }

  private static func onePass(_ findings: Findings) -> Claim {
    let share = findings.overSampled(\.shareOfOnePass)
    return Claim(
      "One pass with scaled weights stands in for the average", source: "S4, Srivastava et al. 2014",
      published: "approximately",
      measured: .init("saves ", share, unit: "of what averaging saves", decimals: 2),
      verdict: .ofEffect(share, from: 0.9),
      reason: reason(
        """
        two hidden layers of \(findings.wide); one pass \(percentage(findings.overSampled(\.scaledError))), the average of \
        \(SampledEnsemble.counts.last ?? 0) thinned nets \(percentage(findings.overSampled(\.averageError)))
        """, seeds: share.count))
  }

  private static func overfitting(_ findings: Findings) -> Claim {
    let (gains, nets) = (findings.contestGains, findings.contest)
    let gain = gains[Place.dropout]
    return Claim(
      "Dropout prevents overfitting", source: "S1, S4", published: "lower test error",
      measured: points("", gain, against: points(", L2 ", gains[Place.decay], unit: "")),
      verdict: .ofEffect(gain, from: 0),
      reason: reason(
        """
        \(grouped(findings.few)) images, right labels, layers of \(findings.wide), each net at its best rate: errors on new \
        images \(percentage(nets[0].testErrors)) without, \(percentage(nets[Place.dropout].testErrors)) with
        """, seeds: gain.count))
  }

  private static func wide(_ byWidth: PairFindings) -> Claim {
    let (gains, last) = (byWidth.gains, byWidth.last)
    return Claim(
      "A layer with dropout should be wider", source: "Srivastava et al. 2014", published: "n/(1 − p) units",
      measured: points(
        "\(byWidth.settings[last]) units: ", gains[last],
        against: points(", \(byWidth.settings[0]): ", gains[0], unit: "")),
      verdict: .ofEffect(gains[last] - gains[0], from: 0),
      reason: reason("in narrow layers the half that is left is too few", seeds: gains[0].count))
  }

  private static func muchData(_ bySize: PairFindings) -> Claim {
    let (gains, sizes, last) = (bySize.gains, bySize.settings, bySize.last)
    return Claim(
      "With much data it is not needed", source: "S4", published: "no gain",
      measured: points("", gains[last], unit: "points at \(grouped(sizes[last])) images"),
      // More images are also fewer epochs here: no more than part of the claim.
      verdict: superfluous(
        there: gains[last], elsewhere: gains[0], isLess: saves(gains[0] - gains[last])
      ).atMostPartly,
      reason: reason(
        "at \(grouped(sizes[0])) images it \(effect(gains[0])); as many steps for every size, so more images are also fewer epochs",
        seeds: gains[0].count))
  }

  private static func wrongLabels(_ noisy: NoisyFindings) -> Claim {
    Claim(
      "It protects from wrong labels", source: "often said", published: "lower test error",
      measured: points("", noisy.gain), verdict: .ofEffect(noisy.gain, from: 0),
      reason: reason(
        """
        20 % of \(grouped(noisy.size)) labels wrong; at its best epoch the net without dropout has \
        \(fixed(noisy.lowest[0].mean, 1)) % errors, with it \(fixed(noisy.lowest[1].mean, 1))
        """, seeds: noisy.gain.count))
  }

  private static func coAdaptation(_ reliance: RelianceFindings) -> Claim {
    let spared = reliance.spared
    return Claim(
      "It prevents co-adaptation of units", source: "S1", published: "units useful by themselves",
      measured: .init(spared, unit: "points fewer lost", decimals: 1),
      // The test is the training of one of the two nets: no more than part of the claim.
      verdict: Claim.Verdict.ofEffect(spared, from: 0).atMostPartly,
      reason: reason(
        "when half of the units are removed; with dropout the net has practised just that", seeds: spared.count)
    )
  }

  private static func evenly(_ reliance: RelianceFindings) -> Claim {
    let unevenness = reliance.over(\.unevenness)
    return Claim(
      "It makes all nodes learn evenly", source: "S4", published: "evenly",
      measured: .init(
        "movement of a unit varies by ", unevenness[1], decimals: 2,
        against: .init(", without by ", unevenness[0], decimals: 2)),
      verdict: .ofEffect(reliance.evenness, over: RelianceFindings.visible * unevenness[0].mean, from: 0),
      reason: reason(
        """
        deviation over mean of ‖w − w at the start‖, units of the first layer; a difference of less than a tenth would not \
        be seen in the weights
        """, seeds: unevenness[0].count))
  }

  private static func batchNorm(_ findings: Findings) -> Claim {
    let (onTop, alone) = (findings.onTop, findings.contestGains[Place.dropout])
    return Claim(
      "Batch norm makes dropout superfluous", source: "S3", published: "dropout can go",
      measured: points("with batch norm dropout ", onTop, against: points(", without it ", alone, unit: "")),
      verdict: superfluous(there: onTop, elsewhere: alone, isLess: saves(alone - onTop)),
      reason: reason("batch norm alone \(effect(findings.contestGains[Place.norm]))", seeds: onTop.count))
  }

  /// The verdict on "not needed where …": reproduced where dropout saves something elsewhere and nothing there; partly
  /// where what it still saves there is clearly less.
  private static func superfluous(there: Summary, elsewhere: Summary, isLess: Bool) -> Claim.Verdict {
    guard there.count >= 3 else { return .undecided }
    return .of(saves(elsewhere) && isLess && !saves(there), partly: saves(elsewhere) && isLess)
  }

  /// `saves 0.8 points`, `costs 1.3 ± 3.0 points`.
  private static func points(
    _ lead: String, _ saved: Summary, unit: String = "points", against others: Claim.Measurement...
  ) -> Claim.Measurement {
    let isCost = saved.mean < 0
    var measurement = Claim.Measurement(
      lead + (isCost ? "costs " : "saves "), isCost ? Summary(saved.values.map { -$0 }) : saved, unit: unit,
      decimals: 1)
    measurement.against = others
    return measurement
  }
}
