// Cases of whole models: weights from PyTorch, and short training runs on MNIST.

import Foundation
import Workbook

extension ConformanceCase {
  /// The LeNet-5 that a case describes.
  private func lenet() throws -> LeNet5 {
    guard let activation = text("activation").flatMap(LeNet5.Activation.init) else {
      throw Skip("the activation \(text("activation") ?? "nil") is not one of LeNet-5's")
    }
    let pooling: LeNet5.Pooling = text("pooling") == "max" ? .max : .average
    return LeNet5(
      activation: activation, pooling: pooling,
      output: text("loss")?.hasPrefix("sigmoid") == true ? .sigmoid(.correct) : .logits,
      hasBatchNorm: flag("batch_norm"), classes: try whole("classes", default: 10))
  }

  /// The network that a case describes.
  private func architecture() throws -> Sequential {
    func size(_ key: String, default value: Int) throws -> Int { try whole(key, default: value, in: 1...8192) }
    let classes = try size("classes", default: 1000)
    switch op {
    case "lenet5": return try lenet().layers
    case "resnet":
      guard let block = text("block").flatMap(ResNet.Block.init) else { throw Skip("block: basic or bottleneck") }
      let blocks = try wholes("blocks", in: 1...64) ?? []
      guard (1...6).contains(blocks.count) else { throw Skip("blocks: \(blocks.count) stages") }
      let width = try whole("width", default: 64, in: 1...512)
      return ResNet(block, blocks: blocks, width: width, classes: classes).layers
    case "vgg":
      guard let steps = attributes["cfg"]?.items, steps.count <= 64 else { throw Skip("attribute cfg is missing") }
      return VGG(
        try steps.map { step in
          if step.text == "M" { return .pooling }
          guard let channels = step.whole, 1...2048 ~= channels else { throw Skip("cfg: \(step)") }
          return .convolution(channels)
        }, batchNorm: flag("batch_norm"), hidden: try size("hidden", default: 4096), classes: classes
      ).layers
    case "alexnet":
      let channels = try wholes("channels", count: 5, in: 1...1 << 12) ?? AlexNet().channels
      return AlexNet(channels: channels, hidden: try size("hidden", default: 4096), classes: classes).layers
    default: throw Skip("the architecture \(op) is not part of the core")
    }
  }

  /// Loads a state dict and compares the logits.
  func runStateDict() throws -> Verdict {
    let file = try tensors()
    let images = try file.tensor(names("inputs").first ?? "input")
    guard images.shape.rank == 4, images.count > 0 else { throw Skip("input: images expected, got \(images.shape)") }
    let weights = try tensors("state_dict_file")
    var layers = try architecture()
    // LeNet-5++ also normalizes its last layer; a case may omit that.
    if op == "lenet5" { layers.entries.removeAll { $0.layer is BatchNorm && weights[$0.name + ".weight"] == nil } }
    var model = try Model(Sequential(layers.entries), input: images.shape.withoutBatch, seed: 0)
    try fill(&model) { try weights.tensor($0) }
    // Every value in the file must belong to the model, as in PyTorch's strict loading.
    let own = Set(model.stateDict.names)
    if let left = weights.entries.first(where: { !own.contains($0.name) && !$0.name.hasSuffix("num_batches_tracked") })
    {
      throw Mismatch("\(left.name): the model has no such value")
    }
    let mode: Mode = fields["mode"]?.text?.hasPrefix("train") == true ? .training : .inference
    let logits = model.forward(images, mode: mode)
    let name = names("outputs").first ?? "logits"
    try expect(logits, try file.tensor(name), called: name)
    return .passed
  }

  /// Loads every parameter and statistic. A kernel that covers its whole input is loaded into a dense layer.
  private func fill(
    _ model: inout Model, hasBuffer: (String) -> Bool = { _ in true }, _ tensor: (String) throws -> Tensor
  ) throws {
    func adapted(_ name: String, _ shape: Shape) throws -> Tensor {
      let value = try tensor(name)
      guard value.count == shape.count else {
        throw Mismatch("\(name): the model has \(shape), the case \(value.shape)")
      }
      return value.reshaped(to: shape)
    }
    try model.visitParameters { $1.value = try adapted($0, $1.value.shape) }
    // A run that starts with fresh running statistics does not list them.
    try model.visitBuffers { if hasBuffer($0) { $1 = try adapted($0, $1.shape) } }
  }

  /// Trains for a few steps on the first images of MNIST and compares losses, gradients and weights at each step.
  func runTraining() throws -> Verdict {
    guard op == "lenet5" else { throw Skip("training of \(op) is not known here") }
    let siblingFolder = folder + "/../mnist"
    let neighbour = MNIST.path(of: MNIST.files[0], in: siblingFolder) == nil ? nil : siblingFolder
    guard let place = (try? MNIST.find()) ?? neighbour else { throw Skip("MNIST is not on this machine") }
    guard text("scaling")?.hasPrefix("pixel/255, no mean") ?? true else {
      throw Skip("the scaling \(text("scaling") ?? "") is not known here")
    }
    let net = try lenet()
    let initial = map("initial")
    let data = try MNIST.load(from: place, transform: .unitPadded).train
    // A case may omit the normalization of the last layer.
    let layers = net.layers.entries.filter { !($0.layer is BatchNorm) || initial[$0.name + ".weight"] != nil }
    var model = try Model(Sequential(layers), input: LeNet5.inputShape, seed: 0)
    let file = try tensors()
    try fill(&model, hasBuffer: { initial[$0] != nil }) { name in try file.tensor(initial[name] ?? name) }
    // PyTorch's weight decay applies to every parameter.
    model.visitParameters { $1.decays = true }

    let loss: any Loss
    switch text("loss") {
    case "softmax_cross_entropy_mean": loss = SoftmaxCrossEntropy()
    case "sigmoid_mse_mean_over_all_elements": loss = MeanSquaredError(scale: 0.1)
    default: throw Skip("the loss \(text("loss") ?? "nil") is not known here")
    }
    var optimizer = SGD(
      momentum: try float("momentum", default: 0, in: 0...0.999_999), nesterov: flag("nesterov"),
      weightDecay: try float("weight_decay", default: 0, in: 0...1e6))
    let (batchSize, steps, first) = (
      try whole("batch"), try whole("steps"), try whole("first_index", default: 0, in: 0...1 << 24)
    )
    guard first + batchSize * steps <= data.count else { throw Skip("MNIST has too few images") }
    var pass = Pass(.training)
    var losses: [Double] = []
    /// The outputs before the final sigmoid, if there is one: the logits of the case.
    func logits(_ model: Model, _ output: Tensor) -> Tensor {
      guard model.layers.entries.last?.layer is Sigmoid else { return output }
      return model.layers.activation(at: model.layers.entries.count - 2)
    }
    for step in 0..<steps {
      let start = first + step * batchSize
      let batch = data.batch(Array(start..<start + batchSize)[...])
      losses.append(model.step(batch, loss, in: &pass))
      if step == 0 {
        if file["logits.step0"] != nil {
          try expect(
            logits(model, model.output), try file.tensor("logits.step0"), called: "logits.step0", group: "step0")
        }
        for (name, parameter) in model.parameters where file["grad.step0." + name] != nil {
          let expected = try file.tensor("grad.step0." + name)
          try expect(parameter.gradient, expected, called: "grad.step0." + name, sameShape: false, group: "step0")
        }
      }
      optimizer.step(&model, learningRate: try float("lr"))
      for (name, value) in model.stateDict.tensors where file["after\(step + 1)." + name] != nil {
        let key = "after\(step + 1)." + name
        try expect(value, try file.tensor(key), called: key, sameShape: false, group: "tensors_after")
      }
    }
    try expect(
      losses, fields["losses"]?.numbers ?? losses, called: "losses", group: "losses")
    for (name, sums) in fields["checksums_after"]?.members ?? [:] {
      guard let value = model.stateDict[name] else { throw Mismatch("the model has no \(name)") }
      let sum = value.elements.reduce(0.0) { $0 + Double($1) }
      let squares = value.elements.reduce(0.0) { $0 + Double($1) * Double($1) }
      try expect(
        [sum, squares], [sums["sum"]?.number ?? sum, sums["sum_of_squares"]?.number ?? squares],
        called: "checksums of \(name)", group: "checksums")
    }
    let evaluated = "after\(steps).eval_logits_first_batch"
    if file[evaluated] != nil {
      let batch = data.batch(Array(first..<first + batchSize)[...])
      let output = model.forward(batch.inputs)
      try expect(logits(model, output), try file.tensor(evaluated), called: evaluated, group: "tensors_after")
    }
    return .passed
  }
}
