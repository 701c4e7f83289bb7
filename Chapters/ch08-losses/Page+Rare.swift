// The page of chapter 8: what the remedies for a rare class find, and what they cost.

import Foundation
import Workbook

extension RareClass {
  func result(_ remedy: Remedy) -> Result? { results.first { $0.remedy == remedy } }

  func table(testCount: Int) -> Table {
    Table(
      "\(grouped(testCount)) test digits (%), all equally frequent; last column: with the \(Self.label)s as rare as in training. After \(counted(Self.epochs, "epoch")), each at its best rate, \(counted(TunedRace.seeds, "seed"))",
      columns: [
        "remedy", .init("\(Self.label)s found", digits: 0), .init("others taken for \(Self.label)", digits: 2),
        .init("error", digits: 1),
        .init("error, \(Self.label)s rare", digits: 1),
      ],
      rows: Remedy.allCases.compactMap(result).map {
        [
          .text($0.remedy.name), .measured($0.found), .measured($0.mistaken), .measured($0.even), .measured($0.rare),
        ]
      })
  }

  /// Whether a weight finds more of the class.
  var isFoundMore: Bool {
    guard let none = result(.none), let weighted = result(.weighted) else { return false }
    return (weighted.found - none.found).direction() == .above
  }

  /// How many more of the class a remedy finds than the untouched net with a number added to its logit, at as many false
  /// alarms, seed by seed; nil where that was not measured.
  func lead(of remedy: Remedy) -> Summary? {
    guard let shifts, let result = result(remedy), result.found.count == shifts.own.count else { return nil }
    return Summary(
      result.found.values.indices.map { seed in
        let alarms = shifts.mistaken.map { $0[seed] }
        let goal = result.mistaken.values[seed]
        // Between the two numbers with fewer and with more false alarms.
        let place = alarms.firstIndex { $0 > goal } ?? alarms.count - 1
        guard place > 0 else { return result.found.values[seed] - shifts.found[0][seed] }
        let share = (goal - alarms[place - 1]) / max(1e-9, alarms[place] - alarms[place - 1])
        let (low, high) = (shifts.found[place - 1][seed], shifts.found[place][seed])
        return result.found.values[seed] - (low + min(1, max(0, share)) * (high - low))
      })
  }

  /// Which remedy comes first at equal false alarms, for the takeaway; empty where it may be chance.
  var lesson: String {
    let even = isShiftBest ? "; where all classes are equally frequent, the larger logit made fewer errors" : ""
    return lead(of: .weighted)?.direction() == .above ? " At equal false alarms the weight found more\(even)." : ""
  }

  /// What a larger logit saves against the weight where all classes are equally frequent.
  private var savedByShift: Summary? {
    guard let weighted = result(.weighted), let shifted = result(.shifted) else { return nil }
    return weighted.even - shifted.even
  }
  /// Whether it is the better one there, beyond chance.
  var isShiftBest: Bool { savedByShift?.direction() == .above }
  private var wordsOfShift: String {
    guard isShiftBest, let saved = savedByShift else { return "" }
    return
      " **Where all classes are equally frequent in use, the larger logit makes \(fixed(saved.mean, 1)) points fewer errors\(saved.intervalNote()).** It needs no training, and on the curve its number can be chosen on validation data."
  }

  /// What the table says.
  var reading: String {
    guard let none = result(.none) else { return "" }
    let remedies = results.filter { $0.remedy != .none }
    let areFound = remedies.allSatisfy { ($0.found - none.found).direction(among: remedies.count) == .above }
    let isCheaper = remedies.contains { ($0.rare - none.rare).direction(among: remedies.count) == .below }
    let found = remedies.map(\.found.mean)
    let compared = lead(of: .weighted).map {
      $0.worded(
        above:
          " **At as many false alarms the weight finds \(fixed($0.mean, 0)) points more of the \(Self.label)s than a larger logit\($0.intervalNote()).** So take the weight where false alarms must stay few.",
        below:
          " **At as many false alarms a larger logit finds more than the weight.** It needs no training, and its number can be chosen on validation data.",
        withinChance:
          " **At as many false alarms the weight finds no more than a larger logit, beyond chance.** The logit needs no training, and its number can be chosen on validation data."
      )
    }
    return """
      \(areFound ? "All three remedies find more of the \(Self.label)s: \(fixed(found.min() ?? 0, 0)) to \(fixed(found.max() ?? 0, 0)) % instead of \(fixed(none.found.mean, 0)) %." : "Not all remedies find more of the \(Self.label)s.")\
      \(compared ?? "")\(wordsOfShift)

      \(isCheaper ? "" : "None of them lowers the error, beyond chance, where \(Self.label)s are as rare in use as in training: there the untouched net already has the right frequencies. ")\
      So use a remedy where the class is more frequent in use, or where missing it costs more than a false alarm.
      """
  }
}

extension Charts {
  /// What is found of the rare class against the false alarms: a line for numbers added to its logit, a point for each
  /// training with a remedy.
  static func falseAlarms(_ rare: RareClass) -> Figure {
    let shifts = rare.shifts ?? .init(numbers: [], found: [], mistaken: [], own: [])
    func means(_ rows: [[Double]]) -> [Double] { rows.map { rounded(Summary($0).mean, decimals: 2) } }
    let shown = shifts.numbers.indices.filter { Summary(shifts.mistaken[$0]).mean < 1.6 }
    let points = [RareClass.Remedy.weighted, .repeated].compactMap(rare.result)
    let title = rare.lead(of: .weighted).map {
      $0.worded(
        above: "The loss weight lies above the curve of larger logits: more is found at as many false alarms",
        below: "The loss weight lies below the curve of larger logits: less is found at as many false alarms",
        withinChance: "The loss weight lies on the curve of larger logits, as far as we can see")
    }
    return Figure(
      title ?? "What is found, against false alarms",
      .lines(
        LineChart(
          x: Axis("others taken for \(RareClass.label) (%)", range: 0...1.6),
          y: Axis("\(RareClass.label)s found (%)", range: 20...70),
          [
            Series(
              "a number added to the logit", x: means(shown.map { shifts.mistaken[$0] }),
              y: means(shown.map { shifts.found[$0] }), style: .line, isEmphasized: true,
              color: Ending.softmaxEntropy.color)
          ]
            + points.enumerated().map { place, result in
              Series(
                result.remedy.name, x: [result.mistaken.mean], y: [result.found.mean], style: .points,
                color: place == 0 ? 0 : 3)
            })),
      caption: """
        The line: from 0, the untouched net, to ln \(RareClass.thinning) = \(fixed(log(Double(RareClass.thinning)), 1)) and beyond. Test digits, all equally frequent, mean of \(counted(shifts.own.count, "seed")).
        """,
      name: "false-alarms")
  }
}
