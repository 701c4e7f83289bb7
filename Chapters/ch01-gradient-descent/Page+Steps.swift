// The page of chapter 1: better steps.

import Foundation
import Workbook

extension GradientDescent {
  /// Momentum, Nesterov, RMSProp, Adam.
  static func addBetterSteps(to page: inout Page, _ findings: Findings) {
    let (results, conditions, batches) = (findings.race, findings.conditions, findings.batches)
    let raceSteps = results.map(\.steps)
    page.prose(
      """
      ## Better steps

      A narrow valley is where plain descent suffers. Its steep walls cap the learning rate at $2/\\lambda_{\\mathrm{max}}$, and along \
      the floor, of curvature $\\lambda_{\\mathrm{min}}$, that is a crawl. The ratio $\\kappa = \\lambda_{\\mathrm{max}}/\\lambda_{\\mathrm{min}}$, the \
      **condition number**, says how bad it is. Four cures follow. In them $g$ is the gradient, one number for each weight; \
      squares, roots and quotients are taken weight by weight.

      **Momentum** keeps a velocity, as a ball does that rolls:

      $$v \\leftarrow \\mu v + g \\qquad w \\leftarrow w - \\eta v \\qquad \\mu = 0.9$$

      Along the floor $g$ is the same in every step, say 1: the velocity is 1, then 0.9 + 1 = 1.9, then 2.71, and in the end \
      $1/(1 - \\mu) = 10$. Between the walls $g$ is 1 and −1 in turn: the velocity is 1, then 0.9 − 1 = −0.1, then 0.91, and in the \
      end about $\\pm\\frac{1}{2}$. So momentum makes the long way faster and the zigzag smaller.

      **Nesterov** momentum takes the gradient where the velocity is about to lead: $g = \\nabla L(w - \\eta\\mu v)$. \
      So it meets the opposite wall a step earlier, and brakes before it has climbed it.

      **RMSProp** divides each weight's step by the size that its gradients have had lately:

      $$s \\leftarrow \\alpha s + (1 - \\alpha)\\, g^2 \\qquad w \\leftarrow w - \\eta\\,\\frac{g}{\\sqrt{s} + \\varepsilon} \
      \\qquad \\alpha = 0.9$$

      $s$ is a running mean of $g^2$, so $\\sqrt{s}$ is about the size of $g$. Two weights have gradients of 10 and 0.1 in every step: \
      then $\\sqrt{s}$ comes to 10 and 0.1, and both weights move by $\\eta$. The $\\varepsilon = 10^{-8}$ keeps a weight without any \
      gradient from dividing 0 by 0.

      **Adam** does both, a running mean $m$ of $g$ over the root of one of $g^2$:

      $$m \\leftarrow \\beta_1 m + (1 - \\beta_1)\\, g \\qquad s \\leftarrow \\beta_2 s + (1 - \\beta_2)\\, g^2 \
      \\qquad w \\leftarrow w - \\eta\\,\\frac{\\hat{m}}{\\sqrt{\\hat{s}} + \\varepsilon}$$

      with $\\beta_1 = 0.9$ and $\\beta_2 = 0.999$. Both means begin at 0 and are too small at first. With $g = 10$ the first step has \
      $m = 0.1 \\cdot 10 = 1$ and $s = 0.001 \\cdot 100 = 0.1$, and $m/\\sqrt{s}$ would be \(fixed(1 / 0.1.squareRoot(), 1)) instead of \
      1. So after $n$ steps Adam divides by what is missing, $\\hat{m} = m/(1 - \\beta_1^n)$ and $\\hat{s} = s/(1 - \\beta_2^n)$: now it is \
      10/10 = 1, and with $g = 0.1$ it is 0.1/0.1 = 1 as well.
      """)
    page.sideNote(
      "The library (`SGD.swift`) keeps Nesterov's weights looked ahead, as $w - \\eta\\mu v$; in them the rule reads $w \\leftarrow w - \\eta(g + \\mu v)$."
    )

    let plain = fixed(raceSteps[0].mean, 0)
    let best = conditions.conditions.firstIndex(of: 100).map { Summary(conditions.momentum[$0]).mean }
    page.predict(
      "A valley 100 times as curved across as along (κ = 100). Plain descent, at its best rate, needs \(plain) steps to 1 % of the way. And momentum 0.9 at its best rate?",
      choices: [plain, "80", "20", "8"], answer: raceSteps[1].mean.rounded(),
      """
      That is at the best of \(RaceResult.rates.count) rates.\
      \(best.map { " With the best μ as well it needs \(fixed($0, 0))." } ?? "")
      """)
    page.project("A narrow valley: how much does momentum save?")
    func needs(_ walker: Int) -> String { "\(Walker.all[walker].name) after \(fixed(raceSteps[walker].mean, 0))" }
    let frames = [[0, 1, 2], [0, 3, 4]]
    let below = results[3].distances.indices.filter { results[3].distances[$0] < RaceFindings.floor }
    page.figure(
      Figure(
        "Plain descent has 1 % of the way left after \(plain) steps, \(needs(1)), \(needs(2)), \(needs(3)), \(needs(4))",
        exploring: FigureParameter("methods", names: ["one rate for all weights", "a scale for each weight"]),
        caption: """
          A bowl with κ = 100. Steps: means of \(counted(findings.seeds.count, "start")); drawn: seed \(findings.seeds[0]). Plain descent \
          at its exact best rate, 2/(1 + κ); the others at the best of \(RaceResult.rates.count) rates from \
          \(short(RaceResult.rates[0])) to \(short(RaceResult.rates[RaceResult.rates.count - 1])), ten per decade: the one with the \
          fewest steps until every start stays below 1 %. Momentum overshoots and swings back, like a ball in a bowl; where its path \
          passes near the bottom the curve dips for a moment.\(below.isEmpty ? "" : " RMSProp is at times below the picture, from step \(below[0]) to \(below[below.count - 1]).")
          """,
        name: "race",
        titles: { frame in
          "Plain descent has 1 % of the way left after \(plain) steps, "
            + frames[Int(frame)].dropFirst().map(needs).joined(separator: ", ")
        }
      ) { frame in
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("distance from the bottom", log: true, range: RaceFindings.floor...2),
            frames[Int(frame)].map { walker in
              let distances = results[walker].distances
              // Emphasized all: dashes would be lost in the wiggles.
              return Series(
                Walker.all[walker].name, x: distances.indices.map(Double.init), y: distances, style: .line,
                isEmphasized: true, color: walker)
            }, references: [.init(.horizontal, at: 0.01, "1 %")]))
      })
    page.project("Momentum saves most of the steps")
    page.table(
      Table(
        "Steps to 1 % of the starting distance, κ = 100, \(findings.seeds.count) starts",
        columns: ["method", .init("best rate", digits: 4), .init("steps", digits: 0)],
        rows: Walker.all.indices.map {
          [
            TableCell(Walker.all[$0].name), TableCell(results[$0].rate),
            raceSteps[$0].deviation == 0 ? TableCell(raceSteps[$0].mean) : .measured(raceSteps[$0]),
          ]
        }))
    if let (first, last) = results[3].rebound {
      page.prose(
        """
        In seed \(findings.seeds[0]) RMSProp first passes 1 % after \(counted(first, "step")), is thrown back, and stays only after \(last). Near the bottom \
        $g/\\sqrt{s}$ does not shrink with $g$: its steps keep about the size $\\eta$, \(short(results[3].rate)) in each weight.
        """)
    }
    if let found = findings.optimizers { addOnNet(to: &page, found, findings) }
    let left = log(100) / (0.5 * log(1 / 0.9))
    page.fold("Why momentum makes √κ of κ") {
      $0.prose(
        """
        Along a direction of curvature $\\lambda$ the two lines of momentum make one: for the distance $u_n$ from the bottom after \
        $n$ steps

        $$u_{n+1} = (1 + \\mu - \\eta\\lambda)\\,u_n - \\mu\\,u_{n-1}$$

        Try $u_n = r^n$: that asks for $r^2 - (1 + \\mu - \\eta\\lambda)\\,r + \\mu = 0$. The product of the two roots is $\\mu$. They are \
        complex while $(1 - \\sqrt\\mu)^2 < \\eta\\lambda < (1 + \\sqrt\\mu)^2$; then both have the size $\\sqrt\\mu$, *whatever* \
        $\\lambda$ is. Choose $\\eta$ and $\\mu$ so that $\\eta\\lambda_{\\mathrm{min}}$ and $\\eta\\lambda_{\\mathrm{max}}$ are the two ends:

        $$\\kappa = \\left(\\frac{1 + \\sqrt\\mu}{1 - \\sqrt\\mu}\\right)^2 \\qquad \\text{so} \\qquad \
        \\sqrt\\mu = \\frac{\\sqrt\\kappa - 1}{\\sqrt\\kappa + 1}$$

        About so much of the distance is left by each step, where plain descent leaves $(\\kappa - 1)/(\\kappa + 1)$. With \
        $\\mu = 0.9$ a hundredth is left after $\\ln 100 / (\\frac{1}{2} \\ln(1/0.9))$ = \(fixed(left, 0)) steps; measured: \
        \(fixed(raceSteps[1].mean, 0)).\(best.map { " For κ = 100 the best $\\sqrt\\mu$ is 9/11, and $\\ln 100/\\ln(11/9)$ would be \(fixed(log(100) / log(11.0 / 9), 0)) steps; measured are \(fixed($0, 0)). At the ends of the range the two roots coincide, and there the distance falls as $n r^n$, not as $r^n$." } ?? "")
        """)
    }
    page.live(
      "bowl", "Let the ball down yourself: a narrow valley, a rate, a velocity",
      caption: """
        At what rate does it begin to diverge, and what has κ to do with that? What if κ is doubled? Which rate is best without \
        momentum, and how many steps does momentum save there? What if the start lies on one of the bowl’s own directions?
        """,
      figure: "race",
      settings: [
        "method": 0, "kappa": 1.3, "rate": -1.2, "momentum": 0, "turn": 25, "x": -1, "y": 0.6, "speed": 1,
      ])

    let plainPower = conditions.powers(conditions.plain)
    let momentumPower = conditions.powers(conditions.momentum)
    let adamPower = conditions.powers(conditions.adam)
    let turned = conditions.adamTurned.map { Summary($0).mean }
    let (level, last) = (conditions.adamLevel, turned.count - 1)
    func steps(_ place: Int) -> String {
      "\(fixed(turned[place], 0)) steps at κ = \(short(conditions.conditions[place]))"
    }
    let across =
      level > 0 && level < last
      ? "once κ exceeds \(short(conditions.conditions[level])): \(steps(0)), \(steps(level)), \(steps(last)). One power would describe neither part"
      : "to the power \(fixed(conditions.powers(conditions.adamTurned).mean, 2))"
    page.figure(
      Figure(
        "The narrower the valley, the more momentum pays: steps grow as κ to the power \(fixed(plainPower.mean, 2)) without it, \(fixed(momentumPower.mean, 2)) with it",
        .lines(
          LineChart(
            x: Axis("condition number κ", log: true), y: Axis("steps to 1 %", log: true),
            [
              ("gradient descent", conditions.plain), ("best momentum", conditions.momentum),
              ("Adam", conditions.adam), ("Adam, valley turned 45°", conditions.adamTurned),
            ].enumerated().map { index, pair in
              Series(
                pair.0, x: conditions.conditions, y: pair.1.map { Summary($0).mean },
                deviation: pair.1.map { Summary($0).deviation }, isEmphasized: index == 1,
                color: [0, 1, 4, 5][index])
            })),
        caption: """
          Plain descent with the best constant rate, momentum with the best pair (η, μ), Adam with its best rate, \
          \(findings.seeds.count) starts. Along the axes κ multiplies the gradients of one weight, and Adam divides that out (power \
          \(fixed(adamPower.mean, 2))). A valley at 45° stays narrow for it, \(across).
          """,
        name: "condition"))
    page.callout(
      .mistake,
      """
      Comparing methods at one common learning rate. The best rates in the table above range from \
      \(short(results.map(\.rate).min() ?? 0)) to \(short(results.map(\.rate).max() ?? 0)), and those of the batch sizes from \
      \(short(batches.rates.min() ?? 0)) to \(short(batches.rates.max() ?? 0)). Tune each, then compare.
      """)
  }

  /// The same methods on the net of the spirals.
  private static func addOnNet(to page: inout Page, _ found: OptimizerFindings, _ findings: Findings) {
    let (results, places) = (found.results, found.places.map(Double.init))
    let names = Walker.all.map(\.name)
    func ends(_ walker: Int) -> String { short(results[walker].typical) }
    let ahead = results.indices.dropFirst().filter { found.above(0, $0).direction(among: 4) == .above }
    let behind = results.indices.dropFirst().filter { found.above(0, $0).direction(among: 4) == .below }
    page.prose(
      """
      A bowl has no noise, and no plateaus. The same five on the net of the spirals, in batches of \(OptimizerFindings.batch), \
      each at the best of \(OptimizerFindings.rates.count) rates from \(short(OptimizerFindings.rates[0])) to \
      \(short(OptimizerFindings.rates[OptimizerFindings.rates.count - 1])), chosen on other seeds:
      """)
    page.figure(
      Figure(
        ahead.count == 4
          ? "On a net, in batches, all four cures beat plain descent"
          : ahead.isEmpty
            ? "On a net, in batches, no cure clearly beats plain descent"
            : "On a net, in batches, \(listed(ahead.map { names[$0] })) \(ahead.count == 1 ? "ends" : "end") below plain descent",
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("loss over all points", log: true),
            results.indices.map { walker in
              Series(
                names[walker], x: places, y: results[walker].curve, style: .line, isEmphasized: true, color: walker)
            })),
        caption: """
          Medians of \(counted(results[0].losses.count, "net")). Loss over the last fifth of \(found.steps) steps, geometric means: \
          \(results.indices.map { "\(names[$0]) \(ends($0)) (rate \(short(results[$0].rate))\(results[$0].isAtEnd ? ", an end" : ""))" }.joined(separator: "; ")).
          """,
        name: "net-race"))
    page.project(
      ahead.isEmpty
        ? "The same five on a net"
        : ahead.count == 4
          ? "All four cures help a net, too"
          : "\(listed(ahead.map { names[$0].replacing(" 0.9", with: "") })) \(ahead.count == 1 ? "helps" : "help") a net, too"
    )
    page.prose(
      """
      \(ahead.isEmpty ? "Here none ends below plain descent beyond chance." : "Plain descent ends at \(ends(0)), \(listed(ahead.map { "\(names[$0]) at \(ends($0))" })).")\
      \(behind.isEmpty ? "" : " \(listed(behind.map { names[$0] })) \(behind.count == 1 ? "ends" : "end") above it.") \
      (The curves are medians at each step; these numbers are means over the last fifth, which single peaks raise.) This is one small \
      net: which method wins depends on the task. That each wants its own rate does not. Rates this large suit a net this small; in \
      deep nets Adam is begun near 0.001, its authors' default.
      """)
  }

  /// `a, b and c`.
  private static func listed(_ words: [String]) -> String {
    words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
  }
}
