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
    return SlidingWindow.Findings(
      data: "made-up digits", trainingCount: 4000, testCount: 1000, epochs: 4,
      seeds: Array([1, 2, 3].prefix(count)), digit: (0..<784).map { UInt8($0 % 256) },
      locality: LocalityExperiment(
        convolutional: NetErrors(
          parameters: 61_706, ordered: errors(2), shuffled: errors(8)),
        dense: NetErrors(parameters: 61_700, ordered: errors(6), shuffled: errors(6.1))),
      parts: PartsExperiment(
        max: errors(2), average: errors(2.5), overlapping: errors(1.8), responseNorm: errors(1.7), five: errors(2),
        twoThrees: errors(1.7)),
      responses: [
        .init(name: "no pooling", change: 0.6), .init(name: "average 2×2", change: 0.4),
        .init(name: "max 2×2", change: 0.45), .init(name: "max 3×3, stride 2", change: 0.35),
      ], responseCount: 500,
      reach: ReachFindings(networks: 100, footprints: [1, 2, 4, 8, 10].map { footprint(depth: $0) }),
      lenet: [
        WalkStep(
          name: "conv1", layer: "Conv2D 5×5, stride 1", arithmetic: "(32 − 5)/1 + 1", output: [6, 28, 28],
          parameters: 156, receptiveField: 5),
        WalkStep(
          name: "fc1", layer: "Dense", arithmetic: "400", output: [120], parameters: 48_120, receptiveField: nil),
      ],
      alexNet: AlexNetFacts(
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
    // With one rate for all nets the four exchanges are decided no more than partly.
    #expect(
      claims.map(\.verdict) == Array(repeating: .partly, count: 6)
        + Array(repeating: .reproduced, count: 2))
    #expect(claims.map(\.measurement?.seeds) == [3, 3, 3, 3, 3, 3, 100, 100])
    #expect(
      claims[0].measured
        == "4.00 ± 0.00 points fewer errors (95 %: 4.00 to 4.00) than one dense net, at one rate for both")
    #expect(
      claims[1].measured
        == "a lead of 4.00 ± 0.00 points in order, a lag of 1.90 ± 0.00 points shuffled, a change of the lead by 5.90 ± 0.00 points"
    )
    #expect(claims[2].measured.hasSuffix(", from 4000 training images"))
    #expect(claims[6].measured == "5 and 7, the gradient agrees at 5 of 5 depths")
    #expect(claims[7].measured.hasPrefix("exponent 0.5"))
    #expect(SlidingWindow.page(Self.findings(), RunRecord()).text.contains("which makes 6 convolutions. There are 5."))
  }

  @Test("two seeds decide nothing, and no run is partly for want of seeds")
  func fewSeeds() {
    for count in 1...2 {
      let claims = SlidingWindow.claims(Self.findings(seeds: count))
      #expect(claims.prefix(6).allSatisfy { $0.verdict == .undecided && $0.reason.contains("so few runs cannot tell") })
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
    #expect(findings.exchanges[0].gain.verdict == verdict && verdicts(findings)[2] == verdict.atMostPartly)
    #expect(titles(findings).contains("*average → max* saves") == isTold)
  }

  @Test("a run in which nothing helps says that nothing helps")
  func nothingHelps() {
    var findings = Self.findings()
    let same = Self.errors(2)
    findings.parts = PartsExperiment(
      max: same, average: same, overlapping: same, responseNorm: same, five: same, twoThrees: Self.errors(3))
    #expect(findings.exchanges.allSatisfy { $0.gain.verdict == .notHere })
    #expect(titles(findings).contains("With 4000 digits, *5×5 → two 3×3* costs 1.00 points"))
    #expect(
      SlidingWindow.claims(findings)[2].reason
        == "no gain beyond chance: on digits at most 0.00 points, 0 % of the errors (98.75 %); windows of 2×2; one untuned rate for all nets, hence no more than partly"
    )
    findings.parts = PartsExperiment(
      max: same, average: same, overlapping: same, responseNorm: same, five: same, twoThrees: same)
    #expect(titles(findings).contains("With 4000 digits, no exchange changes the error beyond chance"))
  }

  @Test("within chance the run does not show the effect, and the reason says whether the published size is excluded")
  func unseen() {
    /// The claim about LRN for a gain of zero on average with this spread.
    func claim(_ spread: Double) -> Claim {
      var findings = Self.findings()
      findings.parts.overlapping = Summary([2 - spread, 2, 2 + spread])
      findings.parts.responseNorm = Summary([2, 2, 2])
      return SlidingWindow.claims(findings)[4]
    }
    // 1.4 points of 40 are 0.07 of 2; the interval of three seeds, for four exchanges, is about 5 times the spread.
    #expect(claim(0.1).verdict == .notHere)
    #expect(
      claim(0.1).reason.hasPrefix(
        "no gain beyond chance, but the published one is not excluded: 3.5 % of the errors would be 0.07 points here; here LRN"
      ))
    // However narrow the interval: while it contains the published gain, the gain is not refuted.
    #expect(claim(0.03).verdict == .notHere && claim(0.03).reason.contains("not excluded"))
    // An interval without it bounds the gain, and that is the finding.
    #expect(
      claim(0.01).reason.hasPrefix(
        "no gain beyond chance: on digits at most 0.05 points, 3 % of the errors (98.75 %); the published gain, 3.5 % of the errors"
      ))
    #expect(claim(0.01).reason.contains("would be 0.07 points here; here LRN"))
    // A gain and a loss beyond chance are reported, however large the interval.
    var findings = Self.findings()
    findings.parts.responseNorm = Summary([0.8, 0.9, 1])
    #expect(findings.exchanges[2].gain.verdict == .reproduced)
    findings.parts.responseNorm = Summary([3.5, 3.6, 3.7])
    #expect(findings.exchanges[2].gain.verdict == .notHere)
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

  @Test("the recorded run's gains stand on the page, today's in the claims alone")
  func recorded() {
    var large = Self.findings()
    large.parts.average = Self.errors(1.9)
    large.trainingCount = 20_000
    let kept = KeptFindings(SlidingWindow.chapter, RunRecord(), SlidingWindow.claims(large), large)
    let page = SlidingWindow.page(Self.findings(), RunRecord(), recorded: kept)
    let figure = page.figures.first { $0.name == "parts" }
    #expect(figure?.title.hasPrefix("With 20,000 digits, *average → max* costs 0.10 points") == true)
    #expect(page.text.contains("trained it on 20,000 digits"))
    #expect(page.text.contains("this decides nothing"))
    #expect(page.text.contains("The test errors come from the recorded run"))
    // The claims are those of the run in the figure, and the short run is below.
    #expect(page.reportsRecord)
    #expect(page.claims[2].verdict == .partly && page.claims[2].reason.hasSuffix("no more than partly"))
    // With a record that is no larger, the page uses its own run.
    large.trainingCount = 4000
    let same = KeptFindings(SlidingWindow.chapter, RunRecord(), SlidingWindow.claims(large), large)
    let own = SlidingWindow.page(Self.findings(), RunRecord(), recorded: same)
    #expect(!own.reportsRecord && !own.text.contains("come from the recorded run"))
    #expect(figure?.caption.contains("20,000 images") == true || figure?.caption.contains("20 000 images") == true)
  }

  @Test("a dense net that reads as well overturns the first two claims, and takeaway and title follow")
  func denseNet() {
    var findings = Self.findings()
    findings.locality.dense.ordered = Self.errors(1.9)
    #expect(verdicts(findings)[0] == .notHere && verdicts(findings)[1] == .notHere)
    #expect(titles(findings).contains("With the pixels in order the convolution does not lead the dense net here"))
    #expect(!SlidingWindow.page(findings, RunRecord()).text.contains("percentage points fewer errors than"))
    #expect(
      SlidingWindow.page(Self.findings(), RunRecord()).text.contains(
        "On 4000 digits it makes 4.0 percentage points fewer errors than"))
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

  @Test("a gradient that ends elsewhere than the arithmetic says overturns the equal fields")
  func fields() {
    var findings = Self.findings()
    findings.reach.footprints[2] = Self.footprint(depth: 4, reaching: 3)
    #expect(verdicts(findings)[6] == .notHere)
    #expect(SlidingWindow.claims(findings)[6].measured == "5 and 7, the gradient agrees at 4 of 5 depths")
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
    #expect(verdicts(findings)[7] == .notHere)
  }

  @Test("a pooling that steadies nothing is told")
  func steadiness() {
    var findings = Self.findings()
    findings.responses[1...3] = [
      .init(name: "average 2×2", change: 0.7), .init(name: "max 2×2", change: 0.7),
      .init(name: "max 3×3, stride 2", change: 0.7),
    ]
    #expect(titles(findings).contains("Pooling does not make a map steadier"))
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = SlidingWindow.page(Self.findings(), RunRecord(data: "made-up digits"))
    #expect(
      page.figures.map(\.name) == [
        "sliding-window", "handmade-kernels", "channels", "row-windows", "shift-response", "lenet-shapes",
        "way-back", "equivariance", "shuffled-pixels", "alexnet-shares", "field", "parts",
      ])
    #expect(page.claims == SlidingWindow.claims(Self.findings()))
    #expect(page.predictions.count == 3)
    #expect(page.predictions[0].answer == "55" && page.predictions[0].choices.isEmpty)
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

  /// The table of the three nets.
  private func nets(_ page: Page) -> Table? {
    page.tables.first { $0.columns.first?.title == "net" && $0.rows.count == 3 }
  }

  @Test("what windows and equal weights save together is told in table, text and slide")
  func separation() {
    let both = Self.separated(9, 7, 5)
    let page = SlidingWindow.page(both, RunRecord())
    #expect(nets(page)?.caption.contains("both steps together save 4.1 points (95 %: ") == true)
    #expect(page.text.contains("In order the convolution makes fewer errors than the dense net"))
    #expect(
      page.text.contains("Few equal weights do no worse") && page.text.contains("Shuffled, both steps cost errors"))
    #expect(page.claims[1].reason.contains("separates the first two"))
    #expect(page.deck.contains { $0.title == "Together they save 4.1 points in order; shuffled, they cost" })
    #expect(
      SlidingWindow.page(Self.separated(9, 9, 9), RunRecord()).text.contains("In order we see no difference between"))
    let worse = SlidingWindow.page(Self.separated(5, 7, 9), RunRecord())
    #expect(worse.text.contains("In order the convolution makes more errors"))
    #expect(!worse.text.contains("Few equal weights do no worse"))
    #expect(worse.deck.contains { $0.title == "Windows and equal weights, taken apart" })
    #expect(
      SlidingWindow.page(Self.separated(9, 7, 5, seeds: 2), RunRecord()).text.contains(
        "So few runs cannot tell the steps from chance"))
    // A record made before this measurement still gives a page.
    #expect(nets(SlidingWindow.page(Self.findings(), RunRecord())) == nil)
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
    #expect(nets(page)?.caption.contains("both steps together save 2.0 points") == true)
    let shuffled = page.figures.first { $0.name == "shuffled-pixels" }
    #expect(
      shuffled?.title
        == "In order, the convolution makes 3.0 points fewer errors than the dense net; shuffled, it makes 3.0 points more"
    )
    #expect(
      page.claims[0].verdict == .partly && page.claims[0].reason.contains("each net at its own learning rate, recorded")
    )
    // A dense network of the same depth in the same race decides the claim, and training errors stand in the caption.
    large.ownRates?.convolutional.orderedTraining = Self.errors(0.5)
    large.unpadded = [net(5, 5), net(6, 6), net(4, 4)]
    for place in 0...2 { large.unpadded?[place].orderedTraining = Self.errors(0.2) }
    let deep = KeptFindings(SlidingWindow.chapter, RunRecord(), SlidingWindow.claims(large), large)
    let race = SlidingWindow.page(Self.separated(9, 9, 9), RunRecord(), recorded: deep)
    #expect(race.claims[0].verdict == .reproduced && race.text.contains("Depth is not the reason, nor is work"))
    #expect(
      race.text.contains("fewer errors than a dense net with as many parameters, or one that does as much work"))
    #expect(race.text.contains("with as many parameters, and 2.0 fewer than one that does as much work"))
    #expect(race.claims[0].reason.contains("with one that does as much work, 2.0 points fewer"))
    #expect(race.text.contains("Nor is it faster learning") && race.text.contains("one rate for both orders"))
    #expect(
      race.figures.first { $0.name == "shuffled-pixels" }?.caption.contains("in order: 0.5, 0.2, 0.2 and 0.2 %") == true
    )
    large.unpadded = nil
    // A record of the same size is not larger.
    large.separation?.trainingCount = 2000
    let same = KeptFindings(SlidingWindow.chapter, RunRecord(), SlidingWindow.claims(large), large)
    let own = SlidingWindow.page(Self.separated(9, 9, 9), RunRecord(), recorded: same)
    #expect(nets(own)?.caption.contains("save 0.0 points") == true)
  }

  @Test("what a shift does to a convolution is told, and what the mean of each map costs")
  func moved() {
    var findings = Self.separated(9, 9, 5)
    findings.movedDigits = MovedDigits(
      seeds: [1, 2, 3], shifts: [0, 1, 2], centred: [9, 7, 17].map { Self.errors($0) })
    findings.pooledNet = PooledNet(
      parameters: 9, seeds: [1, 2, 3], rates: [0.1], rate: 0.1, centred: [12, 12.5, 14].map { Self.errors($0) })
    let page = SlidingWindow.page(findings, RunRecord())
    func table(_ page: Page) -> Table? { page.tables.first { $0.columns.first?.title == "behind the last maps" } }
    #expect(table(page)?.rows.map { $0[3] } == ["17.0 ± 0.0", "14.0 ± 0.0"].map { .text($0) })
    #expect(!page.text.contains("most of that loss is gone"))
    var padded = findings
    padded.paddedNet = findings.pooledNet
    padded.paddedNet?.centred[2] = Self.errors(12.4)
    let border = SlidingWindow.page(padded, RunRecord())
    #expect(table(border)?.rows.count == 3 && border.text.contains("most of that loss is gone"))
    let habits = page.tables.first { $0.columns.first?.title == "habit" }
    if case .text(let cell)? = habits?.rows.first(where: { $0[0] == .text("mean of each map at the end") })?[1] {
      #expect(cell.hasPrefix("3.0 ± ") && cell.contains(" points more errors (3 seeds) on digits in the middle"))
      #expect(cell.hasSuffix(", 3 fewer on digits moved by 2 pixels"))
    } else {
      Issue.record("no habits")
    }
    findings.movedDigits?.centred[2] = Self.errors(9)
    #expect(table(SlidingWindow.page(findings, RunRecord())) == nil)
  }

  /// A measurement of digits anywhere in which equal weights save so many points.
  private static func race(_ count: Int, saving: Double, seeds: Int = 4) -> AnywhereRace {
    var race = AnywhereRace(trainingCount: count, epochs: 2, seeds: seeds)
    func net(_ error: Double, _ rate: Float) -> AnywhereRace.Net {
      .init(
        errors: errors(error, seeds: seeds), training: errors(0.1, seeds: seeds),
        chosen: Array(repeating: rate, count: seeds))
    }
    (race.windows, race.equal) = (net(20, 0.1), net(20 - saving, 0.03))
    return race
  }

  @Test("with digits anywhere the savings of few and of many images stand in title, text, slide and takeaway")
  func anywhere() {
    var findings = Self.separated(9, 9, 5)
    findings.anywhere = [Self.race(1_000, saving: 6), Self.race(20_000, saving: 1)]
    let page = SlidingWindow.page(findings, RunRecord())
    #expect(
      page.figures.first { $0.name == "anywhere" }?.title
        == "With digits anywhere and 1000 training images, equal weights save 6.0 points; with 20,000 images, equal weights save 1.0 points"
    )
    #expect(page.text.contains("In nets with as many units, equal weights save 6.0 points with 1000 digits"))
    #expect(page.deck.contains { $0.title == "Digits anywhere: do equal weights pay?" })
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
    #expect(titles(findings).contains("; 4 times the filters save more with few images and with many"))
    #expect(wide.text.contains("more filters help with few images and with many."))
    #expect(wide.text.contains("4 times the filters help with few images and with many."))
    #expect(wide.deck.contains { $0.title == "Digits anywhere: equal weights, then more filters" })
    findings.anywhere?[1].wider?[0].net.errors = Self.errors(21)
    #expect(!SlidingWindow.page(findings, RunRecord()).text.contains("more filters help"))
    findings.anywhere = [Self.race(1_000, saving: 0), Self.race(20_000, saving: 1)]
    #expect(
      titles(findings).contains("equal weights change nothing beyond chance; with 20,000 images, equal weights save"))
    #expect(!SlidingWindow.page(findings, RunRecord()).text.contains("In nets with as many units, equal weights save"))
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

  @Test("parts are told at rates of their own, and once the maps are scaled, a gain that a constant makes is no part's")
  func tunedParts() {
    var findings = Self.findings()
    #expect(findings.exchanges.count == 4 && !findings.hasTunedExchanges)
    let page = SlidingWindow.page(findings, RunRecord())
    #expect(page.text.contains("this decides nothing") && page.text.contains("8.4 times less work"))
    func net(_ errors: Summary) -> SeparatedNet {
      SeparatedNet(parameters: 1, ordered: errors, orderedRate: 0.01, shuffled: errors, shuffledRate: 0.01)
    }
    findings.ownRates = OwnRateRace(
      trainingCount: 3000, validationCount: 1000, testCount: 1000, epochs: 6, rates: OwnRateRace.allRates,
      convolutional: net(Self.errors(3)), dense: net(Self.errors(5)))
    func parts(_ plan: [(name: String, parts: Parts)], _ errors: [String: Double]) -> [TunedPart] {
      plan.map {
        TunedPart(
          name: $0.name, rates: TunedPart.allRates, rate: 0.01, errors: Self.errors(errors[$0.name] ?? 3, seeds: 4),
          held: errors[$0.name] ?? 3)
      }
    }
    findings.tunedParts = parts(TunedPart.planned, ["average": 2.5, "with LRN": 2, "depthwise + 1×1": 4])
    #expect(
      titles(findings).contains(
        "With 3000 digits, *average → max* costs 0.50 points, *without → with LRN* saves 1.00 points and *5×5 → depthwise"
      ))
    let tuned = SlidingWindow.page(findings, RunRecord())
    #expect(tuned.text.contains("trained it on 3000 digits, each net at its own learning rate"))
    #expect(
      !tuned.text.contains("decides nothing") && tuned.claims[2].measured.hasSuffix(", from 3000 training images"))
    #expect(tuned.claims[2].verdict == .notHere && tuned.claims[4].verdict == .reproduced)
    // Scaled, averages and LRN gain nothing more.
    findings.scaledParts = parts(
      TunedPart.scaledPlan, ["max": 2, "average": 2, "overlapping": 2, "depthwise + 1×1": 3])
    findings.scaleControl = ScaleControl(factors: [[0.593, 0.595, 0.595], [0.592, 0.594, 0.595]])
    let scaled = SlidingWindow.page(findings, RunRecord())
    #expect(
      titles(findings).contains(
        "Once the maps are scaled, one exchange is beyond chance: *5×5 → depthwise + 1×1* costs 1.00 points"))
    #expect(scaled.text.contains("by 0.592 to 0.595: nearly a constant"))
    #expect(scaled.text.contains("With the constant, the gain of LRN is gone."))
    #expect(scaled.text.contains("a constant did as much as LRN"))
    #expect(scaled.claims[2].measured.hasSuffix("maps times a constant") && scaled.claims[4].verdict == .partly)
    // Each pooling at the scale with the fewest errors on the digits held back.
    findings.torchParts = parts(TunedPart.torchPlan, ["max": 1.9, "average": 2.5, "two 3×3": 2])
    #expect(findings.exchange(PartExchange.stack)?.gain.told == "saves 1.00 points")
    let best = SlidingWindow.page(findings, RunRecord())
    #expect(findings.bestPooling?.average.errors.mean == findings.scaledParts?[1].errors.mean)
    #expect(best.text.contains("maxima cost 0.5 points. With PyTorch's, which are 2.4 times smaller, maxima save 0.6"))
    #expect(best.text.contains("Each at its best scale, maxima save 0.1 points."))
    #expect(best.claims[2].verdict == .reproduced && best.claims[2].measured.hasSuffix("each at its best scale"))
    // Where the constant saves nothing, nothing is said of it.
    findings.scaledParts = parts(TunedPart.scaledPlan, ["average": 2.5])
    #expect(!SlidingWindow.page(findings, RunRecord()).text.contains("nearly a constant"))
    // While some are missing, those at one rate are shown.
    findings.tunedParts?.removeLast()
    #expect(!findings.hasTunedExchanges)
    #expect(SlidingWindow.page(findings, RunRecord()).text.contains("this decides nothing"))
  }
}
