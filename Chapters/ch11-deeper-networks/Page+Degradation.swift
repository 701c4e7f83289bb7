// The page of chapter 11: gradients on their way down, deep nets that learn less, and the addition.

import Foundation
import Workbook

extension DeeperNetworks {
  /// What is left of a gradient on its way down.
  static func addGradients(to page: inout Page, _ gradients: GradientFindings) {
    let (decays, shown) = (gradients.decays, gradients.shown)
    let (arriving, theory) = (shown.arriving(.normalized), GradientFindings.theory)
    page.prose(
      """
      ## The gradient on its way down

      Backpropagation multiplies: one Jacobian for each layer. If each makes the gradient smaller by a factor $q$, then \
      $q^L$ of it is left below $L$ layers. Sigmoid's slope is at most $\\frac14$, so its $q$ is small with weights of the \
      usual size; S4 concludes that the gradient of a product of many factors goes to 0 or to infinity. Random numbers are \
      sent back through five kinds of stack; in a residual one the input of two layers is added to their output (next \
      section). Nothing is trained.
      """)
    page.code("gradientNorms", in: "Gradients.swift")
    page.predict(
      "Thirty layers of ReLU with batch normalization, without any addition. The gradient that arrives at the first layer is",
      choices: ["a millionth of what was sent", "about as large", "a hundred times as large or more"],
      answer: arriving < 0.1 ? 0 : arriving < 20 ? 1 : 2,
      """
      With \(shown.depth) layers it arrives \(short(arriving)) times as large. After a ReLU the mean square is ½, but the \
      variance only ½ − 1/(2π), for the mean takes the rest. The norm divides by the root of the variance; the gradient keeps \
      the root of ½, since half of the slopes are 1. The quotient is √(π/(π − 1)) = \(fixed(theory, 2)) for each layer; here it is \
      \(fixed(shown.factor(.normalized).mean, 2)). Batch normalization holds the signal, not the gradient.
      """)
    page.project("Does batch normalization hold the gradient?")
    page.figure(
      Figure(
        "Through \(shown.depth) layers sigmoids leave \(arrivalText(shown.arriving(.sigmoid))) of a gradient; batch normalization makes it \(short(arriving)) times as large",
        .lines(
          LineChart(
            x: Axis("layers"), y: Axis("log₁₀ of the gradient's norm"),
            Stack.allCases.map { stack in
              Series(
                stack.name, x: decays.map { Double($0.depth) },
                y: decays.map { $0.arriving(stack) > 0 ? log10($0.arriving(stack)) : .nan },
                isEmphasized: stack == .residual,
                color: stack.color)
            })),
        caption: """
          ‖∂L/∂x‖ at the first layer, relative to what was sent back from the last; layers of 64 units, batches of 32, \
          geometric mean over \(gradients.seeds) seeds. The factor of one layer, of \(shown.depth): \
          \(Stack.allCases.map { "\($0.name) \(fixed(shown.factor($0).mean, 2))" }.joined(separator: ", ")).
          """,
        name: "gradient-norms"))
    page.project("Sigmoids starve the first layer, norms flood it")
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
      S4 writes that ReLU's slope of 0 or 1 does not let the gradient vanish. With He's weights the factor of one layer is \
      \(fixed(shown.factor(.relu).mean, 3)) here: \
      \(abs(shown.factor(.relu).mean - 1) < 0.03 ? "next to nothing is lost" : "not quite what one would wish"). But it \
      is not the slope that does it: half of the units have slope 0, and the slope alone would lose a factor of √½ in every \
      layer. He's weights make up for it. What decides is the product of the two.
      """)
  }

  /// Two depths, plain and residual.
  static func addDegradation(to page: inout Page, _ runs: PageRuns<Findings>) {
    let nets = runs.reported.degradation
    let (shallowPlain, deepPlain) = (nets.shallowPlain, nets.deepPlain)
    page.prose(
      """
      ## Degradation

      S1: with more layers a network learns worse, on the training set and on the test set, so it is not overfitting. Two \
      depths put it to the test: a first convolution, \(shallowPlain.net.blocks) or \(deepPlain.net.blocks) blocks of two 3×3 \
      convolutions with \(shallowPlain.net.channels) channels and batch normalization, one dense layer. The deeper net could \
      do at least as well: let its first \(shallowPlain.net.blocks) blocks be those of the shallow one, and the others hand \
      on what they get.

      And then the same layers, the same initial weights, with one difference: the input of every block is *added* to its \
      output. A block then has to learn only what to change:
      """)
    page.math("y = \\max(0,\\; x + F(x)), \\qquad \\frac{\\partial L}{\\partial x} = g + F'(x)^T g")
    page.prose(
      """
      with $g$ the gradient at the sum, where $y > 0$. Whatever $F$ does to it, $g$ itself arrives one block further down, where \
      the ReLU of that block masks it again. (A block whose ReLUs all stand inside the branch hands it on untouched: He et al. \
      2016b.)
      """
    )
    page.code("deepNet", in: "Degradation.swift")
    page.predict(
      """
      Which of the four nets, plain and residual with \(shallowPlain.net.depth) and \(deepPlain.net.depth) layers, has the most \
      mistakes *on its own training images* after \(counted(nets.epochs, "epoch"))?
      """,
      choices: nets.runs.prefix(4).map(\.net.name),
      answer: (0..<4).max { nets.runs[$0].trainingErrors.mean < nets.runs[$1].trainingErrors.mean } ?? 0,
      nets.runs.prefix(4).map { "\($0.net.name): \($0.trainingErrors.formatted(decimals: 1)) %" }.joined(
        separator: "; ")
        + ", measured again after the training, in test mode; the curves are taken while training.")
    page.project("Which net makes the most training errors?")
    page.figure(
      Figure(
        isClear(nets.gap, beyond: 0) && nets.gap.mean > 0
          ? "After \(counted(nets.epochs, "epoch")) the deeper plain net makes more training errors"
          : "Training errors of four nets over \(counted(nets.epochs, "epoch"))",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("training error (%)", log: true),
            nets.runs.prefix(4).enumerated().map { index, run in
              Series(
                run.net.name, y: run.curve.map { max(0.01, $0.mean) }, style: nets.epochs > 8 ? .line : .lineAndMarkers,
                isEmphasized: run.net.isResidual && run.net.blocks > 3, color: [1, 4, 2, 0][index])
            })),
        caption: """
          \(runs.origin)While training, with the statistics of each batch; \(grouped(nets.trainingCount)) images \
          (\(runs.reported.data)), batches of \(nets.batch), momentum 0.9, a rate that falls from \(nets.rate) as a cosine; mean of \
          \(counted(nets.seeds, "seed")).
          """,
        name: "degradation"))
    page.project("The deeper plain net makes more training errors")
    let isLive = runs.isRecorded
    let live = runs.live.degradation
    page.table(
      Table(
        "Errors (%) after \(counted(nets.epochs, "epoch")), \(counted(nets.seeds, "seed"))\(isLive ? "; this run: \(counted(live.epochs, "epoch")) of \(grouped(live.trainingCount)) images" : "")",
        columns: [
          "net", .init("while training", digits: 1), .init("training images, test mode", digits: 1),
          .init("new images", digits: 1),
        ] + (isLive ? [.init("this run, training images", digits: 1)] : []),
        rows: nets.runs.prefix(4).enumerated().map { index, run in
          [
            TableCell(run.net.name), .measured(run.final), .measured(run.trainingErrors), .measured(run.testErrors),
          ] + (isLive ? [.measured(live.runs[index].trainingErrors)] : [])
        }))
    page.prose(
      """
      The first column is measured with the statistics of each batch, the others with running ones, as a net is used. Compare \
      only the second and third: a gap between them and the first may come from running statistics that lag behind.

      \(slowness(nets))
      """)
    if nets.isLong, !nets.rates.isEmpty {
      let hasShallow = nets.rates.allSatisfy { $0.shallow != nil }
      page.table(
        Table(
          "Errors (%) on the training images, in test mode, after \(counted(nets.rateEpochs, "epoch")) at other rates",
          columns: [.init("learning rate")]
            + (hasShallow ? [.init(nets.shallowPlain.net.name, digits: 0)] : [])
            + [.init(nets.deepPlain.net.name, digits: 0), .init(nets.deepResidual.net.name, digits: 0)],
          rows: nets.rates.map { tried in
            [TableCell("\(tried.rate)")] + (hasShallow ? [tried.shallow.map { .measured($0) } ?? "–"] : [])
              + [.measured(tried.plain), .measured(tried.residual)]
          }))
    }
    page.callout(
      .note,
      "The addition was not the first way to train tens of layers. Batch normalization had been in use for months, and Highway networks (2015) put a learned gate on the same shortcut; the residual net leaves the gate out."
    )
  }

  /// How much of the difference is slowness, and whether another rate mends it.
  static func slowness(_ nets: DegradationFindings) -> String {
    guard nets.isLong else { return "After so few steps a part of the difference is slowness; longer runs tell." }
    return """
      A part of the difference is slowness: in its last five epochs the deeper plain net still gains \
      \(fixed(nets.lateGain, 1)) points. He et al. trained for 64,000 steps, and the gap was still there. \
      \(nets.rates.isEmpty ? "" : "Other rates:")
      """
  }

  /// How much a block adds.
  static func addResponses(to page: inout Page, _ runs: PageRuns<Findings>) {
    let nets = runs.reported.degradation
    let (plain, residual) = (nets.deepPlain, nets.deepResidual)
    func curve(_ run: DeepRun) -> [Double] {
      run.responses[0].indices.map { place in Summary(run.responses.map { $0[place] }).mean }
    }
    page.figure(
      Figure(
        isClear(nets.quieter, beyond: 0)
          ? "The branches of the residual net respond \(nets.quieter.mean > 0 ? "less" : "more") than the layers of the plain one"
          : "Plain and residual layers respond alike after this training",
        .lines(
          LineChart(
            x: Axis("layer"),
            y: Axis(
              "standard deviation after the norm",
              range: 0...max(1.2, 1.1 * ([plain, residual].flatMap(curve).max() ?? 1))),
            [
              Series(plain.net.name, y: curve(plain), style: .points, color: 4),
              Series(residual.net.name, y: curve(residual), style: .points, isEmphasized: true, color: 0),
            ], references: [.init(.horizontal, at: 1, "before training")])),
        caption: """
          \(runs.origin)Response: the standard deviation after each batch normalization, before ReLU or addition, after training; 128 training images, mean of \
          \(counted(nets.seeds, "seed")). He et al. 2016, figure 7, found the residual responses smaller. The means of the second \
          layers, without the last, are \(residual.branchResponses.formatted(decimals: 2)) residual and \
          \(plain.branchResponses.formatted(decimals: 2)) plain.
          """,
        name: "responses"))
    page.project(
      nets.quieter.worded(
        above: "A trained block adds less than a plain layer makes",
        below: "A trained block adds more than a plain layer makes",
        withinChance: "Trained blocks respond as strongly as plain layers"))
    page.callout(
      .erratum("S1"),
      """
      Call $H$ what a block computes with its addition: its branch is $F(x) = H(x) - x$. S1 says that $F$ must be minimized, \
      which means $F(x) = 0$, $H(x) = x$. Batch normalization gives each \
      branch the size of its $\\gamma$, 1 at the start; after training the last norm of a branch leaves \
      \(residual.branchResponses.formatted(decimals: 2)). In so short a training $\\gamma$ hardly moves, so this number alone \
      decides little. But what is minimized is the loss, not $F$: the identity is what a block can fall back on, not where \
      it should end.
      """)
  }

  /// The loss around what was learned.
  static func addLandscape(to page: inout Page, _ runs: PageRuns<Findings>) {
    let landscapes = runs.reported.landscapes
    guard landscapes.count == 2 else { return }
    let (plain, residual) = (landscapes[0], landscapes[1])
    page.prose(
      """
      ## The landscape around the minimum

      Why is the one easier to train? Li et al. (2018) saw the reason in the shape of the loss, in nets of 56 layers and \
      more: from the trained weights they walk in two random directions and draw it. A step must mean the same for both nets, so each filter of a direction is made as long as \
      that filter of the net.
      """)
    page.fold("The landscape in code") { $0.code("landscape", in: "Landscape.swift") }
    let reach = plain.reach
    page.figure(
      Figure(
        "The loss around the trained weights, without and with additions",
        exploring: FigureParameter("additions", values: [0, 1], initial: 0),
        caption: "",
        name: "landscape",
        titles: { value in
          let shown = landscapes[Int(value)]
          return
            "\(shown.name): the loss is below half that of guessing on \(percent(shown.shareOfValley)) of the plane"
        },
        captions: { value in
          "\(runs.origin)\(landscapes[Int(value)].name), first seed: log₁₀ of the mean loss on training images; 1 is as far as each filter is long. Guessing among ten costs log₁₀ ln 10 = 0.36."
        }
      ) { value in
        .contour(
          ContourPlot(
            x: Axis("first direction", range: -reach...reach), y: Axis("second direction", range: -reach...reach),
            heights: landscapes[Int(value)].losses, levels: [-2, -1.5, -1, -0.5, 0, 0.36, 0.5, 1, 1.5, 2],
            hasEqualScales: true))
      })
    let (a, b) = (plain.shareOfValley, residual.shareOfValley)
    page.project(
      b <= 1.2 * a && a <= 1.2 * b
        ? "With additions and without, the valley is about as wide"
        : "The valley: \(percent(a)) of the plane without additions, \(percent(b)) with")
    page.prose(
      """
      \(b > 1.2 * a
        ? "With the additions the valley is wider: the loss is below half that of guessing on \(percent(b)) of the plane, without them on \(percent(a))."
        : a > 1.2 * b
          ? "Here the valley is no wider with the additions: \(percent(b)) of the plane against \(percent(a))."
          : "In nets of \(runs.reported.degradation.deepPlain.net.depth) layers we do not see it: the two valleys are about as wide, \(percent(b)) of the plane against \(percent(a)).") \
      Two directions of thousands show \
      little of the whole: such a picture suggests, it does not prove.
      """)
  }
}
