// Chapter 10: what its claims and its page make of findings, right ones and wrong ones.

import Foundation
import Testing
import Workbook

@testable import ch10_lenet

@Suite("Chapter 10: claims and page")
struct LeNetPageTests {
  private static let seeds = [1, 2, 3] as [UInt64]

  /// Three runs that end at these errors, after twice as many in the first epoch.
  private static func results(
    _ name: String, _ errors: [Double], share: Double = 0.05, halfway: Double = 1, growth: Double = 1
  ) -> VariantResults {
    VariantResults(
      name: name, stem: name.lowercased(), color: 0, activation: name == "LeNet-5" ? "tanh" : "relu",
      hasPublishedSlope: name.hasSuffix("σ′"), hasSoftmax: name.hasSuffix("+"),
      runs: zip(seeds, errors).map { seed, error in
        RunFindings(
          seed: seed, errors: [2 * error, error], finalError: error, finalLoss: 0.1, fastestEpoch: 3, secondsBefore: 2,
          story: GradientStory(
            layers: ["conv1", "fc3"], beginning: [share, 0.3], end: [0.3, 0.2], recovery: halfway, halfShare: 0.125,
            halfway: halfway), growth: growth + 0.01 * Double(seed))
      })
  }

  private static func findings() -> VariantFindings {
    let bitmap = Bitmap(width: 1, height: 1, pixels: Data([51]))
    var confusion = (0...9).map { row in (0...9).map { $0 == row ? 99 : 0 } }
    confusion[4][9] = 7
    return VariantFindings(
      data: "made-up digits", trainingCount: 60_000, testCount: 997, epochs: 2, seeds: seeds, batch: 32, rate: 0.02,
      isTrained: true,
      layers: [.init(name: "conv1", kind: "Conv2D", output: [6, 28, 28], parameters: 156, multiplyAdds: 9)],
      total: .init(name: "", kind: "", output: [10], parameters: 61_706, multiplyAdds: 416_520),
      results: [
        results("LeNet-5", [1.4, 1.3, 1.4], halfway: 6), results("LeNet-5, published σ′", [1.1, 1.2, 1.1]),
        results("LeNet-5+", [0.9, 1, 0.9], growth: 1.7), results("LeNet-5++", [0.6, 0.7, 0.6]),
      ],
      gradients: ["LeNet-5", "LeNet-5+"].map {
        .init(name: $0, layers: ["conv1", "fc3"], times: [0.5, 1], values: [[0.1, 0.2], [0.9, 0.8]])
      },
      drifts: ["LeNet-5+", "LeNet-5++"].map { .init(name: $0, layers: ["act1"], times: [], values: [[1, 1.5]]) },
      best: BestRun(
        seed: 1, confusion: confusion, mistakes: [.init(truth: 4, answer: 9, bitmap: bitmap)],
        kernels: [.init(width: 1, height: 1, weights: [-0.5])], maps: (0...9).map { _ in [bitmap, bitmap] }),
      reading: nil)
  }

  private func claims(_ findings: VariantFindings) -> [Claim] { LeNet.claims(.variants(findings)) }
  private func page(_ findings: VariantFindings) -> Page { LeNet.page(.variants(findings), RunRecord()) }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = claims(Self.findings())
    #expect(claims.map(\.verdict) == Array(repeating: .reproduced, count: 8))
    #expect(claims.allSatisfy { $0.measurement?.seeds == 3 && $0.measurement?.text == $0.measured })
    #expect(claims[0].measured == "1.87 ± 0.12 % against 2.73 ± 0.12 %" && claims[0].reason == "after 1 epoch")
    #expect(claims[5].measured == "conv1 5.00 ± 0.00 %, fc3 30.0 ± 0.0 % of the sum")
    #expect(
      claims[6].measured
        == "epochs to half its way up: 1.0 ± 0.0, tanh 6.0 ± 0.0; to half of an equal share of the four hidden layers: 1.0 ± 0.0, tanh 6.0 ± 0.0"
    )
    #expect(claims[7].measured == "grown to 1.72 ± 0.01 times without, 1.02 ± 0.01 times with")
  }

  @Test("a lead within chance is not here, and neither is one the other way round")
  func order() {
    var findings = Self.findings()
    findings.results[2] = Self.results("LeNet-5+", [0.5, 1.5, 1.2], growth: 1.7)
    let claims = claims(findings)
    #expect(claims[1].verdict == .notHere && claims[1].reason == "no difference beyond chance")
    findings.results[3] = Self.results("LeNet-5++", [3, 3.1, 3.2])
    let other = self.claims(findings)
    #expect(other[4].verdict == .notHere && other[4].reason == "the other way round, by more than chance")
    let page = page(findings)
    #expect(page.text.contains("Batch normalization on top raises it"))
    #expect(page.predictions[0].answer == "LeNet-5+")
  }

  @Test("two runs decide nothing")
  func undecided() {
    var findings = Self.findings()
    findings.seeds.removeLast()
    for index in findings.results.indices { findings.results[index].runs.removeLast() }
    let claims = claims(findings)
    #expect(claims.allSatisfy { $0.verdict == .undecided })
    #expect(claims[0].reason == "one direction in 2 runs; a verdict needs three")
  }

  @Test("gradients that do not fade, layers that never get their share, inputs that keep their spread")
  func inside() {
    var findings = Self.findings()
    findings.results[0] = Self.results("LeNet-5", [1.4, 1.3, 1.4], share: 0.4)
    for index in findings.results[2].runs.indices { findings.results[2].runs[index].story?.recovery = nil }
    findings.results[3] = Self.results("LeNet-5++", [0.6, 0.7, 0.6], growth: 1.7)
    var claims = claims(findings)
    #expect(claims[5].verdict == .notHere && claims[5].reason == "conv1 has no less than fc3")
    #expect(claims[6].verdict == .notHere && claims[6].measurement == nil)
    #expect(claims[6].measured.contains("four hidden layers: never, tanh 1.0 ± 0.0"))
    #expect(claims[7].verdict == .partly)
    findings.results[2] = Self.results("LeNet-5+", [0.9, 1, 0.9], growth: 0.98)
    claims = self.claims(findings)
    #expect(claims[7].verdict == .notHere && claims[7].reason == "they hardly grow without it")
    #expect(page(findings).text.contains("LeNet-5+: the spread of the activation inputs stays at 0.99 times"))
  }

  @Test("a wrong derivative that does not help is told so, and changes no order")
  func wrongDerivative() {
    var findings = Self.findings()
    #expect(page(findings).text.contains("The wrong one learns faster"))
    findings.results[1] = Self.results("LeNet-5, published σ′", [2, 2, 2])
    #expect(page(findings).text.contains("In this run the wrong one is no faster"))
    findings.results[1] = Self.results("LeNet-5, published σ′", [0.8, 0.8, 0.8])
    #expect(page(findings).text.contains("The mistake changes the order of the three rows here"))
  }

  @Test("one network alone has a page without a comparison, and no claims about others")
  func alone() {
    var findings = Self.findings()
    findings.results = [findings.results[3]]
    findings.gradients = nil
    findings.drifts = []
    findings.reading = Reading(
      digit: 7, outputs: (0...9).map { $0 == 7 ? 0.91 : 0.01 }, bitmap: findings.best.mistakes[0].bitmap)
    let page = page(findings)
    #expect(page.claims.isEmpty && page.predictions.isEmpty)
    #expect(page.text.contains("LeNet-5++ reads a 7, with 91 %"))
    #expect(page.text.contains("leave --model out"))
  }

  @Test("with --mine the page is that of the reader's layers, and has no claims")
  func mine() {
    var findings = MineFindings(
      data: "made-up digits", name: "LeNet-5+",
      layers: [
        .init(name: "conv1", kind: "YourConv2D", isYours: true), .init(name: "fc1", kind: "Dense", isYours: false),
      ], unused: [.init(label: "9.2", reason: "not attempted")], imageCount: 128, batch: 8, epochs: 2,
      yours: .init(losses: [2.3, 1], error: 0.5, seconds: 60), ours: .init(losses: [2.3, 1], error: 0.5, seconds: 2))
    let page = LeNet.page(.mine(findings), RunRecord())
    #expect(page.claims.isEmpty && page.figures.map(\.name) == ["mine"])
    #expect(page.text.contains("1 of 2 are yours") && page.text.contains("exercise 9.2 (not attempted)"))
    #expect(page.text.contains("here 30 times"))
    findings.yours.losses[1] = 1.5
    #expect(
      LeNet.page(.mine(findings), RunRecord()).text.contains(
        "Your layers learn differently: the losses differ by up to 0.5"))
  }

  @Test("findings come back from their file, pictures byte for byte")
  func kept() throws {
    let data = try JSONEncoder.ofRecords.encode(LeNet.Findings.variants(Self.findings()))
    let kept = try JSONDecoder.ofRecords.decode(LeNet.Findings.self, from: data)
    guard case .variants(let found) = kept else {
      Issue.record("expected variants, found \(kept)")
      return
    }
    #expect(found.best.mistakes[0].bitmap.picture("").pixels == [0.2])
    #expect(LeNet.claims(kept) == claims(Self.findings()))
    // Twelve runs, each resumed two seconds in.
    #expect(LeNet.secondsBefore(kept) == 24)
  }

  @Test("what is only done while measuring is refused beside --from")
  func options() {
    for extra in [["--image", "x"], ["--json", "-"], ["--save", "x"]] {
      #expect(throws: (any Error).self) { try LeNetOptions.parse(["--from", "findings.json"] + extra) }
    }
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = page(Self.findings())
    #expect(
      page.figures.map(\.name) == [
        "test-error", "gradient-share-lenet-5", "gradient-share-lenet-5+", "activation-inputs-lenet-5+",
        "activation-inputs-lenet-5++", "confusion", "worst-mistakes", "kernels", "feature-maps",
      ])
    #expect(page.claims == claims(Self.findings()))
    #expect(page.text.contains("Most often a 4 is taken for a 9: 7 times"))
    #expect(page.text.contains("the diagonal, 990 right answers"))
  }
}
