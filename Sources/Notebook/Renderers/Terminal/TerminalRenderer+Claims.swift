// Claims as cards, the scoreboard, and exercises in a terminal.

import Basics

extension TerminalRenderer {
  func style(of verdict: Claim.Verdict) -> TextStyle {
    switch verdict {
    case .reproduced: TextStyle(ink: .good, isBold: true)
    case .partly: TextStyle(ink: .special, isBold: true)
    case .notHere: TextStyle(ink: .warning, isBold: true)
    case .undecided: .muted
    }
  }

  /// The claims under their heading, and what the short names in them stand for; empty where there are none.
  func claimsSection(_ claims: [Claim], text: String) -> String {
    guard !claims.isEmpty else { return "" }
    return heading("Claims put to the test", level: 2) + self.claims(claims) + sources(claims, or: text) + "\n"
  }

  /// Each claim as a card: the verdict and the sentence; what was published and what was measured; why.
  func claims(_ claims: [Claim]) -> String {
    claims.map { claim in
      let seeds = " (\(claim.seedCount))"
      let verdict = Span("\(claim.verdictText): ", style(of: claim.verdict))
      let held =
        [Span("published ", .muted)] + spans(Markdown.inlines(claim.published))
        + [Span(" · \(claim.place) ", .muted), Span(claim.measured.withMeasuresTogether, .bold), Span(seeds, .muted)]
      let more = [spans(Markdown.inlines(claim.reason), base: .muted), claim.other?.text.map { [Span($0)] } ?? []]
        .filter { !$0.isEmpty }
      let source = [Span(" (\(claim.source))", .muted)]
      let lines = [held] + more
      return item(
        claim.verdict.mark, [verdict] + spans(Markdown.inlines(claim.text)) + source, width: width,
        style(of: claim.verdict))
        + lines.map { line in
          Wrap.lines(line, width: width - 6).map { "      " + paint($0) + "\n" }.joined()
        }.joined()
    }.joined(separator: "\n")
  }

  /// What the short names of the documents stand for.
  func sources(_ claims: [Claim], or text: String = "") -> String {
    let documents = SourceDocument.named(in: claims, or: text)
    guard !documents.isEmpty else { return "" }
    return "\n"
      + documents.map { item($0.key, spans(Markdown.inlines($0.title), base: .muted), width: width, .bold) }.joined()
  }

  /// The scoreboard of several chapters, each with its run.
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
