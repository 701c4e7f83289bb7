// Chapter 9: the claims and the page for different findings, right and wrong.

import Testing
import Workbook

@testable import ch09_convolution

@Suite("Chapter 9: claims and page")
struct ConvolutionPageTests {
  /// An error in per cent that increases slightly with each seed.
  private static func errors(_ error: Double, seeds: Int = 3) -> Summary {
    Summary((0..<seeds).map { error + 0.01 * Double($0) })
  }

  /// A footprint whose gradient is spread evenly over the receptive field of a number of layers, or over a smaller
  /// square.
  private static func footprint(depth: Int, reaching reach: Int? = nil, side: Int = 29) -> Footprint {
    let (middle, reach) = (side / 2, reach ?? depth)
    // A bell of standard deviation √depth·0.8, cut off at the edge of the field.
    let mass = (0..<side).map { y in
      (0..<side).map { x -> Double in
        let (dy, dx) = (abs(y - middle), abs(x - middle))
        return max(dy, dx) > reach ? 0 : bell(dx, depth) * bell(dy, depth)
      }
    }
    let total = mass.joined().reduce(0, +)
    return Footprint(depth: depth, mass: mass.map { $0.map { $0 / total } })
  }

  private static func bell(_ distance: Int, _ depth: Int) -> Double {
    // (1 + x²/(2·s²·n))⁻ⁿ goes to the bell exp(−x²/2s²) and needs no logarithm.
    var value = 1.0
    let base = 1 + Double(distance * distance) / (2 * 0.64 * Double(depth) * 64)
    for _ in 0..<64 { value /= base }
    return value
  }

  /// Findings as expected.
  private static func findings(seeds count: Int = 3) -> SlidingWindow.Findings {
    func errors(_ error: Double) -> Summary { Self.errors(error, seeds: count) }
    let timed = TimedCase.all.map {
      TimedResult(
        name: $0.name, multiplyAdds: 1_000_000, naive: 20, im2col: 2, fast: 0.5, copies: 9, disagreement: 1e-6)
    }
    return SlidingWindow.Findings(
      data: "made-up digits", trainingCount: 4000, testCount: 1000, epochs: 4,
      seeds: Array([1, 2, 3].prefix(count)), digit: (0..<784).map { UInt8($0 % 256) }, shiftError: 0,
      locality: LocalityExperiment(
        convolutional: NetErrors(
          parameters: 61_706, ordered: errors(2), shuffled: errors(8), shifted: [2, 4, 9].map(errors)),
        dense: NetErrors(
          parameters: 61_700, ordered: errors(6), shuffled: errors(6.1), shifted: [6, 20, 50].map(errors)),
        shifts: [0, 1, 2]),
      parts: PartsExperiment(
        max: errors(2), average: errors(2.5), overlapping: errors(1.8), responseNorm: errors(1.7), table: errors(2),
        similarity: (errors(0.4), errors(0.3)), five: errors(2), twoThrees: errors(1.7)),
      timings: timed, threads: 2,
      responses: [
        .init(name: "no pooling", change: 0.6), .init(name: "average 2×2", change: 0.4),
        .init(name: "max 2×2", change: 0.45), .init(name: "max 3×3, stride 2", change: 0.35),
      ], responseCount: 500, loud: ResponseExample(loud: 10), quiet: ResponseExample(loud: 1),
      reach: ReachFindings(networks: 100, footprints: [1, 2, 4, 8, 10].map { footprint(depth: $0) }),
      lenet: [
        WalkStep(
          name: "conv1", layer: "Conv2D 5×5, stride 1", arithmetic: "(32 − 5)/1 + 1", output: [6, 28, 28],
          parameters: 156, receptiveField: 5),
        WalkStep(
          name: "fc1", layer: "Dense", arithmetic: "400", output: [120], parameters: 48_120, receptiveField: nil),
      ],
      alexNet: AlexNetFacts(
        walk: [],
        rows: [
          LayerRow(name: "conv1", kind: "Conv2D", output: [96, 55, 55], parameters: 34_944, multiplyAdds: 105_415_200),
          LayerRow(name: "fc6", kind: "Dense", output: [4096], parameters: 37_752_832, multiplyAdds: 37_748_736),
        ], census: Census(convolutions: 5, poolings: 3, dense: 3)))
  }

  private func verdicts(_ findings: SlidingWindow.Findings) -> [Claim.Verdict] {
    SlidingWindow.claims(findings).map(\.verdict)
  }

  private func titles(_ findings: SlidingWindow.Findings) -> String {
    SlidingWindow.page(findings, RunRecord()).figures.map(\.title).joined(separator: "\n")
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = SlidingWindow.claims(Self.findings())
    // One rate for both networks, and three things that shuffling removes at once.
    // With one rate for all nets the four exchanges are not decided.
    #expect(
      claims.map(\.verdict) == [.partly, .partly] + Array(repeating: .undecided, count: 4)
        + Array(repeating: .reproduced, count: 4))
    #expect(claims.map(\.measurement?.seeds) == [3, 3, 3, 3, 3, 3, 0, 3, 100, 100])
    #expect(
      claims[0].measured
        == "4.00 ± 0.00 points fewer errors (95 %: 4.00 to 4.00) than one dense net, at one rate for both")
    #expect(
      claims[1].measured
        == "a lead of 4.00 ± 0.00 points in order, a lag of 1.90 ± 0.00 points shuffled, a change of the lead by 5.90 ± 0.00 points"
    )
    #expect(claims[2].measured.hasSuffix(", from 4000 training images"))
    #expect(claims[6].measured == "1516 parameters for 2416")
    #expect(claims[7].measured == "mean |r| of two filters' outputs 0.310 ± 0.010, with all connections 0.410 ± 0.010")
    #expect(claims[8].measured == "5 and 7, the gradient agrees at 5 of 5 depths")
    #expect(claims[9].measured.hasPrefix("exponent 0.5"))
    #expect(SlidingWindow.page(Self.findings(), RunRecord()).text.contains("which makes 6 convolutions. There are 5."))
  }

  @Test("two seeds decide nothing, and no run is partly for want of seeds")
  func fewSeeds() {
    for count in 1...2 {
      let claims = SlidingWindow.claims(Self.findings(seeds: count))
      #expect(claims.prefix(6).allSatisfy { $0.verdict == .undecided && $0.reason.contains("so few runs cannot tell") })
      #expect(claims[6].verdict == .reproduced && claims[7].verdict == .undecided)
    }
    #expect(titles(Self.findings(seeds: 1)).contains("so few runs cannot tell a gain from chance"))
  }

  @Test(
    "an exchange is held against chance: one lost in a wide interval is no gain, a small one is partly one",
    arguments: [
      ([2.5, 2.5, 2.6], Claim.Verdict.reproduced, true), ([2.1, 3.5, 1.5], .notHere, false),
      ([2.03, 2.04, 2.05], .partly, true), ([1.5, 1.5, 1.5], .notHere, false),
    ])
  func exchanges(average: [Double], verdict: Claim.Verdict, isTold: Bool) {
    var findings = Self.findings()
    findings.parts.average = Summary(average)
    #expect(findings.gains[0].verdict == verdict && verdicts(findings)[2] == .undecided)
    #expect(titles(findings).contains("*average → max* saves") == isTold)
  }

  @Test("a run in which nothing helps says that nothing helps")
  func nothingHelps() {
    var findings = Self.findings()
    let same = Self.errors(2)
    findings.parts = PartsExperiment(
      max: same, average: same, overlapping: same, responseNorm: same, table: Self.errors(3),
      similarity: (same, same), five: same, twoThrees: same)
    #expect(findings.gains.prefix(4).allSatisfy { $0.verdict == .notHere })
    #expect(titles(findings).contains("With 4000 digits, *all → table of 1998* costs 1.00 points"))
    #expect(
      SlidingWindow.claims(findings)[2].reason
        == "no gain beyond chance: on digits at most 0.00 points, 0 % of the errors (99 %); windows of 2×2; one untuned rate for all nets decides nothing"
    )
    findings.parts = PartsExperiment(
      max: same, average: same, overlapping: same, responseNorm: same, table: same, similarity: (same, same),
      five: same, twoThrees: same)
    #expect(titles(findings).contains("With 4000 digits, no exchange changes the error beyond chance"))
  }

  @Test("chance decides nothing where an effect of the published size would be lost in it, and refutes where not")
  func unseen() {
    /// The claim about LRN for a gain of zero on average with this spread.
    func claim(_ spread: Double) -> Claim {
      var findings = Self.findings()
      findings.parts.overlapping = Summary([2 - spread, 2, 2 + spread])
      findings.parts.responseNorm = Summary([2, 2, 2])
      return SlidingWindow.claims(findings)[4]
    }
    // 1.4 points of 40 are 0.07 of 2; the 99 % interval of three seeds, for five exchanges, is ± 5.73 times the spread.
    #expect(claim(0.1).verdict == .undecided)
    #expect(
      claim(0.1).reason.hasPrefix(
        "the published gain, 3.5 % of the errors, would be 0.07 points here, and that lies inside the interval; here LRN"
      ))
    // However narrow the interval: while it contains the published gain, the gain is not refuted.
    #expect(claim(0.03).verdict == .undecided)
    // An interval without it bounds the gain, and that is the finding.
    #expect(
      claim(0.01).reason.hasPrefix(
        "no gain beyond chance: on digits at most 0.06 points, 3 % of the errors (99 %); the published gain, 3.5 % of the errors"
      ))
    #expect(claim(0.01).reason.contains("would be 0.07 points here; here LRN"))
    // A gain and a loss beyond chance are reported, however large the interval.
    var findings = Self.findings()
    findings.parts.responseNorm = Summary([0.8, 0.9, 1])
    #expect(findings.gains[2].verdict == .reproduced)
    findings.parts.responseNorm = Summary([3.5, 3.6, 3.7])
    #expect(findings.gains[2].verdict == .notHere)
    // Without a published size, the smallest relevant gain decides.
    let vague = Comparison(from: Summary([2, 2.1, 1.9]), to: Summary([2, 2, 2]))
    #expect(vague.unseen(PublishedEffect(on: Summary([2])))?.contains("no size is published") == true)
    #expect(vague.unseen(PublishedEffect(0.5, on: Summary([2]))) == nil)
  }

  @Test("as many parameters are not as much work")
  func work() {
    let findings = Self.findings()
    #expect((6...7).contains(findings.locality.workRatio))
    #expect(SlidingWindow.claims(findings)[0].reason.contains("6.8 times the multiply-adds"))
  }

  @Test("the table's filters differ where their outputs are a tenth less alike with every seed")
  func table() {
    func verdict(_ table: Summary) -> Claim.Verdict {
      var findings = Self.findings()
      let parts = findings.parts
      findings.parts = PartsExperiment(
        max: parts.max, average: parts.average, overlapping: parts.overlapping, responseNorm: parts.responseNorm,
        table: parts.table, similarity: (Self.errors(0.4), table), five: parts.five, twoThrees: parts.twoThrees)
      return verdicts(findings)[7]
    }
    #expect(verdict(Self.errors(0.3)) == .reproduced)
    #expect(verdict(Self.errors(0.38)) == .partly)
    #expect(verdict(Self.errors(0.4)) == .notHere)
  }

  @Test("the recorded run's gains stand on the page, today's in the claims alone")
  func recorded() {
    var large = Self.findings()
    large.parts.average = Self.errors(1.9)
    large.trainingCount = 20_000
    let kept = KeptFindings(SlidingWindow.chapter, RunRecord(), SlidingWindow.claims(large), large)
    let page = SlidingWindow.page(Self.findings(), RunRecord(), recorded: kept)
    let figure = page.figures.first { $0.name == "parts" }
    #expect(figure?.title.hasPrefix("With 20,000 digits, *average → max* costs 0.10 points") == true)
    #expect(page.text.contains("trained it on 20,000 digits") && page.text.contains("average → max costs 0.10 points"))
    #expect(page.text.contains("this decides nothing"))
    // The claims are those of the run in the figure, and the short run is below.
    #expect(page.reportsRecord)
    #expect(page.claims[2].verdict == .undecided && page.claims[2].reason.hasSuffix("decides nothing"))
    // With a record that is no larger, the page uses its own run.
    large.trainingCount = 4000
    let same = KeptFindings(SlidingWindow.chapter, RunRecord(), SlidingWindow.claims(large), large)
    #expect(!SlidingWindow.page(Self.findings(), RunRecord(), recorded: same).reportsRecord)
    #expect(figure?.caption.contains("20,000 images") == true || figure?.caption.contains("20 000 images") == true)
  }

  @Test("a dense net that reads as well overturns the first two claims, and takeaway and title follow")
  func denseNet() {
    var findings = Self.findings()
    findings.locality.dense.ordered = Self.errors(1.9)
    #expect(verdicts(findings)[0] == .notHere && verdicts(findings)[1] == .notHere)
    #expect(titles(findings).contains("With the pixels in order the convolution does not lead the dense net here"))
    #expect(!SlidingWindow.page(findings, RunRecord()).text.contains("percentage points fewer errors on digits"))
    #expect(
      SlidingWindow.page(Self.findings(), RunRecord()).text.contains("4.0 percentage points fewer errors on digits"))
  }

  @Test("a lead that shuffling takes only a part of is owed to neighbours partly")
  func lead() {
    var findings = Self.findings()
    findings.locality.convolutional.shuffled = Self.errors(3)
    #expect(verdicts(findings)[1] == .partly)
    #expect(SlidingWindow.claims(findings)[1].reason.contains("less than half of the lead is lost"))
    #expect(!SlidingWindow.claims(Self.findings())[1].reason.contains("less than half"))
    #expect(
      titles(findings).contains(
        "In order, the convolution makes 4.0 points fewer errors than the dense net; shuffled, it makes 3.1 points fewer"
      ))
    findings.locality.convolutional.shuffled = Self.errors(6.1)
    #expect(titles(findings).contains("shuffled, there is no difference beyond chance"))
    findings.locality.convolutional.shuffled = Self.errors(1.9)
    #expect(verdicts(findings)[1] == .notHere)
  }

  @Test("the answer about shuffling follows the cost")
  func cost() {
    var findings = Self.findings()
    func answer() -> String? { SlidingWindow.page(findings, RunRecord()).predictions[1].answer }
    #expect(answer() == "6")
    findings.locality.convolutional.shuffled = Self.errors(2.5)
    #expect(answer() == "0.5")
  }

  @Test("a gradient that ends elsewhere than the arithmetic says overturns the equal fields, and the caption says so")
  func fields() {
    var findings = Self.findings()
    findings.reach.footprints[2] = Self.footprint(depth: 4, reaching: 3)
    #expect(verdicts(findings)[8] == .notHere)
    #expect(SlidingWindow.claims(findings)[8].measured == "5 and 7, the gradient agrees at 4 of 5 depths")
    #expect(SlidingWindow.page(findings, RunRecord()).text.contains("not always the side"))
  }

  @Test("footprints that grow as fast as the field are not here")
  func growth() {
    var findings = Self.findings()
    findings.reach.footprints = [1, 2, 4, 8, 10].map { depth in
      let side = 29
      let mass = (0..<side).map { y in
        (0..<side).map { x in max(abs(y - 14), abs(x - 14)) > depth ? 0 : 1 / Double((2 * depth + 1) * (2 * depth + 1))
        }
      }
      return Footprint(depth: depth, mass: mass)
    }
    #expect(verdicts(findings)[9] == .notHere)
    #expect(titles(findings).contains("The footprint grows nearly as fast as the field"))
  }

  @Test("times stand on the page as they were measured, and a pooling that steadies nothing is told")
  func timesAndShifts() {
    var findings = Self.findings()
    findings.timings[0].naive = 123.45
    findings.responses[1...3] = [
      .init(name: "average 2×2", change: 0.7), .init(name: "max 2×2", change: 0.7),
      .init(name: "max 3×3, stride 2", change: 0.7),
    ]
    let page = SlidingWindow.page(findings, RunRecord())
    #expect(page.text.contains("the rest on 2 threads"))
    #expect(titles(findings).contains("Pooling does not make a map steadier"))
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = SlidingWindow.page(Self.findings(), RunRecord(data: "made-up digits"))
    #expect(
      page.figures.map(\.name) == [
        "sliding-window", "handmade-kernels", "channels", "row-windows", "shift-response", "lenet-shapes",
        "way-back", "equivariance", "shuffled-pixels", "shifted-digits", "alexnet-shares", "field", "footprint",
        "footprint-growth", "parts", "connection-table",
      ])
    #expect(page.claims == SlidingWindow.claims(Self.findings()))
    #expect(page.predictions.count == 5)
    #expect(page.predictions[0].answer == "55" && page.predictions[0].choices.isEmpty)
    // Each frame of the footprint has its own text.
    let footprint = page.figures.first { $0.name == "footprint" }
    #expect(footprint?.frameTitles.first?.hasPrefix("After 1 layer a unit sees 3×3 pixels; ") == true)
  }

  /// Findings that separate windows and equal weights, from the errors with the pixels in order.
  private static func separated(
    _ dense: Double, _ local: Double, _ shared: Double, seeds: Int = 3
  ) -> SlidingWindow.Findings {
    var findings = findings(seeds: seeds)
    func net(_ ordered: Double, _ shuffled: Double) -> SeparatedNet {
      // Almost the same over the seeds, with a small difference so that there is an interval.
      let values = (0..<seeds).map { ordered + 0.01 * Double($0 * $0) * ordered }
      return SeparatedNet(
        parameters: 1000, ordered: Summary(values), orderedRate: 0.01, shuffled: errors(shuffled, seeds: seeds),
        shuffledRate: 0.03)
    }
    findings.separation = SeparationExperiment(
      trainingCount: 2000, validationCount: 1000, testCount: 5000, epochs: 6, dense: net(dense, 9),
      local: net(local, 11), shared: net(shared, 20))
    return findings
  }

  @Test("what windows and equal weights save together is told in title and slide, each alone in the text")
  func separation() {
    let both = Self.separated(9, 7, 5)
    #expect(
      titles(both).contains(
        "In order, windows and equal weights together save 4.1 points with 1/1 of the parameters; shuffled, they cost 11.0 points"
      ))
    let page = SlidingWindow.page(both, RunRecord())
    #expect(page.text.contains("Alone, windows save 2.0 points, and equal weights save 2.0 points."))
    #expect(page.text.contains("Shuffled, both steps cost errors"))
    let savings = page.tables.first { $0.caption.hasPrefix("Points of test error that each step saves") }
    if case .text(let cell)? = savings?.rows.first?.last {
      #expect(cell.replacing("\u{A0}", with: " ") == "−2.00 (−2.00 to −2.00)")
    } else {
      Issue.record("no table of savings")
    }
    #expect(page.claims[1].reason.contains("separates the first two"))
    #expect(page.deck.contains { $0.title == "Together they save 4.1 points in order; shuffled, they cost" })
    #expect(titles(Self.separated(9, 9, 9)).contains("together change nothing beyond chance"))
    let worse = Self.separated(5, 7, 9)
    #expect(titles(worse).contains("together cost 4.1 points"))
    #expect(
      SlidingWindow.page(worse, RunRecord()).deck.contains { $0.title == "Windows and equal weights, taken apart" })
    #expect(
      titles(Self.separated(9, 7, 5, seeds: 2)).contains("taken apart; so few runs cannot tell a gain from chance"))
    // A record made before this measurement still gives a page.
    #expect(!SlidingWindow.page(Self.findings(), RunRecord()).figures.contains { $0.name == "windows-and-weights" })
  }

  @Test("the larger record is what the figure shows, and own rates stand for the one rate")
  func recordedControls() {
    var large = Self.separated(5, 4, 3)
    large.separation?.trainingCount = 4000
    large.separation?.rates = SeparationExperiment.manyRates
    func net(_ ordered: Double, _ shuffled: Double) -> SeparatedNet {
      SeparatedNet(
        parameters: 61_706, ordered: Self.errors(ordered), orderedRate: 0.03, shuffled: Self.errors(shuffled),
        shuffledRate: 0.03)
    }
    large.ownRates = OwnRateRace(
      trainingCount: 4000, validationCount: 1000, testCount: 10_000, epochs: 6, rates: OwnRateRace.allRates,
      convolutional: net(2, 8), dense: net(5, 5))
    let kept = KeptFindings(SlidingWindow.chapter, RunRecord(), SlidingWindow.claims(large), large)
    let page = SlidingWindow.page(Self.separated(9, 9, 9), RunRecord(), recorded: kept)
    let figure = page.figures.first { $0.name == "windows-and-weights" }
    #expect(figure?.title.contains("In order, windows and equal weights together save 2.0 points") == true)
    #expect(figure?.caption.hasPrefix("Recorded full run. ") == true)
    let shuffled = page.figures.first { $0.name == "shuffled-pixels" }
    #expect(
      shuffled?.title
        == "In order, the convolution makes 3.0 points fewer errors than the dense net; shuffled, it makes 3.0 points more"
    )
    #expect(
      page.claims[0].verdict == .partly && page.claims[0].reason.contains("each net at its own learning rate, recorded")
    )
    // A dense network of the same depth in the same race decides the claim.
    large.deepRival = net(6, 6)
    let deep = KeptFindings(SlidingWindow.chapter, RunRecord(), SlidingWindow.claims(large), large)
    let race = SlidingWindow.page(Self.separated(9, 9, 9), RunRecord(), recorded: deep)
    #expect(race.claims[0].verdict == .reproduced && race.text.contains("Depth is not the reason for its lead"))
    #expect(race.text.contains("on digits it makes 3.0 points fewer errors than a dense net with as many parameters"))
    large.deepRival = nil
    // A record of the same size is not larger.
    large.separation?.trainingCount = 2000
    let same = KeptFindings(SlidingWindow.chapter, RunRecord(), SlidingWindow.claims(large), large)
    let own = SlidingWindow.page(Self.separated(9, 9, 9), RunRecord(), recorded: same)
    #expect(own.figures.first { $0.name == "windows-and-weights" }?.title.contains("nothing beyond chance") == true)
  }

  @Test("what the intervals exclude is said before the claims, and how much there can be at most")
  func power() {
    var findings = Self.findings()
    #expect(!SlidingWindow.page(findings, RunRecord()).text.contains("the interval excludes that on digits"))
    #expect(!SlidingWindow.page(findings, RunRecord()).text.contains("neither confirm nor deny"))
    findings.parts.overlapping = Summary([1.7, 2, 2.3])
    findings.parts.responseNorm = Summary([1.4, 1.7, 2])
    #expect(
      SlidingWindow.page(findings, RunRecord()).text.contains(
        "There tiling → overlapping saved 1 % of all errors. 1 % of the 2.0 % here is 0.02 points, but our interval"))
  }

  @Test("equal weights are told on digits that moved, and what only both together save is not given to one of them")
  func moved() {
    var findings = Self.separated(9, 9, 5)
    let centred = [[9, 9, 30], [9, 8, 20], [9, 7, 17]].map { $0.map { Self.errors($0) } }
    findings.movedDigits = MovedDigits(
      seeds: [1, 2, 3], shifts: [0, 1, 2], reach: 4, centred: centred, anywhere: [15, 15, 14].map { Self.errors($0) },
      rates: MovedDigits.fewRates)
    #expect(
      SlidingWindow.page(findings, RunRecord()).text.contains("With equal weights a moved"))
    // The mean of each map in place of the dense layer is one curve more.
    findings.pooledNet = PooledNet(
      parameters: 9, seeds: [1, 2, 3], rates: [0.1], rate: 0.1, centred: [12, 12.5, 14].map { Self.errors($0) })
    let pooled = SlidingWindow.page(findings, RunRecord())
    #expect(
      pooled.text.contains("grows by 2 points from 0 to 2 pixels instead of 8")
        && pooled.text.contains("is 3.0 points higher"))
    findings.trainedFootprint = TrainedFootprint(
      seeds: [1, 2, 3], rate: 0.01, images: 9, before: Self.errors(60), after: Self.errors(70))
    #expect(SlidingWindow.page(findings, RunRecord()).text.contains("In LeNet's conv2 we see this too"))
    findings.separationBySeed = [Summary([9, 9, 9]), Summary([9, 9, 9]), Summary([8, 9, 9.5])]
    #expect(
      titles(findings).contains("In order, windows and equal weights together change nothing beyond chance with 1/"))
    #expect(
      SlidingWindow.page(findings, RunRecord()).text.contains(
        "Alone, windows change nothing beyond chance, and equal weights change nothing beyond chance."))
    // Together beyond chance, alone not: title, text and slide say the same.
    findings.separationBySeed = [Summary([9, 9, 9]), Summary([8.6, 8.9, 8.2]), Summary([8, 8.1, 8.05])]
    let together = SlidingWindow.page(findings, RunRecord())
    #expect(titles(findings).contains("In order, windows and equal weights together save 0.9 points with 1/"))
    #expect(together.text.contains("cannot be said here: each step alone is within chance."))
    #expect(together.deck.contains { $0.title == "Together they save 0.9 points in order; shuffled, they cost" })
    #expect(
      together.tables.first { $0.caption.hasPrefix("Points of test error that each step saves") }?.rows.count == 3)
    findings.movedDigits?.centred[2][2] = Summary([19, 20, 21.5])
    #expect(!SlidingWindow.page(findings, RunRecord()).text.contains("Each restriction helps"))
  }

  /// A measurement of digits anywhere in which equal weights save so many points.
  private static func race(_ count: Int, saving: Double, seeds: Int = 4) -> AnywhereRace {
    var race = AnywhereRace(trainingCount: count, epochs: 2, seeds: seeds)
    func net(_ error: Double, _ rate: Float) -> AnywhereRace.Net {
      .init(
        errors: errors(error, seeds: seeds), training: errors(0.1, seeds: seeds),
        chosen: Array(repeating: rate, count: seeds))
    }
    (race.windows, race.equal, race.dense) = (net(20, 0.1), net(20 - saving, 0.03), net(20, 0.1))
    return race
  }

  @Test("with digits anywhere the savings of few and of many images stand in title, text, slide and takeaway")
  func anywhere() {
    var findings = Self.separated(9, 9, 5)
    findings.movedDigits = MovedDigits(
      seeds: [1, 2, 3], shifts: [0, 1, 2], reach: 4,
      centred: [[9, 9, 30], [9, 8, 20], [9, 7, 17]].map { $0.map { Self.errors($0) } },
      anywhere: [15, 15, 14].map { Self.errors($0) }, rates: MovedDigits.fewRates)
    findings.anywhere = [Self.race(1_000, saving: 6), Self.race(20_000, saving: 1)]
    let page = SlidingWindow.page(findings, RunRecord())
    #expect(
      page.figures.first { $0.name == "anywhere" }?.title
        == "With digits anywhere and 1000 training images, equal weights save 6.0 points; with 20,000 images, equal weights save 1.0 points"
    )
    #expect(page.text.contains("Windows alone change nothing beyond chance"))
    #expect(page.text.contains("Equal weights pay most where images are few: 6.0 points with 1000 digits"))
    #expect(page.deck.contains { $0.title == "Digits anywhere, few images: equal weights pay" })
    #expect(page.text.contains("With 20,000 images: 4 seeds, 2 epochs."))
    // A wider convolution fits many images, and title, text and takeaway say what it saves.
    for place in 0...1 {
      findings.anywhere?[place].wider = [
        WiderNet(
          factor: 4, parameters: 900, seeds: [1, 2, 3], rates: [0.01],
          net: .init(errors: Self.errors(12), training: Self.errors(0.2), chosen: [0.01, 0.01, 0.01]))
      ]
    }
    let wide = SlidingWindow.page(findings, RunRecord())
    #expect(titles(findings).contains("; with 20,000 images, a convolution with 4 times the filters saves 8.0"))
    #expect(wide.text.contains("With 1000 images equal weights win at the same number of units; with 20,000 they do"))
    #expect(wide.text.contains("still fewer parameters than the net with windows"))
    #expect(wide.text.contains("4 times as many brought its error from 19"))
    #expect(wide.deck.contains { $0.title == "Digits anywhere: the convolution wins, with enough filters" })
    // With windows and as many units, those are what the convolution is held against.
    findings.anywhere?[1].wider?[0].windows = .init(
      errors: Self.errors(14), training: Self.errors(0.2), chosen: [0.01, 0.01, 0.01])
    #expect(titles(findings).contains("; with 20,000 images and 4 times the filters, equal weights save 2.0 points"))
    #expect(SlidingWindow.page(findings, RunRecord()).text.contains("gets 14.0 % of the test images wrong"))
    findings.anywhere?[1].wider?[0].net.errors = Self.errors(21)
    #expect(!SlidingWindow.page(findings, RunRecord()).text.contains("wins with few images and with many"))
    findings.anywhere = [Self.race(1_000, saving: 0), Self.race(20_000, saving: 1)]
    #expect(
      titles(findings).contains("equal weights change nothing beyond chance; with 20,000 images, equal weights save"))
    #expect(!SlidingWindow.page(findings, RunRecord()).text.contains("Equal weights pay most"))
  }

  @Test("dense nets with one rate for both orders stand for those with two")
  func oneRate() {
    var findings = Self.findings()
    func net(_ ordered: Double, _ shuffled: Double, _ rates: (Float, Float)) -> SeparatedNet {
      SeparatedNet(
        parameters: 61_706, ordered: Self.errors(ordered), orderedRate: rates.0, shuffled: Self.errors(shuffled),
        shuffledRate: rates.1)
    }
    findings.ownRates = OwnRateRace(
      trainingCount: 4000, validationCount: 1000, testCount: 10_000, epochs: 6, rates: OwnRateRace.allRates,
      convolutional: net(2, 8, (0.01, 0.003)), dense: net(5, 6, (0.03, 0.01)))
    findings.deepRival = net(7, 6, (0.03, 0.01))
    #expect(!SlidingWindow.page(findings, RunRecord()).text.contains("one rate for both orders"))
    findings.oneRate = [net(5.5, 5.5, (0.03, 0.03)), net(6, 6, (0.03, 0.03))]
    let page = SlidingWindow.page(findings, RunRecord())
    #expect(
      page.text.contains("The dense nets have one rate for both orders, because they cannot tell them apart."))
    #expect(titles(findings).contains("In order, the convolution makes 3.5 points fewer errors than the dense net"))
    #expect(page.claims[0].measured.hasPrefix("3.50") && page.claims[0].reason.contains("4.0 points fewer"))
    #expect(page.claims[1].reason.contains("changes by 0.00 points"))
  }

  @Test("digits that stand anywhere keep their ink, and each has a move of its own")
  func scattered() {
    var pixels = [UInt8](repeating: 0, count: 3 * 12 * 12)
    for image in 0..<3 { pixels[image * 144 + 6 * 12 + 6] = 200 }
    let data = Dataset(name: "", pixels: pixels, labels: [0, 0, 0], imageShape: [1, 12, 12], classCount: 10)
    let moved = data.scattered(by: 4, seed: 1)
    let places = (0..<3).map { image in (0..<144).filter { moved.pixels[image * 144 + $0] == 200 } }
    #expect(places.allSatisfy { $0.count == 1 } && Set(places).count > 1)
    #expect(places.allSatisfy { abs($0[0] / 12 - 6) <= 4 && abs($0[0] % 12 - 6) <= 4 })
    #expect(moved.pixels == data.scattered(by: 4, seed: 1).pixels)
  }

  @Test("more seeds are joined to the record's, and a convolution taken apart is one exchange more")
  func moreSeeds() {
    var findings = Self.findings()
    #expect(findings.exchanges.count == 5 && findings.exchanges[0].from.count == 3)
    findings.moreParts = MoreParts(
      seeds: [4, 5], average: [2.5, 2.6], max: [2, 2.1], overlapping: [1.8, 1.9], responseNorm: [1.7, 1.8],
      separable: [2.5, 2.5, 2.6, 2.6, 2.7])
    #expect(findings.exchanges.map(\.from.count) == [5, 5, 5, 3, 3, 5])
    #expect(findings.gains[5].finding == .loss)
    let text = SlidingWindow.page(findings, RunRecord()).text
    #expect(text.contains("8.4 times less work") && text.contains("3 to 5 seeds"))
    #expect(text.contains("gradient of the kernel"))
    // Nets at rates of their own stand for those at one rate, once all are measured.
    func net(_ errors: Summary) -> SeparatedNet {
      SeparatedNet(parameters: 1, ordered: errors, orderedRate: 0.01, shuffled: errors, shuffledRate: 0.01)
    }
    findings.ownRates = OwnRateRace(
      trainingCount: 3000, validationCount: 1000, testCount: 1000, epochs: 6, rates: OwnRateRace.allRates,
      convolutional: net(Self.errors(3)), dense: net(Self.errors(5)))
    findings.tunedParts = TunedPart.planned.map {
      TunedPart(name: $0.name, rates: TunedPart.allRates, rate: 0.01, errors: Self.errors(3))
    }
    // The last one is the convolution taken apart.
    findings.tunedParts?[7].errors = Self.errors(4)
    let tuned = SlidingWindow.page(findings, RunRecord())
    #expect(titles(findings).contains("With 3000 digits, *5×5 → depthwise + 1×1* costs 1.00 points"))
    #expect(tuned.text.contains("trained it on 3000 digits, each net at its own learning rate"))
    #expect(tuned.text.contains("(which cost 1.0 points here)") && !tuned.text.contains("decides nothing"))
    #expect(tuned.claims[2].measured.hasSuffix(", from 3000 training images"))
    #expect(tuned.claims[2].verdict != .undecided || !tuned.claims[2].reason.contains("decides nothing"))
    // While some are missing, those at one rate are shown.
    findings.tunedParts?.removeLast()
    #expect(!findings.hasTunedExchanges)
    #expect(SlidingWindow.page(findings, RunRecord()).text.contains("this decides nothing"))
  }
}
