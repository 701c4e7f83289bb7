// What the tests of this module share: small models, small data, a folder that vanishes.

import Datasets
import Foundation
import NeuralNetworks
import Tensors
import Training

/// A folder for one test, removed with the value's last copy.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "training-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  var listing: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

/// Three clouds of points in the plane, drawn from a seed.
func clouds(_ count: Int, seed: UInt64, spread: Float = 0.5) -> TensorSamples {
  var generator = SeededGenerator(seed: seed)
  let centers: [(Float, Float)] = [(0, 1.5), (1.3, -0.75), (-1.3, -0.75)]
  let labels = (0..<count).map { $0 % 3 }
  let points = labels.flatMap { label in
    [centers[label].0 + spread * generator.nextNormal(), centers[label].1 + spread * generator.nextNormal()]
  }
  return TensorSamples(name: "clouds", inputs: Tensor([count, 2], points), labels: labels, classCount: 3)
}

/// 2 → 8 → 3 with batch normalization: parameters, buffers, a nonlinearity.
func smallModel(seed: UInt64 = 1, hidden: Int = 8) throws -> Model {
  try Model(
    Sequential([
      "fc1": Dense(2, hidden), "bn1": BatchNorm(hidden), "act1": Tanh(), "fc2": Dense(hidden, 3),
    ]),
    input: [2], seed: seed)
}

func trainer(
  seed: UInt64 = 1, rate: Float = 0.1, model: Model? = nil, loss: any Loss = SoftmaxCrossEntropy(),
  optimizer: any Optimizer = SGD(momentum: 0.9), batchSize: Int = 7
) throws -> Trainer {
  Trainer(
    try model ?? smallModel(), loss: loss, optimizer: optimizer, schedule: ConstantRate(rate), batchSize: batchSize,
    seed: seed)
}

/// The error that `body` throws, as text; nil where it throws none.
func message(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}

/// Writes a checkpoint after every epoch.
func saving(to path: String, notes: [String: String] = [:]) -> TrainingHooks {
  TrainingHooks(epochEnded: { try $0.saveCheckpoint(to: path, notes: notes) })
}
