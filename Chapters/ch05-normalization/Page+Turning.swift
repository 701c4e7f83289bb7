// The page of chapter 5: how far a step turns the weights, and nets tested in the wrong mode.

import Foundation
import Workbook

extension Norms {
  /// Whether batch norm turns down its own learning rate.
  static func addTurning(to page: inout Page, _ found: TurnFindings) {
    page.prose(
      """
      ### 3. Steps that correct themselves?

      Before a norm the loss does not change along $W$, so the gradient $g$ is at right angles to $W$. \
      By Pythagoras a step of rate $\\eta$ makes the weights longer:
      """)
    page.math("\\|W_{\\text{new}}\\|^2 = \\|W\\|^2 + \\eta^2\\,\\|g\\|^2")
    page.prose("Longer weights are turned less by the next step, so a rate that is too large should correct itself.")
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
          The five-layer net: the angle between a layer's weights before and after one step, mean over the hidden layers and \(counted(found.seeds, "seed")). Beside the names: learning rates.
          """,
        name: "turning"))
    page.prose(
      """
      \(turnWords(found))

      In your own net, after `loss.backward()`, the angle of a step of weights `w` before a norm is, in degrees:

      ```python
      angle = np.degrees(lr * (w.grad.norm() / w.norm()).item())
      ```
      """)
  }

  /// Whether the angles of the largest and the smallest rate come nearer to each other.
  static func turnTitle(_ found: TurnFindings) -> String {
    let spread = found.spread(.normalized)
    return spread.last < spread.first / 2
      ? "With batch norm large rates soon turn weights less"
      : "How far a step turns the weights, with and without a norm"
  }

  /// What becomes of the angles, and what the net with lengths held says.
  static func turnWords(_ found: TurnFindings) -> String {
    let (courses, spread) = (found.courses(.normalized), found.spread(.normalized))
    guard courses.count == 3 else { return "" }
    let (large, middle) = (found.costOfHolding(2), found.costOfHolding(1))
    return
      "At first, steps of the largest rate turn the weights \(short(spread.first, digits: 2)) times as far as those of the smallest, at the end \(short(spread.last, digits: 2)) times"
      + (spread.last < spread.first / 2 ? ": **batch norm turns down a rate that is too large.**\n\n" : ".\n\n")
      + large.worded(
        above:
          "If all weights are brought back to their first length after every step (*length held*), the net at the largest rate makes \(fixed(large.mean, 1)) points more errors, so growing weights are part of why large rates are tolerated.",
        below:
          "If all weights are brought back to their first length after every step (*length held*), the largest rate makes fewer errors, so growing weights are not the reason.",
        withinChance:
          "If all weights are brought back to their first length after every step (*length held*), the largest rate does as well, so growing weights are not needed for it."
      )
      + middle.worded(
        above: " At batch norm's best rate they are worth \(fixed(middle.mean, 1)) points.",
        below: " At batch norm's best rate they do harm.",
        withinChance:
          " At batch norm's best rate they are worth \(signedInterval(middle)) points (95 % interval): a gain there is not shown."
      )
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
      We train at the best rate of batch \
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
    let cost = end.errors - found.courses[0].errors
    page.prose(
      """
      With $\\lambda = \(short(found.decays[last]))$ the last steps turn the weights by \(percent(share.mean)) of the angle that the formula gives. \
      A smaller $\\lambda$ needs longer, about $1/(2\\eta\\lambda)$ steps. Without a norm there is no such balance.

      **So before a norm $\\lambda$ is a second knob of the learning rate**: it keeps the angle from falling. At a constant rate \
      \(cost.worded(
        above: "the net then ends \(fixed(cost.mean, 1)) points worse, because such large steps never settle",
        below: "the net then ends \(fixed(-cost.mean, 1)) points better",
        withinChance: "the net ends as well, within chance")). \
      Decay acts like a rate that grows from step to step (Li and Arora 2020).
      """)
  }

  /// What a net errs by that is left in training mode, or asked too early.
  static func addWrongModes(to page: inout Page, _ found: ModeFindings) {
    page.callout(
      .mistake,
      """
      You forget to switch to inference (`eval()` in PyTorch). Then the layer takes mean and variance from whatever batch you \
      ask about, and the answer for one image depends on the others. A single image has variance 0 after a dense layer; PyTorch refuses it \
      with “Expected more than 1 value per channel when training”. Such a test also moves the stored statistics. These can be wrong too: after \(ModeFindings.youngSteps) batches, \
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
          ["of one test image", TableCell(found.ofOneImage.formatted(decimals: 1))],
          [
            "stored, restarted and fed \(ModeFindings.youngSteps) batches",
            TableCell(found.young.formatted(decimals: 1)),
          ],
        ]))
    page.project("Forgotten eval(): one image, \(fixed(found.ofOneImage.mean, 0)) % errors")
    page.prose(modeWords(found))
  }

  /// Which of the wrong modes is seen in a test, and which is not.
  static func modeWords(_ found: ModeFindings) -> String {
    let (mixed, alike) = (found.ofBatch - found.stored, found.ofOneDigit - found.stored)
    return alike.mean > 2 * max(mixed.mean, 1)
      ? "**A test on mixed batches hides most of the mistake; real use, with images of one kind or a single image, exposes it.**"
      : "In mixed batches the mistake costs \(signed(mixed.mean)) points, in batches of one digit \(signed(alike.mean))."
  }
}
