// Chapter 3: what its page makes of colour photographs.

import Foundation
import Testing
import Workbook

@testable import ch03_preprocessing

extension PreprocessingPageTests {
  private static func row(_ method: Method, _ error: Double, rate: Double = 0.01) -> PhotographFindings.Row {
    .init(
      method: method, rates: [rate / 2, rate, 2 * rate], validation: [50, 45, 48], rate: rate, loss: near(error / 40),
      error: near(error))
  }

  /// Trainings on photographs that end with these errors: raw, channel mean, mean and std.
  static func photographs(_ errors: [Double], normalized: [Double] = [42, 42, 42]) -> PhotographFindings {
    func rows(_ errors: [Double]) -> [PhotographFindings.Row] {
      zip(PhotographFindings.methods, errors).map { row($0, $1, rate: $0 == .channelStandard ? 0.0025 : 0.01) }
    }
    return PhotographFindings(
      data: "made-up photographs", count: 8_000, validationCount: 2_000, testCount: 10_000, epochs: 4,
      choosing: [101, 102], seeds: seeds, means: [0.5, 0.5, 0.4], deviations: [0.25, 0.25, 0.25],
      curvatures: PhotographFindings.methods.map {
        .init(method: $0, window: [24, 3, 50][$0 == .raw ? 0 : $0 == .channelMean ? 1 : 2])
      },
      plain: rows([48, 44]), normalized: rows(normalized),
      ending: PhotographEnding(
        count: 8_000, validationCount: 2_000, testCount: 10_000, epochs: 6, choosing: [101], seeds: seeds,
        rows: rows(errors)))
  }

  private func text(_ found: PhotographFindings) -> String {
    var findings = Self.findings()
    findings.photographs = found
    return Preprocessings.page(findings, RunRecord()).text
  }

  @Test("photographs: the answer stands in its figure and in the takeaway, as the seeds allow")
  func photographs() {
    var findings = Self.findings()
    let without = Preprocessings.page(findings, RunRecord())
    #expect(!without.figures.contains { $0.name == "photographs" })
    findings.photographs = Self.photographs([48, 44, 47])
    let page = Preprocessings.page(findings, RunRecord())
    #expect(page.text.contains("on photographs it saved our net 4.0 points of error"))
    #expect(page.figures.contains { $0.title == "On colour photographs the channel means save 4.0 points of error" })
    #expect(page.text.contains("alone does not explain this figure") && page.text.contains("and fewer errors."))
    #expect(page.text.contains("Without it, dividing slowed our small net down on photographs."))
    #expect(page.deck.count <= 18)
    #expect(page.deck.map(\.title).contains("On photographs, the means save 4.0 points"))
    #expect(Preprocessings.claims(findings)[1].reason.contains("on colour photographs 4.0 points fewer errors"))
    #expect(Preprocessings.claims(findings)[4].reason.contains("on colour photographs"))
    #expect(text(Self.photographs([43, 43, 43])).contains("the channel means change nothing beyond chance"))
    #expect(text(Self.photographs([43, 43, 43])).contains("gave our small net no gain that we could see"))
    #expect(text(Self.photographs([48, 44, 42])).contains("Without it, dividing saved our small net errors."))
    #expect(!text(Self.photographs([43, 43, 47])).contains("does not explain this figure"))
    #expect(
      text(Self.photographs([48, 44, 44], normalized: [42, 42, 44])).contains("With batch norm dividing cost errors"))
  }

  @Test("photographs: exchanged starts say whether the start or the steps cost errors")
  func exchangedStarts() {
    func told(_ raw: Double, _ centred: Double) -> String {
      var found = Self.photographs([48, 44, 43])
      (found.on, found.stuck) = ([[1, 99], [45, 55]], [Self.near(70), Self.near(0)])
      found.exchanged = [Self.row(.raw, raw), Self.row(.channelMean, centred)]
      return text(found)
    }
    #expect(told(46, 46).contains("Both do harm: each of them alone costs about 2 points."))
    #expect(told(48, 44).contains("The steps do harm: alone they cost 4.0 points."))
    #expect(told(44, 48).contains("The start does harm: alone it costs 4.0 points."))
    #expect(told(44, 44).contains("Of neither alone do we see a cost."))
    #expect(told(46, 46).contains("70 % of the filters are on, or off, nearly everywhere on raw pixels, and none"))
    #expect(told(46, 46).contains("each step moves all sums the same way"))
    #expect(!told(44, 44).contains("each step moves all sums the same way"))
  }

  @Test("dividing is a larger start and faster steps, and the page says which of them costs errors")
  func twoParts() {
    func told(_ both: Double, start: Double, pace: Double) -> String {
      var found = Self.photographs([48, 44, both])
      found.ending?.start = Self.row(.channelMean, start)
      found.ending?.pace = Self.row(.channelStandard, pace)
      return text(found)
    }
    #expect(told(47, start: 44, pace: 47).contains("The faster steps cost the errors, not the start."))
    #expect(told(47, start: 44, pace: 47).contains("4 times as large and 16 times as fast"))
    #expect(told(47, start: 44, pace: 47).contains("the best rate is 4 times as small"))
    #expect(told(47, start: 47, pace: 44).contains("The larger start costs the errors, not the faster steps."))
    #expect(told(47, start: 46, pace: 46).contains("Both parts cost errors"))
    #expect(told(47, start: 44, pace: 44).contains("of neither part alone do we see a cost"))
    #expect(told(42, start: 44, pace: 44).contains("Together they save errors here."))
    #expect(told(44, start: 44, pace: 44).contains("errs as much as the other one"))
  }

  @Test(
    "with the shifted start the net on raw pixels computes what it computes on centred ones; scaled, on divided ones")
  func changedStart() throws {
    var images = Tensor(zeros: [4, 3, 32, 32])
    var generator = SeededGenerator(seed: 1, stream: 2)
    images.fillNormal(standardDeviation: 0.2, using: &generator)
    let raw = images.map { $0 + 0.5 }
    let (mean, divided) = (ChannelMean.fit(raw), ChannelStandardization.fit(raw))
    var net = try Model(photographNet(isNormalized: false), input: [3, 32, 32], seed: 3)
    var (shifted, scaled) = (net, net)
    shifted.subtractAtStart(mean.mean)
    scaled.scaleAtStart(divided.standardDeviation)
    let centred = net.forward(mean.apply(raw)).elements
    for found in [shifted.forward(raw).elements, scaled.forward(divided.apply(raw)).elements] {
      #expect(zip(found, centred).allSatisfy { abs($0 - $1) < 1e-3 })
    }
    let samples = TensorSamples(name: "grey", inputs: raw.map { $0 + 2 }, labels: [0, 1, 2, 3], classCount: 10)
    #expect(stuckShare(try windowsOn(samples, seed: 3)) > 50, "bright windows")
  }
}
