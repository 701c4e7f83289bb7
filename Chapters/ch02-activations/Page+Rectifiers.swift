// The page of chapter 2: functions that keep a slope where ReLU has none, and units that choose their own bend.

import Foundation
import Workbook

extension Activations {
  /// What came after ReLU: a figure, and each of them in a line or two.
  static func addRectifiers(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ### What came after ReLU

      The later functions have a slope on the left, too: leaky ReLU and PReLU everywhere, ELU and GELU near 0.
      """)
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
        caption: "Not drawn: leaky ReLU, near ReLU, and SiLU, near GELU.",
        name: "rectifiers"))
    addOthers(to: &page, findings)
  }

  /// Each of them in a line or two.
  private static func addOthers(to page: inout Page, _ findings: Findings) {
    let counts = findings.maxout
    page.fold("Other functions, one line each") {
      $0.prose(
        """
        ### Leaky ReLU and PReLU

        Let the negative side leak: $\\alpha x$ there, with $\\alpha = 0.01$, which is also its slope. PReLU learns \
        $\\alpha$ like a weight. On the negative side \
        $\\partial y/\\partial\\alpha = x$, so

        $$\\frac{\\partial L}{\\partial \\alpha} = \\sum_{x \\le 0} \\frac{\\partial L}{\\partial y}\\, x$$

        ### ELU

        $\\mathrm{ELU}(x) = \\alpha(e^x - 1)$ for $x \\le 0$, else $x$. On the negative side its slope is $\\alpha e^x \
        = y + \\alpha$. Its authors: how strongly a feature is *absent* is mostly noise, which a flat side does not \
        pass on.

        ### GELU and SiLU

        $x\\,\\Phi(x)$ and $x\\,\\sigma(x)$, where $\\Phi(x)$ is the share of a normal distribution below $x$. Most \
        transformers have one of them.

        ### Maxout

        A maxout unit takes the largest of $k$ sums, $\\max_i\\,(w_i \\cdot x + b_i)$; ReLU and leaky ReLU are special \
        cases with $k = 2$. The \
        gradient goes to the largest sum, so a unit never goes silent as a whole. The price is parameters: \
        \(fixed(Double(counts.maxout) / Double(counts.dense), 0)) times as many with $k = 2$.

        \(othersWords(findings.deepNets))
        """)
    }
  }

  /// The functions that no table has; empty where none was trained.
  private static func othersWords(_ deep: DeepFindings) -> String {
    let shown = [RarerActivation.prelu, .maxout, .silu].filter { $0.rawValue < deep.rarer?.count ?? 0 }
    guard let rarer = deep.rarer, !shown.isEmpty else { return "" }
    let errors = shown.map { "\($0.name) \(rarer[$0.rawValue].errors.formatted(decimals: 1))" }
    return """
      In the deep net of figure 7, with plain descent: \(listed(errors)) % test errors (ReLU there: \
      \(deep.nets[DeepNet.relu].errors.formatted(decimals: 1))). Maxout has \(RarerActivation.maxout.width) units a \
      layer instead of \
      \(DeepNet.width), for about as many weights.
      """
  }
}
