// The page of chapter 5: is the loss smoother?

import Foundation
import Workbook

extension Norms {
  /// The third reason: the gradient on the way of a step.
  static func addSmoothness(to page: inout Page, _ findings: Findings) {
    let dispute = findings.decisive
    page.prose(
      """
      ### 4. A smoother loss?

      Where the gradient hardly changes on the way, a long step is safe. We walk against the gradient $g$ of a batch and compare it with the gradient $g'$ of the same batch there. At an angle above 90° the walk has passed the lowest point on its way (chapter 1).
      """)
    if let walk = dispute.walk, walk.count == 3, walk.allSatisfy({ $0.looks.count == 3 }) {
      page.table(walkTable(walk, findings))
      page.prose(walkWords(walk))
    }
    page.fold("The gradient along four steps, at one rate") {
      $0.figure(changeFigure(findings))
      $0.prose(
        "Equal rates alone say little: the same net with weights $a$ times as long looks $1/a^2$ as curved. A walk of 1 % of the weights' length does not have this fault."
      )
    }
  }

  private static func isSmoother(_ dispute: DisputeFindings) -> Bool {
    let smoother = dispute.gradientChanges[0] - dispute.gradientChanges[1]
    return isClear(smoother, beyond: 0) && smoother.mean > 0
  }

  private static func changeFigure(_ findings: Findings) -> Figure {
    let (dispute, probed) = (findings.decisive, findings.decisive.probed)
    let changes = dispute.gradientChanges
    return Figure(
      isSmoother(dispute)
        ? "At one rate the gradient changes less within four steps with batch norm: \(short(changes[1].mean)) times its own size, without \(short(changes[0].mean))"
        : "How much the gradient changes along the step, with and without batch norm",
      .lines(
        LineChart(
          x: Axis("step of the training"), y: Axis("change of the gradient within four steps (1: its own size)"),
          probed.indices.map { i in
            let steps = probed[i][0].steps
            return Series(
              StabilityVariant.experiment[i].rawValue, x: steps.map(Double.init),
              y: steps.indices.map { step in Summary(probed[i].map { $0.gradientChanges[step] }).mean },
              isEmphasized: i == 1, color: i)
          })),
      caption: """
        \(dispute.isFiveLayers ? "The five-layer net" : "3 hidden layers of 100") at \(short(dispute.rates[dispute.best[0]])), \(dispute.probedRate)\(dispute.failingRate.map { "; four steps reach \(short($0)), where the plain net fails anyway" } ?? ""). \
        The largest ‖g′ − g‖/‖g‖ of three places, 1, 2 and 4 steps ahead, on the same batch. Mean of \(findings.seedWords), \(findings.data).
        """, name: "gradient-change")
  }

  /// The angles between two gradients in degrees, one for each seed.
  private static func angles(_ look: Walk.Look) -> Summary {
    Summary(look.cosine.values.map { acos(max(-1, min(1, $0))) * 180 / .pi })
  }

  /// Along 1 % of the weights, and along one step of each net.
  private static func walkTable(_ walk: [Walk], _ findings: Findings) -> Table {
    Table(
      "The angle between the gradients $g'$ and $g$; in the heads the rates of training; mean over the training and \(findings.seedWords)",
      columns: [Table.Column("way")]
        + zip(["no norm", "batch norm", "batch norm"], walk).map { Table.Column("\($0), \(short($1.rate))") },
      rows: [(2, "1 % of the weights' length"), (0, "one step")].map { place, way in
        [TableCell(way)] + walk.map { TableCell(level(angles($0.looks[place]))) }
      })
  }

  /// `75° ± 3°`.
  private static func level(_ angle: Summary) -> String { "\(fixed(angle.mean, 0))° ± \(fixed(angle.deviation, 0))°" }

  /// By how many degrees two nets differ along their own steps, with its interval.
  private static func ownSteps(_ walk: [Walk]) -> String {
    let less = angles(walk[0].looks[0]) - angles(walk[2].looks[0])
    return less.worded(
      above: "batch norm's gradient turns by \(fixed(less.mean, 0))° less\(less.intervalNote(0))",
      below: "batch norm's gradient turns by \(fixed(-less.mean, 0))° more\(less.magnitude.intervalNote(0))",
      withinChance: "the two turn equally far within chance")
  }

  /// What a comparison says in which lengths cancel: at a fixed share of the weights, and along each net's own step.
  private static func walkWords(_ walk: [Walk]) -> String {
    let (plain, norm) = (walk[0].looks[2], walk[2].looks[2])
    let (one, own) = (walk[0].looks[0].change.mean, walk[2].looks[0].change.mean)
    return
      "Along 1 % of the weights' length, each net at its best rate, "
      + (plain.change - norm.change).worded(
        above: "**the loss is smoother with batch norm.**", below: "the loss is *rougher* with batch norm.",
        withinChance: "the difference is within chance.")
      + (plain.change.mean > norm.change.mean && abs(own / one - 1) < 0.15
        ? " Along the step that each net really takes, \(ownSteps(walk)): batch norm spends most of its smoothness on longer steps. Whether this is the reason for its lead, a walk cannot show."
        : " Whether this is the reason for its lead, a walk cannot show.")
  }
}
