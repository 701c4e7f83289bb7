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
        "The parts of the mean squared error, times 100: \(counted(parts.count, "net")) of each kind, each with its own points. Each sum contains the unavoidable \(fixed(parts.noise, 1))",
        columns: ["training", .init("bias²", digits: 1), .init("variance", digits: 1), .init("sum", digits: 1)],
        rows: parts.entries.sorted { $0.error < $1.error }.map {
          [
            TableCell($0.name + ($0.setting.isEmpty ? "" : " (\($0.setting))")), TableCell($0.bias),
            TableCell($0.variance), TableCell(parts.noise + $0.error),
          ]
        }))
    page.project(
      parts.helpsThroughVariance
        ? "Regularizers lower the variance by more than they add bias" : "The parts of the squared error on the moons",
      notes: "Which column changes most from row to row?")
    page.prose(
      parts.words
        + (findings.digitParts == nil ? "" : " Whether this holds on digits is tested below."))
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
  fileprivate var words: String {
    var sentences: [String] = []
    if bare.variance > bare.bias {
      sentences.append(
        "Most of what the net without a regularizer could avoid is variance.")
    }
    sentences.append(
      helpsThroughVariance
        ? "**Every regularizer lowers the variance by more than it adds bias**, and that is more than chance for each. All keep a net from following single points, so nets with other points agree more."
        : "\(helping.count) of \(restraints.count) regularizers lower the variance by more than they add bias, by more than chance."
    )
    if let more = entries.first(where: { $0.name == MoonBoard.morePoints }), more.bias < bare.bias,
      restraints.allSatisfy({ $0.bias > bare.bias })
    {
      sentences.append("Only more points add no bias.")
    }
    return sentences.joined(separator: " ")
  }
}
