// Chapter 3: what its page makes of controls, of other nets, and of the curvatures of digits.

import Foundation
import Testing
import Workbook

@testable import ch03_preprocessing

extension PreprocessingPageTests {
  @Test("λmax stands beside the losses, and whether they follow it")
  func spectrum() {
    var findings = Self.findings()
    findings.spectrum = SpectrumFindings(
      rows: [(Method.meanImage, false, 5), (.channelMean, false, 25), (.raw, false, 40), (.raw, true, 600)].map {
        Spectrum(method: $0.0, isWhite: $0.1, largest: $0.2)
      })
    #expect(!Preprocessings.page(Self.findings(), RunRecord()).text.contains("Why white paper is hard\n"))
    #expect(
      Preprocessings.page(findings, RunRecord()).text.contains("The losses of the dense net follow the order of"))
    findings.learning.losses[0] = [Self.near(0.3)]
    #expect(Preprocessings.page(findings, RunRecord()).text.contains("do not follow the predicted order beyond chance"))
  }

  /// Controls that end with these losses and errors.
  static func controls(
    raw: Summary, centred: Summary, shuffled: Summary, scattered: Summary = near(13)
  ) -> ControlFindings {
    ControlFindings(
      sums: SumControl(
        factor: 3.5, raw: learning([.raw], losses: [raw], errors: [near(12)]),
        centred: learning([.meanImage], losses: [centred], errors: [near(12)])),
      shuffled: learning([.raw], losses: [near(0.4)], errors: [shuffled]),
      scattered: learning([.principal], losses: [near(0.4)], errors: [scattered]))
  }

  @Test("white paper is hard for the mean, for large sums, for both, or for neither: the exchanged sums say which")
  func exchangedSums() {
    var findings = Self.findings()
    func text(_ raw: Double, _ centred: Double) -> String {
      findings.controls = Self.controls(
        raw: Self.near(raw), centred: Self.near(centred), shuffled: Self.near(13))
      return Preprocessings.page(findings, RunRecord()).text
    }
    #expect(!Preprocessings.page(findings, RunRecord()).text.contains("the first weights were made"))
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
    var full = findings
    full.otherNets = PaperFindings(
      adam: PaperNet(raw: ends(0.5, 12), centred: ends(0.2, 9)),
      normalized: PaperNet(raw: ends(0.2, 9), centred: ends(0.2, 9)), bytes: ends(1.5, 50))
    let told = text(recorded: full)
    #expect(told.contains("Do Adam and batch norm make it unnecessary?"))
    #expect(told.contains("Adam does not, though the mean costs it less. It gives each weight its own step size"))
    #expect(told.contains("Batch norm does, in training."))
    full.norms = [Self.norm(running: 12, exact: 9)]
    #expect(text(recorded: full).contains("With raw pixels these averages lag behind the weights"))
    full.norms = [Self.norm(running: 12, exact: 12)]
    #expect(text(recorded: full).contains("The test errors differ, with statistics computed anew, too."))
    full.norms = [Self.norm(running: 9, exact: 9)]
    #expect(text(recorded: full).contains("In the test errors we see no difference, either."))
    full.norms = [Self.norm(running: 12, exact: 9)]
    full.photographs = Self.photographs([48, 44, 47])
    full.photographs?.ending?.settings = [Self.setting(.norm, [45, 43, 43]), Self.setting(.long, [48, 44, 44])]
    #expect(
      text(recorded: full).contains("where the rate falls to 0 and the weights come to rest, 2.0 points are left"))
    // After many epochs, if that was measured.
    findings.longPaper = PaperNet(raw: ends(0.02, 9), centred: ends(0.01, 8))
    #expect(text(recorded: full).contains("More epochs pay most of it back: what a bad valley costs is mostly time."))
    #expect(text(recorded: full).contains("What the mean costs the dense net on white paper"))
  }

  /// Batch norm with these test errors of raw pixels; centred ones err 9 %.
  static func norm(running: Double, exact: Double) -> NormControl {
    NormControl(
      net: .dense, rate: 1, epochs: 3, seeds: seeds, count: 800,
      raw: .init(loss: near(0.2), running: near(running), exact: near(exact)),
      centred: .init(loss: near(0.2), running: near(9), exact: near(9)))
  }

  /// A net whose errors are these with raw pixels, the mean, and mean and deviation, with every kind of descent.
  static func rule(_ net: Net, _ errors: [Double]) -> RuleTable {
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

  @Test("the verdict on dividing follows from its table")
  func ruleTable() {
    var findings = Self.findings()
    func text(_ dense: [Double], _ filters: [Double]) -> String {
      findings.rule = [Self.rule(.dense, dense), Self.rule(.convolutional, filters)]
      return Preprocessings.page(findings, RunRecord()).text
    }
    findings.photographs = Self.photographs([48, 44, 47])
    #expect(
      text([8, 8, 9], [5, 5, 4]).contains(
        "On digits dividing cost the dense net 1.0 points and saved the convolutional net 1.0 points."))
    #expect(text([8, 8, 8], [5, 5, 5]).contains("centring changes no error beyond chance"))
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

  @Test("what PCA costs is held against pixels in another order")
  func controlsOfCosts() {
    var findings = Self.findings()
    findings.controls = Self.controls(
      raw: Self.near(0.9), centred: Self.near(0.3), shuffled: Self.near(9), scattered: Self.near(10))
    #expect(Preprocessings.claims(findings)[5].measured.hasPrefix("+2.0 ± 0.0 points of error"))
    #expect(Preprocessings.claims(findings)[5].reason.contains("neighbours, cost 1.0 (95 %"))
  }
}
