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

      The usual advice, in S2 and in CS231n: use ReLU, with a careful rate; try leaky ReLU, ELU and maxout; expect little of tanh; do not use \
      the sigmoid. All our nets, each function at the rate with which it trains fastest:
      """)
    page.table(summary(findings))
    page.project("Which activation should I use?")
    let deaths = findings.census.experiment
    let rate = deaths.costOfRate(deaths.hot, against: deaths.usual)
    let price =
      rate.count >= 3 && rate.direction() == .above ? " A wrong rate can cost more than a wrong function." : ""
    page.prose(
      """
      - **tanh or ReLU?** \(winners(findings.duels))\(longWords(findings))
      - **The sigmoid.** \(sigmoidWords(findings))\(photographWords(findings))
      - **The others.** \(rivals(deep)) \(notCompared(findings))

      What to do:

      - **Begin with ReLU and He's weights, for one reason: published recipes and trained nets are made for it.** \(levelWords(findings))
      - In a net of your own, compare it with \(findings.eluLeads ? "ELU, " : "")GELU and SiLU (ConvNeXt and EfficientNet have these), each at a rate chosen by its errors on images that are kept back: brief \
      trainings on digits cannot decide this.
      - **Tune the learning rate first, and lower it if many units die.**\(price)
      - In a net that somebody else has trained, keep the function with which it was trained.
      """)
    page.fold("How the nets of the table were measured") { $0.prose(measured(race, deep, lost(findings))) }
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

  /// tanh and ReLU in the conv net after the longer race; empty where it was not run.
  private static func longWords(_ findings: Findings) -> String {
    guard let long = findings.longRace, long[.tanh].errors.count > 0, long[.relu].errors.count > 0 else { return "" }
    let (tanh, relu) = (long[.tanh].errors, long[.relu].errors)
    return
      " After \(grouped(long.limit)) steps the conv net on digits makes \(relu.formatted(decimals: 1)) % with ReLU and \(tanh.formatted(decimals: 1)) % with tanh."
  }

  /// The sigmoid on photographs, which was trained for fewer steps, beside ReLU after as many; empty where it was not.
  private static func photographWords(_ findings: Findings) -> String {
    guard let found = findings.photographs, let sigmoid = found[.sigmoid], let relu = found[.relu],
      let last = sigmoid.curve.last, relu.curve.count >= sigmoid.curve.count
    else { return "" }
    let then = relu.curve[sigmoid.curve.count - 1]
    return """
       On photographs sigmoids with \(short(Double(sigmoid.factor))) times the weights still misclassify \(fixed(last, 0)) % of the training images \
      after \(grouped(sigmoid.curve.count * PhotographFindings.stretch)) steps, ReLU \(fixed(then, 0)) %.
      """
  }

  /// What the columns of the table leave open, in a sentence.
  private static func notCompared(_ findings: Findings) -> String {
    let raced =
      findings.race.racers.map(\.function.name)
      + (findings.rarerRace == nil ? [] : RarerActivation.raced.map(\.name))
    let missing = RarerActivation.allCases.map(\.name).filter { !raced.contains($0) }
    let conv = missing.isEmpty ? "" : "\(listed(missing)) were not run in the conv net"
    let photographs = findings.photographs == nil ? "" : "on photographs only tanh and ReLU were run to the goal"
    let both = [conv, photographs].filter { !$0.isEmpty }.joined(separator: ", and ")
    return both.isEmpty ? "" : "Not compared: \(both)."
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
    return
      "The table gives no other: in the conv net \(listed(level)) \(level.count == 1 ? "is" : "are") level with it, within chance."
  }

  /// Runs that diverged.
  private static func lost(_ findings: Findings) -> [String] {
    let racers =
      findings.race.racers.map { ($0.function.name, $0) }
      + zip(RarerActivation.raced, findings.rarerRace ?? []).map { ($0.name, $1) }
      + (findings.heavy ?? []).map { ("sigmoids and weights × \(short(Double($0.factor)))", $0.racer) }
    return racers.filter { $1.diverged > 0 }.map { "\($1.diverged) of \(counted($1.reached.count, "run")) with \($0)" }
  }

  private static func measured(_ race: RaceFindings, _ deep: DeepFindings, _ lost: [String]) -> String {
    """
    Conv: the net of the race, each activation at the rate that is best to a loss of \(target), after \(race.limit) steps. Deep: \
    \(DeepNet.depth) dense hidden layers after \(grouped(deep.steps)) steps. \
    Weights: so many times the reference weights behind the first layer. Maxout has 37 units a layer instead of \(DeepNet.width), so that it has \
    about as many weights as the others.\
    \(lost.isEmpty ? "" : " Left out of the errors: \(listed(lost)), which diverged, because the rate chosen in the trials is too near the edge.")
    """
  }

  /// The test error of every activation in every net.
  private static func summary(_ findings: Findings) -> Table {
    let (race, deep, photographs) = (findings.race, findings.deepNets, findings.photographs)
    func row(_ name: String, _ racer: Racer?, _ net: DeepNet?, _ onPhotographs: Summary? = nil) -> [TableCell] {
      let lost = racer.map { $0.diverged > 0 ? "*" : "" } ?? ""
      let errors = [racer?.errors, net?.errors] + (photographs?.hardest == nil ? [] : [onPhotographs])
      return [TableCell(name + lost)]
        + errors.map { errors in errors.flatMap { $0.count > 0 ? .measured($0) : nil } ?? "–" }
    }
    // Those that came down to the goal.
    func goal(_ function: Nonlinearity) -> Summary? {
      [.tanh, .relu].contains(function) ? photographs?[function]?.errors : nil
    }
    let usual = race.racers.flatMap { racer -> [[TableCell]] in
      let net = DeepNet.kinds.firstIndex { $0.function == racer.function && $0.factor == 1 }.map { deep.nets[$0] }
      guard racer.function == .sigmoid else { return [row(racer.function.name, racer, net, goal(racer.function))] }
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
      Test errors (%). Conv net on digits: after \(race.limit) steps. \(DeepNet.depth) dense layers on digits: after \(grouped(deep.steps))\
      \(photographs?.hardest.map { ". Conv net on photographs: at a training error of \(short($0.mark)) %" } ?? "").\
      \(lost(findings).isEmpty ? "" : " *: without nets that diverged.")
      """,
      columns: [
        "activation", .init("conv net, digits", digits: 1), .init("\(DeepNet.depth) layers, digits", digits: 1),
      ] + (photographs?.hardest == nil ? [] : [.init("conv net, photographs", digits: 1)]),
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
