// The page of chapter 3: how much to whiten.

import Foundation
import Workbook

extension Preprocessings {
  /// The rates of the smallest and of the largest ε, and those that are an end of the rates tried.
  private static func sweepRates(_ sweep: WhiteningFindings) -> String {
    guard let rates = sweep.rates, rates.count > 1 else { return "" }
    let ends = zip(sweep.epsilons, rates).filter { $1.isAtEnd }.map { short($0.0) }
    return " Rates: \(rates.map { short($0.rate) }.joined(separator: ", ")), in the order of ε"
      + (ends.isEmpty ? "." : "; the smallest or largest one tried for ε = \(ends.joined(separator: ", ")).")
  }

  /// How much to whiten.
  static func addWhitening(to page: inout Page, _ findings: Findings) {
    let (sweep, centered) = (findings.whitening, findings.learning.best(.meanImage))
    let (epsilons, errors) = (sweep.epsilons, sweep.tuned)
    let ends = (errors + [centered.error]).flatMap { [$0.mean - $0.deviation, $0.mean + $0.deviation] }.filter(
      \.isFinite)
    let (lowest, highest) = (0.9 * (ends.min() ?? 0), 1.05 * (ends.max() ?? 1))
    page.prose(
      """
      The $\\varepsilon$ of whitening decides how much noise is enlarged: directions with a variance far below $\\varepsilon$ stay small.
      """)
    page.figure(
      Figure(
        isClear(errors[0] - errors[sweep.best], beyond: 0)
          ? "Less whitening, fewer errors: \(fixed(errors[0].mean, 1)) % at ε = \(short(epsilons[0])), \(fixed(errors[sweep.best].mean, 1)) % at \(short(epsilons[sweep.best]))"
          : errors[0].count < 3
            ? "\(fixed(errors[0].mean, 1)) % errors at ε = \(short(epsilons[0])), \(fixed(errors[sweep.best].mean, 1)) % at \(short(epsilons[sweep.best])): so few seeds decide nothing"
            : "How much is whitened, ε = \(short(epsilons[0])) to \(short(epsilons[epsilons.count - 1])), makes no clear difference to the test error",
        .lines(
          LineChart(
            x: Axis("ε: the larger, the less is whitened", log: true),
            y: Axis("test error (%)", range: lowest...highest),
            [Series("whitened", x: epsilons, y: errors.map(\.mean), deviation: errors.map(\.deviation), color: 1)],
            references: [.init(.horizontal, at: centered.error.mean, "mean image alone")])),
        caption: """
          The dense net (\(findings.data)); \(findings.overSeeds.lowercased()), with a band of one standard deviation.\(sweepRates(sweep))
          """,
        name: "whitening-errors"))
  }
}
