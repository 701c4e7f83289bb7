// Deep nets at weights of several sizes: what a sigmoid's slope and its mean cost when each has the weights that suit it,
// and which sizes tanh and ReLU forgive. A full run's alone, and added to its record.

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

/// tanh or ReLU, in so many layers.
struct Stack: Codable, Sendable, Equatable {
  var function: Nonlinearity
  var depth: Int

  static let all = [Nonlinearity.tanh, .relu].map { Stack(function: $0, depth: 16) }
  /// The factors on the usual weights.
  static let factors: [Float] = [0.5, 0.71, 1, 1.41, 2]
  /// The place of 1 among them.
  static let usual = 2
  /// From 0.00002 to 3.2, each four times the one before up to 0.006, then twice: signals that grow want tiny rates.
  static let rates: [Float] = [-12, -10, -8, -6, -4].map { 0.1 * pow(2, $0) } + DeepNet.rates.dropFirst(2)

  func kind(_ factor: Float) -> DeepNet.Kind {
    DeepNet.Kind(name: function.name, function: function, factor: factor, layers: depth)
  }
}

/// The losses of deep nets by the size of their weights.
struct SizeFindings: Codable, Sendable {
  /// The steps of each training.
  var steps: Int
  /// [case of `SizedSigmoid`][product].
  var sigmoids: [[DeepNet]]
  /// [case of `Stack.all`][factor]; empty where they were not trained.
  var stacks: [[DeepNet]] = []

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
  /// What of it is left where the sums begin as if there were no mean.
  var costOfMeanLater: Summary { least(.started) - least(.centred) }
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
    "With weights that suit it, a slope of ¼ \(Self.cost(costOfSlope)); a mean of ½ \(Self.cost(costOfMean))"
  }

  /// The same on a slide.
  var slide: String {
    isMean
      ? "Larger weights make up for a small slope, not for a mean" : "The slope or the mean: each with its best weights"
  }

  /// To take home.
  var lesson: String {
    isMean
      ? "Larger weights make up for a sigmoid's small slope and not for its mean of ½."
      : costOfMean.direction() == .above ? "A sigmoid's mean of ½ does harm at any size of the weights." : ""
  }

  /// `16 times the reference weights`.
  private func weights(_ sigmoid: SizedSigmoid) -> String {
    let factor = SizedSigmoid.products[best(sigmoid)] / sigmoid.slope
    return factor == 1 ? "the reference weights" : "\(short(Double(factor))) times the reference weights"
  }

  /// What is left where each has the weights that suit it.
  var words: String {
    let slope = costOfSlope.worded(
      above: isMean
        ? "Larger weights make up for nearly all of the slope" : "Larger weights make up for a part of the slope only",
      below: "Larger weights make up for the slope", withinChance: "Larger weights make up for the slope")
    let mean = costOfMean.worded(
      above:
        " and not for the mean.** Of the sizes tried, σ(x) is best with \(weights(.plain)), and still ends \(fixed(costOfMean.mean, 2)) above σ(x) − ½.",
      below: ". The mean does no harm here.**", withinChance: ". The mean does no harm beyond chance.**")
    let later = costOfMeanLater
    return """
      **\(slope)\(mean)

      Why does a mean do harm? **First, it shifts the sums**: inputs with a mean of ½ shift each sum by half the sum of its weights, away \
      from 0, where the slope is largest. We can begin each bias at minus this shift. \(later.worded(
        above: "That saves \(fixed(costOfMean.mean - later.mean, 2)) of the \(fixed(costOfMean.mean, 2)); the rest comes during training.",
        below: "That saves all of it.", withinChance: "That saves all of it."))
      """
  }
}

// What tanh and ReLU make of weights that are too small or too large.
extension SizeFindings {
  /// The losses of a stack, one for each factor.
  private func losses(_ function: Nonlinearity, _ depth: Int) -> [Summary] {
    Stack.all.firstIndex(of: Stack(function: function, depth: depth)).map { stacks[$0].map(\.losses) } ?? []
  }
  /// How many of the factors leave a stack with a loss below 1.
  private func sound(_ function: Nonlinearity, _ depth: Int) -> Int {
    losses(function, depth).count { $0.mean < 1 }
  }

  var stackTitle: String {
    let (tanh, relu) = (sound(.tanh, 16), sound(.relu, 16))
    return
      "Sixteen layers: of \(Stack.factors.count) sizes of the weights tanh gets below a loss of 1 with \(tanh), ReLU with \(relu)"
  }
  var stackSlide: String {
    let (tanh, relu) = (sound(.tanh, 16), sound(.relu, 16))
    return tanh > relu
      ? "tanh forgives sizes of weights better than ReLU"
      : tanh < relu ? "ReLU forgives sizes of weights better than tanh" : "Neither forgives more sizes of weights"
  }
  /// Why twice the weights are too large for ReLU.
  var stackWords: String {
    let last = Stack.factors.count - 1
    let (factor, relu) = (Double(Stack.factors[last]), losses(.relu, 16)[last])
    let isLost = relu.count == 0 || !relu.mean.isFinite
    return """
      Since $\\mathrm{ReLU}(cx) = c\\,\\mathrm{ReLU}(x)$, with weights $c$ times the reference every layer of ReLUs multiplies the signal by $c$\(isLost ? ": with \(short(factor)) times the reference it grows to \(short(factor))¹⁶ = \(grouped(Int(pow(factor, 16)))) times its size" : ""). tanh keeps its outputs below 1, at the price of saturation.
      """
  }
}
