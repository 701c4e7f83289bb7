// The page of chapter 1, from its findings alone.

import Foundation
import Workbook

extension GradientDescent {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    // What was measured later stands in the recorded run alone.
    let owner =
      findings.additions == nil ? recorded.flatMap { $0.findings.data == findings.data ? $0.findings : nil } : findings
    let additions = owner?.additions
    var plain = additions?.plain
    if let spirals = owner?.spirals {
      plain?.points = spirals.points
      plain?.labels = spirals.labels
    }
    var page = page(
      lead: """
        Which way should each weight of a net move? Against its slope: one walk back through the net gives the slopes of all weights. How \
        far? As far as the learning rate says. Above some rate training fails; a good one lies below it, and is found by trying.
        """)
    page.slide(
      "Thousands of weights, one number that is wrong",
      "How does a net know which way to change each weight, and how far?")
    addQuestion(to: &page)
    addNeuron(to: &page)
    addDense(to: &page)
    addDifferences(to: &page, findings)
    addHowFar(to: &page)
    addBowl(to: &page, findings.bowl)
    addSpirals(to: &page, findings, plain: plain)
    addLearningRates(to: &page, findings, owner?.curvatures)
    addChecks(to: &page, findings)
    addBatches(to: &page, findings, owner: owner)
    addBetterSteps(to: &page, findings, owner: owner)
    addRecipe(to: &page, owner)
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page)
    return page
  }

  /// The question, and the loop that answers it.
  private static func addQuestion(to page: inout Page) {
    page.prose(
      """
      ## The question

      A net has thousands of weights $w$ and one number that says how wrong it is, the **loss** $L$. How does it know which way to \
      change each weight, and how far? In PyTorch the answer is one short loop:

      ```python
      for X, t in batches:                    # some samples, and what they should give
          loss = F.cross_entropy(net(X), t)   # how wrong is the net?
          opt.zero_grad()                     # forget the slopes of the step before
          loss.backward()                     # which way: the slope of the loss in every weight
          opt.step()                          # how far: w <- w - lr * slope
      ```

      This page builds each line by hand: `backward`, `cross_entropy`, the rate `lr`, the batches, and better steps.
      """)
  }

  /// One neuron by hand.
  static func addNeuron(to page: inout Page) {
    page.prose(
      """
      ## One neuron, by hand

      Take the smallest net there is: one input $x$, one weight $w$, one bias $b$. They make a product $q$, a sum $z$, and, \
      through an S-shaped function, an output $y$ between 0 and 1. The output should be $t$:

      $$q = w x \\qquad z = q + b \\qquad y = \\sigma(z) = \\frac{1}{1 + e^{-z}} \\qquad L = \\frac{1}{2}(y - t)^2$$

      The slope $\\partial L/\\partial w$ says how fast $L$ grows when $w$ alone moves. Each step from $w$ to $L$ has an easy slope of its \
      own, and **slopes multiply along a path**. That is the **chain rule**.

      In a net a weight reaches the loss by many paths. Here a second one is a small penalty on the size of the weight, added to $L$: \
      $r = \\frac{1}{2} c w^2$ (chapter 7). The slope is the *sum* over the paths of the products along them:
      """)
    page.math(
      "\\frac{\\partial L}{\\partial w} = \\frac{\\partial L}{\\partial y}\\cdot\\frac{\\partial y}{\\partial z}\\cdot"
        + "\\frac{\\partial z}{\\partial q}\\cdot\\frac{\\partial q}{\\partial w}"
        + " + \\frac{\\partial L}{\\partial r}\\cdot\\frac{\\partial r}{\\partial w}"
        + " = (y - t)\\cdot y(1 - y)\\cdot 1\\cdot x + 1\\cdot c w")
    page.prose(
      """
      In Python: forward from $w$ to $L$, then backward, where each slope is the one before it on the way back, times one local slope:

      ```text
      q = w * x;  z = q + b;  y = 1 / (1 + exp(-z));  r = c * w**2 / 2
      L = (y - t)**2 / 2 + r

      dy = y - t                  # dL/dy
      dz = dy * y * (1 - y)       # dL/dz
      dq = dz * 1                 # dL/dq, and db is the same
      dw = dq * x + 1 * c * w     # two paths: their products add up
      ```
      """)
    page.fold("The same in Swift, the language of this workbook, and Swift in a few lines") {
      $0.code("neuron", in: "Neuron.swift")
      $0.prose(
        """
        `var q: Double { w * x }` is a number that is computed whenever `q` is asked for.

        - `let` names a value that stays, `var` one that changes. Python's `float` is Swift's `Double`; `Float` has only 7 digits.
        - `func slope(_ x: Double, step h: Double)` is called `slope(2, step: 0.1)`; `_` stands for no name.
        - `struct`: a value. `b = a` makes a copy; numbers in an array likewise. `inout` and `&`: the function may change this argument.
        - `a ?? b` is `a`, or `b` where `a` is `nil` (None). `a ? b : c` is `b if a else c`. `try` stands before a call that may fail.
        - `{ $0 * 2 }` is `lambda x: x * 2`; `xs.map { $0 * 2 }` is `[x * 2 for x in xs]`. `0..<n` is `range(n)`; `0...n` has n as well.
        """)
    }

    func sum(_ w: Double) -> String {
      let neuron = Neuron.example(w: w)
      return
        "At w = \(short(w)) the slope of the loss in w is \(signed(neuron.dw)): \(signed(neuron.dq * neuron.x)) from the neuron and \(signed(neuron.c * w)) from the penalty"
    }
    page.figure(
      Figure(
        sum(2), exploring: FigureParameter("weight w", values: (-4...4).map(Double.init), initial: 6),
        caption: """
          Values go from left to right, slopes of $L$ (marked ←) from right to left: each is the slope in the box to which the arrow \
          leads, times the slope on the arrow; where two arrows leave a box, the products add. Here $x$ = 1.5, $b$ = −1, \
          $t$ = 0 and $c$ = 0.05.
          """,
        name: "chain-rule", isWide: true, titles: sum
      ) { .diagram(Neuron.example(w: $0).diagram) })
    page.prose(
      """
      Why backwards? From one input to the loss of a net with ten layers of 32 units there are $32^{10}$ paths: too many to walk one by \
      one. Begin at $L$ instead, and in each box add up all that arrives before you go on. Then every arrow is used once, and one walk \
      back gives the slopes of all weights. That is **backpropagation**.
      """)
    page.project("Multiply along a path, add over paths")
    page.prose(
      """
      In 25 lines of Python, every box keeps its value, its slope, and the boxes it was made of:

      ```python
      from math import exp

      class Value:
          def __init__(self, data, parents=()):
              self.data, self.grad, self.parents = data, 0.0, parents
          def __add__(self, o):                 # each parent with its local slope
              return Value(self.data + o.data, [(self, 1), (o, 1)])
          def __mul__(self, o):
              return Value(self.data * o.data, [(self, o.data), (o, self.data)])
          def sigmoid(self):
              y = 1 / (1 + exp(-self.data))
              return Value(y, [(self, y * (1 - y))])
          def backward(self):
              order, seen = [], set()
              def visit(v):                     # parents first, then the box itself
                  if v in seen: return
                  seen.add(v)
                  for parent, _ in v.parents: visit(parent)
                  order.append(v)
              visit(self)
              self.grad = 1.0
              for v in reversed(order):         # backwards: a box before its parents
                  for parent, slope in v.parents:
                      parent.grad += slope * v.grad

      x, w, b, c, half = map(Value, (1.5, 2, -1, 0.05, 0.5))
      y = (w * x + b).sigmoid()                 # the target is 0
      L = half * y * y + half * c * w * w
      L.backward()
      print(w.grad)                             # \(fixed(Neuron.example(w: 2).dw, 4)); the figure rounds it
      ```

      It must be `+=`: with `=` only the last of several arrows from `w` would count.
      """
    )
  }
}
