// The page in a real browser, where one is installed: the scripts run, the policy lets them, nothing is asked of the network.

import Foundation
import Testing

@testable import Notebook

@Suite struct BrowserTests {
  static let browser: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.flatMap { folder in ["chromium", "chromium-browser", "google-chrome"].map { "\(folder)/\($0)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Returns the document as the browser has it after its scripts ran.
  func document(_ path: String, hash: String) throws -> String {
    let folder = NSTemporaryDirectory() + "browser-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.browser))
    process.arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder)", "--timeout=10000", "--dump-dom",
      "file://\(path)\(hash)",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  @Test("presents the slide that the address asks for", .enabled(if: BrowserTests.browser != nil, "no Chromium here"))
  func slides() throws {
    try withTemporaryFolder { folder in
      let html = try document(Sample.place(folder: folder).publish(Sample.page()), hash: "#present-6")
      #expect(html.contains("class=\"present\""))
      let stage = try #require(html.firstMatch(of: #/<p id="stage"[^>]*>([^<]*)/#)?.1)
      #expect(stage == "At 0.05 tanh sits at ±1, where its slope is zero")
      #expect(html.contains(" 6 / 7"))
    }
  }
}
