// The page of chapter 2: PyTorch's default weights against He's.

import Foundation
import Workbook

extension FirstWeights {
  /// By how much the default makes more test errors than He's weights, seed by seed.
  func cost(_ method: Method, _ layers: Int) -> Summary? {
    guard let torch = self[method, .pyTorch, layers], let he = self[method, .he, layers] else { return nil }
    return torch.errors - he.errors
  }

  var depths: [Int] { nets.map(\.layers).reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }

  /// The depths at which the default makes more errors beyond chance.
  private func costly(_ method: Method) -> [Int] { depths.filter { cost(method, $0)?.direction() == .above } }

  var table: Table {
    Table(
      """
      Test errors (%) of ReLU nets (dense: \(DeepNet.width) units a layer) after \(grouped(steps)) steps, each at its \
      best rate (\(counted(nets.first?.errors.count ?? 0, "seed"))); guessing is 90
      """,
      columns: ["optimizer", "first weights"] + depths.map { .init("\($0) layers", digits: 1) },
      rows: Method.allCases.flatMap { method in
        let rows = Start.allCases.map { start in (start.name, depths.map { self[method, start, $0] }) }
        let batchNorm = Start.allCases.map { start in
          (start == .pyTorch ? "default, batch norm" : "He's, batch norm", depths.map { normed(method, start, $0) })
        }.filter { $0.1.contains { $0 != nil } }
        return (rows + batchNorm).map { name, nets in
          [TableCell(method.name), TableCell(name)]
            + nets.map { net in net.map { .measured($0.errors) } ?? "–" }
        }
      } + convRows)
  }

  /// The nets of convolutions, which have one depth.
  private var convRows: [[TableCell]] {
    let names = ["PyTorch's default", "He's", "default, batch norm"]
    return zip(names, conv ?? []).map { name, net in
      ["momentum, convolutions", TableCell(name)]
        + depths.map { $0 == net.layers ? .measured(net.errors) : "–" }
    }
  }

  /// What the first weights and batch norm do in the net of convolutions; empty where it was not measured.
  var convWords: String {
    guard let conv, conv.count == 3 else { return "" }
    let (torch, he, norm) = (conv[0], conv[1], conv[2])
    let names = zip(["He's weights", "batch norm (`nn.BatchNorm2d`)"], [he, norm])
      .filter { (torch.errors - $0.1.errors).direction() == .above }.map(\.0)
    guard !names.isEmpty else {
      return "In a net of \(torch.layers) convolutions neither He's weights nor batch norm saves errors beyond chance."
    }
    let harm =
      torch.isLost && (he.learns || norm.learns)
      ? "guesses at every rate that we tried, with \(names.joined(separator: " or ")) it learns"
      : "makes more test errors than with \(names.joined(separator: " or "))"
    return "**A net of \(torch.layers) convolutions needs help, too:** with the default weights it \(harm)."
  }

  /// The net with batch norm in front of each ReLU.
  func normed(_ method: Method, _ start: Start, _ layers: Int) -> Net? {
    normed?.first { $0.method == method && $0.start == start && $0.layers == layers }
  }

  /// What He's weights with batch norm save against the default with batch norm.
  private func normGain(_ method: Method, _ depth: Int) -> Summary? {
    guard let torch = normed(method, .pyTorch, depth), let he = normed(method, .he, depth) else { return nil }
    return torch.errors - he.errors
  }

  /// Whether He's weights with batch norm make fewer errors than the default with batch norm in any net; nil where they
  /// were not measured.
  var heHelpsNorm: Bool? {
    let gains = Method.allCases.flatMap { method in depths.compactMap { normGain(method, $0) } }
    return gains.isEmpty ? nil : gains.contains { $0.direction() == .above }
  }

  /// What batch norm makes of the first weights, for the text below the table; empty where it was not measured.
  var normWords: String {
    guard normed != nil else { return "" }
    let best =
      hasBetterNorm
      ? "**With batch norm in front of each ReLU PyTorch's default makes fewer test errors than He's weights alone, at every "
        + "depth.**"
      : "Batch norm in front of each ReLU does not mend the default weights at every depth."
    guard heHelpsNorm == false else { return best }
    let worse = Method.allCases.map { method in
      (method == .sgd ? "momentum" : method.name, depths.filter { normGain(method, $0)?.direction() == .below })
    }.filter { !$0.1.isEmpty }.map { ", and with \($0.0) worse at \(layers($0.1))" }
    return best + " He's weights with batch norm do no better\(worse.joined())."
  }

  /// What is left of the harm after many more steps, with a space behind it; empty where it was not measured.
  var timeWords: String {
    guard let long, let torch = long.first(where: { $0.start == .pyTorch }),
      let he = long.first(where: { $0.start == .he })
    else { return "" }
    let left = (torch.errors - he.errors).worded(
      above: "the default costs mostly time", below: "in the end it costs nothing",
      withinChance: "no difference beyond chance: the default costs time")
    return """
      After \(grouped(Self.longer * steps)) steps its \(torch.layers) layers have come down to \
      \(fixed(torch.errors.mean, 1)) %, those from He's weights to \(fixed(he.errors.mean, 1)): \(left) there.\u{20}
      """
  }

  /// What the table shows: at which depths the default costs errors, and where it does not learn at all.
  var words: String {
    let places = Method.allCases.map { costly($0) }
    let harm =
      Set(places).count == 1
      ? ["in nets of \(layers(places[0])), with SGD and with Adam"]
      : zip(Method.allCases, places).filter { !$1.isEmpty }.map { "with \($0.name) in nets of \(layers($1))" }
    if places.joined().isEmpty { return "In none of these nets does the default make more test errors beyond chance." }
    let lost = Method.allCases.flatMap { method in
      depths.filter { self[method, .pyTorch, $0]?.isLost == true && self[method, .he, $0]?.learns == true }
        .map { " With \(method.name), \($0) layers guess at every rate that we tried; from He's weights they learn." }
    }
    return """
      **The default makes more test errors \
      \(harm.joined(separator: ", and "))\(level.isEmpty ? "" : "; in nets of \(layers(level)) there is no difference beyond chance").**\
      \(lost.joined())
      """
  }

  /// The depths at which neither optimizer shows a difference.
  private var level: [Int] {
    depths.filter { depth in Method.allCases.allSatisfy { cost($0, depth)?.direction() == .withinChance } }
  }

  /// The same to take home, with a space behind it; empty where the depths do not agree.
  var lesson: String {
    let harmed = depths.filter { depth in Method.allCases.allSatisfy { cost($0, depth)?.direction() == .above } }
    return harmed.isEmpty
      ? ""
      : "In \(grouped(steps)) steps PyTorch's default alone costs dense ReLU nets of \(layers(harmed)) test errors\(convLesson): use \(hasBetterNorm ? "batch norm, or " : "")He's weights.\u{20}"
  }

  /// The same of the net of convolutions.
  private var convLesson: String {
    guard let net = conv?.first, net.isLost, conv?[1].learns == true else { return "" }
    return ", and from it \(net.layers) convolutions learn nothing"
  }

  /// What a net makes of the errors of PyTorch's default alone, for the table of what to do; nil where they are no fewer.
  func worth(_ net: Net?) -> String? {
    guard let net, let torch = self[.sgd, .pyTorch, net.layers], (torch.errors - net.errors).direction() == .above
    else {
      return nil
    }
    return "\(fixed(net.errors.mean, 1)) instead of \(fixed(torch.errors.mean, 1)) %"
  }

  /// Whether the default with batch norm makes fewer errors than He's weights without it, at every depth.
  var hasBetterNorm: Bool {
    let nets = normed?.filter { $0.start == .pyTorch } ?? []
    return !nets.isEmpty
      && nets.allSatisfy { net in
        self[net.method, .he, net.layers].map { ($0.errors - net.errors).direction() == .above } ?? false
      }
  }

  /// Seeds far from the others in the net whose errors spread most, with a space before it; empty where there are none.
  var outlierWords: String {
    let spread = self[.sgd, .pyTorch, DeepNet.depth]?.errors.values.sorted() ?? []
    let lost = spread.filter { $0 > RateSearch.lost }.count
    return lost > 0 && lost < spread.count
      ? " Of the \(counted(spread.count, "net")) behind the \(fixed(Summary(spread).mean, 1)) % of 8 layers \(outliers)."
      : ""
  }

  /// `1 guesses, the others make 13 to 33 %`; empty where none guesses.
  var outliers: String {
    let spread = self[.sgd, .pyTorch, DeepNet.depth]?.errors.values.sorted() ?? []
    let lost = spread.filter { $0 > RateSearch.lost }.count
    guard lost > 0, lost < spread.count else { return "" }
    return "\(lost) guess\(lost == 1 ? "es" : ""), the others make \(fixed(spread[0], 0)) to "
      + "\(fixed(spread[spread.count - 1 - lost], 0)) %"
  }

  private func layers(_ depths: [Int]) -> String { "\(listed(depths.map { "\($0)" })) layers" }
}

extension Activations {
  /// How a reader sees in his own net what the first weights do.
  private static func addCheck(to page: inout Page, _ check: [FirstCheck]) {
    page.prose(
      """
      **A deep net from too small weights gives all images nearly the same answer, so its loss stays long, or for \
      good, at ln 10 = \(fixed(log(10), 2))** (ten classes). Check it before training, with one batch `x, y`:

      ```python
      import torch
      from torch import nn

      def check(net, x, y):
          layers = [m for m in net.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
          sums = {}
          def note(layer, inputs, h):                 # h: the sums of one layer
              sums[layer] = h.detach().std(0).mean()  # how far they differ between images
          hooks = [m.register_forward_hook(note) for m in layers]
          net.zero_grad()
          nn.functional.cross_entropy(net(x), y).backward()
          for i, m in enumerate(layers, 1):
              print(i, f"sums {sums[m]:.2g}  gradient {m.weight.grad.norm():.2g}")
          for hook in hooks: hook.remove()
      ```
      """)
    page.table(FirstCheck.table(check))
    page.prose(FirstCheck.words(check))
  }

  /// The net of convolutions, and how it was trained.
  private static func convProtocol(_ nets: FirstWeights) -> String {
    guard let net = nets.conv?.first else { return "" }
    return """
      Convolutions: \(net.layers) times `nn.Conv2d(…, \(ConvWeights.channels), 3, padding=1)` and ReLU, \
      `nn.MaxPool2d(2)` behind the first, third and fifth, one `nn.Linear` last, weights as in the code; \
      \(counted(net.errors.count, "seed")).
      """
  }

  /// PyTorch's default weights against He's.
  static func addFirstWeights(to page: inout Page, _ nets: FirstWeights, _ check: [FirstCheck]?) {
    // The default's gain is √(1/3), and half of ReLU's slopes are 0.
    let kept = (1 / 6.0).squareRoot()
    page.prose("## Your PyTorch net does not learn? Look at its first weights")
    if let check { addCheck(to: &page, check) }
    page.prose(
      """
      `nn.Linear` and `nn.Conv2d` draw their weights uniformly within $\\pm 1/\\sqrt{n}$, so with a standard deviation \
      of $1/\\sqrt{3n}$. That is only \(fixed(kept, 2)) times He's $\\sqrt{2/n}$.

      **By the formula above figure 3 a ReLU layer with these weights leaves $\\sqrt{1/6}$ = \(fixed(kept, 2)) of the \
      gradient's length: \(DeepNet.depth) layers leave \(short(pow(kept, Double(DeepNet.depth)))), 16 leave \
      \(short(pow(kept, 16))).** He's weights leave 1. Batch norm divides each sum by its standard deviation, so the \
      outputs do not depend on the size of the weights. Adam divides each step by the size of the gradients, so it gets \
      further with small ones (chapter 1).
      """)
    page.table(nets.table)
    page.prose(
      """
      \(nets.words)\(nets.outlierWords)

      \(nets.convWords)

      \(nets.normWords) A hidden layer is then `nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU()`.

      Without batch norm, set the first weights yourself. (The last layer has no ReLU behind it: gain 1.)

      ```python
      layers = [m for m in net.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
      for m in layers[:-1]:
          nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
          # tanh: nn.init.xavier_normal_(m.weight)
          # sigmoid, from the second layer on: xavier_normal_(m.weight, gain=\(short(Double(SizedSigmoid.matchedFactor))))
      nn.init.xavier_normal_(layers[-1].weight)
      ```

      """)
    page.project("A deep net does not learn? Look at its first weights")
    page.fold("How these nets were measured") {
      $0.prose(
        """
        Rates twice apart were tried on \(nets.trials) other seeds and judged by the errors on \
        \(grouped(nets.keptCount)) images kept back. \
        \(nets.nets.allSatisfy { $0.isInside || $0.isLost } ? "Each best rate lies between two worse ones; where no rate learned, all were tried." : "A few best rates are an end of those tried.") \
        Momentum 0.9. The weights of the last layer are drawn like the others, with He's and batch norm as in the \
        code; the biases are PyTorch's. \
        \(nets.long?.first.map { "After \(grouped(FirstWeights.longer * nets.steps)) steps: \(counted($0.errors.count, "seed")). " } ?? "")\
        \(nets.nets[0].errors.count) seeds, \(grouped(nets.testCount)) test images. \(convProtocol(nets))
        """)
    }
  }
}
