// Exercise 10.2: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex10_2 = Exercise<any Ex10_2.Type>(
    .ex10_2, section: "The experiment", difficulty: .medium,
    hints: [
      "Three nested loops: epochs, batches, parameters. What changes from epoch to epoch?",
      "At the start of each epoch, get its order and split it into batches of `batchSize`; the last batch may be "
        + "shorter and counts too. Each batch gives one gradient, at the current parameters, and one step.",
      "`for epoch in 1...epochs { let order = order(epoch); for start in stride(from: 0, to: sampleCount, by: "
        + "batchSize) { let batch = Array(order[start..<min(start + batchSize, sampleCount)]); … } }`",
    ],
    cases: [
      Case(
        "train(parameters: [0], sampleCount: 2, batchSize: 1, epochs: 1, learningRate: 0.5, …)",
        "two samples with targets 2 and 4, taken in this order: 0 → 1 → 2.5",
        gives: Outcome(("parameters", [Float(2.5)]), ("samples in order", [0, 1]))
      ) { try examine($0, targets: [2, 4], batchSize: 1, epochs: 1, rate: 0.5, orders: [[0, 1]]) },
      loop("ten samples in batches of four", "the last batch has two", samples: 10, batchSize: 4, epochs: 1),
      loop(
        "three epochs", "each in its own order", look: "Get the order of each epoch, counted from 1.",
        samples: 6, batchSize: 2, epochs: 3),
      loop("one batch of everything", "plain gradient descent", samples: 5, batchSize: 5, epochs: 4),
      loop("a batch larger than the set", "still one step per epoch", samples: 3, batchSize: 8, epochs: 2),
      loop("no epochs", "nothing changes", samples: 4, batchSize: 2, epochs: 0),
      loop("the published batch size", "70 samples, batches of 32", samples: 70, batchSize: 32, epochs: 2),
    ],
    mutants: [
      Mutant(
        "drops the last batch when it is not full",
        effect: "In each epoch some samples are never seen: almost a batch, and different ones each time.",
        DropsLast.self),
      Mutant(
        "uses the order of the first epoch throughout",
        effect: "The batches are always the same: their noise no longer averages out.", SameOrder.self),
      Mutant(
        "steps uphill",
        effect: "The loss grows from the first step on, and soon overflows.", Uphill.self),
      Mutant(
        "computes every gradient of an epoch at the parameters from the start of the epoch",
        effect: "The steps of an epoch add up in one direction: like one step with a far larger learning rate.",
        Stale.self),
      Mutant(
        "computes every gradient at the initial parameters",
        effect: "Every epoch moves in the same direction: the loss falls at first, then rises on the other side.",
        FromTheStart.self),
      Mutant(
        "counts epochs from 0",
        effect: "Each epoch gets the order of the previous one, and the first gets an unshuffled order.",
        FromZero.self),
      Mutant(
        "divides the gradient by the batch size again",
        effect: "The gradient is already a mean; training is slower by a factor of the batch size.", DividesAgain.self),
      Mutant(
        "uses the samples in stored order, not in the order of the epoch",
        effect: "Digits sorted on disk arrive sorted: the network forgets one while it learns the next.",
        Unshuffled.self),
    ])
}

/// Runs an answer on squared distances to targets, and records which samples it requests.
private func examine(
  _ answer: any Ex10_2.Type, targets: [Float], batchSize: Int, epochs: Int, rate: Float, orders: [[Int]]
) throws -> Outcome {
  var seen: [Int] = []
  let result = try answer.train(
    parameters: [0], sampleCount: targets.count, batchSize: batchSize, epochs: epochs, learningRate: rate,
    order: { epoch in orders.indices.contains(epoch - 1) ? orders[epoch - 1] : Array(targets.indices) },
    gradient: { parameters, batch in
      seen += batch
      let parameter = parameters.first ?? .nan
      let inside = batch.filter { targets.indices.contains($0) }
      return [inside.map { parameter - targets[$0] }.reduce(0, +) / Float(max(inside.count, 1))]
    })
  return Outcome(("parameters", result), ("samples in order", seen))
}

private func loop(
  _ what: String, _ about: String, look: String = "", samples: Int, batchSize: Int, epochs: Int
) -> Case<any Ex10_2.Type> {
  let targets = (0..<samples).map { Float(($0 * 7) % 11) - 3 }
  let orders = (0..<max(epochs, 1)).map { epoch in
    (0..<samples).sorted { ($0 * 37 + epoch * 11) % 101 < ($1 * 37 + epoch * 11) % 101 }
  }
  return Case(
    "train(parameters: [0], sampleCount: \(samples), batchSize: \(batchSize), epochs: \(epochs), learningRate: 0.3, …)",
    "\(what): \(about)", look: look,
    gives: expected(targets, batchSize: batchSize, epochs: epochs, rate: 0.3, orders: orders)
  ) {
    try examine($0, targets: targets, batchSize: batchSize, epochs: epochs, rate: 0.3, orders: orders)
  }
}

/// The reference, in double precision, batch by batch.
private func expected(_ targets: [Float], batchSize: Int, epochs: Int, rate: Double, orders: [[Int]]) -> Outcome {
  var (parameter, seen) = (0.0, [Int]())
  for order in orders.prefix(epochs) {
    var rest = order[...]
    while !rest.isEmpty {
      let batch = rest.prefix(batchSize)
      rest = rest.dropFirst(batchSize)
      let mean = batch.map { Double(targets[$0]) }.reduce(0, +) / Double(batch.count)
      parameter -= rate * (parameter - mean)
      seen += batch
    }
  }
  return Outcome(("parameters", [parameter]), ("samples in order", seen))
}

/// Shared by the mutants: a training loop with one part replaced.
private struct Loop {
  var keepsShortBatch = true
  var order: (Int, (Int) -> [Int], Int) -> [Int] = { epoch, order, _ in order(epoch) }
  var direction: Float = -1
  var isStale = false
  var isFromTheStart = false
  var dividesAgain = false

  func run(
    _ start: [Float], _ count: Int, _ batchSize: Int, _ epochs: Int, _ rate: Float, _ order: (Int) -> [Int],
    _ gradient: ([Float], [Int]) -> [Float]
  ) -> [Float] {
    var parameters = start
    for epoch in stride(from: 1, through: epochs, by: 1) {
      let samples = withoutActuallyEscaping(order) { self.order(epoch, $0, count) }
      let before = parameters
      for begin in stride(from: 0, to: count, by: batchSize) {
        let batch = Array(samples[begin..<min(begin + batchSize, count)])
        if batch.count < batchSize && !keepsShortBatch { continue }
        let slope = gradient(isFromTheStart ? start : isStale ? before : parameters, batch)
        let scale = direction * rate / (dividesAgain ? Float(batch.count) : 1)
        for index in parameters.indices { parameters[index] += scale * slope[index] }
      }
    }
    return parameters
  }
}

private enum DropsLast: Ex10_2 {
  static func train(
    parameters: [Float], sampleCount: Int, batchSize: Int, epochs: Int, learningRate: Float, order: (Int) -> [Int],
    gradient: ([Float], [Int]) -> [Float]
  ) -> [Float] {
    Loop(keepsShortBatch: false).run(parameters, sampleCount, batchSize, epochs, learningRate, order, gradient)
  }
}

private enum SameOrder: Ex10_2 {
  static func train(
    parameters: [Float], sampleCount: Int, batchSize: Int, epochs: Int, learningRate: Float, order: (Int) -> [Int],
    gradient: ([Float], [Int]) -> [Float]
  ) -> [Float] {
    Loop(order: { _, order, _ in order(1) })
      .run(parameters, sampleCount, batchSize, epochs, learningRate, order, gradient)
  }
}

private enum Uphill: Ex10_2 {
  static func train(
    parameters: [Float], sampleCount: Int, batchSize: Int, epochs: Int, learningRate: Float, order: (Int) -> [Int],
    gradient: ([Float], [Int]) -> [Float]
  ) -> [Float] {
    Loop(direction: 1).run(parameters, sampleCount, batchSize, epochs, learningRate, order, gradient)
  }
}

private enum Stale: Ex10_2 {
  static func train(
    parameters: [Float], sampleCount: Int, batchSize: Int, epochs: Int, learningRate: Float, order: (Int) -> [Int],
    gradient: ([Float], [Int]) -> [Float]
  ) -> [Float] {
    Loop(isStale: true).run(parameters, sampleCount, batchSize, epochs, learningRate, order, gradient)
  }
}

private enum DividesAgain: Ex10_2 {
  static func train(
    parameters: [Float], sampleCount: Int, batchSize: Int, epochs: Int, learningRate: Float, order: (Int) -> [Int],
    gradient: ([Float], [Int]) -> [Float]
  ) -> [Float] {
    Loop(dividesAgain: true).run(parameters, sampleCount, batchSize, epochs, learningRate, order, gradient)
  }
}

private enum Unshuffled: Ex10_2 {
  static func train(
    parameters: [Float], sampleCount: Int, batchSize: Int, epochs: Int, learningRate: Float, order: (Int) -> [Int],
    gradient: ([Float], [Int]) -> [Float]
  ) -> [Float] {
    Loop(order: { _, _, count in Array(0..<count) })
      .run(parameters, sampleCount, batchSize, epochs, learningRate, order, gradient)
  }
}

private enum FromTheStart: Ex10_2 {
  static func train(
    parameters: [Float], sampleCount: Int, batchSize: Int, epochs: Int, learningRate: Float, order: (Int) -> [Int],
    gradient: ([Float], [Int]) -> [Float]
  ) -> [Float] {
    Loop(isFromTheStart: true).run(parameters, sampleCount, batchSize, epochs, learningRate, order, gradient)
  }
}

private enum FromZero: Ex10_2 {
  static func train(
    parameters: [Float], sampleCount: Int, batchSize: Int, epochs: Int, learningRate: Float, order: (Int) -> [Int],
    gradient: ([Float], [Int]) -> [Float]
  ) -> [Float] {
    Loop(order: { epoch, order, _ in order(epoch - 1) })
      .run(parameters, sampleCount, batchSize, epochs, learningRate, order, gradient)
  }
}
