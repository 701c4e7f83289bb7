// `./workbook toc`: the table of contents; also `./workbook` alone

import ArgumentParser
import Foundation
import Workbook

/// Lists the chapters of this checkout, with what one types to read them.
struct TableOfContents: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "toc", abstract: "The table of contents: chapters, minutes, exercises, and pages already made.")

  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).")
  var noColor = false

  func run() {
    let terminal = Terminal(noColor: noColor)
    print(Self.text(House.chapters.map(Entry.init), style: terminal))
  }

  /// A line of the table: a chapter and what is known of it here.
  struct Entry {
    var chapter: Chapter
    /// Stubs in `Exercises/ch04`.
    var exercises: Int
    /// Whether a run has left a page in the chapter's output folder.
    var hasPage: Bool

    init(_ chapter: Chapter) {
      self.chapter = chapter
      let files = FileManager.default
      let stubs = (try? files.contentsOfDirectory(atPath: House.root.path + "/Exercises/" + chapter.shortName)) ?? []
      exercises = stubs.filter { $0.hasPrefix("Ex") && $0.hasSuffix(".swift") }.count
      let pages = (try? files.contentsOfDirectory(atPath: House.output(of: chapter).path)) ?? []
      hasPage = pages.contains { $0.hasSuffix(".html") }
    }
  }

  static func text(_ entries: [Entry], style: Terminal) -> String {
    guard !entries.isEmpty else {
      return "There is no chapter in \(House.root.path)/Chapters. Run this in a checkout of the workbook."
    }
    var lines = [style.bold("The ConvNet Workbook"), style.dim("Why convolutional networks train, or fail to."), ""]
    let width = entries.map(\.chapter.title.count).max() ?? 0
    for entry in entries {
      let chapter = entry.chapter
      let number = String(repeating: " ", count: chapter.number < 10 ? 1 : 0) + String(chapter.number)
      let title = chapter.title.padding(toLength: width, withPad: " ", startingAt: 0)
      var notes = ["\(chapter.minutes) min"]
      if entry.exercises > 0 { notes.append("\(entry.exercises) exercise\(entry.exercises == 1 ? "" : "s")") }
      if entry.hasPage { notes.append("page made") }
      lines.append(
        "\(entry.hasPage ? style.green("●") : style.dim("○")) \(number)  \(style.bold(title))  "
          + style.dim(notes.joined(separator: " · ")))
      lines += wrapped(chapter.question, indent: 6, width: style.width).map(style.dim)
    }
    lines.append("")
    let first = entries.first { !$0.hasPage } ?? entries[0]
    lines.append("Read one:   ./workbook run \(first.chapter.name)")
    lines.append("All commands:   ./workbook --help")
    return lines.joined(separator: "\n")
  }
}
