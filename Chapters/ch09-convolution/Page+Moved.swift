// The part of chapter 9 about digits that move: what equal weights are for.

import Foundation
import Workbook

extension SlidingWindow {
  /// Nets on digits that were moved after training, and on digits that stand anywhere.
  static func addShifts(to page: inout Page, _ told: Findings) {
    page.prose("### What happens when the digits move")
    if let moved = told.movedDigits { addMoved(to: &page, moved, told) } else { addMovedAtOneRate(to: &page, told) }
    if let races = told.anywhere, races.first?.saving != nil { addAnywhere(to: &page, races, told) }
  }

  /// The three nets of the same units on digits that were moved after the training.
  private static func addMoved(to page: inout Page, _ moved: MovedDigits, _ told: Findings) {
    page.prose(
      """
      The three nets of figure 11 have learned from digits in the middle of the image, each at its own learning rate. Now we test \
      them on digits that we have moved to the right.
      """)
    let errors = moved.centred[2].map { fixed($0.mean, 0) }.joined(separator: ", ")
    page.predict(
      """
      How does the test error of the convolution (*equal weights*) grow as the digits move 0 to \(moved.shifts.last ?? 4) pixels \
      to the right?
      """,
      drawing: "equal weights",
      """
      \(errors) %. The maps of a convolution move with the digit, but the dense layer after them has learned where to look.
      """)
    func line(_ name: String, _ net: Int, _ color: Int) -> Series {
      Series(
        name, x: moved.shifts.map(Double.init), y: moved.centred[net].map(\.mean),
        deviation: moved.centred[net].map(\.deviation), isEmphasized: net == 2, color: color)
    }
    let at = moved.centred.map { percent($0[2].mean / 100) }
    page.figure(
      Figure(
        "Moved by 2 pixels, the dense net gets \(at[0]) wrong, with windows \(at[1]), with equal weights \(at[2])",
        .lines(
          LineChart(
            x: Axis("shift to the right (pixels)"), y: Axis("test error (%)"),
            [line("equal weights", 2, 0), line("dense", 0, 1), line("windows", 1, 2)])),
        caption: """
          Recorded full run. No net has seen a moved digit in training (\(told.data)). Mean and standard deviation of \
          \(counted(moved.seeds.count, "seed")). The nets see the digits at half size, so 2 pixels are one of theirs.
          """,
        name: "shifted-digits"))
    page.prose(moved.words(isAlone: told.anywhere?.first?.saving == nil))
    page.fold("How the moved digits were measured") {
      $0.prose(
        """
        \(grouped(told.separation?.trainingCount ?? 0)) training images at 14×14 pixels, \
        \(counted(told.separation?.epochs ?? 0, "epoch")), all \(grouped(told.separation?.testCount ?? 0)) test images. The digits \
        were moved at 28×28 pixels and then made smaller. Each net has the learning rate that was chosen for digits in the middle.\
        \(told.anywhere?.first?.saving == nil ? "" : " " + moved.firstTry)
        """)
    }
  }

  /// The nets of the first comparison, for a run that has no others.
  private static func addMovedAtOneRate(to page: inout Page, _ told: Findings) {
    let locality = told.locality
    let movedCount = min(LocalityExperiment.movedCount, told.testCount)
    let (convShift, denseShift) = (locality.convolutional.shifted, locality.dense.shifted)
    page.prose(
      """
      The convolution and the dense net with one hidden layer have learned from \(grouped(told.trainingCount)) digits in the \
      middle of the image, both at the learning rate \(Bench.commonRate). Now we test them on digits that we have moved to the \
      right.\(movedCount < told.testCount ? " We use the first \(grouped(movedCount)) of the \(grouped(told.testCount)) test images." : "")
      """)
    page.predict(
      "How does the convolution's test error grow as the digits move 0 to \(locality.shifts.last ?? 4) pixels to the right?",
      drawing: "convolutional",
      """
      \(convShift.map { "\(fixed($0.mean, 0))" }.joined(separator: ", ")) %. The maps of a convolution move with the digit, but the \
      dense layers after them have learned where to look.
      """)
    page.figure(
      Figure(
        "Moved by 2 pixels, the dense net gets \(percent(denseShift[2].mean / 100)) wrong, the convolution \(percent(convShift[2].mean / 100))",
        .lines(
          LineChart(
            x: Axis("shift to the right (pixels)"), y: Axis("test error (%)"),
            [
              Series(
                "convolutional", x: locality.shifts.map(Double.init), y: convShift.map(\.mean),
                deviation: convShift.map(\.deviation), isEmphasized: true, color: 0),
              Series(
                "dense", x: locality.shifts.map(Double.init), y: denseShift.map(\.mean),
                deviation: denseShift.map(\.deviation), color: 1),
            ])),
        caption: """
          No net was trained on shifted digits (\(told.data)), and both have one learning rate. Mean and standard deviation of \
          \(counted(told.seeds.count, "seed")), \(grouped(movedCount)) test images.
          """,
        name: "shifted-digits"))
  }

  /// Digits that stand anywhere: where equal weights should pay most.
  private static func addAnywhere(to page: inout Page, _ races: [AnywhereRace], _ told: Findings) {
    let races = races.filter { $0.saving != nil }
    let (few, many) = (races[0], races.dropFirst().first)
    page.prose(
      """
      These nets have seen no moved digit in training. What if they had? Now every digit, in training and in the test, is moved by \
      its own random number of pixels, up to \(few.reach) in each direction. With windows alone, each weight of the first layer \
      learns from one patch of each image: $n$ patches from $n$ images. With equal weights it learns from all $10 \\cdot 10$ \
      patches, $100 n$ in all, and there are 100 times fewer weights to learn. With \(grouped(few.trainingCount)) images these are \
      \(grouped(few.trainingCount)) patches against \(grouped(100 * few.trainingCount)). So equal weights should save most where \
      there are few images.
      """)
    func bars(_ name: String, _ net: KeyPath<AnywhereRace, AnywhereRace.Net?>, _ color: Int) -> BarChart.Bars {
      let errors = races.map { $0[keyPath: net]?.errors ?? Summary([]) }
      return .init(name, errors.map(\.mean), deviation: errors.map(\.deviation), color: color)
    }
    page.figure(
      Figure(
        few.title(with: many),
        .bars(
          BarChart(
            categories: races.map { "\(grouped($0.trainingCount)) training images" }, y: Axis("test error (%)"),
            [bars("windows", \.windows, 2), bars("equal weights", \.equal, 0)])),
        caption: """
          Recorded full run. The nets of figure 11 on digits that stand anywhere (\(told.data)). Mean and standard deviation of \
          \(list(races.map { "\($0.seeds.count)" })) seeds; every seed chooses its own learning rate.
          """,
        name: "anywhere"))
    page.project(few.slideTitle, notes: "Ask first: with which number of images will equal weights save more?")
    page.prose(few.words(with: many))
    page.table(
      Table(
        "Error in %: of the training images, of the test images, and the gap between the two",
        columns: [
          "training images", "net", .init("training", digits: 1), .init("gap", digits: 1), .init("test", digits: 1),
        ],
        rows: races.flatMap { race in
          [("windows", race.windows), ("equal weights", race.equal)].compactMap { name, net in
            net.map {
              [
                TableCell(grouped(race.trainingCount)), TableCell(name), TableCell($0.training.mean),
                TableCell(($0.errors - $0.training).mean), TableCell($0.errors.mean),
              ]
            }
          }
        }))
    page.prose((few.fitWords + (many?.limitWords(parameters: told.separation?.shared.parameters ?? 0) ?? "")))
    page.fold("How the digits anywhere were measured") {
      $0.prose(races.map(\.protocolWords).joined(separator: "\n\n") + "\n\n" + few.imagesWords)
    }
  }
}

extension AnywhereRace {
  /// `equal weights save 2.0 points`.
  private func effect(_ saving: Summary) -> String {
    saving.worded(
      above: "equal weights save \(fixed(saving.mean, 1)) points",
      below: "equal weights cost \(fixed(-saving.mean, 1)) points",
      withinChance: "equal weights change nothing beyond chance")
  }

  /// What the figure says.
  func title(with many: AnywhereRace?) -> String {
    guard let saving else { return "" }
    let second = many.flatMap { many in
      many.saving.map { "; with \(grouped(many.trainingCount)) \(many.continued($0, after: saving))" }
    }
    return "With digits anywhere and \(grouped(trainingCount)) training images, \(effect(saving))\(second ?? "")"
  }

  /// `0.5 points` behind a title that has the subject already, where both have one direction; else the whole sentence.
  private func continued(_ gain: Summary, after first: Summary) -> String {
    gain.direction() == first.direction() && gain.direction() != .withinChance
      ? "images, \(fixed(abs(gain.mean), 1)) points" : "images, \(effect(gain))"
  }

  var slideTitle: String {
    saving.map {
      $0.worded(
        above: "Digits anywhere, few images: equal weights pay", below: "Digits anywhere: equal weights cost errors",
        withinChance: "Digits anywhere: do equal weights pay?")
    } ?? ""
  }

  /// What the figure shows, with its intervals.
  func words(with many: AnywhereRace?) -> String {
    func sentence(_ race: AnywhereRace, _ saving: Summary) -> String {
      saving.worded(
        above: "equal weights save \(fixed(saving.mean, 1)) points\(saving.intervalNote())",
        below: "equal weights cost \(fixed(-saving.mean, 1)) points\(saving.magnitude.intervalNote())",
        withinChance: "equal weights change nothing beyond chance (\(saving.interval(1)) points fewer errors)")
    }
    guard let saving, let windows else { return "" }
    var words = "With digits anywhere and \(grouped(trainingCount)) training images, \(sentence(self, saving))."
    if let many, let second = many.saving {
      words += " With \(grouped(many.trainingCount)) images, \(sentence(many, second))."
      if let unlike = many.contrast(to: self) { words += unlike }
    }
    if let dense {
      let gain = dense.errors - windows.errors
      words += gain.worded(
        above:
          " Windows save \(fixed(gain.mean, 1)) points over the dense net\(gain.intervalNote()), with \(grouped(trainingCount)) images.",
        below:
          " Windows alone do not help: with \(grouped(trainingCount)) images the dense net makes \(fixed(-gain.mean, 1)) points fewer errors than the net with windows\(gain.magnitude.intervalNote()).",
        withinChance:
          " Windows alone change nothing beyond chance: with \(grouped(trainingCount)) images the dense net gets \(fixed(dense.errors.mean, 1)) % wrong, the net with windows \(fixed(windows.errors.mean, 1)) %."
      )
    }
    return words
  }

  /// Whether more images leave less to save: the savings come from different seeds and images, so their intervals decide.
  private func contrast(to few: AnywhereRace) -> String? {
    guard let more = saving, let less = few.saving, less.direction() == .above,
      more.mean + more.uncertainty < less.mean - less.uncertainty
    else { return nil }
    return " So equal weights are worth most where images are few."
  }

  /// That both nets fit their training images, where they do.
  var fitWords: String {
    guard let windows, let equal, max(windows.training.mean, equal.training.mean) < 1 else { return "" }
    return """
      With \(grouped(trainingCount)) images both nets fit their training images, so nearly the whole error is the gap: what a net \
      has learned there does not hold for new images.
      """
  }

  /// Why equal weights save little where there are many images: the gap is smaller, but a small net no longer fits them.
  func limitWords(parameters: Int) -> String {
    guard let windows, let equal, equal.training.mean > windows.training.mean + 1 else { return "" }
    let gaps = [windows, equal].map { ($0.errors - $0.training).mean }
    guard gaps[1] < gaps[0] else { return "" }
    return """
       With \(grouped(trainingCount)) images the gap is still smaller with equal weights (\(fixed(gaps[1], 1)) against \
      \(fixed(gaps[0], 1)) points), but now the convolution does not fit its training images: with only \(grouped(parameters)) \
      parameters, after \(counted(epochs, "epoch")), it gets \(fixed(equal.training.mean, 1)) % of them wrong. More filters are the \
      usual remedy; they are not measured here.
      """
  }

  var takeaway: String? {
    saving.flatMap {
      $0.direction() == .above
        ? "With digits anywhere and \(grouped(trainingCount)) training images, equal weights save \(fixed($0.mean, 1)) points\($0.intervalNote())."
        : nil
    }
  }

  /// The same for the last slide.
  var slideLine: String? {
    saving.flatMap {
      $0.direction() == .above
        ? "- Digits anywhere, \(grouped(trainingCount)) images: equal weights save \(fixed($0.mean, 1)) points.\n" : nil
    }
  }

  /// How it was trained, and what was chosen.
  var protocolWords: String {
    func chosen(_ net: Net?) -> String? {
      net.map { net in
        rates.compactMap { rate in
          let count = net.chosen.count { $0 == rate }
          return count == 0 ? nil : "\(short(Double(rate))) (\(counted(count, "seed")))"
        }.joined(separator: ", ")
      }
    }
    let choices = [("windows", windows), ("equal weights", equal), ("dense", dense)].compactMap { name, net in
      chosen(net).map { "\(name) \($0)" }
    }
    return """
      *\(grouped(trainingCount)) images*: \(counted(seeds.count, "seed")), \(counted(epochs, "epoch")). Rates chosen by \
      \(grouped(validationCount)) images that were kept back: \(choices.joined(separator: "; ")).
      """
  }

  /// Where the images come from.
  var imagesWords: String {
    """
    \(hasOwnImages ? "With \(grouped(trainingCount)) images, every seed has its own training images, so the interval also covers their choice. " : "")\
    The two nets of one seed learn from the same images at the same places. All are tested on the same test images.
    """
  }
}
