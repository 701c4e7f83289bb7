// Chapter 5: the page where depth and the dispute on the five-layer net have been measured.

import Testing
import Workbook

@testable import ch05_normalization

@Suite("Chapter 5: depth and reasons")
struct NormalizationReasonsTests {
  @Test("how much of the gain is there at the rate of the net without a norm")
  func shareOfTheRate() {
    var findings = NormalizationPageTests.findings()
    findings.sweeps.rates = [
      NormalizationPageTests.sweep([0.05, 0.1, 0.2], [9, 6, 20]),
      NormalizationPageTests.sweep([0.05, 0.1, 0.2], [8, 5, 4]),
    ]
    #expect(
      Norms.page(findings, RunRecord()).text.contains(
        "Of the 2.0 points, 1.0 (95 %: 1.0 to 1.0) are there at 0.1 already, the best rate of the net without a norm")
    )
    #expect(Norms.page(findings, RunRecord()).text.contains("equal rates are not equal steps"))
    // The first angle at 0.1 is half of that at 0.2.
    func course(_ rate: Double, _ angle: Double) -> TurnFindings.Course {
      let ones = Summary([1, 1, 1])
      return .init(rate: rate, angles: [Summary([angle])], lengths: [ones], errors: ones, diverged: 0)
    }
    findings.turning = TurnFindings(
      trainingCount: 2_000, seeds: 3, steps: [1],
      runs: [[course(0.1, 0.6)], [course(0.2, 1.1)], [course(0.2, 1.1)]].map { [$0[0], $0[0], $0[0]] })
    #expect(
      Norms.page(findings, RunRecord()).text.contains(
        "the first step at 0.1 turns the weights by 0.6° without a norm and by 0.55° with batch norm"))
    findings.sweeps.rates[1] = NormalizationPageTests.sweep([0.05, 0.1, 0.2], [8, 7, 4])
    #expect(
      Norms.page(findings, RunRecord()).text.contains("batch norm is behind; the gain needs a larger rate"))
  }

  @Test("nets of growing depth: where only a norm helps from too small weights, and where it is behind from He's")
  func depths() {
    func net(_ errors: [Double], ratio: Double = 1) -> DepthFindings.Net {
      .init(
        errors: errors.map { error in Summary([0, 0.1, 0.2].map { error + $0 }) },
        validation: errors.map { Summary([$0]) }, difference: Summary([0.3]), gradientRatio: Summary([ratio]))
    }
    /// Errors at 40 layers, without a norm and with, from He's weights and from smaller ones.
    func found(_ he: (Double, Double), _ small: (Double, Double)?) -> DepthFindings {
      DepthFindings(
        trainingCount: 2_000, epochs: 2, seeds: 3, depths: [5, 40], rates: [0.01, 0.1],
        nets: [[net([6, 8]), net([90, he.0])], [net([7, 5]), net([he.1, 90], ratio: 1_100)]],
        fromDefault: small.map { [[net([6, 8]), net([90, $0.0])], [net([7, 5]), net([$0.1, 90])]] })
    }
    let he = found((37, 70), nil)
    #expect(he.ahead == [5] && he.behind == [40])
    #expect(Norms.depthTitle(he) == "From He's weights batch norm is behind in nets of 40 layers")
    #expect(Norms.depthTitle(found((70, 37), nil)) == "From He's weights batch norm is ahead at 5 and 40 layers")
    let both = found((37, 70), (88, 20))
    #expect(
      Norms.depthTitle(both)
        == "From too small weights nets of 40 layers learn with batch norm only; from He's, 40 layers learn better without"
    )
    #expect(found((37, 70), (88, 60)).plainFailsFrom == 40 && found((37, 70), (88, 60)).normLearnsTo == 5)
    var findings = NormalizationPageTests.findings()
    findings.depth = both
    let page = Norms.page(findings, RunRecord())
    #expect(page.figures[1].name == "depth")
    #expect(page.deck.contains { $0.title == "Too small weights: deep nets start with batch norm only" })
    // (π/(π − 1)) to the power of 38/2.
    #expect(page.text.contains("1452") && page.text.contains("1100 times with batch norm, 1 times without"))
    #expect(
      page.text.contains(
        "batch norm is ahead at 5 layers; at 40 it is behind: 70.1 ± 0.1 % errors against 37.1 ± 0.1 % without"))
  }

  @Test("the dispute on the five-layer net: noise, slow drift and the walk, and what is left")
  func fiveLayers() {
    func net(_ errors: Double) -> DisturbedNet {
      DisturbedNet(
        rates: [0.1, 0.2], errors: [errors + 1, errors].map { error in Summary([0, 0.1, 0.2].map { error + $0 }) },
        validation: [Summary([2]), Summary([1])])
    }
    func look(_ change: Double) -> Walk.Look {
      .init(
        size: Summary([0.9, 0.9, 0.9]), cosine: Summary([0.5, 0.5, 0.5]),
        change: Summary([0, 0.01, 0.02].map { change + $0 }))
    }
    func page(drifting: Double, change: Double) -> (text: String, claims: [Claim]) {
      var findings = NormalizationPageTests.findings()
      var five = findings.dispute
      (five.hiddenLayers, five.drifting, five.driftAlone) = (5, net(drifting), net(25))
      five.walk = [
        Walk(rate: 0.1, looks: [look(0.4), look(2), look(1)]), Walk(rate: 0.1, looks: [look(0.3), look(1), look(0.6)]),
        Walk(rate: 0.2, looks: [look(0.6), look(1), look(change)]),
      ]
      findings.fiveLayers = five
      return (Norms.page(findings, RunRecord()).text, Norms.claims(findings))
    }
    let ahead = page(drifting: 15, change: 0.5)
    #expect(ahead.text.contains("Shaken by noise or slowly drifting, batch norm still beats no norm"))
    #expect(ahead.text.contains("With it batch norm still beats no norm by 3.0 points"))
    #expect(ahead.text.contains("Without a norm the same drift costs 7.0 points"))
    #expect(ahead.text.contains("Range is not needed for all of it either: with a slow drift it leads by 3.0"))
    #expect(ahead.text.contains("the loss is smoother with batch norm"))
    #expect(
      ahead.text.contains("for the five-layer net. Steadiness from step to step explains at most 1.0 of the 5.0 points")
    )
    #expect(ahead.claims[9].reason.contains("with a slow drift out of range it is 3.0 points ahead"))
    #expect(ahead.claims[10].reason.contains("after 1 % of the weights' length 0.51 and 1.01"))
    let behind = page(drifting: 25, change: 1.5)
    #expect(behind.text.contains("Range is neither shown nor excluded: with a slow drift the whole lead is gone"))
    #expect(
      behind.text.contains("why this helps; range is neither shown nor excluded.")
        && behind.text.contains("the loss is *rougher*") == false)
    #expect(behind.text.contains("the loss is rougher with batch norm"))
  }
}
