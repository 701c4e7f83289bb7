// Chapter 11: exact counts, and of each effect the direction and half its size.

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
    // ResNet-152 computes less than VGG-19.
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

  @Test("the deeper plain net learns worse, and the addition mends it")
  func degradation() throws {
    let digits = SyntheticDigits.dataset(
      count: 640, seed: 1, transform: PixelTransform(mean: [0.13], standardDeviation: [0.31]))
    let course = Course(data: digits, test: digits.prefix(100), epochs: 3, seeds: [1, 2, 3])
    let shallow = try DeepRun(DeepNet(blocks: 2, isResidual: false), course)
    let deep = try DeepRun(DeepNet(blocks: 12, isResidual: false), course)
    let residual = try DeepRun(DeepNet(blocks: 12, isResidual: true), course)
    // Sixty steps, where the page takes three hundred: 8 points here, 45 there.
    #expect(deep.final.mean > shallow.final.mean + 4, "\(deep.final) against \(shallow.final)")
    #expect(residual.final.mean < deep.final.mean - 15, "\(residual.final) against \(deep.final)")
    #expect(deep.parameters == residual.parameters)
    #expect(residual.additions.allSatisfy { $0.count == 12 })
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
}
