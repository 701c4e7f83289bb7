// Figures in a terminal: one picture, or several frames of an explorable figure.

import Basics

extension TerminalRenderer {
  func figure(_ figure: Figure, number: Int) -> String {
    var text = ""
    let frames = chosenFrames(of: figure)
    // Small multiples: as many side by side as are readable.
    let across = frames.count == 1 || isImage ? 1 : max(1, min(frames.count, (broad + 2) / 40))
    let each = across == 1 ? broad : (broad + 2) / across - 2
    // Use common scales, so that frames can be compared.
    let plots = Plot.sharingScales(figure.frames)
    var isDrawn = true
    // The common caption is printed once, below all frames, without sentences about moving the slider.
    let shared = figure.parameter == nil ? [figure.caption] : Figure.sentences(Figure.still(figure.caption))
    let captions = frames.map { index -> [String] in
      guard figure.frameCaptions.indices.contains(index) else { return [] }
      // Omit a sentence that only adds a number to a sentence of the common caption, because the picture shows the
      // number.
      return Figure.sentences(Figure.still(figure.frameCaptions[index])).filter { sentence in
        !shared.contains { sentence.hasPrefix($0.dropLast()) && !$0.isEmpty }
      }
    }
    let common = (captions.first ?? []).filter { sentence in captions.allSatisfy { $0.contains(sentence) } }
    let own = Dictionary(uniqueKeysWithValues: zip(frames, captions.map { $0.filter { !common.contains($0) } }))
    let headings = frames.map { index in
      frameHeading(figure, index, own[index] ?? []).map { Wrap.lines($0, width: min(each, width)).map(paint) } ?? []
    }
    // Align the tops of pictures side by side.
    let highest = across == 1 ? 0 : headings.map(\.count).max() ?? 0
    let cells = zip(frames, headings).map { index, heading -> [String] in
      let heading = heading + Array(repeating: "", count: max(highest - heading.count, 0))
      if let picture = FigureDrawing.terminal(plots[index], columns: each, graphics: graphics, theme: theme) {
        return heading + picture.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      }
      isDrawn = false
      let table = TerminalTable(renderer: self).text(figure.frames[index].kind.table(maximumRows: 12))
      return heading + table.split(separator: "\n").map(String.init)
    }
    for start in stride(from: 0, to: cells.count, by: across) {
      text +=
        isDrawn
        ? Self.sideBySide(Array(cells[start..<min(start + across, cells.count)]), width: each)
        : cells[start..<min(start + across, cells.count)].joined().map { $0 + "\n" }.joined()
    }
    var caption =
      [Span("Figure \(number). ", .bold)]
      + spans(Markdown.inlines(figure.title.asSentence), base: .bold)
    let whole = (shared + common.filter { !shared.contains($0) }).filter { !$0.isEmpty }.joined(separator: " ")
    if !whole.isEmpty { caption += [Span(" ")] + spans(Markdown.inlines(whole)) }
    if !isDrawn { caption.append(Span(" (the numbers: gnuplot could not draw the picture)", .muted)) }
    if figure.parameter != nil {
      caption.append(Span(" (\(frames.count) of \(figure.frames.count) frames; all on the HTML page)", .muted))
    }
    return text + paragraph(caption)
  }

  /// The text above a frame of an explorable figure: its value and its own caption.
  private func frameHeading(_ figure: Figure, _ index: Int, _ caption: [String]) -> [Span]? {
    guard let parameter = figure.parameter, parameter.values.indices.contains(index) else { return nil }
    var heading = [Span("\(parameter.name) = \(parameter.value(of: index))", .bold)]
    if figure.frameTitles.indices.contains(index) {
      heading += [Span(". ")] + spans(Markdown.inlines(figure.frameTitles[index].asSentence))
    }
    if !caption.isEmpty {
      heading += [Span(" ")] + spans(Markdown.inlines(caption.joined(separator: " ")), base: .muted)
    }
    return heading
  }

  /// Whether pictures are images, which cannot have text beside them.
  private var isImage: Bool { graphics == .sixel || graphics == .kitty }

  /// Texts in columns of a width; escape codes have no width.
  static func sideBySide(_ texts: [[String]], width: Int) -> String {
    guard texts.count > 1 else {
      return (texts.first ?? []).reversed().drop { $0.isEmpty }.reversed().map { $0 + "\n" }.joined()
    }
    let rows = texts.map { $0.reversed().drop { $0.isEmpty }.count }.max() ?? 0
    return (0..<rows).map { row in
      texts.enumerated().map { column, lines in
        let line = row < lines.count ? lines[row] : ""
        let seen = line.replacing(#/\u{1B}\[[0-9;]*m/#, with: "").columns
        return column == texts.count - 1 ? line : line + String(repeating: " ", count: max(width + 2 - seen, 0))
      }.joined().withoutTrailingSpaces + "\n"
    }.joined()
  }

  /// The frames shown without a slider: the first, the initial and the last; the middle one if these are only two.
  func chosenFrames(of figure: Figure) -> [Int] {
    guard figure.frames.count > 1 else { return Array(figure.frames.indices) }
    let initial = figure.initialFrame
    let last = figure.frames.count - 1
    return Set([0, initial == 0 || initial == last ? last / 2 : initial, last]).sorted()
  }
}
