// The page of chapter 11: gradients on their way down, deep nets that learn less, and the addition.

import Foundation
import Workbook

extension DeeperNetworks {
  /// What is left of a gradient on its way down.
  static func addGradients(to page: inout Page, _ gradients: GradientFindings) {
    let (depths, decays, shown) = (gradients.depths, gradients.decays, gradients.shown)
    let (arriving, normTheory) = (shown.arriving(.normalized), GradientFindings.theory)
    page.prose(
      """
      ## The gradient on its way down

      Backpropagation multiplies: one Jacobian for each layer. If each makes the gradient smaller by a factor $q$, then \
      $q^L$ of it is left below $L$ layers. Sigmoid's slope is at most $\\frac14$, so its $q$ is small with weights of the \
      usual size; S4 concludes that the gradient of a product of many factors goes to 0 or to infinity. Random numbers are sent \
      back through five kinds of stack, nothing is trained:
      """)
    page.code("gradientNorms", in: "Gradients.swift")
    page.predict(
      "Thirty layers of ReLU with batch normalization, without any addition. The gradient that arrives at the first layer is",
      choices: ["a millionth of what was sent", "about as large", "a hundred times as large or more"],
      answer: arriving < 0.1 ? 0 : arriving < 20 ? 1 : 2,
      """
      With \(shown.depth) layers it arrives \(short(arriving)) times as large. A ReLU leaves a mean behind, batch \
      normalization takes it away and blows up what remains to variance 1. What is blown up on the way forward is blown up \
      on the way back: by \(fixed(shown.factor(.normalized).mean, 2)) in each layer here, \(fixed(normTheory, 2)) in \
      theory, √(π/(π − 1)). Batch normalization holds the signal, not the gradient.
      """)
    page.figure(
      Figure(
        "Through \(shown.depth) layers \(arrivalText(shown.arriving(.sigmoid))) of the gradient arrives behind sigmoids, \(short(arriving)) times as much behind batch normalization, \(short(shown.arriving(.residual))) times with the addition",
        exploring: FigureParameter(
          "layers", values: depths.map(Double.init), initial: depths.firstIndex(of: shown.depth) ?? 0),
        caption: """
          ‖∂L/∂x‖ over what was sent back from the end, after so many layers on its way to the first; layers of 64 units, \
          batches of 32, geometric mean over \(gradients.seeds) seeds. Below a millionth a line leaves the picture.
          """,
        name: "gradient-norms"
      ) { depth in
        let decay = decays[depths.firstIndex(of: Int(depth)) ?? 0]
        return .lines(
          LineChart(
            x: Axis("layers gone back"), y: Axis("log₁₀ of the gradient's norm", range: -6...5),
            decay.curves.map { curve in
              Series(
                curve.stack.name, x: decay.places(curve).reversed(), y: curve.norms.map(\.mean).reversed(),
                deviation: curve.norms.map(\.deviation).reversed(),
                style: .line, isEmphasized: curve.stack == .residual, color: curve.stack.color)
            }))
      })
    page.table(
      Table(
        "What arrives at the first layer of \(depths.map(String.init).joined(separator: ", ")) layers, and the factor of one layer of \(shown.depth)",
        columns: ["stack"] + depths.map { .init("\($0) layers") } + ["factor per layer"],
        rows: Stack.allCases.map { stack in
          [TableCell(stack.name)] + decays.map { TableCell(arrivalText($0.arriving(stack))) }
            + [TableCell(shown.factor(stack).formatted(decimals: 3))]
        }))
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
  static func addDegradation(to page: inout Page, _ findings: Findings) {
    let (nets, data) = (findings.degradation, findings.data)
    let (shallowPlain, deepPlain, deepResidual) = (nets.shallowPlain, nets.deepPlain, nets.deepResidual)
    page.prose(
      """
      ## Degradation

      S1: with more layers a network learns worse, on the training set and on the test set, so it is not overfitting. Put \
      it to the test with two depths: a first convolution, \(shallowPlain.net.blocks) or \(deepPlain.net.blocks) blocks of two 3×3 convolutions \
      with \(shallowPlain.net.channels) channels and batch normalization, one dense layer. That is \(shallowPlain.net.depth) and \
      \(deepPlain.net.depth) layers with weights. The deeper net could do at least as well: let its first \(shallowPlain.net.blocks) \
      blocks be those of the shallow one, and the others hand on what they get.

      And then the same layers, the same first weights, with one difference: the input of every block is *added* to its \
      output. A block then has to learn only what to change:
      """)
    page.math("y = \\max(0,\\; x + F(x)), \\qquad \\frac{\\partial L}{\\partial x} = g + F'(x)^T g")
    page.prose(
      "with $g$ the gradient behind the sum where $y > 0$. Whatever $F$ does to it, $g$ itself arrives one block further down."
    )
    page.code("deepNet", in: "Degradation.swift")
    page.predict(
      """
      Which of the four nets, plain and residual with \(shallowPlain.net.depth) and \(deepPlain.net.depth) layers, has the most \
      mistakes *on its own training images* after \(counted(nets.epochs, "epoch"))?
      """,
      choices: nets.runs.prefix(4).map(\.net.name),
      answer: nets.worst,
      nets.runs.prefix(4).map { "\($0.net.name): \($0.final.formatted(decimals: 1)) %" }.joined(separator: "; ")
        + "."
    )
    page.figure(
      Figure(
        "After \(counted(nets.epochs, "epoch")) the deeper plain net errs on \(percent(deepPlain.final.mean / 100)) of its training images, the shallow one on \(percent(shallowPlain.final.mean / 100)); with the addition the deeper errs on \(percent(deepResidual.final.mean / 100))",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("training error (%)", range: 0...100),
            (0..<4).map { index in
              Series(
                nets.runs[index].net.name, y: nets.runs[index].curve.map(\.mean),
                deviation: nets.runs[index].curve.map(\.deviation), isEmphasized: index == 3,
                color: [2, 1, 3, 0][index])
            })),
        caption: """
          Share of the \(grouped(nets.trainingCount)) training images (\(data)) wrong at the moment when they were used; \
          \(grouped(shallowPlain.parameters)) and \(grouped(deepPlain.parameters)) parameters, plain and residual alike; \
          momentum 0.9, rate \(nets.rate), batches of \(nets.batch), \(nets.seedWords).
          """,
        name: "degradation"))
    page.table(
      Table(
        "Errors in %: on the training images in the last epoch, and on \(grouped(nets.testCount)) test images after it",
        columns: ["net", "layers", "parameters", .init("training", digits: 1), .init("test", digits: 1)],
        rows: nets.runs.prefix(4).map {
          [
            TableCell($0.net.isResidual ? "residual" : "plain"), TableCell($0.net.depth), TableCell($0.parameters),
            .measured($0.final), .measured($0.testErrors),
          ]
        }))
  }

  /// What a block adds.
  static func addAdditions(to page: inout Page, _ findings: Findings) {
    let (nets, data) = (findings.degradation, findings.data)
    let (firstAdditions, additions, blockMeans) = (nets.firstAdditions, nets.additions, nets.blockMeans)
    page.callout(
      .erratum("S1"),
      """
      S1 says that $F(x) = H(x) - x$ must be minimized, which means $F(x) = 0$, $H(x) = x$. In the nets here a block adds \
      \(additions.formatted(decimals: 2)) times the size of its input after training, \
      \(firstAdditions.formatted(decimals: 2)) times before: \
      \(nets.isDrivenDown ? "training has made it smaller, though nothing in the loss asks for that" : "training does not drive it towards 0, and nothing in the loss asks for that"). \
      Batch normalization, with a $\\gamma$ near 1, gives the branch its size. What is minimized is the loss; the identity is \
      what a block can fall back on, not where it should end. An easy mistake, since the paper argues with the case in which \
      the identity would be best.
      """)
    page.figure(
      Figure(
        "What a block adds is \(short(firstAdditions.mean)) times its input on average before training, and \(short(additions.mean)) times after",
        .lines(
          LineChart(
            x: Axis("block"),
            y: Axis("‖F(x)‖ / ‖x‖", range: 0...max(1, (blockMeans.joined().map(\.mean).max() ?? 1) * 1.2)),
            zip(["before training", "trained"], blockMeans).enumerated().map { index, pair in
              Series(
                pair.0, y: pair.1.map(\.mean), deviation: pair.1.map(\.deviation), isEmphasized: index == 1,
                color: index == 0 ? 7 : 0)
            })),
        caption: """
          Each block of the net *residual \(nets.deepResidual.net.depth)*, 128 training images (\(data)), \(nets.seedWords). Every sum \
          is larger than the one before, so branches of one size add less and less to it.
          """,
        name: "additions"))
  }
}
