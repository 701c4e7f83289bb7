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

      A published LeNet-5 has a mistake in its backward pass. The derivative of a sigmoid with the output $s$ is $s(1 - s)$, but \
      the program multiplies by $1 - s^2$, which is the derivative of tanh. Would you have noticed? Nothing complains: the loss \
      falls, and the network learns to read digits.
      """)
    if reported.results.count == 4 {
      let place = reported.ranking.firstIndex { $0.name == wrong.name } ?? 0
      page.predict(
        """
        LeNet-5 with this mistake, the wrong σ′, is trained at the rate \(reported.rate), like LeNet-5, LeNet-5+ and \
        LeNet-5++. Which place does it take after \(counted(reported.epochs, "epoch"))?
        """,
        choices: [
          "first, ahead of LeNet-5++", "second, ahead of LeNet-5+", "third, ahead of LeNet-5",
          "last: a wrong gradient cannot learn well",
        ],
        answer: place,
        "\(reported.ranking.map { "\($0.shownName): \($0.finalError.formatted(decimals: 2)) %" }.joined(separator: "; "))."
      )
      page.project("Which place does the net with the mistake take?")
    }
    page.prose(mistakeFinding(reported, right, wrong))
    addReason(to: &page, reported)
    let gain = right.finalError - wrong.finalError
    page.slide(
      isClear(gain, beyond: 0)
        ? "\(gain.mean > 0 ? "The wrong slope makes fewer" : "The right slope makes fewer") mistakes, at this rate"
        : "Right and wrong slope: no difference beyond chance",
      """
      - At \(reported.rate): right slope \(fixed(right.finalError.mean, 2)) %, wrong slope \(fixed(wrong.finalError.mean, 2)) %.
      \(ownWrong(reported).map { "- Each at its own rate: right slope \(fixed($0.finalError.mean, 2)) %, wrong slope \(fixed($1.finalError.mean, 2)) %.\n" } ?? "")\
      - The wrong slope is $(1 + s)/s$ times the right one: at least twice as large.
      - A gradient check finds the mistake in a second.
      """, notes: "Wherever s is near 0 the factor is large: there the mistake undoes the slow start of squared error.")
    page.fold("A gradient check finds it in a second") {
      $0.figure(slopeFigure())
      $0.prose(
        "The mistake is in `Sigmoid::backward` of SimpleNN, the program of S0. \(rowFinding(right, wrong))"
      )
    }
    if reported.ownRates != nil { addCurves(to: &page, runs) }
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
      Its authors report \(fixed(published.mean, 2)) % for LeNet-5, probably trained with the mistake. Here the wrong \
      derivative gives \(fixed(wrong.finalError.mean, 2)) % and the right one \(fixed(right.finalError.mean, 2)) %. \
      \(isNearer ? "The wrong one" : "The right one") is nearer to theirs, though neither is near.
      """
  }

  /// What the mistake did.
  static func mistakeFinding(_ findings: VariantFindings, _ right: VariantResults, _ wrong: VariantResults) -> String {
    let (gain, lead) = (
      right.finalError - wrong.finalError, findings.named("LeNet-5+").map { $0.finalError - wrong.finalError }
    )
    let first = gain.worded(
      above:
        "At \(findings.rate) the wrong derivative is better than the right one, with \(fixed(wrong.finalError.mean, 2)) against \(fixed(right.finalError.mean, 2)) % errors\(lead?.direction() == .above ? ". It is better even than LeNet-5+" : "").",
      below:
        "At \(findings.rate) the wrong derivative is worse than the right one, with \(fixed(wrong.finalError.mean, 2)) against \(fixed(right.finalError.mean, 2)) % errors.",
      withinChance: "At \(findings.rate) the difference between the two derivatives is within chance.")
    let second = ownWrong(findings).map { ownRight, ownWrong in
      let errors =
        "\(fixed(ownWrong.finalError.mean, 2)) % with the wrong derivative and \(fixed(ownRight.finalError.mean, 2)) % with the right one"
      return (ownRight.finalError - ownWrong.finalError).worded(
        above: " With a rate for each it is still ahead: \(errors).",
        below: " With a rate for each the right one is ahead: \(errors).",
        withinChance: " With a rate for each, nothing is left of this lead: \(errors), a difference within chance."
      )
    }
    return first + (second ?? "")
  }

  /// How a wrong gradient can learn, and why so fast.
  private static func addReason(to page: inout Page, _ findings: VariantFindings) {
    page.prose("How can a wrong gradient learn? Divide the wrong slope by the right one:")
    page.math("\\frac{1 - s^2}{s(1 - s)} = \\frac{1 + s}{s}")
    page.prose(
      """
      Since $0 < s < 1$, this factor is always at least 2. So each output is still pushed in the right direction, only harder. \
      And where $s$ is near 0 the factor is very large: it removes the $s$ that makes squared error so slow at the nine outputs \
      that should be 0. Where all outputs stand at 0.1 it is \(short((1 + 0.1) / 0.1)), just what cross-entropy gains there. So the \
      mistake does what cross-entropy does.\
      \(findings.firstSteps.map { " After a tenth of an epoch, the wrong gradient at the ten sums of LeNet-5 is \(short($0.excess(1).mean)) times as long as the right one; that of cross-entropy is \(short($0.advantage(1).mean)) times as long." } ?? "")

      The factor differs from output to output, so in the layers below, where the pushes of all outputs are added, the sum also \
      points in another direction. The network follows the gradient of another loss, which chapter 8 finds. That a network \
      learns proves nothing about its gradient: compare it with finite differences (chapter 1).
      """)
  }
}
