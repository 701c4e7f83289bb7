// Chapter 3: the claims and the page for different findings, right and wrong.

import Foundation
import Testing
import Workbook

@testable import ch03_preprocessing

@Suite("Chapter 3: claims and page")
struct PreprocessingPageTests {
  static let seeds: [UInt64] = [1, 2, 3]

  static func near(_ value: Double, by share: Double = 0.01) -> Summary {
    Summary(seeds.indices.map { value * (1 + share * Double($0 - 1)) })
  }

  /// A cloud on which each method takes a number of steps.
  static func clouds(steps: [Int]) -> [[CloudReport]] {
    Method.allCases.map { method in
      seeds.indices.map { seed in
        CloudReport(
          method: method, x: seed == 0 ? [0, 1] : [], y: seed == 0 ? [0, 1] : [], means: [0, 0], deviations: [1, 1],
          correlation: 0, condition: Double(steps[method.rawValue]), steps: steps[method.rawValue])
      }
    }
  }

  /// A single rate, with the loss and the error of each method.
  static func learning(_ methods: [Method], losses: [Summary], errors: [Summary]) -> LearningExperiment {
    LearningExperiment(
      methods: methods, rates: [0.3], losses: losses.map { [$0] }, errors: errors.map { [$0] })
  }

  /// The findings of a normal run: whitening learns best and generalizes worst.
  static func findings() -> Preprocessings.Findings {
    let valleys = [0, 3].map { Valley(offset: $0, seed: 1) }
    return Preprocessings.Findings(
      data: "made-up digits", seeds: seeds, valleys: valleys, valleyAt3: valleys[1],
      clouds: clouds(steps: [500, 20, 60, 60, 20, 1, 15]),
      digits: DigitFindings(
        trainingCount: 800, size: 784, pixelMean: 0.13, pixelDeviation: 0.31,
        shares: (1...20).map { Double($0) / 20 }),
      epochs: 3,
      learning: learning(
        Method.allCases, losses: [0.4, 0.3, 0.35, 0.35, 0.3, 0.1, 0.2].map { near($0) },
        errors: [12, 12, 12, 12, 12, 20, 14].map { near($0) }),
      convolution: learning(
        [.raw, .meanImage, .channelStandard, .principal, .whitened],
        losses: [0.4, 0.3, 0.3, 0.5, 0.2].map { near($0) },
        errors: [8, 8, 8, 14, 10].map { near($0) }),
      ink: learning([.raw, .meanImage], losses: [near(0.9), near(0.3)], errors: [near(20), near(12)]),
      signs: SignFindings(single: [near(99), near(0)], batch: [near(10), near(0)]),
      whitening: whitening([near(25), near(15)]))
  }

  /// Two ε with these errors.
  static func whitening(_ errors: [Summary]) -> WhiteningFindings {
    WhiteningFindings(epsilons: [0.001, 0.1], rates: errors.map { .init(rate: 0.3, isAtEnd: false, error: $0) })
  }

  private func verdicts(_ findings: Preprocessings.Findings) -> [Claim.Verdict] {
    Preprocessings.claims(findings).map(\.verdict)
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = Preprocessings.claims(Self.findings())
    #expect(claims.map { $0.measurement?.seeds } == [3, 3, 3, 0, 3, 3, 3])
    #expect(
      claims.map(\.verdict) == [
        .reproduced, .reproduced, .partly, .reproduced, .partly, .reproduced, .reproduced,
      ])
    #expect(claims[0].measured == "25 ± 0 × fewer steps (two pixels)")
    #expect(claims[1].measured == "training loss ÷ 3.00 ± 0.00 on white paper, ÷ 1.33 ± 0.00 on black paper")
    #expect(claims[6].measured == "+2.0 ± 0.0 points of error at ε = 0.01, +8.0 ± 0.1 points of error in a dense net")
  }

  @Test("a mean that costs no steps overturns the first claim; one seed decides nothing")
  func steps() {
    var findings = Self.findings()
    findings.clouds = Self.clouds(steps: [20, 20, 60, 60, 20, 20, 15])
    #expect(verdicts(findings)[0] == .notHere)
    findings = Self.findings()
    findings.clouds = findings.clouds.map { Array($0.prefix(1)) }
    #expect(verdicts(findings)[0] == .undecided)
  }

  @Test("centring is no help where paper makes a difference within chance, and partly where it is small")
  func centring() {
    var findings = Self.findings()
    findings.ink.losses[0] = [Summary([0.3, 0.5, 0.25])]
    findings.ink.errors[0] = [Summary([12, 14, 11])]
    #expect(verdicts(findings)[1] == .notHere)
    #expect(
      Preprocessings.page(findings, RunRecord()).text.contains(
        "as well as on black paper, as far as these seeds can tell"))
    #expect(titles(findings).contains("Is white paper harder to learn from?"))
    findings.ink.losses[0] = [Self.near(0.32)]
    findings.ink.errors[0] = [Self.near(10)]
    #expect(verdicts(findings)[1] == .partly)
    #expect(
      Preprocessings.page(findings, RunRecord()).text.contains(
        "On white paper raw pixels learn even better than on black"))
    findings = Self.findings()
    findings.convolution.errors[1] = [Self.near(9)]
    #expect(verdicts(findings)[1] == .partly)
    #expect(Preprocessings.claims(findings)[1].reason.contains("costs the convolutional net 1.0 points"))
  }

  private func titles(_ findings: Preprocessings.Findings) -> [String] {
    Preprocessings.page(findings, RunRecord()).deck.map(\.title)
  }

  @Test("a slide states what the seeds can tell, and asks where they cannot")
  func slides() {
    var findings = Self.findings()
    let told = titles(findings)
    #expect(told.contains("With the mean subtracted, paper does not matter"))
    findings.ink.errors[1] = [Self.near(15)]
    #expect(titles(findings).contains("On white paper raw pixels learn worse"))
    #expect(Preprocessings.page(findings, RunRecord()).text.contains("with the mean subtracted, at 15.0 %"))
    findings.whitening = Self.whitening([Summary([25, 12, 14]), Summary([15, 16, 14])])
    #expect(Preprocessings.page(findings, RunRecord()).text.contains("makes no clear difference to the test error"))
    findings.ink.errors = [[Summary([20])], [Summary([12])]]
    findings.learning.errors[0] = [Summary([30])]
    findings.learning.errors[1] = [Summary([12])]
    #expect(titles(findings).contains("Is white paper harder to learn from?"))
    #expect(
      Preprocessings.page(findings, RunRecord()).text.contains(
        "Raw pixels end at 30.0 % wrong on black paper and 20.0 % on white paper: so few seeds decide nothing"))
  }

  @Test("whitening at its best ε is held against the mean image, with what it gains there")
  func tunedWhitening() {
    var findings = Self.findings()
    func text(_ best: Double) -> String {
      findings.whitening = Self.whitening([Self.near(25), Self.near(best)])
      return Preprocessings.page(findings, RunRecord()).text
    }
    // The mean image alone errs 12 %.
    #expect(
      text(15).contains(
        "Tuned, whitening gains nothing here: at the best ε tried (the largest), 0.1, it is still behind"))
    #expect(text(15).contains("At the best ε, over the mean image: +3.0 points"))
    #expect(text(12).contains("we see no difference from the mean image alone"))
    #expect(text(9).contains("Tuned, whitening helps here") && text(9).contains("saved errors on digits"))
    #expect(WhiteningFindings.rates(for: 3).max() == 3 && WhiteningFindings.rates(for: 0.01).max() == 1)
  }

  @Test("gradients of one sign: in batches too, or not even one image at a time")
  func signs() {
    var findings = Self.findings()
    findings.signs.batch[0] = Self.near(80)
    #expect(verdicts(findings)[2] == .reproduced)
    findings.signs.single[0] = Self.near(40)
    #expect(verdicts(findings)[2] == .notHere)
  }

  @Test(
    "whitening and PCA that make no more mistakes in a convolutional net, or more within chance, are not unsuitable")
  func unsuitable() {
    var findings = Self.findings()
    findings.convolution.errors[4] = [Summary([8, 14, 7])]
    findings.convolution.errors[3] = [Self.near(8)]
    #expect(verdicts(findings)[5...6] == [.notHere, .partly], "whitening costs the dense net")
    findings.learning.errors[Method.whitened.rawValue] = [Self.near(12)]
    #expect(verdicts(findings)[6] == .notHere)
    findings.convolution.errors[3] = [Self.near(8.5, by: 0)]
    #expect(verdicts(findings)[5] == .partly)
  }

  @Test("dividing that saves points does images good, one that saves little does not")
  func dividing() {
    var findings = Self.findings()
    findings.convolution.errors[2] = [Self.near(7)]
    #expect(verdicts(findings)[4] == .partly, "the mean image and the division change together")
    var separate = findings
    separate.convolution = Self.learning(
      Method.allCases, losses: [0.4, 0.3, 0.3, 0.3, 0.5, 0.2, 0.3].map { Self.near($0) },
      errors: [8, 8, 8, 7, 14, 10, 8].map { Self.near($0) })
    #expect(verdicts(separate)[4] == .partly, "one σ on grey images is nearly a change of the rate")
    #expect(
      Preprocessings.claims(separate)[4].reason.contains("a gain of 2 points is excluded, also for pixel std"))
    // The interval is too wide to exclude a gain.
    findings.convolution.errors[2] = [Summary([1, 14, 7])]
    #expect(verdicts(findings)[4] == .undecided)
    findings.convolution.errors[2] = [Self.near(4)]
    findings.learning.losses[Method.whitened.rawValue] = [Self.near(0.5)]
    #expect(verdicts(findings)[4] == .notHere)
    let page = Preprocessings.page(findings, RunRecord())
    #expect(page.text.contains("although the training loss is another matter"))
    #expect(page.predictions[2].answer == "more than 1 point higher")
  }

  @Test("validation images choose the rate of a test error, and not that of a training loss")
  func validation() {
    var findings = Self.findings()
    findings.learning.rates = [0.1, 0.3]
    findings.learning.losses = findings.learning.losses.map { [Summary($0[0].values.map { 2 * $0 }), $0[0]] }
    findings.learning.errors = findings.learning.errors.map { [Summary($0[0].values.map { $0 - 5 }), $0[0]] }
    #expect(findings.learning.errorRate(.whitened) == 1, "without validation images the training loss chooses")
    findings.learning.validation = findings.learning.methods.map {
      $0 == .raw ? [Self.near(.nan), Self.near(9)] : [Self.near(5), Self.near(9)]
    }
    #expect(findings.learning.bestRate(.whitened) == 1 && findings.learning.errorRate(.whitened) == 0)
    #expect(findings.learning.errorRate(.raw) == 1, "a rate that diverges is never the best")
    #expect(abs(findings.learning.best(.whitened).loss.mean - 0.1) < 1e-9)
    #expect(abs(findings.learning.best(.whitened).error.mean - 15) < 1e-9)
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = Preprocessings.page(Self.findings(), RunRecord())
    #expect(
      page.figures.map(\.name) == [
        "valley", "clouds", "ink", "whitening",
      ])
    #expect(page.claims == Preprocessings.claims(Self.findings()))
    #expect(page.predictions.count == 3)
  }
  @Test("a choice that has seen the test set hides errors, or hid nothing; without it nothing is claimed")
  func leak() throws {
    var findings = Self.findings()
    func claim() -> Claim? { Preprocessings.claims(findings).first { $0.text.hasPrefix("A choice that has seen") } }
    #expect(claim() == nil)
    findings.leaks = LeakFindings(
      choices: Self.seeds.map { ChoiceRun(honest: 50 + Double($0), leaked: 20 + Double($0), unseen: 50 - Double($0)) },
      choice: .init(count: 100, features: 2_000, chosen: 20))
    #expect(claim()?.verdict == .reproduced)
    let text = Preprocessings.page(findings, RunRecord()).text
    #expect(text.contains("the test reports 22 % errors. On samples that were never looked at it makes 48 %."))
    findings.leaks?.choices = Self.seeds.map {
      ChoiceRun(honest: 50, leaked: 49 + Double($0), unseen: 51 + Double($0))
    }
    #expect(claim()?.verdict == .partly)
    #expect(Preprocessings.page(findings, RunRecord()).text.contains("In this run that hid nothing."))
  }

}
