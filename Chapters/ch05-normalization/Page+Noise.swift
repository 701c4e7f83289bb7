// The page of chapter 5: does the noise of a batch regularize?

import Foundation
import Workbook

extension Norms {
  /// The fourth reason: few images, many epochs, with the noise and without it.
  static func addNoise(to page: inout Page, _ findings: Findings) {
    guard let noise = findings.noise, noise.isComplete else { return addLearningByHeart(to: &page, findings) }
    page.prose(
      """
      ### 4. Noise that regularizes?

      The mean and the variance of a batch are noisy. Ioffe and Szegedy say that this noise *regularizes*: it hinders memorizing (chapter 7). The test: net B learns \(grouped(noise.trainingCount)) images for \
      \(noise.epochs) epochs, long enough to memorize them. To isolate the noise we need batch norm without it. So a third net learns from the same \(NoiseFindings.batch) images in every step, \
      but takes its means and variances over \(NoiseFindings.Way.many.images) images, those \(NoiseFindings.batch) among them. The noise falls like $\\sigma/\\sqrt{m}$, so it is $\\sqrt{\(NoiseFindings.Way.many.images / NoiseFindings.batch)} = \(fixed(Double(NoiseFindings.Way.many.images / NoiseFindings.batch).squareRoot(), 1))$ times smaller. \
      Two other causes are excluded: images that do not fill a batch of \(NoiseFindings.batch) are left out, and after training the stored statistics are measured again over all training images.
      """)
    page.table(
      Table(
        "Net B, \(grouped(noise.trainingCount)) images, \(counted(noise.epochs, "epoch")), over \(counted(noise.errors(.own).count, "seed")); each net at the best of \(counted(NoiseFindings.rates.count, "rate"))",
        columns: ["network", "rate", .init("training error (%)", digits: 1), .init("test error (%)", digits: 1)],
        rows: NoiseFindings.Way.allCases.filter { $0 != .tail }.map { way in
          [
            TableCell(way.rawValue), TableCell(short(noise.net(way)?.rate ?? 0)), .measured(noise.trainingErrors(way)),
            .measured(noise.errors(way)),
          ]
        }))
    let (saved, whole) = (noise.savedByNoise, noise.savedByNorm)
    page.prose(
      saved.worded(
        above:
          "The noise saves \(fixed(saved.mean, 1)) points on new images\(saved.magnitude.intervalNote()): it does regularize.",
        below:
          "The noise costs \(fixed(-saved.mean, 1)) points on new images\(saved.magnitude.intervalNote()): in this net it does not regularize.",
        withinChance:
          "The noise makes no difference on new images that the seeds can tell from chance: it saves \(saved.interval()) points (95 % interval)."
      )
        + " "
        + whole.worded(
          above:
            "Batch norm as a whole saves \(fixed(whole.mean, 1)) points against no norm\(whole.magnitude.intervalNote()).",
          below:
            "Batch norm as a whole costs \(fixed(-whole.mean, 1)) points against no norm\(whole.magnitude.intervalNote()).",
          withinChance:
            "Batch norm as a whole makes no difference beyond chance either (\(whole.interval()) points saved).")
    )
    page.prose(tailWords(noise))
  }

  /// What a last batch of few images does.
  private static func tailWords(_ noise: NoiseFindings) -> String {
    let rest = noise.trainingCount % NoiseFindings.batch
    let (cost, stored) = (noise.costOfTail, noise.costOfTailAsStored)
    let name =
      "\(grouped(noise.trainingCount)) images are \(noise.trainingCount / NoiseFindings.batch) batches of \(NoiseFindings.batch), and \(rest) images are left over."
    return name
      + " If these \(rest) form a batch of their own, in each of the \(noise.epochs) epochs, the net with batch norm at its best rate "
      + cost.worded(
        above: "makes \(fixed(cost.mean, 1)) points more errors\(cost.magnitude.intervalNote())",
        below: "makes \(fixed(-cost.mean, 1)) points fewer errors\(cost.magnitude.intervalNote())",
        withinChance: "makes as many errors, within chance (\(cost.interval()) points more)")
      + ", and with the statistics as training had stored them "
      + stored.worded(
        above:
          "\(fixed(stored.mean, 1)) points more\(stored.magnitude.intervalNote()). A training that ends with such a batch stores the statistics of \(rest) images with a weight of a tenth. In practice: leave the last small batch out (`drop_last=True` in PyTorch).",
        below: "\(fixed(-stored.mean, 1)) points fewer\(stored.magnitude.intervalNote()).",
        withinChance: "as many, within chance (\(stored.interval()) points more).")
  }

  /// The control of the fourth reason, as the table of verdicts names it.
  static func noiseControl(_ findings: Findings) -> TableCell {
    findings.noise?.isComplete == true
      ? "means and variances over many more images" : "none: batch norm on or off, few images"
  }

  /// What is left of the fourth reason.
  static func noiseVerdict(_ findings: Findings) -> String {
    func points(_ difference: Summary) -> String {
      "\(fixed(abs(difference.mean), 1)) points\(difference.magnitude.intervalNote())"
    }
    if let noise = findings.noise, noise.isComplete {
      let saved = noise.savedByNoise
      return saved.worded(
        above: "seen: on new images the noise saves \(points(saved))",
        below: "not seen: on new images the noise costs \(points(saved))",
        withinChance: "not seen: on new images the noise saves \(saved.interval()) points")
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
        "Net B, few images, over \(heart.seedWords)",
        columns: ["network", .init("training error (%)", digits: 1), .init("test error (%)", digits: 1)],
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
            "On new images it costs \(fixed(-gap.mean, 1)) points\(gap.magnitude.intervalNote()): this perceptron shows no regularizing.",
          withinChance:
            "On new images no gain can be told from chance\(gap.count < 3 ? "" : "; if there is one, it is at most \(fixed(max(0, bound), 1)) points (95 %: \(gap.interval()) saved)")."
        )
        + " What the noise does by itself this cannot say: stored statistics that do not fit, or a last batch of few images, would show in the same numbers."
    )
  }
}
