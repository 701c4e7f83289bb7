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
    #expect(text.contains("After one epoch"))
    #expect(Self.stage(Self.near(1.16, by: 0.01)).text == "86 (45 to 163)")
    #expect(
      text.contains("The gradient vanishes in neither.") && text.contains("it grows more in the net that learns well"))
    #expect(abs(Self.stage(Self.near(1.16, by: 0)).factor.mean - 1.16) < 1e-9)
    findings.flow = flow(0.8, 1.2)
    text = self.text(findings)
    #expect(!text.contains("The gradient vanishes in neither"))
    #expect(text.contains("it grows more in the plain net"))
    findings.flow = flow(1, nil)
    #expect(self.text(findings).contains("Before training: how many times as large the gradient is"))
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
    return OwnRates(
      epochs: 20, keptBack: 2_000,
      rows: [
        row(16, false, near(9)), row(16, true, near(1)), row(3, false, near(2)), row(3, true, near(2)),
        row(16, false, identity, start: .identity), row(16, false, open, start: .open),
        row(16, false, even, even: true), row(16, true, near(1), scale: 0),
      ])
  }

  /// Nets beside the comparison, trained with a number of errors at the end.
  static func controls(_ rows: [(DeepNet, even: Bool, Summary)]) -> Controls {
    Controls(
      epochs: 20,
      rows: rows.map { .init(net: $0, isEven: $1, tried: [], trainingErrors: $2, testErrors: nil) })
  }
  @Test("a change closes the gap, a part of it, nothing, or leaves it undecided: by ratios")
  func remedies() throws {
    var findings = Self.findings()
    for (treated, direction, found) in [
      (Self.near(1), .above, "Without any addition, open ReLUs leave about as few mistakes."),
      (Self.near(5), .above, "Open ReLUs take a part of the gap away. Nothing that was tried replaces"),
      (Self.near(12), .below, "No change takes a part of the gap away beyond chance"),
      (Summary([1, 25, 3]), .withinChance, "No change takes a part of the gap away"),
    ] as [(Summary, Summary.Direction, String)] {
      findings.ownRates = Self.ownRates(even: Self.near(9), identity: Self.near(9), open: treated)
      #expect(findings.openReLUs?.remedy.factor.direction == direction)
      #expect(text(findings).contains(found))
    }
    #expect(DeeperNetworks.vanishing(findings).evidence == "it grows" && DeeperNetworks.vanishing(findings).isRuledOut)
    #expect(text(findings).contains("plain 34 made more mistakes than each of the others at any rate"))
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

  @Test("the deep plain net is told at the rate with fewer training errors, and every remedy is held against that")
  func beside() {
    var findings = Self.findings()
    findings.ownRates = Self.ownRates(even: Self.near(5), identity: Self.near(9))
    #expect(findings.oneSize?.remedy.answer == .narrows && findings.oneSize?.remedy.gain.mean == 4)
    func beside(_ errors: Summary) {
      findings.ownRates?.rows[0].beside = .init(
        rate: 0.01, run: Self.run(16, residual: false, errors, test: Self.near(20)))
    }
    beside(Self.near(5))
    #expect(findings.fair.deepPlain.trainingErrors.mean == 5)
    #expect(findings.oneSize?.remedy.answer == .stays)
    var page = text(findings)
    #expect(
      page.contains("Digits kept back chose 0.02 for plain 34") && page.contains("5.0 ± 0.1 % against 9.0 ± 0.1 %"))
    #expect(page.contains("Nothing that was tried replaces the addition"))
    beside(Self.near(12))
    page = text(findings)
    #expect(findings.fair.deepPlain.trainingErrors.mean == 9 && page.contains("The neighbouring rate, 0.01, was tried"))
  }

  @Test("what a linear layer reads is told in both directions")
  func handedOn() {
    var findings = Self.findings()
    findings.ownRates = Self.ownRates(even: Self.near(9), identity: Self.near(9), open: Self.near(5))
    for (residual, words) in [
      (24.0, "After all blocks of residual 34 only 24 %"), (90, "a linear layer reads no more."),
    ] {
      findings.readings = LinearReadings(
        trainingCount: 2_000, testCount: 2_000, blocks: [0, 16],
        nets: [(false, 90.0), (true, residual)].map {
          .init(net: DeepNet(blocks: 16, isResidual: $0), errors: [Self.near(20), Self.near($1)])
        })
      #expect(text(findings).contains(words))
    }
  }

  @Test("where more directions go with fewer mistakes a good start is told, else no more than what helps")
  func goodStart() throws {
    var findings = Self.findings()
    findings.ownRates = Self.ownRates(even: Self.near(9), identity: Self.near(9.5), open: Self.near(5))
    func net(_ channels: Int, _ start: DeepNet.Start?, residual: Bool = false, fades: Bool? = nil) -> DeepNet {
      DeepNet(blocks: 16, isResidual: residual, channels: channels, start: start, isFading: fades)
    }
    let wide = [(nil, 4.0), (.open, 2), (.near, 1)].map { (net(16, $0), false, Self.near($1)) }
    findings.controls = Self.controls(
      wide + [
        (net(16, nil, residual: true), false, Self.near(0.5)), (net(8, .rotation), false, Self.near(2)),
        (net(8, .near), false, Self.near(3)), (net(8, nil, residual: true, fades: true), false, Self.near(2)),
      ])
    func alike(_ directions: [Double]) -> Alikeness {
      let starts: [DeepNet.Start?] = [nil, .open, .near, nil]
      let nets = [8, 16].flatMap { channels in starts.indices.map { net(channels, starts[$0], residual: $0 == 3) } }
      return Alikeness(
        images: 64,
        nets: zip(nets, directions + directions).map {
          .init(net: $0, signals: Self.near(0.5), gradients: Self.near(0.5), directions: Self.near($1))
        })
    }
    #expect(DeeperNetworks.meaning(findings) == nil)
    findings.alikeness = alike([4, 6, 14, 19])
    var page = text(findings)
    #expect(
      page.contains("not clearly fewer than plain 34")
        && page.contains("Without any addition rotations leave 2.0 %, not 9.0 %."))
    #expect(page.contains("4 directions are left behind plain 34, – behind plain 8, 19 behind residual 34."))
    #expect(DeeperNetworks.takeaway(findings).contains("rotations leave 2.0 % of the training images wrong, not 9.0 %"))
    findings.alikeness = alike([4, 14, 6, 19])
    page = text(findings)
    #expect(DeeperNetworks.meaning(findings) == nil && page.contains("take a part of the gap away"))
  }

  @Test("a norm that shifts lets the gradient grow less; without a shift it is the theory of the plain layer")
  func shifted() {
    #expect(abs(GradientFindings.theory(shift: 0) - GradientFindings.theory) < 1e-9)
    #expect(abs(GradientFindings.theory(shift: 2) - 1.0088) < 1e-3)
  }

  @Test("vectors of one direction have the cosine 1, of none in common 0; additions let more directions through")
  func cosines() throws {
    #expect(abs(meanCosine([[1, 0], [2, 0]]) - 1) < 1e-9 && abs(meanCosine([[1, 0], [0, 3]])) < 1e-9)
    #expect(abs(meanCosine([[1, 0], [1, 1]]) - 0.5.squareRoot()) < 1e-6)
    let digits = DigitSets.synthetic(train: 64, validation: 10, test: 10).train
    let course = Course(data: digits, test: digits, epochs: 1, seeds: [1, 2])
    let found = try Alikeness(shallow: 1, deep: 12, course, images: 12) { _ in }
    let plain = try #require(found.net(DeepNet(blocks: 12, isResidual: false)))
    let residual = try #require(found.net(DeepNet(blocks: 12, isResidual: true)))
    #expect(residual.gradients.mean > plain.gradients.mean + 0.05, "\(residual) against \(plain)")
    let directions = try #require(residual.directions?.mean)
    #expect(try directions > 2 * #require(plain.directions?.mean) && directions < 8 * 49)
  }

  @Test("a linear layer reads the digit from a residual net before training, and hardly from a deep plain one")
  func readings() throws {
    let digits = DigitSets.synthetic(train: 300, validation: 10, test: 200)
    let course = Course(data: digits.train, test: digits.test, epochs: 1, seeds: [1])
    let found = try LinearReadings(shallow: 3, deep: 16, course) { _ in }
    let (plain, residual) = (found.net()?.errors.last, found.net(residual: true)?.errors.last)
    #expect(found.blocks == [0, 2, 4, 6, 8, 10, 12, 14, 16])
    #expect(plain.flatMap { plain in residual.map { plain.mean > $0.mean + 20 } } == true)
  }

  @Test("a net that begins as the identity hands each channel on")
  func start() {
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

  @Test("additions that fade out leave a plain net")
  func fading() throws {
    let digits = DigitSets.synthetic(train: 64, validation: 10, test: 10).train
    let course = Course(data: digits, test: digits, epochs: 2, seeds: [1])
    let net = DeepNet(blocks: 1, isResidual: true, isFading: true)
    let run = try DeepRun.train(net, course)
    let shares = run.model.buffers.filter { $0.name.hasSuffix(Fade.shareName) }.map(\.value.elements)
    #expect(shares == [[0]])
    let begun = try DeepRun.trainer(of: net, course, seed: 1).model.buffers.first { $0.name.hasSuffix(Fade.shareName) }
    #expect(begun?.value.elements == [1])
  }

  @Test("a net that begins with rotations keeps lengths, mixes channels, and has its own for each layer and seed")
  func rotations() {
    func middles(seed: UInt64) -> [String: [Float]] {
      let net = DeepNet(blocks: 2, isResidual: false, start: .rotation)
      var layers = net.layers
      var generator = SeededGenerator(seed: seed)
      layers.initialize(using: &generator)
      var found: [String: [Float]] = [:]
      layers.visitParameters { name, parameter in
        net.begin(name, &parameter, seed: seed)
        guard name.hasPrefix("block"), name.contains("conv") else { return }
        let kernels = parameter.value.elements
        #expect(kernels.indices.allSatisfy { $0 % 9 == 4 || kernels[$0] == 0 })
        found[name] = (0..<64).map { kernels[9 * $0 + 4] }
      }
      return found
    }
    let (first, second) = (middles(seed: 1), middles(seed: 2))
    #expect(first.count == 4 && Set(first.values).count == 4 && first != second)
    for matrix in first.values {
      for i in 0..<8 {
        for j in 0...i {
          let product = (0..<8).reduce(Float(0)) { $0 + matrix[8 * i + $1] * matrix[8 * j + $1] }
          #expect(abs(product - (i == j ? 1 : 0)) < 1e-5)
        }
      }
    }
  }
}
