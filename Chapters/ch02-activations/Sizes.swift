// Deep nets at weights of several sizes: what a sigmoid's slope and its mean cost when each has the weights that suit it.
// A full run's alone, and added to its record.

import Foundation
import Workbook

/// A sigmoid whose weights behind the first layer have several sizes.
enum SizedSigmoid: Int, CaseIterable, Codable, Sendable {
  /// σ(x): slope ¼, mean ½.
  case plain
  /// σ(x) with first biases that make every sum begin as if the outputs were centred.
  case started
  /// σ(x) − ½: slope ¼, mean 0.
  case centred
  /// 4σ(x) − 2: slope 1, mean 0.
  case both

  var name: String { ["σ(x)", "σ(x), sums begin centred", "σ(x) − ½", "4σ(x) − 2"][rawValue] }
  var slope: Float { self == .both ? 1 : 0.25 }
  var mended: MendedSigmoid? { [nil, nil, .centred, .both][rawValue] }

  /// The products of slope and weights that are tried, in units of the usual weights' standard deviation.
  static let products: [Float] = [0.25, 0.5, 1, 2, 4]
  /// The place of 2 among them: weights eight times as large behind the first layer suit σ(x) best.
  static let matched = 3
  /// How many times as large they are.
  static let matchedFactor = products[matched] / SizedSigmoid.plain.slope

  func kind(_ product: Float) -> DeepNet.Kind {
    DeepNet.Kind(
      name: name, function: .sigmoid, inner: product / slope, startsCentred: self == .started, mended: mended)
  }

  /// From 0.003 to 51, each twice the one before: outputs of a quarter's size want sixteen times the rate.
  static let rates: [Float] = (0..<15).map { 0.1 * pow(2, Float($0 - 5)) }
}

/// The losses of deep nets by the size of their weights.
struct SizeFindings: Codable, Sendable {
  /// The steps of each training.
  var steps: Int
  /// [case of `SizedSigmoid`][product].
  var sigmoids: [[DeepNet]]

  /// The losses of a sigmoid, one for each product.
  func losses(_ sigmoid: SizedSigmoid) -> [Summary] { sigmoids[sigmoid.rawValue].map(\.losses) }
  /// The place of the product at which a sigmoid ends lowest.
  func best(_ sigmoid: SizedSigmoid) -> Int { place(losses(sigmoid)) }
  /// The lowest of its losses.
  func least(_ sigmoid: SizedSigmoid) -> Summary { losses(sigmoid)[best(sigmoid)] }

  private func place(_ losses: [Summary]) -> Int {
    losses.indices.min { finite(losses[$0].mean) < finite(losses[$1].mean) } ?? 0
  }
  private func finite(_ loss: Double) -> Double { loss.isFinite ? loss : .infinity }

  /// What the mean alone costs: σ(x) over σ(x) − ½, both with the weights that suit them.
  var costOfMean: Summary { least(.plain) - least(.centred) }
}

/// Makes every sum behind the first layer begin as if the outputs of the layer before were a half smaller: its bias is
/// −½ of the sum of its weights.
func centreFirstSums(_ model: inout Model) {
  var (weights, isFirst) = (Tensor(zeros: [0]), true)
  model.visitParameters { name, parameter in
    if name.hasSuffix("weight") { weights = parameter.value }
    guard name.hasSuffix("bias") else { return }
    defer { isFirst = false }
    if isFirst { return }
    let (units, inputs, all) = (weights.shape[0], weights.shape[1], weights.elements)
    parameter.value = Tensor(
      parameter.value.shape, (0..<units).map { -0.5 * all[$0 * inputs..<($0 + 1) * inputs].reduce(0, +) })
  }
}

extension SizeFindings {
  /// What the slope costs where each has the weights that suit it: σ(x) − ½ over 4σ(x) − 2.
  var costOfSlope: Summary { least(.centred) - least(.both) }
  /// Whether weights make up for the slope, or nearly, and not for the mean.
  var isMean: Bool { costOfMean.direction() == .above && costOfSlope.mean < 0.2 * costOfMean.mean }

  private static func cost(_ loss: Summary) -> String {
    loss.direction() == .above ? "raises the loss by \(fixed(loss.mean, 2))" : "does not raise the loss beyond chance"
  }

  /// What the slope costs, and what the mean.
  var title: String {
    "With the gain that suits it, a slope of ¼ \(Self.cost(costOfSlope)); a mean of ½ \(Self.cost(costOfMean))"
  }

  /// The same on a slide.
  var slide: String {
    isMean
      ? "A larger gain makes up for a small slope, not for a mean" : "The slope or the mean: each with its best gain"
  }

  /// Which of a sigmoid's two faults does the harm, where each has the weights that suit it.
  var answer: String {
    let slope = costOfSlope.worded(
      above: isMean
        ? "A larger gain makes up for nearly all of the slope" : "A larger gain makes up for a part of the slope only",
      below: "A larger gain makes up for the slope", withinChance: "A larger gain makes up for the slope")
    let mean = costOfMean.worded(
      above: " and not for the mean.**",
      below: ". The mean does no harm here.**", withinChance: ". The mean does no harm beyond chance.**")
    return "A sigmoid has two faults: a slope of ¼ and a mean of ½. **\(slope)\(mean)"
  }

  /// What a mean does.
  var words: String {
    """
    Why does a mean do harm? It shifts the sums: inputs with a mean of ½ shift each sum by half the sum of its \
    weights, away \
    from 0, where the slope is largest. We can begin each bias at minus this shift: then the sums begin centred.\
    \(startWords)
    """
  }

  /// What centred first sums save of the mean's cost, each at its best size, with a space before it; empty where the mean does no harm.
  var startWords: String {
    guard costOfMean.direction() == .above else { return "" }
    let saved = least(.plain) - least(.started)
    return saved.worded(
      above:
        """
         This saves \(fixed(saved.mean, 2)) of the \(fixed(costOfMean.mean, 2)): about \(shareOfShift) of the harm is \
        the shifted sums. The rest may be the narrow valley of figure 4; we did not separate it.
        """,
      below: " This does not lower the loss.", withinChance: " This does not lower the loss beyond chance.")
  }

  /// What of the mean's cost is the shift of the first sums, in a word: `half`.
  private var shareOfShift: String {
    let saved = least(.plain) - least(.started)
    let share = saved.mean / costOfMean.mean
    let shares = [
      (0.1, "a tenth"), (0.25, "a quarter"), (0.33, "a third"), (0.5, "half"), (0.67, "two thirds"),
      (0.75, "three quarters"), (1, "all"),
    ]
    return shares.min { abs($0.0 - share) < abs($1.0 - share) }?.1 ?? ""
  }
}
