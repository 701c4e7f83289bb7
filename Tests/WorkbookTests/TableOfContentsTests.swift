// The table of contents as text.

import Testing
import Workbook

@testable import workbook_cli

@Suite("The table of contents")
struct TableOfContentsTests {
  private func entries() -> [TableOfContents.Entry] {
    Chapter.all.map { chapter in
      var entry = TableOfContents.Entry(chapter)
      entry.exercises = chapter.number == 4 ? 1 : 5
      entry.solved = chapter.number == 2 ? 3 : 0
      entry.hasPage = chapter.number < 3
      return entry
    }
  }

  @Test("lists all chapters within 80 columns, and proposes the first that was not read")
  func plain() {
    let text = TableOfContents.text(entries(), style: .plain)
    for chapter in Chapter.all { #expect(text.contains(chapter.title)) }
    #expect(text.contains("1 exercise\n") && text.contains("5 exercises"))
    #expect(text.contains("3/5 exercises"))
    #expect(text.contains("./workbook run ch03-preprocessing"))
    #expect(!text.contains("\u{1B}"))
    let tooLong = text.split(separator: "\n").filter { $0.count > 80 }
    #expect(tooLong.isEmpty)
  }

  @Test("in colour, every line that opens a colour closes it")
  func coloured() {
    let text = TableOfContents.text(entries(), style: TerminalStyle(width: 80, usesColor: true))
    #expect(text.contains("\u{1B}[32m●"))
    for line in text.split(separator: "\n") where line.contains("\u{1B}") { #expect(line.contains("\u{1B}[0m")) }
  }
}
