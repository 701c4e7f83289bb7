// The page of chapter 5: how far a step turns the weights, and nets tested in the wrong mode.

import Foundation
import Workbook

extension Norms {
  /// Whether batch norm turns down its own learning rate.
  ///
  /// - Parameter gain: the points that batch norm saves at best rates.
  static func addTurning(to page: inout Page, _ found: TurnFindings, gain: Summary) {
    page.prose(
      """
      Before a norm the loss does not change along $W$, so the gradient $g$ is at right angles to $W$. \
      By Pythagoras a step of rate $\\eta$ makes the weights longer:
      """)
    page.math("\\|W_{\\text{new}}\\|^2 = \\|W\\|^2 + \\eta^2\\,\\|g\\|^2")
    page.prose(
      """
      Longer weights are turned less by the next step, so a rate that is too large should correct itself. \
      In the control, lengths are held: after each step all weights are brought back to their first length.
      """)
    let steps = found.steps.map(Double.init)
    let all = [TurnedNet.normalized, .plain].flatMap { net in
      found.courses(net).enumerated().compactMap { place, course -> Series? in
        // Of a rate at which a seed diverged the others are no fair sample.
        guard course.diverged == 0, !course.angles.isEmpty, net == .normalized || place == 1 else { return nil }
        return Series(
          "\(net == .plain ? "no norm" : "batch norm"), \(short(course.rate, digits: 3))", x: steps,
          y: course.angles.map(\.mean), isEmphasized: net == .normalized,
          color: net == .normalized ? 1 + place : 4 + place)
      }
    }
    let held = found.courses(.held).last.flatMap { course -> Series? in
      guard course.diverged == 0, !course.angles.isEmpty else { return nil }
      return Series(
        "length held, \(short(course.rate, digits: 3))", x: steps, y: course.angles.map(\.mean), style: .points,
        color: 3)
    }
    let series = all + [held].compactMap(\.self)
    page.figure(
      Figure(
        turnTitle(found),
        .lines(
          LineChart(
            x: Axis("step of the training", log: true), y: Axis("angle of one step (degrees)", log: true), series)),
        caption: """
          The five-layer net: the angle between a layer's weights before and after one step, averaged over the hidden layers and over stretches of \
          training. Beside the names: learning rates (batch norm's best, an eighth of it and eight times it). Mean of \(counted(found.seeds, "seed")).
          """,
        name: "turning"))
    page.project(turnTitle(found))
    page.prose(turnWords(found, gain: gain))
    page.fold("Lengths, angles and errors") {
      $0.prose(lengthWords(found))
      $0.table(turnTable(found))
    }
  }

  /// Whether the angles of the largest and the smallest rate come nearer to each other.
  static func turnTitle(_ found: TurnFindings) -> String {
    let spread = found.spread(.normalized)
    return spread.last < spread.first / 2
      ? "With batch norm large rates soon turn weights less"
      : "How far a step turns the weights, with and without a norm"
  }

  /// What becomes of lengths and angles, and what the net with lengths held says.
  static func turnWords(_ found: TurnFindings, gain: Summary) -> String {
    let (courses, spread) = (found.courses(.normalized), found.spread(.normalized))
    let ratio = (courses.last?.rate ?? 1) / (courses.first?.rate ?? 1)
    guard courses.count == 3, courses[2].lengths.last != nil else { return "" }
    let held = found.spread(.held)
    var words =
      "The largest rate is \(short(ratio)) times the smallest. At first its steps turn the weights \(short(spread.first, digits: 2)) times as far, at the end only \(short(spread.last, digits: 2)) times"
    words += held.last < held.first / 1.5 ? " (with lengths held: \(short(held.last, digits: 2)) times). " : ". "
    words +=
      spread.last < spread.first / 2
      ? "Batch norm does turn down its own rate where the rate is too large. "
      : "So the rates come little nearer to each other. "
    let (large, middle) = (found.costOfHolding(2), found.costOfHolding(1))
    words +=
      "Is this why large rates are tolerated? At the largest rate the control "
    words += large.worded(
      above:
        "makes \(fixed(large.mean, 1)) points more errors\(large.magnitude.intervalNote()): growing weights are part of the reason.",
      below:
        "makes \(fixed(-large.mean, 1)) points fewer errors\(large.magnitude.intervalNote()): growing weights are not the reason.",
      withinChance:
        "makes as many errors, within chance (\(large.interval()) points more): growing weights are not needed for it.")
    words += middle.worded(
      above:
        " At batch norm's best rate it makes \(fixed(middle.mean, 1)) points more\(middle.magnitude.intervalNote()).",
      below:
        " At batch norm's best rate it makes \(fixed(-middle.mean, 1)) points fewer\(middle.magnitude.intervalNote()).",
      withinChance:
        " At batch norm's best rate it makes between \(middle.interval().replacingOccurrences(of: " to ", with: " and ")) points more: whether growing weights are a part of the \(fixed(gain.mean, 1)) points that batch norm saves is not decided."
    )
    return words
  }

  /// How much of the fall of the angles comes from the growth of the weights.
  static func lengthWords(_ found: TurnFindings) -> String {
    let (courses, spread, held) = (found.courses(.normalized), found.spread(.normalized), found.spread(.held))
    let words = "Rates of its own were not tried for the control."
    guard courses.count == 3, let length = courses[2].lengths.last, let least = courses[0].lengths.last,
      held.last < held.first / 1.5
    else { return words }
    let law = (length.mean / least.mean) * (length.mean / least.mean)
    return
      "With lengths held, too, the angles of the two rates come nearer to each other, because the gradient becomes smaller at the large rate. The rest, a factor of \(short(held.last / spread.last, digits: 2)), comes from the growth of the weights: they end at \(short(length.mean, digits: 3)) times their first length at the largest rate and at \(short(least.mean, digits: 3)) at the smallest. The angle falls like one over the length squared, so the formula predicts $(\(short(length.mean, digits: 3))/\(short(least.mean, digits: 3)))^2 = \(short(law, digits: 2))$. "
      + words
  }

  /// What weight decay does before a norm.
  static func addDecay(to page: inout Page, _ found: DecayFindings) {
    page.fold("And weight decay? Before a norm it sets the angle of a step") { addDecayInside(to: &$0, found) }
  }

  private static func addDecayInside(to page: inout Page, _ found: DecayFindings) {
    let last = found.decays.count - 1
    let (end, share) = (found.courses[last], found.share(of: found.courses, last))
    page.prose(
      """
      Weight decay shortens all weights a little in every step, which should make a net simpler (chapter 7). \
      Before a norm it cannot do that: weights half as long give the same outputs. Instead it works against the growth. \
      A step adds $\\eta^2\\|g\\|^2$ to $\\|W\\|^2$, and a decay of $\\lambda$ removes $2\\eta\\lambda\\|W\\|^2$. The length settles where the two are equal, and there the angle of a step is
      """)
    page.math("\\frac{\\eta\\,\\|g\\|}{\\|W\\|} = \\sqrt{2\\,\\eta\\,\\lambda}")
    page.prose(
      """
      This angle depends neither on the gradient nor on the initial weights nor on the layer. We train at the best rate of batch \
      norm with four sizes of $\\lambda$:
      """)
    let steps = found.steps.map(Double.init)
    page.figure(
      Figure(
        abs(share.mean - 1) < 0.15
          ? "Before a norm weight decay sets the angle of a step: it settles near √(2ηλ)"
          : "The angle of a step before a norm, by weight decay",
        .lines(
          LineChart(
            x: Axis("step of the training", log: true), y: Axis("angle of one step (degrees)", log: true),
            found.decays.indices.map { place in
              Series(
                "λ = \(short(found.decays[place]))", x: steps, y: found.courses[place].angles.map(\.mean),
                isEmphasized: place == last, color: place)
            },
            references: found.decays.indices.dropFirst().map { place in
              .init(
                .horizontal, at: found.balance(found.courses[place], place), "√(2ηλ), λ = \(short(found.decays[place]))"
              )
            })),
        caption: """
          The five-layer net with batch norm at its best rate, η = \(short(end.rate)), \(counted(found.epochs, "epoch")) of \
          \(grouped(found.trainingCount)) images. The last layer, which no norm follows, does not decay. Mean of \
          \(counted(found.seeds, "seed")).
          """,
        name: "decay"))
    let (cost, plainCost) = (
      end.errors - found.courses[0].errors, found.plain[last].errors - found.plain[0].errors
    )
    page.prose(
      """
      With $\\lambda = \(short(found.decays[last]))$ the last steps turn the weights by \(short(end.angles.last?.mean ?? .nan, digits: 2))°, \
      \(percent(share.mean)) of what the formula says. A smaller $\\lambda$ takes longer to get there, about \
      $1/(2\\eta\\lambda)$ steps. Without a norm there is no such balance: with the same $\\lambda$ the angle ends at \
      \(percent(found.share(of: found.plain, last).mean)) of $\\sqrt{2\\eta\\lambda}$.

      The lesson is practical: before a norm, $\\lambda$ is a second knob of the learning rate. It keeps the angle from falling. At a constant rate \
      \(cost.worded(
        above: "the net then ends \(fixed(cost.mean, 1)) points worse\(cost.magnitude.intervalNote()), because such large steps never settle",
        below: "the net then ends \(fixed(-cost.mean, 1)) points better\(cost.magnitude.intervalNote())",
        withinChance: "the net ends as well, within chance (\(cost.interval()) points)"))\(plainCost.worded(
        above: "; without a norm it ends \(fixed(plainCost.mean, 1)) points worse",
        below: "; without a norm it ends \(fixed(-plainCost.mean, 1)) points better",
        withinChance: "")). \
      This $\\lambda$ is large: it was chosen so that the balance is reached within \(counted(found.epochs, "epoch")). \
      Usual recipes for nets with batch norm take about $10^{-4}$ and a falling rate, which we did not try. A net with decay does the same as a net \
      without decay whose rate grows from step to step (Li and Arora 2020).
      """)
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
  static func addWrongModes(to page: inout Page, _ found: ModeFindings) {
    page.callout(
      .mistake,
      """
      You forget to switch to inference (`eval()` in PyTorch). Then the layer takes mean and variance from whatever batch you \
      ask about, and the answer for one image depends on the others. A single image has variance 0 after a dense layer, so $\\hat{z} = 0$ \
      and every image gets the same answer. (PyTorch and this library refuse a batch of one image; for the table each image \
      was taken twice, which gives the same mean and variance.) Stored statistics can be wrong too, \
      if they have seen few batches: after \(ModeFindings.youngSteps) batches, $0.9^{\(ModeFindings.youngSteps)} = 35\\,\\%$ of them is still the 0 and the 1 that they started with.
      """)
    page.table(
      Table(
        "The same trained nets, tested in five ways: the five-layer net with batch norm at its best rate, \(short(found.rate, digits: 3)), \(counted(found.stored.count, "seed"))",
        columns: ["mean and variance", .init("test error (%)", digits: 1)],
        rows: [
          ["stored, as it should be", .measured(found.stored)],
          ["of \(ModeFindings.batch) test images, mixed", .measured(found.ofBatch)],
          ["of \(ModeFindings.batch) test images of one digit", .measured(found.ofOneDigit)],
          ["of one test image", .measured(found.ofOneImage)],
          ["stored, restarted and fed \(ModeFindings.youngSteps) batches", .measured(found.young)],
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
        "In mixed batches of \(ModeFindings.batch) the mistake makes no difference beyond chance (\(mixed.interval()) points)"
    )
    let shown = alike.worded(
      above: ", in batches of one digit \(fixed(alike.mean, 1)) points.", below: ", in batches of one digit nothing.",
      withinChance: ", in batches of one digit no more than chance.")
    return hidden + shown
      + (alike.mean > 2 * max(mixed.mean, 1)
        ? " So a test on mixed batches hides most of the mistake, and real use, with images of one kind or a single image, exposes it."
        : "")
  }
}
