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
      Test errors (%) of dense ReLU nets (\(DeepNet.width) units a layer) after \(grouped(steps)) steps, each at its \
      best rate (\(counted(nets.first?.errors.count ?? 0, "seed"))); guessing is 90\(outlierWords)
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
      })
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
      : "In \(grouped(steps)) steps PyTorch's default alone costs dense ReLU nets of \(layers(harmed)) test errors: use \(hasBetterNorm ? "batch norm, or " : "")He's weights.\u{20}"
  }

  /// What a net makes of the errors of PyTorch's default alone, for the table of what to do; nil where they are no fewer.
  func worth(_ net: Net?) -> String? {
    guard let net, let torch = self[.sgd, .pyTorch, net.layers], (torch.errors - net.errors).direction() == .above
    else {
      return nil
    }
    return "\(fixed(net.errors.mean, 1)) instead of \(fixed(torch.errors.mean, 1)) %"
  }

  /// Whether in every row the errors rise with every step in depth.
  private var riseWithDepth: Bool {
    let rows = Method.allCases.flatMap { method in
      Start.allCases.flatMap { start in
        [
          depths.compactMap { self[method, start, $0]?.errors.mean },
          depths.compactMap { normed(method, start, $0)?.errors.mean },
        ]
      }
    }
    return rows.allSatisfy { row in zip(row, row.dropFirst()).allSatisfy { $0 < $1 } }
  }
  /// Why one goes deep all the same.
  var depthWords: String {
    riseWithDepth
      ? "In every row the errors rise with depth. Why one goes deep all the same: chapter 11."
      : ""
  }

  /// Whether the default with batch norm makes fewer errors than He's weights without it, at every depth.
  var hasBetterNorm: Bool {
    let nets = normed?.filter { $0.start == .pyTorch } ?? []
    return !nets.isEmpty
      && nets.allSatisfy { net in
        self[net.method, .he, net.layers].map { ($0.errors - net.errors).direction() == .above } ?? false
      }
  }

  /// Seeds far from the others in the net whose errors spread most; empty where there are none.
  var outlierWords: String {
    let spread = self[.sgd, .pyTorch, DeepNet.depth]?.errors.values.sorted() ?? []
    let lost = spread.filter { $0 > RateSearch.lost }.count
    return lost > 0 && lost < spread.count
      ? ". Behind \(fixed(Summary(spread).mean, 1)): \(lost) of \(counted(spread.count, "net")) guesses, the others make "
        + "\(fixed(spread[0], 0)) to \(fixed(spread[spread.count - 1 - lost], 0)) %" : ""
  }

  private func layers(_ depths: [Int]) -> String { "\(listed(depths.map { "\($0)" })) layers" }
}

extension Activations {
  /// PyTorch's default weights against He's.
  static func addFirstWeights(to page: inout Page, _ nets: FirstWeights, _ deep: DepthExperiment) {
    // The default's gain is √(1/3), and half of ReLU's slopes are 0.
    let kept = (1 / 6.0).squareRoot()
    let half =
      deep.factors.firstIndex(of: 0.5).map {
        " (With half of He's weights 16 leave \(short(deep.typical($0, DepthExperiment.relu)[depth - 1])): figure 3.)"
      } ?? ""
    page.prose(
      """
      ## Your PyTorch net does not learn? Look at its first weights

      `nn.Linear` draws its weights uniformly within $\\pm 1/\\sqrt{n}$, so with a standard deviation of \
      $1/\\sqrt{3n}$. That is only \(fixed(kept, 2)) times He's $\\sqrt{2/n}$.

      **By the formula above figure 3 a ReLU layer with these weights leaves $\\sqrt{1/6}$ = \(fixed(kept, 2)) of the \
      gradient's length: \(DeepNet.depth) layers leave \(short(pow(kept, Double(DeepNet.depth)))), 16 leave \
      \(short(pow(kept, 16))).**\(half) He's weights leave 1. Batch norm divides each sum by its standard deviation, so the \
      outputs do not depend on the size of the weights (how fast they turn does: chapter 5). Adam divides each step by the size of the gradients, so it gets \
      further with small ones (chapter 1).
      """)
    page.table(nets.table)
    page.prose(
      """
      \(nets.words)

      \(nets.normWords) A hidden layer is then `nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU()`. \(nets.depthWords)

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
        \(nets.nets[0].errors.count) seeds, \(grouped(nets.testCount)) test images.
        """)
    }
  }
}
