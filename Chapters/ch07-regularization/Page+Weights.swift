// The sections of chapter 7 about prices on weights.

import Foundation
import Workbook

extension Regularization {
  /// Two moons learned by heart, and the three jobs of the chapter.
  ///
  /// - Parameter isRecorded: whether these findings are the record's, on the page of another run.
  static func addQuestion(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    let sweep = findings.sweep
    let bare =
      findings.moons.map { [$0.bare.trainingErrors, $0.bare.testErrors] }
      ?? [\MoonRun.trainingError, \.testError].map { path in Summary(sweep.runs[0][0].map { 100 * $0[keyPath: path] }) }
    page.prose(
      """
      ## The question

      The figure shows \(grouped(Moon.points)) points in two classes. Each class is a half moon, blurred so much that the two overlap.
      """)
    page.figure(
      Charts.moons(sweep, points: Moons.samples(count: Moon.points, noise: Moon.noise, seed: findings.seed)))
    page.prose(
      """
      A net with two hidden layers of 64 ReLU units learns the points. It has \(grouped(Moon.weightCount())) weights, \
      \(fixed(Double(Moon.weightCount()) / Double(Moon.points), 0)) for each point. After training it is wrong on \
      \(fixed(bare[0].mean, 1)) % of the points it learned from, and on \(fixed(bare[1].mean, 1)) % of new ones (the mean of \
      \(counted(bare[0].count, "net")), each with its own \(grouped(Moon.points)) points). No rule can get below \
      \(fixed(100 * Moon.leastError, 1)) %, because so many points lie where the other moon is the likelier one. (We know how the points are \
      drawn. So we can compute at each place which moon is the likelier one, and how often that guess is wrong.)

      **Which regularizer lowers the \(fixed(bare[1].mean, 1)) %, and how close does it come to the \(fixed(100 * Moon.leastError, 1)) %?** Three jobs \
      answer the chapter's questions:

      1. **The moons: why do regularizers help?** Here we can see what a net has learned, and the best answer is known.
      2. **Least squares: how many weights?** This net is so simple that its size can be varied by a factor of \
      \(grouped((findings.descent.features.last ?? 1) / max(1, findings.descent.features[0]))).
      3. **Few digits: which regularizers help?** Here all of them meet in one comparison.\
      \(isRecorded ? "\n\n(All figures and numbers in the text are those of the recorded run. The claims at the end show the run just made beside it.)" : "")
      """)
    page.slide(
      "40 points, thousands of weights: what stops the net?",
      "It is wrong on \(fixed(bare[0].mean, 1)) % of the points it learned from, and on \(fixed(bare[1].mean, 1)) % of new ones.",
      notes: "A net that can learn everything by heart will. Collect what the class would try.")
  }

  /// L1 and L2, and the moons under every restraint.
  static func addPenalties(to page: inout Page, _ findings: Findings) {
    let sweep = findings.sweep
    page.prose(
      """
      ## A price on weights

      Let every weight cost something, and ask for the smallest sum of the loss $L(w)$ and the price:

      $$L(w) + \\lambda_1 \\sum |w| + \\frac{\\lambda_2}{2} \\sum w^2$$

      The first price (or *penalty*) is called *L1*, the second *L2*; with a linear model they make *lasso* and *ridge regression*. Training adds their gradients to that of the loss: $\\lambda_1 \\cdot \
      \\mathrm{sign}(w)$ and $\\lambda_2 \\cdot w$. So L1 pulls every weight towards 0 with the same force, and L2 with a force that \
      grows with the weight. (At $w = 0$ the slope of $|w|$ is undefined; we take 0.) Biases cost nothing.
      """)
    addFormulas(to: &page)
    page.prose(
      """
      ### L1 and L2 on the moons

      In a program a penalty is one line between the gradients and the step. In NumPy and in PyTorch:

      ```python
      dw += lam2 * w            # NumPy, L2
      dw += lam1 * np.sign(w)   # NumPy, L1

      # PyTorch, L2 and L1 (here on the biases, too)
      torch.optim.SGD(net.parameters(), lr=0.05, weight_decay=lam2)
      loss = loss + lam1 * sum(p.abs().sum() for p in net.parameters())
      ```
      """)
    page.fold("How a penalty joins the training, in Swift") { $0.code("penalty", in: "Penalties.swift") }
    page.figure(
      Charts.boundary(
        sweep, StrengthCurves(findings),
        points: Moons.samples(count: Moon.points, noise: Moon.noise, seed: findings.seed)))
    page.project(
      Charts.boundaryTitle(sweep),
      notes: "Which points does the line go round without a price? Which does it give up?")
    page.prose(Charts.boundaryWords(sweep))
    page.live(
      "penalty", "Train under a penalty, and pull the bowl around the diamond and the disc",
      caption: """
        Play without a penalty, then add one while the net learns. This net is smaller: it has two hidden layers of 24 units.
        """,
      figure: "boundary",
      settings: [
        "penalty": 2, "lambda": -2, "force": -0.3, "rate": 0.2, "noise": 0.35, "speed": 10, "seed": 1, "x": 1.2,
        "y": 0.5,
      ])
    let curves = StrengthCurves(findings)
    page.figure(Charts.sweep(curves))
    page.prose(curves.reading)
    page.figure(Charts.weights(sweep))
    page.prose(
      """
      In plain gradient descent L2 takes the share $\\eta\\lambda$ of each weight in each step ($\\eta$ is the learning rate). Therefore it is \
      also called *weight decay*. The optimizer Adam divides every gradient by its usual size. It would divide the gradient of the price, too, \
      and so AdamW lets the weights decay in a step of their own (Loshchilov and Hutter 2019). Most large nets are trained that way. In \
      front of a batch norm the size of the weights does not change what the net computes (chapter 5). There L2 does not restrain \
      the function; it keeps the weights small, so that each step turns them further.
      """)
    if let moons = findings.moons { addAnswer(to: &page, moons) }
  }

  /// What L1 and L2 do to one weight, to two, and along the axes of a bowl.
  private static func addFormulas(to page: inout Page) {
    let (zeroed, shared) = (
      minimizer(of: 0.4, penalty: .l1(1)) == 0, minimizer(of: 0.4, penalty: .l2(1000)) == 0
    )
    page.predict(
      "L1 asks a price of $\\lambda|w|$ for each weight, L2 one of $\\frac{1}{2}\\lambda w^2$. If λ is large enough, which one sets weights to exactly 0?",
      choices: ["L1", "L2", "both", "neither"], answer: zeroed ? (shared ? 2 : 0) : (shared ? 1 : 3),
      """
      Take a weight that the loss alone would make 0.4. With $\\lambda = 1$ it is \(fixed(minimizer(of: 0.4, penalty: .l1(1)), 2)) under L1 and \
      \(fixed(minimizer(of: 0.4, penalty: .l2(1)), 2)) under L2. Even with $\\lambda = 1000$ L2 leaves \
      \(short(minimizer(of: 0.4, penalty: .l2(1000)))).
      """)
    page.project(
      "Which price sets weights to exactly 0?", notes: "Formulas first: a constant pull, and one that fades.")
    page.prose(
      """
      Why? Take a loss that is a parabola around the best weight, $\\frac{1}{2}(w - w_0)^2$. Set the derivative of loss and price to 0. That gives, \
      for L2 and for L1,

      $$w = \\frac{w_0}{1 + \\lambda_2} \\qquad \\text{or} \\qquad w = \\mathrm{sign}(w_0) \\cdot \\max(0, |w_0| - \\lambda_1)$$

      For L1 take $w_0 > 0$. Where $w > 0$ the slope $w - w_0 + \\lambda_1$ is 0 at $w_0 - \\lambda_1$. If that is not above \
      0, the sum rises on both sides of $w = 0$, and the minimum is the kink at 0 itself.
      """)
    page.figure(Charts.shrinkage())
    page.project("L1 takes an amount off a weight, L2 takes a share")
    page.prose(
      """
      With two weights we can see the same in the plane. Suppose that the weights at the minimum have the size $B$ (the sum of $|w|$ for L1, \
      the length of $w$ for L2). If another point of size $B$ or less had a smaller loss, then its loss and price together would be smaller, too, and \
      we would not be at the minimum. So the minimum is the point of least loss inside the diamond $|w_1| + |w_2| \\le B$ (L1) or the disc of \
      radius $B$ (L2): the place where a circle of equal loss just touches the diamond or the disc. For many places $w_0$ the diamond is touched at a \
      corner, and there one weight is 0. The disc has no corners.
      """)
    page.figure(Charts.diamond())
    page.project(
      "L1 meets the corner: one weight becomes 0",
      notes: "A large budget first: an edge is met, and both weights stay. When does w₂ reach 0, and does it for L2?")
    page.prose(
      """
      With many weights the loss near its minimum $w_0$ is a bowl that is steep in some directions and flat in others: \
      $\\frac{1}{2}h(w - w_0)^2$ along a direction of curvature $h$. With L2 the derivative is 0 at $w_0 \\cdot h/(h + \\lambda)$. \
      So directions that the data determine (large $h$) keep nearly all of $w_0$, and directions that the data hardly determine (small $h$) lose it.

      *Early stopping* does nearly the same. Each step of rate $\\eta$ leaves the share $1 - \\eta h$ of the way to $w_0$, so $t$ steps from 0 \
      arrive at $w_0 \\cdot (1 - (1 - \\eta h)^t)$. Where $h$ is small, that is about $w_0 \\cdot t\\eta h$. L2 arrives at about \
      $w_0 \\cdot h/\\lambda$ there. The two are equal if

      $$\\lambda = \\frac{1}{\\eta t}$$

      So few steps are a strong price (Goodfellow and others 2016, sections 7.1 and 7.8).
      """)
    page.figure(Charts.curvature())
    page.sideNote(
      "A price can also be read as a belief. Up to a constant, it is minus the logarithm of a probability density of the weights: a normal density for L2, a double exponential one for L1."
    )
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

  private static func addInputTable(to page: inout Page, _ selection: InputSelection) {
    page.table(
      Table(
        "Each penalty at the strength with the fewest errors on validation points: shares of the weights, errors on test points (means), and the nets that only guess",
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
  static func addInputs(to page: inout Page, _ selection: InputSelection) {
    let noise = (selection.runs[0].first?.inputNorms.count ?? 2) - 2
    page.prose(
      """
      ### Inputs that mean nothing

      Back to the moons. Give each point \(noise) more coordinates, all of them pure noise. Nobody tells the net that only the first two, $x$ and $y$, mean anything. \
      Does a penalty help it to find that out? (There are more points here, and the moons are less noisy, so that only the \(noise) inputs make the job hard.)

      To see what a net has found out, we look at the weights in its first layer that belong to one input, and take their root mean square. We do so for the \
      weaker of $x$ and $y$ and for an average input of noise, and divide. A ratio of 1 says that the net treats $x$ or $y$ as it treats noise.
      """)
    page.figure(Charts.heaps(selection))
    page.project(
      selection.bothChoose
        ? "Which nets tell real inputs from noise?"
        : selection.contrast(2).median > 3
          ? "L1 leaves inputs of noise hardly any weight" : "Does a price tell inputs that matter from noise?",
      notes: "One dot for each net. Which strength errs least is another question than which tells inputs apart.")
    page.prose(selection.heapWords)
    if let words = selection.notEnough { page.prose(words) }
    page.fold("Every strength that was tried, and each penalty at its best") { page in
      if let trials = selection.trials {
        page.figure(Charts.inputs(selection))
        if !selection.otherStrengths.isEmpty { page.prose(selection.otherStrengths) }
        page.table(
          Table(
            "Errors on validation points (mean), and how many times the weights of noise the weaker real input has (median)",
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
      addInputTable(to: &page, selection)
    }
    page.prose(
      """
      L1 leaves \(percent(selection.nearZero(2).mean)) of the weights within 0.01 of 0, but \(percent(selection.zeros(2).mean)) \
      exactly at 0. The reason is the gradient step: it moves a weight by $\\eta\\lambda$ whatever the weight's size. Near 0 it steps across \
      and back again for ever. To arrive at 0 one needs a *soft threshold*: a step of its own that moves each weight by $\\eta\\lambda$ towards 0 and stops there.
      """)
    page.fold("The soft threshold, in Swift") {
      $0.code("shrink", in: "Penalties.swift")
      $0.prose(
        """
        \(selection.emptied) L2 takes a share of every weight. Even at a unit that no point activates, where no gradient holds the weights, they keep \
        the share $(1 - \\eta\\lambda)$ in each step. So they never become exactly 0.
        """)
    }
  }
}

extension InputSelection {
  /// From how many times the weights of noise on a net has found the real inputs.
  static let finding = 10.0

  /// The nets under a penalty that have found the real inputs, and those that have not: their test errors.
  func kinds(_ index: Int) -> (found: Summary, others: Summary) {
    let pairs = zip(contrast(index).values, testError(index).values)
    return (
      Summary(pairs.filter { $0.0 > Self.finding }.map(\.1)), Summary(pairs.filter { $0.0 <= Self.finding }.map(\.1))
    )
  }

  /// What the heaps of nets say.
  fileprivate var heapWords: String {
    let (l1, l2) = (kinds(2), kinds(1))
    let bare =
      "Without a penalty the median is \(fixed(testError(0).median, 1)) %, with L2 \(fixed(testError(1).median, 1)) %."
    guard l1.found.count > 0, l1.others.count > 0 else {
      return
        "With L1 \(l1.found.count == 0 ? "none" : "all") of the \(counted(l1.found.count + l1.others.count, "net")) \(l1.found.count == 0 ? "has" : "have") found the two inputs. The median error is \(fixed(testError(2).median, 1)) %. \(bare)"
    }
    return """
      Does a net find the inputs? Two measures give two answers. The first is the rank: the weaker real input has more weight than *every* input of noise in \
      \(separated(1)) of \(runs[1].count) nets with L2, in \(separated(2)) with L1, and in \(separated(0)) without a penalty. \
      The second is the factor. L2 gives the weaker real input \(fixed(contrast(1).median, 1)) times the weights of noise (median)\(l2.found.count == 0 ? "" : ", and more than \(short(Self.finding)) times in \(counted(l2.found.count, "net"))"). \
      With L1 the nets fall into two groups: in \(l1.found.count) of them the factor is above \(short(Self.finding)), in the other \(l1.others.count) it is not. \
      \(separated(1) > separated(2) ? "So L2 ranks the inputs more reliably, and L1, where it succeeds, separates them more widely." : "")

      The errors follow the factor. Where it is above \(short(Self.finding)), the median error with L1 is \(fixed(l1.found.median, 1)) %; in the other nets \
      it is \(fixed(l1.others.median, 1)) %. \(bare)
      """
  }

  /// That a factor is not enough, by the strengths at which it is large and the errors are not small; nil where none is.
  fileprivate var notEnough: String? {
    let l1 = kinds(2)
    guard let sharp = sharpest(1), l1.found.count > 0, sharp.contrast.median > Self.finding,
      sharp.error.mean > 2 * l1.found.median
    else { return nil }
    let straight = 100 * Moon.straightError(noise: 0.15)
    return
      "But a large factor is not enough, either. L1 of \(sharp.penalty.lambda) gives a factor of \(fixed(sharp.contrast.median, 1)) (median), and still \(fixed(sharp.error.mean, 1)) % errors. The best *straight* line between these moons has \(fixed(straight, 1)) %. That is what one expects of nets that have found the inputs, but whose line the strong price has made nearly straight. (Their lines were not kept.)"
  }

  /// What other strengths than the best ones do, in sentences.
  fileprivate var otherStrengths: String {
    var text = ""
    if let other = otherL2, let best = leastErring(0) {
      text += """
        A strong L2 can choose inputs, too. But the strength that tells inputs apart best is not the one with the fewest errors: L2 of \
        \(other.penalty.lambda) gets \(fixed(other.error.mean, 1)) % of the validation points wrong, L2 of \(best.penalty.lambda) \
        \(fixed(best.error.mean, 1)) %\((other.error - best.error).worded(above: "", below: "", withinChance: ", a difference that may be chance")). \
        (Why L2 chooses at all was not tested. A likely reason: in a net of several layers a path is a product of weights, and a \
        strong price removes whole paths.)
        """
    }
    // Of each kind the weakest price that kills.
    let deadly = (trials ?? []).compactMap { $0.first { $0.collapsed > 0 } }
    if deadly.count > 1, deadly.allSatisfy({ $0.collapsed == $0.error.count }) {
      return text
        + " \(deadly.map { "\($0.penalty.name) of \($0.penalty.lambda)" }.joined(separator: " and ")) leave no net alive: the weights go to 0, and the nets guess."
    }
    return text + deadly.enumerated().map { $1.loss(isExplained: $0 > 0) }.joined()
  }
}
