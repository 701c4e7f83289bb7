// Figures in HTML: the picture, its finding, its numbers, its files, and the slider of explorable figures.

import Basics

extension HTMLRenderer {
  /// The pictures of a figure for each screen; the style sheet shows one of them.
  private static let screens: [(screen: String, frames: any KeyPath<RenderedFigure, [String]> & Sendable)] = [
    ("broad", \.svgs), ("narrow", \.narrowSVGs), ("deck", \.deckSVGs),
  ]

  /// Returns a figure of the article.
  func figure(_ figure: Figure, _ drawn: RenderedFigure?, number: Int) -> Element {
    // Not the name alone, because a section may have the same name.
    let id = "\(record.shelf.anchor)-figure-\(figure.name)"
    let initial = figure.initialFrame
    var inner = ""
    var downloads = ""
    if let drawn, !drawn.svgs.isEmpty {
      let pictures = HTMLRenderer.screens.compactMap { screen, frames -> String? in
        guard drawn[keyPath: frames].indices.contains(initial) else { return nil }
        return
          "<div class=\"plot-\(screen)\">\(SVG.renamed(drawn[keyPath: frames][initial], "\(id)-\(screen)"))</div>"
      }
      inner += "<div class=\"pic\(drawn.narrowSVGs.isEmpty ? " only" : "")\">\(pictures.joined())</div>"
      if drawn.svgs.count > 1, let parameter = figure.parameter { inner += controls(figure, parameter, id: id, drawn) }
      downloads = files(figure, drawn, number: number)
    } else {
      if let plot = figure.plot(initial) {
        inner += table(plot.kind.table(maximumRows: 60), label: "the numbers of figure \(number)")
      }
      downloads =
        "<span class=\"dl\">the numbers: gnuplot could not draw the picture (<code>sudo apt-get install gnuplot-nox</code>)</span>"
    }
    let finding = HTML.markdown(figure.title(of: initial).asSentence)
    inner +=
      "<figcaption><b><a class=\"self\" href=\"#\(id)\">Figure \(number)</a>.</b> <span class=\"finding\">\(finding)</span> <span class=\"rest\">\(caption(figure, initial))</span> \(downloads)</figcaption>"
    if drawn != nil, let plot = figure.plot(initial) {
      let frame = figure.parameter.map { parameter in
        ", \(parameter.name.escapedForMarkup) = <span class=\"frame-value\">\(parameter.value(of: initial).escapedForMarkup)</span>"
      }
      inner +=
        "<details class=\"numbers\"><summary>The numbers behind figure \(number)\(frame ?? "")</summary>\(table(plot.kind.table(maximumRows: 60), label: "the numbers behind figure \(number)"))</details>"
    }
    return Element(
      tag: "figure",
      attributes: " id=\"\(id)\" data-figure=\"\(number)\" class=\"plot\(figure.isWide ? " wide" : "")\"", inner: inner,
      role: .figure, title: HTML.markdown(figure.title(of: initial)))
  }

  /// The caption of a frame. If it says what to move, there is another version for paper, where nothing can be moved.
  private func caption(_ figure: Figure, _ frame: Int) -> String {
    let text = figure.caption(of: frame), still = Figure.still(text)
    guard figure.parameter != nil, still != Figure.sentences(text).joined(separator: " ") else {
      return HTML.markdown(text)
    }
    return
      "<span class=\"on-screen\">\(HTML.markdown(text))</span><span class=\"on-paper\">\(HTML.markdown(still))</span>"
  }

  /// Links to the figure's data, script and picture for downloading.
  private func files(_ figure: Figure, _ drawn: RenderedFigure, number: Int) -> String {
    let name = figure.name.escapedForMarkup
    // A long file is not embedded but linked.
    func file(_ text: String, _ label: String, ending: String, type: String) -> String {
      text.utf8.count < 100_000
        ? "<a download=\"\(name).\(ending)\" href=\"\(HTML.dataAddress(text, type: type))\">\(label)</a> "
        : "<a class=\"file\" href=\"figures/\(name).\(ending)\">\(label), a file</a> "
    }
    return
      "<span class=\"dl\">\(file(drawn.csv, "data", ending: "csv", type: "text/csv"))\(file(drawn.script, "script", ending: "gp", type: "text/plain"))<button type=\"button\" class=\"svg\" data-name=\"\(name).svg\">svg</button> <button type=\"button\" class=\"big\" aria-label=\"zoom figure \(number)\">zoom</button></span>"
  }

  /// The slider of an explorable figure, the data that changes with it, and a strip of frames for paper.
  private func controls(_ figure: Figure, _ parameter: FigureParameter, id: String, _ drawn: RenderedFigure) -> String {
    let frames = figure.frames.indices
    let values = frames.map { parameter.value(of: $0) }
    var data: [String: JSONValue] = [
      "values": .init(values), "name": .string(parameter.name), "initial": .whole(figure.initialFrame),
    ]
    if !figure.frameTitles.isEmpty {
      data["titles"] = .init(frames.map { linker.linked(HTML.markdown(figure.title(of: $0).asSentence)) })
      data["headings"] = .init(frames.map { HTML.markdown(figure.title(of: $0)) })
    }
    if !figure.frameCaptions.isEmpty {
      data["captions"] = .init(frames.map { linker.linked(caption(figure, $0)) })
    }
    let count = frames.count, initial = figure.initialFrame
    // On paper, two other frames are shown side by side, in the version for phones.
    let pictures = drawn.narrowSVGs.count == count ? drawn.narrowSVGs : drawn.svgs
    let others = [0, count - 1, count / 2].filter { $0 != initial }
    let strip = Set(others.prefix(2)).sorted().map { index in
      "<div class=\"frame\"><p>\(parameter.name.escapedForMarkup) = \(values[index].escapedForMarkup)</p>\(SVG.renamed(pictures[index], "\(id)-s\(index)"))</div>"
    }
    let script =
      "<script type=\"application/json\" class=\"frames\">\(JSONValue.object(data).script)</script><script type=\"application/zlib\" class=\"packed\">\(Packed.base64(drawnFrames(figure, id: id, drawn).description))</script>"
    let name = parameter.name.escapedForMarkup
    guard parameter.names.isEmpty else {
      let buttons = values.enumerated().map { index, value in
        "<button type=\"button\" aria-pressed=\"\(index == initial)\">\(value.escapedForMarkup)</button>"
      }
      return
        "<div class=\"explore choices\" role=\"group\" aria-label=\"\(name)\"><span>\(name)</span>\(buttons.joined())\(script)</div><div class=\"strip\">\(strip.joined())</div>"
    }
    let shown = values[initial].escapedForMarkup
    return """
      <div class="explore"><button type="button" class="play" aria-label="Play">▶</button><label for="\(id)-slider">\(name)</label><input id="\(id)-slider" type="range" min="0" max="\(count - 1)" step="1" value="\(initial)" aria-valuetext="\(shown)"><output for="\(id)-slider">\(shown)</output>\(script)</div><div class="strip">\(strip.joined())</div>
      """
  }

  /// The pictures and tables of all frames as JSON, to be compressed: as text, they would be 90 % of a figure's bytes.
  private func drawnFrames(_ figure: Figure, id: String, _ drawn: RenderedFigure) -> JSONValue {
    var pictures = SharedPieces(), rows = SharedPieces()
    var data: [String: JSONValue] = [
      "tables": .array(figure.frames.map { rows.runs(tableElement($0.kind.table(maximumRows: 60))) })
    ]
    for (screen, frames) in HTMLRenderer.screens {
      data[screen] = .array(drawn[keyPath: frames].map { pictures.runs(SVG.renamed($0, "\(id)-\(screen)")) })
    }
    data["pieces"] = .init(pictures.all)
    data["rows"] = .init(rows.all)
    return .object(data)
  }
}

/// The shared pieces of similar frames. Each distinct element is stored once, and a frame is a list of runs of their
/// numbers: the first number and the length of the run.
private struct SharedPieces {
  private(set) var all: [String] = []
  private var places: [String: Int] = [:]

  /// Returns the runs of a frame.
  mutating func runs(_ html: String) -> JSONValue {
    var runs: [(start: Int, count: Int)] = []
    // The same image is in pictures of several sizes, so it is a separate piece.
    let parts = html.replacing("><", with: ">\n<").replacing(" href=\"data:", with: "\n href=\"data:")
    for piece in parts.split(separator: "\n").map(String.init) {
      let place = places[piece] ?? all.count
      if place == all.count {
        places[piece] = place
        all.append(piece)
      }
      if let last = runs.last, last.start + last.count == place {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((place, 1))
      }
    }
    return .array(runs.flatMap { [.whole($0.start), .whole($0.count)] })
  }
}

extension Figure {
  /// The plot of a frame.
  fileprivate func plot(_ frame: Int) -> Plot? { frames.indices.contains(frame) ? frames[frame] : nil }
}

extension String {
  /// A title as a sentence, with a full stop if it has no punctuation at its end.
  var asSentence: String { last.map { ".?!…:".contains($0) } ?? true ? self : self + "." }
}
