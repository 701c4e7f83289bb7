// The sections of chapter 7 about prices on weights.

import Foundation
import Workbook

extension Regularization {
  /// Two moons learned by heart, and the four jobs of the chapter.
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
      A net with two hidden layers of 64 ReLU units learns these points. It has \(fixed(Double(Moon.weightCount()) / Double(Moon.points), 0)) weights for each point. \
      On its own points it is wrong on \(fixed(bare[0].mean, 1)) %, on new ones on **\(fixed(bare[1].mean, 1)) %** (means of \(counted(bare[0].count, "net"))\(findings.tunedMoons == nil ? "" : ", at a rate not tuned yet")). **It follows single points instead of the two moons: it overfits.** \
      We know how the points are drawn, so we also know the best rule. It is wrong on **\(fixed(100 * Moon.leastError, 1)) %** of new points. Which regularizer closes this gap, how strong should it be, and why does it help?

      Four jobs answer that: these moons (why?), least squares (how many weights?), wrong labels (when to stop?) and a few digits (which regularizer?).\
      \(isRecorded ? "\n\nAll figures and numbers in the text are those of the recorded run." : "")
      """)
    page.slide(
      "40 points, thousands of weights: what stops the net?",
      "It is wrong on \(fixed(bare[0].mean, 1)) % of the points it learned from, and on \(fixed(bare[1].mean, 1)) % of new ones.",
      notes: "A net that can learn everything by heart will. Collect what the class would try.")
  }

  /// L1 and L2, their strength, and the moons under every restraint.
  static func addPenalties(to page: inout Page, _ findings: Findings) {
    let sweep = findings.sweep
    page.prose(
      """
      ## A price on weights

      Let every weight cost something, and ask for the smallest sum of the loss $L(w)$ and the price, which is called a *penalty*:

      $$L(w) + \\lambda_1 \\sum |w| + \\frac{\\lambda_2}{2} \\sum w^2$$

      The first penalty is *L1*, the second *L2*, and $\\lambda$ is their strength. **To fit a single point among points of the other class, the output must swing far within a short way, and that takes large weights.** \
      Where they cost more than the loss of that point, the net lets it go. Biases cost nothing: they shift a unit, but cannot make it steep.

      Training adds the penalty's gradient to that of the loss: $\\lambda_1 \\cdot \\mathrm{sign}(w)$ or $\\lambda_2 \\cdot w$. So L1 pulls every weight towards 0 with the same force. L2 pulls a large weight \
      harder than a small one.
      """)
    addFormulas(to: &page, sweep)
    addBoundary(to: &page, findings)
    addStrength(to: &page, findings)
    if let moons = findings.moons { addAnswer(to: &page, moons, findings) }
  }

  /// What L2 does to the line between the moons.
  private static func addBoundary(to page: inout Page, _ findings: Findings) {
    let sweep = findings.sweep
    page.prose("### L2 on the moons")
    page.figure(
      Charts.boundary(
        sweep, points: Moons.samples(count: Moon.points, noise: Moon.noise, seed: findings.seed)))
    page.project(
      Charts.boundaryTitle(sweep),
      notes: "Which points does the line go round without a penalty? Which does it give up?")
    page.prose(
      """
      \(Charts.boundaryWords(sweep))

      A penalty in code:

      ```python
      dw += lam2 * w               # L2 in NumPy, between the gradients and the step
      dw += lam1 * np.sign(w)      # L1 in NumPy
      # L2 in PyTorch: biases have one dimension, and cost nothing
      weights = [p for p in net.parameters() if p.ndim > 1]
      biases = [p for p in net.parameters() if p.ndim == 1]
      groups = [{"params": weights, "weight_decay": lam2}, {"params": biases}]
      opt = torch.optim.SGD(groups, lr=0.05)
      ```
      """)
    page.live(
      "penalty", "Train under a penalty, and pull the bowl around the diamond and the disc",
      caption: """
        Play without a penalty, then add one while the net learns. This net has two hidden layers of 24 units, and its L1 is the soft threshold (see the fold on L1).
        """,
      figure: "boundary",
      settings: [
        "penalty": 2, "lambda": -2, "force": -0.3, "rate": 0.2, "noise": 0.35, "speed": 10, "seed": 1, "x": 1.2,
        "y": 0.5,
      ])
  }

  /// The errors by the strength, how to choose it, and what an optimizer makes of it.
  private static func addStrength(to page: inout Page, _ findings: Findings) {
    let curves = StrengthCurves(findings)
    page.prose(
      """
      ### How to choose λ

      The best strength is the one with the fewest errors on validation points. **Whiskers, and bands around curves, are 95 % intervals of a mean.** \
      A difference is *more than chance* if 0 lies outside its interval; where many are compared, outside a wider one. \
      A regularizer *helps* if that holds and it saves more than half a point.
      """)
    page.fold("A wider interval where many are compared") { addManyAtOnce(to: &$0, findings) }
    page.figure(Charts.sweep(curves, tuned: findings.tunedMoons))
    page.prose(
      """
      \(curves.reading)\(findings.tunedMoons == nil || curves.reading.isEmpty ? "" : " All this is at one rate, not tuned.")

      Choose λ in the same way on a job of your own. (`train` trains a new net. Each λ should have its own best learning rate as well.)

      ```python
      errors = {lam: val_error(train(lam)) for lam in (1e-3, 3e-3, 1e-2, 3e-2)}
      best = min(errors, key=errors.get)   # first or last of the list? add one beyond it
      net = train(best)                    # look at the test error only now
      ```

      **Weight decay.** In plain gradient descent with the learning rate $\\eta$, L2 takes the share $\\eta\\lambda$ off each weight in each step. So it is \
      also called *weight decay*. The optimizer Adam divides each gradient by its usual size, and a penalty inside it, too. Then a weight with large gradients decays less. \
      *AdamW* therefore decays the weights in a step of its own (Loshchilov and Hutter 2019).\(adamWords(findings))
      """)
    page.sideNote(
      "In front of a batch norm the size of the weights does not change what the net computes (chapter 5).")
    page.fold("L1 in code: weights at exactly 0") { addSparse(to: &$0, findings) }
  }

  /// What Adam with L2 and AdamW come to on the board's digits; empty where it was not measured.
  private static func adamWords(_ findings: Findings) -> String {
    guard let nets = findings.adam, nets.count == 3 else { return "" }
    let (plain, inside, apart) = (Summary(nets[0].errors), Summary(nets[1].errors), Summary(nets[2].errors))
    let lead = inside - apart
    return """
       On the digits below, each at its own best rate and λ, AdamW makes \(fixed(apart.mean, 1)) % errors, Adam with L2 \(fixed(inside.mean, 1)) %\
      \(lead.worded(above: "", below: "", withinChance: " (no difference beyond chance)")), Adam alone \(fixed(plain.mean, 1)) %.
      """
  }

  /// L1 by the gradient and by the soft threshold.
  private static func addSparse(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      The gradient step of L1 has the same length however small a weight is. So near 0 it steps across 0 and back, for ever. \
      For exact zeros replace it by the *soft threshold*: a step of its own that moves each weight by $\\eta\\lambda$ towards 0 and stops there.\
      \(findings.moonChecks.map { " It sets \(fixed($0.zeros.mean, 1)) % of the moons' weights to 0." } ?? "")

      ```python
      # after the step; with a momentum m, lr * lam1 / (1 - m)
      w = np.sign(w) * np.maximum(np.abs(w) - lr * lam1, 0)
      ```

      In PyTorch the penalty L1 is added to the loss:

      ```python
      loss = loss + lam1 * sum(p.abs().sum() for p in weights)
      ```
      """)
    page.code("penalty", in: "Penalties.swift")
    page.code("shrink", in: "Penalties.swift")
    page.figure(Charts.weights(findings.sweep))
  }

  /// What L1 and L2 do to one weight and to two.
  private static func addFormulas(to page: inout Page, _ sweep: PenaltySweep) {
    let near = (0..<2).map { kind in Summary(sweep.runs[kind][sweep.best(kind)].map { 100 * $0.nearZero }).mean }
    let (isEmptyL2, isEmptyL1) = (near[0] > 90, near[1] > 90)
    let lambdas = (0..<2).map { sweep.lambdas[sweep.best($0)] }
    page.predict(
      """
      The net of the moons learns under each penalty, \
      \(lambdas[0] == lambdas[1] ? "with λ = \(lambdas[0]) for both" : "L2 with λ = \(lambdas[0]), L1 with λ = \(lambdas[1])"). Which penalty leaves more than 90 % of the weights at 0 or next to it (below 0.01)?
      """,
      choices: ["L1", "L2", "both", "neither"],
      answer: isEmptyL1 ? (isEmptyL2 ? 2 : 0) : (isEmptyL2 ? 1 : 3),
      """
      \(fixed(near[1], 1)) % of the weights are below 0.01 with L1, and \(fixed(near[0], 1)) % with L2 (mean of \(counted(sweep.runs[0][0].count, "net"))). To see why, take one weight $w$ whose loss is $\\frac{1}{2}(w - 0.4)^2$. With $\\lambda = 1$ the smallest sum of \
      loss and penalty is at \(fixed(minimizer(of: 0.4, penalty: .l1(1)), 2)) under L1, and at \(fixed(minimizer(of: 0.4, penalty: .l2(1)), 2)) under L2.
      """)
    page.project(
      "Which penalty drives most weights to 0 or next to it?",
      notes: "Formulas first: a constant pull, and one that fades.")
    page.prose(
      """
      In general, let the loss be a parabola around the best weight, $\\frac{1}{2}(w - w_0)^2$. The smallest sum is at

      $$w = \\frac{w_0}{1 + \\lambda_2} \\;\\text{(L2)} \\qquad \\text{and} \\qquad w = \\mathrm{sign}(w_0) \\cdot \\max(0, |w_0| - \\lambda_1) \\;\\text{(L1)}$$
      """)
    page.figure(Charts.shrinkage())
    page.project("L1 takes an amount off a weight, L2 takes a share")
    page.prose(
      """
      With two weights the same can be seen in the plane. Let $B$ be the size that the weights end with: the sum of $|w|$ for L1, their length for L2. At the minimum a circle of equal loss just touches the diamond \
      $|w_1| + |w_2| \\le B$ (L1) or the disc of radius $B$ (L2). The diamond is often touched at a corner, and there one weight is 0. The disc has no corners.
      """)
    page.figure(Charts.diamond())
    page.project(
      "L1 meets the corner: one weight becomes 0",
      notes: "A large budget first: an edge is met, and both weights stay. When does w₂ reach 0, and does it for L2?")
    page.prose(
      """
      In a bowl of curvature $h$, $\\frac{1}{2}h(w - w_0)^2$, L2 leaves $w_0 \\cdot h/(h + \\lambda)$. **So a weight that the data determine (large $h$) keeps nearly all of $w_0$, and one that they hardly determine loses it.**
      """)
    page.fold("Why the minima are there, and a penalty as a belief") {
      $0.prose(
        """
        For one weight set the derivative of loss and penalty to 0. For L1 take $w_0 > 0$. Where $w > 0$ the slope $w - w_0 + \\lambda_1$ is 0 at $w_0 - \\lambda_1$. If that is not above \
        0, the sum rises on both sides of $w = 0$, and the minimum is the kink at 0 itself.

        For two weights, no other point of size $B$ or less has a smaller loss than the minimum; its sum would be smaller, too. So the circle of equal loss through the minimum can only touch the diamond or the disc.

        A penalty can also be read as a belief. Up to a constant, it is minus the logarithm of a probability density of the weights: a normal density for L2, a double exponential one for L1.
        """)
    }
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
}
