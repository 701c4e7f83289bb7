// What the sources say about preparing inputs, held against the findings.

import Workbook

extension Preprocessings {
  static func claims(_ findings: Findings) -> [Claim] {
    [
      descent(findings).shown(in: "clouds"), images(findings).shown(in: "ink"), oneSign(findings.signs),
      scales(), dividing(findings), turning(findings), whitening(findings),
    ] + [findings.leaks.map(testSet)].compactMap { $0 }
  }

  private static func descent(_ findings: Findings) -> Claim {
    let straighter = findings.speedup(from: .raw, to: .meanImage)
    return Claim(
      "Centred inputs are easier to descend on", source: "LeCun 1998",
      published: "learning is usually faster if the means are near 0",
      measured: .init(straighter, unit: "× fewer steps (two pixels)", decimals: 0),
      verdict: .ofFactor(straighter, from: 2),
      reason: "by construction: a cloud four standard deviations from the origin, drawn once for each seed")
  }

  private static func images(_ findings: Findings) -> Claim {
    let onWhite = findings.ink.best(.raw).loss / findings.ink.best(.meanImage).loss
    let onBlack = findings.learning.best(.raw).loss / findings.learning.best(.meanImage).loss
    let (helps, centring) = (Claim.Verdict.ofFactor(onWhite, from: 1.1), findings.centring)
    // Help everywhere takes a convolutional net that is certainly not half a point worse for it.
    let (costs, mayCost) = (isClear(centring) && centring.mean > 0, centring.mean + centring.uncertainty > 0.5)
    func errors(_ experiment: LearningExperiment) -> String {
      "\(experiment.best(.raw).error.formatted(decimals: 1)) % raw, "
        + "\(experiment.best(.meanImage).error.formatted(decimals: 1)) % centred"
    }
    return Claim(
      "Centring images helps", source: "S2", published: "centring helps, somewhat",
      measured: .init(
        "training loss ÷ ", onWhite, unit: "on white paper", decimals: 2,
        against: .init(", ÷ ", onBlack, unit: "on black paper", decimals: 2)),
      verdict: mayCost ? helps.atMostPartly : helps,
      reason:
        "dense net; test error on white paper \(errors(findings.ink)), on black paper \(errors(findings.learning))"
        + (costs
          ? "; on black paper, the mean image costs the convolutional net \(fixed(centring.mean, 1)) points"
          : mayCost ? "; on black paper, a loss for the convolutional net is not excluded" : "")
        + (onPhotographs(findings.photographs, .channelMean, .raw).map {
          "; on colour photographs \(photographPoints($0))"
        } ?? ""))
  }

  private static func oneSign(_ signs: SignFindings) -> Claim {
    let (single, batch) = (signs.single[0], signs.batch[0])
    return Claim(
      "Inputs of one sign push all weights of a unit the same way", source: "S2",
      published: "all weights of a unit always get gradients of one sign",
      measured: .init(
        single, unit: "% (batch 1)", decimals: 0, against: .init(", ", batch, unit: "% (batch 32)", decimals: 0)),
      verdict: single.mean < 90 ? .notHere : .of(batch.mean > 50, partly: true),
      reason: batch.mean > 50
        ? ""
        : "only with one image at a time; in a batch the signs of ∂L/∂z differ from image to image, and the pushes mix, as CS231n grants"
    )
  }

  /// Exact: no chance enters.
  private static func scales() -> Claim {
    let (uneven, even) = (TwoScales(scale: 10), TwoScales(scale: 1))
    return Claim(
      "Features should be brought to one scale", source: "S2", published: "then all features contribute equally",
      measured: .init(
        value: Double(uneven.steps), unit: "steps for scales 1 and 10", decimals: 0,
        against: .init(value: Double(even.steps), unit: "for equal ones", decimals: 0)),
      verdict: .of(uneven.steps > 10 * even.steps, partly: uneven.steps > even.steps),
      reason: "by construction: two independent features, at the best rate")
  }

  /// The gain, in points, from which on dividing would be worth having. That something does not help is shown by an
  /// interval that leaves out such a gain, not by one that holds 0.
  private static let worthwhile = 2.0

  /// What dividing adds to subtracting, in the net that the advice is about.
  private static func dividing(_ findings: Findings) -> Claim {
    // Against the mean image two things change; only against the channel mean is it the division alone.
    let isSeparate = findings.convolution.methods.contains(.channelMean)
    let worse =
      isSeparate
      ? findings.convolution.best(.channelStandard).error - findings.convolution.best(.channelMean).error
      : findings.worse(.channelStandard, findings.convolution)
    let control = findings.learning.best(.channelStandard).error - findings.learning.best(.channelMean).error
    // Each pixel by its own deviation, over the mean image.
    let pixels = [findings.convolution, findings.learning].filter { $0.methods.contains(.pixelStandard) }
      .map { findings.worse(.pixelStandard, $0) }
    let isUseless = ([worse, control] + pixels).allSatisfy { $0.direction(from: -worthwhile) == .above }
    let isUseful = ([worse, control] + pixels).contains { isClear($0, beyond: worthwhile) }
    // On grey images one σ is nearly a change of the learning rate, which is tuned here: partly at most.
    let found = Claim.Verdict.partly
    let dense = (isUseless ? "no gain of \(short(worthwhile)) points " : "") + "compared with the channel mean alone"
    let setting =
      !isSeparate
      ? "dense net: \(dense); convolutional net: not separated from the choice of mean"
      : "compared with the channel mean alone; a gain of \(short(worthwhile)) points is "
        + (isUseless ? "excluded" + (pixels.isEmpty ? "" : ", also for pixel std") : "not excluded")
    return Claim(
      "Dividing by a standard deviation does images no good: only centre", source: "S2",
      published: "centre only: pixels are alike already",
      measured: points(worse, against: points(control, "in a dense net", lead: ", ")),
      verdict: isUseless ? found : isUseful ? .notHere : .undecided,
      reason:
        "\(setting); partly at most, because one σ for all pixels acts nearly like a change of the learning rate"
        + (onPhotographs(findings.photographs, .channelStandard, .channelMean).map {
          "; on colour photographs \(photographPoints($0))"
        } ?? "") + finerRates(findings)
    )
  }

  /// What one preparation changes over another on photographs.
  private static func onPhotographs(_ found: PhotographFindings?, _ one: Method, _ other: Method) -> Summary? {
    found?.ending?.ownPoints(one, than: other)
  }

  /// The same on digits at rates twice apart, averaged over three methods of descent; empty where that was not measured.
  private static func finerRates(_ findings: Findings) -> String {
    let found = (findings.rule ?? []).map { "\(signed($0.division.mean)) in \($0.place)" }
    return found.isEmpty ? "" : "; at finer rates \(found.joined(separator: ", "))"
  }

  private static func turning(_ findings: Findings) -> Claim {
    unsuitable(
      "PCA does not suit images", .principal, findings, cost: findings.turningCost,
      reason: "in a convolutional net, compared with raw pixels\(byOrder(findings))")
  }

  /// How much of it is the loss of neighbours.
  private static func byOrder(_ findings: Findings) -> String {
    guard let controls = findings.controls else { return "; its filters find no neighbours among coordinates" }
    let points = controls.shuffled.best(.raw).error - findings.convolution.best(.raw).error
    return "; raw pixels in another order, without their neighbours, cost \(points.withInterval()) points"
  }

  private static func whitening(_ findings: Findings) -> Claim {
    unsuitable(
      "Whitening does not suit images", .whitened, findings,
      reason: "compared with raw pixels; turned back to pixels for the convolution",
      at: " at ε = \(short(Double(epsilon)))")
  }

  /// Judged by the convolutional net, which is the one for images; where only the dense net is worse for it, partly.
  private static func unsuitable(
    _ claim: String, _ method: Method, _ findings: Findings, cost: Summary? = nil, reason: String, at: String = ""
  )
    -> Claim
  {
    let worse = cost ?? findings.overRaw(method, findings.convolution)
    let dense = findings.overRaw(method, findings.learning)
    let inPictures = Claim.Verdict.ofEffect(worse, from: 1)
    return Claim(
      claim, source: "S2", published: "not suited to images",
      measured: points(worse, at: at, against: points(dense, "in a dense net", lead: ", ")),
      verdict: inPictures == .notHere && dense.direction(beyond: 1) == .above ? .partly : inPictures,
      reason: reason)
  }

  private static func testSet(_ leaks: LeakFindings) -> Claim {
    Claim(
      "A choice that has seen the test set reports too small an error", source: "Hastie et al. 2009, 7.10.2",
      published: "a test error of 3 % where the true one is 50 %",
      measured: .init(
        leaks.choice(\.leaked), unit: "%", decimals: 0,
        against: .init(leaks.choice(\.unseen), unit: "% on samples never used", decimals: 0)),
      verdict: .ofEffect(leaks.hidden, from: 10),
      reason:
        "reproduced is that the error is too small, not its size: the published example has 5000 features and 50 samples, so more features agree by chance"
    )
  }

  /// `+0.3 points of error`.
  private static func points(
    _ more: Summary, _ setting: String = "", at: String = "", lead: String = "", against others: Claim.Measurement...
  ) -> Claim.Measurement {
    var points = Claim.Measurement(
      lead + (more.mean < 0 ? "" : "+"), more, unit: "points of error" + at + (setting.isEmpty ? "" : " " + setting),
      decimals: 1)
    points.against = others
    return points
  }
}
