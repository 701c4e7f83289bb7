// Plain convolutional nets of several depths: which first weights let them learn.

import Workbook

/// Nets of 3×3 convolutions with ReLUs and without normalization, trained from He's, Xavier's and PyTorch's weights.
struct ConvDepths: Codable, Sendable {
  static let depths = [4, 8, 12, 16, 24]
  static let channels = 8
  static let steps = 500
  /// The seed that chooses the rates; the nets are judged with others.
  static let choosingSeed: UInt64 = 99

  /// The weight layers of each net: the convolutions and one dense layer.
  var depths: [Int]
  /// [start of `starts`][depth]: the rate chosen, and the test error in per cent.
  var rates: [[Float]]
  var errors: [[Summary]]

  /// The starts, with the rates that are tried for each: smaller gradients need larger ones.
  static var starts: [(start: Start, rates: [Float])] {
    let raced = Start.raced(depth: WeightInit.deep)
    let large: [Float] = [0.01, 0.03, 0.1, 0.3]
    return [(raced[1], [0.001, 0.003, 0.01, 0.03]), (raced[0], large), (.pyTorch, large)]
  }

  /// The greatest depth at which every seed learns; 0 where there is none.
  func learned(_ start: Int) -> Int {
    zip(depths, errors[start]).filter { $0.1.maximum < DepthStudy.learned }.last?.0 ?? 0
  }

  /// `up to 4 layers (8 did not, at rates up to 0.3)`.
  func edge(_ start: Int, _ gaps: GapFindings? = nil) -> String {
    let reach = "up to \(learned(start)) layers"
    guard let next = depths.first(where: { $0 > learned(start) }) else { return reach }
    var largest = Self.starts[start].rates.max() ?? 0
    if let gaps, start == 2, next == GapFindings.convolutionDepth {
      if gaps.convolutionsLearn { return "\(reach) at rates up to \(short(Double(largest))) (\(next) at larger ones)" }
      largest = GapFindings.convolutionRates.max() ?? largest
    }
    return "\(reach) (\(next) did not, at rates up to \(short(Double(largest))))"
  }

  /// How many of the nets of the next depth learn; empty where none does, or all.
  private func some(_ start: Int) -> String {
    guard let place = depths.firstIndex(where: { $0 > learned(start) }) else { return "" }
    let nets = errors[start][place]
    let learning = nets.values.count { $0 < DepthStudy.learned }
    return learning == 0
      ? ""
      : " (With \(depths[place]) layers \(learning) of \(nets.count) nets from \(Self.weights[start]) weights learn.)"
  }

  /// Whether He's weights reach deepest.
  var heIsDeepest: Bool { learned(0) > max(learned(1), learned(2)) }
}

// snippet: plainConvNet
/// A plain net of `depth` weight layers: 3×3 convolutions with
/// ReLUs on the digits reduced to 14×14, and one dense layer.
func plainConvNet(
  _ start: Start, depth: Int, channels: Int, rate: Float,
  on digits: Dataset, seed: UInt64
) throws -> Trainer {
  var layers: [any Layer] = [AveragePool(2)]
  for index in 1..<depth {
    layers.append(
      Conv2D(
        index == 1 ? 1 : channels, channels, kernel: 3, padding: 1,
        bias: start.hasBiases, initializer: start.initializer))
    layers.append(start.layer)
  }
  let outputs = 14 * 14 * channels
  layers += [
    Flatten(),
    Dense(outputs, 10, bias: start.hasBiases, initializer: start.initializer),
  ]
  var model = try Model(
    Sequential(layers), input: digits.sampleShape, seed: seed)
  if start.hasBiases { model.drawBiases(seed: seed) }
  return Trainer(
    model, loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9),
    schedule: ConstantRate(rate), batchSize: 32, seed: seed)
}
// snippet.end

extension ConvDepths {
  /// Measures depth by depth; `keep` hears of each when it is done.
  static func measured(
    on digits: DigitSets, seeds: [UInt64], report: () -> Void = {}, keep: (ConvDepths) throws -> Void
  ) throws -> ConvDepths {
    var found = ConvDepths(depths: [], rates: starts.map { _ in [] }, errors: starts.map { _ in [] })
    for depth in depths {
      found.depths.append(depth)
      for place in starts.indices {
        let net = try trained(place, depth: depth, on: digits, seeds: seeds, report: report)
        found.rates[place].append(net.rate)
        found.errors[place].append(net.errors)
      }
      try keep(found)
    }
    return found
  }

  /// Trains the nets of one start and depth, at the rate that another seed has chosen.
  static func trained(
    _ place: Int, depth: Int, on digits: DigitSets, seeds: [UInt64], report: () -> Void = {}
  ) throws -> (rate: Float, errors: Summary) {
    let (start, rates) = starts[place]
    func train(_ rate: Float, _ seed: UInt64) throws -> (validation: Double, test: Double) {
      report()
      let trainer = try plainConvNet(
        start, depth: depth, channels: channels, rate: rate, on: digits.train, seed: seed)
      return try DepthStudy.errors(after: steps * 32 / digits.train.count, of: trainer, on: digits)
    }
    let judged = try inParallel(rates.count) { try train(rates[$0], choosingSeed).validation }
    let best = judged.indices.min { judged[$0] < judged[$1] } ?? 0
    let errors = try inParallel(seeds.count) { try train(rates[best], seeds[$0]).test }
    // To one digit behind the point: there are 1000 test digits.
    return (rates[best], Summary(errors).rounded(decimals: 1))
  }

  /// How many trainings it takes.
  static func trainings(seeds: Int) -> Int { depths.count * starts.reduce(0) { $0 + $1.rates.count + seeds } }
}

extension ConvDepths {
  /// Whose weights the starts have.
  private static let weights = ["He's", "Xavier's", "PyTorch's"]

  /// The larger rates that were tried with PyTorch's weights in one net; empty where none were.
  private func further(_ gaps: GapFindings?) -> String {
    guard gaps != nil, let low = GapFindings.convolutionRates.min(), let high = GapFindings.convolutionRates.max()
    else {
      return ""
    }
    return " There, with \(GapFindings.convolutionDepth) layers, also \(short(Double(low))) to \(short(Double(high)))."
  }

  /// How deep a net of each start learns.
  func add(to page: inout Page, _ findings: WeightInit.Findings) {
    let reach = Self.weights.indices.map {
      "\(WeightInit.atLeast(learned($0), of: depths.last ?? 0)) from \(Self.weights[$0])"
    }.joined(separator: ", ")
    page.prose(
      """
      \(heIsDeepest
        ? "**The first weights decide with convolutions as well.**" : "With convolutions the size of the first weights does not decide.") \
      We train plain nets of 3×3 convolutions, without normalization, on digits.
      """)
    page.figure(
      Figure(
        "Plain convolutional nets: the deepest that learns with every seed has \(reach) weights",
        .lines(
          LineChart(
            x: Axis("layers of the net", ticks: depths.map { (Double($0), "\($0)") }),
            y: Axis("test digits read wrongly (%)", range: 0...100),
            Self.starts.indices.flatMap { start in
              let nets = depths.indices.flatMap { place in
                errors[start][place].values.map { (Double(depths[place]), $0) }
              }
              return [
                Series(
                  Self.starts[start].start.name, x: depths.map { Double($0) }, y: errors[start].map(\.mean),
                  deviation: errors[start].map(\.deviation), drawsDeviation: false, style: .line,
                  isEmphasized: start == 0, color: [4, 3, 6][start]),
                Series("", x: nets.map(\.0), y: nets.map(\.1), style: .points, color: [4, 3, 6][start]),
              ]
            },
            references: [.init(.horizontal, at: DepthStudy.guessing, "guessing")])),
        caption: """
          Convolutions of \(Self.channels) channels with ReLUs and a border of zeros on digits (\(findings.data)) reduced to 14×14, \
          then one dense layer. \(Self.steps) steps of SGD with momentum, each net at the best of 4 rates, which another seed chose. Points: \
          the nets of \(counted(errors[0].first?.count ?? 0, "seed")); lines: their means. These depths are bounds of this search, not borders: from Xavier's weights no rate below \(short(Double(Self.starts[1].rates.min() ?? 0))) was tried.
          """,
        name: "conv-depths"))
    page.project(
      heIsDeepest
        ? "With plain convolutions the first weights decide as well" : "How deep can plain convolutions be?")
    page.fold("The plain convolutional net, in code") { page in
      page.code("plainConvNet", in: "ConvDepths.swift")
      page.prose(
        Self.starts.map { start, rates in
          "Tried for *\(start.name)*: \(short(Double(rates.min() ?? 0))) to \(short(Double(rates.max() ?? 0)))."
        }.joined(separator: " ") + further(findings.gaps) + some(1))
    }
  }
}
