// The front page: search, and each chapter with a picture, its reading time, its verdicts, and the reader's progress.

import Foundation

extension Book {
  /// The front page.
  ///
  /// - Parameter address: returns the address of a chapter.
  func front(_ address: (Entry) -> String) -> String {
    let cards = entries.map { card($0, address: address($0)) }
    return """
      <h1>The ConvNet Workbook</h1><p class="lead">Why convolutional networks train, or fail to: \(entries.count == 1 ? "one chapter" : "\(entries.count) chapters") of live experiments, as their last runs left them.</p>
      <p><label for="search" class="hidden">Search all chapters</label><input id="search" class="search" type="search" placeholder="Search all chapters (key /)"></p><p class="found" role="status"></p><ol class="hits"></ol>
      <h2>Chapters</h2><ol class="shelf">\(cards.joined())</ol>
      """
  }

  private func card(_ entry: Entry, address: String) -> String {
    let verdicts = Claim.Verdict.counted(in: entry.claims).map { verdict in
      "<span title=\"\(verdict.rawValue)\">\(verdict.mark) \(entry.claims.count { $0.verdict == verdict })</span>"
    }
    func count(_ text: String) -> Int { entry.article.components(separatedBy: text).count - 1 }
    let questions = count("class=\"box predict\"")
    let (solved, open) = (count("<li class=\"done\">"), count("<li class=\"open\">") + count("<li class=\"wrong\">"))
    var facts = ["\(entry.minutes) min"]
    if !entry.claims.isEmpty { facts.append("claims " + verdicts.joined(separator: " ")) }
    if questions > 0 {
      facts.append(
        "<span data-predicted=\"\(entry.anchor)\" data-of=\"\(questions)\">\(questions) \(questions == 1 ? "question" : "questions")</span>"
      )
    }
    if solved + open > 0 { facts.append("\(solved) of \(solved + open) exercises done") }
    return
      "<li><a class=\"thumb\" href=\"\(address)\" tabindex=\"-1\" aria-hidden=\"true\">\(thumbnail(entry))</a><div><a href=\"\(address)\">\(entry.number) · \(HTML.markdown(entry.title))</a><p>\(HTML.markdown(entry.lead))</p><small>\(facts.joined(separator: " · "))</small><small class=\"run\">\(entry.run.escapedForMarkup)</small></div></li>"
  }

  /// The chapter's first picture for phones that is not too long, because its lines are the boldest; without its
  /// description for screen readers.
  private func thumbnail(_ entry: Entry) -> String {
    var rest = entry.article[...]
    while let start = rest.range(of: "\"plot-narrow\"><svg "), let end = rest[start.upperBound...].range(of: "</svg>") {
      let svg = rest[start.upperBound..<end.upperBound]
      rest = rest[end.upperBound...]
      guard svg.utf8.count < 40_000, let open = svg.firstIndex(of: ">") else { continue }
      let box = svg[..<open].firstMatch(of: #/viewBox="[^"]*"/#).map { String($0.0) } ?? ""
      let drawn = svg.range(of: "</desc>").map { svg[$0.upperBound...] } ?? svg[svg.index(after: open)...]
      return
        "<svg class=\"plot\" \(box) font-family=\"Inter, system-ui, sans-serif\" font-size=\"15\" fill=\"none\">\(drawn)"
    }
    return ""
  }
}
