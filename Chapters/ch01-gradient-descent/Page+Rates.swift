// The page of chapter 1: how far to go along a gradient, on a bowl.

import Foundation
import Workbook

extension GradientDescent {
  /// How far to go along the gradient.
  static func addHowFar(to page: inout Page) {
    page.prose(
      """
      ## How far: the learning rate

      Each slope says what happens if one weight moves alone. If all weights move a little, their effects add up: a move $d$ \
      changes the loss by about $\\nabla L\\cdot d$, where the **gradient** $\\nabla L$ is the list of all slopes. Of all \
      moves of one length, the move straight against the gradient lowers the loss most. Gradient descent steps in that direction. The **learning rate** $\\eta$ sets the length of the step:

      $$w \\leftarrow w - \\eta\\,\\frac{\\partial L}{\\partial w}$$

      How large may $\\eta$ be? Near a minimum a smooth loss looks like a bowl. Let $u$ be the distance from the bottom along one \
      direction. The **curvature** $\\lambda$ is the second derivative there: it says how fast the slope changes as you walk. With \
      $L = \\frac{1}{2}\\lambda u^2$ the slope is $\\lambda u$, so one step gives $u - \\eta\\lambda u = (1 - \\eta\\lambda)\\,u$. That \
      shrinks as long as $|1 - \\eta\\lambda| < 1$, which is $\\eta < 2/\\lambda$.

      The gradient can be 0 in other places, too: at a *local minimum*, which is lower than everything near it but not the lowest of all, and at a \
      *saddle point*, where the loss falls to one side and rises to another. In nets with many weights most such places are taken to be saddles \
      (Dauphin et al. 2014), and descent with noise leaves them; we do not test that here.
      """)
    page.figure(parabola)
    page.prose(
      """
      A bowl has many directions. Along the axes of its ellipses the directions do not mix: each is a parabola with its own \
      $\\lambda$. All share one $\\eta$, so the *most sharply curved* direction sets the limit.
      """)
  }

  /// Steps of five sizes down one parabola.
  private static var parabola: Figure {
    /// What one step multiplies the distance by, in words.
    func told(_ product: Double) -> String {
      let left = 1 - product
      let start = "ηλ = \(short(product)): a step multiplies u by 1 − \(short(product)) = \(short(left))"
      return start
        + (left == 0
          ? ", the bottom at once"
          : left > 0
            ? ", on the same side"
            : left > -1
              ? ", to the other side and lower"
              : left == -1 ? ", to and fro for ever" : ", to the other side and higher")
    }
    return Figure(
      "Steps down L = ½λu²: with ηλ below 1 the path creeps, up to 2 it zigzags, above 2 it climbs out",
      exploring: FigureParameter("ηλ", values: [0.5, 1, 1.5, 2, 2.1], initial: 2),
      caption: "Six steps from u = 1, each marked by a point.",
      name: "parabola", titles: told
    ) { product in
      let range = stride(from: -1.75, through: 1.75, by: 0.05).map { $0 }
      let places = (0...6).map { pow(1 - product, Double($0)) }
      return .lines(
        LineChart(
          x: Axis("distance u from the bottom", range: -2...2), y: Axis("loss, in units of λ", range: 0...1.6),
          [
            Series("½u²", x: range, y: range.map { $0 * $0 / 2 }, style: .line, color: 7),
            Series(
              "steps, ηλ = \(short(product))", x: places, y: places.map { $0 * $0 / 2 }, style: .lineAndMarkers,
              isEmphasized: true,
              color: 1),
          ]))
    }
  }

  /// How large a step may be.
  static func addBowl(to page: inout Page, _ found: BowlFindings) {
    let limits = found.largestRate

    let ends = [0.02, 0.05, 0.09, 0.102].map { found.walk($0).distances.last ?? 1 }
    page.predict(
      "A bowl has curvatures 20 and 1, so rates above 2/20 = 0.1 diverge. Which rate is nearest to the bottom after \(found.steps) steps?",
      choices: ["0.02", "0.05", "0.09", "0.102"], answer: ends.indices.min { ends[$0] < ends[$1] } ?? 0,
      """
      The best rate shrinks the steepest and the flattest direction equally fast: $20\\eta - 1 = 1 - \\eta$. It is 2/21 = \
      \(fixed(2.0 / 21, 3)), just below the edge.
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
      In general the best constant rate is $2/(\\lambda_{\\mathrm{max}} + \\lambda_{\\mathrm{min}})$, and each step leaves \
      $(\\kappa - 1)/(\\kappa + 1)$ of the distance, with $\\kappa = \\lambda_{\\mathrm{max}}/\\lambda_{\\mathrm{min}}$, the \
      **condition number**. On a round bowl ($\\kappa = 1$) that is half the edge; in a narrow valley it is just below the edge.
      """)
  }
}
