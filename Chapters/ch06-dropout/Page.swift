// The page of chapter 6, from its findings alone.

import Foundation
import Workbook

extension Dropouts {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    var page = page(
      lead: """
        In every step of training, dropout switches off a random half of the units. At test time all of them are back. Its \
        inventors thought that units otherwise come to rely on their neighbours. Does it help, when, and is that why?
        """)
    // What needs controls is told from the recorded run, where that is about the same nets and pictures.
    let told = recorded.map(\.findings).flatMap { $0.data == findings.data && $0.wide == findings.wide ? $0 : nil }
    addQuestion(to: &page, told ?? findings, isRecorded: told != nil)
    // Weights of both signs are not in every record.
    addExpectation(to: &page, told.flatMap { $0.sums.signed == nil ? nil : $0 } ?? findings)
    addEnsemble(to: &page, told ?? findings)
    addWidths(to: &page, told ?? findings)
    addShares(to: &page, told ?? findings)
    addSizes(to: &page, told ?? findings)
    addWrongLabels(to: &page, told ?? findings)
    addReliance(to: &page, told ?? findings)
    addRelatives(to: &page, told ?? findings)
    addMaps(to: &page, told ?? findings)
    page.reportsRecord = told != nil
    claims(findings).forEach { page.claim($0) }
    page.fold("A slip in a source") { addErratum(to: &$0) }
    addEnding(to: &page, told ?? findings)
    return page
  }

  /// The question, and the two forms.
  ///
  /// - Parameter isRecorded: whether these findings are the record's, on the page of another run.
  static func addQuestion(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    let plain = findings.contest[0]
    page.prose(
      """
      ## The question

      A net with two hidden layers of \(findings.wide) units learns \(grouped(findings.few)) images of digits. In the end it gets \
      \(fixed(plain.trainingErrors.mean, 1)) % of them wrong, and \(fixed(plain.testErrors.mean, 1)) % of new ones. So it has not \
      only learned what digits look like; it has learned these images by heart. It *overfits*. (Part of the gap must remain, because \
      \(grouped(findings.few)) images do not show every way to write a 4.)

      Dropout throws away half of the activations just after they were computed. Why should that help? In a large net a few units can join \
      to recognize one single image. If any of them may be missing in the next step, such a trick stops working. What remains is what a unit \
      can do without its companions. That is what dropout's inventors thought (Hinton et al. 2012). Is it so? And when does dropout help?\
      \(isRecorded ? " (All figures and numbers in the text are those of the recorded run, with \(findings.seedWords) where nothing else is said. The claims at the end show the run just made beside it.)" : "")

      ## The idea

      In training each unit $h_i$ of a layer is multiplied by a number $m_i$ of its own: 0 with probability $p$, and 1 otherwise. The numbers are \
      drawn anew for every image. All the $m_i$ of a layer together are called its *mask*. So the next layer sees a different part of \
      the layer every time. At test time all units are there, and then the sums are too large, because the next layer was trained with a \
      share $1 - p$ of the units. (In the paper of Srivastava et al., and in CS231n, $p$ is the share that is *kept*.)

      ## The two forms

      The original form corrects this at test time. The *inverted* form, which every library uses, corrects it in training:
      """)
    page.slide(
      "Why throw away activations that were just computed?", "Half of them, at random, in every step of training.")
    page.math("\\text{original: } \\quad \\text{training } m_i h_i \\qquad \\text{test } (1-p)\\,h_i")
    page.math("\\text{inverted: } \\quad \\text{training } \\frac{m_i h_i}{1-p} \\qquad \\text{test } h_i")
    page.slide(
      "Scale up in training, change nothing in the test",
      """
      $$\\text{training } \\frac{m_i h_i}{1-p} \\qquad \\text{test } h_i$$

      $h_i$: a unit's output. $m_i$: 0 or 1, at random. $p$: the share that is dropped.
      """, notes: "$E[m_i] = 1 - p$: both forms keep the expectation.")
    page.prose(
      """
      Both keep the expectation, since $E[m_i] = 1 - p$. Without a scale in either place the sums at test time would be too \
      large by the factor $1/(1-p)$. Backward, the mask is a factor for each value, so the gradient is multiplied by the same $m_i/(1-p)$.
      """)
    page.prose(
      """
      In NumPy, for activations `h` of any shape, and in PyTorch:

      ```python
      mask = (np.random.rand(*h.shape) >= p) / (1 - p)  # 0 or 1/(1 - p)
      h = h * mask       # training, forward
      dh = dh * mask     # training, backward: the same mask
                         # at test time: nothing at all

      layer = nn.Dropout(p)  # PyTorch; here p is the share that is dropped
      model.train()          # masks on
      model.eval()           # masks off: call it before every test
      ```
      """)
    page.callout(.note, forgotten(findings))
    page.fold("The same in Swift") { $0.code("inverted", in: "Inverted.swift") }
    page.prose(
      """
      The scale is right on average, but a single mask is not. Take four products 3, −2, 1, −4, which add up to −2. Keep the first and the last, \
      doubled: 6 − 8 = −2. Keep the first two: 6 − 4 = 2. Keep the first and the third: 6 + 2 = 8.
      """)
    if let nets = findings.controls?.apart?.followed { addFollowed(to: &page, nets, findings) }
  }

  /// What becomes of a net that is tested with its masks on.
  private static func forgotten(_ findings: Findings) -> String {
    let more = findings.overSampled { $0.singleError - $0.scaledError }
    let cost = more.worded(
      above:
        "With its masks on, the wide net of this chapter makes \(fixed(more.mean, 1)) points more errors on new images\(more.intervalNote()).",
      below:
        "With its masks on, the wide net of this chapter makes \(fixed(-more.mean, 1)) points fewer errors on new images\(more.magnitude.intervalNote()).",
      withinChance: "With its masks on, the wide net of this chapter makes as many errors on new images, within chance."
    )
    return """
      **The usual mistake** is to forget `model.eval()`. Then the masks stay on, and the same image gets another answer each time. \(cost) \
      The function `F.dropout(h, p)` has the same trap: it drops at test time too, unless it is given `training=self.training`.
      """
  }

  /// What a scale is for.
  static func addExpectation(to page: inout Page, _ findings: Findings) {
    let (sums, relative) = (findings.sums, findings.sums.relative)
    func shown(_ rate: Double) -> RelativeSums { relative[droppedShares.firstIndex(of: rate) ?? 0] }
    func both(_ rate: Double) -> SignedSums? { sums.signed?[droppedShares.firstIndex(of: rate) ?? 0] }
    // Not measured in every run: for He's weights √(p/(1 − p)), on average over the weights.
    let scatter = both(0.5)?.deviation ?? 1
    page.predict(
      """
      A unit adds up 64 inputs with weights of both signs. Dropout removes half of the inputs at random and doubles the \
      others. By how much is the sum off, typically, in per cent of the usual size of such sums?
      """,
      unit: "%", within: 0.25, answer: (100 * scatter).rounded(),
      """
      At $p = 1/2$ each product $a_i$ becomes 0 or $2a_i$. So it changes by $+a_i$ or $-a_i$, and the sum changes by $\\sum \\pm a_i$, whose \
      typical size is $\\sqrt{\\sum a_i^2}$. If the products themselves have random signs, their sum is typically of just that size. So one expects 100 %; the rest is \
      due to these few weights. (At other $p$ one expects $\\sqrt{p/(1-p)}$: a \
      third at 0.1, three times the size at 0.9.) If all products have one sign, the sum grows like 64, but its change only like $\\sqrt{64} = 8$. There it is \
      \(percent(shown(0.5).deviation)).
      """)
    page.project("Half the inputs dropped: how far off is the sum?")
    page.figure(
      Figure(
        "The mean of the sum stays right, and its scatter grows with the share dropped",
        exploring: FigureParameter("share dropped", values: droppedShares, initial: 3),
        caption: """
          One sum over 64 inputs, inverted dropout. First row: all weights are above 0.\(sums.signed == nil ? "" : " Second row: He's weights, which have both signs.")
          """,
        name: "dropped-sums",
        titles: { rate in
          let (sum, dropped) = (
            shown(rate), "With \(percent(rate)) dropped, over \(grouped(sums.masks)) masks the mean is"
          )
          let single =
            "a single mask is off by \(percent(sum.deviation))"
            + (both(rate).map { " with weights of one sign, by \(percent($0.deviation)) with both" } ?? "")
          return abs(sum.mean - 1) < 0.02
            ? "\(dropped) right; \(single)" : "\(dropped) \(fixed(sum.mean, 2)); \(single)"
        }
      ) { rate in
        .histograms(
          HistogramGrid(
            columns: [],
            rows: [
              .init(
                "one sign", range: sums.signed == nil ? -1...1 : -3...3,
                [
                  .init(
                    heights: sums.signed == nil
                      ? shown(rate).histogram
                        // From −3 to 3, as the other row.
                      : Array(repeating: 0, count: shown(rate).histogram.count) + shown(rate).histogram
                        + Array(repeating: 0, count: shown(rate).histogram.count),
                    title: "mean \(fixed(shown(rate).mean - 1, 2)), σ = \(fixed(shown(rate).deviation, 2))")
                ], color: 1)
            ]
              + (both(rate).map { signed in
                [
                  .init(
                    "both signs", range: -3...3,
                    [.init(heights: signed.histogram, title: "σ = \(fixed(signed.deviation, 2))")], color: 2)
                ]
              } ?? []),
            xLabel: "change of the sum by the mask (1: as large as the usual sum)"))
      })
    page.project("The more is dropped, the more the sum scatters")
  }

  private static func addErratum(to page: inout Page) {
    page.callout(
      .erratum("S4"),
      """
      S4 multiplies the weights at test time by "$(1-p)\\%$". It is the factor $1 - p$, not a percentage: at $p = 0.5$ the \
      weights are halved, not divided by 200. S4 gives the right reason: without it the output would be twice as large as \
      in training.
      """)
  }

  /// The takeaway, exercises, further reading.
  ///
  /// - Parameter told: what the page is told from, the record's where there is one.
  static func addEnding(to page: inout Page, _ told: Findings) {
    let (moral, gains) = (widthMoral(told), told.bySize.gains)
    let many =
      told.equalEpochs.map { ($0.gain, "\(grouped($0.size)) images and \(grouped($0.steps)) steps") }
      ?? (
        gains[told.bySize.last], "\(grouped(told.bySize.settings[told.bySize.last])) images"
      )
    let apart = told.apartGains.flatMap { rows in told.controls?.apart.map { apartWords(rows, $0.widths) } }
    let first = apart.map { "On digits the pixels pay more. \($0)" }
    page.callout(
      .note,
      """
      **Today** most convolutional layers have batch norm (chapter 5) and no dropout. A last dense layer may drop half of its inputs, \
      and transformers drop about a tenth. Newer kinds leave out larger parts: patches of a map (DropBlock), or whole layers of a deep net \
      (stochastic depth, for nets as in chapter 11).
      """)
    page.callout(
      .takeaway,
      (advice(told) ?? [
        first ?? answer(told), apart == nil ? "" : noiseMoral(told),
        told.apartGains.flatMap { needs($0, told) }
          ?? "\(moral.text) With \(many.1) it \(effectOrNone(many.0, size)).\(told.controls?.allShares.map { " " + shareMoral($0) } ?? "")",
        wrongMoral(told),
        "Divide by $1 - p$ in training, and change nothing at test time: one pass does as well as an average of many thinned nets.",
      ]).filter { !$0.isEmpty }.map { "- \($0)" }.joined(separator: "\n"))
    page.slide(
      apart == nil ? moral.title : "On digits, the dropped pixels pay more",
      """
      - \(apart ?? "One pass stands in for the average of $2^M$ nets that share weights.")
      - \(apart == nil ? moral.short : "With \(percent(Double(wrongShare))) of the labels wrong, both \(plural(told.noisy.gain)).")
      - \(noiseMoral(told).isEmpty ? "With wrong labels it \(effectOrNone(told.noisy.gain))." : "Noise of the same variance saves as much: no unit has to be missing altogether.")
      - Divide by $1 - p$ in training, and leave the test untouched.
      """)
    page.exercises()
    page.furtherReading([
      "Hinton, Srivastava, Krizhevsky, Sutskever and Salakhutdinov 2012, *Improving neural networks by preventing co-adaptation of feature detectors*, arXiv:1207.0580",
      "Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15: section 10 is the noise, appendix A a practical guide",
      "Arpit et al. 2017, *A closer look at memorization in deep networks*, arXiv:1706.05394: dropout and labels learned by heart",
      "Wan et al. 2013, *Regularization of neural networks using DropConnect*, ICML",
      "Baldi and Sadowski 2013, *Understanding dropout*, NeurIPS: the geometric mean",
      "Wager, Wang and Liang 2013, *Dropout training as adaptive regularization*, arXiv:1307.1493",
      "Tompson et al. 2015, *Efficient object localization using convolutional networks*, arXiv:1411.4280: whole maps left out",
      "Gal and Ghahramani 2016, *Dropout as a Bayesian approximation*, arXiv:1506.02142: masks at test time, for doubt",
      "Li, Chen, Hu and Yang 2019, *Understanding the disharmony between dropout and batch normalization by variance shift*, arXiv:1801.05134",
    ])
  }

  /// Why one throws activations away, as far as the findings say.
  static func answer(_ findings: Findings) -> String {
    let (gain, own) = (findings.contestGains[Place.dropout], findings.contest[Place.dropout].trainingErrors)
    guard saves(gain) else {
      return "Why throw activations away? The aim is to keep a wide net from learning its images by heart."
    }
    var reasons: [String] = []
    if own.mean < 1 { reasons.append("it, too, learns its images by heart (\(fixed(own.mean, 1)) % errors on them)") }
    let noisy = findings.noisy
    if saves(noisy.gain), costs(noisy.learnedByHeart[0] - noisy.learnedByHeart[1]) {
      reasons.append("a plain net at a small rate refuses more wrong labels and still errs more")
    }
    reasons.append("that units rely less on each other is not shown")
    return
      "Why throw activations away? A wide net on few images errs less on new ones: here dropout \(size(gain)). "
      + "Why is open. \(reasons.map(capitalized).joined(separator: ". "))."
  }

  /// What to do, where pixels and hidden units were told apart and the findings say what is said here; nil else.
  static func advice(_ told: Findings) -> [String]? {
    guard let rows = told.apartGains, let widths = told.controls?.apart?.widths, let sizes = told.sizeGains,
      rows[0].gains.allSatisfy(saves), saves(rows[1].last), costs(rows[1].first), costs(sizes[1].last)
    else { return nil }
    return [
      "In a dense net on digits, drop a fifth of the pixels first. It helps at every width tried (\(fixed(rows[0].last.mean, 1)) points with layers of \(widths[widths.count - 1])). On other data try hidden units, too: digits are mostly empty, and neighbouring pixels repeat each other.",
      ofUnits(rows, widths, told),
      told.controls?.maps.map(mapMoral) ?? "", noiseMoral(told),
      "Divide by $1 - p$ in training, and change nothing at test time: one pass does as well as an average of many thinned nets.",
    ]
  }

  /// When dropped hidden units pay: alone, and on top of dropped pixels.
  private static func ofUnits(_ rows: [Summary.Row], _ widths: [Int], _ told: Findings) -> String {
    let onTop = rows[2].last - rows[0].last
    var words = onTop.worded(
      above:
        "On top of dropped pixels, dropped hidden units add \(fixed(onTop.mean, 1)) points in layers of \(widths[widths.count - 1])",
      below:
        "On top of dropped pixels, dropped hidden units cost \(fixed(-onTop.mean, 1)) points in layers of \(widths[widths.count - 1])",
      withinChance:
        "On top of dropped pixels, dropped hidden units add nothing in layers of \(widths[widths.count - 1])")
    if let pixels = told.controls?.apart?.wrong.first {
      let onTop = pixels.testErrors - told.noisy.nets[1].testErrors
      words += ". With \(percent(Double(wrongShare))) of the labels wrong they "
      words += onTop.worded(
        above: "add \(fixed(onTop.mean, 1)) points", below: "cost \(fixed(-onTop.mean, 1)) points",
        withinChance: "add nothing, either")
    }
    return words
      + ". Alone they \(plural(rows[1].last)) in layers of \(widths[widths.count - 1]), and \(plural(rows[1].first)) in layers of \(widths[0])."
  }

  /// What helps in a convolutional net; empty where nothing does.
  static func mapMoral(_ found: MapFindings) -> String {
    let saving = found.kinds.dropFirst().filter { $0.recipe != .valueNoise && saves(found.gain($0.recipe)) }
      .sorted { found.gain($0.recipe).mean > found.gain($1.recipe).mean }
    guard let most = saving.first else { return "" }
    return
      "In a small LeNet, drop \(saving.map(\.recipe.name).joined(separator: ", or ")). That took up to \(fixed(found.gain(most.recipe).mean, 1)) points off \(fixed(found.kinds[0].net.testErrors.mean, 1)) %."
  }

  /// What dropped hidden units need, where too narrow layers and many images make them cost.
  private static func needs(_ rows: [Summary.Row], _ told: Findings) -> String? {
    guard let widths = told.controls?.apart?.widths, let sizes = told.sizeGains, costs(rows[1].first),
      costs(sizes[1].last)
    else { return nil }
    return
      "Dropping hidden units needs wide layers, few images and time: with layers of \(widths[0]), or with \(grouped(told.bySize.settings[told.bySize.last])) images in \(grouped(told.steps)) steps, it costs (figures 4 and 6)."
  }

  /// Why it helps, as far as the controls say.
  static func noiseMoral(_ told: Findings) -> String {
    guard let apart = told.controls?.apart, apart.noise.count == 3, let wide = apart.wide else { return "" }
    let pairs = zip([wide.pixels, wide.units, told.contest[Place.dropout]], apart.noise).map {
      $1.testErrors - $0.testErrors
    }
    guard pairs.allSatisfy({ !saves($0) && !costs($0) }) else { return "" }
    let units = pairs[1]
    let sharp = noiseRows(told).count > 3
    return
      "No unit need be missing altogether: noise of the same variance saves as much, \(sharp ? "also where dropped hidden units save most" : "as far as \(counted(units.count, "seed")) can tell (on hidden units to within \(fixed(units.uncertainty, 1)) points)"). Both make inputs unreliable, and that puts a price on large contributions."
  }

  /// What wrong labels teach: how much dropout saves, and against what.
  static func wrongMoral(_ findings: Findings) -> String {
    let noisy = findings.noisy
    let words =
      "With \(percent(Double(wrongShare))) of the labels wrong it "
      + effectOrNone(noisy.gain, size)
    if let apart = findings.controls?.apart, apart.wrong.count == 2 {
      let alone = apart.wrong.map { noisy.nets[0].testErrors - $0.testErrors }
      return
        "With \(percent(Double(wrongShare))) of the labels wrong hidden units \(plural(alone[1])), pixels \(plural(alone[0])), both \(plural(noisy.gain)), each net at its own best rate."
    }
    guard let wrong = findings.controls?.wrong else { return words + ", each net at its own best rate." }
    return words + ", each net at its own best rate; at one rate for both it "
      + effectOrNone(wrong.atEqualRate(noisy).error, size) + "."
  }

  /// Which share to drop.
  static func shareMoral(_ shares: ShareFindings) -> String {
    if shares.shares[0] == 0 {
      let alone = shares.gains.map { $0[0] }
      if alone.allSatisfy(saves) {
        return
          "Dropping pixels alone \(size(alone[1])) with \(shares.widths[1]) units and \(fixed(alone[0].mean, 1)) with \(shares.widths[0])."
      }
    }
    let words = shares.widths.indices.map { width -> String in
      let (saving, units) = (shares.saving(width), shares.widths[width])
      guard let least = saving.min(), let most = saving.max() else { return "with \(units) units none" }
      return "with \(units) units \(least == most ? short(least) : "\(short(least)) to \(short(most))")"
    }
    return "Which $p$ saves: \(words.joined(separator: ", "))."
  }

  /// What narrow and wide layers teach, as a title and a sentence: units to spare, or only more steps.
  static func widthMoral(_ findings: Findings) -> (title: String, text: String, short: String) {
    let (byWidth, steps) = (findings.byWidth, "\(grouped(findings.steps)) steps")
    func layers(_ place: Int) -> String { "with layers of \(byWidth.settings[place])" }
    let (wide, narrow) = (
      effectOrNone(byWidth.gains[byWidth.last], size), effectOrNone(byWidth.gains[byWidth.narrow], size)
    )
    let both =
      "On \(grouped(findings.few)) images and in \(steps) dropout \(wide) \(layers(byWidth.last)), and \(narrow) \(layers(byWidth.narrow))"
    let short =
      "Layers of \(byWidth.settings[byWidth.last]): it \(wide). Layers of \(byWidth.settings[byWidth.narrow]): it \(narrow)."
    guard costs(byWidth.gains[byWidth.narrow]) else {
      return ("What dropout saves, narrow and wide", both + ".", short)
    }
    guard let longer = findings.narrowLonger else {
      return (
        "In few steps dropout needs units to spare", "In \(steps) dropping half needs units to spare. \(both).", short
      )
    }
    let after = both + "; there, in \(grouped(longer.steps)) steps, it \(effectOrNone(longer.gain, size))."
    guard costs(longer.gain) else {
      return (
        "Narrow layers need more time with dropout", "Narrow layers need more time with half dropped. " + after, short
      )
    }
    let needs = longer.makesUp(for: -byWidth.gains[byWidth.narrow].mean) ? "units and time to spare" : "units to spare"
    return ("Dropping half needs \(needs)", "Dropping half needs \(needs). " + after, short)
  }
}
