// Chapter 11: why the deep net is slow, for different findings.

import Foundation
import Testing
import Workbook

@testable import ch11_deeper_networks

extension DeeperNetworksPageTests {
  /// The state of a network whose gradient is multiplied by a factor in each layer.
  static func stage(_ factor: Summary, blocks: Int = 16) -> GradientFlow.Stage {
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
    #expect(text.contains("Before training the gradient of plain 34 grows on its way back; after one epoch"))
    #expect(text.contains("it grows more in the net that learns well"))
    #expect(abs(Self.stage(Self.near(1.16, by: 0)).factor.mean - 1.16) < 1e-9)
    findings.flow = flow(0.8, 1.2)
    text = self.text(findings)
    #expect(text.contains("shrinks on its way back; after one epoch it grows by 20 % a layer"))
    #expect(text.contains("it grows more in the plain net"))
    findings.flow = flow(1, nil)
    #expect(self.text(findings).contains("plain 34 keeps its size, within chance"))
    #expect(!self.text(findings).contains("After one epoch"))
  }

  /// The deep networks at their own rates, with a number of training errors at the end.
  static func ownRates(even: Summary, identity: Summary, open: Summary = near(9)) -> OwnRates {
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
  static func controls(_ rows: [(DeepNet, even: Bool, Summary)]) -> Controls {
    Controls(
      epochs: 20,
      rows: rows.map { .init(net: $0, isEven: $1, tried: [], trainingErrors: $2, testErrors: nil) })
  }
  static func change(_ name: String, in findings: DeeperNetworks.Findings) -> Change? {
    (findings.tried + findings.otherPairs + [findings.wideCopies, findings.fading].compactMap { $0 })
      .first { $0.name == name }
  }

  @Test("a change closes the gap, a part of it, nothing, or leaves it undecided: by ratios")
  func remedies() throws {
    var findings = Self.findings()
    for (treated, direction, gap, takeaway) in [
      (Self.near(1), .above, "0.0 (0.0 to 0.0)", "Without any addition, open ReLUs leave as few mistakes."),
      (
        Self.near(5), .above, "4.0 (4.0 to 4.0)",
        "Open ReLUs take a part of the gap away. Nothing that was tried replaces"
      ),
      (
        Self.near(12), .below, "11.0 (11.0 to 11.0)",
        "No single change takes a part of the gap away beyond chance"
      ),
      (
        Summary([1, 25, 3]), .withinChance, "8.7 (−24.4 to 41.7)",
        "No single change takes a part of the gap away"
      ),
    ] as [(Summary, Summary.Direction, String, String)] {
      findings.ownRates = Self.ownRates(even: Self.near(9), identity: Self.near(9), open: treated)
      let open = try #require(Self.change("open ReLUs", in: findings))
      #expect(open.remedy.factor.direction == direction && DeeperNetworks.points(open.remedy.rest) == gap)
      #expect(DeeperNetworks.takeaway(findings).contains(takeaway))
      #expect(text(findings).contains(takeaway))
    }
    #expect(DeeperNetworks.vanishing(findings).evidence == "it grows" && DeeperNetworks.vanishing(findings).isRuledOut)
    #expect(text(findings).contains("Wider nets were not tried"))
    #expect(text(findings).contains("At its best rate plain 34 makes more mistakes than the others at any of theirs"))
    #expect(findings.ownRates?.row()?.rate == 0.02 && findings.ownRates?.row()?.isBracketed == true)
    #expect(
      findings.fair.deepPlain.trainingErrors.mean == 9 && findings.degradation.deepPlain.trainingErrors.mean == 24)
  }

  @Test("ratios are symmetric, no mistake counts as half an image, and a seed that fails hides no other")
  func ratios() {
    let (plain, changed) = (Summary([6, 8, 15, 7, 6, 9]), Summary([3, 4, 6, 4, 3, 5]))
    let (factor, inverse) = (Ratio(plain, over: changed), Ratio(changed, over: plain))
    #expect(abs(factor.value * inverse.value - 1) < 1e-9 && factor.direction == .above && inverse.direction == .below)
    #expect(abs(Ratio(Summary([1, 1, 1]), over: Summary([0, 0, 0])).value * Ratio.least - 1) < 1e-9)
    // In points the third seed would widen the interval beyond 0.
    #expect((plain - changed).direction(among: Remedy.tried) == .withinChance)
  }

  @Test("each suspect has a verdict, and copies are held against rotations")
  func suspects() throws {
    var findings = Self.findings()
    func verdict(_ name: String) -> String? { DeeperNetworks.suspects(findings).first { $0.name == name }?.verdict }
    func net(_ start: DeepNet.Start, _ errors: Double) -> (DeepNet, even: Bool, Summary) {
      (
        DeepNet(blocks: 16, isResidual: false, start: start), false,
        Summary([errors - 0.05, errors + 0.05, errors])
      )
    }
    for (even, open, copies, rotations, told) in [
      (9, 5, 3, 3, ["open", "the change helps", "no sign of it"]),
      (5, 9, 3, 4.5, ["the change helps", "open", "the change helps"]),
      (12, 12, 3, 2, ["no reason", "no reason", "no reason"]),
    ] as [(Double, Double, Double, Double, [String])] {
      findings.ownRates = Self.ownRates(even: Self.near(even), identity: Self.near(12), open: Self.near(open))
      findings.controls = Self.controls([net(.mixed, copies), net(.mixedRotation, rotations), net(.rotation, 4)])
      #expect(
        ["a gradient that grows", "ReLUs that cut off half", "a start far from a copy"].map { verdict($0) } == told)
      #expect(verdict("overfitting") == "ruled out" && verdict("a wrong learning rate") == "ruled out")
      #expect(verdict("a gradient that vanishes") == "ruled out, with a norm")
    }
    for (rotations, answer) in [(4, "exact rotations"), (12, "as many, within chance"), (30, "exact copies")] {
      findings.controls = Self.controls([net(.rotation, Double(rotations))])
      #expect(DeeperNetworks.page(findings, RunRecord()).predictions.contains { $0.answer == answer })
      #expect(DeeperNetworks.needsNoCopy(findings) == (rotations == 4))
    }
    findings.controls = Self.controls([net(.rotation, 4)])
    findings.ownRates = Self.ownRates(even: Self.near(9), identity: Self.near(12), open: Self.near(5))
    #expect(text(findings).contains("Exact copies, the closest ones, make 2.4"))
    #expect(text(findings).contains("They lack that channels mix: exact rotations make"))
  }

  @Test("growth and cosine before training stand in a fold; whether the cosine orders the nets is told")
  func ordering() {
    var findings = Self.findings()
    findings.ownRates = Self.ownRates(even: Self.near(9), identity: Self.near(9), open: Self.near(5))
    findings.controls = Self.controls([
      (DeepNet(blocks: 16, isResidual: false, channels: Controls.width), false, Self.near(3)),
      (DeepNet(blocks: 16, isResidual: true, channels: Controls.width), false, Self.near(1)),
    ])
    #expect(!text(findings).contains("not order the nets"))
    for (net, cosine) in [
      (DeepNet(blocks: 16, isResidual: false, start: .open), 0.6),
      (DeepNet(blocks: 16, isResidual: false, channels: Controls.width), 0.01),
    ] {
      findings.ownRates?.begun?.append(
        .init(net: net, factor: Self.near(1.1, by: 0.01), neighbours: Self.near(cosine, by: 0.01)))
    }
    #expect(text(findings).contains("But the cosine does not order the nets"))
    let suspects = DeeperNetworks.suspects(findings)
    #expect(suspects.contains { $0.verdict == "do not order the nets" })
    #expect(suspects.contains { $0.evidence.hasSuffix("with 16 channels it grows as much") })
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
    #expect(wide.remedy.factor.direction == .above && DeeperNetworks.points(wide.remedy.rest) == "3.0 (3.0 to 3.0)")
    let page = DeeperNetworks.page(findings, RunRecord())
    #expect(page.predictions.contains { $0.answer == "16 channels" })
    #expect(page.text.contains("compared with a residual net of as many channels"))
    findings.ownRates = Self.ownRates(even: Self.near(3), identity: Self.near(9), open: Self.near(6))
    #expect(DeeperNetworks.page(findings, RunRecord()).predictions.contains { $0.answer == "steps of one size" })
  }

  @Test("an addition that fades out is needed at the start, in part throughout, throughout, or that is open")
  func fading() throws {
    var findings = Self.findings()
    findings.ownRates = Self.ownRates(even: Self.near(9), identity: Self.near(9))
    let net = Controls.fadingNet(16, Fading(from: 0, to: 10))
    for (treated, finding) in [
      (Self.near(1), "The second half of the training can do without the shortcut"),
      (Self.near(4), "A shortcut for 10 of 20 epochs helps, but less than one throughout"),
      (Self.near(11), "With a shortcut that goes, there is no gain beyond chance"),
      (Summary([1, 25, 3]), "which does not decide how long"),
    ] {
      findings.controls = Self.controls([(net, false, treated)])
      #expect(DeeperNetworks.fadingFinding(findings)?.contains(finding) == true)
      #expect(text(findings).contains(finding))
    }
    // One net that fails does not hide what the other nine agree on.
    let remedy = Remedy(
      usual: Summary((0..<10).map { 9 + 0.1 * Double($0) }), treated: Summary([2, 2, 2, 2, 2, 2, 2, 2, 2, 30]),
      residual: Summary((0..<10).map { 1 + 0.01 * Double($0) }))
    #expect(remedy.answer == .narrows && remedy.gain.direction(among: Remedy.tried) == .withinChance)
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
    #expect(text(findings).contains("Without any addition, open ReLUs with steps of one size leave as few mistakes."))
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
    #expect(
      Self.change("steps of one size", in: findings).map { DeeperNetworks.points($0.remedy.gain) }
        == "4.0 (4.0 to 4.0)")
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

  @Test("a net that begins with rotations keeps lengths, mixes channels, and has its own for each layer and seed")
  func rotations() {
    func middles(_ start: DeepNet.Start, seed: UInt64) -> [String: [Float]] {
      let net = DeepNet(blocks: 2, isResidual: false, start: start)
      var layers = net.layers
      var generator = SeededGenerator(seed: seed)
      layers.initialize(using: &generator)
      var found: [String: [Float]] = [:]
      layers.visitParameters { name, parameter in
        net.begin(name, &parameter, seed: seed)
        guard name.hasPrefix("block"), name.contains("conv") else { return }
        let kernels = parameter.value.elements
        if start == .rotation { #expect(kernels.indices.allSatisfy { $0 % 9 == 4 || kernels[$0] == 0 }) }
        found[name] = (0..<64).map { kernels[9 * $0 + 4] }
      }
      return found
    }
    let (first, second) = (middles(.rotation, seed: 1), middles(.rotation, seed: 2))
    #expect(first.count == 4 && Set(first.values).count == 4 && first != second)
    for matrix in first.values {
      for i in 0..<8 {
        for j in 0...i {
          let product = (0..<8).reduce(Float(0)) { $0 + matrix[8 * i + $1] * matrix[8 * j + $1] }
          #expect(abs(product - (i == j ? 1 : 0)) < 1e-5)
        }
      }
    }
    #expect(middles(.mixedRotation, seed: 1) != first)
  }
}
