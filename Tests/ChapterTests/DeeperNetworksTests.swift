// Chapter 11: exact counts, and for each effect its direction and half its size.

import Foundation
import Testing
import Workbook

@testable import ch11_deeper_networks

@Suite("Chapter 11", .serialized) struct DeeperNetworksTests {
  @Test("n folds: 2ⁿ pieces from 2n units deep and 2ⁿ shallow, the same function exactly", arguments: 1...8)
  func sawtooth(folds: Int) {
    let count = SawtoothCount(folds: folds)
    #expect(count.pieces == 1 << folds)
    #expect(count.deepUnits == 2 * folds)
    #expect(count.shallowUnits == 1 << folds)
    #expect(count.difference == 0)
    #expect(count.deepParameters == 6 * folds + 1)
    #expect(count.shallowParameters == 3 * (1 << folds) + 1)
  }

  @Test("the sawtooth goes between 0 and 1")
  func teeth() {
    let sawtooth = Sawtooth(folds: 3)
    let values = sawtooth.values(of: sawtooth.deep)
    #expect(values.min() == 0 && values.max() == 1)
    #expect(values.first == 0 && values.last == 0 && values[sawtooth.grid.count / 8] == 1)
  }

  @Test("a bottleneck has 16,384 + 36,864 + 16,384 = 69,632 weights, the standard block 73,728, as built too")
  func bottleneck() {
    let costs = blockCosts(channels: 64)
    #expect(costs.standard == 73_728)
    #expect(costs.bottleneck == [16_384, 36_864, 16_384])
    #expect(costs.bottleneck.reduce(0, +) == 69_632)
    #expect(builtWeights(.basic(64, 64, projection: false)).reduce(0, +) == 73_728)
    #expect(builtWeights(.bottleneck(256, width: 64, projection: false)) == [16_384, 36_864, 16_384])
  }

  @Test(
    "families have their published parameters, and their stages add up to them",
    arguments: Family.all.filter { ["AlexNet (S3)", "AlexNet", "VGG-19", "ResNet-50", "ResNet-152"].contains($0.name) })
  func families(_ family: Family) throws {
    let count = try FamilyCount(family, runs: false, seed: 1)
    #expect(count.parameters == family.publishedParameters, "\(family.name)")
    #expect(count.stages.reduce(0) { $0 + $1.parameters } == count.parameters)
    #expect(count.stages.reduce(0) { $0 + $1.multiplyAdds } == count.multiplyAdds)
    #expect(count.stages.last?.output == [1000])
    #expect(count.seconds == nil)
    // ResNet-152 needs fewer operations than VGG-19.
    if family.name == "VGG-19" { #expect(count.multiplyAdds == 19_632_062_464) }
    if family.name == "ResNet-152" { #expect(count.multiplyAdds < 12_000_000_000) }
  }

  @Test("sigmoids starve the first layer, plain batch normalization floods it, He's ReLU and the addition do neither")
  func gradients() {
    let decay = GradientDecay(depth: 20, seeds: [1, 2, 3])
    #expect(decay.factor(.sigmoid).mean < 0.5)
    #expect(abs(decay.factor(.relu).mean - 1) < 0.1)
    // √(π/(π − 1)) = 1.21 in theory.
    #expect(abs(decay.factor(.normalized).mean - 1.21) < 0.06)
    #expect(decay.arriving(.residual) < decay.arriving(.normalized) / 2)
  }

  @Test(
    "with nothing after the sum the gradient grows as the formula says, with one ReLU in c; with a ReLU there, faster")
  func bareSums() {
    let seeds = (1...6).map(UInt64.init)
    let bare = GradientDecay(depth: 30, seeds: seeds, of: [.bare]).arriving(.bare)
    let theory = GradientFindings.residualTheory(blocks: 15)
    #expect(theory > 6.7 && theory < 6.9)
    #expect(bare / theory > 0.85 && bare / theory < 1.35, "\(bare) against \(theory)")
    #expect(GradientDecay(depth: 30, seeds: seeds, of: [.residual]).arriving(.residual) > 1.4 * bare)
  }

  @Test("the deeper plain net learns worse, and the addition mends it")
  func degradation() throws {
    let digits = SyntheticDigits.dataset(
      count: 640, seed: 1, transform: PixelTransform(mean: [0.13], standardDeviation: [0.31]))
    let course = Course(data: digits, test: digits.prefix(100), epochs: 3, seeds: [1, 2, 3])
    let shallow = try DeepRun.train(DeepNet(blocks: 2, isResidual: false), course).run
    let deep = try DeepRun.train(DeepNet(blocks: 12, isResidual: false), course).run
    let residual = try DeepRun.train(DeepNet(blocks: 12, isResidual: true), course).run
    // Sixty steps, fewer than on the page: 8 points here, 45 there.
    #expect(deep.final.mean > shallow.final.mean + 4, "\(deep.final) against \(shallow.final)")
    #expect(residual.final.mean < deep.final.mean - 15, "\(residual.final) against \(deep.final)")
    #expect(deep.parameters == residual.parameters)
    #expect(deep.responses.allSatisfy { $0.count == 24 } && residual.responses.allSatisfy { $0.count == 24 })
  }

  @Test("around a net that knows its digits the loss rises, and in the middle is its own")
  func landscape() throws {
    let digits = SyntheticDigits.dataset(count: 200, seed: 1, transform: .standardized)
    let course = Course(data: digits, test: digits, epochs: 3, seeds: [1])
    let model = try DeepRun.train(DeepNet(blocks: 2, isResidual: true), course).model
    let landscape = Landscape("a net", model, on: digits.batch(first: 50), count: 3, seed: 1)
    let own = evaluate(model, on: digits.prefix(50), loss: SoftmaxCrossEntropy()).loss
    #expect(abs(landscape.losses[1][1] - log10(own)) < 0.002)
    #expect(landscape.losses.joined().filter { $0 > landscape.losses[1][1] }.count >= 7)
  }

  @Test(
    "the families in small have one to three million multiply-adds, for digits and for photographs",
    arguments: SlimNet.allCases)
  func slim(_ net: SlimNet) throws {
    for input in [[1, 28, 28], CIFAR10.imageShape] as [Shape] {
      #expect((1_000_000...3_000_000).contains(net.layers(input: input).multiplyAdds(for: input)))
    }
    #expect(try net.layers(input: CIFAR10.imageShape).outputShape(for: CIFAR10.imageShape) == [10])
  }

  @Test("of several rates the one with the fewest mistakes on images set aside is taken; one that diverges never is")
  func rate() throws {
    let digits = SyntheticDigits.dataset(count: 1_500, seed: 1, transform: .standardized)
    let course = Course(data: digits, test: digits, epochs: 1, seeds: [1])
    #expect(try SlimNet.resNet.bestRate(of: [1e-6, 0.03], course) == 0.03)
    #expect(try SlimNet.vgg.bestRate(of: [1e6, 0.01], course) == 0.01)
  }

  @Test("a walk shows the picture, its stages, and where it counts")
  func walk() throws {
    let digits = SyntheticDigits.dataset(count: 60, seed: 1, transform: .standardized)
    let course = Course(data: digits, test: digits, epochs: 2, seeds: [1])
    let (run, model) = try SlimRun.train(.resNet, course, rate: 0.03)
    #expect(run.depth == 14 && run.testErrors[0].count == 2)
    let walk = PictureWalk(model, index: 0, of: digits)
    #expect(walk.stages.map(\.name) == ["conv1", "stage1", "stage2", "stage3"])
    #expect(walk.stages.map { $0.maps[0].width } == [14, 14, 7, 4])
    #expect(walk.occlusion.pixels.count == 784 && walk.saliency.pixels.max() == 255)
  }

  @Test("the spirals are two classes alike, and repeat with the seed")
  func spiralPoints() {
    let points = spirals(count: 100, seed: 1)
    #expect(points.labels.count { $0 == 0 } == 50 && points.inputs.shape == [100, 2])
    #expect(
      points.inputs == spirals(count: 100, seed: 1).inputs && points.inputs != spirals(count: 100, seed: 2).inputs)
  }

  @Test("a folder of photographs is told from one of digits by its files")
  func photographs() throws {
    let folder = NSTemporaryDirectory() + "workbook-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(!DeeperNetworks.isCIFAR(folder))
    try Data().write(to: URL(fileURLWithPath: folder + "/test_batch.bin"))
    #expect(DeeperNetworks.isCIFAR(folder))
  }

  @Test("α = 1 doubles the variance with every block, α = 1/√L bounds it by e")
  func scaling() {
    let blocks = 20
    let (full, scaled) = (1...3).reduce(into: (0.0, 0.0)) { sums, seed in
      sums.0 += signalGrowth(scale: 1, blocks: blocks, seed: UInt64(seed)).last! / 3
      sums.1 += signalGrowth(scale: 1 / Float(blocks).squareRoot(), blocks: blocks, seed: UInt64(seed)).last! / 3
    }
    // √2²⁰ = 1024 and √e = 1.65 in expectation.
    #expect(full > 512 / 2 && full < 2048 * 2, "\(full)")
    #expect(scaled > 1.3 && scaled < 2, "\(scaled)")
  }

  @Test("the gradient of a scaled residual connection is the measured one")
  func scaledGradient() {
    var layer = ScaledResidual(branch(width: 5), scale: 0.4)
    var generator = SeededGenerator(seed: 4)
    layer.initialize(using: &generator)
    var input = Tensor(zeros: [3, 5])
    input.fillNormal(standardDeviation: 1, using: &generator)
    let check = checkGradients(of: layer, input: input)
    #expect(check.passes(), "\(check)")
  }

  @Test("a last layer that is divided takes the growth of the signal back, and branches are as large as what they meet")
  func factorNet() throws {
    let points = spirals(count: 64, seed: 1)
    func size(_ dividesHead: Bool) throws -> Double {
      var model = try FactorNet(scale: 1, blocks: 8, dividesHead: dividesHead).model(seed: 1)
      return norm(model.forward(points.inputs))
    }
    // √2⁸ = 16; the biases are 0.
    #expect(abs(try size(false) / size(true) - 16) < 0.01)
    let outcome = try #require(
      try FactorNet(scale: 1, blocks: 8, dividesHead: false).train(1e-6, count: 64, epochs: 1, seed: 1))
    #expect(outcome.before > 0.5 && outcome.before < 1.5 && abs(outcome.after - outcome.before) < 0.1)
  }
}
