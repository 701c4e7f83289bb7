// A panel that computes in the reader's browser: what the page holds for it.

import Foundation

/// A panel that computes in the reader's browser.
///
/// The page says what is asked and draws what is answered (`Web/live-NAME.js`); the computation is Swift, compiled for the
/// browser, and the same in the module that the page carries once: ``PanelModule``. In a terminal, on paper, and where
/// nothing can be computed, the frames of a figure stand for it.
public struct LivePanel: Sendable {
  /// The name of its computation and of its script: `window`.
  public var name: String
  /// What one does with it, in a sentence, in Markdown.
  public var title: String
  /// How it is used, and what to look for, in Markdown.
  public var caption: String
  /// The name of the figure whose frames show the same where nothing can be computed.
  public var figure: String
  /// Where its controls stand at first; the script says what there is.
  public var settings: [String: Double]
  /// What it computes with: weights.
  public var numbers: [RoundedRows]
  /// What the workbook itself computed with these numbers, and the browser must come to: whole numbers first, which must
  /// be the same, then groups of numbers of one size.
  public var proof: [[Float]]

  /// Creates a panel. Its proof rests on the numbers as they are rounded, which are those that the page carries.
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

/// The code that computes a page's panels, as WebAssembly, or why there is none.
public enum PanelModule: Sendable {
  /// The module, compressed as gzip does, and the reader's answer that is in it.
  case compiled(Data, answer: PanelAnswer? = nil)
  /// What is missing here.
  case unavailable(String)
}

/// A reader's answer to an exercise that one of the panels runs on.
public struct PanelAnswer: Sendable {
  /// The panel's name.
  public var panel: String
  /// The exercise: `9.2 Convolution, forward`.
  public var exercise: String

  /// Names both.
  public init(panel: String, exercise: String) { (self.panel, self.exercise) = (panel, exercise) }
}
