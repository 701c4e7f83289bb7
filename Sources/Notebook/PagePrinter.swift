// Prints a page block by block, and asks its questions in between.

import Foundation

/// Prints a page and asks its questions.
struct PagePrinter: Sendable {
  let run: RunRecord
  let shelf: Shelf
  private(set) var presentation: Presentation
  let console: Console
  private let terminal: TerminalRenderer
  private var scores: ScoreBook
  /// The number of figures so far, for `Figure 1`.
  private var figureCount = 0
  private var isInFold = false
  /// The claims still to be shown, and the words of their page.
  private var hasShownClaims = false
  private var pendingClaims: (claims: [Claim], words: String, figures: [String: Int])?

  init(_ run: RunRecord, _ shelf: Shelf, _ presentation: Presentation, console: Console) {
    self.run = run
    self.shelf = shelf
    self.presentation = presentation
    self.console = console
    scores = ScoreBook(folder: shelf.progressFolder)
    terminal = TerminalRenderer(presentation, console: console)
  }

  /// Prints the kicker, the title and the lead.
  mutating func head(of page: Page) {
    note(page)
    write(terminal.head(of: page, run))
  }

  private mutating func note(_ page: Page) {
    let words = PageText.words(title: page.title, lead: page.lead, page.blocks, answers: false)
    let figures = Dictionary(
      page.figures.enumerated().map { ($1.name, $0 + 1) }, uniquingKeysWith: { first, _ in first })
    pendingClaims = page.claims.isEmpty ? nil : (page.claims, words, figures)
  }

  /// Prints the claims once, before the exercises and the further reading.
  private mutating func showClaims() {
    guard let (claims, words, figures) = pendingClaims else { return }
    write(terminal.claimsSection(claims, text: words, figures: figures))
    pendingClaims = nil
    hasShownClaims = true
  }

  /// Prints a block and returns it as shown: a question includes the reader's answer.
  mutating func show(_ block: Block) -> Block {
    if case .prediction(let prediction) = block {
      write(terminal.question(prediction))
      return .prediction(answer(asked(prediction)))
    }
    switch block {
    case .exercises, .furtherReading: showClaims()
    default: break
    }
    if case .figure = block { figureCount += 1 }
    if case .foldEnd = block { isInFold = false }
    // Drawing a picture for the terminal takes time, so other formats skip it.
    if presentation.format == .terminal {
      let renderer = isInFold ? terminal.inFold : terminal
      let text = renderer.text(of: block, figureNumber: figureCount)
      write(isInFold ? TerminalRenderer.indented(text) : text)
    }
    if case .foldStart = block { isInFold = true }
    if case .figure(let figure) = block { openWindow(figure) }
    return block
  }

  /// Prints the location of the page, and the claims if they are not printed yet; for other formats, prints their
  /// output.
  func foot(of page: Page, _ record: PageRecord, path: String, json: String) {
    switch presentation.format {
    case .terminal:
      var copy = self
      if !hasShownClaims {
        copy.note(page)
        copy.showClaims()
      }
      write(terminal.foot(of: record, path: path))
    case .json: console.write(json)
    case .html: console.write(path + "\n")
    case .slides: console.write(path + "#present\n")
    }
  }

  /// Waits for the reader's answer to a question if the presentation asks questions.
  private func asked(_ prediction: Prediction) -> Prediction {
    guard presentation.asksQuestions, presentation.format == .terminal else { return prediction }
    var prediction = prediction
    if prediction.sketch != nil {
      console.write("In a few words, where does it rise, where does it fall, and how far? (Enter to skip): ")
      presentation.beforeAnswer?()
      let line = console.readLine() ?? ""
      if !console.terminal.isInteractive { write(line) }
      write("\n")
      prediction.words = line.trimmed.isEmpty ? nil : line.trimmed
      return prediction
    }
    let prompt =
      prediction.choices.isEmpty
      ? "Your number\(prediction.unit.isEmpty ? "" : " in \(prediction.unit)"), and how sure in % "
        + "(such as 0.3 70; \(prediction.allowance); Enter to skip): "
      : "Your choice, 1 to \(prediction.choices.count), and how sure in % (such as 2 70; Enter to skip): "
    for _ in 0..<3 {
      console.write(prompt)
      presentation.beforeAnswer?()
      guard let line = console.readLine() else {
        write("\n")
        return prediction
      }
      // Input from a pipe is not echoed, so print it.
      if !console.terminal.isInteractive { write(line + "\n") }
      if line.trimmed.isEmpty || prediction.read(line) { return prediction }
      console.write("That is not an answer to this question.\n")
    }
    console.write("No valid answer in three attempts: question skipped.\n")
    return prediction
  }

  /// Prints the answer to a question, judges the reader's answer, and updates the score.
  private mutating func answer(_ prediction: Prediction) -> Prediction {
    var prediction = prediction
    if let isRight = prediction.isRight, let given = prediction.given, let outcome = prediction.outcome {
      let first = scores.add(
        .init(
          page: shelf.name, question: prediction.question, given: given, answer: outcome.text,
          confidence: prediction.confidence, isRight: isRight))
      prediction.outcome?.isRight = isRight
      prediction.outcome?.score =
        (first.map { "Your first answer, \($0.given), is the one that counts. " } ?? "") + scores.summary
      if let folder = shelf.progressFolder {
        do { try scores.save(folder: folder) } catch { console.writeError("The score was not saved: \(error)\n") }
      }
    }
    write(terminal.answer(prediction))
    return prediction
  }

  private mutating func openWindow(_ figure: Figure) {
    guard presentation.opensWindows else { return }
    do {
      try FigureDrawing.openWindow(figure, theme: presentation.theme ?? .light)
    } catch {
      // Report the error only once.
      console.writeError("\(error)\n")
      presentation.opensWindows = false
    }
  }

  private func write(_ text: String) {
    if presentation.format == .terminal { console.write(text) }
  }
}
