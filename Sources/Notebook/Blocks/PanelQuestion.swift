// The questions to try on a panel: what is asked, what is done to the panel, and the answer.

import Foundation

/// A question that the reader can put to a panel.
///
/// The questions stand in `Web/live-questions.json`, by the name of the panel. `Tests/Browser/panels.py` presses the
/// button of each one and looks whether the panel then shows what the answer says; so answers name only what holds for
/// every seed.
struct PanelQuestion: Decodable {
  /// What is asked, in Markdown.
  let question: String
  /// The answer and its reason, in Markdown.
  let answer: String
  /// What is set, chosen and pressed, for `Web/live-questions.js`; nil where the panel's own settings show it.
  let acts: JSONValue?

  /// The questions of a panel; none where it has none.
  static func all(of panel: String) -> [PanelQuestion] { byPanel[panel] ?? [] }

  private static let byPanel: [String: [PanelQuestion]] = {
    do {
      return try JSONDecoder().decode([String: [PanelQuestion]].self, from: Data(PackageResources.live_questions_json))
    } catch {
      preconditionFailure("Web/live-questions.json: \(error)")
    }
  }()
}
