// The page of chapter 3: dividing by the standard deviation.

import Foundation
import Workbook

extension Preprocessings {
  /// What dividing adds to subtracting, in which nets, and why.
  static func addDivision(to page: inout Page, _ rule: [RuleTable], _ photographs: PhotographFindings?) {
    let rows = settings(rule, photographs)
    page.prose(
      """
      ## And the standard deviation?

      \(verdict(rule, photographs)) Columns of a table may have different units, such as years and dollars; then the column with the larger numbers limits the \
      rate, and dividing helps. But all pixels have the same unit. A slide of CS231n (2019) says “center only”; its notes call dividing common, \
      but not strictly necessary. (The scripts of chapters 7 and 10, for digits, divide.)
      """)
    if !rows.isEmpty {
      page.table(
        Table(
          "What the mean saves, and what dividing as well costs, in points of test error (95 %; bold: beyond chance)",
          columns: ["net and training", "the mean saves", "dividing costs"],
          rows: rows.map { [TableCell($0.name), cell($0.saved), cell($0.cost)] }))
      page.project("What the mean saves, and what dividing costs")
    }
    page.prose(
      """
      **Dividing by σ changes only the first layer, and in two ways: it starts 1/σ times as large, and it learns 1/σ² times as fast.** The \
      reason: $w \\cdot x/\\sigma = w' \\cdot x$ with $w' = w/\\sigma$, and a step of plain descent moves \
      $w$ in proportion to $x/\\sigma$, so $w'$ in proportion to $x/\\sigma^2$.\(sizes(photographs)) All layers share one \
      rate.\(lowerRate(photographs))\(heWords(photographs))
      """)
    guard !rows.isEmpty else { return }
    page.fold("How the nets of this table were measured, with all rates") { page in
      if let first = rule.first {
        page.prose(
          """
          **Digits**: \(grouped(first.count)) images, \(counted(first.epochs, "epoch")), a constant rate, chosen by \
          \(grouped(first.validationCount)) other images and \(first.choosing.count) seeds from rates a factor of 2 apart; \
          \(grouped(first.testCount)) test images and \(first.seeds.count) other seeds measure. The table above averages the three methods of \
          descent, seed by seed. **Photographs**: as in *Colour photographs*.\(otherSeeds(photographs))
          """)
      }
      page.table(allRates(rule, photographs?.ending))
      if let parts = partWords(photographs) { page.prose(parts) }
    }
  }

  /// ` On our photographs σ is about 0.25: 4 times as large and 16 times as fast.`; empty without photographs.
  private static func sizes(_ photographs: PhotographFindings?) -> String {
    guard let deviations = photographs?.deviations, !deviations.isEmpty else { return "" }
    let sigma = deviations.reduce(0, +) / Double(deviations.count)
    return """
       On our photographs σ is about \(fixed(sigma, 2)): \(fixed(1 / sigma, 0)) times as large and \(fixed(1 / sigma / sigma, 0)) times as fast.
      """
  }

  /// That the best rate falls, and with it the speed of the other layers; empty where it does not.
  private static func lowerRate(_ photographs: PhotographFindings?) -> String {
    guard let end = photographs?.ending, let mean = end.row(.channelMean), let both = end.row(.channelStandard),
      both.rate < mean.rate
    else { return "" }
    return """
       In the training of figure 4 the best one got \(short(mean.rate / both.rate)) times as small, and so the layers behind the first learned \
      more slowly.
      """
  }

  /// Each part of dividing alone, on photographs; nil where that was not measured.
  private static func partWords(_ photographs: PhotographFindings?) -> String? {
    guard let end = photographs?.ending, let parts = end.parts else { return nil }
    func change(_ points: Summary) -> String { "\(signed(points.mean)) points (95 %: \(points.interval()))" }
    func rate(_ row: PhotographFindings.Row?) -> String { row.map { ", at the rate \(short($0.rate))" } ?? "" }
    return """
      **Each part of dividing alone**, on photographs, \(end.epochs) epochs: faster steps \
      \(change(parts.pace))\(rate(end.pace)), the larger start \(change(parts.start))\(rate(end.start)).\(together(end, parts.start))
      """
  }

  /// That both parts together cost less than the larger start alone; empty where they do not.
  private static func together(_ end: PhotographEnding, _ start: Summary) -> String {
    guard let both = end.points(.channelStandard, than: .channelMean), (start - both).direction() == .above else {
      return ""
    }
    return """
       Together both cost less than that.
      """
  }

  private typealias Setting = (name: String, saved: Summary, cost: Summary)

  /// What the mean saves and what dividing costs, each net and training in one row.
  private static func settings(_ rule: [RuleTable], _ photographs: PhotographFindings?) -> [Setting] {
    var rows: [Setting] = rule.map { ($0.title, $0.mean.negated, $0.division) }
    guard let end = photographs?.ending else { return rows }
    func add(_ name: String, _ points: (Method, Method) -> Summary?) {
      guard let mean = points(.channelMean, .raw), let division = points(.channelStandard, .channelMean) else { return }
      rows.append((name, mean.negated, division))
    }
    add("photographs, momentum, \(end.epochs) epochs") { end.points($0, than: $1) }
    for setting in end.settings ?? [] { add(setting.title) { setting.points($0, than: $1) } }
    return rows
  }

  /// What dividing did: in how many trainings on photographs without batch norm it cost or saved errors, and whether it changed them behind batch norm. Nil where photographs were not measured.
  private static func divided(
    _ rule: [RuleTable], _ photographs: PhotographFindings?
  ) -> (dear: Int, cheap: Int, count: Int, norm: Summary.Direction?)? {
    guard let end = photographs?.ending else { return nil }
    func cost(_ points: Summary?) -> [Summary.Direction] { points.map { [$0.direction()] } ?? [] }
    let plain =
      cost(end.points(.channelStandard, than: .channelMean))
      + (end.settings ?? []).filter { $0.kind != .norm }
      .flatMap { cost($0.points(.channelStandard, than: .channelMean)) }
    return (
      plain.count { $0 == .above }, plain.count { $0 == .below }, plain.count,
      end.setting(.norm)?.points(.channelStandard, than: .channelMean)?.direction()
    )
  }

  /// Why dividing does not help on photographs, although He's rule is made for its result; empty without the parts.
  private static func heWords(_ photographs: PhotographFindings?) -> String {
    guard let parts = photographs?.ending?.parts, parts.start.direction() == .above else { return "" }
    return """
       He's rule (chapter 4) is made for inputs of size 1, which dividing gives; yet this larger start alone costs most (fold). \
      With biases of 0 the first outputs are as much larger, too. A smaller last layer, or PyTorch's smaller weights, were not tested.
      """
  }

  /// The verdict on dividing, in one sentence.
  private static func verdict(_ rule: [RuleTable], _ photographs: PhotographFindings?) -> String {
    guard let found = divided(rule, photographs) else { return "" }
    let count = "\(found.dear == found.count ? "all \(found.count)" : "\(found.dear) of our \(found.count)") trainings"
    let plain =
      found.dear > found.cheap
      ? "On photographs, without batch norm, dividing cost errors in \(count)"
      : "On photographs, without batch norm, dividing cost errors in \(count), and saved some in \(found.cheap)"
    return """
      **\(plain)\(digitsShort(rule)).**
      """
  }

  /// `cost the dense net 0.5 points and saved the convolutional net 0.4`; nil where it changed neither.
  private static func digitWords(_ rule: [RuleTable]) -> String? {
    let words = rule.compactMap { table -> String? in
      let name = table.net == .dense ? "the dense net" : "the convolutional net"
      let points = "\(name) \(fixed(abs(table.division.mean), 1)) points"
      return table.division.worded(above: "cost \(points)", below: "saved \(points)", withinChance: "")
    }.filter { !$0.isEmpty }
    return words.isEmpty ? nil : words.joined(separator: " and ")
  }

  /// `; on digits it helped one net and hurt the other`; empty where it changed neither.
  private static func digitsShort(_ rule: [RuleTable]) -> String {
    let found = Set(rule.map { $0.division.direction() })
    if found.isSuperset(of: [.above, .below]) { return "; on digits it helped one net and hurt the other" }
    return found.contains(.above)
      ? "; on digits it cost errors" : found.contains(.below) ? "; on digits it saved errors" : ""
  }

  /// Why not to divide as well, as most recipes do, where the rule is given.
  static func divisionWords(_ rule: [RuleTable], _ photographs: PhotographFindings?) -> String {
    guard let found = divided(rule, photographs), found.dear > found.cheap, let end = photographs?.ending,
      let points = headline(photographs)?.division
    else { return "Most recipes also divide by the standard deviation." }
    let long = end.setting(.long)
    let isLevel = long?.points(.channelStandard, than: .channelMean)?.direction() == .withinChance
    return """
      *Why not divide by the standard deviation as well*, as most recipes do? Because on photographs it cost our net, which starts from He's \
      weights (chapter 4), \(fixed(points.mean, 1)) points in \(end.epochs) epochs\(isLevel
        ? "; after \(long?.epochs ?? 0) we see no difference" : "")\(found.norm == .withinChance
        ? "\(isLevel ? ", and" : ";") none with batch norm (a layer that centres and scales each sum)" : "").\
      \(digitWords(rule).map { " On digits it \($0)." } ?? "")
      """
  }

  /// Why not a mean for each pixel, where the rule is given: what the mean image changes over the channel mean.
  static func imageWords(_ findings: Findings) -> String {
    guard let pairs = imagePairs(findings) else { return "" }
    let dense = pairs.dense.map { $0.direction() }
    let filters = pairs.filters.map { $0.direction() }
    guard dense.allSatisfy({ $0 != .below }), filters.allSatisfy({ $0 != .below }) else { return "" }
    let isWorse = filters.allSatisfy { $0 == .above }
    return """
      *Why not the mean image*, a mean for each pixel? On digits it saves our dense net no errors that we could see, and \(isWorse
        ? "costs our convolutional net some" : "our convolutional net none, either") (figure 3).
      """
  }

  /// By how many points of error the mean image differs from the channel mean, on black paper and on white; nil where the
  /// channel mean was not measured on both.
  private static func imagePairs(_ findings: Findings) -> (dense: [Summary], filters: [Summary])? {
    guard let channel = findings.channelPaper, let paper = findings.paper,
      findings.convolution.methods.contains(.channelMean)
    else { return nil }
    func black(_ net: LearningExperiment) -> Summary { net.best(.meanImage).error - net.best(.channelMean).error }
    return (
      [black(findings.learning), findings.ink.best(.meanImage).error - channel.dense.error],
      [black(findings.convolution), paper.centred.error - channel.filters.error]
    )
  }

  /// The same for the table of advice.
  static func divisionShort(_ rule: [RuleTable], _ photographs: PhotographFindings?) -> (rule: String, why: String) {
    guard let found = divided(rule, photographs) else {
      return ("divide as well, if you like", "it acts nearly like another rate")
    }
    return (
      found.dear > found.cheap ? "divide as well only if it helps your net" : "divide as well, if you like",
      "on photographs without batch norm it cost errors in \(found.dear) of \(found.count) trainings"
        + digitsShort(rule)
    )
  }

  /// That ordinary digits, whose mean is small, gain nothing; empty where some do.
  static func onBlackDigits(_ rule: [RuleTable]) -> String {
    guard !rule.isEmpty, rule.allSatisfy({ $0.mean.direction() == .withinChance }) else { return "" }
    return " (On ordinary digits, white on black, centring changes no error beyond chance.)"
  }

  /// With how many seeds the other trainings were measured; empty without them.
  private static func otherSeeds(_ photographs: PhotographFindings?) -> String {
    let settings = photographs?.ending?.settings ?? []
    guard let first = settings.first else { return "" }
    return """
       In their other trainings \(counted(first.choosing.count, "seed")) chose the rate; measured were \
      \(settings.map { "\($0.seeds.count) (\($0.brief))" }.joined(separator: ", ")).
      """
  }

  /// Each net with each kind of descent: the errors of the three preparations, with their rates.
  private static func allRates(_ tables: [RuleTable], _ end: PhotographEnding?) -> Table {
    func cell(_ error: Summary?, _ rate: Double?) -> TableCell {
      guard let error, let rate else { return "–" }
      return TableCell("\(error.formatted(decimals: 1)) (\(short(rate)))")
    }
    let digits = tables.flatMap { table in
      table.descents.map { descent in
        [TableCell("\(table.title), \(descent.title)")]
          + RuleTable.methods.map { cell(table.row(descent, $0)?.error, table.row(descent, $0)?.rate) }
      }
    }
    func photographs(_ name: String, _ row: (Method) -> PhotographFindings.Row?) -> [TableCell] {
      [TableCell(name)] + PhotographFindings.methods.map { cell(row($0)?.error, row($0)?.rate) }
    }
    return Table(
      "Test errors (%), with the best rate in brackets",
      columns: ["net and training", "raw", "channel mean", "mean and std"],
      rows: digits
        + (end.map { end in
          [photographs("photographs, momentum, \(end.epochs) epochs", end.row)]
            + (end.settings ?? []).map { photographs($0.title, $0.row) }
        } ?? []))
  }

  /// The recommendation, in the same words at the beginning and in the takeaway.
  static let advice =
    "**Your own net: subtract the channel mean, then choose the learning rate. Pretrained weights: use their numbers.**"
}

extension PhotographSetting {
  /// As a list of them calls it.
  var brief: String {
    switch kind {
    case .adam: "Adam"
    case .long: "\(epochs) epochs"
    case .norm: "batch norm"
    }
  }

  /// As the tables call it.
  var title: String {
    switch kind {
    case .adam: "photographs, Adam, \(epochs) epochs"
    case .long: "photographs, momentum, \(epochs) epochs"
    case .norm: "photographs, batch norm, \(epochs) epochs"
    }
  }
}
