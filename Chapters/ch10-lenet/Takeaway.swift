// Sentences that depend on what came out.

import Foundation
import Workbook

/// The name of a variant as the page has it: records call the wrong derivative the published one.
func shownName(_ name: String) -> String { name.replacingOccurrences(of: "published σ′", with: "wrong σ′") }

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
    if most == 0 { return "Not one mistake" }
    return "Most often a \(classes[pair.0]) is taken for a \(classes[pair.1]): \(most) \(most == 1 ? "time" : "times")"
  }

  /// The mistakes in words: how many, and the fewest pairs that make up half of them.
  static func mistakesFinding(_ confusion: [[Int]], _ classes: [String]) -> String {
    let count = confusion.joined().reduce(0, +)
    let pairs = confusion.indices.flatMap { row in
      confusion[row].indices.filter { $0 != row && confusion[row][$0] > 0 }.map {
        (truth: classes[row], answer: classes[$0], times: confusion[row][$0])
      }
    }
    .enumerated().sorted { ($0.element.times, $1.offset) > ($1.element.times, $0.offset) }.map(\.element)
    let mistakes = pairs.map(\.times).reduce(0, +)
    guard mistakes > 0 else { return "Not one of \(grouped(count)) test images." }
    var (half, sum) = (0, 0)
    while 2 * sum < mistakes {
      sum += pairs[half].times
      half += 1
    }
    let named = pairs.prefix(half).map { "\($0.truth) taken for \($0.answer) (\($0.times))" }
    return
      "\(grouped(mistakes)) of \(grouped(count)) test images. \(sum == mistakes ? "All" : "\(sum)") of them are \(counted(half, "pair")): \(named.joined(separator: ", "))."
  }

  /// What the sweep over the rates says, as a title.
  static func ratesTitle(_ sweep: RateSweep) -> String {
    if sweep.isNormIndifferent {
      return
        "With batch normalization nearly any rate will do\(sweep.areOthersLevel ? "; the others at their best rates are level" : "")"
    }
    let bests = sweep.curves.map { "\(shownName($0.name)) \($0.best.error.formatted(decimals: 2)) %" }
    return "At its own best rate: \(bests.joined(separator: "; "))"
  }

  /// What the sweep says of batch normalization.
  static func ratesFinding(_ sweep: RateSweep) -> String {
    guard let normed = sweep.normed, let plus = sweep["LeNet-5+"], let first = normed.rates.min(),
      let last = normed.rates.max()
    else { return "" }
    let (best, worst) = (fixed(normed.best.error.mean, 2), fixed(normed.worst, 2))
    let how = "\(counted(sweep.epochs, "epoch")), \(counted(normed.best.error.count, "seed"))"
    let bests = listed(sweep.others.map { "\(shownName($0.name)) at \(short($0.best.rate))" })
    guard sweep.isNormIndifferent else {
      return
        "From \(short(first)) to \(short(last)) LeNet-5++ has \(best) to \(worst) % (\(how)). The others are best, \(bests)."
    }
    let isAhead = normed.worst < (sweep.others.map(\.best.error.mean).min() ?? 0)
    return """
      LeNet-5++ learns well at any of these rates: from \(short(first)) to \(short(last)), \(short(last / first)) times as large, it has \
      \(best) to \(worst) % errors (\(how)). The others are best, \(bests), and LeNet-5+ at \(short(last)) has \
      \(fixed(plus.errors[plus.errors.count - 1].mean, 0)) %.\
      \(isAhead ? " In so few epochs it errs less at its worst rate than they at their best." : "")
      """
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
      ? "Train all networks side by side to see what each change is worth: leave `--model` out."
      : lines.map { "- " + $0.long }.joined(separator: "\n")
  }

  /// Each line for the page and for a slide.
  static func takeawayLines(_ findings: VariantFindings) -> [(long: String, short: String)] {
    guard let plain = findings.named("LeNet-5"), let plus = findings.named("LeNet-5+"),
      let plusPlus = findings.named("LeNet-5++")
    else { return [] }
    var lines: [(long: String, short: String)] = []
    if let own = findings.ownRates, let a = own.named("LeNet-5"), let b = own.named("LeNet-5+"),
      let c = own.named("LeNet-5++")
    {
      func errors(_ rows: [VariantResults]) -> String {
        rows.map { fixed($0.finalError.mean, 2) }.joined(separator: ", ")
      }
      let modern = a.finalError - b.finalError
      lines.append(
        (
          modern.worded(
            above:
              "ReLU and cross-entropy lower LeNet's error, by \(fixed(modern.mean, 2)) points with each at its own rate.",
            below:
              "ReLU and cross-entropy raise LeNet's error, by \(fixed(-modern.mean, 2)) points with each at its own rate.",
            withinChance:
              "ReLU and cross-entropy lower LeNet's error at a rate that is too small for tanh and squared error; each at its own rate, nothing is left of it that shows."
          )
            + " \([plain, plus, plusPlus].map(\.name).joined(separator: ", ")) end at \(errors([plain, plus, plusPlus])) % with \(findings.rate) for all, and at \(errors([a, b, c])) % with rates of their own.",
          modern.worded(
            above: "ReLU and cross-entropy end lower, at own rates, too.",
            below: "At own rates ReLU and cross-entropy end higher.",
            withinChance: "At own rates ReLU and cross-entropy earn nothing that shows.")
        ))
      let norm = b.finalError - c.finalError
      let indifferent = findings.rates?.isNormIndifferent == true
      lines.append(
        (
          norm.worded(
            above:
              "Batch normalization lowers it by \(fixed(norm.mean, 2)) points at the best rate of both\(indifferent ? ", and makes the choice of a rate almost unnecessary" : "").",
            below: "Batch normalization raises it by \(fixed(-norm.mean, 2)) points.",
            withinChance:
              "Batch normalization changes the end by no more than chance\(indifferent ? "; it makes the choice of a rate almost unnecessary" : "")."
          ),
          norm.worded(
            above: "Batch normalization ends \(fixed(norm.mean, 2)) points lower\(indifferent ? ", at any rate" : "").",
            below: "Batch normalization ends \(fixed(-norm.mean, 2)) points higher.",
            withinChance: "With batch normalization: no difference beyond chance.")
        ))
    }
    if let all = findings.allRow, let leftOut = findings.leftOut {
      let error = Summary(all.runs.map(\.finalError)), missed = leftOut.missed.map(\.part.name)
      let which =
        missed.isEmpty
        ? "no single part of it is missed by more than chance"
        : "of its parts only \(listed(missed)) \(missed.count == 1 ? "is" : "are") missed by more than chance"
      lines.append(
        (
          "With what chapters 4 to 9 taught the same layers end at \(error.formatted(decimals: 2)) %; \(which).",
          "Everything together: \(fixed(error.mean, 2)) %. \(missed.isEmpty ? "No part alone is missed." : "Missed: \(listed(missed)).")"
        ))
    }
    if findings.ownRates == nil {
      let rows = [plain, plus, plusPlus]
      lines.append(
        (
          "At one rate, \(findings.rate), \(rows.map(\.name).joined(separator: ", ")) end at \(rows.map { fixed($0.finalError.mean, 2) }.joined(separator: ", ")) % errors after \(counted(findings.epochs, "epoch")). What each earns at a rate of its own, only the full run measures.",
          "At one rate for all, \(findings.ranking[0].shownName) ends lowest."
        ))
    }
    lines.append(
      (
        "Compare each at the rate that suits it, chosen on data that are kept back. And check gradients: a network learns with wrong ones, too.",
        "Compare each at its own rate; check gradients."
      ))
    return lines
  }
}
