// What the sources say about convolutions, held against the findings.

import Foundation
import Workbook

extension SlidingWindow {
  static func claims(_ findings: Findings) -> [Claim] { claims(findings, recorded: nil) }

  /// - Parameter recorded: the recorded run, for what a short run does not measure.
  static func claims(_ findings: Findings, recorded: Findings?) -> [Claim] {
    return [
      fewerErrors(findings, recorded: recorded).shown(in: "shuffled-pixels"),
      neighbours(findings, recorded: recorded).shown(in: "shuffled-pixels"),
    ] + partClaims(findings) + [
      sameField(findings.reach), usedField(findings.reach),
    ]
  }

  /// The claims about exchanged parts, in the net with scaled maps where that was measured. With one learning rate for all
  /// nets, tuned for none, they hold no more than partly.
  private static func partClaims(_ findings: Findings) -> [Claim] {
    func claim(
      _ name: String, _ text: String, _ source: String, _ published: String, _ remark: String,
      _ effect: (Summary) -> PublishedEffect
    ) -> Claim? {
      guard let item = findings.exchange(name) else { return nil }
      // Records and today's run differ in this, and with it in their verdicts.
      let images = ", from \(grouped(findings.exchangeImages)) training images\(item.nets)"
      let claim = exchange(
        text, source: source, published: published, item.gain, images, remark, on: item.from, seen: effect(item.from))
      return findings.drawnExchanges.contains { $0.name == name } ? claim.shown(in: "parts") : claim
    }
    let claims = [
      claim(
        PartExchange.pooling, "Max pooling is better than average pooling", "Scherer et al. 2010, S1",
        "max pooling makes fewer errors than average pooling",
        "windows of 2×2\(findings.bestPooling == nil ? "" : "; the table of *Do the parts help?* has each scale")"
      ) { PublishedEffect(on: $0) },
      claim(
        PartExchange.overlap, "Overlapping pooling lowers the error", "Krizhevsky et al. 2012, S1",
        "top-1 error lower by 0.4 points on ImageNet", "windows of 3×3 against windows of 2×2, both with stride 2"
      ) { .overlapping(on: $0) },
      responseNorm(findings),
      claim(
        PartExchange.stack, "Small kernels stacked do better than one that sees as far",
        "Simonyan and Zisserman 2015, S1", "the net with 5×5 makes 7 % more top-1 errors on ImageNet",
        "two 3×3 against one 5×5, with twelve channels"
      ) { .stacked(on: $0) },
    ]
    return claims.compactMap { claim in
      guard var claim else { return nil }
      if !findings.hasTunedExchanges {
        claim.verdict = claim.verdict.atMostPartly
        claim.reason += "; one untuned rate for all nets, hence no more than partly"
      }
      return claim
    }
  }

  /// LRN makes the numbers in the maps smaller: against a net without a constant it has its full gain, and the constant says how much of it is
  /// normalization.
  private static func responseNorm(_ findings: Findings) -> Claim? {
    guard let item = findings.plainExchange(PartExchange.lrn) else { return nil }
    var claim = exchange(
      "Local response normalization lowers the error", source: "Krizhevsky et al. 2012, S1",
      published: "top-1 error lower by 1.4 points on ImageNet", item.gain,
      ", from \(grouped(findings.exchangeImages)) training images",
      "here LRN stands after overlapping pooling, in the paper before it; Simonyan and Zisserman (2015) found no gain in VGG",
      on: item.from, seen: .responseNorm(on: item.from)
    ).shown(in: "parts")
    if claim.verdict == .reproduced, let rest = findings.gainOverConstant {
      if rest.direction() != .above { claim.verdict = .partly }
      claim.reason +=
        "; against a constant in its place LRN saves \(rest.withInterval(2)) points\(rest.direction() == .above ? "" : ", so the gain is not by normalization")"
    }
    return claim
  }

  private static func fewerErrors(_ findings: Findings, recorded: Findings?) -> Claim {
    let (locality, race) = (findings.locality, findings.race ?? recorded?.race)
    let advantage = race?.advantage ?? findings.advantage
    func told(_ lead: Comparison?, _ words: String) -> String {
      lead.map {
        "; \(words), \(fixed($0.size.mean, 1)) points \($0.gain.mean < 0 ? "more" : "fewer")\($0.size.intervalNote())"
      } ?? ""
    }
    let deep = SlidingWindow.advantage(over: \.deepRace, findings, recorded: recorded)
    var claim = exchange(
      "A convolutional net reads digits better than a dense one of its size", source: "LeCun et al. 1998, S1",
      published: "on digits, convolutional nets make fewer errors than dense ones", advantage,
      deep == nil ? " than one dense net, at one rate for both" : "",
      """
      \(race == nil ? "one learning rate for both nets" : "each net at its own learning rate\(findings.ownRates == nil ? ", recorded" : "")"); the other net is \
      \(deep == nil ? "one dense net, none as deep, hence no more than partly" : "a dense net with one hidden layer"); \(grouped(locality.convolutional.parameters)) against \
      \(grouped(race?.dense.parameters ?? locality.dense.parameters)) parameters, but \(fixed(locality.workRatio, 1)) times the multiply-adds\
      \(told(deep, "compared with a dense net that is as deep"))\
      \(told(SlidingWindow.advantage(over: \.workRace, findings, recorded: recorded), "with one that does as much work"))
      """)
    // At one rate for both, or against one dense net alone, no more than partly.
    if deep?.verdict != .reproduced { claim.verdict = claim.verdict.atMostPartly }
    return claim
  }

  private static func neighbours(_ findings: Findings, recorded: Findings?) -> Claim {
    let race = findings.race ?? recorded?.race
    let advantage = race?.advantage ?? findings.advantage
    let shuffled = race?.shuffledAdvantage ?? findings.shuffledAdvantage
    let denseCost = race.map { Comparison(from: $0.dense.shuffled, to: $0.dense.ordered) } ?? findings.denseCost
    let leadLost = Comparison(advantage, minus: shuffled)
    let isHalved = shuffled.gain.mean < advantage.gain.mean / 2
    return Claim(
      "It owes that to neighbouring pixels belonging together", source: "LeCun et al. 1998",
      published: "neighbouring pixels are correlated, so local features help",
      measured: .init(
        advantage.lead("", "points in order"), shuffled.lead(", ", "points shuffled"),
        .init(", a change of the lead by ", leadLost.gain, unit: "points", decimals: 2)),
      // Partly at most: three things go at once.
      verdict: [advantage, leadLost].contains { $0.verdict == .notHere } ? .notHere : .partly,
      reason: leadLost.reason(
        race == nil
          ? "one learning rate for both nets"
          : "each net at its own learning rate\(findings.ownRates == nil ? ", recorded" : "")",
        findings.separation == nil
          ? "shuffling makes windows, equal weights and pooling useless at once, and nothing separates the three here"
          : "shuffling makes windows, equal weights and pooling useless at once; the table of the three nets separates the first two",
        isHalved ? "" : "less than half of the lead is lost",
        "the dense net's error changes by \(fixed(abs(denseCost.gain.mean), 2)) points\(denseCost.finding == .chance ? ", no more than chance" : "")"
      ))
  }

  /// A claim that one way of doing something has fewer errors than another.
  ///
  /// - Parameters:
  ///   - old: the errors of the old way.
  ///   - effect: how large the effect was where it was found, if that was on other pictures than digits.
  ///     Within chance the run does not show it; the reason says whether the interval leaves a gain of that size possible,
  ///     or how large one can be at most.
  private static func exchange(
    _ text: String, source: String, published: String, _ comparison: Comparison, _ images: String = "",
    _ remark: String,
    on old: Summary? = nil, seen effect: PublishedEffect? = nil
  ) -> Claim {
    let unseen = effect.flatMap { comparison.unseen($0) }
    let bound = old.flatMap { comparison.bound(on: $0) }
    var measured = comparison.measured
    measured.unit += images
    return Claim(
      text, source: source, published: published, measured: measured,
      verdict: comparison.verdict,
      reason: [unseen ?? bound ?? comparison.reason(), unseen == nil ? comparison.seen(effect) : "", remark]
        .filter { !$0.isEmpty }.joined(separator: "; "))
  }

  private static func sameField(_ reach: ReachFindings) -> Claim {
    let (two, three, depths) = (field(ofStack: 2), field(ofStack: 3), reach.footprints.count)
    func number(_ lead: String, _ value: Int, _ unit: String = "") -> Claim.Measurement {
      .init(lead, value: Double(value), unit: unit, seeds: reach.networks, decimals: 0)
    }
    var measured = number("", two)
    measured.against = [
      number("and ", three), number(", the gradient agrees at ", reach.fitting, "of \(depths) depths"),
    ]
    return Claim(
      "Layers of different kernels can have the same receptive field", source: "Simonyan and Zisserman 2015, S1",
      published: "two 3×3 = 5×5, three = 7×7", measured: measured,
      verdict: .of(two == 5 && three == 7 && reach.fitting == depths))
  }

  private static func usedField(_ reach: ReachFindings) -> Claim {
    let exponent = reach.exponent
    return Claim(
      "The part of the field that is used grows with the root of the depth", source: "Luo et al. 2016",
      published: "exponent 0.5", measured: .init("exponent ", value: exponent, seeds: reach.networks, decimals: 2),
      verdict: .of(abs(exponent - 0.5) < 0.08, partly: exponent < 0.75))
  }
}

extension Claim.Measurement {
  /// A measurement and those that follow it.
  fileprivate init(_ first: Self, _ others: Self...) {
    self = first
    against = others
  }
}
