// What the sources say about losses, held against the findings.

import Workbook

extension Losses {
  static func claims(_ findings: Findings) -> [Claim] {
    [
      shrinkingPush(findings.neuron).shown(in: "error-slope-product"),
      slowNeuron(findings.neuron).shown(in: "bad-start"), softmaxGradient(findings.softmax),
      fasterNetwork(findings.nets).shown(
        in: (findings.nets.paces ?? findings.nets.sprints) == nil ? "same-rate" : "paces"),
      cheaperOutput(findings.nets),
      nearGuesses(findings.nets.young[1]),
    ]
  }

  private static func shrinkingPush(_ neuron: NeuronFindings) -> Claim {
    let distance = abs(neuron.peak.output - 0.7)
    return Claim(
      "The push of squared error after a sigmoid shrinks where ŷ is badly wrong, from ŷ = 0.7 on", source: "S0",
      published: "it shrinks from 0.7 on", measured: .init("from ", value: neuron.peak.output, unit: "on", decimals: 4),
      // The source has one digit.
      verdict: .of(distance < 0.05, partly: distance < 0.1),
      reason: distance < 0.05 ? "the peak is at ⅔, which is 0.7 to one digit" : "it does shrink, but from elsewhere on")
  }

  private static func slowNeuron(_ neuron: NeuronFindings) -> Claim {
    func steps(_ rule: Rule, _ unit: String) -> Claim.Measurement {
      let steps = neuron.steps(rule, from: 2)
      return .init(
        steps == nil ? "more than " : "", value: Double(steps ?? NeuronFindings.limit), unit: unit, decimals: 0)
    }
    var (slow, fast) = (steps(.squaredError, "steps"), steps(.crossEntropy, "with cross-entropy"))
    if !fast.lead.isEmpty { fast.lead = "against " + fast.lead }
    slow.against = [fast]
    return Claim(
      "A badly wrong sigmoid unit learns slowly with squared error", source: "Nielsen 2015, S0",
      published: "it learns slowly while it is badly wrong",
      measured: slow,
      verdict: .of(slow.value > 2 * fast.value), reason: "one neuron from w = b = 2")
  }

  private static func softmaxGradient(_ softmax: SoftmaxFindings) -> Claim {
    let worst = softmax.gradientErrors.maximum
    return Claim(
      "Softmax with cross-entropy has the gradient p − y, without the slope of an activation",
      source: "Bridle 1990, S0",
      published: "δ = p − y",
      measured: .init(
        "at most ", value: worst, unit: "from central differences, relatively", seeds: softmax.gradientErrors.count),
      verdict: .of(worst < 1e-3))
  }

  /// Faster at one rate, and at each one's own?
  private static func fasterNetwork(_ nets: NetFindings) -> Claim {
    let level = nets.level
    // A run that never gets to the level counts with its length.
    func bound(_ runs: [NetRuns]) -> String { runs[0].reaches(level) ? "" : "at least " }
    let (together, apart, own) = (
      nets.paces?.leads(at: nets.common)?[0] ?? nets.lead(in: nets.same), nets.earlyLead, nets.own
    )
    let isSprint = (nets.paces ?? nets.sprints) != nil
    let atOneRate = Claim.Verdict.ofFactor(together, from: 1.3)
    let isFasterAtItsOwn = apart.minimum >= 1.3
    let sprints = nets.paces ?? nets.sprints
    let isFasterAfterSoftmax =
      sprints.map { $0.leads[1].minimum >= 1.3 }
      ?? (own[3].steps(to: level).mean > 1.3 * own[4].steps(to: level).mean)
    let isAheadAtTheEnd = nets.tuned.allSatisfy { $0.direction() == .above }
    let softmax =
      sprints.map { "with a softmax, each at its fastest rate, \(fixed($0.leads[1].mean, 1)) times" }
      ?? "with a softmax, each at its chosen rate, squared error takes \(own[3].stepsText(to: level)) steps and cross-entropy \(own[4].stepsText(to: level))"
    return Claim(
      "A network learns faster with cross-entropy than with squared error", source: "Glorot 2010, S0",
      published: "cross-entropy is faster (at one rate for all)",
      measured: .init(
        "with sigmoids squared error takes " + bound(nets.same), together,
        unit: "times the steps to \(percent(level)) error at one rate", decimals: 1,
        against: .init(
          ", " + (isSprint ? "" : bound(nets.own)), apart,
          unit: "times at the \(isSprint ? "fastest rate of" : "rate chosen for") each", decimals: 1)),
      verdict: isFasterAtItsOwn && isFasterAfterSoftmax && isAheadAtTheEnd ? atOneRate : atOneRate.atMostPartly,
      reason: !nets.isFaster(in: nets.same)
        ? "faster would be a factor above 1.3"
        : isAheadAtTheEnd
          ? softmax
          : "\(apart.direction(from: 1) == .above ? "faster at first" : "faster at one rate"); each at its chosen rate, the lead is gone before the end, with sigmoids at \(own[0].finalError.formatted(decimals: 1)) and \(own[2].finalError.formatted(decimals: 1)) %; \(softmax)"
    )
  }

  /// The subtraction of 1 in one place is cheaper than error times slope in all.
  private static func cheaperOutput(_ nets: NetFindings) -> Claim {
    // Squared error: for each of ten outputs a difference, 1 − s, and two products. Cross-entropy: one subtraction.
    let saved = Double(4 * 10 - 1)
    // Forward, gradient of the inputs, gradient of the weights.
    let work = 3 * Double(nets.multiplyAdds)
    let isTiny = saved / work < 0.001
    return Claim(
      "Softmax with cross-entropy is also cheaper: 1 is subtracted from one output, nothing else", source: "S0",
      published: "cross-entropy is faster to compute",
      measured: .init(
        value: saved, unit: "operations fewer at the ten outputs than with sigmoids and squared error", decimals: 0,
        against: .init(
          ", of ", value: work / 1e6, unit: "million for an image forward and back in LeNet-5", decimals: 2)),
      verdict: .of(!isTiny, partly: true),
      reason: isTiny ? "true, but only \(short(100 * saved / work)) % of the work" : "")
  }

  /// S1: the top-5 error tells how near a wrong answer is.
  private static func nearGuesses(_ runs: NetRuns) -> Claim {
    // Of the wrong answers, those that have the right class in second to fifth place; by chance 4 of 9.
    let near = Summary(zip(runs.topErrors(5), runs.topErrors(1)).map { 100 * (1 - $0 / max($1, 1e-9)) })
    let chance = 100 * 4.0 / 9
    // Partly at most: a rank among ten classes is not a distance.
    let verdict = Claim.Verdict.ofEffect(near, over: chance, from: chance).atMostPartly
    let finding: String =
      switch verdict {
      case .reproduced, .calculated, .partly:
        "more often than chance: the net knows something, which does not say how near it was; "
      case .notHere: "no more often than chance; "
      case .undecided: ""
      }
    return Claim(
      "The top-5 error tells how near a wrong answer is to the right one", source: "S1",
      published: "it tells how near the right answer was",
      measured: .init(
        near, unit: "% of the wrong answers have the right class among the next four", decimals: 0,
        against: .init(", ", value: chance, unit: "% by chance", decimals: 0)),
      verdict: verdict, reason: finding + "after one epoch, with ten classes instead of a thousand")
  }
}

extension NetFindings {
  /// The steps of squared error over those of cross-entropy after sigmoids, seed by seed.
  func lead(in runs: [NetRuns]) -> Summary {
    Self.lead(runs, to: level)
  }

  /// The same where no rule for choosing a rate decides it: each at its fastest rate, where that was measured.
  var earlyLead: Summary { (paces ?? sprints)?.leads[0] ?? lead(in: own) }

  private static func lead(_ runs: [NetRuns], to level: Double) -> Summary {
    Summary(zip(runs[0].steps(to: level).values, runs[2].steps(to: level).values).map { $0 / $1 })
  }

  /// The test error of squared error less that of cross-entropy, each at its best rate: with sigmoids, with a softmax.
  var tuned: [Summary] { [own[0].finalError - own[2].finalError, own[3].finalError - own[4].finalError] }

  /// The race in three lines: at one rate, each at its fastest, at the end.
  func summary(paces: Sprints?) -> String {
    var lines: [String] = []
    let atOne = paces?.leads(at: common)?[0] ?? lead(in: same)
    lines.append(
      "At one rate, \(common), squared error after sigmoids takes \(fixed(atOne.mean, 1)) times as many steps to \(percent(level)) error as cross-entropy."
    )
    if let fastest = paces?.leads ?? sprints?.leads {
      let isOpen = fastest[1].direction(from: 1) == .withinChance
      lines.append(
        "With the fastest rate for each, it takes \(fixed(fastest[0].mean, 1)) times as many after sigmoids\(fastest[0].intervalNote(2)) and \(fixed(fastest[1].mean, 1)) times as many after a softmax\(fastest[1].intervalNote(2))\(isOpen ? ", which may be chance" : "")."
      )
    }
    if let adam {
      lines.append(
        "With Adam, each loss at its fastest rate, it takes \(fixed(adam.leads[0].mean, 1)) times as many after sigmoids\(adam.leads[0].intervalNote(2)) and \(fixed(adam.leads[1].mean, 1)) times as many after a softmax\(adam.leads[1].intervalNote(2))."
      )
    }
    if let behind = stepsAtBest {
      lines.append(
        "With the *best* rate for each, squared error takes after a softmax \(behind.softmax) times as many steps to \(behind.levels) errors, and \(behind.sigmoids) (table in the fold)."
      )
    }
    lines.append(
      "After \(counted(epochs, "epoch")), with the best rate for each, "
        + (ends ?? "so few seeds cannot tell the losses apart")
        + outputWords)
    return lines.map { "- " + $0 }.joined(separator: "\n")
  }

  /// How many times as many steps squared error takes to smaller and smaller errors, each at its best rate, as the table
  /// of the fold has them; nil where it is not behind to all of them after a softmax, by more than chance.
  var stepsAtBest: (levels: String, sigmoids: String, softmax: String)? {
    let levels = [0.25, 0.15, 0.12]
    guard own.count > 4, own.compared.allSatisfy({ run in levels.allSatisfy(run.reaches) }) else { return nil }
    func behind(_ slow: Int, _ fast: Int) -> [Double] {
      levels.filter { level in
        Summary(zip(own[slow].steps(to: level).values, own[fast].steps(to: level).values).map { $0 / $1 })
          .direction(from: 1) == .above
      }
    }
    func percents(_ levels: [Double]) -> String { listed(levels.map { fixed(100 * $0, 0) }) + " %" }
    guard behind(3, 4) == levels else { return nil }
    let clear = behind(0, 2)
    let chance =
      clear == levels ? "" : clear.isEmpty ? ", which may be chance" : ", beyond chance only to \(percents(clear))"
    func listed(_ words: [String]) -> String {
      words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
    }
    func factors(_ slow: Int, _ fast: Int) -> String {
      listed(levels.map { fixed(own[slow].steps(to: $0).mean / own[fast].steps(to: $0).mean, 1) })
    }
    return (percents(levels), factors(0, 2) + " times after sigmoids" + chance, factors(3, 4))
  }

  /// By how many points sigmoids end behind a softmax, each with cross-entropy.
  private var behindSoftmax: Summary { own[2].finalError - own[4].finalError }
  private var outputWords: String {
    behindSoftmax.worded(
      above: ". But with cross-entropy a softmax ends \(fixed(behindSoftmax.mean, 1)) points lower than sigmoids.",
      below: ". But sigmoids end \(fixed(-behindSoftmax.mean, 1)) points lower than a softmax.",
      withinChance: ". Softmax and sigmoids end alike, too, within chance.")
  }

  /// Why a softmax may be ahead of sigmoids; nothing where it is not.
  var whySoftmax: String {
    behindSoftmax.worded(
      above: """
        **Why does a softmax beat sigmoids in this net?** That was not tested. It is no law: on ImageNet a ResNet-50 loses nothing by a thousand sigmoids (Wightman et al. 2021).
        """, below: "", withinChance: "")
  }

  /// Whether the loss, and whether the outputs change the error at the end, each ending at its chosen rate: the answer
  /// among *the loss*, *the outputs*, *both*, *neither*.
  var whatMatters: Int {
    func matters(_ differences: [Summary]) -> Bool {
      differences.contains { $0.direction(among: pairs) != .withinChance }
    }
    let loss = matters(tuned)
    let outputs = matters([own[0].finalError - own[3].finalError, own[2].finalError - own[4].finalError])
    return loss ? (outputs ? 2 : 0) : (outputs ? 1 : 3)
  }

  /// What a softmax before the loss costs: at the common rate, and with the best rate for each.
  func costOfDoubled(_ doubled: DoubledSoftmax) -> String {
    guard let place = doubled.rates.firstIndex(of: common) else { return "" }
    func pair(_ twice: Summary, _ once: Summary) -> String {
      "\(fixed(twice.mean, 1)) instead of \(fixed(once.mean, 1)) % errors"
    }
    let (best, plain) = (doubled.test[doubled.best], own[4].finalError)
    let chance = (best - plain).direction() == .withinChance ? ", which may be chance" : ""
    return
      " The digit net below makes with it \(pair(doubled.test[place], same[4].finalError)) after \(counted(doubled.epochs, "epoch")) at a rate of \(common); with the best rate for each \(pair(best, plain))\(chance). So the mistake is easily overlooked."
  }

  /// The same as advice.
  var softmaxLesson: String {
    behindSoftmax.worded(
      above:
        "For one of many a softmax is usual. That it made \(fixed(behindSoftmax.mean, 1)) points fewer errors than ten sigmoids was seen only in this net, after \(counted(epochs, "epoch")).",
      below: "", withinChance: "")
  }

  /// The answer of the races in a sentence; empty where the steps were not counted with patience.
  func leadOfRaces(_ paces: Sprints?) -> String {
    guard let paces, let same = paces.leads(at: common)?[0] else { return "" }
    return
      " In a net, at one learning rate, squared error takes \(fixed(same.mean, 1)) times as many steps to \(percent(level)) error. What is left of this when each loss has a rate of its own?"
  }

  /// What the races come to, in a sentence or two, or none.
  ///
  /// - Parameter paces: the steps at many rates, where there is a full run.
  func lesson(paces: Sprints? = nil) -> String {
    let (leads, isFaster) = (paces?.leads, isFaster(in: same))
    let atOne = isFaster ? "At one rate cross-entropy is \(lead(in: same).mean < 2 ? "faster" : "much faster")" : ""
    if let leads {
      let (low, high) = (leads.map(\.mean).min() ?? 1, leads.map(\.mean).max() ?? 1)
      let range = fixed(low, 1) == fixed(high, 1) ? fixed(low, 1) : "\(fixed(low, 1)) to \(fixed(high, 1))"
      let chance = leads[1].direction(from: 1) == .withinChance ? " (perhaps by chance after a softmax)" : ""
      let isEven = tuned.allSatisfy { $0.direction(among: pairs) == .withinChance }
      let atBest = stepsAtBest.map {
        " With the best rate for each, after a softmax: \($0.softmax) times to \($0.levels)."
      }
      return """
        \(isFaster ? atOne + ", and a badly wrong unit is not stuck. " : "")With the fastest rate for each squared error takes \(range) times as many steps to \(percent(level)) error\(chance).\(atBest ?? "") \
        After \(counted(epochs, "epoch"))\(isEven ? "" : ",") \(ends ?? "so few seeds cannot tell the losses apart").
        """
    }
    guard tuned.allSatisfy({ $0.count >= 3 }) else { return isFaster ? atOne + "." : "" }
    // Whether a small lead is more than chance changes with the seed, and what one takes home should not.
    let found = tuned.map { $0.worded(above: "ahead", below: "behind", withinChance: "no different beyond chance") }
    let apart = tuned.map { abs($0.mean) }.max() ?? 0
    let end =
      apart < 2
      ? "the two are no more than \(fixed(apart, 1)) points apart"
      : found[0] == found[1] ? found[0] : "\(found[0]) after sigmoids, \(found[1]) after a softmax"
    let isClearlyFaster = earlyLead.direction(from: 1) == .above && earlyLead.mean >= 1.5
    let early = "is \(isClearlyFaster ? "faster" : "at most a little faster") at first, and at the end \(end)."
    return isFaster ? "\(atOne); at each loss's own rate it \(early)" : "At each loss's own rate cross-entropy \(early)"
  }

  /// Whether cross-entropy is faster after sigmoids, by a factor of 1.3 with every seed.
  func isFaster(in runs: [NetRuns]) -> Bool { lead(in: runs).minimum >= 1.3 }
}
