// A page as a server hands it out while it is being written: it asks for news of itself.

import Basics
import Foundation

/// Pages that renew themselves.
///
/// The written file lets nothing in and asks for nothing. A served copy may ask its own server, and nobody else, whether
/// there is a newer one.
public enum ServedPage {
  /// A written page, able to ask whether it is still the newest; `version` is its number.
  public static func html(_ written: String, version: Int) -> String {
    let allowed = "connect-src 'self'; script-src 'sha256-\(SHA256.base64(PageScript.served))' "
    let script = "<script data-version=\"\(version)\">\(PageScript.served)</script>\n</body>"
    var html = written
    if let policy = html.range(of: "script-src ") { html.replaceSubrange(policy, with: allowed) }
    if let end = html.range(of: "</style>") { html.replaceSubrange(end, with: PageStyle.served + "</style>") }
    if let end = html.range(of: "</body>", options: .backwards) { html.replaceSubrange(end, with: script) }
    return html
  }

  /// What stands there before the first page is drawn.
  public static func before(_ title: String) -> String {
    let body = "<main><article><h1>\(title.escapedForMarkup)</h1><p>The page is being drawn.</p></article></main>"
    return html(HTMLRenderer.document(title: title, body: body, theme: nil, presents: false, script: ""), version: 0)
  }

  /// What a page is told when it asks: which is the newest, what is being done, and what is wrong.
  public static func state(version: Int, doing: String, problem: String) -> String {
    let state: JSONValue = ["version": .number(Double(version)), "doing": .string(doing), "problem": .string(problem)]
    return state.description
  }
}
