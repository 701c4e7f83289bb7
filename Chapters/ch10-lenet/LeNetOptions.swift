// The options of chapter 10 beside the shared ones.

import ArgumentParser
import Foundation
import Workbook

/// What to train, and how.
struct LeNetOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  // One checkpoint for each network and seed, which `--load` and `./workbook predict` read as well.
  static var keepsShortRuns: Bool { true }

  @Option(help: "Train one of lenet5, lenet5plus, lenet5plusplus; without it all of them, side by side.")
  var model: ModelName?
  @Flag(help: "Give LeNet-5 the sigmoid derivative of the sources' system, 1 − s² (it is wrong).")
  var publishedSigmoid = false

  @Option(parsing: .unconditional, help: "Epochs.", transform: Whole.number(in: 1...10_000)) var epochs: Int?
  @Option(parsing: .unconditional, help: "Images in a batch.", transform: Whole.number(in: 1...60_000)) var batch = 32
  @Option(
    parsing: .unconditional, help: "Training images, the first ones of the set.",
    transform: Whole.number(in: 1...60_000))
  var images: Int?
  @Option(
    name: .customLong("lr"), parsing: .unconditional, help: "Learning rate.", transform: Real.number(in: 1e-9...100))
  var rate: Float = 0.02
  @Option(
    parsing: .unconditional, help: "Runs of each network, with consecutive seeds.", transform: Whole.number(in: 1...100)
  )
  var runs: Int?

  @Option(help: "Hidden activation: tanh, relu or sigmoid.") var activation: LeNet5.Activation?
  @Option(help: "Pooling: average or max.") var pool: LeNet5.Pooling?
  @Option(help: "Loss: mse (with sigmoid outputs) or ce (softmax with cross-entropy).") var loss: LossName?
  @Option(name: .customLong("init"), help: "First weights: xavier, lecun, he or torch.") var initializer:
    InitializerName?
  @Option(help: "Normalization: none or batch.") var norm: NormName?
  @Option(
    parsing: .unconditional, help: "Share of units left out after the hidden dense layers, below 1.",
    transform: Real.number(in: 0...0.95))
  var dropout: Float = 0
  @Option(help: "Optimizer: sgd, momentum or nesterov (0.9).") var optimizer: OptimizerName = .sgd
  @Option(help: "Learning-rate schedule: constant, step (the sources' table), exponential or cosine.")
  var schedule: ScheduleName = .constant

  @Option(help: "Start from the weights in a safetensors file; with --evaluate only measure them.") var load: String?
  @Flag(help: "Do not train: measure the weights given with --load.") var evaluate = false
  @Flag(
    help: "With --load and --evaluate: look into the recorded weights again, and write the record with what is seen.")
  var lookInside = false
  @Flag(help: "With --full: train each network at a rate of its own, that alone, and write the record with it.")
  var ownRates = false
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "With --full: measure what parts are worth (\(Worth.Part.allCases.map(\.rawValue).joined(separator: ", "))), these alone, and write the record with them."
    ))
  var worth: [Worth.Part] = []
  @Option(
    parsing: .unconditional, help: "With --worth: begin no training after so many seconds; the next run goes on.",
    transform: Whole.number(in: 1...100_000))
  var within: Int?
  @Option(help: "Also read the digit in an image file (PNG, PGM, PPM).") var image: String?
  @Option(help: "Write the last network's weights to a safetensors file.") var save: String?
  @Option(help: "Write every epoch's numbers as JSON to a file; - for standard output, without the page.")
  var json: String?

  enum ModelName: String, CaseIterable, ExpressibleByArgument { case lenet5, lenet5plus, lenet5plusplus }
  enum LossName: String, CaseIterable, ExpressibleByArgument { case mse, ce }
  enum InitializerName: String, CaseIterable, ExpressibleByArgument { case xavier, lecun, he, torch }
  enum NormName: String, CaseIterable, ExpressibleByArgument { case none, batch }
  enum OptimizerName: String, CaseIterable, ExpressibleByArgument { case sgd, momentum, nesterov }
  enum ScheduleName: String, CaseIterable, ExpressibleByArgument { case constant, step, exponential, cosine }

  func validate() throws {
    if shared.from != nil, image != nil || json != nil || save != nil || load != nil || evaluate {
      throw ValidationError(
        "--from: expected no --image, --json, --save, --load or --evaluate beside it, since nothing is measured, "
          + "found one")
    }
    if evaluate && load == nil {
      throw ValidationError("--evaluate: expected weights to measure, found none; name them with --load FILE")
    }
    if lookInside && !evaluate {
      throw ValidationError("--look-inside: expected --evaluate beside it, found none")
    }
    if ownRates && !(shared.full && comparesAll) {
      throw ValidationError("--own-rates: expected --full and all networks beside it, found something else")
    }
    if !worth.isEmpty && !(shared.full && comparesAll) {
      throw ValidationError("--worth: expected --full and all networks beside it, found something else")
    }
    if within != nil && worth.isEmpty { throw ValidationError("--within: expected --worth beside it, found none") }
    if load != nil && model == nil {
      throw ValidationError("--load: expected the network the weights belong to, found none; name it with --model")
    }
    if publishedSigmoid, let model, model != .lenet5 {
      throw ValidationError(
        "--published-sigmoid: expected --model lenet5, found \(model.rawValue), which has no sigmoid")
    }
  }

  /// How many epochs each network is trained.
  var sessionEpochs: Int { epochs ?? (shared.quick ? 2 : shared.full ? 30 : 4) }
  /// The same with `--mine`.
  var mineEpochs: Int { epochs ?? (shared.quick ? 1 : 2) }

  /// Whether all of S0's networks are trained as they are: then there are trials besides.
  var comparesAll: Bool {
    model == nil && !publishedSigmoid && [activation as Any?, pool, loss, initializer, norm].allSatisfy { $0 == nil }
      && dropout == 0 && !evaluate
  }

  /// The networks to train.
  var variants: [Variant] {
    let all: [ModelName] = model.map { [$0] } ?? ModelName.allCases
    var variants = all.map { name -> Variant in
      switch name {
      case .lenet5:
        publishedSigmoid ? .published : .plain
      case .lenet5plus: .plus
      case .lenet5plusplus: .plusPlus
      }
    }
    // Side by side: both derivatives.
    if model == nil && !publishedSigmoid {
      variants.insert(.published, at: 1)
    }
    for index in variants.indices { change(&variants[index].net) }
    return variants
  }

  /// Applies the options that change a network.
  private func change(_ net: inout LeNet5) {
    if let activation { net.activation = activation }
    if let pool { net.pooling = pool }
    net.dropout = dropout
    if let norm { net.hasBatchNorm = norm == .batch }
    switch loss {
    case .mse: net.output = .sigmoid(publishedSigmoid ? .published : .correct)
    case .ce: net.output = .logits
    case nil: break
    }
    switch initializer {
    case .xavier: net.initializer = .xavierUniform
    case .lecun: net.initializer = .lecunUniform
    case .he: net.initializer = .heUniform
    case .torch: net.initializer = .torchUniform
    case nil: break
    }
  }

  /// A fresh optimizer.
  func makeOptimizer() -> any Optimizer {
    switch optimizer {
    case .sgd: SGD()
    case .momentum: SGD(momentum: 0.9)
    case .nesterov: SGD(momentum: 0.9, nesterov: true)
    }
  }

  /// A table of rates in words: `0.0005 up to epoch 2, …`.
  static func describe(_ table: StepTable) -> String {
    // Without an exponent: 0.00005.
    func text(_ rate: Float) -> String {
      var text = String(format: "%.6f", rate)
      while text.hasSuffix("0") { text.removeLast() }
      return text
    }
    let rows = table.rows.map { "\(text($0.rate)) up to epoch \($0.through)" }
    return (rows + ["\(text(table.finalRate)) from there on"]).joined(separator: ", ")
  }

  /// The learning rate over `epochs` epochs.
  func makeSchedule(epochs: Int) -> any Schedule {
    switch schedule {
    case .constant: ConstantRate(rate)
    case .step: StepTable.lenet
    case .exponential: ExponentialDecay(rate, factor: 0.9)
    case .cosine: CosineDecay(rate, over: epochs)
    }
  }
}

extension Worth.Part: ExpressibleByArgument {}
extension LeNet5.Activation: ExpressibleByArgument {}
extension LeNet5.Pooling: ExpressibleByArgument {}
