// The page of chapter 5: parts of a norm, and what is left of all reasons.

import Foundation
import Workbook

extension Norms {
  /// Which part of batch norm does it.
  static func addHalves(to page: inout Page, _ findings: Findings) {
    guard let halves = findings.halves else { return }
    page.prose("### 2. The mean, the deviation, or the batch?")
    page.predict(
      "One net only subtracts the mean of the batch, one only divides by its deviation (both keep $\\gamma$ and $\\beta$), and one has layer norm, which never looks at the batch. Which comes nearest to batch norm?",
      choices: halves.nets.map { "\($0.way.rawValue)" },
      answer: halves.nets.indices.min { halves.nets[$0].errors.mean < halves.nets[$1].errors.mean } ?? 0,
      "The table below has all of them.")
    page.table(versions(findings, halves))
    page.project(
      findings.meanIsHalf
        ? findings.meanOnCentred.map { "The mean alone, on centred pixels: \($0)" }
          ?? "Half of the lead comes from subtracting the mean" : "Half a norm, and layer norm")
    page.prose(halfWords(findings, halves))
  }

  /// What the parts give, and why the mean matters.
  private static func halfWords(_ findings: Findings, _ halves: HalvesFindings) -> String {
    let gain = "\(fixed(findings.gain.mean, 1)) points"
    func part(_ way: HalvesFindings.Way) -> String {
      findings.lead(of: way).map {
        isClear($0, beyond: 0) && $0.mean > 0 ? "gives \(fixed($0.mean, 1)) of the \(gain)" : "gives none beyond chance"
      } ?? ""
    }
    let parts =
      findings.meanIsHalf
      ? "Subtracting only the mean \(part(.mean)). Dividing only by the deviation gives nothing beyond chance, and neither does layer norm."
      : "Subtracting only the mean \(part(.mean)), dividing only by the deviation \(part(.deviation)), and layer norm \(part(.layer))."
    guard findings.meanIsHalf, let rate = halves.nets.first(where: { $0.way == .mean })?.rate,
      rate == findings.sweeps.bestRates[0]
    else { return parts }
    return parts + """
       What is in range then? Divided, each unit keeps its spread, but not its mean. Layer norm keeps mean and spread of each image, but not of each unit. **So a size in range alone is not enough. What helps is the mean\(findings.meanIsInBoth ? " of each unit" : " over the batch").** The rest needs the division as well, and the larger rate: \
      at the rate \(short(rate, digits: 3)) the mean alone gives \(fixed(findings.lead(of: .mean)?.mean ?? 0, 1)) points and both together \(fixed(findings.gainAtPlainRate.mean, 1)); only at \(short(findings.sweeps.bestRates[1], digits: 3)) it is \(fixed(findings.gain.mean, 1)).

      **Why should the mean matter?** A layer with the inputs $u_i$ has the sums $z_i = W u_i$. To subtract their mean is to subtract the mean input $\\bar u$ (here with $\\gamma = 1$):

      $$z_i - \\mu = W\\,(u_i - \\bar u), \\qquad \\frac{\\partial L}{\\partial W} = \\sum_i g_i\\,(u_i - \\bar u)^\\top$$

      What comes out of a ReLU is never negative, so $\\bar u$ is large. Without the subtraction it pushes all weights of a unit the same way (chapter 3 shows this for pixels). That this is the reason is our simplest guess.\(placesWords(findings, halves))
      """
  }

  /// Whether it is the mean image that matters, or the means of the later layers.
  private static func placesWords(_ findings: Findings, _ halves: HalvesFindings) -> String {
    guard let pixels = findings.lead(at: .pixels), let later = findings.lead(at: .later) else {
      return
        " A part of the gain may come from the first layer: our pixels have one mean subtracted for all, so its norm subtracts the mean image, too. The two were not separated."
    }
    let ofPixels = pixels.worded(
      above: "saves \(fixed(pixels.mean, 1)) points", below: "costs \(fixed(-pixels.mean, 1)) points",
      withinChance: "saves nothing beyond chance")
    let against =
      pixels.direction() == .above
      ? " (in chapter 3, with one hidden layer, it saved nothing on digits; why it does here was not tested)"
      : ""
    let ofLater = later.worded(
      above: "saves \(fixed(later.mean, 1)) points", below: "costs \(fixed(-later.mean, 1)) points",
      withinChance: "saves nothing beyond chance")
    return """


      **Is it only the mean image?** Our pixels have one mean subtracted for all, so the first norm subtracts the mean image, which the net without a norm does not get. \
      Without a norm, each pixel centred for itself \(ofPixels)\(against). The mean subtracted in all layers but the first \(ofLater).\(findings.meanIsInBoth ? " **So a part of the gain is by centred pixels, which need no norm.**" : "")\(centredWords(findings))
      """
  }

  /// The lead over the net whose pixels are centred, too.
  private static func centredWords(_ findings: Findings) -> String {
    guard let over = findings.gainOverCentred else { return "" }
    return """
       With batch norm, centring each pixel changes nothing in training (chapter 3). So on equally centred pixels batch norm is \
      \(fixed(abs(over.mean), 1)) points \(over.mean < 0 ? "behind" : "ahead")\(over.intervalNote())\(findings.meanOverCentred.map { "; the mean alone, subtracted in all layers, gives \(signed($0.mean)) of that\($0.intervalNote())" } ?? "").
      """
  }

  /// Each version at its best rate, and by how much it is ahead of the net without a norm.
  private static func versions(_ findings: Findings, _ halves: HalvesFindings) -> Table {
    let dispute = findings.decisive
    let (errors, rates) = (dispute.bestErrors, dispute.best.map { dispute.rates[$0] })
    let rows =
      [("no norm", rates[0], errors[0]), ("batch norm", rates[1], errors[1])]
      + halves.nets.map { ($0.way.rawValue, $0.rate, $0.errors) }
      + (halves.places ?? []).map { ($0.place.rawValue, $0.rate, $0.errors) }
    return Table(
      "The five-layer net with parts of batch norm, each version at its own best rate, mean of \(counted(errors[0].count, "seed"))",
      columns: ["version", "rate", .init("test error (%)", digits: 1), "points ahead of no norm (95 % interval)"],
      rows: rows.enumerated().map { place, row in
        let ahead = errors[0] - row.2
        return [
          TableCell(row.0), TableCell(short(row.1, digits: 3)), TableCell(fixed(row.2.mean, 1)),
          TableCell(place == 0 ? "–" : "\(signed(ahead.mean)) (\(signedInterval(ahead)))"),
        ]
      })
  }

  /// What is left of the reasons, in one table.
  static func addVerdict(to page: inout Page, _ findings: Findings) {
    let rows = reasons(findings)
    guard !rows.isEmpty else { return }
    page.table(
      Table(
        "Each reason, and what its control leaves of it", columns: ["reason", "what is left"],
        rows: rows.map { [TableCell($0.reason), TableCell($0.left)] }))
  }

  /// Each reason, and what its control leaves of it; empty where a control is missing.
  private static func reasons(_ findings: Findings) -> [(reason: String, left: String)] {
    guard findings.halves != nil, let turning = findings.turning, let noise = findings.noise, noise.isComplete,
      let steady = findings.decisive.steadiness
    else { return [] }
    let dispute = findings.decisive
    let smoother = dispute.walk.map { $0[0].looks[2].change - $0[2].looks[2].change }
    return [
      (
        "1. steadier inputs (Ioffe and Szegedy 2015)",
        steady.worded(
          above: "\(fixed(steady.mean, 1)) of the \(fixed(dispute.gain.mean, 1)) points", below: "nothing",
          withinChance:
            "about none of the lead: noise does as much harm without a norm (if it harms both nets alike)")
      ),
      (
        "2. numbers in range",
        findings.meanIsHalf
          ? "a spread in range gives nothing, nor a range for each image (layer norm); each unit's mean gives \(findings.meanOnCentred.map { "\($0), all on centred pixels" } ?? "half of the lead")"
          : "not decided"
      ),
      (
        "3. steps that correct themselves (van Laarhoven 2017)",
        turning.costOfHolding(2).worded(
          above: "a part of why large rates are tolerated", below: "no", withinChance: "not needed for large rates")
          + turning.costOfHolding(1).worded(
            above: ", and of the lead", below: "", withinChance: "; no part of the lead is shown")
      ),
      (
        "4. a smoother loss (Santurkar et al. 2018)",
        (smoother ?? Summary([])).worded(
          above: "smoother, which allows longer steps; whether it is a cause is open",
          below: "the loss is rougher", withinChance: "not seen")
      ),
      ("5. noise that regularizes (Ioffe and Szegedy 2015)", noiseVerdict(noise)),
    ]
  }

  /// The answer to the third question, after all tests.
  static func addAnswer(to page: inout Page, _ findings: Findings) {
    let rows = reasons(findings)
    guard !rows.isEmpty, let steady = findings.decisive.steadiness else { return }
    page.slide(
      "Each reason, and what is left of it",
      rows.map { "\($0.reason.components(separatedBy: " (")[0]): \($0.left)" }.joined(separator: "\n"),
      notes: "The controls again, one by one. Whose vote has changed?")
    page.prose(
      """
      ### What is left

      \(findings.meanIsHalf && !isClear(steady, beyond: 0) ? "**The answer to the third question, for the five-layer net: neither steady inputs nor a size in range explains the lead.** \(findings.meanOnCentred.map { "On equally centred pixels the mean alone gives \($0)" } ?? "Half of it comes from subtracting the mean"); why the division, with a larger rate, adds the rest is open." : "**The third question is not decided, for the five-layer net.**")

      In residual nets (chapter 11) batch norm also makes what a block adds small at the start (De and Smith 2020).
      """)
  }
}

extension Norms.Findings {
  /// The points of error that a part of batch norm saves, each net at its own best rate.
  func lead(of way: HalvesFindings.Way) -> Summary? {
    halves?.nets.first { $0.way == way }.map { bestPair[0] - $0.errors }
  }
  /// The points of error that batch norm saves over no norm with each pixel centred, each net at its own best rate.
  var gainOverCentred: Summary? {
    halves?.places?.first { $0.place == .pixels }.map { $0.errors - bestPair[1] }
  }
  /// The errors without a norm on pixels centred one by one.
  var centredErrors: Summary? { halves?.places?.first { $0.place == .pixels }?.errors }
  /// The points of error that the mean alone, subtracted in all layers, saves over them.
  var meanOverCentred: Summary? {
    guard let mean = halves?.nets.first(where: { $0.way == .mean })?.errors else { return nil }
    return centredErrors.map { $0 - mean }
  }
  /// `0.2 of 0.8 points`: the same beside what batch norm saves over them; nil where that was not measured.
  var meanOnCentred: String? {
    guard let mean = meanOverCentred, let all = gainOverCentred, all.direction() == .above else { return nil }
    return "\(signed(mean.mean)) of \(fixed(all.mean, 1)) points"
  }
  /// By how much batch norm with noise is ahead of them, where both are of the same net.
  var shakenOverCentred: Summary? {
    guard fiveLayers != nil, let centred = centredErrors, centred.count == decisive.bestErrors[2].count else {
      return nil
    }
    return centred - decisive.bestErrors[2]
  }
  /// The same for a net that says where the mean matters.
  func lead(at place: HalvesFindings.Place) -> Summary? {
    halves?.places?.first { $0.place == place }.map { bestPair[0] - $0.errors }
  }
  /// Whether the mean is shown to matter in the pixels and in the layers after the first.
  var meanIsInBoth: Bool {
    meanIsHalf
      && [HalvesFindings.Place.pixels, .later].allSatisfy { lead(at: $0)?.direction() == .above }
  }
  /// Whether subtracting the mean gives about half of what batch norm saves, and the other parts nothing beyond chance.
  var meanIsHalf: Bool {
    guard let mean = lead(of: .mean), isClear(mean, beyond: 0), abs(mean.mean / gain.mean - 0.5) < 0.15 else {
      return false
    }
    return [HalvesFindings.Way.deviation, .layer].allSatisfy { way in
      lead(of: way).map { !isClear($0, beyond: 0) || $0.mean < 0 } ?? false
    }
  }
}
