// A page in a terminal: wrapped prose, underlined headings, boxes with bars, numbers aligned at their decimal points.

import Basics

/// Writes blocks as text for a terminal or a pager.
struct TerminalRenderer: Sendable {
  /// The width of the text in columns.
  private(set) var width: Int
  /// Whether styles are written as escape codes.
  let usesColor: Bool
  /// Whether links can be clicked.
  let usesLinks: Bool
  let columns: Int
  /// The width of figures, tables and code: the available width, up to 160 columns.
  var broad: Int { max(width, min(columns - margin, 160)) }
  /// The number of columns by which the text is indented.
  private var margin = 0
  /// How pictures are drawn.
  let graphics: TerminalGraphics
  /// The colours of pictures: the reader's choice, or the choice that suits the terminal's background.
  let theme: Theme

  init(_ presentation: Presentation = Presentation(), console: Console) {
    columns = max(presentation.width ?? console.terminal.columns ?? 80, 20)
    width = min(columns, 76)
    usesColor = console.terminal.allowsColor(presentation.usesColor)
    usesLinks =
      usesColor && console.terminal.isTerminal
      && !["linux", "dumb"].contains(console.terminal.environment["TERM"] ?? "")
    var graphics = presentation.format == .terminal ? console.graphics() : .dumb
    if !usesColor, graphics != .dumb { graphics = .braille(color: false) }
    self.graphics = graphics
    // COLORFGBG is, for example, "15;0": light on dark. Most terminals are dark.
    let ground = console.terminal.environment["COLORFGBG"]?.split(separator: ";").last.flatMap { Int($0) } ?? 0
    theme = presentation.theme ?? (ground == 7 || ground > 8 ? .light : .dark)
  }

  /// A renderer for blocks inside a fold.
  var inFold: TerminalRenderer {
    var copy = self
    copy.width = min(width, columns - 2)
    copy.margin = 2
    return copy
  }

  /// Indents the output of ``inFold``.
  static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  " + $0 }
      .joined(separator: "\n")
  }

  // MARK: A whole page

  /// The kicker, the title, the lead, and an introduction to the numbers and short names.
  func head(of page: Page, _ run: RunRecord) -> String {
    let guide = SourceDocument.guide(page.claims, or: page.text)
    let kicker = ["Chapter \(page.chapter)", "seed \(run.seed)", run.sizeText, run.data].filter { !$0.isEmpty }
    let title = Markdown.plain(page.title)
    return "\n" + paragraph([Span(kicker.joined(separator: " · "), .muted)])
      + paragraph([Span(title, TextStyle(ink: .accent, isBold: true))])
      + paint([Span(String(repeating: "━", count: min(max(title.columns, 8), width)), TextStyle(ink: .accent))])
      + "\n\n"
      + paragraph(spans(Markdown.inlines(page.lead), base: TextStyle(isItalic: true))) + "\n"
      + (guide.isEmpty ? "" : paragraph(spans(Markdown.inlines(guide), base: .muted)) + "\n")
  }

  /// The location of the page's files, and the next command.
  func foot(of record: PageRecord, path: String) -> String {
    var text = paint([Span(String(repeating: "─", count: width), .muted)]) + "\n"
    text += paragraph([Span("\(record.kicker).", .muted)])
    // The path has a line of its own that is never wrapped, so that it can be copied.
    text += paint([Span("Page: "), Span(path, TextStyle(isBold: true, link: nil))]) + "\n"
    var last = [Span("In the browser, key p presents it")]
    if !record.shelf.nextCommand.isEmpty { last += [Span(" · Next: "), Span(record.shelf.nextCommand, .bold)] }
    return text + paragraph(last)
  }

  // MARK: Blocks

  /// One block with an empty line after it.
  func text(of block: Block, figureNumber: Int) -> String {
    switch block {
    case .prose(let blocks): blocks.map { prose($0, width: width) + "\n" }.joined()
    case .math(let tex): math(tex, width: width) + "\n"
    case .sideNote(let inlines):
      Wrap.lines(spans(inlines, base: .muted), width: width - 6).enumerated().map { index, line in
        (index == 0 ? "    " + paint([Span("↳ ", .muted)]) : "      ") + paint(line) + "\n"
      }.joined() + "\n"
    case .callout(let kind, let blocks): callout(kind, blocks) + "\n"
    case .code(let excerpt): code(excerpt) + "\n"
    case .table(let table): TerminalTable(renderer: self).text(table) + "\n"
    case .figure(let figure): self.figure(figure, number: figureNumber) + "\n"
    case .panel(let panel):
      paragraph([Span("▸ In a browser: ", .muted)] + spans(Markdown.inlines(panel.title), base: .bold)) + "\n"
    case .prediction(let prediction): question(prediction)
    // The table at the end contains all claims.
    case .claim: ""
    case .exercises(let exercises): heading("Exercises", level: 2) + self.exercises(exercises) + "\n"
    case .furtherReading(let sources):
      heading("Further reading", level: 2)
        + sources.map { item("•", spans(Markdown.inlines($0)), width: width) }.joined() + "\n"
    case .slide, .projection, .foldEnd: ""
    case .foldStart(let title): paragraph([Span("▾ ", .muted)] + spans(Markdown.inlines(title), base: .bold)) + "\n"
    }
  }

  func prose(_ block: MarkdownBlock, width: Int) -> String {
    switch block {
    case .heading(let level, let inlines): return heading(Markdown.plain(inlines), level: level)
    case .paragraph(let inlines): return lines(spans(inlines), width: width)
    case .list(let isOrdered, let start, let items):
      return items.enumerated().map { index, blocks in
        let marker = isOrdered ? "\(start + index)." : "•"
        let indent = (isOrdered ? "\(start + items.count - 1).".columns : 1) + 1
        let inner = blocks.map { prose($0, width: width - indent - 2) }.joined()
        return indented(
          inner, first: "  " + marker.paddedLeft(to: indent - 1) + " ", rest: String(repeating: " ", count: indent + 2))
      }.joined()
    case .quote(let blocks):
      let inner = blocks.map { prose($0, width: width - 2) }.joined(separator: "\n")
      let bar = paint([Span("│ ", .muted)])
      return indented(inner, first: bar, rest: bar, blank: bar)
    case .code(_, let text):
      return text.split(separator: "\n", omittingEmptySubsequences: false).map { "    \(String($0).withoutControls)\n" }
        .joined()
    case .math(let tex): return math(tex, width: width)
    case .rule: return paint([Span(String(repeating: "─", count: width), .muted)]) + "\n"
    }
  }

  func heading(_ title: String, level: Int) -> String {
    guard level <= 2 else { return lines([Span(title, .bold)], width: width) }
    let wrapped = Wrap.lines([Span(title.withoutControls, .bold)], width: width)
    let longest = wrapped.map { $0.map(\.text.columns).reduce(0, +) }.max() ?? 0
    return wrapped.map { paint($0) + "\n" }.joined()
      + paint([Span(String(repeating: "─", count: max(longest, 3)), .muted)]) + "\n"
  }

  private func math(_ tex: String, width: Int) -> String {
    MathBox.display(tex.withoutControls, width: width - 4).map { $0.isEmpty ? "\n" : "    \($0)\n" }.joined()
  }

  private func callout(_ kind: Callout, _ blocks: [MarkdownBlock]) -> String {
    let ink: TextStyle.Ink =
      switch kind {
      case .note: .accent
      case .mistake: .warning
      case .erratum: .special
      case .takeaway: .good
      }
    let inner = blocks.map { prose($0, width: width - 2) }.joined(separator: "\n")
    return boxed(kind.heading, inner, ink)
  }

  /// Text with a bar on its left and a heading in the bar's colour.
  private func boxed(_ heading: String, _ inner: String, _ ink: TextStyle.Ink) -> String {
    let bar = paint([Span("▌ ", TextStyle(ink: ink))])
    return bar + paint([Span(heading.uppercased().withoutControls, TextStyle(ink: ink, isBold: true))]) + "\n"
      + indented(inner, first: bar, rest: bar, blank: bar)
  }

  private func code(_ excerpt: CodeExcerpt) -> String {
    if excerpt.isMissing { return paragraph([Span(excerpt.code, .muted)]) }
    let code = excerpt.code.split(separator: "\n", omittingEmptySubsequences: false)
    let body = code.flatMap { Self.folded(String($0), width: max(broad - 4, 20)) }.map { line -> String in
      let spans = SwiftHighlighter.tokens(line).map { token -> Span in
        switch token.kind {
        case .plain: Span(token.text)
        case .keyword: Span(token.text, TextStyle(ink: .accent, isBold: true))
        case .string: Span(token.text, TextStyle(ink: .warning))
        case .comment: Span(token.text, .muted)
        case .number, .type: Span(token.text, TextStyle(ink: .special))
        }
      }
      return "    " + paint(spans) + "\n"
    }.joined()
    return body
      + lines(
        [Span("    \(excerpt.path):\(excerpt.line), compiled with this page", .muted)], width: width,
        keepsIndent: 4)
  }

  /// A line of code in pieces that fit the width, the later ones indented like continuation lines.
  static func folded(_ line: String, width: Int) -> [String] {
    var (pieces, rest) = ([String](), line)
    // A wrapped comment remains a comment.
    let marker = String(line.drop { $0 == " " }.prefix { $0 == "/" })
    let depth = line.prefix { $0 == " " }.count
    let indent =
      String(repeating: " ", count: min(depth + (marker.count < 2 ? 4 : 0), width / 2))
      + (marker.count < 2 ? "" : marker + " ")
    while rest.columns > width {
      // The characters that fit, and one more, because it may be the space at which to break.
      var used = 0
      let room = Array(
        rest.prefix {
          used += $0.columns; return used <= width + 1
        })
      let start = rest.prefix { $0 == " " || $0 == "/" }.count
      // Break after a comma, otherwise at a space; without a space, in the middle of a word.
      let spaces = room.indices.filter { room[$0] == " " && $0 > start }
      let place = spaces.last { room[$0 - 1] == "," && $0 > width / 2 } ?? spaces.last ?? max(start + 1, room.count - 1)
      let cut = rest.index(rest.startIndex, offsetBy: place)
      pieces.append(String(rest[..<cut]))
      rest = indent + rest[cut...].drop { $0 == " " }
    }
    return pieces + [rest]
  }

  // MARK: Questions

  func question(_ prediction: Prediction) -> String {
    var inner = lines(spans(Markdown.inlines(prediction.question)), width: width - 2)
    for (index, choice) in prediction.choices.enumerated() {
      inner += item("\(index + 1))", spans(Markdown.inlines(choice)), width: width - 2)
    }
    return boxed("Predict", inner, .accent) + "\n"
  }

  func answer(_ prediction: Prediction) -> String {
    guard let outcome = prediction.outcome else { return "" }
    var inner = ""
    var line: [Span] = []
    if let given = prediction.given, let isRight = outcome.isRight {
      line += [Span("You said ")] + spans(Markdown.inlines(given)) + [Span("; the result is ")]
      line += [Span(Markdown.plain(outcome.text), .bold), Span(". ")]
      line.append(
        isRight
          ? Span(prediction.verdict, TextStyle(ink: .good, isBold: true))
          : Span(prediction.verdict, TextStyle(ink: .warning, isBold: true)))
      if !outcome.score.isEmpty { line.append(Span(" " + outcome.score)) }
    } else if prediction.sketch == nil {
      line += [Span("Result: "), Span(Markdown.plain(outcome.text), .bold), Span(".")]
    } else {
      line.append(
        Span(prediction.words.map { "You said: \($0). The figure below has it." } ?? "The figure below has it."))
    }
    if !outcome.explanation.isEmpty { line += [Span(" ")] + spans(Markdown.inlines(outcome.explanation)) }
    inner += lines(line, width: width - 2)
    return boxed("Answer", inner, outcome.isRight == false ? .warning : .good) + "\n"
  }

  // MARK: Lines

  func item(_ marker: String, _ spans: [Span], width: Int, _ style: TextStyle = .muted) -> String {
    let lead = marker.columns + 3
    return Wrap.lines(spans, width: width - lead).enumerated().map { index, line in
      (index == 0 ? "  " + paint([Span(marker, style)]) + " " : String(repeating: " ", count: lead)) + paint(line)
        + "\n"
    }.joined()
  }

  func paragraph(_ spans: [Span]) -> String { lines(spans, width: width) }

  func lines(_ spans: [Span], width: Int, keepsIndent: Int = 0) -> String {
    Wrap.lines(spans, width: width - keepsIndent).map { String(repeating: " ", count: keepsIndent) + paint($0) + "\n" }
      .joined()
  }

  func indented(_ text: String, first: String, rest: String, blank: String? = nil) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.enumerated().map { index, line in
      line.isEmpty && index > 0 ? (blank ?? "").withoutTrailingSpaces + "\n" : (index == 0 ? first : rest) + line + "\n"
    }.joined()
  }

  /// Markdown spans as styled text.
  func spans(_ inlines: [Inline], base: TextStyle = .plain) -> [Span] {
    inlines.flatMap { inline -> [Span] in
      var style = base
      switch inline {
      case .text(let text): return [Span(text.withoutControls.withMeasuresTogether, style)]
      case .emphasis(let inner):
        style.isItalic = true
        // Without italics, keep the asterisks.
        return usesColor ? spans(inner, base: style) : [Span("*")] + spans(inner, base: style) + [Span("*")]
      case .strong(let inner):
        style.isBold = true
        return spans(inner, base: style)
      case .code(let text):
        style.ink = .special
        return [Span(usesColor ? text.withoutControls : "`\(text.withoutControls)`", style)]
      case .math(let tex): return [Span(MathText.inline(tex.withoutControls), style)]
      case .lineBreak: return [Span("\n", style)]
      case .link(let inner, let destination):
        guard HTML.isSafe(destination) else { return spans(inner, base: base) }
        if usesLinks {
          style.isUnderlined = true
          style.link = destination
          return spans(inner, base: style)
        }
        let text = Markdown.plain(inner)
        return spans(inner, base: style)
          + (text == destination || destination.hasPrefix("#")
            ? [] : [Span(" (\(destination.withoutControls))", .muted)])
      }
    }
  }

  /// Styled text, with escape codes if colour is used.
  func paint(_ spans: [Span]) -> String {
    guard usesColor else { return spans.map(\.text).joined() }
    return spans.map { span in
      var codes: [String] = []
      if span.style.isBold { codes.append("1") }
      if span.style.isItalic { codes.append("3") }
      if span.style.isUnderlined { codes.append("4") }
      switch span.style.ink {
      case .plain: break
      case .accent: codes.append("34")
      case .good: codes.append("32")
      case .bad: codes.append("31")
      case .warning: codes.append("33")
      case .muted: codes.append("2")
      case .special: codes.append("35")
      }
      var text = codes.isEmpty ? span.text : "\u{1B}[\(codes.joined(separator: ";"))m\(span.text)\u{1B}[0m"
      if let link = span.style.link, usesLinks {
        text = "\u{1B}]8;;\(link.withoutControls)\u{1B}\\\(text)\u{1B}]8;;\u{1B}\\"
      }
      return text
    }.joined()
  }
}
