// What the sources say about dropout, held against the findings.

import Workbook

extension Dropouts {
  static func claims(_ findings: Findings) -> [Claim] {
    [
      scale(findings.sums), crowd(findings.ensemble), onePass(findings.ensemble), overfitting(findings),
      muchData(findings.bySize), wrongLabels(findings.noisy), coAdaptation(findings.reliance), batchNorm(findings),
    ]
  }

  private static func scale(_ sums: ExpectationFindings) -> Claim {
    let ratio = sums.unscaledRatio
    return Claim(
      "Without scaling, outputs at test time are twice those in training (p = ½)", source: "S4", published: "2",
      measured: .init(ratio), verdict: .ofAgreement(ratio, with: 2, within: 0.1, loosely: 0.3),
      reason: reason(seeds: ratio.count))
  }

  private static func crowd(_ ensemble: EnsembleFindings) -> Claim {
    let (average, single) = (ensemble.over(\.averageError), ensemble.over(\.singleError))
    return Claim(
      "Dropout is an ensemble of $2^M$ nets; their average is better than one", source: "S4", published: "better",
      measured: .init(average, unit: "%", decimals: 1, against: .init(single, unit: "%", decimals: 1)),
      // The share of a single net's mistakes that the average is spared.
      verdict: .ofEffect(ensemble.over { 1 - $0.averageError / $0.singleError }, from: 0.1),
      reason: reason(
        "“one” is a thinned net, with half of the units on average; all \(ensemble.runs[0].nets) were run",
        seeds: single.count))
  }

  private static func onePass(_ ensemble: EnsembleFindings) -> Claim {
    let (average, scaled) = (ensemble.over(\.averageError), ensemble.over(\.scaledError))
    let apart = ensemble.distance
    return Claim(
      "One pass with scaled weights stands in for the average", source: "S4, Srivastava et al. 2014",
      published: "approximately",
      measured: .init(scaled, unit: "%", decimals: 1, against: .init(average, unit: "%", decimals: 1)),
      verdict: .of(apart.maximum < 2.5, partly: apart.mean < 5),
      reason: reason(
        """
        the errors are up to \(fixed(apart.maximum, 1)) points apart (2.5 \
        count as the same); single probabilities are off by \(short(ensemble.over(\.meanDifference).mean)) on average and by up to \
        \(short(ensemble.over(\.differenceFromAverage).maximum))
        """, seeds: apart.count))
  }

  private static func overfitting(_ findings: Findings) -> Claim {
    let (byRate, half, best) = (findings.byRate, findings.byRate.half, findings.byRate.best)
    let (saved, halfSaved, own) = (byRate.saved, byRate.halfSaved, byRate.trainingErrors)
    let ownWords =
      own[half].mean < 2
      ? "learned by heart all the same, \(fixed(own[half].mean, 1)) % of them are missed"
      : "\(fixed(own[half].mean, 1)) % of them are missed, without dropout \(fixed(own[0].mean, 1))"
    let verdict = Claim.Verdict.ofEffect(halfSaved, from: 0.5)
    var measurement = points("p = ½ ", halfSaved)
    if best != half {
      measurement.against = [points(", the best share, \(short(byRate.rates[best])), ", saved, unit: "")]
    }
    return Claim(
      "Dropout prevents overfitting", source: "S1, S4", published: "lower test error", measured: measurement,
      verdict: verdict == .notHere && saves(saved) ? .partly : verdict,
      reason: reason("\(findings.few) clean images; with p = ½ \(ownWords)", seeds: halfSaved.count))
  }

  private static func muchData(_ bySize: SizeFindings) -> Claim {
    let (gains, sizes, last) = (bySize.gains, bySize.sizes, bySize.last)
    let small = "at \(grouped(sizes[0])) images it \(effect(gains[0]))"
    return Claim(
      "With much data it is not needed", source: "S4", published: "no gain",
      measured: points("", gains[last], unit: "points at \(grouped(sizes[last])) images"),
      verdict: superfluous(there: gains[last], elsewhere: gains[0]),
      reason: reason(
        saves(gains[0]) || saves(gains[last])
          ? small : "with few data it saves nothing beyond chance either, \(small): less data is no reason here",
        seeds: gains[0].count))
  }

  private static func wrongLabels(_ noisy: NoisyFindings) -> Claim {
    Claim(
      "It protects from wrong labels", source: "often said", published: "lower test error",
      measured: points("", noisy.gain), verdict: .ofEffect(noisy.gain, from: 0.5),
      reason: reason(
        """
        20 % of \(grouped(noisy.size)) labels wrong, after \(counted(noisy.curves[0].count, "epoch")); at its best epoch the net \
        without dropout has \(fixed(noisy.lowest[0], 1)) % errors, with it \(fixed(noisy.lowest[1], 1))
        """, seeds: noisy.gain.count))
  }

  private static func coAdaptation(_ reliance: RelianceFindings) -> Claim {
    let spared = reliance.spared
    return Claim(
      "It prevents co-adaptation of units", source: "S1", published: "units useful by themselves",
      measured: .init(spared, unit: "points fewer lost", decimals: 1),
      // The test is the training of one of the two nets: no more than part of the claim.
      verdict: .ofEffect(spared, from: .infinity),
      reason: reason(
        "when half of the units are removed; with dropout the net has practised just that", seeds: spared.count)
    )
  }

  private static func batchNorm(_ findings: Findings) -> Claim {
    let (onTop, alone) = (findings.onTop, findings.contestGains[1])
    return Claim(
      "Batch norm makes dropout superfluous", source: "S3", published: "dropout can go",
      measured: points("with batch norm dropout ", onTop, against: points(", without it ", alone, unit: "")),
      verdict: superfluous(there: onTop, elsewhere: alone),
      reason: reason(
        saves(alone) || saves(onTop)
          ? "with batch norm the difference is \(chance(onTop)), without it \(chance(alone))"
          : "dropout ½ saves nothing beyond chance without batch norm either, so there is little that batch norm could have taken over",
        seeds: onTop.count))
  }

  /// The verdict on "not needed where …": nothing saved there counts only where dropout saves something elsewhere, and
  /// more than there.
  private static func superfluous(there: Summary, elsewhere: Summary) -> Claim.Verdict {
    guard there.count >= 3 else { return .undecided }
    return .of(saves(elsewhere) && !saves(there) && isClear(elsewhere - there, beyond: 0))
  }

  /// Whether something saves points of error beyond chance.
  private static func saves(_ saved: Summary) -> Bool { isClear(saved) && saved.mean > 0 }

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
