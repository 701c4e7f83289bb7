// The page of chapter 10: the wrong derivative, and what each part of the change is worth.

import Foundation
import Workbook

extension LeNet {
  /// The wrong derivative.
  static func addWrongDerivative(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    guard let right = runs.reported.named("LeNet-5"), let wrong = runs.reported.named("LeNet-5, published σ′") else {
      return
    }
    page.prose(
      """
      ## A mistake that helped

      The wrong σ′ is not made up: a published program has it, the one that the report S0 names. It multiplies by $1 - s^2$, the \
      derivative of tanh, in place of $s(1 - s)$. Chapter 8 finds the loss that this derivative really follows.
      """)
    let slopes = sigmoidSlopes(at: stride(from: -6, through: 6, by: 0.25).map { $0 })
    let measured = slopes.filter { $0.z == $0.z.rounded() }
    let check =
      Figure(
        "A gradient check finds it in a second: the measured slope is s(1 − s)",
        .lines(
          LineChart(
            x: Axis("z"), y: Axis("slope of the sigmoid", range: 0...1.05),
            [
              Series("1 − s², wrong", x: slopes.map(\.z), y: slopes.map(\.published), style: .line, color: 1),
              Series(
                "s(1 − s)", x: slopes.map(\.z), y: slopes.map(\.correct), style: .line, isEmphasized: true, color: 0),
              Series("measured", x: measured.map(\.z), y: measured.map(\.measured), style: .points, color: 7),
            ])),
        caption: "Squares: central differences in Double; s = σ(z) is the output.", name: "sigmoid-slopes")
    page.fold("A gradient check finds it, and where it stands") {
      $0.figure(check)
      $0.prose(
        """
        In SimpleNN, `headers/activation_layer.h`, line 108 of version 3.0, `Sigmoid::backward` multiplies by \
        `1 - sigmoid * sigmoid`. \(rowFinding(right, wrong))
        """)
    }
    let plus = runs.reported.named("LeNet-5+")
    page.callout(
      .erratum("S0"),
      """
      With the right derivative LeNet-5 ends at \(right.finalError.formatted(decimals: 2)) % errors, with the wrong one \
      at \(wrong.finalError.formatted(decimals: 2)) %\
      \(plus.map { ", and LeNet-5+ at \($0.finalError.formatted(decimals: 2)) %" } ?? ""). \(mistakeFinding(right, wrong, plus)) At each \
      output the push has the right sign all the same. Below, where pushes are added, a gradient may change its sign, and yet \
      training goes on without a complaint: it follows another loss (chapter 8).
      """)
    let gain = right.finalError - wrong.finalError
    page.slide(
      isClear(gain, beyond: 0)
        ? "\(gain.mean > 0 ? "The wrong slope has fewer" : "The right slope has fewer") errors, at this one rate"
        : "Right slope and wrong: no difference beyond chance",
      """
      - Errors: right slope \(fixed(right.finalError.mean, 2)) %, wrong slope \(fixed(wrong.finalError.mean, 2)) %.
      - At each output the push has the right sign: nothing complains.
      - The steps are larger. Is it only that?
      """, notes: "A gradient check finds the mistake in a second. The next figure tries other rates.")
  }

  /// Whether the first row of S0's table is met with the mistake or without it.
  static func rowFinding(_ right: VariantResults, _ wrong: VariantResults) -> String {
    guard let published = wrong.published else { return "" }
    func distance(_ result: VariantResults) -> Double { abs(result.finalError.mean - published.mean) }
    let isNearer = distance(wrong) < distance(right)
    return """
      If the first row of S0's table, \(fixed(published.mean, 2)) %, comes from it, as is likely, it was trained with the mistake. Here \
      the mistake gives \(fixed(wrong.finalError.mean, 2)) %, the right derivative \(fixed(right.finalError.mean, 2)) %: \
      \(isNearer ? "the wrong one is nearer" : "the right one is nearer").
      """
  }

  /// What the mistake did.
  static func mistakeFinding(_ right: VariantResults, _ wrong: VariantResults, _ plus: VariantResults?) -> String {
    let gain = right.finalError - wrong.finalError
    guard isClear(gain, beyond: 0) else { return "The two do not differ by more than chance here." }
    guard gain.mean > 0 else { return "Here the wrong one is worse, as one would expect." }
    let lead = plus.map { $0.finalError - wrong.finalError }
    return """
      At this rate the wrong one is better\(lead?.direction() == .above ? ", better even than LeNet-5+" : ""). Why? It may be its \
      force where an output is near 0 and should be 1 (chapter 8), or only the larger step.
      """
  }

  /// Activation, loss and initial weights.
  static func addParts(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    guard let ablation = runs.reported.ablation else { return }
    let parts: [(name: String, change: (Ablation.Cell) -> Bool)] = [
      ("cross-entropy after softmax", { $0.hasCrossEntropy }), ("ReLU", { $0.isReLU }),
      ("small initial weights", { $0.startsSmall }),
    ]
    let late = parts.map { ablation.effect(of: $0.change, after: ablation.epochs) }
    let strongest = late.indices.min { late[$0].mean < late[$1].mean } ?? 0
    page.prose(
      """
      ## Which part earns the speed?

      At the rate \(runs.reported.rate) LeNet-5+ learns much faster than LeNet-5. Three things change between them: activation, \
      loss and initial weights. All eight combinations, at that one rate, tell which of them earns it.
      """)
    page.predict(
      "LeNet-5+ differs from LeNet-5 in three things. At the rate \(runs.reported.rate), which lowers the error most?",
      choices: parts.map(\.name),
      answer: strongest,
      zip(parts, late).map { "\($0.name): error × \($1.formatted(decimals: 2))" }.joined(separator: "; ")
        + ". Below 1 is a gain, above 1 a loss. " + rateFinding(runs.reported))
    page.project("Activation, loss, first weights: which earns the speed?")
    let groups = [(false, false), (false, true), (true, false), (true, true)]
    func bars(_ startsSmall: Bool) -> [Summary] {
      groups.map { relu, entropy in
        ablation.cells.first { ($0.isReLU, $0.hasCrossEntropy, $0.startsSmall) == (relu, entropy, startsSmall) }?
          .error(after: ablation.epochs) ?? Summary([])
      }
    }
    page.figure(
      Figure(
        isClear(Summary(late[strongest].values.map { 1 - $0 }), beyond: 0)
          ? "At \(runs.reported.rate)\(strongest == 0 && suitsCrossEntropy(runs.reported) ? ", a rate that suits cross-entropy better than squared error" : ""), \(strongest == 0 ? "cross-entropy" : parts[strongest].name) earns most: error × \(late[strongest].formatted(decimals: 2))"
          : "Eight networks between LeNet-5 and LeNet-5+",
        .bars(
          BarChart(
            categories: ["tanh, squared error", "tanh, cross-entropy", "ReLU, squared error", "ReLU, cross-entropy"],
            y: Axis("test error (%)"),
            [false, true].map { small in
              let summaries = bars(small)
              return .init(
                small ? "small (±1/√inputs)" : "Xavier", summaries.map(\.mean),
                deviation: summaries[0].count > 1 ? summaries.map(\.deviation) : [], color: small ? 2 : 0)
            })),
        caption:
          "\(runs.origin)After \(counted(ablation.epochs, "epoch")), \(counted(ablation.cells[0].errors.count, "seed")); mean and standard deviation; right σ′ throughout. The first bar is LeNet-5, the last LeNet-5+.",
        name: "ablation", isWide: true))
    page.project(
      isClear(Summary(late[strongest].values.map { 1 - $0 }), beyond: 0)
        ? "Of the three, \(parts[strongest].name) earns most" : "Eight networks between LeNet-5 and LeNet-5+")
    page.table(
      Table(
        "By what each change multiplies the test error, mean of the four pairs that differ in nothing else",
        columns: ["change", .init("after 1 epoch", digits: 2)]
          + (ablation.epochs > 1 ? [.init("after \(ablation.epochs) epochs", digits: 2)] : []),
        rows: zip(parts, late).map { part, factor in
          [TableCell(part.name), .measured(ablation.effect(of: part.change, after: 1))]
            + (ablation.epochs > 1 ? [.measured(factor)] : [])
        }))
    let slow = ablation.effect(of: parts[2].change, after: 1)
    if slow.direction(from: 1) == .above {
      page.prose(
        """
        Why do the small initial weights harm? Within $\\pm 1/\\sqrt{n}$, for $n$ inputs, they have the variance $1/(3n)$: a third of \
        what LeCun proposed, a sixth of He's (chapter 4). So the signal shrinks from layer to layer, and the first steps are small.
        """)
    }
    page.prose(
      """
      Do ReLU's many zeros help (Glorot et al. 2011)? All that is ReLU's at the end, zeros included, is a factor of \
      \(ablation.relu.formatted(decimals: 2)): \
      \(isClear(Summary(ablation.relu.values.map { 1 - $0 }), beyond: 0) ? (ablation.relu.mean < 1 ? "a gain." : "a loss.") : "no difference beyond chance; with \(counted(ablation.relu.count, "seed")) only a large one would have shown.") \
      With squared error it is \(ablation.relu(withCrossEntropy: false).formatted(decimals: 2)), with cross-entropy \
      \(ablation.relu(withCrossEntropy: true).formatted(decimals: 2)).
      """)
    page.fold("How the factors are computed") { $0.code("effect", in: "Trials.swift") }
  }

  /// Whether LeNet-5+ is nearer to its best at S0's rate than LeNet-5.
  static func suitsCrossEntropy(_ findings: VariantFindings) -> Bool {
    guard let sweep = findings.rates, let plain = sweep["LeNet-5"], let plus = sweep["LeNet-5+"] else { return false }
    func loss(_ curve: RateSweep.Curve) -> Double { curve.errors[0].mean / curve.best.error.mean }
    return loss(plain) > 1.5 * loss(plus)
  }

  /// What one rate for all has to do with it.
  static func rateFinding(_ findings: VariantFindings) -> String {
    guard let sweep = findings.rates, let plain = sweep["LeNet-5"]?.best, let plus = sweep["LeNet-5+"]?.best else {
      return "At the rate \(findings.rate)."
    }
    return isClear(plain.error - plus.error, beyond: 0)
      ? "At the rate \(findings.rate); at the best rate of each, LeNet-5 and LeNet-5+ still differ after \(counted(sweep.epochs, "epoch"))."
      : "At the rate \(findings.rate). At the best rate of each, LeNet-5 and LeNet-5+ no longer differ after \(counted(sweep.epochs, "epoch")), beyond chance: much of this is speed at a small rate."
  }

  /// The same at other rates.
  static func addRates(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    guard let sweep = runs.reported.rates else { return }
    guard let right = sweep["LeNet-5"], let wrong = sweep["LeNet-5, published σ′"], let plus = sweep["LeNet-5+"] else {
      return
    }
    let rest = right.best.error - wrong.best.error
    page.prose(
      """
      ## Is it only the rate?

      So far all networks had the same rate, 0.02 (as in S0). A derivative that is at least twice as large is also a larger \
      step, and squared error after a sigmoid has the smaller gradients. So each network has its own best rate:
      """)
    page.figure(
      Figure(
        ratesTitle(sweep),
        .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: Axis("test error (%)", log: true, range: sweep.shownRange),
            sweep.curves.map {
              Series(
                shownName($0.name), x: $0.rates, y: $0.errors.map(\.mean), deviation: $0.errors.map(\.deviation),
                color: $0.color)
            })),
        caption: """
          \(runs.origin)After \(counted(sweep.epochs, "epoch")), \(counted(right.best.error.count, "seed")), mean and standard deviation. The \
          best rate is read off these test errors, which flatters most the networks whose errors scatter \
          most.\(sweep.cutOffText)
          """, name: "rates"))
    let lowest = sweep.curves[0].rates.indices.map { place in
      sweep.curves.min { $0.errors[place].mean < $1.errors[place].mean }?.name ?? ""
    }
    page.project(
      Set(lowest).count == 1
        ? "At every rate \(shownName(lowest[0])) makes the fewest mistakes"
        : "Best rates: LeNet-5 \(short(right.best.rate)), LeNet-5+ \(short(plus.best.rate))")
    page.prose(
      """
      \(ownRatesFinding(sweep))

      The right σ′ has its best rate at \(right.bestText), the wrong one at \(wrong.bestText), LeNet-5+ at \(plus.bestText). At \
      0.02 the mistake is ahead by \(fixed((right.errors[0] - wrong.errors[0]).mean, 1)) points. \
      \(isClear(rest, beyond: 0)
        ? (rest.mean > 0
          ? "At the best rate of each it is ahead by \(fixed(rest.mean, 2)). \(isClear(rest, beyond: 0, among: right.rates.count) ? "" : "Both rates were picked by looking at these same errors, so that little proves nothing. ")Most of the mistake's advantage is that of a larger step."
          : "At the best rate of each the right derivative is ahead: the mistake's advantage was that of a larger step.")
        : "At the best rate of each the two do not differ by more than chance: the mistake's advantage was that of a larger step.") \
      A comparison at one rate for all says which network likes that rate.
      """)
  }
}
