// What becomes of a network whose weights all begin equal.

import Workbook

/// A small network that learns from one way to begin.
struct SymmetryRun: Codable, Sendable {
  /// The share of points it has wrong after each epoch, 0 … 1.
  var errors: [Double]
  /// How many different units the first hidden layer has after training.
  var distinctUnits: Int
  /// The largest difference between a weight of one unit and the same weight of another.
  var spread: Float
  /// The weights of the first hidden layer after training, [units, 2].
  var weights: [[Float]]
}

/// The ways to begin that are compared.
enum SymmetryStart: String, Sendable, CaseIterable {
  case zeros = "all 0"
  case halves = "all 0.5"
  case random = "random (Xavier)"

  var initializer: Initializer {
    switch self {
    case .zeros: .constant(0)
    case .halves: .constant(0.5)
    case .random: .xavierNormal
    }
  }
}

/// Points of the square [−1, 1]² in two classes, by the sign of x·y: no single unit can tell them apart.
func checkerboard(points: Int, seed: UInt64) -> TensorSamples {
  var generator = SeededGenerator(seed: seed, stream: 0xC4)
  var (places, labels) = ([Float](), [Int]())
  for _ in 0..<points {
    let (x, y) = (generator.nextUniform(in: -1...1), generator.nextUniform(in: -1...1))
    places += [x, y]
    labels.append(x * y > 0 ? 1 : 0)
  }
  return TensorSamples(
    name: "checkerboard", inputs: Tensor([points, 2], places), labels: labels, classCount: 2)
}

// snippet: symmetryRun
/// Trains a net of two hidden layers of tanh units, initialised by `start`.
func symmetryRun(
  _ start: SymmetryStart, units: Int = 16, epochs: Int, seed: UInt64
) throws -> SymmetryRun {
  let weights = start.initializer
  let net = Sequential([
    "hidden1": Dense(2, units, initializer: weights), "tanh1": Tanh(),
    "hidden2": Dense(units, units, initializer: weights), "tanh2": Tanh(),
    "output": Dense(units, 2, initializer: weights),
  ])
  var trainer = Trainer(
    try Model(net, input: [2], seed: seed), loss: SoftmaxCrossEntropy(),
    optimizer: SGD(momentum: 0.9), schedule: ConstantRate(0.05),
    batchSize: 32, seed: seed)
  let points = checkerboard(points: 512, seed: seed)
  try trainer.trainResumably(on: points, testing: points, epochs: epochs)
  // snippet.end
  let hidden = (trainer.model.layers["hidden1"] as? Dense)?.weight.value ?? .empty
  let rows = (0..<units).map { Array(hidden.elements[2 * $0..<2 * $0 + 2]) }
  var distinct: [[Float]] = []
  for row in rows
  where !distinct.contains(where: { zip($0, row).allSatisfy { abs($0 - $1) < 1e-5 } }) {
    distinct.append(row)
  }
  let spread = (0..<2).map { column in
    (rows.map { $0[column] }.max() ?? 0) - (rows.map { $0[column] }.min() ?? 0)
  }.max()
  return SymmetryRun(
    errors: trainer.history.map { $0.testError ?? .nan }, distinctUnits: distinct.count,
    spread: spread ?? 0,
    weights: rows)
}
