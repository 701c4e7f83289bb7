// What the sources say about normalization, compared with the findings.

import Foundation
import Workbook

extension Norms {
  static func claims(_ findings: Findings) -> [Claim] {
    [
      scaleInvariance(findings), largerRates(findings.shownSweeps).shown(in: "rate-sweep"),
      badWeights(findings).shown(in: "scale-sweep"), smallBatches(findings.sizes), groupNorm(findings.sizes),
      spreadingInputs(findings.drift).shown(in: "drift"), regularizes(findings), noCost(findings.drift),
      recurrentNets(findings),
      // The figure of the parts has no noise.
      findings.parts == nil ? covariateShift(findings).shown(in: "parts") : covariateShift(findings),
    ]
  }

  private static func scaleInvariance(_ findings: Findings) -> Claim {
    let (doubled, seeds) = (findings.doubled, findings.seeds.count)
    let changes = findings.scalings[1].map { abs($0.losses[1] / $0.losses[0] - 1) }
    return Claim(
      "$L(2w) = L(w)$: the loss does not depend on the scale of the weights", source: "van Laarhoven 2017, S4",
      published: "the loss stays equal",
      measured: .init(
        "× ", value: doubled[1], unit: "with", seeds: seeds, digits: 4,
        against: .init(", × ", value: doubled[0], unit: "without", seeds: seeds, digits: 3)),
      verdict: .of(changes.allSatisfy { $0 < 0.02 }, partly: Summary(changes).mean < 0.1),
      reason: reason("by construction, for weights with a norm after them and with batch statistics", seeds: seeds))
  }

  private static func largerRates(_ sweeps: SweepFindings) -> Claim {
    let ratio = sweeps.reachRatio
    return Claim(
      "A larger learning rate can be used", source: "Ioffe and Szegedy 2015, S2, S3, S4",
      published: "larger rates are possible",
      measured: .init(
        value: ratio.geometricMean,
        unit: ratio.minimum == ratio.maximum ? "times" : "times (\(factorRange(ratio)), depending on the seed)",
        seeds: ratio.count, digits: 2),
      verdict: .ofFactor(ratio, from: 2),
      reason: reason(
        "the largest rate with less than \(Int(SweepFindings.limit)) % errors, with batch norm over without (geometric mean); best rates: \(listed(sweeps.bestRates))",
        seeds: ratio.count))
  }

  private static func badWeights(_ findings: Findings) -> Claim {
    let found = findings.scaleErrors
    let spans = found?.spans ?? [Summary([]), Summary([])]
    return Claim(
      "More robust against bad initial weights", source: "Ioffe and Szegedy 2015, S2",
      published: "depends less on the first weights",
      measured: .init(
        found?.isWiderThanTried == true ? "first weights may range at least × " : "first weights may range × ",
        value: pow(10, spans[1].mean), seeds: spans[1].count, digits: 2,
        against: .init(", without a norm × ", value: pow(10, spans[0].mean), seeds: spans[0].count, digits: 2)),
      verdict: .ofEffect(spans[1] - spans[0], from: 0.3),
      reason: reason(
        "the largest over the smallest first weights with less than \(Int(SweepFindings.limit)) % errors\(found?.isAtOwnRates == true ? ", each net at its own best rate for each size" : ", at one rate"); the sizes tried are a factor of 2 apart",
        seeds: spans[1].count))
  }

  private static func smallBatches(_ sizes: SizeFindings) -> Claim {
    let (ratios, placed) = (sizes.ratios(.batch), sizes.placedRatios)
    // After convolutions, where the source saw it, nothing breaks: then it is only a part.
    let risesThere =
      placed.count >= 3 && placed.mean > 1.5 && isClear(placed - Summary(placed.values.map { _ in 1 }), beyond: 0)
    let verdict = Claim.Verdict.ofFactor(ratios, from: 1.5)
    return Claim(
      "Small batches make batch norm unstable", source: "Wu and He 2018, S4",
      published: "ResNet-50 rises from 23.6 to 34.7 %",
      measured: .init("× ", ratios, unit: "from 8 to 2"), verdict: risesThere ? verdict : verdict.atMostPartly,
      reason: reason(
        """
        \(sizes.denseNormBreaks ? "the norm after the dense layer breaks; " : "")with norms after the convolutions only, which the source is about, the factor is \
        \(placed.formatted(decimals: 2))
        """, seeds: ratios.count))
  }

  private static func groupNorm(_ sizes: SizeFindings) -> Claim {
    let (saved, least, most) = (sizes.groupSaves, sizes.sizes[0], sizes.sizes.last ?? 0)
    let verdict = Claim.Verdict.ofEffect(saved[0], from: 0)
    let isBehind = saved[1].direction() == .below
    return Claim(
      "Group norm is near batch norm at 32 images, and better with fewer", source: "Wu and He 2018, S2",
      published: "ResNet-50: 24.1 against 23.6 % at 32 images, 24.1 against 34.7 % at 2",
      measured: .init(
        "saves ", saved[0], unit: "points at \(least)", decimals: 1,
        against: .init(", ", saved[1], unit: "at \(most)", decimals: 1)),
      // Near, but behind: then it is only a part.
      verdict: isBehind ? verdict.atMostPartly : verdict,
      reason: reason(
        "against batch norm everywhere\(sizes.denseNormBreaks ? ", whose dense norm breaks at \(least)" : "")\(isBehind ? "; at \(most) group norm is behind" : "")",
        seeds: saved[0].count))
  }

  private static func spreadingInputs(_ drift: DriftFindings) -> Claim {
    let growths = drift.growths
    /// By how much more than twice as far the spread without a norm has moved as that after one; logarithms, since a spread
    /// grows by a factor.
    let excess = Summary(zip(growths[0].values, growths[1].values).map { log($0) - 2 * abs(log($1)) })
    return Claim(
      "Without batch norm the activation inputs spread as training goes on; with it they keep their spread",
      source: "S0", published: "a figure shows it for LeNet-5",
      measured: .init(
        "× ", growths[0], unit: "without",
        against: .init(", × ", value: growths[1].mean, unit: "with", seeds: growths[1].count, digits: 3)),
      verdict: .ofEffect(excess, from: 0),
      reason: reason(
        "from He's weights, spread after \(drift.epochs) epochs over that at the start; steady by construction after the norm",
        seeds: excess.count))
  }

  private static func regularizes(_ findings: Findings) -> Claim {
    if let noise = findings.noise, noise.net(.own) != nil { return regularizes(noise) }
    guard let heart = findings.heart else {
      return Claim(
        "It regularizes", source: "Ioffe and Szegedy 2015, S2, S3", published: "it overfits less",
        measured: .init(value: .nan, seeds: 0), verdict: .undecided, reason: reason(seeds: 0))
    }
    return Claim(
      "It regularizes", source: "Ioffe and Szegedy 2015, S2, S3", published: "it overfits less",
      measured: .init(
        "on new images it \(heart.gap.mean < 0 ? "costs" : "saves") ",
        heart.gap.mean < 0 ? heart.errors(1) - heart.errors(0) : heart.gap, unit: "points", decimals: 1),
      // A gap within chance does not tell: neither that it does nor that it does not.
      verdict: isClear(heart.gap, beyond: 0)
        ? (heart.isValidated == true
          ? .ofEffect(heart.gap, from: 0) : tunedOnTest(.ofEffect(heart.gap, from: 0), heart.gap)) : .undecided,
      reason: reason(
        """
        \(grouped(heart.trainingCount)) images memorized, each net at its best learning rate: \
        \(percentage(heart.errors(0))) without a norm and \(percentage(heart.errors(1))) with\(heart.gap.magnitude.intervalNote()), the training \
        error \(fixed(abs(heart.trainingRise.mean), 1)) points \(heart.trainingRise.mean < 0 ? "lower" : "higher"). \
        Stored statistics that do not fit may be a part of it; the noise alone is not isolated
        """, seeds: heart.gap.count))
  }

  /// Without a small last batch; the noise by itself, where statistics of many images were tried.
  private static func regularizes(_ noise: NoiseFindings) -> Claim {
    let (saved, whole) = (noise.savedByNoise, noise.savedByNorm)
    func told(_ effect: Summary) -> Summary {
      effect.mean < 0 ? Summary(effect.values.map { -$0 }) : effect
    }
    // Fewer errors on new images, and no worse on the training images: it regularizes. The claim gives the noise as the
    // reason; where that is not seen, or not isolated, it holds in part.
    let helps = isClear(whole, beyond: 0) && whole.mean > 0
    let byNoise = noise.isComplete && isClear(saved, beyond: 0) && saved.mean > 0
    let verdict: Claim.Verdict =
      byNoise
      ? .ofEffect(saved, from: 0)
      : helps ? .partly : isClear(whole, beyond: 0) || whole.uncertainty < 1 ? .notHere : .undecided
    let lead = "on new images it \(whole.mean < 0 ? "costs" : "saves") "
    let measured: Claim.Measurement =
      noise.isComplete
      ? .init(
        lead, told(whole), unit: "points", decimals: 1,
        against: .init(
          ", its noise \(saved.mean < 0 ? "costs" : "saves") ", told(saved), unit: "points",
          decimals: 1))
      : .init(lead, told(whole), unit: "points", decimals: 1)
    return Claim(
      "It regularizes", source: "Ioffe and Szegedy 2015, S2, S3", published: "it overfits less",
      measured: measured,
      verdict: whole.count < 3 ? .undecided : verdict,
      reason: reason(
        """
        \(grouped(noise.trainingCount)) images memorized, no small last batch; it saves \(whole.interval()) points (95 %)\
        \(noise.isComplete ? "; with less noise it saves \(byNoise ? "less: the noise is a reason" : "as much, within chance: the noise is not seen to be the reason")" : "; whether by its noise is not shown")
        """, seeds: whole.count))
  }

  private static func noCost(_ drift: DriftFindings) -> Claim {
    let worst = drift.worstFold
    let changes = Summary(drift.folding.map(\.largestDifference))
    return Claim(
      "No cost at test time", source: "S2", published: "it is fused with the layer before",
      measured: .init(
        "folded, no logit changes by more than ", value: worst.largestDifference, seeds: changes.count),
      verdict: .of(changes.maximum < 1e-5 * max(1, worst.largestLogit), partly: changes.mean < 1e-3),
      reason: reason(seeds: changes.count))
  }

  private static func recurrentNets(_ findings: Findings) -> Claim {
    let seeds = findings.overTime.count
    /// By how much the largest spread of any moment exceeds the smallest.
    let unevenness = Summary(
      findings.overTime.map { ($0.sharedDeviations.max() ?? 1) - ($0.sharedDeviations.min() ?? 1) })
    return Claim(
      "Hard to use in recurrent nets", source: "Cooijmans et al. 2016, S4",
      published: "every time step needs its own statistics",
      measured: .init(
        "spread ", value: findings.sharedLow, seeds: seeds,
        against: .init("to ", value: findings.sharedHigh, unit: "with shared statistics", seeds: seeds, digits: 3)),
      // No net is trained with them: that they do not fit is no more than part of the claim.
      verdict: Claim.Verdict.ofEffect(unevenness, from: 0).atMostPartly,
      reason: reason(
        "statistics shared by all time steps do not fit; we train no net with them",
        seeds: seeds))
  }

  private static func covariateShift(_ findings: Findings) -> Claim {
    let found = findings.noiseCost
    let (cost, alone, share) = (
      found?.withNorm ?? Summary([]), found?.withoutNorm ?? Summary([]), found?.steadiness ?? Summary([])
    )
    // What counts is by how much more the noise costs with a norm than without one.
    // A small net after a few steps, which is all that a default run has, does not decide it.
    let verdict: Claim.Verdict =
      findings.parts == nil
      ? .undecided : share.direction() == .above ? .partly : found?.isSteadinessSmall == true ? .notHere : .undecided
    return Claim(
      "It works *because* it reduces internal covariate shift", source: "Ioffe and Szegedy 2015, S0, S1, S3, S4",
      published: "steady inputs are the reason",
      measured: .init(
        "noise costs ", cost, unit: "points with batch norm", decimals: 1,
        against: .init(", ", alone, unit: "without a norm", decimals: 1)),
      verdict: share.count < 3 ? .undecided : verdict,
      reason: reason(
        "shaken inputs move \(short(found?.timesTheMovement ?? 1, digits: 2)) times as far as without a norm; steady inputs explain \(signed(share.mean, 2)) of the \(fixed(found?.gain.mean ?? 0, 2)) points (95 %: \(signedInterval(share)))\(findings.parts == nil ? "; a net of 3 hidden layers after 120 steps does not decide it" : "")",
        seeds: share.count))
  }

  /// A verdict on nets whose rates were chosen by the very errors that are compared: no more than partly where the
  /// interval of their difference comes within a point of none.
  private static func tunedOnTest(_ verdict: Claim.Verdict, _ difference: Summary) -> Claim.Verdict {
    abs(difference.mean) - difference.uncertainty < 1 ? verdict.atMostPartly : verdict
  }
}
