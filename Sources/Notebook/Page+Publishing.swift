// Publishing: the output and the files of a page.

import Basics
import Foundation

extension Page {
  /// Prints the page, asks its questions, draws its figures, writes all files, and prints their location.
  ///
  /// - Parameters:
  ///   - run: the run that measured the page's numbers.
  ///   - shelf: the location of the page.
  ///   - presentation: how to show the page.
  /// - Returns: the path of the page.
  /// - Throws: `PageError` if the folder cannot be written; no file is written partially.
  @discardableResult
  public func publish(_ run: RunRecord, on shelf: Shelf, as presentation: Presentation = Presentation()) throws
    -> String
  {
    guard presentation.usesPager, !presentation.asksQuestions, presentation.format == .terminal,
      Pager.isWanted(Console.standard.terminal, TerminalGraphics.detect())
    else { return try publish(run, on: shelf, as: presentation, console: .standard) }
    let pager = Pager()
    defer { pager.show() }
    return try publish(run, on: shelf, as: presentation, console: pager.console)
  }

  func publish(_ run: RunRecord, on shelf: Shelf, as presentation: Presentation, console: Console) throws -> String {
    var printer = PagePrinter(run, shelf.named(forChapter: chapter), presentation, console: console)
    printer.head(of: self)
    var page = self
    page.blocks = blocks.compactMap { block in
      // The reader's progress is not stored in the page.
      guard case .exercises(let listed) = block, listed.isEmpty else { return printer.show(block) }
      return shelf.exercises.isEmpty ? nil : printer.show(.exercises(shelf.exercises))
    }
    return try page.write(printer)
  }

  /// Draws the figures and writes the files of a printed page.
  func write(_ printer: PagePrinter) throws -> String {
    let (folder, figures) = (printer.shelf.folder, figures)
    let drawn = FigureDrawing.draw(figures, theme: printer.presentation.theme ?? .light)
    for problem in drawn.problems { printer.console.writeError(problem + "\n") }
    let record = PageRecord(
      page: self, run: printer.run, shelf: printer.shelf, presentation: printer.presentation, figures: drawn.figures)
    // Prepare everything before writing anything.
    let html = HTMLRenderer(record).document()
    let json = JSONRenderer.json(of: record).description + "\n"
    let path = folder + "/index.html"
    try PageError.writing { () throws(FileError) in
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
      try AtomicFile.write(json, to: folder + "/page.json")
      try AtomicFile.write(html, to: path)
    }
    printer.foot(of: self, record, path: path, json: json)
    return path
  }
}

/// A finished page, which renderers draw.
struct PageRecord: Sendable {
  var chapter: Int
  var title: String
  var lead: String
  var run: RunRecord
  var shelf: Shelf
  var presentation: Presentation
  var blocks: [Block]
  /// The drawn figures in order; nil for those that gnuplot could not draw.
  var figures: [RenderedFigure?]

  init(page: Page, run: RunRecord, shelf: Shelf, presentation: Presentation, figures: [RenderedFigure?]) {
    chapter = page.chapter
    title = page.title
    lead = page.lead
    blocks = page.blocks
    self.run = run
    self.shelf = shelf
    self.presentation = presentation
    self.figures = figures
  }

  var claims: [Claim] { blocks.compactMap { if case .claim(let claim) = $0 { claim } else { nil } } }

  /// `Chapter 4 · 14 s on 2 threads · seed 1 · synthetic digits`.
  var kicker: String {
    ["Chapter \(chapter)", run.duration, "seed \(run.seed)", run.sizeText, run.data].filter { !$0.isEmpty }
      .joined(separator: " · ")
  }
}
