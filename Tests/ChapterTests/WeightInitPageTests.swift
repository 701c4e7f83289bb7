// Chapter 4: the claims and the page for different findings, right and wrong.

import Testing
import Workbook

@testable import ch04_weight_init

@Suite("Chapter 4: claims and page")
struct WeightInitPageTests {
  private static let seeds = [1, 2, 3] as [UInt64]

  private static func near(_ value: Double, by share: Double = 0.01) -> Summary {
    Summary(seeds.indices.map { value * (1 + share * Double($0 - 1)) })
  }

  /// Three seeds of a network in which activations and gradients change by a factor in each layer.
  private static func runs(
    _ deviation: Double, by factor: Double, saturated: Double = 0, arriving gradient: Double = 1,
    variance share: Double = 1
  ) -> [[Spread]] {
    seeds.indices.map { seed in
      (0..<WeightInit.depth).map { layer in
        var size = deviation * (1 + 0.001 * Double(seed))
        for _ in 0..<layer { size *= factor }
        return Spread(
          mean: 0, deviation: size, rootMeanSquare: size, zeros: 0, saturated: saturated, inputVariance: share,
          inputSquare: 1, sumVariance: 1, gradientDeviation: layer == 0 ? gradient : 1,
          histogram: seed == 0 ? [0.5, 0.5] : [])
      }
    }
  }

  private static func symmetry(units: Int) -> SymmetryFindings {
    func run(_ units: Int, _ error: Double) -> SymmetryRun {
      SymmetryRun(
        errors: [0.5, error], distinctUnits: units, spread: units == 1 ? 0 : 0.5,
        weights: (0..<16).map { [0.5 + Float($0 % units), 0.4] })
    }
    return SymmetryFindings(
      seeds: seeds,
      runs: [(1, 0.5), (units, units == 1 ? 0.4 : 0.015), (16, 0.01)].map { units, error in
        seeds.map { _ in run(units, error) }
      })
  }

  /// Findings as expected; at this width, the formula needs no factor.
  private static func findings() -> WeightInit.Findings {
    // Din·Var(w) is 1 for Xavier's initialization, and E[x²] and Var(y) are 1 in all layers.
    let signals = SpreadExperiment(spreads: [
      runs(0.5, by: 0.6), runs(0.85, by: 1, saturated: 0.5, arriving: 7), runs(0.6, by: 0.9),
      runs(0.6, by: 0.7071), runs(0.8, by: 1, variance: 0.34),
    ])
    let left = near(ThirtyFindings.theory, by: 0.1)
    return WeightInit.Findings(
      data: "made-up digits", seeds: seeds, mine: nil, symmetry: symmetry(units: 1), width: 4096, signals: signals,
      gainWidth: 128,
      gains: [1, 2].map {
        ScaleFrame(
          gain: $0, tanhSignal: [1, 1], reluSignal: [1, $0], tanhGradient: [$0, 1], reluGradient: [1, 1])
      },
      thirty: ThirtyFindings(
        width: 256, sizes: [(0..<30).map { _ in left }, (0..<30).map { _ in near(0.9) }]),
      cosines: CosineFindings(
        width: 128, imageCount: 10,
        cosines: [0.98, 0.4, 0.1].map { end in
          (0...30).map { layer in layer == 0 ? near(0.45, by: 0) : near(end) }
        }),
      training: DeepFindings(
        rates: [0.01], width: 32, epochs: 4, imageCount: 1500,
        finalLosses: [near(2.3, by: 0.001), near(0.5, by: 0.02), near(0.5, by: -0.02)]),
      tanhTraining: DeepFindings(
        rates: [0.01], width: 32, epochs: 4, imageCount: 1500,
        finalLosses: [near(2.3), near(0.7), near(1.1), near(1.8)]),
      trainingSeeds: 3,
      convolution: ConvolutionFindings(
        fanIns: ConvolutionFindings.kernels.map { near(Double($0.fanIn)) },
        sizes: [1.0, 3, 4].map { factor in
          (0..<10).map { layer in (0..<layer).reduce(1) { size, _ in size * factor } }
        }))
  }

  private func verdicts(_ findings: WeightInit.Findings) -> [Claim.Verdict] {
    WeightInit.claims(findings).map(\.verdict)
  }

  @Test("a sound run has its verdicts, and each is measured in numbers")
  func sound() {
    let claims = WeightInit.claims(Self.findings())
    #expect(claims.count == 11 && claims.allSatisfy { $0.measurement?.seeds == 3 })
    let verdicts = claims.map(\.verdict)
    #expect(verdicts[0] == .reproduced && verdicts[4] == .notHere && verdicts[9] == .reproduced)
    #expect(verdicts[2...3] == [.reproduced, .reproduced] && verdicts[6...8].allSatisfy { $0 == .reproduced })
    #expect(verdicts[5] == .partly && claims[5].reason.hasPrefix("it falls slowly: layer 6 has 59 % of layer 1"))
    #expect(claims[0].measured == "1 different of 16")
    #expect(claims[3].measured == "50 ± 0 % of units")
    #expect(claims[8].measured == "3.1×10⁻⁵ ± 3.1×10⁻⁶")
    #expect(claims[9].measured == "loss 2.30 ± 0.00 / 0.50 ± 0.01")
  }

  @Test("equal weights that differ after training overturn the first claim and its title")
  func symmetry() {
    var findings = Self.findings()
    findings.symmetry = Self.symmetry(units: 16)
    #expect(verdicts(findings)[0] == .notHere)
    let page = WeightInit.page(findings, RunRecord())
    #expect(page.text.contains("Sixteen equal units learned as much as sixteen different ones here"))
    #expect(page.predictions[0].answer == "16")
  }

  @Test("signals that do what the sources do not say")
  func signals() {
    var findings = Self.findings()
    findings.signals.spreads[0] = Self.runs(0.5, by: 1)
    findings.signals.spreads[1] = Self.runs(0.85, by: 1, saturated: 0.2, arriving: 0.05)
    findings.signals.spreads[3] = Self.runs(0.6, by: 1)
    findings.signals.spreads[4] = Self.runs(0.8, by: 1.05)
    let verdicts = verdicts(findings)
    #expect(verdicts[2] == .notHere && verdicts[3] == .partly && verdicts[4] == .reproduced)
    #expect(verdicts[6] == .notHere && verdicts[7] == .partly)
    #expect(WeightInit.page(findings, RunRecord()).text.contains("keep some spread"))
  }

  @Test("Xavier holds tanh where the signal keeps its size, partly where it falls slowly, else not")
  func xavier() {
    for (factor, verdict) in [(0.97, Claim.Verdict.reproduced), (0.9, .partly), (0.5, .notHere)] {
      var findings = Self.findings()
      findings.signals.spreads[2] = Self.runs(0.6, by: factor)
      #expect(verdicts(findings)[5] == verdict)
    }
  }

  @Test("what small weights leave is the answer, and a gradient of tanh that grows is told")
  func answers() {
    var findings = Self.findings()
    findings.signals.spreads[0] = Self.runs(0.5, by: 0.62)
    #expect(WeightInit.page(findings, RunRecord()).predictions[1].answer == "0.0459")
    findings.gains[1].gain = 5.0 / 3
    findings.gains[1].tanhGradient[0] = 4.9
    let text = WeightInit.page(findings, RunRecord()).text
    #expect(text.contains("the signal keeps its size, but the gradient grows 4.9 times on its way back."))
    #expect(text.contains("Our tanh nets of 30 layers learned better with 1, so we take 1."))
  }

  @Test("Xavier that learns as well makes it partly where He is ahead beyond chance, and not here where it is chance")
  func training() {
    var findings = Self.findings()
    findings.training.finalLosses = [Self.near(1.2), Self.near(0.5), Self.near(0.5)]
    #expect(verdicts(findings)[9] == .partly)
    findings.training.finalLosses = [Summary([0.4, 1.4, 0.5]), Summary([0.5, 0.6, 0.6]), Self.near(0.5)]
    #expect(verdicts(findings)[9] == .notHere)
  }

  @Test(
    "the control says whether it is the scale: Xavier's net trains too once its output is multiplied, or it does not")
  func control() {
    var findings = Self.findings()
    #expect(WeightInit.claims(findings)[9].reason.contains("it is the scale"))
    findings.training.finalLosses[2] = Self.near(2.3)
    #expect(verdicts(findings)[9] == .reproduced)
    #expect(WeightInit.claims(findings)[9].reason.contains("scale alone does not solve it"))
    findings.training.finalLosses.removeLast()
    #expect(!WeightInit.claims(findings)[9].reason.contains("scale"))
  }

  @Test("Xavier's plain net beyond the grid: explosions are counted")
  func beyond() {
    var findings = Self.findings()
    findings.plainXavier = PlainXavier(
      seeds: Self.seeds, rates: [4, 16],
      finalLosses: [Summary([.infinity, .infinity, .infinity]), Summary([.infinity, .infinity, .infinity])],
      adamRate: 0.001, adam: Self.near(1.6))
    #expect(WeightInit.claims(findings)[9].reason.contains("; at 4 and 16 it explodes"))
    findings.plainXavier?.finalLosses[0] = Summary([.infinity, 2.3, 2.3])
    #expect(!WeightInit.claims(findings)[9].reason.contains("explodes"))
    findings.depths = Self.study([14, 30, 30, 30])
    #expect(
      WeightInit.page(findings, RunRecord()).text.contains(
        "at rates of 4 and 16, 4 of 6 trainings (30 layers of 32 units) exploded and the others stayed at 2.30."))
  }

  @Test("two digits become alike or not: the title says which")
  func titles() {
    var findings = Self.findings()
    #expect(
      WeightInit.page(findings, RunRecord()).text.contains(
        "ReLU makes the signals of two digits alike; tanh with g = 5/3 drives them apart"))
    findings.cosines?.cosines[0][30] = Self.near(0.45, by: 0.1)
    #expect(
      WeightInit.page(findings, RunRecord()).text.contains(
        "The cosine of the signals of two digits after 30 layers: ReLU 0.45, tanh with g = 5/3 0.10"))
    findings.cosines = nil
    findings.tanhTraining = nil
    #expect(WeightInit.page(findings, RunRecord()).figures.count == 5)
  }

  /// Networks that learn with up to a number of 2, 14 and 30 layers, and guess beyond, for each initialization.
  private static func study(_ learned: [Int]) -> DepthStudy {
    DepthStudy(
      width: 128, trainingCount: 4000, validationCount: 1000, testCount: 2000, epochs: 8, rates: [0.01, 0.03],
      choosingSeeds: 2,
      nets: [2, 14, 30].map { depth in
        DepthStudy.Nets(
          depth: depth, rates: [0.01, 0.01, 0.03, 0.005],
          errors: learned.map { depth <= $0 ? near(12) : near(89, by: 0.001) })
      })
  }

  @Test("nets of several depths are the crown: their title, answer and control follow from them, the rest is folded")
  func depths() {
    var findings = Self.findings()
    findings.depths = Self.study([14, 30, 30, 30])
    var page = WeightInit.page(findings, RunRecord())
    #expect(
      page.figures.first { $0.name == "depths" }?.title
        == "In 1000 steps of SGD Xavier's ReLU nets learn with 14 layers and not with 30, He's with 30; so do Xavier's with one factor at the output"
    )
    #expect(page.predictions.last?.answer == "14" && page.predictions.count == 4)
    #expect(page.text.contains("with 30 layers 89 %, and from 30 layers on they guess"))
    #expect(page.text.contains("So at half of He's rate this net learns as He's does."))
    #expect(page.text.contains("The limit holds for 1000 steps: He"))
    #expect(!page.text.contains("this kind of descent"))
    #expect(page.deck.map(\.title).contains("With 14 layers Xavier's nets learn, with 30 they do not"))
    findings.depths = Self.study([30, 30, 30, 30])
    page = WeightInit.page(findings, RunRecord())
    #expect(
      page.text.contains(
        "In 1000 steps of SGD the deepest ReLU net that learns has at least 30 layers with Xavier's weights, at least 30 with He's"
      ))
    #expect(!page.text.contains("The limit holds for"))
    let study = Self.study([2, 14, 30, 30])
    #expect(study.deadFrom(0) == 14 && study.deadFrom(1) == 30 && study.deadFrom(2) == nil)
    #expect(study.learnedDepths(1) == [2, 14] && study.steps == 1000 && study.seeds == 3)
  }

  @Test("six saturated layers stand beside their gradient")
  func further() throws {
    var findings = Self.findings()
    findings.depths = Self.study([14, 30, 30, 30])
    findings.furtherDepths = FurtherDepths(saturatedRate: 0.01, saturated: Self.near(20))
    let page = WeightInit.page(findings, RunRecord())
    #expect(page.text.contains("Trained, six such layers learn (20 % of the test digits wrong)"))
    #expect(WeightInit.claims(findings)[4].reason.contains("six such layers of 128 units get 20.0 %"))
    findings.furtherDepths?.saturated = Self.near(80)
    let other = WeightInit.page(findings, RunRecord()).text
    #expect(other.contains("six such layers do not learn reliably (80 % of the test digits wrong)"))
    #expect(FurtherDepths.trainings(seeds: 5, choosing: 2) == 21)
  }

  /// Nets as a reader begins them: with Adam from Xavier's, He's and PyTorch's weights, and tanh with five gains.
  private static func own(_ deepest: [Double], tanh: [Double], last: Double) -> OwnCase {
    OwnCase(
      adam: OwnCase.starts.indices.flatMap { start in
        OwnCase.depths.map { depth in
          OwnCase.Net(
            name: OwnCase.starts[start].name, depth: depth, rate: 0.001,
            errors: near(depth == WeightInit.deep ? deepest[start] : 10))
        }
      },
      drawn: ["SGD", "Adam"].flatMap { optimizer in
        zip(OwnCase.lastGains, [13, last]).map {
          .init(
            name: OwnCase.drawnName(optimizer, last: $0), depth: WeightInit.deep, rate: 0.001, errors: near($1))
        }
      },
      tanh: OwnCase.tanhDepths.flatMap { depth in
        zip(OwnCase.gains, tanh).map {
          OwnCase.Net(name: short(Double($0), digits: 3), depth: depth, rate: 0.01, errors: near($1, by: 0.001))
        }
      }, inputSize: 0.33, firstLosses: [3.2, 2.8, 2.3])
  }

  @Test("nets as a reader begins them: Adam from each start, the page's own lines, and gains of tanh")
  func ownCase() {
    var findings = Self.findings()
    findings.depths = Self.study([14, 30, 30, 30])
    findings.own = Self.own([30, 12, 88], tanh: [15, 15, 18, 20], last: 20)
    let text = WeightInit.page(findings, RunRecord()).text
    #expect(text.contains("Xavier's nets still learn with 30 layers, but better from He's weights."))
    #expect(text.contains("From PyTorch's default they guess from 30 layers on."))
    #expect(text.contains("but better from He's weights (from PyTorch's default it does not)."))
    #expect(text.contains("12 % wrong against 30 %."))
    #expect(text.contains("our net of 30 layers then errs more: 20 ± 0 %"))
    let advice = WeightInit.page(findings, RunRecord()).tables.filter { $0.caption.hasPrefix("What to do") }
    #expect("\(advice.map(\.rows))".contains("30 layers, SGD: 13 % wrong"))
    #expect(text.contains("it may be half a unit higher: 2.80 with 6 layers") && !text.contains("layers[-1]"))
    #expect(text.contains("with 30 layers 1 (1.35 and 1.67 make more, beyond chance). So we take 1."))
    findings.own = Self.own([12, 12, 12], tanh: [15, 15, 15, 15], last: 13)
    let level = WeightInit.page(findings, RunRecord()).text
    #expect(
      level.contains("they learn as well as from He's") && level.contains("with 30 layers 1. So we take 1."))
    #expect(level.contains("Adam learns there all the same, as well as from He's weights."))
    #expect(level.contains("the first loss of 6 layers is then 2.30, not 2.80") && level.contains("layers[-1]"))
  }

  @Test("PyTorch's first weights and the looks at fresh nets are told where they were measured")
  func controls() throws {
    var findings = Self.findings()
    findings.depths = Self.study([14, 30, 30, 30])
    findings.furtherDepths = FurtherDepths(saturatedRate: 0.01, saturated: Self.near(20))
    findings.controls = DepthControls(
      pyTorch: .init(
        depths: [2, 4, 6], rates: [0.001, 0.001, 0.001], errors: [9, 20, 89].map { Self.near($0) }),
      looks: FreshLook.starts.map { start, depth in
        FreshLook(name: start.name, depth: depth, loss: 2.31, outputs: 0.5, first: 0.1, last: 0.2)
      })
    let page = WeightInit.page(findings, RunRecord())
    #expect(
      page.text.contains(
        "With SGD plain nets learned from it up to 4 dense layers."
      ))
    let looks = try #require(page.tables.first { $0.caption.contains("fresh nets") })
    #expect(looks.rows.count == FreshLook.starts.count && "\(looks.rows[0])".contains("2.31"))
  }

  @Test("plain convolutions say how deep a net of each start learns, and what to keep only where the weights decide")
  func convolutions() {
    var findings = Self.findings()
    func text(_ xavier: Double, _ torch: Double) -> String {
      findings.convDepths = ConvDepths(
        depths: [4, 8], rates: [[0.01, 0.01], [0.1, 0.1], [0.1, 0.1]],
        errors: [[6, 7], [9, xavier], [9, torch]].map { $0.map { Self.near($0) } })
      return WeightInit.page(findings, RunRecord()).text
    }
    #expect(
      text(80, 88).contains(
        "the deepest that learns with every seed has at least 8 from He's, 4 from Xavier's, 4 from PyTorch's weights"
      ))
    #expect(text(80, 88).contains("The first weights decide with convolutions as well."))
    #expect(text(10, 12).contains("the size of the first weights does not decide"))
  }

  @Test("two signals at right angles leave a wide ReLU layer with a cosine of 1/π, equal ones stay equal")
  func angles() {
    #expect(abs(cosineAfterReLU(0) - 1 / .pi) < 1e-12 && abs(cosineAfterReLU(1) - 1) < 1e-12)
    #expect((0..<100).allSatisfy { cosineAfterReLU(Double($0) / 100) > Double($0) / 100 })
  }

  @Test("the page tells of a recorded run with the depths, but for a reader's own answer")
  func recordedRun() {
    var large = Self.findings()
    large.depths = Self.study([14, 30, 30, 30])
    let kept = KeptFindings(WeightInit.chapter, RunRecord(), WeightInit.claims(large), large)
    #expect(WeightInit.page(Self.findings(), RunRecord(), recorded: kept).reportsRecord)
    var mine = Self.findings()
    mine.mine = ReadersStart(deviation: 0.02)
    #expect(!WeightInit.page(mine, RunRecord(), recorded: kept).reportsRecord)
  }

  @Test("layers of four inputs double the size, keep it, or halve it")
  func fourInputs() throws {
    let table = try #require(
      WeightInit.page(Self.findings(), RunRecord()).tables.first { $0.caption.contains("four inputs") })
    let cells = "\(table.rows)"
    #expect(cells.contains("1024") && cells.contains("0.00098") && table.rows.count == 3)
  }

  @Test("slides say which nets learn, and which gain keeps the signal, as the run has it")
  func slides() {
    func titles(_ findings: WeightInit.Findings) -> [String] {
      WeightInit.page(findings, RunRecord()).deck.map(\.title)
    }
    var findings = Self.findings()
    #expect(titles(findings).contains("ReLU: only a gain near 1 keeps the signal"))
    findings.gains[1].reluSignal = [1, 1]
    #expect(titles(findings).contains("Which gain keeps the signal of a ReLU?"))
    findings.depths = Self.study([14, 30, 30, 30])
    #expect(titles(findings).contains("With 14 layers Xavier's nets learn, with 30 they do not"))
  }

  @Test("with --mine the page says what the reader's answer gave, or why there is none")
  func mine() {
    var findings = Self.findings()
    findings.mine = ReadersStart(deviation: 0.02)
    #expect(WeightInit.page(findings, RunRecord()).text.contains("your answer to exercise 4.3 gives σ = 0.02"))
    findings.mine = ReadersStart(reason: "not attempted")
    #expect(WeightInit.page(findings, RunRecord()).text.contains("exercise 4.3 not attempted"))
  }

  @Test("every picture has its place, and the claims stand on the page")
  func whole() {
    let page = WeightInit.page(Self.findings(), RunRecord())
    #expect(
      page.figures.map(\.name) == [
        "symmetry", "std-by-layer", "histograms", "gradients-by-layer", "gain-sweep", "cosines",
      ])
    #expect(page.claims == WeightInit.claims(Self.findings()))
    #expect(page.predictions.count == 3)
    #expect(page.text.contains("Sixteen units that begin equal are one unit: 40 % stay wrong, epoch after epoch"))
  }

  @Test("the gradients of the weights are told where they were measured")
  func weightGradients() {
    var findings = Self.findings()
    for start in findings.signals.spreads.indices {
      for seed in findings.signals.spreads[start].indices {
        for layer in 0..<WeightInit.depth {
          findings.signals.spreads[start][seed][layer].weightGradient = start == 3 ? 0.2 : 1
        }
      }
    }
    #expect(
      WeightInit.page(findings, RunRecord()).text.contains(
        "∂L/∂W of a ReLU net is as large in layer 1 as in layer 6, with Xavier's weights 0.2 of He's."))
  }
}
