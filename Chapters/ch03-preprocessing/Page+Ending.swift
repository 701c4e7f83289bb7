// The page of chapter 3: what to do, the takeaway, questions, further reading.

import Workbook

extension Preprocessings {
  /// What to do, why, and the line of PyTorch.
  static func addAdvice(
    to page: inout Page, _ findings: Findings, _ full: Findings?, _ rule: [RuleTable],
    _ photographs: PhotographFindings?
  ) {
    let saved = photographs?.ending.flatMap { end in
      end.ownPoints(.channelMean, than: .raw).map {
        $0.direction() == .below
          ? "saved \(fixed(-$0.mean, 1)) points on photographs in \(end.epochs) epochs\(behindNorm(end))"
          : "no difference that we could see on photographs"
      }
    }
    let division = divided(photographs).map {
      "on photographs it saved errors in \($0.cheap) of \($0.count) trainings, and cost some in \($0.dear)"
    }
    let rates = photographs?.ending.flatMap { end -> String? in
      guard let raw = end.own(.raw), let mean = end.own(.channelMean), raw.rate != mean.rate else { return nil }
      return "best rates on photographs: raw \(short(raw.rate)), mean \(short(mean.rate))"
    }
    let bytes = full?.otherNets.map {
      """
      from 0 to 255 our dense net gets \(fixed($0.bytes.error.mean, 0)) % of the digits wrong at its best rate; from 0 to 1, \
      \(fixed((full?.learning ?? findings.learning).best(.raw).error.mean, 0)) %
      """
    }
    page.prose("## What to do")
    page.table(
      Table(
        "",
        columns: ["do this", "why", "line of PyTorch"],
        rows: [
          ["bring pixels from 0–255 to 0–1", TableCell(bytes ?? "large numbers need tiny rates"), "`ToTensor()`"],
          [
            "your own net: subtract the channel mean", TableCell(saved ?? "a mean makes a narrow valley"),
            "`Normalize(mean, [1] * 3)`",
          ],
          ["images: do not divide by σ", TableCell(division ?? "all pixels have one unit"), "`[1] * 3`, as above"],
          [
            "columns of a table: subtract and divide", "else the column with the larger numbers limits the rate",
            "`(x - x.mean(0)) / x.std(0)`",
          ],
          [
            "pretrained weights: use their numbers", "the weights were learned with them (not measured)",
            "`Normalize(their_mean, their_std)`",
          ],
          [
            "then choose the rate", TableCell(rates ?? "the good rates move"),
            "`lr`, then `2*lr` and `lr/2`",
          ],
        ]))
  }

  /// What tuned whitening did, in a few words.
  private static func whiteningShort(_ findings: Findings) -> String {
    tuned(findings.whitening, findings.learning.best(.meanImage).error).worded(
      above: "even tuned, whitening gained our dense net nothing on digits",
      below: "yet tuned, whitening saved errors on digits",
      withinChance: "even tuned, whitening gained our dense net nothing on digits")
  }

  /// What subtracting a mean does on white paper, in the dense net.
  private static func onWhite(_ findings: Findings) -> String {
    let short = PaperNet(findings.ink).cost.error.mean
    let isPaidBack = findings.longPaper.map { $0.cost.error.mean < short / 2 } ?? false
    let (raw, centred) = (findings.ink.best(.raw).error, findings.ink.best(.meanImage).error)
    return (raw - centred).worded(
      above: """
        On white paper the mean image took our dense net from \(fixed(raw.mean, 1)) to \(fixed(centred.mean, 1)) % wrong after \
        \(counted(findings.epochs, "epoch")).\(isPaidBack ? " Longer training pays most of it back." : "")
        """,
      below: "On white paper the mean image saved our dense net no errors.",
      withinChance: "On white paper the mean image saved our dense net no errors beyond chance.")
  }

  /// What does harm on photographs; empty where that was not measured.
  private static func onFilters(_ photographs: PhotographFindings?) -> String {
    guard let causes = causes(photographs?.ending) else { return "" }
    let long = photographs?.ending?.setting(.long)
    let isPaidBack = long?.points(.channelMean, than: .raw)?.direction() == .withinChance
    return """
      - **Why, in our convolutional net with ReLU**: \(causes).\(isPaidBack
        ? " After \(long?.epochs ?? 0) epochs we see no difference in test errors beyond chance any more." : "")
      """
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(
    to page: inout Page, _ findings: Findings, _ rule: [RuleTable], _ photographs: PhotographFindings?
  ) {
    page.callout(
      .takeaway,
      """
      - **Why, in our dense net**: a mean makes the loss curve sharply in one direction, and this limits the rate for all. \(onWhite(findings))
      \(onFilters(photographs))
      - **No PCA, no whitening**: \(whiteningShort(findings)).
      - **Subtract the channel mean, and store it with the weights.** Preprocessing reaches the first layer only; the others need chapters 4 and 5.
      """)
    page.prose(
      """
      ## Two questions for paper

      1. One input has mean $m$ and standard deviation $s$. What are the sum and the product of the two curvatures $\\lambda$? (They are the \
      trace and the determinant of the matrix $H$ in *The derivation*.) For which $m$ does centring save no steps?
      2. Your net without batch norm learns photographs whose means are subtracted, at the rate 0.02. You add a division by σ = 0.25 and keep \
      the rate. How fast does the first layer learn now, compared with before, and what should you do?
      """)
    page.fold("Answers to the two questions") {
      $0.prose(
        """
        **1.** The sum is the trace, $m^2 + s^2 + 1$, and the product is the determinant, $(m^2 + s^2) \\cdot 1 - m^2 = s^2$. \
        So a larger $m$ drives them apart. Centring saves no steps only if $m = 0$.

        **2.** It learns $1/0.25^2 = 16$ times as fast, and it starts 4 times as large. Choose the rate anew, beginning with smaller ones, or \
        leave the division out.
        """)
    }
    page.fold("An erratum, for readers of S2") { page in
      let deviation = findings.digits.pixelDeviation
      page.callout(
        .erratum("S2"),
        """
        The lecture notes S2 say that ResNet subtracts the channel mean and divides \"by the variance\". It is the standard deviation. \
        Divided by the variance, these digits get a standard deviation of \(short(1 / deviation)) if pixels run from 0 to 1, and of \
        \(short(1 / (255 * deviation))) if they run from 0 to 255.
        """)
    }
    page.exercises()
    page.furtherReading([
      "LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, in Neural Networks: Tricks of the Trade",
      "Wadia, Duckworth, Schoenholz, Dyer and Sohl-Dickstein 2021, *Whitening and second order optimization both make information in the dataset unusable during training*, arXiv:2008.07545",
    ])
  }
}
