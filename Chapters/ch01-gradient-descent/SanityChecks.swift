// Two checks before any long training: the first loss, and twenty examples memorized.

import Foundation
import Workbook

/// A net for digits whose last layer starts with weights of a chosen size.
///
/// - Parameter gain: the standard deviation of the last layer's weights, times √fan-in.
func digitNet(gain: Float) -> Sequential {
  Sequential([
    "flat": Flatten(), "fc1": Dense(1024, 64, initializer: .heNormal), "act1": ReLU(),
    "fc2": Dense(64, 10, initializer: .scaled(.fanIn, .normal, gain: gain)),
  ])
}

/// The loss before any training.
func firstLoss(gain: Float, on batch: Batch, seed: UInt64) throws -> Double {
  var model = try Model(digitNet(gain: gain), input: [1, 32, 32], seed: seed)
  var gradient = Tensor.empty
  return SoftmaxCrossEntropy().evaluate(
    model.forward(batch.inputs), .classes(batch.labels), gradient: &gradient)
}

/// What may be wrong with a program that trains.
enum Defect: String, CaseIterable {
  case none = "as it should be"
  case blackImages = "all images black"
  case tinyRate = "rate 1000 times too small"
}

/// A net that learns twenty examples by heart.
struct HeartRun: Sendable {
  /// The loss of each step.
  var losses: [Double]
  /// ‖η·g‖/‖w‖ of the first layer's weights, the geometric mean over the first 20 steps.
  var update: Double
}

/// Lets a net learn twenty examples by heart.
func learnByHeart(_ twenty: Batch, defect: Defect, steps: Int, seed: UInt64) throws -> HeartRun {
  var model = try Model(digitNet(gain: 0.1), input: [1, 32, 32], seed: seed)
  var batch = twenty
  if defect == .blackImages { batch.inputs.fill(0) }
  let rate: Float = defect == .tinyRate ? 5e-5 : 0.05
  var optimizer = SGD()
  let loss = SoftmaxCrossEntropy()
  var pass = Pass(.training)
  func size(_ tensor: Tensor) -> Double { tensor.elements.reduce(0.0) { $0 + Double($1 * $1) }.squareRoot() }
  var run = HeartRun(losses: [], update: 0)
  for step in 0..<steps {
    run.losses.append(model.step(batch, loss, in: &pass))
    if step < 20, let weights = model.parameters.first(where: { $0.name == "fc1.weight" })?.parameter {
      run.update +=
        log(max(Double(rate) * size(weights.gradient) / size(weights.value), 1e-30)) / Double(min(20, steps))
    }
    optimizer.step(&model, learningRate: rate)
  }
  run.update = exp(run.update)
  return run
}

/// −Σ p·ln p over the shares of the classes: the least loss of a net that cannot see its input.
func labelEntropy(_ labels: [Int]) -> Double {
  var counts: [Int: Int] = [:]
  for label in labels { counts[label, default: 0] += 1 }
  return counts.keys.sorted().reduce(0) { sum, label in
    let share = Double(counts[label] ?? 0) / Double(labels.count)
    return sum - share * log(share)
  }
}
