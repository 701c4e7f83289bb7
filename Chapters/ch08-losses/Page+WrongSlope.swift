// The page of chapter 8: the wrong σ′ of the sources.

import Foundation
import Workbook

extension Losses {
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
      The wrong slope has the right *sign* everywhere, since $1 - s^2 > 0$. So every output is pushed in the right direction, only not with the right force.
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
    page.prose(
      """
      **That a net learns does not prove its gradient right: check it.** A gradient check moves $z$ by a small $h$ to both sides and compares the derivative that the program computes with the *central difference* \
      $(L(z + h) - L(z - h))/2h$. With the right formula the two differ by at most \(short(neuron.squaredCheck)) of their size, with the wrong one by up to \
      \(percent(neuron.publishedCheck)).

      ```python
      numeric = (loss(z + h) - loss(z - h)) / (2 * h)    # h = 1e-4, in 64-bit floats
      ```

      Chapter 10 trains the published network, LeNet-5, with both slopes.
      """)
    page.fold("The loss it was really minimizing, and the small net of this chapter") { page in
      page.prose(
        """
        Every $\\delta$ is the slope of *some* loss, and the right sign puts the minimum of this loss at the right answer. To find the loss, integrate with \
        $ds = s(1 - s)\\,dz$ and $1 - s^2 = (1 - s)(1 + s)$:

        $$L = \\int \\frac{(s - y)(1 - s^2)}{s(1 - s)}\\,ds = \\int \\left(s + 1 - y - \\frac{y}{s}\\right) ds = \
        \\frac{s^2}{2} + (1 - y)\\,s - y \\ln s$$

        For the right class, $y = 1$, this is $-\\ln s + s^2/2$. Subtract ½, so that the right answer costs 0, and it is $-\\ln s - (1 - s^2)/2$: the cross-entropy minus something that is never more than ½. For the other classes, $y = 0$, it is \
        $s + s^2/2$. This is no cross-entropy, but its slope at 0 is 1, where the slope of squared error is 0.

        In the net of this chapter the units of the right digits are near 0 soon after the start: after 20 steps with squared error they say \(fixed(early.output, 2)) on average (\(data)). \
        There the wrong slope is \(fixed(early.wrong, 2)) and the right one \(fixed(early.right, 2)).\(nets.helpOfWrongSlope.map { " " + $0 } ?? "")
        """)
    }
  }
}
