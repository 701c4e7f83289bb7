// How an answer is checked: case by case, then against the known mistakes.

import Basics
import Foundation

extension Case {
  /// Judges the response of an answer in this case.
  package func judgment(on response: Response) -> Judgment { judgment(on: response, against: expected()) }

  /// Judges it against a result other than the published one.
  package func judgment(on response: Response, against wanted: @autoclosure () -> Outcome) -> Judgment {
    switch response {
    case .unsolved: .unsolved
    case .threw(let error):
      // The error's own text is better than a guess.
      .failed(Finding(part: "", summary: "expected a result, got the error: \(error)", details: []))
    case .halted(let halt):
      .failed(
        Finding(
          part: "", summary: halt.reason,
          details: (halt.place.map { [$0] } ?? []) + (halt.kind == .crash ? lookHere : []), halt: halt.kind))
    case .value(let got): judge(got, against: wanted())
    }
  }

  private var lookHere: [String] { look.isEmpty ? [] : ["Look at: \(look)"] }

  private func judge(_ got: Outcome, against wanted: Outcome) -> Judgment {
    for (index, part) in wanted.parts.enumerated() {
      guard index < got.parts.count else { break }
      if let finding = Finding(of: got.parts[index], against: part, tolerance: tolerance) {
        var finding = finding
        // A common factor is more informative than a guess.
        if !finding.details.contains(where: { $0.hasPrefix("every number is") }) { finding.details += lookHere }
        return .failed(finding)
      }
    }
    guard got.parts.count == wanted.parts.count else {
      let summary = "expected \(wanted.parts.count) results, got \(got.parts.count)"
      return .failed(Finding(part: "", summary: summary, details: lookHere))
    }
    return .passed
  }
}

extension Finding {
  /// What is wrong with one list of numbers; `nil` if nothing is.
  init?(of got: Outcome.Part, against wanted: Outcome.Part, tolerance: Double) {
    let label = wanted.name.isEmpty ? "" : wanted.name + ": "
    guard got.shape == wanted.shape, got.values.count == wanted.values.count else {
      let (expected, found) = (shapeText(wanted), shapeText(got))
      self.init(part: wanted.name, summary: "\(label)expected \(expected), got \(found)", details: [])
      return
    }
    let allowed = wanted.kind == .real ? tolerance : 0
    let wrong = got.values.indices.filter {
      !Outcome.isClose(got.values[$0], wanted.values[$0], tolerance: allowed)
    }
    func error(_ i: Int) -> Double {
      let difference = abs(got.values[i] - wanted.values[i]) / max(1, abs(wanted.values[i]))
      return difference.isNaN ? .infinity : difference
    }
    guard let worst = wrong.max(by: { error($0) < error($1) }) else { return nil }

    var details: [String] = []
    let summary: String
    if wanted.values.count <= 8 {
      summary = "\(label)expected \(wanted.listing()), got \(got.listing())"
    } else {
      let place = position(worst, in: wanted.shape)
      summary = "\(label)expected \(wanted.print(worst)) at \(place), got \(got.print(worst))"
      details.append("expected \(wanted.listing(around: worst)) there, got \(got.listing(around: worst))")
    }
    if wanted.values.count > 1 {
      let count = wanted.values.count
      let share =
        wrong.count == 1
        ? "1 of \(count) numbers is off; it"
        : (wrong.count < count ? "\(wrong.count) of \(count)" : count == 2 ? "both" : "all \(count)")
          + " numbers are off; the worst"
      details.append(
        "\(share) is \(position(worst, in: wanted.shape)): "
          + "expected \(wanted.print(worst)), got \(got.print(worst))")
    }
    if wanted.kind == .real, got.values[worst].isFinite, wanted.values[worst].isFinite {
      let difference = abs(got.values[worst] - wanted.values[worst])
      let relative = difference / max(abs(wanted.values[worst]), .leastNormalMagnitude)
      let isTiny = abs(wanted.values[worst]) < 1e-3
      let size =
        isTiny ? "absolute error " + programNotation(difference) : "relative error " + programNotation(relative)
      details.append("\(size), allowed \(programNotation(tolerance))")
      if wrong.count > 1 || wanted.values.count == 1, let hint = ratio(of: got, to: wanted) { details.append(hint) }
    }
    if let origin = Finding.origin(of: got.values[worst], insteadOf: wanted.values[worst]) { details.append(origin) }
    self.init(part: wanted.name, summary: summary, details: details)
  }

  /// Explains where a NaN or an infinity comes from.
  private static func origin(of got: Double, insteadOf wanted: Double) -> String? {
    if got.isNaN && !wanted.isNaN {
      return "NaN comes from 0/0, ∞ − ∞, 0·∞, or the square root or logarithm of a negative number"
    }
    if got.isInfinite && wanted.isFinite { return "∞ comes from a division by 0, or from a number too large for Float" }
    return nil
  }
}

/// "[2, 3] (6 numbers)", or "one number".
private func shapeText(_ part: Outcome.Part) -> String {
  part.shape.isEmpty ? "one number" : "the shape \(part.shape)"
}

/// The position of element number `index` in row-major order: `[1, 2]`.
private func position(_ index: Int, in shape: [Int]) -> String {
  var rest = index
  let place = shape.reversed().map { extent -> Int in
    defer { rest /= max(extent, 1) }
    return rest % max(extent, 1)
  }
  return "\(Array(place.reversed()))"
}

/// Reports a common factor if all numbers are off by the same one, the most common of all mistakes.
private func ratio(of got: Outcome.Part, to wanted: Outcome.Part) -> String? {
  let ratios = zip(got.values, wanted.values).filter { abs($1) > 1e-6 }.map { $0 / $1 }
  guard let first = ratios.first, first.isFinite, abs(first - 1) > 1e-6, abs(first) > 1e-6, abs(first) < 1_000,
    ratios.allSatisfy({ abs($0 / first - 1) < 1e-3 }),
    zip(got.values, wanted.values).allSatisfy({ abs($1) > 1e-6 || abs($0) <= 1e-5 })
  else { return nil }
  return ratios.count == 1
    ? "that is \(programNotation(first)) times the expected number"
    : "every number is \(programNotation(first)) times the expected one"
}

extension Outcome.Part {
  /// One number as readable text.
  func print(_ index: Int) -> String {
    switch kind {
    case .bool: values[index] == 0 ? "false" : "true"
    case .integer: values[index].isFinite ? String(format: "%.0f", values[index]) : programNotation(values[index])
    case .real: programNotation(values[index])
    }
  }

  /// All numbers; a single number without brackets.
  func listing() -> String {
    if shape.isEmpty, values.count == 1 { return print(0) }
    return "[" + values.indices.map(print).joined(separator: ", ") + "]"
  }

  /// The number at `index` with its two neighbors on each side in the row.
  func listing(around index: Int) -> String {
    let width = max(shape.last ?? values.count, 1)
    let row = index / width * width
    let range = max(row, index - 2)..<min(row + width, values.count, index + 3)
    let inside = range.map { $0 == index ? "»\(print($0))«" : print($0) }.joined(separator: ", ")
    return (range.lowerBound > row ? "[…, " : "[") + inside + (range.upperBound < row + width ? ", …]" : "]")
  }
}

extension Exercise {
  /// Judges an answer by its response in each case, and looks for it among the known mistakes.
  ///
  /// - Parameter responses: one for each case, in order.
  package func review(_ responses: [Response]) -> Review {
    let judgments = zip(cases, responses).map { $0.judgment(on: $1) }
    let isWrong = !judgments.allSatisfy { $0 == .passed || $0 == .unsolved } && judgments.count == cases.count
    var review = Review(judgments: judgments, misconception: isWrong ? misconception(behind: responses) : nil)
    if isWrong, review.misconception == nil { review.guess = guess(behind: responses) }
    return review
  }

  /// The mutant that explains most of the wrong parts, if none explains all of them: one of two mistakes in the same
  /// answer.
  private func guess(behind responses: [Response]) -> Misconception? {
    var (best, most) = (nil as Mutant<Answer>?, 0)
    for mutant in mutants {
      var explained = 0
      for (example, response) in zip(cases, responses) {
        guard case .value(let got) = response, case .value(let mistaken) = Response(of: mutant.answer, in: example)
        else {
          continue
        }
        let wanted = example.expected()
        guard got.parts.count == wanted.parts.count, mistaken.parts.count == wanted.parts.count else { continue }
        for ((found, right), wrong) in zip(zip(got.parts, wanted.parts), mistaken.parts) {
          func agree(_ a: Outcome.Part, _ b: Outcome.Part) -> Bool {
            Outcome(parts: [a]).agrees(with: Outcome(parts: [b]), tolerance: example.tolerance)
          }
          // The part is wrong in the same way as the mutant.
          if !agree(found, right), agree(found, wrong), right.values.count > 1 || right.kind == .real { explained += 1 }
        }
      }
      if explained > most { (best, most) = (mutant, explained) }
    }
    return best.map { Misconception(name: $0.name, effect: $0.effect) }
  }

  /// The mutant that responds in the same way in every case, if there is one.
  private func misconception(behind responses: [Response]) -> Misconception? {
    let mutant = mutants.first { mutant in
      zip(cases, responses).allSatisfy { example, response in
        Response(of: mutant.answer, in: example).agrees(with: response, tolerance: example.tolerance)
      }
    }
    return mutant.map { Misconception(name: $0.name, effect: $0.effect) }
  }

  /// Checks an answer in this process.
  package func review(of answer: Answer) -> Review { review(cases.map { Response(of: answer, in: $0) }) }
}
