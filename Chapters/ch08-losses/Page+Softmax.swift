// The page of chapter 8: the softmax, in formulas and in floats.

import Foundation
import Workbook

extension Losses {
  /// One of many.
  ///
  /// - Parameter doubled: what a softmax too many does to a net, where that was measured.
  static func addSoftmax(to page: inout Page, _ softmax: SoftmaxFindings, doubled: String = "") {
    page.prose(
      """
      ## One of many: softmax

      **For one of many classes, softmax with cross-entropy gives the error as the gradient once more.** The softmax turns ten scores, the \
      *logits*, into probabilities that add up to 1, and the loss is $-\\ln$ of that of the right class $t$:

      $$p_i = \\frac{e^{z_i}}{\\sum_j e^{z_j}}, \\qquad L = -\\ln p_t = \\ln \\sum_j e^{z_j} - z_t$$

      In the last form the first \
      term gives $e^{z_i} / \\sum_j e^{z_j} = p_i$, and the second, $-z_t$, gives −1 for the right class. With $y_i = 1$ for the right class and 0 for the others (*one-hot*) this is

      $$\\frac{\\partial L}{\\partial z_i} = p_i - y_i$$
      """)
    let logits: [Float] = [1, 2, 3]
    let p = stableSoftmax(logits).map { Double($0) }
    page.table(
      Table(
        "Logits 1, 2, 3, the first class is the right one: the loss is −ln \(fixed(p[0], 2)) = \(fixed(-log(p[0]), 2))",
        columns: ["class", "logit", "exp(logit)", "p", "y", "δ = p − y"],
        rows: logits.indices.map { i in
          [
            TableCell(i + 1), .text("\(Int(logits[i]))"), .text(fixed(exp(Double(logits[i])), 2)),
            .text(fixed(p[i], 2)),
            .text(i == 0 ? "1" : "0"),
            .text(fixed(p[i] - (i == 0 ? 1 : 0), 2).replacingOccurrences(of: "-", with: "−")),
          ]
        }))
    page.project("The gradient is the error, $p - y$", notes: "A step raises the right logit and lowers the others.")
    page.prose(
      """
      A step raises the right logit and lowers the two others, most of all the one that leads. A net that knows nothing has a loss of $\\ln 10 = \(fixed(log(10), 2))$: check this before \
      training. A loss far above it often means too large output weights (chapter 4).
      """)
    page.prose(
      """
      **Behind a softmax, too, the push of squared error dies** (this loss is also called the *Brier score*). With $p$ for the wrong one of two classes the loss is $\\frac{1}{2}(p^2 + p^2) = p^2$, and its push on that logit is $2p \\cdot p(1 - p)$. It is 0 at $p = 1$.
      """)
    addFloats(to: &page, softmax, doubled: doubled)
  }

  /// What overflows, and the loss from the logits.
  private static func addFloats(to page: inout Page, _ softmax: SoftmaxFindings, doubled: String) {
    let range = softmax.range
    let hundred = softmax.shifted[3]
    page.prose("### Give the loss the logits")
    page.predict(
      "Three logits are 101, 102, 103, in 32-bit floats. What does the formula of the softmax give, typed in as it stands?",
      choices: ["0.09, 0.24, 0.67", "0, 0, 1", "⅓, ⅓, ⅓", "NaN, NaN, NaN"],
      answer: hundred.naiveIsRight ? 0 : hundred.naive.allSatisfy(\.isNaN) ? 3 : 1,
      """
      $e^{101}$ is larger than a Float can hold, so it becomes ∞, and ∞/∞ is not a number. Every exponential above \(fixed(Double(range.overflows), 2)) \
      overflows.
      """)
    page.project("exp(101) in a float: what comes out?")
    page.prose(
      """
      Subtract the largest logit from all: the factor $e^{-\\max}$ cancels, and no exponent is above 0. In NumPy, for `z` of shape [samples, classes] and the right classes `t`:

      ```python
      z = z - z.max(axis=1, keepdims=True)
      log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
      loss = -log_p[np.arange(len(t)), t].mean()
      gradient = (np.exp(log_p) - np.eye(z.shape[1])[t]) / len(t)
      ```

      In PyTorch it is one line:

      ```python
      loss = nn.CrossEntropyLoss()(net(x), t)  # net ends in nn.Linear; t: class numbers
      ```
      """)
    page.table(
      Table(
        "Each target has a loss whose push is the error itself. PyTorch's losses contain the sigmoid and the softmax, so the net ends in nn.Linear",
        columns: ["target", "output", "loss", "push", "PyTorch"],
        rows: [
          ["a number", "the bare z", "½ squared error", "z − y", "`nn.MSELoss`"],
          ["yes or no", "sigmoid", "cross-entropy", "ŷ − y", "`nn.BCEWithLogitsLoss`"],
          ["several labels at once", "a sigmoid each", "cross-entropy, summed", "ŷ − y", "`nn.BCEWithLogitsLoss`"],
          ["one of many", "softmax", "cross-entropy", "p − y", "`nn.CrossEntropyLoss`"],
        ]))
    page.sideNote(
      "PyTorch takes means, also over outputs, and its `MSELoss` has no ½. This chapter sums over the ten outputs: `MSELoss` times 5, `BCEWithLogitsLoss` times 10."
    )
    page.callout(
      .mistake,
      """
      *You take $-\\ln$ of a softmax.* A class \
      \(fixed(Double(-range.underflows), 0)) logits below the largest still has $p = 0$ in floats, and $-\\ln 0$ is infinite. Compute the loss \
      from the logits, $\\ln\\sum e^z - z_t$, as PyTorch does.
      """)
    page.callout(
      .mistake,
      """
      *You put a softmax in front of `CrossEntropyLoss`.* Nothing crashes, but the logits are then probabilities, which differ by at most 1. With ten classes the loss \
      cannot fall below $\\ln(1 + 9/e) = \(fixed(log(1 + 9 / exp(1)), 2))$, and the push passes the slope of the first softmax: it dies where the net is badly wrong.\(doubled)
      """)
    page.fold("The softmax as typed and as stable, in Swift") {
      $0.code("softmaxes", in: "Softmax.swift")
      $0.code("logSumExp", in: "Softmax.swift")
    }
  }
}
