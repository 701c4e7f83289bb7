// Cases of losses and their gradients.

import Foundation
import Workbook

extension ConformanceCase {
  /// Compares a loss, its intermediate results, and its gradient with respect to x.
  func checkLoss(_ file: Safetensors) throws {
    let unsupported = features.filter { ["class_weights", "ignore_index", "spatial_targets", "rank3"].contains($0) }
    if !unsupported.isEmpty { throw Skip("\(unsupported.joined(separator: ", ")): not part of the core") }
    if names("inputs").contains("class_weight") { throw Skip("class_weights: not part of the core") }
    let hasClasses = op == "softmax_cross_entropy" || op == "nll_loss"
    var x = try file.tensor("x")
    let given = x.shape
    guard x.count > 0 else { throw Skip("x: \(given) has no elements") }
    if !hasClasses && given.rank != 2 { x = x.reshaped(to: [1, x.count]) }
    guard x.shape.rank == 2 else { throw Skip("rank3: x of shape \(given)") }
    let (samples, classes) = (x.shape[0], x.shape[1])

    var sigmoid = Sigmoid()
    let y = op == "sigmoid_mse" ? sigmoid.forward(x) : x
    let loss: any Loss
    switch op {
    case "softmax_cross_entropy":
      loss = SoftmaxCrossEntropy(labelSmoothing: try float("label_smoothing", default: 0, in: 0...0.999_999))
    case "nll_loss": loss = NegativeLogLikelihood()
    default: loss = MeanSquaredError(scale: 1 / Float(classes))
    }
    let target = try lossTarget(file, samples, classes, hasClasses)

    var gradient = Tensor.empty
    let mean = loss.evaluate(y, target(0..<samples), gradient: &gradient)
    // Converts the mean over the batch, or over all elements, to the sum.
    let count = Double(samples) * (hasClasses ? 1 : Double(classes))
    let reduction = text("reduction") ?? "mean"
    guard ["mean", "sum", "none"].contains(reduction) else {
      throw Skip("the reduction \(reduction) is not known here")
    }
    let factor = reduction == "sum" ? count : 1
    for name in names("outputs") {
      let expected = try file.tensor(name, nonFinite: .allowed)
      let wanted = expected.elements.map(Double.init)
      switch name {
      case "loss" where reduction == "none":
        guard hasClasses else { throw Skip("a loss for each element is not kept") }
        let each = (0..<samples).map { n in
          var unused = Tensor.empty
          let row = Tensor([1, classes], Array(y.elements[n * classes..<(n + 1) * classes]))
          return loss.evaluate(row, target(n..<n + 1), gradient: &unused)
        }
        try expect(each, wanted, called: name)
      case "loss": try expect([mean * factor], wanted, called: name)
      case "y": try expect(y.reshaped(to: given), expected, called: name)
      case "prob":
        var softmax = Softmax()
        try expect(softmax.forward(x), expected, called: name)
      case "log_prob":
        var softmax = LogSoftmax()
        try expect(softmax.forward(x), expected, called: name)
      default: throw Skip("the output \(name) is not kept")
      }
    }

    guard let up = map("upstream")["loss"], let wanted = map("gradients")["x"] else { return }
    let upward = try file.tensor(up).elements
    // One number for the whole loss, or one per sample: a sample's own gradient is N times its part of the mean's.
    let scales: [Float]
    switch (reduction, upward.count) {
    case ("none", samples): scales = upward.map { $0 * Float(samples) }
    case (_, 1) where reduction != "none": scales = Array(repeating: upward[0] * Float(factor), count: samples)
    default: throw Skip("\(up): \(upward.count) numbers for the reduction \(reduction)")
    }
    var dx = Tensor(gradient.shape, gradient.elements.enumerated().map { $1 * scales[$0 / classes] })
    if op == "sigmoid_mse" { dx = sigmoid.backward(dx, input: x, output: y) }
    try expect(dx.reshaped(to: given), try file.tensor(wanted), called: wanted)
  }

  /// Returns a function for the targets of any rows; all targets are validated first.
  private func lossTarget(
    _ file: Safetensors, _ samples: Int, _ classes: Int, _ hasClasses: Bool
  ) throws -> (Range<Int>) -> Target {
    guard let entry = file["target"] else { throw Mismatch("the file has no tensor target") }
    if hasClasses && entry.shape.rank == 1 {
      let labels = try file.integers("target")
      guard labels.count == samples else { throw Mismatch("target: \(samples) classes expected, got \(labels.count)") }
      if let label = labels.first(where: { !(0..<classes).contains($0) }) {
        throw Skip("ignore_index: class \(label) does not lie in 0 ..< \(classes)")
      }
      return { .classes(Array(labels[$0])) }
    }
    // Probabilities instead of classes.
    let values = try file.tensor("target")
    guard values.count == samples * classes else {
      throw Mismatch("target: \(samples * classes) numbers expected, got \(values.shape)")
    }
    return { rows in
      .values(
        Tensor([rows.count, classes], Array(values.elements[rows.lowerBound * classes..<rows.upperBound * classes])))
    }
  }
}
