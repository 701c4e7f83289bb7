// Chapter 6: learning with half the units missing.

import Foundation
import Workbook

let run = ChapterRun.start(chapter: 6)
let digits = run.trying {
  try Digits.load(
    from: run.options.data, transform: .standardized, count: run.pick(quick: 500, normal: 4_000, full: 60_000),
    testCount: run.pick(quick: 300, normal: 1_000, full: 10_000))
}
let data = digits.name
let seeds = run.seeds(quick: 1, normal: 3, full: 5)
let seedWords = seeds.count == 1 ? "one seed" : "\(seeds.count) seeds"
/// Images shown in one training, whatever the size of the set.
let passes = run.pick(quick: 2_000, normal: 12_000, full: 600_000)
let few = digits.train.prefix(run.pick(quick: 200, normal: 500, full: 1_000))

var page = run.page(
  lead: """
    A unit that always has the same neighbours learns to rely on them. Dropout takes a random half of them away in every \
    step of training, and gives all of them back for the test. It is one line of code, and it should not work.
    """,
  data: data)

page.prose(
  """
  ## The question

  Why would one throw away activations that were just computed? And when does it pay: always, or only when there is \
  something to protect a net from?

  ## The idea

  In every training step each unit $h_i$ of a layer is multiplied by a number $m_i$ of its own: 0 with probability $p$, \
  1 otherwise. The next layer sees a different part of the layer every time, so no unit can count on any other. At test \
  time all units are there — too many: the next layer was trained on sums of a share $1 - p$ of them.

  ## The two forms

  The original form scales at test time, the *inverted* form, which every library has, in training:
  """)
page.math("\\text{original: } \\quad \\text{training } m_i h_i \\qquad \\text{test } (1-p)\\,h_i")
page.math("\\text{inverted: } \\quad \\text{training } \\frac{m_i h_i}{1-p} \\qquad \\text{test } h_i")
page.prose(
  """
  Both keep the expectation, since $E[m_i] = 1 - p$. The inverted one leaves the test-time net free of any trace of \
  dropout. Forget the scale in both places, and the sums at test time are too large by $1/(1-p)$.

  In the original form one usually scales the *weights* behind the layer instead of its values, $W_{test} = (1-p)\\,W$, \
  which is the same. The bias stays as it is: it was never dropped. Backward, a given mask is a factor for each value, so \
  the gradient is multiplied by the same $m_i/(1-p)$.
  """)
page.code("apply", in: "Sources/NeuralNetworks/Layers/Dropout.swift")

// MARK: Expectation

let scaleGuess = page.predict(
  "Dropout with p = 0.5 and no scale anywhere: the sums at test time, compared with the average in training, are",
  choices: ["half as large", "the same", "√2 times as large", "2 times as large"])
let masks = run.pick(quick: 200, normal: 1_000, full: 10_000)
let forms = [false, true].map { inverted in
  seeds.map { DroppedSums(dropping: 0.5, inverted: inverted, masks: masks, seed: $0) }
}
let ratios = forms.map { sums in Summary(sums.map { $0.mean / $0.test }) }
let unscaledRatio = Summary(forms[0].map { $0.unscaled / $0.mean })
page.reveal(
  scaleGuess, answer: abs(unscaledRatio.mean - 2) < 0.2 ? 3 : abs(unscaledRatio.mean - 1) < 0.2 ? 1 : 2,
  "Measured over \(grouped(masks)) masks: \(short(unscaledRatio.mean, digits: 3)) times.")
page.table(
  Table(
    "One unit's sum over 64 inputs, p = 0.5, \(grouped(masks)) masks",
    columns: ["form", "mean in training", "deviation", "at test time", "ratio"],
    rows: zip(["original", "inverted"], forms).map { name, sums in
      [
        TableCell(name), TableCell(sums[0].mean), TableCell(sums[0].deviation), TableCell(sums[0].test),
        TableCell(sums[0].mean / sums[0].test),
      ]
    }))
page.figure(
  Figure(
    "The more is dropped, the wider the sums scatter; their mean stays where the test will be",
    exploring: FigureParameter("share dropped", values: [0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9], initial: 3),
    caption:
      "The sum of one unit over 64 inputs for \(grouped(masks)) masks, inverted dropout, seed \(run.seed), in units of its value at test time.",
    name: "dropped-sums"
  ) { rate in
    var sums = DroppedSums(dropping: Float(rate), inverted: true, masks: masks, seed: run.seed)
    sums.training = sums.training.map { $0 / sums.test }
    return .histograms(
      HistogramGrid(
        columns: ["sum in training / sum at test time"],
        rows: [
          .init(
            "p = \(short(rate))", range: 0...2,
            [
              .init(
                heights: sums.histogram(in: 0...2),
                title: "\(short(sums.mean, digits: 3)) ± \(short(sums.deviation))")
            ], color: 1)
        ], xLabel: "1 is the test"))
  })
page.callout(
  .erratum("S4"),
  """
  S4 multiplies the weights at test time by "$(1-p)\\%$". It is the factor $1 - p$, not a percentage: at $p = 0.5$ the \
  weights are halved, not divided by 200. S4 explains the reason rightly: without it the output would be twice as large as \
  in training.
  """)

// MARK: Ensemble

page.prose(
  """
  ## A crowd of nets in one

  A layer of $M$ units has $2^M$ subsets, and every training step trains one of them: *thinned nets* that share their \
  weights. For prediction one would like to average them all. With $M = 10$ that can be done exactly: \(1 << 10) nets, \
  every one run on every test image. The usual shortcut is a single pass with scaled weights. How good is it? \
  (A mask that keeps $k$ units has the probability $(1-p)^k\\,p^{M-k}$; at $p = ½$ all are equally likely.)

  For a softmax right behind the dropped layer there is a theorem. The logarithm of a softmax is linear in the logits, up \
  to a constant per row; so the *geometric* mean of all thinned nets, normalized, is the softmax of the mean logits, and \
  that is exactly the one pass with all units.
  """)
page.code("averageAll", in: "Ensemble.swift")
let crowdGuess = page.predict(
  "Compared with a single thinned net, the average of all of them makes",
  choices: ["as many mistakes", "three quarters of the mistakes", "half of the mistakes", "a tenth of the mistakes"])
let ensembleDigits = Digits(
  train: digits.train.prefix(2_000), test: digits.test.prefix(run.pick(quick: 100, normal: 400, full: 2_000)),
  isReal: digits.isReal)
let ensembleBar = page.progress("averaging all thinned nets", total: seeds.count)
let ensembles = seeds.enumerated().map { index, seed in
  ensembleBar.update(index)
  return run.trying { try ExactEnsemble(on: ensembleDigits, passes: passes, seed: seed) }
}
ensembleBar.finish()
func over(_ value: (ExactEnsemble) -> Double) -> Summary { Summary(ensembles.map(value)) }
let (single, average) = (over(\.singleError), over(\.averageError))
let (geometric, scaled) = (over(\.geometricError), over(\.scaledError))
let crowdGain = average.mean / single.mean
page.reveal(
  crowdGuess, answer: crowdGain > 0.87 ? 0 : crowdGain > 0.62 ? 1 : crowdGain > 0.25 ? 2 : 3,
  "One thinned net \(percentage(single)), all together \(percentage(average)).")
page.table(
  Table(
    "784 → 10 hidden units → 10, dropout ½ on the hidden units; test error over \(seedWords) (%)",
    columns: [
      "prediction", "nets run", .init("test error", digits: 1), "largest difference from one pass, scaled weights",
    ],
    rows: [
      ["one thinned net, on average", 1, .measured(single.mean, single.deviation), ""],
      [
        "arithmetic mean of all", 1_024, .measured(average.mean, average.deviation),
        TableCell(short(over(\.differenceFromAverage).maximum)),
      ],
      [
        "geometric mean of all", 1_024, .measured(geometric.mean, geometric.deviation),
        TableCell(short(over(\.differenceFromGeometric).maximum)),
      ],
      ["one pass, scaled weights", 1, .measured(scaled.mean, scaled.deviation), "0"],
    ]))
let counts = ExactEnsemble.sampleCounts
let sampled = counts.indices.map { i in Summary(ensembles.map { $0.sampledErrors[i] }) }
let reaches = counts.indices.first { sampled[$0].mean < scaled.mean + 1 }.map { counts[$0] }
page.figure(
  Figure(
    reaches.map { "About \($0) sampled nets are needed to come within a point of one pass with scaled weights" }
      ?? "Not even \(counts.last ?? 0) sampled nets come within a point of one pass with scaled weights",
    .lines(
      LineChart(
        x: Axis("thinned nets averaged", log: true), y: Axis("test error (%)"),
        [
          Series(
            "average of k nets", x: counts.map(Double.init), y: sampled.map(\.mean),
            deviation: sampled.map(\.deviation), isEmphasized: true, color: 1)
        ], references: [.init(.horizontal, at: scaled.mean, "one pass, scaled")])),
    caption:
      "Masks drawn at random, probabilities averaged. Mean and deviation of \(seedWords), \(grouped(ensembleDigits.test.count)) test images, \(data).",
    name: "sampled-ensemble"))
page.sideNote(
  "With more layers behind the dropout the theorem no longer holds, and scaled weights are an approximation.")

// MARK: Where it pays

page.prose(
  """
  ## When does it help?

  A net of two hidden layers of 100 ReLU units learns from \(grouped(few.count)) images (momentum 0.9, learning rate 0.01, batches of \
  25), until it knows them by heart. How much of the hidden layers should be left out?
  """)
let bestGuess = page.predict(
  "The share of hidden units left out with which the fewest mistakes are made on new images",
  choices: ["0 (no dropout)", "0.2", "0.5", "0.8"])
let rates = run.pick(
  quick: [0, 0.5, 0.8], normal: [0, 0.2, 0.4, 0.5, 0.6, 0.8], full: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
let rateBar = page.progress("training", total: rates.count * seeds.count)
var ratesDone = 0
let byRate = rates.map { rate in
  seeds.map { seed in
    rateBar.update(ratesDone)
    ratesDone += 1
    return run.trying {
      try trained(Recipe(dropout: Float(rate)), on: few, testing: digits.test, passes: passes, seed: seed)
    }
  }
}
rateBar.finish()
let rateErrors = byRate.map { Summary($0.map(\.testError)) }
let rateTraining = byRate.map { Summary($0.map(\.trainingError)) }
let best = rateErrors.indices.min { rateErrors[$0].mean < rateErrors[$1].mean } ?? 0
page.reveal(
  bestGuess, answer: rates[best] < 0.1 ? 0 : rates[best] < 0.35 ? 1 : rates[best] < 0.7 ? 2 : 3,
  "At p = \(short(rates[best])) \(percentage(rateErrors[best])), without dropout \(percentage(rateErrors[0])).")
let saved = Summary(zip(byRate[0], byRate[best]).map { $0.testError - $1.testError })
let helps = saved.mean > max(0.5, saved.deviation)
page.figure(
  Figure(
    helps
      ? "Leaving out \(short(100 * rates[best])) % of the units saves \(short(rateErrors[0].mean - rateErrors[best].mean)) points on new images"
      : "On these clean images no share left out saves more than the seeds scatter; too large a share ruins the net",
    .lines(
      LineChart(
        x: Axis("share of hidden units left out"), y: Axis("error (%)"),
        [
          Series(
            "new images", x: rates, y: rateErrors.map(\.mean), deviation: rateErrors.map(\.deviation),
            isEmphasized: true, color: 1),
          Series(
            "its own images", x: rates, y: rateTraining.map(\.mean), deviation: rateTraining.map(\.deviation), color: 0),
        ])),
    caption:
      "\(grouped(few.count)) training images, \(passes / few.count) epochs. Errors measured with nothing left out. Mean and deviation of \(seedWords), \(data).",
    name: "rate-sweep"))
page.code("layers", in: "Networks.swift")

page.prose(
  """
  **With more data?** S4 says that dropout is not needed when data are plentiful. The same net, the same number of steps, \
  from few images to many:
  """)
let sizes = run.pick(
  quick: [100, 400], normal: [100, 300, 1_000, 4_000], full: [100, 300, 1_000, 5_000, 20_000, 60_000])
let sizeBar = page.progress("training", total: 2 * sizes.count * seeds.count)
var sizesDone = 0
let bySize = [Float(0), 0.5].map { rate in
  sizes.map { size in
    seeds.map { seed in
      sizeBar.update(sizesDone)
      sizesDone += 1
      return run.trying {
        try trained(
          Recipe(dropout: rate), on: digits.train.prefix(size), testing: digits.test, passes: passes, seed: seed)
      }
    }
  }
}
sizeBar.finish()
let sizeErrors = bySize.map { $0.map { Summary($0.map(\.testError)) } }
let gains = sizes.indices.map { i in Summary(zip(bySize[0][i], bySize[1][i]).map { $0.testError - $1.testError }) }
/// A number of points, with its sign.
func points(_ value: Double) -> String { fixed(value, 1) }
let (firstGain, lastGain) = (gains[0].mean, gains[sizes.count - 1].mean)
page.figure(
  Figure(
    firstGain > max(0.5, lastGain)
      ? "What dropout saves shrinks with the data: \(points(firstGain)) points at \(sizes[0]) images, \(points(lastGain)) at \(sizes[sizes.count - 1])"
      : lastGain < -0.5
        ? "Dropout saves nothing at any size here, and at \(sizes[sizes.count - 1]) images it costs \(points(-lastGain)) points"
        : "More data does not change what dropout saves: \(points(firstGain)) points at \(sizes[0]) images, \(points(lastGain)) at \(sizes[sizes.count - 1])",
    .lines(
      LineChart(
        x: Axis("training images", log: true), y: Axis("test error (%)"),
        zip(["no dropout", "dropout ½"], sizeErrors).enumerated().map { index, pair in
          Series(
            pair.0, x: sizes.map(Double.init), y: pair.1.map(\.mean), deviation: pair.1.map(\.deviation),
            isEmphasized: index == 1, color: index)
        })),
    caption: "\(grouped(passes)) images shown in each training. Mean and deviation of \(seedWords), \(data).",
    name: "size-sweep"))

page.prose(
  """
  **With wrong labels?** A fifth of the labels are replaced by random other ones. A net that learns them by heart has \
  learned nonsense; one that cannot has been protected.
  """)
let noisyGuess = page.predict(
  "With a fifth of the labels wrong: what dropout saves on new images, compared with the same net on clean labels, is",
  choices: ["less", "about the same", "more"])
let noisySize = run.pick(quick: 200, normal: 1_000, full: 5_000)
let noisy = [Float(0), 0.5].map { rate in
  seeds.map { seed in
    run.trying {
      try trained(
        Recipe(dropout: rate), on: withWrongLabels(digits.train.prefix(noisySize), share: 0.2, seed: seed),
        testing: digits.test, passes: 2 * passes, curve: true, seed: seed)
    }
  }
}
let cleanGain = gains[sizes.firstIndex { $0 >= noisySize } ?? sizes.count - 1]
let noisyGain = Summary(zip(noisy[0], noisy[1]).map { $0.testError - $1.testError })
page.reveal(
  noisyGuess, answer: noisyGain.mean > cleanGain.mean + 1 ? 2 : noisyGain.mean < cleanGain.mean - 1 ? 0 : 1,
  "\(short(noisyGain.mean, digits: 3)) points with wrong labels, \(short(cleanGain.mean, digits: 3)) with clean ones.")
func curves(_ runs: [Result]) -> [Summary] { runs[0].curve.indices.map { e in Summary(runs.map { $0.curve[e] }) } }
let noisyCurves = noisy.map(curves)
let lowest = noisyCurves.map { $0.map(\.mean).min() ?? 0 }, final = noisyCurves.map { $0.last?.mean ?? 0 }
page.figure(
  Figure(
    final[0] - lowest[0] > 2 * max(0.5, final[1] - lowest[1])
      ? "Wrong labels learned by heart: without dropout the error climbs from \(short(lowest[0], digits: 3)) to \(short(final[0], digits: 3)) %, with it from \(short(lowest[1], digits: 3)) to \(short(final[1], digits: 3)) %"
      : "With a fifth of the labels wrong the error ends at \(short(final[0], digits: 3)) % without and \(short(final[1], digits: 3)) % with dropout",
    .lines(
      LineChart(
        x: Axis("epoch"), y: Axis("error on new images, right labels (%)"),
        zip(["no dropout", "dropout ½"], noisyCurves).enumerated().map { index, pair in
          Series(
            pair.0, y: pair.1.map(\.mean), deviation: pair.1.map(\.deviation), style: .line, isEmphasized: index == 1,
            color: index)
        })),
    caption: "\(grouped(noisySize)) images, 20 % of the labels wrong. Mean and deviation of \(seedWords), \(data).",
    name: "wrong-labels"))

// MARK: Co-adaptation

page.prose(
  """
  ## Units that rely on each other

  "Co-adaptation" is the word of the paper: a unit corrects what another gets wrong, and is useless without it. Such a net \
  should break when units are taken away for good. We take the nets above (\(few.count) clean images), remove a random share \
  of the first hidden layer, scale the rest up, and look at the error.
  """)
page.code("damaged", in: "Networks.swift")
let half = rates.firstIndex(of: 0.5) ?? rates.count - 1
let shares: [Float] = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
let damage = [byRate[0], byRate[half]].map { runs in
  shares.map { share in
    Summary(zip(runs, seeds).map { damaged($0.model, removing: share, on: digits.test, seed: $1) })
  }
}
let atHalf = damage.map { $0[5].mean - $0[0].mean }
page.figure(
  Figure(
    atHalf[0] > 1.3 * atHalf[1]
      ? "Half of the units gone: \(short(atHalf[0])) points more errors without dropout, \(short(atHalf[1])) with it"
      : "Half of the units gone costs \(short(atHalf[0])) points without and \(short(atHalf[1])) with dropout: no great difference",
    .lines(
      LineChart(
        x: Axis("share of the first hidden layer removed"), y: Axis("test error (%)"),
        zip(["trained without dropout", "with dropout ½"], damage).enumerated().map { index, pair in
          Series(
            pair.0, x: shares.map(Double.init), y: pair.1.map(\.mean), deviation: pair.1.map(\.deviation),
            isEmphasized: index == 1, color: index)
        })),
    caption: "One random set of units for each seed. Mean and deviation of \(seedWords), \(data).",
    name: "damage"))
let hidden = [byRate[0], byRate[half]].map { $0.map { HiddenStatistics($0.model, on: digits.test) } }
let correlations = hidden.map { Summary($0.map(\.correlation)) },
  sparsities = hidden.map { Summary($0.map(\.sparsity)) }
var pictures = ImageGrid(
  columns: 8, features(byRate[0][0].model, count: 8) + features(byRate[half][0].model, count: 8), isSigned: true)
pictures.rowLabels = ["no dropout", "dropout ½"]
page.figure(
  Figure(
    correlations[1].mean < correlations[0].mean * 0.9
      ? "The units of the net with dropout are less alike: mean |correlation| \(short(correlations[1].mean)) against \(short(correlations[0].mean))"
      : "The units of the net with dropout are not less alike: mean |correlation| \(short(correlations[1].mean)) against \(short(correlations[0].mean))",
    .images(pictures),
    caption:
      "Weights of eight units of the first layer, seed \(seeds[0]); the two hues are the two signs. Behind the ReLU \(short(100 * sparsities[0].mean)) % of the activations are 0 without and \(short(100 * sparsities[1].mean)) % with dropout. \(data).",
    name: "features", isWide: true))

// MARK: Relatives

page.prose(
  """
  ## Relatives and rivals

  *DropConnect* leaves out single weights instead of whole units: $y = x\\,(M \\circ W)^T/(1-p) + b$ with a mask $M$ of the \
  shape of $W$, and a weight that was absent learns nothing. *Batch normalization* (chapter 5) adds noise of its own, \
  and S3 says that it makes dropout superfluous. All on the same \(grouped(few.count)) images, with the same number of steps.
  """)
let contestants: [(name: String, recipe: Recipe)] = [
  ("nothing", .plain), ("dropout ½", Recipe(dropout: 0.5)), ("DropConnect ½", Recipe(dropConnect: 0.5)),
  ("batch norm", Recipe(hasBatchNorm: true)), ("batch norm, dropout ½", Recipe(dropout: 0.5, hasBatchNorm: true)),
]
let contestBar = page.progress("training", total: 3 * seeds.count)
var contestsDone = 0
let contest: [[Result]] = contestants.map { contestant in
  if contestant.recipe == .plain { return byRate[0] }
  if contestant.recipe == Recipe(dropout: 0.5) { return byRate[half] }
  return seeds.map { seed in
    contestBar.update(contestsDone)
    contestsDone += 1
    return run.trying {
      try trained(contestant.recipe, on: few, testing: digits.test, passes: passes, seed: seed)
    }
  }
}
contestBar.finish()
let contestErrors = contest.map { Summary($0.map(\.testError)) }
page.table(
  Table(
    "\(grouped(few.count)) images (%)",
    columns: [
      "left out or added", .init("error on its own images", digits: 1), .init("on new images", digits: 1),
      .init("gap", digits: 1),
    ],
    rows: zip(contestants, contest).map { contestant, results in
      let summaries = [\Result.trainingError, \.testError, \.gap].map { path in
        Summary(results.map { $0[keyPath: path] })
      }
      return [TableCell(contestant.name)] + summaries.map { .measured($0.mean, $0.deviation) }
    }))
let bothHelp = contestErrors[4].mean - contestErrors[3].mean
page.prose(
  bothHelp > 0.5
    ? "Dropout on top of batch norm makes it *worse* by \(short(bothHelp)) points: the running variance is taken in training, where dropout has widened it, and does not fit the test, where nothing is dropped."
    : bothHelp < -0.5
      ? "Dropout on top of batch norm saves another \(short(-bothHelp)) points here, although the variance that the second norm stores is that of thinned inputs and does not quite fit the test."
      : "Dropout on top of batch norm makes no difference worth naming here (\(short(bothHelp)) points).")

// MARK: Claims

/// The verdict on an effect measured once for each seed.
func verdict(_ values: [Double], reproduced: (Double) -> Bool, partly: (Double) -> Bool) -> Claim.Verdict {
  if seeds.count >= 3 && values.allSatisfy(reproduced) { return .reproduced }
  let mean = Summary(values).mean
  return reproduced(mean) || partly(mean) ? .partly : .notHere
}
func reason(_ text: String = "") -> String { seeds.count < 3 ? "a verdict needs three seeds" : text }
/// Claims of an effect in points of error.
func pointsClaim(
  _ text: String, _ source: String, _ published: String, _ points: [Double], at limit: Double = 0.5, _ why: String
) -> Claim {
  Claim(
    text, source: source, published: published,
    measured: Summary(points).formatted(decimals: 1) + " points",
    seeds: seeds.count, verdict: verdict(points, reproduced: { $0 > limit }, partly: { $0 > min(0, limit) }),
    reason: reason(why))
}
page.claim(
  Claim(
    "Without scaling, outputs at test time are twice those in training (p = ½)", source: "S4", published: "2",
    measured: "\(unscaledRatio)", seeds: seeds.count,
    verdict: verdict(
      forms[0].map { $0.unscaled / $0.mean }, reproduced: { abs($0 - 2) < 0.1 }, partly: { abs($0 - 2) < 0.3 }),
    reason: reason()))
page.claim(
  Claim(
    "Dropout is an ensemble of $2^M$ nets; their average is better than one", source: "S4", published: "better",
    measured: "\(percentage(average)) against \(percentage(single))", seeds: seeds.count,
    verdict: verdict(
      ensembles.map { $0.averageError / $0.singleError }, reproduced: { $0 < 0.9 }, partly: { $0 < 1 }),
    reason: reason("all \(ensembles[0].nets) nets run")))
page.claim(
  Claim(
    "One pass with scaled weights stands in for the average", source: "S4, Srivastava et al. 2014",
    published: "approximately", measured: "\(percentage(scaled)) against \(percentage(average))", seeds: seeds.count,
    verdict: verdict(
      ensembles.map { abs($0.scaledError - $0.averageError) }, reproduced: { $0 < 2.5 }, partly: { $0 < 5 }),
    reason: reason(
      "equal to the geometric mean up to \(short(over(\.differenceFromGeometric).maximum)), from the arithmetic one \(short(over(\.meanDifference).mean)) off on average"
    )))
page.claim(
  pointsClaim(
    "Dropout prevents overfitting", "S1, S4", "lower test error",
    zip(byRate[0], byRate[half]).map { $0.testError - $1.testError }, "\(few.count) clean images, p = ½"))
page.claim(
  pointsClaim(
    "With much data it is not needed", "S4", "no gain", gains[sizes.count - 1].values.map { -$0 }, at: -0.5,
    "what it costs at \(sizes[sizes.count - 1]) images; at \(sizes[0]) it \(firstGain < 0 ? "costs" : "saves") \(points(abs(firstGain)))"
  ))
page.claim(
  pointsClaim(
    "It protects from wrong labels", "Srivastava et al. 2014", "lower test error",
    zip(noisy[0], noisy[1]).map { $0.testError - $1.testError }, at: 2, "20 % of \(noisySize) labels wrong"))
page.claim(
  pointsClaim(
    "It prevents co-adaptation of units", "S1", "units useful by themselves",
    seeds.indices.map { seed in
      let broken = [byRate[0], byRate[half]].map { runs in
        damaged(runs[seed].model, removing: 0.5, on: digits.test, seed: seeds[seed]) - runs[seed].testError
      }
      return broken[0] - broken[1]
    }, at: 2, "extra errors with half of the units removed, without minus with dropout"))
page.claim(
  pointsClaim(
    "Batch norm makes dropout superfluous", "S3", "dropout can go",
    zip(contest[4], contest[3]).map { $0.testError - $1.testError }, at: -0.5,
    "error with both minus error with batch norm alone, half a point allowed"))

page.callout(
  .takeaway,
  """
  - Dropout multiplies each activation by a random 0 or 1; dividing by $1 - p$ in training (*inverted*) keeps the expectation \
  and leaves the test untouched.
  - It trains $2^M$ nets that share weights. One pass with all units is their geometric mean: exactly so behind one softmax \
  layer, approximately in deep nets.
  - It is protection against learning by heart. Where there is little to protect from (much data, clean labels, another \
  regularizer) it saves little and slows learning down.
  """)
page.exercises(run.exercises)
page.furtherReading([
  "Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15",
  "Wan et al. 2013, *Regularization of neural networks using DropConnect*, ICML",
  "Baldi and Sadowski 2013, *Understanding dropout*, NeurIPS: the geometric mean",
  "Li, Chen, Hu and Yang 2019, *Understanding the disharmony between dropout and batch normalization by variance shift*, arXiv:1801.05134",
])
run.publish(&page)
