// The page of chapter 6, from its findings alone.

import Foundation
import Workbook

extension Dropouts {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page {
    var page = page(
      lead: """
        Dropout takes a random half of the units away in every step of training, and gives all of them back for the test. Its \
        inventors thought that units learn to rely on their neighbours. Does it help, and when?
        """)
    addQuestion(to: &page)
    addExpectation(to: &page, findings)
    addEnsemble(to: &page, findings)
    addWidths(to: &page, findings)
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
      the layer every time. At test time all units are there, and that is too many: the next layer was trained on sums of a \
      share $1 - p$ of them.

      ## The two forms

      The original form scales at test time. The *inverted* form, which every library has, scales in training:
      """)
    page.slide(
      "Why throw away activations that were just computed?", "Half of them, at random, in every step of training.")
    page.math("\\text{original: } \\quad \\text{training } m_i h_i \\qquad \\text{test } (1-p)\\,h_i")
    page.math("\\text{inverted: } \\quad \\text{training } \\frac{m_i h_i}{1-p} \\qquad \\text{test } h_i")
    page.project(
      "Inverted dropout leaves the test untouched", notes: "$E[m_i] = 1 - p$: both forms keep the expectation.")
    page.prose(
      """
      Both keep the expectation, since $E[m_i] = 1 - p$. Forget the scale in both places, and the sums at test time are too \
      large by the factor $1/(1-p)$. In training it is one line, `y[i] = mask[i] * x[i] / (1 - p)`. Backward, a mask is a \
      factor for each value, so the gradient is multiplied by the same $m_i/(1-p)$.
      """)
    page.fold("The same in the library, both forms and the test") {
      $0.code("apply", in: "Sources/NeuralNetworks/Layers/Dropout.swift")
      $0.project("Dropout is a product, forward and backward")
    }
  }

  /// What a scale is for.
  static func addExpectation(to page: inout Page, _ findings: Findings) {
    let (sums, relative) = (findings.sums, findings.sums.relative)
    func shown(_ rate: Double) -> RelativeSums { relative[droppedShares.firstIndex(of: rate) ?? 0] }
    page.predict(
      """
      Inverted dropout with p = 0.5, and a unit with 64 inputs. The mean of its sum is right; from mask to mask the sum \
      scatters around it by about
      """,
      choices: ["1 %", "5 %", "16 %", "50 %"],
      answer: nearest(to: shown(0.5).deviation, in: [0.01, 0.05, 0.16, 0.5]),
      """
      Measured over \(grouped(sums.masks)) masks: \(percent(shown(0.5).deviation)). Each single product is off by 100 %, since \
      it is absent or doubled; in a sum of 64 most of that averages out.
      """)
    page.project("By how much is one mask off?")
    page.figure(
      Figure(
        "The mean of the sum stays, its scatter grows with the share dropped",
        exploring: FigureParameter("share dropped", values: droppedShares, initial: 3),
        caption: """
          The sum of one unit over 64 inputs for \(grouped(sums.masks)) masks, inverted dropout, seed \(findings.seeds[0]), in units of its \
          value at test time.
          """,
        name: "dropped-sums",
        titles: { rate in
          let (sum, dropped) = (
            shown(rate), "With \(percent(rate)) dropped, over \(grouped(sums.masks)) masks the mean is"
          )
          return abs(sum.mean - 1) < 0.02
            ? "\(dropped) right; a single mask is off by \(percent(sum.deviation))"
            : "\(dropped) \(fixed(sum.mean, 2)); a single mask is off by \(percent(sum.deviation))"
        }
      ) { rate in
        .histograms(
          HistogramGrid(
            columns: [],
            rows: [
              .init(
                "p = \(short(rate))", range: 0...2,
                [
                  .init(
                    heights: shown(rate).histogram,
                    title: "mean \(fixed(shown(rate).mean, 2)), σ = \(fixed(shown(rate).deviation, 2))")
                ], color: 1)
            ],
            xLabel: "sum in training / sum at test time"))
      })
    page.project("The mean stays, the noise grows with p")
    page.callout(
      .erratum("S4"),
      """
      S4 multiplies the weights at test time by "$(1-p)\\%$". It is the factor $1 - p$, not a percentage: at $p = 0.5$ the \
      weights are halved, not divided by 200. S4 gives the right reason: without it the output would be twice as large as \
      in training.
      """)
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    let moral = widthMoral(findings)
    page.callout(
      .takeaway,
      """
      - Dropout multiplies each activation by a random 0 or 1; dividing by $1 - p$ in training (*inverted*) keeps the expectation \
      and leaves the test untouched.
      - It trains $2^M$ nets that share weights. One pass with all units stands in for their average: exactly for the \
      geometric mean after one softmax layer, approximately in deep nets.
      - \(moral.text)
      - With a fifth of the labels wrong it \(effectOrNone(findings.noisy.gain)).
      """)
    page.project(moral.title)
    page.exercises()
    page.furtherReading([
      "Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15: appendix A is a practical guide",
      "Wan et al. 2013, *Regularization of neural networks using DropConnect*, ICML",
      "Baldi and Sadowski 2013, *Understanding dropout*, NeurIPS: the geometric mean",
      "Li, Chen, Hu and Yang 2019, *Understanding the disharmony between dropout and batch normalization by variance shift*, arXiv:1801.05134",
    ])
  }

  /// What narrow and wide layers teach, as a title and a sentence: units to spare, or only more steps.
  static func widthMoral(_ findings: Findings) -> (title: String, text: String) {
    let (byWidth, steps) = (findings.byWidth, "\(grouped(findings.steps)) steps")
    func layers(_ place: Int) -> String { "with layers of \(byWidth.settings[place])" }
    let (wide, narrow) = (
      effectOrNone(byWidth.gains[byWidth.last], size), effectOrNone(byWidth.gains[byWidth.narrow], size)
    )
    let both =
      "On \(grouped(findings.few)) images and in \(steps) dropout \(wide) \(layers(byWidth.last)), and \(narrow) \(layers(byWidth.narrow))"
    guard costs(byWidth.gains[byWidth.narrow]) else { return ("What dropout saves, narrow and wide", both + ".") }
    guard let longer = findings.narrowLonger else {
      return ("In few steps dropout needs units to spare", "In \(steps) it needs units to spare. " + both + ".")
    }
    let after = both + "; there, in \(grouped(longer.steps)) steps, it \(effectOrNone(longer.gain, size))."
    guard costs(longer.gain) else {
      return ("Narrow layers need more time with dropout", "Narrow layers need more time with it. " + after)
    }
    let needs = longer.makesUp(for: -byWidth.gains[byWidth.narrow].mean) ? "units and time to spare" : "units to spare"
    return ("Dropout needs \(needs)", "It needs \(needs). " + after)
  }
}
