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

  In training each unit $h_i$ of a layer is multiplied by a number $m_i$ of its own: 0 with probability $p$, 1 otherwise, \
  drawn anew for every image. All the $m_i$ of a layer together are its *mask*. The next layer sees a different part of \
  the layer every time, so no unit can count on any other. At test time all units are there — too many: the next layer \
  was trained on sums of a share $1 - p$ of them.

  ## The two forms

  The original form scales at test time, the *inverted* form, which every library has, in training:
  """)
page.math("\\text{original: } \\quad \\text{training } m_i h_i \\qquad \\text{test } (1-p)\\,h_i")
page.math("\\text{inverted: } \\quad \\text{training } \\frac{m_i h_i}{1-p} \\qquad \\text{test } h_i")
page.prose(
  """
  Both keep the expectation, since $E[m_i] = 1 - p$. The inverted one leaves the test-time net free of any trace of \
  dropout. Forget the scale in both places, and the sums at test time are too large by the factor $1/(1-p)$.

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
  scaleGuess, answer: nearest(to: unscaledRatio.mean, in: [0.5, 1, 2.0.squareRoot(), 2]),
  "Measured over \(grouped(masks)) masks, \(seedWords): \(unscaledRatio.formatted(decimals: 2)) times.")
page.table(
  Table(
    "One unit's sum over 64 inputs, p = 0.5, \(grouped(masks)) masks, seed \(seeds[0])",
    columns: ["form", "mean in training", "deviation", "at test time", "training / test"],
    rows: zip(["original", "inverted"], forms).map { name, sums in
      [
        TableCell(name), TableCell(sums[0].mean), TableCell(sums[0].deviation), TableCell(sums[0].test),
        TableCell(sums[0].mean / sums[0].test),
      ]
    }))
let droppedShares = [0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9]
/// The sums in training in units of the sum at test time.
let relativeSums = droppedShares.map { rate in
  var sums = DroppedSums(dropping: Float(rate), inverted: true, masks: masks, seed: run.seed)
  sums.training = sums.training.map { $0 / sums.test }
  return sums
}
let (narrowest, widest) = (relativeSums[0], relativeSums[relativeSums.count - 1])
let farthestMean = relativeSums.map { abs($0.mean - 1) }.max() ?? 0
let beyondTwo = Double(widest.training.count { $0 > 2 }) / Double(max(1, widest.training.count))
page.figure(
  Figure(
    """
    Dropping \(percent(Double(narrowest.rate))) scatters the sum by \(percent(narrowest.deviation)), dropping \
    \(percent(Double(widest.rate))) by \(percent(widest.deviation)); its mean stays within \(percent(farthestMean, 1)) of \
    the test's
    """,
    exploring: FigureParameter("share dropped", values: droppedShares, initial: 3),
    caption: """
      The sum of one unit over 64 inputs for \(grouped(masks)) masks, inverted dropout, seed \(run.seed), in units of its \
      value at test time; above each histogram its mean and deviation.\
      \(beyondTwo > 0 ? " At p = \(short(Double(widest.rate))) a share of \(percent(beyondTwo, 1)) lies beyond 2 and is not drawn." : "")
      """,
    name: "dropped-sums"
  ) { rate in
    let sums = relativeSums[droppedShares.firstIndex(of: rate) ?? 0]
    return .histograms(
      HistogramGrid(
        columns: [],
        rows: [
          .init(
            "p = \(short(rate))", range: 0...2,
            [
              .init(
                heights: sums.histogram(in: 0...2),
                title: "\(fixed(sums.mean, 2)) ± \(fixed(sums.deviation, 2))")
            ], color: 1)
        ], xLabel: "sum in training / sum at test time"))
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

  A layer of $M$ units has $2^M$ subsets, and every image of a training step trains one of them: *thinned nets* that \
  share their weights. For prediction one would like to average them all. With $M = 10$ that can be done exactly: \(1 << 10) nets, \
  every one run on every test image. (The net is small and learns from \(grouped(min(2_000, digits.train.count))) images for \
  \(max(1, 2 * passes / min(2_000, digits.train.count))) epochs, so its errors are many.) The usual shortcut is a single pass with scaled weights. How good is it? \
  (A mask that keeps $k$ units has the probability $(1-p)^k\\,p^{M-k}$; at $p = 0.5$ all are equally likely.)

  For a softmax right behind the dropped layer there is a theorem. The logarithm of a softmax is linear in the logits, up \
  to a constant per row; so the *geometric* mean of all thinned nets, normalized, is the softmax of the mean logits, and \
  that is exactly the one pass with all units.
  """)
page.code("averageAll", in: "Ensemble.swift")
let crowdGuess = page.predict(
  "Compared with a single thinned net, the average of all of them makes",
  choices: [
    "as many mistakes", "eight tenths of the mistakes", "six tenths of the mistakes", "three tenths of the mistakes",
    "a tenth of the mistakes",
  ])
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
  crowdGuess, answer: nearest(to: crowdGain, in: [1, 0.8, 0.6, 0.3, 0.1]),
  "One thinned net \(percentage(single)), all together \(percentage(average)): \(fixed(crowdGain, 2)) of the mistakes.")
let allNets = ensembles[0].nets
page.table(
  Table(
    """
    784 → \(ensembles[0].units) hidden units → 10, dropout ½ on the hidden units: test error over \(seedWords). Off by: how \
    far a probability is at most from that of one pass with scaled weights
    """,
    columns: ["prediction", "nets run", .init("test error (%)", digits: 1), "off by"],
    rows: [
      ["one thinned net, on average", 1, .measured(single), "–"],
      [
        "arithmetic mean of all", .whole(allNets), .measured(average),
        TableCell(short(over(\.differenceFromAverage).maximum)),
      ],
      [
        "geometric mean of all", .whole(allNets), .measured(geometric),
        TableCell(short(over(\.differenceFromGeometric).maximum)),
      ],
      ["one pass, scaled weights", 1, .measured(scaled), "–"],
    ]))
if average.maximum > 1.5 * average.minimum {
  page.sideNote(
    "The seeds differ much: all nets together miss from \(fixed(average.minimum, 1)) to \(fixed(average.maximum, 1)) %."
  )
}
let counts = ExactEnsemble.sampleCounts
let sampled = counts.indices.map { i in Summary(ensembles.map { $0.sampledErrors[i] }) }
/// The farthest that any seed's average of so many sampled nets is from that of all.
let distances = counts.indices.map { i in ensembles.map { abs($0.sampledErrors[i] - $0.averageError) }.max() ?? 0 }
/// From which number on no seed is farther than one and a half points from all of them.
let enough = counts.indices.first { distances[$0...].allSatisfy { $0 <= 1.5 } }
page.figure(
  Figure(
    enough.map {
      "From \(counts[$0]) sampled nets on the error stays within \(fixed(distances[$0...].max() ?? 0, 1)) points of the average of all \(grouped(allNets))"
    }
      ?? "Even \(counts[counts.count - 1]) sampled nets are still \(fixed(distances[distances.count - 1], 1)) points from the average of all \(grouped(allNets))",
    .lines(
      LineChart(
        x: Axis("thinned nets averaged", log: true), y: Axis("test error (%)"),
        [
          Series(
            "average of k nets", x: counts.map(Double.init), y: sampled.map(\.mean),
            deviation: sampled.map(\.deviation), isEmphasized: true, color: 1)
        ],
        references: [
          .init(.horizontal, at: average.mean, "all \(grouped(allNets)): \(fixed(average.mean, 1)) %")
        ])),
    caption: """
      Masks drawn at random, probabilities averaged. The title holds for every seed; the curve is the mean of \(seedWords), \
      the band their deviation. One pass with scaled weights: \(percentage(scaled)). \
      \(grouped(ensembleDigits.test.count)) test images, \(data).
      """,
    name: "sampled-ensemble"))
page.sideNote(
  "With more layers behind the dropout the theorem no longer holds, and scaled weights are an approximation.")

// MARK: Where it pays

page.prose(
  """
  ## When does it help?

  A net of two hidden layers of 100 ReLU units learns from \(grouped(few.count)) images for \(passes / few.count) \
  epochs (momentum 0.9, learning rate 0.01, batches of 25). How much of the hidden layers should be left out?
  """)
let rates = run.pick(
  quick: [0, 0.5, 0.8], normal: [0, 0.2, 0.4, 0.5, 0.6, 0.8], full: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
let offered = [0, 0.2, 0.5, 0.8].filter(rates.contains)
let bestGuess = page.predict(
  "With which of these shares of hidden units left out are the fewest mistakes made on new images?",
  choices: offered.map { $0 == 0 ? "0 (no dropout)" : short($0) } + ["no clear winner"])
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
let ranked = offered.compactMap { rates.firstIndex(of: $0) }.sorted { rateErrors[$0].mean < rateErrors[$1].mean }
let (leader, follower) = (ranked[0], ranked[1])
/// By how much the best share offered is ahead of the next, seed by seed.
let lead = Summary(zip(byRate[follower], byRate[leader]).map { $0.testError - $1.testError })
page.reveal(
  bestGuess, answer: isClear(lead) ? offered.firstIndex(of: rates[leader]) ?? 0 : offered.count,
  """
  The fewest of those offered at \(short(rates[leader])), \(percentage(rateErrors[leader])), the next fewest at \
  \(short(rates[follower])), \(percentage(rateErrors[follower])): \(lead.formatted(decimals: 1)) points apart, \
  \(chance(lead)).\(best == leader ? "" : " The lowest of the whole run is \(percentage(rateErrors[best])), at \(short(rates[best])).")
  """)
page.sideNote(
  """
  On this page a difference is *more than chance* where the 95 % interval of its mean, taken seed by seed, leaves out 0 \
  (Student's t), and the mean is above half a point. Fewer than three seeds cannot tell.
  """)
let saved = Summary(zip(byRate[0], byRate[best]).map { $0.testError - $1.testError })
let ruin = rates.indices.max { rateErrors[$0].mean < rateErrors[$1].mean } ?? 0
let ruinPoints = rateErrors[ruin].mean - rateErrors[0].mean
let ruinWords = ruinPoints > 5 ? "; \(short(rates[ruin])) costs \(fixed(ruinPoints, 0)) points" : ""
page.figure(
  Figure(
    (seeds.count < 3
      ? "So few seeds cannot tell whether any share left out saves mistakes"
      : isClear(saved) && saved.mean > 0
        ? "Leaving out \(percent(rates[best])) of the units saves \(fixed(saved.mean, 1)) points on new images"
        : "On these clean images no share left out saves more than chance") + ruinWords,
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
    caption: """
      \(grouped(few.count)) training images, \(passes / few.count) epochs. Errors measured with nothing left out; without \
      dropout the net misses \(fixed(rateTraining[0].mean, 1)) % of its own images. Mean and deviation of \(seedWords), \
      \(data).
      """,
    name: "rate-sweep"))
page.code("layers", in: "Networks.swift")

page.prose(
  """
  **With more data?** S4 says that dropout is not needed when data are plentiful. The same net, the same number of steps, \
  with and without dropout ½, from few images to many:
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
let lastSize = sizes.count - 1
let savingSizes = sizes.indices.filter { isClear(gains[$0]) && gains[$0].mean > 0 }
let costlySizes = sizes.indices.filter { isClear(gains[$0]) && gains[$0].mean < 0 }
let dearest = costlySizes.min { gains[$0].mean < gains[$1].mean }
page.figure(
  Figure(
    seeds.count < 3
      ? "Dropout \(effect(gains[0])) points at \(grouped(sizes[0])) images and \(effect(gains[lastSize])) at \(grouped(sizes[lastSize])), as far as so few seeds can tell"
      : savingSizes.isEmpty
        ? "Dropout ½ saves more than chance at no size here"
          + (dearest.map { "; at \(grouped(sizes[$0])) images it costs \(fixed(-gains[$0].mean, 1)) points" } ?? "")
        : "Dropout ½ saves more than chance at \(savingSizes.map { grouped(sizes[$0]) }.joined(separator: ", ")) images; at \(grouped(sizes[lastSize])) it \(effect(gains[lastSize])) points, \(chance(gains[lastSize]))",
    .lines(
      LineChart(
        x: Axis("training images", log: true), y: Axis("test error (%)"),
        zip(["no dropout", "dropout ½"], sizeErrors).enumerated().map { index, pair in
          Series(
            pair.0, x: sizes.map(Double.init), y: pair.1.map(\.mean), deviation: pair.1.map(\.deviation),
            isEmphasized: index == 1, color: index)
        })),
    caption: """
      \(grouped(passes)) images shown in each training: \(counted(max(1, passes / sizes[0]), "epoch")) of \
      \(grouped(sizes[0])) images, \(counted(max(1, passes / sizes[lastSize]), "epoch")) of \(grouped(sizes[lastSize])). \
      Mean and deviation of \(seedWords), \(data).
      """,
    name: "size-sweep"))
/// The error of the largest set's nets on their own images, without and with dropout.
let ownErrors = bySize.map { Summary($0[lastSize].map(\.trainingError)) }
if gains[lastSize].mean < -0.5 && ownErrors[1].mean > ownErrors[0].mean + 0.5 {
  page.prose(
    """
    What dropout costs at \(grouped(sizes[lastSize])) images is not overfitting: after \
    \(counted(max(1, passes / sizes[lastSize]), "epoch")) the net with dropout still misses \
    \(fixed(ownErrors[1].mean, 1)) % of its *own* images, the net without \(fixed(ownErrors[0].mean, 1)) %. It has learned \
    less in the same number of steps.
    """)
}

page.prose(
  """
  **With wrong labels?** A fifth of the labels are replaced by random other ones. A net that learns them by heart has \
  learned nonsense; one that cannot has been protected. The training is twice as long as above.
  """)
let noisyGuess = page.predict(
  "With a fifth of the labels wrong: what dropout ½ saves on new images, compared with right labels and after as many steps, is",
  choices: ["less", "not clearly different", "more"])
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
let cleanPlace = sizes.firstIndex { $0 >= noisySize } ?? lastSize
let cleanGain = gains[cleanPlace]
let noisyGain = Summary(zip(noisy[0], noisy[1]).map { $0.testError - $1.testError })
/// After half of the training: as many steps as with right labels.
let halfWay = max(1, passes / noisySize) - 1
let noisyHalfGain = Summary(zip(noisy[0], noisy[1]).map { $0.curve[halfWay] - $1.curve[halfWay] })
let moreSaved = noisyHalfGain - cleanGain
page.reveal(
  noisyGuess, answer: isClear(moreSaved) ? (moreSaved.mean > 0 ? 2 : 0) : 1,
  """
  After \(grouped(passes)) images shown, dropout \(effect(noisyHalfGain)) points with wrong labels and \
  \(effect(cleanGain)) with right ones\
  \(sizes[cleanPlace] == noisySize ? "" : " (\(grouped(noisySize)) and \(grouped(sizes[cleanPlace])) images)"): \
  \(moreSaved.formatted(decimals: 1)) apart, \(chance(moreSaved)).
  """)
func curves(_ runs: [Result]) -> [Summary] { runs[0].curve.indices.map { e in Summary(runs.map { $0.curve[e] }) } }
let noisyCurves = noisy.map(curves)
let lowest = noisyCurves.map { $0.map(\.mean).min() ?? 0 }, final = noisyCurves.map { $0.last?.mean ?? 0 }
page.figure(
  Figure(
    final[0] - lowest[0] > 2 * max(0.5, final[1] - lowest[1])
      ? "Without dropout the error climbs from \(fixed(lowest[0], 1)) to \(fixed(final[0], 1)) %, with it from \(fixed(lowest[1], 1)) to \(fixed(final[1], 1)) %"
      : "With a fifth of the labels wrong the error ends at \(fixed(final[0], 1)) % without and \(fixed(final[1], 1)) % with dropout, \(noisyGain.count < 3 ? "one run each" : "a difference \(chance(noisyGain))")",
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
let noisyOwn = noisy.map { Summary($0.map(\.trainingError)) }
page.prose(
  """
  How much was learned by heart? A net that knows the rule and nothing else misses a fifth of its training labels, the \
  wrong ones. At the end the net without dropout misses \(percentage(noisyOwn[0])) of its training labels, the net with \
  dropout \(percentage(noisyOwn[1])). At its best epoch, which nobody knows beforehand, the net without dropout misses \
  \(fixed(lowest[0], 1)) % of the new images, the net with dropout \(fixed(lowest[1], 1)) %: \
  \(lowest[0] < lowest[1] ? "who could stop in time would not need dropout. What dropout saves grows and shrinks with the moment at which one stops" : "dropout is ahead there, too").
  """)

// MARK: Co-adaptation

page.prose(
  """
  ## Units that rely on each other

  "Co-adaptation" is the word of the paper on dropout (Srivastava et al. 2014): a unit corrects what another gets wrong, and is useless without it. Such a net \
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
let halfGone = shares.firstIndex(of: 0.5) ?? shares.count - 1
/// The points of error that the loss of half of the units costs, without and with dropout.
let losses = damage.map { errors in errors[halfGone] - errors[0] }
let spared = losses[0] - losses[1]
page.figure(
  Figure(
    "Half of the units gone costs \(fixed(losses[0].mean, 1)) points without dropout and \(fixed(losses[1].mean, 1)) with it"
      + (seeds.count < 3 ? "" : isClear(spared) ? "" : ": within chance"),
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
page.prose(
  """
  Mind that the net with dropout has practised: in training half of its units were missing every time. The test shows \
  that its units do without each other, not what each of them has learned.
  """)
var pictures = ImageGrid(
  columns: 8, features(byRate[0][0].model, count: 8) + features(byRate[half][0].model, count: 8), isSigned: true)
pictures.rowLabels = ["no dropout", "dropout ½"]
let smoothness = [byRate[0], byRate[half]].map { Summary($0.map { neighbourCorrelation($0.model) }) }
let smoother = smoothness[1] - smoothness[0]
page.figure(
  Figure(
    smoother.mean > 0 && (isClear(smoother, beyond: 0.01) || smoother.count < 3)
      ? "With dropout the weights of neighbouring pixels are more alike: correlation \(fixed(smoothness[1].mean, 2)) against \(fixed(smoothness[0].mean, 2))"
      : "With dropout the weights of neighbouring pixels are not clearly more alike: correlation \(fixed(smoothness[1].mean, 2)) against \(fixed(smoothness[0].mean, 2))",
    .images(pictures),
    caption: """
      What eight units of the first layer look for, seed \(seeds[0]); the two hues are the two signs. The correlation is that \
      of each weight with the one to its right, over all units and \(seedWords), \(data).
      """,
    name: "features", isWide: true))
let hidden = [byRate[0], byRate[half]].map { $0.map { HiddenStatistics($0.model, on: digits.test) } }
let correlations = hidden.map { Summary($0.map(\.correlation)) },
  sparsities = hidden.map { Summary($0.map(\.sparsity)) }
page.prose(
  """
  Do two units say the same? The activations of two units of the first layer over \(HiddenStatistics.images) test images \
  have a correlation of \(fixed(correlations[0].mean, 2)) without and \(fixed(correlations[1].mean, 2)) with dropout, its sign \
  ignored, on average over pairs. Part of that may be silence: \(percent(sparsities[0].mean)) of the activations are 0 \
  without dropout, \(percent(sparsities[1].mean)) with it.
  """)

// MARK: Relatives

page.prose(
  """
  ## Relatives and rivals

  *DropConnect* leaves out single weights instead of whole units, here those between the two hidden layers: \
  $y = x\\,(R \\circ W)^T/(1-p) + b$. Here $R$ is a mask \
  of random zeros and ones of the shape of $W$, and $\\circ$ multiplies entry by entry; a weight that was absent learns \
  nothing. *Batch normalization* (chapter 5) adds noise of its own, \
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
/// What each of them saves, seed by seed, against the net with nothing.
let contestGains = contest.map { results in Summary(zip(contest[0], results).map { $0.testError - $1.testError }) }
page.table(
  Table(
    """
    Error (%) after learning from \(grouped(few.count)) images. Gap: the error on new images minus that on its own. Saves: \
    points less on new images than the first row, seed by seed
    """,
    columns: [
      "left out or added", .init("on its own images", digits: 1), .init("on new images", digits: 1),
      .init("gap", digits: 1), .init("saves", digits: 1),
    ],
    rows: contestants.indices.map { index in
      let summaries = [\Result.trainingError, \.testError, \.gap].map { path in
        Summary(contest[index].map { $0[keyPath: path] })
      }
      return [TableCell(contestants[index].name)] + summaries.map { .measured($0) }
        + [index == 0 ? "–" : .measured(contestGains[index])]
    }))
let clearOnes = contestants.indices.filter { isClear(contestGains[$0]) }
/// What dropout saves on top of batch norm.
let onTop = Summary(zip(contest[3], contest[4]).map { $0.testError - $1.testError })
let onTopReason =
  isClear(onTop) && onTop.mean < 0
  ? " Li et al. (below) give a reason: the variance that batch norm keeps for the test is taken in training, where dropout has widened it."
  : ""
page.prose(
  """
  \(seeds.count < 3
    ? "So few seeds cannot tell these differences from chance."
    : clearOnes.isEmpty
      ? "None of the four differs from nothing by more than chance."
      : "More than chance, compared with the first row: \(clearOnes.map { "\(contestants[$0].name) \(effect(contestGains[$0]))" }.joined(separator: ", ")).") \
  Dropout on top of batch norm \(effect(onTop)) points, \(chance(onTop)).\(onTopReason)
  """)

// MARK: Claims

/// The verdict on an effect measured once for each seed: reproduced where each of them has it.
func verdict(_ values: [Double], reproduced: (Double) -> Bool, partly: (Double) -> Bool) -> Claim.Verdict {
  if seeds.count >= 3 && values.allSatisfy(reproduced) { return .reproduced }
  let mean = Summary(values).mean
  return reproduced(mean) || partly(mean) ? .partly : .notHere
}
func reason(_ text: String = "") -> String { seeds.count < 3 ? "a verdict needs three seeds" : text }
/// The verdict on an effect in points of error: reproduced where it is more than chance.
func verdict(_ points: Summary) -> Claim.Verdict {
  points.mean <= 0.5 ? .notHere : isClear(points) ? .reproduced : .partly
}
/// The verdict on "not needed where …": nothing saved there counts only where dropout saves something elsewhere.
func superfluous(there: Summary, elsewhere: Summary) -> Claim.Verdict {
  if isClear(there) && there.mean > 0 { return .notHere }
  if there.mean > 0.5 { return .partly }
  return isClear(elsewhere) && elsewhere.mean > 0 ? .reproduced : .partly
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
    reason: reason("“one” is a thinned net, with half of the units on average; all \(ensembles[0].nets) were run")))
page.claim(
  Claim(
    "One pass with scaled weights stands in for the average", source: "S4, Srivastava et al. 2014",
    published: "approximately", measured: "\(percentage(scaled)) against \(percentage(average))", seeds: seeds.count,
    verdict: verdict(
      ensembles.map { abs($0.scaledError - $0.averageError) }, reproduced: { $0 < 2.5 }, partly: { $0 < 5 }),
    reason: reason(
      """
      the errors are up to \(fixed(ensembles.map { abs($0.scaledError - $0.averageError) }.max() ?? 0, 1)) points apart (2.5 \
      count as the same); single probabilities are off by \(short(over(\.meanDifference).mean)) on average and by up to \
      \(short(over(\.differenceFromAverage).maximum))
      """)))
let halfSaved = Summary(zip(byRate[0], byRate[half]).map { $0.testError - $1.testError })
let ownWords =
  rateTraining[half].mean < 2
  ? "learned by heart all the same, \(fixed(rateTraining[half].mean, 1)) % of them are missed"
  : "\(fixed(rateTraining[half].mean, 1)) % of them are missed, without dropout \(fixed(rateTraining[0].mean, 1))"
let bestHelps = isClear(saved) && saved.mean > 0 && best != half
page.claim(
  Claim(
    "Dropout prevents overfitting", source: "S1, S4", published: "lower test error",
    measured: "p = ½ \(effect(halfSaved)) points"
      + (best == half ? "" : ", the best share, \(short(rates[best])), \(effect(saved))"),
    seeds: seeds.count,
    verdict: verdict(halfSaved) == .notHere && bestHelps ? .partly : verdict(halfSaved),
    reason: reason("\(few.count) clean images; with p = ½ \(ownWords)")))
let sizeVerdict = superfluous(there: gains[lastSize], elsewhere: gains[0])
page.claim(
  Claim(
    "With much data it is not needed", source: "S4", published: "no gain",
    measured: "\(effect(gains[lastSize])) points at \(grouped(sizes[lastSize])) images", seeds: seeds.count,
    verdict: sizeVerdict,
    reason: reason(
      sizeVerdict == .partly && gains[lastSize].mean <= 0.5
        ? "with few data it saves nothing beyond chance either, at \(grouped(sizes[0])) images it \(effect(gains[0])): less data is no reason here"
        : "at \(grouped(sizes[0])) images it \(effect(gains[0]))")))
page.claim(
  Claim(
    "It protects from wrong labels", source: "often said", published: "lower test error",
    measured: effect(noisyGain) + " points", seeds: seeds.count, verdict: verdict(noisyGain),
    reason: reason(
      """
      20 % of \(grouped(noisySize)) labels wrong, after \(counted(noisyCurves[0].count, "epoch")); at its best epoch the net \
      without dropout has \(fixed(lowest[0], 1)) % errors, with it \(fixed(lowest[1], 1))
      """)))
page.claim(
  Claim(
    "It prevents co-adaptation of units", source: "S1", published: "units useful by themselves",
    measured: "\(spared.formatted(decimals: 1)) points fewer lost", seeds: seeds.count,
    // The test is the training of one of the two nets.
    verdict: verdict(spared) == .notHere ? .notHere : .partly,
    reason: reason("when half of the units are removed; with dropout the net has practised just that")))
let normVerdict = superfluous(there: onTop, elsewhere: contestGains[1])
page.claim(
  Claim(
    "Batch norm makes dropout superfluous", source: "S3", published: "dropout can go",
    measured: "with batch norm dropout \(effect(onTop)) points, without it \(effect(contestGains[1]))",
    seeds: seeds.count, verdict: normVerdict,
    reason: reason(
      normVerdict == .partly && onTop.mean <= 0.5
        ? "dropout ½ saves nothing beyond chance without batch norm either, so there is little that batch norm could have taken over"
        : "with batch norm the difference is \(chance(onTop)), without it \(chance(contestGains[1]))")))

/// An effect in points, or that there is none to be told from chance.
func told(_ saved: Summary) -> String {
  saved.count >= 3 && !isClear(saved) ? "makes no difference beyond chance" : effect(saved) + " points"
}
page.callout(
  .takeaway,
  """
  - Dropout multiplies each activation by a random 0 or 1; dividing by $1 - p$ in training (*inverted*) keeps the expectation \
  and leaves the test untouched.
  - It trains $2^M$ nets that share weights. One pass with all units is their geometric mean: exactly so behind one softmax \
  layer, approximately in deep nets.
  - It is meant to protect from learning by heart, and pays where there is something to protect from. Here dropout ½ \
  \(told(halfSaved)) on \(grouped(few.count)) clean images, \(told(gains[lastSize])) on \
  \(grouped(sizes[lastSize])), \(told(onTop)) on top of batch norm, and \(told(noisyGain)) with a fifth of the labels \
  wrong and twice as many steps.
  """)
page.exercises(run.exercises)
page.furtherReading([
  "Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15",
  "Wan et al. 2013, *Regularization of neural networks using DropConnect*, ICML",
  "Baldi and Sadowski 2013, *Understanding dropout*, NeurIPS: the geometric mean",
  "Li, Chen, Hu and Yang 2019, *Understanding the disharmony between dropout and batch normalization by variance shift*, arXiv:1801.05134",
])
run.publish(&page)
