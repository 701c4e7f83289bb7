// The page of chapter 3, from its findings alone.

import Foundation
import Workbook

extension Preprocessings {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page {
    var page = page(
      lead: """
        Before a network sees an image, something is usually subtracted from it, and sometimes something is divided by. It \
        looks like housekeeping. It decides how long the descent takes.
        """)
    addQuestion(to: &page, findings)
    addDerivation(to: &page)
    addClouds(to: &page, findings)
    addDigits(to: &page, findings)
    addComponents(to: &page, findings)
    addExperiment(to: &page, findings)
    addRates(to: &page, findings)
    addInk(to: &page, findings)
    addSigns(to: &page, findings.signs)
    addWhitening(to: &page, findings)
    addLeaks(to: &page, findings)
    addCamera(to: &page, findings.leaks)
    addErrata(to: &page, findings.digits)
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, findings)
    return page
  }

  /// The question, and the valley that a mean digs.
  static func addQuestion(to page: inout Page, _ findings: Findings) {
    let (valleys, valleyAt3, offsets) = (findings.valleys, findings.valleyAt3, findings.valleys.map(\.offset))
    page.prose(
      """
      ## The question

      Pixels are never negative. A network that is fed with them could learn to cope: its first biases can subtract any \
      mean, its first weights can divide by anything. Why do it for the network, then, and what of it matters?

      ## One weight and one bias

      The smallest network has one input $x$, one weight $w$, one bias $b$. Its loss over $w$ and $b$ is a valley. If $x$ has \
      mean 0 and standard deviation 1, the valley is round, and gradient descent walks straight to the bottom. Now let $x$ \
      have a mean $m$: a change of $w$ by 1 can then be undone, nearly, by a change of $b$ by $-m$. Along that direction the \
      loss hardly changes, across it steeply.
      """)
    page.predict(
      """
      With mean 0, one step of the best size ends the descent. The inputs now have mean 3 (and still standard deviation 1). \
      How many steps until the loss is a thousandth of what it was, about?
      """,
      choices: ["1", "10", "200", "5000"], answer: Double(valleyAt3.steps),
      "The valley is \(fixed(valleyAt3.condition, 0)) times as steep across as it is along: the ratio of the eigenvalues of the curvature."
    )
    page.figure(
      Figure(
        (valleys.last?.condition ?? 1) > 10 * valleys[0].condition
          ? "A mean of \(short(offsets[offsets.count - 1])) makes a round valley \(fixed(valleys.last?.condition ?? 1, 0)) times as steep across as along"
          : "The mean of the inputs hardly changes the valley",
        exploring: FigureParameter(
          "mean m of the inputs", values: offsets, initial: offsets.firstIndex { $0 >= 1 } ?? 0),
        caption: """
          The loss of one linear unit over its weight and bias, for 500 inputs of standard deviation 1, with the path of \
          gradient descent from (0, 0) at the best learning rate, 2/(λmax + λmin).
          """,
        name: "valley"
      ) { offset in
        let valley = valleys.first { $0.offset == offset } ?? valleys[0]
        return .contour(
          ContourPlot(
            x: Axis("weight w", range: Valley.weights), y: Axis("bias b", range: Valley.biases),
            heights: valley.heights(),
            levels: [0.02, 0.1, 0.3, 1, 3, 10, 30],
            paths: [
              Series(
                "κ = \(short(valley.condition)), \(valley.steps) \(valley.steps == 1 ? "step" : "steps")",
                x: valley.path.map(\.w), y: valley.path.map(\.b), color: 1)
            ]))
      })
  }

  static func addDerivation(to page: inout Page) {
    page.prose(
      """
      ## The derivation

      For a linear unit with squared error the curvature of the loss is

      $$H = E[\\tilde{x}\\,\\tilde{x}^T], \\qquad \\tilde{x} = (x, 1)$$

      Its eigenvalues $\\lambda$ are how steep the loss is in each direction. A learning rate above $2/\\lambda_{\\mathrm{max}}$ diverges; \
      with any below it the flattest direction still needs about $\\kappa = \\lambda_{\\mathrm{max}}/\\lambda_{\\mathrm{min}}$ steps. With mean $\\mu$ and \
      covariance $\\Sigma$ the part of the weights is

      $$E[x x^T] = \\Sigma + \\mu \\mu^T$$

      - **Subtracting the mean** takes away $\\mu \\mu^T$, a single direction that can be steeper than all others together, and \
      decouples the weights from the bias.
      - **Dividing by standard deviations** makes the diagonal of $\\Sigma$ equal.
      - **Turning the axes** (PCA) makes $\\Sigma$ diagonal, but leaves its eigenvalues, and so $\\kappa$, as they are.
      - **Whitening**, turning and then dividing, makes $\\Sigma$ the identity: $\\kappa = 1$.
      """)
    page.sideNote("LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, section 4.3, and section 5 for κ.")
  }

  /// The same for images of two pixels.
  static func addClouds(to page: inout Page, _ findings: Findings) {
    let (clouds, straighter) = (findings.clouds, findings.speedup(from: .raw, to: .meanImage))
    page.prose(
      """
      ## Images of two pixels

      Take images of two pixels, so that each is a point in the plane. Both pixels are bright, the first brighter, and the \
      two go together, as neighbours in a photograph do. Here is what the usual preparations make of the cloud:

      - the **mean image** (AlexNet) has a number for each pixel: both means become 0;
      - the **channel mean** (VGG) is a single number for all pixels of a channel: what is left of the two means differs;
      - **channel mean and standard deviation** (ResNet, as torchvision has it) divides by one number as well;
      - **PCA** turns the cloud so that its axes are the coordinates;
      - **whitening** divides each of them by its standard deviation.
      """)
    let isRound =
      abs(findings.meanOf(.meanImage) { $0.means[0] }) < 0.01
      && abs(findings.meanOf(.principal) { $0.correlation }) < 0.01
      && abs(findings.meanOf(.whitened) { $0.deviations[0] / $0.deviations[1] } - 1) < 0.05
    page.figure(
      Figure(
        isRound
          ? "Subtract, and the cloud is at the origin; turn, and its axes are the coordinates; divide, and it is round"
          : "The preparations did not make the cloud round in this run",
        exploring: FigureParameter("way", values: Method.allCases.map { Double($0.rawValue + 1) }, initial: 1),
        caption: """
          200 images of two pixels, seed \(findings.seeds[0]); in grey as they were. Ways: \
          \(Method.allCases.map { "\($0.rawValue + 1) \($0.name)" }.joined(separator: ", ")).
          """,
        name: "clouds"
      ) { way in
        let report = clouds[Int(way) - 1][0]
        return .lines(
          LineChart(
            x: Axis("first number", range: -4...8), y: Axis("second number", range: -4...5),
            (report.method == .raw
              ? [] : [Series("raw", x: clouds[0][0].x, y: clouds[0][0].y, style: .points, color: 6)])
              + [Series(report.method.name, x: report.x, y: report.y, style: .points, isEmphasized: true, color: 0)],
            references: [.init(.horizontal, at: 0, ""), .init(.vertical, at: 0, "")]))
      })
    page.prose(
      """
      How good is each for a descent? A linear unit learns a linear function of the two pixels, by gradient descent on all \
      200, at the rate that theory says is best.
      """)
    page.code("descend", in: "Clouds.swift")
    page.table(
      Table(
        "The cloud, prepared, and the descent on it (\(findings.overSeeds.lowercased()))",
        columns: [
          "way", .init("means", digits: 1), .init("standard deviations"), .init("correlation", digits: 2),
          .init("κ", digits: 1), .init("steps", digits: 0),
        ],
        rows: Method.allCases.map { method in
          let deviations = [findings.meanOf(method) { $0.deviations[0] }, findings.meanOf(method) { $0.deviations[1] }]
          let means = [findings.meanOf(method) { $0.means[0] }, findings.meanOf(method) { $0.means[1] }]
          return [
            TableCell(method.name),
            TableCell(
              means.map { fixed($0, 1) }.joined(separator: ", ")),
            TableCell(deviations.map { fixed($0, 2) }.joined(separator: ", ")),
            TableCell(findings.meanOf(method) { abs($0.correlation) < 1e-4 ? 0 : $0.correlation }),
            TableCell(findings.meanOf(method) { $0.condition }),
            TableCell(findings.meanOf(method) { Double($0.steps) }),
          ]
        }))
    page.prose(
      """
      The mean alone is worth a factor of \(straighter.formatted(decimals: 0)). One mean for both pixels is \
      \(findings.meanOf(.channelMean) { $0.condition } > 2 * findings.meanOf(.meanImage) { $0.condition } ? "worse than one for each" : "as good as one for each") \
      here, because the two pixels differ. PCA needs \
      \(abs(findings.meanOf(.principal) { Double($0.steps) } - findings.meanOf(.meanImage) { Double($0.steps) }) < 1 ? "exactly as many steps as the mean image does" : "another number of steps than the mean image"): \
      gradient descent does not care how its axes are turned.
      """)
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    page.callout(
      .takeaway,
      """
      - A mean in the inputs is a long valley in the loss. Without it the descent on two pixels took \
      \(findings.speedup(from: .raw, to: .meanImage).formatted(decimals: 0)) times fewer steps.\
      \(findings.centringHurts ? " On digits subtracting the mean image lowered the training loss and raised the test error: easier to learn is not the same as better." : "")
      - Dividing by one standard deviation sets the scale that learning rates and first weights expect.
      - PCA alone changes nothing for a dense layer; whitening does, and amplifies noise unless $\\varepsilon$ is large enough.
      - Statistics are learned. They come from the training set, and are kept with the weights.
      - It helps the first layer only: the layers behind it need chapters 4 and 5.
      """)
    page.exercises()
    page.furtherReading([
      "LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, in Neural Networks: Tricks of the Trade",
      "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*, section 2",
      "Simonyan and Zisserman 2015, *Very deep convolutional networks*, arXiv:1409.1556, section 2.1",
      "He et al. 2016, *Deep residual learning for image recognition*, arXiv:1512.03385, section 3.4",
      "Bell and Sejnowski 1997, *The \"independent components\" of natural scenes are edge filters*, doi:10.1016/S0042-6989(97)00121-1",
    ])
  }
}
