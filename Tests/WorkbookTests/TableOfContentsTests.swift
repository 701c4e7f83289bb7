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
    let text = TableOfContents.text(entries(), style: Terminal(width: 80, hasColour: true))
    #expect(text.contains("\u{1B}[32m●"))
    for line in text.split(separator: "\n") where line.contains("\u{1B}") { #expect(line.contains("\u{1B}[0m")) }
  }

  @Test(
    "colour is for terminals that know it and readers who want it",
    arguments: [
      (true, false, [:], true), (true, false, ["NO_COLOR": ""], true), (false, false, [:], false),
      (true, true, [:], false), (true, false, ["NO_COLOR": "1"], false), (true, false, ["TERM": "dumb"], false),
    ])
  func colour(_ isTerminal: Bool, _ flag: Bool, _ environment: [String: String], _ wanted: Bool) {
    #expect(Terminal.wantsColour(isTerminal: isTerminal, noColor: flag, environment: environment) == wanted)
  }

  @Test("prose breaks between words and never beyond the width")
  func wrapping() {
    let lines = wrapped("one two three four five", indent: 2, width: 11)
    #expect(lines == ["  one two", "  three", "  four five"])
  }
}
