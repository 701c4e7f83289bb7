// `./workbook claims`: every tested claim, with its verdict

import ArgumentParser
import Foundation
import Workbook

/// The scoreboard of all claims, from the chapters' recorded runs.
struct ClaimsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims", abstract: "Show the verdict on every claim, and whether it holds for other seeds.",
    discussion: """
      Reads the records that your runs leave in out/ (findings.json or page.json of each chapter), whatever their \
      size. For chapters that were not run here, it reads the recorded runs beside their sources (findings.json or \
      run.json in Chapters/*). Each chapter is marked accordingly.

      --stability N instead runs the default pages with seeds 1 to N. For each claim and each question it reports \
      whether the seeds and the recorded run agree, and which titles, captions and takeaways change their wording. \
      Finished seeds are saved in out/stability and not run again until the chapter or the core changes. The exit code \
      is 1 if a verdict or an answer changes; with --quick, which measures too few seeds to decide much, only if \
      claims, questions or figures appear or disappear.
      """)

  /// The output format of the scoreboard.
  enum Format: String, CaseIterable, ExpressibleByArgument { case table, html, markdown, json }

  @Option(
    parsing: .singleValue,
    help: "A record, or a folder with records in it or in its subfolders; may be repeated.")
  var from: [String] = []
  @Option(help: "The output format.") var format = Format.table
  @Flag(help: "The same as --format json.") var json = false
  @Option(help: "The output file; by default standard output.") var to: String?
  @Flag(help: "Copy the records in out/ beside the sources: Chapters/*/findings.json, or run.json.") var record = false
  @Option(
    help: ArgumentHelp("Run the default pages with seeds 1 to n and compare.", valueName: "n"),
    transform: Whole.number(in: 1...99))
  var stability: Int?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("With --stability: a chapter (ch05 or ch05-normalization); may be repeated."))
  var chapter: [String] = []
  @Flag(help: "With --stability: run quick pages.") var quick = false
  @Flag(help: "With --stability: redraw finished pages from their findings, without measuring.") var redraw = false
  @Option(
    help: ArgumentHelp("With --stability: threads of each run.", valueName: "n"),
    transform: Whole.number(in: 1...1024))
  var threads: Int?
  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).") var noColor = false

  func validate() throws {
    let isComparing = quick || redraw || threads != nil || !chapter.isEmpty
    if stability == nil, isComparing {
      throw ValidationError(
        "--chapter, --quick, --redraw and --threads: expected --stability N as well, found none")
    }
    if stability != nil, record || !from.isEmpty || [.html, .markdown].contains(format) {
      throw ValidationError("--stability: expected no --record, --from or --format html|markdown, found one")
    }
    let known = Checkout.chapters.map(\.name)
    if let name = chapter.first(where: { name in !known.contains { $0 == name || $0.hasPrefix(name + "-") } }) {
      throw ValidationError("--chapter: expected one of \(known.joined(separator: ", ")), found '\(name)'")
    }
  }

  func run() throws {
    if let stability { return try compare(seeds: stability) }
    if record { return try PageRecords.write(from: from.first ?? Pages.folder) }
    let board: Scoreboard
    do { board = try Scoreboard(readingFrom: from.isEmpty ? Self.places : from) } catch {
      try Pages.stop("claims", "\(error)", code: 66)
    }
    for problem in board.problems {
      printError("workbook claims: left out: \(problem)")
    }
    let text =
      switch json ? Format.json : format {
      case .table: board.text(usesColor: noColor || to != nil ? false : nil)
      case .html: board.html()
      case .markdown: board.markdown()
      case .json: board.json()
      }
    guard let to else {
      printAtOnce(text)
      return
    }
    do { try AtomicFile.write(text, to: to) } catch { try Pages.stop("claims", "\(error)", code: 73) }
    print("\(to): \(board.entries.count) claims, \(board.tally)")
  }

  /// Runs chapters with several seeds and reports what changes.
  private func compare(seeds: Int) throws {
    let runs = StabilityRuns(seeds: seeds, isQuick: quick, threads: threads, redraws: redraw)
    let chosen = Checkout.chapters.filter { one in
      chapter.isEmpty || chapter.contains { one.name == $0 || one.name.hasPrefix($0 + "-") }
    }
    let isJSON = json || format == .json
    let style = TerminalStyle(noColor: noColor || to != nil)
    let reports: [StabilityReport]
    do {
      reports = try runs.reports(of: chosen) { report in
        if !isJSON, to == nil { print(report.text(style)) }
      }
    } catch is ChapterProcess.Interrupted { throw ExitCode(130) }
    let text =
      isJSON
      ? try reports.jsonText() + "\n"
      : reports.map { $0.text(style) + "\n" }.joined() + StabilityReport.summary(reports) + "\n"
    if let to {
      do { try AtomicFile.write(text, to: to) } catch { try Pages.stop("claims", "\(error)", code: 73) }
    }
    if isJSON, to == nil { print(text, terminator: "") } else { print(StabilityReport.summary(reports)) }
    let hasGaps = reports.contains { !$0.gaps.isEmpty }
    if hasGaps || (!quick && reports.contains(where: \.flips)) { throw ExitCode(1) }
  }

  /// This checkout's own runs, then the recorded ones.
  private static var places: [String] {
    // Before the first run there is no folder for pages, which is not an error.
    [Pages.folder, Checkout.root.appendingPathComponent("Chapters").path].filter(FileManager.default.fileExists)
  }
}
