// The page of chapter 11: gradients on their way down, deep nets that learn less, and the addition.

import Foundation
import Workbook

extension DeeperNetworks {
  /// What is left of a gradient on its way down.
  static func addGradients(to page: inout Page, _ gradients: GradientFindings) {
    let (decays, shown) = (gradients.decays, gradients.shown)
    let (arriving, theory) = (shown.arriving(.normalized), GradientFindings.theory)
    let drawn = Stack.allCases.filter { $0 != .sigmoid }
    page.prose(
      """
      ## The gradient on its way back

      Backpropagation multiplies: the gradient before a layer is the one after it times the layer's derivative, a matrix. If each makes the gradient smaller by a factor $q$, then \
      $q^L$ of it is left after $L$ layers. Sigmoid's slope is at most $\\frac14$, so its $q$ is small with weights of the \
      usual size; a product of many factors goes to 0 or to infinity (Bengio et al. 1994, and S4). Does it? Random \
      numbers are sent back through five kinds of stack. Nothing is trained.
      """)
    page.fold("How they are sent back") { $0.code("gradientNorms", in: "Gradients.swift") }
    page.predict(
      """
      A gradient is sent back through \(shown.depth) layers of ReLU with batch normalization, without any addition. At the first \
      layer it is
      """,
      choices: ["a millionth of what was sent", "about as large", "ten times as large or more"],
      answer: arriving < 0.1 ? 0 : arriving < 5 ? 1 : 2,
      """
      It arrives \(short(arriving)) times as large. Batch normalization holds the signal, not the gradient: back through a ReLU \
      0.71 of its length is left, and the norm divides it by 0.58.
      """)
    page.project("Does batch normalization hold the gradient?")
    page.figure(
      Figure(
        shown.factor(.normalized).direction(from: 1) == .above
          ? "Batch normalization makes a gradient \(short(arriving)) times as large through \(shown.depth) layers"
          : "Batch normalization leaves \(arrivalText(arriving)) of a gradient through \(shown.depth) layers",
        .lines(
          LineChart(
            x: Axis("layers"), y: Axis("norm of the gradient", log: true),
            drawn.map { stack in
              Series(
                stack.name, x: decays.map { Double($0.depth) },
                y: decays.map { $0.arriving(stack) > 0 ? $0.arriving(stack) : .nan },
                isEmphasized: stack == .residual,
                color: stack.color)
            })),
        caption: """
          ‖∂L/∂x‖ at the first layer, relative to what was sent back from the last; layers of 64 units, batches of 32, \
          geometric mean over \(gradients.seeds) seeds. Sigmoids are far below the picture: they leave \
          \(arrivalText(shown.arriving(.sigmoid))) after \(shown.depth) layers.
          """,
        name: "gradient-norms"))
    page.project(
      shown.factor(.normalized).worded(
        from: 1, above: "Batch normalization lets the gradient grow",
        below: "With batch normalization the gradient shrinks",
        withinChance: "What is left of a gradient, by the number of layers"))
    page.prose(
      """
      Where does the growth come from? Take one layer of ReLU, weights that keep a vector's length, and a norm.

      1. Back through the ReLU: half of the slopes are 1 and half 0, so the gradient keeps √½ = 0.71 of its length.
      2. Forward, a ReLU takes a standard normal $z$ to $\\max(0, z)$: mean square ½, mean $\\int_0^\\infty z\\,\\varphi(z)\\,dz$ = \
      1/√(2π), with $\\varphi$ the bell curve. The mean is the same for every image, so the next norm takes it away. What is left has a variance of \
      ½ − 1/(2π) = 0.34, a spread of 0.58, and the weights keep it.
      3. To bring 0.58 back to 1 the norm divides by it, and the gradient is divided by it on the way back, too: \
      0.71/0.58 = \(fixed(theory, 2)) for each layer. Measured: \(fixed(shown.factor(.normalized).mean, 2)).

      He's weights count the mean square, mean included. So they make up for 0.71 exactly, and without a norm the gradient \
      keeps its size.

      And why does the addition slow this growth? The norm at a branch's end gives every branch the spread 1, and variances add \
      up: behind $l$ blocks the sum has a variance of about $l$. The norm of the next branch divides that by $\\sqrt l$, on the way \
      back as well. So of the $c = \(fixed(theory, 2))^2 = \(fixed(theory * theory, 2))$ that two layers would make of the gradient, \
      $c/\\sqrt l$ comes back through the branch, and $g$ itself beside it; lengths of independent vectors add up as squares:
      """)
    page.math(
      "\\Big\\|\\frac{\\partial L}{\\partial x_l}\\Big\\| \\approx \\sqrt{1 + \\frac{c^2}{l}}\\;\\|g\\|, \\qquad \\prod_{l=1}^{L} \\sqrt{1 + \\frac{c^2}{l}} \\;\\sim\\; L^{c^2/2} = L^{\(fixed(theory * theory * theory * theory / 2, 1))}"
    )
    page.prose(
      """
      A power of the depth in place of a factor in every layer: the later a block, the smaller its share of the sum, and the less it \
      changes. The factor is \
      \([1, 2, 5, 15].map { "\(fixed(GradientFindings.residualFactor(block: $0), 2)) at block \($0)" }.joined(separator: ", ")). For the \(shown.depth / 2) blocks of \(counted(shown.depth, "layer")) the product is \
      \(short(GradientFindings.residualTheory(blocks: shown.depth / 2))), measured \(short(shown.arriving(.residual))); the plain \
      stack has \(short(pow(theory, Double(shown.depth)))), measured \(short(arriving)). (The ReLU after the sum is left out of \
      this.)
      """)
    page.live(
      "flow", "Stack the layers yourself, with the addition and without",
      caption: """
        Play adds two layers at a time. What does the addition save under sigmoids, and what if nothing follows it? \
        What if the initial weights are doubled, with batch normalization and without?
        """,
      figure: "gradient-norms",
      settings: ["seed": 1, "depth": 20, "activation": 2, "factor": 1, "normalized": 1, "last": 1])
    page.callout(
      .note,
      """
      Where a ReLU is active the gradient passes undiminished (Glorot et al. 2011); S1 and S4 conclude that it does not vanish. With He's weights the factor of one layer is \
      \(fixed(shown.factor(.relu).mean, 3)) here: \
      \(abs(shown.factor(.relu).mean - 1) < 0.03 ? "next to nothing is lost" : "not quite what one would wish"). But it \
      is not the slope that does it: half of the units have slope 0, and the slope alone would lose a factor of √½ in every \
      layer. He's weights make up for it. What decides is the product of the two.
      """)
  }

  /// Two depths, plain and residual.
  static func addDegradation(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (nets, own) = (runs.reported.fair, runs.reported.ownRates.flatMap { $0.compared == nil ? nil : $0 })
    let (shallowPlain, deepPlain) = (nets.shallowPlain, nets.deepPlain)
    page.prose(
      """
      ## Degradation

      He et al. (2016) saw, and S1 repeats, that with more layers a network learns worse, on the training set and on the test \
      set, so it is not overfitting. Two depths put it to the test: a first convolution, \(shallowPlain.net.blocks) or \
      \(deepPlain.net.blocks) blocks of two 3×3 convolutions with \(shallowPlain.net.channels) channels and batch normalization, \
      one dense layer: 1 + 2·\(shallowPlain.net.blocks) + 1 = \(shallowPlain.net.depth) layers, or \(deepPlain.net.depth). The \
      deeper net could do at least as well: let its first \(shallowPlain.net.blocks) blocks be those of the shallow one, and the \
      others hand on what they get.

      And then the same layers, the same initial weights, with one difference: the input of every block is *added* to its \
      output:
      """)
    page.figure(blocksFigure())
    page.project("A residual block adds its input to its output", notes: "(a) is plain, (b) residual; (c) comes later.")
    page.prose(
      """
      A block then has to learn only what to change. With one number: $y = x + F(x)$ has slope $1 + F'(x)$; even where $F'$ is \
      nearly 0 the gradient passes. That is the reason usually given for what follows; whether it is the reason here, we shall \
      see. With vectors, and the ReLU after the sum:
      """)
    page.math("y = \\max(0,\\; x + F(x)), \\qquad \\frac{\\partial L}{\\partial x} = g + F'(x)^T g")
    page.prose(
      """
      $g$ is $\\partial L/\\partial y$ where $y > 0$, and 0 elsewhere: the ReLU's share is already in it. $F'(x)^T g$ is what \
      comes back through the branch. Whatever that is, $g$ itself arrives one block further down.
      """
    )
    page.fold("Both nets in code") { $0.code("deepNet", in: "Degradation.swift") }
    page.predict(
      """
      Which of the four nets, plain and residual with \(shallowPlain.net.depth) and \(deepPlain.net.depth) layers, has the most \
      mistakes *on its own training images* after \(counted(nets.epochs, "epoch"))\(own == nil ? "" : ", each at the learning rate that suits it best")?
      """,
      choices: nets.runs.prefix(4).map(\.net.name),
      answer: (0..<4).max { nets.runs[$0].trainingErrors.mean < nets.runs[$1].trainingErrors.mean } ?? 0,
      nets.runs.prefix(4).map { "\($0.net.name): \($0.trainingErrors.formatted(decimals: 1)) %" }.joined(
        separator: "; ")
        + " (measured after the training, in test mode).")
    page.project("Which net makes the most training errors?")
    if let own { addRates(to: &page, own, nets, runs.origin) }
    addCurves(to: &page, runs, own)
    addErrors(to: &page, nets, own, runs.origin)
    if runs.isRecorded {
      let live = runs.live.degradation
      page.fold("This run: \(counted(live.epochs, "epoch"))") {
        $0.table(
          Table(
            "Errors (%) on the training images after \(counted(live.epochs, "epoch")), \(counted(live.seeds, "seed")), all at \(live.rate): too short to tell slow from unable",
            columns: ["net", .init("training images", digits: 1)],
            rows: live.runs.prefix(4).map { [TableCell($0.net.name), .measured($0.trainingErrors)] }))
      }
    }
    if let ending = runs.reported.ending { addEnd(to: &page, ending, runs.origin) }
    page.callout(
      .note,
      "The addition was not the first way to train tens of layers. Batch normalization had been in use for months, and Highway networks (Srivastava et al. 2015) put a learned gate on the same shortcut; the residual net leaves the gate out."
    )
  }

  /// The errors of the four nets in the end, and what depth does with additions elsewhere.
  private static func addErrors(
    to page: inout Page, _ nets: DegradationFindings, _ own: OwnRates?, _ origin: String
  ) {
    func row(_ run: DeepRun, _ rate: Double?) -> [TableCell] {
      [TableCell(run.net.name)] + (rate.map { [TableCell(short($0))] } ?? [])
        + [.measured(run.trainingErrors), .measured(run.testErrors)]
    }
    page.table(
      Table(
        "\(origin)Errors (%) after \(counted(nets.epochs, "epoch")), in test mode, \(counted(nets.seeds, "seed"))",
        columns: ["net"] + (own == nil ? [] : [.init("rate")]) + [
          .init("training images", digits: 1), .init("new images", digits: 1),
        ],
        rows: nets.runs.prefix(4).flatMap { run in
          let found = own?.row(deep: run.net.blocks == nets.deepPlain.net.blocks, residual: run.net.isResidual)
          return [row(run, found?.fewest?.rate)] + (found?.more.map { [row($0.run, $0.rate)] } ?? [])
        }))
    if let plain = own?.row() { page.prose(ratesFinding(plain)) }
    page.prose("\(slowness(nets)) \(newImages(nets))")
    page.table(
      Table(
        "Published, not measured here: residual nets on CIFAR-10, 50,000 photographs (He et al. 2016, table 6)",
        columns: [.init("layers")] + Published.depths.map { .init(grouped($0.layers)) },
        rows: [["test errors (%)"] + Published.depths.map { TableCell(fixed($0.error, 2)) }]))
    page.prose(
      "There depth helps, up to \(Published.best.layers) layers; with \(grouped(Published.last.layers)) more new ones are wrong again, though the training images are learned: overfitting, as He et al. suppose."
    )
  }

  /// What residual nets of several depths came to on CIFAR-10: table 6 of He et al. 2016, test errors in percent.
  enum Published {
    static let depths = [(20, 8.75), (32, 7.51), (44, 7.17), (56, 6.97), (110, 6.43), (1202, 7.93)]
      .map { (layers: $0.0, error: $0.1) }
    static let best = depths[4]
    static let last = depths[5]
  }

  /// Which of its two rates the deep plain net is told at, and why.
  static func ratesFinding(_ plain: OwnRates.Row) -> String {
    guard let fewest = plain.fewest, let more = plain.more else { return "" }
    let name = plain.net.name
    guard fewest.rate != plain.rate else {
      return
        "At the rate beside its own, \(short(more.rate)), \(name) leaves no fewer training errors."
    }
    let gain = more.run.trainingErrors - fewest.run.trainingErrors
    return """
      Digits kept back chose \(short(more.rate)) for \(name). But the question is about training images, and of those \
      \(short(fewest.rate)) leaves fewer wrong, \(fewest.run.trainingErrors.formatted(decimals: 1)) % against \
      \(more.run.trainingErrors.formatted(decimals: 1)) %\
      \(gain.direction() == .above ? "" : ", though that may be chance"). From here on \(name) is the one at \
      \(short(fewest.rate)): chosen afterwards, in its favour, so that nothing said against it is the rate's doing. The others \
      keep the rate that was chosen for them.
      """
  }

  /// The mistakes of each net over the rates that were tried.
  static func addRates(to page: inout Page, _ own: OwnRates, _ nets: DegradationFindings, _ origin: String) {
    let rows = nets.runs.prefix(4).compactMap { run in
      own.row(deep: run.net.blocks == nets.deepPlain.net.blocks, residual: run.net.isResidual)
    }
    guard rows.count == 4 else { return }
    let isWorst = worstEverywhere(rows)
    page.figure(
      Figure(
        isWorst
          ? "At its best rate \(rows[1].net.name) makes more mistakes than the others at any of theirs"
          : "Each of the four nets has its own best rate",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: Axis("errors on digits kept back (%)", log: true),
            rows.enumerated().map { index, row in
              Series(
                row.net.name, x: row.tried.map(\.rate), y: row.tried.map(\.kept.mean),
                deviation: row.tried.map(\.kept.deviation), drawsDeviation: index == 1,
                isEmphasized: index == 1, color: [1, 4, 2, 0][index])
            })),
        caption: """
          \(origin)\(counted(own.epochs, "epoch")) at each rate, \(grouped(own.keptBack)) digits that nothing is learned from, mean of \
          \(counted(rows[0].tried.first?.kept.count ?? 0, "seed")) used for nothing else. Each rate is twice the one before; more were tried \
          until worse ones lay on both sides of the best.
          """, name: "rates"))
    page.project(
      isWorst ? "No rate tried rescues the deep plain net" : "Each net has its own best rate",
      notes: "The first thing to suspect when a net learns badly is the learning rate.")
  }

  /// Whether the deep plain net at its best is clearly worse than each other net at any of its rates.
  static func worstEverywhere(_ rows: [OwnRates.Row]) -> Bool {
    guard let best = rows[1].tried.map(\.kept.minimum).min() else { return false }
    return rows.enumerated().allSatisfy { index, row in
      index == 1 || row.tried.allSatisfy { $0.kept.maximum < best }
    }
  }

  /// What depth does on images that were not learned from.
  static func newImages(_ nets: DegradationFindings) -> String {
    let (deep, shallow) = (nets.deepResidual.net.depth, nets.shallowResidual.net.depth)
    return nets.newGain.worded(
      above: "On new images, too, \(deep) residual layers make fewer mistakes than \(shallow).",
      below: "On new images \(deep) residual layers make more mistakes than \(shallow).",
      withinChance:
        "On new images the \(deep) residual layers are no better than \(shallow) beyond chance: the addition removes the harm of depth here; it shows no use of it. On photographs there is one."
    )
  }

  /// What S1 says of the branch.
  static func addErratum(to page: inout Page, _ factors: BranchFactors?) {
    page.callout(
      .erratum("S1"),
      """
      Call $H$ what a block computes with its addition: its branch is $F(x) = H(x) - x$. S1 says that $F$ must be minimized, \
      which means $F(x) = 0$, $H(x) = x$. What is minimized is the loss, not $F$: the identity is what a block can fall back on, \
      not where it should end.\(branchGrowth(factors))
      """)
  }

  /// What training makes of branches that no norm holds.
  static func branchGrowth(_ factors: BranchFactors?) -> String {
    guard let factors, let net = factors.row(ScalingFindings.root(factors.blocks)) else { return "" }
    let change = net.after - net.before
    let sizes = "from \(fixed(net.before.mean, 2)) to \(fixed(net.after.mean, 2)) of the size of what they are added to"
    return change.worded(
      above: " In the net without norms below (α = 1/√\(factors.blocks)) training makes the branches larger, \(sizes).",
      below:
        " In the net without norms below (α = 1/√\(factors.blocks)) training makes the branches smaller, \(sizes), not 0.",
      withinChance:
        " In the net without norms below (α = 1/√\(factors.blocks)) training leaves the branches as large as they were."
    )
  }
}
