// Exercise 1.4: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex01_4 = Exercise<any Ex01_4.Type>(
    .ex01_4, section: "Better steps", difficulty: .easy,
    hints: [
      "Which comes first, the new velocity or the step? The step uses the velocity that includes this gradient.",
      "Each velocity keeps a fraction μ of itself and adds the whole gradient; the learning rate appears only in the "
        + "update of the weight.",
      "For each i: `velocities[i] = momentum * velocities[i] + gradients[i]`, then "
        + "`weights[i] -= learningRate * velocities[i]`, on copies declared with `var`.",
    ],
    cases: [
      one(
        "step(weights: [1], gradients: [2], velocities: [0], learningRate: 0.1, momentum: 0.9)",
        "the first step is plain gradient descent: w = 1 − 0.1·2", w: [1], g: [2], v: [0], rate: 0.1, momentum: 0.9),
      one(
        "step(weights: [1], gradients: [2], velocities: [4], learningRate: 0.1, momentum: 0.5)",
        "already moving: v = 0.5·4 + 2", w: [1], g: [2], v: [4], rate: 0.1, momentum: 0.5,
        look: "The velocity adds the whole gradient, and the step uses the new velocity."),
      one(
        "step(weights: [1, 2], gradients: [1, −1], velocities: [3, 5], learningRate: 0.5, momentum: 0)",
        "μ = 0: plain gradient descent", w: [1, 2], g: [1, -1], v: [3, 5], rate: 0.5, momentum: 0),
      several("three steps on L = 2w², learning rate 0.1, momentum 0.9", rates: [0.1, 0.1, 0.1]),
      several(
        "four steps on L = 2w², the learning rate falling from 0.2 to 0.01", rates: [0.2, 0.1, 0.05, 0.01],
        look: "The velocity must not remember the old learning rate."),
    ],
    mutants: [
      Mutant(
        "takes the step with the old velocity",
        effect: "Every step is one gradient late; with a large momentum the path overshoots more.", OldVelocity.self),
      Mutant(
        "scales the gradient by 1 − μ",
        effect: "At μ = 0.9 the steps are ten times smaller than the learning rate was tuned for.", Averaging.self),
      Mutant(
        "adds the step instead of subtracting it", effect: "The loss grows from the first step.", Uphill.self),
      Mutant(
        "forgets the velocity and steps along the gradient alone",
        effect: "Plain gradient descent: it crawls along narrow valleys (the steps needed grow as κ instead of √κ).",
        Plain.self),
      Mutant(
        "puts the learning rate into the velocity",
        effect: "After the schedule lowers the learning rate, the old large steps continue for a while.",
        RateInside.self),
      Mutant(
        "stores the step itself as the velocity, v ← μ·v − η·g, as some books do",
        effect: "At a constant learning rate it trains the same; when the rate falls, old large steps continue.",
        Textbook.self),
      Mutant(
        "looks ahead, as Nesterov does",
        effect: "It trains as well or better, but it is a different method: comparisons give other results.",
        LookAhead.self),
    ])
}

private func one(
  _ call: String, _ about: String, w: [Float], g: [Float], v: [Float], rate: Float, momentum: Float, look: String = ""
) -> Case<any Ex01_4.Type> {
  Case(call, about, look: look, gives: outcome(reference(w, g, v, rate, momentum))) {
    outcome(try $0.step(weights: w, gradients: g, velocities: v, learningRate: rate, momentum: momentum))
  }
}

/// Several consecutive steps, from w = [1, −0.5] and velocities of 0.
private func several(_ call: String, rates: [Float], look: String = "") -> Case<any Ex01_4.Type> {
  Case(call, "from [1, −0.5] at rest", look: look, gives: walk(rates) { reference($0, $1, $2, $3, 0.9) }) { answer in
    try walk(rates) { try answer.step(weights: $0, gradients: $1, velocities: $2, learningRate: $3, momentum: 0.9) }
  }
}

private func walk(
  _ rates: [Float],
  _ step: ([Float], [Float], [Float], Float) throws -> (weights: [Float], velocities: [Float])
) rethrows -> Outcome {
  var now: (weights: [Float], velocities: [Float]) = ([1, -0.5], [0, 0])
  for rate in rates { now = try step(now.weights, now.weights.map { 4 * $0 }, now.velocities, rate) }
  return outcome(now)
}

private func outcome(_ result: (weights: [Float], velocities: [Float])) -> Outcome {
  Outcome(("weights", result.weights), ("velocities", result.velocities))
}

/// The library's optimizer cannot be started with a velocity, so the reference is the formula in double precision.
private func reference(
  _ w: [Float], _ g: [Float], _ v: [Float], _ rate: Float, _ momentum: Float
) -> (weights: [Float], velocities: [Float]) {
  let velocities = zip(v, g).map { Double(momentum) * Double($0) + Double($1) }
  return (zip(w, velocities).map { Float(Double($0) - Double(rate) * $1) }, velocities.map { Float($0) })
}

private enum OldVelocity: Ex01_4 {
  static func step(
    weights: [Float], gradients: [Float], velocities: [Float], learningRate: Float, momentum: Float
  ) -> (weights: [Float], velocities: [Float]) {
    (
      zip(weights, velocities).map { $0 - learningRate * $1 },
      zip(velocities, gradients).map { momentum * $0 + $1 }
    )
  }
}

private enum Averaging: Ex01_4 {
  static func step(
    weights: [Float], gradients: [Float], velocities: [Float], learningRate: Float, momentum: Float
  ) -> (weights: [Float], velocities: [Float]) {
    let v = zip(velocities, gradients).map { momentum * $0 + (1 - momentum) * $1 }
    return (zip(weights, v).map { $0 - learningRate * $1 }, v)
  }
}

private enum Uphill: Ex01_4 {
  static func step(
    weights: [Float], gradients: [Float], velocities: [Float], learningRate: Float, momentum: Float
  ) -> (weights: [Float], velocities: [Float]) {
    let v = zip(velocities, gradients).map { momentum * $0 + $1 }
    return (zip(weights, v).map { $0 + learningRate * $1 }, v)
  }
}

private enum Plain: Ex01_4 {
  static func step(
    weights: [Float], gradients: [Float], velocities: [Float], learningRate: Float, momentum: Float
  ) -> (weights: [Float], velocities: [Float]) {
    (zip(weights, gradients).map { $0 - learningRate * $1 }, gradients)
  }
}

private enum RateInside: Ex01_4 {
  static func step(
    weights: [Float], gradients: [Float], velocities: [Float], learningRate: Float, momentum: Float
  ) -> (weights: [Float], velocities: [Float]) {
    let v = zip(velocities, gradients).map { momentum * $0 + learningRate * $1 }
    return (zip(weights, v).map { $0 - $1 }, v)
  }
}

private enum LookAhead: Ex01_4 {
  static func step(
    weights: [Float], gradients: [Float], velocities: [Float], learningRate: Float, momentum: Float
  ) -> (weights: [Float], velocities: [Float]) {
    let v = zip(velocities, gradients).map { momentum * $0 + $1 }
    return (zip(weights, zip(gradients, v)).map { $0 - learningRate * ($1.0 + momentum * $1.1) }, v)
  }
}

private enum Textbook: Ex01_4 {
  static func step(
    weights: [Float], gradients: [Float], velocities: [Float], learningRate: Float, momentum: Float
  ) -> (weights: [Float], velocities: [Float]) {
    let v = zip(velocities, gradients).map { momentum * $0 - learningRate * $1 }
    return (zip(weights, v).map { $0 + $1 }, v)
  }
}
