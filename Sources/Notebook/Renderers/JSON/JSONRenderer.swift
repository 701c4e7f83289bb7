// The content of a page as JSON, for the book, the scoreboard of claims, and anyone who checks a number.

/// Writes a page as JSON.
enum JSONRenderer {
  /// The version of the format; it is increased when the meaning of a member changes.
  static let version = 1

  static func json(of record: PageRecord) -> JSONValue {
    let run = record.run
    return [
      "format": .whole(version),
      "chapter": .whole(record.chapter),
      "name": .string(record.shelf.name),
      "title": .string(record.title),
      "lead": .string(record.lead),
      "run": [
        "seed": .string(String(run.seed)),
        "size": .string(run.size),
        "data": .string(run.data),
        "threads": run.threads.map { .whole($0) } ?? .null,
        "seconds": .number((run.seconds * 1000).rounded() / 1000),
        "date": .string(run.date),
        "extended": run.extended.map { .string($0) } ?? .null,
        "trainings": .object(run.trainings.mapValues { .number(($0 * 1000).rounded() / 1000) }),
        "settings": .init(run.settings),
        "versions": .init(run.versions),
      ],
      "claims": .array(record.claims.map(claim)),
      "headings": .array(headings(record).map { ["id": .string($0.id), "title": .string($0.title)] }),
      "text": .string(searchText(record)),
      "blocks": .array(blocks(record)),
    ]
  }

  private static func claim(_ claim: Claim) -> JSONValue {
    var members: [String: JSONValue] = [
      "claim": .string(claim.text), "source": .string(claim.source), "published": .string(claim.published),
      "measured": .string(claim.measured), "measurement": claim.measurement.map(measurement) ?? .null,
      "seeds": .whole(claim.seeds), "verdict": .string(claim.verdict.rawValue), "reason": .string(claim.reason),
    ]
    if let figure = claim.figure { members["figure"] = .string(figure) }
    if let other = claim.other {
      members["other"] = [
        "verdict": .string(other.verdict.rawValue), "measured": .string(other.measured), "seeds": .whole(other.seeds),
        "run": .string(other.run), "reported": other.reported.map { .string($0) } ?? .null,
      ]
    }
    return .object(members)
  }

  /// The measurement of a claim, which can be decoded without loss.
  static func measurement(_ measured: Claim.Measurement) -> JSONValue {
    func number(_ value: Double) -> JSONValue {
      value.isFinite ? .number(value) : .string(value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞")
    }
    return [
      "lead": .string(measured.lead), "value": number(measured.value),
      "deviation": measured.deviation.map(number) ?? .null, "unit": .string(measured.unit),
      "seeds": .whole(measured.seeds), "decimals": measured.decimals.map { .whole($0) } ?? .null,
      "digits": measured.digits.map { .whole($0) } ?? .null, "against": .array(measured.against.map(measurement)),
    ]
  }

  /// The headings of a page with their anchors.
  static func headings(_ record: PageRecord) -> [(id: String, title: String)] {
    var anchors = Anchors(prefix: record.shelf.name)
    var result: [(String, String)] = []
    for block in record.blocks {
      if case .prose(let blocks) = block {
        for case .heading(let level, let inlines) in blocks where level <= 2 {
          let title = Markdown.plain(inlines)
          result.append((anchors.make(title), title))
        }
      }
    }
    return result
  }

  /// The words of a page, for the book's search.
  static func searchText(_ record: PageRecord) -> String {
    PageText.words(title: record.title, lead: record.lead, record.blocks, answers: false)
  }

  private static func blocks(_ record: PageRecord) -> [JSONValue] {
    var figureIndex = 0
    return record.blocks.map { block in
      switch block {
      case .prose(let blocks): return ["kind": "prose", "text": .string(Markdown.plain(blocks))]
      case .math(let tex): return ["kind": "math", "tex": .string(tex)]
      case .sideNote(let inlines): return ["kind": "side note", "text": .string(Markdown.plain(inlines))]
      case .callout(let callout, let blocks):
        return [
          "kind": .string(callout.kind), "heading": .string(callout.heading), "text": .string(Markdown.plain(blocks)),
        ]
      case .code(let code):
        return [
          "kind": "code", "name": .string(code.name), "path": .string(code.path), "line": .whole(code.line),
          "code": .string(code.code),
        ]
      case .table(let table):
        return [
          "kind": "table", "caption": .string(table.caption), "columns": .init(table.columns.map(\.title)),
          "rows": .array(table.rows.map { .array($0.map(cell)) }),
        ]
      case .figure(let figure):
        defer { figureIndex += 1 }
        let drawn = figureIndex < record.figures.count ? record.figures[figureIndex] : nil
        return self.figure(figure, drawn)
      case .panel(let panel):
        return [
          "kind": "panel", "name": .string(panel.name), "title": .string(panel.title),
          "caption": .string(panel.caption), "figure": .string(panel.figure),
          "settings": .object(panel.settings.mapValues { .number($0) }),
          "proof": .array(panel.proof.map { .array($0.map { .number(Double($0)) }) }),
        ]
      case .prediction(let prediction):
        return [
          "kind": "prediction", "question": .string(prediction.question), "choices": .init(prediction.choices),
          // The index of the right choice.
          "choice": prediction.choices.isEmpty ? .null : prediction.outcome?.choice.map { .whole($0) } ?? .null,
          "tolerance": .number(prediction.tolerance),
          "given": prediction.given.map { .string($0) } ?? .null,
          "confidence": prediction.confidence.map { .whole($0) } ?? .null,
          "answer": prediction.outcome.map { .string($0.text) } ?? .null,
          "explanation": prediction.outcome.map { .string($0.explanation) } ?? .null,
          "right": prediction.outcome?.isRight.map { .bool($0) } ?? .null,
        ]
      case .claim(let claim):
        guard case .object(let members) = self.claim(claim) else { return .null }
        return .object(members.merging(["kind": "claim"]) { $1 })
      case .exercises(let exercises):
        return [
          "kind": "exercises",
          "exercises": .array(
            exercises.map { exercise in
              let status =
                switch exercise.status {
                case .open: "open"
                case .passed: "passed"
                case .failed(let reason): "failed: " + reason
                }
              return [
                "id": .string(exercise.id), "title": .string(exercise.title), "minutes": .whole(exercise.minutes),
                "task": .string(exercise.task), "file": .string(exercise.file), "status": .string(status),
              ]
            }),
        ]
      case .furtherReading(let sources): return ["kind": "further reading", "sources": .init(sources)]
      case .slide(let slide, let blocks):
        return ["kind": "slide", "title": .string(slide.title), "text": .string(Markdown.plain(blocks))]
      case .projection(let slide): return ["kind": "projection", "title": .string(slide.title)]
      case .foldStart(let title): return ["kind": "fold", "title": .string(title)]
      case .foldEnd: return ["kind": "fold end"]
      }
    }
  }

  private static func figure(_ figure: Figure, _ drawn: RenderedFigure?) -> JSONValue {
    let parameter = figure.parameter.map { parameter -> JSONValue in
      ["name": .string(parameter.name), "unit": .string(parameter.unit), "values": .init(parameter.values)]
    }
    var members: [String: JSONValue] = [
      "kind": "figure", "name": .string(figure.name), "title": .string(figure.title),
      "caption": .string(figure.caption), "parameter": parameter ?? .null,
      "alt": drawn.map { .init($0.altTexts) } ?? .null, "frames": .array(figure.frames.map(\.kind.json)),
    ]
    // The titles and captions that change with the slider, if there are any.
    if !figure.frameTitles.isEmpty { members["titles"] = .init(figure.frameTitles) }
    if !figure.frameCaptions.isEmpty { members["captions"] = .init(figure.frameCaptions) }
    return .object(members)
  }

  private static func cell(_ cell: TableCell) -> JSONValue {
    switch cell {
    case .text(let text): .string(text)
    case .number(let value): .number(value)
    case .whole(let value): .whole(value)
    case .measured(let mean, let deviation): ["mean": .number(mean), "deviation": .number(deviation)]
    }
  }
}
