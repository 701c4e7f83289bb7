// Chapter 11: deeper.

import Foundation
import Workbook

let run = ChapterRun.start(chapter: 11)
let standard = PixelTransform(mean: [MNIST.mean], standardDeviation: [MNIST.standardDeviation])
let digits = run.trying {
  try Digits.load(
    from: run.options.data, transform: standard, count: run.pick(quick: 400, normal: 2_000, full: 20_000))
}
let data = digits.isReal ? "MNIST" : "synthetic digits"
let course = Course(
  data: digits.train, epochs: run.pick(quick: 1, normal: 5, full: 12), seeds: run.seeds(quick: 1, normal: 3, full: 5))
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
    "Each fold doubles the teeth: \(counts.map { "\($0.pieces)" }.joined(separator: ", ")) pieces",
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
  $q^L$ of it is left below $L$ layers. Sigmoid's slope is at most $\\frac14$, so its $q$ is small whatever the weights \
  are; S4 concludes that the gradient of a product of many factors goes to 0 or to infinity. Random numbers are sent \
  back through five kinds of stack, nothing is trained:
  """)
page.code("gradientNorms", in: "Gradients.swift")
let depths = run.pick(quick: [10, 20], normal: [10, 20, 30, 50], full: [10, 20, 30, 50, 100])
let gradientSeeds = run.seeds(quick: 3, normal: 5, full: 10)
let gradientGuess = page.predict(
  "Thirty layers of ReLU with batch normalisation, without any addition. The gradient that arrives at the first layer is",
  choices: ["a millionth of what was sent", "about as large", "a hundred times as large or more"])
let decays = depths.map { depth in
  run.stopIfInterrupted()
  return GradientDecay(depth: depth, seeds: gradientSeeds)
}
let deepest = decays.last ?? decays[0]
let shown = decays.first { $0.depth == 30 } ?? deepest
let arriving = shown.arriving(.normalized)
page.reveal(
  gradientGuess, answer: arriving < 0.1 ? 0 : arriving < 20 ? 1 : 2,
  """
  With \(shown.depth) layers it arrives \(power(arriving)) times as large. Each batch normalisation divides by a standard deviation, \
  which a ReLU has made smaller than what the next layer's weights expect: the gradient gains a factor of \
  \(fixed(shown.factor(.normalized).mean, 2)) in each layer. Batch normalisation holds the signal, not the gradient.
  """)
page.figure(
  Figure(
    shown.arriving(.sigmoid) < 1e-3 && abs(log10(shown.arriving(.residual))) < abs(log10(arriving))
      ? "Sigmoids starve the first layer, plain batch normalisation floods it; the addition keeps the gradient within reach"
      : "What arrives at the first layer differs by orders of magnitude",
    exploring: FigureParameter(
      "layers", values: depths.map(Double.init), initial: depths.firstIndex(of: shown.depth) ?? 0),
    caption: """
      ‖∂L/∂x‖ at each layer over what was sent back from the end, to be read from right to left; layers of 64 units, \
      batches of 32, geometric mean over \(gradientSeeds.count) seeds.
      """,
    name: "gradient-norms"
  ) { depth in
    let decay = decays[depths.firstIndex(of: Int(depth)) ?? 0]
    return .lines(
      LineChart(
        x: Axis("layer"), y: Axis("log₁₀ of the gradient's norm"),
        decay.curves.map { curve in
          Series(
            curve.stack.name, x: curve.places, y: curve.norms.map(\.mean), deviation: curve.norms.map(\.deviation),
            style: .line, isEmphasized: curve.stack == .residual, color: curve.stack.color)
        }))
  })
page.table(
  Table(
    "What arrives at the first layer of \(depths.map(String.init).joined(separator: ", ")) layers, and the factor of one layer",
    columns: ["stack"] + depths.map { .init("\($0) layers") } + ["factor per layer"],
    rows: Stack.allCases.map { stack in
      [TableCell(stack.name)] + decays.map { TableCell(power($0.arriving(stack))) }
        + [TableCell(deepest.factor(stack).formatted(decimals: 3))]
    }))
