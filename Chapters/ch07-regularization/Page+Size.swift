// The section of chapter 7 about the number of weights.

import Foundation
import Workbook

extension Regularization {
  /// The moons under narrower nets: errors over the most seeds, lines, bias and variance.
  private static func addWidths(to page: inout Page, _ findings: Findings, _ table: WidthTable) {
    page.table(
      Table(
        "Errors (%) on the two moons without a penalty, by the number of units in each hidden layer: means over \(counted(table.gain.count, "seed")), on new points ± half of the 95 % interval",
        columns: ["units"] + table.widths.map { .init("\($0)", digits: 1) },
        rows: [
          ["own points"] + table.own.map { .text(fixed($0, 1)) },
          ["new points"]
            + zip(table.new, table.uncertainty).map { error, chance in
              .text("\(fixed(error, 1))\(table.gain.count < 3 ? "" : " ± \(fixed(chance, 1))")")
            },
        ]))
    page.prose(table.words)
    let (lines, spread) = (findings.lines, findings.spread)
    let drawn = spread.map { MoonSpread.drawn($0, beside: lines) } ?? lines
    if let drawn, drawn.count > 1, drawn.allSatisfy({ $0.lines.count > 1 }) { page.figure(Charts.variance(drawn)) }
    if let spread, spread.count > 2 { addSpread(to: &page, spread, findings.moonChecks) }
  }

  /// Double descent.
  static func addDescent(to page: inout Page, _ findings: Findings) {
    let descent = findings.descent
    let (bare, ridge) = (descent.testErrors(descent.bare), descent.testErrors(descent.ridge))
    let (narrow, peak, last) = (descent.bestNarrow, descent.peak, descent.features.count - 1)
    func isLower(_ a: Summary, _ b: Summary) -> Bool { isClear(b - a) ? b.mean > a.mean : b.mean > a.mean + 0.5 }
    page.prose(
      """
      ## Is a smaller net a regularizer?

      The oldest advice against overfitting is to use fewer weights.\(findings.widths == nil ? "" : " First we take the net of the moons, with narrower layers and without a penalty:")
      """)
    if let table = WidthTable(findings) { addWidths(to: &page, findings, table) }
    page.prose(
      """
      \(findings.widths == nil ? "" : "And what happens with far more weights? ")For this we take the second job, the simplest net whose size we can vary by a \
      factor of \(grouped((descent.features.last ?? 1) / max(1, descent.features[0]))). \
      It has one layer of random ReLU features, $\\varphi(x) = \\max(0, Ax)$, whose matrix $A$ is drawn once and never trained. After it comes a linear map, fitted by least squares to \
      \(descent.samples) digits.
      """)
    let answer = isLower(bare[narrow], bare[peak]) ? (isLower(bare[last], bare[peak]) ? 2 : 1) : 0
    page.predict(
      "From \(descent.features[0]) features to \(grouped(descent.features[last])), with \(descent.samples) digits to learn from: what does the test error do?",
      drawing: "test, no penalty",
      """
      It \(["falls all the way", "falls, then rises for good", "falls, rises to a peak, and falls again"][answer]): \(fixed(bare[narrow].mean, 0)) % at \(descent.features[narrow]) features, \(fixed(bare[peak].mean, 0)) % at \
      \(descent.features[peak]), \(fixed(bare[last].mean, 0)) % at \(grouped(descent.features[last])).
      """)
    page.project("More and more weights: what does the error do?")
    page.figure(Charts.descent(descent, data: findings.data))
    page.project(
      answer == 0
        ? "More features: the error has no peak"
        : answer == 1
          ? "From some number on, more features err more"
          : descent.features[peak] == descent.samples
            ? "The error peaks where features equal examples" : "The error peaks, and falls again with more features",
      notes: "Then cover the curve without a penalty: what is left of the peak with L2?")
    let rescue = bare[peak] - ridge[peak]
    let square = descent.features.firstIndex(of: descent.samples) ?? peak
    func norm(_ place: Int) -> String { short(Summary(descent.bare[place].map(\.norm)).mean) }
    page.prose(
      """
      Why the peak? With as many features as digits there are, for each class, \(descent.samples) equations for \(descent.samples) unknowns. \
      Exactly one map fits them all. Why are its weights large? Some of the \(descent.samples) directions are nearly the same for all digits. To fit the last differences in them the map needs huge \
      weights: a difference of size $s$ needs a weight of about $1/s$. The norm of the weights is \(norm(square)) there. Such weights turn a small change of a \
      picture into a large change of the outputs, so the variance is largest there.\(descent.learnedFrom.map {
        " (The training error is 0 already from \($0) features on. There the output of the right class is the largest of the ten, if not yet 1.)"
      } ?? "")

      With more features than digits many maps fit, and the solver chooses: `np.linalg.lstsq` picks the one of smallest norm, and so do we. With \(grouped(descent.features[last])) features their norm is \
      \(norm(last)). \(answer == 2 ? "An error that falls, peaks where the fit becomes exact, and falls again is called *double descent*. " : "")\
      \(isClear(rescue) && rescue.mean > 0 ? "L2 at its best strength takes \(fixed(rescue.mean, 0)) points off the peak. " : "")\
      So the number of features is the wrong thing to limit here: take far more features than digits, and limit the size of the weights.\
      \(answer == 2 ? " In this linear model it is not the number of weights that overfits, but their size." : "")
      """)
  }
}

/// The errors of narrower nets of the moons, and what the best of them saves.
struct WidthTable {
  /// Units in each hidden layer, the widest last.
  var widths: [Int]
  /// Mean errors in per cent, on a net's own points and on new ones, with half of the 95 % interval.
  var own: [Double]
  var new: [Double]
  var uncertainty: [Double]
  /// The width that errs least on validation points, and what it saves against the widest, seed by seed.
  var best: Int
  var gain: Summary

  /// From the comparison on the moons, which has the most seeds; else from the narrower nets alone.
  init?(_ findings: Regularization.Findings) {
    guard let found = findings.widths else { return nil }
    if let moons = findings.moons, let narrow = moons.entry("fewer units") {
      let widths = narrow.trials.compactMap { $0.setting.split(separator: " ").first.flatMap { Int($0) } }
      if widths.count == narrow.trials.count, let best = narrow.setting.split(separator: " ").first {
        (self.widths, self.best, gain) = (widths + [64], Int(best) ?? 0, moons.gain(narrow))
        own = narrow.trials.map(\.trainingError) + [moons.bare.trainingErrors.mean]
        new = narrow.trials.map(\.testError) + [moons.bare.testErrors.mean]
        uncertainty = narrow.trials.map(\.uncertainty) + [moons.bare.testErrors.uncertainty]
        return
      }
    }
    let wide = [\MoonRun.trainingError, \.testError].map { path in
      Summary(findings.sweep.runs[0][0].map { 100 * $0[keyPath: path] })
    }
    let place = found.validationErrors.indices.min {
      found.validationErrors[$0].mean < found.validationErrors[$1].mean
    }
    guard let place, found.testErrors[place].count == wide[1].count else { return nil }
    (widths, best, gain) = (found.widths + [64], found.widths[place], wide[1] - found.testErrors[place])
    (own, new) = ((found.trainingErrors + [wide[0]]).map(\.mean), (found.testErrors + [wide[1]]).map(\.mean))
    uncertainty = (found.testErrors + [wide[1]]).map { $0.count < 3 ? 0 : $0.uncertainty }
  }

  /// Whether a narrower net errs less on new points than the widest; and the two ways in which a net can fail.
  var words: String {
    let saved =
      "The best on validation points, \(counted(best, "unit")), saves \(fixed(gain.mean, 1)) points against 64\(gain.intervalNote())"
    let answer = gain.worded(
      beyond: 0.5, above: "So a narrower net is a regularizer. \(saved). ",
      below: "So a narrower net is no regularizer here: even the best of them makes more errors than 64 units. ",
      withinChance: "\(saved), which is within chance. ")
    return gain.count < 3
      ? ""
      : answer
        + "To see more, we look at how a net fails. Nets with other points may all be wrong in the same way; that error is called *bias*. Or each net follows its own \(Moon.points) points and initial weights, and another net draws another line; that error is called *variance*."
  }
}
