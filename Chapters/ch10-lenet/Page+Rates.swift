// The page of chapter 10: which rates suit the networks with batch normalization and without, and why.

import Foundation
import Workbook

extension RateSweep.Curve {
  /// How many times the error at the best rate a good rate may have.
  static let limit = 1.5

  /// The rates around the best one at which the error is at most half again as large.
  var good: ClosedRange<Double> {
    let isGood = errors.map { $0.mean <= Self.limit * best.error.mean }
    let middle = rates.firstIndex(of: best.rate) ?? 0
    var (low, high) = (middle, middle)
    while low > 0, isGood[low - 1] { low -= 1 }
    while high + 1 < rates.count, isGood[high + 1] { high += 1 }
    return rates[low]...rates[high]
  }

  /// `0.02 to 1`.
  var goodText: String { "\(short(good.lowerBound)) to \(short(good.upperBound))" }
  /// Whether the good rates end only where the rates that were tried do.
  var isGoodThroughout: Bool { good.lowerBound == rates.min() && good.upperBound == rates.max() }
  /// `at every rate tried, 0.02 to 1`, `from 0.05 to 0.2`, or `up to 5 (0.02 is the smallest rate tried)`.
  var goodPlace: String {
    if isGoodThroughout { return "at every rate tried, \(goodText)" }
    return good.lowerBound == rates.min()
      ? "up to \(short(good.upperBound)) (\(short(good.lowerBound)) is the smallest rate tried)" : "from \(goodText)"
  }
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
    let norm = tried("norm", Worth.normRates)
    if norm.count > 2 {
      sweep.curves.append(
        .init(name: "LeNet-5 with batch norm", color: 4, rates: norm.map(\.rate), errors: norm.map(\.error)))
    }
    return sweep
  }
}

extension LeNet {
  /// The same at other rates: what batch normalization does for the choice of a rate.
  static func addRates(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    guard let all = runs.reported.allRates, let plus = all["LeNet-5+"], let right = all["LeNet-5"] else { return }
    page.prose(
      """
      ## Batch normalization and the rate

      Batch normalization is said to allow larger rates. Which rates can each network use? Each is trained for \
      \(counted(all.epochs, "epoch")) at many rates. We call a rate good for a network if the error there is at most \
      \(short(RateSweep.Curve.limit)) times the error at the network's best rate.
      """)
    page.figure(
      Figure(
        ratesTitle(all),
        .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: Axis("test error (%)", log: true, range: all.shownRange),
            all.curves.map {
              Series(
                toldName($0.name), x: $0.rates, y: $0.errors.map(\.mean), deviation: $0.errors.map(\.uncertainty),
                drawsDeviation: false,
                isEmphasized: $0.name == "LeNet-5++", color: $0.color)
            })),
        caption: """
          After \(counted(all.epochs, "epoch")), means of \(counted(right.best.error.count, "seed")); its numbers have the 95 % intervals.\(all.cutOffText)
          """, name: "rates"))
    page.project(ratesSlide(all, plus))
    page.prose(ratesFinding(all))
    if let outputs = lastNormRateFinding(runs.reported) { page.prose(outputs) }
    addRateReason(to: &page, all, runs.reported)
  }

  /// Why a norm makes the rate matter less, and where it does not.
  private static func addRateReason(to page: inout Page, _ sweep: RateSweep, _ findings: VariantFindings) {
    page.prose(
      """
      ### Why the rate matters less

      Multiply the weights $w$ of a layer before batch norm by $c$. Its sums become $c$ times as large, batch norm divides by $c$ \
      again, and the output is the same. So the gradient at $cw$ is $1/c$ times as long. And it is at right angles to $w$, \
      because making $w$ longer changes nothing: the slope along $w$ is 0 (chapter 5). A step of gradient descent then makes the weights longer:
      """)
    page.math(
      "\\|w_{t+1}\\|^2 = \\|w_t\\|^2 + \\eta^2 \\|g_t\\|^2 \\qquad \\text{and} \\qquad \\frac{\\eta\\,\\|g_t\\|}{\\|w_t\\|} \\propto \\frac{\\eta}{\\|w_t\\|^2}"
    )
    page.prose(
      """
      The second expression is how far a step turns the weights. If the rate $\\eta$ is too large, the weights soon become so \
      long that a step turns them little. In this way the step corrects itself.
      """)
    guard let normed = sweep.normed, let words = normWords(sweep, normed, findings.normRow?.choice) else { return }
    page.prose(
      """
      Batch norm does not correct everything. Its own factors $\\gamma$ and shifts $\\beta$ come after the division, so nothing \
      corrects their steps. In *LeNet-5 with batch norm* they receive the short gradients of squared error, and that net needs \
      a larger rate: \(words)
      """)
  }

  /// Which rates suit LeNet-5 with batch normalization: from the sweep where it is in it, else from the choice of its rate.
  private static func normWords(
    _ sweep: RateSweep, _ normed: RateSweep.Curve, _ choice: OwnRates.Choice?
  ) -> String? {
    if let norm = sweep["LeNet-5 with batch norm"] {
      return
        "its good rates begin at \(short(norm.good.lowerBound)), those of LeNet-5++ at \(short(normed.good.lowerBound))\(normed.good.lowerBound == normed.rates.min() ? " or below" : "").\(normed.good.upperBound == normed.rates.max() ? " Their upper ends cannot be compared, because LeNet-5++ was not tried beyond \(short(normed.good.upperBound))." : "")"
    }
    guard let choice, let least = choice.errors.min(), let most = choice.errors.max(), let slow = choice.rates.first,
      let fast = choice.rates.last
    else { return nil }
    return
      "it chose \(short(choice.rate)). At the rates tried for this choice, from \(short(slow)) to \(short(fast)), its error on the digits kept back goes from \(fixed(least, 1)) to \(fixed(most, 1)) %. So it is LeNet-5++ that is free to choose, not every net with batch norm."
  }

  /// What the sweep over the rates says, as a title.
  static func ratesTitle(_ sweep: RateSweep) -> String {
    if sweep.isNormIndifferent, let normed = sweep.normed, let plus = sweep["LeNet-5+"] {
      return
        "With batch norm LeNet-5++ learns well \(normed.goodPlace); LeNet-5+, without it, \(plus.goodPlace)"
    }
    let bests = sweep.curves.map { "\(shownName($0.name)) \($0.best.error.formatted(decimals: 2)) %" }
    return "At its own best rate: \(bests.joined(separator: "; "))"
  }

  private static func ratesSlide(_ sweep: RateSweep, _ plus: RateSweep.Curve) -> String {
    guard sweep.isNormIndifferent, let normed = sweep.normed else {
      return "Best rates: LeNet-5 \(short(sweep["LeNet-5"]?.best.rate ?? .nan)), LeNet-5+ \(short(plus.best.rate))"
    }
    return normed.isGoodThroughout
      ? "LeNet-5++ learns well \(normed.goodPlace)"
      : "LeNet-5++ learns well up to a rate of \(short(normed.good.upperBound))"
  }

  /// What the sweep says of batch normalization.
  static func ratesFinding(_ sweep: RateSweep) -> String {
    guard let normed = sweep.normed, let plus = sweep["LeNet-5+"], let plain = sweep["LeNet-5"] else { return "" }
    guard sweep.isNormIndifferent else {
      return """
        From \(short(normed.rates[0])) to \(short(normed.rates[normed.rates.count - 1])) LeNet-5++ has \
        \(fixed(normed.best.error.mean, 2)) to \(fixed(normed.worst, 2)) % errors. LeNet-5 is best at \
        \(short(plain.best.rate)), LeNet-5+ at \(short(plus.best.rate)).
        """
    }
    // A net without a norm that is good up to the largest rate tried.
    let isPlainLarge = plain.good.upperBound > plus.good.upperBound
    return """
      Batch norm is not the only way to large rates. \(isPlainLarge ? "LeNet-5 has none, and is good from \(plain.goodText)\(plain.good.upperBound == plain.rates.max() ? ", the largest tried" : ""), because the gradients of squared error are short." : "LeNet-5 is good \(plain.goodPlace).")\(sweep["LeNet-5 with batch norm"].map { " With batch norm it is good from \($0.goodText)." } ?? "")\
      \(normed.worstOfGood < (sweep.withoutNorm.map(\.best.error.mean).min() ?? 0) ? " After so few epochs LeNet-5++ on average makes fewer mistakes at its worst good rate than the nets without batch norm at their best." : "")
      """
  }
}

extension RateSweep.Curve {
  /// The highest error at a good rate.
  fileprivate var worstOfGood: Double {
    zip(rates, errors).filter { good.contains($0.0) }.map(\.1.mean).max() ?? .nan
  }
}
