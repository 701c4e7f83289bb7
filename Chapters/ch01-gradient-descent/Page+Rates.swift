// The page of chapter 1: how far to go along a gradient, on a bowl.

import Foundation
import Workbook

extension GradientDescent {
  /// How far to go along the gradient.
  static func addHowFar(to page: inout Page) {
    page.prose(
      """
      ## How far: the learning rate

      **There is a largest rate, and on a bowl it is 2 divided by the largest curvature.** The **gradient** $\\nabla L$ is the \
      list of all slopes. A small move $d$ of all weights changes the loss by about $\\nabla L\\cdot d$; of all moves of one length, the one \
      straight against the gradient lowers it most. The **learning rate** $\\eta$ sets the length of the step:

      $$w \\leftarrow w - \\eta\\,\\frac{\\partial L}{\\partial w}$$

      Near a minimum a smooth loss looks like a bowl. Let $u$ be the distance from the bottom along one \
      direction. The **curvature** $\\lambda$ is the second derivative there: it says how fast the slope changes as you walk. With \
      $L = \\frac{1}{2}\\lambda u^2$ the slope is $\\lambda u$, so one step gives $u - \\eta\\lambda u = (1 - \\eta\\lambda)\\,u$. That \
      shrinks as long as $|1 - \\eta\\lambda| < 1$, which is $\\eta < 2/\\lambda$. With $\\eta\\lambda$ = 0.5 a step multiplies \
      $u$ by 0.5; with 1.5 by −0.5, to the other side and lower; with 2.1 by −1.1, to the other side and higher.

      A bowl has many directions. Along each axis of its elliptic contours the loss is a parabola with its own $\\lambda$, and a step along \
      one axis changes nothing along another. All share one $\\eta$, so the *most sharply curved* direction sets the limit.
      """)
  }

  /// How large a step may be.
  static func addBowl(to page: inout Page, _ found: BowlFindings) {
    let limits = found.largestRate

    let ends = [0.02, 0.05, 0.09, 0.102].map { found.walk($0).distances.last ?? 1 }
    page.predict(
      "A bowl has curvatures 20 and 1, so rates above 2/20 = 0.1 diverge. Which rate is nearest to the bottom after \(found.steps) steps?",
      choices: ["0.02", "0.05", "0.09", "0.102"], answer: ends.indices.min { ends[$0] < ends[$1] } ?? 0,
      """
      The best rate shrinks the steepest and the flattest direction equally fast: $20\\eta - 1 = 1 - \\eta$. (The steep one \
      changes sides, so its factor is $-(20\\eta - 1)$.) The best rate is 2/21 = \(fixed(2.0 / 21, 3)), just below the edge.
      """
    )
    page.project("Edge at 0.1: which rate gets furthest?")
    page.figure(
      Figure(
        "A small rate creeps, a rate just below the edge zigzags and arrives, a rate above \(fixed(limits.mean, 2)) climbs out",
        exploring: FigureParameter("learning rate", values: BowlFindings.rates, initial: 4),
        caption: """
          Contours of $L$ with curvatures 1 and 20; a path of \(found.steps) steps from the upper left.
          """,
        name: "learning-rates",
        titles: { rate in
          let end = found.walk(rate).distances.last ?? 1
          // Beyond one over the largest curvature each step crosses the valley.
          return end > 1
            ? "Rate \(short(rate, digits: 3)): the walls throw the path out"
            : "Rate \(short(rate, digits: 3)) \(rate > 1.0 / 20 ? "zigzags" : "creeps"): \(short(end)) from the bottom at the end"
        }
      ) { rate in
        let walk = found.walk(rate)
        return .contour(
          ContourPlot(
            x: Axis("first weight", range: -1.2...1.2), y: Axis("second weight", range: -0.75...0.75),
            heights: BowlFindings.bowl.heights(-1.2...1.2, -0.75...0.75),
            levels: [0.05, 0.2, 0.6, 1.5, 3, 6, 12],
            paths: [Series("descent", x: walk.a, y: walk.b, style: .line, isEmphasized: true, color: 1)],
            hasEqualScales: true))
      })
    page.project("In a narrow valley the best rate is just below the edge")
    page.prose(
      """
      In general the best rate is $2/(\\lambda_{\\mathrm{max}} + \\lambda_{\\mathrm{min}})$, and each step leaves \
      $(\\kappa - 1)/(\\kappa + 1)$ of the distance, with $\\kappa = \\lambda_{\\mathrm{max}}/\\lambda_{\\mathrm{min}}$, the \
      **condition number**.
      """)
  }
}
