// Which activation makes fewer test errors: the rows of the last table, and what they are worth beside first weights.

import Foundation
import Workbook

/// A function's test errors (%) in the conv net of the race, and eight layers deep in each of `SettingNets.Setting`.
struct Choice {
  var name: String
  var errors: [Summary?]
  /// What is before the comma of its name: `tanh` of `tanh, gain 1`.
  var function: String { name.components(separatedBy: ",")[0] }
  /// Those minus ReLU's, seed by seed; nil for ReLU itself.
  var differences: [Summary?]
  /// The runs of the conv net that diverged, and all of them.
  var lost = 0
  var runs = 0
  /// Whether it is one of those among which the choice is said to be small: tanh and what came after.
  var isLater = true
}

extension Activations.Findings {
  /// The functions of the table; empty where the deep nets were not trained.
  var choices: [Choice] {
    guard let settings, let first = firstWeights else { return [] }
    let relu = race[.relu]
    let deep = [
      first[.sgd, .he, DeepNet.depth], first[.adam, .he, DeepNet.depth], first.normed(.sgd, .pyTorch, DeepNet.depth),
    ].map { $0?.errors }
    func row(_ name: String, _ setting: String, _ racer: Racer?, isLater: Bool = true) -> Choice {
      let own = SettingNets.Setting.allCases.map { settings[$0, setting]?.errors }
      let pairs = zip(own, deep).map { own, relu in own.flatMap { own in relu.map { own - $0 } } }
      return Choice(
        name: name, errors: [racer?.errors] + own, differences: [racer?.difference(from: relu)] + pairs,
        lost: racer?.diverged ?? 0, runs: racer?.reached.count ?? 0, isLater: isLater)
    }
    func racer(_ function: Nonlinearity) -> Racer? { race.racers.first { $0.function == function } }
    func heavy(_ factor: Float) -> Racer? { self.heavy?.first { $0.factor == factor }?.racer }
    let gelu = zip(RarerActivation.raced, rarerRace ?? []).first { $0.0 == .gelu }?.1
    return [
      row("sigmoid, gain 1", "sigmoid", heavy(1), isLater: false),
      row(SettingNets.suited.name, SettingNets.suited.name, heavy(SizedSigmoid.matchedFactor), isLater: false),
      row("tanh, gain 1", "tanh", racer(.tanh)), row(DeepNet.wideTanh.name, DeepNet.wideTanh.name, wideTanh),
      Choice(name: "ReLU", errors: [relu.errors] + deep, differences: [nil, nil, nil, nil]),
      row("ELU", "ELU", racer(.elu)), row("GELU", "GELU", gelu),
    ].filter { $0.errors.contains { $0 != nil } }
  }

  /// The nets in which the errors of `choices` were counted.
  static let choiceNets =
    ["conv net"] + ["momentum", "Adam", "batch norm"].map { "\(DeepNet.depth) dense layers with \($0)" }

  /// Whether a function has another row that does better in one of the nets: tanh is judged at the better of its gains.
  private func isOutdone(_ choice: Choice, in place: Int) -> Bool {
    choices.contains { other in
      other.name != choice.name && other.function == choice.function
        && (other.errors[place]?.mean ?? .infinity) < (choice.errors[place]?.mean ?? .infinity)
    }
  }

  /// A function's differences from ReLU, in each net at the better of its gains.
  func differences(of function: String) -> [Summary.Direction] {
    Self.choiceNets.indices.map { place in
      let row = choices.first { $0.function == function && !isOutdone($0, in: place) }
      return direction(row?.differences[place])
    }
  }

  /// By how much the means of tanh, ReLU and those after them lie apart, at most, in one of the nets, each at its better gain.
  var spread: Double? {
    let spans = Self.choiceNets.indices.compactMap { place -> Double? in
      let means = choices.filter { $0.isLater && !isOutdone($0, in: place) }.compactMap { $0.errors[place]?.mean }
        .filter(\.isFinite)
      return means.max().flatMap { most in means.min().map { most - $0 } }
    }
    return spans.max()
  }

  /// What is worth how much, in one sentence; empty where it was not measured.
  var ranking: String {
    guard let spread, let first = firstWeights else { return "" }
    let saved = FirstWeights.Method.allCases.flatMap { method in
      [DeepNet.depth, 16].flatMap { depth -> [Double] in
        let norm = first[method, .pyTorch, depth].flatMap { torch in
          first.normed(method, .pyTorch, depth).map { (torch.errors - $0.errors).mean }
        }
        return [first.cost(method, depth)?.mean, norm].compactMap { $0 }
      }
    }
    guard let least = saved.min(), let most = saved.max() else { return "" }
    let points = fixed(spread, 0) == "1" ? "about a point" : "up to \(fixed(spread, 0)) points"
    return """
      **After \(grouped(first.steps)) steps He's first weights, or batch norm, save between \(fixed(least, 0)) and \(fixed(most, 0)) points of test \
      errors in our ReLU nets of \(DeepNet.depth) and 16 layers; \
      from tanh on, the choice of function is worth \(points).** \(leaderWords)
      """
  }

  /// The same to take home; empty where it was not measured.
  var choiceLesson: String {
    guard !ranking.isEmpty, let spread else { return "" }
    return """
      The choice among tanh, ReLU, ELU and GELU was worth \(fixed(spread, 1)) points at \
      most\(leaders.isEmpty ? "" : "; \(listed(leaders.map { "\($0.name) beat ReLU in \($0.nets) of 4 nets" }))").
      """
  }

  /// Who does better than ReLU, and why one begins with ReLU all the same.
  private var leaderWords: String {
    let usual = "most recipes and trained nets are made for it"
    guard !leaders.isEmpty else { return "So begin with ReLU: \(usual)." }
    let won = leaders.map { leader -> String in
      let places = Self.choiceNets.indices.filter { differences(of: leader.name)[$0] == .below }
      return "\(leader.name) makes fewer errors than ReLU in our \(listed(places.map { Self.choiceNets[$0] }))"
    }
    let isLevel = leaders.allSatisfy { differences(of: $0.name)[3] == .withinChance }
    return """
      \(listed(won)), and more in none. We begin with ReLU all the same: \(usual)\
      \(isLevel ? ", and with batch norm, which we recommend, \(leaders.count == 1 ? "its" : "their") lead is within chance" : "").
      """
  }

  /// The functions that make fewer test errors than ReLU in some net, and more in none, beyond chance, and in how many nets.
  var leaders: [(name: String, nets: Int)] {
    choices.filter { $0.isLater && !$0.name.contains(",") }.compactMap { choice in
      let all = choice.differences.map { direction($0) }
      return all.contains(.below) && !all.contains(.above) ? (choice.name, all.count { $0 == .below }) : nil
    }
  }

  /// A difference from ReLU among all of its column.
  func direction(_ difference: Summary?) -> Summary.Direction {
    difference?.direction(among: max(1, choices.count - 1)) ?? .withinChance
  }
}

extension Racer {
  /// Its test errors minus another's, seed by seed, where it did not diverge.
  func difference(from other: Racer) -> Summary? {
    let kept = reached.indices.filter { diverged == 0 || reached[$0] != nil }
    guard kept.count == errors.count, other.errors.count == reached.count else { return nil }
    return Summary(zip(kept, errors.values).map { $1 - other.errors.values[$0] })
  }
}
