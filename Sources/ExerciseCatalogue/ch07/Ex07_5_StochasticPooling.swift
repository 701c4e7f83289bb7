// Exercise 7.5: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex07_5 = Exercise<any Ex07_5.Type>(
    .ex07_5, section: "Stochastic pooling", difficulty: .medium,
    hints: [
      "Lay the pixels end to end, each as long as its value. Where on that line does the draw fall?",
      "Instead of dividing by the sum, multiply the draw by it: then subtract the pixels one by one until the "
        + "rest is "
        + "below 0. Pixels that are not positive have no length. The gradient uses the same pick as the forward pass.",
      "`var rest = draw * sum; for (place, value) in values.enumerated() where value > 0 { rest -= value; if rest < "
        + "0 { "
        + "return place } }`. The expectation is the sum of the squares divided by the sum.",
    ],
    cases: [
      pick([1, 0, 2, 1], 0.1, "the first quarter"),
      pick([1, 0, 2, 1], 0.3, "the next half"),
      pick([1, 0, 2, 1], 0.9, "the last quarter"),
      pick([1, 0, 2, 1], 0.25, "on the border between two", look: "A pixel's interval includes its lower end."),
      pick([0, 0, 3, 1], 0, "a draw of 0 with zeros in front", look: "A pixel of 0 is never drawn."),
      pick([-4, 3, 1, -2], 0.5, "values below 0", look: "Negative pixels count as 0."),
      pick([0, 0, 0, 0], 0.7, "nothing to draw"),
      pick([0.2, 0.7, 0.1, 1.4, 0, 0.9, 0.3, 0.6, 0.8], 0.55, "nine pixels"),
      mean([1, 0, 2, 1], "between the mean, 1, and the maximum, 2"),
      mean([-4, 3, 1, -2], "values below 0"),
      mean([0, 0, 0], "no positive pixel"),
      back(3, [1, 0, 2, 1], 0.3),
      back(-2, [0.2, 0.7, 0.1, 1.4, 0, 0.9], 0.95),
    ],
    mutants: [
      Mutant(
        "takes the largest pixel",
        effect: "That is max pooling: nothing is random, and nothing is regularized.", Largest.self),
      Mutant(
        "draws every pixel with the same probability",
        effect: "Weak responses pass as often as strong ones: noise hides the features.", Uniform.self),
      Mutant(
        "counts pixels below 0",
        effect: "Probabilities become negative, and some windows divide by 0.", Negative.self),
      Mutant(
        "uses the plain mean of the window as the expectation",
        effect: "Activations are smaller at test time than in training: the next layer sees a different scale.",
        PlainMean.self),
      Mutant(
        "may draw a pixel of 0 when the draw is exactly on the border",
        effect: "Now and then a window with strong activations gives 0.", Border.self),
      Mutant(
        "distributes the gradient by probability instead of giving it to the pixel drawn",
        effect: "That is the gradient of a different function from the one computed.", SharedGradient.self),
    ])
}

private func text(_ window: [Float]) -> String {
  "[" + window.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }.joined(separator: ", ") + "]"
}

/// The reference: cumulative probabilities in double precision, a different method from the solution's.
private func place(_ window: [Float], _ draw: Float) -> Int {
  let values = window.map { max(0, Double($0)) }
  let sum = values.reduce(0, +)
  var end = 0.0
  for (place, value) in values.enumerated() where sum > 0 {
    end += value / sum
    if value > 0 && Double(draw) < end { return place }
  }
  return -1
}

private func expected(_ window: [Float]) -> Float {
  let values = window.map { max(0, Double($0)) }
  let sum = values.reduce(0, +)
  return sum == 0 ? 0 : Float(values.reduce(0) { $0 + $1 * $1 } / sum)
}

private func pick(_ window: [Float], _ draw: Float, _ about: String, look: String = "") -> Case<any Ex07_5.Type> {
  Case("pick(\(text(window)), draw: \(draw))", about, look: look, gives: place(window, draw)) {
    try $0.pick(window, draw: draw)
  }
}

private func mean(_ window: [Float], _ about: String) -> Case<any Ex07_5.Type> {
  Case("expectation(\(text(window)))", about, gives: expected(window)) { try $0.expectation(window) }
}

/// The pooled value is the drawn pixel itself, so its derivative is 1 there; the draw does not depend on the pixels.
private func back(_ gradient: Float, _ window: [Float], _ draw: Float) -> Case<any Ex07_5.Type> {
  let drawn = place(window, draw)
  return Case(
    "backward(\(gradient), window: \(text(window)), draw: \(draw))", "the gradient of one draw",
    look: "The output is the pixel that was drawn: the others did not contribute.",
    gives: CentralDifferences.gradient(at: window.map(Double.init), upstream: [Double(gradient)]) { [$0[drawn]] }
      .map(Float.init)
  ) { try $0.backward(gradient, window: window, draw: draw) }
}

/// A gradient that goes to a single pixel.
private func alone(_ gradient: Float, _ count: Int, at place: Int) -> [Float] {
  (0..<count).map { $0 == place ? gradient : 0 }
}

private enum Largest: Ex07_5 {
  static func pick(_ window: [Float], draw: Float) -> Int {
    let top = window.max() ?? 0
    return top > 0 ? window.firstIndex(of: top) ?? -1 : -1
  }
  static func expectation(_ window: [Float]) -> Float { max(0, window.max() ?? 0) }
  static func backward(_ outputGradient: Float, window: [Float], draw: Float) -> [Float] {
    alone(outputGradient, window.count, at: pick(window, draw: draw))
  }
}

private enum Uniform: Ex07_5 {
  static func pick(_ window: [Float], draw: Float) -> Int { Int(draw * Float(window.count)) }
  static func expectation(_ window: [Float]) -> Float { expected(window) }
  static func backward(_ outputGradient: Float, window: [Float], draw: Float) -> [Float] {
    alone(outputGradient, window.count, at: pick(window, draw: draw))
  }
}

private enum Negative: Ex07_5 {
  static func pick(_ window: [Float], draw: Float) -> Int {
    var rest = draw * window.reduce(0, +)
    for (place, value) in window.enumerated() where value != 0 {
      rest -= value
      if rest < 0 { return place }
    }
    return -1
  }
  static func expectation(_ window: [Float]) -> Float {
    let sum = window.reduce(0, +)
    return sum == 0 ? 0 : window.reduce(0) { $0 + $1 * $1 } / sum
  }
  static func backward(_ outputGradient: Float, window: [Float], draw: Float) -> [Float] {
    alone(outputGradient, window.count, at: pick(window, draw: draw))
  }
}

private enum PlainMean: Ex07_5 {
  static func pick(_ window: [Float], draw: Float) -> Int { place(window, draw) }
  static func expectation(_ window: [Float]) -> Float { window.reduce(0) { $0 + max(0, $1) } / Float(window.count) }
  static func backward(_ outputGradient: Float, window: [Float], draw: Float) -> [Float] {
    alone(outputGradient, window.count, at: place(window, draw))
  }
}

private enum Border: Ex07_5 {
  static func pick(_ window: [Float], draw: Float) -> Int {
    let values = window.map { max(0, $0) }
    var rest = draw * values.reduce(0, +)
    if values.reduce(0, +) == 0 { return -1 }
    for (place, value) in values.enumerated() {
      rest -= value
      if rest <= 0 { return place }
    }
    return -1
  }
  static func expectation(_ window: [Float]) -> Float { expected(window) }
  static func backward(_ outputGradient: Float, window: [Float], draw: Float) -> [Float] {
    alone(outputGradient, window.count, at: pick(window, draw: draw))
  }
}

private enum SharedGradient: Ex07_5 {
  static func pick(_ window: [Float], draw: Float) -> Int { place(window, draw) }
  static func expectation(_ window: [Float]) -> Float { expected(window) }
  static func backward(_ outputGradient: Float, window: [Float], draw: Float) -> [Float] {
    let sum = window.reduce(0) { $0 + max(0, $1) }
    return window.map { sum == 0 ? 0 : outputGradient * max(0, $0) / sum }
  }
}
