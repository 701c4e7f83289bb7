// Chapter 6: the claims and the page for different findings, right and wrong.

import Testing
import Workbook

@testable import ch06_dropout

@Suite("Chapter 6: claims and page")
struct DropoutPageTests {
  private static let seeds: [UInt64] = [1, 2, 3]

  /// A network with these test errors, one for each seed.
  private static func net(_ errors: [Double], own: Double = 0, curve: [Double] = [], heart: Double? = nil) -> Tuned {
    Tuned(
      rate: 0.3, decay: 0,
      runs: errors.map {
        RunErrors(trainingError: own, validationError: $0, testError: $0, curve: curve, learnedByHeart: heart)
      })
  }

  /// Three seeds with test errors near a number.
  private static func net(_ error: Double, own: Double = 0, curve: [Double] = [], heart: Double? = nil) -> Tuned {
    net([error, error + 0.1, error + 0.2], own: own, curve: curve, heart: heart)
  }

  private static func near(_ value: Double) -> Summary { Summary([0.99, 1, 1.01].map { $0 * value }) }

  private static func sums(unscaled ratio: Double) -> ExpectationFindings {
    ExpectationFindings(
      masks: 2, unscaledRatio: near(ratio),
      relative: Dropouts.droppedShares.map {
        RelativeSums(rate: Float($0), mean: 1, deviation: $0, histogram: [0.5, 0.5], beyond: 0)
      })
  }

  private static func ensembles(plain: Double, average: Double, single: Double = 50) -> [ExactEnsemble] {
    [0, 0.1, 0.2].map { shift in
      ExactEnsemble(
        units: 10, nets: 1024, plainError: plain + shift, singleError: single, averageError: average + shift,
        scaledError: average, differenceFromGeometric: 1e-7, differenceFromAverage: 0.2)
    }
  }

  private static func sampled(onePass: Double) -> [SampledEnsemble] {
    seeds.map { _ in
      SampledEnsemble(plainError: 10, scaledError: onePass, errors: [15, 12, 11, 10, 9.5, 9.1, 9])
    }
  }

  private static func hidden(_ unevenness: [Double]) -> [HiddenStatistics] {
    unevenness.map(HiddenStatistics.init(unevenness:))
  }

  /// Findings in which dropout has all its claimed effects.
  private static func findings() -> Dropouts.Findings {
    Dropouts.Findings(
      data: "made-up digits", seeds: seeds, steps: 1_000, few: 1_000, rates: [0.05, 0.1], tuningSeeds: 1,
      sums: sums(unscaled: 2),
      ensembles: ensembles(plain: 15, average: 39), sampled: sampled(onePass: 9.05),
      byWidth: PairFindings(
        settings: [32, 64, 128, 256],
        nets: [[net(13), net(12), net(10.5), net(10)], [net(16, own: 5), net(12.5), net(10.2), net(9)]]),
      bySize: PairFindings(settings: [300, 5_000], nets: [[net(20), net(5)], [net(17), net(5)]]),
      noisy: NoisyFindings(
        size: 1_000,
        nets: [net(25, curve: [14, 18, 25], heart: 0.95), net(15, curve: [16, 12, 15], heart: 0.3)]),
      reliance: RelianceFindings(
        damage: [20.0, 5].map { loss in Dropouts.removedShares.map { near(10 + loss * Double($0)) } },
        hidden: [hidden([0.6, 0.61, 0.62]), hidden([0.4, 0.41, 0.42])]),
      contest: [net(10), net(9), net(9.5), net(9.8), net(9.5), net(8), net(8)])
  }

  private func verdicts(_ findings: Dropouts.Findings) -> [Claim.Verdict] {
    Dropouts.claims(findings).map(\.verdict)
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = Dropouts.claims(Self.findings())
    #expect(claims.count == 10 && claims.allSatisfy { $0.measurement?.seeds == 3 })
    // At most partly reproduced: an average worse than one network trained whole, more images that also mean fewer
    // epochs, and the removal of units, which one of the networks was trained for.
    for (index, claim) in claims.enumerated() {
      #expect(claim.verdict == ([1, 5, 7].contains(index) ? .partly : .reproduced))
    }
    #expect(claims[1].reason.contains("trained whole: 15.1 ± 0.1 %"))
    #expect(claims[2].measured.hasSuffix("points, averaging 64 nets by 6.0 ± 0.0"))
    #expect(claims[3].measured == "saves 1.0 ± 0.0 points, L2 saves 0.2 ± 0.0")
    #expect(
      claims[4].measured
        == "128 units, 256 with dropout: saves 1.5 ± 0.0 points, 32 units, 64 with dropout: saves 0.5 ± 0.0")
    #expect(claims[9].measured == "with batch norm dropout saves 0.0 ± 0.0 points, without it saves 1.0 ± 0.0")
  }

  @Test("sums that need no scale, an average no better than its nets, a pass that saves half of what averaging does")
  func formulas() {
    var findings = Self.findings()
    findings.sums = Self.sums(unscaled: 1)
    findings.ensembles = Self.ensembles(plain: 15, average: 14, single: 14)
    findings.sampled = Self.sampled(onePass: 12)
    #expect(verdicts(findings)[0...2] == [.notHere, .notHere, .partly])
    let page = Dropouts.page(findings, RunRecord())
    #expect(page.predictions[0].answer == "100 %" && page.predictions[1].answer == "about as many")
    findings.sums.signed = Dropouts.droppedShares.map { SignedSums(rate: Float($0), deviation: $0, histogram: [0.5]) }
    let signed = Dropouts.page(findings, RunRecord())
    #expect(signed.predictions[0].answer == "50 %")
    #expect(page.text.contains("Against the net without dropout: one thinned net makes "))
  }

  @Test("an average better than one net trained whole, in the small net and in the wide one, is the whole claim")
  func better() {
    var findings = Self.findings()
    findings.ensembles = Self.ensembles(plain: 45, average: 39)
    #expect(verdicts(findings)[1] == .reproduced)
    findings.sampled = findings.sampled.map {
      SampledEnsemble(plainError: 8, scaledError: $0.scaledError, errors: $0.errors)
    }
    #expect(verdicts(findings)[1] == .partly)
  }

  @Test("dropout that pays where layers are narrow contradicts its guide")
  func narrow() {
    var findings = Self.findings()
    findings.byWidth.nets[1] = [10, 13, 12, 11].map { Self.net($0) }
    #expect(verdicts(findings)[4] == .notHere)
  }

  @Test(
    "n/(1 − p) units are partly enough where only some nets of twice the width save, and undecided where there are none"
  )
  func doubled() {
    var findings = Self.findings()
    findings.byWidth.nets[1] = [16, 12.5, 12, 9].map { Self.net($0) }
    #expect(verdicts(findings)[4] == .partly)
    findings.byWidth = PairFindings(
      settings: [32, 256], nets: [[Self.net(13), Self.net(10)], [Self.net(16), Self.net(9)]])
    #expect(verdicts(findings)[4] == .undecided)
  }

  @Test("with much data it is needed where it saves there, and superfluous only where it saves with few")
  func muchData() {
    var findings = Self.findings()
    findings.bySize.nets[1][1] = Self.net(4.5)
    #expect(verdicts(findings)[5] == .partly)
    findings.bySize.nets[1][1] = Self.net(2)
    #expect(verdicts(findings)[5] == .notHere)
    findings = Self.findings()
    findings.contest[1] = Self.net([9, 12, 8])
    #expect(verdicts(findings)[5] == .undecided)
  }

  @Test("the same steps for few and for many images tell more images from more steps")
  func epochs() {
    for (many, few, verdict) in [
      (4, 3, Claim.Verdict.reproduced), (3.5, 3, .partly), (2, 3, .notHere), (5, 3, .reproduced), (4, 4, .undecided),
    ] {
      var findings = Self.findings()
      findings.equalEpochs = LongerFindings(size: 5_000, steps: 5_000, nets: [Self.net(4), Self.net(Double(many))])
      // Without the small set in as many steps, more images also mean more steps.
      #expect(verdicts(findings)[5] == (many < 4 ? (many < 3 ? .notHere : .partly) : .partly))
      findings.fewLonger = LongerFindings(size: 1_000, steps: 5_000, nets: [Self.net(4), Self.net(Double(few))])
      #expect(verdicts(findings)[5] == verdict)
    }
  }

  @Test("wrong labels that a net stopped in time does not learn are no more than part of the claim")
  func stopped() {
    var findings = Self.findings()
    findings.noisy.nets[1] = Self.net(15, curve: [16, 14, 15], heart: 0.3)
    #expect(verdicts(findings)[6] == .partly)
  }

  @Test("nor are more wrong labels answered with dropout, nor a plain net at the smallest rate tried")
  func answered() {
    var findings = Self.findings()
    #expect(verdicts(findings)[6] == .reproduced)
    findings.noisy.nets[0].rate = 0.05
    #expect(verdicts(findings)[6] == .partly)
    #expect(Dropouts.claims(findings)[6].reason.hasSuffix("that rate is the smallest tried"))
    findings.noisy.nets[0] = Self.net(25, curve: [14, 18, 25], heart: 0.1)
    #expect(verdicts(findings)[6] == .partly)
    #expect(Dropouts.page(findings, RunRecord()).predictions[2].answer == "more of them")
  }

  @Test("text and figures are the recorded run's where it has the same pictures, and the page says so")
  func recorded() {
    let findings = Self.findings()
    var other = findings
    other.seeds = [1, 2, 3, 4]
    other.noisy.nets[1] = Self.net(22, curve: [16, 12, 15], heart: 0.3)
    other.contest[1] = Self.net(7)
    let kept = KeptFindings(Dropouts.chapter, RunRecord(), Dropouts.claims(other), other)
    let alone = Dropouts.page(findings, RunRecord()).text
    let beside = Dropouts.page(findings, RunRecord(), recorded: kept).text
    #expect(alone.contains("errs less on new ones (9.1 instead of 10.1 %)"))
    #expect(!alone.contains("show the recorded run"))
    #expect(beside.contains("errs less on new ones (7.1 instead of 10.1 %)"))
    #expect(beside.contains("show the recorded run, with 4 seeds"))
    #expect(Dropouts.page(findings, RunRecord(), recorded: kept).reportsRecord)
    #expect(!Dropouts.page(findings, RunRecord()).reportsRecord)
    // Nothing is reported about other pictures.
    other.data = "other digits"
    let stranger = KeptFindings(Dropouts.chapter, RunRecord(), Dropouts.claims(other), other)
    #expect(!Dropouts.page(findings, RunRecord(), recorded: stranger).text.contains("show the recorded run"))
  }

  /// Controls in which dropout reduces the error at equal rates and compared with early stopping.
  private static func controls(stopped: Double = 20) -> ControlFindings {
    ControlFindings(
      wrong: WrongLabelControls(
        plainAtOther: net(27, heart: 0.9), dropoutAtOther: net(18, heart: 0.4), plainBelow: net(40, heart: 0.1),
        stopped: [net(stopped, heart: 0.4), net(14, heart: 0.2)], keptBack: 500),
      shares: ShareFindings(
        shares: [0.1, 0.5, 0.8], widths: [32, 256], plain: [net(13), net(10)],
        nets: [[net(12), net(16), net(40)], [net(9.5), net(9), net(12)]]),
      teams: [
        .init(contestant: 0, members: 5, errors: near(9.2), single: near(10)),
        .init(contestant: 1, members: 5, errors: near(8.5), single: near(9)),
      ])
  }

  /// Pixels and hidden units separately: dropped pixels help everywhere, dropped hidden units only in wide layers.
  private static func apart(noise: [Double] = [8.8, 9.5, 9]) -> ApartFindings {
    func inside(_ name: String, half: Double, best: Double, carrying: Double) -> InsideFindings {
      InsideFindings(
        name: name, halfLost: near(half), bestLost: near(best), carrying: near(carrying),
        pictures: [[Int8](repeating: 1, count: 784)])
    }
    func heart(_ share: Double, error: Double = 20) -> Tuned {
      var net = net(error, curve: [30, 20, error], heart: share)
      for run in net.runs.indices { net.runs[run].answered = [0, share / 2, share] }
      return net
    }
    return ApartFindings(
      widths: [32, 64, 128, 256], pixels: [net(12), net(11), net(9.4), net(8.8)],
      units: [net(16), net(12.8), net(10.6), net(9.5)], noise: noise.map { net($0) }, norm: [net(7.5), net(8)],
      wrong: [net(24.5, heart: 0.9), net(18, heart: 0.2)], byHeart: [1, 1, 0.3, 0.2].map { heart($0) },
      sizes: [300, 5_000],
      pixelsBySize: [net(18), net(4.7)], unitsBySize: [net(19), net(6)],
      inside: [
        inside("nothing", half: 5, best: 9, carrying: 150), inside("pixels", half: 5, best: 8, carrying: 150),
        inside("hidden units", half: 2, best: 5, carrying: 160), inside("both", half: 2, best: 5, carrying: 160),
        inside("noise on hidden units", half: 2.2, best: 5, carrying: 160),
        inside("L2", half: 13, best: 48, carrying: 70),
      ], byHeartOwn: [heart(0.1, error: 25), heart(0.1, error: 24.5), heart(0.1, error: 18), heart(0.3, error: 15)])
  }

  @Test("pixels and hidden units are told apart, with noise in their place and what is inside the nets")
  func toldApart() {
    var findings = Self.findings()
    findings.equalEpochs = LongerFindings(size: 5_000, steps: 5_000, nets: [Self.net(4), Self.net(4)])
    findings.controls = ControlFindings(wrong: Self.controls().wrong, apart: Self.apart())
    let page = Dropouts.page(findings, RunRecord())
    let text = page.text
    #expect(
      text.contains(
        "Dropped pixels save at every width; dropping half of the hidden units saves 0.5 points with layers of 256"))
    #expect(page.predictions[2].answer == "it makes more errors")
    #expect(page.predictions.last?.answer == "about as much")
    #expect(
      text.contains("No unit has to be missing: noise saves about as much as dropout. In 3 of 3 settings"))
    #expect(text.contains("Alone, hidden units help more than pixels (the table above)."))
    #expect(text.contains("dropped in training it is 9.6 %, with a fifth of the pixels dropped 8.9 %."))
    #expect(
      text.contains(
        "On top of dropped pixels they cost something in layers of 256, but they do help where labels are wrong."))
    #expect(text.contains("Why noise helps is open."))
    func losses(_ page: Page) -> Int? { page.tables.first { $0.caption.contains("lost when half") }?.rows.count }
    #expect(losses(page) == 5 && !text.contains("Is that price the reason?"))
    #expect(text.contains("But a net need not be sturdy to err less: with dropped pixels it errs least"))
    #expect(
      page.figures.map(\.title).contains(
        "By the end 10 % of the wrong labels are given with nothing dropped, 10 % with pixels, 10 % with hidden units, 30 % with both"
      ))
    // Noise again where dropped units help, more steps for them, wider layers, and pixels taken away.
    findings.controls?.apart?.noiseWherePays = [Self.net(18), Self.net(19)]
    findings.controls?.apart?.unitsLonger = [Self.net(13), Self.net(8)]
    findings.controls?.apart?.narrowPixelsLonger = [Self.net(11.5)]
    findings.controls?.apart?.pixelsLonger = [Self.net(9), Self.net(3.5)]
    findings.controls?.apart?.unitsMany = [Self.net(4.5)]
    findings.controls?.apart?.authors = [Self.net(8), Self.net(7.5), Self.net(7), Self.net(6)]
    findings.narrowLonger = LongerFindings(size: 1_000, steps: 4_000, nets: [Self.net(12), Self.net(12.5)])
    findings.fewLonger = LongerFindings(size: 1_000, steps: 4_000, nets: [Self.net(10), Self.net(8)])
    let later = Dropouts.page(findings, RunRecord()).text
    #expect(later.contains("of 5 settings the two cannot be told apart"))
    #expect(later.contains("as the authors advise, hidden units add something to dropped pixels"))
    #expect(later.contains("dropped pixels help, and dropped hidden units cost."))
    #expect(later.contains("the statement is true of hidden units, but not of pixels"))
    let followed = [10, 9, 7.0].map {
      FollowedErrors(own: [Self.near(12), Self.near(0)], new: [Self.near(20), Self.near($0)])
    }
    (findings.controls?.apart?.followed, findings.controls?.apart?.followedApart) = (
      [followed[0]], [followed[2], followed[1]]
    )
    #expect(
      Dropouts.page(findings, RunRecord()).figures.map(\.title).contains(
        "New images at the end: 10.0 % wrong without dropout, 9.0 % with hidden units dropped, 7.0 % with pixels dropped"
      ))
    // Shares of the hidden units: a small one helps in narrow layers, where half costs.
    findings.controls?.apart?.unitShares = UnitShares(
      shares: [0.1, 0.2], widths: [32, 256], nets: [[Self.net(12.5), Self.net(13)], [Self.net(9.8), Self.net(9.7)]])
    let shares = Dropouts.page(findings, RunRecord())
    #expect(
      shares.figures.map(\.title).contains(
        "Hidden units dropped: in layers of 32 0.1 is the best share and saves 0.5 points, in layers of 256 0.5 is the best share and saves 0.5 points"
      ))
    #expect(shares.text.contains("in layers of 32 (where 0.1 of them saves 0.5 points)"))
    // With much data dropped pixels still help, so the claim is true in part.
    findings.controls?.apart?.pixelsLonger = [Self.net(9), Self.net(4)]
    #expect(verdicts(findings)[5] == .reproduced)
    findings.controls?.apart?.pixelsLonger = [Self.net(9), Self.net(3.5)]
    #expect(verdicts(findings)[5] == .partly)
    #expect(
      Dropouts.claims(findings)[5].measured == "both dropped save 0.00 ± 0.00 points, pixels alone 0.50 ± 0.00")
    // Nets that pay the price: as much as dropout saves, a part of it, nothing.
    for (errors, words) in [
      ([9.5, 8.8], "as much as the masks in both settings."),
      ([9.5, 9.6], "as much as the masks for hidden units with 1000 images and less for pixels."),
      ([10.1, 10.2], "nothing beyond chance in both settings."),
    ] {
      findings.controls?.apart?.priced = zip([Price(hidden: 0.5), Price(pixels: 0.2)], errors).map {
        PricedNets(
          price: $0, net: Self.net($1), halfLost: Self.near(5), foretold: Self.near(0.1), measured: Self.near(0.2))
      }
      let page = Dropouts.page(findings, RunRecord())
      #expect(losses(page) == 5 && page.text.contains("with nothing random, saves " + words))
    }
    // The mean over many masks: enough where it saves as much everywhere.
    findings.controls?.apart?.manyMasks = [18, 18, 9.5, 8.8].map { Self.net($0) }
    let averaged = Dropouts.page(findings, RunRecord()).text
    #expect(averaged.contains("The mean over 10 masks at once saves as much as the masks in both settings."))
    #expect(averaged.contains("What the masks cost on average is enough; its second order alone is not: in the nets"))
    findings.controls?.apart?.photographs = PhotographRow(
      data: "photographs", size: 1_000, nets: [60, 58, 59, 57].map { Self.net($0) })
    #expect(
      Dropouts.page(findings, RunRecord()).text.contains("On photographs, too, pixels save more than hidden units."))
    findings.controls?.apart?.noiseWherePays = nil
    #expect(page.deck.contains { $0.title == "Noise saves as much: no unit need be missing altogether" })
    #expect((11...17).contains(page.deck.count))
    // Noise that helps less differs from dropout.
    findings.controls?.apart = Self.apart(noise: [9.5, 10, 9.8])
    let less = Dropouts.page(findings, RunRecord())
    #expect(
      less.predictions.last?.answer == "clearly less"
        && less.text.contains("The two differ beyond chance in 3 of 3 settings"))
    #expect(!less.text.contains("No unit need be missing"))
  }

  @Test("a plain net that does worse at half of its rate is at no end of those tried")
  func smallestRate() {
    var findings = Self.findings()
    findings.noisy.nets[0].rate = 0.05
    #expect(Dropouts.claims(findings)[6].reason.hasSuffix("that rate is the smallest tried"))
    findings.controls = Self.controls()
    #expect(verdicts(findings)[6] == .reproduced)
    #expect(Dropouts.claims(findings)[6].reason.hasSuffix("and at half of that rate errs on 15.0 points more"))
  }

  @Test(
    "wrong labels that dropout does not refuse, units that break all the same, units no more even, a norm with a gain left"
  )
  func rest() {
    var findings = Self.findings()
    findings.noisy.nets[1] = findings.noisy.nets[0]
    findings.reliance.damage[1] = findings.reliance.damage[0]
    findings.reliance.hidden[1] = findings.reliance.hidden[0]
    findings.contest[6] = Self.net(5)
    #expect(verdicts(findings)[6...9] == [.notHere, .notHere, .notHere, .notHere])
    // Less than without batch norm, but more than zero.
    findings.contest[6] = Self.net(7.5)
    #expect(verdicts(findings)[9] == .notHere)
    findings.contest[6] = Self.net([7, 9, 8])
    #expect(verdicts(findings)[9] != .notHere)
    let page = Dropouts.page(findings, RunRecord())
    #expect(page.text.contains("points without dropout and 10.0 with both dropped in training: within chance"))
    // Significant, but too small to matter.
    findings.reliance.hidden[1] = Self.hidden([0.57, 0.58, 0.59])
    #expect(verdicts(findings)[8] == .notHere)
  }

  @Test("slides state what the run has decided, and no more")
  func slides() {
    func titles(_ findings: Dropouts.Findings) -> [String] {
      Dropouts.page(findings, RunRecord()).deck.map(\.title)
    }
    var findings = Self.findings()
    var found = titles(findings)
    #expect(found.contains("Do 1024 thinned nets beat one whole net?"))
    #expect(found.contains("One pass is within a point of the average of 64 nets"))
    #expect(found.contains("Dropout helps here. Do its rivals?"))
    findings.sampled = Self.sampled(onePass: 12)
    findings.contest[Dropouts.Place.dropout] = Self.net(20)
    findings.byWidth.nets[1][3] = Self.net(10.5)
    findings.noisy.nets[1] = findings.noisy.nets[0]
    findings.reliance.damage[1] = findings.reliance.damage[0]
    found = titles(findings)
    #expect(found.contains("Averaging 64 nets beats one pass"))
    #expect(found.contains("Dropout costs here. Do its rivals?"))
    #expect(found.contains("Units removed: too few nets to tell"))
  }

  @Test("one seed decides nothing")
  func oneSeed() {
    var findings = Self.findings()
    findings.ensembles = Array(findings.ensembles.prefix(1))
    findings.noisy.nets = findings.noisy.nets.map {
      Tuned(rate: $0.rate, decay: $0.decay, runs: Array($0.runs.prefix(1)))
    }
    let claims = Dropouts.claims(findings)
    #expect(claims[1].verdict == .undecided && claims[6].verdict == .undecided)
    #expect(claims[6].reason == "a verdict needs three seeds")
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = Dropouts.page(Self.findings(), RunRecord())
    #expect(
      page.figures.map(\.name) == [
        "dropped-sums", "thinned-nets", "sampled-ensemble", "width-sweep", "wrong-labels", "damage",
      ])
    #expect(page.claims == Dropouts.claims(Self.findings()))
    // The last one is a curve to be drawn.
    #expect(page.predictions.map(\.answer) == ["100 %", "more mistakes", "fewer of them", ""])
    #expect(page.text.contains("What dropout saves, by the width of the layers"))
    #expect(page.text.contains("With a fifth of the labels wrong, dropout is ahead at the end"))
  }

  @Test("the ten lines of the page do what the library's layer does")
  func inverted() {
    var (mine, generator) = (InvertedDropout(p: 0.25), SeededGenerator(seed: 1))
    let x: [Float] = [1, -2, 3, 4, 5, 6, 7, 8]
    let y = mine.train(x, using: &generator)
    let mask = mine.factors.map { $0 == 0 ? Float(0) : 1 }
    var library = Dropout(dropping: 0.25, mask: Tensor([1, 8], mask))
    #expect(library.forward(Tensor([1, 8], x), mode: .training).elements == y)
    #expect(mine.test(x) == x && mine.backward(x) == y)
    #expect(Set(mine.factors).isSubset(of: [0, 1 / 0.75]))
  }
}
