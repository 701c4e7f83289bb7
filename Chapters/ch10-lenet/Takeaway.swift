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

  /// What the rows of the table say together.
  static func takeaway(_ findings: VariantFindings) -> String {
    guard let plain = findings.named("LeNet-5"), let plus = findings.named("LeNet-5+"),
      let plusPlus = findings.named("LeNet-5++")
    else { return "Train all networks side by side to see what each change is worth: leave `--model` out." }
    let rows = [plain, plus, plusPlus]
    var sentences = [
      "At S0's rate of \(findings.rate), after \(counted(findings.epochs, "epoch")), \(rows.map(\.name).joined(separator: ", ")) have \(rows.map { fixed($0.finalError.mean, 2) }.joined(separator: ", ")) % errors."
    ]
    if let ablation = findings.ablation {
      let relu = ablation.relu.worded(
        from: 1, above: "ReLU harmed", below: "ReLU helped",
        withinChance: "ReLU did nothing that \(counted(ablation.relu.count, "seed")) could show")
      let entropy = ablation.crossEntropy.worded(
        from: 1, above: "cross-entropy harmed", below: "cross-entropy helped",
        withinChance: "cross-entropy did nothing beyond chance")
      let isMost = ablation.crossEntropy.direction(from: 1) == .below && ablation.crossEntropy.mean < ablation.relu.mean
      sentences.append(
        isMost
          ? "From the first to the second cross-entropy did most of the work; \(relu)."
          : "Of the parts, \(entropy); \(relu).")
    }
    sentences.append(
      (plus.finalError - plusPlus.finalError).worded(
        above: "Batch normalization did the rest.", below: "Batch normalization did harm.",
        withinChance: "Batch normalization changed nothing beyond chance."))
    if let sweep = findings.rates, let a = sweep["LeNet-5"]?.best, let b = sweep["LeNet-5+"]?.best {
      sentences.append(
        "At rates of their own, after \(counted(sweep.epochs, "epoch")), LeNet-5 and LeNet-5+ were \(isClear(a.error - b.error, beyond: 0) ? "apart" : "level")."
      )
    }
    return
      (sentences + [
        "Check gradients: a network learns with wrong ones too. Compare at the rate that suits each."
      ]).joined(separator: " ")
  }
}
