// Chapter 3: what its page makes of controls, of other nets, and of the curvatures of digits.

import Foundation
import Testing
import Workbook

@testable import ch03_preprocessing

extension PreprocessingPageTests {
  @Test("the curvatures of digits have their figure, and losses out of the predicted order are named")
  func spectrum() {
    var findings = Self.findings()
    let (ranks, values) = (SpectrumFindings.ranks(of: 785), [Double](repeating: 0.1, count: 40))
    func row(_ method: Method, _ left: Double, onWhite isWhite: Bool = false) -> Spectrum {
      Spectrum(
        method: method, isWhite: isWhite, values: [isWhite ? 600 : 5] + values.prefix(ranks.count - 1), learned: 300,
        left: left)
    }
    findings.spectrum = SpectrumFindings(
      steps: 75, still: 67,
      rows: [
        row(.whitened, 0.001), row(.meanImage, 0.02), row(.channelMean, 0.04), row(.channelStandard, 0.05),
        row(.raw, 0.06), row(.raw, 0.2, onWhite: true),
      ])
    #expect(ranks.first == 1 && ranks.last == 785 && zip(ranks, ranks.dropFirst()).allSatisfy { $0 < $1 })
    var page = Preprocessings.page(findings, RunRecord())
    #expect(page.figures[3].name == "spectrum" && page.figures[3].title.contains("from 5 to 600 on white paper"))
    #expect(page.text.contains("some pixels of digits are the same in all images"))
    #expect(page.text.contains("All losses in the table have the predicted order within chance. "))
    #expect(page.deck.count <= 17)
    findings.spectrum?.rows[0].left = 0.03
    page = Preprocessings.page(findings, RunRecord())
    #expect(page.text.contains("the predicted order within chance, except for mean image. "))
  }

  /// Controls that end with these losses and errors.
  static func controls(
    raw: Summary, centred: Summary, shuffled: Summary, leading: Summary, scattered: Summary = near(13)
  ) -> ControlFindings {
    ControlFindings(
      sums: SumControl(
        factor: 3.5, raw: learning([.raw], losses: [raw], errors: [near(12)]),
        centred: learning([.meanImage], losses: [centred], errors: [near(12)])),
      shuffled: learning([.raw], losses: [near(0.4)], errors: [shuffled]),
      scattered: learning([.principal], losses: [near(0.4)], errors: [scattered]),
      leading: learning([.whitened], losses: [near(0.2)], errors: [leading]), kept: 83)
  }

  @Test("white paper is hard for the mean, for large sums, for both, or for neither: the exchanged sums say which")
  func exchangedSums() {
    var findings = Self.findings()
    func text(_ raw: Double, _ centred: Double) -> String {
      findings.controls = Self.controls(
        raw: Self.near(raw), centred: Self.near(centred), shuffled: Self.near(13), leading: Self.near(12))
      return Preprocessings.page(findings, RunRecord()).text
    }
    #expect(!Preprocessings.page(findings, RunRecord()).text.contains("We exchanged the sizes"))
    // Without a difference in the third digit, chance is zero.
    #expect(
      text(0.85, 0.3).contains("The mean itself does the damage: large sums alone cost nothing beyond"))
    #expect(
      text(0.85, 0.32).contains("Almost all of the damage is done by the mean itself."))
    #expect(
      text(0.85, 0.5).contains("Each of the two does harm."))
    #expect(text(0.3, 0.9).contains("The size of the sums does the damage, not the mean."))
    #expect(text(0.3, 0.3).contains("Neither does the damage alone."))
  }

  @Test("white paper in the convolutional net, and what Adam, batch norm and undivided bytes make of it")
  func otherNets() {
    var findings = Self.findings()
    func ends(_ loss: Double, _ error: Double) -> PaperNet.End {
      .init(rate: 0.1, isAtEnd: false, loss: Self.near(loss), error: Self.near(error))
    }
    func text(recorded: Preprocessings.Findings? = nil) -> String {
      Preprocessings.page(
        findings, RunRecord(),
        recorded: recorded.map { KeptFindings(Preprocessings.chapter, RunRecord(), [], $0) }
      ).text
    }
    #expect(!text().contains("Do Adam and batch norm"))
    findings.paper = PaperNet(raw: ends(0.9, 20), centred: ends(0.3, 8))
    findings.convolution.losses[0] = [Self.near(0.2)]
    #expect(text().contains("on black paper the filters learn raw pixels a little better than centred ones"))
    findings.convolution.losses[0] = [Self.near(0.4)]
    #expect(!text().contains("One pair of bars contradicts"))
    var full = findings
    full.otherNets = PaperFindings(
      adam: PaperNet(raw: ends(0.5, 12), centred: ends(0.2, 9)),
      normalized: PaperNet(raw: ends(0.2, 9), centred: ends(0.2, 9)), bytes: ends(1.5, 50))
    let told = text(recorded: full)
    #expect(told.contains("Do Adam and batch norm make it unnecessary?"))
    #expect(told.contains("Adam does not: on white paper the mean still costs 3.0 points of test error."))
    #expect(
      told.contains("Batch norm does, in training.") && told.contains("our training losses are equal seed by seed"))
    full.norms = [Self.norm(running: 12, exact: 9)]
    #expect(text(recorded: full).contains("A test can still differ, by the averages alone"))
    full.norms = [Self.norm(running: 12, exact: 12)]
    #expect(text(recorded: full).contains("The test errors differ, with statistics computed anew, too."))
    full.norms = [Self.norm(running: 9, exact: 9)]
    #expect(text(recorded: full).contains("The test errors do not differ beyond chance, either."))
    #expect(told.contains("the dense net then gets 50 % wrong, and 12 % on pixels from 0 to 1."))
    // After many epochs, if that was measured.
    #expect(told.contains("is not measured here."))
    findings.longPaper = PaperNet(raw: ends(0.02, 9), centred: ends(0.01, 8))
    #expect(text(recorded: full).contains("raw pixels then make 1.0 points more errors on white paper"))
  }

  /// Batch norm with these test errors of raw pixels; centred ones err 9 %.
  static func norm(running: Double, exact: Double) -> NormControl {
    NormControl(
      net: .dense, rate: 1, epochs: 3, seeds: seeds, count: 800,
      raw: .init(loss: near(0.2), running: near(running), exact: near(exact)),
      centred: .init(loss: near(0.2), running: near(9), exact: near(9)))
  }

  /// A net whose errors are these with raw pixels, the mean, and mean and deviation, with every kind of descent.
  static func rule(_ net: RuleTable.Net, _ errors: [Double]) -> RuleTable {
    RuleTable(
      net: net, data: "made-up", count: 800, validationCount: 100, testCount: 100, epochs: 3, choosing: [101],
      seeds: seeds,
      rows: Descent.allCases.flatMap { descent in
        zip(RuleTable.methods, errors).map { method, error in
          .init(
            descent: descent, method: method, rates: [0.1, 0.2, 0.4], validation: [9, 8, 9], rate: 0.2, loss: near(0.3),
            error: near(error))
        }
      })
  }

  @Test("the rule follows from its table: what the mean saves on photographs, and what dividing changes in each net")
  func ruleTable() {
    var findings = Self.findings()
    func text(_ dense: [Double], _ filters: [Double], _ photographs: [Double]) -> String {
      findings.rule = [
        Self.rule(.dense, dense), Self.rule(.convolutional, filters), Self.rule(.photographs, photographs),
      ]
      return Preprocessings.page(findings, RunRecord()).text
    }
    let both = text([8, 8, 9], [5, 5, 4], [60, 50, 53])
    #expect(both.contains("on photographs it saved our net 10.0 points of error (without batch norm"))
    #expect(both.contains("On photographs it saved 10.0 points of error, and dividing by the standard"))
    #expect(both.contains("as well cost 3.0"))
    #expect(both.contains("In a net of your own without a recipe, subtract only."))
    // Two rows of digits, and one for each method of descent of photographs.
    #expect(both.contains("The mean saved errors beyond chance in 3 of 5 trainings and cost some in none."))
    #expect(both.contains("Dividing cost errors in 4 and saved some in 1."))
    let more = text([8, 8, 9], [5, 5, 5], [60, 50, 48])
    #expect(more.contains("as well saved 2.0 more") && more.contains("without a recipe, try both."))
    #expect(text([8, 8, 8], [5, 5, 4], [60, 50, 50]).contains("as well changed nothing beyond chance"))
    #expect(text([8, 8, 8], [5, 5, 5], [50, 50, 50]).contains("On photographs it changed nothing beyond chance"))
  }

  @Test("a search for a rate goes on until the best one is between two worse ones")
  func searchForRates() {
    var search = RateDoubling(from: 0.2)
    #expect(search.next == [0.1, 0.2, 0.4])
    for (rate, error) in [(Float(0.1), 9.0), (0.2, 8), (0.4, 7)] { search.add(rate, error: error) }
    #expect(search.next == [0.8])
    search.add(0.8, error: 7.5)
    #expect(search.next.isEmpty && search.best == 0.4)
  }

  @Test("with statistics computed anew, batch norm makes raw and centred images the same")
  func batchNorm() throws {
    let train = PreprocessingChapterTests.train
    let dark = inverted(train)
    let control = try NormControl(
      .dense, { Net.normalized.layers(for: train.sampleShape) }, rate: 0.1, SGD(), epochs: 1, seeds: [1],
      count: train.count, dark, inverted(PreprocessingChapterTests.test), mean: MeanImage.fit(dark.inputs))
    #expect(abs(control.raw.loss.mean - control.centred.loss.mean) < 0.01)
    #expect(abs(control.costs.exact.mean) < 1)
  }

  @Test("what whitening and PCA cost is held against the leading directions, and against pixels in another order")
  func controlsOfCosts() {
    var findings = Self.findings()
    func text(shuffled: Double, leading: Double, scattered: Double) -> String {
      findings.controls = Self.controls(
        raw: Self.near(0.9), centred: Self.near(0.3), shuffled: Self.near(shuffled), leading: Self.near(leading),
        scattered: Self.near(scattered))
      return Preprocessings.page(findings, RunRecord()).text
    }
    // Whitened 20 %, with the mean image 12; in the convolutional net raw and with the mean image 8 %, PCA 14.
    findings.learning.curves[Method.whitened.rawValue] = [3, 0.5]
    let most = text(shuffled: 13, leading: 12, scattered: 12)
    #expect(most.contains("8.0 points fewer test errors, so the noise costs errors, and it is the whole reason."))
    #expect(most.contains("the same for all images, cost 5.0: the lost neighbours are more than enough"))
    let little = text(shuffled: 9, leading: 14, scattered: 10)
    #expect(little.contains("6.0 points fewer test errors, so the noise costs errors, but it is not the whole reason."))
    #expect(little.contains("cost 1.0: the lost neighbours are a part of the reason, not all of it."))
    #expect(little.contains("PCA the convolutional net 2.0 points"))
    #expect(Preprocessings.claims(findings)[5].measured.hasPrefix("+2.0 ± 0.0 points of error"))
    #expect(Preprocessings.claims(findings)[5].reason.contains("neighbours, cost 1.0 (95 %"))
    #expect(text(shuffled: 9, leading: 20, scattered: 14).contains("so the reason for the errors is another one"))
  }

  @Test("each ε has a rate of its own")
  func sweptRates() {
    var findings = Self.findings()
    findings.whitening.rates = [
      .init(rate: 0.1, isAtEnd: true, error: Self.near(24)), .init(rate: 3, isAtEnd: false, error: Self.near(12)),
    ]
    let text = Preprocessings.page(findings, RunRecord()).text
    #expect(text.contains("the dense net gets 24.0 % wrong at ε = 0.001, 12.0 % at 0.1, and"))
    #expect(WhiteningFindings.rates(for: 3).max() == 3 && WhiteningFindings.rates(for: 0.01).max() == 1)
  }
}
