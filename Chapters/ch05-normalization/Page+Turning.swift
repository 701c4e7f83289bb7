// The page of chapter 5: how far a step turns the weights, and nets tested in the wrong mode.

import Foundation
import Workbook

extension Norms {
  /// Whether batch norm turns down its own learning rate.
  ///
  /// - Parameter isRecorded: whether the findings are the record's, on the page of another run.
  static func addTurning(to page: inout Page, _ found: TurnFindings, isRecorded: Bool) {
    page.prose(
      """
      The perceptron of figure 1 again\(isRecorded ? ", in the recorded run" : ""): after every step we take the angle \
      between the weights before and after it, at an eighth of each net's best rate, at the best, and at eight times the best.
      """)
    let steps = found.steps.map(Double.init)
    let series = [TurnedNet.normalized, .plain].flatMap { net in
      found.courses(net).enumerated().compactMap { place, course -> Series? in
        // Of a rate at which a seed diverged the others are no fair sample.
        guard course.diverged == 0, !course.angles.isEmpty else { return nil }
        return Series(
          "\(net == .plain ? "no norm" : "batch norm"), \(short(course.rate, digits: 3))", x: steps,
          y: course.angles.map(\.mean), isEmphasized: net == .normalized,
          color: net == .normalized ? 1 + place : 4 + place)
      }
    }
    page.figure(
      Figure(
        turnTitle(found),
        .lines(
          LineChart(
            x: Axis("step of the training", log: true), y: Axis("angle of one step (degrees)", log: true), series)),
        caption: """
          The angle between a hidden layer's weights before and after a step, averaged over the five layers and over stretches of \
          training; the numbers are learning rates. \(lostWords(found))Mean of \(counted(found.seeds, "seed")), \
          \(grouped(found.trainingCount)) images.
          """,
        name: "turning"))
    page.project(turnTitle(found))
    page.prose(turnWords(found))
    page.fold("Lengths, angles and errors") {
      $0.table(turnTable(found))
      $0.code("stepEnded", in: "Turning.swift")
    }
  }

  /// `Eight times the best rate: without a norm 3 of 5 runs diverged. `
  private static func lostWords(_ found: TurnFindings) -> String {
    let lost = [TurnedNet.plain, .normalized].flatMap { net in
      found.courses(net).filter { $0.diverged > 0 }.map {
        "\(net.rawValue) at \(short($0.rate, digits: 3)), where \($0.diverged) of \(found.seeds) runs diverged"
      }
    }
    return lost.isEmpty ? "" : "Not drawn: \(lost.joined(separator: "; ")). "
  }

  /// Whether the angles of the largest and the smallest rate come nearer to each other.
  static func turnTitle(_ found: TurnFindings) -> String {
    let spread = found.spread(.normalized)
    return spread.last < spread.first / 2
      ? "With batch norm large rates soon turn weights less"
      : "How far a step turns the weights, with and without a norm"
  }

  /// What becomes of lengths and angles, and what the net with lengths held says.
  static func turnWords(_ found: TurnFindings) -> String {
    let (courses, spread) = (found.courses(.normalized), found.spread(.normalized))
    let ratio = (courses.last?.rate ?? 1) / (courses.first?.rate ?? 1)
    guard courses.count == 3, let length = courses[2].lengths.last, let least = courses[0].lengths.last,
      let best = courses[1].lengths.last
    else { return "" }
    var words =
      "With batch norm the weights grow: to \(short(least.mean, digits: 3)), \(short(best.mean, digits: 3)) and \(short(length.mean, digits: 3)) times their length, in the order of the rates. The largest rate is \(short(ratio)) times the smallest. At first its steps turn the weights \(short(spread.first, digits: 2)) times as far, at the end \(short(spread.last, digits: 2)) times. "
    words +=
      spread.last < spread.first / 2
      ? "So it does turn down its own rate, and most where the rate is too large. "
      : "So the rates come little nearer to each other. "
    let (large, middle) = (found.costOfHolding(2), found.costOfHolding(1))
    words +=
      "\n\nIs that why it stands large rates? The control: batch norm again, but after each step every layer's weights are brought back to their first length. At the largest rate "
    words += large.worded(
      above:
        "it then errs on \(fixed(large.mean, 1)) points more\(large.magnitude.intervalNote()): growing weights are part of the reason.",
      below:
        "it then errs on \(fixed(-large.mean, 1)) points fewer\(large.magnitude.intervalNote()): growing weights are not the reason.",
      withinChance:
        "it then errs as much, within chance (\(large.interval()) points): growing weights are not needed for it.")
    words += middle.worded(
      above: " At the best rate it errs on \(fixed(middle.mean, 1)) points more.",
      below: " At the best rate it errs on \(fixed(-middle.mean, 1)) points fewer.",
      withinChance: " At the best rate it makes no difference beyond chance.")
    let held = found.spread(.held)
    if held.last < held.first / 1.5 {
      words +=
        " (Gradients shrink during training as well: even with lengths held the \(short(held.first, digits: 2)) times have become \(short(held.last, digits: 2)) at the end.)"
    }
    return words
  }

  private static func turnTable(_ found: TurnFindings) -> Table {
    Table(
      "Over \(counted(found.seeds, "seed")); lengths as multiples of those at the start, angles of one step in degrees; a run that diverged counts 90 %",
      columns: [
        "net", "rate", .init("length at the end", digits: 2), "first angle", "last angle",
        .init("test error (%)", digits: 1),
      ],
      rows: TurnedNet.allCases.flatMap { net in
        found.courses(net).map { course in
          func angle(_ summary: Summary?) -> TableCell { TableCell(summary.map { short($0.mean, digits: 2) } ?? "–") }
          return [
            TableCell(net.rawValue), TableCell(short(course.rate, digits: 3)),
            course.lengths.last.map { .measured($0) } ?? "–", angle(course.angles.first), angle(course.angles.last),
            .measured(course.errors),
          ]
        }
      })
  }

  /// What a net errs by that is left in training mode, or asked too early.
  static func addWrongModes(to page: inout Page, _ found: ModeFindings, isRecorded: Bool) {
    page.callout(
      .mistake,
      """
      To forget to switch to inference (`eval()` in PyTorch). The layer then takes mean and variance of whatever batch is \
      asked about, and an answer depends on its company. A single image has the variance 0 after a dense layer: $\\hat{z} = 0$, \
      and every image gets the same answer. (PyTorch and this library refuse such a batch.) Stored numbers can be wrong, too, \
      when they have seen few batches: after \(ModeFindings.youngSteps), $0.9^{\(ModeFindings.youngSteps)} = 35\\,\\%$ of them is still the 0 and the 1 that they began with.
      """)
    page.table(
      Table(
        "The same trained nets, tested in five ways: perceptron with batch norm at its best rate, \(short(found.rate, digits: 3)), \(counted(found.stored.count, "seed"))\(isRecorded ? " of the recorded run" : "")",
        columns: ["mean and variance", .init("test error (%)", digits: 1)],
        rows: [
          ["stored, as it should be", .measured(found.stored)],
          ["of \(ModeFindings.batch) test images, mixed", .measured(found.ofBatch)],
          ["of \(ModeFindings.batch) test images of one digit", .measured(found.ofOneDigit)],
          ["of one test image", .measured(found.ofOneImage)],
          ["stored, begun anew and fed \(ModeFindings.youngSteps) batches", .measured(found.young)],
        ]))
    page.project("Forgotten eval(): one image, \(fixed(found.ofOneImage.mean, 0)) % errors")
    page.prose(modeWords(found))
  }

  /// Which of the wrong modes is seen in a test, and which is not.
  static func modeWords(_ found: ModeFindings) -> String {
    let (mixed, alike) = (found.ofBatch - found.stored, found.ofOneDigit - found.stored)
    let hidden = mixed.worded(
      above:
        "In mixed batches of \(ModeFindings.batch) the mistake costs \(fixed(mixed.mean, 1)) points\(mixed.magnitude.intervalNote())",
      below:
        "In mixed batches of \(ModeFindings.batch) the mistake even saves \(fixed(-mixed.mean, 1)) points\(mixed.magnitude.intervalNote())",
      withinChance:
        "In mixed batches of \(ModeFindings.batch) the mistake cannot be told from chance (\(mixed.interval()) points)")
    let shown = alike.worded(
      above: ", in batches of one digit \(fixed(alike.mean, 1)).", below: ", in batches of one digit nothing.",
      withinChance: ", in batches of one digit no more than chance.")
    return hidden + shown
      + (alike.mean > 2 * max(mixed.mean, 1) ? " A test with mixed batches hides it; use does not." : "")
  }
}
