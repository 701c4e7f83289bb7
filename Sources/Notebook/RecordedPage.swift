// What a run leaves behind as JSON, read again: by the book, the scoreboard of claims, and the recorded full runs.

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
    // Findings have no text of a page.
    lead = try members.decodeIfPresent(String.self, forKey: .lead) ?? ""
    run = try members.decode(RunRecord.self, forKey: .run)
    headings = try members.decodeIfPresent([Heading].self, forKey: .headings) ?? []
    claims = try members.decode([Claim].self, forKey: .claims)
    text = try members.decodeIfPresent(String.self, forKey: .text) ?? ""
  }

  /// Reads a record.
  ///
  /// - Throws: `PageError.unreadablePage` with the path and what is wrong with it.
  init(at path: String) throws(PageError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unreadablePage(path: path, reason: "it is not there")
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
  /// Writes records: members in a fixed order, and numbers that JSON does not know as words.
  public static var ofRecords: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "∞", negativeInfinity: "−∞", nan: "NaN")
    return encoder
  }
}

extension JSONDecoder {
  /// Reads what ``Foundation/JSONEncoder/ofRecords`` has written.
  public static var ofRecords: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "∞", negativeInfinity: "−∞", nan: "NaN")
    return decoder
  }
}

/// How long a recorded run took: what the estimates of later runs go by.
public struct RecordedPace: Equatable, Sendable {
  /// The whole run.
  public var seconds: Double
  /// Each training, by its place in the run.
  public var trainings: [String: Double]

  /// Creates a pace.
  public init(seconds: Double, trainings: [String: Double]) {
    self.seconds = seconds
    self.trainings = trainings
  }

  /// Of the record at `path`; nil where there is none of that size.
  public init?(recordedAt path: String, size: String) {
    guard let page = try? RecordedPage(at: path), page.run.size == size, !page.run.trainings.isEmpty else {
      return nil
    }
    self.init(seconds: page.run.seconds, trainings: page.run.trainings)
  }
}
