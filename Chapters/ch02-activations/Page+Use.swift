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

extension Activations.Findings {
  /// What a gain of 5/3 does for tanh's test errors in the deep nets, with a space in front; empty where it was not tried.
  var wideTanhWords: String {
    guard let wide = deepNets.wideTanh?.errors, let settings else { return "" }
    let pairs: [(Summary, Summary)] =
      [(wide, deepNets.nets[DeepNet.tanh].errors)]
      + SettingNets.Setting.allCases.compactMap { setting in
        settings[setting, DeepNet.wideTanh.name].flatMap { own in
          settings[setting, "tanh"].map { (own.errors, $0.errors) }
        }
      }
    let directions = pairs.filter { $0.0.count == $0.1.count }.map { ($0.0 - $0.1).direction(among: pairs.count) }
    let (more, fewer) = (directions.contains(.above), directions.contains(.below))
    return " "
      + (more && fewer
        ? "A gain of 5/3 for tanh makes more errors in one of the dense nets and fewer in another."
        : more
          ? "A gain of 5/3 for tanh makes more errors in the dense nets, or as many."
          : fewer
            ? "A gain of 5/3 for tanh makes fewer errors in the dense nets, or as many."
            : "A gain of 5/3 for tanh changes nothing beyond chance.")
  }
}

extension Activations {
  /// Which one to use.
  static func addAdvice(to page: inout Page, _ findings: Findings) {
    let (race, deep) = (findings.race, findings.deepNets)
    page.prose(
      """
      ## Which one should I use?

      **Begin with ReLU: most recipes are made for it, and the others, but for the sigmoid, differ little from it.** S2 and CS231n advise: use ReLU, with a careful rate; try leaky ReLU, ELU and \
      maxout; expect little of tanh; do not use the sigmoid (between layers). Here are the conv net of the race and \(DeepNet.depth) dense layers, each at its own best rate. \
      (With Adam not the nets of *Dead units*: their last layer and biases begin otherwise.)
      """)
    page.table(summary(findings))
    page.project("Which activation should I use?")
    page.prose(
      """
      - **The sigmoid.** \(findings.settings?.sigmoidWords ?? "")\(sigmoidWords(findings))
      - **tanh or ReLU?** tanh with gain 1: \(winners(findings.duels))\(findings.settings?.tanhWords ?? "")\(findings.wideTanhWords)
      - **ELU and GELU.** \(levelWords(findings))\(rivals(deep))\(findings.settings?.words ?? "")
      """)
    page.table(doing(findings))
    page.fold("Other functions, and how these nets were measured") {
      $0.prose(othersWords(findings) + measured(race, lost(findings), findings.settings))
    }
  }

  /// What to do, why, and how.
  private static func doing(_ findings: Findings) -> Table {
    let first = findings.firstWeights
    let reason = "published recipes and trained nets for images are mostly made for it"
    func median(_ start: FirstWeights.Start) -> String? {
      first?[.sgd, start, DeepNet.depth].map { fixed($0.errors.median, 0) }
    }
    let he = median(.he).flatMap { he in
      median(.pyTorch).map {
        "\($0) % test errors with PyTorch's default eight layers deep, \(he) % with He's (SGD with momentum, medians)"
      }
    }
    let cost = findings.costs.isReLUCheapest ? "; none costs less to compute" : ""
    var rows: [[TableCell]] = [["ReLU first; tune its rate", .text(reason + cost), "`nn.ReLU()`"]]
    if first?.hasBetterNorm == true {
      rows.append([
        "batch norm in front of each ReLU, if the net may have it",
        "with ReLU the fewest test errors at 3, 8 and 16 layers",
        "`nn.BatchNorm1d(units)`",
      ])
    }
    rows += [
      [
        "He's first weights, without batch norm", .text(he ?? "PyTorch's are smaller"),
        "`nn.init.kaiming_normal_(w, nonlinearity=\"relu\")`",
      ],
      [
        "then try \(findings.eluLeads ? "ELU and " : "")GELU", "at least level with ReLU in the table",
        "`nn.ELU()`, `nn.GELU()`",
      ],
      ["subtract the channel mean of the images", "chapter 3", "`x - mean`"],
    ]
    if let best = findings.units?.atBest, findings.units?.adamBearsDeath == true {
      rows.append([
        "judge a rate by the errors on images kept back, not by dead units",
        "Adam leaves \(fixed(100 * best.adam, 0)) % dead at its best rate", "`(h <= 0).all(0)` counts them",
      ])
    }
    return Table("What to do", columns: ["do this", "why", "PyTorch"], rows: rows)
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
    let shown = Set(rows(findings).map(\.name) + ["tanh"])
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

  private static func measured(_ race: RaceFindings, _ lost: [String], _ settings: SettingNets?) -> String {
    """
    Conv: each activation at the rate that is fastest to a loss of \(target); the comparison after more steps at the rates fastest to \
    \(short(lowTarget)). Gain: in all layers but the first. Maxout has 37 units a layer instead of \(DeepNet.width), so that it has about \
    as many weights as the others. SGD: rates chosen by the training loss\
    \(settings.map { "; Adam and batch norm: by the errors on \(grouped($0.keptCount)) images kept back" } ?? "").\
    \(lost.isEmpty ? "" : " Left out of the errors in the conv net: \(listed(lost)), which diverged.")
    """
  }

  /// One row of the table: a function, and its errors in the conv net and in the deep nets.
  private struct Row {
    var name: String
    var errors: [Summary?]
    var isWhole: Bool { errors.allSatisfy { $0.map { $0.count > 0 } == true } }
    /// Whether it was trained in the deep nets at least.
    var isDeep: Bool { errors.dropFirst().allSatisfy { $0.map { $0.count > 0 } == true } }
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
      usual(.tanh, findings.deepNets.wideTanh == nil ? nil : "tanh, gain 1"), usual(.relu), usual(.elu),
      Row(
        name: gelu.name,
        errors: [
          zip(RarerActivation.raced, findings.rarerRace ?? []).first { $0.0 == gelu }?.1.errors,
          findings.deepNets.rarer.flatMap { $0.count > gelu.rawValue ? $0[gelu.rawValue].errors : nil },
        ] + settings(gelu.name)),
    ].filter(\.isWhole)
  }

  /// tanh with a larger gain, which was not trained in the conv net.
  private static func wideRow(_ findings: Findings) -> Row? {
    let name = DeepNet.wideTanh.name
    let settings: [Summary?] =
      findings.settings.map { nets in SettingNets.Setting.allCases.map { nets[$0, name]?.errors } } ?? []
    let row = Row(name: name, errors: [nil, findings.deepNets.wideTanh?.errors] + settings)
    return row.isDeep ? row : nil
  }

  /// The rows of the table, tanh's two side by side.
  private static func shownRows(_ findings: Findings) -> [Row] {
    var rows = rows(findings)
    if let wide = wideRow(findings), let place = rows.firstIndex(where: { $0.name.hasPrefix("tanh") }) {
      rows.insert(wide, at: place + 1)
    }
    return rows
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
      rows: shownRows(findings).map { row in
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
