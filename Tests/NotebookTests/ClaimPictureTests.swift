// Claims as pictures: what was published, what was measured, what it is held against, on one scale.

import Testing

@testable import Notebook

@Suite struct ClaimPictureTests {
  func claim(_ published: String, _ measured: Claim.Measurement) -> Claim {
    Claim("It falls", source: "S2", published: published, measured: measured, verdict: .reproduced)
  }

  @Test(
    "reads a published number in the unit of the measurement, and no other",
    arguments: [
      ("0.707", "", 0.707), ("6 times", "times", 6), ("about 6 ×, for a larger net", "times", 6), ("4.5 %", "%", 4.5),
      ("−2 points", "points", -2), ("1,024 steps", "steps", 1024),
    ] as [(String, String, Double)])
  func published(text: String, unit: String, value: Double) {
    #expect(ClaimScale.published(text, unit: unit) == value)
  }

  @Test(
    "takes no number of another unit, and none from the middle of a sentence",
    arguments: ["4.5 %", "figure 4", "std → 0"])
  func none(text: String) {
    #expect(ClaimScale.published(text, unit: "times") == nil)
  }

  @Test("has one scale from zero; measured and published stand in their order")
  func order() throws {
    let scale = try #require(ClaimScale(claim("6 times", .init(value: 4, deviation: 1, unit: "times", seeds: 3))))
    let published = try #require(scale.published)
    #expect(0 < scale.spread.from && scale.spread.from < scale.measured.at && scale.spread.to < published.at)
    #expect(abs(scale.measured.at / published.at - 4.0 / 6) < 1e-9)
    #expect(scale.svg.contains("class=\"said\"") && scale.svg.contains("class=\"here\""))
  }

  @Test("numbers far apart stand on a logarithmic scale")
  func logarithmic() throws {
    let scale = try #require(
      ClaimScale(claim("faster", .init(value: 302, unit: "steps", against: .init(value: 3, unit: "with the other")))))
    #expect(scale.published == nil && scale.against.count == 1)
    // On a scale from zero the smaller one would stand at a hundredth.
    #expect(scale.against[0].at > 0.03 && scale.measured.at > 0.9)
    // A wide spread does not force the numbers themselves together.
    let wide = try #require(
      ClaimScale(claim("", .init(value: 0.012, deviation: 0.02, against: .init(value: 6e-6, unit: "in Double")))))
    #expect(wide.ends.from > 0 && wide.against[0].at > 0.03)
  }

  @Test("only numbers of the measurement's unit stand on its line")
  func units() throws {
    typealias Number = Claim.Measurement
    func kinds(_ number: Number, _ others: Number...) -> [String] {
      var number = number
      number.against = others
      let kinds = ClaimScale.kinds(of: number)
      return [kinds.measured] + kinds.against
    }
    #expect(kinds(.init(value: 302, unit: "steps"), .init(value: 31, unit: "with ReLU")) == ["steps", "steps"])
    #expect(kinds(.init(value: 3.6), .init(value: 0.6, unit: "decades")) == ["decades", "decades"])
    #expect(
      kinds(
        .init("power ", value: 0, unit: "along"), .init(value: 82, unit: "steps at κ = 10"),
        .init("and ", value: 753, unit: "at κ = 3000")) == ["", "steps", "steps"])
    #expect(kinds(.init(value: 20, unit: "× fewer steps"), .init(", loss ÷ ", value: 2)) == ["×", "÷"])
    #expect(
      ClaimScale(claim("", .init(value: 39, unit: "operations", against: .init(value: 1.2, unit: "million")))) == nil)
  }

  @Test("a share does not fall below 0 nor rise above 100 %, and its line names the unit")
  func share() throws {
    let scale = try #require(ClaimScale(claim("4 %", .init(value: 1, deviation: 3, unit: "%", seeds: 3))))
    #expect(scale.ends.from == 0 && scale.spread.from == 0)
    #expect(scale.svg.contains(" %</text>") && scale.svg.contains("<title>1.00 ± 3.00 %</title>"))
  }

  @Test("a single number needs no picture")
  func alone() {
    #expect(ClaimScale(claim("faster", .init(value: 302, unit: "steps"))) == nil)
    #expect(ClaimScale(Claim("It falls", source: "S2", published: "6", measured: "yes", verdict: .partly)) == nil)
  }

  @Test("a claim leads to the figure that shows it")
  func figure() {
    var page = Page(chapter: 4, "Title", lead: "Lead")
    page.figure(DeckTests.figure)
    page.claim(claim("6", .init(value: 4)).shown(in: "it-falls"))
    var place = Place()
    place.shelf.name = "ch04-x"
    let html = HTMLRenderer(place.record(page, figures: [nil])).document()
    #expect(html.contains("<a class=\"shown\" href=\"#ch04-figure-it-falls\">figure 1</a>"))
  }

  @Test(
    "a smaller run overrules the recorded one only beyond chance",
    arguments: [
      (2.0, 3.0, 5, Claim.Verdict.undecided), (6, 0.2, 5, .notHere), (2, 3, 12, .notHere), (2, 3, 1, .undecided),
    ])
  func smallerRun(value: Double, deviation: Double, seeds: Int, verdict: Claim.Verdict) {
    let recorded = claim("more", .init(value: 3, deviation: 1, seeds: 8))
    var here = claim("more", .init(value: value, deviation: deviation, seeds: seeds))
    here.verdict = seeds < 3 ? .undecided : .notHere
    let compared = here.compared(with: recorded, of: RunRecord(size: "full"))
    #expect(compared.verdict == verdict && compared.other?.verdict == .reproduced)
    #expect((verdict == .undecided) == (compared.verdictText == "undecided here"))
  }

  @Test("a page about the recorded run has the record's claims, each with what this run says")
  func reportsTheRecord() {
    let recorded = claim("more", .init(value: 3, deviation: 1, unit: "%", seeds: 8))
    var here = claim("more", .init(value: 9, deviation: 0.1, unit: "%", seeds: 5))
    here.verdict = .notHere
    var page = Page(chapter: 4, "Title", lead: "Lead")
    page.claim(here)
    page.reportsRecord = true
    page.compareClaims(with: [recorded], of: RunRecord(size: "full"))
    let claim = page.claims[0]
    #expect(claim.verdict == .reproduced && claim.measured == recorded.measured)
    #expect(claim.place == "recorded full run" && claim.other?.text == "this run: ✗ not here, \(here.measured)")
    #expect(claim.ownVerdict == .notHere && claim.verdictText == "reproduced")
    // Within chance of the record, or of another quantity, a small run does not contradict it.
    for other in [
      Claim.Measurement(value: 3.4, deviation: 1, unit: "%", seeds: 5),
      .init(value: 9, deviation: 0.1, unit: "% after 4 epochs", seeds: 5),
    ] {
      var small = self.claim("more", other)
      small.verdict = .notHere
      let beside = recorded.beside(small, of: RunRecord(size: "full"))
      #expect(beside.ownVerdict == .undecided && beside.other?.text == "this run: ? undecided here, \(small.measured)")
    }
  }

  @Test("in a broad terminal a card has two lines, and nothing of it is lost", arguments: [100, 160])
  func twoLines(columns: Int) {
    let long = Claim.Measurement(
      value: 5.2, deviation: 0.6, unit: "times the steps to 25 % error at one rate", seeds: 5,
      against: .init(", ", value: 1.2, deviation: 0.2, unit: "times at the fastest rate of each, which is another one"))
    var claims = [
      claim("6 times", .init(value: 4, deviation: 1, unit: "times", seeds: 3)).shown(in: "it-falls"),
      claim("faster", long),
      Claim(
        "It is always faster, whatever the rate, the size of the batch and the depth of the net that is trained",
        source: "He et al. 2015", published: "1", measured: "2", verdict: .notHere, reason: "Because of chance."),
    ]
    claims[1].reason = "Rates differ."
    let renderer = TerminalRenderer(console: Transcript().console(columns: columns))
    let text = renderer.claims(claims, figures: ["it-falls": 3])
    let cards = text.split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }
    #expect(cards.count == 6 && cards.allSatisfy { $0.columns <= columns }, "\(text)")
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for part in [
      "4.00 ± 1.00 times (3 seeds) · figure 3", long.text, "Rates differ.", claims[2].text, "(He et al. 2015)",
      "Because of chance.",
    ] { #expect(words.contains(part), "\(part) in \(text)") }
  }
}
