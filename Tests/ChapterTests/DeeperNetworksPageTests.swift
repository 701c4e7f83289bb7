// Chapter 11: what its claims and its page make of findings, right ones and wrong ones.

import Foundation
import Testing
import Workbook

@testable import ch11_deeper_networks

@Suite("Chapter 11: claims and page")
struct DeeperNetworksPageTests {
  private static let seeds = 3

  /// Three seeds, a little apart.
  private static func near(_ value: Double, by spread: Double = 0.1) -> Summary {
    Summary([value - spread, value, value + spread])
  }

  /// Stacks that change the gradient by a factor in each layer.
  private static func decay(
    sigmoid: Summary = near(0.23, by: 0.01), relu: Summary = near(0.99, by: 0.01),
    normalized: Summary = near(1.21, by: 0.01)
  ) -> GradientDecay {
    let factors: [Stack: Summary] = [
      .sigmoid: sigmoid, .tanh: near(0.95, by: 0.01), .relu: relu, .normalized: normalized,
      .residual: near(1.1, by: 0.01),
    ]
    return GradientDecay(
      depth: 30,
      curves: Stack.allCases.map { stack in
        let norm = Summary((factors[stack]?.values ?? []).map { 30 * log10($0) })
        return .init(stack: stack, norms: Array(repeating: norm, count: 30 / stack.layersPerBlock))
      })
  }

  /// A net with so many errors in the end, and so much that its blocks add.
  private static func run(
    _ blocks: Int, residual: Bool, _ errors: Summary, test: Summary, adds additions: Summary = near(0.3, by: 0.01),
    scale: Float = 1
  ) -> DeepRun {
    DeepRun(
      net: DeepNet(blocks: blocks, isResidual: residual, branchScale: scale),
      errors: errors.values.map { [$0 + 2, $0] }, testErrors: test,
      firstAdditions: residual ? errors.values.map { _ in [0.35, 0.35] } : [],
      additions: residual ? additions.values.map { [$0, $0] } : [], parameters: 1_000 * blocks)
  }

  private static func findings() -> DeeperNetworks.Findings {
    DeeperNetworks.Findings(
      data: "made-up digits",
      sawtooth: (1...8).map {
        SawtoothCount(
          folds: $0, pieces: 1 << $0, deepUnits: 2 * $0, shallowUnits: 1 << $0, deepParameters: 6 * $0 + 1,
          shallowParameters: 3 * (1 << $0) + 1, difference: 0)
      },
      gradients: GradientFindings(seeds: seeds, decays: [decay()]),
      degradation: DegradationFindings(
        seeds: seeds, epochs: 12, rate: 0.02, batch: 32, trainingCount: 20_000, testCount: 10_000,
        runs: [
          run(3, residual: false, near(5), test: near(6)), run(27, residual: false, near(24), test: near(30)),
          run(3, residual: true, near(4.5), test: near(5)), run(27, residual: true, near(3), test: near(4)),
          run(27, residual: true, near(3.3), test: near(4.2), scale: 0),
        ]),
      scaling: ScalingFindings(
        blocks: 4, growth: [1.0, 1.1, 1.2, 1.3, 1.5].map { rate in (0..<seeds).map { _ in [1, rate, rate, rate] } },
        epochs: 10,
        trainings: [
          ScaledTraining(scale: 0, errors: near(20), diverged: 0),
          ScaledTraining(scale: ScalingFindings.root(4), errors: near(8), diverged: 0),
          ScaledTraining(scale: 1, errors: Summary([90, 90, 90]), diverged: 3),
        ]),
      blocks: BlockFindings(basic: [36_864, 36_864], bottleneck: [16_384, 36_864, 16_384]),
      families: Family.all.map { family in
        FamilyCount(
          name: family.name, table: family.table, depth: family.depth,
          publishedParameters: family.publishedParameters, parameters: family.publishedParameters ?? 0,
          multiplyAdds: family.name == "VGG-19" ? 19_632_000_000 : 11_514_000_000,
          stages: [.init(name: "fc", layers: "dense 1000", output: [1000], parameters: 10, multiplyAdds: 10)],
          seconds: nil)
      }, photograph: nil)
  }

  private func verdicts(_ findings: DeeperNetworks.Findings) -> [Claim.Verdict] {
    DeeperNetworks.claims(findings).map(\.verdict)
  }

  private func text(_ findings: DeeperNetworks.Findings) -> String {
    DeeperNetworks.page(findings, RunRecord()).text
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = DeeperNetworks.claims(Self.findings())
    #expect(claims.allSatisfy { $0.measurement != nil })
    #expect(
      claims.map(\.verdict) == [
        .reproduced, .reproduced, .reproduced, .notHere, .reproduced, .reproduced, .reproduced, .notHere, .notHere,
        .reproduced, .reproduced, .reproduced,
      ])
    #expect(
      claims.map(\.measured) == [
        "256 against 16 units for 256 pieces, difference 0", "factor 0.230 ± 0.010 per layer",
        "factor 0.990 ± 0.010 per layer", "factor 1.210 ± 0.010 per layer, without addition",
        "19.0 ± 0.0 points more with 56 than 8 layers", "24.0 ± 0.0 points more on test images",
        "21.0 ± 0.0 points less than plain, 1.5 ± 0.0 points less than the shallow residual net",
        "‖F(x)‖/‖x‖ = 0.30 ± 0.01 after training, 0.35 ± 0.00 before", "0.3 ± 0.0 points more training error",
        "73,728 against 69,632 weights as built", "11.51 G against 19.63 G multiply-adds",
        "11 of 11 with exactly the published number",
      ])
    #expect(claims[4].reason.contains("falls by 2.0 points in the last of them"))
  }

  @Test("two seeds decide nothing of what chance enters")
  func twoSeeds() {
    var findings = Self.findings()
    for index in findings.degradation.runs.indices {
      findings.degradation.runs[index].errors.removeLast()
      findings.degradation.runs[index].testErrors.values.removeLast()
      if findings.degradation.runs[index].net.isResidual {
        findings.degradation.runs[index].firstAdditions.removeLast()
        findings.degradation.runs[index].additions.removeLast()
      }
    }
    #expect(verdicts(findings)[4...8].allSatisfy { $0 == .undecided })
  }

  @Test("a gradient that keeps its size overturns what is said of sigmoids and of batch normalization")
  func gradients() {
    var findings = Self.findings()
    findings.gradients.decays = [
      Self.decay(
        sigmoid: Self.near(0.7, by: 0.01), relu: Self.near(0.85, by: 0.01), normalized: Self.near(1, by: 0.01))
    ]
    #expect(verdicts(findings)[1...3] == [.partly, .partly, .reproduced])
    #expect(DeeperNetworks.claims(findings)[3].reason.isEmpty)
    #expect(DeeperNetworks.page(findings, RunRecord()).predictions[1].answer == "about as large")
    #expect(text(findings).contains("not quite what one would wish"))
    findings.gradients.decays = [
      Self.decay(sigmoid: Summary([0.5, 0.9, 1.2]), relu: Self.near(0.4), normalized: Self.near(0.6))
    ]
    #expect(verdicts(findings)[1...3] == [.notHere, .notHere, .notHere])
    #expect(DeeperNetworks.claims(findings)[3].reason.contains("vanishes"))
  }

  @Test("a deeper net that is worse by less than the claim needs is partly, within chance not here")
  func degradation() {
    var findings = Self.findings()
    findings.degradation.runs[1] = Self.run(27, residual: false, Self.near(6, by: 0.2), test: Self.near(7))
    #expect(verdicts(findings)[4...6] == [.partly, .partly, .reproduced])
    // Worse on the test images alone: that would be overfitting.
    findings.degradation.runs[1] = Self.run(27, residual: false, Summary([4, 9, 5]), test: Self.near(30))
    #expect(verdicts(findings)[4...6] == [.notHere, .notHere, .notHere])
    findings.degradation.runs[1] = Self.run(27, residual: false, Self.near(4), test: Self.near(5))
    #expect(verdicts(findings)[4...5] == [.notHere, .notHere])
    #expect(DeeperNetworks.page(findings, RunRecord()).predictions[2].answer == "plain 8")
  }

  @Test("an addition that mends, but leaves the deeper net behind the shallow one, is partly")
  func cure() {
    var findings = Self.findings()
    findings.degradation.runs[3] = Self.run(27, residual: true, Self.near(10), test: Self.near(12))
    let claims = DeeperNetworks.claims(findings)
    #expect(
      claims[6].verdict == .partly
        && claims[6].measured.hasSuffix("5.5 ± 0.0 points more than the shallow residual net"))
    // Against it, blocks that begin as the identity are ahead.
    #expect(claims[8].verdict == .reproduced && claims[8].reason.isEmpty)
    #expect(claims[8].measured == "6.7 ± 0.0 points less training error")
  }

  @Test("branches that training drives down make the claim, and the erratum says so")
  func identity() {
    var findings = Self.findings()
    #expect(text(findings).contains("training does not drive it towards 0"))
    for (size, verdict) in [(0.1, Claim.Verdict.partly), (0.02, .reproduced)] {
      findings.degradation.runs[3] = Self.run(
        27, residual: true, Self.near(3), test: Self.near(4), adds: Self.near(size, by: 0.002))
      #expect(verdicts(findings)[7] == verdict)
      #expect(text(findings).contains("training has made it smaller"))
    }
  }

  @Test("a net that learns neither with the factor nor better with its branches is told as that")
  func scaling() {
    var findings = Self.findings()
    #expect(text(findings).contains("12.0 ± 0.0 points fewer mistakes than with α = 0"))
    #expect(text(findings).contains("3 of 3 runs diverged: guessing"))
    findings.scaling.trainings[1].errors = Summary([90, 15, 90])
    findings.scaling.trainings[1].diverged = 2
    #expect(text(findings).contains("Not even the factor"))
    #expect(text(findings).contains("That the branches are worth having does not show here"))
  }

  @Test("counts that are wrong are told")
  func counts() {
    var findings = Self.findings()
    findings.sawtooth[7].difference = 0.5
    findings.blocks.bottleneck = [80_000]
    findings.families[10].multiplyAdds = 30_000_000_000
    findings.families[4].parameters += 1
    let claims = DeeperNetworks.claims(findings)
    #expect(claims[0].verdict == .notHere && claims[9].verdict == .notHere)
    #expect(claims[10].verdict == .partly && claims[10].reason == "not in multiply-adds")
    #expect(claims[11].verdict == .partly && claims[11].measured.hasPrefix("10 of 11"))
    let text = text(findings)
    #expect(text.contains("The bottleneck costs more than two 3×3 convolutions"))
    #expect(text.contains("ResNet-152 costs more than VGG-19"))
    #expect(text.contains("10 of 11 have exactly the number of parameters"))
  }

  @Test("a photograph is kept with the findings, a byte for each pixel, and stands on the page")
  func photograph() throws {
    var findings = Self.findings()
    #expect(text(findings).contains("this chapter then classifies a photograph of yours"))
    findings.photograph = Photograph(
      title: "ResNet-50", size: 2, pixels: Data((0..<12).map { UInt8(20 * $0) }),
      answers: [.init(name: "tabby", probability: 0.9)])
    let kept = try JSONDecoder.ofRecords.decode(
      DeeperNetworks.Findings.self, from: try JSONEncoder.ofRecords.encode(findings))
    #expect(kept.photograph?.picture.pixels == (0..<12).map { Float(20 * $0) / 255 })
    #expect(text(kept).contains("ResNet-50: tabby, 90 %"))
    #expect(!text(kept).contains("of a photograph of yours"))
  }

  @Test("nothing is classified while a page is drawn from findings")
  func options() {
    for extra in [["--labels", "x"], ["--model", "resnet50", "--weights", "x", "--image", "y"]] {
      #expect(throws: (any Error).self) { try DeeperOptions.parse(["--from", "findings.json"] + extra) }
    }
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = DeeperNetworks.page(Self.findings(), RunRecord())
    #expect(
      page.figures.map(\.name) == [
        "sawtooth", "sawtooth-units", "gradient-norms", "degradation", "additions", "branch-scale", "families",
        "ilsvrc",
      ])
    #expect(page.claims == DeeperNetworks.claims(Self.findings()))
    #expect(
      page.predictions.map(\.answer) == [
        "256", "a hundred times as large or more", "plain 56", "α = 1: the signal explodes",
      ])
  }
}
