// Options of chapters: what is refused, in which words, and what the rest mean.

import ArgumentParser
import Foundation
import Testing

@testable import Workbook

/// A chapter with options of its own, as ch10 has them.
private struct OwnOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Option(parsing: .unconditional, transform: Whole.number(in: 1...1000)) var epochs = 3
  @Option(name: .customLong("lr"), parsing: .unconditional, transform: Real.number(in: 0...10)) var rate: Float = 0.02
}

@Suite("Options of chapters")
struct ChapterOptionsTests {
  let chapter = Chapter.all[3]

  private func parse(_ line: String) throws -> OwnOptions {
    try ChapterRun.parse(OwnOptions.self, chapter: chapter, line.split(separator: " ").map(String.init))
  }

  @Test("without options: normal size, seed 1, the machine's threads")
  func defaults() throws {
    let options = try parse("")
    #expect(options.shared.size == .normal)
    #expect(options.shared.seed == 1)
    #expect(options.shared.threads == nil)
    #expect(options.epochs == 3)
  }

  @Test("shared and own options mix")
  func mixed() throws {
    let options = try parse("--epochs 5 --quick --seed 18446744073709551615 --threads 2 --theme projector --lr 1e-3")
    #expect(options.epochs == 5)
    #expect(options.rate == 1e-3)
    #expect(options.shared.size == .quick)
    #expect(options.shared.seed == .max)
    #expect(options.shared.threads == 2)
    #expect(options.shared.theme == .projector)
  }

  @Test(
    "absurd options are refused in one line that says what was expected and what was found",
    arguments: [
      ("--threads 0", "'--threads <n>': expected a whole number from 1 to 1024, found '0'"),
      ("--threads -2", "expected a whole number from 1 to 1024, found '-2'"),
      ("--threads many", "expected a whole number from 1 to 1024, found 'many'"),
      ("--seed -1", "'--seed <n>': expected a whole number from 0 to 18446744073709551615, found '-1'"),
      ("--seed 1.5", "found '1.5'"),
      ("--epochs -1", "expected a whole number from 1 to 1000, found '-1'"),
      ("--lr nan", "expected a number from 0.0 to 10.0, found 'nan'"),
      ("--lr inf", "found 'inf'"),
      ("--theme pink", "'light', 'dark' or 'projector'"),
      ("--format pdf", "'terminal', 'html', 'slides' or 'json'"),
      ("--quick --full", "expected at most one, found both"),
      ("--data /no/such/folder", "found nothing at '/no/such/folder'"),
      ("--data /dev/null", "found a file at '/dev/null'"),
      ("--sede 4", "Did you mean '--seed'?"),
      ("extra", "Unexpected argument 'extra'"),
      ("--out", "Missing value for '--out <dir>'"),
    ])
  func absurd(_ line: String, _ words: String) throws {
    let stop = try #require(throws: CommandLineStop.self) { try parse(line) }
    #expect(stop.code == 64)
    #expect(stop.text.hasPrefix("ch04-weight-init: "))
    #expect(stop.text.contains(words))
    #expect(!stop.text.contains("\n"))
  }

  @Test("--help names the chapter and its question, fits 80 columns, and is no error")
  func help() throws {
    let stop = try #require(throws: CommandLineStop.self) { try parse("--help") }
    #expect(stop.code == 0)
    #expect(stop.text.hasPrefix("Chapter 4: Why the first weights matter\n"))
    #expect(stop.text.contains("USAGE: ch04-weight-init [options…]"))
    #expect(stop.text.contains("--epochs"))
    let tooLong = stop.text.split(separator: "\n").filter { $0.count > 80 }
    #expect(tooLong.isEmpty)
  }

  @Test(
    "sizes pick values and numbers of seeds; seeds follow --seed and wrap around",
    arguments: [("--quick", 5, 1), ("", 20, 3), ("--full", 50, 10)])
  func sizes(_ flag: String, _ depth: Int, _ count: Int) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sizes-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let options = try parse("\(flag) --seed 18446744073709551615 --out \(folder.path)").shared
    let run = try ChapterRun(chapter: chapter, options: options)
    #expect(run.pick(quick: 5, normal: 20, full: 50) == depth)
    let seeds = run.seeds(normal: 3, full: 10)
    #expect(seeds.count == count)
    #expect(seeds.first == .max)
    #expect(Set(seeds).count == count)
  }

  @Test("the output folder is made with those above it; one that cannot be is refused before any work")
  func outputFolder() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("out-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var options = ChapterOptions()
    let nested = folder.path + "/a/b c"
    options = try ChapterRun.parse(ChapterOptions.self, chapter: chapter, ["--out", nested])
    let run = try ChapterRun(chapter: chapter, options: options)
    var isFolder: ObjCBool = false
    #expect(FileManager.default.fileExists(atPath: run.output.path, isDirectory: &isFolder) && isFolder.boolValue)

    try Data("kept".utf8).write(to: folder.appendingPathComponent("file"))
    for bad in [folder.path + "/file", folder.path + "/file/below"] {
      let wrong = try ChapterRun.parse(ChapterOptions.self, chapter: chapter, ["--out", bad])
      let stop = try #require(throws: CommandLineStop.self) { try ChapterRun(chapter: chapter, options: wrong) }
      #expect(stop.code == 73)
      #expect(stop.text.contains("--out: expected a folder to write to, found a file at '\(folder.path)/file'"))
    }
    #expect(try String(contentsOf: folder.appendingPathComponent("file"), encoding: .utf8) == "kept")
  }
}

@Suite("The catalogue of chapters")
struct ChapterCatalogueTests {
  @Test("numbers, names and order agree")
  func consistent() {
    #expect(Chapter.all.map(\.number) == Array(1...11))
    for chapter in Chapter.all {
      #expect(chapter.name.hasPrefix(chapter.shortName + "-"))
      #expect(Int(chapter.shortName.dropFirst(2)) == chapter.number)
    }
  }

  @Test("every chapter in this checkout is in the catalogue")
  func complete() throws {
    let folder = Sandbox.repository.appendingPathComponent("Chapters").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("ch") }
    #expect(!names.isEmpty)
    #expect(Set(names).subtracting(Chapter.all.map(\.name)).isEmpty)
  }

  @Test("the checkout is found from any folder below it and from nowhere else")
  func checkout() throws {
    let sandbox = try Sandbox()
    let below = sandbox.root.appendingPathComponent("Sources/workbook-cli")
    #expect(Checkout.checkout(above: below)?.path == sandbox.root.path)
    #expect(Checkout.checkout(above: sandbox.folder) == nil)
  }
}

@Suite("The front page")
struct ReadmeTests {
  private func text(_ name: String) throws -> String {
    try String(contentsOf: Sandbox.repository.appendingPathComponent(name), encoding: .utf8)
  }

  @Test("the README lists the chapters that are here, with their questions, and no others")
  func chapters() throws {
    let readme = try text("README.md")
    let folder = Sandbox.repository.appendingPathComponent("Chapters").path
    let here = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
    for chapter in Chapter.all {
      let row = "| \(chapter.number) | `\(chapter.name)` | \(chapter.question) |"
      #expect(readme.contains(row) == here.contains(chapter.name), "\(row)")
    }
  }

  @Test("every folder and file that the guides name exists", arguments: ["README.md", "CONTRIBUTING.md"])
  func links(_ name: String) throws {
    let pattern = /(?:Sources|Tests|Exercises|Solutions)\/[A-Za-z0-9_\/-]+(?:\.[a-z]+)?|[A-Z]+\.md|LICENSE/
    let named = try text(name).matches(of: pattern).map { String($0.0) }.filter { path in
      !["NN", "Name", "-name"].contains { path.contains($0) }
    }
    #expect(named.count >= 2)
    for path in named {
      #expect(FileManager.default.fileExists(atPath: Sandbox.repository.appendingPathComponent(path).path), "\(path)")
    }
  }
}
