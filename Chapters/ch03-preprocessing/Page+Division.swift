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

      \(verdict(rule, photographs))

      Columns of a table may have different units, such as years and dollars; then the column with the larger numbers limits the rate, and \
      dividing helps: two columns of scales 1 and 10 take \(TwoScales(scale: 10).steps) steps at the best rate, of one scale \(counted(TwoScales(scale: 1).steps, "step")). But all pixels have the same unit. A slide of CS231n (2019) says “center only”; its notes call dividing common, but not \
      strictly necessary.
      """)
    if !rows.isEmpty {
      page.table(
        Table(
          """
          What the mean saves, and what dividing as well costs, in points of test error (95 %; bold: beyond chance). Photographs: \
          \(photographs?.ending?.epochs ?? 0) epochs of momentum from He's weights, but for what the row says
          """,
          columns: ["net and training", "the mean saves", "dividing costs"],
          rows: rows.map { [TableCell($0.name), cell($0.saved), cell($0.cost)] }))
      page.project("What the mean saves, and what dividing costs")
    }
    page.prose(
      """
      **Dividing by σ changes only the first layer, and in two ways: it starts 1/σ times as large, and it learns 1/σ² times as fast.** The \
      reason: $w \\cdot x/\\sigma = w' \\cdot x$ with $w' = w/\\sigma$, and a step of plain descent moves \
      $w$ in proportion to $x/\\sigma$, so $w'$ in proportion to $x/\\sigma^2$.\(sizes(photographs)) All layers share one \
      rate.\(lowerRate(photographs))\(outputWords(photographs))
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
       With He's weights the best one got \(short(mean.rate / both.rate)) times as small, and so the layers behind the first learned \
      more slowly.
      """
  }

  /// Whether the larger first outputs are the harm; empty where a small last layer was not measured.
  private static func outputWords(_ photographs: PhotographFindings?) -> String {
    guard let end = photographs?.ending, let usual = end.points(.channelStandard, than: .channelMean),
      let small = end.setting(.smallOutput)?.points(.channelStandard, than: .channelMean), usual.direction() == .above
    else { return "" }
    let begin = " The first outputs are as much larger, too, and so is the first loss."
    return small.worded(
      above: (usual - small).direction() == .above
        ? "\(begin) With a last layer a hundred times as small dividing costs \(fixed(small.mean, 1)) points: the outputs are part of the harm."
        : " With a last layer a hundred times as small dividing costs as much: it is not only the larger first outputs.",
      below: "\(begin) With a last layer a hundred times as small dividing even saves errors.",
      withinChance: "\(begin) With a last layer a hundred times as small we see no cost of dividing.")
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
    add("photographs, He's weights") { end.points($0, than: $1) }
    for setting in end.settings ?? [] { add(setting.title) { setting.points($0, than: $1) } }
    return rows
  }

  /// In how many of how many trainings on photographs dividing cost or saved errors, and what it did behind batch norm;
  /// nil where photographs were not measured.
  static func divided(
    _ photographs: PhotographFindings?
  ) -> (dear: Int, cheap: Int, count: Int, norm: Summary.Direction?)? {
    guard let end = photographs?.ending else { return nil }
    func cost(_ points: Summary?) -> [Summary.Direction] { points.map { [$0.direction()] } ?? [] }
    let plain =
      cost(end.points(.channelStandard, than: .channelMean))
      + (end.settings ?? []).flatMap { cost($0.points(.channelStandard, than: .channelMean)) }
    return (
      plain.count { $0 == .above }, plain.count { $0 == .below }, plain.count,
      end.setting(.norm)?.points(.channelStandard, than: .channelMean)?.direction()
    )
  }

  /// The verdict on dividing, and what other chapters do.
  private static func verdict(_ rule: [RuleTable], _ photographs: PhotographFindings?) -> String {
    guard let found = divided(photographs) else { return "" }
    let own = photographs?.ending?.setting(.pyTorch)?.points(.channelStandard, than: .channelMean)?.direction()
    return """
      **For images subtract, and do not divide.** On photographs dividing saved errors beyond chance in \(found.cheap == 0 ? "none" : "\(found.cheap)") \
      of our \(counted(found.count, "training")), and cost some in \(found.dear).\(own == .withinChance && found.norm == .withinChance
        ? " But with PyTorch's first weights, or with batch norm, a recipe that divides may stay: there we see no difference beyond chance." : "")\
      \(digitWords(rule).map { " On digits dividing \($0)." } ?? "") Chapters 2, 7 and 10 divide in places, as is usual. Each of them \
      compares nets that are prepared alike, so dividing favours none.
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

  /// The choice for each case, and why not to divide, where the rule is given.
  static func choices(_ rule: [RuleTable], _ photographs: PhotographFindings?) -> String {
    let end = photographs?.ending
    let norm = end?.setting(.norm).flatMap { norm in
      zip([Method.channelMean, .channelStandard], [Method.raw, .channelMean])
        .allSatisfy { norm.points($0, than: $1)?.direction() == .withinChance }
        ? "on photographs hardly anything of this matters: neither subtracting nor dividing changed errors beyond chance. "
          + "Subtract all the same, it costs nothing" : nil
    }
    return """
      - **With batch norm** (a layer that centres and scales each sum): \(norm ?? "as without").
      - **Images, without batch norm: subtract the channel mean, do not divide; then choose the learning rate.**\(onBlackDigits(rule))
      - **Columns of a table**: subtract, and divide each column by its own standard deviation σ.
      - **Pretrained weights**: use their numbers.

      *Why not divide images by σ*, as most recipes do? \(divisionWords(end))
      """
  }

  /// What dividing did on photographs, from PyTorch's first weights and from He's.
  private static func divisionWords(_ end: PhotographEnding?) -> String {
    func words(_ points: Summary, _ weights: String) -> String {
      let size = "\(fixed(abs(points.mean), 1)) points"
      return points.worded(
        above: "it cost our net \(size)", below: "it saved our net \(size)",
        withinChance: "we see no difference beyond chance") + " from \(weights) first weights"
    }
    guard let end, let he = end.points(.channelStandard, than: .channelMean) else { return "All pixels have one unit." }
    let own = end.setting(.pyTorch)?.points(.channelStandard, than: .channelMean)
    return "On photographs \(own.map { words($0, "PyTorch's") + ", and " } ?? "")\(words(he, "He's")) (chapter 4)."
  }

  /// Why not a mean for each pixel, where the rule is given: what the mean image changes over the channel mean.
  static func imageWords(_ findings: Findings, _ photographs: PhotographFindings?) -> String {
    guard let pairs = imagePairs(findings) else { return "" }
    guard (pairs.dense + pairs.filters).allSatisfy({ $0.direction() != .below }) else { return "" }
    let isWorse = pairs.filters.allSatisfy { $0.direction() == .above }
    let isAlike = photographs?.ending?.points(.meanImage, than: .channelMean)?.direction() == .withinChance
    return """
      *Why not the mean image*, a mean for each pixel? \(isAlike ? "On photographs we see no difference beyond chance from the channel mean. " : "")On digits it saves our dense net \
      no errors that we could see, and \(isWorse ? "costs our convolutional net some" : "our convolutional net none, either").
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
          [photographs("photographs, He's weights", end.row)]
            + (end.settings ?? []).map { photographs($0.title, $0.row) }
        } ?? []))
  }
}

extension PhotographSetting {
  /// As a list of them calls it.
  var brief: String {
    switch kind {
    case .pyTorch: "PyTorch's weights"
    case .smallOutput: "small last layer"
    case .adam: "Adam"
    case .long: "\(epochs) epochs"
    case .norm: "batch norm"
    }
  }

  /// As the tables call it.
  var title: String {
    switch kind {
    case .pyTorch: "photographs, PyTorch's weights"
    case .smallOutput: "photographs, small last layer"
    case .adam: "photographs, Adam"
    case .long: "photographs, \(epochs) epochs"
    case .norm: "photographs, batch norm"
    }
  }
}
