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
    #expect(text.contains("The growth is then larger in the net that learns well"))
    #expect(abs(Self.stage(Self.near(1.16, by: 0)).factor.mean - 1.16) < 1e-9)
    findings.flow = flow(0.8, 1.2)
    text = self.text(findings)
    #expect(text.contains("shrinks on its way back; after one epoch it grows by 20 % a layer"))
    #expect(text.contains("The plain net still has the larger growth"))
    findings.flow = flow(1, nil)
    #expect(self.text(findings).contains("plain 34 keeps its size, within chance"))
    #expect(!self.text(findings).contains("After one epoch a layer"))
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

  @Test("a change closes the gap, a part of it, nothing, or leaves it undecided")
  func remedies() throws {
    var findings = Self.findings()
    for (treated, isFewer, gap, takeaway) in [
      (Self.near(1), "yes", "0.0 (0.0 to 0.0)", "Without any addition, open ReLUs leave as few mistakes."),
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
      #expect(text(findings).contains(takeaway))
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
      #expect(text(findings).contains("Our reading, a guess") == isRead)
      #expect(DeeperNetworks.takeaway(findings).contains("Why is a guess") == isRead)
      return isRead
    }
    #expect(reads())
    #expect(!reads(even: 5))
    #expect(!reads(identity: 4))
    #expect(!reads(near: 5.02))
    #expect(!reads(zero: 9))
    #expect(!reads(open: 9))
    // The growth of the gradient: undecided where steps of one size gain nothing beyond chance.
    #expect(reads() && text(findings).contains("The growing gradient: undecided."))
    #expect(text(findings).contains("Open ReLUs gain 4.0 points more"))
    _ = reads(even: 5)
    #expect(text(findings).contains("The growing gradient: a part of the reason. Steps of one size gain 4.0 points"))
    #expect(text(findings).contains("Open ReLUs gain about the same, 4.0; our seeds"))
  }

  @Test("growth and cosine before training stand in a fold; whether the cosine orders the nets is told")
  func ordering() {
    var findings = Self.findings()
    findings.ownRates = Self.ownRates(even: Self.near(9), identity: Self.near(9), open: Self.near(5))
    findings.controls = Self.controls([
      (DeepNet(blocks: 16, isResidual: false, channels: Controls.width), false, Self.near(3)),
      (DeepNet(blocks: 16, isResidual: true, channels: Controls.width), false, Self.near(1)),
    ])
    #expect(!text(findings).contains("do not order the nets"))
    for (net, cosine) in [
      (DeepNet(blocks: 16, isResidual: false, start: .open), 0.6),
      (DeepNet(blocks: 16, isResidual: false, channels: Controls.width), 0.01),
    ] {
      findings.ownRates?.begun?.append(
        .init(net: net, factor: Self.near(1.1, by: 0.01), neighbours: Self.near(cosine, by: 0.01)))
    }
    let page = text(findings)
    #expect(
      page.contains("do not order the nets by what they learn (fold Growth and shattered gradients before training)"))
    #expect(page.contains("But growth is not all: with 16 channels the gradient grows as much, yet the net learns"))
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
        Self.near(1), "yes", "The second half of the training can do without the shortcut",
        "needed only in the first half"
      ),
      (
        Self.near(4), "yes", "The second half of the training can nearly do without the shortcut",
        "needed mainly in the first half"
      ),
      (Self.near(6), "yes", "a part throughout", "needed early and, in part, later"),
      (Self.near(11), "no, more", "So the shortcut is needed throughout", "needed throughout"),
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
    #expect(Self.change("steps of one size", in: findings)?.gained == "4.00 (4.00 to 4.00)")
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
}
