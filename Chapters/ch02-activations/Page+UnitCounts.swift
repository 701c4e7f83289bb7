// The page of chapter 2: dead units eight layers deep, with other optimizers, and behind centred images.

import Workbook

extension UnitCounts {
  /// The nets of an optimizer from one kind of first weights, at their best rate times a factor, trained as long as most.
  func deep(_ method: String, _ start: FirstWeights.Start = .he, factor: Float = 1) -> Deep? {
    let steps = deep.first?.steps
    return deep.first { $0.method == method && $0.start == start && $0.factor == factor && $0.steps == steps }
  }
  /// The same, trained for longer.
  func longer(_ method: String) -> Deep? {
    deep.first { $0.method == method && $0.start == .he && $0.factor == 1 && $0.steps > (deep.first?.steps ?? 0) }
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
    (*Beyond chance*: all nets begin from the same seeds, so we take differences seed by seed; the 95 % interval of \
    their mean leaves out 0, which happens even where two ± overlap.)
    """

  /// How many units are dead in nets of eight layers, at the best rate and above it.
  static func addDeepUnits(to page: inout Page, _ units: UnitCounts) {
    guard let first = units.deep.first, let best = units.atBest else { return }
    let chosen: [(String, FirstWeights.Start, Float)] =
      UnitCounts.methods.flatMap { [($0, .he, 1), ($0, .he, 4)] } + [(UnitCounts.adam, .pyTorch, 1)]
    page.prose(
      """
      ### Deeper, and with other optimizers

      The nets above have two layers and plain gradient descent (SGD). Now eight layers of \(DeepNet.width), also with \
      momentum (each step keeps a part of the last one) and with Adam (each weight has a step length of its own):
      """)
    page.table(
      Table(
        "Eight layers of ReLUs after \(grouped(first.steps)) steps (\(counted(first.dead.count, "seed")))",
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
    let longer = units.longer(UnitCounts.adam).flatMap { long -> String? in
      guard let sgd = units.longer(FirstWeights.Method.sgd.name) else { return nil }
      return """
        After \(grouped(long.steps)) steps it is the same: \(fixed(100 * sgd.dead.mean, 1)) % with momentum, \
        \(fixed(100 * long.dead.mean, 1)) % with Adam (\(counted(long.dead.count, "seed"))).\u{20}
        """
    }
    let sgdDead = UnitCounts.methods.dropLast().compactMap { units.deep($0, factor: 4)?.dead.mean }.max() ?? .nan
    let isRate = UnitCounts.methods.dropLast().allSatisfy { method in
      guard let best = units.deep(method), let high = units.deep(method, factor: 4),
        best.errors.count == high.errors.count
      else { return false }
      return (high.errors - best.errors).direction() == .above && high.dead.mean < 0.03
    }
    page.prose(
      """
      **\(best.adam > 2 * best.sgd ? "At the best rates hardly any unit is dead with SGD; with Adam \(fixed(100 * best.adam, 0)) % are." : "At the best rates at most \(fixed(100 * max(best.sgd, best.adam), 1)) % are dead.")** \
      \(longer ?? "")\
      \(units.adamBearsDeath ? "At four times Adam's best rate more are dead, and the test errors do not rise beyond chance. " : "")\
      \(isRate ? "With SGD they rise there, with at most \(fixed(100 * sgdDead, 1)) % dead. " : "")\
      So judge a rate by the errors on images kept back, not by the dead.

      \(beyondChance)
      """)
    page.project(
      best.adam > 2 * best.sgd
        ? "Eight layers: with Adam units die at good rates, too" : "Eight layers: how many units are dead?")
  }
}

extension Activations.Findings {
  /// Whether centred images keep ReLUs alive; nil where that was not measured.
  var centredWords: String? {
    guard let units else { return nil }
    let whole = census.whole
    // The highest rate that all have in common.
    func found(_ row: UnitCounts.Row, _ rate: Float) -> (dead: Summary, diverged: Int)? {
      row.rates.firstIndex(of: rate).map { (row.dead($0), row.diverged($0)) }
    }
    guard let rate = units.centred.rates.last(where: { whole.rates.contains($0) }),
      let place = whole.rates.firstIndex(of: rate), let pixel = found(units.centred, rate),
      let image = units.centredByImage.flatMap({ found($0, rate) })
    else { return nil }
    func said(_ dead: Summary, _ diverged: Int) -> String {
      (dead.count > 0 ? "\(fixed(100 * dead.mean, 1)) %" : "all nets diverge")
        + (diverged > 0 && dead.count > 0 ? ", and \(diverged) of \(dead.count + diverged) nets diverge" : "")
    }
    let plain = whole.dead(0, place)
    let answer =
      image.dead.mean < plain.mean / 2
      ? "Yes, if each pixel's own mean is subtracted: $x \\cdot x'$ then has both signs"
      : "Not here"
    return """
      **Do centred images protect the units?** \(answer). At a rate of \(rate) the share of dead units \
      without centring is \(said(plain, whole.diverged(0, place))), with `x - train.mean(dim=0)` \
      \(said(image.dead, image.diverged)). With one mean for all \
      pixels it is \(said(pixel.dead, pixel.diverged)).\(pixel.dead.mean > plain.mean ? " Why that is worse than none, we have not found. All this is beyond the best rate. At best rates one mean for each channel does as well as the mean image (chapter 3)." : "")
      """
  }
}

extension UnitCounts.Row {
  func dead(_ place: Int) -> Summary { Summary(nets[place].map(\.dead).filter(\.isFinite)) }
  func losses(_ place: Int) -> Summary { Summary(nets[place].map(\.loss).filter(\.isFinite)) }
  func diverged(_ place: Int) -> Int { nets[place].count { !$0.loss.isFinite } }
  /// The rate of the lowest loss, of those at which no net diverges.
  var best: Int {
    let sound = rates.indices.filter { diverged($0) == 0 }
    return (sound.isEmpty ? Array(rates.indices) : sound).min { losses($0).mean < losses($1).mean } ?? 0
  }
  /// The highest rate up to which no net diverges; nil where some do at the lowest.
  var bearable: Int? { rates.indices.prefix { diverged($0) == 0 }.last }
  /// By how much its loss is higher than another's, each at its best rate, seed by seed.
  func above(_ other: Self) -> Summary {
    Summary(zip(nets[best], other.nets[other.best]).map { $0.loss - $1.loss }.filter(\.isFinite))
  }
}

extension Activations.Findings {
  /// Every function that was tried in the nets of *Dead units*, at all its rates; the initial bias is no function.
  var functionRows: [UnitCounts.Row] {
    let rates = census.whole.rates
    return census.rows.enumerated().filter { $0.offset != 1 }.map { _, row in
      let more = units?[row.name]
      let all = zip(rates + (more?.rates ?? []), row.nets + (more?.nets ?? [])).sorted { $0.0 < $1.0 }
      return UnitCounts.Row(name: row.name, rates: all.map(\.0), nets: all.map(\.1))
    }
  }

  /// What keeps ReLU finite where others diverge: the larger the leak, the lower the rate that all nets bear.
  var finiteWords: String {
    let rows = functionRows
    guard let relu = rows.first, let wide = units?[UnitCounts.wideName], let least = relu.bearable,
      let leaky = rows.first(where: { $0.name == Nonlinearity.leaky.name }), let less = leaky.bearable,
      let low = wide.bearable, relu.rates[least] > leaky.rates[less], leaky.rates[less] > wide.rates[low]
    else { return "" }
    func rate(_ row: UnitCounts.Row, _ place: Int) -> String { short(Double(row.rates[place])) }
    return """
      **ReLU stays finite at the highest rates, and its silent side seems to be the reason:** the larger the leak, the \
      sooner nets diverge. With slopes of 0, 0.01 and \(short(Double(UnitCounts.wideLeak))) on the left all stay \
      finite up to rates of \(rate(relu, least)), \(rate(leaky, less)) and \(rate(wide, low)). A silent unit takes no \
      part in a step that is too long. ReLU pays with dead units: \(percent(relu.dead(least).mean)) at \
      \(rate(relu, least)).
      """
  }
}
