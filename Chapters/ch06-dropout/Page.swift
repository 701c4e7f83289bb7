// The page of chapter 6, from its findings alone.

import Foundation
import Workbook

extension Dropouts {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page {
    var page = page(
      lead: """
        A unit that always has the same neighbours learns to rely on them. Dropout takes a random half of them away in every \
        step of training, and gives all of them back for the test. It is one line of code, and it should not work.
        """)
    addQuestion(to: &page)
    addExpectation(to: &page, findings)
    addEnsemble(to: &page, findings)
    addRates(to: &page, findings)
    addSizes(to: &page, findings)
    addWrongLabels(to: &page, findings)
    addReliance(to: &page, findings)
    addRelatives(to: &page, findings)
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, findings)
    return page
  }

  /// The question, and the two forms.
  static func addQuestion(to page: inout Page) {
    page.prose(
      """
      ## The question

      Why would one throw away activations that were just computed? And when does it pay: always, or only when there is \
      something to protect a net from?

      ## The idea

      In training each unit $h_i$ of a layer is multiplied by a number $m_i$ of its own: 0 with probability $p$, 1 otherwise, \
      drawn anew for every image. All the $m_i$ of a layer together are its *mask*. The next layer sees a different part of \
      the layer every time, so no unit can count on any other. At test time all units are there — too many: the next layer \
      was trained on sums of a share $1 - p$ of them.

      ## The two forms

      The original form scales at test time, the *inverted* form, which every library has, in training:
      """)
    page.math("\\text{original: } \\quad \\text{training } m_i h_i \\qquad \\text{test } (1-p)\\,h_i")
    page.math("\\text{inverted: } \\quad \\text{training } \\frac{m_i h_i}{1-p} \\qquad \\text{test } h_i")
    page.prose(
      """
      Both keep the expectation, since $E[m_i] = 1 - p$. The inverted one leaves the test-time net free of any trace of \
      dropout. Forget the scale in both places, and the sums at test time are too large by the factor $1/(1-p)$.

      In the original form one usually scales the *weights* behind the layer instead of its values, $W_{test} = (1-p)\\,W$, \
      which is the same. The bias stays as it is: it was never dropped. Backward, a given mask is a factor for each value, so \
      the gradient is multiplied by the same $m_i/(1-p)$.
      """)
    page.code("apply", in: "Sources/NeuralNetworks/Layers/Dropout.swift")
  }

  /// What a scale is for.
  static func addExpectation(to page: inout Page, _ findings: Findings) {
    let (sums, relative, unscaledRatio) = (findings.sums, findings.sums.relative, findings.sums.unscaledRatio)
    page.predict(
      "Dropout with p = 0.5 and no scale anywhere: the sums at test time, compared with the average in training, are",
      choices: ["half as large", "the same", "√2 times as large", "2 times as large"],
      answer: nearest(to: unscaledRatio.mean, in: [0.5, 1, 2.0.squareRoot(), 2]),
      "Measured over \(grouped(sums.masks)) masks, \(findings.seedWords): \(unscaledRatio.formatted(decimals: 2)) times."
    )
    page.table(
      Table(
        "One unit's sum over 64 inputs, p = 0.5, \(grouped(sums.masks)) masks, seed \(findings.seeds[0])",
        columns: ["form", "mean in training", "deviation", "at test time", "training / test"],
        rows: zip(["original", "inverted"], sums.forms).map { name, form in
          [
            TableCell(name), TableCell(form[0].mean), TableCell(form[0].deviation), TableCell(form[0].test),
            TableCell(form[0].mean / form[0].test),
          ]
        }))
    let (narrowest, widest) = (relative[0], relative[relative.count - 1])
    let farthestMean = relative.map { abs($0.mean - 1) }.max() ?? 0
    page.figure(
      Figure(
        """
        Dropping \(percent(Double(narrowest.rate))) scatters the sum by \(percent(narrowest.deviation)), dropping \
        \(percent(Double(widest.rate))) by \(percent(widest.deviation)); its mean stays within \(percent(farthestMean, 1)) of \
        the test's
        """,
        exploring: FigureParameter("share dropped", values: droppedShares, initial: 3),
        caption: """
          The sum of one unit over 64 inputs for \(grouped(sums.masks)) masks, inverted dropout, seed \(findings.seeds[0]), in units of its \
          value at test time; above each histogram its mean and deviation.\
          \(widest.beyond > 0 ? " At p = \(short(Double(widest.rate))) a share of \(percent(widest.beyond, 1)) lies beyond 2 and is not drawn." : "")
          """,
        name: "dropped-sums"
      ) { rate in
        let shown = relative[droppedShares.firstIndex(of: rate) ?? 0]
        return .histograms(
          HistogramGrid(
            columns: [],
            rows: [
              .init(
                "p = \(short(rate))", range: 0...2,
                [
                  .init(
                    heights: shown.histogram,
                    title: "\(fixed(shown.mean, 2)) ± \(fixed(shown.deviation, 2))")
                ], color: 1)
            ], xLabel: "sum in training / sum at test time"))
      })
    page.callout(
      .erratum("S4"),
      """
      S4 multiplies the weights at test time by "$(1-p)\\%$". It is the factor $1 - p$, not a percentage: at $p = 0.5$ the \
      weights are halved, not divided by 200. S4 explains the reason rightly: without it the output would be twice as large as \
      in training.
      """)
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    let (gains, sizes, last) = (findings.bySize.gains, findings.bySize.sizes, findings.bySize.last)
    /// An effect in points, or that there is none to be told from chance.
    func told(_ saved: Summary) -> String {
      saved.count >= 3 && !isClear(saved) ? "makes no difference beyond chance" : effect(saved) + " points"
    }
    page.callout(
      .takeaway,
      """
      - Dropout multiplies each activation by a random 0 or 1; dividing by $1 - p$ in training (*inverted*) keeps the expectation \
      and leaves the test untouched.
      - It trains $2^M$ nets that share weights. One pass with all units is their geometric mean: exactly so behind one softmax \
      layer, approximately in deep nets.
      - It is meant to protect from learning by heart, and pays where there is something to protect from. Here dropout ½ \
      \(told(findings.byRate.halfSaved)) on \(grouped(findings.few)) clean images, \(told(gains[last])) on \
      \(grouped(sizes[last])), \(told(findings.onTop)) on top of batch norm, and \(told(findings.noisy.gain)) with a fifth of the labels \
      wrong and twice as many steps.
      """)
    page.exercises()
    page.furtherReading([
      "Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15",
      "Wan et al. 2013, *Regularization of neural networks using DropConnect*, ICML",
      "Baldi and Sadowski 2013, *Understanding dropout*, NeurIPS: the geometric mean",
      "Li, Chen, Hu and Yang 2019, *Understanding the disharmony between dropout and batch normalization by variance shift*, arXiv:1801.05134",
    ])
  }
}
