// Chapter 7: the claims and the page for different findings, right and wrong.

import Testing
import Workbook

@testable import ch07_regularization

@Suite("Chapter 7: claims and page")
struct RegularizationPageTests {
  /// One number for each seed, slightly increasing.
  private static func spread(_ value: Double, by step: Double = 0.001, seeds: Int = 3) -> [Double] {
    (0..<seeds).map { value + step * Double($0) }
  }

  private static func moons(
    test: Double, length: Double, nearZero: Double = 0, zeros: Double = 0, norms: [Double] = [], seeds: Int
  ) -> [MoonRun] {
    return spread(test, seeds: seeds).enumerated().map { seed, error in
      MoonRun(
        trainingError: 0.1, validationError: error, testError: error, boundaryLength: length + 0.1 * Double(seed),
        nearZero: nearZero,
        zeros: zeros, inputNorms: norms,
        drawing: seed > 0
          ? nil : .init(probabilities: [[0, 0.2], [0.8, 1]]))
    }
  }

  /// A scoreboard on which each restraint has this test error in per cent; the first is without one.
  private static func board(_ errors: KeyValuePairs<String, Double>, seeds: Int) -> ch07_regularization.Scoreboard {
    ch07_regularization.Scoreboard(
      entries: errors.map { name, error in
        let kind: Restraint.Kind =
          switch name {
          case "nothing": .none
          case "L2", "L1": .weights
          case "stochastic pooling": .pooling
          case Restraint.moreData: .data
          default: .augmentation
          }
        return .init(
          name: name, kind: kind, setting: "",
          runs: spread(error / 100, by: 1e-4, seeds: seeds).map { test in
            RestraintRun(
              trainingError: 0.01, validationError: test, testError: test,
              missed: (0..<10).map { $0 == 2 && name == "flip" ? 40 : 5 })
          })
      }, testCounts: (0..<10).map { _ in 100 })
  }

  private static func fits(_ errors: [Double], _ norms: [Double], seeds: Int) -> [[DoubleDescent.Fit]] {
    zip(errors, norms).map { error, norm in
      spread(error, seeds: seeds).map { .init(trainingError: 0, testError: $0, norm: norm * (1 + $0 - error)) }
    }
  }

  /// Findings as expected.
  static func findings(seeds count: Int = 3) -> Regularization.Findings {
    func curve(_ end: Double) -> [LearningCurve] {
      spread(end, seeds: count).map { end in
        let errors = [0.4, 0.3, 0.2, 0.25, 0.3, 0.35, 0.36, 0.36, end]
        let history = errors.enumerated().map { epoch, error in
          EpochRecord(
            epoch: epoch + 1, learningRate: 0.05, trainingLoss: 1, trainingError: 0.08 - 0.01 * Double(epoch),
            seconds: 1, validationError: error, testError: error)
        }
        return LearningCurve(history)
      }
    }
    func selected(_ norms: [Double], zeros: Double, test: Double) -> [MoonRun] {
      moons(test: test, length: 0, nearZero: zeros, zeros: zeros, norms: norms, seeds: count)
    }
    let noise = Array(repeating: 0.1, count: 18)
    return Regularization.Findings(
      data: "made-up digits", trainingCount: 500, validationCount: 500, seed: 1,
      sweep: PenaltySweep(
        lambdas: [0, 0.01, 0.03],
        runs: [
          [
            moons(test: 0.2, length: 20, seeds: count), moons(test: 0.13, length: 12, nearZero: 0.1, seeds: count),
            moons(test: 0.15, length: 9, seeds: count),
          ],
          [
            moons(test: 0.2, length: 20, seeds: count), moons(test: 0.16, length: 8, nearZero: 0.95, seeds: count),
            moons(test: 0.4, length: 0, seeds: count),
          ],
        ]),
      selection: InputSelection(
        [.none, .l2(0.01), .l1(0.01), .softThreshold(0.01)],
        runs: [
          selected([0.3, 0.05] + noise, zeros: 0, test: 0.04), selected([0.5, 0.05] + noise, zeros: 0, test: 0.04),
          selected([0.5, 0.4] + noise, zeros: 0, test: 0.02), selected([0.5, 0.4] + noise, zeros: 0.7, test: 0.02),
        ]),
      stopping: StoppingExperiment(noisy: curve(0.37), clean: curve(0.2)),
      pictures: PictureFindings(
        labels: [5, 6], pixels: (0..<2 * 784).map { UInt8($0 % 256) }),
      board: board(
        [
          "nothing": 12, "L2": 9, "L1": 11, "stochastic pooling": 10, "shift": 6, "crop": 8, "rotate": 8,
          "equalize": 12, "solarize": 12, "posterize": 12, "brightness": 12, "flip": 15, Restraint.moreData: 7,
        ], seeds: count),
      descent: DoubleDescent(
        samples: 150, features: [10, 80, 150, 1500],
        bare: fits([0.7, 0.5, 0.8, 0.3], [1, 5, 70, 5], seeds: count),
        ridge: fits([0.7, 0.45, 0.4, 0.3], [1, 2, 3, 4], seeds: count)),
      growth: growth(relu: 9, sigmoid: -7, seeds: count),
      clipping: clipping([[60, 90], [40, 20], [15, 30]], seeds: count))
  }

  /// Growths, in powers of ten, that are larger with larger weights.
  private static func growth(relu: Double, sigmoid: Double, seeds: Int) -> GradientGrowth {
    GradientGrowth(
      [relu, 3, sigmoid].map { largest in
        GradientGrowth.gains.map { gain in Summary(spread(largest * gain / 4, by: 0.01, seeds: seeds)) }
      })
  }

  /// [way][rate]: the errors in per cent.
  private static func clipping(_ errors: [[Double]], seeds: Int) -> ClippingExperiment {
    ClippingExperiment(
      // At the ends of the range, nothing is learned.
      rates: [1e-4, 0.001, 0.1, 10],
      runs: errors.map { way in
        ([95] + way + [95]).map { error in
          spread(error, by: 0.1, seeds: seeds).map { .init(validationError: $0, testError: $0) }
        }
      })
  }

  func verdicts(_ findings: Regularization.Findings) -> [Claim.Verdict] {
    Regularization.claims(findings).map(\.verdict)
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = Regularization.claims(Self.findings())
    #expect(
      claims.map(\.verdict) == [
        .reproduced, .reproduced, .partly, .partly, .reproduced, .partly, .partly, .reproduced, .partly,
        .partly, .undecided, .partly, .partly, .reproduced,
      ])
    #expect(claims.allSatisfy { $0.measurement?.seeds == 3 })
    #expect(claims[0].measured == "95.0 ± 0.0 % below 0.01, with L2 10.0 ± 0.0 %")
    #expect(
      claims[1].measured == "the weaker real input has 4.0 times the weights of noise (median), with L2 0.5 times")
    #expect(
      claims[3].measured
        == "points by which L2 is ahead: 2.0 ± 0.0 on digits, −2.0 ± 0.0 with inputs of noise")
    #expect(claims[4].measured == "boundary 20.1 ± 0.1 long without L2, 9.1 ± 0.1 with λ = 0.03")
    #expect(
      claims[8].measured
        == "20.0 ± 0.0 against 37.1 ± 0.1 % with wrong labels, 20.0 ± 0.0 against 20.1 ± 0.1 % with right ones")
    #expect(
      claims[9].measured == "2 help: rotate, crop; hurt: flip; undecided: equalize, solarize, posterize")
  }

  @Test("two seeds decide nothing, and say so")
  func fewSeeds() {
    let claims = Regularization.claims(Self.findings(seeds: 2))
    #expect(claims.allSatisfy { $0.verdict == .undecided && $0.reason == "a verdict needs three seeds" })
    #expect(Regularization.page(Self.findings(seeds: 1), RunRecord()).text.contains("Mean of 1 seed"))
  }

  @Test("L1 that leaves the weights as L2 does is not here; fewer than most are partly")
  func weights() {
    var findings = Self.findings()
    for seed in 0..<3 { findings.sweep.runs[1][1][seed].nearZero = 0.3 }
    #expect(verdicts(findings)[0] == .partly)
    for (seed, share) in [0.05, 0.3, 0.01].enumerated() { findings.sweep.runs[1][1][seed].nearZero = share }
    #expect(verdicts(findings)[0] == .notHere)
  }

  @Test("inputs are chosen where L1 sets both apart twice as well as L2; chance and its contrary are not here")
  func inputs() {
    var findings = Self.findings()
    for seed in 0..<3 { findings.selection.runs[2][seed].inputNorms[1] = 0.08 }
    #expect(verdicts(findings)[1] == .partly)
    for seed in 0..<3 { findings.selection.runs[2][seed].inputNorms[1] = 0.04 }
    #expect(verdicts(findings)[1] == .notHere)
  }

  @Test("L1 that errs more among inputs of noise than no penalty is not robust")
  func robust() {
    var findings = Self.findings()
    for seed in 0..<3 { findings.selection.runs[2][seed].testError = 0.05 }
    #expect(verdicts(findings)[2] == .notHere)
  }

  @Test("a boundary that L2 makes longer overturns the claim, and the figure says so")
  func longerBoundary() {
    var findings = Self.findings()
    for strength in 1...2 { for seed in 0..<3 { findings.sweep.runs[0][strength][seed].boundaryLength = 30 } }
    #expect(verdicts(findings)[4] == .notHere)
    #expect(titles(findings).contains("the line between the classes is longer than without"))
    // Slightly shorter is the direction without the size.
    for seed in 0..<3 { findings.sweep.runs[0][2][seed].boundaryLength = 19 }
    #expect(verdicts(findings)[4] == .partly)
  }

  func titles(_ findings: Regularization.Findings) -> String {
    Regularization.page(findings, RunRecord()).figures.map(\.title).joined(separator: "\n")
  }

  @Test("stopping early that gains nothing, or within chance, is not here")
  func stopping() {
    var findings = Self.findings()
    for (seed, end) in [0.1, 0.5, 0.2].enumerated() { findings.stopping.noisy[seed].test[8] = end }
    #expect(verdicts(findings)[8] == .notHere)
    #expect(titles(findings).contains("With wrong labels the best epoch errs no less than the last, beyond chance"))
    // A gain with wrong labels that costs with right ones is half of the claim.
    findings = Self.findings()
    for seed in 0..<3 { findings.stopping.clean[seed].test[8] = 0.1 }
    #expect(verdicts(findings)[8] == .partly)
    // A gain with both is the whole claim.
    for seed in 0..<3 { findings.stopping.clean[seed].test[8] = 0.3 }
    #expect(verdicts(findings)[8] == .reproduced)
  }

  @Test("which labels are learned first is said where it was measured, with a reason only where they differ")
  func order() {
    var findings = Self.findings()
    func text() -> String { Regularization.page(findings, RunRecord()).text }
    #expect(!text().contains("the net has learned"))
    for seed in 0..<3 {
      findings.stopping.noisy[seed].missedRight = [0.5, 0.3] + Self.spread(0.2 + 0.01 * Double(seed), seeds: 7)
      findings.stopping.noisy[seed].missedWrong = Array(repeating: 0.9, count: 9)
    }
    #expect(
      text().contains(
        "After epoch 3 the net has learned 79 % of the right labels and 10 % of the wrong ones. What")
    )
    for seed in 0..<3 { findings.stopping.noisy[seed].missedWrong = [0.9, 0.9] + Array(repeating: 0.2, count: 7) }
    #expect(
      text().contains("79 % of the right labels and 80 % of the wrong ones.")
        && !text().contains("is learned first"))
  }

  @Test("the answer about the last epoch follows the training error")
  func byHeart() {
    var findings = Self.findings()
    func answer() -> String? { Regularization.page(findings, RunRecord()).predictions[2].answer }
    #expect(answer() == "less than 10 %")
    for seed in 0..<3 { findings.stopping.noisy[seed].training[8] = 0.6 }
    #expect(answer() == "about 60 %")
    #expect(Regularization.page(findings, RunRecord()).text.contains("far from all of them by heart"))
  }

  @Test(
    "a gain is held against chance: one within it is not here, never partly",
    arguments: [
      ([0.08, 0.081, 0.08], Claim.Verdict.reproduced), ([0.08, 0.09, 0.08], .undecided),
      ([0.02, 0.15, 0.10], .notHere), ([0.15, 0.16, 0.15], .notHere),
    ])
  func gains(errors: [Double], verdict: Claim.Verdict) {
    var findings = Self.findings()
    let (flip, lot) = (findings.board.index("flip"), findings.board.index("stochastic pooling"))
    for seed in 0..<3 {
      findings.board.entries[flip].runs[seed].testError = errors[seed]
      findings.board.entries[lot].runs[seed].testError = errors[seed]
    }
    // Digits are no photographs, whatever flips do to them.
    #expect(verdicts(findings)[10] == .undecided)
    #expect(Regularization.claims(findings)[10].reason.hasPrefix("not tested: AlexNet's pictures were photographs"))
    // The draw and the softer pooling are not distinguished: a gain is half of the claim.
    #expect(verdicts(findings)[11] == (verdict == .reproduced ? .partly : verdict))
  }

  @Test("L2 behind L1, weights and errors that do not peak, data and changes that hurt are not here")
  func nothingHelps() {
    var findings = Self.findings()
    let changes = ["rotate", "flip", "crop", "equalize", "solarize", "posterize", Restraint.moreData]
    for seed in 0..<3 {
      findings.board.entries[findings.board.index("L1")].runs[seed].testError = 0.05
      findings.selection.runs[2][seed].testError = 0.06
      for name in changes { findings.board.entries[findings.board.index(name)].runs[seed].testError = 0.2 }
    }
    findings.descent.bare = findings.descent.bare.map { _ in findings.descent.bare[0] }
    let verdicts = verdicts(findings)
    #expect([3, 5, 6, 7, 9].allSatisfy { verdicts[$0] == .notHere }, "\(verdicts)")
  }

  @Test("the answers about restraints and about size follow the errors")
  func winner() {
    var findings = Self.findings()
    func answers() -> [String?] { Regularization.page(findings, RunRecord()).predictions.map(\.answer) }
    func curve() -> String { Regularization.page(findings, RunRecord()).predictions[3].explanation }
    #expect(answers()[0] == "shifting each digit by up to 2 pixels")
    #expect(curve().hasPrefix("It falls, rises to a peak, and falls again."))
    #expect(titles(findings).contains("With flips 35 more of 100 2s are missed"))
    #expect(
      titles(findings).contains("At 150 features for 150 digits the test error peaks at 80 %; with 1500 it is 30 %"))
    for seed in 0..<3 { findings.board.entries[findings.board.index("L2")].runs[seed].testError = 0.01 }
    #expect(answers()[0] == "L2 on the weights")
    for seed in 0..<3 { findings.descent.bare[3][seed].testError = 0.9 }
    #expect(curve().hasPrefix("It falls, then rises for good."))
    #expect(titles(findings).contains("The test error by the number of features"))
    #expect(verdicts(findings)[6] == .reproduced)
    for seed in 0..<3 { findings.descent.bare[2][seed].testError = 0.45 }
    for seed in 0..<3 { findings.descent.bare[3][seed].testError = 0.3 }
    #expect(curve().hasPrefix("It falls all the way."))
    #expect(verdicts(findings)[6] == .notHere)
  }

  @Test("a limit mends where it gets as far as a good start, and not where it saves nothing")
  func threshold() {
    var findings = Self.findings()
    func text() -> String { Regularization.page(findings, RunRecord()).text }
    #expect(
      Regularization.claims(findings)[12].measured
        == "20.1 ± 0.1 % errors, without 60.1 ± 0.1 %, He's initialization 15.1 ± 0.1 %")
    #expect(text().contains("It lowers the error of a net with 12 hidden ReLU layers"))
    findings.clipping = Self.clipping([[60, 90], [40, 15], [15, 30]], seeds: 3)
    #expect(verdicts(findings)[12] == .reproduced)
    findings.clipping = Self.clipping([[20, 90], [40, 20], [15, 30]], seeds: 3)
    #expect(verdicts(findings)[12] == .notHere)
    #expect(text().contains("it makes no difference beyond chance."))
    // A best rate at an end of the grid decides nothing.
    findings.clipping = Self.clipping([[60, 90], [40, 20], [15, 30]], seeds: 3)
    for seed in 0..<3 { findings.clipping.runs[1][3][seed] = .init(validationError: 5, testError: 5) }
    #expect(verdicts(findings)[12] == .undecided)
    #expect(Regularization.claims(findings)[12].reason.hasSuffix("an end of the grid: weights too large, clipped"))
  }

  @Test("sigmoids behind which a gradient grows contradict the claim")
  func explosion() {
    var findings = Self.findings()
    findings.growth = Self.growth(relu: 9, sigmoid: 1, seeds: 3)
    #expect(verdicts(findings)[13] == .notHere)
    findings.growth = Self.growth(relu: 9, sigmoid: 0, seeds: 3)
    #expect(verdicts(findings)[13] == .notHere)
  }

  @Test("a strong L2 that tells inputs from noise is named where it is another than the best one")
  func strengths() {
    var findings = Self.findings()
    func trial(_ penalty: Penalty, _ error: Double, _ contrast: Double) -> InputSelection.Trial {
      .init(
        penalty: penalty, error: Summary([error, error, error]), contrast: Summary([contrast, contrast, contrast]))
    }
    findings.selection.trials = [
      [trial(.l2(0.01), 4, 1), trial(.l2(0.1), 5, 9)], [trial(.l1(0.01), 3, 6), trial(.l1(0.03), 48, 20)],
    ]
    func reason() -> String { Regularization.claims(findings)[1].reason }
    #expect(reason().contains("a stronger L2 (0.1) has 9.0 times"))
    findings.selection.trials?[0][1] = trial(.l2(0.1), 5, 2)
    #expect(!reason().contains("a stronger L2"))
  }

  @Test("weights that grow with their number to the end are as published")
  func norms() {
    var findings = Self.findings()
    for seed in 0..<3 { findings.descent.bare[3][seed].norm = 100 + Double(seed) }
    #expect(verdicts(findings)[5] == .reproduced)
    for seed in 0..<3 { findings.descent.bare[2][seed].norm = 0.5 }
    #expect(verdicts(findings)[5] == .notHere)
  }

  @Test("the titles of slides turn with what came out, and one seed decides none")
  func slides() {
    func titles(_ findings: Regularization.Findings) -> Set<String> {
      Set(Regularization.page(findings, RunRecord()).deck.map(\.title))
    }
    var findings = Self.findings()
    let sound: Set = [
      "A penalty on weights straightens the boundary", "With wrong labels the best epoch comes early",
      "Changed pictures help more than penalties on weights",
      "With flips 2s are missed more often", "The error peaks where features equal examples",
    ]
    #expect(sound.isSubset(of: titles(findings)))
    for seed in 0..<3 { findings.board.entries[findings.board.index("L2")].runs[seed].testError = 0.01 }
    for seed in 0..<3 { findings.sweep.runs[0][1][seed].boundaryLength = 30 }
    for seed in 0..<3 { findings.descent.bare[3][seed].testError = 0.9 }
    let turned: Set = [
      "Penalties on weights help more than changed pictures", "A penalty on weights makes the boundary longer",
      "From some number on, more features err more",
    ]
    #expect(turned.isSubset(of: titles(findings)))
    let single = titles(Self.findings(seeds: 1))
    #expect(single.contains("What each regularizer takes off the test error"))
    #expect(single.contains("A penalty on weights: no shorter line beyond chance"))
  }

  @Test("mirrored digits that keep their label decide what is said of flips")
  func mirrored() {
    var findings = Self.findings()
    func mirror(_ flipped: Double) -> MirrorFindings {
      MirrorFindings(
        count: 60, steps: 600, rates: [0.02, 0.02],
        errors: [5, flipped].map { error in Summary([0, 0.1, 0.2].map { error + $0 }) })
    }
    for (flipped, verdict, words) in [
      (4.0, Claim.Verdict.partly, "There flips help."),
      (5, .undecided, "There the 0.0 points that flips save may be chance"), (6, .undecided, "They hurt there as well"),
    ] {
      findings.mirror = mirror(flipped)
      #expect(verdicts(findings)[10] == verdict)
      #expect(Regularization.page(findings, RunRecord()).text.contains(words))
    }
  }

  @Test("restraints at their own rates are shown with what they give up of their own digits, and the job is told")
  func ownRates() {
    var findings = Self.findings()
    var own = findings.board
    (own.steps, own.digits) = (1200, 1000)
    for index in own.entries.indices { own.entries[index].rate = 0.02 * Float(1 + index % 3) }
    for seed in 0..<3 { own.entries[own.index("shift")].runs[seed].trainingError = 0.0004 }
    for seed in 0..<3 { own.entries[own.index("L2")].runs[seed].testError = 0.05 + 0.001 * Double(seed) }
    findings.ownRates = own
    let text = Regularization.page(findings, RunRecord()).text
    #expect(text.contains("1200 steps of 50 digits are 60 epochs"))
    #expect(text.contains("no rate that was chosen is an end of those tried"))
    // Claims and takeaway use the same scoreboard.
    #expect(Regularization.claims(findings)[3].measured.contains("5.9"))
    #expect(text.contains("Each training has its own best learning rate"))
  }

  @Test("a loss that rises where the error does not is told where it was kept")
  func lossTurns() throws {
    var findings = Self.findings()
    func isTold() -> Bool {
      Regularization.page(findings, RunRecord()).text.contains(
        "the loss on new digits rises again, but the error does not")
    }
    #expect(!isTold())
    for seed in 0..<3 {
      findings.stopping.clean[seed].testLoss = [1, 0.8, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.75 + 0.01 * Double(seed)]
    }
    #expect(isTold())
    for seed in 0..<3 { findings.stopping.clean[seed].testLoss?[8] = 0.4 }
    #expect(!isTold())
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = Regularization.page(Self.findings(), RunRecord(data: "made-up digits"))
    #expect(
      page.figures.map(\.name) == [
        "diagnosis", "restraints", "augmentations", "flips", "boundary", "early-stopping",
        "double-descent",
      ])
    #expect(page.claims == Regularization.claims(Self.findings()))
    #expect(page.predictions.count == 4)
  }
}
