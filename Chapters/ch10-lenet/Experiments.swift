// The experiments of chapter 10: LeNet-5 three times over, and what can be seen inside.

import Foundation
import Workbook

/// One finished run.
struct TrainedRun: Sendable {
  var variant: Variant
  var seed: UInt64
  var history: [EpochRecord]
  var model: Model
  var evaluation: Evaluation
  /// Shares of the gradient norm over time, by layer: S0's figure 3.
  var gradientTimes: [Double]
  var gradientShares: [[Double]]
  var gradientLayers: [String]

  /// Test errors in percent, one for each epoch.
  var errors: [Double] { history.map { 100 * ($0.testError ?? .nan) } }
}

/// What the runs of a session share.
struct Session {
  var digits: Digits
  var epochs: Int
  var seeds: [UInt64]
  var options: LeNetOptions
}

/// Trains one variant with one seed, and keeps it under its name after every epoch.
func train(
  _ variant: Variant, seed: UInt64, in session: Session, epochs: Int? = nil,
  observers: [any TrainingObserver] = [], report: @escaping (Trainer.Progress) -> Void
) throws -> TrainedRun {
  let (options, epochs) = (session.options, epochs ?? session.epochs)
  var model = try Model(variant.net.layers, input: LeNet5.inputShape, seed: seed)
  if let file = options.load { try model.load(contentsOf: file) }
  var trainer = Trainer(
    model, loss: variant.net.loss, optimizer: options.makeOptimizer(),
    schedule: variant.rate.map { ConstantRate($0) as any Schedule } ?? options.makeSchedule(epochs: epochs),
    batchSize: options.batch, seed: seed)
  let gradients = GradientNorms(every: 50)
  if !session.options.evaluate {
    let watching: [any TrainingObserver] = variant.isWatched ? [gradients] : []
    try trainer.trainResumably(
      on: session.digits.train, testing: session.digits.test, epochs: epochs, named: "\(variant.stem)-seed\(seed)",
      observers: watching + observers + [TrainingHooks(progressed: report)])
  }
  return TrainedRun(
    variant: variant, seed: seed, history: trainer.history, model: trainer.model,
    evaluation: evaluate(trainer.model, on: session.digits.test, loss: variant.net.loss),
    gradientTimes: gradients.times, gradientShares: gradients.shares, gradientLayers: gradients.names)
}

/// The pictures of the most confident mistakes.
func worstMistakes(_ run: TrainedRun, in test: Dataset, count: Int) -> [BestRun.Mistake] {
  run.evaluation.worstMistakes.prefix(count).map { index in
    let size = test.imageShape.count
    return BestRun.Mistake(
      truth: run.evaluation.truths[index], answer: run.evaluation.predictions[index],
      bitmap: GreyPicture(width: 28, height: 28, pixels: Data(test.pixels[index * size..<(index + 1) * size])))
  }
}

/// The kernels of the first layer.
func firstKernels(_ model: Model) -> [BestRun.Kernel] {
  guard let layer = model.layers["conv1"] as? Conv2D else { return [] }
  let (count, side) = (layer.outputs, layer.window.kernel)
  return (0..<count).map { filter in
    BestRun.Kernel(
      width: side.width, height: side.height,
      weights: Array(layer.weight.value.elements[filter * side.area..<(filter + 1) * side.area]))
  }
}

/// A digit, and what an activation layer makes of it: a map for each filter, each scaled to 0 … 1.
func featureMaps(_ model: Model, of digit: Int, in data: Dataset) -> [GreyPicture] {
  guard let place = model.layers.entries.firstIndex(where: { $0.name == "act1" }),
    let index = (0..<data.count).first(where: { Int(data.labels[$0]) == digit })
  else { return [] }
  var (model, output) = (model, Tensor.empty)
  var pass = Pass(.inference)
  model.forward(data.batch([index]).inputs, into: &output, in: &pass)
  let maps = model.layers.activation(at: place)
  let (count, height, width) = (maps.shape[1], maps.shape[2], maps.shape[3])
  let size = data.imageShape.count
  let original = GreyPicture(
    width: data.imageShape[2], height: data.imageShape[1],
    pixels: Data(data.pixels[index * size..<(index + 1) * size]))
  return [original]
    + (0..<count).map { channel in
      let values = Array(maps.elements[channel * height * width..<(channel + 1) * height * width])
      return GreyPicture(stretching: values, width: width, height: height)
    }
}

/// Reads a picture of one digit, makes it like MNIST's, and asks the network.
///
/// - Throws: `DataError` for a file that is no picture, or has no ink.
func classify(_ file: String, with run: TrainedRun) throws -> Reading {
  let image = try RasterImage(contentsOf: file)
  let pixels = try image.digitPixels(file)
  var (model, output) = (run.model, Tensor.empty)
  var pass = Pass(.inference)
  model.forward(try image.digitInput(file), into: &output, in: &pass)
  let scores = output.elements.map(Double.init)
  let top = scores.max() ?? 0
  let weights = scores.map { exp($0 - top) }
  let sum = weights.reduce(0, +)
  return Reading(
    digit: scores.firstIndex(of: top) ?? 0,
    outputs: run.variant.net.output == .logits ? weights.map { $0 / sum } : scores,
    bitmap: GreyPicture(width: 28, height: 28, pixels: Data(pixels)))
}

/// The numbers of all runs, for `--json`.
struct SessionRecord: Codable {
  struct Run: Codable {
    var model: String
    var seed: UInt64
    var parameters: Int
    var epochs: [Epoch]
  }
  struct Epoch: Codable {
    var epoch: Int
    var trainingSeconds: Double
    var trainingLoss: Double
    var testError: Double?
  }
  var seed: UInt64
  var threads: Int
  var data: String
  var trainingImages: Int
  var batch: Int
  var learningRate: Float
  var runs: [Run]

  init(_ runs: [TrainedRun], in session: Session) {
    seed = session.seeds[0]
    threads = Parallel.threadCount
    data = session.digits.train.name
    trainingImages = session.digits.train.count
    batch = session.options.batch
    learningRate = session.options.rate
    self.runs = runs.map { run in
      Run(
        model: run.variant.name, seed: run.seed, parameters: run.model.parameterCount,
        epochs: run.history.map {
          Epoch(epoch: $0.epoch, trainingSeconds: $0.seconds, trainingLoss: $0.trainingLoss, testError: $0.testError)
        })
    }
  }

  /// Writes the record to a file, or to standard output for `-`.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let data = try encoder.encode(self) + Data("\n".utf8)
    if path == "-" {
      printAtOnce(String(decoding: data, as: UTF8.self))
    } else {
      try AtomicFile.write(data, to: path)
    }
  }
}
