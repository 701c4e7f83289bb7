// The section of chapter 7 about bias and variance: why regularizers help.

import Workbook

extension Regularization {
  /// What regularizers change on digits, and what to do with it; the measurement in a fold.
  static func addWhy(to page: inout Page, _ findings: Findings) {
    guard let parts = findings.digitParts else { return }
    page.prose(
      """
      ## Why do they help?

      \(parts.answer)Train many nets, each on \(grouped(findings.boardDigits)) digits of its own. What they all get wrong in the same way is called *bias* (not the bias of a unit), and how much their answers scatter *variance*. \
      The squared error is bias² plus variance.
      """)
    page.table(
      Table(
        "Squared error on new digits, summed over the ten outputs, times 100: \(parts.starts) nets on each of \(parts.draws) sets of digits.\(parts.precision)",
        columns: [
          "training", .init("bias²", digits: 1), .init("variance", digits: 1),
          .init("of it by the training alone", digits: 1), .init("sum", digits: 1),
        ],
        rows: parts.entries.sorted { $0.error < $1.error }.map {
          [
            TableCell($0.name + ($0.setting.isEmpty ? "" : " (\($0.setting))")), TableCell($0.bias),
            TableCell($0.variance), TableCell($0.ofStarts), TableCell($0.error),
          ]
        }))
    page.project(parts.title, notes: "What could a mean of many nets remove, and what not?")
    page.prose("\(parts.words)\n\n\(parts.advice)")
    page.fold("Bias and variance as a formula") { page in
      page.prose(
        """
        For one output let $t$ be the right answer, 0 or 1, $q$ the answer of one net, and $\\bar{q}$ the mean of $q$ over nets. Then, on average over nets,

        $$E\\left[(q - t)^2\\right] = (\\bar{q} - t)^2 + E\\left[(q - \\bar{q})^2\\right]$$
        """)
    }
  }
}

extension DigitParts {
  private func variance(_ entry: Entry) -> Summary.Direction {
    let change = entry.variance - bare.variance
    return abs(change) <= entry.uncertainties[1] ? .withinChance : change > 0 ? .above : .below
  }
  private func bias(_ entry: Entry) -> Summary.Direction {
    let change = entry.bias - bare.bias
    return abs(change) <= entry.uncertainties[0] ? .withinChance : change > 0 ? .above : .below
  }
  /// How well the differences from the net without a regularizer are known.
  fileprivate var precision: String {
    func widest(_ place: Int) -> String {
      fixed(entries.dropFirst().map { place < $0.uncertainties.count ? $0.uncertainties[place] : 0 }.max() ?? 0, 1)
    }
    guard draws > 2 else { return "" }
    return
      " Differences from “nothing” are known to ± \(widest(0)), ± \(widest(1)) and ± \(widest(2)) (sum) or better"
  }
  private func isBetter(_ entry: Entry) -> Bool { bare.error - entry.error > entry.uncertainties[2] }
  private func names(_ entries: [Entry]) -> String { listed(entries.map { spoken($0.name) }) }

  /// Which share of the bare net's variance is by its training alone.
  private var shareOfStarts: Double { bare.ofStarts / bare.variance }
  /// Those that lower the squared error by more than chance, and the ones among them with less variance, or less bias.
  private var better: [Entry] { entries.dropFirst().filter(isBetter) }
  private var calmer: [Entry] { better.filter { variance($0) == .below } }
  private var truer: [Entry] { better.filter { bias($0) == .below } }
  private var helpsThroughVariance: Bool { draws > 2 && !better.isEmpty && calmer.count == better.count }

  /// Those that lower the bias by as much as the variance or more.
  private var even: [Entry] {
    truer.filter { $0.variance < bare.variance && bare.bias - $0.bias >= bare.variance - $0.variance }
  }
  /// The message of the section; empty where the table has none.
  fileprivate var answer: String {
    guard helpsThroughVariance else { return "" }
    return "**On digits \(names(better)) make the answers of nets scatter less.** "
  }
  fileprivate var title: String {
    helpsThroughVariance ? "On digits what helps makes answers scatter less" : "Bias and variance on digits"
  }

  /// What the table says, in sentences that hold for it.
  fileprivate var words: String {
    var sentences = [
      "\(bare.variance > 2 * bare.bias ? "Most" : bare.variance > 0.8 * bare.bias ? "About half" : "The smaller part") of the bare net's error is variance, and \(percent(shareOfStarts)) of that is by the training alone: initial weights, order of the digits, masks and shifts."
    ]
    if !calmer.isEmpty {
      let isByStarts = calmer.allSatisfy { bare.ofStarts - $0.ofStarts > abs(bare.ofDigits - $0.ofDigits) }
      sentences.append(
        "\(isByStarts ? "Of the variance \(names(calmer))" : capitalized(names(calmer))) \(calmer.count == 1 ? "lowers" : "lower") \(isByStarts ? "mostly this part" : "the variance"); but a net that is only less sure scatters less, too."
      )
    }
    if !truer.isEmpty {
      sentences.append(
        "\(capitalized(names(truer))) \(truer.count == 1 ? "lowers" : "lower") the bias as well\(even.isEmpty ? "" : ", \(names(even)) as much as the variance or more")."
      )
    }
    let worse = entries.dropFirst().filter { bias($0) == .above && variance($0) == .above }
    if !worse.isEmpty { sentences.append("\(capitalized(names(worse))) \(worse.count == 1 ? "adds" : "add") both.") }
    return sentences.joined(separator: " ")
  }

  /// The two conclusions.
  fileprivate var advice: String {
    """
    The part by the training alone can be averaged away: the mean answer of $n$ nets keeps $1/n$ of it\(shareOfStarts > 0.5 ? ", which is why the mean of \(starts) nets helps" : "").

    **What all nets get wrong in the same way, no number of nets mends.** For that a net must see other pictures, or be another net.
    """
  }
}
