// Chapter 7: what its page and its claims make of many restraints compared at once.

import Testing
import Workbook

@testable import ch07_regularization

extension RegularizationPageTests {
  @Test("a gain that one comparison would allow and twelve do not is undecided, and the page says so")
  func comparisons() {
    var findings = Self.findings()
    let lot = findings.board.index("stochastic pooling")
    #expect(findings.board.doubtful.isEmpty && findings.board.verdict(lot) == .helps)
    for (seed, error) in [0.08, 0.09, 0.08].enumerated() { findings.board.entries[lot].runs[seed].testError = error }
    #expect(findings.board.doubtful == ["stochastic pooling"] && findings.board.verdict(lot) == .undecided)
    #expect(
      Regularization.page(findings, RunRecord()).text.contains(
        "By the wider interval what stochastic pooling does may still be chance."))
    // The claim has the interval that decides, as the figure has it.
    let gain = findings.board.gain(lot)
    #expect(
      Regularization.claims(findings)[11].measured
        == "\(fixed(gain.mean, 1)) ± \(fixed(gain.uncertainty(among: 12), 1)) points gained (99.6 % interval)"
    )
  }

  @Test("the draw of stochastic pooling counts where it gains over its expectation")
  func draw() {
    var findings = Self.findings()
    var control = findings.board.entries[findings.board.index("stochastic pooling")]
    control.name = Restraint.expectedPooling
    findings.board.entries.append(control)
    #expect(verdicts(findings)[11] == .partly)
    #expect(Regularization.claims(findings)[11].reason.hasSuffix("so the draw itself is not shown to help"))
    for seed in 0..<3 { findings.board.entries[findings.board.entries.count - 1].runs[seed].testError += 0.02 }
    #expect(verdicts(findings)[11] == .reproduced)
  }

  @Test("what flipped digits are taken for is named where most of them are taken for it")
  func answers() {
    var findings = Self.findings()
    let (flip, nothing) = (findings.board.index("flip"), findings.board.index("nothing"))
    func set(_ entry: Int, _ row: [Int]) {
      for seed in 0..<3 {
        findings.board.entries[entry].runs[seed].answers = (0..<10).map {
          $0 == 2 ? row : Array(repeating: 0, count: 10)
        }
      }
    }
    set(nothing, [0, 1, 95, 1, 1, 1, 1, 0, 0, 0])
    set(flip, [0, 0, 60, 5, 0, 30, 5, 0, 0, 0])
    #expect(titles(findings).contains("With flips 35 more of 100 2s are missed; most of those missed are taken for 5s"))
    set(flip, [0, 10, 60, 10, 0, 15, 5, 0, 0, 0])
    #expect(titles(findings).contains("With flips 35 more of 100 2s are missed\n"))
  }

  @Test("the restraints that help by more than chance are named, in the figure and in the takeaway")
  func helping() {
    var findings = Self.findings()
    func text() -> String { Regularization.page(findings, RunRecord()).text }
    #expect(
      titles(findings).contains(
        "6 of 11 restraints help by more than chance: shift, crop, rotate, L2, stochastic pooling, L1; flip hurts"))
    #expect(text().contains("Besides, L2, stochastic pooling and L1 helped by more than chance."))
    #expect(!text().contains("edge of chance"))
    // A gain that one comparison would allow and twelve do not.
    for name in ["L2", "stochastic pooling", "L1"] {
      for (seed, error) in [0.08, 0.09, 0.08].enumerated() {
        findings.board.entries[findings.board.index(name)].runs[seed].testError = error
      }
    }
    #expect(titles(findings).contains("3 of 11 restraints help by more than chance: shift, crop, rotate; flip hurts"))
    #expect(text().contains("Nothing else helped by more than chance."))
    #expect(text().contains("L2 took 7.0 points off on the moons; its 3.7 on the digits may be chance."))
  }

  @Test("a gain whose interval ends next to 0 is at the edge of chance: just in the title, not in the takeaway")
  func edge() {
    var findings = Self.findings()
    let lot = findings.board.index("stochastic pooling")
    func text() -> String { Regularization.page(findings, RunRecord()).text }
    // Gains of one mean and a spread that makes the interval end a twentieth of its half width above 0.
    let spread = findings.board.entries[0].runs.map(\.testError)
    func set(_ scale: Double) {
      for (seed, step) in [-1.0, 0, 1].enumerated() {
        findings.board.entries[lot].runs[seed].testError = spread[seed] - 0.03 - scale * step
      }
    }
    set(0.001)
    let wide = 0.03 / (findings.board.gain(lot).uncertainty(among: 12) / 100) * 0.001
    #expect(!findings.board.isAtTheEdge(lot))
    set(wide / 1.05)
    #expect(findings.board.isAtTheEdge(lot) && findings.board.verdict(lot) == .helps)
    #expect(titles(findings).contains("stochastic pooling (just)"))
    #expect(text().contains("At the edge of chance: stochastic pooling (0.14 to 5.86). Read it as perhaps."))
    #expect(text().contains("Besides, L2 and L1 helped by more than chance."))
    // Just on the other side of 0 it is named once.
    set(wide * 1.05)
    #expect(findings.board.isAtTheEdge(lot) && findings.board.verdict(lot) == .undecided)
    #expect(text().contains("At the edge of chance") && !text().contains("may still be chance"))
  }

  @Test("nets that only guess are counted, and a strength at an end of those tried says at which")
  func collapsed() {
    var findings = Self.findings()
    func text() -> String { Regularization.page(findings, RunRecord()).text }
    #expect(findings.selection.collapsed(2) == 0 && !text().contains("kills"))
    findings.selection.runs[2][1].testError = 0.5
    findings.selection.penalties[2] = .l1(0.03)
    func trial(_ penalty: Penalty, _ errors: [Double]) -> InputSelection.Trial {
      .init(penalty: penalty, error: Summary(errors), contrast: Summary([2, 2, 2]))
    }
    findings.selection.trials = [[trial(.l2(0.01), [4, 4, 4])], [trial(.l1(0.03), [12, 50, 14])]]
    #expect(findings.selection.collapsed(2) == 1 && findings.selection.strength(2) == "0.03 (the largest tried)")
    #expect(
      text().contains(
        "L1 of 0.03 kills 1 of 3 nets: their weights go to 0, and they guess; the others err on 13.0 %."))
    #expect(Regularization.claims(findings)[2].reason.contains("in 1 of 3 seeds it kills the net"))
  }

  @Test("the figure of the inputs is the recorded run's where that has more seeds")
  func recordedInputs() {
    let kept = KeptFindings(Regularization.chapter, RunRecord(), [], Self.findings(seeds: 4))
    func captions(_ findings: Regularization.Findings) -> String {
      Regularization.page(findings, RunRecord(), recorded: kept).figures.map(\.caption).joined(separator: "\n")
    }
    let words = "From the recorded full run; the claims below are this run's. Median over 4 seeds"
    #expect(captions(Self.findings(seeds: 3)).contains(words))
    #expect(!captions(Self.findings(seeds: 5)).contains("From the recorded full run; the claims"))
  }

  @Test("a strength or a rate at an end of those tried is marked")
  func ends() {
    var findings = Self.findings()
    func text() -> String { Regularization.page(findings, RunRecord()).text }
    #expect(!text().contains("an end of the"))
    findings.board.entries[findings.board.index("L2")].setting = "λ = 0.25"
    findings.board.rate = 0.16
    #expect(
      text().contains("; for L2 the best is an end of those tried") && text().contains("net (an end of the grid)"))
    #expect(text().contains("The bare net may have a better rate beyond 0.16"))
    #expect(!findings.selection.isAtAnEnd(1) && !findings.selection.isAtAnEnd(2))
    findings.selection.penalties[2] = .l1(0.06)
    #expect(findings.selection.isAtAnEnd(2))
    // Smaller runs say that a larger one has chosen for them.
    findings.board.tuning = .init(rate: 0.16, settings: [], digits: 1000)
    #expect(text().contains("by the recorded full run, which learns from 1000"))
  }
}
