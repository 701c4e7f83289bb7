// The page of a chapter: prose, formulas, code, tables, figures, questions, claims.

import Foundation

/// A page that explains. It is a value: building it prints nothing and writes nothing.
///
/// ``publish(_:on:as:)`` prints it, asks its questions, draws its figures and writes its files: `index.html` (also the slides),
/// `page.json`, and each figure's SVG, CSV and gnuplot script.
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
  /// What the page is about, in Markdown.
  public let lead: String

  /// Whether figures and sentences are about the recorded run, with the one just made beside it.
  public var reportsRecord = false

  /// Everything added so far.
  var blocks: [Block] = []

  /// Begins a page.
  public init(chapter: Int, _ title: String, lead: String) {
    self.chapter = chapter
    self.title = title
    self.lead = lead
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

  /// Puts a claim to the test; all claims stand in a table at the end.
  public mutating func claim(_ claim: Claim) { add(.claim(claim)) }

  /// Gives each claim on the page what a recorded run says of it, where that is another verdict; on a page that reports the
  /// recorded run, the claims are those of that run, each with what this one says of it.
  public mutating func compareClaims(with recorded: [Claim], of run: RunRecord) {
    blocks = blocks.map { block in
      guard case .claim(let claim) = block, let found = recorded.first(where: claim.isSame) else { return block }
      return .claim(reportsRecord ? found.beside(claim, of: run) : claim.compared(with: found, of: run))
    }
  }

  /// Adds the list of the chapter's exercises, with how the reader's answers stand when the page is published.
  public mutating func exercises() { add(.exercises([])) }

  /// Adds a list of exercises.
  public mutating func exercises(_ exercises: [ExerciseLink]) { add(.exercises(exercises)) }

  /// Adds sources to read on, each in Markdown.
  public mutating func furtherReading(_ sources: [String]) { add(.furtherReading(sources)) }

  /// Asks a question with choices. With `--predict` its answer, one of the choices, waits for the reader's.
  public mutating func predict(_ question: String, choices: [String], answer: Int, _ explanation: String = "") {
    add(.prediction(Prediction(question: question, choices: choices).settled(choice: answer, explanation)))
  }

  /// Asks a question with choices that are numbers: the nearest to what came out is the right one.
  public mutating func predict<Number: BinaryFloatingPoint>(
    _ question: String, choices: [String], answer: Number, _ explanation: String = ""
  ) {
    add(.prediction(Prediction(question: question, choices: choices).settled(number: Double(answer), explanation)))
  }

  /// Asks for a number; one within `tolerance` (a share of the answer) counts as right.
  public mutating func predict<Number: BinaryFloatingPoint>(
    _ question: String, unit: String = "", within tolerance: Double = 0.25, answer: Number, _ explanation: String = ""
  ) {
    let prediction = Prediction(question: question, unit: unit, tolerance: tolerance)
    add(.prediction(prediction.settled(number: Double(answer), explanation)))
  }

  /// Asks for a curve: the reader draws the named series on the empty axes of the figure that follows.
  public mutating func predict(_ question: String, drawing series: String, _ explanation: String = "") {
    var prediction = Prediction(question: question)
    prediction.sketch = series
    add(.prediction(prediction.settled(explanation)))
  }

  mutating func add(_ block: Block) { blocks.append(block) }
}

// What is on a page, for tests and for readers of the data.
extension Page {
  /// The claims put to the test.
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
