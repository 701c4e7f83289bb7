// Chapter 9: the sliding window.

import Workbook

let run = ChapterRun.start(chapter: 9)
let digits = run.trying {
  try Digits.load(from: run.options.data, count: run.pick(quick: 600, normal: 4_000, full: 60_000))
}
let data = digits.name
let bench = Bench(
  train: digits.train, test: run.isQuick ? digits.test.prefix(400) : digits.test,
  epochs: run.pick(quick: 2, normal: 4, full: 8), seeds: run.seeds(quick: 1, normal: 3, full: 5))
let seedWords = bench.seeds.count == 1 ? "one seed" : "mean and deviation of \(bench.seeds.count) seeds"
var page = run.page(
  lead: """
    One small kernel, slid over a whole image: that is all a convolution is. What goes into each layer, what comes out, \
    what it costs, how far it sees, and what the model says when the shapes do not fit.
    """,
  data: data)

page.prose(
  """
  ## The question

  A dense layer looks at all pixels at once and has a weight for each of them. A convolution looks through a small \
  window and uses the same few weights everywhere. That is a severe restriction. What does it buy, what does it cost, \
  and why do so many first attempts stop at the shapes? The author of S3, a student's report, gave up on LeNet and AlexNet there: what goes \
  into each layer, and what comes out, *was the problem*.

  ## Sliding a window

  Lay a kernel $w$ of $k \\times k$ numbers on the image $x$, multiply what lies on top of each other, add up, write \
  the sum down; then move on by one pixel:
  """)
page.math("y_{ij} = b + \\sum_{u=0}^{k-1} \\sum_{v=0}^{k-1} w_{uv} \\cdot x_{i+u,\\, j+v}")
page.code("correlate", in: "Correlation.swift")
page.prose(
  """
  Here is a bright bar, two pixels wide, and a kernel that has −1, −2, −1 on its left and 1, 2, 1 on its right: it \
  answers where the image becomes brighter from left to right.

  ```text
  \(sideBySide([("image", Bar.image), ("kernel", Bar.kernel)]))
  ```

  Move the window through its nine positions.
  """)

let barOutput = correlate(Bar.image, with: Bar.kernel)
let barRange = Double(barOutput.joined().map { abs($0) }.max() ?? 1)
let strongest = barOutput[0].firstIndex(of: barOutput[0].max() ?? 0) ?? 0
let weakest = barOutput[0].firstIndex(of: barOutput[0].min() ?? 0) ?? 0
page.figure(
  Figure(
    "The sum is \(short(barOutput[0][strongest])) where the bar's left edge lies under the kernel, \(short(barOutput[0][weakest])) where its right edge does",
    exploring: FigureParameter("window position", values: (1...9).map { Double($0) }, initial: strongest),
    caption: """
      The products of kernel and image under the window, on the grid of the 5×5 image; – is outside the window. The left \
      edge of the bar is between columns 2 and 3, the right one between 4 and 5. All nine sums are the 3×3 \
      output: \(barOutput.map { "[" + $0.map { short($0) }.joined(separator: ", ") + "]" }.joined(separator: ", ")).
      """,
    name: "sliding-window"
  ) { position in
    let (i, j) = ((Int(position) - 1) / 3, (Int(position) - 1) % 3)
    return .heatMap(
      HeatMap(
        Bar.products(i, j), rows: (1...5).map { "\($0)" }, columns: (1...5).map { "\($0)" },
        xLabel: "sum \(short(barOutput[i][j])): output row \(i + 1), column \(j + 1)", yLabel: "row",
        scale: .diverging(around: 0), showsNumbers: true, valueRange: -barRange / 2...barRange / 2))
  })

let example = rows(of: digits.test, at: 0)
page.figure(
  Figure(
    "Four kernels of nine numbers, four views of one digit",
    .images(
      ImageGrid(
        columns: 5,
        [picture(example, "the image")]
          + handmade.map { scaledPicture(correlate(example, with: $0.kernel, padding: 1), $0.name) })),
    caption: "The first test image (\(data)); each view scaled from its darkest to its brightest pixel.",
    name: "handmade-kernels"))
let turned = correlate(Bar.image, with: flipped(Bar.kernel))
page.callout(
  .note,
  """
  Mathematicians call this *correlation*; their convolution turns the kernel by 180° first. On the bar the turned \
  kernel gives \(short(turned[0][strongest])) where this one gives \(short(barOutput[0][strongest])). A network learns \
  its kernels, so it does not matter which of the two it uses, as long as forward and backward agree. Here, as in \
  PyTorch and most others, it is correlation.
  """)
page.prose(
  """
  A colour image has three channels, and behind a layer there are as many as it had filters. Each filter $m$ then has a \
  slice of weights for every channel $c$, adds up over all of them, and makes one map; $M$ filters make $M$ maps, each \
  with a bias of its own. The window may also move $s$ pixels at a time (the *stride*), and start in a border of $p$ \
  zeros around the image (the *padding*). For image $n$ of a batch, the layer as it is used:

  $$y_{n,m,i,j} = b_m + \\sum_{c,u,v} w_{m,c,u,v} \\cdot x_{n,c,\\,is+u-p,\\,js+v-p}$$
  """)

page.prose(
  """
  ## Output size

  How many positions does a window have? One at the start, and one more for every stride $s$ that still fits into what \
  is left, with a border of $p$ pixels on each side:

  $$H' = \\left\\lfloor \\frac{H + 2p - k}{s} \\right\\rfloor + 1$$
  """)
page.code("outputSize", in: "Correlation.swift")
let sizeCases: [(story: String, size: Int, kernel: Int, stride: Int, padding: Int)] = [
  ("LeNet C1", 32, 5, 1, 0), ("the same size again: p = (k − 1)/2", 32, 5, 1, 2), ("pooling 2×2", 28, 2, 2, 0),
  ("AlexNet conv1 on 227", 227, 11, 4, 0), ("AlexNet conv1 on 224", 224, 11, 4, 0),
  ("overlapping pooling 3×3", 55, 3, 2, 0), ("a window larger than the image", 4, 5, 1, 0),
]
page.table(
  Table(
    "Windows along one axis",
    columns: ["case", "size", "kernel", "stride", "padding", "calculation", "positions"],
    rows: sizeCases.map { item in
      let room = item.size + 2 * item.padding - item.kernel
      let result = outputSize(item.size, kernel: item.kernel, stride: item.stride, padding: item.padding)
      return [
        TableCell(item.story), TableCell(item.size), TableCell(item.kernel), TableCell(item.stride),
        TableCell(item.padding),
        TableCell(room < 0 ? "\(short(Double(room))) < 0" : "⌊\(room)/\(item.stride)⌋ + 1"), TableCell(result),
      ]
    }))
let lost224 = (224 - 11) % 4
page.callout(
  .mistake,
  """
  AlexNet's paper says 224×224. Then $(224 - 11)/4 = \(fixed(Double(224 - 11) / 4, 2))$ is no whole number: the window \
  stops \(lost224) pixel short of the edge and makes \(outputSize(224, kernel: 11, stride: 4)) positions, not the 55 of \
  the same paper. With 227 it comes out: $(227 - 11)/4 + 1 = \(outputSize(227, kernel: 11, stride: 4))$.
  """)

let dense = denseParameters(1024, 6 * 28 * 28)
let shiftError = equivarianceError(shift: 3, seed: run.seed)
page.prose(
  """
  ## The same weights everywhere

  LeNet's first layer makes six maps of 28×28 from a 32×32 image. As a convolution it has \
  \(convolutionParameters(1, 6, kernel: 5)) parameters. A dense layer between the same two shapes would have \
  \(grouped(dense)): every one of its \(grouped(6 * 28 * 28)) outputs has weights of its own for all \(grouped(32 * 32)) pixels. The convolution is that \
  dense layer with nearly all weights set to 0, and the others tied together in groups that must be equal.

  What it buys is that a stroke is recognized wherever it is: shift the image, and the output shifts with it. (Away from \
  the edge the two orders of doing it differ by \(short(shiftError)) on a random image: \
  \(shiftError == 0 ? "not at all" : "that is rounding").) \
  What it assumes is that neighbouring pixels belong together. That can be put to the test: take a convolutional net \
  and a dense net of the same size, and shuffle the pixels of all images, the same way for each. To a person the digits \
  are then noise. The dense net knows of no neighbours: to it nothing has changed.
  """)
let shuffleGuess = page.predict(
  """
  A LeNet and a dense net with as many parameters learn from \(grouped(bench.train.count)) digits (\(data)). Then both learn \
  again, from images whose pixels are shuffled, all in the same way. How many percentage points of test error does the \
  shuffling cost the *convolutional* net?
  """,
  choices: ["less than 1", "about 3", "about 10", "more than 25"])
page.code("finishedModels", in: "Trials.swift")
let bar = page.progress("trainings", total: (4 + PartsExperiment.count) * bench.seeds.count)
var trainings = 0
@MainActor func afterTraining() {
  run.stopIfInterrupted()
  trainings += 1
  bar.update(trainings)
}
let locality = run.trying { try LocalityExperiment(bench, afterEach: afterTraining) }
let shuffleCost = Comparison(from: locality.convolutional.shuffled, to: locality.convolutional.ordered)
let denseCost = Comparison(from: locality.dense.shuffled, to: locality.dense.ordered)
let advantage = Comparison(from: locality.dense.ordered, to: locality.convolutional.ordered)
let shuffledAdvantage = Comparison(from: locality.dense.shuffled, to: locality.convolutional.shuffled)
page.reveal(
  shuffleGuess,
  answer: shuffleCost.gain.mean < 1.5 ? 0 : shuffleCost.gain.mean < 5.5 ? 1 : shuffleCost.gain.mean < 16 ? 2 : 3,
  """
  \(locality.convolutional.ordered.formatted(decimals: 2)) % of the test digits are wrong with the pixels in order, \
  \(locality.convolutional.shuffled.formatted(decimals: 2)) % with the pixels shuffled. For the dense net it is \
  \(locality.dense.ordered.formatted(decimals: 2)) and \(locality.dense.shuffled.formatted(decimals: 2)) %.
  """)
page.figure(
  Figure(
    advantage.gain.mean > 0
      ? "With the pixels in order the convolution leads the dense net by \(fixed(advantage.gain.mean, 2)) points; shuffle them, and it \(shuffledAdvantage.gain.mean > 0 ? "leads" : "lags") by \(fixed(abs(shuffledAdvantage.gain.mean), 2))"
      : "The convolution does not lead the dense net here, in order or shuffled",
    .bars(
      BarChart(
        categories: ["pixels in order", "pixels shuffled"], y: Axis("test error (%)"),
        [
          .init(
            "convolutional", [locality.convolutional.ordered.mean, locality.convolutional.shuffled.mean],
            deviation: [locality.convolutional.ordered.deviation, locality.convolutional.shuffled.deviation], color: 0),
          .init(
            "dense", [locality.dense.ordered.mean, locality.dense.shuffled.mean],
            deviation: [locality.dense.ordered.deviation, locality.dense.shuffled.deviation], color: 1),
        ])),
    caption: """
      \(grouped(locality.parameters.convolutional)) and \(grouped(locality.parameters.dense)) parameters, \
      \(bench.epochs) epochs of \(grouped(bench.train.count)) images (\(data)), \(grouped(bench.test.count)) test images, \(seedWords).
      """,
    name: "shuffled-pixels"))

page.prose(
  """
  Shuffling makes the convolution err on \(fixed(abs(shuffleCost.gain.mean), 2)) points \
  \(shuffleCost.gain.mean > 0 ? "more" : "fewer") of the digits, the dense net on \
  \(fixed(abs(denseCost.gain.mean), 2)) \(denseCost.gain.mean > 0 ? "more" : "fewer")\
  \(denseCost.finding == .chance ? ", no more than chance" : denseCost.isMeasured ? ", more than chance" : "").
  """)
let (convShift, denseShift) = locality.shiftedErrors
page.prose(
  """
  The same nets again, both trained on digits in the middle of the image and tested on digits pushed to the right:
  """)
page.figure(
  Figure(
    "Pushed by 2 pixels the dense net errs on \(percent(denseShift[2].mean / 100)), the convolution on \(percent(convShift[2].mean / 100))"
      + (convShift[2].mean > 1.5 * convShift[0].mean ? "; neither is immune" : ""),
    .lines(
      LineChart(
        x: Axis("shift to the right (pixels)"), y: Axis("test error (%)"),
        [
          Series(
            "convolutional", x: locality.shifts.map(Double.init), y: convShift.map(\.mean),
            deviation: convShift.map(\.deviation), isEmphasized: true, color: 0),
          Series(
            "dense", x: locality.shifts.map(Double.init), y: denseShift.map(\.mean),
            deviation: denseShift.map(\.deviation), color: 1),
        ])),
    caption: """
      Nothing was trained on shifted digits (\(data), \(grouped(min(2_000, bench.test.count))) of the test images). The maps of a convolution move with the digit, but the dense \
      layers behind them have learned where to look. \(seedWords.prefix(1).uppercased() + seedWords.dropFirst()).
      """,
    name: "shifted-digits"))

page.prose(
  """
  ## What it costs

  Two numbers describe the cost of a layer. *Parameters* are stored and learned; *multiply-adds* are computed, for \
  every image. In a dense layer the two are the same but for the biases. A convolution uses each of its weights at every position, so it \
  has few parameters and many multiply-adds: $M \\cdot (C \\cdot k^2 + 1)$ of the first, $M \\cdot C \\cdot k^2 \\cdot \
  H' W'$ of the second, from $C$ channels to $M$.
  """)
page.code("convolutionCost", in: "Counting.swift")
let lenet = lenetCounts()
page.table(
  Table(
    "LeNet-5, counted with the names of the paper",
    columns: ["layer", "calculation", "output", "parameters", "multiply-adds"],
    rows: lenet.map {
      [
        TableCell($0.name), TableCell($0.arithmetic), TableCell("\($0.output)"), TableCell($0.parameters),
        TableCell($0.multiplyAdds),
      ]
    } + [
      [
        "**total**", "", "", TableCell(lenet.reduce(0) { $0 + $1.parameters }),
        TableCell(lenet.reduce(0) { $0 + $1.multiplyAdds }),
      ]
    ]))
let weighted = lenet.count { $0.parameters > 0 }
page.sideNote(
  """
  S1 says that LeNet-5 has its name from these \(weighted) layers with weights. The paper counts seven layers, without \
  the input: in 1998 the poolings had a weight and a bias for each map, here they have none.
  """)
let connections = ConnectionTable.lenet5
let tableParameters = connections.connectionCount * 25 + connections.outputs
let fanIns = connections.inputsOfFilter.map(\.count)
let fanInCounts = Set(fanIns).sorted().map { fanIn in
  let filters = fanIns.count { $0 == fanIn }
  return "\(filters) \(filters == 1 ? "sees" : "see") \(fanIn)"
}
let fanInTitle =
  "Of the \(connections.outputs) filters of C3, \(fanInCounts.joined(separator: ", ")) of the \(connections.inputs) maps"
page.prose(
  """
  In 1998 C3 was cheaper still. Of the \(connections.inputs * connections.outputs) pairs of an incoming map and a \
  filter only \(connections.connectionCount) were connected, by a hand-made table: \
  $\(connections.connectionCount) \\cdot 25 + \(connections.outputs) = \(grouped(tableParameters))$ parameters in place \
  of \(grouped(lenet[2].parameters)). It was meant to save work, and to force the filters to differ.
  """)
page.figure(
  Figure(
    fanInTitle,
    .heatMap(
      HeatMap(
        (0..<connections.inputs).map { map in
          connections.inputsOfFilter.map { $0.contains(map) ? 1.0 : 0.0 }
        }, rows: (0..<connections.inputs).map { "\($0)" }, columns: (0..<connections.outputs).map { "\($0)" },
        xLabel: "filter of C3", yLabel: "map of S2", showsNumbers: true, valueRange: 0...1)),
    caption: "1: the filter sees the map, 0: it does not. The connection table of LeCun et al. 1998, table I.",
    name: "connection-table"))

let alexNet = run.trying { try AlexNetFacts() }
let largestLayer = alexNet.rows.max { $0.parameters < $1.parameters }
let largestName = largestLayer?.name ?? ""
let layerGuess = page.predict(
  "AlexNet has five convolutions and three dense layers. Which layer holds the most parameters?",
  choices: ["conv1, with its 11×11 kernels", "conv3, in the middle", "fc6, the first dense layer", "fc8, 1000 classes"])
page.reveal(
  layerGuess, answer: ["conv1": 0, "conv3": 1, "fc6": 2, "fc8": 3][largestName] ?? 2,
  """
  \(largestName) has \(grouped(largestLayer?.parameters ?? 0)) of \
  \(grouped(alexNet.rows.reduce(0) { $0 + $1.parameters })). The dense layers hold \
  \(percent(alexNet.denseParameters)) of the parameters; the convolutions do \(percent(alexNet.convolutionWork)) of the \
  work.
  """)
let (allParameters, allWork) = (
  Double(alexNet.rows.reduce(0) { $0 + $1.parameters }), Double(alexNet.rows.reduce(0) { $0 + $1.multiplyAdds })
)
page.figure(
  Figure(
    alexNet.denseParameters > 0.5 && alexNet.convolutionWork > 0.5
      ? "The memory is in the dense layers, the work in the convolutions"
      : "Memory and work lie in the same layers",
    .bars(
      BarChart(
        categories: alexNet.rows.map(\.name), y: Axis("share (%)"),
        [
          .init("parameters", alexNet.rows.map { 100 * Double($0.parameters) / allParameters }, color: 1),
          .init("multiply-adds", alexNet.rows.map { 100 * Double($0.multiplyAdds) / allWork }, color: 0),
        ])),
    caption: "AlexNet on 227×227 pixels, with all channels in one tower; the paper divided them among two processors.",
    name: "alexnet-shares", isWide: true))

page.prose(
  """
  ## One matrix product

  Processors and their libraries are made to multiply matrices. A convolution can be made into one. Copy the \
  $C k^2$ pixels under each window into a column (*im2col*: image to columns); write the filters as rows; then

  $$Y = W \\cdot \\mathrm{im2col}(x), \\qquad [M, C k^2] \\cdot [C k^2, H' W'] = [M, H' W']$$
  """)
page.code("im2colConvolution", in: "Sources/Tensors/Kernels/Convolution/Im2col.swift")
let little = Tensor([1, 1, 3, 3], (1...9).map { Float($0) })
if let g = ConvolutionGeometry(channels: 1, filters: 1, image: 3, window: Window(kernel: 2)) {
  let columns = Kernels.im2col(little, geometry: g)
  page.table(
    Table(
      "The image 1 2 3 / 4 5 6 / 7 8 9 under a 2×2 window: four columns, one for each output pixel",
      columns: ["weight"] + ["(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"],
      rows: (0..<4).map { row in
        [TableCell("w[\(row / 2), \(row % 2)]")]
          + (0..<4).map { TableCell(Int(columns.elements[row * 4 + $0])) }
      }))
}
page.prose(
  """
  The price is memory: with stride 1 each pixel is copied up to $k^2$ times. The workbook's own kernel does the same \
  sum without the copies, by reading the image at $k^2$ shifts: what is saved is the traffic to memory, and images this small stay near the \
  processor. All three ways, on this machine; *copies* says how often im2col copies a pixel on average, the zeros of the \
  border counted:
  """)
let timings = TimedCase.all.compactMap { timed($0, repeats: run.pick(quick: 1, normal: 3, full: 5), seed: run.seed) }
page.table(
  Table(
    "Times in milliseconds, measured in this run (they differ from run to run), \(counted(Parallel.threadCount, "thread"))",
    columns: [
      "convolution", "multiply-adds", .init("six loops", digits: 2), .init("im2col", digits: 2),
      .init("shifts", digits: 3), .init("loops/shifts", digits: 0), .init("copies", digits: 1),
    ],
    rows: timings.map {
      [
        TableCell($0.name), TableCell($0.multiplyAdds), TableCell($0.naive),
        TableCell($0.im2col), TableCell($0.fast), TableCell($0.naive / $0.fast), TableCell($0.copies),
      ]
    }))
let disagreement = timings.map(\.disagreement).max() ?? 0
page.sideNote(
  "The three agree to \(short(disagreement)) of the largest output: the order of the additions differs, and Float rounds."
)

page.prose(
  """
  ## The way back

  Every output is a sum of products $w \\cdot x$, so by the product rule each weight collects what its inputs were, and \
  each pixel what its weights were. With $g = \\partial L / \\partial y$:

  $$\\frac{\\partial L}{\\partial b_m} = \\sum_{n,i,j} g_{n,m,i,j}$$

  $$\\frac{\\partial L}{\\partial w_{m,c,u,v}} = \\sum_{n,i,j} g_{n,m,i,j} \\cdot x_{n,c,\\,is+u-p,\\,js+v-p}$$

  and for the pixel: whoever used it in the forward pass sends something back to it,

  $$\\frac{\\partial L}{\\partial x_{n,c,a,d}} = \\sum_{m,u,v} w_{m,c,u,v} \\cdot g_{n,m,i,j}$$

  where $(i, j)$ is the output for which the weight $(u, v)$ lay on the pixel $(a, d)$: $is + u - p = a$ and \
  $js + v - p = d$. Where there is no such output, the term is missing.

  In code there is nothing to derive: the same loops as forward, and in place of `y += w * x` the two lines \
  `dw += g * x` and `dx += g * w`.
  """)

let poolExample: [[Double]] = [[1, 3, 2, 1], [4, 2, 0, 1], [0, 1, 5, 2], [2, 1, 3, 6]]
let fiveByFive: [[Double]] = [[1, 3, 2, 1, 0], [4, 2, 0, 1, 7], [0, 1, 5, 2, 1], [2, 1, 3, 6, 2], [1, 0, 2, 4, 3]]
func pooled(_ pool: Pool, _ rows: [[Double]]) -> [[Double]] {
  var layer = pool.layer
  return firstMap(layer.forward(tensor(rows)))
}
page.prose(
  """
  ## Pooling

  After a convolution has said where something is, the exact pixel rarely matters. Pooling makes the map smaller: a \
  window moves over it, by convention with a stride as large as itself, and writes down the mean or the maximum of what \
  it sees. There is nothing to learn in it. A map of 4×4, and what windows of 2×2 make of it:

  ```text
  \(sideBySide([("map", poolExample), ("average", pooled(.average, poolExample)), ("maximum", pooled(.max, poolExample))]))
  ```

  AlexNet lets its windows overlap: 3×3, with stride 2.

  ```text
  \(sideBySide([("map", fiveByFive), ("maximum", pooled(.overlapping, fiveByFive))]))
  ```

  On the way back, an average shares its gradient: every one of the $k^2$ pixels under a window receives $g/k^2$. A \
  maximum gives all of it to the pixel that won, the first one where several are equal. Where windows overlap, one \
  pixel may win more than once, and its gradients *add up*.
  """)
let edges = correlate(example, with: handmade[0].kernel, padding: 1).map { $0.map { max(0, $0) } }
page.figure(
  Figure(
    "Three poolings of one map, each with about a quarter of its pixels",
    .images(
      ImageGrid(
        columns: 4,
        [scaledPicture(edges, "left edges, 28×28")]
          + Pool.allCases.map { pool in
            var layer = pool.layer
            let map = firstMap(layer.forward(tensor(edges)))
            return scaledPicture(map, "\(pool.name), \(map.count)×\(map[0].count)")
          })),
    caption: "The left edges of the first test image (\(data)), negative values cut off.", name: "pooled"))
let responses = shiftResponses(on: bench.test, count: min(500, bench.test.count))
let steadiest = responses.min { $0.change < $1.change } ?? responses[0]
page.figure(
  Figure(
    steadiest.name == responses[0].name
      ? "Pooling does not make a map steadier under a shift by one pixel"
      : "A shift by one pixel changes a map by \(percent(responses[0].change)); behind the steadiest pooling, \(steadiest.name), by \(percent(steadiest.change))",
    .bars(
      BarChart(
        categories: responses.map(\.name), y: Axis("change of the output (%)"),
        [.init("shifted by one pixel", responses.map { 100 * $0.change }, color: 0)])),
    caption: """
      ‖P(shifted) − P(image)‖ / ‖P(image)‖ for the left edges of \(min(500, bench.test.count)) test images (\(data)), \
      nothing learned.
      """,
    name: "shift-response"))
page.code("shiftResponse", in: "Pooling.swift")

let (loud, quiet) = (ResponseExample(loud: 10), ResponseExample(loud: 1))
page.prose(
  """
  ## Local response normalization

  AlexNet adds a step that has since gone out of use. Each value is divided by the activity of the $q = 5$ channels \
  around it, *at the same pixel*:

  $$y_c = \\frac{x_c}{\\left(\\kappa + \\frac{\\alpha}{q} \\sum_{t = c - 2}^{c + 2} x_t^2\\right)^{\\beta}}$$

  where the sum stops at the first and the last channel. A loud channel so turns its neighbours down. Nine channels, \
  the fifth of them at 10 and the others at 1, with $\\alpha = 1$, $\\beta = 0.75$, $\\kappa = 1$: the sixth comes out at \
  \(fixed(loud.after[5], 3)); if all nine are at 1, at \(fixed(quiet.after[5], 3)). The ninth, out of reach, does not \
  hear anything of it.
  """)
page.sideNote(
  """
  The paper writes n for q and k for κ; on this page n is an image and k a kernel's side. The paper does \
  not divide α by it; PyTorch, ONNX and this workbook do. Its α = 10⁻⁴ with q = 5 is 5·10⁻⁴ here.
  """)
page.figure(
  Figure(
    loud.after[5] < quiet.after[5] / 2
      ? "One loud channel turns down its neighbours, two on each side"
      : "A loud channel hardly disturbs its neighbours",
    .bars(
      BarChart(
        categories: (1...9).map { "\($0)" }, y: Axis("activity after the layer"),
        [.init("all at 1", quiet.after, color: 0), .init("the fifth at 10", loud.after, color: 1)])),
    caption: "Nine channels of one pixel; α = 1, β = 0.75, κ = 1, q = 5.", name: "response-norm"))

page.prose(
  """
  ## Do the parts earn their place?

  Five pairs of small LeNets (5×5 convolutions with 6 and 16 filters, max pooling, ReLU, three dense layers). The two of \
  a pair differ in one part only and have the same seeds, so that they are compared seed by seed:

  - *average → max*: windows of 2×2, that give the mean or the maximum.
  - *tiling → overlapping*: maxima of 2×2 windows with stride 2, or of 3×3 windows with stride 2.
  - *without → with LRN*: both with overlapping windows, one with LRN behind each pooling (AlexNet's paper has it in front), with α = 5·10⁻⁴, β = 0.75, κ = 2, q = 5.
  - *5×5 → two 3×3*: the second convolution, in nets with 12 filters in each convolution and 2×2 maxima.
  - *all → table of 1998*: which maps the filters of the second convolution see, with 2×2 maxima.
  """)
let partsGuess = page.predict(
  "Which exchange takes the most off the test error of this small network?",
  choices: [
    "max pooling for average pooling", "overlapping windows for windows that tile",
    "adding local response normalization", "two 3×3 convolutions for one 5×5", "none by more than chance",
  ])
let parts = run.trying { try PartsExperiment(bench, max: locality.convolutional.ordered, afterEach: afterTraining) }
bar.finish()
let exchanges: [(name: String, from: Summary, to: Summary)] = [
  ("average → max", parts.average, parts.max),
  ("tiling → overlapping", parts.max, parts.overlapping),
  ("without → with LRN", parts.overlapping, parts.responseNorm),
  ("5×5 → two 3×3", parts.five, parts.twoThrees),
  ("all → table of 1998", parts.max, parts.table),
]
let gains = exchanges.map { Comparison(from: $0.from, to: $0.to) }
let mostUseful = (0..<4).max { gains[$0].gain.mean < gains[$1].gain.mean } ?? 0
let isUseful = [.gain, .smallGain].contains(gains[mostUseful].finding)
page.reveal(
  partsGuess, answer: isUseful ? mostUseful : 4,
  """
  \(isUseful ? "It" : "The most useful of the four, *\(exchanges[mostUseful].name)*,") makes \
  \(gains[mostUseful].measured): \(exchanges[mostUseful].from.formatted(decimals: 2)) % before, \
  \(exchanges[mostUseful].to.formatted(decimals: 2)) % after\(isUseful ? "" : ", which these runs cannot tell from chance").
  """)
func names(of finding: Comparison.Finding) -> String {
  gains.indices.filter { gains[$0].finding == finding }.map { exchanges[$0].name }.joined(separator: ", ")
}
let (useful, harmful) = (names(of: .gain), names(of: .loss))
page.figure(
  Figure(
    !gains[0].isMeasured
      ? "Five pairs of networks that differ in one part; so few runs cannot tell a gain from chance"
      : "More than chance is gained by \(useful.isEmpty ? "none of the exchanges" : useful), and lost by \(harmful.isEmpty ? "none" : harmful)",
    .bars(
      BarChart(
        categories: exchanges.map(\.name), y: Axis("test error (%)"),
        [
          .init("before", exchanges.map(\.from.mean), deviation: exchanges.map(\.from.deviation), color: 7),
          .init("after", exchanges.map(\.to.mean), deviation: exchanges.map(\.to.deviation), color: 0),
        ])),
    caption: """
      \(bench.epochs) epochs of \(grouped(bench.train.count)) images (\(data)), \(grouped(bench.test.count)) test images, \(seedWords). \
      More than chance: the 95 % interval of the mean difference, seed by seed, leaves out 0; a gain is also over 0.05 points.
      """,
    name: "parts", isWide: true))
page.table(
  Table(
    "Test error in %, and the gain in percentage points, seed by seed",
    columns: ["exchange", "before", "after", .init("gain", digits: 2), "finding"],
    rows: exchanges.indices.map {
      [
        TableCell(exchanges[$0].name), TableCell(exchanges[$0].from.formatted(decimals: 2)),
        TableCell(exchanges[$0].to.formatted(decimals: 2)),
        gains[$0].gain.count < 2
          ? TableCell(gains[$0].gain.mean) : .measured(gains[$0].gain),
        TableCell(gains[$0].finding.rawValue),
      ]
    }))

page.prose(
  """
  ## How far a unit sees

  A unit of the second layer sees a few units of the first, and each of those a few pixels. A window of $k$ widens the \
  view by $k - 1$ steps, and a step is as long as all strides before it multiplied:

  $$r_l = r_{l-1} + (k - 1) \\cdot j_{l-1}, \\qquad j_l = j_{l-1} \\cdot s, \\qquad r_0 = j_0 = 1$$

  with the *receptive field* $r$ and the *jump* $j$.
  """)
page.code("through", in: "Sources/NeuralNetworks/ReceptiveField.swift")
let channelsOfStack = 256
let stacks = [2, 3].map { stackedWeights(count: $0, channels: channelsOfStack) }
func field(ofStack count: Int) -> Int {
  (0..<count).reduce(ReceptiveField.pixel) { field, _ in field.through(Window(kernel: 3)) }.size.height
}
page.prose(
  """
  So two 3×3 convolutions see \(field(ofStack: 2))×\(field(ofStack: 2)) pixels, three \
  \(field(ofStack: 3))×\(field(ofStack: 3)). For $C$ channels in and out, three of them have $3 \\cdot 9 C^2 = 27 C^2$ \
  weights; one 7×7 convolution that sees as much has $49 C^2$. With $C = \(channelsOfStack)$ that is \
  \(grouped(stacks[1].stacked)) against \(grouped(stacks[1].single)); for two against one 5×5, \
  \(grouped(stacks[0].stacked)) against \(grouped(stacks[0].single)). The stack also has a ReLU between its layers. \
  VGG is built on this.

  The theory says how far a unit *can* see. How far does it look? The gradient tells: send a 1 back from the middle \
  unit of the last layer, and see which pixels feel it.
  """)
page.code("footprint", in: "Footprint.swift")
let footprintShares = [0.95, 0.6, 0.3, 0.1]
let reachGuess = page.predict(
  """
  A stack of ten 3×3 convolutions with random weights has a receptive field of \(field(ofStack: 10))×\
  \(field(ofStack: 10)) pixels. What share of that area holds 95 % of the squared gradient?
  """,
  choices: footprintShares.map { "about \(percent($0))" })
let depths = run.pick(
  quick: [1, 2, 4, 8, 10], normal: [1, 2, 3, 4, 6, 8, 10, 12], full: [1, 2, 3, 4, 6, 8, 10, 12, 16])
let side = 2 * (depths.last ?? 1) + 9
let nets = (0..<UInt64(run.pick(quick: 10, normal: 100, full: 400))).map { run.seed &+ $0 }
let reachBar = page.progress("footprints", total: depths.count)
let footprints: [Footprint] = run.trying {
  try depths.enumerated().map { index, depth in
    run.stopIfInterrupted()
    reachBar.update(index)
    return try Footprint(depth: depth, side: side, seeds: nets)
  }
}
reachBar.finish()
let ten = footprints[depths.firstIndex(of: 10) ?? 0]
page.reveal(
  reachGuess,
  answer: footprintShares.indices.min {
    abs(footprintShares[$0] - ten.usedShare) < abs(footprintShares[$1] - ten.usedShare)
  } ?? 0,
  """
  It is \(percent(ten.usedShare)) in this run. A pixel in the middle reaches the unit on very many paths, one in the corner on a single \
  one: the footprint is a bell.
  """)
let exponent = growthExponent(Array(depths.dropFirst()), footprints.dropFirst().map(\.deviation))
let isShrinking = zip(footprints, footprints.dropFirst()).allSatisfy { $0.usedShare > $1.usedShare }
let supportsFit = footprints.allSatisfy { $0.support == field(ofStack: $0.depth) }
page.figure(
  Figure(
    isShrinking
      ? "The deeper the stack, the smaller the share of its field that is used: \(percent(ten.usedShare)) behind ten layers"
      : "The share of the field that is used does not shrink steadily with the depth; behind ten layers it is \(percent(ten.usedShare))",
    exploring: FigureParameter(
      "3×3 layers", values: depths.map(Double.init), initial: depths.firstIndex(of: 10) ?? 0),
    caption: """
      Root of the mean squared gradient of the middle unit with respect to each pixel, over \(nets.count) random \
      networks of 8 channels with ReLU; the largest is 1. Used: the fewest pixels that hold 95 % of the square of it. The \
      square in which it is not 0 has \(supportsFit ? "the side" : "not always the side") that the arithmetic says: \(zip(depths, footprints).map { "\($0.1.support) behind \($0.0)" }.joined(separator: ", ")).
      """,
    name: "footprint"
  ) { depth in
    let footprint = footprints[depths.firstIndex(of: Int(depth)) ?? 0]
    let peak = footprint.mass.joined().max() ?? 1
    return .heatMap(
      HeatMap(
        footprint.mass.map { $0.map { ($0 / peak).squareRoot() } },
        xLabel: "sees \(footprint.support)×\(footprint.support); 95 % lies in \(percent(footprint.usedShare)) of that",
        valueRange: 0...1))
  })
page.figure(
  Figure(
    exponent < 0.75
      ? "The field grows with the depth, the footprint \(abs(exponent - 0.5) < 0.08 ? "only with its root" : "more slowly") (exponent \(fixed(exponent, 2)))"
      : "The footprint grows nearly as fast as the field (exponent \(fixed(exponent, 2)))",
    .lines(
      LineChart(
        x: Axis("3×3 layers", log: true, ticks: depths.map { (Double($0), "\($0)") }),
        y: Axis("pixels", log: true, ticks: [1, 2, 3, 5, 10, 20, 30].map { (Double($0), "\($0)") }),
        [
          Series(
            "receptive field", x: depths.map(Double.init), y: footprints.map { Double($0.support) }, color: 7),
          Series(
            "2 σ of the footprint", x: depths.map(Double.init), y: footprints.map(\.width),
            isEmphasized: true, color: 0),
        ])),
    caption: """
      σ is the standard deviation of the squared gradient along one axis, 2 σ the width from −σ to +σ. Random weights; \
      nothing is trained. The exponent is fitted from \(depths[1]) layers on.
      """,
    name: "footprint-growth"))

page.prose(
  """
  ## Walking through the shapes

  Now the whole way, layer by layer. LeNet-5, from 32×32 pixels to ten answers:
  """)
let lenetWalk = run.trying { try shapeWalk(LeNet5.plain.layers, input: LeNet5.inputShape) }
func walkTable(_ caption: String, _ steps: [WalkStep]) -> Table {
  Table(
    caption, columns: ["name", "layer", "calculation", "output", "parameters", "sees"],
    rows: steps.map { step in
      [
        TableCell(step.name), TableCell(step.layer), TableCell(step.arithmetic), TableCell("\(step.output)"),
        step.parameters > 0 ? TableCell(step.parameters) : "–",
        TableCell(step.receptiveField.map { "\($0)×\($0)" } ?? "all"),
      ]
    })
}
let volumes = lenetWalk.filter { $0.output.rank == 3 || $0.parameters > 0 }
page.figure(
  Figure(
    "The image shrinks from \(LeNet5.inputShape[1]) to \(volumes.last { $0.output.rank == 3 }?.output[1] ?? 0) pixels while the channels grow from 1 to \(volumes.compactMap { $0.output.rank == 3 ? $0.output[0] : nil }.max() ?? 0)",
    .diagram(
      Diagram(
        ([("input", LeNet5.inputShape)] + volumes.map { ($0.name, $0.output) }).enumerated().map { index, step in
          let (name, shape) = step
          let height = shape.rank == 3 ? 0.25 + Double(shape[1]) / 32 : 0.25 + Double(shape[0]) / 120
          let width = shape.rank == 3 ? 0.12 + Double(shape[0]) / 32 : 0.12
          return Diagram.Node(
            name, x: Double(index) * 1.25, y: 0,
            detail: shape.rank == 3 ? "\(shape[0])×\(shape[1])×\(shape[2])" : "\(shape[0])", form: .volume,
            size: (width, height), color: name.hasPrefix("conv") ? 0 : name.hasPrefix("pool") ? 2 : 1)
        }, edges: volumes.indices.map { Diagram.Edge($0, $0 + 1) })),
    caption: "LeNet-5, channels × height × width.", name: "lenet-shapes", isWide: true))
page.table(walkTable("LeNet-5", lenetWalk))
page.table(walkTable("AlexNet as S3 has it from a lecture, 227×227 in three colours", alexNet.walk))
let listed = census(of: listOfS1)
page.callout(
  .erratum("S1"),
  """
  S1 lists AlexNet as *\(listOfS1)*. That is \(listed.convolutions) convolutions; the network has \
  \(alexNet.census.convolutions) (and \(alexNet.census.poolings) poolings, \(alexNet.census.dense) dense layers). The \
  numbers come from two ways of counting, all layers together or each kind for itself; they are mixed, the 4 occurs \
  twice, and so a convolution too many slips in. An easy mistake: a list of names carries no shapes, and \
  nothing contradicts it. Walking the shapes does.
  """)

let mistakes = ShapeMistake.all
page.prose(
  """
  ## The classic mistakes

  A model here checks its shapes once, when it is made, and those of a batch when it comes in, before a single number is \
  computed. Each of these \(mistakes.count) stops there. Read the code first and look for the mistake; then the message: where it stops, what is \
  expected there, what arrives, and the numbers from which the remedy follows. (*Groups* divide the channels of a \
  convolution into as many convolutions side by side, as in AlexNet's two towers; a *residual block* adds its input, the \
  *shortcut*, to what its layers make of it: chapter 11.)
  """)
for (index, mistake) in mistakes.enumerated() {
  page.prose(
    """
    **\(index + 1). \(mistake.name)**

    ```swift
    \(mistake.code)
    ```

    ```text
    \(wrapped(mistake.message, at: 72))
    ```

    \(mistake.mend)
    """)
}
page.prose(
  """
  \(mistakes.count { $0.isTold }) of the \(mistakes.count) messages say where it stops, what is expected there and what \
  arrives, and give the numbers from which the remedy follows.
  """)

// The claims, from this run's data.
let seedCount = bench.seeds.count
page.claim(
  Claim(
    "A convolutional net reads digits better than a dense one of its size", source: "S1 (LeNet)",
    published: "fewer errors", measured: advantage.measured, seeds: seedCount, verdict: advantage.verdict,
    reason: advantage.reason(
      "\(grouped(locality.parameters.convolutional)) against \(grouped(locality.parameters.dense)) parameters")))
let leadLost = Comparison(advantage, minus: shuffledAdvantage)
func lead(_ comparison: Comparison) -> String {
  "\(comparison.gain.mean < 0 ? "a lag" : "a lead") of \(fixed(abs(comparison.gain.mean), 2)) points"
}
page.claim(
  Claim(
    "It owes that to neighbouring pixels belonging together", source: "LeCun et al. 1998",
    published: "local features",
    measured:
      "\(lead(advantage)) in order, \(lead(shuffledAdvantage)) shuffled: a change of \(leadLost.gain.formatted(decimals: 2)) points",
    seeds: seedCount,
    verdict: advantage.verdict == .reproduced && leadLost.verdict == .reproduced
      ? (shuffledAdvantage.gain.mean < advantage.gain.mean / 2 ? .reproduced : .partly)
      : [advantage, leadLost].contains { $0.verdict == .notHere } ? .notHere : .partly,
    reason: leadLost.reason(
      "shuffling changes the dense net's error by \(fixed(denseCost.gain.mean, 2)) points\(denseCost.finding == .chance ? ", no more than chance" : "")"
    )
  ))
page.claim(
  Claim(
    "Max pooling is better than average pooling", source: "S1 (AlexNet)", published: "an improvement",
    measured: gains[0].measured, seeds: seedCount, verdict: gains[0].verdict, reason: gains[0].reason("windows of 2×2"))
)
page.claim(
  Claim(
    "Overlapping pooling lowers the error", source: "S1, Krizhevsky et al. 2012", published: "0.4 points (top-1)",
    measured: gains[1].measured, seeds: seedCount, verdict: gains[1].verdict,
    reason: gains[1].reason("windows of 3×3 against 2×2, stride 2")))
page.claim(
  Claim(
    "Local response normalization lowers the error", source: "S1, Krizhevsky et al. 2012",
    published: "1.4 points (top-1)", measured: gains[2].measured, seeds: seedCount, verdict: gains[2].verdict,
    reason: gains[2].reason(
      "behind overlapping pooling, in the paper in front of it",
      "Simonyan and Zisserman 2015 found no gain in VGG, and left it out")))
page.claim(
  Claim(
    "Small kernels stacked do better than one that sees as far", source: "S1 (VGG)", published: "better",
    measured: gains[3].measured, seeds: seedCount, verdict: gains[3].verdict,
    reason: gains[3].reason("two 3×3 against one 5×5, twelve channels")))
let tableLoss = gains[4].gain
page.claim(
  Claim(
    "The table of C3 saves parameters", source: "LeCun et al. 1998",
    published: "\(grouped(tableParameters)) for \(grouped(lenet[2].parameters)) parameters",
    measured: gains[4].measured,
    seeds: seedCount,
    verdict: gains[4].finding == .loss
      ? (tableLoss.mean > -0.1 ? .reproduced : tableLoss.mean > -0.5 ? .partly : .notHere)
      : gains[4].isMeasured ? .reproduced : .partly,
    reason: gains[4].finding == .loss
      ? "it does, and costs accuracy by more than chance"
      : gains[4].isMeasured
        ? "a loss of up to \(fixed(max(0, tableLoss.uncertainty - tableLoss.mean), 2)) points would not be told from chance"
        : "so few runs cannot tell a loss from chance"))
page.claim(
  Claim(
    "Layers of different kernels can have the same receptive field", source: "S1 (VGG)",
    published: "two 3×3 = 5×5, three = 7×7",
    measured:
      "\(field(ofStack: 2)) and \(field(ofStack: 3)); the gradient agrees at \(footprints.count { $0.support == field(ofStack: $0.depth) }) of \(depths.count) depths",
    seeds: nets.count,
    verdict: field(ofStack: 2) == 5 && field(ofStack: 3) == 7 && supportsFit ? .reproduced : .notHere))
page.claim(
  Claim(
    "The part of the field that is used grows with the root of the depth", source: "Luo et al. 2016",
    published: "exponent 0.5", measured: "exponent \(fixed(exponent, 2))", seeds: nets.count,
    verdict: abs(exponent - 0.5) < 0.08 ? .reproduced : exponent < 0.75 ? .partly : .notHere))

page.callout(
  .takeaway,
  """
  A convolution is a dense layer that was told two things beforehand: look only at neighbours, and look everywhere in \
  the same way. \(advantage.verdict == .reproduced ? "On digits, where that is true, it errs less than a dense net with as many parameters. " : "")\
  Before writing a network, write its shapes: $\\lfloor (H + 2p - k)/s \\rfloor + 1$ at every window, channels from the layer before, \
  $C \\cdot H \\cdot W$ at the first dense layer. Stack small kernels to see far, and remember that a unit looks mostly \
  at the middle of what it sees.
  """)
page.exercises(run.exercises)
page.furtherReading([
  "LeCun, Bottou, Bengio and Haffner 1998, *Gradient-based learning applied to document recognition*, doi:10.1109/5.726791",
  "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*, sections 3.3 and 3.4",
  "Dumoulin and Visin 2016, *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285",
  "Luo et al. 2016, *Understanding the effective receptive field in deep convolutional neural networks*, arXiv:1701.04128",
  "Araujo, Norris and Sim 2019, *Computing receptive fields of convolutional neural networks*, doi:10.23915/distill.00021",
])
run.publish(&page)
