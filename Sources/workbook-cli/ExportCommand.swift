// `./workbook export MODEL FILE`: a model's weights as PyTorch reads them

import ArgumentParser
import Foundation
import Workbook

/// Writes the state dict of a model, and on request images with the logits that belong to them.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "A model's weights as PyTorch reads them: safetensors, under torchvision's names.",
    discussion: "Models: " + NamedModel.all.map(\.name).joined(separator: ", ") + ".")

  @Argument(help: "The model, for example resnet18.") var model: String
  @Argument(help: "The file to write.") var file: String
  @Option(help: "Take the weights from this file, strictly; by default they are drawn.") var weights: String?
  @Option(help: "The seed of what is drawn.") var seed: UInt64 = 1
  @Option(help: "The number of classes; by default that of the published network.") var classes: Int?
  @Option(help: "Also write random images (input) and the outputs for them (logits) to this file.") var logits: String?
  @Flag(help: "Draw biases, scales and running statistics too, which a comparison must see and which start as 0 and 1.")
  var disturb = false

  func validate() throws {
    if let classes, !(1...100_000 ~= classes) {
      throw ValidationError("--classes: expected 1 to 100000, found \(classes)")
    }
  }

  func run() throws {
    guard let named = NamedModel.named(model) else {
      throw ValidationError(
        "there is no model '\(model)'; those there are: " + NamedModel.all.map(\.name).joined(separator: ", "))
    }
    var network = try named.model(classes: classes, seed: seed)
    if let weights { try network.load(contentsOf: weights) }
    var generator = SeededGenerator(seed: seed, stream: 0xE4)
    if disturb { Self.disturb(&network, using: &generator) }
    try network.save(to: file)
    guard let logits else { return }
    let shape = named.inputShape.batched(2)
    let images = Tensor(shape, (0..<shape.count).map { _ in generator.nextNormal() })
    // A sigmoid at the end belongs to the loss: logits are what goes into it.
    if network.layers.entries.last?.layer is Sigmoid { network.layers.entries.removeLast() }
    try Safetensors.write(["input": images, "logits": network.layers.forward(images)], to: logits)
  }

  /// Moves every vector of parameters and statistics away from 0 and 1; variances stay positive.
  private static func disturb(_ network: inout Model, using generator: inout SeededGenerator) {
    func moved(_ tensor: Tensor, scale: Float = 1) -> Tensor {
      tensor.map { scale * $0 + 0.1 * max(-3, min(3, generator.nextNormal())) }
    }
    network.visitParameters { name, parameter in
      guard parameter.value.shape.rank == 1 else { return }
      // Without true statistics every residual block doubles the variance: after fifty the logits would be 10⁸.
      let isInResidual = name.hasPrefix("layer") && name.contains(".bn") && name.hasSuffix("weight")
      parameter.value = moved(parameter.value, scale: isInResidual ? 0.5 : 1)
    }
    network.visitBuffers { $1 = moved($1) }
  }
}
