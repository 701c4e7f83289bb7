// Compares the pages of one chapter for several seeds: what stays, and what was chance.

import Foundation
import Workbook

/// The parts of a chapter's page that change with the seed.
struct StabilityReport: Encodable, Sendable {
  /// A claim with its verdicts.
  struct ClaimRow: Encodable, Sendable {
    var claim: String
    var source: String
    /// The verdict on the page for each seed, which may be the recorded one; nil if the page has no such claim.
    var verdicts: [Claim.Verdict?]
    /// The verdict of each run itself.
    var own: [Claim.Verdict?]
    /// The verdict of the recorded run, if there is one.
    var recorded: Claim.Verdict?

    /// Whether two runs have decided differently.
    var flips: Bool {
      Set((verdicts + own + [recorded]).compactMap { $0 }.filter { $0 != .undecided }).count > 1
    }
  }
  /// A question with its answers.
  struct QuestionRow: Encodable, Sendable {
    var question: String
    var answers: [String]
    var recorded: String?
    var flips: Bool
  }
  /// A text that differs between seeds by more than its numbers.
  struct Change: Encodable, Sendable {
    struct Version: Encodable, Sendable {
      var text: String
      var seeds: [Int]
    }
    var place: String
    var versions: [Version]
  }

  var chapter: String
  var seeds: [Int]
  var claims: [ClaimRow] = []
  var questions: [QuestionRow] = []
  var changes: [Change] = []
  /// The number of titles, captions and boxes compared.
  var texts = 0
  /// Claims, questions and figures that are missing for some seeds.
  var gaps: [String] = []

  /// Compares the pages of seeds 1, 2, … with each other and with the recorded run.
  ///
  /// - Parameters:
  ///   - chapter: the name of the chapter.
  ///   - pages: one page for each seed.
  ///   - recorded: the page of the recorded run, or nil.
  init(_ chapter: String, pages: [PageFacts], recorded: PageFacts?) {
    self.chapter = chapter
    seeds = Array(1...max(1, pages.count))
    compareClaims(pages, recorded)
    compareQuestions(pages, recorded)
    compareWords(pages)
    for kind in Set(pages.flatMap(\.counts.keys)).sorted() {
      let counts = pages.map { $0.counts[kind] ?? 0 }
      if Set(counts).count > 1 { gaps.append("\(kind)s: \(perSeed(counts.map(String.init)))") }
    }
  }

  private mutating func compareClaims(_ pages: [PageFacts], _ recorded: PageFacts?) {
    func key(_ claim: Claim) -> String { withoutNumbers(claim.text) + " | " + claim.source }
    var seen: Set<String> = []
    for claim in pages.flatMap(\.claims) where seen.insert(key(claim)).inserted {
      func found(_ page: PageFacts) -> Claim? { page.claims.first { key($0) == key(claim) } }
      let row = ClaimRow(
        claim: claim.text, source: claim.source, verdicts: pages.map { found($0)?.verdict },
        own: pages.map { found($0)?.ownVerdict }, recorded: recorded.flatMap { found($0)?.verdict })
      claims.append(row)
      let missing = zip(seeds, row.verdicts).filter { $1 == nil }.map(\.0)
      if !missing.isEmpty { gaps.append("claim '\(claim.text)': not with \(Self.name(missing))") }
    }
  }

  private mutating func compareQuestions(_ pages: [PageFacts], _ recorded: PageFacts?) {
    let counts = pages.map(\.questions.count)
    if Set(counts).count > 1 { gaps.append("questions: \(perSeed(counts.map(String.init)))") }
    for index in 0..<(counts.min() ?? 0) {
      let all = pages.map { $0.questions[index] }
      let first = all[0]
      let flips =
        if let number = first.number {
          all.contains {
            abs(($0.number ?? .nan) - number) > abs(number) * max(first.tolerance, 1e-9) || $0.number == nil
          }
        } else { Set(all.map { withoutSpaces($0.answer) }).count > 1 }
      questions.append(
        QuestionRow(
          question: first.text, answers: all.map(\.answer),
          recorded: recorded.flatMap { $0.questions.count > index ? $0.questions[index].answer : nil }, flips: flips))
    }
  }

  private func withoutSpaces(_ text: String) -> String { text.filter { !$0.isWhitespace } }

  private mutating func compareWords(_ pages: [PageFacts]) {
    var versions: [String: [Change.Version]] = [:]
    var places: [String] = []
    for (seed, page) in zip(seeds, pages) {
      for words in page.words {
        if versions[words.place] == nil { places.append(words.place) }
        let known = versions[words.place, default: []].firstIndex {
          withoutNumbers($0.text) == withoutNumbers(words.text)
        }
        if let known {
          versions[words.place]?[known].seeds.append(seed)
        } else {
          versions[words.place, default: []].append(.init(text: words.text, seeds: [seed]))
        }
      }
    }
    texts = places.count
    changes = places.compactMap { place in
      let found = versions[place] ?? []
      return found.count > 1 ? Change(place: place, versions: found) : nil
    }
  }

  /// Whether anything depends on the seed that should not.
  var flips: Bool { claims.contains(where: \.flips) || questions.contains(where: \.flips) || !changes.isEmpty }

  /// `3 with seed 1, 4 with seeds 2 and 3`.
  private func perSeed(_ values: [String]) -> String {
    var groups: [(value: String, seeds: [Int])] = []
    for (seed, value) in zip(seeds, values) {
      if let index = groups.firstIndex(where: { $0.value == value }) {
        groups[index].seeds.append(seed)
      } else {
        groups.append((value, [seed]))
      }
    }
    return groups.map { "\($0.value) with \(Self.name($0.seeds))" }.joined(separator: ", ")
  }

  /// `seed 1`, `seeds 1 to 3, 5`.
  private static func name(_ seeds: [Int]) -> String {
    (seeds.count == 1 ? "seed " : "seeds ") + Scoreboard.spans(seeds)
  }
}

extension StabilityReport {
  /// The report as text: one line for each claim and each question; those that flip are marked with `!`.
  func text(_ style: TerminalStyle) -> String {
    func line(_ flips: Bool, _ rest: String) -> String { flips ? style.red("! " + rest) : "  " + rest }
    var lines = [style.bold("\(chapter), \(Self.name(seeds))")]
    if !claims.isEmpty {
      lines.append(style.dim("  claims: the verdict of each seed's run | that of the recorded run"))
    }
    for claim in claims {
      let marks = claim.own.map { $0?.mark ?? "–" }.joined(separator: " ")
      lines.append(line(claim.flips, "\(marks) | \(claim.recorded?.mark ?? "–")  \(claim.claim) (\(claim.source))"))
    }
    for row in questions {
      let recorded = row.recorded.map { "; recorded: \($0)" } ?? ""
      lines.append(line(row.flips, "question: \(row.question)"))
      lines.append("    " + (row.flips ? perSeed(row.answers) : row.answers[0]) + recorded)
    }
    for change in changes {
      lines.append(line(true, "\(change.place) changes its wording:"))
      for version in change.versions { lines.append("    \(Self.name(version.seeds)): \(version.text)") }
    }
    for gap in gaps { lines.append(line(true, gap)) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// All chapters in a few lines.
  static func summary(_ reports: [StabilityReport]) -> String {
    let claims = reports.flatMap(\.claims)
    let held = claims.filter { $0.recorded != nil }
    func shares(_ verdicts: KeyPath<ClaimRow, [Claim.Verdict?]>) -> (equal: String, undecided: String, count: Int) {
      let all = held.flatMap { row in row[keyPath: verdicts].compactMap { $0 }.map { ($0, row.recorded) } }
      return (
        percent(all.count { $0 == $1 }, of: all.count),
        percent(all.count { $0 == .undecided && $1 != .undecided }, of: all.count), all.count
      )
    }
    let (pages, runs) = (shares(\.verdicts), shares(\.own))
    let questions = reports.flatMap(\.questions)
    var lines = ["\(claims.count) claims, \(claims.count(where: \.flips)) flip."]
    if pages.count > 0 {
      lines.append(
        "\(pages.equal) of \(pages.count) verdicts on the pages as recorded, \(pages.undecided) undecided here.")
      lines.append("The runs themselves, without the record: \(runs.equal) as recorded, \(runs.undecided) undecided.")
    }
    lines.append("\(questions.count) questions, \(questions.count(where: \.flips)) change their answer.")
    lines.append(
      "\(reports.map(\.texts).reduce(0, +)) titles, captions and takeaways, "
        + "\(reports.map(\.changes.count).reduce(0, +)) change their wording.")
    let gaps = reports.map(\.gaps.count).reduce(0, +)
    if gaps > 0 { lines.append("\(gaps) items are missing for some seeds.") }
    return lines.joined(separator: "\n")
  }

  private static func percent(_ part: Int, of whole: Int) -> String {
    fixed(100 * Double(part) / Double(whole), 1) + " %"
  }
}
