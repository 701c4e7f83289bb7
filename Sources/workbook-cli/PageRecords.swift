// What is kept of a run beside a chapter's sources: settings, tables and claims, without the series of the figures.

import Foundation
import Workbook

/// Records of pages, small enough to be committed.
enum PageRecords {
  /// Writes `Chapters/NAME/run.json` for every page in `folder`.
  ///
  /// - Throws: `CheckerError` where there is no page, or a file can be neither read nor written.
  static func write(from folder: String) throws {
    var count = 0
    for chapter in House.chapters {
      let page = URL(fileURLWithPath: folder).appendingPathComponent(chapter.name + "/page.json")
      guard FileManager.default.fileExists(atPath: page.path) else { continue }
      let target = House.root.appendingPathComponent("Chapters/\(chapter.name)/run.json")
      do {
        try record(of: Data(contentsOf: page)).write(to: target, options: .atomic)
      } catch {
        throw CheckerError("cannot record \(page.path): \(error.localizedDescription)")
      }
      print("Chapters/\(chapter.name)/run.json")
      count += 1
    }
    if count == 0 {
      throw CheckerError("expected pages in \(folder)/chNN-…/page.json, found none; run a chapter first")
    }
  }

  /// The page without text and figures.
  static func record(of page: Data) throws -> Data {
    guard var members = try JSONSerialization.jsonObject(with: page) as? [String: Any] else {
      throw CheckerError("expected a JSON object, found something else")
    }
    let blocks = members["blocks"] as? [[String: Any]] ?? []
    members["blocks"] = blocks.filter { $0["kind"] as? String == "table" }
    members["headings"] = [Any]()
    members["text"] = nil
    return try JSONSerialization.data(
      withJSONObject: members, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]) + Data("\n".utf8)
  }
}
