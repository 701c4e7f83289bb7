// The page of chapter 11: what is known of the reason, and what was put to the test.

import Foundation
import Workbook

extension DeeperNetworks {
  /// What the page can say of the reason, and what it cannot.
  static func addReason(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (findings, nets) = (runs.reported, runs.reported.degradation)
    guard nets.isLong, nets.gap.direction() == .above, nets.cure.direction() == .above else { return }
    page.prose(
      """
      ## What is the reason, then?

      The plain net of \(nets.deepPlain.net.depth) layers is slow\(nets.lateGain > 0 ? " and was still improving" : ""), and the \
      addition makes it fast. The first candidate is growth: if the lowest layers get gradients hundreds of times as large as \
      the highest, no one rate may suit all (Yang et al. 2019).
      """)
    if let flow = findings.flow { addFlow(to: &page, flow, findings.gradients.shown, runs.origin) }
    if let test = findings.evenSteps { addEvenSteps(to: &page, test, runs.origin) }
    if let found = runs.live.neighbours { addNeighbours(to: &page, found) }
    page.prose(
      """
      Two more candidates are not tested here. With batch normalization a residual branch begins small beside what passes it, so \
      the net begins shallow (De and Smith 2020). And the sum has short paths, which may do most of the learning (Veit et al. \
      2016).\(otherMeasurements(findings).isEmpty ? "" : "\n\n" + otherMeasurements(findings))
      """)
  }

  /// The gradient in the nets of the comparison themselves.
  static func addFlow(to page: inout Page, _ flow: GradientFlow, _ decay: GradientDecay, _ origin: String) {
    guard let plain = flow.net(residual: false), let residual = flow.net(residual: true) else { return }
    func series(_ name: String, _ stage: GradientFlow.Stage, color: Int, dashed: Bool) -> Series {
      Series(
        name, x: stage.norms.indices.map { Double($0 + 1) }, y: stage.norms.map { pow(10, $0.mean) },
        style: dashed ? .lineAndMarkers : .line, color: color)
    }
    page.figure(
      Figure(
        flowTitle(plain),
        .lines(
          LineChart(
            x: Axis("block, from the image on"), y: Axis("norm of the gradient", log: true),
            [series("plain, before training", plain.before, color: 4, dashed: false)]
              + (plain.after.map { [series("plain, after an epoch", $0, color: 4, dashed: true)] } ?? [])
              + [series("residual, before training", residual.before, color: 0, dashed: false)]
              + (residual.after.map { [series("residual, after an epoch", $0, color: 0, dashed: true)] } ?? []))),
        caption: """
          \(origin)‖∂L/∂x‖ at the input of each block of \(plain.net.name) and \(residual.net.name) themselves: mean loss of \
          \(flow.images) training images, geometric mean of \(counted(plain.before.factor.count, "seed")). The gradient comes from \
          the right.
          """, name: "flow"))
    page.project(flowSlide(plain), notes: "The nets of the comparison themselves, not the dense stacks.")
    page.prose(flowFinding(plain, residual, decay))
    page.fold("How it is measured") { $0.code("flow", in: "Flow.swift") }
  }

  /// The title of that figure.
  static func flowTitle(_ plain: GradientFlow.Net) -> String {
    let start = plain.before.factor.worded(
      from: 1,
      above:
        "Before training the gradient of \(plain.net.name) grows by \(percent(plain.before.factor.mean - 1)) a layer",
      below:
        "Before training the gradient of \(plain.net.name) shrinks by \(percent(1 - plain.before.factor.mean)) a layer",
      withinChance: "Before training the gradient of \(plain.net.name) keeps its size, within chance")
    guard let after = plain.after?.factor else { return start }
    return start + ", after one epoch "
      + after.worded(
        from: 1, above: "by \(percent(after.mean - 1))", below: "it shrinks by \(percent(1 - after.mean))",
        withinChance: "it keeps its size, within chance")
  }

  /// The same for a slide.
  static func flowSlide(_ plain: GradientFlow.Net) -> String {
    guard plain.before.factor.direction(from: 1) == .above, let after = plain.after else {
      return "The gradient in the nets themselves, block by block"
    }
    return (plain.before.factor - after.factor).worded(
      above: "The gradient's growth is mostly gone after an epoch", below: "The gradient grows more after an epoch",
      withinChance: "The gradient grows before and after an epoch")
  }

  /// What the norms say: by how much a layer multiplies, before training and after an epoch.
  static func flowFinding(
    _ plain: GradientFlow.Net, _ residual: GradientFlow.Net, _ decay: GradientDecay
  ) -> String {
    func factor(_ stage: GradientFlow.Stage) -> String { stage.factor.formatted(decimals: 2) }
    let start = """
      Before training each layer of \(plain.net.name) multiplies the gradient by \(factor(plain.before)), each of \
      \(residual.net.name) by \(factor(residual.before)). (In the dense stacks it was \
      \(fixed(decay.factor(.normalized).mean, 2)) and \(fixed(decay.factor(.residual).mean, 2)).) So the first block of the plain \
      net gets \(short(plain.before.span)) times what the last one gets.
      """
    guard let after = plain.after, let other = residual.after else { return start }
    let end = "After one epoch it is \(factor(after)) in the plain net and \(factor(other)) in the residual one"
    let meaning = (after.factor - other.factor).worded(
      above: ": the plain net still has the larger growth.",
      below: ": what growth is left is larger in the net that learns well.",
      withinChance: ": from then on the two do not differ beyond chance.")
    return "\(start) \(end)\(meaning)"
  }

  /// The first candidate put to the test.
  static func addEvenSteps(to page: inout Page, _ test: EvenStepsTest, _ origin: String) {
    page.prose(
      """
      If growth were the reason, steps of one size for all layers would close the gap. So each tensor's gradient is divided by \
      the root of its mean square before every step. Each net and each kind of step has its own best rate, chosen by the training \
      error of another seed after \(counted(test.choiceEpochs, "epoch")):
      """)
    func cells(_ deep: Bool, _ residual: Bool) -> [TableCell] {
      [false, true].flatMap { even -> [TableCell] in
        guard let row = test.row(deep: deep, residual: residual, even: even) else { return ["–", "–"] }
        return [TableCell(short(row.rate) + (row.isAtEnd ? "\u{A0}(end)" : "")), .measured(row.errors)]
      }
    }
    let nets = test.rows.filter { !$0.isEven }.map(\.net)
    let deepest = nets.map(\.blocks).max()
    page.table(
      Table(
        "\(origin)Errors (%) on the training images in test mode after \(counted(test.epochs, "epoch")), \(counted(test.rows.first?.errors.count ?? 0, "seed"))\(test.rows.contains { $0.isAtEnd } ? "; (end): the largest or smallest rate tried" : "")",
        columns: [
          "net", "rate", .init("steps as they are", digits: 1), "rate", .init("even steps", digits: 1),
        ],
        rows: nets.map { [TableCell($0.name)] + cells($0.blocks == deepest, $0.isResidual) }))
    page.project(
      test.answer == .closes
        ? "Even steps for all layers close the gap"
        : test.answer == .narrows
          ? "Even steps for all layers close a part of the gap"
          : test.answer == .stays
            ? "Even steps for all layers leave the gap" : "Even steps for all layers: undecided",
      notes: "A cause that is taken away, and the effect stays: then it was not the cause.")
    page.prose(evenStepsFinding(test) + seedsNote(test))
    page.fold("How steps are made even") { $0.code("evenSteps", in: "Causes.swift") }
  }

  /// That the number of seeds was raised when the first five had decided nothing: a reader weighs the answer by it.
  static func seedsNote(_ test: EvenStepsTest) -> String {
    let planned = 5
    guard let seeds = test.rows.first?.errors.count, seeds > planned, test.first(planned).answer == .unclear else {
      return ""
    }
    return " (The first \(planned) seeds alone left it undecided; then every row was given \(seeds).)"
  }

  /// What the test says of growth.
  static func evenStepsFinding(_ test: EvenStepsTest) -> String {
    func size(_ gap: Summary) -> String {
      "\(fixed(abs(gap.mean), 1)) points (95 % interval \(gap.magnitude.interval()))"
    }
    switch test.answer {
    case .closes:
      return
        "With even steps the deep plain net makes \(size(test.gain)) fewer mistakes, and is no longer behind the residual net beyond chance. Growth, or what goes with steps of uneven size, is the reason here."
    case .narrows:
      return
        "Even steps take the deep plain net down by \(size(test.gain)), and leave it \(size(test.rest)) behind the residual net with steps as they are. So growth is one reason, and not all of it."
    case .stays:
      let change = test.gain.worded(
        above: "help", below: "harm the deep plain net by \(size(test.gain))",
        withinChance:
          "change the deep plain net by no more than chance (\(fixed(test.gain.mean, 1)) ± \(fixed(test.gain.uncertainty, 1)) points fewer mistakes, 95 %)"
      )
      return
        "Even steps \(change), and it stays \(size(test.rest)) behind the residual net. So growth alone does not keep it behind, though its lowest layers do get the larger gradients before training."
    case .unclear:
      return
        "At its own rate the deep plain net \(test.gap.direction() == .above ? "is behind the residual one; with even steps it is neither clearly behind nor clearly better than before" : "is not behind the residual one beyond chance"). So this test does not decide whether growth is the reason."
    }
  }

  /// Two measurements that say little: how loud the layers are, and the loss around the trained weights.
  static func otherMeasurements(_ findings: Findings) -> String {
    let nets = findings.degradation
    let loud =
      nets.deepResidual.isNearStart && nets.deepPlain.isNearStart
      ? "after so short a training $\\gamma$ has hardly moved, so this shows nothing"
      : nets.quieter.worded(
        above: "the residual ones respond less here, too", below: "here the residual ones respond more",
        withinChance: "here the two do not differ beyond chance")
    let responses =
      "He et al. (2016, figure 7) found that layers of a residual net respond less than those of a plain one: \(loud)."
    guard findings.landscapes.count == 2 else { return responses }
    let shares = findings.landscapes.map { percent($0.shareOfValley) }
    return responses + """
       Li et al. (2018) draw the loss around the trained weights along two random directions. Here it is below half that of \
      guessing on \(shares[0]) of the plane without additions and on \(shares[1]) with them; two directions of thousands show little.
      """
  }

  /// The second candidate: gradients that change with every small change of the image.
  static func addNeighbours(to page: inout Page, _ found: GradientNeighbours) {
    guard let plain = found.deepest(residual: false), let residual = found.deepest(residual: true) else { return }
    page.prose(
      """
      The second candidate: the gradients of a deep plain net *shatter* (Balduzzi et al. 2017). Move an image by a tenth of \
      its length. If the gradient at the new place points elsewhere, a step that helps one image does little for its neighbour. \
      The cosine of the angle between the two gradients, before training, is 1 if they point the same way and 0 if they \
      have nothing in common:
      """)
    func series(_ name: String, residual: Bool, color: Int, _ value: (GradientNeighbours.Net) -> Summary) -> Series {
      let nets = found.nets.filter { $0.net.isResidual == residual }
      return Series(
        name, x: nets.map { Double($0.net.depth) }, y: nets.map { value($0).mean },
        deviation: nets.map { value($0).deviation }, style: .lineAndMarkers, color: color)
    }
    page.figure(
      Figure(
        found.gain.worded(
          above: "With additions, neighbours keep more of their gradient in common",
          below: "With additions, neighbours have less of their gradient in common",
          withinChance: "Gradients of neighbours, plain and residual: no difference beyond chance"),
        .lines(
          LineChart(
            x: Axis("layers"), y: Axis("cosine of two gradients", range: -0.1...1),
            [
              series("residual", residual: true, color: 0) { $0.neighbours },
              series("plain", residual: false, color: 4) { $0.neighbours },
              series("residual, two different images", residual: true, color: 7) { $0.strangers },
            ])),
        caption: """
          This run: untrained nets as above, gradients of a random sum of the outputs in the image; mean and standard deviation \
          of \(counted(plain.neighbours.count, "seed")). At \(plain.net.depth) layers: plain \
          \(plain.neighbours.formatted(decimals: 2)), residual \(residual.neighbours.formatted(decimals: 2)).
          """, name: "neighbours"))
    page.project(
      found.gain.worded(
        above: "With additions, similar images still pull alike",
        below: "With additions, similar images pull less alike",
        withinChance: "Do similar images pull alike? No difference is seen"),
      notes: "They pull alike where their gradients have a cosine near 1; 0 is nothing in common.")
    page.prose(
      found.gain.worded(
        above:
          "So the two nets do differ in this. That it is the reason is not shown: the measurement is made before training, and other things differ as well.",
        below: "So this is not what the addition mends.", withinChance: "So this does not tell the two nets apart here."
      ))
    page.fold("How it is measured") { $0.code("likeness", in: "Neighbours.swift") }
  }
}
