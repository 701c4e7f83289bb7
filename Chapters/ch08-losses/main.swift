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
  $w = b = \(short(start))$, so it says \(fixed(stubborn[0], 2)): as wrong as it can be. The loss is the squared error, \
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
  error is not slow, it is slow where it is wrong.
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
  \(short(gradientCheck(.squaredError))) of its size at worst, the wrong one by \(percent(wrongCheck)). And yet it \
  has the right *sign* everywhere, since $1 - s^2 > 0$: each output is still pushed the right way, only not with the \
  right force.
  """)
let rescued = page.predict(
  """
  A neuron is stuck: it says 0.02 where 1 is wanted. Another says 0.98 where 0 is wanted. Which of them does the wrong \
  derivative set free?
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
  Near 0 the wrong slope is 1 where the right one vanishes; near 1 it vanishes too, only half as fast. From 0.02 it is \
  \(short(low)) times as quick, from 0.98 \(short(high)) times, little more than the factor 2 by which it is larger there.
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
page.prose(
  """
  In a network with ten classes that is where it matters. After 20 steps of training the unit of the right digit says \
  \(fixed(early.output, 2)) on average (\(data)): nearer to 0 than to the 1 that it should say. The right slope there is \
  \(fixed(early.right, 2)), the wrong one \(fixed(early.wrong, 2)): the wrong rule pushes \
  \(fixed(early.wrong / early.right, 1)) times as hard where the push is needed.
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
  "Checked at random logits: the largest relative difference from central differences over \(checks.count) seeds is \(short(checks.maximum))."
)
page.figure(Charts.pushbacks())
page.callout(
  .erratum("S4"),
  """
  The source says that for classification the output layer has a sigmoid or tanh. A tanh answers between −1 and 1, which \
  is no probability, and has no logarithm to take below 0; a sigmoid is right for yes or no, or for several labels that \
  do not exclude each other. For one of many it is the softmax. An easy mistake: before 2000 tanh outputs with targets \
  ±1 and squared error were the custom, LeNet-5 of 1998 among them.
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
  every exponential overflows, and below −\(fixed(Double(-range.underflows), 2)) every one is 0.
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
  from the logits, $\\ln\\sum e^z - z_t$, and never through the probabilities. This is why `SoftmaxCrossEntropy` here, as \
  in every framework, takes logits.
  """)

// MARK: The same net

let weights = run.trying {
  try Model(Ending.softmaxEntropy.layers(hidden: 30), input: [1, 28, 28], seed: 1).parameterCount
}
page.prose(
  """
  ## The same network, five ways to end it

  Does what holds for one neuron hold for \(weights) weights? A network of 784 pixels, 30 tanh units and ten outputs learns \
  \(grouped(digits.train.count)) digits (\(data)) in batches of 20. Only its end is changed: sigmoid or softmax, squared error or \
  cross-entropy, and squared error with the wrong derivative.
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
  \(same[0].finalError.formatted(decimals: 1)) % with squared error, \(same[1].finalError.formatted(decimals: 1)) % with \
  the wrong derivative, \(same[2].finalError.formatted(decimals: 1)) % with cross-entropy behind the same sigmoids.
  """)
let level = Races.level(same)
let (slowSteps, fastSteps) = (same[0].steps(to: level), same[2].steps(to: level))
page.figure(
  Charts.curves(
    same,
    title: slowSteps.mean > 1.3 * fastSteps.mean
      ? "At one learning rate, cross-entropy is at \(percent(level)) error after \(fixed(fastSteps.mean, 0)) steps, squared error after \(same[0].reaches(level) ? "" : "more than ")\(fixed(slowSteps.mean, 0))"
      : "At one learning rate all endings learn alike",
    caption:
      "Learning rate \(common) for all. \(data), \(counted(seeds.count, "seed")), bands of one standard deviation.",
    name: "same-rate"))
page.prose(
  """
  The wrong derivative runs with the cross-entropies, as its hidden loss says it should. But is a race at one learning \
  rate fair? A loss with a smaller gradient can be given a larger rate. So each ending is trained at \
  \(sweep.rates.count) rates, \(counted(seeds.count, "seed")) each, and judged on \(grouped(digits.validation.count)) digits that \
  are in neither training nor test set.
  """)
page.figure(Charts.rates(sweep, data: data))
let (ownSlow, ownFast) = (own[0].steps(to: level), own[2].steps(to: level))
page.figure(
  Charts.curves(
    own,
    title: ownSlow.mean > 1.3 * ownFast.mean
      ? "Each at its own rate: squared error still needs \(fixed(ownSlow.mean / ownFast.mean, 1)) times as many steps to \(percent(level)) error"
      : "Each at its own rate, the difference is nearly gone: \(fixed(ownSlow.mean, 0)) steps against \(fixed(ownFast.mean, 0)) to \(percent(level)) error",
    caption: """
      Rates: \(own.map { "\($0.ending.name) \($0.rate)" }.joined(separator: "; ")). \(data), \
      \(counted(seeds.count, "seed")).
      """,
    name: "own-rate"))
page.table(
  Table(
    "Test error after \(counted(epochs, "epoch")) (%), \(data)",
    columns: [
      "ending", .init("rate \(common)", digits: 1), "own rate", .init("at its own rate", digits: 1),
    ],
    rows: same.indices.map { index in
      [
        TableCell(same[index].ending.name), .measured(same[index].finalError.mean, same[index].finalError.deviation),
        .text("\(own[index].rate)"), .measured(own[index].finalError.mean, own[index].finalError.deviation),
      ]
    }))

// MARK: A bad start

let biases: [Float] = [-6, -4, -2, 0, 2, 4, 6]
page.prose(
  """
  ### Where the difference comes back

  Small random weights are a kind start: all outputs say about ½, where the sigmoid is steepest. Give the ten outputs \
  a bias instead, so that all of them begin near 0 or near 1, each ending at its own best learning rate.
  """)
let stuck = run.trying {
  try Races.biases(digits, biases, rates: own.map(\.rate), epochs: 2, seeds: seeds, run, page)
}
page.figure(Charts.biases(stuck, biases: biases, epochs: 2, data: data))
page.prose(
  """
  With all outputs at \(short(sigmoid(-6))) the errors after two epochs are \(stuck[0][0].formatted(decimals: 0)) % for \
  squared error, \(stuck[1][0].formatted(decimals: 0)) % with the wrong derivative and \
  \(stuck[2][0].formatted(decimals: 0)) % for cross-entropy; with all at \(fixed(sigmoid(6), 3)), \
  \(stuck[0][6].formatted(decimals: 0)), \(stuck[1][6].formatted(decimals: 0)) and \
  \(stuck[2][6].formatted(decimals: 0)) %. The two sides are not alike: near 1 nine outputs of ten are wrong for every \
  digit, and their pushes on the biases agree; near 0 only one in ten is, and nine say that all is well. So being stuck \
  at 0 is the common trouble of a classifier, and that is the side on which the wrong derivative helps.
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
  page.figure(Charts.oneDigit(example, data: data))
}

// MARK: Claims

page.claim(
  Claim(
    "The push of squared error behind a sigmoid shrinks where ŷ is badly wrong, from ŷ = 0.7 on", source: "S0",
    published: "0.7", measured: "from \(fixed(top.output, 4)) on",
    verdict: abs(top.output - 0.7) < 0.005 ? .reproduced : abs(top.output - 0.7) < 0.05 ? .partly : .notHere,
    reason: "it does shrink; the peak is at ⅔. A formula: no seed"))
page.claim(
  Claim(
    "A badly wrong sigmoid unit learns slowly with squared error", source: "S0", published: "slow",
    measured: "\(count(slow)) steps against \(count(fast)) with cross-entropy",
    verdict: Double(slow ?? 5000) > 2 * Double(fast ?? 5000) ? .reproduced : .notHere,
    reason: "one neuron from w = b = 2: no seed"))
page.claim(
  Claim(
    "Softmax with cross-entropy has the gradient p − y, without the slope of an activation", source: "S0",
    published: "δ = p − y", measured: "relative difference \(short(checks.mean)) from central differences",
    seeds: checks.count, verdict: checks.maximum < 1e-3 ? .reproduced : .notHere))
page.claim(Races.claim(same: (slowSteps, fastSteps), own: (ownSlow, ownFast), level: level))
page.claim(run.trying { try OutputCost.claim() })
page.claim(TopK.claim(young))

page.callout(
  .takeaway,
  """
  Choose the loss and the last activation together, so that the slope cancels: sigmoid with binary cross-entropy for \
  yes or no, softmax with cross-entropy for one of many. The push is then the error, $p - y$. Hand the loss the logits, \
  and let it shift them by their maximum. And check every derivative against differences: a wrong one can train, and \
  even train faster.
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
