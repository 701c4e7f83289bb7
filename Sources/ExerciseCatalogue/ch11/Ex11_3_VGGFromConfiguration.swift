// Exercise 11.3: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex11_3 = Exercise<any Ex11_3.Type>(
    .ex11_3, section: "The families", difficulty: .medium,
    hints: [
      "Two nested loops: what does each of them count? Keep a variable for the number of incoming channels.",
      "Outer loop over stages, inner loop over the convolutions of a stage: Conv2D with kernel 3 and padding 1, then "
        + "ReLU. After each stage MaxPool(2). After the last stage the image has side / 2^stages pixels along each axis.",
      "Collect `var layers: [any Layer] = []` and end with `Flatten()`, `Dense(arriving * last * last, hidden)`, "
        + "`ReLU()`, `Dense(hidden, hidden)`, `ReLU()`, `Dense(hidden, classes)`; return `Sequential(layers)`.",
    ],
    cases: [
      vgg([1], [2], 3, 2, 4, "one stage of one convolution"),
      vgg([2], [2], 3, 2, 4, "two convolutions in a stage", look: "The second convolution takes the first one's maps."),
      vgg([1, 1], [2, 3], 4, 3, 8, "two stages"),
      vgg([1, 2, 3], [2, 3, 4], 5, 4, 16, "three stages"),
      vgg([1, 1, 2, 2, 2], [2, 3, 4, 5, 5], 6, 10, 32, "a small VGG-11"),
    ],
    mutants: [
      Mutant(
        "leaves out the padding",
        effect: "Every convolution removes two pixels; VGG-16 runs out of pixels in its fourth stage.", NoPadding.self),
      Mutant(
        "pools after every convolution",
        effect: "The image vanishes after a few layers, and with it the reason for stacking 3×3 kernels.",
        PoolsEach.self),
      Mutant(
        "leaves out the ReLUs between the convolutions of a stage",
        effect: "Stacked linear layers are linear: three 3×3 convolutions can do no more than one 7×7.", OneReLU.self),
      Mutant(
        "leaves out the ReLUs between the dense layers",
        effect: "Three dense layers can do no more than one, at a cost of a hundred million parameters.",
        LinearHead.self),
      Mutant(
        "uses average pooling",
        effect: "It trains, but a little worse; published weights give other outputs.", AveragePools.self),
    ])
}

private func vgg(
  _ stages: [Int], _ channels: [Int], _ hidden: Int, _ classes: Int, _ side: Int, _ about: String, look: String = ""
) -> Case<any Ex11_3.Type> {
  Case(
    "network(stages: \(stages), channels: \(channels), hidden: \(hidden), classes: \(classes), side: \(side))", about,
    look: look,
    gives: Examples11.outcome(of: Plan().network(stages, channels, hidden, classes, side), input: [3, side, side])
  ) {
    let network = try $0.network(stages: stages, channels: channels, hidden: hidden, classes: classes, side: side)
    try network.demandFit(for: [3, side, side])
    return Examples11.outcome(of: network, input: [3, side, side])
  }
}

/// The correct network, with switches for the mutants. The library's VGG has dense layers too large for a check.
private struct Plan {
  var padding: Padding = 1
  var poolsEach = false
  var reluEach = true
  var reluInHead = true
  var pool: any Layer = MaxPool(2)

  func network(_ stages: [Int], _ channels: [Int], _ hidden: Int, _ classes: Int, _ side: Int) -> Sequential {
    var (layers, arriving, last) = ([any Layer](), 3, side)
    for (count, width) in zip(stages, channels) {
      for index in 0..<count {
        layers.append(Conv2D(arriving, width, kernel: 3, padding: padding))
        if reluEach || index == count - 1 { layers.append(ReLU()) }
        if poolsEach { layers.append(pool) }
        arriving = width
      }
      if !poolsEach { layers.append(pool) }
      last /= 2
    }
    layers += [Flatten(), Dense(arriving * last * last, hidden)] as [any Layer]
    if reluInHead { layers.append(ReLU()) }
    layers.append(Dense(hidden, hidden))
    if reluInHead { layers.append(ReLU()) }
    layers.append(Dense(hidden, classes))
    return Sequential(layers)
  }
}

private protocol Planned: Ex11_3 { static var plan: Plan { get } }

extension Planned {
  static func network(stages: [Int], channels: [Int], hidden: Int, classes: Int, side: Int) throws -> Sequential {
    plan.network(stages, channels, hidden, classes, side)
  }
}

private enum NoPadding: Planned { static var plan: Plan { Plan(padding: 0) } }
private enum PoolsEach: Planned { static var plan: Plan { Plan(poolsEach: true) } }
private enum OneReLU: Planned { static var plan: Plan { Plan(reluEach: false) } }
private enum LinearHead: Planned { static var plan: Plan { Plan(reluInHead: false) } }
private enum AveragePools: Planned { static var plan: Plan { Plan(pool: AveragePool(2)) } }
