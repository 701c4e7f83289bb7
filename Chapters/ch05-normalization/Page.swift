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
    var page = page(
      lead: """
        Chapter 4 chose the initial weights so that every layer receives numbers of a sensible size. After one step of \
        training the weights are different, and nothing guarantees that size any more. Normalization measures the size in \
        every step and corrects it.
        """)
    addQuestion(to: &page, shown, isRecorded: told != nil)
    addIdea(to: &page, shown)
    addDrift(to: &page, shown)
    addSweeps(to: &page, shown)
    addIdentities(to: &page, shown)
    addScales(to: &page, shown)
    // What every user needs stands before the dispute.
    addWayBack(to: &page, shown.formula.backward)
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

  /// The question, and which nets answer it.
  static func addQuestion(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    page.prose(
      """
      ## The question

      The outputs of one layer are the inputs of the next. While the first layer learns, their mean and spread change, and the \
      second layer must adapt again. Three questions follow:

      1. Can we keep the numbers between two layers in range *while* the layers learn?
      2. Does the net then train better?
      3. If it does, is it *because* the numbers are kept in range?

      The first two questions come first. Then comes what every user of batch norm needs to know. The third question is a dispute among \
      researchers; it is the hardest part, and it stands at the end.
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
      shift $\\beta$ starts at 0; both are learned like weights. This is *batch normalization*. Ioffe and Szegedy put it between \
      the sums and the activation.

      We first force mean 0 and spread 1, and then let two numbers undo it. Why? Because 0 and 1 need not be best. \
      Without $\\beta$, every ReLU would be off for about half of each batch, whether that suits the net or not. And something has \
      changed even when $\\gamma$ and $\\beta$ restore the old mean and spread: before, these two were a by-product of all the weights below; now they are two numbers \
      of their own, and the net learns them directly.
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
      In NumPy, for `z` of shape [samples, units], the formula is four lines:

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
    let saved = controls.savedBehind
    let verdict = saved.worded(
      above: "After it, the norm saves \(fixed(saved.mean, 1)) points\(saved.intervalNote()).",
      below: "After it, the norm costs \(fixed(-saved.mean, 1)) points\(saved.magnitude.intervalNote()).",
      withinChance: "The difference is within chance.")
    page.sideNote(
      """
      Batch norm can also stand after the activation; both places are in use. The five-layer net on \(grouped(controls.trainingCount)) images, each version at its own best rate, \
      has \(percentage(controls.places[0].errors)) errors with the norm before it and \(percentage(controls.places[1].errors)) with the norm after it. \(verdict)
      """)
  }

  /// Batch, layer, instance and group norm.
  static func addFourNorms(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Four ways to choose what is averaged

      The mean and the variance need not be those of the *batch*. A convolution (chapter 9) slides one small set of weights \
      over an image. Its results at all positions form a picture again, a *map*; with $C$ sets of weights there are $C$ maps, the \
      *channels*. So the numbers after a convolution form a block: $N$ samples, $C$ channels, $H \\cdot W$ positions. The four normalizations \
      below use the same formula; they differ in which values share one mean and one variance:
      """)
    page.sideNote(
      """
      Instance norm is used in style transfer (repainting a photograph in the style of a painting), because there the contrast of an image should be forgotten. One reason for groups: layer \
      norm treats all channels as equally important, although some are naturally larger.
      """)
    page.prose(
      """
      - **batch norm**: one channel, over all samples and positions, $m = N \\cdot H \\cdot W$ values; $C$ means;
      - **layer norm**: one sample, over all its channels and positions; $N$ means;
      - **instance norm**: one channel of one sample; $N \\cdot C$ means;
      - **group norm**: one group of $C/G$ neighbouring channels of one sample; $N \\cdot G$ means.

      In batch, instance and group norm each channel has one $\\gamma$ and one $\\beta$; in layer norm each place within a sample has its own. \
      The last three never look at another sample, so they do the same in training and in use (*inference*).

      **In transformers** (nets that read a text as a row of word vectors) layer norm works position by position: the vector $x$ of one word is normalized over its own entries. \
      Many of today's transformers leave out the mean and divide by the root mean square only. This is *RMSNorm* (Zhang and Sennrich 2019):

      $$y = \\frac{x}{\\sqrt{\\mathrm{mean}(x^2) + \\varepsilon}} \\cdot \\gamma$$
      """)
    page.figure(
      Figure(
        "One formula, four norms: coloured values share one mean and one variance",
        .cubes(Normalization.four.map(\.cube)),
        caption:
          "From front to back: samples; from left to right: channels; from top to bottom: positions in the image. Group norm is drawn with two groups.",
        name: "cubes", isWide: true))
    page.project("Blue shares one mean: C\u{A0}channels, N\u{A0}images, H·W\u{A0}pixels")
    page.prose(
      """
      In PyTorch, for `c` channels:

      ```python
      nn.BatchNorm2d(c)       # after a convolution; after a dense layer: nn.BatchNorm1d(m)
      nn.LayerNorm(m)         # over the last m numbers of each sample or position
      nn.InstanceNorm2d(c)    # each channel of each sample; gamma and beta: affine=True
      nn.GroupNorm(4, c)      # 4 groups of channels
      ```
      """)
    page.live(
      "batch", "Change the other images, and watch what happens to the first one",
      caption: """
        Orange pixels are above 0, blue ones below. At first nothing has been changed, so all five numbers are 0. Press play to brighten the other images step by step, or press single pixels.
        """,
      figure: "cubes", settings: ["shift": 0, "factor": 1, "images": 4, "groups": 1, "seed": 1])
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    let breaks = findings.sizes.denseNormBreaks
    page.callout(
      .takeaway,
      """
      - Initialization guesses the right size once; normalization measures and corrects it in every step: over each batch the inputs of the activation have mean \
      $\\beta$ and spread $|\\gamma|$. \(takeaway(findings.decisive))
      - With batch norm the output no longer depends on the scale of the weights, so wrong initial weights and large rates do little harm. \
      The scale still decides how far a step turns the weights.\(findings.depth?.behind.isEmpty == false ? " Very deep nets need more: gradients grow on their way back." : "")
      - Use batch norm in convolutional nets with large batches, group \
      norm where batches are small, and layer norm where each sample must stand alone, as in transformers.
      - Batch norm depends on the batch.\(breaks ? " After a dense layer it breaks in batches of \(findings.sizes.sizes[0])." : "") At test time it needs stored \
      statistics.
      - In use it costs nothing, because it can be folded into the layer before it.
      """)
    page.slide(
      "Measure and correct, in every step",
      """
      - One formula, four sets to average: the batch, the sample, one channel, a group of channels.
      - The output no longer depends on the scale of the weights; how far a step turns them still does.
      - It depends on the batch\(breaks ? ": after a dense layer it breaks in batches of \(findings.sizes.sizes[0])" : "").
      - *That* it works is measured. *Why* it works is still disputed.
      """)
    page.exercises()
    page.furtherReading([
      "Ioffe and Szegedy 2015, *Batch normalization*, arXiv:1502.03167: the idea, and the reason its authors gave",
      "Santurkar, Tsipras, Ilyas and Madry 2018, *How does batch normalization help optimization?*, arXiv:1805.11604: the dispute",
      "Bjorck, Gomes, Selman and Weinberger 2018, *Understanding batch normalization*, arXiv:1806.02375: the gain comes with larger learning rates",
      "Cho and Saul 2009, *Kernel methods for deep learning*, NIPS 22: what a ReLU layer does to the angle of two inputs",
      "Yang, Pennington, Rao, Sohl-Dickstein and Schoenholz 2019, *A mean field theory of batch normalization*, arXiv:1902.08129: why its gradients grow with depth",
      "van Laarhoven 2017, *L2 regularization versus batch and weight normalization*, arXiv:1706.05350: the scale of the weights as a learning rate",
      "Li and Arora 2020, *An exponential learning rate schedule for deep learning*, arXiv:1910.07454: decay as a rate that grows",
      "De and Smith 2020, *Batch normalization biases residual blocks towards the identity function in deep networks*, arXiv:2002.10444: why norms make deep nets trainable",
      "Brock, De, Smith and Simonyan 2021, *High-performance large-scale image recognition without normalization*, arXiv:2102.06171: deep nets that do without",
      "Zhang and Sennrich 2019, *Root mean square layer normalization*, arXiv:1910.07467",
      "Ba, Kiros and Hinton 2016, *Layer normalization*, arXiv:1607.06450",
      "Cooijmans et al. 2016, *Recurrent batch normalization*, arXiv:1603.09025: statistics for every time step",
      "Ulyanov, Vedaldi and Lempitsky 2016, *Instance normalization*, arXiv:1607.08022",
      "Wu and He 2018, *Group normalization*, arXiv:1803.08494: the figure of the four cubes, and batch sizes from 32 to 2",
      "Jacob et al. 2018, *Quantization and training of neural networks for efficient integer-arithmetic-only inference*, arXiv:1712.05877: folding",
    ])
  }

  /// What is left of the third question, in one sentence.
  private static func takeaway(_ dispute: DisputeFindings) -> String {
    guard dispute.isRefuted else { return "Whether that is why batch norm helps is disputed." }
    let steady = "Steadiness from step to step is not the whole reason why this helps"
    guard let lead = dispute.driftingLead else { return steady + "; whether range is, was not tested." }
    return lead.worded(
      above: steady + ", and neither is range.", below: steady + "; range is neither shown nor excluded.",
      withinChance: steady + "; range is neither shown nor excluded.")
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
