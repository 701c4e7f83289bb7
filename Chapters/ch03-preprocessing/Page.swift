// The page of chapter 3, from its findings alone.

import Foundation
import Workbook

extension Preprocessings {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    // What takes a full run is told from the recorded one; so is all else where that is the larger one.
    let kept = recorded.map(\.findings).flatMap { $0.data == findings.data ? $0 : nil }
    let larger = kept.flatMap { $0.digits.trainingCount > findings.digits.trainingCount ? $0 : nil }
    let today = larger == nil ? nil : findings
    let findings = larger ?? findings
    let full = findings.otherNets == nil ? kept : findings
    let photographs = findings.photographs ?? kept?.photographs
    var page = page(lead: lead(findings, photographs))
    page.slide(
      "What should be done to pixels before they are learned?",
      "A network could learn to subtract a mean by itself. Why do it for the network?")
    addQuestion(to: &page, findings, photographs)
    addScales(to: &page, findings)
    addClouds(to: &page, findings)
    addDerivation(to: &page, findings)
    addInk(to: &page, findings, full)
    addPhotographs(to: &page, photographs)
    addComponents(to: &page, findings)
    addDigits(to: &page, findings)
    addExperiment(to: &page, findings, full)
    addWhitening(to: &page, findings)
    addLeaks(to: &page, findings)
    addErrata(to: &page, findings.digits)
    if let today { addToday(to: &page, today) }
    page.reportsRecord = larger != nil
    // The claims of the run just made: what the record says of them is put in front of it later.
    claims(today ?? findings).forEach { page.claim($0) }
    addEnding(to: &page, findings, photographs)
    return page
  }

  /// What the chapter finds, in a few sentences.
  private static func lead(_ findings: Findings, _ photographs: PhotographFindings?) -> String {
    let (raw, centred) = (findings.ink.best(.raw), findings.ink.best(.meanImage))
    let black = findings.learning.best(.raw).error - findings.learning.best(.meanImage).error
    let opening = "We usually subtract a mean from images."
    guard (raw.loss - centred.loss).direction() == .above else {
      return opening + " This looks like housekeeping, but it can decide how long gradient descent takes."
    }
    let onBlack = black.worded(
      above: "On MNIST, white on black, this saves errors",
      below: "On MNIST, white on black, this costs errors",
      withinChance: "On MNIST, white on black, this hardly changes the test error")
    return """
      \(opening) \(onBlack). Without it, on white paper, a small net’s training loss ends \(fixed((raw.loss / centred.loss).mean, 0)) times \
      as high. \(photographsInShort(photographs, called: "it"))
      """
  }

  /// The question, and the valley that a mean digs.
  static func addQuestion(
    to page: inout Page, _ findings: Findings, _ photographs: PhotographFindings?
  ) {
    let (valleys, valleyAt3, offsets) = (findings.valleys, findings.valleyAt3, findings.valleys.map(\.offset))
    page.prose(
      """
      ## The question

      Pixels are never negative, so their mean is not 0. To subtract it is called *centring*. A net could learn to handle that: the biases of its first layer can \
      subtract any mean, and the weights can divide by anything. Why do we do it for the net, then, and which part matters?

      In practice it takes three lines, here in NumPy, and one in PyTorch:

      ```text
      train, test = train / 255, test / 255  # pixels from 0 to 1
      mean, std = train.mean(), train.std()  # TRAINING images only; save them
      x = (x - mean) / std                   # the same for every image

      transforms.Normalize((mean,), (std,))  # PyTorch, after ToTensor()
      ```

      A colour image has a mean and a std for each of its three channels. \(photographAnswer(photographs))

      ## One weight and one bias

      The smallest net has one input $x$, one weight $w$ and one bias $b$. It has to learn $t = x - m + \\frac{1}{2}$, where $m$ is \
      the mean of $x$. The loss is half the mean square of the error. If we draw it as a height over the plane of $w$ and $b$, we see a valley. If $x$ has mean 0 and \
      standard deviation 1, the valley is round, and gradient descent goes straight to the bottom.

      For another mean, write $wx + b = w(x - m) + (b + wm)$. Now let $w$ grow by 1 and $b$ fall by $m$. The second part stays the \
      same, so the output changes only by $x - m$, which has size 1 for any $m$. But the move itself is long: in the plane of $w$ and \
      $b$ it has the length $\\sqrt{1 + m^2}$. With the ½ in the loss, the curvature in a direction is the mean square of the change of \
      the output, divided by the square of the length of the move. Along this direction it is $1/(1 + m^2)$, which is \(short(1 / (1 + valleyAt3.offset * valleyAt3.offset))) for \
      $m = \(short(valleyAt3.offset))$.

      Across it, let $w$ grow by $m$ and $b$ by 1. This move is just as long, but the output changes by $mx + 1$, on average by $m^2 + 1$. The mean \
      square of this change is about $(m^2 + 1)^2$, and the square of the length is $m^2 + 1$. So the curvature is about \
      $(m^2 + 1)^2/(m^2 + 1) = m^2 + 1$, here \(short(1 + valleyAt3.offset * valleyAt3.offset)). So the valley is about \
      $(1 + m^2)^2 = \(short((1 + valleyAt3.offset * valleyAt3.offset) * (1 + valleyAt3.offset * valleyAt3.offset)))$ times as curved across \
      as along. (The exact number, \(fixed(valleyAt3.condition, 0)) for the inputs of figure 1, follows below.)
      """)
    page.predict(
      """
      With mean 0, one step of the best size ends the descent. Now the inputs have mean 3; their standard deviation \
      is still 1. About how many steps does it take until the loss is a thousandth of its first value?
      """,
      choices: ["1", "10", "200", "5000"], answer: Double(valleyAt3.steps),
      "Across, the valley is \(fixed(valleyAt3.condition, 0)) times as curved as along, and the number of steps is about 1.7 times this ratio (derived below)."
    )
    page.project("Inputs of mean 3: how many steps to the bottom?")
    page.figure(
      Figure(
        (valleys.last?.condition ?? 1) > 10 * valleys[0].condition
          ? "A mean of \(short(offsets[offsets.count - 1])) makes the valley \(fixed(valleys.last?.condition ?? 1, 0)) times as curved across as along"
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
            The loss of one linear unit over its bias and weight, for 500 inputs of standard deviation 1. Across, the valley is \
            \(fixed(valley.condition, valley.condition < 10 ? 1 : 0)) times as curved as along. The line is gradient descent from \
            (0, 0) at the best learning rate, until the loss is a thousandth of its first value.
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
    // The nets that err more with each pixel divided by its own deviation.
    let harmed = [("dense net", findings.learning), ("convolutional net", findings.convolution)]
      .filter { $0.1.methods.contains(.pixelStandard) && findings.worse(.pixelStandard, $0.1).direction() == .above }
    let (even, uneven) = (TwoScales(scale: 1), TwoScales(scale: 10))
    page.prose(
      """
      ## Two features on two scales

      Age in years and income in dollars may be two columns of one table, and their numbers have very different sizes. The \
      feature with the larger numbers has the larger gradient. It limits the learning rate, and the weight of the other feature \
      hardly moves. If we divide each feature by its standard deviation, both have the same size.
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
          The loss over the weights of two independent features, with gradient descent from (0, 0) at the best rate. The two \
          curvatures are 1 and \(fixed(TwoScales(scale: scale).condition, 0)).
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
      All pixels have the same unit. But their standard deviations still differ, from nearly 0 in the corners to \
      \(digits.largestDeviation.map { "\(fixed($0, 2)) in the middle" } ?? "far more in the middle"). Dividing by a deviation near 0 \
      could make the noise there as large as the strokes. On digits it \(harmed.isEmpty
        ? "does no harm beyond chance" : "costs the \(harmed.map(\.0).joined(separator: " and the ")) errors") \
      (*Seven preparations on black paper*). Stanford’s course CS231n advises to centre images and to do no more. The notes S2 on that lecture \
      say the same; their sentences are tested below the takeaway.
      """)
  }

  /// The same for images of two pixels.
  static func addClouds(to page: inout Page, _ findings: Findings) {
    let straighter = findings.speedup(from: .raw, to: .meanImage).values[0]
    // The cloud that is drawn, everywhere.
    let condition = { (method: Method) in findings.clouds[method.rawValue][0].condition }
    let steps = { (method: Method) in findings.clouds[method.rawValue][0].steps }
    let mean = findings.clouds[Method.raw.rawValue][0].means
    page.prose(
      """
      ## Images of two pixels

      Take images of two pixels, so that each image is a point in the plane. Both pixels are bright, the first is brighter, and \
      when one is bright the other tends to be bright too, as with neighbours in a photograph. Two things describe the cloud of \
      these points: its mean $\\mu$ and its covariance matrix $\\Sigma$. The diagonal of $\\Sigma$ holds the variances of the two \
      pixels. The other entries hold their covariance $E[(x_1 - \\mu_1)(x_2 - \\mu_2)]$, where $E$ is the mean over all images:

      $$\\mu = (\(fixed(mean[0], 1)),\\ \(fixed(mean[1], 1))) \\qquad \\Sigma = \(covariance(findings))$$

      The long and the short axis of the cloud are the *eigenvectors* of $\\Sigma$: the directions that $\\Sigma$ only stretches. It \
      stretches each by its *eigenvalue*, which is the variance of the cloud in this direction. (Check it, up to rounding: \
      $\(eigenvector(findings))$.) These are the usual preparations; a well-known net that uses one is named in brackets (chapter 11):

      - **Mean image** (AlexNet): subtract from each pixel its own mean. Both means become 0.
      - **Channel mean** (VGG): subtract one number for a whole channel. A colour photograph has three channels, red, green and \
      blue; a grey image has one. The average of all pixels becomes 0, but not the mean of each pixel.
      - **Channel std** (ResNet in PyTorch's library torchvision): subtract the channel mean, then divide by one standard deviation.
      - **PCA** (principal component analysis): subtract the mean image, then turn the cloud so that its axes become the \
      coordinates. These are uncorrelated.
      - **Whitened**: PCA, then divide each coordinate by its standard deviation.
      - **Pixel std**: subtract the mean image, then divide each pixel by its own standard deviation.
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
    let raw = findings.clouds[Method.raw.rawValue][0]
    page.figure(
      Figure(
        condition(.whitened) < 1.1
          ? "Subtracting moves the cloud to the origin, turning aligns its axes, dividing makes it round"
          : "The preparations did not make the cloud round in this run",
        exploring: FigureParameter(
          "preparation", names: findings.methods.map(\.name),
          initial: findings.methods.firstIndex(of: .whitened) ?? 0),
        caption: """
          200 images of two pixels, raw (grey) and prepared. The dashed lines cross at the origin. The steps are those that gradient \
          descent needs until the loss is a thousandth of its first value: a linear unit with a bias learns x₁ − 2x₂ + 1 of the raw \
          pixels, at the best rate in theory.
          """,
        name: "clouds",
        titles: { place in
          let method = findings.methods[Int(place)]
          return
            "\(method.name.prefix(1).uppercased() + method.name.dropFirst()): \(counted(steps(method), "step"))"
        }
      ) { place in
        let method = findings.methods[Int(place)]
        let cloud = findings.clouds[method.rawValue][0]
        let before = Series("raw", x: raw.x, y: raw.y, style: .points, color: 6)
        return .lines(
          LineChart(
            x: Axis("first number", range: -4...8), y: Axis("second number", range: -4...5),
            method == .raw
              ? [before]
              : [before, Series(method.name, x: cloud.x, y: cloud.y, style: .points, isEmphasized: true, color: 0)],
            references: [.init(.horizontal, at: 0, ""), .init(.vertical, at: 0, "")], hasEqualScales: true))
      })
    page.project(
      condition(.whitened) < 1.1
        ? "Subtract, turn, divide: the cloud becomes round" : "Here no preparation makes the cloud round")
    page.live(
      "cloud", "Move the cloud, stretch and turn it, prepare it, and descend",
      caption: """
        κ says how many times the loss is as curved across the valley as along it; λmax is its largest curvature. The next \
        section derives both, and that a rate above 2/λmax makes descent diverge. This unit is $w \\cdot x$ without a bias, and it should learn \
        the weights (1, −½) on the prepared numbers. So its κ and its steps differ from those in figure 3.
        """,
      figure: "clouds",
      settings: [
        "method": 0, "along": 1.2, "across": 0.35, "turn": 36, "x": 4, "y": 2, "rate": 0.5, "speed": 1, "seed": 1,
      ])
    page.prose(
      """
      This is the descent in NumPy, with a 1 at the end of each row of `X` for the bias, and targets `t`:

      ```python
      H = X.T @ X / len(X)                      # the second derivatives, derived below
      e = np.linalg.eigvalsh(H)                 # the curvatures, the smallest first
      rate = 2 / (e[0] + e[-1])
      w = np.zeros(H.shape[0])
      for step in range(1000):
          w -= rate * (H @ w - X.T @ t / len(X))
      ```
      """)
    page.fold("The same in Swift, with the steps counted") { $0.code("descend", in: "Clouds.swift") }
    page.prose(
      """
      This cloud lies four standard deviations from the origin. Subtracting the mean image alone makes descent \
      \(fixed(straighter, 0)) times faster; with a larger mean it would gain more. One mean for both pixels is \
      \(condition(.channelMean) > 2 * condition(.meanImage) ? "worse than one mean for each" : "as good as one mean for each") \
      here, because the two pixels have different means. PCA needs \
      \(steps(.principal) == steps(.meanImage) ? "exactly as many steps as the mean image does" : "another number of steps than the mean image"), \
      because turning the axes changes nothing for gradient descent.
      """)
  }
}
