// Chapter 4: why the first weights matter.

import Workbook

let run = ChapterRun.start(chapter: 4)
var page = run.page(
  lead: """
    A deep network begins as random numbers. Choose their size badly and nothing that follows can repair it: the \
    signal has gone before the first gradient is computed.
    """)

let width = run.pick(quick: 512, normal: 4096, full: 4096)
let depth = 6
let seeds = run.seeds(quick: 1, normal: 3, full: 5)

page.prose(
  """
  ## The question

  Every layer multiplies the spread of its input by some constant. What is left of it after \(depth) layers, and what \
  must the constant be?
  """)
page.sideNote("S2 asks this with `dims = [4096] * 7` and a batch of 16; this run is \(width) units wide.")

let small = page.predict(
  """
  tanh units, weights drawn from a normal distribution with standard deviation 0.01, layers of \(width). The \
  activations of layer \(depth) have a standard deviation of about
  """,
  choices: ["1", "0.3", "0.05", "0.0001"])

page.prose(
  """
  ## The derivation

  One unit adds up $D_{in}$ products $w_i x_i$. Let weights and inputs be independent, the weights with mean 0. Then \
  the variances of the products add:
  """)
page.math("\\mathrm{Var}(y) = D_{in} \\cdot E[x^2] \\cdot \\mathrm{Var}(w)")
page.prose(
  """
  Where the inputs have mean 0 too, $E[x^2]$ is their variance, and the signal keeps its size if

  $$\\mathrm{Var}(w) = \\frac{1}{D_{in}}$$

  which is what Xavier Glorot's rule says for a layer as wide as the one before it. A ReLU sets half of its inputs to \
  0: of the variance $v$ of a sum, $E[x^2] = v/2$ is left. Kaiming He therefore doubles the variance of the weights:

  $$\\mathrm{Var}(w) = \\frac{2}{D_{in}}$$

  For a convolution, $D_{in}$ is what one unit sees: $k^2 \\cdot C_{in}$.

  ## The experiment

  A batch of standard normal numbers goes through \(depth) layers. Nothing is trained; five ways to begin are compared.
  """)
page.code("activationSpread", in: "Experiments.swift")

let bar = page.progress("signals", total: Start.lecture.count * seeds.count)
let experiment = LectureExperiment(width: width, depth: depth, seeds: seeds) { done in
  run.stopIfInterrupted()
  bar.update(done)
}
bar.finish()
let (spreads, deviations) = (experiment.spreads, experiment.means(\.deviation))
let last = deviations.map { $0[depth - 1] }

page.reveal(
  small, answer: last[0],
  "Each layer keeps about \(percent(last[0] / deviations[0][depth - 2])) of the spread before it.")

page.figure(
  Figure(
    "Xavier keeps tanh alive, He keeps ReLU alive; each fails at the other's job",
    .lines(
      LineChart(
        x: Axis("layer"), y: Axis("standard deviation of the activations", log: true),
        Start.lecture.indices.map { index in
          Series(
            Start.lecture[index].name, y: deviations[index], deviation: experiment.deviations(\.deviation)[index],
            isEmphasized: index == 2 || index == 4,
            color: index)
        })),
    caption: "Mean over \(seeds.count) seeds; bands are one standard deviation. Layers of \(width) units, batch 16.",
    name: "std-by-layer"))

page.figure(
  Figure(
    "Small weights shrink the histograms to a spike; at 0.05 tanh sits at ±1, where it has no slope",
    .histograms(
      HistogramGrid(
        columns: (1...depth).map { "layer \($0)" },
        rows: Start.lecture.indices.map { index in
          let start = Start.lecture[index]
          return HistogramGrid.Row(
            start.name, range: start.activation == .tanh ? -1...1 : 0...3,
            spreads[index][0].map { spread in
              HistogramGrid.Panel(
                heights: spread.histogram, title: "σ = \(short(spread.deviation))",
                note: spread.zeros > 0.01 ? "\(percent(spread.zeros)) zeros" : "")
            },
            color: index)
        },
        xLabel: "activation")),
    caption: "The activations of each layer, seed \(seeds[0]). Exact zeros of a ReLU are told, not drawn.",
    name: "histograms", isWide: true))

page.table(
  Table(
    "Standard deviation of the activations",
    columns: [.init("start")] + (1...depth).map { .init("layer \($0)", digits: 3) },
    rows: Start.lecture.indices.map { [TableCell(Start.lecture[$0].name)] + deviations[$0].map { TableCell($0) } }))
page.table(
  Table(
    "Mean of the activations", columns: [.init("start")] + (1...depth).map { .init("layer \($0)", digits: 3) },
    rows: Start.lecture.indices.map { index in
      [TableCell(Start.lecture[index].name)] + experiment.means(\.mean)[index].map { TableCell($0) }
    }))

let gradientMeans = experiment.means(\.gradientDeviation)
let gradientGrowth = gradientMeans[1][0] / gradientMeans[1][depth - 1]
page.prose(
  """
  ## And backwards

  The gradient goes the same way in the other direction, through the same weights. What is sent back from the last \
  layer with a standard deviation of 1 arrives like this:
  """)
page.figure(
  Figure(
    gradientGrowth > 1
      ? "Small weights starve the gradient, large ones feed it too much; He leaves it as it is"
      : "The gradient suffers the same fate as the signal; He leaves it as it is",
    .lines(
      LineChart(
        x: Axis("layer"), y: Axis("standard deviation of the gradient", log: true),
        Start.lecture.indices.map { index in
          Series(
            Start.lecture[index].name, y: experiment.means(\.gradientDeviation)[index],
            deviation: experiment.deviations(\.gradientDeviation)[index], isEmphasized: index == 1, color: index)
        })),
    caption: "∂L/∂x of each layer's input, read from right to left. Mean over \(seeds.count) seeds.",
    name: "gradients-by-layer"))

let saturated = experiment.means(\.saturated)[1][depth - 1]
let gain = 0.05 * Double(width).squareRoot()
let finding =
  saturated < 0.25
  ? """
  In layers of \(width) units 0.05 is not large: the gain of a layer is \(short(gain)), and only \(percent(saturated)) of \
  the units of the last layer have lost nine tenths of their slope. The source's net is 4096 wide, as in the usual run \
  of this chapter.
  """
  : """
  For \(percent(saturated)) of the units of the last layer that is nearly so: tanh has less than a tenth of its slope \
  there. But the weights are large, a gain of \(short(gain)) per layer, and the units that are not saturated make up for \
  the rest: what arrives at layer 1 is \(short(gradientGrowth)) times what left layer \(depth). \
  \(gradientGrowth > 1 ? "The gradient does not vanish here, it grows." : "So it does shrink.") An easy mistake: a \
  histogram with most of its mass at ±1 looks like a gradient of 0.
  """
page.callout(.erratum("S2"), "The source says that with 0.05 the gradient \"is still 0\". \(finding)")

// The claims, from this run's data.
let ratio = Summary(spreads[3].map { ($0[depth - 1].deviation / $0[0].deviation).root(depth - 1) })
let he = Summary(spreads[4].map { $0[depth - 1].deviation / $0[0].deviation })
let collapse = Summary(spreads[0].map { $0[depth - 1].deviation })
let collapseRatio = Summary(spreads[0].map { $0[depth - 1].deviation / $0[0].deviation })
let xavier = Summary(spreads[2].map { $0[depth - 1].deviation })
page.claim(
  Claim(
    "Small weights collapse the activations of a tanh net", source: "S2", published: "σ → 0",
    measured: "\(collapse) at layer \(depth)", seeds: seeds.count,
    verdict: collapseRatio.mean < 0.2 ? .reproduced : .notHere,
    reason: "falls to \(percent(collapseRatio.mean)) of layer 1"))
page.claim(
  Claim(
    "Xavier holds the activations of a tanh net", source: "S2", published: "well scaled",
    measured: "\(xavier) at layer \(depth)", seeds: seeds.count,
    verdict: xavier.mean > 0.2 ? .reproduced : .partly,
    reason: "it falls slowly all the same: tanh is flatter than the identity it is taken for"))
page.claim(
  Claim(
    "Xavier with ReLU loses a factor √2 per layer", source: "He 2015", published: "0.707",
    measured: "\(ratio) per layer", seeds: seeds.count,
    verdict: abs(ratio.mean - 0.7071) < 0.035 ? .reproduced : .notHere, reason: ""))
page.claim(
  Claim(
    "He holds the activations of a ReLU net", source: "He 2015", published: "1",
    measured: "\(he) from layer 1 to \(depth)", seeds: seeds.count,
    verdict: abs(he.mean - 1) < 0.1 ? .reproduced : .partly, reason: ""))

page.callout(
  .takeaway,
  """
  Choose the variance of the weights so that one layer keeps the variance of its input: $1/D_{in}$ behind tanh, \
  $2/D_{in}$ behind ReLU. Too small and too large both fail, for opposite reasons.
  """)
page.exercises(run.exercises)
page.furtherReading([
  "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS",
  "He et al. 2015, *Delving deep into rectifiers*, arXiv:1502.01852",
])
run.publish(&page)
