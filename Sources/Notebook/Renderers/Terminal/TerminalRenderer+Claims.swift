// Claims as cards, the scoreboard, and exercises in a terminal.

import Basics

extension TerminalRenderer {
  func style(of verdict: Claim.Verdict) -> TextStyle {
    switch verdict {
    case .reproduced, .calculated: TextStyle(ink: .good, isBold: true)
    case .partly: TextStyle(ink: .special, isBold: true)
    case .notHere: TextStyle(ink: .warning, isBold: true)
    case .undecided: .muted
    }
  }

  /// The claims under their heading, with the titles of the documents that they name; empty if there are none.
  ///
  /// - Parameter figures: the numbers of the page's figures, by name.
  func claimsSection(_ claims: [Claim], text: String, figures: [String: Int] = [:]) -> String {
    guard !claims.isEmpty else { return "" }
    return heading("Claims put to the test", level: 2) + self.claims(claims, figures: figures)
      + sources(claims, or: text) + "\n"
  }

  /// Each claim as a card of two lines: the verdict and the statement; the published value, the measurement, and the
  /// figure. Numbered notes below all cards contain the reasons and anything that does not fit.
  func claims(_ claims: [Claim], figures: [String: Int] = [:]) -> String {
    var notes: [[Span]] = []
    let cards = claims.map { claim in
      let verdict = Span("\(claim.verdictText): ", style(of: claim.verdict))
      let source = Span(" (\(claim.source.withoutControls))", .muted)
      let text = spans(Markdown.inlines(claim.text))
      let published = [Span("published ", .muted)] + spans(Markdown.inlines(claim.published))
      let here = [Span(" · \(claim.place) ", .muted), Span(claim.measured.withMeasuresTogether, .bold)]
      let shown = claim.figure.flatMap { figures[$0] }.map { [Span(" · figure \($0)", .muted)] } ?? []
      let held = published + here + [Span(" (\(claim.seedCount))", .muted)] + shown
      var note: [[Span]] = []
      if !claim.reason.isEmpty { note.append(spans(Markdown.inlines(claim.reason), base: .muted)) }
      if let other = claim.other?.text { note.append([Span(other.withMeasuresTogether)]) }
      let room = broad - 6
      var (first, second) = ([verdict] + text + [source], held)
      // In a wide terminal, a card has two lines, and a note contains the full text of what does not fit.
      let isBroad = broad >= 96
      let mark = "\u{A0}[\(notes.count + 1)]"
      /// The start of a text that fits on a line.
      func cut(_ spans: [Span], _ width: Int) -> [Span] {
        let lines = Wrap.lines(spans, width: width)
        return lines.count < 2 ? spans : (Wrap.lines(spans, width: width - 2).first ?? []) + [Span(" …", .muted)]
      }
      if isBroad, Wrap.lines(held, width: room - mark.count).count > 1 {
        let short = published + [Span(" · \(claim.place) ", .muted), Span(claim.headline, .bold)] + shown
        second = cut(short, room - mark.count)
        note.insert(held, at: 0)
      }
      if isBroad, Wrap.lines(first, width: room).count > 1 {
        // Leave out the source first.
        first = cut([verdict] + text, room)
        note.insert([verdict] + text + [source], at: 0)
      }
      if !note.isEmpty {
        notes.append(Array(note.joined(separator: [Span(" · ", .muted)])))
        second.append(Span(mark, .muted))
      }
      return item(claim.verdict.mark, first, width: broad - 2, style(of: claim.verdict))
        + Wrap.lines(second, width: room).map { "    " + paint($0) + "\n" }.joined()
    }
    let why = notes.enumerated().map { index, note in item("[\(index + 1)]", note, width: broad) }
    let key = Claim.Verdict.key(of: claims).map { "\n" + paragraph([Span($0, .muted)]) } ?? ""
    return cards.joined() + key + (why.isEmpty ? "" : "\n" + why.joined())
  }

  /// The titles of the documents whose short names are in a claim or in the text.
  func sources(_ claims: [Claim], or text: String = "") -> String {
    let documents = SourceDocument.named(in: claims, or: text)
    guard !documents.isEmpty else { return "" }
    return "\n"
      + documents.map { item($0.key, spans(Markdown.inlines($0.title), base: .muted), width: width, .bold) }.joined()
  }

  /// The scoreboard of several chapters, each with a description of its run.
  func scoreboard(_ chapters: [(title: String, run: String, claims: [Claim])], tally: String) -> String {
    chapters.map { heading($0.title, level: 2) + paragraph([Span($0.run, .muted)]) + "\n" + claims($0.claims) + "\n" }
      .joined()
      + paragraph([Span(tally + ".", .bold)]) + sources(chapters.flatMap(\.claims))
  }

  func exercises(_ exercises: [ExerciseLink]) -> String {
    let idWidth = exercises.map(\.id.columns).max() ?? 0
    return exercises.map { exercise in
      let (mark, style): (String, TextStyle) =
        switch exercise.status {
        case .open: ("○", .muted)
        case .passed: ("✓", TextStyle(ink: .good, isBold: true))
        case .failed: ("✗", TextStyle(ink: .warning, isBold: true))
        }
      var text = item(
        mark,
        [Span(exercise.id.padded(to: idWidth) + "  ", .bold)] + spans(Markdown.inlines(exercise.title)) + [
          Span("  \(exercise.minutes) min", .muted)
        ], width: width, style)
      if !exercise.task.isEmpty {
        let file = exercise.file.isEmpty ? [] : [Span(" " + exercise.file.withoutControls, .muted)]
        text += Wrap.lines(spans(Markdown.inlines(exercise.task)) + file, width: width - 8).map {
          "        " + paint($0) + "\n"
        }.joined()
      }
      if case .failed(let reason) = exercise.status {
        text += Wrap.lines([Span(reason.withoutControls, TextStyle(ink: .warning))], width: width - 8).map {
          "        " + paint($0) + "\n"
        }.joined()
      }
      return text
    }.joined()
  }
}
