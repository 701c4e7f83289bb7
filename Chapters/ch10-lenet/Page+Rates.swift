// The page of chapter 10: which rates the nets bear with batch normalization and without, and why.

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

extension RateSweep {
  /// The net with batch normalization.
  var normed: Curve? { self[Worth.usualNet] }

  /// Whether batch normalization carries ReLU + CE to larger rates.
  var isWidened: Bool {
    guard let with = normed?.trainsUpTo, let without = self["LeNet-5+"]?.trainsUpTo else { return false }
    return with > without
  }

  /// By how much batch normalization moves the limit: from the rates that were tried, between which and which factor.
  var limitFactor: (low: Double, high: Double?)? {
    guard isWidened, let normed, let plus = self["LeNet-5+"], let with = normed.trainsUpTo,
      let without = plus.trainsUpTo, let fails = plus.failsFrom
    else { return nil }
    return (with / fails, normed.failsFrom.map { $0 / without })
  }

  /// The same in words: `between 2.9 and 6 times as large`.
  var limitText: String? {
    limitFactor.map { factor in
      factor.high.map { "between \(short(factor.low)) and \(short($0)) times as large" }
        ?? "at least \(short(factor.low)) times as large"
    }
  }
}

extension LeNet {
  /// What batch normalization does for the choice of a rate.
  static func addRates(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    guard let sweep = runs.reported.usualRates, let plus = sweep["LeNet-5+"], let normed = sweep.normed else { return }
    page.prose(
      """
      ## Batch normalization and the rate

      **Batch normalization allows larger rates.** Each net is trained for \(counted(sweep.epochs, "epoch")) at many rates. A \
      net that still has more than \(fixed(RateSweep.Curve.failure, 0)) % errors has failed: guessing gives 90 %.
      """)
    page.figure(ratesFigure(sweep, runs.reported))
    page.project(ratesSlide(normed, plus))
    page.prose(ratesFinding(sweep))
    addRateReason(to: &page, runs.reported)
  }

  private static func rateName(_ name: String) -> String {
    (name == Worth.usualNet ? Steps.Net.normed : name == "LeNet-5+" ? .modern : .old).name
  }

  private static func ratesFigure(_ sweep: RateSweep, _ findings: VariantFindings) -> Figure {
    let hasFailures = sweep.curves.contains { $0.failsFrom != nil }
    return Figure(
      ratesTitle(sweep),
      .lines(
        LineChart(
          x: Axis("learning rate", log: true),
          y: Axis(
            "test error (%)", log: true, range: hasFailures ? 0.7...100 : nil,
            ticks: hasFailures ? [1, 2, 5, 10, 20, 50, 90].map { ($0, short($0)) } : []),
          [true, false].flatMap { isPoints in
            // In the order of the first table.
            sweep.curves.reversed().enumerated().map { place, curve in
              // Beside each other, so that the intervals can be told apart.
              let x = curve.rates.map { $0 * pow(1.04, Double(place) - 1) }
              return Series(
                isPoints ? rateName(curve.name) : "", x: x, y: curve.errors.map(\.mean),
                deviation: isPoints ? curve.errors.map(\.uncertainty) : [], style: isPoints ? .points : .line,
                isEmphasized: curve.name == Worth.usualNet, color: curve.color)
            }
          })),
      caption: """
        After \(counted(sweep.epochs, "epoch")) of \(grouped(findings.trainingCount)) digits: means of \
        \(seedCounts(sweep.curves.flatMap(\.errors))) with 95 % intervals.
        """, name: "rates", isWide: true)
  }

  /// What the sweep over the rates says, as a title.
  static func ratesTitle(_ sweep: RateSweep) -> String {
    guard sweep.isWidened, let normed = sweep.normed, let limit = sweep["LeNet-5+"]?.failsFrom else {
      return "Test errors at many rates, with batch norm and without"
    }
    return
      "ReLU + CE fails at a rate of \(short(limit)); with batch norm \(normed.failsFrom.map { "only at \(short($0))" } ?? "at none tried")"
  }

  private static func ratesSlide(_ normed: RateSweep.Curve, _ plus: RateSweep.Curve) -> String {
    guard let with = normed.trainsUpTo, let without = plus.trainsUpTo, with > without else {
      return "Test errors at many rates"
    }
    return "With batch norm it trains up to \(short(with)), without to \(short(without))"
  }

  /// What the sweep says of batch normalization.
  static func ratesFinding(_ sweep: RateSweep) -> String {
    guard sweep["LeNet-5+"] != nil else { return "" }
    guard let size = sweep.limitText else {
      return "In these runs batch norm does not carry the net to larger rates than those that ReLU + CE bears."
    }
    return """
      **With batch norm the net bears rates that are \(size)**\(limits(sweep)).\
      \(valleys(sweep))
      """
  }

  /// How wide the range of good rates is with the norm and without, if it is wider with it.
  private static func valleys(_ sweep: RateSweep) -> String {
    guard let with = sweep.normed?.valley, let without = sweep["LeNet-5+"]?.valley,
      with.upperBound / with.lowerBound > 2 * without.upperBound / without.lowerBound
    else { return "" }
    func ends(_ range: ClosedRange<Double>) -> String {
      "from \(short(range.lowerBound)) to \(short(range.upperBound))"
    }
    return """
       (Both begin with PyTorch's small weights; ReLU + CE from He's was not tried.) **So the rate needs less search:** with batch norm the error stays below one and a half times its lowest \
      \(ends(with)), without it only \(ends(without)).
      """
  }

  /// From which rates the two factors come: `: it trains at 3 and fails at 5; ReLU + CE trains at 0.5 and fails at 0.7`.
  private static func limits(_ sweep: RateSweep) -> String {
    guard let with = sweep.normed?.trainsUpTo, let above = sweep.normed?.failsFrom,
      let without = sweep["LeNet-5+"]?.trainsUpTo, let fails = sweep["LeNet-5+"]?.failsFrom
    else { return "" }
    return ": it trains at \(short(with)) and fails at \(short(above)); "
      + "ReLU + CE trains at \(short(without)) and fails at \(short(fails))"
  }

  /// What the lengths show: at a large rate they grow, at one that both nets bear as much as without the norm.
  private static func lengthsFinding(_ findings: VariantFindings, _ dense: Int) -> String {
    guard let fast = findings.lengths?.rows.last, let plain = findings.plainLengths?.rows.last,
      let same = findings.lengths?.rows.first(where: { Float($0.rate) == Float(plain.rate) })
    else { return "" }
    let (large, with, without) = (fast.growth[dense].mean, same.growth[dense].mean, plain.growth[dense].mean)
    return large > 2 * with && with < 1.25 * without
      ? """
      **The usual reason fits only rates that are too large.** With batch norm at the rate \(short(fast.rate)) the weights of fc1 become \
      \(fixed(large, 1)) times as long in an epoch, and a step turns long weights less. But at \(short(plain.rate)), a rate that both nets \
      bear, they grow by no more with batch norm than without (\(fixed(with, 1)) and \(fixed(without, 1)) times). Why the rate matters \
      less there, we do not know.
      """
      : "With batch norm at the rate \(short(fast.rate)) the weights of fc1 become \(fixed(large, 1)) times as long in an epoch."
  }

  /// Why a norm should make the rate matter less: the argument, and in a fold the derivation and the lengths.
  private static func addRateReason(to page: inout Page, _ findings: VariantFindings) {
    let rows = findings.lengths?.rows ?? []
    let dense = findings.lengths?.layers.firstIndex(of: "fc1")
    page.prose("### Why the rate matters less\n\n\(dense.map { lengthsFinding(findings, $0) } ?? "")")
    page.fold("The derivation, and the measured lengths") {
      $0.prose(
        """
        Double all weights of a layer before batch norm, and the net computes the same: only their direction counts. Multiply \
        the weights $w$ by $c$; the loss stays the same. So to change the loss as much as \
        before, $cw$ needs a step $c$ times as long. The gradient, loss per length, is therefore $1/c$ times as long: \
        $\\|g\\| = k/\\|w\\|$, where $k$ does not depend on the length of $w$. A step has the length $\\eta\\,\\|g\\|$, and it \
        turns the weights by its length divided by theirs:
        """)
      $0.math("\\frac{\\eta\\,\\|g\\|}{\\|w\\|} = \\frac{\\eta\\, k}{\\|w\\|^2}")
      $0.prose(
        """
        Making $w$ longer changes nothing, so the slope along $w$ is 0: the gradient is at right angles to $w$ (chapter 5). By \
        Pythagoras every step makes $w$ longer, until the steps are small enough:
        """)
      $0.math("\\|w_{t+1}\\|^2 = \\|w_t\\|^2 + \\eta^2 \\|g_t\\|^2")
      guard let dense, let count = rows.first?.growth[dense].count else { return }
      $0.table(
        Table(
          "The first epoch of \(grouped(findings.trainingCount)) digits, \(counted(count, "seed")): how long the weights of fc1 become, and the length of a step, in thousandths of theirs",
          columns: [
            "net", "rate", .init("‖w‖, end over start", digits: 2), .init("first step", digits: 1),
            .init("last tenth of the epoch", digits: 1),
          ],
          rows: (rows.map { (Steps.Net.normed, $0) } + (findings.plainLengths?.rows ?? []).map { (.modern, $0) }).map {
            net, row in
            [
              TableCell(net.name), TableCell(short(row.rate)), .measured(row.growth[dense]),
              .measured(Summary(row.first[dense].values.map { 1e3 * $0 })),
              .measured(Summary(row.last[dense].values.map { 1e3 * $0 })),
            ]
          }))
    }
  }
}
