// Chapter 6: what its claims and its page make of findings, right ones and wrong ones.

import Testing
import Workbook

@testable import ch06_dropout

@Suite("Chapter 6: claims and page")
struct DropoutPageTests {
  private static let seeds: [UInt64] = [1, 2, 3]

  /// Three seeds whose test error is near a number; the nets know their own images.
  private static func outcomes(_ error: Double, own: Double = 0, curve: [Double] = []) -> [RunErrors] {
    seeds.indices.map { seed in
      let shift = 0.1 * Double(seed)
      return RunErrors(trainingError: own, testError: error + shift, curve: curve.map { $0 + shift })
    }
  }

  /// The same with an error for each seed.
  private static func outcomes(_ errors: [Double]) -> [RunErrors] {
    errors.map { RunErrors(trainingError: 0, testError: $0, curve: [$0, $0]) }
  }

  private static func near(_ value: Double) -> Summary { Summary([0.99, 1, 1.01].map { $0 * value }) }

  private static func sums(unscaled: Double) -> ExpectationFindings {
    func dropped(_ rate: Float) -> DroppedSums {
      var sums = DroppedSums(dropping: rate, inverted: false, inputs: 2, masks: 2, seed: 1)
      (sums.training, sums.test, sums.unscaled) = ([0.9, 1.1], 1, unscaled)
      return sums
    }
    return ExpectationFindings(
      masks: 2, forms: [0, 1].map { _ in seeds.map { _ in SumFindings(dropped(0.5)) } },
      relative: Dropouts.droppedShares.map { RelativeSums(dropped(Float($0))) })
  }

  private static func ensembles(average: Double, scaled: Double) -> [ExactEnsemble] {
    seeds.map { _ in
      ExactEnsemble(
        units: 10, nets: 1024, singleError: 40, averageError: average, geometricError: scaled, scaledError: scaled,
        differenceFromGeometric: 1e-7, differenceFromAverage: 0.2, meanDifference: 0.01,
        sampledErrors: ExactEnsemble.sampleCounts.map { average + 10 / Double($0) })
    }
  }

  /// Findings in which dropout does all that is said of it.
  private static func findings() -> Dropouts.Findings {
    let picture = KeptPicture(ImageGrid.Picture(width: 2, height: 2, pixels: [0, 1, -1, 0.5]), largest: 1)
    return Dropouts.Findings(
      data: "made-up digits", seeds: seeds, passes: 12_000, few: 500, sums: sums(unscaled: 2),
      ensemble: EnsembleFindings(
        trainingCount: 2_000, testCount: 400, runs: ensembles(average: 20, scaled: 21)),
      byRate: RateFindings(
        rates: [0, 0.2, 0.5, 0.8],
        runs: [outcomes(12), outcomes(11), outcomes(9, own: 1), outcomes(20, own: 15)]),
      bySize: SizeFindings(
        sizes: [100, 1_000], runs: [[outcomes(20), outcomes(8)], [outcomes(15), outcomes(8)]]),
      noisy: NoisyFindings(
        size: 1_000,
        runs: [outcomes(20, own: 1, curve: [10, 15, 20]), outcomes(10, own: 18, curve: [12, 10, 10])], halfWay: 1),
      reliance: RelianceFindings(
        damage: [20.0, 5].map { loss in Dropouts.removedShares.map { near(10 + loss * Double($0)) } },
        features: [KeptPicture](repeating: picture, count: 16), smoothness: [near(0.1), near(0.4)],
        hidden: [0.3, 0.2].map { correlation in
          seeds.map { _ in HiddenStatistics(sparsity: 0.5, correlation: correlation) }
        }),
      contest: [outcomes(12), outcomes(9), outcomes(11), outcomes(8), outcomes(8)])
  }

  private func verdicts(_ findings: Dropouts.Findings) -> [Claim.Verdict] {
    Dropouts.claims(findings).map(\.verdict)
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = Dropouts.claims(Self.findings())
    #expect(claims.count == 8 && claims.allSatisfy { $0.measurement?.seeds == 3 })
    // Co-adaptation is never more than partly shown: the test is the training of one of the nets.
    #expect(
      claims.map(\.verdict) == [
        .reproduced, .reproduced, .reproduced, .reproduced, .reproduced, .reproduced, .partly, .reproduced,
      ])
    #expect(claims[1].measured == "20.0 ± 0.0 % against 40.0 ± 0.0 %")
    #expect(claims[3].measured == "p = ½ saves 3.0 ± 0.0 points")
    #expect(claims[4].measured == "saves 0.0 ± 0.0 points at 1000 images")
    #expect(claims[7].measured == "with batch norm dropout saves 0.0 ± 0.0 points, without it saves 3.0 ± 0.0")
  }

  @Test("sums that need no scale, an average no better than one net, a pass far from the average")
  func formulas() {
    var findings = Self.findings()
    findings.sums = Self.sums(unscaled: 1)
    findings.ensemble.runs = Self.ensembles(average: 40, scaled: 60)
    #expect(verdicts(findings)[0...2] == [.notHere, .notHere, .notHere])
    let page = Dropouts.page(findings, RunRecord())
    #expect(page.predictions[0].answer == "the same" && page.predictions[1].answer == "as many mistakes")
  }

  @Test("what dropout saves by chance is not here, and what another share saves is partly")
  func overfitting() {
    var findings = Self.findings()
    findings.byRate.runs = [
      Self.outcomes(12), Self.outcomes([11, 14, 12]), Self.outcomes([5, 16, 12]), Self.outcomes(20),
    ]
    #expect(findings.byRate.halfSaved.mean > 0.5 && verdicts(findings)[3] == .notHere)
    let page = Dropouts.page(findings, RunRecord())
    #expect(page.text.contains("On these clean images no share left out saves more than chance; 0.8 costs 8 points"))
    #expect(page.text.contains("Here dropout ½ makes no difference beyond chance on 500 clean images"))
    #expect(page.predictions[2].answer == "no clear winner")
    findings.byRate.runs[1] = Self.outcomes(8)
    #expect(verdicts(findings)[3] == .partly)
    #expect(Dropouts.claims(findings)[3].measured.contains(", the best share, 0.2, saves 4.0 ± 0.0"))
  }

  @Test("with much data it is needed where it saves there, and superfluous only where it saves with few")
  func muchData() {
    var findings = Self.findings()
    findings.bySize.runs[1][1] = Self.outcomes(5)
    #expect(verdicts(findings)[4] == .notHere)
    findings = Self.findings()
    findings.bySize.runs[1][0] = Self.outcomes([19, 22, 18])
    #expect(verdicts(findings)[4] == .notHere)
    #expect(Dropouts.claims(findings)[4].reason.contains("less data is no reason here"))
  }

  @Test("wrong labels that dropout does not protect from, units that break all the same, a norm that leaves it a gain")
  func rest() {
    var findings = Self.findings()
    findings.noisy.runs[1] = findings.noisy.runs[0]
    findings.reliance.damage[1] = findings.reliance.damage[0]
    findings.contest[4] = Self.outcomes(5)
    #expect(verdicts(findings)[5...7] == [.notHere, .notHere, .notHere])
    let page = Dropouts.page(findings, RunRecord())
    #expect(page.text.contains("points without dropout and 10.0 with it: within chance"))
    #expect(page.predictions[3].answer == "not clearly different")
    findings.contest[1] = Self.outcomes([12, 13, 11])
    findings.contest[4] = Self.outcomes(8)
    #expect(verdicts(findings)[7] == .notHere)
    #expect(Dropouts.claims(findings)[7].reason.contains("little that batch norm could have taken over"))
  }

  @Test("one seed decides nothing")
  func oneSeed() {
    var findings = Self.findings()
    findings.ensemble.runs = Array(findings.ensemble.runs.prefix(1))
    findings.noisy.runs = findings.noisy.runs.map { Array($0.prefix(1)) }
    let claims = Dropouts.claims(findings)
    #expect(claims[1].verdict == .undecided && claims[5].verdict == .undecided)
    #expect(claims[5].reason == "a verdict needs three seeds")
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = Dropouts.page(Self.findings(), RunRecord())
    #expect(
      page.figures.map(\.name) == [
        "dropped-sums", "sampled-ensemble", "rate-sweep", "size-sweep", "wrong-labels", "damage", "features",
      ])
    #expect(page.claims == Dropouts.claims(Self.findings()))
    #expect(page.predictions.count == 4)
    #expect(page.text.contains("Without dropout the error climbs from 10.1 to 20.1 %, with it from 10.1 to 10.1 %"))
  }
}
