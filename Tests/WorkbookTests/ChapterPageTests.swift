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
    let page = run.pageOptions(run.record(data: "MNIST", settings: [:]))
    #expect(page.name == "ch04-weight-init")
    #expect(page.theme == nil && page.usesColor == nil && !page.predicts && !page.opensWindows)
    #expect(page.format == .terminal && page.run.size == "normal" && page.run.data == "MNIST")
    #expect(page.outputFolder == run.output.path)
    #expect(page.run.threads == Parallel.threadCount)
    #expect(page.chapters.contains { $0.name == "ch04-weight-init" })
    #expect(page.run.date.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil)
  }

  @Test("every option of the look and the run arrives")
  func given() throws {
    let run = try run(
      "--full", "--seed", "7", "--theme", "dark", "--format", "json", "--window", "--predict", "--no-color")
    defer { try? FileManager.default.removeItem(at: run.output) }
    let page = run.pageOptions(run.record(data: "", settings: ["depth": "20"]))
    #expect(page.run.size == "full" && page.run.seed == 7 && page.theme == .dark && page.format == .json)
    #expect(page.opensWindows && page.predicts && page.usesColor == false)
    #expect(page.run.settings == ["depth": "20"])
  }
}
