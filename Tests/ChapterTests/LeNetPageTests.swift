// Chapter 10: what its claims and its page make of findings, right ones and wrong ones.

import Foundation
import Testing
import Workbook

@testable import ch10_lenet

@Suite("Chapter 10: claims and page")
struct LeNetPageTests {
  private static let seeds = [1, 2, 3] as [UInt64]

  /// Three runs that end at these errors, after twice as many in the first epoch.
  private static func results(
    _ name: String, _ errors: [Double], start: Double = 0.6, recovery: Double? = 2, growth: Double = 1
  ) -> VariantResults {
    let layers = name == "LeNet-5+" ? ["conv1", "fc1"] : ["conv1", "fc3"]
    let share = GradientStory.poolingShares(layers)[0]
    return VariantResults(
      name: name, stem: name.lowercased(), color: 0, activation: name == "LeNet-5" ? "tanh" : "relu",
      hasPublishedSlope: name.hasSuffix("σ′"), hasSoftmax: name.hasSuffix("+"),
      runs: zip(seeds, errors).map { seed, error in
        RunFindings(
          seed: seed, errors: [2 * error, error], finalError: error, trainingError: 0.1, fastestEpoch: 3,
          story: GradientStory(
            layers: layers, beginning: [share * start, 1 - share * start], end: [0.3, 0.7],
            recovery: recovery.map { $0 + 0.01 * Double(seed) }), growth: growth + 0.01 * Double(seed))
      })
  }

  /// Errors that each part multiplies.
  private static func ablation(relu: Double = 0.7, entropy: Double = 0.4, start: Double = 1.5) -> Ablation {
    Ablation(
      epochs: 2,
      cells: Variant.ablation.map { variant in
        let (isReLU, hasEntropy) = (variant.net.activation == .relu, variant.net.output == .logits)
        let isSmall = variant.net.initializer == .torchUniform
        let factor = (isReLU ? relu : 1) * (hasEntropy ? entropy : 1) * (isSmall ? start : 1)
        return .init(
          isReLU: isReLU, hasCrossEntropy: hasEntropy, startsSmall: isSmall,
          errors: [1.0, 1.01, 1.02].map { [8 * factor * $0, 4 * factor * $0] })
      })
  }

  private static func findings() -> VariantFindings {
    let bitmap = GreyPicture(width: 1, height: 1, pixels: Data([51]))
    var confusion = (0...9).map { row in (0...9).map { $0 == row ? 99 : 0 } }
    confusion[4][9] = 7
    return VariantFindings(
      data: "made-up digits", trainingCount: 60_000, testCount: 997, epochs: 30, seeds: seeds, batch: 32, rate: 0.02,
      isTrained: true,
      layers: [.init(name: "conv1", kind: "Conv2D", output: [6, 28, 28], parameters: 156, multiplyAdds: 9)],
      total: .init(name: "", kind: "", output: [10], parameters: 61_706, multiplyAdds: 416_520),
      results: [
        results("LeNet-5", [1.4, 1.3, 1.4], recovery: 3), results("LeNet-5, published σ′", [1.1, 1.2, 1.1]),
        results("LeNet-5+", [0.9, 1, 0.9], recovery: 1, growth: 1.7), results("LeNet-5++", [0.7, 0.8, 0.7]),
      ],
      ablation: ablation(),
      differences: [
        results("LeNet-5++, max pooling", [1.2, 1.3, 1.2]), results("LeNet-5++, batches repeat", [0.7, 0.9, 0.6]),
      ],
      rates: RateSweep(
        epochs: 3,
        curves: ["LeNet-5", "LeNet-5, published σ′", "LeNet-5+", "LeNet-5++"].map {
          .init(
            name: $0, color: 0, rates: [0.02, 0.2],
            errors: [Summary([4, 4.1, 4.2]), $0 == "LeNet-5" ? Summary([2, 2.1, 2]) : Summary([1.5, 1.5, 1.6])])
        }),
      steps: results("LeNet-5+, S1's steps", [12, 13, 12]),
      gradients: ["LeNet-5", "LeNet-5+"].map {
        .init(name: $0, layers: ["conv1", "fc3"], times: [0.5, 1], values: [[0.1, 0.2], [0.9, 0.8]])
      },
      drifts: ["LeNet-5+", "LeNet-5++"].map { .init(name: $0, layers: ["act1"], times: [], values: [[1, 1.5]]) },
      best: BestRun(
        seed: 1, confusion: confusion, mistakes: [.init(truth: 4, answer: 9, bitmap: bitmap)],
        kernels: [.init(width: 1, height: 1, weights: [-0.5])], maps: (0...9).map { _ in [bitmap, bitmap] }),
      reading: nil)
  }

  /// Rates of their own for LeNet-5, its mistake, LeNet-5+ and LeNet-5++.
  private static func own(_ errors: [[Double]]) -> OwnRates {
    let names = ["LeNet-5", "LeNet-5, published σ′", "LeNet-5+", "LeNet-5++"]
    return OwnRates(
      choiceEpochs: 10, keptBack: 9_973,
      choices: names.map {
        .init(name: $0, rates: [0.1, 0.2, 0.5], errors: $0 == "LeNet-5" ? [3, 2, 1] : [2, 1, 1])
      },
      results: zip(names, errors).map { Self.results($0, $1) })
  }

  /// Rows with batch normalization alone and with everything.
  private static func taught(norm: [Double], all: [Double]) -> Taught {
    Taught(
      choiceEpochs: 4, keptBack: 10_000,
      rows: zip(Taught.Kind.allCases, [norm, all]).map { kind, errors in
        .init(
          kind: kind, choice: .init(name: kind.name, rates: [0.1, 0.2, 0.5], errors: [2, 1, 2]),
          results: Self.results(kind.name, errors))
      })
  }

  /// All that a full run adds: what each part multiplies the error by at rates of their own, and in the last row.
  private static func full(
    relu: Double = 0.98, entropy: Double = 0.9, start: Double = 1, without: [TaughtPart: Double] = [.shifts: 1.5]
  ) -> VariantFindings {
    var findings = Self.findings()
    let (base, end) = ([0.9, 0.91, 0.9], relu * entropy * start)
    findings.ownRates = own([base, base, base.map { $0 * end }, [0.6, 0.61, 0.6]])
    findings.taught = taught(norm: [0.7, 0.71, 0.7], all: [0.5, 0.51, 0.5])
    func trial(_ name: String, _ errors: [Double]) -> Worth.Trial {
      .init(
        name: name, choice: .init(name: name, rates: [0.1, 0.2, 0.5], errors: [2, 1, 2]), choiceEpochs: 2,
        runs: results(name, errors).runs)
    }
    var worth = Worth(keptBack: 9_973)
    worth.trials = Variant.ablation.dropFirst().dropLast().map { variant in
      let factor =
        (variant.net.activation == .relu ? relu : 1) * (variant.net.output == .logits ? entropy : 1)
        * (variant.net.initializer == .torchUniform ? start : 1)
      return trial(variant.name, base.map { $0 * factor })
    }
    worth.trials += TaughtPart.allCases.map { part in
      trial(part.trial, [0.5, 0.51, 0.5].map { $0 * (without[part] ?? 1) })
    }
    findings.worth = worth
    return findings
  }

  private func claims(_ findings: VariantFindings) -> [Claim] { LeNet.claims(.variants(findings)) }
  private func page(_ findings: VariantFindings) -> Page { LeNet.page(.variants(findings), RunRecord()) }
  private func claim(_ text: String, _ findings: VariantFindings) throws -> Claim {
    try #require(claims(findings).first { $0.text.contains(text) }, "\(text)")
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() throws {
    let claims = claims(Self.full())
    #expect(
      claims.map(\.source) == [
        "LeCun et al. 1998", "Glorot and Bengio 2010", "Glorot et al. 2011, S0", "Ioffe and Szegedy 2015",
        "Ioffe and Szegedy 2015", "LeCun et al. 1998", "S0", "S0", "S0", "S0",
      ])
    #expect(
      claims.map(\.verdict) == [
        .partly, .partly, .partly, .notHere, .reproduced, .reproduced, .reproduced, .reproduced, .reproduced,
        .partly,
      ])
    #expect(claims.allSatisfy { $0.seeds == 3 })
    #expect(claims[0].measured == "0.90 ± 0.01 % at its own rate")
    #expect(claims[1].measured == "error × 0.90 ± 0.00 after 2 epochs, each at its own rate")
    #expect(claims[5].measured == "0.50 ± 0.01 % with shifts against 0.76 ± 0.01 % without")
    #expect(claims[6].measured == "error × 0.40 ± 0.00 after 2 epochs, all at 0.02")
    #expect(claims[9].measured == "conv1 has 12.0 ± 0.0 % of the sum against 20.0 % from pooling alone")
  }

  @Test("what only a full run measures stands as undecided where it was not, under the same words")
  func unmeasured() {
    let (short, whole) = (claims(Self.findings()), claims(Self.full()))
    #expect(short.map(\.text) == whole.map(\.text) && short.map(\.source) == whole.map(\.source))
    for place in [0, 1, 2, 4, 5] {
      #expect(short[place].verdict == .undecided && short[place].measured == "not measured by a short run")
    }
  }

  @Test("a row of S0's table is missed where it differs by more than chance")
  func rows() throws {
    var findings = Self.findings()
    #expect(
      LeNet.rowsFinding(findings.results).contains("agrees with that")
        || LeNet.rowsFinding(findings.results).contains("agree with that"))
    findings.results[3] = Self.results("LeNet-5++", [0.5, 0.51, 0.5])
    #expect(try #require(findings.results[3].distanceFromPublished) < -2.31)
    #expect(LeNet.rowsFinding(findings.results).contains("LeNet-5++ differs by more than chance."))
    #expect(page(findings).text.contains("LeNet-5++ differs by more than chance."))
  }

  @Test("a mistake that beats LeNet-5+ is told as that, and what is left of it at rates of their own")
  func mistake() throws {
    var findings = Self.full()
    findings.results[1] = Self.results("LeNet-5, published σ′", [0.8, 0.9, 0.8])
    func bug(_ page: Page) throws -> Prediction {
      try #require(page.predictions.first { $0.question.contains("with this mistake") })
    }
    #expect(page(findings).text.contains("better even than LeNet-5+."))
    #expect(page(findings).text.contains("nothing is left of this lead"))
    #expect(page(findings).text.contains("This factor is at least 2"))
    #expect(try bug(page(findings)).answer == "second, ahead of LeNet-5+")
    findings.results[1] = Self.results("LeNet-5, published σ′", [2, 2, 2])
    #expect(
      page(findings).text.contains("the wrong derivative is worse than the right one, with 2.00 against 1.37 % errors"))
    #expect(try bug(page(findings)).answer == "last: a wrong gradient cannot learn well")
  }

  @Test("a short run decides nothing about S0's table, and the page tells the recorded one beside it")
  func short() throws {
    var findings = Self.findings()
    (findings.epochs, findings.trainingCount) = (2, 15_000)
    for text in ["ends below", "ends lowest"] {
      let claim = try claim(text, findings)
      #expect(claim.verdict == .undecided && claim.reason.hasPrefix("S0 trained for 30 epochs"))
    }
    let recorded = KeptFindings(
      LeNet.chapter, RunRecord(date: "2026-11-28"), [], LeNet.Findings.variants(Self.full()))
    let page = LeNet.page(.variants(findings), RunRecord(), recorded: recorded)
    #expect(page.figures.map(\.name).contains("test-error-live"))
    #expect(page.text.contains("those of the recorded full run of 2026-11-28"))
    #expect(
      page.text.contains("After 30 epochs of 60 000 images") || page.text.contains("After 30 epochs of 60,000 images"))
    #expect(page.claims == claims(findings))
    #expect(!self.page(findings).text.contains("recorded full run"))
  }

  @Test("of the three parts the strongest is told, a part that harms is not here, one within chance undecided")
  func parts() throws {
    var findings = Self.findings()
    func question(_ findings: VariantFindings) throws -> Prediction {
      try #require(page(findings).predictions.first { $0.question.contains("three things") })
    }
    #expect(try question(findings).answer == "cross-entropy after softmax")
    findings.ablation = Self.ablation(relu: 0.3, entropy: 1.1)
    #expect(try question(findings).answer == "ReLU")
    #expect(try claim("learns faster", findings).verdict == .notHere)
    #expect(abs(Self.ablation().start.mean - 1.5) < 1e-9)
  }

  @Test("at rates of their own each part is told with its interval, and what it earns follows the runs")
  func ownParts() throws {
    var findings = Self.full(relu: 0.8, entropy: 0.7)
    var text = page(findings).text
    #expect(text.contains("with a rate for each network: cross-entropy × 0.70 and ReLU × 0.80"))
    #expect(try claim("ReLU in place of tanh", findings).verdict == .reproduced)
    #expect(try claim("much better", findings).verdict == .reproduced)
    findings = Self.full(relu: 1.1, entropy: 1.1)
    text = page(findings).text
    #expect(text.contains("with a rate for each network none of the three helps beyond chance"))
    #expect(text.contains("Once each network has its own rate, the factor is 1.10"))
    #expect(try claim("ReLU in place of tanh", findings).verdict == .notHere)
    // One network scatters: the interval holds 1, and more than what is published.
    for place in findings.worth?.trials.indices ?? 0..<0
    where findings.worth?.trials[place].name.hasPrefix("ReLU") == true {
      for (run, factor) in [0.5, 1, 1.6].enumerated() {
        findings.worth?.trials[place].runs[run].errors[1] *= factor
      }
    }
    #expect(try claim("ReLU in place of tanh", findings).verdict == .undecided)
    #expect(page(findings).text.contains("changes the error by no more than chance (95 % interval"))
  }

  @Test("what is left out is missed where the error grows by more than chance, looking at all of them")
  func leftOut() throws {
    let findings = Self.full(without: [.shifts: 1.5, .norm: 1.3])
    let leftOut = try #require(findings.leftOut)
    #expect(leftOut.missed.map(\.part) == [.shifts, .norm] && leftOut.harmful.isEmpty && leftOut.open.count == 6)
    #expect(abs(leftOut.factor(leftOut.missed[0]).mean - 1.5) < 1e-9)
    let text = page(findings).text
    #expect(text.contains("Of 8 parts only shifted digits and batch normalization are missed by more than chance"))
    #expect(
      text.contains("Missed by more than chance: shifted digits (×"))
    #expect(page(Self.full(without: [:])).text.contains("No single part is missed by more than chance"))
    #expect(page(Self.full(without: [.momentum: 0.5])).text.contains("Without momentum the net makes fewer mistakes"))
    #expect(try claim("Distorted digits", findings).verdict == .reproduced)
    #expect(try claim("Distorted digits", Self.full(without: [:])).verdict == .undecided)
    // A part that was left out only once: nothing is said of it.
    var open = findings
    if let last = open.worth?.trials.indices.last { open.worth?.trials[last].runs.removeLast(2) }
    #expect(open.leftOut?.rows.count == 7)
    #expect(page(open).text.contains("Cross-entropy was not left out."))
    open.worth?.trials.removeLast(7)
    #expect(open.leftOut == nil && !page(open).figures.map(\.name).contains("left-out"))
  }

  @Test(
    "where the norm carries to larger rates, the rates are told at which nets fail; else the best rates are")
  func rates() throws {
    var findings = Self.findings()
    #expect(page(findings).text.contains("At its own best rate: LeNet-5 2.03"))
    #expect(page(findings).text.contains("From 0.02 to 0.2 LeNet-5++ has 1.53 to 4.10 %"))
    let sweep = try #require(findings.allRates)
    #expect(!sweep.isWidened && sweep.curves.count == 3)
    findings.rates?.curves[3].errors = [Summary([1, 1.1, 1]), Summary([1, 1, 1])]
    findings.rates?.curves[2].errors = [Summary([1.5, 1.5, 1.6]), Summary([90, 90, 90])]
    let text = page(findings).text
    #expect(text.contains("LeNet-5+ fails at a rate of 0.2; with batch norm, as LeNet-5++, at none tried"))
    #expect(try claim("much larger rates", findings).verdict == .partly)
    // What was tried later is drawn as well.
    findings.worth = Worth(keptBack: 1)
    func brief(_ network: String, _ rate: Float, _ error: Double) -> Worth.Trial {
      let name = Worth.rateTrial(network, rate)
      return .init(
        name: name, choice: .init(name: name, rates: [Double(rate)], errors: []), choiceEpochs: 0,
        runs: Self.results(name, [error, error, error]).runs)
    }
    findings.worth?.trials =
      [brief("LeNet-5++", 2, 1.1), brief("LeNet-5++", 5, 3)] + [0.5, 2, 10].map { brief("norm", $0, 1.2) }
    let all = try #require(findings.allRates)
    #expect(all.normed?.trainsUpTo == 5 && all["LeNet-5 with batch norm"]?.rates.count == 3)
    // The net that does not normalize its outputs takes the place of the one that does.
    findings.usualRates = RateSweep(
      epochs: 3,
      curves: [
        .init(
          name: Worth.usualNet, color: 3, rates: [0.2, 2, 5],
          errors: [Summary([1, 1, 1]), Summary([1.5, 1.6, 1.5]), Summary([1.6, 90, 90])])
      ])
    let usual = try #require(findings.allRates)
    #expect(usual.normed?.trainsUpTo == 2 && usual.normed?.failsFrom == 5)
    #expect(usual.shown.count == 3 && usual.withNormedOutputs.count == 2)
    #expect(LeNet.limitText(usual) == "between 10 and 250 times as large")
    #expect(page(findings).text.contains("as LeNet-5++, only at 5"))
  }

  @Test("the gradients of both losses are told with their ratio, and what conv1 has with ReLU")
  func firstSteps() {
    var findings = Self.findings()
    func three(_ value: Double) -> Summary { Summary([value, value, value]) }
    let story = GradientStory(layers: ["conv1", "fc3"], beginning: [0.15, 0.85], end: [0.3, 0.7], recovery: nil)
    findings.firstSteps = FirstSteps(
      images: [0, 6_000, 60_000], squaredError: [0.4, 0.1, 0.05].map(three), wrongSlope: [1.2, 0.9, 0.4].map(three),
      crossEntropy: [0.95, 0.9, 0.5].map(three), falseOutput: [0.5, 0.1, 0.05].map(three), relu: [story, story, story])
    let text = page(findings).text
    #expect(text.contains("is 9 times as long as that of squared error"))
    #expect(text.contains("the wrong gradient at the ten sums of LeNet-5 is 9 times as long as the right one"))
    #expect(
      text.contains("With ReLU instead of tanh, and nothing else changed, it has 15.0 %. So tanh costs conv1"))
  }

  @Test("each at its own rate: the figure, the table, who ends below whom, and the takeaway follow the runs")
  func ownRates() throws {
    var findings = Self.findings()
    #expect(!page(findings).figures.map(\.name).contains("own-rates"))
    findings.ownRates = Self.own([[1, 1.01, 1], [1, 1, 1.01], [1.2, 1.21, 1.2], [0.7, 0.71, 0.7]])
    var page = page(findings)
    #expect(page.figures.map(\.name).contains("own-rates"))
    #expect(
      page.text.contains(
        "With its own rate LeNet-5 makes fewer mistakes than LeNet-5+; batch normalization makes LeNet-5+ better"))
    #expect(
      page.text.contains("ReLU, cross-entropy and the other initial weights together raise the error by 0.20 points"))
    #expect(page.text.contains("Batch normalization lowers the error of LeNet-5+ by 0.50 points"))
    #expect(findings.ownRates?.choice("LeNet-5")?.isAtEnd == true && page.text.contains("the other 9973."))
    #expect(page.text.contains("With a rate for each network ReLU, cross-entropy and the other initial weights raise"))
    #expect(page.predictions[0].answer == "nothing beyond chance")
    #expect(findings.ownRates?.choice("LeNet-5+")?.rate == 0.2)
    findings.ownRates = Self.own([[0.8, 0.8, 0.81], [1, 1, 1], [0.8, 0.81, 0.8], [0.9, 0.91, 0.9]])
    page = self.page(findings)
    #expect(
      page.text.contains("LeNet-5 is as good as LeNet-5+; batch normalization makes LeNet-5+ worse"))
    #expect(page.text.contains("together make no difference beyond chance"))
    #expect(LeNet.ownTableTitle(try #require(findings.ownRates)) == "With its own rate LeNet-5 beats LeNet-5++")
    findings.ownRates = Self.own([[1.4, 1.3, 1.4], [1, 1, 1], [0.9, 1, 0.9], [0.7, 0.71, 0.7]])
    page = self.page(findings)
    #expect(page.predictions[0].answer == "most of it")
    #expect(page.text.contains("ReLU, cross-entropy and the other initial weights together lower the error"))
  }

  @Test("what batch normalization does for LeNet-5 alone and what everything comes to is told")
  func taught() {
    var findings = Self.full()
    findings.taught = Self.taught(norm: [0.7, 0.7, 0.71], all: [0.4, 0.41, 0.4])
    var text = page(findings).text
    #expect(text.contains("It lowers that of LeNet-5, with tanh and squared error, by 0.20 points"))
    #expect(
      text.contains("by 0.50 points (95 % interval 0.50 to 0.50, 3 seeds). It is ahead of LeNet-5++ by 0.20 points"))
    findings.taught = Self.taught(norm: [1, 1.01, 1], all: [1.2, 1.21, 1.2])
    text = page(findings).text
    #expect(text.contains("It raises that of LeNet-5, with tanh and squared error, by 0.10 points"))
    #expect(text.contains("LeNet-5++ is ahead of it by 0.60 points"))
    // A choice that had to go on: what came of it stands in place of the first row.
    findings.worth?.trials.append(
      .init(
        name: "norm", choice: .init(name: "norm", rates: [5, 10, 20], errors: [2, 1, 2]), choiceEpochs: 4,
        runs: Self.results("norm", [0.8, 0.81, 0.8]).runs))
    #expect(page(findings).text.contains("It lowers that of LeNet-5, with tanh and squared error, by 0.10 points"))
  }

  @Test("with few digits the parts are told from pairs that learned from the same ones, and all digits in a sentence")
  func few() throws {
    var findings = Self.full(without: [:])
    func trial(_ name: String, _ errors: [Double]) -> Worth.Trial {
      .init(
        name: name, choice: .init(name: name, rates: [0.1, 0.2, 0.5], errors: [2, 1, 2]), choiceEpochs: 2,
        runs: Self.results(name, errors).runs)
    }
    // From seed to seed the digits make twice the difference that a part makes.
    let whole = [1.0, 1.4, 1.8]
    findings.worth?.trials.append(trial(Worth.few(nil), whole))
    for part in TaughtPart.allCases.dropLast() {
      let factors = part == .shifts ? [1.3, 1.31, 1.3] : [1, 1.01, 0.99]
      findings.worth?.trials.append(trial(Worth.few(part), zip(whole, factors).map { $0 * $1 }))
    }
    #expect(findings.leftOutFew == nil)
    findings.worth?.trials.append(trial(Worth.few(.crossEntropy), whole))
    let few = try #require(findings.leftOutFew)
    #expect(few.missed.map(\.part) == [.shifts] && abs(few.factor(few.missed[0]).mean - 1.303) < 1e-3)
    let text = page(findings).text
    #expect(text.contains("digits, shifted digits are missed by more than chance"))
    #expect(text.contains("no part is missed by more than chance: so few mistakes are left there"))
    // Text, table and claim share one interval.
    let claim = try claim("Distorted digits", findings)
    #expect(claim.verdict == .partly && claim.reason.contains("without them is × \(few.factorText(few.missed[0]))"))
    #expect(claim.reason.contains("with all 60,000 × 1.00") && claim.measured.hasPrefix("1.40"))
    #expect(text.contains(few.factorText(few.missed[0])))
  }

  @Test("with few digits several seeds choose the rates, and what one seed's choice had invented is told")
  func fewChoice() throws {
    var findings = Self.full(without: [:])
    func add(_ name: String, at rate: Double, _ errors: [Double]) {
      findings.worth?.trials.append(
        .init(
          name: name, choice: .init(name: name, rates: [rate], errors: [1]), choiceEpochs: 2,
          runs: errors.enumerated().map { place, error in
            RunFindings(seed: UInt64(place), errors: [error], finalError: error, trainingError: 0, fastestEpoch: 1)
          }))
    }
    let whole = [1.0, 1.4, 1.8]
    add(Worth.few(nil), at: 0.3, whole.map { 1.2 * $0 })
    TaughtPart.allCases.forEach { add(Worth.few($0), at: 0.03, whole) }
    #expect(findings.leftOutFewByOneSeed == nil && findings.leftOutFew?.harmful.count == 8)
    // The seeds of the choice find a better rate for the whole.
    for (rate, error) in [(0.03, 1.3), (0.1, 1.1), (0.3, 1.4)] {
      add(Worth.fewChoice(nil, rate: Float(rate)), at: rate, Array(repeating: error, count: Worth.fewChoiceSeeds))
    }
    #expect(findings.worth?.fewChoice(nil)?.rate == 0.1)
    // Nothing is told before the whole was trained there.
    #expect(findings.leftOutFew == nil)
    add(Worth.few(nil, rate: 0.1), at: 0.1, whole)
    let few = try #require(findings.leftOutFew)
    #expect(few.harmful.isEmpty && few.missed.isEmpty && findings.leftOutFewByOneSeed?.harmful.count == 8)
    let text = page(findings).text
    #expect(text.contains("It gave the whole the rate 0.3; 5 seeds give it 0.1."))
    #expect(text.contains("max pooling") && text.contains("seemed to do harm"))
    // The batch normalization of the outputs alone.
    #expect(text.contains("out, as Ioffe and Szegedy do."))
    add(Contest.own(Worth.fewLastNorm), at: 0.1, whole.map { 1.1 * $0 })
    #expect(page(findings).text.contains("the error is larger without it (× 1.10"))
    #expect(LeNet.lastNormFinding(findings)?.hasSuffix("1.10 to 1.10), a loss.") == true)
  }

  @Test("a rate that was chosen like the others stands in place of an older choice, once all its runs are there")
  func normChoice() {
    var findings = Self.full()
    func trial(_ name: String, _ rate: Double, _ errors: [Double]) -> Worth.Trial {
      .init(
        name: name, choice: .init(name: name, rates: [rate], errors: []), choiceEpochs: 0,
        runs: Self.results(name, errors).runs)
    }
    for rate in Worth.normChoiceRates {
      let error = rate == 1 ? 1.2 : 1.4
      findings.worth?.trials.append(trial(Worth.normChoice(rate), Double(rate), [error, error]))
    }
    #expect(findings.ownNormRow == nil && findings.worth?.normChoice?.rate == 1)
    findings.worth?.trials.append(trial(Worth.normOwn, 1, [0.8, 0.81, 0.8]))
    #expect(findings.normRow?.choice.rate == 1 && findings.normRow?.runs.count == 3)
    #expect(page(findings).text.contains("It lowers that of LeNet-5, with tanh and squared error, by 0.10 points"))
  }

  @Test("other rates are told once all three networks were trained at them, and whether they change the order")
  func otherRates() {
    var findings = Self.full()
    func add(_ network: String, _ rate: Float, _ errors: [Double]) {
      let name = Worth.toTheEnd(network, rate)
      findings.worth?.trials.append(
        .init(
          name: name, choice: .init(name: name, rates: [Double(rate)], errors: []), choiceEpochs: 0,
          runs: Self.results(name, errors).runs))
    }
    add("LeNet-5", 0.1, [0.8, 0.81, 0.79])
    add("LeNet-5+", 0.05, [0.9, 0.9, 0.9])
    #expect(LeNet.otherRates(findings) == nil)
    add("LeNet-5++", 0.1, [0.7, 0.7, 0.7])
    #expect(findings.atRates("LeNet-5").count == 3)
    #expect(
      LeNet.otherRates(findings)?.hasSuffix("LeNet-5 and LeNet-5+ are level and LeNet-5++ is ahead.**") == true)
    add("LeNet-5", 0.5, [0.5, 0.51, 0.5])
    #expect(LeNet.otherRates(findings)?.contains("LeNet-5 at its best is ahead of that") == true)
    #expect(LeNet.otherRates(findings)?.hasSuffix("So another choice of rates would have changed the order.") == true)
  }

  @Test("a lead that is only there at one rate for all is reproduced in part")
  func onlyAtOneRate() throws {
    var findings = Self.full(relu: 1, entropy: 1)
    #expect(try claim("LeNet-5+ ends below", findings).verdict == .partly)
    #expect(
      try claim("LeNet-5+ ends below", findings).reason
        == "only at 0.02; with a rate for each network 0.90 against 0.90 %, within chance")
    #expect(try claim("learns faster", findings).verdict == .partly)
    findings.ownRates = nil
    #expect(try claim("LeNet-5+ ends below", findings).verdict == .reproduced)
  }

  @Test("the kernel that is most like an edge is named by the side towards which it grows")
  func edges() {
    func kernel(_ weight: (Int, Int) -> Float) -> BestRun.Kernel {
      .init(width: 3, height: 3, weights: (0..<9).map { weight($0 % 3, $0 / 3) })
    }
    let (noise, left) = (kernel { x, y in (x + y) % 2 == 0 ? 1 : -1 }, kernel { x, _ in Float(-x) })
    #expect(LeNet.edgeFinding([noise, left]).hasPrefix("Filter 2 comes nearest: its weights grow towards the left"))
    #expect(LeNet.edgeFinding([noise, kernel { x, y in Float(x + y) }]).contains("towards the lower right"))
    #expect(LeNet.edgeFinding([noise]) == "None of these six comes near that.")
    // Bright above dark: below a stroke it is dark.
    let rows = kernel { _, y in [0, 1, -1][y] }
    #expect(
      LeNet.edgeFinding([noise, rows])
        == "Filter 2 answers to the lower edge of a stroke."
    )
    #expect(kernel { x, _ in [-1, 1, 0][x] }.edge.name == "the left edge")
  }

  @Test("the mistakes are told by the fewest ways that make up half of them")
  func pairs() {
    var confusion = Self.findings().best.confusion
    let classes = (0...9).map(String.init)
    #expect(
      LeNet.mistakesFinding(confusion, classes)
        == "It misreads 7 of 997 test images. All of these mistakes fall on 1 of the 90 ways in which one digit can be taken for another."
    )
    confusion[5][3] = 6
    confusion[7][2] = 1
    #expect(LeNet.mistakesFinding(confusion, classes).contains("7 of these mistakes fall on 1 of the 90 ways"))
    confusion[7][2] = 2
    #expect(LeNet.mistakesFinding(confusion, classes).contains("13 of these mistakes fall on 2 of the 90 ways"))
    #expect(LeNet.mistakesFinding([[3, 0], [0, 4]], ["0", "1"]) == "It reads all 7 test images correctly.")
  }

  @Test("mistakes that are sure are told with how many answers are as sure")
  func sureness() throws {
    var findings = Self.findings()
    #expect(LeNet.shownSureness(findings.best) == nil)
    let rows = try JSONDecoder().decode(
      [Sureness].self,
      from: Data(
        #"[{"limit":0,"answers":9,"wrong":2,"expected":1},{"limit":0.95,"answers":3,"wrong":1,"expected":0.1}]"#.utf8))
    findings.best.sure = rows
    let sure = try #require(LeNet.shownSureness(findings.best))
    #expect(LeNet.surenessFinding(sure).contains("3 answers have a probability of at least 95 %"))
    #expect(page(findings).text.contains("of 3 answers with at least 95 %, 1 is wrong"))
  }

  @Test("what else SimpleNN does is told where it moves an error by more than chance")
  func differences() {
    var findings = Self.findings()
    #expect(LeNet.differencesFinding(findings).hasSuffix("max pooling raises the error of LeNet-5++ by 0.50 points."))
    #expect(!LeNet.differencesFinding(findings).contains("batches repeat raises"))
    findings.differences.removeFirst()
    #expect(LeNet.differencesFinding(findings).hasSuffix("neither changes the error by more than chance."))
  }

  @Test("S1's steps are told with what they give, where they were tried")
  func steps() {
    var findings = Self.full()
    #expect(
      page(findings).text.contains(
        "12.3 ± 0.6 % errors after 2 epochs (3 seeds), with 0.02 throughout 0.9 ± 0.1 %"))
    findings.steps = nil
    #expect(!page(findings).text.contains("with 0.02 throughout"))
  }

  @Test("two runs decide nothing")
  func undecided() {
    var findings = Self.findings()
    findings.seeds.removeLast()
    for index in findings.results.indices { findings.results[index].runs.removeLast() }
    findings.ablation?.cells.indices.forEach { findings.ablation?.cells[$0].errors.removeLast() }
    let claims = claims(findings)
    #expect(claims.filter { $0.seeds < 3 }.allSatisfy { $0.verdict == .undecided })
    #expect(claims.contains { $0.reason == "a verdict needs three seeds" })
  }

  @Test("a gradient that does not fade is not here")
  func inside() throws {
    var findings = Self.findings()
    findings.results[0] = Self.results("LeNet-5", [1.4, 1.3, 1.4], start: 1.1)
    #expect(try claim("the gradient vanishes", findings).verdict == .notHere)
  }

  @Test("one network alone has a page without a comparison, and no claims about others")
  func alone() {
    var findings = Self.findings()
    findings.results = [findings.results[3]]
    (findings.gradients, findings.drifts, findings.differences) = ([], [], [])
    (findings.ablation, findings.rates) = (nil, nil)
    findings.reading = Reading(
      digit: 7, outputs: (0...9).map { $0 == 7 ? 0.91 : 0.01 }, bitmap: findings.best.mistakes[0].bitmap)
    let page = page(findings)
    #expect(page.claims.isEmpty && page.predictions.isEmpty)
    #expect(page.text.contains("LeNet-5++ reads a 7, with 91 %"))
    #expect(page.text.contains("leave --model out"))
  }

  @Test("with --mine the page is that of the reader's layers, and has no claims")
  func mine() {
    var findings = LearnersRunFindings(
      data: "made-up digits", name: "LeNet-5+",
      layers: [
        .init(name: "conv1", kind: "YourConv2D", isYours: true), .init(name: "fc1", kind: "Dense", isYours: false),
      ], unused: [.init(label: "9.2", reason: "not attempted")], imageCount: 128, batch: 8, epochs: 2,
      yours: .init(losses: [2.3, 1], error: 0.5, seconds: 60), ours: .init(losses: [2.3, 1], error: 0.5, seconds: 2))
    let page = LeNet.page(.mine(findings), RunRecord())
    #expect(page.claims.isEmpty && page.figures.map(\.name) == ["mine"])
    #expect(page.text.contains("1 of 2 are yours") && page.text.contains("exercise 9.2 (not attempted)"))
    #expect(page.text.contains("here 30 times"))
    findings.yours.losses[1] = 1.5
    #expect(
      LeNet.page(.mine(findings), RunRecord()).text.contains(
        "Your layers learn differently: the losses differ by up to 0.5"))
  }

  @Test("what the weights show stands on the page where it was looked at, and the record has it")
  func looked() throws {
    var findings = Self.findings()
    let (picture, plane) = (
      findings.best.mistakes[0].bitmap,
      ImagePlane(width: 4, points: ImagePlane.digits.map { [[Double($0), 1]] }, ownMean: 0.5)
    )
    let before = page(findings).figures.map(\.name)
    #expect(!before.contains("features") && !before.contains("small-change"))
    findings.best.inside = InnerView(
      deepMaps: (0...9).map { _ in [picture, picture] }, pixels: plane, features: plane,
      change: SmallChange(
        lengths: Summary([0.2, 0.3]), randomShare: 0, image: picture, change: picture, changed: picture,
        random: picture, probabilities: [0.99, 0.52, 0.98]))
    let after = page(findings)
    #expect(Set(after.figures.map(\.name)).isSuperset(of: ["features", "small-change"]))
    #expect(after.text.contains("A change 25 % as long as the image makes a 7 a 1"))
    findings.best.inside?.change = nil
    #expect(!page(findings).figures.map(\.name).contains("small-change"))
    let recorded = try #require(KeptFindings<LeNet.Findings>(recordedOf: LeNet.chapter))
    guard case .variants(let record) = recorded.findings else { return }
    #expect(record.best.inside?.change != nil && record.best.inside?.deepMaps[7].count == 16)
  }

  @Test("findings come back from their file, pictures byte for byte")
  func kept() throws {
    let data = try JSONEncoder.ofRecords.encode(LeNet.Findings.variants(Self.findings()))
    let kept = try JSONDecoder.ofRecords.decode(LeNet.Findings.self, from: data)
    guard case .variants(let found) = kept else {
      Issue.record("expected variants, found \(kept)")
      return
    }
    #expect(found.best.mistakes[0].bitmap.picture("").pixels == [0.2])
    #expect(LeNet.claims(kept) == claims(Self.findings()))
  }

  @Test("what is only done while measuring is refused beside --from")
  func options() {
    for extra in [["--image", "x"], ["--json", "-"], ["--save", "x"]] {
      #expect(throws: (any Error).self) { try LeNetOptions.parse(["--from", "findings.json"] + extra) }
    }
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = page(Self.findings())
    #expect(
      page.figures.map(\.name) == [
        "network", "test-error", "ablation", "gradient-start", "rates", "sigmoid-slopes", "confusion", "worst-mistakes",
        "kernels", "feature-maps",
      ])
    #expect(
      self.page(Self.full()).figures.map(\.name) == [
        "network", "own-rates", "ablation", "gradient-start", "rates", "left-out", "sigmoid-slopes", "test-error",
        "confusion", "worst-mistakes", "kernels", "feature-maps",
      ])
    #expect(page.claims == claims(Self.findings()))
    #expect(page.text.contains("Most often a 4 is taken for a 9: 7 times"))
    #expect(page.text.contains("The diagonal, with 990 right answers"))
  }
}
