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
    // What the table shows as 0.0.
    let byHeart = helping.count { ownError($0).mean < 0.05 }
    var text = """
      Does a better guess need a worse fit, as the chapter's title has it? Of the \(helping.count) regularizers that \
      help, \(byHeart) still \(byHeart == 1 ? "makes" : "make") no error on their own digits (under 0.05 %).
      """
    guard let bare = ownLoss(0) else { return text }
    let less = lessFit(helping)
    let others = helping.filter { !less.contains($0) }
    let losses = less.compactMap { ownLoss($0)?.mean }
    text += """
       But errors do not tell whether the right class gets 51 % or 99.9 %; the loss does. The bare net has \(short(bare.mean)) on its own digits, and \
      \(less.count) of the regularizers that help leave more\(losses.isEmpty ? "" : " (\(short(losses.min() ?? 0)) to \(short(losses.max() ?? 0)))").
      """
    text +=
      others.isEmpty
      ? " So the title holds for the loss."
      : " \(capitalized(Regularization.listed(others.map { spoken(entries[$0].name) }))) \(others.count == 1 ? "does" : "do") not: \(others.count == 1 ? "it fits" : "they fit") as well as the bare net, as far as \(counted(seeds, "seed")) can tell, and still guess\(others.count == 1 ? "es" : "") better. So the title describes what many regularizers do, but it is no law."
    return text
  }

  /// What regularizers do together; empty where it was not measured.
  var togetherWords: String {
    let together = entries.indices.filter { entries[$0].kind == .combined }
    guard let change = entries.firstIndex(where: { $0.name == "shift, rotate" }), !together.isEmpty else { return "" }
    let words = together.map { place -> String in
      let more = testError(change) - testError(place)
      let added = listed(entries[place].name, without: entries[change].name)
      return more.worded(
        above:
          "\(added) on top of them \(added.contains(" and ") ? "save" : "saves") \(fixed(more.mean, 1)) points more\(more.intervalNote())",
        below:
          "\(added) on top of them \(added.contains(" and ") ? "cost" : "costs") \(fixed(-more.mean, 1)) points\(more.magnitude.intervalNote())",
        withinChance:
          "\(added) on top of them \(added.contains(" and ") ? "make" : "makes") no difference beyond chance (\(more.interval()) points)"
      )
    }
    return """
      **Several regularizers.** Shifts and rotations alone save \(fixed(gain(change).mean, 1)) points, and L2 alone \(fixed(gain("L2").mean, 1)). But \(words.joined(separator: "; ")). So changed pictures and a penalty on \
      the weights do partly the same.
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
    let named = suffering.compactMap { digit -> (digit: Int, answer: Int, more: Double)? in
      taken(digit).first.flatMap { $0.more < 1 ? nil : (digit, $0.answer, $0.more) }
    }.enumerated().map { place, found in
      "\(fixed(found.more, 1)) more of 100 \(found.digit)s\(place == 0 ? " are taken" : "") for \(found.answer)s"
    }
    guard let first = named.first else { return "" }
    let spared = [4, 7, 9].filter { more[$0].direction(among: 10) == .withinChance }
    let harmless =
      spared.count < 3
      ? ""
      : " Changing the label is not enough: a mirrored 4, 7 or 9 is no 4, 7 or 9 either, but it looks like no other digit, and these three lose nothing beyond chance. (That is read from the pictures and the confusions; the likeness itself was not measured.)"
    return """
      With flips \(Regularization.listed([first] + named.dropFirst())). In training a mirrored digit keeps its label, so the net learns both sides of each. A 3 and a 5 differ mostly in the side to which the upper half opens, left or right; with flips that difference is lost. \
      **A flip hurts where the mirror image of one digit looks like another digit.**\(harmless)
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

  /// What L2 and dropout still add to changed pictures, as the takeaway says it; empty where it was not measured.
  var togetherLesson: String {
    func place(_ name: String) -> Int? { entries.firstIndex { $0.name == name } }
    guard let change = place("shift, rotate"), let both = place("shift, rotate, L2") else { return "" }
    let (alone, more) = (gain("L2"), testError(change) - testError(both))
    guard isClear(alone, among: comparisons), more.direction() == .above else { return "" }
    let dropped = place("shift, rotate, L2, dropout").map { testError(both) - testError($0) }
    let nothing = dropped.map { $0.direction() != .above } ?? false
    return "After shift and rotate L2 still took \(fixed(more.mean, 1)) points off the digits"
      + (nothing ? "; dropout added nothing. " : ". ")
  }
}
