// The page of chapter 2: signs of gradients, rectifiers, dead units.

import Workbook

extension Activations {
  /// Inputs that are all positive.
  static func addZigZag(to page: inout Page, _ findings: Findings) {
    let walks = findings.walks
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
    let (centered, positive) = (Summary(walks[0].map(\.distance)), Summary(walks[2].map(\.distance)))
    let (signCentered, signPositive) = (Summary(walks[0].map(\.sameSign)), Summary(walks[2].map(\.sameSign)))
    page.figure(
      Figure(
        "Positive inputs: in \(percent(signPositive.mean)) of the steps both weights move the same way; centred inputs: in \(percent(signCentered.mean))",
        exploring: FigureParameter("mean of the inputs", values: means, initial: 2),
        caption: """
          Inputs uniform on mean ± ½: from a mean of ½ on all are positive. \(walkSteps) single-sample steps from (0, 0), each mean with \
          a learning rate to suit it. Centred inputs end \(short(centered.mean)) from the goal, positive ones \(short(positive.mean)): \
          the valley that they dig is \(fixed(zigzag.condition, 0)) times as steep one way as the other (chapter 1's κ). Seed \(findings.seeds[0]).
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
  }

  /// The same in batches.
  static func addSigns(to page: inout Page, _ signShares: [[Summary]]) {
    page.predict(
      "Real steps add up a batch. With batches of 64, how many units that are fed by sigmoids still get gradients of one sign for all 16 weights?",
      choices: ["1 %", "10 %", "40 %", "100 %"], answer: 100 * signShares[0][6].mean,
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
                "behind \(signBends[index].name)", x: batches.map(Double.init), y: signShares[index].map(\.mean),
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
  }

  /// ReLU, and what came after it.
  static func addRectifiers(to page: inout Page) {
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
  }

  /// The census.
  static func addDeadUnits(to page: inout Page, _ findings: Findings) {
    let deaths = findings.census.experiment
    let (rates, hot) = (deaths.rates, deaths.hot)
    let (hotDead, coolDead) = (deaths.dead(0, hot), deaths.dead(0, 0))
    page.prose(
      """
      ## Dead units

      A ReLU whose sum is negative for *every* sample gets no gradient from any of them, so nothing brings it back: it is \
      **dead**. One step that is too large is enough to throw its bias far down. The census: train, send \
      \(findings.census.probeCount) images through, count the hidden units whose slope stays below a thousandth.
      """)
    page.code("deadShare", in: "DeadUnits.swift")
    page.predict(
      "Two hidden layers of 100 ReLUs learn digits at a rate of 0.4, eight times a comfortable one. How many units are dead in the end?",
      choices: ["0 %", "5 %", "40 %", "all of them"], answer: 100 * hotDead.mean,
      "At a rate of \(rates[0]) it is \(percent(coolDead.mean)).")
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
          Two hidden layers of 100 units, \(findings.census.steps) steps of 32 images (\(findings.data)), \(findings.seedWords). Runs that \
          diverged are left out: at a rate of 0.4, \(leakDiverged) of \(leaks.count * findings.seeds.count) nets with a leak, \(deaths.diverged(4, hot)) of \(findings.seeds.count) with ELU, \(reluDiverged) of \(findings.seeds.count) with ReLU.
          """,
        name: "dead-units"))
    if leakDiverged > leaks.count * reluDiverged {
      page.prose(
        """
        The last numbers are worth a thought. At a rate where a ReLU net loses its units and goes on, many of the nets that \
        cannot lose any blow up: perhaps death is also a fuse. Neither is a way to train; the remedy for both is a smaller rate.
        """)
    }
  }

  /// Whether outputs are centred.
  static func addOffsets(to page: inout Page, _ findings: Findings) {
    let deaths = findings.census.experiment
    page.table(
      Table(
        "How far the outputs of the second hidden layer are from being centred: |mean| / standard deviation, rate \(deaths.rates[deaths.usual]) (\(findings.data))",
        columns: ["activation", .init("|mean| / std", digits: 2)],
        rows: zip(Bend.allCases, findings.census.offsets).map { [TableCell($0.name), .measured($1)] }))
  }
}
