// A page as a server delivers it while it is being written: it polls for a newer version.

import Basics
import Foundation

/// Pages that reload themselves.
///
/// A written file loads nothing and requests nothing. A served copy may ask only its own server whether there is a
/// newer version.
public enum ServedPage {
  /// Returns a written page that can ask whether it is the newest version; `version` is its number.
  public static func html(_ written: String, version: Int) -> String {
    let allowed = "connect-src 'self'; script-src 'sha256-\(SHA256.base64(PageScript.served))' "
    let script = "<script data-version=\"\(version)\">\(PageScript.served)</script>\n</body>"
    var html = written
    if let policy = html.range(of: "script-src ") { html.replaceSubrange(policy, with: allowed) }
    if let end = html.range(of: "</style>") { html.replaceSubrange(end, with: PageStyle.served + "</style>") }
    if let end = html.range(of: "</body>", options: .backwards) { html.replaceSubrange(end, with: script) }
    return html
  }

  /// The page that is shown before the first page is written.
  public static func before(_ title: String) -> String {
    let body = "<main><article><h1>\(title.escapedForMarkup)</h1><p>The page is being drawn.</p></article></main>"
    return html(HTMLRenderer.document(title: title, body: body, theme: nil, presents: false, script: ""), version: 0)
  }

  /// The answer to a page's request: the number of the newest version, the current activity, and an error if there is
  /// one.
  public static func state(version: Int, doing: String, problem: String) -> String {
    let state: JSONValue = ["version": .number(Double(version)), "doing": .string(doing), "problem": .string(problem)]
    return state.description
  }
}
