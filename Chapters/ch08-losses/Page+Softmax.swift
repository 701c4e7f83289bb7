// The page of chapter 8: the softmax, and losses for numbers.

import Foundation
import Workbook

/// The hinge loss of a support vector machine for several classes, of which the first is right.
func hinge(_ z: [Double]) -> Double { z.dropFirst().reduce(0) { $0 + max(0, $1 - z[0] + 1) } }

extension Losses {
  /// One of many, in formulas and in floats.
  ///
  /// - Parameter doubled: what a softmax too many does to a net, and what the net does without, where that was measured.
  static func addSoftmax(to page: inout Page, _ softmax: SoftmaxFindings, doubled: String = "") {
    page.prose(
      """
      ## One of many: softmax

      For ten classes the outputs should be probabilities that add up to 1. The softmax computes them from ten scores, the \
      *logits*:

      $$p_i = \\frac{e^{z_i}}{\\sum_j e^{z_j}}, \\qquad L = -\\ln p_t = \\ln \\sum_j e^{z_j} - z_t$$

      with $t$ the right class. Written with the logits, the loss is easy to differentiate: the first \
      term gives $e^{z_i} / \\sum_j e^{z_j} = p_i$, and the second, $-z_t$, gives −1 for the right class and 0 for the others. So

      $$\\frac{\\partial L}{\\partial z_i} = p_i - y_i$$

      with $y_i = 1$ for the right class and 0 for the others (*one-hot*). The gradient is the error itself again. (A sigmoid is a softmax of two classes with one logit fixed at 0.)
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
    page.prose(
      """
      A step moves each logit against its $\\delta$: the right logit rises and the two others fall, most of all the one that leads. The three $\\delta$ add up to 0. \
      Move the right logit:
      """)
    page.figure(Charts.threeBars())
    page.prose(
      """
      A net that knows nothing has a loss of $\\ln 10 = \(fixed(log(10), 2))$: check this before training.
      """)
    page.fold("Why it is called cross-entropy") {
      $0.prose(
        """
        The name comes from coding. A good code gives frequent labels short words: a label of probability $p_i$ gets about $-\\log_2 p_i$ bits. One of four equally likely labels gets 2 bits, for instance. Now suppose that \
        the labels really occur with other probabilities, $q_i$. Label $i$ still costs $-\\log_2 p_i$ bits, but occurs in a share $q_i$ of all cases, so the mean cost of a label is $-\\sum_i q_i \\log_2 p_i$ bits. This is the cross-entropy of $q$ and $p$. \
        It is least if the code fits, $p = q$. Then it is the entropy of $q$, which no net can change. What a code that does not fit costs more is called the Kullback-Leibler divergence.
        """)
    }
    page.predict(
      """
      Of two classes the wrong one leads the right one by more and more logits. With squared error after a softmax, how does the push on its \
      logit change?
      """, drawing: Ending.softmaxSquared.name,
      """
      It rises until the wrong class leads by $\\ln 2$ and has $p = \\frac{2}{3}$. Then it dies, because the softmax is flat there, as the \
      sigmoid is. Only the loss that divides by the slope keeps pushing.
      """)
    page.figure(Charts.pushbacks())
    page.project("A softmax alone does not keep the push alive")
    page.prose(
      """
      Why? Take two classes, and let $p$ be the probability of the wrong one. Squared error after a softmax is $\\frac{1}{2}(p^2 + p^2) = p^2$. Its slope \
      in $p$ is $2p$, and the slope of $p$ in its logit is $p(1 - p)$. The product $2p^2(1 - p)$ dies as $p$ goes to 1. With ten classes and $e = p - y$ it is \
      $\\delta_i = p_i(e_i - \\sum_j p_j e_j)$: if a wrong class has nearly all of the probability, the sum is near 1, and every push is near 0. (Squared error of probabilities is \
      also called the *Brier score*.)
      """)
    let range = softmax.range
    let hundred = softmax.shifted[3]
    page.predict(
      "Three logits are 101, 102, 103, in 32-bit floats. What does the formula of the softmax give, typed in as it stands?",
      choices: ["0.09, 0.24, 0.67", "0, 0, 1", "⅓, ⅓, ⅓", "NaN, NaN, NaN"],
      answer: hundred.naiveIsRight ? 0 : hundred.naive.allSatisfy(\.isNaN) ? 3 : 1,
      """
      $e^{101}$ is larger than a Float can hold, so it becomes ∞, and ∞/∞ is not a number. Every exponential above \(fixed(Double(range.overflows), 2)) \
      overflows, and every one below −\(fixed(Double(-range.underflows), 2)) is 0; just above that, a \
      Float has only a few bits left.
      """)
    page.project("exp(101) in a float: what comes out?")
    page.prose(
      """
      The remedy is to subtract the largest logit from all. The factor $e^{-\\max}$ cancels, and no exponent is above 0. In NumPy, for `z` of shape [samples, classes] and the right classes `t`:

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
          ["a number", "the bare z", "½ squared error", "z − y", "nn.MSELoss: 2/n times"],
          ["yes or no", "sigmoid", "cross-entropy", "ŷ − y", "nn.BCEWithLogitsLoss: 1/n times"],
          ["one of many", "softmax", "cross-entropy", "p − y", "nn.CrossEntropyLoss: 1/N times"],
        ]))
    page.prose(
      """
      Several labels at once (a dog *and* a basket) are several questions with yes or no: a sigmoid for each label, with `BCEWithLogitsLoss`, and no softmax. PyTorch takes means: over the $N$ samples of a batch, and in the first two losses over their outputs as well, $n = 10N$ for ten outputs. This chapter sums over the outputs. To repeat it, \
      multiply `MSELoss` by 5 (it has no ½) and `BCEWithLogitsLoss` by 10.
      """)
    page.fold("The same in Swift, as typed and stable") {
      $0.code("softmaxes", in: "Softmax.swift")
      $0.code("logSumExp", in: "Softmax.swift")
    }
    page.table(
      Table(
        "The softmax of 1, 2, 3 after adding the same shift to all three: in exact numbers it is always the same",
        columns: [.init("shift"), "as typed", "max subtracted", "−ln p₁ as typed", "log-sum-exp"],
        rows: softmax.shifted.filter { ![50, -100].contains($0.shift) }.map { row in
          [
            TableCell(Int(row.shift)), .text(row.naive.map { cell($0, 2) }.joined(separator: "  ")),
            .text(row.stable.map { cell($0, 2) }.joined(separator: "  ")), .text(cell(row.naiveLoss, 3)),
            .text(cell(row.stableLoss, 3)),
          ]
        }))
    page.sideNote("At 86 only the third of the exponentials, $e^{89}$, overflows: 0, 0 and NaN.")
    page.callout(
      .mistake,
      """
      *You take $-\\ln$ of a softmax.* The maximum subtracted prevents the overflow, but a class \
      \(fixed(Double(-range.underflows), 0)) logits below the largest still has $p = 0$ in floats, and $-\\ln 0$ is infinite. Compute the loss \
      from the logits, $\\ln\\sum e^z - z_t$, as PyTorch's `CrossEntropyLoss` and, for sigmoids, `BCEWithLogitsLoss` do.
      """)
    page.callout(
      .mistake,
      """
      *You put a softmax in front of `CrossEntropyLoss`.* Nothing crashes, but the logits are then probabilities, which differ by at most 1. With ten classes the loss \
      cannot fall below $\\ln(1 + 9/e) = \(fixed(log(1 + 9 / exp(1)), 2))$, and the push passes the slope of the first softmax: it dies where the net is badly wrong.\(doubled)
      """)
  }
}
