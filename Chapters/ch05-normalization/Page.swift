// The page of chapter 5, from its findings alone.

import Foundation
import Workbook

extension Norms {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    // The figures and the numbers in the text are those of the larger run: the recorded one, beside a default run.
    let told = recorded.map(\.findings).flatMap {
      $0.data == findings.data && $0.trainingCount > findings.trainingCount ? $0 : nil
    }
    let shown = told ?? findings
    var page = page(lead: lead(shown))
    addQuestion(to: &page, shown, isRecorded: told != nil)
    addIdea(to: &page, shown)
    addDrift(to: &page, shown)
    addSweeps(to: &page, shown)
    addIdentities(to: &page, shown)
    addScales(to: &page, shown)
    // What every user needs stands before the dispute.
    addWayBack(to: &page)
    addRunningStatistics(to: &page, shown.moments)
    if let modes = shown.modes { addWrongModes(to: &page, modes) }
    addFourNorms(to: &page, shown)
    addBatchSizes(to: &page, shown)
    addCost(to: &page, shown)
    addRecurrence(to: &page, shown)
    addDispute(to: &page, shown)
    page.fold("Errors found in the sources") { $0.table(errata) }
    page.reportsRecord = told != nil
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, shown)
    return page
  }

  /// The answer, in the numbers of the five-layer net.
  private static func lead(_ findings: Findings) -> String {
    let (ratio, gain) = (findings.sweeps.reachRatio, findings.gain)
    let start =
      "*Batch normalization* corrects the mean and the spread of what each unit passes on, in every step."
    guard isClear(gain, beyond: 0), gain.mean > 0 else { return start }
    let rates = findings.sweeps.bestRates
    let times = short(rates[1] / rates[0])
    let faster = rates[1] > 1.5 * rates[0] ? "has a best learning rate \(times) times as large and " : ""
    if let over = findings.gainOverCentred, over.direction() == .above {
      return start
        + " The net of this chapter then \(faster)makes \(fixed(over.mean, 1)) points fewer errors than without a norm on equally centred pixels. Why it does so is a dispute."
    }
    return start
      + " The net of this chapter then \(faster)makes \(fixed(gain.mean, 1)) points fewer errors than without a norm."
  }

  /// The question, and which nets answer it.
  static func addQuestion(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    page.prose(
      """
      ## The question

      The outputs of one layer are the inputs of the next. While the first layer learns, their mean and spread change, and the \
      second layer must adapt again.

      1. Can we keep the numbers between two layers in range *while* the layers learn?
      2. Does the net then train better?
      3. If it does, is it *because* the numbers are kept in range?

      The third question is a dispute; it stands at the end.
      """)
    addSetUps(to: &page, findings, isRecorded: isRecorded)
  }

  /// The formula.
  static func addIdea(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## The idea

      Take the sums $z_1, \\dots, z_m$ that one unit computes for the $m$ images of a batch, before its activation. Subtract their mean, divide by their \
      standard deviation, and let two learned numbers decide which mean and spread the activation receives:
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
      The small number $\\varepsilon$ ($10^{-5}$) keeps us from dividing by 0. The scale $\\gamma$ starts at 1 and the \
      shift $\\beta$ at 0; both are learned like weights. Ioffe and Szegedy put the norm between the sums and the activation.

      **Why force mean 0 and spread 1, and then let two numbers undo it?** Because 0 and 1 need not be best: without $\\beta$, every ReLU would be off \
      for about half of each batch. And now the net learns its mean and spread directly; before, they were a by-product of all the weights below.
      """)
    addPlace(to: &page, findings.controls)
    page.prose(
      """
      An example by hand: for four images a unit has the sums 2, 4, 4, 6. Their mean is 4. The squared distances from it are 4, 0, 0, 4, \
      so $\\sigma^2 = 2$ and $\\sigma = 1.41$. Hence $\\hat{z}$ is $-2/1.41 = -1.41$, then 0, 0 and 1.41. With \
      $\\gamma = 2$ and $\\beta = 1$ the activation receives $-1.83$, 1, 1 and 3.83.
      """)
    page.prose(
      """
      In NumPy, for `z` of shape [samples, units]:

      ```python
      mean, variance = z.mean(axis=0), z.var(axis=0)   # of each unit, over the batch
      s = np.sqrt(variance + eps)
      z_hat = (z - mean) / s
      y = gamma * z_hat + beta
      ```
      """)
    page.fold("The formula in Swift") {
      $0.code("byHand", in: "Identities.swift")
      $0.prose(
        """
        The library's layer `BatchNorm` does this for all channels at once; its results differ from those of the formula by at most \
        \(short(findings.formula.coreDifference)) here.
        """)
    }
  }

  /// Before the activation or after it.
  static func addPlace(to page: inout Page, _ controls: NormControls?) {
    guard let controls, controls.places.count == 2 else { return }
    page.sideNote(
      "The norm can also stand after the activation. Here \(controls.savedBehind.worded(above: "it is better there", below: "it is worse there", withinChance: "it is not decided which is better (95 %: \(signedInterval(controls.savedBehind)) points saved)"))."
    )
  }

  /// Batch, layer, instance and group norm.
  static func addFourNorms(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Four ways to choose what is averaged

      The mean and the variance need not be those of the *batch*. A convolution (chapter 9) slides one small set of weights \
      over an image. Its results at all positions form a picture again, a *map*; with $C$ sets of weights there are $C$ maps, the \
      *channels*. So the numbers after a convolution form a block of $N$ samples, $C$ channels and $H \\cdot W$ positions. **Four norms use the same formula and differ \
      in which values share one mean and one variance:**

      - **batch norm**: one channel, over all samples and positions; $C$ means;
      - **layer norm**: one sample, over all its channels and positions; $N$ means;
      - **instance norm**: one channel of one sample; $N \\cdot C$ means;
      - **group norm**: one group of $C/G$ neighbouring channels of one sample; $N \\cdot G$ means.

      In NumPy, for a block `z` of shape [N, C, H, W], only the axes differ:

      ```python
      axes = (0, 2, 3)    # batch norm; layer norm: (1, 2, 3); instance norm: (2, 3)
      mean, variance = z.mean(axes, keepdims=True), z.var(axes, keepdims=True)
      ```
      """)
    page.sideNote(
      """
      Instance norm is used in style transfer (repainting a photograph in the style of a painting), where the contrast of an image should be forgotten. One reason for groups: layer \
      norm treats all channels as equally important.
      """)
    page.prose(
      """
      In layer norm each place within a sample has its own $\\gamma$ and $\\beta$, in the others each channel. \
      The last three never look at another sample, so they do the same in training and in use.
      """)
    page.figure(
      Figure(
        "One formula, four norms: coloured values share one mean and one variance",
        .cubes(Normalization.four.map(\.cube)),
        caption:
          "Front to back: samples; left to right: channels; top to bottom: positions. Group norm is drawn with two groups.",
        name: "cubes", isWide: true))
    page.project("Blue shares one mean: C\u{A0}channels, N\u{A0}images, H·W\u{A0}pixels")
    page.prose(
      """
      **In transformers** (nets that read a text as a row of word vectors) layer norm normalizes the vector $x$ of each word over its own entries. \
      (So does ConvNeXt, a convolutional net, with the $C$ channels of each position.) \
      Many of today's transformers leave out the mean and divide by the root mean square only (*RMSNorm*, Zhang and Sennrich 2019):

      $$y = \\frac{x}{\\sqrt{\\mathrm{mean}(x^2) + \\varepsilon}} \\cdot \\gamma$$

      In PyTorch, for `c` channels of `h` by `w` positions:

      ```python
      nn.BatchNorm2d(c)          # after a dense layer: nn.BatchNorm1d(units)
      nn.LayerNorm([c, h, w])    # a whole sample; word vectors: nn.LayerNorm(d)
      nn.InstanceNorm2d(c)       # without gamma and beta; with them: affine=True
      nn.GroupNorm(4, c)         # 4 groups of channels
      ```
      """)
    page.live(
      "batch", "Change the other images, and watch what happens to the first one",
      caption: """
        Orange pixels are above 0, blue ones below. Press play to brighten the other images, or press single pixels.
        """,
      figure: "cubes", settings: ["shift": 0, "factor": 1, "images": 4, "groups": 1, "seed": 1])
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    let breaks = findings.sizes.denseNormBreaks
    page.callout(
      .takeaway,
      """
      - \(rateTakeaway(findings))
      - The scale of the weights no longer matters before a norm. So batch norm forgives small initial weights\(findings.sweeps.forgivesLarge ? " and large ones" : "; large ones cost errors").
      - Use batch norm in convolutional nets with large batches, group norm where batches are small (Wu and He's result, not this page's), layer norm where each sample must stand alone, as in transformers.
      - Batch norm depends on the batch.\(breaks ? " After a dense layer it breaks in batches of \(findings.sizes.sizes[0])." : "") In use it has stored statistics (eval).
      - \(takeaway(findings))
      """)
    page.slide(
      "Measure and correct, in every step",
      """
      - The output no longer depends on the scale of the weights; how far a step turns them still does.
      - It depends on the batch\(breaks ? ": after a dense layer it breaks in batches of \(findings.sizes.sizes[0])" : "").
      - \(takeaway(findings))
      """)
    page.exercises()
    page.furtherReading([
      "Ioffe and Szegedy 2015, *Batch normalization*, arXiv:1502.03167",
      "Santurkar et al. 2018, *How does batch normalization help optimization?*, arXiv:1805.11604",
      "Bjorck et al. 2018, *Understanding batch normalization*, arXiv:1806.02375",
      "van Laarhoven 2017, *L2 regularization versus batch and weight normalization*, arXiv:1706.05350",
      "Li and Arora 2020, *An exponential learning rate schedule for deep learning*, arXiv:1910.07454",
      "Yang et al. 2019, *A mean field theory of batch normalization*, arXiv:1902.08129",
      "De and Smith 2020, *Batch normalization biases residual blocks towards the identity function*, arXiv:2002.10444",
      "Ba, Kiros and Hinton 2016, *Layer normalization*, arXiv:1607.06450",
      "Zhang and Sennrich 2019, *Root mean square layer normalization*, arXiv:1910.07467",
      "Ulyanov, Vedaldi and Lempitsky 2016, *Instance normalization*, arXiv:1607.08022",
      "Wu and He 2018, *Group normalization*, arXiv:1803.08494",
      "Cooijmans et al. 2016, *Recurrent batch normalization*, arXiv:1603.09025",
    ])
  }

  /// Which rate to try, what a net gained by it, and over which nets.
  private static func rateTakeaway(_ findings: Findings) -> String {
    let (rates, gain, reach) = (findings.sweeps.bestRates, findings.gain, findings.sweeps.reachRatio.geometricMean)
    guard rates[1] > 1.5 * rates[0], gain.direction() == .above else { return "Choose the learning rate anew with it." }
    let over = findings.gainOverCentred.flatMap { $0.direction() == .above ? $0 : nil }
    return """
      **Try about \(short(rates[1] / rates[0])) times the learning rate.** Our net then made \(fixed((over ?? gain).mean, 1)) points fewer errors than without a \
      norm\(over == nil ? "" : " on equally centred pixels"). It still learned at up to \(short(reach, digits: 2)) times the largest rate without a norm.
      """
  }

  /// What is left of the third question, in one sentence.
  private static func takeaway(_ findings: Findings) -> String {
    guard findings.meanIsHalf else { return "Whether that is why batch norm helps is disputed." }
    let isSteadyUseless = findings.decisive.steadiness.map { !isClear($0, beyond: 0) } ?? false
    return
      (isSteadyUseless
      ? "Noise costs no more with batch norm than without: if it harms both alike, steady inputs give no gain. "
      : "")
      + (findings.meanOnCentred.map { "The mean alone, subtracted on centred pixels, gave \($0)." }
        ?? "In our net half of the lead comes from subtracting the mean.")
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
