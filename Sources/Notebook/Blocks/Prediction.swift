// Predictions: a question before the experiment, its answer after it, and the score over all chapters.

import Basics
import Foundation

/// A question that the reader answers before an experiment runs.
public struct Prediction: Sendable, Equatable {
  /// The question, in Markdown.
  public var question: String
  /// The choices in Markdown; empty if the answer is a number.
  public var choices: [String]
  /// The unit of the number.
  public var unit: String
  /// The relative tolerance: with 0.25, a number within 25 % of the answer is right.
  public var tolerance: Double
  /// The series of the figure below that the reader sketches on its empty axes; nil if nothing is sketched.
  public internal(set) var sketch: String?
  /// The index of the choice that the reader predicted.
  public internal(set) var choice: Int?
  /// The number that the reader predicted.
  public internal(set) var number: Double?
  /// The reader's prediction of a curve, in words.
  public internal(set) var words: String?
  /// The reader's confidence, in per cent.
  public internal(set) var confidence: Int?

  /// The result of the run; nil before the run has settled the question.
  var outcome: Outcome?

  init(question: String, choices: [String] = [], unit: String = "", tolerance: Double = 0) {
    self.question = question
    self.choices = choices
    self.unit = unit
    self.tolerance = tolerance
  }

  /// The result of the run as text; empty before the run has settled the question.
  public var answer: String { outcome?.text ?? "" }
  /// The explanation, in Markdown.
  public var explanation: String { outcome?.explanation ?? "" }

  /// Returns the prediction of a curve with its explanation; the figure is the answer.
  func settled(_ explanation: String) -> Prediction {
    var copy = self
    copy.outcome = Outcome(text: "", explanation: explanation)
    return copy
  }

  /// Returns the prediction with its answer, one of the choices.
  func settled(choice: Int, _ explanation: String) -> Prediction {
    guard choices.indices.contains(choice) else { return settled(number: Double(choice), explanation) }
    var copy = self
    copy.outcome = Outcome(choice: choice, text: choices[choice], explanation: explanation)
    return copy
  }

  /// Returns the prediction with its answer, the measured number. With choices, the nearest one is right.
  func settled(number: Double, _ explanation: String) -> Prediction {
    var copy = self
    let isShare = !choices.isEmpty && choices.allSatisfy { $0.hasSuffix(" %") }
    let unit = isShare ? "%" : unit
    copy.outcome = Outcome(
      choice: nearestChoice(to: number), number: number,
      text: short(number, digits: 3) + (unit.isEmpty ? "" : " " + unit), explanation: explanation)
    return copy
  }

  /// Whether the reader's answer is right; nil if there is no answer, or nothing to compare it with.
  var isRight: Bool? {
    guard let outcome else { return nil }
    if let choice { return choice == outcome.choice }
    guard let number, let answer = outcome.number else { return nil }
    return abs(number - answer) <= abs(answer) * tolerance + 1e-12
  }

  /// The comment on the reader's answer: `Right.`, `Off by 5 %.`
  var verdict: String {
    guard let isRight = outcome?.isRight else { return "" }
    guard let number, let answer = outcome?.number, choices.isEmpty else {
      return isRight ? "Right." : "Not this time."
    }
    let off = Prediction.distance(number, from: answer)
    return isRight ? "Right, \(off)." : capitalized(off) + "."
  }

  /// How close a number must be: `within 10 % is right`.
  var allowance: String { "within \(short(100 * tolerance, digits: 2)) % is right" }

  /// The distance as a percentage, `off by 5 %`, or as a factor if it is large.
  static func distance(_ value: Double, from answer: Double) -> String {
    guard value != answer else { return "exactly" }
    guard answer != 0 else { return "off by \(short(abs(value)))" }
    let (share, ratio) = (abs(value - answer) / abs(answer), value / answer)
    if ratio >= 3 || (ratio > 0 && ratio <= 1.0 / 3) { return "off by a factor of \(short(max(ratio, 1 / ratio)))" }
    return "off by \(short(100 * share, digits: share < 0.1 ? 1 : 2)) %"
  }

  /// The answer to a prediction.
  struct Outcome: Sendable, Equatable {
    var choice: Int?
    /// The measured number, if there is one.
    var number: Double?
    var text: String
    var explanation: String
    /// Whether the reader's answer is right; nil if nothing was predicted.
    var isRight: Bool?
    /// `7 of 9 so far`, or empty.
    var score = ""
  }

  /// Whether the reader has answered.
  public var isAnswered: Bool { choice != nil || number != nil }

  /// The reader's answer as text.
  var given: String? {
    if let choice, choices.indices.contains(choice) { return choices[choice] }
    return number.map { short($0, digits: 3) + (unit.isEmpty ? "" : " " + unit) }
  }

  /// Reads the reader's input: `3`, `3 80` (80 % sure), or a number and a confidence.
  ///
  /// - Returns: false if the input is not valid, so that the question is asked again.
  mutating func read(_ line: String) -> Bool {
    // A number may be followed by its unit.
    let line = unit.isEmpty || !choices.isEmpty ? line : line.replacing(unit, with: " ")
    let words = line.replacing("%", with: " ").split { $0 == " " || $0 == "\t" }.map(String.init)
    guard let first = words.first, words.count <= 2 else { return false }
    if words.count == 2 {
      guard let percent = Int(words[1]), (0...100).contains(percent) else { return false }
      confidence = percent
    }
    if choices.isEmpty {
      number = Prediction.number(written: first)
      return number != nil
    }
    if let value = Int(first), choices.indices.contains(value - 1) {
      choice = value - 1
      return true
    }
    // A letter, or the choice itself.
    if first.count == 1, let letter = first.lowercased().unicodeScalars.first,
      choices.indices.contains(Int(letter.value) - 97)
    {
      choice = Int(letter.value) - 97
      return true
    }
    choice = choices.firstIndex { $0.lowercased() == first.lowercased() }
    return choice != nil
  }

  /// A number in one of the usual notations: `0,5` and `−0.5`, `60,000`, `3e-4`, `3×10⁻⁴`.
  static func number(written text: String) -> Double? {
    let isGrouped = text.wholeMatch(of: #/[-−]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?/#) != nil
    let plain = text.replacing("−", with: "-").replacing(",", with: isGrouped ? "" : ".")
    let isPower = plain.wholeMatch(of: #/(-?[0-9.]+×)?10⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/#) != nil
    let value = isPower ? leadingNumber(of: plain) : Double(plain)
    return value?.isFinite == true ? value : nil
  }

  /// The choice nearest to a number, measured by ratio if all are positive.
  func nearestChoice(to answer: Double) -> Int? {
    let numbers = choices.map(leadingNumber)
    let isPositive = answer > 0 && numbers.allSatisfy { ($0 ?? 0) > 0 }
    func distance(_ value: Double) -> Double { isPositive ? abs(log(value / answer)) : abs(value - answer) }
    return numbers.indices.filter { numbers[$0] != nil }.min { distance(numbers[$0] ?? 0) < distance(numbers[$1] ?? 0) }
  }
}

/// The reader's answers in all chapters, stored in the progress folder.
struct ScoreBook: Codable, Equatable {
  /// One answered question.
  struct Entry: Codable, Equatable {
    var page: String
    var question: String
    var given: String
    var answer: String
    var confidence: Int?
    var isRight: Bool
  }
  var entries: [Entry] = []

  /// Reads the book; a missing or unreadable one is empty.
  init(folder: String?) {
    guard let folder, let data = FileManager.default.contents(atPath: folder + "/predictions.json"),
      let book = try? JSONDecoder().decode(ScoreBook.self, from: data)
    else { return }
    self = book
  }

  /// Adds an answer. If the same question is answered again, only the first answer counts.
  ///
  /// - Returns: the earlier answer that counts, if there is one.
  mutating func add(_ entry: Entry) -> Entry? {
    if let first = entries.first(where: { $0.page == entry.page && $0.question == entry.question }) { return first }
    entries.append(entry)
    return nil
  }

  /// Saves the book.
  func save(folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(encoder.encode(self), to: folder + "/predictions.json")
  }

  /// `7 of 9 so far. Of the answers you were 80 % sure of or more, 3 of 5 were right.`
  var summary: String {
    guard !entries.isEmpty else { return "" }
    var text = "\(entries.count(where: \.isRight)) of \(entries.count) so far."
    let sure = entries.filter { ($0.confidence ?? 0) >= 80 }
    if !sure.isEmpty {
      text += " When 80 % sure or more: right \(sure.count(where: \.isRight)) of \(sure.count) times."
    }
    let rated = entries.compactMap { entry in entry.confidence.map { (Double($0) / 100, entry.isRight) } }
    if rated.count >= 5 {
      let meanConfidence = rated.map(\.0).reduce(0, +) / Double(rated.count)
      let shareRight = Double(rated.count(where: \.1)) / Double(rated.count)
      let gap = Int(((meanConfidence - shareRight) * 100).rounded())
      text +=
        abs(gap) < 10
        ? " Well calibrated." : gap > 0 ? " Too sure by \(gap) points." : " Not sure enough by \(-gap) points."
    }
    return text
  }
}
