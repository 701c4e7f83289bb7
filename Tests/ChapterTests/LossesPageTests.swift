// Chapter 8: the claims and the page for different findings, right and wrong.

import Testing
import Workbook

@testable import ch08_losses

@Suite("Chapter 8: claims and page")
struct LossesPageTests {
  /// Runs of one ending that reach 10 % of errors after a number of steps, one for each seed, and end with a number of
  /// errors.
  private static func runs(_ ending: Ending, rate: Float = 0.02, steps: [Int], end: Int = 100) -> NetRuns {
    NetRuns(
      ending: ending, rate: rate, interval: 10, testCount: 1000,
      wrong: steps.map { steps in (1...100).map { 10 * $0 < steps ? 500 : end } },
      beyond: steps.map { _ in (1...9).map { max(0, end - 20 * ($0 - 1)) } })
  }

  /// Findings as expected, with `steps` of squared error after sigmoids for each seed; the others take 100, and at their
  /// fastest rate a tenth of it.
  private static func findings(squared: [Int] = [400, 410, 420]) -> Losses.Findings {
    func all(_ rate: Float) -> [NetRuns] {
      Ending.allCases.map {
        runs($0, rate: rate, steps: $0 == .sigmoidSquared ? squared : squared.map { _ in 100 }, end: 100 + $0.color)
      }
    }
    let summary = Summary(squared.map { _ in 10 })
    return Losses.Findings(
      data: "made-up digits", trainingCount: 3000, validationCount: 1000, seeds: squared.count,
      neuron: Losses.measureNeuron(rate: 0.15), softmax: Losses.measureSoftmax(seed: 1),
      nets: NetFindings(
        weights: 23_860, epochs: 6, common: 0.02, same: all(0.02),
        sweep: RateSweep(rates: [0.1, 0.5], epochs: 3, errors: Ending.allCases.map { _ in [summary, summary] }),
        own: all(0.5), young: runs(.softmaxEntropy, steps: squared, end: 120),
        calibration: calibration(sure: [0.98, 0.99, 0.97], modest: [0.9, 0.91, 0.9]), multiplyAdds: 416_520,
        sprints: Sprints(
          rates: [0.02, 0.5], limit: 150,
          steps: Ending.allCases.map {
            [squared.map { _ in nil }, $0 == .sigmoidSquared ? squared.map { $0 / 4 } : squared.map { _ in 50 }]
          })))
  }

  /// A network that is right in 92 of 100 answers, each with the same probability, one for each seed: with plain labels,
  /// and with the most smoothed ones; a temperature makes both as sure as right.
  private static func calibration(sure: [Double], modest: [Double]) -> Calibration {
    func reliability(_ sure: Double) -> Reliability {
      var result = Reliability()
      (result.counts[9], result.right[9], result.sums[9]) = (100, 92, 100 * sure)
      return result
    }
    let cured = sure.map { _ in Tempered(temperature: 1.5, reliability: reliability(0.92)) }
    return Calibration(
      epochs: 20, rate: 0.1,
      runs: [sure.map(reliability), modest.map(reliability), modest.map(reliability), modest.map(reliability)],
      tempered: cured, smoothTempered: cured)
  }

  @Test("a net that is surer than right is called too sure, one that is not has another answer and title")
  func calibrated() {
    func told(_ findings: Losses.Findings) -> (answer: String?, title: String) {
      let page = Losses.page(findings, RunRecord())
      return (page.predictions.last?.answer, page.figures.first { $0.name == "calibration" }?.title ?? "")
    }
    var findings = Self.findings()
    #expect(told(findings).answer == "more confident than accurate")
    #expect(
      told(findings).title
        == "Plain labels make the net too sure: 98 % sure, 92 % right; with a temperature of 1.50: 92 % sure; with smoothed labels: 90 % sure, 92 % right"
    )
    findings.nets.calibration = Self.calibration(sure: [0.9, 0.94, 0.92], modest: [0.9, 0.9, 0.9])
    #expect(told(findings).answer == "as confident as accurate")
    #expect(told(findings).title.hasPrefix("Plain labels: 92 % sure, 92 % right"))
    findings.nets.calibration = Self.calibration(sure: [0.8, 0.81, 0.8], modest: [0.9, 0.9, 0.9])
    #expect(told(findings).answer == "less confident than accurate")
    #expect(Self.slides(findings).contains("Plain labels: the net is right more often than sure"))
  }

  private static func slides(_ findings: Losses.Findings) -> [String] {
    Losses.page(findings, RunRecord()).deck.map(\.title)
  }

  @Test("the titles of slides turn with what came out")
  func turningSlides() {
    var findings = Self.findings()
    #expect(Self.slides(findings).contains("Plain labels: more confident than accurate"))
    findings.nets.calibration = Self.calibration(sure: [0.9, 0.94, 0.92], modest: [0.9, 0.9, 0.9])
    #expect(Self.slides(findings).contains("Plain labels: on average as sure as right"))
  }

  @Test("a temperature and smoothing are rows of a table, and the page says which of them helps")
  func remedies() {
    var findings = Self.findings()
    func page() -> Page { Losses.page(findings, RunRecord()) }
    let rows = page().tables.first { $0.columns[0].title == "net" }?.rows ?? []
    #expect(
      rows.map { $0[0] } == [
        .text("plain labels"), .text("plain labels, T = 1.50"), .text("label smoothing 0.02"),
        .text("label smoothing 0.05"), .text("label smoothing 0.1"), .text("label smoothing 0.1, T = 1.50"),
      ])
    #expect(page().text.contains("Label smoothing of 0.1 helps, too."))
    #expect(page().text.contains("A temperature makes the net better calibrated, and changes no answer."))
    findings.nets.calibration = Self.calibration(sure: [0.93, 0.94, 0.93], modest: [0.7, 0.7, 0.7])
    #expect(
      page().text.contains(
        "takes away too much of the confidence of this net, which was too sure by only 1.3 points; with a temperature of"
      ))
    findings.nets.calibration.tempered = findings.nets.calibration.tempered.map {
      Tempered(temperature: $0.temperature, reliability: findings.nets.calibration.runs[0][0])
    }
    findings.nets.calibration.runs[0] = findings.nets.calibration.tempered.map(\.reliability)
    #expect(page().text.contains("A temperature makes no difference beyond chance."))
  }

  @Test("each frame of the first figure has a title of its own")
  func frames() {
    let titles = Losses.page(Self.findings(), RunRecord()).figures[0].frameTitles
    #expect(Set(titles).count == titles.count)
    #expect(titles.contains("At ŷ = 0.30 the push of squared error is 43 % of its largest: the error is still small"))
    #expect(
      titles.last?.hasPrefix("At ŷ = 0.98 the push of squared error is 13 % of its largest: the error has grown")
        == true)
    #expect(titles.contains { $0.hasPrefix("The push of squared error is largest at ŷ = 0.67") })
  }

  @Test("the rate with the least mean error is raced")
  func bestRate() {
    func best(_ means: [Double]) -> Float {
      RateSweep(rates: [0.1, 0.2, 0.5], epochs: 1, errors: [means.map { Summary([$0, $0, $0]) }]).best(0)
    }
    #expect(best([10.2, 10.0, 11]) == 0.2)
    #expect(best([9.8, 10.0, 9.9]) == 0.1)
    #expect(best([10.3, 10.2, 9.9]) == 0.5)
  }

  private func verdicts(_ findings: Losses.Findings) -> [Claim.Verdict] { Losses.claims(findings).map(\.verdict) }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = Losses.claims(Self.findings())
    #expect(claims.map(\.verdict) == [.reproduced, .reproduced, .reproduced, .partly, .partly, .partly])
    #expect(claims.allSatisfy { $0.measurement != nil })
    #expect(claims[0].measured == "from 0.6667 on" && claims[0].reason == "the peak is at ⅔, which is 0.7 to one digit")
    #expect(claims[1].measured == "302 steps against 31 with cross-entropy")
    #expect(claims[3].measured.hasPrefix("with sigmoids squared error takes 4.1 ± 0.1 times the steps to 25 % error"))
    #expect(claims[3].measurement?.seeds == 3)
  }

  @Test("a peak that is 0.7 to one digit reproduces the source's number, one near it partly, ½ does not")
  func peaks() {
    var findings = Self.findings()
    findings.neuron.peak.output = 0.702
    #expect(verdicts(findings)[0] == .reproduced)
    findings.neuron.peak.output = 0.62
    #expect(verdicts(findings)[0] == .partly)
    findings.neuron.peak.output = 0.5
    #expect(verdicts(findings)[0] == .notHere)
    #expect(Losses.page(findings, RunRecord()).text.contains("largest at ŷ = 0.50"))
  }

  @Test(
    "a neuron that learns as fast with squared error overturns the second claim, and the lead has no number of a race that was not run"
  )
  func fastNeuron() {
    var findings = Self.findings()
    for place in findings.neuron.races.indices { findings.neuron.races[place].steps = [40, 40, 40] }
    #expect(verdicts(findings)[1] == .notHere)
    let page = Losses.page(findings, RunRecord())
    #expect(page.lead.hasSuffix("cross-entropy moves it with the whole error."))
    #expect(page.lead == Losses.page(Self.findings(), RunRecord()).lead)
    #expect(page.text.contains("Squared error does not hesitate longer with every worse start"))
    // And for one that never learns, there is a bound.
    findings.neuron.races = findings.neuron.races.map { .init(start: $0.start, steps: [nil, nil, 31]) }
    #expect(Losses.claims(findings)[1].measured == "more than 5000 steps against 31 with cross-entropy")
  }

  @Test("a wrong gradient is not called right")
  func wrongGradient() {
    var findings = Self.findings()
    findings.softmax.gradientErrors = Summary([1e-6, 1e-6, 0.2])
    #expect(verdicts(findings)[2] == .notHere)
  }

  @Test(
    "the race is judged against chance: a lead within it is not here, two seeds decide nothing",
    arguments: [
      ([400, 410, 420], Claim.Verdict.partly), ([120, 130, 120], .partly), ([40, 300, 90], .notHere),
      ([50, 60, 50], .notHere), ([400, 410], .undecided), ([400], .undecided),
    ])
  func race(squared: [Int], verdict: Claim.Verdict) {
    #expect(verdicts(Self.findings(squared: squared))[3] == verdict)
  }

  @Test("cross-entropy that is faster everywhere is reproduced")
  func fasterEverywhere() {
    var findings = Self.findings()
    findings.nets.own[2] = Self.runs(.softmaxSquared, steps: [300, 310, 320], end: 300)
    #expect(verdicts(findings)[3] == .partly, "level at the end with sigmoids")
    #expect(
      Losses.claims(findings)[3].reason.hasPrefix(
        "faster at first; after 6 epochs, each at its best rate, cross-entropy is not ahead beyond chance behind both"))
    findings.nets.own[0] = Self.runs(.sigmoidSquared, steps: [400, 410, 420], end: 300)
    #expect(verdicts(findings)[3] == .partly, "as fast with a softmax")
    findings.nets.sprints?.steps[2] = [[nil, nil, nil], [90, 95, 90]]
    #expect(verdicts(findings)[3] == .reproduced)
  }

  /// A race at rates of their own, with so many steps at the fastest rate for each ending, and so many errors in 1000.
  private static func race(sgd: [Int], adam: [Int], wrong: [Int] = [100, 100, 100, 100]) -> TunedRace {
    func lanes(_ steps: [Int], isAdam: Bool) -> [TunedRace.Lane] {
      Ending.allCases.indices.map { place in
        // At the common rate squared error takes 400 steps, cross-entropy 100.
        let slow = [0, 2].contains(place) ? 400 : 100
        return TunedRace.Lane(
          ending: Ending.allCases[place], isAdam: isAdam, rates: [0.05, 0.2],
          steps: [[slow, slow + 1, slow], [50, 51, 50]], validation: [[20, 20, 20], [10, 10, 10]],
          test: [[20, 20, 20], [10, 10, 10]], judgedSteps: (0..<4).map { steps[place] + $0 % 2 },
          judgedTest: (0..<4).map { wrong[place] + $0 % 2 })
      }
    }
    return TunedRace(
      limit: 4000, validationCount: 1000, testCount: 1000,
      lanes: lanes(sgd, isAdam: false) + lanes(adam, isAdam: true) + [
        TunedRace.Lane(
          ending: .softmaxTwice, isAdam: false, rates: [0.2], steps: [[100, 100, 100]], validation: [[10, 10, 10]],
          test: [[10, 10, 10]], judgedSteps: [100, 101, 100, 101], judgedTest: [150, 151, 150, 151])
      ])
  }

  @Test("the race at rates of their own is told by what is more than chance")
  func tunedRace() {
    var findings = Self.findings()
    func page() -> Page { Losses.page(findings, RunRecord()) }
    findings.nets.race = Self.race(sgd: [60, 50, 75, 50], adam: [50, 50, 60, 50])
    #expect(page().lead.hasSuffix("on where its outputs begin."))
    #expect(page().text.contains("a learning rate of its own gives squared error most of its speed back."))
    #expect(
      page().figures.first { $0.name == "paces" }?.title
        == "After sigmoids squared error takes 4.0 times the steps of cross-entropy at a rate of 0.05, each at its fastest rate 1.2 times"
    )
    #expect(
      page().text.contains(
        "Each at its fastest rate, squared error takes 1.2 times as many steps to 12 % error after sigmoids with SGD and 1.5 and 1.2 times as many steps to 12 % error after a softmax (SGD and Adam); in the other comparisons no difference is seen."
      ))
    #expect(page().text.contains("From small weights it was never slower, beyond chance"))
    #expect(page().text.contains("no difference between the errors of the two losses is seen"))
    #expect(page().text.contains("times as many steps with it (95 %: 2.0 to 2.0), each at its fastest rate, and ends"))
    #expect(page().predictions[3].answer == "less than 1.5")
    #expect(page().claims[3].measured.hasPrefix("with sigmoids squared error takes 4.0 ± 0.0 times the steps to 12 %"))
    let table = page().tables.first { $0.columns[0].title == "ending" }
    #expect(table?.rows.count == 7 && table?.rows[6][0] == .text("sigmoid or softmax"))
    #expect(table?.rows[4][1] == .text("1.20 (1.19–1.20)"))
    findings.nets.race = Self.race(sgd: [50, 50, 50, 50], adam: [50, 50, 50, 50], wrong: [100, 150, 100, 100])
    #expect(page().text.contains("squared error takes no more steps to 12 % error than cross-entropy, beyond chance."))
    #expect(
      page().text.contains(
        "squared error makes fewer errors after sigmoids, by 5.0 and 5.0 points; in the other comparisons no difference is seen."
      ))
    findings.nets.race = Self.race(sgd: [300, 50, 300, 50], adam: [200, 50, 200, 50])
    #expect(page().text.contains("In a small net, too, cross-entropy is the faster loss."))
    #expect(page().predictions[3].answer == "more than 3")
    findings.nets.race = Self.race(sgd: [50, 60, 50, 60], adam: [50, 50, 50, 50])
    #expect(!page().text.contains("it was never slower"))
  }

  @Test("a rare class is told by what the remedies find, and by what they cost")
  func rareClass() {
    var findings = Self.findings()
    func page() -> Page { Losses.page(findings, RunRecord()) }
    #expect(!page().text.contains("One class is rare"))
    func result(_ remedy: RareClass.Remedy, found: Double, rare: Double) -> RareClass.Result {
      func about(_ value: Double) -> Summary { Summary([value - 0.01, value, value + 0.01]) }
      return .init(
        remedy: remedy, rate: 0.1, found: about(found), mistaken: about(0.2), even: about(12), rare: about(rare))
    }
    func told(_ found: Double, _ rare: Double) -> String {
      findings.nets.rare = RareClass(
        kept: 47, trainingCount: 9103,
        results: RareClass.Remedy.allCases.map {
          $0 == .none ? result($0, found: 27, rare: 8) : result($0, found: found, rare: rare)
        })
      return page().text
    }
    #expect(told(50, 8).contains("All three remedies find more of the 8s: 50 to 50 % instead of 27 %."))
    #expect(told(50, 8).contains("None of them lowers"))
    #expect(told(50, 8).contains("A weight in the loss or a larger logit finds more of a rare class"))
    #expect(!told(50, 7).contains("None of them lowers"))
    #expect(told(27, 8).contains("Not all remedies find more of the 8s."))
    #expect(!told(27, 8).contains("A weight in the loss or a larger logit finds more of a rare class"))
  }

  @Test("at equal false alarms a remedy is held against numbers added to the logit")
  func falseAlarms() {
    func about(_ value: Double) -> Summary { Summary([value, value + 0.1, value]) }
    func result(_ remedy: RareClass.Remedy, found: Double, mistaken: Double) -> RareClass.Result {
      .init(remedy: remedy, rate: 0.1, found: about(found), mistaken: about(mistaken), even: about(12), rare: about(8))
    }
    var rare = RareClass(
      kept: 47, trainingCount: 9103,
      results: [result(.none, found: 30, mistaken: 0), result(.weighted, found: 50, mistaken: 0.5)])
    #expect(rare.lead(of: .weighted) == nil)
    rare.shifts = .init(
      numbers: [0, 1, 2], found: [[30, 30, 30], [40, 40, 40], [50, 50, 50]],
      mistaken: [[0, 0, 0], [0.5, 0.6, 0.5], [2, 2, 2]], own: [80, 80, 80])
    #expect(abs((rare.lead(of: .weighted)?.mean ?? 0) - 10) < 0.1)
    var findings = Self.findings()
    findings.nets.rare = rare
    let page = Losses.page(findings, RunRecord())
    #expect(page.text.contains("At as many false alarms the weight finds 10 points more"))
    #expect(page.figures.contains { $0.name == "false-alarms" && $0.title.contains("above the curve") })
  }

  @Test("bad starts are told by who gets out of them")
  func starts() {
    var findings = Self.findings()
    var race = Self.race(sgd: [50, 50, 50, 50], adam: [50, 50, 50, 50])
    func lane(_ ending: Ending, _ start: TunedRace.Start, _ steps: [Int?], _ wrong: Int) -> TunedRace.Lane {
      TunedRace.Lane(
        ending: ending, isAdam: false, start: start, rates: [0.1], steps: [steps], validation: [[1, 1, 1, 1]],
        test: [[1, 1, 1, 1]], judgedSteps: steps, judgedTest: [wrong, wrong + 1, wrong, wrong])
    }
    race.lanes += [
      lane(.sigmoidSquared, .biased, [60, 61, 60, 61], 100), lane(.sigmoidEntropy, .biased, [60, 61, 60, 60], 100),
      lane(.sigmoidSquared, .stretched, [nil, nil, nil, 900], 300),
      lane(.sigmoidEntropy, .stretched, [60, 61, 60, 60], 100),
    ]
    findings.nets.race = race
    func text() -> String { Losses.page(findings, RunRecord()).text }
    #expect(text().contains("cross-entropy got all 4 nets to 12 % error, squared error few"))
    let rows = Losses.page(findings, RunRecord()).tables.first { $0.columns[0].title == "start" }?.rows
    #expect(rows?[2][2] == .text("1 of 4") && rows?[3][2] == .text("4 of 4"))
    #expect(text().contains("It gets nets out of some saturated starts (below)."))
    race.lanes[race.lanes.count - 2].judgedSteps = [60, 61, 60, 61]
    findings.nets.race = race
    #expect(!text().contains("cross-entropy got all 4 nets"))
  }

  @Test("near guesses count where they are more than chance would have")
  func nearGuesses() {
    var findings = Self.findings()
    findings.nets.young.beyond = [
      [100, 60, 40, 20, 8, 4, 2, 1, 0], [110, 60, 40, 20, 9, 4, 2, 1, 0], [100, 50, 40, 20, 9, 4, 2, 1, 0],
    ]
    // However often: a rank is not a distance.
    #expect(verdicts(findings)[5] == .partly)
    findings.nets.young.beyond = (0..<3).map { _ in [100, 90, 80, 75, 70, 40, 20, 10, 0] }
    #expect(verdicts(findings)[5] == .notHere)
  }

  @Test("operations saved at the output count where they are a share of the whole")
  func savings() {
    var findings = Self.findings()
    findings.nets.multiplyAdds = 1_000
    #expect(verdicts(findings)[4] == .reproduced)
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = Losses.page(Self.findings(), RunRecord(data: "made-up digits"))
    #expect(
      page.figures.map(\.name) == [
        "error-slope-product", "losses", "bad-start", "calibration",
      ])
    #expect(page.claims == Losses.claims(Self.findings()))
    #expect(page.predictions.count == 5)
    #expect(page.text.contains("9.7 times from 2"))
  }
}
