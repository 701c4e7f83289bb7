// Three controls of the nets of several depths: Adam from He's weights, Adam from Xavier's at smaller rates, and
// PyTorch's own first weights; and what a fresh net shows before it is trained.

import Foundation
import Workbook

extension Start {
  /// What `nn.Linear` of PyTorch begins with: weights and biases uniform within ±1/√Dᵢₙ.
  static let pyTorch = Start(
    name: "ReLU, PyTorch's default", activation: .relu, initializer: .torchUniform, hasBiases: true)

  /// Draws biases as PyTorch does.
  func drawBiases(of model: inout Model, seed: UInt64) {
    guard hasBiases else { return }
    var generator = SeededGenerator(seed: seed, stream: 5)
    for place in model.layers.entries.indices {
      switch model.layers.entries[place].layer {
      case var dense as Dense:
        draw(&dense.bias, behind: dense.weight, using: &generator)
        model.layers.entries[place].layer = dense
      case var convolution as Conv2D:
        draw(&convolution.bias, behind: convolution.weight, using: &generator)
        model.layers.entries[place].layer = convolution
      default: continue
      }
    }
  }
}

/// Fills biases uniformly within ±1/√Dᵢₙ of the weights that they belong to.
private func draw(_ bias: inout Parameter?, behind weight: Parameter, using generator: inout SeededGenerator) {
  guard var drawn = bias else { return }
  let fans = Fans(weightShape: weight.value.shape)
  Initializer.uniform(limit: 1 / Float(fans.fanIn).squareRoot()).fill(&drawn.value, fans: fans, using: &generator)
  bias = drawn
}

/// Nets of several depths once more, each at the best of several rates, judged as `DepthStudy` judges.
struct DepthControls: Codable, Sendable {
  /// One start and optimizer at several depths.
  struct Line: Codable, Sendable {
    var depths: [Int]
    /// The rate chosen at each depth, and the test error there in per cent.
    var rates: [Float]
    var errors: [Summary]

    /// Adds a depth at its place.
    mutating func insert(_ depth: Int, _ rate: Float, _ error: Summary) {
      let place = depths.firstIndex { $0 > depth } ?? depths.count
      depths.insert(depth, at: place)
      rates.insert(rate, at: place)
      errors.insert(error, at: place)
    }

    /// The greatest depth at which every seed learns; 0 where there is none.
    var learned: Int { zip(depths, errors).filter { $0.1.maximum < DepthStudy.learned }.last?.0 ?? 0 }
    var deepest: Summary? { errors.last }
  }

  static let rates: [Float] = [0.00001, 0.00003, 0.0001, 0.0003, 0.001]
  static let heDepths = [2, 10, 18, 30]
  static let pyTorchDepths = [2, 4, 6, 8, 10]
  static let pyTorchRates: [Float] = [0.01, 0.03, 0.1, 0.3]

  /// He's weights with Adam; Xavier's in the deepest net, at rates below those tried before; PyTorch's with SGD.
  var he: Line
  var xavier: Line
  var pyTorch: Line
  var looks: [FreshLook]
}

extension DepthControls {
  /// Measures them, the looks and the deepest nets first; `keep` hears of each depth when it is done.
  static func measured(
    width: Int, epochs: Int, on digits: DigitSets, seeds: [UInt64], choosing: Int, report: () -> Void = {},
    keep: (DepthControls) throws -> Void
  ) throws -> DepthControls {
    let none = Line(depths: [], rates: [], errors: [])
    var controls = DepthControls(
      he: none, xavier: none, pyTorch: none, looks: try FreshLook.all(width: width, on: digits.train, seeds: seeds))
    func measure(
      _ line: WritableKeyPath<DepthControls, Line>, _ start: Start, _ depths: [Int], _ rates: [Float],
      _ optimizer: any Optimizer
    ) throws {
      for depth in depths {
        let run = try DepthStudy.trained(
          start, depth: depth, width: width, rates: rates, epochs: epochs, optimizer, on: digits, seeds: seeds,
          choosing: choosing, report: report)
        controls[keyPath: line].insert(depth, run.rate, run.error)
        try keep(controls)
      }
    }
    let starts = Start.raced(depth: WeightInit.deep)
    // The smallest rate is for Xavier's weights alone.
    let ofHe = Array(rates.dropFirst())
    try measure(\.he, starts[1], [WeightInit.deep], ofHe, Adam())
    try measure(\.xavier, starts[0], [WeightInit.deep], Array(rates.dropLast()), Adam())
    try measure(\.pyTorch, .pyTorch, pyTorchDepths, pyTorchRates, SGD(momentum: 0.9))
    try measure(\.he, starts[1], heDepths.filter { $0 != WeightInit.deep }, ofHe, Adam())
    return controls
  }

  /// How many trainings it takes.
  static func trainings(seeds: Int, choosing: Int) -> Int {
    let nets = [(heDepths.count, rates.count - 1), (1, rates.count - 1), (pyTorchDepths.count, pyTorchRates.count)]
    return nets.reduce(0) { $0 + $1.0 * ($1.1 * choosing + seeds - choosing) }
  }
}

extension WeightInit.Findings {
  /// The test errors of Xavier's nets with Adam at each of `DepthStudy.depths`, the deepest at the smaller rates too.
  var xavierWithAdam: [Summary]? {
    furtherDepths.map { further in
      (controls?.xavier.deepest).map { further.adam.dropLast() + [$0] } ?? further.adam
    }
  }

  /// What to remember of Adam, where it was measured from both weights.
  var adamLesson: String {
    guard let xavier = xavierWithAdam?.last, let he = controls?.he.deepest else { return "" }
    return (xavier - he).worded(
      above: " Adam learns there all the same, but better from He's weights.",
      below: " Adam learns there all the same, and even better than from He's weights.",
      withinChance: " Adam learns there all the same, as well as from He's weights.")
  }
}

extension DepthControls {
  /// The three looks at each fresh net, and what becomes of it.
  func looksTable(_ findings: WeightInit.Findings) -> Table {
    Table(
      "One batch of 256 digits through fresh nets of \(findings.depths?.width ?? 128) units. *Outputs*: their size in the last hidden layer, that in the first is 1. *Step*: of the first layer, at the rate \(short(FreshLook.rate)). Errors on test digits (%) after \(grouped(findings.depths?.steps ?? 0)) steps, each at its own rate; –: not trained",
      columns: ["initialization", "layers", "first loss", "outputs", "step", "SGD", "Adam"],
      rows: looks.map { look in
        [
          .text(look.name), TableCell(look.depth), .text(fixed(look.loss, 2)), .text(short(look.outputs)),
          .text(short(FreshLook.rate * look.first)), .text(errors(of: look, findings).map { fixed($0, 0) } ?? "–"),
          .text(errorsWithAdam(of: look, findings).map { fixed($0, 0) } ?? "–"),
        ]
      })
  }

  /// The test error of a fresh look's net after its training with SGD, where it was trained.
  private func errors(of look: FreshLook, _ findings: WeightInit.Findings) -> Double? {
    let lecture = Start.lecture
    func error(_ start: Int) -> Double? { findings.depths?.errors(start, at: look.depth)?.mean }
    return switch look.name {
    case FreshLook.starts[0].start.name: findings.gaps?.small.mean
    case FreshLook.starts[1].start.name: findings.furtherDepths?.saturated.mean
    case lecture[2].name: error(2)
    case lecture[3].name: error(0)
    case lecture[4].name: error(1)
    default: findings.gaps?.pyTorch.mean
    }
  }

  /// The same with Adam.
  private func errorsWithAdam(of look: FreshLook, _ findings: WeightInit.Findings) -> Double? {
    if look.name == Start.lecture[4].name { return zip(he.depths, he.errors).first { $0.0 == look.depth }?.1.mean }
    guard look.name == Start.lecture[3].name, let place = DepthStudy.depths.firstIndex(of: look.depth) else {
      return nil
    }
    return findings.xavierWithAdam.flatMap { $0.indices.contains(place) ? $0[place].mean : nil }
  }

  /// How deep a net of PyTorch's first weights learns; nothing where that was not measured.
  func pyTorchWords(_ convolutions: ConvDepths?, _ gaps: GapFindings?) -> String {
    pyTorch.depths.isEmpty
      ? ""
      : "**A plain net of dense ReLU layers with it learned up to \(pyTorch.learned) layers in our short training**\(pyTorch.depths.first { $0 > pyTorch.learned }.map { " (\($0) did not, at rates up to \(short(Double(Self.pyTorchRates.max() ?? 0))))" } ?? "")\(convolutions.map { "; of convolutions, \($0.edge(2, gaps))" } ?? "; convolutions were not tried")."
  }

  /// That with Adam nets of equal depth err more where the outputs are smaller; empty where they do not.
  private func adamOutputs(_ findings: WeightInit.Findings) -> String {
    let deepest = looks.filter { $0.depth == WeightInit.deep }.compactMap { look in
      errorsWithAdam(of: look, findings).map { (outputs: look.outputs, error: $0) }
    }.sorted { $0.outputs > $1.outputs }
    guard deepest.count == 2, deepest[1].error > deepest[0].error else { return "" }
    return
      " For Adam look at the outputs: with \(WeightInit.deep) layers, \(short(deepest[1].outputs)) goes with \(fixed(deepest[1].error, 0)) % errors, \(short(deepest[0].outputs)) with \(fixed(deepest[0].error, 0)) %."
  }

  /// What the looks find.
  func looksReading(_ findings: WeightInit.Findings) -> String {
    guard looks.count == FreshLook.starts.count else { return "" }
    let (small, loud, torch) = (looks[0], looks[1], looks[looks.count - 1])
    let trained = looks.compactMap { look in
      errors(of: look, findings).map { (step: FreshLook.rate * look.first, learns: $0 < DepthStudy.learned) }
    }
    let moving = trained.filter(\.learns).map(\.step).min() ?? 0
    let still = trained.filter { !$0.learns }.map(\.step).max() ?? .infinity
    guard moving > still, loud.loss > 1 + log(10), small.outputs < 0.5 else { return "" }
    let adam = looks.contains { look in
      FreshLook.rate * look.first <= still && (errorsWithAdam(of: look, findings) ?? 100) < DepthStudy.learned
    }
    return """
      **With SGD only the third look separates those of these \(trained.count) nets that learn from the others:** those with steps of \
      \(short(moving)) and more do, those with \(short(still)) and less do not. (This border was read off the same nets.)\(adam ? " It says nothing about Adam, whose first step moves every weight by about the learning rate, however small the gradient is.\(adamOutputs(findings))" : "")

      The other looks find what is wrong before it does harm: the first loss finds weights that are too large (*\(loud.name)*), the outputs those that are too small \
      (*\(small.name)*). In thirty layers of PyTorch's default the biases keep the outputs alive, so only the step, \(short(FreshLook.rate * torch.first)), shows the fault.
      """
  }
}

/// What one batch shows of a net that has not been trained, means over the seeds.
struct FreshLook: Codable, Sendable {
  var name: String
  var depth: Int
  var loss: Double
  /// The size of the outputs of the last hidden layer over that of the first.
  var outputs: Double
  /// ‖∂L/∂W‖/‖W‖ of the first and of the last layer: what a step at the rate 1 moves.
  var first: Double
  var last: Double

  /// The rate at which the table counts a step.
  static let rate = 0.01

  /// The starts that are looked at, and how deep.
  static var starts: [(start: Start, depth: Int)] {
    let (lecture, deep) = (Start.lecture, WeightInit.deep)
    func tanh(_ name: String, _ gain: Float) -> Start {
      Start(name: name, activation: .tanh, initializer: .scaled(.fanIn, .normal, gain: gain))
    }
    let nets = [tanh("tanh, g = 0.64", 0.64), tanh("tanh, g = 3.2", 3.2)] + lecture[2...]
    return nets.map { ($0, WeightInit.depth) } + [14, 18, deep].map { (lecture[3], $0) }
      + [(lecture[4], deep), (.pyTorch, deep)]
  }

  /// Looks at all of them; those that are known are taken as they are.
  static func all(width: Int, on digits: Dataset, seeds: [UInt64], known: [FreshLook] = []) throws -> [FreshLook] {
    let batch = digits.batch(first: 256)
    return try starts.map { start, depth in
      if let look = known.first(where: { $0.name == start.name && $0.depth == depth }) { return look }
      let looks = try seeds.map { seed -> [Double] in
        var model = try deepTrainer(start, depth: depth, width: width, rate: 1, on: digits, seed: seed).model
        var pass = Pass(.training)
        let loss = model.step(batch, SoftmaxCrossEntropy(), in: &pass)
        var moves: [Double] = []
        model.visitParameters { _, parameter in
          if parameter.decays { moves.append(length(parameter.gradient) / length(parameter.value)) }
        }
        // Flatten, then a dense layer and an activation for each hidden layer.
        let sizes = [2, 2 * (depth - 1)].map { length(model.layers.activation(at: $0)) }
        return [loss, sizes[1] / sizes[0], moves[0], moves[moves.count - 1]]
      }
      // To four digits: a record is not a place for rounding errors.
      let means = (0..<4).map { place in
        rounded(Summary(looks.map { $0[place] }).mean, digits: 4)
      }
      return FreshLook(
        name: start.name, depth: depth, loss: means[0], outputs: means[1], first: means[2], last: means[3])
    }
  }

  private static func length(_ tensor: Tensor) -> Double {
    tensor.elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
