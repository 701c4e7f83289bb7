// The page of chapter 5, from its findings alone.

import Foundation
import Workbook

extension Norms {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page {
    var page = page(
      lead: """
        Chapter 4 chose the initial weights so that every layer receives numbers of a sensible size. One step of training \
        later the weights are different. Normalization does not choose a size and hope: it measures, and corrects, in \
        every step.
        """)
    addQuestion(to: &page, findings)
    addSweeps(to: &page, findings)
    addLearningByHeart(to: &page, findings)
    addFourNorms(to: &page, findings)
    addIdentities(to: &page, findings)
    addWayBack(to: &page, findings.formula.backward)
    addRunningStatistics(to: &page, findings.moments)
    addBatchSizes(to: &page, findings)
    addDrift(to: &page, findings)
    addCost(to: &page, findings)
    addRecurrence(to: &page, findings)
    addDispute(to: &page, findings)
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page)
    return page
  }

  /// The question, the formula.
  static func addQuestion(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## The question

      The outputs of one layer are the inputs of the next. When the first layer learns, their mean and spread change, and the \
      second must adapt to them again. Can the numbers between two layers be kept in range *while* the layers learn — and \
      is that really why it helps?

      ## The idea

      Take the values $z_1, \\dots, z_m$ that one unit produces over a batch. Subtract their mean, divide by their standard \
      deviation, and let two learned numbers decide what mean and spread the next layer shall see:
      """)
    page.math("\\mu = \\frac{1}{m}\\sum_i z_i \\qquad \\sigma^2 = \\frac{1}{m}\\sum_i (z_i - \\mu)^2")
    page.math(
      "\\hat{z}_i = \\frac{z_i - \\mu}{\\sqrt{\\sigma^2 + \\varepsilon}} \\qquad y_i = \\gamma\\,\\hat{z}_i + \\beta")
    page.project("Subtract the mean, divide by the deviation")
    page.prose(
      """
      $\\varepsilon$ is a small number ($10^{-5}$) that keeps the division finite. $\\gamma$, a scale that starts at 1, and \
      $\\beta$, a shift that starts at 0, are learned like weights. That is *batch normalization*. For a convolution one "unit" is a channel: its values \
      at all positions of all images are pooled, $m = N \\cdot H \\cdot W$ of them.
      """)
    page.code("byHand", in: "Identities.swift")
    page.prose(
      """
      The core's layer `BatchNorm` does this for all channels at once, on all cores; from the formula by hand it differs by at \
      most \(short(findings.formula.coreDifference)) here.
      """)
    page.callout(
      .erratum("S2 and S1"),
      """
      S2 prints the last line as $y_i = \\gamma\\,\\hat{x}_i^2 + \\beta$, S1 as $y_i = \\gamma X_i + \\beta$. It is \
      $\\gamma\\,\\hat{x}_i + \\beta$: the normalized value, not squared. With the square every output would lie on one side \
      of $\\beta$; with the raw value the normalization would have no effect at all.
      """)
    page.callout(
      .erratum("S1, S2, S3 and S4"),
      """
      The sources say that the values become Gaussian (S2), standard normal (S4, S1) or whitened (S3). Mean and variance \
      become 0 and 1; the shape of a distribution stays what it was, for no norm makes them Gaussian. Whitening would also \
      take away the correlations between channels.
      """)
  }

  /// Batch, layer, instance and group norm.
  static func addFourNorms(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Four ways to choose what is averaged

      Nothing says that mean and variance must be those of the *batch*. The numbers after a convolution form a block: \
      samples $N$, channels $C$, positions $H \\cdot W$. Every normalization below is the same formula; they differ in which \
      values share one mean and one variance:

      - **batch norm**: one channel, over all samples and positions; $C$ means;
      - **layer norm**: one sample, over all its channels and positions; $N$ means;
      - **instance norm**: one channel of one sample; $N \\cdot C$ means;
      - **group norm**: one group of $C/G$ neighbouring channels of one sample; $N \\cdot G$ means.

      $\\gamma$ and $\\beta$ are one number per channel in batch, instance and group norm, and one per place within a sample \
      in layer norm. The last three never look at another sample: they do the same in training and in use (*inference*).
      """)
    page.figure(
      Figure(
        "One formula, four norms: coloured values share one mean and one variance",
        .cubes(Normalization.four.map(\.cube)),
        caption:
          "Depth is the sample, width the channel, height the position in the image. Group norm with two groups.",
        name: "cubes", isWide: true))
    page.project("One formula, four ways to choose the values")
    page.live(
      "batch", "Change the neighbours, and watch what becomes of the first image",
      caption: """
        Press pixels, or brighten all neighbours at once. After which norms does image 1 change with them? What is batch \
        normalization of a batch of one? With how many groups is group norm layer norm, with how many instance norm?
        """,
      figure: "cubes", settings: ["shift": 0, "factor": 1, "images": 4, "groups": 1, "seed": 1])
    page.prose(
      """
      The drawing can be checked. A batch of 4 samples with 6 channels of 5×5 is drawn so that every sample and every channel \
      has a mean of its own. Then each layer normalizes it, and we look along every cut for the largest mean that is left:
      """)
    page.table(
      Table(
        "The largest |mean| that is left of a channel, of a sample, of both, of a group: 0 where the layer takes its statistics",
        columns: ["layer", "statistics", "values each"] + Slice.allCases.map { .init($0.rawValue) },
        rows: findings.formula.census.map { row in
          [TableCell(row.normalization.rawValue), TableCell(row.statistics), TableCell(row.valuesEach)]
            + row.largestMeans.map { TableCell($0 < 1e-5 ? "0" : fixed($0, 2)) }
        }))
    page.sideNote(
      "A cut made of pieces that are centred is centred too: instance norm leaves 0 along every cut. In a net that may be a loss: the means it removes may have meant something."
    )
    page.callout(
      .erratum("S2"),
      """
      S2 swaps the ends of group norm: it says $G = C$ gives layer norm and $G = 1$ instance norm. Count: one group ($G = 1$) \
      holds all channels of a sample, which is layer norm; as many groups as channels ($G = C$) leave each channel alone, \
      which is instance norm. $G$ counts *groups*, not the channels in one. S2 also divides by $m$ in layer norm's formula as \
      in batch norm's: there $m$ is the batch, here it must be the number of features. And instance norm is not over rows and columns \
      "both", which would leave one mean for everything: it takes the positions of one channel of one sample.
      """)
    page.sideNote(
      """
      Where each is at home: instance norm in style transfer, where an image's contrast is what should be forgotten; layer \
      norm in recurrent nets and transformers. S2 gives the reason for groups: layer norm takes all channels for \
      equally important, and some are large by nature.
      """)
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page) {
    page.callout(
      .takeaway,
      """
      - Normalization measures and corrects in every step what initialization can only guess once: the next layer's inputs \
      keep mean $\\beta$ and spread $|\\gamma|$, whatever the weights do.
      - One formula, four sets of values to average: batch norm takes the batch, layer norm the sample, instance norm one \
      channel of it, group norm something in between ($G = 1$ is layer norm, $G = C$ instance norm).
      - Batch norm makes the scale of the weights irrelevant and so tolerates learning rates and initial weights that would \
      otherwise be fatal. It pays with a dependence on the batch: after a dense layer it breaks in batches of 2, at test time \
      it needs stored statistics, and in a recurrent net one set of them does not fit all moments.
      - In use it costs nothing: fold it into the layer before.
      - *That* it works is a measurement. *Why* is an open argument.
      """)
    page.slide(
      "Measure and correct, in every step",
      """
      - One formula, four sets to average: the batch, the sample, one channel, a group of channels.
      - The scale of the weights no longer matters, and larger rates are borne.
      - It depends on the batch: it breaks in batches of 2 after a dense layer.
      - *That* it works is a measurement. *Why* is an open argument.
      """)
    page.exercises()
    page.furtherReading([
      "Ioffe and Szegedy 2015, *Batch normalization*, arXiv:1502.03167: the idea, and the reason its authors gave",
      "Santurkar, Tsipras, Ilyas and Madry 2018, *How does batch normalization help optimization?*, arXiv:1805.11604: the dispute",
      "Ba, Kiros and Hinton 2016, *Layer normalization*, arXiv:1607.06450",
      "Cooijmans et al. 2016, *Recurrent batch normalization*, arXiv:1603.09025: statistics for every moment",
      "Ulyanov, Vedaldi and Lempitsky 2016, *Instance normalization*, arXiv:1607.08022",
      "Wu and He 2018, *Group normalization*, arXiv:1803.08494: the figure of the four cubes, and batch sizes from 32 to 2",
      "Jacob et al. 2018, *Quantization and training of neural networks for efficient integer-arithmetic-only inference*, arXiv:1712.05877: folding",
    ])
  }
}
