// The page of chapter 11: deep nets that learn more slowly, and the addition.

import Foundation
import Workbook

extension DeeperNetworks {
  /// Two depths, plain and residual.
  static func addDegradation(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (nets, own) = (runs.reported.fair, runs.reported.ownRates.flatMap { $0.compared == nil ? nil : $0 })
    let (shallowPlain, deepPlain) = (nets.shallowPlain, nets.deepPlain)
    page.prose(
      """
      ## Does a deeper net learn as fast?

      We train two nets on \(grouped(nets.trainingCount)) digits. Both begin with a convolution and end in one dense layer. Between these are \(shallowPlain.net.blocks) or \
      \(deepPlain.net.blocks) blocks of two 3×3 convolutions with \(shallowPlain.net.channels) channels and batch normalization: \
      \(shallowPlain.net.depth) layers or \(deepPlain.net.depth). The deep net could do as well as the shallow one: \
      its first \(shallowPlain.net.blocks) blocks could be the same, and the others could pass on what they get. Does training find such a net?\(runs.source.map { " (The trainings take long. Where a table or a figure does not say *this run*, it shows the recorded full run of \($0.days).)" } ?? "")

      ### The residual block

      Two more nets have the same layers and initial weights, but the input of every block is *added* to its output. Its path around the \
      convolutions is called a *shortcut* or *skip connection*. Nets with it are called *residual*, those without it *plain*.
      """)
    addWords(to: &page)
    page.figure(blocksFigure())
    page.project(
      "A residual block adds its input to its output", notes: "(a) is plain, (b) residual. Only the addition differs.")
    page.prose(
      """
      Why may that help? A reason often given is the gradient. $y = x + F(x)$ has the slope $1 + F'(x)$, so even where $F'$ is nearly 0, \
      the gradient passes to the block before. For a whole block, with the ReLU after the sum:
      """)
    page.math("y = \\max(0,\\; x + F(x)), \\qquad \\frac{\\partial L}{\\partial x} = g + F'(x)^T g")
    page.prose(
      """
      Here $g$ is $\\partial L/\\partial y$ where $y > 0$, and 0 elsewhere. Whatever the branch adds, **$g$ itself arrives one block further down**, where the next ReLU cuts it again. In PyTorch:

      ```python
      import torch
      from torch import nn

      def conv(c_in, c, kernel=3, stride=1):  # He's weights, then a norm
          layer = nn.Conv2d(c_in, c, kernel, stride, kernel // 2, bias=False)
          nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
          return nn.Sequential(layer, nn.BatchNorm2d(c))

      class Block(nn.Module):
          def __init__(self, c_in, c, stride=1, residual=True):
              super().__init__()
              self.residual = residual
              self.branch = nn.Sequential(
                  conv(c_in, c, 3, stride), nn.ReLU(), conv(c, c))
              # Where the shape changes: a projection shortcut, a 1×1 convolution.
              self.shortcut = (nn.Identity() if c_in == c and stride == 1
                               else conv(c_in, c, 1, stride))

          def forward(self, x):
              if not self.residual:  # plain
                  return torch.relu(self.branch(x))
              return torch.relu(self.shortcut(x) + self.branch(x))

      def deep_net(residual=True, blocks=\(deepPlain.net.blocks), c=\(deepPlain.net.channels)):  # for digits
          return nn.Sequential(
              conv(1, c, 3, 2), nn.ReLU(), nn.MaxPool2d(2),
              *[Block(c, c, residual=residual) for _ in range(blocks)],
              nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 10))
      ```
      """)
    page.fold("Both nets in Swift") { $0.code("deepNet", in: "Degradation.swift") }
    page.predict(
      """
      Four nets, plain and residual with \(shallowPlain.net.depth) and \(deepPlain.net.depth) layers, are trained for \
      \(counted(nets.epochs, "epoch")). Which of them still makes the most mistakes *on its own training images*?
      """,
      choices: nets.runs.prefix(4).map(\.net.name),
      answer: (0..<4).max { nets.runs[$0].trainingErrors.mean < nets.runs[$1].trainingErrors.mean } ?? 0,
      nets.runs.prefix(4).map { "\($0.net.name): \(fixed($0.trainingErrors.mean, 1)) %" }.joined(separator: "; ")
        + " of the training images are wrong at the end.")
    page.project("After \(counted(nets.epochs, "epoch")): which net makes the most training errors?")
    addCurves(to: &page, runs, own)
    addErrors(to: &page, nets, own, isContinued: runs.reported.ending != nil)
    if let own { addRates(to: &page, own, nets) }
    if runs.isRecorded {
      let live = runs.live.degradation
      page.fold("This run: \(counted(live.epochs, "epoch"))") {
        $0.table(
          Table(
            "Errors (%) on the training images after \(counted(live.epochs, "epoch")), \(counted(live.seeds, "seed")), all at \(live.rate). After so few epochs a slow net cannot be told from one that is unable to learn.",
            columns: ["net", .init("training images", digits: 1)],
            rows: live.runs.prefix(4).map { [TableCell($0.net.name), .measured($0.trainingErrors)] }))
      }
    }
    if let ending = runs.reported.ending {
      addEnd(
        to: &page, ending, from: tidy(runs.reported.degradation.rate),
        shallowBest: (own?.row(deep: false)?.fewest?.rate).map { tidy(Float($0)) },
        deepBest: (own?.row()?.fewest?.rate).map { tidy(Float($0)) })
    }
    if isTested(nets), !runs.reported.changes.isEmpty {
      page.prose(
        """
        **Why is \(deepPlain.net.name) slow?** The first suspect, overfitting, is out. Next come the gradient on its way back, the picture on its way up, and the start.
        """)
    }
  }

  /// A rate as it is written, not as a `Float` holds it.
  private static func tidy(_ rate: Float) -> Double { Double("\(rate)") ?? Double(rate) }

  /// The errors of the four nets in the end.
  private static func addErrors(
    to page: inout Page, _ nets: DegradationFindings, _ own: OwnRates?, isContinued: Bool
  ) {
    page.table(
      Table(
        "Errors (%) after \(counted(nets.epochs, "epoch")), measured after the training, mean and standard deviation of \(counted(nets.seeds, "seed"))",
        columns: ["net"] + (own == nil ? [] : [.init("learning rate")]) + [
          .init("training images", digits: 1), .init("new images", digits: 1),
        ],
        rows: nets.runs.prefix(4).map { run in
          let found = own?.row(deep: run.net.blocks == nets.deepPlain.net.blocks, residual: run.net.isResidual)
          return [TableCell(run.net.name)] + (found.map { [TableCell(short($0.fewest?.rate ?? $0.rate))] } ?? [])
            + [.measured(run.trainingErrors), .measured(run.testErrors)]
        }))
    let rows = rates(own, nets)
    page.prose(
      slowness(nets, isContinued: isContinued)
        + (rows.count == 4 && worstEverywhere(rows)
          ? " Nor does the addition only allow a larger rate: at every rate that was tried \(rows[1].net.name) made more mistakes than each of the others at any rate, on digits kept back."
          : ""))
  }

  /// Which of its two rates the deep plain net is told at, and why.
  static func ratesFinding(_ plain: OwnRates.Row) -> String {
    guard let fewest = plain.fewest, let more = plain.more else { return "" }
    let name = plain.net.name
    guard fewest.rate != plain.rate else {
      return
        "The neighbouring rate, \(short(more.rate)), was tried for \(name) as well. It leaves no fewer training errors."
    }
    let gain = more.run.trainingErrors - fewest.run.trainingErrors
    return """
      Digits kept back chose \(short(more.rate)) for \(name), but \(short(fewest.rate)) leaves fewer training images wrong: \(fewest.run.trainingErrors.formatted(decimals: 1)) % against \
      \(more.run.trainingErrors.formatted(decimals: 1)) %\
      \(gain.direction() == .above ? "" : ", perhaps by chance"). So \(name) is shown at \
      \(short(fewest.rate)), decided after the training, in its favour.
      """
  }

  /// The rows of the four nets.
  private static func rates(_ own: OwnRates?, _ nets: DegradationFindings) -> [OwnRates.Row] {
    nets.runs.prefix(4).compactMap { run in
      own?.row(deep: run.net.blocks == nets.deepPlain.net.blocks, residual: run.net.isResidual)
    }
  }

  /// How the rates were chosen: the mistakes of each net over the rates that were tried.
  static func addRates(to page: inout Page, _ own: OwnRates, _ nets: DegradationFindings) {
    let rows = rates(own, nets)
    guard rows.count == 4 else { return }
    page.fold("How the learning rates were chosen") { page in
      page.prose(
        """
        Each net was trained for \(counted(own.epochs, "epoch")) at each rate, with \(counted(rows[0].tried.first?.kept.count ?? 0, "seed")) used for nothing else, and \
        tested on \(grouped(own.keptBack)) digits kept back. Each rate is twice the one before, until worse ones lay on both sides of the best.
        """)
      if let plain = own.row() { page.prose(ratesFinding(plain)) }
      let tried = Set(rows.flatMap { $0.tried.map(\.rate) }).sorted()
      page.table(
        Table(
          "Digits kept back that each net gets wrong (%), by the rate; –: not tried",
          columns: [.init("rate")] + rows.map { .init($0.net.name, digits: 1) },
          rows: tried.map { rate in
            [TableCell(short(rate))]
              + rows.map { row in row.tried.first { $0.rate == rate }.map { .measured($0.kept) } ?? "–" }
          }))
    }
  }

  /// Whether the deep plain net at its best is clearly worse than each other net at any of its rates.
  static func worstEverywhere(_ rows: [OwnRates.Row]) -> Bool {
    guard let best = rows[1].tried.map(\.kept.minimum).min() else { return false }
    return rows.enumerated().allSatisfy { index, row in
      index == 1 || row.tried.allSatisfy { $0.kept.maximum < best }
    }
  }

  /// What S1 says of the branch.
  static func addErratum(to page: inout Page, _ factors: BranchFactors?) {
    page.fold("Errors found in the sources") {
      $0.prose(
        """
        **S1 on the branch.** Call $H$ what a block computes with its addition. Then its branch is $F(x) = H(x) - x$. S1 says that $F$ must be minimized, \
        until $F(x) = 0$ and $H(x) = x$. But training minimizes the loss, not $F$. The identity is what a block can fall back on, \
        not where it should end.\(branchGrowth(factors))

        **S1 on the bottleneck.** S1 calls 73,728 and 69,632 multiply-adds. They are weights.
        """)
    }
  }

  /// What training makes of branches that no norm holds.
  static func branchGrowth(_ factors: BranchFactors?) -> String {
    guard let factors, let net = factors.row(ScalingFindings.root(factors.blocks)) else { return "" }
    let change = net.after - net.before
    let sizes = "from \(fixed(net.before.mean, 2)) to \(fixed(net.after.mean, 2)) of the size of what they are added to"
    return change.worded(
      above:
        " In the net without norms of *Scaling the branch* (α = 1/√\(factors.blocks)) training makes the branches larger, \(sizes).",
      below:
        " In the net without norms of *Scaling the branch* (α = 1/√\(factors.blocks)) training makes the branches smaller, \(sizes), not 0.",
      withinChance:
        " In the net without norms of *Scaling the branch* (α = 1/√\(factors.blocks)) training leaves the branches as large as they were."
    )
  }
}
