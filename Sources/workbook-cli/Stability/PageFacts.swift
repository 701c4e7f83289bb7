// The parts of a page that should not change with the seed: verdicts, answers, and texts.

import Foundation
import Workbook

/// The contents of a `page.json` that are compared between seeds.
struct PageFacts: Decodable, Sendable {
  /// A question with its answer.
  struct Question: Sendable {
    var text: String
    /// The correct choice, or the resulting number.
    var answer: String
    /// The resulting number if there are no choices, and its relative tolerance.
    var number: Double?
    var tolerance = 0.0
  }
  /// A title, a caption or a box, with its place: `figure 3, caption`.
  struct Passage: Sendable {
    var place: String
    var text: String
  }

  var claims: [Claim]
  var questions: [Question] = []
  var words: [Passage] = []
  /// The numbers of figures, boxes and slides.
  var counts: [String: Int] = [:]
  /// The duration of the run in seconds.
  var seconds: Double

  /// Creates facts.
  init(claims: [Claim], questions: [Question] = [], words: [Passage] = [], counts: [String: Int] = [:]) {
    self.claims = claims
    self.questions = questions
    self.words = words
    self.counts = counts
    seconds = 0
  }

  /// Reads the page in a folder.
  init(ofPageIn folder: String) throws {
    do {
      self = try JSONDecoder.ofRecords.decode(
        Self.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/page.json")))
    } catch { throw CheckerError("\(folder)/page.json: expected the record of a page, found something else: \(error)") }
  }

  init(from decoder: any Decoder) throws {
    let record = try Record(from: decoder)
    claims = record.claims
    seconds = record.run.seconds
    for block in record.blocks {
      let title = block.title ?? ""
      switch block.kind {
      case "prediction":
        let answer = block.answer ?? "no answer"
        let choices = block.choices ?? []
        questions.append(
          Question(
            text: block.question ?? "",
            answer: block.choice.flatMap { choices.indices.contains($0) ? choices[$0] : nil } ?? answer,
            number: choices.isEmpty ? Double(answer.split(separator: " ").first ?? "") : nil,
            tolerance: block.tolerance ?? 0))
      case "figure":
        let place = place(of: "figure")
        words.append(Passage(place: "\(place), title", text: title))
        words.append(Passage(place: "\(place), caption", text: block.caption ?? ""))
        for (name, texts) in [("title", block.titles), ("caption", block.captions)] {
          for (index, text) in (texts ?? []).enumerated() {
            words.append(Passage(place: "\(place), \(name) of frame \(index + 1)", text: text))
          }
        }
      case "takeaway": words.append(Passage(place: place(of: "takeaway"), text: block.text ?? ""))
      case "slide": words.append(Passage(place: place(of: "slide"), text: title + ": " + (block.text ?? "")))
      case "projection": words.append(Passage(place: place(of: "projected title"), text: title))
      default: break
      }
    }
  }

  /// The place of the next item of a kind.
  private mutating func place(of kind: String) -> String {
    counts[kind, default: 0] += 1
    return "\(kind) \(counts[kind] ?? 0)"
  }

  private struct Record: Decodable {
    struct Block: Decodable {
      var kind: String
      var title: String?
      var caption: String?
      var titles: [String]?
      var captions: [String]?
      var text: String?
      var question: String?
      var choices: [String]?
      var choice: Int?
      var answer: String?
      var tolerance: Double?
    }
    var claims: [Claim]
    var run: RunRecord
    var blocks: [Block]
  }
}

/// A text without its numbers, so that two runs can be compared by their wording.
///
/// Numbers in digits and in words become `#`, lists of them become one `#`, and `# steps` becomes `# step`.
func withoutNumbers(_ text: String) -> String {
  let digits = #/[−\-+±]?(?:\d+(?:[.,]\d+)*(?:×10)?[⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹]*|∞|NaN)/#
  let names =
    #/\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|half|once|twice)\b/#
    .ignoresCase()
  return text.replacing(digits, with: "#").replacing(names, with: "#")
    .replacing(#/[±]\s?#/#, with: "#").replacing(#/#(?:(?:,? and |,? or |, | ± | )#)+/#, with: "#")
    .replacing(#/# ([a-z]+)s\b/#) { "# " + $0.1 }
}
