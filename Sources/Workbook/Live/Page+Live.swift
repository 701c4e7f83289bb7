// A chapter's panels: native code computes the results that the browser has to agree with.

import Foundation
import Live
import Notebook

extension Page {
  /// Adds a panel of `Sources/Live` that computes in the reader's browser.
  ///
  /// - Parameters:
  ///   - name: the panel's name in `Panels`, and of the script `Web/live-NAME.js`.
  ///   - title: what the reader does with it.
  ///   - caption: how to use it, and what to look for.
  ///   - figure: the name of the figure on the page that shows the same.
  ///   - settings: the initial settings of the controls, by their names in the script.
  ///   - numbers: the numbers it computes with, such as weights.
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
