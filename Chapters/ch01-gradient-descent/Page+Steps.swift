// The page of chapter 1: better steps.

import Foundation
import Workbook

extension GradientDescent {
  /// Momentum, Nesterov, RMSProp, Adam.
  ///
  /// - Parameter digits: the methods on digits, from the record.
  static func addBetterSteps(to page: inout Page, _ findings: Findings, digits: DigitMethods?) {
    let (results, conditions, batches) = (findings.race, findings.conditions, findings.batches)
    let raceSteps = results.map(\.steps)
    page.prose(
      """
      ## Better steps

      Plain descent is slow in a narrow valley. The steep walls limit the learning rate to $2/\\lambda_{\\mathrm{max}}$. Along \
      the floor, with its small curvature $\\lambda_{\\mathrm{min}}$, steps of that rate are short. The condition number \
      $\\kappa = \\lambda_{\\mathrm{max}}/\\lambda_{\\mathrm{min}}$ says how narrow the valley is. Here are four methods that do better. Their formulas contain the gradient $g$, one \
      number for each weight. Squares, roots and quotients are taken for each weight by itself. A bowl with two weights shows how each method \
      moves. It does not show which method is best on a large net, and its rates suit no large net.

      **Momentum** keeps a velocity, like a ball that rolls:

      $$v \\leftarrow \\mu v + g \\qquad w \\leftarrow w - \\eta v \\qquad \\mu = 0.9$$

      Along the floor $g$ is the same in every step, say 1: the velocity is 1, then 0.9 + 1 = 1.9, then 2.71, and in the end \
      $1/(1 - \\mu) = 10$. Between the walls $g$ is 1 and −1 in turn: the velocity is 1, then 0.9 − 1 = −0.1, then 0.91, and in the \
      end about $\\pm\\frac{1}{2}$. So momentum makes the long way faster and the zigzag smaller. Because the velocity grows to 10 times \
      $g$, a net that learns well at a rate of 0.1 wants about 0.01 with momentum.

      **Nesterov** momentum takes the gradient at the place to which the velocity is about to lead: $g = \\nabla L(w - \\eta\\mu v)$. \
      So it sees the opposite wall one step earlier, and brakes before it has climbed it.

      **RMSProp** divides the step of each weight by the size of its last gradients:

      $$s \\leftarrow \\alpha s + (1 - \\alpha)\\, g^2 \\qquad w \\leftarrow w - \\eta\\,\\frac{g}{\\sqrt{s} + \\varepsilon} \
      \\qquad \\alpha = 0.9$$

      $s$ is a running mean of $g^2$, so $\\sqrt{s}$ is about the size of $g$. If two weights have gradients of 10 and 0.1 in every step, \
      $\\sqrt{s}$ becomes 10 and 0.1, and both weights move by $\\eta$. The $\\varepsilon = 10^{-8}$ prevents a division of 0 by 0 \
      where a weight has no gradient.

      **Adam** does both. It divides a running mean $m$ of $g$ by the root of a running mean of $g^2$:

      $$m \\leftarrow \\beta_1 m + (1 - \\beta_1)\\, g \\qquad s \\leftarrow \\beta_2 s + (1 - \\beta_2)\\, g^2 \
      \\qquad w \\leftarrow w - \\eta\\,\\frac{\\hat{m}}{\\sqrt{\\hat{s}} + \\varepsilon}$$

      with $\\beta_1 = 0.9$ and $\\beta_2 = 0.999$. Both means begin at 0 and are too small at first. With $g = 10$ the first step has \
      $m = 0.1 \\cdot 10 = 1$ and $s = 0.001 \\cdot 100 = 0.1$, and $m/\\sqrt{s}$ would be \(fixed(1 / 0.1.squareRoot(), 1)) instead of \
      1. So after $n$ steps Adam corrects both, $\\hat{m} = m/(1 - \\beta_1^n)$ and $\\hat{s} = s/(1 - \\beta_2^n)$. Now the quotient is \
      10/10 = 1, and with $g = 0.1$ it is 0.1/0.1 = 1 as well.
      """)
    page.figure(paths)
    page.sideNote(
      "The library (`SGD.swift`) stores Nesterov's weights one velocity ahead, as $w - \\eta\\mu v$; for these the rule is $w \\leftarrow w - \\eta(g + \\mu v)$."
    )

    let plain = fixed(raceSteps[0].mean, 0)
    let best = conditions.conditions.firstIndex(of: 100).map { Summary(conditions.momentum[$0]).mean }
    page.predict(
      "A valley 100 times as curved across as along (κ = 100). Plain descent, at its best rate, needs \(plain) steps until only 1 % of the distance is left. How many does momentum 0.9 need at its best rate?",
      choices: [plain, "80", "20", "8"], answer: raceSteps[1].mean.rounded(),
      """
      That is at the best of \(RaceResult.rates.count) rates.\
      \(best.map { " With the best μ as well it needs \(fixed($0, 0))." } ?? "")
      """)
    page.project("A narrow valley: how much does momentum save?")
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

        That is about the share of the distance that each step leaves. Plain descent leaves $(\\kappa - 1)/(\\kappa + 1)$. With \
        $\\mu = 0.9$ a hundredth is left after $\\ln 100 / (\\frac{1}{2} \\ln(1/0.9))$ = \(fixed(left, 0)) steps; we measure \
        \(fixed(raceSteps[1].mean, 0)).\(best.map { " For κ = 100 the best $\\sqrt\\mu$ is 9/11, and $\\ln 100/\\ln(11/9)$ would give \(fixed(log(100) / log(11.0 / 9), 0)) steps; we measure \(fixed($0, 0)). At the ends of the range the two roots coincide. There the distance falls as $n r^n$, not as $r^n$, and the factor $n$ costs steps." } ?? "")
        """)
    }
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
      ? "once κ exceeds \(short(conditions.conditions[level])): it needs \(steps(0)), \(steps(level)), \(steps(last))"
      : "(power \(fixed(conditions.powers(conditions.adamTurned).mean, 2)))"
    page.figure(
      Figure(
        "The narrower the valley, the more momentum pays: steps grow as κ to the power \(fixed(plainPower.mean, 2)) without it, \(fixed(momentumPower.mean, 2)) with it",
        .lines(
          LineChart(
            x: Axis("condition number κ", log: true), y: Axis("steps until 1 % is left", log: true),
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
          \(findings.seeds.count) starts.
          """,
        name: "condition"))
    page.project("The narrower the valley, the more momentum pays")
    page.prose(
      """
      Theory says κ and √κ. With momentum a factor $n$ is added, as the fold above explains, so the measured power is above ½. In a valley \
      along the axes κ multiplies the gradients of one weight, and Adam divides that out (power \(fixed(adamPower.mean, 2))). A valley at \
      45° stays narrow for Adam \(across).
      """)
    page.live(
      "bowl", "Roll the ball yourself: a narrow valley, a rate, a velocity",
      caption: """
        Drag the start of the path, or move the sliders. κ says how many times the steep axis is as curved as the flat one. 
        """,
      figure: "condition",
      settings: [
        "method": 0, "kappa": 1.3, "rate": -1.2, "momentum": 0, "turn": 25, "x": -1, "y": 0.6, "speed": 1,
      ])

    if let digits { addDigitMethods(to: &page, digits, adamOnSpirals: findings.optimizers?.results.last?.rate) }
    page.fold("The same on a straight valley and on the spirals") {
      addStraightValley(to: &$0, findings)
      if let found = findings.optimizers { addOnNet(to: &$0, found, findings, isLast: digits == nil) }
    }
    page.callout(
      .mistake,
      """
      Do not compare methods at one common learning rate. In the straight valley of the fold above the best rates range from \
      \(short(results.map(\.rate).min() ?? 0)) to \(short(results.map(\.rate).max() ?? 0)), and those of the batch sizes from \
      \(short(batches.rates.min() ?? 0)) to \(short(batches.rates.max() ?? 0)). Tune the rate of each, then compare.
      """)
    if let digits { page.prose(methodOrRate(findings, digits)) }
  }

  /// When the method decides, and when the rate.
  private static func methodOrRate(_ findings: Findings, _ digits: DigitMethods) -> String {
    let method = digits.methods[0]
    let (best, tried) = (method.tried.min() ?? 0, method.tried)
    let far = tried.firstIndex(of: best).map { $0 + 2 }.flatMap { $0 < tried.count ? tried[$0] : nil }
    let (plain, momentum) = (findings.race[0].steps.mean, findings.race[1].steps.mean)
    let onNet = findings.optimizers.map { found in
      let ahead = found.results.indices.dropFirst().filter { found.above(0, $0).direction(among: 4) == .above }
      return ahead.isEmpty
        ? ""
        : " On the spirals, too, \(listed(ahead.map { Walker.all[$0].name })) \(ahead.count == 1 ? "ends" : "end") far below plain descent."
    }
    let isNoneBelow = digits.methods.dropFirst().allSatisfy {
      (method.ends - $0.ends).direction(among: digits.methods.count - 1) != .above
    }
    return """
      **When does the method matter, and when the rate?** In a narrow valley without noise the method decides: momentum needs \
      \(fixed(momentum, 0)) steps where plain descent needs \(fixed(plain, 0)).\(onNet ?? "") On these digits, in batches, \
      \(isNoneBelow ? "no method ends below plain descent beyond chance" : "some methods end below plain descent")\
      \(far.map { ", and the rate matters more: at four times its best rate the test loss of plain descent is \(fixed($0, 2)) instead of \(fixed(best, 2))" } ?? "").
      """
  }

  /// The five methods in a valley along one axis.
  private static func addStraightValley(to page: inout Page, _ findings: Findings) {
    let results = findings.race
    let raceSteps = results.map(\.steps)
    let plain = fixed(raceSteps[0].mean, 0)
    func needs(_ walker: Int) -> String { "\(Walker.all[walker].name) after \(fixed(raceSteps[walker].mean, 0))" }
    let frames = [[0, 1, 2], [0, 3, 4]]
    let below = results[3].distances.indices.filter { results[3].distances[$0] < RaceFindings.floor }
    page.figure(
      Figure(
        "Plain descent has 1 % of the distance left after \(plain) steps, \(needs(1)), \(needs(2)), \(needs(3)), \(needs(4))",
        exploring: FigureParameter("methods", names: ["one rate for all weights", "a scale for each weight"]),
        name: "race",
        titles: { frame in
          "Plain descent has 1 % of the distance left after \(plain) steps, "
            + frames[Int(frame)].dropFirst().map(needs).joined(separator: ", ")
        },
        captions: { frame in
          """
          A bowl with κ = 100 whose valley lies along one axis (that of the paths above is turned by 45°, and its rates are the best after 60 \
          steps, so they differ). Steps: means of \(counted(findings.seeds.count, "start")); one of them is drawn. Plain descent \
          has its exact best rate, 2/(1 + κ); the others have the best of \(RaceResult.rates.count) rates from \
          \(short(RaceResult.rates[0])) to \(short(RaceResult.rates[RaceResult.rates.count - 1])), the one with the \
          fewest steps until every start stays below 1 %. \
          \(frame == 0
            ? "Momentum overshoots and swings back, like a ball in a bowl. Where its path passes near the bottom, the curve dips for a moment."
            : below.isEmpty ? "" : "RMSProp leaves the picture at the bottom from step \(below[0]) to \(below[below.count - 1]).")
          """
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
                isEmphasized: walker != 1, color: walker)
            }, references: [.init(.horizontal, at: 0.01, "1 %")]))
      })
    page.table(
      Table(
        "Steps until 1 % of the distance is left, κ = 100, \(findings.seeds.count) starts",
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
        From the start that is drawn, RMSProp first passes 1 % after \(counted(first, "step")), is thrown back, and stays below only after \(last). Near the \
        bottom $g/\\sqrt{s}$ does not shrink with $g$: each step keeps about the size $\\eta$, here \(short(results[3].rate)), in each weight.
        """)
    }
  }

  /// The paths of the methods in a valley at 45°.
  private static var paths: Figure {
    let (bowl, from, steps) = (Bowl(condition: 100, angle: 45), (-1.0, -0.6), 60)
    let walkers = Walker.all.enumerated().map { place, walker in
      let walks = (0..<31).map { rate in
        let rate = 0.003 * pow(10, Double(rate) / 12)
        return (rate: rate, walk: descend(bowl, from: from, walker.optimizer, rate: rate, steps: steps))
      }
      // The rate that is nearest to the bottom over the last steps: momentum may pass it by chance.
      let best = walks.min { end($0.walk, steps) < end($1.walk, steps) } ?? walks[0]
      return (name: walker.name, place: place, rate: best.rate, walk: best.walk)
    }
    func left(_ place: Int) -> String {
      let distances = walkers[place].walk.distances
      return percent((distances.last ?? 1) / distances[0])
    }
    return Figure(
      "Of the way to the bottom of a narrow valley plain descent has \(left(0)) left after \(steps) steps, momentum \(left(1)), Adam \(left(4))",
      exploring: FigureParameter("method", names: walkers.map(\.name), initial: 1),
      caption: """
        A bowl with κ = 100 whose valley is turned by 45°, from the point (−1, −0.6), \(steps) steps. Each method has the best of 31 rates, \
        the one that is nearest to the bottom over the last quarter of the steps. Methods with a velocity swing across the valley, but move on along it.
        """,
      name: "paths",
      titles: { frame in
        let walker = walkers[Int(frame)]
        return
          "\(walker.name.prefix(1).uppercased() + walker.name.dropFirst()) at a rate of \(short(walker.rate)): \(left(Int(frame))) of the way is left after \(steps) steps"
      }
    ) { frame in
      let walker = walkers[Int(frame)]
      return .contour(
        ContourPlot(
          x: Axis("first weight", range: -1.3...0.5), y: Axis("second weight", range: -1.1...0.5),
          heights: bowl.heights(-1.3...0.5, -1.1...0.5), levels: [0.02, 0.1, 0.4, 1.5, 5, 15],
          paths: [
            Series(
              walker.name, x: walker.walk.a, y: walker.walk.b, style: .lineAndMarkers, isEmphasized: true,
              color: walker.place)
          ], hasEqualScales: true))
    }
  }

  /// The largest distance over the last quarter of the steps; infinite where the walk has left the picture.
  private static func end(_ walk: Walk, _ steps: Int) -> Double {
    walk.a.count < steps + 1 ? .infinity : walk.distances.suffix(steps / 4).max() ?? .infinity
  }

  /// The same methods on the net of the spirals.
  private static func addOnNet(
    to page: inout Page, _ found: OptimizerFindings, _ findings: Findings, isLast: Bool
  ) {
    let (results, places) = (found.results, found.places.map(Double.init))
    let names = Walker.all.map(\.name)
    func ends(_ walker: Int) -> String { short(results[walker].typical) }
    let ahead = results.indices.dropFirst().filter { found.above(0, $0).direction(among: 4) == .above }
    let behind = results.indices.dropFirst().filter { found.above(0, $0).direction(among: 4) == .below }
    page.prose(
      """
      A bowl has no noise and no plateaus (flat stretches). The next figure shows the same five methods on the net of the spirals, in batches of \
      \(OptimizerFindings.batch), each at the best of \(OptimizerFindings.rates.count) rates from \(short(OptimizerFindings.rates[0])) to \
      \(short(OptimizerFindings.rates[OptimizerFindings.rates.count - 1])), chosen on other seeds:
      """)
    page.figure(
      Figure(
        ahead.count == 4
          ? "On a net, in batches, all four methods end below plain descent"
          : ahead.isEmpty
            ? "On a net, in batches, none clearly ends below plain descent"
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
    page.prose(
      """
      \(ahead.isEmpty ? "Here none ends below plain descent beyond chance." : "Plain descent ends at \(ends(0)), \(listed(ahead.map { "\(names[$0]) at \(ends($0))" })).")\
      \(behind.isEmpty ? "" : " \(listed(behind.map { names[$0] })) \(behind.count == 1 ? "ends" : "end") above it.") \
      (The curves are medians over the nets at each step. These numbers are means over the last fifth of the steps. A few high peaks raise a \
      mean, not a median.)\
      \(isLast ? " This is one small net. Which method is best depends on the task; that each method needs its own rate is true everywhere. Rates this large suit a net this small. In deep nets one begins with Adam near 0.001, the default of its authors." : "")
      """)
  }

  /// `a, b and c`.
  static func listed(_ words: [String]) -> String {
    words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
  }
}
