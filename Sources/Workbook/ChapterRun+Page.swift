// Publishes the page of a chapter's run with its options, and ends the program if the page cannot be written.

import ArgumentParser
import Basics
import ExerciseKit
import Foundation
import Notebook
import Tensors

extension Presentation.Format: ExpressibleByArgument {}

extension ChapterRun {
  /// The record of this run so far.
  func record(data: String, settings: [String: String]) -> RunRecord {
    RunRecord(
      seed: seed, size: size.rawValue, data: data, threads: Parallel.threadCount,
      seconds: (journal?.secondsBefore ?? 0) + Date().timeIntervalSince(started),
      date: started.formatted(.iso8601.year().month().day()), trainings: journal?.trainingSeconds ?? [:],
      settings: settings, versions: ["Swift": Self.swiftVersion, "system": Self.system])
  }

  /// How the page is shown, according to the command line.
  var presentation: Presentation {
    Presentation(
      format: options.format ?? .terminal, theme: options.theme, usesColor: options.noColor ? false : nil,
      opensWindows: options.window, usesPager: !options.noPager, asksQuestions: options.predict,
      beforeAnswer: Interruption.rest)
  }

  /// The place of the page: in the output folder, among the chapters of the checkout.
  var shelf: Shelf {
    let book = output.deletingLastPathComponent().appendingPathComponent("index.html")
    return Shelf(
      name: chapter.name, folder: output.path,
      chapters: Checkout.chapters.map {
        Shelf.Entry(number: $0.number, name: $0.name, title: $0.title, question: $0.question)
      },
      hasBook: FileManager.default.fileExists(atPath: book.path), progressFolder: Checkout.progress.path,
      exercises: exercises, nextCommand: nextCommand)
  }

  /// Returns a progress bar on standard error; `total` is the number of steps.
  public func progress(_ label: String, total: Int) -> ProgressBar {
    guard let journal else { return ProgressBar(label, total: total) }
    return ProgressBar(label, total: total, secondsLeftInAll: { journal.secondsLeft })
  }

  /// The chapter's exercises with the status of the learner's answers, for `page.exercises(run.exercises)`.
  public var exercises: [ExerciseLink] {
    // A broken progress file must not stop the page; the commands that need the file report it.
    let progress = try? LearnerProgress(from: Checkout.progress)
    return ExerciseEntry.exercises(ofChapter: chapter.number).map { exercise in
      let entry = progress?[exercise.id]
      let status: ExerciseLink.Status =
        entry?.passed != nil ? .passed : entry?.lastFinding.map { .failed($0) } ?? .open
      return ExerciseLink(
        id: exercise.id.description, exercise.title, minutes: exercise.minutes,
        task: exercise.task(in: Checkout.root) ?? "", file: exercise.file, status: status)
    }
  }

  /// Prints and publishes the page of a run, and opens it with `--open`.
  ///
  /// Ends the program with one line on standard error (exit code 74) if the page cannot be written.
  func publish(_ page: Page, of record: RunRecord) {
    do {
      var presentation = presentation
      presentation.panels = {
        LiveModule.forPages { printError("compiling the code for the page's interactive panels, once: \($0)") }
      }
      let path = try page.publish(record, on: shelf, as: presentation)
      try journal?.finish()
      if options.open { Browser.open(path) }
    } catch {
      CommandLineStop(text: "\(chapter.name): \(error)", code: 74).leave()
    }
  }

  /// Ends the program without a page.
  public func endWithoutPage() throws -> Never {
    try journal?.finish()
    exit(0)
  }

  /// The reader's next command: the chapter's exercises if it has any, otherwise the next chapter.
  private var nextCommand: String {
    let stubs = Checkout.root.appendingPathComponent("Exercises/" + chapter.shortName).path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: stubs)) ?? []
    if names.contains(where: { $0.hasPrefix("Ex") }) {
      return "./workbook check " + chapter.shortName
    }
    return Checkout.chapters.first { $0.number > chapter.number }.map { "./workbook run " + $0.name } ?? "./workbook"
  }

  /// The machine: `Linux x86_64, 2 processors`.
  private static var system: String {
    #if os(Linux)
    let name = "Linux"
    #else
    let name = "macOS"
    #endif
    #if arch(x86_64)
    let architecture = "x86_64"
    #else
    let architecture = "arm64"
    #endif
    let count = ProcessInfo.processInfo.activeProcessorCount
    return "\(name) \(architecture), \(count) processor\(count == 1 ? "" : "s")"
  }

  /// The version of the compiler that built this program, as far as the program can know it.
  private static var swiftVersion: String {
    #if compiler(>=6.4)
    "6.4 or newer"
    #elseif compiler(>=6.3)
    "6.3"
    #elseif compiler(>=6.2)
    "6.2"
    #elseif compiler(>=6.1)
    "6.1"
    #else
    "6.0"
    #endif
  }
}

/// The reader's browser.
package enum Browser {
  /// Opens a file or an address, or explains on standard error what to do if that is not possible.
  package static func open(_ path: String) {
    #if os(macOS)
    let opener: String? = "/usr/bin/open"
    #else
    let environment = ProcessInfo.processInfo.environment
    let hasDisplay = ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0]?.isEmpty == false }
    let folders = (environment["PATH"] ?? "/usr/bin").split(separator: ":").map { String($0) + "/xdg-open" }
    let opener = hasDisplay ? folders.first { FileManager.default.isExecutableFile(atPath: $0) } : nil
    #endif
    if let opener {
      var process = ChildProcess([opener, path])
      process.errors = .nowhere
      process.leadsGroup = true
      if (try? process.launch()) != nil { return }
    }
    printError("--open: expected a desktop with a browser, found none. The page is \(path)")
  }
}
