// Questions with their answers, and the exercises.

import Basics

extension HTMLRenderer {
  func prediction(_ prediction: Prediction) -> String {
    var html = "<p class=\"tag\">Predict</p><p>\(HTML.markdown(prediction.question))</p>"
    let right = prediction.outcome?.choice
    if !prediction.choices.isEmpty {
      let buttons = prediction.choices.enumerated().map { index, choice in
        let isPicked = prediction.choice == index
        return
          "<button type=\"button\" aria-pressed=\"\(isPicked)\"\(index == right ? " data-right" : "")\(isPicked ? " class=\"picked\"" : "")>\(HTML.markdown(choice))</button>"
      }
      html += "<div class=\"opts\" role=\"group\" aria-label=\"Choices\">\(buttons.joined())</div>"
    }
    guard let outcome = prediction.outcome else { return html }
    if prediction.choices.isEmpty, let number = outcome.number, number.isFinite {
      let unit = prediction.unit.isEmpty ? "" : "<span>\(prediction.unit.escapedForMarkup)</span>"
      html +=
        "<div class=\"guess\" data-answer=\"\(number)\" data-within=\"\(prediction.tolerance)\"><input type=\"text\" inputmode=\"decimal\" autocomplete=\"off\" aria-label=\"Your number\" placeholder=\"your number\">\(unit)<button type=\"button\">compare</button></div>"
    }
    var answer = ""
    if let given = prediction.given, let isRight = outcome.isRight {
      answer =
        "You said \(HTML.markdown(given)); the run says <b>\(HTML.markdown(outcome.text))</b>. <b class=\"\(isRight ? "ok" : "no")\">\(isRight ? "Right" : "Not this time")</b>. \(outcome.score.escapedForMarkup)"
    } else {
      answer = "The run says <b>\(HTML.markdown(outcome.text))</b>."
    }
    let explanation = outcome.explanation.isEmpty ? "" : " \(HTML.markdown(outcome.explanation))"
    return html
      + "<details class=\"answer\"\(prediction.isAnswered ? " open" : "")><summary>The answer</summary><p><b class=\"verdict\" role=\"status\">&#8203;</b>\(answer)\(explanation)</p></details>"
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
      return
        "<li class=\"\(style)\"><b>\(exercise.id.escapedForMarkup)</b> \(HTML.markdown(exercise.title)) <small>\(exercise.minutes) min<span class=\"hidden\">, \(state)</span></small>\(more)</li>"
    }
    return
      "<ol class=\"ex\">\(items.joined())</ol><p class=\"how\">Check yours: <code>./workbook check \(record.shelf.anchor.escapedForMarkup)</code></p>"
  }
}
