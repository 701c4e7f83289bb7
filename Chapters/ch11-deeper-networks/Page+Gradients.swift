// The page of chapter 11: gradients on their way back through many layers, and what the addition does to them.

import Foundation
import Workbook

extension DeeperNetworks {
  /// What is left of a gradient on its way back.
  static func addGradients(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (gradients, bare) = (runs.reported.gradients, runs.reported.bareSums ?? [])
    let shown = gradients.shown
    let (arriving, added) = (shown.arriving(.normalized), shown.arriving(.residual))
    page.prose(
      """
      ## The gradient on its way back

      The suspect most often named is the gradient. If every layer multiplies it by a factor $q$, then $q^L$ of it is left after \
      $L$ layers: it vanishes or explodes unless $q$ is close to 1 (Bengio et al. 1994). We send random numbers back through untrained stacks of dense layers.
      """)
    page.fold("The same in PyTorch") { $0.prose(stackInPyTorch(shown.depth)) }
    page.predict(
      """
      A gradient is sent back through \(shown.depth) layers of ReLU with batch normalization, without any addition. How large is \
      it at the first layer?
      """,
      choices: ["a millionth of what was sent", "about as large", "ten times as large or more"],
      answer: arriving < 0.1 ? 0 : arriving < 5 ? 1 : 2,
      """
      It arrives \(short(arriving)) times as large. Batch normalization keeps the *signal* at one size, not the gradient.
      """)
    page.project("Does batch normalization keep the gradient's size?")
    let drawn: [(stack: Stack, decays: [GradientDecay])] =
      Stack.usual.filter { $0 != .sigmoid }.map { ($0, gradients.decays) } + (bare.isEmpty ? [] : [(.bare, bare)])
    page.figure(
      Figure(
        shown.factor(.normalized).direction(from: 1) == .above
          ? "Through \(shown.depth) layers with batch normalization a gradient grows \(short(arriving))-fold, in residual blocks \(short(added))-fold"
          : "Batch normalization leaves \(arrivalText(arriving)) of a gradient after \(shown.depth) layers",
        .lines(
          LineChart(
            x: Axis("layers"), y: Axis("length of the gradient", log: true),
            drawn.map { stack, decays in
              Series(
                stack.name, x: decays.map { Double($0.depth) },
                y: decays.map { $0.arriving(stack) > 0 ? $0.arriving(stack) : .nan },
                isEmphasized: stack == .residual,
                color: stack.color)
            })),
        caption: """
          The length of the gradient at the first layer, divided by the length of what was sent back from the last. Layers of 64 units, batches of 32, geometric \
          mean of \(counted(gradients.seeds, "seed")). “No ReLU on the sum”: residual blocks without their last ReLU. \
          Sigmoids leave \(arrivalText(shown.arriving(.sigmoid))) after \(shown.depth) layers.
          """,
        name: "gradient-norms"))
    page.project(
      shown.factor(.normalized).worded(
        from: 1, above: "Batch normalization lets the gradient grow",
        below: "With batch normalization the gradient shrinks",
        withinChance: "What is left of a gradient, by the number of layers"))
    addGrowth(to: &page, shown)
    addSlowing(to: &page, gradients, bare)
    if let flow = runs.reported.flow { addTrained(to: &page, flow) }
    page.live(
      "flow", "Stack the layers yourself, with the addition and without",
      caption: """
        “Play” adds two layers at a time. Leave out the activation behind the addition: the gradient then grows more slowly, as in \
        the formula above.
        """,
      figure: "gradient-norms",
      settings: ["seed": 1, "depth": 20, "activation": 2, "factor": 1, "normalized": 1, "last": 1])
  }

  /// A gradient sent back through plain layers, to type.
  private static func stackInPyTorch(_ depth: Int) -> String {
    """
    ```python
    x = torch.randn(32, 64, requires_grad=True)
    layers = [nn.Sequential(nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU())
              for _ in range(\(depth))]
    y = nn.Sequential(*layers)(x)
    g = torch.randn_like(y)
    y.backward(g)
    print(x.grad.norm() / g.norm())
    ```
    """
  }

  /// Why a norm makes the gradient grow.
  private static func addGrowth(to page: inout Page, _ shown: GradientDecay) {
    let theory = GradientFindings.theory
    page.prose(
      """
      **Where does the growth come from?** Take one plain layer: weights, a norm, a ReLU. The size of the weights does not matter, \
      because the norm divides by it again.

      1. *Back through the ReLU.* Half of its slopes are 1 and half are 0. So half of the squares are left, and the gradient keeps \
      √½ = 0.707 of its length.
      2. *Forward through the ReLU.* A standard normal number becomes max(0, z), with mean square ½ and mean 1/√(2π). The mean \
      adds the same to every image of the batch, and the next norm subtracts it. So only the variance ½ − 1/(2π) counts, a standard deviation of 0.584.
      3. *Back through the norm.* It divides by 0.584 to bring the deviation back to 1, and on the way back it divides the gradient \
      by the same number. **Together 0.707/0.584 = \(fixed(theory, 2)) a layer; measured \(fixed(shown.factor(.normalized).mean, 2)).**

      Without a norm nothing grows: He's weights make up exactly for the half that the ReLU takes away (measured: \
      \(fixed(shown.factor(.relu).mean, 3)) a layer\(abs(shown.factor(.relu).mean - 1) < 0.03 ? "" : ", not quite what one would wish")).
      """)
    page.slide(
      "Why a plain layer with a norm multiplies the gradient",
      "Back through the ReLU: × 0.71. Back through the norm: ÷ 0.58. Together × \(fixed(theory, 2)) in each layer.",
      notes: "Half of the slopes are 0; behind a ReLU the deviation is 0.58, and the norm brings it back to 1.")
  }

  /// Why the addition slows that growth: the formula for a sum with nothing after it, and what the ReLU after it changes.
  private static func addSlowing(to page: inout Page, _ gradients: GradientFindings, _ bareSums: [GradientDecay]) {
    let shown = gradients.shown
    let bare = bareSums.first { $0.depth == shown.depth }
    let (theory, blocks) = (GradientFindings.theory, shown.depth / 2)
    page.prose(
      """
      **Why does the addition slow it?** Each branch ends in a norm, which gives it the variance 1, and the variances of independent \
      numbers add up. So a block's input grows from block to block, and beside it the branch counts less and less (De and Smith 2020). \
      Most of the gradient comes back unchanged through the shortcut: it grows as a power of the depth, not exponentially.
      """)
    page.fold("Which power of the depth, and why") { page in
      addSteps(to: &page)
      page.math(
        "\\prod_{l=1}^{L} \\sqrt{1 + \\frac{c^2}{l}} \\;\\propto\\; L^{c^2/2} = L^{\(fixed(theory * theory / 2, 2))}"
      )
      let measured = bare.map { ", measured without that ReLU \(short($0.arriving(.bare)))" } ?? ""
      page.prose(
        """
        For \(blocks) blocks (\(counted(shown.depth, "layer"))) the product is \
        \(short(GradientFindings.residualTheory(blocks: blocks)))\(measured).\(powers(gradients.decays, bareSums)) Nets with nothing after the sum and \
        norm and ReLU before each convolution are called *pre-activation* (He et al. 2016b).
        """)
    }
  }

  /// The power that was measured from the depth of which the page speaks to the largest, without the ReLU on the sum and with it.
  private static func powers(_ decays: [GradientDecay], _ bareSums: [GradientDecay]) -> String {
    func power(_ stack: Stack, _ decays: [GradientDecay]) -> Double? {
      guard let first = decays.first(where: { $0.depth == 30 }), let last = decays.last, last.depth > first.depth else {
        return nil
      }
      return log(last.arriving(stack) / first.arriving(stack)) / log(Double(last.depth) / Double(first.depth))
    }
    guard let bare = power(.bare, bareSums), let own = power(.residual, decays), let last = decays.last else {
      return ""
    }
    let reason =
      own > bare
      ? " That ReLU leaves no negative numbers; the next norm subtracts their mean and divides by the smaller deviation that is left."
      : ""
    return
      " From 30 layers to \(last.depth) the measured power is \(fixed(bare, 2)) without the ReLU on the sum and **\(fixed(own, 1)) with it, as in our nets**.\(reason)"
  }

  /// The steps that lead to the power.
  private static func addSteps(to page: inout Page) {
    let theory = GradientFindings.theory
    page.prose(
      """
      Leave out the ReLU on the sum.

      1. The signal begins with the variance 1, and each of the $l - 1$ branches before block $l$ adds 1: its input has the variance $l$.
      2. The first norm of the branch divides the gradient by $\\sqrt l$; its ReLU, with the norm after it, multiplies it by \
      $c = \(fixed(theory, 2))$, as above.
      3. So $c/\\sqrt l$ of the gradient comes back through the branch, and the gradient itself beside it. If these are independent, block \
      $l$ multiplies the length by $\\sqrt{1 + c^2/l}$.
      4. The logarithm of the product is a sum. For large $l$, $\\ln(1 + c^2/l) \\approx c^2/l$, and \
      $1 + \\frac12 + \\dots + \\frac1L \\approx \\ln L$: about $\\frac{c^2}{2} \\ln L$. The first blocks change only a constant factor; hence ∝. With \
      $c^2 = \(fixed(theory * theory, 2))$:
      """)
  }

  /// The growth in the two deep nets themselves, before training and once it has begun.
  private static func addTrained(to page: inout Page, _ flow: GradientFlow) {
    guard let plain = flow.net(residual: false) else { return }
    if let after = plain.after, let residual = flow.net(residual: true), let other = residual.after {
      let difference = (after.factor - other.factor).worded(
        above: "it grows more in the plain net", below: "it grows more in the net that learns well",
        withinChance: "the two do not differ beyond chance")
      page.prose(
        """
        **And in our two deep nets of convolutions? \(vanishing(after.factor, plain.before.factor) ? "The gradient vanishes in neither.**" : "**") After one epoch \
        \(difference). \(short(plain.before.span))-fold before training is less than the \
        dense layers' growth; why, we have not looked.
        """)
    }
    page.table(
      Table(
        "Before training\(plain.after == nil ? "" : " and after one epoch"): how many times as large the gradient is at the first block as at the last, \(plain.net.depth - 4) layers on (95 % interval, \(counted(plain.before.factor.count, "seed")))",
        columns: ["net", "before"] + (plain.after == nil ? [] : ["after an epoch"]),
        rows: flow.nets.map { net in
          [TableCell(net.net.name), TableCell(net.before.text)] + (net.after.map { [TableCell($0.text)] } ?? [])
        }))
  }
  private static func vanishing(_ factors: Summary...) -> Bool {
    factors.allSatisfy { $0.direction(from: 1) != .below }
  }
}
