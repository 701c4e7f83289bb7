// The record of a run beside a chapter's sources: its findings or, for chapters without, the tables of its page.

import Foundation
import Workbook

/// Records of runs, small enough to be committed.
enum PageRecords {
  /// Copies `findings.json` of every chapter in `folder` to `Chapters/NAME`, where it replaces `run.json`; for a
  /// chapter that has only a page, writes `run.json`.
  ///
  /// - Parameters:
  ///   - folder: the folder with the chapters' output folders.
  ///   - root: the folder that contains `Chapters`.
  /// - Throws: `CheckerError` if there is no page, or if a file cannot be read or written.
  static func write(from folder: String, beside root: URL = Checkout.root) throws {
    var count = 0
    for chapter in Checkout.chapters {
      let source = URL(fileURLWithPath: folder).appendingPathComponent(chapter.name)
      let target = root.appendingPathComponent("Chapters/" + chapter.name)
      let names = ["findings.json", "page.json"].filter {
        FileManager.default.fileExists(atPath: source.appendingPathComponent($0).path)
      }
      guard let name = names.first else { continue }
      let recorded = name == "findings.json" ? name : "run.json"
      do {
        let data = try Data(contentsOf: source.appendingPathComponent(name))
        try AtomicFile.write(
          name == recorded ? data : record(of: data), to: target.appendingPathComponent(recorded).path)
        // Keep only one record per run.
        if name == recorded { try? FileManager.default.removeItem(at: target.appendingPathComponent("run.json")) }
      } catch let error as FileError {
        throw CheckerError("\(error)")
      } catch {
        throw CheckerError("cannot record \(source.path)/\(name): \(error.localizedDescription)")
      }
      print("Chapters/\(chapter.name)/\(recorded)")
      count += 1
    }
    if count == 0 {
      throw CheckerError("expected pages in \(folder)/chNN-…, found none; run a chapter first")
    }
  }

  /// The page without text and figures.
  static func record(of page: Data) throws -> Data {
    guard case .object(var members) = try JSONDecoder().decode(JSONValue.self, from: page) else {
      throw CheckerError("expected a JSON object, found something else")
    }
    if case .array(let blocks) = members["blocks"] {
      members["blocks"] = .array(
        blocks.filter { block in
          if case .object(let block) = block { block["kind"] == "table" } else { false }
        })
    }
    members["headings"] = []
    members["text"] = nil
    return Data(JSONValue.object(members).file.utf8)
  }
}
