// Sentences that depend on what came out.

import Workbook

extension LeNet {
  /// One network alone, or a run of the published size, is what its page is about; else the record is, where there is one.
  static func pageRuns(_ live: VariantFindings, _ kept: KeptFindings<Findings>?) -> PageRuns<VariantFindings> {
    guard let kept, case .variants(let recorded) = kept.findings, live.results.count > 1, !live.hasPublishedSize else {
      return PageRuns(live)
    }
    return PageRuns(live, reporting: recorded, of: kept.run)
  }

  /// The most frequent confusion, in a sentence.
  static func confusionFinding(_ confusion: [[Int]]) -> String {
    var (most, pair) = (0, (0, 0))
    for (row, counts) in confusion.enumerated() {
      for (column, count) in counts.enumerated() where row != column && count > most {
        (most, pair) = (count, (row, column))
      }
    }
    if most == 0 { return "Not one mistake" }
    return "Most often a \(pair.0) is taken for a \(pair.1): \(most) \(most == 1 ? "time" : "times")"
  }

  /// What the rows of the table say together.
  static func takeaway(_ findings: VariantFindings) -> String {
    guard let plain = findings.named("LeNet-5"), let wrong = findings.named("LeNet-5, published σ′"),
      let plus = findings.named("LeNet-5+"), let plusPlus = findings.named("LeNet-5++")
    else { return "Train all networks side by side to see what each change is worth: leave `--model` out." }
    func text(_ result: VariantResults) -> String { result.finalError.formatted(decimals: 2) + " %" }
    /// `10.7 % becomes 5.0 %, a gain`, or that chance does not tell them apart.
    func change(_ from: VariantResults, _ to: VariantResults) -> String {
      let gain = from.finalError - to.finalError
      let word = !isClear(gain, beyond: 0) ? "no difference beyond chance" : gain.mean > 0 ? "a gain" : "a loss"
      return "\(text(from)) errors become \(text(to)), \(word)"
    }
    var lines = [
      "ReLU, cross-entropy and smaller initial weights together: \(change(plain, plus)).",
      "Batch normalization on top: \(change(plus, plusPlus)).",
      "A wrong derivative, all else as in LeNet-5 here: \(change(plain, wrong)).",
    ]
    if let ablation = findings.ablation {
      let parts = [
        ("cross-entropy", ablation.crossEntropy), ("ReLU", ablation.relu), ("the initialization", ablation.start),
      ]
      lines.insert(
        "After \(counted(ablation.epochs, "epoch")), averaged over the other two, a change multiplies the error by "
          + parts.map { "\($1.formatted(decimals: 2)) (\($0))" }.joined(separator: ", ") + ".", at: 1)
    }
    if let sweep = findings.rates, let plain = sweep["LeNet-5"]?.best, let plus = sweep["LeNet-5+"]?.best {
      let isClearGain = isClear(plain.error - plus.error, beyond: 0)
      lines.append(
        """
        At the best rate of each, after \(counted(sweep.epochs, "epoch")), LeNet-5 and LeNet-5+ \
        \(isClearGain ? "differ" : "do not differ") beyond chance.
        """)
    }
    return """
      At the rate \(findings.rate) that S0 gave to all, after \(counted(findings.epochs, "epoch")):

      \(lines.map { "- \($0)" }.joined(separator: "\n"))

      Check gradients, for a network learns with wrong ones too. And change one thing at a time, at a rate that suits each.
      """
  }
}
