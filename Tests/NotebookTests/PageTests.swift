// What a page does from its first line to its files.

import Basics
import Foundation
import Testing

@testable import Notebook

@Suite struct PageTests {
  @Test("publishes one HTML file and its record")
  func publishes() throws {
    let keep = ProcessInfo.processInfo.environment["SAMPLE_PAGE"]
    try withTemporaryFolder { folder in
      let folder = keep ?? folder
      let transcript = Transcript()
      let place = Sample.place(folder: folder + "/ch04-weight-init")
      let path = try place.publish(Sample.page(), console: transcript.console())
      #expect(try String(contentsOfFile: path, encoding: .utf8).contains("Why the first weights matter"))
      #expect(transcript.text.contains(path))
      let json =
        try JSONSerialization.jsonObject(
          with: Data(contentsOf: URL(fileURLWithPath: folder + "/ch04-weight-init/page.json"))) as? [String: Any]
      #expect(json?["chapter"] as? Int == 4)
      #expect((json?["claims"] as? [Any])?.count == 3)
      if keep != nil {
        try AtomicFile.write(transcript.text, to: folder + "/terminal.txt")
        try Book(readingFrom: folder).write(to: folder + "/index.html")
      }
    }
  }

  @Test("prints JSON alone where JSON was asked for")
  func json() throws {
    try withTemporaryFolder { folder in
      var place = Place()
      place.shelf.folder = folder
      place.presentation.format = .json
      let transcript = Transcript()
      var page = Page(chapter: 1, "Title", lead: "Lead")
      page.table(Table("t", columns: ["a"], rows: [[.number(.nan)], [.measured(1.5, 0.25)]]))
      _ = try place.publish(page, console: transcript.console())
      let value = try JSONSerialization.jsonObject(with: Data(transcript.text.utf8)) as? [String: Any]
      #expect((value?["blocks"] as? [[String: Any]])?.first?["kind"] as? String == "table")
    }
  }

  @Test("says clearly why it cannot write, and leaves nothing half-written")
  func unwritable() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("a file", to: folder + "/taken")
      var place = Place()
      place.shelf.folder = folder + "/taken"
      let page = Page(chapter: 1, "Title", lead: "Lead")
      #expect(throws: PageError.cannotMakeFolder(path: folder + "/taken", reason: "a file of that name is in the way"))
      {
        try place.publish(page)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken"])
    }
  }

  @Test("names two figures of one title differently")
  func names() throws {
    try withTemporaryFolder { folder in
      var place = Place()
      place.shelf.folder = folder
      var page = Page(chapter: 1, "Title", lead: "Lead")
      let plot = Plot.lines(LineChart(x: Axis("x"), y: Axis("y"), [Series("a", y: [1, 2])]))
      page.figure(Figure("Same", plot))
      page.figure(Figure("Same", plot))
      let html = try String(contentsOfFile: place.publish(page), encoding: .utf8)
      #expect(html.contains("id=\"ch01-figure-same\""))
      #expect(html.contains("id=\"ch01-figure-same-2\""))
    }
  }

  @Test("cuts code out of the compiled source")
  func code() {
    let function = CodeExcerpt.cut("withTemporaryFolder", in: "Sample.swift", caller: #filePath)
    #expect(function.code.hasPrefix("func withTemporaryFolder"))
    #expect(function.code.hasSuffix("}"))
    #expect(function.code.split(separator: "\n").count == 5)
    #expect(function.path == "Tests/NotebookTests/Sample.swift")
    let snippet = CodeExcerpt.cut("spreads", in: "Tests/NotebookTests/Sample.swift", caller: #filePath)
    #expect(snippet.code.hasPrefix("/// The chart"))
    #expect(!snippet.code.contains("snippet"))
    let property = CodeExcerpt.cut("names", in: "Sample.swift", caller: #filePath)
    #expect(property.code.hasPrefix("static let names = ["))
    #expect(property.code.split(separator: "\n").count == 1)
  }

  @Test("a snippet that ends inside a function says that more follows, and closes what it has opened")
  func cutCode() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let source = """
        // snippet: half
        func train() {
          let say = "} ) ]"  // {
          run([1, 2]) { step in
            // snippet.end
          }
        }
        """
      try Data(source.utf8).write(to: URL(fileURLWithPath: folder + "/Half.swift"))
      let half = CodeExcerpt.cut("half", in: "Half.swift", caller: folder + "/main.swift").code
      #expect(half.hasSuffix("  run([1, 2]) { step in\n    // …\n  }\n}"))
    }
    // What is whole stays as it is.
    #expect(!CodeExcerpt.cut("withTemporaryFolder", in: "Sample.swift", caller: #filePath).code.contains("…"))
  }

  @Test("says that a source is not here instead of failing")
  func missingCode() {
    #expect(CodeExcerpt.cut("f", in: "Nowhere.swift", caller: "/gone/main.swift").isMissing)
    #expect(
      CodeExcerpt.cut("nothingOfThatName", in: "Sample.swift", caller: #filePath).code.contains("nothingOfThatName"))
  }

  @Test("shows progress only where it lasts, on standard error")
  func progress() {
    for isTerminal in [true, false] {
      let transcript = Transcript()
      var console = transcript.console()
      console.terminal.isErrorTerminal = isTerminal
      let clock = Clock()
      let bar = ProgressBar("Training", total: 100, console: console, usesColor: false, now: { clock.time })
      bar.update(1)
      #expect(transcript.errors.isEmpty)
      clock.time = 11
      bar.update(50, "loss 0.31")
      #expect(transcript.errors.contains("50 %"))
      #expect(transcript.errors.contains("11 s left"))
      #expect(transcript.errors.contains("\r") == isTerminal)
      bar.finish()
      let length = transcript.errors.count
      bar.update(60)
      #expect(transcript.errors.count == length)
      #expect(transcript.text.isEmpty)
    }
  }

  @Test("tells the time left of the whole page beside that of the piece in hand, where it is known")
  func progressOfTheWhole() {
    let transcript = Transcript()
    var console = transcript.console()
    console.terminal.isErrorTerminal = true
    let clock = Clock()
    let bar = ProgressBar(
      "Training", total: 100, secondsLeftInAll: { clock.time < 12 ? nil : 600 }, console: console, usesColor: false,
      now: { clock.time })
    clock.time = 11
    bar.update(50)
    #expect(transcript.errors.contains("11 s left") && !transcript.errors.contains("page"))
    clock.time = 12
    bar.update(60)
    #expect(transcript.errors.contains("8 s left, page 10 min 00 s"))
  }

  @Test(
    "paints over the bar with blanks where no escape codes are wanted",
    arguments: [["TERM": "dumb"], ["NO_COLOR": "1"]])
  func plainProgress(environment: [String: String]) {
    let transcript = Transcript()
    var console = transcript.console(environment: environment)
    console.terminal.isErrorTerminal = true
    let clock = Clock()
    let bar = ProgressBar("Training", total: 100, console: console, usesColor: false, now: { clock.time })
    clock.time = 11
    bar.update(50, "a long remark")
    clock.time = 12
    bar.update(60)
    bar.finish()
    #expect(!transcript.errors.contains("\u{1B}"))
    let lines = transcript.errors.split(separator: "\r").map(\.columns)
    #expect(lines.count == 3 && lines[0] == lines[1] && lines[2] < lines[1], "\(lines)")
  }

  final class Clock: @unchecked Sendable { var time = 0.0 }
}

@Suite struct BookTests {
  @Test("binds the recorded pages with their claims, and tells which it could not read")
  func binds() throws {
    try withTemporaryFolder { folder in
      #expect(throws: PageError.noPages(folder: folder)) { try Book(readingFrom: folder) }
      for chapter in [5, 4] {
        var place = Place()
        place.shelf.name = "ch0\(chapter)-name"
        place.shelf.folder = folder + "/" + place.shelf.name
        var page = Page(
          chapter: chapter, "Title \(chapter)", lead: "Lead")
        page.prose("## Section\n\nText")
        page.claim(
          Claim("It falls", source: "S2", published: "1", measured: "2", verdict: chapter == 4 ? .reproduced : .notHere)
        )
        _ = try place.publish(page)
      }
      try AtomicFile.write("{}", to: folder + "/ch06-broken/page.json")
      let book = try Book(readingFrom: folder)
      #expect(book.entries.map(\.number) == [4, 5])
      #expect(book.claims.map(\.claim.verdict) == [.reproduced, .notHere])
      #expect(book.problems.count == 1)
      let html = book.html()
      #expect(html.contains("<article id=\"ch04\""))
      #expect(html.contains("<article id=\"ch05\""))
      #expect(html.contains("href=\"#ch04-section\""))
      let ids = html.matches(of: /\sid="([^"]+)"/).map { String($0.1) }
      #expect(Set(ids).count == ids.count)
    }
  }
}

@Suite struct ScoreboardTests {
  func publish(_ chapter: Int, _ verdict: Claim.Verdict, into folder: String, size: String = "normal") throws -> String
  {
    var place = Place()
    place.shelf.name = "ch0\(chapter)-name"
    place.shelf.folder = folder + "/" + place.shelf.name
    place.run.size = size
    place.run.date = "2026-11-21"
    var page = Page(chapter: chapter, "Title", lead: "Lead")
    page.claim(
      Claim(
        "It *falls* | slowly", source: "S2, S4", published: "6 ×", measured: "1.2 ± 0.3 ×", seeds: 5,
        verdict: verdict, reason: "too few layers"))
    _ = try place.publish(page)
    return place.shelf.folder + "/page.json"
  }

  @Test("reads pages where runs leave them, and records kept under another name, the first of a chapter counting")
  func reads() throws {
    try withTemporaryFolder { folder in
      _ = try publish(4, .reproduced, into: folder + "/out")
      let full = try publish(5, .notHere, into: folder + "/elsewhere", size: "full")
      let old = try publish(4, .partly, into: folder + "/elsewhere", size: "full")
      for (record, chapter) in [(full, "ch05-name"), (old, "ch04-name")] {
        try AtomicFile.write(
          String(contentsOfFile: record, encoding: .utf8), to: "\(folder)/Chapters/\(chapter)/run.json")
      }
      try AtomicFile.write("{", to: folder + "/Chapters/ch06-broken/run.json")
      let board = try Scoreboard(readingFrom: [folder + "/out", folder + "/Chapters"])
      #expect(board.entries.map(\.chapter) == [4, 5])
      #expect(board.entries.map(\.claim.verdict) == [.reproduced, .notHere])
      #expect(board.entries.map(\.size) == ["normal", "full"])
      #expect(board.problems.count == 1)
      #expect(board.tally == "1 reproduced, 0 partly, 1 not here")
      #expect(try Scoreboard(readingFrom: [full]).entries.map(\.chapter) == [5])
      #expect(throws: PageError.self) { try Scoreboard(readingFrom: [folder + "/nothing"]) }
    }
  }

  @Test("every claim comes with its document, its chapter and its run, in each form")
  func forms() throws {
    try withTemporaryFolder { folder in
      let board = try Scoreboard(readingFrom: [try publish(4, .notHere, into: folder, size: "full")])
      let json = try JSONSerialization.jsonObject(with: Data(board.json().utf8)) as? [[String: Any]]
      #expect(json?.first?["chapter"] as? Int == 4)
      #expect((json?.first?["documents"] as? [[String: String]])?.map { $0["key"] } == ["S2", "S4"])
      #expect((json?.first?["run"] as? [String: Any])?["size"] as? String == "full")
      let text = board.text(columns: 80, usesColor: false)
      for part in ["Chapter 4", "full run of 2026-11-21", "✗ not here", "1.2 ± 0.3 ×", "too few layers", "lecture 7"] {
        #expect(text.contains(part), "\(part)")
      }
      #expect(text.split(separator: "\n").allSatisfy { $0.columns <= 80 })
      #expect(board.markdown().contains("| ✗ not here | It *falls* \\| slowly | S2, S4 | 6 × |"))
      let pages = try [(2, "full"), (3, "normal"), (5, "full")].map {
        try publish($0.0, .reproduced, into: folder + "/more", size: $0.1)
      }
      #expect(
        try Scoreboard(readingFrom: pages).markdown().contains(
          "not here. chapters 2, 5: full run of 2026-11-21 · seed 1; chapter 3: run of 2026-11-21 · seed 1."))
      #expect(Scoreboard.spans([1, 2, 3, 5, 7, 8]) == "1 to 3, 5, 7, 8" && Scoreboard.spans([]) == "")
      let html = board.html()
      #expect(html.contains("<em>falls</em>") && html.contains("data-verdict=\"not here\""))
    }
  }
}
