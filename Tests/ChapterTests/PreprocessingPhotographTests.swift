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
  static func photographs(_ errors: [Double]) -> PhotographFindings {
    PhotographFindings(
      data: "made-up photographs", seeds: seeds, means: [0.5, 0.5, 0.4], deviations: [0.25, 0.25, 0.25],
      curvatures: zip(PhotographFindings.methods, [24, 3, 50]).map { .init(method: $0, window: $1) },
      ending: PhotographEnding(
        count: 8_000, validationCount: 2_000, testCount: 10_000, epochs: 6, choosing: [101], seeds: seeds,
        rows: rows(errors)))
  }

  /// Another training on photographs.
  static func setting(_ kind: PhotographSetting.Kind, _ errors: [Double]) -> PhotographSetting {
    PhotographSetting(kind: kind, epochs: 6, choosing: [101], seeds: seeds, rows: rows(errors))
  }

  private static func rows(_ errors: [Double]) -> [PhotographFindings.Row] {
    zip(PhotographFindings.methods, errors).map { row($0, $1, rate: $0 == .channelStandard ? 0.0025 : 0.01) }
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
    #expect(page.deck.count <= 18)
    #expect(page.deck.map(\.title).contains("On photographs, the means save 4.0 points"))
    #expect(Preprocessings.claims(findings)[1].reason.contains("on colour photographs 4.0 points fewer errors"))
    #expect(Preprocessings.claims(findings)[4].reason.contains("on colour photographs"))
    #expect(text(Self.photographs([43, 43, 43])).contains("the channel means change nothing beyond chance"))
  }

  @Test("photographs: the starts say what costs errors, and the question and the takeaway say no more")
  func starts() {
    func told(small: Double, large: Double, stuck: Double, steps: Double) -> String {
      var found = Self.photographs([48, 44, 43])
      (found.on, found.stuck) = ([[1, 99], [45, 55]], [Self.near(70), Self.near(0)])
      found.ending?.factor = 2.1
      found.ending?.settings = [Self.setting(.long, [44, 44, 44])]
      found.ending?.starts = zip(FirstStart.allCases, [small, large, stuck, 47, steps]).map {
        StartRow(start: $0, row: Self.row(.raw, $1))
      }
      return text(found)
    }
    let all = told(small: 46, large: 46, stuck: 47, steps: 46)
    #expect(all.contains("70 % of the filters are stuck on raw pixels, and none"))
    #expect(all.contains("smaller ones save raw pixels 2.0 points"))
    #expect(all.contains("After 6 epochs we see no difference in test errors any more."))
    #expect(all.contains("Alone the stuck filters cost 3.0 points. The steps on raw pixels cost 2.0 points."))
    #expect(all.components(separatedBy: "the first sums are large").count == 3)
    let two = told(small: 48, large: 44, stuck: 47, steps: 46)
    #expect(two.contains("It is not the larger sums"))
    #expect(!two.contains("the first sums are large"))
    let none = told(small: 48, large: 44, stuck: 44, steps: 44)
    #expect(none.contains("Of the stuck filters alone we see no cost. Of the steps alone we see no cost."))
    #expect(!none.contains("There are two reasons"))
  }

  @Test("photographs: fewer epochs of centred pixels do as well as more of raw ones, where they do")
  func speed() {
    func told(raw: Double) -> String {
      var found = Self.photographs([48, 44, 47])
      found.ending?.settings = [Self.setting(.long, [raw, 44, 44])]
      return text(found)
    }
    #expect(told(raw: 44).contains("then made about as few errors in 6 epochs as with raw pixels in 6."))
    #expect(
      told(raw: 44).contains("centring saves time: 6 epochs of centred pixels do about as well as 6 of raw ones."))
    #expect(told(raw: 46).contains("then made fewer errors in 6 epochs than with raw pixels in 6."))
    #expect(told(raw: 40).contains("on photographs it saved our net 4.0 points of error"))
  }

  @Test("dividing: the verdict counts the trainings that it cost errors in, and those in which it saved some")
  func divided() {
    func told(_ settings: [[Double]]) -> String {
      var found = Self.photographs([48, 44, 47])
      found.ending?.settings = zip(PhotographSetting.Kind.allCases, settings).map { Self.setting($0, $1) }
      return text(found)
    }
    #expect(told([]).contains("On photographs, without batch norm, dividing cost errors in all 1 trainings."))
    #expect(told([]).contains("it cost our net, which starts from He's weights (chapter 4), 3.0 points in 6 epochs."))
    let none = told([[48, 44, 44], [48, 44, 44], [48, 44, 44]])
    #expect(none.contains("dividing cost errors in 1 of our 3 trainings"))
    #expect(none.contains("after 6 we see no difference, and none with batch norm"))
    let mixed = told([[48, 44, 43], [48, 44, 44], [48, 44, 45]])
    #expect(mixed.contains("and saved some in 1"))
    #expect(!mixed.contains("Why not divide by the standard deviation"))
    #expect(told([[48, 44, 44]]).contains("4 times as large and 16 times as fast"))
    #expect(told([[48, 44, 44]]).contains("the best one got 4 times as small"))
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
