// The scoreboard: all claims with the chapters that test them and the verdicts, as text, HTML, Markdown and JSON.

import Foundation

/// The scoreboard of claims, made from recorded pages.
///
/// ```swift
/// let board = try Scoreboard(readingFrom: ["out"])
/// print(board.markdown())
/// ```
public struct Scoreboard: Sendable {
  /// A claim with the chapter and the run that tested it.
  public struct Entry: Sendable {
    /// The chapter's number.
    public let chapter: Int
    /// `ch04-weight-init`.
    public let name: String
    /// The title of the chapter, in Markdown.
    public let title: String
    /// The claim and its verdict.
    public let claim: Claim
    /// `quick`, `normal` or `full`.
    public let size: String
    /// The seed of the run.
    public let seed: String
    /// The date of the run: `2026-11-21`.
    public let date: String
    /// The data of the run: `MNIST`.
    public let data: String
    /// The duration of the whole chapter in seconds.
    public let seconds: Double
    /// Whether it is a record that is part of the workbook, rather than a run of the reader.
    public let isRecorded: Bool
  }

  /// The claims in the order of the chapters.
  public let entries: [Entry]
  /// Records that could not be read, with the reasons.
  public let problems: [PageError]

  /// Reads recorded pages.
  ///
  /// - Parameter paths: records (`findings.json`, `page.json`, or a copy such as `run.json`), or folders with records
  ///   in them or in their subfolders. If there are several records of a chapter, the first one found counts; within a
  ///   folder, the findings count.
  /// - Throws: `PageError.noPages` if there are none; a record that cannot be read is reported in `problems`.
  public init(readingFrom paths: [String]) throws(PageError) {
    var problems: [PageError] = []
    var pages: [Int: (page: RecordedPage, isRecorded: Bool)] = [:]
    for path in paths.flatMap(Scoreboard.records) {
      do {
        let page = try RecordedPage(at: path)
        if pages[page.chapter] == nil { pages[page.chapter] = (page, Scoreboard.isBesideSources(path)) }
      } catch { problems.append(error) }
    }
    guard !pages.isEmpty else { throw problems.first ?? .noPages(folder: paths.joined(separator: ", ")) }
    self.problems = problems
    entries = pages.values.sorted { $0.page.chapter < $1.page.chapter }.flatMap { page, isRecorded in
      page.claims.map {
        Entry(
          chapter: page.chapter, name: page.name, title: page.title, claim: $0, size: page.run.size,
          seed: String(page.run.seed), date: page.run.days, data: page.run.data, seconds: page.run.seconds,
          isRecorded: isRecorded)
      }
    }
  }

  /// The records at a path.
  private static func records(_ path: String) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return [path]
    }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    let here = names.filter { $0.hasSuffix(".json") }.map { "\(path)/\($0)" }
    let inside = names.flatMap { name in ["findings.json", "page.json", "run.json"].map { "\(path)/\(name)/\($0)" } }
    return here + inside.filter { FileManager.default.fileExists(atPath: $0) }
  }

  /// Whether a record is part of the workbook: it is in the folder of a chapter's sources.
  private static func isBesideSources(_ path: String) -> Bool {
    let folder = (path as NSString).deletingLastPathComponent
    return path.hasSuffix("/run.json") || FileManager.default.fileExists(atPath: folder + "/main.swift")
  }

  /// The number of claims with a verdict.
  public func count(_ verdict: Claim.Verdict) -> Int { entries.count { $0.claim.verdict == verdict } }

  /// `12 reproduced, 3 partly, 1 not here`.
  public var tally: String {
    Claim.Verdict.counted(in: entries.map(\.claim)).map { "\(count($0)) \($0.rawValue)" }.joined(separator: ", ")
  }

  /// The chapters with their claims.
  private var chapters: [(first: Entry, claims: [Claim])] {
    var result: [(first: Entry, claims: [Claim])] = []
    for entry in entries {
      if result.last?.first.chapter == entry.chapter {
        result[result.count - 1].claims.append(entry.claim)
      } else {
        result.append((entry, [entry.claim]))
      }
    }
    return result
  }

  /// `recorded full run of 2026-11-21 · seed 1 · MNIST`.
  private static func run(_ entry: Entry) -> String {
    var parts = [
      (entry.isRecorded ? "recorded " : "") + (entry.size == "normal" ? "run" : entry.size + " run")
        + (entry.date.isEmpty ? "" : " of " + entry.date)
    ]
    parts.append("seed " + entry.seed)
    if !entry.data.isEmpty { parts.append(entry.data) }
    return parts.joined(separator: " · ")
  }

  /// The scoreboard as tables for a terminal.
  public func text(columns: Int? = nil, usesColor: Bool? = nil) -> String {
    // The format is not `.terminal`, because no pictures are drawn and the terminal need not be queried for graphics.
    let presentation = Presentation(format: .json, width: columns, usesColor: usesColor)
    let renderer = TerminalRenderer(presentation, console: .standard)
    guard !entries.isEmpty else { return "No page has put a claim to the test yet.\n" }
    return renderer.scoreboard(
      chapters.map {
        ("Chapter \($0.first.chapter) · \(Markdown.plain($0.first.title))", Scoreboard.run($0.first), $0.claims)
      },
      tally: tally)
  }

  /// The scoreboard as one table in Markdown, for a README.
  public func markdown() -> String {
    func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }
    var lines = [
      "| | Claim | Source | Published | Here | Seeds | Chapter |", "|---|---|---|---|---|---:|---:|",
    ]
    for entry in entries {
      let claim = entry.claim
      let reason = [claim.reason, claim.other?.text ?? ""].filter { !$0.isEmpty }.map { "; " + $0 }.joined()
      lines.append(
        "| \(claim.verdict.mark) \(claim.verdictText) | \(cell(claim.text)) | \(cell(claim.source)) | \(cell(claim.published)) | \(cell(claim.measured + reason)) | \(claim.seeds == 0 ? "–" : "\(claim.seeds)") | \(entry.chapter) |"
      )
    }
    lines += ["", "\(tally). \(runs)."]
    let documents = SourceDocument.named(in: entries.map(\.claim))
    if !documents.isEmpty { lines += ["", documents.map { "\($0.key): \($0.title)" }.joined(separator: "; ") + "."] }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The run of each chapter's verdicts; chapters with similar runs are grouped.
  private var runs: String {
    var groups: [(run: String, chapters: [Int])] = []
    for chapter in chapters {
      let (run, number) = (Scoreboard.run(chapter.first), chapter.first.chapter)
      if let place = groups.firstIndex(where: { $0.run == run }) {
        groups[place].chapters.append(number)
      } else {
        groups.append((run, [number]))
      }
    }
    return groups.map { group in
      "\(group.chapters.count == 1 ? "chapter" : "chapters") \(Scoreboard.spans(group.chapters)): \(group.run)"
    }.joined(separator: "; ")
  }

  /// `1 to 5, 7, 8`: three or more consecutive numbers are written as a range.
  package static func spans(_ numbers: [Int]) -> String {
    var spans: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = spans.last, number == last.upperBound + 1 {
        spans[spans.count - 1] = last.lowerBound...number
      } else {
        spans.append(number...number)
      }
    }
    return spans.flatMap { span in
      span.count < 3 ? span.map(String.init) : ["\(span.lowerBound) to \(span.upperBound)"]
    }.joined(separator: ", ")
  }

  /// The scoreboard as JSON: a list of claims, each with its document, chapter and run.
  public func json() -> String {
    JSONValue.array(
      entries.map { entry in
        [
          "chapter": .whole(entry.chapter), "name": .string(entry.name), "title": .string(entry.title),
          "claim": .string(entry.claim.text), "source": .string(entry.claim.source),
          "documents": .array(
            SourceDocument.named(in: entry.claim.source).map {
              ["key": .string($0.key), "title": .string(Markdown.plain($0.title))]
            }), "published": .string(entry.claim.published), "measured": .string(entry.claim.measured),
          "measurement": entry.claim.measurement.map(JSONRenderer.measurement) ?? .null,
          "seeds": .whole(entry.claim.seeds), "verdict": .string(entry.claim.verdict.rawValue),
          "reason": .string(entry.claim.reason),
          "run": [
            "size": .string(entry.size), "seed": .string(entry.seed), "date": .string(entry.date),
            "data": .string(entry.data), "seconds": .number(entry.seconds),
          ],
        ]
      }
    ).file
  }

  /// The scoreboard as a separate HTML page.
  ///
  /// - Parameters:
  ///   - theme: the theme; by default, the reader's preference.
  ///   - home: the address of the front page, if there is one.
  public func html(theme: Theme? = nil, home: String? = nil) -> String {
    let book = home.map { "<a class=\"book\" href=\"\($0)\">The ConvNet Workbook</a>" }
    let runs = chapters.map {
      "<li><b>\($0.first.chapter)</b> \(HTML.markdown($0.first.title)): \(Scoreboard.run($0.first).escapedForMarkup)</li>"
    }
    let body = """
      <a class="skip" href="#claims">Skip to the claims</a>
      <header class="top">\(book ?? "<span class=\"book\">The ConvNet Workbook</span>")<span class="gap"></span><span class="keys"><button type="button" id="theme"><kbd>t</kbd> theme</button></span></header>
      <main>
      <section id="claims" tabindex="-1"><h1>Claims put to the test</h1><p class="lead">Every claim of the sources that a chapter measured, with the verdict its own run computed.</p>
      \(HTMLRenderer.board(entries.map(\.claim)) { (entries[$0].chapter, "\(entries[$0].name.escapedForMarkup)/index.html") })
      <h2>Runs</h2><ul class="reading">\(runs.joined())</ul></section>
      </main>
      <footer><span>\(tally.escapedForMarkup)</span></footer>
      """
    return HTMLRenderer.document(
      title: "Claims put to the test · The ConvNet Workbook", body: body, theme: theme, presents: false,
      script: PageScript.board)
  }
}
