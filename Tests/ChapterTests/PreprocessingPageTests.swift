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
      methods: methods, rates: [0.3], losses: losses.map { [$0] }, errors: errors.map { [$0] },
      curves: methods.map { _ in [2, 1] })
  }

  /// The findings of a normal run: whitening learns best and generalizes worst.
  static func findings() -> Preprocessings.Findings {
    let picture = KeptPicture(ImageGrid.Picture(width: 2, height: 2, pixels: [0, 1, -1, 0.5]), largest: 1)
    let row = [KeptPicture](repeating: picture, count: 8)
    let valleys = [0, 3].map { Valley(offset: $0, seed: 1) }
    return Preprocessings.Findings(
      data: "made-up digits", seeds: seeds, valleys: valleys, valleyAt3: valleys[1],
      clouds: clouds(steps: [500, 20, 60, 60, 20, 1, 15]),
      digits: DigitFindings(
        trainingCount: 800, size: 784, pixelMean: 0.13, pixelDeviation: 0.31, standardizedDeviation: 1,
        pictures: DigitFindings.shown.map { _ in row }, neighbours: [0.8, 0.1],
        components: [KeptPicture](repeating: picture, count: 12), shares: (1...20).map { Double($0) / 20 },
        curvature: 50),
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
      whitening: WhiteningFindings(
        epsilons: [0.001, 0.1], errors: [near(25), near(15)], pictures: [row, row], kept: [0.3, 0.8]),
      leaks: LeakFindings(
        few: 100, testCount: 500, size: 196,
        runs: [0.1, 20, 1].map { earned in leakRuns(earned: earned, leaked: 0) },
        choices: seeds.map { ChoiceRun(honest: 50 + Double($0), leaked: 20 + Double($0), unseen: 50 - Double($0)) },
        choice: .init(count: 100, features: 2_000, chosen: 20), cameraCount: 1_000,
        cameras: seeds.map { _ in CameraRun(usual: 15, training: 40, own: 16) }))
  }

  /// The points gained by more images, and those gained by the test images in addition.
  static func leakRuns(earned: Double, leaked: Double) -> [LeakRun] {
    seeds.indices.map { seed in
      let alone = 60 + Double(seed)
      return LeakRun(
        alone: alone, withTest: alone - earned - leaked, withOthers: alone - earned + 0.1 * Double(seed - 1))
    }
  }

  private func verdicts(_ findings: Preprocessings.Findings) -> [Claim.Verdict] {
    Preprocessings.claims(findings).map(\.verdict)
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = Preprocessings.claims(Self.findings())
    #expect(claims.map { $0.measurement?.seeds } == [3, 3, 3, 0, 3, 3, 3, 3, 3])
    #expect(
      claims.map(\.verdict) == [
        .reproduced, .reproduced, .partly, .reproduced, .partly, .reproduced, .reproduced, .reproduced, .reproduced,
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
    #expect(verdicts(findings)[1] == .notHere)
    #expect(
      Preprocessings.page(findings, RunRecord()).text.contains(
        "as well as on black paper, as far as these seeds can tell"))
    #expect(titles(findings).contains("Is white paper harder to learn from?"))
    findings.ink.losses[0] = [Self.near(0.32)]
    #expect(verdicts(findings)[1] == .partly)
    #expect(
      Preprocessings.page(findings, RunRecord()).text.contains(
        "On white paper raw pixels learn even better than on black"))
    findings = Self.findings()
    findings.convolution.errors[1] = [Self.near(9)]
    #expect(verdicts(findings)[1] == .partly)
    #expect(
      Preprocessings.page(findings, RunRecord()).text.contains(
        "The mean image even costs the convolutional net errors"
      ))
  }

  private func titles(_ findings: Preprocessings.Findings) -> [String] {
    Preprocessings.page(findings, RunRecord()).deck.map(\.title)
  }

  @Test("a slide states what the seeds can tell, and asks where they cannot")
  func slides() {
    var findings = Self.findings()
    let told = titles(findings)
    #expect(told.contains("With the mean subtracted, paper does not matter"))
    #expect(told.contains("PCA costs the convolutional net 6.0 points of error"))
    findings.ink.losses[1] = [Self.near(0.5)]
    #expect(titles(findings).contains("On white paper raw pixels learn worse"))
    #expect(Preprocessings.page(findings, RunRecord()).text.contains("with the mean subtracted, at 0.5"))
    findings.whitening.errors = [Summary([25, 12, 14]), Summary([15, 16, 14])]
    #expect(Preprocessings.page(findings, RunRecord()).text.contains("makes no clear difference to the test error"))
    findings.convolution.errors[3] = [Self.near(8)]
    #expect(titles(findings).contains("New images: do whitening and PCA help?"))
    findings.ink.losses = [[Summary([0.9])], [Summary([0.3])]]
    findings.learning.losses[0] = [Summary([1.9])]
    findings.learning.losses[1] = [Summary([0.3])]
    #expect(titles(findings).contains("Is white paper harder to learn from?"))
    #expect(
      Preprocessings.page(findings, RunRecord()).text.contains(
        "Raw pixels end at a loss of 1.9 on black paper and of 0.9 on white paper: so few seeds decide nothing"))
  }

  @Test("the curvature that the mean adds is told beside the losses, and whether they follow it")
  func curvatures() throws {
    var findings = Self.findings()
    #expect(findings.digits.curvatures == nil, "the mean image was not kept whole")
    #expect(!Preprocessings.page(findings, RunRecord()).text.contains("Without a mean it is about"))
    // A mean image of 0, ½, ½ and 1, and a variance of 2 about the channel mean.
    findings.digits.components[0] = KeptPicture(
      ImageGrid.Picture(width: 2, height: 2, pixels: [0, 0.5, 0.5, 1]), largest: 1)
    (findings.digits.size, findings.digits.pixelMean, findings.digits.pixelDeviation) = (4, 0.5, 0.5.squareRoot())
    findings.digits.shares[0] = 2.0 / 3
    let found = try #require(findings.digits.curvatures)
    #expect(abs(found.largest - 1) < 0.02 && abs(found.channel - 0.5) < 0.02)
    #expect(abs(found.raw - 1.5) < 0.02 && abs(found.white - 1.5) < 0.02)
    #expect(
      Preprocessings.page(findings, RunRecord()).text.contains(
        "The losses of the dense net follow the prediction"))
    findings.learning.losses[0] = [Self.near(0.3)]
    #expect(Preprocessings.page(findings, RunRecord()).text.contains("do not follow the predicted order beyond chance"))
  }

  @Test("the advice is held against the run: a lower error or none, and rates at which raw pixels fail")
  func advice() {
    var findings = Self.findings()
    let text = Preprocessings.page(findings, RunRecord()).text
    #expect(text.contains("the mean image took our dense net from 20.0 to 12.0 % wrong after"))
    #expect(!text.contains("widens the range of rates"))
    findings.convolution.errors[0] = [Self.near(80)]
    let wide = Preprocessings.page(findings, RunRecord()).text
    let titles = Preprocessings.page(findings, RunRecord()).figures.flatMap(\.frameTitles)
    #expect(
      titles.contains("At the rate 0.3, nets on raw pixels get 80 % wrong (1 of 3 only guess), on centred pixels 8 %"))
    #expect(wide.contains("Subtracting the mean image widens the range of rates."))
    #expect(wide.contains("the convolutional net learns at a rate at which raw pixels fail"))
    findings.learning.errors[0] = [Self.near(80)]
    #expect(
      Preprocessings.page(findings, RunRecord()).text.contains(
        "With the mean image subtracted, the dense net learns at a rate at which raw pixels fail"))
  }

  @Test("dividing by the channel's deviation is held against the channel mean, and the advice says what it changed")
  func division() {
    var findings = Self.findings()
    func text() -> String { Preprocessings.page(findings, RunRecord()).text }
    findings.convolution = Self.learning(
      Method.allCases, losses: [0.4, 0.3, 0.3, 0.3, 0.5, 0.2, 0.3].map { Self.near($0) },
      errors: [8, 8, 8, 8, 14, 10, 8].map { Self.near($0) })
    #expect(text().contains("in none of 2 trainings and cost some in none. Dividing cost errors in none"))
    #expect(text().contains("only where a recipe or trained weights that you take over do so"))
    findings.photographs = Self.photographs([48, 44, 44], normalized: [42, 42, 42])
    #expect(text().contains("in 1 of 4 trainings and cost some in none. Dividing cost errors in none and"))
    findings.photographs = Self.photographs([48, 44, 46], normalized: [42, 42, 42])
    #expect(text().contains("Dividing cost errors in 1 and saved some in none"))
    findings.convolution.errors[Method.channelStandard.rawValue] = [Self.near(6)]
    #expect(text().contains("Dividing cost errors in 1 and saved some in 1"))
    #expect(text().contains("Without it, in a net of your own without a recipe, subtract only."))
    findings.convolution.errors[Method.meanImage.rawValue] = [Self.near(9, by: 0.02)]
    #expect(Preprocessings.claims(findings)[1].reason.contains("costs the convolutional net 1.0 points"))
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
    #expect(Preprocessings.page(findings, RunRecord()).text.contains("PCA the convolutional net nothing"))
    findings.learning.errors[Method.whitened.rawValue] = [Self.near(12)]
    #expect(verdicts(findings)[6] == .notHere)
    findings.convolution.errors[3] = [Self.near(8.5, by: 0)]
    #expect(verdicts(findings)[5] == .partly)
  }

  @Test("dividing that saves points does images good, one that saves little does not; the losses decide who is fastest")
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
    findings.learning.losses[Method.pixelStandard.rawValue] = [Self.near(0.5)]
    #expect(verdicts(findings)[4] == .notHere && verdicts(findings)[7] == .notHere)
    let page = Preprocessings.page(findings, RunRecord())
    #expect(page.text.contains("The lowest training loss in the dense net: mean image"))
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
    #expect(Preprocessings.page(findings, RunRecord()).text.contains("fewest errors on validation images"))
  }

  @Test("whitened images that begin slower than centred ones converge fastest only partly, and the title says so")
  func beginning() {
    var findings = Self.findings()
    findings.learning.curves[Method.whitened.rawValue] = [3, 0.5]
    #expect(verdicts(findings)[7] == .partly)
    #expect(
      Preprocessings.page(findings, RunRecord()).text.contains(
        "but in the first epoch they are slower than with the mean image"))
    findings.learning.losses[Method.whitened.rawValue] = [Self.near(0.5)]
    #expect(verdicts(findings)[7] == .notHere)
  }

  @Test("other images that help as much as the test images leave no leak; where they do not, there is one")
  func leaks() {
    var findings = Self.findings()
    var text = Preprocessings.page(findings, RunRecord()).text
    #expect(text.contains("it is a better estimate, not a leak"))
    #expect(text.contains("a linear classifier makes 20.0 points fewer errors"))
    #expect(text.contains("so the test error is 22 %; on samples that were never used it is 48 %."))
    #expect(text.contains("gets 40 % wrong instead of 15 %. It is the exception to the rule"))
    findings.leaks.runs[0] = Summary([0, 0.1, -0.1]).values.map {
      LeakRun(alone: 60, withTest: 50, withOthers: 50 + $0)
    }
    #expect(
      Preprocessings.page(findings, RunRecord()).text.contains(
        "does not make the test error look better beyond chance: by 0.0 points (95 %:"))
    findings.leaks.runs[0] = Self.leakRuns(earned: 0, leaked: 2)
    findings.leaks.runs[1] = Self.leakRuns(earned: 0, leaked: 12)
    findings.leaks.choices = Self.seeds.map { ChoiceRun(honest: 50, leaked: 49 + Double($0), unseen: 51 + Double($0)) }
    findings.leaks.cameras = Self.seeds.map { _ in CameraRun(usual: 15, training: 16, own: 16) }
    text = Preprocessings.page(findings, RunRecord()).text
    #expect(text.contains("the test images save 12.0 points (95 %: 11.8 to 12.2) more than these: this is a leak."))
    #expect(
      text.contains(
        "A mean image that includes test images also makes the test error look 2.0 points better (95 %: 1.8 to 2.2)."))
    #expect(text.contains("It hid nothing in this run."))
    #expect(text.contains("it did little harm to a linear classifier in this run."))
    #expect(verdicts(findings)[8] == .partly)
  }

  @Test("pictures survive being kept, to a 127th of the largest number")
  func pictures() throws {
    let pixels = (0..<16).map { Float($0) / 3 - 2 }
    let kept = KeptPicture(ImageGrid.Picture(width: 4, height: 4, pixels: pixels), largest: 3)
    let read = try JSONDecoder.ofRecords.decode(KeptPicture.self, from: JSONEncoder.ofRecords.encode(kept))
    #expect(zip(read.picture().pixels, pixels).allSatisfy { abs($0 - $1 / 3) <= 0.5 / 127 + 1e-6 })
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = Preprocessings.page(Self.findings(), RunRecord())
    #expect(
      page.figures.map(\.name) == [
        "valley", "clouds", "ink", "scales", "test-errors", "prepared-digits", "learning-curves",
        "errors-by-rate",
      ])
    #expect(page.claims == Preprocessings.claims(Self.findings()))
    #expect(page.predictions.count == 3)
  }
}
