// The sections of chapter 7 about prices on weights.

import Foundation
import Workbook

extension Regularization {
  /// Two moons, learned by heart.
  static func addQuestion(to page: inout Page, _ findings: Findings) {
    let sweep = findings.sweep
    let bare = (sweep.summaries(0, \.trainingError)[0], sweep.summaries(0, \.testError)[0])
    page.prose(
      """
      ## The question

      \(grouped(Moon.points)) points of two half moons, so noisy that they overlap, and a net of \
      \(Moon.weightCount()) weights. After training it is wrong on \
      \(fixed(100 * bare.0.mean, 1)) % of the points it learned from, and on \(fixed(100 * bare.1.mean, 1)) % of new ones. \
      What it has learned by heart helps it on the first and not on the second. Which restraint makes the gap smaller without \
      spoiling the rest?
      """)
    page.code("trainOnMoons", in: "Penalties.swift")
  }

  /// L1 and L2.
  static func addPenalties(to page: inout Page, _ findings: Findings) {
    let sweep = findings.sweep
    page.prose(
      """
      ## A price on weights

      Let every weight cost something, and ask for the smallest sum:

      $$E(w) + \\lambda_1 \\sum |w| + \\frac{\\lambda_2}{2} \\sum w^2$$

      The first price is called L1, the second L2. Their gradients are added to those of the loss, $\\lambda_1 \\cdot \
      \\mathrm{sign}(w)$ and $\\lambda_2 \\cdot w$: L1 pulls every weight towards 0 with the same force, L2 with a force that \
      grows with the weight. (At $w = 0$ the slope of $|w|$ is undefined; 0 is taken.) Biases cost nothing.

      What that does is plain where the loss is a parabola around the best weight, $\\frac{1}{2}(w - w_0)^2$. Setting the \
      derivative to 0 gives

      $$w = \\frac{w_0}{1 + \\lambda_2} \\qquad \\text{or} \\qquad w = \\mathrm{sign}(w_0) \\cdot \\max(0, |w_0| - \\lambda_1)$$
      """)
    let (zeroed, shared) = (
      minimizer(of: 0.4, penalty: .l1(1)) == 0, minimizer(of: 0.4, penalty: .l2(1000)) == 0
    )
    page.predict(
      "Make the price high enough. Which penalty sets weights to exactly 0?",
      choices: ["L1", "L2", "both", "neither"], answer: zeroed ? (shared ? 2 : 0) : (shared ? 1 : 3),
      """
      At $\\lambda = 1$ the weight 0.4 is \(fixed(minimizer(of: 0.4, penalty: .l1(1)), 2)) under L1 and \
      \(fixed(minimizer(of: 0.4, penalty: .l2(1)), 2)) under L2; at 1000 L2 still leaves \
      \(short(minimizer(of: 0.4, penalty: .l2(1000)))).
      """)
    page.figure(Charts.shrinkage())
    page.code("penalty", in: "Penalties.swift")
    page.figure(
      Charts.boundary(
        sweep, points: Moons.samples(count: Moon.points, noise: Moon.noise, seed: findings.seeds[0])))
    page.figure(Charts.sweep(sweep))
    let tests = (0..<2).map { sweep.summaries($0, \.testError) }
    page.table(
      Table(
        "Two moons: error in % and length of the line between the classes, means of \(counted(findings.seeds.count, "seed"))",
        columns: [
          .init("λ"), .init("training, L2", digits: 1), .init("test, L2", digits: 1), .init("length, L2", digits: 1),
          .init("training, L1", digits: 1), .init("test, L1", digits: 1), .init("length, L1", digits: 1),
        ],
        rows: sweep.lambdas.indices.map { index in
          [.text(sweep.lambdas[index] == 0 ? "0" : "\(sweep.lambdas[index])")]
            + (0..<2).flatMap { kind -> [TableCell] in
              [
                TableCell(100 * sweep.summaries(kind, \.trainingError)[index].mean),
                TableCell(100 * tests[kind][index].mean),
                TableCell(sweep.summaries(kind, \.boundaryLength)[index].mean),
              ]
            }
        }))
    page.figure(Charts.weights(sweep))
    page.callout(
      .erratum("S4"),
      """
      Of L2 the source says that it "encourages using all the training data". It is the *inputs* and weights that L2 keeps \
      all in use, each a little; how many examples are used is not its business. An easy slip; \
      further down the source has it right: L2 "uses all variables". It also calls both penalties weight decay; only L2 lets weights decay by \
      a share.
      """)
  }

  /// Two inputs that matter among many that do not.
  static func addInputs(to page: inout Page, _ findings: Findings) {
    let (selection, penalties) = (findings.selection, Self.penalties)
    page.prose(
      """
      ### Inputs that mean nothing

      Now each point gets 18 further inputs of pure noise; inputs 1 and 2 are its $x$ and $y$ as before. Nobody tells the net \
      which are which.
      """)
    page.figure(Charts.inputs(selection))
    let noisyErrors = penalties.indices.map { index in Summary(selection.runs[index].map { 100 * $0.testError }) }
    let perInput = penalties.indices.map { index in (0..<2).map { selection.contrast(index, input: $0) } }
    page.table(
      Table(
        """
        Two real inputs and 18 of noise, λ = \(penalties[1].lambda). Input 1, input 2: how many times the weights of an input of \
        noise they have. Off: inputs of noise whose weights have a root mean square below 0.01. Zeros: weights that are exactly 0
        """,
        columns: [
          "penalty", .init("input 1", digits: 1), .init("input 2", digits: 1), .init("off (%)", digits: 0),
          .init("zeros (%)", digits: 0), .init("test error (%)", digits: 1),
        ],
        rows: penalties.indices.map { index in
          [TableCell(penalties[index].name)] + perInput[index].map { .measured($0) } + [
            TableCell(100 * selection.silenced(index).mean), TableCell(100 * findings.zeros[index].mean),
            .measured(noisyErrors[index]),
          ]
        }))
    page.prose(
      """
      Both real inputs have larger weights than every input of noise in \(selection.separated(2)) of \(counted(findings.seeds.count, "run")) with \
      L1, and in \(selection.separated(1)) with L2.

      One detail of the L1 row: \(percent(findings.nearZero.mean)) of its weights are within 0.01 of 0, and \(percent(findings.zeros[2].mean)) are \
      exactly 0. A gradient step moves a weight by $\\eta\\lambda$ ($\\eta$ is the learning rate) whatever its size, so near 0 it \
      steps across and back again for ever. The last row shrinks the weights in a step of its own that stops at 0, the *soft \
      threshold*, and has \(percent(findings.zeros[3].mean)) exact zeros:
      """)
    page.code("shrink", in: "Penalties.swift")
  }
}
