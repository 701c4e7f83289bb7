// The page of chapter 1: the methods on digits and spirals, and what to begin with in a net of one's own.

import Foundation
import Workbook

extension GradientDescent {
  /// The methods of the bowl on nets, each at many first rates.
  static func addMethodRates(to page: inout Page, _ found: MethodRates, onSpirals spirals: OptimizerFindings?) {
    let (methods, names) = (found.methods, Walker.all.map(\.name))
    page.prose(
      """
      ### The methods on a net

      \(summary(found)) The digits net of the checks learns \(grouped(MethodRates.count)) digits for \(MethodRates.epochs) epochs, in \
      batches of \(MethodRates.batch). Each method gets \(MethodRates.rateCount) first rates, each twice the one before; other digits (the **validation set**) choose \
      the best.
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
          The mean of \(counted(found.trials, "seed")), on \(grouped(MethodRates.keptCount)) digits that were not trained on.
          """,
        name: "method-rates"))
    page.project("Each method has its own good first rates")
    let seeds = counted(methods[0].falling.ends.count, "seed")
    page.prose(
      """
      The table has the loss on \(grouped(MethodRates.testCount)) other digits (\(seeds)), with a rate that falls to 0 and with a constant \
      one, each chosen anew. Good first rates: in the figure the method ends less than a fifth above its own lowest loss.\
      \(spirals.map { " Spirals: the training loss after \(grouped($0.steps)) steps in batches of \(OptimizerFindings.batch), at the best of \(OptimizerFindings.rates.count) constant rates (\(short(OptimizerFindings.rates[0])) to \(short(OptimizerFindings.rates.last ?? .nan))); median and middle half of \(counted($0.results[0].losses.count, "net"))." } ?? "")
      """)
    page.table(
      Table(
        "Loss at each method's best rate",
        columns: [
          "method", "good first rates", .init("falling rate", digits: 3),
          .init("constant rate", digits: 3),
        ] + (spirals == nil ? [] : ["spirals"]),
        rows: methods.indices.map { place in
          [
            TableCell(names[place]), TableCell(goodRates(methods[place])), .measured(methods[place].falling.ends),
            .measured(methods[place].constant.ends),
          ] + (spirals.map { [TableCell(middle($0.results[place].losses))] } ?? [])
        }))
    page.prose("\(falls(found)) \(spirals.map(onSpirals) ?? "")")
  }

  /// `0.004 (0.003 to 0.005)`: the median, and between which numbers the middle half lies.
  private static func middle(_ losses: Summary) -> String {
    let (sorted, quarter) = (losses.values.sorted(), losses.count / 4)
    func brief(_ value: Double) -> String { short(value, digits: 1) }
    return "\(brief(losses.median)) (\(brief(sorted[quarter])) to \(brief(sorted[losses.count - 1 - quarter])))"
  }

  /// `0.013 to 0.1`.
  private static func goodRates(_ method: MethodRates.Method) -> String {
    let good = method.goodRates(method.falling)
    return good.count < 2 ? short(good.first ?? .nan) : "\(short(good[0])) to \(short(good[good.count - 1]))"
  }

  /// What differs between the methods: the rate, or the loss as well.
  private static func summary(_ found: MethodRates) -> String {
    let (below, above) = (found.methods(.above), found.methods(.below))
    let apart = [(below, "below"), (above, "above")].filter { !$0.0.isEmpty }
      .map { "\(listed($0.0.map { Walker.all[$0].name })) \($0.0.count == 1 ? "ends" : "end") \($0.1) plain descent" }
    return apart.isEmpty
      ? "**On digits the methods differ in the rate that they want; at their own best rates, which fall to 0, no loss differs from that of plain descent by more than chance.** "
        + "(By chance: the 95 % interval of the differences, seed by seed, contains 0.)"
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

  /// Which methods end below plain descent on the spirals. Losses spread over powers of ten: their logarithms are compared,
  /// seed by seed.
  private static func onSpirals(_ spirals: OptimizerFindings) -> String {
    let plain = spirals.results[0].losses.values
    let below = spirals.results.indices.dropFirst().filter {
      Summary(zip(plain, spirals.results[$0].losses.values).map { log($0 / $1) })
        .direction(among: spirals.results.count - 1) == .above
    }
    let level = spirals.results.indices.dropFirst().filter { !below.contains($0) }
    return below.isEmpty
      ? "On the spirals no method ends below plain descent beyond chance."
      : "On the spirals \(listed(below.map { Walker.all[$0].name })) end\(below.count == 1 ? "s" : "") far below plain descent in the same \(grouped(spirals.steps)) steps"
        + (level.isEmpty
          ? "" : "; \(listed(level.map { Walker.all[$0].name })) \(level.count == 1 ? "does" : "do") not")
        + ". **So where plain descent is slow, try momentum or Adam.**"
  }

  /// A method, a first rate, the next ones, a rate that falls: what of it this page has measured, and what is only usual.
  static func addRecipe(to page: inout Page, _ found: MethodRates?) {
    func begin(_ place: Int, _ usual: String) -> String { found.map { short($0.methods[place].begin) } ?? usual }
    // Eight layers of chapter 2, from He's weights, choose a quarter of the rates of descent or less, and a tenth of Adam's.
    func first(_ place: Int, _ usual: String, deep: String = "a quarter") -> String {
      begin(place, usual) + (found == nil ? "" : "; deep nets (chapter 2): \(deep) or less")
    }
    func good(_ place: Int) -> TableCell {
      TableCell(
        found.map { "digits, \(grouped($0.steps)) steps; good: \(goodRates($0.methods[place]))" }
          ?? "common practice")
    }
    page.prose(
      """
      ## A recipe to begin with
      """)
    page.table(
      Table(
        "A recipe, and where each line comes from",
        columns: ["what", "begin with", "from"],
        rows: [
          ["before training", "first loss near ln C; memorize twenty examples", "*Checks before the long run*"],
          ["batch", "32 to 256", "common practice; on a net not compared here"],
          [
            "method", "momentum 0.9 or Adam",
            "far ahead on the spirals, `nesterov=True` most; on digits no better than plain descent",
          ],
          ["first rate, momentum 0.9", .text(first(1, "0.01")), good(1)],
          [
            "first rate, Adam",
            .text((found == nil ? "" : "long run: 0.001; short run: ") + first(4, "0.001", deep: "a tenth")), good(4),
          ],
          [
            "next rates",
            "÷2 and ×2, until the middle of three is best. If nets fail at the upper one, go one or two steps lower.",
            "*The edge of a net*",
          ],
          [
            "then", "let the rate fall to 0, by the cosine",
            TableCell(found?.allGain == true ? "all five methods end lower with it here" : "*A rate that falls*"),
          ],
        ]))
    page.prose(
      """
      \(defaultWords(found))The whole program, with the digits of torchvision and 5000 of them kept back for validation:

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
      opt = torch.optim.SGD(net.parameters(), lr=\(begin(1, "0.01")), momentum=0.9)  # or Adam, lr=0.001; less if deep
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

      It ends at 2 to 2.5 %. Choose the rate by this number, and keep the test images for the end.
      """)
  }

  /// Why Adam's default rate in PyTorch is not the one to begin with here; empty where the good rates hold it.
  private static func defaultWords(_ found: MethodRates?) -> String {
    guard let adam = found?.methods.last, let lowest = adam.goodRates(adam.falling).first, lowest > 0.001 else {
      return ""
    }
    return """
      A short training, such as ours, wants a larger rate than a long one, such as that of the program below.\u{20}
      """
  }
}
