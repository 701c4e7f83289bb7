// The families of models against the published counts, layer by layer where the reference is at hand.

import Foundation
import NeuralNetworks
import Tensors
import Testing

/// A model and what is published of it.
struct FamilyCase: CustomTestStringConvertible, Sendable {
  var name: String
  /// Made when it is needed: VGG takes a gigabyte.
  var layers: @Sendable () -> Sequential
  var input: Shape
  var parameters: Int
  var multiplyAdds: Int?

  var testDescription: String { name }

  static let all: [FamilyCase] = [
    .init(
      name: "lenet5", layers: { LeNet5.plus.layers }, input: [1, 32, 32], parameters: 61_706, multiplyAdds: 416_520),
    .init(
      name: "alexnet", layers: { AlexNet().layers }, input: [3, 224, 224], parameters: 61_100_840,
      multiplyAdds: 714_188_480),
    .init(name: "alexnet_cs231n", layers: { AlexNet.lecture() }, input: [3, 227, 227], parameters: 62_378_344),
    .init(name: "vgg11", layers: { VGG.vgg11.layers }, input: [3, 224, 224], parameters: 132_863_336),
    .init(name: "vgg11_bn", layers: { VGG.vgg11.withBatchNorm.layers }, input: [3, 224, 224], parameters: 132_868_840),
    .init(name: "vgg13", layers: { VGG.vgg13.layers }, input: [3, 224, 224], parameters: 133_047_848),
    .init(name: "vgg16", layers: { VGG.vgg16.layers }, input: [3, 224, 224], parameters: 138_357_544),
    .init(name: "vgg19", layers: { VGG.vgg19.layers }, input: [3, 224, 224], parameters: 143_667_240),
    .init(name: "resnet18", layers: { ResNet.resnet18.layers }, input: [3, 224, 224], parameters: 11_689_512),
    .init(name: "resnet34", layers: { ResNet.resnet34.layers }, input: [3, 224, 224], parameters: 21_797_672),
    .init(name: "resnet50", layers: { ResNet.resnet50.layers }, input: [3, 224, 224], parameters: 25_557_032),
    .init(name: "resnet101", layers: { ResNet.resnet101.layers }, input: [3, 224, 224], parameters: 44_549_160),
    .init(name: "resnet152", layers: { ResNet.resnet152.layers }, input: [3, 224, 224], parameters: 60_192_808),
  ]
}

@Suite("Models", .serialized) struct ModelTests {
  /// The reference beside the checkout, where there is one.
  static func reference() -> [String: Any] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("shared/conformance/models.json")
    guard let data = try? Data(contentsOf: file) else { return [:] }
    let json = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    return json?["models"] as? [String: Any] ?? [:]
  }

  @Test("PyTorch's biases lie within 1/√fan-in, and the shift of a norm stays 0")
  func torchBiases() throws {
    var model = try Model(
      Sequential {
        Conv2D(4, 64, kernel: 3).named("conv")
        BatchNorm(64).named("norm")
        Flatten().named("flatten")
        Dense(64, 100).named("dense")
      }, input: [4, 3, 3], seed: 1)
    model.drawBiases(seed: 7)
    let biases = Dictionary(
      uniqueKeysWithValues: model.parameters.filter { $0.name.hasSuffix("bias") }
        .map { ($0.name, $0.parameter.value.elements) })
    #expect(biases["norm.bias"]?.allSatisfy { $0 == 0 } == true)
    for (name, limit) in [("conv.bias", Float(1) / 6), ("dense.bias", Float(1) / 8)] {
      let largest = biases[name]?.map(abs).max() ?? .nan
      #expect(largest <= limit && largest > 0.9 * limit, "\(name): \(largest)")
    }
  }

  @Test("parameters, shapes and multiply-adds are the published ones", arguments: FamilyCase.all)
  func counts(_ c: FamilyCase) throws {
    let layers = c.layers()
    let shapes = Dictionary(
      uniqueKeysWithValues: layers.parameters.map { ($0.name, $0.parameter.value.shape.dimensions) })
    #expect(shapes.values.reduce(0) { $0 + $1.reduce(1, *) } == c.parameters)
    #expect(try layers.outputShape(for: c.input) == [c.name == "lenet5" ? 10 : 1000])
    if let expected = c.multiplyAdds { #expect(layers.multiplyAdds(for: c.input) == expected) }

    guard let model = Self.reference()[c.name] as? [String: Any] else { return }
    #expect(layers.multiplyAdds(for: c.input) == model["macs"] as? Int)
    if c.name != "lenet5" && c.name != "alexnet_cs231n" {
      #expect(shapes == model["parameter_shapes"] as? [String: [Int]])
    }
  }

  @Test("a deeper plain stack on a smaller image and with fewer classes still fits")
  func variants() throws {
    #expect(try VGG(VGG.vgg11.steps, hidden: 32, classes: 10).layers.outputShape(for: [3, 64, 64]) == [10])
    #expect(
      try ResNet(.bottleneck, blocks: [1, 1, 1, 1], width: 8, classes: 7).layers.outputShape(for: [3, 64, 64]) == [7])
  }

  @Test("a branch and a shortcut that do not fit are refused with both shapes")
  func refusal() {
    let block = ResidualBlock(residual: Sequential([Conv2D(4, 8, kernel: 3, padding: 1)]))
    let error = #expect(throws: ShapeError.self) { _ = try block.outputShape(for: [4, 6, 6]) }
    #expect(error?.description.contains("[8, 6, 6]") == true && error?.description.contains("[4, 6, 6]") == true)
  }
}
