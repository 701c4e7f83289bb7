// The page of chapter 10: what the batch normalization of the ten outputs does.

import Foundation
import Workbook

extension VariantFindings {
  /// The last row on few digits without the batch normalization of the outputs: its errors, and seed by seed how many times
  /// as large they are as those of the whole; nil where it was not trained three times.
  var fewLastNorm: (trial: Worth.Trial, factor: Summary)? {
    guard let worth, let trial = worth.own(Worth.fewLastNorm), let rate = worth.fewChoice(nil)?.rate else { return nil }
    let factor = Self.factor(trial.runs, by: worth.fewRuns(nil, rate: rate))
    return factor.count < 3 ? nil : (trial, factor)
  }

  /// How many times as many errors the last row has on few digits with no batch normalization at all as with all but that of
  /// the outputs.
  var fewOtherNorms: Summary? {
    guard let worth, let trial = fewLastNorm?.trial, let rate = worth.fewChoice(.norm)?.rate else { return nil }
    let factor = Self.factor(worth.fewRuns(.norm, rate: rate), by: trial.runs)
    return factor.count < 3 ? nil : factor
  }

  private static func factor(_ runs: [RunFindings], by others: [RunFindings]) -> Summary {
    Summary(
      runs.compactMap { run in others.first { $0.seed == run.seed }.map { run.finalError / $0.finalError } })
  }

}

extension LeNet {
  /// That a gain over LeNet-5 is at the edge of chance, and what this net has at a better rate.
  static func edge(_ findings: VariantFindings, _ gain: Summary) -> String {
    guard isAtEdge(gain) else { return "" }
    let other = findings.atRates("LeNet-5").min { $0.error.mean < $1.error.mean }
    let better = other.flatMap { other in
      other.rate == findings.ownRates?.choice("LeNet-5")?.rate
        ? nil
        : ": at the rate \(short(other.rate)) LeNet-5 itself has \(other.error.formatted(decimals: 2)) % (\(counted(other.error.count, "seed")))"
    }
    return " That is at the edge of chance\(better ?? "")."
  }

  /// Whether an interval of a gain begins near 0: below a fifth of the gain.
  static func isAtEdge(_ gain: Summary) -> Bool { gain.mean - gain.uncertainty < gain.mean / 5 }

  /// Whether to copy the last line of the listing.
  static func lastNormAdvice(_ findings: VariantFindings) -> String {
    let advice = "In a net of your own leave that one out, as Ioffe and Szegedy do"
    guard let found = findings.fewLastNorm else { return "\(advice)." }
    let size = "× \(fixed(found.factor.mean, 2)), *Everything together*"
    return found.factor.worded(
      from: 1,
      above: "Ioffe and Szegedy leave that one out; in *LeNet-5 today* the error is larger without it (\(size)).",
      below: "\(advice): the error of *LeNet-5 today* is smaller without it (\(size)).",
      withinChance: "\(advice): in *LeNet-5 today*, on few digits, it makes no difference beyond chance (\(size))."
    )
  }

  /// What the batch normalization of the outputs alone does.
  static func lastNormFinding(_ findings: VariantFindings) -> String? {
    guard let found = findings.fewLastNorm else { return nil }
    let size = "multiplies the error by \(fixed(found.factor.mean, 2)) (95 % interval \(found.factor.interval(2)))"
    let few = found.factor.worded(
      from: 1, above: "Leaving out that one alone \(size), a loss.",
      below: "Leaving out that one alone \(size), a gain.",
      withinChance: "Leaving out that one alone \(size), which is within chance.")
    let others = findings.fewOtherNorms.map { factor in
      factor.worded(
        from: 1,
        above:
          " **So it is batch norm in the hidden layers that is missed**: without any batch norm the error is \(fixed(factor.mean, 2)) times as large as without the one at the outputs.",
        below: " Without the others, too, the error is smaller.",
        withinChance: " Whether the others are missed then is within chance (× \(factor.interval(2))).")
    }
    return "Here batch norm follows the ten outputs, too. \(few)\(others ?? "")"
  }

  /// Its row in the table of the parts on few digits.
  static func lastNormRows(_ findings: VariantFindings) -> [[TableCell]] {
    guard let found = findings.fewLastNorm else { return [] }
    return [
      [
        "batch norm of the outputs → none", .measured(found.trial.finalError),
        TableCell("\(fixed(found.factor.mean, 2)) (\(found.factor.interval(2)), not widened)"),
        TableCell(short(found.trial.choice.rate)),
      ]
    ]
  }
}
