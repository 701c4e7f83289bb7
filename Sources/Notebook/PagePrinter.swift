// A page on its way to the reader: printed block by block, its questions asked where they stand.

import Foundation

/// Prints a page and asks its questions.
struct PagePrinter: Sendable {
  var run: RunRecord
  let shelf: Shelf
  private(set) var presentation: Presentation
  let console: Console
  private let terminal: TerminalRenderer
  private var scores: ScoreBook
  /// How many figures came before, for `Figure 1`.
  private var figureCount = 0
  private var isInFold = false

  init(_ run: RunRecord, _ shelf: Shelf, _ presentation: Presentation, console: Console) {
    self.run = run
    self.shelf = shelf
    self.presentation = presentation
    self.console = console
    scores = ScoreBook(folder: shelf.progressFolder)
    terminal = TerminalRenderer(presentation, console: console)
  }

  /// Prints the kicker, the title and the lead.
  func head(of page: Page) { write(terminal.head(of: page, run)) }

  /// Prints a block, and returns it as the reader has seen it: a question with the reader's answer.
  mutating func show(_ block: Block) -> Block {
    if case .prediction(let prediction) = block {
      ask(prediction)
      return .prediction(answer(asked(prediction)))
    }
    if case .figure = block { figureCount += 1 }
    if case .foldEnd = block { isInFold = false }
    // A picture for the terminal takes time.
    if presentation.format == .terminal {
      let renderer = isInFold ? terminal.inFold : terminal
      let text = renderer.text(of: block, figureNumber: figureCount)
      write(isInFold ? TerminalRenderer.indented(text) : text)
    }
    if case .foldStart = block { isInFold = true }
    if case .figure(let figure) = block { openWindow(figure) }
    return block
  }

  /// Prints the claims, and where the page is; or the one thing that another format prints.
  func foot(of record: PageRecord, path: String, json: String) {
    switch presentation.format {
    case .terminal: write(terminal.foot(of: record, path: path))
    case .json: console.write(json)
    case .html: console.write(path + "\n")
    case .slides: console.write(path + "#present\n")
    }
  }

  /// Prints a question.
  func ask(_ prediction: Prediction) { write(terminal.question(prediction)) }

  /// Waits for the reader's answer to a question where one can be given.
  func asked(_ prediction: Prediction) -> Prediction {
    guard presentation.asksQuestions && console.terminal.isInteractive && presentation.format == .terminal else {
      return prediction
    }
    var prediction = prediction
    let prompt =
      prediction.choices.isEmpty
      ? "Your number, and how sure in % (such as 0.3 70; Enter to skip): "
      : "Your choice, 1 to \(prediction.choices.count), and how sure in % (such as 2 70; Enter to skip): "
    for _ in 0..<3 {
      console.write(prompt)
      presentation.beforeAnswer?()
      guard let line = console.readLine(), !line.trimmed.isEmpty else { break }
      if prediction.read(line) { break }
      console.write("That is not an answer to this question.\n")
    }
    write("")
    return prediction
  }

  /// Prints the answer to a question, judges the reader's, and keeps the score.
  mutating func answer(_ prediction: Prediction, repeatsQuestion: Bool = false) -> Prediction {
    var prediction = prediction
    if let isRight = prediction.isRight, let given = prediction.given, let outcome = prediction.outcome {
      scores.add(
        .init(
          page: shelf.name, question: prediction.question, given: given, answer: outcome.text,
          confidence: prediction.confidence, isRight: isRight))
      prediction.outcome?.isRight = isRight
      prediction.outcome?.score = scores.summary
      if let folder = shelf.progressFolder {
        do { try scores.save(folder: folder) } catch { console.writeError("The score was not kept: \(error)\n") }
      }
    }
    write(terminal.answer(prediction, repeatsQuestion: repeatsQuestion))
    return prediction
  }

  private mutating func openWindow(_ figure: Figure) {
    guard presentation.opensWindows else { return }
    do {
      try FigureDrawing.openWindow(figure, theme: presentation.theme ?? .light)
    } catch {
      // Once is enough.
      console.writeError("\(error)\n")
      presentation.opensWindows = false
    }
  }

  private func write(_ text: String) {
    if presentation.format == .terminal { console.write(text) }
  }
}
