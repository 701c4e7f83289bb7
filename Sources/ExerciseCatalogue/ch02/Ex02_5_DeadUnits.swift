// Exercise 2.5: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex02_5 = Exercise<any Ex02_5.Type>(
    .ex02_5, section: "Dead units", difficulty: .easy,
    hints: [
      "A unit is a column. When is it dead: if it gives 0 for one sample, or if it gives 0 for all of them?",
      "Go down the column of each unit: the unit is alive as soon as one sample gives something other than 0.",
      "Count the units for which no n has `outputs[n, unit] != 0`, and divide by the number of units as `Float`.",
    ],
    cases: [
      share(
        "deadShare(outputs: [[0, 0, 3], [0, 5, 0]])", "two samples, three units: the first is dead", [2, 3],
        [0, 0, 3, 0, 5, 0],
        look: "A unit is dead only if it is 0 for every sample; the second unit gave 5."),
      share(
        "deadShare(outputs: [[0.001, 0], [0, 0]])", "a small number is not 0", [2, 2], [0.001, 0, 0, 0],
        look: "A dead unit gives exactly 0; a unit with a small output still learns."),
      share("deadShare(outputs: [[1, 2]])", "no unit is dead", [1, 2], [1, 2]),
      share("deadShare(outputs: [[0, 0], [0, 0], [0, 0]])", "every unit is dead", [3, 2], [0, 0, 0, 0, 0, 0]),
      share(
        "deadShare(outputs: [[0, 1, 0, 0], [0, 0, 0, 2], [0, 3, 0, 0]])", "three samples, four units", [3, 4],
        [0, 1, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0], look: "A unit is a column, a sample is a row."),
      share(
        "deadShare(outputs: [[0, 2], [0, 3], [0, 0]])", "one of two units, though most numbers are 0", [3, 2],
        [0, 2, 0, 3, 0, 0]),
      Case(
        "deadShare(outputs [40, 25])", "random numbers, 60 % zeros, some units dead",
        gives: Float(deadUnitShare(of: many))
      ) { try $0.deadShare(outputs: many) },
    ],
    mutants: [
      Mutant(
        "counts zeros instead of dead units",
        effect: "Half of a healthy ReLU layer's outputs are 0: the check would raise a false alarm.", Zeros.self),
      Mutant(
        "counts a unit as dead if it is 0 for some sample",
        effect: "Nearly every unit seems dead, and you would throw away a good network.", AnySample.self),
      Mutant(
        "counts the samples for which all units are 0, not the units that are 0 for all samples",
        effect: "A layer with half of its units dead looks healthy.", Rows.self),
      Mutant(
        "counts units with small outputs as dead",
        effect: "A unit that gives 0.001 still has a gradient; it is not dead.", Quiet.self),
      Mutant(
        "returns the share of live units",
        effect: "The check raises an alarm when all is well, and none when all units are dead.",
        Alive.self),
      Mutant(
        "returns the number instead of the share", effect: "A wide layer seems worse than a narrow one.",
        Number.self),
    ])
}

/// 40 samples of 25 units, a few of them dead.
private let many: Tensor = {
  var generator = SeededGenerator(seed: 5, stream: 0x25)
  let deadUnits = Set([2, 3, 11, 19])
  return Tensor(
    [40, 25],
    (0..<1000).map { place in
      let value = generator.nextUniform(in: -0.6...0.4)
      return deadUnits.contains(place % 25) ? 0 : max(0, value)
    })
}()

private func share(
  _ call: String, _ about: String, _ shape: Shape, _ elements: [Float], look: String = ""
) -> Case<any Ex02_5.Type> {
  let outputs = Tensor(shape, elements)
  return Case(call, about, look: look, gives: Float(deadUnitShare(of: outputs))) { try $0.deadShare(outputs: outputs) }
}

private enum Zeros: Ex02_5 {
  static func deadShare(outputs: Tensor) -> Float { Float(outputs.elements.count { $0 == 0 }) / Float(outputs.count) }
}

private enum AnySample: Ex02_5 {
  static func deadShare(outputs: Tensor) -> Float {
    let (samples, units) = (outputs.shape[0], outputs.shape[1])
    return Float((0..<units).count { unit in (0..<samples).contains { outputs[$0, unit] == 0 } }) / Float(units)
  }
}

private enum Rows: Ex02_5 {
  static func deadShare(outputs: Tensor) -> Float {
    let (samples, units) = (outputs.shape[0], outputs.shape[1])
    return Float((0..<samples).count { n in (0..<units).allSatisfy { outputs[n, $0] == 0 } }) / Float(samples)
  }
}

private enum Alive: Ex02_5 {
  static func deadShare(outputs: Tensor) -> Float { 1 - Float(deadUnitShare(of: outputs)) }
}

private enum Number: Ex02_5 {
  static func deadShare(outputs: Tensor) -> Float {
    (Float(deadUnitShare(of: outputs)) * Float(outputs.shape[1])).rounded()
  }
}

private enum Quiet: Ex02_5 {
  static func deadShare(outputs: Tensor) -> Float {
    Float(deadUnitShare(of: outputs.map { $0 < 0.01 ? 0 : $0 }))
  }
}
