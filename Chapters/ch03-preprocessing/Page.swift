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
      "A net could learn to subtract a mean by itself. Why do it for the net?")
    let rule = findings.rule ?? full?.rule ?? []
    addQuestion(to: &page, findings, full, rule, photographs)
    addClouds(to: &page, findings, findings.strips ?? full?.strips ?? [])
    addInk(to: &page, findings)
    addSpectrum(to: &page, findings, findings.spectrum ?? full?.spectrum)
    addOthers(to: &page, findings, full, photographs)
    addPhotographs(to: &page, photographs)
    addDivision(to: &page, rule, photographs)
    addStatistics(to: &page, findings.leaks)
    addWhitening(to: &page, findings)
    addAdvice(to: &page, findings, full, rule, photographs)
    if let today { addToday(to: &page, today) }
    page.reportsRecord = larger != nil
    // The claims of the run just made: what the record says of them is put in front of it later.
    claims(today ?? findings).forEach { page.claim($0) }
    addEnding(to: &page, findings, rule, photographs)
    return page
  }

  /// The recommendation, and why, with at most one number and its conditions.
  private static func lead(_ findings: Findings, _ photographs: PhotographFindings?) -> String {
    let (raw, centred) = (findings.ink.best(.raw).loss, findings.ink.best(.meanImage).loss)
    guard (raw - centred).direction() == .above else {
      return
        "Subtract the mean of the pixels? It looks like housekeeping, but it can decide how long gradient descent takes."
    }
    guard let end = photographs?.ending, let saved = end.ownPoints(.channelMean, than: .raw)?.negated,
      saved.direction() == .above
    else {
      return """
        Subtract the channel mean of the training pixels. But why does a mean do harm, when every bias could learn to subtract it?
        """
    }
    return """
      Subtract the channel mean of the training pixels. On photographs this saved our net without batch norm (chapter 5) \(fixed(saved.mean, 1)) \
      points of error in \(end.epochs) epochs\(behindNorm(end)). But why does a mean do harm, when every bias could learn to subtract it?
      """
  }

  /// The question, and the valley that a mean digs.
  static func addQuestion(
    to page: inout Page, _ findings: Findings, _ full: Findings?, _ rule: [RuleTable],
    _ photographs: PhotographFindings?
  ) {
    let (valleys, valleyAt3, offsets) = (findings.valleys, findings.valleyAt3, findings.valleys.map(\.offset))
    let m = valleyAt3.offset
    let square = 1 + m * m
    page.prose(
      """
      ## The question

      Pixels are never negative, so their mean is not 0. To subtract the mean is called *centring*. \(reasons(photographs)) One line of code removes the mean, here for the photographs of CIFAR-10:

      ```python
      import torch
      from torchvision import datasets
      train = datasets.CIFAR10("data", download=True)
      test = datasets.CIFAR10("data", train=False)
      mean = train.data.mean(axis=(0, 1, 2)) / 255  # of each channel; TRAINING images only

      def prepare(images):                          # bytes, [N, H, W, C]
          x = torch.tensor(images).permute(0, 3, 1, 2) / 255
          return x - torch.tensor(mean).float().view(3, 1, 1)

      x, y = prepare(train.data), torch.tensor(train.targets)
      x_test, y_test = prepare(test.data), torch.tensor(test.targets)
      ```

      \(choices(rule, photographs))

      \(imageWords(findings, photographs))\(bytesWords(full))
      """)
    page.prose(
      """
      ## One weight and one bias

      The smallest net has one input $x$, one weight $w$ and one bias $b$. It has to learn $t = x - m + \\frac{1}{2}$, where $m$ is \
      the mean of $x$; the ½ gives the bias something to learn. The loss is half the mean square of the error. Drawn as a height over the plane of $w$ and $b$, it is a valley. \
      If $x$ has mean 0 and standard deviation 1, the valley is round, and gradient descent goes straight to the bottom.

      Now take mean \(short(m)). Raise $w$ by 1 and lower $b$ by \(short(m)): for the input \(short(m)) the output does not change. \
      Raise $w$ by \(short(m)) and $b$ by 1 instead, a move of the same length: the output grows by \(short(square)). So the loss \
      hardly notices the first move, and along the second one it grows fast. The valley is long and narrow: \
      \(fixed(valleyAt3.condition, 0)) times as curved across as along.

      Both directions share one learning rate. If it is too large, each step across lands higher up on the other side, and the loss \
      grows. **So the most curved direction limits the rate, and at this rate the steps along the valley are small.**
      """)
    page.predict(
      """
      With mean 0, one step of the best size ends the descent. Now the inputs have mean 3; their standard deviation \
      is still 1. About how many steps does it take until the loss is a thousandth of its first value?
      """,
      choices: ["1", "10", "200", "5000"], answer: Double(valleyAt3.steps),
      """
      The bias can learn to subtract the mean, but the way there is the long axis, and the curvature across it holds the rate small.
      """
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

  /// The two reasons, as far as they were found.
  private static func reasons(_ photographs: PhotographFindings?) -> String {
    let valley = """
      In our dense net (tanh) a large mean makes the loss a long, narrow valley, and descent in it is slow.
      """
    guard let causes = causes(photographs?.ending) else { return valley }
    return """
      There are two reasons to do it. \(valley) Our convolutional net has ReLU behind *filters*: small windows of weights that slide over the image \
      (chapter 9). There, \(causes).
      """
  }

  /// What pixels from 0 to 255 do, and why; empty where that was not measured.
  private static func bytesWords(_ full: Findings?) -> String {
    guard full?.otherNets != nil else { return "" }
    return """
       **Do not forget to divide by 255.** Else the first sums of our dense net start 255 times as large, far out where tanh is flat, and its \
      first weights hardly learn (chapter 2).
      """
  }

  /// The whole descent as a thin line, and where it ends.
  private static func paths(of valley: Valley) -> [Series] {
    let path = valley.path
    return [
      Series("descent", x: path.map(\.b), y: path.map(\.w), style: .line, color: 0),
      Series("end", x: path.suffix(1).map(\.b), y: path.suffix(1).map(\.w), style: .points, color: 1),
    ]
  }

  /// The same for images of two pixels.
  static func addClouds(to page: inout Page, _ findings: Findings, _ strips: [Strip]) {
    let straighter = findings.speedup(from: .raw, to: .meanImage).values[0]
    // The cloud that is drawn, everywhere.
    let condition = { (method: Method) in findings.clouds[method.rawValue][0].condition }
    let steps = { (method: Method) in findings.clouds[method.rawValue][0].steps }
    let taken = { (method: Method) in counted(steps(method), "step") }
    page.prose(
      """
      ## Images of two pixels

      Take images of two pixels: each is a point in the plane. When one pixel is bright the other tends to be bright too, as with \
      neighbours in a photograph. So the points form a long cloud, away from the origin.

      These are the usual preparations, with a well-known net that uses it in brackets (chapter 11). Descent on the raw images takes \
      \(steps(.raw)) steps:

      - **Mean image** (AlexNet), \(taken(.meanImage)): subtract from each pixel its own mean.
      - **Channel mean** (VGG), \(taken(.channelMean)): subtract one number for a whole channel (red, green and blue; a grey image has one).
      - **Mean and std** (ResNet in torchvision), \(taken(.channelStandard)): subtract the channel mean, then divide by one standard deviation.
      - **PCA** (principal component analysis), \(taken(.principal)): subtract the mean image, then turn the cloud so that its axes become the coordinates.
      - **Whitened**, \(taken(.whitened)): PCA, then divide each coordinate by its standard deviation.
      """)
    page.slide(
      "Ways to prepare pixels: subtract, divide, turn",
      """
      - **mean image**: subtract from each pixel its own mean
      - **channel mean**: subtract one mean from all pixels
      - **mean and std**: subtract one mean, divide by one deviation
      - **PCA**: mean image, then turn the axes along the cloud
      - **whitened**: PCA, then divide along each axis: a round cloud
      """)
    let raw = findings.clouds[Method.raw.rawValue][0]
    // Those of the list, in its order.
    let shown = findings.methods.filter { $0 != .pixelStandard }
    page.figure(
      Figure(
        condition(.whitened) < 1.1
          ? "Subtracting moves the cloud to the origin, turning aligns its axes, dividing makes it round"
          : "The preparations did not make the cloud round in this run",
        exploring: FigureParameter(
          "preparation", names: shown.map(\.name), initial: shown.firstIndex(of: .meanImage) ?? 0),
        caption: """
          200 images of two pixels, raw (grey) and prepared; the dashed lines cross at the origin. A linear unit with a bias learns \
          x₁ − 2x₂ + 1 of the raw pixels at the best rate, until the loss is a thousandth of its first value.
          """,
        name: "clouds",
        titles: { place in
          let method = shown[Int(place)]
          return
            "\(capitalized(method.name)): \(counted(steps(method), "step"))"
        }
      ) { place in
        let method = shown[Int(place)]
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
        κ: how many times the loss is as curved across the valley as along it; λmax: its largest curvature. This unit has no bias, so \
        κ and the steps of raw pixels are smaller than in figure 2.
        """,
      figure: "clouds",
      settings: [
        "method": 0, "along": 1.2, "across": 0.35, "turn": 36, "x": 4, "y": 2, "rate": 0.5, "speed": 1, "seed": 1,
      ])
    page.prose(
      """
      **Subtracting the mean image alone makes descent \(fixed(straighter, 0)) times faster here.** A large mean makes the loss curve sharply in one \
      direction, that of the mean. The rest of the narrowness comes from the shape of the cloud, and whitening removes it.
      """)
    page.fold("The derivation: how the mean makes the valley narrow") { addHessian(to: &$0, findings) }
    addStrips(to: &page, strips)
  }
}
