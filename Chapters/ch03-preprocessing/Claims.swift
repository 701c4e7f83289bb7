// What the sources say about preparing inputs, held against the findings.

import Workbook

extension Preprocessings {
  static func claims(_ findings: Findings) -> [Claim] {
    [
      descent(findings), images(findings), oneSign(findings.signs), dividing(findings.learning), turning(findings),
      whitening(findings), fastest(findings),
    ]
  }

  private static func descent(_ findings: Findings) -> Claim {
    let straighter = findings.speedup(from: .raw, to: .meanImage)
    return Claim(
      "Centred inputs are easier to descend on", source: "LeCun 1998", published: "faster",
      measured: .init(straighter, unit: "× fewer steps (two pixels)", decimals: 0),
      verdict: .ofEffect(straighter, over: 1, from: 2))
  }

  private static func images(_ findings: Findings) -> Claim {
    let (raw, centered) = (findings.learning.best(.raw), findings.learning.best(.meanImage))
    let onWhite = findings.ink.best(.raw).loss / findings.ink.best(.meanImage).loss
    let onBlack = raw.loss / centered.loss
    let (white, black) = (
      Claim.Verdict.ofEffect(onWhite, over: 1, from: 1.1), Claim.Verdict.ofEffect(onBlack, over: 1, from: 1.1)
    )
    let testHurts = findings.centringHurts
    let isBlackTold = black == .undecided ? onBlack.mean > 1.1 : black == .reproduced
    return Claim(
      "Centring images helps", source: "S2", published: "to some degree",
      measured: .init(
        "training loss ÷ ", onWhite, unit: "on white paper", decimals: 2,
        against: .init(", ÷ ", onBlack, unit: "on black", decimals: 2)),
      verdict: white == .reproduced && (black != .reproduced || testHurts) ? .partly : white,
      reason: testHurts
        ? "the training; on black the test error is \(centered.error.formatted(decimals: 1)) % with the mean image against \(raw.error.formatted(decimals: 1)) % raw"
        : isBlackTold ? "" : "it depends on how large the mean was")
  }

  private static func oneSign(_ signs: SignFindings) -> Claim {
    let (single, batch) = (signs.single[0], signs.batch[0])
    return Claim(
      "Inputs of one sign push all weights of a unit the same way", source: "S2", published: "always",
      measured: .init(
        single, unit: "% (batch 1)", decimals: 0, against: .init(", ", batch, unit: "% (batch 32)", decimals: 0)),
      verdict: single.mean < 90 ? .notHere : .of(batch.mean > 50, partly: true),
      reason: batch.mean > 50 ? "" : "in a batch the signs of δ differ and the pushes mix")
  }

  /// What dividing adds to subtracting one mean; the same mean, so that nothing else differs.
  private static func dividing(_ learning: LearningExperiment) -> Claim {
    let (divided, sameMean) = (learning.best(.channelStandard).error, learning.best(.channelMean).error)
    let hurts = isWorse(divided, than: sameMean)
    return Claim(
      "Dividing by a standard deviation is not for images: only centre", source: "S2", published: "not good",
      measured: .init("error ", divided, decimals: 1, against: .init(sameMean, unit: "%", decimals: 1)),
      verdict: .of(false, partly: hurts),
      reason: hurts
        ? "with one channel it is a larger rate and larger first weights, no more"
        : "no difference beyond the spread of the seeds; it rescales the learning rate")
  }

  private static func turning(_ findings: Findings) -> Claim {
    let (turned, centered) = (findings.learning.best(.principal).error, findings.learning.best(.meanImage).error)
    let steps = findings.speedup(from: .principal, to: .meanImage)
    return Claim(
      "PCA does not suit images", source: "S2", published: "unsuitable", measured: points(turned - centered),
      verdict: .of(isWorse(turned, than: centered)),
      reason:
        "a dense net cannot tell: \(steps.formatted(decimals: 2)) × the steps on two pixels. A convolution could not use it"
    )
  }

  private static func whitening(_ findings: Findings) -> Claim {
    let (learning, sweep) = (findings.learning, findings.whitening)
    let (white, centered) = (learning.best(.whitened).error, learning.best(.meanImage).error)
    /// Of the ways that do not whiten, the one with the fewest mistakes.
    let plainest =
      [Method.raw, .meanImage, .channelMean, .channelStandard].min {
        learning.best($0).error.mean < learning.best($1).error.mean
      } ?? .raw
    let (plain, least) = (learning.best(plainest).error, sweep.errors[sweep.best])
    return Claim(
      "Whitening does not suit images", source: "S2", published: "unsuitable",
      measured: points(white - centered, "(ε = \(short(Double(epsilon))))"),
      verdict: isWorse(white, than: centered) ? .of(!isWorse(plain, than: least), partly: true) : .notHere,
      reason:
        "with the best ε, \(short(sweep.epsilons[sweep.best])), it is \(least.formatted(decimals: 1)) %\(sweep.kept[sweep.best] > 0.9 ? ", and hardly white any more" : ""); \(plainest.name) has \(plain.formatted(decimals: 1)) %"
    )
  }

  private static func fastest(_ findings: Findings) -> Claim {
    let fewer = findings.speedup(from: .meanImage, to: .whitened)
    let (verdict, isLowest) = (Claim.Verdict.ofEffect(fewer, over: 1, from: 2), findings.bestLoss == .whitened)
    return Claim(
      "Decorrelated inputs of equal variance converge fastest", source: "LeCun 1998", published: "κ = 1",
      measured: .init(fewer, unit: "× fewer steps than centred", decimals: 0),
      verdict: verdict == .reproduced && !isLowest ? .partly : verdict,
      reason: isLowest ? "and the lowest training loss on digits" : "on two pixels; not the lowest loss on digits")
  }

  /// `+0.3 points of error`.
  private static func points(_ more: Summary, _ setting: String = "") -> Claim.Measurement {
    .init(
      more.mean < 0 ? "" : "+", more, unit: "points of error" + (setting.isEmpty ? "" : " " + setting),
      decimals: 1)
  }
}

extension Summary {
  /// The ratio of two measurements, seed by seed.
  fileprivate static func / (first: Summary, second: Summary) -> Summary {
    Summary(zip(first.values, second.values).map { $0 / $1 })
  }
}
