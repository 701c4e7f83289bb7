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
    if let own = findings.ownParts, let rates = findings.moonRates {
      addOwnParts(to: &page, own, rates, findings)
    } else {
      page.table(partsTable(parts, "all at one rate\(findings.rateOfParts)"))
      page.project(
        parts.helpsThroughVariance
          ? "At one rate: more variance removed than bias added" : "The parts of the squared error on the moons",
        notes: "Which column changes most from row to row?")
      page.prose(parts.words(findings.rateOfParts))
    }
  }

  /// Bias and variance with a rate for each training.
  private static func addOwnParts(
    to page: inout Page, _ own: MoonParts, _ rates: MoonRates, _ findings: Findings
  ) {
    let fast = findings.parts?.bare
    page.figure(Charts.parts(own, fast, findings))
    page.project(
      own.helpsThroughBias
        ? "With a rate for each: less bias, no more variance" : "Bias and variance, each at its own rate",
      notes: "What did the small rate buy, and what did it pay? Which regularizers get the same for less?")
    page.prose(own.ownWords(rates, fast, findings.rateOfParts))
    page.fold("The numbers, and the same at one rate for all") {
      $0.table(partsTable(own, "each at its own rate"))
      if let parts = findings.parts {
        $0.table(partsTable(parts, "all at one rate\(findings.rateOfParts)"))
        $0.prose(parts.words(findings.rateOfParts))
      }
    }
  }

  /// Bias and variance, and how far each is from that of the net without a regularizer.
  private static func partsTable(_ parts: MoonParts, _ rates: String) -> Table {
    Table(
      "Squared bias and variance, times 100: \(counted(parts.count, "net")) of each kind, \(rates). Changes are those from “nothing”, with intervals widened for all comparisons. Beside both stands the unavoidable \(fixed(parts.noise, 1)).",
      columns: ["training", .init("bias²", digits: 1), "change", .init("variance", digits: 1), "change"],
      rows: parts.entries.sorted { $0.error < $1.error }.map { entry in
        func change(_ place: Int, _ value: Double) -> TableCell {
          let half = place < entry.uncertainties.count ? entry.uncertainties[place] : 0
          return entry.name == parts.bare.name
            ? "–" : TableCell(fixed(value, 1) + (half > 0 ? " ± \(fixed(half, 1))" : ""))
        }
        return [
          TableCell(entry.name + (entry.setting.isEmpty ? "" : " (\(entry.setting))")), TableCell(entry.bias),
          change(0, entry.bias - parts.bare.bias), TableCell(entry.variance),
          change(1, entry.variance - parts.bare.variance),
        ]
      })
  }
}

extension Charts {
  /// Bias and variance under every regularizer, each at its own rate; beside them those of the bare net at one rate for all.
  static func parts(_ own: MoonParts, _ fast: MoonParts.Entry?, _ findings: Regularization.Findings) -> Figure {
    let rate = findings.moons.map { "nothing, at \(short($0.rate))" } ?? "nothing"
    let rows =
      (own.entries.map { ($0.name, $0) } + (fast.map { [(rate, $0)] } ?? [])).sorted { $0.1.error < $1.1.error }
    return Figure(
      own.helpsThroughBias
        ? "With a rate for each, the variances differ little; regularizers that help have less bias"
        : "Bias and variance with a rate for each training",
      .bars(
        BarChart(
          categories: rows.map(\.0), y: Axis("part of the mean squared error, times 100"),
          [
            .init("bias²", rows.map { rounded($0.1.bias, decimals: 1) }, color: 1),
            .init("variance", rows.map { rounded($0.1.variance, decimals: 1) }, color: 0),
          ],
          onSlide: rows.indices.filter { place in
            ["nothing", rate].contains(rows[place].0) || own.withLessBias.contains { $0.name == rows[place].0 }
          })),
      caption: """
        The smallest sum first. \(counted(own.count, "net")) of each kind, on new points; each training at its own rate and strength\(fast == nil ? "" : ", and the bare net also at the rate of figure 1").
        """,
      name: "bias-variance")
  }
}

extension Regularization.Findings {
  /// ` (0.05)`: the rate of all nets whose parts were measured.
  var rateOfParts: String { moons.map { " (\(short($0.rate)))" } ?? "" }

  /// Why regularizers helped on the moons, in a sentence for the takeaway; empty where it was not measured.
  var whyLesson: String {
    if let ownParts {
      let names = Regularization.listed(ownParts.withLessBias.map(\.name))
      return ownParts.helpsThroughBias
        ? "On the moons\(moons.map { ", in \($0.epochs) epochs," } ?? "") \(names) had less bias than the net without them, whose training, at a small rate, ends before it fits its own points."
        : ""
    }
    guard parts?.helpsThroughVariance == true else { return "" }
    return
      "On the moons, at one rate for all\(rateOfParts), every regularizer lowered the variance by more than it added bias."
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

  /// Those with a smaller sum by more than chance, and the ones among them with less bias, or with less variance.
  private var better: [Entry] { restraints.filter { bare.error - $0.error > $0.uncertainties[2] } }
  var withLessBias: [Entry] { better.filter { bare.bias - $0.bias > $0.uncertainties[0] } }
  private var withLessVariance: [Entry] { better.filter { bare.variance - $0.variance > $0.uncertainties[1] } }
  /// Whether most of them have less bias, and none of those another variance.
  var helpsThroughBias: Bool {
    let less = withLessBias
    return count > 2 && !less.isEmpty && 2 * less.count > better.count
      && less.allSatisfy { abs(bare.variance - $0.variance) <= $0.uncertainties[1] }
  }

  /// What each training at its own rate comes to, in sentences that hold for it.
  ///
  /// - Parameters:
  ///   - rates: which rate each has.
  ///   - fast: the net without a restraint at one rate for all.
  fileprivate func ownWords(_ rates: MoonRates, _ fast: Entry?, _ rate: String) -> String {
    func listed(_ entries: [Entry]) -> String { Regularization.listed(entries.map(\.name)) }
    func eta(_ name: String) -> Float { rates.entries.first { $0.name == name }?.rate ?? 0 }
    var sentences: [String] = []
    if let fast, fast.variance > bare.variance, fast.bias < bare.bias {
      sentences.append(
        "**A small rate alone lowers the variance, and adds bias:** from \(fixed(fast.variance, 1)) to \(fixed(bare.variance, 1)), and from \(fixed(fast.bias, 1)) to \(fixed(bare.bias, 1)). Training ends before the net has fitted its own points."
      )
    }
    let (bias, variance) = (withLessBias, withLessVariance)
    let (onlyBias, onlyVariance, both) = (
      bias.filter { entry in !variance.contains { $0.name == entry.name } },
      variance.filter { entry in !bias.contains { $0.name == entry.name } },
      bias.filter { entry in variance.contains { $0.name == entry.name } }
    )
    if !onlyBias.isEmpty {
      let isFaster = onlyBias.allSatisfy { eta($0.name) > eta(bare.name) }
      sentences.append(
        "Against that net **\(listed(onlyBias)) \(onlyBias.count == 1 ? "has" : "have") less bias**, and a variance that differs by no more than chance.\(isFaster ? " Their steps are larger. In more epochs the net without them may lose its bias, too; that was not run." : "")"
      )
    }
    if !onlyVariance.isEmpty {
      sentences.append(
        "\(capitalized(listed(onlyVariance))) \(onlyVariance.count == 1 ? "has" : "have") a little less variance.")
    }
    if !both.isEmpty {
      sentences.append("\(capitalized(listed(both))) \(both.count == 1 ? "has" : "have") less of both.")
    }
    let others = restraints.filter { entry in !better.contains { $0.name == entry.name } }
    if !others.isEmpty {
      sentences.append("With \(listed(others)) the sum is no smaller beyond chance.")
    }
    return sentences.joined(separator: " ")
  }

  /// What the table at one rate says, in sentences that hold for it.
  ///
  /// - Parameter rate: that of all nets.
  fileprivate func words(_ rate: String) -> String {
    var sentences: [String] = []
    sentences.append(
      helpsThroughVariance
        ? "**At one rate for all\(rate) every regularizer lowers the variance by more than it adds bias:** nets with other points agree more."
        : "At one rate for all\(rate) \(helping.count) of \(restraints.count) regularizers lower the variance by more than they add bias, by more than chance."
    )
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
