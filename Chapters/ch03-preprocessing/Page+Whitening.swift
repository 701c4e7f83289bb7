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

  /// Whether the ε at which least is whitened errs as the mean image does, seed by seed.
  private static func lastGap(_ sweep: WhiteningFindings, _ centred: Summary) -> String {
    guard let last = sweep.tuned.last else { return "" }
    let gap = last - centred
    return gap.worded(
      above: "That is still \(errorsMore(gap)) than with the mean image alone.",
      below: "That is \(errorsMore(gap)) than with the mean image alone.",
      withinChance: "That does not differ from the mean image alone beyond chance.")
  }

  /// How much to whiten.
  static func addWhitening(to page: inout Page, _ findings: Findings) {
    let (sweep, centered) = (findings.whitening, findings.learning.best(.meanImage))
    let (epsilons, errors, kept) = (sweep.epsilons, sweep.tuned, sweep.kept)
    let ends = (errors + [centered.error]).flatMap { [$0.mean - $0.deviation, $0.mean + $0.deviation] }.filter(
      \.isFinite)
    let (lowest, highest) = (0.9 * (ends.min() ?? 0), 1.05 * (ends.max() ?? 1))
    page.prose(
      """
      ## How much to whiten

      The $\\varepsilon$ of whitening decides how much noise is enlarged: directions with a variance far below $\\varepsilon$ stay small.
      """)
    page.predict(
      "From left to right ε grows, and less is whitened. How does the dense net's test error change? (Each ε has its own learning rate.)",
      drawing: "whitened",
      "It goes from \(fixed(errors[0].mean, 1)) % at ε = \(short(epsilons[0])) to \(fixed(errors[errors.count - 1].mean, 1)) % at ε = \(short(epsilons[epsilons.count - 1])). \(lastGap(sweep, centered.error))"
    )
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
          The dense net (\(findings.data)); \(findings.overSeeds.lowercased()), with a band of one standard deviation. With the mean \
          image alone the error is \(centered.error.formatted(decimals: 1)) %.\(sweepRates(sweep))
          """,
        name: "whitening-errors"))
    page.project(
      isClear(errors[0] - errors[sweep.best], beyond: 0)
        ? "Less whitening, fewer mistakes"
        : errors[0].count < 3
          ? "How much should be whitened?" : "How much is whitened makes no clear difference")
    page.fold("What is left of a digit") { page in
      page.figure(
        Figure(
          "The smaller ε, the less is left of a digit",
          exploring: FigureParameter("ε", values: epsilons, initial: epsilons.firstIndex { $0 >= 0.01 } ?? 0),
          caption:
            "Eight test digits (\(findings.data)), whitened and turned back to pixels. Each frame has its own scale, of square roots.",
          name: "whitening", isWide: true,
          titles: { value in
            let index = epsilons.firstIndex(of: value) ?? 0
            return "ε = \(short(value)): the correlation of a digit with its original is \(fixed(kept[index], 2))"
          }
        ) { value in
          let row = sweep.pictures[epsilons.firstIndex(of: value) ?? 0]
          return .images(preparedGrid([row], ["ε = \(short(value))"]))
        })
    }
  }
}
