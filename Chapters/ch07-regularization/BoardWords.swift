// What fit and guess have to do with each other, and what regularizers do together, in sentences.

import Foundation
import Workbook

extension Scoreboard {
  /// The loss on the digits that were learned from, without the penalty; nil where it was not kept.
  func ownLoss(_ index: Int) -> Summary? {
    let losses = entries[index].runs.compactMap(\.trainingLoss)
    return losses.count == entries[index].runs.count ? Summary(losses) : nil
  }

  /// The single regularizers that help.
  private var helpingAlone: [Int] { helping.filter { entries[$0].kind.isSingle } }

  /// Of some restraints those that leave a larger loss on their own digits, beyond chance.
  private func lessFit(_ places: [Int]) -> [Int] {
    places.filter { place in
      guard let loss = ownLoss(place), let bare = ownLoss(0) else { return false }
      return Summary(zip(loss.values, bare.values).map { log($0 / $1) }).direction(among: comparisons) == .above
    }
  }

  /// Whether what helps fits its own digits worse.
  var fitWords: String {
    let helping = helpingAlone
    guard !helping.isEmpty else { return "" }
    guard ownLoss(0) != nil else { return "" }
    let others = helping.filter { !lessFit(helping).contains($0) }
    let usual =
      others.isEmpty
      ? "Here it does: each of the \(helping.count) regularizers that help leaves"
      : "Usually: of the \(helping.count) regularizers that help, \(helping.count - others.count) leave"
    let inVain = lessFit(entries.indices.filter { entries[$0].kind.isSingle && verdict($0) == .hurts }).first
    return """
      Does a better guess need a worse fit, as the chapter's title has it? \(usual) a larger loss on a net's own digits. \
      \(others.isEmpty ? "" : "But \(Regularization.listed(others.map { spoken(entries[$0].name) })) \(others.count == 1 ? "fits" : "fit") them as well as the bare net, and still \(others.count == 1 ? "guesses" : "guess") better. ")\
      \(inVain.map { "But a worse fit is not enough: \(spoken(entries[$0].name)) fits worse, too, and guesses worse. " } ?? "")\
      **The title describes what many regularizers do; it is no law.**
      """
  }

  /// What regularizers do together; empty where it was not measured.
  var togetherWords: String {
    let together = entries.indices.filter { entries[$0].kind == .combined }
    guard let change = entries.firstIndex(where: { $0.name == "shift, rotate" }), !together.isEmpty else { return "" }
    let words = together.enumerated().map { number, place -> String in
      let base = number == 0 ? "shifts and rotations" : "them"
      let more = testError(change) - testError(place)
      let added = listed(entries[place].name, without: entries[change].name)
      return more.worded(
        above:
          "\(added) on top of \(base) \(added.contains(" and ") ? "save" : "saves") \(fixed(more.mean, 1)) points more\(more.intervalNote())",
        below:
          "\(added) on top of \(base) \(added.contains(" and ") ? "cost" : "costs") \(fixed(-more.mean, 1)) points\(more.magnitude.intervalNote())",
        withinChance:
          "\(added) on top of \(base) \(added.contains(" and ") ? "make" : "makes") no difference beyond chance"
      )
    }
    let both = entries.firstIndex { $0.name == "shift, rotate, L2" }
    let shared = both.map { (testError(change) - testError($0)).mean < gain("L2").mean } ?? false
    return """
      **Several regularizers.** \(capitalized(words.joined(separator: "; "))).\
      \(shared ? " Alone L2 saves \(fixed(gain("L2").mean, 1)). So changed pictures and a penalty do partly the same." : "")
      """
  }

  /// `L2 and dropout`: what a name lists beyond another.
  private func listed(_ name: String, without other: String) -> String {
    let known = other.split(separator: ", ")
    return Regularization.listed(name.split(separator: ", ").filter { !known.contains($0) }.map(String.init))
  }

  /// Which digits lose to which with flips, in sentences; the reason only where the answers were kept.
  var flipWords: String {
    let more = missedMore("flip")
    let suffering = suffersFromFlips
    let named = suffering.compactMap { digit -> String? in
      taken(digit).first.flatMap { $0.more < 1 ? nil : "\(digit)s for \($0.answer)s" }
    }
    guard !named.isEmpty else { return "" }
    let spared = [4, 7, 9].filter { more[$0].direction(among: 10) == .withinChance }
    let harmless =
      spared.count < 3
      ? ""
      : " A mirrored 4, 7 or 9 is no 4, 7 or 9 either, but looks like no other digit, and these three lose nothing."
    return """
      With flips the net takes more \(Regularization.listed(named)). A 3 and a 5 differ mostly in the side to which the upper half opens, and with flips that difference is lost. \
      **So a flip hurts where the mirror image of one digit looks like another digit** (as one can see; the likeness was not measured).\(harmless)
      """
  }

  /// The wrong answers that a digit gets more often with flips than without, in 100, the most frequent first; empty where
  /// answers are not kept.
  private func taken(_ digit: Int) -> [(answer: Int, more: Double)] {
    func answers(_ name: String) -> [Double]? {
      let rows = entries[index(name)].runs.compactMap { $0.answers?[digit] }
      guard !rows.isEmpty, testCounts[digit] > 0 else { return nil }
      return (0..<10).map { answer in
        100 * Double(rows.reduce(0) { $0 + $1[answer] }) / Double(rows.count * testCounts[digit])
      }
    }
    guard let flipped = answers("flip"), let plain = answers("nothing") else { return [] }
    return (0..<10).filter { $0 != digit }.map { ($0, flipped[$0] - plain[$0]) }.sorted { $0.more > $1.more }
  }

  /// What L2 still adds to changed pictures, as the takeaway says it; empty where it was not measured.
  var togetherLesson: String {
    func place(_ name: String) -> Int? { entries.firstIndex { $0.name == name } }
    guard let change = place("shift, rotate"), let both = place("shift, rotate, L2") else { return "" }
    let (alone, more) = (gain("L2"), testError(change) - testError(both))
    guard isClear(alone, among: comparisons), more.direction() == .above else { return "" }
    return ", after shift and rotate still \(more.withInterval())"
  }
}
