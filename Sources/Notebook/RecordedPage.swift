// What a run leaves behind as JSON, read again: by the book, the scoreboard of claims, and the recorded full runs.

import Foundation

/// The record of a page: `page.json` beside it, or a copy kept under another name.
struct RecordedPage: Decodable {
  struct Run: Decodable {
    var seed: String
    var size: String
    var data: String
    var date: String
    var threads: Int?
    var seconds: Double
    /// Of each training by its place, where the run kept them.
    var trainings: [String: Double]?

    /// `2026-11-21 · full run · MNIST`.
    var summary: String {
      [date, size == "normal" ? "" : size + " run", data].filter { !$0.isEmpty }.joined(separator: " · ")
    }
  }
  struct Heading: Decodable {
    var id: String
    var title: String
  }
  private struct Tested: Decodable {
    var claim: String
    var source: String
    var published: String
    var measured: String
    var seeds: Int
    var verdict: Claim.Verdict
    var reason: String
  }

  var chapter: Int
  var name: String
  var title: String
  var lead: String
  var run: Run
  var headings: [Heading]
  var claims: [Claim]

  private enum Key: CodingKey { case format, chapter, name, title, lead, run, headings, claims }

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
    lead = try members.decode(String.self, forKey: .lead)
    run = try members.decode(Run.self, forKey: .run)
    headings = try members.decode([Heading].self, forKey: .headings)
    claims = try members.decode([Tested].self, forKey: .claims).map {
      Claim(
        $0.claim, source: $0.source, published: $0.published, measured: $0.measured, seeds: $0.seeds,
        verdict: $0.verdict, reason: $0.reason)
    }
  }

  /// Reads a record.
  ///
  /// - Throws: `PageError.unreadablePage` with the path and what is wrong with it.
  init(at path: String) throws(PageError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unreadablePage(path: path, reason: "it is not there")
    }
    do {
      self = try JSONDecoder().decode(RecordedPage.self, from: data)
    } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty == false {
      throw .unreadablePage(path: path, reason: context.debugDescription)
    } catch {
      throw .unreadablePage(path: path, reason: "not the record of a page")
    }
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
    guard let page = try? RecordedPage(at: path), page.run.size == size, let trainings = page.run.trainings,
      !trainings.isEmpty
    else { return nil }
    self.init(seconds: page.run.seconds, trainings: trainings)
  }
}
