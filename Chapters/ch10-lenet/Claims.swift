// What the papers and S0 say about the networks, held against the findings.

import Foundation
import Workbook

extension LeNet {
  static func claims(_ findings: Findings) -> [Claim] {
    guard case .variants(let found) = findings, found.results.count > 1 else { return [] }
    return claimsOfPapers(found) + claimsAboutErrors(found) + claimsAboutTheInside(found)
  }

  /// What everybody has heard, each network at the rate that suits it.
  private static func claimsOfPapers(_ findings: VariantFindings) -> [Claim] {
    [
      lecun(findings).shown(in: "own-rates"), crossEntropy(findings).shown(in: "ablation"),
      relu(findings).shown(in: "ablation"), largerRates(findings).shown(in: "rates"),
      norm(findings).shown(in: "own-rates"), distorted(findings).shown(in: "left-out"),
    ]
  }

  /// A claim that a short run does not measure.
  private static func notMeasured(_ text: String, source: String, published: String) -> Claim {
    Claim(
      text, source: source, published: published, measured: "not measured by a short run", verdict: .undecided,
      reason: "only the full run chooses a rate for each network")
  }

  private static func lecun(_ findings: VariantFindings) -> Claim {
    let (text, source, published) = (
      "LeNet-5 has 0.95 % test errors", "LeCun et al. 1998", "0.95 %, one network, other outputs and training"
    )
    guard let error = findings.ownRates?.named("LeNet-5")?.finalError else {
      return notMeasured(text, source: source, published: published)
    }
    // One network on 10,000 digits: the root of the count, 95, is its chance.
    let count = 0.95 * Double(findings.testCount) / 100
    let chance = 100 * count.squareRoot() / Double(findings.testCount)
    let distance = (error.mean - 0.95) / (pow(error.standardError, 2) + chance * chance).squareRoot()
    return Claim(
      text, source: source, published: published, measured: .init(error, unit: "% at its own rate", decimals: 2),
      // Only its layers are the same.
      verdict: .of(abs(distance) < 2).atMostPartly,
      reason: abs(distance) < 2
        ? "comparable, not the same: only the layers are those of 1998; the difference is within chance: one network's 95 mistakes could as well be \(Int((count - 1.96 * count.squareRoot()).rounded())) or \(Int((count + 1.96 * count.squareRoot()).rounded())) (95 %)"
        : "\(distance < 0 ? "fewer" : "more") mistakes, by more than chance")
  }

  private static func crossEntropy(_ findings: VariantFindings) -> Claim {
    let (text, source, published) = (
      "Cross-entropy works much better than squared error", "Glorot and Bengio 2010",
      "“worked much better”, with no number"
    )
    guard let own = findings.ownAblation else { return notMeasured(text, source: source, published: published) }
    return factor(text, source, published, own, \.hasCrossEntropy, "each at its own rate", enough: 1.25)
  }

  private static func relu(_ findings: VariantFindings) -> Claim {
    let (text, source, published) = (
      "ReLU in place of tanh lowers the error", "Glorot et al. 2011, S0",
      "error × 0.91 in nets of dense layers (1.43 against 1.57 %)"
    )
    guard let own = findings.ownAblation else { return notMeasured(text, source: source, published: published) }
    let slow = findings.ablation.map { $0.factor(of: \.isReLU, among: comparisons) }
    return factor(text, source, published, own, \.isReLU, "each at its own rate", enough: 1 / 0.91).adding(
      slow.map { "at \(findings.rate) for all × \($0.text)\($0.direction == .withinChance ? ", within chance" : "")" }
    ).withFewDigits(without: .relu, findings)
  }

  /// By what a part multiplies the error, held against none.
  private static func factor(
    _ text: String, _ source: String, _ published: String, _ ablation: Ablation, _ change: (Ablation.Cell) -> Bool,
    _ how: String, enough: Double
  ) -> Claim {
    // The same interval as in the figure.
    let factor = ablation.factor(of: change, among: comparisons)
    let seeds = ablation.cells[0].errors.count
    let gain = Summary(ablation.effect(of: change, after: ablation.epochs).values.map { 1 / $0 })
    let isOpen = factor.direction == .withinChance
    let excludes = factor.low > 1 / enough
    let interval = seeds > 2 ? " (95 % interval \(factor.interval), widened for \(comparisons) comparisons)" : ""
    // Within chance is never partly; the interval is that of the figure, from the spread of all networks.
    let verdict: Claim.Verdict = seeds < 3 ? .undecided : isOpen ? .notHere : .ofFactor(gain, from: enough)
    return Claim(
      text, source: source, published: published,
      measured: "error × \(fixed(factor.mean, 2)) after \(counted(ablation.epochs, "epoch")), \(how)", seeds: seeds,
      verdict: verdict,
      reason: reason(
        (isOpen
          ? "within chance: this run does not show the effect\(excludes ? "" : ", nor does it exclude a gain as large")"
          : verdict == .notHere ? "no gain" : "beyond chance") + interval,
        seeds: seeds))
  }

  private static func largerRates(_ findings: VariantFindings) -> Claim {
    let (text, source, published) = (
      "Batch normalization allows much larger rates", "Ioffe and Szegedy 2015", "30 times as large (their BN-x30)"
    )
    guard let sweep = findings.usualRates, let plain = sweep["LeNet-5+"], let normed = sweep.normed else {
      return notMeasured(text, source: source, published: published)
    }
    let (without, with) = (plain.trainsUpTo ?? 0, normed.trainsUpTo ?? 0)
    return Claim(
      text, source: source, published: published,
      measured:
        "ReLU + CE + BN trains up to a rate of \(short(with))\(normed.failsFrom == nil ? ", the largest tried," : "") and ReLU + CE up to \(short(without))",
      seeds: plain.best.error.count,
      // At least half of the published factor, as ratios are halved, its root; and that for certain, whatever the limits
      // between the rates that were tried.
      verdict: .of((sweep.limitFactor?.low ?? 0) >= 30.0.squareRoot(), partly: with > without),
      reason:
        "the largest rates tried at which all seeds train\(sweep.limitText.map { "; the limit is \($0)" } ?? "")\(plainLimit(sweep, above: without))"
    )
  }

  /// What a net with squared error bears without a norm.
  private static func plainLimit(_ sweep: RateSweep, above rate: Double) -> String {
    guard let plain = sweep["LeNet-5"]?.trainsUpTo, plain > rate else { return "" }
    return "; LeNet-5, with squared error and no batch norm, trains up to \(short(plain))"
  }

  private static func norm(_ findings: VariantFindings) -> Claim {
    let (text, source, published) = (
      "Batch normalization lowers the error", "Ioffe and Szegedy 2015",
      "lower than the same net's without it, on ImageNet"
    )
    guard let steps = findings.steps, let without = steps[.modern], let with = steps[.normed],
      let factor = steps.factor(.normed, over: .modern)
    else { return notMeasured(text, source: source, published: published) }
    // The same interval as in the first table.
    return Claim(
      text, source: source, published: published,
      measured: "error × \(factor.text) in the hidden layers, each at its own rate", seeds: with.error.count,
      verdict: with.error.count < 3 ? .undecided : .of(factor.direction == .below),
      reason: reason(
        "with all \(grouped(findings.trainingCount)) digits \(factor.worded(above: "more errors", below: "beyond chance", withinChance: "within chance"))",
        seeds: with.error.count)
    ).withFewDigits(without: .norm, findings)
  }

  private static func distorted(_ findings: VariantFindings) -> Claim {
    let (text, source, published) = (
      "Distorted digits lower the error", "LeCun et al. 1998", "0.8 against 0.95 %, error × 0.84"
    )
    // The same comparison as the figure's, with the same interval.
    guard let leftOut = findings.leftOutFew ?? findings.leftOut,
      let row = leftOut.rows.first(where: { $0.part == .shifts })
    else { return notMeasured(text, source: source, published: published) }
    func told(_ found: LeftOut) -> String {
      found.rows.first { $0.part == .shifts }.map { found.factor($0).text } ?? ""
    }
    let factor = leftOut.factor(row)
    // As published, with all digits, it may be open.
    let isOpen = leftOut.isPaired && findings.leftOut?.open.contains { $0.part == .shifts } == true
    let digits = leftOut.isPaired ? "with \(grouped(Worth.fewDigits)) training digits " : ""
    let many =
      leftOut.isPaired
      ? findings.leftOut.map {
        "; with all \(grouped(findings.trainingCount)), and batch norm at the outputs, × \(told($0))"
      } ?? ""
      : ""
    return Claim(
      text, source: source, published: published,
      measured: .init(
        leftOut.whole, unit: "% with shifts", decimals: 2, against: .init(row.error, unit: "% without", decimals: 2)),
      // Beyond chance with few digits only: at most partly.
      verdict: row.error.count < 3
        ? .undecided : isOpen ? .of(factor.direction == .above).atMostPartly : .of(factor.direction == .above),
      reason:
        "\(digits)the error of the full recipe without them is × \(told(leftOut))\(many)\(isOpen ? ", within chance" : ""); intervals widened for \(counted(leftOut.rows.count, "comparison"))"
    )
  }

  /// What S0 says: who learns faster, and who ends lower, at its one rate.
  private static func claimsAboutErrors(_ findings: VariantFindings) -> [Claim] {
    guard let plain = findings.named("LeNet-5"), let plus = findings.named("LeNet-5+"),
      let plusPlus = findings.named("LeNet-5++")
    else { return [] }
    let own = findings.ownAblation.map { $0.factor(of: \.hasCrossEntropy, among: comparisons) }
    let faster = findings.ablation.map { slow in
      factor(
        "Softmax with cross-entropy in place of squared error learns faster", "S0",
        "its loss falls sooner, at one rate for both",
        slow, \.hasCrossEntropy, "all at \(findings.rate)", enough: 1.1
      ).onlyAtOneRate(
        own?.direction, rate: findings.rate, own.map { "error × \(fixed($0.mean, 2))" } ?? ""
      ).shown(in: "ablation")
    }
    let ownPair = findings.ownRates.flatMap { own in
      own.named("LeNet-5+").flatMap { plus in own.named("LeNet-5").map { (plus, $0) } }
    }
    return [
      faster,
      end(
        "LeNet-5+ ends below LeNet-5 with the right σ′", "0.96 against 1.06 %, with the wrong σ′", plus, plain, findings
      ).onlyAtOneRate(
        ownPair.map { ($0.finalError - $1.finalError).direction() }, rate: findings.rate,
        ownPair.map { "\(fixed($0.finalError.mean, 2)) against \(fixed($1.finalError.mean, 2)) %" } ?? ""
      ).shown(in: "test-error"),
      end("LeNet-5++ ends lowest", "0.78 against 0.96 %", plusPlus, plus, findings).shown(in: "test-error"),
    ].compactMap { $0 }
  }

  /// The order at the end, where each run has its partner of the same seed. A run shorter than S0's decides nothing.
  private static func end(
    _ text: String, _ published: String, _ better: VariantResults, _ worse: VariantResults, _ findings: VariantFindings
  ) -> Claim {
    let lead = worse.finalError - better.finalError
    let why = lead.worded(
      above: "after \(counted(findings.epochs, "epoch"))", below: "the other way round, by more than chance",
      withinChance: "within chance: this run does not show the effect")
    return Claim(
      text, source: "S0", published: published,
      measured: .init(better.finalError, unit: "%", against: .init(worse.finalError, unit: "%")),
      verdict: findings.hasPublishedSize ? .ofEffect(lead, from: 0) : .undecided,
      reason: findings.hasPublishedSize ? reason(why, seeds: lead.count) : tooShort(findings))
  }

  private static func tooShort(_ findings: VariantFindings) -> String {
    "S0 trained for 30 epochs of 60,000 images, this run only for \(findings.epochs) of \(grouped(findings.trainingCount))"
  }

  /// What S0 says about the inside of the networks.
  static func claimsAboutTheInside(_ findings: VariantFindings) -> [Claim] {
    let tanh = findings.named("LeNet-5")?.runs.compactMap(\.story) ?? []
    return tanh.isEmpty ? [] : [vanishing(tanh, findings).shown(in: "gradient-start")]
  }

  private static func vanishing(_ tanh: [GradientStory], _ findings: VariantFindings) -> Claim {
    let he = findings.updates?[isReLU: true]
    let kept = Summary(tanh.map(\.start))
    let null = 100 * GradientStory.poolingShares(tanh[0].layers)[0]
    let verdict = Claim.Verdict.ofEffect(Summary(kept.values.map { 1 - $0 }), from: 0.75)
    return Claim(
      "With tanh the gradient vanishes towards the image at the start", source: "S0",
      published: "the first layer gets far less than a fifth of the gradient",
      measured: .init(
        "conv1 has ", Summary(tanh.map { 100 * $0.beginning[0] }), unit: "% of the sum", decimals: 1,
        against: .init(value: null, unit: "% from pooling alone", decimals: 1)),
      verdict: verdict,
      reason: reason(
        verdict == .notHere
          ? "conv1 has no less than pooling alone would leave it"
          : "with any activation, pooling alone divides the gradient of conv1 by 4; of what would be left \(percent(1 - kept.mean)) is missing"
            + (he.map { "; with ReLU and He's weights conv1 has \(fixed(100 * $0.share(0).mean, 1)) % of the sum" }
              ?? ""),
        seeds: tanh.count))
  }
}

extension Claim {
  /// A lead that is there at one rate for all, but not when each network has its own, is reproduced at most in part.
  fileprivate func onlyAtOneRate(_ lead: Summary.Direction?, rate: Float, _ errors: String) -> Claim {
    guard verdict == .reproduced, let lead, lead != .below else { return self }
    var claim = self
    claim.verdict = verdict.atMostPartly
    claim.reason =
      "only at \(rate); with a rate for each network \(errors), \(lead == .above ? "the other way round" : "within chance")"
    return claim
  }

  /// The same held as well against the full recipe without this part, learned from few digits.
  ///
  /// An effect that is beyond chance in one of the two cases alone is the claim in part.
  fileprivate func withFewDigits(without part: TaughtPart, _ findings: VariantFindings) -> Claim {
    guard verdict != .undecided, let few = findings.leftOutFew, let row = few.rows.first(where: { $0.part == part })
    else { return self }
    let factor = few.factor(row)
    let shows = [verdict != .notHere, factor.direction == .above]
    var claim = self
    claim.measured += "; without it × \(factor.text) in the full recipe with \(grouped(Worth.fewDigits)) digits"
    claim.verdict = shows.allSatisfy { $0 } ? verdict : .of(false, partly: shows.contains(true))
    if shows == [false, true] {
      claim.reason =
        "beyond chance only with \(grouped(Worth.fewDigits)) digits; with all, "
        + reason.replacing(": this run does not show the effect", with: "").replacing(
          "with all \(grouped(findings.trainingCount)) digits ", with: "")
    }
    return claim
  }

  /// The same with what else was measured at the end of its reason, where it has three seeds.
  fileprivate func adding(_ others: String?...) -> Claim {
    var claim = self
    if claim.seeds >= 3 { claim.reason = ([reason] + others.compactMap { $0 }).joined(separator: "; ") }
    return claim
  }
}
