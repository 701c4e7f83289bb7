// Exercise 11.5: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex11_5 = Exercise<any Ex11_5.Type>(
    .ex11_5, section: "Why depth: folding", difficulty: .hard,
    hints: [
      "Make one fold first: a network with two hidden units that gives 0, 1, 0 at x = 0, ½, 1. On which side of ½ is "
        + "each unit active?",
      "u = max(0, x), v = max(0, x − ½) and 2u − 4v. That sum is the input of the next fold, so the dense layer "
        + "between two hidden layers has the weights 2 and −4 in both rows.",
      "First `Dense(1, 2)` with weights [1, 1] and biases [0, −0.5]; for each further fold `ReLU()`, `Dense(2, 2)` "
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
        "uses −2 instead of −4 for the second unit, so that the function does not come down again",
        effect: "The slope becomes 0 instead of negative: a ramp with a plateau, and nothing is folded.",
        Plateau.self),
      Mutant(
        "puts the fold at 1 instead of ½",
        effect: "On 0 … 1 the second unit is never active; every layer only doubles its input.", LateFold.self),
      Mutant(
        "makes one fold too few",
        effect: "Half the teeth are missing: each hidden layer makes one fold, including the first.",
        OneLess.self),
      Mutant(
        "leaves out the ReLUs between the dense layers",
        effect: "Stacked linear layers are linear: a straight line, whatever the depth.", Linear.self),
      Mutant(
        "counts the changes of slope but forgets the first slope",
        effect: "One unit is missing: the shallow network starts flat and misses the first tooth.", ChangesOnly.self),
      Mutant(
        "counts two units per fold for the shallow network too",
        effect: "That is the count for the deep network; the advantage of depth would disappear.", Linearly.self),
    ])
}

private func net(_ folds: Int, _ about: String) -> Case<any Ex11_5.Type> {
  Case(
    "network(folds: \(folds)) at \((1 << (folds + 1)) + 1) points from 0 to 1", about,
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

/// Twice as many points as pieces, and the end point.
private func places(_ folds: Int) -> [Float] {
  let count = 2 << folds
  return (0...count).map { Float($0) / Float(count) }
}

/// The sawtooth by its definition: the tent function 1 − |2x − 1|, applied `folds` times.
private func teeth(_ folds: Int) -> [Float] {
  places(folds).map { x in (0..<folds).reduce(x) { value, _ in 1 - abs(2 * value - 1) } }
}

/// The units of all dense layers directly followed by a ReLU; the output of the last layer does not count.
private func hiddenUnits(_ network: Sequential) -> Int {
  let layers = network.flattenedLayers
  return zip(layers, layers.dropFirst()).map { $1 is ReLU ? ($0 as? Dense)?.outputs ?? 0 : 0 }.reduce(0, +)
}

/// The correct network, with switches for the mutants.
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
