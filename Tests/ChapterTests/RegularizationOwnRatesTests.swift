// Chapter 7: trainings at their own learning rates, on the moons, with wrong labels, and with Adam.

import Testing
import Workbook

@testable import ch07_regularization

extension RegularizationPageTests {
  @Test("the moons are told with a rate for each, and what makes nets agree")
  func moonRates() {
    var findings = Self.findings()
    func entry(_ name: String, _ error: Double) -> MoonRates.Entry {
      .init(
        name: name, setting: "λ = 0.01", rate: 0.005, own: name == "nothing" ? 8.8 : nil,
        wrong: [0, 2, 4].map { Int(20 * error) + $0 })
    }
    findings.moonRates = MoonRates(
      rates: [0.002, 0.2], choosing: 2, epochs: 400,
      entries: [
        entry("nothing", 17), entry("L2", 16), entry("fewer units", 17), entry(MoonRates.morePoints, 15),
      ])
    func text() -> String { Regularization.page(findings, RunRecord()).text }
    #expect(text().contains("make no difference that we could see."))
    #expect(findings.moonRates?.helping.map(\.name) == ["L2"])
    func part(_ name: String, _ bias: Double, _ variance: Double) -> DigitParts.Entry {
      .init(
        name: name, setting: "", rate: 0.04, bias: bias, ofDigits: 1, ofStarts: variance - 1,
        uncertainties: [0.3, 0.3, 0.5])
    }
    findings.digitParts = DigitParts(
      draws: 3, starts: 5, entries: [part("nothing", 6, 6), part("L2", 6, 3), part("shift", 3, 4), part("flip", 8, 9)],
      errorsOfMean: [])
    #expect(!text().contains("Where each has its own rate as well"))
    findings.moonRates?.entries.append(entry("L1", 16))
    #expect(text().contains("rate as well, it is 17.1, 16.1 and 16.1 % (3 other nets): L2 saves"))
    #expect(text().contains("On digits L2 and shift make the answers of nets scatter less."))
    #expect(text().contains("Shift lowers the bias as well"))
    #expect(text().contains("Flip adds both."))
    // One that helps without less variance takes the sentence away.
    findings.digitParts?.entries[2].ofStarts = 5.2
    #expect(!text().contains("make the answers of nets scatter less"))
  }

  /// Wrong labels of the figure's share: test errors in per cent.
  private static func labels(stopped: Double, l2: Double) -> [LabelRates] {
    func way(_ kind: LabelRates.Kind, _ error: Double) -> LabelRates.Way {
      .init(
        name: kind.rawValue, lambda: kind == .l2 ? 0.1 : 0, rate: 0.01, missed: 42,
        errors: Summary([error, error + 0.1, error + 0.2]))
    }
    return [0.2, 0.4].map {
      LabelRates(share: $0, choosing: 3, ways: [way(.falling, 26), way(.stopped, stopped), way(.l2, l2)])
    }
  }

  @Test("stopping is held against a net at its own best rate: it saves something or nothing, and so does L2")
  func labelRates() {
    var findings = Self.findings()
    findings.labelRates = Self.labels(stopped: 26, l2: 19)
    func text() -> String { Regularization.page(findings, RunRecord()).text }
    let against = "Against the net at its own best rate stopping saves"
    #expect(text().contains("\(against) nothing beyond chance. L2 saves 7.0 points."))
    #expect(text().contains("trained to the end at its best rate, this net still misses 42 % of its labels"))
    #expect(text().contains("Stopping does not replace L2.") && text().contains("once the rate was tuned."))
    #expect(text().contains("L2 saved 7.0 points."))
    #expect(Regularization.claims(findings)[8].reason.contains("own best rate stopping gains nothing: 0.0 ± 0.0."))
    findings.labelRates = Self.labels(stopped: 24, l2: 26)
    #expect(text().contains("\(against) 2.0 points. L2 saves nothing either."))
    #expect(!text().contains("does not replace L2") && !text().contains("once the rate was tuned."))
  }

  @Test("each training ends at a rate and a strength that were tried, with all its seeds")
  func measured() throws {
    let digits = DigitSets.synthetic(train: 120, validation: 60, test: 100)
    let labels = try LabelRates(digits, share: 0.4, epochs: 4, hidden: 16, seeds: [1, 2, 3], choosing: 1)
    #expect(labels.ways.map(\.name) == LabelRates.Kind.allCases.map(\.rawValue))
    #expect(labels.ways.allSatisfy { LabelRates.allRates.contains($0.rate) && $0.errors.count == 3 })
    #expect(LabelRates.lambdas.contains(labels.ways[2].lambda) && labels.saved(.falling)?.mean == 0)
    let moons = try MoonRates(epochs: 20, seeds: [1, 2, 3], choosing: 1)
    #expect(moons.entries.map(\.name) == MoonRestraint.candidates.map { $0[0].name })
    #expect(moons.entries.allSatisfy { MoonRates.allRates.contains($0.rate) && $0.wrong.count == 3 })
    #expect(moons.entries[0].own != nil && moons.entries[1].own == nil && moons.epochs == 20)
    let draws = OwnDigits.Draws(pool: digits.train, digits: digits, count: 60, steps: 12)
    let adam = try AdamTraining.all(draws, seeds: [1, 2, 3], choosing: 1)
    #expect(adam.map(\.name) == ["Adam", "Adam, L2", "AdamW"] && adam.allSatisfy { $0.errors.count == 3 })
    #expect(adam[0].setting.isEmpty && adam[2].setting.hasPrefix("λ = "))
  }
}
