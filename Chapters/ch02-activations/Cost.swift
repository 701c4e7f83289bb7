// What an activation costs: time for each element, and its share of a training step. Times differ from run to run.

import Foundation
import Workbook

/// Measured times; the only numbers of the chapter that a second run does not repeat.
struct Cost: Codable, Sendable {
  /// The nanoseconds for one element.
  var forward: Double
  var backward: Double
  var both: Double { forward + backward }
}

extension Cost {
  /// Measured on one thread: the least of many rounds, disturbed least.
  init(of layer: any Layer, count: Int = 65_536, rounds: Int) {
    var layer = layer
    var generator = SeededGenerator(seed: 1, stream: 24)
    var input = Tensor(zeros: [count])
    input.fillNormal(standardDeviation: 2, using: &generator)
    let gradient = Tensor([count], repeating: 1)
    var (output, inputGradient, pass) = (Tensor(zeros: [count]), Tensor(zeros: [count]), Pass(.training))
    let before = Parallel.threadCount
    Parallel.threadCount = 1
    defer { Parallel.threadCount = before }
    let clock = ContinuousClock()
    var times: (forward: [Double], backward: [Double]) = ([], [])
    for _ in 0..<rounds {
      let begin = clock.now
      layer.forward(input, into: &output, in: &pass)
      let middle = clock.now
      layer.backward(gradient, input: input, output: output, into: &inputGradient)
      times.forward.append((middle - begin) / .nanoseconds(count))
      times.backward.append((clock.now - middle) / .nanoseconds(count))
    }
    self.init(forward: times.forward.min() ?? .nan, backward: times.backward.min() ?? .nan)
  }

  /// The milliseconds of one training step of the race's net, batch 32: the least of several.
  static func perStep(_ function: Nonlinearity, on data: Dataset, rounds: Int) throws -> Double {
    var model = try Model(convNet(function), input: data.sampleShape, seed: 1)
    let clock = ContinuousClock()
    var (times, begin) = ([Double](), clock.now)
    _ = learn(&model, on: data, rate: 0.01, steps: rounds, seed: 1) { _ in
      // From loss to loss: one whole step.
      times.append((clock.now - begin) / .milliseconds(1))
      begin = clock.now
      return false
    }
    return times.dropFirst().min() ?? .nan
  }
}
