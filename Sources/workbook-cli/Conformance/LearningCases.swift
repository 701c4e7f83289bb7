// Optimizers, schedules, initial weights.

import Foundation
import Workbook

extension ConformanceCase {
  private func makeOptimizer() throws -> any Optimizer {
    switch op {
    case "sgd":
      return SGD(
        momentum: try float("momentum", default: 0), nesterov: flag("nesterov"),
        weightDecay: try float("weight_decay", default: 0))
    default: throw Skip("the optimizer \(op) is not part of the core")
    }
  }

  /// Follows a trajectory: given gradients, the values after every step.
  func runOptimizer() throws -> Verdict {
    let file = try tensors()
    var optimizer = try makeOptimizer()
    let rates = numbers("lr_per_step") ?? []
    let initial = map("initial")
    let order = names("parameters")
    var parameters = try order.map { Parameter(try file.tensor(initial[$0] ?? $0)) }
    let gradients = try order.map { try file.tensor(map("gradients_per_step")[$0] ?? $0) }
    let expected = try order.map { try file.tensor(map("trajectory")[$0] ?? $0) }
    for (step, rate) in rates.enumerated() {
      optimizer.beginStep()
      for index in parameters.indices {
        let size = parameters[index].value.count
        let shape = parameters[index].value.shape
        let part = step * size..<(step + 1) * size
        guard gradients[index].count >= part.upperBound, expected[index].count >= part.upperBound else {
          throw Mismatch("\(order[index]): \(rates.count) steps need \(rates.count * size) numbers")
        }
        parameters[index].gradient = Tensor(shape, Array(gradients[index].elements[part]))
        optimizer.update(&parameters[index], at: index, learningRate: Float(rate))
        try expect(
          parameters[index].value, Tensor(shape, Array(expected[index].elements[part])),
          called: "\(order[index]) after step \(step + 1)")
      }
    }
    return .passed
  }

  /// Compares the learning rate of each epoch.
  func runSchedule() throws -> Verdict {
    let schedule: any Schedule
    switch op {
    case "step":
      schedule = StepDecay(try float("base_lr"), factor: try float("gamma"), every: try whole("step_size"))
    case "exponential": schedule = ExponentialDecay(try float("base_lr"), factor: try float("gamma"))
    case "cosine":
      schedule = CosineDecay(try float("base_lr"), minimum: try float("eta_min", default: 0), over: try whole("T_max"))
    case "table":
      let rows = attributes["rows"] as? [[String: Any]] ?? []
      let rates = rows.map {
        (last: ($0["last_epoch"] as? NSNumber)?.intValue, rate: ($0["lr"] as? NSNumber)?.floatValue ?? 0)
      }
      guard let final = rates.last else { throw Skip("a table without rows") }
      schedule = StepTable(rates.dropLast().map { (through: $0.last ?? .max, $0.rate) }, then: final.rate)
    default: throw Skip("the schedule \(op) is not part of the core")
    }
    let expected = (fields["values"] as? [NSNumber])?.map(\.doubleValue) ?? []
    try expect(expected.indices.map { Double(schedule(epoch: $0 + 1)) }, expected, called: "learning rate")
    return .passed
  }

  /// Draws a sample and compares its statistics.
  func runInitializer() throws -> Verdict {
    let distribution: Initializer.Distribution = text("distribution") == "uniform" ? .uniform : .normal
    let gain = try float("gain", default: 1)
    let initializer: Initializer
    switch op {
    case "xavier_normal", "xavier_uniform": initializer = .scaled(.average, distribution, gain: gain)
    case "kaiming_normal", "kaiming_uniform":
      initializer = .scaled(text("mode") == "fan_out" ? .fanOut : .fanIn, distribution, gain: gain)
    case "lecun_normal", "lecun_uniform": initializer = .scaled(.fanIn, distribution, gain: gain)
    case "torch_default": initializer = .torchUniform
    default: throw Skip("the initializer \(op) is not part of the core")
    }
    guard let extents = wholes("weight_shape"), let expected = fields["expected"] as? [String: Any] else {
      throw Skip("no shape or no expectation")
    }
    func wanted(_ key: String) -> Double? { (expected[key] as? NSNumber)?.doubleValue }
    let shape = Shape(extents)
    let fans = Fans(weightShape: shape)
    guard fans.fanIn == (try whole("fan_in")), fans.fanOut == (try whole("fan_out", default: fans.fanOut)) else {
      throw Mismatch("fans: expected \(attributes["fan_in"] ?? ""), \(attributes["fan_out"] ?? ""), got \(fans)")
    }
    var (sample, generator) = (Tensor(shape), SeededGenerator(seed: 4242))
    initializer.fill(&sample, using: &generator)
    let values = sample.elements.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    if let center = wanted("mean"), let tolerance = wanted("mean_tolerance_abs"), abs(mean - center) > tolerance {
      throw Mismatch("mean: expected \(center) ± \(tolerance), got \(mean)")
    }
    if let sigma = wanted("std"), let tolerance = wanted("std_tolerance_rel"), abs(deviation / sigma - 1) > tolerance {
      throw Mismatch("std: expected \(sigma) within \(tolerance), got \(deviation)")
    }
    if let bounds = (expected["bounds"] as? [NSNumber])?.map(\.doubleValue), bounds.count == 2 {
      let slack = 1e-6 * abs(bounds[1])
      if let outside = values.first(where: { $0 < bounds[0] - slack || $0 > bounds[1] + slack }) {
        throw Mismatch("bounds: expected \(bounds), got \(outside)")
      }
    }
    let largest = values.map(abs).max() ?? 0
    if let least = wanted("largest_abs_at_least"), largest < least {
      throw Mismatch("largest: expected at least \(least), got \(largest)")
    }
    return .passed
  }

  /// Compares the gain of each nonlinearity.
  func runGains() throws -> Verdict {
    let expected = (fields["expected"] as? [String: NSNumber] ?? [:]).sorted { $0.key < $1.key }
    for (name, gain) in expected {
      guard let got = Initializer.gain(for: name) else { throw Skip("the gain of \(name) is not known here") }
      try expect([Double(got)], [gain.doubleValue], called: name)
    }
    return .passed
  }
}
