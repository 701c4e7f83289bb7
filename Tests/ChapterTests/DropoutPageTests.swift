// Chapter 6: what its claims and its page make of findings, right ones and wrong ones.

import Testing
import Workbook

@testable import ch06_dropout

@Suite("Chapter 6: claims and page")
struct DropoutPageTests {
  private static let seeds: [UInt64] = [1, 2, 3]

  /// A net with such test errors, one for each seed.
  private static func net(_ errors: [Double], own: Double = 0, curve: [Double] = [], heart: Double? = nil) -> Tuned {
    Tuned(
      rate: 0.3, decay: 0,
      runs: errors.map {
        RunErrors(trainingError: own, validationError: $0, testError: $0, curve: curve, learnedByHeart: heart)
      })
  }

  /// Three seeds whose test error is near a number.
  private static func net(_ error: Double, own: Double = 0, curve: [Double] = [], heart: Double? = nil) -> Tuned {
    net([error, error + 0.1, error + 0.2], own: own, curve: curve, heart: heart)
  }

  private static func near(_ value: Double) -> Summary { Summary([0.99, 1, 1.01].map { $0 * value }) }

  private static func sums(unscaled ratio: Double) -> ExpectationFindings {
    ExpectationFindings(
      masks: 2, unscaledRatio: near(ratio),
      relative: Dropouts.droppedShares.map {
        RelativeSums(rate: Float($0), mean: 1, deviation: $0, histogram: [0.5, 0.5], beyond: 0)
      })
  }

  private static func ensembles(plain: Double, average: Double, single: Double = 50) -> [ExactEnsemble] {
    [0, 0.1, 0.2].map { shift in
      ExactEnsemble(
        units: 10, nets: 1024, plainError: plain + shift, singleError: single, averageError: average + shift,
        scaledError: average, differenceFromGeometric: 1e-7, differenceFromAverage: 0.2)
    }
  }

  private static func sampled(onePass: Double) -> [SampledEnsemble] {
    seeds.map { _ in
      SampledEnsemble(plainError: 10, scaledError: onePass, errors: [15, 12, 11, 10, 9.5, 9.1, 9])
    }
  }

  private static func hidden(_ unevenness: [Double]) -> [HiddenStatistics] {
    unevenness.map { HiddenStatistics(sparsity: 0.5, correlation: 0.3, unevenness: $0) }
  }

  /// Findings in which dropout does all that is said of it.
  private static func findings() -> Dropouts.Findings {
    Dropouts.Findings(
      data: "made-up digits", seeds: seeds, steps: 1_000, few: 1_000, rates: [0.05, 0.1], tuningSeeds: 1,
      sums: sums(unscaled: 2),
      ensembles: ensembles(plain: 15, average: 39), sampled: sampled(onePass: 9.05),
      byWidth: PairFindings(
        settings: [32, 64, 128, 256],
        nets: [[net(13), net(12), net(10.5), net(10)], [net(16, own: 5), net(12.5), net(10.2), net(9)]]),
      bySize: PairFindings(settings: [300, 5_000], nets: [[net(20), net(5)], [net(17), net(5)]]),
      noisy: NoisyFindings(
        size: 1_000,
        nets: [net(25, curve: [14, 18, 25], heart: 0.95), net(15, curve: [16, 12, 15], heart: 0.3)]),
      reliance: RelianceFindings(
        damage: [20.0, 5].map { loss in Dropouts.removedShares.map { near(10 + loss * Double($0)) } },
        hidden: [hidden([0.6, 0.61, 0.62]), hidden([0.4, 0.41, 0.42])]),
      contest: [net(10), net(9), net(9.5), net(9.8), net(9.5), net(8), net(8)])
  }

  private func verdicts(_ findings: Dropouts.Findings) -> [Claim.Verdict] {
    Dropouts.claims(findings).map(\.verdict)
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = Dropouts.claims(Self.findings())
    #expect(claims.count == 10 && claims.allSatisfy { $0.measurement?.seeds == 3 })
    // Never more than partly shown: an average that is worse than one net trained whole, more images that are also fewer
    // epochs, and the removal of units, which is what one net has practised.
    for (index, claim) in claims.enumerated() {
      #expect(claim.verdict == ([1, 5, 7].contains(index) ? .partly : .reproduced))
    }
    #expect(claims[1].reason.contains("trained whole: 15.1 ± 0.1 %"))
    #expect(claims[2].measured.hasSuffix("points, averaging 64 nets by 6.0 ± 0.0"))
    #expect(claims[3].measured == "saves 1.0 ± 0.0 points, L2 saves 0.2 ± 0.0")
    #expect(
      claims[4].measured
        == "128 units, 256 with dropout: saves 1.5 ± 0.0 points, 32 units, 64 with dropout: saves 0.5 ± 0.0")
    #expect(claims[9].measured == "with batch norm dropout saves 0.0 ± 0.0 points, without it saves 1.0 ± 0.0")
  }

  @Test("sums that need no scale, an average no better than its nets, a pass that saves half of what averaging does")
  func formulas() {
    var findings = Self.findings()
    findings.sums = Self.sums(unscaled: 1)
    findings.ensembles = Self.ensembles(plain: 15, average: 14, single: 14)
    findings.sampled = Self.sampled(onePass: 12)
    #expect(verdicts(findings)[0...2] == [.notHere, .notHere, .partly])
    let page = Dropouts.page(findings, RunRecord())
    #expect(page.predictions[0].answer == "50 %" && page.predictions[1].answer == "about as many")
    findings.sums.relative[3].deviation = 0.06
    #expect(Dropouts.page(findings, RunRecord()).predictions[0].answer == "5 %")
    #expect(page.text.contains("One sampled net makes ") && page.text.contains("one pass with all units 12.0 %"))
  }

  @Test("an average better than one net trained whole, in the small net and in the wide one, is the whole claim")
  func better() {
    var findings = Self.findings()
    findings.ensembles = Self.ensembles(plain: 45, average: 39)
    #expect(verdicts(findings)[1] == .reproduced)
    findings.sampled = findings.sampled.map {
      SampledEnsemble(plainError: 8, scaledError: $0.scaledError, errors: $0.errors)
    }
    #expect(verdicts(findings)[1] == .partly)
  }

  @Test("what dropout saves by chance is not here, and no title says otherwise")
  func chanceAlone() {
    var findings = Self.findings()
    findings.contest[1] = Self.net([12, 5, 11])
    findings.byWidth.nets[1][3] = Self.net([12, 5, 11])
    #expect(verdicts(findings)[3] == .notHere)
    let page = Dropouts.page(findings, RunRecord())
    #expect(page.text.contains("What dropout saves, by the width of the layers"))
    #expect(page.text.contains("dropout makes no difference beyond chance with layers of 256 units"))
    #expect(page.predictions[2].answer == "neither")
  }

  @Test("dropout that pays where layers are narrow contradicts its guide")
  func narrow() {
    var findings = Self.findings()
    findings.byWidth.nets[1] = [10, 13, 12, 11].map { Self.net($0) }
    #expect(verdicts(findings)[4] == .notHere)
    #expect(Dropouts.page(findings, RunRecord()).predictions[2].answer == "only the narrow net")
  }

  @Test(
    "n/(1 − p) units are partly enough where only some nets of twice the width save, and undecided where there are none"
  )
  func doubled() {
    var findings = Self.findings()
    findings.byWidth.nets[1] = [16, 12.5, 12, 9].map { Self.net($0) }
    #expect(verdicts(findings)[4] == .partly)
    findings.byWidth = PairFindings(
      settings: [32, 256], nets: [[Self.net(13), Self.net(10)], [Self.net(16), Self.net(9)]])
    #expect(verdicts(findings)[4] == .undecided)
  }

  @Test("with much data it is needed where it saves there, and superfluous only where it saves with few")
  func muchData() {
    var findings = Self.findings()
    findings.bySize.nets[1][1] = Self.net(4.5)
    #expect(verdicts(findings)[5] == .partly)
    findings.bySize.nets[1][1] = Self.net(2)
    #expect(verdicts(findings)[5] == .notHere)
    findings = Self.findings()
    findings.contest[1] = Self.net([9, 12, 8])
    #expect(verdicts(findings)[5] == .notHere)
  }

  @Test("as many epochs tell more images from less training")
  func epochs() {
    for (error, verdict, words) in [
      (4, Claim.Verdict.reproduced, "more data have made it superfluous here"), (3.5, .partly, "it still pays there"),
      (2, .notHere, "it still pays there"), (5, .reproduced, "it costs even then"),
    ] {
      var findings = Self.findings()
      findings.equalEpochs = EpochControl(size: 5_000, steps: 5_000, nets: [Self.net(4), Self.net(error)])
      #expect(verdicts(findings)[5] == verdict)
      #expect(Dropouts.page(findings, RunRecord()).text.contains(words))
    }
  }

  @Test("wrong labels that a net stopped in time does not learn are no more than part of the claim")
  func stopped() {
    var findings = Self.findings()
    findings.noisy.nets[1] = Self.net(15, curve: [16, 14, 15], heart: 0.3)
    #expect(verdicts(findings)[6] == .partly)
  }

  @Test("nets that have not practised missing units are named where they lose less as well")
  func controls() {
    var findings = Self.findings()
    findings.reliance.halfLost = [10, 2, 3, 4, 10, 10, 3].map(Self.near)
    #expect(Dropouts.page(findings, RunRecord()).text.contains("Without any practice L2 loses less than the plain net"))
    findings.reliance.halfLost = [10, 2, 3, 10, 10, 10, 3].map(Self.near)
    #expect(Dropouts.page(findings, RunRecord()).text.contains("No net that has not practised it loses less"))
    // The record decides, where there is one.
    findings.reliance.recordedHalfLost = [10, 2, 3, 10, 10, 4, 3].map(Self.near)
    #expect(
      Dropouts.page(findings, RunRecord()).text.contains(
        "batch norm loses less than the plain net, too (recorded full run)"))
  }

  @Test(
    "wrong labels that dropout does not refuse, units that break all the same, units no more even, a norm with a gain left"
  )
  func rest() {
    var findings = Self.findings()
    findings.noisy.nets[1] = findings.noisy.nets[0]
    findings.reliance.damage[1] = findings.reliance.damage[0]
    findings.reliance.hidden[1] = findings.reliance.hidden[0]
    findings.contest[6] = Self.net(5)
    #expect(verdicts(findings)[6...9] == [.notHere, .notHere, .notHere, .notHere])
    let page = Dropouts.page(findings, RunRecord())
    #expect(page.text.contains("points without dropout and 10.0 with it: within chance"))
    #expect(page.text.contains("With dropout it is not a tenth less"))
    // Clear, and too small to matter.
    findings.reliance.hidden[1] = Self.hidden([0.57, 0.58, 0.59])
    #expect(verdicts(findings)[8] == .notHere)
  }

  @Test("one seed decides nothing")
  func oneSeed() {
    var findings = Self.findings()
    findings.ensembles = Array(findings.ensembles.prefix(1))
    findings.noisy.nets = findings.noisy.nets.map {
      Tuned(rate: $0.rate, decay: $0.decay, runs: Array($0.runs.prefix(1)))
    }
    let claims = Dropouts.claims(findings)
    #expect(claims[1].verdict == .undecided && claims[6].verdict == .undecided)
    #expect(claims[6].reason == "a verdict needs three seeds")
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = Dropouts.page(Self.findings(), RunRecord())
    #expect(
      page.figures.map(\.name) == [
        "dropped-sums", "thinned-nets", "sampled-ensemble", "width-sweep", "size-sweep", "wrong-labels", "damage",
      ])
    #expect(page.claims == Dropouts.claims(Self.findings()))
    #expect(page.predictions.map(\.answer) == ["50 %", "more mistakes", "only the wide net", "nearly all"])
    #expect(page.text.contains("Dropout costs a net of 32 units a layer 3.0 points and saves one of 256 1.0"))
    #expect(page.text.contains("Without dropout the error falls to 14.0 % and ends at 25.0 %"))
  }
}
