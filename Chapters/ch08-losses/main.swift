// Chapter 8: what counts as wrong, and how hard the network is told.

import Foundation
import Workbook

let run = ChapterRun.start(chapter: 8)
let seeds = run.seeds(quick: 1, normal: 3, full: 5)
let epochs = run.pick(quick: 2, normal: 6, full: 20)
let digits = run.trying {
  try DigitSets(
    from: run.options.data, train: run.pick(quick: 1000, normal: 3000, full: 20_000),
    validation: run.pick(quick: 500, normal: 1000, full: 5000), test: run.pick(quick: 500, normal: 1000, full: 10_000))
}
let data = digits.name

// The badly wrong neuron.
let start = 2.0
let rate = 0.15
let slow = stepsToLearn(.squaredError, from: start, target: 0, rate: rate)
let fast = stepsToLearn(.crossEntropy, from: start, target: 0, rate: rate)

var page = run.page(
  lead: """
    A loss turns an answer into one number, and its gradient into a push. Two losses can agree on which answer is \
    right and push so differently that a neuron learns with one in \(count(fast)) steps what takes it \(count(slow)) \
    with the other.
    """,
  data: data)

// MARK: The question

let stubborn = learn(.squaredError, from: start, target: 0, rate: rate)
page.prose(
  """
  ## The question

  A person who is badly wrong, and told so, learns fast. Does a neuron? Take the smallest one: a weight, a bias, a \
  sigmoid, $\\hat{y} = \\sigma(wx + b)$, and a single example: for $x = 1$ it shall say 0. It begins with \
  $w = b = \(short(start))$, so it says \(fixed(stubborn[0], 2)): about as wrong as it can be. The loss is the squared error, \
  $\\frac{1}{2}(\\hat{y} - y)^2$, the learning rate \(rate).
  """)
page.sideNote("The experiment is Michael Nielsen's: *Neural Networks and Deep Learning*, chapter 3.")
let guess = page.predict(
  "What does the neuron say after 300 steps of gradient descent?", choices: ["0.01", "0.2", "0.5", "0.97"])
page.code("learn", in: "Neuron.swift")
page.reveal(
  guess, answer: stubborn[300],
  """
  After 50 steps it still says \(fixed(stubborn[50], 2)), after 100 \(fixed(stubborn[100], 2)). Of 300 steps it spends \
  \(stubborn.firstIndex { $0 < 0.5 } ?? 300) on the wrong side of one half.
  """)

// MARK: The derivation

page.prose(
  """
  ## Where the push goes

  By the chain rule the push on $z = wx + b$ is the error times the slope of the sigmoid:
  """)
page.math(
  "\\delta = \\frac{\\partial L}{\\partial \\hat{y}} \\cdot \\frac{\\partial \\hat{y}}{\\partial z} = "
    + "(\\hat{y} - y) \\cdot \\hat{y}(1 - \\hat{y})")
page.callout(
  .erratum("S0"),
  """
  The source writes the second factor as $\\hat{y} / z^l$: the two ∂ are missing. An easy mistake, since for the \
  identity the quotient and the derivative are the same; for a sigmoid the quotient has a pole at $z = 0$. Its next \
  line has the right factor, $\\sigma'(z)$.
  """)
let top = peak(of: .squaredError)
let where0 = page.predict(
  """
  The target is 0. As the answer ŷ goes from 0 to 1 the error grows, and the slope rises and falls. Their product, the \
  push, is largest at ŷ =
  """, within: 0.03)
page.reveal(
  where0, answer: top.output,
  """
  The product is ŷ²(1 − ŷ), its derivative 2ŷ − 3ŷ², which is 0 at ⅔. The push there is \(fixed(top.signal, 3)) = 4/27; \
  at ŷ = \(fixed(stubborn[0], 2)) it is \(short(Rule.squaredError.errorSignal(stubborn[0], target: 0))).
  """)
page.figure(Charts.errorTimesSlope(peak: top))
page.callout(
  .erratum("S0"),
  """
  The source's figure 2 is this one, and its text says that the gradient falls from ŷ = 0.7 on. The peak is at \
  \(fixed(top.output, 4)), ⅔: 0.7 was read off the plot. An easy mistake, because the top is flat: at 0.7 the product \
  is still \(fixed(100 * Rule.squaredError.errorSignal(0.7, target: 0) / top.signal, 1)) % of its largest value.
  """)

// MARK: Cross-entropy

page.prose(
  """
  ## A loss that cancels the slope

  The factor $\\hat{y}(1 - \\hat{y})$ comes from the sigmoid and cannot be avoided. But the loss may be chosen such that \
  its derivative divides by it. Ask for $\\delta = \\hat{y} - y$, that is for

  $$\\frac{\\partial L}{\\partial \\hat{y}} = \\frac{\\hat{y} - y}{\\hat{y}(1 - \\hat{y})} = \
  \\frac{1 - y}{1 - \\hat{y}} - \\frac{y}{\\hat{y}}$$

  and integrate:

  $$L = -y \\ln \\hat{y} - (1 - y) \\ln(1 - \\hat{y})$$

  the **cross-entropy**. It punishes a confident mistake without limit, and its push is the error itself.
  """)
page.code("errorSignal", in: "Neuron.swift")
page.figure(Charts.badStart(rate: rate))
page.prose(
  """
  From $w = b = 2$ the neuron comes within 0.2 of its target after \(count(fast)) steps with cross-entropy and after \
  \(count(slow)) with squared error. Some of that is a matter of the learning rate: the slope is never above ¼, so \
  squared error is at least four times as slow even from a mild start. The rest is not. From $w = b = 3$ it takes \
  \(count(stepsToLearn(.squaredError, from: 3, target: 0, rate: rate))) steps against \
  \(count(stepsToLearn(.crossEntropy, from: 3, target: 0, rate: rate))): no single rate makes up for both. The squared \
  error is slowest where it is most wrong.
  """)

// MARK: The wrong derivative

let wrongCheck = gradientCheck(.published, against: .squaredError)
let early = run.trying { try slopesOfRightClass(on: digits, rate: 0.1, steps: 20, seed: seeds[0]) }
page.prose(
  """
  ## A wrong derivative that helped

  The program behind the sources' LeNet-5 has a slip in it. For the slope of the sigmoid it computes $1 - s^2$, which is \
  the slope of tanh, instead of $s(1 - s)$. Nothing crashed, the network learned, a table was published. What does such \
  a mistake do?

  A gradient check finds it at once: against central differences of the squared error the right formula is off by \
  \(short(gradientCheck(.squaredError))) of its size at worst, the wrong one by \(percent(wrongCheck)) or more. And yet it \
  has the right *sign* everywhere, since $1 - s^2 > 0$: each output is still pushed the right way, only not with the \
  right force.
  """)
let rescued = page.predict(
  """
  A neuron is stuck: it says 0.02 where 1 is wanted. Another says 0.98 where 0 is wanted. Which of them does the wrong \
  derivative set free in less than a quarter of the steps, at the same learning rate?
  """,
  choices: ["both", "the one stuck at 0.02", "the one stuck at 0.98", "neither"])
func gain(stuckAt side: Double) -> Double {
  let from = side == 1 ? 2.0 : -2.0
  return Double(stepsToLearn(.squaredError, from: from, target: 1 - side, rate: rate) ?? 5000)
    / Double(stepsToLearn(.published, from: from, target: 1 - side, rate: rate) ?? 5000)
}
let (low, high) = (gain(stuckAt: 0), gain(stuckAt: 1))
page.reveal(
  rescued, answer: low > 4 && high > 4 ? 0 : low > 4 ? 1 : high > 4 ? 2 : 3,
  """
  Near 0 the wrong slope is 1 where the right one vanishes; near 1 it vanishes as well, and is only twice the right one. \
  From 0.02 the wrong derivative is \(short(low)) times as quick, from 0.98 \(short(high)) times.
  """)
page.figure(Charts.twoSides(rate: rate))
page.prose(
  """
  ### The loss it descended without knowing

  A push of the right sign belongs to *some* loss. Integrate it, with $ds = s(1 - s)\\,dz$:

  $$L = \\int \\frac{(s - y)(1 - s^2)}{s(1 - s)}\\,ds = \\frac{s^2}{2} + (1 - y)\\,s - y \\ln s$$

  For the class that is wanted, $y = 1$, this is $-\\ln s$ and a little more: **the cross-entropy, but for a term that \
  never exceeds ½**. For the others, $y = 0$, it is $s + s^2/2$: no cross-entropy, but with a slope of 1 at 0 where the \
  squared error has none. Central differences of *this* loss agree with the wrong rule to \
  \(short(gradientCheck(.published))).
  """)
page.figure(Charts.hiddenLoss())
func pushAtATenth(_ rule: Rule) -> String {
  percent(rule.errorSignal(0.1, target: 1) / Rule.crossEntropy.errorSignal(0.1, target: 1))
}
page.prose(
  """
  The slopes of these curves are the pushes, but for the factor $s(1 - s)$. Where 1 is wanted and the neuron says 0.1, \
  the wrong derivative gives \(pushAtATenth(.published)) of cross-entropy's push, the right one \
  \(pushAtATenth(.squaredError)).

  In a network with ten classes that matters. After 20 steps of training with squared error the unit of the right digit \
  says \(fixed(early.output, 2)) on average (\(data))\(early.output < 0.5 ? ", nearer to 0 than to the 1 that it should say" : ""). \
  The right slope there is \(fixed(early.right, 2)) on average, the wrong one \(fixed(early.wrong, 2)): \
  \(fixed(early.wrong / early.right, 1)) times as large.
  """)
page.callout(
  .erratum("S0"),
  """
  So the first row of the source's table, *LeNet-5: tanh, sigmoid, MSE*, was not trained with the squared error whose \
  slowness its section 3.2 explains, but with a relative of the cross-entropy that its section 4.2 recommends. An easy \
  mistake: both functions are S-shaped, their slopes look alike on paper, and a network forgives much. Chapter 10 trains \
  LeNet-5 both ways.
  """)

// MARK: Softmax

page.prose(
  """
  ## One of many: softmax

  For ten classes the outputs should be probabilities that add up to 1. The softmax makes them from ten scores, the \
  logits:

  $$p_i = \\frac{e^{z_i}}{\\sum_j e^{z_j}}, \\qquad L = -\\ln p_t = \\ln \\sum_j e^{z_j} - z_t$$

  with $t$ the right class. The loss is written with the logits alone, and its derivative is quickly found: the first \
  term gives $e^{z_i} / \\sum_j e^{z_j} = p_i$, the second 1 for the right class. So

  $$\\frac{\\partial L}{\\partial z_i} = p_i - y_i$$

  once more the error itself. (The sigmoid is the case of two classes, one logit fixed at 0.)
  """)
let checks = Summary((0..<3).map { softmaxGradientError(seed: run.seed &+ UInt64($0)) })
page.sideNote(
  "Checked at random logits: the relative difference from central differences is at most \(short(checks.maximum)) over \(checks.count) seeds."
)
page.figure(Charts.pushbacks())
page.callout(
  .erratum("S4"),
  """
  The source says that for classification the output layer has a sigmoid or tanh. A tanh answers between −1 and 1, which \
  is no probability, and has no logarithm to take below 0; a sigmoid is right for yes or no, or for several labels that \
  do not exclude each other. For one of many it is the softmax. An easy mistake: before 2000 tanh outputs with targets \
  ±1 and squared error were common.
  """)
let range = exponentRange()
let overflow = page.predict(
  "Three logits, 101, 102, 103, in 32-bit floats. What does the formula of the softmax give, typed in as it stands?",
  choices: ["0.09, 0.24, 0.67", "0, 0, 1", "⅓, ⅓, ⅓", "NaN, NaN, NaN"])
let shifted = [0, 50, 86, 100, -100, -105, -110].map { ShiftedScores(shift: Float($0)) }
let hundred = shifted[3]
page.reveal(
  overflow, answer: hundred.naiveIsRight ? 0 : hundred.naive.allSatisfy(\.isNaN) ? 3 : 1,
  """
  $e^{101}$ is more than a Float can hold, it becomes ∞, and ∞/∞ is no number. Above \(fixed(Double(range.overflows), 2)) \
  every exponential overflows, and below −\(fixed(Double(-range.underflows), 2)) every one is 0; shortly above that a \
  Float has only a few bits left for it.
  """)
page.code("softmaxes", in: "Softmax.swift")
page.table(
  Table(
    "The softmax of 1, 2, 3, all moved by the same shift: mathematically always the same",
    columns: [.init("shift"), "as typed", "max subtracted", "−ln p₁ as typed", "log-sum-exp"],
    rows: shifted.map { row in
      [
        TableCell(Int(row.shift)), .text(row.naive.map { cell($0, 2) }.joined(separator: "  ")),
        .text(row.stable.map { cell($0, 2) }.joined(separator: "  ")), .text(cell(row.naiveLoss, 3)),
        .text(cell(row.stableLoss, 3)),
      ]
    }))
page.code("logSumExp", in: "Softmax.swift")
page.callout(
  .mistake,
  """
  Subtracting the maximum cures the overflow, not the logarithm: a class that lies \
  \(fixed(Double(-range.underflows), 0)) logits behind has $p = 0$ in floats, and $-\\ln 0$ is infinite. Compute the loss \
  from the logits, $\\ln\\sum e^z - z_t$, and never through the probabilities. This is why `SoftmaxCrossEntropy` here, like \
  PyTorch's `CrossEntropyLoss`, takes logits.
  """)

// MARK: The same net

let weights = run.trying {
  try Model(Ending.softmaxEntropy.layers(hidden: 30), input: [1, 28, 28], seed: 1).parameterCount
}
page.prose(
  """
  ## The same network, five ways to end it

  Does what holds for one neuron hold for \(grouped(weights)) weights and biases? A network of 784 pixels, 30 tanh units and ten outputs learns \
  \(grouped(digits.train.count)) digits (\(data)) in batches of 20. Only its end is changed: sigmoid or softmax, squared error or \
  cross-entropy, and squared error with the wrong derivative. Behind ten sigmoids the cross-entropy is the binary one of \
  the single neuron, summed over the outputs; behind a softmax it is $-\\ln p_t$.
  """)
page.code("layers", in: "Nets.swift")
let common: Float = 0.02
let raced = page.predict(
  """
  All five learn at the sources' rate of \(common). Which network has the most mistakes after \(epochs) epochs?
  """,
  choices: Ending.allCases.map(\.name))
let (same, sweep, own) = run.trying {
  try Races.run(digits, common: common, epochs: epochs, seeds: seeds, run, page)
}
let slowest = same.indices.max { same[$0].finalError.mean < same[$1].finalError.mean } ?? 0
page.reveal(
  raced, answer: slowest,
  """
  Behind sigmoids, \(same[0].finalError.formatted(decimals: 1)) % of the test digits are wrong with squared error, \
  \(same[1].finalError.formatted(decimals: 1)) % with the wrong derivative and \
  \(same[2].finalError.formatted(decimals: 1)) % with cross-entropy; behind a softmax, \
  \(same[3].finalError.formatted(decimals: 1)) % with squared error and \
  \(same[4].finalError.formatted(decimals: 1)) % with cross-entropy.
  """)
let level = Races.level(same)
let (slowSteps, fastSteps) = (same[0].steps(to: level), same[2].steps(to: level))
page.figure(
  Charts.curves(
    same,
    title: slowSteps.mean > 1.3 * fastSteps.mean
      ? "At one learning rate, behind sigmoids, cross-entropy is at \(percent(level)) error after \(same[2].stepsText(to: level)) steps, squared error after \(same[0].stepsText(to: level))"
      : "At one learning rate, behind sigmoids, cross-entropy gets to \(percent(level)) error hardly sooner than squared error",
    caption:
      "Learning rate \(common) for all, a look every \(Races.interval) steps; \(data), \(spread(seeds.count)).",
    name: "same-rate"))
let lead = same[0].finalError.mean - same[2].finalError.mean
let keepsUp = lead > 0 && same[1].finalError.mean - same[2].finalError.mean < lead / 2
page.prose(
  """
  The wrong derivative, \(same[1].finalError.formatted(decimals: 1)) % at the end, \
  \(keepsUp ? "runs with the cross-entropy of the same sigmoids, which its hidden loss is for the wanted class" : "does not run with the cross-entropy of the same sigmoids here, which its hidden loss is for the wanted class"). \
  But is a race at one learning rate fair? A loss with a smaller gradient can be given a larger rate. So each ending is trained at \
  \(sweep.rates.count) rates, \(counted(seeds.count, "seed")) each, and judged on \(grouped(digits.validation.count)) digits that \
  are in neither training nor test set.
  """)
page.figure(Charts.rates(sweep, data: data))
let (ownSlow, ownFast) = (own[0].steps(to: level), own[2].steps(to: level))
page.figure(
  Charts.curves(
    own,
    title:
      "Each at its best rate, behind sigmoids: \(own[0].stepsText(to: level)) steps to \(percent(level)) error with squared error, \(own[2].stepsText(to: level)) with cross-entropy"
      + (ownSlow.mean > 1.3 * ownFast.mean
        ? "; a difference remains"
        : ownFast.mean > 1.3 * ownSlow.mean ? "; squared error is even ahead" : "; hardly a difference is left"),
    caption: """
      Rates: \(own.map { "\($0.ending.name) \($0.rate)" }.joined(separator: "; ")). A look every \(Races.interval) \
      steps; \(data), \(spread(seeds.count)).
      """,
    name: "own-rate"))
page.table(
  Table(
    "Test error after \(counted(epochs, "epoch")) (%), \(data): at one rate, and at the best rate of each ending in the sweep",
    columns: [
      "ending", .init("error at \(common)", digits: 1), "best rate", .init("error at best rate", digits: 1),
    ],
    rows: same.indices.map { index in
      [
        TableCell(same[index].ending.name), .measured(same[index].finalError),
        .text("\(own[index].rate)"), .measured(own[index].finalError),
      ]
    }))

page.prose(Races.comparison(own))

// MARK: A bad start

let biases: [Float] = [-6, -4, -2, 0, 2, 4, 6]
page.prose(
  """
  ### A bad start for the whole network

  Small random weights are a kind start: all outputs say about ½, where the sigmoid is steepest. Give the ten outputs \
  a bias instead, so that all of them begin near 0 or near 1, each ending with its best learning rate.
  """)
let stuck = run.trying {
  try Races.biases(digits, biases, rates: own.map(\.rate), epochs: 2, seeds: seeds, run, page)
}
page.figure(Charts.biases(stuck, data: data))
let ends = (low: 0, high: biases.count - 1)
func startErrors(_ place: Int) -> [String] { stuck.errors.map { $0[place].formatted(decimals: 1) + " %" } }
func pace(_ place: Int) -> String {
  let pace = stuck.pace(at: biases[place])
  if abs(log(pace)) < log(1.1) { return "about as fast" }
  return pace < 1 ? "\(short(1 / pace)) times as slowly" : "\(short(pace)) times as fast"
}
func guessing(_ place: Int) -> String {
  let runs = stuck.guessing(at: place)
  return runs.isEmpty ? "" : " (over 80 % wrong, hardly better than guessing: \(runs))"
}
let behindLow = stuck.behind(at: ends.low)
let entropyAtEnds = (stuck.errors[2][ends.low].mean, stuck.errors[2][ends.high].mean)
page.prose(
  """
  With all outputs at \(share(sigmoid(Double(biases[ends.low])))) the errors after \(counted(stuck.epochs, "epoch")) are \
  \(startErrors(ends.low)[0]) for squared error, \(startErrors(ends.low)[1]) with the wrong derivative and \
  \(startErrors(ends.low)[2]) for cross-entropy\(guessing(ends.low)); with all at \
  \(share(sigmoid(Double(biases[ends.high])))), \(startErrors(ends.high)[0]), \(startErrors(ends.high)[1]) and \
  \(startErrors(ends.high)[2])\(guessing(ends.high)).

  Mind the learning rates: the single neurons above all had the same, here each rule has its best, \
  \(stuck.rates[1]) with the wrong derivative and \(stuck.rates[0]) with squared error. What moves an output is slope \
  times rate. At \(share(sigmoid(Double(biases[ends.high])))) the wrong derivative so moves it \(pace(ends.high)) as \
  squared error does, at \(share(sigmoid(Double(biases[ends.low])))) \(pace(ends.low)).

  The two sides are not alike. Near 1 an output is wrong for nine digits of ten, and their pushes on its bias agree; near \
  0 it is wrong for one digit of ten, and the nine others say that all is well.\
  \(entropyAtEnds.1 > 1.2 * entropyAtEnds.0 ? " The start near 1 costs cross-entropy, too: \(fixed(entropyAtEnds.1, 1)) against \(fixed(entropyAtEnds.0, 1)) %." : "")\
  \(behindLow.contains(.squaredError) && !behindLow.contains(.published) ? " And near 0 is where the wrong derivative helps." : "")
  """)

// MARK: Top-k

page.prose(
  """
  ## Counting mistakes: top-1 and top-5

  A loss is for learning; people count mistakes. The **top-1 error** is the share of images whose class is not the \
  network's first choice, the **top-5 error** the share whose class is not among its first five. ImageNet is judged by \
  the second, since a picture of a dog in a basket has one label and two right answers. For a thousand classes guessing \
  has a top-5 error of 99.5 %; for ten it has 50 %.
  """)
let young = run.trying {
  try [Ending.sigmoidSquared, .softmaxEntropy].map {
    try NetRuns($0, on: digits, rate: common, epochs: 1, every: .max, seeds: seeds)
  }
}
page.figure(Charts.topErrors(young, data: data))
if let example = TopK.example(young[1].runs[0], in: digits.test) {
  page.figure(Charts.digit(example, data: data))
  page.figure(Charts.oneDigit(example, data: data))
}

// MARK: Claims

page.claim(
  Claim(
    "The push of squared error behind a sigmoid shrinks where ŷ is badly wrong, from ŷ = 0.7 on", source: "S0",
    published: "0.7", measured: "from \(fixed(top.output, 4)) on",
    verdict: abs(top.output - 0.7) < 0.005 ? .reproduced : abs(top.output - 0.7) < 0.05 ? .partly : .notHere,
    reason: "it does shrink; the peak is at ⅔"))
page.claim(
  Claim(
    "A badly wrong sigmoid unit learns slowly with squared error", source: "S0", published: "slow",
    measured: "\(count(slow)) steps against \(count(fast)) with cross-entropy",
    verdict: Double(slow ?? 5000) > 2 * Double(fast ?? 5000) ? .reproduced : .notHere,
    reason: "one neuron from w = b = 2"))
page.claim(
  Claim(
    "Softmax with cross-entropy has the gradient p − y, without the slope of an activation", source: "S0",
    published: "δ = p − y", measured: "at most \(short(checks.maximum)) from central differences, relatively",
    seeds: checks.count, verdict: checks.maximum < 1e-3 ? .reproduced : .notHere))
page.claim(Races.claim(same: same, own: own, level: level))
page.claim(run.trying { try OutputCost.claim() })
page.claim(TopK.claim(young))

/// By how many points the wrong derivative ends ahead of the right one, each at its best rate.
let wrongEnd = own[0].finalError - own[1].finalError
page.callout(
  .takeaway,
  """
  Choose the loss and the last activation together, so that the slope cancels: sigmoid with binary cross-entropy for \
  yes or no, softmax with cross-entropy for one of many. The push is then the error, $p - y$. Hand the loss the logits, \
  and let it shift them by their maximum. And check every derivative against differences: a wrong one can train, even \
  faster at one rate, and \(wrongEnd.mean < -wrongEnd.uncertainty
    ? "end worse than the right one when each has its best rate."
    : wrongEnd.mean > wrongEnd.uncertainty ? "end better, too." : "nobody notices.")
  """)
page.exercises(run.exercises)
page.furtherReading([
  "Nielsen 2015, *Neural Networks and Deep Learning*, chapter 3: the neuron that is badly wrong",
  "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*: plateaus of the squared error beside those of cross-entropy",
  "Bridle 1990, *Probabilistic interpretation of feedforward classification network outputs*: where softmax got its name",
  "Szegedy et al. 2016, arXiv:1512.00567, section 7: label smoothing",
  "S0: *Understanding and Improving Convolutional Neural Networks*, sections 3.2 and 4.2",
])
run.publish(&page)
