// The code excerpts of the pages.

import Foundation
import Testing

@testable import Notebook

@Suite("Excerpts of code")
struct ExcerptTests {
  /// The number of characters in a line of code on a page of 1280 pixels.
  private static let columns = 86

  @Test("every excerpt is there, and no line of it is cut off at the edge of its page")
  func fit() throws {
    let chapters = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Chapters")
    var count = 0
    let files = try FileManager.default.subpathsOfDirectory(atPath: chapters.path).sorted()
    for file in files where file.hasSuffix(".swift") {
      let caller = chapters.appendingPathComponent(file)
      let source = try String(contentsOf: caller, encoding: .utf8)
      for match in source.matches(of: #/(?:page|\$0)\.code\(\s*"([^"]+)", in: "([^"]+)"/#) {
        let excerpt = CodeExcerpt.cut(String(match.1), in: String(match.2), caller: caller.path)
        #expect(!excerpt.isMissing, "\(file): \(excerpt.code)")
        for line in excerpt.code.split(separator: "\n") where line.count > Self.columns {
          Issue.record("\(excerpt.path): expected at most \(Self.columns) characters, found \(line.count): \(line)")
        }
        count += 1
      }
    }
    #expect(count > 30)
  }
}
