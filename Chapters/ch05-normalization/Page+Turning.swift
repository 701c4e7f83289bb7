// The page of chapter 5: how far a step turns the weights, and nets tested in the wrong mode.

import Foundation
import Workbook

extension Norms {
  /// Whether batch norm turns down its own learning rate.
  static func addTurning(to page: inout Page, _ found: TurnFindings, _ decay: DecayFindings?) {
    page.prose(
      """
      ### Steps that correct themselves

      Before a norm the length of the weights changes no output, so what counts is the *angle* by which a step turns them. \
      Each step makes them longer, and longer weights are turned less by the next (van Laarhoven 2017).
      """)
    let steps = found.steps.map(Double.init)
    page.figure(
      Figure(
        turnTitle(found),
        .lines(
          LineChart(
            x: Axis("step of the training", log: true), y: Axis("angle of one step (degrees)", log: true),
            found.courses(.normalized).enumerated().compactMap { place, course -> Series? in
              // Of a rate at which a seed diverged the others are no fair sample.
              guard course.diverged == 0, !course.angles.isEmpty else { return nil }
              return Series(
                "rate \(short(course.rate, digits: 3))", x: steps, y: course.angles.map(\.mean),
                isEmphasized: place == 1,
                color: place)
            })),
        caption: """
          The five-layer net with batch norm at its best rate, at an eighth of it and at eight times it: the angle between a layer's weights before and after one step, mean over the hidden layers and \(counted(found.seeds, "seed")).
          """,
        name: "turning"))
    page.project(turnTitle(found))
    page.prose(turnWords(found))
    if let decay { addDecay(to: &page, decay) }
  }

  /// Whether the angles of the largest and the smallest rate come nearer to each other.
  static func turnTitle(_ found: TurnFindings) -> String {
    let spread = found.spread(.normalized)
    return spread.last < spread.first / 2
      ? "With batch norm large rates soon turn weights less" : "How far a step turns the weights before a norm"
  }

  /// What becomes of the angles, and what the net with lengths held says.
  static func turnWords(_ found: TurnFindings) -> String {
    let spread = found.spread(.normalized)
    let (large, middle) = (found.costOfHolding(2), found.costOfHolding(1))
    return
      (spread.last < spread.first / 2 ? "**Batch norm turns down a rate that is too large.** " : "")
      + large.worded(
        above:
          "As a control we bring all weights back to their first length after every step. Then the net makes \(fixed(large.mean, 1)) points more errors at the largest rate, so growing weights are part of why large rates are tolerated.",
        below:
          "As a control we bring all weights back to their first length after every step. Then the largest rate does even better.",
        withinChance:
          "As a control we bring all weights back to their first length after every step. Then the largest rate does as well, so growing weights are not needed for it."
      )
      + middle.worded(
        above: " At batch norm's best rate they help as well.", below: " At batch norm's best rate they do harm.",
        withinChance: " For batch norm's best rate we cannot say.")
  }

  /// What weight decay does before a norm.
  static func addDecay(to page: inout Page, _ found: DecayFindings) {
    let (share, last) = (found.share, found.courses.count - 1)
    let cost = found.courses[last].errors - found.courses[0].errors
    page.fold("Why the weights grow, and what weight decay does before a norm") {
      $0.prose(
        """
        The loss does not change along $W$, so the gradient $g$ is at right angles to $W$. By Pythagoras a step of rate $\\eta$ gives

        $$\\|W_{\\text{new}}\\|^2 = \\|W\\|^2 + \\eta^2\\,\\|g\\|^2$$

        Weight decay (chapter 7) works against this growth: \
        a decay of $\\lambda$ removes $2\\eta\\lambda\\|W\\|^2$. Where both are equal, the angle of a step is

        $$\\frac{\\eta\\,\\|g\\|}{\\|W\\|} = \\sqrt{2\\,\\eta\\,\\lambda}$$

        With $\\lambda = \(short(found.decays[last]))$ the last steps of \(counted(found.epochs, "epoch")) turn the weights by \(percent(share.mean)) of this angle. \
        **So before a norm $\\lambda$ is a second knob of the learning rate.** With this $\\lambda$ and a constant rate \
        \(cost.worded(
          above: "the net then ends \(fixed(cost.mean, 1)) points worse",
          below: "the net then ends \(fixed(-cost.mean, 1)) points better",
          withinChance: "the net ends as well, within chance")).
        """)
    }
  }

  /// What a net errs by that is left in training mode, or asked too early.
  static func addWrongModes(to page: inout Page, _ found: ModeFindings) {
    page.callout(
      .mistake,
      """
      You forget to switch to inference (`eval()` in PyTorch). Then the layer takes mean and variance from whatever batch you \
      ask about, and moves the stored statistics as well. A single image has variance 0 after a dense layer: its $\\hat{z}$ is 0 whatever it shows. PyTorch's `BatchNorm1d` refuses it: \
      `ValueError: Expected more than 1 value per channel when training`. Stored statistics can be wrong, too: after \(ModeFindings.youngSteps) batches, \
      $0.9^{\(ModeFindings.youngSteps)} = 35\\,\\%$ of them is still the 0 and the 1 that they started with.
      """)
    page.table(
      Table(
        "The same trained nets, tested in five ways: the five-layer net with batch norm at its best rate, \(counted(found.stored.count, "seed"))",
        columns: ["mean and variance", "test error (%)"],
        rows: [
          ["stored, as it should be", TableCell(found.stored.formatted(decimals: 1))],
          ["of \(ModeFindings.batch) test images, mixed", TableCell(found.ofBatch.formatted(decimals: 1))],
          ["of \(ModeFindings.batch) test images of one digit", TableCell(found.ofOneDigit.formatted(decimals: 1))],
          ["of one test image (PyTorch would refuse it)", TableCell(found.ofOneImage.formatted(decimals: 1))],
          [
            "stored, restarted and fed \(ModeFindings.youngSteps) batches",
            TableCell(found.young.formatted(decimals: 1)),
          ],
        ]))
    page.project("Forgotten eval(): one image, \(fixed(found.ofOneImage.mean, 0)) % errors")
    page.prose(modeWords(found))
    page.fold("The test that forgets to switch, in Swift") { $0.code("errorByBatch", in: "WrongMode.swift") }
  }

  /// Which of the wrong modes is seen in a test, and which is not.
  static func modeWords(_ found: ModeFindings) -> String {
    let (mixed, alike) = (found.ofBatch - found.stored, found.ofOneDigit - found.stored)
    return alike.mean > 2 * max(mixed.mean, 1)
      ? "**A test on mixed batches hides most of the mistake; real use, with images of one kind or a single image, exposes it.**"
      : "In mixed batches the mistake costs \(signed(mixed.mean)) points, in batches of one digit \(signed(alike.mean))."
  }
}
