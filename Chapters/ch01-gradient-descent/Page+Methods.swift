// The page of chapter 1: the methods on digits and spirals, and what to begin with in a net of one's own.

import Foundation
import Workbook

extension GradientDescent {
  /// The methods of the bowl on nets, each at many first rates.
  static func addMethodRates(to page: inout Page, _ found: MethodRates, owner: Findings) {
    let (methods, names, plain) = (found.methods, Walker.all.map(\.name), found.methods[0].constant.ends)
    page.prose(
      """
      ### The methods on a net

      \(summary(found)) The digits net learns \(grouped(MethodRates.count)) digits for \(MethodRates.epochs) epochs, in \
      batches of \(MethodRates.batch), at \(MethodRates.rateCount) first rates; other digits (the **validation set**) choose the best.
      """)
    page.figure(
      Figure(
        "Each method has its own range of good first rates",
        .lines(
          LineChart(
            x: Axis("first rate, which falls to 0 by the cosine", log: true),
            y: Axis(
              "loss on digits kept back", log: true, ticks: [0.2, 0.3, 0.4, 0.5, 1, 2, 3].map { ($0, short($0)) }),
            methods.enumerated().map { place, method in
              let shown = method.rates.indices.filter { method.falling.tried[$0] < 3 }
              return Series(
                names[place], x: shown.map { method.rates[$0] }, y: shown.map { method.falling.tried[$0] },
                style: .lineAndMarkers, isEmphasized: true, color: place)
            })),
        caption: """
          The mean of \(counted(found.trials, "seed")), on \(grouped(MethodRates.keptCount)) digits that were not trained on. *Good* in the recipe: less than a fifth above \
          the method's lowest loss.
          """,
        name: "method-rates"))
    page.project("Each method has its own good first rates")
    page.table(
      Table(
        "Digits: the loss on \(grouped(MethodRates.testCount)) others at each method's own rate (\(counted(plain.count, "seed")))",
        columns: [
          "method", "own, falling", .init("loss", digits: 3), "own, constant",
          .init("loss", digits: 3),
          "constant, above descent (95 %)",
        ],
        rows: methods.indices.map { place in
          let (method, more) = (methods[place], methods[place].constant.ends - plain)
          return [
            TableCell(names[place]), .text(short(method.rate(method.falling))),
            .measured(method.falling.ends), .text(short(method.rate(method.constant))), .measured(method.constant.ends),
            .text(place == 0 ? "–" : "\(fixed(more.mean, 3)) ± \(fixed(more.uncertainty(among: 1), 3))"),
          ]
        }))
    page.prose("\(falls(found)) \(constantly(found))")
    if let constant = owner.optimizers, let falling = owner.falling {
      addOnSpirals(to: &page, constant, falling) { found.begin($0, owner.longRun) }
    }
  }

  /// `0.013 to 0.1`: the first and the last of some rates.
  private static func worded(_ rates: [Double]) -> String {
    rates.count < 2 ? short(rates.first ?? .nan) : "\(short(rates[0])) to \(short(rates[rates.count - 1]))"
  }

  /// What differs between the methods: the rate, or the loss as well.
  private static func summary(_ found: MethodRates) -> String {
    let (below, above) = (found.methods(.above), found.methods(.below))
    let apart = [(below, "below"), (above, "above")].filter { !$0.0.isEmpty }
      .map { "\(listed($0.0.map { Walker.all[$0].name })) \($0.0.count == 1 ? "ends" : "end") \($0.1) plain descent" }
    return apart.isEmpty
      ? "**On digits each method wants a rate of its own; at these, with a fall to 0, no loss differs from that of plain descent by more than chance.**"
      : "**On digits each method wants a rate of its own. At these, with a fall to 0, \(apart.joined(separator: ", and ")).**"
  }

  /// What a falling rate saves.
  private static func falls(_ found: MethodRates) -> String {
    let gains = found.methods.indices.filter {
      (found.methods[$0].constant.ends - found.methods[$0].falling.ends).direction() == .above
    }
    return gains.count == found.methods.count
      ? "With a rate that falls to 0 all \(gains.count) end lower than with a constant one."
      : gains.isEmpty
        ? "Here a rate that falls to 0 saves nothing beyond chance."
        : "With a rate that falls to 0 \(listed(gains.map { Walker.all[$0].name })) \(gains.count == 1 ? "ends" : "end") lower than with a constant one."
  }

  /// Which methods a constant rate leaves above plain descent.
  private static func constantly(_ found: MethodRates) -> String {
    func above(among comparisons: Int) -> [Int] {
      found.methods.indices.dropFirst().filter {
        (found.methods[$0].constant.ends - found.methods[0].constant.ends).direction(among: comparisons) == .above
      }
    }
    let (alone, together) = (above(among: 1), above(among: found.methods.count - 1))
    guard !alone.isEmpty else { return "" }
    return
      "At a constant rate \(listed(alone.map { Walker.all[$0].name })) end\(alone.count == 1 ? "s" : "") above plain descent, each taken alone"
      + (together == alone
        ? "."
        : "; with the wider intervals of \(found.methods.count - 1) comparisons at once \(together.isEmpty ? "none is" : "only \(listed(together.map { Walker.all[$0].name })) is") beyond chance.")
  }

  /// The methods on the spirals. Losses spread over powers of ten: their logarithms are compared, seed by seed.
  private static func addOnSpirals(
    to page: inout Page, _ constant: OptimizerFindings, _ falling: OptimizerFindings, recipe: (Int) -> Double
  ) {
    func middle(_ losses: Summary) -> TableCell {
      let (sorted, quarter) = (losses.values.sorted(), losses.count / 4)
      let ends = [sorted[quarter], sorted[sorted.count - 1 - quarter]].map { short($0, digits: 1) }
      return .text("\(short(losses.median, digits: 1)) (\(ends[0]) to \(ends[1]))")
    }
    func below(_ found: OptimizerFindings) -> String {
      let ahead = found.results.indices.dropFirst().filter {
        Summary(zip(found.results[0].losses.values, found.results[$0].losses.values).map { log($0 / $1) })
          .direction(among: found.results.count - 1) == .above
      }
      return ahead.isEmpty
        ? "none" : ahead.count == found.results.count - 1 ? "all four" : listed(ahead.map { Walker.all[$0].name })
    }
    page.table(
      Table(
        "Spirals: training loss after \(grouped(constant.steps)) steps, batches of \(OptimizerFindings.batch), best of \(OptimizerFindings.rates.count) constant or \(OptimizerFindings.fallingRates.count) falling rates; median and middle half of \(counted(constant.results[0].losses.count, "net"))",
        columns: ["method", "own, constant", "loss", "own, falling", "loss"],
        rows: constant.results.indices.map { place in
          let (first, second) = (constant.results[place], falling.results[place])
          return [
            TableCell(Walker.all[place].name), .text(short(first.rate)), middle(first.losses),
            .text(short(second.rate)),
            middle(second.losses),
          ]
        }))
    let times = [1, 4].map { constant.results[$0].rate / recipe($0) }
    page.prose(
      """
      On the spirals, in the same steps, \(below(constant)) end below plain descent at constant rates, and \(below(falling)) at falling \
      ones. The best constant rates are \(fixed(times[0], 0)) (momentum) and \(fixed(times[1], 0)) (Adam) \
      times those of the recipe below, so no rate suits every problem. **Where plain descent is slow, try the others, at rates tried anew.**
      """)
  }

  /// A method, a first rate, the next ones, a rate that falls: what of it this page has measured, and what is only usual.
  static func addRecipe(to page: inout Page, _ owner: Findings?) {
    let (found, long) = (owner?.methodRates, owner?.longRun)
    func begin(_ place: Int, _ usual: String) -> String { found.map { short($0.begin(place, long)) } ?? usual }
    // Eight layers of chapter 2, from He's weights, choose a third of these rates with momentum, a fifth with Adam, or less.
    func first(_ place: Int, _ usual: String, deep: String = "a third") -> TableCell {
      .text(begin(place, usual) + (found == nil ? "" : "; deep nets (chapter 2): \(deep) or less"))
    }
    func good(_ place: Int) -> TableCell {
      guard let found else { return "common practice" }
      let longer = long.map { ", in \(grouped($0.steps)) \(worded($0.goodRates(place)))" } ?? ""
      return .text("good in \(grouped(found.steps)) steps: \(worded(found.methods[place].goodRates))\(longer)")
    }
    page.prose("## A recipe to begin with")
    page.table(
      Table(
        "A recipe, and where each line comes from",
        columns: ["what", "begin with", "from"],
        rows: [
          ["before training", "first loss near ln C; memorize twenty examples", "*Checks before the long run*"],
          ["batch", "32", .text(owner?.digitBatches == nil ? "common practice" : "*All samples, or a few?*")],
          [
            "method", "momentum 0.9 or Adam",
            "ahead on the spirals; on digits not",
          ],
          ["first rate, momentum 0.9", first(1, "0.01"), good(1)],
          ["first rate, Adam", first(4, "0.001", deep: "a fifth"), good(4)],
          [
            "next rates",
            "÷2 and ×2, until the middle of three is best; if nets fail at the upper one, one or two steps lower",
            "*The edge of a net*",
          ],
          [
            "then", "let the rate fall to 0, by the cosine",
            TableCell(found?.allGain == true ? "on digits all five methods end lower with it" : "*A rate that falls*"),
          ],
        ]))
    page.prose(
      """
      The whole program, with the digits of torchvision and 5000 of them kept back for validation:

      ```python
      import torch
      from torch import nn
      import torch.nn.functional as F
      from torchvision import datasets

      digits = datasets.MNIST("data", download=True)
      X, t = digits.data.flatten(1) / 255, digits.targets      # [60000, 784], from 0 to 1
      X, t, X_kept, t_kept = X[:-5000], t[:-5000], X[-5000:], t[-5000:]
      net = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))

      epochs, batch = 4, 32
      steps = epochs * (len(X) // batch)
      opt = torch.optim.SGD(net.parameters(), lr=\(begin(1, "0.01")), momentum=0.9)  # or Adam, lr=\(begin(4, "0.001")); less if deep
      falling = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=steps)
      for epoch in range(epochs):
          order = torch.randperm(len(X))[:len(X) // batch * batch]    # shuffled anew
          for rows in order.split(batch):
              loss = F.cross_entropy(net(X[rows]), t[rows])
              opt.zero_grad(); loss.backward(); opt.step(); falling.step()
          with torch.no_grad():
              wrong = net(X_kept).argmax(1) != t_kept
          print(epoch, 100 * wrong.float().mean().item())      # % of the digits kept back
      ```

      In PyTorch it ended at 2.2 to 2.5 %, with seeds 1 to 3 and either method. Choose the rate by this number, and keep the test images for the end.
      """)
  }
}
