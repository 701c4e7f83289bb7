// Live panels, each compared with the program of its chapter.

import Foundation
import Testing
import Workbook

@testable import Live
@testable import ch01_gradient_descent
@testable import ch02_activations
@testable import ch03_preprocessing
@testable import ch08_losses
@testable import ch11_deeper_networks

@Suite("Chapters: live panels") struct ChapterPanelTests {
  @Test("chapter 8: the neuron learns step by step as the chapter's own does", arguments: [0, 1] as [Float])
  func neuron(_ target: Float) {
    let panel = NeuronPanel()
    let start: Float = target == 0 ? 2 : -2
    _ = panel.answer("begin", [start, start, target])
    let parts = panel.answer("train", [400, 0.15])
    for (place, rule) in [Rule.squaredError, .crossEntropy].enumerated() {
      let expected = learn(rule, from: Double(start), target: Double(target))
      for step in 1...300 { #expect(abs(Double(parts[place][step - 1]) - expected[step]) < 1e-4) }
      #expect(stepsToLearn(rule, from: Double(start), target: Double(target)) == Int(parts[4][place]))
    }
  }

  @Test("chapter 1: the net of the plane begins as that of the spirals, and learns as fast")
  func field() throws {
    let panel = FieldPanel()
    _ = panel.answer("reset", [1, 0, 200, 0.02, 32, 1, 0, 0.9])
    let run = try train(
      SpiralNet.twoLayers(hidden: 32), on: spirals(seed: 1), optimizer: SGD(momentum: 0.9), rate: 0.3, steps: 400,
      seed: 1)
    // Other first weights of the same sizes.
    let found = panel.answer("train", [400, 0.3, 200])
    #expect(abs(log(Double(found[0][399]) / run.losses[399])) < log(3) && run.error < 0.02 && found[1][0] > 0.98)
  }

  @Test("chapter 8: the push of squared error is largest at two thirds: 4/27")
  func push() {
    let panel = NeuronPanel()
    let (bias, answer) = (panel.answer("largest", [0.5, 0])[0][0], panel.answer("largest", [0.5, 0])[0][1])
    #expect(answer == 2.0 / 3)
    // σ(z) = ⅔ at z = ln 2.
    #expect(abs(bias + 0.5 - Float(log(2.0))) < 1e-6)
    let now = panel.answer("begin", [0.5, bias, 0])
    #expect(abs(now[0][0] - 2.0 / 3) < 1e-6 && abs(now[0][2] - 4.0 / 27) < 1e-6 && abs(now[1][2] - 2.0 / 3) < 1e-6)
    #expect(abs(panel.answer("largest", [0, 1])[0][1] - 1.0 / 3) < 1e-6)
    // A drag to a value near the peak snaps to it.
    #expect(panel.answer("bias", [0.5, 0, 0.66])[0][0] == bias)
  }

  @Test("chapter 11: the same gradients as the chapter's stacks, plain and adding", arguments: [1, 2] as [UInt64])
  func flow(_ seed: UInt64) {
    func norms(_ activation: Float, normalized: Float) -> [[Float]] {
      FlowPanel().answer("measure", [Float(seed), 20, activation, 1, normalized, 1])
    }
    func agree(_ found: [Float], _ stack: ch11_deeper_networks.Stack) -> Bool {
      let expected = gradientNorms(stack, depth: 20, seed: seed)
      return found.count == expected.count
        && zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 * max($1, 1e-30) }
    }
    #expect(agree(norms(0, normalized: 0)[0], .sigmoid))
    #expect(agree(norms(1, normalized: 0)[0], .tanh))
    #expect(agree(norms(2, normalized: 0)[0], .relu))
    #expect(agree(norms(2, normalized: 1)[0], .normalized))
    #expect(agree(norms(2, normalized: 1)[1], .residual))
  }

  @Test("chapter 2: the line leaves the cloud and the unit is dead: nothing moves, unless it leaks")
  func unit() {
    let panel = UnitPanel()
    for (activation, moves) in [(0, false), (1, true), (2, true)] as [(Float, Bool)] {
      _ = panel.answer("begin", [37, -8, activation, 1])
      let before = panel.answer("look", [])
      #expect(before[1][0] == 0 && (before[1][1] > 0) == moves)
      _ = panel.answer("train", [50, 0.2, 150])
      #expect((panel.answer("look", [])[3] != before[3]) == moves)
    }
    // Through (1, 2) with w = (1, 0): b = −1.
    #expect(panel.answer("through", [0, 1, 2]) == [[-1]])
  }

  @Test("chapter 3: the chapter's cloud, its curvatures and a round bowl")
  func cloudOfChapter() {
    let panel = CloudPanel()
    func parts(_ method: Float) -> [[Float]] { panel.answer("prepare", [1, 1.2, 0.35, 36, 4, 2, method]) }
    let raw = cloud(count: 200, seed: 1)
    #expect(zip(parts(0)[0], raw.elements).allSatisfy { abs($0 - $1) < 1e-5 })
    let kappas = (0..<4).map { parts(Float($0))[3][0] / parts(Float($0))[3][1] }
    #expect(kappas[0] > 5 * kappas[1] && kappas[1] > 5 && kappas[2] > 5 && abs(kappas[3] - 1) < 1e-3)
    // Round bowl: half of 2/λmax reaches the minimum in one step.
    let path = panel.answer("descend", [1, 0.5])
    #expect(abs(path[0][0] - 1) < 1e-3 && abs(path[0][1] + 0.5) < 1e-3 && path[2] == [1])
    // Above 2/λmax it diverges, in any bowl.
    _ = parts(0)
    let losses = panel.answer("descend", [100, 1.1])[1]
    #expect(losses[99] > losses[0])
  }

  @Test("chapter 5: only batch normalization in training lets the neighbours speak; of one image it is instance norm")
  func batch() {
    func parts(images: Float, groups: Float, factor: Float, shift: Float) -> [[Float]] {
      BatchPanel().answer("normalize", [1, images, groups, factor, shift])
    }
    let moved = parts(images: 4, groups: 2, factor: 2, shift: 1)[6]
    #expect(moved[0] > 0.1 && moved[1...].allSatisfy { $0 == 0 })
    #expect(parts(images: 4, groups: 2, factor: 1, shift: 0)[6].allSatisfy { $0 == 0 })
    let alone = parts(images: 1, groups: 1, factor: 1, shift: 0)
    #expect(zip(alone[1], alone[4]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(zip(alone[3], alone[5]).allSatisfy { abs($0 - $1) < 1e-5 })
    let four = parts(images: 4, groups: 4, factor: 1, shift: 0)
    #expect(zip(four[4], four[5]).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("chapter 7: L1 makes weights exactly 0, L2 none; the bowl's minimum under L1 is the soft threshold on an axis")
  func penalty() {
    let panel = PenaltyPanel()
    let zeros = [0, 1, 2].map { (kind: Float) -> Float in
      _ = panel.answer("begin", [1, 0.35])
      return panel.answer("train", [300, 0.2, kind, 0.01])[1][2]
    }
    #expect(zeros[0] == 0 && zeros[1] > 0.3 && zeros[2] == 0)
    // ½(a² + ab + b²) around (1.2, 0.3), λ = ½. On the axis v = 0: u − 1.2 − 0.15 + 0.5 = 0, so u = 0.85; there the
    // pull on v is 0.5·(−0.35) − 0.3 = −0.475, less than λ: v stays 0.
    let minimum = panel.answer("bowl", [1.2, 0.3, 1, 0.5])[0]
    #expect(abs(minimum[0] - 0.85) < 1e-4 && minimum[1] == 0)
    #expect(panel.answer("bowl", [1.2, 0.3, 2, 0.5])[0].allSatisfy { $0 > 0.01 })
    #expect(panel.answer("bowl", [1.2, 0.3, 0, 0.5])[0] == [1.2, 0.3])
  }

  @Test("chapter 1: the chapter's own walk down the bowl, with and without momentum", arguments: [0, 0.9] as [Float])
  func bowl(_ momentum: Float) {
    let panel = BowlPanel()
    for isNesterov in [false, true] {
      _ = panel.answer("begin", [100, 30, 0.6, 0.8, momentum, isNesterov ? 1 : 0])
      let parts = panel.answer("descend", [400, 0.012])
      let walk = descend(
        Bowl(condition: 100, angle: 30), from: (0.6, 0.8), SGD(momentum: momentum, nesterov: isNesterov), rate: 0.012,
        steps: 400)
      for step in 1...400 {
        #expect(abs(Double(parts[0][2 * step - 2]) - walk.a[step]) < 1e-6)
        #expect(abs(Double(parts[0][2 * step - 1]) - walk.b[step]) < 1e-6)
      }
      #expect(Int(parts[2][0]) == walk.steps(to: 0.01))
    }
  }

  @Test("chapter 1: it diverges above the rate that the panel names, and below it comes to rest")
  func bowlDiverges() {
    let panel = BowlPanel()
    for (momentum, method) in [(0, 0), (0.5, 0), (0.5, 1)] as [(Float, Float)] {
      let limit = panel.answer("begin", [20, 10, 0.6, 0.8, momentum, method])[1][0]
      #expect(panel.answer("descend", [900, 0.98 * limit])[2][0] > 0)
      _ = panel.answer("begin", [20, 10, 0.6, 0.8, momentum, method])
      #expect(panel.answer("descend", [900, 1.02 * limit])[1][899] > 10)
    }
    // On the steep axis, a rate of 1/κ reaches the minimum in one step.
    _ = panel.answer("begin", [20, 0, 0, 1, 0, 0])
    #expect(abs(panel.answer("descend", [1, 0.05])[1][0]) < 1e-6)
  }

  @Test("chapter 2: what is left of the gradient is what the chapter measures", arguments: [0, 1, 2, 3, 4])
  func depth(_ activation: Int) throws {
    let parts = DepthPanel().answer("measure", [3, 16, 64, Float(activation), 2, 0])
    let expected = survival(
      DepthExperiment.functions[activation], factor: 2, depth: 16, width: 64, samples: 16, seed: 3)
    #expect(zip(parts[2], expected).allSatisfy { abs(Double($0) - $1) <= 1e-4 * $1 } && parts[2].count == 16)
    // If all of ReLU's sums are shifted up, all have a slope; if they are shifted down, none has.
    #expect(DepthPanel().answer("measure", [1, 1, 64, 2, 1, 20])[0] == [1, 0])
    #expect(DepthPanel().answer("measure", [1, 1, 64, 2, 1, -20])[0] == [0, 1])
  }

  @Test(
    "chapter 6: one pass is the geometric mean of all thinned nets, not the arithmetic one; of many drawn nearly that")
  func thinned() {
    let panel = ThinnedPanel()
    let begun = panel.answer("begin", [1, 6, 0.5, 0.15, 300, 20])
    let (arithmetic, geometric) = (panel.answer("all", [0]), panel.answer("all", [1]))
    #expect(geometric[4][3] < 1e-5 && arithmetic[4][3] > 0.01)
    #expect(zip(geometric[3], begun[2]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(arithmetic[4][1] == 64 && arithmetic[4][2] > begun[3][0])
    let drawn = panel.answer("draw", [1000])
    #expect(drawn[4][1] == 1000 && zip(drawn[3], arithmetic[3]).allSatisfy { abs($0 - $1) < 0.06 })
    // Without dropout there is one network, the one with all units.
    let whole = panel.answer("begin", [1, 6, 0, 0.15, 300, 20])
    #expect(panel.answer("thin", [1, 1, 1, 1, 1, 1]) == [whole[2], whole[3]])
    #expect(panel.answer("draw", [3])[4][3] < 1e-6)
  }
}
