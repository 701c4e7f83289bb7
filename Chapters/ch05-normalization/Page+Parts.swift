// The page of chapter 5: which part of batch norm helps, and what is left of the reasons.

import Foundation
import Workbook

extension Norms {
  /// The title of the figure of all parts.
  static func partsTitle(_ parts: PartsFindings) -> String {
    parts.bothHelp
      ? "The mean taken out and the deviation divided by: each alone saves errors"
      : "Batch norm, and parts of it"
  }

  /// What the mean, the deviation and the learned numbers do by themselves.
  static func addParts(to page: inout Page, _ findings: Findings) {
    guard let parts = findings.parts else { return }
    page.prose(
      """
      ### The parts

      \(partWords(parts))
      """)
    if let found = findings.noiseCost { page.figure(partsFigure(findings, found)) }
    page.project(
      parts.bothHelp ? "Mean and deviation: each alone saves errors" : "Batch norm, and parts of it")
  }

  /// Whether the best rate grows with the mean taken out, as the reason of chapter 3 asks.
  private static func rateWords(_ parts: PartsFindings) -> String {
    guard let none = parts.net(.none)?.rate, let mean = parts.net(.mean)?.rate, mean > 1.5 * none else { return "" }
    return ", and the best rate grows as it does there, from \(short(none)) to \(short(mean))"
  }

  /// What each part gives, in words.
  static func partWords(_ parts: PartsFindings) -> String {
    let alone: [(name: String, version: PartsFindings.Version)] = [
      ("subtracting only the mean", .mean), ("dividing only by the deviation", .deviation),
      ("layer norm", .layer),
    ].filter { !parts.bothHelp || $0.version == .layer }
    func names(_ direction: Summary.Direction) -> [String] {
      alone.filter { parts.direction($0.version) == direction }.map(\.name)
    }
    func said(_ direction: Summary.Direction, _ one: String, _ several: String) -> String {
      let of = names(direction)
      return of.isEmpty ? "" : capitalized(listed(of)) + (of.count == 1 ? one : several) + " "
    }
    let words =
      said(.above, " helps.", " help.") + said(.below, " does harm.", " do harm.")
      + said(
        .withinChance, " may help a little: a gain is not certain.",
        " may help a little: for these a gain is not certain.")
    let bare = parts.errors(.bare).flatMap { bare in parts.errors(.batch).map { bare - $0 } } ?? Summary([])
    return
      (parts.bothHelp
      ? "What comes out of a ReLU is never negative, so it has a mean; to subtract it does for hidden units what centring does for pixels (chapter 3)\(rateWords(parts)). "
      : "")
      + words
      + bare.worded(
        above: "Without $\\gamma$ and $\\beta$ batch norm saves less.",
        below: "Without $\\gamma$ and $\\beta$ batch norm saves even more.",
        withinChance: "$\\gamma$ and $\\beta$ add nothing to batch norm that we could see.")
  }

  /// Few images, many epochs, with the noise of a batch's statistics and with less of it.
  static func addNoise(to page: inout Page, _ findings: Findings) {
    guard let noise = findings.noise, noise.isComplete else { return }
    let (batch, many) = (NoiseFindings.batch, NoiseFindings.Way.many.images)
    let (saved, whole, tail) = (noise.savedByNoise, noise.savedByNorm, noise.costOfTail)
    page.prose(
      """
      ### Noise that regularizes

      Each batch has another mean and deviation. Does this noise keep a net from learning few images by heart (chapter 7)? \
      A control takes both over \(many) images instead of \(batch), so its noise is $\\sqrt{\(many / batch)}$ times smaller. \
      \(whole.worded(
        above: "Batch norm generalizes better here (in part perhaps because it also centres the pixels)",
        below: "Batch norm generalizes worse here",
        withinChance: "Batch norm makes no difference beyond chance here")
        + saved.worded(
          above: ", and its noise is a reason: with less of it the errors rise.",
          below: ", and with less noise it does even better.",
          withinChance: whole.direction() == .above
            ? ". **But with less noise it does as well, within chance: of \(fixed(whole.mean, 1)) points the noise gives at most \(fixed(max(0, saved.mean + saved.uncertainty), 1)).**"
            : "; with less noise it does as well, within chance."))
      """)
    page.fold("With less noise, and with a small last batch") {
      $0.table(
        Table(
          "The five-layer net, \(grouped(noise.trainingCount)) images, \(noise.epochs) epochs, \(counted(noise.errors(.own).count, "seed")), pixels not centred; each net at the best of \(counted(NoiseFindings.rates.count, "rate")) up to \(short(NoiseFindings.rates.max() ?? 0)); the last \(noise.trainingCount % batch) images are left out except where named",
          columns: ["network", "test error (%)"],
          rows: [NoiseFindings.Way.none, .own, .many, .tail].map { way in
            [TableCell(way.rawValue), TableCell(noise.errors(way).formatted(decimals: 1))]
          }))
      if tail.direction() == .above {
        $0.prose("A small last batch does harm: leave it out.")
      }
    }
  }

  /// Whether it works because the numbers are kept in range.
  static func answer(_ found: NoiseCost, _ parts: PartsFindings) -> String {
    guard parts.bothHelp else { return "**The third question is not decided, for this net.**" }
    let steady = found.steadiness.worded(
      above: found.isNotAll ? "in part at most" : "it may be",
      below: "not because the inputs hold still",
      withinChance: found.isSteadinessSmall
        ? "not because the inputs hold still" : "whether steady inputs matter is not decided")
    return
      "**The answer to the third question, for this dense net after a short training: \(steady).**"
  }

  /// The causes, their tests, and the answer to the third question.
  static func addAnswer(to page: inout Page, _ findings: Findings) {
    guard let parts = findings.parts, let found = findings.noiseCost else { return }
    guard parts.bothHelp, let mean = parts.lead(.mean), let deviation = parts.lead(.deviation) else {
      page.prose(answer(found, parts))
      return
    }
    var rows: [[TableCell]] = []
    func add(_ cause: String, _ test: String, _ points: Summary?) {
      guard let points else { return }
      rows.append([
        TableCell(cause), TableCell(test), TableCell("\(signed(points.mean, 2)) (\(signedInterval(points, 2)))"),
        points.direction(among: PartsFindings.tests) == .above ? "yes" : "no",
      ])
    }
    add("the mean is taken out", "only the mean subtracted", mean)
    add("the deviation is divided by", "only divided by it", deviation)
    add("inputs hold still", "noise added", found.steadiness)
    add("weights grow", "lengths held, best rate", findings.turning?.costOfHolding(1))
    let noise = findings.noise.flatMap { $0.isComplete ? $0 : nil }
    if let noise { add("noise of the batch", "less of it; \(grouped(noise.trainingCount)) images", noise.savedByNoise) }
    page.table(
      Table(
        "What each cause may explain of batch norm's lead of \(fixed(found.gain.mean, 2)) points\(noise.map { "; the last row: of \(fixed($0.savedByNorm.mean, 2))" } ?? ""). “Certain” means: the interval stays above 0 if widened for \(counted(PartsFindings.tests, "test")).",
        columns: ["cause", "test", "points (95 %)", "certain"], rows: rows))
    page.project("What may explain the lead of \(fixed(found.gain.mean, 2)) points?")
    page.prose(
      """
      The points are not added: each test stands alone, and one change can act through several causes. \(answer(found, parts))

      **To repeat: taking out the mean probably helps as it does for pixels (chapter 3: a mean limits the rate). Why dividing by the deviation helps, we do not know.** \
      Whether the loss becomes smoother (Santurkar et al. 2018), this page did not test.
      """)
  }
}

extension PartsFindings {
  /// Whether a part by itself saves errors over no norm, beyond the chance of all tests.
  func direction(_ version: Version) -> Summary.Direction? { lead(version)?.direction(among: Self.tests) }
  /// Whether batch norm saves errors, and so do the mean and the deviation by themselves.
  var bothHelp: Bool {
    lead(.batch)?.direction() == .above && [Version.mean, .deviation].allSatisfy { direction($0) == .above }
  }
}
