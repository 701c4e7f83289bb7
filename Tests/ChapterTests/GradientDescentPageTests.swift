// Chapter 1: the claims and the page for different findings, right and wrong.

import Foundation
import Testing
import Workbook

@testable import ch01_gradient_descent

@Suite("Chapter 1: claims and page")
struct GradientDescentPageTests {
  private static let seeds = [1, 2, 3] as [UInt64]

  /// One measurement for each seed, with slightly different values.
  private static func near(_ value: Double, by step: Double = 0.01) -> Summary {
    Summary(seeds.indices.map { value + step * Double($0 - 1) })
  }

  private static func curve(_ name: String, best: Double) -> DifferenceFindings.Curve {
    .init(
      name: name, steps: [1e-7, 1e-3, 1], typical: [0.9, 1e-4, 0.5], bestSteps: Summary([best, best, best]),
      bestErrors: near(1e-5, by: 1e-7))
  }

  /// Numbers of steps that grow as a power of κ, with slightly different seeds.
  private static func steps(_ power: Double) -> [[Double]] {
    [10.0, 1000].map { condition in near(20, by: 0.1).values.map { $0 * pow(condition, power) } }
  }

  /// Findings as expected.
  private static func findings() throws -> GradientDescent.Findings {
    let net = try Model(SpiralNet.twoLayers(hidden: 4), input: [2], seed: 1)
    return GradientDescent.Findings(
      data: "made-up digits", seeds: seeds, slopeError: 1e-10,
      differences: DifferenceFindings(
        curves: [
          curve("central, Float", best: 0.005), curve("central, Double", best: 6e-6), curve("one-sided", best: 1e-8),
        ], centralOrder: near(2), oneSidedOrder: near(1)),
      bowl: GradientDescent.measureBowl(seeds),
      spirals: SpiralFindings(
        hidden: 4, steps: 400, netErrors: near(0.001, by: 0.001), lineErrors: near(0.35), firstLoss: 0.9,
        lastLoss: 0.01, points: [[0, 0.1], [0.2, 0.3]], labels: [0, 1],
        snapshots: [0, 400].map { SpiralSnapshot(step: $0, net) }),
      sweep: RateSweep(rates: [0.01, 0.1, 1], losses: [[0.6, 0.6], [0.1, 0.1], [5, 5]]), sweepSteps: 150,
      race: Walker.all.indices.map {
        RaceFindings(rate: 0.01 * Double($0 + 1), steps: near(300 / Double($0 + 1), by: 1))
      },
      conditions: ConditionExperiment(
        conditions: [10, 1000], plain: steps(1), momentum: steps(0.55), adam: steps(0), adamTurned: steps(0.4)),
      checks: CheckFindings(
        imageCount: 64, firstLosses: [2.3026, 2.303, 2.31, 2.4, 2.9, 9, 30].map { near($0, by: 0.001) }, steps: 3,
        curves: Defect.allCases.map { _ in [2.3, 1, 0.1] }, ends: [0.02, 2, 2.3].map { near($0) },
        updates: [1e-3, 1e-3, 1e-6].map { near($0, by: 1e-9) }, blind: 2.1))
  }

  private func verdicts(_ findings: GradientDescent.Findings) -> [Claim.Verdict] {
    GradientDescent.claims(findings).map(\.verdict)
  }

  @Test("a sound run reproduces all, in numbers")
  func sound() throws {
    let claims = GradientDescent.claims(try Self.findings())
    #expect(
      claims.dropLast().allSatisfy { [.reproduced, .calculated].contains($0.verdict) } && claims[7].verdict == .partly,
      "\(claims.map(\.verdict))")
    #expect(claims.allSatisfy { $0.measurement?.seeds == 3 })
    #expect(claims[0].measured == "2.00 ± 0.01 central and 1.00 ± 0.01 one-sided")
    #expect(claims[1].measured == "0.005 Float, 6×10⁻⁶ Double")
    #expect(
      claims[4].measured
        == "20 ± 0 steps at κ = 10 and 20 ± 0 at κ = 1000, in valleys across the axes 50 ± 0 and 317 ± 2")
    #expect(claims[7].measured == "two spirals: 0.1 ± 0.1 % against 35 ± 1 % wrong with a line")
  }

  @Test("two rules that err alike, a step far off, an edge elsewhere")
  func gradients() throws {
    var findings = try Self.findings()
    findings.differences.centralOrder = Self.near(1)
    findings.differences.curves[0] = Self.curve("central, Float", best: 0.5)
    findings.bowl.largestRate = Self.near(0.2)
    #expect(verdicts(findings)[0...2] == [.notHere, .notHere, .notHere])
    findings.differences.centralOrder = Self.near(1.5)
    findings.bowl.largestRate = Self.near(0.11, by: 0.001)
    #expect(verdicts(findings)[0] == .partly && verdicts(findings)[2] == .partly)
    let page = GradientDescent.page(findings, RunRecord())
    #expect(page.predictions[0].answer == "0.09")
    #expect(page.text.contains("Float measures best near 0.5, Double near 6×10⁻⁶"))
  }

  @Test("the mistakes that a check finds are named, and powers that do not spread have no spread")
  func mistakes() throws {
    var findings = try Self.findings()
    func text() -> String { GradientDescent.page(findings, RunRecord()).text }
    findings.differences.mistakesInDouble = [1e-10, 2, 0.5, 0.7, 1, 3e-4].map { Self.near($0, by: $0 / 100) }
    #expect(text().contains("That finds each of 5 mistakes that we made, such as a factor of 2 lost"))
    findings.differences.mistakesInDouble?[5] = Self.near(1e-8, by: 1e-10)
    #expect(!text().contains("That finds each of"))
    findings.differences.centralOrder = Self.near(2, by: 0.001)
    #expect(GradientDescent.claims(findings)[0].measured == "2.00 central and 1.00 ± 0.01 one-sided")
  }

  @Test("momentum that does not help, or only by chance, is not here; Adam that minds its axes neither")
  func valleys() throws {
    var findings = try Self.findings()
    findings.conditions.momentum = Self.steps(1)
    findings.conditions.adam = Self.steps(0.8)
    #expect(verdicts(findings)[3...4] == [.notHere, .notHere])
    findings.conditions.momentum = Self.steps(0.57)
    #expect(verdicts(findings)[3] == .partly)
    findings.conditions.momentum = Self.steps(0.8)
    #expect(verdicts(findings)[3] == .partly)
    #expect(
      GradientDescent.page(findings, RunRecord()).text.contains("to the power 1.00 without it, 0.80 with it"))
  }

  @Test("checks that fail change verdict, answer and title")
  func checks() throws {
    var findings = try Self.findings()
    findings.checks.firstLosses[0] = Self.near(8)
    findings.checks.firstLosses[6] = Self.near(12)
    findings.checks.ends[0] = Self.near(1.9)
    #expect(verdicts(findings)[5...6] == [.notHere, .notHere])
    let page = GradientDescent.page(findings, RunRecord())
    #expect(page.predictions[1].answer == "more than 8")
    #expect(page.text.contains("In 3 steps the loss on twenty images falls to 1.9"))
  }

  @Test("a net that does not separate the spirals")
  func spirals() throws {
    var findings = try Self.findings()
    findings.spirals.netErrors = Self.near(0.34)
    #expect(verdicts(findings)[7] == .notHere)
    #expect(
      GradientDescent.page(findings, RunRecord()).text.contains("34 % of the points are still on the wrong side"))
  }

  @Test("batch sizes on digits, from the record: the bet, the slide and the recipe follow the errors")
  func batches() throws {
    var full = try Self.findings()
    func page(_ errors: [Double]) throws -> Page {
      full.digitBatches = DigitBatches(
        tried: [3, 4, 5, 5].map { best in DigitBatches.rates.indices.map { abs(Double($0 - best)) + 0.1 } },
        errors: errors.map { Self.near($0, by: 1e-4) }, seconds: [2, 1, 0.9, 0.9])
      return GradientDescent.page(
        try Self.findings(), RunRecord(), recorded: KeptFindings(GradientDescent.chapter, RunRecord(), [], full))
    }
    #expect(try page([0.02, 0.021, 0.022, 0.04]).predictions[2].answer == "that of 512: its steps are few")
    #expect(try page([0.05, 0.021, 0.022, 0.04]).predictions[2].answer == "that of 8: each step is a guess")
    #expect(try page([0.03, 0.03, 0.03, 0.03]).predictions[2].answer == "none clearly")
  }

  @Test("a slide says whether the first loss is too large")
  func slides() throws {
    var findings = try Self.findings()
    func titles() -> [String] { GradientDescent.page(findings, RunRecord()).deck.map(\.title) }
    #expect(titles().contains("Last weights too large: a first loss of 30, not 2.3"))
    findings.checks.firstLosses[6] = Self.near(2.4)
    #expect(titles().contains("A sound first loss is ln 10, about 2.3"))
  }

  @Test("a best rate at which a net fails is called so")
  func sweep() throws {
    var findings = try Self.findings()
    #expect(GradientDescent.page(findings, RunRecord()).text.contains("The lowest median loss is at a rate of 0.1"))
    findings.sweep.losses = [[0.6, 0.6, 0.6], [0.1, 0.1, 5], [5, 5, 5]]
    #expect(
      GradientDescent.page(findings, RunRecord()).text.contains("At the best rate 1 of 3 nets already fails."))
  }

  @Test("the edge of a bowl with the curvature of the fresh net stands beside the best rate, not in older records")
  func edge() throws {
    var findings = try Self.findings()
    func text() -> String { GradientDescent.page(findings, RunRecord()).text }
    #expect(!text().contains("Why no formula?"))
    findings.firstCurvatures = Self.near(40)
    #expect(text().contains("has its edge at 2/40.0 = 0.05. Yet the net's best rate is 0.1."))
    findings.firstCurvatures = Self.near(4)
    #expect(text().contains("The net's best rate is 0.1, about as much."))
  }

  @Test("the curvature during training stands in the record alone, and says that steps too long find a flatter place")
  func curvatures() throws {
    var findings = try Self.findings()
    findings.firstCurvatures = Self.near(40)
    var full = findings
    func text() -> String {
      GradientDescent.page(
        findings, RunRecord(), recorded: KeptFindings(GradientDescent.chapter, RunRecord(), [], full)
      ).text
    }
    #expect(!text().contains("The largest curvature of the spiral net as it learns"))
    full.curvatures = CurvatureCourse(
      steps: [0, 20, 200, 2000], rates: [0.5, 8],
      curvatures: [[[4, 5], [4, 5], [4, 4], [2, 2]], [[4, 5], [0.4, 0.5], [0.5, 0.5], [0.1, 0.1]]])
    #expect(full.curvatures?.typical(1, after: 20) == 0.45)
    #expect(text().contains("at the rate 8 the curvature falls from 4.5 to 0.45 in 20 steps."))
    full.curvatures?.curvatures[1][1] = [3, 3]
    #expect(!text().contains("throw the net to a flatter place"))
  }

  @Test("a net that was kept as numbers gives the same probabilities")
  func snapshot() throws {
    let model = try Model(SpiralNet.twoLayers(hidden: 4), input: [2], seed: 7)
    let kept = SpiralSnapshot(step: 0, model)
    #expect(kept.probabilities(hidden: 4, range: 1.2) == probabilities(model, range: 1.2))
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() throws {
    let findings = try Self.findings()
    let page = GradientDescent.page(findings, RunRecord())
    #expect(
      page.figures.map(\.name) == [
        "chain-rule", "gradient-check", "learning-rates", "spirals", "rate-sweep", "by-heart", "falling-rate",
        "condition",
      ])
    #expect(page.claims == GradientDescent.claims(findings))
    #expect(page.predictions.count == 3)
  }

  @Test("both passes by hand have the loss and the gradients of the library's step")
  func byHand() throws {
    var model = try Model(SpiralNet.twoLayers(hidden: 5), input: [2], seed: 3)
    let points = ch01_gradient_descent.spirals(seed: 3)
    let dense = model.layers.entries.compactMap { $0.layer as? Dense }
    var (first, second) = (try #require(dense.first), try #require(dense.last))
    let loss = bothPasses(&first, &second, points.inputs, labels: points.labels)
    var pass = Pass(.training)
    let expected = model.step(points.inputs, .classes(points.labels), SoftmaxCrossEntropy(), in: &pass)
    #expect(abs(loss - expected) < 1e-5)
    var gradients: [Float] = []
    model.visitParameters { _, parameter in gradients += parameter.gradient.elements }
    let own = [first, second].flatMap { $0.weight.gradient.elements + ($0.bias?.gradient.elements ?? []) }
    #expect(own.count == gradients.count)
    #expect(zip(own, gradients).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("what was measured later is shown from the record: a falling rate, the net by plain descent")
  func additions() throws {
    var full = try Self.findings()
    full.additions = AdditionFindings(
      falling: FallingRate(batch: 4, epochs: 4, seeds: [1, 2, 3, 4, 5], trials: [11, 12]), plain: full.spirals)
    let page = GradientDescent.page(
      try Self.findings(), RunRecord(), recorded: KeptFindings(GradientDescent.chapter, RunRecord(), [], full))
    #expect(page.figures.contains { $0.name == "falling-rate" })
    #expect(page.text.contains("plain gradient descent at a rate of 1"))
    // The curves of the page are the walks whose ends are recorded.
    let falling = try #require(full.additions?.falling)
    let curves = falling.excess(from: 1)
    for place in 0..<2 {
      #expect(abs((curves[place].last ?? 0) - Summary(falling.ends[place]).mean) < 1e-5)
      #expect(curves[place].count == falling.walks[place].a.count)
    }
  }

  @Test("the methods on digits are shown from the record, and the recipe begins at their best first rates")
  func methodRates() throws {
    var full = try Self.findings()
    let tried: [Double] = (0..<MethodRates.rateCount).map { place in
      let away = abs(place - 4)
      return away <= 1 ? 0.2 + 0.01 * Double(away) : 1
    }
    func method(_ place: Int, _ loss: Double) -> MethodRates.Method {
      let smallest: Double = MethodRates.smallest[place]
      let rates: [Double] = (0..<MethodRates.rateCount).map { smallest * Double(1 << $0) }
      return MethodRates.Method(
        rates: rates, constant: .init(tried: tried, ends: Self.near(0.3, by: 0.001)),
        falling: .init(tried: tried, ends: Self.near(loss, by: 0.001)))
    }
    func methods(falling: [Double]) -> MethodRates {
      MethodRates(trials: 3, methods: falling.enumerated().map { method($0.offset, $0.element) })
    }
    func page() throws -> Page {
      GradientDescent.page(
        try Self.findings(), RunRecord(), recorded: KeptFindings(GradientDescent.chapter, RunRecord(), [], full))
    }
    full.methodRates = methods(falling: [0.25, 0.25, 0.25, 0.25, 0.25])
    #expect(try page().figures.contains { $0.name == "method-rates" })
    var text = try page().text
    #expect(text.contains("no loss differs from that of plain descent by more than chance"))
    #expect(text.contains("With a rate that falls to 0 all 5 end lower than with a constant one."))
    #expect(text.contains("lr=0.03, momentum=0.9) # or Adam, lr=0.003"))
    #expect(try page().tables.flatMap(\.rows).contains { "\($0)".contains("good in 800 steps: 0.013 to 0.051") })
    #expect(!text.contains("At a constant rate"))
    full.methodRates?.methods[1].constant.ends = Self.near(0.4, by: 0.002)
    #expect(try page().text.contains("At a constant rate momentum 0.9 ends above plain descent, each taken alone."))
    full.methodRates = methods(falling: [0.25, 0.2, 0.25, 0.4, 0.25])
    text = try page().text
    #expect(text.contains("momentum 0.9 ends below plain descent, and RMSProp ends above plain descent."))
    #expect(text.contains("lower than with a constant one") && !text.contains("all 5 end lower"))
    full.optimizers = OptimizerFindings(
      steps: 500,
      results: [0.1, 0.02, 0.01, 0.1, 0.03].map { .init(rate: 0.5, losses: Self.near($0, by: $0 / 100)) })
    full.falling = full.optimizers
    full.falling?.results[3].losses = Self.near(0.01, by: 1e-4)
    text = try page().text
    #expect(
      text.contains("momentum 0.9, Nesterov 0.9 and Adam end below plain descent at constant rates, and all four"))
  }
}
