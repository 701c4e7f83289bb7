// The JSON record of a run, as read by the book, the scoreboard of claims, and comparisons with recorded full runs.

import Foundation

/// The record of a run: its findings (`findings.json`), its page (`page.json`), or a copy of one under another name.
struct RecordedPage: Decodable {
  struct Heading: Decodable {
    var id: String
    var title: String
  }
  var chapter: Int
  var name: String
  var title: String
  var lead: String
  var run: RunRecord
  var headings: [Heading]
  var claims: [Claim]
  /// The words of the page.
  var text: String

  private enum Key: CodingKey { case format, chapter, name, title, lead, run, headings, claims, text }

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    let format = try members.decode(Int.self, forKey: .format)
    guard format == JSONRenderer.version else {
      throw DecodingError.dataCorruptedError(
        forKey: .format, in: members,
        debugDescription: "expected format \(JSONRenderer.version), found \(format)")
    }
    chapter = try members.decode(Int.self, forKey: .chapter)
    name = try members.decode(String.self, forKey: .name)
    title = try members.decode(String.self, forKey: .title)
    // Findings do not contain the text of a page.
    lead = try members.decodeIfPresent(String.self, forKey: .lead) ?? ""
    run = try members.decode(RunRecord.self, forKey: .run)
    headings = try members.decodeIfPresent([Heading].self, forKey: .headings) ?? []
    claims = try members.decode([Claim].self, forKey: .claims)
    text = try members.decodeIfPresent(String.self, forKey: .text) ?? ""
  }

  /// Reads a record.
  ///
  /// - Throws: `PageError.unreadablePage` with the path and the reason.
  init(at path: String) throws(PageError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unreadablePage(path: path, reason: "the file does not exist")
    }
    do {
      self = try JSONDecoder.ofRecords.decode(RecordedPage.self, from: data)
    } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty == false {
      throw .unreadablePage(path: path, reason: context.debugDescription)
    } catch {
      throw .unreadablePage(path: path, reason: "not the record of a page")
    }
  }
}

extension JSONEncoder {
  /// An encoder for records: members in a fixed order, and non-finite numbers as strings.
  public static var ofRecords: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "∞", negativeInfinity: "−∞", nan: "NaN")
    return encoder
  }
}

extension JSONDecoder {
  /// A decoder for the output of ``Foundation/JSONEncoder/ofRecords``.
  public static var ofRecords: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "∞", negativeInfinity: "−∞", nan: "NaN")
    return decoder
  }
}

/// The durations of a recorded run, on which the estimates for later runs are based.
public struct RecordedPace: Equatable, Sendable {
  /// The duration of the whole run, in seconds.
  public var seconds: Double
  /// The duration of each training in seconds, by its place in the run.
  public var trainings: [String: Double]

  /// Creates a pace.
  public init(seconds: Double, trainings: [String: Double]) {
    self.seconds = seconds
    self.trainings = trainings
  }

  /// Reads the durations of the record at `path`; nil if there is no record of that size.
  public init?(recordedAt path: String, size: String) {
    guard let page = try? RecordedPage(at: path), page.run.size == size, !page.run.trainings.isEmpty else {
      return nil
    }
    self.init(seconds: page.run.seconds, trainings: page.run.trainings)
  }
}
