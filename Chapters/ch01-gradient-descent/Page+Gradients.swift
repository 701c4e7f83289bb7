// The page of chapter 1: a dense layer, and measured gradients.

import Foundation
import Workbook

extension GradientDescent {
  /// Numerical gradients.
  static func addDifferences(to page: inout Page, _ findings: Findings) {
    let differences = findings.differences
    let (single, double) = (differences.curves[0], differences.curves[1])
    let (typicalSingle, typicalDouble) = (single.bestStep, double.bestStep)
    page.prose(
      """
      ## A dense layer

      A **dense layer** is many such sums side by side. $X$ has a row for each of $N$ samples and a column for each of $D$ \
      inputs: its shape is [N, D]. $W$ has a row of weights for each of the $K$ sums, called **units**, [K, D]. One matrix product \
      computes all sums $Y$, [N, K] ($b$ is added to every row):

      $$Y = X W^T + b \\qquad y_{nk} = \\sum_d x_{nd} w_{kd} + b_k$$

      A gradient has the shape of what it belongs to. For each number ask: through which sums does it reach $L$?

      - The weight $w_{kd}$ reaches it through $y_{nk}$ of every sample $n$, with slope $x_{nd}$: \
      $\\partial L/\\partial w_{kd} = \\sum_n (\\partial L/\\partial y_{nk})\\, x_{nd}$.
      - The bias $b_k$ reaches it through the same sums, with slope 1: $\\partial L/\\partial b_k = \\sum_n \\partial L/\\partial y_{nk}$.
      - The input $x_{nd}$ reaches it through all units $k$ of its own sample, with slope $w_{kd}$: \
      $\\partial L/\\partial x_{nd} = \\sum_k (\\partial L/\\partial y_{nk})\\, w_{kd}$.

      As matrix products:

      $$\\frac{\\partial L}{\\partial W} = \\left(\\frac{\\partial L}{\\partial Y}\\right)^T X \\qquad \
      \\frac{\\partial L}{\\partial b} = \\sum_n \\frac{\\partial L}{\\partial Y_n} \\qquad \
      \\frac{\\partial L}{\\partial X} = \\frac{\\partial L}{\\partial Y} W$$

      With numbers, for two samples of two inputs and one unit:

      $$X = \\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix} \\quad W = \\begin{bmatrix} 1 & -1 \\end{bmatrix} \\quad \
      \\frac{\\partial L}{\\partial Y} = \\begin{bmatrix} 1 \\\\ -2 \\end{bmatrix}$$

      The gradient of $W$ is 1 times the first row of $X$ and −2 times the second, added: [−5 −6]. That of $b$ is 1 − 2 = −1. \
      That of $X$ has a row for each sample, 1 times $W$ and −2 times $W$: [1 −1] and [−2 2].
      In NumPy:

      ```text
      Y = X @ W.T + b                   # forward,  [N, K]
      dW = dY.T @ X                     # backward, [K, N] @ [N, D] = [K, D]
      db = dY.sum(0)                    # [K]
      dX = dY @ W                       # [N, K] @ [K, D] = [N, D]
      ```
      """)
    page.fold("The same in Swift") { $0.code("denseGradients", in: "DenseByHand.swift") }
    page.prose(
      """
      Exercises 1.1 and 1.2 build both directions.

      ## Can the gradient be trusted?

      A net with a wrong backward pass does not crash. It may learn slowly and badly, and you blame the data; it may even learn well (chapter 10), and you never look. So we compare every gradient \
      with a *measured* one: change a weight by $h$, compute the loss again, divide.

      $$\\frac{\\partial L}{\\partial w} \\approx \\frac{L(w + h) - L(w - h)}{2h}$$

      The distance of two gradients is given as a **relative error**: the length of their difference divided by the length of the \
      gradient that we trust, ‖tested − trusted‖ / ‖trusted‖. In a check we trust the measured gradient and test the backward pass. \
      Take one ratio for each array of weights: in a single ratio for all, a mistake in a small array, such as the biases of a layer, can hide \
      behind the large ones.
      """)
    page.sideNote(
      "Exercise 1.3 writes this check."
    )
    page.prose(
      """
      In NumPy, where `loss()` computes the loss with the numbers that stand in the array `w`:

      ```python
      def numerical_gradient(loss, w, h=1e-5):    # NumPy is Double; in float32 h = 1e-3
          g = np.zeros_like(w)
          for i in range(w.size):
              old = w.flat[i]
              w.flat[i] = old + h; above = loss()
              w.flat[i] = old - h; below = loss()
              w.flat[i] = old
              g.flat[i] = (above - below) / (2 * h)
          return g
      ```
      """)
    page.fold("The same in Swift") { $0.code("numericalGradient", in: "DifferenceSteps.swift") }
    page.predict(
      """
      Swift's Float has about seven digits (Python's float is Double, with sixteen). How does the error of a gradient measured in \
      Float depend on the step $h$?
      """,
      drawing: single.name,
      """
      The best steps are near \(short(typicalSingle)). With a larger one the curve bends between the two points. With a smaller \
      one the two losses agree in nearly all their digits, and what is left of them is rounding: at $10^{-7}$, about the smallest change \
      of 1 that Float can tell, the error is \(percent(single.typical(at: 1e-7))).
      """)
    page.figure(
      Figure(
        "The smallest step is not the best: Float measures best near \(short(typicalSingle)), Double near \(short(typicalDouble))",
        .lines(
          LineChart(
            x: Axis("step h", log: true), y: Axis("relative error of the gradient", log: true),
            differences.curves.enumerated().map { index, curve in
              Series(
                curve.name, x: curve.steps, y: curve.typical, style: .line,
                isEmphasized: index == 0, color: index)
            },
            references: [.init(.horizontal, at: 1e-3, "a check passes below")])),
        caption: """
          Here we trust the gradient by the chain rule in Double and test the measured one; the median of \(single.bestSteps.count) nets. On the right the \
          error comes from the rule itself, on the left from rounding.
          """,
        name: "gradient-check"))
    page.project("The smallest step is not the best")
    page.prose(
      """
      **Check in Double, with $h$ near $10^{-5}$.** In Float take $h = 10^{-3}$, below the best, because a smaller step crosses fewer kinks (see below); let an error below $10^{-3}$ pass.
      """)
    page.fold("Why the best step lies there") {
      $0.prose(
        """
        Expand the loss: $L(w \\pm h) = L \\pm hL' + \\frac{1}{2}h^2 L'' \\pm \\frac{1}{6}h^3 L'''$. In the central difference the even \
        terms cancel and the error is $\\frac{1}{6}h^2 L'''$; the one-sided one keeps $\\frac{1}{2}hL''$. Rounding adds about $uL/h$, \
        with $u$ = \(short(roundingUnits[0])) for Float and \(short(roundingUnits[1])) for Double. The sum is least at \
        $h = \\sqrt[3]{3uL/L'''}$, which is \(short(pow(3 * roundingUnits[0], 1.0 / 3))) and \
        \(short(pow(3 * roundingUnits[1], 1.0 / 3))) where $L$ and $L'''$ are equal; textbooks round it to $\\sqrt[3]{u}$.
        """)
    }
    if let mistakes = differences.mistakes {
      func caught(_ errors: Summary, _ limit: Double) -> TableCell {
        TableCell("\(errors.values.count { !($0 < limit) }) of \(errors.count)")
      }
      let double = differences.mistakesInDouble
      page.prose(hidden(differences))
      page.fold("What a check sees of each mistake") {
        $0.table(
          Table(
            "What a check sees of a mistake in the backward pass, in \(counted(mistakes[0].count, "net"))",
            columns: ["mistake", "relative error in Float, median", "caught"]
              + (double == nil ? [] : ["in Double, median", "caught"]),
            rows: GradientMistake.allCases.indices.map { index in
              [
                TableCell(GradientMistake.allCases[index].rawValue), TableCell(short(mistakes[index].median)),
                caught(mistakes[index], 1e-3),
              ]
                + (double.map {
                  [TableCell(short($0[index].median)), caught($0[index], GradientMistake.limitInDouble)]
                } ?? [])
            }))
        $0.prose(
          """
          These nets have biases, and a penalty of 10⁻⁴ on the weights. In Float $h$ is 10⁻³, and a check passes below 10⁻³\
          \(double == nil ? "" : "; in Double $h$ is 10⁻⁵, and it passes below 10⁻⁶"). \
          Each error is one ratio for the whole tiny net; with one for each array forgotten biases would show as 1.
          """)
      }
    }
    page.prose(
      """
      A right gradient can also fail the check, at a *kink*: the corner of a function such as ReLU, $\\max(0, x)$ (chapter 2). If a \
      sum is so near 0 that the change $h$ carries it across, the measured slope is a mixture of both sides. So keep the inputs of a check \
      away from kinks, or take a smaller step.

      Why not train with measured gradients? Each weight costs two forward passes. The backward pass gives all slopes at once, for about the \
      work of two: where the forward pass has one matrix product, it has two, for $\\partial L/\\partial W$ and for \
      $\\partial L/\\partial X$.
      """)
  }

  /// The largest relative errors of rounding, of Float and of Double: half the distance from 1 to the next number.
  static let roundingUnits = [Double(Float.ulpOfOne) / 2, Double.ulpOfOne / 2]

  /// Which mistakes a gradient check lets pass.
  private static func hidden(_ differences: DifferenceFindings) -> String {
    guard let mistakes = differences.mistakes else { return "" }
    let passing = zip(GradientMistake.allCases, mistakes).filter { $0 != .none && $1.median < 1e-3 }
    let start =
      "Of \(GradientMistake.allCases.count - 1) mistakes in a backward pass, such as a wrong sign, a check in Float finds all"
    return passing.isEmpty
      ? start + "."
      : "\(start) but \(passing.count == 1 ? "one" : "these"): \(passing.map(\.0.rawValue).joined(separator: ", ")). \(inDouble(differences))"
  }

  /// What a check in Double would see.
  private static func inDouble(_ differences: DifferenceFindings) -> String {
    guard let mistakes = differences.mistakesInDouble else { return "A term that small has to be checked by itself." }
    let limit = GradientMistake.limitInDouble
    let isSharp = zip(GradientMistake.allCases, mistakes).allSatisfy { ($0 == .none) == ($1.maximum < limit) }
    return isSharp
      ? "In Double a check can ask for less than 10⁻⁶, and it catches this one as well."
      : "A term that small has to be checked by itself."
  }
}
