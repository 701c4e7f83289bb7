// Chapter 6: the claims and the page for different findings, right and wrong.

import Testing
import Workbook

@testable import ch06_dropout

@Suite("Chapter 6: claims and page")
struct DropoutPageTests {
  static let seeds: [UInt64] = [1, 2, 3]

  /// A network with these test errors, one for each seed.
  static func net(_ errors: [Double], own: Double = 0, curve: [Double] = [], heart: Double? = nil) -> Tuned {
    Tuned(
      rate: 0.3, decay: 0,
      runs: errors.map {
        RunErrors(trainingError: own, validationError: $0, testError: $0, curve: curve, learnedByHeart: heart)
      })
  }

  /// Three seeds with test errors near a number.
  static func net(_ error: Double, own: Double = 0, curve: [Double] = [], heart: Double? = nil) -> Tuned {
    net([error, error + 0.1, error + 0.2], own: own, curve: curve, heart: heart)
  }

  static func near(_ value: Double) -> Summary { Summary([0.99, 1, 1.01].map { $0 * value }) }

  static func sums(unscaled ratio: Double) -> ExpectationFindings {
    ExpectationFindings(
      masks: 2, unscaledRatio: near(ratio),
      relative: Dropouts.droppedShares.map {
        RelativeSums(rate: Float($0), mean: 1, deviation: $0, histogram: [0.5, 0.5], beyond: 0)
      })
  }

  static func ensembles(plain: Double, average: Double, single: Double = 50) -> [ExactEnsemble] {
    [0, 0.1, 0.2].map { shift in
      ExactEnsemble(
        units: 10, nets: 1024, plainError: plain + shift, singleError: single, averageError: average + shift,
        scaledError: average, differenceFromGeometric: 1e-7)
    }
  }

  static func sampled(onePass: Double) -> [SampledEnsemble] {
    seeds.map { _ in
      SampledEnsemble(plainError: 10, scaledError: onePass, errors: [15, 12, 11, 10, 9.5, 9.1, 9])
    }
  }

  static func hidden(_ unevenness: [Double]) -> [HiddenStatistics] {
    unevenness.map(HiddenStatistics.init(unevenness:))
  }

  /// Findings in which dropout has all its claimed effects.
  static func findings() -> Dropouts.Findings {
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

  func verdicts(_ findings: Dropouts.Findings) -> [Claim.Verdict] {
    Dropouts.claims(findings).map(\.verdict)
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = Dropouts.claims(Self.findings())
    #expect(claims.count == 10 && claims.allSatisfy { $0.measurement?.seeds == 3 })
    // At most partly reproduced: an average worse than one network trained whole, more images that also mean fewer
    // epochs, and the removal of units, which one of the networks was trained for.
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
    #expect(page.predictions[0].answer == "100 %" && page.text.contains("they are: the average of all 1024"))
    findings.sums.signed = Dropouts.droppedShares.map { SignedSums(rate: Float($0), deviation: $0, histogram: [0.5]) }
    let signed = Dropouts.page(findings, RunRecord())
    #expect(signed.predictions[0].answer == "50 %")
    #expect(page.text.contains("Against the net without dropout: one thinned net makes "))
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

  @Test("dropout that pays where layers are narrow contradicts its guide")
  func narrow() {
    var findings = Self.findings()
    findings.byWidth.nets[1] = [10, 13, 12, 11].map { Self.net($0) }
    #expect(verdicts(findings)[4] == .notHere)
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
    #expect(verdicts(findings)[5] == .undecided)
  }

  @Test("the same steps for few and for many images tell more images from more steps")
  func epochs() {
    for (many, few, verdict) in [
      (4, 3, Claim.Verdict.reproduced), (3.5, 3, .partly), (2, 3, .notHere), (5, 3, .reproduced), (4, 4, .undecided),
    ] {
      var findings = Self.findings()
      findings.equalEpochs = LongerFindings(size: 5_000, steps: 5_000, nets: [Self.net(4), Self.net(Double(many))])
      // Without the small set in as many steps, more images also mean more steps.
      #expect(verdicts(findings)[5] == (many < 4 ? (many < 3 ? .notHere : .partly) : .partly))
      findings.fewLonger = LongerFindings(size: 1_000, steps: 5_000, nets: [Self.net(4), Self.net(Double(few))])
      #expect(verdicts(findings)[5] == verdict)
    }
  }

  @Test("wrong labels that a net stopped in time does not learn are no more than part of the claim")
  func stopped() {
    var findings = Self.findings()
    findings.noisy.nets[1] = Self.net(15, curve: [16, 14, 15], heart: 0.3)
    #expect(verdicts(findings)[6] == .partly)
  }

  @Test("nor are more wrong labels answered with dropout, nor a plain net at the smallest rate tried")
  func answered() {
    var findings = Self.findings()
    #expect(verdicts(findings)[6] == .reproduced)
    findings.noisy.nets[0].rate = 0.05
    #expect(verdicts(findings)[6] == .partly)
    #expect(Dropouts.claims(findings)[6].reason.hasSuffix("that rate is the smallest tried"))
    findings.noisy.nets[0] = Self.net(25, curve: [14, 18, 25], heart: 0.1)
    #expect(verdicts(findings)[6] == .partly)
    #expect(Dropouts.page(findings, RunRecord()).predictions[1].answer == "more of them")
  }

  @Test("text and figures are the recorded run's where it has the same pictures, and the page says so")
  func recorded() {
    let findings = Self.findings()
    var other = findings
    other.seeds = [1, 2, 3, 4]
    other.noisy.nets[1] = Self.net(22, curve: [16, 12, 15], heart: 0.3)
    other.contest[1] = Self.net(7)
    let kept = KeptFindings(Dropouts.chapter, RunRecord(), Dropouts.claims(other), other)
    let alone = Dropouts.page(findings, RunRecord()).text
    let beside = Dropouts.page(findings, RunRecord(), recorded: kept).text
    #expect(alone.contains("errs less on new ones (9.1 instead of 10.1 %)"))
    #expect(!alone.contains("show the recorded run"))
    #expect(beside.contains("errs less on new ones (7.1 instead of 10.1 %)"))
    #expect(beside.contains("show the recorded run, with 4 seeds"))
    #expect(Dropouts.page(findings, RunRecord(), recorded: kept).reportsRecord)
    #expect(!Dropouts.page(findings, RunRecord()).reportsRecord)
    // Nothing is reported about other pictures.
    other.data = "other digits"
    let stranger = KeptFindings(Dropouts.chapter, RunRecord(), Dropouts.claims(other), other)
    #expect(!Dropouts.page(findings, RunRecord(), recorded: stranger).text.contains("show the recorded run"))
  }

  /// Controls in which dropout reduces the error at equal rates and compared with early stopping.
  static func controls(stopped: Double = 20) -> ControlFindings {
    ControlFindings(
      wrong: WrongLabelControls(
        plainBelow: net(40, heart: 0.1), stopped: [net(stopped, heart: 0.4), net(14, heart: 0.2)], keptBack: 500))
  }

  @Test("a plain net that does worse at half of its rate is at no end of those tried")
  func smallestRate() {
    var findings = Self.findings()
    findings.noisy.nets[0].rate = 0.05
    #expect(Dropouts.claims(findings)[6].reason.hasSuffix("that rate is the smallest tried"))
    findings.controls = Self.controls()
    #expect(verdicts(findings)[6] == .reproduced)
    #expect(Dropouts.claims(findings)[6].reason.hasSuffix("and at half of that rate errs on 15.0 points more"))
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
    // Less than without batch norm, but more than zero.
    findings.contest[6] = Self.net(7.5)
    #expect(verdicts(findings)[9] == .notHere)
    findings.contest[6] = Self.net([7, 9, 8])
    #expect(verdicts(findings)[9] != .notHere)
    // Significant, but too small to matter.
    findings.reliance.hidden[1] = Self.hidden([0.57, 0.58, 0.59])
    #expect(verdicts(findings)[8] == .notHere)
  }

  @Test("slides state what the run has decided, and no more")
  func slides() {
    func titles(_ findings: Dropouts.Findings) -> [String] {
      Dropouts.page(findings, RunRecord()).deck.map(\.title)
    }
    var findings = Self.findings()
    var found = titles(findings)
    #expect(found.contains("Do 1024 thinned nets beat one whole net?"))
    #expect(found.contains("One pass is within a point of the average of 64 nets"))
    #expect(found.contains("Dropout helps here. Do its rivals?"))
    findings.sampled = Self.sampled(onePass: 12)
    findings.contest[Dropouts.Place.dropout] = Self.net(20)
    findings.byWidth.nets[1][3] = Self.net(10.5)
    findings.noisy.nets[1] = findings.noisy.nets[0]
    findings.reliance.damage[1] = findings.reliance.damage[0]
    found = titles(findings)
    #expect(found.contains("Averaging 64 nets beats one pass"))
    #expect(found.contains("Dropout costs here. Do its rivals?"))
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
        "dropped-sums", "thinned-nets", "sampled-ensemble", "wrong-labels",
      ])
    #expect(page.claims == Dropouts.claims(Self.findings()))
    #expect(page.predictions.map(\.answer) == ["100 %", "fewer of them"])
    #expect(page.text.contains("With a fifth of the labels wrong, dropout is ahead at the end"))
  }

  @Test("the ten lines of the page do what the library's layer does")
  func inverted() {
    var (mine, generator) = (InvertedDropout(p: 0.25), SeededGenerator(seed: 1))
    let x: [Float] = [1, -2, 3, 4, 5, 6, 7, 8]
    let y = mine.train(x, using: &generator)
    let mask = mine.factors.map { $0 == 0 ? Float(0) : 1 }
    var library = Dropout(dropping: 0.25, mask: Tensor([1, 8], mask))
    #expect(library.forward(Tensor([1, 8], x), mode: .training).elements == y)
    #expect(mine.test(x) == x && mine.backward(x) == y)
    #expect(Set(mine.factors).isSubset(of: [0, 1 / 0.75]))
  }
}
