// Chapter 11: the claims and the page for different findings, right and wrong.

import Foundation
import Testing
import Workbook

@testable import ch11_deeper_networks

@Suite("Chapter 11: claims and page")
struct DeeperNetworksPageTests {
  static let map = GreyPicture(stretching: [0, 0.5, 0.25, 1], width: 2, height: 2)
  static let seeds = 3

  /// Three seeds with slightly different values.
  static func near(_ value: Double, by spread: Double = 0.1) -> Summary {
    Summary([value - spread, value, value + spread])
  }

  /// Stacks that multiply the gradient by a factor in each layer.
  static func decay(
    sigmoid: Summary = near(0.23, by: 0.01), relu: Summary = near(0.99, by: 0.01),
    normalized: Summary = near(1.21, by: 0.01)
  ) -> GradientDecay {
    let factors: [Stack: Summary] = [
      .sigmoid: sigmoid, .tanh: near(0.95, by: 0.01), .relu: relu, .normalized: normalized,
      .residual: near(1.1, by: 0.01),
    ]
    return GradientDecay(
      depth: 30,
      curves: Stack.usual.map { stack in
        let norm = Summary((factors[stack]?.values ?? []).map { 30 * log10($0) })
        return .init(stack: stack, norms: Array(repeating: norm, count: 30 / stack.layersPerBlock))
      })
  }

  /// A network with a number of errors at the end, on training images in test mode and during training.
  static func run(
    _ blocks: Int, residual: Bool, _ errors: Summary, test: Summary, responds response: Summary = near(0.8, by: 0.01),
    scale: Float = 1
  ) -> DeepRun {
    DeepRun(
      net: DeepNet(blocks: blocks, isResidual: residual, branchScale: scale),
      errors: errors.values.map { [9, 8, 7, 6, $0 + 2, $0] }, trainingErrors: errors, testErrors: test,
      responses: response.values.map { [1.5, $0] }, parameters: 1_000 * blocks)
  }

  static func slim(_ net: SlimNet, _ error: Double) -> SlimRun {
    SlimRun(
      net: net, rate: 0.01, depth: 8, parameters: 40_000, multiplyAdds: 1_500_000,
      trainingErrors: (0..<seeds).map { _ in [9, 3] }, testErrors: near(error).values.map { [10, $0] },
      finalTraining: near(2), seconds: 1)
  }

  static func findings() -> DeeperNetworks.Findings {
    DeeperNetworks.Findings(
      data: "made-up digits",
      sawtooth: (1...8).map {
        SawtoothCount(
          folds: $0, pieces: 1 << $0, deepUnits: 2 * $0, shallowUnits: 1 << $0, deepParameters: 6 * $0 + 1,
          shallowParameters: 3 * (1 << $0) + 1, difference: 0)
      },
      gradients: GradientFindings(seeds: seeds, decays: [decay()]),
      degradation: DegradationFindings(
        seeds: seeds, epochs: 25, rate: 0.02, batch: 32, trainingCount: 2_000, testCount: 10_000,
        runs: [
          run(3, residual: false, near(5), test: near(6)),
          run(16, residual: false, near(24), test: near(30), responds: near(1.2, by: 0.01)),
          run(3, residual: true, near(4.5), test: near(5)), run(16, residual: true, near(3), test: near(4)),
          run(16, residual: true, near(3.3), test: near(4.2), scale: 0),
        ]),
      landscapes: [
        Landscape(name: "plain 34", losses: [[1, 1], [-1, 1]], reach: 1),
        Landscape(name: "residual 34", losses: [[-1, -1], [-1, 1]], reach: 1),
      ],
      scaling: ScalingFindings(
        blocks: 4, growth: [1.0, 1.1, 1.2, 1.3, 1.5].map { rate in (0..<seeds).map { _ in [1, rate, rate, rate] } },
        epochs: 10, count: 1_000, rates: [0.003, 0.01, 0.03],
        trainings: [
          ScaledTraining(scale: 0, rate: 0.01, errors: near(36), trainingErrors: near(35), diverged: 0),
          ScaledTraining(
            scale: ScalingFindings.root(4), rate: 0.03, errors: near(2), trainingErrors: near(1), diverged: 0),
          ScaledTraining(
            scale: 1, rate: 0.003, errors: Summary([50, 50, 50]), trainingErrors: Summary([50, 50, 50]), diverged: 3),
        ]),
      slim: SlimFindings(
        data: "made-up digits", trainingCount: 8_000, testCount: 10_000, epochs: 2, seeds: seeds,
        runs: [slim(.alexNet, 6), slim(.vgg, 5), slim(.resNet, 3)],
        rates: [0.01, 0.03],
        walk: PictureWalk(
          truth: 7, answer: 7, probability: 0.99, picture: map,
          stages: [.init(name: "conv1", channels: 8, maps: [map, map])], occlusion: map, largestFall: 1, saliency: map)),
      blocks: BlockFindings(basic: [36_864, 36_864], bottleneck: [16_384, 36_864, 16_384]),
      families: Family.all.map { family in
        FamilyCount(
          name: family.name, table: family.table, depth: family.depth,
          publishedParameters: family.publishedParameters, parameters: family.publishedParameters,
          multiplyAdds: family.name == "VGG-19" ? 19_632_000_000 : 11_514_000_000,
          stages: [.init(name: "fc", layers: "dense 1000", output: [1000], parameters: 10, multiplyAdds: 10)],
          seconds: nil)
      }, photograph: nil)
  }

  func verdicts(_ findings: DeeperNetworks.Findings) -> [Claim.Verdict] {
    DeeperNetworks.claims(findings).map(\.verdict)
  }

  func text(_ findings: DeeperNetworks.Findings) -> String {
    DeeperNetworks.page(findings, RunRecord()).text
  }

  func claim(_ text: String, _ findings: DeeperNetworks.Findings) throws -> Claim {
    try #require(DeeperNetworks.claims(findings).first { $0.text.contains(text) }, "\(text)")
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() throws {
    let claims = DeeperNetworks.claims(Self.findings())
    #expect(claims.allSatisfy { $0.measurement != nil })
    #expect(
      claims.map(\.verdict) == [
        .reproduced, .reproduced, .reproduced, .notHere, .reproduced, .reproduced, .reproduced, .notHere, .reproduced,
        .notHere, .reproduced, .reproduced, .reproduced, .reproduced,
      ])
    #expect(
      claims.prefix(7).map(\.measured) == [
        "256 against 16 units for 256 pieces, difference 0", "factor 0.230 ± 0.010 per layer",
        "factor 0.990 ± 0.010 per layer", "factor 1.210 ± 0.010 per layer, without addition",
        "19.0 ± 0.0 points more with 34 than 8 layers, in test mode", "24.0 ± 0.0 points more on test images",
        "21.0 ± 0.0 points less than plain, 1.5 ± 0.0 points less than the shallow residual net",
      ])
    #expect(try claim("F(x) is driven", Self.findings()).measured.hasPrefix("0.80 ± 0.01"))
    #expect(try claim("factor 1/√L", Self.findings()).measured == "2.0 ± 0.1 % errors, without branches 36.0 ± 0.1 %")
  }

  @Test("two seeds decide nothing of what chance enters, and neither do a few epochs")
  func undecided() {
    var findings = Self.findings()
    for index in findings.degradation.runs.indices {
      findings.degradation.runs[index].errors.removeLast()
      findings.degradation.runs[index].trainingErrors.values.removeLast()
      findings.degradation.runs[index].testErrors.values.removeLast()
      findings.degradation.runs[index].responses.removeLast()
    }
    #expect(verdicts(findings)[4...9].allSatisfy { $0 == .undecided })
    findings = Self.findings()
    findings.degradation.epochs = 4
    let short = verdicts(findings)
    #expect([short[4], short[5], short[8], short[9]].allSatisfy { $0 == .undecided })
    // Large differences can be decided after a few epochs.
    #expect(short[6] == .reproduced && short[7] == .notHere)
    #expect(DeeperNetworks.claims(findings)[6].measured.hasSuffix("after 4 epochs, where speed alone decides"))
  }

  @Test("a short run tells the recorded one, with its own beside it")
  func recorded() throws {
    var findings = Self.findings()
    findings.degradation.epochs = 4
    findings.landscapes = []
    let kept = KeptFindings(DeeperNetworks.chapter, RunRecord(date: "2026-11-28"), [], Self.findings())
    let page = DeeperNetworks.page(findings, RunRecord(), recorded: kept)
    #expect(page.text.contains("changes how fast the deep one learns") && page.reportsRecord)
    #expect(page.claims == DeeperNetworks.claims(findings))
    let alone = DeeperNetworks.page(findings, RunRecord())
    #expect(!alone.text.contains("changes how fast the deep one learns") && !alone.reportsRecord)
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
    #expect(DeeperNetworks.page(findings, RunRecord()).predictions[2].answer == "about as large")
    #expect(text(findings).contains("not quite what one would wish"))
    findings.gradients.decays = [
      Self.decay(sigmoid: Summary([0.5, 0.9, 1.2]), relu: Self.near(0.4), normalized: Self.near(0.6))
    ]
    // Within chance of a constant gradient, and constant.
    #expect(verdicts(findings)[1...3] == [.notHere, .notHere, .notHere])
    #expect(DeeperNetworks.claims(findings)[3].reason.contains("vanishes"))
    findings.gradients.decays = [Self.decay(sigmoid: Self.near(1, by: 0.01))]
    #expect(verdicts(findings)[1] == .notHere)
  }

  @Test("a deeper net that is worse by less than the claim needs is partly, within chance not here")
  func degradation() {
    var findings = Self.findings()
    findings.degradation.runs[1] = Self.run(16, residual: false, Self.near(5.6, by: 0.2), test: Self.near(7))
    #expect(verdicts(findings)[4...6] == [.partly, .partly, .reproduced])
    findings.degradation.runs[1] = Self.run(16, residual: false, Summary([4, 9, 5]), test: Self.near(30))
    #expect(verdicts(findings)[4...6] == [.notHere, .notHere, .notHere])
    #expect(!text(findings).contains("changes how fast the deep one learns"))
    // Worse only on the test images: that would be overfitting.
    findings.degradation.runs[1] = Self.run(16, residual: false, Self.near(4), test: Self.near(30))
    #expect(verdicts(findings)[4...5] == [.notHere, .notHere])
    #expect(DeeperNetworks.page(findings, RunRecord()).predictions[1].answer == "plain 8")
  }

  @Test("a deeper net that is worse and still gaining is partly")
  func stillFalling() throws {
    var findings = Self.findings()
    #expect(try claim("A deeper plain net", findings).verdict == .reproduced)
    findings.degradation.runs[1].errors = findings.degradation.runs[1].errors.map { [60, 50, 40, 30, 20, $0[5]] }
    let claim = try claim("A deeper plain net", findings)
    #expect(claim.verdict == .partly && claim.reason.hasSuffix("still gaining"))
  }

  @Test("an addition that mends, but leaves the deeper net behind the shallow one, is partly")
  func cure() throws {
    var findings = Self.findings()
    findings.degradation.runs[3] = Self.run(16, residual: true, Self.near(10), test: Self.near(12))
    let mended = try claim("The addition mends it", findings)
    #expect(
      mended.verdict == .partly && mended.measured.hasSuffix("5.5 ± 0.0 points more than the shallow residual net"))
    // In contrast, blocks that start as the identity are ahead.
    let zero = try claim("γ = 0", findings)
    #expect(
      zero.verdict == .reproduced && zero.measured == "1.3 ± 0.0 points less training error in the first 5 epochs")
  }

  @Test("an addition that helps on the training images alone is partly, and no use of depth is claimed")
  func newImages() throws {
    var findings = Self.findings()
    #expect(text(findings).contains("On new digits it does: 34 residual layers make fewer mistakes than 8"))
    findings.degradation.runs[3].testErrors = Summary([4, 7, 4.5])
    let mended = try claim("The addition mends it", findings)
    #expect(mended.verdict == .partly && mended.reason.hasPrefix("on the training images"))
    #expect(text(findings).contains("residual 34 is no better than residual 8, beyond chance"))
  }

  @Test("blocks that begin as the identity: within chance is undecided, behind is not here")
  func identity() throws {
    var findings = Self.findings()
    #expect(try claim("γ = 0", findings).verdict == .notHere)
    for (seed, first) in [6.0, 12, 9].enumerated() { findings.degradation.runs[4].errors[seed][0] = first }
    let within = try claim("γ = 0", findings)
    #expect(within.verdict == .notHere && within.reason.hasPrefix("no difference beyond chance; "))
  }

  @Test("where γ has hardly moved in either net, smaller responses are at most a part of the claim, larger ones none")
  func unmoved() throws {
    var findings = Self.findings()
    for (index, size) in [(1, 1.06), (3, 1.02)] {
      findings.degradation.runs[index].responses = Self.near(size, by: 0.001).values.map { [1.5, $0] }
    }
    let quieter = try claim("respond less", findings)
    #expect(quieter.verdict == .partly && quieter.reason.contains("has hardly moved"))
    findings.degradation.runs[3].responses = Self.near(1.1, by: 0.001).values.map { [1.5, $0] }
    #expect(try claim("respond less", findings).verdict == .notHere)
    findings.degradation.epochs = 4
    #expect(try claim("respond less", findings).verdict == .undecided)
  }

  @Test("branches that training silences make S1's claim; louder ones turn He's round")
  func responses() throws {
    var findings = Self.findings()
    for (size, verdict) in [
      (0.3, Claim.Verdict.partly), (0.02, .reproduced), (1.4, .notHere), (1.05, .undecided),
    ] {
      findings.degradation.runs[3] = Self.run(
        16, residual: true, Self.near(3), test: Self.near(4), responds: Self.near(size, by: 0.002))
      #expect(try claim("F(x) is driven", findings).verdict == verdict)
      #expect(try claim("respond less", findings).verdict == (size < 1.2 ? .reproduced : .notHere))
    }
  }

  @Test("a factor that is no better than no branches at all is not reproduced")
  func scaling() throws {
    var findings = Self.findings()
    findings.scaling.trainings[1].errors = Summary([30, 38, 41])
    #expect(try claim("factor 1/√L", findings).verdict == .notHere)
    findings.scaling.trainings[1].errors = Self.near(45)
    #expect(try claim("factor 1/√L", findings).verdict == .notHere)
  }

  @Test("what a square takes from the answer is told, a little of it too")
  func occlusion() {
    var findings = Self.findings()
    findings.slim.walk.largestFall = 0.63
    #expect(text(findings).contains("leaves the net 36 % sure of the 7, instead of 99 %"))
    findings.slim.walk.largestFall = 0.05
    #expect(text(findings).contains("leaves the net 94 % sure of the 7, instead of 99 %"))
  }

  @Test("families in small are told with the range of their errors, and no winner")
  func slim() {
    let findings = Self.findings()
    #expect(text(findings).contains("Three families in small: 3.0 to 6.0 % errors on made-up digits, after 2 epochs"))
    #expect(!text(findings).contains("is ahead on"))
  }

  @Test("families trained on photographs are told from this run, whatever the record had")
  func photographs() {
    var findings = Self.findings()
    findings.degradation.epochs = 4
    findings.slim.data = "CIFAR-10"
    findings.slim.epochs = 7
    let kept = KeptFindings(DeeperNetworks.chapter, RunRecord(date: "2026-11-28"), [], Self.findings())
    let text = DeeperNetworks.page(findings, RunRecord(), recorded: kept).text
    #expect(text.contains("CIFAR-10, after 7 epochs") && !text.contains("the three learn photographs instead"))
    findings.slim.data = "made-up digits"
    #expect(
      DeeperNetworks.page(findings, RunRecord(), recorded: kept).text.contains("made-up digits, after 2 epochs"))
  }

  @Test("counts that are wrong are told")
  func counts() {
    var findings = Self.findings()
    findings.sawtooth[7].difference = 0.5
    findings.blocks.bottleneck = [80_000]
    findings.families[10].multiplyAdds = 30_000_000_000
    findings.families[4].parameters += 1
    let claims = DeeperNetworks.claims(findings)
    #expect(claims[0].verdict == .notHere && claims[11].verdict == .notHere)
    #expect(claims[12].verdict == .partly && claims[12].reason == "not in multiply-adds")
    #expect(claims[13].verdict == .partly && claims[13].measured.hasPrefix("10 of 11"))
    let text = text(findings)
    #expect(text.contains("The bottleneck costs more than two 3×3 convolutions"))
    #expect(text.contains("ResNet-152 costs more than VGG-19"))
    #expect(text.contains("10 of 11 have the number of parameters"))
  }

  @Test("a photograph is kept with the findings, a byte for each pixel, and stands on the page")
  func photograph() throws {
    var findings = Self.findings()
    #expect(text(findings).contains("this chapter classifies a photograph of yours"))
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
        "sawtooth", "blocks", "degradation", "gradient-norms", "bottleneck", "occlusion", "landscape",
      ])
    #expect(page.claims == DeeperNetworks.claims(Self.findings()))
    #expect(
      page.predictions.map(\.answer) == [
        "256", "plain 34", "ten times as large or more",
      ])
  }
}
