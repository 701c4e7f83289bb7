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
    addRunningStatistics(to: &page, shown.pairs)
    if let modes = shown.modes { addWrongModes(to: &page, modes) }
    addFourNorms(to: &page, shown)
    addBatchSizes(to: &page, shown)
    addCost(to: &page, shown)
    addDispute(to: &page, shown)
    addToDo(to: &page, shown)
    page.reportsRecord = told != nil
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, shown)
    return page
  }

  /// The answer, in the numbers of the five-layer net.
  private static func lead(_ findings: Findings) -> String {
    let (gain, rates) = (findings.gain, findings.shownSweeps.bestRates)
    let start =
      "*Batch normalization* gives the sums of every unit mean 0 and spread 1 over the batch, in each step."
    guard gain.direction() == .above else { return start }
    return start
      + " Our five-layer net then \(rates[1] > 1.5 * rates[0] ? "bears larger learning rates and " : "")makes \(fixed(gain.mean, 1)) points fewer errors than without a norm, after a short training\(findings.centred?.training(.long).map { long in long.saved.worded(above: ". After a long one it still makes fewer\(long.isAtOneRate ? ", at the same rate" : "")", below: ". After a long one it makes more", withinChance: ". After a long one no difference beyond chance is left") } ?? "")."
  }

  /// The question, the layer in PyTorch, and which net answers it.
  static func addQuestion(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    page.prose(
      """
      ## The question

      The outputs of one layer are the inputs of the next. While the first layer learns, their mean and spread change, and the \
      second layer must adapt again. Batch norm corrects both in every step. In PyTorch it is one line in front of each activation:

      ```python
      net = nn.Sequential(
          nn.Flatten(),
          nn.Linear(784, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
          nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
          nn.Linear(64, 10))
      ```

      1. Does it keep the numbers between two layers in range *while* the layers learn?
      2. Does the net then train better?
      3. If it does, is it *because* the numbers are kept in range?
      """)
    page.prose(
      """
      Most experiments train *the five-layer net*: 5 hidden layers of 64 ReLUs from He's weights (chapter 4), which see \(grouped(findings.trainingCount)) images (\(findings.data)) in two epochs, in steps of 32 images, \
      by plain gradient descent at a constant learning rate. *Its own best rate* is, of all rates tried, the one with the fewest errors on images kept back, which are neither learned from nor tested on. *No norm* is this net without one.
      """)
    page.sideNote(
      "\(findings.isCentred ? "Batch norm also centres the pixels: subtracting the mean of $Wx$ leaves $W(x - \\bar{x})$. So each pixel has its own mean subtracted (chapter 3) for *no norm* as well, except where a caption says “pixels not centred”." : "The pixels have one mean subtracted and are divided by one deviation, the same for all (chapter 3), where nothing else is said.") \(isRecorded ? " Figures and text give the numbers of the recorded run; the claims at the end show the run just made beside it." : "")"
    )
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
      shift $\\beta$ at 0; both are learned like weights.

      **Why force mean 0 and spread 1, and then let two numbers undo it?** Because 0 and 1 need not be best: without $\\beta$, every ReLU would be off \
      for about half of each batch.

      An example: for four images a unit has the sums 2, 4, 4, 6. Their mean is 4. The squared distances from it are 4, 0, 0, 4, \
      so $\\sigma^2 = 2$ and $\\sigma = 1.41$. Hence $\\hat{z}$ is $-2/1.41 = -1.41$, then 0, 0 and 1.41. With \
      $\\gamma = 2$ and $\\beta = 1$ the activation receives $-1.83$, 1, 1 and 3.83.

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
      The last three never look at another sample, so they do the same in training and in use. Instance norm is used in style transfer and in GANs (nets that draw pictures). Layer norm treats all channels as equally important; group norm lets unlike groups keep a mean of their own.

      **In transformers** (nets that read a text as a row of word vectors) layer norm normalizes the vector $x$ of each word over its own entries. \
      Many of today's transformers leave out the mean and divide by the root mean square only (*RMSNorm*, Zhang and Sennrich 2019).

      A *recurrent net* uses the same layer at every time step. In ours, which reads a digit row by row, statistics shared by all steps leave the sums a spread of \(short(findings.sharedLow, digits: 2)) at one step and \(short(findings.sharedHigh, digits: 2)) at another, instead of 1. So every step would need its own.

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
}
