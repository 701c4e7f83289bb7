// Cases of layers, run once or several times: forward, and backward if a gradient is given.

import Foundation
import Workbook

extension ConformanceCase {
  /// Runs an operation once.
  func runOperator() throws -> Verdict {
    let file = try tensors()
    if let row = LayerRow.table[op] {
      var layer = try row.make(self, file)
      try fill(&layer, from: file)
      try check(
        &layer, row, file, mode: flag("training") ? .training : .inference, inputs: Dictionary(same: names("inputs")),
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
    guard let row = LayerRow.table[op] else { throw Skip("the operation \(op) is not part of the core") }
    guard let steps = fields["steps"]?.items, !steps.isEmpty else { throw Skip("the case has no steps") }
    let file = try tensors()
    var layer = try row.make(self, file)
    try fill(&layer, from: file)
    for step in steps {
      func map(_ key: String) -> [String: String] {
        step[key]?.map ?? Dictionary(same: step[key]?.texts ?? [])
      }
      let training = step["training"]?.flag ?? flag("training")
      try check(
        &layer, row, file, mode: training ? .training : .inference, inputs: map("inputs"), outputs: map("outputs"),
        upstream: map("upstream"), gradients: map("gradients"))
    }
    return .passed
  }

  /// Loads parameters and buffers from the file.
  private func fill(_ layer: inout any Layer, from file: Safetensors) throws {
    func value(_ name: String, _ shape: Shape) throws -> Tensor {
      guard let entry = file[name] else { throw Mismatch("the file has no tensor \(name)") }
      guard entry.shape == shape else { throw Mismatch("\(name): the layer has \(shape), the case \(entry.shape)") }
      return try file.tensor(name)
    }
    var own: Set<String> = []
    try layer.visitParameters { name, parameter in
      parameter.value = try value(name, parameter.value.shape)
      own.insert(name)
    }
    try layer.visitBuffers { name, buffer in
      buffer = try value(name, buffer.shape)
      own.insert(name)
    }
    if let left = (names("parameters") + names("buffers")).first(where: { !own.contains($0) }) {
      throw Skip("the layer \(layer.kind) has no \(left)")
    }
  }

  /// Runs forward, and backward if there is an upstream gradient; compares all given results.
  private func check(
    _ layer: inout any Layer, _ row: LayerRow, _ file: Safetensors, mode: Mode, inputs: [String: String],
    outputs: [String: String], upstream: [String: String], gradients: [String: String]
  ) throws {
    guard let source = inputs["x"] else { throw Skip("inputs \(inputs.keys.sorted()) instead of x") }
    let given = try file.tensor(source, nonFinite: .allowed)
    guard given.count > 0 else { throw Skip("\(source): \(given.shape) has no elements") }
    let x = given.reshaped(
      to: row.isElementwise && given.shape.rank < 2 ? [1, given.count] : try view(of: given.shape))
    guard x.shape.rank > 1 else { throw Skip("\(source): a batch expected, got \(given.shape)") }
    do { _ = try layer.outputShape(for: x.shape.withoutBatch) } catch { throw Skip("\(error)") }

    let y = layer.forward(x, mode: mode)
    let isView = x.shape != given.shape && y.count == given.count
    var results = ["y": isView ? y.reshaped(to: given.shape) : y]
    for (name, value) in layer.buffers { results[name + "_out"] = value }
    if let norm = layer as? LayerNorm {
      let perSample = Shape([x.shape[0]] + Array(repeating: 1, count: x.shape.rank - 1))
      results["mean"] = Tensor(perSample, norm.means)
      results["inv_std"] = Tensor(perSample, norm.inverseDeviations)
    }
    for (name, target) in outputs.sorted(by: { $0.key < $1.key }) {
      guard let result = results[name] else { throw Skip("the output \(name) is not kept") }
      try expect(result, try file.tensor(target, nonFinite: .allowed), called: target)
    }

    guard let up = upstream["y"] else {
      if let name = gradients.keys.first { throw Skip("the gradient of \(name) without one upstream of y") }
      return
    }
    let upward = try file.tensor(up, nonFinite: .allowed)
    guard upward.count == y.count else { throw Mismatch("\(up): expected \(y.count) numbers, got \(upward.count)") }
    let inputGradient = layer.backward(upward.reshaped(to: y.shape), input: x, output: y)
    var found = ["x": inputGradient.reshaped(to: given.shape)]
    for (name, parameter) in layer.parameters { found[name] = parameter.gradient }
    for (name, target) in gradients.sorted(by: { $0.key < $1.key }) {
      guard let gradient = found[name] else { throw Skip("the gradient of \(name) is not kept") }
      try expect(gradient, try file.tensor(target, nonFinite: .allowed), called: target)
    }
  }

  /// The shape in which a layer receives the input: a softmax along any axis becomes one along the second of three.
  private func view(of shape: Shape) throws -> Shape {
    guard ["softmax", "log_softmax"].contains(op) else { return shape }
    let axis = try whole("axis", default: 1, in: -shape.rank...max(0, shape.rank - 1))
    let split = axis < 0 ? axis + shape.rank : axis
    if split == 1 && shape.rank == 2 { return shape }
    return [
      shape.dimensions[..<split].reduce(1, *), shape[split], shape.dimensions[(split + 1)...].reduce(1, *),
    ]
  }
}

extension Dictionary where Key == String, Value == String {
  /// Maps every name to itself.
  init(same names: [String]) { self.init(names.map { ($0, $0) }, uniquingKeysWith: { first, _ in first }) }
}
