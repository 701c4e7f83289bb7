// The page of chapter 2: dead units eight layers deep, with other optimizers.

import Workbook

extension UnitCounts {
  /// The nets of an optimizer from one kind of first weights, at their best rate times a factor, trained as long as most.
  func deep(_ method: String, _ start: FirstWeights.Start = .he, factor: Float = 1) -> Deep? {
    let steps = deep.first?.steps
    return deep.first { $0.method == method && $0.start == start && $0.factor == factor && $0.steps == steps }
  }
  /// By plain gradient descent, with momentum, with Adam.
  static let methods = ["SGD"] + FirstWeights.Method.allCases.map(\.name)
  static var adam: String { FirstWeights.Method.adam.name }

  /// The shares of dead units at the best rates: the largest of SGD, with and without momentum, and that of Adam.
  var atBest: (sgd: Double, adam: Double)? {
    let sgd = Self.methods.dropLast().compactMap { deep($0)?.dead.mean }
    return deep(Self.adam).flatMap { adam in sgd.max().map { ($0, adam.dead.mean) } }
  }

  /// Whether Adam's nets at four times their best rate make as many errors within chance, though more units are dead.
  var adamBearsDeath: Bool {
    guard let best = deep(Self.adam), let high = deep(Self.adam, factor: 4),
      best.errors.count == high.errors.count, best.dead.count == high.dead.count
    else { return false }
    return (high.errors - best.errors).direction() != .above && (high.dead - best.dead).direction() == .above
  }
}

extension Activations {
  static let beyondChance = """
    (*Beyond chance*: the 95 % interval of the differences, seed by seed, leaves out 0.)
    """

  /// How many units are dead in nets of eight layers, at the best rate and above it.
  static func addDeepUnits(to page: inout Page, _ units: UnitCounts) {
    guard let first = units.deep.first, let best = units.atBest else { return }
    let chosen: [(String, FirstWeights.Start, Float)] =
      UnitCounts.methods.flatMap { [($0, .he, 1), ($0, .he, 4)] } + [(UnitCounts.adam, .pyTorch, 1)]
    page.prose(
      """
      ### Deeper, and with other optimizers

      \(best.adam > 2 * best.sgd ? "**With SGD hardly any unit is dead at the best rate, with Adam \(fixed(100 * best.adam, 0)) % are.**" : "**At the best rates at most \(fixed(100 * max(best.sgd, best.adam), 1)) % are dead.**") \
      Now eight layers of \(DeepNet.width), with plain gradient descent (SGD), momentum and Adam:
      """)
    page.table(
      Table(
        "Eight layers of ReLUs after \(grouped(first.steps)) steps (means of \(counted(first.dead.count, "seed")); the table of first weights gives medians)",
        columns: [
          "optimizer", "first weights", "rate", .init("dead (%)", digits: 1), .init("test errors (%)", digits: 1),
        ],
        rows: chosen.compactMap { method, start, factor in
          units.deep(method, start, factor: factor).map { net in
            [
              TableCell(method == FirstWeights.Method.sgd.name ? "momentum" : method),
              TableCell(start == .he ? start.name : "default"),
              TableCell(factor == 1 ? "best: \(short(Double(net.rate)))" : "\(short(Double(factor))) × this"),
              .measured(net.dead.inPercent), .measured(net.errors),
            ]
          }
        }))
    let sgdDead = UnitCounts.methods.dropLast().compactMap { units.deep($0, factor: 4)?.dead.mean }.max() ?? .nan
    let isRate = UnitCounts.methods.dropLast().allSatisfy { method in
      guard let best = units.deep(method), let high = units.deep(method, factor: 4),
        best.errors.count == high.errors.count
      else { return false }
      return (high.errors - best.errors).direction() == .above && high.dead.mean < 0.03
    }
    page.prose(
      """
      \(units.adamBearsDeath ? "At four times Adam's best rate more are dead, and the test errors do not rise beyond chance. " : "")\
      \(isRate ? "With SGD they rise there, with at most \(fixed(100 * sgdDead, 1)) % dead. " : "")\
      **So judge a rate by the errors on images kept back, not by the dead.** \(beyondChance)
      """)
    page.project(
      best.adam > 2 * best.sgd
        ? "Eight layers: with Adam units die at good rates, too" : "Eight layers: how many units are dead?")
  }
}
