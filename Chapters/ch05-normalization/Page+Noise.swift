// The page of chapter 5: does the noise of a batch regularize?

import Foundation
import Workbook

extension Norms {
  /// The fourth reason: few images, many epochs, with the noise and with less of it.
  static func addNoise(to page: inout Page, _ findings: Findings) {
    guard let noise = findings.noise, noise.isComplete else { return }
    let (batch, many, rest) = (
      NoiseFindings.batch, NoiseFindings.Way.many.images, noise.trainingCount % NoiseFindings.batch
    )
    page.prose(
      """
      ### 5. Noise that regularizes?

      The five-layer net learns \(grouped(noise.trainingCount)) images for \(noise.epochs) epochs, long enough to memorize them (chapter 7). \
      The control learns from the same \(batch) images in every step but takes mean and variance over \(many): this noise falls like $\\sigma/\\sqrt{m}$, so it is \
      $\\sqrt{\(many / batch)} = \(fixed(noise.reduction, 1))$ times smaller.
      """)
    page.table(
      Table(
        "\(grouped(noise.trainingCount)) images, \(noise.epochs) epochs, \(counted(noise.errors(.own).count, "seed")); each net at the best of \(counted(NoiseFindings.rates.count, "rate")) up to \(short(NoiseFindings.rates.max() ?? 0)); the last \(rest) images are left out except where named",
        columns: ["network", "test error (%)"],
        rows: [NoiseFindings.Way.none, .own, .many, .tail].map { way in
          [TableCell(way.rawValue), TableCell(noise.errors(way).formatted(decimals: 1))]
        }))
    let (saved, whole, tail) = (noise.savedByNoise, noise.savedByNorm, noise.costOfTail)
    page.prose(
      whole.worded(
        above: "On new images batch norm saves \(fixed(whole.mean, 1)) points, more than chance",
        below: "On new images batch norm costs \(fixed(-whole.mean, 1)) points, more than chance",
        withinChance: "On new images batch norm makes no difference beyond chance")
        + saved.worded(
          above: ", and \(fixed(saved.mean, 1)) points of that come from the noise.",
          below: ", and with less noise it does even better.",
          withinChance:
            ". **But with \(fixed(noise.reduction, 1)) times less noise it saves as much: this noise is not the reason.**"
        )
        + tail.worded(
          above:
            " A small last batch does harm: it costs \(fixed(tail.mean, 1)) points. So leave it out (`drop_last=True` in PyTorch).",
          below: "", withinChance: ""))
  }

  /// What is left of the fourth reason.
  static func noiseVerdict(_ noise: NoiseFindings) -> String {
    noise.savedByNorm.worded(
      above: "generalizes better on few images; ", below: "", withinChance: "")
      + noise.savedByNoise.worded(
        above: "its noise is a reason", below: "its noise does harm", withinChance: "less noise does as well")
  }
}

extension NoiseFindings {
  /// How many times smaller the noise of the control is.
  fileprivate var reduction: Double { Double(Way.many.images / Self.batch).squareRoot() }
}
