// Chapter 7: trainings at their own learning rates, on the moons, with wrong labels, and with Adam.

import Testing
import Workbook

@testable import ch07_regularization

extension RegularizationPageTests {
  /// A board of the moons at one rate, and the same with a rate for each.
  private static func moons(
    _ errors: KeyValuePairs<String, (one: Double, own: Double)>
  ) -> (MoonBoard, MoonRates) {
    let board = MoonBoard(
      epochs: 400, rate: 0.05, momentum: 0.9,
      entries: errors.map { name, error in
        .init(
          name: name, setting: "λ = 0.01", trials: [], trainingErrors: Summary([1, 2, 3]),
          trainingLosses: Summary([0.1, 0.1, 0.1]), testErrors: Summary([error.one, error.one + 0.1, error.one + 0.2]))
      })
    let rates = MoonRates(
      rates: [0.002, 0.2], choosing: 2,
      entries: errors.map { name, error in
        .init(
          name: name, setting: "λ = 0.01", rate: 0.005, own: name == "nothing" ? 8.8 : nil,
          wrong: [0, 2, 4].map { Int(20 * error.own) + $0 }, parts: name == "nothing" ? [1.9, 2.9] : nil)
      })
    return (board, rates)
  }

  @Test("what helps at one rate and not against a net at its own best is told, and stopping is named")
  func moonRates() {
    var findings = Self.findings()
    let (board, rates) = Self.moons([
      "nothing": (20, 17), "L2": (16, 16), "early stopping": (17, 17), MoonBoard.morePoints: (16, 15),
    ])
    (findings.moons, findings.moonRates) = (board, rates)
    let text = Regularization.page(findings, RunRecord()).text
    #expect(text.contains("With the rate of figure 1 for all, 0.05, 2 of 2 regularizers help."))
    #expect(text.contains("at 0.005 it makes 17.1 % errors instead of 20.1."))
    #expect(text.contains("Against that net 1 of 2 helps: L2."))
    #expect(text.contains("still gets 8.8 % of its own points wrong. So stopping saves nothing more."))
    #expect(titles(findings).contains("1 of 2 regularizers lower the 17.1 %, the best to 16.1 %"))
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
    #expect(text().contains("Against the same net at its own best rate it saves nothing beyond chance. L2 saves 7.0."))
    #expect(text().contains("Trained to the end at its best rate, this net still misses 42 % of its labels"))
    #expect(text().contains("Stopping does not replace L2."))
    #expect(text().contains("with 40 % wrong labels L2 saved 7.0 points."))
    #expect(Regularization.claims(findings)[8].reason.contains("own best rate stopping gains nothing: 0.0 ± 0.0."))
    findings.labelRates = Self.labels(stopped: 24, l2: 26)
    #expect(text().contains("Against the same net at its own best rate it saves 2.0. L2 saves nothing either."))
    #expect(!text().contains("does not replace L2"))
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
    #expect(moons.entries[0].parts?.count == 2 && moons.entries[1].parts == nil)
    let draws = OwnDigits.Draws(pool: digits.train, digits: digits, count: 60, steps: 12)
    let adam = try AdamTraining.all(draws, seeds: [1, 2, 3], choosing: 1)
    #expect(adam.map(\.name) == ["Adam", "Adam, L2", "AdamW"] && adam.allSatisfy { $0.errors.count == 3 })
    #expect(adam[0].setting.isEmpty && adam[2].setting.hasPrefix("λ = "))
  }
}
