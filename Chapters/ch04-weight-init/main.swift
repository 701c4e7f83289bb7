// Chapter 4: why the first weights matter.

import Foundation
import Workbook

let run = ChapterRun.start(chapter: 4)
let digits = run.trying {
  try Digits.load(
    from: run.options.data, transform: PixelTransform(), count: run.pick(quick: 1_500, normal: 2_000, full: 60_000))
}
let data = digits.name
var page = run.page(
  lead: """
    A deep network begins as random numbers. Choose their size badly and the learning may never begin: the signal has \
    gone before the first gradient is computed.
    """,
  data: data)

let width = run.pick(quick: 2048, normal: 4096, full: 4096)
let depth = 6
let seeds = run.seeds(quick: 1, normal: 3, full: 5)
let overSeeds = seeds.count > 1 ? "Mean over \(seeds.count) seeds" : "Seed \(seeds[0])"

page.prose(
  """
  ## The question

  Every layer multiplies the spread of its input by some constant. What is left of it after \(depth) layers, what \
  after thirty, and what must the constant be?

  Before the size of the weights, a simpler question: must they be random at all?

  ## Why not all the same?

  Suppose every weight of a network begins with the same number. All units of a layer then have the same inputs and \
  the same weights: they give the same output, receive the same gradient, and take the same step.
  """)
let twins = page.predict(
  """
  A network with two hidden layers of 16 tanh units learns to tell two classes of points. All its weights begin at \
  0.5. How many **different** units does its first hidden layer have after the training?
  """,
  choices: ["1", "2", "8", "16"])
page.code("symmetryRun", in: "Symmetry.swift")

let symmetryEpochs = run.pick(quick: 15, normal: 40, full: 100)
let symmetrySeeds = run.seeds(quick: 1, normal: 3, full: 10)
let symmetry = run.trying {
  try SymmetryStart.allCases.map { start in
    try symmetrySeeds.map { seed in
      run.stopIfInterrupted()
      return try symmetryRun(start, epochs: symmetryEpochs, seed: seed)
    }
  }
}
let symmetryErrors = symmetry.map { runs in Summary(runs.map { 100 * ($0.errors.last ?? .nan) }) }
let twinUnits = symmetry[1].map(\.distinctUnits).max() ?? 0
let twinSpread = Double(symmetry[1].map(\.spread).max() ?? 0)
page.reveal(
  twins, answer: Double(twinUnits),
  """
  The weights have moved, from 0.5 to \(short(Double(symmetry[1][0].weights[0][0]), digits: 3)) and \
  \(short(Double(symmetry[1][0].weights[0][1]), digits: 3)) in each unit, but together: \
  \(twinSpread == 0 ? "no two units differ at all" : "no two units differ by more than \(short(twinSpread))"). The random start has \
  \(symmetry[2].map(\.distinctUnits).min() ?? 0) different units.
  """)
page.figure(
  Figure(
    symmetryErrors[1].mean > 2 * symmetryErrors[2].mean
      ? "Sixteen units that begin equal are one unit: \(symmetryErrors[1].formatted(decimals: 0)) % stay wrong"
      : "Sixteen equal units learned as much as sixteen different ones here",
    .lines(
      LineChart(
        x: Axis("epoch"), y: Axis("points classified wrongly (%)", range: 0...60),
        SymmetryStart.allCases.enumerated().map { index, start in
          let runs = symmetry[index]
          let errors = (0..<symmetryEpochs).map { epoch in Summary(runs.map { 100 * $0.errors[epoch] }) }
          return Series(
            start.rawValue, y: errors.map(\.mean), deviation: symmetrySeeds.count > 1 ? errors.map(\.deviation) : [],
            style: .line, isEmphasized: index == 1, color: [6, 1, 0][index])
        })),
    caption: """
      512 points of a square, two classes by the sign of x·y, which one unit alone cannot tell apart. Mean over \
      \(symmetrySeeds.count) \(symmetrySeeds.count == 1 ? "seed" : "seeds").
      """,
    name: "symmetry"))
page.table(
  Table(
    "What a first layer of 16 units has become, seed \(symmetrySeeds[0])",
    columns: [
      "start", "different units", .init("largest difference between two units", digits: 4),
      .init("points wrong (%)", digits: 1),
    ],
    rows: SymmetryStart.allCases.enumerated().map { index, start in
      let first = symmetry[index][0]
      return [
        TableCell(start.rawValue), TableCell(first.distinctUnits), TableCell(Double(first.spread)),
        TableCell(100 * (first.errors.last ?? .nan)),
      ]
    }))
page.callout(
  .note,
  """
  A unit that shares its start with its neighbours is not dead: it learns, and with all 0 at least the output's bias \
  does. It is only never anything but a copy. Random numbers break the tie. Biases may start at 0, because the weights \
  have broken it already.
  """)

let small = page.predict(
  """
  Now the size. tanh units, weights drawn from a normal distribution with standard deviation 0.01, layers of \
  \(width). The activations of layer \(depth) have a standard deviation of about
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
  ## Xavier: one over the fan-in

  Where the inputs have mean 0 too, $E[x^2]$ is their variance, and the signal keeps its size if

  $$\\mathrm{Var}(w) = \\frac{1}{D_{in}}$$

  $D_{in}$ is called the **fan-in**: how many inputs a unit adds up. On the way back the roles are exchanged: the gradient \
  of an input adds up one product for each unit that it reaches, the **fan-out** $D_{out}$, and would like \
  $\\mathrm{Var}(w) = 1/D_{out}$. Xavier Glorot's rule is the compromise

  $$\\mathrm{Var}(w) = \\frac{2}{D_{in} + D_{out}}$$

  which for a layer as wide as the one before it is both.
  """)
page.sideNote(
  """
  S2 calls $1/D_{in}$ Xavier's; LeCun had it in 1998. For equal widths, as here, the two are the same. Drawn uniformly \
  from $-a$ to $a$ the variance is $a^2/3$: so $a = \\sqrt{6/(D_{in} + D_{out})}$.
  """)
page.prose(
  """
  ## He: the variance that a ReLU takes

  A ReLU sets half of its inputs to 0: of the variance $v$ of a sum, $E[x^2] = v/2$ is left. Kaiming He therefore doubles \
  the variance of the weights:

  $$\\mathrm{Var}(w) = \\frac{2}{D_{in}}$$

  In general a layer with $\\mathrm{Var}(w) = g^2/D_{in}$ multiplies $E[x^2]$ by $g^2$, and by half of that with a ReLU \
  behind it. After $L$ layers the size $\\sqrt{E[x^2]}$ of the signal has been multiplied by $g^L$, or by $(g/\\sqrt{2})^L$.
  """)
page.prose(
  """
  ## The experiment

  A batch of 16 rows of standard normal numbers goes through \(depth) layers of \(width). Nothing is trained; five \
  ways to begin are compared.
  """)
page.sideNote("S2 asks this with `dims = [4096] * 7` and a batch of 16; this run is \(width) units wide.")
page.code("activationSpread", in: "Experiments.swift")

// With --mine, He's start takes its size from the reader's answer to exercise 4.3.
var starts = Start.lecture
if run.options.mine {
  let mine = run.learnersCode([.ex04_3])
  if let answer = mine.answer(to: .ex04_3, as: (any Ex04_3.Type).self) {
    let sigma = run.trying { try answer.standardDeviation(weightShape: [width, width]) }
    starts[4].initializer = .normal(standardDeviation: sigma)
    page.callout(.note, "The start “\(starts[4].name)” below is yours: your answer to exercise 4.3 gives σ = \(sigma).")
  } else {
    page.callout(.note, "Nothing here is yours yet: exercise 4.3 \(mine.unused.first?.reason ?? "is open").")
  }
}
let bar = page.progress("signals", total: starts.count * seeds.count)
let experiment = SpreadExperiment(starts: starts, width: width, depth: depth, seeds: seeds) { done in
  run.stopIfInterrupted()
  bar.update(done)
}
bar.finish()
let (spreads, deviations) = (experiment.spreads, experiment.means(\.deviation))
let last = deviations.map { $0[depth - 1] }

page.reveal(
  small, answer: last[0],
  "Layer \(depth) keeps \(percent(last[0] / deviations[0][depth - 2])) of the spread of layer \(depth - 1), and those before it did no better."
)

let xavierHolds = last[2] > 0.2 && last[2] > 5 * last[0]
let heHolds = abs(last[4] / deviations[4][0] - 1) < 0.2
page.figure(
  Figure(
    xavierHolds && heHolds
      ? "Xavier keeps tanh alive, He keeps ReLU alive; small weights kill the signal"
      : "After \(depth) layers tanh with Xavier has \(short(last[2])) left, ReLU with He \(short(last[4]))",
    .lines(
      LineChart(
        x: Axis("layer"), y: Axis("standard deviation of the activations", log: true),
        Start.lecture.indices.map { index in
          Series(
            Start.lecture[index].name, y: deviations[index],
            deviation: seeds.count > 1 ? experiment.deviations(\.deviation)[index] : [],
            isEmphasized: index == 2 || index == 4, color: index)
        })),
    caption: "\(overSeeds). Layers of \(width) units, batch 16.",
    name: "std-by-layer"))

let saturated = experiment.means(\.saturated)[1][depth - 1]
page.figure(
  Figure(
    "Small weights \(last[0] < 0.1 ? "shrink the histograms to a spike" : "keep some spread"); at 0.05 \(percent(saturated)) of the tanh units sit at ±1",
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
    caption: """
      The activations of each layer, seed \(seeds[0]). At ±1 means: with less than a tenth of the largest slope. Exact \
      zeros of a ReLU are told, not drawn.
      """,
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

// Theory against measurement.
let theories = Start.lecture.indices.map { theory(start: $0, layer: depth - 1, in: experiment, width: width) }
page.prose(
  """
  ## Theory against measurement

  The formula says what the variance of the sums $y$ must be, given the weights and the inputs of that layer. The table \
  holds it against the sums of layer \(depth), once with $E[x^2]$ and once with $\\mathrm{Var}(x)$, as the sources write it.
  """)
page.table(
  Table(
    "Variance of the sums of layer \(depth)",
    columns: [
      "start", .init("measured Var(y)"), .init("Dᵢₙ · E[x²] · Var(w)"), .init("measured / theory", digits: 3),
      .init("Dᵢₙ · Var(x) · Var(w)"), .init("measured / theory", digits: 3),
    ],
    rows: theories.enumerated().map { index, theory in
      [
        TableCell(Start.lecture[index].name), TableCell(short(theory.measured)), TableCell(short(theory.withSquare)),
        TableCell(theory.squareRatio.mean), TableCell(short(theory.withVariance)), TableCell(theory.varianceRatio.mean),
      ]
    }))
let reluRatio = theories[4].varianceRatio
page.callout(
  .erratum("S2"),
  """
  The source derives $\\mathrm{Var}(y) = D_{in} \\cdot \\mathrm{Var}(x) \\cdot \\mathrm{Var}(w)$ and says that ReLU falls \
  under Xavier because its outputs have a mean above 0. With $\\mathrm{Var}(x)$ the formula \
  \(reluRatio.mean > 1.2 ? "is off by a factor of \(reluRatio.formatted(decimals: 2)) behind a ReLU" : "is right even behind a ReLU in this run"): \
  what a sum sees of its inputs is $E[x^2] = \\mathrm{Var}(x) + E[x]^2$, the mean included. So the positive mean is not \
  the culprit, it is part of what survives. The signal falls because half of $E[x^2]$ is cut off. An easy mistake: in \
  front of the first ReLU the two are the same.
  """)

// Backwards.
let gradientMeans = experiment.means(\.gradientDeviation)
let heBackwards =
  abs(gradientMeans[4][0] - 1) < 0.2 ? "leaves it as it is" : "changes it to \(short(gradientMeans[4][0]))"
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
      ? "Small weights starve the gradient, large ones feed it too much; He \(heBackwards)"
      : "The gradient suffers the same fate as the signal; He \(heBackwards)",
    .lines(
      LineChart(
        x: Axis("layer"), y: Axis("standard deviation of the gradient", log: true),
        Start.lecture.indices.map { index in
          Series(
            Start.lecture[index].name, y: gradientMeans[index],
            deviation: seeds.count > 1 ? experiment.deviations(\.gradientDeviation)[index] : [],
            isEmphasized: index == 1, color: index)
        })),
    caption: "∂L/∂x of each layer's input, read from right to left. \(overSeeds).",
    name: "gradients-by-layer"))
page.figure(
  Figure(
    """
    On its way back the gradient \(gradientMeans[0][0] < 0.1 ? "dies with 0.01" : "survives 0.01"), \
    \(gradientGrowth > 1 ? "swells" : "fades") with 0.05, and \
    \(abs(gradientMeans[4][0] - 1) < 0.2 ? "keeps its shape with He" : "changes with He")
    """,
    .histograms(
      HistogramGrid(
        columns: (1...depth).map { "layer \($0)" },
        rows: Start.lecture.indices.map { index in
          HistogramGrid.Row(
            Start.lecture[index].name, range: -3...3,
            spreads[index][0].map { spread in
              HistogramGrid.Panel(heights: spread.gradientHistogram, title: "σ = \(short(spread.gradientDeviation))")
            },
            color: index)
        },
        xLabel: "∂L/∂x")),
    caption: """
      The gradients of each layer's input, seed \(seeds[0]), read from right to left; all panels from −3 to 3, each drawn \
      to its own height.
      """,
    name: "gradient-histograms", isWide: true))

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
  the rest: of a gradient of size 1 that is sent back, \(short(gradientMeans[1][0])) arrives at layer 1. \
  \(gradientGrowth > 1 ? "The gradient does not vanish here, it grows." : "So it does shrink.") An easy mistake: a \
  histogram with most of its mass at ±1 looks like a gradient of 0.
  """
page.callout(.erratum("S2"), "The source says that with 0.05 the gradient \"is still 0\". \(finding)")

// One number, swept.
let gains = run.pick(
  quick: [0.5, 1, 1.4142, 2], normal: [0.5, 0.7, 0.85, 1, 1.1, 1.2, 1.3, 1.4142, 1.6, 2],
  full: [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.05, 1.1, 1.15, 1.2, 1.3, 1.4142, 1.5, 1.6, 1.8, 2])
let (sweepWidth, sweepDepth) = (run.pick(quick: 128, normal: 384, full: 1024), 20)
let frames = scaleSweep(gains: gains, width: sweepWidth, depth: sweepDepth, seed: run.seed)
let levelReLU = mostLevel(frames, \.reluSignal)
let levelTanh = mostLevel(frames, \.tanhGradient)
page.prose(
  """
  ## One number decides

  Write $\\sigma = g/\\sqrt{D_{in}}$: the five starts are five values of the gain $g$ for two activations. Move it, and \
  watch \(sweepDepth) layers. A ReLU network is a product of its layers, so its signal and its gradient are straight \
  lines here, and one gain makes both level. tanh pushes back: a large gain cannot make its activations larger than 1, \
  but the gradient knows no such limit.
  """)
page.figure(
  Figure(
    """
    Of \(gains.count) gains, ReLU's signal is most level at \(short(levelReLU?.gain ?? .nan, digits: 3)), tanh's gradient at \
    \(short(levelTanh?.gain ?? .nan, digits: 3))
    """,
    exploring: FigureParameter(
      "gain g, with σ = g/√Dᵢₙ", values: gains, initial: gains.firstIndex { $0 >= 1 } ?? 0),
    caption: """
      √E[x²] of the activations (signal) and standard deviation of the gradient sent back from the end, in a net of \
      \(sweepDepth) layers of \(sweepWidth) units, seed \(run.seed).
      """,
    name: "gain-sweep"
  ) { gain in
    let frame = frames.first { $0.gain == gain } ?? frames[0]
    return .lines(
      LineChart(
        x: Axis("layer", range: 1...Double(sweepDepth)), y: Axis("size", log: true, range: 1e-10...1e5),
        [
          Series("tanh signal", y: frame.tanhSignal, style: .line, color: 2),
          Series("tanh gradient", y: frame.tanhGradient, style: .line, color: 0),
          Series("ReLU signal", y: frame.reluSignal, style: .line, isEmphasized: true, color: 4),
          Series("ReLU gradient", y: frame.reluGradient, style: .line, color: 3),
        ]))
  })

// Glorot and Bengio's measure.
let jacobianWidth = run.pick(quick: 64, normal: 128, full: 1000)
let jacobianImages = digits.train.batch(first: run.pick(quick: 1, normal: 3, full: 1)).inputs
let flatImages = jacobianImages.reshaped(to: [jacobianImages.shape[0], digits.train.sampleShape.count])
let jacobianBar = page.progress("singular values", total: 2 * seeds.count)
let jacobians = JacobianExperiment(width: jacobianWidth, images: flatImages, seeds: seeds) { done in
  run.stopIfInterrupted()
  jacobianBar.update(done)
}
jacobianBar.finish()
let (standard, normalized) = (jacobians.summary(.standard), jacobians.summary(.normalized))
page.prose(
  """
  ## How one layer stretches

  Glorot and Bengio looked at a layer with a magnifying glass. Change its input by a little, and the output changes by \
  $J$ times that, where $J$ is the Jacobian of the layer. Its singular values say by how much it stretches in each \
  direction; if their mean is near 1, signals pass forward and gradients pass back without shrinking.

  For a square matrix of independent numbers of variance $\\sigma^2$ the mean singular value is \
  $8/(3\\pi) \\cdot \\sigma\\sqrt{n} = \(short(Double.quarterCircleMean, digits: 3))\\,\\sigma\\sqrt{n}$. The usual start of their time, \
  uniform in $\\pm 1/\\sqrt{n}$, has $\\sigma\\sqrt{n} = 1/\\sqrt{3}$, theirs has 1. The slope of tanh takes a little more.
  """)
page.code("layerJacobians", in: "Jacobians.swift")
page.figure(
  Figure(
    """
    A tanh layer stretches by \(normalized.formatted(decimals: 2)) from the normalized start, by \
    \(standard.formatted(decimals: 2)) from the standard one
    """,
    .lines(
      LineChart(
        x: Axis("into hidden layer", ticks: (2...5).map { (Double($0), "\($0)") }),
        y: Axis("mean singular value of the Jacobian", range: 0...1),
        GlorotStart.allCases.enumerated().map { index, start in
          let layers = jacobians.layers(start)
          return Series(
            "\(start.rawValue)", x: [2, 3, 4, 5], y: layers.map(\.mean),
            deviation: seeds.count > 1 ? layers.map(\.deviation) : [], isEmphasized: index == 1, color: index)
        },
        references: [
          .init(.horizontal, at: 0.8, "published, normalized"), .init(.horizontal, at: 0.5, "published, standard"),
        ])),
    caption: """
      Five tanh layers of \(jacobianWidth) units on \(jacobianImages.shape[0]) \(jacobianImages.shape[0] == 1 ? "image" : "images") \
      (\(data), pixels from 0 to 1). \(overSeeds).
      """,
    name: "jacobians"))
let perFive = pow(standard.mean, 5), perFiveNormalized = pow(normalized.mean, 5)
page.prose(
  """
  Over five layers that is a factor of \(short(perFive)) against \(short(perFiveNormalized)): \
  \(perFiveNormalized > 3 * perFive ? "the difference between a gradient that arrives and one that does not" : "no great difference in this run").
  """)

// Thirty layers.
let deep = 30
let deepWidth = run.pick(quick: 256, normal: 1024, full: 2048)
let theoryAtEnd = 1 / 2.0.squareRoot().power(deep)
page.prose(
  """
  ## Thirty layers

  In 2015 Kaiming He and his colleagues trained a ReLU network of thirty layers, which with Xavier's start \
  \"completely stalls\". The factor of $1/\\sqrt{2}$ per layer looks harmless.
  """)
let thirty = page.predict(
  "A signal of size 1 goes through \(deep) ReLU layers with Xavier's weights. What is left of it at the end, about?",
  choices: ["0.7", "0.02", "0.00003", "0.0000000001"])
let deepSeeds = run.seeds(quick: 1, normal: 3, full: 5)
let descent = SpreadExperiment(starts: deepStarts, width: deepWidth, depth: deep, seeds: deepSeeds) { _ in
  run.stopIfInterrupted()
}
let sizes = descent.means(\.rootMeanSquare)
page.reveal(
  thirty, answer: sizes[0][deep - 1],
  "Theory: $(1/\\sqrt{2})^{\(deep)}$ = \(short(theoryAtEnd)). With He's weights \(short(sizes[1][deep - 1])) is left.")
page.figure(
  Figure(
    "After \(deep) layers Xavier has left \(short(sizes[0][deep - 1])) of the signal, He \(short(sizes[1][deep - 1]))",
    .lines(
      LineChart(
        x: Axis("layer"), y: Axis("√E[x²] of the activations", log: true),
        [
          Series(
            "(1/√2)ᴸ", y: (1...deep).map { 1 / 2.0.squareRoot().power($0) }, style: .line, color: 6),
          Series("Xavier", y: sizes[0], style: .points, isEmphasized: true, color: 3),
          Series("He", y: sizes[1], style: .points, isEmphasized: true, color: 4),
        ])),
    caption:
      "ReLU layers of \(deepWidth) units, batch 16. Mean over \(deepSeeds.count) \(deepSeeds.count == 1 ? "seed" : "seeds").",
    name: "thirty-layers"))

let rates: [Float] = run.pick(quick: [0.01], normal: [0.003, 0.01, 0.03], full: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3])
let trainingWidth = run.pick(quick: 32, normal: 64, full: 256)
let trainingSeeds = run.seeds(quick: 1, normal: 3, full: 3)
let rescue = page.predict(
  """
  Now both nets of \(deep) layers are trained on digits, each with the best of \(rates.count) learning \
  \(rates.count == 1 ? "rate" : "rates"). The loss begins near ln 10 = 2.3. Which of them gets below 2?
  """,
  choices: ["both", "only Xavier", "only He", "neither"])
page.code("deepTraining", in: "Deep.swift")
let trainingImages = digits.train.prefix(run.pick(quick: 1_500, normal: 2_000, full: 20_000))
let trainingEpochs = run.pick(quick: 4, normal: 4, full: 5)
let trainingBar = page.progress("training", total: 2 * rates.count * trainingSeeds.count)
let training = run.trying {
  try DeepExperiment(
    rates: rates, depth: deep, width: trainingWidth, epochs: trainingEpochs, on: trainingImages, seeds: trainingSeeds
  ) { done in
    run.stopIfInterrupted()
    trainingBar.update(done)
  }
}
trainingBar.finish()
let (xavierLoss, heLoss) = (training.finalLoss(0), training.finalLoss(1))
let (xavierLearns, heLearns) = (xavierLoss.mean < 2, heLoss.mean < 2)
page.reveal(
  rescue, answer: xavierLearns ? (heLearns ? 0 : 1) : (heLearns ? 2 : 3),
  "At the end: Xavier \(xavierLoss.formatted(decimals: 2)), He \(heLoss.formatted(decimals: 2)).")
page.figure(
  Figure(
    heLearns && !xavierLearns
      ? "Only He's start learns: with Xavier's the loss is still \(short(xavierLoss.mean, digits: 3)) after \(trainingEpochs) epochs"
      : "After \(trainingEpochs) epochs Xavier's loss is \(short(xavierLoss.mean, digits: 3)), He's \(short(heLoss.mean, digits: 3))",
    .lines(
      LineChart(
        x: Axis("step"), y: Axis("training loss"),
        deepStarts.indices.map { start in
          let curve = training.curve(start, every: 10)
          return Series(
            start == 0 ? "Xavier" : "He", x: curve.indices.map { Double($0) * 10 + 5 }, y: curve, style: .line,
            isEmphasized: start == 1, color: 3 + start)
        },
        references: [.init(.horizontal, at: log(10), "ln 10: guessing")])),
    caption: """
      \(deep) dense layers of \(trainingWidth) units with ReLUs on \(grouped(trainingImages.count)) images (\(data)), SGD with \
      momentum, batch 32; each start at the best of the rates \(rates.map { "\($0)" }.joined(separator: ", ")). Means of 10 \
      steps over \(trainingSeeds.count) \(trainingSeeds.count == 1 ? "seed" : "seeds").
      """,
    name: "thirty-layers-training"))
if heLearns && xavierLearns {
  page.prose(
    """
    In 2015 the net with Xavier's start did not move at all. Here it does in the end, \
    \(training.firstBelow(2, start: 0).map { "after \(grouped($0)) steps" } ?? "late"), where He's takes \
    \(training.firstBelow(2, start: 1).map { grouped($0) } ?? "longer still"): these layers are narrower, the rate was chosen to \
    suit each start, and a signal that is small is not 0. Whoever stops looking too soon sees a net that stalls.
    """)
}

// Convolutions.
let kernels = [
  Kernel(side: 1, channels: 16), Kernel(side: 3, channels: 1), Kernel(side: 3, channels: 6),
  Kernel(side: 3, channels: 16), Kernel(side: 5, channels: 6), Kernel(side: 5, channels: 16),
  Kernel(side: 11, channels: 3),
]
let fanIns = kernels.map { kernel in Summary(seeds.map { measuredFanIn(kernel, seed: $0) }) }
page.prose(
  """
  ## Convolutions: fan-in and fan-out

  For a convolution $D_{in}$ is what one unit sees: a window of $k \\times k$ in each of the input's channels, \
  $k^2 \\cdot C_{in}$ numbers, and one input reaches $k^2 \\cdot C_{out}$ units. The variance of its sums can count them: $\\mathrm{Var}(y)$ divided by \
  $E[x^2] \\cdot \\mathrm{Var}(w)$.
  """)
page.code("measuredFanIn", in: "FanIn.swift")
page.table(
  Table(
    "The fan-in of a convolution, counted by its variance",
    columns: ["kernel", "channels", "k²·Cᵢₙ", .init("measured", digits: 1)],
    rows: kernels.enumerated().map { index, kernel in
      [
        TableCell("\(kernel.side)×\(kernel.side)"), TableCell(kernel.channels), TableCell(kernel.fanIn),
        .measured(fanIns[index]),
      ]
    }))
let convDepth = 10
let convSizes = ConvStart.allCases.map { start in
  (0..<convDepth).map { layer in
    Summary(seeds.map { convolutionalSpread(start, depth: convDepth, seed: $0)[layer] }).mean
  }
}
let forgotten = convSizes[1][convDepth - 1] / convSizes[0][convDepth - 1]
page.figure(
  Figure(
    "Forget k² and \(convDepth) layers of 3×3 make the signal \(forgotten > 1.5 ? "\(short(forgotten)) times too large" : "no larger")",
    .lines(
      LineChart(
        x: Axis("layer"), y: Axis("√E[x²] of the activations", log: true),
        ConvStart.allCases.enumerated().map { index, start in
          Series(
            ["Var(w) = 2/(k²·Cᵢₙ)", "2/Cᵢₙ", "2/k²"][index], y: convSizes[index], isEmphasized: index == 0,
            color: [4, 1, 0][index])
        })),
    caption: "Convolutions of 3×3 on 16 channels of 24×24, border 1, ReLU. \(overSeeds).", name: "conv-fan-in"))
page.callout(
  .mistake,
  """
  Weights are stored as $[C_{out}, C_{in}, k, k]$. Taking the first axis for the fan-in gives the fan-out's channels; \
  taking only the second forgets the window. Neither is noticed in a dense layer, where the two sizes are often equal \
  and there is no window.
  """)
page.prose(
  """
  With a border of zeros the units at the edge see fewer than $k^2 \\cdot C_{in}$ numbers, which takes a little from the \
  signal even with the right rule: \(short(convSizes[0][convDepth - 1] / convSizes[0][0])) of layer 1 is left at layer \
  \(convDepth). How much more or less it is also depends on the draw, with so few channels.
  """)

for claim in claims() { page.claim(claim) }

page.callout(
  .takeaway,
  """
  - Weights must differ, or a layer is one unit.
  - Choose their variance so that one layer keeps the size of its input: $1/D_{in}$ in front of a tanh, \
  $2/D_{in}$ in front of a ReLU, where $D_{in}$ counts everything that one unit sees.
  - Errors of scale multiply. A factor of 0.7 per layer is nothing in one layer and everything in thirty.
  - Too small and too large both fail, for opposite reasons; look at the gradient before you say which.
  """)
page.exercises(run.exercises)
page.furtherReading([
  "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS",
  "He et al. 2015, *Delving deep into rectifiers*, arXiv:1502.01852",
  "LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, section 4.6",
  "Saxe, McClelland and Ganguli 2014, *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks*, arXiv:1312.6120",
])
run.publish(&page)

/// The claims of the sources, judged by this run's data.
func claims() -> [Claim] {
  let count = seeds.count
  let collapse = Summary(spreads[0].map { $0[depth - 1].deviation })
  let collapseRatio = Summary(spreads[0].map { $0[depth - 1].deviation / $0[0].deviation })
  let xavier = Summary(spreads[2].map { $0[depth - 1].deviation })
  let xavierRatio = Summary(spreads[2].map { $0[depth - 1].deviation / $0[depth - 2].deviation })
  let ratio = Summary(spreads[3].map { ($0[depth - 1].deviation / $0[0].deviation).root(depth - 1) })
  let he = Summary(spreads[4].map { $0[depth - 1].deviation / $0[0].deviation })
  let growth = Summary(spreads[1].map { $0[0].gradientDeviation })
  let saturation = Summary(spreads[1].map { 100 * $0[depth - 1].saturated })
  let end = Summary(descent.spreads[0].map { $0[deep - 1].rootMeanSquare })
  let fanInError = fanIns.enumerated().map { abs($1.mean / Double(kernels[$0].fanIn) - 1) }.max() ?? 1
  let tanhTheory = theories[..<3].map { abs($0.varianceRatio.mean - 1) }.max() ?? 1
  return [
    Claim(
      "Weights that begin equal keep all units of a layer equal", source: "S2", published: "same output, same gradient",
      measured: "\(twinUnits) different of 16", seeds: symmetrySeeds.count,
      verdict: twinUnits == 1 ? .reproduced : .partly,
      reason: twinUnits == 1 ? "" : "rounding has told some of them apart"),
    Claim(
      "Var(y) = Dᵢₙ·Var(x)·Var(w)", source: "S2", published: "exact",
      measured: "tanh within \(percent(tanhTheory, 1)), ReLU off by ×\(reluRatio.formatted(decimals: 2))", seeds: count,
      verdict: tanhTheory > 0.1 ? .notHere : abs(reluRatio.mean - 1) < 0.1 ? .reproduced : .partly,
      reason: "it needs inputs of mean 0; with E[x²] it holds for ReLU too"),
    Claim(
      "Small weights (0.01) collapse the activations of a tanh net", source: "S2", published: "σ → 0",
      measured: "\(collapse) at layer \(depth)", seeds: count,
      verdict: collapseRatio.mean < 0.2 ? .reproduced : .notHere,
      reason: "falls to \(percent(collapseRatio.mean)) of layer 1"),
    Claim(
      "Larger weights (0.05) saturate tanh", source: "S2", published: "at ±1",
      measured: "\(saturation.formatted(decimals: 0)) % of units", seeds: count,
      verdict: saturation.mean > 33 ? .reproduced : saturation.mean > 10 ? .partly : .notHere,
      reason: "counted: units with less than a tenth of the slope"),
    Claim(
      "Saturation at 0.05 leaves a gradient of 0", source: "S2", published: "0",
      measured: "\(growth) at layer 1, of 1 sent back",
      seeds: count, verdict: growth.mean < 0.1 ? .reproduced : growth.mean < 0.5 ? .partly : .notHere,
      reason: growth.mean > 1 ? "it grows: large weights outweigh small slopes" : ""),
    Claim(
      "Xavier holds the activations of a tanh net", source: "S2", published: "well scaled",
      measured: "\(xavier) at layer \(depth)", seeds: count,
      verdict: xavier.mean > 0.2 && xavierRatio.mean > 0.85 ? .reproduced : .partly,
      reason: "it still loses \(percent(1 - xavierRatio.mean)) in the last layer: tanh is flatter than the identity"),
    Claim(
      "Xavier with ReLU loses a factor √2 per layer", source: "He 2015", published: "0.707",
      measured: "\(ratio) per layer", seeds: count,
      verdict: abs(ratio.mean - 0.7071) < 0.035 ? .reproduced : .notHere),
    Claim(
      "He holds the activations of a ReLU net", source: "He 2015", published: "1",
      measured: "\(he) from layer 1 to \(depth)", seeds: count,
      verdict: abs(he.mean - 1) < 0.1 ? .reproduced : .partly,
      reason: abs(he.mean - 1) < 0.1 ? "" : "narrow layers vary from draw to draw"),
    Claim(
      "Standard start: mean singular value of a tanh layer", source: "Glorot 2010", published: "about 0.5",
      measured: "\(standard)", seeds: count, verdict: verdict(standard.mean, near: 0.5)),
    Claim(
      "Normalized start: mean singular value of a tanh layer", source: "Glorot 2010", published: "about 0.8",
      measured: "\(normalized)",
      seeds: count, verdict: verdict(normalized.mean, near: 0.8)),
    Claim(
      "ReLU with Xavier after \(deep) layers", source: "He 2015", published: "(1/√2)³⁰ = 3.1×10⁻⁵",
      measured: "\(short(end.mean)) ± \(short(end.deviation))",
      seeds: deepSeeds.count, verdict: (0.5...2).contains(end.mean / theoryAtEnd) ? .reproduced : .partly,
      reason: "one draw of \(deep) matrices varies: the factors multiply"),
    Claim(
      "A ReLU net of \(deep) layers trains with He, and not with Xavier", source: "He 2015",
      published: "stalls / converges",
      measured: "loss \(xavierLoss.formatted(decimals: 2)) / \(heLoss.formatted(decimals: 2))",
      seeds: trainingSeeds.count,
      verdict: heLearns && !xavierLearns ? .reproduced : heLoss.mean < xavierLoss.mean ? .partly : .notHere,
      reason: !heLearns
        ? "too few steps in this run"
        : xavierLearns ? "given enough steps at its best rate Xavier leaves the plateau too, far behind" : ""),
    Claim(
      "Fan-in of a convolution is k²·Cin", source: "S2", published: "k²·Cin",
      measured: "within \(percent(fanInError))", seeds: count, verdict: fanInError < 0.1 ? .reproduced : .notHere),
  ]
}

/// Within a tenth of the published number, within a quarter of it, or neither.
func verdict(_ value: Double, near published: Double) -> Claim.Verdict {
  abs(value - published) <= 0.1 * published
    ? .reproduced : abs(value - published) <= 0.25 * published ? .partly : .notHere
}
