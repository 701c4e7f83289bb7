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
      ## The same network with several output layers

      Does the loss decide how fast a net learns? A network of 784 pixels, 30 tanh units and ten outputs learns \
      \(grouped(findings.trainingCount)) digits (\(data)) in batches of 20. Only its end changes: ten sigmoids, a softmax or ten bare numbers, squared error or \
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
      A larger rate makes up for a slope that is small. With small random weights all outputs begin near ½, where the slope is largest.
      """)
    page.project("Each loss at its own rate: what is left?")
    if let race = nets.race {
      page.figure(Charts.paces(race, data: data))
      page.project(
        "At one rate, and each at its own",
        notes: "Read it twice: along the dotted line of one rate, and at the lowest point of each curve.")
      page.table(race.table(data))
      page.prose(
        "The last rows compare squared error with cross-entropy behind the same ending, and ten sigmoids with a softmax: ratio of steps, points more errors."
      )
    } else {
      page.table(errors(nets, data))
    }
    page.prose(nets.reading)
    page.prose(nets.merits)
    page.fold("How the rates were chosen, and the endings in code") { page in
      if let race = nets.race {
        page.prose(
          """
          Each net has \(race.lanes.filter { $0.start == nil }.map(\.rates.count).min() ?? 0) rates or more, around the best one a factor of √2 apart, with \(counted(TunedRace.seeds, "seed")) each. These choose two rates: the *fastest*, with the fewest steps, and the *best*, with the fewest errors on \
          \(grouped(race.validationCount)) digits that are neither in the training nor in the test set. At these two, \(TunedRace.judges) other seeds make the table above.\(race.lateWords)
          """)
      }
      page.code("layers", in: "Nets.swift")
    }
    addStarts(to: &page, nets.race)
  }

  /// The neuron's case in a net: outputs that begin badly wrong.
  private static func addStarts(to page: inout Page, _ race: TunedRace?) {
    guard let race, race.lane(.sigmoidSquared, from: .stretched) != nil else { return }
    page.prose(
      """
      ### From a bad start

      \(race.messageOfStarts)We begin the net as badly: first all ten output biases at 4, so that every output says about 0.98; then the output weights ten times as large, so that nearly every output begins at 0 or 1, often the wrong one.
      """)
    page.table(race.tableOfStarts)
    page.project("A bad start: which loss gets out of it?", notes: "Which of the two starts can a large rate repair?")
    page.prose(race.readingOfStarts)
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
  static func addRareClass(to page: inout Page, _ found: RareClass?, testCount: Int) {
    guard let found else { return }
    let (label, thinning) = (RareClass.label, RareClass.thinning)
    page.prose(
      """
      ## One class is rare

      **A net that saw few examples of a class overlooks it; a weight in the loss or a larger logit changes that, at the price of false alarms.** (This section and the next three can be read alone.) Of the \(label)s only one in \(thinning) is left to learn from, \(found.kept) among \
      \(grouped(found.trainingCount)) digits. The net is that of softmax and cross-entropy.

      Why does the net overlook them? Cross-entropy learns probabilities, and these contain how frequent a class is. So the odds of an \(label) are about \(thinning) times too low where all digits are equally frequent. There are three ways to put the factor back: \
      multiply the loss of every \(label) by \(thinning), show each of them \(thinning) times, or add $\\ln \(thinning) = \(fixed(log(Double(thinning)), 1))$ to its logit after training (Menon et al. 2021).

      ```python
      w = torch.ones(10); w[\(label)] = \(thinning)
      loss = nn.CrossEntropyLoss(weight=w)
      logits[:, \(label)] += math.log(\(thinning))           # instead, after training without weights
      ```
      """)
    page.table(found.table(testCount: testCount))
    page.project(
      found.isFoundMore
        ? "A weight finds more of a rare class" : "Does a weight find more of a rare class?",
      notes: "What does it cost? The two columns on the right.")
    if found.shifts != nil {
      page.figure(Charts.falseAlarms(found))
    }
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
      "After the same sigmoids nothing differs but the slope $s(1 - s)$, so at one rate it causes the whole delay."
    let bare = race.flatMap { race in
      race.lane(.bareSquared).map { _ in
        let steps = race.steps(.bareSquared)
        let more = TunedRace.ratio(steps, race.steps(.sigmoidEntropy))
        return
          " Bare outputs have the error as their push, too, z − y; yet they take \(fixed(more.mean, 1)) times the steps of sigmoids with cross-entropy. So a push that is the error is not all. The reason may be that they also pull back answers that are too right, such as 1.5 for 1 (not tested)."
      }
    }
    return """
      \(race?.wordsOfEndings ?? "")\(message) \(delay) \(capitalized(factors)) After \(counted(race == nil ? epochs : TunedRace.epochs, "epoch")) \(ends).\(bare.map { "\n\n" + $0.dropFirst() } ?? "")
      """
  }

  /// Why to take cross-entropy all the same.
  var merits: String {
    """
    **What speaks for cross-entropy, then?** \(race?.isStuck == true ? "It gets nets out of some saturated starts (below). " : "A badly wrong unit is not stuck. ")\(isNeverSlower ? "From small weights it was never slower, beyond chance. " : "")Its value can be read: it is minus the log of the probability that the net gave to the right class, and $\\ln 10$ means guessing. \(contest.ends.allSatisfy { $0.direction() != .above } ? "It did not make fewer errors here; and o" : "O")n large benchmarks, too, squared error on bare outputs holds its own (Hui and Belkin 2021).
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

  /// The answer of the races for the takeaway.
  var lessonOfRaces: String {
    guard isMostlyRate else { return "In our small net, too, cross-entropy was faster." }
    return
      "In our small net \(share) of cross-entropy's lead was gone once each loss had a learning rate of its own."
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
      above: "and ends with \(fixed(more.mean, 1)) points more errors\(more.intervalNote())",
      below: "and ends with fewer errors",
      withinChance: "and ends with as many errors, as far as we can see")
    return
      " The digit net below takes \(fixed(lead.mean, 1)) times as many steps with it\(lead.intervalNote()), each at its fastest rate, \(end)."
  }
}

extension TunedRace {
  /// Steps and errors of all endings with both optimizers, and how squared error compares.
  func table(_ data: String) -> Table {
    func interval(_ factor: Summary) -> TableCell {
      let half = factor.uncertainty
      return .text("\(fixed(factor.mean, 2)) (\(fixed(factor.mean - half, 2))–\(fixed(factor.mean + half, 2)))")
    }
    func difference(_ points: Summary) -> TableCell {
      .text("\(fixed(points.mean, 1)) ± \(fixed(points.uncertainty, 1))".replacingOccurrences(of: "-", with: "−"))
    }
    let factors = ["sigmoid", "softmax"].indices.map { place -> [TableCell] in
      [
        .text("two losses, \(["sigmoid", "softmax"][place])"), interval(leads()[place]),
        interval(leads(isAdam: true)[place]), difference(ends()[place]), difference(ends(isAdam: true)[place]),
      ]
    }
    let endings = Ending.allCases + (lane(.bareSquared) == nil ? [] : [.bareSquared])
    let ofEnding: [TableCell] = [
      "sigmoid or softmax", interval(endingsInSteps()[0]), interval(endingsInSteps(isAdam: true)[0]),
      difference(endingsInErrors()[0]), difference(endingsInErrors(isAdam: true)[0]),
    ]
    func cell(_ ending: Ending, _ isAdam: Bool, _ value: (Ending, Bool) -> Summary) -> TableCell {
      lane(ending, isAdam: isAdam) == nil ? "–" : .measured(value(ending, isAdam))
    }
    return Table(
      "Steps to \(percent(Self.level)) error, each at its fastest rate, and errors (%) after \(counted(Self.epochs, "epoch")), each at its best rate. Last rows: compared (95 %). \(data), \(grouped(Self.lookedAt)) test digits for steps, \(grouped(testCount)) for errors, \(counted(Self.judges, "seed"))",
      columns: [
        "ending", .init("steps, SGD", digits: 0), .init("steps, Adam", digits: 0), .init("errors, SGD", digits: 1),
        .init("errors, Adam", digits: 1),
      ],
      rows: endings.map { ending in
        [
          TableCell(ending.name), cell(ending, false) { steps($0, isAdam: $1) },
          cell(ending, true) { steps($0, isAdam: $1) }, cell(ending, false) { error($0, isAdam: $1) },
          cell(ending, true) { error($0, isAdam: $1) },
        ]
      } + factors + [ofEnding])
  }

  /// How runs count that did not get to the level; empty where all did.
  var lateWords: String {
    let late = lanes.filter { $0.start == nil }.flatMap(\.judgedSteps).count { $0 == nil }
    return late == 0
      ? ""
      : " A run that did not get to \(percent(Self.level)) counts with all its \(grouped(limit)) steps (\(late) of them)."
  }
}
