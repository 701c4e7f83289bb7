// The page of chapter 11, from its findings alone.

import Foundation
import Workbook

extension DeeperNetworks {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page {
    var page = page(
      lead: """
        More layers can do more, on paper. In practice they learned less, until 2015, when an addition was put around every \
        few layers. Why depth is worth having, what goes wrong on the way down, and what the addition changes.
        """)
    addFolding(to: &page, findings)
    addGradients(to: &page, findings.gradients)
    addDegradation(to: &page, findings)
    addAdditions(to: &page, findings)
    addScaling(to: &page, findings)
    addBottleneck(to: &page, findings.blocks)
    addFamilies(to: &page, findings, run)
    addPhotograph(to: &page, findings.photograph)
    addChallenge(to: &page)
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, findings)
    return page
  }

  /// The question, and what depth can do: a function folded together.
  static func addFolding(to page: inout Page, _ findings: Findings) {
    let counts = findings.sawtooth
    let (folds, last) = (counts.count, counts[counts.count - 1])
    page.prose(
      """
      ## The question

      A network with one hidden layer can approximate every continuous function, so why stack more? And when one does, why \
      does the deeper network end with a *higher error on the very images it learns from*, although it could copy the \
      shallower one and let the other layers do nothing?

      ## Why depth: folding

      S4 answers the first question with a count: a shallow network can do everything, but it may need $2^n$ units. Here is \
      such a function. Fold the interval from 0 to 1 in the middle, so that both halves lie on each other:
      """)
    page.math("g(x) = 2\\max(0, x) - 4\\max(0, x - \\tfrac{1}{2})")
    page.prose(
      """
      Two ReLU units do it. Fold the result again, and again: every fold doubles the number of straight pieces. After $n$ \
      folds a sawtooth with $2^n$ pieces has come out of $2n$ units.
      """)
    page.code("deepSawtooth", in: "Sawtooth.swift")
    page.predict(
      """
      With one hidden layer each ReLU unit can change the slope at one place. How many hidden units does it need for the \
      sawtooth of \(folds) folds, which the deep net makes with \(2 * folds)?
      """,
      answer: Double(last.shallowUnits),
      """
      Both were built: \(last.deepUnits) units in \(folds) hidden layers against \(last.shallowUnits) in one. On all \
      \(8 << folds) places tried, the two functions differ by \(short(Double(last.difference))).
      """)
    page.prose(
      """
      A network with one hidden layer has to write the function out piece by piece. A sum of $m$ ReLU units changes its \
      slope at no more than $m$ places; the sawtooth needs its first slope and $2^n - 1$ changes:
      """)
    page.code("shallowSawtooth", in: "Sawtooth.swift")
    page.figure(
      Figure(
        "Each fold doubles the straight pieces: \(counts.map { "\($0.pieces)" }.joined(separator: ", "))",
        exploring: FigureParameter("folds", values: (1...folds).map(Double.init), initial: 2),
        caption: "The deep net's output, two units for each fold. The shallow net computes exactly the same numbers.",
        name: "sawtooth"
      ) { value in
        let sawtooth = Sawtooth(folds: Int(value))
        let count = counts[Int(value) - 1]
        return .lines(
          LineChart(
            x: Axis("x", range: 0...1), y: Axis("folded", range: 0...1.05),
            [
              Series(
                "\(count.deepUnits) units deep, \(count.shallowUnits) shallow", x: sawtooth.grid.map(Double.init),
                y: sawtooth.values(of: sawtooth.deep).map(Double.init), style: .line, color: 0)
            ]))
      })
    page.figure(
      Figure(
        last.shallowUnits > 4 * last.deepUnits
          ? "Shallow, the price doubles with every fold; deep, it grows by two units"
          : "Shallow and deep cost about the same",
        .lines(
          LineChart(
            x: Axis("folds"), y: Axis("hidden units", log: true),
            [
              Series("one hidden layer", y: counts.map { Double($0.shallowUnits) }, color: 1),
              Series("one layer for each fold", y: counts.map { Double($0.deepUnits) }, isEmphasized: true, color: 0),
            ])),
        caption: "Counted as built. Parameters of the last pair: \(last.shallowParameters) and \(last.deepParameters).",
        name: "sawtooth-units"))
    page.callout(
      .note,
      """
      This proves that some functions are cheap deep and expensive shallow. It does not say that gradient descent finds \
      them, nor that digits are such a function. That is the second question.
      """)
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    let (deepPlain, deepResidual) = (findings.degradation.deepPlain, findings.degradation.deepResidual)
    page.callout(
      .takeaway,
      """
      Depth is worth having because layers fold what came before, and folds multiply. It is hard to have, since what a net \
      learns must pass through every layer, forward and back. An addition around every few layers gives the signal and the gradient a way past what is not yet \
      learned: the same layers, the same parameters, and a deep net that learns. Watch what the branches add up to. \
      With batch normalization in them \(deepResidual.net.depth) layers end here at \(fixed(deepResidual.final.mean, 1)) % \
      training errors, without the addition at \(fixed(deepPlain.final.mean, 1)) %; a factor of $1/\\sqrt{L}$ keeps the \
      signal of \(2 * findings.scaling.blocks) layers in bounds without any normalization.
      """)
    page.exercises()
    page.furtherReading([
      "Telgarsky 2016, *Benefits of depth in neural networks*, arXiv:1602.04485",
      "He, Zhang, Ren and Sun 2016, *Deep residual learning for image recognition*, arXiv:1512.03385",
      "Simonyan and Zisserman 2015, *Very deep convolutional networks for large-scale image recognition*, arXiv:1409.1556",
      "Yang et al. 2019, *A mean field theory of batch normalization*, arXiv:1902.08129",
      "Goyal et al. 2017, *Accurate, large minibatch SGD*, arXiv:1706.02677, section 5.1",
      "Russakovsky et al. 2015, *ImageNet large scale visual recognition challenge*, arXiv:1409.0575",
    ])
  }
}
