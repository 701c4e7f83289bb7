// The page of chapter 2: which activation to use.

import Workbook

extension Activations {
  /// Which one to use.
  static func addAdvice(to page: inout Page, _ findings: Findings) {
    let (race, deep) = (findings.race, findings.deepNets)
    page.prose(
      """
      ## Which one should I use?

      The usual advice, in the lecture notes S2 and in CS231n, is this: use ReLU, with a careful rate; try leaky ReLU, ELU and maxout; \
      expect little of tanh; do not use the sigmoid. This is what we measured on digits:
      """)
    page.table(summary(findings))
    let behind = fallenBehind(race)
    page.project(
      race[.relu].reached.count < 3 ? "Which activation should I use?" : behind.replacing(".", with: ""))
    let failing =
      (race.racers.map { ($0.function.name, $0) }
      + zip(RarerActivation.raced, findings.rarerRace ?? []).map { ($0.name, $1) }
      + (findings.heavy ?? []).map { ("sigmoids and weights × \(short(Double($0.factor)))", $0.racer) }).filter {
        $1.diverged > 0
      }
    let lost = failing.map { "\($1.diverged) of \(counted($1.reached.count, "run")) with \($0)" }
    let diverged =
      lost.isEmpty
      ? ""
      : " Left out of the errors: \(listed(lost)), which diverged, because the rate chosen in the trials is too near the edge."
    let deaths = findings.census.experiment
    let rate = deaths.costOfRate(deaths.hot, against: deaths.usual)
    let price =
      rate.count >= 3 && rate.direction() == .above
      ? ": a rate of \(deaths.rates[deaths.hot]) instead of \(deaths.rates[deaths.usual]) raised ReLU's loss by \(fixed(rate.mean, 2)) in *Do the cures help?*"
      : ""
    let rarer = rarerNets(deep)
    page.prose(
      """
      \(behind)\(heavyWords(findings))\(findings.convErrorWords.first.map { " \(findings.heavy == nil ? "In the conv net" : "There") tanh makes more test errors than ReLU, \($0)." } ?? "")\
      \(diverged) \(rivals(deep)) \(rarerWords(deep, rarer))

      Begin with ReLU all the same\(lowestRival(deep) == nil ? "" : ", though not because of these measurements"): \
      \(findings.costs.isReLUCheapest ? "no other is cheaper, and published" : "published") recipes are written for it. Count the dead units, and tune \
      the learning rate first, because a wrong rate can cost more than a wrong function\(price). If you have time left, try \
      \(findings.census.hasCures ? "ELU, GELU or SiLU, each with a rate of its own" : rarer.isEmpty ? "ELU" : "ELU or PReLU"). In a net that somebody else has trained, keep the function with which it was trained.
      """)
  }

  /// The sigmoid in the conv net with the weights that suit it best.
  private static func heavyWords(_ findings: Findings) -> String {
    guard let best = findings.convSigmoid else { return "" }
    let weights =
      best.factor == 1 ? "the reference weights" : "\(short(Double(best.factor))) times the reference weights"
    return
      " In the conv net it is best with \(weights), and then makes \(fixed(best.racer.errors.mean, 1)) % test errors after \(grouped(findings.race.limit)) steps; ReLU makes \(fixed(findings.race[.relu].errors.mean, 1)) %."
  }

  /// Those that full runs alone train, where they were trained.
  private static func rarerNets(_ deep: DeepFindings) -> [DeepNet] {
    deep.rarer.flatMap { $0.count >= RarerActivation.silu.rawValue ? $0 : nil } ?? []
  }

  /// Every activation in both nets, and what it costs.
  private static func summary(_ findings: Findings) -> Table {
    let (race, deep) = (findings.race, findings.deepNets)
    func cost(_ function: Nonlinearity) -> TableCell { TableCell(fixed(findings.costs.ratios[function.rawValue], 1)) }
    let usual = race.racers.flatMap { racer -> [[TableCell]] in
      let net = DeepNet.kinds.firstIndex { $0.function == racer.function && $0.factor == 1 }.map { deep.nets[$0] }
      guard racer.function == .sigmoid else {
        return [[TableCell(racer.function.name)] + cells(racer) + cells(net) + [cost(racer.function)]]
      }
      let conv = findings.heavy.map { heavy in
        { (factor: Float) in heavy.first { $0.factor == factor }.map { cells($0.racer) } ?? ["–", "–"] }
      }
      let plain = [TableCell("sigmoid")] + (conv?(1) ?? cells(racer)) + cells(net) + [cost(.sigmoid)]
      let larger = [Float(4), SizedSigmoid.matchedFactor].compactMap { factor -> [TableCell]? in
        let place = SizedSigmoid.products.firstIndex(of: factor * SizedSigmoid.plain.slope)
        let isSuited = factor == SizedSigmoid.matchedFactor
        let net = isSuited ? findings.suited.net : place.flatMap { findings.sizes?.sigmoids.first?[$0] }
        if !isSuited && (conv == nil || net == nil) { return nil }
        let name = isSuited ? findings.suited.factor : short(Double(factor))
        return [TableCell("sigmoid, weights × \(name)")] + (conv?(factor) ?? ["–", "–"]) + cells(net) + [cost(.sigmoid)]
      }
      return [plain] + larger
    }
    let rarer = zip(RarerActivation.allCases, rarerNets(deep)).map { kind, net in
      let place = RarerActivation.raced.firstIndex(of: kind)
      let racer = place.flatMap { place in findings.rarerRace.flatMap { $0.count > place ? $0[place] : nil } }
      return [TableCell(kind.name)] + (racer.map { cells($0) } ?? ["–", "–"]) + cells(net)
        + [kind == .prelu ? cost(.prelu) : "–"]
    }
    return Table(
      "Each activation at its best rate. Conv: the net of the race, steps to a loss of \(target), test error (%) after \(race.limit) steps. Deep: \(DeepNet.depth) dense hidden layers, loss and test error (%) after \(grouped(deep.steps)) steps. Cost: time of one evaluation, forward and back, over ReLU’s. Weights: the reference weights, or so many times these behind the first layer. Maxout has 37 units a layer instead of \(DeepNet.width), so that it has about as many weights as the others. –: not measured",
      columns: [
        "activation", .init("conv: steps", digits: 0), .init("conv: error", digits: 1),
        .init("deep: loss", digits: 2), .init("deep: error", digits: 1), "cost",
      ],
      rows: usual + rarer)
  }

  /// Steps and test error of a racer.
  private static func cells(_ racer: Racer) -> [TableCell] {
    [
      racer.arrives
        ? .measured(racer.steps)
        : TableCell(
          racer.arrivals == 0 ? "> \(racer.limit)" : "\(racer.arrivals) of \(racer.reached.count) reach it"),
      racer.errors.count > 0 ? .measured(racer.errors) : TableCell("–"),
    ]
  }

  /// Loss and test error of a deep net.
  private static func cells(_ net: DeepNet?) -> [TableCell] {
    net.map { [.measured($0.losses), .measured($0.errors)] } ?? [TableCell("–"), TableCell("–")]
  }

  /// Who needs more steps than ReLU in the race, beyond chance.
  private static func fallenBehind(_ race: RaceFindings) -> String {
    guard race[.relu].reached.count >= 3 else { return "So few seeds cannot tell who falls behind in the race." }
    let slow = race.racers.filter {
      $0.function != .relu && (!$0.arrives || ($0.steps - race[.relu].steps).direction() == .above)
    }.map(\.function)
    if slow.contains(.sigmoid) { return "In the race the sigmoid falls behind." }
    let names = slow.map(\.name).joined(separator: " and ")
    return slow.isEmpty
      ? "In the race none clearly falls behind." : "In the race \(names) \(slow.count == 1 ? "falls" : "fall") behind."
  }

  /// The net that ends lowest eight layers deep, where it ends below ReLU beyond chance.
  private static func lowestRival(_ deep: DeepFindings) -> Int? {
    let lowest = DeepNet.rivals.min { deep.nets[$0].losses.mean < deep.nets[$1].losses.mean } ?? DeepNet.relu
    return (deep.nets[DeepNet.relu].losses - deep.nets[lowest].losses).direction() == .above ? lowest : nil
  }

  /// The same with its intervals.
  private static func rivals(_ deep: DeepFindings) -> String {
    let relu = deep.nets[DeepNet.relu]
    guard let lowest = lowestRival(deep) else {
      return "Eight layers deep none ends at a lower loss than ReLU beyond chance."
    }
    let (loss, error) = (relu.losses - deep.nets[lowest].losses, relu.errors - deep.nets[lowest].errors)
    return
      "Eight layers deep \(DeepNet.kinds[lowest].name) ends lower than ReLU, by a loss of \(fixed(loss.mean, 2)) (95 % interval: \(loss.interval(2))); "
      + "its test error is \(error.mean < 0 ? "higher" : "lower") by \(fixed(error.magnitude.mean, 1)) points (95 % interval: \(error.magnitude.interval(1)))\(isClear(error, beyond: 0) ? "" : ", within chance")."
  }

  /// Which of the activations that full runs alone train make fewer or more errors than ReLU.
  private static func rarerWords(_ deep: DeepFindings, _ rarer: [DeepNet]) -> String {
    guard !rarer.isEmpty else { return "PReLU, GELU and maxout were not trained." }
    let errors = zip(RarerActivation.allCases, rarer).map { kind, net in
      (kind.name, net.errors - deep.nets[DeepNet.relu].errors)
    }
    let found = errors.compactMap { name, points -> String? in
      switch points.direction(among: errors.count) {
      case .below: "\(name) makes \(fixed(points.magnitude.mean, 1)) points fewer test errors than ReLU"
      case .above: "\(name) makes \(fixed(points.magnitude.mean, 1)) points more test errors than ReLU"
      case .withinChance: nil
      }
    }
    return found.isEmpty
      ? "\(listed(errors.map(\.0))) make as many test errors as ReLU, within chance."
      : found.joined(separator: ", ") + "."
  }
}
