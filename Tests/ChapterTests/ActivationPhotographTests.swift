// Chapter 2: the race on photographs, and sigmoids with large weights.

import Foundation
import Testing
import Workbook

@testable import ch02_activations

@Suite("Chapter 2: photographs")
struct ActivationPhotographTests {
  /// 64 made-up photographs: channels of noise, brighter for higher classes.
  private static let data: Dataset = {
    var generator = SeededGenerator(seed: 1, stream: 1)
    let labels = (0..<64).map { UInt8($0 % 10) }
    let pixels = labels.flatMap { label in
      (0..<3072).map { _ in UInt8(20 * Float(label) + 40 * generator.nextUniform()) }
    }
    return Dataset(
      name: "made-up photographs", pixels: pixels, labels: labels, imageShape: [3, 32, 32], classCount: 10,
      transform: PixelTransform(mean: [0.5], standardDeviation: [0.25]))
  }()

  private static func racer(_ function: Nonlinearity, _ steps: Int, error: Double) -> PhotographRacer {
    PhotographRacer(
      function: function, factor: function == .sigmoid ? 8 : 1, rates: [0.04, 0.08], trialCosts: [10, 9], rate: 0.08,
      curve: function == .sigmoid ? [90, 80, 70] : [80, 50, 25],
      reached: PhotographFindings.marks.map { _ in
        function == .sigmoid ? [nil, nil, nil] : [steps, steps + 10, steps - 10]
      },
      diverged: 0, last: Summary([error, error + 1, error - 1]), errors: Summary([60, 61, 62]))
  }

  static func found(tanh: Int, relu: Int) -> PhotographFindings {
    PhotographFindings(
      data: "CIFAR-10", count: 10_000, testCount: 10_000, steps: 4000, trials: 1, seeds: 3,
      racers: [racer(.relu, relu, error: 20), racer(.tanh, tanh, error: 20), racer(.sigmoid, 0, error: 45)])
  }

  @Test("images whose largest output is not their class are missed")
  func missed() {
    let output = Tensor([3, 2], [1, 0, 0, 1, 2, 1])
    #expect(share(of: [0, 1, 0], missedBy: output) == 0)
    #expect(abs(share(of: [1, 1, 1], missedBy: output) - 2.0 / 3) < 1e-9)
  }

  @Test("a run counts its wrong images before each step, and ends at its goal")
  func training() throws {
    let run = try PhotographRun.train(
      .relu, factor: 1, rate: 0.02, steps: 53, until: 100, on: Self.data, test: Self.data, seed: 1)
    // A whole window is needed for a mean.
    #expect(run.wrong.count == PhotographFindings.window && !run.isDiverged && run.error.isFinite)
    #expect(run.wrong[0] > 60 && run.steps(to: 100) == PhotographFindings.window && run.steps(to: -1) == nil)
    let lost = try PhotographRun.train(.relu, factor: 1, rate: 90, steps: 60, on: Self.data, seed: 1)
    #expect(lost.isDiverged && lost.error.isNaN)
  }

  @Test("the claim of six times is judged on photographs, and the page says who is faster there")
  func claim() {
    var findings = ActivationPageTests.findings()
    func claim() -> Claim { Activations.claims(findings)[2] }
    func text() -> String { Activations.page(findings, RunRecord()).text }
    #expect(text().contains("That net was not trained here."))
    findings.photographs = Self.found(tanh: 1300, relu: 200)
    #expect(claim().verdict == .reproduced)
    findings.photographs = Self.found(tanh: 400, relu: 200)
    #expect(claim().verdict == .partly)
    #expect(text().contains("the ReLU net is faster, and nowhere near six times"))
    findings.photographs = Self.found(tanh: 200, relu: 200)
    #expect(claim().verdict == .notHere)
    #expect(
      claim().measured
        == "1.00 ± 0.00 times on photographs in our smaller net, until 25 in 100 training images are wrong")
    let told = text()
    #expect(told.contains("neither is faster beyond chance, and nowhere near six times"))
    // A net that does not come down to a quarter is compared where both come down.
    for place in 0..<3 { findings.photographs?.racers[place].reached[PhotographFindings.goal] = [nil, nil, nil] }
    #expect(findings.photographs?.hardest?.mark == 30)
  }
}
