// The description of a panel that computes in the reader's browser.

import Foundation

/// A panel that computes in the reader's browser.
///
/// A script of the page sends the questions and draws the answers (`Web/live-NAME.js`). The computation is Swift code
/// compiled for the browser; all panels share one module, which the page contains once: ``PanelModule``. In a terminal,
/// on paper, and if nothing can be computed, the frames of a figure replace the panel.
public struct LivePanel: Sendable {
  /// The name of the computation and of the script: `window`.
  public var name: String
  /// What the reader does with the panel, in one sentence of Markdown.
  public var title: String
  /// How to use the panel and what to look for, in Markdown.
  public var caption: String
  /// The name of the figure whose frames replace the panel if nothing can be computed.
  public var figure: String
  /// The initial settings of the controls; the script defines the controls.
  public var settings: [String: Double]
  /// The weights with which the panel computes.
  public var numbers: [RoundedRows]
  /// The results of the workbook for these numbers, which the browser must reproduce: first the whole numbers, which
  /// must be equal, then groups of numbers of similar magnitude.
  public var proof: [[Float]]

  /// Creates a panel. The proof is computed with the rounded numbers, which are the ones in the page.
  public init(
    _ name: String, _ title: String, caption: String, figure: String, settings: [String: Double] = [:],
    numbers: [RoundedRows] = [], proof: (_ numbers: [Float]) -> [[Float]]
  ) {
    self.name = name
    self.title = title
    self.caption = caption
    self.figure = figure
    self.settings = settings
    self.numbers = numbers
    self.proof = proof(numbers.flatMap(\.values))
  }
}

extension Page {
  /// Adds a panel that computes in the reader's browser.
  public mutating func panel(_ panel: LivePanel) { add(.panel(panel)) }
}

/// The WebAssembly code that computes a page's panels, or the reason why there is none.
public enum PanelModule: Sendable {
  /// The module, compressed with gzip, and the learner's answer that it contains.
  case compiled(Data, answer: PanelAnswer? = nil)
  /// The module could not be made; the value says what is missing.
  case unavailable(String)
}

/// A learner's answer to an exercise that one of the panels uses.
public struct PanelAnswer: Sendable {
  /// The panel's name.
  public var panel: String
  /// The exercise: `9.2 Convolution, forward`.
  public var exercise: String

  /// Creates an answer with both names.
  public init(panel: String, exercise: String) { (self.panel, self.exercise) = (panel, exercise) }
}
