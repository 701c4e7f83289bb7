// The page of chapter 3: the takeaway, two questions, further reading.

import Workbook

extension Preprocessings {
  /// What PCA and whitening did, as advice.
  private static func turningInShort(_ findings: Findings) -> String {
    let cost = findings.turningCost
    let turning = cost.worded(
      above:
        "**No PCA for a convolutional net**: on digits it cost \(fixed(cost.mean, 1)) points.",
      below: "On digits PCA saved our convolutional net \(fixed(-cost.mean, 1)) points.",
      withinChance: "On digits PCA did not change the errors of our convolutional net beyond chance.")
    let sweep = findings.whitening
    let tuned = fixed(sweep.tuned[sweep.best].mean, 1)
    let alone = fixed(findings.learning.best(.meanImage).error.mean, 1)
    return """
      \(turning) Whitening (ε = \(short(Double(epsilon)))) \(whiteningWords(findings)); at the best ε tried, \
      \(short(sweep.epsilons[sweep.best])), the dense net gets \(tuned) % wrong, with the mean image alone \(alone) %.
      """
  }

  /// What subtracting a mean does on white paper, in the dense net.
  private static func onWhite(_ findings: Findings) -> String {
    let (raw, centred) = (findings.ink.best(.raw).error, findings.ink.best(.meanImage).error)
    return (raw - centred).worded(
      above:
        "On white paper the mean image took our dense net from \(fixed(raw.mean, 1)) to \(fixed(centred.mean, 1)) % wrong after \(counted(findings.epochs, "epoch")).",
      below: "On white paper the mean image saved our dense net no errors.",
      withinChance: "On white paper the mean image saved our dense net no errors beyond chance.")
  }

  /// What the channel means do on photographs.
  private static func onPhotographs(_ mean: Summary) -> String {
    mean.worded(
      above: "On photographs the channel means cost our net \(fixed(mean.mean, 1)) points of error.",
      below: "On photographs the channel means saved our net \(fixed(-mean.mean, 1)) points of error.",
      withinChance: "On photographs the channel means changed nothing beyond chance.")
  }

  /// What subtracting the mean image does on black paper, in both nets.
  private static func onBlack(_ findings: Findings) -> String {
    let changes = [findings.overRaw(.meanImage, findings.learning), findings.centring].map { $0.direction() }
    return changes.contains(.below)
      ? "On black paper, as in MNIST, it saved errors, too." : "On black paper, as in MNIST, it saved no errors."
  }

  /// What grey paper does: x′ = ½ + x/2, from the curvatures of digits.
  private static func greyPaper(_ digits: DigitFindings) -> String {
    let shrunk = "The eigenvalues of $\\Sigma$ are a quarter of those of raw digits, as the variances are."
    guard let found = digits.curvatures else { return shrunk }
    // μ′ = ½ + μ/2: its square is (D + 2Σμ + μᵀμ)/4.
    let size = Double(digits.size)
    let square = (size + 2 * digits.pixelMean * size + found.raw) / 4
    return """
      \(shrunk) The mean of every pixel is between ½ and 1, so $\\mu^T\\mu$ is about \(fixed(square, 0)). Raw, \
      $\\lambda_{\\mathrm{max}}$ divided by the eigenvalues of $\\Sigma$ is therefore about \
      \(fixed(4 * square / found.white, 1)) times as large as on white paper, so still fewer directions are learned, and the loss should \
      be the highest of all. With the mean image subtracted, the inputs are those of *mean image*, halved. The \
      ratios of the eigenvalues of $\\Sigma$ stay as they were, so the loss should be near that of *mean image*, if the net bears a rate four times as large.
      """
  }

  /// What does harm on photographs, the start or the steps; empty where that was not measured.
  private static func photographsToKeep(_ photographs: PhotographFindings?) -> String {
    guard let starts = photographs?.starts, photographs?.startHarms == true,
      (starts.rawFromCentred - starts.centred).direction() == .above
    else { return "" }
    return " On photographs raw pixels do harm by the start of the filters and by the steps."
  }

  /// What dividing does in a net with batch norm; empty where it was not measured.
  static func divisionBehindNorm(_ photographs: PhotographFindings?) -> String? {
    guard let mean = photographs?.row(.channelMean, normalized: true),
      let both = photographs?.row(.channelStandard, normalized: true)
    else { return nil }
    let cost = both.error - mean.error
    return cost.worded(
      above: "**With batch norm, too, dividing cost errors.**", below: "**With batch norm dividing saved errors.**",
      withinChance: "**With batch norm dividing does not matter, within chance.**")
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings, _ photographs: PhotographFindings?) {
    page.callout(
      .takeaway,
      """
      - \(divisionAdvice(findings, photographs, isShort: true))
      - **Why**: a mean makes the loss steep in one direction, and this limits the rate for all. \
      \(onWhite(findings))\(photographsToKeep(photographs))
      - \(turningInShort(findings))
      - **Store the mean with the weights.** Preprocessing reaches the first layer only; the others need chapters 4 and 5.
      """)
    page.slide(
      "Subtract the mean; learn it from the training set",
      """
      - The steepest direction limits the rate, and a mean makes one direction steep.
      - \(onWhite(findings))
      - \(headline(findings, photographs).map { onPhotographs($0.mean) } ?? onBlack(findings))
      - The statistics belong to the weights: store both together.
      """)
    page.prose(
      """
      ## Three questions for paper

      1. One input has mean $m$ and standard deviation $s$. What are the sum and the product of the two curvatures $\\lambda$? (They are the \
      trace and the determinant of the matrix $H$ in *The derivation*.) For which $m$ does centring save no steps?
      2. Why does PCA alone change nothing for plain gradient descent, but something for Adam?
      3. A classmate replaces the pixels $x$ of MNIST by $x' = \\frac{1}{2} + \\frac{x}{2}$ and trains the dense net on these raw numbers, \
      and then with the mean image subtracted. Predict where both losses lie, between those of *Why white paper is hard* or beyond them. \
      (All variances are a quarter of those of raw digits. What is the sum of the squares of the means?)
      """)
    page.fold("Answers to the three questions") {
      $0.prose(
        """
        **1.** The sum is the trace, $m^2 + s^2 + 1$, and the product is the determinant, $(m^2 + s^2) \\cdot 1 - m^2 = s^2$. \
        So a larger $m$ drives them apart. Centring saves no steps only if $m = 0$.

        **2.** Turning the axes turns every gradient with them, so plain descent takes the same path in other coordinates. Adam divides \
        the step of each coordinate by its own size (chapter 1). Before the turn a coordinate mixes steep and flat directions; after \
        it, each coordinate has one curvature, and Adam can give it a step that fits.

        **3.** \(greyPaper(findings.digits))
        """)
    }
    page.exercises()
    page.furtherReading([
      "Stanford's course CS231n, lecture *Training Neural Networks, Part 1*, section on data preprocessing",
      "LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, in Neural Networks: Tricks of the Trade",
      "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*, section 2",
      "Simonyan and Zisserman 2015, *Very deep convolutional networks*, arXiv:1409.1556, section 2.1",
      "He et al. 2016, *Deep residual learning for image recognition*, arXiv:1512.03385, section 3.4",
      "Wadia, Duckworth, Schoenholz, Dyer and Sohl-Dickstein 2021, *Whitening and second order optimization both make information in the dataset unusable during training*, arXiv:2008.07545",
      "Hastie, Tibshirani and Friedman 2009, *The Elements of Statistical Learning*, 7.10.2: the wrong way to do cross-validation",
    ])
  }
}
