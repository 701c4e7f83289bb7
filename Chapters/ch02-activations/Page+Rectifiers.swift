// The page of chapter 2: leaks and round corners against dead units, and units that choose their own bend.

import Foundation
import Workbook

extension Activations {
  /// What came after ReLU.
  static func addRectifiers(to page: inout Page, _ offsets: [Summary]) {
    func offset(_ function: Nonlinearity) -> String { fixed(offsets[function.rawValue].mean, 2) }
    page.prose(
      """
      ## Cures for dead units

      ### Leaky ReLU and PReLU

      Let the negative side leak: $\\alpha x$ there, with $\\alpha = 0.01$. Then a unit always gets a small gradient and can come \
      back. PReLU learns $\\alpha$ like a weight. On the negative side $y = \\alpha x$, so $\\partial y/\\partial\\alpha = x$, and \
      every sample with $x \\le 0$ adds its part:

      $$\\frac{\\partial L}{\\partial \\alpha} = \\sum_{x \\le 0} \\frac{\\partial L}{\\partial y}\\, x$$

      ### ELU

      $\\mathrm{ELU}(x) = \\alpha(e^x - 1)$ for $x \\le 0$, else $x$: an exponential that levels off at $-\\alpha$. Its negative \
      outputs bring the mean nearer to 0: in the second layer of the nets above it is \(offset(.elu)) of their standard deviation, with ReLU \
      \(offset(.relu)). The authors of ELU give a reason for the flat part: how strongly a feature is *absent* is mostly noise, and a flat \
      side does not pass it on.

      ### GELU and SiLU

      Most language models of today have one of these two: BERT and GPT-2 have GELU. Many later ones have SiLU (also called Swish), mostly as a \
      gate: SwiGLU multiplies $\\mathrm{SiLU}(W_1 x)$ by $W_2 x$, element by element.

      $$\\mathrm{GELU}(x) = x\\,\\Phi(x) \\qquad \\mathrm{SiLU}(x) = x\\,\\sigma(x)$$

      $\\Phi(x)$ is the share of a normal distribution that lies below $x$, and $\\Phi'(x) = e^{-x^2/2}/\\sqrt{2\\pi}$ its bell curve. Both factors rise \
      smoothly from 0 to 1, so far to the right the output is $x$, far to the left it is 0, and there is no corner. A unit \
      whose sums lie just left of 0 still gets a gradient.
      """)
    page.table(
      Table(
        "ReLU and its relatives",
        columns: ["name", "where x ≤ 0", "slope there", "purpose"],
        rows: [
          ["ReLU", "0", "0", "cheap; many outputs are 0"], ["leaky ReLU", "0.01x", "0.01", "no unit stays dead"],
          ["PReLU", "αx", "α, learned", "the leak is learned"],
          ["ELU", "α(eˣ − 1)", "αeˣ = y + α", "outputs with a mean nearer to 0"],
          ["GELU", "xΦ(x), also where x > 0", "Φ(x) + xΦ′(x)", "a ReLU with a round corner"],
          ["SiLU", "xσ(x), also where x > 0", "σ(x) + xσ(x)(1 − σ(x))", "the same, easier to compute"],
        ]))
    page.figure(
      Figure(
        "On the right all of them follow x, or nearly; on the left they differ",
        .lines(
          LineChart(
            x: Axis("x"), y: Axis("value", range: -1.2...2.2),
            [
              ("ReLU", ReLU(), Nonlinearity.relu.color), ("PReLU, α = ¼", PReLU(), Nonlinearity.prelu.color),
              ("ELU, α = 1", ELU(), Nonlinearity.elu.color), ("GELU", GELU(), 1),
            ].map { (name: String, layer: any Layer, color: Int) in
              let curve = Curve(layer, from: -3, to: 2.2, count: 105)
              return Series(name, x: curve.x, y: curve.y, style: .line, isEmphasized: color == 0, color: color)
            })),
        caption: "Not drawn: leaky ReLU, whose line with α = 0.01 lies on that of ReLU, and SiLU, which is near GELU.",
        name: "rectifiers"))
  }

  /// A unit that is the largest of several sums.
  static func addMaxout(to page: inout Page, _ counts: MaxoutFindings) {
    page.prose(
      """
      ### Maxout

      A maxout unit learns its bend. It takes the largest of $k$ sums, $\\max_i\\,(w_i \\cdot x + b_i)$; ReLU and leaky ReLU are special \
      cases with $k = 2$. The gradient goes to the largest sum, so a unit never goes silent as a whole. The price is parameters: \
      \(fixed(Double(counts.maxout) / Double(counts.dense), 0)) times as many with $k = 2$. It is rarely used today.
      """)
  }
}
