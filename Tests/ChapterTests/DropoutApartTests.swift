// Chapter 6: the page where pixels and hidden units are told apart.

import Testing
import Workbook

@testable import ch06_dropout

extension DropoutPageTests {
  /// Pixels and hidden units separately: dropped pixels help everywhere, dropped hidden units only in wide layers.
  static func apart(noise: [Double] = [8.8, 9.5, 9]) -> ApartFindings {
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
    #expect(page.predictions.contains { $0.answer == "about as much" })
    #expect(text.contains("No unit has to be missing: noise saves about as much as dropout."))
    #expect(text.contains("A net that errs less need not bear the loss of units better"))
    #expect(text.contains("falls by 1.2 points if a fifth of the pixels is dropped, by 0.5 if half of"))
    #expect(
      text.contains(
        "In a dense net on digits dropped pixels save 1.2 points (share 0.2), hidden units save 0.5 points (share 0.5)."
      ))
    #expect(text.contains("Why noise helps is open."))
    func losses(_ page: Page) -> Int? { page.tables.first { $0.caption.contains("lost when half") }?.rows.count }
    #expect(losses(page) == 5 && !text.contains("is that price the reason?"))
    #expect(text.contains("yet that net breaks as the plain one does."))
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
    #expect(later.contains("dropped pixels help, and dropped hidden units (half of them) cost."))
    #expect(later.contains("the statement is true of hidden units, but not of pixels"))
    let followed = [10, 9, 7.0].map { end in
      FollowedErrors(own: [Self.near(12), Self.near(0)], new: [Self.near(20), Self.near(end)])
    }
    findings.controls?.apart?.followed = [followed[0], followed[1]]
    #expect(
      Dropouts.page(findings, RunRecord()).figures.map(\.title).contains(
        "New images at the end: 10.0 % wrong without dropout, 9.0 % with both dropped"))
    findings.controls?.apart?.followedApart = [followed[2], followed[1]]
    #expect(
      Dropouts.page(findings, RunRecord()).figures.map(\.title).contains(
        "New images at the end: 10.0 % wrong without dropout, 9.0 % with hidden units dropped, 7.0 % with pixels dropped"
      ))
    // Shares of the hidden units: narrow layers bear less.
    findings.controls?.shares = ShareFindings(
      shares: [0, 0.1, 0.5], widths: [32, 256], plain: [Self.net(13), Self.net(10)],
      nets: [[Self.net(12), Self.net(12), Self.net(16)], [Self.net(9), Self.net(9), Self.net(8.8)]])
    findings.controls?.fewer = nil
    let shares = Dropouts.page(findings, RunRecord())
    #expect(
      shares.figures.map(\.title).contains(
        "Beside dropped pixels, dropping hidden units costs nothing up to a share of 0.5 in layers of 256, and up to a share of 0.1 in layers of 32"
      ))
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
      ([9.5, 9.6], "as much as the masks with 1000 images and less for pixels."),
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
    #expect(averaged.contains("What the masks cost on average is enough, but its second order alone is not"))
    findings.controls?.apart?.photographs = PhotographRow(
      data: "photographs", size: 1_000, nets: [60, 58, 59, 57].map { Self.net($0) })
    #expect(
      Dropouts.page(findings, RunRecord()).text.contains("On the photographs, too, pixels save more than hidden units.")
    )
    findings.controls?.apart?.noiseWherePays = nil
    #expect(page.deck.contains { $0.title == "Noise saves as much: no unit need be missing altogether" })
    #expect((11...17).contains(page.deck.count))
    // Noise that helps less differs from dropout.
    findings.controls?.apart = Self.apart(noise: [9.5, 10, 9.8])
    let less = Dropouts.page(findings, RunRecord())
    #expect(
      less.predictions.contains { $0.answer == "clearly less" }
        && less.text.contains("The two differ beyond chance in 3 of 3 settings"))
    #expect(!less.text.contains("No unit need be missing"))
  }

  @Test("pixels and hidden units are told at the share that errs least on images kept back, digits beside photographs")
  func bestShares() {
    func nets(_ errors: [Double]) -> [SharesAlone.Net] {
      zip(SharesAlone.tried, errors).map { SharesAlone.Net(share: $0, net: Self.net($1)) }
    }
    var (findings, apart) = (Self.findings(), Self.apart())
    apart.sharesAlone = SharesAlone(pixels: nets([9.3, 8.8, 8.4, 8, 9]), units: nets([9.3, 8.9, 9.2, 9.5, 11]))
    apart.photographs = PhotographRow(data: "photographs", size: 1_000, nets: [60, 60, 58, 57].map { Self.net($0) })
    apart.priced = [
      PricedNets(price: Price(hidden: 0.5), net: Self.net(9.5), halfLost: Self.near(5), foretold: nil, measured: nil)
    ]
    findings.controls = ControlFindings(apart: apart)
    let page = Dropouts.page(findings, RunRecord())
    #expect(
      page.figures.map(\.title).contains(
        "The best share of the pixels is 0.5 (saves 2.0 points), of the hidden units 0.2 (saves 1.1 points)"))
    for words in [
      "falls by 2.0 points if pixels are dropped, by 1.1 if hidden units are, each at its best share.",
      "Up to a share of 0.1 the two cannot be told apart; from 0.2 on pixels save more.",
      "In a dense net on digits try pixels first, in one on colour photographs hidden units first.",
      "it is the hidden units that save. Why, we did not measure.", "bears it no better beyond chance",
      "nn.Flatten(), nn.Dropout(0.5),",
    ] {
      #expect(page.text.contains(words), "\(words)")
    }
    // In code only what saves more is dropped.
    #expect(!page.text.contains("nn.ReLU(), nn.Dropout"))
    // A share is chosen only where all were tried.
    apart.sharesAlone?.units.removeLast()
    findings.controls = ControlFindings(apart: apart)
    #expect(findings.gainsAlone == nil && findings.bestAlone?.pixels.share == 0.2)
  }

  @Test("verdicts name the share: smaller ones where half of the hidden units costs, and both at the best of each")
  func otherShares() {
    func nets(_ errors: [Double]) -> [SharesAlone.Net] {
      zip(SharesAlone.tried, errors).map { SharesAlone.Net(share: $0, net: Self.net($1)) }
    }
    func net(
      _ setting: SharesElsewhere.Setting, _ pixels: Float, _ units: Float, _ error: Double
    ) -> SharesElsewhere.Net {
      .init(setting: setting, pixels: pixels, units: units, net: Self.net(error))
    }
    var (findings, apart) = (Self.findings(), Self.apart())
    apart.sharesAlone = SharesAlone(pixels: nets([9.3, 8.8, 8.4, 8, 9]), units: nets([9.3, 8.9, 9.2, 9.5, 11]))
    apart.photographs = PhotographRow(data: "photographs", size: 1_000, nets: [60, 60, 58, 57].map { Self.net($0) })
    apart.sharesElsewhere = SharesElsewhere(
      nets: [
        net(.usual, 0.5, 0.2, 8), net(.many, 0, 0.1, 5), net(.narrow, 0, 0.1, 12), net(.photographs, 0.1, 0, 59.5),
        net(.photographs, 0, 0.2, 58.5), net(.photographs, 0.1, 0.5, 56), net(.connect, 0, 0.2, 9),
        net(.norm, 0, 0.2, 7), net(.wrong, 0, 0, 22),
      ], wrongLabels: [200, 200, 200])
    apart.priced = [
      PricedNets(
        price: Price(factor: 0.001), net: Self.net(10.5), halfLost: Self.near(3), foretold: nil, measured: nil),
      PricedNets(
        price: Price(hidden: 0.5), net: Self.net(9.5), halfLost: Self.near(5), foretold: Self.near(0.001),
        measured: Self.near(0.2)),
    ]
    apart.sharesElsewhere?.costs = ["nothing", "hidden units"].map {
      .init(name: $0, foretold: Self.near(0.01), measured: Self.near(0.1))
    }
    findings.controls = ControlFindings(wrong: Self.controls().wrong, apart: apart)
    let page = Dropouts.page(findings, RunRecord())
    for words in [
      "Both together at these shares save 2.0 points, no more than pixels alone.",
      "At a share of 0.1, the best tried there, dropped units save 1.0 points.",
      "Narrow layers can spare few units (best share 0.1).",
      "a smaller share costs nothing beyond chance, and saves something in 1 of 2 such settings.",
      "In a dense net on colour photographs dropped hidden units save 2.0 points (share 0.5), pixels save 0.5 points (share 0.1).",
      "L2 saves 3.0 points, each net at its best rate.",
      "But did these nets pay what masks cost?", "this does not decide.",
      "does bear it better, and errs more, not less",
    ] {
      #expect(page.text.contains(words), "\(words)")
    }
    let rows = page.tables.flatMap(\.rows).compactMap(\.first).map { "\($0)" }.joined(separator: "; ")
    for name in ["both dropped, 0.5 and 0.2", "DropConnect, 0.2", "hidden units dropped, 0.2"] {
      #expect(rows.contains(name), "\(name)")
    }
    // Of 1000 images 800 have right labels; 13 of the 15 % that are wrong are labels that are not given back.
    var known = Self.net(10, own: 15, heart: 0.35)
    #expect(abs(known.errorsOnRight(wrong: [200, 200, 200], of: 1_000).mean - 2.5) < 1e-9)
    known.runs.removeAll()
    #expect(known.errorsOnRight(wrong: [200], of: 1_000).count == 0)
    // The share with the fewest errors on images kept back.
    #expect(ShareChoice([(0.5, Self.net(9)), (0.1, nil), (0.2, Self.net(8))]).best?.share == 0.2)
  }
}
