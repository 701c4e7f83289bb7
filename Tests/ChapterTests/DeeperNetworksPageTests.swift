// Chapter 11: the claims and the page for different findings, right and wrong.

import Foundation
import Testing
import Workbook

@testable import ch11_deeper_networks

@Suite("Chapter 11: claims and page")
struct DeeperNetworksPageTests {
  private static let seeds = 3

  /// Three seeds with slightly different values.
  private static func near(_ value: Double, by spread: Double = 0.1) -> Summary {
    Summary([value - spread, value, value + spread])
  }

  /// Stacks that multiply the gradient by a factor in each layer.
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
      curves: Stack.usual.map { stack in
        let norm = Summary((factors[stack]?.values ?? []).map { 30 * log10($0) })
        return .init(stack: stack, norms: Array(repeating: norm, count: 30 / stack.layersPerBlock))
      })
  }

  /// A network with a number of errors at the end, on training images in test mode and during training.
  private static func run(
    _ blocks: Int, residual: Bool, _ errors: Summary, test: Summary, responds response: Summary = near(0.8, by: 0.01),
    scale: Float = 1
  ) -> DeepRun {
    DeepRun(
      net: DeepNet(blocks: blocks, isResidual: residual, branchScale: scale),
      errors: errors.values.map { [9, 8, 7, 6, $0 + 2, $0] }, trainingErrors: errors, testErrors: test,
      responses: response.values.map { [1.5, $0] }, parameters: 1_000 * blocks)
  }

  private static func slim(_ net: SlimNet, _ error: Double) -> SlimRun {
    SlimRun(
      net: net, rate: 0.01, depth: 8, parameters: 40_000, multiplyAdds: 1_500_000,
      trainingErrors: (0..<seeds).map { _ in [9, 3] }, testErrors: near(error).values.map { [10, $0] },
      finalTraining: near(2), seconds: 1)
  }

  private static let map = GreyPicture(stretching: [0, 0.5, 0.25, 1], width: 2, height: 2)

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
        seeds: seeds, epochs: 25, rate: 0.02, batch: 32, trainingCount: 2_000, testCount: 10_000,
        runs: [
          run(3, residual: false, near(5), test: near(6)),
          run(16, residual: false, near(24), test: near(30), responds: near(1.2, by: 0.01)),
          run(3, residual: true, near(4.5), test: near(5)), run(16, residual: true, near(3), test: near(4)),
          run(16, residual: true, near(3.3), test: near(4.2), scale: 0),
        ], rates: [.init(rate: 0.1, plain: near(70), residual: near(8))]),
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

  private func verdicts(_ findings: DeeperNetworks.Findings) -> [Claim.Verdict] {
    DeeperNetworks.claims(findings).map(\.verdict)
  }

  private func text(_ findings: DeeperNetworks.Findings) -> String {
    DeeperNetworks.page(findings, RunRecord()).text
  }

  private func claim(_ text: String, _ findings: DeeperNetworks.Findings) throws -> Claim {
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
    #expect(page.text.contains("What is the reason, then?"))
    #expect(page.text.contains("those of the recorded run"))
    #expect(page.claims == DeeperNetworks.claims(findings))
    let alone = DeeperNetworks.page(findings, RunRecord())
    #expect(!alone.text.contains("those of the recorded run") && !alone.text.contains("What is the reason, then?"))
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
    // Three seeds with such a spread refute nothing; a constant gradient does.
    #expect(verdicts(findings)[1...3] == [.undecided, .notHere, .notHere])
    #expect(DeeperNetworks.claims(findings)[3].reason.contains("vanishes"))
    findings.gradients.decays = [Self.decay(sigmoid: Self.near(1, by: 0.01))]
    #expect(verdicts(findings)[1] == .notHere)
  }

  @Test("a deeper net that is worse by less than the claim needs is partly, within chance undecided, better not here")
  func degradation() {
    var findings = Self.findings()
    findings.degradation.runs[1] = Self.run(16, residual: false, Self.near(5.6, by: 0.2), test: Self.near(7))
    #expect(verdicts(findings)[4...6] == [.partly, .partly, .reproduced])
    findings.degradation.runs[1] = Self.run(16, residual: false, Summary([4, 9, 5]), test: Self.near(30))
    #expect(verdicts(findings)[4...6] == [.undecided, .undecided, .undecided])
    #expect(!text(findings).contains("What is the reason, then?"))
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
    #expect(text(findings).contains("What is the reason, then?"))
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
    #expect(try claim("γ = 0", findings).verdict == .undecided)
  }

  @Test("layers that respond alike are told with the largest difference that there may be")
  func unmoved() throws {
    var findings = Self.findings()
    for (index, size) in [(1, 1.06), (3, 1.02)] {
      findings.degradation.runs[index].responses = Self.near(size, by: 0.001).values.map { [1.5, $0] }
    }
    let quieter = try claim("respond less", findings)
    #expect(quieter.verdict == .notHere && quieter.reason.hasPrefix("less by at most 4 %"))
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

  @Test("a factor that is no better than no branches at all is told as that")
  func scaling() throws {
    var findings = Self.findings()
    #expect(text(findings).contains("34.0 points (95 % interval 34.0 to 34.0) fewer mistakes than without them"))
    #expect(DeeperNetworks.page(findings, RunRecord()).predictions[3].answer == "α = 1/√4")
    findings.scaling.trainings[1].errors = Summary([30, 38, 41])
    #expect(text(findings).contains("errs alike, within chance"))
    #expect(DeeperNetworks.page(findings, RunRecord()).predictions[3].answer == "both alike, within chance")
    #expect(try claim("factor 1/√L", findings).verdict == .undecided)
    findings.scaling.trainings[1].errors = Self.near(45)
    #expect(try claim("factor 1/√L", findings).verdict == .notHere)
    #expect(text(findings).contains("The branches do harm here"))
    #expect(DeeperNetworks.page(findings, RunRecord()).predictions[3].answer == "α = 0: one layer is enough")
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
    var findings = Self.findings()
    #expect(text(findings).contains("Three families in small: 3.0 to 6.0 % errors on made-up digits after 2 epochs"))
    #expect(!text(findings).contains("is ahead on"))
    for index in 0..<3 { findings.slim.runs[index].finalTraining = Self.near(3) }
    #expect(!text(findings).contains("err more while training"))
    for index in 0..<2 { findings.slim.runs[index].trainingErrors = Array(repeating: [9, 6], count: Self.seeds) }
    #expect(text(findings).contains("AlexNet and VGG err more while training"))
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

  /// The state of a network whose gradient is multiplied by a factor in each layer.
  private static func stage(_ factor: Summary, blocks: Int = 16) -> GradientFlow.Stage {
    let norms = (0..<blocks).map { block in
      Summary(factor.values.map { Double(2 * (blocks - 1 - block)) * log10($0) })
    }
    return .init(norms: norms, weights: norms)
  }

  @Test("the gradient in the nets themselves is told with its growth before and after an epoch, in any direction")
  func flow() {
    var findings = Self.findings()
    func flow(_ before: Double, _ after: Double?) -> GradientFlow {
      GradientFlow(
        images: 128,
        nets: [false, true].map { isResidual in
          .init(
            net: DeepNet(blocks: 16, isResidual: isResidual),
            before: Self.stage(Self.near(isResidual ? 1.06 : before, by: 0.01)),
            after: after.map { Self.stage(Self.near(isResidual ? 1.07 : $0, by: 0.01)) })
        })
    }
    findings.flow = flow(1.16, 1.02)
    var text = text(findings)
    #expect(text.contains("Before training the gradient of plain 34 grows by 16 % a layer; after one epoch"))
    #expect(text.contains("The growth is then larger in the net that learns well"))
    #expect(abs(Self.stage(Self.near(1.16, by: 0)).factor.mean - 1.16) < 1e-9)
    findings.flow = flow(0.8, 1.2)
    text = self.text(findings)
    #expect(text.contains("shrinks by 20 % a layer; after one epoch it grows by 20 %"))
    #expect(text.contains("The plain net still has the larger growth"))
    findings.flow = flow(1, nil)
    #expect(self.text(findings).contains("plain 34 keeps its size, within chance"))
    #expect(!self.text(findings).contains("After one epoch a layer"))
  }

  /// The deep networks at their own rates, with a number of training errors at the end.
  private static func ownRates(even: Summary, identity: Summary, open: Summary = near(9)) -> OwnRates {
    func row(
      _ blocks: Int, _ isResidual: Bool, _ errors: Summary, even: Bool = false, start: DeepNet.Start? = nil,
      scale: Float = 1
    ) -> OwnRates.Row {
      var run = Self.run(blocks, residual: isResidual, errors, test: errors, scale: scale)
      run.net.start = start
      return .init(
        net: run.net, isEven: even,
        tried: [(0.01, 8.0), (0.02, 7), (0.04, 9)].map { rate, error in
          .init(
            rate: rate, kept: near(!isResidual && blocks > 3 ? 10 * error : error),
            training: near(error))
        }, run: run)
    }
    let begun = [(false, nil), (true, nil), (false, .identity)] as [(Bool, DeepNet.Start?)]
    return OwnRates(
      epochs: 20, keptBack: 2_000,
      rows: [
        row(16, false, near(9)), row(16, true, near(1)), row(3, false, near(2)), row(3, true, near(2)),
        row(16, false, identity, start: .identity), row(16, false, open, start: .open),
        row(16, false, even, even: true), row(16, true, near(1), scale: 0),
      ],
      begun: begun.map { isResidual, start in
        .init(
          net: DeepNet(blocks: 16, isResidual: isResidual, start: start), factor: near(1.1, by: 0.01),
          neighbours: near(0.3, by: 0.01))
      })
  }

  /// Nets beside the comparison, trained with a number of errors at the end.
  private static func controls(_ rows: [(DeepNet, even: Bool, Summary)]) -> Controls {
    Controls(
      epochs: 20,
      rows: rows.map { .init(net: $0, isEven: $1, tried: [], trainingErrors: $2, testErrors: nil) })
  }
  private static func change(_ name: String, in findings: DeeperNetworks.Findings) -> Change? {
    (findings.tried + findings.otherPairs + [findings.wideCopies, findings.fading].compactMap { $0 })
      .first { $0.name == name }
  }

  @Test("a change closes the gap, a part of it, nothing, or leaves it undecided")
  func remedies() throws {
    var findings = Self.findings()
    for (treated, isFewer, gap, takeaway) in [
      (Self.near(1), "yes", "0.0 (0.0 to 0.0)", "Without any addition open ReLUs leave as few mistakes."),
      (
        Self.near(5), "yes", "4.0 (4.0 to 4.0)",
        "Open ReLUs take a part of the gap away. Nothing that was tried replaces"
      ),
      (Self.near(12), "no, more", "11.0 (11.0 to 11.0)", "No single change takes a part of the gap away beyond chance"),
      (
        Summary([1, 25, 3]), "not beyond chance", "8.7 (−24.4 to 41.7)", "No single change takes a part of the gap away"
      ),
    ] {
      findings.ownRates = Self.ownRates(even: Self.near(9), identity: Self.near(9), open: treated)
      let open = try #require(Self.change("open ReLUs", in: findings))
      #expect(open.isFewer == isFewer && DeeperNetworks.points(open.remedy.rest) == gap)
      #expect(DeeperNetworks.takeaway(findings).contains(takeaway))
      #expect(text(findings).contains("Short answer: \(takeaway)"))
    }
    #expect(DeeperNetworks.cleared(findings).contains("before training it grows on its way to the first block"))
    #expect(text(findings).contains("Wider nets were not tried"))
    #expect(text(findings).contains("At its best rate plain 34 makes more mistakes than the others at any of theirs"))
    #expect(findings.ownRates?.row()?.rate == 0.02 && findings.ownRates?.row()?.isBracketed == true)
    #expect(
      findings.fair.deepPlain.trainingErrors.mean == 9 && findings.degradation.deepPlain.trainingErrors.mean == 24)
  }

  @Test("one answer is given only where near copies help, and exact copies, branches at 0 and even steps do not")
  func reading() {
    var findings = Self.findings()
    let near = DeepNet(blocks: 16, isResidual: false, start: .mixed)
    func reads(even: Double = 9, identity: Double = 9, open: Double = 5, near copies: Double = 3, zero: Double = 20)
      -> Bool
    {
      findings.ownRates = Self.ownRates(even: Self.near(even), identity: Self.near(identity), open: Self.near(open))
      // Of the deep residual net whose branches begin at 0: the first epoch.
      for seed in 0..<3 { findings.ownRates?.rows[7].run?.errors[seed][0] = zero }
      findings.controls = Self.controls([(near, false, Summary([copies - 0.1, copies + 0.1, copies]))])
      let isRead = DeeperNetworks.fitsReading(findings)
      #expect(text(findings).contains("pass on what it gets and add something of its own") == isRead)
      #expect(DeeperNetworks.takeaway(findings).contains("A likely reason") == isRead)
      return isRead
    }
    #expect(reads())
    #expect(!reads(even: 5))
    #expect(!reads(identity: 4))
    #expect(!reads(near: 5.02))
    #expect(!reads(zero: 9))
    #expect(!reads(open: 9))
  }

  @Test("wider nets are held against a residual net as wide; which change of a narrow one helps most is asked for")
  func wider() throws {
    var findings = Self.findings()
    findings.ownRates = Self.ownRates(even: Self.near(7), identity: Self.near(9), open: Self.near(6))
    findings.controls = Self.controls(
      [(false, 16, 5.0), (true, 16, 2), (false, 3, 1)].map { isResidual, blocks, errors in
        (DeepNet(blocks: blocks, isResidual: isResidual, channels: Controls.width), false, Self.near(errors))
      })
    let wide = try #require(Self.change("16 channels", in: findings))
    #expect(wide.isFewer == "yes" && DeeperNetworks.points(wide.remedy.rest) == "3.0 (3.0 to 3.0)")
    let page = DeeperNetworks.page(findings, RunRecord())
    #expect(page.predictions.contains { $0.answer == "open ReLUs" })
    #expect(page.text.contains("compared with a residual net of as many channels"))
    findings.ownRates = Self.ownRates(even: Self.near(3), identity: Self.near(9), open: Self.near(6))
    #expect(DeeperNetworks.page(findings, RunRecord()).predictions.contains { $0.answer == "steps of one size" })
  }

  @Test("an addition that fades out is needed at the start, in part throughout, throughout, or that is open")
  func fading() throws {
    var findings = Self.findings()
    findings.ownRates = Self.ownRates(even: Self.near(9), identity: Self.near(9))
    let net = Controls.fadingNet(16, Fading(from: 0, to: 10))
    for (treated, isFewer, finding, slide) in [
      (
        Self.near(1), "yes", "the second half of the training can do without the path",
        "needed only in the first half"
      ),
      (
        Self.near(4), "yes", "the second half of the training can nearly do without the path",
        "needed mainly in the first half"
      ),
      (Self.near(6), "yes", "a part throughout", "needed early and, in part, later"),
      (Self.near(11), "no, more", "so the path is needed throughout", "needed throughout"),
      (Summary([1, 25, 3]), "not beyond chance", "which does not decide how long", "No single change closes the gap"),
    ] {
      findings.controls = Self.controls([(net, false, treated)])
      #expect(Self.change("addition until epoch 10", in: findings)?.isFewer == isFewer)
      let page = DeeperNetworks.page(findings, RunRecord())
      #expect(page.text.contains(finding) && page.deck.contains { $0.title.hasSuffix(slide) })
    }
    #expect((5...10).map { Remedy.isUnequal($0, of: 10) } == [false, false, false, false, true, true])
    // One net that fails hides in the mean what the other nine agree on.
    let remedy = Remedy(
      usual: Summary((0..<10).map { 9 + 0.1 * Double($0) }), treated: Summary([2, 2, 2, 2, 2, 2, 2, 2, 2, 60]),
      residual: Summary((0..<10).map { 1 + 0.01 * Double($0) }))
    #expect(remedy.answer == .unclear && remedy.answerByCount == .narrows && remedy.isCounted && remedy.isMostlyGained)
    #expect(remedy.fewer == 9 && remedy.more == 10)
    let fading = Fading(from: 2, to: 10)
    #expect([0, 2, 6, 10, 15].map { fading.share(at: $0) } == [1, 1, 0.5, 0, 0])
  }

  @Test("two changes at once: as good as the addition, later, or not")
  func pairs() throws {
    var findings = Self.findings()
    findings.ownRates = Self.ownRates(even: Self.near(8), identity: Self.near(9), open: Self.near(5))
    let open = DeepNet(blocks: 16, isResidual: false, start: .open)
    let mixed = DeepNet(blocks: 16, isResidual: false, start: .mixed)
    for (errors, helps) in [(3.0, true), (5.02, false), (7, false)] {
      findings.controls = Self.controls([
        (open, true, Self.near(1)), (mixed, false, Summary([errors - 0.1, errors + 0.1, errors])),
      ])
      #expect(findings.helping.contains { $0.name == "near copies" } == helps)
    }
    let pair = try #require(Self.change("open ReLUs with steps of one size", in: findings))
    #expect(pair.remedy.answer == .closes && !pair.isSlower)
    #expect(text(findings).contains("Without any addition open ReLUs with steps of one size leave as few mistakes."))
    // As few errors in the end, but later than the residual net: that is no replacement.
    findings.ownRates?.rows[1].run?.errors = [[20, 5, 1, 1, 1, 1]]
    findings.controls?.rows[0].curve = [60, 50, 40, 30, 9, 1]
    #expect(text(findings).contains("leave as few mistakes, but they take longer"))
  }

  @Test("the deep plain net is told at the rate with fewer training errors, and every remedy is held against that")
  func beside() {
    var findings = Self.findings()
    findings.ownRates = Self.ownRates(even: Self.near(5), identity: Self.near(9))
    #expect(findings.ownRates?.evenSteps?.answer == .narrows)
    #expect(Self.change("steps of one size", in: findings)?.gained == "4.0 (4.0 to 4.0)")
    func beside(_ errors: Summary) {
      findings.ownRates?.rows[0].beside = .init(
        rate: 0.01, run: Self.run(16, residual: false, errors, test: Self.near(20)))
    }
    beside(Self.near(5))
    #expect(findings.fair.deepPlain.trainingErrors.mean == 5)
    #expect(findings.ownRates?.evenSteps?.answer == .stays)
    var page = text(findings)
    #expect(
      page.contains("Digits kept back chose 0.02 for plain 34") && page.contains("5.0 ± 0.1 % against 9.0 ± 0.1 %"))
    #expect(page.contains("Nothing that was tried replaces the addition"))
    beside(Self.near(12))
    page = text(findings)
    #expect(findings.fair.deepPlain.trainingErrors.mean == 9 && page.contains("The neighbouring rate, 0.01, was tried"))
  }

  @Test("rates are tried until worse ones lie on both sides of the best, or the list ends")
  func rates() {
    let list = [1.0, 2, 4, 8, 16]
    #expect(nextRate(of: list, from: 1..<4, tried: []) == 2)
    #expect(nextRate(of: list, from: 1..<4, tried: [(2, 9), (4, 5)]) == 8)
    #expect(nextRate(of: list, from: 1..<4, tried: [(2, 9), (4, 5), (8, 7)]) == nil)
    #expect(nextRate(of: list, from: 1..<4, tried: [(2, 4), (4, 5), (8, 7)]) == 1)
    #expect(nextRate(of: list, from: 1..<4, tried: [(1, 3), (2, 4), (4, 5), (8, 7)]) == nil)
    #expect(nextRate(of: list, from: 1..<4, tried: [(2, 9), (4, 5), (8, 3)]) == 16)
  }

  @Test("a net that begins as the identity hands its images on, and an open one keeps its weights")
  func start() throws {
    let digits = DigitSets.synthetic(train: 40, validation: 10, test: 10).train
    func likeness(_ start: DeepNet.Start?) -> Double {
      GradientNeighbours.likeness(
        in: DeepNet(blocks: 8, isResidual: false, start: start), digits, images: 8, seed: 1
      ).neighbours
    }
    #expect(likeness(.identity) > 0.3 + likeness(nil))
    var layers = DeepNet(blocks: 1, isResidual: false, start: .identity).layers
    var generator = SeededGenerator(seed: 1)
    layers.initialize(using: &generator)
    let net = DeepNet(blocks: 1, isResidual: false, start: .identity)
    layers.visitParameters { name, parameter in net.begin(name, &parameter) }
    layers.visitParameters { name, parameter in
      guard name.hasPrefix("block1.conv") else { return }
      #expect(parameter.value.elements.reduce(0, +) == 8 && parameter.value.elements[4] == 1)
    }
  }

  @Test("factors on the branches are told with α = 1, whichever is better")
  func factors() throws {
    var findings = Self.findings()
    func row(_ scale: Float, _ errors: Double) -> BranchFactors.Row {
      .init(
        scale: scale, dividesHead: false,
        tried: [(0.001, 9.0), (0.01, 5), (0.1, 8)].map { .init(rate: $0.0, kept: Self.near($0.1)) },
        errors: Self.near(errors), trainingErrors: Self.near(errors), diverged: 0, before: Self.near(0.2, by: 0.01),
        after: Self.near(0.4, by: 0.02))
    }
    findings.factors = BranchFactors(blocks: 4, epochs: 10, count: 1_000, rows: [row(0, 30), row(0.5, 2), row(1, 40)])
    var page = DeeperNetworks.page(findings, RunRecord())
    #expect(page.text.contains("with α = 1 there are 38.0 points") && page.figures.contains { $0.name == "factors" })
    #expect(try claim("factor 1/√L", findings).verdict == .reproduced)
    #expect(try claim("F(x) is driven", findings).verdict == .notHere)
    #expect(page.text.contains("training makes the branches larger, from 0.20 to 0.40"))
    findings.factors?.rows[2] = row(1, 1)
    page = DeeperNetworks.page(findings, RunRecord())
    #expect(page.text.contains("The factor does harm"))
    #expect(try claim("factor 1/√L", findings).verdict == .notHere)
    #expect(page.predictions.contains { $0.answer == "α = 1: a small rate makes up for it" })
  }

  @Test("nets trained to their end: degradation, slowness, or the deeper one ahead; the question says what stays open")
  func ending() {
    var findings = Self.findings()
    func ending(_ deep: Summary) -> LongTraining {
      LongTraining(
        epochs: 200,
        runs: [(3, Self.near(1)), (16, deep)].map { blocks, errors in
          .init(
            net: DeepNet(blocks: blocks, isResidual: false), errors: errors.values.map { [50, 20, $0] },
            trainingErrors: errors, testErrors: errors, losses: Self.near(0.1))
        })
    }
    #expect(text(findings).contains("this run can only rule answers out"))
    for (deep, title, takeaway) in [
      (Self.near(4), "too, the deeper plain net makes more training errors", "is still behind on its own images"),
      (Self.near(0.4), "the deeper plain net makes fewer training errors", "is ahead on its own images"),
      (
        Summary([0.5, 1.5, 1.2]), "have learned their images alike, within chance",
        "they learn their images as well as 8"
      ),
    ] {
      findings.ending = ending(deep)
      #expect(text(findings).contains(title))
      #expect(DeeperNetworks.takeaway(findings).contains(takeaway))
    }
  }

  @Test("steps made even have one size in every tensor")
  func even() throws {
    let digits = DigitSets.synthetic(train: 40, validation: 10, test: 10).train
    var model = try Model(DeepNet(blocks: 2, isResidual: false).layers, input: digits.sampleShape, seed: 1)
    var pass = Pass(.training)
    _ = model.step(digits.batch(first: 20), SoftmaxCrossEntropy(), in: &pass)
    EvenSteps.even(&model)
    model.visitParameters { name, parameter in
      let size = norm(parameter.gradient) / Double(parameter.gradient.count).squareRoot()
      #expect(abs(size - 1) < 1e-3, "\(name)")
    }
  }

  @Test("in the deep plain net itself the gradient grows towards the image before training")
  func flowMeasured() throws {
    let digits = DigitSets.synthetic(train: 64, validation: 10, test: 10).train
    let flow = try GradientFlow(
      blocks: 8, Course(data: digits, test: digits, epochs: 2, seeds: [1, 2, 3]), images: 32, trains: false)
    let (plain, residual) = (flow.net(residual: false)?.before, flow.net(residual: true)?.before)
    #expect(plain?.factor.direction(from: 1.05) == .above && plain?.norms.count == 8)
    #expect((residual?.factor.mean ?? 2) < (plain?.factor.mean ?? 0))
  }

  @Test("what neighbours have in common is told as it was measured")
  func neighbours() {
    func net(_ isResidual: Bool, _ cosines: [Double]) -> GradientNeighbours.Net {
      .init(
        net: DeepNet(blocks: 16, isResidual: isResidual), neighbours: Summary(cosines),
        strangers: Summary([0, 0.01, 0]))
    }
    var findings = Self.findings()
    findings.neighbours = GradientNeighbours(nets: [net(false, [0, 0.02, 0.01]), net(true, [0.3, 0.4, 0.35])])
    var page = DeeperNetworks.page(findings, RunRecord())
    #expect(page.figures.map(\.name).contains("neighbours"))
    #expect(page.text.contains("With additions, neighbours keep more of their gradient in common"))
    #expect(page.text.contains("plain 0.01 ± 0.01, residual 0.35 ± 0.05"))
    findings.neighbours?.nets[1] = net(true, [-0.5, 0.5, 0])
    page = DeeperNetworks.page(findings, RunRecord())
    #expect(page.text.contains("plain and residual: no difference beyond chance"))
  }

  @Test("a deep plain net forgets what neighbours have in common, a residual one does not")
  func likeness() throws {
    let digits = DigitSets.synthetic(train: 40, validation: 10, test: 10).train
    func cosine(_ isResidual: Bool) -> Double {
      Summary(
        (1...3).map {
          GradientNeighbours.likeness(in: DeepNet(blocks: 8, isResidual: isResidual), digits, images: 8, seed: $0)
            .neighbours
        }
      ).mean
    }
    #expect(cosine(true) > 0.15 + cosine(false))
  }

  /// Nets on photographs: the errors of the plain ones and of the residual ones, the deepest first.
  private static func depth(_ plain: [Double], _ residual: [Double], seeds: Int = 3) -> DepthFindings {
    DepthFindings(
      data: "photographs", trainingCount: 10_000, keptBack: 2_000, testCount: 10_000, side: 16, epochs: 8,
      trialEpochs: 2,
      rows: [5, 3, 1].suffix(plain.count).enumerated().flatMap { place, blocks in
        [(false, plain), (true, residual)].map { isResidual, errors in
          let values = Array(Self.near(errors[place]).values.prefix(seeds))
          return .init(
            net: PhotographNet(blocks: blocks, isResidual: isResidual), rates: [0.02, 0.04], trials: [60, 50],
            curves: values.map { [$0] }, trainingErrors: Summary(values), testErrors: Summary(values))
        }
      })
  }

  @Test("whether depth pays on photographs is told in every direction, and not by one seed")
  func depth() throws {
    var findings = Self.findings()
    findings.depth = Self.depth([50, 40, 45], [30, 35, 40])
    var text = text(findings)
    #expect(text.contains("32 residual layers make 10.0 points fewer."))
    #expect(
      text.contains("32 plain layers make 5.0 points more mistakes on new photographs than 8, and more on their own"))
    findings.depth = Self.depth([40, 42, 45], [40, 40, 40])
    text = self.text(findings)
    #expect(text.contains("32 residual layers err like 8, within chance") && !text.contains("more on their own"))
    findings.depth = Self.depth([60, 52, 45], [42, 41, 40])
    #expect(self.text(findings).contains("32 residual layers make 2.0 points more. There the addition saves 18.0"))
    findings.depth = Self.depth([50, 40, 45], [30, 35, 40], seeds: 1)
    #expect(!self.text(findings).contains("photographs kept back"))
  }

  @Test("the longer training on photographs is told in every direction, in lead, figure and takeaway")
  func longDepth() {
    var findings = Self.findings()
    findings.degradation.runs[3].testErrors = Summary([4, 7, 4.5])
    findings.depth = Self.depth([60, 52, 45], [42, 41, 40])
    let lead = { DeeperNetworks.lead(findings) }
    let told = { [lead(), self.text(findings), DeeperNetworks.takeaway(findings)] }
    for (plain, residual, parts) in [
      (
        [27.0, 25], [22.0, 24],
        [
          "20 such layers make 2.0 points fewer mistakes than 8. Plain layers make more",
          "Depth needs additions, then, and a longer training", "Depth needs time and additions",
        ]
      ),
      (
        [24, 25], [22, 24],
        ["Plain layers gain, too", "Depth needs a longer training, then", "20 residual layers make 2.0 points fewer"]
      ),
      (
        [25, 25], [22, 24],
        ["Plain layers gain nothing", "20 plain layers err like 8", "Depth needs time and additions"]
      ),
      (
        [27, 25], [25, 24],
        ["they never did", "So depth pays in neither training here", "In our trainings depth never paid"]
      ),
      (
        [27, 25], [24, 24],
        ["they never did", "So here depth has not paid, beyond chance", "In our trainings depth never paid"]
      ),
    ] {
      findings.longDepth = Self.depth(plain, residual)
      for (text, part) in zip(told(), parts) { #expect(text.contains(part), "\(part)") }
      #expect(lead().count <= 300)
    }
    // Two seeds decide nothing.
    findings.longDepth = Self.depth([27, 25], [22, 24], seeds: 2)
    #expect(lead().contains("In our short trainings they do not"))
    #expect(text(findings).contains("with only 2 seeds, which decides nothing, residual nets go from 24.0 % with 8"))
    #expect(
      DeeperNetworks.depthTitle(Self.depth([60, 52, 45], [42, 41, 40]), findings.longDepth).contains("In 8 epochs"))
  }

  @Test("photographs of half the side have the means of four pixels; the nets have their layers")
  func photographNets() throws {
    let pixels = (0..<3 * 16).map { UInt8($0) }
    let small = halved(Dataset(name: "x", pixels: pixels, labels: [0], imageShape: [3, 4, 4], classCount: 10))
    #expect(small.imageShape == [3, 2, 2] && Array(small.pixels.prefix(4)) == [3, 5, 11, 13])
    for net in PhotographNet.all {
      #expect(weightedLayers(net.layers) == net.depth)
      #expect(try net.layers.outputShape(for: [3, 16, 16]) == [10])
    }
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = DeeperNetworks.page(Self.findings(), RunRecord())
    #expect(
      page.figures.map(\.name) == [
        "sawtooth", "blocks", "degradation", "gradient-norms", "branch-scale", "bottleneck", "families", "slim",
        "occlusion", "landscape",
      ])
    #expect(page.claims == DeeperNetworks.claims(Self.findings()))
    #expect(
      page.predictions.map(\.answer) == [
        "256", "plain 34", "ten times as large or more", "α = 1/√4",
      ])
  }
}
