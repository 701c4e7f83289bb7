// Chapter 11: longer trainings, photographs and factors on the branches, for different findings.

import Foundation
import Testing
import Workbook

@testable import ch11_deeper_networks

extension DeeperNetworksPageTests {
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
  static func depth(_ plain: [Double], _ residual: [Double], seeds: Int = 3) -> DepthFindings {
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
    #expect(text.contains("32 residual layers make 10.0 points (95 %: 10.0 to 10.0) fewer."))
    #expect(
      text.contains(
        "32 plain layers make 5.0 points (95 %: 5.0 to 5.0) more mistakes on new photographs than 8, and more on their own"
      ))
    findings.depth = Self.depth([40, 42, 45], [40, 40, 40])
    text = self.text(findings)
    #expect(text.contains("32 residual layers err like 8, within chance") && !text.contains("more on their own"))
    findings.depth = Self.depth([60, 52, 45], [42, 41, 40])
    #expect(self.text(findings).contains("32 residual layers make 2.0 points (95 %: 2.0 to 2.0) more."))
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
          "20 layers with additions made fewer mistakes than 8, though they also have more weights",
          "So here depth paid only with additions", "Here depth took training and additions",
        ]
      ),
      (
        [24, 25], [22, 24],
        [
          "made fewer mistakes than 8", "So here depth paid only with more photographs",
          "Here depth took training: after",
        ]
      ),
      (
        [25, 25], [22, 24],
        [
          "made fewer mistakes than 8", "20 plain layers err like 8, within chance (0.0 points fewer mistakes",
          "Here depth took training and additions",
        ]
      ),
      (
        [27, 25], [25, 24],
        ["they never did", "So depth pays in neither training here", "In our trainings depth never paid"]
      ),
      (
        [27, 25], [24, 24],
        ["they never did", "So depth has not paid here", "In our trainings depth never paid"]
      ),
    ] {
      findings.longDepth = Self.depth(plain, residual)
      for (text, part) in zip(told(), parts) { #expect(text.contains(part), "\(part)") }
      #expect(lead().count <= 290)
    }
    // Plain nets that differ on the photographs they learn from are not told as overfitting.
    findings.longDepth = Self.depth([27, 25], [22, 24])
    #expect(text(findings).contains("these plain nets get 27.0 % and 25.0 % wrong: slowness or degradation"))
    #expect(
      DeeperNetworks.depthTitle(Self.depth([60, 52, 45], [40, 41, 40]), findings.longDepth)
        == "In a short training depth does not pay; in a longer one it does, with additions")
    // Without plain nets nothing is said of those; rates of trainings as long are told from those of shorter ones.
    #expect(text(findings).contains("others may suit the longer training better"))
    findings.longDepth?.rows.removeAll { !$0.net.isResidual }
    findings.longDepth?.trialEpochs = 8
    #expect(!text(findings).contains("20 plain layers") && text(findings).contains("tried in trainings as long"))
    // Two seeds decide nothing.
    findings.longDepth = Self.depth([27, 25], [22, 24], seeds: 2)
    #expect(lead().contains("In our short trainings they do not"))
    #expect(
      text(findings).contains("20 residual layers err less than 8 with both seeds")
        && text(findings).contains("Two seeds are too few to rule out chance"))
    #expect(DeeperNetworks.takeaway(findings).contains("two longer ones hint that with additions it can"))
    findings.longDepth = Self.depth([27, 25], [25, 24], seeds: 1)
    #expect(lead().contains("In one longer training 20 layers with additions err more than 8, too"))
    #expect(
      DeeperNetworks.depthTitle(Self.depth([60, 52, 45], [42, 41, 40]), findings.longDepth)
        .hasSuffix("in a longer one 20 residual layers err more than 8"))
  }

  @Test("a wider net beside the deeper one is told in every direction, and not before it was trained")
  func widerDepth() {
    var findings = Self.findings()
    findings.depth = Self.depth([60, 52, 45], [42, 41, 40])
    findings.longDepth = Self.depth([27, 25], [22, 24])
    #expect(text(findings).contains("whether a wider net of 8 layers would gain as much was not tried"))
    var wider = DepthFindings.Row(
      net: PhotographNet(blocks: 1, isResidual: true, width: 2), rates: [0.02, 0.04], trials: [60, 50])
    wider.testErrors = Self.near(20)
    for (errors, parts) in [
      (20, ["2.0 points (95 %: 2.0 to 2.0) fewer than residual 20", "made fewer still", "make fewer still"]),
      (22, ["as many as residual 20, within chance", "did as well", "do as well, within chance"]),
      (23, ["in depth they help more", "did not do as well", "make more than the 20"]),
      (24, ["as many mistakes as residual 8, within chance", "did not do as well", "make more than the 20"]),
      (26, ["not the weights alone", "did not do as well", "make more than the 20"]),
    ] as [(Double, [String])] {
      var row = wider
      row.testErrors = Self.near(errors)
      findings.longDepth = Self.depth([27, 25], [22, 24])
      findings.longDepth?.rows.append(row)
      let told = [text(findings), DeeperNetworks.lead(findings), DeeperNetworks.takeaway(findings)]
      for (text, part) in zip(told, parts) { #expect(text.contains(part), "\(part)") }
      #expect(told[0].contains("1.1 times as many weights as residual 20") && told[1].count <= 290)
    }
    // Where more layers gain nothing, width is in front.
    findings.longDepth = Self.depth([27, 25], [24, 24])
    findings.longDepth?.rows.append(wider)
    #expect(
      DeeperNetworks.depthTitle(Self.depth([60, 52, 45], [42, 41, 40]), findings.longDepth).hasPrefix(
        "On photographs twice"))
    #expect(DeeperNetworks.lead(findings).contains("8 layers with twice the channels made fewer"))
    #expect(DeeperNetworks.takeaway(findings).contains("Twice the channels did: 4.0 points."))
    #expect(text(findings).contains("twice the channels did better than 20 layers"))
    findings.longDepth = Self.depth([27, 25], [22, 24])
    findings.longDepth?.rows.append(wider)
    // Two seeds decide nothing.
    findings.longDepth?.rows[4].testErrors = Summary([20, 20.1])
    #expect(text(findings).contains("was not tried"))
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
}
