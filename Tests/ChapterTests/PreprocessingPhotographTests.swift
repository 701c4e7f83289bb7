// Chapter 3: what its page makes of colour photographs, and of rates that follow the curvature.

import Foundation
import Testing
import Workbook

@testable import ch03_preprocessing

extension PreprocessingPageTests {
  /// Trainings on photographs that end with these errors: raw, channel mean, channel std.
  static func photographs(_ plain: [Double], normalized: [Double]) -> PhotographFindings {
    func rows(_ errors: [Double]) -> [PhotographFindings.Row] {
      zip(PhotographFindings.methods, errors).map { method, error in
        .init(
          method: method, rates: [0.003, 0.01, 0.03], validation: [50, 45, 48], rate: 0.01, loss: near(error / 40),
          error: near(error), curve: [2, 1])
      }
    }
    return PhotographFindings(
      data: "made-up photographs", count: 8_000, validationCount: 2_000, testCount: 10_000, epochs: 4,
      choosing: [101, 102], seeds: seeds, means: [0.5, 0.5, 0.4], deviations: [0.2, 0.2, 0.3],
      curvatures: PhotographFindings.methods.map {
        .init(method: $0, whole: 900, window: $0 == .raw ? 24 : 6, learned: 40, directions: 76, steps: 1_000)
      }, plain: rows(plain), normalized: rows(normalized))
  }

  @Test("photographs: the answer stands in its figure and in the takeaway, as the seeds allow")
  func photographs() {
    var findings = Self.findings()
    let without = Preprocessings.page(findings, RunRecord())
    #expect(!without.figures.contains { $0.name == "photographs" })
    findings.photographs = Self.photographs([48, 44, 43], normalized: [42, 42, 42])
    let page = Preprocessings.page(findings, RunRecord())
    #expect(page.text.contains("on photographs it saved our net 4.0 points of error (without batch norm"))
    #expect(page.figures.contains { $0.title == "On colour photographs the channel means save 4.0 points of error" })
    #expect(page.text.contains("But the best of the rates tried is the same with and without the mean."))
    #expect(page.deck.count <= 18)
    #expect(page.deck.map(\.title).contains("On photographs, the means save 4.0 points"))
    #expect(Preprocessings.claims(findings)[1].reason.contains("on colour photographs 4.0 points fewer errors"))
    #expect(Preprocessings.claims(findings)[4].reason.contains("on colour photographs"))
    findings.photographs = Self.photographs([43, 43, 43], normalized: [42, 44, 44])
    let none = Preprocessings.page(findings, RunRecord()).text
    #expect(none.contains("On photographs it changed nothing beyond chance"))
  }

  @Test(
    "photographs: exchanged starts say whether the start or the way down costs errors, and many epochs what is left")
  func exchangedStarts() {
    var findings = Self.findings()
    func text(_ raw: Double, _ centred: Double, long: [Double] = [40, 40]) -> String {
      var found = Self.photographs([48, 44, 43], normalized: [42, 42, 42])
      found.stuck = [Self.near(70), Self.near(10)]
      found.exchanged = Self.photographs([raw, centred], normalized: []).plain
      found.long = Self.photographs(long, normalized: []).plain
      findings.photographs = found
      return Preprocessings.page(findings, RunRecord()).text
    }
    #expect(text(46, 46).contains("Both do harm: the steps alone cost 2.0 points, the start alone 2.0."))
    #expect(text(48, 44).contains("The steps do the damage, not the start: the steps alone cost 4.0"))
    #expect(text(44, 48).contains("The start does the damage, not the steps"))
    #expect(text(44, 44).contains("Neither does certain damage alone"))
    #expect(text(48, 44).contains("Of the untrained filters 70 % are on, or off"))
    #expect(text(48, 44).contains("After 16 epochs without batch norm no difference beyond chance is left (95 %"))
    #expect(text(48, 44, long: [42, 40]).contains("After 16 epochs without batch norm 2.0 points are left (95 %"))
    #expect(text(46, 46).contains("Each of the two costs errors alone"))
    #expect(text(46, 46).contains("do harm by the start of the filters and by the steps"))
    #expect(text(48, 44).contains("Alone, only the steps cost errors beyond chance"))
    #expect(!text(48, 44).contains("by the start of the filters"), "the start costs nothing")
  }

  @Test("photographs trained to the end: what is left of the means, and what dividing adds")
  func ending() {
    var findings = Self.findings()
    func text(_ errors: [Double]) -> String {
      var found = Self.photographs([48, 44, 44], normalized: [42, 42, 42])
      found.ending = PhotographEnding(
        count: 40_000, validationCount: 5_000, testCount: 10_000, epochs: 8, choosing: [101], seeds: Self.seeds,
        rows: Self.photographs(errors, normalized: []).plain ?? [])
      findings.photographs = found
      return Preprocessings.page(findings, RunRecord()).text
    }
    let left = text([32, 30, 30])
    #expect(left.contains("On colour photographs the channel means save 2.0 points of error"))
    #expect(left.contains("on photographs it saved our net 2.0 points of error"))
    #expect(left.contains("Dividing cost errors in none and saved some in none"))
    let none = text([30, 30, 32])
    #expect(none.contains("On colour photographs the channel means change nothing beyond chance"))
    #expect(none.contains("Dividing cost errors in 1 and"))
  }

  @Test("dividing is the same as larger first weights and a larger rate of the first layer, each told with its loss")
  func twoParts() {
    var findings = Self.findings()
    func end(_ loss: Double) -> PaperNet.End {
      .init(rate: 0.1, isAtEnd: false, loss: Self.near(loss), error: Self.near(9))
    }
    // The channel mean ends at 0.35.
    let place = findings.learning.methods.firstIndex(of: .channelStandard)!
    findings.learning.losses[place] = findings.learning.losses[place].map { _ in Self.near(0.7) }
    #expect(Preprocessings.page(findings, RunRecord()).text.contains("we cannot explain that"))
    findings.division = DivisionControl(factor: 3, weights: end(0.35), rate: end(0.7))
    let text = Preprocessings.page(findings, RunRecord()).text
    #expect(text.contains("The larger rate alone raises the loss to"))
    #expect(text.contains("the larger start alone changes it by nothing beyond chance"))
  }

  @Test("with the shifted start the net on raw pixels computes what it computes on centred ones")
  func shiftedStart() throws {
    var images = Tensor(zeros: [4, 3, 32, 32])
    var generator = SeededGenerator(seed: 1, stream: 2)
    images.fillNormal(standardDeviation: 0.2, using: &generator)
    let raw = images.map { $0 + 0.5 }
    let mean = ChannelMean.fit(raw)
    var net = try Model(photographNet(isNormalized: false), input: [3, 32, 32], seed: 3)
    var shifted = net
    shifted.subtractAtStart(mean.mean)
    let (one, two) = (shifted.forward(raw).elements, net.forward(mean.apply(raw)).elements)
    #expect(zip(one, two).allSatisfy { abs($0 - $1) < 1e-3 })
    let samples = TensorSamples(name: "grey", inputs: raw.map { $0 + 2 }, labels: [0, 1, 2, 3], classCount: 10)
    #expect(try stuckFilters(samples, seed: 3) > 50, "bright windows")
  }

  @Test("the best rates times λmax are told where they agree, and not where they do not")
  func rates() {
    var findings = Self.findings()
    func row(_ method: Method, _ largest: Double, onWhite isWhite: Bool = false) -> Spectrum {
      Spectrum(
        method: method, isWhite: isWhite,
        values: [largest] + [Double](repeating: 0.1, count: SpectrumFindings.ranks(of: 785).count - 1), learned: 300,
        left: 0.1)
    }
    func text(_ channel: Double) -> String {
      findings.spectrum = SpectrumFindings(
        steps: 75, still: 67,
        rows: [row(.meanImage, 5), row(.channelMean, channel), row(.raw, 40), row(.raw, 60, onWhite: true)])
      return Preprocessings.page(findings, RunRecord()).text
    }
    #expect(text(30).contains("So do the best rates"))
    #expect(!text(600).contains("So do the best rates"))
  }
}
