// The page of chapter 10: which rates the networks bear with batch normalization and without, and why.

import Foundation
import Workbook

extension RateSweep.Curve {
  /// A net with more errors than that, in per cent, has failed: it has learned next to nothing.
  static let failure = 50.0

  /// The smallest rate at which a net fails, whatever its seed; nil where none does at the rates tried.
  var failsFrom: Double? {
    zip(rates, errors).filter { $1.values.contains { $0 > Self.failure } }.map(\.0).min()
  }
  /// The largest rate below that at which all seeds train; nil where there is none.
  var trainsUpTo: Double? { rates.filter { $0 < failsFrom ?? .infinity }.max() }
}

extension VariantFindings {
  /// The networks at many rates, those with batch normalization at larger ones as well, as far as these were tried.
  var allRates: RateSweep? {
    // The mistake has a section of its own.
    guard let rates else { return nil }
    var sweep = RateSweep(epochs: rates.epochs, curves: rates.curves.filter { !$0.name.hasSuffix("σ′") })
    func tried(_ network: String, _ rates: [Float]) -> [(rate: Double, error: Summary)] {
      rates.compactMap { rate in
        worth?[Worth.rateTrial(network, rate)].flatMap { trial in
          trial.runs.count < 3 ? nil : (trial.choice.rates[0], trial.finalError)
        }
      }
    }
    for name in ["LeNet-5", "LeNet-5++"] {
      guard let place = sweep.curves.firstIndex(where: { $0.name == name }) else { continue }
      let more = tried(name, Worth.largeRates)
      sweep.curves[place].rates += more.map(\.rate)
      sweep.curves[place].errors += more.map(\.error)
    }
    // The same networks with more seeds, and the one without batch normalization of its outputs.
    for curve in usualRates?.curves ?? [] {
      if let place = sweep.curves.firstIndex(where: { $0.name == curve.name }) {
        sweep.curves[place] = curve
      } else {
        sweep.curves.append(curve)
      }
    }
    let norm = tried("norm", Worth.normRates)
    if norm.count > 2 {
      sweep.curves.append(
        .init(name: "LeNet-5 with batch norm", color: 4, rates: norm.map(\.rate), errors: norm.map(\.error)))
    }
    return sweep
  }
}

extension RateSweep {
  /// The network with batch normalization as one builds it; in older records the one that normalizes its outputs, too.
  var normed: Curve? { self[Worth.usualNet] ?? self["LeNet-5++"] }
  /// Those that normalize their outputs, where the figure shows one that does not.
  var withNormedOutputs: [Curve] {
    self[Worth.usualNet] == nil ? [] : curves.filter { ["LeNet-5++", "LeNet-5 with batch norm"].contains($0.name) }
  }
  /// Those in the figure.
  var shown: [Curve] {
    let others = withNormedOutputs.map(\.name)
    return curves.filter { !others.contains($0.name) }
  }
  /// Whether batch normalization carries LeNet-5+ to larger rates.
  var isWidened: Bool {
    guard let with = normed?.trainsUpTo, let without = self["LeNet-5+"]?.trainsUpTo else { return false }
    return with > without
  }
}

extension LeNet {
  /// The same at other rates: what batch normalization does for the choice of a rate.
  static func addRates(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    guard let all = runs.reported.allRates, let plus = all["LeNet-5+"] else { return }
    let isUsual = all[Worth.usualNet] != nil
    page.prose(
      """
      ## Batch normalization and the rate

      Batch normalization is said to allow larger rates. Which rates does each network bear? Each is trained for \
      \(counted(all.epochs, "epoch")) at many rates. A net that still has more than \(fixed(RateSweep.Curve.failure, 0)) % errors \
      has failed: guessing gives 90 %.\(isUsual ? " LeNet-5++ is here the net of the listing." : "")
      """)
    page.figure(ratesFigure(all))
    page.project(ratesSlide(all, plus))
    if all.curves.contains(where: { $0.failsFrom != nil }) { page.table(limitTable(all)) }
    page.prose(ratesFinding(all))
    addRateReason(to: &page, runs.reported)
  }

  private static func ratesFigure(_ sweep: RateSweep) -> Figure {
    let counts = Set(sweep.shown.flatMap(\.errors).map(\.count)).sorted()
    let hasFailures = sweep.shown.contains { $0.failsFrom != nil }
    return Figure(
      ratesTitle(sweep),
      .lines(
        LineChart(
          x: Axis("learning rate", log: true),
          y: Axis(
            "test error (%)", log: true, range: hasFailures ? 0.7...100 : nil,
            ticks: hasFailures ? [1, 2, 5, 10, 20, 50, 90].map { ($0, short($0)) } : []),
          sweep.shown.enumerated().flatMap { place, curve -> [Series] in
            // Beside each other, so that the intervals can be told apart.
            let x = curve.rates.map { $0 * pow(1.04, Double(place) - 1) }
            let isMain = curve.name == sweep.normed?.name
            return [
              Series(
                rateName(curve.name), x: x, y: curve.errors.map(\.mean), deviation: curve.errors.map(\.uncertainty),
                style: .points, isEmphasized: isMain, color: curve.color),
              Series("", x: x, y: curve.errors.map(\.mean), style: .line, isEmphasized: isMain, color: curve.color),
            ]
          })),
      caption: """
        After \(counted(sweep.epochs, "epoch")): means of \(counts.map(String.init).joined(separator: " or ")) seeds with 95 % intervals.
        """, name: "rates", isWide: true)
  }

  /// A network of the sweep with what it consists of.
  private static func rateName(_ name: String) -> String {
    name == Worth.usualNet ? "LeNet-5++: ReLU, cross-entropy, batch norm in hidden layers" : toldName(name)
  }

  /// How far each network goes.
  private static func limitTable(_ sweep: RateSweep) -> Table {
    func row(_ curve: RateSweep.Curve, _ name: String) -> [TableCell] {
      [
        TableCell(name), TableCell(short(curve.best.rate)), .measured(curve.best.error),
        TableCell(curve.trainsUpTo.map { short($0) } ?? "–"),
        TableCell(curve.failsFrom.map { short($0) } ?? "none tried"),
      ]
    }
    let hasOutputs = !sweep.withNormedOutputs.isEmpty
    return Table(
      "Which rates the networks bear, of those tried, after \(counted(sweep.epochs, "epoch"))",
      columns: [
        "network", "best rate", .init("error there (%)", digits: 2), "all train up to", "a net fails at",
      ],
      rows: sweep.shown.map {
        row($0, $0.name == Worth.usualNet ? "LeNet-5++, batch norm in hidden layers" : toldName($0.name))
      }
        + sweep.withNormedOutputs.map { row($0, "\($0.name)\(hasOutputs ? ", at the outputs, too" : "")") })
  }

  /// Why a norm makes the rate matter less, and how that looks.
  private static func addRateReason(to page: inout Page, _ findings: VariantFindings) {
    page.prose(
      """
      ### Why the rate matters less

      Multiply the weights $w$ of a layer before batch norm by $c$. Its sums become $c$ times as large, batch norm divides by \
      $c$ again, and the loss is the same. So to change the loss as much as before, $cw$ needs a step $c$ times as long. The \
      gradient, loss per length, is therefore $1/c$ times as long: $\\|g\\| = k/\\|w\\|$, where $k$ does not depend on the \
      length of $w$. A step has the length $\\eta\\,\\|g\\|$. How far it turns the weights is its length divided by theirs:
      """)
    page.math(
      "\\frac{\\eta\\,\\|g\\|}{\\|w\\|} = \\frac{\\eta}{\\|w\\|} \\cdot \\frac{k}{\\|w\\|} = \\frac{\\eta\\, k}{\\|w\\|^2}"
    )
    page.prose(
      """
      And every step makes the weights longer. Making $w$ longer changes nothing, so the slope along $w$ is 0, and the gradient is \
      at right angles to $w$ (chapter 5). By Pythagoras
      """)
    page.math("\\|w_{t+1}\\|^2 = \\|w_t\\|^2 + \\eta^2 \\|g_t\\|^2")
    page.prose(
      "If the rate $\\eta$ is too large, the weights soon become so long that a step turns them little. In this way the step corrects itself."
    )
    guard let lengths = findings.lengths, let slow = lengths.rows.first, let fast = lengths.rows.last,
      let dense = lengths.layers.firstIndex(of: "fc1"), let last = lengths.layers.firstIndex(of: "fc3")
    else { return }
    page.table(
      Table(
        "LeNet-5++ in its first epoch, \(counted(slow.growth[0].count, "seed")): how long the weights of fc1 become, and the length of a step, in thousandths of theirs",
        columns: [
          "rate", .init("‖w‖, end over start", digits: 2), .init("first step", digits: 0),
          .init("last tenth of the epoch", digits: 1),
        ],
        rows: lengths.rows.map { row in
          [
            TableCell(short(row.rate)), .measured(row.growth[dense]),
            .measured(Summary(row.first[dense].values.map { 1e3 * $0 })),
            .measured(Summary(row.last[dense].values.map { 1e3 * $0 })),
          ]
        }))
    let (first, end) = (
      fast.first[dense].mean / slow.first[dense].mean, fast.last[dense].mean / slow.last[dense].mean
    )
    page.prose(
      """
      At \(short(fast.rate)) the first step turns fc1 \(short(first)) times as far as at \(short(slow.rate)); at the end of the \
      epoch \(short(end)) times\(end < first / 2 ? ", because its weights have become \(short(fast.growth[dense].mean)) times as long" : ""). \
      Behind fc3 stands no batch norm, so nothing corrects its steps\(outputSteps(fast, slow, last)).
      """)
  }

  /// How far the steps of the last layer go at the end of the epoch.
  private static func outputSteps(_ fast: WeightLengths.Row, _ slow: WeightLengths.Row, _ last: Int) -> String {
    ": there, at the end of the epoch, they are still \(short(fast.last[last].mean / slow.last[last].mean)) times as far"
  }

  /// What the sweep over the rates says, as a title.
  static func ratesTitle(_ sweep: RateSweep) -> String {
    if sweep.isWidened, let normed = sweep.normed, let plus = sweep["LeNet-5+"], let limit = plus.failsFrom {
      return
        "LeNet-5+ fails at a rate of \(short(limit)); with batch norm, as LeNet-5++, \(normed.failsFrom.map { "only at \(short($0))" } ?? "at none tried")"
    }
    let bests = sweep.shown.map { "\(shownName($0.name)) \($0.best.error.formatted(decimals: 2)) %" }
    return "At its own best rate: \(bests.joined(separator: "; "))"
  }

  private static func ratesSlide(_ sweep: RateSweep, _ plus: RateSweep.Curve) -> String {
    guard sweep.isWidened, let with = sweep.normed?.trainsUpTo, let without = plus.trainsUpTo else {
      return "Best rates: LeNet-5 \(short(sweep["LeNet-5"]?.best.rate ?? .nan)), LeNet-5+ \(short(plus.best.rate))"
    }
    return "With batch norm it trains up to \(short(with)), without to \(short(without))"
  }

  /// By how much batch normalization moves the limit: from the rates that were tried, between which and which factor.
  static func limitFactor(_ sweep: RateSweep) -> (low: Double, high: Double?)? {
    guard sweep.isWidened, let normed = sweep.normed, let plus = sweep["LeNet-5+"], let with = normed.trainsUpTo,
      let without = plus.trainsUpTo, let fails = plus.failsFrom
    else { return nil }
    return (with / fails, normed.failsFrom.map { $0 / without })
  }

  /// The same in words: `between 2.9 and 6 times as large`.
  static func limitText(_ sweep: RateSweep) -> String? {
    limitFactor(sweep).map { factor in
      factor.high.map { "between \(short(factor.low)) and \(short($0)) times as large" }
        ?? "at least \(short(factor.low)) times as large"
    }
  }

  /// Between which rates the two limits lie; empty where one was not found.
  private static func limitPlaces(_ plus: RateSweep.Curve, _ normed: RateSweep.Curve) -> String {
    guard let a = plus.trainsUpTo, let b = plus.failsFrom, let c = normed.trainsUpTo, let d = normed.failsFrom else {
      return ""
    }
    return ": the limit lies between \(short(c)) and \(short(d)), without it between \(short(a)) and \(short(b))"
  }

  /// What the sweep says of batch normalization.
  static func ratesFinding(_ sweep: RateSweep) -> String {
    guard let normed = sweep.normed, let plus = sweep["LeNet-5+"], let plain = sweep["LeNet-5"] else { return "" }
    guard let size = limitText(sweep) else {
      return """
        From \(short(normed.rates[0])) to \(short(normed.rates[normed.rates.count - 1])) LeNet-5++ has \
        \(fixed(normed.best.error.mean, 2)) to \(fixed(normed.worst, 2)) % errors. LeNet-5 is best at \
        \(short(plain.best.rate)), LeNet-5+ at \(short(plus.best.rate)).
        """
    }
    let plainLimit = plain.trainsUpTo ?? 0
    let others = sweep.withNormedOutputs
    let reach = others.allSatisfy { $0.failsFrom == nil }
    return """
      **With batch norm LeNet-5+ bears rates that are \(size)**\(limitPlaces(plus, normed)).\
      \(plainLimit > (plus.trainsUpTo ?? 0) ? " Batch norm is not the only way there: LeNet-5 has none, and trains up to \(short(plainLimit)), because the gradients of squared error are short." : "")\
      \(others.isEmpty || !reach ? "" : " The nets that normalize their outputs, too, fail at no rate tried.")
      """
  }
}
