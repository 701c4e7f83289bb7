// Chapter 2: what its claims and its page make of findings, right ones and wrong ones.

import Testing
import Workbook

@testable import ch02_activations

@Suite("Chapter 2: claims and page")
struct ActivationPageTests {
  private static let seeds: [UInt64] = [1, 2, 3]

  private static func near(_ value: Double, by share: Double = 0.01) -> Summary {
    Summary(seeds.indices.map { value * (1 + share * Double($0 - 1)) })
  }

  /// Layers that keep so much of a gradient, at any weights.
  private static func depth(sigmoid: Summary, relu: Summary) -> DepthExperiment {
    let perLayer = DepthExperiment.bends.map { $0 == .sigmoid ? sigmoid : relu }
    let typical = perLayer.map { kept in (1...Activations.depth).map { (1 - kept.mean) / Double($0) + 1e-6 } }
    return DepthExperiment(
      depth: Activations.depth, factors: [0.5, 1, 2, 4, 8], typicals: .init(repeating: typical, count: 5),
      perLayers: .init(repeating: perLayer, count: 5))
  }

  /// A census at a low and a high rate: the share of dead units at the high one for each kind and seed.
  private static func census(_ dead: [[Double]]) -> CensusExperiment {
    CensusExperiment(
      rates: [0.05, 0.4],
      results: dead.map { kind in
        [kind.map { _ in Census(dead: 0, loss: 0.5, offset: 1) }]
          + [kind.map { Census(dead: $0, loss: $0.isFinite ? 0.5 : .nan, offset: 1) }]
      })
  }

  private static func racer(_ bend: Bend, _ steps: [Int?]) -> Racer {
    Racer(
      bend: bend, rate: 0.1, reached: steps, slopes: steps.map { _ in bend == .prelu ? [0.3, 0.2] : [] },
      typicalLosses: [2.3, 1, 0.5], limit: 150)
  }

  private static func race(tanh: [Int?], relu: [Int?], small: [[Int?]] = [[90, 90, 90], [100, 100, 100]])
    -> RaceFindings
  {
    RaceFindings(
      limit: 150, trials: 1, racers: [racer(.tanh, tanh), racer(.relu, relu), racer(.prelu, relu)],
      small: [racer(.tanh, small[0]), racer(.relu, small[1])])
  }

  /// Findings as the usual run has them.
  private static func findings() -> Activations.Findings {
    func walk(_ sameSign: Double, _ distance: Double) -> TwoWeights.Path {
      TwoWeights.Path(a: [0, 1], b: [0, -1], sameSign: sameSign, distance: distance)
    }
    return Activations.Findings(
      data: "made-up digits", seeds: seeds, slopeLeft: near(0.0002), depth: depth(sigmoid: near(0.2), relu: near(1)),
      walks: Activations.means.map { mean in seeds.map { _ in mean < 0.5 ? walk(0.5, 0.1) : walk(1, 0.8) } },
      signShares: [1, 0.99, 0.7, 0.001].map { share in
        Activations.batches.map { near($0 == 1 ? share : share == 1 ? 0.4 : 0.01) }
      },
      census: CensusFindings(
        steps: 150, probeCount: 500,
        experiment: census([[0.4, 0.5, 0.45], [0.42, 0.44, 0.47], [0, 0, .nan], [0, 0, 0], [0.02, 0, 0]]),
        offsets: [2, 0.3, 1, 0.9, 0.8, 0.5].map { near($0) }),
      maxout: MaxoutFindings(dense: 10_100, maxout: 20_200), race: race(tanh: [50, 55, 60], relu: [50, 55, 61]),
      costs: CostFindings(
        elements: [7, 8, 1, 1, 1, 5].map { Cost(forward: $0, backward: 1) }, steps: [10, 10.5]))
  }

  private func verdicts(_ findings: Activations.Findings) -> [Claim.Verdict] {
    Activations.claims(findings).map(\.verdict)
  }

  @Test("a usual run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = Activations.claims(Self.findings())
    #expect(claims.allSatisfy { $0.measurement != nil })
    #expect(
      claims.map(\.verdict) == [
        .reproduced, .reproduced, .partly, .notHere, .reproduced, .reproduced, .notHere, .reproduced, .partly,
        .reproduced, .reproduced,
      ])
    #expect(claims[0].measured == "0.02 % of its best slope")
    #expect(claims[2].measured == "100 ± 1 %, batch of 64: 40 ± 0 %")
    #expect(claims[4].measured == "7, with the way back 4 (times)")
    #expect(claims[7].measured == "0 %" && claims[8].measured == "up to 2 % in a run")
    #expect(claims[10].measured == "2.00" && claims[10].seeds == 0)
  }

  @Test("a sigmoid that keeps its slope and its gradient overturns the first two claims")
  func gradients() {
    var findings = Self.findings()
    findings.slopeLeft = Self.near(0.2)
    findings.depth = Self.depth(sigmoid: Self.near(0.95), relu: Self.near(0.95))
    #expect(verdicts(findings)[0...1] == [.notHere, .notHere])
    #expect(
      Activations.page(findings, RunRecord()).text.contains("Per layer the sigmoid keeps 0.95 of the gradient"))
    findings.depth = Self.depth(sigmoid: Self.near(0.6), relu: Self.near(0.95))
    #expect(verdicts(findings)[1] == .partly)
  }

  @Test("signs that a batch does not mix, and signs that even one sample mixes")
  func signs() {
    var findings = Self.findings()
    findings.signShares[0] = Activations.batches.map { _ in Self.near(1, by: 0) }
    #expect(verdicts(findings)[2] == .reproduced)
    findings.signShares[0][0] = Self.near(0.3)
    #expect(verdicts(findings)[2] == .notHere)
  }

  @Test("ReLU ahead by six times, by two, and by chance; and a run too short to tell")
  func race() {
    var findings = Self.findings()
    findings.race = Self.race(tanh: [120, 126, 130], relu: [20, 21, 20])
    #expect(verdicts(findings)[3] == .reproduced)
    #expect(Activations.page(findings, RunRecord()).text.contains("Tuned, ReLU is 6.2 times as fast as tanh"))
    findings.race = Self.race(tanh: [40, 42, 40], relu: [20, 21, 20])
    #expect(verdicts(findings)[3] == .partly)
    findings.race = Self.race(tanh: [20, 100, 20], relu: [20, 21, 20])
    #expect(findings.race.ratio.mean > 1.5 && verdicts(findings)[3] == .notHere)
    findings.race = Self.race(tanh: [nil, nil, nil], relu: [20, 21, 20], small: [[nil, nil, nil], [nil, nil, nil]])
    #expect(verdicts(findings)[3] == .notHere)
    let page = Activations.page(findings, RunRecord())
    #expect(page.text.contains("so this is only a bound"))
    #expect(page.text.contains("this run is too short to tell"))
  }

  @Test("the dead: none, as many by chance, and fewer with a bias beyond chance")
  func deaths() {
    var findings = Self.findings()
    findings.census.experiment = Self.census([[0, 0, 0], [0, 0, 0], [0, 0, 0], [0.1, 0, 0], [0, 0, 0]])
    #expect(verdicts(findings)[5...8] == [.notHere, .notHere, .notHere, .reproduced])
    #expect(Activations.page(findings, RunRecord()).text.contains("In this run no rate kills many ReLUs"))
    findings.census.experiment = Self.census([[0.6, 0, 0], [0.2, 0.3, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]])
    #expect(verdicts(findings)[5...6] == [.notHere, .notHere])
    findings.census.experiment = Self.census(
      [[0.4, 0.4, 0.4], [0.1, 0.1, 0.11], [0, 0, 0], [0, 0, 0], [0, 0, 0]])
    #expect(verdicts(findings)[5...6] == [.reproduced, .reproduced])
  }

  @Test("nets with a leak that diverge where ReLU goes on are worth a thought; otherwise nothing is said of them")
  func fuse() {
    var findings = Self.findings()
    let thought = "perhaps death is also a fuse"
    findings.census.experiment = Self.census(
      [[0.4, 0.4, 0.4], [0.4, 0.4, 0.4], [.nan, .nan, 0], [.nan, 0, 0], [0, 0, 0]])
    #expect(Activations.page(findings, RunRecord()).text.contains(thought))
    findings.census.experiment = Self.census(
      [[0.4, 0.4, 0.4], [0.4, 0.4, 0.4], [0, 0, 0], [0, 0, 0], [0, 0, 0]])
    #expect(!Activations.page(findings, RunRecord()).text.contains(thought))
  }

  @Test("outputs nearer to zero mean within chance, a cheap exponential, a maxout without a price; one seed")
  func rest() {
    var findings = Self.findings()
    findings.census.offsets[Bend.elu.rawValue] = Summary([0.5, 1.2, 0.9])
    findings.costs.elements[Bend.sigmoid.rawValue] = Cost(forward: 1, backward: 1)
    findings.maxout.maxout = 10_100
    #expect(verdicts(findings)[4] == .notHere && verdicts(findings)[9...10] == [.notHere, .notHere])
    findings.slopeLeft = Summary([0.0002])
    #expect(verdicts(findings)[0] == .undecided)
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = Activations.page(Self.findings(), RunRecord())
    #expect(
      page.figures.map(\.name) == [
        "s-shapes", "survival", "zigzag", "one-sign", "rectifiers", "dead-units", "maxout", "race",
      ])
    #expect(page.claims == Activations.claims(Self.findings()))
    #expect(page.predictions.count == 4)
  }
}
