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

  /// What fit and guess have to do with each other, in a sentence; empty where the rates are not the restraints' own.
  var fitLesson: String {
    let helping = helpingAlone
    let byHeart = helping.count { ownError($0).mean < 0.05 }
    guard steps != nil, byHeart > 0 else { return "" }
    let words =
      "\(byHeart) of the \(helping.count) regularizers that helped still made no mistake on their own digits"
    guard ownLoss(0) != nil else { return capitalized(words) + "." }
    let others = helping.count - lessFit(helping).count
    return others == 0
      ? "\(capitalized(words)), but all of them left a larger loss there."
      : "A better guess needs no worse fit: \(others) of the \(helping.count) that helped fit as well as the bare net."
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
}
