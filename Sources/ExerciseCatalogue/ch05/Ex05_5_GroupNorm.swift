// Exercise 5.5: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex05_5 = Exercise<any Ex05_5.Type>(
    .ex05_5, section: "Four ways to choose what is averaged", difficulty: .medium,
    hints: [
      "G is the number of groups, not their size. How many channels does a group hold, and how many values?",
      "In [N, C, H, W] the channels of a group are adjacent: each group of each sample is one run of "
        + "C/G · H · W numbers. γ and β still belong to single channels.",
      "For `run in 0..<samples * groups`, the indices are `run * length..<(run + 1) * length` with "
        + "`length = channels / groups * positions`; the channel of an index is `index / positions % channels`.",
    ],
    cases: [
      forward([1, 4], groups: 2, [1, 3, 10, 30], "two groups of two channels"),
      groups("groupsOfLayerNorm(channels: 6)", "G = 1 or G = C?", gives: 1) { try $0.groupsOfLayerNorm(channels: 6) },
      groups("groupsOfInstanceNorm(channels: 6)", "and this one?", gives: 6) {
        try $0.groupsOfInstanceNorm(channels: 6)
      },
      forward(
        [2, 6], groups: 3, nil, "three groups of two", look: "γ and β belong to the channel, not to the group."),
      forward([2, 4, 2, 2], groups: 2, nil, "images"),
      forward([2, 4, 2, 2], groups: 1, nil, "one group: layer norm's statistics"),
      forward([2, 4, 2, 2], groups: 4, nil, "as many groups as channels: instance norm"),
      forward([2, 4, 2, 2], groups: 2, nil, epsilon: 0.5, "a large ε"),
    ],
    mutants: [
      Mutant(
        "uses `groups` as the number of channels in a group",
        effect: "Correct only where G² = C; at the extremes, layer norm and instance norm are exchanged.",
        SizeForNumber.self),
      Mutant(
        "swaps the extremes: G = C as layer norm and G = 1 as instance norm, as in one lecture",
        effect: "A request for layer norm gives instance norm, which discards the channel means.",
        SwappedEnds.self),
      Mutant(
        "assigns the channels to groups in turn instead of in adjacent blocks",
        effect: "It trains as well, but weights from other libraries no longer fit.", Interleaved.self),
      Mutant(
        "uses one γ and β for each group instead of each channel",
        effect: "The channels of a group can no longer be scaled separately.", GammaOfGroup.self),
      Mutant(
        "pools the group over the whole batch",
        effect: "The answer again depends on the other samples, which group norm exists to avoid.", OverBatch.self),
      Mutant(
        "divides by n − 1 in the variance",
        effect: "Small groups come out too small; weights from other libraries no longer fit.", Unbiased.self),
    ])
}

private func forward(
  _ shape: Shape, groups: Int, _ values: [Float]?, epsilon: Float = 1e-5, _ about: String = "", look: String = ""
) -> Case<any Ex05_5.Type> {
  let channels = shape[1]
  let x = values.map { Tensor(shape, $0) } ?? unevenTensor(shape, center: 1, spread: 2)
  let gamma = values == nil ? unevenTensor([channels], center: 1, spread: 0.5) : Tensor([channels], repeating: 1)
  let beta = values == nil ? unevenTensor([channels], spread: 0.8, phase: 1) : Tensor(zeros: [channels])
  let shown = values.map { "Tensor(\(shape), \($0))" } ?? "x of shape \(shape)"
  return Case(
    "forward(\(shown), groups: \(groups), gamma: \(values == nil ? "γ" : "ones"), beta: \(values == nil ? "β" : "zeros"), epsilon: \(epsilon))",
    about, look: look, tolerance: 1e-4,
    gives: NormalizationRecipe.group(shape.withoutBatch, groups).normalize(
      x, gamma: gamma, beta: beta, epsilon: epsilon)
  ) { try $0.forward(x, groups: groups, gamma: gamma, beta: beta, epsilon: epsilon) }
}

private func groups(
  _ call: String, _ about: String, gives wanted: Int, _ answer: @escaping @Sendable (any Ex05_5.Type) throws -> Int
) -> Case<any Ex05_5.Type> {
  Case(call, about, look: "G counts groups: with G = 1 one group holds all channels.", gives: wanted) { try answer($0) }
}

/// A mutant that gets one of the three functions wrong; the others are right.
private protocol GroupMutant: Ex05_5 {
  static func change(_ recipe: inout NormalizationRecipe, _ sample: Shape, _ groups: Int)
}

extension GroupMutant {
  static func forward(_ input: Tensor, groups: Int, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    let sample = input.shape.withoutBatch
    return NormalizationRecipe.group(sample, groups).with { change(&$0, sample, groups) }
      .normalize(input, gamma: gamma, beta: beta, epsilon: epsilon)
  }
  static func change(_ recipe: inout NormalizationRecipe, _ sample: Shape, _ groups: Int) {}
  static func groupsOfLayerNorm(channels: Int) -> Int { 1 }
  static func groupsOfInstanceNorm(channels: Int) -> Int { channels }
}

private func positions(_ sample: Shape) -> Int { sample.dimensions.dropFirst().reduce(1, *) }

private enum SizeForNumber: GroupMutant {
  static func change(_ recipe: inout NormalizationRecipe, _ sample: Shape, _ groups: Int) {
    recipe.pool = NormalizationRecipe.group(sample, sample[0] / groups).pool
  }
  static func groupsOfLayerNorm(channels: Int) -> Int { channels }
  static func groupsOfInstanceNorm(channels: Int) -> Int { 1 }
}

private enum SwappedEnds: GroupMutant {
  static func groupsOfLayerNorm(channels: Int) -> Int { channels }
  static func groupsOfInstanceNorm(channels: Int) -> Int { 1 }
}

private enum Interleaved: GroupMutant {
  static func change(_ recipe: inout NormalizationRecipe, _ sample: Shape, _ groups: Int) {
    let positions = positions(sample)
    recipe.pool = { n, i in n * groups + i / positions % groups }
  }
}

private enum GammaOfGroup: GroupMutant {
  static func change(_ recipe: inout NormalizationRecipe, _ sample: Shape, _ groups: Int) {
    let size = sample[0] / groups * positions(sample)
    recipe.parameter = { $0 / size }
  }
}

private enum OverBatch: GroupMutant {
  static func change(_ recipe: inout NormalizationRecipe, _ sample: Shape, _ groups: Int) {
    let size = sample[0] / groups * positions(sample)
    recipe.pool = { _, i in i / size }
  }
}

private enum Unbiased: GroupMutant {
  static func change(_ recipe: inout NormalizationRecipe, _ sample: Shape, _ groups: Int) { recipe.correction = 1 }
}
