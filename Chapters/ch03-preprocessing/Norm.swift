// Raw and centred images in a net with batch norm, at one learning rate: the weights are the same, the averages differ.

import Workbook

/// Raw and centred images in one net with batch norm behind its first layer, with the same rate and the same seeds.
struct NormControl: Codable, Sendable {
  /// How one of the two ends.
  struct End: Codable, Sendable {
    /// The training loss of the last epoch, over the seeds.
    var loss: Summary
    /// The test error in per cent: with the running averages of the training, and with statistics computed anew from
    /// training images, with the weights that the training ended with.
    var running: Summary
    var exact: Summary
  }

  /// The nets and their images: white paper in the dense net.
  enum Net: String, Codable, Sendable { case dense }

  var net: Net
  var rate: Double
  var epochs: Int
  var seeds: [UInt64]
  /// How many training images the statistics were computed anew from.
  var count: Int
  var raw: End
  var centred: End

  /// By how many points raw pixels err more: with running averages, and with statistics computed anew.
  var costs: (running: Summary, exact: Summary) { (raw.running - centred.running, raw.exact - centred.exact) }
}

extension Model {
  /// This net with statistics of batch norm that are those of one batch, not averages over the training.
  func withStatistics(of images: Tensor) -> Model {
    var model = self
    var before: [[Float]] = []
    model.visitBuffers { before.append($1.elements) }
    var output = Tensor.empty
    var pass = Pass(.training)
    model.forward(images, into: &output, in: &pass)
    // A running average has moved by a share, 0.1, of the way to the statistics of the batch.
    let share = BatchNorm(1).momentum
    var place = 0
    model.visitBuffers { _, buffer in
      let old = before[place]
      buffer.withUnsafeMutableElements { new in
        for i in new.indices { new[i] = old[i] + (new[i] - old[i]) / share }
      }
      place += 1
    }
    return model
  }
}

extension NormControl {
  /// Trains each twice, on raw images and on images without their mean.
  init(
    _ net: Net, _ layers: () -> Sequential, rate: Float, _ optimizer: any Optimizer, epochs: Int,
    seeds: [UInt64], count: Int, _ train: TensorSamples, _ test: TensorSamples, mean: any Preprocessing,
    ticker: Ticker? = nil
  ) throws {
    let images = [(train, test), (train.prepared(by: mean), test.prepared(by: mean))]
    defer { ticker?.finish() }
    let runs = try inParallel(2 * seeds.count) { index in
      ticker?.tick()
      let (train, test) = images[index / seeds.count]
      let seed = seeds[index % seeds.count]
      var trainer = Trainer(
        try Model(layers(), input: train.sampleShape, seed: seed), loss: SoftmaxCrossEntropy(), optimizer: optimizer,
        schedule: ConstantRate(rate), batchSize: 32, seed: seed)
      let losses = LossHistory()
      try trainer.trainResumably(on: train, epochs: epochs, observers: [losses])
      let last = losses.losses.suffix(max(1, train.count / 32))
      func error(_ model: Model) -> Double { 100 * evaluate(model, on: test, loss: SoftmaxCrossEntropy()).error }
      let exact = trainer.model.withStatistics(of: train.at(Array(0..<count)).inputs)
      return (loss: last.reduce(0, +) / Double(last.count), running: error(trainer.model), exact: error(exact))
    }
    func end(_ place: Int) -> End {
      let part = runs[place * seeds.count..<(place + 1) * seeds.count]
      return End(
        loss: Summary(part.map(\.loss)).rounded(decimals: 4),
        running: Summary(part.map(\.running)).rounded(decimals: 4),
        exact: Summary(part.map(\.exact)).rounded(decimals: 4))
    }
    self.init(
      net: net, rate: Double("\(rate)") ?? 0, epochs: epochs, seeds: seeds, count: count, raw: end(0), centred: end(1))
  }
}

extension Preprocessings {
  /// White paper in the dense net with batch norm.
  static func measureNorm(
    _ run: ChapterRun, data: String, _ train: TensorSamples, _ test: TensorSamples, epochs: Int
  ) throws {
    try addToRecord(
      on: data, in: run, where: { $0.data == data && $0.digits.trainingCount == train.count }
    ) { findings, _ in
      let dark = inverted(train)
      let control = try NormControl(
        .dense, { ch03_preprocessing.Net.normalized.layers(for: train.sampleShape) }, rate: 1, SGD(), epochs: epochs,
        seeds: [1, 2, 3, 4, 5, 6, 7, 8], count: train.count, dark, inverted(test), mean: MeanImage.fit(dark.inputs),
        ticker: Ticker("dense, batch norm", total: 16, run))
      findings.norms = (findings.norms ?? []).filter { $0.net != .dense } + [control]
    }
  }
}
