// The page of chapter 2: what to do, and which activation to use.

import Workbook

extension Activations {
  /// What to do, in the order of what it is worth.
  static func doing(_ findings: Findings) -> Table {
    let first = findings.firstWeights
    let rows: [[TableCell]] = [
      first.flatMap { nets in
        nets.worth(nets.normed(.sgd, .pyTorch, DeepNet.depth)).map { worth in
          [
            "1. batch norm in front of each ReLU",
            .text(worth + (nets.worth(nets.normed(.sgd, .pyTorch, 16)).map { "; \($0) with 16 layers" } ?? "")),
            "`nn.BatchNorm1d(units)`",
          ]
        }
      },
      [
        .text(first?.normed == nil ? "1. He's first weights" : "or, without it, He's first weights"),
        .text(first.flatMap { $0.worth($0[.sgd, .he, DeepNet.depth]) } ?? "PyTorch's default weights are smaller"),
        "`nn.init.kaiming_normal_(w)`",
      ],
      [
        "2. then tune the rate, by the errors on images kept back",
        .text(
          findings.units?.rateCost.map { "four times the best rate costs \(fixed($0, 1)) points" }
            ?? "four times the best rate can kill units"), "`lr=`",
      ],
      [
        "3. last the function: begin with ReLU",
        .text(
          findings.spread(in: .momentum).map {
            "tanh, ReLU, ELU and GELU lie at most \(fixed($0, 1)) points apart"
          }
            ?? "the default of published recipes"), "`nn.ReLU()`",
      ],
    ].compactMap { $0 }
    return Table(
      "What to do, in this order (the deep net, SGD with momentum, \(grouped(findings.deepNets.steps)) steps)",
      columns: ["do this", "test errors on digits", "PyTorch"], rows: rows)
  }

  /// Which one to use.
  static func addAdvice(to page: inout Page, _ findings: Findings) {
    let choices = findings.choices
    page.prose(
      """
      ## Which one should I use?

      \(choices.isEmpty ? "**Begin with ReLU: most recipes are made for it.**" : findings.ranking)\(findings.habit)
      """)
    if !choices.isEmpty { page.table(summary(findings, choices)) }
    page.project("Which activation should I use?")
    page.prose(
      """
      \(findings.tanhStarts)As the output for yes or no, and as a gate, the sigmoid stays.
      """)
    guard let settings = findings.settings else { return }
    page.fold("How these nets were measured, and tanh from each of its first weights") {
      $0.prose(
        """
        ```python
        net = nn.Sequential(                        # the conv net; digits with a border of 2: 32 × 32
            nn.Conv2d(1, 8, 5), nn.ReLU(), nn.AvgPool2d(2),
            nn.Conv2d(8, 16, 5), nn.ReLU(), nn.AvgPool2d(2),
            nn.Flatten(), nn.Linear(400, 10))
        ```

        Rates twice apart, and the gains, were chosen by the errors on \(grouped(settings.keptCount)) images kept \
        back, \
        on \(settings.trials) other seeds; no rate is next to one at which a trial diverged. Gain: in all layers but \
        the \
        first. The deep nets have PyTorch's biases; with batch norm ReLU, ELU and GELU have its default weights, and \
        the last layer of sigmoid and tanh Xavier's. The conv net: plain gradient descent, biases of 0, the last \
        layer's weights 0.01 × gain. \(summaryProtocol(choices))
        """)
      $0.table(settings.tanhTable(choices.first { $0.name == "tanh" }?.differences ?? []))
    }
  }

  /// The test errors by which one decides.
  private static func summary(_ findings: Findings, _ choices: [Choice]) -> Table {
    func cell(_ choice: Choice, _ place: Int) -> TableCell {
      guard place < choice.errors.count, let errors = choice.errors[place] else { return "–" }
      let differs = findings.direction(choice.differences[place]) != .withinChance
      return .text(errors.formatted(decimals: 1) + (differs ? " *" : ""))
    }
    return Table(
      """
      Test errors (%) on digits after \(grouped(findings.settings?.steps ?? 0)) steps (\(findings.seedWords)): the \
      conv net (plain descent); the deep net with momentum, with Adam, and with momentum and batch norm. Sigmoid and \
      tanh have the best of their first weights, the others one each. \\*: differs from ReLU beyond chance
      """,
      columns: ["activation", "conv net", "momentum", "Adam", "batch norm"],
      rows: choices.map { choice in [TableCell(choice.name)] + choice.errors.indices.map { cell(choice, $0) } })
  }

  /// The gains of the sigmoid, and how a difference is judged.
  private static func summaryProtocol(_ choices: [Choice]) -> String {
    let sigmoid = choices.first { $0.name == "sigmoid" }
    let gains = sigmoid?.starts.compactMap { $0?.replacing("gain ", with: "") } ?? []
    let lost = sigmoid?.lost.reduce(0, +) ?? 0
    return
      (gains.isEmpty
      ? ""
      : "The sigmoid's best gain of 1 and \(short(Double(SizedSigmoid.matchedFactor))): \(listed(gains)), setting by setting. ")
      + (lost > 0 ? "\(lost) of its nets diverged and are left out. " : "")
      + "Differences are paired by seed; the four comparisons of a column count together, so their interval is wider."
  }
}
