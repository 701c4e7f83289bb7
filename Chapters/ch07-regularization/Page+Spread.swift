// The section of chapter 7 about bias and variance: why regularizers help.

import Workbook

extension Regularization {
  /// The squared error of nets on the moons, and its parts under every regularizer.
  static func addWhy(to page: inout Page, _ findings: Findings) {
    guard findings.moons != nil, let lines = findings.lines, let parts = findings.parts else { return }
    page.prose(
      """
      ## Why do they help?

      Train many nets, each on \(Moon.points) points of its own. What all of them get wrong in the same way is called *bias*. That each draws another line, because it follows its own points, is called *variance*.
      """)
    if lines.count > 1, lines.allSatisfy({ $0.lines.count > 1 }) { page.figure(Charts.variance(lines)) }
    page.prose(
      """
      On the moons both can be measured. At one place let $p$ be the true probability of class 1, $q$ the probability that one \
      net gives it, and $\\bar{q}$ the mean of $q$ over nets. A new point there has the label $y$, which is 0 or 1. Then on average over nets and labels:
      """)
    page.math("E\\left[(q - y)^2\\right] = p(1 - p) + (\\bar{q} - p)^2 + E\\left[(q - \\bar{q})^2\\right]")
    page.prose("No net can avoid the first part. The second is the squared bias, and the third is the variance.")
    page.fold("Why the squared error has these three parts") {
      $0.prose(
        """
        Write

        $$q - y = (q - \\bar{q}) + (\\bar{q} - p) + (p - y)$$

        Over nets and labels the first and the last bracket have the mean 0, and a new label knows nothing of the net. So the mixed terms of the square vanish on average. The last square is $p(1 - p)$ on average.
        """)
    }
    page.table(
      Table(
        "The parts of the mean squared error, times 100: \(counted(parts.count, "net")) of each kind, all at the rate of figure 1. Sums contain the unavoidable \(fixed(parts.noise, 1)). \(PartCells.note)",
        columns: ["training", "bias²", "variance", "sum"],
        rows: parts.entries.sorted { $0.error < $1.error }.map {
          [TableCell($0.name + ($0.setting.isEmpty ? "" : " (\($0.setting))"))]
            + PartCells.cells([$0.bias, $0.variance, parts.noise + $0.error], $0.uncertainties)
        }))
    page.project(
      parts.helpsThroughVariance
        ? "Regularizers lower the variance by more than they add bias" : "The parts of the squared error on the moons",
      notes: "Which column changes most from row to row?")
    page.prose(parts.words(slowWords(findings)))
  }
}

/// Parts of a squared error with the intervals of their differences from the net without a regularizer.
enum PartCells {
  static let note =
    "After ± the interval of the difference from “nothing”, widened for all comparisons"

  /// `2.8 ± 0.4`, and the value alone where there is no interval.
  static func cells(_ values: [Double], _ halves: [Double]) -> [TableCell] {
    values.indices.map { place in
      let half = place < halves.count ? halves[place] : 0
      return TableCell(fixed(values[place], 1) + (half > 0 ? " ± \(fixed(half, 1))" : ""))
    }
  }
}

extension Regularization {
  /// That a small rate does the same, where it was measured.
  private static func slowWords(_ findings: Findings) -> String {
    guard let slow = findings.moonRates?.entries.first, let values = slow.parts, values.count == 2,
      let bare = findings.parts?.bare, bare.variance - values[1] > values[0] - bare.bias
    else { return "" }
    return
      "A small rate does the same: at \(short(Double(slow.rate))) the net without a regularizer has a bias² of \(fixed(values[0], 1)) and a variance of \(fixed(values[1], 1))."
  }
}

extension MoonParts {
  private var restraints: [Entry] { entries.dropFirst().filter { $0.name != MoonBoard.morePoints } }
  /// Those that lower the variance, and by more than they add bias, both by more than chance.
  private var helping: [Entry] {
    restraints.filter {
      bare.variance - $0.variance > $0.uncertainties[1] && bare.error - $0.error > $0.uncertainties[2]
    }
  }
  /// Whether all of them do.
  var helpsThroughVariance: Bool { count > 2 && helping.count == restraints.count }

  /// What the table says, in sentences that hold for it.
  ///
  /// - Parameter slow: that a small rate does the same, or nothing.
  fileprivate func words(_ slow: String) -> String {
    var sentences: [String] = []
    sentences.append(
      helpsThroughVariance
        ? "**Every regularizer lowers the variance by more than it adds bias:** nets with other points agree more."
        : "\(helping.count) of \(restraints.count) regularizers lower the variance by more than they add bias, by more than chance."
    )
    if !slow.isEmpty { sentences.append(slow) }
    if let more = entries.first(where: { $0.name == MoonBoard.morePoints }), more.bias < bare.bias,
      restraints.allSatisfy({ $0.bias > bare.bias })
    {
      sentences.append(
        bare.bias - more.bias > more.uncertainties[0]
          ? "Only more points lower the bias, too." : "Only more points add no bias.")
    }
    return sentences.joined(separator: " ")
  }
}
