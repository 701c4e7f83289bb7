// Chapter 7: which restraint helps on data never seen, and which hurts?

import Foundation
import Workbook

let run = ChapterRun.start(chapter: 7)
let seeds = run.seeds(quick: 1, normal: 3, full: 10)
let digits = run.trying {
  try DigitSets(
    from: run.options.data, train: run.pick(quick: 200, normal: 500, full: 1000),
    validation: run.pick(quick: 200, normal: 500, full: 2000), test: run.pick(quick: 300, normal: 1000, full: 10_000))
}
let data = digits.name
let lambdas: [Float] = run.pick(
  quick: [0, 0.003, 0.01, 0.03], normal: [0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1],
  full: [0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1])

var page = run.page(
  lead: """
    A network with more weights than examples can learn all of them by heart, the wrong ones too. This chapter takes the \
    restraints one by one: what each does to the weights, and whether it helps on data never seen.
    """,
  data: data)

// MARK: The question

let ticker = Ticker("moons", total: 2 * lambdas.count * seeds.count, run)
let sweep = run.trying {
  try PenaltySweep(lambdas: lambdas, epochs: run.pick(quick: 100, normal: 300, full: 600), seeds: seeds) {
    ticker.tick()
  }
}
ticker.finish()
let bare = (sweep.summaries(0, \.trainingError)[0], sweep.summaries(0, \.testError)[0])
let moons = Moons.samples(count: 40, noise: 0.35, seed: seeds[0])
page.prose(
  """
  ## The question

  \(grouped(moons.count)) points of two half moons, so noisy that they overlap, and a net of \
  \(sweep.runs[0][0][0].weights.reduce(0) { $0 + $1.count }) weights. After training it is wrong on \
  \(fixed(100 * bare.0.mean, 1)) % of the points it learned from, and on \(fixed(100 * bare.1.mean, 1)) % of new ones. \
  What it has learned by heart helps it on the first and not on the second. Which restraint makes the gap smaller without \
  spoiling the rest?
  """)
page.code("trainOnMoons", in: "Penalties.swift")

// MARK: Penalties

page.prose(
  """
  ## A price on weights

  Let every weight cost something, and ask for the smallest sum:

  $$E(w) + \\lambda_1 \\sum |w| + \\frac{\\lambda_2}{2} \\sum w^2$$

  The first price is called L1, the second L2. Their gradients are added to those of the loss, $\\lambda_1 \\cdot \
  \\mathrm{sign}(w)$ and $\\lambda_2 \\cdot w$: L1 pulls every weight towards 0 with the same force, L2 with a force that \
  grows with the weight. (At $w = 0$ the slope of $|w|$ is undefined; 0 is taken.) Biases cost nothing.

  What that does is plain where the loss is a parabola around the best weight, $\\frac{1}{2}(w - w_0)^2$. Setting the \
  derivative to 0 gives

  $$w = \\frac{w_0}{1 + \\lambda_2} \\qquad \\text{or} \\qquad w = \\mathrm{sign}(w_0) \\cdot \\max(0, |w_0| - \\lambda_1)$$
  """)
let zeros = page.predict(
  "Make the price high enough. Which penalty sets weights to exactly 0?",
  choices: ["L1", "L2", "both", "neither"])
let (zeroed, shared) = (
  minimizer(of: 0.4, penalty: .l1(1)) == 0, minimizer(of: 0.4, penalty: .l2(1000)) == 0
)
page.reveal(
  zeros, answer: zeroed ? (shared ? 2 : 0) : (shared ? 1 : 3),
  """
  At $\\lambda = 1$ the weight 0.4 is \(fixed(minimizer(of: 0.4, penalty: .l1(1)), 2)) under L1 and \
  \(fixed(minimizer(of: 0.4, penalty: .l2(1)), 2)) under L2; at 1000 L2 still leaves \
  \(short(minimizer(of: 0.4, penalty: .l2(1000)))).
  """)
page.figure(Charts.shrinkage())
page.code("penalty", in: "Penalties.swift")
page.figure(Charts.boundary(sweep, points: moons))
page.figure(Charts.sweep(sweep))
let tests = (0..<2).map { sweep.summaries($0, \.testError) }
page.table(
  Table(
    "Two moons: error in % and length of the line between the classes, means of \(counted(seeds.count, "seed"))",
    columns: [
      .init("λ"), .init("training, L2", digits: 1), .init("test, L2", digits: 1), .init("length, L2", digits: 1),
      .init("training, L1", digits: 1), .init("test, L1", digits: 1), .init("length, L1", digits: 1),
    ],
    rows: lambdas.indices.map { index in
      [.text(lambdas[index] == 0 ? "0" : "\(lambdas[index])")]
        + (0..<2).flatMap { kind -> [TableCell] in
          [
            TableCell(100 * sweep.summaries(kind, \.trainingError)[index].mean),
            TableCell(100 * tests[kind][index].mean),
            TableCell(sweep.summaries(kind, \.boundaryLength)[index].mean),
          ]
        }
    }))
page.figure(Charts.weights(sweep))
page.callout(
  .erratum("S4"),
  """
  Of L2 the source says that it "encourages using all the training data". It is the *inputs* and weights that L2 keeps \
  all in use, each a little; how many examples are used is not its business. An easy slip; \
  further down the source has it right: L2 "uses all variables". It also calls both penalties weight decay; only L2 lets weights decay by \
  a share.
  """)

// MARK: Irrelevant inputs

page.prose(
  """
  ### Inputs that mean nothing

  Now each point gets 18 further inputs of pure noise; inputs 1 and 2 are its $x$ and $y$ as before. Nobody tells the net \
  which are which.
  """)
let penalties: [Penalty] = [.none, .l2(0.01), .l1(0.01), .softThreshold(0.01)]
let picker = Ticker("inputs", total: penalties.count * seeds.count, run)
let selection = run.trying {
  try InputSelection(
    penalties, points: run.pick(quick: 200, normal: 400, full: 400),
    epochs: run.pick(quick: 100, normal: 250, full: 500),
    seeds: seeds
  ) { picker.tick() }
}
picker.finish()
page.figure(Charts.inputs(selection, penalties))
let exact = penalties.indices.map { index in Summary(selection.runs[index].map { $0.share(below: 1e-12) }) }
let noisyErrors = penalties.indices.map { index in Summary(selection.runs[index].map { 100 * $0.testError }) }
let perInput = penalties.indices.map { index in (0..<2).map { selection.contrast(index, input: $0) } }
page.table(
  Table(
    """
    Two real inputs and 18 of noise, λ = \(penalties[1].lambda). Input 1, input 2: how many times the weights of an input of \
    noise they have. Off: inputs of noise whose weights have a root mean square below 0.01. Zeros: weights that are exactly 0
    """,
    columns: [
      "penalty", .init("input 1", digits: 1), .init("input 2", digits: 1), .init("off (%)", digits: 0),
      .init("zeros (%)", digits: 0), .init("test error (%)", digits: 1),
    ],
    rows: penalties.indices.map { index in
      [TableCell(penalties[index].name)] + perInput[index].map { .measured($0) } + [
        TableCell(100 * selection.silenced(index).mean), TableCell(100 * exact[index].mean),
        .measured(noisyErrors[index]),
      ]
    }))
let nearZero = Summary(selection.runs[2].map { $0.share(below: 0.01) })
page.prose(
  """
  Both real inputs have larger weights than every input of noise in \(selection.separated(2)) of \(counted(seeds.count, "run")) with \
  L1, and in \(selection.separated(1)) with L2.

  One detail of the L1 row: \(percent(nearZero.mean)) of its weights are within 0.01 of 0, and \(percent(exact[2].mean)) are \
  exactly 0. A gradient step moves a weight by $\\eta\\lambda$ ($\\eta$ is the learning rate) whatever its size, so near 0 it \
  steps across and back again for ever. The last row shrinks the weights in a step of its own that stops at 0, the *soft \
  threshold*, and has \(percent(exact[3].mean)) exact zeros:
  """)
page.code("shrink", in: "Penalties.swift")

// MARK: Early stopping

let wrongLabels: Float = 0.4
page.prose(
  """
  ## Stop in time

  The cheapest restraint is to stop. To see why, \(percent(Double(wrongLabels))) of the labels of \(digits.train.count) \
  digits (\(data)) are replaced by wrong ones, and a net with one layer of 128 ReLU units learns for many epochs. What it \
  can learn by rule, it learns first; the wrong labels follow no rule, and come last.

  Early stopping looks at digits set aside, the *validation* set. When their error has not improved for some epochs, the \
  *patience*, training ends (after epoch $e$, if the best was epoch $b$ and $e - b$ has reached the patience; an equal \
  error is no improvement), and **the weights of the best epoch are put back**. Without putting them back one keeps the \
  weights of a moment at which things had been getting worse all through the patience.
  """)
let late = page.predict(
  "40 % of the labels are wrong. In the last epoch, what share of the training set, wrong labels included, does the net still miss?",
  choices: ["about 60 %", "about 40 %", "about 20 %", "less than 10 %"])
let stopEpochs = run.pick(quick: 15, normal: 40, full: 100)
let clock = Ticker("stopping", total: 2 * seeds.count, run)
let stopping = run.trying {
  try StoppingExperiment(digits, wrongLabels: wrongLabels, epochs: stopEpochs, seeds: seeds) { clock.tick() }
}
clock.finish()
let learned = Summary(stopping.noisy.map { $0.last?.trainingError ?? 1 })
let byHeart =
  learned.mean == 0
  ? "all of them"
  : learned.mean < 0.05 ? "nearly all of them" : learned.mean < 0.3 ? "most of them" : "far from all of them"
page.reveal(
  late, answer: learned.mean < 0.1 ? 3 : learned.mean < 0.3 ? 2 : learned.mean < 0.5 ? 1 : 0,
  "\(fixed(100 * learned.mean, 1)) % in epoch \(stopEpochs): it has learned \(byHeart) by heart, right and wrong.")
page.code("learnByHeart", in: "Stopping.swift")
page.figure(Charts.stopping(stopping, digits: data))
let (patience, patiences) = (5, [1, 3, 5, 10])
let (noisyEarly, noisyLast) = (
  StoppingExperiment.stoppedError(stopping.noisy, patience: patience), StoppingExperiment.lastError(stopping.noisy)
)
let (cleanEarly, cleanLast) = (
  StoppingExperiment.stoppedError(stopping.clean, patience: patience), StoppingExperiment.lastError(stopping.clean)
)
page.table(
  Table(
    "Test error (%) of the epoch that patience goes back to, and after \(stopEpochs) epochs, \(data)",
    columns: [Table.Column("labels")] + patiences.map { .init("patience \($0)", digits: 1) }
      + [.init("last epoch", digits: 1)],
    rows: [("\(percent(Double(wrongLabels))) wrong", stopping.noisy), ("all right", stopping.clean)].map { name, runs in
      let errors =
        patiences.map { StoppingExperiment.stoppedError(runs, patience: $0) } + [StoppingExperiment.lastError(runs)]
      return [TableCell(name)] + errors.map { .measured($0) }
    }))
/// What stopping with a patience costs where all labels are right, in points.
func cost(_ patience: Int) -> String {
  difference(StoppingExperiment.stoppedError(stopping.clean, patience: patience).mean, cleanLast.mean)
}
page.prose(
  cleanEarly.mean > cleanLast.mean + 0.25
    ? """
    With right labels going on to the last epoch was better: patience \(patience) costs \(cost(patience)) points, patience 1 \
    \(cost(1)). Early stopping is an insurance, and has its price.
    """
    : """
    With right labels patience \(patience) ends within \(fixed(abs(cleanEarly.mean - cleanLast.mean), 1)) points of the last \
    epoch; patience 1 costs \(cost(1)).
    """)

// MARK: Augmentation

page.prose(
  """
  ## More pictures out of the same

  The best restraint is more data. Where there is none, each picture can be changed a little every time it is used, as \
  long as **its label survives**: a 6 moved by two pixels is a 6. Augmentation happens to training images only, and \
  before they are standardized, since a tone of grey means something there only.

  To *shift* a picture down by $d$ and right by $r$ is to take each pixel from $(i - d, j - r)$; what comes into view is \
  black. A *crop* pads the picture by $p$ on all sides and cuts a piece of the old size out, its corner at some (top, \
  left) of the padded picture: a shift by $p$ − top down and $p$ − left to the right.
  """)
let jitter = ColorJitter.fit(digits.train)
page.figure(
  Figure(
    "Six digits as they are and changed in eight ways: which labels survive?",
    .images(
      Views.grid(
        digits.train, places: Views.firstOfEach(digits.train, [2, 3, 5, 6, 7, 9]), jitter: jitter, seed: run.seed)),
    caption: """
      Shift by up to 3 pixels; crop out of a border of 4; rotation by up to 20°; equalize; solarize from ½; posterize to \
      1 bit; AlexNet's jitter, which for grey pictures is one of brightness. \(capitalized(data)).
      """,
    name: "augmentations"))
page.prose(
  """
  ### What the tone operations do

  *Solarize* turns every tone from a threshold on into its negative, $x \\to 1 - x$. *Posterize* keeps the highest bits of \
  each of the 256 levels and drops the rest: with one bit a pixel is 0 or 128. *Equalize* spreads the tones so that all \
  are used about equally often: level $v$ becomes the number of pixels darker than $v$, on a scale that reaches from 0 to \
  255. With $n$ pixels, $m$ of them on the brightest level in use, a step of the scale is $s = \\lfloor (n - m)/255 \
  \\rfloor$ pixels, and

  $$v \\to \\min\\left(255, \\left\\lfloor \\frac{\\lfloor s/2 \\rfloor + \\mathrm{darker}(v)}{s} \\right\\rfloor\\right)$$

  (where $s$ is 0 the picture stays). On a photograph that lifts the contrast; of these pictures \(percent(Views.blackShare(digits.train, count: 100))) \
  of the pixels are black, so that the darkest grey of a stroke jumps far up.

  ### AlexNet's jitter

  AlexNet adds to all pixels of a picture one random colour, along the directions in which the colours of the training \
  set vary: $P \\cdot (\\alpha_1\\lambda_1, \\alpha_2\\lambda_2, \\alpha_3\\lambda_3)$. The columns of the matrix $P$ are the \
  eigenvectors of the covariance of red, green and blue, the directions; the $\\lambda_i$ are its eigenvalues, the variance \
  along each (no penalties here), and each $\\alpha_i$ is drawn anew for every picture from $N(0, \\sigma^2)$ with $\\sigma = 0.1$.
  """)
let colored = Views.colored(digits.train, count: 200, seed: run.seed)
let colors = Views.jitterGrid(
  colored, place: Views.firstOfEach(digits.train, [3]).first { $0 < 200 } ?? 0, seed: run.seed)
let visible = Double(colors.jitter.standardDeviation * colors.jitter.eigenvalues[0])
page.figure(
  Figure(
    visible < 0.02
      ? "At the published strength the jitter is hardly seen: \(fixed(255 * visible, 1)) of 255 levels; at ten times that it is \(fixed(2550 * visible, 0))"
      : "The published jitter moves colours by \(fixed(255 * visible, 0)) of 255 levels",
    .images(colors.grid),
    caption: """
      Coloured ink on coloured paper, lit more or less (\(data), coloured for this page). The first of each row is the \
      picture itself. The title gives the length of σλ₁; the largest eigenvalue λ₁ is \
      \(short(Double(colors.jitter.eigenvalues[0]))) on the scale 0 … 1.
      """,
    name: "color-jitter"))

// MARK: Stochastic pooling

page.prose(
  """
  ## Pooling by lot

  Max pooling always takes the largest pixel under its window. *Stochastic pooling* draws one: pixel $i$ with the \
  probability $p_i = x_i / \\sum_j x_j$. So now and then the second strongest is heard. The gradient goes to the pixel that \
  was drawn. At test time nothing is drawn; the expectation takes its place:

  $$\\sum_i p_i x_i = \\frac{\\sum_i x_i^2}{\\sum_i x_i}$$

  (A pixel below 0 counts as 0: the layer stands behind a rectifier.) Of the window 1, 0, 2, 1 it draws the 2 with probability ½, and is \(fixed(Double(expectedPool([1, 0, 2, 1])), 1)) on \
  average, between the mean of 1 and the largest of 2. A window of zeros gives 0.
  """)
page.code("expectedPool", in: "Views.swift")
page.figure(
  Figure(
    "Stochastic pooling sees the same digit differently every time; its expectation lies between mean and largest",
    .images(Views.pooled(digits.train.picture(Views.firstOfEach(digits.train, [3])[0]), seed: run.seed)),
    caption: "A digit, and windows of 4×4 pooled in four ways. \(capitalized(data)).", name: "pooling-by-lot"))

// MARK: The scoreboard

page.prose(
  """
  ## Which restraint helps?

  Now all of them on the same job: a small convolutional net, \(grouped(digits.train.count)) digits to learn from (\(data)), the \
  same number of steps, a learning rate that falls along half a cosine to 0. The strengths of L2, L1 and max-norm are \
  chosen among three on \(digits.validation.count) validation digits; equalize, solarize, posterize and flip happen to half \
  of the pictures.

  Three names are new. *Max-norm* scales the incoming weights of a unit down wherever their norm is above a limit. *Brightness* is \
  AlexNet's jitter on grey pictures. *Half turns* rotates by any angle up to 180° either way, so that a 6 may become a 9.
  """)
page.code("trainRestrained", in: "Restraints.swift")
let offered = ["L2", "L1", "stochastic pooling", "shift", "rotate", "flip"]
let winner = page.predict(
  "Which lowers the test error most?", choices: offered + ["no clear winner"])
let steps = run.pick(quick: 60, normal: 400, full: 2000)
let scorer = Ticker("restraints", total: Scoreboard.count(seeds: seeds.count), run)
let board = run.trying {
  try Scoreboard(jitter: jitter, on: digits, steps: steps, seeds: seeds) { scorer.tick() }
}
scorer.finish()
let ranked = offered.indices.sorted {
  board.gain(board.index(offered[$0])).mean > board.gain(board.index(offered[$1])).mean
}
func gain(_ name: String) -> Summary { board.gain(board.index(name)) }
let (best, next) = (ranked[0], ranked[1])
/// By how much the best of those offered is ahead of the next, seed by seed.
let lead = gain(offered[best]) - gain(offered[next])
page.reveal(
  winner, answer: isClear(lead) && gain(offered[best]).mean > 0 ? best : offered.count,
  """
  \(capitalized(offered[best])) \(change(gain(offered[best]), "the test error")), the next, \(offered[next]), \(change(gain(offered[next]))): \
  \(lead.formatted(decimals: 1)) apart, \(chance(lead)). Flip \(change(gain("flip"))).
  """)
page.figure(Charts.scoreboard(board, data: data, count: digits.train.count))
page.table(
  Table(
    """
    One net, \(grouped(digits.train.count)) digits (\(data)), \(counted(seeds.count, "seed")). Half: of the pictures are changed. \
    Patience: as a share of the epochs
    """,
    columns: [
      "restraint", "strength", .init("training error (%)", digits: 1), .init("test error (%)", digits: 1),
      .init("gain (points)", digits: 1), "",
    ],
    rows: board.restraints.indices.map { index in
      let (gain, restraint) = (board.gain(index), board.restraints[index])
      return [
        TableCell(restraint.name), .text(restraint.setting), TableCell(board.trainingError(index).mean),
        .measured(board.testError(index)), TableCell(gain.mean),
        .text(index == 0 ? "" : board.verdict(index).rawValue),
      ]
    }))
page.sideNote(
  """
  A restraint helps or hurts where its gain is *more than chance*: the 95 % interval of its mean, taken seed by \
  seed, leaves out 0 (Student's t), and the mean is above half a point. Fewer than three seeds cannot tell.
  """)
page.figure(Charts.flipped(board, data: data))

// MARK: Exploding gradients

let unit = RecurrentUnit()
page.prose(
  """
  ## When gradients explode

  A restraint of another kind does not fight overfitting but disaster. Behind many layers, or many moments of a \
  recurrent net, the gradient is a product of as many factors. If they are above 1, it explodes. The smallest net that \
  can do so is a single unit that feeds itself, $h_t = w\\,\\sigma(h_{t-1}) + b$, fifty times over.
  """)
page.figure(Charts.cliff(unit))
page.prose(
  """
  The cure is old and simple: where the gradient's norm is above a limit, scale it down to the limit,

  $$g \\leftarrow g \\cdot \\min\\left(1, \\frac{c}{\\|g\\|}\\right)$$

  with **one norm over all parameters together**, so that the direction stays. Clipping every element to $\\pm c$ is \
  simpler still, and bends the direction.
  """)
page.code("descend", in: "Explosion.swift")
let deepEpochs = run.pick(quick: 3, normal: 10, full: 40)
let rescuer = Ticker("deep nets", total: 4 * seeds.count, run)
let deep = run.trying {
  try inParallel(4 * seeds.count) { index in
    rescuer.tick()
    let (kind, seed) = (index / seeds.count, seeds[index % seeds.count])
    return try DeepNet.train(
      kind < 3 ? Clipping.allCases[kind] : .none, depth: 8, gain: kind < 3 ? 1.5 : 1, on: digits, epochs: deepEpochs,
      seed: seed)
  }
}
rescuer.finish()
let outcomes = (0..<3).map { kind in Array(deep[kind * seeds.count..<(kind + 1) * seeds.count]) }
let good = Array(deep[(3 * seeds.count)...])
let angles = run.trying {
  try Clipping.allCases.map { kind in
    Summary(try seeds.map { try DeepNet.direction(kind, depth: 8, gain: 1.5, on: digits, seed: $0) })
  }
}
let allNorms = outcomes[2].flatMap(\.norms)
let clipped = allNorms.count { $0 > 1 }
page.figure(Charts.rescue(outcomes, good: good, data: data))
page.prose(
  """
  The cosine between the gradient and what clipping leaves of it is \(fixed(angles[2].mean, 2)) for the norm and \
  \(fixed(angles[1].mean, 2)) for the elements; 1 means the same direction. Clipping is for the rare large gradient. Here the \
  norm is above its limit of 1 in \(percent(Double(clipped) / Double(max(1, allNorms.count)))) of the steps: it is the start \
  that has to be mended (chapter 4).
  """)
let gains: [Float] = [0.5, 1, 2, 4, 8, 16, 32, 64]
let activations: [(String, any Layer, Int)] = [("sigmoid", Sigmoid(), 0), ("tanh", Tanh(), 2), ("ReLU", ReLU(), 1)]
let factors = activations.map { name, layer, color in
  (
    name: name, values: gains.map { gain in Summary(seeds.map { DeepNet.growth(layer, gain: gain, seed: $0) }) },
    color: color
  )
}
page.figure(Charts.growth(gains, factors))

// MARK: Claims

Claims.all(
  sweep: sweep, selection: selection, exact: exact, stopping: (noisyEarly, noisyLast, cleanEarly, cleanLast),
  board: board, outcomes: outcomes, good: good, angles: angles, gains: gains, growth: factors.map(\.values)
).forEach { page.claim($0) }

/// The restraint of a kind that lowers the test error most.
func strongest(_ kind: Restraint.Kind) -> (name: String, gain: Summary) {
  let places = board.restraints.indices.filter { board.restraints[$0].kind == kind }
  let place = places.max { board.gain($0).mean < board.gain($1).mean } ?? 0
  return (board.restraints[place].name, board.gain(place))
}
let (bestChange, bestPrice) = (strongest(.augmentation), strongest(.weights))
let hurting = board.restraints.indices.filter { board.verdict($0) == .hurts }.map { board.restraints[$0].name }
page.callout(
  .takeaway,
  """
  Ask first for more data, and if there is none, for changes under which the label survives: the best of them, \
  \(spoken(bestChange.name)), \(change(bestChange.gain, "the test error")) here, the best price on weights, \(bestPrice.name), \(change(bestPrice.gain)). L2 keeps \
  all weights small; L1 brings \(percent(nearZero.mean)) of them within 0.01 of 0, and with the soft threshold \
  \(percent(exact[3].mean)) to exactly 0 (two moons with inputs of noise). Set a validation set aside, stop on it, and put the \
  best weights back. Clip by norm where a gradient may explode. And measure each restraint\
  \(hurting.isEmpty ? "" : ": \(hurting.joined(separator: ", ")) made things worse on these digits").
  """)
page.exercises(run.exercises)
page.furtherReading([
  "Prechelt 1998, *Early stopping: but when?*, doi:10.1007/3-540-49430-8_3",
  "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*, section 4.1",
  "Cubuk et al. 2019, *AutoAugment*, arXiv:1805.09501: the list of operations",
  "Zeiler and Fergus 2013, *Stochastic pooling*, arXiv:1301.3557",
  "Pascanu, Mikolov and Bengio 2013, *On the difficulty of training recurrent neural networks*, arXiv:1211.5063",
  "Zhang et al. 2017, *Understanding deep learning requires rethinking generalization*, arXiv:1611.03530: networks that learn random labels",
])
run.publish(&page)
