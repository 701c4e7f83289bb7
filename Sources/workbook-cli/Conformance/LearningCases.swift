// Cases of optimizers, schedules and initial weights.

import Foundation
import Workbook

extension ConformanceCase {
  func makeOptimizer() throws -> any Optimizer {
    switch op {
    case "sgd":
      return SGD(
        momentum: try float("momentum", default: 0, in: 0...0.999_999), nesterov: flag("nesterov"),
        weightDecay: try float("weight_decay", default: 0, in: 0...1e6))
    case "adam", "adamw":
      let betas = numbers("betas") ?? [0.9, 0.999]
      guard betas.count == 2, betas.allSatisfy({ 0 <= $0 && $0 < 1 }) else { throw Skip("betas \(betas)") }
      if flag("amsgrad") { throw Skip("amsgrad: not part of the core") }
      let (beta1, beta2, epsilon) = (Float(betas[0]), Float(betas[1]), try float("eps", default: 1e-8))
      let decay = try float("weight_decay", default: op == "adam" ? 0 : 0.01, in: 0...1e6)
      return op == "adam"
        ? Adam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay)
        : AdamW(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay)
    case "rmsprop":
      if flag("centered") { throw Skip("centered: not part of the core") }
      return RMSProp(
        smoothing: try float("alpha", default: 0.99, in: 0...0.999_999), epsilon: try float("eps", default: 1e-8),
        momentum: try float("momentum", default: 0, in: 0...0.999_999),
        weightDecay: try float("weight_decay", default: 0, in: 0...1e6))
    case "adagrad":
      if try number("lr_decay", default: 0) != 0 { throw Skip("adagrad_options: lr_decay is not part of the core") }
      return Adagrad(
        epsilon: try float("eps", default: 1e-10), weightDecay: try float("weight_decay", default: 0, in: 0...1e6),
        initialSum: try float("initial_accumulator_value", default: 0, in: 0...1e30))
    default: throw Skip("the optimizer \(op) is not part of the core")
    }
  }

  /// Follows a trajectory: compares the values after every step, for given gradients.
  func runOptimizer() throws -> Verdict {
    let file = try tensors()
    var optimizer = try makeOptimizer()
    guard let rates = numbers("lr_per_step"), !rates.isEmpty else { throw Skip("attribute lr_per_step is missing") }
    let order = names("parameters")
    func list(_ key: String) throws -> [Tensor] { try order.map { try file.tensor(map(key)[$0] ?? $0) } }
    var parameters = try list("initial").map { Parameter($0) }
    let (gradients, expected) = (try list("gradients_per_step"), try list("trajectory"))
    for index in parameters.indices {
      // Axis 0 is the step.
      let shape = parameters[index].value.shape.batched(rates.count)
      for (name, tensor) in [("gradients", gradients[index]), ("trajectory", expected[index])]
      where tensor.shape != shape {
        throw Mismatch("\(name) of \(order[index]): expected \(shape), got \(tensor.shape)")
      }
    }
    for (step, rate) in rates.enumerated() {
      optimizer.beginStep()
      for index in parameters.indices {
        let (size, shape) = (parameters[index].value.count, parameters[index].value.shape)
        let part = step * size..<(step + 1) * size
        parameters[index].gradient = Tensor(shape, Array(gradients[index].elements[part]))
        optimizer.update(&parameters[index], at: index, learningRate: Float(rate))
        try expect(
          parameters[index].value, Tensor(shape, Array(expected[index].elements[part])),
          called: "\(order[index]) after step \(step + 1)", tolerance: map("trajectory")[order[index]])
      }
    }
    return .passed
  }

  /// Compares the learning rate of each epoch.
  func runSchedule() throws -> Verdict {
    let schedule: any Schedule
    switch op {
    case "constant": schedule = ConstantRate(try float("base_lr"))
    case "step":
      schedule = StepDecay(try float("base_lr"), factor: try float("gamma"), every: try whole("step_size"))
    case "exponential": schedule = ExponentialDecay(try float("base_lr"), factor: try float("gamma"))
    case "cosine":
      schedule = CosineDecay(try float("base_lr"), minimum: try float("eta_min", default: 0), over: try whole("T_max"))
    case "multi_step", "multistep":
      // A milestone m is the number of epochs after which the learning rate drops: it needs a step table.
      let (base, gamma) = (try number("base_lr"), try number("gamma", default: 0.1))
      let milestones = try wholes("milestones") ?? []
      guard zip(milestones, milestones.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw Skip("milestones: rising epochs expected, got \(milestones)")
      }
      let rates = (0...milestones.count).map { Float(base * pow(gamma, Double($0))) }
      schedule = StepTable(zip(milestones, rates).map { (through: $0, $1) }, then: rates[milestones.count])
    case "table":
      let rows = attributes["rows"]?.items ?? []
      let rates = rows.map { row in
        (last: row["last_epoch"]?.whole ?? .max, rate: row["lr"]?.number.map { Float($0) } ?? .nan)
      }
      guard let final = rates.last else { throw Skip("a table without rows") }
      guard zip(rates, rates.dropFirst()).dropLast().allSatisfy({ $0.last < $1.last }) else {
        throw Skip("rows: rising epochs expected, got \(rates.map(\.last))")
      }
      schedule = StepTable(rates.dropLast().map { (through: $0.last, $0.rate) }, then: final.rate)
    default: throw Skip("the schedule \(op) is not part of the core")
    }
    let expected = fields["values"]?.numbers ?? []
    guard !expected.isEmpty else { throw Skip("the case has no values") }
    try expect(expected.indices.map { Double(schedule(epoch: $0 + 1)) }, expected, called: "learning rate")
    return .passed
  }

  /// Draws a sample and compares its statistics.
  func runInitializer() throws -> Verdict {
    let isUniform = text("distribution").map { $0 == "uniform" } ?? op.hasSuffix("uniform")
    let distribution: Initializer.Distribution = isUniform ? .uniform : .normal
    let gain = try float("gain", default: 1, in: 0...1e6)
    let initializer: Initializer
    switch op {
    case "xavier_normal", "xavier_uniform": initializer = .scaled(.average, distribution, gain: gain)
    case "kaiming_normal", "kaiming_uniform":
      initializer = .scaled(text("mode") == "fan_out" ? .fanOut : .fanIn, distribution, gain: gain)
    case "lecun_normal", "lecun_uniform": initializer = .scaled(.fanIn, distribution, gain: gain)
    case "torch_default": initializer = .torchUniform
    default: throw Skip("the initializer \(op) is not part of the core")
    }
    guard let extents = try wholes("weight_shape"), let expected = fields["expected"]?.members else {
      throw Skip("no shape or no expectation")
    }
    func wanted(_ key: String) -> Double? { expected[key]?.number }
    guard extents.reduce(1.0, { $0 * Double($1) }) <= 1e8 else { throw Skip("weight_shape: \(extents) is too large") }
    let shape = Shape(extents)
    let fans = Fans(weightShape: shape)
    guard fans.fanIn == (try whole("fan_in", default: fans.fanIn)),
      fans.fanOut == (try whole("fan_out", default: fans.fanOut))
    else {
      throw Mismatch("fans: expected \(attributes["fan_in"] ?? ""), \(attributes["fan_out"] ?? ""), got \(fans)")
    }
    var (sample, generator) = (Tensor(zeros: shape), SeededGenerator(seed: 4242))
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
    if let bounds = expected["bounds"]?.numbers, bounds.count == 2 {
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
    let expected = (fields["expected"]?.members?.compactMapValues(\.number) ?? [:]).sorted { $0.key < $1.key }
    for (name, gain) in expected {
      guard let got = Initializer.gain(for: name) else { throw Skip("the gain of \(name) is not known here") }
      try expect([Double(got)], [gain], called: name)
    }
    return .passed
  }
}
