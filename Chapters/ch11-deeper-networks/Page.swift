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
    addFolding(to: &page, findings)
    addDegradation(to: &page, runs)
    addGradients(to: &page, runs)
    addReason(to: &page, runs)
    addScaling(to: &page, runs)
    addDepth(to: &page, runs.reported)
    addRules(to: &page, runs.reported)
    addTakeaway(to: &page, runs.reported)
    addAppendix(to: &page, runs)
    addBook(to: &page)
    page.reportsRecord = runs.isRecorded
    claims(findings).forEach { page.claim($0) }
    page.exercises()
    addReading(to: &page)
    return page
  }

  /// The question, and what the chapter finds.
  static func lead(_ findings: Findings) -> String {
    let nets = findings.fair
    guard isTested(nets) else {
      return """
        A network with more layers can compute more. Does it also learn better? Nets of more than a hundred layers have an addition \
        around every two or three of them (He et al. 2016a). This chapter asks what depth can do and what the addition changes.
        """
    }
    return """
      A net with more layers can compute more. Does it also learn more? We train nets of \(nets.shallowPlain.net.depth) and of \(nets.deepPlain.net.depth) layers on digits. \
      An addition around every block of layers changes how fast the deep one learns. Why? \(meaning(findings) == nil ? "We take the suspects one by one." : "In part, we would bet, because of how the untrained net begins; the rest we do not know.")
      """
  }

  /// Words that earlier chapters have explained.
  static func addWords(to page: inout Page) {
    page.sideNote(
      """
      Words from earlier chapters. *Momentum* adds to every step a part of the step before (1). A *ReLU* replaces negative numbers by \
      0 (2). *He's weights* have the variance 2/n for n inputs of a unit, for ReLUs (4). A *norm*, here \
      *batch normalization* (BN), subtracts the mean of the batch, divides by its standard deviation, then multiplies by γ and adds \
      β, at first 1 and 0 (5).
      """)
  }

  /// What depth can do: a function folded together.
  static func addFolding(to page: inout Page, _ findings: Findings) {
    let counts = findings.sawtooth
    let (folds, last) = (counts.count, counts[counts.count - 1])
    page.slide(
      "Does a deeper network learn better?",
      "It could copy the shallow one, and let its other layers do nothing.",
      notes: "Ask what could stand in the way: overfitting, vanishing gradients, the start. The page tests them.")
    page.prose(
      """
      ## Why depth: folding

      One hidden layer with enough units comes as close as you like to any continuous function on an interval. But for some functions a deep net needs \
      far fewer (Telgarsky 2016). Here is one: fold the interval from 0 to 1 in the middle, so that both halves lie on each other.
      """)
    page.math("t(x) = 2\\max(0, x) - 4\\max(0, x - \\tfrac{1}{2})")
    page.prose(
      """
      Two ReLU units do it. One fold draws a *tent*, up to 1 and down again. Now fold the result: $t(t(x))$. While $x$ runs over the first half, $t(x)$ runs from 0 \
      to 1, so the outer $t$ draws its whole tent; over the second half it draws it once more.
      """)
    page.predict(
      """
      Folded \(folds) times, the line from 0 to 1 becomes a sawtooth. A deep net makes it with \(2 * folds) ReLU units, two for \
      each fold. In a net with one hidden layer each unit can change the slope at one place only. How many units does that net \
      need?
      """,
      within: 0.02, answer: Double(last.shallowUnits),
      """
      \(folds) folds make 2\(superscript(folds)) = \(last.pieces) pieces. Their \(last.shallowUnits - 1) kinks need a unit each, and one more gives the first slope. Both nets were built: \(last.deepUnits) units in \(folds) hidden layers against \(last.shallowUnits) in one. At \
      \(last.difference == 0 ? "all \(8 << folds) places that were tried they give the same output" : "one of the \(8 << folds) places that were tried their outputs differ by \(short(Double(last.difference)))").
      """)
    page.project("A sawtooth: \(2 * folds) units deep. How many in one layer?")
    let sawtooth = Sawtooth(folds: min(3, folds))
    page.figure(
      Figure(
        "Each fold doubles the straight pieces: \(counts[min(3, folds) - 1].pieces) after \(counted(min(3, folds), "fold"))",
        .lines(
          LineChart(
            x: Axis("x", range: 0...1), y: Axis("output", range: 0...1.05),
            [
              Series(
                "both nets", x: sawtooth.grid.map(Double.init),
                y: sawtooth.values(of: sawtooth.deep).map(Double.init), style: .line, color: 0)
            ])),
        caption: "The deep net's output, two units for each fold; the shallow net's is the same.", name: "sawtooth"))
    page.prose(
      """
      **After $n$ folds $2n$ units have made a sawtooth of $2^n$ pieces; one hidden layer needs a unit for every piece.** But that a net *can* compute something does not say that \
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
      ## Eleven chapters in five lines

      - A gradient step moves a weight in proportion to its input and to its unit's slope: scale the inputs, avoid flat slopes (1 to 3).
      - Initial weights of the right size keep signals and gradients at one size through the layers (4); a norm keeps the signal there (5).
      - An addition around each block lets a deep net learn digits about as fast as a shallow one (11). What fits training images need not fit new ones (6, 7).
      - The loss decides which mistake pushes hardest (8); a convolution uses everywhere what it has learned at one place (9).
      - Compare nets each at its own rate, with enough seeds to tell a difference from chance (10, 11).
      """)
  }

  /// What to do with a net of one's own: only what this page or the papers that it names support.
  private static func addRules(to page: inout Page, _ findings: Findings) {
    let nets = findings.fair
    guard isTested(nets) else { return }
    page.prose("## In your net")
    page.table(
      Table(
        "A deep net, step by step", columns: ["do", "because", "in PyTorch"],
        rows: [
          [
            "few photographs of your own: start from trained weights",
            "not measured here; Yosinski et al. 2014",
            "`resnet18(weights=\"DEFAULT\")`, a new `fc`",
          ]
        ] + depthRules(findings) + learningRules(findings)))
  }

  /// How many layers, and how many channels.
  private static func depthRules(_ findings: Findings) -> [[TableCell]] {
    var rows: [[TableCell]] = []
    func code(_ width: Int) -> TableCell {
      let (a, b, c) = (16 * width, 32 * width, 64 * width)
      return TableCell(
        "`conv(3, \(a)), nn.ReLU(), Block(\(a), \(a)), Block(\(a), \(b), 2), Block(\(b), \(c), 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(\(c), 10)`"
      )
    }
    if let long = findings.decidedDepth, let steps = findings.depthSteps, steps.gain.direction() == .above {
      let width = long.widthGain.map { "; twice the channels: \(fixed($0, 1)) fewer still" } ?? ""
      rows.append([
        "many photographs, a few epochs: about \(steps.deep.net.depth) layers\(width.isEmpty ? "" : ", then more channels")",
        "\(fixed(steps.gain.mean, 1)) points fewer mistakes than \(steps.few[0].net.depth) layers with as many weights\(width) (\(counted(long.epochs, "epoch")), \(long.side)×\(long.side) pixels)",
        code(width.isEmpty ? 1 : 2),
      ])
      rows.append([
        "a hundred epochs or more: more layers, too",
        "not measured here; He et al. (2016a)",
        "more blocks in each stage",
      ])
    }
    return rows
  }

  /// What more layers need.
  private static func learningRules(_ findings: Findings) -> [[TableCell]] {
    let nets = findings.fair
    let (plain, residual) = (nets.deepPlain, nets.deepResidual)
    var rows: [[TableCell]] = [
      [
        "more layers: an addition around every two, a norm at the end of each branch",
        "training errors of \(plain.net.depth) layers on digits: \(fixed(plain.trainingErrors.mean, 1)) % without additions, \(fixed(residual.trainingErrors.mean, 1)) % with",
        "`torch.relu(x + branch(x))`",
      ]
    ]
    if meaning(findings) != nil {
      rows.append([
        "no addition: more channels, near copies at the start\(nearRate(findings))",
        "training errors on digits: \(wrong(findings.wideNear)) with \(widerName), \(wrong(findings.nearCopies)) with \(plain.net.channels)",
        "each 3×3 weight `w` in the blocks: `w.data = w.data / 2 + nn.init.dirac_(w.data.clone())`, `norm.bias.data.fill_(2)`",
      ])
    }
    let rates = [findings.ownRates?.row()?.fewest?.rate, findings.ownRates?.row(deep: false)?.fewest?.rate].compactMap {
      $0
    }
    let rate =
      rates.count == 2 && rates[0] < rates[1]
      ? "plain \(plain.net.depth) learns its images best at \(short(rates[0])), plain \(nets.shallowPlain.net.depth) at \(short(rates[1]))"
      : ""
    let ending = findings.ending.map { "after \(counted($0.epochs, "epoch")) it had caught up" }
    rows.append([
      "more *training* errors with more layers: first the addition; in a plain net a lower rate, more epochs. It is not overfitting",
      TableCell([rate, ending ?? "that is not overfitting"].filter { !$0.isEmpty }.joined(separator: "; ")),
      "`torch.optim.SGD(net.parameters(), lr=\(short(rates.first ?? 0.02)), momentum=0.9)`",
    ])
    if let factors = findings.factors, let net = factors.row(ScalingFindings.root(factors.blocks)),
      let full = factors.row(1), (full.errors - net.errors).direction() == .above
    {
      rows.append([
        "without a norm: multiply each of L branches by 1/√L",
        "errors of \(factors.blocks) blocks on spirals: \(fixed(full.errors.mean, 0)) % without the factor, \(fixed(net.errors.mean, 1)) % with",
        "`x + L**-0.5 * branch(x)`",
      ])
    }
    return rows
  }

  /// The rate of near copies beside the usual start's.
  private static func nearRate(_ findings: Findings) -> String {
    guard let near = findings.wideNear?.rate, let usual = findings.widened?.rate, near < usual else { return "" }
    return ", and a lower rate (\(short(near)); from the usual start \(short(usual)))"
  }

  private static func addReading(to page: inout Page) {
    page.furtherReading([
      "Telgarsky 2016, *Benefits of depth in neural networks*, arXiv:1602.04485",
      "He, Zhang, Ren and Sun 2016a, *Deep residual learning for image recognition*, arXiv:1512.03385",
      "He, Zhang, Ren and Sun 2016b, *Identity mappings in deep residual networks*, arXiv:1603.05027",
      "Yang et al. 2019, *A mean field theory of batch normalization*, arXiv:1902.08129",
      "De and Smith 2020, *Batch normalization biases residual blocks towards the identity function in deep networks*, arXiv:2002.10444",
      "Xiao et al. 2018, *Dynamical isometry and a mean field theory of CNNs*, arXiv:1806.05393",
      "Balduzzi et al. 2017, *The shattered gradients problem*, arXiv:1702.08591",
      "Li et al. 2018, *Visualizing the loss landscape of neural nets*, arXiv:1712.09913",
      "Yosinski et al. 2014, *How transferable are features in deep neural networks?*, arXiv:1411.1792",
      "Goyal et al. 2017, *Accurate, large minibatch SGD*, arXiv:1706.02677, section 5.1",
    ])
  }

  /// The same in a line each, for the last slide.
  static func shortTakeaway(_ findings: Findings) -> String {
    let nets = findings.fair
    var lines = ["Layers fold what came before, and folds multiply: $n$ of them make $2^n$ pieces."]
    if nets.gap.direction() == .above && nets.cure.direction() == .above {
      lines.append("Many plain layers learn slowly; with an addition around each block they learn well.")
    }
    if meaning(findings) != nil {
      lines.append("The addition gives a good start without care; good starts without it close a part of the gap.")
    }
    lines.append("Whether more layers pay may depend on the training: in He et al.'s long one they did.")
    return lines.map { "- " + $0 }.joined(separator: "\n")
  }

  /// What the trainings say together.
  static func takeaway(_ findings: Findings) -> String {
    let nets = findings.fair
    let isHelped = nets.gap.direction() == .above && nets.cure.direction() == .above
    return
      ([
        "Some functions need far fewer units in a deep net: folds multiply.",
        isHelped
          ? slowness(findings)
          : "This run does not decide between nets of \(nets.deepPlain.net.depth) and \(nets.shallowPlain.net.depth) layers, with additions and without.",
        isHelped && vanishing(findings).isRuledOut
          ? "The reason is neither overfitting nor a gradient that vanishes, before training\(findings.flow?.net(residual: false)?.after == nil ? "" : " or after one epoch").\(openness(findings))"
          : nil,
        isHelped ? goodStart(findings) : nil, whereItPays(findings),
      ] as [String?]).compactMap { $0 }.map { "- " + $0 }.joined(separator: "\n")
  }

  /// How much comes through before training.
  private static func openness(_ findings: Findings) -> String {
    let nets = findings.fair
    guard meaning(findings) != nil, let size = directionsOrder(findings) else { return "" }
    let shares = [nets.deepPlain, nets.shallowPlain, nets.deepResidual].map {
      "\(directions($0.net, findings)) in \($0.net.name)"
    }
    return
      " A part of it, we would bet: of \(size) directions few come through the untrained net, \(listed(shares))."
  }

  /// What a good start without additions does.
  private static func goodStart(_ findings: Findings) -> String? {
    guard meaning(findings) != nil else { return nil }
    return """
      A start without additions can help: rotations leave \(wrong(findings.exactRotations)) of the training images wrong, not \
      \(fixed(findings.fair.deepPlain.trainingErrors.mean, 1)) %; with \(Controls.width) channels near copies leave \(wrong(findings.wideNear)), as additions do, as far as \
      \(counted(findings.wideNear?.remedy.treated.count ?? 0, "seed")) tell. Additions need no such care; what else they do is open.
      """
  }

  /// The deep plain net beside the residual one, in a sentence or two.
  private static func slowness(_ findings: Findings) -> String {
    let nets = findings.fair
    let end =
      findings.ending.map {
        $0.gap.worded(
          above: " Given ten times the epochs, they are still behind.",
          below: " Given ten times the epochs, they are ahead.",
          withinChance: " Given ten times the epochs, they learn these digits, too.")
      } ?? ""
    return
      "\(nets.deepPlain.net.depth) plain layers learn digits more slowly than \(nets.shallowPlain.net.depth); with an addition around each block \(nets.deepPlain.net.depth) learn well.\(end)"
  }

  /// Where depth paid, here and elsewhere.
  private static func whereItPays(_ findings: Findings) -> String {
    let first =
      findings.depthSteps.map {
        $0.gain.worded(
          above: "On photographs \($0.deep.net.depth) layers beat \($0.few[0].net.depth) with as many weights. ",
          below: "",
          withinChance: "")
      } ?? ""
    let he =
      "\(first)Whether \(first.isEmpty ? "" : "more ")depth pays may depend on the training: in He et al.'s long one, with larger pictures, it did."
    guard let long = findings.decidedDepth else { return he }
    let ours = long.gain(residual: true).worded(
      above: "in our \(counted(long.epochs, "epoch")) it did, too",
      below: "in our \(counted(long.epochs, "epoch")) it cost errors",
      withinChance: "in our \(counted(long.epochs, "epoch")) we cannot tell")
    let width =
      long.gain(residual: true).direction() == .withinChance
      ? ", but twice the channels did gain" : ", and twice the channels gained more"
    return "\(he.dropLast()); \(ours)\(long.isWidthBetter ? width : "")."
  }
}
