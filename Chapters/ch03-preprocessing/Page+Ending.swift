// The page of chapter 3: the takeaway, two questions, further reading.

import Workbook

extension Preprocessings {
  /// What whitening did to both nets.
  private static func whiteningInShort(_ findings: Findings) -> String {
    let errors = findings.learning.methods.map { findings.learning.best($0).error.mean }
    let isWorst = findings.learning.best(.whitened).error.mean >= (errors.max() ?? 0)
    // A gain over the mean image alone is none where raw pixels do as well.
    let filtered = findings.worse(.whitened, findings.convolution)
    let overRaw = findings.convolution.best(.whitened).error - findings.convolution.best(.raw).error
    let isBoth = isClear(filtered) && isClear(overRaw) && (filtered.mean < 0) == (overRaw.mean < 0)
    let dense =
      findings.bestLoss == .whitened && isWorst
      ? "Whitening gave our dense net the lowest training loss and the most test errors."
      : isWorst
        ? "Whitening gave our dense net the most test errors."
        : "Whitening makes the loss round."
    let filters =
      isBoth
      ? " The convolutional net made \(filtered.mean < 0 ? "fewer" : "more") errors with it, also compared with raw pixels."
      : ""
    return dense + filters
  }

  /// What PCA did to the convolutional net.
  private static func turningInShort(_ findings: Findings) -> String {
    let points = findings.turningCost
    return points.worded(
      above: "PCA takes the neighbours away from a convolution and cost it \(fixed(points.mean, 1)) points.",
      below: "PCA helped it in this run.", withinChance: "PCA made it no worse beyond chance.")
  }

  /// What to do with images, and what was measured of it.
  private static func advice(_ findings: Findings) -> String {
    let net = findings.convolution
    let centred = "**For images: subtract the mean.** \(onWhite(findings)) \(onBlack(findings))"
    guard net.methods.contains(.channelMean) else { return centred }
    let did = findings.divisionLowers ? "lowered an error" : "lowered no error"
    return
      "\(centred)\n- Dividing by the channel's standard deviation \(did) at the best rate. Published rates expect it."
  }

  /// What subtracting a mean does on white paper, in the dense net.
  private static func onWhite(_ findings: Findings) -> String {
    let white = findings.ink.best(.raw).error - findings.ink.best(.meanImage).error
    return white.worded(
      above:
        "On white paper this saved our dense net \(fixed(white.mean, 1)) points of error.",
      below: "On white paper it saved our dense net no errors.",
      withinChance: "On white paper it saved our dense net no errors beyond chance.")
  }

  /// What subtracting a mean does on black paper, in both nets.
  static func onBlack(_ findings: Findings) -> String {
    let (dense, net, centring) = (findings.learning, findings.convolution, findings.centring)
    let inDense = (dense.best(.meanImage).error - dense.best(.raw).error).worded(
      above: "it cost the dense net errors", below: "it saved the dense net errors",
      withinChance: "it did not change the test error of the dense net")
    let points = "\(fixed(centring.magnitude.mean, 1)) points\(centring.magnitude.intervalNote())"
    let inNet = centring.worded(
      above: "the mean image cost the convolutional net \(points)",
      below: "the mean image saved the convolutional net \(points)",
      withinChance: "the mean image made no difference to the convolutional net beyond chance")
    guard net.methods.contains(.channelMean) else { return "On black paper \(inDense); \(inNet)." }
    let inChannels = (net.best(.channelMean).error - net.best(.raw).error).worded(
      above: "and the channel mean cost it errors too", below: "and the channel mean saved it errors",
      withinChance: "and the channel mean \(centring.direction() == .above ? "cost it nothing" : "made none either")")
    return "On black paper \(inDense); \(inNet), \(inChannels)."
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    page.callout(
      .takeaway,
      """
      - \(advice(findings))
      - A mean in the inputs raises the largest curvature, which limits the learning rate for all directions. So does a feature with \
      much larger numbers: divide features by their standard deviations.
      - \(whiteningInShort(findings)) \(turningInShort(findings))
      - Take every statistic from the training set, and store it with the weights. Preprocessing reaches the first layer only; the \
      other layers need chapters 4 and 5.
      """)
    page.slide(
      "Subtract the mean; learn it from the training set",
      """
      - A mean, or one large feature, raises the largest curvature, which limits the rate.
      - \(onWhite(findings))
      - \(onBlack(findings))
      - The statistics belong to the weights: store both together.
      """)
    page.fold("Two questions to answer on paper") {
      $0.prose(
        """
        *One input has mean $m$ and standard deviation $s$. What are the trace and the determinant of $H$? For which $m$ does \
        centring save no steps?* The trace is $m^2 + s^2 + 1$ and the determinant is $(m^2 + s^2) \\cdot 1 - m^2 = s^2$. The two \
        eigenvalues have this sum and this product, so a larger $m$ drives them apart. Centring saves no steps only if $m = 0$.

        *Why does PCA alone change nothing for plain gradient descent, but something for Adam?* Turning the axes turns every gradient \
        with them, so plain descent takes the same path in other coordinates. Adam divides the step of each coordinate by its own \
        size (chapter 1). Before the turn a coordinate mixes steep and flat directions; after it, each coordinate has one curvature, \
        and Adam can give it a step that fits.
        """)
    }
    page.exercises()
    page.furtherReading([
      "LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, in Neural Networks: Tricks of the Trade",
      "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*, section 2",
      "Simonyan and Zisserman 2015, *Very deep convolutional networks*, arXiv:1409.1556, section 2.1",
      "He et al. 2016, *Deep residual learning for image recognition*, arXiv:1512.03385, section 3.4",
      "Hastie, Tibshirani and Friedman 2009, *The Elements of Statistical Learning*, 7.10.2: the wrong way to do cross-validation",
    ])
  }
}
