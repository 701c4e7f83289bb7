// The page of chapter 8: one neuron, from the question to the loss that cancels the slope.

import Foundation
import Workbook

extension Losses {
  /// The badly wrong neuron.
  static func addQuestion(to page: inout Page, _ neuron: NeuronFindings, _ nets: NetFindings) {
    let stubborn = neuron.stubborn
    page.prose(
      """
      ## The question

      A person who is badly wrong, and is told so, learns fast. Does a neuron? Take the smallest one: a weight, a bias and a \
      sigmoid, $\\hat{y} = \\sigma(z)$ with $z = wx + b$. It has a single example: for $x = 1$ it should say 0. It starts with \
      $w = b = \(short(2))$, so it says \(fixed(stubborn[0], 2)), which is about as wrong as it can be. The loss is the squared error, \
      $\\frac{1}{2}(\\hat{y} - y)^2$. In NumPy, with `s` for the answer $\\hat{y}$:

      ```python
      w, b, y = 2.0, 2.0, 0.0              # x = 1
      for step in range(300):
          s = 1 / (1 + np.exp(-(w + b)))
          delta = (s - y) * s * (1 - s)    # the slope of the loss in z
          w, b = w - \(neuron.rate) * delta, b - \(neuron.rate) * delta
      ```

      **The answer of this chapter: for classes take cross-entropy, after a sigmoid for yes or no (then `delta = s - y`), after a softmax for one of many.** A badly wrong unit is then not stuck, and the loss can be read.\(nets.race != nil && nets.isNeverSlower ? " From small weights, each loss at its own rate, our net was never slower with it, beyond chance." : "")
      """)
    page.sideNote("The experiment is Michael Nielsen's: *Neural Networks and Deep Learning*, chapter 3.")
    page.predict(
      "A sigmoid neuron says \(fixed(stubborn[0], 2)) where 0 is wanted. What does it say after 300 steps on the squared error?",
      choices: ["0.01", "0.2", "0.5", "0.97"],
      answer: stubborn[300],
      """
      After 100 steps it still says \(fixed(stubborn[100], 2)).
      """)
    page.project("Badly wrong, told so: how fast does it learn?")
  }

  /// Error times slope.
  static func addDerivation(to page: inout Page, _ neuron: NeuronFindings) {
    let top = neuron.peak
    page.prose(
      """
      ## Where the push goes

      **Squared error pushes a sigmoid hardly at all where it is most wrong.** Let $\\delta = \\partial L/\\partial z$ be the slope of the loss in $z$. A step moves $z$ against the sign of $\\delta$, and the size of $\\delta$ says how hard: we call it the *push* (elsewhere: the error signal). \
      By the chain rule it is the error times the slope of the sigmoid:
      """)
    page.math(
      "\\delta = \\frac{\\partial L}{\\partial \\hat{y}} \\cdot \\frac{\\partial \\hat{y}}{\\partial z} = "
        + "(\\hat{y} - y) \\cdot \\hat{y}(1 - \\hat{y})")
    let places = [1.0 / 3, 1.0 / 2, 2.0 / 3, 1]
    page.predict(
      """
      The target is 0. As the answer ŷ goes from 0 to 1 the error grows, and the slope rises and falls. At which ŷ is their \
      product, the push, largest?
      """, choices: ["⅓", "½", "⅔", "1"],
      answer: places.indices.min { abs(places[$0] - top.output) < abs(places[$1] - top.output) } ?? 0,
      """
      The product is ŷ²(1 − ŷ). Its derivative is 2ŷ − 3ŷ², which is 0 at ⅔. The push there is \(fixed(top.signal, 3)); \
      at ŷ = \(fixed(Charts.wrongest, 2)) it is \(fixed(Rule.squaredError.errorSignal(Charts.wrongest, target: 0), 3)).
      """)
    page.project("At which answer is the push largest?")
    page.figure(Charts.errorTimesSlope(peak: top))
    page.project("The push is largest at two thirds", notes: "The source says 0.7: that is ⅔ to one digit.")
  }

  /// The loss that cancels the slope.
  static func addCrossEntropy(to page: inout Page, _ neuron: NeuronFindings) {
    page.prose(
      """
      ## A loss that cancels the slope

      **Cross-entropy pushes with the whole error.** The factor $\\hat{y}(1 - \\hat{y})$ comes from the sigmoid, and we cannot avoid it. But we can choose a loss whose \
      derivative divides by it. Suppose we want $\\delta = \\hat{y} - y$. Then we need

      $$\\frac{\\partial L}{\\partial \\hat{y}} = \\frac{\\hat{y} - y}{\\hat{y}(1 - \\hat{y})} = \
      \\frac{1 - y}{1 - \\hat{y}} - \\frac{y}{\\hat{y}}$$

      Integrate:

      $$L = -y \\ln \\hat{y} - (1 - y) \\ln(1 - \\hat{y})$$

      This is the **cross-entropy**.
      """)
    page.figure(Charts.losses())
    page.project("Cross-entropy punishes a confident mistake without limit")
    page.figure(Charts.badStart(neuron))
    page.project("The worse the start, the longer squared error waits")
    page.live(
      "neuron", "Let the neuron learn from both losses, from any start",
      caption: """
        Drag the points along the curves, or press *largest push*, where ŷ is exactly two thirds. Then press play.
        """,
      figure: "bad-start",
      settings: ["weight": 2, "bias": 2, "target": 0, "rate": neuron.rate, "speed": 2])
    let factors = [2.0, 3].map(neuron.factor)
    page.prose(
      """
      A larger rate helps squared error in part.\
      \(factors[1] > 1.5 * factors[0] ? " But no single factor makes the two losses equal: it would be \(short(factors[0])) from $w = b = 2$ and \(short(factors[1])) from $w = b = 3$." : "")
      """)
    page.fold("Why this loss makes the labels most probable, and the neuron in Swift") {
      $0.prose(
        """
        *Likelihood.* A coin falls heads, tails, tails. A model that gives heads the probability $\\hat{y}$ gives these \
        three tosses the probability $\\hat{y}(1 - \\hat{y})(1 - \\hat{y})$, which is largest at $\\hat{y} = \\frac{1}{3}$, the share of heads. Its $-\\ln$ is the sum of \
        the cross-entropies of the labels 1, 0, 0. So the least cross-entropy belongs to the model under which the labels that we saw are most probable (*maximum likelihood*). For a number with \
        normally distributed errors the same principle gives squared error.
        """)
      $0.code("learn", in: "Neuron.swift")
    }
  }
}

extension NeuronFindings {
  /// How many times as many steps as cross-entropy squared error takes from a start.
  func factor(from start: Double) -> Double {
    func counted(_ rule: Rule) -> Double { Double(max(1, steps(rule, from: start) ?? NeuronFindings.limit)) }
    return counted(.squaredError) / counted(.crossEntropy)
  }
}
