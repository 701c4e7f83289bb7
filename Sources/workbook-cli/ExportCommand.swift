// `./workbook export MODEL FILE`: write a model's weights for PyTorch

import ArgumentParser
import Foundation
import Workbook

/// Writes the state dict of a model, and on request images with their logits.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model's weights for PyTorch: safetensors, under torchvision's names.",
    discussion: "Models: " + NamedModel.all.map(\.name).joined(separator: ", ") + ".")

  @Argument(help: "The model, for example resnet18.") var model: String
  @Argument(help: "The output file.") var file: String
  @Option(help: "Load the weights from this file, strictly; by default they are random.") var weights: String?
  @Option(help: "The seed of the random numbers.") var seed: UInt64 = 1
  @Option(help: "The number of classes (default: that of the published network).") var classes: Int?
  @Option(help: "Also write random images (input) and their outputs (logits) to this file.") var logits: String?
  @Flag(help: "Also randomize biases, scales and running statistics, so that a comparison tests them.")
  var disturb = false

  func validate() throws {
    if let classes, !(1...100_000 ~= classes) {
      throw ValidationError("--classes: expected 1 to 100000, found \(classes)")
    }
  }

  func run() throws {
    guard let named = NamedModel.named(model) else {
      throw ValidationError(
        "there is no model '\(model)'; available models: " + NamedModel.all.map(\.name).joined(separator: ", "))
    }
    var network = try named.model(classes: classes, seed: seed)
    if let weights { try network.load(contentsOf: weights) }
    var generator = SeededGenerator(seed: seed, stream: 0xE4)
    if disturb { Self.disturb(&network, using: &generator) }
    try network.save(to: file)
    guard let logits else { return }
    let shape = named.inputShape.batched(2)
    let images = Tensor(shape, (0..<shape.count).map { _ in generator.nextNormal() })
    // A final sigmoid belongs to the loss: its inputs are the logits.
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
      // Without correct statistics every residual block doubles the variance: after fifty, the logits would be 10⁸.
      let isInResidual = name.hasPrefix("layer") && name.contains(".bn") && name.hasSuffix("weight")
      parameter.value = moved(parameter.value, scale: isInResidual ? 0.5 : 1)
    }
    network.visitBuffers { $1 = moved($1) }
  }
}
