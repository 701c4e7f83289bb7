// The page of chapter 11: the suspected reasons, each put to a test.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The suspects, and what came out.
  static func addReason(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (findings, nets) = (runs.reported, runs.reported.fair)
    guard nets.isLong, nets.gap.direction() == .above, nets.cure.direction() == .above else { return }
    let rate =
      findings.ownRates?.compared == nil ? "" : " Not its learning rate: it has the one with the fewest such errors."
    page.prose(
      """
      ## What is the reason, then?

      \(nets.deepPlain.net.depth) plain layers are slow, the addition makes them fast. Some answers are out already. Not \
      overfitting: it errs on the very images it learns from.\(rate) Not a gradient that vanishes: it grows. Two suspects are \
      left that can be taken away one at a time.
      """)
    if let flow = findings.flow { addFlow(to: &page, flow, findings.gradients.shown, findings.ownRates, runs.origin) }
    if let own = findings.ownRates { addStart(to: &page, own, runs) }
    if let found = runs.live.neighbours { addNeighbours(to: &page, found) }
    addSuspects(to: &page, runs)
  }

  /// The first suspect: the gradient's growth in the nets of the comparison themselves, and steps that do not feel it.
  static func addFlow(
    to page: inout Page, _ flow: GradientFlow, _ decay: GradientDecay, _ own: OwnRates?, _ origin: String
  ) {
    guard let plain = flow.net(residual: false), let residual = flow.net(residual: true) else { return }
    page.prose(
      """
      ### Is it the growth?

      If the lowest layers get gradients hundreds of times as large as the highest, no one rate may suit all (Yang et al. 2019).
      """)
    func chart(_ plain: GradientFlow.Stage, _ residual: GradientFlow.Stage) -> Plot {
      .lines(
        LineChart(
          x: Axis("block, from the image on"), y: Axis("norm of the gradient", log: true),
          [("plain", plain, 4), ("residual", residual, 0)].map { name, stage, color in
            Series(
              name, x: stage.norms.indices.map { Double($0 + 1) }, y: stage.norms.map { pow(10, $0.mean) },
              style: .line,
              isEmphasized: color == 4, color: color)
          }))
    }
    let caption = """
      \(origin)‖∂L/∂x‖ at the input of each block of \(plain.net.name) and \(residual.net.name) themselves: mean loss of \
      \(flow.images) training images, geometric mean of \(counted(plain.before.factor.count, "seed")). The gradient comes from \
      the right.
      """
    if let after = plain.after, let other = residual.after {
      page.figure(
        Figure(
          flowTitle(plain), exploring: FigureParameter("when", names: ["before training", "after an epoch"]),
          caption: caption, name: "flow"
        ) { $0 == 0 ? chart(plain.before, residual.before) : chart(after, other) })
    } else {
      page.figure(Figure(flowTitle(plain), chart(plain.before, residual.before), caption: caption, name: "flow"))
    }
    page.project(flowSlide(plain), notes: "The nets of the comparison themselves, not the dense stacks.")
    page.prose(flowFinding(plain, residual, decay) + evenStepsFinding(own))
    page.fold("How it is measured, and how steps are made even") {
      $0.code("flow", in: "Flow.swift")
      if own?.evenSteps != nil { $0.code("evenSteps", in: "Causes.swift") }
    }
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
      \(residual.net.name) by \(factor(residual.before)) (in the dense stacks \
      \(fixed(decay.factor(.normalized).mean, 2)) and \(fixed(decay.factor(.residual).mean, 2))). So the first block of the plain \
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

  /// What even steps say of growth.
  static func evenStepsFinding(_ own: OwnRates?) -> String {
    guard let own, let test = own.evenSteps else { return "" }
    let how = """


      Were growth the reason, steps of one size for all layers would close the gap. So each tensor's gradient is divided by the \
      root of its mean square before every step, at a rate chosen as before.
      """
    let errors =
      "\(test.treated.formatted(decimals: 1)) % of its training images stay wrong, with steps as they are \(test.usual.formatted(decimals: 1)) %, and \(test.residual.formatted(decimals: 1)) % in the residual net"
    switch test.answer {
    case .closes:
      return how + " It does: \(errors). Growth, or what goes with steps of uneven size, is the reason here."
    case .narrows:
      return how
        + (test.isFirm
          ? " It closes a part of it: \(errors). What makes steps uneven is one reason: \(points(test.gain)) are gained, \(points(test.rest)) are left."
          : " It seems to close a part of it: \(errors). \(points(test.gain)) are gained, which among several suspects tried may still be chance; \(points(test.rest)) are left.")
    case .stays:
      let change = test.gain.worded(
        above: "helps", below: "harms",
        withinChance:
          "changes nothing beyond chance (\(fixed(test.gain.mean, 1)) ± \(fixed(test.gain.uncertainty, 1)) points, 95 %)"
      )
      return how + " It \(change): \(errors). Growth alone does not keep it behind."
    case .unclear: return how + " This does not decide it: \(errors)."
    }
  }

  /// `3.2 points (95 % interval 1.1 to 5.3)`.
  static func points(_ difference: Summary) -> String {
    "\(fixed(abs(difference.mean), 1)) points (95 % interval \(difference.magnitude.interval()))"
  }

  /// One table of what was suspected, and what came out.
  static func addSuspects(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (findings, nets) = (runs.reported, runs.reported.fair)
    let (deep, shallow) = (nets.deepPlain.net.name, nets.shallowPlain.net.name)
    func told(_ remedy: Remedy) -> String {
      let numbers =
        "\(fixed(remedy.usual.mean, 1)) → \(fixed(remedy.treated.mean, 1)) %, residual \(fixed(remedy.residual.mean, 1))"
      return switch remedy.answer {
      case .closes: "yes: \(numbers)"
      case .narrows: "in part\(remedy.isFirm ? "" : ", perhaps"): \(numbers)"
      case .stays: "not alone: \(numbers)"
      case .unclear: "undecided: \(numbers)"
      }
    }
    var rows: [[TableCell]] = [
      [
        "overfitting", TableCell("\(deep) fits its own images at least as well"), "errors on training images",
        TableCell("no: \(fixed(nets.gap.mean, 1)) points more wrong than \(shallow)"),
      ]
    ]
    if let own = findings.ownRates, own.compared != nil {
      rows.append([
        "a rate that suits the others", "the gap closes at its own", "every net at its own rate",
        TableCell(
          "no: \(fixed(nets.deepPlain.trainingErrors.mean, 1)) % against \(fixed(nets.deepResidual.trainingErrors.mean, 1)) %"
        ),
      ])
    }
    if let ending = findings.ending {
      rows.append([
        "it cannot reach what the shallow net reaches", "it stays behind for good",
        TableCell(counted(ending.epochs, "epoch")),
        TableCell(
          ending.gap.worded(
            above: "yes: it ends behind", below: "no: it ends ahead", withinChance: "no: both end alike; it is slow")),
      ])
    }
    let kept = findings.gradients.shown
    rows.append([
      "the gradient vanishes", "less arrives at the first block than at the last", "sent back through the layers",
      TableCell(
        findings.flow?.net(residual: false).map {
          $0.before.factor.worded(
            from: 1, above: "no: it grows, \(short($0.before.span)) times", below: "yes, before training",
            withinChance: "no: it keeps its size")
        } ?? (kept.factor(.normalized).mean > 1 ? "no: it grows" : "yes, before training")),
    ])
    if let even = findings.ownRates?.evenSteps {
      rows.append([
        "the gradient grows", "steps of one size close the gap", "each tensor's gradient normed", TableCell(told(even)),
      ])
    }
    if let open = findings.ownRates?.begun(.open), let identity = findings.ownRates?.begun(.identity) {
      rows.append([
        "the start: ReLUs that cut", "with open ReLUs it learns as well", "β = 2",
        TableCell(told(open)),
      ])
      rows.append([
        "the start: far from the identity", "from the identity it learns as well", "β = 2, identity kernels",
        TableCell(told(identity)),
      ])
    }
    page.prose("### What is known")
    defer { page.prose(conclusion(findings.ownRates)) }
    page.table(
      Table(
        "\(runs.origin)Why are \(nets.deepPlain.net.depth) plain layers slow? Each suspect, and what it predicts",
        columns: ["suspect", "if so", "tested by", "result"], rows: rows))
  }

  /// What is known and what is not, in a few sentences.
  static func conclusion(_ own: OwnRates?) -> String {
    guard let own, let open = own.begun(.open), let identity = own.begun(.identity), let depth = own.row()?.net.depth,
      open.gap.direction() == .above
    else { return "" }
    let tests = [("open ReLUs", open), ("even steps", own.evenSteps), ("a start at the identity", identity)]
    func named(_ helps: Bool) -> String {
      tests.filter { $0.1.map { ($0.gain.direction() == .above) == helps } ?? false }
        .map { name, test in helps ? told(name, test) : name }
        .joined(separator: helps ? " and " : " or ")
    }
    func told(_ name: String, _ test: Remedy?) -> String {
      guard let test else { return name }
      return test.isFirm
        ? "\(name) (\(fixed(test.gain.mean, 1)) points)"
        : "perhaps \(name) (\(fixed(test.gain.mean, 1)), 95 % interval \(test.gain.magnitude.interval()))"
    }
    let (helped, not) = (named(true), named(false))
    let least = (tests.compactMap(\.1) + [own.begun(.identity, even: true)].compactMap { $0 })
      .map(\.rest).min { $0.mean < $1.mean }
    let left =
      least.map {
        $0.direction() == .above
          ? """
           None of the nets tried comes closer than \(fixed($0.mean, 1)) points; why, these tests do not say. One \
          suspect is the addition itself: while training, too, it keeps a short path for signal and gradient past every block \
          (Veit et al. 2016). A test would be additions that fade out during training.
          """ : ""
      } ?? ""
    return """
      **In short:** \(depth) plain layers are behind by \(points(open.gap)). \
      \(helped.isEmpty ? "" : "Some of that goes with \(helped). ")\
      \(not.isEmpty ? "" : "Nothing beyond chance goes with \(not).")\(left)
      """
  }

  /// Gradients that change with every small change of the image.
  static func addNeighbours(to page: inout Page, _ found: GradientNeighbours) {
    guard let plain = found.deepest(residual: false), let residual = found.deepest(residual: true) else { return }
    func series(_ name: String, residual: Bool, color: Int, _ value: (GradientNeighbours.Net) -> Summary) -> Series {
      let nets = found.nets.filter { $0.net.isResidual == residual }
      return Series(
        name, x: nets.map { Double($0.net.depth) }, y: nets.map { value($0).mean },
        deviation: nets.map { value($0).deviation }, style: .lineAndMarkers, color: color)
    }
    page.fold("Shattered gradients at several depths") { page in
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
      page.code("likeness", in: "Neighbours.swift")
    }
  }
}
