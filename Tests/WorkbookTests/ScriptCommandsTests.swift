// What is said of chapters and commands that do not exist, and the list of those that do.

import ArgumentParser
import Testing

@testable import workbook_cli

@Suite("Command lines that cannot be meant")
struct RefusalTests {
  private let chapters = ["ch04-weight-init", "ch10-lenet", "ch11-deeper-networks"]

  @Test(
    "an unknown chapter lists the chapters and names the nearest",
    arguments: [("lenett", "lenet"), ("ch10-lennet", "ch10-lenet"), ("wieght-init", "weight-init")])
  func unknownChapter(_ typed: String, _ meant: String) {
    let text = RunCommand.refusal(of: [typed], chapters: chapters)
    #expect(text.hasPrefix("there is no chapter '\(typed)'. Did you mean \(meant)?\n"))
    for name in chapters { #expect(text.contains("\n    " + name)) }
  }

  @Test(
    "a chapter that is missing, or not clear, is answered with what to type",
    arguments: [
      ([], "expected a chapter, found nothing"),
      (["--quick"], "expected a chapter before the options, found '--quick'"),
      (["zzzzzz"], "there is no chapter 'zzzzzz'.\n"),
      (["ch"], "'ch' could be ch04-weight-init, ch10-lenet, ch11-deeper-networks"),
    ])
  func chapter(_ arguments: [String], _ words: String) {
    #expect(RunCommand.refusal(of: arguments, chapters: chapters).contains(words))
  }

  @Test(
    "an unknown command names the nearest, and a chapter is told from a command",
    arguments: [
      (["ch04", "--quick"], "'ch04' is a chapter. To run it, type:  ./workbook run ch04 --quick"),
      (["chekc"], "there is no command 'chekc'. Did you mean check?"),
      (["qqqqqqqq"], "there is no command 'qqqqqqqq'.\n"), (["main"], "there is no command 'main'"),
    ])
  func command(_ arguments: [String], _ words: String) throws {
    let text = try #require(Script.refusal(of: arguments, commands: WorkbookCommand.names, chapters: chapters))
    #expect(text.contains(words))
  }

  @Test(
    "what begins with an option, or with a command, is not refused", arguments: [[], ["--help"], ["check", "4.2"]])
  func meant(_ arguments: [String]) {
    #expect(Script.refusal(of: arguments, commands: WorkbookCommand.names, chapters: chapters) == nil)
  }

  @Test("distances are those of Levenshtein", arguments: [("", "abc", 3), ("kitten", "sitting", 3), ("abc", "abc", 0)])
  func distance(_ a: String, _ b: String, _ count: Int) {
    #expect(Script.distance(a, b) == count && Script.distance(b, a) == count)
  }

  @Test("the list of commands fits 80 columns and has those of the script")
  func help() {
    let text = WorkbookCommand.helpMessage(columns: 80)
    for name in ["run", "test", "setup", "bench", "toc", "check", "claims"] { #expect(text.contains("\n  \(name)")) }
    #expect(!text.contains("examine-answer"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }
}
