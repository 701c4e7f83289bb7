// Sentences that depend on what came out.

import Foundation
import Workbook

/// The name of a variant as the page has it: records call the wrong derivative the published one.
func shownName(_ name: String) -> String {
  name == "everything" ? "LeNet-5 today" : name.replacingOccurrences(of: "published σ′", with: "wrong σ′")
}

/// The same with what the network consists of, for figures and tables.
func toldName(_ name: String) -> String {
  switch name {
  case "LeNet-5": "LeNet-5: tanh, squared error"
  case "LeNet-5+": "LeNet-5+: ReLU, cross-entropy"
  case "LeNet-5++": "LeNet-5++: LeNet-5+ with batch norm"
  default: shownName(name)
  }
}

extension VariantResults {
  var shownName: String { ch10_lenet.shownName(name) }
}

extension LeNet {
  /// One network alone, or a run of the published size, is what its page is about; else the record is, where there is one.
  static func pageRuns(_ live: VariantFindings, _ kept: KeptFindings<Findings>?) -> PageRuns<VariantFindings> {
    guard let kept, case .variants(let recorded) = kept.findings, live.results.count > 1, !live.hasPublishedSize else {
      return PageRuns(live)
    }
    return PageRuns(live, reporting: recorded, of: kept.run)
  }

  /// The most frequent confusion, in a sentence.
  static func confusionFinding(_ confusion: [[Int]], _ classes: [String]) -> String {
    var (most, pair) = (0, (0, 0))
    for (row, counts) in confusion.enumerated() {
      for (column, count) in counts.enumerated() where row != column && count > most {
        (most, pair) = (count, (row, column))
      }
    }
    if most == 0 { return "There is not one mistake" }
    return "Most often a \(classes[pair.0]) is taken for a \(classes[pair.1]): \(most) \(most == 1 ? "time" : "times")"
  }

  /// The mistakes in words: how many, and over how few pairs half of them are spread.
  static func mistakesFinding(_ confusion: [[Int]], _ classes: [String]) -> String {
    let count = confusion.joined().reduce(0, +)
    let pairs = confusion.indices.flatMap { row in
      confusion[row].indices.filter { $0 != row && confusion[row][$0] > 0 }.map {
        (truth: classes[row], answer: classes[$0], times: confusion[row][$0])
      }
    }
    .enumerated().sorted { ($0.element.times, $1.offset) > ($1.element.times, $0.offset) }.map(\.element)
    let mistakes = pairs.map(\.times).reduce(0, +)
    guard mistakes > 0 else { return "It reads all \(grouped(count)) test images correctly." }
    var (half, sum) = (0, 0)
    while 2 * sum < mistakes {
      sum += pairs[half].times
      half += 1
    }
    let possible = confusion.count * (confusion.count - 1)
    return
      "It misreads \(grouped(mistakes)) of \(grouped(count)) test images. \(sum == mistakes ? "All" : "\(sum)") of these mistakes fall on \(half) of the \(possible) ways in which one digit can be taken for another."
  }

  /// The takeaway in a line each, for the last slide; nil where the nets were not trained at rates of their own.
  static func shortTakeaway(_ findings: VariantFindings) -> String? {
    let lines = takeawayLines(findings)
    guard findings.ownRates != nil, lines.count > 1 else { return nil }
    return lines.map { "- " + $0.short }.joined(separator: "\n")
  }

  /// What the page has shown, a line each.
  static func takeaway(_ findings: VariantFindings) -> String {
    let lines = takeawayLines(findings)
    return lines.isEmpty
      ? "To see what each change does, train all networks side by side: leave `--model` out."
      : lines.map { "- " + $0.long }.joined(separator: "\n")
  }

  /// Each line for the page and for a slide.
  static func takeawayLines(_ findings: VariantFindings) -> [(long: String, short: String)] {
    guard let plain = findings.named("LeNet-5"), let plus = findings.named("LeNet-5+"),
      let plusPlus = findings.named("LeNet-5++")
    else { return [] }
    var lines: [(long: String, short: String)] = []
    if let recipe = recipeLine(findings) { lines.append(recipe) }
    if let own = findings.ownRates, let a = own.named("LeNet-5"), let b = own.named("LeNet-5+"),
      let c = own.named("LeNet-5++")
    {
      lines.append(modernLine(a.finalError - b.finalError, findings))
      let norm = b.finalError - c.finalError
      lines.append(
        (
          norm.worded(
            above:
              "Batch normalization lowers the error of LeNet-5+ by \(fixed(norm.mean, 2)) points\(oldNet(findings, a)).",
            below: "Batch normalization raises the error of LeNet-5+ by \(fixed(-norm.mean, 2)) points.",
            withinChance: "Batch normalization changes the error of LeNet-5+ by no more than chance.")
            + limitLine(findings),
          norm.worded(
            above: "Batch normalization lowers the error by \(fixed(norm.mean, 2)) points.",
            below: "Batch normalization raises the error by \(fixed(-norm.mean, 2)) points.",
            withinChance: "With batch normalization: no difference beyond chance.")
        ))
    }
    if recipeLine(findings) == nil, let all = findings.allRow,
      let line = partsLine(findings, Summary(all.runs.map(\.finalError)))
    {
      lines.append(line)
    }
    if findings.ownRates == nil {
      let rows = [plain, plus, plusPlus]
      lines.append(
        (
          "At one rate, \(findings.rate), \(listed(rows.map(\.name))) end at \(rows.map { fixed($0.finalError.mean, 2) }.joined(separator: ", ")) % errors after \(counted(findings.epochs, "epoch")). Only the full run gives each network a rate of its own.",
          "At one rate for all, \(findings.ranking[0].shownName) ends lowest."
        ))
    }
    lines.append(
      (
        "Compare networks at the rate that suits each, chosen on data that are kept back. And check your gradients.",
        "Compare each at its own rate, and check gradients."
      ))
    if let inside = insideLine(findings) { lines.append(inside) }
    return lines
  }

  /// What to begin with in a net of one's own; nil where the parts were not left out with few digits.
  private static func recipeLine(_ findings: VariantFindings) -> (long: String, short: String)? {
    guard let all = findings.allRow, let few = findings.leftOutFew, let rate = findings.worth?.fewChoice(nil)?.rate
    else { return nil }
    func told(_ row: LeftOut.Row) -> String {
      switch row.part {
      case .norm: "batch normalization in the hidden layers"
      case .cosine: "a falling rate"
      default: row.part.name
      }
    }
    let (missed, open) = (few.missed.map(told), few.open.map(told))
    let digits = "with \(grouped(Worth.fewDigits)) digits"
    let usual =
      open.isEmpty
      ? "" : " \(listed(open).capitalizedFirst) \(open.count == 1 ? "is" : "are") usual, too, but not missed here."
    let first =
      missed.isEmpty
      ? "**Begin with \(listed(open))**; \(digits) no single one is missed when left out."
      : "**Begin with \(listed(missed))**: \(digits) each is missed when left out alone.\(usual)"
    let bare = few.harmful.isEmpty ? "" : " Leave out \(listed(few.harmful.map(told)))."
    return (
      "\(first)\(bare) First rate to try, with momentum 0.9 and batches of 32: \(short(rate)) \(digits), \(short(all.choice.rate)) with \(grouped(findings.trainingCount)).",
      "Begin with \(missed.isEmpty ? "everything" : listed(few.missed.prefix(4).map(\.part.tick)))."
    )
  }

  /// What ReLU and cross-entropy did, and why to take them.
  private static func modernLine(_ gain: Summary, _ findings: VariantFindings) -> (long: String, short: String) {
    (
      gain.worded(
        above:
          "With a rate for each network ReLU, cross-entropy and the other initial weights lower LeNet's error by \(fixed(gain.mean, 2)) points.",
        below:
          "With a rate for each network ReLU, cross-entropy and the other initial weights raise LeNet's error by \(fixed(-gain.mean, 2)) points.",
        withinChance:
          "ReLU and cross-entropy help LeNet-5 only at one rate for all. So a gain at one rate may only show which net that rate suits. Take both: they did no harm."
      ),
      gain.worded(
        above: "With own rates ReLU and cross-entropy still help.",
        below: "With own rates ReLU and cross-entropy do harm.",
        withinChance: "With own rates the gain of ReLU and cross-entropy is gone.")
    )
  }

  /// How far batch normalization carries the rate.
  private static func limitLine(_ findings: VariantFindings) -> String {
    guard let sweep = findings.allRates, sweep.isWidened, let with = sweep.normed?.trainsUpTo,
      let without = sweep["LeNet-5+"]?.trainsUpTo
    else { return "" }
    guard sweep[Worth.usualNet] != nil else {
      return " With it the net trains up to a rate of \(short(with)), without it up to \(short(without))."
    }
    return
      " The net of the listing, trained for \(counted(sweep.epochs, "epoch")) only, bears rates up to \(short(with)), LeNet-5+ up to \(short(without))."
  }

  /// What the look inside has shown; nil where it was not whole.
  private static func insideLine(_ findings: VariantFindings) -> (long: String, short: String)? {
    guard let sure = shownSureness(findings.best) else { return nil }
    return (
      "Our net is \(sure.isTooSure ? "too sure:" : "not too sure; still,") of \(grouped(sure.answers)) answers with at least \(percent(sure.limit)), \(sure.wrong) \(sure.wrong == 1 ? "is" : "are") wrong.",
      "A network can be sure and wrong, though seldom: \(sure.wrong) of \(grouped(sure.answers))."
    )
  }

  /// What batch normalization does for the old network, where it was chosen a rate like the others.
  private static func oldNet(_ findings: VariantFindings, _ plain: VariantResults) -> String {
    guard let row = findings.ownNormRow else { return "" }
    let gain = plain.finalError - Summary(row.runs.map(\.finalError))
    return gain.worded(
      above: isAtEdge(gain)
        ? "; for LeNet-5 the gain (\(fixed(gain.mean, 2))) is at the edge of chance"
        : ", and that of LeNet-5 by \(fixed(gain.mean, 2))", below: ", but raises that of LeNet-5",
      withinChance: "; that of LeNet-5 it changes by no more than chance")
  }

  /// What everything comes to, and which parts are missed.
  private static func partsLine(_ findings: VariantFindings, _ error: Summary) -> (long: String, short: String)? {
    let first = "All ideas of the earlier chapters together bring the same layers to \(fixed(error.mean, 2)) % errors."
    if let few = findings.leftOutFew {
      let missed = few.missed.map(\.part.name)
      let (count, harmful) = (few.rows.count, few.harmful.map(\.part.name))
      let others = harmful.isEmpty ? "" : "; without \(listed(harmful)) the error is even lower"
      return (
        "Of the parts of *LeNet-5 today*, with \(grouped(Worth.fewDigits)) digits, \(missed.isEmpty ? "none of its \(count) parts is missed by more than chance when left out alone" : "\(few.missedText) missed when left out alone\(others)").",
        "With few digits \(missed.isEmpty ? "no part alone is missed" : "missed alone: \(listed(Array(few.missed.prefix(3).map(\.part.tick))))\(missed.count > 3 ? " and others" : "")")."
      )
    }
    guard let leftOut = findings.leftOut else { return nil }
    let (missed, count) = (leftOut.missed.map(\.part.name), leftOut.rows.count)
    let of = count == TaughtPart.allCases.count ? "its \(count) parts" : "the \(count) parts that were left out"
    let which =
      missed.isEmpty
      ? "None of \(of) is missed by more than chance when it is left out alone."
      : "Of \(of) only \(listed(missed)) \(missed.count == 1 ? "is" : "are") missed by more than chance when left out alone."
    return (
      "\(first) \(which)",
      "Everything together: \(fixed(error.mean, 2)) %. \(missed.isEmpty ? "No part alone is missed." : "Missed alone: \(listed(missed)).")"
    )
  }
}
