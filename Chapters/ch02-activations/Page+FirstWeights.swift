// The page of chapter 2: PyTorch's default weights against He's, and activations with Adam and with batch norm.

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
      Test errors (%) of ReLU nets after \(grouped(steps)) steps, each at its best rate: the median of \
      \(counted(nets.first?.errors.count ?? 0, "seed")), in brackets the worst; guessing is 90
      """,
      columns: ["optimizer", "first weights"] + depths.map { .init("\($0) layers") },
      rows: Method.allCases.flatMap { method in
        Start.allCases.map { start in
          [TableCell(method.name), TableCell(start.name)]
            + depths.map { depth in
              self[method, start, depth].map {
                TableCell("\(fixed($0.errors.median, 1)) (\(fixed($0.errors.maximum, 1)))")
              } ?? "–"
            }
        }
      })
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

  private func layers(_ depths: [Int]) -> String { "\(listed(depths.map { "\($0)" })) layers" }

  /// The same to take home, with a space behind it; empty where the depths do not agree.
  var lesson: String {
    let harmed = depths.filter { depth in Method.allCases.allSatisfy { cost($0, depth)?.direction() == .above } }
    if harmed.isEmpty { return "" }
    return """
      PyTorch's default costs dense ReLU nets of \(layers(harmed)) test errors after \(grouped(steps)) steps, with SGD \
      and with Adam\
      \(level.isEmpty ? "" : ", and nets of \(layers(level)) none beyond chance").\u{20}
      """
  }
}

extension Activations {
  /// PyTorch's default weights against He's.
  static func addFirstWeights(to page: inout Page, _ nets: FirstWeights) {
    page.prose(
      """
      ## Your PyTorch net does not learn? Look at its first weights

      `nn.Linear` draws its weights uniformly within $\\pm 1/\\sqrt{n}$, so with a standard deviation of \
      $1/\\sqrt{3n}$. That is only \
      \(fixed(1 / 6.0.squareRoot(), 2)) times He's $\\sqrt{2/n}$. Does it matter? Dense ReLU layers of \
      \(DeepNet.width) units learn digits, with SGD with momentum \
      (each step keeps a part of the last one) or with Adam:
      """)
    page.table(nets.table)
    page.prose(
      """
      \(nets.words) So set the first weights yourself:

      ```python
      for m in net.modules():
          if isinstance(m, (nn.Linear, nn.Conv2d)):
              nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
              # tanh: nn.init.xavier_normal_(m.weight)
              # sigmoid, behind the first layer: nn.init.xavier_normal_(m.weight, gain=\(short(Double(SizedSigmoid.matchedFactor))))
      ```

      Chapter 4 derives them.
      """)
    page.project("A deep net does not learn? Look at its first weights")
    page.fold("How these nets were measured") { page in
      page.table(
        Table(
          "The best rate of each net",
          columns: ["optimizer", "first weights"] + nets.depths.map { .init("\($0) layers") },
          rows: FirstWeights.Method.allCases.flatMap { method in
            FirstWeights.Start.allCases.map { start in
              [TableCell(method.name), TableCell(start.name)]
                + nets.depths.map { depth in
                  nets[method, start, depth].map { $0.isLost ? "none" : .text(short(Double($0.rate))) } ?? "–"
                }
            }
          }))
      page.prose(
        """
        Rates twice apart were tried on \(nets.trials) other seeds and judged by the errors on \
        \(grouped(nets.keptCount)) images kept back. \
        \(nets.nets.allSatisfy { $0.isInside || $0.isLost } ? "Each best rate lies between two worse ones; where no rate learned, all were tried." : "A few best rates are an end of those tried.") \
        Batches of 32, momentum 0.9. The weights of the last layer are drawn by the same rule; the biases are \
        PyTorch's in all nets. \
        \(nets.nets[0].errors.count) seeds, \(grouped(nets.testCount)) test images.
        """)
    }
  }

  /// The activations of eight layers with Adam, and with batch norm.
  static func addSettings(to page: inout Page, _ nets: SettingNets, _ findings: Findings) {
    let names = nets.nets.map(\.name).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    func plain(_ name: String) -> Summary? {
      DeepNet.kinds.firstIndex { $0.name == name }.map { findings.deepNets.nets[$0].errors }
        ?? RarerActivation.allCases.first { $0.name == name }.flatMap { rarer in
          findings.deepNets.rarer.flatMap { $0.count > rarer.rawValue ? $0[rarer.rawValue].errors : nil }
        }
    }
    page.prose(
      """
      ### With Adam and with batch norm

      So far all nets are trained by plain gradient descent. What is left of the differences with Adam (each weight has a step length of its own), or with batch \
      norm in front of \
      each activation (it brings each unit's sums to mean 0 and spread 1; chapter 5)?
      """)
    page.table(
      Table(
        "Test errors (%) of eight layers with the reference weights ",
        columns: ["activation", .init("SGD", digits: 1)]
          + SettingNets.Setting.allCases.map { .init($0.name, digits: 1) },
        rows: names.map { name in
          let all = [plain(name)] + SettingNets.Setting.allCases.map { nets[$0, name]?.errors }
          return [TableCell(name)] + all.map { $0.map { .measured($0) } ?? "–" }
        }))
    page.prose(nets.words(names))
    page.project("Eight layers with Adam and with batch norm")
    page.fold("How they were trained") {
      $0.prose(
        """
        The nets of *Eight layers deep*, \(grouped(nets.steps)) steps; rates twice apart, judged by the errors on \
        \(grouped(nets.keptCount)) images kept back with \
        \(nets.trials) other seeds (SGD without batch norm: by the training \
        loss).\(nets.nets.allSatisfy { $0.search.isInside } ? " Each best rate lies between two worse ones." : "")
        """)
    }
  }
}

extension SettingNets {
  /// The difference of a function's test errors from ReLU's in one setting, among all that are compared with ReLU.
  func direction(_ name: String, _ setting: Setting) -> Summary.Direction {
    guard let errors = self[setting, name]?.errors, let relu = self[setting, "ReLU"]?.errors else {
      return .withinChance
    }
    return (errors - relu).direction(among: max(1, nets.count { $0.setting == setting } - 1))
  }

  /// Whether the sigmoid learns in each setting, and what of the others differs from ReLU.
  func words(_ names: [String]) -> String {
    let parts = Setting.allCases.map { setting in
      func found(_ direction: Summary.Direction) -> String? {
        let all = names.filter { $0 != "sigmoid" && $0 != "ReLU" && self.direction($0, setting) == direction }
        return all.isEmpty ? nil : "\(listed(all)) \(all.count == 1 ? "makes" : "make")"
      }
      let (more, fewer) = (found(.above).map { "\($0) more" }, found(.below).map { "\($0) fewer" })
      let text = [more, fewer].compactMap { $0 }.joined(separator: ", ")
      let what = text.isEmpty ? "none differs from ReLU beyond chance" : "\(text) test errors than ReLU"
      return "\(setting == .adam ? "with Adam" : "with batch norm") \(what)"
    }.joined(separator: "; ")
    return "\(sigmoid)\(sigmoid.isEmpty ? "" : " ")Of the others, \(parts)."
  }

  /// What becomes of the sigmoid.
  private var sigmoid: String {
    guard let adam = self[.adam, "sigmoid"]?.errors, let norm = self[.norm, "sigmoid"]?.errors else { return "" }
    let learns = norm.maximum < RateSearch.lost / 2
    return learns && adam.mean > RateSearch.lost / 2
      ? "**With batch norm eight layers of sigmoids learn, with Adam hardly.**\(direction("sigmoid", .norm) == .above ? " They still make more test errors than ReLU." : "")"
      : learns ? "**With both, eight layers of sigmoids learn.**" : ""
  }
}

extension Activations.Findings {
  /// Whether centred pixels keep ReLUs alive at the highest rate; nil where that was not measured.
  var centredWords: String? {
    guard let nets = settings?.centred else { return nil }
    let whole = census.whole
    let dead = Summary(nets.map(\.dead).filter(\.isFinite))
    let difference = Summary(
      zip(whole.results[0][whole.hot], nets).map { $0.dead - $1.dead }.filter(\.isFinite))
    let lost = nets.count - dead.count
    if 2 * lost > nets.count {
      return """
        Do centred images protect the units? We cannot say: with the mean pixel subtracted, \(lost) of \(nets.count) \
        nets \
        diverge at \(whole.rates[whole.hot]), without this \
        \(whole.diverged(0, whole.hot) == 0 ? "none" : "\(whole.diverged(0, whole.hot))"). Lower rates were not tried \
        with it.
        """
    }
    guard dead.count > 2 else { return nil }
    let text = difference.worded(
      above: "So centred images should protect the units, and they do",
      below: "Centred images do not protect the units",
      withinChance: "Centred images do not protect the units beyond chance")
    return
      "\(text): with the mean pixel subtracted, \(percent(dead.mean)) are dead at \(whole.rates[whole.hot])."
  }
}
