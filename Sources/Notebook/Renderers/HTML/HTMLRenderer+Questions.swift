// Questions with their answers, and exercises.

import Basics

extension HTMLRenderer {
  /// A question and, separately, its answer, which follows the figure on paper and without scripts.
  func prediction(_ prediction: Prediction, id: String) -> (box: String, answer: String) {
    var html = "<p class=\"tag\">Predict</p><p class=\"asked\">\(HTML.markdown(prediction.question))</p>"
    let right = prediction.outcome?.choice
    if !prediction.choices.isEmpty {
      let buttons = prediction.choices.enumerated().map { index, choice in
        let isPicked = prediction.choice == index
        return
          "<button type=\"button\" aria-pressed=\"\(isPicked)\"\(index == right ? " data-right" : "")\(isPicked ? " class=\"picked\"" : "")>\(HTML.markdown(choice))</button>"
      }
      html += "<div class=\"opts\" role=\"group\" aria-label=\"Choices\">\(buttons.joined())</div>"
    }
    guard let outcome = prediction.outcome else { return (html, "") }
    if let series = prediction.sketch {
      html +=
        "<div class=\"sketch\" data-series=\"\(series.onOneLine.escapedForMarkup)\">Draw it below, with the pointer or with arrow keys. <button type=\"button\">compare</button></div>"
    } else if prediction.choices.isEmpty, !prediction.isAnswered, let number = outcome.number, number.isFinite {
      let unit = prediction.unit.isEmpty ? "" : "<span>\(prediction.unit.escapedForMarkup)</span>"
      let label = prediction.unit.isEmpty ? "Your number" : "Your number, in \(prediction.unit.escapedForMarkup)"
      html +=
        "<div class=\"guess\" data-answer=\"\(number)\" data-within=\"\(prediction.tolerance)\"><input type=\"text\" inputmode=\"decimal\" autocomplete=\"off\" aria-label=\"\(label)\" placeholder=\"your number\">\(unit)<button type=\"button\">compare</button><small>\(prediction.allowance)</small></div>"
    }
    var answer = ""
    if let given = prediction.given, let isRight = outcome.isRight {
      answer =
        "You said \(HTML.markdown(given)); the result is <b>\(HTML.markdown(outcome.text))</b>. <b class=\"\(isRight ? "ok" : "no")\">\(prediction.verdict)</b> \(outcome.score.escapedForMarkup)"
    } else if prediction.sketch == nil {
      answer = "Result: <b>\(HTML.markdown(outcome.text))</b>."
    }
    let explanation = outcome.explanation.isEmpty ? "" : " \(HTML.markdown(outcome.explanation))"
    return (
      html,
      "<details class=\"answer\" data-of=\"\(id)\"\(prediction.isAnswered ? " open" : "")><summary>The answer</summary><p><b class=\"verdict\" role=\"status\">&#8203;</b>\(answer)\(explanation)</p></details>"
    )
  }

  /// Moves the answers to their places: after the first figure that follows the question in the same section.
  static func placeAnswers(in elements: inout [Element]) {
    for index in elements.indices.reversed() where !elements[index].answer.isEmpty {
      let rest = elements[(index + 1)...]
      let end = rest.firstIndex { [.heading, .subheading, .prediction].contains($0.role) } ?? elements.endIndex
      let figure = rest[..<end].firstIndex { $0.role == .figure } ?? index
      let answer = Element(
        tag: "div", attributes: " class=\"later\"", inner: elements[index].answer, role: .answer)
      elements.insert(answer, at: figure + 1)
    }
  }

  func exercises(_ exercises: [ExerciseLink]) -> String {
    let items = exercises.map { exercise in
      var style = "open"
      var state = "open"
      var more = ""
      switch exercise.status {
      case .open: break
      case .passed: (style, state) = ("done", "passed")
      case .failed(let reason):
        (style, state) = ("wrong", "not yet")
        more = "<em>\(reason.escapedForMarkup)</em>"
      }
      let file = exercise.file.isEmpty ? "" : " <code>\(exercise.file.escapedForMarkup)</code>"
      let task = exercise.task.isEmpty ? "" : "<span class=\"task\">\(HTML.markdown(exercise.task))\(file)</span>"
      return
        "<li class=\"\(style)\"><b>\(exercise.id.escapedForMarkup)</b> \(HTML.markdown(exercise.title)) <small>\(exercise.minutes) min<span class=\"hidden\">, \(state)</span></small>\(task)\(more)</li>"
    }
    return
      "<ol class=\"ex\">\(items.joined())</ol><p class=\"how\">Check yours: <code>./workbook check \(record.shelf.anchor.escapedForMarkup)</code></p>"
  }
}
