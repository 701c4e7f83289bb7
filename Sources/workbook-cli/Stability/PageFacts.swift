// What of a page should not change from one seed to another: verdicts, answers, and words.

import Foundation
import Workbook

/// A page as its `page.json` has it: what is compared over seeds.
struct PageFacts: Decodable, Sendable {
  /// A question with its answer.
  struct Question: Sendable {
    var text: String
    /// The right choice, or the number that came out.
    var answer: String
    /// The number that came out where there are no choices, and the share by which it may be missed.
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
  /// How many figures, boxes and slides there are.
  var counts: [String: Int] = [:]
  /// How long the run took.
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

  /// The place of the next one of a kind.
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

/// A text without its numbers, so that two runs are compared by their words.
///
/// Numbers in digits and in words become `#`, lists of them one `#`, and `# steps` is `# step`.
func withoutNumbers(_ text: String) -> String {
  let digits = #/[−\-+±]?(?:\d+(?:[.,]\d+)*(?:×10)?[⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹]*|∞|NaN)/#
  let names =
    #/\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|half|once|twice)\b/#
    .ignoresCase()
  return text.replacing(digits, with: "#").replacing(names, with: "#")
    .replacing(#/[±]\s?#/#, with: "#").replacing(#/#(?:(?:,? and |,? or |, | ± | )#)+/#, with: "#")
    .replacing(#/# ([a-z]+)s\b/#) { "# " + $0.1 }
}
