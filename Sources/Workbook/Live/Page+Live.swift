// A chapter's panels: the native side of each computes here what the browser will have to agree with.

import Foundation
import Live
import Notebook

extension Page {
  /// Adds a panel of `Sources/Live` that computes in the reader's browser.
  ///
  /// - Parameters:
  ///   - name: the panel's name in `Panels`, and of the script `Web/live-NAME.js`.
  ///   - title: what one does with it.
  ///   - caption: how, and what to look for.
  ///   - figure: the name of the figure on the page whose frames show the same.
  ///   - settings: where the controls stand at first, by the names the script gives them.
  ///   - numbers: what it computes with: weights.
  public mutating func live(
    _ name: StaticString, _ title: String, caption: String, figure: String, settings: [String: Double] = [:],
    numbers: [RoundedRows] = []
  ) {
    let panel = Panels.make(Word(stringLiteral: name))
    self.panel(
      LivePanel("\(name)", title, caption: caption, figure: figure, settings: settings, numbers: numbers) { numbers in
        panel?.proof(numbers).parts ?? []
      })
  }
}
