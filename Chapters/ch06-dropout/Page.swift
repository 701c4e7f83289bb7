// The page of chapter 6, from its findings alone.

import Foundation
import Workbook

extension Dropouts {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    // The text is told from the recorded run, where that is about the same nets and pictures.
    let recorded = recorded.map(\.findings).flatMap {
      $0.data == findings.data && $0.wide == findings.wide ? $0 : nil
    }
    let told = recorded ?? findings
    var page = page(lead: lead(told))
    addQuestion(to: &page, told, isRecorded: recorded != nil)
    addReason(to: &page, told)
    addForms(to: &page, told)
    // Weights of both signs are not in every record.
    addExpectation(to: &page, told.sums.signed == nil ? findings : told)
    addEnsemble(to: &page, told)
    addShares(to: &page, told)
    addWhen(to: &page, told)
    addNoise(to: &page, told)
    addWrongLabels(to: &page, told)
    addRelatives(to: &page, told)
    addWhy(to: &page, told)
    page.reportsRecord = recorded != nil
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, told)
    return page
  }

  /// The answer in short: what dropping saves.
  private static func lead(_ told: Findings) -> String {
    guard let recipe = told.recipe, let alone = told.bestAlone, saves(alone.pixels.gain) else {
      let (plain, both) = (told.contest[0].testErrors, told.contest[Place.dropout].testErrors)
      return "In training, dropout switches off units at random. "
        + (plain - both).worded(
          above: "A wide net with few images then errs less on new ones",
          below: "The wide net of this run then errs more on new images",
          withinChance: "A wide net with few images may then err less on new ones")
        + " (\(fixed(both.mean, 1)) instead of \(fixed(plain.mean, 1)) %)."
    }
    return
      "Dropout sets values to 0 at random in training. In a wide dense net with few images of digits this lowers the error: \(recipe.pixelWords) dropped save \(fixed(alone.pixels.gain.mean, 1)) points.\(told.isPixelsEnough ? " Dropping hidden units as well saves no more." : "")\(told.wantsTime.contains("pixels") ? " Such a net wants more steps, too." : "")"
  }

  /// What dropout is for, and the net in PyTorch.
  ///
  /// - Parameter isRecorded: whether these findings are the record's, on the page of another run.
  private static func addQuestion(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    let plain = findings.contest[0]
    page.prose(
      """
      ## The question

      A net with two hidden layers of \(findings.wide) units learns \(grouped(findings.few)) images of digits. In the end it gets \
      \(fixed(plain.trainingErrors.mean, 1)) % of them wrong, but \(fixed(plain.testErrors.mean, 1)) % of \(findings.tested.map { grouped($0) + " " } ?? "")new ones. It *overfits*: part of what it has learned is true of its own images alone. (A *point* of error is 1 % of the images.)

      *Dropout* sets a random share of a net's values to 0, anew in every training step. At test time it does nothing.\
      \(isRecorded ? " (Figures and text show the recorded run, with \(findings.seedWords) where nothing else is said.)" : "")
      """)
    let shares = sharesInCode(findings)
    page.prose(
      """
      ```python
      # p is the share dropped; \(shares.comment)
      model = nn.Sequential(
          nn.Flatten(), nn.Dropout(\(shares.pixels)),      # pixels, from 0 to 1
          nn.Linear(784, 256), nn.ReLU(),     # nn.Dropout(\(shares.units)) here: hidden units
          nn.Linear(256, 256), nn.ReLU(),     # and here
          nn.Linear(256, 10))                 # nothing after the last layer
      model.train()  # dropping is on
      model.eval()   # dropping is off: call it before every test
      ```

      The pixels lie between 0 and 1, as `ToTensor()` gives them. So a dropped pixel is black, like the background.\(standardized(findings))\(findings.recipe.map { " Where an experiment drops both, *our shares* are \(short($0.pixels)) of the pixels and \(short($0.units)) of the hidden units." } ?? "")
      """)
    page.slide(
      "Why throw away values that were just computed?", "A random share of them, anew in every step of training.")
    page.slide(
      "A wide net with few images overfits",
      """
      - Its own \(grouped(findings.few)) images: \(fixed(plain.trainingErrors.mean, 1)) % wrong.
      - New images: \(fixed(plain.testErrors.mean, 1)) % wrong.
      """)
  }

  /// Masks, the two forms, and how one types them.
  private static func addForms(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## The two forms

      In training each value $h_i$ of a layer is multiplied by a number $m_i$ of its own: 0 with probability $p$, and 1 otherwise. All the $m_i$ together are called the *mask*; \
      it is drawn anew for every image. At test time nothing is missing, so the sums are too large: the next layer was trained with a \
      share $1 - p$ of the values. (In the paper of Srivastava et al., and in CS231n, $p$ is the share that is *kept*.)

      The original form corrects this at test time. The *inverted* form, which every library uses, corrects it in training:
      """)
    page.math("\\text{original: } \\quad \\text{training } m_i h_i \\qquad \\text{test } (1-p)\\,h_i")
    page.math("\\text{inverted: } \\quad \\text{training } \\frac{m_i h_i}{1-p} \\qquad \\text{test } h_i")
    page.slide(
      "Scale up in training, change nothing in the test",
      """
      $$\\text{training } \\frac{m_i h_i}{1-p} \\qquad \\text{test } h_i$$

      $h_i$: a value. $m_i$: 0 or 1, at random. $p$: the share that is dropped.
      """, notes: "$E[m_i] = 1 - p$: both forms keep the expectation.")
    page.prose(
      """
      Both keep the expectation $E$, the mean over all masks, since $E[m_i] = 1 - p$. Backward, the mask is a factor for each value, so the gradient is multiplied by the same \
      $m_i/(1-p)$. In NumPy:

      ```python
      mask = (np.random.rand(*h.shape) >= p) / (1 - p)  # 0 or 1/(1 - p)
      h = h * mask       # training, forward
      dh = dh * mask     # training, backward: the same mask
                         # at test time: nothing at all
      ```
      """)
    page.callout(.note, forgotten(findings))
    page.fold("The same in Swift, and a slip in a source") {
      $0.code("inverted", in: "Inverted.swift")
      addErratum(to: &$0)
    }
  }

  /// What standardized pixels change, where that was tried.
  private static func standardized(_ told: Findings) -> String {
    let usual = " If you standardize (chapter 3), put `nn.Dropout` after that: a dropped pixel then has the mean value."
    guard let plain = told.plain(.standardized), let pixels = told.bestPixels(.standardized, nil) else { return usual }
    let gain = difference(plain.testErrors, pixels.net.testErrors)
    return saves(gain) ? usual + " It then saves \(fixed(gain.mean, 1)) points." : usual
  }

  /// The shares of the net in PyTorch, and what is said of them.
  private static func sharesInCode(_ told: Findings) -> (pixels: String, units: String, comment: String) {
    guard let recipe = told.recipe else {
      return (short(Double(dropout.inputDropout)), short(Double(dropout.dropout)), "here the shares of its authors")
    }
    return (short(recipe.pixels), short(recipe.units), "\(short(recipe.pixels)) is the best for our digits")
  }

  /// What becomes of a net that is tested with its masks on.
  private static func forgotten(_ findings: Findings) -> String {
    let more = findings.overVotes { $0.singleError - $0.scaledError }
    let cost = more.worded(
      above:
        "That costs \(findings.hasOwnVotes ? "a net with our shares" : "our wide net, trained with \(findings.votesShares),") \(fixed(more.mean, 1)) points of error.",
      below: "Here that saves \(fixed(-more.mean, 1)) points of error.",
      withinChance: "Here that makes no difference beyond chance.")
    return """
      **The usual mistake** is to forget `model.eval()`. Then the masks stay on, and the same image gets another answer each time. \(cost)
      """
  }

  /// What a scale is for.
  static func addExpectation(to page: inout Page, _ findings: Findings) {
    let (sums, relative) = (findings.sums, findings.sums.relative)
    func shown(_ rate: Double) -> RelativeSums { relative[droppedShares.firstIndex(of: rate) ?? 0] }
    func both(_ rate: Double) -> SignedSums? { sums.signed?[droppedShares.firstIndex(of: rate) ?? 0] }
    // Not measured in every run: for He's weights √(p/(1 − p)), on average over the weights.
    let scatter = both(0.5)?.deviation ?? 1
    page.prose(
      """
      ## How large is the noise?

      The scale is right on average, but a single mask is not: it adds noise. The products 3, −2, 1 and −4 add up to −2. If the first two stay, \
      doubled, the sum is 2; if the first and the third, 8.
      """)
    page.predict(
      """
      A unit adds up 64 inputs with weights of both signs. Dropout removes half of the inputs at random and doubles the \
      others. By how much is the sum off, typically, in per cent of the usual size of such sums?
      """,
      unit: "%", within: 0.25, answer: (100 * scatter).rounded(),
      """
      At $p = 1/2$ each product $a_i$ becomes 0 or $2a_i$, so it changes by $+a_i$ or $-a_i$. These signs are independent, so variances add: the change of the sum has the variance \
      $\\sum a_i^2$. If the products have random signs themselves, their sum has the same variance. So one expects 100 %, and the rest is due to these few weights.
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
          "With \(percent(rate)) dropped, a single mask is off by \(percent(shown(rate).deviation))"
            + (both(rate).map { " with weights of one sign, by \(percent($0.deviation)) with both" } ?? "")
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
            xLabel: "change of the sum (1: its usual size)"))
      })
    addNoiseOfSums(to: &page, isAsLarge: scatter > 0.8)
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
}
