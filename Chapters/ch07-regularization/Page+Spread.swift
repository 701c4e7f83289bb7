// The section of chapter 7 about bias and variance: why regularizers help.

import Workbook

extension Regularization {
  /// What the squared error is made of, on digits; on the moons in a fold.
  static func addWhy(to page: inout Page, _ findings: Findings) {
    guard let parts = findings.digitParts else { return }
    page.prose(
      """
      ## Why do they help?

      \(parts.answer)Train many nets, each on \(grouped(findings.boardDigits)) digits of its own. What they all get wrong in the same way is called *bias* (not the bias of a unit). How much their answers scatter is called *variance*. \
      For one output let $t$ be the right answer, 0 or 1, $q$ the answer of one net, and $\\bar{q}$ the mean of $q$ over nets. Then, on average over nets,
      """)
    page.math("E\\left[(q - t)^2\\right] = (\\bar{q} - t)^2 + E\\left[(q - \\bar{q})^2\\right]")
    page.prose(
      """
      The first part is the squared bias, the second the variance. (Write $q - t = (q - \\bar{q}) + (\\bar{q} - t)$. In the square the mixed term vanishes on average, since $q - \\bar{q}$ has the mean 0.)
      """)
    page.table(
      Table(
        "The parts of the squared error on new digits, summed over the ten outputs, times 100: \(parts.starts) nets on each of \(parts.draws) sets of digits. Variance over the number of sets is subtracted from bias².\(parts.precision)",
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
    page.project(
      parts.title, notes: "Which column changes most from row to row? What could a mean of many nets remove?")
    page.prose("\(parts.words)\n\n\(parts.advice)")
    if let own = findings.ownParts, let rates = findings.moonRates {
      page.fold("The same on the moons, where the best answer is known") { addMoons(to: &$0, own, rates) }
    }
  }

  /// Every restraint on the moons at its own rate: errors, bias and variance.
  private static func addMoons(to page: inout Page, _ own: MoonParts, _ rates: MoonRates) {
    let helping = rates.helping.map(\.name)
    page.prose(
      """
      On the moons we know how the points are drawn, so we know the best answer everywhere: the probability $p$ of class 1. The squared error then has a third part, $p(1 - p)$, which no net can avoid, and even the best rule gets \(fixed(100 * Moon.leastError, 1)) % of new points wrong. \
      Against the net without a regularizer, at its own best learning rate, \
      \(helping.isEmpty ? "no regularizer helps" : "\(helping.count) of \(rates.restraints.count) regularizers help: \(listed(helping))").

      \(rates.bare.own.map { "**Do not read a rule from the bias here.** In \(rates.epochs.map { counted($0, "epoch") } ?? "these epochs") the net without a regularizer, at its best rate, still gets \(fixed($0, 1)) % of its own points wrong: it is undertrained." } ?? "")
      """)
    page.table(
      Table(
        "40 points, \(counted(own.count, "net")) of each kind, each at the rate and strength that \(rates.choosing) seeds chose on validation points: errors on new points in %, points saved (± 95 % interval), bias² and variance times 100. Variance/\(own.count) is subtracted from bias². The unavoidable part is \(fixed(own.noise, 1))",
        columns: [
          "training", "rate", .init("errors", digits: 1), "saved", .init("bias²", digits: 1),
          .init("variance", digits: 1),
        ],
        rows: rates.entries.map { entry in
          let part = own.entries.first { $0.name == entry.name }
          return [
            TableCell(entry.name + (entry.setting.isEmpty ? "" : " (\(entry.setting))")),
            TableCell(short(Double(entry.rate))), TableCell(entry.errors.mean),
            entry.name == rates.bare.name ? "–" : TableCell(interval(rates.gain(entry))),
            TableCell(part?.bias ?? .nan), TableCell(part?.variance ?? .nan),
          ]
        }))
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
      " Differences from “nothing” are known to ± \(widest(0)) (bias²), ± \(widest(1)) (variance) and ± \(widest(2)) (sum) or better, widened for all comparisons"
  }
  private func isBetter(_ entry: Entry) -> Bool { bare.error - entry.error > entry.uncertainties[2] }
  private func listed(_ entries: [Entry]) -> String { Regularization.listed(entries.map { spoken($0.name) }) }

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
    let both =
      even.isEmpty
      ? "" : " \(capitalized(listed(even))) \(even.count == 1 ? "lowers" : "lower") as well what all nets get wrong."
    return "**On digits \(listed(better)) make nets agree more with each other.**\(both) "
  }
  fileprivate var title: String {
    helpsThroughVariance ? "On digits what helps makes nets agree more" : "Bias and variance on digits"
  }

  /// What the table says, in sentences that hold for it.
  fileprivate var words: String {
    var sentences = [
      "\(bare.variance > 2 * bare.bias ? "Most" : bare.variance > 0.8 * bare.bias ? "About half" : "The smaller part") of the bare net's error is variance. Of that, \(percent(shareOfStarts)) is “by the training alone”: nets that learn the *same* digits still differ by their initial weights, the order of the digits, masks and shifts. (The answers are probabilities, so a net that is only less sure scatters less, too.)"
    ]
    if !calmer.isEmpty {
      let isByStarts = calmer.allSatisfy { bare.ofStarts - $0.ofStarts > abs(bare.ofDigits - $0.ofDigits) }
      sentences.append(
        "\(capitalized(listed(calmer))) \(calmer.count == 1 ? "lowers" : "lower") \(isByStarts ? "mostly this part" : "the variance")."
      )
    }
    if !truer.isEmpty {
      sentences.append(
        "\(capitalized(listed(truer))) \(truer.count == 1 ? "lowers" : "lower") the bias as well\(even.isEmpty ? "" : ", \(listed(even)) as much as the variance or more")."
      )
    }
    let worse = entries.dropFirst().filter { bias($0) == .above && variance($0) == .above }
    if !worse.isEmpty { sentences.append("\(capitalized(listed(worse))) \(worse.count == 1 ? "adds" : "add") both.") }
    return sentences.joined(separator: " ")
  }

  /// What to do with it.
  fileprivate var advice: String {
    """
    **What to do with it.** Variance by the training alone can be averaged away: the mean answer of $n$ nets that learn the same digits keeps only $1/n$ of it\(shareOfStarts > 0.5 ? ", which is why the mean of \(starts) nets helps" : ""). No number of nets lowers the bias. For that the net must see other pictures, or be another net.
    """
  }
}
