// Which activation makes fewer test errors: the rows of the last table, and what they are worth beside first weights.

import Foundation
import Workbook

/// A function's test errors (%) in each of `SettingNets.Setting`, from the best of its first weights.
struct Choice {
  var name: String
  var errors: [Summary?]
  /// Those minus ReLU's, seed by seed; nil for ReLU itself.
  var differences: [Summary?]
  /// The first weights in each net, where several were tried; and how many of its nets guess, which the errors leave out.
  var starts: [String?] = []
  var lost: [Int] = []
  /// Whether it is one of those among which the choice is said to be small: tanh and what came after.
  var isLater = true
}

extension SettingNets {
  /// Of some kinds the net that makes fewest errors on the images kept back.
  func best(_ kinds: [DeepNet.Kind], _ setting: Setting) -> Net? {
    kinds.compactMap { self[setting, $0.name] }.min { $0.search.cost < $1.search.cost }
  }

  /// tanh from each of its first weights in each net.
  ///
  /// - Parameter differences: its best minus ReLU.
  func tanhTable(_ differences: [Summary?]) -> Table {
    let minus = differences.compactMap { $0.map { wide($0) } }.joined(separator: "; ")
    return Table(
      "tanh: test errors (%) by its first weights. The best minus ReLU, setting by setting: \(minus)",
      columns: ["first weights"] + Setting.allCases.map { .init($0.name, digits: 1) },
      rows: Self.tanhs.map { kind in
        [TableCell(Self.start(kind.name))]
          + Setting.allCases.map { self[$0, kind.name].map { .measured($0.errors) } ?? "–" }
      })
  }

  /// A difference with the 95 % interval of one among four comparisons.
  private func wide(_ difference: Summary) -> String {
    let chance = difference.uncertainty(among: 4)
    return "\(fixed(difference.mean, 1)) (95 %: \(fixed(difference.mean - chance, 1)) to "
      + "\(fixed(difference.mean + chance, 1)))"
  }

  /// By how many points tanh from these first weights is worse than from its best ones, at most, in some of the settings.
  func cost(_ kind: DeepNet.Kind, in settings: [Setting]) -> Double {
    settings.compactMap { setting in
      self[setting, kind.name].flatMap { net in
        best(Self.tanhs, setting).map {
          rounded(net.errors.mean, decimals: 1) - rounded($0.errors.mean, decimals: 1)
        }
      }
    }.max() ?? 0
  }

  /// Which first weights to take for tanh, with batch norm and without.
  var tanhAdvice: String {
    let (xavier, bare) = (Self.tanhs[0], Setting.allCases.filter { $0 != .norm })
    let tried = Self.tanhs.filter { !$0.isTorch && self[.momentum, $0.name] != nil }
    guard let worst = tried.max(by: { cost($0, in: bare) < cost($1, in: bare) }),
      cost(worst, in: bare) > 2 * cost(xavier, in: bare)
    else { return "" }
    let normed = best(Self.tanhs, .norm).flatMap { net in
      cost(xavier, in: [.norm]) > 0.5
        ? "With batch norm \(Self.start(net.name)) leaves \(fixed(cost(xavier, in: [.norm]), 1)) points fewer than gain 1. "
        : nil
    }
    return "For tanh take gain 1 (Xavier's weights) where there is no batch norm: there it costs at most "
      + "\(fixed(cost(xavier, in: bare), 1)) points against the best, \(Self.start(worst.name)) up to \(fixed(cost(worst, in: bare), 0)). \(normed ?? "")"
  }

  /// `gain 3` of `tanh, gain 3`.
  static func start(_ name: String) -> String {
    let parts = name.components(separatedBy: ", ")
    return parts.count > 1 ? parts[1] : "gain 1"
  }
}

extension Activations.Findings {
  /// The functions of the table; empty where the deep nets were not trained.
  var choices: [Choice] {
    guard let settings, let first = firstWeights else { return [] }
    let relu = [
      settings[.conv, "ReLU"]?.errors, first[.sgd, .he, DeepNet.depth]?.errors,
      first[.adam, .he, DeepNet.depth]?.errors,
      first.normed(.sgd, .pyTorch, DeepNet.depth)?.errors,
    ]
    func row(_ name: String, _ kinds: [DeepNet.Kind], isLater: Bool = true) -> Choice {
      let nets = SettingNets.Setting.allCases.map { settings.best(kinds, $0) }
      let learns = nets.map { net in
        (net?.errors.values ?? []).enumerated().filter { $1 < RateSearch.lost }.map(\.offset)
      }
      func kept(_ errors: Summary, _ place: Int) -> Summary { Summary(learns[place].map { errors.values[$0] }) }
      return Choice(
        name: name, errors: nets.indices.map { place in nets[place].map { kept($0.errors, place) } },
        differences: nets.indices.map { place in
          nets[place].flatMap { net in relu[place].map { kept(net.errors - $0, place) } }
        },
        starts: kinds.count > 1 ? nets.map { $0.map { SettingNets.start($0.name) } } : [],
        lost: nets.indices.map { (nets[$0]?.errors.count ?? 0) - learns[$0].count }, isLater: isLater)
    }
    let all = SettingNets.kinds
    return [
      row("sigmoid", Array(all[0...1]), isLater: false), row("tanh", SettingNets.tanhs),
      Choice(name: "ReLU", errors: relu, differences: relu.map { _ in nil }), row("ELU", [all[2]]),
      row("GELU", [all[3]]),
    ].filter { $0.errors.contains { $0 != nil } }
  }

  /// The nets in which the errors of `choices` were counted.
  static let choiceNets = SettingNets.Setting.allCases
  /// Some of them: `the conv net and the deep net (momentum; Adam)`.
  static func named(_ places: [Int]) -> String {
    let deep = places.map { choiceNets[$0] }.filter { $0 != .conv }.map(\.name)
    return listed(
      (places.contains(0) ? ["the conv net"] : [])
        + (deep.isEmpty ? [] : ["the deep net (\(deep.joined(separator: "; ")))"]))
  }

  /// A function's differences from ReLU, net by net.
  func differences(of function: String) -> [Summary.Direction] {
    choices.first { $0.name == function }?.differences.map { direction($0) } ?? []
  }

  /// By how much the means of tanh, ReLU and those after them lie apart, at most, in one of the nets.
  var spread: Double? { Self.choiceNets.compactMap { spread(in: $0) }.max() }
  /// The same in one net.
  func spread(in net: SettingNets.Setting) -> Double? {
    guard let place = Self.choiceNets.firstIndex(of: net) else { return nil }
    // Of the means as the table prints them.
    let means = choices.filter(\.isLater).compactMap { $0.errors[place]?.mean }.filter(\.isFinite)
      .map { rounded($0, decimals: 1) }
    return means.max().flatMap { most in means.min().map { most - $0 } }
  }

  /// What the table shows, in a few sentences; empty where it was not measured.
  var ranking: String {
    guard let widest else { return "" }
    let better = leaders.map { leader in
      let places = Self.choiceNets.indices.filter { differences(of: leader.name)[$0] == .below }
      return " \(leader.name) makes fewer test errors than ReLU in \(Self.named(places)), and more in none."
    }
    let level = choices.filter { choice in
      choice.isLater && choice.name != "ReLU" && choice.differences.allSatisfy { direction($0) == .withinChance }
    }
    return """
      **In these four settings, and in the deep net with plain descent, tanh, ReLU, ELU and GELU lie at most \(fixed(widest, 1)) \
      points of test errors apart.**\(defaultWords)\(better.joined())\
      \(level.isEmpty ? "" : " \(listed(level.map(\.name))) differ\(level.count == 1 ? "s" : "") from ReLU in none beyond chance.")
      """
  }

  /// The same with plain descent in the deep net.
  private var plainSpread: Double? {
    let nets = [DeepNet.tanh, DeepNet.relu, 5].map { deepNets.nets[$0] } + (deepNets.rarer.map { [$0[1]] } ?? [])
    let means = nets.map { rounded($0.errors.mean, decimals: 1) }
    return means.max().flatMap { most in means.min().map { most - $0 } }
  }
  /// By how much they lie apart, at most, in all five.
  var widest: Double? { spread.map { max($0, plainSpread ?? 0) } }

  /// tanh and ReLU from PyTorch's default weights, where the choice matters more; with a space before it.
  private var defaultWords: String {
    guard let relu = firstWeights?[.sgd, .pyTorch, DeepNet.depth]?.errors, let widest,
      let tanh = SettingNets.tanhs.first(where: \.isTorch).flatMap({ settings?[.momentum, $0.name]?.errors }),
      relu.mean - tanh.mean > widest, (relu - tanh).direction() == .above
    else { return "" }
    return " These are good first weights: from PyTorch's default tanh makes \(fixed(tanh.mean, 1)) %, ReLU "
      + "\(fixed(relu.mean, 1)) % (momentum)."
  }

  /// Why one begins with ReLU, where another makes fewer errors; with a space before it.
  var habit: String {
    guard spread != nil else { return "" }
    return leaders.isEmpty
      ? " We begin with ReLU because most recipes and trained nets are made for it."
      : " We begin with ReLU all the same, because most recipes and trained nets are made for it. Try \(listed(leaders.map(\.name))) as well."
  }

  /// What the table says of tanh, with a space behind it; empty where it was not measured.
  var tanhStarts: String {
    let starts = choices.first { $0.name == "tanh" }?.starts.compactMap { $0 } ?? []
    return Set(starts).count > 1 ? settings?.tanhAdvice ?? "" : ""
  }

  /// The functions that make fewer test errors than ReLU in some net, and more in none, beyond chance, and in how many nets.
  var leaders: [(name: String, nets: Int)] {
    choices.filter { $0.isLater && $0.name != "tanh" }.compactMap { choice in
      let all = choice.differences.map { direction($0) }
      return all.contains(.below) && !all.contains(.above) ? (choice.name, all.count { $0 == .below }) : nil
    }
  }

  /// A difference from ReLU among all of its column.
  func direction(_ difference: Summary?) -> Summary.Direction {
    difference?.direction(among: max(1, choices.count - 1)) ?? .withinChance
  }
}
