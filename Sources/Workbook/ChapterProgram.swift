// A chapter as a program: measure, judge, explain. The measurements are saved; everything else follows from them.

import Basics
import Foundation
import Notebook

/// A chapter: its measurements, its claims, and its page.
///
/// ```swift
/// enum Losses: ChapterProgram {
///   static let number = 8
///   struct Findings: Codable { var errors: [Summary] }
///   static func measure(_ run: ChapterRun, _ options: ChapterOptions) throws -> Findings { … }
///   static func claims(_ findings: Findings) -> [Claim] { … }
///   static func page(_ findings: Findings, _ run: RunRecord) -> Page { … }
/// }
/// ```
///
/// `main.swift` has one statement, `Losses.main()`. Findings are numbers; text belongs in ``claims(_:)`` and
/// ``page(_:_:)``, which neither train nor print. So tests can call them with made-up findings, and a page can be
/// drawn again from a file in seconds.
public protocol ChapterProgram {
  /// The options on the command line: the shared ones, and possibly its own.
  associatedtype Options: ChapterArguments = ChapterOptions
  /// The measurements: everything that the page shows and the claims judge, without text.
  associatedtype Findings: Codable & Sendable

  /// The number in the table of contents.
  static var number: Int { get }
  /// The entry of the table of contents; by default that of the curriculum, otherwise one made from the program's name.
  static var chapter: Chapter { get }
  /// Runs the experiments.
  ///
  /// - Throws: any error that stops them; `exitingOnError` gives each its exit code.
  static func measure(_ run: ChapterRun, _ options: Options) throws -> Findings
  /// The claims of the sources, compared with the findings.
  static func claims(_ findings: Findings) -> [Claim]
  /// The page. It does no training and reads no files except the program's own source for excerpts.
  ///
  /// - Parameters:
  ///   - findings: the measurements.
  ///   - run: the run that made the measurements, perhaps long ago.
  static func page(_ findings: Findings, _ run: RunRecord) -> Page
  /// The page of a run next to the recorded one: for chapters that show more of the record than its verdicts. Every
  /// page shows verdicts that differ. The default is ``page(_:_:)``.
  ///
  /// - Parameters:
  ///   - findings: the measurements.
  ///   - run: the run that made the measurements.
  ///   - recorded: the run recorded in `Chapters/NAME/findings.json`; nil if there is none, or if this is the page of
  ///     that run.
  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page
  /// The data set: `MNIST`, `synthetic digits`; empty by default.
  static func data(_ findings: Findings) -> String
  /// The chapter's own options as text for the record; none by default.
  static func settings(_ options: Options) -> [String: String]
}

extension ChapterProgram {
  public static var chapter: Chapter { Chapter.number(number) ?? .ofThisProgram(number) }
  public static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    page(findings, run)
  }
  public static func data(_ findings: Findings) -> String { "" }
  public static func settings(_ options: Options) -> [String: String] { [:] }

  /// Runs the chapter: measures, or reads the file of `--from`; saves the findings; then prints and writes the page.
  ///
  /// Ends the program on `--help` (exit code 0) and, with one line on standard error, on invalid options (64), findings
  /// of another chapter (66), an output folder that cannot be written to (73, 74), and any error that stops the
  /// experiments.
  public static func main() {
    reportOutputErrorsAtExit()
    var (run, options) = ChapterRun.start(chapter, Options.self)
    if let holder = FolderLock.holder(of: run.output) {
      CommandLineStop(
        text: "\(chapter.name): process \(holder) is writing to \(run.output.path). Name another folder with --out DIR",
        code: 73
      ).leave()
    }
    let journal = run.exitingOnError { try run.openJournal(keepsShortRuns: Options.keepsShortRuns) }
    run.journal = journal
    let kept = run.exitingOnError {
      if let path = run.options.from {
        // Compute the claims anew: the rules may have changed since the findings were saved.
        let kept = try KeptFindings<Findings>(at: path, of: chapter)
        return KeptFindings(chapter, kept.run, claims(kept.findings), kept.findings)
      }
      let findings = try TrainingScope.$current.withValue(journal.map { TrainingScope($0) }) {
        try measure(run, options)
      }
      let record = run.record(data: data(findings), settings: settings(options))
      return KeptFindings(chapter, record, claims(findings), findings)
    }
    run.exitingOnError { try kept.write(to: run.output.appendingPathComponent("findings.json").path) }
    run.publish(page(of: kept, beside: KeptFindings(recordedOf: chapter)), of: kept.run)
  }

  /// The page of a run. Each claim also shows the verdict of the recorded run if that differs.
  static func page(of kept: KeptFindings<Findings>, beside recorded: KeptFindings<Findings>?) -> Page {
    // Compare only runs on the same data, or on synthetic digits, which stand in for it.
    guard let recorded, recorded.run != kept.run,
      [recorded.run.data, SyntheticDigits.name].contains(kept.run.data)
    else { return page(kept.findings, kept.run, recorded: nil) }
    var page = page(kept.findings, kept.run, recorded: recorded)
    page.compareClaims(with: claims(recorded.findings), of: recorded.run)
    return page
  }

  /// Begins the page, for ``page(_:_:)``.
  public static func page(lead: String) -> Page { Page(chapter: chapter.number, chapter.title, lead: lead) }
}

extension Chapter {
  /// The entry of a program outside the curriculum, made from its name.
  static func ofThisProgram(_ number: Int) -> Chapter {
    let name = (CommandLine.arguments.first.map { $0 as NSString } ?? "").lastPathComponent
    let digits = number < 10 ? "0\(number)" : "\(number)"
    return Chapter(folder: name) ?? Chapter(number: number, name: "ch\(digits)-chapter", title: "Chapter \(number)")
  }
}
