// Chapter 4: the direction of each effect, and half its size.

import Testing
import Workbook

@testable import ch04_weight_init

@Suite("Chapter 4") struct WeightInitTests {
  /// Three seeds, narrower than the lecture's; the effects do not depend on the width where the weights scale with it.
  static let experiment = LectureExperiment(width: 512, depth: 6, seeds: [1, 2, 3])

  @Test("small weights make the activations of a tanh net collapse")
  func collapse() {
    let deviations = Self.experiment.means(\.deviation)[0]
    // At width 512 a layer keeps at most 0.01·√512 = 0.23 of what it gets.
    #expect(zip(deviations, deviations.dropFirst()).allSatisfy { $1 < 0.35 * $0 })
  }

  @Test("Xavier with ReLU loses 1/√2 per layer, He loses nothing")
  func rectified() {
    let deviations = Self.experiment.means(\.deviation)
    for (earlier, later) in zip(deviations[3], deviations[3].dropFirst()) {
      #expect(abs(later / earlier - 0.7071) < 0.07)
    }
    #expect(deviations[4].allSatisfy { abs($0 / deviations[4][0] - 1) < 0.1 })
  }

  @Test("Xavier holds a tanh net well above the small weights")
  func xavier() {
    let deviations = Self.experiment.means(\.deviation)
    #expect(deviations[2][5] > 0.2 && deviations[2][5] > 5 * deviations[0][5])
  }

  @Test("half of a ReLU's outputs are zero, and He's gradient keeps its size on the way back")
  func backwards() {
    let zeros = Self.experiment.means(\.zeros)[4]
    #expect(zeros.allSatisfy { abs($0 - 0.5) < 0.05 })
    let gradients = Self.experiment.means(\.gradientDeviation)
    #expect(gradients[4].allSatisfy { abs($0 - 1) < 0.15 })
    #expect(gradients[0][0] < 0.01)
  }

  @Test("the same seed gives the same numbers on one thread and on two")
  func deterministic() {
    let several = activationSpread(Start.lecture[4], width: 128, depth: 3, seed: 9)
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 1
    let one = activationSpread(Start.lecture[4], width: 128, depth: 3, seed: 9)
    #expect(one.map(\.deviation) == several.map(\.deviation))
    #expect(one.map(\.gradientDeviation) == several.map(\.gradientDeviation))
  }
}
