// The page of chapter 8: the wrong σ′ of the sources.

import Foundation
import Workbook

extension Losses {
  /// What a slip in the slope of the sigmoid does, and how to find one.
  static func addWrongDerivative(to page: inout Page, _ neuron: NeuronFindings) {
    func gain(_ start: Double) -> Double {
      Double(neuron.steps(.squaredError, from: start) ?? NeuronFindings.limit)
        / Double(neuron.steps(.published, from: start) ?? NeuronFindings.limit)
    }
    page.prose(
      """
      ## A wrong derivative that helped

      **That a net learns does not prove its gradient right.** S0's C++ program for LeNet-5 computes the slope of its sigmoid as $1 - s^2$, which is the slope of tanh, \
      instead of $s(1 - s)$. Nothing crashed, the network learned, and a table was published.
      """)
    page.sideNote(
      "S0 is a report on LeNet-5. Its program is SimpleNN (github.com/stnamjef/SimpleNN), class `Sigmoid` in `headers/activation_layer.h`."
    )
    page.prose(
      """
      The wrong slope has the right *sign* everywhere, since $1 - s^2 > 0$. So every output is pushed in the right direction, but with the wrong force. At our single neuron the mistake even helps: \
      stuck at 0.02 where 1 is wanted, it learns \(short(gain(-2))) times as fast as with the right slope. Chapter 10 trains the published network with both.

      A *gradient check* finds such a mistake. It moves $z$ by a small $h$ to both sides and compares the derivative that the program computes with the *central difference*:

      ```python
      numeric = (loss(z + h) - loss(z - h)) / (2 * h)    # h = 1e-4, in 64-bit floats
      ```

      With the right formula the two differ by at most \(short(neuron.squaredCheck)) of their size, with the wrong one by up to \
      \(percent(neuron.publishedCheck)).
      """)
    page.project("A net can train with a wrong gradient: check it")
    page.fold("The slip in Swift, and the loss it was really minimizing") { page in
      page.code("errorSignal", in: "Neuron.swift")
      page.prose(
        """
        Every $\\delta$ is the slope of *some* loss. To find this one, integrate with \
        $ds = s(1 - s)\\,dz$ and $1 - s^2 = (1 - s)(1 + s)$:

        $$L = \\int \\frac{(s - y)(1 - s^2)}{s(1 - s)}\\,ds = \\int \\left(s + 1 - y - \\frac{y}{s}\\right) ds = \
        \\frac{s^2}{2} + (1 - y)\\,s - y \\ln s$$

        For the right class, $y = 1$, this is $-\\ln s + s^2/2$: cross-entropy, and something that is never more than ½. For the other classes, $y = 0$, it is \
        $s + s^2/2$. Its slope at 0 is 1, where the slope of squared error is 0.
        """)
    }
  }
}
