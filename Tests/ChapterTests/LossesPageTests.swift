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

  /// Findings as expected, with `steps` of squared error after sigmoids for each seed; the others take 100.
  private static func findings(squared: [Int] = [400, 410, 420]) -> Losses.Findings {
    func all(_ rate: Float) -> [NetRuns] {
      Ending.allCases.map {
        runs($0, rate: rate, steps: $0 == .sigmoidSquared ? squared : squared.map { _ in 100 }, end: 100 + $0.color)
      }
    }
    let summary = Summary(squared.map { _ in 10 })
    let biases: [Float] = [-6, -4, -2, 0, 2, 4, 6]
    return Losses.Findings(
      data: "made-up digits", trainingCount: 3000, validationCount: 1000, seeds: squared.count,
      neuron: Losses.measureNeuron(rate: 0.15), softmax: Losses.measureSoftmax(seed: 1),
      nets: NetFindings(
        weights: 23_860, epochs: 6, common: 0.02, early: .init(output: 0.1, right: 0.09, wrong: 0.99), same: all(0.02),
        sweep: RateSweep(rates: [0.1, 0.5], epochs: 3, errors: Ending.allCases.map { _ in [summary, summary] }),
        own: all(0.5),
        stuck: BadStarts(
          biases: biases, rates: [0.5, 0.1, 0.1], epochs: 2,
          errors: (0..<3).map { _ in biases.map { _ in summary } }),
        young: [
          runs(.sigmoidSquared, steps: squared, end: 300), runs(.softmaxEntropy, steps: squared, end: 120),
        ], calibration: calibration(sure: [0.98, 0.99, 0.97], modest: [0.9, 0.91, 0.9]), nearMiss: nil,
        multiplyAdds: 416_520))
  }

  /// A network that is right in 92 of 100 answers, each with the same probability, one for each seed.
  private static func calibration(sure: [Double], modest: [Double]) -> Calibration {
    func reliability(_ sure: Double) -> Reliability {
      var result = Reliability()
      (result.counts[9], result.right[9], result.sums[9]) = (100, 92, 100 * sure)
      return result
    }
    return Calibration(epochs: 20, rate: 0.1, runs: [sure.map(reliability), modest.map(reliability)])
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
        == "Plain labels make the net too sure: 98 % sure, 92 % right; smoothed labels make it too modest: 90 % sure, 92 % right"
    )
    findings.nets.calibration = Self.calibration(sure: [0.9, 0.94, 0.92], modest: [0.9, 0.9, 0.9])
    #expect(told(findings).answer == "as confident as accurate")
    #expect(told(findings).title.hasPrefix("How sure the net is, and how right"))
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

  @Test("a temperature and less smoothing are rows of a table, and the page says which of them helps")
  func remedies() {
    var findings = Self.findings()
    func page() -> Page { Losses.page(findings, RunRecord()) }
    func rows() -> [[TableCell]] { page().tables.first { $0.columns[0].title == "net" }?.rows ?? [] }
    #expect(rows().map { $0[0] } == [.text("plain labels"), .text("label smoothing 0.1")])
    #expect(page().text.contains("Label smoothing of 0.1 helps, too."))
    func scaled(_ sure: [Double]) -> [Tempered] {
      zip([1.4, 1.5, 1.6], Self.calibration(sure: sure, modest: sure).runs[0]).map {
        Tempered(temperature: $0, reliability: $1)
      }
    }
    findings.nets.calibration.tempered = scaled([0.93, 0.92, 0.92])
    #expect(rows()[1][0] == .text("plain labels, temperature 1.50"))
    #expect(page().text.contains("A temperature makes the net better calibrated, and changes no answer."))
    #expect(!page().text.contains("one half of the test digits"))
    findings.nets.calibration.tempered = scaled([0.999, 0.999, 0.999])
    #expect(page().text.contains("A temperature makes no difference beyond chance."))
    #expect(
      page().figures.first { $0.name == "calibration" }?.title.hasSuffix(
        "; with a temperature of 1.50, 100 % sure") == true)
    // Halves of the test digits judge each other's temperature, where that was measured.
    findings.nets.calibration.crossed = scaled([0.93, 0.92, 0.92]).map {
      Tempered(temperature: $0.temperature + 1, reliability: $0.reliability)
    }
    #expect(rows()[1][0] == .text("plain labels, temperature 2.50"))
    #expect(page().text.contains("one half of the test digits, for the other half"))
    func text(_ errors: [Double]) -> String {
      // Right in 92 of 100, so the difference is the calibration error.
      findings.nets.calibration.gentler = zip(Calibration.gentle, errors).map { epsilon, error in
        .init(
          epsilon: epsilon,
          runs: Self.calibration(sure: (0..<3).map { _ in 0.92 + error / 100 }, modest: [0.9, 0.9, 0.9]).runs[0])
      }
      return page().text
    }
    #expect(text([1, 2]).contains("A little of it, 0.02, helps.") && rows().count == 5)
    #expect(text([7, 6]).contains("Less of it, 0.05, makes no difference beyond chance."))
    findings.nets.calibration.runs[1] = Self.calibration(sure: [0.7, 0.7, 0.7], modest: [0.9]).runs[0]
    #expect(
      page().text.contains(
        "harms the calibration: the net was too sure by only 6.0 points, and smoothing takes away 28.0."))
  }

  @Test("each frame of the first figure has a title of its own")
  func frames() {
    let titles = Losses.page(Self.findings(), RunRecord()).figures[1].frameTitles
    #expect(Set(titles).count == titles.count)
    #expect(titles.contains("At ŷ = 0.30 the push of squared error is 43 % of its largest: the error is still small"))
    #expect(
      titles.last?.hasPrefix("At ŷ = 0.98 the push of squared error is 13 % of its largest: the error has grown")
        == true)
    #expect(titles.contains { $0.hasPrefix("The push of squared error is largest at ŷ = 0.67") })
  }

  @Test("a best rate that chance cannot tell from its neighbours is named with them")
  func ties() {
    let clear = Summary([20, 21, 20]), tied = [Summary([10, 12, 11]), Summary([11, 11, 12])]
    #expect(RateSweep(rates: [0.1, 0.2, 0.5], epochs: 1, errors: [[clear] + tied]).bestText(0) == "0.2–0.5")
    #expect(RateSweep(rates: [0.1, 0.2, 0.5], epochs: 1, errors: [[clear, tied[0], clear]]).bestText(0) == "0.2")
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

  @Test("endings are compared two by two, seed by seed, against the chance of so many pairs")
  func pairs() {
    var runs = Self.findings().nets.own
    func with(_ own: [NetRuns]) -> Losses.Findings {
      var findings = Self.findings()
      findings.nets.own = own
      return findings
    }
    for place in runs.indices { runs[place].beyond = (0..<3).map { _ in [100, 0, 0, 0, 0, 0, 0, 0, 0] } }
    #expect(Races.comparison(runs).contains("Of the 10 pairs none differs"))
    // Slightly more than twelve points: more than chance among ten pairs; with a spread no longer.
    for seed in 0..<3 { runs[0].beyond[seed][0] = 220 + seed }
    #expect(Races.comparison(runs).hasPrefix("At that rate the 5 are within 12.1 points."))
    #expect(Races.comparison(runs).contains("Of the 10 pairs 4 differ"))
    #expect(Races.beaten(runs) == [[]] + Array(repeating: [.sigmoidSquared], count: 4))
    func headings() -> [String] {
      Losses.page(with(runs), RunRecord()).tables.first { $0.columns[0].title == "ending" }?.columns.map(\.title) ?? []
    }
    #expect(headings() == ["ending", "at 0.02", "best rate", "at that rate"])
    #expect(
      !Races.comparison(runs).contains("a softmax beats sigmoids"), "squared error is beaten behind sigmoids, too")
    for place in 1..<3 { for seed in 0..<3 { runs[place].beyond[seed][0] = 220 + seed } }
    #expect(Races.comparison(runs).contains("in all of them a softmax beats sigmoids"))
    for place in 1..<3 { for seed in 0..<3 { runs[place].beyond[seed][0] = 100 } }
    for (seed, wrong) in [200, 260, 230].enumerated() { runs[0].beyond[seed][0] = wrong }
    #expect(Races.comparison(runs).contains("Of the 10 pairs none differs"))
  }

  @Test("the figure of the bad starts says who is held up near 0, and who suffers near 1")
  func badStarts() {
    var findings = Self.findings()
    func figure() -> Figure? { Losses.page(findings, RunRecord()).figures.first { $0.name == "output-bias" } }
    #expect(figure()?.title == "Where all outputs begin near 0 no loss is slowed down; near 1 none suffers")
    #expect(figure()?.caption.contains("sigmoid outputs. The learning rates") == true)
    findings.nets.stuck.errors[0][0] = Summary([55, 90, 60])
    findings.nets.stuck.errors[2][6] = Summary([15, 90, 60])
    #expect(
      figure()?.title
        == "Where all outputs begin near 0 only squared error is slowed down (55–90 % errors, run by run); near 1 cross-entropy suffers"
    )
    #expect(
      figure()?.caption.contains(
        "At about 90 %, no better than guessing: 1 of 3 runs with squared error from 0.0025; 1 of 3 runs with cross-entropy from 0.998. The"
      ) == true)
    findings.nets.stuck.errors[0][6] = Summary([15, 20, 60])
    findings.nets.stuck.errors[2][6] = Summary([12, 13, 12])
    #expect(figure()?.title.hasSuffix("near 1 both suffer") == true)
    // One run that is as good as the one from ½ is sufficient.
    findings.nets.stuck.errors[2][6] = Summary([10, 13, 12])
    #expect(figure()?.title.hasSuffix("near 1 squared error suffers") == true)
  }

  @Test("the takeaway says who is ahead when, at the best rates")
  func lesson() {
    var findings = Self.findings()
    let rate =
      "At one rate cross-entropy is much faster; at each loss's own rate it is faster at first, and at the end "
    #expect(findings.nets.lesson().hasPrefix(rate))
    func tuned(_ sigmoids: Int, _ softmax: Int) -> String {
      findings.nets.own[0] = Self.runs(.sigmoidSquared, steps: [400, 410, 420], end: sigmoids)
      findings.nets.own[3] = Self.runs(.softmaxSquared, steps: [400, 410, 420], end: softmax)
      return findings.nets.lesson()
    }
    let unseen = "no different beyond chance"
    // A lead of less than two points occurs with some seeds and not with others.
    #expect(tuned(102, 104) == rate + "the two are no more than 0.0 points apart.")
    #expect(
      Losses.page(findings, RunRecord()).text.contains(
        "at first, and at the end the two are no more than 0.0 points apart."))
    #expect(tuned(52, 104) == rate + "behind after sigmoids, \(unseen) after a softmax.")
    #expect(tuned(202, 204) == rate + "ahead.")
    findings.nets.own[0] = Self.runs(.sigmoidSquared, steps: [100, 100, 100], end: 202)
    #expect(findings.nets.lesson().contains("own rate it is at most a little faster at first, and at the end ahead."))
    findings.nets.same = findings.nets.same.map { Self.runs($0.ending, steps: [100, 100, 100]) }
    #expect(findings.nets.lesson().hasPrefix("At each loss's own rate cross-entropy is at most a little faster"))
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
    findings.nets.own[3] = Self.runs(.softmaxSquared, steps: [300, 310, 320], end: 300)
    #expect(verdicts(findings)[3] == .partly, "level at the end with sigmoids")
    #expect(
      Losses.claims(findings)[3].reason.contains(
        "the lead is gone before the end, with sigmoids at 10.0 ± 0.0 and 10.2"))
    findings.nets.own[0] = Self.runs(.sigmoidSquared, steps: [400, 410, 420], end: 300)
    #expect(verdicts(findings)[3] == .reproduced)
  }

  @Test("the titles of the race turn with what came out")
  func titles() {
    func titles(_ squared: [Int]) -> String {
      Losses.page(Self.findings(squared: squared), RunRecord()).figures.map(\.title).joined(separator: "\n")
    }
    let slow = titles([400, 410, 420]), even = titles([100, 100, 100])
    #expect(slow.contains("cross-entropy gets to 25 % error far sooner than squared error"))
    #expect(
      slow.contains(
        "squared error with sigmoids ends at 10.0 % errors, cross-entropy at 10.2 %"))
    #expect(even.contains("gets to 25 % error hardly sooner than squared error"))
  }

  @Test("who is ahead early is decided by the fewest steps of each ending, whatever the rate, where they were counted")
  func sprints() {
    var findings = Self.findings()
    func text() -> String { Losses.page(findings, RunRecord()).text }
    func sprint(_ squared: [Int?]) -> Sprints {
      // At the first rate, nobody reaches the level.
      Sprints(
        rates: [0.02, 0.5], limit: 150,
        steps: Ending.allCases.map { [[nil, nil, nil], $0 == .sigmoidSquared ? squared : [50, 55, 50]] })
    }
    findings.nets.sprints = sprint([100, 115, 100])
    #expect(text().contains("the lowest point of its curve, squared error takes 2.0 times (95 %: 1."))
    #expect(
      text().contains("the steps of cross-entropy after sigmoids and 1.0 times (95 %: 1.00 to 1.00) after a softmax."))
    #expect(text().contains("At one rate, 0.02, no more can be said than that a run was given up after 150 steps."))
    #expect(text().contains("at each loss's own rate it is faster at first"))
    #expect(Losses.claims(findings)[3].measured.hasSuffix("times at the fastest rate of each"))
    func figure() -> String { Losses.page(findings, RunRecord()).figures.first { $0.name == "paces" }?.title ?? "" }
    #expect(
      figure() == "After sigmoids, each at its fastest rate, squared error takes 2.0 times the steps of cross-entropy")
    // As early as cross-entropy at its fastest rate, however late at the chosen one.
    findings.nets.sprints = sprint([50, 50, 55])
    #expect(text().contains("at each loss's own rate it is at most a little faster at first"))
    #expect(text().contains("no difference beyond chance, after sigmoids"))
    findings.nets.sprints = sprint([100, nil, 100])
    #expect(findings.nets.sprints?.fewest(0).isReached == false)
  }

  @Test("steps counted with patience are the figure, and the takeaway has their factors; most of a lead was the rate")
  func paces() {
    var findings = Self.findings()
    func counts(_ one: Int, _ fastest: Int) -> [[Int?]] { [[one, one + 1, one], [fastest, fastest, fastest]] }
    findings.nets.paces = Sprints(
      rates: [0.02, 0.5], limit: 1050,
      steps: [counts(500, 60), counts(200, 60), counts(100, 50), counts(150, 75), counts(100, 50), counts(200, 150)])
    let page = Losses.page(findings, RunRecord())
    let title = page.figures.first { $0.name == "paces" }?.title
    #expect(
      title
        == "After sigmoids squared error takes 5.0 times the steps of cross-entropy at a rate of 0.02, each at its fastest 1.2 times"
    )
    #expect(
      page.text.contains("At one rate, 0.02, squared error after sigmoids takes 5.0 times")
        && page.text.contains("mostly a rate too small for it"))
    #expect(page.deck.map(\.title).contains("Squared error is far behind at one rate, hardly at its own"))
    #expect(
      page.text.contains(
        "With the fastest rate for each squared error takes 1.2 to 1.5 times as many steps to 25 % error. After 6 epochs, after sigmoids squared error ends 0.2 points lower"
      ))
    #expect(
      page.text.contains(
        "With the fastest rate for each, it takes 1.2 times as many after sigmoids (95 %: 1.20 to 1.20) and 1.5 times"))
    let table = page.tables.first { $0.columns[0].title == "ending" }
    #expect(table?.rows.count == 4 && table?.rows[0][1] == .text("500") && table?.rows[0][2] == .text("60 at 0.5"))
    findings.nets.adam = Sprints(
      rates: [0.001, 0.01], limit: 1050,
      steps: [counts(110, 60), counts(100, 60), counts(100, 50), counts(105, 75), counts(100, 50)])
    let other = Losses.page(findings, RunRecord())
    #expect(other.text.contains("At its usual rate, 0.001, squared error after sigmoids takes only 1.1 times as many"))
    #expect(other.text.contains(" error. After 6 epochs"))
  }

  @Test("which loss gives the better probabilities is told by what was measured")
  func endings() {
    var findings = Self.findings()
    func ending(_ ending: Ending, sure: Double, error: Double, loss: Double) -> EndingCalibration {
      func about(_ value: Double) -> Summary { Summary([value - 0.01, value, value + 0.01]) }
      return EndingCalibration(
        ending: ending, rate: 0.1, sure: [about(80), about(sure)], right: [about(80), about(92)],
        error: [about(1), about(error)], logLoss: [about(0.5), about(loss)], floor: about(0.5))
    }
    func page(_ error: Double, _ loss: Double) -> Page {
      findings.nets.endings = [
        ending(.softmaxSquared, sure: 92.1, error: error, loss: loss),
        ending(.softmaxEntropy, sure: 96, error: 3, loss: 0.3),
      ]
      return Losses.page(findings, RunRecord())
    }
    var found = page(1, 0.2)
    #expect(found.text.contains("After 2 epochs a softmax with squared error is the better calibrated one."))
    #expect(
      found.text.contains(
        "cross-entropy is best after 2 epochs and squared error after 2 (the points in the figure, chosen on the same digits). There both are too sure, by 4.0 and 0.1 points."
      ))
    #expect(!found.text.contains("Mostly the second"))
    #expect(
      found.figures.first { $0.name == "sureness" }?.title
        == "After 2 epochs a softmax with cross-entropy is 4.0 points more confident than accurate, with squared error 0.1 points more confident than accurate"
    )
    #expect(found.deck.map(\.title).contains("Cross-entropy grows surer than squared error"))
    found = page(5, 0.4)
    #expect(found.text.contains("After 2 epochs a softmax with cross-entropy is the better calibrated one."))
    #expect(page(3, 0.3).text.contains("is calibrated equally well with both losses, within chance."))
    // Cross-entropy that was best one epoch earlier, when both were equally sure.
    findings.nets.endings?[1].logLoss[0] = Summary([0.1, 0.1, 0.1])
    findings.nets.endings?[1].sure[0] = Summary([80.3, 80.3, 80.3])
    found = Losses.page(findings, RunRecord())
    #expect(found.text.contains("Mostly the second. By"))
    #expect(found.text.contains("grows surer by 15.7 points, and right more often by only 12.0."))
  }

  @Test("the wrong slope is judged at its own rates, and a softmax that is ahead is told without a cause")
  func wrongSlope() {
    var findings = Self.findings()
    func text() -> String { Losses.page(findings, RunRecord()).text }
    #expect(!text().contains("Is the help more than a larger step, then? Yes"))
    func counts(_ steps: Int) -> [[Int?]] { [[steps, steps + 1, steps]] }
    findings.nets.paces = Sprints(
      rates: [0.5], limit: 1050, steps: [60, 40, 50, 75, 50, 150].map(counts))
    #expect(text().contains("times as many steps as the wrong σ′, 60 and 40."))
    #expect(text().contains("It is even ahead of cross-entropy (50); why was not tested."))
    findings.nets.paces?.steps[1] = counts(90)
    #expect(text().contains("No: each at its own fastest rate, the wrong σ′ takes 90 steps"))
    #expect(!text().contains("Why does a softmax beat sigmoids in this net?"))
    findings.nets.own[4] = Self.runs(.softmaxEntropy, steps: [400, 410, 420], end: 50)
    #expect(text().contains("Why does a softmax beat sigmoids in this net?"))
    #expect(text().contains("it made 5.2 points fewer errors than ten sigmoids was seen only in this net, after"))
  }

  @Test("the control without a sigmoid says whether the delay is the loss's, by what it came to")
  func control() {
    var findings = Self.findings()
    func text() -> String { Losses.page(findings, RunRecord()).text }
    func bare(_ steps: [Int]) -> BareOutputs {
      let runs = Self.runs(.bareSquared, steps: steps)
      return BareOutputs(
        same: runs,
        sweep: RateSweep(rates: [0.1, 0.5], epochs: 3, errors: [[Summary([10, 10, 10]), Summary([90, 90, 90])]]),
        own: runs)
    }
    findings.nets.bare = bare([100, 110, 100])
    #expect(text().contains("so at one rate the slope causes the whole delay"))
    #expect(text().contains("it takes 103 steps to 25 % error, after sigmoids 410, cross-entropy 100."))
    #expect(text().contains("From a rate of 0.5 on it learns nothing"))
    #expect(
      text().contains(
        "At its best rate, 0.02, it ends with 10.0 % errors, cross-entropy after sigmoids with 10.2 %."))
  }

  @Test("the question about the race is answered by the differences that are more than chance")
  func answers() {
    var findings = Self.findings()
    func answer(_ ends: [Int]) -> String? {
      findings.nets.own = zip(Ending.allCases, ends).map { Self.runs($0, steps: [100, 100, 100], end: $1) }
      return Losses.page(findings, RunRecord()).predictions[5].answer
    }
    #expect(answer([100, 100, 100, 100, 100]) == "neither, within chance")
    #expect(answer([100, 100, 100, 80, 80]) == "the outputs: sigmoids or a softmax")
    #expect(answer([100, 100, 80, 100, 80]) == "the loss: squared error or cross-entropy")
    #expect(answer([120, 100, 100, 80, 70]) == "both")
  }

  @Test("near guesses count where they are more than chance would have")
  func nearGuesses() {
    var findings = Self.findings()
    findings.nets.young[1].beyond = [
      [100, 60, 40, 20, 8, 4, 2, 1, 0], [110, 60, 40, 20, 9, 4, 2, 1, 0], [100, 50, 40, 20, 9, 4, 2, 1, 0],
    ]
    // However often: a rank is not a distance.
    #expect(verdicts(findings)[5] == .partly)
    findings.nets.young[1].beyond = (0..<3).map { _ in [100, 90, 80, 75, 70, 40, 20, 10, 0] }
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
        "sigmoid", "error-slope-product", "bad-start", "three-bars", "pushback", "same-rate",
        "learning-rates", "own-rate", "output-bias", "two-sides", "calibration",
      ])
    #expect(page.claims == Losses.claims(Self.findings()))
    #expect(page.predictions.count == 8)
    #expect(page.predictions[2].answer == "31 steps" && page.predictions[2].choices.isEmpty)
    #expect(page.predictions[3].sketch == Ending.softmaxSquared.name)
  }
}
