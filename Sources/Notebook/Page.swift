// The page of a chapter: prose, formulas, code, tables, figures, questions, claims.

import Foundation

/// A page that explains, built block by block while its experiments run.
///
/// In a terminal every block is printed as soon as it is added. ``publish()`` draws the figures and writes the files:
/// `index.html` (also the slides), `page.json`, and each figure's SVG, CSV and gnuplot script.
///
/// ```swift
/// var page = Page(chapter: 4, "Why the first weights matter", lead: "A deep network begins as random numbers.")
/// page.prose("## The question\nIf every layer multiplies the variance, what is left after twenty?")
/// page.math("\\mathrm{Var}(y) = D_{in}\\,\\mathrm{Var}(x)\\,\\mathrm{Var}(w)")
/// page.figure(Figure("He keeps ReLU alive", .lines(spread)))
/// try page.publish()
/// ```
public struct Page: Sendable {
  /// The chapter's number.
  public let chapter: Int
  /// The title, in Markdown.
  public let title: String
  /// What the page is about, in Markdown.
  public let lead: String
  /// How the page is run and shown.
  public var options: PageOptions

  /// Everything added so far.
  private(set) var blocks: [Block] = []
  let started: Date
  private let setting: Setting
  private var scores: ScoreBook
  /// How many figures came before, for `Figure 1`.
  private var figureCount = 0

  var console: Console { setting.console }
  private var terminal: TerminalRenderer { setting.terminal }

  /// Where the page is printed.
  ///
  /// Behind a reference, so that the size of a page does not depend on internal types: a chapter that was not compiled
  /// again after one of them changed would otherwise read the wrong fields.
  private final class Setting: Sendable {
    let console: Console
    let terminal: TerminalRenderer
    init(options: PageOptions, console: Console) {
      self.console = console
      terminal = TerminalRenderer(options: options, console: console)
    }
  }

  /// Begins a page and prints its head.
  public init(chapter: Int, _ title: String, lead: String, options: PageOptions = PageOptions()) {
    self.init(chapter: chapter, title, lead: lead, options: options, console: .standard)
  }

  init(chapter: Int, _ title: String, lead: String, options: PageOptions, console: Console) {
    self.chapter = chapter
    self.title = title
    self.lead = lead
    self.options = options
    if self.options.name.isEmpty { self.options.name = chapter < 10 ? "ch0\(chapter)" : "ch\(chapter)" }
    started = Date()
    scores = ScoreBook(folder: options.progressFolder)
    setting = Setting(options: options, console: console)
    show(terminal.head(of: self))
  }

  /// Adds prose in Markdown.
  public mutating func prose(_ markdown: String) { add(.prose(Markdown.parse(markdown))) }

  /// Adds a displayed formula written in TeX.
  public mutating func math(_ tex: String) { add(.math(tex)) }

  /// Adds a remark in the margin: a source, an aside.
  public mutating func sideNote(_ markdown: String) { add(.sideNote(Markdown.inlines(markdown))) }

  /// Adds a box.
  public mutating func callout(_ kind: Callout, _ markdown: String) { add(.callout(kind, Markdown.parse(markdown))) }

  /// Adds a piece of the program's own source.
  ///
  /// - Parameters:
  ///   - name: a function or type, or a region between `// snippet: name` and `// snippet.end`.
  ///   - file: a file beside the caller's, or a path from the package's root.
  ///   - caller: the caller's own file, by default.
  public mutating func code(_ name: String, in file: String, caller: String = #filePath) {
    add(.code(CodeExcerpt.cut(name, in: file, caller: caller)))
  }

  /// Adds a table.
  public mutating func table(_ table: Table) { add(.table(table)) }

  /// Adds a figure.
  public mutating func figure(_ figure: Figure) {
    var figure = figure
    let taken = blocks.compactMap { block -> String? in if case .figure(let other) = block { other.name } else { nil } }
    let stem = figure.name.isEmpty ? "figure-\(taken.count + 1)" : figure.name
    figure.name = stem
    var number = 2
    while taken.contains(figure.name) {
      figure.name = "\(stem)-\(number)"
      number += 1
    }
    add(.figure(figure))
    if options.opensWindows {
      do {
        try FigureDrawing.openWindow(figure, theme: options.theme ?? .light)
      } catch {
        // Once is enough.
        console.writeError("\(error)\n")
        options.opensWindows = false
      }
    }
  }

  /// Puts a claim to the test; all claims stand in a table at the end.
  public mutating func claim(_ claim: Claim) { add(.claim(claim)) }

  /// Adds the list of exercises.
  public mutating func exercises(_ exercises: [ExerciseLink]) { add(.exercises(exercises)) }

  /// Adds sources to read on, each in Markdown.
  public mutating func furtherReading(_ sources: [String]) { add(.furtherReading(sources)) }

  /// Returns a progress bar on standard error; `total` is the number of steps.
  public func progress(_ label: String, total: Int) -> ProgressBar {
    ProgressBar(label, total: total, secondsLeftInAll: options.secondsLeft)
  }

  /// Asks a question with choices before its experiment runs.
  ///
  /// With `--predict` on a terminal it waits for an answer; otherwise it prints the question.
  public mutating func predict(_ question: String, choices: [String]) -> Prediction {
    ask(Prediction(question: question, choices: choices, unit: "", tolerance: 0))
  }

  /// Asks for a number before its experiment runs; one within `tolerance` (a share of the answer) counts as right.
  public mutating func predict(_ question: String, unit: String = "", within tolerance: Double = 0.25) -> Prediction {
    ask(Prediction(question: question, choices: [], unit: unit, tolerance: tolerance))
  }

  private mutating func ask(_ prediction: Prediction) -> Prediction {
    var prediction = prediction
    prediction.index = blocks.count
    let asks = options.predicts && console.isInteractive && options.format == .terminal
    show(terminal.question(prediction))
    if asks {
      let prompt =
        prediction.choices.isEmpty
        ? "Your number, and how sure in % (such as 0.3 70; Enter to skip): "
        : "Your choice, 1 to \(prediction.choices.count), and how sure in % (such as 2 70; Enter to skip): "
      for _ in 0..<3 {
        console.write(prompt)
        options.beforeAnswer?()
        guard let line = console.readLine(), !line.trimmed.isEmpty else { break }
        if prediction.read(line) { break }
        console.write("That is not an answer to this question.\n")
      }
      show("")
    }
    blocks.append(.prediction(prediction))
    return prediction
  }

  /// Shows the answer to a question with choices.
  public mutating func reveal(_ prediction: Prediction, answer: Int, _ explanation: String = "") {
    guard prediction.choices.indices.contains(answer) else {
      reveal(prediction, answer: Double(answer), explanation)
      return
    }
    reveal(prediction, choice: answer, text: prediction.choices[answer], explanation)
  }

  /// Shows the answer to a question: the number that came out. With choices, the nearest is the right one.
  public mutating func reveal<Number: BinaryFloatingPoint>(
    _ prediction: Prediction, answer: Number, _ explanation: String = ""
  ) {
    let answer = Double(answer)
    let text = short(answer, digits: 3) + (prediction.unit.isEmpty ? "" : " " + prediction.unit)
    reveal(prediction, choice: prediction.nearestChoice(to: answer), number: answer, text: text, explanation)
  }

  private mutating func reveal(
    _ prediction: Prediction, choice: Int?, number: Double? = nil, text: String, _ explanation: String
  ) {
    var prediction = prediction
    var isRight: Bool?
    if let given = prediction.choice {
      isRight = given == choice
    } else if let given = prediction.number, let number {
      isRight = abs(given - number) <= abs(number) * prediction.tolerance + 1e-12
    }
    var score = ""
    if let isRight, let given = prediction.given {
      scores.add(
        .init(
          page: options.name, question: prediction.question, given: given, answer: text,
          confidence: prediction.confidence, isRight: isRight))
      score = scores.summary
      if let folder = options.progressFolder {
        do { try scores.save(folder: folder) } catch { console.writeError("The score was not kept: \(error)\n") }
      }
    }
    prediction.outcome = .init(
      choice: choice, number: number, text: text, explanation: explanation, isRight: isRight, score: score)
    let repeats = prediction.index != blocks.count - 1
    if blocks.indices.contains(prediction.index) { blocks[prediction.index] = .prediction(prediction) }
    show(terminal.answer(prediction, repeatsQuestion: repeats))
  }

  private mutating func add(_ block: Block) {
    blocks.append(block)
    if case .figure = block { figureCount += 1 }
    guard options.format == .terminal else { return }
    show(terminal.text(of: block, figureNumber: figureCount))
  }

  private func show(_ text: String) {
    if options.format == .terminal { console.write(text) }
  }

  /// Draws the figures, writes all files, and says where they are.
  ///
  /// - Throws: `PageError` where the folder cannot be written; files are whole or absent.
  @discardableResult
  public mutating func publish() throws -> String {
    let figures = blocks.compactMap { block in if case .figure(let figure) = block { figure } else { nil } }
    let drawn = FigureDrawing.draw(figures, theme: options.theme ?? .light)
    for problem in drawn.problems { console.writeError(problem + "\n") }
    let record = PageRecord(
      page: self, seconds: options.secondsBefore + Date().timeIntervalSince(started), figures: drawn.figures)
    let folder = options.outputFolder
    // Everything is made before anything is written.
    let html = HTMLRenderer(record).document()
    let json = JSONRenderer.json(of: record).text
    for (figure, picture) in zip(figures, drawn.figures) {
      guard let picture else { continue }
      let stem = "\(folder)/figures/\(figure.name)"
      for (index, svg) in picture.svgs.enumerated() {
        let suffix = picture.svgs.count > 1 ? "-\(index + 1)" : ""
        try AtomicFile.write(SVG.standalone(svg), to: "\(stem)\(suffix).svg")
      }
      try AtomicFile.write(picture.csv, to: stem + ".csv")
      try AtomicFile.write(picture.script, to: stem + ".gp")
    }
    let path = folder + "/index.html"
    try AtomicFile.write(json + "\n", to: folder + "/page.json")
    try AtomicFile.write(html, to: path)
    switch options.format {
    case .terminal: show(terminal.foot(of: record, path: path))
    case .json: console.write(json + "\n")
    case .html: console.write(path + "\n")
    case .slides: console.write(path + "#present\n")
    }
    return path
  }
}

/// A finished page: what renderers draw.
struct PageRecord: Sendable {
  var chapter: Int
  var title: String
  var lead: String
  var options: PageOptions
  var blocks: [Block]
  /// How long the run took.
  var seconds: Double
  /// The drawn figures in order; nil where gnuplot could not.
  var figures: [RenderedFigure?]

  init(page: Page, seconds: Double, figures: [RenderedFigure?]) {
    chapter = page.chapter
    title = page.title
    lead = page.lead
    options = page.options
    blocks = page.blocks
    self.seconds = seconds
    self.figures = figures
  }

  var claims: [Claim] { blocks.compactMap { if case .claim(let claim) = $0 { claim } else { nil } } }

  /// `Chapter 4 · 14 s on 2 threads · seed 1 · synthetic digits`.
  var kicker: String {
    var parts = ["Chapter \(chapter)"]
    var time = ProgressBar.duration(max(seconds, 0.5))
    if let threads = options.threads { time += " on \(threads) \(threads == 1 ? "core" : "cores")" }
    parts.append(time)
    parts.append("seed \(options.seed)")
    if !options.size.isEmpty { parts.append("\(options.size) run") }
    if !options.data.isEmpty { parts.append(options.data) }
    return parts.joined(separator: " · ")
  }
}
