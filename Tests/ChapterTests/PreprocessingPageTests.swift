// Chapter 3: what its claims and its page make of findings, right ones and wrong ones.

import Foundation
import Testing
import Workbook

@testable import ch03_preprocessing

@Suite("Chapter 3: claims and page")
struct PreprocessingPageTests {
  private static let seeds: [UInt64] = [1, 2, 3]

  private static func near(_ value: Double, by share: Double = 0.01) -> Summary {
    Summary(seeds.indices.map { value * (1 + share * Double($0 - 1)) })
  }

  /// A cloud on which each method takes so many steps.
  private static func clouds(steps: [Int]) -> [[CloudReport]] {
    Method.allCases.map { method in
      seeds.indices.map { seed in
        CloudReport(
          method: method, x: seed == 0 ? [0, 1] : [], y: seed == 0 ? [0, 1] : [], means: [0, 0], deviations: [1, 1],
          correlation: 0, condition: Double(steps[method.rawValue]), steps: steps[method.rawValue])
      }
    }
  }

  /// A single rate, with the loss and the error of each method.
  private static func learning(_ methods: [Method], losses: [Summary], errors: [Summary]) -> LearningExperiment {
    LearningExperiment(
      methods: methods, rates: [0.3], losses: losses.map { [$0] }, errors: errors.map { [$0] },
      curves: methods.map { _ in [2, 1] })
  }

  /// Findings as the usual run has them: whitening learns best and generalizes worst.
  private static func findings() -> Preprocessings.Findings {
    let picture = KeptPicture(ImageGrid.Picture(width: 2, height: 2, pixels: [0, 1, -1, 0.5]), largest: 1)
    let row = [KeptPicture](repeating: picture, count: 8)
    let valleys = [0, 3].map { Valley(offset: $0, seed: 1) }
    return Preprocessings.Findings(
      data: "made-up digits", seeds: seeds, valleys: valleys, valleyAt3: valleys[1],
      clouds: clouds(steps: [500, 20, 60, 60, 20, 1]),
      digits: DigitFindings(
        trainingCount: 800, size: 784, pixelMean: 0.13, pixelDeviation: 0.31, standardizedDeviation: 1,
        pictures: DigitFindings.shown.map { _ in row }, neighbours: [0.8, 0.1],
        components: [KeptPicture](repeating: picture, count: 12), shares: (1...20).map { Double($0) / 20 },
        curvature: 50),
      epochs: 3,
      learning: learning(
        Method.allCases, losses: [0.4, 0.3, 0.35, 0.35, 0.3, 0.1].map { near($0) },
        errors: [12, 12, 12, 12, 12, 20].map { near($0) }),
      ink: learning([.raw, .meanImage], losses: [near(0.9), near(0.3)], errors: [near(20), near(12)]),
      signs: SignFindings(single: [near(99), near(0)], batch: [near(10), near(0)]),
      whitening: WhiteningFindings(
        epsilons: [0.001, 0.1], errors: [near(25), near(15)], pictures: [row, row], kept: [0.3, 0.8]),
      leaks: LeakFindings(
        few: 100, testCount: 500, size: 196,
        runs: [0.1, 0.2, 12, 1].map { gain in
          seeds.indices.map { LeakRun(honest: 30 + Double($0), leaked: 30 + Double($0) - gain) }
        }, cameraCount: 1_000,
        cameras: seeds.map { _ in CameraRun(usual: 15, training: 40, own: 16, alone: 60) }))
  }

  private func verdicts(_ findings: Preprocessings.Findings) -> [Claim.Verdict] {
    Preprocessings.claims(findings).map(\.verdict)
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = Preprocessings.claims(Self.findings())
    #expect(claims.allSatisfy { $0.measurement?.seeds == 3 })
    #expect(
      claims.map(\.verdict) == [.reproduced, .reproduced, .partly, .notHere, .notHere, .reproduced, .reproduced])
    #expect(claims[0].measured == "25 ± 0 × fewer steps (two pixels)")
    #expect(claims[1].measured == "training loss ÷ 3.00 ± 0.00 on white paper, ÷ 1.33 ± 0.00 on black")
    #expect(claims[5].measured == "+8.0 ± 0.1 points of error (ε = 0.01)")
  }

  @Test("a mean that costs no steps overturns the first claim; one seed decides nothing")
  func steps() {
    var findings = Self.findings()
    findings.clouds = Self.clouds(steps: [20, 20, 60, 60, 20, 20])
    #expect(verdicts(findings)[0] == .notHere && verdicts(findings)[6] == .notHere)
    findings = Self.findings()
    findings.clouds = findings.clouds.map { Array($0.prefix(1)) }
    #expect(verdicts(findings)[0] == .undecided)
  }

  @Test("centring is partly a help where it raises the error, and none where paper makes a difference within chance")
  func centring() {
    var findings = Self.findings()
    findings.learning.errors[Method.raw.rawValue] = [Self.near(9)]
    #expect(verdicts(findings)[1] == .partly)
    #expect(
      Preprocessings.claims(findings)[1].reason.contains("12.0 ± 0.1 % with the mean image against 9.0 ± 0.1 % raw"))
    #expect(Preprocessings.page(findings, RunRecord()).text.contains("easier to learn is not the same as better"))
    findings.ink.losses[0] = [Summary([0.3, 0.5, 0.25])]
    #expect(verdicts(findings)[1] == .notHere)
  }

  @Test("gradients of one sign: in batches too, or not even one image at a time")
  func signs() {
    var findings = Self.findings()
    findings.signs.batch[0] = Self.near(80)
    #expect(verdicts(findings)[2] == .reproduced)
    #expect(Preprocessings.page(findings, RunRecord()).text.contains("in batches of 32 it still holds for most units"))
    findings.signs.single[0] = Self.near(40)
    #expect(verdicts(findings)[2] == .notHere)
  }

  @Test("whitening that makes no more mistakes, or more within chance, is not unsuitable; nor is PCA")
  func whitening() {
    var findings = Self.findings()
    findings.learning.errors[Method.whitened.rawValue] = [Summary([12, 20, 11])]
    #expect(verdicts(findings)[5] == .notHere)
    findings.learning.errors[Method.whitened.rawValue] = [Self.near(20)]
    findings.whitening.errors[1] = Self.near(10)
    #expect(verdicts(findings)[5] == .partly)
    findings.learning.errors[Method.principal.rawValue] = [Self.near(15)]
    #expect(verdicts(findings)[4] == .reproduced)
  }

  @Test("dividing that costs points is partly what the source says; the lowest loss decides who converges fastest")
  func dividing() {
    var findings = Self.findings()
    findings.learning.errors[Method.channelStandard.rawValue] = [Self.near(14)]
    findings.learning.losses[Method.whitened.rawValue] = [Self.near(0.5)]
    #expect(verdicts(findings)[3] == .partly && verdicts(findings)[6] == .partly)
    let page = Preprocessings.page(findings, RunRecord())
    #expect(page.text.contains("Mean Image ends with the lowest training loss"))
    #expect(page.predictions[1].answer == "mean image")
  }

  @Test("what looks at the test set changes little, and a camera does no harm: then the page says so")
  func leaks() {
    var findings = Self.findings()
    findings.leaks.runs[2] = findings.leaks.runs[0]
    findings.leaks.cameras = Self.seeds.map { _ in CameraRun(usual: 15, training: 16, own: 16, alone: 16) }
    let page = Preprocessings.page(findings, RunRecord())
    #expect(page.text.contains("Statistics of the test set changed little in this run"))
    #expect(page.text.contains("The other camera did little harm in this run."))
    #expect(page.predictions.last?.answer == "nothing: no labels were used")
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
        "valley", "clouds", "prepared-digits", "components", "spectrum", "learning-curves", "rates", "ink",
        "whitening", "epsilon", "leak",
      ])
    #expect(page.claims == Preprocessings.claims(Self.findings()))
    #expect(page.predictions.count == 4)
  }
}
