// What the sources say about losses, held against the findings.

import Workbook

extension Losses {
  static func claims(_ findings: Findings) -> [Claim] {
    [
      shrinkingPush(findings.neuron).shown(in: "error-slope-product"),
      slowNeuron(findings.neuron).shown(in: "bad-start"), softmaxGradient(findings.softmax),
      findings.nets.race == nil
        ? fasterNetwork(findings.nets) : fasterNetwork(findings.nets).shown(in: "paces"),
      cheaperOutput(findings.nets), nearGuesses(findings.nets.young),
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
    let contest = nets.contest
    let atOneRate = Claim.Verdict.ofFactor(contest.together, from: 1.3)
    let isFasterAtItsOwn = contest.own.allSatisfy { $0.minimum >= 1.3 }
    let isAheadAtTheEnd = contest.ends.allSatisfy { $0.direction() == .above }
    let softmax = "with a softmax, each at its fastest rate, \(fixed(contest.own[1].mean, 1)) times"
    return Claim(
      "A network learns faster with cross-entropy than with squared error", source: "Glorot 2010, S0",
      published: "cross-entropy is faster (at one rate for all)",
      measured: .init(
        // A run that never gets to the level counts with its length.
        "with sigmoids squared error takes " + (contest.isReached ? "" : "at least "), contest.together,
        unit: "times the steps to \(percent(contest.level)) error at one rate", decimals: 1,
        against: .init(", ", contest.own[0], unit: "times at the fastest rate of each", decimals: 1)),
      verdict: isFasterAtItsOwn && isAheadAtTheEnd ? atOneRate : atOneRate.atMostPartly,
      reason: contest.together.minimum < 1.3
        ? "faster would be a factor above 1.3"
        : isAheadAtTheEnd
          ? softmax
          : "\(contest.own[0].direction(from: 1) == .above ? "faster at first" : "faster at one rate"); after \(counted(nets.epochs, "epoch")), each at its best rate, cross-entropy is not ahead beyond chance behind both; \(softmax)"
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

/// Squared error against cross-entropy, from the race at finely tuned rates where it was run, from the short races elsewhere.
struct Contest {
  /// The error whose steps are counted, 0 … 1, and the rate that all have at first.
  var level: Double
  var rate: Float
  /// Whether every run got there at that rate.
  var isReached: Bool
  /// The steps with squared error over those with cross-entropy: after sigmoids at the common rate; after sigmoids and after
  /// a softmax, each at its fastest rate.
  var together: Summary
  var own: [Summary]
  /// By how many points squared error ends behind, each at its best rate: after sigmoids, after a softmax.
  var ends: [Summary]
}

extension NetFindings {
  var contest: Contest {
    if let race, let together = race.leadsAtCommon?[0] {
      return Contest(
        level: TunedRace.level, rate: TunedRace.common, isReached: true, together: together, own: race.leads(),
        ends: race.ends())
    }
    return Contest(
      level: level, rate: common, isReached: same[0].reaches(level),
      together: Summary(zip(same[0].steps(to: level).values, same[1].steps(to: level).values).map { $0 / $1 }),
      own: sprints?.leads ?? [Summary([]), Summary([])],
      ends: [own[0].finalError - own[1].finalError, own[2].finalError - own[3].finalError])
  }
}
