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

      Backpropagation multiplies. The gradient before a layer is the gradient after it times the layer's derivative, a matrix. If \
      every layer makes the gradient smaller by a factor $q$, then $q^L$ of it is left after $L$ layers. The slope of a sigmoid is \
      at most $\\frac14$, so with weights of the usual size its $q$ is small. A product of many factors goes to 0 or to infinity \
      unless the factors are close to 1 (Bengio et al. 1994). Which of the two happens here? We send random numbers back through \
      several stacks of layers. Nothing is trained.
      """)
    page.fold("How they are sent back") { $0.code("gradientNorms", in: "Gradients.swift") }
    page.predict(
      """
      A gradient is sent back through \(shown.depth) layers of ReLU with batch normalization, without any addition. How large is \
      it at the first layer?
      """,
      choices: ["a millionth of what was sent", "about as large", "ten times as large or more"],
      answer: arriving < 0.1 ? 0 : arriving < 5 ? 1 : 2,
      """
      It arrives \(short(arriving)) times as large. Batch normalization keeps the *signal* at one size, not the gradient. Why it \
      grows is derived below.
      """)
    page.project("Does batch normalization keep the gradient's size?")
    let drawn: [(stack: Stack, decays: [GradientDecay])] =
      Stack.usual.filter { $0 != .sigmoid }.map { ($0, gradients.decays) } + (bare.isEmpty ? [] : [(.bare, bare)])
    page.figure(
      Figure(
        shown.factor(.normalized).direction(from: 1) == .above
          ? "Through \(shown.depth) layers with batch normalization a gradient grows \(short(arriving))-fold, with additions \(short(added))-fold"
          : "Batch normalization leaves \(arrivalText(arriving)) of a gradient after \(shown.depth) layers",
        .lines(
          LineChart(
            x: Axis("layers"), y: Axis("norm of the gradient", log: true),
            drawn.map { stack, decays in
              Series(
                stack.name, x: decays.map { Double($0.depth) },
                y: decays.map { $0.arriving(stack) > 0 ? $0.arriving(stack) : .nan },
                isEmphasized: stack == .residual,
                color: stack.color)
            })),
        caption: """
          ‖∂L/∂x‖ at the first layer, divided by what was sent back from the last. Layers of 64 units, batches of 32, \
          geometric mean of \(counted(gradients.seeds, "seed")). “No ReLU on the sum”: residual blocks without their last ReLU. \
          Sigmoids lie far below the picture: they leave \(arrivalText(shown.arriving(.sigmoid))) after \(shown.depth) layers.
          """,
        name: "gradient-norms"))
    page.project(
      shown.factor(.normalized).worded(
        from: 1, above: "Batch normalization lets the gradient grow",
        below: "With batch normalization the gradient shrinks",
        withinChance: "What is left of a gradient, by the number of layers"))
    addGrowth(to: &page, shown)
    addSlowing(to: &page, shown, bare.first { $0.depth == shown.depth }, runs.reported.flow)
    page.live(
      "flow", "Stack the layers yourself, with the addition and without",
      caption: """
        “Play” adds two layers at a time. Leave out the activation behind the addition: the gradient then grows more slowly, as in \
        the formula above.
        """,
      figure: "gradient-norms",
      settings: ["seed": 1, "depth": 20, "activation": 2, "factor": 1, "normalized": 1, "last": 1])
    page.callout(
      .note,
      """
      Where a ReLU is active, the gradient passes unchanged (Glorot et al. 2011). One often reads that with ReLUs the gradient \
      therefore does not vanish. But half of the units have slope 0, so the ReLU alone would take a factor of √½ away in every \
      layer. He's weights make up for that. Together they multiply the gradient by \(fixed(shown.factor(.relu).mean, 3)) in each \
      layer here: \
      \(abs(shown.factor(.relu).mean - 1) < 0.03 ? "next to nothing is lost" : "not quite what one would wish").
      """)
  }

  /// Why a norm makes the gradient grow.
  private static func addGrowth(to page: inout Page, _ shown: GradientDecay) {
    let theory = GradientFindings.theory
    page.prose(
      """
      **Where does the growth come from?** Take one plain layer: weights, a norm, a ReLU. The size of the weights does not matter, \
      because the norm divides by it again.

      1. *Back through the ReLU.* Half of its slopes are 1 and half are 0. So half of the squares are left, and the gradient keeps \
      √½ = 0.71 of its length.
      2. *Forward through the ReLU.* A standard normal number $z$ becomes $\\max(0, z)$. Its mean square is ½ and its mean is \
      $\\int_0^\\infty z\\,\\varphi(z)\\,dz = \\varphi(0)$ = 1/√(2π), where $\\varphi$ is the bell curve and $-\\varphi'(z) = z\\,\\varphi(z)$. \
      The weights of the next layer mix many such outputs. But the part of a sum that comes from their means is the same for each \
      image, so the norm behind the weights takes it away. Only the variance counts. It is ½ − 1/(2π) = 0.34: a standard deviation of 0.58.
      3. *Back through the norm.* The norm divides by 0.58 to bring the deviation back to 1. On the way back it divides the \
      gradient by the same number. Both together multiply the gradient by 0.71/0.58 = \(fixed(theory, 2)) in each layer. Measured: \
      \(fixed(shown.factor(.normalized).mean, 2)).

      Without a norm, He's weights double the squares in each layer. That makes up exactly for the half which the ReLU takes away, \
      and the gradient keeps its size.
      """)
    page.slide(
      "Why a plain layer with a norm multiplies the gradient",
      "Back through the ReLU: × 0.71. Back through the norm: ÷ 0.58. Together × \(fixed(theory, 2)) in each layer.",
      notes: "Half of the slopes are 0; behind a ReLU the deviation is 0.58, and the norm brings it back to 1.")
  }

  /// Why the addition slows that growth: the formula for a sum with nothing behind it, and what the ReLU behind it changes.
  private static func addSlowing(
    to page: inout Page, _ shown: GradientDecay, _ bare: GradientDecay?, _ flow: GradientFlow?
  ) {
    let (theory, blocks) = (GradientFindings.theory, shown.depth / 2)
    page.prose(
      """
      **Why does the addition slow it?** Take residual blocks as in (b) of figure \(figureNumber("blocks", on: page)), but leave out the \
      ReLU after the sum.

      1. The norm at the end of each branch gives the branch the variance 1, and the variances of independent numbers add up. So \
      the input of block $l$ has the variance $l$, if that of the first block has the variance 1.
      2. The first norm of the branch divides by the deviation $\\sqrt l$, and divides the gradient by $\\sqrt l$ as well. The branch \
      also holds one ReLU with a norm after it. Together they multiply the gradient by $c = \(fixed(theory, 2))$, as above. So \
      $c/\\sqrt l$ of the gradient comes back through the branch.
      3. Beside the branch the gradient $g$ itself comes back. The squares of the lengths of independent vectors add up, so block \
      $l$ multiplies the length by $\\sqrt{1 + c^2/l}$.
      4. The logarithm of the product of all these factors is a sum. For large $l$, $\\ln(1 + c^2/l) \\approx c^2/l$, and \
      $1 + \\frac12 + \\dots + \\frac1L \\approx \\ln L$. With $c^2 = \(fixed(theory * theory, 2))$:
      """)
    page.math(
      "\\ln \\prod_{l=1}^{L} \\sqrt{1 + \\frac{c^2}{l}} = \\tfrac12 \\sum_{l=1}^{L} \\ln\\Big(1 + \\frac{c^2}{l}\\Big) \\approx \\tfrac{c^2}{2} \\ln L"
    )
    page.math(
      "\\prod_{l=1}^{L} \\sqrt{1 + \\frac{c^2}{l}} \\;\\propto\\; L^{c^2/2} = L^{\(fixed(theory * theory / 2, 2))}"
    )
    page.project("With additions: a power of the depth", notes: "c has one ReLU and one norm: 1.21, not its square.")
    let measured =
      bare.map { ", measured \(short($0.arriving(.bare)))" } ?? ""
    page.prose(
      """
      So the gradient grows as a power of the depth, not by the same factor in every layer. The later a block, the less it changes the gradient: the \
      factor is \
      \([1, 2, 5, 15].map { "\(fixed(GradientFindings.residualFactor(block: $0), 2)) at block \($0)" }.joined(separator: ", ")). For the \(blocks) blocks of \(counted(shown.depth, "layer")) the product is \
      \(short(GradientFindings.residualTheory(blocks: blocks)))\(measured). The plain stack has \
      \(fixed(theory, 2)) to the power of \(shown.depth), which is \(short(pow(theory, Double(shown.depth)))), measured \
      \(short(shown.arriving(.normalized))).

      Step 1 says something more. The branch of block $l$ is only $1/(l + 1)$ of the variance of its sum. So with a norm at the end \
      of its branch a deep residual block starts near the identity by itself (De and Smith 2020).

      He et al. put a ReLU after the sum. With it there is no formula as short as this one. Measured: the gradient becomes \
      \(short(shown.arriving(.residual))) times as large, far less than in the plain stack.
      \(reservation(flow))
      """)
    page.fold("What the ReLU after the sum changes") {
      $0.prose(
        """
        This ReLU has two effects, which pull in opposite directions. It sets negative sums to 0, so the variance of the signal \
        grows by less than 1 a block. The first norm of the branch then divides by less, and more of the gradient comes back through \
        the branch. But the ReLU also sets a part of $g$ to 0.
        """)
    }
  }

  /// Whether the growth is still there once training has begun.
  private static func reservation(_ flow: GradientFlow?) -> String {
    guard let plain = flow?.net(residual: false), let residual = flow?.net(residual: true), let after = plain.after,
      let other = residual.after
    else { return "" }
    return """


      **All of this holds before the first step.** In the convolutional nets of *Does a deeper net learn as fast?* a plain layer multiplies the gradient \
      by \(fixed(plain.before.factor.mean, 2)) before training, and by \(fixed(after.factor.mean, 2)) after one epoch. With \
      additions it is \(fixed(residual.before.factor.mean, 2)) before and \(fixed(other.factor.mean, 2)) after. \
      \((after.factor - other.factor).worded(above: "So the plain net keeps the larger growth.", below: "So after one epoch the gradient even grows more in the net that learns well.", withinChance: "So after one epoch the two do not differ beyond chance."))\((after.factor - other.factor).direction() == .above ? "" : " Growth after one epoch does not tell them apart; *What is the reason, then?* tests whether growth in the first steps did harm.")
      """
  }
}
