// From a page to its files.

import Basics
import Foundation

extension Page {
  /// Prints the page, asks its questions, draws the figures, writes all files, and says where they are.
  ///
  /// - Returns: the path of the page.
  /// - Throws: `PageError` where the folder cannot be written; files are whole or absent.
  @discardableResult
  public func publish(_ options: PageOptions) throws -> String { try publish(options, console: .standard) }

  func publish(_ options: PageOptions, console: Console) throws -> String {
    var options = options
    if options.name.isEmpty { options.name = chapter < 10 ? "ch0\(chapter)" : "ch\(chapter)" }
    var printer = PagePrinter(options, console: console)
    printer.head(of: self)
    var page = self
    page.blocks = blocks.compactMap { block in
      // The reader's progress is no part of the page.
      guard case .exercises(let listed) = block, listed.isEmpty else { return printer.show(block) }
      return options.exercises.isEmpty ? nil : printer.show(.exercises(options.exercises))
    }
    return try page.write(printer)
  }

  /// Draws the figures and writes the files of a page that has been printed.
  func write(_ printer: PagePrinter) throws -> String {
    let (options, figures) = (printer.options, figures)
    let drawn = FigureDrawing.draw(figures, theme: options.theme ?? .light)
    for problem in drawn.problems { printer.console.writeError(problem + "\n") }
    let record = PageRecord(page: self, options: options, figures: drawn.figures)
    // Everything is made before anything is written.
    let html = HTMLRenderer(record).document()
    let json = JSONRenderer.json(of: record).description + "\n"
    let path = options.outputFolder + "/index.html"
    try PageError.writing { () throws(FileError) in
      for (figure, picture) in zip(figures, drawn.figures) {
        guard let picture else { continue }
        let stem = "\(options.outputFolder)/figures/\(figure.name)"
        for (index, svg) in picture.svgs.enumerated() {
          let suffix = picture.svgs.count > 1 ? "-\(index + 1)" : ""
          try AtomicFile.write(SVG.standalone(svg), to: "\(stem)\(suffix).svg")
        }
        try AtomicFile.write(picture.csv, to: stem + ".csv")
        try AtomicFile.write(picture.script, to: stem + ".gp")
      }
      try AtomicFile.write(json, to: options.outputFolder + "/page.json")
      try AtomicFile.write(html, to: path)
    }
    printer.foot(of: record, path: path, json: json)
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
  /// The drawn figures in order; nil where gnuplot could not.
  var figures: [RenderedFigure?]

  init(page: Page, options: PageOptions, figures: [RenderedFigure?]) {
    chapter = page.chapter
    title = page.title
    lead = page.lead
    blocks = page.blocks
    self.options = options
    self.figures = figures
  }

  /// How long the run took.
  var seconds: Double { options.run.seconds }

  var claims: [Claim] { blocks.compactMap { if case .claim(let claim) = $0 { claim } else { nil } } }

  /// `Chapter 4 · 14 s on 2 threads · seed 1 · synthetic digits`.
  var kicker: String {
    let run = options.run
    var time = readableDuration(seconds: max(seconds, 0.5), .left)
    if let threads = run.threads { time += " on \(threads) \(threads == 1 ? "core" : "cores")" }
    return ["Chapter \(chapter)", time, "seed \(run.seed)", run.sizeText, run.data].filter { !$0.isEmpty }
      .joined(separator: " · ")
  }
}
