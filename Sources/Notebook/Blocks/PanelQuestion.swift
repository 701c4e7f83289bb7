// The questions to try on a panel: the question, the settings that show its answer, and the answer.

import Foundation

/// A question that the reader can try on a panel.
///
/// The questions are in `Web/live-questions.json`, by the name of the panel. `Tests/Browser/panels.py` presses the
/// button of each question and checks that the panel then shows what the answer says, so answers state only what holds
/// for every seed.
struct PanelQuestion: Decodable {
  /// The question, in Markdown.
  let question: String
  /// The answer and its reason, in Markdown.
  let answer: String
  /// The settings and actions that show the answer, for `Web/live-questions.js`; nil if the initial settings show it.
  let acts: JSONValue?

  /// The questions of a panel; empty if it has none.
  static func all(of panel: String) -> [PanelQuestion] { byPanel[panel] ?? [] }

  private static let byPanel: [String: [PanelQuestion]] = {
    do {
      return try JSONDecoder().decode([String: [PanelQuestion]].self, from: Data(PackageResources.live_questions_json))
    } catch {
      preconditionFailure("Web/live-questions.json: \(error)")
    }
  }()
}
