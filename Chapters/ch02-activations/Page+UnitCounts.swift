// The page of chapter 2: dead units in the deep net, with other optimizers, and whether they are the harm.

import Workbook

extension UnitCounts {
  /// The nets of an optimizer from one kind of first weights, at their best rate times a factor.
  func deep(_ method: FirstWeights.Method, _ start: FirstWeights.Start = .he, factor: Float = 1) -> Deep? {
    deep.first { $0.method == method.name && $0.start == start && $0.factor == factor }
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

  /// Leaky ReLU's nets with Adam from He's weights and from the default; nil where they were not trained.
  func leaky(_ nets: SettingNets?) -> (he: SettingNets.Net, torch: SettingNets.Net)? {
    nets?[.adam, "leaky ReLU"].flatMap { he in nets?[.adam, "leaky ReLU, default"].map { (he, $0) } }
  }
  /// What the default's weights cost leaky ReLU, and what it makes more than ReLU from them, seed by seed.
  func leaks(_ nets: SettingNets?) -> (weights: Summary, leak: Summary)? {
    guard let leaky = leaky(nets), let relu = deep(.adam, .pyTorch)?.errors, relu.count == leaky.torch.errors.count,
      relu.count == leaky.he.errors.count
    else { return nil }
    return (leaky.torch.errors - leaky.he.errors, leaky.torch.errors - relu)
  }
  /// Whether the weights cost leaky ReLU errors, too, and the leak itself saves none.
  func isLeakIdle(_ nets: SettingNets?) -> Bool? {
    leaks(nets).map { $0.weights.direction() == .above && $0.leak.direction() != .below }
  }

  /// What the dead of PyTorch's default weights are, and whether they harm; empty where it was not counted.
  func defaultWords(_ nets: SettingNets?) -> String {
    guard let found = deep(.adam, .pyTorch), let best = atBest, found.dead.mean > 2 * best.adam else { return "" }
    let control = leaky(nets).flatMap { leaky in
      isLeakIdle(nets) == true
        ? """
        No, the weights are:** they raise the errors of leaky ReLU, which cannot die, from \
        \(fixed(leaky.he.errors.mean, 1)) to \
        \(fixed(leaky.torch.errors.mean, 1)) %, \
        too.
        """ : nil
    }
    return """
      **PyTorch's default weights leave \(percent(found.dead.mean)) dead with Adam. Is that the harm? \
      \(control ?? "We cannot say.**")
      """
  }

  /// To take home.
  var lesson: String {
    (adamBearsDeath ? "Judge a rate by its errors, not by its dead units." : "Too high a rate kills ReLUs.")
  }
}

extension Activations {
  static let beyondChance = """
    (*Beyond chance*, here and below: the 95 % interval of the differences, seed by seed, leaves out 0.)
    """

  /// How many units are dead in the deep net, at the best rate and above it, and what to do.
  static func addDeepUnits(to page: inout Page, _ units: UnitCounts, _ findings: Findings) {
    guard let first = units.deep.first, let best = units.atBest else { return }
    let nets = findings.settings
    let chosen: [(FirstWeights.Method, FirstWeights.Start, Float)] =
      FirstWeights.Method.allCases.flatMap { [($0, .he, 1), ($0, .he, 4)] } + [(.adam, .pyTorch, 1)]
    page.prose(
      """
      ### Deeper, and with Adam
      """)
    let rows: [[TableCell]] = chosen.compactMap { method, start, factor in
      units.deep(method, start, factor: factor).map { net in
        [
          TableCell(method == .sgd ? "momentum" : method.name), TableCell("ReLU"),
          TableCell(start == .he ? start.name : "default"),
          TableCell(factor == 1 ? short(Double(net.rate)) : "\(short(Double(factor))) × this"),
          .measured(net.dead.inPercent), .measured(net.errors),
        ]
      }
    }
    page.table(
      Table(
        """
        The deep net after \(grouped(first.steps)) steps: dead units and test errors \
        (\(counted(first.dead.count, "seed"))), at the best rates
        """,
        columns: [
          "optimizer", "function", "weights", "rate", .init("dead (%)", digits: 1), .init("errors (%)", digits: 1),
        ],
        rows: rows
          + (units.leaky(nets).map { [("He's", $0.he), ("default", $0.torch)] } ?? []).map { start, net in
            [
              "Adam", "leaky ReLU", TableCell(start), TableCell(short(Double(net.search.rate))), "–",
              .measured(net.errors),
            ]
          }))
    let isRate = units.rateCost != nil && (units.deep(.sgd, factor: 4)?.dead.mean ?? 1) < 0.03
    let two = findings.census.whole
    page.prose(
      """
      **So judge a rate by the errors on images kept back (a validation set), not by the dead.** \
      \(units.adamBearsDeath ? "At four times Adam's best rate more are dead, and the test errors do not rise beyond chance. " : "")\
      \(isRate ? "With momentum they rise there, though hardly any unit is dead. " : "")\(beyondChance)

      \(units.defaultWords(nets))

      **Look at dead units only if the errors are bad.** Then first mend the weights: batch norm, or He's (*Your \
      PyTorch net does not learn?*). Then try a quarter of the rate: in the two-layer net \(short(Double(two.rates[two.best]))) instead of \
      \(short(Double(two.rates[two.hot]))) leaves \
      \(two.dead(0, two.best).mean < 0.005 ? "hardly any" : percent(two.dead(0, two.best).mean)) dead, and the loss is \
      lowest.
      """)
    page.project(
      best.adam > 2 * best.sgd
        ? "The deep net: with Adam units die at good rates, too" : "The deep net: how many units are dead?")
  }
}
