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
      outputs bring the mean nearer to 0. In the second layer of the nets above the mean of ELU's outputs is \(offset(.elu)) of their \
      standard deviation; ReLU's is \(offset(.relu)). The authors of ELU give a reason for the flat part: how strongly a feature is \
      *absent* is mostly noise, and a flat side does not pass it on.
      """)
    page.table(
      Table(
        "ReLU and its relatives",
        columns: ["name", "where x ≤ 0", "slope there", "purpose"],
        rows: [
          ["ReLU", "0", "0", "cheap; many outputs are 0"], ["leaky ReLU", "0.01x", "0.01", "no unit stays dead"],
          ["PReLU", "αx", "α, learned", "the leak is learned"],
          ["ELU", "α(eˣ − 1)", "αeˣ = y + α", "outputs with a mean nearer to 0"],
          [
            "GELU", "xΦ(x), also where x > 0", "Φ(x) + xΦ′(x)",
            "a ReLU with a round corner, used in language models; Φ(x) is the share of a normal distribution that lies below x",
          ],
          ["maxout", "the largest of k sums", "1 for the largest sum", "the bend itself is learned (see below)"],
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
            })), caption: "Leaky ReLU is not drawn: with α = 0.01 its line lies on that of ReLU.", name: "rectifiers"))
    page.prose(
      """
      SiLU, also called Swish, is $x\\sigma(x)$: nearly the curve of GELU. It is used in many language models, and is not trained here.
      """)
  }

  /// A unit that is the largest of several sums.
  static func addMaxout(to page: inout Page, _ counts: MaxoutFindings) {
    page.prose(
      """
      ### Maxout

      Why choose a bend at all? A **maxout** unit takes the largest of $k$ sums, each with weights of its own:

      $$y = \\max_i\\,(w_i \\cdot x + b_i)$$

      ReLU and leaky ReLU are special cases with $k = 2$. The gradient goes to the largest sum and to no other. So a maxout unit \
      never goes silent as a whole, though one of its sums may never be the largest. The price is parameters: a dense layer of \
      100 to 100 has \(grouped(counts.dense)), a maxout layer with $k = 2$ has \(grouped(counts.maxout)). It is rarely used today.
      """)
  }
}
