// Every statement of the sources has its place in the workbook. The article that lists them is generated from the
// claims of the chapters.

import Foundation
import Notebook
import Testing
import Workbook

/// With `UPDATE_README=1`, the article is rewritten instead of compared.
@Suite("What the sources say, and where it stands")
struct SourceStatementTests {
  private static let repository = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
    url.deletingLastPathComponent()
  }
  private static let article = repository.appendingPathComponent(
    "Sources/ExerciseKit/ExerciseKit.docc/WhatTheSourcesSay.md")
  private static let statements = ["S0", "S1", "S2", "S3", "S4"].flatMap { key in
    SourceStatement.read(
      key,
      (try? String(contentsOf: repository.appendingPathComponent("Tests/Statements/\(key).txt"), encoding: .utf8)) ?? ""
    )
  }
  private static let chapters = Dictionary(
    uniqueKeysWithValues: Chapter.all.map {
      ($0.number, ChapterText(repository.appendingPathComponent("Chapters/\($0.name)")))
    })

  @Test("all five sources are read, and every statement has a place")
  func complete() {
    let counts = Dictionary(grouping: Self.statements, by: \.source).mapValues(\.count)
    #expect(counts.keys.sorted() == ["S0", "S1", "S2", "S3", "S4"])
    for statement in Self.statements {
      #expect(!statement.places.isEmpty, "\(statement.source), \(statement.section): \(statement.text)")
    }
  }

  @Test("what a statement is said to be told by stands in that section")
  func told() {
    for statement in Self.statements {
      for place in statement.places {
        #expect(
          Self.chapters[place.chapter]?.holds(place) ?? (place.kind == .leftOut),
          "\(statement.source): \(statement.text): \(place)")
      }
    }
  }

  @Test("every claim that a chapter makes from these sources is a statement of theirs")
  func claims() throws {
    let tested = Set(
      Self.statements.flatMap(\.places).filter { $0.kind == .tested }.map { "\($0.chapter) \($0.words)" })
    for entry in try Scoreboard(readingFrom: [Self.repository.appendingPathComponent("Chapters").path]).entries
    where entry.claim.source.contains(#/\bS[0-4]\b/#)
      && Self.chapters[entry.chapter]?.text.contains(entry.claim.text) == true
    {
      #expect(tested.contains("\(entry.chapter) \(entry.claim.text)"))
    }
  }

  @Test("a statement without a place, a section that is not there, and words that it does not have are noticed")
  func notices() throws {
    let read = SourceStatement.read("S9", "1 · A\n- told 6, The two forms: mask\n2 · B\n")
    #expect(read.map(\.text) == ["A", "B"] && read.map(\.places.count) == [1, 0])
    let chapter = try #require(Self.chapters[6])
    #expect(chapter.holds(read[0].places[0]))
    for line in [
      "- told 6, No such section: mask", "- told 6, The two forms: no such words", "- erratum 6: no such words",
      "- tested 6: No such claim",
    ] {
      let place = try #require(SourceStatement.read("S9", "1 · A\n" + line)[0].places.first)
      #expect(!chapter.holds(place))
    }
  }

  @Test("the page of the documentation is up to date")
  func article() throws {
    let board = try Scoreboard(readingFrom: [Self.repository.appendingPathComponent("Chapters").path])
    let wanted = Self.page(board)
    if ProcessInfo.processInfo.environment["UPDATE_README"] == "1" {
      try wanted.write(to: Self.article, atomically: true, encoding: .utf8)
    } else {
      #expect(
        try String(contentsOf: Self.article, encoding: .utf8) == wanted,
        "UPDATE_README=1 ./workbook test --filter SourceStatement writes it anew")
    }
  }

  private static func page(_ board: Scoreboard) -> String {
    func count(_ kind: SourceStatement.Place.Kind) -> Int {
      statements.count { $0.places.contains { $0.kind == kind } }
    }
    var lines = [
      "# What the sources say, and where it stands", "",
      "Every statement of the five source documents: tested by a chapter, discussed in one, or corrected.", "",
      "## Overview", "",
      "\(statements.count) statements: \(count(.tested)) are tested, \(count(.told)) discussed, \(count(.erratum)) "
        + "corrected as errata, \(count(.leftOut)) left out. The verdicts are those of the recorded full runs.",
      "",
    ]
    for document in SourceDocument.all {
      let source = document.key
      lines += [
        "## \(source)", "", document.title + ".", "", "| Where | Statement | In the workbook |", "|---|---|---|",
      ]
      for statement in statements where statement.source == source {
        let told = statement.places.map { $0.told(board) }.joined(separator: "; ")
        lines.append("| \(statement.section) | \(cell(statement.text)) | \(cell(told)) |")
      }
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }

  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}

/// A statement of a source document.
private struct SourceStatement {
  var source: String
  /// The section of the document.
  var section: String
  var text: String
  var places: [Place] = []

  /// A place in the workbook.
  struct Place {
    enum Kind: String { case tested, told, erratum, leftOut = "left out" }
    var kind: Kind
    var chapter = 0
    var section = ""
    /// The claim; the words of the section or of the erratum; the reason why it is left out.
    var words: String

    /// `✓ reproduced: “A claim” (chapter 6)`.
    func told(_ board: Scoreboard) -> String {
      switch kind {
      case .tested:
        let claim = board.entries.first { $0.chapter == chapter && $0.claim.text == words }?.claim
        let verdict = claim.map { "\($0.verdict.mark) \($0.verdict.rawValue)" } ?? "not recorded yet"
        return "\(verdict): “\(words)” (chapter \(chapter))"
      case .told: return "discussed in chapter \(chapter), *\(section)*"
      case .erratum: return "an erratum, chapter \(chapter)"
      case .leftOut: return "left out: \(words)"
      }
    }
  }

  /// Reads lines such as `3.1 · A statement`, each followed by its places: `- tested 6: A claim`,
  /// `- told 6, The idea: some words`, `- erratum 6: some words`, `- left out: a reason`.
  static func read(_ source: String, _ text: String) -> [SourceStatement] {
    var statements: [SourceStatement] = []
    for line in text.split(separator: "\n") {
      if let head = line.wholeMatch(of: #/([^-·][^·]*) · (.+)/#) {
        statements.append(.init(source: source, section: String(head.1), text: String(head.2)))
      } else if let place = place(line), !statements.isEmpty {
        statements[statements.count - 1].places.append(place)
      } else {
        Issue.record("\(source): a line that is neither a statement nor a place: \(line)")
      }
    }
    return statements
  }

  private static func place(_ line: Substring) -> Place? {
    if let found = line.wholeMatch(of: #/- (tested|erratum) ([0-9]+): (.+)/#),
      let kind = Place.Kind(rawValue: String(found.1))
    {
      return Place(kind: kind, chapter: Int(found.2) ?? 0, words: String(found.3))
    }
    if let found = line.wholeMatch(of: #/- told ([0-9]+), (.+): (.+?)/#) {
      return Place(kind: .told, chapter: Int(found.1) ?? 0, section: String(found.2), words: String(found.3))
    }
    return line.wholeMatch(of: #/- left out: (.+)/#).map { Place(kind: .leftOut, words: String($0.1)) }
  }
}

/// The sources of a chapter, with continued lines joined.
private struct ChapterText {
  /// The text of all files, and that of the page only.
  var text = ""
  var page = ""
  /// The text after each heading, up to the next one.
  var sections: [String: String] = [:]

  init(_ folder: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names.sorted() where name.hasSuffix(".swift") {
      let url = folder.appendingPathComponent(name)
      guard let source = try? String(contentsOf: url, encoding: .utf8) else { continue }
      let whole = source.replacing(#/\\\n */#, with: "")
      text += whole
      if name.hasPrefix("Page") { page += whole }
      var heading: String?
      for line in whole.split(separator: "\n", omittingEmptySubsequences: false) {
        if let found = line.wholeMatch(of: #/ *##+ (.+)/#) { heading = String(found.1) }
        if let heading { sections[heading, default: ""] += line + "\n" }
      }
    }
  }

  /// Whether the chapter contains what a place says.
  func holds(_ place: SourceStatement.Place) -> Bool {
    switch place.kind {
    // A claim with a computed text is in the record.
    case .tested: text.contains(place.words) || place.words.contains(#/has [0-9.]+ % test errors/#)
    case .told where place.section == "Takeaway": page.contains(place.words)
    case .told: sections[place.section]?.contains(place.words) ?? false
    // In a box where it matters, or in the final table of errata.
    case .erratum:
      (text.contains(".erratum(") || page.contains("Errors found in the sources")) && page.contains(place.words)
    case .leftOut: true
    }
  }
}
