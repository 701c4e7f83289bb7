// What a terminal is told, and what it is spared.

import Testing

@testable import Basics

@Suite struct TerminalTests {
  @Test(
    "colour is for terminals that know it and readers who want it",
    arguments: [
      (true, false, [:], true), (true, false, ["NO_COLOR": ""], true), (false, false, [:], false),
      (true, true, [:], false), (true, false, ["NO_COLOR": "1"], false), (true, false, ["TERM": "dumb"], false),
    ])
  func colour(_ isTerminal: Bool, _ flag: Bool, _ environment: [String: String], _ wanted: Bool) {
    let terminal = Terminal(isTerminal: isTerminal, environment: environment)
    #expect(TerminalStyle(terminal, noColor: flag).usesColor == wanted)
  }

  @Test("lines are as wide as the terminal, within reason", arguments: [(nil, 80), (10, 80), (60, 60), (200, 100)])
  func width(_ columns: Int?, _ width: Int) {
    #expect(TerminalStyle(Terminal(isTerminal: true, columns: columns, environment: [:])).width == width)
  }

  @Test("prose breaks between words and never beyond the width")
  func wrapping() {
    let lines = TerminalStyle(width: 11, usesColor: false).wrapped("one two three four five", indent: 2)
    #expect(lines == ["  one two", "  three", "  four five"])
  }

  @Test("nothing in a text steers the terminal")
  func controls() {
    #expect("a\u{1B}[31mb\u{9B}2J\tc\nd\u{7F}".withoutControls == "a[31mb2J  c\nd")
    #expect(" a\u{1B}[31m\n\tb\u{9B}2J ".onOneLine == "a [31m b 2J")
  }

  @Test("marks of HTML and XML are escaped, and characters that XML lacks left out")
  func markup() {
    #expect(
      "<a href=\"x\">'&'\u{0}\u{FFFE}\n</a>".escapedForMarkup
        == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;\n&lt;/a&gt;")
  }

  @Test(
    "fields of a table are quoted where they must be and are never formulas",
    arguments: [
      ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
      ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
      ("-1.5", "-1.5"), ("-x", "'-x"), ("two\nlines", "\"two\nlines\""), ("", ""),
      ("a,\u{301}b", "\"a,\u{301}b\""), ("a\"\u{301}b", "\"a\"\"\u{301}b\""), ("=\u{200D}cmd", "'=\u{200D}cmd"),
      (" =1", "' =1"), ("\u{FEFF}@x", "'\u{FEFF}@x"), ("＝1", "'＝1"),
    ])
  func csv(_ text: String, _ field: String) { #expect(Array(text.escapedForCSV.utf8) == Array(field.utf8)) }

  @Test(
    "a shell takes a word for one word",
    arguments: [
      ("plain/path-1.txt", "plain/path-1.txt"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#), ("", "''"),
      ("$HOME", "'$HOME'"), ("'\u{301};x", "''\\''\u{301};x'"),
    ])
  func shell(_ text: String, _ word: String) { #expect(Array(text.escapedForShell.utf8) == Array(word.utf8)) }

  @Test("a text is cut by scalars, not by characters, which may be of any length")
  func clipped() {
    #expect("abc".clipped(to: 3) == "abc")
    #expect("abcd".clipped(to: 3) == "abc…")
    #expect(("a" + String(repeating: "\u{301}", count: 1000)).clipped(to: 3).unicodeScalars.count == 4)
  }
}
