// The page of chapter 2: signs of gradients, rectifiers, dead units.

import Workbook

extension Activations {
  /// Inputs that are all positive.
  static func addZigZag(to page: inout Page, _ findings: Findings) {
    let walks = findings.walks
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
    page.fold("The walk, in code") { $0.code("zigzag", in: "ZigZag.swift") }
    let (signCentered, signPositive) = (Summary(walks[0].map(\.sameSign)), Summary(walks[2].map(\.sameSign)))
    var frames = means.indices.map { (name: short(means[$0]), unit: TwoWeights(mean: means[$0]), walks: walks[$0]) }
    if let turned = findings.turned, let place = means.firstIndex(of: turnedMean) {
      frames.insert(
        ("\(short(turnedMean)), turned by 45°", TwoWeights(mean: turnedMean, isTurned: true), turned), at: place + 1)
    }
    page.figure(
      Figure(
        "Positive inputs: in \(percent(signPositive.mean)) of the steps both weights move the same way; centred inputs: in \(percent(signCentered.mean))",
        exploring: FigureParameter("mean of the inputs", names: frames.map(\.name), initial: frames.count - 2),
        name: "zigzag",
        titles: { frame in
          let (name, _, all) = frames[Int(frame)]
          return
            "Mean \(name): in \(percent(all[0].sameSign)) of the steps both weights move the same way, and the end is \(short(all[0].distance)) from the goal"
        },
        captions: { frame in
          let (_, unit, all) = frames[Int(frame)]
          let ends = Summary(all.map(\.distance))
          return """
            Inputs uniform on mean ± ½\(unit.isTurned ? ", then turned by 45° with the goal: one is always positive, the other as often negative" : unit.mean >= 0.5 ? ": all positive, so only steps up and to the right or down and to the left are allowed" : ""). \
            \(walkSteps) single-sample steps from (0, 0) at a rate of \(short(unit.rate)), half of one over the mean of |x|². The valley is \
            \(fixed(unit.condition, 0)) times as curved across as along (chapter 1's κ). The path is that of seed \(findings.seeds[0])\
            \(ends.count > 1 ? "; over \(counted(ends.count, "seed")) the end is \(short(ends.mean)) from the goal on average (\(short(ends.minimum)) to \(short(ends.maximum)))" : "").
            """
        }
      ) { frame in
        let (_, unit, all) = frames[Int(frame)]
        let (x, y) = unit.isTurned ? (-1.2...1.2, -1.5...0.1) : (-0.6...1.8, -1.4...0.2)
        return .contour(
          ContourPlot(
            x: Axis("first weight", range: x), y: Axis("second weight", range: y), heights: unit.heights(x, y),
            levels: [0.02, 0.08, 0.25, 0.7, 1.8],
            paths: [
              Series("path", x: all[0].a, y: all[0].b, style: .line, isEmphasized: true, color: 1),
              Series("goal", x: [unit.best.0], y: [unit.best.1], style: .points, color: 0),
            ], hasEqualScales: true))
      })
    page.project("Inputs all positive: the weights must zigzag")
    let straight = means.firstIndex(of: turnedMean).map { walks[$0] } ?? walks[2]
    func distance(_ walks: [TwoWeights.Path]) -> String { short(Summary(walks.map(\.distance)).mean) }
    let turned =
      findings.turned.map {
        """
        Take a mean of \(short(turnedMean)) (choose it above): both weights move the same way in \
        \(percent(signPositive.mean)) of the steps, and the walks end \(distance(straight)) from the goal on average. Turn inputs and \
        goal by 45°: now they do so in \(percent(Summary($0.map(\.sameSign)).mean)) of the steps, and the walks end \(distance($0)) from it.
        """
      } ?? "Turn inputs and goal by 45°, and signs are mixed in half of the steps."
    page.prose(
      """
      Two things change together here: the signs, and the valley. If all inputs lie near a mean $m$, raising both weights changes every \
      answer, while raising one and lowering the other changes hardly any: the loss is steep along (1, 1), flat along (1, −1), and the \
      valley narrows as $m$ grows. So is it the signs or the valley that makes it slow? \(turned) Gradient descent knows no axes: it \
      walks the same path, turned. The narrow valley makes it slow; tied signs are what it looks like along these axes. LeCun et al. \
      1998 said so, and advised activations around 0.

      \(inBatches(findings.census.counted))
      """)
  }

  /// What a batch does to the signs, in trained nets.
  private static func inBatches(_ tied: [Summary]?) -> String {
    guard let tied else { return "A real step adds up a batch, which mixes the signs; that is not tested here." }
    return """
      A real step adds up a batch, which mixes the signs: in batches of 64, in the second layer of the trained nets of the census below, \
      \(percent(tied[0].mean)) of the units behind sigmoids and \(percent(tied[1].mean)) of those behind ReLUs have gradients of one sign.
      """
  }

  /// ReLU, and what came after it.
  static func addRectifiers(to page: inout Page, _ offsets: [Summary]) {
    page.prose(
      """
      ## ReLU

      $$\\mathrm{ReLU}(x) = \\max(0, x) \\qquad \\mathrm{ReLU}' = 1 \\text{ where } x > 0, \\text{ else } 0$$

      The slope is 1 however large $x$ is: no saturation on that side, and no exponential. At exactly 0 there is no slope; \
      in practice one uses 0. On the other side the slope is 0 too. That makes outputs sparse, which Glorot et al. 2011 count as an \
      advantage, and it is a new way to kill a gradient. There are cures:

      ### Leaky ReLU and PReLU

      Let the negative side leak: $\\alpha x$ there, with $\\alpha = 0.01$. Or learn $\\alpha$ like a weight (PReLU). There \
      $y = \\alpha x$, so $\\partial y/\\partial\\alpha = x$, and every sample with $x \\le 0$ adds its part:

      $$\\frac{\\partial L}{\\partial \\alpha} = \\sum_{x \\le 0} \\frac{\\partial L}{\\partial y}\\, x$$

      ### ELU

      $\\mathrm{ELU}(x) = \\alpha(e^x - 1)$ for $x \\le 0$, else $x$: an exponential that levels off at $-\\alpha$. Its authors count the level part as a virtue: how strongly a feature is \
      *absent* is mostly noise, and a flat side does not pass it on.
      """)
    page.table(
      Table(
        "ReLU and its relatives; all are x, or nearly, where x is large",
        columns: ["name", "where x ≤ 0", "slope there", "what for"],
        rows: [
          ["ReLU", "0", "0", "cheap, sparse"], ["leaky ReLU", "0.01x", "0.01", "no unit goes silent for good"],
          ["PReLU", "αx", "α, learned", "the leak that suits the data"],
          [
            "ELU", "α(eˣ − 1)", "αeˣ = y + α",
            TableCell(
              "outputs nearer to zero mean: the mean is \(offsets[Nonlinearity.elu.rawValue].formatted(decimals: 2)) of their spread, ReLU's \(offsets[Nonlinearity.relu.rawValue].formatted(decimals: 2)) (second hidden layer of the census below)"
            ),
          ],
          [
            "GELU", "xΦ(x), also where x > 0", "Φ(x) + xΦ′(x)",
            "a ReLU with a round corner, usual in nets for language; Φ(x) is the share of normal numbers below x",
          ],
          [
            "SiLU, Swish", "xσ(x), also where x > 0", "σ(x) + xσ′(x)",
            "nearly GELU's curve; times a second sum, its *gate*, in most language models of today; not trained here",
          ],
        ]))
    page.figure(
      Figure(
        "On the right all follow x; on the left each lets something else through, and GELU turns back",
        .lines(
          LineChart(
            x: Axis("x"), y: Axis("value", range: -1.2...2.2),
            [
              ("ReLU", ReLU(), Nonlinearity.relu.color), ("PReLU, α = ¼", PReLU(), Nonlinearity.prelu.color),
              ("ELU, α = 1", ELU(), Nonlinearity.elu.color), ("GELU", GELU(), 1),
            ].map { (name: String, layer: any Layer, color: Int) in
              let curve = Curve(layer, from: -3, to: 2.2, count: 105)
              return Series(name, x: curve.x, y: curve.y, style: .line, isEmphasized: color == 0, color: color)
            })), caption: "Leaky ReLU, with α = 0.01, cannot be told from ReLU at this size.", name: "rectifiers"))
  }

  /// The census.
  static func addDeadUnits(to page: inout Page, _ findings: Findings) {
    let deaths = findings.census.experiment
    let (rates, hot) = (deaths.rates, deaths.hot)
    let (hotDead, coolDead) = (deaths.dead(0, hot), deaths.dead(0, 0))
    // Of all rates below, the share at the one with most dead.
    let below = rates.indices.filter { rates[$0] < rates[hot] }
    let cool = short(100 * (below.map { deaths.dead(0, $0).mean }.filter(\.isFinite).max() ?? 0)) + " %"
    page.prose(
      """
      ## Dead units

      A ReLU whose sum is negative for *every* sample gets no gradient: it is **dead**. In a first layer nothing in the loss \
      brings it back, in a later one only a change of the layers below. Either it was born so, by bad initial weights, or one step that was too large has thrown it there.
      """)
    let dead = CloudUnit.biases.firstIndex { CloudUnit(bias: $0).on.x.isEmpty } ?? CloudUnit.biases.count - 1
    page.figure(
      Figure(
        "A ReLU is dead when the line on which its sum is 0 no longer crosses the data",
        exploring: FigureParameter("bias", values: CloudUnit.biases, initial: dead),
        caption:
          "A unit with weights (\(CloudUnit.weights.0), \(CloudUnit.weights.1)) and 150 samples of two numbers. In many dimensions the line is a hyperplane, a flat of one dimension less.",
        name: "cloud",
        titles: { bias in
          let unit = CloudUnit(bias: bias)
          let (on, all) = (unit.on.x.count, unit.on.x.count + unit.off.x.count)
          return on == 0
            ? "Bias \(short(bias)): the unit answers none of \(all) samples; it is dead"
            : "Bias \(short(bias)): the unit answers \(on) of \(all) samples, and learns from these alone"
        }
      ) { bias in
        let unit = CloudUnit(bias: bias)
        return .lines(
          LineChart(
            x: Axis("first input", range: CloudUnit.across), y: Axis("second input", range: CloudUnit.up),
            [
              Series("sum = 0", x: unit.line.x, y: unit.line.y, style: .line, isEmphasized: true, color: 1),
              Series("answered", x: unit.on.x, y: unit.on.y, style: .points, color: 0),
              Series("silent", x: unit.off.x, y: unit.off.y, style: .points, color: 6),
            ].filter { !$0.x.isEmpty }, hasEqualScales: true))
      })
    page.project("Too negative a bias: the unit answers nothing")
    page.live(
      "unit", "Drag the unit’s line off its cloud, or let a rate throw it there",
      caption: """
        The unit is to reproduce another unit’s output on these samples. At which rate does the first step kill it? What brings \
        it back: a smaller rate, another order of the samples, a leak? How long does the leaky unit take?
        """,
      figure: "cloud",
      settings: ["angle": 37, "bias": -1, "activation": 0, "rate": 0.1, "batch": 10, "speed": 1, "seed": 1])
    page.prose(
      """
      A **census** counts them: train, send \(findings.census.probeCount) images through, count the hidden units whose slope stays \
      below a thousandth for all of them.
      """)
    page.fold("The census, in code") { $0.code("deadUnits", in: "DeadUnits.swift") }
    if hotDead.count > 0 {
      page.predict(
        "Two hidden layers of 100 ReLUs learn digits, at rates from \(rates[0]) up to \(rates[hot]), eight times a comfortable one. How does the share of dead units change with the rate?",
        drawing: CensusExperiment.kinds[0].name,
        "At most \(cool) at the lower rates, \(percent(hotDead.mean)) at \(rates[hot]). "
          + "A step that is too long throws a unit’s line off its cloud.")
      page.project("At which rate do ReLUs die?")
    }
    let lost = CensusExperiment.kinds.indices.map {
      "\(deaths.diverged($0, hot)) with \(CensusExperiment.kinds[$0].name)"
    }
    page.figure(
      Figure(
        hotDead.mean > coolDead.mean + 0.05
          ? "Too high a rate kills: \(percent(hotDead.mean)) of the ReLUs are dead at \(rates[hot]), at most \(cool) at lower rates"
          : hotDead.count == 0
            ? "At a rate of \(rates[hot]) every net of this run diverged"
            : "In this run no rate kills many ReLUs: \(percent(hotDead.mean)) at \(rates[hot])",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true, ticks: rates.map { (Double($0), "\($0)") }),
            y: Axis("dead units (%)", range: 0...deadAxis(deaths)),
            CensusExperiment.kinds.indices.map { kind in
              let places = rates.indices.filter { deaths.dead(kind, $0).count > 0 }
              let dead = places.map { deaths.dead(kind, $0).inPercent }
              return Series(
                CensusExperiment.kinds[kind].name, x: places.map { Double(rates[$0]) }, y: dead.map(\.mean),
                isEmphasized: kind == 0, color: [0, 1, 3][kind])
            }.filter { !$0.x.isEmpty })),
        caption: """
          The mean over \(findings.census.seeds.count) nets of two hidden layers of 100 units after \
          \(findings.census.steps) steps of 32 images (\(findings.data)). Nets that diverged are left out, at \(rates[hot]): \
          \(lost.joined(separator: "; ")).
          """,
        name: "dead-units"))
    page.project(
      hotDead.mean > coolDead.mean + 0.05
        ? "Too high a rate kills ReLUs"
        : hotDead.count == 0 ? "At a rate of \(rates[hot]) every net diverges" : "No rate kills many here")
    if let words = bornWords(deaths) { page.prose(words) }
    let (leak, slower) = (deaths.costOfReLU(against: 2, rate: hot), deaths.costOfRate(hot, against: deaths.usual))
    guard leak.count >= 3, slower.count >= 3, deaths.usual != hot else { return }
    page.prose(
      """
      Do the dead cost anything? Compare with leaky ReLU at \(rates[hot]), which has \(deaths.worst(2) == 0 ? "none" : "fewer"), on the \
      seeds where neither net diverged: ReLU's loss is \(leak.mean < 0 ? "lower" : "higher") by \(leak.magnitude.withInterval(3)), \
      \(leak.worded(above: "a cost beyond chance", below: "so they cost nothing", withinChance: "so a cost is not shown and a small one not excluded")). \
      \(slower.direction() == .above ? "What costs is the rate itself: at" : "At") \(rates[hot]) ReLU ends \
      \(fixed(abs(slower.mean), 3)) \(slower.mean < 0 ? "below" : "above") its own loss at \(rates[deaths.usual])\(slower.magnitude.intervalNote(3)).
      """)
  }

  /// Up to where the share of the dead is drawn, in per cent.
  private static func deadAxis(_ deaths: CensusExperiment) -> Double {
    let shares = deaths.results.indices.flatMap { kind in
      deaths.rates.indices.map { deaths.dead(kind, $0).inPercent.mean }
    }
    return max(1, 1.15 * (shares.filter(\.isFinite).max() ?? 1))
  }

  /// Which of the dead were born so; nil where that was not counted.
  private static func bornWords(_ deaths: CensusExperiment) -> String? {
    guard let born = deaths.born(0) else { return nil }
    if born.mean == 0 {
      return "Were they born dead, or killed? Before training not one of the ReLUs is dead: it is training that kills."
    }
    // Of the dead at a rate, those that were alive before training.
    let killed = [deaths.hot, 0].compactMap { rate -> (rate: Float, dead: Double, share: Double)? in
      guard let before = deaths.bornAndDead(0, rate), before.count > 0, deaths.dead(0, rate).mean > 0 else {
        return nil
      }
      let dead = deaths.dead(0, rate).mean
      return (deaths.rates[rate], dead, 1 - before.mean / dead)
    }
    let words = killed.map {
      "of the \(short(100 * $0.dead)) % dead at a rate of \($0.rate), \(percent($0.share)) were alive then"
    }
    let isTraining = !killed.isEmpty && killed.allSatisfy { $0.share > 0.5 }
    return """
      Were they born dead, or killed? Before training \(short(100 * born.mean)) % of the ReLUs are dead\
      \(words.isEmpty ? "" : "; " + words.joined(separator: "; ")).\
      \(isTraining ? " It is training that kills." : "")
      """
  }
}
