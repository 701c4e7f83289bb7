// Chapter 1: walking downhill.

import Foundation
import Workbook

let run = ChapterRun.start(chapter: 1)
let digits: Digits
do {
  digits = try Digits.load(from: run.options.data, count: 500)
} catch {
  FileHandle.standardError.write(Data("\(run.chapter.name): \(error)\n".utf8))
  exit(66)
}
let dataName = digits.name
let seeds = run.seeds(quick: 3, normal: 5, full: 20)
var page = run.page(
  lead: """
    A network learns by asking one question over and over: if this weight were a little larger, would the mistake grow \
    or shrink, and how fast? The answers are called the gradient. This chapter computes them, checks them, and walks.
    """,
  data: dataName)

page.prose(
  """
  ## The question

  A net has thousands of weights $w$ and one number that says how wrong it is, the loss $L$. How does it know which way \
  to change each weight, and how far?

  ## One neuron, by hand

  Take the smallest net there is: one input $x$, one weight $w$, a bias $b$. They make a product $p$, a sum $z$, and, \
  through an S-shaped function, an output $y$ between 0 and 1. It should have been $t$:

  $$p = w x \\qquad z = p + b \\qquad y = \\sigma(z) = \\frac{1}{1 + e^{-z}} \\qquad L = \\frac{1}{2}(y - t)^2$$

  The slope $\\partial L/\\partial w$ says how fast $L$ grows with $w$. Nobody needs a formula for it from end to end. \
  Each step has a slope of its own that is easy, and slopes multiply along the way back. That is the **chain rule**:
  """)
page.math(
  "\\frac{\\partial L}{\\partial w} = \\frac{\\partial L}{\\partial y}\\cdot\\frac{\\partial y}{\\partial z}\\cdot"
    + "\\frac{\\partial z}{\\partial p}\\cdot\\frac{\\partial p}{\\partial w}"
    + " = (y - t)\\cdot y(1 - y)\\cdot 1\\cdot x")
page.code("neuron", in: "Neuron.swift")

let neuron = Neuron.example(w: 2)
let worstSlope =
  (-4...4).map { w in
    let neuron = Neuron.example(w: Double(w))
    return abs(neuron.dw - neuron.measuredSlope())
  }.max() ?? 1
page.figure(
  Figure(
    "At w = 2 the slope of the loss is \(short(neuron.dw, digits: 3)) in w: \([neuron.dy, neuron.y * (1 - neuron.y), neuron.x].map { short($0, digits: 3) }.joined(separator: " times "))",
    exploring: FigureParameter("weight w", values: (-4...4).map(Double.init), initial: 6),
    caption: """
      Values go from left to right, slopes of $L$ from right to left; the target $t$ is \(signed(neuron.t)). Move $w$: \
      where $y$ is near 0 or 1, the factor $y(1 - y)$ takes nearly all of the slope away (chapter 2). A slope measured \
      by nudging $w$ differs from these by at most \(short(worstSlope)).
      """,
    name: "chain-rule", isWide: true
  ) { .diagram(Neuron.example(w: $0).diagram) })

page.prose(
  """
  ## A dense layer

  A **dense layer** is many such sums side by side. With a batch of inputs as the rows of $X$ and the weights of each \
  unit as a row of $W$, all sums are one product, and so are all slopes on the way back:

  $$Y = X W^T + b \\qquad \\frac{\\partial L}{\\partial W} = \\left(\\frac{\\partial L}{\\partial Y}\\right)^T X \\qquad \
  \\frac{\\partial L}{\\partial X} = \\frac{\\partial L}{\\partial Y} W \\qquad \
  \\frac{\\partial L}{\\partial b} = \\sum_n \\frac{\\partial L}{\\partial Y_n}$$

  Exercises 1.1 and 1.2 build both directions.

  ## Can the gradient be trusted?

  A wrong backward pass does not crash. It trains, slowly and badly, and one blames the data. So every gradient is \
  compared with one that is *measured*: nudge a weight by $h$, compute the loss again, divide.

  $$\\frac{\\partial L}{\\partial w} \\approx \\frac{L(w + h) - L(w - h)}{2h}$$
  """)
page.sideNote(
  "The notes on lecture 7 of CS231n (S2) list the gradient check as a sanity check before training. Exercise 1.3 writes it."
)
let bestStep = page.predict(
  "Float has about seven digits. Which step $h$ measures its gradient best?",
  choices: ["1e-7, as small as Float can tell", "1e-5", "0.005", "0.5"])
page.code("numericalGradient", in: "DifferenceSteps.swift")

let differences = DifferenceExperiment(seeds: seeds, perDecade: run.pick(quick: 2, normal: 4, full: 8))
let singleStep = Summary(differences.single.bestSteps.map { log10($0) })
let doubleStep = Summary(differences.double.bestSteps.map { log10($0) })
let typicalSingle = pow(10, singleStep.mean)
let typicalDouble = pow(10, doubleStep.mean)
let (singleBest, doubleBest) = (
  Summary(differences.single.bestErrors).mean, Summary(differences.double.bestErrors).mean
)
page.reveal(
  bestStep, answer: typicalSingle,
  """
  A large $h$ sees the curve instead of the slope. A small one subtracts two nearly equal losses, and what is left is \
  rounding. At $10^{-7}$ the error is \(percent(differences.single.typical(at: 1e-7))).
  """)
page.figure(
  Figure(
    "The smallest step is not the best: Float measures best near \(short(typicalSingle)), Double near \(short(typicalDouble))",
    .lines(
      LineChart(
        x: Axis("step h", log: true), y: Axis("relative error of the gradient", log: true),
        differences.curves.enumerated().map { index, curve in
          Series(
            curve.name, x: curve.steps, y: curve.typical, style: .line, isEmphasized: index == 0, color: index)
        },
        references: [.init(.horizontal, at: 1e-3, "a check passes below")])),
    caption: """
      ‖measured − exact‖ / ‖exact‖ of a net with 16 weights; the median of \(seeds.count) nets. To the right the error \
      of the rule itself, to the left that of rounding.
      """,
    name: "gradient-check"))
page.prose(
  """
  The best that Float can do is an error of \(short(singleBest)), Double reaches \(short(doubleBest)). The best step is another \
  one for every net. The library's own checks use $h = 10^{-3}$ for all, where Float's error is \
  \(short(differences.single.typical(at: 1e-3))) here, and with some margin they pass below $10^{-3}$. \
  A wrong formula, a lost factor or a wrong sign, is off by 10 to 200 %, so that is plenty.

  ## How far: the learning rate

  The gradient points uphill; a step the other way, of a size set by the **learning rate** $\\eta$, is gradient descent:

  $$w \\leftarrow w - \\eta\\,\\frac{\\partial L}{\\partial w}$$

  How large may $\\eta$ be? Near a minimum every smooth loss is a bowl. Along a direction of curvature $\\lambda$, with \
  $L = \\frac{1}{2}\\lambda u^2$, one step gives $u \\leftarrow (1 - \\eta\\lambda)\\,u$. That shrinks as long as \
  $|1 - \\eta\\lambda| < 1$, which is $\\eta < 2/\\lambda$: the *steepest* direction sets the limit for all.
  """)

let bowl = Bowl(condition: 20)
let limitQuestion = page.predict(
  "A bowl is 20 times as curved in one direction (λ = 20) as in the other (λ = 1). The largest learning rate that does not diverge is",
  choices: ["2", "1", "0.5", "0.1", "0.05"])
let limits = Summary(seeds.map { largestRate(bowl, from: start(seed: $0)) })
page.reveal(
  limitQuestion, answer: limits.mean, "2/20. At that rate the flat direction moves only 10 % of its way in a step.")

let rates = [0.005, 0.02, 0.05, 0.08, 0.095, 0.1, 0.102]
let corner = (-1.0, 0.6)
/// The walk down the bowl with one learning rate, cut where it leaves the picture.
func bowlWalk(_ rate: Double) -> Walk {
  var walk = descend(bowl, from: corner, SGD(), rate: rate, steps: 40)
  if let end = walk.b.firstIndex(where: { abs($0) > 1.2 }) {
    walk.a.removeSubrange(end...)
    walk.b.removeSubrange(end...)
  }
  return walk
}
let (slowEnd, fastEnd) = (bowlWalk(0.005).distances.last ?? 1, bowlWalk(0.08).distances.last ?? 1)
page.figure(
  Figure(
    fastEnd < slowEnd
      ? "40 steps at 0.005 creep, at 0.08 they zigzag and arrive, above \(fixed(limits.mean, 2)) they climb out"
      : "In 40 steps the larger rate gets no further than the smaller one",
    exploring: FigureParameter("learning rate", values: rates, initial: 3),
    caption:
      "Contours of $L$ with curvatures 1 and 20; a path of 40 steps from the upper left. Move the learning rate.",
    name: "learning-rates"
  ) { rate in
    let walk = bowlWalk(rate)
    return .contour(
      ContourPlot(
        x: Axis("first weight", range: -1.2...1.2), y: Axis("second weight", range: -1.2...1.2),
        heights: bowl.heights(-1.2...1.2), levels: [0.05, 0.2, 0.6, 1.5, 3, 6, 12],
        paths: [Series("η = \(rate)", x: walk.a, y: walk.b, style: .line, isEmphasized: true, color: 1)]))
  })

// Spirals.
page.prose(
  """
  ## A net that learns

  Two spirals wind around each other. No straight line separates them; a net with one hidden layer of tanh units can. \
  Here is its training, all of it:
  """)
page.code("trainOnSpirals", in: "Spirals.swift")
let hidden = 32
let steps = run.pick(quick: 400, normal: 800, full: 3000)
let frames = [0, 5, 20, 50, 100, 200, 400, 800, 3000].filter { $0 <= steps }
let spiralBar = page.progress("spirals", total: seeds.count * 2)
var spiralRuns: [SpiralRun] = []
var lineErrors: [Double] = []
for seed in seeds {
  run.stopIfInterrupted()
  let points = spirals(seed: seed)
  spiralRuns.append(
    run.trying {
      try train(
        SpiralNet.twoLayers(hidden: hidden), on: points, optimizer: SGD(momentum: 0.9), rate: 0.3, steps: steps,
        keeping: seed == seeds[0] ? frames : [], seed: seed)
    })
  spiralBar.update(spiralRuns.count * 2 - 1)
  lineErrors.append(
    run.trying {
      try train(
        SpiralNet.oneLayer, on: points, optimizer: SGD(momentum: 0.9), rate: 0.3,
        steps: run.pick(quick: 200, normal: 300, full: 1000),
        seed: seed
      ).error
    })
  spiralBar.update(spiralRuns.count * 2)
}
spiralBar.finish()
let netErrors = Summary(spiralRuns.map(\.error))
let line = Summary(lineErrors)
let shownPoints = spirals(seed: seeds[0])
let shownInputs = shownPoints.inputs.elements
/// The points of one spiral as a series without a line.
func spiral(_ label: Int) -> Series {
  let places = shownPoints.labels.indices.filter { shownPoints.labels[$0] == label }
  return Series(
    label == 0 ? "first" : "second", x: places.map { Double(shownInputs[2 * $0]) },
    y: places.map { Double(shownInputs[2 * $0 + 1]) }, style: .points, color: label)
}
page.figure(
  Figure(
    netErrors.mean < 0.01
      ? "\(hidden) tanh units fold the boundary around both spirals: \(percent(netErrors.mean)) of the points wrong after \(steps) steps"
      : "After \(steps) steps \(percent(netErrors.mean)) of the points are still on the wrong side",
    exploring: FigureParameter("step", values: frames.map(Double.init), initial: frames.count - 1),
    caption: """
      The lines are where the net gives the second spiral a chance of 10, 50 and 90 %. Move the step: the loss goes from \
      \(fixed(spiralRuns[0].losses[0], 2)) to \(short(spiralRuns[0].losses[steps])). Seed \(seeds[0]), 100 points on each arm.
      """,
    name: "spirals"
  ) { step in
    .contour(
      ContourPlot(
        x: Axis("x₁", range: -1.2...1.2), y: Axis("x₂", range: -1.2...1.2),
        heights: probabilities(spiralRuns[0].snapshots[frames.firstIndex(of: Int(step)) ?? 0], range: 1.2),
        levels: [0.1, 0.5, 0.9], paths: [spiral(0), spiral(1)]))
  })
page.prose(
  """
  The same training without the hidden layer ends with \(percent(line.mean)) of the points on the wrong side. The hidden \
  layer is what bends the line; chapter 2 is about how it does so.
  """)

let sweep = run.trying {
  try RateSweep(
    rates: (0..<run.pick(quick: 6, normal: 11, full: 16)).map {
      0.001 * pow(10, Double($0) * run.pick(quick: 0.9, normal: 0.45, full: 0.3))
    },
    steps: run.pick(quick: 150, normal: 500, full: 2000), hidden: hidden, seeds: Array(seeds.prefix(3)))
}
let bestRate = sweep.rates[sweep.best]
let edgeFinding =
  sweep.best > 0 && sweep.best + 1 < sweep.rates.count
    && !(sweep.means[sweep.best + 1] <= sweep.means[sweep.best - 1])
  ? "The next larger rate does worse than the next smaller one: look for the edge, then step back."
  : "The curve is flatter to the right of its lowest point than to the left."
let isValley = sweep.best > 0 && sweep.best < sweep.rates.count - 1
page.figure(
  Figure(
    isValley
      ? "Too small, right, too large: of \(sweep.rates.count) learning rates \(short(bestRate)) gets furthest"
      : "Of these learning rates the \(sweep.best == 0 ? "smallest" : "largest") gets furthest: the valley lies outside",
    .lines(
      LineChart(
        x: Axis("learning rate", log: true), y: Axis("loss after training", log: true),
        [
          Series(
            "loss", x: sweep.rates, y: sweep.means, deviation: sweep.losses.map { Summary($0).deviation },
            isEmphasized: true)
        ], references: [.init(.horizontal, at: log(2), "ln 2: knows nothing")])),
    caption: """
      The same net on the spirals, plain gradient descent with \(run.pick(quick: 150, normal: 500, full: 2000)) steps, 3 seeds; \
      the band is one standard deviation, and where it reaches far down a seed got through that the others did not. \
      \(edgeFinding)
      """,
    name: "rate-sweep"))

// Batches.
let batchSizes = [1, 4, 16, 64, 256]
page.prose(
  """
  ## All samples, or a few?

  The loss is a mean over all samples, and so is its gradient. With a million samples one step would cost a million \
  forward passes. **Stochastic** gradient descent looks at one sample, **mini-batch** descent at $B$ of them, and trusts \
  that the mean of a few points roughly the right way. How roughly? A mean of $B$ independent numbers spreads by \
  $\\sigma/\\sqrt{B}$.
  """)
let noiseQuestion = page.predict(
  "A batch of 64 costs 16 times as much as a batch of 4. By what factor is its gradient less noisy?",
  choices: ["16", "8", "4", "2"])
let batches = BatchExperiment(
  sizes: batchSizes, epochs: 4, rate: 0.1, draws: run.pick(quick: 100, normal: 300, full: 2000), seeds: seeds)
let noise = batches.noise.map { Summary($0) }
let excess = batches.excess.map { Summary($0) }
page.reveal(
  noiseQuestion, answer: noise[1].mean / noise[3].mean,
  "Four times the work halves the noise. That is why batches of 32 to 256 are usual, and not of 10,000.")
let bestBatch = excess.indices.min { excess[$0].mean < excess[$1].mean } ?? 0
page.figure(
  Figure(
    bestBatch > 0 && bestBatch < batchSizes.count - 1
      ? "After the same \(batches.epochs) passes over the data, batches of \(batchSizes[bestBatch]) have come closest"
      : "After the same \(batches.epochs) passes over the data, the \(bestBatch == 0 ? "smallest" : "largest") batches have come closest",
    exploring: FigureParameter("batch size", values: batchSizes.map(Double.init), initial: 1),
    caption: """
      A line with two weights fitted to 256 noisy samples, learning rate \(batches.rate). Every path has seen each sample \
      \(batches.epochs) times: one sample at a time is \(256 * batches.epochs) steps, all at once is \(batches.epochs). Move the batch size. Seed \(seeds[0]).
      """,
    name: "batch-paths"
  ) { size in
    let index = batchSizes.firstIndex(of: Int(size)) ?? 0
    let walk = batches.walks[index]
    return .contour(
      ContourPlot(
        x: Axis("first weight", range: -1.2...1.8), y: Axis("second weight", range: -1.5...1.5),
        heights: batches.fit.heights(-1.2...1.8, -1.5...1.5),
        paths: [
          Series(
            size == 256 ? "all" : "batch \(Int(size))", x: walk.a, y: walk.b,
            style: .line, isEmphasized: true, color: 1)
        ]))
  })
page.table(
  Table(
    "The same data, \(batches.epochs) times over; learning rate \(batches.rate), \(seeds.count) seeds",
    columns: [
      "batch", "steps", .init("noise of the gradient", digits: 2), .init("loss above the best possible", digits: 4),
    ],
    rows: batchSizes.indices.map {
      [
        TableCell(batchSizes[$0]), TableCell(batches.walks[$0].a.count - 1),
        .measured(noise[$0]), .measured(excess[$0]),
      ]
    }))
page.prose(
  """
  \(excess[0].mean > excess[1].mean
    ? "Single samples come near the bottom first and then dance around it: their noise does not shrink, so the steps must, and that is what learning rate schedules are for (chapter 10)."
    : "Here single samples end lower than all others.") \
  \(excess[4].mean > 10 * excess[bestBatch].mean ? "All samples at once walk straight and hardly get anywhere." : "")

  ## Better steps

  A narrow valley is where plain descent suffers. The steep walls cap the learning rate at $2/\\lambda_{\\mathrm{max}}$, and along \
  the floor, of curvature $\\lambda_{\\mathrm{min}}$, that is a crawl. The ratio $\\kappa = \\lambda_{\\mathrm{max}}/\\lambda_{\\mathrm{min}}$, the \
  **condition number**, says how bad it is. Four cures:

  - **Momentum** keeps a velocity: $v \\leftarrow \\mu v + g$, $w \\leftarrow w - \\eta v$. Zigzags cancel, the way along \
  the floor adds up.
  - **Nesterov** takes the gradient as if the step of the velocity had been made already.
  - **RMSProp** divides every weight's step by the size that its gradients have had lately.
  - **Adam** does both: a velocity, divided by that size.
  """)
page.code("update", in: "Sources/NeuralNetworks/Optimizers/SGD.swift")
let raceQuestion = page.predict(
  "A valley with κ = 100, each method with its best learning rate. How many times fewer steps does momentum need than plain descent?",
  choices: ["1, no fewer", "3", "30", "100"])
let valley = Bowl(condition: 100)
let results = race(valley, seeds: seeds)
let raceSteps = results.map { Summary($0.steps) }
page.reveal(
  raceQuestion, answer: raceSteps[0].mean / raceSteps[1].mean,
  "That is with μ = 0.9. The figure after the next has the best μ for each valley.")
let winner = raceSteps.indices.min { raceSteps[$0].mean < raceSteps[$1].mean } ?? 0
page.figure(
  Figure(
    "\(Walker.all[winner].name) is at the bottom after \(fixed(raceSteps[winner].mean, 0)) steps, plain descent after \(fixed(raceSteps[0].mean, 0))",
    .lines(
      LineChart(
        x: Axis("step"), y: Axis("distance from the bottom", log: true, range: 2e-3...2),
        zip(Walker.all, results).enumerated().map { index, pair in
          // Up to a little beyond the goal: what follows would only lie on top of the others.
          let end = min((pair.1.walk.steps(to: 0.01) ?? 400) + 8, pair.1.walk.a.count)
          let distances = Array(pair.1.walk.distances[..<end])
          return Series(
            pair.0.name, x: distances.indices.map(Double.init), y: distances, style: .line,
            isEmphasized: index == winner, color: index)
        }, references: [.init(.horizontal, at: 0.01, "1 %")])),
    caption:
      "A bowl with κ = 100; each method with the rate that brings it to 1 % of the starting distance, for good, in the fewest steps. Seed \(seeds[0]).",
    name: "race"))
page.table(
  Table(
    "Steps to 1 % of the starting distance, κ = 100, \(seeds.count) starts",
    columns: ["method", .init("best rate", digits: 4), .init("steps", digits: 0)],
    rows: Walker.all.indices.map {
      [
        TableCell(Walker.all[$0].name), TableCell(results[$0].rate),
        .measured(raceSteps[$0]),
      ]
    }))

let conditions = ConditionExperiment(
  conditions: run.pick(quick: [10, 100], normal: [10, 30, 100, 300, 1000], full: [10, 30, 100, 300, 1000, 3000]),
  seeds: seeds)
let plainPower = Summary(conditions.powers(conditions.plain))
let momentumPower = Summary(conditions.powers(conditions.momentum))
let adamPower = Summary(conditions.powers(conditions.adam))
let turnedPower = Summary(conditions.powers(conditions.adamTurned))
page.figure(
  Figure(
    "The narrower the valley, the more momentum pays: steps grow as κ to the power \(fixed(plainPower.mean, 2)) without it, \(fixed(momentumPower.mean, 2)) with it",
    .lines(
      LineChart(
        x: Axis("condition number κ", log: true), y: Axis("steps to 1 %", log: true),
        [
          ("gradient descent", conditions.plain), ("best momentum", conditions.momentum),
          ("Adam", conditions.adam), ("Adam, valley turned 45°", conditions.adamTurned),
        ].enumerated().map { index, pair in
          Series(
            pair.0, x: conditions.conditions, y: pair.1.map { Summary($0).mean },
            deviation: pair.1.map { Summary($0).deviation }, isEmphasized: index == 1, color: [0, 1, 4, 5][index])
        })),
    caption: """
      Plain descent with the best constant rate, momentum with the best pair (η, μ), Adam with its best rate, \
      \(seeds.count) starts. Adam divides weight by weight: along the axes no valley is narrow for it \
      (power \(fixed(adamPower.mean, 2))), but one that lies across them is (power \(fixed(turnedPower.mean, 2))).
      """,
    name: "condition"))
page.callout(
  .mistake,
  """
  Comparing optimizers at one common learning rate. The best rates in the table above range from \
  \(short(results.map(\.rate).min() ?? 0)) to \(short(results.map(\.rate).max() ?? 0)): at any single one of them some \
  method would look useless. Tune each, then compare.
  """)

// Sanity checks.
page.prose(
  """
  ## Two checks before the long run

  **The first loss.** A net that has learned nothing should give each of $C$ classes the chance $1/C$. Its cross-entropy \
  is then $-\\ln(1/C) = \\ln C$.

  **Twenty examples by heart.** A net with thousands of weights must be able to learn twenty pictures until it makes no \
  mistake. If it cannot, something is broken, and no amount of data will mend it.
  """)
let firstQuestion = page.predict(
  "Ten classes, small weights in the last layer, nothing learned yet. The cross-entropy is about",
  choices: ["0", "0.1", "1", "2.3", "10"])
let startBatch = digits.train.batch(first: run.pick(quick: 64, normal: 256, full: 500))
let gains: [Float] = [0.01, 0.03, 0.1, 0.3, 1, 3, 10]
let firstLosses = gains.map { gain in
  Summary(seeds.map { seed in run.trying { try firstLoss(gain: gain, on: startBatch, seed: seed) } })
}
page.reveal(firstQuestion, answer: firstLosses[0].mean, "ln 10 = \(fixed(log(10), 4)).")
let wild = firstLosses[gains.count - 1]
page.figure(
  Figure(
    abs(firstLosses[0].mean - log(10)) < 0.05 && wild.mean > 3
      ? "Small last weights begin at ln 10 = \(fixed(log(10), 2)); ten times the usual ones begin at \(fixed(wild.mean, 1)), confidently wrong"
      : "The first loss is \(fixed(firstLosses[0].mean, 2)) with small last weights and \(fixed(wild.mean, 2)) with large ones",
    .lines(
      LineChart(
        x: Axis("size of the last layer's weights (σ·√fan-in)", log: true), y: Axis("first loss", log: true),
        [
          Series(
            "first loss", x: gains.map(Double.init), y: firstLosses.map(\.mean),
            deviation: firstLosses.map(\.deviation), isEmphasized: true)
        ], references: [.init(.horizontal, at: log(10), "ln 10")])),
    caption:
      "A net with 64 hidden ReLU units, before training, on \(grouped(startBatch.count)) images (\(dataName)); \(seeds.count) seeds.",
    name: "first-loss"))

let heartSteps = run.pick(quick: 150, normal: 500, full: 2000)
let twenty = digits.train.batch(first: 20)
let heart = Defect.allCases.map { defect in
  seeds.map { seed in run.trying { try learnByHeart(twenty, defect: defect, steps: heartSteps, seed: seed) } }
}
let heartEnds = heart.map { runs in Summary(runs.map { $0[heartSteps - 1] }) }
let blind = labelEntropy(twenty.labels)
page.figure(
  Figure(
    heartEnds[0].mean < 0.1 && heartEnds[1].mean > 1
      ? "Twenty images are learned by heart in \(heartSteps) steps, unless something is broken"
      : "In \(heartSteps) steps the loss on twenty images falls to \(short(heartEnds[0].mean))",
    .lines(
      LineChart(
        x: Axis("step"), y: Axis("loss on the twenty", log: true),
        Defect.allCases.indices.map { index in
          Series(
            Defect.allCases[index].rawValue, x: (0..<heartSteps).map(Double.init), y: heart[index][0], style: .line,
            isEmphasized: index == 0, color: index)
        },
        references: [.init(.horizontal, at: blind, "best without seeing the images")])),
    caption: """
      Plain gradient descent, all twenty in one batch (\(dataName), seed \(seeds[0])). A net that is fed black images can \
      still learn how often each digit comes: it stops at \(fixed(blind, 2)), and that number tells where to look.
      """,
    name: "by-heart"))

// Claims.
let centralOrder = Summary(differences.double.orders(from: 1e-3, to: 1e-1))
let oneSidedOrder = Summary(differences.oneSided.orders(from: 1e-5, to: 1e-2))
page.claim(
  Claim(
    "Central differences err as h², one-sided ones as h", source: "CS231n notes", published: "powers 2 and 1",
    measured: "\(centralOrder.formatted(decimals: 2)) and \(oneSidedOrder.formatted(decimals: 2))", seeds: seeds.count,
    verdict: verdict(
      abs(centralOrder.mean - 2) < 0.2 && abs(oneSidedOrder.mean - 1) < 0.1,
      partly: centralOrder.mean > oneSidedOrder.mean)))
let (cubeSingle, cubeDouble) = (pow(Double(Float.ulpOfOne), 1.0 / 3), pow(Double.ulpOfOne, 1.0 / 3))
let stepsFit = [typicalSingle / cubeSingle, typicalDouble / cubeDouble].map { max($0, 1 / $0) }.max() ?? 10
page.claim(
  Claim(
    "The best step of central differences is near the cube root of the rounding unit",
    source: "Nocedal and Wright 2006",
    published: "\(short(cubeSingle)) Float, \(short(cubeDouble)) Double",
    measured: "\(short(typicalSingle)) and \(short(typicalDouble))", seeds: seeds.count,
    verdict: verdict(stepsFit < 3, partly: stepsFit < 10)))
page.claim(
  Claim(
    "Gradient descent diverges above 2/λ of the steepest direction", source: "LeCun et al. 1998", published: "0.1",
    measured: limits.formatted(decimals: 4), seeds: seeds.count,
    verdict: verdict(abs(limits.mean - 0.1) < 0.002, partly: abs(limits.mean - 0.1) < 0.02)))
let noisePower = Summary(batches.powers)
page.claim(
  Claim(
    "The noise of a batch's gradient falls as 1/√B", source: "Goodfellow et al. 2016", published: "power −0.5",
    measured: noisePower.formatted(decimals: 3), seeds: seeds.count,
    verdict: verdict(abs(noisePower.mean + 0.5) < 0.05, partly: noisePower.mean < -0.3)))
page.claim(
  Claim(
    "Steps grow as κ without momentum and as √κ with it", source: "Polyak 1964", published: "powers 1 and 0.5",
    measured: "\(plainPower.formatted(decimals: 2)) and \(momentumPower.formatted(decimals: 2))", seeds: seeds.count,
    verdict: verdict(
      abs(plainPower.mean - 1) < 0.1 && abs(momentumPower.mean - 0.5) < 0.1,
      partly: momentumPower.mean < plainPower.mean),
    reason: "from far away the power is a little above ½: two equal factors leave a polynomial in front"))
page.claim(
  Claim(
    "Adam does not care how each weight is scaled", source: "Kingma and Ba 2015", published: "power 0",
    measured: "\(adamPower.formatted(decimals: 2)) along the axes, \(turnedPower.formatted(decimals: 2)) across them",
    seeds: seeds.count, verdict: verdict(abs(adamPower.mean) < 0.05, partly: adamPower.mean < plainPower.mean / 2),
    reason: "as stated, for each weight by itself; in a valley across the axes it does care"))
page.claim(
  Claim(
    "A net with small last weights begins at ln C", source: "CS231n notes", published: fixed(log(10), 4),
    measured: firstLosses[0].formatted(decimals: 4), seeds: seeds.count,
    verdict: verdict(abs(firstLosses[0].mean - log(10)) < 0.023, partly: abs(firstLosses[0].mean - log(10)) < 0.23)))
page.claim(
  Claim(
    "Twenty examples can be learned until the loss is nearly 0", source: "CS231n notes", published: "0",
    measured: heartEnds[0].formatted(decimals: 4), seeds: seeds.count,
    verdict: verdict(heartEnds[0].maximum < 0.05, partly: heartEnds[0].mean < 0.5)))
page.claim(
  Claim(
    "One hidden layer separates what no line can", source: "Cybenko 1989", published: "0 %",
    measured: "\(percent(netErrors.mean)) against \(percent(line.mean)) wrong", seeds: seeds.count,
    verdict: verdict(netErrors.mean < 0.01 && line.mean > 0.2, partly: netErrors.mean < line.mean / 2)))

page.callout(
  .takeaway,
  """
  - The gradient is the product of easy slopes, from the loss backwards. Measure it once before you trust it.
  - The learning rate has an edge, $2/\\lambda_{\\mathrm{max}}$. Just inside it is a good place to be.
  - Small batches take many cheap, noisy steps. Four times the batch halves the noise.
  - Momentum turns $\\kappa$ into $\\sqrt\\kappa$. Adam takes the scale of each weight away, but not valleys across them.
  - Look at the first loss, and learn twenty examples by heart, before anything else.
  """)
page.exercises(run.exercises)
page.furtherReading([
  "Rumelhart, Hinton and Williams 1986, *Learning representations by back-propagating errors*, doi:10.1038/323533a0",
  "LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*: learning rates, curvature, and what to do about both",
  "Goh 2017, *Why momentum really works*, Distill, doi:10.23915/distill.00006",
  "Kingma and Ba 2015, *Adam: a method for stochastic optimization*, arXiv:1412.6980",
  "Karpathy, *CS231n: learning and evaluation*: gradient checks and the sanity checks of this page",
])
run.publish(&page)
