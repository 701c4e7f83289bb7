// The page of chapter 3: the rule, from one table of three preparations and three kinds of descent.

import Foundation
import Workbook

extension Descent {
  /// As the table calls it.
  var title: String {
    switch self {
    case .plain: "plain"
    case .momentum: "momentum"
    case .adam: "Adam"
    }
  }
}

extension RuleTable {
  /// As the table calls it.
  var title: String {
    switch net {
    case .dense: "dense, digits"
    case .convolutional: "convolutional, digits"
    case .photographs: "photographs"
    }
  }

  /// As sentences call it.
  var place: String {
    switch net {
    case .dense: "the dense net"
    case .convolutional: "the convolutional net on digits"
    case .photographs: "the net on photographs"
    }
  }

  /// The kinds of descent that were measured.
  var descents: [Descent] { Descent.allCases.filter { row($0, .channelStandard) != nil } }
  /// What the mean changes over raw pixels, and dividing over the mean alone: points of error, averaged over the kinds of
  /// descent seed by seed.
  var mean: Summary { average { points($0, .channelMean, than: .raw) } }
  var division: Summary { average { points($0, .channelStandard, than: .channelMean) } }

  private func average(_ points: (Descent) -> Summary?) -> Summary {
    let all = descents.compactMap(points)
    return Summary(seeds.indices.map { seed in all.reduce(0) { $0 + $1.values[seed] } / Double(all.count) })
  }
}

extension Summary {
  fileprivate var negated: Summary { Summary(values.map { -$0 }) }
}

extension Preprocessings {
  /// A training, with the points of error that the mean saves over raw pixels, and those that dividing costs over the mean.
  private typealias Setting = (name: String, saved: Summary, cost: Summary)

  /// Every training in which the three preparations were measured, each in one row.
  static func addRule(
    to page: inout Page, _ findings: Findings, _ full: Findings?, _ photographs: PhotographFindings?
  ) {
    let tables = findings.rule ?? full?.rule ?? []
    let rows = (tables.isEmpty ? onDigits(findings) : tables.flatMap(settings)) + onPhotographs(photographs)
    guard !rows.isEmpty else { return }
    page.table(
      Table(
        "What the mean saves, and what dividing as well costs, in points of test error (95 %; bold: beyond chance)",
        columns: ["training", "the mean saves", "dividing costs"],
        rows: rows.map { [TableCell($0.name), cell($0.saved), cell($0.cost)] }))
    page.project("What the mean saves, and what dividing costs")
    func count(_ points: [Summary], _ direction: Summary.Direction) -> String {
      let number = points.count { $0.direction() == direction }
      return number == 0 ? "none" : "\(number)"
    }
    let hasNorm = photographs?.normalized != nil && (findings.norms ?? full?.norms) != nil
    let (saved, costs) = (rows.map(\.saved), rows.map(\.cost))
    page.prose(
      """
      **The mean saved errors beyond chance in \(count(saved, .above)) of \
      \(counted(rows.count, "training")) and cost some in \(count(saved, .below)). Dividing cost errors in \(count(costs, .above)) and saved \
      some in \(count(costs, .below)).**\(hasNorm ? " Behind batch norm the mean acts through the averages alone (section above)." : "")
      """)
    guard !tables.isEmpty else { return }
    page.fold("How this table was measured, with all rates and losses") { page in
      page.prose(ruleProtocol(tables))
      for table in tables { page.table(ruleRates(table)) }
    }
  }

  /// Digits in one row, averaged over the methods of descent; photographs in one for each method.
  private static func settings(_ table: RuleTable) -> [Setting] {
    guard table.net == .photographs else {
      return [("\(table.title), \(counted(table.epochs, "epoch"))", table.mean.negated, table.division)]
    }
    return table.descents.compactMap { descent in
      guard let mean = table.points(descent, .channelMean, than: .raw),
        let division = table.points(descent, .channelStandard, than: .channelMean)
      else { return nil }
      return ("\(table.title), \(counted(table.epochs, "epoch")), \(descent.title)", mean.negated, division)
    }
  }

  /// The nets on digits at rates a factor of 3 apart, where there are no finer ones.
  private static func onDigits(_ findings: Findings) -> [Setting] {
    [("dense, digits", findings.learning), ("convolutional, digits", findings.convolution)].compactMap { name, net in
      guard net.methods.contains(.channelMean) else { return nil }
      let (raw, mean, both) = (net.best(.raw).error, net.best(.channelMean).error, net.best(.channelStandard).error)
      return (name, raw - mean, both - mean)
    }
  }

  /// The trainings of *Colour photographs*.
  private static func onPhotographs(_ found: PhotographFindings?) -> [Setting] {
    guard let found else { return [] }
    func setting(_ name: String, _ points: (Method, Method) -> Summary?) -> [Setting] {
      guard let mean = points(.channelMean, .raw), let division = points(.channelStandard, .channelMean) else {
        return []
      }
      return [(name, mean.negated, division)]
    }
    let epochs = counted(found.epochs, "epoch")
    return setting("photographs, \(epochs), momentum") { found.points($0, than: $1) }
      + (found.ending.map { end in
        setting("photographs, \(counted(end.epochs, "epoch")), falling rate") { end.points($0, than: $1) }
      } ?? [])
      + setting("photographs, \(epochs), batch norm") { found.points($0, than: $1, normalized: true) }
  }

  private static func ruleProtocol(_ tables: [RuleTable]) -> String {
    let sets = tables.map { table in
      """
      **\(table.title)**: \(grouped(table.count)) images, \(counted(table.epochs, "epoch")); \(grouped(table.validationCount)) other images and \
      \(table.choosing.count) seeds choose the rate, \(grouped(table.testCount)) test images and \(table.seeds.count) other seeds measure
      """
    }
    return """
      \(sets.joined(separator: "; ")). The rate is constant, momentum 0.9. The rates tried are twice \
      apart, and the best one lies between two worse ones. In the row of a net on digits the three methods of descent are averaged. Differences \
      are taken seed by seed. How the other rows were measured stands in *Colour photographs*; their rates are a factor of 3 apart.
      """
  }

  /// Each preparation with each kind of descent, at its rate.
  private static func ruleRates(_ table: RuleTable) -> Table {
    Table(
      "\(table.title), with the change by dividing (std) over the mean alone",
      columns: [
        "descent, pixels", "rate", .init("training loss", digits: 3), .init("test error (%)", digits: 1), "std − mean",
      ],
      rows: table.rows.map { row in
        let isEnd = row.rate == row.rates.min() || row.rate == row.rates.max()
        return [
          TableCell(
            "\(row.descent.title), \(row.method == .channelStandard ? "mean and std" : row.method == .raw ? "raw" : "mean")"
          ),
          TableCell(short(row.rate) + (isEnd ? "*" : "")), .measured(row.loss), .measured(row.error),
          row.method == .channelStandard ? cell(table.points(row.descent, .channelStandard, than: .channelMean)) : "",
        ]
      })
  }
}
