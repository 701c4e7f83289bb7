// Chapter 5: keeping every layer in range.

import Foundation
import Workbook

let run = ChapterRun.start(chapter: 5)
let digits = run.trying {
  try Digits.load(
    from: run.options.data, transform: .standardized, count: run.pick(quick: 400, normal: 2_000, full: 20_000),
    testCount: run.pick(quick: 300, normal: 1_000, full: 10_000))
}
let data = digits.name
let seeds = run.seeds(quick: 1, normal: 3, full: 5)
let seedWords = seeds.count == 1 ? "one seed" : "\(seeds.count) seeds"

var page = run.page(
  lead: """
    Chapter 4 chose the first weights so that every layer receives numbers of a sensible size. One step of training later \
    the weights are different. Normalization does not choose a size and hope: it measures, and corrects, in every step.
    """,
  data: data)

page.prose(
  """
  ## The question

  A network is a relay: what one layer says is all that the next one hears. When the first layer changes its voice, the \
  second must learn to listen again. Can the numbers between two layers be kept in range *while* the layers learn — and \
  is that really why it helps?

  ## The idea

  Take the values $z_1, \\dots, z_m$ that one unit produces over a batch. Subtract their mean, divide by their standard \
  deviation, and let two learned numbers decide what mean and spread the next layer shall see:
  """)
page.math("\\mu = \\frac{1}{m}\\sum_i z_i \\qquad \\sigma^2 = \\frac{1}{m}\\sum_i (z_i - \\mu)^2")
page.math(
  "\\hat{z}_i = \\frac{z_i - \\mu}{\\sqrt{\\sigma^2 + \\varepsilon}} \\qquad y_i = \\gamma\\,\\hat{z}_i + \\beta")
page.prose(
  """
  $\\varepsilon$ is a small number ($10^{-5}$) that keeps the division finite, $\\gamma$ (scale, from 1) and $\\beta$ (shift, \
  from 0) are learned like weights. That is *batch normalization*. For a convolution one "unit" is a channel: its values \
  at all positions of all images are pooled, $m = N \\cdot H \\cdot W$ of them.
  """)
page.callout(
  .erratum("S2 and S1"),
  """
  S2 prints the last line as $y_i = \\gamma\\,\\hat{x}_i^2 + \\beta$, S1 as $y_i = \\gamma X_i + \\beta$. It is \
  $\\gamma\\,\\hat{x}_i + \\beta$: the normalized value, not squared. With the square every output would lie on one side \
  of $\\beta$; with the raw value the normalization would have no effect at all. Easy to get wrong when copying a slide: \
  the paper's line has a hat and, beside it, a name with indices.
  """)
page.code("byHand", in: "Identities.swift")
page.prose(
  """
  The core's layer `BatchNorm` does this for all channels at once, on all cores; from the formula by hand it differs by at \
  most \(short(differenceFromCore(seed: run.seed))) here.
  """)

// MARK: The four cubes

page.prose(
  """
  ## Four ways to choose the crowd

  Nothing says that the crowd one is compared with must be the *batch*. The numbers behind a convolution form a block: \
  samples $N$, channels $C$, positions $H \\cdot W$. Every normalization below is the same formula; they differ in which \
  values share one mean and one variance:

  - **batch norm**: one channel, over all samples and positions; $C$ means;
  - **layer norm**: one sample, over all its channels and positions; $N$ means;
  - **instance norm**: one channel of one sample; $N \\cdot C$ means;
  - **group norm**: one group of $C/G$ neighbouring channels of one sample; $N \\cdot G$ means.

  $\\gamma$ and $\\beta$ are one number per channel in batch, instance and group norm, and one per place within a sample \
  in layer norm. The last three never look at another sample: they do the same in training and in use.
  """)
page.figure(
  Figure(
    "Same formula, four crowds: coloured values share one mean and one variance",
    .cubes(Normalization.four.map(\.cube)),
    caption: "Depth is the sample, width the channel, height the position in the image. Group norm with two groups.",
    name: "cubes", isWide: true))
let census = axisCensus(seed: run.seed)
page.prose(
  """
  The drawing can be checked. A batch of 4 samples with 6 channels of 5×5 is drawn so that every sample and every channel \
  has a mean of its own. Then each layer normalizes it, and we look along every cut for the largest mean that is left:
  """)
page.table(
  Table(
    "The largest |mean| that is left of a channel, of a sample, of both, of a group: 0 where the layer takes its statistics",
    columns: ["layer", "statistics", "values each"] + Slice.allCases.map { .init($0.rawValue) },
    rows: census.map { row in
      [TableCell(row.normalization.rawValue), TableCell(row.statistics), TableCell(row.valuesEach)]
        + row.largestMeans.map { TableCell($0 < 1e-5 ? "0" : fixed($0, 2)) }
    }))
page.sideNote(
  "A cut made of pieces that are centred is centred too: instance norm leaves 0 along every cut. In a net that may be a loss: the means it removes may have meant something."
)
page.callout(
  .erratum("S2"),
  """
  S2 swaps the ends of group norm: it says $G = C$ gives layer norm and $G = 1$ instance norm. Count: one group ($G = 1$) \
  holds all channels of a sample, which is layer norm; as many groups as channels ($G = C$) leave each channel alone, \
  which is instance norm. $G$ counts *groups*, not the channels in one. S2 also divides by $m$ in layer norm's formula as \
  in batch norm's: there $m$ is the batch, here it must be the number of features.
  """)

// MARK: Identities

page.prose(
  """
  ## Three things that follow from the formula

  **The bias before it is useless.** Add a constant to every $z_i$: the mean moves with it, and the difference is \
  unchanged. That is why a layer in front of batch norm can do without a bias; $\\beta$ takes its place.

  **Nothing is lost.** With $\\gamma = \\sqrt{\\sigma^2 + \\varepsilon}$ and $\\beta = \\mu$ the layer gives back what it got.

  **The size of the weights does not matter.** $(aW)u = a\\,(Wu)$: mean and deviation both grow by $a$, and the ratio \
  stays. So $\\mathrm{BN}((aW)u) = \\mathrm{BN}(Wu)$; and since moving $aW$ by $a\\,\\delta$ does what moving $W$ by \
  $\\delta$ did,
  """)
page.math("\\frac{\\partial L}{\\partial (aW)} = \\frac{1}{a}\\,\\frac{\\partial L}{\\partial W}")
let doubling = page.predict(
  "A trained net with batch norm behind every hidden layer: all weights of those layers are doubled. Its loss on a batch, normalized with that batch's own statistics,",
  choices: ["stays the same", "roughly doubles", "falls to half", "explodes"])
let factors = [0.1, 0.2, 0.5, 1, 2, 5, 10]
let biasChange = Summary(seeds.map { NormalizedDense(seed: $0).changeByBias(seed: $0) })
let restoration = Summary(seeds.map { NormalizedDense(seed: $0).restorationError() })
let effects = seeds.map { scaleEffects(factors: factors, seed: $0) }
let exactChange = effects.flatMap { $0.map(\.exactChange) }.max() ?? .nan
let gradientError = effects.flatMap { $0.map(\.gradientError) }.max() ?? .nan
let usualChange = factors.indices.map { i in effects.map { $0[i].usualChange }.max() ?? 0 }
page.table(
  Table(
    "The identities in 32-bit numbers, whose rounding is about 10⁻⁷ of a value: the largest difference of any output",
    columns: ["what is compared", "largest difference"],
    rows: [
      ["with and without biases up to ±10", TableCell(short(biasChange.maximum))],
      ["input, and output with γ = √(σ² + ε), β = μ", TableCell(short(restoration.maximum))],
      ["BN(Wu) and BN((aW)u), a from 0.1 to 10, ε = 0", TableCell(short(exactChange))],
      ["∂L/∂W and a·∂L/∂(aW), relative, ε = 0", TableCell(short(gradientError))],
      ["BN(Wu) and BN((aW)u), a = 10, ε = 10⁻⁵", TableCell(short(usualChange[6]))],
      ["BN(Wu) and BN((aW)u), a = 0.1, ε = 10⁻⁵", TableCell(short(usualChange[0]))],
    ]))
page.sideNote(
  "The last row is ε at work: where weights become tiny, ε is no longer small beside σ², and the identity ends.")
page.code("scaled", in: "Identities.swift")

let subject = NormalizedDense(seed: run.seed)
page.figure(
  Figure(
    "Turn the weights up: what goes into the norm spreads out, what comes out does not move",
    exploring: FigureParameter("factor a in front of all weights", values: factors, initial: 3),
    caption:
      "One dense layer of 32 units, 48 standard normal samples, seed \(run.seed). Values beyond the axis are not drawn.",
    name: "scale-invariance"
  ) { factor in
    let (sums, output, _) = subject.scaled(by: Float(factor))
    let (before, after) = (TensorStatistics(sums), TensorStatistics(output))
    return .histograms(
      HistogramGrid(
        columns: ["in front of the norm, aWu", "behind it, BN(aWu)"],
        rows: [
          HistogramGrid.Row(
            "a = \(short(factor))", range: -6...6,
            [
              .init(
                heights: histogram(sums.elements.map(Double.init), in: -6...6),
                title: "σ = \(short(before.deviation))"),
              .init(
                heights: histogram(output.elements.map(Double.init), in: -6...6),
                title: "σ = \(short(after.deviation))"),
            ], color: Normalization.batch.color)
        ], xLabel: "value"))
  })

let scalings = [Normalization.none, .batch].map { kind in
  run.trying {
    try seeds.map { try WeightScaling(kind, factors: factors, on: digits, epochs: 2, seed: $0) }
  }
}
func mean(_ runs: [WeightScaling], _ value: (WeightScaling) -> [Double]) -> [Summary] {
  factors.indices.map { i in Summary(runs.map { value($0)[i] }) }
}
let losses = scalings.map { mean($0, \.losses) }
let gradients = scalings.map { mean($0, \.gradients) }
let doubled = losses.map { $0[4].mean / $0[3].mean }
let scalingHolds = abs(doubled[1] - 1) < 0.02 && abs(doubled[0] - 1) > 0.1
page.reveal(
  doubling, answer: abs(doubled[1] - 1) < 0.25 ? 0 : doubled[1] > 6 ? 3 : doubled[1] > 1 ? 1 : 2,
  "Times \(short(doubled[1], digits: 4)) with batch norm, times \(short(doubled[0], digits: 3)) without.")
page.figure(
  Figure(
    scalingHolds
      ? "E(w) = E(2w): the loss does not feel the size of the weights, and a net without batch norm does"
      : "Doubling the weights changes the loss \(short(doubled[1], digits: 3)) times with batch norm and \(short(doubled[0], digits: 3)) times without",
    .lines(
      LineChart(
        x: Axis("factor in front of all hidden weights", log: true), y: Axis("loss", log: true),
        zip([Normalization.none, .batch], losses).map { kind, values in
          Series(
            kind == .none ? "no norm" : kind.name, x: factors, y: values.map(\.mean),
            deviation: values.map(\.deviation),
            isEmphasized: kind == .batch, color: kind.color)
        })),
    caption:
      "Perceptron with 5 hidden layers of 64 ReLU units after two epochs of \(grouped(digits.train.count)) images, loss on 500 of them with their own statistics. Mean and deviation of \(seedWords), \(data).",
    name: "loss-by-weight-scale"))
page.prose(
  """
  The gradient does feel it. At 10 times the weights it is \(short(gradients[1][6].mean, digits: 3)) times what it \
  was, at one tenth of the weights \(short(gradients[1][0].mean, digits: 3)) times. So a weight that a large step has blown \
  up is moved less by the next one: batch norm turns down its own learning rate where steps are too large.
  """)
page.callout(
  .note,
  """
  S4 writes $E(w) = E(2w)$ for the whole net. It holds for weights *with batch norm behind them* and while the statistics \
  are those of the batch. It does not hold for the last layer without a norm, for $\\gamma$ and $\\beta$, nor at test \
  time, where $\\mu$ and $\\sigma$ are stored numbers that know nothing of the factor.
  """)

// MARK: Backward

page.prose(
  """
  ## The way back

  The gradients of $\\gamma$ and $\\beta$ are those of a straight line: $\\partial L/\\partial\\beta = \\sum_i g_i$ and \
  $\\partial L/\\partial\\gamma = \\sum_i g_i\\,\\hat{z}_i$ with $g_i = \\partial L/\\partial y_i$. For $z_i$ there are three \
  paths: directly, through $\\mu$, and through $\\sigma$. With $s = \\sqrt{\\sigma^2 + \\varepsilon}$,

  $$\\frac{\\partial \\hat{z}_j}{\\partial z_i} = \\frac{1}{s}\\left(\\delta_{ij} - \\frac{1}{m} - \\frac{\\hat{z}_i \\hat{z}_j}{m}\\right)$$

  ($\\delta_{ij}$ is 1 for $i = j$ and 0 otherwise), and summed over all $j$:
  """)
page.math(
  "\\frac{\\partial L}{\\partial z_i} = \\frac{\\gamma}{s}\\left(g_i - \\frac{1}{m}\\sum_j g_j - \\hat{z}_i\\,\\frac{1}{m}\\sum_j g_j\\,\\hat{z}_j\\right)"
)
let backProof = subject.cancelledGradients()
page.prose(
  """
  Read it as two subtractions. The mean gradient goes, because shifting all $z_i$ changes nothing; and the part along \
  $\\hat{z}$ goes, because stretching them changes nothing either. So the gradient of every unit must add up to 0 over the \
  batch, and be at right angles to $\\hat{z}$ but for the $\\varepsilon$. Measured for 32 units: the largest sum is \(short(backProof.sum)), the \
  largest product with $\\hat{z}$ \(short(backProof.product)), where the gradients themselves reach \
  \(short(backProof.largest)).
  """)

// MARK: Running statistics

page.prose(
  """
  ## At test time there is no batch

  An answer must not depend on which other images happen to be asked about. So in training the layer keeps *running \
  statistics*, and in inference they stand in for $\\mu$ and $\\sigma^2$. What should be kept? The mean of the batch means is \
  right. The mean of the batch variances is not: a batch that is measured from its own mean looks tighter than it is, by \
  a factor $(m-1)/m$ on average. So what goes in is the variance with $m - 1$ in its denominator, and with a weight \
  $\\alpha$ (the layer's *momentum*, usually 0.1) for the newest batch:

  $$r \\leftarrow (1 - \\alpha)\\,r + \\alpha\\,b$$
  """)
let batchSizes = [2, 4, 8, 16, 32]
let moments = batchSizes.map {
  BatchMoments(batchSize: $0, batches: run.pick(quick: 50, normal: 400, full: 4_000), seed: run.seed)
}
let biased = moments.map(\.biasedVariance), unbiased = moments.map(\.runningVariance)
page.figure(
  Figure(
    unbiased[0] > 0.85 * BatchMoments.truth.variance && biased[0] < 0.65 * BatchMoments.truth.variance
      ? "With batches of 2 the average biased variance is \(percent(biased[0] / BatchMoments.truth.variance)) of the true one; times m/(m − 1) it is right"
      : "The average variance by batch size: biased \(short(biased[0], digits: 3)) and corrected \(short(unbiased[0], digits: 3)) at 2, truth \(short(BatchMoments.truth.variance))",
    .lines(
      LineChart(
        x: Axis("batch size", log: true, ticks: batchSizes.map { (Double($0), "\($0)") }),
        y: Axis("average variance", range: 0...5),
        [
          Series(
            "the layer's running variance", x: batchSizes.map(Double.init), y: unbiased, isEmphasized: true, color: 1),
          Series("mean of the biased variances", x: batchSizes.map(Double.init), y: biased, color: 2),
        ], references: [.init(.horizontal, at: BatchMoments.truth.variance, "truth")])),
    caption:
      "\(grouped(moments[0].means.count)) batches of numbers with mean \(short(BatchMoments.truth.mean)) and variance \(short(BatchMoments.truth.variance)), fed to a batch norm layer whose running statistics average over all of them.",
    name: "running-variance"))
page.callout(
  .erratum("S4"),
  """
  S4 keeps "the mean of the means and the mean of the variances". Ioffe and Szegedy's algorithm 2 has \
  $\\mathrm{Var} = \\frac{m}{m-1}\\,E[\\sigma_B^2]$. At $m = 32$ the difference is 3 %, which is why one gets away with it; \
  at $m = 2$ it is a factor of 2. S2 says that batch normalization "is done in training only": in inference it is done \
  too, with stored numbers.
  """)
let spreadOfMeans = moments.map { Summary($0.means).deviation }
page.prose(
  """
  And each single batch is only a sample. The mean of a batch of 2 scatters by \(short(spreadOfMeans[0])), that \
  of 32 by \(short(spreadOfMeans[4])), where $\\sigma = 2$: the noise falls like $\\sigma/\\sqrt{m}$. Move the slider:
  """)
page.figure(
  Figure(
    "Small batches guess: their means scatter, and their variances are often near 0",
    exploring: FigureParameter("batch size", values: batchSizes.map(Double.init), initial: 0),
    caption: "Mean and biased variance of \(grouped(moments[0].means.count)) batches; the truth is 3 and 4.",
    name: "batch-noise"
  ) { size in
    let moment = moments[batchSizes.firstIndex(of: Int(size)) ?? 0]
    let (center, spread) = (Summary(moment.means), Summary(moment.variances))
    return .histograms(
      HistogramGrid(
        columns: ["what a batch says"],
        rows: [
          .init(
            "mean, m = \(Int(size))", range: 0...6,
            [
              .init(
                heights: histogram(moment.means, in: 0...6),
                title: "\(short(center.mean, digits: 3)) ± \(short(center.deviation))")
            ],
            color: 1),
          .init(
            "variance, m = \(Int(size))", range: 0...12,
            [
              .init(
                heights: histogram(moment.variances, in: 0...12),
                title: "\(short(spread.mean, digits: 3)) ± \(short(spread.deviation))")
            ], color: 2),
        ], xLabel: "value"))
  })

// MARK: Sweeps

page.prose(
  """
  ## Does it train better?

  The same perceptron (5 hidden layers of 64 ReLU units) with and without batch norm, \(grouped(digits.train.count)) images, two \
  epochs. First every learning rate, with He's weights; then every size of the first weights, with one learning rate.
  """)
let rateGuess = page.predict(
  "The largest learning rate at which the net still learns: how many times larger is it with batch norm?",
  choices: ["1", "3", "10", "30", "100"])
let quickRates: [Double] = [0.01, 0.1, 1]
let normalRates: [Double] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]
let fullRates: [Double] = [0.0003] + normalRates + [30, 100]
let rates = run.pick(quick: quickRates, normal: normalRates, full: fullRates)
func powersOfTwo(_ exponents: some Sequence<Int>) -> [Double] { exponents.map { exp2(Double($0)) } }
let scales = run.pick(
  quick: powersOfTwo([-4, 0, 4]), normal: powersOfTwo(-4...4), full: powersOfTwo(-6...6))
let pair = [Normalization.none, .batch]
let sweepBar = page.progress("training", total: 2 * seeds.count * (rates.count + scales.count))
var sweepsDone = 0
func tick(_ bar: ProgressBar, _ done: inout Int) {
  run.stopIfInterrupted()
  done += 1
  bar.update(done)
}
let rateSweeps = pair.map { kind in
  run.trying {
    try Sweep(rates, seeds: seeds) { rate, seed in
      tick(sweepBar, &sweepsDone)
      return try trained(perceptron(kind), on: digits, rate: Float(rate), batchSize: 32, epochs: 2, seed: seed)
    }
  }
}
let scaleSweeps = pair.map { kind in
  run.trying {
    try Sweep(scales, seeds: seeds) { scale, seed in
      tick(sweepBar, &sweepsDone)
      return try trained(
        perceptron(kind, scale: Float(scale)), on: digits, rate: 0.03, batchSize: 32, epochs: 2, seed: seed)
    }
  }
}
sweepBar.finish()
let limit = 50.0
let reach = rateSweeps.map { Summary($0.largestUsable(below: limit)) }
let reachRatio = Summary(
  zip(rateSweeps[1].largestUsable(below: limit), rateSweeps[0].largestUsable(below: limit)).map {
    $0 / max($1, rates[0])
  })
page.reveal(
  rateGuess, answer: reachRatio.mean,
  "Below \(Int(limit)) % test error up to \(short(reach[0].mean)) without and \(short(reach[1].mean)) with batch norm."
)
func sweepSeries(_ sweeps: [Sweep]) -> [Series] {
  zip(pair, sweeps).map { kind, sweep in
    Series(
      kind == .none ? "no norm" : kind.name, x: sweep.settings, y: sweep.errors.map(\.mean),
      deviation: sweep.errors.map(\.deviation), isEmphasized: kind == .batch, color: kind.color)
  }
}
let guessing = LineChart.Reference(.horizontal, at: 90, "guessing")
page.figure(
  Figure(
    reachRatio.mean > 1.5
      ? "With batch norm the net survives learning rates \(short(reachRatio.mean)) times larger"
      : "Batch norm does not widen the range of learning rates here: its largest is \(short(reachRatio.mean)) times the other",
    .lines(
      LineChart(
        x: Axis("learning rate", log: true), y: Axis("test error (%)", range: 0...100), sweepSeries(rateSweeps),
        references: [guessing])),
    caption:
      "After two epochs, He's initial weights. Mean and deviation of \(seedWords); a run that diverged counts as guessing. \(data).",
    name: "rate-sweep"))
let spans = scaleSweeps.map { $0.decades(below: limit) }
/// Whether the net with batch norm was usable at both ends of the sweep: then its range may be wider still.
let isWiderThanSweep = spans[1] > log10(scales[scales.count - 1] / scales[0]) - 1e-6
page.figure(
  Figure(
    spans[1] > spans[0] + 0.3
      ? "It forgives bad initial weights: usable over a factor of \(isWiderThanSweep ? "at least " : "")\(short(pow(10, spans[1]))), without it over one of \(short(pow(10, spans[0])))"
      : "Bad initial weights: usable over a factor of \(short(pow(10, spans[1]))) with and \(short(pow(10, spans[0]))) without batch norm",
    .lines(
      LineChart(
        x: Axis("initial weights, as multiples of He's", log: true), y: Axis("test error (%)", range: 0...100),
        sweepSeries(scaleSweeps), references: [guessing])),
    caption: "After two epochs at learning rate 0.03. Mean and deviation of \(seedWords). \(data).",
    name: "scale-sweep"))
let bestErrors = rateSweeps.map { sweep in sweep.errors.min { $0.mean < $1.mean } ?? Summary([]) }
let ends = [0, scales.count - 1].map { scaleSweeps[1].errors[$0].mean }
page.prose(
  """
  Both curves with batch norm are wider, and that is most of what it gives here: at its own best learning rate the net \
  without it reaches \(percentage(bestErrors[0])) errors, with it \(percentage(bestErrors[1])).

  \(ends[1] > ends[0] + 10
    ? "Weights that are too *large* still hurt (\(fixed(ends[1], 1)) % at \(short(scales[scales.count - 1], digits: 3)) times He's, \(fixed(ends[0], 1)) % at \(short(scales[0])) times). That is the gradient of 1/a: the function is the same, but one step turns large weights by little, and two epochs are not enough."
    : "Too large and too small weights do about equally well: \(fixed(ends[1], 1)) and \(fixed(ends[0], 1)) % at the two ends.")
  """)

// MARK: Batch size

page.prose(
  """
  ## The price: it needs a batch

  A small LeNet: two convolutions (8 and 16 channels), a dense layer of 64, a norm in front of each activation. Everyone \
  sees the same number of images, with a learning rate in proportion to the batch size ($0.1 \\cdot m/32$). Only the \
  normalization and the batch size change.
  """)
let sizeGuess = page.predict(
  "With batches of 2, which of the four has the most test errors?", choices: Normalization.four.map(\.name))
let kinds = Normalization.allCases
let sizes = run.pick(quick: [2, 8, 32], normal: batchSizes, full: batchSizes)
let sizeDigits = Digits(
  train: digits.train.prefix(run.pick(quick: 200, normal: 800, full: 20_000)), test: digits.test,
  isReal: digits.isReal)
let sizeBar = page.progress("training", total: kinds.count * sizes.count * seeds.count)
var sizesDone = 0
let bySize = run.trying {
  try batchSizeSweep(kinds, sizes: sizes, on: sizeDigits, epochs: run.pick(quick: 1, normal: 2, full: 3), seeds: seeds)
  {
    tick(sizeBar, &sizesDone)
  }
}
sizeBar.finish()
func errors(_ kind: Normalization) -> [Summary] { bySize[kind]?.errors ?? [] }
let atTwo = Normalization.four.map { errors($0)[0].mean }
let worstAtTwo = atTwo.indices.max { atTwo[$0] < atTwo[$1] } ?? 0
let othersAtTwo = Summary(atTwo.indices.filter { $0 != 0 }.map { atTwo[$0] })
let (leastOther, mostOther) = (fixed(othersAtTwo.minimum, 1), fixed(othersAtTwo.maximum, 1))
page.reveal(
  sizeGuess, answer: worstAtTwo,
  "Batch norm has \(percentage(errors(.batch)[0])) errors, the other three \(leastOther == mostOther ? "\(leastOther) %" : "from \(leastOther) to \(mostOther) %")."
)
page.figure(
  Figure(
    worstAtTwo == 0 && errors(.batch)[0].mean > 1.5 * errors(.batch)[sizes.firstIndex(of: 8) ?? 1].mean
      ? "Batch norm falls apart in batches of 2; the three that never look at the batch do not"
      : "At batch size 2 \(Normalization.four[worstAtTwo].name) does worst, with \(short(atTwo[worstAtTwo], digits: 3)) % errors",
    .lines(
      LineChart(
        x: Axis("batch size", log: true, ticks: sizes.map { (Double($0), "\($0)") }),
        y: Axis("test error (%)", log: true),
        kinds.map { kind in
          Series(
            kind.rawValue, x: sizes.map(Double.init), y: errors(kind).map(\.mean),
            deviation: errors(kind).map(\.deviation),
            isEmphasized: kind == .batch, color: kind.color)
        })),
    caption:
      "Group norm has 4 groups; instance norm stands behind the convolutions only. \(grouped(sizeDigits.train.count)) images. Mean and deviation of \(seedWords). \(data).",
    name: "batch-size"))
page.table(
  Table(
    "Test error (%) by batch size", columns: ["layer"] + sizes.map { .init("\($0)", digits: 1) },
    rows: kinds.map { kind in
      [TableCell(kind.rawValue)] + errors(kind).map { TableCell.measured($0) }
    }))
page.code("batchSizeSweep", in: "Training.swift")
page.prose(
  """
  Look at what a dense layer gets from two images with values $a > b$. The mean is half-way between, the deviation half \
  the distance: $\\hat{a} = +1$ and $\\hat{b} = -1$, *whatever they were*. All that is left of a number is whether it is the \
  larger of two. Behind a convolution a batch of 2 still pools two whole maps, which is why convolutional nets notice less; \
  but the statistics then say less about the data and more about the pair, and the running ones that replace them at test \
  time describe a crowd that no training step ever saw.
  """)

// MARK: Regularizing

let few = Digits(
  train: digits.train.prefix(run.pick(quick: 100, normal: 300, full: 1_000)), test: digits.test, isReal: digits.isReal)
let heartEpochs = run.pick(quick: 10, normal: 30, full: 60)
let heartRates = run.pick(quick: [0.1], normal: [0.03, 0.1, 0.3], full: [0.01, 0.03, 0.1, 0.3, 1])

page.prose(
  """
  ## The noise has a use

  What an image becomes depends on who shares its batch, and that changes in every epoch. So no image is ever seen twice \
  alike, and learning by heart is harder: batch norm regularizes, S2 and S3 say. The test: \(grouped(few.train.count)) images, \
  learned for \(heartEpochs) epochs with batches of 32, each net with the best of \(heartRates.count) learning \
  \(heartRates.count == 1 ? "rate" : "rates").
  """)
/// For each net its results at the learning rate with the lowest mean test error.
let regular: [[Result]] = pair.map { kind in
  let sweep = run.trying {
    try Sweep(heartRates, seeds: seeds) { rate, seed in
      run.stopIfInterrupted()
      return try trained(
        perceptron(kind), on: few, rate: Float(rate), batchSize: 32, epochs: heartEpochs, seed: seed)
    }
  }
  return sweep.results.min { Summary($0.map(\.error)).mean < Summary($1.map(\.error)).mean } ?? []
}
page.table(
  Table(
    "Few images, learned by heart (%)",
    columns: ["network", .init("training error", digits: 1), .init("test error", digits: 1)],
    rows: zip(pair, regular).map { kind, results in
      let (training, test) = (Summary(results.map(\.trainingError)), Summary(results.map(\.error)))
      return [
        TableCell(kind == .none ? "no norm" : kind.name), .measured(training),
        .measured(test),
      ]
    }))
/// By how much the test error is lower with batch norm, seed by seed.
let heartGap = Summary(regular[0].map(\.error)) - Summary(regular[1].map(\.error))
page.prose(
  !isClear(heartGap)
    ? "On unseen images the net with batch norm is \(short(abs(heartGap.mean))) points \(heartGap.mean < 0 ? "worse" : "better"), \(chance(heartGap)): a regularizer it is not here."
    : heartGap.mean > 0
      ? "Both know their images by heart, and the one with batch norm makes fewer mistakes on others."
      : "The net with batch norm makes *more* mistakes on unseen images here. Noise alone is no guarantee.")

// MARK: Drift

page.prose(
  """
  ## Does it hold the layers still?

  S0 trained LeNet-5+ (without) and LeNet-5++ (with batch norm) and drew what enters every activation, epoch after epoch. \
  Here it is again: learning rate 0.02, batches of 32, as there.
  """)
let lenet = run.trying {
  try Digits.load(
    from: run.options.data, count: run.pick(quick: 600, normal: 3_000, full: 60_000), testCount: 1_000)
}
let epochs = run.pick(quick: 2, normal: 5, full: 30)
let driftBar = page.progress("training LeNet-5", total: 2 * seeds.count)
var driftsDone = 0
let drift = [false, true].map { normalized in
  seeds.map { seed in
    run.trying {
      tick(driftBar, &driftsDone)
      return try DriftRun(normalized: normalized, on: lenet, epochs: epochs, seed: seed)
    }
  }
}
driftBar.finish()
func growth(_ runs: [DriftRun], _ snapshots: (DriftRun) -> [[TensorStatistics]]) -> Summary {
  Summary(
    runs.map { run in
      let spread = DriftRun.spread(snapshots(run))
      return spread[spread.count - 1] / spread[1]
    })
}
let growths = [growth(drift[0], \.inputs), growth(drift[1], \.inputs), growth(drift[1], \.sums)]
let curves: [(String, [[Double]], Int)] = [
  ("no norm", drift[0].map { DriftRun.spread($0.inputs) }, 0),
  ("after the norm", drift[1].map { DriftRun.spread($0.inputs) }, 1),
  ("before the norm", drift[1].map { DriftRun.spread($0.sums) }, 2),
]
page.figure(
  Figure(
    abs(growths[1].mean - 1) < 0.5 * abs(growths[0].mean - 1)
      ? "Without a norm the spread grows \(short(growths[0].mean, digits: 3)) times after the first epoch; behind one it stays at \(short(growths[1].mean, digits: 3))"
      : "After the first epoch the spread changes \(short(growths[0].mean, digits: 3)) times without and \(short(growths[1].mean, digits: 3)) times behind a norm",
    .lines(
      LineChart(
        x: Axis("epoch"), y: Axis("standard deviation of the activation inputs"),
        curves.map { name, values, color in
          let summaries = (0...epochs).map { e in Summary(values.map { $0[e] }) }
          return Series(
            name, x: (0...epochs).map(Double.init), y: summaries.map(\.mean), deviation: summaries.map(\.deviation),
            isEmphasized: color == 1, color: color)
        })),
    caption:
      "Average over the four hidden activations of LeNet-5+ (no norm) and LeNet-5++, on 256 training images. Mean and deviation of \(seedWords), \(grouped(lenet.train.count)) images, \(lenet.name).",
    name: "drift"))
let shownEpochs = run.pick(quick: [0, 1, 2], normal: [0, 1, 2, 3, 5], full: [0, 1, 5, 15, 30])
func widest(_ kind: Int, _ epoch: Int) -> Double { drift[kind][0].inputs[epoch].map(\.deviation).max() ?? 0 }
page.figure(
  Figure(
    widest(0, epochs) > 2 * widest(0, 0) && widest(1, epochs) < 1.5 * widest(1, 0)
      ? "S0's figure 5: without a norm the histograms widen, σ up to \(short(widest(0, epochs))); with one they keep their spread"
      : "S0's figure 5: the widest σ goes from \(short(widest(0, 0))) to \(short(widest(0, epochs))) without and to \(short(widest(1, epochs))) with a norm",
    .histograms(
      HistogramGrid(
        columns: shownEpochs.map { $0 == 0 ? "start" : "epoch \($0)" },
        rows: [0, 1].flatMap { kind -> [HistogramGrid.Row] in
          let first = drift[kind][0]
          return first.layers.indices.map { layer in
            .init(
              "\(kind == 0 ? "no norm" : "norm"), \(first.layers[layer])", range: -6...6,
              shownEpochs.map { first.inputs[$0] }.map { snapshot in
                HistogramGrid.Panel(
                  heights: snapshot[layer].histogram.map { Double($0) / Double(snapshot[layer].count) },
                  title: "σ \(short(snapshot[layer].deviation))")
              }, color: kind)
          }
        }, xLabel: "input of the activation")),
    caption: "Seed \(seeds[0]). First four rows LeNet-5+, last four LeNet-5++. Values beyond ±6 are not drawn.",
    name: "drift-histograms", isWide: true))
page.prose(
  """
  Two remarks. Behind the norm the spread is steady *by construction*: it is $|\\gamma|$, and $\\gamma$ starts at 1 and moves \
  slowly. \(abs(growths[2].mean - 1) > 0.1
    ? "And *in front of* the norm the sums of the same net do move: \(short(growths[2].mean, digits: 3)) times their spread of the first epoch. Batch norm does not stop the weights from drifting; it stops the next layer from noticing."
    : "And *in front of* the norm the sums of the same net hardly move either (\(short(growths[2].mean, digits: 3)) times their spread of the first epoch): the net had no need to blow up its weights, since behind a norm their size does not matter.")
  """)

// MARK: Folding and cost

let plusPlus = drift[1][0].model
let folding = drift[1].map { Folding($0.model, on: lenet.test) }
let worstFold = folding.max { $0.largestDifference < $1.largestDifference }!
let costs = [NetCost(drift[0][0].model), NetCost(plusPlus)]
page.prose(
  """
  ## What it costs, and how the cost disappears

  In training: two more numbers per channel to learn, two to keep, and one more copy of every activation to hold for the \
  backward pass. S4 rightly calls that a price.
  """)
page.table(
  Table(
    "LeNet-5+ and LeNet-5++",
    columns: [
      "network", "learned", "kept beside", "values held per image", "multiply-adds",
      .init("s per epoch (time)", digits: 2),
    ],
    rows: [("LeNet-5+", 0), ("LeNet-5++", 1)].map { name, i in
      [
        TableCell(name), TableCell(costs[i].parameters), TableCell(costs[i].buffers), TableCell(costs[i].activations),
        TableCell(costs[i].multiplyAdds), TableCell(Summary(drift[i].map(\.seconds)).mean),
      ]
    }))
page.sideNote(
  "The last column is a time: it differs from run to run and machine to machine. \(grouped(lenet.train.count)) images.")
page.prose(
  """
  In inference the layer is a scale and a shift of each channel, and so is a convolution's weight and bias. With \
  $s = \\gamma/\\sqrt{\\sigma^2 + \\varepsilon}$ one absorbs the other: $W' = s\\,W$ and $b' = s\\,(b - \\mu) + \\beta$.
  """)
page.code("folded", in: "Drift.swift")
page.table(
  Table(
    "LeNet-5++ and the same net folded, on \(grouped(worstFold.images)) test images",
    columns: ["seed", "layers before", "after", "largest change of a logit", "of a probability", "answers changed"],
    rows: zip(seeds, folding).map { seed, fold in
      [
        TableCell(seed), TableCell(fold.layersBefore), TableCell(fold.layersAfter),
        TableCell(short(fold.largestDifference)), TableCell(short(fold.largestProbabilityDifference)),
        TableCell(fold.changedAnswers),
      ]
    }))

// MARK: Over time

page.prose(
  """
  ## Why recurrent nets do without it

  A recurrent net applies the same weights at every moment: $a_t = W x_t + U h_{t-1} + b$, $h_t = \\tanh a_t$. Which batch \
  statistics belong to $a_t$? We train one to read digits row by row, 28 moments of 28 pixels, and look at its sums over a \
  batch, moment by moment.
  """)
let overTime = seeds.map { seed in
  run.trying {
    run.stopIfInterrupted()
    return try MomentStatistics(
      on: Digits(
        train: digits.train.prefix(run.pick(quick: 200, normal: 1_000, full: 10_000)), test: digits.test,
        isReal: digits.isReal),
      epochs: run.pick(quick: 1, normal: 5, full: 10), sample: 200, seed: seed)
  }
}
func overSeeds(_ value: (MomentStatistics) -> [Double]) -> [Summary] {
  (0..<28).map { t in Summary(overTime.map { value($0)[t] }) }
}
let silent = Summary(overTime.map { Double($0.silentMoments) })
let shared = overSeeds(\.sharedDeviations), ofLayer = overSeeds(\.layerDeviations)
let sharedLow = shared.map(\.mean).min() ?? 0, sharedHigh = shared.map(\.mean).max() ?? 0
let sharedFails = sharedLow < 0.5 || sharedHigh > 2
page.figure(
  Figure(
    sharedFails
      ? "Over the batch, one set of statistics leaves spreads from \(short(sharedLow)) to \(short(sharedHigh, digits: 3)); over the units of a sample, layer norm always gives \(short(Summary(ofLayer.map(\.mean)).mean))"
      : "One set of statistics serves all moments here: the spread stays between \(short(sharedLow)) and \(short(sharedHigh, digits: 3))",
    .lines(
      LineChart(
        x: Axis("moment (row of the digit)"), y: Axis("standard deviation after normalizing", range: 0...2),
        [
          Series(
            "batch norm, statistics shared", y: shared.map(\.mean), deviation: shared.map(\.deviation),
            isEmphasized: true, color: Normalization.batch.color),
          Series(
            "layer norm", y: ofLayer.map(\.mean), deviation: ofLayer.map(\.deviation), color: Normalization.layer.color),
        ])),
    caption:
      "Sums of a recurrent net with 32 units, 200 digits; mean and deviation of \(seedWords), \(data). Test error of the nets: \(percentage(Summary(overTime.map(\.error)))).",
    name: "over-time"))
page.prose(
  """
  With *shared* statistics no moment gets what was promised. With statistics of *its own* each moment would need its own \
  running mean and variance — and at \(short(silent.mean, digits: 3)) of the 28 moments hardly anything varies over the batch: the \
  first rows of every digit are black, $\\sigma$ is 0, and only $\\varepsilon$ is left to divide by. It has been done all \
  the same (Cooijmans et al. 2016), and a sequence of 29 moments then borrows the statistics of moment 28. Layer norm asks only the units of one sample at one moment, \
  needs no memory, and does the same in training and in use.
  """)

// MARK: Why?

page.prose(
  """
  ## Why does it work? A dispute

  The sources give Ioffe and Szegedy's reason: *internal covariate shift*. Each layer's input distribution moves while the \
  layers before it learn, and batch norm stops that. In 2018 Santurkar, Tsipras, Ilyas and Madry put it to the test: they \
  added noise *behind* batch norm, so that the distributions moved more than without any norm, and the net still trained \
  fast. Their own explanation: the loss becomes smoother. Along a step the loss and the gradient change less, so a \
  gradient stays true for longer and a larger step is safe.

  Both parts can be repeated in small: three hidden layers of 100 ReLU units, He's weights, learning rate 0.2, batches of \
  60. The noise behind the norm scales and shifts every unit anew in every step.
  """)
let whyGuess = page.predict(
  "Batch norm with noise behind it that shakes every distribution in every step: its test error, averaged over the run, will be",
  choices: [
    "near that of plain batch norm", "half-way between", "near that of no norm", "worse than no norm",
  ])
let steps = run.pick(quick: 40, normal: 120, full: 2_000), interval = run.pick(quick: 20, normal: 20, full: 100)
let whyBar = page.progress("training", total: StabilityVariant.allCases.count * seeds.count)
var whysDone = 0
let stability = StabilityVariant.allCases.map { variant in
  seeds.map { seed in
    run.trying {
      tick(whyBar, &whysDone)
      return try StabilityRun(variant, on: digits, steps: steps, interval: interval, rate: 0.2, seed: seed)
    }
  }
}
whyBar.finish()
func overRuns(_ runs: [StabilityRun], _ value: (StabilityRun) -> [Double]) -> [Summary] {
  runs[0].steps.indices.map { i in Summary(runs.map { value($0)[i] }) }
}
func chart(_ label: String, log isLogarithmic: Bool = false, _ variants: [Int], _ value: (StabilityRun) -> [Double])
  -> Plot
{
  .lines(
    LineChart(
      x: Axis("step"), y: Axis(label, log: isLogarithmic),
      variants.map { i in
        let summaries = overRuns(stability[i], value)
        return Series(
          StabilityVariant.allCases[i].rawValue, x: stability[i][0].steps.map(Double.init), y: summaries.map(\.mean),
          deviation: summaries.map(\.deviation), isEmphasized: i == 1, color: i)
      }))
}
let meanErrors = stability.map { runs in Summary(runs.map { Summary($0.errors).mean }) }
let endErrors = stability.map { runs in Summary(runs.map { $0.errors[$0.errors.count - 1] }) }
/// A run that diverged has no movement to speak of.
let drifts = stability.map { runs in Summary(runs.map { Summary($0.drifts).mean }.filter(\.isFinite)) }
let gap = (meanErrors[2].mean - meanErrors[1].mean) / (meanErrors[0].mean - meanErrors[1].mean)
page.reveal(
  whyGuess, answer: meanErrors[2].mean > meanErrors[0].mean ? 3 : gap < 0.33 ? 0 : gap < 0.67 ? 1 : 2,
  "Averaged over the run: \(percentage(meanErrors[0])) without, \(percentage(meanErrors[1])) with, \(percentage(meanErrors[2])) with noise."
)
let noiseMovesMore = drifts[2].mean > drifts[0].mean
page.figure(
  Figure(
    gap < 0.5
      ? "Shaken by noise in every step, batch norm still learns faster than no norm"
      : "With noise behind it batch norm loses \(percent(gap)) of its lead",
    chart("test error (%)", [0, 1, 2], \.errors),
    caption: "Mean and deviation of \(seedWords), \(data).", name: "noisy-errors"))
page.figure(
  Figure(
    noiseMovesMore
      ? "And its distributions move \(short(drifts[2].mean / drifts[0].mean)) times as much in a step as without any norm"
      : "The noise moves the distributions less (\(short(drifts[2].mean / drifts[0].mean)) times) than training without a norm does",
    chart("movement in one step, in units of σ", log: true, [0, 1, 2], \.drifts),
    caption:
      "(|change of mean| + |change of deviation|)/deviation from one step to the next, inputs of the last hidden activation, average over the units; without a norm it includes the change of batch.",
    name: "noisy-drift"))
page.prose(
  """
  \(noiseMovesMore && meanErrors[2].mean < meanErrors[0].mean
    ? "The noise costs something, and yet a net whose distributions are shaken harder than those of the plain net learns faster than it: stable distributions are not what is needed."
    : "In this run the noise experiment does not decide.") And smoothness? From each probed point we walk up to four steps along the \
  negative gradient, and note the range of losses met and the largest relative change of the gradient.
  """)
page.code("probe", in: "Landscape.swift")
let changes = [0, 1].map { i in Summary(stability[i].map { Summary($0.gradientChanges).mean }) }
let ranges = [0, 1].map { i in Summary(stability[i].map(\.lossRange)) }
page.figure(
  Figure(
    ranges[1].mean < ranges[0].mean
      ? "Along the step the loss varies by \(short(ranges[1].mean)) with batch norm, by \(short(ranges[0].mean)) without"
      : "Along the step the loss varies more with batch norm (\(short(ranges[1].mean))) than without (\(short(ranges[0].mean)))",
    .lines(
      LineChart(
        x: Axis("step"), y: Axis("loss along the step"),
        [0, 1].flatMap { i -> [Series] in
          [("highest", \StabilityRun.highest), ("lowest", \StabilityRun.lowest)].map { name, path in
            let summaries = overRuns(stability[i]) { $0[keyPath: path] }
            return Series(
              "\(StabilityVariant.allCases[i].rawValue), \(name)", x: stability[i][0].steps.map(Double.init),
              y: summaries.map(\.mean), style: .line, isEmphasized: name == "highest", color: i)
          }
        })),
    caption: "Mean of \(seedWords). \(data).", name: "loss-range"))
let smoother = changes[1].mean < changes[0].mean
page.figure(
  Figure(
    smoother
      ? "The gradient changes less with batch norm: by \(short(changes[1].mean)) of its own size, without by \(short(changes[0].mean))"
      : "In this net the gradient changes more with batch norm (\(short(changes[1].mean)) of itself) than without (\(short(changes[0].mean)))",
    chart("relative change of the gradient within four steps", [0, 1], \.gradientChanges),
    caption:
      "Largest ‖g′ − g‖/‖g‖ 1, 2 and 4 steps ahead on the same batch. Mean and deviation of \(seedWords), \(data).",
    name: "gradient-change"))
page.callout(
  .note,
  """
  **Disputed.** That batch norm helps is not in doubt; why it helps is. "Less internal covariate shift" is the reason its \
  authors gave and our sources repeat. The noise experiment speaks against it as *the* reason. Smoothness is the rival \
  explanation, itself only part of the story: scale invariance alone changes the effective learning rate, and the noise of \
  the batch may regularize. Read both papers, and distrust any page that states one reason as a fact.
  """)

// MARK: Claims

/// The verdict on an effect that should exceed a threshold in the mean and in every seed.
func verdict(_ values: [Double], reproduced: (Double) -> Bool, partly: (Double) -> Bool) -> Claim.Verdict {
  let mean = Summary(values).mean
  if seeds.count >= 3 && values.allSatisfy(reproduced) { return .reproduced }
  return reproduced(mean) || partly(mean) ? .partly : .notHere
}
let fewSeeds = seeds.count < 3 ? "a verdict needs three seeds" : ""

page.claim(
  Claim(
    "$E(w) = E(2w)$: the loss does not depend on the scale of the weights", source: "S4", published: "equal",
    measured: "× \(short(doubled[1], digits: 4)) with, × \(short(doubled[0], digits: 3)) without", seeds: seeds.count,
    verdict: verdict(
      scalings[1].map { $0.losses[4] / $0.losses[3] }, reproduced: { abs($0 - 1) < 0.02 }, partly: { abs($0 - 1) < 0.1 }
    ),
    reason: fewSeeds.isEmpty ? "for weights with a norm behind them, with batch statistics" : fewSeeds))
page.claim(
  Claim(
    "A larger learning rate can be used", source: "S2, S3, S4", published: "larger",
    measured: "\(reachRatio) times", seeds: seeds.count,
    verdict: verdict(
      zip(rateSweeps[1].largestUsable(below: limit), rateSweeps[0].largestUsable(below: limit)).map {
        $0 / max($1, rates[0])
      },
      reproduced: { $0 >= 2 }, partly: { $0 > 1 }),
    reason: fewSeeds.isEmpty ? "largest rate with less than \(Int(limit)) % errors after two epochs" : fewSeeds))
let spansBySeed = scaleSweeps.map { sweep in
  seeds.indices.map { seed -> Double in
    let usable = sweep.settings.indices.filter { sweep.results[$0][seed].error < limit }.map { sweep.settings[$0] }
    guard let least = usable.min(), let most = usable.max() else { return 0 }
    return log10(most / least)
  }
}
let spanGain = zip(spansBySeed[1], spansBySeed[0]).map { $0 - $1 }
page.claim(
  Claim(
    "More robust against bad initial weights", source: "S2", published: "more robust",
    measured:
      "\(isWiderThanSweep ? "at least " : "")\(Summary(spansBySeed[1]).formatted(decimals: 1)) against \(Summary(spansBySeed[0]).formatted(decimals: 1)) decades",
    seeds: seeds.count, verdict: verdict(spanGain, reproduced: { $0 > 0.3 }, partly: { $0 > 0 }),
    reason: fewSeeds.isEmpty ? "powers of ten of initial weights with less than \(Int(limit)) % errors" : fewSeeds))
/// Error at batch size 2 over that at 8, for each seed.
func sizeRatios(_ kind: Normalization) -> [Double] {
  let results = bySize[kind]?.results ?? []
  return seeds.indices.map { results[0][$0].error / max(results[sizes.firstIndex(of: 8) ?? 1][$0].error, 0.1) }
}
let (batchRatios, groupRatios) = (sizeRatios(.batch), sizeRatios(.group))
page.claim(
  Claim(
    "Small batches make batch norm unstable", source: "S4, Wu and He 2018", published: "error rises",
    measured: "× \(Summary(batchRatios)) from 8 to 2", seeds: seeds.count,
    verdict: verdict(batchRatios, reproduced: { $0 > 1.5 }, partly: { $0 > 1.1 }), reason: fewSeeds))
page.claim(
  Claim(
    "Group norm does not depend on the batch size", source: "S2, Wu and He 2018", published: "flat",
    measured: "× \(Summary(groupRatios)) from 8 to 2", seeds: seeds.count,
    verdict: verdict(
      zip(groupRatios, batchRatios).map { ($0 - 1) / max($1 - 1, 1e-9) }, reproduced: { $0 < 0.5 }, partly: { $0 < 0.8 }
    ),
    reason: fewSeeds.isEmpty ? "its rise is compared with batch norm's" : fewSeeds))
page.claim(
  Claim(
    "Without batch norm the activation inputs spread as training goes on; with it they keep their spread", source: "S0",
    published: "figure 5", measured: "× \(growths[0]) without, × \(growths[1]) with", seeds: seeds.count,
    verdict: verdict(
      zip(drift[0], drift[1]).map { plain, normed in
        let grown = DriftRun.spread(plain.inputs), held = DriftRun.spread(normed.inputs)
        return (grown[epochs] / grown[1] - 1) / max(abs(held[epochs] / held[1] - 1), 1e-3)
      }, reproduced: { $0 > 2 }, partly: { $0 > 1 }),
    reason: fewSeeds.isEmpty
      ? "spread after \(epochs) epochs over that after one; steady by construction behind the norm" : fewSeeds))
page.claim(
  Claim(
    "It regularizes", source: "S2, S3", published: "less overfitting",
    measured: "\(percentage(Summary(regular[1].map(\.error)))) against \(percentage(Summary(regular[0].map(\.error))))",
    seeds: seeds.count,
    verdict: verdict(heartGap.values, reproduced: { $0 > 1 }, partly: { $0 > 0 }),
    reason: fewSeeds.isEmpty
      ? "\(grouped(few.train.count)) images learned by heart, each net at its best learning rate"
      : fewSeeds))
page.claim(
  Claim(
    "No cost at test time", source: "S2", published: "no overhead",
    measured: "folded, no logit changes by more than \(short(worstFold.largestDifference))", seeds: seeds.count,
    verdict: verdict(
      folding.map(\.largestDifference), reproduced: { $0 < 1e-5 * max(1, worstFold.largestLogit) },
      partly: { $0 < 1e-3 }), reason: fewSeeds))
page.claim(
  Claim(
    "Hard to use in recurrent nets", source: "S4", published: "statistics do not fit",
    measured: "spread \(short(sharedLow)) to \(short(sharedHigh, digits: 3)) with shared statistics",
    seeds: seeds.count,
    verdict: verdict(
      overTime.map { ($0.sharedDeviations.max() ?? 1) / max($0.sharedDeviations.min() ?? 1, 1e-3) },
      reproduced: { _ in false }, partly: { $0 > 1.3 }),
    reason: fewSeeds.isEmpty
      ? "one set for all moments does not fit, one for each does (Cooijmans et al. 2016); statistics are shown, no net is trained with them"
      : fewSeeds))
page.claim(
  Claim(
    "It works *because* it reduces internal covariate shift", source: "S0, S1, S3, S4", published: "the reason given",
    measured:
      "with noise: \(short(drifts[2].mean / drifts[0].mean)) times the movement, \(percentage(meanErrors[2])) errors against \(percentage(meanErrors[0]))",
    seeds: seeds.count,
    verdict: noiseMovesMore && gap < 0.5 ? .notHere : .partly,
    reason: noiseMovesMore && gap < 0.5
      ? "more movement than without a norm, and yet faster: as in Santurkar et al. 2018"
      : "the noise slows it down here"))
page.claim(
  Claim(
    "It makes the loss smoother along the step", source: "Santurkar et al. 2018", published: "smaller gradient change",
    measured: "\(changes[1]) against \(changes[0])", seeds: seeds.count,
    verdict: verdict(
      zip(stability[0], stability[1]).map { Summary($0.gradientChanges).mean / Summary($1.gradientChanges).mean },
      reproduced: { $0 > 1.1 }, partly: { $0 > 1 }),
    reason: fewSeeds.isEmpty
      ? "relative change of the gradient; ranges of the loss \(short(ranges[1].mean)) and \(short(ranges[0].mean))"
      : fewSeeds))

page.callout(
  .takeaway,
  """
  - Normalization measures and corrects in every step what initialization can only guess once: the next layer's inputs \
  keep mean $\\beta$ and spread $\\gamma$, whatever the weights do.
  - One formula, four crowds: batch norm asks the batch, layer norm the sample, instance norm one channel of it, group norm \
  something in between ($G = 1$ is layer norm, $G = C$ instance norm).
  - Batch norm makes the scale of the weights irrelevant and so tolerates learning rates and initial weights that would \
  otherwise be fatal. It pays with a dependence on the batch: noise in small ones, stored statistics at test time, only awkward \
  answers for recurrent nets.
  - In use it costs nothing: fold it into the layer before.
  - *That* it works is a measurement. *Why* is an open argument.
  """)
page.exercises(run.exercises)
page.furtherReading([
  "Ioffe and Szegedy 2015, *Batch normalization*, arXiv:1502.03167: the idea, and the reason its authors gave",
  "Santurkar, Tsipras, Ilyas and Madry 2018, *How does batch normalization help optimization?*, arXiv:1805.11604: the dispute",
  "Ba, Kiros and Hinton 2016, *Layer normalization*, arXiv:1607.06450",
  "Cooijmans et al. 2016, *Recurrent batch normalization*, arXiv:1603.09025: statistics for every moment",
  "Ulyanov, Vedaldi and Lempitsky 2016, *Instance normalization*, arXiv:1607.08022",
  "Wu and He 2018, *Group normalization*, arXiv:1803.08494: the figure of the four cubes, and batch sizes from 32 to 2",
  "Jacob et al. 2018, *Quantization and training of neural networks for efficient integer-arithmetic-only inference*, arXiv:1712.05877: folding",
])
run.publish(&page)
