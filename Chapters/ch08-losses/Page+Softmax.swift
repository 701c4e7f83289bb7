// The page of chapter 8: the wrong σ′ of the sources, and the softmax.

import Foundation
import Workbook

extension Losses {
  /// What a slip in the slope of the sigmoid does.
  static func addWrongDerivative(to page: inout Page, _ findings: Findings) {
    let (neuron, early, data) = (findings.neuron, findings.nets.early, findings.data)
    page.prose(
      """
      ## A wrong derivative that helped

      S0 is a report in Korean on a LeNet-5 written in C++. Its program, SimpleNN (github.com/stnamjef/SimpleNN), has a mistake in it: in `headers/activation_layer.h`, the class `Sigmoid` \
      computes its slope as $1 - s^2$, which is the slope of tanh, instead of $s(1 - s)$. It stands in every version we \
      read, from June 2021 on. Nothing crashed, the network learned, a table was published. What does it do, this *wrong σ′*? (As in the \
      program the output is $s$ here, ŷ above.)

      A gradient check finds it at once. It moves an input by a small $h$ either way, takes $n = (L(z + h) - L(z - h))/2h$ for the \
      slope (*central differences*), and compares it with the derivative $a$ that the program computes. For the squared error the relative \
      difference $|a - n|/\\max(|a|, |n|)$ is at most \(short(neuron.squaredCheck)) with the right formula, and up to \
      \(percent(neuron.publishedCheck)) with the wrong one: where the sigmoid is flat near 0, the wrong slope is many times too large. \
      (The difference is divided by the larger of the two, so with equal signs 100 % is the most there can be.) \
      And yet it has the right *sign* everywhere, since $1 - s^2 > 0$: each output is still pushed the right way, only not with the \
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
      Near 0 the wrong slope is 1 where the right one vanishes; near 1 it vanishes as well, and is only twice the right one. \
      From 0.02 the wrong σ′ is \(short(low)) times as quick, from 0.98 \(short(high)) times.
      """)
    page.project("A published bug: which stuck neuron does it free?")
    page.figure(Charts.twoSides(neuron))
    page.project(
      low > 4 ? "The bug frees a neuron stuck at 0 far sooner" : "What the bug does to a neuron stuck at 0",
      notes: "Then press target 0: there it is of little use.")
    page.prose(
      """
      ### The loss it was really minimizing

      Every push is the slope of *some* loss; the right sign puts its minimum at the right answer. Integrate, with \
      $ds = s(1 - s)\\,dz$ and $1 - s^2 = (1 - s)(1 + s)$:

      $$L = \\int \\frac{(s - y)(1 - s^2)}{s(1 - s)}\\,ds = \\int \\left(s + 1 - y - \\frac{y}{s}\\right) ds = \
      \\frac{s^2}{2} + (1 - y)\\,s - y \\ln s$$

      For the class that is wanted, $y = 1$, this is $-\\ln s + s^2/2$. Counted from 0 at the right answer, as in the \
      figure, it is $-\\ln s - (1 - s^2)/2$: **the cross-entropy minus something that is never more than ½**. For the others, $y = 0$, it is $s + s^2/2$: not a cross-entropy, but its slope at 0 is 1, where \
      that of squared error is 0. Central differences of *this* loss agree with the wrong rule to within \
      \(short(neuron.hiddenCheck)).
      """)
    page.figure(Charts.hiddenLoss())
    page.project(
      "The bug in fact minimizes almost the cross-entropy", notes: "For target 0 it is neither of the two.")
    func pushAtATenth(_ rule: Rule) -> String {
      percent(rule.errorSignal(0.1, target: 1) / Rule.crossEntropy.errorSignal(0.1, target: 1))
    }
    page.prose(
      """
      Multiply a curve's slope by $s(1 - s)$ and you have the push. Where 1 is wanted and the neuron says 0.1, \
      the wrong σ′ gives \(pushAtATenth(.published)) of cross-entropy's push, the right one \
      \(pushAtATenth(.squaredError)).

      In a network with ten classes that matters. After 20 steps of training with squared error the unit of the right digit \
      says \(fixed(early.output, 2)) on average (\(data))\(early.output < 0.5 ? ", nearer to 0 than to the 1 that it should say" : ""). \
      The right slope there is \(fixed(early.right, 2)) on average, the wrong one \(fixed(early.wrong, 2)): \
      \(fixed(early.wrong / early.right, 1)) times as large.
      """)
    page.callout(
      .erratum("S0"),
      """
      S0 compares LeNet-5s in a table. So the first row of the source's table, *LeNet-5: tanh, sigmoid, MSE* (mean squared error), if it \
      comes from that program, was not trained with the squared error whose slowness its section 3.2 explains, but with a relative of the cross-entropy that its section 4.2 \
      recommends. Chapter 10 trains LeNet-5 both ways.
      """)
  }

  /// One of many, in formulas and in floats.
  static func addSoftmax(to page: inout Page, _ softmax: SoftmaxFindings) {
    page.prose(
      """
      ## One of many: softmax

      For ten classes the outputs should be probabilities that add up to 1. The softmax makes them from ten scores, the \
      logits:

      $$p_i = \\frac{e^{z_i}}{\\sum_j e^{z_j}}, \\qquad L = -\\ln p_t = \\ln \\sum_j e^{z_j} - z_t$$

      with $t$ the right class. The loss is written with the logits alone, and its derivative is quickly found: the first \
      term gives $e^{z_i} / \\sum_j e^{z_j} = p_i$, the second, $-z_t$, gives −1 for the right class and 0 for the others. So

      $$\\frac{\\partial L}{\\partial z_i} = p_i - y_i$$

      with $y_i = 1$ for the right class and 0 for the others (*one-hot*): once more the error itself. (The sigmoid is the case of two classes, one logit fixed at 0.)

      In numbers: let the logits be 1, 2, 3, and the first class the right one. Then
      """)
    let logits: [Float] = [1, 2, 3]
    let p = stableSoftmax(logits).map { Double($0) }
    page.table(
      Table(
        "Logits 1, 2, 3, the first class is the right one: the loss is −ln \(fixed(p[0], 2)) = \(fixed(-log(p[0]), 2))",
        columns: ["class", "logit", "exp(logit)", "p", "y", "push p − y"],
        rows: logits.indices.map { i in
          [
            TableCell(i + 1), .text("\(Int(logits[i]))"), .text(fixed(exp(Double(logits[i])), 2)),
            .text(fixed(p[i], 2)),
            .text(i == 0 ? "1" : "0"), .text(fixed(p[i] - (i == 0 ? 1 : 0), 2)),
          ]
        }))
    let checks = softmax.gradientErrors
    page.prose(
      """
      A step against the push raises the right logit and lowers the two others, most of all the one that leads. The pushes add up to 0.
      """)
    page.sideNote(
      "Checked at random logits: the relative difference from central differences is at most \(short(checks.maximum)) over \(checks.count) seeds."
    )
    page.prose(
      """
      The name comes from coding. Labels with the probabilities ½, ¼, ⅛, ⅛ are well coded by the words 0, 10, 110, 111: 1, 2, 3 and 3 bits, \
      each $-\\log_2 p$, on average 1¾. A code made for four equal probabilities, 00, 01, 10, 11, would need 2 bits for the same labels. If labels come with the probabilities $q$, but the code was made for $p$, the mean length is

      $$-\\sum_i q_i \\log_2 p_i$$

      the *cross*-entropy of $q$ and $p$ (with $\\ln$ it is in another unit): 2 in the example. It is least where $p = q$, 1¾ in the example, and is then called the \
      *entropy* of $q$ (what is above it is the *Kullback-Leibler divergence*); for one-hot labels that is 0. A net that knows nothing pays $\\ln 10 = \(fixed(log(10), 2))$: check that before \
      training.
      """)
    page.predict(
      """
      A wrong class leads the right one by more and more logits. With squared error after a softmax, how does the push on its logit \
      go?
      """, drawing: Ending.softmaxSquared.name,
      """
      It rises until the wrong class leads by $\\ln 2$ and has $p = \\frac{2}{3}$, and dies beyond: the softmax is flat there, as the \
      sigmoid is. Only the loss that divides by the slope keeps pushing.
      """)
    page.figure(Charts.pushbacks())
    page.project("A softmax alone does not keep the push alive")
    page.prose(
      """
      Take two classes, $p$ the probability of the wrong one. Squared error after a softmax is $\\frac{1}{2}(p^2 + p^2) = p^2$. Its slope \
      in $p$ is $2p$, that of $p$ in its logit $p(1 - p)$; together $2p^2(1 - p)$, which dies as $p$ goes to 1. (But for the ½ it is the \
      *Brier score*, and it too is least where $p$ is the true probability; what it lacks is the push where the net is badly wrong.)
      """)
    page.fold("Three more losses: hinge, absolute, Huber") { page in
      page.prose(
        """
        A loss is judged by its push. *Hinge*, $\\max(0, 1 - yz)$ for labels $y = \\pm 1$, pushes with full force until an \
        answer is right with a margin of 1. (For several classes it is $\\sum_{i \\ne t} \\max(0, z_i - z_t + 1)$: each wrong class whose logit is \
        not at least 1 below the right one's is pushed down by 1, and the others not at all.) *Absolute error*, $|e|$ with $e = z - y$, is for numbers: an outlier pulls no harder than a small \
        error. *Huber's loss* is squared error up to $|e| = 1$ and absolute error beyond. (Where one class is rare, its terms in the sum \
        are few. A weight above 1 on them makes up for that; the outputs are then no longer probabilities of the data as they come.)
        """)
      page.figure(Charts.morePushes())
    }
    let range = softmax.range
    let hundred = softmax.shifted[3]
    page.predict(
      "Three logits, 101, 102, 103, in 32-bit floats. What does the formula of the softmax give, typed in as it stands?",
      choices: ["0.09, 0.24, 0.67", "0, 0, 1", "⅓, ⅓, ⅓", "NaN, NaN, NaN"],
      answer: hundred.naiveIsRight ? 0 : hundred.naive.allSatisfy(\.isNaN) ? 3 : 1,
      """
      $e^{101}$ is more than a Float can hold, it becomes ∞, and ∞/∞ is not a number. Above \(fixed(Double(range.overflows), 2)) \
      every exponential overflows, and below −\(fixed(Double(-range.underflows), 2)) every one is 0; shortly above that a \
      Float has only a few bits left for it.
      """)
    page.project("exp(101) in a float: what comes out?")
    page.code("softmaxes", in: "Softmax.swift")
    page.table(
      Table(
        "The softmax of 1, 2, 3, all moved by the same shift: mathematically always the same",
        columns: [.init("shift"), "as typed", "max subtracted", "−ln p₁ as typed", "log-sum-exp"],
        rows: softmax.shifted.map { row in
          [
            TableCell(Int(row.shift)), .text(row.naive.map { cell($0, 2) }.joined(separator: "  ")),
            .text(row.stable.map { cell($0, 2) }.joined(separator: "  ")), .text(cell(row.naiveLoss, 3)),
            .text(cell(row.stableLoss, 3)),
          ]
        }))
    page.sideNote("At 86 only the third of the exponentials, $e^{89}$, overflows: 0, 0 and NaN.")
    page.code("logSumExp", in: "Softmax.swift")
    page.callout(
      .mistake,
      """
      Subtracting the maximum cures the overflow, not the logarithm: a class that lies \
      \(fixed(Double(-range.underflows), 0)) logits below the largest has $p = 0$ in floats, and $-\\ln 0$ is infinite. Compute the loss \
      from the logits, $\\ln\\sum e^z - z_t$, and never through the probabilities. This is why `SoftmaxCrossEntropy` here, like \
      PyTorch's `CrossEntropyLoss`, takes logits.
      """)
  }
}
