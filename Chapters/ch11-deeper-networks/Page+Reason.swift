// The page of chapter 11: the suspected reasons, each put to a test, in one table.

import Foundation
import Workbook

/// A suspected reason: what it predicts, how it was tested, what came out.
struct Suspect {
  var name: String
  var prediction: String
  var test: String
  var result: String
  /// The result in plain words; empty where the table says all.
  var sentence = ""
}

extension DeeperNetworks {
  /// The suspects, and what came out.
  static func addReason(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (findings, nets) = (runs.reported, runs.reported.fair)
    guard isTested(nets) else { return }
    let (deep, own) = (nets.deepPlain.net.name, findings.ownRates)
    page.prose(
      """
      ## What is the reason, then?

      \(sentenceCase(deep)) is slow, and the addition makes it fast. Why? We remove one suspected reason at a time, without any \
      addition. If the net then learns as fast as \(nets.deepResidual.net.name), that was the reason.
      """)
    let remedies = treatments(findings)
    if let useless = useless(among: remedies.map(\.remedy)) {
      page.predict(
        "Which of these changes to \(deep) does *not* help?",
        choices: remedies.map(explained), answer: useless,
        "Training images wrong, as it is: \(fixed(nets.deepPlain.trainingErrors.mean, 1)) %. "
          + remedies.map {
            "\(sentenceCase($0.name)): \(fixed($0.remedy.treated.mean, 1)) %\(isWidened($0) ? " (residual \(fixed($0.remedy.residual.mean, 1)) %)" : "")."
          }.joined(separator: " "))
      page.project("Without an addition: which change does not help?")
    }
    let suspects = suspects(findings)
    page.table(
      Table(
        "Why is \(deep) slow? Percentages: training images wrong after \(counted(nets.epochs, "epoch"))",
        columns: ["suspect", "what it predicts", "test", "result"],
        rows: suspects.map { [TableCell($0.name), TableCell($0.prediction), TableCell($0.test), TableCell($0.result)] })
    )
    // The whole table is too long for a slide.
    let answers = suspects.map { sentenceCase(String($0.result.prefix { ![":", ","].contains($0) })) }
    let found = answers.indices.filter { answers.firstIndex(of: answers[$0]) == $0 }.map { first in
      let names = suspects.indices.filter { answers[$0] == answers[first] }.map { suspects[$0].name }
      return "- **\(answers[first]):** \(names.joined(separator: "; "))"
    }
    page.slide(
      "The suspects, and what is left of each", found.joined(separator: "\n"),
      notes: "What does each predict? The table has it.")
    if let own, let open = own.begun(.open), let identity = own.begun(.identity) {
      page.figure(causesFigure(own, open, identity, runs))
      page.project(
        startSlide(open, identity),
        notes: "A cause is taken away: does the effect go with it? Each point is a net with its own seed.")
    }
    page.prose(
      suspects.filter { !$0.sentence.isEmpty }.map { "- **\(sentenceCase($0.name)).** \($0.sentence)" }.joined(
        separator: "\n"))
    page.prose(conclusion(findings))
    addDetails(to: &page, runs)
  }

  /// Whether there is something to explain: a deep net that is slow, and faster with additions.
  static func isTested(_ nets: DegradationFindings) -> Bool {
    nets.isLong && nets.gap.direction() == .above && nets.cure.direction() == .above
  }

  /// With a capital letter in front.
  static func sentenceCase(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  /// What was changed in the deep plain net, by name.
  static func treatments(_ findings: Findings) -> [(name: String, remedy: Remedy)] {
    let own = findings.ownRates
    return [
      ("steps of one size", own?.evenSteps), (widerName, own?.widened(findings.controls)),
      ("open ReLUs", own?.begun(.open)), ("a start at the identity", own?.begun(.identity)),
    ].compactMap { name, remedy in remedy.map { (name, $0) } }
  }
  /// A change and, in a few words, what it does.
  private static func explained(_ treatment: (name: String, remedy: Remedy)) -> String {
    switch treatment.name {
    case "steps of one size": "steps of one size: gradients scaled alike"
    case "open ReLUs": "open ReLUs: at first almost none outputs 0"
    case "a start at the identity": "a start at the identity: blocks copy their input"
    default: "\(treatment.name), twice as many"
    }
  }
  /// The change that leaves more mistakes than every other one, beyond chance, and gains nothing; nil if there is none.
  static func useless(among remedies: [Remedy]) -> Int? {
    guard remedies.count > 2,
      let worst = remedies.indices.max(by: { remedies[$0].treated.mean < remedies[$1].treated.mean }),
      remedies[worst].gain.direction() != .above,
      remedies.indices.allSatisfy({
        $0 == worst || (remedies[worst].treated - remedies[$0].treated).direction() == .above
      })
    else { return nil }
    return worst
  }
  static let widerName = "\(Controls.width) channels"
  private static func isWidened(_ treatment: (name: String, remedy: Remedy)) -> Bool { treatment.name == widerName }

  /// The suspects in the order of the table.
  static func suspects(_ findings: Findings) -> [Suspect] {
    let nets = findings.fair
    let (shallow, residual) = (nets.shallowPlain.net.name, nets.deepResidual.net.name)
    func errors(_ run: DeepRun) -> String { "\(fixed(run.trainingErrors.mean, 1)) %" }
    var list = [
      Suspect(
        name: "overfitting", prediction: "it makes few training errors", test: "count them",
        result: "no: \(errors(nets.deepPlain)); \(shallow): \(errors(nets.shallowPlain))")
    ]
    if findings.ownRates?.compared != nil {
      list.append(
        Suspect(
          name: "a wrong learning rate", prediction: "another rate closes the gap", test: "each net at its own rate",
          result: "no: \(errors(nets.deepPlain)); \(residual): \(errors(nets.deepResidual))"))
    }
    if let ending = findings.ending {
      list.append(
        Suspect(
          name: "it cannot learn these images", prediction: "it never catches up",
          test: counted(ending.epochs, "epoch"),
          result: ending.gap.worded(
            above: "yes: \(fixed(ending.gap.mean, 1)) points behind in the end", below: "no: in the end it is ahead",
            withinChance: "no: in the end both are alike")))
    }
    list.append(vanishing(findings))
    if let even = findings.ownRates?.evenSteps { list.append(growing(findings, even)) }
    if let wide = findings.ownRates?.widened(findings.controls) {
      list.append(narrow(findings, wide))
    } else if let trial = trial(findings) {
      list.append(trial)
    }
    if let open = findings.ownRates?.begun(.open) {
      list.append(
        Suspect(
          name: "ReLUs that cut at the start", prediction: "open ReLUs close the gap", test: "β = 2 in every norm",
          result: told(open),
          sentence: """
            \(verdict(open)) With He's weights each ReLU sets half of its inputs to 0. With β = 2 the output of a norm has mean 2 and \
            deviation 1: only about 2 % of it is negative, so the ReLUs are *open* and cut almost nothing. \(leaves(open))
            """))
    }
    if let identity = findings.ownRates?.begun(.identity) {
      list.append(
        Suspect(
          name: "a start far from the identity", prediction: "identity kernels close the gap",
          test: "identity kernels and β = 2",
          result: harm(findings) == nil ? told(identity) : toldHarm(open: findings.ownRates?.begun(.open), identity),
          sentence: """
            \(harm(findings) == nil ? verdict(identity) : "Not settled.") Every kernel passes its own channel on: 1 in its middle, 0 elsewhere. The ReLUs are open as well. So \
            the blocks begin by passing on their input, as *Degradation* said they could (Zagoruyko and Komodakis 2017 train such \
            nets). \(leaves(identity))\(harm(findings) ?? "")
            """))
    }
    return list
  }

  /// What identity kernels do to a net whose ReLUs are open already, where they harm it beyond chance.
  static func harm(_ findings: Findings) -> String? {
    guard let open = findings.ownRates?.begun(.open), let identity = findings.ownRates?.begun(.identity) else {
      return nil
    }
    let harm = identity.treated - open.treated
    guard identity.answer == .stays, harm.direction() == .above else { return nil }
    return """
       Open ReLUs alone leave \(fixed(open.treated.mean, 1)) %. So the identity kernels make the net worse, by \
      \(fixed(harm.mean, 1)) points (95 % interval \(harm.interval())). This start does not replace the addition. But the test does \
      not clear the suspect either, because kernels that are all alike may bring a fault of their own.
      """
  }

  /// `not settled: 7.0 → 9.0 %; open ReLUs alone: 3.2 %`.
  private static func toldHarm(open: Remedy?, _ identity: Remedy) -> String {
    let alone = open.map { "; open ReLUs alone: \(fixed($0.treated.mean, 1)) %" } ?? ""
    return "not settled: \(fixed(identity.usual.mean, 1)) → \(fixed(identity.treated.mean, 1)) %\(alone)"
  }

  private static func vanishing(_ findings: Findings) -> Suspect {
    let growth = findings.flow?.net(residual: false)?.before
    let grows =
      growth.map { $0.factor.direction(from: 1) }
      ?? (findings.gradients.shown.factor(.normalized).mean > 1 ? .above : .below)
    let result =
      switch grows {
      case .above: growth.map { "no: the first block gets \(short($0.span)) times as much" } ?? "no: it grows"
      case .below: "yes, before training"
      case .withinChance: "no: it keeps its size"
      }
    return Suspect(
      name: "a gradient that vanishes", prediction: "the first block gets less than the last",
      test: "its norm before training, block by block", result: result)
  }

  private static func growing(_ findings: Findings, _ even: Remedy) -> Suspect {
    let nets = findings.fair
    let controls = [nets.shallowPlain, nets.deepResidual].compactMap { run -> String? in
      guard let row = findings.controls?.row(run.net, even: true)?.trainingErrors else { return nil }
      return "\(run.net.name) gets \(fixed(row.mean, 1)) % wrong instead of \(fixed(run.trainingErrors.mean, 1)) %"
    }
    let others =
      controls.isEmpty
      ? ""
      : " Nets that learn well already gain nothing from such steps: \(controls.joined(separator: ", and "))."
    return Suspect(
      name: "a gradient that grows", prediction: "steps of one size close the gap",
      test: "each tensor's gradient divided by its size", result: told(even),
      sentence: """
        \(verdict(even)) If the first blocks get much larger gradients than the last ones, a single learning rate may not suit them \
        all (Yang et al. 2019). So before every step we divide the gradient of each layer's weights by its root mean square. \
        \(leaves(even))\(others)
        """)
  }

  private static func narrow(_ findings: Findings, _ wide: Remedy) -> Suspect {
    let nets = findings.fair
    let shallow = findings.controls?.row(
      DeepNet(blocks: nets.shallowPlain.net.blocks, isResidual: false, channels: Controls.width))?.trainingErrors
    let (deep, residual) = (nets.deepPlain.net.name, nets.deepResidual.net.name)
    return Suspect(
      name: "too few channels", prediction: "more channels close the gap",
      test: "\(Controls.width) instead of \(nets.deepPlain.net.channels)",
      result:
        "\(word(wide)): \(fixed(wide.usual.mean, 1)) → \(fixed(wide.treated.mean, 1)) %, \(residual) with as many \(fixed(wide.residual.mean, 1)) %",
      sentence: """
        \(verdict(wide)) A ReLU layer of few channels may cut off what no later layer can restore. With \(Controls.width) channels \
        \(deep) gets \(fixed(wide.treated.mean, 1)) % wrong, \(residual) \(fixed(wide.residual.mean, 1)) %\
        \(shallow.map { ", \(nets.shallowPlain.net.name) \(fixed($0.mean, 1)) %" } ?? "")\
        \(wide.rest.worded(above: ". So a gap is left with twice the channels, too", below: ". So there is no gap with twice the channels", withinChance: ". So with twice the channels no gap is left beyond chance")). \
        Wider nets were not tried.
        """)
  }

  /// What is known of wider nets while they have only been tried at several rates.
  private static func trial(_ findings: Findings) -> Suspect? {
    let net = findings.fair.deepPlain.net
    guard let narrow = trials(findings.ownRates?.row()?.tried),
      let wide = trials(
        findings.controls?.row(DeepNet(blocks: net.blocks, isResidual: false, channels: Controls.width))?.tried)
    else { return nil }
    let numbers = "\(fixed(narrow.training.mean, 1)) → \(fixed(wide.training.mean, 1)) %"
    let isLess = wide.training.maximum < narrow.training.minimum
    return Suspect(
      name: "too few channels", prediction: "more channels close the gap",
      test: "\(Controls.width) instead of \(net.channels)",
      result: "\(isLess ? "likely in part" : "undecided"): \(numbers) in trials",
      sentence: """
        \(isLess ? "Likely in part, but not settled." : "Undecided.") A ReLU layer of few channels may cut off what no later layer can \
        restore. \(sentenceCase(counted(wide.training.count, "trial net"))) with \(Controls.width) channels got \
        \(fixed(wide.training.mean, 1)) % of the training images wrong at the best rate tried; trial nets with \(net.channels) channels got \
        \(fixed(narrow.training.mean, 1)) %. These trials chose the rates, so they flatter both a little. A residual net with \
        \(Controls.width) channels was not trained, so the comparison that matters is missing.
        """)
  }

  /// The trial with the fewest training errors.
  private static func trials(_ tried: [OwnRates.Tried]?) -> OwnRates.Tried? {
    tried?.min { $0.training.mean < $1.training.mean }
  }

  /// `in part`.
  private static func word(_ remedy: Remedy) -> String {
    switch remedy.answer {
    case .closes: "yes"
    case .narrows: remedy.isFirm ? "in part" : "perhaps in part"
    case .stays: "no"
    case .unclear: "undecided"
    }
  }
  /// `In part.`
  static func verdict(_ remedy: Remedy) -> String { sentenceCase(word(remedy)) + "." }

  /// `in part: 7.0 → 3.2 %`.
  static func told(_ remedy: Remedy) -> String {
    "\(word(remedy)): \(fixed(remedy.usual.mean, 1)) → \(fixed(remedy.treated.mean, 1)) %"
  }

  /// What a change leaves of the mistakes.
  static func leaves(_ remedy: Remedy) -> String {
    let numbers = "\(fixed(remedy.treated.mean, 1)) % stay wrong instead of \(fixed(remedy.usual.mean, 1)) %"
    return switch remedy.answer {
    case .closes: "That closes the gap: \(numbers)."
    case .narrows:
      remedy.isFirm
        ? "That closes a part of the gap: \(numbers)."
        : "That seems to close a part of the gap: \(numbers). But where several suspects are tried, such a gain may still be chance."
    case .stays:
      remedy.gain.worded(
        above: "\(numbers).", below: "That makes it worse: \(numbers).",
        withinChance: "That changes nothing beyond chance: \(numbers).")
    case .unclear: "That does not decide it: \(numbers)."
    }
  }

  /// What twice the channels leave to explain.
  private static func widthFinding(_ wide: Remedy, _ channels: Int) -> String {
    let change = "With \(widerName) instead of \(channels)"
    return switch wide.answer {
    case .closes:
      " \(change) the plain net learns nearly as well as the residual one: too few channels are the main reason."
    case .narrows:
      " \(change) only \(fixed(wide.rest.mean, 1)) points of this difference are left (95 % interval \(wide.rest.interval())). So too few channels are another reason."
    case .stays: " \(change) the difference is no smaller."
    case .unclear: " Nets with \(widerName) do not decide whether the number of channels matters."
    }
  }

  /// What is known and what is not, in a few sentences.
  static func conclusion(_ findings: Findings) -> String {
    guard let own = findings.ownRates, let open = own.begun(.open), let identity = own.begun(.identity),
      let net = own.row()?.net, open.gap.direction() == .above
    else { return "" }
    let starts = [("Open ReLUs", open), ("a start at the identity", identity)]
    let whole = starts.filter { $0.1.answer == .closes }.map(\.0)
    let part = starts.filter { $0.1.answer == .narrows }
    let start =
      if !whole.isEmpty {
        "\(sentenceCase(whole.joined(separator: " and "))) take all of that away. So it is the start of training that makes it slow."
      } else if !part.isEmpty {
        "\(sentenceCase(part.map { "\($0.0) (\(fixed($0.1.gain.mean, 1)) points)" }.joined(separator: " and "))) take a part of that away, so where training starts is one reason. But no start that was tried replaces the addition."
      } else { "No start that was tried replaces the addition." }
    let steps =
      switch own.evenSteps?.answer {
      case .closes: " Steps of one size replace it: the growth of the gradient is the reason."
      case .narrows where own.evenSteps?.isFirm == true: " Steps of uneven size are another reason."
      case .narrows: " Steps of uneven size may be another reason, but what even steps gain may be chance."
      default: ""
      }
    let isOpen = (starts.map(\.1) + [own.evenSteps].compactMap { $0 }).allSatisfy { $0.answer != .closes }
    let left =
      isOpen
      ? " Two tests are missing here. One combines the changes that help: do their gains add up? The other is an addition that fades out during training. It would test the suspect that is left: during training, too, the addition keeps a short path past every block for the signal and the gradient (Veit et al. 2016)."
      : ""
    let width: (first: String, last: String) =
      if let wide = own.widened(findings.controls) {
        (widthFinding(wide, net.channels), "")
      } else {
        (
          "",
          " All of this holds for \(net.channels) channels\(trial(findings) == nil ? "; wider nets were not tried." : ". Nets with more channels may need the addition less; these trials do not settle that.")"
        )
      }
    return """
      **In short:** \(net.name) makes \(fixed(open.gap.mean, 1)) points more mistakes than the residual net. \(start)\(width.first)\(steps)\(left)\(width.last)
      """
  }
}
