// The page of chapter 2: dead units eight layers deep, with other optimizers.

import Workbook

extension UnitCounts {
  /// The nets of an optimizer from one kind of first weights, at their best rate times a factor.
  func deep(
    _ method: FirstWeights.Method, _ start: FirstWeights.Start = .he, factor: Float = 1, hasBiases: Bool = true
  ) -> Deep? {
    deep.first {
      $0.method == method.name && $0.start == start && $0.factor == factor && ($0.isUnbiased != true) == hasBiases
    }
  }

  /// The shares of dead units at the best rates: with momentum and with Adam.
  var atBest: (sgd: Double, adam: Double)? {
    deep(.adam).flatMap { adam in deep(.sgd).map { ($0.dead.mean, adam.dead.mean) } }
  }

  /// Whether Adam's nets at four times their best rate make as many errors within chance, though more units are dead.
  var adamBearsDeath: Bool {
    guard let best = deep(.adam), let high = deep(.adam, factor: 4),
      best.errors.count == high.errors.count, best.dead.count == high.dead.count
    else { return false }
    return (high.errors - best.errors).direction() != .above && (high.dead - best.dead).direction() == .above
  }

  /// By how many points of test errors momentum at four times its best rate is worse; nil where it is not.
  var rateCost: Double? {
    guard let best = deep(.sgd), let high = deep(.sgd, factor: 4), best.errors.count == high.errors.count else {
      return nil
    }
    let cost = high.errors - best.errors
    return cost.direction() == .above ? cost.mean : nil
  }

  /// Whether among Adam's nets those with more dead units always make more errors.
  private var risesWithDeath: Bool {
    let rows = [
      deep(.adam), deep(.adam, factor: 4), deep(.adam, .pyTorch), deep(.adam, .pyTorch, hasBiases: false),
    ].compactMap { $0 }.sorted { $0.dead.mean < $1.dead.mean }
    return rows.count == 4 && zip(rows, rows.dropFirst()).allSatisfy { $0.errors.mean < $1.errors.mean }
  }
  /// Whether momentum brings units back that were dead before.
  var revives: Bool {
    guard let best = deep(.sgd), let born = best.born, born.count == best.dead.count else { return false }
    return (born - best.dead).direction() == .above
  }

  /// What the dead of PyTorch's default weights are, and whether they harm; empty where it was not counted.
  var defaultWords: String {
    guard let found = deep(.adam, .pyTorch), let born = found.born, let own = deep(.adam)?.born,
      let bare = deep(.adam, .pyTorch, hasBiases: false), let bareBorn = bare.born, born.mean > 2 * own.mean
    else { return "" }
    func said(_ share: Summary) -> String { "\(fixed(100 * share.mean, 0)) %" }
    let isHarmless =
      bareBorn.mean < born.mean / 2 && bare.errors.count == found.errors.count && bare.dead.count == found.dead.count
      && [found.errors - bare.errors, found.dead - bare.dead].allSatisfy { $0.direction() != .above }
    return """
      **PyTorch's default weights leave \(said(found.dead)) dead with Adam. Is that the harm?** Before training even \(said(born)) are dead: \
      the weights are so small that eight layers deep the sums hardly differ from image to image, so the biases \
      decide. \(isHarmless ? "But with biases of 0, where only \(said(bareBorn)) begin dead, no fewer are dead at the end, and the test errors are no fewer. " : "")\
      \(isHarmless ? "So units dead before training are not the harm. " : "")\
      \(risesWithDeath ? "Units dead afterwards may be: in Adam's rows the errors rise with them, and we cannot separate the two." : "")
      """
  }
}

extension Activations {
  static let beyondChance = """
    (*Beyond chance*: the 95 % interval of the differences, seed by seed, leaves out 0.)
    """

  /// How many units are dead in nets of eight layers, at the best rate and above it.
  static func addDeepUnits(to page: inout Page, _ units: UnitCounts) {
    guard let first = units.deep.first, let best = units.atBest else { return }
    let chosen: [(FirstWeights.Method, FirstWeights.Start, Float, Bool)] =
      FirstWeights.Method.allCases.flatMap { [($0, .he, 1, true), ($0, .he, 4, true)] }
      + [(.adam, .pyTorch, 1, true), (.adam, .pyTorch, 1, false)]
    page.prose(
      """
      ### Deeper, and with Adam

      \(best.adam > 2 * best.sgd ? "**From He's weights and at the best rate hardly any unit is dead with momentum, and \(fixed(100 * best.adam, 0)) % are with Adam.**" : "**At the best rates at most \(fixed(100 * max(best.sgd, best.adam), 1)) % are dead.**") \
      Now eight layers of \(DeepNet.width), trained by SGD with momentum or by Adam (chapter 1):
      """)
    page.table(
      Table(
        "Eight layers of ReLUs: the dead before and after \(grouped(first.steps)) steps, and test errors (\(counted(first.dead.count, "seed")))",
        columns: [
          "optimizer", "weights", "rate", .init("dead before (%)", digits: 1), .init("dead after (%)", digits: 1),
          .init("errors (%)", digits: 1),
        ],
        rows: chosen.compactMap { method, start, factor, hasBiases in
          units.deep(method, start, factor: factor, hasBiases: hasBiases).map { net in
            [
              TableCell(method == .sgd ? "momentum" : method.name),
              TableCell((start == .he ? start.name : "default") + (hasBiases ? "" : ", bias 0")),
              TableCell(factor == 1 ? "best: \(short(Double(net.rate)))" : "\(short(Double(factor))) × this"),
              net.born.map { .measured($0.inPercent) } ?? "–", .measured(net.dead.inPercent), .measured(net.errors),
            ]
          }
        }))
    let isRate = units.rateCost != nil && (units.deep(.sgd, factor: 4)?.dead.mean ?? 1) < 0.03
    page.prose(
      """
      **So judge a rate by the errors on images kept back (a validation set), not by the dead.** \
      \(units.adamBearsDeath ? "At four times Adam's best rate more are dead, and the test errors do not rise beyond chance. " : "")\
      \(isRate ? "With momentum they rise there, though hardly any unit is dead. " : "")\
      \(units.revives ? "Momentum even brings back most units that were dead before. " : "")\(beyondChance)

      \(units.defaultWords)
      """)
    page.project(
      best.adam > 2 * best.sgd
        ? "Eight layers: with Adam units die at good rates, too" : "Eight layers: how many units are dead?")
  }
}
