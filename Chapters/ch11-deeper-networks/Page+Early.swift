// The page of chapter 11: how early an addition can go.

import Foundation
import Workbook

extension DeeperNetworks {
  /// Additions that are gone after one epoch, two, five and ten, where that was measured.
  static func addEarly(to page: inout Page, _ findings: Findings) {
    let (rows, nets) = (findings.fadings, findings.fair)
    guard rows.count > 1, let finding = earlyFinding(findings) else { return }
    let shown: [(String, Summary, Int)] =
      [("never there", nets.deepPlain.trainingErrors, 4)]
      + rows.compactMap { row in row.trainingErrors.map { ("epoch \(row.net.fading?.to ?? 0)", $0, 2) } }
      + [("to the end", nets.deepResidual.trainingErrors, 0)]
    page.prose("**How early can it go?** \(finding)")
    page.figure(
      Figure(
        "Training images wrong, by the epoch at which the addition is gone",
        .lines(
          LineChart(
            x: Axis(
              "the addition is gone by", range: 0.5...Double(shown.count) + 0.5,
              ticks: shown.indices.map { (Double($0 + 1), shown[$0].0) }),
            y: Axis("training errors (%)"),
            shown.enumerated().map { place, kind in
              let values = kind.1.values
              return Series(
                "",
                x: values.indices.map {
                  Double(place + 1) + 0.3 * (Double($0) / Double(max(1, values.count - 1)) - 0.5)
                }, y: values, style: .points, color: kind.2)
            }
              + [
                Series(
                  "middle net", x: shown.indices.map { Double($0 + 1) }, y: shown.map(\.1.median), style: .line,
                  color: 7)
              ])),
        caption: """
          Each point is a net with its own seed, after \(counted(nets.epochs, "epoch")). Each kind has its own best rate, for the new \
          ones chosen with two other seeds.
          """, name: "early"))
  }

  /// What the nets say whose addition goes earlier; nil where none was trained.
  static func earlyFinding(_ findings: Findings) -> String? {
    let (rows, nets) = (findings.fadings.dropLast(), findings.fair)
    guard let first = rows.first, let count = first.trainingErrors?.count else { return nil }
    let (plain, residual) = (nets.deepPlain.trainingErrors.median, nets.deepResidual.trainingErrors.median)
    let medians = rows.compactMap { row in
      row.trainingErrors.map { "by epoch \(row.net.fading?.to ?? 0) at \(fixed($0.median, 1)) %" }
    }
    let told = "Gone \(listed(medians)) the middle one of \(count) nets ends."
    // From which epoch on more than half of the gap is gained, there and wherever the addition goes later.
    let isGained = rows.map { ($0.trainingErrors?.median ?? .infinity) - residual < (plain - residual) / 2 }
    guard let start = isGained.indices.first(where: { isGained[$0...].allSatisfy { $0 } }) else {
      return told + " That is too early for most of the gain."
    }
    let to = rows[rows.startIndex + start].net.fading?.to ?? 0
    return told + " So most of the gain needs the path for the first \(counted(to, "epoch")) only."
  }
}
