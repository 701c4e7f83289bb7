// The experiments of chapter 3 in their order.

import Workbook

extension Preprocessings {
  static func measure(_ run: ChapterRun, _ options: PreprocessingOptions) throws -> Findings {
    if options.part == .photographs {
      try measurePhotographs(run, from: options.shared.data)
      try run.endWithoutPage()
    }
    if options.part == .photographSettings {
      try measureSettings(run, from: options.shared.data)
      try run.endWithoutPage()
    }
    if options.part == .pictures {
      try measureStrips(run, from: options.shared.data)
      try run.endWithoutPage()
    }
    let digits = try Digits.load(
      from: options.shared.data, transform: PixelTransform(), count: run.pick(quick: 1_500, normal: 6_000, full: 60_000)
    ).having(run.pick(quick: 1_500, normal: 4_000, full: 10_000))
    let seeds = run.seeds(quick: 1, normal: 5, full: 5)
    let offsets = run.pick(
      quick: [0, 3], normal: [0, 0.5, 1, 1.5, 2, 2.5, 3, 4], full: [0, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4])
    // A quick run halves the images: eigenvectors of 784 pixels, and pictures of them, take most of its time.
    let isHalved = run.pick(quick: true, normal: false, full: false)
    func first(_ count: Int, of digits: Dataset) -> TensorSamples {
      let samples = TensorSamples(digits, first: count)
      return isHalved ? halved(samples) : samples
    }
    let train = first(run.pick(quick: 800, normal: 3_000, full: 6_000), of: digits.train)
    let test = first(run.pick(quick: 500, normal: 2_000, full: 10_000), of: digits.test)
    // Images after those that train: they choose the rates.
    let both = first(train.count + run.pick(quick: 400, normal: 1_000, full: 4_000), of: digits.train)
    let validation = both.at(Array(train.count..<both.count))
    let epochs = run.pick(quick: 2, normal: 3, full: 5)
    if options.part == .rule {
      try measureRule(run, data: digits.name, train, validation, test, epochs: epochs)
      try run.endWithoutPage()
    }
    if options.part == .norm {
      try measureNorm(run, data: digits.name, train, test, epochs: epochs)
      try run.endWithoutPage()
    }
    let fits = Fits(train.inputs, epsilon: epsilon)
    run.stopIfInterrupted()
    let plan = Plan(
      run: run, train: train, validation: validation, test: test, seeds: seeds,
      rates: run.pick(
        quick: [0.1, 0.3], normal: [0.01, 0.03, 0.1, 0.3, 1, 3], full: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]),
      epochs: epochs)
    if options.part == .long || options.part == .paper {
      try addToRecord(
        on: digits.name, in: run,
        where: { $0.seeds == seeds && $0.data == digits.name && $0.digits.trainingCount == train.count }
      ) { findings, _ in
        if options.part == .long {
          findings.longPaper = try plan.longPaper()
        } else {
          findings.channelPaper = try plan.channelPaper()
        }
      }
      try run.endWithoutPage()
    }
    if options.controls {
      try measureControlsAgain(plan, fits, data: digits.name)
      try run.endWithoutPage()
    }
    return Findings(
      data: digits.name, seeds: seeds, valleys: offsets.map { Valley(offset: $0, seed: run.seed) },
      valleyAt3: Valley(offset: 3, seed: run.seed),
      clouds: Method.allCases.map { method in
        seeds.enumerated().map { index, seed in
          var report = cloudReport(method, seed: seed)
          if index > 0 { (report.x, report.y) = ([], []) }
          return report
        }
      },
      digits: measureDigits(train, fits), epochs: plan.epochs, learning: try plan.learning(fits),
      convolution: try plan.convolution(fits), ink: try plan.ink(), signs: try measureSigns(plan, fits),
      whitening: try plan.whitening(fits), controls: try plan.controls(fits),
      paper: try plan.paper(), otherNets: run.isFull ? try plan.otherNets() : nil,
      spectrum: run.isFull ? try SpectrumFindings(train, fits) : nil, leaks: measureLeaks(run))
  }

  /// Measures the controls and the ε of whitening alone, and writes the recorded findings with them.
  ///
  /// - Throws: `DataError` where there is no record, or one of another size.
  private static func measureControlsAgain(_ plan: Plan, _ fits: Fits, data: String) throws {
    try addToRecord(
      on: data, in: plan.run,
      where: { $0.seeds == plan.seeds && $0.data == data && $0.digits.trainingCount == plan.train.count }
    ) { findings, _ in
      findings.controls = try plan.controls(fits)
      findings.whitening.rates = try plan.sweeps(findings.whitening.epsilons, fits)
    }
  }

  private static func measureDigits(_ train: TensorSamples, _ fits: Fits) -> DigitFindings {
    return DigitFindings(
      trainingCount: train.count, size: train.sampleShape.count, pixelMean: moments(train.inputs.elements).mean,
      pixelDeviation: Double(fits.channelStandard.standardDeviation[0]),
      shares: explained(fits.principal))
  }

  private static func measureSigns(_ plan: Plan, _ fits: Fits) throws -> SignFindings {
    func shares(_ batch: Int) throws -> [Summary] {
      try [Method.raw, .meanImage].map { method in
        let prepared = plan.train.prepared(by: fits[method])
        let batches = plan.run.pick(quick: 10, normal: 20, full: 50)
        return Summary(
          try plan.seeds.map { 100 * (try oneSignShare(prepared, batch: batch, batches: batches, seed: $0)) })
      }
    }
    return SignFindings(single: try shares(1), batch: try shares(32))
  }

  private static func measureLeaks(_ run: ChapterRun) -> LeakFindings {
    let choice = LeakFindings.Choice(count: 100, features: 2_000, chosen: 20)
    let choices = run.seeds(quick: 3, normal: 8, full: 20).map { seed in
      chooseFeatures(count: choice.count, features: choice.features, chosen: choice.chosen, seed: seed)
    }
    return LeakFindings(choices: choices, choice: choice)
  }

  /// What all trainings of the network have in common.
  private struct Plan {
    var run: ChapterRun
    var train: TensorSamples
    var validation: TensorSamples
    var test: TensorSamples
    var seeds: [UInt64]
    var rates: [Float]
    var epochs: Int

    func learning(_ fits: Fits) throws -> LearningExperiment {
      let ticker = Ticker("dense net", total: Method.allCases.count * rates.count * seeds.count, run)
      defer { ticker.finish() }
      return try LearningExperiment(
        fits.only(Method.allCases), rates: rates, epochs: epochs, train: train, validation: validation, test: test,
        seeds: seeds, ticker: ticker)
    }

    /// The same in a net whose filters need neighbours; what is whitened is turned back to pixels.
    func convolution(_ fits: Fits) throws -> LearningExperiment {
      var preparations = fits.only(Method.allCases.filter { $0 != .whitened })
      preparations[.whitened] = Whitening(fits.principal, epsilon: Preprocessings.epsilon, rotatesBack: true)
      let rates = filterRates
      let ticker = Ticker("convolutional net", total: preparations.count * rates.count * seeds.count, run)
      defer { ticker.finish() }
      return try LearningExperiment(
        preparations, on: .convolutional, rates: rates, epochs: epochs, train: train, validation: validation,
        test: test,
        seeds: seeds, ticker: ticker)
    }

    /// Black on white.
    func ink() throws -> LearningExperiment {
      let (dark, darkTest) = (inverted(train), inverted(test))
      return try LearningExperiment(
        [.raw: AsTheyAre(), .meanImage: MeanImage.fit(dark.inputs)], rates: rates, epochs: epochs, train: dark,
        validation: inverted(validation), test: darkTest, seeds: seeds)
    }

    /// The rates of the convolutional net.
    private var filterRates: [Float] {
      run.pick(quick: [0.1], normal: [0.03, 0.1, 0.3, 1], full: [0.01, 0.03, 0.1, 0.3, 1])
    }

    /// Raw and centred pixels on white paper, in any net.
    private func onPaper(
      _ name: String, _ net: Net, rates: [Float], _ optimizer: any Optimizer = SGD()
    ) throws -> PaperNet {
      let dark = inverted(train)
      let ticker = Ticker(name, total: 2 * rates.count * seeds.count, run)
      defer { ticker.finish() }
      return PaperNet(
        try LearningExperiment(
          [.raw: AsTheyAre(), .meanImage: MeanImage.fit(dark.inputs)], on: net, rates: rates, epochs: epochs,
          train: dark, validation: inverted(validation), test: inverted(test), optimizer: optimizer, seeds: seeds,
          ticker: ticker))
    }

    /// Black on white in the convolutional net.
    func paper() throws -> PaperNet {
      try onPaper("white paper, filters", .convolutional, rates: smallFilterRates)
    }

    /// The rates of the convolutional net on white paper: a valley that is narrower than on black, so smaller ones as well.
    private var smallFilterRates: [Float] { run.pick(quick: [], normal: [0.01], full: [0.001, 0.003]) + filterRates }

    /// The channel mean on white paper, in both nets.
    func channelPaper() throws -> ChannelPaper {
      let dark = inverted(train)
      func end(_ net: Net, _ rates: [Float]) throws -> PaperNet.End {
        let ticker = Ticker("channel mean, \(net.rawValue)", total: rates.count * seeds.count, run)
        defer { ticker.finish() }
        return PaperNet.End(
          try LearningExperiment(
            [.channelMean: ChannelMean.fit(dark.inputs)], on: net, rates: rates, epochs: epochs, train: dark,
            validation: inverted(validation), test: inverted(test), seeds: seeds, ticker: ticker), .channelMean)
      }
      return ChannelPaper(dense: try end(.dense, rates), filters: try end(.convolutional, smallFilterRates))
    }

    /// White paper in the dense net, trained for longer.
    func longPaper() throws -> PaperNet {
      var long = self
      long.epochs = Findings.longEpochs
      return try long.onPaper(
        "white paper, \(long.epochs) epochs", .dense, rates: rates.filter { (0.005...2).contains($0) })
    }

    /// The same with what most nets of today have, and pixels that were not divided by 255.
    func otherNets() throws -> PaperFindings {
      let small: [Float] = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1]
      let bytes = try LearningExperiment(
        [.raw: Bytes()], rates: small.dropLast() + rates.filter { $0 > 0.05 }, epochs: epochs, train: train,
        validation: validation, test: test, seeds: seeds)
      return PaperFindings(
        adam: try onPaper("white paper, Adam", .dense, rates: small, Adam()),
        normalized: try onPaper("white paper, batch norm", .normalized, rates: rates),
        bytes: PaperNet.End(bytes, .raw))
    }

    /// The sweep over ε.
    func whitening(_ fits: Fits) throws -> WhiteningFindings {
      let epsilons = run.pick(
        quick: [0.001, 0.1], normal: [0.0001, 0.001, 0.01, 0.1, 1, 3],
        full: [0.0001, 0.001, 0.01, 0.03, 0.1, 0.3, 1, 3])
      return WhiteningFindings(epsilons: epsilons, rates: try sweeps(epsilons, fits))
    }

    /// Each ε at the best of its rates.
    func sweeps(_ epsilons: [Double], _ fits: Fits) throws -> [WhiteningFindings.Sweep] {
      try epsilons.map { value in
        run.stopIfInterrupted()
        let rates = run.isQuick ? [0.3] : WhiteningFindings.rates(for: value)
        let experiment = try LearningExperiment(
          [.whitened: Whitening(fits.principal, epsilon: Float(value))], rates: rates, epochs: epochs, train: train,
          validation: validation, test: test, seeds: seeds)
        let place = experiment.errorRate(.whitened)
        return .init(
          rate: Double(rates[place]), isAtEnd: rates.count > 1 && [0, rates.count - 1].contains(place),
          error: experiment.best(.whitened).error)
      }
    }

    /// Of several things that an experiment changes, one alone.
    func controls(_ fits: Fits) throws -> ControlFindings {
      run.stopIfInterrupted()
      let dark = inverted(train)
      let centring = MeanImage.fit(dark.inputs)
      let factor = sizeRatio(dark.inputs, centring.apply(dark.inputs))
      // The smaller ones for the mean, which makes a narrow valley.
      func reduced(_ isNarrow: Bool) -> [Float] {
        isNarrow ? rates.filter { $0 < 0.5 } : rates.filter { $0 > 0.05 }
      }
      func onWhite(_ method: Method, _ preparation: any Preprocessing, _ factor: Double) throws -> LearningExperiment {
        try LearningExperiment(
          [method: preparation], rates: run.isQuick ? rates : reduced(method == .raw), epochs: epochs, train: dark,
          validation: inverted(validation),
          test: inverted(test), firstWeights: Float(factor), seeds: seeds)
      }
      func inPictures(_ method: Method, _ preparation: any Preprocessing) throws -> LearningExperiment {
        try LearningExperiment(
          [method: preparation], on: .convolutional,
          rates: run.pick(quick: [0.1], normal: [0.1, 0.3], full: [0.03, 0.1, 0.3, 1]), epochs: epochs, train: train,
          validation: validation, test: test, seeds: seeds)
      }
      return ControlFindings(
        sums: SumControl(
          factor: factor, raw: try onWhite(.raw, AsTheyAre(), 1 / factor),
          centred: try onWhite(.meanImage, centring, factor)),
        shuffled: try inPictures(.raw, ShuffledPixels.fit(train.inputs)),
        scattered: try inPictures(
          .principal, InTurn(fits.principal, ShuffledPixels.fit(train.inputs))))
    }
  }
}
