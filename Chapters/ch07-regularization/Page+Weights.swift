// The sections of chapter 7 about prices on weights.

import Foundation
import Workbook

extension Regularization {
  /// Two moons learned by heart; L1 and L2.
  static func addPenalties(to page: inout Page, _ findings: Findings) {
    let sweep = findings.sweep
    let bare = [\MoonRun.trainingError, \.testError].map { path in
      Summary(sweep.runs[0][0].map { 100 * $0[keyPath: path] })
    }
    page.prose(
      """
      ## The question

      \(grouped(Moon.points)) points of two half moons, so noisy that they overlap, and a net of two hidden layers of 64 ReLU units \
      (2–64–64–2, \(grouped(Moon.weightCount())) weights). After training it is wrong on \
      \(fixed(bare[0].mean, 1)) % of the points it learned from, and on \(fixed(bare[1].mean, 1)) % of new ones (mean of \
      \(counted(bare[0].count, "net")), each with its own \(grouped(Moon.points)) points). \
      Which restraint lowers the \(fixed(bare[1].mean, 1)) %? (No rule can get below \(fixed(100 * Moon.leastError, 1)) %: so many points lie \
      where the other moon is the likelier one.)

      ## A price on weights

      Let every weight cost something, and ask for the smallest sum of the loss $L(w)$ and the price:

      $$L(w) + \\lambda_1 \\sum |w| + \\frac{\\lambda_2}{2} \\sum w^2$$

      The first price is called L1, the second L2. Their gradients are added to those of the loss, $\\lambda_1 \\cdot \
      \\mathrm{sign}(w)$ and $\\lambda_2 \\cdot w$: L1 pulls every weight towards 0 with the same force, L2 with a force that \
      grows with the weight. (At $w = 0$ the slope of $|w|$ is undefined; 0 is taken.) Biases cost nothing.
      """)
    page.slide(
      "40 points, thousands of weights: what stops the net?",
      "It is wrong on \(fixed(bare[0].mean, 1)) % of the points it learned from, and on \(fixed(bare[1].mean, 1)) % of new ones.",
      notes: "A net that can learn everything by heart will. Collect what the class would try.")
    let (zeroed, shared) = (
      minimizer(of: 0.4, penalty: .l1(1)) == 0, minimizer(of: 0.4, penalty: .l2(1000)) == 0
    )
    page.predict(
      "L1 asks a price of $\\lambda|w|$ for each weight, L2 one of $\\frac{1}{2}\\lambda w^2$. If λ is large enough, which one sets weights to exactly 0?",
      choices: ["L1", "L2", "both", "neither"], answer: zeroed ? (shared ? 2 : 0) : (shared ? 1 : 3),
      """
      A weight that the loss alone would make 0.4 is, at $\\lambda = 1$, \(fixed(minimizer(of: 0.4, penalty: .l1(1)), 2)) under L1 and \
      \(fixed(minimizer(of: 0.4, penalty: .l2(1)), 2)) under L2; at 1000 L2 still leaves \
      \(short(minimizer(of: 0.4, penalty: .l2(1000)))).
      """)
    page.project(
      "Which price sets weights to exactly 0?", notes: "Formulas first: a constant pull, and one that fades.")
    page.prose(
      """
      Take a loss that is a parabola around the best weight, $\\frac{1}{2}(w - w_0)^2$. Setting the derivative to 0 gives

      $$w = \\frac{w_0}{1 + \\lambda_2} \\qquad \\text{or} \\qquad w = \\mathrm{sign}(w_0) \\cdot \\max(0, |w_0| - \\lambda_1)$$

      For L1 take $w_0 > 0$. Where $w > 0$ the slope $w - w_0 + \\lambda_1$ is 0 at $w_0 - \\lambda_1$. If that is not above \
      0, the sum rises on both sides of $w = 0$: the minimum is the kink itself.
      """)
    page.figure(Charts.shrinkage())
    page.project("L1 takes an amount off a weight, L2 takes a share")
    page.prose(
      """
      With two weights the same can be seen in the plane. Call the size of the weights at the minimum their *budget*. No other \
      weights within that budget can have a smaller loss: they would cost no more, so their sum would be smaller than the \
      smallest. So the minimum is the point of least loss inside the diamond (L1) or the disc (L2). There a circle of equal loss \
      just meets the diamond or the disc. For a wide range of places $w_0$ the nearest point of the diamond is a corner; \
      the disc has another nearest point for each direction of $w_0$.
      """)
    page.figure(Charts.diamond())
    page.project(
      "L1 meets the corner: one weight becomes 0",
      notes: "A large budget first: an edge is met, and both weights stay. When does w₂ reach 0, and does it for L2?")
    page.prose(
      """
      With many weights the loss near its minimum $w_0$ is a bowl, steep in some directions and flat in others: \
      $\\frac{1}{2}h(w - w_0)^2$ along a direction of curvature $h$. Its derivative with L2 is 0 at $w_0 \\cdot h/(h + \\lambda)$: \
      what the data fix keeps its weight, what they leave open loses it. To *stop early* does nearly the same. Each step of rate \
      $\\eta$ leaves the share $1 - \\eta h$ of the way to $w_0$, so $t$ steps from 0 come to $w_0 \\cdot (1 - (1 - \\eta h)^t)$. \
      Where $h$ is small, that is about $w_0 \\cdot t\\eta h$, as L2 comes to $w_0 \\cdot h/\\lambda$: the same with $\\lambda = \
      1/(\\eta t)$ (Goodfellow and others 2016, 7.1 and 7.8).
      """)
    page.figure(Charts.curvature())
    page.sideNote(
      "Each price is also, up to a constant, minus the logarithm of a probability density: L2 of a normal one, L1 of a double exponential one. It is what one pays who believes, before seeing data, that the weights were drawn from it."
    )
    page.prose(
      """
      ### On the moons

      In a program a penalty is one line between the gradients and the step: `gradient += λ₂ * w`, or `gradient += λ₁ * sign(w)`.
      """)
    page.fold("How a penalty joins the training, in Swift") { $0.code("penalty", in: "Penalties.swift") }
    page.figure(
      Charts.boundary(sweep, points: Moons.samples(count: Moon.points, noise: Moon.noise, seed: findings.seed)))
    page.project(
      Charts.boundaryTitle(sweep),
      notes: "Which points does the line go round without a price? Which does it give up?")
    page.prose(Charts.boundaryWords(sweep))
    page.live(
      "penalty", "Train under a penalty, and pull the bowl around the diamond and the disc",
      caption: """
        Play without a penalty, then add one while the net learns. Which λ straightens the line without losing a moon? Which \
        penalty sets most of the 24×24 weights of this smaller net to zero, and which only shrinks them? For how many places of the bowl is w₂ exactly 0?
        """,
      figure: "boundary",
      settings: [
        "penalty": 2, "lambda": -2, "force": -0.3, "rate": 0.2, "noise": 0.35, "speed": 10, "seed": 1, "x": 1.2,
        "y": 0.5,
      ])
    page.figure(Charts.sweep(sweep))
    page.prose(sweep.reading)
    page.figure(Charts.weights(sweep))
    page.prose(
      """
      In plain gradient descent L2 takes the share $\\eta\\lambda$ of each weight in each step, and is also called *weight decay*. With Adam the two \
      differ, since it divides the price's gradient as it divides the loss's; there one lets the weights decay apart from the \
      gradient (AdamW, Loshchilov and Hutter 2019), which is how most large nets are trained. In front of a batch norm the size of the weights \
      means nothing (chapter 5): there L2 is no price on the function; it keeps the weights small, so that each step turns them further.
      """)
  }

  /// What S4 says of L2.
  static func addErratum(to page: inout Page) {
    page.callout(
      .erratum("S4"),
      """
      Of L2 the source says that it "encourages using all the training data". It has no bearing on how many examples are used. \
      What it does is to spread a weight over inputs that say the same. \
      It also calls both penalties weight decay; only L2 lets weights decay by a share, and only under plain gradient descent.
      """)
  }

  private static func addInputTable(to page: inout Page, _ selection: InputSelection, isRecorded: Bool) {
    page.table(
      Table(
        "Two real inputs and 18 of noise; each penalty at the strength that is best on points set aside\(isRecorded ? " (recorded full run)" : ""); means of the shares of the weights and of the errors on test points, and the nets that only guess",
        columns: [
          "penalty", "λ", .init("|w| < 0.01 (%)", digits: 0), .init("w = 0 (%)", digits: 0),
          .init("test error (%)", digits: 1), "only guess",
        ],
        rows: selection.penalties.indices.map { index in
          let penalty = selection.penalties[index]
          return [
            TableCell(penalty.name), .text(penalty == .none ? "" : selection.strength(index)),
            TableCell(100 * selection.nearZero(index).mean), TableCell(100 * selection.zeros(index).mean),
            .measured(selection.testError(index)),
            .text("\(selection.collapsed(index)) of \(selection.runs[index].count)"),
          ]
        }))
  }

  /// Two inputs that matter among many that do not.
  ///
  /// - Parameter isRecorded: whether this is not the run's own selection, but that of the recorded full run.
  static func addInputs(to page: inout Page, _ selection: InputSelection, isRecorded: Bool) {
    let noise = (selection.runs[0].first?.inputNorms.count ?? 2) - 2
    page.prose(
      """
      ### Inputs that mean nothing

      \(selection.twoKinds.isEmpty ? "" : selection.twoKinds + "\n\n")There are more points here, with less noise than above, and each has \(noise) further inputs that are pure noise. \
      Nobody tells the net which inputs are $x$ and $y$. It has found out where its first layer has larger weights (root mean square) \
      for the weaker of $x$ and $y$ than for an input of noise; the figure shows how many times as large.
      """)
    page.figure(Charts.inputs(selection, isRecorded: isRecorded))
    page.project(
      selection.bothChoose
        ? "A strong price tells inputs from noise, L1 or L2"
        : selection.contrast(2).median > 3
          ? "L1 leaves inputs of noise hardly any weight" : "Does a price tell inputs that matter from noise?",
      notes: "Which strength errs least is another question than which tells inputs apart.")
    page.fold("Every strength that was tried, and each penalty at its best") { page in
      if let trials = selection.trials {
        if !selection.otherStrengths.isEmpty { page.prose(selection.otherStrengths) }
        page.table(
          Table(
            "Errors on the points set aside (mean), and how many times the weights of noise the weaker real input has (median)",
            columns: [
              "penalty", .init("λ"), .init("error (%)", digits: 1), .init("times", digits: 1), "nets that only guess",
            ],
            rows: trials.joined().map { trial in
              [
                TableCell(trial.penalty.name), .text("\(trial.penalty.lambda)"), .measured(trial.error),
                TableCell(trial.contrast.median), .text("\(trial.collapsed) of \(trial.error.count)"),
              ]
            }))
      }
      addInputTable(to: &page, selection, isRecorded: isRecorded)
    }
    page.prose(
      """
      L1 by gradient leaves \(percent(selection.nearZero(2).mean)) of its weights within 0.01 of 0, and \(percent(selection.zeros(2).mean)) \
      exactly at 0. A gradient step moves a weight by $\\eta\\lambda$ whatever its size ($\\eta$ is the learning rate), so near 0 it steps across \
      and back again for ever. Only a *soft threshold*, a step of its own that stops at 0, gets there.
      """)
    page.fold("The soft threshold, in Swift") {
      $0.code("shrink", in: "Penalties.swift")
      $0.prose(
        """
        \(selection.emptied) L2 takes a share of every weight: even at a unit that no point activates, where no gradient holds them, weights keep \
        the share $(1 - \\eta\\lambda)$ in each step, and are never exactly 0.
        """)
    }
  }
}

extension InputSelection {
  /// Whether the nets under L1 are of two kinds: those that have found the inputs, and those that have not.
  fileprivate var twoKinds: String {
    let (found, errors) = (contrast(2).values.map { $0 > 3 }, testError(2).values)
    let kinds = [true, false].map { kind in Summary(zip(found, errors).filter { $0.0 == kind }.map(\.1)) }
    guard kinds.allSatisfy({ $0.count > 0 }) else { return "" }
    return
      "Beside inputs of pure noise, L1 either finds the two inputs that matter or it does not. At the strength that errs least it has found them (three times the weights of noise, or more) in \(kinds[0].count) of \(counted(found.count, "net")): these err on \(fixed(kinds[0].median, 1)) %, the others on \(fixed(kinds[1].median, 1)) % (medians; without a penalty \(fixed(testError(0).median, 1)) %, with L2 \(fixed(testError(1).median, 1)) %)."
  }

  /// What other strengths than the best ones do, in sentences.
  fileprivate var otherStrengths: String {
    var text = ""
    if let other = otherL2, let best = leastErring(0) {
      text += """
        So L2 can choose inputs, too, where it is strong. But what tells inputs apart best does not err least: L2 of \
        \(other.penalty.lambda) errs on \(fixed(other.error.mean, 1)) % of the points set aside (mean), L2 of \(best.penalty.lambda) on \
        \(fixed(best.error.mean, 1)) %\((other.error - best.error).worded(above: "", below: "", withinChance: ", a difference that may be chance")). \
        (Why L2 chooses at all was not tested. A likely reason: in a net of several layers it prices products of weights, and a \
        strong price takes whole paths away.)
        """
    }
    // Of each kind the weakest price that kills.
    let deadly = (trials ?? []).compactMap { $0.first { $0.collapsed > 0 } }
    if deadly.count > 1, deadly.allSatisfy({ $0.collapsed == $0.error.count }) {
      return text
        + " \(deadly.map { "\($0.penalty.name) of \($0.penalty.lambda)" }.joined(separator: " and ")) kill all nets: their weights go to 0, and they guess."
    }
    return text + deadly.enumerated().map { $1.loss(isExplained: $0 > 0) }.joined()
  }
}

extension PenaltySweep {
  /// What the figure of the errors says from left to right, in sentences that the errors allow.
  var reading: String {
    let (training, test) = (summaries(0, \.trainingError), summaries(0, \.testError))
    func percent(_ error: Summary) -> String { "\(fixed(error.inPercent.mean, 1)) %" }
    let (least, last) = (best(0), lambdas.count - 1)
    var text = """
      Read the figure from left to right. Without a penalty the net knows its points (\(percent(training[0])) errors) and not \
      the rule (\(percent(test[0]))).
      """
    guard training[last].mean > training[0].mean, least < last else { return text }
    text += " As λ grows the training error rises, since single points are given up."
    if test[least].mean < test[0].mean, test[last].mean > test[least].mean {
      text += """
         The test error with L2 first falls, to \(percent(test[least])) at λ = \(lambdas[least]), then rises again, because the \
        penalty begins to cost the moons themselves.\
        \(gain(0).direction(beyond: 0.5) == .above ? " So L2 answers the question: it lowers the \(percent(test[0])) to \(percent(test[least])), by \(fixed(gain(0).mean, 1)) points before rounding. (The bands overlap, since each seed draws other points; the title compares seed by seed.) The other restraints are tried on digits, below." : "")
        """
    }
    let guessing = summaries(1, \.testError)[last]
    if guessing.mean > 0.4 {
      text += """
         L1 of \(lambdas[last]) has pulled nearly all weights next to 0, and the net guesses (\(percent(guessing))). The gap between \
        the two errors is as good as gone there: a small gap is not the goal, a small test error is.
        """
    }
    return text
  }
}
