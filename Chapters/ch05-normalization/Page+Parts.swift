// The page of chapter 5: which part of batch norm helps, and what is left of the reasons.

import Foundation
import Workbook

extension Norms {
  /// The title of the figure of all parts.
  static func partsTitle(_ parts: PartsFindings) -> String {
    parts.bothHelp
      ? "The mean and the deviation each give a part of batch norm's lead"
      : "Batch norm, and parts of it"
  }

  /// What the mean, the deviation and the learned numbers do by themselves.
  static func addParts(to page: inout Page, _ findings: Findings) {
    guard let parts = findings.parts, let all = parts.lead(.batch) else { return }
    page.prose(
      """
      ### The parts

      \(partWords(parts, all))
      """)
    if let found = findings.noiseCost { page.figure(partsFigure(findings, found)) }
    page.project(
      parts.bothHelp ? "Mean and deviation each give a part of the lead" : "Batch norm, and parts of it")
  }

  /// What each part gives, in words.
  static func partWords(_ parts: PartsFindings, _ all: Summary) -> String {
    let alone: [(name: String, version: PartsFindings.Version)] = [
      ("subtracting only the mean", .mean), ("dividing only by the deviation", .deviation),
      ("layer norm", .layer),
    ].filter { !parts.bothHelp || $0.version == .layer }
    func names(_ direction: Summary.Direction) -> [String] {
      alone.filter { parts.direction($0.version) == direction }.map(\.name)
    }
    func listed(_ names: [String]) -> String {
      names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    }
    func said(_ direction: Summary.Direction, _ one: String, _ several: String) -> String {
      let of = names(direction)
      let list = listed(of)
      return of.isEmpty ? "" : list.prefix(1).uppercased() + list.dropFirst() + (of.count == 1 ? one : several) + " "
    }
    let words =
      said(.above, " helps.", " help.") + said(.below, " does harm.", " do harm.")
      + said(
        .withinChance, " may help a little: a gain is not certain.",
        " may help a little: for these a gain is not certain.")
    let (mean, deviation) = (parts.lead(.mean) ?? Summary([]), parts.lead(.deviation) ?? Summary([]))
    let bare = parts.errors(.bare).flatMap { bare in parts.errors(.batch).map { bare - $0 } } ?? Summary([])
    return
      (parts.bothHelp
      ? "**Of the \(fixed(all.mean, 1)) points that batch norm saves, the mean alone saves \(fixed(mean.mean, 1)) and the deviation alone \(fixed(deviation.mean, 1))\((all - mean - deviation).worded(above: "; the rest comes only with both together", below: "; together they save less", withinChance: ", together about as much")).** "
        + "What comes out of a ReLU is never negative, so it has a mean; to subtract it does for hidden units what centring does for pixels (chapter 3). "
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
      The control learns from the same \(batch) images in every step but takes mean and variance over \(many), so its noise is \
      $\\sqrt{\(many / batch)}$ times smaller.
      """)
    page.table(
      Table(
        "The five-layer net, \(grouped(noise.trainingCount)) images, \(noise.epochs) epochs, \(counted(noise.errors(.own).count, "seed")); each net at the best of \(counted(NoiseFindings.rates.count, "rate")) up to \(short(NoiseFindings.rates.max() ?? 0)); the last \(noise.trainingCount % batch) images are left out except where named",
        columns: ["network", "test error (%)"],
        rows: [NoiseFindings.Way.none, .own, .many, .tail].map { way in
          [TableCell(way.rawValue), TableCell(noise.errors(way).formatted(decimals: 1))]
        }))
    page.prose(
      whole.worded(
        above: "Batch norm generalizes better here (in part perhaps because its first norm also centres each pixel)",
        below: "Batch norm generalizes worse here",
        withinChance: "Batch norm makes no difference beyond chance here")
        + saved.worded(
          above: ", and its noise is a reason: with less of it the errors rise.",
          below: ", and with less noise it does even better.",
          withinChance: ". **But with less noise it does as well: this noise is not the reason.**")
        + tail.worded(
          above: " A small last batch does harm, so leave it out (`drop_last=True` in PyTorch).",
          below: "", withinChance: ""))
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

  /// The answer to the third question, after all tests.
  static func addAnswer(to page: inout Page, _ findings: Findings) {
    guard let parts = findings.parts, let found = findings.noiseCost else { return }
    page.prose(
      """
      ### What is left

      \(answer(found, parts))
      """)
    guard parts.bothHelp, let mean = parts.lead(.mean), let deviation = parts.lead(.deviation) else { return }
    var rows: [[TableCell]] = []
    func add(_ cause: String, _ test: String, _ points: Summary?) {
      guard let points else { return }
      rows.append([
        TableCell(cause), TableCell(test), TableCell("\(signed(points.mean, 2)) (\(signedInterval(points, 2)))"),
      ])
    }
    add("the mean is taken out", "that alone", mean)
    add("the deviation is divided by", "that alone", deviation)
    add("inputs hold still", "noise added", found.steadiness)
    add("weights grow", "lengths held, best rate", findings.turning?.costOfHolding(1))
    if let noise = findings.noise, noise.isComplete {
      add(
        "noise of the batch", "less of it; \(grouped(noise.trainingCount)) images",
        noise.savedByNoise)
    }
    page.table(
      Table(
        "Causes, their tests, and the points of error that each may explain (95 % interval), in all but the last row of \(fixed(found.gain.mean, 2)). Causes overlap: do not add the rows",
        columns: ["cause", "test", "points"], rows: rows))
    page.project("What may explain the lead of \(fixed(found.gain.mean, 2)) points?")
    page.prose(
      """
      **In one sentence: here batch norm helps because it takes the mean out of every unit's sums and sets their spread.** \
      That the loss becomes smoother (Santurkar et al. 2018), this page did not test\(findings.isGainWithoutRate ? "; but there is a gain without larger rates" : "").
      """)
  }
}

extension PartsFindings {
  /// Whether a part by itself saves errors over no norm, beyond the chance of three comparisons.
  func direction(_ version: Version) -> Summary.Direction? { lead(version)?.direction(among: 3) }
  /// Whether batch norm saves errors, and so do the mean and the deviation by themselves.
  var bothHelp: Bool {
    lead(.batch)?.direction() == .above && [Version.mean, .deviation].allSatisfy { direction($0) == .above }
  }
}
