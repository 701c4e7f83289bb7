// The page of chapter 2, from its findings alone.

import Foundation
import Workbook

extension Activations {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    // One run for all figures and all numbers in the text: the recorded one, where it is of the same data.
    let kept = findings.sizes == nil ? recorded.map(\.findings).flatMap { $0.data == findings.data ? $0 : nil } : nil
    let shown = kept ?? findings
    var page = page(lead: shown.lead)
    page.slide("Which function should stand between two layers?", "And what comes before it?")
    addQuestion(to: &page, shown, isRecorded: kept != nil)
    addBends(to: &page)
    addSigmoid(to: &page, shown)
    addDepth(to: &page, shown)
    addZigZag(to: &page, shown)
    addReLU(to: &page, shown)
    addDeadUnits(to: &page, shown)
    addDeepNets(to: &page, shown)
    if let nets = shown.firstWeights { addFirstWeights(to: &page, nets, shown.check) }
    addAdvice(to: &page, shown)
    addRectifiers(to: &page, shown)
    addRace(to: &page, shown)
    addCosts(to: &page, shown.costs)
    addErrata(to: &page)
    page.reportsRecord = kept != nil
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, shown)
    return page
  }

  /// Why there is a function at all.
  static func addQuestion(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    page.prose(
      """
      ## The question

      Two dense layers, one after the other, are a single dense layer: $W_2(W_1 x) = (W_2 W_1)x$. So a function that \
      is not a straight line must \
      stand between them: the **activation**. From 1986 until about 2010 it was the sigmoid or tanh; since then, in \
      convolutional \
      nets, it is mostly ReLU.
      \(isRecorded ? "\nThe numbers come from the recorded run; the claims show today's smaller one as well." : "")
      """)
    page.table(doing(findings))
    page.prose(
      """
      \(findings.firstWeights.map { "\"Instead of\": from PyTorch's default weights. \($0.timeWords)" } ?? "")\
      Momentum and Adam: chapter 1.

      A unit's *sum* (pre-activation) is $w \\cdot x + b$, the input of its activation. *Batch norm* shifts and \
      scales it, over the batch, to mean 0 and standard deviation 1 (chapter 5). *He's weights* are an \
      *initialization*: random first weights with a standard deviation of $\\sqrt{2/n}$ for $n$ inputs (chapter 4).

      Three nets learn digits (\(findings.data), standardized: mean 0, standard deviation 1) on this page, in batches of \
      32:

      - the *two-layer net*: two hidden dense layers of \(hiddenUnits / 2) units, \(grouped(findings.census.steps)) \
      steps;
      - the *deep net*: \(DeepNet.depth) hidden dense layers of \(DeepNet.width) units (in one table also 3 and 16), \
      \(grouped(findings.deepNets.steps)) steps;
      - the *conv net*: two convolutions and one dense layer, \
      \(grouped(findings.settings?.steps ?? findings.race.limit)) steps.
      """)
  }

  /// What a layer of ReLUs can draw.
  static func addBends(to page: inout Page) {
    page.prose(
      """
      ## Why a layer needs a bend

      $\\mathrm{ReLU}(x) = \\max(0, x)$ is a hinge: flat on one side, straight on the other. A hidden layer of $n$ \
      ReLUs adds \
      up $n$ hinges. Left of all of them it is flat, and at each hinge the line bends once. So **$n$ hinges and a bias \
      can draw any broken line of $n$ pieces that begins at the first hinge**. \
      In NumPy, with the hinges' places in `k` and their changes of slope in `v`, the layer is one line:

      ```python
      y = b + np.maximum(0, x[:, None] - k) @ v
      ```
      """)
    let counts = [1, 2, 5, 8, 16]
    let (eight, sixteen) = (Hinges(units: 8), Hinges(units: 16))
    page.figure(
      Figure(
        "Eight ReLUs follow the curve to within \(short(eight.error)), sixteen to within \(short(sixteen.error))",
        exploring: FigureParameter("ReLUs", values: counts.map(Double.init), initial: 2),
        caption:
          "One hidden layer of ReLUs follows a sine. Grey: the hinges that it adds up, each from the place where it begins. They are placed by a formula, not trained.",
        name: "hinges",
        titles: { count in
          let fit = Hinges(units: Int(count))
          return Int(count) == 1
            ? "One ReLU can only draw a straight line through the ends"
            : "\(Int(count)) ReLUs follow the curve to within \(short(fit.error))"
        }
      ) { count in
        let fit = Hinges(units: Int(count))
        let hinges = fit.single()
        return .lines(
          LineChart(
            x: Axis("input"), y: Axis("output", range: -1.2...1.2),
            [
              Series("the curve", x: fit.x, y: fit.x.map(Hinges.curve), style: .line, color: 2),
              Series("the net", x: fit.x, y: fit.y, style: .line, isEmphasized: true, color: 0),
              Series("its hinges", x: hinges.x, y: hinges.y, style: .line, color: 6),
            ]))
      })
    page.project("A layer of ReLUs draws any broken line")
  }

  /// The two curves of old.
  static func addSigmoid(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Sigmoid and tanh

      The sigmoid is a smooth threshold, like the firing rate of a nerve cell.

      $$\\sigma(x) = \\frac{1}{1 + e^{-x}} \\qquad \\sigma' = \\sigma(1 - \\sigma)$$

      $$\\tanh x = 2\\sigma(2x) - 1 \\qquad \\tanh' = 1 - \\tanh^2$$

      **The sigmoid's slope is never above ¼**; tanh has slope 1 in the middle. Far out both are \
      flat. A unit whose sum lies far out is **saturated**: it lets almost no gradient through.
      """)
    // In Double: in Float 1 − tanh² of an output next to 1 is rounding.
    let x = (0...200).map { Double($0) / 10 - 10 }
    func slopes(_ scale: Double) -> [Double] { x.map { 1 / pow(cosh($0 / scale), 2) } }
    let (sigmoid, sigmoidSlope) = (x.map { 1 / (1 + exp(-$0)) }, slopes(2).map { $0 / 4 })
    let (first, second) = (Nonlinearity.sigmoid.color, Nonlinearity.tanh.color)
    page.figure(
      Figure(
        "At ±10 the sigmoid has only \(short(findings.slopeLeft.mean * 100)) % of its largest slope left",
        .lines(
          LineChart(
            x: Axis("x"), y: Axis("value, slope"),
            [
              Series("sigmoid", x: x, y: sigmoid, style: .line, isEmphasized: true, color: first),
              Series("slope of sigmoid", x: x, y: sigmoidSlope, style: .line, color: first),
              Series("tanh", x: x, y: x.map { Foundation.tanh($0) }, style: .line, isEmphasized: true, color: second),
              Series("slope of tanh", x: x, y: slopes(1), style: .line, color: second),
            ])),
        caption: "Thick: the functions. Broken, in the same colours: their slopes.",
        name: "s-shapes"))
  }

  /// What is left of a gradient after many layers.
  static func addDepth(to page: inout Page, _ findings: Findings) {
    let (deep, functions, relu) = (findings.depth, DepthExperiment.functions, DepthExperiment.relu)
    // Up to the gain that suits sigmoids.
    let best = deep.best(0)
    let factors = Array(deep.factors.prefix(max(best, 1) + 1))
    let range = decades(deep, factors.count)
    let perLayer = functions.indices.map { deep.perLayer(1, $0) }
    let left = { (factor: Int, function: Int) in short(deep.typical(factor, function)[depth - 1]) }
    page.prose(
      """
      What is left of a gradient after many layers depends on the weights as well. The first weights are random, with \
      mean 0 and standard deviation $g/\\sqrt{n}$, where $n$ is the number of inputs of a unit. In the **reference \
      weights** of this page the \
      factor $g$, the **gain**, is

      - 1 for sigmoid and tanh: Xavier's rule, for layers with as many outputs as inputs \
      (`nn.init.xavier_normal_`). It assumes a slope of 1, not ¼.
      - $\\sqrt{2}$ for the others, because half of ReLU's slopes are 0: Kaiming He's rule (`nn.init.kaiming_normal_`).

      On its way back through a layer the length of the gradient changes, on average, by the factor (chapter 4)

      $$g\\,\\sqrt{\\text{mean of } f'^2}$$

      For a sigmoid with gain 1 this is at most ¼. For ReLU it is $\\sqrt{2}\\cdot\\sqrt{1/2} = 1$.
      """)
    page.predict(
      "A gradient goes back through \(depth) layers of sigmoids with gain 1. How much of its length is left?",
      choices: ["10⁻¹", "10⁻³", "10⁻⁶", "10⁻¹⁰"], answer: deep.typical(1, 0)[depth - 1],
      """
      Each layer leaves a little less than ¼, and \(depth) of them leave \(left(1, 0)): the gradient **vanishes**.
      """
    )
    page.project("Sixteen layers of sigmoids: what is left?")
    page.figure(
      Figure(
        perLayer[0].mean < 0.3 && abs(perLayer[relu].mean - 1) < 0.1
          ? "Sixteen sigmoids leave \(left(1, 0)) of the gradient, sixteen ReLUs \(left(1, relu))"
          : "Per layer the sigmoid keeps \(fixed(perLayer[0].mean, 2)) of the gradient, ReLU \(fixed(perLayer[relu].mean, 2))",
        exploring: FigureParameter("gain, times the reference", values: factors.map(Double.init), initial: 1),
        caption: """
          The gradient's length (the root of its sum of squares) after so many layers, over its length at the \
          start\(deep.width.map { "; layers of \($0) units" } ?? "").
          """,
        name: "survival",
        titles: { factor in
          let index = factors.firstIndex(of: Float(factor)) ?? 1
          return
            "At \(factor == 1 ? "" : "\(short(factor)) times ")the reference gain sigmoids leave \(left(index, 0)) of the gradient, tanh \(left(index, 1)), ReLU \(left(index, relu))"
        }
      ) { factor in
        let index = factors.firstIndex(of: Float(factor)) ?? 1
        return .lines(
          LineChart(
            x: Axis("layers passed"),
            y: Axis("share of the gradient left", log: true, range: range, ticks: fives(range)),
            // The others lie on ReLU's line or near it.
            (0...relu).map { function in
              Series(
                functions[function].name, y: deep.typical(index, function), style: .line, isEmphasized: function == 0,
                color: functions[function].color)
            }, references: [.init(.horizontal, at: 1, "all of it")]))
      })
    page.project("Depth multiplies the damage")
    page.fold("How it was measured, in Swift") { $0.code("survival", in: "Depth.swift") }
    page.live(
      "depth", "Send a gradient back through sixteen layers of your own",
      caption: """
        Choose an activation, change the gain (1: the reference), or shift every sum away from 0.
        """,
      figure: "survival",
      settings: ["activation": 0, "factor": 0, "shift": 0, "depth": 16, "width": 64, "seed": 1])
    page.prose(
      """
      Larger weights make up for the small slope: of the gains that we tried (\(short(Double(deep.factors[0]))) to \
      \(short(Double(deep.factors[deep.factors.count - 1])))) \(short(Double(deep.factors[best]))) lets sigmoids keep \
      the length of the gradient best.
      """)
  }

  /// The powers of ten between which the curves of all frames lie.
  private static func decades(_ deep: DepthExperiment, _ count: Int) -> ClosedRange<Double> {
    let exponents = (0..<count).flatMap { factor in
      (0...DepthExperiment.relu).flatMap { deep.typical(factor, $0) }
    }.map { log10($0) }.filter(\.isFinite)
    let low = (exponents.min() ?? -1).rounded(.down)
    return pow(10, low)...pow(10, max((exponents.max() ?? 0).rounded(.up), low + 1))
  }

  /// Every fifth power of ten, 1 among them.
  private static func fives(_ range: ClosedRange<Double>) -> [(place: Double, label: String)] {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return stride(from: -50, through: 50, by: 5).filter { range.contains(pow(10, Double($0))) }.map { exponent in
      let power = String("\(abs(exponent))".map { digits[$0.wholeNumberValue ?? 0] })
      return (pow(10, Double(exponent)), exponent == 0 ? "1" : "10\(exponent < 0 ? "⁻" : "")\(power)")
    }
  }

  /// What the sources have wrong.
  static func addErrata(to page: inout Page) {
    page.fold("What the sources have wrong") { errata(&$0) }
  }

  private static func errata(_ page: inout Page) {
    page.callout(
      .erratum("S2"),
      """
      The source says that with $x_i$ positive the gradient is positive. Its sign is that of $\\partial L/\\partial \
      z$, which \
      may be either.
      """)
    page.callout(
      .erratum("S2"),
      """
      The source writes PReLU as $\\max(\\alpha x, x)$. That is right for $\\alpha \\le 1$ and wrong above, where the \
      maximum \
      takes the other line. A learned $\\alpha$ can become larger than 1, so programs ask for the sign of $x$ instead.
      """)
    page.callout(
      .erratum("S2 and S4"),
      """
      "6 times faster" is two claims in one: that of S2 is about *steps* (Krizhevsky et al. 2012, figure 1), that of \
      S4 about the *cost \
      of one evaluation*.
      """)
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    page.callout(
      .takeaway,
      """
      - **First the weights, then the rate (with momentum), last the function.** \
      \(findings.firstWeights?.lesson ?? "")
      - \(findings.gain)
      - **A mean makes a narrow valley.** Centre images (chapter 3), and hidden sums by batch norm (chapter 5).
      - **Give sigmoids larger weights.** \(findings.sigmoidLesson)
      - \(findings.units?.lesson ?? "Too high a rate kills ReLUs.")
      """)
    page.slide(
      "With momentum: weights, then the rate, last the function",
      """
      - Batch norm in front of each ReLU, or He's first weights.
      - Begin with ReLU.
      """)
    page.prose(ownTask(findings.firstWeights))
    page.exercises()
    page.furtherReading([
      "LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, 4.3 and 4.4: symmetric sigmoids",
      "LeCun, Kanter and Solla 1990, *Second order properties of error surfaces*: the valley",
      "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*",
      "Glorot, Bordes and Bengio 2011, *Deep sparse rectifier neural networks*: ReLU against tanh",
      "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*: figure 1",
      "PReLU arXiv:1502.01852, maxout arXiv:1302.4389, ELU arXiv:1511.07289, GELU arXiv:1606.08415, SiLU arXiv:1710.05941",
    ])
  }

  /// What the chapter teaches, for the reader to try.
  private static func ownTask(_ nets: FirstWeights?) -> String {
    let found = [
      nets?[.sgd, .pyTorch, DeepNet.depth], nets?[.sgd, .he, DeepNet.depth],
      nets?.normed(.sgd, .pyTorch, DeepNet.depth),
    ].compactMap { $0 }
    func numbers(_ number: (FirstWeights.Net) -> String) -> String { listed(found.map(number)) }
    let compare =
      found.count == 3
      ? """
       Train each for \(grouped(nets?.steps ?? 0)) steps with `torch.optim.SGD(net.parameters(), lr, momentum=0.9)`, at \
      the rates \(numbers { short(Double($0.rate)) }). Compare: we found \(numbers { fixed($0.errors.mean, 1) }) % test \
      errors\(nets.map { $0.outliers.isEmpty ? "" : " (of our default nets \($0.outliers))" } ?? "").
      """ : " Train each, and compare the test errors."
    return """
      **To try in PyTorch.** Build the deep net of \(DeepNet.depth) hidden layers three times: with PyTorch's default \
      weights, with He's, and with batch norm. Print the check of *Your PyTorch net does not learn?* for each.\(compare)
      """
  }
}
