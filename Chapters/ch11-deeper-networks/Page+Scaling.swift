// The page of chapter 11: a factor on the branch, and what a block costs.

import Foundation
import Workbook

extension DeeperNetworks {
  /// A factor in front of the branch.
  static func addScaling(to page: inout Page, _ runs: PageRuns<Findings>) {
    let scaling = runs.reported.scaling
    page.prose(
      """
      ## Scaling the branch

      Without a norm the addition has a price. If $F(x)$ is as large as $x$ and independent of it, their variances add up, and every block \
      doubles the variance of the signal. So one puts a factor $\\alpha$ in front of the branch:
      """)
    page.math("y = x + \\alpha F(x), \\qquad \\mathrm{Var}(y) = (1 + \\alpha^2)\\,\\mathrm{Var}(x)")
    page.prose(
      """
      After $L$ blocks the variance is $(1 + \\alpha^2)^L$ times as large. Measured over \(scaling.blocks) blocks before training, the size grows \
      \(short(scaling.end(4)))-fold with $\\alpha = 1$ (the rule, a mean over many nets, gives \(fixed(pow(2, Double(scaling.blocks) / 2), 0)); most nets of few units stay below) and \(short(scaling.end(2)))-fold with $\\alpha = 1/\\sqrt{\(scaling.blocks)}$. Does that decide what \
      the net learns?

      The task: from which of two spirals, wound around each other twice, is a point of the plane? The branch of a block is a ReLU, a dense layer of 32 units, and the same once more; one dense layer stands in front of all blocks and one behind.
      """)
    if let factors = runs.reported.factors { addFactors(to: &page, factors) }
    page.prose(
      """
      With $\\alpha = 1/\\sqrt{L}$ the variance stays below $e$ times its first value, because $(1 + 1/L)^L < e$. A norm at the end \
      of the branch is another way: with it the variance grows by 1 a block, and its $\\gamma$ is such a factor.\(zeroStart(runs.reported))
      """)
    if let factors = runs.reported.factors {
      page.fold("How the rates were chosen") { addSpirals(to: &$0, factors) }
    }
  }

  /// What a start at γ = 0 does in the deep net on digits.
  private static func zeroStart(_ findings: Findings) -> String {
    let (full, zero) = findings.branches
    guard findings.ownRates?.compared != nil else { return "" }
    let early = (zero.early - full.early).worded(
      above:
        "it costs \(fixed((zero.early - full.early).mean, 1)) points of training errors in the first \(DeepRun.earlyEpochs) epochs",
      below: "it saves training errors in the first \(DeepRun.earlyEpochs) epochs",
      withinChance: "it changes the first \(DeepRun.earlyEpochs) epochs by nothing beyond chance")
    return """
       To begin with $\\gamma = 0$ (Goyal et al. 2017) does not help \(full.net.name) on our digits, each at its own best rate: \(early); in the end \
      \(fixed(zero.trainingErrors.mean, 1)) % are wrong, with $\\gamma = 1$ \(fixed(full.trainingErrors.mean, 1)) %.
      """
  }

  private static func factorName(_ row: BranchFactors.Row, _ factors: BranchFactors) -> String {
    let factor =
      row.scale == ScalingFindings.root(factors.blocks)
      ? "1/√\(factors.blocks)"
      : row.scale == 1 / Float(factors.blocks) ? "1/\(factors.blocks)" : short(Double(row.scale))
    return row.dividesHead ? "\(factor), last layer divided" : factor
  }

  /// The factors trained, each at a rate of its own.
  private static func addFactors(to page: inout Page, _ factors: BranchFactors) {
    let root = ScalingFindings.root(factors.blocks)
    guard let none = factors.row(0), let net = factors.row(root), let full = factors.row(1) else { return }
    func name(_ row: BranchFactors.Row) -> String { factorName(row, factors) }
    let best = factors.rows.filter { !$0.dividesHead && [0, root, 1].contains($0.scale) }
      .min { $0.errors.mean < $1.errors.mean }
    page.predict(
      """
      Residual nets of \(factors.blocks) blocks learn the spirals, each at its own best rate. With α = 0 one hidden layer is left. \
      Which learns best?
      """,
      choices: ["α = 0: one layer is enough", "α = 1/√\(factors.blocks)", "α = 1: a small rate makes up for it"],
      answer: best.map { $0.scale == 0 ? 0 : $0.scale == 1 ? 2 : 1 } ?? 1,
      "\([none, net, full].map { "α = \(name($0)): \(fixed($0.errors.mean, 1)) % of new points wrong" }.joined(separator: "; ")). Guessing gives 50 %."
    )
    page.project("\(factors.blocks) blocks without norm: which factor learns?")
    page.figure(
      Figure(
        factorTitle(factors, net, none, full),
        .lines(
          LineChart(
            x: Axis(
              "factor α", range: 0.5...Double(factors.rows.count) + 0.5,
              ticks: factors.rows.enumerated().map { (Double($0 + 1), $1.dividesHead ? "1, divided" : name($1)) }),
            y: Axis("new points wrong (%)"),
            factors.rows.enumerated().map { place, row in
              let values = row.errors.values
              return Series(
                "",
                x: values.indices.map {
                  Double(place + 1) + 0.3 * (Double($0) / Double(max(1, values.count - 1)) - 0.5)
                }, y: values, style: .points, color: row.scale == root ? 0 : 4)
            })),
        caption: """
          Each point is a net with its own seed, after \(counted(factors.epochs, "epoch")) of \(grouped(factors.count)) points. \
          “1, divided”: α = 1, and the last layer's initial weights are divided by what the signal has grown to.
          """, name: "factors"))
    page.prose(factorFinding(factors, net, none, full))
  }

  /// Their task, and their rates.
  private static func addSpirals(to page: inout Page, _ factors: BranchFactors) {
    page.table(
      Table(
        "Rates chosen on points kept back, with other seeds\(factors.rows.allSatisfy(\.isBracketed) ? "; worse ones were tried on both sides" : "")",
        columns: ["factor α", .init("rate"), .init("new points wrong (%)", digits: 1)],
        rows: factors.rows.map {
          [
            TableCell(factorName($0, factors)),
            TableCell("\(short($0.rate))\($0.isBracketed ? "" : ", the end of those tried")"), .measured($0.errors),
          ]
        }))
  }

  private static func factorTitle(
    _ factors: BranchFactors, _ net: BranchFactors.Row, _ none: BranchFactors.Row, _ full: BranchFactors.Row
  ) -> String {
    let isBetter = (none.errors - net.errors).direction() == .above && (full.errors - net.errors).direction() == .above
    return isBetter
      ? "The factor 1/√\(factors.blocks) trains \(factors.blocks) blocks without a norm; α = 1 and α = 0 do worse"
      : "Errors on two spirals by the factor on the branch"
  }

  /// What the net with α = 1 has learned of its own points, and with ten times the epochs.
  private static func slow(_ factors: BranchFactors, _ full: BranchFactors.Row) -> String {
    guard let longer = factors.longer, full.trainingErrors.mean > 10 else { return "" }
    let end = (full.trainingErrors - longer.trainingErrors).direction() == .above
    return """
       With α = 1 the net is too slow. The gradient grows as the signal does, so the net bears only the rate \(short(full.rate)), a \(short(((factors.row(ScalingFindings.root(factors.blocks))?.rate ?? 0) / full.rate).rounded()))th of the rate for α = 1/√\(factors.blocks). It gets \
      \(fixed(full.trainingErrors.mean, 0)) % of its own points wrong\(end ? ", after ten times the epochs" : ". Ten times as many epochs do not help beyond chance:") \
      \(fixed(longer.trainingErrors.mean, 1)) %.
      """
  }

  /// What the factor is worth, against the net without its branches and the one with all of them.
  static func factorFinding(
    _ factors: BranchFactors, _ net: BranchFactors.Row, _ none: BranchFactors.Row, _ full: BranchFactors.Row
  ) -> String {
    let (gain, step) = (none.errors - net.errors, full.errors - net.errors)
    func points(_ difference: Summary) -> String {
      "\(fixed(abs(difference.mean), 0)) points"
    }
    let branches = gain.worded(
      above:
        "**The branches are used: without them one hidden layer of 32 units is left, and it makes \(points(gain)) more mistakes.** It has far fewer weights, so this does not show that depth did it.",
      below: "The branches do harm here: without them the net makes \(points(gain)) fewer mistakes.",
      withinChance: "With and without its branches the net errs alike, within chance.")
    let factor = step.worded(
      above: " The branches need the factor: with α = 1 there are \(points(step)) more.",
      below: " The factor does harm: with α = 1 there are \(points(step)) fewer.",
      withinChance: " With α = 1 the net errs alike, within chance: the factor is not needed.")
    let head =
      factors.row(1, dividesHead: true).map { head in
        (head.errors - net.errors).worded(
          above:
            " The size of its first outputs is not the reason: divided by it (“1, divided”) the net does no better.\(slow(factors, full))",
          below: " With a last layer divided by the growth of the signal α = 1 is better still.",
          withinChance:
            " What hurts with α = 1 is the size of the outputs: with a last layer divided by it the net does as well, within chance."
        )
      } ?? ""
    return branches + factor + head
  }
}
