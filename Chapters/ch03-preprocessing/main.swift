// Chapter 3: what subtracting a mean does for a descent.

import Foundation
import Workbook

let run = ChapterRun.start(chapter: 3)
let digits = run.trying {
  try Digits.load(
    from: run.options.data, transform: PixelTransform(), count: run.pick(quick: 1_500, normal: 6_000, full: 60_000))
}
let data = digits.name
var page = run.page(
  lead: """
    Before a network sees an image, something is usually subtracted from it, and sometimes something is divided by. It \
    looks like housekeeping. It decides how long the descent takes.
    """,
  data: data)
let seeds = run.seeds(quick: 1, normal: 3, full: 5)
let overSeeds = seeds.count > 1 ? "Mean over \(seeds.count) seeds" : "Seed \(seeds[0])"

page.prose(
  """
  ## The question

  Pixels are never negative. A network that is fed with them could learn to cope: its first biases can subtract any \
  mean, its first weights can divide by anything. Why do it for the network, then, and what of it matters?

  ## One weight and one bias

  The smallest network has one input $x$, one weight $w$, one bias $b$. Its loss over $w$ and $b$ is a valley. If $x$ has \
  mean 0 and standard deviation 1, the valley is round, and gradient descent walks straight to the bottom. Now let $x$ \
  have a mean $m$: a change of $w$ by 1 can then be undone, nearly, by a change of $b$ by $-m$. Along that direction the \
  loss hardly changes, across it steeply.
  """)
let offsets = run.pick(
  quick: [0, 1, 3], normal: [0, 0.5, 1, 1.5, 2, 2.5, 3, 4], full: [0, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4])
let stretched = page.predict(
  """
  With mean 0, one step of the best size ends the descent. The inputs now have mean 3 (and still standard deviation 1). \
  How many steps until the loss is a thousandth of what it was, about?
  """,
  choices: ["1", "10", "200", "5000"])
let valleys = offsets.map { Valley(offset: $0, seed: run.seed) }
let valleyAt3 = Valley(offset: 3, seed: run.seed)
page.reveal(
  stretched, answer: Double(valleyAt3.steps),
  "The valley is \(fixed(valleyAt3.condition, 0)) times as steep across as it is along: the ratio of the eigenvalues of the curvature."
)
page.figure(
  Figure(
    (valleys.last?.condition ?? 1) > 10 * valleys[0].condition
      ? "A mean of \(short(offsets[offsets.count - 1])) makes a round valley \(fixed(valleys.last?.condition ?? 1, 0)) times as steep across as along"
      : "The mean of the inputs hardly changes the valley",
    exploring: FigureParameter("mean m of the inputs", values: offsets, initial: offsets.firstIndex { $0 >= 1 } ?? 0),
    caption: """
      The loss of one linear unit over its weight and bias, for 500 inputs of standard deviation 1, with the path of \
      gradient descent from (0, 0) at the best learning rate, 2/(λmax + λmin).
      """,
    name: "valley"
  ) { offset in
    let valley = valleys.first { $0.offset == offset } ?? valleys[0]
    return .contour(
      ContourPlot(
        x: Axis("weight w", range: Valley.weights), y: Axis("bias b", range: Valley.biases), heights: valley.heights,
        levels: [0.02, 0.1, 0.3, 1, 3, 10, 30],
        paths: [
          Series(
            "κ = \(short(valley.condition)), \(valley.steps) \(valley.steps == 1 ? "step" : "steps")",
            x: valley.path.map(\.w), y: valley.path.map(\.b), color: 1)
        ]))
  })

page.prose(
  """
  ## The derivation

  For a linear unit with squared error the curvature of the loss is

  $$H = E[\\tilde{x}\\,\\tilde{x}^T], \\qquad \\tilde{x} = (x, 1)$$

  Its eigenvalues $\\lambda$ are how steep the loss is in each direction. A learning rate above $2/\\lambda_{\\mathrm{max}}$ diverges; \
  with any below it the flattest direction still needs about $\\kappa = \\lambda_{\\mathrm{max}}/\\lambda_{\\mathrm{min}}$ steps. With mean $\\mu$ and \
  covariance $\\Sigma$ the part of the weights is

  $$E[x x^T] = \\Sigma + \\mu \\mu^T$$

  - **Subtracting the mean** takes away $\\mu \\mu^T$, a single direction that can be steeper than all others together, and \
  decouples the weights from the bias.
  - **Dividing by standard deviations** makes the diagonal of $\\Sigma$ equal.
  - **Turning the axes** (PCA) makes $\\Sigma$ diagonal, but leaves its eigenvalues, and so $\\kappa$, as they are.
  - **Whitening**, turning and then dividing, makes $\\Sigma$ the identity: $\\kappa = 1$.
  """)
page.sideNote("LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, section 4.3, and section 5 for κ.")

page.prose(
  """
  ## Images of two pixels

  Take images of two pixels, so that each is a point in the plane. Both pixels are bright, the first brighter, and the \
  two go together, as neighbours in a photograph do. Here is what the usual preparations make of the cloud:

  - the **mean image** (AlexNet) has a number for each pixel: both means become 0;
  - the **channel mean** (VGG) is a single number for all pixels of a channel: what is left of the two means differs;
  - **channel mean and standard deviation** (ResNet, as torchvision has it) divides by one number as well;
  - **PCA** turns the cloud so that its axes are the coordinates;
  - **whitening** divides each of them by its standard deviation.
  """)
let reports = Method.allCases.map { method in seeds.map { cloudReport(method, seed: $0) } }
func meanOf(_ method: Method, _ value: (CloudReport) -> Double) -> Double {
  Summary(reports[method.rawValue].map(value)).mean
}
let isRound =
  abs(meanOf(.meanImage) { $0.mean.0 }) < 0.01 && abs(meanOf(.principal) { $0.correlation }) < 0.01
  && abs(meanOf(.whitened) { $0.deviation.0 / $0.deviation.1 } - 1) < 0.05
/// How many times fewer steps the mean image takes, seed by seed.
let straighter = Summary(
  zip(reports[Method.raw.rawValue], reports[Method.meanImage.rawValue]).map { Double($0.steps) / Double($1.steps) })
page.figure(
  Figure(
    isRound
      ? "Subtract, and the cloud is at the origin; turn, and its axes are the coordinates; divide, and it is round"
      : "The preparations did not make the cloud round in this run",
    exploring: FigureParameter("way", values: Method.allCases.map { Double($0.rawValue + 1) }, initial: 1),
    caption: """
      200 images of two pixels, seed \(seeds[0]); in grey as they were. Ways: \
      \(Method.allCases.map { "\($0.rawValue + 1) \($0.name)" }.joined(separator: ", ")).
      """,
    name: "clouds"
  ) { way in
    let report = reports[Int(way) - 1][0]
    return .lines(
      LineChart(
        x: Axis("first number", range: -4...8), y: Axis("second number", range: -4...5),
        (report.method == .raw
          ? [] : [Series("raw", x: reports[0][0].x, y: reports[0][0].y, style: .points, color: 6)])
          + [Series(report.method.name, x: report.x, y: report.y, style: .points, isEmphasized: true, color: 0)],
        references: [.init(.horizontal, at: 0, ""), .init(.vertical, at: 0, "")]))
  })
page.prose(
  """
  How good is each for a descent? A linear unit learns a linear function of the two pixels, by gradient descent on all \
  200, at the rate that theory says is best.
  """)
page.code("descend", in: "Clouds.swift")
page.table(
  Table(
    "The cloud, prepared, and the descent on it (\(overSeeds.lowercased()))",
    columns: [
      "way", .init("means", digits: 1), .init("standard deviations"), .init("correlation", digits: 2),
      .init("κ", digits: 1), .init("steps", digits: 0),
    ],
    rows: Method.allCases.map { method in
      let deviations = [meanOf(method) { $0.deviation.0 }, meanOf(method) { $0.deviation.1 }]
      let means = [meanOf(method) { $0.mean.0 }, meanOf(method) { $0.mean.1 }]
      return [
        TableCell(method.name),
        TableCell(
          means.map { fixed($0, 1) }.joined(separator: ", ")),
        TableCell(deviations.map { fixed($0, 2) }.joined(separator: ", ")),
        TableCell(meanOf(method) { abs($0.correlation) < 1e-4 ? 0 : $0.correlation }),
        TableCell(meanOf(method) { $0.condition }),
        TableCell(meanOf(method) { Double($0.steps) }),
      ]
    }))
page.prose(
  """
  The mean alone is worth a factor of \(straighter.formatted(decimals: 0)). One mean for both pixels is \
  \(meanOf(.channelMean) { $0.condition } > 2 * meanOf(.meanImage) { $0.condition } ? "worse than one for each" : "as good as one for each") \
  here, because the two pixels differ. PCA needs \
  \(abs(meanOf(.principal) { Double($0.steps) } - meanOf(.meanImage) { Double($0.steps) }) < 1 ? "exactly as many steps as the mean image does" : "another number of steps than the mean image"): \
  gradient descent does not care how its axes are turned.
  """)

// The digits.
let train = TensorSamples(digits.train, first: run.pick(quick: 800, normal: 3_000, full: 20_000))
let test = TensorSamples(digits.test, first: run.pick(quick: 500, normal: 2_000, full: 10_000))
let epsilon: Float = 0.01
page.prose(
  """
  ## Six ways to prepare a digit

  Now real images, \(grouped(train.count)) of them (\(data)), pixels from 0 to 1. With $x_{n,c,i}$ for pixel $i$ in channel $c$ of \
  image $n$, and $N$ images of $P$ pixels:

  $$\\mu_{c,i} = \\frac{1}{N} \\sum_n x_{n,c,i}$$

  $$\\mu_c = \\frac{1}{N P} \\sum_n \\sum_i x_{n,c,i}$$

  $$\\sigma_c^2 = \\frac{1}{N P} \\sum_n \\sum_i (x_{n,c,i} - \\mu_c)^2$$

  The mean image is $\\mu_{c,i}$: as many numbers as an image has. The channel statistics are one $\\mu_c$ and one \
  $\\sigma_c$ for each channel, three pairs for a colour photograph and one for a digit. To standardize is \
  $x' = (x - \\mu_c)/\\sigma_c$. PCA and whitening follow below; the $\\varepsilon$ in the code is a small number that \
  whitening needs.
  """)
page.code("fit", in: "Methods.swift")
let fits = Fits(train.inputs, epsilon: epsilon)
let (meanImage, standard, principal) = (fits.meanImage, fits.channelStandard, fits.principal)
run.stopIfInterrupted()
let eight = oneOfEach(test, count: 8)
let turnedBack = Whitening(principal, epsilon: epsilon, rotatesBack: true)
let neighbours = [eight.inputs, turnedBack.apply(eight.inputs)].map(neighbourCorrelation)
page.figure(
  Figure(
    neighbours[1] < 0.5 * neighbours[0]
      ? "Whitening leaves edges: neighbouring pixels agree to \(fixed(neighbours[0], 2)) before it and to \(fixed(neighbours[1], 2)) after"
      : "Whitening has not loosened neighbouring pixels: \(fixed(neighbours[0], 2)) before it, \(fixed(neighbours[1], 2)) after",
    .images(
      preparedGrid(
        [
          ("raw", AsTheyAre()), ("mean image", meanImage), ("channel mean", fits.channelMean),
          ("mean and std", standard), ("whitened", turnedBack),
        ], eight)),
    caption: """
      Eight test digits (\(data)), and the correlation of pixels side by side in them; one hue is above 0, the other below, \
      each row on its own scale. What PCA makes of a digit are coordinates, no picture; after whitening they are turned back to \
      pixels, which is called ZCA.
      """,
    name: "prepared-digits", isWide: true))

// PCA.
let shares = explained(principal)
let needed = (shares.firstIndex { $0 >= 0.9 } ?? shares.count - 1) + 1
page.prose(
  """
  ## Turning the axes

  Flatten each image to a vector $x$ of $D = \(train.sampleShape.count)$ numbers. The covariance \
  $\\Sigma = \\frac{1}{N}\\sum_n (x_n - \\mu)(x_n - \\mu)^T$ has eigenvectors $u_k$ with eigenvalues $\\lambda_k$: directions in \
  which the pixels vary together, and how much. With the eigenvectors as the rows of $U$,

  $$z = U (x - \\mu) \\qquad \\text{(PCA)}, \\qquad z_k' = \\frac{z_k}{\\sqrt{\\lambda_k + \\varepsilon}} \\qquad \\text{(whitening)}$$

  Keeping the first $K$ rows of $U$ projects to $K$ numbers. The small $\\varepsilon$ keeps directions in which nothing \
  happens from being blown up to noise.
  """)
page.figure(
  Figure(
    "Eleven directions of \(shares.count) hold \(percent(shares[10])) of what differs between digits",
    .images(
      {
        var grid = componentGrid(principal, count: 11, columns: 6)
        // The mean belongs in front, on the scale of the components.
        let largest = grid.pictures.flatMap(\.pixels).map(\.magnitude).max() ?? 1
        let brightest = meanImage.mean.elements.max() ?? 1
        var mean = picture(meanImage.mean.reshaped(to: [1, 1, 28, 28]), 0, caption: "mean")
        mean.pixels = mean.pixels.map { $0 * largest / max(brightest, 1e-6) }
        grid.pictures.insert(mean, at: 0)
        return grid
      }()),
    caption:
      "The mean image, and the leading components with their share of the variance, fitted on \(grouped(train.count)) training images (\(data)).",
    name: "components"))
page.figure(
  Figure(
    "\(needed) of \(shares.count) directions hold nine tenths of the variance",
    .lines(
      LineChart(
        x: Axis("components kept", log: true), y: Axis("share of the variance (%)", range: 0...100),
        [Series("digits", y: shares.map { 100 * $0 }, style: .line, isEmphasized: true, color: 0)],
        references: [.init(.horizontal, at: 90, "90 %"), .init(.vertical, at: Double(needed), "\(needed)")])),
    caption: "\(grouped(train.count)) training images (\(data)).", name: "spectrum"))
let curvature = Double(principal.variances[0] / max(principal.variances[min(needed, shares.count) - 1], 1e-9))
page.prose(
  """
  Pixels of digits are far from independent. Even among the first \(needed) directions the variances differ by a factor of \
  \(fixed(curvature, 0)); that is a $\\kappa$ which no subtraction removes, and whitening does.
  """)

// Learning.
let rates: [Float] = run.pick(quick: [0.1, 0.3], normal: [0.03, 0.1, 0.3, 1], full: [0.01, 0.03, 0.1, 0.3, 1, 3])
let epochs = run.pick(quick: 2, normal: 3, full: 5)
page.prose(
  """
  ## The experiment

  One hidden layer of 32 tanh units learns the digits, \(epochs) epochs of plain gradient descent in batches of 32. Each \
  preparation may choose the best of \(rates.count) learning rates: otherwise a preparation that makes its inputs larger \
  would win for that alone.
  """)
let lowest = page.predict(
  "Which preparation ends with the lowest **training** loss?", choices: Method.allCases.map(\.name))
let fewest = page.predict(
  "And which with the lowest error on **test** images?", choices: Method.allCases.map(\.name))
page.code("learn", in: "Learning.swift")
let bar = page.progress("trainings", total: Method.allCases.count * rates.count * seeds.count)
let learning = run.trying {
  try LearningExperiment(
    fits.only(Method.allCases), rates: rates, epochs: epochs, train: train, test: test, seeds: seeds
  ) { done in
    run.stopIfInterrupted()
    bar.update(done)
  }
}
bar.finish()
let results = Method.allCases.map { learning.best($0) }
let bestLoss = Method.allCases.min { results[$0.rawValue].loss.mean < results[$1.rawValue].loss.mean } ?? .raw
let bestError = Method.allCases.min { results[$0.rawValue].error.mean < results[$1.rawValue].error.mean } ?? .raw
/// Those whose error could be as low, for all that these seeds can tell.
let rivals = Method.allCases.filter { method in
  method != bestError && !isClear(results[method.rawValue].error - results[bestError.rawValue].error, beyond: 0)
    && seeds.count >= 3
}.map(\.name)
page.reveal(
  lowest, answer: bestLoss.rawValue, "\(results[bestLoss.rawValue].loss.formatted(decimals: 3)) in the last epoch.")
page.reveal(
  fewest, answer: bestError.rawValue,
  """
  \(results[bestError.rawValue].error.formatted(decimals: 1)) % errors.\(rivals.isEmpty ? "" : " No worse beyond chance, and as right: \(rivals.joined(separator: ", ")).") \
  Look at the spread over the seeds before you call a difference one: the table below has it.
  """)
let whitening = results[Method.whitened.rawValue], centered = results[Method.meanImage.rawValue]
let rawResult = results[Method.raw.rawValue], standardized = results[Method.channelStandard.rawValue]
page.figure(
  Figure(
    bestLoss == .whitened && whitening.error.mean > centered.error.mean
      ? "Whitening ends with the lowest training loss, and with more mistakes on the test set than the mean image"
      : "\(bestLoss.name.capitalized) ends with the lowest training loss, \(bestError.name) with the lowest test error",
    .lines(
      LineChart(
        x: Axis("step"), y: Axis("training loss", log: true),
        [Method.raw, .meanImage, .channelStandard, .whitened].map { method in
          let curve = learning.curve(method, every: 8)
          return Series(
            method.name, x: curve.indices.map { 8 * Double($0) + 4 }, y: curve, style: .line,
            isEmphasized: method == bestLoss, color: [6, 0, 0, 2, 3, 1][method.rawValue])
        })),
    caption: """
      Each at its best rate; means of 8 steps. \(overSeeds). \(grouped(train.count)) images (\(data)). The loss falls in steps \
      where an epoch ends: from then on the images are known. Channel mean and PCA are in the table.
      """,
    name: "learning-curves"))
page.table(
  Table(
    "After \(epochs) epochs, each at its best learning rate",
    columns: ["way", "best rate", .init("loss, last epoch", digits: 3), .init("test error (%)", digits: 1)],
    rows: Method.allCases.map { method in
      let result = results[method.rawValue]
      return [
        TableCell(method.name), TableCell("\(rates[learning.bestRate(method)])"),
        .measured(result.loss), .measured(result.error),
      ]
    }))
let slow = [Method.channelStandard, .channelMean].map { learning.finalLoss($0, rate: 0).mean }
page.figure(
  Figure(
    """
    At a rate of \(rates[0]) dividing by σ brings the loss from \(fixed(slow[1], 2)) to \(fixed(slow[0], 2)); with the \
    best rate for each, from \(fixed(results[Method.channelMean.rawValue].loss.mean, 2)) to \
    \(fixed(standardized.loss.mean, 2))
    """,
    .heatMap(
      HeatMap(
        Method.allCases.map { method in
          rates.indices.map { rate in
            let loss = learning.finalLoss(method, rate: rate).mean
            return loss.isFinite ? loss : .nan
          }
        },
        rows: Method.allCases.map(\.name), columns: rates.map { "\($0)" }, xLabel: "learning rate", showsNumbers: true)),
    caption: "Training loss of the last epoch. \(overSeeds). \(data).", name: "rates"))
let spread = moments(of: fits.channelStandard.apply(train.inputs)).deviation
page.callout(
  .note,
  """
  With a single channel, dividing by $\\sigma$ multiplies all inputs by the same number, \(short(1 / Double(standard.standardDeviation[0]))) \
  here. For the first layer that is a larger learning rate in disguise, by that number squared, and larger first weights. What it \
  buys is that the usual rates and the usual first weights fit: inputs then have a standard deviation of \(short(spread)), as the \
  derivation in chapter 4 assumes.
  """)

// Black on white.
let ink = run.trying {
  let (dark, darkTest) = (inverted(train), inverted(test))
  return try LearningExperiment(
    [.raw: AsTheyAre(), .meanImage: MeanImage.fit(dark.inputs)], rates: rates, epochs: epochs, train: dark,
    test: darkTest, seeds: seeds
  ) { _ in run.stopIfInterrupted() }
}
let (inkRaw, inkCentered) = (ink.best(.raw), ink.best(.meanImage))
let (whiteMean, darkMean) = (moments(of: train.inputs).mean, 1 - moments(of: train.inputs).mean)
page.prose(
  """
  ## Black on white

  For these digits the raw pixels did not do badly. That is an accident of the data: MNIST is white on black, most pixels \
  are 0, and their mean is only \(short(whiteMean)). Exchange black and white, $x' = 1 - x$, as paper has it. The information \
  is the same, the mean is \(short(darkMean)).
  """)
let darkNames = ["white on black", "black on white"]
page.figure(
  Figure(
    inkRaw.loss.mean > 1.2 * rawResult.loss.mean
      ? "On white paper raw pixels end at a loss of \(short(inkRaw.loss.mean)); with the mean subtracted, paper and ink do not matter"
      : "Even on white paper raw pixels learn as well as centred ones here",
    .bars(
      BarChart(
        categories: darkNames, y: Axis("training loss, last epoch"),
        [
          .init(
            "raw", [rawResult.loss.mean, inkRaw.loss.mean],
            deviation: [rawResult.loss.deviation, inkRaw.loss.deviation], color: 6),
          .init(
            "mean image subtracted", [centered.loss.mean, inkCentered.loss.mean],
            deviation: [centered.loss.deviation, inkCentered.loss.deviation], color: 0),
        ])),
    caption: "Each at the best of \(rates.count) rates. \(overSeeds). \(grouped(train.count)) images (\(data)).",
    name: "ink"))

// Signs.
let signs = run.trying {
  try [1, 32].map { batch in
    try [Method.raw, .meanImage].map { method in
      let prepared = train.prepared(by: fits[method])
      return Summary(
        try seeds.map {
          100 * (try oneSignShare(prepared, batch: batch, batches: run.pick(quick: 10, normal: 20, full: 50), seed: $0))
        })
    }
  }
}
page.prose(
  """
  ## All the same sign

  There is a second reason to centre. The gradient of a unit's weights is $\\delta \\cdot x$, with one number $\\delta$ for \
  the unit. If no $x_i$ is negative, all weights of the unit are pushed up together or down together, and a goal that asks \
  for some up and some down is reached by zig-zag only.
  """)
page.table(
  Table(
    "Gradients of first-layer units in which no two weights are pushed in opposite directions (%)",
    columns: ["inputs", .init("one image at a time", digits: 1), .init("batches of 32", digits: 1)],
    rows: [0, 1].map { way in
      [TableCell(way == 0 ? "raw" : "mean image subtracted")]
        + [0, 1].map { .measured(signs[$0][way]) }
    }))
page.prose(
  signs[1][0].mean < 50
    ? """
    With one image at a time it is as the sources say. In a batch the $\\delta$ of different images differ in sign, and the \
    sum is free to point anywhere: strictly one sign for all weights disappears, though a common push may remain (chapter 2 \
    measures it). What remains of the mean is its long valley.
    """
    : """
    With one image at a time it is as the sources say, and in batches of 32 it still holds for most units.
    """)

// Epsilon.
let epsilons: [Double] = run.pick(
  quick: [0.001, 0.1], normal: [0.0001, 0.001, 0.01, 0.03, 0.1, 0.3, 1, 3],
  full: [0.0001, 0.001, 0.01, 0.03, 0.1, 0.3, 1, 3])
let whitenedRuns = run.trying {
  try epsilons.map { value in
    run.stopIfInterrupted()
    return try LearningExperiment(
      [.whitened: Whitening(principal, epsilon: Float(value))],
      rates: run.pick(quick: [0.3], normal: [0.1, 0.3, 1], full: rates),
      epochs: epochs, train: train, test: test, seeds: seeds)
  }
}
let epsilonErrors = whitenedRuns.map { $0.best(.whitened).error }
let bestEpsilon = epsilons.indices.min { epsilonErrors[$0].mean < epsilonErrors[$1].mean } ?? 0
page.prose(
  """
  ## How much to whiten

  Whitening treats a direction in which digits differ and one in which they hardly do as equals. The second kind is mostly \
  noise: corners that a single pen has reached. $\\varepsilon$ is where the line is drawn. Move it, and see what the network \
  gets to see.
  """)
let kept = epsilons.map { value in
  correlation(
    meanImage.apply(eight.inputs), Whitening(principal, epsilon: Float(value), rotatesBack: true).apply(eight.inputs))
}
page.figure(
  Figure(
    kept[kept.count - 1] > kept[0] + 0.2
      ? """
      With ε = \(short(epsilons[0])) a whitened digit correlates with the original to \(fixed(kept[0], 2)), with \
      ε = \(short(epsilons[epsilons.count - 1])) to \(fixed(kept[kept.count - 1], 2))
      """ : "How much is whitened makes little difference to these digits",
    exploring: FigureParameter("ε", values: epsilons, initial: epsilons.firstIndex { $0 >= 0.01 } ?? 0),
    caption: "Eight test digits (\(data)), whitened and turned back to pixels; each frame on its own scale.",
    name: "whitening", isWide: true
  ) { value in
    .images(
      preparedGrid([("ε = \(short(value))", Whitening(principal, epsilon: Float(value), rotatesBack: true))], eight))
  })
page.figure(
  Figure(
    """
    Of \(epsilons.count) values, ε = \(short(epsilons[bestEpsilon]))\(bestEpsilon == epsilons.count - 1 ? ", the largest," : "") makes the fewest mistakes: \
    \(epsilonErrors[bestEpsilon].formatted(decimals: 1)) %, against \(centered.error.formatted(decimals: 1)) % with the \
    mean image alone
    """,
    .lines(
      LineChart(
        x: Axis("ε", log: true),
        y: Axis(
          "test error (%)",
          range: min(epsilonErrors.map(\.mean).min() ?? 0, centered.error.mean).rounded(.down)
            - 2...(epsilonErrors.map(\.mean).max() ?? 50).rounded(.up) + 2),
        [
          Series(
            "whitened", x: epsilons, y: epsilonErrors.map(\.mean),
            deviation: seeds.count > 1 ? epsilonErrors.map(\.deviation) : [], isEmphasized: true, color: 1)
        ],
        references: [.init(.horizontal, at: centered.error.mean, "mean image only")])),
    caption: "Each at its best rate. \(overSeeds). \(grouped(train.count)) training images (\(data)).", name: "epsilon")
)

// Training set only.
let few = run.pick(quick: 100, normal: 100, full: 100)
let pool = halved(TensorSamples(digits.train, first: run.pick(quick: 1_000, normal: 4_000, full: 10_000)))
let held = halved(TensorSamples(digits.test, first: 500))
let peeking = page.predict(
  """
  A classifier is trained on \(few) images that were whitened (ε = 0.0001). Somebody computed the whitening from the training **and** \
  the test images, without their labels. What does that do to the error reported on the test set?
  """,
  choices: ["nothing: no labels were used", "it makes it a little worse", "it makes it look better than it is"])
let leakWays: [(name: String, method: Method, epsilon: Float)] = [
  ("mean image", .meanImage, 0), ("mean and std", .channelStandard, 0), ("whitened, ε 0.0001", .whitened, 0.0001),
  ("whitened, ε 0.01", .whitened, 0.01),
]
let leaks = run.trying {
  try leakWays.map { way in
    try seeds.map { seed in
      run.stopIfInterrupted()
      return try leak(
        way.method, epsilon: way.epsilon, train: pool.drawn(few, seed: seed), test: held, epochs: 20, rate: 0.05,
        seed: seed
      )
    }
  }
}
let gains = leaks.map { Summary($0.map { $0.honest - $0.leaked }) }
page.prose(
  """
  ## From the training set only

  A mean, a standard deviation, a whitening are learned, as weights are: from data. From which? A test set stands for images \
  that nobody has seen yet, so it must have no part in them. That sounds pedantic as long as the numbers are two.
  """)
page.reveal(
  peeking, answer: gains[2].mean > 2 ? 2 : gains[2].mean < -2 ? 1 : 0,
  """
  With whitening (ε = 0.0001) the reported error is \(gains[2].formatted(decimals: 1)) points lower than with statistics of the training set alone; with two \
  channel statistics the difference is \(gains[1].formatted(decimals: 1)) points, with a mean image \
  \(gains[0].formatted(decimals: 1)).
  """)
page.code("leak", in: "Leak.swift")
page.figure(
  Figure(
    gains[2].mean > 2
      ? "A whitening that has seen the test set reports \(fixed(gains[2].mean, 0)) points of error too few, a mean image \(fixed(gains[0].mean, 1))"
      : "Statistics of the test set changed little in this run",
    .bars(
      BarChart(
        categories: leakWays.map(\.name), y: Axis("reported test error (%)"),
        [
          .init(
            "training set only", leaks.map { Summary($0.map(\.honest)).mean },
            deviation: leaks.map { Summary($0.map(\.honest)).deviation },
            color: 0),
          .init(
            "training and test set", leaks.map { Summary($0.map(\.leaked)).mean },
            deviation: leaks.map { Summary($0.map(\.leaked)).deviation }, color: 1),
        ])),
    caption: """
      A linear classifier on \(few) images of 14×14 (\(data)), tested on \(held.count), at one learning rate for all: compare the two bars of a pair, not the pairs. \(overSeeds).
      """,
    name: "leak"))
page.prose(
  """
  The size of the gap depends on how many numbers are learned, and how firmly they are believed: \(few) images cannot fix \
  \(held.sampleShape.count) directions. With ε = 0.01, which holds the doubtful ones down, the gap is \
  \(gains[3].formatted(decimals: 1)) points\
  \(abs(gains[3].mean) < gains[2].mean / 3 ? ", and the honest error is lower as well" : ""). The rule costs nothing either way.
  """)
let cameraImages = min(1_000, pool.count)
let cameras = run.trying {
  try seeds.map { try camera(train: pool.drawn(cameraImages, seed: $0), test: held, epochs: 10, rate: 0.05, seed: $0) }
}
func cameraError(_ value: (CameraRun) -> Double) -> Summary { Summary(cameras.map(value)) }
page.prose(
  """
  Statistics taken from the test images themselves also answer another question than the one a user asks. Let the test \
  images come from another camera, brighter and with less contrast, $x' = \\frac{1}{2} + \\frac{x}{2}$; or let them come \
  sorted, one digit at a time:
  """)
page.table(
  Table(
    "Test error of a linear classifier that learned from \(grouped(cameraImages)) images, mean image subtracted (%)",
    columns: ["test images", "mean image of", .init("test error (%)", digits: 1)],
    rows: [
      ("as in training", "the training set", cameraError(\.usual)),
      ("other camera", "the training set", cameraError(\.training)),
      ("other camera", "the test set", cameraError(\.own)),
      ("one class at a time", "that class's test images", cameraError(\.alone)),
    ].map { [TableCell($0.0), TableCell($0.1), .measured($0.2)] }))
page.prose(
  """
  \(cameraError(\.own).mean < cameraError(\.training).mean - 5
    ? "In the second row the classifier fails, and the third row hides it: it needs \(grouped(held.count)) images of the new camera before it can read one."
    : "The other camera did little harm in this run.") \
  \(cameraError(\.alone).mean > cameraError(\.usual).mean + 20
    ? "In the last row the mean image is the digit itself, and subtracting it takes away what was to be recognized."
    : "") The rule that avoids all of this: fit on the training set, store the numbers with the weights, use them everywhere.
  """)

// Errata.
let variance = pow(Double(standard.standardDeviation[0]), 2)
page.callout(
  .erratum("S2"),
  """
  The source has ResNet subtract the channel mean and divide \"by the variance\". It is the standard deviation. Divided by \
  the variance, these digits get a standard deviation of \(short(1 / Double(standard.standardDeviation[0]))) if pixels run from 0 \
  to 1, and of \(short(1 / (255 * Double(standard.standardDeviation[0])))) if they run from 0 to 255 (the variance is \
  \(short(variance)), or \(fixed(variance * 255 * 255, 0))): a result that depends on the unit of the pixels is the sign that \
  something is wrong. An easy mistake: batch norm's formula has $\\sigma^2$ in it, under a root.
  """)
page.sideNote(
  """
  The paper on ResNet subtracts the per-pixel mean, as AlexNet does; channel mean and standard deviation came with \
  its Torch version and are what everybody uses today.
  """)

for claim in claims() { page.claim(claim) }

page.callout(
  .takeaway,
  """
  - A mean in the inputs is a long valley in the loss. Without it the descent on two pixels took \
  \(straighter.formatted(decimals: 0)) times fewer steps.\
  \(isWorse(centered.error, than: rawResult.error) ? " On digits subtracting the mean image lowered the training loss and raised the test error: easier to learn is not the same as better." : "")
  - Dividing by one standard deviation sets the scale that learning rates and first weights expect.
  - PCA alone changes nothing for a dense layer; whitening does, and amplifies noise unless $\\varepsilon$ is large enough.
  - Statistics are learned. They come from the training set, and are kept with the weights.
  - It helps the first layer only: the layers behind it need chapters 4 and 5.
  """)
page.exercises(run.exercises)
page.furtherReading([
  "LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, in Neural Networks: Tricks of the Trade",
  "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*, section 2",
  "Simonyan and Zisserman 2015, *Very deep convolutional networks*, arXiv:1409.1556, section 2.1",
  "He et al. 2016, *Deep residual learning for image recognition*, arXiv:1512.03385, section 3.4",
  "Bell and Sejnowski 1997, *The \"independent components\" of natural scenes are edge filters*, doi:10.1016/S0042-6989(97)00121-1",
])
run.publish(&page)

/// Whether one error is larger than another by more than chance, and by half a point at least.
func isWorse(_ error: Summary, than other: Summary) -> Bool { isClear(error - other) && error.mean > other.mean }

/// The claims of the sources, judged by this run's data.
func claims() -> [Claim] {
  let count = seeds.count
  let whiteSteps = Summary(seeds.indices.map { Double(reports[1][$0].steps) / Double(reports[5][$0].steps) })
  let turned = Summary(seeds.indices.map { Double(reports[4][$0].steps) / Double(reports[1][$0].steps) })
  let inkGain = inkRaw.loss.mean / inkCentered.loss.mean, plainGain = rawResult.loss.mean / centered.loss.mean
  // What dividing adds to subtracting one mean; the same mean, so that nothing else differs.
  let sameMean = results[Method.channelMean.rawValue]
  let divisionHurts = isWorse(standardized.error, than: sameMean.error)
  let (pcaGap, whiteGap) = (
    results[Method.principal.rawValue].error.mean - centered.error.mean, whitening.error.mean - centered.error.mean
  )
  /// Of the ways that do not whiten, the one with the fewest mistakes.
  let plainest =
    [Method.raw, .meanImage, .channelMean, .channelStandard].min {
      results[$0.rawValue].error.mean < results[$1.rawValue].error.mean
    } ?? .raw
  let plainError = results[plainest.rawValue].error, leastWhite = epsilonErrors[bestEpsilon]
  let testHurts = isWorse(centered.error, than: rawResult.error)
  return [
    Claim(
      "Centred inputs are easier to descend on", source: "LeCun 1998", published: "faster",
      measured: "\(straighter.formatted(decimals: 0)) × fewer steps (two pixels)", seeds: count,
      verdict: straighter.mean > 2 ? .reproduced : straighter.mean > 1.2 ? .partly : .notHere),
    Claim(
      "Centring images helps", source: "S2", published: "to some degree",
      measured: "training loss ÷ \(short(inkGain)) on white paper, ÷ \(short(plainGain)) on black", seeds: count,
      verdict: inkGain > 1.1 ? (plainGain > 1.1 && !testHurts ? .reproduced : .partly) : .notHere,
      reason: testHurts
        ? "the training; on black the test error is \(centered.error.formatted(decimals: 1)) % with the mean image against \(rawResult.error.formatted(decimals: 1)) % raw"
        : plainGain > 1.1 ? "" : "it depends on how large the mean was"),
    Claim(
      "Inputs of one sign push all weights of a unit the same way", source: "S2", published: "always",
      measured: "\(signs[0][0].formatted(decimals: 0)) % (batch 1), \(signs[1][0].formatted(decimals: 0)) % (batch 32)",
      seeds: count, verdict: signs[0][0].mean < 90 ? .notHere : signs[1][0].mean > 50 ? .reproduced : .partly,
      reason: signs[1][0].mean > 50 ? "" : "in a batch the signs of δ differ and the pushes mix"),
    Claim(
      "Dividing by a standard deviation is not for images: only centre", source: "S2", published: "not good",
      measured: "error \(standardized.error.formatted(decimals: 1)) against \(sameMean.error.formatted(decimals: 1)) %",
      seeds: count, verdict: divisionHurts ? .partly : .notHere,
      reason: divisionHurts
        ? "with one channel it is a larger rate and larger first weights, no more"
        : "no difference beyond the spread of the seeds; it rescales the learning rate"),
    Claim(
      "PCA does not suit images", source: "S2", published: "unsuitable",
      measured: "\(pcaGap < 0 ? "" : "+")\(fixed(pcaGap, 1)) points of error", seeds: count,
      verdict: isWorse(results[Method.principal.rawValue].error, than: centered.error) ? .reproduced : .notHere,
      reason:
        "a dense net cannot tell: \(turned.formatted(decimals: 2)) × the steps on two pixels. A convolution could not use it"
    ),
    Claim(
      "Whitening does not suit images", source: "S2", published: "unsuitable",
      measured: "\(whiteGap < 0 ? "" : "+")\(fixed(whiteGap, 1)) points of error (ε = \(short(Double(epsilon))))",
      seeds: count,
      verdict: isWorse(whitening.error, than: centered.error)
        ? (isWorse(plainError, than: leastWhite) ? .partly : .reproduced) : .notHere,
      reason:
        "with the best ε, \(short(epsilons[bestEpsilon])), it is \(leastWhite.formatted(decimals: 1)) %\(kept[bestEpsilon] > 0.9 ? ", and hardly white any more" : ""); \(plainest.name) has \(plainError.formatted(decimals: 1)) %"
    ),
    Claim(
      "Decorrelated inputs of equal variance converge fastest", source: "LeCun 1998", published: "κ = 1",
      measured: "\(whiteSteps.formatted(decimals: 0)) × fewer steps than centred", seeds: count,
      verdict: whiteSteps.mean > 2 && bestLoss == .whitened ? .reproduced : whiteSteps.mean > 2 ? .partly : .notHere,
      reason: bestLoss == .whitened
        ? "and the lowest training loss on digits" : "on two pixels; not the lowest loss on digits"),
  ]
}
