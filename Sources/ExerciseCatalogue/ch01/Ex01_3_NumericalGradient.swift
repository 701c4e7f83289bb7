// Exercise 1.3: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex01_3 = Exercise<any Ex01_3.Type>(
    .ex01_3, section: "Can the gradient be trusted?", difficulty: .easy,
    hints: [
      "One coordinate at a time: how much does the function change if only this one is nudged?",
      "For coordinate i, make two copies of the point: add h to the coordinate in one, and subtract h from it in the "
        + "other. How far apart are the two points?",
      "`(function(above) - function(below)) / (2 * step)` for each index, with `var above = point; above[index] += step`.",
    ],
    cases: [
      differences("gradient(of: { $0[0] * $0[0] }, at: [3], step: 0.5)", "x² at 3: exactly 6", at: [3], step: 0.5) {
        $0[0] * $0[0]
      },
      differences(
        "gradient(of: { $0[0] * $0[0] * $0[0] }, at: [1], step: 0.1)", "x³ at 1: 3 + h²", at: [1], step: 0.1,
        look: "(1.1³ − 0.9³)/0.2 = 3.01: the difference is taken between both sides, 2h apart."
      ) { $0[0] * $0[0] * $0[0] },
      differences(
        "gradient(of: { 2 * $0[0] + 3 * $0[1] }, at: [1, 1], step: 0.1)", "two coordinates", at: [1, 1], step: 0.1,
        look: "Move only one coordinate at a time."
      ) { 2 * $0[0] + 3 * $0[1] },
      differences(
        "gradient(of: { $0[0] * $0[1] * $0[2] }, at: [2, 3, 5], step: 0.01)", "a product of three", at: [2, 3, 5],
        step: 0.01, look: "Put the first coordinate back before you nudge the second."
      ) { $0[0] * $0[1] * $0[2] },
      differences(
        "gradient(of: a polynomial, at: [1, −2, 0.5, 0.25], step: 0.001)", "four coordinates",
        at: [1, -2, 0.5, 0.25], step: 0.001
      ) { $0[0] * $0[0] * $0[1] - $0[2] * $0[3] * $0[3] + $0[1] * $0[1] * $0[1] },
    ],
    mutants: [
      Mutant(
        "takes the difference on one side only",
        effect: "The error is of order h, not h²: correct gradients fail, or a loose tolerance lets wrong ones pass.",
        OneSided.self),
      Mutant(
        "divides by h instead of 2h",
        effect: "Every correct gradient seems to be half of what it should be.", HalfWidth.self),
      Mutant(
        "does not put a coordinate back before the next one",
        effect: "The later derivatives are taken at a different point; a check in many dimensions drifts away.",
        Drifting.self),
      Mutant(
        "nudges all coordinates together",
        effect: "Errors of opposite sign in two weights cancel, and the check passes.", AllAtOnce.self),
      Mutant(
        "divides by 2 and multiplies by h: `/ 2 * step` is evaluated from left to right",
        effect: "Every slope comes out too small by a factor of h², and every correct gradient seems wrong.",
        Precedence.self),
      Mutant(
        "subtracts in the wrong order",
        effect: "Every sign is wrong: a correct backward pass seems to point the opposite way.",
        Reversed.self),
    ])
}

private func differences(
  _ call: String, _ about: String, at point: [Double], step: Double, look: String = "",
  _ function: @escaping @Sendable ([Double]) -> Double
) -> Case<any Ex01_3.Type> {
  Case(
    call, about, look: look, tolerance: 1e-6,
    gives: CentralDifferences.gradient(at: point, step: step, of: function)
  ) {
    try $0.gradient(of: function, at: point, step: step)
  }
}

extension [Double] {
  /// The point with one coordinate moved.
  fileprivate func moved(_ index: Int, by step: Double) -> [Double] {
    var copy = self
    copy[index] += step
    return copy
  }
}

private enum OneSided: Ex01_3 {
  static func gradient(of function: ([Double]) -> Double, at point: [Double], step: Double) -> [Double] {
    point.indices.map { (function(point.moved($0, by: step)) - function(point)) / step }
  }
}

private enum HalfWidth: Ex01_3 {
  static func gradient(of function: ([Double]) -> Double, at point: [Double], step: Double) -> [Double] {
    point.indices.map { (function(point.moved($0, by: step)) - function(point.moved($0, by: -step))) / step }
  }
}

private enum Drifting: Ex01_3 {
  static func gradient(of function: ([Double]) -> Double, at point: [Double], step: Double) -> [Double] {
    var place = point
    return point.indices.map { index in
      place[index] += step
      let above = function(place)
      place[index] -= 2 * step
      return (above - function(place)) / (2 * step)
    }
  }
}

private enum AllAtOnce: Ex01_3 {
  static func gradient(of function: ([Double]) -> Double, at point: [Double], step: Double) -> [Double] {
    let slope = (function(point.map { $0 + step }) - function(point.map { $0 - step })) / (2 * step)
    return point.map { _ in slope }
  }
}

private enum Reversed: Ex01_3 {
  static func gradient(of function: ([Double]) -> Double, at point: [Double], step: Double) -> [Double] {
    point.indices.map { (function(point.moved($0, by: -step)) - function(point.moved($0, by: step))) / (2 * step) }
  }
}

private enum Precedence: Ex01_3 {
  static func gradient(of function: ([Double]) -> Double, at point: [Double], step: Double) -> [Double] {
    point.indices.map { (function(point.moved($0, by: step)) - function(point.moved($0, by: -step))) / 2 * step }
  }
}
