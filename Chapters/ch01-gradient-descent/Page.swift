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
        Which way should each weight of a net move? Against its slope: one walk back through the net gives the slopes of all weights, for \
        about the work of two forward passes. How far? There is a learning rate above which training fails. A good one lies below it, \
        differs from net to net, and has to be found by trying.
        """)
    page.slide(
      "Thousands of weights, one number that is wrong",
      "How does a net know which way to change each weight, and how far?")
    addNeuron(to: &page)
    addDifferences(to: &page, findings)
    begin(
      2, "learning rates", on: &page,
      "About an hour: how far to step, first on a bowl, then with a net that learns, and two checks before a long run."
    )
    addHowFar(to: &page)
    addBowl(to: &page, findings.bowl)
    addSpirals(to: &page, findings, plain: plain)
    addLearningRates(to: &page, findings)
    addMovingEdge(to: &page, findings)
    addChecks(to: &page, findings)
    begin(
      3, "batches and better steps", on: &page,
      "About 45 minutes: how to learn with less computing.")
    addBatches(to: &page, findings, owner: owner)
    addBetterSteps(to: &page, findings, owner: owner)
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, owner)
    return page
  }

  /// The question, and one neuron by hand.
  static func addNeuron(to page: inout Page) {
    page.prose(
      """
      ## The question

      A net has thousands of weights $w$ and one number that says how wrong it is, the loss $L$. How does it know which way \
      to change each weight, and how far? The page is meant for three sittings. In a hurry, read part 1, *A net that learns*, and \
      *A recipe to begin with*, near the end.

      ## Part 1: gradients

      About 45 minutes: one slope by hand, all slopes of a layer at once, and how to check them.

      ## One neuron, by hand

      Take the smallest net there is: one input $x$, one weight $w$, one bias $b$. They make a product $q$, a sum $z$, and, \
      through an S-shaped function, an output $y$ between 0 and 1. The output should be $t$:

      $$q = w x \\qquad z = q + b \\qquad y = \\sigma(z) = \\frac{1}{1 + e^{-z}} \\qquad L = \\frac{1}{2}(y - t)^2$$

      The slope $\\partial L/\\partial w$ says how fast $L$ grows when $w$ alone moves. We need not work it out in one \
      piece. Each step has an easy slope of its own, and slopes multiply along a path. That is the **chain rule**.

      In a net a weight reaches the loss by many paths. To have two here, we add to $L$ a small penalty on the size of the \
      weight, $r = \\frac{1}{2} c w^2$ (chapter 7). The slope is the *sum* over the paths of the products along them:
      """)
    page.math(
      "\\frac{\\partial L}{\\partial w} = \\frac{\\partial L}{\\partial y}\\cdot\\frac{\\partial y}{\\partial z}\\cdot"
        + "\\frac{\\partial z}{\\partial q}\\cdot\\frac{\\partial q}{\\partial w}"
        + " + \\frac{\\partial L}{\\partial r}\\cdot\\frac{\\partial r}{\\partial w}"
        + " = (y - t)\\cdot y(1 - y)\\cdot 1\\cdot x + 1\\cdot c w")
    page.prose(
      """
      In Python these are a few lines. Forward from $w$ to $L$, then backward, where each slope is the slope that comes before it on \
      the way back, times one local slope:

      ```text
      q = w * x;  z = q + b;  y = 1 / (1 + exp(-z));  r = c * w**2 / 2
      L = (y - t)**2 / 2 + r

      dy = y - t                  # dL/dy
      dz = dy * y * (1 - y)       # dL/dz
      dq = dz * 1                 # dL/dq, and db is the same
      dw = dq * x + 1 * c * w     # two paths: their products add up
      ```
      """)
    page.fold("The same in Swift, the language of this workbook, and Swift in ten lines") {
      $0.code("neuron", in: "Neuron.swift")
      $0.prose(
        """
        `var q: Double { w * x }` is a number that is computed whenever `q` is asked for.

        - `let` names a value that stays, `var` one that changes. `Float` has 7 digits; Python's `float` is Swift's `Double`, \
        with 16.
        - `func slope(_ x: Double, of net: Net, step h: Double) -> Double` is called `slope(2, of: net, step: 0.1)`. The names of \
        arguments are written in the call; `_` stands for none. Of two names the first is the caller's, the second the \
        function's own.
        - `struct`: a value. `b = a` makes a copy; numbers in an array likewise. `.central`: one of the named values of an `enum`.
        - `inout`: the function may change this argument. The call marks it with `&`: `step(batch, in: &pass)`.
        - `try` stands before a call that may fail; a function that passes the failure on says `throws`.
        - `a ?? b` is `a`, or `b` where `a` is `nil` (None). `a ? b : c` is `b if a else c`.
        - `{ $0 * 2 }` is `lambda x: x * 2`, and `xs.map { $0 * 2 }` is `[x * 2 for x in xs]`. `{ index in … }` names its argument. `\\.count` is `lambda x: x.count`.
        - `0..<n` is `range(n)`; `0...n` has n as well.
        - `guard n > 0 else { return }`: go on only where n > 0. `layer.bias?.gradient`: the gradient of the bias, if there is a bias.
        - `first.visitParameters { _, p in step(&p, rate) }`: calls what is between the braces once for every array of weights, `p`.
        - `<T: Precision>`: for every type that can do what `Precision` asks. `any Optimizer`: a value of any such type.
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
          Values go from left to right, slopes of $L$ (marked ←) from right to left. The slope in a box is the slope in the box to which \
          its arrow leads, times the slope on the arrow; where two arrows leave a box, the products add. Here $x$ = 1.5, $b$ = −1, \
          $t$ = 0 and $c$ = 0.05.
          """,
        name: "chain-rule", isWide: true, titles: sum
      ) { .diagram(Neuron.example(w: $0).diagram) })
    page.prose(
      """
      Why backwards? From one input to the loss of a net with two layers of 32 units there are $32 \\cdot 32 = 1024$ paths, with ten such \
      layers $32^{10}$: too many to walk one by one. Instead, begin at $L$. In each box, add up what arrives from all boxes to which its arrows lead, \
      before you go on. Then every arrow is used once, and one walk back gives the slopes of all weights. That is **backpropagation**.
      """)
    page.project("Multiply along a path, add over paths")
    page.prose(
      """
      A machine can do this by itself. In 25 lines of Python, every box keeps its value, its slope, and the boxes it was made of:

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
      print(w.grad)                             # \(fixed(Neuron.example(w: 2).dw, 2)), as in the figure
      ```

      It must be `+=`: with `=` only the last of several arrows from `w` would count.
      """
    )
  }

  /// The heading of a part.
  private static func begin(_ part: Int, _ name: String, on page: inout Page, _ words: String) {
    page.prose(
      """
      ## Part \(part): \(name)

      \(words)
      """)
  }

  /// Checks before the long run.
  static func addChecks(to page: inout Page, _ findings: Findings) {
    let (checks, gains, firstLosses) = (
      findings.checks, CheckFindings.gains, findings.checks.firstLosses
    )
    let (heartSteps, heartEnds, blind) = (checks.steps, checks.ends, checks.blind)
    page.prose(
      """
      ## Checks before the long run

      Before a long training, two checks of a few minutes, here on images of handwritten digits, ten classes.

      **The first loss.** A net that has learned nothing should give each class the same probability.
      """)
    page.predict(
      "Ten classes, and each gets the probability 1/10. What is the cross-entropy?", within: 0.02, answer: log(10.0),
      "$-\\ln(1/10) = \\ln 10$. With $C$ classes the first loss should be $\\ln C$.")

    let wild = firstLosses[gains.count - 1]
    page.predict(
      "Ten classes, nothing learned yet, and last weights ten times the usual size. The first loss is about",
      choices: ["0.1", "2.3", "4", "12"], answer: wild.mean,
      """
      With weights ten times as large the scores of the classes differ by about ten, and $-\\ln p_t$ is about the largest score minus that of the \
      right class. This net is sure, and wrong.
      """)
    page.figure(
      Figure(
        abs(firstLosses[0].mean - log(10)) < 0.05 && wild.mean > 3
          ? "Small last weights begin at ln 10 = \(fixed(log(10), 2)); ten times the usual ones begin at \(fixed(wild.mean, 1)), confidently wrong"
          : "The first loss is \(fixed(firstLosses[0].mean, 2)) with small last weights and \(fixed(wild.mean, 2)) with large ones",
        .lines(
          LineChart(
            x: Axis("last weights, times the usual (1/√inputs)", log: true),
            y: Axis("first loss"),
            [
              Series(
                "first loss", x: gains.map(Double.init), y: firstLosses.map(\.mean),
                deviation: firstLosses.map(\.deviation), isEmphasized: true)
            ], references: [.init(.horizontal, at: log(10), "ln 10")])),
        caption:
          "A net with 64 hidden ReLU units, before training, on \(grouped(checks.imageCount)) images (\(findings.data)); \(findings.seeds.count) seeds.",
        name: "first-loss"))
    let usual = firstLosses[gains.firstIndex(of: 1) ?? 0].mean
    if usual > log(10) + 0.05 {
      page.prose(
        """
        The usual weights begin at \(fixed(usual, 1)), not at \(fixed(log(10), 2)). That is no mistake. Before it has learned anything, such a net \
        gives different scores to the classes, and random scores of standard deviation $s$ cost about $\\frac{1}{2}s^2$ more than equal ones. Worry when it is far \
        more, or begin with small last weights.
        """)
    }
    page.project(
      wild.mean > 3
        ? "Last weights too large: a first loss of \(fixed(wild.mean, 0)), not \(fixed(log(10), 1))"
        : "A sound first loss is ln 10, about \(fixed(log(10), 1))")

    page.prose(
      """
      **Overfit twenty examples.** A net with thousands of weights must be able to memorize twenty pictures without \
      a mistake. If it cannot, something is broken, and no amount of data will mend it.
      """)
    page.figure(
      Figure(
        heartEnds[0].mean < 0.1 && heartEnds[1].mean > 1
          ? "Twenty images are memorized in \(heartSteps) steps, unless something is broken"
          : "In \(heartSteps) steps the loss on twenty images falls to \(short(heartEnds[0].mean))",
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("loss on the twenty", range: 0...(log(10) + 0.2)),
            Defect.allCases.indices.map { index in
              Series(
                Defect.allCases[index].rawValue, x: (0..<heartSteps).map(Double.init),
                y: checks.curves[index], style: .line, isEmphasized: index == 0, color: index)
            },
            references: [.init(.horizontal, at: blind, "best without seeing the images")])),
        caption: """
          Plain gradient descent, all twenty in one batch. A net that is given black images can still learn how often each digit comes. It \
          stops at \(fixed(blind, 2)), the best loss without seeing the images. If your curve stops there, look at the inputs.
          """,
        name: "by-heart"))
    page.project("Twenty images memorized, or something is broken")
    page.prose(
      """
      One more number shows a rate that is too small before any curve does: the size of a step divided by the size of the weights, \
      ‖ηg‖/‖w‖. As a rough rule it should be about a thousandth. In the healthy run it is \(short(checks.updates[0].mean)), \
      with the rate 1000 times too small \(short(checks.updates[2].mean)) (first layer, first 20 steps).
      """)
  }

  /// The takeaway, exercises, further reading.
  ///
  /// - Parameter owner: the findings in which the additions stand.
  static func addEnding(to page: inout Page, _ owner: Findings?) {
    let begin =
      owner?.digitMethods.flatMap { digits in owner?.optimizers.map { whereToBegin(digits, $0, owner?.methodTasks) } }
      ?? "Methods need rates of their own: try momentum and Adam."
    page.callout(
      .takeaway,
      """
      - Slopes multiply along a path and add over paths, from the loss backwards. Check a backward pass against measured slopes, in Double.
      - The learning rate has an edge, on a bowl $2/\\lambda_{\\mathrm{max}}$. The curvature of a net changes as it learns, so find its edge by \
      trying rates.
      - Before anything else, look at the first loss and let the net memorize twenty examples.
      - \(begin)
      """)
    page.slide(
      "Measure the gradient, then tune the rate",
      """
      - Slopes multiply along a path and add over paths.
      - The learning rate has an edge. Batch sizes and methods each need a rate of their own.
      - First of all, look at the first loss and let the net memorize twenty examples.
      """)
    page.exercises()
    page.callout(
      .note,
      """
      **Without Swift: three things to try in the Python of this page**

      - Give `Value` the methods `exp`, `log` and division. Build softmax and cross-entropy, and check the slopes against $p - 1_t$.
      - In `both_passes` leave out `(1 - H**2)`. Which of the four gradients are now wrong? Answer first, then check.
      - Train on the spirals with five seeds, at ever larger rates. Where do three fail? Does this edge move with first weights half as large?
      """)
    page.fold("What comes out") {
      $0.prose(
        """
        The first: the slopes agree but for rounding, in about the 16th digit. The second: `dW1` and `db1` are wrong, because only they come after the \
        tanh on the way back; `dW2` and `db2` are right. The third is open: write down how many seeds fail at each rate, as in figure 6.
        """)
    }
    page.furtherReading([
      "Rumelhart, Hinton and Williams 1986, *Learning representations by back-propagating errors*",
      "LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*: learning rates and curvature",
      "Goh 2017, *Why momentum really works*, Distill",
      "Kingma and Ba 2015, *Adam: a method for stochastic optimization*, arXiv:1412.6980",
      "Loshchilov and Hutter 2017, *SGDR*, arXiv:1608.03983: the cosine",
      "Goyal et al. 2017, *Accurate, large minibatch SGD*, arXiv:1706.02677: the linear scaling rule, and warm-up",
      "Dauphin et al. 2014, *Identifying and attacking the saddle point problem*, arXiv:1406.2572",
      "Cohen et al. 2021, *Gradient descent on neural networks typically occurs at the edge of stability*, arXiv:2103.00065",
      "Lewkowycz et al. 2020, *The large learning rate phase of deep learning*, arXiv:2003.02218: the catapult",
      "Karpathy, *CS231n: learning and evaluation*: gradient checks and the sanity checks of this page",
    ])
  }
}
