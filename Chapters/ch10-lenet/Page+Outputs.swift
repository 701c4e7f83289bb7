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

  /// The errors on all digits of LeNet-5++ as it is, without the batch normalization of its outputs, and of LeNet-5+, after
  /// as many epochs; nil where it was not trained three times.
  var longLastNorm: (with: Summary, without: Summary, plus: Summary, epochs: Int)? {
    guard let trial = worth?.own(Worth.plusPlusLastNorm), let own = ownRates else { return nil }
    let epochs = trial.runs.map(\.errors.count).min() ?? 0
    func errors(_ name: String) -> Summary {
      let runs = own.named(name)?.runs.filter { $0.errors.count >= epochs } ?? []
      return Summary(
        trial.runs.compactMap { run in runs.first { $0.seed == run.seed }.map { $0.errors[epochs - 1] } })
    }
    let (with, plus) = (errors("LeNet-5++"), errors("LeNet-5+"))
    guard epochs > 0, with.count == trial.runs.count, plus.count == with.count else { return nil }
    return (with, trial.finalError, plus, epochs)
  }
}

extension LeNet {
  /// Whether to copy the last line of the listing.
  static func lastNormAdvice(_ findings: VariantFindings) -> String {
    let advice = "In a net of your own leave the last `BatchNorm1d` out, as Ioffe and Szegedy do"
    guard let found = findings.fewLastNorm else { return "\(advice)." }
    let size = "× \(fixed(found.factor.mean, 2)), *Everything together*"
    return found.factor.worded(
      from: 1,
      above: "Ioffe and Szegedy leave the last `BatchNorm1d` out; here the error is larger without it (\(size)).",
      below: "\(advice): the error is smaller without it (\(size)).",
      withinChance: "\(advice): here the error without it is the same within chance (\(size)).")
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
          " **So it is batch norm in the hidden layers that is missed**: without it, too, the error is × \(fixed(factor.mean, 2)).",
        below: " Without the others, too, the error is smaller.",
        withinChance: " Whether the others are missed then is within chance (× \(factor.interval(2))).")
    }
    let long = findings.longLastNorm.map { long in
      " On all digits, after \(counted(long.epochs, "epoch")), LeNet-5++ has \(fixed(long.with.mean, 2)) % with it and \(fixed(long.without.mean, 2)) % without, "
        + (long.without - long.with).worded(
          above: "more by more than chance", below: "fewer by more than chance", withinChance: "the same within chance")
        + "; "
        + (long.plus - long.without).worded(
          above: "LeNet-5+, with \(fixed(long.plus.mean, 2)) %, is behind both.",
          below: "LeNet-5+ has \(fixed(long.plus.mean, 2)) %.",
          withinChance: "LeNet-5+ has \(fixed(long.plus.mean, 2)) %, level with the latter within chance.")
    }
    return "Here batch norm follows the ten outputs, too. \(few)\(others ?? "")\(long ?? "")"
  }

  /// Its row in the table of the parts on few digits.
  static func lastNormRows(_ findings: VariantFindings) -> [[TableCell]] {
    guard let found = findings.fewLastNorm else { return [] }
    return [
      [
        "batch norm of the outputs", "none", .measured(found.trial.finalError),
        TableCell("\(fixed(found.factor.mean, 2)) (\(found.factor.interval(2)), not widened)"),
        TableCell(short(found.trial.choice.rate)), TableCell("\(found.trial.runs.count)"),
      ]
    ]
  }
}
