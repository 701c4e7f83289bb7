// What S0 says about its networks, held against the findings.

import Foundation
import Workbook

extension LeNet {
  static func claims(_ findings: Findings) -> [Claim] {
    guard case .variants(let found) = findings else { return [] }
    return claimsAboutErrors(found) + (found.ablation.map(claimsAboutParts) ?? []) + claimsAboutTheInside(found)
  }

  /// Who learns faster, who ends lower, and the numbers of the table.
  private static func claimsAboutErrors(_ findings: VariantFindings) -> [Claim] {
    guard let plain = findings.named("LeNet-5"), let plus = findings.named("LeNet-5+"),
      let plusPlus = findings.named("LeNet-5++"), let wrong = findings.named("LeNet-5, published σ′")
    else { return [] }
    let seen = "\(grouped(findings.firstPass * findings.trainingCount)) images"
    func first(_ result: VariantResults) -> Summary { result.errors[min(findings.firstPass, result.errors.count) - 1] }
    return [
      order(
        "LeNet-5+ learns faster than LeNet-5 with the right σ′", "figure 4, with the wrong σ′", first(plus),
        first(plain), after: seen),
      order(
        "LeNet-5+ learns faster than LeNet-5 with the wrong σ′", "figure 4", first(plus), first(wrong),
        after: seen),
      end(
        "LeNet-5+ ends below LeNet-5 with the right σ′", "0.96 against 1.06 %, with the wrong σ′", plus, plain, findings
      ),
      end("LeNet-5+ ends below LeNet-5 with the wrong σ′", "0.96 against 1.06 %", plus, wrong, findings),
      end("LeNet-5++ ends lowest", "0.78 against 0.96 %", plusPlus, plus, findings),
    ].map { $0.shown(in: "test-error") } + [wrong, plus, plusPlus].compactMap { row($0, findings) }
  }

  /// One error below another.
  private static func order(
    _ text: String, _ published: String, _ better: Summary, _ worse: Summary, after seen: String
  ) -> Claim {
    // The same seeds, so that each run has its partner.
    let lead = worse - better
    let why =
      isClear(lead, beyond: 0)
      ? (lead.mean > 0 ? "after \(seen)" : "the other way round, by more than chance")
      : "no difference beyond chance"
    return Claim(
      text, source: "S0", published: published,
      measured: .init(better, unit: "%", against: .init(worse, unit: "%")),
      // Only the other direction refutes an order.
      verdict: lead.direction() == .withinChance ? .undecided : .ofEffect(lead, from: 0),
      reason: reason(why, seeds: lead.count))
  }

  /// The order at the end: where it was trained for as long as S0's table, or is clear before.
  private static func end(
    _ text: String, _ published: String, _ better: VariantResults, _ worse: VariantResults, _ findings: VariantFindings
  ) -> Claim {
    var claim = order(text, published, better.finalError, worse.finalError, after: counted(findings.epochs, "epoch"))
    if !findings.hasPublishedSize {
      claim.verdict = .undecided
      claim.reason = tooShort(findings)
    }
    return claim
  }

  private static func tooShort(_ findings: VariantFindings) -> String {
    "S0 trained for 30 epochs of 60,000 images, this run for \(findings.epochs) of \(grouped(findings.trainingCount))"
  }

  /// One row of S0's table, against chance: the two means with the standard errors of both.
  private static func row(_ result: VariantResults, _ findings: VariantFindings) -> Claim? {
    guard let published = result.published else { return nil }
    let error = result.finalError
    let spread = (pow(error.standardError, 2) + pow(published.deviation, 2) / 5).squareRoot()
    let distance = (error.mean - published.mean) / spread
    let name = result.hasPublishedSlope ? "LeNet-5" : result.name
    return Claim(
      "\(name) has \(fixed(published.mean, 2)) % test errors", source: "S0",
      published: "\(fixed(published.mean, 2)) ± \(fixed(published.deviation, 2)) %",
      measured: .init(error, unit: result.hasPublishedSlope ? "% with the wrong σ′" : "%", decimals: 2),
      // Student's t for five and five runs.
      verdict: findings.hasPublishedSize ? .of(abs(distance) < 2.31) : .undecided,
      reason: !findings.hasPublishedSize
        ? tooShort(findings)
        : abs(distance) < 2.31
          ? "the difference is within chance"
          : "\(distance < 0 ? "lower" : "higher") by \(fixed(abs(distance), 1)) standard errors (the standard deviation of the difference of the two means)"
    )
  }

  /// Which part earns it.
  private static func claimsAboutParts(_ ablation: Ablation) -> [Claim] {
    [
      part(
        "ReLU in place of tanh lowers the error", "gain (section 4.1)", ablation.relu, ablation),
      part(
        "Softmax with cross-entropy in place of squared error learns faster", "faster (section 4.2, figure 4)",
        ablation.crossEntropy,
        ablation),
    ].map { $0.shown(in: "ablation") }
  }

  private static func part(_ text: String, _ published: String, _ factor: Summary, _ ablation: Ablation) -> Claim {
    let gain = Summary(factor.values.map { 1 / $0 })
    let isOpen = factor.direction(from: 1) == .withinChance
    let verdict = isOpen ? .undecided : Claim.Verdict.ofFactor(gain, from: 1.1)
    let ends = [factor.mean - factor.uncertainty, factor.mean + factor.uncertainty].map { fixed($0, 2) }
    return Claim(
      text, source: "S0", published: published,
      measured: .init(
        "error × ", factor, unit: "after \(counted(ablation.epochs, "epoch")), all else equal", decimals: 2),
      verdict: verdict,
      reason: reason(
        isOpen
          ? "\(counted(factor.count, "seed")) cannot tell it from 1: the 95 % interval reaches from \(ends[0]) to \(ends[1])"
          : verdict == .notHere
            ? "no gain" : "mean of the four pairs that differ in nothing else, all at one rate",
        seeds: factor.count))
  }

  /// What S0 says about the inside of the networks (figures 3 and 5).
  static func claimsAboutTheInside(_ findings: VariantFindings) -> [Claim] {
    func runs(_ name: String) -> [RunFindings] { findings.named(name)?.runs ?? [] }
    let (tanh, relu) = (runs("LeNet-5").compactMap(\.story), runs("LeNet-5+").compactMap(\.story))
    let (without, with) = (runs("LeNet-5+").compactMap(\.growth), runs("LeNet-5++").compactMap(\.growth))
    return [
      tanh.isEmpty ? nil : vanishing(tanh).shown(in: "gradient-start"),
      tanh.isEmpty || relu.isEmpty ? nil : recovery(relu, tanh).shown(in: "gradient-conv1"),
      without.isEmpty || with.isEmpty
        ? nil : spreading(Summary(without), Summary(with), findings).shown(in: "activation-inputs"),
    ].compactMap { $0 }
  }

  private static func vanishing(_ tanh: [GradientStory]) -> Claim {
    let kept = Summary(tanh.map(\.start))
    let null = 100 * GradientStory.poolingShares(tanh[0].layers)[0]
    let verdict = Claim.Verdict.ofEffect(Summary(kept.values.map { 1 - $0 }), from: 0.75)
    return Claim(
      "With tanh the gradient vanishes towards the image at the start", source: "S0",
      published: "figure 3, against equal shares",
      measured: .init(
        "conv1 has ", Summary(tanh.map { 100 * $0.beginning[0] }), unit: "% of the sum", decimals: 1,
        against: .init(value: null, unit: "% from pooling alone", decimals: 1)),
      verdict: verdict,
      reason: reason(
        verdict == .notHere
          ? "no less than pooling alone leaves it"
          : "pooling takes a factor 4 from conv1 with any activation; the rest of the net takes \(percent(1 - kept.mean)) of what is left",
        seeds: tanh.count))
  }

  private static func recovery(_ relu: [GradientStory], _ tanh: [GradientStory]) -> Claim {
    let (soon, late) = (Summary(relu.compactMap(\.recovery)), Summary(tanh.compactMap(\.recovery)))
    let isWhole = soon.count == relu.count && late.count == tanh.count
    let lead = late - soon
    func text(_ times: Summary) -> String { times.count == 0 ? "never" : times.formatted(decimals: 1) }
    let (name, published) = (
      "With ReLU the lowest layer gets its share of the gradient back sooner", "figure 3, one run"
    )
    if !isWhole {
      return Claim(
        name, source: "S0", published: published,
        measured: "epochs until conv1 has what pooling leaves it: \(text(soon)), tanh \(text(late))", seeds: relu.count,
        verdict: .undecided, reason: "not all runs get there in so few epochs")
    }
    return Claim(
      name, source: "S0", published: published,
      measured: .init(
        "epochs until conv1 has what pooling leaves it: ", soon, decimals: 1,
        against: .init(", tanh ", late, decimals: 1)),
      // The loss and the initial weights differ as well: no more than part of the claim.
      verdict: Claim.Verdict.ofEffect(lead, from: 0).atMostPartly,
      reason: reason(
        isClear(lead, beyond: 0)
          ? (lead.mean > 0
            ? "LeNet-5+ against LeNet-5: loss and initial weights differ as well" : "later, by more than chance")
          : "no difference beyond chance", seeds: relu.count))
  }

  private static func spreading(_ plain: Summary, _ normalized: Summary, _ findings: VariantFindings) -> Claim {
    let growth = Claim.Verdict.ofFactor(plain, from: 1.1)
    let isTooShort = growth != .reproduced && !findings.hasPublishedSize
    return Claim(
      "Activation inputs spread during training, and batch normalization holds them", source: "S0",
      published: "figure 5",
      measured: .init(
        "grown to ", plain, unit: "times without", against: .init(", ", normalized, unit: "times with")),
      // The growth that is left has to be less than half of that without.
      verdict: isTooShort
        ? .undecided : abs(normalized.mean - 1) > (plain.mean - 1) / 2 ? growth.atMostPartly : growth,
      reason: reason(
        isTooShort
          ? tooShort(findings)
          : growth == .notHere
            ? "no growth beyond chance in \(counted(findings.epochs, "epoch"))"
            : "from the first epoch to the last; after the norm the spread is |γ| by construction",
        seeds: plain.count))
  }
}
