// The page of chapter 8: the softmax, and the wrong σ′ of the sources.

import Foundation
import Workbook

/// The hinge loss of a support vector machine for several classes, of which the first is right.
func hinge(_ z: [Double]) -> Double { z.dropFirst().reduce(0) { $0 + max(0, $1 - z[0] + 1) } }

extension Losses {
  /// One of many, in formulas and in floats.
  static func addSoftmax(to page: inout Page, _ softmax: SoftmaxFindings) {
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
      (The name *cross-entropy* comes from coding. Four equally likely labels take 2 bits each, which is $-\\log_2 \\frac{1}{4}$. With the probabilities $q$, in a code made for $p$, a label takes $-\\sum_i q_i \\log_2 p_i$ bits on \
      average. This is the entropy of $q$, which no net can change, plus the Kullback-Leibler divergence of $p$ from $q$, which is least, 0, where $p = q$.) A net that knows nothing has a loss of $\\ln 10 = \(fixed(log(10), 2))$: check this before training.
      """)
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
    page.fold("Three more losses: hinge, absolute, Huber") { page in
      page.prose(
        """
        Judge a loss by its push. *Hinge*, $\\max(0, 1 - yz)$ for labels $y = \\pm 1$, pushes with full force until an \
        answer is right with a margin of 1, and then stops. (For ten scores, as in a support vector machine: $\\sum_{i \\ne t} \\max(0, z_i - z_t + 1)$, which is \(short(hinge([1, 2, 3]))) for the logits 1, 2, 3 above.) *Absolute error*, $|e|$ with $e = z - y$, is for numbers: an outlier pulls no harder than a small \
        error. *Huber's loss* is squared error up to $|e| = 1$ and absolute error beyond. For rare classes, *class weights* multiply \
        their push, and *focal loss* (Lin et al. 2017) multiplies $-\\ln p_t$ by $(1 - p_t)^2$, so that the many easy examples hardly push.

        With a pencil: which loss pushes with $\\tanh e$? (Integrate: $\\ln\\cosh e$. It is close to $e^2/2$ near 0 and to $|e| - \\ln 2$ far away, so it resembles Huber's.)
        """)
      page.figure(Charts.morePushes())
    }
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
      PyTorch takes means: over the $N$ samples of a batch, and in the first two losses over their outputs as well, $n = 10N$ for ten outputs. This chapter sums over the outputs. To repeat it, \
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
      cannot fall below $\\ln(1 + 9/e) = \(fixed(log(1 + 9 / exp(1)), 2))$, and the push passes the slope of the first softmax: it dies where the net is badly wrong.
      """)
  }

  /// What a slip in the slope of the sigmoid does.
  ///
  /// - Parameter raced: the run whose races the page tells.
  static func addWrongDerivative(to page: inout Page, _ findings: Findings, raced: Findings) {
    let (neuron, early, data, nets) = (findings.neuron, findings.nets.early, findings.data, raced.nets)
    page.prose(
      """
      ## A wrong derivative that helped

      A published C++ program for LeNet-5 has a mistake: its sigmoid computes its slope as $1 - s^2$, which is the slope of tanh, \
      instead of $s(1 - s)$. Nothing crashed, the network learned, and a table was published. What does this *wrong σ′* do? (We write \
      $s$ for the output, as the program does.)
      """)
    page.sideNote(
      "The program is SimpleNN (github.com/stnamjef/SimpleNN), class `Sigmoid` in `headers/activation_layer.h`."
    )
    page.code("errorSignal", in: "Neuron.swift")
    page.prose(
      """
      A gradient check finds the mistake at once. It moves $z$ by a small $h$ to both sides and compares the derivative that the program computes with the *central difference* \
      $(L(z + h) - L(z - h))/2h$. With the right formula the two differ by at most \(short(neuron.squaredCheck)) of their size, with the wrong one by up to \
      \(percent(neuron.publishedCheck)).

      ```python
      numeric = (loss(z + h) - loss(z - h)) / (2 * h)    # h = 1e-4, in 64-bit floats
      ```

      But the wrong slope has the right *sign* everywhere, since $1 - s^2 > 0$. So every output is pushed in the right direction, only not with the \
      right force.
      """)
    func gain(_ start: Double) -> Double {
      Double(neuron.steps(.squaredError, from: start) ?? NeuronFindings.limit)
        / Double(neuron.steps(.published, from: start) ?? NeuronFindings.limit)
    }
    let (low, high) = (gain(-2), gain(2))
    page.predict(
      """
      A published program has $1 - s^2$ in place of the slope $s(1 - s)$. One neuron is stuck at 0.02 where 1 is wanted, \
      another at 0.98 where 0 is. For which one does this *wrong σ′* cut the wait to less than a quarter, at the same rate?
      """,
      choices: ["both", "the one stuck at 0.02", "the one stuck at 0.98", "neither"],
      answer: low > 4 && high > 4 ? 0 : low > 4 ? 1 : high > 4 ? 2 : 3,
      """
      Near 0 the wrong slope is 1, where the right one vanishes. Near 1 both vanish, and the wrong one is only twice the right one. \
      From 0.02 the wrong σ′ is \(short(low)) times as fast, from 0.98 \(short(high)) times.
      """)
    page.project("A published bug: which stuck neuron does it free?")
    page.figure(Charts.twoSides(neuron))
    page.project(
      low > 4 ? "The bug frees a neuron stuck at 0 far sooner" : "What the bug does to a neuron stuck at 0",
      notes: "Then press target 0: there it is of little use.")
    page.prose(
      """
      ### The loss it was really minimizing

      Every $\\delta$ is the slope of *some* loss, and the right sign puts the minimum of this loss at the right answer. To find the loss, integrate with \
      $ds = s(1 - s)\\,dz$ and $1 - s^2 = (1 - s)(1 + s)$:

      $$L = \\int \\frac{(s - y)(1 - s^2)}{s(1 - s)}\\,ds = \\int \\left(s + 1 - y - \\frac{y}{s}\\right) ds = \
      \\frac{s^2}{2} + (1 - y)\\,s - y \\ln s$$

      For the right class, $y = 1$, this is $-\\ln s + s^2/2$. Subtract ½, so that the right answer costs 0 as in the \
      figure, and it is $-\\ln s - (1 - s^2)/2$: **the cross-entropy minus something that is never more than ½**. For the other classes, $y = 0$, it is $s + s^2/2$. This is no cross-entropy, but its slope at 0 is 1, where \
      the slope of squared error is 0.
      """)
    page.figure(Charts.hiddenLoss())
    page.project(
      "The bug in fact minimizes almost the cross-entropy", notes: "For target 0 it is neither of the two.")
    page.prose(
      """
      In the net of the last section the units of the right digits are near 0 soon after the start: after 20 steps with squared error they say \(fixed(early.output, 2)) on average (\(data)). \
      There the wrong slope is \(fixed(early.wrong, 2)) and the right one \(fixed(early.right, 2)).\(nets.helpOfWrongSlope.map { " " + $0 } ?? " Chapter 10 trains LeNet-5 both ways.")
      """)
  }
}
