// The runs of `./workbook claims --stability`: each chapter with several seeds, saved so that they can be resumed.

import ArgumentParser
import Foundation
import Workbook

/// Default pages with several seeds, in `out/stability`.
struct StabilityRuns {
  var seeds: Int
  var isQuick = false
  var threads: Int?
  /// Whether the pages of finished seeds are drawn again from their findings.
  var redraws = false

  /// Runs the chapters and compares their pages.
  ///
  /// - Throws: `ExitCode(130)` after Ctrl-C; `CheckerError` if a chapter does not run.
  func reports(of chapters: [Chapter], show: (StabilityReport) -> Void) throws -> [StabilityReport] {
    // Ctrl-C reaches the chapter, which leaves its folder in order; then this program stops. Child processes do not
    // inherit a handler, whereas they would inherit an ignored signal.
    signal(SIGINT) { _ in }
    var reports: [StabilityReport] = []
    var times: [Double] = []
    var left = chapters.count * seeds
    for chapter in chapters {
      // Builds what has changed, and reports it.
      try ChapterProcess.run(chapter, ["--help"])
      let pages = try (1...seeds).map { seed in
        let begin = Date()
        let page = try page(of: chapter, seed: seed, in: folder(of: chapter, "seed-\(seed)"))
        left -= 1
        // Saved pages say nothing about the time of the others.
        let time = Date().timeIntervalSince(begin)
        if time > 0.5 { times.append(time) }
        let rest = Double(left) * times.reduce(0, +) / Double(max(1, times.count))
        say(
          "\(chapter.name), seed \(seed): \(time > 0.5 ? readableDuration(seconds: time) : "saved")"
            + (left > 0 ? "; to go: \(left), about \(readableDuration(seconds: rest))" : ""))
        return page
      }
      let report = StabilityReport(chapter.name, pages: pages, recorded: try recorded(chapter))
      show(report)
      reports.append(report)
    }
    return reports
  }

  /// The page of a chapter for a seed; a finished one is reused while the sources have not changed.
  private func page(of chapter: Chapter, seed: Int, in folder: String) throws -> PageFacts {
    let findings = folder + "/findings.json"
    let output = ["--out", folder, "--format", "html"]
    let isCurrent = newestChange(of: chapter) < (changed(folder + "/page.json") ?? .distantPast)
    if redraws, FileManager.default.fileExists(atPath: findings) {
      try run(chapter, ["--from", findings] + output)
    } else if !isCurrent {
      var options = ["--seed", "\(seed)"] + (isQuick ? ["--quick"] : [])
      if let threads { options += ["--threads", "\(threads)"] }
      try run(chapter, options + output)
    }
    return try PageFacts(ofPageIn: folder)
  }

  /// The page of the recorded run, drawn by the current code; for a chapter without findings, its recorded claims.
  private func recorded(_ chapter: Chapter) throws -> PageFacts? {
    let record = Checkout.record(of: chapter)
    guard FileManager.default.fileExists(atPath: record.path) else { return nil }
    if record.lastPathComponent == "findings.json" {
      let folder = folder(of: chapter, "recorded")
      do {
        try run(chapter, ["--from", record.path, "--out", folder, "--format", "html"])
        return try PageFacts(ofPageIn: folder)
      } catch let error as CheckerError { say("\(error)") }
    }
    return (try? Scoreboard(readingFrom: [record.path])).map { PageFacts(claims: $0.entries.map(\.claim)) }
  }

  private func run(_ chapter: Chapter, _ arguments: [String]) throws {
    do { try ChapterProcess.run(chapter, arguments, isSeen: false) } catch let error as ChapterProcess.Interrupted {
      say("stopped; finished pages are saved in \(Pages.folder)/stability, and the same command continues from there")
      throw error
    }
  }

  /// Pages of synthetic digits, where MNIST is not found, are kept apart: they must not stand in for pages of MNIST.
  private func folder(of chapter: Chapter, _ run: String) -> String {
    let size = isQuick ? "quick" : "normal"
    let data = (try? MNIST.find()) == nil ? "-synthetic" : ""
    return "\(Pages.folder)/stability/\(size)\(data)/\(chapter.name)/\(run)"
  }

  /// When the sources that the numbers depend on, the chapter and the core, were last changed.
  private func newestChange(of chapter: Chapter) -> Date {
    let folders =
      ["Chapters/" + chapter.name]
      + ["Basics", "Tensors", "NeuralNetworks", "Datasets", "Training"].map { "Sources/" + $0 }
    return folders.flatMap { name -> [Date] in
      let folder = Checkout.root.appendingPathComponent(name).path
      let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      return names.filter { $0.hasSuffix(".swift") }.compactMap { changed("\(folder)/\($0)") }
    }.max() ?? .distantPast
  }

  private func changed(_ path: String) -> Date? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
  }

  private func say(_ text: String) { printError("workbook claims: \(text)") }
}
