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
        "Batch normalization makes the rate nearly a matter of indifference\(sweep.areOthersLevel ? "; the others at their best rates are level" : "")"
    }
    let bests = sweep.curves.map { "\(shownName($0.name)) \($0.best.error.formatted(decimals: 2)) %" }
    return "At its own best rate: \(bests.joined(separator: "; "))"
  }

  /// What is left of the differences where each network has a rate of its own.
  static func ownRatesFinding(_ sweep: RateSweep) -> String {
    guard let normed = sweep.normed, let first = normed.rates.min(), let last = normed.rates.max() else { return "" }
    let (best, worst) = (fixed(normed.best.error.mean, 2), fixed(normed.worst, 2))
    let others = "The other three at their best have \(sweep.othersText(1)) %"
    let how =
      "\(counted(sweep.epochs, "epoch")), \(counted(normed.best.error.count, "seed")), rates chosen by these test errors"
    guard sweep.isNormIndifferent else {
      return "From \(short(first)) to \(short(last)) LeNet-5++ has \(best) to \(worst) %. \(others) (\(how))."
    }
    let isAhead = normed.worst < (sweep.others.map(\.best.error.mean).min() ?? 0)
    let open = sweep.others.filter { !isClear($0.best.error - normed.best.error, beyond: 0) }.map { shownName($0.name) }
    return """
      LeNet-5++ hardly asks for a rate: it has \(best) to \(worst) % errors from \(short(first)) to \(short(last)), \
      \(short(last / first)) times as large. \(others)\(sweep.areOthersLevel ? ", level within chance" : ""). \
      \(isAhead ? "So its mean is below theirs even at its worst rate" : "At rates of their own it is not ahead")\
      \(isAhead && !open.isEmpty ? ", though best against best \(counted(normed.best.error.count, "seed")) do not show it ahead of \(open.joined(separator: ", "))" : "") \
      (\(how)).
      """
  }

  /// The question's answer in words: which part earns a lower error where each network has its own rate.
  static func partsAnswer(_ findings: VariantFindings) -> [String] {
    guard let own = findings.ownRates, let plain = own.named("LeNet-5"), let plus = own.named("LeNet-5+"),
      let plusPlus = own.named("LeNet-5++")
    else { return [] }
    let (modern, norm) = (plain.finalError - plus.finalError, plus.finalError - plusPlus.finalError)
    let speed = findings.named("LeNet-5").flatMap { slow in
      findings.named("LeNet-5+").map {
        isClear(slow.finalError - $0.finalError, beyond: 0) && $0.finalError.mean < slow.finalError.mean
      }
    }
    func points(_ gap: Summary) -> String { "\(fixed(abs(gap.mean), 2)) points" }
    let first = modern.worded(
      above:
        "Each at its own rate, ReLU and cross-entropy end lower than tanh and squared error, by \(points(modern)).",
      below:
        "Each at its own rate, ReLU and cross-entropy end higher than tanh and squared error, by \(points(modern)).",
      withinChance: speed == true
        ? "Cross-entropy with ReLU buys speed at a small rate, and nothing at the end that shows beyond chance: given its own rate, the net of tanh and squared error ends as low."
        : "Cross-entropy with ReLU buys nothing at the end that shows beyond chance.")
    let only = modern.direction() == .above ? "Batch" : "Only batch"
    let second = norm.worded(
      above: "\(only) normalization ends lower, by \(points(norm))\(withTanh(findings)).",
      below: "Batch normalization ends higher, by \(points(norm)).",
      withinChance: "Batch normalization changes the end by no more than chance.")
    let all = findings.taught?[.all].map { row in
      let gap = plusPlus.finalError - row.results.finalError
      let end = "\(row.results.finalError.formatted(decimals: 2)) %"
      return gap.worded(
        above:
          "With what chapters 4 to 9 taught besides, shifted digits included, the same layers end lower still, at \(end).",
        below: "With what chapters 4 to 9 taught besides, the same layers end higher, at \(end).",
        withinChance:
          "With what chapters 4 to 9 taught besides, the same layers end at \(end): \(points(gap)) \(gap.mean < 0 ? "above" : "below") LeNet-5++, within chance."
      )
    }
    return ["\(first) \(second)"] + [all].compactMap { $0 }
  }

  /// Whether batch normalization helps tanh and squared error, too.
  private static func withTanh(_ findings: VariantFindings) -> String {
    guard let plain = findings.ownRates?.named("LeNet-5"), let row = findings.taught?[.norm] else { return "" }
    let gap = plain.finalError - row.results.finalError
    if row.choice.isAtEnd, gap.direction() == .withinChance {
      return "; with tanh and squared error that is open, since the best rate lies at an end of those tried"
    }
    return gap.worded(
      above: ", and with tanh and squared error, too, by \(fixed(gap.mean, 2))",
      below: ", but not with tanh and squared error",
      withinChance: "; with tanh and squared error no gain shows beyond chance")
  }

  /// The takeaway in a line each, for the last slide; nil where the nets were not trained at rates of their own.
  static func shortTakeaway(_ findings: VariantFindings) -> String? {
    guard let own = findings.ownRates, let plain = own.named("LeNet-5"), let plus = own.named("LeNet-5+"),
      let plusPlus = own.named("LeNet-5++")
    else { return nil }
    let modern = (plain.finalError - plus.finalError).worded(
      above: "Each at its own rate, ReLU and cross-entropy end lower.",
      below: "Each at its own rate, ReLU and cross-entropy end higher.",
      withinChance: "Each at its own rate, ReLU and cross-entropy end no lower.")
    let gap = plus.finalError - plusPlus.finalError
    let norm = gap.worded(
      above: "Batch normalization ends \(fixed(gap.mean, 2)) points lower.",
      below: "Batch normalization ends \(fixed(-gap.mean, 2)) points higher.",
      withinChance: "With batch normalization: no difference beyond chance.")
    return [
      modern, norm, "A network learns with wrong gradients, too: check them.",
      "Compare each at the rate that suits it.",
    ].map { "- " + $0 }.joined(separator: "\n")
  }

  /// What the rows of the table say together, a line each.
  static func takeaway(_ findings: VariantFindings) -> String {
    guard let plain = findings.named("LeNet-5"), let plus = findings.named("LeNet-5+"),
      let plusPlus = findings.named("LeNet-5++")
    else { return "Train all networks side by side to see what each change is worth: leave `--model` out." }
    func errors(_ rows: [VariantResults]) -> String {
      rows.map { fixed($0.finalError.mean, 2) }.joined(separator: ", ")
    }
    let rows = [plain, plus, plusPlus]
    var lines =
      partsAnswer(findings) + [
        "At one rate, \(findings.rate), \(rows.map(\.name).joined(separator: ", ")) end at \(errors(rows)) % errors after \(counted(findings.epochs, "epoch"))."
      ]
    if let own = findings.ownRates, let a = own.named("LeNet-5"), let b = own.named("LeNet-5+"),
      let c = own.named("LeNet-5++")
    {
      lines[lines.count - 1] += " Each at its own rate, they end at \(errors([a, b, c])) %."
    } else if let sweep = findings.rates, let a = sweep["LeNet-5"]?.best, let b = sweep["LeNet-5+"]?.best {
      let normed = sweep.normed.map { normed in
        normed.worst < (sweep.others.map(\.best.error.mean).min() ?? 0)
          ? ", and LeNet-5++ at every rate had fewer errors than they at their best, \(fixed(normed.best.error.mean, 1)) to \(fixed(normed.worst, 1)) against \(sweep.othersText(1)) %"
          : ""
      }
      lines.append(
        "At rates of their own, after \(counted(sweep.epochs, "epoch")), LeNet-5 and LeNet-5+ were \(isClear(a.error - b.error, beyond: 0) ? "apart" : "level")\(normed ?? "")."
      )
    }
    if let ablation = findings.ablation, findings.ownRates == nil {
      let relu = ablation.relu.worded(
        from: 1, above: "ReLU harmed", below: "ReLU helped",
        withinChance: "ReLU did nothing that \(counted(ablation.relu.count, "seed")) could show")
      let entropy = ablation.crossEntropy.worded(
        from: 1, above: "cross-entropy harmed", below: "cross-entropy helped",
        withinChance: "cross-entropy did nothing beyond chance")
      let isMost = ablation.crossEntropy.direction(from: 1) == .below && ablation.crossEntropy.mean < ablation.relu.mean
      lines.append(
        isMost
          ? "The speed at that one rate comes mostly from cross-entropy; \(relu)."
          : "Of the parts, \(entropy); \(relu)."
      )
    }
    lines.append("Check gradients: a network learns with wrong ones, too. Compare each at the rate that suits it.")
    return lines.map { "- " + $0 }.joined(separator: "\n")
  }
}
