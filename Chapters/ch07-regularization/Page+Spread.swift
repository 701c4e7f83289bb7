// The section of chapter 7 about bias and variance: why regularizers help.

import Workbook

extension Regularization {
  /// The squared error of nets on the moons, and its parts under every regularizer.
  static func addWhy(to page: inout Page, _ findings: Findings) {
    guard findings.moons != nil, let lines = findings.lines, let parts = findings.parts else { return }
    page.prose(
      """
      ## Why do they help?

      Train many nets, each on \(Moon.points) points of its own. What all of them get wrong in the same way is called *bias*. Each also follows its own points, so the nets differ; how much is called *variance*.
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
    let rate = findings.rateOfParts
    let slow = findings.slowNet
    let entries = (parts.entries + (slow.map { [$0] } ?? [])).sorted { $0.error < $1.error }
    page.table(
      Table(
        "The parts of the mean squared error, times 100: \(counted(parts.count, "net")) of each kind, all at one rate\(rate)\(slow == nil ? "" : ", and the bare net also at its own"). Sums contain the unavoidable \(fixed(parts.noise, 1)). \(PartCells.note)",
        columns: ["training", "bias²", "variance", "sum"],
        rows: entries.map {
          [TableCell($0.name + ($0.setting.isEmpty ? "" : " (\($0.setting))"))]
            + PartCells.cells([$0.bias, $0.variance, parts.noise + $0.error], $0.uncertainties)
        }))
    page.project(
      parts.helpsThroughVariance
        ? "At one rate: more variance removed than bias added" : "The parts of the squared error on the moons",
      notes: "Which column changes most from row to row?")
    page.prose(parts.words(rate, slow))
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

extension Regularization.Findings {
  /// ` (0.05)`: the rate of all nets whose parts were measured.
  var rateOfParts: String { moons.map { " (\(short($0.rate)))" } ?? "" }
  /// Whether that net's rate alone lowers the variance by more than it adds bias.
  var isSlowAlike: Bool {
    guard let slow = slowNet, let bare = parts?.bare else { return false }
    return bare.variance - slow.variance > slow.bias - bare.bias
  }
  /// The net without a restraint at the rate of its own, where that is another; no interval was kept of it.
  fileprivate var slowNet: MoonParts.Entry? {
    guard let slow = moonRates?.entries.first, let values = slow.parts, values.count == 2, let moons,
      abs(Double(slow.rate) - moons.rate) > 1e-6
    else { return nil }
    return MoonParts.Entry(
      name: slow.name, setting: "rate \(short(Double(slow.rate)))", bias: values[0], variance: values[1],
      uncertainties: [])
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
  /// - Parameters:
  ///   - rate: that of all nets.
  ///   - slow: the net without a restraint at its own rate.
  fileprivate func words(_ rate: String, _ slow: Entry?) -> String {
    var sentences: [String] = []
    sentences.append(
      helpsThroughVariance
        ? "**At one rate for all\(rate) every regularizer lowers the variance by more than it adds bias:** nets with other points agree more."
        : "At one rate for all\(rate) \(helping.count) of \(restraints.count) regularizers lower the variance by more than they add bias, by more than chance."
    )
    if let slow, bare.variance - slow.variance > slow.bias - bare.bias {
      sentences.append("So does a small rate alone.")
      let behind = restraints.filter { $0.variance >= slow.variance && $0.error >= slow.error }
      if !behind.isEmpty {
        sentences.append(
          "\(capitalized(Regularization.listed(behind.map(\.name)))) \(behind.count == 1 ? "has" : "have") more variance than that net, and no smaller sum. Regularizers at their own rates were not taken apart."
        )
      }
    }
    if let more = entries.first(where: { $0.name == MoonBoard.morePoints }), more.bias < bare.bias,
      restraints.allSatisfy({ $0.bias > bare.bias })
    {
      sentences.append(
        bare.bias - more.bias > more.uncertainties[0]
          ? "Only more points lower the bias, too." : "Only more points add no bias at this rate.")
    }
    return sentences.joined(separator: " ")
  }
}
