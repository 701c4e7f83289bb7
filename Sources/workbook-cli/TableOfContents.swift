// `./workbook toc`: the table of contents; also `./workbook` alone

import ArgumentParser
import Foundation
import Workbook

/// Lists the chapters of this checkout, with the commands to read them.
struct TableOfContents: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "toc", abstract: "Show the table of contents: chapters, minutes, exercises, and existing pages.")

  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).")
  var noColor = false

  func run() {
    let terminal = TerminalStyle(noColor: noColor)
    // A broken progress file is reported by the commands that write it.
    let progress = (try? LearnerProgress(from: Checkout.progress)) ?? LearnerProgress()
    print(Self.text(Checkout.chapters.map { Entry($0, progress: progress) }, style: terminal))
  }

  /// A line of the table: a chapter and its status in this checkout.
  struct Entry {
    var chapter: Chapter
    /// The number of its exercises.
    var exercises: Int
    /// How many of them the reader has solved.
    var solved: Int
    /// Whether a run has left a page in the chapter's output folder.
    var hasPage: Bool

    init(_ chapter: Chapter, progress: LearnerProgress = .init()) {
      self.chapter = chapter
      let own = ExerciseEntry.exercises(ofChapter: chapter.number)
      exercises = own.count
      solved = own.count { progress[$0.id].passed != nil }
      let files = FileManager.default
      let pages = (try? files.contentsOfDirectory(atPath: Checkout.output(of: chapter).path)) ?? []
      hasPage = pages.contains { $0.hasSuffix(".html") }
    }
  }

  static func text(_ entries: [Entry], style: TerminalStyle) -> String {
    guard !entries.isEmpty else {
      return "There is no chapter in \(Checkout.root.path)/Chapters. Run this in a checkout of the workbook."
    }
    var lines = [style.bold("The ConvNet Workbook"), style.dim("Why convolutional networks train, or fail to."), ""]
    let width = entries.map(\.chapter.title.count).max() ?? 0
    for entry in entries {
      let chapter = entry.chapter
      let number = String(repeating: " ", count: chapter.number < 10 ? 1 : 0) + String(chapter.number)
      let title = chapter.title.padding(toLength: width, withPad: " ", startingAt: 0)
      var notes = ["\(chapter.minutes) min"]
      if entry.exercises > 0 {
        let solved = entry.solved > 0 ? "\(entry.solved)/" : ""
        notes.append("\(solved)\(entry.exercises) exercise\(entry.exercises == 1 ? "" : "s")")
      }
      if entry.hasPage { notes.append("page made") }
      lines.append(
        "\(entry.hasPage ? style.green("●") : style.dim("○")) \(number)  \(style.bold(title))  "
          + style.dim(notes.joined(separator: " · ")))
      lines += style.wrapped(chapter.question, indent: 6).map(style.dim)
    }
    lines.append("")
    let first = entries.first { !$0.hasPage } ?? entries[0]
    lines.append("Exercises:   ./workbook watch")
    lines.append("Read one:   ./workbook run \(first.chapter.name)")
    lines.append("All commands:   ./workbook --help")
    return lines.joined(separator: "\n")
  }
}
