// The page of chapter 11, from its findings alone.

import Foundation
import Workbook

extension DeeperNetworks {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    // A long run is what its page is about; else the record is, where there is one.
    let runs =
      findings.degradation.isLong
      ? PageRuns(findings)
      : recorded.map { PageRuns(findings, reporting: $0.findings, of: $0.run) } ?? PageRuns(findings)
    var page = page(lead: lead(runs.reported))
    addQuestion(to: &page, runs)
    addWords(to: &page)
    addFolding(to: &page, findings)
    addDegradation(to: &page, runs)
    addDepth(to: &page, runs.reported)
    addGradients(to: &page, runs)
    addReason(to: &page, runs)
    addScaling(to: &page, runs)
    addRules(to: &page, runs.reported)
    addTakeaway(to: &page, runs.reported)
    addBook(to: &page)
    addAppendix(to: &page, runs)
    page.reportsRecord = runs.isRecorded
    claims(findings).forEach { page.claim($0) }
    page.exercises()
    addReading(to: &page)
    return page
  }

  /// The question and its answer.
  static func lead(_ findings: Findings) -> String {
    let nets = findings.fair
    guard isTested(nets) else {
      return """
        A network with more layers can compute more. Does it also learn better? Nets of more than a hundred layers have an addition \
        around every two or three of them (He et al. 2016). This chapter asks what depth can do and what the addition changes.
        """
    }
    let question = "Do more layers make a better net?"
    let isUndecided = findings.longDepth.map { $0.seeds > 0 && !$0.isMeasured } ?? false
    let why = "This chapter asks why, and what the addition does."
    guard let depth = findings.depth, depth.isMeasured else {
      return """
        \(question) Here \(nets.deepPlain.net.depth) plain layers are slow: after \(counted(nets.epochs, "epoch")) they get \
        \(fixed(nets.deepPlain.trainingErrors.mean, 1)) % of their training images wrong, and with an addition around every two layers \
        \(fixed(nets.deepResidual.trainingErrors.mean, 1)) %. \(why)
        """
    }
    if let long = findings.decidedDepth, long.gain(residual: true).direction() == .above {
      let digits = nets.newGain.worded(above: "better", below: "worse", withinChance: "no better")
      return """
        \(question) On small photographs \(long.layers) layers with additions made fewer mistakes than 8\
        \(long.widerInLead.isEmpty ? ", though they also have more weights" : ""). \
        \(long.widerInLead)On digits the deeper net was \(digits). \(why)
        """
    }
    if let long = findings.decidedDepth, long.isWidthBetter {
      return """
        \(question) Our trainings do not show it. On small photographs \(long.layers) layers with additions made as many mistakes as 8, \
        within chance; 8 layers with twice the channels made fewer. In He et al.'s longer trainings depth paid. \(why)
        """
    }
    let costs = depth.gain(residual: false)
    let start =
      findings.paysHere
      ? "In most of our trainings they do not"
      : isUndecided ? "In our short trainings they do not" : "In our trainings they never did"
    return """
      \(question) \(start)\
      \(costs.direction() == .below ? ": on photographs \(depth.layers) plain layers make \(fixed(-costs.mean, 0)) points more mistakes than 8" : "").\
      \(depth.cure.direction() == .above ? " An addition around every two layers takes away \(fixed(depth.cure.mean, 0)) of them." : "") \
      \(trend(findings) ?? "In He et al.'s longer trainings depth paid.") \(isUndecided ? "This chapter asks why." : why)
      """
  }

  /// What a longer training with too few seeds hints at.
  private static func trend(_ findings: Findings) -> String? {
    guard let long = findings.longDepth, long.seeds > 0, !long.isMeasured else { return nil }
    let trainings = long.seeds == 1 ? "one longer training" : "two longer trainings, too few to be sure,"
    switch long.trend(residual: true) {
    case .above: return "In \(trainings) \(long.layers) layers with additions err less than 8."
    case .below: return "In \(trainings) \(long.layers) layers with additions err more than 8, too."
    case .withinChance: return nil
    }
  }

  /// The same, shorter.
  private static func hint(_ findings: Findings) -> String? {
    guard let long = findings.longDepth, trend(findings) != nil else { return nil }
    let longer = long.seeds == 1 ? "one longer one" : "two longer ones"
    return "In our short trainings depth never paid; "
      + (long.trend(residual: true) == .above
        ? "\(longer) hint that with additions it can." : "in \(longer) it did not either.")
  }

  /// The question.
  static func addQuestion(to page: inout Page, _ runs: PageRuns<Findings>) {
    let findings = runs.reported
    let nets = findings.fair
    page.slide(
      "Does a deeper network learn better?",
      "It could copy the shallow one, and let its other layers do nothing.",
      notes: "Ask what could stand in the way: overfitting, vanishing gradients, the start. The page tests them.")
    page.prose(
      """
      ## The question

      A network with one hidden layer can approximate every continuous function on a closed and bounded region, if it has enough \
      units. So why stack layers? Counting units answers that. But does a deeper net also learn better? \
      \(isAnswered(findings) && isTested(nets)
        ? "We train nets of two depths, and ask why they differ. **Place your bet before each test.**"
        : "Of that question this run can only rule answers out.")\
      \(runs.isRecorded ? " Numbers and figures are those of the recorded run." : "")
      """)
  }

  /// Words that earlier chapters have explained.
  private static func addWords(to page: inout Page) {
    page.sideNote(
      """
      Words from earlier chapters. *Momentum* adds to every step a part of the step before (1). A *ReLU* replaces negative numbers by \
      0 (2). *He's weights* have the variance 2/n for n inputs of a unit, for ReLUs; *Xavier's* have 1/n where a layer has as many outputs as inputs, for tanh (4). A *norm*, here \
      *batch normalization* (BN), subtracts the mean of the batch, divides by its standard deviation, then multiplies by γ and adds \
      β, at first 1 and 0 (5).
      """)
  }

  /// Whether changes were put to the test.
  static func isAnswered(_ findings: Findings) -> Bool { findings.ownRates?.begun(.open) != nil }

  /// What depth can do: a function folded together.
  static func addFolding(to page: inout Page, _ findings: Findings) {
    let counts = findings.sawtooth
    let (folds, last) = (counts.count, counts[counts.count - 1])
    page.prose(
      """
      ## Why depth: folding

      A shallow network can compute what a deep one computes, but for some functions it needs far more units (Telgarsky 2016). \
      Here is one. Fold the interval from 0 to 1 in the middle, so that both halves lie on each other:
      """)
    page.math("g(x) = 2\\max(0, x) - 4\\max(0, x - \\tfrac{1}{2})")
    page.prose(
      """
      Two ReLU units do it. Now fold the result: $g(g(x))$. While $x$ runs over the first half of the interval, $g(x)$ runs from 0 \
      to 1, so the outer $g$ draws its whole tent. Over the second half it draws the tent once more.
      """)
    page.predict(
      """
      Folded \(folds) times, the line from 0 to 1 becomes a sawtooth. A deep net makes it with \(2 * folds) ReLU units, two for \
      each fold. In a net with one hidden layer each unit can change the slope at one place only. How many units does that net \
      need?
      """,
      within: 0.02, answer: Double(last.shallowUnits),
      """
      \(last.shallowUnits - 1) kinks need a unit each, and one more gives the first slope. Both nets were built: \(last.deepUnits) units in \(folds) hidden layers against \(last.shallowUnits) in one. At \
      \(last.difference == 0 ? "all \(8 << folds) places that were tried they give the same output" : "one of the \(8 << folds) places that were tried their outputs differ by \(short(Double(last.difference)))").
      """)
    page.project("A sawtooth: \(2 * folds) units deep. How many in one layer?")
    page.figure(
      Figure(
        "Each fold doubles the straight pieces",
        exploring: FigureParameter("folds", values: (1...folds).map(Double.init), initial: 2),
        caption: "The deep net's output, two units for each fold; the shallow net's is the same.",
        name: "sawtooth",
        titles: {
          let count = counts[Int($0) - 1]
          return
            "\(counted(count.folds, "fold")) make\(count.folds == 1 ? "s" : "") \(count.pieces) pieces: \(count.deepUnits) units in a deep net, \(count.shallowUnits) in a shallow one"
        }
      ) { value in
        let sawtooth = Sawtooth(folds: Int(value))
        return .lines(
          LineChart(
            x: Axis("x", range: 0...1), y: Axis("output", range: 0...1.05),
            [
              Series(
                "both nets", x: sawtooth.grid.map(Double.init),
                y: sawtooth.values(of: sawtooth.deep).map(Double.init), style: .line, color: 0)
            ]))
      })
    page.project("Each fold doubles the pieces, for two more units")
    page.prose(
      """
      **After $n$ folds $2n$ units have made a sawtooth of $2^n$ pieces; one hidden layer needs a unit for every piece.** So some \
      functions are cheap for a deep net and expensive for a shallow one. But that a net *can* compute something does not say that \
      training finds it.
      """)
  }

  /// The takeaway, and that of the whole book.
  private static func addTakeaway(to page: inout Page, _ findings: Findings) {
    page.callout(.takeaway, takeaway(findings))
    page.slide(
      findings.fair.cure.worded(
        above: "The addition makes the deep net learn", below: "The addition harms the deep net here",
        withinChance: "With the addition and without: no difference beyond chance"),
      shortTakeaway(findings))
  }

  /// What the whole book has found.
  private static func addBook(to page: inout Page) {
    page.prose(
      """
      ## Eleven chapters in six lines

      - A gradient step moves a weight in proportion to its input and to the slope of its unit: scale the inputs, avoid flat slopes (1 to 3).
      - Initial weights of the right size keep signals and gradients at one size through the layers (4); a norm keeps the signal there (5).
      - With an addition around each block a deep net learned digits about as fast as a shallow one (11).
      - What fits the training images need not fit new ones (6 and 7).
      - The loss decides which mistake pushes hardest (8); a convolution uses at every place what it has learned at one (9).
      - A comparison is fair where each net has a rate of its own, and where enough seeds tell a difference from chance (10 and 11).
      """)
  }

  /// What to do with a net of one's own: only what this page or the papers that it names support.
  private static func addRules(to page: inout Page, _ findings: Findings) {
    let nets = findings.fair
    guard isTested(nets) else { return }
    let long = findings.decidedDepth
    let steps =
      if let long, long.gain(residual: true).direction() == .above, let short = findings.depth,
        short.gain(residual: true).direction() != .above
      {
        ": on photographs depth paid after \(grouped(long.steps)) steps with \(grouped(long.trainingCount)) photographs, not after \(grouped(short.steps)) with \(grouped(short.trainingCount))"
      } else {
        ": it paid in He et al.'s \(grouped(Published.steps)), not in our \(grouped((long ?? findings.depth)?.steps ?? 0))"
      }
    let wider =
      if let long, long.widerKeepsUp, let cost = long.widerCost {
        ", then one with more channels: on photographs twice the channels did \(long.isWidthBetter ? "better than" : "as well as") \(long.layers) layers, with \(fixed(cost, 1)) times the multiply-adds"
      } else { "" }
    let shallow = nets.newGain.worded(
      above: "", below: "", withinChance: " On digits more layers gained nothing.")
    page.prose(
      """
      ## In your net

      1. Train a shallow net first, of \(nets.shallowPlain.net.depth) layers or so\(wider).\(shallow)
      2. Then try a deeper one. Put an addition around each block and a norm at the end of its \
      branch, and take many steps\(steps).
      3. Compare errors on *training* images. If the deeper net has more, that is not overfitting: put in the addition; where it is in, train longer. \
      Dropout and weight decay are for the other case (6 and 7).
      4. Without a norm, multiply each of L branches by \(orSmall(findings).isEmpty ? "a small factor" : "1/√L"); tried here on two spirals.
      5. For photographs of your own, start from weights that others have published. Not measured here:

      ```python
      from torchvision import models
      net = models.resnet18(weights="IMAGENET1K_V1")
      net.fc = nn.Linear(net.fc.in_features, 5)  # for your 5 classes
      steps = torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9)
      ```

      `models.ResNet18_Weights.IMAGENET1K_V1.transforms()` prepares your photographs as those were.
      """)
  }

  private static func addReading(to page: inout Page) {
    page.furtherReading([
      "Telgarsky 2016, *Benefits of depth in neural networks*, arXiv:1602.04485",
      "He, Zhang, Ren and Sun 2016, *Deep residual learning for image recognition*, arXiv:1512.03385",
      "He, Zhang, Ren and Sun 2016, *Identity mappings in deep residual networks*, arXiv:1603.05027",
      "Yang et al. 2019, *A mean field theory of batch normalization*, arXiv:1902.08129",
      "De and Smith 2020, *Batch normalization biases residual blocks towards the identity function in deep networks*, arXiv:2002.10444",
      "Xiao et al. 2018, *Dynamical isometry and a mean field theory of CNNs*, arXiv:1806.05393",
      "Li et al. 2018, *Visualizing the loss landscape of neural nets*, arXiv:1712.09913",
      "Veit, Wilber and Belongie 2016, *Residual networks behave like ensembles of relatively shallow networks*, arXiv:1605.06431",
      "Goyal et al. 2017, *Accurate, large minibatch SGD*, arXiv:1706.02677, section 5.1",
    ])
  }

  /// The same in a line each, for the last slide.
  static func shortTakeaway(_ findings: Findings) -> String {
    let nets = findings.fair
    var lines = ["Layers fold what came before, and folds multiply: $n$ of them make $2^n$ pieces."]
    lines.append(whereItPays(findings, isSlide: true))
    if isTested(nets) && withoutCopies(findings) != nil { lines.append(answerToKeep(findings)) }
    if nets.cure.direction() == .above {
      lines.append("Put an addition around each block; end the branch in a norm\(orSmall(findings)).")
    }
    return lines.map { "- " + $0 }.joined(separator: "\n")
  }

  /// Where depth paid, here and elsewhere.
  static func whereItPays(_ findings: Findings, isSlide: Bool = false) -> String {
    let he =
      "With He et al.'s \(grouped(Published.steps)) steps it pays: \(fixed(Published.best.error, 2)) % with \(Published.best.layers) layers, \(fixed(Published.depths[0].error, 2)) % with \(Published.depths[0].layers)."
    guard let long = findings.decidedDepth, long.gain(residual: true).direction() == .above else {
      let width =
        findings.decidedDepth.flatMap { $0.isWidthBetter ? $0.widthGain : nil }.map {
          " Twice the channels did: \(fixed($0, 1)) points."
        } ?? ""
      let ours =
        (findings.paysHere
          ? "Depth paid in few of our trainings." : "In our trainings depth never paid, beyond chance.") + width
      return isSlide && !width.isEmpty ? ours : "\(hint(findings) ?? ours) \(he)"
    }
    let short = findings.depth.map { $0.gain(residual: true).direction() != .above } ?? false
    let wider = long.widerToKeep(isShort: isSlide)
    let costs =
      short && wider.isEmpty
      ? "; after \(grouped(findings.depth?.steps ?? 0)) steps none was gained" : ""
    return
      "\(short ? "Here depth took training\(long.gain(residual: false).direction() == .above ? "" : " and additions")" : "Depth pays with additions"): after \(grouped(long.steps)) steps \(long.compared(residual: true))\(wider)\(costs)."
  }

  /// What else holds the branch, where that was seen.
  private static func orSmall(_ findings: Findings) -> String {
    let gain =
      findings.factors.flatMap { factors in
        factors.row(ScalingFindings.root(factors.blocks)).flatMap { net in factors.row(1).map { $0.errors - net.errors }
        }
      } ?? findings.scaling.branchGain
    return gain.direction() == .above ? ", or scale it down" : ""
  }

  /// What the trainings say together.
  static func takeaway(_ findings: Findings) -> String {
    let nets = findings.fair
    let (plain, shallow) = (nets.deepPlain, nets.shallowPlain.net.depth)
    let learning =
      nets.gap.direction() == .above && nets.cure.direction() == .above
      ? "On digits \(plain.net.depth) plain layers are slow.\(atTheEnd(findings)) It is not overfitting\(vanishing(findings).isRuledOut ? ", and in nets with a norm no gradient that vanishes" : "").\n- \(answerToKeep(findings))"
      : "This run does not decide between nets of \(plain.net.depth) and \(shallow) layers, with additions and without."
    return """
      - Some functions need far fewer units in a deep net: folds multiply.
      - \(whereItPays(findings))
      - \(learning)
      """
  }

  /// How the long training of the plain nets ended.
  private static func atTheEnd(_ findings: Findings) -> String {
    guard let ending = findings.ending else { return "" }
    let given = " Given \(ending.epochs) epochs, "
    return ending.gap.worded(
      above: given + "the deeper net is still behind on its own images.",
      below: given + "the deeper net is ahead on its own images.",
      withinChance: given
        + "they learn their images as well as \(ending.shallow.net.depth)."
    )
  }
}
