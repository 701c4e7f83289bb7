// The page of chapter 8: networks with four ways to end them, and a class that is rare.

import Foundation
import Workbook

extension Losses {
  /// How soon each ending is at a round error, and where it ends, each at a rate of its own.
  ///
  /// - Parameters:
  ///   - findings: the run of which all numbers here are.
  ///   - isRecorded: whether that is the recorded one, and not the one just made.
  static func addSameNet(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    let (nets, data, contest) = (findings.nets, findings.data, findings.nets.contest)
    page.prose(
      """
      ## The same network with four output layers

      \(nets.message) A network of 784 pixels, 30 tanh units and ten outputs learns \
      \(grouped(findings.trainingCount)) digits (\(data)) in batches of 20. Only its end changes: ten sigmoids or a softmax, squared error or \
      cross-entropy (after ten sigmoids summed over the outputs).\
      \(isRecorded ? " All numbers from here on are from the recorded run." : "")
      """)
    let choices = ["more than 3", "1.5 to 3", "less than 1.5"]
    func place(_ factor: Double) -> Int { factor > 3 ? 0 : factor >= 1.5 ? 1 : 2 }
    page.predict(
      """
      At a learning rate of \(contest.rate), squared error after sigmoids takes \(fixed(contest.together.mean, 1)) times as many steps to \(percent(contest.level)) error as \
      cross-entropy. Now each loss gets the rate at which it is fastest. What is left of the factor?
      """, choices: choices, answer: place(contest.own[0].mean),
      """
      A larger rate makes up for a slope that is small. With small random weights all outputs begin near ½, where the slope is largest. (A net that starts stuck, like the single neuron, was not tried.)
      """)
    page.project("Each loss at its own rate: what is left?")
    if let race = nets.race {
      page.figure(Charts.paces(race, data: data))
      page.project(
        "At one rate, and each at its own",
        notes: "Read it twice: along the dotted line of one rate, and at the lowest point of each curve.")
      page.table(race.table(data))
      page.project("Steps and errors, each at the rate that suits it")
    } else {
      page.table(errors(nets, data))
    }
    page.prose(nets.reading)
    page.fold("How the rates were chosen, and the endings in code") { page in
      if let race = nets.race {
        page.prose(
          """
          Each net has \(race.lanes.map(\.rates.count).min() ?? 0) rates or more, around the best one a factor of √2 apart, with \(counted(TunedRace.seeds, "seed")) each. These choose two rates: the *fastest*, with the fewest steps, and the *best*, with the fewest errors on \
          \(grouped(race.validationCount)) digits that are neither in the training nor in the test set. At these two, \(TunedRace.judges) other seeds make the table above.
          """)
        page.table(race.tableOfRates)
      }
      page.code("layers", in: "Nets.swift")
    }
    page.prose(
      """
      **What speaks for cross-entropy, then?** \(nets.contest.ends.allSatisfy { $0.direction() != .above } ? "Not fewer errors, in this net. " : "")\(nets.isNeverSlower ? "But it was never slower, beyond chance, and a badly wrong unit is not stuck with it. " : "A badly wrong unit is not stuck. ")Its value can be read: it is the mean of $-\\ln$ of the probability given to the right class, and $\\ln 10$ means guessing. The rates of most recipes were found with it. \
      (On large benchmarks, too, squared error on bare outputs holds its own: Hui and Belkin 2021.)
      """)
  }

  /// The errors at the end, at one rate and each at its own.
  private static func errors(_ nets: NetFindings, _ data: String) -> Table {
    Table(
      "Test error after \(counted(nets.epochs, "epoch")) (%), \(data), \(grouped(nets.same[0].testCount)) test digits",
      columns: [
        "ending", .init("at \(nets.common)", digits: 1), "best rate", .init("at that rate", digits: 1),
      ],
      rows: zip(nets.same, nets.own).map { same, own in
        [TableCell(same.ending.name), .measured(same.finalError), .text("\(own.rate)"), .measured(own.finalError)]
      })
  }

  /// A class of which there are few examples.
  static func addRareClass(to page: inout Page, _ found: RareClass?) {
    guard let found else { return }
    let (label, thinning) = (RareClass.label, RareClass.thinning)
    page.prose(
      """
      ## One class is rare

      **A net that saw few examples of a class overlooks it; a weight in the loss or a larger logit changes that, at the price of false alarms.** Of the \(label)s only one in \(thinning) is left to learn from, \(found.kept) among \
      \(grouped(found.trainingCount)) digits. The net is that of softmax and cross-entropy.

      Why does the net overlook them? Cross-entropy learns probabilities, and these contain how frequent a class is. So the odds of an \(label) are about \(thinning) times too low where all digits are equally frequent. There are three ways to put the factor back: \
      multiply the loss of every \(label) by \(thinning), show each of them \(thinning) times, or add $\\ln \(thinning) = \(fixed(log(Double(thinning)), 1))$ to its logit after training (Menon et al. 2021).

      ```python
      w = torch.ones(10); w[\(label)] = \(thinning)
      loss = nn.CrossEntropyLoss(weight=w)
      logits[:, \(label)] += math.log(\(thinning))           # instead, after training without weights
      ```
      """)
    page.table(found.table)
    page.project(
      found.isFoundMore
        ? "A weight finds more of a rare class" : "Does a weight find more of a rare class?",
      notes: "What does it cost? The two columns on the right.")
    page.prose(found.reading)
  }
}

extension NetFindings {
  /// The section in a sentence.
  var message: String {
    let own = contest.own
    let isSlower = own.filter { $0.direction(from: 1) == .above }.count
    guard isMostlyRate else { return "**In a small net, too, cross-entropy is the faster loss.**" }
    return isSlower == 0
      ? "**In a small net, a learning rate of its own makes squared error as fast as cross-entropy, as far as we can see.**"
      : "**In a small net, a learning rate of its own gives squared error \(share) of its speed back.**"
  }

  /// What the figure and the table come to.
  var reading: String {
    let delay =
      "After the same sigmoids the gradients are $(s - y) \\cdot s(1 - s)$ and $s - y$. Nothing differs but the slope, so at one rate it causes the whole delay."
    let adam = (race?.rateFactors(isAdam: true)).flatMap { factors in
      factors.allSatisfy { (0.6...1.6).contains($0) }
        ? " (Adam divides by the size of the gradient, chapter 1. With it both losses are fastest at about the same rate.)"
        : nil
    }
    return """
      \(delay) \(factors.prefix(1).uppercased() + factors.dropFirst())\(adam ?? "") After \(counted(race == nil ? epochs : TunedRace.epochs, "epoch")) \(ends).
      """
  }

  /// Whether cross-entropy is nowhere the slower one by more than chance, each loss at its fastest rate.
  var isNeverSlower: Bool {
    let tried = contest.own + (race?.leads(isAdam: true) ?? [])
    return tried.allSatisfy { $0.count >= 3 && $0.direction(from: 1) != .below }
  }

  /// How many times as many steps squared error takes, each loss at its fastest rate, in a sentence.
  var factors: String {
    let adam = race?.leads(isAdam: true)
    let level = "to \(percent(contest.level)) error"
    let start = "each at its fastest rate, squared error takes"
    // For each kind of outputs the factors that are more than chance, with their optimizer.
    let found = ["sigmoids", "a softmax"].enumerated().map { place, outputs -> (phrase: String, isWhole: Bool) in
      let tried = [(contest.own[place], "SGD")] + (adam.map { [($0[place], "Adam")] } ?? [])
      let clear = tried.filter { $0.0.direction(from: 1) == .above }
      let numbers = clear.map { fixed($0.0.mean, 1) }.joined(separator: " and ")
      let with =
        adam == nil ? "" : clear.count == tried.count ? " (SGD and Adam)" : clear.map { " with \($0.1)" }.joined()
      return (
        clear.isEmpty ? "" : "\(numbers) times as many steps \(level) after \(outputs)\(with)",
        clear.count == tried.count
      )
    }
    let phrases = found.map(\.phrase).filter { !$0.isEmpty }
    if phrases.isEmpty { return "\(start) no more steps \(level) than cross-entropy, beyond chance." }
    let rest = found.allSatisfy(\.isWhole) ? "" : "; in the other comparisons no difference is seen"
    return "\(start) \(phrases.joined(separator: " and "))\(rest)."
  }

  /// Who ends ahead, in words: by how many points, after sigmoids and after a softmax.
  private var ends: String {
    let adam = race?.ends(isAdam: true)
    let count = 2 + (adam?.count ?? 0)
    let found = ["sigmoids", "a softmax"].enumerated().compactMap { place, outputs -> String? in
      let tried = [contest.ends[place]] + (adam.map { [$0[place]] } ?? [])
      func phrase(_ name: String, _ clear: [Summary]) -> String? {
        clear.isEmpty
          ? nil
          : "\(name) makes fewer errors after \(outputs), by \(clear.map { fixed(abs($0.mean), 1) }.joined(separator: " and ")) points"
      }
      let phrases = [
        phrase("cross-entropy", tried.filter { $0.direction(among: count) == .above }),
        phrase("squared error", tried.filter { $0.direction(among: count) == .below }),
      ]
      return phrases.compactMap { $0 }.isEmpty ? nil : phrases.compactMap { $0 }.joined(separator: " and ")
    }
    return found.isEmpty
      ? "no difference between the errors of the two losses is seen"
      : found.joined(separator: ", ") + (found.count == 2 ? "" : "; in the other comparisons no difference is seen")
  }

  /// The answer of the races for the lead; empty where the rates were not tuned.
  var leadOfRaces: String {
    race == nil || !isMostlyRate
      ? "" : " In a small net, \(share) of this lead is gone once each loss has a learning rate of its own."
  }

  /// The answer of the races for the takeaway.
  var lessonOfRaces: String {
    guard isMostlyRate else { return "In our small net, too, cross-entropy was faster." }
    return
      "In our small net \(share) of cross-entropy's lead was gone once each loss had a learning rate of its own\(isNeverSlower ? "; but it was never slower, beyond chance" : "")."
  }

  /// How much of the speed a rate of its own gives back.
  private var share: String { contest.own.allSatisfy { $0.mean < 1.3 } ? "nearly all" : "most" }

  /// Whether most of the lead at one rate is gone where each loss has its own.
  private var isMostlyRate: Bool { contest.own.allSatisfy { 2 * ($0.mean - 1) < contest.together.mean - 1 } }

  /// What a softmax before the loss costs with the best rate for each; empty where it was not measured.
  var costOfDoubled: String {
    guard let race, race.lane(.softmaxTwice) != nil else { return "" }
    let lead = TunedRace.ratio(race.steps(.softmaxTwice), race.steps(.softmaxEntropy))
    let more = race.error(.softmaxTwice) - race.error(.softmaxEntropy)
    let end = more.worded(
      above: "and ends with \(fixed(more.mean, 1)) points more errors", below: "and ends with fewer errors",
      withinChance: "and ends with as many errors, as far as we can see")
    return
      " The digit net below takes \(fixed(lead.mean, 1)) times as many steps with it, each at its fastest rate, \(end). So the mistake is easily overlooked."
  }
}

extension TunedRace {
  /// Steps and errors of all endings with both optimizers, and how squared error compares.
  func table(_ data: String) -> Table {
    func interval(_ factor: Summary) -> TableCell {
      let half = factor.uncertainty
      return .text("\(fixed(factor.mean, 2)) (\(fixed(factor.mean - half, 2))–\(fixed(factor.mean + half, 2)))")
    }
    let factors = ["sigmoid", "softmax"].indices.map { place -> [TableCell] in
      [
        .text("factor, \(["sigmoid", "softmax"][place])"), interval(leads()[place]),
        interval(leads(isAdam: true)[place]), "", "",
      ]
    }
    return Table(
      "Steps to \(percent(Self.level)) error, each at its fastest rate, and errors (%) after \(counted(Self.epochs, "epoch")), each at its best rate: gradient descent (SGD) and Adam. Factor: the steps of squared error over those of cross-entropy (95 %). \(data), \(counted(Self.judges, "seed"))",
      columns: [
        "ending", .init("steps, SGD", digits: 0), .init("steps, Adam", digits: 0), .init("errors, SGD", digits: 1),
        .init("errors, Adam", digits: 1),
      ],
      rows: Ending.allCases.map { ending in
        [
          TableCell(ending.name), .measured(steps(ending)), .measured(steps(ending, isAdam: true)),
          .measured(error(ending)), .measured(error(ending, isAdam: true)),
        ]
      } + factors)
  }

  /// The rates behind it.
  var tableOfRates: Table {
    func rates(_ ending: Ending, _ isAdam: Bool) -> TableCell {
      guard let lane = lane(ending, isAdam: isAdam) else { return "–" }
      return .text("\(lane.rates[lane.fastest(limit: limit)]) / \(lane.rates[lane.best])")
    }
    func difference(_ points: Summary) -> TableCell {
      let half = points.uncertainty
      return .text(
        "\(fixed(points.mean, 1)) (\(fixed(points.mean - half, 1)) to \(fixed(points.mean + half, 1)))"
          .replacingOccurrences(of: "-", with: "−"))
    }
    return Table(
      "Rates, and differences of the errors in points", columns: ["ending", "SGD", "Adam"],
      rows: Ending.allCases.map { [TableCell($0.name), rates($0, false), rates($0, true)] }
        + ["sigmoid", "softmax"].indices.map { place in
          [
            .text("errors, \(["sigmoid", "softmax"][place])"), difference(ends()[place]),
            difference(ends(isAdam: true)[place]),
          ]
        })
  }
}

extension RareClass {
  func result(_ remedy: Remedy) -> Result? { results.first { $0.remedy == remedy } }

  var table: Table {
    Table(
      "Test digits (%), all equally frequent; last column: with the \(Self.label)s as rare as in training. After \(counted(Self.epochs, "epoch")), each at its best rate, \(counted(TunedRace.seeds, "seed"))",
      columns: [
        "remedy", .init("\(Self.label)s found", digits: 0), .init("others called \(Self.label)", digits: 2),
        .init("error", digits: 1),
        .init("error, \(Self.label)s rare", digits: 1),
      ],
      rows: Remedy.allCases.compactMap(result).map {
        [
          .text($0.remedy.name), .measured($0.found), .measured($0.mistaken), .measured($0.even), .measured($0.rare),
        ]
      })
  }

  /// Whether a weight finds more of the class.
  var isFoundMore: Bool {
    guard let none = result(.none), let weighted = result(.weighted) else { return false }
    return (weighted.found - none.found).direction() == .above
  }

  /// What the table says.
  var reading: String {
    guard let none = result(.none) else { return "" }
    let remedies = results.filter { $0.remedy != .none }
    let areFound = remedies.allSatisfy { ($0.found - none.found).direction(among: remedies.count) == .above }
    let isCheaper = remedies.contains { ($0.rare - none.rare).direction(among: remedies.count) == .below }
    let found = remedies.map(\.found.mean)
    let shiftFindsMost = remedies.allSatisfy { other in
      guard let shifted = result(.shifted), other.remedy != .shifted else { return true }
      return (shifted.found - other.found).direction() == .above
        && (shifted.mistaken - other.mistaken).direction() == .above
    }
    return """
      \(areFound ? "All three remedies find more of the \(Self.label)s: \(fixed(found.min() ?? 0, 0)) to \(fixed(found.max() ?? 0, 0)) % instead of \(fixed(none.found.mean, 0)) %." : "Not all remedies find more of the \(Self.label)s.") \
      \(shiftFindsMost ? "The logit with ln \(Self.thinning) added finds most, at the price of most false alarms. A smaller number finds fewer and raises fewer false alarms. So the table does not say which remedy is better at equal false alarms. " : "")\(isCheaper ? "" : "None of them lowers the error where \(Self.label)s are as rare in use as in training: there the untouched net already has the right frequencies. ")\
      So use a remedy where the class is more frequent in use, or where missing it costs more than a false alarm.\(shiftFindsMost ? " Try the logit first: it needs no training, and the number can be chosen on validation data." : "") (PyTorch divides by the sum of a batch's weights, so \(Self.thinning) acts as less in small batches.)
      """
  }
}
