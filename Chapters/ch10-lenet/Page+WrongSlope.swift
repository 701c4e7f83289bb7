// The page of chapter 10: a published program that differentiates its sigmoid wrongly.

import Foundation
import Workbook

extension LeNet {
  /// The wrong derivative.
  static func addWrongDerivative(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    guard let right = runs.reported.named("LeNet-5"), let wrong = runs.reported.named("LeNet-5, published σ′") else {
      return
    }
    let reported = runs.reported
    page.prose(
      """
      ## A mistake that nobody notices

      A published LeNet-5 multiplies by $1 - s^2$, the derivative of tanh, where its sigmoid $s$ has $s(1 - s)$. Would you have \
      noticed? Nothing complains: the loss falls, and the digits are learned.
      """)
    if reported.results.count == 4 {
      let place = reported.ranking.firstIndex { $0.name == wrong.name } ?? 0
      page.predict(
        """
        LeNet-5 with this mistake, the wrong σ′, is trained at \(reported.rate) beside the first three networks of this page. Which place \
        does it take after \(counted(reported.epochs, "epoch"))?
        """,
        choices: [
          "first, ahead of LeNet-5++", "second, ahead of LeNet-5+", "third, ahead of LeNet-5",
          "last: a wrong gradient cannot learn well",
        ],
        answer: place,
        "\(reported.ranking.map { "\($0.shownName): \($0.finalError.formatted(decimals: 2)) %" }.joined(separator: "; "))."
      )
      page.project("Where does the net with the bug end?")
    }
    page.prose(mistakeFinding(reported, right, wrong))
    let gain = right.finalError - wrong.finalError
    page.slide(
      isClear(gain, beyond: 0)
        ? "\(gain.mean > 0 ? "The wrong slope has fewer" : "The right slope has fewer") errors, at this one rate"
        : "Right slope and wrong: no difference beyond chance",
      """
      - At \(reported.rate): right slope \(fixed(right.finalError.mean, 2)) %, wrong slope \(fixed(wrong.finalError.mean, 2)) %.
      \(ownWrong(reported).map { "- Each at its own rate: right \(fixed($0.finalError.mean, 2)) %, wrong \(fixed($1.finalError.mean, 2)) %.\n" } ?? "")\
      - Nothing complains. A gradient check finds it in a second.
      """, notes: "The wrong slope is at least twice as large: a larger step.")
    page.fold("A gradient check finds it in a second") {
      $0.figure(slopeFigure())
      $0.prose(
        "The place: SimpleNN, `headers/activation_layer.h`, line 108 of version 3.0, `Sigmoid::backward`. \(rowFinding(right, wrong))"
      )
    }
  }

  private static func ownWrong(_ findings: VariantFindings) -> (VariantResults, VariantResults)? {
    guard let own = findings.ownRates, let right = own.named("LeNet-5"), let wrong = own.named("LeNet-5, published σ′")
    else { return nil }
    return (right, wrong)
  }

  private static func slopeFigure() -> Figure {
    let slopes = sigmoidSlopes(at: stride(from: -6, through: 6, by: 0.25).map { $0 })
    let measured = slopes.filter { $0.z == $0.z.rounded() }
    return Figure(
      "The measured slope is s(1 − s)",
      .lines(
        LineChart(
          x: Axis("z"), y: Axis("slope of the sigmoid", range: 0...1.05),
          [
            Series("1 − s², wrong", x: slopes.map(\.z), y: slopes.map(\.published), style: .line, color: 1),
            Series(
              "s(1 − s)", x: slopes.map(\.z), y: slopes.map(\.correct), style: .line, isEmphasized: true, color: 0),
            Series("measured", x: measured.map(\.z), y: measured.map(\.measured), style: .points, color: 7),
          ])),
      caption: "Squares: central differences in Double; s = σ(z) is the output.", name: "sigmoid-slopes")
  }

  /// Whether the first row of S0's table is met with the mistake or without it.
  static func rowFinding(_ right: VariantResults, _ wrong: VariantResults) -> String {
    guard let published = wrong.published else { return "" }
    func distance(_ result: VariantResults) -> Double { abs(result.finalError.mean - published.mean) }
    let isNearer = distance(wrong) < distance(right)
    return """
      If the first row of its authors' table, \(fixed(published.mean, 2)) %, comes from it, as is likely, it was trained with the \
      mistake: here the mistake gives \(fixed(wrong.finalError.mean, 2)) %, the right derivative \
      \(fixed(right.finalError.mean, 2)) %. \(isNearer ? "The wrong one" : "The right one") is nearer, though neither is near.
      """
  }

  /// What the mistake did.
  static func mistakeFinding(_ findings: VariantFindings, _ right: VariantResults, _ wrong: VariantResults) -> String {
    let (gain, lead) = (
      right.finalError - wrong.finalError, findings.named("LeNet-5+").map { $0.finalError - wrong.finalError }
    )
    let first = gain.worded(
      above:
        "At \(findings.rate) the wrong derivative is better than the right one, \(fixed(wrong.finalError.mean, 2)) against \(fixed(right.finalError.mean, 2)) %\(lead?.direction() == .above ? ", better even than LeNet-5+" : "").",
      below:
        "At \(findings.rate) the wrong derivative is worse, \(fixed(wrong.finalError.mean, 2)) against \(fixed(right.finalError.mean, 2)) %.",
      withinChance: "At \(findings.rate) the two derivatives do not differ by more than chance.")
    let second = ownWrong(findings).map { ownRight, ownWrong in
      (ownRight.finalError - ownWrong.finalError).worded(
        above:
          " Each at its own rate it is still ahead, \(fixed(ownWrong.finalError.mean, 2)) against \(fixed(ownRight.finalError.mean, 2)) %.",
        below:
          " Each at its own rate the right one is ahead, \(fixed(ownRight.finalError.mean, 2)) against \(fixed(ownWrong.finalError.mean, 2)) %.",
        withinChance:
          " Each at its own rate they end alike, at \(fixed(ownWrong.finalError.mean, 2)) and \(fixed(ownRight.finalError.mean, 2)) % (no difference beyond chance): its lead was that of a larger step, for it is at least twice the right slope."
      )
    }
    return first + (second ?? "")
      + """
       How can a wrong gradient learn? At each output its push has the right sign; below, where pushes are added, a sum may even \
      change its sign. It follows another loss, which chapter 8 finds. Learning proves nothing about a gradient: check it \
      against differences (chapter 1).
      """
  }
}
