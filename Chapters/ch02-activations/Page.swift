// The page of chapter 2, from its findings alone.

import Foundation
import Workbook

extension Activations {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page {
    var page = page(
      lead: """
        Between two layers stands a small function that bends the line. Which one it is decides whether a gradient gets \
        through, whether units die, and what a step costs.
        """)
    addQuestion(to: &page, findings)
    addDepth(to: &page, findings)
    addZigZag(to: &page, findings)
    addSigns(to: &page, findings.signShares)
    addRectifiers(to: &page)
    addDeadUnits(to: &page, findings)
    addOffsets(to: &page, findings)
    addMaxout(to: &page, findings.maxout)
    addRace(to: &page, findings)
    addSmallWeights(to: &page, findings.race)
    addCosts(to: &page, findings.costs)
    addErrata(to: &page)
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page)
    return page
  }

  /// The question, and the two curves of old.
  static func addQuestion(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## The question

      Two dense layers one behind the other are a single dense layer: $W_2(W_1 x) = (W_2 W_1)x$. Only a function between \
      them that is not a straight line makes depth worth having. For thirty years that was the sigmoid. Why did ReLU replace \
      it, and what did that cost?

      ## Sigmoid and tanh

      $$\\sigma(x) = \\frac{1}{1 + e^{-x}} \\qquad \\sigma' = \\sigma(1 - \\sigma)$$

      $$\\tanh x = 2\\sigma(2x) - 1 \\qquad \\tanh' = 1 - \\tanh^2$$

      Both slopes can be written with the output alone, so the backward pass needs no exponential. The sigmoid's slope is \
      never above 1/4; tanh has slope 1 in the middle. Far out both are flat: **saturated**.
      """)
    let (sigmoid, tanhCurve) = (Curve(Sigmoid(), from: -10, to: 10), Curve(Tanh(), from: -10, to: 10))
    let (top, tanhTop) = (sigmoid.slope.max() ?? 0, tanhCurve.slope.max() ?? 0)
    page.figure(
      Figure(
        "At ±10 the sigmoid has \(short(findings.slopeLeft.mean * 100)) % of its slope left, and even its best slope is only \(fixed(top, 2))",
        .lines(
          LineChart(
            x: Axis("x"), y: Axis("value, slope"),
            [
              Series("sigmoid", x: sigmoid.x, y: sigmoid.y, style: .line, color: Bend.sigmoid.color),
              Series("its slope", x: sigmoid.x, y: sigmoid.slope, style: .line, isEmphasized: true, color: 6),
              Series("tanh", x: tanhCurve.x, y: tanhCurve.y, style: .line, color: Bend.tanh.color),
              Series("slope of tanh", x: tanhCurve.x, y: tanhCurve.slope, style: .line, color: 3),
            ])),
        caption:
          "Computed by the library's layers, slopes by their backward passes. The highest slope of tanh is \(fixed(tanhTop, 2)).",
        name: "s-shapes"))
  }

  /// What is left of a gradient after many layers.
  static func addDepth(to page: inout Page, _ findings: Findings) {
    let (deep, bends, relu) = (findings.depth, DepthExperiment.bends, DepthExperiment.relu)
    let factors = deep.factors
    let perLayer = bends.indices.map { deep.perLayer(1, $0) }
    page.predict(
      "A gradient goes back through 16 layers of sigmoids, weights of variance 1/fan-in. How much of it is left?",
      choices: ["1e-1", "1e-3", "1e-6", "1e-10"], answer: deep.typical(1, 0)[depth - 1],
      "Each layer keeps \(percent(perLayer[0].mean)): the mean slope of the sigmoid, times weights that would have kept it whole."
    )
    page.code("survival", in: "Depth.swift")
    page.figure(
      Figure(
        perLayer[0].mean < 0.3 && abs(perLayer[relu].mean - 1) < 0.1
          ? "Sixteen sigmoids leave \(short(deep.typical(1, 0)[depth - 1])) of the gradient, sixteen ReLUs \(short(deep.typical(1, relu)[depth - 1]))"
          : "Per layer the sigmoid keeps \(fixed(perLayer[0].mean, 2)) of the gradient, ReLU \(fixed(perLayer[relu].mean, 2))",
        exploring: FigureParameter("weights, times the usual", values: factors.map(Double.init), initial: 1),
        caption: """
          The norm of the gradient after so many layers on the way back, over the norm it began with. Usual weights: standard \
          deviation 1/√fan-in in front of sigmoid and tanh, √2/√fan-in in front of the others. Move the weights: \
          eight times the usual ones still leave the sigmoids \(short(deep.typical(4, 0)[depth - 1])), and make the ReLUs grow to \
          \(short(deep.typical(4, relu)[depth - 1])). \(findings.seedWords).
          """,
        name: "survival"
      ) { factor in
        let index = factors.firstIndex(of: Float(factor)) ?? 1
        return .lines(
          LineChart(
            x: Axis("layers behind it"), y: Axis("share of the gradient left", log: true),
            bends.indices.map { bend in
              Series(
                bends[bend].name, y: deep.typical(index, bend), style: .line, isEmphasized: bend == 0,
                color: bends[bend].color)
            }, references: [.init(.horizontal, at: 1, "all of it")]))
      })
  }

  /// What the sources have wrong.
  static func addErrata(to page: inout Page) {
    page.callout(
      .erratum("S2 and S4"),
      """
      "6 times faster" is two claims in one. S2's is about *steps*, from Krizhevsky et al. 2012, figure 1; S4's is about the \
      *cost of one evaluation*. Quoted without the unit they look like one number that everybody agrees on.
      """)
    let negative = Curve(Tanh()).y.count { $0 < 0 }
    page.callout(
      .erratum("S4"),
      """
      The source puts "sigmoid or tanh" at the output for classification. Classes that exclude each other want a softmax, \
      independent yes/no answers a sigmoid each. tanh gives no probabilities: \(negative) of the \(Curve(Tanh()).y.count) values drawn above are \
      negative, and cross-entropy would take their logarithm. An easy slip: tanh *was* used at outputs, with squared error and targets ±1.
      """)
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page) {
    page.callout(
      .takeaway,
      """
      - A sigmoid passes on at most a quarter of the gradient. Sixteen of them, at the usual weights, pass on nothing.
      - Outputs that are all positive tie the signs of all weights together, and the path zigzags.
      - ReLU cures the first fault and not the second, and its units can die: watch the rate, count the dead.
      - "6 times faster" needs a unit. Measure before you repeat it.
      """)
    page.exercises()
    page.furtherReading([
      "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*: figure 1",
      "Glorot, Bordes and Bengio 2011, *Deep sparse rectifier neural networks*, AISTATS",
      "He et al. 2015, *Delving deep into rectifiers*, arXiv:1502.01852: PReLU",
      "Clevert, Unterthiner and Hochreiter 2016, *ELUs*, arXiv:1511.07289",
      "Goodfellow et al. 2013, *Maxout networks*, arXiv:1302.4389",
    ])
  }
}
