// The page of chapter 4: thirty layers, trained.

import Foundation
import Workbook

extension WeightInit {
  /// The question of thirty layers, where the nets of several depths were not measured.
  static func askTraining(to page: inout Page, _ findings: Findings) {
    let training = findings.training
    let losses = training.finalLosses
    let (xavierLearns, heLearns) = (training.learns(0), training.learns(1))
    page.predict(
      """
      Now both nets of \(deep) layers are trained on digits for \(counted(training.epochs, "epoch")), \
      \(training.rates.count == 1 ? "at one learning rate" : "each with the best of \(training.rates.count) learning rates"). \
      The loss begins near ln 10 = 2.3. Which gets below 2\(losses[0].count == 1 ? "" : ", on average over the seeds")?
      """,
      choices: ["both", "only Xavier", "only He", "neither"],
      answer: xavierLearns ? (heLearns ? 0 : 1) : (heLearns ? 2 : 3),
      """
      At the end: Xavier \(losses[0].formatted(decimals: 2)), He \(losses[1].formatted(decimals: 2))\
      \(losses[1].count == 1 ? "" : " (below 2 in \(losses[1].values.count { $0 < 2 }) of \(losses[1].count) trainings)"). Of a signal and \
      of a gradient Xavier's net leaves about \(short(ThirtyFindings.theory)).
      """
    )
    page.project("Thirty layers: which initialization learns?")
    page.code("deepTrainer", in: "Deep.swift")
  }

  /// Thirty layers, loss by step.
  ///
  /// - Parameter isFolded: whether it stands behind the nets of several depths, for second readings.
  static func addTraining(to page: inout Page, _ findings: Findings, wide: DeepFindings?, isFolded: Bool = false) {
    let training = findings.training
    let losses = training.finalLosses
    let (xavierLearns, heLearns) = (training.learns(0), training.learns(1))
    let isScale = heLearns && !xavierLearns && training.learns(2)
    page.figure(
      Figure(
        isScale
          ? "In \(grouped(training.steps)) steps Xavier's loss stays at \(short(losses[0].mean, digits: 3)); with its output multiplied by 2¹⁵ it falls to \(short(losses[2].mean)), He's loss to \(short(losses[1].mean))"
          : heLearns && !xavierLearns
            ? "At rates up to \(short(Double(training.largestRate))) and in \(grouped(training.steps)) steps only He's initialization learns: with Xavier's the loss is still \(short(losses[0].mean, digits: 3))"
            : "After \(training.epochs) epochs Xavier's loss is \(short(losses[0].mean, digits: 3)), He's \(short(losses[1].mean, digits: 3))",
        trainingCurves(training, Start.deep, colors: [3, 4, 1], emphasized: 1),
        caption: """
          \(deep) dense layers of \(training.width) units with ReLUs, without biases, on \(grouped(training.imageCount)) images \
          (\(findings.data)): SGD with momentum, batches of 32, each net at its best rate (table below). Means of 10 steps over \
          \(counted(findings.trainingSeeds, "seed")).
          """,
        name: "thirty-layers-training"))
    if !isFolded {
      page.project(
        isScale
          ? "He learns; Xavier too, once its output is scaled up"
          : heLearns && !xavierLearns
            ? "Only He's weights learn in so many steps"
            : heLearns
              ? "Thirty layers learn from both initializations" : "Thirty layers: what does each initialization learn?")
    }
    if isScale {
      let gap = losses[2] - losses[1]
      page.prose(
        """
        \(isFolded ? "" : "Xavier's net lacks scale. ")No rate up to \(short(Double(training.largestRate))) compensates for a factor of nearly 2⁻¹⁵ in the \
        gradient of each weight.\(beyond(findings, isFolded: isFolded))
        """)
      if !isFolded {
        page.prose(
          """
          The third net is He's net in weights that are smaller by $\\sqrt{2}$: at a rate $\\eta$ it does what He's net does at $2\\eta$. \(gap.worded(
            above: "Here it ends \(fixed(gap.mean, 2)) higher, because half of He's rate was not among the rates tried.",
            below: "Here it ends \(fixed(-gap.mean, 2)) lower, because half of He's rate was not among the rates tried.",
            withinChance: "Their last losses do not differ beyond chance, although half of He's rate was not among the rates tried."))
          """)
      }
    } else if heLearns && xavierLearns {
      page.prose(
        """
        In 2015 the net with Xavier's weights did not learn at all. Here it does in the end, \
        \(training.firstBelow(2, start: 0).map { "after \(grouped($0)) steps" } ?? "late"), while He's net takes \
        \(training.firstBelow(2, start: 1).map { grouped($0) } ?? "longer still"): these layers are narrower, each net has its own \
        rate, and a small signal is not 0. If we stop too soon, we see a net that does not learn.
        """)
    }
    if !isFolded, let tanh = findings.tanhTraining { addTanhTraining(to: &page, tanh, findings) }
    page.table(
      Table(
        "The rate of each net of \(deep) layers, and its loss in the last tenth of the steps",
        columns: ["net", "rate", .init("last loss", digits: 2)],
        rows: rows(training, Start.deep.map { "ReLU, \($0.name)" })
          + (findings.tanhTraining.map { rows($0, Start.deepTanh.map { "tanh, \($0.name)" }) } ?? [])
          + (wide.map { wide in
            rows(
              wide,
              Start.wide.map {
                "\($0.activation == .tanh ? "tanh" : "ReLU"), \($0.name), \(wide.width) units (recorded run)"
              })
          } ?? [])))
    page.prose(rates(findings.tanhTraining ?? training))
    if !isFolded, let tanh = findings.tanhTraining { addSurprise(to: &page, tanh, findings, wide) }
  }

  /// Xavier's plain net beyond the grid; empty where it was not tried. The larger rates are in the text above the fold.
  private static func beyond(_ findings: Findings, isFolded: Bool) -> String {
    guard let plain = findings.plainXavier else { return "" }
    let (count, exploded) = (plain.trainings, plain.explosions)
    let explode =
      exploded == count ? "all \(count) trainings explode" : "\(exploded) of \(counted(count, "training")) explode"
    let why =
      exploded == 0
      ? "."
      : ", because the weights grow until the signal arrives, and then the same rate is thousands of times too large."
    let adam = plain.adam.mean < 2.2 ? "Adam brings it to" : "With Adam it ends at"
    return (isFolded ? "" : " Larger rates do not help: at \(plain.rateWords) \(explode)\(why)")
      + " \(adam) \(plain.adam.formatted(decimals: 2)) at the rate \(short(Double(plain.adamRate)))."
  }

  /// tanh, which does not keep its size, against He's ReLU, which does.
  private static func addSurprise(
    to page: inout Page, _ tanh: DeepFindings, _ findings: Findings, _ wide: DeepFindings?
  ) {
    let he = findings.training.finalLosses[1]
    let ahead = [1, 2].filter { (he - tanh.finalLosses[$0]).direction() == .above }
    guard findings.training.learns(1), let first = ahead.first else { return }
    let nets = ahead.count == 2 ? "g = 1 and g = 5/3 both end" : first == 1 ? "g = 1 ends" : "g = 5/3 ends"
    var reason = ""
    if let cosines = findings.cosines?.cosines, (cosines[0][deep] - cosines[0][0]).direction() == .above {
      let kept = (cosines[1][deep] - cosines[1][0]).direction() == .withinChance
      reason =
        " A likely reason is in the figure of the cosines: after \(deep) ReLU layers two digits point nearly the same way (cosine "
        + "\(fixed(cosines[0][deep].mean, 2))"
        + (findings.narrowCosines.map {
          "; \(fixed($0.cosines[0][deep].mean, 2)) in layers of \($0.width) units, as here"
        } ?? "") + ")"
        + (kept
          ? ", with tanh and g = 1 they are on average as different as at the start (\(fixed(cosines[1][deep].mean, 2)))."
          : ".")
    }
    page.prose(
      """
      With tanh, \(nets) below He's ReLU net, at \(ahead.map { fixed(tanh.finalLosses[$0].mean, 2) }.joined(separator: " and ")) \
      against \(fixed(he.mean, 2)), although He keeps every size.\(reason)\(wide.map { " " + widthFinding($0) } ?? "") The right size \
      is needed, but it is not all.
      """)
  }

  /// Whether the surprise is one of narrow layers.
  static func widthFinding(_ wide: DeepFindings) -> String {
    let (he, tanh) = (wide.finalLosses[0], wide.finalLosses[1])
    let gap = he - tanh
    let ends = "with \(wide.width) He's net ends at \(fixed(he.mean, 2)) and tanh with g = 1 at \(fixed(tanh.mean, 2))"
    return "In layers of so few units He keeps the size only on average, not in each draw; \(ends): "
      + gap.worded(
        above: "tanh stays ahead, by \(gap.withInterval(2)), so the narrow layers are not the whole reason.",
        below: "He's is ahead, so the narrow layers were the reason.",
        withinChance: "no difference beyond chance, so the narrow layers are a part of the reason at least.")
  }

  /// The net, its rate, and its last loss.
  private static func rows(_ training: DeepFindings, _ names: [String]) -> [[TableCell]] {
    zip(names, training.finalLosses).enumerated().map { index, net in
      [TableCell(net.0), TableCell(training.chosenRate(index)), .measured(net.1)]
    }
  }

  /// The same for tanh: which gain learns.
  private static func addTanhTraining(to page: inout Page, _ tanh: DeepFindings, _ findings: Findings) {
    let names = Start.deepTanh.map(\.name)
    // g = 5/3 over g = 1.
    let lost = tanh.finalLosses[2] - tanh.finalLosses[1]
    let stuck = names.indices.filter { !tanh.learns($0) }.map { names[$0] }
    page.prose(
      """
      The next figure shows the same with tanh, for the gains of the three starts above and for the usual gain\
      \(stuck.isEmpty || stuck.count == names.count ? "" : "; at these rates \(stuck.joined(separator: " and ")) \(stuck.count == 1 ? "does" : "do") not get below 2").
      """)
    page.figure(
      Figure(
        lost.worded(
          above: "In \(tanh.steps) steps tanh ends \(lost.withInterval(2)) lower with g = 1 than with 5/3",
          below: "In \(tanh.steps) steps tanh ends \(lost.magnitude.withInterval(2)) lower with g = 5/3 than with 1",
          withinChance: "With tanh, the last losses of g = 1 and g = 5/3 do not differ beyond chance"),
        trainingCurves(tanh, Start.deepTanh, colors: [0, 2, 4, 1], emphasized: 1),
        caption: """
          As above, with tanh instead of ReLU. The rates tried lie far apart, so a small difference may come from them.
          """,
        name: "tanh-training"))
  }

  /// Loss by step, a curve for each start.
  private static func trainingCurves(
    _ training: DeepFindings, _ starts: [Start], colors: [Int], emphasized: Int
  ) -> Plot {
    .lines(
      LineChart(
        x: Axis("step"), y: Axis("training loss"),
        training.curves.indices.map { start in
          let curve = training.curves[start]
          return Series(
            starts[start].name, x: curve.indices.map { Double($0) * 10 + 5 }, y: curve, style: .line,
            isEmphasized: start == emphasized, color: colors[start])
        },
        references: [.init(.horizontal, at: log(10), "ln 10: guessing")]))
  }

  /// The grid, and who chose from it.
  private static func rates(_ training: DeepFindings) -> String {
    let judge = training.choosingSeeds.map { " by the first \(counted($0, "seed"))" } ?? ""
    let grid = training.rates.map { short(Double($0)) }.joined(separator: ", ")
    let all = DeepFindings.allRates.map { short(Double($0)) }
    let origin =
      training.rates == DeepFindings.chosenRates
      ? ", which a full run chose from \(all.count) between \(all[0]) and \(all[all.count - 1])" : ""
    return "Each net has the best of the rates \(grid)\(judge)\(origin). Tiny gradients need large rates."
  }
}
