// Panels: their elements in the article, and the module that computes them, once in each file.

import Foundation

extension HTMLRenderer {
  /// The element of a panel; its script fills the stage.
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
      ?? "the text describes what it would show"
    return Element(
      tag: "section",
      attributes: " class=\"panel\" id=\"\(id)\" data-panel=\"\(panel.name.escapedForMarkup)\" tabindex=\"-1\"",
      inner: """
        <p class="tag">Live</p><p class="finding">\(HTML.markdown(panel.title))</p><div class="stage"><p class="wait">Here the page computes by itself, where scripts and WebAssembly are allowed; elsewhere \(frames).</p></div><p class="on-paper">This panel computes in a browser, where it can be played with; here \(frames).</p><p class="rest">\(HTML.markdown(panel.caption))</p>\(HTMLRenderer.asks(questions))<p class="agrees" role="status"></p><script type="application/json" class="panel-data">\(data.script)</script>
        """,
      role: .aside)
  }

  /// The questions to try, each with a button that sets the panel and an answer to open; empty if there are none.
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

  /// The element with the module, for the end of a page with panels; empty if there is no module.
  static func module(_ module: PanelModule?) -> String {
    switch module {
    case nil: ""
    case .compiled(let bytes, let answer):
      "<script type=\"application/gzip\" id=\"live-module\"\(attributes(answer))>\(bytes.base64EncodedString())</script>"
    case .unavailable(let reason):
      "<script type=\"application/gzip\" id=\"live-module\" data-missing=\"\(reason.escapedForMarkup)\"></script>"
    }
  }

  private static func attributes(_ answer: PanelAnswer?) -> String {
    answer.map { " data-panel=\"\($0.panel.escapedForMarkup)\" data-exercise=\"\($0.exercise.escapedForMarkup)\"" }
      ?? ""
  }

  /// The element with the module in a written page, for the book.
  static func module(in html: String) -> String? {
    guard let start = html.range(of: "<script type=\"application/gzip\" id=\"live-module\""),
      let end = html[start.upperBound...].range(of: "</script>")
    else { return nil }
    return String(html[start.lowerBound..<end.upperBound])
  }
}
