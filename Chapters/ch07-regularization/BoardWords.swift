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
  private var helpingAlone: [Int] { helping.filter { entries[$0].isSingle } }

  /// Whether what helps still knows its own digits by heart.
  var fitWords: String {
    let helping = helpingAlone
    let fitting = helping.filter { ownError($0).mean < 0.05 }
    guard !helping.isEmpty, ownError(0).mean < 0.05 else { return "" }
    return """
      “Less fit, better guess” \
      \(fitting.isEmpty ? "holds here: each of the \(helping.count) regularizers that help leaves errors on a net's own digits." : "has exceptions: of the \(helping.count) regularizers that help, \(fitting.count) still let a net learn its own digits by heart (\(Regularization.listed(fitting.map { spoken(entries[$0].name) }))).")
      """
  }

  /// What regularizers do together; empty where it was not measured.
  var togetherWords: String {
    // The first mixture, which the figure has.
    guard let change = entries.firstIndex(where: { $0.name == "shift, rotate" }),
      let place = entries.firstIndex(where: { $0.kind == .combined })
    else { return "" }
    let more = testError(change) - testError(place)
    let subject = "\(listed(entries[place].name, without: entries[change].name)) on top of shifts and rotations"
    let words = more.worded(
      above: "\(subject) saves \(interval(more)) points more",
      below: "\(subject) costs \(fixed(-more.mean, 1)) points\(more.magnitude.intervalNote())",
      withinChance: "\(subject) makes no difference beyond chance")
    let isShared = entries[place].name == "shift, rotate, L2" && more.mean < gain("L2").mean
    return """
      **Several at once:** \(words).\(isShared ? " Alone L2 saves more than that, so changed pictures and a penalty do partly the same." : "")
      """
  }

  /// `L2 and dropout`: what a name lists beyond another.
  private func listed(_ name: String, without other: String) -> String {
    let known = other.split(separator: ", ")
    return Regularization.listed(name.split(separator: ", ").filter { !known.contains($0) }.map(String.init))
  }

  /// Which digits lose to which with flips, in sentences; the reason only where the answers were kept.
  var flipWords: String {
    let suffering = suffersFromFlips
    let named = suffering.compactMap { digit -> String? in
      taken(digit).first.flatMap { $0.more < 1 ? nil : "\(digit)s for \($0.answer)s" }
    }
    guard !named.isEmpty else { return "" }
    return """
      With flips the net takes more \(Regularization.listed(named)). A 3 and a 5 differ mostly in the side to which the upper half opens, and with flips that difference is lost. \
      **So a flip hurts where the mirror image of one digit looks like another digit** (judged by eye, afterwards).\(symmetricWords)
      """
  }

  /// Digits that stay themselves in a mirror, and of which more are missed all the same, within what ten comparisons allow;
  /// each whose own interval leaves out 0.
  private var symmetricWords: String {
    let more = missedMore("flip")
    let odd = [0, 1, 8].filter {
      more[$0].direction() == .above && more[$0].direction(among: 10) == .withinChance
    }
    guard !odd.isEmpty else { return "" }
    let (digits, losses) = (odd.map { "\($0)" }, odd.map { interval(more[$0]) })
    return
      " \(Regularization.listed(digits)) \(odd.count == 1 ? "stays itself" : "stay themselves") in a mirror; among ten digits \(Regularization.listed(losses)) may be chance."
  }

  /// That digits whose mirror image is no digit lose nothing, where they do not.
  var sparedWords: String {
    let more = missedMore("flip")
    guard seeds >= 3, [4, 7, 9].allSatisfy({ more[$0].direction(among: 10) == .withinChance }) else { return "" }
    return "A mirrored 4, 7 or 9 is no 4, 7 or 9, but looks like no other digit, and these three lose nothing."
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
