// Panels: their place in the article, and once for the whole file the module that computes them.

import Foundation

extension HTMLRenderer {
  /// The place of a panel; its script fills the stage.
  func panel(_ panel: LivePanel, figure: (id: String, number: Int, hasFrames: Bool)?) -> Element {
    let id = "\(record.shelf.anchor)-live-\(panel.name)"
    let questions = PanelQuestion.all(of: panel.name)
    let data: JSONValue = [
      "settings": .object(panel.settings.mapValues { .number($0) }),
      "numbers": .string(Packed.base64(panel.numbers.flatMap(\.bytes))),
      "proof": .array(panel.proof.map { .array($0.map { .number(Double($0)) }) }),
      "acts": .array(questions.map { $0.acts ?? [:] }),
    ]
    let frames =
      figure.map {
        let link = "<a href=\"#\($0.id)\">figure \($0.number)</a>"
        return "\(link) shows \($0.hasFrames ? "some cases" : "one case")"
      }
      ?? "the text tells what it would show"
    return Element(
      tag: "section",
      attributes: " class=\"panel\" id=\"\(id)\" data-panel=\"\(panel.name.escapedForMarkup)\" tabindex=\"-1\"",
      inner: """
        <p class="tag">Live</p><p class="finding">\(HTML.markdown(panel.title))</p><div class="stage"><p class="wait">Here the page computes by itself, where scripts and WebAssembly are allowed; elsewhere \(frames).</p></div><p class="on-paper">This panel computes in a browser, where it can be played with; here \(frames).</p><p class="rest">\(HTML.markdown(panel.caption))</p>\(HTMLRenderer.asks(questions))<p class="agrees" role="status"></p><script type="application/json" class="panel-data">\(data.script)</script>
        """,
      role: .aside)
  }

  /// The questions to try, each with a button that sets the panel and an answer to open; nothing where there are none.
  private static func asks(_ questions: [PanelQuestion]) -> String {
    if questions.isEmpty { return "" }
    let items = questions.map {
      """
      <li><p>\(HTML.markdown($0.question)) <button type="button" class="shows">Show me</button></p><details><summary>Answer</summary><p>\(HTML.markdown($0.answer))</p></details></li>
      """
    }
    return
      "<details class=\"asks\"><summary>Questions to try</summary><ol>\(items.joined())</ol></details>"
  }

  /// The module, for the end of a page with panels; nothing where there is none.
  static func module(_ module: PanelModule?) -> String {
    switch module {
    case nil: ""
    case .compiled(let bytes, let answer):
      "<script type=\"application/gzip\" id=\"live-module\"\(mine(answer))>\(bytes.base64EncodedString())</script>"
    case .unavailable(let reason):
      "<script type=\"application/gzip\" id=\"live-module\" data-missing=\"\(reason.escapedForMarkup)\"></script>"
    }
  }

  private static func mine(_ answer: PanelAnswer?) -> String {
    answer.map { " data-panel=\"\($0.panel.escapedForMarkup)\" data-exercise=\"\($0.exercise.escapedForMarkup)\"" }
      ?? ""
  }

  /// The module of a page that was written: its whole element, for the book.
  static func module(in html: String) -> String? {
    guard let start = html.range(of: "<script type=\"application/gzip\" id=\"live-module\""),
      let end = html[start.upperBound...].range(of: "</script>")
    else { return nil }
    return String(html[start.lowerBound..<end.upperBound])
  }
}
