// The page of chapter 2: which activation to use.

import Workbook

extension Activations {
  /// Which one to use.
  static func addAdvice(to page: inout Page, _ findings: Findings) {
    let choices = findings.choices
    page.prose(
      """
      ## Which one should I use?

      \(choices.isEmpty ? "**Begin with ReLU: most recipes are made for it.**" : findings.ranking) (As the output for yes or no, and as a gate, the \
      sigmoid stays.)
      """)
    if !choices.isEmpty { page.table(summary(findings, choices)) }
    page.project("Which activation should I use?")
    if !choices.isEmpty, !findings.convWords.isEmpty { page.prose(findings.convWords) }
    page.table(doing(findings))
    page.fold("Other functions, and how these nets were measured") {
      $0.prose(othersWords(findings) + measured(findings.race, findings.settings, diverged(findings)))
    }
  }

  /// The test errors by which one decides.
  private static func summary(_ findings: Findings, _ choices: [Choice]) -> Table {
    func cell(_ choice: Choice, _ place: Int) -> TableCell {
      guard place < choice.errors.count, let errors = choice.errors[place] else { return "–" }
      let differs = findings.direction(choice.differences[place]) != .withinChance
      let few = place == 0 && choice.lost > 0 ? " (\(choice.runs - choice.lost) runs)" : ""
      return .text(errors.formatted(decimals: 1) + (differs ? " *" : "") + few)
    }
    return Table(
      """
      Test errors (%) on digits (\(findings.seedWords)): conv net after \(grouped(findings.race.limit)) steps; \(DeepNet.depth) dense layers after \
      \(grouped(findings.deepNets.steps)) with momentum, with Adam, and with momentum and batch norm. \\*: differs from ReLU beyond chance, all \
      rows of a column counted
      """,
      columns: ["activation", "conv net", "momentum", "Adam", "batch norm"],
      rows: choices.map { choice in [TableCell(choice.name)] + (0..<4).map { cell(choice, $0) } })
  }

  /// What to do, why, and how.
  private static func doing(_ findings: Findings) -> Table {
    let first = findings.firstWeights
    let cost = findings.costs.isReLUCheapest ? "; none costs less to compute" : ""
    var rows: [[TableCell]] = [
      ["ReLU first; tune its rate", .text("the default of published recipes" + cost), "`nn.ReLU()`"]
    ]
    if first?.hasBetterNorm == true {
      rows.append([
        "batch norm in front of each ReLU, if the net may have it",
        "with ReLU the fewest test errors at 3, 8 and 16 layers",
        "`nn.BatchNorm1d(units)`",
      ])
    }
    rows.append([
      "He's first weights, without batch norm",
      .text(first?.harm.map { "\($0) after \(grouped(first?.steps ?? 0)) steps" } ?? "PyTorch's are smaller"),
      "`nn.init.kaiming_normal_(w, nonlinearity=\"relu\")`",
    ])
    let leaders = findings.leaders
    if !leaders.isEmpty {
      let places = leaders.map { "\(leaders.count > 1 ? $0.name + " " : "")in \($0.nets) of 4 nets" }
      rows.append([
        .text("last of all, try \(listed(leaders.map(\.name)))"),
        .text("beyond chance fewer test errors than ReLU \(listed(places)), and more in none"),
        .text(leaders.map { "`nn.\($0.name)()`" }.joined(separator: ", ")),
      ])
    }
    return Table("What to do", columns: ["do this", "why", "PyTorch"], rows: rows)
  }

  /// The functions that are not in the table, with a space behind them; empty where none was trained.
  private static func othersWords(_ findings: Findings) -> String {
    let shown = ["sigmoid", "tanh", "ReLU", "ELU", "GELU"]
    func list(_ all: [(String, Summary)]) -> String {
      listed(
        all.filter { name, errors in !shown.contains(name) && !name.hasPrefix("sigmoid") && errors.count > 0 }
          .map { "\($0) \($1.formatted(decimals: 1))" })
    }
    let conv =
      findings.race.racers.map { ($0.function.name, $0.errors) }
      + zip(RarerActivation.raced, findings.rarerRace ?? []).map { ($0.name, $1.errors) }
    let deep =
      zip(DeepNet.kinds, findings.deepNets.nets).map { ($0.name, $1.errors) }
      + zip(RarerActivation.allCases, findings.deepNets.rarer ?? []).map { ($0.name, $1.errors) }
    let relu = findings.deepNets.nets[DeepNet.relu].errors.formatted(decimals: 1)
    let parts = [
      ("In the conv net", list(conv), ""), ("In the nets of *Eight layers deep*", list(deep), " (ReLU there: \(relu))"),
    ].filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1) % test errors\($0.2). " }
    return parts.joined()
  }

  /// Runs that diverged.
  private static func diverged(_ findings: Findings) -> [String] {
    let racers =
      findings.race.racers.map { ($0.function.name, $0) }
      + zip(RarerActivation.raced, findings.rarerRace ?? []).map { ($0.name, $1) }
      + (findings.heavy ?? []).map { ("sigmoids of gain \(short(Double($0.factor)))", $0.racer) }
    return racers.filter { $1.diverged > 0 }.map { "\($1.diverged) of \(counted($1.reached.count, "run")) with \($0)" }
  }

  private static func measured(_ race: RaceFindings, _ settings: SettingNets?, _ lost: [String]) -> String {
    """
    The conv net is that of *Is ReLU faster than tanh?*, each activation at the rate that is fastest to a loss of \(target). Gain: in all layers but the first. \
    \(settings.map { "The 8 dense layers are those of *Your PyTorch net does not learn?*: rates chosen by the errors on \(grouped($0.keptCount)) images kept back, biases as PyTorch draws them. With batch norm ReLU, ELU and GELU have PyTorch's default weights, sigmoid and tanh their gains and in the last layer Xavier's weights. " } ?? "")\
    Maxout has 37 units a layer instead of \(DeepNet.width), for about as many weights.\
    \(lost.isEmpty ? "" : " Left out of the errors in the conv net: \(listed(lost)), which diverged.")
    """
  }
}
