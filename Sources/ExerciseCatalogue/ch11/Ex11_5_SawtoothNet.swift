// Exercise 11.5: how an answer is examined, and the mistakes known by name.

import ExerciseKit

extension Catalogue {
  package static let ex11_5 = Exercise<any Ex11_5.Type>(
    .ex11_5, section: "Why depth: folding", difficulty: .hard,
    hints: [
      "Make one fold first: a net with two hidden units that goes 0, 1, 0 at x = 0, ½, 1. On which side of ½ does which "
        + "unit speak?",
      "u = max(0, x), v = max(0, x − ½) and 2u − 4v. For the next fold that sum is its input, so the dense layer between "
        + "two hidden layers has the weights 2 and −4 in both of its rows.",
      "First `Dense(1, 2)` with weights [1, 1] and biases [0, −0.5]; then for each further fold `ReLU()`, `Dense(2, 2)` "
        + "with weights [2, −4, 2, −4] and biases [0, −0.5]; last `ReLU()`, `Dense(2, 1)` with weights [2, −4], bias 0.",
    ],
    cases: [
      net(1, "one fold: 0, 1, 0"),
      net(2, "two folds: 0, 1, 0, 1, 0"),
      units(1, 2, "one fold"),
      units(3, 8, "eight pieces: a first slope and seven changes"),
      net(3, "three folds"),
      net(6, "six folds"),
      units(10, 1024, "ten folds"),
    ],
    mutants: [
      Mutant(
        "takes −2 instead of −4 for the second unit, so that the tent stays up",
        effect: "The first unit's slope is stopped but not turned: a ramp with a plateau, and nothing is folded.",
        Plateau.self),
      Mutant(
        "puts the fold at 1 instead of ½",
        effect: "On 0 … 1 the second unit never speaks; every layer only doubles its input.", LateFold.self),
      Mutant(
        "folds once too few",
        effect: "Half the teeth: the last dense layer makes a tent as well, and so does the first hidden one.",
        OneLess.self),
      Mutant(
        "leaves the ReLUs out between the dense layers",
        effect: "Linear layers stacked are one linear layer: a straight line, whatever the depth.", Linear.self),
      Mutant(
        "counts the changes of slope and forgets the first slope",
        effect: "One unit too few: the shallow net starts flat and misses the first tooth.", ChangesOnly.self),
      Mutant(
        "counts two units for each fold in the shallow net too",
        effect: "That is the deep net's count, and the whole point of depth would be gone.", Linearly.self),
    ])
}

private func net(_ folds: Int, _ about: String) -> Case<any Ex11_5.Type> {
  Case(
    "network(folds: \(folds)) at \((1 << (folds + 1)) + 1) places from 0 to 1", about,
    look: "At multiples of 1/2^folds the function is 0, 1, 0, 1, …",
    gives: Outcome(("values", teeth(folds)), ("hidden units", 2 * folds))
  ) {
    var network = try $0.network(folds: folds)
    try network.demandFit(for: [1])
    let x = places(folds)
    guard let shape = try? network.outputShape(for: [1]), shape == [1] else {
      return Outcome(("values", [Float]()), ("hidden units", hiddenUnits(network)))
    }
    return Outcome(
      ("values", network.forward(Tensor([x.count, 1], x)).elements), ("hidden units", hiddenUnits(network)))
  }
}

private func units(_ folds: Int, _ expected: Int, _ about: String) -> Case<any Ex11_5.Type> {
  Case("shallowUnits(folds: \(folds))", about, gives: expected) { try $0.shallowUnits(folds: folds) }
}

/// Twice as many places as pieces, and the end.
private func places(_ folds: Int) -> [Float] {
  let count = 2 << folds
  return (0...count).map { Float($0) / Float(count) }
}

/// The sawtooth by its definition: the tent 1 − |2x − 1|, so many times.
private func teeth(_ folds: Int) -> [Float] {
  places(folds).map { x in (0..<folds).reduce(x) { value, _ in 1 - abs(2 * value - 1) } }
}

/// The units of all dense layers with a ReLU right after them; a tent's own output, which has none, does not count.
private func hiddenUnits(_ network: Sequential) -> Int {
  let layers = network.flattenedLayers
  return zip(layers, layers.dropFirst()).map { $1 is ReLU ? ($0 as? Dense)?.outputs ?? 0 : 0 }.reduce(0, +)
}

/// The right network, with the places where mutants go wrong.
private struct Teeth {
  var down: Float = -4
  var fold: Float = -0.5
  var missing = 0
  var hasReLU = true

  func network(_ folds: Int) -> Sequential {
    var layers: [any Layer] = []
    for index in 0..<max(1, folds - missing) {
      layers.append(index == 0 ? dense([1, 1], [0, fold], 1) : dense([2, down, 2, down], [0, fold], 2))
      if hasReLU { layers.append(ReLU()) }
    }
    layers.append(dense([2, down], [0], 2))
    return Sequential(layers)
  }

  private func dense(_ weights: [Float], _ biases: [Float], _ inputs: Int) -> Dense {
    var layer = Dense(inputs, biases.count)
    layer.weight.value = Tensor([biases.count, inputs], weights)
    layer.bias?.value = Tensor(vector: biases)
    return layer
  }
}

private enum Plateau: Ex11_5 {
  static func network(folds: Int) -> Sequential { Teeth(down: -2).network(folds) }
  static func shallowUnits(folds: Int) -> Int { 1 << folds }
}

private enum LateFold: Ex11_5 {
  static func network(folds: Int) -> Sequential { Teeth(fold: -1).network(folds) }
  static func shallowUnits(folds: Int) -> Int { 1 << folds }
}

private enum OneLess: Ex11_5 {
  static func network(folds: Int) -> Sequential { Teeth(missing: 1).network(folds) }
  static func shallowUnits(folds: Int) -> Int { 1 << folds }
}

private enum Linear: Ex11_5 {
  static func network(folds: Int) -> Sequential { Teeth(hasReLU: false).network(folds) }
  static func shallowUnits(folds: Int) -> Int { 1 << folds }
}

private enum ChangesOnly: Ex11_5 {
  static func network(folds: Int) -> Sequential { Teeth().network(folds) }
  static func shallowUnits(folds: Int) -> Int { (1 << folds) - 1 }
}

private enum Linearly: Ex11_5 {
  static func network(folds: Int) -> Sequential { Teeth().network(folds) }
  static func shallowUnits(folds: Int) -> Int { 2 * folds }
}
