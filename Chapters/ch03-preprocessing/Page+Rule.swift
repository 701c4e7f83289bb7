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

extension Preprocessings {
  /// Both nets on digits and the one on photographs; empty where they were not measured.
  static func addRule(to page: inout Page, _ findings: Findings, _ full: Findings?) {
    guard let tables = findings.rule ?? full?.rule, !tables.isEmpty else { return }
    page.table(
      Table(
        """
        Raw: test error (%) after \(tables.map { "\($0.epochs)" }.joined(separator: ", ")) epochs. The others: points of error, more (+) or \
        fewer (−) than raw pixels (95 %; bold: beyond chance)
        """,
        columns: ["net", "descent", .init("raw", digits: 1), "mean", "mean and std"],
        rows: tables.flatMap { table in
          table.descents.map { descent in
            [
              TableCell(table.title), TableCell(descent.title), TableCell(table.row(descent, .raw)?.error.mean ?? .nan),
              cell(table.points(descent, .channelMean, than: .raw)),
              cell(table.points(descent, .channelStandard, than: .raw)),
            ]
          }
        }))
    page.project("Nothing, the mean, the mean and the std: test errors")
    // Where it changes something first, then where it does not.
    func sentence(_ points: (RuleTable) -> Summary) -> String {
      let (changed, same) = (
        tables.filter { points($0).direction() != .withinChance },
        tables.filter { points($0).direction() == .withinChance }
      )
      let rest = same.map { "in \($0.place) (\(points($0).interval(1)))" }.joined(separator: " and ")
      return
        (changed.map { effect(points($0), in: $0.place) }
        + (same.isEmpty ? [] : ["changed nothing beyond chance \(rest)"]))
        .joined(separator: "; it ")
    }
    page.prose(
      """
      Averaged over the methods of descent:

      - **The mean** \(sentence(\.mean)).
      - **Dividing as well**, over the mean alone, \(sentence(\.division)).
      """)
    page.fold("How this table was measured, with all rates and losses") { page in
      page.prose(ruleProtocol(tables))
      for table in tables { page.table(ruleRates(table)) }
    }
  }

  /// `cost the dense net 0.5 points (95 %: 0.3 to 0.6)`.
  private static func effect(_ points: Summary, in net: String) -> String {
    let size = points.magnitude
    let number = "\(fixed(size.mean, 1)) points\(size.intervalNote())"
    return "\(points.mean > 0 ? "cost" : "saved") \(net) \(number)"
  }

  private static func ruleProtocol(_ tables: [RuleTable]) -> String {
    let sets = tables.map { table in
      """
      **\(table.title)**: \(grouped(table.count)) images, \(counted(table.epochs, "epoch")); \(grouped(table.validationCount)) other images and \
      \(table.choosing.count) seeds choose the rate, \(grouped(table.testCount)) test images and \(table.seeds.count) other seeds measure
      """
    }
    return """
      \(sets.joined(separator: "; ")). The trainings on photographs are short, at a constant rate. Momentum is 0.9. The rates tried are twice \
      apart, and the best one lies between two worse ones. Differences are taken seed by seed.
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

  /// What the mean changes on photographs, and what dividing changes in each net; nil where photographs were not measured.
  static func ruleInShort(_ findings: Findings) -> (photographs: RuleTable, digits: [RuleTable])? {
    guard let tables = findings.rule, let photographs = tables.first(where: { $0.net == .photographs }) else {
      return nil
    }
    return (photographs, tables.filter { $0.net != .photographs })
  }
}
