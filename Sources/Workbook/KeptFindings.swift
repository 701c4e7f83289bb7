// The findings of a run, as a file.

import Basics
import Foundation
import Notebook

/// `findings.json`: the findings of a run, the run itself and, for readers without the chapter's code, its claims.
public struct KeptFindings<Findings: Codable & Sendable>: Codable, Sendable {
  /// The version of the file format.
  private var format = 1
  private var chapter: Int
  private var name: String
  private var title: String
  /// The run that made the measurements.
  public let run: RunRecord
  /// The verdicts at the time the file was written; current ones follow from ``findings``.
  let claims: [Claim]
  /// The measurements.
  public let findings: Findings

  /// Creates the file's contents from a run.
  public init(_ chapter: Chapter, _ run: RunRecord, _ claims: [Claim], _ findings: Findings) {
    self.chapter = chapter.number
    name = chapter.name
    title = chapter.title
    self.run = run
    self.claims = claims
    self.findings = findings
  }

  /// Reads the findings of a chapter.
  ///
  /// - Throws: ``FindingsError`` if the file is missing, belongs to another chapter, or lacks something this program
  ///   needs.
  init(at path: String, of chapter: Chapter) throws(FindingsError) {
    func error(_ found: String) -> FindingsError { FindingsError(path: path, chapter: chapter.name, found: found) }
    guard let data = FileManager.default.contents(atPath: path) else { throw error("no readable file") }
    // Check the name first: another chapter's findings would give a misleading message about members.
    guard let owner = try? JSONDecoder.ofRecords.decode(Owner.self, from: data) else { throw error("something else") }
    guard owner.name == chapter.name else { throw error("those of \(owner.name)") }
    do {
      self = try JSONDecoder.ofRecords.decode(Self.self, from: data)
    } catch DecodingError.keyNotFound(let key, let context) {
      throw error("no member '\(Self.path(context.codingPath + [key]))'")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context)
    {
      throw error("something else in '\(Self.path(context.codingPath))'")
    } catch { throw FindingsError(path: path, chapter: chapter.name, found: "something else") }
  }

  /// The recorded run of a chapter, beside its sources; nil if there is none, or if this version cannot read it.
  public init?(recordedOf chapter: Chapter) {
    guard let kept = try? Self(at: Checkout.record(of: chapter).path, of: chapter) else { return nil }
    self = kept
  }

  /// Writes the file, whole or not at all.
  public func write(to path: String) throws {
    try JournalError.keeping(at: path) {
      try AtomicFile.write(JSONEncoder.ofRecords.encode(self) + Data("\n".utf8), to: path)
    }
  }

  private struct Owner: Decodable { var name: String }

  /// `findings.net.errors`.
  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map { key in key.intValue.map(String.init) ?? key.stringValue }.joined(separator: ".")
  }
}

/// A file that does not contain the expected findings.
struct FindingsError: ChapterEnding {
  /// The path of the file.
  var path: String
  /// The chapter whose page was requested.
  var chapter: String
  /// What was found instead of its findings.
  var found: String
  let code: Int32 = 66

  var description: String {
    "--from \(path): expected the findings of \(chapter), found \(found). Give a findings.json that this version of "
      + "\(chapter) wrote, or run it without --from"
  }
}
