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
    #expect(page.text.contains("On photographs this saved our net without batch norm (chapter 5) 4.0 points of error"))
    #expect(page.figures.contains { $0.title == "On colour photographs the channel means save 4.0 points of error" })
    #expect(page.deck.count <= 18)
    #expect(page.deck.map(\.title).contains("On photographs, the means save 4.0 points"))
    #expect(Preprocessings.claims(findings)[1].reason.contains("on colour photographs 4.0 points fewer errors"))
    #expect(Preprocessings.claims(findings)[4].reason.contains("on colour photographs"))
    #expect(text(Self.photographs([43, 43, 43])).contains("the channel means change nothing beyond chance"))
  }

  @Test("photographs: all eight starts say what each cause costs, and the question and the takeaway say no more")
  func starts() {
    func told(small: Double, large: Double, stuck: Double, both: Double, steps: Double, sums: Double) -> String {
      var found = Self.photographs([48, 44, 43])
      (found.on, found.stuck) = ([[1, 99], [45, 55]], [Self.near(70), Self.near(0)])
      found.ending?.factor = 2.1
      found.ending?.settings = [Self.setting(.long, [44, 44, 44])]
      found.ending?.starts = zip(FirstStart.allCases, [small, large, stuck, both, steps, sums]).map {
        StartRow(start: $0, row: Self.row(.raw, $1))
      }
      return text(found)
    }
    let all = told(small: 47, large: 45, stuck: 45.5, both: 46.5, steps: 45.5, sums: 46.5)
    #expect(all.contains("70 % of the filters are stuck on raw pixels, and none"))
    #expect(all.contains("the steps cost 1.5 points, stuck filters cost 1.5 points, and larger sums cost 1.0 points"))
    #expect(all.contains("After 6 epochs we see no difference in test errors beyond chance any more."))
    #expect(all.components(separatedBy: "the first sums are large").count == 3)
    let two = told(small: 48, large: 44, stuck: 46, both: 46, steps: 46, sums: 46)
    #expect(two.contains("of larger sums we see no cost beyond chance"))
    #expect(!two.contains("the first sums are large"))
  }

  @Test("dividing: the verdict counts the trainings that it cost errors in, and those in which it saved some")
  func divided() {
    func told(_ settings: [(PhotographSetting.Kind, [Double])]) -> String {
      var found = Self.photographs([48, 44, 47])
      found.ending?.settings = settings.map { Self.setting($0, $1) }
      return text(found)
    }
    #expect(told([]).contains("saved errors beyond chance in none of our 1 training, and cost some in 1."))
    #expect(told([]).contains("On photographs it cost our net 3.0 points from He's first weights (chapter 4)."))
    let level = told([(.pyTorch, [49, 44, 44]), (.norm, [44, 44, 44])])
    #expect(level.contains("in none of our 3 trainings, and cost some in 1."))
    #expect(level.contains("a recipe that divides may stay"))
    #expect(level.contains("we see no difference beyond chance from PyTorch's first weights, and it cost"))
    #expect(level.contains("this saved our net without batch norm (chapter 5) 5.0 points of error in 6 epochs"))
    #expect(level.contains("on photographs hardly anything of this matters"))
    let mixed = told([(.adam, [48, 44, 43]), (.norm, [48, 44, 45])])
    #expect(mixed.contains("in 1 of our 3 trainings, and cost some in 2."))
    #expect(!mixed.contains("hardly anything of this matters"))
    #expect(mixed.contains("4 times as large and 16 times as fast"))
    #expect(mixed.contains("the best one got 4 times as small"))
  }

  @Test("photographs: the mean image is compared with the channel mean, in words and pictures")
  func meanImages() {
    var findings = Self.findings()
    var found = Self.photographs([48, 44, 47])
    found.ending?.rows.append(Self.row(.meanImage, 44))
    let (flat, ghost) = (Data([128, 128, 128, 128]), Data([0, 255, 0, 0]))
    func strip(_ name: String, _ mean: Data, _ share: Double) -> Strip {
      Strip(name: name, shape: [1, 2, 2], raw: ghost, mean: mean, whitened: ghost, share: share)
    }
    findings.photographs = found
    findings.strips = [strip("digit", ghost, 25), strip("photograph", flat, 99)]
    let page = Preprocessings.page(findings, RunRecord())
    #expect(page.text.contains("The mean image, over the channel mean"))
    #expect(page.figures.contains { $0.title.contains("that of photographs is nearly one grey") })
  }

  @Test(
    "with the shifted start the net on raw pixels computes what it computes on centred ones; scaled, on divided ones")
  func changedStart() throws {
    var images = Tensor(zeros: [4, 3, 32, 32])
    var generator = SeededGenerator(seed: 1, stream: 2)
    images.fillNormal(standardDeviation: 0.2, using: &generator)
    let raw = images.map { $0 + 0.5 }
    let (mean, divided) = (ChannelMean.fit(raw), ChannelStandardization.fit(raw))
    var net = try Model(photographNet(isNormalized: false, .heNormal), input: [3, 32, 32], seed: 3)
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
