// The page of a chapter: prose, formulas, code, tables, figures, questions, claims.

import Foundation

/// A page of a chapter. It is a value: building it prints and writes nothing.
///
/// ``publish(_:on:as:)`` prints it, asks its questions, draws its figures and writes its files: `index.html` (which
/// includes the slides), `page.json`, and the SVG, CSV and gnuplot script of each figure.
///
/// ```swift
/// var page = Page(chapter: 4, "Why the first weights matter", lead: "A deep network begins as random numbers.")
/// page.prose("## The question\nIf every layer multiplies the variance, what is left after twenty?")
/// page.math("\\mathrm{Var}(y) = D_{in}\\,\\mathrm{Var}(x)\\,\\mathrm{Var}(w)")
/// page.predict("Left after six layers:", choices: ["1", "0.3", "0.05"], answer: spread.last, "0.64 to the sixth.")
/// page.figure(Figure("He keeps ReLU alive", .lines(spread)))
/// try page.publish(run, on: shelf)
/// ```
public struct Page: Sendable {
  /// The chapter's number.
  public let chapter: Int
  /// The title, in Markdown.
  public let title: String
  /// A short introduction, in Markdown.
  public let lead: String

  /// Whether figures and text describe the recorded run, with the results of the current run beside it.
  public var reportsRecord = false

  /// The blocks added so far.
  var blocks: [Block] = []

  /// Creates an empty page.
  public init(chapter: Int, _ title: String, lead: String) {
    self.chapter = chapter
    self.title = title
    self.lead = lead
  }

  /// Adds prose in Markdown.
  public mutating func prose(_ markdown: String) { add(.prose(Markdown.parse(markdown))) }

  /// Adds a displayed formula written in TeX.
  public mutating func math(_ tex: String) { add(.math(tex)) }

  /// Adds a note in the margin: a source, an aside.
  public mutating func sideNote(_ markdown: String) { add(.sideNote(Markdown.inlines(markdown))) }

  /// Adds a box.
  public mutating func callout(_ kind: Callout, _ markdown: String) { add(.callout(kind, Markdown.parse(markdown))) }

  /// Adds an excerpt of the program's own source.
  ///
  /// - Parameters:
  ///   - name: a function or type, or a region between `// snippet: name` and `// snippet.end`.
  ///   - file: a file beside the caller's, or a path relative to the package's root.
  ///   - caller: the caller's own file by default.
  public mutating func code(_ name: String, in file: String, caller: String = #filePath) {
    add(.code(CodeExcerpt.cut(name, in: file, caller: caller)))
  }

  /// Adds a table.
  public mutating func table(_ table: Table) { add(.table(table)) }

  /// Adds a figure.
  public mutating func figure(_ figure: Figure) {
    var figure = figure
    let taken = figures.map(\.name)
    let stem = figure.name.isEmpty ? "figure-\(taken.count + 1)" : figure.name
    figure.name = stem
    var number = 2
    while taken.contains(figure.name) {
      figure.name = "\(stem)-\(number)"
      number += 1
    }
    add(.figure(figure))
  }

  /// Adds a claim; all claims are shown in a table at the end.
  public mutating func claim(_ claim: Claim) { add(.claim(claim)) }

  /// Adds the result of a recorded run to each claim on the page, if its verdict differs. On a page that reports the
  /// recorded run, the claims show that run, and each gets the result of this run.
  public mutating func compareClaims(with recorded: [Claim], of run: RunRecord) {
    blocks = blocks.map { block in
      guard case .claim(let claim) = block, let found = recorded.first(where: claim.isSame) else { return block }
      return .claim(reportsRecord ? found.beside(claim, of: run) : claim.compared(with: found, of: run))
    }
  }

  /// Adds the list of the chapter's exercises; their status is determined when the page is published.
  public mutating func exercises() { add(.exercises([])) }

  /// Adds a list of exercises.
  public mutating func exercises(_ exercises: [ExerciseLink]) { add(.exercises(exercises)) }

  /// Adds further reading, each source in Markdown.
  public mutating func furtherReading(_ sources: [String]) { add(.furtherReading(sources)) }

  /// Asks a question with choices. With `--predict`, the answer is shown after the reader's prediction.
  public mutating func predict(_ question: String, choices: [String], answer: Int, _ explanation: String = "") {
    add(.prediction(Prediction(question: question, choices: choices).settled(choice: answer, explanation)))
  }

  /// Asks a question with numbers as choices: the one nearest to the measured number is right.
  public mutating func predict<Number: BinaryFloatingPoint>(
    _ question: String, choices: [String], answer: Number, _ explanation: String = ""
  ) {
    add(.prediction(Prediction(question: question, choices: choices).settled(number: Double(answer), explanation)))
  }

  /// Asks for a number; it is right if it differs from the answer by at most the relative `tolerance`.
  public mutating func predict<Number: BinaryFloatingPoint>(
    _ question: String, unit: String = "", within tolerance: Double = 0.25, answer: Number, _ explanation: String = ""
  ) {
    let prediction = Prediction(question: question, unit: unit, tolerance: tolerance)
    add(.prediction(prediction.settled(number: Double(answer), explanation)))
  }

  /// Asks for a curve: the reader sketches the named series on the empty axes of the next figure.
  public mutating func predict(_ question: String, drawing series: String, _ explanation: String = "") {
    var prediction = Prediction(question: question)
    prediction.sketch = series
    add(.prediction(prediction.settled(explanation)))
  }

  mutating func add(_ block: Block) { blocks.append(block) }
}

// The content of a page, for tests and for programs that read the data.
extension Page {
  /// The claims that the page tests.
  public var claims: [Claim] { blocks.compactMap { if case .claim(let claim) = $0 { claim } else { nil } } }

  /// The figures.
  public var figures: [Figure] { blocks.compactMap { if case .figure(let figure) = $0 { figure } else { nil } } }

  /// The tables.
  public var tables: [Table] { blocks.compactMap { if case .table(let table) = $0 { table } else { nil } } }

  /// The questions, with their answers.
  public var predictions: [Prediction] {
    blocks.compactMap { if case .prediction(let prediction) = $0 { prediction } else { nil } }
  }

  /// The words of the page without markup: prose, titles and captions, questions with their answers, claims.
  public var text: String { PageText.words(title: title, lead: lead, blocks, answers: true) }
}
