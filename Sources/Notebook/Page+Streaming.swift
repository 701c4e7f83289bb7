// Pages that are printed while their experiments run: for chapters that are not yet a ChapterProgram. Goes with them.

import Foundation

extension Page {
  /// Begins a page that prints its head, and each block as soon as it is added.
  public init(
    chapter: Int, _ title: String, lead: String, run: RunRecord, on shelf: Shelf, as presentation: Presentation
  ) {
    self.init(chapter: chapter, title, lead: lead, run: run, on: shelf, as: presentation, console: .standard)
  }

  init(
    chapter: Int, _ title: String, lead: String, run: RunRecord = RunRecord(), on shelf: Shelf = Shelf(),
    as presentation: Presentation = Presentation(), console: Console
  ) {
    self.init(chapter: chapter, title, lead: lead)
    var printer = PagePrinter(run, shelf.named(forChapter: chapter), presentation, console: console)
    printer.head(of: self)
    self.printer = printer
  }

  /// The run behind the page.
  public var run: RunRecord {
    get { printer?.run ?? RunRecord() }
    set { printer?.run = newValue }
  }

  /// Asks a question with choices before its experiment runs.
  ///
  /// With `--predict` on a terminal it waits for an answer; otherwise it prints the question.
  public mutating func predict(_ question: String, choices: [String]) -> Prediction {
    ask(Prediction(question: question, choices: choices))
  }

  /// Asks for a number before its experiment runs; one within `tolerance` (a share of the answer) counts as right.
  public mutating func predict(_ question: String, unit: String = "", within tolerance: Double = 0.25) -> Prediction {
    ask(Prediction(question: question, unit: unit, tolerance: tolerance))
  }

  private mutating func ask(_ prediction: Prediction) -> Prediction {
    printer?.ask(prediction)
    var prediction = printer?.asked(prediction) ?? prediction
    prediction.index = blocks.count
    blocks.append(.prediction(prediction))
    return prediction
  }

  /// Shows the answer to a question with choices.
  public mutating func reveal(_ prediction: Prediction, answer: Int, _ explanation: String = "") {
    reveal(prediction.settled(choice: answer, explanation))
  }

  /// Shows the answer to a question: the number that came out. With choices, the nearest is the right one.
  public mutating func reveal<Number: BinaryFloatingPoint>(
    _ prediction: Prediction, answer: Number, _ explanation: String = ""
  ) {
    reveal(prediction.settled(number: Double(answer), explanation))
  }

  private mutating func reveal(_ prediction: Prediction) {
    let repeats = prediction.index != blocks.count - 1
    let prediction = printer?.answer(prediction, repeatsQuestion: repeats) ?? prediction
    if blocks.indices.contains(prediction.index) { blocks[prediction.index] = .prediction(prediction) }
  }

  /// Writes all files of a page that has been printed, and says where they are.
  ///
  /// - Throws: `PageError` where the folder cannot be written; files are whole or absent.
  @discardableResult
  public mutating func publish() throws -> String {
    run.seconds += Date().timeIntervalSince(started)
    return try write(
      printer ?? PagePrinter(run, Shelf().named(forChapter: chapter), Presentation(), console: .standard))
  }
}
