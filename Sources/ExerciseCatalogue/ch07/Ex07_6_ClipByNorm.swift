// Exercise 7.6: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex07_6 = Exercise<any Ex07_6.Type>(
    .ex07_6, section: "A limit on each step", difficulty: .easy,
    hints: [
      "How long is the whole gradient, with all parameters concatenated into one vector?",
      "The first pass over all elements computes the norm, √Σg². If it is above the limit, a second pass multiplies "
        + "each element "
        + "by the same number.",
      "`let norm = squares.squareRoot()`, `if norm <= limit { return gradients }`, then `gradients.map { $0.map { $0 * "
        + "limit / norm } }`.",
    ],
    cases: [
      clip([[3], [4]], 1, "clipped([[3], [4]], limit: 1)", "a norm of 5 becomes 1"),
      clip(
        [[3], [4]], 10, "clipped([[3], [4]], limit: 10)", "short enough", look: "A short gradient must not change."
      ),
      clip([[3, 4]], 5, "clipped([[3, 4]], limit: 5)", "exactly the limit"),
      clip([[-6, 0], [8]], 5, "clipped([[−6, 0], [8]], limit: 5)", "with signs"),
      clip([[0, 0], [0]], 1, "clipped([[0, 0], [0]], limit: 1)", "no gradient at all"),
      clip(
        [[0.1, -0.2, 0.3], [300, -100], [0.5]], 2, "clipped([[0.1, −0.2, 0.3], [300, −100], [0.5]], limit: 2)",
        "one parameter has exploded", look: "There is one norm for all parameters together."),
      clip(
        (0..<4).map { row in (0..<25).map { Float(($0 * 31 + row * 17) % 53) / 10 - 2.5 } }, 3,
        "clipped(4 lists of 25 numbers, limit: 3)", "a hundred elements"),
    ],
    mutants: [
      Mutant(
        "computes a separate norm for each parameter",
        effect: "The layers lose their proportions: the direction of the step changes.", EachAlone.self),
      Mutant(
        "clips every element to ±limit",
        effect: "That is clipping by value: the direction changes, and a long gradient of small elements passes.",
        ByValue.self),
      Mutant(
        "scales short gradients up to the limit as well",
        effect: "Near the minimum, where gradients vanish, the steps stay long: training never converges.",
        Always.self),
      Mutant(
        "divides by the sum of the squares, without the square root",
        effect: "The larger the gradient, the shorter the step: an exploding gradient stops training.",
        NoRoot.self),
      Mutant(
        "uses the sum of the squares as the norm, in the comparison as well",
        effect: "A limit of 5 takes effect at a norm of 2.2, and the longer the gradient, the shorter the step.",
        Squares.self),
      Mutant(
        "uses the sum of the absolute values as the norm",
        effect: "With millions of weights every gradient is too long: training almost stops.", Absolute.self),
      Mutant(
        "divides by the norm and forgets the limit",
        effect: "The limit decides when to clip, but not to what: it works only for a limit of 1.", ToOne.self),
    ])
}

private func outcome(_ gradients: [[Float]]) -> Outcome {
  Outcome(
    parts: gradients.enumerated().map {
      .init(name: "parameter \($0.offset + 1)", shape: [$0.element.count], values: $0.element.map(Double.init))
    })
}

private func clip(
  _ gradients: [[Float]], _ limit: Float, _ call: String, _ about: String, look: String = ""
) -> Case<any Ex07_6.Type> {
  let all = gradients.joined().map(Double.init)
  let norm = all.reduce(0) { $0 + $1 * $1 }.squareRoot()
  let scale = norm > Double(limit) ? Double(limit) / norm : 1
  return Case(
    call, about, look: look, gives: outcome(gradients.map { $0.map { Float(Double($0) * scale) } })
  ) { outcome(try $0.clipped(gradients, limit: limit)) }
}

private func norm(_ values: some Sequence<Float>) -> Float { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

private enum EachAlone: Ex07_6 {
  static func clipped(_ gradients: [[Float]], limit: Float) -> [[Float]] {
    gradients.map { gradient in
      let length = norm(gradient)
      return length > limit ? gradient.map { $0 * limit / length } : gradient
    }
  }
}

private enum ByValue: Ex07_6 {
  static func clipped(_ gradients: [[Float]], limit: Float) -> [[Float]] {
    gradients.map { $0.map { min(limit, max(-limit, $0)) } }
  }
}

private enum Always: Ex07_6 {
  static func clipped(_ gradients: [[Float]], limit: Float) -> [[Float]] {
    let length = norm(gradients.joined())
    return length > 0 ? gradients.map { $0.map { $0 * limit / length } } : gradients
  }
}

private enum NoRoot: Ex07_6 {
  static func clipped(_ gradients: [[Float]], limit: Float) -> [[Float]] {
    let length = norm(gradients.joined())
    return length > limit ? gradients.map { $0.map { $0 * limit / (length * length) } } : gradients
  }
}

private enum Absolute: Ex07_6 {
  static func clipped(_ gradients: [[Float]], limit: Float) -> [[Float]] {
    let length = gradients.joined().reduce(0) { $0 + abs($1) }
    return length > limit ? gradients.map { $0.map { $0 * limit / length } } : gradients
  }
}

private enum ToOne: Ex07_6 {
  static func clipped(_ gradients: [[Float]], limit: Float) -> [[Float]] {
    let length = norm(gradients.joined())
    return length > limit ? gradients.map { $0.map { $0 / length } } : gradients
  }
}

private enum Squares: Ex07_6 {
  static func clipped(_ gradients: [[Float]], limit: Float) -> [[Float]] {
    let squares = gradients.joined().reduce(0) { $0 + $1 * $1 }
    return squares > limit ? gradients.map { $0.map { $0 * limit / squares } } : gradients
  }
}
