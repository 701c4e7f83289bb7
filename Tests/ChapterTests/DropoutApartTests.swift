// Chapter 6: the page where pixels and hidden units are told apart.

import Testing
import Workbook

@testable import ch06_dropout

extension DropoutPageTests {
  /// Pixels and hidden units separately: dropped pixels help everywhere, dropped hidden units only in wide layers.
  static func apart() -> ApartFindings {
    return ApartFindings(
      widths: [32, 256], pixels: [net(12), net(8.8)], units: [net(16), net(9.5)], norm: [net(7.5), net(8)],
      wrong: [net(24.5, heart: 0.9), net(18, heart: 0.2)])
  }

  /// Both at the best shares: units that rely less on each other, and more wrong labels learned by heart.
  static func ours() -> OurShares {
    OurShares(
      pixels: 0.5, units: 0.2, sampled: sampled(onePass: 8),
      damage: [20.0, 21, 5].map { loss in Dropouts.removedShares.map { near(10 + loss * Double($0)) } },
      byHeart: net(14, curve: [15, 13, 14], heart: 0.97), plainAtItsRate: net(30, heart: 1),
      stopped: net(14.5, heart: 0.3))
  }

  static func shares(_ errors: [Double]) -> [SharesAlone.Net] {
    zip(SharesAlone.tried, errors).map { SharesAlone.Net(share: $0, net: net($1)) }
  }

  /// With shares of each, settings elsewhere, and the main comparison: noise as good as dropping pixels.
  static func whole(noise: [Double] = [8, 8.9, 8, 7, 8.8, 7]) -> Dropouts.Findings {
    func elsewhere(
      _ setting: SharesElsewhere.Setting, _ pixels: Float, _ units: Float, _ error: Double
    ) -> SharesElsewhere.Net {
      .init(setting: setting, pixels: pixels, units: units, net: net(error))
    }
    var (findings, apart) = (findings(), apart())
    apart.sharesAlone = SharesAlone(pixels: shares([9.3, 8.8, 8.4, 8, 9]), units: shares([9.3, 8.9, 9.2, 9.5, 11]))
    apart.photographs = PhotographRow(data: "photographs", size: 1_000, nets: [60, 60, 58].map { net($0) })
    apart.sharesElsewhere = SharesElsewhere(
      nets: [
        elsewhere(.usual, 0.5, 0.2, 8), elsewhere(.manyLonger, 0, 0.1, 4), elsewhere(.narrow, 0, 0.1, 12),
        elsewhere(.photographs, 0.1, 0, 59.5), elsewhere(.photographs, 0, 0.2, 58.5),
        elsewhere(.connect, 0, 0.2, 9), elsewhere(.norm, 0, 0.2, 7), elsewhere(.wrong, 0, 0, 22),
      ])
    apart.pixelsMany = [net(3.5)]
    apart.unitsMany = [net(4.5)]
    let kinds: [(Float, Float)] = [(0.5, 0), (0, 0.2), (0.5, 0.2)]
    var nets = kinds.enumerated().map { place, kind in
      Lengths.Net(pixels: kind.0, units: kind.1, isNoise: true, steps: 1_000, net: net(noise[place]))
    }
    for (place, kind) in kinds.enumerated() {
      nets.append(.init(pixels: kind.0, units: kind.1, isNoise: false, steps: 4_000, net: net([7, 8.8, 7][place])))
      nets.append(.init(pixels: kind.0, units: kind.1, isNoise: true, steps: 4_000, net: net(noise[3 + place])))
    }
    apart.lengths = Lengths(nets: nets)
    apart.ours = ours()
    findings.equalEpochs = LongerFindings(size: 5_000, steps: 5_000, nets: [net(4), net(4)])
    findings.fewLonger = LongerFindings(size: 1_000, steps: 4_000, nets: [net(10), net(8)])
    findings.controls = ControlFindings(wrong: controls().wrong, apart: apart)
    return findings
  }

  @Test("pixels and hidden units are told at their best shares, and noise where it saves as much")
  func toldApart() {
    let findings = Self.whole()
    let page = Dropouts.page(findings, RunRecord())
    for words in [
      "half of the pixels dropped save 2.0 points. Dropping hidden units as well saves no more. Such a net wants more",
      "With pixels alone dropped it loses no less than the plain net, and yet errs less on new images.",
      "The best share of the pixels is 0.5 (saves 2.0 points), of the hidden units 0.2 (saves 1.1 points)",
      "Both together save no more (2.0 points): on digits, drop pixels alone.",
      "One pass errs even a little less than the average of 64",
      "After 4000 steps 10.1 % of new images are wrong with nothing dropped, 7.1 % with pixels dropped",
      "Of the pixels nothing need be missing: for pixels, hidden units and both noise saves about as much as dropping.",
      "For pixels, hidden units and both it saves more than with 1000.",
      "narrow layers want a smaller share", "nn.Flatten(), nn.Dropout(0.5),", "It learns 97 % of them by heart.",
      "On top of batch norm, dropped hidden units save 1.0 points, and dropped pixels save 0.5 points.",
      "they save 3.0.", "Why, as far as we know", "Pixels: they act like more images.",
      "Less co-adaptation of hidden units is not the reason.", "In none of the rows do both together save more",
    ] {
      #expect(page.text.contains(words), "\(words)")
    }
    #expect(page.predictions.contains { $0.answer == "about as often" })
    #expect(page.predictions.contains { $0.answer == "it makes more errors" })
    #expect(page.figures.map(\.name).contains("lengths"))
    let rows = page.tables.flatMap(\.rows).compactMap(\.first).map { "\($0)" }.joined(separator: "; ")
    for name in ["DropConnect, 0.2", "dropout, our shares", "layers of 32", "colour photographs"] {
      #expect(rows.contains(name), "\(name)")
    }
    #expect((11...17).contains(page.deck.count))
  }

  @Test("noise that saves less than dropping, or saves too little to tell, is told so")
  func noise() {
    let worse = Dropouts.page(Self.whole(noise: [9, 8.9, 8, 8, 8.8, 7]), RunRecord())
    #expect(worse.text.contains("Noise on the pixels does not save as much as dropping them"))
    #expect(worse.text.contains("For pixels dropping is better than noise"))
    #expect(!worse.text.contains("Of the pixels nothing need be missing"))
    #expect(worse.predictions.contains { $0.answer == "clearly more" })
    // Without the comparison there is no row.
    var findings = Self.whole()
    findings.controls?.apart?.lengths = nil
    #expect(findings.lengthRows.isEmpty && !findings.noiseIsAsGood)
  }

  @Test("with much data dropped pixels still help: the claim is true in part; a share is chosen where all were tried")
  func parts() {
    var findings = Self.whole()
    #expect(verdicts(findings)[5] == .partly)
    #expect(
      Dropouts.claims(findings)[5].measured == "Srivastava's shares save 0.00 ± 0.00 points, pixels alone 0.50 ± 0.00")
    findings.controls?.apart?.pixelsMany = [Self.net(4)]
    #expect(verdicts(findings)[5] == .reproduced)
    findings.controls?.apart?.sharesAlone?.units.removeLast()
    #expect(findings.gainsAlone == nil && findings.bestAlone?.pixels.share == 0.2)
    // The share with the fewest errors on images kept back; noise has its own.
    #expect(ShareChoice([(0.5, Self.net(9)), (0.1, nil), (0.2, Self.net(8))]).best?.share == 0.2)
    let nets = [(0.5, 8.0), (0.3, 7)].map { (share: Float, error: Double) in
      Lengths.Net(pixels: share, units: 0, isNoise: true, steps: 1_000, net: Self.net(error))
    }
    #expect(Lengths(nets: nets).bestNoise(\.pixels, 1_000) == 0.3)
  }
}
