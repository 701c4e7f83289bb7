// The page of chapter 11: a factor on the branch, and what a block costs.

import Foundation
import Workbook

extension DeeperNetworks {
  /// A factor in front of the branch.
  static func addScaling(to page: inout Page, _ runs: PageRuns<Findings>) {
    let scaling = runs.reported.scaling
    let (blocks, scales, growth) = (scaling.blocks, scaling.scales, scaling.growth)
    func scaleName(_ scale: Float) -> String {
      scale == scaling.root
        ? "1/√\(blocks)" : scale == 1 / Float(blocks) ? "1/\(blocks)" : short(Double(scale))
    }
    page.prose(
      """
      ## Scaling the branch

      The addition has a price. If $F(x)$ is as large as $x$ and independent of it, their variances add up, and every block \
      doubles the variance of the signal. A factor $\\alpha$ in front of the branch,
      """)
    page.math("y = x + \\alpha F(x), \\qquad \\mathrm{Var}(y) = (1 + \\alpha^2)\\,\\mathrm{Var}(x)")
    page.prose(
      """
      makes it $(1 + \\alpha^2)^L$ after $L$ blocks: harmless for $\\alpha = 1/\\sqrt{L}$, since \
      $(1 + 1/L)^L < e$. Batch normalization at the end of the branch keeps the growth linear instead: it sets the branch to \
      variance $\\gamma^2$, 1 at the start, whatever comes in.
      """)
    page.fold("The layer in code: x + α·F(x)") { $0.code("ScaledResidual", in: "Scaling.swift") }
    page.figure(
      Figure(
        "The size of the signal over \(blocks) blocks, by the factor on the branch",
        exploring: FigureParameter("factor α", values: scales.map(Double.init), initial: 4),
        caption:
          "Root mean square after each block over that of the input, no normalization, nothing trained, mean of 3 seeds.",
        name: "branch-scale",
        titles: { value in
          let index = scales.firstIndex { Double($0) == value } ?? 0
          return
            "With α = \(scaleName(scales[index])) the signal grows to \(short(scaling.end(index))) times its size over \(blocks) blocks"
        }
      ) { value in
        let index = scales.firstIndex { Double($0) == value } ?? 0
        return .lines(
          LineChart(
            x: Axis("block"),
            y: Axis("size of the signal", log: true, range: 0.5...max(2, growth[4][0][blocks - 1] * 2)),
            [
              Series(
                "measured", y: (0..<blocks).map { block in Summary(growth[index].map { $0[block] }).mean },
                style: .line, isEmphasized: true, color: 0),
              Series(
                "√(1 + α²)ˡ", y: (1...blocks).map { pow(1 + value * value, Double($0) / 2) }, style: .line,
                color: 7),
            ]))
      })
    page.project(
      "Add F(x) at full strength: the signal grows every block", notes: "y = x + αF(x), and α = 1. Then make α smaller."
    )
    if let factors = runs.reported.factors {
      addFactors(to: &page, factors, runs.origin)
    } else {
      addOlderFactors(to: &page, scaling)
    }
    let (full, zero) = runs.reported.branches
    let (early, late) = (zero.early - full.early, zero.trainingErrors - full.trainingErrors)
    page.prose(
      """
      Where the branch ends in a batch normalization, its $\\gamma$ is such a factor, and it is learned. Goyal et al. (2017) start \
      it at 0, so that every block begins as the identity. In the \(zero.net.depth)-layer net from above that gives \
      \(zero.trainingErrors.formatted(decimals: 1)) % training errors in the end, with $\\gamma = 1$ it was \
      \(full.trainingErrors.formatted(decimals: 1)) %: \
      \(late.worded(above: "worse", below: "better", withinChance: "no difference beyond chance")). In the first \
      \(DeepRun.earlyEpochs) epochs \
      \(early.worded(above: "it is behind by \(fixed(early.mean, 1)) points", below: "it is ahead by \(fixed(-early.mean, 1)) points", withinChance: "the two do not differ beyond chance, either")).
      """)
  }

  /// The factors trained, each at a rate of its own.
  private static func addFactors(to page: inout Page, _ factors: BranchFactors, _ origin: String) {
    let root = ScalingFindings.root(factors.blocks)
    guard let none = factors.row(0), let net = factors.row(root), let full = factors.row(1) else { return }
    func name(_ row: BranchFactors.Row) -> String {
      let factor =
        row.scale == root
        ? "1/√\(factors.blocks)"
        : row.scale == 1 / Float(factors.blocks) ? "1/\(factors.blocks)" : short(Double(row.scale))
      return row.dividesHead ? "\(factor), last layer divided" : factor
    }
    let best = factors.rows.filter { !$0.dividesHead && [0, root, 1].contains($0.scale) }
      .min { $0.errors.mean < $1.errors.mean }
    page.predict(
      """
      Two spirals, and residual nets of \(factors.blocks) blocks, $y = x + \\alpha F(x)$, without batch normalization, each at its own \
      best rate. With α = 0 one hidden layer is left. Which learns best?
      """,
      choices: ["α = 0: one layer is enough", "α = 1/√\(factors.blocks)", "α = 1: a small rate makes up for it"],
      answer: best.map { $0.scale == 0 ? 0 : $0.scale == 1 ? 2 : 1 } ?? 1,
      "\([none, net, full].map { "α = \(name($0)): \($0.errors.formatted(decimals: 1)) % of new points wrong" }.joined(separator: "; "))."
    )
    page.project("\(factors.blocks) blocks without norm: which factor learns?")
    page.figure(
      Figure(
        factorTitle(factors, net, none, full),
        .bars(
          BarChart(
            categories: factors.rows.map { "α = \(name($0))" }, y: Axis("new points wrong (%)"),
            [
              .init(
                "errors", factors.rows.map(\.errors.mean), deviation: factors.rows.map(\.errors.deviation), color: 0)
            ])),
        caption: """
          \(origin)\(grouped(factors.count)) points, \(counted(factors.epochs, "epoch")); mean and standard deviation of \
          \(counted(net.errors.count, "seed")). Rates, chosen on points kept back with other seeds\
          \(factors.rows.allSatisfy(\.isBracketed) ? ", worse ones tried on both sides" : ""): \
          \(factors.rows.map { "\(name($0)): \(short($0.rate))\($0.isBracketed ? "" : " (the end of those tried)")" }.joined(separator: "; ")). A guess is \
          wrong on 50 %.
          """, name: "factors"))
    page.prose(factorFinding(factors, net, none, full))
  }

  private static func factorTitle(
    _ factors: BranchFactors, _ net: BranchFactors.Row, _ none: BranchFactors.Row, _ full: BranchFactors.Row
  ) -> String {
    let isBetter = (none.errors - net.errors).direction() == .above && (full.errors - net.errors).direction() == .above
    return isBetter
      ? "The factor 1/√\(factors.blocks) trains \(2 * factors.blocks) layers without a norm; α = 1 and α = 0 do worse"
      : "Errors on two spirals by the factor on the branch"
  }

  /// What the factor is worth, against the net without its branches and the one with all of them.
  static func factorFinding(
    _ factors: BranchFactors, _ net: BranchFactors.Row, _ none: BranchFactors.Row, _ full: BranchFactors.Row
  ) -> String {
    let (gain, step) = (none.errors - net.errors, full.errors - net.errors)
    func points(_ difference: Summary) -> String {
      "\(fixed(abs(difference.mean), 1)) points (95 % interval \(difference.magnitude.interval()))"
    }
    let branches = gain.worded(
      above:
        "The branches are worth having: \(points(gain)) fewer mistakes than without them, where one hidden layer of 32 units is left.",
      below: "The branches do harm here: without them the net makes \(points(gain)) fewer mistakes.",
      withinChance: "With and without its branches the net errs alike, within chance.")
    let factor = step.worded(
      above: " And it is the factor that makes them so: with α = 1 there are \(points(step)) more.",
      below: " The factor does harm: with α = 1 there are \(points(step)) fewer.",
      withinChance: " With α = 1 it errs alike, within chance: the factor is not needed.")
    let head =
      factors.row(1, dividesHead: true).map { head in
        let rest = head.errors - net.errors
        return
          " With α = 1 and the last layer divided by what the signal has grown to, \(head.errors.formatted(decimals: 1)) % are wrong"
          + rest.worded(
            above: ": it is not the size of the outputs alone that hurts.", below: ": better still.",
            withinChance: ": as few, within chance. So what hurts is the size at which the signal arrives at the end.")
      } ?? ""
    return branches + factor + head
  }

  /// The same in records without α = 1 at a rate of its own.
  private static func addOlderFactors(to page: inout Page, _ scaling: ScalingFindings) {
    let blocks = scaling.blocks
    func told(_ training: ScaledTraining) -> String {
      "\(training.errors.formatted(decimals: 1)) % of new points wrong, rate \(scaling.text(of: training.rate))\(training.diverged > 0 ? " (\(training.diverged) of \(training.errors.count) runs diverged: guessing)" : "")"
    }
    page.predict(
      """
      Two spirals, and residual nets of \(blocks) blocks, $y = x + \\alpha F(x)$, without batch normalization, each at the best \
      of \(counted(scaling.rates.count, "rate")). With α = 0 one hidden layer is left. Which learns better?
      """,
      choices: ["α = 0: one layer is enough", "α = 1/√\(blocks)", "both alike, within chance"],
      answer: scaling.branchGain.worded(above: 1, below: 0, withinChance: 2),
      "\(zip(["0", "1/√\(blocks)"], scaling.trainings).map { "α = \($0): \(told($1))" }.joined(separator: "; ")).")
    page.project("\(blocks) blocks without norm: branches off, or times 1/√\(blocks)?")
    page.prose(scalingFinding(scaling))
  }

  /// What the factor is worth, against the net without its branches.
  static func scalingFinding(_ scaling: ScalingFindings) -> String {
    let gain = scaling.branchGain
    let depth = 2 * scaling.blocks
    return isClear(gain) && gain.mean > 0
      ? "So the branches are worth having: \(fixed(gain.mean, 1)) points (95 % interval \(gain.magnitude.interval())) fewer mistakes than without them, where one hidden layer of 32 units is left (\(counted(scaling.epochs, "epoch")) of \(grouped(scaling.count)) points)."
      : isClear(gain)
        ? "The branches do harm here: without them the net makes \(fixed(-gain.mean, 1)) points fewer mistakes. That a net of \(depth) layers trains is no gain by itself."
        : "With and without its branches the net errs alike, within chance: that a net of \(depth) layers trains is no gain by itself."
  }

  /// The bottleneck.
  static func addBottleneck(to page: inout Page, _ blocks: BlockFindings) {
    let (basicSum, bottleneckSum) = (blocks.basicSum, blocks.bottleneckSum)
    let wideBasic = blockCosts(channels: 256).standard
    page.prose(
      """
      ## The bottleneck

      Blocks of two 3×3 convolutions on many channels are expensive. In ResNets of 50 layers and more a block first goes down to a quarter \
      of its channels by a 1×1 convolution, does its 3×3 there, and comes back up ((c) in figure \(figureNumber("blocks", on: page))):
      """)
    page.table(
      Table(
        "Weights of a block",
        columns: ["block", "calculation", "weights"],
        rows: [
          ["two 3×3 on 64 channels", "64·64·3·3·2", TableCell(basicSum)],
          [
            "bottleneck on 256 channels",
            TableCell("256·64 + 64·64·3·3 + 64·256 = \(blocks.bottleneck.map(grouped).joined(separator: " + "))"),
            TableCell(bottleneckSum),
          ],
          ["two 3×3 on 256 channels", "256·256·3·3·2", TableCell(wideBasic)],
        ]))
    page.prose(
      """
      The bottleneck costs \(bottleneckSum < basicSum ? "less" : "more") than two 3×3 convolutions on 64 channels and \
      carries four times the channels past it. Two 3×3 convolutions on 256 channels would cost \(short(Double(wideBasic) / Double(bottleneckSum))) \
      times as much. (S1 calls these numbers multiply-adds; they are weights. On maps of 56×56 pixels each is used \
      \(grouped(56 * 56)) times, in both blocks alike.) S1 adds that information is lost, for the \
      branch squeezes everything through 64 channels. But the addition carries the input past it.

      Where a block changes the size or the number of channels, a *reduce shortcut*, or projection, brings its input into shape: a \
      1×1 convolution of the same stride, and batch normalization. From 256 channels to 512 that is \(grouped(256 * 512)) more \
      weights, at the first block of a stage and nowhere else.
      """)
  }
}
