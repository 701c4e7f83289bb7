// A control of the nets of several depths, PyTorch's own first weights; and what a fresh net shows before it is trained.

import Foundation
import Workbook

extension Start {
  /// What `nn.Linear` of PyTorch begins with: weights and biases uniform within ±1/√Dᵢₙ.
  static let pyTorch = Start(
    name: "ReLU, PyTorch's default", activation: .relu, initializer: .torchUniform, hasBiases: true)
}

/// Nets of several depths from PyTorch's weights, judged as `DepthStudy` judges.
struct DepthControls: Codable, Sendable {
  /// One start at several depths.
  struct Line: Codable, Sendable {
    var depths: [Int]
    /// The rate chosen at each depth, and the test error there in per cent.
    var rates: [Float]
    var errors: [Summary]

    /// The greatest depth at which every seed learns; 0 where there is none.
    var learned: Int { zip(depths, errors).filter { $0.1.maximum < DepthStudy.learned }.last?.0 ?? 0 }
  }

  static let pyTorchDepths = [2, 4, 6, 8, 10]
  static let pyTorchRates: [Float] = [0.01, 0.03, 0.1, 0.3]

  var pyTorch: Line
  var looks: [FreshLook]
}

extension DepthControls {
  /// Measures them, the looks first; `keep` hears of each depth when it is done.
  static func measured(
    width: Int, epochs: Int, on digits: DigitSets, seeds: [UInt64], choosing: Int, report: () -> Void = {},
    keep: (DepthControls) throws -> Void
  ) throws -> DepthControls {
    var controls = DepthControls(
      pyTorch: Line(depths: [], rates: [], errors: []),
      looks: try FreshLook.all(width: width, on: digits.train, seeds: seeds))
    for depth in pyTorchDepths {
      let run = try DepthStudy.trained(
        .pyTorch, depth: depth, width: width, rates: pyTorchRates, epochs: epochs, SGD(momentum: 0.9), on: digits,
        seeds: seeds, choosing: choosing, report: report)
      controls.pyTorch.depths.append(depth)
      controls.pyTorch.rates.append(run.rate)
      controls.pyTorch.errors.append(run.error)
      try keep(controls)
    }
    return controls
  }

  /// How many trainings it takes.
  static func trainings(seeds: Int, choosing: Int) -> Int {
    pyTorchDepths.count * (pyTorchRates.count * choosing + seeds - choosing)
  }
}

extension DepthControls {
  /// The three looks at each fresh net, and what becomes of it.
  func looksTable(_ findings: WeightInit.Findings) -> Table {
    Table(
      "One batch of 256 digits\(findings.own?.inputSize.map { " (of size \(short($0, digits: 2)))" } ?? "") through fresh nets of \(findings.depths?.width ?? 128) units; errors on test digits (%) after \(grouped(findings.depths?.steps ?? 0)) steps, each at its own rate (–: not trained)",
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
    OwnCase.starts.firstIndex { $0.name == look.name }.flatMap { findings.own?.adam($0, at: look.depth)?.errors.mean }
  }

  /// How deep a net of PyTorch's first weights learns; nothing where that was not measured.
  func pyTorchWords(_ convolutions: ConvDepths?, _ gaps: GapFindings?) -> String {
    pyTorch.depths.isEmpty
      ? ""
      : "With SGD plain nets learned from it up to \(pyTorch.learned) dense layers\(convolutions.map { ", those of convolutions \($0.edge(2, gaps))" } ?? "")."
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
    let torchFails = (errorsWithAdam(of: torch, findings) ?? 0) > DepthStudy.learned
    return """
      **With SGD only the third look separates those of these \(trained.count) nets that learn from the others:** those with steps of \
      \(short(moving)) and more do, those with \(short(still)) and less do not. (This border was read off the same nets.)\(adam ? " **With Adam go by the first two looks**: its first step moves every weight by about the learning rate, whatever the third look says, unless the gradient is far below its ε of $10^{-8}$\(torchFails ? " (as with PyTorch's default)" : "")." : "")

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
