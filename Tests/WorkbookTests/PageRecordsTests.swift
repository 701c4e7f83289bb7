// `./workbook claims --record`: what is kept of a run beside a chapter's sources.

import ExerciseKit
import Foundation
import Testing

@testable import workbook_cli

@Suite("Recorded runs")
struct PageRecordsTests {
  private let root = FileManager.default.temporaryDirectory.appendingPathComponent("records-\(UUID().uuidString)")

  private func write(_ text: String, _ path: String) throws {
    let file = root.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private func text(_ path: String) -> String? {
    try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("findings are copied and take the place of what a page said; of a page alone the tables are kept")
  func records() throws {
    defer { try? FileManager.default.removeItem(at: root) }
    try write(#"{"findings": 1}"#, "out/ch08-losses/findings.json")
    try write("{}", "out/ch08-losses/page.json")
    try write("{}", "Chapters/ch08-losses/run.json")
    try write(#"{"blocks": [{"kind": "prose"}, {"kind": "table"}], "text": "words"}"#, "out/ch02-activations/page.json")
    try write("", "Chapters/ch02-activations/main.swift")
    try PageRecords.write(from: root.path + "/out", beside: root)
    #expect(text("Chapters/ch08-losses/findings.json") == #"{"findings": 1}"#)
    #expect(text("Chapters/ch08-losses/run.json") == nil)
    let page = try #require(text("Chapters/ch02-activations/run.json"))
    #expect(page.contains("table") && !page.contains("prose") && !page.contains("words"))
    #expect(throws: CheckerError.self) { try PageRecords.write(from: root.path + "/none", beside: root) }
  }
}
