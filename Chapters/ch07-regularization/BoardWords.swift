// What fit and guess have to do with each other, and what regularizers do together, in sentences.

import Foundation
import Workbook

extension Scoreboard {
  /// The loss on a net's own digits, without the penalty.
  func ownLoss(_ index: Int) -> Summary { Summary(entries[index].runs.map { $0.trainingLoss ?? .nan }) }

  /// Whether what helps fits its own digits less, by twice the loss or more; empty where no losses were kept.
  var fitWords: String {
    let common = Charts.common(self)
    let helping = common.filter { verdict($0) == .helps }
    let bare = ownLoss(0).mean
    func fitsLess(_ index: Int) -> Bool { ownLoss(index).mean > 2 * bare }
    func names(_ places: [Int]) -> String { listed(places.map { spoken(entries[$0].name) }) }
    let less = helping.filter(fitsLess)
    guard !less.isEmpty, !bare.isNaN else { return "" }
    let idle = common.filter { verdict($0) != .helps && fitsLess($0) }
    return """
      **“Less fit, better guess”** is true of \(less.count) of the \(helping.count) that help: with \(names(less)) the loss on a net's own digits is at least twice that of the bare net.\
      \(idle.isEmpty ? "" : " But so it is with \(idle.count) that \(idle.count == 1 ? "is" : "are") not seen to help: \(names(idle)).")
      """
  }

  /// What regularizers do together; empty where it was not measured.
  var togetherWords: String {
    // The first mixture, which the figure has.
    guard let change = entries.firstIndex(where: { $0.name == "shift, rotate" }),
      let place = entries.firstIndex(where: { $0.kind == .combined })
    else { return "" }
    let more = testError(change) - testError(place)
    let subject = "\(additions(in: entries[place].name, to: entries[change].name)) on top of shifts and rotations"
    let words = more.worded(
      above: "\(subject) saves \(fixed(more.mean, 1)) points more\(more.intervalNote())",
      below: "\(subject) costs \(fixed(-more.mean, 1)) points",
      withinChance: "\(subject) makes no difference beyond chance")
    return "**Several at once:** \(words)."
  }

  /// `L2 and dropout`: what a name lists beyond another.
  private func additions(in name: String, to other: String) -> String {
    let known = other.split(separator: ", ")
    return listed(name.split(separator: ", ").filter { !known.contains($0) }.map(String.init))
  }

  /// Which digits lose to which with flips, in sentences; the reason only where the answers were kept.
  var flipWords: String {
    let suffering = suffersFromFlips
    let named = suffering.compactMap { digit -> String? in
      taken(digit).first.flatMap { $0.more < 1 ? nil : "\(digit)s for \($0.answer)s" }
    }
    guard !named.isEmpty else { return "" }
    return """
      **A flip hurts where the mirror image of one digit looks like another digit** (judged by eye, afterwards). With flips the net takes more \(listed(named)). A 3 and a 5 differ mostly in the side to which the upper half opens, and with flips that difference is lost.
      """
  }

  /// That digits whose mirror image is no digit lose nothing, where they do not.
  var sparedWords: String {
    let more = missedMore("flip")
    guard seeds >= 3, [4, 7, 9].allSatisfy({ more[$0].direction(among: 10) == .withinChance }) else { return "" }
    return
      "A mirrored 4, 7 or 9 looks like no other digit, and of these three no more are missed, as far as we could see."
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
}
