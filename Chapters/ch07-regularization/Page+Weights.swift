// The section of chapter 7 about prices on weights.

import Foundation
import Workbook

extension Regularization {
  /// L1 and L2: what they do to a weight, to a net, and how strong to make them.
  static func addPenalties(to page: inout Page, _ findings: Findings) {
    let sweep = findings.sweep
    page.prose(
      """
      ## A price on weights

      A net that pays for large weights does not go out of its way for single examples. Let every weight cost something, and ask for the smallest sum of the loss $L(w)$ and the price, which is called a *penalty*:

      $$L(w) + \\lambda_1 \\sum |w| + \\frac{\\lambda_2}{2} \\sum w^2$$

      The first penalty is *L1*, the second *L2*, and $\\lambda$ is their strength. Biases cost nothing: they shift a unit, but cannot make it steep. \
      Training adds the penalty's gradient to that of the loss: $\\lambda_1 \\cdot \\mathrm{sign}(w)$ or $\\lambda_2 \\cdot w$. So L1 pulls every weight towards 0 with the same force, and L2 pulls a large weight \
      harder than a small one.

      ```python
      # L2 in PyTorch: biases have one dimension, and cost nothing
      weights = [p for p in net.parameters() if p.ndim > 1]
      biases = [p for p in net.parameters() if p.ndim == 1]
      groups = [{"params": weights, "weight_decay": lam2}, {"params": biases}]
      opt = torch.optim.SGD(groups, lr=0.08, momentum=0.9)
      loss = loss + lam1 * sum(p.abs().sum() for p in weights)     # L1

      with torch.no_grad():                    # max-norm instead: after opt.step()
          for w in weights:                    # [out, in] or [out, in, k, k]
              norm = w.flatten(1).norm(dim=1)  # one for each unit or kernel
              w *= (c / norm).clamp(max=1).view(-1, *[1] * (w.ndim - 1))
      ```
      """)
    addBoundary(to: &page, findings)
    addFormulas(to: &page, findings)
    addStrength(to: &page, findings)
  }

  /// What L2 does to the line between the moons.
  private static func addBoundary(to page: inout Page, _ findings: Findings) {
    let sweep = findings.sweep
    page.prose(
      """
      ### L2 on the moons

      A small job shows what L2 does: \(grouped(Moon.points)) points in two classes, each a half moon, blurred so much that they overlap. The net has two hidden layers of 64 ReLU units, \(fixed(Double(Moon.weightCount()) / Double(Moon.points), 0)) weights for each point. \
      **To fit a single point among points of the other class, its output must swing far within a short way, and that takes large weights.** Where they cost more than the loss of that point, the net lets it go.
      """)
    page.figure(
      Charts.boundary(
        sweep, points: Moons.samples(count: Moon.points, noise: Moon.noise, seed: findings.seed)))
    page.project(
      Charts.boundaryTitle(sweep),
      notes: "Which points does the line go round without a penalty? Which does it give up?")
    page.prose("\(Charts.boundaryWords(sweep)) \(errorWords(findings))")
  }

  /// The test errors beside the lines.
  private static func errorWords(_ findings: Findings) -> String {
    let sweep = findings.sweep
    func error(_ kind: Int, _ place: Int) -> String {
      fixed(Summary(sweep.runs[kind][place].map { 100 * $0.testError }).mean, 1)
    }
    let (l2, l1) = (sweep.best(0), sweep.best(1))
    return """
      The test error of \(counted(sweep.runs[0][0].count, "such net")) is \(error(0, 0)) % without a penalty, \(error(0, l2)) % with L2 and \(error(1, l1)) % with L1, both at their best λ (\(sweep.lambdas[l2])\(l1 == l2 ? "" : " and \(sweep.lambdas[l1])")).\(ownRateWords(findings))
      """
  }

  /// The same where each training has its own rate and λ; empty where it was not measured.
  private static func ownRateWords(_ findings: Findings) -> String {
    guard let moons = findings.moonRates, let l2 = moons.entry("L2"), let l1 = moons.entry("L1") else { return "" }
    return
      " Where each has its own rate as well, it is \(fixed(moons.bare.errors.mean, 1)), \(fixed(l2.errors.mean, 1)) and \(fixed(l1.errors.mean, 1)) % (\(moons.bare.errors.count) other nets): L2 saves \(moons.gain(l2).withInterval()) points."
  }

  /// What L1 and L2 do to one weight; to two in the panel.
  private static func addFormulas(to page: inout Page, _ findings: Findings) {
    let sweep = findings.sweep
    let near = (0..<2).map { kind in Summary(sweep.runs[kind][sweep.best(kind)].map { 100 * $0.nearZero }).mean }
    let (isEmptyL2, isEmptyL1) = (near[0] > 90, near[1] > 90)
    let lambdas = (0..<2).map { sweep.lambdas[sweep.best($0)] }
    page.prose("### Why L1 reaches 0")
    page.predict(
      """
      The same net learns under each penalty at one learning rate, \
      \(lambdas[0] == lambdas[1] ? "with λ = \(lambdas[0]), the best of those tried for each" : "L2 with λ = \(lambdas[0]), L1 with λ = \(lambdas[1])"). Which penalty leaves more than 90 % of the weights at 0 or next to it (below 0.01)?
      """,
      choices: ["L1", "L2", "both", "neither"],
      answer: isEmptyL1 ? (isEmptyL2 ? 2 : 0) : (isEmptyL2 ? 1 : 3),
      """
      \(fixed(near[1], 1)) % of the weights are below 0.01 with L1, and \(fixed(near[0], 1)) % with L2 (mean of \(counted(sweep.runs[0][0].count, "net"))).
      """)
    page.project(
      "Which penalty drives most weights to 0 or next to it?",
      notes: "Formulas first: a constant pull, and one that fades.")
    page.prose(
      """
      To see why, take one weight whose loss is a parabola around the best value, $\\frac{1}{2}(w - w_0)^2$. The smallest sum of loss and penalty is at

      $$w = \\frac{w_0}{1 + \\lambda_2} \\;\\text{(L2)} \\qquad \\text{and} \\qquad w = \\mathrm{sign}(w_0) \\cdot \\max(0, |w_0| - \\lambda_1) \\;\\text{(L1)}$$

      **L1 takes a fixed amount off a weight until it is 0; L2 takes a share and never gets there.** For $w_0 = 0.4$ and $\\lambda = 1$ this gives \(fixed(minimizer(of: 0.4, penalty: .l2(1)), 1)) with L2, and \(fixed(minimizer(of: 0.4, penalty: .l1(1)), 0)) with L1.
      """)
    page.prose(
      """
      In a bowl of curvature $h$, $\\frac{1}{2}h(w - w_0)^2$, L2 leaves $w_0 \\cdot h/(h + \\lambda)$. **So a weight that the data determine (large $h$) keeps nearly all of $w_0$, and one that they hardly determine loses it.** With $\\lambda = 0.01$, a weight with $h = 1$ keeps 99 % and one with $h = 0.001$ keeps 9 %.
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
    page.fold("Why L1 has its minimum there, and how to reach exactly 0") { addSparse(to: &$0) }
  }

  /// The derivation, and L1 by the gradient and by the soft threshold.
  private static func addSparse(to page: inout Page) {
    page.prose(
      """
      For L1 take $w_0 > 0$. Where $w > 0$ the slope $w - w_0 + \\lambda_1$ of the sum is 0 at $w_0 - \\lambda_1$. If that is not above \
      0, the minimum is the kink at 0 itself.

      The gradient step of L1 has the same length however small a weight is. So near 0 it steps across 0 and back, for ever. \
      For exact zeros replace it by the *soft threshold*: a step of its own that moves each weight by $\\eta\\lambda$ towards 0 and stops there.

      ```python
      # after the step; with a momentum m, lr * lam1 / (1 - m)
      w = np.sign(w) * np.maximum(np.abs(w) - lr * lam1, 0)
      ```
      """)
    page.code("shrink", in: "Penalties.swift")
  }

  /// How to choose the strength, and what an optimizer makes of it.
  private static func addStrength(to page: inout Page, _ findings: Findings) {
    let board = findings.shown
    func lambda(_ setting: String?) -> String? { setting.map { $0.replacingOccurrences(of: "λ = ", with: "") } }
    let photographs = findings.photographs?.entries.first { $0.name == "L2" }?.setting
    let best = [
      ("on digits", board.has("L2") && board.steps != nil ? lambda(board.entries[board.index("L2")].setting) : nil),
      (
        PhotographBoard.isStrongestL2(photographs) ? "(the larger of two tried) on photographs" : "on photographs",
        lambda(photographs)
      ),
      (
        "there with flip and shift",
        lambda(findings.photographs?.entries.first { $0.name == "flip, shift, L2" }?.setting)
      ),
      ("with wrong labels", findings.tunedLabels?.way(.l2).map { "\($0.lambda)" }),
    ].compactMap { place, value in value.map { "\($0) \(place)" } }
    page.prose(
      """
      ### How to choose λ

      **Train with several strengths, each with its own best learning rate, and take the one with the fewest validation errors.** Too small a λ changes nothing, and too large a λ costs the fit.\
      \(best.count > 1 ? " The best one depends on the job: \(listed(best)). It falls with the number of examples, too, in theory as 1/N (not measured here): recipes for 50,000 images have values near 0.0005." : "")

      ```python
      # val_error: trains a net and returns its validation error (script at the end)
      lams, rates = (1e-3, 3e-3, 1e-2, 3e-2), (0.02, 0.04, 0.08)
      runs = [(val_error(lam, lr), lam, lr) for lam in lams for lr in rates]
      err, lam, lr = min(runs)     # an end of a list? add one beyond it
      ```

      **Weight decay.** In plain gradient descent with the learning rate $\\eta$, L2 takes the share $\\eta\\lambda$ off each weight in each step; with a momentum $m$ it is $\\eta\\lambda/(1 - m)$. So it is also called *weight decay*. \
      The optimizer Adam divides each gradient by its usual size, and a penalty inside it, too. Then a weight with large gradients decays less. \
      *AdamW* therefore decays the weights in a step of its own, by the share $\\eta\\lambda$ (Loshchilov and Hutter 2019). No momentum multiplies this share, and Adam's rates are smaller, so its $\\lambda$ must be larger.
      """)
    addOptimizers(to: &page, findings)
  }

  /// λ and rate of each optimizer on the board's digits; nothing where it was not measured.
  private static func addOptimizers(to page: inout Page, _ findings: Findings) {
    let board = findings.shown
    guard let nets = findings.adam, nets.count == 3, board.has("L2"), let rate = board.entries[board.index("L2")].rate
    else { return }
    func lambda(_ setting: String) -> Double? { Double(setting.replacingOccurrences(of: "λ = ", with: "")) }
    let own = lambda(board.entries[board.index("L2")].setting) ?? .nan
    let rows: [(name: String, lambda: Double?, rate: Float, share: Double?, errors: Summary)] = [
      ("SGD, momentum 0.9", own, rate, 10 * own * Double(rate), board.testError(board.index("L2"))),
      ("Adam, L2", lambda(nets[1].setting), nets[1].rate, nil, Summary(nets[1].errors)),
      (
        "AdamW", lambda(nets[2].setting), nets[2].rate,
        lambda(nets[2].setting).map { $0 * Double(nets[2].rate) }, Summary(nets[2].errors)
      ),
      ("Adam alone", nil, nets[0].rate, nil, Summary(nets[0].errors)),
    ]
    page.table(
      Table(
        "The net of figure 2, each optimizer with its best `weight_decay` λ and rate: errors on new digits in %, and points saved against the bare net with SGD, ± 95 % interval",
        columns: ["optimizer", "λ", "rate", "share a step", .init("errors", digits: 1), "saved"],
        rows: rows.map { row in
          [
            TableCell(row.name), row.lambda.map { TableCell(short($0)) } ?? "–", TableCell(short(Double(row.rate))),
            row.share.map { TableCell("\(fixed(100 * $0, 1)) %") } ?? "–", TableCell(row.errors.mean),
            TableCell(interval(board.testError(0) - row.errors)),
          ]
        }))
    let lead = Summary(nets[1].errors) - Summary(nets[2].errors)
    page.prose(
      lead.worded(
        above: "AdamW makes fewer errors than Adam with L2.", below: "AdamW makes more errors than Adam with L2.",
        withinChance: "Between Adam with L2 and AdamW we could see no difference here."))
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
