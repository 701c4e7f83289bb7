// What the sources say about dropout, compared with the findings.

import Workbook

extension Dropouts {
  private typealias Doubled = (narrow: Int, wide: Int, gain: Summary)

  static func claims(_ findings: Findings) -> [Claim] {
    [
      scale(findings.sums).shown(in: "dropped-sums"), ensemble(findings).shown(in: "sampled-ensemble"),
      onePass(findings).shown(in: "sampled-ensemble"), overfitting(findings),
      wide(findings.byWidth),
      muchData(findings),
      wrongLabels(findings),
      coAdaptation(findings),
      evenly(findings.reliance), batchNorm(findings),
    ]
  }

  private static func scale(_ sums: ExpectationFindings) -> Claim {
    let ratio = sums.unscaledRatio
    return Claim(
      "Without scaling, outputs at test time are twice those in training (p = ½)", source: "Srivastava et al. 2014, S4",
      published: "2",
      measured: .init(ratio), verdict: .ofAgreement(ratio, with: 2, within: 0.1, loosely: 0.3),
      reason: reason("by construction, since $E[m_i] = 1/2$", seeds: ratio.count))
  }

  private static func ensemble(_ findings: Findings) -> Claim {
    let (average, single) = (findings.over(\.averageError), findings.over(\.singleError))
    let gains = [
      findings.over { $0.plainError - $0.averageError }, findings.overVotes { $0.plainError - $0.averageError },
    ]
    // Better than its members in any case; for the whole of the claim also better than one net trained whole.
    let verdict = Claim.Verdict.ofEffect(single - average, from: 0)
    return Claim(
      "Dropout is an ensemble of $2^M$ nets; their average is better than one", source: "Srivastava et al. 2014, S4",
      published: "the average is better than a single net",
      measured: .init(average, unit: "%", decimals: 1, against: .init(single, unit: "%", decimals: 1)),
      verdict: gains.allSatisfy(saves) ? verdict : verdict.atMostPartly,
      reason: reason(
        """
        “one” is a thinned net of \(findings.ensembles[0].units) units; all \(findings.ensembles[0].nets) were run. The same \
        net trained whole: \(percentage(findings.over(\.plainError))).
        """, seeds: single.count))
  }

  private static func onePass(_ findings: Findings) -> Claim {
    let share = findings.overVotes(\.shareOfOnePass)
    return Claim(
      "One pass with scaled weights stands in for the average", source: "Srivastava et al. 2014, S4",
      published: "one pass comes close to the average",
      measured: .init(
        "one pass lowers a thinned net’s error by ", findings.overVotes { $0.singleError - $0.scaledError },
        unit: "points", decimals: 1,
        against: .init(
          ", averaging \(SampledEnsemble.counts.last ?? 0) nets by ",
          findings.overVotes { $0.singleError - $0.averageError }, decimals: 1)),
      verdict: .ofEffect(share, from: 0.9),
      reason: reason(
        """
        two hidden layers of \(findings.wide), \(findings.hasOwnVotes ? "our shares" : srivastava); compared with the average of \(SampledEnsemble.counts.last ?? 0) thinned nets, one pass \
        \(against(findings.overVotes { $0.averageError - $0.scaledError }))
        """, seeds: share.count))
  }

  private static func overfitting(_ findings: Findings) -> Claim {
    let own = findings.recordedSeeds == nil ? findings.bothAtBest : nil
    let (gains, both) = (findings.contestGains, own ?? findings.contest[Place.dropout])
    let gain = findings.gain(both)
    // At its own rate, where that has been looked for after the recorded run; other runs begin with that rate.
    let decay =
      findings.recordedSeeds == nil ? findings.gain(findings.decay) : gains[Place.decay]
    return Claim(
      "Dropout lowers the test error of a net that fits its images perfectly", source: "Srivastava et al. 2014, S1, S4",
      published: "dropout prevents overfitting",
      measured: points("", gain, against: points(", L2 ", decay, unit: "")),
      verdict: .ofEffect(gain, from: 0),
      reason: reason(
        """
        95 %: \(gain.interval()); \(own == nil ? srivastava : "our shares"); on its own images the plain net errs on \
        \(fixed(findings.contest[0].trainingErrors.mean, 1)) %
        """, seeds: gain.count))
  }

  private static func wide(_ byWidth: PairFindings) -> Claim {
    let (text, source, published) = (
      "A layer with dropout should be wider", "Srivastava et al. 2014",
      "take n/(1 − p) units where n are right without dropout"
    )
    let pairs = byWidth.doubled
    guard let first = pairs.first(where: { $0.narrow == 32 }) ?? pairs.first, let last = pairs.last else {
      return Claim(
        text, source: source, published: published, measured: "no net of twice the width of another",
        verdict: .undecided)
    }
    /// `128 units, 256 with dropout: `.
    func lead(_ pair: Doubled) -> String { "\(pair.narrow) units, \(pair.wide) with dropout: " }
    let seeds = pairs.map(\.gain.count).min() ?? 0
    let winners = pairs.count { saves($0.gain) }
    return Claim(
      text, source: source, published: published,
      measured: first.narrow == last.narrow
        ? points(lead(last), last.gain)
        : points(lead(last), last.gain, against: points(", " + lead(first), first.gain, unit: "")),
      verdict: seeds < 3 ? .undecided : .of(winners == pairs.count, partly: winners > 0),
      reason: reason(
        "twice the units, \(srivastava): \(winners > 0 && winners < pairs.count ? "partly, as " : "")it saves beyond chance in \(winners) of \(counted(pairs.count, "pair"))",
        seeds: seeds)
    )
  }

  private static func muchData(_ findings: Findings) -> Claim {
    let (bySize, first) = (findings.bySize, findings.contestGains[Place.dropout])
    let (gain, size) = (bySize.gains[bySize.last], bySize.settings[bySize.last])
    let (text, source, published) = (
      "With much data it is not needed", "Srivastava et al. 2014, S4", "no gain where data are plentiful"
    )
    let run = findings.recordedSeeds == nil ? "" : "; measured by the recorded run"
    // With as many steps, more images are also fewer epochs; with as many epochs alone, they are also more steps: either is
    // no more than part of the claim.
    guard let many = findings.equalEpochs, let few = findings.fewLonger else {
      let there = findings.equalEpochs?.gain ?? gain
      return Claim(
        text, source: source, published: published,
        measured: points("", there, unit: "points at \(grouped(size)) images"),
        verdict: superfluous(there: there, elsewhere: first, isLess: saves(first - there)).atMostPartly,
        reason: reason(
          """
          at \(grouped(findings.few)) images it \(effect(first)); \
          \(findings.equalEpochs == nil ? "as many steps, so more images are also fewer epochs" : "as many epochs, so more images are also more steps")\(run)
          """, seeds: there.count))
    }
    let pixels = findings.bestPixels(.manyLonger, findings.controls?.apart?.pixelsMany?.first).map {
      difference(many.nets[0].testErrors, $0.net.testErrors)
    }
    let verdict = superfluous(there: many.gain, elsewhere: few.gain, isLess: saves(few.gain - many.gain))
    // With its sign and two digits: it may be next to nothing.
    var measured = Claim.Measurement("\(srivastava) save ", many.gain, unit: "points", decimals: 2)
    if let pixels { measured.against = [.init(", pixels alone ", pixels, decimals: 2)] }
    return Claim(
      text, source: source, published: published, measured: measured,
      // Of all that is dropped the claim must be true.
      verdict: pixels.map(saves) ?? false ? verdict.atMostPartly : verdict,
      reason: reason(
        "\(grouped(many.size)) images and \(grouped(many.steps)) steps; with \(grouped(few.size)) images and as many steps they \(plural(few.gain))\(run)",
        seeds: min(many.gain.count, few.gain.count)))
  }

  private static func wrongLabels(_ findings: Findings) -> Claim {
    let (noisy, heart) = (findings.ownNoisy, findings.ownNoisy.learnedByHeart)
    let answersMore = costs(heart[0] - heart[1])
    let below = findings.controls?.wrong?.plainBelow
    let count = below.map { min($0.runs.count, noisy.nets[0].runs.count) } ?? 0
    /// What half of its rate costs the plain net, where that was tried.
    let more = below.map {
      Summary(Array($0.testErrors.values.prefix(count))) - Summary(Array(noisy.nets[0].testErrors.values.prefix(count)))
    }
    let isAtAnEnd = noisy.nets[0].rate == findings.rates.min() && !(more.map(saves) ?? false)
    let verdict = Claim.Verdict.ofEffect(noisy.gain, from: 0)
    // For the whole of the claim it must also save where both nets are stopped in time, answer no more of the wrong
    // labels, and have been compared with a plain net whose best rate is not an end of those tried.
    return Claim(
      "It protects from wrong labels", source: "Arpit et al. 2017", published: "dropout hinders learning by heart",
      measured: points("", noisy.gain),
      verdict: saves(noisy.gainAtBest) && !answersMore && !isAtAnEnd ? verdict : verdict.atMostPartly,
      reason: reason(
        """
        20 % of \(grouped(noisy.size)) labels wrong, \(findings.noisyShares); at the best epoch of each net, on a thousand test images, it \(effect(noisy.gainAtBest)); \(answersMore ? "partly, as it " : "it ")learns \
        \(percent(heart[1].mean)) of the wrong labels by heart, the plain net at its best rate \
        \(percent(heart[0].mean))\(isAtAnEnd ? "; that rate is the smallest tried" : more.map { ", and at half of that rate errs on \(fixed($0.mean, 1)) points more" } ?? "")
        """,
        seeds: noisy.gain.count))
  }

  private static func coAdaptation(_ findings: Findings) -> Claim {
    let losses = findings.recordedSeeds == nil ? findings.ours?.losses ?? [] : []
    let isOwn = losses.count >= 3 && findings.recipe != nil
    let spared = isOwn ? losses[0] - losses[2] : findings.reliance.spared
    let pixels =
      isOwn && !saves(losses[0] - losses[1])
      ? "; with pixels alone dropped it spares nothing" : "; whether that is why it errs less is open"
    return Claim(
      "It prevents co-adaptation of units", source: "Hinton et al. 2012, S1",
      published: "units become useful by themselves",
      measured: .init(spared, unit: "points fewer lost", decimals: 1),
      // The test is the training of one of the two nets: no more than part of the claim.
      verdict: Claim.Verdict.ofEffect(spared, from: 0).atMostPartly,
      reason: reason(
        "95 %: \(spared.interval()); when half of the units are removed, for which only the net with \(isOwn ? "our shares" : srivastava) was trained\(pixels)",
        seeds: spared.count))
  }

  private static func evenly(_ reliance: RelianceFindings) -> Claim {
    let unevenness = reliance.over(\.unevenness)
    return Claim(
      "It makes all nodes learn evenly", source: "S4", published: "all nodes learn evenly",
      measured: .init(
        "movement of a unit varies by ", unevenness[1], decimals: 2,
        against: .init(", without by ", unevenness[0], decimals: 2)),
      verdict: .ofEffect(reliance.evenness, over: RelianceFindings.visible * unevenness[0].mean, from: 0),
      reason: reason(
        """
        deviation over mean of ‖w − w at initialization‖, units of the first layer, \(srivastava); a difference of less than a tenth is \
        too little to notice
        """, seeds: unevenness[0].count))
  }

  private static func batchNorm(_ findings: Findings) -> Claim {
    let (onTop, alone) = (findings.onTop, findings.contestGains[Place.dropout])
    let apart = findings.onTopApart ?? []
    let unitsAreLeftOut = onTop.count >= 3 && apart.count == 2 && saves(apart[0]) && !saves(apart[1])
    return Claim(
      "Batch norm makes dropout superfluous", source: "Ioffe and Szegedy 2015, S3",
      published: "with batch norm, dropout can go",
      measured: points("with batch norm dropout ", onTop, against: points(", without it ", alone, unit: "")),
      // What still saves anything is not superfluous, be it less or not. Its authors left out dropped hidden units: where
      // those alone add nothing, it is part of the claim.
      verdict: unitsAreLeftOut
        ? Claim.Verdict.partly
        : superfluous(there: onTop, elsewhere: alone, isLess: saves(alone - onTop), otherwise: .notHere),
      reason: reason(
        unitsAreLeftOut
          ? "\(srivastava); true of dropped hidden units alone, which is what its authors left out: at their best share they make no difference beyond chance, while dropped pixels at theirs \(plural(apart[0]))\(findings.recordedSeeds == nil ? "" : " (recorded run)")"
          : saves(onTop)
            ? "with batch norm dropout still \(effect(onTop))"
            : "batch norm alone \(effect(findings.contestGains[Place.norm])), dropout on top of it \(effect(onTop))",
        seeds: onTop.count))
  }

  /// `saves 0.9 points (95 %: 0.2 to 1.5)`, or that there is no difference beyond chance.
  private static func against(_ saved: Summary) -> String { effectOrNone(saved) }

  /// The verdict on "not needed where …": reproduced where dropout saves something elsewhere and nothing there; partly
  /// (or what is said otherwise) where what it still saves there is clearly less. Where it saves nothing elsewhere, or too
  /// little to tell the two apart, nothing is decided.
  private static func superfluous(
    there: Summary, elsewhere: Summary, isLess: Bool, otherwise: Claim.Verdict = .partly
  ) -> Claim.Verdict {
    guard there.count >= 3, saves(elsewhere) else { return .undecided }
    return saves(there) ? (isLess ? otherwise : .notHere) : isLess ? .reproduced : .undecided
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
