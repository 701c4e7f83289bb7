// How the nets of the chapter are trained: plain gradient descent, with an eye on divergence.

import Foundation
import Workbook

/// A last layer of small weights: the first loss is then ln 10, as chapter 1's check asks.
let lastLayer = Initializer.normal(standardDeviation: 0.01)

/// A loss above this has left the valley: a net that guesses has ln 10 = 2.3.
let divergence = 20.0

/// Trains in batches of 32, by plain gradient descent unless told otherwise, and returns the loss of each step; ends where it has diverged.
///
/// - Parameters:
///   - warmUp: the steps over which the rate rises to `rate` along a line.
///   - first: the optimizer, before its first step.
///   - watch: sees the model with its outputs for each batch, before the step.
///   - stop: asked after each step with the losses so far; true ends the training.
func learn(
  _ model: inout Model, on data: Dataset, rate: Float, steps: Int, warmUp: Int = 1, by first: any Optimizer = SGD(),
  seed: UInt64,
  until stop: ([Double]) -> Bool = { _ in false }, watch: (Model, Batch) -> Void = { _, _ in }
) -> [Double] {
  let loss = SoftmaxCrossEntropy()
  var (optimizer, batch, pass) = (first, Batch(), Pass(.training))
  var generator = SeededGenerator(seed: seed, stream: 23)
  var (order, place) = (generator.permutation(of: data.count), 0)
  var losses: [Double] = []
  for step in 1...max(1, steps) {
    if place + 32 > order.count { (order, place) = (generator.permutation(of: data.count), 0) }
    data.load(order[place..<place + 32], into: &batch)
    place += 32
    let value = model.step(batch, loss, in: &pass)
    losses.append(value)
    watch(model, batch)
    if !(value < divergence) || stop(losses) { break }
    optimizer.step(&model, learningRate: rate * min(1, Float(step) / Float(warmUp)))
  }
  return losses
}

/// Whether a training ended because its loss left all bounds.
func hasDiverged(_ losses: [Double]) -> Bool { !((losses.last ?? .nan) < divergence) }

/// The mean loss of the last steps; NaN where the training has diverged.
func finalLoss(_ losses: [Double], over steps: Int = 20) -> Double {
  if hasDiverged(losses) { return .nan }
  let last = losses.suffix(steps)
  return last.reduce(0, +) / Double(last.count)
}

/// The place of the lowest cost among rates that do not diverge in a trial, and whose next larger one does not either: other
/// seeds run afterwards, and next to the edge some of them would fail. Of rates that all do, the lowest cost.
///
/// - Parameter costs: one for each rate, rising; infinite where a trial diverged.
func choice(_ costs: [Double]) -> Int {
  let safe = costs.indices.filter { costs[$0...].prefix(2).allSatisfy(\.isFinite) }
  return (safe.isEmpty ? Array(costs.indices) : safe).min { costs[$0] < costs[$1] } ?? 0
}
