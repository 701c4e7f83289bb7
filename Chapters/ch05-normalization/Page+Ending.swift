// The page of chapter 5: what to do, the takeaway, and what the sources misprint.

import Foundation
import Workbook

extension Norms {
  /// What to do, why, and in which line.
  static func addToDo(to page: inout Page, _ findings: Findings) {
    let (modes, noise) = (findings.modes, findings.noise)
    let tail = noise.flatMap { $0.isComplete && $0.costOfTail.direction() == .above ? $0.costOfTail : nil }
    page.prose("## What to do")
    let deeper = findings.depth.flatMap { found in
      found.depths.last.flatMap { last in
        found.behind.contains(last)
          ? [
            TableCell(
              "many more layers than \(found.depths.dropLast().last ?? 0): each block adds to its input (chapter 11)"),
            TableCell(
              "with \(last) layers batch norm alone made \(fixed(found.nets[1].last?.bestErrors.mean ?? 0, 0)) % errors, no norm \(fixed(found.nets[0].last?.bestErrors.mean ?? 0, 0)) %"
            ), "`x = x + block(x)`",
          ] : nil
      }
    }
    page.table(
      Table(
        "Batch norm in your own net", columns: ["do this", "why", "in PyTorch"],
        rows: [
          [
            "put it between a layer and its activation; leave out the layer's bias",
            "$\\beta$ replaces the bias; the place is its authors', we tried no other",
            "`bias=False`, then `nn.BatchNorm2d(c)`",
          ],
          [
            "choose the learning rate anew",
            TableCell(rateReason(findings)),
            "`for lr in [0.05, 0.1, 0.2, 0.4]:`",
          ],
          [
            "switch to stored statistics before every test",
            "\(modes.map { "else one image alone gets \(fixed($0.ofOneImage.mean, 0)) % errors" } ?? "else the answer depends on the other images")",
            "`net.eval()`; to go on, `net.train()`",
          ],
          [
            "leave out a small last batch",
            "\(tail.map { "it cost \(fixed($0.mean, 1)) points with \(grouped(noise?.trainingCount ?? 0)) images" } ?? "its statistics are rough")",
            "`DataLoader(..., drop_last=True)`",
          ],
          [
            "tiny batches: no batch norm after a dense layer; group norm",
            TableCell(smallBatches(findings)), "`nn.GroupNorm(groups, c)`",
          ],
          ["transformers: layer norm", "no word may depend on other texts", "`nn.LayerNorm(d)`"],
        ] + (deeper.map { [$0] } ?? [])))
    page.slide(
      "Batch norm in your own net",
      """
      - Between a layer and its activation; the layer needs no bias.
      - Choose the learning rate anew.
      - `net.eval()` before every test; `drop_last=True` in training.
      - Tiny batches: none after a dense layer; group norm.
      - Transformers: layer norm.
      """)
    page.fold("Errors found in the sources") { $0.table(errata) }
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    let (breaks, gain, sweeps) = (findings.sizes.denseNormBreaks, findings.gain, findings.shownSweeps)
    let reach = sweeps.reachRatio
    let rate =
      reach.count >= 3 && reach.minimum > 1
      ? "Our five dense layers still learned at a rate \(short(reach.geometricMean, digits: 2)) times as large as without a norm. **Choose the rate anew.**"
      : "Choose the learning rate anew with it."
    page.callout(
      .takeaway,
      """
      - \(rate)
      - \(gain.worded(above: "Each at its own rate, it made \(fixed(gain.mean, 1)) points fewer errors than without a norm", below: "At its own best rate it made more errors than without a norm", withinChance: "At its own best rate a gain was not seen")) (\(grouped(findings.trainingCount)) digits, 2 epochs, plain gradient descent).\(longLesson(findings))
      - In training the output depends on the other images of the batch\(breaks ? "; after a dense layer it breaks in batches of \(findings.sizes.sizes[0])" : ""). In use it has stored statistics: call `eval()`.
      - \(takeaway(findings))
      """)
    page.slide(
      "Measure and correct, in every step",
      """
      - The output no longer depends on the scale of the weights; how far a step turns them still does.
      - It depends on the batch\(breaks ? ": after a dense layer it breaks in batches of \(findings.sizes.sizes[0])" : "").
      - \(takeaway(findings))
      """)
    addPython(to: &page, findings)
    page.exercises()
    page.furtherReading([
      "Ioffe and Szegedy 2015, *Batch normalization*, arXiv:1502.03167",
      "Santurkar et al. 2018, *How does batch normalization help optimization?*, arXiv:1805.11604",
      "van Laarhoven 2017, *L2 regularization versus batch and weight normalization*, arXiv:1706.05350",
      "Yang et al. 2019, *A mean field theory of batch normalization*, arXiv:1902.08129",
      "Zhang and Sennrich 2019, *Root mean square layer normalization*, arXiv:1910.07467",
      "Wu and He 2018, *Group normalization*, arXiv:1803.08494",
      "Cooijmans et al. 2016, *Recurrent batch normalization*, arXiv:1603.09025",
    ])
  }

  /// Whether the best rate is another with a norm.
  private static func rateReason(_ findings: Findings) -> String {
    let rates = findings.shownSweeps.bestRates
    guard rates[1] > 1.5 * rates[0] else { return "the range of good rates is another" }
    let others =
      findings.isGainWithoutRate
      ? "; with Adam or after \(CentredFindings.Way.long.epochs) epochs: the same" : ""
    return "plain descent, two epochs: \(short(rates[1])) instead of \(short(rates[0]))\(others)"
  }

  /// What each norm makes of the smallest batches.
  private static func smallBatches(_ findings: Findings) -> String {
    let rows = pairRows(findings).map { fixed($0.errors.mean, 0) }
    return
      "in batches of \(findings.sizes.sizes[0]) our LeNet made \(rows[3]) % errors; without the dense norm \(rows[2]) %, with group norm \(rows[1]) %"
  }

  /// What is left of it after a long training.
  private static func longLesson(_ findings: Findings) -> String {
    guard let long = findings.centred?.training(.long) else { return "" }
    return long.saved.worded(
      above:
        " After \(long.way.epochs) epochs it made \(fixed(long.saved.mean, 1)) fewer\(long.isAtOneRate ? ", at the same rate" : "").",
      below: " After \(long.way.epochs) epochs it made \(fixed(-long.saved.mean, 1)) more.",
      withinChance: " After \(long.way.epochs) epochs no difference beyond chance was left.")
  }

  /// What is left of the third question, in one sentence.
  private static func takeaway(_ findings: Findings) -> String {
    guard let found = findings.noiseCost else { return "Why batch norm helps is not decided here." }
    let steady = found.steadiness.worded(
      above:
        found.isNotAll
        ? "Steady inputs explain a part of the gain at most." : "Steady inputs may explain the gain.",
      below:
        "Noise that unsettles the inputs cost less with batch norm than without: steady inputs are not why it helped.",
      withinChance: found.isSteadinessSmall
        ? "Noise that unsettles the inputs cost no more with batch norm than without: in our net steady inputs are not why it helps."
        : "Whether steady inputs are why batch norm helps is not decided.")
    return steady
      + (findings.parts?.bothHelp == true
        ? " Subtracting the mean alone saved errors, dividing by the deviation alone as well." : "")
  }

  private static var errata: Table {
    Table(
      "What the sources print, and what is correct", columns: ["source", "printed", "correct"],
      rows: [
        [
          "S2, S1",
          "S2 prints the last line as $y_i = \\gamma\\,\\hat{x}_i^2 + \\beta$, S1 as $y_i = \\gamma X_i + \\beta$",
          "$y_i = \\gamma\\,\\hat{x}_i + \\beta$: with the square every output would lie on one side of $\\beta$; with the raw value nothing would be normalized",
        ],
        [
          "S1 to S4",
          "the values become Gaussian (S2), standard normal (S1, S4) or whitened (S3)",
          "mean and variance become 0 and 1; the shape of the distribution stays what it was: no norm makes them Gaussian. Whitening would also take away the correlations between channels",
        ],
        [
          "S2", "S2 swaps the ends of group norm: layer norm for $G = C$, instance norm for $G = 1$",
          "one group holds all channels, which is layer norm; $C$ groups leave each channel alone, which is instance norm",
        ],
        [
          "S2", "instance norm is over rows and columns “both”",
          "not over rows and columns of the batch's table (its samples and features): over the positions of one channel of one sample",
        ],
        [
          "S4", "S4 keeps “the mean of the means and the mean of the variances”",
          "$\\mathrm{Var} = \\frac{m}{m-1}\\,E[\\sigma_B^2]$ (Ioffe and Szegedy, algorithm 2): 3 % at $m = 32$, a factor of 2 at $m = 2$",
        ],
        ["S2", "batch norm “is done in training only”", "in inference it is done too, with stored numbers"],
      ])
  }
}
