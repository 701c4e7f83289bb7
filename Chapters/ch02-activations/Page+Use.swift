// The page of chapter 2: which activation to use.

import Workbook

extension Activations.Findings {
  /// Whether ELU makes no more test errors than ReLU in the conv net, and fewer eight layers deep.
  var eluLeads: Bool {
    guard let elu = DeepNet.kinds.firstIndex(where: { $0.function == .elu }),
      race[.elu].errors.count == race[.relu].errors.count
    else { return false }
    return (race[.elu].errors - race[.relu].errors).direction() != .above
      && (deepNets.nets[elu].errors - deepNets.nets[DeepNet.relu].errors).direction() == .below
  }
}

extension Activations {
  /// Which one to use.
  static func addAdvice(to page: inout Page, _ findings: Findings) {
    let (race, deep) = (findings.race, findings.deepNets)
    page.prose(
      """
      ## Which one should I use?

      The usual advice, in S2 and in CS231n: use ReLU, with a careful rate; try leaky ReLU, ELU and maxout; expect \
      little of tanh; do not use \
      the sigmoid. Our nets, trained by plain gradient descent, each function at its best rate (the fold says by which \
      goal). \
      Only the sigmoid had weights of several sizes; a gain of 5/3 for tanh, usual in PyTorch, was not tried.
      """)
    page.table(summary(findings))
    page.project("Which activation should I use?")
    let deaths = findings.census.experiment
    let rate = deaths.costOfRate(deaths.hot, against: deaths.usual)
    let price =
      rate.count >= 3 && rate.direction() == .above ? " A wrong rate can cost more than a wrong function." : ""
    page.prose(
      """
      - **tanh or ReLU?** \(winners(findings.duels))
      - **The sigmoid.** \(sigmoidWords(findings))
      - **The others.** \(levelWords(findings))\(rivals(deep))

      What to do:

      - **Begin with ReLU and He's weights.** \(reasons(findings.census))
      - **Tune the learning rate first, and lower it if more than a few units in a hundred die.**\(price)
      - If you have tuned the rate, try \(findings.eluLeads ? "ELU, " : "")GELU and SiLU as \
      well\(findings.eluLeads ? ": in the table ELU is as good or better" : ""). Choose on images that are kept back; \
      brief trainings on digits \
      cannot decide it for your net.
      - In a net that somebody else has trained, keep the function with which it was trained.
      """)
    page.fold("How the nets of the table were measured") {
      $0.prose(measured(race, lost(findings), isRacedLonger: findings.longRace != nil))
    }
  }

  /// The sigmoid in the conv net, with the weights that suit it best, where several were tried.
  private static func sigmoidWords(_ findings: Findings) -> String {
    let race = findings.race
    guard let best = findings.convSigmoid?.racer, best.errors.count == race[.relu].errors.count else {
      return "The sigmoid has not been run in the conv net with weights that suit it."
    }
    let ratio = best.errors / race[.relu].errors
    return ratio.worded(
      from: 1,
      above:
        "After \(grouped(race.limit)) steps of the conv net sigmoids make \(fixed(ratio.mean, 1)) times as many test errors as ReLU, with the weights that suit them best.",
      below: "In the conv net sigmoids make fewer test errors than ReLU.",
      withinChance: "In the conv net sigmoids make as many test errors as ReLU, within chance.")
  }

  /// Why to begin with ReLU.
  private static func reasons(_ census: CensusFindings) -> String {
    let rates =
      census.reluAlwaysLearns && census.edge != nil
      ? "In *Cures for dead units*, with two layers, it learned at every rate; \(listed(census.edge?.names ?? [])) did not. And published"
      : "Published"
    return "\(rates) recipes and trained nets for images are mostly made for it."
  }

  /// Which functions are level with ReLU in the conv net; empty where one makes fewer errors.
  private static func levelWords(_ findings: Findings) -> String {
    let relu = findings.race[.relu].errors
    let others =
      findings.race.racers.filter { ![.relu, .sigmoid].contains($0.function) }.map { ($0.function.name, $0.errors) }
      + zip(RarerActivation.raced, findings.rarerRace ?? []).map { ($0.name, $1.errors) }
    let compared = others.filter { $0.1.count == relu.count }.map { ($0.0, ($0.1 - relu).direction()) }
    let level = compared.filter { $0.1 == .withinChance }.map(\.0)
    guard !level.isEmpty, !compared.contains(where: { $0.1 == .below }) else { return "" }
    // Those that lost a run cannot be compared seed by seed.
    let unsafe = zip(RarerActivation.raced, findings.rarerRace ?? []).filter { $1.diverged > 0 && $1.errors.count > 2 }
      .map { kind, racer in
        """
         \(kind.name) makes \(racer.errors.formatted(decimals: 1)) % there, ReLU \(relu.formatted(decimals: 1)) %, and \
        \(racer.diverged) of \(counted(racer.reached.count, "run")) with it diverged.
        """
      }
    let verb = level.count == 1 ? "is" : "are"
    return "In the conv net \(listed(level)) \(verb) level with ReLU, within chance.\(unsafe.joined()) "
  }

  /// Runs that diverged.
  private static func lost(_ findings: Findings) -> [String] {
    let racers =
      findings.race.racers.map { ($0.function.name, $0) }
      + zip(RarerActivation.raced, findings.rarerRace ?? []).map { ($0.name, $1) }
      + (findings.heavy ?? []).map { ("sigmoids and weights × \(short(Double($0.factor)))", $0.racer) }
    return racers.filter { $1.diverged > 0 }.map { "\($1.diverged) of \(counted($1.reached.count, "run")) with \($0)" }
  }

  private static func measured(
    _ race: RaceFindings, _ lost: [String], isRacedLonger: Bool
  ) -> String {
    """
    Conv: the net of the race, each activation at the rate that is best to a loss of \(target), after \(race.limit) \
    steps\
    \(isRacedLonger ? ", which may not be the best one for so many; after the longer race at the rates best to \(short(lowTarget))" : ""). \
    Weights: so many times the reference weights behind the first layer; in the conv net sigmoids had rates up to \
    \(short(Double(HeavySigmoid.rates.last ?? 0))). Maxout has 37 units a layer instead of \(DeepNet.width), so that \
    it has \
    about as many weights as the others.\
    \(lost.isEmpty ? "" : " Left out of the errors: \(listed(lost)), which diverged.")
    """
  }

  /// The test error of every activation in every net.
  private static func summary(_ findings: Findings) -> Table {
    let (race, deep, long) = (findings.race, findings.deepNets, findings.longRace)
    func row(_ name: String, _ racer: Racer?, _ net: DeepNet?, _ longer: Summary? = nil) -> [TableCell] {
      let lost = racer.map { $0.diverged > 0 ? "*" : "" } ?? ""
      let errors = [racer?.errors] + (long == nil ? [] : [longer]) + [net?.errors]
      return [TableCell(name + lost)]
        + errors.map { errors in errors.flatMap { $0.count > 0 ? .measured($0) : nil } ?? "–" }
    }
    // The longer race has tanh and ReLU alone.
    func longer(_ function: Nonlinearity) -> Summary? { long?.racers.first { $0.function == function }?.errors }
    let usual = race.racers.flatMap { racer -> [[TableCell]] in
      let net = DeepNet.kinds.firstIndex { $0.function == racer.function && $0.factor == 1 }.map { deep.nets[$0] }
      guard racer.function == .sigmoid else { return [row(racer.function.name, racer, net, longer(racer.function))] }
      func heavy(_ factor: Float) -> Racer? { findings.heavy?.first { $0.factor == factor }?.racer }
      return [row("sigmoid", heavy(1) ?? racer, net)]
        + [Float(4), SizedSigmoid.matchedFactor].compactMap { factor in
          let place = SizedSigmoid.products.firstIndex(of: factor * SizedSigmoid.plain.slope)
          let net =
            factor == SizedSigmoid.matchedFactor
            ? findings.matchedSigmoid : place.flatMap { findings.sizes?.sigmoids.first?[$0] }
          return net.map { row("sigmoid, weights × \(short(Double(factor)))", heavy(factor), $0) }
        }
    }
    let rarer = zip(RarerActivation.allCases, deep.rarer ?? []).map { kind, net in
      let place = RarerActivation.raced.firstIndex(of: kind)
      return row(
        kind.name, place.flatMap { place in findings.rarerRace.flatMap { $0.count > place ? $0[place] : nil } }, net)
    }
    return Table(
      """
      Test errors (%) on digits after so many steps\
      \(lost(findings).isEmpty ? "" : "; *: without nets that diverged")
      """,
      columns: [
        "activation", .init("conv net, \(grouped(race.limit))", digits: 1),
      ] + (long.map { [.init("conv net, \(grouped($0.limit))", digits: 1)] } ?? []) + [
        .init("\(DeepNet.depth) dense layers, \(grouped(deep.steps))", digits: 1)
      ],
      rows: usual + rarer)
  }

  /// Which activations make fewer test errors than ReLU eight layers deep.
  private static func rivals(_ deep: DeepFindings) -> String {
    let nets =
      DeepNet.rivals.map { (DeepNet.kinds[$0].name, deep.nets[$0]) }
      + zip(RarerActivation.allCases, deep.rarer ?? []).map { ($0.name, $1) }
    let ahead = nets.filter { (deep.nets[DeepNet.relu].errors - $0.1.errors).direction() == .above }.map(\.0)
    return ahead.isEmpty
      ? "Eight layers deep none makes fewer test errors than ReLU beyond chance."
      : "Eight layers deep \(listed(ahead)) \(ahead.count == 1 ? "makes" : "make") fewer test errors than ReLU."
  }
}
