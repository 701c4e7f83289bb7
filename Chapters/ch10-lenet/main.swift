// Chapter 10: LeNet-5 learns to read digits, three times over.

import Foundation
import Workbook

let (run, options) = ChapterRun.start(chapter: 10, LeNetOptions.self)
let session = Sessions.open(run, options)
if options.shared.mine { Mine.run(run, options, session) }
let variants = options.variants

// Without a page: the numbers alone.
if options.json == "-" {
  run.trying { try SessionRecord(Sessions.trainAll(variants, in: session, run), in: session).write(to: "-") }
  exit(0)
}

let data = session.digits.name
var page = run.page(
  lead: """
    In 1998 a network of seven layers learned to read handwritten digits. Here it learns again, in front of you, nearly as \
    it was, and with what the years since have added: ReLU, softmax with cross-entropy, batch normalization.
    """,
  data: data,
  settings: ["epochs": "\(session.epochs)", "batch": "\(options.batch)", "learning rate": "\(options.rate)"])

page.prose(
  """
  ## The question

  The chapters before this one blamed several things for slow or failed training: saturating activations, squared error \
  behind a sigmoid, weights of the wrong size, activations that drift. If all that is true, a LeNet-5 with these parts \
  replaced must learn faster and end lower. Does it?

  ## The network

  A digit of 28×28 pixels, standardized and padded to 32×32, goes through two convolutions, each followed by a pooling \
  that halves the image, and three dense layers.
  """)
let example = variants[variants.count - 1]
let table = try Model(LeNet5.plain.layers, input: LeNet5.inputShape, seed: 1)
page.table(
  Table(
    "LeNet-5, layer by layer", columns: ["layer", "kind", "output", "parameters", "multiply-adds"],
    rows: table.rows.map {
      [
        TableCell($0.name), TableCell($0.kind), TableCell("\($0.output)"), TableCell($0.parameters),
        TableCell($0.multiplyAdds),
      ]
    } + [
      [
        "**total**", "", TableCell("\(table.outputShape)"), TableCell(table.parameterCount),
        TableCell(table.multiplyAdds(for: table.inputShape)),
      ]
    ]))
page.sideNote(
  "LeCun et al. 1998, *Gradient-based learning applied to document recognition*. There C3 was connected by a table, each pooling had a factor and a bias to learn, the output measured distances, and a second-order method trained it one image at a time. Here, as in S0: full connections, plain averages, ten sigmoids, gradient descent in batches."
)
page.code("trainVariant", in: "Experiments.swift")

page.prose(
  """
  The variants have the same convolutions and dense layers, and differ in what lies between them:

  - **LeNet-5**: tanh, a sigmoid at each of the ten outputs, squared error, Xavier's first weights;
  - **LeNet-5, published σ′**: the same with a mistake in the sigmoid's derivative, of which more below;
  - **LeNet-5+**: ReLU, softmax with cross-entropy, first weights from ±1/√fan-in;
  - **LeNet-5++**: LeNet-5+ with batch normalization behind every convolution and dense layer.

  All are trained by plain gradient descent with a learning rate of \(options.rate) in batches of \(options.batch), on \
  \(grouped(session.digits.train.count)) images (\(data)), for \(session.epochs) \(session.epochs == 1 ? "epoch" : "epochs")\
  \(session.seeds.count > 1 ? " and \(session.seeds.count) seeds" : "").
  """)

let guess =
  variants.count > 1
  ? page.predict(
    "Which network makes the fewest mistakes on the test set after this run?", choices: variants.map(\.name)) : nil

page.prose("## The experiment")
let runs = run.trying { try Sessions.trainAll(variants, in: session, run) }
let results = VariantResults.collect(runs, variants)
let ranking = results.sorted { $0.finalError.mean < $1.finalError.mean }
let (best, worst) = (ranking[0], ranking[ranking.count - 1])
if let guess {
  page.reveal(
    guess, answer: variants.firstIndex { $0.name == best.variant.name } ?? 0,
    "\(best.variant.name) ends at \(best.finalError) % errors, \(worst.variant.name) at \(worst.finalError) %.")
}

if session.epochs > 1 && !options.evaluate {
  page.figure(
    Figure(
      "\(best.variant.name) \(Sessions.leadsThroughout(best, results) ? "is ahead from the first epoch to the last" : "ends ahead"): \(best.finalError) % errors\(ranking.count > 1 ? "; next is \(ranking[1].variant.name) with \(ranking[1].finalError) %" : "")",
      .lines(
        LineChart(
          x: Axis("epoch"), y: Axis("test error (%)", log: true),
          results.map {
            Series(
              $0.variant.name, y: $0.errors.map(\.mean),
              deviation: session.seeds.count > 1 ? $0.errors.map(\.deviation) : [],
              isEmphasized: $0.variant.name == best.variant.name, color: $0.variant.color)
          })),
      caption:
        "\(data), \(grouped(session.digits.test.count)) test images\(session.seeds.count > 1 ? ", mean and standard deviation of \(session.seeds.count) runs" : ", one run").",
      name: "test-error"))
}
page.table(
  Table(
    "After \(session.epochs) \(session.epochs == 1 ? "epoch" : "epochs"), \(data)",
    columns: [
      "network", .init("training loss", digits: 4), .init("test error (%)", digits: 2), "published, 30 epochs (%)",
      .init("seconds per epoch, fastest", digits: 2),
    ],
    rows: results.map {
      [
        TableCell($0.variant.name), TableCell($0.finalLoss), .measured($0.finalError),
        TableCell($0.published), TableCell($0.fastestEpoch),
      ]
    }))
page.sideNote(
  "Training loss: the squared error where the outputs are sigmoids, else the cross-entropy; the two cannot be compared. Published: S0, table 1, mean and standard deviation of five runs of 30 epochs\(run.isFull ? "" : "; `--full` repeats it at that size")."
)

// The wrong derivative.
if let correct = results.first(where: { $0.variant.name == "LeNet-5" }),
  let published = results.first(where: { $0.variant.net.output == .sigmoid(.published) })
{
  page.prose(
    """
    ## A mistake that helped

    The first row of the published table was made by a program whose sigmoid has a wrong derivative: $1 - s^2$, which \
    belongs to tanh, for $s(1 - s)$, where $s = \\sigma(z)$ is the output. A gradient check finds it in a second: the slope measured by central differences \
    agrees with one of the two formulas.
    """)
  page.table(
    Table(
      "The slope of the sigmoid",
      columns: [
        .init("z", digits: 1), .init("measured", digits: 5), .init("s(1 − s)", digits: 5),
        .init("1 − s², published", digits: 5),
      ],
      rows: sigmoidSlopes(at: [-6, -4, -2, 0, 2, 4, 6]).map {
        [TableCell($0.z), TableCell($0.measured), TableCell($0.correct), TableCell($0.published)]
      }))
  let (right, wrong) = (correct.finalError, published.finalError)
  page.callout(
    .erratum("S0"),
    """
    With the right derivative LeNet-5 ends this run at \(right) % errors, with the published one at \(wrong) %. \
    \(wrong.mean < right.mean
      ? "The wrong one learns faster: where an output is confidently wrong near 0, s(1 − s) all but switches the correction off, and 1 − s² leaves it on. It is also larger everywhere, at least twice, so a part of the gain may be that of a larger learning rate (chapter 8 gives each its own). Either way the published row owes its speed to a mistake that removes the very slow-down its text explains."
      : "In this run the wrong one is no faster, which is not what longer runs show.") \
    An easy mistake: both functions are S-shaped, and training goes on without a complaint.

    \(Sessions.orderUnderBoth(results))
    """)
}

// Inside.
let shown = best.runs[0]
if session.epochs > 1, !shown.gradientShares.isEmpty {
  page.prose("## Inside: who gets the gradient?")
  for name in ["LeNet-5", "LeNet-5+"] {
    guard let run = runs.first(where: { $0.variant.name == name }), let story = GradientStory(run) else { continue }
    page.figure(
      Figure(
        "\(name): \(run.gradientLayers[0]) begins with \(percent(story.beginning[0])) of the gradient and ends with \(percent(story.end[0]))",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("share of the gradient norm"),
            run.gradientLayers.indices.map { layer in
              Series(
                run.gradientLayers[layer], x: smoothed(run.gradientTimes, over: 4),
                y: smoothed(run.gradientShares.map { $0[layer] }, over: 4), style: .line, isEmphasized: layer == 0,
                color: layer)
            })),
        caption:
          "Share of each layer in the sum of ‖∂L/∂z‖ over the layers, as in S0's figure 3 (\(run.variant.net.activation.rawValue)), \(data), seed \(run.seed). Each point is the mean of 4 observations, a tenth of an epoch; the title tells the first tenth of the first epoch and the last epoch.",
        name: "gradient-share-\(run.variant.stem)"))
  }
}
if let tanh = results.first(where: { $0.variant.name == "LeNet-5" })?.runs.first.flatMap(GradientStory.init),
  let relu = results.first(where: { $0.variant.name == "LeNet-5+" })?.runs.first.flatMap(GradientStory.init)
{
  func when(_ time: Double?) -> String { time.map { "after \(fixed($0, 1)) epochs" } ?? "never" }
  page.prose(
    """
    S0 reads from this figure that the gradient vanishes towards the image at the start, and that ReLU lets it come \
    back sooner. Here \(tanh.layers[0]) begins with \(percent(tanh.beginning[0])) of the gradient under tanh and with \
    \(percent(relu.beginning[0])) under ReLU, where equal shares would be \(percent(1 / Double(tanh.layers.count))) and \
    \(percent(1 / Double(relu.layers.count))): measured are the layers in front of an activation, and the outputs of \
    LeNet-5+ have none of their own. Sooner can mean two things. Half of its own way up \(tanh.layers[0]) has come \
    \(when(relu.halfway)) under ReLU and \(when(tanh.halfway)) under tanh. Half of an equal share of the four hidden \
    layers, \(percent(relu.halfShare, 1)), it reaches \(when(relu.recovery)) under ReLU and \(when(tanh.recovery)) \
    under tanh. \
    \(session.seeds.count > 1
      ? "That is seed \(session.seeds[0]), as in the figures; the table of claims has all \(session.seeds.count) seeds." : "")
    """)
}
let drifting = ["LeNet-5+", "LeNet-5++"].compactMap { name in
  runs.first { $0.variant.name == name && $0.inputs.count > 1 }
}
if !drifting.isEmpty {
  page.prose("## Inside: do the activations drift?")
  // One scale for both figures: beside the other, a curve that looks steep may be flat.
  let highest = drifting.flatMap(\.inputs).joined().map(\.deviation).max() ?? 1
  for run in drifting {
    let growth = spreadGrowth(run) ?? 1
    page.figure(
      Figure(
        "\(run.variant.name): the spread of the activation inputs \(growth > 1.1 ? "grows to" : growth < 0.9 ? "shrinks to" : "stays at") \(fixed(growth, 2)) times that after the first epoch",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("standard deviation of the inputs", range: 0...1.05 * highest),
            run.inputLayers.indices.map { layer in
              Series(run.inputLayers[layer], y: run.inputs.map { $0[layer].deviation }, color: layer)
            })),
        caption:
          "Standard deviation of what enters each activation, on 256 training images (\(data)), seed \(run.seed): the numbers behind S0's figure 5. The title has the mean of the layers' ratios.",
        name: "activation-inputs-\(run.variant.stem)"))
  }
}

// What it gets wrong.
page.prose("## What \(best.variant.name) gets wrong")
let confusion = shown.evaluation.confusion
page.figure(
  Figure(
    Sessions.confusionFinding(confusion),
    .heatMap(
      HeatMap(
        confusion.enumerated().map { row, counts in counts.enumerated().map { $0 == row ? Double.nan : Double($1) } },
        rows: (0...9).map(String.init), columns: (0...9).map(String.init), xLabel: "taken for", yLabel: "digit",
        showsNumbers: true)),
    caption:
      "Mistakes of \(best.variant.name), seed \(shown.seed), on \(grouped(session.digits.test.count)) test images (\(data)); the diagonal, \(session.digits.test.count - Int(shown.evaluation.error * Double(session.digits.test.count) + 0.5)) right answers, is left out.",
    name: "confusion"))
let mistakes = worstMistakes(shown, in: session.digits.test, count: 12)
if !mistakes.isEmpty {
  page.figure(
    Figure(
      "\(mistakes.count == 1 ? "The one mistake" : "The \(mistakes.count) most confident mistakes"): would you have known better?",
      .images(ImageGrid(columns: 6, mistakes)),
      caption: "\(best.variant.name), seed \(shown.seed); \(data).", name: "worst-mistakes"))
}

page.prose("## What it looks for")
page.figure(
  Figure(
    "The six kernels of the first layer, as training has left them",
    .images(ImageGrid(columns: 6, firstKernels(shown.model), isSigned: true)),
    caption: "5×5 weights of conv1, \(best.variant.name), seed \(shown.seed); the two hues are the two signs.",
    name: "kernels"))
page.figure(
  Figure(
    "Each digit, seen six ways",
    exploring: FigureParameter("digit", values: (0...9).map(Double.init), initial: 7),
    caption:
      "What act1 of \(best.variant.name), seed \(shown.seed), makes of the first test image of each digit (\(data)).",
    name: "feature-maps"
  ) { digit in
    .images(ImageGrid(columns: 7, featureMaps(shown.model, of: Int(digit), in: session.digits.test)))
  })

// An image of the reader's own.
if let file = options.image {
  page.prose("## Your digit")
  let isSoftmax = shown.variant.net.output == .logits
  let answer = run.trying { try classify(file, with: shown) }
  page.figure(
    Figure(
      "\(best.variant.name) reads a \(answer.digit), with \(percent(answer.outputs[answer.digit]))",
      .bars(
        BarChart(
          categories: (0...9).map(String.init), y: Axis(isSoftmax ? "probability" : "output", range: 0...1),
          [.init(isSoftmax ? "probability" : "output", answer.outputs)])),
      caption: isSoftmax ? "Softmax of the ten outputs." : "The ten outputs behind their sigmoids.", name: "your-digit")
  )
  page.figure(
    Figure(
      "What the network was shown", .images(ImageGrid(columns: 1, [answer.picture])),
      caption: "The ink cut out, fitted into 20×20, its centre of mass in the middle of 28×28, as MNIST was made.",
      name: "your-digit-prepared"))
}

page.prose(
  """
  ## The learning rate, step by step

  S1 lets the rate fall in steps: \(LeNetOptions.describe(.lenet)). Far from the minimum a large step saves time; near \
  it, steps of that size jump over it, and only smaller ones go further down. `--schedule step` trains with this table, \
  `--schedule cosine` with a rate that falls smoothly. The runs above keep \(options.rate) throughout, as S0 did.
  """)
page.sideNote(
  "The paper of 1998 has one step more, 0.0001 for three passes in the middle, and its rates are those of a method that gives every weight a step of its own. For plain gradient descent they are small."
)

// The claims.
Sessions.claims(results, session).forEach { page.claim($0) }
Sessions.claimsAboutTheInside(results).forEach { page.claim($0) }
page.callout(.takeaway, Sessions.takeaway(results))
page.exercises(run.exercises)
page.furtherReading([
  "LeCun, Bottou, Bengio and Haffner 1998, *Gradient-based learning applied to document recognition*, doi:10.1109/5.726791",
  "S0: *Understanding and Improving Convolutional Neural Networks*, the report whose table this chapter repeats",
])
run.trying {
  if let file = options.save { try JournalError.keeping(at: file) { try runs[runs.count - 1].model.save(to: file) } }
  if let file = options.json {
    try JournalError.keeping(at: file) { try SessionRecord(runs, in: session).write(to: file) }
  }
}
page.run.seconds = runs.reduce(0) { $0 + $1.secondsBefore }
run.publish(&page)
