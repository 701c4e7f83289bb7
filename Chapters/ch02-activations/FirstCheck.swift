// What a check of the first weights prints for the deep net before training, and a net of convolutions for the same weights.

import Foundation
import Workbook

/// Some layers of a deep net before its first step, on one batch.
struct FirstCheck: Codable, Sendable {
  /// What is printed for a layer: how far the sums of a unit differ from image to image, and the length of the gradient of its weights.
  struct Row: Codable, Sendable {
    var layer: Int
    var spread: Summary
    var gradient: Summary
  }

  var start: FirstWeights.Start
  var isNormed: Bool
  var rows: [Row]

  /// The layers of the table.
  static let layers = [1, 4, 8]
  /// The first weights of the table, sick ones first.
  static let starts: [(FirstWeights.Start, Bool)] = [(.pyTorch, false), (.he, false), (.pyTorch, true)]

  /// The name of a row of the table.
  var name: String { isNormed ? "batch norm" : start == .he ? start.name : "default" }
  /// By what factor the sums change from layer to layer, from the first of these to the last.
  var perLayer: Double {
    guard let first = rows.first, let last = rows.last, last.layer > first.layer else { return 1 }
    return pow(last.spread.mean / first.spread.mean, 1 / Double(last.layer - first.layer))
  }

  /// What is printed for each net.
  static func table(_ checks: [FirstCheck]) -> Table {
    func columns(_ name: String) -> [Table.Column] { layers.map { .init("\(name) \($0)") } }
    return Table(
      """
      What it prints for the deep net: how far a unit's sum differs between images (standard deviation), and the \
      length of the gradient (a batch of 32 standardized digits; mean of \
      \(counted(checks.first?.rows.first?.spread.count ?? 0, "seed")))
      """,
      columns: [.init("first weights")] + columns("sums, layer") + columns("gradient,"),
      rows: checks.map { check in
        [TableCell(check.name)] + check.rows.map { TableCell(short($0.spread.mean)) }
          + check.rows.map { TableCell(short($0.gradient.mean)) }
      })
  }

  /// How to read it.
  static func words(_ checks: [FirstCheck]) -> String {
    guard checks.count == starts.count, let sick = checks.first, let last = sick.rows.last else { return "" }
    let healthy = checks[1]
    let times = zip(healthy.rows, sick.rows).map { $0.gradient.mean / $1.gradient.mean }.min() ?? 1
    guard sick.perLayer < 0.6, healthy.perLayer > 0.8, times > 2 else {
      return "In these nets the numbers of the default weights are much like the others'."
    }
    return """
      **Sick: the sums shrink from layer to layer**, here by the factor \(fixed(sick.perLayer, 1)) a layer, to \
      \(short(last.spread.mean)) in layer \(last.layer), and every gradient is at least \
      \(Int(times.rounded(.down))) times shorter than from He's weights. **Healthy: they fall slowly or not at all.** (Layer 1 \
      has more weights, so its gradient is longer. With batch norm these are the sums in front of it. In three layers \
      the default does no harm beyond chance.)
      """
  }
}

extension FirstCheck {
  /// Sends one batch forward and back through a net of each kind.
  static func measured(on data: Dataset, seeds: [UInt64]) throws -> [FirstCheck] {
    let batch = data.batch(first: 32)
    return try starts.map { start, isNormed in
      let runs = try seeds.map { seed in
        var model = try firstWeightsNet(
          start, layers: DeepNet.depth, isNormed: isNormed, input: data.sampleShape, seed: seed)
        return check(&model, batch)
      }
      return FirstCheck(
        start: start, isNormed: isNormed,
        rows: layers.map { layer in
          func summary(_ value: (Print) -> Double) -> Summary {
            Summary(runs.map { rounded(value($0[layer - 1]), decimals: 7) })
          }
          return Row(layer: layer, spread: summary(\.spread), gradient: summary(\.gradient))
        })
    }
  }

  private typealias Print = (spread: Double, gradient: Double)

  /// The numbers of each dense layer, as the page's code prints them.
  private static func check(_ model: inout Model, _ batch: Batch) -> [Print] {
    var pass = Pass(.training)
    model.step(batch, SoftmaxCrossEntropy(), in: &pass)
    var gradients: [Double] = []
    model.visitParameters { name, parameter in
      if name.hasSuffix("weight"), parameter.value.shape.rank == 2 { gradients.append(norm(parameter.gradient)) }
    }
    let outputs = layerOutputs(of: model.layers, on: batch.inputs, mode: .training)
    let sums = outputs.filter { $0.kind == "Dense" }.map(\.output)
    return zip(sums, gradients).map { sums, gradient in (spread(sums), gradient) }
  }

  /// The standard deviation over the images, a mean over the units: `h.std(0).mean()`.
  private static func spread(_ sums: Tensor) -> Double {
    let (images, units, all) = (sums.shape[0], sums.shape[1], sums.elements)
    let deviations = (0..<units).map { unit in Summary((0..<images).map { Double(all[$0 * units + unit]) }).deviation }
    return deviations.reduce(0, +) / Double(units)
  }
}

/// Eight 3 × 3 convolutions of ReLUs for digits, with biases as `nn.Conv2d` draws them.
func convWeightsNet(_ start: FirstWeights.Start, isNormed: Bool, input: Shape, seed: UInt64) throws -> Model {
  let channels = ConvWeights.channels
  let hidden = (0..<ConvWeights.layers).flatMap { layer -> [any Layer] in
    [
      Conv2D(
        layer == 0 ? input[0] : channels, channels, kernel: 3, padding: 1, initializer: start.initializer)
    ] + (isNormed ? [BatchNorm(channels)] : []) + [ReLU()]
      + (ConvWeights.pooled.contains(layer) ? [MaxPool(2)] : [])
  }
  let side = input[1] >> ConvWeights.pooled.count
  let outputs = Dense(channels * side * side, 10, initializer: start == .he ? .xavierNormal : start.initializer)
  var model = try Model(Sequential(hidden + [Flatten(), outputs]), input: input, seed: seed)
  model.drawBiases(seed: seed)
  return model
}

/// The net of convolutions.
enum ConvWeights {
  static let (layers, channels) = (8, 8)
  /// A pooling halves the image behind these.
  static let pooled = [0, 2, 4]
  /// The first weights, and whether batch norm stands in front of each ReLU.
  static let starts: [(FirstWeights.Start, Bool)] = FirstCheck.starts
}
