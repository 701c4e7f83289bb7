// The page of chapter 3, from its findings alone.

import Foundation
import Workbook

extension Preprocessings {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    // What takes a full run is told from the recorded one.
    let kept = recorded.map(\.findings).flatMap { $0.data == findings.data ? $0 : nil }
    let full = findings.otherNets == nil ? kept : findings
    var page = page(
      lead: """
        Before a network sees an image, something is usually subtracted from it, and sometimes the result is divided by something. It \
        looks like housekeeping. It decides how long the descent takes.
        """)
    page.slide(
      "What should be done to pixels before they are learned?",
      "A network could learn to subtract a mean by itself. Why do it for the network?")
    addQuestion(to: &page, findings)
    addScales(to: &page, findings)
    addClouds(to: &page, findings)
    addDerivation(to: &page, findings)
    addComponents(to: &page, findings)
    addDigits(to: &page, findings)
    addExperiment(to: &page, findings, full)
    addInk(to: &page, findings, full)
    addWhitening(to: &page, findings)
    addLeaks(to: &page, findings)
    addErrata(to: &page, findings.digits)
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, findings, full)
    return page
  }

  /// The question, and the valley that a mean digs.
  static func addQuestion(to page: inout Page, _ findings: Findings) {
    let (valleys, valleyAt3, offsets) = (findings.valleys, findings.valleyAt3, findings.valleys.map(\.offset))
    page.prose(
      """
      ## The question

      Pixels are never negative. A network that is fed with them could learn to cope: the biases of its first layer can subtract any \
      mean, the weights can divide by anything. Why do it for the network, then, and what of it matters?

      ## One weight and one bias

      The smallest network has one input $x$, one weight $w$, one bias $b$. It is to learn $t = x - m + \\frac{1}{2}$, where $m$ is \
      the mean of $x$. Its loss over $w$ and $b$ is a valley. If $x$ has mean 0 and standard deviation 1, the valley is round, and gradient descent walks straight to the bottom.

      With another mean, write $wx + b = w(x - m) + (b + wm)$. If $w$ grows by 1 and $b$ falls by $m$, the second part stays, and only \
      $x - m$, which is small beside a large $m$, is added to the output. Along that direction the loss hardly changes; across it, it \
      rises steeply.
      """)
    page.predict(
      """
      With mean 0, one step of the best size ends the descent. The inputs now have mean 3, and still deviation 1. \
      About how many steps until the loss is a thousandth?
      """,
      choices: ["1", "10", "200", "5000"], answer: Double(valleyAt3.steps),
      "The valley is \(fixed(valleyAt3.condition, 0)) times as curved across as along, and the number of steps is about 1.7 times that (derived below)."
    )
    page.project("Inputs of mean 3: how many steps to the bottom?")
    page.figure(
      Figure(
        (valleys.last?.condition ?? 1) > 10 * valleys[0].condition
          ? "A mean of \(short(offsets[offsets.count - 1])) makes a round valley \(fixed(valleys.last?.condition ?? 1, 0)) times as curved across as along"
          : "The mean of the inputs hardly changes the valley",
        exploring: FigureParameter(
          "mean m of the inputs", values: offsets, initial: offsets.firstIndex { $0 >= 3 } ?? 0),
        name: "valley",
        titles: { offset in
          let valley = valleys.first { $0.offset == offset } ?? valleys[0]
          let shape = valley.condition < 1.5 ? "a round" : valley.condition < 10 ? "an oval" : "a narrow"
          return "A mean of \(short(offset)) makes \(shape) valley: \(counted(valley.steps, "step"))"
        },
        captions: { offset in
          let valley = valleys.first { $0.offset == offset } ?? valleys[0]
          return """
            The loss of one linear unit over its bias and weight, for 500 inputs of standard deviation 1: \
            \(fixed(valley.condition, valley.condition < 10 ? 1 : 0)) times as curved across as along. The path is that of gradient \
            descent from (0, 0) at the best learning rate, until the loss is a thousandth of what it was.
            """
        }
      ) { offset in
        let valley = valleys.first { $0.offset == offset } ?? valleys[0]
        return .contour(
          ContourPlot(
            x: Axis("bias b", range: Valley.biases), y: Axis("weight w", range: Valley.weights),
            heights: valley.heights,
            levels: [0.05, 0.2, 1, 3, 10, 30], paths: paths(of: valley),
            hasEqualScales: true))
      })
    page.project("A mean digs a long valley")
  }

  /// The whole descent as a thin line, and where it ends.
  private static func paths(of valley: Valley) -> [Series] {
    let path = valley.path
    return [
      Series("descent", x: path.map(\.b), y: path.map(\.w), style: .line, color: 0),
      Series("end", x: path.suffix(1).map(\.b), y: path.suffix(1).map(\.w), style: .points, color: 1),
    ]
  }

  /// Features of unequal scale.
  static func addScales(to page: inout Page, _ findings: Findings) {
    let digits = findings.digits
    // Of both nets, whether one errs more with each pixel divided by its own deviation.
    let isHarmed = [findings.learning, findings.convolution].filter { $0.methods.contains(.pixelStandard) }
      .contains { isClear(findings.worse(.pixelStandard, $0)) && findings.worse(.pixelStandard, $0).mean > 0 }
    let (even, uneven) = (TwoScales(scale: 1), TwoScales(scale: 10))
    page.prose(
      """
      ## Two features on two scales

      Age in years and income in dollars are columns of one table, and their numbers have nothing in common. The feature with \
      the larger numbers has the larger gradient. It sets the learning rate, and the other one hardly moves. Dividing each \
      by its standard deviation gives both an equal say.
      """)
    page.figure(
      Figure(
        "A feature ten times as large costs \(uneven.steps) steps instead of \(even.steps)",
        exploring: FigureParameter("scale of the second feature", values: [1, 2, 4, 10], initial: 2),
        name: "scales",
        titles: { scale in
          let bowl = TwoScales(scale: scale)
          return scale == 1
            ? "On one scale the first step ends the descent"
            : "A feature \(short(scale)) times as large makes a zigzag: \(bowl.steps) steps"
        },
        captions: { scale in
          """
          The loss over the weights of two independent features; gradient descent from (0, 0) at the best rate. The curvatures \
          are 1 and \(fixed(TwoScales(scale: scale).condition, 0)).
          """
        }
      ) { scale in
        let bowl = TwoScales(scale: scale)
        return .contour(
          ContourPlot(
            x: Axis("weight of the first feature", range: TwoScales.plane),
            y: Axis("weight of the second feature", range: TwoScales.plane),
            heights: landscape(TwoScales.plane, TwoScales.plane) { bowl.loss($0, $1) },
            levels: [0.01, 0.05, 0.2, 0.5, 1, 3, 10, 30],
            paths: [
              Series("descent", x: bowl.path.x, y: bowl.path.y, style: .line, isEmphasized: true, color: 1)
            ],
            hasEqualScales: true))
      })
    page.project("The larger feature sets the rate for both")
    page.prose(
      """
      Pixels share a unit, so none is loud only because of its unit. Their spreads still differ, from nearly 0 in the corners to \
      \(digits.largestDeviation.map { "\(fixed($0, 2)) in the middle" } ?? "far more in the middle"); dividing by a deviation near 0 \
      could make the noise there as loud as the strokes; figure 7 finds \(isHarmed ? "that it costs errors" : "no harm from it") on \
      these digits. The lecture notes S2 advise centring images and leaving it at that.
      """)
  }

  /// The same for images of two pixels.
  static func addClouds(to page: inout Page, _ findings: Findings) {
    let straighter = findings.speedup(from: .raw, to: .meanImage)
    let condition = { (method: Method) in findings.meanOf(method) { $0.condition } }
    let mean = findings.clouds[Method.raw.rawValue][0].means
    page.prose(
      """
      ## Images of two pixels

      Take images of two pixels, so that each is a point in the plane. Both pixels are bright, the first brighter, and the \
      two go together, as neighbours in a photograph do. Two things describe the cloud of these points: its mean $\\mu$, and its \
      covariance matrix $\\Sigma$. On the diagonal of $\\Sigma$ stand the variances of both pixels, beside it their covariance \
      $E[(x_1 - \\mu_1)(x_2 - \\mu_2)]$, which is above 0 where both go together ($E$ is the mean over all images):

      $$\\mu = (\(fixed(mean[0], 1)),\\ \(fixed(mean[1], 1))) \\qquad \\Sigma = \(covariance(findings))$$

      The long and the short axis of the cloud are the *eigenvectors* of $\\Sigma$: the directions that $\\Sigma$ only stretches. It \
      stretches each by its *eigenvalue*, which is the variance of the cloud along it. (Check it, but for rounding: \
      $\(eigenvector(findings))$.) The usual preparations:

      - the **mean image** (AlexNet) has a number for each pixel: both means become 0;
      - the **channel mean** (VGG) is one number for a whole channel. A colour photograph has three channels, red, green and blue; a \
      grey one has one. It brings the average of both pixels to 0, but not each of them;
      - **channel std** (ResNet, as torchvision has it) subtracts the channel mean and divides by one standard deviation;
      - **PCA** (principal component analysis) turns the cloud so that its axes are the coordinates: these are uncorrelated;
      - **whitening** divides each of these by its standard deviation;
      - **pixel std** subtracts the mean image and divides each pixel by its own standard deviation.

      (The names in brackets are well-known nets that did so, chapter 11.)
      """)
    page.slide(
      "Six ways to prepare pixels: subtract, divide, turn",
      """
      - **mean image**: subtract from each pixel its own mean
      - **channel mean**: subtract one mean from all pixels
      - **channel std**: subtract one mean, divide by one deviation
      - **pixel std**: a mean and a deviation for each pixel
      - **PCA**: mean image, then turn the axes along the cloud
      - **whitened**: PCA, then divide along each axis: a round cloud
      """)
    page.figure(
      Figure(
        condition(.whitened) < 1.1
          ? "Subtract, and the cloud is at the origin; turn, and its axes are the coordinates; divide, and it is round"
          : "The preparations did not make the cloud round in this run",
        .images(
          ImageGrid(
            columns: 4,
            findings.methods.map { method in
              let steps = Int(findings.meanOf(method) { Double($0.steps) }.rounded())
              return findings.clouds[method.rawValue][0].picture(caption: "\(method.name): \(counted(steps, "step"))")
            }, isSigned: true)),
        caption: """
          200 images of two pixels, seed \(findings.seeds[0]): the first to the right, the second upwards, both from −3.5 to 7; the \
          pale lines are the axes. Steps: those \
          of gradient descent, at the rate that theory says is best, until the loss is a thousandth, for a linear unit with a bias \
          that is to learn x₁ − 2x₂ + 1 of the raw pixels. \(findings.overSeeds).
          """,
        name: "clouds", isWide: true))
    page.project(
      condition(.whitened) < 1.1
        ? "Subtract, turn, divide: the cloud becomes round" : "Here no preparation makes the cloud round")
    page.live(
      "cloud", "Move the cloud, stretch and turn it, prepare it, and descend",
      caption: """
        The unit beside the cloud is $w \\cdot x$, without a bias, so that its steps are not the figure's; it should learn the weights (1, −½) on the prepared numbers. What does \
        centring gain at this place, what at the origin? At which turn is standardizing as good as whitening? What happens \
        if the rate doubles?
        """,
      figure: "clouds",
      settings: [
        "method": 0, "along": 1.2, "across": 0.35, "turn": 36, "x": 4, "y": 2, "rate": 0.5, "speed": 1, "seed": 1,
      ])
    page.fold("The descent, in code") { $0.code("descend", in: "Clouds.swift") }
    page.prose(
      """
      For this cloud, four deviations from the origin, the mean alone is worth a factor of \(fixed(straighter.mean, 0)); farther \
      out it would be more. (By construction.) One mean for both pixels is \
      \(condition(.channelMean) > 2 * condition(.meanImage) ? "worse than one for each" : "as good as one for each") \
      here, because the two pixels differ. PCA needs \
      \(abs(findings.meanOf(.principal) { Double($0.steps) } - findings.meanOf(.meanImage) { Double($0.steps) }) < 1 ? "exactly as many steps as the mean image does" : "another number of steps than the mean image"): \
      gradient descent does not care how its axes are turned.
      """)
  }

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
      ? "Whitened, the dense net fits its own digits best and new ones worst."
      : isWorst ? "Whitened, the dense net errs most on new digits." : "Whitening makes the loss round."
    let filters =
      isBoth
      ? " The convolutional net makes \(filtered.mean < 0 ? "fewer" : "more") errors, over raw pixels too."
      : " The convolutional net neither gains nor loses clearly."
    return dense + filters
  }

  /// What PCA did to the convolutional net.
  private static func turningInShort(_ findings: Findings) -> String {
    let points = findings.worse(.principal, findings.convolution)
    return points.worded(
      above: "PCA's coordinates have no neighbours: they are not for convolutions.",
      below: "PCA did it good in this run.", withinChance: "PCA made it no worse beyond chance.")
  }

  /// What to do with images, and what was measured of it.
  private static func advice(_ findings: Findings, _ full: Findings?) -> String {
    let (net, centring) = (findings.convolution, findings.centring)
    let saves = centring.direction() == .below
    let centred =
      "At its best rate this saved our convolutional net \(saves ? "errors" : "no errors")"
    let isWide = findings.learning.widening != nil || net.widening != nil
    let paper = (findings.paper?.cost.error).flatMap { $0.direction() == .above ? $0 : nil }
    let recorded = findings.otherNets == nil ? full?.paper?.cost.error : nil
    let longer = recorded.map { " (\(fixed($0.mean, 1)) in the longer recorded run)" } ?? ""
    let white = paper.map { " on black paper, \(fixed($0.mean, 1)) points on white paper\(longer)" } ?? ""
    let wide =
      white + (isWide ? (saves || paper != nil ? "; and" : "; but") + " at large rates raw pixels fail first." : ".")
    guard net.methods.contains(.channelMean) else { return "For images: subtract the mean. \(centred)\(wide)" }
    let did = findings.divisionLowers ? "lowered an error" : "lowered no error"
    return
      "For images: subtract the mean. \(centred)\(wide)\n- Dividing by the channel's standard deviation \(did) at the best rate. "
      + "It makes published rates and initial weights fit."
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings, _ full: Findings?) {
    page.callout(
      .takeaway,
      """
      - \(advice(findings, full))
      - A mean in the inputs is a long valley in the loss. So is a feature in a much larger unit: divide features by their deviations.
      - \(whiteningInShort(findings)) \(turningInShort(findings))
      - Statistics come from the training set. Preprocessing reaches the first layer only: the others need chapters 4 and 5.
      """)
    page.slide(
      "Subtract the mean; learn it from the training set",
      """
      - A mean in the inputs, or one large feature, is a long valley in the loss.
      - PCA’s coordinates are no picture: a convolution does badly on them.
      - The test set has no part in any statistic or choice.
      """)
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
