// `./workbook slides CHAPTER`: show where a chapter's slides are, or print them with --pdf FILE

import ArgumentParser
import Basics
import Foundation
import Workbook

/// Shows where a chapter's slides are, or prints them to a PDF.
struct SlidesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slides", abstract: "Show where a chapter's slides are, or print them to a PDF.",
    discussion: "Chromium or Chrome makes the PDF, without a window; the answers are on separate sheets.")

  @Argument(help: "The chapter: ch05, or its full name.") var chapter: String
  @Option(help: "The PDF to write.") var pdf: String?
  @Option(help: "The folder with the chapters' pages.") var from: String?

  func run() throws {
    let folder = from ?? Pages.folder
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    let page = names.filter { $0 == chapter || $0.hasPrefix(chapter + "-") }.map { "\(folder)/\($0)/index.html" }
      .first { FileManager.default.fileExists(atPath: $0) }
    guard let page else {
      try Pages.stop(
        "slides", "expected a page of \(chapter) in \(folder), found none; make it with ./workbook run \(chapter)",
        code: 66)
    }
    let address = URL(fileURLWithPath: page).absoluteString
    guard let pdf else { return print(address + "#present") }
    let file = URL(fileURLWithPath: pdf)
    try? FileManager.default.removeItem(at: file)
    let browsers = ["chromium", "chromium-browser", "google-chrome", "chrome"]
    for browser in browsers where try Self.prints(address + "#sheets", to: file.path, with: browser) {
      return print(file.path)
    }
    try Pages.stop(
      "slides",
      "expected Chromium or Chrome to make the PDF, found neither; open \(address)#sheets in a browser and print it to a PDF",
      code: 69)
  }

  /// Tries a browser; returns whether it has written the file.
  private static func prints(_ address: String, to path: String, with browser: String) throws -> Bool {
    let profile = FileManager.default.temporaryDirectory.appendingPathComponent("slides-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: profile) }
    var process = ChildProcess([
      browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer",
      "--user-data-dir=\(profile.path)", "--window-size=1280,720", "--print-to-pdf=\(path)", address,
    ])
    process.errors = .nowhere
    process.seconds = 120
    process.leadsGroup = true
    guard (try? process.run()) != nil else { return false }
    return FileManager.default.fileExists(atPath: path)
  }
}
