// Installs the answer to exercise 1.4 in the bowl panel of chapter 1.

import ExerciseKit
import Live
import Tensors

@_cdecl("live_install") public func install() {
  LearnerAnswers.installed.momentum = { weights, gradients, velocities, rate, momentum in
    do throws(Unsolved) {
      return try Ex01_4_Momentum.step(
        weights: weights, gradients: gradients, velocities: velocities, learningRate: rate, momentum: momentum)
    } catch { fatalError("your answer to exercise 1.4 threw an error") }
  }
}
