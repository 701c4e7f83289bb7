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
    let settings =
      findings.settings == nil
      ? "trained by plain gradient descent"
      : "trained by plain gradient descent (SGD), by Adam, and by SGD with batch norm in front of each activation (chapter 5)"
    page.prose(
      """
      ## Which one should I use?

      The usual advice, in S2 and in CS231n: use ReLU, with a careful rate; try leaky ReLU, ELU and maxout; expect \
      little of tanh; do not use the sigmoid. Our nets, each at its own best rate: the conv net of the race, and \
      \(DeepNet.depth) dense layers \(settings).
      """)
    page.table(summary(findings))
    page.project("Which activation should I use?")
    let deaths = findings.census.experiment
    let rate = deaths.costOfRate(deaths.hot, against: deaths.usual)
    let price =
      rate.count >= 3 && rate.direction() == .above ? " A wrong rate can cost more than a wrong function." : ""
    page.prose(
      """
      - **The sigmoid.** \(findings.settings?.sigmoidWords ?? "")\(sigmoidWords(findings))
      - **tanh or ReLU?** (tanh at one gain, 1; the usual 5/3 was not tried.) \(winners(findings.duels))\(findings.settings?.tanhWords ?? "")
      - **ELU and GELU.** \(levelWords(findings))\(rivals(deep))\(findings.settings?.words ?? "")

      What to do:

      - **Begin with ReLU and He's weights.** \(reasons(findings))
      - **Tune the learning rate, then try \(findings.eluLeads ? "ELU and " : "")GELU.**\(price) Brief trainings on \
      digits cannot decide it for your net.
      - In a net that somebody else has trained, keep its function.
      """)
    page.fold("Other functions, and how these nets were measured") {
      $0.prose(
        othersWords(findings) + measured(race, lost(findings), isRacedLonger: findings.longRace != nil)
          + (findings.settings.map { settingWords($0) } ?? ""))
    }
  }

  /// The sigmoid in the conv net, with the weights that suit it best, where several were tried.
  private static func sigmoidWords(_ findings: Findings) -> String {
    let race = findings.race
    guard let best = findings.convSigmoid?.racer, best.errors.count == race[.relu].errors.count else {
      return "It has not been run in the conv net with a gain that suits it."
    }
    let ratio = best.errors / race[.relu].errors
    return ratio.worded(
      from: 1,
      above:
        "After \(grouped(race.limit)) steps of the conv net sigmoids make \(fixed(ratio.mean, 1)) times as many test errors as ReLU, with the gain that suits them best.",
      below: "In the conv net sigmoids make fewer test errors than ReLU.",
      withinChance: "In the conv net sigmoids make as many test errors as ReLU, within chance.")
  }

  /// Why to begin with ReLU: first what the numbers say, then what else speaks for it.
  private static func reasons(_ findings: Findings) -> String {
    let numbers =
      findings.eluLeads
      ? "Not for its errors: in the table ELU and GELU are level with it or better. But published"
      : "Published"
    let cost = findings.costs.isReLUCheapest ? ", and no function costs less to compute" : ""
    return "\(numbers) recipes and trained nets for images are mostly made for it\(cost)."
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
    let verb = level.count == 1 ? "is" : "are"
    return "In the conv net \(listed(level)) \(verb) level with ReLU, within chance. "
  }

  /// The functions that are not in the table, with a space behind them; empty where none was trained.
  private static func othersWords(_ findings: Findings) -> String {
    func said(_ name: String, _ errors: Summary) -> String? {
      errors.count > 0 ? "\(name) \(errors.formatted(decimals: 1))" : nil
    }
    let shown = Set(rows(findings).map(\.name))
    let conv =
      findings.race.racers.map { ($0.function.name, $0.errors) }
      + zip(RarerActivation.raced, findings.rarerRace ?? []).map { ($0.name, $1.errors) }
    let deep =
      zip(DeepNet.kinds, findings.deepNets.nets).map { ($0.name, $1.errors) }
      + zip(RarerActivation.allCases, findings.deepNets.rarer ?? []).map { ($0.name, $1.errors) }
    func list(_ all: [(String, Summary)]) -> String {
      listed(all.filter { !shown.contains($0.0) && !$0.0.hasPrefix("sigmoid") }.compactMap { said($0.0, $0.1) })
    }
    let parts = [("the conv net", list(conv)), ("\(DeepNet.depth) dense layers with SGD", list(deep))]
      .filter { !$1.isEmpty }.map { "In \($0): \($1) % test errors. " }
    return parts.joined()
  }

  /// Runs that diverged.
  private static func lost(_ findings: Findings) -> [String] {
    let racers =
      findings.race.racers.map { ($0.function.name, $0) }
      + zip(RarerActivation.raced, findings.rarerRace ?? []).map { ($0.name, $1) }
      + (findings.heavy ?? []).map { ("sigmoids of gain \(short(Double($0.factor)))", $0.racer) }
    return racers.filter { $1.diverged > 0 }.map { "\($1.diverged) of \(counted($1.reached.count, "run")) with \($0)" }
  }

  private static func measured(
    _ race: RaceFindings, _ lost: [String], isRacedLonger: Bool
  ) -> String {
    """
    Conv: the net of the race, each activation at the rate that is best to a loss of \(target), after \(race.limit) \
    steps\(isRacedLonger ? "; after the longer race at the rates best to \(short(lowTarget))" : ""). \
    Gain: in all layers but the first; in the conv net sigmoids had rates up to \
    \(short(Double(HeavySigmoid.rates.last ?? 0))). Maxout has \
    37 units a layer instead of \(DeepNet.width), so that it has about as many weights as the others.\
    \(lost.isEmpty ? "" : " Left out of the errors: \(listed(lost)), which diverged.")
    """
  }

  /// One row of the table: a function, and its errors in the conv net and in the deep nets.
  private struct Row {
    var name: String
    var errors: [Summary?]
    var isWhole: Bool { errors.allSatisfy { $0.map { $0.count > 0 } == true } }
  }

  /// The functions that were trained in every net.
  private static func rows(_ findings: Findings) -> [Row] {
    func settings(_ name: String) -> [Summary?] {
      findings.settings.map { nets in SettingNets.Setting.allCases.map { nets[$0, name]?.errors } } ?? []
    }
    func heavy(_ factor: Float) -> Summary? { findings.heavy?.first { $0.factor == factor }?.racer.errors }
    let (race, nets) = (findings.race, findings.deepNets.nets)
    func usual(_ function: Nonlinearity, _ name: String? = nil, conv: Summary? = nil) -> Row {
      let place = DeepNet.kinds.firstIndex { $0.function == function && $0.factor == 1 }
      return Row(
        name: name ?? function.name,
        errors: [conv ?? race.racers.first { $0.function == function }?.errors, place.map { nets[$0].errors }]
          + settings(function.name))
    }
    let gelu = RarerActivation.gelu
    return [
      usual(.sigmoid, "sigmoid, gain 1", conv: heavy(1)),
      Row(
        name: SettingNets.suited.name,
        errors: [heavy(SizedSigmoid.matchedFactor), findings.matchedSigmoid?.errors]
          + settings(SettingNets.suited.name)),
      usual(.tanh), usual(.relu), usual(.elu),
      Row(
        name: gelu.name,
        errors: [
          zip(RarerActivation.raced, findings.rarerRace ?? []).first { $0.0 == gelu }?.1.errors,
          findings.deepNets.rarer.flatMap { $0.count > gelu.rawValue ? $0[gelu.rawValue].errors : nil },
        ] + settings(gelu.name)),
    ].filter(\.isWhole)
  }

  /// The test errors by which one decides.
  private static func summary(_ findings: Findings) -> Table {
    let settings = findings.settings == nil ? [] : SettingNets.Setting.allCases
    return Table(
      """
      Test errors (%) on digits: the conv net after \(grouped(findings.race.limit)) steps, the \
      \(DeepNet.depth) dense layers after \(grouped(findings.deepNets.steps)); SGD where nothing else is said
      """,
      columns: [
        "activation", .init("conv net", digits: 1), .init("\(DeepNet.depth) layers", digits: 1),
      ] + settings.map { .init("\(DeepNet.depth) layers, \($0 == .adam ? "Adam" : "batch norm")", digits: 1) },
      rows: rows(findings).map { row in
        [TableCell(row.name)] + row.errors.map { $0.map { .measured($0) } ?? "–" }
      })
  }

  /// Whether ELU and GELU make fewer test errors than ReLU eight layers deep.
  private static func rivals(_ deep: DeepFindings) -> String {
    let nets =
      DeepNet.rivals.filter { DeepNet.kinds[$0].function == .elu }.map { (DeepNet.kinds[$0].name, deep.nets[$0]) }
      + zip(RarerActivation.allCases, deep.rarer ?? []).filter { $0.0 == .gelu }.map { ($0.name, $1) }
    let ahead = nets.filter { (deep.nets[DeepNet.relu].errors - $0.1.errors).direction() == .above }.map(\.0)
    return ahead.isEmpty
      ? "Eight layers deep neither makes fewer test errors than ReLU beyond chance."
      : "Eight layers deep \(listed(ahead)) \(ahead.count == 1 ? "makes" : "make") fewer test errors than ReLU."
  }
}
