// Single operations: forward, and backward where a gradient is given.

import Foundation
import Workbook

extension ConformanceCase {
  /// The layer behind an operation, or nil where the operation is no layer.
  private func makeLayer(_ file: Safetensors) throws -> (any Layer)? {
    func window() throws -> Window {
      let pads = wholes("pads") ?? [0, 0, 0, 0]
      guard pads.count == 4 else { throw Skip("pads of \(pads.count) numbers") }
      return Window(
        kernel: extent("kernel"), stride: extent("stride"),
        padding: Padding(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3]), dilation: extent("dilation"),
        roundsUp: flag("ceil_mode"))
    }
    func shape(_ name: String) throws -> Shape {
      guard let entry = file[name] else { throw Mismatch("the file has no tensor \(name)") }
      return entry.shape
    }
    switch op {
    case "linear":
      return Dense(try whole("in_features"), try whole("out_features"), bias: names("parameters").contains("bias"))
    case "conv2d":
      let (weight, groups, w) = (try shape("weight"), try whole("groups", default: 1), try window())
      guard weight.rank == 4 else { throw Skip("weights of rank \(weight.rank)") }
      return Conv2D(
        weight[1] * groups, weight[0], kernel: w.kernel, stride: w.stride, padding: w.padding, dilation: w.dilation,
        groups: groups, bias: names("parameters").contains("bias"))
    case "avg_pool2d":
      let w = try window()
      return AveragePool(
        w.kernel, stride: w.stride, padding: w.padding, dilation: w.dilation, roundsUp: w.roundsUp,
        countsPadding: flag("count_include_pad"))
    case "max_pool2d":
      let w = try window()
      return MaxPool(w.kernel, stride: w.stride, padding: w.padding, dilation: w.dilation, roundsUp: w.roundsUp)
    case "relu": return ReLU()
    case "sigmoid": return Sigmoid()
    case "tanh": return Tanh()
    case "leaky_relu": return LeakyReLU(slope: try float("negative_slope", default: 0.01))
    case "prelu":
      if features.contains("numpy_broadcast_slope") || text("broadcast") == "numpy" {
        throw Skip("numpy_broadcast_slope: PReLU here has one slope, or one for each channel")
      }
      return PReLU(channels: try shape("weight").count)
    case "elu": return ELU(alpha: try float("alpha", default: 1))
    case "selu": return SELU(alpha: try float("alpha"), gamma: try float("gamma"))
    case "gelu": return GELU(approximate: text("approximate") == "tanh")
    case "softplus": return Softplus()
    case "hard_sigmoid": return HardSigmoid(alpha: try float("alpha"), beta: try float("beta"))
    case "softmax": return Softmax()
    case "log_softmax": return LogSoftmax()
    case "maxout":
      return Maxout(try whole("in_features"), try whole("out_features"), pieces: try whole("pieces"))
    case "batch_norm":
      return BatchNorm(
        try shape("weight").count, momentum: try float("momentum", default: 0.1), epsilon: try float("eps"))
    default: return nil
    }
  }

  /// Runs an operation once.
  func runOperator() throws -> Verdict {
    let file = try tensors()
    if let layer = try makeLayer(file) {
      var layer = layer
      try fill(&layer, from: file)
      try check(
        &layer, file, mode: flag("training") ? .training : .inference, inputs: Dictionary(same: names("inputs")),
        outputs: Dictionary(same: names("outputs")), upstream: map("upstream"), gradients: map("gradients"))
      return .passed
    }
    switch op {
    case "gemm": try checkProduct(file)
    case "add": try checkSum(file)
    case "flatten": try checkFlatten(file)
    case "mse_loss", "sigmoid_mse", "softmax_cross_entropy", "nll_loss": try checkLoss(file)
    default: throw Skip("the operation \(op) is not part of the core")
    }
    return .passed
  }

  /// Runs an operation several times; running statistics carry over.
  func runSequence() throws -> Verdict {
    let file = try tensors()
    guard var layer = try makeLayer(file) else { throw Skip("the operation \(op) is not part of the core") }
    try fill(&layer, from: file)
    for step in fields["steps"] as? [[String: Any]] ?? [] {
      func map(_ key: String) -> [String: String] { step[key] as? [String: String] ?? [:] }
      let training = (step["training"] as? NSNumber)?.boolValue ?? false
      try check(
        &layer, file, mode: training ? .training : .inference, inputs: map("inputs"), outputs: map("outputs"),
        upstream: map("upstream"), gradients: map("gradients"))
    }
    return .passed
  }

  /// Takes parameters and buffers from the file.
  private func fill(_ layer: inout any Layer, from file: Safetensors) throws {
    try layer.visitParameters { name, parameter in
      let value = try file.tensor(name)
      guard value.shape == parameter.value.shape else {
        throw Mismatch("\(name): the layer has \(parameter.value.shape), the case \(value.shape)")
      }
      parameter.value = value
    }
    try layer.visitBuffers { name, buffer in
      let value = try file.tensor(name)
      guard value.shape == buffer.shape else {
        throw Mismatch("\(name): the layer has \(buffer.shape), the case \(value.shape)")
      }
      buffer = value
    }
  }

  /// Forward, and backward where there is an upstream gradient; compares everything that is given.
  private func check(
    _ layer: inout any Layer, _ file: Safetensors, mode: Mode, inputs: [String: String], outputs: [String: String],
    upstream: [String: String], gradients: [String: String]
  ) throws {
    guard let source = inputs["x"] else { throw Skip("inputs \(inputs.keys.sorted()) instead of x") }
    let given = try file.tensor(source, nonFinite: .allowed)
    let x = given.reshaped(to: view(of: given.shape))
    do { _ = try layer.outputShape(for: x.shape.withoutBatch) } catch { throw Skip("\(error)") }
    let y = layer.forward(x, mode: mode)
    var results = ["y": y]
    layer.visitBuffers { name, value in results[name + "_out"] = value }
    for (name, target) in outputs {
      guard let result = results[name] else { throw Skip("the output \(name) is not kept") }
      let isView = name == "y" && x.shape != given.shape
      try expect(
        isView ? result.reshaped(to: given.shape) : result, try file.tensor(target, nonFinite: .allowed), called: target
      )
    }
    guard let up = upstream["y"] else { return }
    let inputGradient = layer.backward(try file.tensor(up).reshaped(to: y.shape), input: x, output: y)
    var found = ["x": inputGradient.reshaped(to: given.shape)]
    layer.visitParameters { name, parameter in found[name] = parameter.gradient }
    for (name, target) in gradients {
      guard let gradient = found[name] else { throw Skip("the gradient of \(name) is not kept") }
      try expect(gradient, try file.tensor(target), called: target)
    }
  }

  /// The shape under which a layer sees the input: a softmax along any axis is one along the second of three.
  private func view(of shape: Shape) -> Shape {
    guard ["softmax", "log_softmax"].contains(op), let axis = try? whole("axis", default: 1) else { return shape }
    let split = axis < 0 ? axis + shape.rank : axis
    guard split != 1 || shape.rank > 2, 0..<shape.rank ~= split else { return shape }
    return [
      shape.dimensions[..<split].reduce(1, *), shape[split], shape.dimensions[(split + 1)...].reduce(1, *),
    ]
  }

  // MARK: Operations that are no layers

  /// y = α·A·B + β·C, C repeated where it is smaller.
  private func checkProduct(_ file: Safetensors) throws {
    func matrix(_ name: String, isTransposed: Bool) throws -> Tensor {
      let m = try file.tensor(name)
      guard m.shape.rank == 2 else { throw Skip("\(name) of rank \(m.shape.rank)") }
      if !isTransposed { return m }
      let (rows, columns) = (m.shape[0], m.shape[1])
      return Tensor([columns, rows], (0..<m.count).map { m.elements[$0 % rows * columns + $0 / rows] })
    }
    let a = try matrix("a", isTransposed: flag("transA"))
    let b = try matrix("b", isTransposed: flag("transB"))
    guard a.shape[1] == b.shape[0] else { throw Mismatch("a \(a.shape) and b \(b.shape) do not fit") }
    let product = Kernels.matrixMultiply(a, b)
    let (alpha, beta) = (try float("alpha", default: 1), try float("beta", default: 1))
    let c = names("inputs").contains("c") ? try file.tensor("c") : Tensor([1, 1])
    let extents = Array(repeating: 1, count: max(0, 2 - c.shape.rank)) + c.shape.dimensions
    guard extents.count == 2 else { throw Skip("c of rank \(c.shape.rank)") }
    let columns = product.shape[1]
    let y = Tensor(
      product.shape,
      product.elements.enumerated().map { place, value in
        let (i, j) = (extents[0] == 1 ? 0 : place / columns, extents[1] == 1 ? 0 : place % columns)
        return alpha * value + beta * c.elements[i * extents[1] + j]
      })
    try expect(y, try file.tensor("y"), called: "y")
  }

  private func checkSum(_ file: Safetensors) throws {
    let (a, b) = (try file.tensor("a"), try file.tensor("b"))
    guard a.shape == b.shape else { throw Skip("shapes \(a.shape) and \(b.shape): no broadcasting here") }
    try expect(Tensor(a.shape, zip(a.elements, b.elements).map(+)), try file.tensor("y"), called: "y")
    guard let up = map("upstream")["y"] else { return }
    for target in map("gradients").values { try expect(try file.tensor(up), try file.tensor(target), called: target) }
  }

  private func checkFlatten(_ file: Safetensors) throws {
    let x = try file.tensor("x")
    let axis = try whole("axis", default: 1)
    let split = axis < 0 ? axis + x.shape.rank : axis
    let outer = x.shape.dimensions.prefix(split).reduce(1, *)
    var y = x.reshaped(to: [outer, outer == 0 ? 0 : x.count / outer])
    if split == 1 {
      var flatten = Flatten()
      y = flatten.forward(x)
    }
    try expect(y, try file.tensor("y"), called: "y")
  }

  /// Losses with their gradient.
  private func checkLoss(_ file: Safetensors) throws {
    let unsupported = features.filter { ["class_weights", "ignore_index", "spatial_targets", "rank3"].contains($0) }
    if !unsupported.isEmpty { throw Skip("\(unsupported.joined(separator: ", ")): not part of the core") }
    if names("inputs").contains("class_weight") { throw Skip("class_weights: not part of the core") }
    let x = try file.tensor("x")
    guard x.shape.rank == 2 else { throw Skip("rank3: inputs of rank \(x.shape.rank)") }
    let (samples, classes) = (x.shape[0], x.shape[1])
    var sigmoid = Sigmoid()
    let y = op == "sigmoid_mse" ? sigmoid.forward(x) : x
    let hasClasses = op == "softmax_cross_entropy" || op == "nll_loss"
    let loss: any Loss
    switch op {
    case "softmax_cross_entropy": loss = SoftmaxCrossEntropy(labelSmoothing: try float("label_smoothing", default: 0))
    case "nll_loss": loss = NegativeLogLikelihood()
    default: loss = MeanSquaredError(scale: 1 / Float(classes))
    }
    func target(_ rows: Range<Int>) throws -> Target {
      if hasClasses { return .classes(Array(try file.integers("target")[rows])) }
      let values = try file.tensor("target")
      return .values(
        Tensor([rows.count, classes], Array(values.elements[rows.lowerBound * classes..<rows.upperBound * classes])))
    }
    var gradient = Tensor.empty
    let mean = loss.evaluate(y, try target(0..<samples), gradient: &gradient)
    let reduction = text("reduction") ?? "mean"
    // A mean over all elements becomes their sum, a mean over the batch that over the samples.
    let count = Double(samples) * (hasClasses ? 1 : Double(classes))
    let factor = reduction == "sum" ? count : 1
    for name in names("outputs") {
      let expected = try file.tensor(name)
      switch name {
      case "loss" where reduction == "none":
        let each = try (0..<samples).map { n in
          var unused = Tensor.empty
          let row = Tensor([1, classes], Array(y.elements[n * classes..<(n + 1) * classes]))
          return loss.evaluate(row, try target(n..<n + 1), gradient: &unused)
        }
        try expect(each, expected.elements.map(Double.init), called: name)
      case "loss": try expect([mean * factor], expected.elements.map(Double.init), called: name)
      case "y": try expect(y, expected, called: name)
      case "prob", "log_prob":
        let rows = try probabilities(x)
        try expect(rows.map { name == "prob" ? exp($0) : $0 }, expected.elements.map(Double.init), called: name)
      default: throw Skip("the output \(name) is not kept")
      }
    }
    guard let up = map("upstream")["loss"], let wanted = map("gradients")["x"] else { return }
    let scale = Float(factor) * (try file.tensor(up).elements.first ?? 1)
    var dx = Tensor(gradient.shape, gradient.elements.map { $0 * scale })
    if op == "sigmoid_mse" { dx = sigmoid.backward(dx, input: x, output: y) }
    try expect(dx, try file.tensor(wanted), called: wanted)
  }

  /// log softmax of each row, through the loss itself: −log p of class j is the loss of class j.
  private func probabilities(_ logits: Tensor) throws -> [Double] {
    let (samples, classes) = (logits.shape[0], logits.shape[1])
    var unused = Tensor.empty
    return (0..<samples).flatMap { n in
      let row = Tensor([1, classes], Array(logits.elements[n * classes..<(n + 1) * classes]))
      return (0..<classes).map { -SoftmaxCrossEntropy().evaluate(row, .classes([$0]), gradient: &unused) }
    }
  }
}

extension Dictionary where Key == String, Value == String {
  /// Every name under itself.
  init(same names: [String]) { self.init(uniqueKeysWithValues: names.map { ($0, $0) }) }
}
