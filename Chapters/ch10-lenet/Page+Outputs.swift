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

  /// LeNet-5++ after three epochs at large rates, as it is and without the batch normalization of its outputs.
  var lastNormRates: [(rate: Double, with: Summary, without: Summary)] {
    Worth.lastNormRates.compactMap { rate in
      guard let with = worth?[Worth.rateTrial("LeNet-5++", rate)],
        let without = worth?[Worth.rateTrial(Worth.plusPlusLastNorm, rate)], without.runs.count >= 3,
        with.runs.count == without.runs.count
      else { return nil }
      return (Double(rate), with.finalError, without.finalError)
    }
  }

  /// The smallest rate that is good for LeNet-5++ and was tried without the batch normalization of its outputs, where it is
  /// not good then, by more than chance; nil where there is none.
  var spoiledRate: (rate: Double, without: Summary)? {
    guard let normed = allRates?.normed else { return nil }
    let limit = RateSweep.Curve.limit * normed.best.error.mean
    return lastNormRates.first {
      normed.good.contains($0.rate) && $0.without.mean > limit && ($0.without - $0.with).direction() == .above
    }.map { ($0.rate, $0.without) }
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
      withinChance:
        "\(advice): here the error without it is the same within chance (\(size))\(findings.spoiledRate == nil ? "" : ", though it then needs a smaller rate")."
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
          " **So it is batch norm in the hidden layers that is missed**: leaving those out as well multiplies it by another \(fixed(factor.mean, 2)).",
        below: " Without the others, too, the error is smaller.",
        withinChance: " Whether the others are missed then is within chance (× \(factor.interval(2))).")
    }
    return "Here batch norm follows the ten outputs, too. \(few)\(others ?? "")"
  }

  /// What LeNet-5++ does at large rates without it.
  static func lastNormRateFinding(_ findings: VariantFindings) -> String? {
    let tried = findings.lastNormRates
    guard !tried.isEmpty else { return nil }
    let errors = listed(
      tried.map {
        "\(fixed($0.without.mean, 1)) % errors at \(short($0.rate)) (with it \(fixed($0.with.mean, 1)) %)"
      })
    return "Without the last batch norm, that of the outputs, LeNet-5++ has \(errors)."
      + (findings.spoiledRate == nil
        ? ""
        : " **So it can use the largest rates only because its outputs are normalized, too.** The next section suggests why: without that, nothing corrects the steps of fc3.")
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
