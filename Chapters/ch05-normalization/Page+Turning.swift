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
      Before a norm longer weights give the same output, so along $W$ itself the loss is flat: the gradient has no part along $W$, \
      it is at right angles to it. A step is then the short side of a right-angled triangle, and the new weights are its longest side: by \
      Pythagoras $\\|W\\|^2$ grows by $\\eta^2\\|g\\|^2$, in every step of rate $\\eta$ with gradient $g$. And the longer the \
      weights, the less the next step turns them. A rate that is too large should correct itself (van Laarhoven 2017). The \
      perceptron of *Does it train better?*\(isRecorded ? ", in the recorded run" : ""), on \(grouped(found.trainingCount)) images: after every \
      step we take the angle between the weights before and after it, at an eighth of the best rate of batch norm, at the best, \
      and at eight times the best. The control: batch norm again, but after each step every layer's weights are brought back to \
      their first length.
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
          The angle between a hidden layer's weights before and after a step, averaged over the five layers and over stretches of \
          training; the numbers are learning rates. Mean of \(counted(found.seeds, "seed")), \
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
    let held = found.spread(.held)
    var words =
      "With batch norm the weights grow to \(short(least.mean, digits: 3)), \(short(best.mean, digits: 3)) and \(short(length.mean, digits: 3)) times their length, in the order of the rates. The largest rate is \(short(ratio)) times the smallest. At first its steps turn the weights \(short(spread.first, digits: 2)) times as far, at the end \(short(spread.last, digits: 2)) times. "
    if held.last < held.first / 1.5 {
      let law = (length.mean / least.mean) * (length.mean / least.mean)
      words +=
        "Not all of that is the growth: with lengths held the \(short(held.first, digits: 2)) times become \(short(held.last, digits: 2)), because gradients shrink as the net learns. From \(short(held.last, digits: 2)) to \(short(spread.last, digits: 2)), a factor of \(short(held.last / spread.last, digits: 2)), is the work of the growing weights. The angle goes like one over the length squared, which predicts $(\(short(length.mean, digits: 3))/\(short(least.mean, digits: 3)))^2 = \(short(law, digits: 2))$. "
    }
    words +=
      spread.last < spread.first / 2
      ? "So batch norm does turn down its own rate, and most where the rate is too large. "
      : "So the rates come little nearer to each other. "
    let (large, middle) = (found.costOfHolding(2), found.costOfHolding(1))
    words +=
      "\n\nIs that why it stands large rates? At the largest rate the control "
    words += large.worded(
      above:
        "makes \(fixed(large.mean, 1)) points more mistakes\(large.magnitude.intervalNote()): growing weights are part of the reason.",
      below:
        "makes \(fixed(-large.mean, 1)) points fewer mistakes\(large.magnitude.intervalNote()): growing weights are not the reason.",
      withinChance:
        "errs as much, within chance (\(large.interval()) points): growing weights are not needed for it.")
    words += middle.worded(
      above: " At the best rate it makes \(fixed(middle.mean, 1)) points more\(middle.magnitude.intervalNote()).",
      below: " At the best rate it makes \(fixed(-middle.mean, 1)) points fewer\(middle.magnitude.intervalNote()).",
      withinChance: " At the best rate it makes no difference beyond chance (\(middle.interval()) points more).")
    return words
  }

  /// What weight decay does before a norm.
  static func addDecay(to page: inout Page, _ found: DecayFindings, isRecorded: Bool) {
    page.fold("And weight decay? Before a norm it sets the angle of a step") {
      addDecayInside(to: &$0, found, isRecorded: isRecorded)
    }
  }

  private static func addDecayInside(to page: inout Page, _ found: DecayFindings, isRecorded: Bool) {
    let last = found.decays.count - 1
    let (end, share) = (found.courses[last], found.share(of: found.courses, last))
    page.prose(
      """
      Weight decay shortens all weights a little in every step (chapter 7), so that a net should become simpler. \
      Before a norm it cannot: half as long, the weights give the same outputs. What it does is to work against the growth: \
      a step adds $\\eta^2\\|g\\|^2$ to $\\|W\\|^2$, and a decay of $\\lambda$ takes away $2\\eta\\lambda\\|W\\|^2$. The length settles where the two are equal, and there the angle of a step is
      """)
    page.math("\\frac{\\eta\\,\\|g\\|}{\\|W\\|} = \\sqrt{2\\,\\eta\\,\\lambda}")
    page.prose(
      """
      Nothing is left in it of the gradient, of the initial weights, of the layer. \(isRecorded ? "In the recorded run, with" : "With") the best rate of batch \
      norm and four sizes of $\\lambda$:
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
          Perceptron with batch norm at its best rate, η = \(short(end.rate)), \(counted(found.epochs, "epoch")) of \
          \(grouped(found.trainingCount)) images; the last layer, which no norm follows, does not decay. Mean of \
          \(counted(found.seeds, "seed")).
          """,
        name: "decay"))
    let (cost, plainCost) = (
      end.errors - found.courses[0].errors, found.plain[last].errors - found.plain[0].errors
    )
    page.prose(
      """
      With $\\lambda = \(short(found.decays[last]))$ the last steps turn the weights by \(short(end.angles.last?.mean ?? .nan, digits: 2))°, \
      \(percent(share.mean)) of what the formula says; a smaller $\\lambda$ takes longer to get there, in the order of \
      $1/(2\\eta\\lambda)$ steps. Without a norm there is no such balance: with the same $\\lambda$ the angle ends at \
      \(percent(found.share(of: found.plain, last).mean)) of $\\sqrt{2\\eta\\lambda}$. The lesson is practical. Before a norm $\\lambda$ is \
      a second knob of the learning rate: it keeps the angle from falling, and at a constant rate \
      \(cost.worded(
        above: "the net then ends \(fixed(cost.mean, 1)) points worse\(cost.magnitude.intervalNote())",
        below: "the net then ends \(fixed(-cost.mean, 1)) points better\(cost.magnitude.intervalNote())",
        withinChance: "the net ends as well, within chance (\(cost.interval()) points)")), \
      for steps that large cannot settle\(plainCost.worded(
        above: " (without a norm \(fixed(plainCost.mean, 1)) points worse)",
        below: " (without a norm \(fixed(-plainCost.mean, 1)) points better)",
        withinChance: "")). \
      But $\\lambda = \(short(found.decays[last]))$ is large, chosen so that the balance is reached within \(counted(found.epochs, "epoch")); \
      recipes for nets with batch norm have about $10^{-4}$, and a rate that falls, which was not tried here. (What a net does with decay, another does \
      without it at a rate that grows from step to step: Li and Arora 2020.)
      """)
    page.table(decayTable(found))
  }

  private static func decayTable(_ found: DecayFindings) -> Table {
    Table(
      "Over \(counted(found.seeds, "seed")), each net at its own best rate; angles of one step in degrees, lengths as multiples of those at the start",
      columns: [
        "net", "λ", .init("length at the end", digits: 2), "last angle", "√(2ηλ)", .init("test error (%)", digits: 1),
      ],
      rows: [("batch norm", found.courses), ("no norm", found.plain)].flatMap { name, courses in
        found.decays.indices.map { place in
          let course = courses[place]
          return [
            TableCell("\(name), \(short(course.rate, digits: 3))"), TableCell(short(found.decays[place])),
            course.lengths.last.map { .measured($0) } ?? "–",
            TableCell(course.angles.last.map { short($0.mean, digits: 2) } ?? "–"),
            TableCell(place == 0 ? "–" : short(found.balance(course, place), digits: 2)), .measured(course.errors),
          ]
        }
      })
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
      and every image gets the same answer. (PyTorch and this library refuse such a batch; for the table each image \
      was taken twice, which gives the same mean and variance.) Stored numbers can be wrong, too, \
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
