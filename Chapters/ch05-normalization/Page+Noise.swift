// The page of chapter 5: does the noise of a batch regularize?

import Foundation
import Workbook

extension Norms {
  /// The fourth reason: few images, many epochs, with the noise and without it.
  static func addNoise(to page: inout Page, _ findings: Findings) {
    guard let noise = findings.noise, noise.net(.own) != nil else { return addLearningByHeart(to: &page, findings) }
    let (batch, many) = (NoiseFindings.batch, NoiseFindings.Way.many.images)
    page.prose(
      """
      ### 4. Noise that regularizes?

      The five-layer net learns \(grouped(noise.trainingCount)) images for \(noise.epochs) epochs, long enough to memorize them (chapter 7). \
      \(noise.isComplete ? "To isolate the noise, a third net learns from the same \(batch) images in every step but takes its means and variances over \(many) images: the noise falls like $\\sigma/\\sqrt{m}$, so it is $\\sqrt{\(many / batch)} = \(fixed(Double(many / batch).squareRoot(), 1))$ times smaller. " : "")\
      \(grouped(noise.trainingCount)) images are \(noise.trainingCount / batch) batches of \(batch); the \(noise.trainingCount % batch) left over would make a small batch and are left out. After training the stored statistics are recomputed over all training images.
      """)
    var rows: [[TableCell]] = [NoiseFindings.Way.none, .own, .many, .tail].compactMap { way in
      guard let net = noise.net(way) else { return nil }
      return [
        TableCell(way.rawValue), TableCell(short(net.rate)), .measured(noise.trainingErrors(way)),
        .measured(noise.errors(way)),
      ]
    }
    let tail = tail(of: findings)
    if let tail, noise.net(.tail) == nil {
      rows.append([
        "batch norm, and the last \(noise.trainingCount % batch) images as a batch; statistics as stored",
        TableCell(short(tail.rate)), .measured(tail.training), .measured(tail.errors),
      ])
    }
    page.table(
      Table(
        "Over \(counted(noise.errors(.own).count, "seed")); each net at the best of \(counted(NoiseFindings.rates.count, "rate")) up to \(short(NoiseFindings.rates.max() ?? 0))",
        columns: ["network", "rate", .init("training error (%)", digits: 1), .init("test error (%)", digits: 1)],
        rows: rows))
    let (saved, whole) = (noise.savedByNoise, noise.savedByNorm)
    let trainingErrors = (noise.trainingErrors(.none).mean, noise.trainingErrors(.own).mean)
    let memorized = max(trainingErrors.0, trainingErrors.1) < 0.1
    let isolated =
      noise.isComplete
      ? saved.worded(
        above:
          " The noise alone saves \(fixed(saved.mean, 1)) points\(saved.magnitude.intervalNote()): it does regularize.",
        below:
          " The noise alone costs \(fixed(-saved.mean, 1)) points\(saved.magnitude.intervalNote()): in this net it does not regularize.",
        withinChance:
          " But a noise \(fixed(Double(many / batch).squareRoot(), 1)) times smaller saves as much, within chance: so it is not *this* noise (by the 95 % interval it does something between \(bounds(saved)) points)."
      )
      : " How much of this the noise does is not known: a net with batch norm and less noise was not trained."
    page.prose(
      whole.worded(
        above:
          "\(memorized ? "All nets without a small last batch know their training images by heart. " : "")On new images batch norm saves \(fixed(whole.mean, 1)) points\(whole.magnitude.intervalNote())\(memorized ? ": it generalizes better here" : "").",
        below:
          "On new images batch norm costs \(fixed(-whole.mean, 1)) points\(whole.magnitude.intervalNote()).",
        withinChance:
          "On new images batch norm makes no difference beyond chance (\(whole.interval()) points saved).")
        + isolated + (memorized && isClear(whole, beyond: 0) && whole.mean > 0 ? openReasons(noise) : "")
        + (tail.map { tailWords($0.errors - noise.errors(.own), $0.errors) } ?? ""))
  }

  /// `costing 0.2 and saving 0.4`: an interval around 0.
  private static func bounds(_ saved: Summary) -> String {
    let (low, high) = (saved.mean - saved.uncertainty, saved.mean + saved.uncertainty)
    return "costing \(fixed(max(0, -low), 1)) and saving \(fixed(max(0, high), 1))"
  }

  /// What a gain on new images does not tell: the reason. Where the largest rate tried is the best, a caution.
  private static func openReasons(_ noise: NoiseFindings) -> String {
    guard noise.isComplete, let rate = noise.net(.own)?.rate, !isClear(noise.savedByNoise, beyond: 0) else { return "" }
    let note = rate == NoiseFindings.rates.max() ? " (\(short(rate)) is the largest that was tried)" : ""
    return
      " Whether batch norm generalizes better by noise of another kind, by its larger rate\(note) or by something else, this does not show."
  }

  /// Batch norm with a last batch of few images.
  private static func tail(of findings: Findings) -> (rate: Double, training: Summary, errors: Summary)? {
    guard let noise = findings.noise else { return nil }
    if let net = noise.net(.tail) { return (net.rate, noise.trainingErrors(.tail), noise.errors(.tail)) }
    guard let heart = findings.heartAgain, heart.epochs == noise.epochs, heart.trainingCount == noise.trainingCount,
      heart.results[1].count == noise.errors(.own).count, let rate = heart.bestRates?[1]
    else { return nil }
    return (rate, Summary(heart.results[1].map(\.trainingError)), heart.errors(1))
  }

  /// What a last batch of few images costs.
  private static func tailWords(_ cost: Summary, _ errors: Summary) -> String {
    cost.worded(
      above:
        " A small last batch matters more: with it the net makes \(percentage(errors)) errors, \(fixed(cost.mean, 1)) points more\(cost.magnitude.intervalNote()). So leave it out (`drop_last=True` in PyTorch).",
      below: " With a small last batch it makes \(percentage(errors)) errors.",
      withinChance: " A small last batch makes no difference beyond chance (\(cost.interval()) points more).")
  }

  /// The control of the fourth reason, as the table of verdicts names it.
  static func noiseControl(_ findings: Findings) -> TableCell {
    findings.noise?.isComplete == true
      ? "statistics of many images" : "batch norm on or off, few images"
  }

  /// What is left of the fourth reason.
  static func noiseVerdict(_ findings: Findings) -> String {
    func points(_ difference: Summary) -> String {
      "\(fixed(abs(difference.mean), 1)) points"
    }
    if let noise = findings.noise, noise.isComplete {
      let (saved, whole) = (noise.savedByNoise, noise.savedByNorm)
      let regularizes = whole.worded(
        above: "generalizes better by \(points(whole)); ", below: "",
        withinChance: "")
      return regularizes
        + saved.worded(
          above: "its noise saves \(points(saved))",
          below: "its noise costs \(points(saved))",
          withinChance: "but a smaller noise saves as much")
    }
    if let noise = findings.noise, noise.net(.own) != nil {
      return noise.savedByNorm.worded(
        above: "open: batch norm saves \(points(noise.savedByNorm)) on new images; the noise was not isolated",
        below: "not seen: on new images batch norm costs \(points(noise.savedByNorm))",
        withinChance: "not seen: on new images batch norm saves \(noise.savedByNorm.interval()) points")
    }
    let gap = (findings.heartAgain ?? findings.heart).gap
    return gap.worded(
      above: "batch norm saves \(points(gap)) on new images; the noise was not isolated",
      below:
        "not seen: on new images batch norm costs \(points(gap)), a part of which may be its stored statistics; the noise was not isolated",
      withinChance: "not seen, and not isolated: on new images batch norm saves \(gap.interval()) points")
  }

  /// The fourth reason where the noise has not been isolated: batch norm as a whole, on and off.
  private static func addLearningByHeart(to page: inout Page, _ findings: Findings) {
    let heart = findings.heartAgain ?? findings.heart
    let gap = heart.gap
    page.prose(
      """
      ### 4. Noise that regularizes?

      The mean and the variance of a batch are noisy. Ioffe and Szegedy say that this noise *regularizes*: it hinders memorizing (chapter 7). The test: \(grouped(heart.trainingCount)) images for \
      \(heart.epochs) epochs with batches of 32, each net with the best of \(counted(heart.rateCount, "learning rate")). It is a weaker \
      test than the others: it switches batch norm on and off as a whole, and not its noise alone.
      """)
    page.table(
      Table(
        "The five-layer net, few images, over \(heart.seedWords)",
        columns: [
          "network", .init("training error (%)", digits: 1), .init("test error (%)", digits: 1),
        ],
        rows: zip(pair, heart.results).map { kind, results in
          [
            TableCell(kind == .none ? "no norm" : kind.name), .measured(Summary(results.map(\.trainingError))),
            .measured(Summary(results.map(\.error))),
          ]
        }))
    let rises = isClear(heart.trainingRise, beyond: 0) && heart.trainingRise.mean > 0
    let bound = gap.mean + gap.uncertainty
    page.prose(
      (rises ? "With batch norm the training error is higher. " : "")
        + gap.worded(
          above: "On new images batch norm saves \(fixed(gap.mean, 1)) points\(gap.magnitude.intervalNote()).",
          below:
            "On new images it costs \(fixed(-gap.mean, 1)) points\(gap.magnitude.intervalNote()): this net shows no regularizing.",
          withinChance:
            "On new images no gain can be told from chance\(gap.count < 3 ? "" : "; if there is one, it is at most \(fixed(max(0, bound), 1)) points (95 %: \(gap.interval()) saved)")."
        )
        + " What the noise does by itself this cannot say: stored statistics that do not fit, or a last batch of few images, would show in the same numbers."
    )
  }
}
