// Chapter 5: the claims and the page for different findings, right and wrong.

import Testing
import Workbook

@testable import ch05_normalization

@Suite("Chapter 5: claims and page")
struct NormalizationPageTests {
  private static let seeds = [1, 2, 3] as [UInt64]

  /// A sweep in which seed k has the given errors, slightly increased.
  static func sweep(_ settings: [Double], _ errors: [Double], seeds: Int = 3) -> Sweep {
    Sweep(
      settings: settings,
      results: errors.map { error in
        (0..<seeds).map { Result(error: error + 0.1 * Double($0), trainingError: 0, diverged: false) }
      })
  }

  private static func results(_ errors: [Double]) -> [ch05_normalization.Result] {
    errors.map { Result(error: $0, trainingError: 0, diverged: false) }
  }

  private static func stability(_ errors: Double, drift: Double, change: Double, seed: Int) -> StabilityRun {
    let more = 0.01 * Double(seed)
    return StabilityRun(
      steps: [20, 40], errors: [errors + more, errors - 1 + more], lowest: [1, 1], highest: [1.5, 1.4 + more],
      gradientChanges: [change, change + more], drifts: [drift, drift + more])
  }

  /// Findings as expected.
  static func findings(seeds count: Int = 3) -> Norms.Findings {
    let range = 0..<count
    func trace(_ growth: Double, sums: Double?) -> [DriftTrace] {
      range.map { seed in
        let last = growth + 0.01 * Double(seed)
        return DriftTrace(
          inputs: [1, 1.1, last], sums: sums.map { [1, 1, $0] } ?? [], widestAtFirst: 1, widestAtLast: last * 1.2,
          seconds: 1)
      }
    }
    let snapshot = (0..<4).map { _ in TensorStatistics(Tensor(vector: [-1, 0, 1]), range: -6...6) }
    return Norms.Findings(
      data: "made-up digits", trainingCount: 2000, seeds: Array(seeds.prefix(count)),
      formula: Norms.measureFormula(seeds, seed: 1),
      scalings: [
        range.map { _ in
          WeightScaling(factors: Norms.factors, losses: [9, 9, 1, 1, 9, 9, 9], gradients: [1, 1, 1, 1, 3, 9, 9])
        },
        range.map { _ in
          WeightScaling(
            factors: Norms.factors, losses: [1, 1, 1, 1, 1.001, 1, 1], gradients: [10, 5, 2, 1, 0.5, 0.2, 0.1])
        },
      ],
      moments: [2, 4, 8, 16, 32].map { BatchMoments(batchSize: $0, batches: 20, seed: 1) },
      sweeps: SweepFindings(
        rates: [
          sweep([0.01, 0.1, 1], [20, 10, 90], seeds: count), sweep([0.01, 0.1, 1], [15, 9, 12], seeds: count),
        ],
        scales: [
          sweep([0.1, 1, 10], [90, 10, 90], seeds: count), sweep([0.1, 1, 10], [9, 9, 19], seeds: count),
        ]),
      sizes: SizeFindings(
        trainingCount: 800,
        sweeps: Normalization.allCases.map {
          sweep([2, 8, 32], $0 == .batch ? [60, 12, 10] : [12, 11, 11], seeds: count)
        }, convolutionsOnly: sweep([2, 8, 32], [13, 11, 10], seeds: count),
        reestimated: sweep([2, 8, 32], [59, 12, 10], seeds: count)),
      heart: HeartFindings(
        trainingCount: 300, epochs: 30, rateCount: 3,
        results: [range.map { 14 + 0.1 * Double($0) }, range.map { 12 + 0.2 * Double($0) }].map(results)),
      drift: DriftFindings(
        data: "made-up digits", trainingCount: 3000, epochs: 2,
        traces: [trace(1.7, sums: nil), trace(1.01, sums: 1.3)],
        fromSmallWeights: trace(11, sums: nil), layers: ["act1", "act2", "act3", "act4"],
        shownEpochs: [0, 1, 2], shown: [[snapshot, snapshot, snapshot], [snapshot, snapshot, snapshot]],
        folding: range.map { _ in
          Folding(
            largestDifference: 2e-6, largestLogit: 9, largestProbabilityDifference: 1e-7, changedAnswers: 0,
            images: 1000, layersBefore: 16, layersAfter: 11)
        },
        costs: [60_000, 60_472].map {
          NetCost(parameters: $0, buffers: 0, activations: 9000, multiplyAdds: 416_520)
        }),
      overTime: range.map { seed in
        MomentStatistics(
          error: 12, deviations: (0..<28).map { Double($0) },
          sharedDeviations: (0..<28).map { 0.04 * Double($0 + seed) },
          layerDeviations: (0..<28).map { _ in 1 })
      },
      dispute: DisputeFindings(
        rates: [0.1, 0.2],
        errors: ([[18, 30], [15, 13], [24, 14]] as [[Double]]).map {
          $0.map { error in Summary(range.map { error + 0.1 * Double($0) }) }
        },
        movements: [0.1, 0.2, 0.4].map { drift in Summary(range.map { drift + 0.01 * Double($0) }) },
        probed: [3.0, 1].map { change in range.map { stability(20, drift: 0.1, change: change, seed: $0) } }))
  }

  private func verdicts(_ findings: Norms.Findings) -> [Claim.Verdict] { Norms.claims(findings).map(\.verdict) }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = Norms.claims(Self.findings())
    #expect(
      claims.map(\.verdict) == [
        .reproduced, .reproduced, .reproduced, .partly, .reproduced, .reproduced, .reproduced, .reproduced, .partly,
        .partly, .partly,
      ])
    #expect(claims.allSatisfy { $0.measurement?.seeds == 3 })
    #expect(claims[0].measured == "× 1.001 with, × 9 without")
    #expect(claims[1].measured == "10 times")
    #expect(claims[1].reason.hasSuffix("best rates: 0.1 and 0.1"))
    #expect(Norms.page(Self.findings(), RunRecord()).figures[1].title.hasSuffix("at rates 10 times larger"))
    #expect(claims[3].reason.hasPrefix("the norm after the dense layer breaks; with norms after the convolutions only"))
    #expect(claims[9].measured.hasSuffix("and fewer errors than without a norm by 4.0 ± 0.0 points"))
    #expect(claims[9].reason.hasPrefix("the noise costs 1.0 points; that the numbers stay in range"))
    #expect(claims[2].measured == "at least 2.0 ± 0.0 against 0.0 ± 0.0 decades")
    #expect(claims[6].measured == "on new images it saves 1.9 ± 0.1 points")
  }

  @Test("two seeds decide nothing, and say so")
  func fewSeeds() {
    let claims = Norms.claims(Self.findings(seeds: 2))
    #expect(claims.allSatisfy { $0.verdict == .undecided })
    #expect(claims.allSatisfy { $0.reason == "a verdict needs three seeds" })
    #expect(Norms.page(Self.findings(seeds: 1), RunRecord()).text.contains("Mean of one seed"))
  }

  @Test("a loss that feels the weights' size overturns the first claim, its title and its answer")
  func scale() {
    var findings = Self.findings()
    for seed in 0..<3 { findings.scalings[1][seed].losses[4] = 2 }
    #expect(verdicts(findings)[0] == .notHere)
    let page = Norms.page(findings, RunRecord())
    #expect(
      page.figures.contains { $0.title.hasPrefix("Doubling the weights changes the loss 2 times with batch norm") })
    #expect(page.predictions[1].answer == "roughly doubles")
  }

  @Test("learning rates that are no larger with batch norm")
  func rates() {
    var findings = Self.findings()
    findings.sweeps.rates[1] = findings.sweeps.rates[0]
    #expect(verdicts(findings)[1] == .notHere)
    let page = Norms.page(findings, RunRecord())
    #expect(page.text.contains("Test error by learning rate, with and without batch norm"))
    #expect(page.text.contains("At its own best rate batch norm saves 0.0 points, within chance"))
  }

  @Test("small batches that harm group norm as well")
  func sizes() {
    var findings = Self.findings()
    findings.sizes.sweeps[Normalization.group.color] = Self.sweep([2, 8, 32], [70, 12, 10])
    #expect(verdicts(findings)[3] == .partly && verdicts(findings)[4] == .notHere)
    findings.sizes.convolutionsOnly = Self.sweep([2, 8, 32], [55, 11, 10])
    #expect(verdicts(findings)[3] == .reproduced)
    #expect(Norms.page(findings, RunRecord()).text.contains("Test error by batch size, for each normalization"))
    findings.sizes.sweeps[Normalization.batch.color] = Self.sweep([2, 8, 32], [12, 12, 12])
    #expect(verdicts(findings)[3] == .notHere)
  }

  @Test(
    "a gap within chance decides nothing, a clear one is reproduced, one near chance partly, one the other way not here",
    arguments: [
      ([14, 14.1, 14.2], Claim.Verdict.reproduced), ([12.5, 12.7, 12.8], .partly), ([10, 18, 12], .undecided),
      ([11, 11.1, 11.2], .notHere),
    ])
  func regularizing(plain: [Double], verdict: Claim.Verdict) {
    var findings = Self.findings()
    findings.heart.results[0] = Self.results(plain)
    #expect(verdicts(findings)[6] == verdict)
  }

  @Test("the culprit of small batches: the norm after the dense layer, or the stored statistics")
  func culprit() {
    var findings = Self.findings()
    #expect(findings.sizes.denseNormBreaks)
    findings.sizes.convolutionsOnly = Self.sweep([2, 8, 32], [58, 12, 10])
    findings.sizes.reestimated = Self.sweep([2, 8, 32], [13, 12, 10])
    #expect(!findings.sizes.denseNormBreaks)
    let page = Norms.page(findings, RunRecord())
    #expect(page.predictions[4].answer == "none: the stored statistics are too rough")
    #expect(page.text.contains("Here no single norm explains the loss"))
    #expect(!page.text.contains("None of this explains ResNet-50"))
    #expect(Norms.page(Self.findings(), RunRecord()).text.contains("None of this explains ResNet-50"))
  }

  @Test("weights that are no freer with a norm, and inputs that spread with it too, are not here")
  func noNorm() {
    var findings = Self.findings()
    findings.sweeps.scales[1] = findings.sweeps.scales[0]
    for seed in findings.drift.traces[1].indices {
      findings.drift.traces[1][seed].inputs = findings.drift.traces[0][seed].inputs
    }
    #expect(verdicts(findings)[2] == .notHere && verdicts(findings)[5] == .notHere)
  }

  @Test("rates at which the net without a norm is ahead, and runs that diverged, are named")
  func named() {
    var findings = Self.findings()
    #expect(!Norms.page(findings, RunRecord()).text.contains("At small rates"))
    findings.sweeps.rates[1] = Self.sweep([0.01, 0.1, 1], [30, 9, 12])
    findings.dispute.errors[0][1] = Summary([100, 100, 100])
    let text = Norms.page(findings, RunRecord()).text
    #expect(text.contains("At small rates (0.01) the lead is gone"))
    #expect(text.contains("a run that diverged counts as guessing"))
  }

  @Test("the noise by itself: what it saves, what it costs, and a bound where chance can tell nothing")
  func noise() {
    func net(_ way: NoiseFindings.Way, _ errors: [Double], stored: Double) -> NoiseFindings.Net {
      .init(way: way, rate: 0.5, results: Self.results(errors), asStored: Summary(errors.map { $0 + stored }))
    }
    func page(own: [Double] = [11, 11.1, 11.2], many: [Double], tail: Double) -> (
      text: String, verdict: Claim.Verdict
    ) {
      var findings = Self.findings()
      findings.noise = NoiseFindings(
        trainingCount: 1_000, epochs: 60,
        nets: [
          net(.none, [12, 12.1, 12.2], stored: 0), net(.own, own, stored: 0), net(.many, many, stored: 0),
          net(.tail, [tail, tail + 0.1, tail + 0.2], stored: 1),
        ])
      return (Norms.page(findings, RunRecord()).text, verdicts(findings)[6])
    }
    let saving = page(many: [13, 13.1, 13.2], tail: 12)
    #expect(saving.text.contains("and 2.0 points of that come from the noise") && saving.verdict == .reproduced)
    #expect(saving.text.contains("A small last batch does harm: it costs 1.0 points"))
    let costly = page(many: [10, 10.1, 10.2], tail: 11)
    #expect(costly.text.contains("with less noise it does even better") && costly.verdict == .partly)
    let level = page(many: [11.1, 10.9, 11.3], tail: 11)
    #expect(
      level.text.contains("with 2.8 times less noise it saves as much: this noise is not the reason")
        && level.verdict == .partly)
    #expect(level.text.contains("On new images batch norm saves 1.0 points, more than chance."))
    #expect(!level.text.contains("A small last batch"))
    #expect(page(many: [8, 15, 11], tail: 11).verdict == .partly)
    // Without a gain on new images there is nothing to explain: level within a point, worse, and too wide to tell.
    #expect(page(own: [12, 12.2, 12.1], many: [12, 12.1, 12.2], tail: 12).verdict == .notHere)
    #expect(page(own: [13, 13.1, 13.2], many: [13.1, 13, 13.2], tail: 13).verdict == .notHere)
    #expect(page(own: [5, 20, 11], many: [5, 20, 11], tail: 11).verdict == .undecided)
    // The noise not isolated yet.
    var findings = Self.findings()
    findings.noise = NoiseFindings(
      trainingCount: 1_000, epochs: 60,
      nets: [net(.none, [12, 12.1, 12.2], stored: 0), net(.own, [11, 11.1, 11.2], stored: 0)])
    #expect(!Norms.page(findings, RunRecord()).text.contains("Noise that regularizes"))
    #expect(verdicts(findings)[6] == .partly)
  }

  @Test("noise that costs the whole lead, beyond chance, speaks for the reason given; within chance it does not")
  func dispute() {
    var findings = Self.findings()
    findings.dispute.errors[2][1] = Summary([18, 18.1, 18.2])
    #expect(verdicts(findings)[9] == .partly)
    #expect(Norms.page(findings, RunRecord()).predictions[5].answer == "not clearly different")
    findings.dispute.errors[2][1] = Summary([5, 40, 2])
    findings.dispute.errors[2][0] = findings.dispute.errors[2][1]
    #expect(verdicts(findings)[9] == .undecided)
    // Noise that costs nothing, with a significant lead, and with one near chance.
    findings.dispute.errors[2] = findings.dispute.errors[1]
    #expect(verdicts(findings)[9] == .notHere)
    findings.dispute.errors[1][1] = Summary([17.5, 17.6, 17.7])
    findings.dispute.errors[1][0] = findings.dispute.errors[1][1]
    findings.dispute.errors[2] = findings.dispute.errors[1]
    #expect(verdicts(findings)[9] == .partly)
  }

  @Test("the size of the weights acts through the step, and the probed rate is told beside both best ones")
  func stepsAndRates() {
    var findings = Self.findings()
    let text = Norms.page(findings, RunRecord()).text
    #expect(text.contains("With batch norm the size of the weights acts through the step alone"))
    #expect(text.contains("3 hidden layers of 100 at 0.1, the best rate of the plain net and half of batch norm's."))
    findings.sweeps.scales[1] = Self.sweep([0.25, 1, 10], [9, 11, 19])
    findings.dispute.rates = [0.1, 0.4]
    findings.dispute.errors[0][1] = Summary([40, 41, 42])
    let other = Norms.page(findings, RunRecord()).text
    #expect(other.contains("small weights even look better than He's. That is because 0.03 is a small rate"))
    #expect(other.contains("a quarter of batch norm's; four steps reach 0.4, where the plain net fails anyway"))
  }

  @Test("a rate is chosen on images kept back, among those tried on them; without such images the page warns")
  func choices() {
    var findings = Self.findings()
    #expect(Norms.page(findings, RunRecord()).text.contains("which chapter 3 forbids"))
    #expect(findings.sweeps.rates[0].best == 1 && !findings.sweeps.rates[0].isValidated)
    findings.keptBack = 500
    // On the validation images, 0.01 is the better rate without a norm; 1 was not tried on them.
    for (setting, error) in [12.0, 13].enumerated() {
      for seed in 0..<3 { findings.sweeps.rates[0].results[setting][seed].validationError = error }
    }
    #expect(findings.sweeps.rates[0].best == 0 && findings.sweeps.rates[0].isValidated)
    #expect(findings.sweeps.bestErrors[0].mean > 20)
    let text = Norms.page(findings, RunRecord()).text
    #expect(
      text.contains("the one with the fewest errors on images that are neither learned from")
        && !text.contains("forbids"))
    findings.dispute.validation = [[9, 8], [9, 8], [7, 8]].map { $0.map { Summary([$0]) } }
    #expect(findings.dispute.best == [1, 1, 0])
    findings.dispute.validation?[0][1] = Summary([])
    #expect(findings.dispute.best[0] == 0)
    // A gap near chance needs no caution if the test images were not used to choose anything.
    findings.heart.results[0] = Self.results([12.5, 12.7, 12.8])
    #expect(verdicts(findings)[6] == .partly)
    findings.heart.isValidated = true
    #expect(verdicts(findings)[6] == .reproduced)
  }

  @Test("the controls are told as they came out: rates of their own, pairs of images, the place of the norm")
  func controls() {
    func chosen(_ error: Double) -> NormControls.Chosen {
      .init(rate: 0.1, tried: [0.01, 0.1, 1], errors: Summary([0, 0.1, 0.2].map { error + $0 }))
    }
    func controls(small: Double, behind: Double, pairs: [Double]) -> NormControls {
      NormControls(
        trainingCount: 2_000, seeds: 3, scales: [0.125, 1, 8],
        byScale: [[chosen(small), chosen(20), chosen(88)], [chosen(15), chosen(14), chosen(17)]],
        places: [chosen(15), chosen(behind)], pairCount: 800,
        inPairs: zip(NormControls.Way.allCases, pairs).map { .init(way: $0, net: chosen($1)) })
    }
    var findings = Self.findings()
    findings.controls = controls(small: 89, behind: 14, pairs: [20, 40, 21, 20, 19])
    let text = Norms.page(findings, RunRecord()).text
    #expect(text.contains("every size between 1/8 and 8 learns with batch norm, to errors between 14 and 17 %"))
    #expect(text.contains("Without a norm 1/8 of He's weights only guess at each of the 3 rates tried"))
    #expect(text.contains("Here it is better there."))
    findings.controls = controls(small: 25, behind: 16, pairs: [20, 50, 20, 15, 19, 33])
    let other = Norms.page(findings, RunRecord()).text
    #expect(other.contains("a better rate helps 1/8 of He's weights in part"))
    #expect(other.contains("Here it is worse there"))
    #expect(other.contains("It is not the learning rate: the same happens with each net at its own best rate."))
    #expect(other.contains("Batches of 2, 800 images, each net at its own best rate"))
    #expect(other.contains("So the kicks do a part of the harm, and the lost sizes another."))
    // Those of the record, on the page of a smaller run.
    findings.trainingCount = 20_000
    let kept = KeptFindings(Norms.chapter, RunRecord(), Norms.claims(findings), findings)
    #expect(Norms.page(Self.findings(), RunRecord(), recorded: kept).reportsRecord)
    #expect(!Norms.page(findings, RunRecord(), recorded: kept).reportsRecord)
    let beside = Norms.page(Self.findings(), RunRecord(), recorded: kept).text
    #expect(beside.contains("as the recorded run made them") && !beside.contains("Today's run"))
    #expect(beside.contains("the factor on the way back limited to 3.2"))
  }

  @Test("what steady inputs explain: what the noise costs with a norm and not without one")
  func control() {
    var findings = Self.findings()
    #expect(!Norms.page(findings, RunRecord()).text.contains("steady inputs explain"))
    for (errors, words) in [
      ([18.2, 18.3, 18.4], "So steady inputs explain 0.8 of the 5.0 points"),
      ([28, 28.1, 28.2], "So steady inputs explain none of the 5.0 points"),
      ([18.9, 19.3, 19.1], "So steady inputs explain about none of the 5.0 points"),
      ([10, 26, 19], "So steady inputs explain about 0.8 of the 5.0 points"),
    ] {
      findings.dispute.noiseAlone = [Summary(errors), Summary([100, 100, 100])]
      let page = Norms.page(findings, RunRecord())
      #expect(page.text.contains(words))
    }
  }

  @Test("a fold that changes answers is a cost; a gradient that changes more is not smoother")
  func costs() {
    var findings = Self.findings()
    findings.drift.folding[1].largestDifference = 0.5
    findings.dispute.probed[1] = findings.dispute.probed[0]
    #expect(verdicts(findings)[7] == .notHere && verdicts(findings)[10] == .notHere)
  }

  @Test("slides state what the run has decided, and ask what it has not")
  func slides() {
    func titles(_ findings: Norms.Findings) -> [String] { Norms.page(findings, RunRecord()).deck.map(\.title) }
    let (many, one) = (titles(Self.findings()), titles(Self.findings(seeds: 1)))
    for (stated, asked) in [
      (
        "Batch norm forgives small initial weights, not large ones",
        "Bad initial weights: does batch norm forgive them?"
      ),
      ("Noise after batch norm costs 1.0 points", "Noise after batch norm: does it do harm?"),
      ("Without a norm the spread grows; with one it stays", "Does the spread of the inputs grow without a norm?"),
    ] {
      #expect(many.contains(stated) && !many.contains(asked))
      #expect(one.contains(asked) && !one.contains(stated))
    }
    #expect(many.contains("Batches of 2 break the norm after the dense layer"))
    #expect(one.contains("Batches of 2: 60 % errors, or 13 % without the dense norm"))
    // The size that was tried, not the intended one.
    #expect(many.contains("Initial weights 1/10 of He's: what happens?"))
  }

  @Test("the wrong modes at test time stand in a table, and the words follow the numbers")
  func wrongModes() {
    func near(_ value: Double) -> Summary { Summary([0, 0.1, 0.2].map { value + $0 }) }
    var findings = Self.findings()
    #expect(!Norms.page(findings, RunRecord()).text.contains("Forgotten eval()"))
    findings.modes = ModeFindings(
      rate: 0.2, stored: near(5), ofBatch: near(6), ofOneDigit: near(50), ofOneImage: near(90), young: near(12))
    let page = Norms.page(findings, RunRecord())
    #expect(page.text.contains("A test on mixed batches hides most of the mistake"))
    #expect(page.deck.contains { $0.title == "Forgotten eval(): one image, 90 % errors" })
    findings.modes?.ofBatch = near(4)
    findings.modes?.ofOneDigit = near(5)
    let other = Norms.page(findings, RunRecord()).text
    #expect(other.contains("In mixed batches the mistake costs −1.0 points") && !other.contains("hides most"))
  }

  @Test("how far steps turn the weights is told as it came out, and from the record where the run has not measured it")
  func turning() {
    func near(_ value: Double) -> Summary { Summary([0.99, 1, 1.01].map { $0 * value }) }
    func course(_ rate: Double, _ angles: [Double], _ length: Double, _ error: Double, diverged: Int = 0)
      -> TurnFindings.Course
    {
      TurnFindings.Course(
        rate: rate, angles: angles.map(near), lengths: [1, length].map(near), errors: near(error), diverged: diverged)
    }
    func turning(held: Double, last: Double) -> TurnFindings {
      TurnFindings(
        trainingCount: 2_000, seeds: 3, steps: [1, 60],
        runs: [
          [course(0.01, [1, 0.5], 1, 8), course(0.1, [4, 1], 1.1, 6), course(1, [], 1, 90, diverged: 3)],
          [course(0.02, [1, 0.5], 1, 7), course(0.2, [6, 1], 1.5, 5), course(1.6, [60, last], 4, 6)],
          [course(0.02, [1, 0.5], 1, 7), course(0.2, [6, 2], 1, 5), course(1.6, [60, 20], 1, held)],
        ])
    }
    let findings = Self.findings()
    #expect(!Norms.page(findings, RunRecord()).figures.contains { $0.name == "turning" })
    var other = findings
    other.trainingCount = 20_000
    other.turning = turning(held: 30, last: 2)
    let kept = KeptFindings(Norms.chapter, RunRecord(), Norms.claims(other), other)
    let text = Norms.page(findings, RunRecord(), recorded: kept).text
    #expect(text.contains("With batch norm large rates soon turn weights less"))
    #expect(
      text.contains("growing weights are part of why large rates are tolerated")
        && text.contains("as the recorded run made them"))
    other.turning = turning(held: 6, last: 40)
    let reversed = Norms.page(other, RunRecord()).text
    #expect(reversed.contains("growing weights are not needed for it"))
    #expect(reversed.contains("a gain there is not shown"))
    #expect(TurnFindings.stretches(of: 10).last == 10 && TurnFindings.stretches(of: 0).isEmpty)
  }

  @Test("weight decay before a norm is told with the angle that it comes to, and with what it costs")
  func decay() {
    func near(_ value: Double) -> Summary { Summary([0.99, 1, 1.01].map { $0 * value }) }
    func courses(_ rate: Double, _ angles: [Double], _ errors: [Double]) -> [TurnFindings.Course] {
      zip(angles, errors).map {
        TurnFindings.Course(
          rate: rate, angles: [near(2), near($0)], lengths: [near(1), near(0.5)], errors: near($1), diverged: 0)
      }
    }
    func text(_ last: Double, _ error: Double) -> String {
      var findings = Self.findings()
      findings.decay = DecayFindings(
        trainingCount: 20_000, epochs: 4, seeds: 3, decays: [0, 0.016], steps: [1, 60],
        courses: courses(0.2, [0.4, last], [4, error]), plain: courses(0.05, [0.2, 0.8], [5, 5]))
      return Norms.page(findings, RunRecord()).text
    }
    // √(2·0.2·0.016) is 4.58°.
    #expect(text(4.58, 10).contains("Before a norm weight decay sets the angle of a step"))
    #expect(text(4.58, 10).contains("100 % of the angle that the formula gives"))
    #expect(text(4.58, 10).contains("the net then ends 6.0 points worse"))
    #expect(text(2, 3).contains("The angle of a step before a norm, by weight decay"))
    #expect(text(2, 3).contains("the net then ends 1.0 points better"))
    #expect(!Norms.page(Self.findings(), RunRecord()).text.contains("weight decay before a norm"))
  }

  @Test("the gradient of a unit by hand adds up to 0, and so do its products with the normalized sums")
  func wayBackByHand() {
    let found = gradientByHand([2, 4, 4, 6], upstream: [1, 0, 0, 0], gamma: 2)
    #expect(zip(found.gradient, [0.3536, -0.3536, -0.3536, 0.3536]).allSatisfy { abs($0 - $1) < 1e-3 })
    #expect(abs(found.mean - 0.25) < 1e-9 && abs(found.product + 0.3536) < 1e-3)
  }

  @Test("a norm that cuts kicks gives what batch norm gives, and a gradient that is smaller only where units are near")
  func calm() throws {
    let input = Tensor([2, 2], [1, 0.001, 3, 0.002])
    let upstream = Tensor([2, 2], [1, 1, 0.5, 0.5])
    var (norm, calm) = (BatchNorm(2), CalmNorm(BatchNorm(2), limit: 3))
    let outputs = (norm.forward(input, mode: .training), calm.forward(input, mode: .training))
    #expect(outputs.0.elements == outputs.1.elements)
    let plain = norm.backward(upstream, input: input, output: outputs.0).elements
    let cut = calm.backward(upstream, input: input, output: outputs.1).elements
    #expect(plain[0] == cut[0] && plain[2] == cut[2])
    #expect(abs(cut[1]) < 0.02 * abs(plain[1]) && abs(plain[1]) > 1)
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let findings = Self.findings()
    let page = Norms.page(findings, RunRecord())
    #expect(
      page.figures.map(\.name) == [
        "drift", "rate-sweep", "loss-by-weight-scale", "scale-sweep", "cubes", "batch-size", "noisy-errors",
        "gradient-change",
      ])
    #expect(page.claims == Norms.claims(findings))
    #expect(page.predictions.count == 6)
    // A step changes the direction of weights of ten times the length by a hundredth.
    #expect(page.predictions[2].answer == "1 %")
    #expect(page.predictions[4].answer == "the one after the dense layer")
    #expect(page.text.contains("In batches of 2 the batch norm after the dense layer breaks"))
    #expect(page.text.contains("Test error by learning rate: no norm, batch norm, batch norm with noise"))
  }
}
