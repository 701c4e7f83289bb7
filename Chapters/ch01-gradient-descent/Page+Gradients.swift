// The page of chapter 1: a dense layer, and measured gradients.

import Foundation
import Workbook

extension GradientDescent {
  /// The gradients of a dense layer.
  static func addDense(to page: inout Page) {
    page.prose(
      """
      ## A dense layer

      A **dense layer** is many such sums side by side, and its gradients are three matrix products. $X$ has a row for each of $N$ samples \
      and a column for each of $D$ inputs: its shape is [N, D]. $W$ has a row of weights for each of the $K$ sums, called **units**, \
      [K, D]. All sums $Y$, [N, K], are ($b$ is added to every row):

      $$Y = X W^T + b \\qquad y_{nk} = \\sum_d x_{nd} w_{kd} + b_k$$

      A gradient has the shape of what it belongs to. For each number ask: through which sums does it reach $L$? The weight $w_{kd}$ does so \
      through $y_{nk}$ of every sample $n$, with slope $x_{nd}$; the bias $b_k$ through the same sums, with slope 1; the input \
      $x_{nd}$ through all units $k$ of its own sample, with slope $w_{kd}$. Add up over these sums:

      $$\\frac{\\partial L}{\\partial W} = \\left(\\frac{\\partial L}{\\partial Y}\\right)^T X \\qquad \
      \\frac{\\partial L}{\\partial b} = \\sum_n \\frac{\\partial L}{\\partial Y_n} \\qquad \
      \\frac{\\partial L}{\\partial X} = \\frac{\\partial L}{\\partial Y} W$$

      With numbers, for two samples of two inputs and one unit:

      $$X = \\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix} \\quad W = \\begin{bmatrix} 1 & -1 \\end{bmatrix} \\quad \
      \\frac{\\partial L}{\\partial Y} = \\begin{bmatrix} 1 \\\\ -2 \\end{bmatrix}$$

      The gradient of $W$ is 1 times the first row of $X$ and −2 times the second, added: [−5 −6]. That of $b$ is 1 − 2 = −1. \
      That of $X$ has a row for each sample, 1 times $W$ and −2 times $W$: [1 −1] and [−2 2].
      In NumPy:

      ```text
      Y = X @ W.T + b                   # forward,  [N, K]
      dW = dY.T @ X                     # backward, [K, N] @ [N, D] = [K, D]
      db = dY.sum(0)                    # [K]
      dX = dY @ W                       # [N, K] @ [K, D] = [N, D]
      ```
      """)
    page.fold("The same in Swift") { $0.code("denseGradients", in: "DenseByHand.swift") }
  }

  /// Numerical gradients.
  static func addDifferences(to page: inout Page, _ findings: Findings) {
    let differences = findings.differences
    let (single, double) = (differences.curves[0], differences.curves[1])
    let (typicalSingle, typicalDouble) = (single.bestStep, double.bestStep)
    page.prose(
      """
      ## Can the gradient be trusted?

      **Check every backward pass that you write by hand.** A net with a wrong one does not crash; it only learns worse. Compare each \
      gradient with a *measured* one: change a weight by $h$, compute the loss again, divide.

      $$\\frac{\\partial L}{\\partial w} \\approx \\frac{L(w + h) - L(w - h)}{2h}$$

      The **relative error** is the length of their difference, divided by the length of the measured gradient. Take **one ratio for \
      each array** of weights: in a single one for all, a mistake in a small array, such as the biases of a layer, hides behind the large \
      arrays. In NumPy, for a dense layer and half the sum of its squared outputs as the loss:

      ```python
      import numpy as np

      rng = np.random.default_rng(1)
      X, W, b = rng.normal(size=(5, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)
      def loss(): return ((X @ W.T + b)**2).sum() / 2         # so dL/dY is Y
      dY = X @ W.T + b
      dW, db = dY.T @ X, dY.sum(0)                            # to be checked

      def numerical_gradient(loss, w, h=1e-5):
          g = np.zeros_like(w)
          for i in range(w.size):
              old = w.flat[i]
              w.flat[i] = old + h; above = loss()
              w.flat[i] = old - h; below = loss()
              w.flat[i] = old
              g.flat[i] = (above - below) / (2 * h)
          return g

      for own, w in ((dW, W), (db, b)):                       # one ratio for each array
          measured = numerical_gradient(loss, w)
          print(np.linalg.norm(own - measured) / np.linalg.norm(measured))    # below 1e-6
      ```

      In PyTorch `torch.autograd.gradcheck(f, inputs)` does this, for inputs in `float64`.
      """)
    page.sideNote("Exercise 1.3 writes this check.")
    page.fold("The same in Swift") { $0.code("numericalGradient", in: "DifferenceSteps.swift") }
    page.prose(
      """
      How small should $h$ be? With a large step the curve bends between the two points. With a small one the two losses agree in nearly all \
      their digits, and the rest is rounding. Float (`float32`) has about 7 digits, Double (`float64`) 16.
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
            })),
        caption: """
          Here we trust the gradient by the chain rule in Double and test the measured one; the median of \(single.bestSteps.count) nets. One-sided: \
          with $L(w)$ in place of $L(w - h)$, divided by $h$.
          """,
        name: "gradient-check"))
    page.project("The smallest step is not the best")
    page.prose(
      "**So check in Double, with $h$ near $10^{-5}$; the relative error should be below $10^{-6}$.** \(seen(differences))"
    )
    page.prose(
      """
      A right gradient can fail at a *kink*, such as the corner of ReLU, $\\max(0, x)$ (chapter 2), where the measured slope mixes both \
      sides. So repeat a failed check with other random inputs: a mistake fails nearly every time.
      """)
  }

  /// The largest relative errors of rounding, of Float and of Double: half the distance from 1 to the next number.
  static let roundingUnits = [Double(Float.ulpOfOne) / 2, Double.ulpOfOne / 2]

  /// What a check in Double catches.
  private static func seen(_ differences: DifferenceFindings) -> String {
    guard let double = differences.mistakesInDouble else { return "" }
    let cases = GradientMistake.allCases
    let isSharp = zip(cases, double).allSatisfy { mistake, errors in
      errors.values.allSatisfy { ($0 < GradientMistake.limit) == (mistake == .none) }
    }
    return isSharp
      ? "That finds each of \(cases.count - 1) mistakes that we made, such as a factor of 2 lost, and accepts every correct backward pass."
      : ""
  }
}
