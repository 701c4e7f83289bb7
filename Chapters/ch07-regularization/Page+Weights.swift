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
      \(fixed(100 * Moon.leastError, 1)) %. We know how the points are drawn, so we can compute at each place which moon is the likelier \
      one, and how often that best guess is wrong.

      **Which regularizer lowers the \(fixed(bare[1].mean, 1)) %, and how close does it come to the \(fixed(100 * Moon.leastError, 1)) %?** Three jobs \
      answer the chapter's questions:

      1. **The moons: why do regularizers help?** Here we can see what a net has learned, and the best answer is known.
      2. **Least squares: how many weights?** This net is so simple that its size can be varied by a factor of \
      \(grouped((findings.descent.features.last ?? 1) / max(1, findings.descent.features[0]))).
      3. **Few digits: which regularizers help?** Here all of them meet in one comparison.\
      \(isRecorded ? "\n\nAll figures and numbers in the text are those of the recorded run." : "")

      In text, figures and tables “±” has one meaning here: half of the 95 % interval of a mean. Where several things are compared at \
      once, each interval is made so wide that all of them together hold in 95 of 100 such experiments. (Only the list of claims at \
      the end has standard deviations.)
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

      Let every weight cost something, and ask for the smallest sum of the loss $L(w)$ and the price, which is called a *penalty*:

      $$L(w) + \\lambda_1 \\sum |w| + \\frac{\\lambda_2}{2} \\sum w^2$$

      The first penalty is *L1*, the second *L2*; with a linear model they make *lasso* and *ridge regression*. Training adds their gradients to that of the loss: $\\lambda_1 \\cdot \
      \\mathrm{sign}(w)$ and $\\lambda_2 \\cdot w$. So L1 pulls every weight towards 0 with the same force, and L2 with a force that \
      grows with the weight. (At $w = 0$ the slope of $|w|$ is undefined; we take 0.) Biases cost nothing.
      """)
    addFormulas(to: &page, sweep)
    page.prose(
      """
      ### L1 and L2 on the moons

      In a program a penalty is one line between the gradients and the step. In NumPy and in PyTorch:

      ```python
      dw += lam2 * w            # NumPy, L2
      dw += lam1 * np.sign(w)   # NumPy, L1: weights end next to 0
      w -= lr * dw
      # L1 with exact zeros: in place of its line above, after the step, a soft threshold
      w = np.sign(w) * np.maximum(np.abs(w) - lr * lam1, 0)

      # PyTorch; biases have one dimension, and cost nothing
      weights = [p for p in net.parameters() if p.ndim > 1]
      biases = [p for p in net.parameters() if p.ndim == 1]
      groups = [{"params": weights, "weight_decay": lam2},
                {"params": biases, "weight_decay": 0}]
      torch.optim.SGD(groups, lr=0.05)                            # L2
      torch.optim.AdamW(groups, lr=1e-3)                          # decay under Adam
      loss = loss + lam1 * sum(p.abs().sum() for p in weights)    # L1
      ```

      \(zeroWords(findings))
      """)
    page.fold("Both forms of L1, and L2, in Swift") {
      $0.code("penalty", in: "Penalties.swift")
      $0.code("shrink", in: "Penalties.swift")
    }
    page.figure(
      Charts.boundary(
        sweep, points: Moons.samples(count: Moon.points, noise: Moon.noise, seed: findings.seed)))
    page.project(
      Charts.boundaryTitle(sweep),
      notes: "Which points does the line go round without a penalty? Which does it give up?")
    page.prose(Charts.boundaryWords(sweep, StrengthCurves(findings)))
    page.live(
      "penalty", "Train under a penalty, and pull the bowl around the diamond and the disc",
      caption: """
        Play without a penalty, then add one while the net learns. This net is smaller, with two hidden layers of 24 units, and its L1 is the soft threshold.
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
      also called *weight decay*. Under the optimizer Adam the two are not the same. Adam divides the gradient of each weight by the usual size of its \
      gradients. A penalty that is a part of the gradient is divided, too, so weights with large gradients would be decayed less than others. \
      *AdamW* takes the share $\\eta\\lambda$ off in a step of its own, the same share of each weight (Loshchilov and Hutter 2019). Most large nets are trained that way. Here \
      AdamW was not measured.

      In front of a batch norm the size of the weights does not change what the net computes (chapter 5). There L2 only keeps \
      the weights small, so that each step turns them further.
      """)
    if let moons = findings.moons { addAnswer(to: &page, moons) }
  }

  /// That a gradient step of L1 makes no exact zeros, and what does.
  private static func zeroWords(_ findings: Findings) -> String {
    let sweep = findings.sweep
    let runs = sweep.runs[1][sweep.best(1)]
    func share(_ value: (MoonRun) -> Double) -> String { fixed(100 * Summary(runs.map(value)).mean, 1) }
    let soft = findings.moonChecks.map {
      " That sets \(fixed($0.zeros.mean, 1)) % of the weights to 0, with \(fixed($0.testErrors.mean, 1)) % errors on new points (\(share(\.testError)) % with the gradient step). (With momentum \(short(Double(Moon.momentum))) the threshold has to be \(fixed(Double(1 / (1 - Moon.momentum)), 0)) times as large, because the gradient's steps add up to so much.)"
    }
    return """
      The gradient step of L1 moves a weight by about $\\eta\\lambda$, however small the weight is. Near 0 it steps across 0 and back, for ever. On the moons with $\\lambda = \(short(Double(sweep.lambdas[sweep.best(1)])))$ \
      \(share(\.nearZero)) % of the weights end within 0.01 of 0, and \(share(\.zeros)) % at 0. \
      For exact zeros one needs the *soft threshold*: a step of its own that moves each weight by $\\eta\\lambda$ towards 0 and stops there.\(soft ?? "") \
      The figures of this chapter use the gradient step; the live panel below uses the soft threshold.\(listWords(findings))
      """
  }

  /// Why the best strength of L1 is not the same everywhere; empty where it is.
  private static func listWords(_ findings: Findings) -> String {
    let sweep = findings.sweep
    let coarse = Double(sweep.lambdas[sweep.best(1)])
    guard let moons = findings.moons, let l1 = moons.entry("L1"), let fine = Double(l1.setting.dropFirst(4)),
      abs(coarse / fine - 1) > 0.01
    else { return "" }
    let near = l1.trials.first { $0.setting == "λ = \(short(coarse))" }?.testError
    return
      " (Weights were counted for strengths of a coarse list, of which \(short(coarse)) is the best for L1. Errors were measured for a finer list, too, of which \(short(fine)) is the best: \(fixed(l1.testErrors.mean, 1)) % over \(counted(moons.seeds, "seed"))\(near.map { ", against \(fixed($0, 1)) % with \(short(coarse))" } ?? "").)"
  }

  /// What L1 and L2 do to one weight, to two, and along the axes of a bowl.
  private static func addFormulas(to page: inout Page, _ sweep: PenaltySweep) {
    let near = (0..<2).map { kind in Summary(sweep.runs[kind][sweep.best(kind)].map { 100 * $0.nearZero }).mean }
    let (isEmptyL2, isEmptyL1) = (near[0] > 90, near[1] > 90)
    page.predict(
      "We are going to train the net of the moons under each penalty, at its best λ. Which penalty leaves more than 90 % of the weights at 0 or next to it (below 0.01)?",
      choices: ["L1", "L2", "both", "neither"],
      answer: isEmptyL1 ? (isEmptyL2 ? 2 : 0) : (isEmptyL2 ? 1 : 3),
      """
      \(fixed(near[1], 1)) % of the weights are below 0.01 with L1, and \(fixed(near[0], 1)) % with L2. Take one weight that the loss alone would make 0.4. With $\\lambda = 1$ the smallest sum of \
      loss and penalty is at \(fixed(minimizer(of: 0.4, penalty: .l1(1)), 2)) under L1, and at \(fixed(minimizer(of: 0.4, penalty: .l2(1)), 2)) under L2. Even with $\\lambda = 1000$ \
      L2 leaves \(short(minimizer(of: 0.4, penalty: .l2(1000)))).
      """)
    page.project(
      "Which penalty drives most weights to 0 or next to it?",
      notes: "Formulas first: a constant pull, and one that fades.")
    page.prose(
      """
      Why? Take a loss that is a parabola around the best weight, $\\frac{1}{2}(w - w_0)^2$. Set the derivative of loss and penalty to 0. That gives, \
      for L2 and for L1,

      $$w = \\frac{w_0}{1 + \\lambda_2} \\qquad \\text{or} \\qquad w = \\mathrm{sign}(w_0) \\cdot \\max(0, |w_0| - \\lambda_1)$$

      For L1 take $w_0 > 0$. Where $w > 0$ the slope $w - w_0 + \\lambda_1$ is 0 at $w_0 - \\lambda_1$. If that is not above \
      0, the sum rises on both sides of $w = 0$, and the minimum is the kink at 0 itself.
      """)
    page.figure(Charts.shrinkage())
    page.project("L1 takes an amount off a weight, L2 takes a share")
    page.prose(
      """
      With two weights we can see the same in the plane. Let $B$ be the size of the weights at the minimum: the sum of $|w|$ for L1, \
      the length of $w$ for L2. No other point of size $B$ or less can have a smaller loss, because its loss and penalty together would be smaller, too. \
      So the minimum is the point of least loss inside the diamond $|w_1| + |w_2| \\le B$ (L1) or the disc of \
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

      So few steps act like a strong penalty (Goodfellow and others 2016, sections 7.1 and 7.8).
      """)
    page.figure(Charts.curvature())
    page.sideNote(
      "A penalty can also be read as a belief. Up to a constant, it is minus the logarithm of a probability density of the weights: a normal density for L2, a double exponential one for L1."
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
}
