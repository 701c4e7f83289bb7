// How the options of a run reach its page.

import Foundation
import Notebook
import Tensors
import Testing

@testable import Workbook

@Suite("A chapter's page")
struct ChapterPageTests {
  private func run(_ arguments: String...) throws -> ChapterRun {
    let chapter = Chapter.all[3]
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("page-\(UUID().uuidString)")
    let options = try ChapterRun.parse(ChapterOptions.self, chapter: chapter, ["--out", folder.path] + arguments)
    return try ChapterRun(chapter: chapter, options: options)
  }

  @Test("without options the page follows the reader: theme and colour undecided, terminal, no question asked")
  func defaults() throws {
    let run = try run()
    defer { try? FileManager.default.removeItem(at: run.output) }
    let (record, shelf, shown) = (run.record(data: "MNIST", settings: [:]), run.shelf, run.presentation)
    #expect(shelf.name == "ch04-weight-init" && shelf.folder == run.output.path)
    #expect(shelf.chapters.contains { $0.name == "ch04-weight-init" })
    #expect(shown.theme == nil && shown.usesColor == nil && !shown.asksQuestions && !shown.opensWindows)
    #expect(shown.format == .terminal && record.size == "normal" && record.data == "MNIST")
    #expect(record.threads == Parallel.threadCount)
    #expect(record.date.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil)
  }

  @Test("every option of the look and the run arrives")
  func given() throws {
    let run = try run(
      "--full", "--seed", "7", "--theme", "dark", "--format", "json", "--window", "--predict", "--no-color")
    defer { try? FileManager.default.removeItem(at: run.output) }
    let (record, shown) = (run.record(data: "", settings: ["depth": "20"]), run.presentation)
    #expect(record.size == "full" && record.seed == 7 && shown.theme == .dark && shown.format == .json)
    #expect(shown.opensWindows && shown.asksQuestions && shown.usesColor == false)
    #expect(record.settings == ["depth": "20"])
  }
}
