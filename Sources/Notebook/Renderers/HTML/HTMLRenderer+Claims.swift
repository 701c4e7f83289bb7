// Claims as cards of two lines: the verdict and the statement; the published value, the measurement, and the figure.
// The second line opens to show the reason.

import Basics

extension HTMLRenderer {
  /// The scoreboard: the number of claims for each verdict, filters, and the cards of all claims.
  ///
  /// - Parameters:
  ///   - claims: the claims of all chapters.
  ///   - place: returns the chapter of a claim: its number and the address of its page.
  static func board(_ claims: [Claim], place: @escaping (Int) -> (chapter: Int, address: String)) -> String {
    let tally = Claim.Verdict.counted(in: claims).map { verdict in
      "<li><button type=\"button\" aria-pressed=\"false\" data-verdict=\"\(verdict.rawValue)\"><b>\(claims.count { $0.verdict == verdict })</b> \(verdict.rawValue)</button></li>"
    }
    let chapters = Set(claims.indices.map { place($0).chapter }).sorted().map { (key: "\($0)", title: "chapter \($0)") }
    let documents = SourceDocument.named(in: claims).map { (key: $0.key, title: $0.key) }
    func filter(_ name: String, _ choices: [(key: String, title: String)]) -> String {
      let options = choices.map { "<option value=\"\($0.key)\">\($0.title)</option>" }
      return
        "<label>\(name) <select data-filter=\"\(name)\"><option value=\"\">all</option>\(options.joined())</select></label>"
    }
    let filters = filter("chapter", chapters) + filter("source", documents + [("paper", "papers")])
    return
      "<ul class=\"tally\">\(tally.joined())</ul><p class=\"filters\">\(filters)</p><div class=\"board\">\(HTMLRenderer.claims(claims, place: place))</div>\(sources(claims))"
  }

  /// The cards of claims.
  ///
  /// - Parameters:
  ///   - claims: the claims of a page or of all chapters.
  ///   - figures: the anchors of the page's figures with their numbers, by name.
  ///   - place: returns the chapter of a claim if there are several chapters.
  ///   - linked: adds the links to a text.
  static func claims(
    _ claims: [Claim], figures: [String: (id: String, number: Int)] = [:],
    place: ((Int) -> (chapter: Int, address: String))? = nil, linked: (String) -> String = { $0 }
  ) -> String {
    let cards = claims.enumerated().map { index, claim in
      card(claim, figures: figures, place: place.map { $0(index) }, linked: linked)
    }
    let hasScale = claims.contains { ClaimScale($0) != nil }
    let keys = (hasScale ? [ClaimScale.key] : []) + (Claim.Verdict.key(of: claims).map { [$0] } ?? [])
    let key = keys.isEmpty ? "" : "<p class=\"sources key\">\(keys.joined(separator: " "))</p>"
    return key + "<ol class=\"claims\">\(cards.joined())</ol>"
  }

  private static func card(
    _ claim: Claim, figures: [String: (id: String, number: Int)], place: (chapter: Int, address: String)?,
    linked: (String) -> String
  ) -> String {
    let style =
      switch claim.verdict {
      case .reproduced, .calculated: "ok"
      case .partly: "partly"
      case .notHere: "no"
      case .undecided: "undecided"
      }
    let documents = SourceDocument.named(in: claim.source).map(\.key)
    let keys = documents.isEmpty ? "paper" : documents.joined(separator: " ")
    let chapter = place.map { "<a href=\"\($0.address)\">chapter \($0.chapter)</a> · " } ?? ""
    let figure =
      claim.figure.flatMap { figures[$0] }.map { "<a class=\"shown\" href=\"#\($0.id)\">figure \($0.number)</a>" } ?? ""
    let here = HTML.keepingNames(claim.measured.withMeasuresTogether.escapedForMarkup)
    let other =
      claim.other.map(\.text).map { "<p class=\"why\">\($0.withMeasuresTogether.escapedForMarkup)</p>" } ?? ""
    let reason = claim.reason.isEmpty ? "" : ": \(linked(HTML.markdown(claim.reason)))"
    return """
      <li class="held" data-verdict="\(claim.verdict.rawValue)" data-source="\(keys)" data-chapter="\(place.map { "\($0.chapter)" } ?? "")"><span class="verdict \(style)"><span aria-hidden="true">\(claim.verdict.mark)</span> <span>\(claim.verdictText)</span></span><p class="claim">\(linked(HTML.markdown(claim.text))) <small>\(chapter)\(linked(HTML.markdown(claim.source)))</small></p>\(ClaimScale(claim)?.svg ?? "")<details class="more"><summary>published <b class="said">\(HTML.markdown(claim.published))</b> · \(claim.place) <b>\(here)</b></summary><p class="why"><small>\(claim.seedCount)</small>\(reason)</p>\(other)</details>\(figure)</li>
      """
  }
}
