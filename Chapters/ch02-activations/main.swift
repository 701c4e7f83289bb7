// Chapter 2: what bends the line.

import Foundation
import Workbook

let run = ChapterRun.start(chapter: 2)
let digits = run.trying {
  try Digits.load(from: run.options.data, count: run.pick(quick: 2000, normal: 10_000, full: 60_000))
}
let dataName = digits.name
let seeds = run.seeds(quick: 1, normal: 3, full: 10)
var page = run.page(
  lead: """
    Between two layers stands a small function that bends the line. Which one it is decides whether a gradient gets \
    through, whether units die, and what a step costs.
    """,
  data: dataName)

page.prose(
  """
  ## The question

  Two dense layers one behind the other are a single dense layer: $W_2(W_1 x) = (W_2 W_1)x$. Only a function between \
  them that is not a straight line makes depth worth having. For thirty years that was the sigmoid. Why did ReLU replace \
  it, and what did that cost?

  ## Sigmoid and tanh

  $$\\sigma(x) = \\frac{1}{1 + e^{-x}} \\qquad \\sigma' = \\sigma(1 - \\sigma)$$

  $$\\tanh x = 2\\sigma(2x) - 1 \\qquad \\tanh' = 1 - \\tanh^2$$

  Both slopes can be written with the output alone, so the backward pass needs no exponential. The sigmoid's slope is \
  never above 1/4; tanh has slope 1 in the middle. Far out both are flat: **saturated**.
  """)
let (sigmoid, tanhCurve) = (Curve(Sigmoid(), from: -10, to: 10), Curve(Tanh(), from: -10, to: 10))
let left = Summary(seeds.map { slopeLeft(at: 10, seed: $0) })
let (top, tanhTop) = (sigmoid.slope.max() ?? 0, tanhCurve.slope.max() ?? 0)
page.figure(
  Figure(
    "At ±10 the sigmoid has \(short(left.mean * 100)) % of its slope left, and even its best slope is only \(fixed(top, 2))",
    .lines(
      LineChart(
        x: Axis("x"), y: Axis("value, slope"),
        [
          Series("sigmoid", x: sigmoid.x, y: sigmoid.y, style: .line, color: Bend.sigmoid.color),
          Series("its slope", x: sigmoid.x, y: sigmoid.slope, style: .line, isEmphasized: true, color: 6),
          Series("tanh", x: tanhCurve.x, y: tanhCurve.y, style: .line, color: Bend.tanh.color),
          Series("slope of tanh", x: tanhCurve.x, y: tanhCurve.slope, style: .line, color: 3),
        ])),
    caption:
      "Computed by the library's layers, slopes by their backward passes. The highest slope of tanh is \(fixed(tanhTop, 2)).",
    name: "s-shapes"))

let deepQuestion = page.predict(
  "A gradient goes back through 16 layers of sigmoids, weights of variance 1/fan-in. How much of it is left?",
  choices: ["1e-1", "1e-3", "1e-6", "1e-10"])
page.code("survival", in: "Depth.swift")
let depth = 16
let factors: [Float] = [0.5, 1, 2, 4, 8]
let bends = DepthExperiment.bends
let depthBar = page.progress("depth", total: factors.count * bends.count)
let deep = DepthExperiment(
  factors: factors, depth: depth, width: run.pick(quick: 64, normal: 128, full: 512), seeds: seeds
) { done in
  run.stopIfInterrupted()
  depthBar.update(done)
}
depthBar.finish()
let perLayer = bends.indices.map { Summary(deep.perLayer(1, $0)) }
page.reveal(
  deepQuestion, answer: deep.typical(1, 0)[depth - 1],
  "Each layer keeps \(percent(perLayer[0].mean)): the mean slope of the sigmoid, times weights that would have kept it whole."
)
let reluGap = bends.firstIndex(of: .relu) ?? 2
page.figure(
  Figure(
    perLayer[0].mean < 0.3 && abs(perLayer[reluGap].mean - 1) < 0.1
      ? "Sixteen sigmoids leave \(short(deep.typical(1, 0)[depth - 1])) of the gradient, sixteen ReLUs \(short(deep.typical(1, reluGap)[depth - 1]))"
      : "Per layer the sigmoid keeps \(fixed(perLayer[0].mean, 2)) of the gradient, ReLU \(fixed(perLayer[reluGap].mean, 2))",
    exploring: FigureParameter("weights, times the usual", values: factors.map(Double.init), initial: 1),
    caption: """
      The norm of the gradient after so many layers on the way back, over the norm it began with. Usual weights: standard \
      deviation 1/√fan-in in front of sigmoid and tanh, √2/√fan-in in front of the others. Move the weights: \
      eight times the usual ones still leave the sigmoids \(short(deep.typical(4, 0)[depth - 1])), and make the ReLUs grow to \
      \(short(deep.typical(4, reluGap)[depth - 1])). \(seeds.count) \
      \(seeds.count == 1 ? "seed" : "seeds").
      """,
    name: "survival"
  ) { factor in
    let index = factors.firstIndex(of: Float(factor)) ?? 1
    return .lines(
      LineChart(
        x: Axis("layers behind it"), y: Axis("share of the gradient left", log: true),
        bends.indices.map { bend in
          Series(
            bends[bend].name, y: deep.typical(index, bend), style: .line, isEmphasized: bend == 0,
            color: bends[bend].color)
        }, references: [.init(.horizontal, at: 1, "all of it")]))
  })

// Signs.
let zigzag = TwoWeights(mean: 0.5)
page.prose(
  """
  ## All positive in, zigzag out

  A sigmoid has a second fault: its outputs are all positive, and they are the next layer's inputs. For a unit with sum \
  $z = \\sum_i w_i x_i$ the chain rule gives

  $$\\frac{\\partial L}{\\partial w_i} = \\frac{\\partial L}{\\partial z}\\, x_i$$

  One factor $\\partial L/\\partial z$ for all weights, so if every $x_i$ is positive, every weight gets a gradient of \
  the same sign: all up, or all down. Where one weight should rise and another fall, the way there is a zigzag. Here \
  is a unit with two weights that should become 1 and −1:
  """)
page.code("zigzag", in: "ZigZag.swift")
let means = [0.0, 0.25, 0.5, 1, 2]
let walkSteps = 60
let walks = means.map { mean in
  seeds.map { TwoWeights(mean: mean).descend(rate: TwoWeights(mean: mean).rate, steps: walkSteps, seed: $0) }
}
let (centered, positive) = (Summary(walks[0].map(\.distance)), Summary(walks[2].map(\.distance)))
let (signCentered, signPositive) = (Summary(walks[0].map(\.sameSign)), Summary(walks[2].map(\.sameSign)))
page.figure(
  Figure(
    "Positive inputs: in \(percent(signPositive.mean)) of the steps both weights move the same way; centred inputs: in \(percent(signCentered.mean))",
    exploring: FigureParameter("mean of the inputs", values: means, initial: 2),
    caption: """
      Inputs uniform on mean ± ½: from a mean of ½ on all are positive. \(walkSteps) single-sample steps from (0, 0), each mean with \
      a learning rate to suit it. Centred inputs end \(short(centered.mean)) from the goal, positive ones \(short(positive.mean)): \
      the valley that they dig is \(fixed(zigzag.condition, 0)) times as steep one way as the other (chapter 1's κ). Seed \(seeds[0]).
      """,
    name: "zigzag"
  ) { mean in
    let (unit, walk) = (TwoWeights(mean: mean), walks[means.firstIndex(of: mean) ?? 0][0])
    return .contour(
      ContourPlot(
        x: Axis("first weight", range: -0.6...1.8), y: Axis("second weight", range: -1.8...0.6),
        heights: unit.heights(-0.6...1.8, -1.8...0.6),
        paths: [
          Series("path", x: walk.a, y: walk.b, style: .line, isEmphasized: true, color: 1),
          Series("goal", x: [1], y: [-1], style: .points, color: 0),
        ]))
  })

let signQuestion = page.predict(
  "Real steps add up a batch. With batches of 64, how many units that are fed by sigmoids still get gradients of one sign for all 16 weights?",
  choices: ["1 %", "10 %", "40 %", "100 %"])
let sizes = [1, 2, 4, 8, 16, 32, 64]
let signBends: [Bend] = [.sigmoid, .relu, .elu, .tanh]
let signShares = signBends.map { bend in
  sizes.map { size in Summary(seeds.map { oneSignShare(bend, batch: size, seed: $0) }) }
}
page.reveal(
  signQuestion, answer: 100 * signShares[0][6].mean,
  "The lecture says that a batch cures this. It does for ReLU, whose outputs spread far around their mean; a sigmoid's hardly differ from ½."
)
page.figure(
  Figure(
    signShares[0][6].mean > 0.2 && signShares[1][6].mean < 0.1
      ? "A batch of 64 mixes the signs behind ReLU, but \(percent(signShares[0][6].mean)) of the units behind sigmoids still go all one way"
      : "With batches of 64, \(percent(signShares[0][6].mean)) of the units behind sigmoids and \(percent(signShares[1][6].mean)) behind ReLUs go all one way",
    .lines(
      LineChart(
        x: Axis("batch size", log: true), y: Axis("units with one sign for all weights", range: 0...1),
        signBends.indices.map { index in
          Series(
            "behind \(signBends[index].name)", x: sizes.map(Double.init), y: signShares[index].map(\.mean),
            deviation: signShares[index].map(\.deviation), isEmphasized: index == 0, color: signBends[index].color)
        })),
    caption:
      "400 units with 16 weights each; sums before the activation and errors behind it are standard normal numbers.",
    name: "one-sign"))
page.callout(
  .erratum("S2"),
  """
  The source says that with $x_i$ positive the gradient is positive. The sign is that of $\\partial L/\\partial z$, which \
  may be either: all weights go up or all go down, *together*. An easy slip, for the lecture says "all positive or all negative".
  """)

// Rectifiers.
let slopesShown = [0, 0.01, 0.25, 0.5, 1, 1.5, 2]
let wrongAt2 = Curve.values(of: PReLU(initialSlope: 2), at: [-1, 1]).y
page.prose(
  """
  ## ReLU

  $$\\mathrm{ReLU}(x) = \\max(0, x) \\qquad \\mathrm{ReLU}' = 1 \\text{ where } x > 0, \\text{ else } 0$$

  The slope is 1 however large $x$ is: no saturation on that side, and no exponential. At exactly 0 there is no slope; \
  programs take 0. On the other side the slope is 0 too, which is a new way to kill a gradient, and there are cures:

  ## Leaky ReLU and PReLU

  Let the negative side leak: $x$ where $x > 0$, else $\\alpha x$, with $\\alpha = 0.01$. Or learn $\\alpha$ like a weight \
  (PReLU). Its gradient collects what came in on the negative side:

  $$\\frac{\\partial L}{\\partial \\alpha} = \\sum_{x \\le 0} \\frac{\\partial L}{\\partial y}\\, x \\qquad \
  \\frac{\\partial L}{\\partial x} = \\frac{\\partial L}{\\partial y} \\text{ where } x > 0, \\text{ else } \
  \\alpha\\,\\frac{\\partial L}{\\partial y}$$

  ## ELU

  $x$ where $x > 0$, else $\\alpha(e^x - 1)$, which is flat only far out, at $-\\alpha$. Its slope there is \
  $\\alpha e^x = y + \\alpha$. Its outputs lie around 0 more than those of a ReLU.
  """)
page.figure(
  Figure(
    "Up to α = 1 PReLU is the larger of x and αx; at α = 2 it gives \(fixed(wrongAt2[0], 0)) at −1 where the maximum gives −1",
    exploring: FigureParameter("α", values: slopesShown, initial: 2),
    caption: "At α = 0 PReLU is ReLU, at 0.01 leaky ReLU. Move α.",
    name: "rectifiers"
  ) { alpha in
    let prelu = Curve(PReLU(initialSlope: Float(alpha)), from: -3, to: 3, count: 121)
    let elu = Curve(ELU(alpha: Float(alpha)), from: -3, to: 3, count: 121)
    return .lines(
      LineChart(
        x: Axis("x"), y: Axis("value", range: -3...3),
        [
          Series("PReLU", x: prelu.x, y: prelu.y, style: .line, isEmphasized: true, color: Bend.prelu.color),
          Series("max(αx, x)", x: prelu.x, y: prelu.x.map { max(alpha * $0, $0) }, style: .line, color: 1),
          Series("ELU", x: elu.x, y: elu.y, style: .line, color: Bend.elu.color),
        ]))
  })
page.callout(
  .erratum("S2"),
  """
  The source writes PReLU as $\\max(\\alpha x, x)$. That is right for $\\alpha \\le 1$ and wrong above, where the maximum \
  takes the other line. A learned $\\alpha$ may well pass 1, so programs ask for the sign of $x$ instead. An easy \
  mistake: nobody sets $\\alpha$ above 1 by hand.
  """)

// Dead units.
page.prose(
  """
  ## Dead units

  A ReLU whose sum is negative for *every* sample gets no gradient from any of them, so nothing brings it back: it is \
  **dead**. One step that is too large is enough to throw its bias far down. The census: train, send \
  \(run.pick(quick: 200, normal: 500, full: 2000)) images through, count the hidden units whose slope stays below a thousandth.
  """)
page.code("deadShare", in: "DeadUnits.swift")
let rates: [Float] = run.pick(
  quick: [0.05, 0.4], normal: [0.05, 0.1, 0.2, 0.4], full: [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5])
let deadQuestion = page.predict(
  "Two hidden layers of 100 ReLUs learn digits at a rate of 0.4, eight times a comfortable one. How many units are dead in the end?",
  choices: ["0 %", "5 %", "40 %", "all of them"])
let censusSteps = run.pick(quick: 60, normal: 150, full: 1000)
let probe = digits.train.batch(first: run.pick(quick: 200, normal: 500, full: 2000))
let censusBar = page.progress("census", total: rates.count * CensusExperiment.kinds.count)
let deaths = run.trying {
  try CensusExperiment(rates: rates, on: digits.train, probe: probe, steps: censusSteps, seeds: seeds) { done in
    run.stopIfInterrupted()
    censusBar.update(done)
  }
}
censusBar.finish()
let hot = rates.firstIndex(of: 0.4) ?? 0
let (hotDead, hotBias) = (deaths.dead(0, hot), deaths.dead(1, hot))
let coolDead = deaths.dead(0, 0)
page.reveal(deadQuestion, answer: 100 * hotDead.mean, "At a rate of \(rates[0]) it is \(percent(coolDead.mean)).")
// Leaky ReLU and PReLU: an ELU that a step has thrown far to the left is dead as well.
let leaks = [2, 3]
let leakDiverged = leaks.reduce(0) { $0 + deaths.diverged($1, hot) }
let reluDiverged = deaths.diverged(0, hot)
page.figure(
  Figure(
    hotDead.mean > coolDead.mean + 0.05
      ? "Too high a rate kills: \(percent(hotDead.mean)) of the ReLUs are dead at 0.4, \(percent(coolDead.mean)) at \(rates[0])"
      : "In this run no rate kills many ReLUs: \(percent(hotDead.mean)) at 0.4",
    .lines(
      LineChart(
        x: Axis("learning rate", log: true), y: Axis("share of dead units", range: 0...1),
        CensusExperiment.kinds.indices.map { kind in
          // Rates at which every run has diverged have nothing to show.
          let places = rates.indices.filter { deaths.dead(kind, $0).count > 0 }
          return Series(
            CensusExperiment.kinds[kind].name, x: places.map { Double(rates[$0]) },
            y: places.map { deaths.dead(kind, $0).mean }, deviation: places.map { deaths.dead(kind, $0).deviation },
            isEmphasized: kind == 0, color: [0, 1, 3, 4, 5][kind])
        })),
    caption: """
      Two hidden layers of 100 units, \(censusSteps) steps of 32 images (\(dataName)), \(seeds.count) \(seeds.count == 1 ? "seed" : "seeds"). Runs that \
      diverged are left out: at a rate of 0.4, \(leakDiverged) of \(leaks.count * seeds.count) nets with a leak, \(deaths.diverged(4, hot)) of \(seeds.count) with ELU, \(reluDiverged) of \(seeds.count) with ReLU.
      """,
    name: "dead-units"))
if leakDiverged > leaks.count * reluDiverged {
  page.prose(
    """
    The last numbers are worth a thought. At a rate where a ReLU net loses its units and goes on, many of the nets that \
    cannot lose any blow up: perhaps death is also a fuse. Neither is a way to train; the remedy for both is a smaller rate.
    """)
}

// Centred outputs.
let usual = rates.firstIndex(of: 0.1) ?? 0
let offsets = Bend.allCases.map { bend in
  // The census has trained four of the six already.
  if let kind = CensusExperiment.kinds.firstIndex(where: { $0.bend == bend }) {
    return Summary(deaths.results[kind][usual].map(\.offset))
  }
  return Summary(
    seeds.map { seed in
      run.trying {
        try census(
          CensusCase(bend: bend, rate: rates[usual], bias: 0), on: digits.train, probe: probe, steps: censusSteps,
          seed: seed
        ).offset
      }
    })
}
page.table(
  Table(
    "How far the outputs of the second hidden layer are from being centred: |mean| / standard deviation, rate \(rates[usual]) (\(dataName))",
    columns: ["activation", .init("|mean| / std", digits: 2)],
    rows: zip(Bend.allCases, offsets).map { [TableCell($0.name), .measured($1)] }))

// Maxout.
let dense = run.trying { try Model(Sequential([Dense(100, 100)]), input: [100], seed: 1).parameterCount }
let maxout = run.trying {
  try Model(Sequential([Maxout(100, 100, pieces: 2)]), input: [100], seed: 1).parameterCount
}
let (fit2, fit8) = (MaxoutFit(pieces: 2), MaxoutFit(pieces: 8))
page.prose(
  """
  ## Maxout

  Why choose a bend at all? A **maxout** unit takes the largest of $k$ sums, each with weights of its own:

  $$y = \\max_i\\,(w_i \\cdot x + b_i)$$

  ReLU and leaky ReLU are special cases with $k = 2$, and with more pieces any curve that bends upwards can be followed. \
  The gradient goes to the sum that won, and to no other. The price: a dense layer of 100 to 100 has \(grouped(dense)) \
  parameters, maxout with two pieces \(grouped(maxout)).
  """)
page.figure(
  Figure(
    "Two pieces follow x² to within \(short(fit2.error)), eight to within \(short(fit8.error)): four times the pieces, \(fixed(fit2.error / fit8.error, 0)) times the precision",
    exploring: FigureParameter("pieces", values: [1, 2, 3, 4, 6, 8], initial: 1),
    caption: "One maxout unit whose pieces are tangents of $x^2$.",
    name: "maxout"
  ) { pieces in
    let fit = MaxoutFit(pieces: Int(pieces))
    return .lines(
      LineChart(
        x: Axis("x"), y: Axis("y", range: -1...1),
        [
          Series("x²", x: fit.x, y: fit.x.map { $0 * $0 }, style: .line, color: 2),
          Series("maxout", x: fit.x, y: fit.y, style: .line, isEmphasized: true, color: 0),
        ]))
  })

// Six times.
page.prose(
  """
  ## Six times faster?

  S2 says that a ReLU net *converges* about 6 times faster than one with tanh; S4 says that ReLU is 6 times cheaper to \
  *compute* than a sigmoid. The two have nothing to do with each other. The first goes back to a figure in the AlexNet \
  paper: a convolutional net of four layers on CIFAR-10, steps until a quarter of the training images is still wrong, the learning \
  rate chosen for each activation. Both can be measured.
  """)
let raceQuestion = page.predict(
  "A small conv net on digits, the learning rate tuned for each activation. To come down to a loss of 0.5, tanh needs how many times the steps of ReLU?",
  choices: ["0.2", "0.8", "2", "6"])
let target = 0.5
let limit = run.pick(quick: 30, normal: 150, full: 1500)
let raceRates: [Float] = run.pick(
  quick: [0.08], normal: [0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28],
  full: [0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56])
let racing: [Bend] = run.pick(
  quick: [.tanh, .relu], normal: [.sigmoid, .tanh, .relu, .prelu, .elu], full: Bend.allCases)
/// The paper's start: every weight from N(0, 0.01²).
let smallRates: [Float] = run.pick(quick: [0.16], normal: [0.16, 0.32, 0.64], full: [0.08, 0.16, 0.32, 0.64, 1.28])
/// The seeds on which a rate is chosen. One may be lucky with a rate at which others blow up.
let trials = run.pick(quick: 1, normal: 1, full: 3)
let raceBar = page.progress("race", total: racing.count * (raceRates.count + 1) + 2 * (smallRates.count + 1))
var laps = 0
let racers = racing.map { bend in
  run.trying {
    try Racer(
      bend, rates: raceRates, trials: trials, target: target, limit: limit, on: digits.train, seeds: seeds
    ) {
      run.stopIfInterrupted()
      laps += 1
      raceBar.update(laps)
    }
  }
}
let small = [Bend.tanh, .relu].map { bend in
  run.trying {
    try Racer(
      bend, weights: .normal(standardDeviation: 0.01), rates: smallRates, trials: trials, target: target,
      limit: limit, on: digits.train, seeds: seeds
    ) {
      run.stopIfInterrupted()
      laps += 1
      raceBar.update(laps)
    }
  }
}
raceBar.finish()
/// The racer of one activation.
@MainActor func racer(_ bend: Bend) -> Racer { racers[racing.firstIndex(of: bend) ?? 0] }
let (tanhRace, reluRace) = (racer(.tanh), racer(.relu))
let converged = tanhRace.arrives && reluRace.arrives
let ratio = Summary(zip(tanhRace.steps, reluRace.steps).map { $0 / $1 })
page.reveal(
  raceQuestion, answer: ratio.mean,
  converged
    ? "tanh \(Summary(tanhRace.steps).formatted(decimals: 0)) steps, ReLU \(Summary(reluRace.steps).formatted(decimals: 0))."
    : "Not all runs came down that far within \(limit) steps, so this is only a bound.")
page.figure(
  Figure(
    ratio.mean > 3
      ? "Tuned, ReLU is \(fixed(ratio.mean, 1)) times as fast as tanh"
      : ratio.mean > 1.3
        ? "Tuned, ReLU is ahead of tanh by a factor of \(fixed(ratio.mean, 1)), not 6"
        : "Tuned, tanh needs \(fixed(ratio.mean, 1)) times the steps of ReLU: here there is nothing to gain",
    .lines(
      LineChart(
        x: Axis("step"), y: Axis("training loss", log: true),
        racers.map { racer in
          let losses = racer.typicalLosses
          return Series(
            racer.bend.name, x: losses.indices.map { Double($0 + 1) }, y: losses, style: .line,
            isEmphasized: racer.bend == .relu, color: racer.bend.color)
        }, references: [.init(.horizontal, at: target, "target")])),
    caption: """
      Two convolutions (8 and 16 maps, 5×5), max pooling, one dense layer; batches of 32 (\(dataName)); loss smoothed over ten steps; median of \
      \(counted(seeds.count, "seed")). Rates tuned on \(trials == 1 ? "another seed" : "\(trials) other seeds").
      """,
    name: "race"))
page.table(
  Table(
    "Steps to a smoothed loss of \(target), each with its best rate",
    columns: ["activation", .init("best rate", digits: 2), .init("steps", digits: 0), "α learned in layer 1, layer 2"],
    rows: zip(racers + small, racers.map(\.bend.name) + ["tanh, σ = 0.01", "ReLU, σ = 0.01"]).map { racer, name in
      let steps = Summary(racer.steps)
      let alphas = (0..<2).map { layer in
        Summary(racer.runs.compactMap { $0.slopes.count > layer ? $0.slopes[layer] : nil })
      }
      return [
        TableCell(name), TableCell(racer.rate),
        racer.arrives
          ? .measured(steps)
          : TableCell(
            racer.arrivals == 0
              ? "more than \(grouped(limit))"
              : "\(racer.arrivals) of \(racer.runs.count) arrive within \(grouped(limit))"),
        TableCell(
          racer.bend == .prelu ? "\(alphas[0].formatted(decimals: 2)), \(alphas[1].formatted(decimals: 2))" : ""),
      ]
    }))

/// Seed by seed; a mean of ratios is not the ratio of the means in the table.
let smallRatios = Summary(zip(small[0].steps, small[1].steps).map { $0 / $1 })
let smallRatio = smallRatios.mean
let isSmallTold = small[0].arrives || small[1].arrives
let smallFinding =
  !isSmallTold
  ? "Neither comes down that far within \(limit) steps: this run is too short to tell."
  : smallRatio < 3
    ? "Then tanh takes \(small[1].arrives ? "" : "at most ")\(smallRatios.formatted(decimals: 1)) times the steps of ReLU, seed by seed: small weights shrink the signal, ReLU halves it once more in each layer, and tanh lets small numbers through as they are. So the size of the weights does not explain the 6 either; the biases of 1 with which AlexNet starts some of its layers, depth and harder pictures are left."
    : "Then tanh takes \(smallRatios.formatted(decimals: 1)) times the steps of ReLU, seed by seed: the start makes the difference."
page.prose(
  """
  Perhaps the weights are too good here? The last two rows start with AlexNet's, all from $N(0, 0.01^2)$. \
  \(smallFinding)
  """)

let rounds = run.pick(quick: 30, normal: 200, full: 500)
let costs = Bend.allCases.map { Cost.perElement($0.layer, rounds: rounds) }
let reluCost = costs[Bend.relu.rawValue].forward + costs[Bend.relu.rawValue].backward
let ratios = costs.map { ($0.forward + $0.backward) / reluCost }
let stepTimes = [Bend.relu, .tanh].map { bend in
  run.trying { try Cost.perStep(bend, on: digits.train, rounds: run.pick(quick: 8, normal: 30, full: 100)) }
}
page.table(
  Table(
    "Measured times, different in every run: nanoseconds for one element on one thread",
    columns: [
      "activation", .init("forward", digits: 2), .init("backward", digits: 2), .init("both, over ReLU", digits: 1),
    ],
    rows: Bend.allCases.map {
      let cost = costs[$0.rawValue]
      return [TableCell($0.name), TableCell(cost.forward), TableCell(cost.backward), TableCell(ratios[$0.rawValue])]
    }))
page.prose(
  """
  An exponential costs, even computed eight at a time as here. But how much of a training step is it? One step of the \
  net above took at best \(fixed(stepTimes[0], 2)) ms with ReLU and \(fixed(stepTimes[1], 2)) ms with tanh (times): element by element \
  tanh costs \(fixed(ratios[Bend.tanh.rawValue], 0)) times as much, step by step \(fixed(stepTimes[1] / stepTimes[0], 1)) times. \
  The rest of a step is the convolutions, which do not care what stands between them.
  """)
page.callout(
  .erratum("S2 and S4"),
  """
  "6 times faster" is two claims in one. S2's is about *steps*, from Krizhevsky et al. 2012, figure 1; S4's is about the \
  *cost of one evaluation*. Quoted without the unit they look like one number that everybody agrees on.
  """)
let negative = Curve(Tanh()).y.count { $0 < 0 }
page.callout(
  .erratum("S4"),
  """
  The source puts "sigmoid or tanh" at the output for classification. Classes that exclude each other want a softmax, \
  independent yes/no answers a sigmoid each. tanh gives no probabilities: \(negative) of the \(Curve(Tanh()).y.count) values drawn above are \
  negative, and cross-entropy would take their logarithm. An easy slip: tanh *was* used at outputs, with squared error and targets ±1.
  """)

// Claims.
page.claim(
  Claim(
    "A sigmoid kills the gradient at ±10", source: "S2", published: "≈ 0",
    measured: "\(short(left.mean * 100)) % of its best slope",
    seeds: seeds.count, verdict: verdict(left.mean < 0.001, partly: left.mean < 0.05)))
page.claim(
  Claim(
    "Depth multiplies the damage: sigmoid gradients vanish, ReLU's do not", source: "S4", published: "→ 0",
    measured:
      "\(short(deep.typical(1, 0)[depth - 1])) after \(depth) layers, ReLU \(short(deep.typical(1, reluGap)[depth - 1]))",
    seeds: seeds.count,
    verdict: verdict(
      perLayer[0].mean < 0.3 && perLayer[reluGap].mean > 0.9, partly: perLayer[0].mean < perLayer[reluGap].mean),
    reason:
      "at the usual weights of each; eight times as large they leave the sigmoids \(short(deep.typical(4, 0)[depth - 1]))"
  ))
let single = signShares[0][0]
page.claim(
  Claim(
    "Outputs that are not zero-centred give all weights of a unit gradients of one sign", source: "S2",
    published: "all",
    measured: "\(percent(single.mean)), batch of 64: \(percent(signShares[0][6].mean))", seeds: seeds.count,
    verdict: verdict(
      single.mean > 0.99 && signShares[3][0].mean < 0.01 && signShares[0][6].mean > 0.9, partly: single.mean > 0.5),
    reason: "for one sample; a batch mixes the signs of some units, and not of all, however large it is"))
page.claim(
  Claim(
    "ReLU converges about 6 times faster than tanh", source: "S2, Krizhevsky et al. 2012", published: "6",
    measured: ratio.formatted(decimals: 2) + (converged ? "" : " (bound)"), seeds: seeds.count,
    verdict: verdict(converged && ratio.mean > 3, partly: converged && ratio.mean > 1.5),
    reason:
      "a shallow net on digits\(isSmallTold ? "; with the paper's weights, σ = 0.01, it is \(smallRatios.formatted(decimals: 2))" : ""). The paper's net was deeper, its pictures CIFAR-10"
  ))
/// One evaluation, as S4 means it, and one with its way back.
let sigmoidForward = costs[Bend.sigmoid.rawValue].forward / costs[Bend.relu.rawValue].forward
let sigmoidRatio = ratios[Bend.sigmoid.rawValue]
page.claim(
  Claim(
    "ReLU is 6 times cheaper to compute than a sigmoid", source: "S4", published: "6",
    measured: "\(fixed(sigmoidForward, 0)), with the way back \(fixed(sigmoidRatio, 0)) (times)",
    verdict: verdict((3...12).contains(sigmoidForward), partly: sigmoidForward > 1.2),
    reason: "how many times depends on the machine and on how exp is computed; a whole training step differs far less"))
page.claim(
  Claim(
    "Too high a learning rate kills ReLUs", source: "S2", published: "some",
    measured: "\(percent(hotDead.mean)) at 0.4, \(percent(coolDead.mean)) at \(rates[0])", seeds: seeds.count,
    verdict: verdict(hotDead.mean > coolDead.mean + 0.1, partly: hotDead.mean > coolDead.mean)))
let rescued = deaths.rescued(by: 1, of: 0, rate: hot)
page.claim(
  Claim(
    "A first bias of 0.01 keeps ReLUs alive", source: "S2, \"not verified\"", published: "fewer dead",
    measured: "\(percent(hotBias.mean)) dead against \(percent(hotDead.mean))", seeds: seeds.count,
    verdict: verdict(
      rescued.mean > 0 && isClear(rescued, beyond: 0.05), partly: rescued.mean > 0.05),
    reason: rescued.mean > 0.05
      ? isClear(rescued, beyond: 0.05) ? "" : "a difference \(chance(rescued, beyond: 0.05))"
      : "runs differ more than the bias does; one step at such a rate moves a bias further than 0.01"))
/// The largest share of dead units in any run of one kind that has not diverged.
@MainActor func worst(_ kind: Int) -> Double { rates.indices.flatMap { deaths.dead(kind, $0).values }.max() ?? .nan }
let (worstLeaky, worstELU) = (max(worst(2), worst(3)), worst(4))
page.claim(
  Claim(
    "Leaky ReLU and PReLU have no dead units", source: "S2", published: "0",
    measured: worstLeaky == 0 ? "0 %" : "up to \(percent(worstLeaky)) in a run", seeds: seeds.count,
    verdict: verdict(worstLeaky == 0, partly: worstLeaky < 0.05),
    reason:
      "of the runs that did not diverge, up to a rate of \(deaths.highestRate(2)) and \(deaths.highestRate(3)); a leak of 0.01 is more than the thousandth that counts as dead, by construction"
  ))
page.claim(
  Claim(
    "ELU has no dead units", source: "S2", published: "0",
    measured: worstELU == 0 ? "0 %" : "up to \(percent(worstELU)) in a run", seeds: seeds.count,
    verdict: verdict(worstELU == 0, partly: worstELU < 0.05),
    reason: worstELU == 0
      ? ""
      : "of the runs that did not diverge, up to a rate of \(deaths.highestRate(4)). The slope $e^x$ is below a thousandth left of −7: a unit that one step too large has thrown there is as good as dead"
  ))
let (eluOffset, reluOffset) = (offsets[Bend.elu.rawValue], offsets[Bend.relu.rawValue])
page.claim(
  Claim(
    "ELU's outputs are nearer to zero mean than ReLU's", source: "S2", published: "nearer",
    measured: "\(fixed(eluOffset.mean, 2)) against \(fixed(reluOffset.mean, 2)) std", seeds: seeds.count,
    verdict: verdict(eluOffset.mean < 0.75 * reluOffset.mean, partly: eluOffset.mean < reluOffset.mean)))
page.claim(
  Claim(
    "Maxout doubles the parameters", source: "S2", published: "2", measured: fixed(Double(maxout) / Double(dense), 2),
    verdict: verdict(maxout == 2 * dense, partly: maxout > dense)))

page.callout(
  .takeaway,
  """
  - A sigmoid passes on at most a quarter of the gradient. Sixteen of them, at the usual weights, pass on nothing.
  - Outputs that are all positive tie the signs of all weights together, and the path zigzags.
  - ReLU cures the first fault and not the second, and its units can die: watch the rate, count the dead.
  - "6 times faster" needs a unit. Measure before you repeat it.
  """)
page.exercises(run.exercises)
page.furtherReading([
  "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*: figure 1",
  "Glorot, Bordes and Bengio 2011, *Deep sparse rectifier neural networks*, AISTATS",
  "He et al. 2015, *Delving deep into rectifiers*, arXiv:1502.01852: PReLU",
  "Clevert, Unterthiner and Hochreiter 2016, *ELUs*, arXiv:1511.07289",
  "Goodfellow et al. 2013, *Maxout networks*, arXiv:1302.4389",
])
run.publish(&page)
