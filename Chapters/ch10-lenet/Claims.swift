// What S0 says about its networks, held against the findings.

import Foundation
import Workbook

extension LeNet {
  static func claims(_ findings: Findings) -> [Claim] {
    guard case .variants(let found) = findings else { return [] }
    return claimsAboutErrors(found) + claimsAboutTheInside(found.results)
  }

  /// Who learns faster, and who ends lower.
  private static func claimsAboutErrors(_ findings: VariantFindings) -> [Claim] {
    guard let plain = findings.named("LeNet-5"), let plus = findings.named("LeNet-5+"),
      let plusPlus = findings.named("LeNet-5++")
    else { return [] }
    let epochs = findings.epochs
    // The comparisons that S0 made: its LeNet-5 had the wrong derivative.
    let asPublished = (findings.named("LeNet-5, published σ′").map { [$0] } ?? []).flatMap { published in
      [
        order(
          "Cross-entropy with ReLU learns faster than squared error with tanh and the published σ′", "figure 4",
          plus.errors[0], published.errors[0], after: 1),
        order(
          "LeNet-5+ ends below LeNet-5 with the published σ′", "0.96 against 1.06 %", plus.finalError,
          published.finalError, after: epochs),
      ]
    }
    return [
      order(
        "Cross-entropy with ReLU learns faster than squared error with tanh and the right σ′",
        "figure 4, with the wrong σ′", plus.errors[0], plain.errors[0], after: 1),
      order(
        "LeNet-5+ ends below LeNet-5 with the right σ′", "0.96 against 1.06 %, with the wrong σ′", plus.finalError,
        plain.finalError, after: epochs),
    ] + asPublished + [
      order(
        "Batch normalization ends lowest", "0.78 against 0.96 %", plusPlus.finalError, plus.finalError, after: epochs)
    ]
  }

  /// One error below another.
  private static func order(
    _ text: String, _ published: String, _ better: Summary, _ worse: Summary, after epochs: Int
  ) -> Claim {
    // The same seeds, so that each run has its partner.
    let lead = worse - better
    let seeds = lead.count
    return Claim(
      text, source: "S0", published: published,
      measured: .init(better, unit: "%", against: .init(worse, unit: "%")), verdict: .ofEffect(lead, from: 0),
      reason: seeds < 3
        ? "one direction in \(seeds == 1 ? "one run" : "\(seeds) runs"); a verdict needs three"
        : isClear(lead, beyond: 0)
          ? (lead.mean > 0 ? "after \(counted(epochs, "epoch"))" : "the other way round, by more than chance")
          : "no difference beyond chance")
  }

  /// What S0 says about the inside of the networks (figures 3 and 5).
  static func claimsAboutTheInside(_ results: [VariantResults]) -> [Claim] {
    func runs(_ name: String) -> [RunFindings] { results.first { $0.name == name }?.runs ?? [] }
    let (tanh, relu) = (runs("LeNet-5").compactMap(\.story), runs("LeNet-5+").compactMap(\.story))
    let (without, with) = (runs("LeNet-5+").compactMap(\.growth), runs("LeNet-5++").compactMap(\.growth))
    return [
      tanh.isEmpty ? nil : vanishing(tanh), tanh.isEmpty || relu.isEmpty ? nil : recovery(relu, tanh),
      without.isEmpty || with.isEmpty ? nil : spreading(Summary(without), Summary(with)),
    ].compactMap { $0 }
  }

  private static func vanishing(_ tanh: [GradientStory]) -> Claim {
    let (bottom, top) = (tanh[0].layers[0], tanh[0].layers[tanh[0].layers.count - 1])
    let low = Summary(tanh.map { 100 * $0.beginning[0] })
    let high = Summary(tanh.map { 100 * ($0.beginning.last ?? 0) })
    let isLayerByLayer = tanh.allSatisfy(\.fadesTowardsTheImage)
    let verdict = Claim.Verdict.ofEffect(high - low, from: 0)
    return Claim(
      "With tanh the gradient vanishes towards the image at the start", source: "S0",
      published: "figure 3, falling from \(top) to \(bottom)",
      measured: .init("\(bottom) ", low, unit: "%", against: .init(", \(top) ", high, unit: "% of the sum")),
      verdict: verdict == .reproduced && !isLayerByLayer ? .partly : verdict,
      reason: low.mean >= high.mean
        ? "\(bottom) has no less than \(top)"
        : verdict == .notHere
          ? "no difference beyond chance"
          : isLayerByLayer
            ? (tanh.count < 3 ? "a verdict needs three runs" : "layer by layer, in every run")
            : "less below than above, but not layer by layer")
  }

  private static func recovery(_ relu: [GradientStory], _ tanh: [GradientStory]) -> Claim {
    /// The times of both; a run that never gets there has none.
    func times(_ time: (GradientStory) -> Double?) -> (relu: [Double], tanh: [Double]) {
      (relu.map { time($0) ?? .infinity }, tanh.map { time($0) ?? .infinity })
    }
    /// In every run, and by more than chance where all get there.
    func isSooner(_ times: (relu: [Double], tanh: [Double])) -> Bool {
      let lead = Summary(times.tanh) - Summary(times.relu)
      return zip(times.relu, times.tanh).allSatisfy { $0 < $1 }
        && (lead.count < 3 || !lead.mean.isFinite || isClear(lead, beyond: 0))
    }
    // Two readings of "sooner": half of the way that it goes, and half of an equal share.
    let (halfway, share) = (times(\.halfway), times(\.recovery))
    let sooner = (isSooner(halfway), isSooner(share))
    let seeds = min(relu.count, tanh.count)
    let reason =
      switch sooner {
      case (true, true): seeds < 3 ? "a verdict needs three runs" : "by either measure, in every run"
      case (true, false): "it starts lower and climbs faster, and is no sooner at half of an equal share"
      case (false, true): "sooner at half of an equal share, not on its own way up"
      case (false, false): "by neither measure"
      }
    let (text, numbers) = recoveryTimes([halfway.relu, halfway.tanh, share.relu, share.tanh])
    var claim = Claim(
      "With ReLU the lowest layer gets its share of the gradient back sooner", source: "S0",
      published: "figure 3, one run", measured: text, seeds: seeds,
      verdict: .of(sooner.0 && sooner.1, partly: sooner.0 || sooner.1), reason: reason)
    claim.measurement = numbers
    return claim
  }

  /// The times of those that get there; `never`, and no numbers, where none does.
  private static func recoveryTimes(_ times: [[Double]]) -> (text: String, numbers: Claim.Measurement?) {
    let reached = times.map { Summary($0.filter(\.isFinite)) }
    let (half, share, tanh) = (
      "epochs to half its way up: ", "to half of an equal share of the four hidden layers: ", ", tanh "
    )
    let text = zip([half, tanh, "; " + share, tanh], reached)
      .map { $0 + ($1.count == 0 ? "never" : $1.formatted(decimals: 1)) }.joined()
    guard reached.allSatisfy({ $0.count > 0 }) else { return (text, nil) }
    return (
      text,
      .init(
        half, reached[0], decimals: 1, against: .init(tanh, reached[1], unit: ";", decimals: 1),
        .init(share, reached[2], decimals: 1), .init(tanh, reached[3], decimals: 1))
    )
  }

  private static func spreading(_ plain: Summary, _ normalized: Summary) -> Claim {
    let growth = Claim.Verdict.ofFactor(plain, from: 1.1)
    let grows = plain.mean > 1.1
    // The growth that is left has to be less than half of that without.
    let holds = abs(normalized.mean - 1) < (plain.mean - 1) / 2
    let seeds = min(plain.count, normalized.count)
    return Claim(
      "Activation inputs spread during training, and batch normalization holds them", source: "S0",
      published: "figure 5",
      measured: .init(
        "grown to ", plain, unit: "times without", against: .init(", ", normalized, unit: "times with")),
      verdict: seeds < 3 ? .undecided : growth == .reproduced && !holds ? .partly : growth,
      reason: grows && growth == .notHere
        ? "no growth beyond chance"
        : grows && holds
          ? (seeds < 3 ? "a verdict needs three runs" : "from the first epoch to the last")
          : grows ? "they grow with batch normalization as well" : "they hardly grow without it")
  }
}
