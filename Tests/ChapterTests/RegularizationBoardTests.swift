// Chapter 7: the page and the claims for a comparison of many restraints.

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
    // The claim has the interval that decides, which is the one in the figure.
    let gain = findings.board.gain(lot)
    #expect(
      Regularization.claims(findings)[11].measured
        == "\(fixed(gain.mean, 1)) ± \(fixed(gain.uncertainty(among: 12), 1)) points saved (99.6 % interval)"
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
    #expect(
      Regularization.page(findings, RunRecord()).text.contains("With flips the net takes more 2s for 5s."))
    set(flip, [0, 10, 60, 10, 0, 15, 5, 0, 0, 0])
    #expect(titles(findings).contains("With flips 35 more of 100 2s are missed\n"))
  }

  @Test("the restraints that help by more than chance are named, in the figure and in the takeaway")
  func helping() {
    var findings = Self.findings()
    func text() -> String { Regularization.page(findings, RunRecord()).text }
    #expect(
      titles(findings).contains(
        "On these 500 digits 4 of these 5 regularizers help by more than chance; flip hurts"))
    #expect(text().contains("6 more are in the fold “All regularizers”."))
    #expect(text().contains("These helped, too: L1."))
    #expect(!text().contains("edge of chance"))
    // A gain that is significant in one comparison but not in twelve.
    for name in ["L2", "stochastic pooling", "L1"] {
      for (seed, error) in [0.08, 0.09, 0.08].enumerated() {
        findings.board.entries[findings.board.index(name)].runs[seed].testError = error
      }
    }
    #expect(titles(findings).contains("2 of these 5 regularizers help by more than chance; flip hurts"))
    #expect(text().contains("6 more are in the fold “All regularizers”."))
    #expect(!text().contains("These helped, too"))
    #expect(text().contains("What L2 does on the digits may be chance."))
  }

  @Test("a gain whose interval ends next to 0 is at the edge of chance: just in the title, not in the takeaway")
  func edge() {
    var findings = Self.findings()
    let lot = findings.board.index("stochastic pooling")
    func text() -> String { Regularization.page(findings, RunRecord()).text }
    // Gains with a spread that makes the interval end a twentieth of its half width above 0.
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
    #expect(text().contains("At the edge of chance: stochastic pooling (0.14 to 5.86). Read it as perhaps."))
    #expect(text().contains("These helped, too: L1."))
    // Slightly on the other side of 0, it is named once.
    set(wide * 1.05)
    #expect(findings.board.isAtTheEdge(lot) && findings.board.verdict(lot) == .undecided)
    #expect(text().contains("At the edge of chance") && !text().contains("may still be chance"))
  }

  @Test("nets that only guess are counted, and a strength at an end of those tried is known")
  func collapsed() {
    var findings = Self.findings()
    #expect(findings.selection.collapsed(2) == 0)
    findings.selection.runs[2][1].testError = 0.5
    findings.selection.penalties[2] = .l1(0.03)
    func trial(_ penalty: Penalty, _ errors: [Double]) -> InputSelection.Trial {
      .init(penalty: penalty, error: Summary(errors), contrast: Summary([2, 2, 2]))
    }
    findings.selection.trials = [[trial(.l2(0.01), [4, 4, 4])], [trial(.l1(0.03), [12, 50, 14])]]
    #expect(findings.selection.collapsed(2) == 1 && findings.selection.isAtAnEnd(2))
    #expect(Regularization.claims(findings)[2].reason.contains("with 1 of 3 seeds the net only guesses"))
  }

  @Test("text and figures are the recorded run's where it has the same data, the claims this run's")
  func recorded() {
    func page(_ data: String) -> Page {
      var recorded = Self.findings(seeds: 4)
      recorded.data = data
      let kept = KeptFindings(Regularization.chapter, RunRecord(), [], recorded)
      return Regularization.page(Self.findings(), RunRecord(), recorded: kept)
    }
    #expect(page("made-up digits").figures.contains { $0.caption.contains("4 seeds") })
    #expect(page("made-up digits").reportsRecord && !page("other digits").reportsRecord)
    #expect(page("other digits").claims == Regularization.claims(Self.findings()))
    #expect(!page("other digits").figures.contains { $0.caption.contains("4 seeds") })
  }

  @Test("the bare net is compared at the rate that suits it best, and what it takes from the others is said")
  func baseline() {
    var findings = Self.findings()
    func entry(_ name: String, _ kind: Restraint.Kind, _ error: Double, rate: Float) -> OwnDigits.Entry {
      .init(
        name: name, kind: kind, setting: "", rate: rate, trainingErrors: [0, 0, 0],
        trainingLosses: [0.1, 0.1, 0.1], testErrors: [error, error + 0.001, error + 0.002])
    }
    let others = [
      "L1", "stochastic pooling", Restraint.moreData, "rotate", "crop", "equalize", "solarize", "posterize", "flip",
    ]
    findings.ownDigits = OwnDigits(
      digits: 1000, steps: 1200, testCount: 1000,
      entries: [
        entry("nothing", .none, 0.08, rate: 0.02), entry("L2", .weights, 0.06, rate: 0.04),
        entry("shift", .augmentation, 0.05, rate: 0.04), entry("brightness", .augmentation, 0.07, rate: 0.04),
      ] + others.map { entry($0, $0 == Restraint.moreData ? .data : .augmentation, 0.08, rate: 0.02) })
    func text() -> String { Regularization.page(findings, RunRecord()).text }
    #expect(!text().contains("Tune the baseline"))
    findings.bareRates = [entry("nothing", .none, 0.07, rate: 0.04), entry("nothing", .none, 0.9, rate: 0.16)]
    #expect(findings.shown.rate == 0.04 && findings.asChosen?.rate == 0.02)
    #expect(text().contains("Against that net 2 of the 5 would have seemed to help."))
    #expect(text().contains("gets 7.1 % of new digits wrong"))
    findings.bareRates = [entry("nothing", .none, 0.09, rate: 0.04)]
    #expect(!text().contains("Tune the baseline"))
  }

  @Test("where each seed draws its own digits, own losses say whether what helps fits worse")
  func ownDigits() {
    var findings = Self.findings()
    func entry(_ name: String, _ kind: Restraint.Kind, _ error: Double, loss: Double) -> OwnDigits.Entry {
      .init(
        name: name, kind: kind, setting: "", rate: 0.02, trainingErrors: [0, 0, 0],
        trainingLosses: [loss, 1.1 * loss, 1.2 * loss], testErrors: [error, error + 0.001, error + 0.002])
    }
    let others = [
      "stochastic pooling", Restraint.moreData, "rotate", "crop", "equalize", "solarize", "posterize", "flip",
    ]
    findings.ownDigits = OwnDigits(
      digits: 1000, steps: 1200, testCount: 1000,
      entries: [
        entry("nothing", .none, 0.08, loss: 0.001), entry("L2", .weights, 0.06, loss: 0.02),
        entry("L1", .weights, 0.07, loss: 0.001), entry("shift, rotate", .augmentation, 0.04, loss: 0.01),
        entry("shift, rotate, L2", .combined, 0.035, loss: 0.02), entry("shift", .augmentation, 0.05, loss: 0.01),
      ] + others.map { entry($0, $0 == Restraint.moreData ? .data : .augmentation, 0.08, loss: 0.001) })
    let text = Regularization.page(findings, RunRecord()).text
    #expect(titles(findings).contains("3 of these 5 regularizers help by more than chance"))
    #expect(text.contains("5 more are in the fold “All regularizers”."))
    #expect(text.contains("L2 took 2.0 points off with 1000 digits."))
    #expect(text.contains("draws its own digits"))
    #expect(
      text.contains(
        "is true of 2 of the 3 that help: with shift and L2 the loss on a net's own digits is at least twice that of the bare net."
      ))
    #expect(text.contains("L2 on top of shifts and rotations saves 0.5 points more (95 %: 0.5 to 0.5)."))
    // What joined later is compared with the others, and counts among the regularizers where it restrains one net.
    let comparisons = findings.shown.comparisons
    findings.later = [
      entry("label smoothing", .labels, 0.07, loss: 0.1), entry("mixup", .labels, 0.08, loss: 0.1),
      entry("batches of 10", .batch, 0.08, loss: 0.001), entry("batches of 250", .batch, 0.09, loss: 0.001),
      entry("mean of 5 nets", .ensemble, 0.065, loss: 0.001),
    ]
    #expect(findings.shown.comparisons == comparisons + 5)
    #expect(titles(findings).contains("4 of these 7 regularizers help by more than chance"))
    let later = Regularization.page(findings, RunRecord()).text
    #expect(later.contains("5 more are in the fold “All regularizers”."))
    #expect(later.contains("and the mean of 5 nets."))
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
    // Smaller runs state that a larger one has chosen their settings.
    findings.board.tuning = .init(rate: 0.16, settings: [], digits: 1000)
    #expect(text().contains("by the recorded full run, which learns from 1000"))
  }
}
