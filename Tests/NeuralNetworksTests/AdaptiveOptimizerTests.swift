// Adam and its kin: the first steps by hand, and memory that survives a save.

import Foundation
import Tensors
import Testing

@testable import NeuralNetworks

/// The value of one weight, from 0, after steps with the given gradients and η = 1.
private func walk(_ optimizer: some Optimizer, _ gradients: [Float], decays: Bool = true, from start: Float = 0)
  -> Float
{
  var (optimizer, parameter) = (optimizer, Parameter(Tensor(vector: [start]), decays: decays))
  for gradient in gradients {
    parameter.gradient = Tensor(vector: [gradient])
    optimizer.beginStep()
    optimizer.update(&parameter, at: 0, learningRate: 1)
  }
  return parameter.value.elements[0]
}

@Suite struct AdaptiveOptimizerTests {
  @Test("Adam's first step is η whatever the size of the gradient", arguments: [1e-3, 1, 1e3] as [Float])
  func firstStep(_ gradient: Float) {
    #expect(abs(walk(Adam(), [gradient]) + 1) < 1e-4)
  }

  @Test("Adagrad's second equal step is 1/√2 of the first")
  func adagrad() {
    #expect(abs(walk(Adagrad(), [3, 3]) + 1 + Float(0.5).squareRoot()) < 1e-5)
  }

  @Test("RMSProp's first step is η/√(1 − α)")
  func rmsprop() {
    #expect(abs(walk(RMSProp(smoothing: 0.75), [5]) + 2) < 1e-5)
  }

  @Test("AdamW shrinks a weight without gradient by η·λ; Adam takes a whole step; neither where nothing decays")
  func decay() {
    #expect(walk(AdamW(weightDecay: 0.25), [0], from: 4) == 3)
    #expect(abs(walk(Adam(weightDecay: 0.25), [0], from: 4) - 3) < 1e-4)
    #expect(abs(walk(Adam(weightDecay: 0.25), [0], from: 400) - 399) < 1e-3)
    #expect(walk(AdamW(weightDecay: 0.25), [0], decays: false, from: 4) == 4)
  }

  @Test("a restored memory continues where the saved one stopped")
  func restored() {
    func check<O: Optimizer>(_ fresh: O) {
      var (first, second) = (fresh, fresh)
      var (a, b) = (Parameter(Tensor(vector: [1, 2])), Parameter(Tensor(vector: [1, 2])))
      for step in 0..<6 {
        if step == 3 {
          b = a
          second.state = first.state
        }
        a.gradient = Tensor(vector: [Float(step) - 2, 0.5])
        first.beginStep()
        first.update(&a, at: 0, learningRate: 0.1)
        guard step >= 3 else { continue }
        b.gradient = a.gradient
        second.beginStep()
        second.update(&b, at: 0, learningRate: 0.1)
      }
      #expect(a.value == b.value, "\(fresh.name)")
      #expect(a.value.elements != [1, 2])
    }
    check(Adam())
    check(AdamW())
    check(Adagrad(initialSum: 0.5))
    check(RMSProp(momentum: 0.9))
  }
}
