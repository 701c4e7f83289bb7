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
    #expect(page.text.contains("with α = 1 there are 38 points") && page.figures.contains { $0.name == "factors" })
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
    for (deep, title, takeaway) in [
      (Self.near(4), "too, the deeper plain net makes more training errors", "they are still behind"),
      (Self.near(0.4), "the deeper plain net makes fewer training errors", "they are ahead"),
      (
        Summary([0.5, 1.5, 1.2]), "both plain nets have learned their images", "they learn these digits, too"
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
      [false, true].map { DeepNet(blocks: 8, isResidual: $0) },
      Course(data: digits, test: digits, epochs: 2, seeds: [1, 2, 3]), images: 32, trains: false)
    let (plain, residual) = (flow.net(residual: false)?.before, flow.net(residual: true)?.before)
    #expect(plain?.factor.direction(from: 1.05) == .above && plain?.norms.count == 8)
    #expect((residual?.factor.mean ?? 2) < (plain?.factor.mean ?? 0))
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

  @Test(
    "what the addition saves on photographs, and whether depth pays, is told in every direction, and not by one seed")
  func depth() throws {
    var findings = Self.findings()
    for (plain, residual, parts) in [
      (
        [50.0, 40, 45], [30.0, 35, 40],
        [
          "the addition saves 20.0 points", "again this is not overfitting",
          "with additions 32 layers make fewer mistakes than 8",
        ]
      ),
      (
        [40, 42, 45], [40, 40, 40],
        ["the addition changes nothing beyond chance", "But 8 layers do as well, within chance"]
      ),
      ([40, 42, 45], [42, 41, 40], ["the addition costs 2.0 points", "8 layers do better still"]),
    ] {
      findings.depth = Self.depth(plain, residual)
      for part in parts { #expect(text(findings).contains(part), "\(part)") }
    }
    #expect(
      DeeperNetworks.depthTitle(Self.depth([50, 40, 45], [30, 35, 40])).contains("steps the addition saves"))
    findings.depth = Self.depth([50, 40, 45], [30, 35, 40], seeds: 1)
    #expect(!text(findings).contains("photographs kept back"))
  }

  @Test("in the longer training depth and width are told in every direction, and by no fewer than three seeds")
  func longDepth() {
    var findings = Self.findings()
    findings.depth = Self.depth([60, 52, 45], [42, 41, 40])
    func row(_ errors: Double) -> DepthFindings.Row {
      var row = DepthFindings.Row(
        net: PhotographNet(blocks: 1, isResidual: true, width: 2), rates: [0.02, 0.04], trials: [60, 50])
      row.testErrors = Self.near(errors)
      return row
    }
    for (residual, wider, part, takeaway) in [
      ([22.0, 24], 20.0, "make 2.0 points fewer mistakes than 8", "it did, too, and twice the channels gained more"),
      ([22, 24], 22, "20 layers cannot be told from them", "it did, too"),
      ([22, 24], 23, "but more than 20 layers", "it did, too"),
      ([24, 24], 24, "do as well as with the usual channels, within chance", "we cannot tell"),
      ([26, 24], 25, "There 20 residual layers make more mistakes than 8", "it cost errors"),
      (
        [24, 24], 20, "gain more than 8, we cannot tell: between 0.0 and 0.0",
        "we cannot tell, but twice the channels did gain"
      ),
    ] {
      findings.longDepth = Self.depth([27, 25], residual)
      findings.longDepth?.rows.append(row(wider))
      #expect(text(findings).contains(part), "\(part)")
      #expect(text(findings).contains("1.1 times as many weights"))
      #expect(DeeperNetworks.takeaway(findings).contains(takeaway), "\(takeaway)")
    }
    findings.longDepth = Self.depth([27, 25], [22, 24], seeds: 2)
    #expect(!text(findings).contains("20 residual layers"))
  }

  @Test("nets of few layers with as many weights are told in every direction, and by no fewer than three seeds")
  func steps() {
    var findings = Self.findings()
    findings.depth = Self.depth([60, 52, 45], [42, 41, 40])
    findings.longDepth = Self.depth([27, 25], [24, 24])
    for (errors, part, takeaway) in [
      ([26.0, 30], "8 layers make 6.0 points fewer mistakes than 2, and 2.0 fewer than 4", "8 layers beat 2"),
      ([24, 24], "8 layers and 2 err alike, within chance; 4 cannot be told from 8", "Whether depth pays"),
      ([22, 20], "8 layers make 4.0 points more mistakes than 2; 4 do better", "Whether depth pays"),
    ] {
      findings.fewLayers = findings.longDepth
      findings.fewLayers?.rows = zip(PhotographNet.few, errors).map { net, error in
        var row = DepthFindings.Row(net: net, rates: [0.02, 0.04], trials: [60, 50])
        row.testErrors = Self.near(error)
        row.trainingErrors = Self.near(error)
        return row
      }
      #expect(text(findings).contains(part), "\(part)")
      #expect(DeeperNetworks.takeaway(findings).contains(takeaway))
    }
    findings.fewLayers?.rows[0].testErrors = Summary([1, 2])
    findings.fewLayers?.rows[1].testErrors = Summary([1, 2])
    #expect(findings.depthSteps == nil)
  }

  @Test("photographs of half the side have the means of four pixels; the nets have their layers")
  func photographNets() throws {
    let pixels = (0..<3 * 16).map { UInt8($0) }
    let small = halved(Dataset(name: "x", pixels: pixels, labels: [0], imageShape: [3, 4, 4], classCount: 10))
    #expect(small.imageShape == [3, 2, 2] && Array(small.pixels.prefix(4)) == [3, 5, 11, 13])
    let weights = PhotographNet(blocks: 1, isResidual: true).layers.parameterCount
    for net in PhotographNet.few {
      #expect(abs(Double(net.layers.parameterCount) / Double(weights) - 1) < 0.05)
    }
    #expect(PhotographNet.few.map(\.depth) == [4, 2] && PhotographNet.few.map(\.view) == [9, 5])
    for net in PhotographNet.all + PhotographNet.few {
      #expect(weightedLayers(net.layers) == net.depth)
      #expect(try net.layers.outputShape(for: [3, 16, 16]) == [10])
    }
  }
}
