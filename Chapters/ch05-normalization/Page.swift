// The page of chapter 5, from its findings alone.

import Foundation
import Workbook

extension Norms {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    // What takes a full run is told from the recorded one.
    let told = recorded.map(\.findings).flatMap { $0.data == findings.data ? $0 : nil }
    var page = page(
      lead: """
        Chapter 4 chose the initial weights so that every layer receives numbers of a sensible size. One step of training \
        later the weights are different. Normalization does not choose a size and hope: it measures, and corrects, in \
        every step.
        """)
    let (controls, isRecorded) = (findings.controls ?? told?.controls, findings.controls == nil)
    addQuestion(to: &page, findings, controls, isRecorded: isRecorded)
    addDrift(to: &page, findings)
    addSweeps(
      to: &page, findings, controls: controls, isRecorded: isRecorded, toTheEnd: findings.heartAgain ?? told?.heartAgain
    )
    addIdentities(to: &page, findings)
    // What every user needs stands before the dispute.
    addWayBack(to: &page, findings.formula.backward)
    addRunningStatistics(to: &page, findings.moments)
    if let modes = findings.modes ?? told?.modes {
      addWrongModes(to: &page, modes, isRecorded: findings.modes == nil)
    }
    addFourNorms(to: &page, findings)
    addBatchSizes(to: &page, findings, controls: controls, isRecorded: isRecorded)
    addCost(to: &page, findings)
    addRecurrence(to: &page, findings)
    addDispute(to: &page, findings, told: told)
    page.fold("Errors found in the sources") { $0.table(errata) }
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, findings, told: told)
    return page
  }

  /// The question, the formula.
  static func addQuestion(
    to page: inout Page, _ findings: Findings, _ controls: NormControls?, isRecorded: Bool
  ) {
    page.prose(
      """
      ## The question

      The outputs of one layer are the inputs of the next. When the first layer learns, their mean and spread change, and the \
      second must adapt to them again. Can the numbers between two layers be kept in range *while* the layers learn? Does the \
      net then train better? And if it does: is it *because* they are kept in range? The first two come now, then what everybody needs who uses \
      it; the third, a dispute, is the deeper part and stands at the end.

      ## The idea

      Take the sums $z_1, \\dots, z_m$ of one unit over a batch, before its activation. Subtract their mean, divide by their \
      standard deviation, and let two learned numbers decide what mean and spread the activation shall see:
      """)
    page.math("\\mu = \\frac{1}{m}\\sum_i z_i \\qquad \\sigma^2 = \\frac{1}{m}\\sum_i (z_i - \\mu)^2")
    page.math(
      "\\hat{z}_i = \\frac{z_i - \\mu}{\\sqrt{\\sigma^2 + \\varepsilon}} \\qquad y_i = \\gamma\\,\\hat{z}_i + \\beta")
    page.slide(
      "Subtract the mean, divide by the deviation",
      """
      $$\\hat{z}_i = \\frac{z_i - \\mu}{\\sqrt{\\sigma^2 + \\varepsilon}} \\qquad y_i = \\gamma\\,\\hat{z}_i + \\beta$$

      $\\mu$, $\\sigma$: mean and deviation of one unit's sums $z_i$ over a batch. $\\gamma$, $\\beta$: learned. \
      $\\varepsilon$: tiny.
      """)
    page.prose(
      """
      $\\varepsilon$ is a small number ($10^{-5}$) that keeps the division finite. $\\gamma$, a scale that starts at 1, and \
      $\\beta$, a shift that starts at 0, are learned like weights. That is *batch normalization*; it stands between the sums \
      and the activation, where Ioffe and Szegedy put it.

      First mean 0 and spread 1, at some expense, and then two numbers may undo it: why? Because 0 and 1 need not be best. \
      Without $\\beta$ a ReLU would be off for about half of every batch, whatever would serve the net. And it is not \
      the same as before: mean and spread were a by-product of all weights below; now they are two numbers, learned directly.
      """)
    addPlace(to: &page, controls, isRecorded: isRecorded)
    page.prose(
      """
      An example by hand: four images give a unit the sums 2, 4, 4, 6. Their mean is 4, the squared distances from it are 4, 0, 0, 4 \
      with the mean $\\sigma^2 = 2$, and $\\sqrt{2} = 1.41$. So $\\hat{z}$ is $-2/1.41 = -1.41$, then 0, 0 and 1.41. With \
      $\\gamma = 2$ and $\\beta = 1$ the activation gets $-1.83$, 1, 1 and 3.83.
      """)
    page.fold("The formula in code") {
      $0.code("byHand", in: "Identities.swift")
      $0.prose(
        """
        The library's layer `BatchNorm` does this for all channels at once; from the formula by hand it differs by at most \
        \(short(findings.formula.coreDifference)) here.
        """)
    }
  }

  /// In front of the activation or behind it.
  static func addPlace(to page: inout Page, _ controls: NormControls?, isRecorded: Bool) {
    guard let controls, controls.places.count == 2 else { return }
    let saved = controls.savedBehind
    let verdict = saved.worded(
      above: "saves \(fixed(saved.mean, 1)) points\(saved.intervalNote())",
      below: "costs \(fixed(-saved.mean, 1)) points\(saved.magnitude.intervalNote())",
      withinChance: "makes no difference beyond chance (\(saved.interval()) points saved)")
    page.sideNote(
      """
      Or behind the activation? Both are in use. In the perceptron below\(isRecorded ? " (recorded run, \(counted(controls.seeds, "seed")))" : ""), \
      each at its own best rate, the error is \(percentage(controls.places[1].errors)) behind it and \
      \(percentage(controls.places[0].errors)) in front: the change \(verdict).
      """)
  }

  /// Batch, layer, instance and group norm.
  static func addFourNorms(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Four ways to choose what is averaged

      Nothing says that mean and variance must be those of the *batch*. A convolution (chapter 9) slides one small set of weights \
      over an image. Its results at all places form a picture again, a *map*; with $C$ sets of weights there are $C$ maps, the \
      *channels*. So the numbers after it form a block: samples $N$, channels $C$, positions $H \\cdot W$. Every normalization \
      below is the same formula; they differ in which values share one mean and one variance:
      """)
    page.sideNote(
      """
      Where each is at home: instance norm in style transfer, where an image's contrast is what should be forgotten; layer \
      norm in recurrent nets and transformers, position by position. (Many of today's transformers have *RMSNorm*: no mean \
      is taken away, only divided by the root mean square; Zhang and Sennrich 2019.) S2 gives the reason for groups: layer \
      norm takes all channels for equally important, and some are large by nature.
      """)
    page.prose(
      """
      - **batch norm**: one channel, over all samples and positions, $m = N \\cdot H \\cdot W$ values; $C$ means;
      - **layer norm**: one sample, over all its channels and positions; $N$ means. (In a transformer, each position has a mean \
      of its own, over its channels alone);
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
    page.project("Blue shares one mean: C\u{A0}channels, N\u{A0}images, H·W\u{A0}pixels")
    page.live(
      "batch", "Change the neighbours, and watch what becomes of the first image",
      caption: """
        Press pixels, or brighten all neighbours at once (play does it little by little). After which norms does image 1 change with them? What is batch \
        normalization of a batch of one? With how many groups is group norm layer norm, with how many instance norm?
        """,
      figure: "cubes", settings: ["shift": 0, "factor": 1, "images": 4, "groups": 1, "seed": 1])
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings, told: Findings?) {
    let decay = findings.decay ?? told?.decay
    page.callout(
      .takeaway,
      """
      - Normalization corrects in every step what initialization guesses once: over a batch, the activation's inputs keep \
      mean $\\beta$ and spread $|\\gamma|$. In our small nets that is not the main reason why it works.
      - Batch norm makes the output independent of the weights' scale. The scale still sets how far a step turns them: with \
      weights ten times as long, one hundredth as far.\(decay.map { _ in " So weight decay before a norm makes no layer simpler; it sets the angle of a step." } ?? "")
      - One formula, four sets of values to average. Which to take? Batch norm for convolutional nets with large batches, group \
      norm where batches are small, layer norm where samples stand alone, as in transformers.
      - It depends on the batch: \(findings.sizes.denseNormBreaks ? "after a dense layer it breaks in batches of \(findings.sizes.sizes[0]), " : "")at test time it needs stored \
      statistics.
      - In use it costs nothing: fold it into the layer before.
      """)
    page.slide(
      "Measure and correct, in every step",
      """
      - One formula, four sets to average: the batch, the sample, one channel, a group of channels.
      - The output no longer depends on the scale of the weights; how far a step turns them still does.
      - It depends on the batch\(findings.sizes.denseNormBreaks ? ": after a dense layer it breaks in batches of \(findings.sizes.sizes[0])" : "").
      - *That* it works is a measurement. *Why* is an open argument.
      """)
    page.exercises()
    page.furtherReading([
      "Ioffe and Szegedy 2015, *Batch normalization*, arXiv:1502.03167: the idea, and the reason its authors gave",
      "Santurkar, Tsipras, Ilyas and Madry 2018, *How does batch normalization help optimization?*, arXiv:1805.11604: the dispute",
      "Bjorck, Gomes, Selman and Weinberger 2018, *Understanding batch normalization*, arXiv:1806.02375: large rates as the gain",
      "van Laarhoven 2017, *L2 regularization versus batch and weight normalization*, arXiv:1706.05350: the scale of the weights as a learning rate",
      "Li and Arora 2020, *An exponential learning rate schedule for deep learning*, arXiv:1910.07454: decay as a rate that grows",
      "Zhang and Sennrich 2019, *Root mean square layer normalization*, arXiv:1910.07467",
      "Ba, Kiros and Hinton 2016, *Layer normalization*, arXiv:1607.06450",
      "Cooijmans et al. 2016, *Recurrent batch normalization*, arXiv:1603.09025: statistics for every moment",
      "Ulyanov, Vedaldi and Lempitsky 2016, *Instance normalization*, arXiv:1607.08022",
      "Wu and He 2018, *Group normalization*, arXiv:1803.08494: the figure of the four cubes, and batch sizes from 32 to 2",
      "Jacob et al. 2018, *Quantization and training of neural networks for efficient integer-arithmetic-only inference*, arXiv:1712.05877: folding",
    ])
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
          "S1 to S4", "the values become Gaussian (S2), standard normal (S1, S4) or whitened (S3)",
          "mean and variance become 0 and 1; the shape of the distribution stays what it was: no norm makes them Gaussian. Whitening would also take away the correlations between channels",
        ],
        [
          "S2", "S2 swaps the ends of group norm: layer norm for $G = C$, instance norm for $G = 1$",
          "one group holds all channels, which is layer norm; $C$ groups leave each channel alone, which is instance norm",
        ],
        ["S2", "layer norm divides by $m$, as batch norm does", "by the number of features"],
        [
          "S2", "instance norm is over rows and columns “both”",
          "not over rows and columns of the batch's table (its samples and features), which would leave one mean for everything: over the positions of one channel of one sample",
        ],
        [
          "S4", "S4 keeps “the mean of the means and the mean of the variances”",
          "$\\mathrm{Var} = \\frac{m}{m-1}\\,E[\\sigma_B^2]$ (Ioffe and Szegedy, algorithm 2): 3 % at $m = 32$, a factor of 2 at $m = 2$",
        ],
        ["S2", "batch norm “is done in training only”", "in inference it is done too, with stored numbers"],
      ])
  }
}
