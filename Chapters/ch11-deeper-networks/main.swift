// Chapter 11: deeper.

import Foundation
import Workbook

let (run, options) = ChapterRun.start(chapter: 11, DeeperOptions.self)
// First of all: a mistyped path should not wait for the experiments.
let photograph: Photograph? = run.trying {
  guard let model = options.model, let weights = options.weights, let image = options.image else { return nil }
  return try Photograph(model: model, weights: weights, image: image, labels: options.labels)
}
let digits = run.trying {
  try Digits.load(
    from: run.options.data, transform: .standardized, count: run.pick(quick: 400, normal: 2_000, full: 20_000))
}
let data = digits.name
let course = Course(
  data: digits.train, test: digits.test.prefix(run.pick(quick: 200, normal: 2_000, full: 10_000)),
  epochs: run.pick(quick: 1, normal: 5, full: 12), seeds: run.seeds(quick: 1, normal: 3, full: 5))
let seedWords = course.seeds.count == 1 ? "one seed" : "mean and deviation of \(course.seeds.count) seeds"
let (shallowBlocks, deepBlocks) = (3, run.pick(quick: 8, normal: 16, full: 27))
var page = run.page(
  lead: """
    More layers can do more, on paper. In practice they learned less, until 2015, when an addition was put around every \
    few layers. Why depth is worth having, what goes wrong on the way down, and what the addition changes.
    """,
  data: data)

page.prose(
  """
  ## The question

  A network with one hidden layer can approximate every continuous function, so why stack more? And when one does, why \
  does the deeper network end with a *higher error on the very images it learns from*, although it could copy the \
  shallower one and let the other layers do nothing?

  ## Why depth: folding

  S4 answers the first question with a count: a shallow network can do everything, but it may need $2^n$ units. Here is \
  such a function. Fold the interval from 0 to 1 in the middle, so that both halves lie on each other:
  """)
page.math("g(x) = 2\\max(0, x) - 4\\max(0, x - \\tfrac{1}{2})")
page.prose(
  """
  Two ReLU units do it. Fold the result again, and again: every fold doubles the number of straight pieces. After $n$ \
  folds a sawtooth with $2^n$ pieces has come out of $2n$ units.
  """)
page.code("deepSawtooth", in: "Sawtooth.swift")
let folds = 8
let foldGuess = page.predict(
  """
  With one hidden layer each ReLU unit can change the slope at one place. How many hidden units does it need for the \
  sawtooth of \(folds) folds, which the deep net makes with \(2 * folds)?
  """)
page.prose(
  """
  A network with one hidden layer has to write the function out piece by piece. A sum of $m$ ReLU units changes its \
  slope at no more than $m$ places; the sawtooth needs its first slope and $2^n - 1$ changes:
  """)
page.code("shallowSawtooth", in: "Sawtooth.swift")
let counts = (1...folds).map { SawtoothCount(folds: $0) }
let last = counts[counts.count - 1]
page.reveal(
  foldGuess, answer: Double(last.shallowUnits),
  """
  Both were built: \(last.deepUnits) units in \(folds) hidden layers against \(last.shallowUnits) in one. On all \
  \(8 << folds) places tried, the two functions differ by \(short(Double(last.difference))).
  """)
page.figure(
  Figure(
    "Each fold doubles the straight pieces: \(counts.map { "\($0.pieces)" }.joined(separator: ", "))",
    exploring: FigureParameter("folds", values: (1...folds).map(Double.init), initial: 2),
    caption: "The deep net's output, two units for each fold. The shallow net computes exactly the same numbers.",
    name: "sawtooth"
  ) { value in
    let sawtooth = Sawtooth(folds: Int(value))
    let count = counts[Int(value) - 1]
    return .lines(
      LineChart(
        x: Axis("x", range: 0...1), y: Axis("folded", range: 0...1.05),
        [
          Series(
            "\(count.deepUnits) units deep, \(count.shallowUnits) shallow", x: sawtooth.grid.map(Double.init),
            y: sawtooth.values(of: sawtooth.deep).map(Double.init), style: .line, color: 0)
        ]))
  })
page.figure(
  Figure(
    last.shallowUnits > 4 * last.deepUnits
      ? "Shallow, the price doubles with every fold; deep, it grows by two units"
      : "Shallow and deep cost about the same",
    .lines(
      LineChart(
        x: Axis("folds"), y: Axis("hidden units", log: true),
        [
          Series("one hidden layer", y: counts.map { Double($0.shallowUnits) }, color: 1),
          Series("one layer for each fold", y: counts.map { Double($0.deepUnits) }, isEmphasized: true, color: 0),
        ])),
    caption: "Counted as built. Parameters of the last pair: \(last.shallowParameters) and \(last.deepParameters).",
    name: "sawtooth-units"))
page.callout(
  .note,
  """
  This proves that some functions are cheap deep and expensive shallow. It does not say that gradient descent finds \
  them, nor that digits are such a function. That is the second question.
  """)

page.prose(
  """
  ## The gradient on its way down

  Backpropagation multiplies: one Jacobian for each layer. If each makes the gradient smaller by a factor $q$, then \
  $q^L$ of it is left below $L$ layers. Sigmoid's slope is at most $\\frac14$, so its $q$ is small with weights of the \
  usual size; S4 concludes that the gradient of a product of many factors goes to 0 or to infinity. Random numbers are sent \
  back through five kinds of stack, nothing is trained:
  """)
page.code("gradientNorms", in: "Gradients.swift")
let depths = run.pick(quick: [10, 20], normal: [10, 20, 30, 50], full: [10, 20, 30, 50, 100])
let gradientSeeds = run.seeds(quick: 3, normal: 5, full: 10)
let gradientGuess = page.predict(
  "Thirty layers of ReLU with batch normalization, without any addition. The gradient that arrives at the first layer is",
  choices: ["a millionth of what was sent", "about as large", "a hundred times as large or more"])
let decays = depths.map { depth in
  run.stopIfInterrupted()
  return GradientDecay(depth: depth, seeds: gradientSeeds)
}
let deepest = decays.last ?? decays[0]
let shown = decays.first { $0.depth == 30 } ?? deepest
let arriving = shown.arriving(.normalized)
let normTheory = (Double.pi / (Double.pi - 1)).squareRoot()
page.reveal(
  gradientGuess, answer: arriving < 0.1 ? 0 : arriving < 20 ? 1 : 2,
  """
  With \(shown.depth) layers it arrives \(short(arriving)) times as large. A ReLU leaves a mean behind, batch \
  normalization takes it away and blows up what remains to variance 1. What is blown up on the way forward is blown up \
  on the way back: by \(fixed(shown.factor(.normalized).mean, 2)) in each layer here, \(fixed(normTheory, 2)) in \
  theory, √(π/(π − 1)). Batch normalization holds the signal, not the gradient.
  """)
page.figure(
  Figure(
    "Through \(shown.depth) layers \(arrivalText(shown.arriving(.sigmoid))) of the gradient arrives behind sigmoids, \(short(arriving)) times as much behind batch normalization, \(short(shown.arriving(.residual))) times with the addition",
    exploring: FigureParameter(
      "layers", values: depths.map(Double.init), initial: depths.firstIndex(of: shown.depth) ?? 0),
    caption: """
      ‖∂L/∂x‖ over what was sent back from the end, after so many layers on its way to the first; layers of 64 units, \
      batches of 32, geometric mean over \(gradientSeeds.count) seeds. Below a millionth a line leaves the picture.
      """,
    name: "gradient-norms"
  ) { depth in
    let decay = decays[depths.firstIndex(of: Int(depth)) ?? 0]
    return .lines(
      LineChart(
        x: Axis("layers gone back"), y: Axis("log₁₀ of the gradient's norm", range: -6...5),
        decay.curves.map { curve in
          Series(
            curve.stack.name, x: curve.places.reversed(), y: curve.norms.map(\.mean).reversed(),
            deviation: curve.norms.map(\.deviation).reversed(),
            style: .line, isEmphasized: curve.stack == .residual, color: curve.stack.color)
        }))
  })
page.table(
  Table(
    "What arrives at the first layer of \(depths.map(String.init).joined(separator: ", ")) layers, and the factor of one layer of \(shown.depth)",
    columns: ["stack"] + depths.map { .init("\($0) layers") } + ["factor per layer"],
    rows: Stack.allCases.map { stack in
      [TableCell(stack.name)] + decays.map { TableCell(arrivalText($0.arriving(stack))) }
        + [TableCell(shown.factor(stack).formatted(decimals: 3))]
    }))
let vanishing = shown.factor(.sigmoid)
page.callout(
  .note,
  """
  S4 writes that ReLU's slope of 0 or 1 does not let the gradient vanish. With He's weights the factor of one layer is \
  \(fixed(shown.factor(.relu).mean, 3)) here: \
  \(abs(shown.factor(.relu).mean - 1) < 0.03 ? "next to nothing is lost" : "not quite what one would wish"). But it \
  is not the slope that does it: half of the units have slope 0, and the slope alone would lose a factor of √½ in every \
  layer. He's weights make up for it. What decides is the product of the two.
  """)

let plainNets = [shallowBlocks, deepBlocks].map { DeepNet(blocks: $0, isResidual: false) }
let residualNets = [shallowBlocks, deepBlocks].map { DeepNet(blocks: $0, isResidual: true) }
page.prose(
  """
  ## Degradation

  S1: with more layers a network learns worse, on the training set and on the test set, so it is not overfitting. Put \
  it to the test with two depths: a first convolution, \(shallowBlocks) or \(deepBlocks) blocks of two 3×3 convolutions \
  with \(plainNets[0].channels) channels and batch normalization, one dense layer. That is \(plainNets[0].depth) and \
  \(plainNets[1].depth) layers with weights. The deeper net could do at least as well: let its first \(shallowBlocks) \
  blocks be those of the shallow one, and the others hand on what they get.

  And then the same layers, the same first weights, with one difference: the input of every block is *added* to its \
  output. A block then has to learn only what to change:
  """)
page.math("y = \\max(0,\\; x + F(x)), \\qquad \\frac{\\partial L}{\\partial x} = g + F'(x)^T g")
page.prose(
  "with $g$ the gradient behind the sum where $y > 0$. Whatever $F$ does to it, $g$ itself arrives one block further down."
)
page.code("deepNet", in: "Degradation.swift")
let degradationGuess = page.predict(
  """
  Which of the four nets, plain and residual with \(plainNets[0].depth) and \(plainNets[1].depth) layers, has the most \
  mistakes *on its own training images* after \(course.epochs) \(course.epochs == 1 ? "epoch" : "epochs")?
  """,
  choices: (plainNets + residualNets).map(\.name))
let trained = plainNets + residualNets
let zeroBranch = DeepNet(blocks: deepBlocks, isResidual: true, branchScale: 0)
let weights = (trained + [zeroBranch]).map { Double($0.depth) }
let bar = page.progress("trainings", total: Int(weights.reduce(0, +)) * 100)
let deepRuns: [DeepRun] = run.trying {
  try (trained + [zeroBranch]).enumerated().map { index, net in
    try DeepRun(net, course) { share in
      run.stopIfInterrupted()
      bar.update(Int(100 * (weights[..<index].reduce(0, +) + share * weights[index])), net.name)
    }
  }
}
bar.finish()
let (shallowPlain, deepPlain, shallowResidual, deepResidual) = (deepRuns[0], deepRuns[1], deepRuns[2], deepRuns[3])
let zeroRun = deepRuns[4]
let degradation = deepPlain.final - shallowPlain.final
let cure = deepPlain.final - deepResidual.final
let worst = (0..<4).max { deepRuns[$0].final.mean < deepRuns[$1].final.mean } ?? 0
page.reveal(
  degradationGuess, answer: worst,
  (0..<4).map { "\(deepRuns[$0].net.name): \(deepRuns[$0].final.formatted(decimals: 1)) %" }.joined(separator: "; ")
    + "."
)
page.figure(
  Figure(
    "After \(counted(course.epochs, "epoch")) the deeper plain net errs on \(percent(deepPlain.final.mean / 100)) of its training images, the shallow one on \(percent(shallowPlain.final.mean / 100)); with the addition the deeper errs on \(percent(deepResidual.final.mean / 100))",
    .lines(
      LineChart(
        x: Axis("epoch"), y: Axis("training error (%)", range: 0...100),
        (0..<4).map { index in
          Series(
            deepRuns[index].net.name, y: deepRuns[index].curve.map(\.mean),
            deviation: deepRuns[index].curve.map(\.deviation), isEmphasized: index == 3, color: [2, 1, 3, 0][index])
        })),
    caption: """
      Share of the \(grouped(course.data.count)) training images (\(data)) wrong at the moment when they were used; \
      \(grouped(shallowPlain.parameters)) and \(grouped(deepPlain.parameters)) parameters, plain and residual alike; \
      momentum 0.9, rate \(course.rate), batches of \(course.batch), \(seedWords).
      """,
    name: "degradation"))
page.table(
  Table(
    "Errors in %: on the training images in the last epoch, and on \(grouped(course.test.count)) test images after it",
    columns: ["net", "layers", "parameters", .init("training", digits: 1), .init("test", digits: 1)],
    rows: deepRuns.prefix(4).map {
      [
        TableCell($0.net.isResidual ? "residual" : "plain"), TableCell($0.net.depth), TableCell($0.parameters),
        .measured($0.final), .measured($0.testErrors),
      ]
    }))
/// Means over the blocks, seed by seed, and block by block over the seeds.
func overBlocks(_ additions: [[Double]]) -> Summary { Summary(additions.map { Summary($0).mean }) }
func byBlock(_ additions: [[Double]]) -> [Summary] {
  additions[0].indices.map { block in Summary(additions.map { $0[block] }) }
}
let (firstAdditions, additions) = (overBlocks(deepResidual.firstAdditions), overBlocks(deepResidual.additions))
let blockMeans = [byBlock(deepResidual.firstAdditions), byBlock(deepResidual.additions)]
let isDrivenDown = additions.mean < 0.5 * firstAdditions.mean
page.callout(
  .erratum("S1"),
  """
  S1 says that $F(x) = H(x) - x$ must be minimized, which means $F(x) = 0$, $H(x) = x$. In the nets here a block adds \
  \(additions.formatted(decimals: 2)) times the size of its input after training, \
  \(firstAdditions.formatted(decimals: 2)) times before: \
  \(isDrivenDown ? "training has made it smaller, though nothing in the loss asks for that" : "training does not drive it towards 0, and nothing in the loss asks for that"). \
  Batch normalization, with a $\\gamma$ near 1, gives the branch its size. What is minimized is the loss; the identity is \
  what a block can fall back on, not where it should end. An easy mistake, since the paper argues with the case in which \
  the identity would be best.
  """)
page.figure(
  Figure(
    "What a block adds is \(short(firstAdditions.mean)) times its input on average before training, and \(short(additions.mean)) times after",
    .lines(
      LineChart(
        x: Axis("block"),
        y: Axis("‖F(x)‖ / ‖x‖", range: 0...max(1, (blockMeans.joined().map(\.mean).max() ?? 1) * 1.2)),
        zip(["before training", "trained"], blockMeans).enumerated().map { index, pair in
          Series(
            pair.0, y: pair.1.map(\.mean), deviation: pair.1.map(\.deviation), isEmphasized: index == 1,
            color: index == 0 ? 7 : 0)
        })),
    caption: """
      Each block of the net *residual \(deepResidual.net.depth)*, 128 training images (\(data)), \(seedWords). Every sum \
      is larger than the one before, so branches of one size add less and less to it.
      """,
    name: "additions"))

let scaleBlocks = run.pick(quick: 20, normal: 40, full: 100)
let rootScale = 1 / Float(scaleBlocks).squareRoot()
let scales: [Float] = [0, 1 / Float(scaleBlocks), rootScale, 0.5, 1]
func scaleName(_ scale: Float) -> String {
  scale == rootScale ? "1/√\(scaleBlocks)" : scale == 1 / Float(scaleBlocks) ? "1/\(scaleBlocks)" : short(Double(scale))
}
page.prose(
  """
  ## Scaling the branch

  The addition has a price. If $F(x)$ is as large as $x$ and independent of it, their variances add up, and every block \
  doubles the variance of the signal. A factor $\\alpha$ in front of the branch,
  """)
page.math("y = x + \\alpha F(x), \\qquad \\mathrm{Var}(y) = (1 + \\alpha^2)\\,\\mathrm{Var}(x)")
page.prose(
  """
  makes it $(1 + \\alpha^2)^L$ after $L$ blocks: harmless for $\\alpha = 1/\\sqrt{L}$, since \
  $(1 + 1/L)^L < e$. Batch normalization at the end of the branch does not prevent the growth, but keeps it linear: it \
  sets the branch to variance 1, whatever comes in.
  """)
page.code("ScaledResidual", in: "Scaling.swift")
let growth = scales.map { scale in
  (0..<3).map { signalGrowth(scale: scale, blocks: scaleBlocks, seed: run.seed &+ UInt64($0)) }
}
let fullGrowth = Summary(growth[4].map { pow($0[scaleBlocks - 1], 2 / Double(scaleBlocks)) })
page.figure(
  Figure(
    "With α = 1 the signal grows to \(short(Summary(growth[4].map { $0[scaleBlocks - 1] }).mean)) times its size over \(scaleBlocks) blocks, with α = 1/√\(scaleBlocks) to \(fixed(Summary(growth[2].map { $0[scaleBlocks - 1] }).mean, 1))",
    exploring: FigureParameter("α", values: scales.map(Double.init), initial: 3),
    caption:
      "Root mean square behind each block over that of the input, no normalization, nothing trained, mean of 3 seeds.",
    name: "branch-scale"
  ) { value in
    let index = scales.firstIndex { Double($0) == value } ?? 0
    return .lines(
      LineChart(
        x: Axis("block"),
        y: Axis("size of the signal", log: true, range: 0.5...max(2, growth[4][0][scaleBlocks - 1] * 2)),
        [
          Series(
            "measured", y: (0..<scaleBlocks).map { block in Summary(growth[index].map { $0[block] }).mean },
            style: .line, isEmphasized: true, color: 0),
          Series(
            "(1 + α²)^(l/2)", y: (1...scaleBlocks).map { pow(1 + value * value, Double($0) / 2) }, style: .line,
            color: 7),
        ]))
  })
let scaleGuess = page.predict(
  "Residual nets of \(scaleBlocks) blocks of two dense layers, 32 units wide, without batch normalization, are trained with α = 0, 1/√\(scaleBlocks) and 1. Which learns worst?",
  choices: ["α = 0: nothing comes out of the branches", "α = 1/√\(scaleBlocks)", "α = 1: the signal explodes"])
let scaleEpochs = run.pick(quick: 1, normal: 4, full: 10)
let scaleTrainings: [ScaledTraining] = run.trying {
  try [0, rootScale, 1].map { scale in
    run.stopIfInterrupted()
    return try ScaledTraining(
      scale: scale, blocks: scaleBlocks, data: course.data, epochs: scaleEpochs,
      seeds: course.seeds)
  }
}
let worstScale = scaleTrainings.indices.max { scaleTrainings[$0].errors.mean < scaleTrainings[$1].errors.mean } ?? 0
page.reveal(
  scaleGuess, answer: worstScale,
  """
  \(scaleTrainings.map { "α = \(scaleName($0.scale)): \($0.errors.formatted(decimals: 1)) %\($0.diverged > 0 ? " (\($0.diverged) of \($0.errors.count) runs diverged: guessing)" : "")" }.joined(separator: "; ")) \
  of the \(grouped(course.data.count)) training images wrong after \(counted(scaleEpochs, "epoch")), momentum 0.9, \
  rate 0.005. With α = 0 the branches are never heard and never learn: what is left is a net \
  of one hidden layer.
  """)
// What the branches are worth, once the factor keeps them from exploding.
let branchGain = scaleTrainings[0].errors - scaleTrainings[1].errors
let isBranchWorthIt = isClear(branchGain) && branchGain.mean > 0
let isKeptAlive = scaleTrainings[1].diverged == 0 && scaleTrainings[1].errors.mean < 80
page.prose(
  """
  \(isKeptAlive
    ? "So the factor makes a net of \(2 * scaleBlocks) layers trainable without any normalization."
    : "Not even the factor makes a net of \(2 * scaleBlocks) layers learn in so short a training.") \
  \(isBranchWorthIt
    ? "And the branches are worth having: with them the net makes \(branchGain.formatted(decimals: 1)) points fewer mistakes than with α = 0, that is without them."
    : "That the branches are worth having does not show here: with α = 0, that is without them, the net does no worse in so short a training.")

  Where the branch ends in a batch normalization, its $\\gamma$ is such a factor, and it is learned. Goyal et al. start \
  it at 0, so that every block begins as the identity. In the \(zeroRun.net.depth)-layer net from above that gives \
  \(zeroRun.final.formatted(decimals: 1)) % training error, with $\\gamma = 1$ it was \
  \(deepResidual.final.formatted(decimals: 1)) %.
  """)

let costs = blockCosts(channels: 64)
let bottleneckSum = costs.bottleneck.reduce(0, +)
let (basicBlock, bottleneckBlock) = (
  ResidualBlock.basic(64, 64, projection: false), ResidualBlock.bottleneck(256, width: 64, projection: false)
)
let wideBasic = blockCosts(channels: 256).standard
page.prose(
  """
  ## The bottleneck

  Blocks of two 3×3 convolutions on many channels are expensive. From ResNet-50 on, a block first goes down to a quarter \
  of its channels by a 1×1 convolution, does its 3×3 there, and comes back up:
  """)
page.code("bottleneck", in: "Families.swift")
page.table(
  Table(
    "Weights of a block",
    columns: ["block", "calculation", "weights"],
    rows: [
      ["two 3×3 on 64 channels", "64·64·3·3·2", TableCell(costs.standard)],
      [
        "bottleneck on 256 channels",
        TableCell("256·64 + 64·64·3·3 + 64·256 = \(costs.bottleneck.map(grouped).joined(separator: " + "))"),
        TableCell(bottleneckSum),
      ],
      ["two 3×3 on 256 channels", "256·256·3·3·2", TableCell(wideBasic)],
    ]))
page.prose(
  """
  The bottleneck costs \(bottleneckSum < costs.standard ? "less" : "more") than two 3×3 convolutions on 64 channels and \
  carries four times the channels past it. Two 3×3 convolutions on 256 channels would cost \(short(Double(wideBasic) / Double(bottleneckSum))) \
  times as much. S1 calls these numbers multiply-adds; they are weights. On maps of 56×56 pixels each weight is used \
  \(grouped(56 * 56)) times, in both blocks alike, so the comparison stands.

  Where a block changes the size or the number of channels, its input cannot be added as it is. The *reduce shortcut* \
  brings it into shape with a 1×1 convolution of the same stride, and batch normalization: from 256 channels to 512 \
  that is \(grouped(256 * 512)) more weights. It stands at the first block of a stage and nowhere else; the \
  first stage of ResNet-18 and 34 changes nothing and needs none.
  """)

page.prose(
  """
  ## The families

  Each family is a short table; a loop makes the network from it.
  """)
page.code("layers", in: "Sources/NeuralNetworks/Models/ResNet.swift")
let familyBar = page.progress("families", total: Family.all.count)
let families: [FamilyCount] = run.trying {
  try Family.all.enumerated().map { index, family in
    run.stopIfInterrupted()
    familyBar.update(index, family.name)
    return try FamilyCount(family, runs: run.isFull || (!run.isQuick && !family.isHeavy), seed: run.seed)
  }
}
familyBar.finish()
let exact = families.count { $0.parameters == $0.family.publishedParameters }
page.table(
  Table(
    "Built and counted; one image forward in seconds (a time of this machine, \(Parallel.threadCount) \(Parallel.threadCount == 1 ? "thread" : "threads"))\(run.isFull ? "" : ", the heavy ones only with --full")",
    columns: ["network", "table", "parameters", "multiply-adds", .init("seconds", digits: 2)],
    rows: families.map {
      [
        TableCell($0.family.name), TableCell($0.family.table), TableCell($0.parameters),
        TableCell(giga($0.multiplyAdds)),
        $0.seconds.map { TableCell($0) } ?? "–",
      ]
    }))
page.prose(
  """
  \(exact == families.count ? "All \(exact)" : "\(exact) of \(families.count)") have exactly the number of parameters \
  that is published. The table of AlexNet lists its channels, those of VGG the convolutions of each stage, those of \
  ResNet the blocks: two 3×3 convolutions up to ResNet-34, bottlenecks from ResNet-50 on.
  """)
let alexNet = families[1]
func member(_ name: String) -> FamilyCount { families.first { $0.family.name == name } ?? families[0] }
let (vgg19, resnet152, resnet50) = (member("VGG-19"), member("ResNet-152"), member("ResNet-50"))
page.figure(
  Figure(
    resnet152.multiplyAdds < vgg19.multiplyAdds
      ? "ResNet-152 is \(short(Double(resnet152.family.depth) / Double(vgg19.family.depth))) times as deep as VGG-19, with \(percent(Double(resnet152.multiplyAdds) / Double(vgg19.multiplyAdds))) of its multiply-adds and \(percent(Double(resnet152.parameters) / Double(vgg19.parameters))) of its parameters"
      : "ResNet-152 costs more than VGG-19",
    .lines(
      LineChart(
        x: Axis("multiply-adds for one image (billions)", log: true), y: Axis("parameters (millions)", log: true),
        ["AlexNet", "VGG", "ResNet"].enumerated().map { index, name in
          let members = families.filter { $0.family.name.hasPrefix(name) }
          return Series(
            name, x: members.map { Double($0.multiplyAdds) / 1e9 }, y: members.map { Double($0.parameters) / 1e6 },
            color: index)
        })),
    caption: "AlexNet in two forms, VGG-11 to 19, ResNet-18 to 152 from left to right.", name: "families"))
for family in [alexNet, member("VGG-16"), resnet50] {
  page.table(
    Table(
      "\(family.family.name), stage by stage",
      columns: ["from", "layers", "output", "parameters", "multiply-adds"],
      rows: family.stages.map {
        [
          TableCell($0.name), TableCell($0.layers), TableCell("\($0.output)"), TableCell($0.parameters),
          TableCell($0.multiplyAdds == 0 ? "–" : giga($0.multiplyAdds)),
        ]
      }))
}

if let photograph {
  page.figure(
    Figure(
      "\(photograph.title): \(photograph.answers[0].name), \(percent(photograph.answers[0].probability))",
      .images(ImageGrid(columns: 1, [photograph.picture])), caption: "The picture given with --image.",
      name: "photograph"))
  page.table(
    Table(
      "The five best classes", columns: ["class", .init("probability (%)", digits: 2)],
      rows: photograph.answers.map { [TableCell($0.name), TableCell(100 * $0.probability)] }))
} else {
  page.prose(
    """
    The weights of all of them but S3's AlexNet are published for PyTorch. Saved as a safetensors file they fit the networks built here, \
    name for name; this chapter then classifies a photograph of yours:

    ```text
    swift run ch11-deeper-networks --model resnet50 --weights FILE \\
      --image PHOTO.png --labels NAMES.txt
    ```

    `./workbook predict` does the same without the page.
    """)
}
page.code("photograph", in: "Photograph.swift")

let winners = Winner.all
page.prose(
  """
  ## The challenge that decided it

  From 2010 on the ImageNet challenge (ILSVRC) asked for the class of a photograph out of 1000, five guesses allowed. In \
  2012 AlexNet had \(fixed(winners[2].error, 1)) % errors; the second had \(fixed(Winner.secondOf2012, 1)) %, with features \
  made by hand. In 2015 ResNet had \(fixed(winners[5].error, 2)) %, with up to 152 layers. (The winners are averages of \
  several networks.)
  """)
page.figure(
  Figure(
    "From \(fixed(winners[1].error, 1)) to \(fixed(winners[5].error, 2)) % in four years, and from no deep layer to \(winners[5].depth ?? 0)",
    .bars(
      BarChart(
        categories: winners.map { "\($0.year) \($0.name)" }, y: Axis("top-5 error (%)"),
        [.init("winner", winners.map(\.error), color: 0)])),
    caption: """
      Published numbers, not measured here: Russakovsky et al. 2015 (2012 and 2013 with outside data), He et al. 2016, \
      Hu et al. 2018; 2016 was won by an ensemble of earlier networks. Layers with weights: \(winners.compactMap { w in w.depth.map { "\(w.name) \($0)" } }.joined(separator: ", ")).
      """,
    name: "ilsvrc", isWide: true))

// The claims, from this run's data.
page.claim(
  Claim(
    "What a deep net does with few units needs exponentially many in a shallow one", source: "S4",
    published: "2ⁿ against about n",
    measured:
      "\(last.shallowUnits) against \(last.deepUnits) units for \(last.pieces) pieces, difference \(short(Double(last.difference)))",
    verdict: last.shallowUnits == 1 << folds && last.deepUnits == 2 * folds && last.difference == 0
      ? .reproduced : .notHere,
    reason: "for this function; others gain nothing"))
page.claim(
  Claim(
    "With sigmoids the gradient vanishes with depth", source: "S4", published: "→ 0",
    measured: "factor \(vanishing.formatted(decimals: 3)) per layer", seeds: gradientSeeds.count,
    verdict: vanishing.mean < 0.5 ? .reproduced : vanishing.mean < 0.9 ? .partly : .notHere))
let reluFactor = shown.factor(.relu)
page.claim(
  Claim(
    "With ReLU it does not easily vanish", source: "S1, S4", published: "solved",
    measured: "factor \(reluFactor.formatted(decimals: 3)) per layer", seeds: gradientSeeds.count,
    verdict: abs(reluFactor.mean - 1) < 0.1 ? .reproduced : .partly, reason: "with He's weights; see chapter 4"))
page.claim(
  Claim(
    "Batch normalization in every layer solves vanishing and exploding gradients", source: "S1",
    published: "solved",
    measured: "factor \(shown.factor(.normalized).formatted(decimals: 3)) per layer, without addition",
    seeds: gradientSeeds.count,
    verdict: abs(shown.factor(.normalized).mean - 1) < 0.05 ? .reproduced : .notHere,
    reason:
      "it explodes towards the input at the start, by \(fixed(normTheory, 2)) per layer in theory (Yang et al. 2019); with the addition it is \(fixed(shown.factor(.residual).mean, 2)) over \(shown.depth) layers, and less the deeper the net"
  ))
page.claim(
  Claim(
    "A deeper plain net has the higher training error", source: "S1, He et al. 2016", published: "higher",
    measured:
      "\(degradation.formatted(decimals: 1)) points more with \(deepPlain.net.depth) than \(shallowPlain.net.depth) layers",
    seeds: course.seeds.count,
    verdict: degradation.mean > degradation.uncertainty && degradation.mean > 2
      ? .reproduced : degradation.mean > 0 ? .partly : .notHere,
    reason:
      "after \(counted(course.epochs, "epoch")) at one rate\(deepPlain.curve.count > 1 ? "; the error of the deeper net falls by \(fixed(deepPlain.curve[deepPlain.curve.count - 2].mean - deepPlain.final.mean, 1)) points in the last of them" : "")"
  ))
let testDegradation = deepPlain.testErrors - shallowPlain.testErrors
page.claim(
  Claim(
    "Its test error is higher too: this is not overfitting", source: "S1", published: "both",
    measured: "\(testDegradation.formatted(decimals: 1)) points more on test images", seeds: course.seeds.count,
    verdict: testDegradation.mean > testDegradation.uncertainty && degradation.mean > 2
      ? .reproduced : testDegradation.mean > 0 ? .partly : .notHere))
let gap = deepResidual.final - shallowResidual.final
page.claim(
  Claim(
    "The addition mends it", source: "S1, He et al. 2016", published: "deeper is better",
    measured:
      "\(cure.formatted(decimals: 1)) points less than plain; \(pointsApart(gap)) than the shallow residual net",
    seeds: course.seeds.count,
    verdict: cure.mean > cure.uncertainty ? (gap.mean < 1 ? .reproduced : .partly) : .notHere))
page.claim(
  Claim(
    "F(x) is driven to 0", source: "S1", published: "F(x) = 0",
    measured:
      "‖F(x)‖/‖x‖ = \(additions.formatted(decimals: 2)) after training, \(firstAdditions.formatted(decimals: 2)) before",
    seeds: course.seeds.count,
    verdict: additions.mean < 0.1 * firstAdditions.mean ? .reproduced : isDrivenDown ? .partly : .notHere,
    reason: "mean over the blocks; see the erratum"))
let zeroGain = deepResidual.final - zeroRun.final
page.claim(
  Claim(
    "Blocks that begin as the identity (γ = 0) train more easily", source: "Goyal et al. 2017", published: "easier",
    measured: "\(pointsApart(Summary(zeroGain.values.map { -$0 }))) training error",
    seeds: course.seeds.count,
    verdict: zeroGain.mean > zeroGain.uncertainty ? .reproduced : zeroGain.mean > 0 ? .partly : .notHere,
    reason: "claimed for long trainings with batches of thousands; in a short one the branches first have to wake up"))
page.claim(
  Claim(
    "A bottleneck costs less than the standard block", source: "S1", published: "73,728 against 69,632",
    measured:
      "\(grouped(builtWeights(basicBlock).reduce(0, +))) against \(grouped(builtWeights(bottleneckBlock).reduce(0, +))) weights as built",
    verdict: builtWeights(basicBlock).reduce(0, +) == 73_728 && builtWeights(bottleneckBlock).reduce(0, +) == 69_632
      ? .reproduced : .notHere, reason: "weights, not multiply-adds; and for 256 channels against 64"))
page.claim(
  Claim(
    "ResNet-152 is less complex than VGG-19", source: "S1", published: "lower",
    measured: "\(giga(resnet152.multiplyAdds)) against \(giga(vgg19.multiplyAdds)) multiply-adds",
    verdict: resnet152.multiplyAdds < vgg19.multiplyAdds && resnet152.parameters < vgg19.parameters
      ? .reproduced : .notHere, reason: "in parameters and in multiply-adds"))
page.claim(
  Claim(
    "The networks built here are the published ones", source: "torchvision, S3", published: "parameters",
    measured: "\(exact) of \(families.count) with exactly the published number",
    verdict: exact == families.count ? .reproduced : .partly))

page.callout(
  .takeaway,
  """
  Depth is worth having because layers fold what came before, and folds multiply. It is hard to have, since what a net \
  learns must pass through every layer, forward and back. An addition around every few layers gives the signal and the gradient a way past what is not yet \
  learned: the same layers, the same parameters, and a deep net that learns. Watch what the branches add up to. \
  With batch normalization in them \(deepResidual.net.depth) layers end here at \(fixed(deepResidual.final.mean, 1)) % \
  training errors, without the addition at \(fixed(deepPlain.final.mean, 1)) %; a factor of $1/\\sqrt{L}$ keeps the \
  signal of \(2 * scaleBlocks) layers in bounds without any normalization.
  """)
page.exercises(run.exercises)
page.furtherReading([
  "Telgarsky 2016, *Benefits of depth in neural networks*, arXiv:1602.04485",
  "He, Zhang, Ren and Sun 2016, *Deep residual learning for image recognition*, arXiv:1512.03385",
  "Simonyan and Zisserman 2015, *Very deep convolutional networks for large-scale image recognition*, arXiv:1409.1556",
  "Yang et al. 2019, *A mean field theory of batch normalization*, arXiv:1902.08129",
  "Goyal et al. 2017, *Accurate, large minibatch SGD*, arXiv:1706.02677, section 5.1",
  "Russakovsky et al. 2015, *ImageNet large scale visual recognition challenge*, arXiv:1409.0575",
])
run.publish(&page)
