// Chapter 10: what its claims and its page make of findings, right ones and wrong ones.

import Foundation
import Testing
import Workbook

@testable import ch10_lenet

@Suite("Chapter 10: claims and page")
struct LeNetPageTests {
  private static let seeds = [1, 2, 3] as [UInt64]

  /// Three runs that end at these errors, after twice as many in the first epoch.
  static func results(_ name: String, _ errors: [Double], start: Double = 0.6) -> VariantResults {
    let layers = name == "LeNet-5+" ? ["conv1", "fc1"] : ["conv1", "fc3"]
    let share = GradientStory.poolingShares(layers)[0]
    return VariantResults(
      name: name, stem: name.lowercased(), color: 0, activation: name == "LeNet-5" ? "tanh" : "relu",
      hasPublishedSlope: name.hasSuffix("σ′"), hasSoftmax: name.hasSuffix("+"),
      runs: zip(seeds, errors).map { seed, error in
        RunFindings(
          seed: seed, errors: [2 * error, error], finalError: error, trainingError: 0.1, fastestEpoch: 3,
          story: GradientStory(layers: layers, beginning: [share * start, 1 - share * start]))
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

  static func findings() -> VariantFindings {
    let bitmap = GreyPicture(width: 1, height: 1, pixels: Data([51]))
    var confusion = (0...9).map { row in (0...9).map { $0 == row ? 99 : 0 } }
    confusion[4][9] = 7
    return VariantFindings(
      data: "made-up digits", trainingCount: 60_000, testCount: 997, epochs: 30, seeds: seeds, batch: 32, rate: 0.02,
      isTrained: true,
      layers: [.init(name: "conv1", kind: "Conv2D", output: [6, 28, 28], parameters: 156, multiplyAdds: 9)],
      total: .init(name: "", kind: "", output: [10], parameters: 61_706, multiplyAdds: 416_520),
      results: [
        results("LeNet-5", [1.4, 1.3, 1.4]), results("LeNet-5, published σ′", [1.1, 1.2, 1.1]),
        results("LeNet-5+", [0.9, 1, 0.9]), results("LeNet-5++", [0.7, 0.8, 0.7]),
      ],
      ablation: ablation(),
      best: BestRun(
        seed: 1, confusion: confusion, mistakes: [.init(truth: 4, answer: 9, bitmap: bitmap)],
        kernels: [.init(width: 1, height: 1, weights: [-0.5])], maps: [bitmap, bitmap]),
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

  /// A trial with three runs.
  static func trial(_ name: String, _ errors: [Double], rate: Double = 0.2) -> Worth.Trial {
    .init(
      name: name, choice: .init(name: name, rates: [rate], errors: [1]), choiceEpochs: 2,
      runs: results(name, errors).runs)
  }

  /// All that a full run adds: what each part multiplies the error by at rates of their own, and in the full recipe.
  static func full(
    relu: Double = 0.98, entropy: Double = 0.9, start: Double = 1, normed: [Double]? = [0.6, 0.61, 0.6],
    without: [TaughtPart: Double] = [.shifts: 1.5]
  ) -> VariantFindings {
    var findings = Self.findings()
    let (base, end) = ([0.9, 0.91, 0.9], relu * entropy * start)
    findings.ownRates = own([base, base, base.map { $0 * end }, [0.6, 0.61, 0.6]])
    var worth = Worth(keptBack: 9_973)
    worth.trials = Variant.ablation.dropFirst().dropLast().map { variant in
      let factor =
        (variant.net.activation == .relu ? relu : 1) * (variant.net.output == .logits ? entropy : 1)
        * (variant.net.initializer == .torchUniform ? start : 1)
      return trial(Contest.own(variant.name), base.map { $0 * factor })
    }
    worth.trials += TaughtPart.allCases.map { part in
      trial(part.trial, [0.5, 0.51, 0.5].map { $0 * (without[part] ?? 1) })
    }
    worth.trials.append(trial("all", [0.5, 0.51, 0.5]))
    if let normed { worth.trials.append(trial(Contest.own(Worth.listed), normed)) }
    findings.worth = worth
    findings.usualRates = RateSweep(
      epochs: 3,
      curves: [Worth.usualNet, "LeNet-5+", "LeNet-5"].map {
        .init(name: $0, color: 0, rates: [0.02, 0.2], errors: [Summary([4, 4.1, 4.2]), Summary([1.5, 1.5, 1.6])])
      })
    return findings
  }

  /// The full recipe and its parts on few digits: what each part multiplies the error by, seed by seed.
  private static func few(_ findings: VariantFindings, _ factors: (TaughtPart) -> [Double]) -> VariantFindings {
    var findings = findings
    // From seed to seed the digits make twice the difference that a part makes.
    let whole = [1.0, 1.4, 1.8]
    findings.worth?.trials.append(trial(Contest.own(Worth.few(nil)), whole))
    for part in TaughtPart.allCases {
      findings.worth?.trials.append(trial(Contest.own(Worth.few(part)), zip(whole, factors(part)).map { $0 * $1 }))
    }
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
    #expect(claims[1].measured == "error × 0.90 after 2 epochs, each at its own rate")
    #expect(claims[5].measured == "0.50 ± 0.01 % with shifts against 0.76 ± 0.01 % without")
    #expect(claims[6].measured == "error × 0.40 after 2 epochs, all at 0.02")
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
      LeNet.rowsFinding(findings.results).contains("agrees with the published error")
        || LeNet.rowsFinding(findings.results).contains("agree with the published error"))
    findings.results[3] = Self.results("LeNet-5++", [0.5, 0.51, 0.5])
    #expect(try #require(findings.results[3].distanceFromPublished) < -2.31)
    #expect(LeNet.rowsFinding(findings.results).contains("S0's LeNet-5++ differs by more than chance."))
    #expect(page(findings).text.contains("S0's LeNet-5++ differs by more than chance."))
  }

  @Test("a mistake that beats LeNet-5+ is told as that, and what is left of it at rates of their own")
  func mistake() throws {
    var findings = Self.full()
    findings.results[1] = Self.results("LeNet-5, published σ′", [0.8, 0.9, 0.8])
    func bug(_ page: Page) throws -> Prediction {
      try #require(page.predictions.first { $0.question.contains("with this mistake") })
    }
    #expect(page(findings).text.contains("better even than ReLU + CE."))
    #expect(page(findings).text.contains("nothing beyond chance is left of this lead"))
    #expect(page(findings).text.contains("This factor is at least 2"))
    #expect(try bug(page(findings)).answer == "first, ahead of ReLU + CE")
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
    #expect(page.tables.contains { $0.columns.last?.title == "this run (%): 2 epochs of 15,000 digits" })
    #expect(page.claims == claims(findings))
    #expect(!self.page(findings).text.contains("recorded full run"))
  }

  @Test("of the three parts the strongest is told, a part that harms is not here, nor is one within chance")
  func parts() throws {
    var findings = Self.findings()
    func question(_ findings: VariantFindings) throws -> Prediction {
      try #require(page(findings).predictions.first { $0.question.contains("three changes") })
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
    #expect(text.contains("with a rate for each net: cross-entropy × 0.70 and ReLU × 0.80"))
    #expect(try claim("ReLU in place of tanh", findings).verdict == .reproduced)
    #expect(try claim("much better", findings).verdict == .reproduced)
    findings = Self.full(relu: 1.1, entropy: 1.1)
    text = page(findings).text
    #expect(text.contains("with a rate for each net none of the three helps beyond chance"))
    #expect(text.contains("a gain is left of none, a loss of cross-entropy (× 1.10) and ReLU (× 1.10)"))
    #expect(try claim("ReLU in place of tanh", findings).verdict == .notHere)
    // One network scatters: the interval holds 1, and more than what is published.
    for place in findings.worth?.trials.indices ?? 0..<0
    where findings.worth?.trials[place].name.hasPrefix("ReLU") == true {
      for (run, factor) in [0.5, 1, 1.6].enumerated() {
        findings.worth?.trials[place].runs[run].errors[1] *= factor
      }
    }
    let open = try claim("ReLU in place of tanh", findings)
    #expect(open.verdict == .notHere && open.reason.contains("this run does not show the effect, nor does it exclude"))
    #expect(page(findings).text.contains("nothing beyond chance is left of any of the three"))
  }

  @Test("what is left out is needed where the error grows by more than chance, looking at all of them")
  func leftOut() throws {
    let findings = Self.full(without: [.shifts: 1.5, .norm: 1.3])
    let leftOut = try #require(findings.leftOut)
    #expect(leftOut.needed.map(\.part) == [.shifts, .norm] && leftOut.harmful.isEmpty && leftOut.open.count == 6)
    #expect(abs(leftOut.factor(leftOut.needed[0]).mean - 1.5) < 1e-9)
    // All digits are told by the claim alone.
    #expect(!page(findings).figures.map(\.name).contains("left-out"))
    #expect(try claim("Distorted digits", findings).verdict == .reproduced)
    #expect(try claim("Distorted digits", Self.full(without: [:])).verdict == .notHere)
    // A part that was left out only once is not compared.
    var open = findings
    open.worth?.trials.removeAll { $0.name == TaughtPart.crossEntropy.trial }
    #expect(open.leftOut?.rows.count == 7)
  }

  @Test("the rates are told at which nets fail, where the norm carries to larger ones")
  func rates() throws {
    var findings = Self.findings()
    #expect(!page(findings).figures.map(\.name).contains("rates"))
    func curve(_ name: String, _ last: [Double]) -> RateSweep.Curve {
      .init(
        name: name, color: 0, rates: [0.2, 2, 5],
        errors: [Summary([1, 1, 1]), Summary([1.5, 1.6, 1.5]), Summary(last)])
    }
    var plus = curve("LeNet-5+", [90, 90, 90])
    plus.errors[1] = Summary([1.5, 60, 1.5])
    findings.usualRates = RateSweep(
      epochs: 3, curves: [curve(Worth.usualNet, [1.6, 90, 90]), plus, curve("LeNet-5", [2, 90, 2])])
    let sweep = try #require(findings.usualRates)
    #expect(sweep.isWidened && sweep.normed?.trainsUpTo == 2 && sweep.normed?.failsFrom == 5)
    #expect(sweep.limitText == "between 1 and 25 times as large")
    let text = page(findings).text
    #expect(text.contains("ReLU + CE fails at a rate of 2; with batch norm only at 5"))
    // With the norm 0.2 to 0.2, as without: no wider.
    #expect(!text.contains("the rate needs less search"))
    findings.usualRates?.curves[0].errors[1] = Summary([1.2, 1.2, 1.2])
    #expect(findings.usualRates?.curves[0].valley == 0.2...2)
    let valleys = "one and a half times its lowest from 0.2 to 2, without it only from 0.2 to 0.2"
    #expect(page(findings).text.contains(valleys))
    #expect(try claim("much larger rates", findings).verdict == .partly)
    findings.usualRates?.curves[1] = curve("LeNet-5+", [1.6, 2, 2])
    #expect(page(findings).text.contains("does not carry the net to larger rates"))
    #expect(try claim("much larger rates", findings).verdict == .notHere)
  }

  @Test("the gradients of both losses are told with their ratio")
  func firstSteps() {
    var findings = Self.findings()
    func three(_ value: Double) -> Summary { Summary([value, value, value]) }
    findings.firstSteps = FirstSteps(
      images: [0, 6_000, 60_000], squaredError: [0.4, 0.1, 0.05].map(three), wrongSlope: [1.2, 0.9, 0.4].map(three),
      crossEntropy: [0.95, 0.9, 0.5].map(three), falseOutput: [0.5, 0.1, 0.05].map(three))
    let text = page(findings).text
    #expect(text.contains("we measured 9 times, after a tenth of the first epoch"))
    #expect(text.contains("the wrong gradient at the ten sums of LeNet-5 is 9 times as long as the right one"))
  }

  @Test("who gets the gradient is told beside what pooling leaves, and that a small share is no small step")
  func updates() {
    var findings = Self.findings()
    func net(_ isReLU: Bool, _ first: Double) -> FirstUpdates.Net {
      .init(
        isReLU: isReLU, layers: ["conv1", "fc3"], shares: [0.0, 0.001, 0.002].map { [first + $0, 1 - first - $0] },
        moves: [0.0, 0.001, 0.002].map { [0.2 + $0, 0.1] })
    }
    findings.updates = FirstUpdates(nets: [net(false, 0.12), net(true, 0.2)])
    let text = page(findings).text
    #expect(text.contains("So tanh and its weights cost conv1 some of its gradient."))
    #expect(text.contains("a small share of the gradient is not a small step"))
    findings.updates?.nets[0].moves = [[0.1, 0.2], [0.1, 0.2], [0.1, 0.21]]
    #expect(!page(findings).text.contains("is not a small step"))
  }

  @Test("each at its own rate: the figures, the table, who ends below whom, and the takeaway follow the runs")
  func ownRates() throws {
    #expect(!page(Self.findings()).figures.map(\.name).contains("own-rates"))
    var findings = Self.full(relu: 1.2, entropy: 1)
    var page = page(findings)
    #expect(page.figures.map(\.name).prefix(3) == ["own-curves", "own-rates", "network"])
    #expect(
      page.text.contains("Batch norm and the rest of the recipe lower the error; ReLU and cross-entropy raise it"))
    #expect(page.text.contains("With its own rate LeNet-5 makes fewer mistakes than ReLU + CE"))
    #expect(page.text.contains("ReLU and cross-entropy raise LeNet's error (× 1.20)"))
    #expect(findings.ownRates?.choice("LeNet-5")?.isAtEnd == true && page.text.contains("the other 9973 is"))
    #expect(page.predictions[0].answer == "LeNet-5 loses much more")
    #expect(try claim("Batch normalization lowers", findings).verdict == .reproduced)
    findings = Self.full(relu: 1, entropy: 1, normed: [1, 1.01, 1])
    page = self.page(findings)
    #expect(page.text.contains("At their own rates LeNet-5 and ReLU + CE cannot be told apart"))
    #expect(page.text.contains("compare nets at rates that suit each of them"))
    #expect(page.text.contains("Batch norm raises the error of ReLU + CE (× 1.11)"))
    #expect(try claim("Batch normalization lowers", findings).verdict == .notHere)
    findings = Self.full(relu: 0.7, entropy: 0.9)
    page = self.page(findings)
    #expect(page.predictions[0].answer.hasPrefix("the same"))
    #expect(page.text.contains("With its own rate, too, ReLU + CE makes fewer mistakes"))
    // Where the net of the listing was not trained, its row is missing.
    findings = Self.full(normed: nil)
    #expect(findings.steps?.rows.map(\.net) == [.old, .modern, .full])
    #expect(try claim("Batch normalization lowers", findings).verdict == .undecided)
  }

  @Test("a factor is told with its interval, from the spreads of its two nets, widened for all comparisons")
  func factors() throws {
    let steps = try #require(Self.full().steps)
    #expect(steps.comparisons == 4 && steps.hasLastNorm)
    let factor = try #require(steps.factor(.normed, over: .modern))
    #expect(factor.direction == .below && factor.low < factor.mean && factor.mean < factor.high)
    // Welch by hand: both standard errors are ln 2/√3, so there are 4 degrees of freedom, and t is 2.776.
    let (one, two) = (Summary([1, 2, 4]), Summary([2, 4, 8]))
    let half = Factor(one, over: two)
    #expect(
      abs(half.mean - 0.5) < 1e-9 && abs(log(half.high / half.mean) - 2.776 * log(2) * (2.0 / 3).squareRoot()) < 1e-3)
    #expect(Factor(one, over: two, among: 4).high > half.high)
    #expect(Factor(mean: 0.8, low: 0.65, high: 0.999).text == "0.80 (0.65 to 0.999)")
    #expect(Factor(mean: 1.2, low: 1.02, high: 1.4).direction == .above)
    // What all nets of a seed have in common is taken off in pairs only.
    let (a, b) = (Summary([1, 2, 4]), Summary([1.1, 2.21, 4.4]))
    #expect(Spread(of: [a, b], isPaired: true).factor(b, over: a).direction == .above)
    #expect(Spread(of: [a, b]).factor(b, over: a).direction == .withinChance)
  }

  @Test("with few digits the parts are told from pairs that learned from the same ones")
  func few() throws {
    var findings = Self.full(without: [:])
    #expect(findings.leftOutFew == nil)
    findings = Self.few(findings) { $0 == .shifts ? [1.3, 1.31, 1.3] : [1, 1.01, 0.99] }
    let few = try #require(findings.leftOutFew)
    #expect(few.needed.map(\.part) == [.shifts] && abs(few.factor(few.needed[0]).mean - 1.303) < 1e-3)
    let text = page(findings).text
    #expect(text.contains("digits, shifted digits are needed"))
    // Text, table and claim share one interval.
    let claim = try claim("Distorted digits", findings)
    let told = few.factor(few.needed[0]).text
    #expect(claim.verdict == .partly && claim.reason.contains("without them is × \(told)"))
    #expect(
      claim.reason.contains("with all 60,000, and batch norm at the outputs, × 1.00")
        && claim.measured.hasPrefix("1.40"))
    #expect(text.contains(told))
    // ReLU has one answer.
    #expect(LeNet.reluAnswer(few, findings) == nil)
    findings = Self.few(Self.full(relu: 1, without: [:])) { $0 == .relu ? [1.3, 1.31, 1.3] : [1, 1.01, 0.99] }
    #expect(
      page(findings).text.contains(
        "So take ReLU. In this recipe the error with tanh is 1.30 times as large; in LeNet-5 with all digits we saw no difference."
      ))
  }

  @Test("how many seeds chose the rates with few digits is told, and the advice follows the runs")
  func fewChoice() throws {
    var findings = Self.few(Self.full(without: [:])) { _ in [1, 1.01, 0.99] }
    func choose(_ part: TaughtPart?, seeds: Int) {
      var trial = Self.trial(Contest.choosing(Worth.few(part), 0.2), [1, 1, 1])
      trial.runs = (0..<seeds).map { _ in trial.runs[0] }
      findings.worth?.trials.append(trial)
    }
    ([nil] + TaughtPart.allCases).forEach { choose($0, seeds: $0 == nil || $0 == .relu ? 5 : 2) }
    #expect(findings.worth?.choosers(of: Worth.few(nil)) == 5 && findings.worth?.choosers(of: "none") == nil)
    #expect(
      page(findings).text.contains(
        "5 seeds chose the rate of the whole and of the nets without ReLU, 2 those of the others."))
    let advice = page(findings).tables.flatMap(\.rows).map { "\($0)" }.joined()
    #expect(advice.contains("usual; without it no difference seen"))
  }

  @Test("LeNet-5 with one change is held against LeNet-5 with the same seeds")
  func singles() throws {
    var findings = Self.full()
    #expect(findings.singles.isEmpty)
    for (change, factor) in [(SingleChange.shifts, 0.8), (.cosine, 1)] {
      findings.worth?.trials.append(
        Self.trial(Contest.own(change.rawValue), [0.9, 0.91, 0.9].map { $0 * factor }, rate: 0.5))
    }
    #expect(findings.singles.map { $0.factor.direction } == [.below, .withinChance])
    let page = page(findings)
    #expect(
      page.text.contains(
        "it makes fewer mistakes with shifted digits (× 0.80); we saw no difference beyond chance with a falling rate.")
    )
    #expect(page.tables.flatMap(\.rows).contains { $0.first == "LeNet-5 + shifts" })
  }

  @Test("every rate at which a net was trained to the end stands in the table")
  func otherRates() {
    var findings = Self.full()
    findings.worth?.trials.append(Self.trial(Worth.toTheEnd("LeNet-5", 0.1), [0.8, 0.81, 0.79], rate: 0.1))
    findings.worth?.trials.append(Self.trial(Worth.toTheEnd(Worth.listed, 0.02), [0.7, 0.71, 0.7], rate: 0.02))
    #expect(findings.atRates("LeNet-5").map(\.rate).map { Float($0) } == [0.02, 0.1, 0.5])
    #expect(findings.atRates(Worth.listed).count == 2 && findings.steps?[.normed]?.atOne.count == 3)
  }

  @Test("a rate for all that suits both nets is told beside the small one")
  func commonRates() {
    var findings = Self.full(relu: 1, entropy: 1)
    for (name, errors) in [("LeNet-5", [0.9, 0.91, 0.9]), ("LeNet-5+", [0.9, 0.9, 0.91])] {
      findings.worth?.trials.append(Self.trial(Worth.toTheEnd(name, 0.1), errors, rate: 0.1))
    }
    let text = page(findings).text
    #expect(text.contains("Of the rates tried, only 0.02 tells LeNet-5 and ReLU + CE apart"))
    #expect(text.contains("At 0.1 for both, as at their own rates, we saw no difference beyond chance."))
    // The errors with a change and without it, from the spread of all eight nets.
    let factor = Self.ablation().factor(of: \.isReLU, among: 6)
    #expect(abs(factor.mean - 0.7) < 1e-9 && factor.low < 0.7 && factor.high > 0.7 && factor.direction == .below)
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

  @Test("a kernel whose rows or columns differ most is named by the edge to which it answers")
  func edges() {
    func kernel(_ weight: (Int, Int) -> Float) -> BestRun.Kernel {
      .init(width: 3, height: 3, weights: (0..<9).map { weight($0 % 3, $0 / 3) })
    }
    let noise = kernel { x, y in (x + y) % 2 == 0 ? 1 : -1 }
    // Bright above dark: below a stroke it is dark.
    let rows = kernel { _, y in [0, 1, -1][y] }
    #expect(LeNet.edgeFinding([noise, rows]).contains("a stroke: filter 2 to the lower edge."))
    #expect(LeNet.edgeFinding([noise]).contains("of a stroke."))
    #expect(kernel { x, _ in [-1, 1, 0][x] }.edge.name == "the left edge")
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
    findings.ablation = nil
    findings.reading = Reading(
      digit: 7, outputs: (0...9).map { $0 == 7 ? 0.91 : 0.01 }, bitmap: findings.best.mistakes[0].bitmap)
    let page = page(findings)
    #expect(page.claims.isEmpty && page.predictions.isEmpty)
    #expect(page.text.contains("S0's LeNet-5++ reads a 7, with 91 %"))
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

  @Test("what deceives the net stands on the page where it was looked at, and the record has it")
  func looked() throws {
    var findings = Self.findings()
    let picture = findings.best.mistakes[0].bitmap
    #expect(!page(findings).figures.map(\.name).contains("small-change"))
    findings.best.change = SmallChange(
      lengths: Summary([0.2, 0.3]), randomShare: 0, image: picture, change: picture, changed: picture, random: picture,
      probabilities: [0.99, 0.52, 0.98])
    #expect(page(findings).figures.map(\.name).contains("small-change"))
    #expect(page(findings).text.contains("A change 25 % as long as the image makes a 7 a 1"))
    let recorded = try #require(KeptFindings<LeNet.Findings>(recordedOf: LeNet.chapter))
    guard case .variants(let record) = recorded.findings else { return }
    #expect(record.best.change != nil && record.best.maps.count == 7)
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
        "network", "test-error", "ablation", "gradient-start", "network-s0",
        "worst-mistakes", "kernels", "feature-maps",
      ])
    #expect(
      self.page(Self.few(Self.full()) { _ in [1, 1.01, 0.99] }).figures.map(\.name) == [
        "own-curves", "own-rates", "network", "ablation", "gradient-start", "rates", "left-out",
        "network-s0", "test-error", "worst-mistakes", "kernels", "feature-maps",
      ])
    #expect(page.claims == claims(Self.findings()))
    #expect(page.text.contains("It misreads 7 of 997 test images"))
  }
}
